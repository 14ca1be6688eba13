-- SPDX-License-Identifier: ISC
-- search reads what is public; what was searched it can only add to.
grant select on product_index, category_facets, category, brand,
    attribute_definition, search_term to duka_search;
drop policy if exists read on search_term;
create policy read on search_term for select to duka_search using (true);
grant execute on function search_cleaned(text), search_words(text),
    like_literal(text), search_plain(text),
    search_filter(product_filter, text, text),
    found_at_least(product_filter, integer),
    search_mode(product_filter, text),
    search_rows(product_filter, text, text, text, text, integer),
    search_keep(text, text, integer),
    search_products(text, text, product_filter, text, text, integer),
    bot_search(text, text, numeric, numeric, boolean, boolean, text, integer),
    search_suggestions(text, integer)
    to duka_search;
