-- SPDX-License-Identifier: ISC
-- Tasks in lists, on the board, by day, and counted.  What is found by is a
-- route's checked input as JSON; row security says what may be seen.

create or replace function task_words(given text) returns text
language sql immutable as $$
	select '%' || regexp_replace(plain(given), '([\\%_])', '\\\1', 'g')
	    || '%'
$$;

create or replace function task_active(who uuid) returns boolean
language sql stable security definer set search_path = duka, pg_temp as $$
	select exists (select from staff s
	    where s.id = who and s.state = 'active')
$$;

create or replace function task_found(f jsonb) returns setof task
language sql stable as $$
	select t.* from task t
	where (f ->> 'list' is distinct from 'mine'
	    or t.assignee_id = current_staff())
	and (f ->> 'list' is distinct from 'overdue'
	    or (t.due_at < now() and t.status <> 'completed'))
	and (f ->> 'open' is null
	    or (t.status <> 'completed') = (f ->> 'open')::boolean)
	and (f -> 'status' is null or f -> 'status' ? t.status)
	and (f -> 'priority' is null or f -> 'priority' ? t.priority)
	and (f ->> 'assignee_id' is null
	    or t.assignee_id = (f ->> 'assignee_id')::uuid)
	and (f ->> 'unassigned' is null
	    or (t.assignee_id is null) = (f ->> 'unassigned')::boolean)
	and (f ->> 'assignee_inactive' is null or (t.assignee_id is not null
	    and not task_active(t.assignee_id))
	    = (f ->> 'assignee_inactive')::boolean)
	and (f ->> 'created_by' is null
	    or t.created_by = (f ->> 'created_by')::uuid)
	and (f ->> 'customer_id' is null
	    or t.customer_id = (f ->> 'customer_id')::uuid)
	and (f ->> 'order_id' is null
	    or t.order_id = (f ->> 'order_id')::uuid)
	and (f ->> 'company_id' is null
	    or t.company_id = (f ->> 'company_id')::uuid)
	and (f ->> 'deal_id' is null
	    or t.deal_id = (f ->> 'deal_id')::uuid)
	and (f ->> 'note_id' is null
	    or t.note_id = (f ->> 'note_id')::uuid)
	and (f ->> 'due_from' is null
	    or t.due_at >= (f ->> 'due_from')::timestamptz)
	and (f ->> 'due_to' is null
	    or t.due_at < (f ->> 'due_to')::timestamptz)
	and case when f ->> 'q' is null then true
	    when f ? 'near' then plain(f ->> 'q') <% plain(t.title)
	    else plain(t.title) like task_words(f ->> 'q')
		or t.number::text = btrim(f ->> 'q', '# ') end
$$;

-- What nothing has as a part is looked for as what is near to it (`near`); the
-- cursor says so to the pages that follow, by a sign behind the order's name.
create or replace function list_label(f jsonb) returns text
language sql immutable as $$
	select f ->> 'sort' || case when f ? 'near' or f ->> 'cursor'
	    like '["' || (f ->> 'sort') || '~"%' then '~' else '' end
$$;

create or replace function list_near(f jsonb, p_none boolean) returns jsonb
language plpgsql stable as $$
begin
	perform set_config('pg_trgm.word_similarity_threshold', '0.45', true);
	if f ? 'near' or f ? 'cursor' and right(list_label(f), 1) = '~'
	    or not f ? 'cursor' and p_none then
		return f || '{"near": true}';
	end if;
	return f;
end
$$;

create or replace function task_rank(priority text) returns integer
language sql immutable parallel safe as $$
	select array_position(array['urgent', 'high', 'normal', 'low'],
	    priority)
$$;

-- A list's page.  The cursor says the order, what was sorted by, the number.
create or replace function task_rows(f jsonb) returns json
language plpgsql stable set plan_cache_mode = force_custom_plan as $$
declare
	sort text := f ->> 'sort';
	size integer := (f ->> 'limit')::integer;
	label text := list_label(f);
	key jsonb := cursor_after(f ->> 'cursor', label,
	    case sort when 'newest' then 'null' when 'updated' then 'string'
	    when 'due' then 'string' else 'number' end);
	k text := key ->> 1;
	after bigint := (key ->> 2)::bigint;
	found task[];
begin
	f := list_near(f, f ? 'q' and not exists (select from task_found(f)));
	label := list_label(f);
	case sort
	when 'newest' then
		found := array(select t from task_found(f) t
		    where after is null or t.number < after
		    order by t.number desc limit size + 1);
	when 'due' then
		found := array(select t from task_found(f) t
		    where after is null
		    or (coalesce(t.due_at, 'infinity'), t.number)
			> (k::timestamptz, after)
		    order by coalesce(t.due_at, 'infinity'), t.number
		    limit size + 1);
	when 'priority' then
		found := array(select t from task_found(f) t
		    where after is null or (task_rank(t.priority), t.number)
			> (k::integer, after)
		    order by task_rank(t.priority), t.number limit size + 1);
	when 'updated' then
		found := array(select t from task_found(f) t
		    where after is null or (t.updated_at, t.number)
			< (k::timestamptz, after)
		    order by t.updated_at desc, t.number desc limit size + 1);
	else
		found := array(select t from task_found(f) t
		    where after is null or (t.position, t.number)
			> (k::numeric, after)
		    order by t.position, t.number limit size + 1);
	end case;
	return (select page_of(array_agg(task_line_json(found[n])::json
	    order by n), array_agg(task_key(label, found[n]) order by n),
	    size) from generate_subscripts(found, 1) n);
end
$$;

create or replace function task_key(label text, t task) returns json
language sql stable as $$
	select json_build_array(label, case rtrim(label, '~')
	    when 'due' then to_json(coalesce(t.due_at, 'infinity')::text)
	    when 'updated' then to_json(t.updated_at::text)
	    when 'priority' then to_json(task_rank(t.priority))
	    when 'board' then to_json(t.position) end, t.number)
$$;

-- The board: a page of each column, the rest of which the list gives by the
-- board's order.
create or replace function task_board(f jsonb) returns json
language plpgsql stable set plan_cache_mode = force_custom_plan as $$
begin
	f := list_near(f, f ? 'q' and not exists (select from task_found(f)));
	return (select json_build_object('columns', json_agg(
	    jsonb_build_object('status', s, 'count', (select count(*)
		from task_found(f || jsonb_build_object('status',
		    jsonb_build_array(s)))))
	    || task_rows(f || jsonb_build_object('sort', 'board',
		'status', jsonb_build_array(s)))::jsonb order by n))
	    from unnest(array['open', 'in_progress', 'completed'])
		with ordinality u (s, n));
end
$$;

-- What is due on each day from one to another, in the shop's time zone; a
-- day without is not named.
create or replace function task_days(f jsonb) returns json
language plpgsql stable set plan_cache_mode = force_custom_plan as $$
declare
	zone text := coalesce(nullif(setting_of('shop.time_zone'), ''),
	    'UTC');
	first date := (f ->> 'from')::date;
	last date := (f ->> 'to')::date;
	size integer := (f ->> 'limit')::integer;
begin
	if last < first or last - first > 62 then
		perform raise_fault('is 62 days after the first at most',
		    'to');
	end if;
	f := f - array['from', 'to', 'limit'] || jsonb_build_object(
	    'due_from', (first::timestamp at time zone zone),
	    'due_to', ((last + 1)::timestamp at time zone zone));
	f := list_near(f, f ? 'q' and not exists (select from task_found(f)));
	return (with due as (
		select t.*, (t.due_at at time zone zone)::date as day,
		    row_number() over (partition by
			(t.due_at at time zone zone)::date
			order by t.status = 'completed', t.due_at, t.number)
			as place
		from task_found(f) t
	), days as (
		select d.day, count(*) as count, json_agg(task_line_json(
		    (select x from task x where x.id = d.id))
		    order by d.place) filter (where d.place <= size) as items
		from due d group by d.day
	)
	select json_build_object('time_zone', zone, 'from', first, 'to', last,
	    'days', coalesce(json_agg(json_build_object('date', y.day,
		'count', y.count, 'items', y.items) order by y.day), '[]'))
	from days y);
end
$$;

create or replace function task_counts() returns json
language sql stable as $$
	with counted as (
		select t.assignee_id, t.due_at, t.status from task t
		where t.status <> 'completed'
	)
	select json_build_object(
	    'mine', count(*) filter (where c.assignee_id = current_staff()),
	    'mine_overdue', count(*) filter (where c.due_at < now()
		and c.assignee_id = current_staff()),
	    'team', count(*),
	    'overdue', count(*) filter (where c.due_at < now()),
	    'unassigned', count(*) filter (where c.assignee_id is null),
	    'assignee_inactive', count(*) filter (where c.assignee_id
		is not null and not task_active(c.assignee_id)))
	from counted c
$$;

-- Whom one can give a task to, and who still has some and is gone.
create or replace function task_assignees() returns json
language plpgsql stable security definer set search_path = duka, pg_temp as $$
begin
	perform demand('tasks.read');
	return (select json_build_object('items', coalesce(json_agg(
	    colleague_json(s.id)::jsonb || jsonb_build_object('open', o.open,
		'self', s.id = current_staff())
	    order by s.name, s.id), '[]'), 'next', null)
	    from staff s cross join lateral (select count(*) as open
		from task t where t.assignee_id = s.id
		and t.status <> 'completed') o
	    where s.state = 'active' or o.open > 0);
end
$$;
