-- SPDX-License-Identifier: ISC
-- Segments as they are kept: made, changed, reckoned, and asked.

-- Some of what is called here is defined in files applied later.
set check_function_bodies = off;

select audited('segment');

create or replace function segment_json(s segment) returns json
language sql stable security definer set search_path = duka, pg_temp as $$
	select json_build_object('id', s.id, 'name', s.name,
	    'about', s.about, 'kind', s.kind, 'rules', s.rules,
	    'members', s.members, 'computed_at', wire_time(s.computed_at),
	    'promotions', (select count(*) from promotion p
		where p.segment_id = s.id),
	    'created_at', wire_time(s.created_at),
	    'updated_at', wire_time(s.updated_at), 'version', s.version)
$$;

-- The rules as they are kept: nothing in them but what they may say.
create or replace function segment_rules(node jsonb) returns jsonb
language sql immutable as $$
	select case when node ? 'match' then jsonb_build_object(
	    'match', node -> 'match', 'rules', (select jsonb_agg(
		segment_rules(r) order by n) from jsonb_array_elements(
		node -> 'rules') with ordinality u (r, n)))
	else jsonb_strip_nulls(jsonb_build_object('fact', node -> 'fact',
	    'test', node -> 'test', 'values', coalesce(nullif(
	    node -> 'values', 'null'), '[]'), 'days', node -> 'days')) end
$$;

-- Whoever writes the row: rules are checked, or not kept.
create or replace function segment_write() returns trigger
language plpgsql as $$
begin
	perform segment_check(new.rules);
	new.rules := segment_rules(new.rules);
	return new;
end
$$;

create or replace trigger segment_write before insert or update of rules
    on segment for each row execute function segment_write();

-- Reckons who is in it now.  What stays is not written again.  Nobody can
-- know before how many those are, and a million must not be looked through
-- for each of a million: lists are compared by hashing.
create or replace function segment_fill(p_segment uuid) returns segment
language plpgsql security definer set search_path = duka, pg_temp
set work_mem = '128MB' set enable_nestloop = off as $$
declare
	s segment;
begin
	select * into s from segment where id = p_segment for update;
	if not found then
		return null;
	end if;
	with now as materialized (
		select i as customer_id from segment_members(s.rules) i
	), gone as (
		delete from segment_member m where m.segment_id = s.id
		and not exists (select from now n
		    where n.customer_id = m.customer_id)
	), come as (
		insert into segment_member (segment_id, customer_id)
		select s.id, n.customer_id from now n
		where not exists (select from segment_member m
		    where m.segment_id = s.id
		    and m.customer_id = n.customer_id)
	)
	select count(*) into s.members from now;
	update segment set computed_at = now(), members = s.members
	where id = s.id returning * into s;
	return s;
end
$$;

-- Made (no id) or changed.  Who is in it is reckoned when the rules are
-- new; a snapshot's members stay as they are otherwise.
create or replace function segment_put(p_id uuid, p_version integer,
    p_input jsonb) returns setof segment
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	s segment;
	n segment;
begin
	perform demand('segments.write');
	if p_id is not null then
		select * into s from segment where id = p_id for update;
		if not found then
			return;
		end if;
		perform check_version(s.version, p_version);
	end if;
	n := jsonb_populate_record(s, p_input);
	if p_id is null then
		insert into segment (name, about, kind, rules)
		values (n.name, coalesce(n.about, ''),
		    coalesce(n.kind, 'living'), n.rules)
		returning * into n;
	else
		update segment set name = n.name,
		    about = coalesce(n.about, ''),
		    kind = coalesce(n.kind, s.kind), rules = n.rules,
		    version = version + 1, updated_at = now()
		where id = p_id returning * into n;
	end if;
	if n.rules is distinct from s.rules or n.kind is distinct from s.kind
	then
		n := segment_fill(n.id);
	end if;
	return next n;
end
$$;

drop function if exists segment_remove(uuid);

create or replace function segment_remove(p_id uuid, p_version integer)
returns setof uuid
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	perform demand('segments.write');
	-- A promotion that uses it keeps it: its key refuses this.
	delete from segment s
	where s.id = p_id and version_meant(s.version, p_version);
	if found then
		delete from segment_member where segment_id = p_id;
		return next p_id;
	end if;
end
$$;

create or replace function segment_refresh(p_id uuid) returns setof segment
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	perform demand('segments.write');
	if exists (select from segment where id = p_id) then
		return next segment_fill(p_id);
	end if;
end
$$;

-- All living ones; duka-admin tidy does it each night.
create or replace function refresh_segments() returns integer
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	s record;
	n integer := 0;
begin
	for s in select id from segment where kind = 'living' order by id loop
		perform segment_fill(s.id);
		n := n + 1;
	end loop;
	return n;
end
$$;

-- Whether a customer is in it now: a snapshot by its list, a living one by
-- its rules, which costs the customer's own rows and no more.
create or replace function segment_holds(segment uuid, customer uuid)
returns boolean
language plpgsql stable security definer set search_path = duka, pg_temp as $$
#variable_conflict use_variable
declare
	s segment;
begin
	if customer is null then
		return false;
	end if;
	select * into s from segment t where t.id = segment_holds.segment;
	if s.kind = 'living' then
		return segment_fits(s.rules, customer);
	end if;
	return exists (select from segment_member m join customer c
	    on c.id = m.customer_id and c.state = 'active'
	    where m.segment_id = s.id and m.customer_id = customer);
end
$$;

-- Who is in it, as it was reckoned last.
create or replace function segment_ids(segment uuid) returns setof uuid
language sql stable security definer rows 1000
set search_path = duka, pg_temp as $$
	select m.customer_id from segment_member m where m.segment_id = $1
$$;

create or replace function segment_customer_json(c customer) returns json
language sql stable as $$
	select json_build_object('id', c.id, 'number', c.number,
	    'name', btrim(c.given_name || ' ' || c.family_name),
	    'email', shown_email(c.email))
$$;

-- Some of those whom rules describe, the newest first.
create or replace function segment_preview(p_rules jsonb, p_limit integer)
returns json
language plpgsql stable security definer set search_path = duka, pg_temp
set work_mem = '128MB' as $$
declare
	q record;
	found_items json;
begin
	perform demand('customers.read'), segment_check(p_rules);
	select * into q from segment_from(p_rules, false);
	execute 'select coalesce(json_agg(segment_customer_json(c)
	    order by s.registered_at desc, s.id desc), ''[]'')
	    from (select f.registered_at, ' || q.key || ' as id ' || q.rest
	    || ' order by f.registered_at desc, ' || q.key
	    || ' desc limit $2) s join customer c on c.id = s.id'
	    into found_items using p_rules, p_limit;
	return json_build_object('items', found_items, 'next', null);
end
$$;

create or replace function segment_page(p_segment uuid, p_cursor text,
    p_limit integer) returns json
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	after uuid := (cursor_key(p_cursor, 1) ->> 0)::uuid;
begin
	perform demand('customers.read');
	return (with part as (select m.customer_id,
		segment_customer_json(c) as item
	    from segment_member m join customer c on c.id = m.customer_id
	    where m.segment_id = p_segment and c.state = 'active'
	    and (after is null or m.customer_id > after)
	    order by m.customer_id limit p_limit + 1)
	select page_of(array_agg(item order by customer_id),
	    array_agg(json_build_array(customer_id) order by customer_id),
	    p_limit) from part);
end
$$;

create or replace function segment_list(p_q text, p_kind text, p_cursor text,
    p_limit integer) returns json
language plpgsql stable as $$
declare
	after jsonb := cursor_key(p_cursor, 2);
begin
	return (with part as (select s.name, s.id, segment_json(s) as item
	    from segment s
	    where (p_kind is null or s.kind = p_kind)
	    and (p_q is null
		or position(plain(p_q) in plain(s.name)) > 0)
	    and (after is null or (lower(s.name), s.id)
		> (after ->> 0, (after ->> 1)::uuid))
	    order by lower(s.name), s.id limit p_limit + 1)
	select page_of(array_agg(item order by lower(name), id),
	    array_agg(json_build_array(lower(name), id)
	    order by lower(name), id), p_limit) from part);
end
$$;

-- For somebody's export: the segments that they stand in, as last reckoned.
create or replace function export_segments(who uuid) returns json
language plpgsql stable as $$
begin
	return (select coalesce(json_agg(json_build_object('name', s.name,
	    'kind', s.kind, 'computed_at', wire_time(s.computed_at))
	    order by s.name), '[]')
	    from segment_member m join segment s on s.id = m.segment_id
	    where m.customer_id = who);
end
$$;

-- Whom the shop forgets is in none.
create or replace function forget_segments(p_customer uuid) returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	with gone as (delete from segment_member m using segment s
	    where m.segment_id = s.id and m.customer_id = p_customer
	    returning m.segment_id)
	update segment s set members = greatest(s.members - 1, 0)
	from gone g where g.segment_id = s.id;
end
$$;
