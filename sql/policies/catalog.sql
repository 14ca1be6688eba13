-- SPDX-License-Identifier: ISC
-- Everyone sees what is for sale; staff who may, also the rest; only staff
-- who may, and only through catalog, write.

-- What constraints, indexes and many areas lean on.
grant execute on function plain(text), attributes_valid(jsonb),
    tags_valid(text[]), whole_shop(), currency_digits(text), slug_of(text)
    to duka_worker;
grant usage on type product_filter to duka_catalog, duka_search;

drop policy if exists read on category;
create policy read on category for select to duka_worker using (true);
drop policy if exists read on brand;
create policy read on brand for select to duka_worker using (true);
drop policy if exists read on attribute_definition;
create policy read on attribute_definition for select to duka_worker
    using (true);
drop policy if exists read on product_page;
create policy read on product_page for select to duka_worker using (true);
drop policy if exists read on product_index;
create policy read on product_index for select to duka_worker using (true);
drop policy if exists read on category_facets;
create policy read on category_facets for select to duka_worker using (true);

drop policy if exists read on product;
create policy read on product for select to duka_worker
    using ((select permitted('catalog.read'))
	or (select permitted('catalog.write')) or status = 'active');
drop policy if exists read on variant;
create policy read on variant for select to duka_worker
    using ((select permitted('catalog.read'))
	or (select permitted('catalog.write')) or (status = 'active'
	and exists (select from product p
	    where p.id = product_id and p.status = 'active')));
drop policy if exists read on product_image;
create policy read on product_image for select to duka_worker
    using ((select permitted('catalog.read'))
	or (select permitted('catalog.write'))
	or exists (select from product p where p.id = product_id));

drop policy if exists write on category;
create policy write on category to duka_catalog
    using ((select permitted('catalog.write')))
    with check ((select permitted('catalog.write')));
drop policy if exists write on brand;
create policy write on brand to duka_catalog
    using ((select permitted('catalog.write')))
    with check ((select permitted('catalog.write')));
drop policy if exists write on attribute_definition;
create policy write on attribute_definition to duka_catalog
    using ((select permitted('catalog.write')))
    with check ((select permitted('catalog.write')));
drop policy if exists write on product;
create policy write on product to duka_catalog
    using ((select permitted('catalog.write')))
    with check ((select permitted('catalog.write')));
drop policy if exists write on variant;
create policy write on variant to duka_catalog
    using ((select permitted('catalog.write')))
    with check ((select permitted('catalog.write')));
drop policy if exists write on product_image;
create policy write on product_image to duka_catalog
    using ((select permitted('catalog.write')))
    with check ((select permitted('catalog.write')));
-- Lines go in; only the owner's functions look at them.
drop policy if exists line on product_import;
create policy line on product_import for insert to duka_catalog
    with check ((select permitted('catalog.write')));

grant select on category, brand, attribute_definition, product, variant,
    product_image, product_page, product_index, category_facets
    to duka_catalog;
grant insert, delete on category, brand, attribute_definition, product_image
    to duka_catalog;
grant insert on product, variant to duka_catalog;
grant insert (sku, product, name, description, category, brand, option_name,
    option_value, price, currency, tax_class, weight_grams, stock, tags,
    images, attributes, status) on product_import to duka_catalog;
grant insert on product_import_csv to duka_catalog;
grant select on product_export to duka_catalog;
grant update (slug, name, description, parent_id, position, version,
    updated_at) on category to duka_catalog;
grant update (slug, name, description, version, updated_at) on brand
    to duka_catalog;
grant update (label, type, unit, filterable, position, version)
    on attribute_definition to duka_catalog;
grant update (slug, name, description, category_id, brand_id, tax_class,
    status, attributes, tags, version, updated_at) on product to duka_catalog;
grant update (sku, options, price_amount, price_currency, compare_at_amount,
    weight_grams, status, position, version, updated_at) on variant
    to duka_catalog;

grant execute on function free_slug(regclass, text), category_trail(uuid),
    category_json(category), brand_json(brand), variant_staff_json(variant),
    product_staff_json(product), category_of(text), brand_of(text),
    price_of(jsonb), category_create(jsonb),
    category_change(text, integer, jsonb), brand_create(jsonb),
    brand_change(text, integer, jsonb),
    variant_insert(uuid, jsonb, integer), images_replace(uuid, jsonb),
    tags_of(jsonb), each_once(text[]), options_of(jsonb),
    attributes_json(jsonb), product_create(jsonb),
    product_meant(uuid, integer),
    product_change(uuid, integer, jsonb), variants_needed(uuid),
    product_archive(uuid, integer), product_images(uuid, integer, jsonb),
    variant_create(uuid, jsonb),
    variant_change(uuid, uuid, integer, jsonb),
    variant_archive(uuid, uuid, integer),
    attribute_put(text, integer, jsonb), product_import_begin(),
    product_import_run(text, boolean, text), cell_read(text),
    list_written(text[], text), attribute_written(jsonb),
    attributes_written(jsonb), counted_stock(), category_names(uuid),
    availability_json(uuid[]), availability_line(uuid, integer),
    category_tree(), staff_products(text, text, text, text, text, bigint,
    bigint, boolean, text, text, text, integer),
    category_move(text, integer, text, text), price_now(uuid),
    variant_prices(uuid, uuid, text, integer),
    price_plan(uuid, uuid, jsonb),
    price_replan(uuid, uuid, uuid, integer, jsonb),
    price_drop(uuid, uuid, uuid, integer), product_bulk(jsonb),
    product_bulks(text, integer), product_bulk_undo(uuid)
    to duka_catalog;
grant execute on function html(text), html_json(jsonb), shop_name(),
    shortened(text, integer), absolute(text, text),
    page_head(text, text, text, text, text, text), page_head_missing(),
    decimal_of(jsonb), trail_json(text, jsonb),
    offer_json(text, jsonb, boolean), product_linked(text, jsonb, boolean),
    page_available(product_page), page_head_product(text, text),
    page_text_product(text), page_head_category(text, text),
    page_text_category(text), page_head_site(text), sitemap_index(text),
    sitemap_categories(text), sitemap_products(text, text),
    currency_digits(text) to duka_catalog;
grant execute on function facets_json(json, json, bigint, bigint, json),
    facets_attribute(text[], bigint[]), parted(text),
    product_found(product_filter), found_facets(product_filter),
    counted_facets(product_filter), found_counts(product_filter),
    alternatives(product_filter, text[], bigint[]),
    pairs_fit(text[], text[]), item_of(product_index),
    page_text(text[], json[], integer), cursor_after(text, text, text),
    product_list(product_filter, text, text, integer),
    filter_of(text, json, bigint, bigint, json, boolean, numeric, text),
    product_rows(product_filter, text, text, text, integer)
    to duka_catalog, duka_search;
