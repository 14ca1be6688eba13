-- SPDX-License-Identifier: ISC
-- Counting.  A line keeps what was on hand when it was counted; the
-- difference to that is what closing the sheet corrects, whatever was sold or
-- moved in between.

create or replace function count_json(c stock_count) returns json
language sql stable security definer set search_path = duka, pg_temp as $$
	select json_build_object('id', c.id, 'number', c.number,
	    'state', c.state, 'location', place_json(c.location_id),
	    'category', (select k.slug from category k
		where k.id = c.category_id),
	    'note', c.note, 'opened_at', wire_time(c.opened_at),
	    'by', staff_named(c.staff_id), 'ended_at', wire_time(c.ended_at),
	    'ended_by', staff_named(c.ended_by), 'line_count', l.lines,
	    'counted', l.counted, 'different', l.different,
	    'version', c.version)
	from (select count(*) as lines, count(l.counted) as counted,
	    count(*) filter (where l.counted <> l.on_hand_then) as different
	    from stock_count_line l where l.count_id = c.id) l
$$;

create or replace function count_line_json(l stock_count_line) returns json
language sql stable security definer set search_path = duka, pg_temp as $$
	select json_build_object('variant', variant_named(l.variant_id),
	    'counted', l.counted, 'on_hand_then', l.on_hand_then,
	    'difference', l.counted - l.on_hand_then,
	    'counted_at', wire_time(l.counted_at),
	    'by', staff_named(l.counted_by),
	    'on_hand', s.on_hand, 'moved_since', case when l.open
		then s.on_hand - l.on_hand_then end,
	    'becomes', case when l.open
		then s.on_hand + l.counted - l.on_hand_then end)
	from (select coalesce(max(s.on_hand), 0) as on_hand from stock s
	    where s.variant_id = l.variant_id
	    and s.location_id = l.location_id) s
$$;

create or replace function count_open(input jsonb)
returns table (body json, version integer, location text)
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	made stock_count;
begin
	perform demand('inventory.write');
	insert into stock_count (location_id, category_id, note, staff_id)
	values (location_of(input ->> 'location'),
	    category_of(input ->> 'category'), coalesce(input ->> 'note', ''),
	    current_staff())
	returning * into made;
	insert into stock_count_line (count_id, variant_id, location_id)
	select made.id, s.variant_id, s.location_id from stock s
	join variant v on v.id = s.variant_id
	join product p on p.id = v.product_id
	where s.location_id = made.location_id
	and (s.on_hand > 0 or v.status = 'active')
	and (made.category_id is null or p.category_id in (select c.id
	    from category c where c.path @> array[made.category_id]))
	order by s.variant_id;
	return query select count_json(made), made.version,
	    '/api/inventory/counts/' || made.id;
end
$$;

create or replace function count_meant(wanted uuid) returns stock_count
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	made stock_count;
begin
	perform demand('inventory.write');
	select * into made from stock_count c where c.id = wanted for update;
	if found and made.state <> 'open' then
		perform raise_paper_ended();
	end if;
	return made;
end
$$;

-- What was counted stands, unless who counts it otherwise says what it was:
-- two who count the same shelf see it.
create or replace function count_stood(made uuid, input jsonb) returns void
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	other record;
begin
	select v.sku, l.counted into other
	from stock_count_line l join variant v on v.id = l.variant_id
	join paper_lines(input, 'was') was on was.variant_id = l.variant_id
	join paper_lines(input, 'counted') now
	    on now.variant_id = l.variant_id
	where l.count_id = made
	and l.counted not in (coalesce(was.quantity, -1),
	    coalesce(now.quantity, -1))
	order by v.sku limit 1;
	if found then
		raise exception 'It changed meanwhile: % was counted as %',
		    other.sku, other.counted using errcode = 'UK412';
	end if;
end
$$;

-- What was counted; null takes it back.  What isn't on the sheet yet comes
-- onto it.
create or replace function count_enter(wanted uuid, input jsonb)
returns setof json
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	made stock_count := count_meant(wanted);
	ids uuid[];
	counts integer[];
begin
	if made.id is null then
		return;
	end if;
	select array_agg(l.variant_id order by l.variant_id),
	    array_agg(l.quantity order by l.variant_id)
	into ids, counts
	from paper_lines(input -> 'lines', 'counted') l;
	insert into stock (variant_id, location_id)
	select u.id, made.location_id from unnest(ids) u (id) order by u.id
	on conflict do nothing;
	perform stock_lock(ids);
	perform count_stood(made.id, input -> 'lines');
	insert into stock_count_line as t (count_id, variant_id, location_id,
	    counted, on_hand_then, counted_at, counted_by)
	select made.id, u.id, made.location_id, u.counted,
	    case when u.counted is not null then s.on_hand end,
	    case when u.counted is not null then now() end,
	    case when u.counted is not null then current_staff() end
	from unnest(ids, counts) u (id, counted)
	join stock s on s.variant_id = u.id
	    and s.location_id = made.location_id
	on conflict on constraint stock_count_line_pkey do update
	set counted = excluded.counted, on_hand_then = excluded.on_hand_then,
	    counted_at = excluded.counted_at, counted_by = excluded.counted_by;
	update stock_count c set version = c.version + 1
	where c.id = made.id returning * into made;
	return next json_build_object('count', count_json(made),
	    'lines', (select json_agg(count_line_json(l) order by v.sku)
	    from stock_count_line l join variant v on v.id = l.variant_id
	    where l.count_id = made.id and l.variant_id = any (ids)));
end
$$;

-- Corrects what was counted; what wasn't stays as it is.
create or replace function count_end(wanted uuid, meant integer,
    becomes text) returns table (body json, version integer)
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	made stock_count := count_meant(wanted);
	ids uuid[];
	changes integer[];
begin
	if made.id is null then
		return;
	end if;
	perform check_version(made.version, meant);
	select array_agg(l.variant_id order by l.variant_id),
	    array_agg(l.counted - l.on_hand_then order by l.variant_id)
	into ids, changes from stock_count_line l
	where l.count_id = made.id and l.counted <> l.on_hand_then;
	if becomes = 'closed' and ids is not null then
		perform stock_change_many(ids, changes, made.location_id,
		    'count', concat_ws(' ', 'C-' || made.number,
		    nullif(made.note, '')), made.id);
	end if;
	update stock_count_line l set open = false where l.count_id = made.id;
	update stock_count c set state = becomes, ended_at = now(),
	    ended_by = current_staff(), version = c.version + 1
	where c.id = made.id returning * into made;
	return query select count_json(made), made.version;
end
$$;

create or replace function counts_page(p_state text, p_cursor text,
    p_size integer) returns json
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	after bigint := (cursor_key(p_cursor, 1) ->> 0)::bigint;
begin
	perform demand('inventory.read');
	return (select page_of(array_agg(count_json(r) order by r.number desc),
	    array_agg(json_build_array(r.number) order by r.number desc),
	    p_size)
	from (select c.* from stock_count c
	    where (p_state is null or c.state = p_state)
	    and (after is null or c.number < after)
	    order by c.number desc limit p_size + 1) r);
end
$$;

create or replace function count_view(wanted uuid)
returns table (body json, version integer)
language plpgsql stable security definer set search_path = duka, pg_temp as $$
begin
	perform demand('inventory.read');
	return query select count_json(c), c.version from stock_count c
	where c.id = wanted;
end
$$;

-- A sheet's lines by SKU: all, those not counted yet, or those that differ.
create or replace function count_lines_page(wanted uuid, p_show text,
    p_q text, p_cursor text, p_size integer) returns setof json
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	after text := cursor_key(p_cursor, 1) ->> 0;
begin
	perform demand('inventory.read');
	if not exists (select from stock_count c where c.id = wanted) then
		return;
	end if;
	return next (select page_of(array_agg(count_line_json(r.line)
		order by r.sku collate "C"),
	    array_agg(json_build_array(r.sku) order by r.sku collate "C"),
	    p_size)
	from (select l as line, v.sku from stock_count_line l
	    join variant v on v.id = l.variant_id
	    join product p on p.id = v.product_id
	    where l.count_id = wanted
	    and (after is null or v.sku collate "C" > after)
	    and case p_show when 'uncounted' then l.counted is null
		when 'counted' then l.counted is not null
		when 'different' then l.counted <> l.on_hand_then
		else true end
	    and (p_q is null or v.sku ilike '%' || like_literal(p_q) || '%'
		or plain(p.name) like '%' || like_literal(plain(p_q)) || '%')
	    order by v.sku collate "C" limit p_size + 1) r);
end
$$;
