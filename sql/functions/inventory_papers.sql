-- SPDX-License-Identifier: ISC
-- Goods that come in and go from place to place.  Each paper moves its lines
-- in one transaction, under its own lock and then those of the stock.

create or replace function raise_paper_ended() returns void
language plpgsql as $$
begin
	raise exception 'That was ended already' using errcode = 'UK503';
end
$$;

-- Changes what is on hand of many at one place; or says of which there is
-- less than is to go, what is held for orders left alone.
create or replace function stock_change_many(variants uuid[],
    changes integer[], place uuid, kind text, reason text, document uuid)
returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	short jsonb;
begin
	insert into stock (variant_id, location_id)
	select u.id, place from unnest(variants) u (id) order by u.id
	on conflict do nothing;
	perform stock_lock(variants);
	select jsonb_agg(jsonb_build_object('variant_id', v.id, 'sku', v.sku,
	    'name', p.name, 'wanted', -u.change, 'available',
	    greatest(0, s.on_hand - case when s.back_order then 0
		else s.reserved end)) order by v.sku) into short
	from unnest(variants, changes) u (id, change)
	join stock s on s.variant_id = u.id and s.location_id = place
	join variant v on v.id = u.id join product p on p.id = v.product_id
	where u.change < 0 and s.on_hand + u.change <
	    case when s.back_order then 0 else s.reserved end;
	if short is not null then
		perform raise_short(short);
	end if;
	perform stock_say(kind, reason, null);
	perform stock_say_more(null, document);
	update stock s set on_hand = s.on_hand + u.change, updated_at = now()
	from unnest(variants, changes) u (id, change)
	where s.variant_id = u.id and s.location_id = place and u.change <> 0;
	perform stock_say('', '', null);
end
$$;

-- The lines of a paper, by id or SKU, each variant once; `number` is what the
-- count of each is called.
create or replace function paper_lines(input jsonb, number text)
returns table (variant_id uuid, quantity integer)
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	line record;
begin
	for line in
		select l.ordinality - 1 as n, l.value ->> 'sku' as sku,
		    v.id, count(*) over (partition by v.id) as times
		from jsonb_array_elements(input) with ordinality l
		left join variant v on case when l.value ? 'variant_id'
		    then v.id = (l.value ->> 'variant_id')::uuid
		    else v.sku = l.value ->> 'sku' end
		order by l.ordinality
	loop
		if line.id is null then
			perform raise_fault('There is no such variant',
			    format('lines[%s]', line.n));
		elsif line.times > 1 then
			perform raise_fault('stands there twice',
			    format('lines[%s]', line.n), 'duplicate');
		end if;
	end loop;
	return query select v.id, (l.value ->> number)::integer
	from jsonb_array_elements(input) l
	join variant v on case when l.value ? 'variant_id'
	    then v.id = (l.value ->> 'variant_id')::uuid
	    else v.sku = l.value ->> 'sku' end;
end
$$;

create or replace function place_json(wanted uuid) returns json
language sql stable security definer set search_path = duka, pg_temp as $$
	select json_build_object('id', l.id, 'code', l.code, 'name', l.name)
	from location l where l.id = wanted
$$;

create or replace function variant_named(wanted uuid) returns json
language sql stable security definer set search_path = duka, pg_temp as $$
	select json_build_object('variant_id', v.id, 'sku', v.sku,
	    'product_id', p.id, 'name', p.name, 'options', v.options)
	from variant v join product p on p.id = v.product_id
	where v.id = wanted
$$;

-- Receipts.

create or replace function receipt_json(r stock_receipt) returns json
language sql stable security definer set search_path = duka, pg_temp as $$
	select json_build_object('id', r.id, 'number', r.number,
	    'state', r.state, 'location', place_json(r.location_id),
	    'supplier', (select json_build_object('id', s.id, 'name', s.name)
		from supplier s where s.id = r.supplier_id),
	    'reference', r.reference, 'note', r.note,
	    'expected_on', r.expected_on,
	    'created_at', wire_time(r.created_at),
	    'by', staff_named(r.staff_id),
	    'received_at', wire_time(r.received_at),
	    'received_by', staff_named(r.received_by),
	    'lines', (select coalesce(json_agg(json_build_object(
		'variant', variant_named(l.variant_id),
		'expected', l.expected, 'received', l.received)
		order by v.sku), '[]')
		from stock_receipt_line l join variant v on v.id = l.variant_id
		where l.receipt_id = r.id),
	    'version', r.version)
$$;

create or replace function receipt_create(input jsonb)
returns table (body json, version integer, location text)
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	made stock_receipt;
	waits boolean := coalesce((input ->> 'expected')::boolean, false);
	maker uuid := (input ->> 'supplier_id')::uuid;
begin
	perform demand('inventory.write');
	if maker is not null and not exists (
	    select from supplier s where s.id = maker) then
		perform raise_fault('There is no such supplier', 'supplier_id');
	end if;
	insert into stock_receipt (location_id, supplier_id, reference, note,
	    state, expected_on, staff_id, received_at, received_by)
	values (location_of(input ->> 'location'), maker,
	    coalesce(input ->> 'reference', ''), coalesce(input ->> 'note', ''),
	    case when waits then 'expected' else 'received' end,
	    (input ->> 'expected_on')::date, current_staff(),
	    case when not waits then now() end,
	    case when not waits then current_staff() end)
	returning * into made;
	insert into stock_receipt_line (receipt_id, variant_id, expected,
	    received)
	select made.id, l.variant_id, case when waits then l.quantity end,
	    case when not waits then l.quantity end
	from paper_lines(input -> 'lines', 'quantity') l;
	if not waits then
		perform receipt_book(made);
	end if;
	return query select receipt_json(made), made.version,
	    '/api/inventory/receipts/' || made.id;
end
$$;

create or replace function receipt_book(r stock_receipt) returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	perform stock_change_many(l.ids, l.counts, r.location_id, 'receipt',
	    concat_ws(' ', 'R-' || r.number, nullif(r.reference, '')), r.id)
	from (select array_agg(l.variant_id order by l.variant_id) as ids,
	    array_agg(l.received order by l.variant_id) as counts
	    from stock_receipt_line l
	    where l.receipt_id = r.id and l.received > 0) l
	where l.ids is not null;
end
$$;

create or replace function receipt_meant(wanted uuid, meant integer)
returns stock_receipt
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	made stock_receipt;
begin
	perform demand('inventory.write');
	select * into made from stock_receipt r where r.id = wanted for update;
	if found then
		perform check_version(made.version, meant);
		if made.state <> 'expected' then
			perform raise_paper_ended();
		end if;
	end if;
	return made;
end
$$;

-- What was expected came: all of it, or as the lines say (what they don't
-- name didn't come).
create or replace function receipt_receive(wanted uuid, meant integer,
    input jsonb) returns table (body json, version integer)
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	made stock_receipt := receipt_meant(wanted, meant);
begin
	if made.id is null then
		return;
	end if;
	if input ? 'lines' then
		insert into stock_receipt_line as t (receipt_id, variant_id,
		    received)
		select wanted, l.variant_id, l.quantity
		from paper_lines(input -> 'lines', 'quantity') l
		on conflict on constraint stock_receipt_line_pkey
		do update set received = excluded.received;
		update stock_receipt_line l set received = 0
		where l.receipt_id = wanted and l.received is null;
	else
		update stock_receipt_line l set received = l.expected
		where l.receipt_id = wanted;
	end if;
	update stock_receipt r set state = 'received', received_at = now(),
	    received_by = current_staff(), version = r.version + 1,
	    reference = coalesce(input ->> 'reference', r.reference),
	    note = coalesce(input ->> 'note', r.note)
	where r.id = wanted returning * into made;
	perform receipt_book(made);
	return query select receipt_json(made), made.version;
end
$$;

create or replace function receipt_cancel(wanted uuid, meant integer)
returns table (body json, version integer)
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	made stock_receipt := receipt_meant(wanted, meant);
begin
	if made.id is null then
		return;
	end if;
	update stock_receipt r set state = 'cancelled',
	    version = r.version + 1 where r.id = wanted returning * into made;
	return query select receipt_json(made), made.version;
end
$$;

create or replace function receipts_page(p_state text, p_location text,
    p_supplier uuid, p_reference text, p_cursor text, p_size integer)
returns json
language plpgsql stable security definer set search_path = duka, pg_temp
set plan_cache_mode = force_custom_plan as $$
declare
	after bigint := (cursor_key(p_cursor, 1) ->> 0)::bigint;
begin
	perform demand('inventory.read');
	return (select page_of(array_agg(receipt_json(r)
		order by r.number desc),
	    array_agg(json_build_array(r.number) order by r.number desc),
	    p_size)
	from (select t.* from stock_receipt t
	    where (p_state is null or t.state = p_state)
	    and (p_location is null or t.location_id = location_of(p_location))
	    and (p_supplier is null or t.supplier_id = p_supplier)
	    and (p_reference is null or position(lower(p_reference)
		in lower(t.reference)) > 0)
	    and (after is null or t.number < after)
	    order by t.number desc limit p_size + 1) r);
end
$$;

create or replace function receipt_view(wanted uuid)
returns table (body json, version integer)
language plpgsql stable security definer set search_path = duka, pg_temp as $$
begin
	perform demand('inventory.read');
	return query select receipt_json(r), r.version from stock_receipt r
	where r.id = wanted;
end
$$;

-- Transfers.

create or replace function transfer_json(t stock_transfer) returns json
language sql stable security definer set search_path = duka, pg_temp as $$
	select json_build_object('id', t.id, 'number', t.number,
	    'state', t.state, 'from', place_json(t.from_id),
	    'to', place_json(t.to_id), 'note', t.note,
	    'sent_at', wire_time(t.sent_at), 'by', staff_named(t.staff_id),
	    'ended_at', wire_time(t.ended_at),
	    'ended_by', staff_named(t.ended_by),
	    'lines', (select coalesce(json_agg(json_build_object(
		'variant', variant_named(l.variant_id), 'sent', l.sent,
		'received', l.received,
		'difference', l.received - l.sent) order by v.sku), '[]')
		from stock_transfer_line l
		join variant v on v.id = l.variant_id
		where l.transfer_id = t.id),
	    'version', t.version)
$$;

-- Books what a transfer takes or gives at a place: `share` of each line.
create or replace function transfer_book(t stock_transfer, place uuid,
    share text) returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	perform stock_change_many(l.ids, l.counts, place, 'transfer',
	    concat_ws(' ', 'T-' || t.number, nullif(t.note, '')), t.id)
	from (select array_agg(l.variant_id order by l.variant_id) as ids,
	    array_agg(case share when 'out' then -l.sent when 'back'
		then l.sent else l.received end order by l.variant_id)
		as counts
	    from stock_transfer_line l where l.transfer_id = t.id) l;
end
$$;

create or replace function transfer_create(input jsonb)
returns table (body json, version integer, location text)
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	made stock_transfer;
begin
	perform demand('inventory.write');
	if input ->> 'from' = input ->> 'to' then
		perform raise_fault('They are there already', 'to');
	end if;
	insert into stock_transfer (from_id, to_id, note, staff_id)
	values (location_of(input ->> 'from'), location_of(input ->> 'to'),
	    coalesce(input ->> 'note', ''), current_staff())
	returning * into made;
	insert into stock_transfer_line (transfer_id, variant_id, sent)
	select made.id, l.variant_id, l.quantity
	from paper_lines(input -> 'lines', 'quantity') l;
	perform transfer_book(made, made.from_id, 'out');
	return query select transfer_json(made), made.version,
	    '/api/inventory/transfers/' || made.id;
end
$$;

create or replace function transfer_end(wanted uuid, meant integer,
    becomes text, input jsonb) returns table (body json, version integer)
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	made stock_transfer;
begin
	perform demand('inventory.write');
	select * into made from stock_transfer t where t.id = wanted
	for update;
	if not found then
		return;
	end if;
	perform check_version(made.version, meant);
	if made.state <> 'sent' then
		perform raise_paper_ended();
	end if;
	if becomes = 'received' then
		perform transfer_received(wanted, input);
	end if;
	update stock_transfer t set state = becomes, ended_at = now(),
	    ended_by = current_staff(), version = t.version + 1
	where t.id = wanted returning * into made;
	if becomes = 'received' then
		perform transfer_book(made, made.to_id, 'in');
	else
		perform transfer_book(made, made.from_id, 'back');
	end if;
	return query select transfer_json(made), made.version;
end
$$;

-- What arrived: all, or as the lines say; what they don't name didn't.
create or replace function transfer_received(wanted uuid, input jsonb)
returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	if not input ? 'lines' then
		update stock_transfer_line l set received = l.sent
		where l.transfer_id = wanted;
		return;
	end if;
	if exists (select from paper_lines(input -> 'lines', 'quantity') p
	    where not exists (select from stock_transfer_line l
	    where l.transfer_id = wanted and l.variant_id = p.variant_id)) then
		perform raise_fault('Something was not sent', 'lines');
	end if;
	update stock_transfer_line l set received = coalesce((
	    select p.quantity from paper_lines(input -> 'lines', 'quantity') p
	    where p.variant_id = l.variant_id), 0)
	where l.transfer_id = wanted;
end
$$;

create or replace function transfers_page(p_state text, p_location text,
    p_cursor text, p_size integer) returns json
language plpgsql stable security definer set search_path = duka, pg_temp
set plan_cache_mode = force_custom_plan as $$
declare
	after bigint := (cursor_key(p_cursor, 1) ->> 0)::bigint;
begin
	perform demand('inventory.read');
	return (select page_of(array_agg(transfer_json(r)
		order by r.number desc),
	    array_agg(json_build_array(r.number) order by r.number desc),
	    p_size)
	from (select t.* from stock_transfer t
	    where (p_state is null or t.state = p_state)
	    and (p_location is null
		or location_of(p_location) in (t.from_id, t.to_id))
	    and (after is null or t.number < after)
	    order by t.number desc limit p_size + 1) r);
end
$$;

create or replace function transfer_view(wanted uuid)
returns table (body json, version integer)
language plpgsql stable security definer set search_path = duka, pg_temp as $$
begin
	perform demand('inventory.read');
	return query select transfer_json(t), t.version from stock_transfer t
	where t.id = wanted;
end
$$;
