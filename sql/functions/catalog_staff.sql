-- SPDX-License-Identifier: ISC
-- The catalogue as staff list and order it: drafts and archived ones too.

drop function if exists staff_products(text, text, text, text, integer);

-- Whether a name or a SKU has these letters.
create or replace function product_spelt(wanted text) returns setof uuid
language plpgsql stable security definer set search_path = duka, pg_temp
set plan_cache_mode = force_custom_plan as $$
begin
	return query select p.id from product p
	where plain(p.name) like '%' || like_literal(plain(wanted)) || '%'
	union
	select v.product_id from variant v
	where v.sku ilike '%' || like_literal(wanted) || '%';
end
$$;

-- Those that were looked for: as it is written or, if nothing is written so,
-- as it is nearly.
create or replace function product_sought(wanted text) returns uuid[]
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	hits uuid[] := array(select product_spelt(wanted));
begin
	if cardinality(hits) = 0 then
		perform set_config('pg_trgm.word_similarity_threshold', '0.4',
		    true);
		hits := array(select p.id from product p
		    where plain(wanted) <% plain(p.name));
	end if;
	return hits;
end
$$;

-- Pieces that can be bought of all its variants.
create or replace function product_available(wanted uuid) returns bigint
language sql stable security definer set search_path = duka, pg_temp as $$
	select coalesce(sum(a.quantity), 0) from available_of(array(
	    select v.id from variant v where v.product_id = wanted
	    and v.status = 'active')) a
$$;

create or replace function product_low(wanted uuid) returns boolean
language sql stable security definer set search_path = duka, pg_temp as $$
	select exists (select from variant v join low_stock_event e
	    on e.variant_id = v.id and e.refilled_at is null
	    where v.product_id = wanted and v.status = 'active')
$$;

create or replace function product_price(wanted uuid, highest boolean)
returns bigint
language sql stable security definer set search_path = duka, pg_temp as $$
	select case when highest then max(v.price_amount)
	    else min(v.price_amount) end
	from variant_priced v where v.product_id = wanted
	and v.status = 'active'
$$;

create or replace function product_line_json(p product) returns json
language sql stable security definer set search_path = duka, pg_temp as $$
	select json_build_object('id', p.id, 'slug', p.slug,
	    'name', p.name, 'status', p.status,
	    'category', (select c.slug from category c
		where c.id = p.category_id),
	    'brand', (select b.slug from brand b where b.id = p.brand_id),
	    'skus', (select coalesce(json_agg(v.sku
		order by v.position, v.id), '[]') from variant v
		where v.product_id = p.id),
	    'image', (select i.url from product_image i
		where i.product_id = p.id order by i.position, i.id limit 1),
	    'price', money(product_price(p.id, false),
		setting_of('shop.currency')),
	    'price_most', money(product_price(p.id, true),
		setting_of('shop.currency')),
	    'available', product_available(p.id), 'low', product_low(p.id),
	    'version', p.version, 'updated_at', wire_time(p.updated_at))
$$;

-- Planned with its values: what wasn't asked for is not computed.
create or replace function staff_products(wanted text, p_status text,
    p_category text, p_brand text, p_stock text, p_from bigint, p_to bigint,
    p_pictured boolean, p_tag text, p_sort text, p_cursor text,
    p_size integer) returns json
language plpgsql stable security definer set search_path = duka, pg_temp
set plan_cache_mode = force_custom_plan as $$
declare
	key jsonb := cursor_key(p_cursor, 4);
	place uuid := category_of(p_category);
	maker uuid := brand_of(p_brand);
	hits uuid[] := case when wanted is not null
	    then product_sought(wanted) end;
	after_words text := key ->> 1;
	after_amount numeric := key ->> 2;
	after bigint := key ->> 3;
begin
	if not permitted('catalog.read') then
		raise exception 'All products are seen by staff who may'
		    using errcode = 'UK403';
	elsif key ->> 0 <> p_sort then
		raise exception 'The cursor is not one of ours'
		    using errcode = 'UK423';
	end if;
	return (with cost as (
	    select v.product_id, min(v.price_amount) as least,
		max(v.price_amount) as most
	    from variant_priced v
	    where v.status = 'active' and (p_sort in ('price_asc',
		'price_desc') or num_nonnulls(p_from, p_to) > 0)
	    group by v.product_id
	), lying as (
	    select v.product_id, sum(a.quantity) as available
	    from variant_available a join variant v on v.id = a.variant_id
	    where v.status = 'active'
	    and (p_sort = 'stock' or p_stock in ('in', 'out'))
	    group by v.product_id
	), found as (
	    select p.id, p.number,
		case when p_sort = 'name' then plain(p.name) else '' end
		    collate "C" as words,
		case p_sort when 'price_asc' then coalesce(c.least, 0)
		when 'price_desc' then -coalesce(c.least, 0)
		when 'stock' then coalesce(y.available, 0)
		when 'updated' then -extract(epoch from p.updated_at)
		else 0 end as amount
	    from product p
	    left join cost c on c.product_id = p.id
	    left join lying y on y.product_id = p.id
	    where (p_status is null or p.status = p_status)
	    and (place is null or p.category_id in (select c.id
		from category c where c.path @> array[place]))
	    and (maker is null or p.brand_id = maker)
	    and (hits is null or p.id = any (hits))
	    and (p_tag is null or p.tags @> array[p_tag])
	    and (p_pictured is null or p_pictured = exists (
		select from product_image i where i.product_id = p.id))
	    and (p_from is null or c.most >= p_from)
	    and (p_to is null or c.least <= p_to)
	    and (p_stock is null or case p_stock
		when 'in' then y.available > 0
		when 'out' then coalesce(y.available, 0) = 0 else p.id in (
		select v.product_id from low_stock_event e
		join variant v on v.id = e.variant_id and v.status = 'active'
		where e.refilled_at is null) end)
	), page as (
	    select f.* from found f
	    where after is null or (f.words, f.amount) > (after_words,
		after_amount) or (f.words = after_words
		and f.amount = after_amount and f.number < after)
	    order by f.words, f.amount, f.number desc limit p_size + 1
	)
	select page_of(array_agg(product_line_json(p) order by g.words,
	    g.amount, g.number desc), array_agg(json_build_array(p_sort,
	    g.words, g.amount::text, g.number) order by g.words, g.amount,
	    g.number desc), p_size)
	from page g join product p on p.id = g.id);
end
$$;

-- Puts a category below another and before one of its likes (null: at their
-- end), which are counted through anew.
create or replace function category_move(wanted text, meant integer,
    p_parent text, p_before text)
returns table (body json, version integer) language plpgsql as $$
declare
	made category;
	above uuid := category_of(p_parent);
	rank integer;
begin
	perform pg_advisory_xact_lock(hashtextextended('duka.tree', 0));
	select * into made from category c where c.slug = wanted for update;
	if not found then
		return;
	end if;
	perform check_version(made.version, meant);
	if p_before is not null and not exists (select from category c
	    where c.slug = p_before and c.id <> made.id
	    and c.parent_id is not distinct from above) then
		perform raise_fault('It does not stand below that', 'before');
	end if;
	if made.parent_id is distinct from above then
		update category c set parent_id = above where c.id = made.id;
	end if;
	with like_it as (
		select c.id, row_number() over (order by c.position, c.name,
		    c.id) * 2 as place, c.slug
		from category c where c.parent_id is not distinct from above
		and c.id <> made.id
	), ordered as (
		select l.id, l.place from like_it l
		union all
		select made.id, coalesce((select l.place - 1 from like_it l
		    where l.slug = p_before), 2000000)
	), counted as (
		select o.id, row_number() over (order by o.place) - 1 as place
		from ordered o
	)
	update category c set position = n.place
	from counted n where c.id = n.id and c.position <> n.place;
	update category c set version = c.version + 1, updated_at = now()
	where c.id = made.id returning * into made;
	return query select category_json(made), made.version;
end
$$;
