-- SPDX-License-Identifier: ISC
-- Reading in public: lists with totals and facets, pages, the tree.  These
-- functions are planned with their values (plan_cache_mode): a filter that
-- was not asked for is gone before a plan is made.

-- What a caller asks for, with slugs made ids; an unknown one finds nothing.
create or replace function filter_of(category text, brands json,
    price_min bigint, price_max bigint, attributes json, in_stock boolean,
    rating_min numeric, tag text) returns product_filter
language sql stable as $$
	select row(case when filter_of.category is not null then coalesce(
		(select c.id from category c where c.slug = filter_of.category),
		'ffffffff-ffff-ffff-ffff-ffffffffffff') end,
	    case when brands is not null then array(
		select b.id from brand b where b.slug in (
		select json_array_elements_text(brands))) end,
	    price_min, price_max,
	    case when attributes is not null then array(
		select json_array_elements_text(attributes)) end,
	    nullif(in_stock, false), rating_min, tag, null, null, null
	    )::product_filter
$$;

-- Values of one attribute are alternatives; attributes all must fit.
create or replace function pairs_fit(pairs text[], wanted text[])
returns boolean language sql immutable parallel safe as $$
	select pairs && wanted and (cardinality(wanted) = 1 or
	    (select bool_and(g.fits) from (
	    select bool_or(u.pair = any (pairs)) as fits
	    from unnest(wanted) u (pair)
	    group by split_part(u.pair, ':', 1)) g))
$$;

create or replace function product_found(f product_filter)
returns setof product_index
language sql stable as $$
	select i.* from product_index i
	where (f.category is null or i.category_path @> array[f.category])
	and (f.brands is null or i.brand_id = any (f.brands))
	and (f.price_min is null or i.price >= f.price_min)
	and (f.price_max is null or i.price <= f.price_max)
	and (f.pairs is null or i.pairs && f.pairs)
	and (f.pairs is null or cardinality(f.pairs) = 1
	    or pairs_fit(i.pairs, f.pairs))
	and (f.in_stock is null or i.in_stock or i.back_at <= now())
	and (f.rating_min is null or i.rating >= f.rating_min)
	and (f.tag is null or i.tags @> array[f.tag])
	and (f.query is null or i.words @@ f.query)
	and (f.parts is null or i.like_key like f.parts[1])
	and (f.parts is null or cardinality(f.parts) = 1
	    or i.like_key like all (f.parts))
	and (f.near is null or f.near <% i.like_key)
$$;

-- One line of a list; what is in stock is of this moment.
create or replace function item_of(i product_index) returns text
language sql stable as $$
	select i.item || ',"in_stock":' ||
	    (i.in_stock or coalesce(i.back_at <= now(), false))::text || '}'
$$;

-- A page as text from one line more than asked for.
create or replace function page_text(items text[], keys json[], size integer)
returns text language sql immutable as $$
	select '"items":[' || coalesce(array_to_string(items[:size], ','), '')
	    || '],"next":' || case when cardinality(items) > size
	    then to_json(cursor_of(keys[size]))::text else 'null' end
$$;

-- What a cursor of this order says: where the last page ended.
create or replace function cursor_after(cursor text, sort text, kind text)
returns jsonb language plpgsql immutable as $$
declare
	key jsonb := cursor_key(cursor, 3);
begin
	if key ->> 0 <> sort or jsonb_typeof(key -> 1) <> kind
	    or jsonb_typeof(key -> 2) <> 'number' then
		raise exception 'The cursor is not one of ours'
		    using errcode = 'UK423';
	end if;
	return key;
end
$$;

-- The label stands in the cursor: another list's is refused.
create or replace function product_rows(f product_filter, sort text,
    label text, cursor text, size integer) returns text
language plpgsql stable set plan_cache_mode = force_custom_plan as $$
declare
	-- null on the first page
	key jsonb := cursor_after(cursor, label, case sort when 'newest'
	    then 'null' when 'name' then 'string' else 'number' end);
	after bigint := (key ->> 2)::bigint;
	items text[];
	keys json[];
begin
	case sort
	when 'newest' then
		select array_agg(item_of(r)), array_agg(
		    json_build_array(label, null, r.number))
		into items, keys from (select i.* from product_found(f) i
		    where after is null or i.number < after
		    order by i.number desc limit size + 1) r;
	when 'price_asc' then
		select array_agg(item_of(r)), array_agg(
		    json_build_array(label, r.price, r.number))
		into items, keys from (select i.* from product_found(f) i
		    where after is null or (i.price, i.number) >
			((key ->> 1)::bigint, after)
		    order by i.price, i.number limit size + 1) r;
	when 'price_desc' then
		select array_agg(item_of(r)), array_agg(
		    json_build_array(label, r.price, r.number))
		into items, keys from (select i.* from product_found(f) i
		    where after is null or (i.price, i.number) <
			((key ->> 1)::bigint, after)
		    order by i.price desc, i.number desc limit size + 1) r;
	when 'name' then
		select array_agg(item_of(r)), array_agg(
		    json_build_array(label, r.name_key, r.number))
		into items, keys from (select i.* from product_found(f) i
		    where after is null or (i.name_key, i.number) >
			((key ->> 1), after)
		    order by i.name_key, i.number limit size + 1) r;
	when 'rating' then
		select array_agg(item_of(r)), array_agg(
		    json_build_array(label, r.rating, r.number))
		into items, keys from (select i.* from product_found(f) i
		    where after is null or (i.rating, i.number) <
			((key ->> 1)::numeric, after)
		    order by i.rating desc, i.number desc limit size + 1) r;
	end case;
	return page_text(items, keys, size);
end
$$;

-- Counts of what was found.  Whoever has chosen a brand, a price or a value
-- still sees the others: each of these facets is counted without itself.
create or replace function counted_facets(f product_filter,
    out total integer, out body text)
language plpgsql stable set plan_cache_mode = force_custom_plan as $$
declare
	g product_filter := f;
	categories json;
	brands json;
	price_min bigint;
	price_max bigint;
	pairs text[];
	counts bigint[];
begin
	select n.total, n.price_min, n.price_max, n.categories, n.brands,
	    n.pairs, n.counts
	into total, price_min, price_max, categories, brands, pairs, counts
	from found_counts(f) n;
	if f.brands is not null then
		g.brands := null;
		brands := (select n.brands from found_counts(g) n);
		g.brands := f.brands;
	end if;
	if f.price_min is not null or f.price_max is not null then
		g.price_min := null;
		g.price_max := null;
		select n.price_min, n.price_max into price_min, price_max
		from found_counts(g) n;
		g.price_min := f.price_min;
		g.price_max := f.price_max;
	end if;
	if f.pairs is not null then
		select array_agg(u.pair), array_agg(u.count)
		into pairs, counts
		from alternatives(f, pairs, counts) u (pair, count);
	end if;
	body := facets_json(categories, brands, price_min, price_max,
	    facets_attribute(pairs, counts));
end
$$;

-- Counts of what was found, each over the same products.
create or replace function found_counts(f product_filter,
    out total integer, out price_min bigint, out price_max bigint,
    out categories json, out brands json, out pairs text[],
    out counts bigint[])
language plpgsql stable set plan_cache_mode = force_custom_plan as $$
begin
	-- Read twice: cheaper than kept once, when much is found.
	with found as not materialized (
		select i.category_path[coalesce(array_position(
		    i.category_path, f.category), 0) + 1] as child,
		    i.brand_id, i.price, i.pairs
		from product_found(f) i
	), counted as materialized (
		select n.child, n.brand_id, grouping(n.child, n.brand_id) as by,
		    count(*) as count, min(n.price) as least,
		    max(n.price) as most
		from found n
		group by grouping sets ((n.child), (n.brand_id), ())
	), maker as (
		select n.brand_id, n.count from counted n
		where n.by = 2 and n.brand_id is not null
		order by n.count desc, n.brand_id limit 100
	), pair as (
		select u.pair, count(*) as count
		from found n, unnest(n.pairs) u (pair) group by u.pair
	)
	select s.count, s.least, s.most,
	    (select json_agg(json_build_object('slug', c.slug,
		'name', c.name, 'count', n.count)
		order by c.position, c.name, c.slug)
		from counted n join category c on c.id = n.child
		where n.by = 1),
	    (select json_agg(json_build_object('slug', b.slug,
		'name', b.name, 'count', n.count)
		order by n.count desc, b.name, b.slug)
		from maker n join brand b on b.id = n.brand_id),
	    u.pairs, u.counts
	into total, price_min, price_max, categories, brands, pairs, counts
	from counted s,
	    (select array_agg(p.pair) as pairs, array_agg(p.count) as counts
	    from pair p) u
	where s.by = 3;
end
$$;

-- Pairs with their counts, those of the names that were chosen counted
-- without that choice.
create or replace function alternatives(f product_filter, pairs text[],
    counts bigint[]) returns table (pair text, count bigint)
language plpgsql stable set plan_cache_mode = force_custom_plan as $$
declare
	chosen text[] := f.pairs;
	name text;
begin
	return query select u.pair, u.count
	from unnest(pairs, counts) u (pair, count)
	where split_part(u.pair, ':', 1) not in (
	    select split_part(c.pair, ':', 1) from unnest(chosen) c (pair));
	for name in select distinct split_part(c.pair, ':', 1)
	    from unnest(chosen) c (pair) loop
		f.pairs := nullif(array(select c.pair from unnest(chosen)
		    c (pair) where split_part(c.pair, ':', 1) <> name), '{}');
		return query select u.pair, count(*)
		from product_found(f) i, unnest(i.pairs) u (pair)
		where split_part(u.pair, ':', 1) = name group by u.pair;
	end loop;
end
$$;

-- Total and facets; a category alone, or the whole shop, has them ready.
create or replace function found_facets(f product_filter,
    out total integer, out body text)
language plpgsql stable as $$
declare
	place uuid := coalesce(f.category, whole_shop());
begin
	f.category := null;
	if f is null then
		select c.total, c.body into total, body
		from category_facets c where c.category_id = place;
		if not found then
			total := 0;
			body := facets_json(null, null, null, null, null);
		end if;
		return;
	end if;
	f.category := nullif(place, whole_shop());
	select c.total, c.body into total, body from counted_facets(f) c;
end
$$;

create or replace function product_list(f product_filter, sort text,
    cursor text, size integer) returns text language plpgsql stable as $$
declare
	counted record;
begin
	select * into counted from found_facets(f);
	return '{' || product_rows(f, sort, sort, cursor, size) ||
	    ',"total":' || counted.total || ',"facets":' || counted.body || '}';
end
$$;

create or replace function availability_line(variant uuid,
    quantity integer) returns text
language sql stable parallel safe as $$
	select '{"variant_id":"' || variant || '","available":' ||
	    coalesce(quantity, 0) || ',"in_stock":' ||
	    coalesce(quantity > 0, false)::text || '}'
$$;

-- What is in stock at this moment, in the order of the variants.
create or replace function availability_json(variants uuid[]) returns text
language plpgsql stable as $$
begin
	return '[' || (select string_agg(availability_line(u.id, a.quantity),
	    ',' order by u.n) from unnest(variants) with ordinality u (id, n)
	    left join available_of(variants) a on a.variant_id = u.id) || ']';
end
$$;

-- The whole tree, nested, with counts.  Read depth first, each line knows
-- from the next one's depth how much it closes.
create or replace function category_tree() returns text
language sql stable as $$
	with recursive walk as (
		select c.id, array[row(c.position, c.name, c.id)::record]
		    as place, 1 as depth
		from category c where c.parent_id is null
		union all
		select c.id, w.place || row(c.position, c.name, c.id)::record,
		    w.depth + 1
		from walk w join category c on c.parent_id = w.id
	), line as (
		select w.place, w.depth, lead(w.depth) over (order by w.place)
		    as next_depth, left(json_build_object('id', c.id,
			'slug', c.slug, 'name', c.name,
			'count', coalesce(f.total, 0))::text, -1)
		    || ',"children":[' as head
		from walk w join category c on c.id = w.id
		left join category_facets f on f.category_id = c.id
	)
	select '{"items":[' || coalesce(string_agg(l.head || case
	    when l.next_depth > l.depth then ''
	    else repeat(']}', l.depth - coalesce(l.next_depth, 1) + 1) ||
		case when l.next_depth is null then '' else ',' end end,
	    '' order by l.place), '') || ']}'
	from line l
$$;
