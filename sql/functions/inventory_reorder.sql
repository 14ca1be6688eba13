-- SPDX-License-Identifier: ISC
-- When to order what again, by how it sells; suppliers; and what moved.

create or replace function supplier_json(s supplier) returns json
language sql stable as $$
	select json_build_object('id', s.id, 'name', s.name,
	    'email', s.email, 'phone', s.phone, 'note', s.note,
	    'lead_days', s.lead_days, 'cover_days', s.cover_days,
	    'active', s.active, 'version', s.version)
$$;

create or replace function suppliers_list() returns json
language plpgsql stable security definer set search_path = duka, pg_temp as $$
begin
	perform demand('inventory.read');
	return (select json_build_object('items', coalesce(json_agg(
	    supplier_json(s) order by s.name_key), '[]'), 'next', null)
	    from supplier s);
end
$$;

create or replace function supplier_view(wanted uuid)
returns table (body json, version integer)
language plpgsql stable security definer set search_path = duka, pg_temp as $$
begin
	perform demand('inventory.read');
	return query select supplier_json(s), s.version from supplier s
	where s.id = wanted;
end
$$;

create or replace function supplier_create(input jsonb)
returns table (body json, version integer, location text)
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	made supplier;
begin
	perform demand('inventory.write');
	insert into supplier (name, email, phone, note, lead_days, cover_days)
	values (input ->> 'name', coalesce(input ->> 'email', ''),
	    coalesce(input ->> 'phone', ''), coalesce(input ->> 'note', ''),
	    (input ->> 'lead_days')::integer,
	    (input ->> 'cover_days')::integer)
	returning * into made;
	return query select supplier_json(made), made.version,
	    '/api/inventory/suppliers/' || made.id;
end
$$;

create or replace function supplier_change(wanted uuid, meant integer,
    input jsonb) returns table (body json, version integer)
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	made supplier;
begin
	perform demand('inventory.write');
	select * into made from supplier s where s.id = wanted for update;
	if not found then
		return;
	end if;
	perform check_version(made.version, meant);
	update supplier s set name = coalesce(input ->> 'name', s.name),
	    email = case when input ? 'email'
		then coalesce(input ->> 'email', '') else s.email end,
	    phone = coalesce(input ->> 'phone', s.phone),
	    note = coalesce(input ->> 'note', s.note),
	    lead_days = case when input ? 'lead_days'
		then (input ->> 'lead_days')::integer else s.lead_days end,
	    cover_days = case when input ? 'cover_days'
		then (input ->> 'cover_days')::integer else s.cover_days end,
	    active = coalesce((input ->> 'active')::boolean, s.active),
	    version = s.version + 1, updated_at = now()
	where s.id = wanted returning * into made;
	return query select supplier_json(made), made.version;
end
$$;

-- How a product is ordered again.

create or replace function restock_json(wanted uuid) returns json
language sql stable security definer set search_path = duka, pg_temp as $$
	select json_build_object('product_id', p.id,
	    'supplier', (select json_build_object('id', s.id, 'name', s.name)
		from supplier s where s.id = r.supplier_id),
	    'lead_days', r.lead_days, 'cover_days', r.cover_days,
	    'pack', coalesce(r.pack, 1), 'version', coalesce(r.version, 0))
	from product p left join restock r on r.product_id = p.id
	where p.id = wanted
$$;

create or replace function restock_view(wanted uuid)
returns table (body json, version integer)
language plpgsql stable security definer set search_path = duka, pg_temp as $$
begin
	perform demand('inventory.read');
	return query select restock_json(p.id), coalesce(r.version, 0)
	from product p left join restock r on r.product_id = p.id
	where p.id = wanted;
end
$$;

create or replace function restock_put(wanted uuid, meant integer,
    input jsonb) returns table (body json, version integer)
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	maker uuid := (input ->> 'supplier_id')::uuid;
	was integer;
begin
	perform demand('inventory.write');
	perform from product p where p.id = wanted for no key update;
	if not found then
		return;
	end if;
	select r.version into was from restock r where r.product_id = wanted;
	perform check_version(coalesce(was, 0), meant);
	if maker is not null and not exists (
	    select from supplier s where s.id = maker) then
		perform raise_fault('There is no such supplier', 'supplier_id');
	end if;
	insert into restock as r (product_id, supplier_id, lead_days,
	    cover_days, pack)
	values (wanted, maker, (input ->> 'lead_days')::integer,
	    (input ->> 'cover_days')::integer,
	    coalesce((input ->> 'pack')::integer, 1))
	on conflict on constraint restock_pkey do update
	set supplier_id = excluded.supplier_id,
	    lead_days = excluded.lead_days, cover_days = excluded.cover_days,
	    pack = excluded.pack, version = r.version + 1, updated_at = now();
	return query select v.body, v.version from restock_view(wanted) v;
end
$$;

-- A setting that is a number of days.
create or replace function restock_days(name text, fallback integer)
returns integer language sql stable as $$
	select case when setting_of(name) ~ '^[1-9][0-9]{0,2}$'
	    then setting_of(name)::integer else fallback end
$$;

-- What each variant sold a day, has, gets, and should have:
--	needed = per_day * (lead_days + cover_days), or low_at if that is more
--	there = on_hand - reserved + incoming
--	proposed = needed - there, in whole packs
-- A variant younger than the window is measured by its age.
create or replace function reorder_rows(p_days integer)
returns table (variant_id uuid, sku text, supplier_id uuid, sold bigint,
    days numeric, per_day numeric, lead_days integer, lead_from text,
    cover_days integer, cover_from text, on_hand bigint, reserved bigint,
    incoming bigint, low_at bigint, pack integer, needed bigint,
    proposed bigint, lasts numeric)
language sql stable security definer set search_path = duka, pg_temp as $$
	with shop as materialized (
		select restock_days('restock.lead_days', 7) as lead_days,
		    restock_days('restock.cover_days', 28) as cover_days
	), expired as (
		select r.variant_id, sum(r.quantity) as quantity
		from reservation r where r.expires_at <= now()
		group by r.variant_id
	), sale as (
		select l.variant_id, sum(l.quantity) as sold
		from customer_order o join order_line l on l.order_id = o.id
		where o.placed_at > now() - make_interval(days => p_days)
		and o.state <> 'cancelled'
		group by l.variant_id
	), lying as (
		select s.variant_id, sum(s.on_hand) as on_hand,
		    sum(s.reserved) as reserved,
		    sum(s.low_at) as low_at
		from stock s group by s.variant_id
	), coming as (
		select c.variant_id, sum(c.quantity) as incoming from (
		    select l.variant_id, l.expected as quantity
		    from stock_receipt r join stock_receipt_line l
			on l.receipt_id = r.id where r.state = 'expected'
		    union all
		    select l.variant_id, l.sent from stock_transfer t
		    join stock_transfer_line l on l.transfer_id = t.id
		    where t.state = 'sent') c
		group by c.variant_id
	), fact as (
		select v.id, v.sku, k.supplier_id, coalesce(a.sold, 0) as sold,
		    least(p_days, greatest(1, ceil(extract(epoch
			from now() - v.created_at) / 86400))) as days,
		    coalesce(k.lead_days, m.lead_days, h.lead_days)
			as lead_days,
		    case when k.lead_days is not null then 'product'
			when m.lead_days is not null then 'supplier'
			else 'shop' end as lead_from,
		    coalesce(k.cover_days, m.cover_days, h.cover_days)
			as cover_days,
		    case when k.cover_days is not null then 'product'
			when m.cover_days is not null then 'supplier'
			else 'shop' end as cover_from,
		    coalesce(l.on_hand, 0) as on_hand,
		    coalesce(l.reserved, 0) - coalesce(e.quantity, 0)
			as reserved,
		    coalesce(c.incoming, 0) as incoming,
		    coalesce(l.low_at, 0) as low_at,
		    coalesce(k.pack, 1) as pack
		from variant v join product p on p.id = v.product_id
		cross join shop h
		left join expired e on e.variant_id = v.id
		left join sale a on a.variant_id = v.id
		left join lying l on l.variant_id = v.id
		left join coming c on c.variant_id = v.id
		left join restock k on k.product_id = p.id
		left join supplier m on m.id = k.supplier_id
		where v.status = 'active' and p.status = 'active'
	), need as (
		select f.*, round(f.sold / f.days, 3) as per_day,
		    greatest(ceil(f.sold / f.days * (f.lead_days +
			f.cover_days)), f.low_at)::bigint as needed,
		    f.on_hand - f.reserved + f.incoming as there
		from fact f
	)
	select n.id, n.sku, n.supplier_id, n.sold, n.days, n.per_day,
	    n.lead_days, n.lead_from, n.cover_days, n.cover_from, n.on_hand,
	    n.reserved, n.incoming, n.low_at, n.pack, n.needed,
	    case when n.needed > n.there then (ceil((n.needed - n.there)
		::numeric / n.pack) * n.pack)::bigint else 0 end,
	    case when n.sold > 0 then round(greatest(0, n.there) * n.days
		/ n.sold, 1) else 100000 end
	from need n
$$;

-- What is to be ordered, what lasts the shortest first; or all.
create or replace function reorder_page(p_days integer, p_supplier uuid,
    p_all boolean, p_cursor text, p_size integer) returns json
language plpgsql stable security definer set search_path = duka, pg_temp
set plan_cache_mode = force_custom_plan as $$
declare
	key jsonb := cursor_key(p_cursor, 2);
	days integer := coalesce(p_days, restock_days('restock.window_days', 28));
begin
	perform demand('inventory.read');
	return (select page_of(array_agg(r.item order by r.lasts,
		r.sku collate "C"),
	    array_agg(json_build_array(r.lasts::text, r.sku)
		order by r.lasts, r.sku collate "C"), p_size)
	from (select r.lasts, r.sku, json_build_object(
	    'variant', variant_named(r.variant_id),
	    'supplier', (select json_build_object('id', s.id, 'name', s.name)
		from supplier s where s.id = r.supplier_id),
	    'sold', r.sold, 'days', r.days, 'per_day', r.per_day,
	    'lead_days', r.lead_days, 'lead_from', r.lead_from,
	    'cover_days', r.cover_days, 'cover_from', r.cover_from,
	    'on_hand', r.on_hand, 'reserved', r.reserved,
	    'incoming', r.incoming, 'low_at', r.low_at, 'pack', r.pack,
	    'needed', r.needed, 'proposed', r.proposed,
	    'lasts_days', nullif(r.lasts, 100000)) as item
	    from (select w.* from reorder_rows(days) w
		where (p_all or w.proposed > 0)
		and (p_supplier is null or w.supplier_id = p_supplier)
		and (key is null or (w.lasts, w.sku collate "C") >
		    ((key ->> 0)::numeric, key ->> 1))
		order by w.lasts, w.sku collate "C" limit p_size + 1) r) r);
end
$$;

-- Movements of all variants, the latest first.
create or replace function movement_json(m stock_movement) returns json
language sql stable security definer set search_path = duka, pg_temp as $$
	select json_build_object('id', m.id, 'variant_id', m.variant_id,
	    'sku', v.sku, 'name', p.name, 'location', l.code,
	    'kind', m.kind, 'cause', m.cause, 'change', m.change,
	    'on_hand_after', m.on_hand_after,
	    'reserved_after', m.reserved_after, 'reason', m.reason,
	    'order_id', m.order_id, 'document_id', m.document_id,
	    'staff_id', m.staff_id, 'by', staff_named(m.staff_id),
	    'at', wire_time(m.at))
	from location l, variant v join product p on p.id = v.product_id
	where l.id = m.location_id and v.id = m.variant_id
$$;

create or replace function movements_page(p_variant uuid, p_sku text,
    p_location text, p_kind text, p_cause text, p_staff uuid,
    p_document uuid, p_from timestamptz, p_to timestamptz, p_cursor text,
    p_size integer) returns json
language plpgsql stable security definer set search_path = duka, pg_temp
set plan_cache_mode = force_custom_plan as $$
declare
	after bigint := (cursor_key(p_cursor, 1) ->> 0)::bigint;
	place uuid := case when p_location is not null
	    then location_of(p_location) end;
begin
	perform demand('inventory.read');
	return (select page_of(array_agg(movement_json(r) order by r.id desc),
	    array_agg(json_build_array(r.id) order by r.id desc), p_size)
	from (select m.* from stock_movement m
	    where (p_variant is null or m.variant_id = p_variant)
	    and (p_sku is null or m.variant_id in (select v.id from variant v
		where v.sku ilike like_literal(p_sku) || '%'))
	    and (place is null or m.location_id = place)
	    and (p_kind is null or m.kind = p_kind)
	    and (p_cause is null or m.cause = p_cause)
	    and (p_staff is null or m.staff_id = p_staff)
	    and (p_document is null or m.document_id = p_document)
	    and (p_from is null or m.at >= p_from)
	    and (p_to is null or m.at < p_to)
	    and (after is null or m.id < after)
	    order by m.id desc limit p_size + 1) r);
end
$$;

create or replace function location_json(l location) returns json
language sql stable as $$
	select json_build_object('id', l.id, 'code', l.code, 'name', l.name,
	    'position', l.position, 'active', l.active, 'version', l.version)
$$;

create or replace function location_change(wanted uuid, meant integer,
    input jsonb) returns table (body json, version integer)
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	made location;
begin
	perform demand('inventory.write');
	select * into made from location l where l.id = wanted for update;
	if not found then
		return;
	end if;
	perform check_version(made.version, meant);
	update location l set name = coalesce(input ->> 'name', l.name),
	    position = coalesce((input ->> 'position')::integer, l.position),
	    active = coalesce((input ->> 'active')::boolean, l.active),
	    version = l.version + 1
	where l.id = wanted returning * into made;
	return query select location_json(made), made.version;
end
$$;
