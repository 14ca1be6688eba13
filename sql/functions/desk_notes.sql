-- SPDX-License-Identifier: ISC
-- Notes about customers, what staff are told, and their saved views.

set check_function_bodies = off;

create or replace function note_json(n customer_note) returns json
language sql stable as $$
	select json_build_object('id', n.id, 'customer_id', n.customer_id,
	    'text', n.text, 'pinned', n.pinned, 'author', staff_ref(n.staff_id),
	    'mentions', (select coalesce(json_agg(staff_ref(m) order by u),
		'[]') from unnest(n.mentions) with ordinality t (m, u)),
	    'created_at', wire_time(n.created_at),
	    'edited_at', wire_time(n.edited_at), 'version', n.version)
$$;

-- Those who may be mentioned: who works here and may see customers.
create or replace function colleagues() returns table (id uuid, name text)
language sql stable security definer set search_path = duka, pg_temp as $$
	select s.id, s.name from staff s
	where current_staff() is not null and s.state = 'active'
	order by lower(s.name), s.id
$$;

create or replace function check_mentions(p_staff uuid[]) returns void
language plpgsql stable security definer set search_path = duka, pg_temp as $$
begin
	if exists (select from unnest(p_staff) m
	    where m not in (select c.id from colleagues() c)) then
		perform raise_fault('Nobody of that id works here',
		    'mentions');
	end if;
end
$$;

create or replace function note_tell(n customer_note, p_staff uuid[])
returns void
language sql security definer set search_path = duka, pg_temp as $$
	select notify_staff(m, 'mention', jsonb_build_object(
	    'note_id', n.id, 'customer_id', c.id, 'number', c.number,
	    'customer', btrim(c.given_name || ' ' || c.family_name),
	    'by', staff_ref(current_staff()), 'text', left(n.text, 200)))
	from unnest(p_staff) m, customer c
	where c.id = n.customer_id and m <> current_staff()
$$;

create or replace function put_note(p_customer uuid, p_text text,
    p_pinned boolean, p_mentions uuid[]) returns customer_note
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	n customer_note;
begin
	perform demand('notes.write');
	perform from customer c where c.id = p_customer for share;
	if not found then
		raise exception 'There is no such customer'
		    using errcode = 'UK410';
	end if;
	perform from customer c where c.id = p_customer and c.state <> 'erased';
	if not found then
		raise exception 'That customer is gone' using errcode = 'UK409';
	end if;
	p_mentions := coalesce((select array_agg(distinct m)
	    from unnest(p_mentions) m), '{}');
	perform check_mentions(p_mentions);
	insert into customer_note (customer_id, staff_id, text, pinned,
	    mentions)
	values (p_customer, current_staff(), p_text, coalesce(p_pinned, false),
	    p_mentions)
	returning * into n;
	perform note_tell(n, n.mentions);
	return n;
end
$$;

-- Words are changed by who wrote them; anybody who writes notes may pin.
create or replace function change_note(p_id uuid, p_text text,
    p_pinned boolean, p_mentions uuid[], p_version integer)
returns customer_note
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	n customer_note;
	known uuid[];
begin
	perform demand('notes.write');
	select * into n from customer_note where id = p_id for update;
	if not found then
		raise exception 'There is no such note' using errcode = 'UK410';
	end if;
	perform version_meant(n.version, p_version);
	if n.staff_id <> current_staff()
	    and (p_text is not null or p_mentions is not null) then
		raise exception 'A note is changed by who wrote it'
		    using errcode = 'UK403';
	end if;
	known := n.mentions;
	p_mentions := (select array_agg(distinct m) from unnest(p_mentions) m);
	perform check_mentions(p_mentions);
	update customer_note set text = coalesce(p_text, text),
	    pinned = coalesce(p_pinned, pinned),
	    mentions = coalesce(p_mentions, mentions), version = version + 1,
	    edited_at = case when p_text is null then edited_at else now() end
	where id = p_id returning * into n;
	perform note_tell(n, array(select m from unnest(n.mentions) m
	    where m <> all (known)));
	return n;
end
$$;

create or replace function remove_note(p_id uuid) returns setof uuid
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	n customer_note;
begin
	perform demand('notes.write');
	select * into n from customer_note where id = p_id for update;
	if not found then
		return;
	end if;
	if n.staff_id <> current_staff() and not permitted('customers.erase')
	then
		raise exception 'A note is removed by who wrote it'
		    using errcode = 'UK403';
	end if;
	delete from customer_note where id = p_id;
	perform forget_staff_notices('note_id', array[p_id]);
	return next p_id;
end
$$;

select audited('customer_note');

-- What the caller was told.

create or replace function staff_notification_json(n staff_notification)
returns json language sql stable as $$
	select json_build_object('id', n.id, 'kind', n.kind, 'data', n.data,
	    'at', wire_time(n.created_at), 'read_at', wire_time(n.read_at))
$$;

create or replace function read_staff_notices(p_ids jsonb, p_all boolean)
returns json language plpgsql as $$
declare
	n integer;
begin
	update staff_notification set read_at = now()
	where staff_id = current_staff() and read_at is null
	and (p_all or p_ids ? id::text);
	get diagnostics n = row_count;
	return json_build_object('read', n, 'unread', (select count(*)
	    from staff_notification
	    where staff_id = current_staff() and read_at is null));
end
$$;

-- Saved views: one's own, and others' that they share.

create or replace function view_json(v saved_view) returns json
language sql stable as $$
	select json_build_object('id', v.id, 'list', v.list, 'name', v.name,
	    'shared', v.shared, 'own', v.staff_id = current_staff(),
	    'by', staff_ref(v.staff_id), 'filters', v.filters,
	    'columns', v.columns, 'sort', v.sort,
	    'updated_at', wire_time(v.updated_at), 'version', v.version)
$$;

create or replace function put_view(p_input jsonb) returns saved_view
language plpgsql as $$
declare
	v saved_view := jsonb_populate_record(null::saved_view, p_input);
begin
	if (select count(*) from saved_view
	    where staff_id = current_staff()) >= 200 then
		raise exception 'There are 200 views already'
		    using errcode = 'UK409';
	end if;
	insert into saved_view (staff_id, list, name, shared, filters, columns,
	    sort)
	values (current_staff(), v.list, v.name, coalesce(v.shared, false),
	    coalesce(v.filters, '{}'), coalesce(v.columns, '{}'), v.sort)
	returning * into v;
	return v;
end
$$;

create or replace function change_view(p_id uuid, p_input jsonb,
    p_version integer) returns setof saved_view
language plpgsql as $$
declare
	v saved_view;
	n saved_view;
begin
	select * into v from saved_view
	where id = p_id and staff_id = current_staff() for update;
	if not found then
		return;
	end if;
	perform version_meant(v.version, p_version);
	n := jsonb_populate_record(v, p_input);
	return query update saved_view set name = coalesce(n.name, v.name),
	    shared = coalesce(n.shared, v.shared),
	    filters = coalesce(n.filters, v.filters),
	    columns = coalesce(n.columns, v.columns), sort = n.sort,
	    version = v.version + 1, updated_at = now()
	where id = p_id returning *;
end
$$;
