-- SPDX-License-Identifier: ISC
-- search's statements.

-- name: search_find
select search_products(:q, :mode, filter_of(:category, :brand, :price_min,
    :price_max, :attribute, :in_stock, :rating_min, :tag), :sort, :cursor,
    :limit) as body;

-- name: search_suggest
select search_suggestions(:q, :limit) as body;

-- name: search_bot
select bot_search(coalesce(:q, :keywords), :category, :min_price, :max_price,
    :partial, :fuzzy, :cursor, :limit) as body;
