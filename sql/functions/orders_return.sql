-- SPDX-License-Identifier: ISC
-- Goods that come back: asked for by who bought them, decided and received by
-- staff.  What is received is refunded in the same transaction.

create or replace function raise_return(why text, data jsonb)
returns void language plpgsql as $$
begin
	raise exception '%', why using errcode = 'UK542', hint = data::text;
end
$$;

-- An event of a return, a new version of its order, and a mail about it.
create or replace function return_said(r order_return, p_from text,
    p_note text, p_mail boolean) returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	o customer_order;
begin
	insert into order_event (order_id, kind, from_state, to_state, note,
	    data, staff_id, customer_id)
	values (r.order_id, 'return', p_from, r.state, p_note,
	    jsonb_build_object('return_id', r.id), current_staff(),
	    current_customer());
	update customer_order set updated_at = now()
	where id = r.order_id returning * into o;
	if p_mail then
		perform order_mail('return-moved', o, jsonb_build_object(
		    'return', return_json(r),
		    r.state, true));
	end if;
end
$$;

-- The wanted lines, each once, if they are the order's.
create or replace function return_wanted(p_order uuid, p_lines jsonb)
returns table (line_id uuid, quantity integer, reason text)
language plpgsql stable security definer set search_path = duka, pg_temp as $$
#variable_conflict use_column
begin
	perform from refund_wanted(p_order, p_lines);
	return query select (j ->> 'line_id')::uuid,
	    sum((j ->> 'quantity')::integer)::integer,
	    coalesce(max(j ->> 'reason'), '')
	from jsonb_array_elements(p_lines) j group by 1;
end
$$;

create or replace function return_check(o customer_order, p_lines jsonb,
    any_time boolean default false) returns void
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	until timestamptz := return_until(o);
	over jsonb;
begin
	if until is null or until <= now() and not any_time then
		perform raise_return(case when until is null
		    then 'It has not been delivered'
		    else 'The time to return it is over' end,
		    jsonb_build_object('return_until', wire_time(until)));
	end if;
	select jsonb_agg(jsonb_build_object('line_id', l.id, 'sku', l.sku,
	    'wanted', w.quantity, 'returnable', returnable(l))
	    order by l.position)
	into over
	from return_wanted(o.id, p_lines) w
	join order_line l on l.id = w.line_id
	where w.quantity > returnable(l);
	if over is not null then
		perform raise_return('That is more than can be returned',
		    jsonb_build_object('lines', over));
	end if;
end
$$;

-- A customer, or a guest with the key, asks to return something.
create or replace function return_request(p_order uuid, p_key text,
    p_lines jsonb, p_note text) returns table (body json, version integer)
language plpgsql security definer set search_path = duka, pg_temp as $$
#variable_conflict use_column
declare
	o customer_order;
	r order_return;
begin
	select * into o from customer_order where id = p_order for update;
	if not found or not order_reached(o, p_key) then
		raise exception 'There is no such order'
		    using errcode = 'UK410';
	end if;
	perform return_check(o, p_lines);
	r := return_write(o, p_lines, p_note);
	return query select return_json(r), r.version;
end
$$;

create or replace function return_write(o customer_order, p_lines jsonb,
    p_note text) returns order_return
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	r order_return;
begin
	insert into order_return (order_id, number, note)
	select o.id, coalesce(max(x.number), 0) + 1, coalesce(p_note, '')
	from order_return x where x.order_id = o.id
	returning * into r;
	insert into order_return_line (return_id, order_line_id, quantity,
	    reason)
	select r.id, w.line_id, w.quantity, w.reason
	from return_wanted(o.id, p_lines) w;
	perform return_said(r, null, r.note, true);
	return r;
end
$$;

-- Staff open one for who asked by other ways, also when the time is over;
-- and may let it come at once.
create or replace function return_open(p_order uuid, p_version integer,
    p_lines jsonb, p_note text, p_approve boolean)
returns table (body json, version integer)
language plpgsql security definer set search_path = duka, pg_temp as $$
#variable_conflict use_column
declare
	o customer_order := order_lock(p_order, p_version, 'orders.write');
	r order_return;
begin
	perform return_check(o, p_lines, true);
	r := return_write(o, p_lines, p_note);
	if coalesce(p_approve, false) then
		return query select * from return_decide(r.id, null,
		    'approve', '');
		return;
	end if;
	return query select * from return_answer(r.id);
end
$$;

create or replace function order_returns(p_order uuid, p_key text)
returns table (body json)
language sql stable security definer set search_path = duka, pg_temp as $$
	select json_build_object('items', returns_json(o.id), 'next', null)
	from customer_order o where o.id = p_order and order_reached(o, p_key)
$$;

-- A return that staff mean to move, at the version they saw.  The order's
-- lock comes first, as everywhere.
create or replace function return_lock(p_return uuid, p_version integer,
    p_permission text) returns order_return
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	r order_return;
begin
	perform order_lock((select x.order_id from order_return x
	    where x.id = p_return), null, p_permission);
	select * into r from order_return x where x.id = p_return;
	perform version_meant(r.version, p_version);
	return r;
end
$$;

-- As staff see it: with the order it is of.
create or replace function return_staff_json(r order_return) returns json
language plpgsql stable as $$
#variable_conflict use_column
begin
	return (select (return_json(r)::jsonb || jsonb_build_object(
	    'order', jsonb_build_object('id', o.id, 'number', o.number,
	    'email', o.email, 'name', o.name, 'customer_id', o.customer_id,
	    'payment_state', o.payment_state, 'version', o.version),
	    'staff_id', r.staff_id))::json
	    from customer_order o where o.id = r.order_id);
end
$$;

create or replace function return_answer(p_return uuid)
returns table (body json, version integer)
language plpgsql stable security definer set search_path = duka, pg_temp as $$
#variable_conflict use_column
begin
	return query select return_staff_json(r), r.version
	from order_return r where r.id = p_return;
end
$$;

create or replace function return_decide(p_return uuid, p_version integer,
    p_decision text, p_note text) returns table (body json, version integer)
language plpgsql security definer set search_path = duka, pg_temp as $$
#variable_conflict use_column
declare
	was order_return := return_lock(p_return, p_version, 'orders.write');
	r order_return;
begin
	update order_return x set state = case p_decision
	    when 'approve' then 'approved' else 'refused' end,
	    decision_note = coalesce(p_note, ''), staff_id = current_staff(),
	    decided_at = now()
	where x.id = p_return returning * into r;
	perform return_said(r, was.state, r.decision_note, true);
	return query select * from return_answer(p_return);
end
$$;

-- What came: of each line so many whole, so many damaged; what isn't named
-- didn't come.
create or replace function return_count(r order_return, p_lines jsonb)
returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	if exists (select from jsonb_array_elements(p_lines) j
	    group by j ->> 'line_id' having count(*) > 1)
	    or exists (select from jsonb_array_elements(p_lines) j
	    left join order_return_line i on i.return_id = r.id
	    and i.order_line_id = (j ->> 'line_id')::uuid
	    where i.quantity is null or i.quantity
	    < (j ->> 'whole')::integer + (j ->> 'damaged')::integer) then
		raise exception 'That is not what was to come back'
		    using errcode = 'UK422';
	end if;
	if coalesce((select sum((j ->> 'whole')::integer
	    + (j ->> 'damaged')::integer)
	    from jsonb_array_elements(p_lines) j), 0) = 0 then
		raise exception 'Nothing came; refuse the return instead'
		    using errcode = 'UK422';
	end if;
	update order_return_line i set whole = (j ->> 'whole')::integer,
	    damaged = (j ->> 'damaged')::integer
	from jsonb_array_elements(p_lines) j
	where i.return_id = r.id
	and i.order_line_id = (j ->> 'line_id')::uuid;
end
$$;

-- Received, and refunded: all of it; only what is whole goes back on the
-- shelf.
create or replace function return_receive(p_return uuid, p_version integer,
    p_lines jsonb, p_shipping boolean, p_note text)
returns table (body json, version integer)
language plpgsql security definer set search_path = duka, pg_temp as $$
#variable_conflict use_column
declare
	r order_return := return_lock(p_return, p_version, 'orders.refund');
	paid refund;
begin
	perform claim_way('return', r.state, 'received');
	perform return_count(r, p_lines);
	paid := refund_make(order_of(r.order_id), (select jsonb_agg(jsonb_build_object(
	    'line_id', i.order_line_id, 'quantity', i.whole + i.damaged,
	    'restocked', i.whole)) from order_return_line i
	    where i.return_id = r.id and i.whole + i.damaged > 0),
	    coalesce(p_shipping, false), coalesce(p_note, ''), false);
	update order_return x set state = 'received', refund_id = paid.id,
	    received_at = now(), staff_id = current_staff()
	where x.id = r.id returning * into r;
	-- Its mail is the refund's.
	perform return_said(r, 'approved', coalesce(p_note, ''), false);
	return query select * from return_answer(p_return);
end
$$;

-- A return is as it was asked for; only its way and its words change, and
-- these only until somebody is forgotten.
create or replace function order_return_guard() returns trigger
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	if (new.id, new.order_id, new.number, new.requested_at)
	    is distinct from
	    (old.id, old.order_id, old.number, old.requested_at) then
		raise exception 'A return is not changed'
		    using errcode = 'UK409';
	end if;
	if new.state <> old.state or (new.note, new.decision_note)
	    is not distinct from (old.note, old.decision_note) then
		perform claim_way('return', old.state, new.state);
	end if;
	new.version := old.version + 1;
	return new;
end
$$;

create or replace trigger order_return_guard before update on order_return
    for each row execute function order_return_guard();
create or replace trigger order_return_stands before delete
    on order_return for each row execute function history_stands();
create or replace trigger order_return_line_stands before delete
    on order_return_line for each row execute function history_stands();
select audited('order_return');

-- An erased customer's words.
create or replace function forget_claims(p_customer uuid) returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	update order_return_line i set reason = ''
	from order_return r join customer_order o on o.id = r.order_id
	where i.return_id = r.id and o.customer_id = p_customer
	and i.reason <> '';
	update order_return r set note = ''
	from customer_order o
	where o.id = r.order_id and o.customer_id = p_customer
	and r.note <> '';
end
$$;
