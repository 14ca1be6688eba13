-- SPDX-License-Identifier: ISC
-- Many customers changed at once, and that taken back.

set check_function_bodies = off;

create or replace function desk_bulk_json(b bulk_change, p_changed bigint,
    p_unchanged jsonb) returns json
language sql stable as $$
	select json_build_object('id', b.id, 'action', b.action, 'tag', b.tag,
	    'changed', p_changed, 'unchanged', p_unchanged,
	    'undo_until', wire_time(b.undo_until),
	    'undone_at', wire_time(b.undone_at))
$$;

-- Why an action leaves a customer as they are, or null.
create or replace function desk_bulk_why(c customer, p_action text, p_tag text)
returns text language sql stable as $$
	select case when c.id is null or c.state = 'erased' then 'gone'
	    when p_action = 'activate' and c.state = 'active'
	    or p_action = 'deactivate' and c.state = 'disabled'
	    or p_action = 'tag' and p_tag = any (c.tags)
	    or p_action = 'untag' and p_tag <> all (c.tags) then 'same'
	    when p_action = 'tag' and cardinality(c.tags) >= 30
	    then 'full' end
$$;

create or replace function desk_bulk_apply(ids uuid[], p_action text, p_tag text)
returns table (id uuid, version integer)
language sql security definer set search_path = duka, pg_temp as $$
	update customer c set state = case p_action
		when 'activate' then 'active'
		when 'deactivate' then 'disabled' else c.state end,
	    tags = case p_action when 'tag' then desk_tags(c.tags || p_tag)
		when 'untag' then array_remove(c.tags, p_tag)
		else c.tags end,
	    version = c.version + 1, updated_at = now()
	where c.id = any (ids) returning c.id, c.version
$$;

-- In one transaction; the answer says who was left as they were, and why.
create or replace function desk_bulk_do(p_action text, p_tag text, p_ids uuid[])
returns json
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	b bulk_change;
	found_ids uuid[];
	unchanged jsonb;
begin
	perform demand('customers.write');
	if (p_action in ('tag', 'untag')) <> (p_tag is not null) then
		perform raise_fault('Goes with tag and untag', 'tag');
	end if;
	if p_tag is not null and not tags_sound(array[p_tag]) then
		perform raise_fault('Has 1 to 40 characters, none of them a '
		    'comma, semicolon or bar', 'tag');
	end if;
	perform from customer c where c.id = any (p_ids) order by c.id
	for update;
	select array_agg(c.id) filter (where w.why is null),
	    coalesce(jsonb_agg(jsonb_build_object('id', i, 'why', w.why)
		order by i) filter (where w.why is not null), '[]')
	into found_ids, unchanged
	from (select distinct i from unnest(p_ids) i) u
	left join customer c on c.id = u.i
	cross join lateral (select desk_bulk_why(c, p_action, p_tag) as why) w;
	insert into bulk_change (staff_id, action, tag, undo_until)
	values (current_staff(), p_action, p_tag, now() + make_interval(
	    mins => coalesce(setting_of('desk.undo_minutes'), '15')::integer))
	returning * into b;
	insert into bulk_change_row (change_id, customer_id, version)
	select b.id, a.id, a.version
	from desk_bulk_apply(found_ids, p_action, p_tag) a;
	if p_action = 'deactivate' then
		perform end_sessions(i, 'disabled')
		from unnest(found_ids) i;
	end if;
	return desk_bulk_json(b, coalesce(cardinality(found_ids), 0), unchanged);
end
$$;

-- Takes it back for those that nobody changed since.
create or replace function desk_bulk_undo(p_id uuid) returns json
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	b bulk_change;
	back uuid[];
	others jsonb;
begin
	perform demand('customers.write');
	select * into b from bulk_change
	where id = p_id and staff_id = current_staff() for update;
	if not found then
		return null;
	end if;
	if b.undone_at is not null or b.undo_until < now() then
		raise exception 'That can be undone no more'
		    using errcode = 'UK409';
	end if;
	perform from customer c join bulk_change_row r on r.customer_id = c.id
	where r.change_id = b.id order by c.id for update of c;
	select array_agg(c.id) filter (where c.version = r.version),
	    coalesce(jsonb_agg(jsonb_build_object('id', c.id,
		'why', case c.state when 'erased' then 'gone'
		else 'changed' end) order by c.id)
		filter (where c.version <> r.version), '[]')
	into back, others
	from bulk_change_row r join customer c on c.id = r.customer_id
	where r.change_id = b.id;
	perform desk_bulk_apply(back, case b.action when 'activate'
	    then 'deactivate' when 'deactivate' then 'activate'
	    when 'tag' then 'untag' else 'tag' end, b.tag);
	if b.action = 'activate' then
		perform end_sessions(i, 'disabled') from unnest(back) i;
	end if;
	update bulk_change set undone_at = now() where id = b.id
	returning * into b;
	return desk_bulk_json(b, coalesce(cardinality(back), 0), others);
end
$$;

-- What can be undone no more is forgotten after a day.
create or replace function tidy_desk() returns integer
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	gone integer;
begin
	delete from bulk_change where made_at < now() - interval '1 day'
	and undo_until < now();
	get diagnostics gone = row_count;
	return gone;
end
$$;
