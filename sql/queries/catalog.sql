-- SPDX-License-Identifier: ISC
-- catalog's statements.

-- name: categories_tree
select category_tree() as body;

-- name: categories_view
select category_json(c) as body, c.version
from category c where c.slug = :category;

-- name: categories_create
select body, version, location from category_create(:input);

-- name: categories_change
select body, version from category_change(:category, :if_match, :input);

-- name: categories_remove
delete from category c
where c.slug = :category and version_meant(c.version, :if_match) returning 1;

-- name: categories_move
select body, version from category_move(:category, :if_match, :parent,
    :before);

-- name: brands_list
select json_build_object('items', coalesce(json_agg(brand_json(b)
    order by b.name_key, b.slug), '[]'), 'next', null) as body
from brand b;

-- name: brands_view
select brand_json(b) as body, b.version from brand b where b.slug = :brand;

-- name: brands_create
select body, version, location from brand_create(:input);

-- name: brands_change
select body, version from brand_change(:brand, :if_match, :input);

-- name: brands_remove
delete from brand b
where b.slug = :brand and version_meant(b.version, :if_match) returning 1;

-- name: attributes_list
select json_build_object('items', coalesce(json_agg(to_json(d)
    order by d.position, d.name), '[]'), 'next', null) as body
from attribute_definition d;

-- name: attributes_put
select body, version from attribute_put(:name, :if_match, :input);

-- name: attributes_remove
delete from attribute_definition d
where d.name = :name and version_meant(d.version, :if_match) returning 1;

-- name: products_list
select product_list(filter_of(:category, :brand, :price_min, :price_max,
    :attribute, :in_stock, :rating_min, :tag), :sort, :cursor, :limit) as body;

-- name: products_view
select p.body || ',"availability":' || case
    when p.available_until > now() or p.available_until is null
    then p.availability else availability_json(p.variants) end || '}' as body
from product_page p where p.product_id = :id;

-- name: products_view_slug
select p.body || ',"availability":' || case
    when p.available_until > now() or p.available_until is null
    then p.availability else availability_json(p.variants) end || '}' as body
from product_page p where p.slug = :slug;

-- name: staff_products_list
select staff_products(:q, :status, :category, :brand, :stock, :price_min,
    :price_max, :pictured, :tag, :sort, :cursor, :limit) as body;

-- name: staff_terms
select json_build_object('currency', setting_of('shop.currency'),
    'tax_mode', setting_of('shop.tax_mode')) as body;

-- name: staff_products_view
select product_staff_json(p) as body, p.version from product p
where p.id = :id;

-- name: products_create
select body, version, location from product_create(:input);

-- name: products_change
select body, version from product_change(:id, :if_match, :input);

-- name: products_archive
select product_archive(:id, :if_match);

-- name: products_images
select body, version from product_images(:id, :if_match, :images);

-- name: variants_list
select json_build_object('items', coalesce((
    select json_agg(variant_staff_json(v) order by v.position, v.id)
    from variant v where v.product_id = p.id), '[]'), 'next', null) as body
from product p where p.id = :id;

-- name: variants_view
select variant_staff_json(v) as body, v.version from variant v
where v.product_id = :id and v.id = :variant_id;

-- name: variants_create
select body, version, location from variant_create(:id, :input);

-- name: variants_change
select body, version
from variant_change(:id, :variant_id, :if_match, :input);

-- name: variants_archive
select variant_archive(:id, :variant_id, :if_match);

-- name: prices_list
select variant_prices(:id, :variant_id, :cursor, :limit) as body;

-- name: prices_plan
select body, version, location from price_plan(:id, :variant_id, :input);

-- name: prices_change
select body, version
from price_replan(:id, :variant_id, :price_id, :if_match, :input);

-- name: prices_drop
select price_drop(:id, :variant_id, :price_id, :if_match);

-- name: bulk_change
select product_bulk(:input) as body;

-- name: bulk_list
select product_bulks(:cursor, :limit) as body;

-- name: bulk_undo
select product_bulk_undo(:id) as body;

-- name: reviews_list
select product_reviews(p.product_id, :sort, :stars, :cursor, :limit) as body
from product_page p where p.product_id = :id;

-- name: reviews_create
select body, version, location from review_create(:id, :order_key, :input);

-- name: reviews_view
select body, version from review_view(:id, :order_key);

-- name: reviews_change
select body, version
from review_change(:id, :order_key, :if_match, :input);

-- name: reviews_remove
select review_remove(:id, :order_key);

-- name: reviews_mine
select reviews_mine(:order_key, :product_id, :cursor, :limit) as body;

-- name: reviews_reviewable
select reviews_open(:order_key, :product_id, :cursor, :limit) as body;

-- name: reviews_votes
select json_build_object('items', coalesce(json_agg(v.review_id
    order by v.at, v.review_id), '[]'), 'next', null) as body
from review_vote v join review r on r.id = v.review_id
where v.customer_id = current_customer() and r.product_id = :product_id;

-- name: reviews_vote
select review_vote(:id, true) as body;

-- name: reviews_unvote
select review_vote(:id, false) as body;

-- name: staff_reviews_list
select review_rows_staff(:state, :product_id, :customer_id, :stars,
    :sort = 'newest', :cursor, :limit) as body;

-- name: staff_reviews_view
select review_staff_json(r) as body, r.version from review r
where r.id = :id;

-- name: staff_reviews_decide
select body, version
from review_decide(:id, :if_match, :decision = 'approve', :reason);

-- name: command_permitted
select set_config('duka.permissions', ' catalog.read catalog.write ', true);

-- name: import_begin
select product_import_begin();

-- copy: import_lines
copy product_import_csv (sku, product, name, description, category, brand,
    option_name, option_value, price, currency, tax_class, weight_grams,
    stock, tags, images, attributes, status)
from stdin with (format csv, header match, encoding 'UTF8');

-- name: import_run
select product_import_run(:mode, :dry_run, :digest) as body;

-- copy: export_lines
copy (select sku, product, name, description, category, brand, option_name,
    option_value, price, currency, tax_class, weight_grams, stock, tags,
    images, attributes, status from product_export order by number, position)
to stdout with (format csv, header, encoding 'UTF8');

-- name: pages_head_site
select page_head_site(:origin) as body;

-- name: pages_head_product
select page_head_product(:slug, :origin) as body;

-- name: pages_head_category
select page_head_category(:category, :origin) as body;

-- name: pages_text_product
select page_text_product(:slug) as body;

-- name: pages_text_category
select page_text_category(:category) as body;

-- name: pages_sitemap
select sitemap_index(:origin) as body;

-- name: pages_sitemap_categories
select sitemap_categories(:origin) as body;

-- name: pages_sitemap_products
select sitemap_products(:part, :origin) as body;
