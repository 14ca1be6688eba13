-- SPDX-License-Identifier: ISC
-- Products out as CSV, just as the import takes them.

-- A list in a cell, as list_read() reads it.
create or replace function list_written(parts text[], mark text)
returns text language sql immutable parallel safe as $$
	select string_agg(replace(replace(u.part, '\', '\\'), mark,
	    '\' || mark), case mark when '>' then ' > ' else mark end
	    order by u.n)
	from unnest(parts) with ordinality u (part, n)
$$;

-- Text that looks like another type stands in quotes.
create or replace function attribute_written(value jsonb) returns text
language sql immutable parallel safe as $$
	select case when jsonb_typeof(value) = 'string'
	    and (value #>> '{}' ~ '^(".*"|-?[0-9.]+|true|false)$'
	    or value #>> '{}' ~ '^\s|\s$')
	    then '"' || (value #>> '{}') || '"' else value #>> '{}' end
$$;

create or replace function attributes_written(attributes jsonb)
returns text language sql immutable parallel safe as $$
	select list_written(array_agg(a.key || '=' ||
	    attribute_written(a.value) order by a.key), '|')
	from jsonb_each(attributes) a
$$;

-- What lies where orders take from first.
create or replace function counted_stock()
returns table (variant_id uuid, on_hand integer)
language sql stable security definer rows 10000
set search_path = duka, pg_temp as $$
	select s.variant_id, s.on_hand from stock s
	where permitted('catalog.read') and s.location_id = (
	    select l.id from location l where l.active
	    order by l.position, l.code limit 1)
$$;

create or replace function category_names(place uuid) returns text[]
language sql stable as $$
	select array_agg(a.name order by u.n)
	from category c, unnest(c.path) with ordinality u (id, n)
	join category a on a.id = u.id
	where c.id = place
$$;

-- A line for each variant that is not archived.
create or replace view product_export with (security_invoker) as
select v.sku, p.slug as product, csv_cell(p.name) as name,
    csv_cell(p.description) as description,
    csv_cell(list_written(c.names, '>')) as category,
    csv_cell(b.name) as brand,
    csv_cell(o.names) as option_name, csv_cell(o.vals) as option_value,
    round(v.price_amount / 10::numeric ^ currency_digits(v.price_currency),
	currency_digits(v.price_currency))::text as price,
    v.price_currency as currency, p.tax_class,
    v.weight_grams::text as weight_grams, s.on_hand::text as stock,
    csv_cell(list_written(p.tags, '|')) as tags,
    csv_cell(case when v.position = first_value(v.position) over (
	partition by p.id order by v.position, v.id) then i.list end) as images,
    csv_cell(attributes_written(p.attributes)) as attributes, p.status,
    p.number, v.position, p.id as product_id
from product p
join variant v on v.product_id = p.id and v.status = 'active'
left join counted_stock() s on s.variant_id = v.id
left join (select k.id, category_names(k.id) as names
    from category k offset 0) c on c.id = p.category_id
left join brand b on b.id = p.brand_id
cross join lateral (
	select list_written(array_agg(a.key order by a.key), '|') as names,
	    list_written(array_agg(a.value order by a.key), '|') as vals
	from jsonb_each_text(v.options) a
    ) o
cross join lateral (
	select list_written(array_agg(concat_ws(' ', w.sku, m.url,
	    nullif(m.alt, '')) order by m.position, m.id), '|') as list
	from product_image m left join variant w on w.id = m.variant_id
	where m.product_id = p.id
    ) i;
