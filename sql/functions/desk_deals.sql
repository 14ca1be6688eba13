-- SPDX-License-Identifier: ISC
-- Deals: what is checked, their places on the board, their lists and sums.

select audited('deal'), audited('deal_stage');

create or replace function stage_json(s deal_stage) returns jsonb
language sql stable as $$
	select jsonb_build_object('id', s.id, 'name', s.name, 'kind', s.kind,
	    'position', s.position, 'probability', s.probability,
	    'version', s.version)
$$;

create or replace function deal_company_json(p_id uuid) returns json
language sql stable security definer set search_path = duka, pg_temp as $$
	select json_build_object('id', k.id, 'name', k.name)
	from company k where k.id = p_id and permitted('companies.read')
$$;

create or replace function deal_json(d deal) returns jsonb
language sql stable as $$
	select jsonb_build_object('id', d.id, 'number', d.number,
	    'title', d.title, 'company', deal_company_json(d.company_id),
	    'customer', task_customer_json(d.customer_id),
	    'owner', colleague_json(d.owner_id),
	    'value', money(d.value_amount, d.value_currency),
	    'expected_close', d.expected_close,
	    'stage', (select stage_json(s) - 'version' from deal_stage s
		where s.id = d.stage_id),
	    'lost_reason', d.lost_reason, 'notes', d.notes,
	    'order', task_order_json(d.order_id),
	    'closed_at', wire_time(d.closed_at),
	    'created_by', colleague_json(d.created_by),
	    'created_at', wire_time(d.created_at),
	    'updated_at', wire_time(d.updated_at), 'version', d.version)
$$;

create or replace function deal_event_json(e deal_event) returns json
language sql stable as $$
	select json_build_object('id', e.id, 'kind', e.kind,
	    'from', e.from_value, 'to', e.to_value,
	    'by', colleague_json(e.staff_id), 'at', wire_time(e.at))
$$;

-- Lists.

create or replace function deal_found(f jsonb) returns setof deal
language sql stable as $$
	select d.* from deal d
	where (f ->> 'stage_id' is null
	    or d.stage_id = (f ->> 'stage_id')::uuid)
	and (f ->> 'kind' is null or d.stage_id in (select s.id
	    from deal_stage s where s.kind = f ->> 'kind'))
	and (f ->> 'mine' is null or (d.owner_id is not distinct
	    from current_staff()) = (f ->> 'mine')::boolean)
	and (f ->> 'owner_id' is null
	    or d.owner_id = (f ->> 'owner_id')::uuid)
	and (f ->> 'company_id' is null
	    or d.company_id = (f ->> 'company_id')::uuid)
	and (f ->> 'customer_id' is null
	    or d.customer_id = (f ->> 'customer_id')::uuid)
	and (f ->> 'close_from' is null
	    or d.expected_close >= (f ->> 'close_from')::date)
	and (f ->> 'close_to' is null
	    or d.expected_close <= (f ->> 'close_to')::date)
	and case when f ->> 'q' is null then true
	    when f ? 'near' then plain(f ->> 'q') <% plain(d.title)
	    else plain(d.title) like task_words(f ->> 'q')
		or d.number::text = btrim(f ->> 'q', '# ') end
$$;

create or replace function deal_rows(f jsonb) returns json
language plpgsql stable set plan_cache_mode = force_custom_plan as $$
declare
	sort text := f ->> 'sort';
	size integer := (f ->> 'limit')::integer;
	label text := list_label(f);
	key jsonb := cursor_after(f ->> 'cursor', label, case sort
	    when 'newest' then 'null' when 'board' then 'number'
	    else 'string' end);
	k text := key ->> 1;
	after bigint := (key ->> 2)::bigint;
	found deal[];
begin
	f := list_near(f, f ? 'q' and not exists (select from deal_found(f)));
	label := list_label(f);
	case sort
	when 'newest' then
		found := array(select d from deal_found(f) d
		    where after is null or d.number < after
		    order by d.number desc limit size + 1);
	when 'updated' then
		found := array(select d from deal_found(f) d
		    where after is null or (d.updated_at, d.number)
			< (k::timestamptz, after)
		    order by d.updated_at desc, d.number desc limit size + 1);
	when 'close' then
		found := array(select d from deal_found(f) d
		    where after is null
		    or (coalesce(d.expected_close, 'infinity'), d.number)
			> (k::date, after)
		    order by coalesce(d.expected_close, 'infinity'), d.number
		    limit size + 1);
	else
		found := array(select d from deal_found(f) d
		    where after is null or (d.position, d.number)
			> (k::numeric, after)
		    order by d.position, d.number limit size + 1);
	end case;
	return (select page_of(array_agg(deal_json(found[n])::json
	    order by n), array_agg(json_build_array(label, case sort
		when 'updated' then to_json((found[n]).updated_at::text)
		when 'close' then to_json(coalesce((found[n]).expected_close,
		    'infinity')::text)
		when 'board' then to_json((found[n]).position) end,
		(found[n]).number) order by n), size)
	    from generate_subscripts(found, 1) n);
end
$$;

-- What the deals of a stage are worth, by currency; and what of it is to be
-- expected.
create or replace function deal_sums(f jsonb, p_probability integer)
returns json language sql stable as $$
	select coalesce(json_agg(json_build_object(
	    'value', money(s.amount, s.currency),
	    'weighted', money(round(s.amount * p_probability / 100.0)::bigint,
		s.currency)) order by s.currency), '[]')
	from (select d.value_currency as currency,
	    sum(d.value_amount)::bigint as amount from deal_found(f) d
	    where d.value_amount is not null group by 1) s
$$;

create or replace function deal_board(f jsonb) returns json
language plpgsql stable set plan_cache_mode = force_custom_plan as $$
begin
	f := list_near(f, f ? 'q' and not exists (select from deal_found(f)));
	return (select json_build_object('currency',
	    setting_of('shop.currency'), 'columns', coalesce(json_agg(
	    jsonb_build_object('stage', stage_json(s),
		'count', (select count(*) from deal_found(g.f)),
		'sums', deal_sums(g.f, s.probability))
	    || deal_rows(g.f || '{"sort": "board"}')::jsonb
	    order by s.position, s.id), '[]'))
	    from deal_stage s cross join lateral (select f
		|| jsonb_build_object('stage_id', s.id) as f) g);
end
$$;

-- Writing.

-- As with tasks: see task_board_lock(), task_board_spread(), task_place().
create or replace function deal_board_lock() returns void
language sql as $$
	select pg_advisory_xact_lock(hashtextextended('deal board', 0))
$$;

create or replace function deal_board_spread(p_stage uuid) returns void
language plpgsql as $$
declare
	who text := current_setting('duka.staff', true);
begin
	perform set_config('duka.staff', '', true);
	update deal d set position = s.n
	from (select x.id, row_number() over (order by x.position, x.number)
	    as n from deal x where x.stage_id = p_stage) s
	where d.id = s.id;
	perform set_config('duka.staff', who, true);
end
$$;

create or replace function deal_place(p_id uuid, p_stage uuid, p_after uuid)
returns numeric
language plpgsql as $$
declare
	upper deal;
	lower numeric;
	place numeric;
begin
	if p_after is null then
		return coalesce((select min(d.position) - 1 from deal d
		    where d.stage_id = p_stage and d.id <> p_id), 0);
	end if;
	select * into upper from deal d
	where d.id = p_after and d.stage_id = p_stage and d.id <> p_id;
	if not found then
		perform raise_fault('That deal is not in this stage',
		    'after_id');
	end if;
	select d.position into lower from deal d
	where d.stage_id = p_stage and d.id <> p_id
	and (d.position, d.number) > (upper.position, upper.number)
	order by d.position, d.number limit 1;
	place := place_between(upper.position, lower);
	if place is null then
		perform deal_board_spread(p_stage);
		return deal_place(p_id, p_stage, p_after);
	end if;
	return place;
end
$$;

create or replace function deal_event_add(p_deal uuid, p_kind text,
    p_from text, p_to text) returns void
language sql as $$
	insert into deal_event (deal_id, kind, from_value, to_value, staff_id)
	select p_deal, p_kind, p_from, p_to, current_staff()
	where p_from is distinct from p_to
$$;

-- Whom and what it is with: there, and visible to who says so; `was` is as
-- it was before.
create or replace function deal_about(d deal, was deal) returns void
language plpgsql as $$
begin
	if num_nonnulls(d.company_id, d.customer_id) = 0 then
		perform raise_fault('A deal is with a company or a customer',
		    'company_id', 'required');
	elsif d.company_id is distinct from was.company_id
	    and d.company_id is not null and not exists (select
	    from company k where k.id = d.company_id
	    and permitted('companies.read')) then
		perform raise_fault('There is no such company', 'company_id');
	elsif d.customer_id is distinct from was.customer_id
	    and d.customer_id is not null and not exists (select
	    from customer c where c.id = d.customer_id
	    and c.state <> 'erased' and permitted('customers.read')) then
		perform raise_fault('There is no such customer',
		    'customer_id');
	elsif d.order_id is distinct from was.order_id
	    and d.order_id is not null and not exists (select
	    from customer_order o where o.id = d.order_id
	    and permitted('orders.read')) then
		perform raise_fault('There is no such order', 'order_id');
	end if;
	if d.owner_id is distinct from was.owner_id
	    and d.owner_id is not null then
		perform check_colleague(d.owner_id, 'owner_id');
	end if;
end
$$;

-- The row as it is to be, in a stage that stays meanwhile.
create or replace function deal_checked(d deal, was deal) returns deal
language plpgsql as $$
declare
	s deal_stage;
begin
	d.notes := coalesce(d.notes, '');
	if coalesce(d.title, '') = '' then
		perform raise_fault('is required', 'title', 'required');
	end if;
	perform check_line(d.title, 'title'), check_lines(d.notes, 'notes');
	select * into s from deal_stage x where x.id = d.stage_id
	for key share;
	if not found then
		perform raise_fault('There is no such stage', 'stage_id');
	end if;
	perform deal_about(d, was);
	d.lost_reason := case when s.kind = 'lost'
	    then btrim(coalesce(d.lost_reason, '')) else '' end;
	if s.kind = 'lost' and d.lost_reason = '' then
		perform raise_fault('Why was it lost?', 'lost_reason',
		    'required');
	end if;
	perform check_lines(d.lost_reason, 'lost_reason');
	d.closed_at := case when s.kind <> 'open'
	    then coalesce(case when d.stage_id = was.stage_id
		then was.closed_at end, now()) end;
	return d;
end
$$;

-- Money of the input as the two columns.
create or replace function deal_input(p_input jsonb) returns jsonb
language sql immutable as $$
	select p_input - 'value' || case when p_input ? 'value'
	    then jsonb_build_object(
	    'value_amount', p_input -> 'value' -> 'amount',
	    'value_currency', p_input -> 'value' -> 'currency')
	    else '{}' end
$$;

create or replace function deal_tell(d deal) returns void
language plpgsql as $$
begin
	if d.owner_id is distinct from current_staff() then
		perform notify_staff(d.owner_id, 'deal_assigned',
		    jsonb_build_object('deal_id', d.id, 'number', d.number,
			'title', d.title));
	end if;
end
$$;

create or replace function deal_create(p_input jsonb)
returns table (body jsonb, version integer, location text)
language plpgsql security definer set search_path = duka, pg_temp as $$
#variable_conflict use_column
declare
	d deal;
begin
	perform demand('deals.write');
	d := jsonb_populate_record(null::deal, jsonb_build_object(
	    'id', gen_random_uuid(), 'owner_id', current_staff(),
	    'stage_id', (select s.id from deal_stage s where s.kind = 'open'
		order by s.position, s.id limit 1)) || deal_input(p_input));
	perform deal_board_lock();
	d := deal_checked(d, null);
	insert into deal (id, title, company_id, customer_id, owner_id,
	    value_amount, value_currency, expected_close, stage_id,
	    lost_reason, order_id, notes, position, closed_at, created_by)
	select d.id, d.title, d.company_id, d.customer_id, d.owner_id,
	    d.value_amount, d.value_currency, d.expected_close, d.stage_id,
	    d.lost_reason, d.order_id, d.notes,
	    deal_place(d.id, d.stage_id, null), d.closed_at, current_staff()
	returning * into d;
	perform deal_event_add(d.id, 'created', null, (select s.name
	    from deal_stage s where s.id = d.stage_id));
	perform deal_tell(d);
	return query select deal_json(d), d.version,
	    '/api/desk/deals/' || d.id;
end
$$;

create or replace function deal_changed(was deal, d deal) returns void
language plpgsql as $$
begin
	perform deal_event_add(d.id, 'stage',
	    (select s.name from deal_stage s where s.id = was.stage_id),
	    (select s.name from deal_stage s where s.id = d.stage_id)),
	    deal_event_add(d.id, 'owner',
	    (select s.name from staff s where s.id = was.owner_id),
	    (select s.name from staff s where s.id = d.owner_id)),
	    deal_event_add(d.id, 'value',
	    was.value_amount || ' ' || was.value_currency,
	    d.value_amount || ' ' || d.value_currency),
	    deal_event_add(d.id, 'close', was.expected_close::text,
	    d.expected_close::text);
	if was.owner_id is distinct from d.owner_id then
		perform deal_tell(d);
	end if;
end
$$;

create or replace function deal_change(p_id uuid, p_version integer,
    p_input jsonb) returns table (body jsonb, version integer)
language plpgsql security definer set search_path = duka, pg_temp as $$
#variable_conflict use_column
declare
	d deal;
	n deal;
begin
	perform demand('deals.write');
	if p_input ?| array['stage_id', 'after_id'] then
		perform deal_board_lock();
	end if;
	select * into d from deal x where x.id = p_id for update;
	if not found then
		return;
	end if;
	perform version_meant(d.version, p_version);
	n := deal_checked(jsonb_populate_record(d, deal_input(p_input)), d);
	if n.stage_id <> d.stage_id or p_input ? 'after_id' then
		n.position := deal_place(d.id, n.stage_id,
		    (p_input ->> 'after_id')::uuid);
	end if;
	if n is distinct from d then
		update deal x set title = n.title, company_id = n.company_id,
		    customer_id = n.customer_id, owner_id = n.owner_id,
		    value_amount = n.value_amount,
		    value_currency = n.value_currency,
		    expected_close = n.expected_close, stage_id = n.stage_id,
		    lost_reason = n.lost_reason, order_id = n.order_id,
		    notes = n.notes, position = n.position,
		    closed_at = n.closed_at, version = x.version + 1,
		    updated_at = clock_timestamp()
		where x.id = p_id returning * into n;
		perform deal_changed(d, n);
	end if;
	return query select deal_json(n), n.version;
end
$$;

create or replace function deal_remove(p_id uuid, p_version integer)
returns setof uuid
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	d deal;
begin
	perform demand('deals.write');
	select * into d from deal x where x.id = p_id for update;
	if found then
		perform version_meant(d.version, p_version);
		delete from deal x where x.id = p_id;
		return next p_id;
	end if;
end
$$;

-- Stages.

create or replace function stage_create(p_name text, p_kind text,
    p_probability integer)
returns table (body jsonb, version integer, location text)
language plpgsql security definer set search_path = duka, pg_temp as $$
#variable_conflict use_column
declare
	s deal_stage;
begin
	perform demand('deals.write');
	perform deal_board_lock();
	perform check_line(p_name, 'name');
	insert into deal_stage (name, kind, probability, position)
	select p_name, p_kind, case p_kind when 'won' then 100
	    when 'lost' then 0 else coalesce(p_probability, 50) end,
	    coalesce(max(x.position), 0) + 1 from deal_stage x
	returning * into s;
	return query select stage_json(s), s.version,
	    '/api/desk/stages/' || s.id;
end
$$;

-- What kind a stage is stays, or its deals would be closed by that.
create or replace function stage_change(p_id uuid, p_version integer,
    p_name text, p_probability integer)
returns table (body jsonb, version integer)
language plpgsql security definer set search_path = duka, pg_temp as $$
#variable_conflict use_column
declare
	s deal_stage;
begin
	perform demand('deals.write');
	select * into s from deal_stage x where x.id = p_id for update;
	if not found then
		return;
	elsif p_version is not null then
		perform check_version(s.version, p_version);
	end if;
	perform check_line(p_name, 'name');
	if s.kind <> 'open' and p_probability <> s.probability then
		perform raise_fault('is that of its kind', 'probability');
	end if;
	update deal_stage x set name = coalesce(p_name, x.name),
	    probability = coalesce(p_probability, x.probability),
	    version = x.version + 1
	where x.id = p_id returning * into s;
	return query select stage_json(s), s.version;
end
$$;

create or replace function stages_json() returns json
language sql stable as $$
	select json_build_object('items', coalesce(json_agg(stage_json(s)
	    order by s.position, s.id), '[]'), 'next', null)
	from deal_stage s
$$;

-- The version of all of them together, of nine digits, as If-Match takes it.
create or replace function stages_version() returns integer
language sql stable as $$
	select hashtext(string_agg(s.id || ' ' || s.version, ','
	    order by s.id)) & 536870911
	from deal_stage s
$$;

drop function if exists stages_order(jsonb);

-- All of them, each once.
create or replace function stages_order(p_version integer, p_ids jsonb)
returns table (body json, version integer)
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	perform demand('deals.write');
	perform deal_board_lock();
	perform version_meant(stages_version(), p_version);
	if jsonb_array_length(p_ids) <> (select count(*) from deal_stage)
	    or exists (select from deal_stage s
		where not p_ids ? s.id::text) then
		perform raise_fault('names all stages, each once', 'ids');
	end if;
	update deal_stage as s set position = i.n, version = s.version + 1
	from jsonb_array_elements_text(p_ids) with ordinality i (id, n)
	where s.id = i.id::uuid and s.position <> i.n;
	return query select stages_json(), stages_version();
end
$$;

-- One of each kind stays; and one with deals.
create or replace function stage_remove(p_id uuid, p_version integer)
returns setof uuid
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	s deal_stage;
begin
	perform demand('deals.write');
	perform deal_board_lock();
	select * into s from deal_stage x where x.id = p_id for update;
	if not found then
		return;
	elsif p_version is not null then
		perform check_version(s.version, p_version);
	end if;
	if not exists (select from deal_stage x
	    where x.kind = s.kind and x.id <> s.id) then
		raise exception 'One stage of each kind stays'
		    using errcode = 'UK409';
	end if;
	delete from deal_stage x where x.id = p_id;
	return next p_id;
end
$$;

-- What goes with a customer.

create or replace function export_deals(who uuid) returns json
language plpgsql stable as $$
begin
	return (select coalesce(json_agg(json_build_object('title', d.title,
	    'value', money(d.value_amount, d.value_currency),
	    'stage', s.name, 'notes', d.notes, 'lost_reason', d.lost_reason,
	    'created_at', wire_time(d.created_at)) order by d.number), '[]')
	    from deal d join deal_stage s on s.id = d.stage_id
	    where d.customer_id = who);
end
$$;

-- A deal with somebody who is erased stays in the books without words; one
-- with a company loses the person alone, and what was noted.
create or replace function forget_deals(who uuid) returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	ids uuid[] := array(select d.id from deal d
	    where d.customer_id = who);
begin
	update deal d set notes = '', title = '#' || d.number,
	    lost_reason = case when d.lost_reason = '' then '' else '-' end,
	    customer_id = case when d.company_id is null
		then d.customer_id end,
	    version = d.version + 1
	where d.id = any (ids);
	delete from kept_answer k
	where k.route like '% /api/desk/deals%' and exists (select
	    from unnest(ids) i where position(i::text in k.body) > 0);
	perform forget_staff_notices('deal_id', ids);
	perform audit_forget('deal', ids::text[]);
end
$$;

-- What a customer's timeline shows of tasks and deals; see timeline().

create or replace view timeline_task with (security_invoker) as
select t.customer_id, t.created_at as at, t.id::text as key,
    t.created_by as staff_id, jsonb_build_object('id', t.id,
	'number', t.number, 'title', t.title, 'status', t.status,
	'priority', t.priority, 'due_at', wire_time(t.due_at),
	'completed_at', wire_time(t.completed_at)) as data
from task t;

create or replace view timeline_deal with (security_invoker) as
select d.customer_id, d.created_at as at, d.id::text as key,
    d.created_by as staff_id, jsonb_build_object('id', d.id,
	'number', d.number, 'title', d.title, 'stage', s.name,
	'kind', s.kind, 'value', money(d.value_amount, d.value_currency))
	as data
from deal d join deal_stage s on s.id = d.stage_id;
