-- SPDX-License-Identifier: ISC
-- What the shop sells: categories, brands, products with their variants and
-- images, what is read of them in public, and what was searched for.

-- Text as it is compared: small letters without accents.  The wrapper is
-- immutable because it names its dictionary.
create function plain(given text) returns text
language plpgsql immutable strict parallel safe as $$
begin
	return lower(duka.unaccent('duka.unaccent', given));
end
$$;

-- English words, plurals and accents forgiven.
create text search configuration english_plain (copy = english);
alter text search configuration english_plain
    alter mapping for asciiword, word, hword, hword_part, hword_asciipart,
    asciihword with unaccent, english_stem;

create table category (
	id		uuid not null default gen_random_uuid(),
	parent_id	uuid,
	slug		text not null,
	name		text not null,
	name_key	text collate "C" not null
	    generated always as (plain(name)) stored,
	description	text not null default '',
	position	integer not null default 0,
	-- From the root to itself, kept by a trigger.
	path		uuid[] not null,
	version		integer not null default 1,
	created_at	timestamptz not null default now(),
	updated_at	timestamptz not null default now(),
	constraint category_pkey primary key (id),
	constraint category_slug_key unique (slug),
	constraint category_parent_fkey foreign key (parent_id)
	    references category,
	constraint category_slug_form
	    check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 120),
	constraint category_name_length check (length(name) between 1 and 100),
	constraint category_name_trimmed check (name = btrim(name)),
	constraint category_description_length
	    check (length(description) <= 4000),
	constraint category_position_range
	    check (position between 0 and 1000000),
	constraint category_parent_not_itself check (parent_id <> id),
	constraint category_path_ends_here
	    check (path[cardinality(path)] = id
	    and array_position(path, id) = cardinality(path)),
	constraint category_path_parent check
	    (parent_id is not distinct from path[cardinality(path) - 1]),
	constraint category_depth check (cardinality(path) between 1 and 12)
);
-- Two categories of one name beside each other can't be told apart.
create unique index category_name_key on category
    (coalesce(parent_id, '00000000-0000-0000-0000-000000000000'), name_key);
create index category_name_idx on category (name_key);
create index category_parent_idx on category (parent_id);
create index category_path_idx on category using gin (path);
select secure('category');

create table brand (
	id		uuid not null default gen_random_uuid(),
	slug		text not null,
	name		text not null,
	name_key	text collate "C" not null
	    generated always as (plain(name)) stored,
	description	text not null default '',
	version		integer not null default 1,
	created_at	timestamptz not null default now(),
	updated_at	timestamptz not null default now(),
	constraint brand_pkey primary key (id),
	constraint brand_slug_key unique (slug),
	constraint brand_slug_form
	    check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 120),
	constraint brand_name_length check (length(name) between 1 and 100),
	constraint brand_name_trimmed check (name = btrim(name)),
	constraint brand_description_length check (length(description) <= 4000)
);
create unique index brand_name_key on brand (name_key);
select secure('brand');

-- What an attribute's name means; attributes without a definition are of
-- any type and can be filtered by.
create table attribute_definition (
	name		text not null,
	label		text not null,
	type		text not null,
	unit		text,
	filterable	boolean not null default true,
	position	integer not null default 0,
	version		integer not null default 1,
	constraint attribute_definition_pkey primary key (name),
	constraint attribute_definition_name_form
	    check (name ~ '^[a-z0-9_]{1,63}$'),
	constraint attribute_definition_label_length
	    check (length(label) between 1 and 100),
	constraint attribute_definition_type_value
	    check (type in ('text', 'number', 'boolean')),
	constraint attribute_definition_unit_length
	    check (length(unit) between 1 and 20),
	constraint attribute_definition_position_range
	    check (position between 0 and 1000000)
);
select secure('attribute_definition');

-- Free names to text, number or boolean.
create function attributes_valid(attributes jsonb) returns boolean
language plpgsql immutable parallel safe as $$
begin
	return jsonb_typeof(attributes) = 'object'
	    and not attributes @? '$.keyvalue() ? (
		!(@.key like_regex "^[a-z0-9_]{1,63}$") ||
		@.value.type() != "string" && @.value.type() != "number" &&
		@.value.type() != "boolean" || @.value.type() == "string" &&
		!(@.value like_regex "^.{1,200}$" flag "s"))'
	    and pg_column_size(attributes) <= 16384;
end
$$;

create function tags_valid(tags text[]) returns boolean
language plpgsql immutable parallel safe as $$
begin
	return tags = '{}' or cardinality(tags) <= 30
	    and not exists (select from unnest(tags) t
	    where t is null or length(t) not between 1 and 50
	    or t <> btrim(t));
end
$$;

create table product (
	id		uuid not null default gen_random_uuid(),
	number		bigint generated always as identity,
	slug		text not null,
	name		text not null,
	description	text not null default '',
	category_id	uuid,
	brand_id	uuid,
	tax_class	text not null default 'standard',
	status		text not null default 'draft',
	attributes	jsonb not null default '{}',
	tags		text[] not null default '{}',
	rating		numeric(3, 2),		-- kept by the reviews
	review_count	integer not null default 0,
	version		integer not null default 1,
	created_at	timestamptz not null default now(),
	updated_at	timestamptz not null default now(),
	constraint product_pkey primary key (id),
	constraint product_number_key unique (number),
	constraint product_slug_key unique (slug),
	constraint product_category_fkey foreign key (category_id)
	    references category,
	constraint product_brand_fkey foreign key (brand_id) references brand,
	constraint product_slug_form
	    check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 160),
	constraint product_name_length check (length(name) between 1 and 200),
	constraint product_name_trimmed check (name = btrim(name)),
	constraint product_description_length
	    check (length(description) <= 20000),
	constraint product_tax_class_value check (tax_class in
	    ('standard', 'reduced', 'second_reduced', 'zero', 'exempt')),
	constraint product_status_value
	    check (status in ('draft', 'active', 'archived')),
	constraint product_attributes_form check (attributes_valid(attributes)),
	constraint product_tags_form check (tags_valid(tags)),
	constraint product_rating_range check (rating between 1 and 5),
	constraint product_review_count_range check (review_count >= 0),
	constraint product_rating_whole
	    check ((rating is null) = (review_count = 0))
);
create index product_category_idx on product (category_id);
create index product_brand_idx on product (brand_id);
create index product_status_idx on product (status, number desc);
select secure('product');

create table variant (
	id		uuid not null default gen_random_uuid(),
	product_id	uuid not null,
	sku		text not null,
	options		jsonb not null default '{}',
	price_amount	bigint not null,
	price_currency	char(3) not null,
	compare_at_amount bigint,
	weight_grams	integer,
	status		text not null default 'active',
	position	integer not null default 0,
	version		integer not null default 1,
	created_at	timestamptz not null default now(),
	updated_at	timestamptz not null default now(),
	constraint variant_pkey primary key (id),
	constraint variant_product_fkey foreign key (product_id)
	    references product,
	constraint variant_sku_key unique (sku),
	constraint variant_sku_form
	    check (sku ~ '^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$'),
	constraint variant_options_form check (attributes_valid(options)),
	constraint variant_price_range
	    check (price_amount between 0 and 1000000000000),
	constraint variant_currency_form check (price_currency ~ '^[A-Z]{3}$'),
	constraint variant_compare_at_range
	    check (compare_at_amount > price_amount
	    and compare_at_amount <= 1000000000000),
	constraint variant_weight_range
	    check (weight_grams between 0 and 10000000),
	constraint variant_status_value
	    check (status in ('active', 'archived')),
	constraint variant_position_range check (position between 0 and 1000000)
);
create index variant_product_idx on variant (product_id, position);
-- A buyer could not tell them apart.
create unique index variant_options_key on variant (product_id, options)
    where status = 'active';
select secure('variant');

create table product_image (
	id		uuid not null default gen_random_uuid(),
	product_id	uuid not null,
	variant_id	uuid,
	url		text not null,
	alt		text not null default '',
	position	integer not null default 0,
	constraint product_image_pkey primary key (id),
	constraint product_image_product_fkey foreign key (product_id)
	    references product,
	constraint product_image_variant_fkey foreign key (variant_id)
	    references variant,
	-- An address of this shop or of another place; nothing that runs.
	constraint product_image_url_form
	    check (url ~ '^(https?://[^\s"<>]+|/[^\s"<>/][^\s"<>]*)$'
	    and length(url) <= 2000),
	constraint product_image_alt_length check (length(alt) <= 300),
	constraint product_image_position_range
	    check (position between 0 and 1000000)
);
create index product_image_product_idx on product_image
    (product_id, position);
create index product_image_variant_idx on product_image (variant_id);
select secure('product_image');

-- What a listing or a search looks for; null asks for nothing.
create type product_filter as (
	category	uuid,
	brands		uuid[],
	price_min	bigint,
	price_max	bigint,
	pairs		text[],		-- attributes as name:value
	in_stock	boolean,
	rating_min	numeric,
	tag		text,
	query		tsquery,	-- words
	parts		text[],		-- patterns for LIKE, the longest first
	near		text		-- something spelt like it
);

-- What is read in public is written when something changes: one row for a
-- product that is for sale, with its page and its place in lists.  Triggers
-- keep both; nothing else writes them.
create table product_page (
	product_id	uuid not null,
	slug		text not null,
	version		integer not null,
	variants	uuid[] not null,
	body		text not null,	-- JSON without its closing brace
	-- What is there of each variant, as JSON, and when something held
	-- falls free by itself, from when on it must be looked up.
	availability	text not null,
	available_until	timestamptz,
	constraint product_page_pkey primary key (product_id),
	constraint product_page_slug_key unique (slug) deferrable,
	constraint product_page_product_fkey foreign key (product_id)
	    references product on delete cascade
) with (fillfactor = 90);
select secure('product_page');

create table product_index (
	product_id	uuid not null,
	number		bigint not null,
	category_path	uuid[] not null,
	brand_id	uuid,
	price		bigint not null,
	in_stock	boolean not null,
	-- When what is held by others falls due and it is there again.
	back_at		timestamptz,
	rating		numeric(3, 2) not null,	-- 0: none yet
	tags		text[] not null,
	pairs		text[] not null,	-- attributes as name:value
	words		tsvector not null,
	name_key	text collate "C" not null,
	like_key	text not null,		-- name and brand, plain
	item		text not null,	-- JSON without its closing brace
	constraint product_index_pkey primary key (product_id),
	constraint product_index_product_fkey foreign key (product_id)
	    references product on delete cascade
) with (fillfactor = 80);
create unique index product_index_number_key on product_index (number);
create index product_index_price_idx on product_index (price, number);
create index product_index_name_idx on product_index (name_key, number);
create index product_index_rating_idx on product_index (rating, number);
create index product_index_category_idx on product_index
    using gin (category_path);
create index product_index_brand_idx on product_index (brand_id);
create index product_index_pairs_idx on product_index using gin (pairs);
create index product_index_tags_idx on product_index using gin (tags);
create index product_index_words_idx on product_index using gin (words);
create index product_index_like_idx on product_index
    using gin (like_key gin_trgm_ops);
select secure('product_index');

-- Counts of a category with its descendants, ready to send; the zero id is
-- the whole shop.
create table category_facets (
	category_id	uuid not null,
	total		integer not null,
	price_min	bigint not null,
	price_max	bigint not null,
	body		text not null,
	constraint category_facets_pkey primary key (category_id),
	constraint category_facets_total_range check (total > 0)
);
select secure('category_facets');

-- Where an import's lines stand until they are taken over, inside its own
-- transaction; for everyone else both tables are always empty.
create unlogged table product_import (
	number		bigint generated always as identity,
	-- The cells, as they came.
	sku		text, product text, name text, description text,
	category	text, brand text, option_name text, option_value text,
	price		text, currency text, tax_class text, weight_grams text,
	stock		text, tags text, images text, attributes text,
	status		text,
	-- What they mean.
	line		integer,
	slug		text,
	amount		bigint,
	tag_list	text[],
	options		jsonb,
	attribute_map	jsonb,
	category_names	text[],
	category_id	uuid,
	brand_id	uuid,
	constraint product_import_pkey primary key (number)
);
select secure('product_import');

create unlogged table product_import_fault (
	line		integer not null,
	field		text not null,
	message		text not null
);
select secure('product_import_fault');

create table search_log (
	id		bigint generated always as identity,
	query		text not null,
	mode		text not null,
	found		integer not null,
	customer_id	uuid,
	searched_at	timestamptz not null default now(),
	constraint search_log_pkey primary key (id),
	constraint search_log_query_length
	    check (length(query) between 1 and 200),
	constraint search_log_mode_value
	    check (mode in ('fulltext', 'partial', 'fuzzy')),
	constraint search_log_found_range check (found >= 0),
	constraint search_log_customer_fkey foreign key (customer_id)
	    references customer on delete set null
);
create index search_log_searched_at_idx on search_log (searched_at);
create index search_log_customer_idx on search_log (customer_id);
select secure('search_log');

-- How often something was searched for, for suggestions.
create table search_term (
	term		text collate "C" not null,
	searches	bigint not null default 1,
	found		integer not null,
	searched_at	timestamptz not null default now(),
	constraint search_term_pkey primary key (term),
	constraint search_term_length check (length(term) between 2 and 100),
	constraint search_term_searches_range check (searches > 0),
	constraint search_term_found_range check (found >= 0)
);
select secure('search_term');
