-- SPDX-License-Identifier: ISC
-- What is read in public of products that are for sale: the views say what
-- must stand there, the triggers keep it standing there.

-- Text for the words of the search: signs between letters part words.
create or replace function parted(given text) returns text
language sql immutable parallel safe as $$
	select regexp_replace(given, '[^[:alnum:]]+', ' ', 'g')
$$;

-- Attributes in the order and with the labels of their definitions.
create or replace function attributes_json(attributes jsonb) returns json
language sql stable cost 1000 as $$
	select coalesce(json_agg(json_build_object('name', a.key,
	    'label', coalesce(d.label, initcap(replace(a.key, '_', ' '))),
	    'value', a.value, 'unit', d.unit)
	    order by d.position nulls last, a.key), '[]')
	from jsonb_each(attributes) a
	left join attribute_definition d on d.name = a.key
$$;

create or replace function variant_json(v variant_priced) returns json
language sql stable as $$
	select json_build_object('id', v.id, 'sku', v.sku,
	    'options', v.options,
	    'price', money(v.price_amount, v.price_currency),
	    'compare_at', money(v.compare_at_amount, v.price_currency),
	    'lowest_30_days', case when v.compare_at_amount is not null
		then money(price_lowest(v.id), v.price_currency) end,
	    'weight_grams', v.weight_grams)
$$;

create or replace view product_page_live with (security_invoker) as
select p.id as product_id, p.slug, p.version, v.ids as variants,
    left(json_build_object('id', p.id, 'slug', p.slug, 'name', p.name,
	'description', p.description,
	'category', t.trail,
	'brand', (select json_build_object('slug', b.slug, 'name', b.name)
	    from brand b where b.id = p.brand_id),
	'price', v.price, 'compare_at', v.compare_at,
	'tax_class', p.tax_class, 'tags', p.tags,
	'attributes', a.list,
	'images', (select coalesce(json_agg(json_build_object('url', i.url,
		'alt', i.alt, 'variant_id', i.variant_id)
		order by i.position, i.id), '[]')
	    from product_image i where i.product_id = p.id),
	'variants', v.list, 'rating', p.rating,
	'review_count', p.review_count, 'version', p.version,
	'created_at', wire_time(p.created_at),
	'updated_at', wire_time(p.updated_at))::text, -1) as body
from product p
cross join lateral (
	select array_agg(v.id order by v.position, v.id) as ids,
	    json_agg(variant_json(v) order by v.position, v.id) as list,
	    (array_agg(money(v.price_amount, v.price_currency)
		order by v.price_amount, v.position, v.id))[1] as price,
	    (array_agg(money(v.compare_at_amount, v.price_currency)
		order by v.price_amount, v.position, v.id))[1] as compare_at
	from variant_priced v
	where v.product_id = p.id and v.status = 'active'
    ) v
left join lateral (select category_trail(c.id) as trail
    from category c where c.id = p.category_id) t on true
-- "offset 0" keeps it apart: what was made once is remembered for its likes.
cross join lateral (select attributes_json(p.attributes) as list offset 0) a
where p.status = 'active' and v.ids is not null;

-- Whether any variant of each product can be bought, and if not, when a
-- reservation that holds the last of one falls due.
create or replace function stock_of(ids uuid[])
returns table (product_id uuid, in_stock boolean, back_at timestamptz)
language plpgsql stable security definer set search_path = duka, pg_temp as $$
begin
	return query with v as materialized (
		select v.id, v.product_id from unnest(ids) u (id)
		join variant v on v.product_id = u.id and v.status = 'active'
	), there as materialized (
		select a.variant_id, a.quantity
		from available_of(array(select v.id from v)) a
	), s as (
		select v.product_id, coalesce(bool_or(t.quantity > 0), false)
		    as in_stock
		from v left join there t on t.variant_id = v.id
		group by v.product_id
	)
	select s.product_id, s.in_stock, case when not s.in_stock then (
	    select min(r.expires_at) from v
	    join reservation r on r.variant_id = v.id and r.expires_at > now()
	    where v.product_id = s.product_id) end
	from s;
end
$$;

create or replace view product_index_live with (security_invoker) as
select p.id as product_id, p.number,
    coalesce(c.path, '{}') as category_path, p.brand_id,
    v.price, coalesce(p.rating, 0) as rating,
    p.tags, a.pairs,
    setweight(to_tsvector('english_plain', parted(p.name)), 'A') ||
	setweight(to_tsvector('simple', v.skus), 'A') ||
	setweight(to_tsvector('english_plain', parted(concat_ws(' ', b.name,
	    array_to_string(p.tags, ' ')))), 'B') ||
	setweight(to_tsvector('english_plain', parted(concat_ws(' ', c.names,
	    a.texts))), 'C') ||
	case when p.description = '' then '' else setweight(
	    to_tsvector('english_plain', parted(p.description)), 'D') end
	as words,
    plain(p.name) collate "C" as name_key,
    btrim(plain(parted(concat_ws(' ', p.name, b.name)))) as like_key,
    left(json_build_object('id', p.id, 'slug', p.slug, 'name', p.name,
	'brand', case when b.id is not null then
	    json_build_object('slug', b.slug, 'name', b.name) end,
	'category', case when c.id is not null then
	    json_build_object('slug', c.slug, 'name', c.name) end,
	'price', money(v.price, v.currency),
	'compare_at', money(v.compare_at, v.currency),
	'image', (select i.url from product_image i where i.product_id = p.id
	    order by i.position, i.id limit 1),
	'rating', p.rating, 'review_count', p.review_count,
	'variant_id', v.cheapest, 'variant_count', v.count)::text, -1) as item
from product p
cross join lateral (
	select count(*) as count,
	    string_agg(v.sku, ' ' order by v.sku) as skus,
	    min(v.price_amount) as price,
	    (array_agg(v.id order by v.price_amount, v.position, v.id))[1]
		as cheapest,
	    (array_agg(v.compare_at_amount
		order by v.price_amount, v.position, v.id))[1] as compare_at,
	    (array_agg(v.price_currency
		order by v.price_amount, v.position, v.id))[1] as currency
	from variant_priced v
	where v.product_id = p.id and v.status = 'active'
    ) v
cross join lateral (
	select coalesce(array_agg(t.key || ':' || t.value order by t.key)
	    filter (where d.filterable is not false), '{}') as pairs,
	    string_agg(t.value, ' ' order by t.key) as texts
	from jsonb_each_text(p.attributes) t
	left join attribute_definition d on d.name = t.key
    ) a
left join brand b on b.id = p.brand_id
left join lateral (
	select k.id, k.slug, k.name, k.path, (select string_agg(n.name, ' '
	    order by cardinality(n.path))
	    from category n where n.id = any (k.path)) as names
	from category k where k.id = p.category_id
    ) c on true
where p.status = 'active' and v.count > 0;

-- The values of attributes with their counts, from pairs name:value: at most
-- 50 values of each, the commonest first.
create or replace function facets_attribute(pairs text[], counts bigint[])
returns json language sql stable as $$
	with value as (
		select split_part(u.pair, ':', 1) as name,
		    substr(u.pair, position(':' in u.pair) + 1) as value,
		    u.count, row_number() over (
			partition by split_part(u.pair, ':', 1)
			order by u.count desc, u.pair) as rank
		from unnest(pairs, counts) u (pair, count)
	), attribute as (
		select v.name, json_agg(json_build_object('value', v.value,
		    'count', v.count) order by v.rank) as list
		from value v where v.rank <= 50 group by v.name
	)
	select json_agg(json_build_object('name', a.name,
	    'label', coalesce(d.label, initcap(replace(a.name, '_', ' '))),
	    'unit', d.unit, 'values', a.list)
	    order by d.position nulls last, a.name)
	from attribute a left join attribute_definition d on d.name = a.name
$$;

create or replace function facets_json(categories json, brands json,
    price_min bigint, price_max bigint, attributes json) returns json
language sql stable as $$
	select json_build_object('categories', coalesce(categories, '[]'),
	    'brands', coalesce(brands, '[]'), 'price', json_build_object(
	    'min', money(price_min, setting_of('shop.currency')),
	    'max', money(price_max, setting_of('shop.currency'))),
	    'attributes', coalesce(attributes, '[]'))
$$;

-- Counts of the categories named, from the rows of product_index.
create or replace function facets_of(places uuid[])
returns setof category_facets
language sql stable security definer set search_path = duka, pg_temp as $$
	with wanted as materialized (
		select u.id as place from unnest(places) u (id)
	), member as materialized (
		select w.place, i.price, i.brand_id, i.pairs,
		    case when w.place = whole_shop() then i.category_path[1]
		    else i.category_path[array_position(i.category_path,
			w.place) + 1] end as child
		from product_index i
		cross join lateral unnest(
		    array_append(i.category_path, whole_shop())) u (place)
		join wanted w on w.place = u.place
	), by_place as (
		select m.place, count(*) as total, min(m.price) as price_min,
		    max(m.price) as price_max
		from member m group by m.place
	), by_child as (
		select n.place, json_agg(json_build_object('slug', c.slug,
		    'name', c.name, 'count', n.count)
		    order by c.position, c.name, c.slug) as list
		from (select m.place, m.child, count(*) as count from member m
		    group by m.place, m.child) n
		join category c on c.id = n.child
		group by n.place
	), by_brand as (
		select n.place, json_agg(json_build_object('slug', b.slug,
		    'name', b.name, 'count', n.count)
		    order by n.count desc, b.name, b.slug) as list
		from (select m.place, m.brand_id, count(*) as count,
			row_number() over (partition by m.place
			    order by count(*) desc, m.brand_id) as rank
		    from member m where m.brand_id is not null
		    group by m.place, m.brand_id) n
		join brand b on b.id = n.brand_id
		where n.rank <= 100
		group by n.place
	), by_pair as (
		select m.place, u.pair, count(*) as count
		from member m, unnest(m.pairs) u (pair)
		group by m.place, u.pair
	), by_name as (
		select n.place, facets_attribute(n.pairs, n.counts) as list
		from (select p.place, array_agg(p.pair) as pairs,
		    array_agg(p.count) as counts
		    from by_pair p group by p.place) n
	)
	select p.place, p.total::integer, p.price_min, p.price_max,
	    facets_json(c.list, b.list, p.price_min, p.price_max,
		a.list)::text
	from by_place p
	left join by_child c on c.place = p.place
	left join by_brand b on b.place = p.place
	left join by_name a on a.place = p.place
$$;

create or replace function facets_lock() returns void
language sql as $$
	select pg_advisory_xact_lock(hashtextextended('duka.facets', 0))
$$;

-- Writes the counts of these categories anew.  One at a time, and in a
-- statement after the lock: whoever comes second sees what the first did.
create or replace function refresh_facets(places uuid[]) returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	perform facets_lock();
	delete from category_facets where category_id = any (places);
	insert into category_facets select * from facets_of(places);
end
$$;

-- What must not change under a projection.  Its statements come after the
-- locks, so they see what others have changed meanwhile: the products, the
-- names of their places and makers, the stock of variants that come on sale
-- (an order that moves it then sees them), and the rows to be written.
create or replace function project_lock(ids uuid[]) returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	perform from unnest(ids) u (id) join product p on p.id = u.id
	    order by p.id for no key update of p;
	perform from category c where c.id in (
	    select unnest(k.path) from unnest(ids) u (id)
	    join product p on p.id = u.id
	    join category k on k.id = p.category_id)
	    order by c.id for share of c;
	perform from brand b where b.id in (select p.brand_id
	    from unnest(ids) u (id) join product p on p.id = u.id)
	    order by b.id for share of b;
	perform from stock s where s.variant_id in (
	    select v.id from unnest(ids) u (id)
	    join variant v on v.product_id = u.id and v.status = 'active'
	    left join product_page g on g.product_id = u.id
	    where g.product_id is null or v.id <> all (g.variants))
	    order by s.variant_id, s.location_id for share of s;
	perform from unnest(ids) u (id)
	    join product_index i on i.product_id = u.id
	    order by i.product_id for update of i;
end
$$;

-- Writes what is read in public of these products anew, and the counts it
-- changes; all counts of their categories if `renamed`.
create or replace function project_products(ids uuid[],
    renamed boolean default false) returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	changed record;
	places uuid[];
begin
	perform project_lock(ids);
	perform project_pages(ids);
	select * into changed from project_index(ids, renamed);
	places := changed.places;
	-- Most changes of a price leave the least and the greatest.
	if changed.priced is not null then
		perform facets_lock();
		places := places || array(select f.category_id
		    from category_facets f
		    where f.category_id = any (changed.priced)
		    and (changed.cheapest <= f.price_min
			or changed.dearest >= f.price_max));
	end if;
	if cardinality(places) > 0 then
		perform refresh_facets(places);
	end if;
	perform wishes_touched(ids);
end
$$;

-- Planned with their ids: one product and a whole catalogue want other plans.
create or replace function project_pages(ids uuid[]) returns void
language plpgsql security definer set search_path = duka, pg_temp
set plan_cache_mode = force_custom_plan as $$
begin
	with live as materialized (
		select v.* from unnest(ids) u (id)
		join product_page_live v on v.product_id = u.id
	), gone as (
		delete from product_page p where p.product_id in (
		    select u.id from unnest(ids) u (id)
		    except select l.product_id from live l)
	)
	insert into product_page as p (product_id, slug, version, variants,
	    body, availability)
	select l.product_id, l.slug, l.version, l.variants, l.body, '[]'
	from live l
	on conflict (product_id) do update set slug = excluded.slug,
	    version = excluded.version, variants = excluded.variants,
	    body = excluded.body
	where (p.slug, p.version, p.variants, p.body) is distinct from
	    (excluded.slug, excluded.version, excluded.variants, excluded.body);
	perform page_stock(ids);
end
$$;

-- Writes what is there onto the pages; looked up behind their locks, so that
-- of two changes at once the later sees both.
create or replace function page_stock(ids uuid[]) returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	perform from product_page p where p.product_id = any (ids)
	order by p.product_id for update;
	with v as materialized (
		select g.product_id, u.id, u.n from product_page g
		cross join lateral unnest(g.variants)
		    with ordinality u (id, n)
		where g.product_id = any (ids)
	), there as materialized (
		select a.variant_id, a.quantity
		from available_of(array(select v.id from v)) a
	), free as materialized (
		select r.variant_id, min(r.expires_at) as at
		from reservation r
		where r.variant_id = any (array(select v.id from v))
		    and r.expires_at > now()
		group by r.variant_id
	), s as (
		select v.product_id, '[' || string_agg(availability_line(v.id,
		    t.quantity), ',' order by v.n) || ']' as availability,
		    min(f.at) as until
		from v left join there t on t.variant_id = v.id
		left join free f on f.variant_id = v.id
		group by v.product_id
	)
	update product_page p set availability = s.availability,
	    available_until = s.until
	from s
	where p.product_id = s.product_id
	    and (p.availability, p.available_until) is distinct from
	    (s.availability, s.until);
end
$$;

-- Answers the categories whose counts are not true any longer, and those
-- where a price changed and nothing else, with the least and the greatest
-- price that came or went.
create or replace function project_index(ids uuid[], renamed boolean,
    out places uuid[], out priced uuid[], out cheapest bigint,
    out dearest bigint)
language plpgsql security definer set search_path = duka, pg_temp
set plan_cache_mode = force_custom_plan as $$
begin
	with live as materialized (
		select v.* from unnest(ids) u (id)
		join product_index_live v on v.product_id = u.id
	), was as materialized (
		select i.* from unnest(ids) u (id)
		join product_index i on i.product_id = u.id
	), gone as (
		delete from product_index i using was w
		where i.product_id = w.product_id
		and w.product_id not in (select product_id from live)
	), put as (
		insert into product_index as i (product_id, number,
		    category_path, brand_id, price, in_stock, back_at, rating,
		    tags, pairs, words, name_key, like_key, item)
		select l.product_id, l.number, l.category_path, l.brand_id,
		    l.price, s.in_stock, s.back_at, l.rating, l.tags, l.pairs,
		    l.words, l.name_key, l.like_key, l.item
		from live l join stock_of(ids) s on s.product_id = l.product_id
		on conflict (product_id) do update set
		    category_path = excluded.category_path,
		    brand_id = excluded.brand_id, price = excluded.price,
		    in_stock = excluded.in_stock, back_at = excluded.back_at,
		    rating = excluded.rating, tags = excluded.tags,
		    pairs = excluded.pairs, words = excluded.words,
		    name_key = excluded.name_key, like_key = excluded.like_key,
		    item = excluded.item
		where i is distinct from excluded
	), moved as (
		select w.category_path as before, l.category_path as after,
		    not renamed and (w.category_path, w.brand_id, w.pairs)
		    is not distinct from
		    (l.category_path, l.brand_id, l.pairs) as price_alone,
		    w.price as old_price, l.price as new_price
		from was w full join live l on l.product_id = w.product_id
		where renamed or (w.category_path, w.brand_id, w.price, w.pairs)
		    is distinct from
		    (l.category_path, l.brand_id, l.price, l.pairs)
	)
	select array_agg(distinct u.id) filter (where not m.price_alone),
	    array_agg(distinct u.id) filter (where m.price_alone),
	    min(least(m.old_price, m.new_price)) filter (where m.price_alone),
	    max(greatest(m.old_price, m.new_price))
		filter (where m.price_alone)
	into places, priced, cheapest, dearest
	from moved m
	cross join lateral unnest(coalesce(m.before, '{}') ||
	    coalesce(m.after, '{}') || whole_shop()) u (id);
end
$$;

-- Called by the stock's own triggers: the pages say how many are there, the
-- index only whether any are.
create or replace function pages_stock_changed(changed uuid[])
returns void language plpgsql security definer
set search_path = duka, pg_temp as $$
begin
	if current_setting('duka.projection', true)
	    is distinct from 'later' then
		perform page_stock(array(select distinct v.product_id
		    from variant v where v.id = any (changed)));
	end if;
end
$$;

create or replace function product_stock_changed(changed uuid)
returns void language plpgsql security definer
set search_path = duka, pg_temp as $$
declare
	owner uuid[] := array(select v.product_id from variant v
	    where v.id = changed);
begin
	if current_setting('duka.projection', true) = 'later' then
		return;
	end if;
	perform from stock_of(owner) s
	join product_index i on i.product_id = s.product_id
	where (i.in_stock, i.back_at) is distinct from (s.in_stock, s.back_at)
	for update of i;
	if found then
		-- Looked up again behind the lock.
		update product_index i
		set in_stock = s.in_stock, back_at = s.back_at
		from stock_of(owner) s where i.product_id = s.product_id;
	end if;
	perform wishes_touched(owner);
end
$$;

-- After a statement: the products it touched.  An import says "later" and
-- does it once at its end.
create or replace function products_touched() returns trigger
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	ids uuid[] := '{}';
	more uuid[];
begin
	if current_setting('duka.projection', true) = 'later' then
		return null;
	end if;
	if tg_op <> 'DELETE' then
		execute format('select array_agg(distinct %I) from new_rows',
		    tg_argv[0]) into ids;
	end if;
	if tg_op <> 'INSERT' then
		execute format('select array_agg(distinct %I) from old_rows',
		    tg_argv[0]) into more;
	end if;
	ids := array(select unnest(ids) union select unnest(more));
	if cardinality(ids) > 0 then
		perform project_products(ids);
	end if;
	return null;
end
$$;

-- Products that stand, or are shown, below any of these.
create or replace function categories_renamed(places uuid[]) returns uuid[]
language sql stable security definer set search_path = duka, pg_temp as $$
	select array(select p.id from unnest(places) u (id)
	    join category c on c.path @> array[u.id]
	    join product p on p.category_id = c.id
	    union
	    select i.product_id from unnest(places) u (id)
	    join product_index i on i.category_path @> array[u.id])
$$;

create or replace function names_touched() returns trigger
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	ids uuid[];
begin
	if tg_table_name = 'category' then
		ids := categories_renamed((select array_agg(n.id)
		    from new_rows n join old_rows o on o.id = n.id
		    where (n.slug, n.name, n.path) is distinct from
			(o.slug, o.name, o.path)));
		-- Where only the order is another, so are lists of counts.
		perform refresh_facets(array(select distinct
		    coalesce(n.parent_id, whole_shop())
		    from new_rows n join old_rows o on o.id = n.id
		    where n.position <> o.position));
	elsif tg_table_name = 'brand' then
		ids := array(select p.id from new_rows n
		    join product p on p.brand_id = n.id);
	elsif tg_op = 'DELETE' then
		ids := array(select distinct p.id from old_rows n
		    join product p on p.attributes ? n.name);
	else
		ids := array(select distinct p.id from new_rows n
		    join product p on p.attributes ? n.name);
	end if;
	if cardinality(ids) > 0 then
		perform project_products(ids, true);
	end if;
	return null;
end
$$;

create or replace function watched(target regclass, event text,
    watcher text, key text) returns void
language plpgsql as $$
begin
	execute format('create or replace trigger projection_%s after %1$s '
	    'on %s %s for each statement execute function duka.%I(%L)',
	    event, target, case event
	    when 'insert' then 'referencing new table as new_rows'
	    when 'delete' then 'referencing old table as old_rows'
	    else 'referencing old table as old_rows new table as new_rows'
	    end, watcher, key);
end
$$;

select watched(t.name::regclass, e.name, 'products_touched', t.key)
from (values ('product', 'id'), ('variant', 'product_id'),
    ('product_image', 'product_id')) t (name, key),
    unnest(array['insert', 'update', 'delete']) e (name);
select watched('category', 'update', 'names_touched', 'id'),
    watched('brand', 'update', 'names_touched', 'id');
select watched('attribute_definition', e.name, 'names_touched', 'name')
from unnest(array['insert', 'update', 'delete']) e (name);

drop function if exists variant_json(variant);
