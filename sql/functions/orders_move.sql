-- SPDX-License-Identifier: ISC
-- How orders move: paid, shipped, cancelled, ordered again, forgotten.

create or replace function order_say(note text, data jsonb) returns void
language sql as $$
	select set_config('duka.order_note', coalesce(note, ''), true),
	    set_config('duka.order_data', coalesce(data, '{}')::text, true)
$$;

-- The goods of an order that have not shipped yet.
create or replace function order_rest(p_order uuid, out variants uuid[],
    out quantities integer[])
language sql stable security definer set search_path = duka, pg_temp as $$
	select coalesce(array_agg(l.variant_id), '{}'),
	    coalesce(array_agg(l.quantity - l.shipped), '{}')
	from order_line l
	where l.order_id = p_order and l.quantity > l.shipped
$$;

create or replace function order_hold(p_order uuid) returns void
language sql security definer set search_path = duka, pg_temp as $$
	select stock_hold(p_order, r.variants, r.quantities)
	from order_rest(p_order) r
$$;

-- Paid: its coupons are used, its goods are held for good.  If these went to
-- others after their time, the order stands, in front of staff.
create or replace function order_paid(o customer_order) returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	short boolean := false;
begin
	perform earn_points(o.id);
	perform coupons_used(o.id);
	if o.state = 'cancelled' then
		return;
	end if;
	begin
		perform order_hold(o.id);
	exception when sqlstate 'UK501' then
		short := true;
	end;
	update customer_order set short_of_stock = short,
	    state = case when state = 'pending' then 'confirmed'
		else state end
	where id = o.id;
end
$$;

-- Cancelled: points, coupons and goods go back, what was only authorised is
-- void, and money that came goes back as `p_refund` says: done, pending (it
-- is still to go out), or none.
drop function if exists order_cancelled(customer_order);
create or replace function order_cancelled(o customer_order, p_refund text)
returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	if o.payment_state = 'authorised' then
		update customer_order set payment_state = 'failed'
		where id = o.id;
	elsif o.payment_state in ('paid', 'partly_refunded')
	    and p_refund in ('done', 'pending') then
		perform order_refund_rest(o.id, p_refund);
	end if;
	perform order_credit_write(c) from customer_order c where c.id = o.id;
	perform return_points(o.id);
	perform coupons_released(o.id);
	perform stock_release(o.id);
	perform order_mail('order-cancelled', c, jsonb_build_object('reason',
	    coalesce(current_setting('duka.order_note', true), '')))
	from customer_order c where c.id = o.id;
end
$$;

-- Ships goods of an order: the lines and quantities named, or all the rest.
create or replace function order_ship(o customer_order, lines jsonb,
    p_carrier text, p_tracking text, p_note text) returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	ids uuid[];
	variants uuid[];
	counts integer[];
	made uuid;
	rest boolean;
begin
	if o.state <> 'processing' then
		perform raise_transition(o.state, 'shipped');
	end if;
	select array_agg(l.id), array_agg(l.variant_id),
	    array_agg(coalesce(w.quantity, l.quantity - l.shipped))
	into ids, variants, counts
	from order_line l left join (
	    select (j ->> 'line_id')::uuid as id,
	    sum((j ->> 'quantity')::integer)::integer as quantity
	    from jsonb_array_elements(lines) j group by 1) w on w.id = l.id
	where l.order_id = o.id and (lines is null
	    and l.quantity > l.shipped or w.id is not null);
	if ids is null or lines is not null and cardinality(ids) <>
	    (select count(distinct j ->> 'line_id')
	    from jsonb_array_elements(lines) j) then
		raise exception 'There is nothing of that to ship'
		    using errcode = 'UK422';
	end if;
	if exists (select from order_line l
	    join unnest(ids, counts) u (id, quantity) on u.id = l.id
	    where u.quantity > l.quantity - l.shipped) then
		raise exception 'That is more than is left to ship'
		    using errcode = 'UK422';
	end if;
	perform stock_take(o.id, variants, counts, o.number);
	update order_line l set shipped = l.shipped + u.quantity
	from unnest(ids, counts) u (id, quantity) where l.id = u.id;
	insert into shipment (order_id, carrier, tracking_number, note,
	    staff_id)
	values (o.id, coalesce(p_carrier, ''), coalesce(p_tracking, ''),
	    coalesce(p_note, ''), current_staff()) returning id into made;
	insert into shipment_line (shipment_id, order_line_id, quantity)
	select made, u.id, u.quantity from unnest(ids, counts) u (id, quantity);
	rest := exists (select from order_line l where l.order_id = o.id
	    and l.quantity > l.shipped);
	perform order_say(p_note, jsonb_build_object('shipment_id', made,
	    'carrier', coalesce(p_carrier, ''),
	    'tracking_number', coalesce(p_tracking, '')));
	if rest then
		insert into order_event (order_id, kind, note, data, staff_id)
		values (o.id, 'shipment', coalesce(p_note, ''),
		    current_setting('duka.order_data')::jsonb,
		    current_staff());
	end if;
	-- The version counts shipments too.
	update customer_order c
	set state = case when rest then c.state else 'shipped' end,
	    short_of_stock = c.short_of_stock and rest
	where c.id = o.id;
	perform order_mail('order-shipped', c, jsonb_build_object(
	    'partial', rest, 'carrier', coalesce(p_carrier, ''),
	    'tracking_number', coalesce(p_tracking, ''),
	    'shipment', (select s from jsonb_array_elements(
		shipments_json(o.id)::jsonb) s where s ->> 'id' = made::text)))
	from customer_order c where c.id = o.id;
end
$$;

-- An order that staff who may mean to change, or whose money or goods they
-- mean to move: locked, at the version they saw.
drop function if exists order_lock(uuid, integer);
drop function if exists claim_lock(uuid, integer, text);
create or replace function order_lock(p_order uuid, p_version integer,
    p_permission text) returns customer_order
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	o customer_order;
begin
	perform demand(p_permission);
	select * into o from customer_order where id = p_order for update;
	if not found then
		raise exception 'There is no such order'
		    using errcode = 'UK410';
	end if;
	perform version_meant(o.version, p_version);
	return o;
end
$$;

create or replace function order_of(p_order uuid) returns customer_order
language sql stable security definer set search_path = duka, pg_temp as $$
	select o from customer_order o where o.id = p_order
$$;

-- An order as it is after what was just done; not a part of the statement
-- that did it, which would still see it as it was.
create or replace function order_answer(p_order uuid, for_staff boolean)
returns table (body json, version integer)
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	o customer_order := order_of(p_order);
begin
	body := case when for_staff then order_staff_json(o)
	    else order_json(o) end;
	version := o.version;
	return next;
end
$$;

-- Staff move an order along one of the listed ways.
create or replace function order_move(p_order uuid, p_version integer,
    p_to text, p_note text, p_carrier text, p_tracking text,
    p_refund text default null)
returns table (body json, version integer)
language plpgsql security definer set search_path = duka, pg_temp as $$
#variable_conflict use_column
declare
	o customer_order := order_lock(p_order, p_version,
	    'orders.write');
	before text;
begin
	perform order_say(p_note, '{}');
	select case t.axis when 'state' then o.state else o.payment_state end
	into before from order_transition t where t.to_state = p_to limit 1;
	if not exists (select from order_transition t where t.to_state = p_to
	    and t.from_state = before)
	    -- What has left the house is not cancelled.
	    or p_to = 'cancelled' and exists (select from order_line l
	    where l.order_id = o.id and l.shipped > 0) then
		perform raise_transition(coalesce(before, o.state), p_to);
	end if;
	if p_to = 'shipped' then
		perform order_ship(o, null, p_carrier, p_tracking, p_note);
		return query select * from order_answer(p_order, true);
		return;
	end if;
	if p_to = 'cancelled' then
		perform order_refund_said(o, p_refund);
	end if;
	if p_to in ('confirmed', 'processing') then
		perform order_hold(o.id);
	end if;
	if p_to in ('confirmed', 'processing', 'delivered', 'cancelled') then
		update customer_order set state = p_to, short_of_stock =
		    short_of_stock and p_to not in ('confirmed', 'processing')
		where id = o.id;
	else
		update customer_order set payment_state = p_to
		where id = o.id;
	end if;
	if p_to = 'cancelled' then
		perform order_cancelled(o, p_refund);
	elsif p_to = 'delivered' then
		update shipment set delivered_at = now()
		where order_id = o.id and delivered_at is null;
		perform earn_points(o.id);
		perform order_mail('order-delivered', c, jsonb_build_object(
		    'return_day', return_until(c)::date))
		from customer_order c where c.id = o.id;
	elsif p_to = 'paid' then
		perform order_paid(o);
	elsif p_to = 'failed' then
		perform coupons_released(o.id);
	end if;
	return query select * from order_answer(p_order, true);
end
$$;

create or replace function order_ship_part(p_order uuid, p_version integer,
    p_lines jsonb, p_carrier text, p_tracking text, p_note text)
returns table (body json, version integer)
language plpgsql security definer set search_path = duka, pg_temp as $$
#variable_conflict use_column
declare
	o customer_order := order_lock(p_order, p_version,
	    'orders.write');
begin
	perform order_ship(o, p_lines, p_carrier, p_tracking, p_note);
	return query select * from order_answer(p_order, true);
end
$$;

create or replace function order_note(p_order uuid, p_note text,
    p_public boolean) returns json
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	e order_event;
begin
	perform demand('orders.write');
	perform from customer_order where id = p_order;
	if not found then
		raise exception 'There is no such order'
		    using errcode = 'UK410';
	end if;
	insert into order_event (order_id, kind, note, public, staff_id)
	values (p_order, 'note', p_note, p_public, current_staff())
	returning * into e;
	return order_event_json(e);
end
$$;

-- Whether an order is the caller's own.
create or replace function order_mine(o customer_order) returns boolean
language sql stable as $$
	select coalesce(o.customer_id = current_customer()
	    or o.guest_digest = current_guest(), false)
$$;

-- The customer's, or the guest's, own cancelling, while it is allowed.
create or replace function order_cancel(p_order uuid, p_key text,
    p_note text) returns table (body json, version integer)
language plpgsql security definer set search_path = duka, pg_temp as $$
#variable_conflict use_column
declare
	o customer_order;
begin
	select * into o from customer_order where id = p_order for update;
	if not found or not order_reached(o, p_key) then
		raise exception 'There is no such order'
		    using errcode = 'UK410';
	end if;
	if not order_can_cancel(o) then
		perform raise_transition(o.state, 'cancelled');
	end if;
	perform order_say(p_note, '{}');
	update customer_order set state = 'cancelled' where id = o.id;
	-- The money that came goes out again by staff.
	perform order_cancelled(o, 'pending');
	return query select * from order_answer(p_order, false);
end
$$;

-- Puts what is still sold of an order into the caller's cart, and names what
-- is not.
create or replace function order_again(p_order uuid) returns json
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	o customer_order := order_of(p_order);
	mine uuid;
	l record;
	added integer := 0;
	capped jsonb := '[]';
	missing jsonb := '[]';
	why text;
begin
	if o.id is null or not order_mine(o) then
		raise exception 'There is no such order'
		    using errcode = 'UK410';
	end if;
	mine := open_cart();
	for l in select i.*, s.can from order_line i
	    left join lateral sold(i.variant_id) s on true
	    where i.order_id = o.id
	    -- What was a gift is not bought now.
	    and not coalesce((o.quote -> 'lines' -> (i.position - 1)
	    ->> 'gift')::boolean, false) order by i.position
	loop
		why := case when l.can is null then 'NOT_SOLD'
		    when l.can < 1 then 'OUT_OF_STOCK'
		    when (select count(*) from cart_line c
			where c.cart_id = mine
			and c.variant_id <> l.variant_id) >= 100
		    then 'CART_FULL' end;
		if why is null then
			capped := capped || cart_put(mine, l.variant_id,
			    l.quantity);
			added := added + 1;
		else
			missing := missing || jsonb_build_object('code', why,
			    'variant_id', l.variant_id, 'sku', l.sku,
			    'name', l.name, 'quantity', l.quantity);
		end if;
	end loop;
	return json_build_object('cart_id', mine, 'added', added,
	    'capped', capped, 'missing', missing);
end
$$;

-- An erased customer's orders stay as books without the person.
create or replace function forget_orders(p_customer uuid) returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	update customer_order o set email = 'erased@invalid', name = '',
	    note = '', shipping_address = case when o.shipping_address
		is not null then jsonb_build_object('country',
		o.shipping_address ->> 'country') end,
	    billing_address = case when o.billing_address is not null
		then jsonb_build_object('country',
		o.billing_address ->> 'country') end
	where o.customer_id = p_customer;
	update coupon_use set email = 'erased@invalid'
	where customer_id = p_customer;
	update order_event e set note = '', data = '{}'
	from customer_order o
	where o.customer_id = p_customer and e.order_id = o.id
	and (e.note <> '' or e.data <> '{}');
	update shipment s set note = '' from customer_order o
	where o.customer_id = p_customer and s.order_id = o.id
	and s.note <> '';
	delete from order_basis b using customer_order o
	where o.customer_id = p_customer and b.order_id = o.id;
	perform forget_claims(p_customer);
	perform forget_papers(p_customer);
	delete from cart c where c.customer_id = p_customer
	and c.state <> 'ordered';
end
$$;
