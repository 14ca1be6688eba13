-- SPDX-License-Identifier: ISC
-- Tasks: who sees of them what, what is checked, their places on the board,
-- their lists, and the reminder, which is told once.

select audited('task'), audited('task_comment');

-- A member of staff as colleagues see one.
create or replace function colleague_json(who uuid) returns json
language sql stable security definer set search_path = duka, pg_temp as $$
	select json_build_object('id', s.id, 'name', s.name,
	    'active', s.state = 'active')
	from staff s where s.id = who
$$;

-- What a task is about, as far as who asks may see such things.
create or replace function task_customer_json(p_id uuid) returns json
language sql stable security definer set search_path = duka, pg_temp as $$
	select json_build_object('id', c.id, 'number', c.number, 'name',
	    coalesce(nullif(btrim(c.given_name || ' ' || c.family_name), ''),
	    c.number::text))
	from customer c where c.id = p_id and permitted('customers.read')
$$;

create or replace function task_order_json(p_id uuid) returns json
language sql stable security definer set search_path = duka, pg_temp as $$
	select json_build_object('id', o.id, 'number', o.number)
	from customer_order o where o.id = p_id and permitted('orders.read')
$$;

create or replace function task_deal_json(p_id uuid) returns json
language sql stable security definer set search_path = duka, pg_temp as $$
	select json_build_object('id', d.id, 'number', d.number,
	    'title', d.title)
	from deal d where d.id = p_id and permitted('deals.read')
$$;

-- Without its text, as in lists.
create or replace function task_line_json(t task) returns jsonb
language sql stable as $$
	select jsonb_build_object('id', t.id, 'number', t.number,
	    'title', t.title, 'status', t.status, 'priority', t.priority,
	    'due_at', wire_time(t.due_at),
	    'overdue', coalesce(t.due_at < now(), false)
		and t.status <> 'completed',
	    'reminder_at', wire_time(t.reminder_at),
	    'reminded_at', wire_time(t.reminded_at),
	    'customer', task_customer_json(t.customer_id),
	    'order', task_order_json(t.order_id),
	    'company', deal_company_json(t.company_id),
	    'deal', task_deal_json(t.deal_id), 'note_id', t.note_id,
	    'assignee', colleague_json(t.assignee_id),
	    'created_by', colleague_json(t.created_by),
	    'comments', (select count(*) from task_comment c
		where c.task_id = t.id),
	    'completed_at', wire_time(t.completed_at),
	    'created_at', wire_time(t.created_at),
	    'updated_at', wire_time(t.updated_at), 'version', t.version)
$$;

create or replace function task_json(t task) returns jsonb
language sql stable as $$
	select task_line_json(t) || jsonb_build_object('text', t.text,
	    'completed_by', colleague_json(t.completed_by))
$$;

create or replace function task_comment_json(c task_comment) returns json
language sql stable as $$
	select json_build_object('id', c.id, 'task_id', c.task_id,
	    'text', c.text, 'by', colleague_json(c.staff_id),
	    'own', c.staff_id = current_staff(),
	    'mentions', (select coalesce(json_agg(colleague_json(m)
		order by n), '[]')
		from unnest(c.mentions) with ordinality u (m, n)),
	    'created_at', wire_time(c.created_at),
	    'edited_at', wire_time(c.edited_at), 'version', c.version)
$$;

create or replace function task_event_json(e task_event) returns json
language sql stable as $$
	select json_build_object('id', e.id, 'kind', e.kind,
	    'from', case when e.kind = 'assignee'
		then colleague_json(e.from_value::uuid) ->> 'name'
		else e.from_value end,
	    'to', case when e.kind = 'assignee'
		then colleague_json(e.to_value::uuid) ->> 'name'
		else e.to_value end,
	    'by', colleague_json(e.staff_id), 'at', wire_time(e.at))
$$;

-- Writing.

create or replace function task_event_add(p_task uuid, p_kind text,
    p_from text, p_to text) returns void
language sql as $$
	insert into task_event (task_id, kind, from_value, to_value, staff_id)
	select p_task, p_kind, p_from, p_to, current_staff()
	where p_from is distinct from p_to or p_kind = 'created'
$$;

-- Places on the board are made by one at a time.  Asked for before the row,
-- so that nobody who has it waits for a row.
create or replace function task_board_lock() returns void
language sql as $$
	select pg_advisory_xact_lock(hashtextextended('task board', 0))
$$;

-- A column's places as whole numbers again.  That is nobody's change: the
-- audit log isn't told.
create or replace function task_board_spread(p_status text) returns void
language plpgsql as $$
declare
	who text := current_setting('duka.staff', true);
begin
	perform set_config('duka.staff', '', true);
	update task t set position = s.n
	from (select x.id, row_number() over (order by x.position, x.number)
	    as n from task x where x.status = p_status) s
	where t.id = s.id;
	perform set_config('duka.staff', who, true);
end
$$;

-- The place in a column below a card, or above all.  When there is no room,
-- the column is spread and it is asked again.
create or replace function task_place(p_id uuid, p_status text,
    p_after uuid) returns numeric
language plpgsql as $$
declare
	upper task;
	lower numeric;
	place numeric;
begin
	if p_after is null then
		return coalesce((select min(t.position) - 1 from task t
		    where t.status = p_status and t.id <> p_id), 0);
	end if;
	select * into upper from task t
	where t.id = p_after and t.status = p_status and t.id <> p_id;
	if not found then
		perform raise_fault('That task is not in this column',
		    'after_id');
	end if;
	select t.position into lower from task t
	where t.status = p_status and t.id <> p_id
	and (t.position, t.number) > (upper.position, upper.number)
	order by t.position, t.number limit 1;
	place := place_between(upper.position, lower);
	if place is null then
		perform task_board_spread(p_status);
		return task_place(p_id, p_status, p_after);
	end if;
	return place;
end
$$;

-- Whom a task may be given to, held so that nobody disables them meanwhile.
create or replace function check_colleague(p_staff uuid, p_field text)
returns void
language plpgsql as $$
begin
	perform from staff s where s.id = p_staff and s.state = 'active'
	for key share;
	if not found then
		perform raise_fault('is nobody who works here', p_field);
	end if;
end
$$;

-- What it is about must be there, and visible to who says so.  An order
-- brings its customer, a deal its company too.
create or replace function task_about(t task) returns task
language plpgsql stable as $$
declare
	o customer_order;
	d deal;
begin
	if t.deal_id is not null then
		select * into d from deal x
		where x.id = t.deal_id and permitted('deals.read');
		if not found then
			perform raise_fault('There is no such deal',
			    'deal_id');
		end if;
		t.company_id := coalesce(t.company_id, d.company_id);
		if t.order_id is null then
			t.customer_id := coalesce(t.customer_id,
			    d.customer_id);
		end if;
	end if;
	if t.company_id is not null and not exists (select from company k
	    where k.id = t.company_id and permitted('companies.read')) then
		perform raise_fault('There is no such company',
		    'company_id');
	end if;
	if t.order_id is not null then
		select * into o from customer_order x
		where x.id = t.order_id and permitted('orders.read');
		if not found then
			perform raise_fault('There is no such order',
			    'order_id');
		end if;
		t.customer_id := coalesce(t.customer_id, o.customer_id);
		if t.customer_id is distinct from o.customer_id
		    and o.customer_id is not null then
			perform raise_fault('The order is somebody else''s',
			    'order_id');
		end if;
	end if;
	if t.customer_id is not null and not exists (select from customer c
	    where c.id = t.customer_id and c.state <> 'erased'
	    and permitted('customers.read')) then
		perform raise_fault('There is no such customer',
		    'customer_id');
	end if;
	return t;
end
$$;

create or replace function task_check(t task) returns void
language plpgsql stable as $$
begin
	if coalesce(t.title, '') = '' then
		perform raise_fault('is required', 'title', 'required');
	end if;
	perform check_line(t.title, 'title'), check_lines(t.text, 'text');
end
$$;

-- Tells who was given a task by somebody else.
create or replace function task_tell(p_staff uuid, p_kind text, t task,
    p_more jsonb default '{}') returns void
language plpgsql as $$
begin
	if p_staff is not null and p_staff is distinct from current_staff()
	then
		perform notify_staff(p_staff, p_kind, jsonb_build_object(
		    'task_id', t.id, 'number', t.number, 'title', t.title)
		    || p_more);
	end if;
end
$$;

-- What a task says that is made of an order or a note without more words: the
-- order's number; the note, and as a title the beginning of its first line.
create or replace function task_from(t task) returns task
language plpgsql stable as $$
declare
	n customer_note;
begin
	if t.note_id is not null then
		select * into n from customer_note x
		where x.id = t.note_id and permitted('customers.read');
		if not found then
			perform raise_fault('There is no such note',
			    'note_id');
		end if;
		t.customer_id := coalesce(t.customer_id, n.customer_id);
		t.text := coalesce(nullif(t.text, ''), left(n.text, 5000));
		t.title := coalesce(t.title, btrim(left(btrim(split_part(
		    btrim(n.text, E' \t\r\n'), E'\n', 1), E' \t\r'), 120)));
		t.title := regexp_replace(t.title, '[\x01-\x1f]', ' ', 'g');
	end if;
	if t.title is null and t.order_id is not null then
		t.title := (select 'Order ' || o.number from customer_order o
		    where o.id = t.order_id);
	end if;
	return t;
end
$$;

create or replace function task_create(p_input jsonb)
returns table (body jsonb, version integer, location text)
language plpgsql security definer set search_path = duka, pg_temp as $$
#variable_conflict use_column
declare
	t task;
begin
	perform demand('tasks.write');
	t := jsonb_populate_record(null::task, jsonb_build_object(
	    'id', gen_random_uuid(), 'text', '', 'status', 'open',
	    'priority', 'normal') || jsonb_strip_nulls(p_input));
	t := task_about(task_from(t));
	perform task_check(t);
	if t.assignee_id is not null then
		perform check_colleague(t.assignee_id, 'assignee_id');
	end if;
	perform task_board_lock();
	insert into task (id, title, text, status, priority, customer_id,
	    order_id, company_id, deal_id, note_id, assignee_id, due_at, reminder_at, position, created_by,
	    completed_at, completed_by)
	select t.id, t.title, t.text, t.status, t.priority, t.customer_id,
	    t.order_id, t.company_id, t.deal_id, t.note_id, t.assignee_id,
	    t.due_at, t.reminder_at,
	    task_place(t.id, t.status, null), current_staff(),
	    case when t.status = 'completed' then now() end,
	    case when t.status = 'completed' then current_staff() end
	returning * into t;
	perform task_event_add(t.id, 'created', null, t.status);
	perform task_tell(t.assignee_id, 'task_assigned', t);
	return query select task_json(t), t.version, '/api/tasks/' || t.id;
end
$$;

-- What a change says of itself, in the history and to who has it now.
create or replace function task_changed(was task, t task) returns void
language plpgsql as $$
begin
	perform task_event_add(t.id, 'status', was.status, t.status),
	    task_event_add(t.id, 'assignee', was.assignee_id::text,
	    t.assignee_id::text),
	    task_event_add(t.id, 'priority', was.priority, t.priority),
	    task_event_add(t.id, 'due', wire_time(was.due_at),
	    wire_time(t.due_at));
	if was.assignee_id is distinct from t.assignee_id then
		perform task_tell(t.assignee_id, 'task_assigned', t);
	end if;
end
$$;

-- The row as it is to be.
create or replace function task_changing(t task, p_input jsonb) returns task
language plpgsql as $$
declare
	n task := jsonb_populate_record(t, p_input);
begin
	n.text := coalesce(n.text, '');
	if n.order_id is distinct from t.order_id
	    or n.customer_id is distinct from t.customer_id
	    or n.company_id is distinct from t.company_id
	    or n.deal_id is distinct from t.deal_id then
		n := task_about(n);
	end if;
	perform task_check(n);
	if n.assignee_id is distinct from t.assignee_id
	    and n.assignee_id is not null then
		perform check_colleague(n.assignee_id, 'assignee_id');
	end if;
	if n.reminder_at is distinct from t.reminder_at then
		n.reminded_at := null;
	end if;
	if n.status <> t.status then
		n.completed_at := case when n.status = 'completed'
		    then now() end;
		n.completed_by := case when n.status = 'completed'
		    then current_staff() end;
	end if;
	if n.status <> t.status or p_input ? 'after_id' then
		n.position := task_place(t.id, n.status,
		    (p_input ->> 'after_id')::uuid);
	end if;
	return n;
end
$$;

create or replace function task_change(p_id uuid, p_version integer,
    p_input jsonb) returns table (body jsonb, version integer)
language plpgsql security definer set search_path = duka, pg_temp as $$
#variable_conflict use_column
declare
	t task;
	n task;
begin
	perform demand('tasks.write');
	if p_input ?| array['status', 'after_id'] then
		perform task_board_lock();
	end if;
	select * into t from task x where x.id = p_id for update;
	if not found then
		return;
	end if;
	perform version_meant(t.version, p_version);
	n := task_changing(t, p_input);
	if n is distinct from t then
		update task x set title = n.title, text = n.text,
		    status = n.status, priority = n.priority,
		    customer_id = n.customer_id, order_id = n.order_id,
		    assignee_id = n.assignee_id, due_at = n.due_at,
		    reminder_at = n.reminder_at, reminded_at = n.reminded_at,
		    position = n.position, completed_at = n.completed_at,
		    completed_by = n.completed_by,
		    updated_at = clock_timestamp(), version = x.version + 1
		where x.id = p_id returning * into n;
		perform task_changed(t, n);
	end if;
	return query select task_json(n), n.version;
end
$$;

create or replace function task_remove(p_id uuid, p_version integer)
returns setof uuid
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	t task;
begin
	perform demand('tasks.write');
	select * into t from task x where x.id = p_id for update;
	if not found then
		return;
	end if;
	perform version_meant(t.version, p_version);
	delete from task where id = p_id;
	return next p_id;
end
$$;

-- Comments.

-- Colleagues named in a comment, each once, all of them at work.
create or replace function task_mentions(p_mentions jsonb) returns uuid[]
language plpgsql as $$
declare
	ids uuid[] := array(select distinct m::uuid
	    from jsonb_array_elements_text(p_mentions) m);
begin
	perform check_colleague(i, 'mentions') from unnest(ids) i;
	return ids;
end
$$;

create or replace function task_comment_create(p_task uuid, p_text text,
    p_mentions jsonb) returns table (body json, version integer,
    location text)
language plpgsql security definer set search_path = duka, pg_temp as $$
#variable_conflict use_column
declare
	t task;
	c task_comment;
	ids uuid[];
	who uuid;
begin
	perform demand('tasks.write');
	select * into t from task x where x.id = p_task for key share;
	if not found then
		return;
	elsif p_text !~ '\S' then
		perform raise_fault('is empty', 'text', 'too_short');
	end if;
	ids := task_mentions(coalesce(p_mentions, '[]'));
	insert into task_comment (task_id, staff_id, text, mentions)
	values (t.id, current_staff(), p_text, ids) returning * into c;
	foreach who in array ids loop
		perform task_tell(who, 'task_mention', t);
	end loop;
	if not t.assignee_id = any (ids) then
		perform task_tell(t.assignee_id, 'task_comment', t);
	end if;
	return query select task_comment_json(c), c.version,
	    '/api/tasks/' || t.id || '/comments/' || c.id;
end
$$;

-- One's own, locked; nobody writes in another's name.
create or replace function task_comment_own(p_task uuid, p_id uuid)
returns task_comment
language plpgsql as $$
declare
	c task_comment;
begin
	perform demand('tasks.write');
	select * into c from task_comment x
	where x.id = p_id and x.task_id = p_task for update;
	if not found then
		raise exception 'There is no such comment'
		    using errcode = 'UK410';
	elsif c.staff_id is distinct from current_staff() then
		raise exception 'That is a colleague''s'
		    using errcode = 'UK403';
	end if;
	return c;
end
$$;

create or replace function task_comment_change(p_task uuid, p_id uuid,
    p_version integer, p_text text, p_mentions jsonb)
returns table (body json, version integer)
language plpgsql security definer set search_path = duka, pg_temp as $$
#variable_conflict use_column
declare
	c task_comment := task_comment_own(p_task, p_id);
	ids uuid[];
begin
	perform version_meant(c.version, p_version);
	if p_text !~ '\S' then
		perform raise_fault('is empty', 'text', 'too_short');
	end if;
	-- Who was named and left meanwhile may stay named.
	ids := c.mentions;
	if p_mentions is not null then
		ids := array(select distinct m::uuid
		    from jsonb_array_elements_text(p_mentions) m);
		perform check_colleague(i, 'mentions') from unnest(ids) i
		where not i = any (c.mentions);
		perform task_tell(i, 'task_mention', t) from unnest(ids) i,
		    task t
		where t.id = p_task and not i = any (c.mentions);
	end if;
	update task_comment x set text = coalesce(p_text, x.text),
	    mentions = ids, edited_at = clock_timestamp(),
	    version = x.version + 1
	where x.id = p_id returning * into c;
	return query select task_comment_json(c), c.version;
end
$$;

create or replace function task_comment_remove(p_task uuid, p_id uuid)
returns setof uuid
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	c task_comment := task_comment_own(p_task, p_id);
begin
	delete from task_comment x where x.id = c.id;
	return next c.id;
end
$$;
