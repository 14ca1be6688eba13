-- SPDX-License-Identifier: ISC
-- recommend's statements.

-- name: views_keep
select views_keep(:events, :consent);

-- name: views_recent
select '{"items":' || items_json(viewed(:limit)) || '}' as body;

-- name: searches_recent
select searched(:limit) as body;

-- name: views_forget
select views_forget();

-- name: together
select '{"items":' || items_json(together_with(:id, :limit)) || '}' as body
from product_index where product_id = :id;

-- name: home
select recommend_home(:limit) as body;
