-- SPDX-License-Identifier: ISC
-- Stock: what is on hand, what is held of it, and every movement of it.
--
-- A row of stock is changed only under its lock, and rows are locked in the
-- order of (variant, location).  Its `reserved` counts every reservation;
-- whoever wants the goods first clears away the expired ones, so that nobody
-- has to sweep.

-- How many of each can be bought now.  Back-orders allow a whole line.
-- Planned once: planning it for its ids took ten times as long as running it.
create or replace view variant_available with (security_invoker) as
select s.variant_id, greatest(case when bool_or(s.back_order) then 999
    else 0 end, sum(greatest(0, s.on_hand - s.reserved
    + case when s.reserved = 0 then 0 else coalesce((
	select sum(r.quantity) from reservation r
	where r.variant_id = s.variant_id and r.location_id = s.location_id
	and r.expires_at <= now()), 0) end)))::integer as quantity
from stock s join location l on l.id = s.location_id and l.active
group by s.variant_id;

create or replace function available_of(variants uuid[])
returns table (variant_id uuid, quantity integer)
language plpgsql stable security definer rows 10
set search_path = duka, pg_temp
set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
begin
	return query select a.variant_id, a.quantity
	from variant_available a where a.variant_id = any (variants);
end
$$;

create or replace function available(variant_id uuid) returns integer
language plpgsql stable security definer set search_path = duka, pg_temp as $$
#variable_conflict use_column
begin
	return (select coalesce((select a.quantity
	    from available_of(array[$1]) a), 0));
end
$$;

-- Locks the rows of these variants, in order, and gives back what expired
-- reservations hold of them.
create or replace function stock_lock(variants uuid[]) returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	perform from stock s where s.variant_id = any (variants)
	order by s.variant_id, s.location_id for update;
	if exists (select from reservation r
	    where r.variant_id = any (variants) and r.expires_at <= now())
	then
		with gone as (
			delete from reservation r
			where r.variant_id = any (variants)
			and r.expires_at <= now()
			returning r.variant_id, r.location_id, r.quantity
		)
		update stock s set reserved = s.reserved - g.quantity
		from (select g.variant_id, g.location_id,
		    sum(g.quantity)::integer as quantity
		    from gone g group by 1, 2) g
		where s.variant_id = g.variant_id
		and s.location_id = g.location_id;
	end if;
end
$$;

-- Those of the wanted that can't be had, as the problem's data says it.
create or replace function stock_short(variants uuid[], quantities integer[])
returns jsonb
language sql stable security definer set search_path = duka, pg_temp as $$
	select jsonb_agg(jsonb_build_object('variant_id', w.id,
	    'sku', v.sku, 'name', p.name, 'wanted', w.quantity,
	    'available', available(w.id)) order by v.sku)
	from (select u.id, sum(u.quantity)::integer as quantity
	    from unnest(variants, quantities) u (id, quantity)
	    group by u.id) w
	join variant v on v.id = w.id
	join product p on p.id = v.product_id
	where w.quantity > available(w.id)
$$;

create or replace function raise_short(lines jsonb) returns void
language plpgsql as $$
begin
	raise exception 'There is not enough of everything'
	    using errcode = 'UK501',
	    hint = jsonb_build_object('lines', coalesce(lines, '[]'))::text;
end
$$;

-- Holds goods for an order, until `until` (null: until they ship); all of
-- them, or it fails with the list of what is short.
create or replace function stock_reserve(for_order uuid, variants uuid[],
    quantities integer[], until timestamptz) returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	short uuid[];
	wanted integer[];
	held integer[];
begin
	perform stock_lock(variants);
	-- The locations in their order fill up what is wanted; what is then
	-- left over goes to the first that takes back-orders.
	with want as (
		select u.id, sum(u.quantity)::integer as quantity
		from unnest(variants, quantities) u (id, quantity)
		group by u.id
	), place as (
		select w.id, w.quantity, s.location_id,
		    greatest(0, s.on_hand - s.reserved) as free,
		    coalesce(sum(greatest(0, s.on_hand - s.reserved))
			over (partition by w.id order by l.position, l.code
			rows between unbounded preceding and 1 preceding), 0)
			as before,
		    sum(greatest(0, s.on_hand - s.reserved))
			over (partition by w.id) as whole,
		    s.back_order and row_number() over (partition by w.id
			order by s.back_order desc, l.position, l.code) = 1
			as rest
		from want w join stock s on s.variant_id = w.id
		join location l on l.id = s.location_id and l.active
	), share as (
		select p.id, p.location_id, (greatest(0, least(p.free,
		    p.quantity - p.before)) + case when p.rest
		    then greatest(0, p.quantity - p.whole) else 0 end)::integer
		    as quantity
		from place p
	), booked as (
		insert into reservation as r (order_id, variant_id,
		    location_id, quantity, expires_at)
		select for_order, s.id, s.location_id, s.quantity, until
		from share s where s.quantity > 0
		on conflict on constraint reservation_pkey do update
		set quantity = r.quantity + excluded.quantity,
		    expires_at = excluded.expires_at
	), moved as (
		update stock t set reserved = t.reserved + s.quantity
		from share s
		where t.variant_id = s.id and t.location_id = s.location_id
		and s.quantity > 0
		returning t.variant_id, s.quantity
	), got as (
		select w.id, w.quantity as wanted,
		    coalesce(sum(m.quantity), 0)::integer as held
		from want w left join moved m on m.variant_id = w.id
		group by w.id, w.quantity
	)
	select array_agg(g.id), array_agg(g.wanted), array_agg(g.held)
	into short, wanted, held
	from got g where g.held < g.wanted;
	if short is not null then
		perform raise_short((select jsonb_agg(jsonb_build_object(
		    'variant_id', u.id, 'sku', v.sku, 'name', p.name,
		    'wanted', u.wanted, 'available', u.held) order by v.sku)
		    from unnest(short, wanted, held) u (id, wanted, held)
		    join variant v on v.id = u.id
		    join product p on p.id = v.product_id));
	end if;
end
$$;

-- Gives back everything that an order holds.
create or replace function stock_release(from_order uuid) returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	variants uuid[] := array(select distinct r.variant_id
	    from reservation r where r.order_id = from_order);
begin
	if cardinality(variants) = 0 then
		return;
	end if;
	perform stock_lock(variants);
	with gone as (
		delete from reservation r where r.order_id = from_order
		returning r.variant_id, r.location_id, r.quantity
	)
	update stock s set reserved = s.reserved - g.quantity
	from gone g
	where s.variant_id = g.variant_id and s.location_id = g.location_id;
end
$$;

-- Makes an order hold these quantities in all, for good: renews what it
-- still holds and reserves again what expired.
create or replace function stock_hold(for_order uuid, variants uuid[],
    quantities integer[]) returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	missing uuid[];
	counts integer[];
begin
	perform stock_lock(variants);
	update reservation set expires_at = null
	where order_id = for_order and expires_at is not null;
	select array_agg(w.id), array_agg(w.quantity - w.held)
	into missing, counts
	from (select u.id, sum(u.quantity)::integer as quantity,
	    coalesce((select sum(r.quantity) from reservation r
		where r.order_id = for_order and r.variant_id = u.id),
		0)::integer as held
	    from unnest(variants, quantities) u (id, quantity)
	    group by u.id) w
	where w.quantity > w.held;
	if missing is not null then
		perform stock_reserve(for_order, missing, counts, null);
	end if;
	-- When something would be there again was told by what expires.
	perform pages_stock_changed(variants);
	perform product_stock_changed(u.id) from unnest(variants) u (id);
end
$$;

-- Takes goods from hand for an order that ships.
create or replace function stock_take(from_order uuid, variants uuid[],
    quantities integer[], why text) returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	perform stock_hold(from_order, variants, quantities);
	perform stock_say('shipment', why, from_order);
	with want as (
		select u.id, sum(u.quantity)::integer as quantity
		from unnest(variants, quantities) u (id, quantity)
		group by u.id
	), share as (
		select r.variant_id, r.location_id, r.quantity as held,
		    greatest(0, least(r.quantity, w.quantity
		    - coalesce(sum(r.quantity) over (partition by w.id
		    order by l.position, l.code
		    rows between unbounded preceding and 1 preceding), 0)))
		    ::integer as quantity
		from want w join reservation r on r.variant_id = w.id
		and r.order_id = from_order
		join location l on l.id = r.location_id
	), done as (
		delete from reservation r using share s
		where r.order_id = from_order
		and r.variant_id = s.variant_id
		and r.location_id = s.location_id and s.quantity = s.held
	), less as (
		update reservation r set quantity = r.quantity - s.quantity
		from share s
		where r.order_id = from_order
		and r.variant_id = s.variant_id
		and r.location_id = s.location_id
		and s.quantity between 1 and s.held - 1
	)
	update stock t set on_hand = t.on_hand - s.quantity,
	    reserved = t.reserved - s.quantity
	from share s
	where t.variant_id = s.variant_id and t.location_id = s.location_id
	and s.quantity > 0;
end
$$;

-- Says why the next changes of what is on hand happen.
create or replace function stock_say(kind text, reason text, for_order uuid)
returns void language sql as $$
	select set_config('duka.stock_kind', kind, true),
	    set_config('duka.stock_reason', left(reason, 500), true),
	    set_config('duka.stock_order', coalesce(for_order::text, ''), true),
	    set_config('duka.stock_cause', '', true),
	    set_config('duka.stock_document', '', true)
$$;

-- The same with one of the causes, and the paper that it belongs to.
create or replace function stock_say_more(cause text, document uuid)
returns void language sql as $$
	select set_config('duka.stock_cause', coalesce(cause, ''), true),
	    set_config('duka.stock_document', coalesce(document::text, ''),
		true)
$$;

-- After each statement that changed stock, whoever wrote it: movements,
-- alerts, and word to the catalogue where something ran out or came back.
create or replace function stock_followed(variants uuid[]) returns void
language sql security definer set search_path = duka, pg_temp as $$
	select product_stock_changed(c.id) from (
	    select v.id from variant v where v.id = any (variants)
	    order by v.product_id, v.id) c
$$;

create or replace function stock_moved() returns trigger
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	changed uuid[];
	flipped uuid[];
begin
	if tg_op = 'INSERT' then
		insert into stock_movement (variant_id, location_id, kind,
		    change, on_hand_after, reserved_after, reason, order_id,
		    cause, document_id, staff_id, request_id)
		select n.variant_id, n.location_id,
		    coalesce(nullif(current_setting('duka.stock_kind', true),
		    ''), 'other'), n.on_hand, n.on_hand, n.reserved,
		    coalesce(current_setting('duka.stock_reason', true), ''),
		    nullif(current_setting('duka.stock_order', true),
		    '')::uuid,
		    nullif(current_setting('duka.stock_cause', true), ''),
		    nullif(current_setting('duka.stock_document', true),
		    '')::uuid, current_staff(),
		    nullif(current_setting('duka.request', true), '')
		from new_rows n where n.on_hand <> 0;
		changed := array(select n.variant_id from new_rows n);
		flipped := array(select distinct n.variant_id from new_rows n
		    where n.on_hand > 0 or n.back_order);
	else
		insert into stock_movement (variant_id, location_id, kind,
		    change, on_hand_after, reserved_after, reason, order_id,
		    cause, document_id, staff_id, request_id)
		select n.variant_id, n.location_id,
		    coalesce(nullif(current_setting('duka.stock_kind', true),
		    ''), 'other'), n.on_hand - o.on_hand, n.on_hand,
		    n.reserved,
		    coalesce(current_setting('duka.stock_reason', true), ''),
		    nullif(current_setting('duka.stock_order', true),
		    '')::uuid,
		    nullif(current_setting('duka.stock_cause', true), ''),
		    nullif(current_setting('duka.stock_document', true),
		    '')::uuid, current_staff(),
		    nullif(current_setting('duka.request', true), '')
		from new_rows n join old_rows o using (variant_id, location_id)
		where n.on_hand <> o.on_hand;
		changed := array(select n.variant_id
		    from new_rows n join old_rows o
			using (variant_id, location_id)
		    where (n.on_hand, n.reserved, n.back_order)
			is distinct from
			(o.on_hand, o.reserved, o.back_order));
		flipped := array(select distinct n.variant_id
		    from new_rows n join old_rows o
			using (variant_id, location_id)
		    where (n.back_order or n.on_hand > n.reserved)
			is distinct from
			(o.back_order or o.on_hand > o.reserved));
		update low_stock_event e set refilled_at = now()
		from new_rows n join old_rows o
		    using (variant_id, location_id)
		where e.variant_id = n.variant_id
		and e.location_id = n.location_id and e.refilled_at is null
		and o.low_at is not null
		and coalesce(n.on_hand - n.reserved >= n.low_at, true);
	end if;
	insert into low_stock_event (variant_id, location_id, available,
	    low_at)
	select n.variant_id, n.location_id, n.on_hand - n.reserved, n.low_at
	from new_rows n
	where n.on_hand - n.reserved < n.low_at
	on conflict (variant_id, location_id) where refilled_at is null
	    do nothing;
	if cardinality(changed) > 0 then
		perform pages_stock_changed(changed);
	end if;
	if cardinality(flipped) > 0 then
		perform stock_followed(flipped);
	end if;
	return null;
end
$$;

create or replace trigger stock_inserted after insert on stock
    referencing new table as new_rows
    for each statement execute function stock_moved();
create or replace trigger stock_updated after update on stock
    referencing old table as old_rows new table as new_rows
    for each statement execute function stock_moved();

-- What was counted or moved is history.
create or replace trigger stock_movement_stands
    before update or delete on stock_movement
    for each row execute function history_stands();

-- A location's id by its code; refused if there is none.
create or replace function location_of(wanted text) returns uuid
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	found_id uuid;
begin
	select l.id into found_id from location l where l.code = wanted;
	if found_id is null then
		perform raise_fault('There is no location ' || wanted,
		    'location');
	end if;
	return found_id;
end
$$;

-- Sets what is on hand of many variants at one location at once.  Answers
-- how many rows changed.
create or replace function set_stock_many(variants uuid[],
    quantities integer[], location_code text, reason text) returns integer
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	place uuid := location_of(location_code);
	touched integer;
begin
	perform stock_lock(variants);
	perform stock_say('import', reason, null);
	insert into stock as s (variant_id, location_id, on_hand)
	select u.id, place, u.quantity
	from unnest(variants, quantities) u (id, quantity) order by u.id
	on conflict on constraint stock_pkey
	do update set on_hand = excluded.on_hand, updated_at = now()
	where s.on_hand <> excluded.on_hand;
	get diagnostics touched = row_count;
	return touched;
end
$$;

-- Sets what is on hand of one; answers it.
create or replace function set_stock(variant_id uuid, location_code text,
    quantity integer, reason text) returns integer
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	perform set_stock_many(array[variant_id], array[quantity],
	    location_code, reason);
	return quantity;
end
$$;

create or replace function stock_json(s stock) returns json
language sql stable as $$
	select json_build_object('variant_id', s.variant_id, 'sku', v.sku,
	    'product_id', p.id, 'name', p.name, 'options', v.options,
	    'location', l.code, 'on_hand', s.on_hand,
	    'reserved', s.reserved - h.expired,
	    'available', case when s.back_order
		then s.on_hand - s.reserved + h.expired
		else greatest(0, s.on_hand - s.reserved + h.expired) end,
	    'back_order', s.back_order, 'low_at', s.low_at,
	    'low', coalesce(s.on_hand - s.reserved + h.expired < s.low_at,
		false), 'version', s.version,
	    'updated_at', wire_time(s.updated_at))
	from variant v join product p on p.id = v.product_id
	join location l on l.id = s.location_id
	cross join lateral (select coalesce(sum(r.quantity), 0)::integer
	    as expired from reservation r
	    where r.variant_id = s.variant_id
	    and r.location_id = s.location_id and r.expires_at <= now()) h
	where v.id = s.variant_id
$$;

drop function if exists stock_adjust(uuid, text, integer, integer, text);

-- Staff change or count what is on hand: exactly one of the two is given; and
-- why, in words where the cause has none.
create or replace function stock_adjust(p_variant uuid, p_location text,
    p_change integer, p_counted integer, p_cause text, p_reason text)
returns json
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	place uuid := location_of(p_location);
	changed stock;
begin
	perform demand('inventory.write');
	if num_nonnulls(p_change, p_counted) <> 1 or p_change = 0 then
		perform raise_fault('Say either the change or what was '
		    'counted', 'change');
	end if;
	if coalesce(p_cause, 'other') = 'other'
	    and coalesce(p_reason, '') = '' then
		perform raise_fault('is required', 'reason', 'required');
	end if;
	perform from variant v where v.id = p_variant;
	if not found then
		raise exception 'There is no such variant'
		    using errcode = 'UK410';
	end if;
	insert into stock (variant_id, location_id) values (p_variant, place)
	on conflict do nothing;
	perform stock_lock(array[p_variant]);
	perform stock_say(case when p_counted is null then 'adjustment'
	    else 'count' end, coalesce(p_reason, ''), null);
	perform stock_say_more(p_cause, null);
	update stock s set on_hand = coalesce(p_counted, s.on_hand + p_change),
	    updated_at = now()
	where s.variant_id = p_variant and s.location_id = place
	returning s.* into changed;
	perform stock_say('', '', null);
	return stock_json(changed);
end
$$;

drop function if exists
    stock_settings(uuid, text, boolean, integer, boolean);

-- The alert's threshold and whether back-orders are taken.  A variant that
-- never lay there is version 0.
create or replace function stock_settings(p_variant uuid, p_location text,
    p_version integer, p_has_low_at boolean, p_low_at integer,
    p_back_order boolean) returns table (body json, version integer)
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	place uuid := location_of(p_location);
	fresh boolean;
	changed stock;
begin
	perform demand('inventory.write');
	perform from variant v where v.id = p_variant;
	if not found then
		raise exception 'There is no such variant'
		    using errcode = 'UK410';
	end if;
	insert into stock (variant_id, location_id) values (p_variant, place)
	on conflict do nothing;
	fresh := found;
	perform stock_lock(array[p_variant]);
	perform version_meant(case when fresh then 0 else s.version end,
	    p_version)
	from stock s
	where s.variant_id = p_variant and s.location_id = place;
	update stock s
	set low_at = case when p_has_low_at then p_low_at else s.low_at end,
	    back_order = coalesce(p_back_order, s.back_order),
	    version = s.version + 1, updated_at = now()
	where s.variant_id = p_variant and s.location_id = place
	returning s.* into changed;
	return query select stock_json(changed), changed.version;
end
$$;

select audited('supplier'), audited('restock'), audited('stock_receipt'),
    audited('stock_transfer'), audited('stock_count'), audited('location'),
    audited('tax_zone'), audited('tax_zone_area'),
    audited('tax_rate'), audited('shipping_method'), audited('promotion'),
    audited('coupon');

-- A place that opens or closes changes what can be bought of all that lies
-- in it.
create or replace function location_moved() returns trigger
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	here uuid[] := array(select s.variant_id from stock s
	    where s.location_id = new.id and s.on_hand > 0
	    order by s.variant_id);
begin
	perform pages_stock_changed(here);
	perform product_stock_changed(u.id) from unnest(here) u (id);
	return null;
end
$$;

create or replace trigger location_moved after update of active on location
for each row when (old.active is distinct from new.active)
execute function location_moved();
