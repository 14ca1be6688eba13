-- SPDX-License-Identifier: ISC
-- Products in and out as CSV.  COPY puts the lines into product_import; all
-- that follows works on them as a set, and nothing of them is left at the
-- end.  Not for callers save product_import_begin and product_import_run.

-- Takes off the apostrophe that the export puts before what a spreadsheet
-- would take for a formula.
create or replace function cell_read(cell text) returns text
language sql immutable parallel safe as $$
	select nullif(btrim(csv_read(cell), E' \n\r'), '')
$$;

-- A list in a cell: parts between marks; a backslash before a mark or a
-- backslash means just that sign.
create or replace function list_read(cell text, mark text) returns text[]
language plpgsql immutable parallel safe as $$
begin
	if cell is null then
		return '{}';
	elsif position(mark in cell) = 0 and position('\' in cell) = 0 then
		return array[btrim(cell)];
	end if;
	return array(select replace(replace(btrim(u.part), E'\x01', '\'),
	    E'\x02', mark)
	    from string_to_table(replace(replace(cell, '\\', E'\x01'),
		'\' || mark, E'\x02'), mark) with ordinality u (part, n)
	    where btrim(u.part) <> '' order by u.n);
end
$$;

-- name=value, typed: as defined, or else number, true, false, or text; text
-- that looks like another type stands in quotes.
create or replace function attribute_read(value text, type text)
returns jsonb language sql immutable parallel safe as $$
	select case
	when type is distinct from 'text'
	    and value ~ '^-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,12})?$'
	    then to_jsonb(value::numeric)
	when type is distinct from 'text' and value in ('true', 'false')
	    then to_jsonb(value::boolean)
	when value ~ '^".*"$' and length(value) > 2
	    then to_jsonb(substr(value, 2, length(value) - 2))
	else to_jsonb(value) end
$$;

create or replace function attributes_read(cell text) returns jsonb
language sql stable as $$
	select coalesce(jsonb_object_agg(split_part(u.part, '=', 1),
	    attribute_read(substr(u.part, position('=' in u.part) + 1),
	    d.type)), '{}')
	from unnest(list_read(cell, '|')) u (part)
	left join attribute_definition d on d.name = split_part(u.part, '=', 1)
$$;

-- Refuses all but those who may write products; one import at a time.
create or replace function product_import_begin() returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	perform demand('catalog.write');
	if not pg_try_advisory_xact_lock(
	    hashtextextended('duka.import', 0)) then
		raise exception 'Another import is running'
		    using errcode = 'UK409';
	end if;
	delete from product_import;
	delete from product_import_fault;
end
$$;

-- COPY cannot write into tables with row security; it can into this.
create or replace view product_import_csv with (security_invoker) as
select sku, product, name, description, category, brand, option_name,
    option_value, price, currency, tax_class, weight_grams, stock, tags,
    images, attributes, status
from product_import;

create or replace function product_import_line() returns trigger
language plpgsql as $$
begin
	insert into product_import (sku, product, name, description, category,
	    brand, option_name, option_value, price, currency, tax_class,
	    weight_grams, stock, tags, images, attributes, status)
	values (cell_read(new.sku), cell_read(new.product),
	    cell_read(new.name), cell_read(new.description),
	    cell_read(new.category), cell_read(new.brand),
	    cell_read(new.option_name), cell_read(new.option_value),
	    cell_read(new.price), cell_read(new.currency),
	    cell_read(new.tax_class), cell_read(new.weight_grams),
	    cell_read(new.stock), cell_read(new.tags), cell_read(new.images),
	    cell_read(new.attributes), cell_read(new.status));
	return new;
end
$$;

create or replace trigger line instead of insert on product_import_csv
for each row execute function product_import_line();

create or replace function options_read(names text, vals text)
returns jsonb language sql immutable parallel safe as $$
	select coalesce(jsonb_object_agg(o.name, o.value)
	    filter (where o.name is not null and o.value is not null), '{}')
	from unnest(list_read(names, '|'), list_read(vals, '|')) o (name, value)
$$;

-- What the cells mean, as far as each line tells by itself.  A line's
-- number is that in the file: quoted cells may run over several.
create or replace function import_prepare() returns void
language sql security definer set search_path = duka, pg_temp as $$
	with counted as (
		select i.number, 1 + row_number() over w +
		    coalesce(sum(length(i.description) -
		    length(replace(i.description, E'\n', ''))) over (
		    order by i.number rows between unbounded preceding
		    and 1 preceding), 0) as line
		from product_import i
		window w as (order by i.number)
	), shop as materialized (
		select setting_of('shop.currency') as currency
	), place as materialized (
		select n.category, list_read(n.category, '>') as names
		from (select distinct i.category from product_import i) n
	), map as materialized (
		select n.attributes, attributes_read(n.attributes) as made
		from (select distinct i.attributes from product_import i) n
	)
	update product_import i set line = c.line,
	    slug = coalesce(i.product, p.slug,
		slug_of(concat_ws(' ', left(i.name, 60), i.sku))),
	    currency = coalesce(upper(i.currency), shop.currency),
	    tax_class = coalesce(lower(i.tax_class), 'standard'),
	    status = coalesce(lower(i.status), 'active'),
	    tag_list = case when i.tags is null then '{}'
		else each_once(list_read(i.tags, '|')) end,
	    category_names = coalesce(place.names, '{}'),
	    attribute_map = coalesce(map.made, '{}'),
	    options = case when i.option_name is null
		and i.option_value is null then '{}'
		else options_read(i.option_name, i.option_value) end
	from counted c
	join product_import j on j.number = c.number
	cross join shop
	left join place on place.category = j.category
	left join map on map.attributes = j.attributes
	left join variant v on v.sku = j.sku
	left join product p on p.id = v.product_id
	where c.number = i.number
$$;

create or replace function price_fault(price text, currency text)
returns text language sql stable as $$
	select case
	when price is null then 'is missing'
	when price !~ '^[0-9]{1,10}(\.[0-9]+)?$'
	    then 'is not a price like 12.50'
	when length(split_part(rtrim(price, '0'), '.', 2)) >
	    currency_digits(currency)
	    then 'has more digits than ' || currency || ' has' end
$$;

create or replace function list_fault(cells text[], most integer,
    longest integer) returns text language sql immutable as $$
	select case when cardinality(cells) > most
	    then 'has more than ' || most || ' parts'
	when exists (select from unnest(cells) u (cell)
	    where length(u.cell) > longest)
	    then 'has a part of more than ' || longest || ' characters' end
$$;

create or replace function attributes_fault(cell text, made jsonb)
returns text language sql stable as $$
	select case
	when exists (select from unnest(list_read(cell, '|')) u (part)
	    where u.part !~ '^[a-z0-9_]{1,63}=.')
	    then 'is not name=value|name=value (names of a-z, 0-9 and _)'
	when not attributes_valid(made)
	    then 'has a value of more than 200 characters'
	when (select count(*) from jsonb_object_keys(made)) <>
	    cardinality(list_read(cell, '|')) then 'names one twice'
	else (select 'has ' || d.name || ', which is a ' || d.type
	    from attribute_definition d where made ? d.name
	    and d.type <> replace(jsonb_typeof(made -> d.name),
		'string', 'text') limit 1) end
$$;

create or replace function options_fault(names text, vals text,
    made jsonb) returns text language sql immutable as $$
	select case when cardinality(list_read(names, '|')) <>
	    cardinality(list_read(vals, '|'))
	    or (select count(*) from jsonb_object_keys(made)) <>
	    cardinality(list_read(names, '|'))
	    then 'does not fit option_value'
	when not attributes_valid(made)
	    then 'is not of a-z, 0-9 and _, or its value is too long' end
$$;

create or replace function images_fault(cell text) returns text
language sql immutable as $$
	select case when exists (select from unnest(list_read(cell, '|')) u (i)
	    where u.i !~ ('^([A-Za-z0-9][A-Za-z0-9._/-]* )?(https?://[^\s"<>]+'
	    || '|/[^\s"<>/][^\s"<>]*)( .+)?$') or length(u.i) > 2000)
	    then 'is not a list of addresses' end
$$;

-- What is wrong with each line by itself.
create or replace function import_check_lines() returns void
language sql security definer set search_path = duka, pg_temp as $$
	with shop as materialized (
		select setting_of('shop.currency') as currency
	), map as materialized (
		select n.attributes, attributes_fault(n.attributes,
		    n.attribute_map) as message
		from (select distinct i.attributes, i.attribute_map
		    from product_import i where i.attributes is not null) n
	), place as materialized (
		select n.category, list_fault(n.category_names, 12, 100)
		    as message
		from (select distinct i.category, i.category_names
		    from product_import i where i.category is not null) n
	)
	insert into product_import_fault (line, field, message)
	select i.line, f.field, f.message
	from product_import i
	cross join shop
	left join map on map.attributes = i.attributes
	left join place on place.category = i.category
	cross join lateral (values
	    ('sku', case when i.sku is null then 'is missing'
		when i.sku !~ '^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$'
		then 'is not of letters, digits and . _ / -, 64 at most' end),
	    ('product', case when length(i.slug) > 160
		or i.slug !~ '^[a-z0-9]+(-[a-z0-9]+)*$'
		then 'is not of a-z, 0-9 and single -, 160 at most' end),
	    ('name', case when i.name is null then 'is missing'
		when length(i.name) > 200
		then 'has more than 200 characters' end),
	    ('description', case when length(i.description) > 20000
		then 'has more than 20000 characters' end),
	    ('category', place.message),
	    ('brand', case when length(i.brand) > 100
		then 'has more than 100 characters' end),
	    ('option_name', case when i.option_name is not null
		or i.option_value is not null then options_fault(
		i.option_name, i.option_value, i.options) end),
	    ('price', price_fault(i.price, shop.currency)),
	    ('currency', case when i.currency <> shop.currency
		then 'is not ' || shop.currency end),
	    ('tax_class', case when i.tax_class not in
		('standard', 'reduced', 'second_reduced', 'zero', 'exempt')
		then 'is not a tax class' end),
	    ('weight_grams', case when i.weight_grams !~ '^[0-9]{1,7}$'
		then 'is not a whole number of grams' end),
	    ('stock', case when i.stock !~ '^[0-9]{1,9}$'
		then 'is not a whole number' end),
	    ('tags', case when i.tags is not null
		then list_fault(i.tag_list, 30, 50) end),
	    ('images', case when i.images is not null
		then images_fault(i.images) end),
	    ('attributes', map.message),
	    ('status', case when i.status not in
		('draft', 'active', 'archived')
		then 'is not draft, active or archived' end)
	    ) f (field, message)
	where f.message is not null
$$;

-- What is wrong between lines, and between lines and the shop.
create or replace function import_check_whole() returns void
language sql security definer set search_path = duka, pg_temp as $$
	with good as materialized (
		select i.*, first_value(i.line) over (partition by i.slug
			order by i.line) as first_line,
		    first_value(row(i.name, i.description, i.category,
			i.brand, i.tax_class, i.tag_list, i.attribute_map,
			i.status)::text) over (partition by i.slug
			order by i.line) as first_row,
		    row(i.name, i.description, i.category, i.brand,
			i.tax_class, i.tag_list, i.attribute_map,
			i.status)::text as own_row,
		    row_number() over (partition by i.sku order by i.line)
			as nth_sku,
		    row_number() over (partition by i.slug, i.options
			order by i.line) as nth_options
		from product_import i
		where not exists (select from product_import_fault f
		    where f.line = i.line)
	)
	insert into product_import_fault (line, field, message)
	select g.line, f.field, f.message from good g
	cross join lateral (values
	    ('sku', case when g.nth_sku > 1 then 'stands in the file twice'
		else (select 'belongs to the product ' || p.slug
		    from variant v join product p on p.id = v.product_id
		    where v.sku = g.sku and p.slug <> g.slug) end),
	    ('product', case when g.own_row <> g.first_row
		then 'says otherwise of it than line ' || g.first_line end),
	    ('option_value', case when g.nth_sku > 1 then null
		when g.nth_options > 1
		then 'is that of another line of this product'
		else (select 'is that of ' || v.sku from product p
		    join variant v on v.product_id = p.id
		    where p.slug = g.slug and v.options = g.options
		    and v.status = 'active' and v.sku <> g.sku
		    and not exists (select from good o where o.sku = v.sku
			and o.options <> v.options)
		    limit 1) end)
	    ) f (field, message)
	where f.message is not null
$$;

create or replace function category_by_names(names text[]) returns uuid
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	place uuid;
	below uuid;
	part text;
	wanted text := '';
begin
	foreach part in array names loop
		wanted := wanted || ' ' || part;
		below := place;
		select c.id into place from category c
		where coalesce(c.parent_id,
		    '00000000-0000-0000-0000-000000000000') =
		    coalesce(below, whole_shop())
		and c.name_key = plain(part);
		if place is null then
			insert into category (parent_id, name, slug)
			values (below, part, case when exists (
			    select from category c where c.slug = slug_of(part))
			    then free_slug('category', slug_of(wanted))
			    else slug_of(part) end)
			returning id into place;
		end if;
	end loop;
	return place;
end
$$;

create or replace function brand_by_name(wanted text) returns uuid
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	made uuid;
begin
	select b.id into made from brand b where b.name_key = plain(wanted);
	if made is null and wanted is not null then
		insert into brand (name, slug)
		values (wanted, free_slug('brand', slug_of(wanted)))
		returning id into made;
	end if;
	return made;
end
$$;

create or replace function import_places() returns void
language sql security definer set search_path = duka, pg_temp as $$
	with place as materialized (
		select n.category_names, category_by_names(n.category_names)
		    as id
		from (select distinct i.category_names from product_import i
		    where i.category_names <> '{}'
		    order by i.category_names) n
	), maker as materialized (
		select n.brand, brand_by_name(n.brand) as id
		from (select distinct i.brand from product_import i
		    where i.brand is not null order by i.brand) n
	)
	update product_import i set category_id = p.id, brand_id = m.id,
	    amount = (i.price::numeric *
		10::numeric ^ currency_digits(i.currency))::bigint
	from product_import j
	left join place p on p.category_names = j.category_names
	left join maker m on m.brand = j.brand
	where j.number = i.number
$$;

-- Answers the products that are new or other than before.
create or replace function import_products() returns uuid[]
language sql security definer set search_path = duka, pg_temp as $$
	with first as (
		select distinct on (i.slug) i.* from product_import i
		order by i.slug, i.line
	), put as (
		insert into product as p (slug, name, description, category_id,
		    brand_id, tax_class, status, attributes, tags)
		select f.slug, f.name, coalesce(f.description, ''),
		    f.category_id, f.brand_id, f.tax_class, f.status,
		    f.attribute_map, f.tag_list
		from first f order by f.line
		on conflict (slug) do update set name = excluded.name,
		    description = excluded.description,
		    category_id = excluded.category_id,
		    brand_id = excluded.brand_id,
		    tax_class = excluded.tax_class, status = excluded.status,
		    attributes = excluded.attributes, tags = excluded.tags,
		    version = p.version + 1, updated_at = now()
		where (p.name, p.description, p.category_id, p.brand_id,
		    p.tax_class, p.status, p.attributes, p.tags)
		    is distinct from (excluded.name, excluded.description,
		    excluded.category_id, excluded.brand_id, excluded.tax_class,
		    excluded.status, excluded.attributes, excluded.tags)
		returning p.id
	)
	select coalesce(array_agg(id), '{}') from put
$$;

-- Answers the variants that are new or other than before.
create or replace function import_variants()
returns table (product_id uuid, is_new boolean)
language sql security definer set search_path = duka, pg_temp as $$
	insert into variant as v (product_id, sku, options, price_amount,
	    price_currency, weight_grams, position)
	select p.id, i.sku, i.options, i.amount, i.currency,
	    i.weight_grams::integer, row_number() over (partition by p.id
		order by i.line) - 1
	from product_import i join product p on p.slug = i.slug
	order by i.line
	on conflict (sku) do update set options = excluded.options,
	    price_amount = excluded.price_amount,
	    price_currency = excluded.price_currency,
	    compare_at_amount = case
		when v.compare_at_amount > excluded.price_amount
		then v.compare_at_amount end,
	    weight_grams = excluded.weight_grams, status = 'active',
	    position = excluded.position, version = v.version + 1,
	    updated_at = now()
	where (v.options, v.price_amount, v.price_currency, v.weight_grams,
	    v.status, v.position) is distinct from (excluded.options,
	    excluded.price_amount, excluded.price_currency,
	    excluded.weight_grams, 'active', excluded.position)
	returning v.product_id, v.xmax = 0
$$;

-- Images of a product: those of all its lines, each once.
create or replace function import_images() returns uuid[]
language sql security definer set search_path = duka, pg_temp as $$
	with said as (
		select p.id as product_id, m[1] as sku, m[2] as url,
		    coalesce(m[3], '') as alt, min(i.line * 1000 + u.n) as place
		from product_import i join product p on p.slug = i.slug
		cross join lateral unnest(list_read(i.images, '|'))
		    with ordinality u (cell, n)
		cross join lateral regexp_match(u.cell,
		    '^(?:([A-Za-z0-9][A-Za-z0-9._/-]*) )?'
		    '((?:https?://|/)\S+)(?: (.*))?$') m
		group by p.id, m[1], m[2], m[3]
	), wanted as materialized (
		select s.product_id, v.id as variant_id, s.url, s.alt,
		    row_number() over (partition by s.product_id
			order by s.place) - 1 as position
		from said s left join variant v on v.sku = s.sku
		    and v.product_id = s.product_id
	), other as materialized (
		select x.product_id from (
		    select distinct p.id as product_id from product_import i
		    join product p on p.slug = i.slug) x
		where (select array_agg(row(w.variant_id, w.url, w.alt)
			order by w.position) from wanted w
			where w.product_id = x.product_id)
		    is distinct from
		    (select array_agg(row(m.variant_id, m.url, m.alt)
			order by m.position, m.id) from product_image m
			where m.product_id = x.product_id)
	), gone as (
		delete from product_image m using other o
		where m.product_id = o.product_id
	), put as (
		insert into product_image (product_id, variant_id, url, alt,
		    position)
		select w.product_id, w.variant_id, w.url, w.alt, w.position
		from wanted w join other o on o.product_id = w.product_id
	)
	select coalesce(array_agg(o.product_id), '{}') from other o
$$;

-- Counts the stock of the lines that say one, where orders take from first.
-- Answers the products whose stock is other than before.
create or replace function import_stock() returns uuid[]
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	place location;
	variants uuid[];
	quantities integer[];
begin
	select * into place from location l where l.active
	order by l.position, l.code limit 1;
	select array_agg(v.id order by v.id),
	    array_agg(i.stock::integer order by v.id)
	into variants, quantities
	from product_import i join variant v on v.sku = i.sku
	left join stock s on s.variant_id = v.id and s.location_id = place.id
	where i.stock is not null
	and i.stock::integer is distinct from s.on_hand;
	if variants is null then
		return '{}';
	end if;
	perform set_stock_many(variants, quantities, place.code, 'import');
	return array(select distinct v.product_id from variant v
	    where v.id = any (variants));
end
$$;

create or replace function import_faults() returns jsonb
language sql security definer set search_path = duka, pg_temp as $$
	select jsonb_build_object('fault_count',
	    (select count(*) from product_import_fault),
	    'faults', coalesce(jsonb_agg(jsonb_build_object('line', f.line,
	    'field', f.field, 'message', f.message)
	    order by f.line, f.field), '[]'))
	from (select * from product_import_fault
	    order by line, field limit 500) f
$$;

-- The export's cells of these products, by SKU.
create or replace function import_state(ids uuid[]) returns jsonb
language plpgsql stable security definer set search_path = duka, pg_temp
set plan_cache_mode = force_custom_plan as $$
begin
	return (select coalesce(jsonb_object_agg(e.sku, jsonb_strip_nulls(
	    to_jsonb(e) - array['number', 'position', 'product_id'])), '{}')
	    from product_export e where e.product_id = any (ids));
end
$$;

-- The products that the lines speak of, as far as they are there.
create or replace function import_owners() returns uuid[]
language sql stable security definer set search_path = duka, pg_temp as $$
	select array(select p.id from product_import i
	    join product p on p.slug = i.slug
	    union
	    select v.product_id from product_import i
	    join variant v on v.sku = i.sku)
$$;

-- Line by line what is other than before.
create or replace function import_lines(before jsonb, after jsonb)
returns table (line integer, state text, item jsonb)
language sql stable security definer set search_path = duka, pg_temp as $$
	select i.line, s.state, jsonb_build_object('line', i.line,
	    'sku', i.sku, 'product', i.slug, 'name', i.name,
	    'state', s.state, 'changes', coalesce(c.list, '[]'))
	from product_import i
	cross join lateral (select before -> i.sku as was,
	    after -> i.sku as becomes) b
	cross join lateral (select case when b.was is null then 'created'
	    when b.was = b.becomes then 'unchanged' else 'changed' end
	    as state) s
	cross join lateral (
		select jsonb_agg(jsonb_build_object('field', k.key,
		    'before', b.was ->> k.key, 'after', b.becomes ->> k.key)
		    order by k.key) as list
		from (select jsonb_object_keys(coalesce(b.was, '{}') ||
		    coalesce(b.becomes, '{}')) as key) k
		where coalesce(b.was ->> k.key, '') <>
		    coalesce(b.becomes ->> k.key, '')
	    ) c
	order by i.line
$$;

-- A preview: counts of lines, the first 500 that are other than before, and
-- the digest of all of them.
create or replace function import_preview(before jsonb, after jsonb)
returns jsonb
language sql stable security definer set search_path = duka, pg_temp as $$
	with l as materialized (select * from import_lines(before, after))
	select jsonb_build_object(
	    'created_lines', count(*) filter (where l.state = 'created'),
	    'changed_lines', count(*) filter (where l.state = 'changed'),
	    'unchanged_lines', count(*) filter (where l.state = 'unchanged'),
	    'digest', md5(coalesce(string_agg(l.item::text, ' '
		order by l.line), '')),
	    'items', coalesce((select jsonb_agg(f.item order by f.line)
		from (select x.line, x.item from l x
		    where x.state <> 'unchanged'
		    order by x.line limit 500) f), '[]'))
	from l
$$;

-- Takes over what stands in the lines that are right.  Answers how many
-- products were made and changed.
create or replace function import_apply(projected boolean) returns jsonb
language plpgsql security definer set search_path = duka, pg_temp
set work_mem = '64MB' as $$
declare
	touched uuid[];
	made integer;
	answer jsonb;
begin
	perform set_config('duka.projection', 'later', true);
	perform price_say('import');
	perform import_places();
	made := (select count(distinct i.slug) from product_import i
	    where not exists (select from product p where p.slug = i.slug));
	touched := import_products();
	touched := array(select unnest(touched)
	    union select v.product_id from import_variants() v);
	touched := array(select unnest(touched)
	    union select unnest(import_images()));
	answer := jsonb_build_object('created', made,
	    'changed', cardinality(touched) - made);
	-- A stock that is counted anew changes a product's place, not itself.
	touched := array(select unnest(touched)
	    union select unnest(import_stock()));
	if cardinality(touched) > 1000 then
		analyze category, brand, product, variant, product_image;
	end if;
	if projected then
		perform project_products(touched);
	end if;
	perform set_config('duka.projection', '', true);
	perform price_say('');
	return answer;
end
$$;

-- Does it all and takes it back, but for what it would have changed.
create or replace function import_tried() returns jsonb
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	before jsonb := import_state(import_owners());
	answer jsonb;
begin
	begin
		answer := import_apply(false);
		answer := answer || import_preview(before,
		    import_state(import_owners()));
		raise exception 'only tried' using errcode = 'UK399';
	exception when sqlstate 'UK399' then
		null;
	end;
	return answer;
end
$$;

-- Does it if it is what was shown.
create or replace function import_shown(digest text) returns jsonb
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	before jsonb := import_state(import_owners());
	answer jsonb := import_apply(true);
	preview jsonb := import_preview(before, import_state(import_owners()));
begin
	if preview ->> 'digest' <> digest then
		raise exception 'That is not what was shown'
		    using errcode = 'UK307';
	end if;
	return answer || preview;
end
$$;

drop function if exists product_import_run(text);

-- Takes the lines over: mode `all` refuses the whole file for one fault
-- (`tell` does too, but only says so, and the caller must roll back), `rows`
-- leaves the faulty lines out.  Answers counts of lines, of products
-- made and changed, and the first 500 faults.  `dry` changes nothing and
-- answers a preview beside; `digest` is a preview's: nothing else is done.
create or replace function product_import_run(mode text, dry boolean,
    digest text) returns jsonb
language plpgsql security definer set search_path = duka, pg_temp
set work_mem = '64MB' as $$
declare
	answer jsonb;
begin
	perform demand('catalog.write');
	-- The planner knows nothing yet of what COPY has brought.
	analyze product_import;
	perform import_prepare();
	perform import_check_lines();
	perform import_check_whole();
	answer := import_faults() || jsonb_build_object('lines',
	    (select count(*) from product_import), 'taken', 0, 'created', 0,
	    'changed', 0, 'preview', null);
	if mode <> 'rows' and dry is not true
	    and (answer ->> 'fault_count')::integer > 0 then
		if mode = 'tell' then
			return answer;
		end if;
		raise exception 'Nothing was imported: % faults',
		    answer ->> 'fault_count'
		    using errcode = 'UK304', hint = answer::text;
	end if;
	delete from product_import i using product_import_fault f
	where f.line = i.line;
	answer := answer || jsonb_build_object('taken',
	    (select count(*) from product_import));
	answer := answer || import_done(dry, digest);
	delete from product_import;
	delete from product_import_fault;
	return answer;
end
$$;

create or replace function import_done(dry boolean, digest text)
returns jsonb
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	done jsonb;
	counts text[] := array['created', 'changed'];
begin
	if dry then
		done := import_tried();
	elsif digest is not null then
		done := import_shown(digest);
	else
		return import_apply(true);
	end if;
	return jsonb_build_object('created', done -> 'created',
	    'changed', done -> 'changed', 'preview', done - counts);
end
$$;
