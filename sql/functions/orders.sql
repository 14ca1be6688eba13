-- SPDX-License-Identifier: ISC
-- Orders once they stand: what may not change, and what they show.

-- What an order was computed from and comes to is fixed when it is placed;
-- the states move only where order_transition has a way.
create or replace function order_guard() returns trigger
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	if not order_editing(old.id)
	    and (new.id, new.number, new.currency, new.tax_mode,
	    new.subtotal_amount, new.discount_amount, new.shipping_amount,
	    new.tax_amount, new.total_amount, new.quote, new.payment_method,
	    new.placed_at) is distinct from
	    (old.id, old.number, old.currency, old.tax_mode,
	    old.subtotal_amount, old.discount_amount, old.shipping_amount,
	    old.tax_amount, old.total_amount, old.quote, old.payment_method,
	    old.placed_at) then
		raise exception 'A placed order is not changed'
		    using errcode = 'UK409';
	end if;
	if new.state <> old.state and not exists (
	    select from order_transition t where t.axis = 'state'
	    and t.from_state = old.state and t.to_state = new.state) then
		perform raise_transition(old.state, new.state);
	end if;
	if new.payment_state <> old.payment_state and not exists (
	    select from order_transition t where t.axis = 'payment'
	    and t.from_state = old.payment_state
	    and t.to_state = new.payment_state) then
		perform raise_transition(old.payment_state,
		    new.payment_state);
	end if;
	new.version := old.version + 1;
	new.updated_at := now();
	return new;
end
$$;

-- Whether order_edit() is at work on it.
create or replace function order_editing(p_order uuid) returns boolean
language sql stable as $$
	select coalesce(current_setting('duka.order_edit', true)
	    = p_order::text, false)
$$;

create or replace function raise_transition(before text, after text)
returns void language plpgsql as $$
begin
	raise exception 'An order does not go from % to %', before, after
	    using errcode = 'UK540',
	    hint = jsonb_build_object('from', before, 'to', after)::text;
end
$$;

create or replace trigger customer_order_guard before update
    on customer_order for each row execute function order_guard();

-- Every change of state is a row: who, when, and the note said for it.
create or replace function order_moved() returns trigger
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	if new.state <> old.state then
		insert into order_event (order_id, kind, from_state, to_state,
		    note, data, staff_id, customer_id)
		values (new.id, 'state', old.state, new.state,
		    coalesce(current_setting('duka.order_note', true), ''),
		    coalesce(nullif(current_setting('duka.order_data', true),
		    ''), '{}')::jsonb, current_staff(), current_customer());
		if new.state not in ('pending', 'confirmed') then
			delete from order_basis where order_id = new.id;
		end if;
	end if;
	if new.payment_state <> old.payment_state then
		insert into order_event (order_id, kind, from_state, to_state,
		    note, staff_id, customer_id)
		values (new.id, 'payment', old.payment_state,
		    new.payment_state,
		    coalesce(current_setting('duka.order_note', true), ''),
		    current_staff(), current_customer());
	end if;
	return null;
end
$$;

create or replace trigger customer_order_moved
    after update of state, payment_state on customer_order
    for each row execute function order_moved();
create or replace trigger customer_order_audit after update
    on customer_order for each row execute function audit_row('id');

-- The lines sum to the order, or it is not placed.
create or replace function order_sum_check(p_order uuid) returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	o customer_order;
	s record;
begin
	select * into o from customer_order where id = p_order;
	select sum(l.subtotal_amount) as subtotal,
	    sum(l.discount_amount) as discount, sum(l.total_amount) as total,
	    bool_and(l.tax_mode = o.tax_mode) as one_mode
	into s from order_line l where l.order_id = p_order;
	if (s.subtotal, s.discount, s.total + o.shipping_amount, s.one_mode)
	    is distinct from (o.subtotal_amount::numeric,
	    o.discount_amount::numeric, o.total_amount::numeric, true) then
		raise exception 'The lines of % do not sum to it', o.number
		    using errcode = '23514',
		    constraint = 'customer_order_sum';
	end if;
end
$$;

create or replace function order_sum() returns trigger
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	perform order_sum_check(new.id);
	return null;
end
$$;

create or replace function order_lines_sum() returns trigger
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	perform order_sum_check(n.order_id)
	from (select distinct order_id from new_rows) n;
	return null;
end
$$;

drop trigger if exists customer_order_sum on customer_order;
create constraint trigger customer_order_sum after insert on customer_order
    deferrable initially deferred
    for each row execute function order_sum();
create or replace trigger order_line_sum after insert on order_line
    referencing new table as new_rows
    for each statement execute function order_lines_sum();

-- Of a line only what was shipped, and what came of it, may change.
create or replace function order_line_guard() returns trigger
language plpgsql as $$
declare
	same order_line := new;
begin
	if order_editing(old.order_id) then
		return case tg_op when 'DELETE' then old else new end;
	end if;
	if tg_op = 'UPDATE' then
		same.shipped := old.shipped;
		same.refunded := old.refunded;
		same.restocked := old.restocked;
		if same is not distinct from old
		    and new.shipped >= old.shipped
		    and new.restocked >= old.restocked then
			return new;
		end if;
	end if;
	raise exception 'A placed order is not changed'
	    using errcode = 'UK409';
end
$$;

create or replace trigger order_line_guard before update or delete
    on order_line for each row execute function order_line_guard();
select audited('order_line'), audited('shipment');

-- Only its words may go, with the person they tell of.
create or replace function order_event_stands() returns trigger
language plpgsql as $$
declare
	same order_event := new;
begin
	if tg_op = 'UPDATE' and new.note = '' and new.data = '{}' then
		same.note := old.note;
		same.data := old.data;
		if same is not distinct from old then
			return new;
		end if;
	end if;
	raise exception 'What happened is not changed'
	    using errcode = 'UK409';
end
$$;

create or replace trigger order_event_stands before update or delete
    on order_event for each row execute function order_event_stands();

-- As the API shows them.

drop function if exists order_line_json(order_line, text);
create or replace function order_line_json(l order_line, currency text,
    image text) returns json
language plpgsql stable as $$
begin
	return json_build_object('id', l.id, 'variant_id', l.variant_id,
	    'product_id', l.product_id, 'sku', l.sku, 'name', l.name,
	    'options', l.options, 'image', $3, 'quantity', l.quantity,
	    'shipped', l.shipped, 'refunded', l.refunded,
	    'returnable', returnable(l),
	    'unit_price', money(l.unit_amount, $2),
	    'subtotal', money(l.subtotal_amount, $2),
	    'discounts', l.discounts,
	    'discount', money(l.discount_amount, $2),
	    'tax_name', l.tax_name, 'tax_rate', trim_scale(l.tax_rate)::text,
	    'net', money(l.net_amount, $2), 'tax', money(l.tax_amount, $2),
	    'total', money(l.total_amount, $2));
end
$$;

create or replace function order_lines_json(p_order uuid, currency text)
returns json
language plpgsql stable as $$
#variable_conflict use_column
begin
	return (select coalesce(json_agg(order_line_json(l, $2,
	    q.lines -> (l.position - 1) ->> 'image') order by l.position),
	    '[]')
	from (select o.quote -> 'lines' as lines from customer_order o
	    where o.id = p_order offset 0) q
	join order_line l on l.order_id = p_order);
end
$$;

create or replace function shipments_json(p_order uuid) returns json
language plpgsql stable as $$
#variable_conflict use_column
begin
	return (select coalesce(json_agg(json_build_object('id', s.id,
	    'carrier', s.carrier, 'tracking_number', s.tracking_number,
	    'note', s.note, 'shipped_at', wire_time(s.shipped_at),
	    'delivered_at', wire_time(s.delivered_at),
	    'lines', (select json_agg(json_build_object('line_id', l.id,
		'sku', l.sku, 'name', l.name, 'quantity', i.quantity)
		order by l.position)
		from shipment_line i join order_line l
		on l.id = i.order_line_id where i.shipment_id = s.id))
	    order by s.shipped_at, s.id), '[]')
	from shipment s where s.order_id = p_order);
end
$$;

create or replace function order_can_cancel(o customer_order)
returns boolean
language plpgsql stable security definer set search_path = duka, pg_temp as $$
#variable_conflict use_column
begin
	return (select exists (select from order_transition t
	    where t.axis = 'state' and t.from_state = o.state
	    and t.to_state = 'cancelled' and t.by_customer));
end
$$;

create or replace function order_json(o customer_order) returns json
language plpgsql stable as $$
begin
	return json_build_object('id', o.id, 'number', o.number,
	    'state', o.state, 'payment_state', o.payment_state,
	    'payment', o.payment, 'email', o.email, 'name', o.name,
	    'currency', o.currency, 'tax_mode', o.tax_mode,
	    'lines', order_lines_json(o.id, o.currency),
	    'discounts', coalesce(o.quote -> 'discounts', '[]'),
	    'subtotal', money(o.subtotal_amount, o.currency),
	    'discount', money(o.discount_amount, o.currency),
	    'points', o.quote -> 'points', 'reward', o.quote -> 'reward',
	    'shipping', o.quote -> 'shipping',
	    'taxes', coalesce(o.quote -> 'taxes', '[]'),
	    'tax', money(o.tax_amount, o.currency),
	    'total', money(o.total_amount, o.currency),
	    'shipping_address', o.shipping_address,
	    'billing_address', o.billing_address, 'note', o.note,
	    'shipments', shipments_json(o.id),
	    'refunds', refunds_json(o.id), 'returns', returns_json(o.id),
	    'refunded', money(o.refunded_amount, o.currency),
	    'due', money(o.due_amount, o.currency),
	    'credit_note', order_credit_number(o.id),
	    'can_cancel', order_can_cancel(o),
	    'can_return', order_can_return(o),
	    'return_until', wire_time(return_until(o)),
	    'placed_at', wire_time(o.placed_at),
	    'updated_at', wire_time(o.updated_at), 'version', o.version);
end
$$;

create or replace function order_summary_json(o customer_order) returns json
language sql stable as $$
	select json_build_object('id', o.id, 'number', o.number,
	    'state', o.state, 'payment_state', o.payment_state,
	    'payment_method', o.payment_method,
	    'total', money(o.total_amount, o.currency),
	    'quantity', (select coalesce(sum(l.quantity), 0)
		from order_line l where l.order_id = o.id),
	    'placed_at', wire_time(o.placed_at))
$$;

create or replace function order_event_json(e order_event) returns json
language sql stable as $$
	select json_build_object('id', e.id, 'kind', e.kind,
	    'from', e.from_state, 'to', e.to_state, 'note', e.note,
	    'data', e.data, 'at', wire_time(e.at))
$$;

create or replace function order_staff_json(o customer_order) returns json
language plpgsql stable as $$
begin
	return (select (order_json(o)::jsonb || jsonb_build_object(
	    'customer_id', o.customer_id,
	    'guest', o.customer_id is null,
	    'short_of_stock', o.short_of_stock,
	    'transitions', order_ways(o), 'can_edit', order_can_edit(o),
	    'shipping_method_id', o.shipping_method_id,
	    'events', (select coalesce(jsonb_agg(
		order_event_json(e)::jsonb || jsonb_build_object(
		'public', e.public, 'staff_id', e.staff_id,
		'staff_name', order_staff_name(e.staff_id),
		'customer_id', e.customer_id) order by e.id), '[]')
		from order_event e where e.order_id = o.id)))::json);
end
$$;
