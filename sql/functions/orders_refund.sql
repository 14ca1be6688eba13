-- SPDX-License-Identifier: ISC
-- Money that goes back.  All of it under the order's lock; the constraints
-- customer_order_refunded_range and order_line_refunded_range would hold it
-- without.

-- What of an amount falls to the first `k` of `n` pieces, shared out by whole
-- units: what doesn't divide goes to the last ones, one each.  Whichever way
-- one comes to k pieces, it is the same.
create or replace function first_pieces(amount bigint, n integer, k integer)
returns bigint language sql immutable parallel safe as $$
	select amount / n * k + greatest(0, k - (n - amount % n))
$$;

create or replace function raise_refund(why text, lines jsonb default null)
returns void language plpgsql as $$
begin
	if lines is null then
		raise exception '%', why using errcode = 'UK541';
	end if;
	raise exception '%', why using errcode = 'UK541',
	    hint = jsonb_build_object('lines', lines)::text;
end
$$;

-- The lines of a refund, each once: which, how many, how many of them go
-- back on the shelf.  All are the order's, or it is refused.
create or replace function refund_wanted(p_order uuid, p_lines jsonb)
returns table (line_id uuid, quantity integer, restocked integer)
language plpgsql stable security definer set search_path = duka, pg_temp as $$
#variable_conflict use_column
begin
	if exists (select from jsonb_array_elements(p_lines) j
	    where not exists (select from order_line l
	    where l.order_id = p_order
	    and l.id = (j ->> 'line_id')::uuid)) then
		raise exception 'The order has no such line'
		    using errcode = 'UK422';
	end if;
	return query select (j ->> 'line_id')::uuid,
	    sum((j ->> 'quantity')::integer)::integer,
	    sum(coalesce((j ->> 'restocked')::integer,
		case when (j ->> 'restock')::boolean
		then (j ->> 'quantity')::integer else 0 end))::integer
	from jsonb_array_elements(p_lines) j group by 1;
end
$$;

-- Refuses what was not shipped (unless the order is cancelled, and nothing
-- will be), what was refunded already, and what can't be on the shelf again.
create or replace function refund_check(o customer_order, p_lines jsonb,
    p_shipping boolean) returns void
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	over jsonb;
begin
	if o.payment_state not in ('paid', 'partly_refunded') then
		perform raise_refund('Nothing was paid that could go back');
	end if;
	if p_shipping and o.shipping_refunded then
		perform raise_refund('The shipping was refunded already');
	end if;
	if not p_shipping and jsonb_array_length(p_lines) = 0 then
		raise exception 'A refund is of goods or of the shipping'
		    using errcode = 'UK422';
	end if;
	select jsonb_agg(jsonb_build_object('line_id', l.id, 'sku', l.sku,
	    'wanted', w.quantity, 'refundable', t.most) order by l.position)
	into over
	from refund_wanted(o.id, p_lines) w
	join order_line l on l.id = w.line_id
	cross join lateral (select case when o.state = 'cancelled'
	    then l.quantity else l.shipped end - l.refunded as most) t
	where w.quantity > t.most;
	if over is not null then
		perform raise_refund('That is more than can be refunded',
		    over);
	end if;
	if exists (select from refund_wanted(o.id, p_lines) w
	    join order_line l on l.id = w.line_id
	    where w.restocked > l.shipped - l.restocked) then
		perform raise_refund('What never left is not put back');
	end if;
end
$$;

-- What each line of a refund comes to, from the order's snapshot: what falls
-- to as many pieces as will then be refunded, less what was given for those
-- before.  So the last piece takes what is left, also after a refund failed.
create or replace function refund_priced(o customer_order, p_lines jsonb)
returns table (line_id uuid, quantity integer, restocked integer,
    amount bigint, tax_amount bigint, subtotal_amount bigint)
language sql stable security definer set search_path = duka, pg_temp as $$
	select l.id, w.quantity, w.restocked, a.amount,
	    least(a.amount, greatest(0, first_pieces(l.tax_amount,
		l.quantity, l.refunded + w.quantity) - g.tax_amount)),
	    l.unit_amount * w.quantity
	from refund_wanted(o.id, p_lines) w
	join order_line l on l.id = w.line_id
	cross join lateral (select coalesce(sum(i.amount), 0)::bigint
	    as amount, coalesce(sum(i.tax_amount), 0)::bigint as tax_amount
	    from refund_line i join refund f on f.id = i.refund_id
	    where i.order_line_id = l.id and f.state <> 'failed') g
	cross join lateral (select greatest(0, first_pieces(l.total_amount,
	    l.quantity, l.refunded + w.quantity) - g.amount) as amount) a
$$;

-- A refund's lines, and the shipping as one without an id; no more in all
-- than was paid.
create or replace function refund_parts(o customer_order, p_lines jsonb,
    p_shipping boolean)
returns table (line_id uuid, quantity integer, restocked integer,
    amount bigint, tax_amount bigint, subtotal_amount bigint)
language sql stable security definer set search_path = duka, pg_temp as $$
	with part as (
		select p.*, l.position
		from refund_priced(o, p_lines) p
		join order_line l on l.id = p.line_id
		union all
		select null, 0, 0, o.shipping_amount, coalesce((o.quote
		    #>> '{shipping,tax,amount}')::bigint, 0), 0, 2147483647
		where p_shipping
	)
	select c.line_id, c.quantity, c.restocked, c.amount,
	    least(c.tax_amount, c.amount), c.subtotal_amount
	from (select p.line_id, p.quantity, p.restocked, p.tax_amount,
	    p.subtotal_amount, greatest(0, least(p.amount, o.total_amount
	    - o.due_amount - o.refunded_amount + p.amount
	    - sum(p.amount) over (order by p.position)))::bigint as amount
	    from part p) c
$$;

-- What a refund would come to, exactly.
create or replace function order_refund_preview(p_order uuid,
    p_lines jsonb, p_shipping boolean) returns json
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	o customer_order := order_of(p_order);
	wanted jsonb := coalesce(p_lines, '[]');
begin
	perform demand('orders.refund');
	if o.id is null then
		raise exception 'There is no such order'
		    using errcode = 'UK410';
	end if;
	perform refund_check(o, wanted, coalesce(p_shipping, false));
	return (select json_build_object('lines', coalesce(json_agg(
	    json_build_object('line_id', p.line_id, 'quantity', p.quantity,
	    'amount', money(p.amount, o.currency),
	    'tax', money(p.tax_amount, o.currency)))
	    filter (where p.line_id is not null), '[]'),
	    'shipping', money(coalesce(sum(p.amount)
		filter (where p.line_id is null), 0)::bigint, o.currency),
	    'tax', money(sum(p.tax_amount)::bigint, o.currency),
	    'amount', money(sum(p.amount)::bigint, o.currency),
	    'left', money((o.total_amount - o.due_amount - o.refunded_amount
		- sum(p.amount))::bigint, o.currency))
	from refund_parts(o, wanted, coalesce(p_shipping, false)) p);
end
$$;

-- Writes a refund and its lines.
create or replace function refund_write(o customer_order, p_lines jsonb,
    p_shipping boolean, p_reason text, p_state text) returns refund
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	r refund;
	made uuid := gen_random_uuid();
begin
	with part as materialized (
		select * from refund_parts(o, p_lines, p_shipping)
	), whole as (
		insert into refund (id, order_id, number, state, goods_amount,
		    goods_subtotal_amount, shipping, shipping_amount,
		    tax_amount, amount, currency, method, reason, staff_id,
		    settled_at)
		select made, o.id, (select coalesce(max(x.number), 0) + 1
		    from refund x where x.order_id = o.id), p_state,
		    coalesce(sum(p.amount)
			filter (where p.line_id is not null), 0),
		    coalesce(sum(p.subtotal_amount), 0), p_shipping,
		    coalesce(sum(p.amount)
			filter (where p.line_id is null), 0),
		    coalesce(sum(p.tax_amount), 0),
		    coalesce(sum(p.amount), 0), o.currency,
		    o.payment_method, p_reason, current_staff(),
		    case when p_state <> 'pending' then now() end
		from part p
	)
	insert into refund_line (refund_id, order_line_id, quantity,
	    restocked, amount, tax_amount)
	select made, p.line_id, p.quantity, p.restocked, p.amount,
	    p.tax_amount from part p where p.line_id is not null;
	select * into r from refund where id = made;
	return r;
end
$$;

create or replace function refund_event(r refund, p_from text,
    p_public boolean, p_note text) returns void
language sql security definer set search_path = duka, pg_temp as $$
	insert into order_event (order_id, kind, from_state, to_state, note,
	    data, public, staff_id)
	values (r.order_id, 'refund', p_from, r.state, p_note,
	    jsonb_build_object('refund_id', r.id,
	    'amount', money(r.amount, r.currency)), p_public, current_staff())
$$;

-- The money is on its way: the payment's state follows, the points too, and
-- the customer gets word.
create or replace function refund_effects(p_refund uuid) returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	r refund;
	o customer_order;
begin
	select * into r from refund where id = p_refund;
	perform order_say(r.reason, '{}');
	update customer_order c set payment_state = case
	    when order_refunded_whole(c) then 'refunded'
	    else 'partly_refunded' end
	where c.id = r.order_id returning * into o;
	perform reverse_points(o.id, r.goods_subtotal_amount,
	    o.subtotal_amount);
	perform order_mail('refunded', o, jsonb_build_object(
	    'refund', refund_json(r)));
end
$$;

-- Whether all was given back that was paid; of an order that cost nothing,
-- whether all pieces were taken back.
create or replace function order_refunded_whole(o customer_order)
returns boolean
language sql stable security definer set search_path = duka, pg_temp as $$
	select coalesce(sum(r.amount), 0) >= o.total_amount - o.due_amount
	    and (o.total_amount > 0 or not exists (select from order_line l
	    where l.order_id = o.id and l.refunded < l.quantity))
	from refund r where r.order_id = o.id and r.state = 'done'
	and r.cause = 'goods'
$$;

-- Makes a refund of an order that is locked.
create or replace function refund_make(o customer_order, p_lines jsonb,
    p_shipping boolean, p_reason text, p_pending boolean) returns refund
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	r refund;
begin
	perform refund_check(o, p_lines, p_shipping);
	r := refund_write(o, p_lines, p_shipping, p_reason,
	    case when p_pending then 'pending' else 'done' end);
	update order_line l set refunded = l.refunded + i.quantity,
	    restocked = l.restocked + i.restocked
	from refund_line i
	where i.refund_id = r.id and l.id = i.order_line_id;
	update customer_order c
	set refunded_amount = c.refunded_amount + r.amount,
	    shipping_refunded = c.shipping_refunded or r.shipping
	where c.id = o.id;
	perform refund_event(r, null, not p_pending, p_reason);
	if not p_pending then
		perform refund_effects(r.id);
	end if;
	perform refund_restock(r, o.number);
	return r;
end
$$;

-- Goods that came back whole, onto the shelf they were taken from.
create or replace function refund_restock(r refund, p_why text)
returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	variants uuid[];
begin
	select array_agg(distinct l.variant_id) into variants
	from refund_line i join order_line l on l.id = i.order_line_id
	where i.refund_id = r.id and i.restocked > 0;
	if variants is null then
		return;
	end if;
	perform stock_lock(variants);
	perform stock_say('return', p_why, r.order_id);
	update stock s set on_hand = s.on_hand + b.quantity
	from (select l.variant_id, sum(i.restocked)::integer as quantity,
	    (select x.location_id from stock x
	    join location w on w.id = x.location_id
	    where x.variant_id = l.variant_id
	    order by (select sum(m.change) from stock_movement m
		where m.order_id = r.order_id and m.kind = 'shipment'
		and m.variant_id = x.variant_id
		and m.location_id = x.location_id) nulls last,
	    w.active desc, w.position, w.code limit 1) as location_id
	    from refund_line i join order_line l on l.id = i.order_line_id
	    where i.refund_id = r.id and i.restocked > 0
	    group by l.variant_id) b
	where s.variant_id = b.variant_id and s.location_id = b.location_id;
end
$$;

-- A cancelled order's money, all that is left of it.
create or replace function order_refund_rest(p_order uuid, p_state text)
returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	o customer_order := order_of(p_order);
	rest jsonb;
begin
	select coalesce(jsonb_agg(jsonb_build_object('line_id', l.id,
	    'quantity', l.quantity - l.refunded)), '[]') into rest
	from order_line l
	where l.order_id = o.id and l.quantity > l.refunded;
	if jsonb_array_length(rest) > 0 or not o.shipping_refunded then
		perform refund_make(o, rest, not o.shipping_refunded,
		    coalesce(current_setting('duka.order_note', true), ''),
		    p_state = 'pending');
	end if;
end
$$;

-- Who cancels what was paid says what becomes of the money, and may.
create or replace function order_refund_said(o customer_order,
    p_refund text) returns void
language plpgsql stable security definer set search_path = duka, pg_temp as $$
begin
	if o.payment_state not in ('paid', 'partly_refunded') then
		return;
	end if;
	if p_refund is null then
		perform raise_fault('It was paid: say what becomes of the '
		    'money', 'refund', 'required');
	end if;
	if p_refund <> 'none' and not permitted('orders.refund') then
		raise exception 'Money is given back by staff who may'
		    using errcode = 'UK403';
	end if;
end
$$;

-- Staff give money back.
create or replace function order_refund(p_order uuid, p_version integer,
    p_lines jsonb, p_shipping boolean, p_reason text, p_pending boolean)
returns table (body json, version integer)
language plpgsql security definer set search_path = duka, pg_temp as $$
#variable_conflict use_column
declare
	o customer_order := order_lock(p_order, p_version, 'orders.refund');
begin
	perform refund_make(o, coalesce(p_lines, '[]'),
	    coalesce(p_shipping, false), coalesce(p_reason, ''),
	    coalesce(p_pending, false));
	return query select * from order_answer(p_order, true);
end
$$;

-- A pending refund went out, or failed.  If it failed its pieces can be
-- refunded again; goods that were put back stay there.
create or replace function refund_settle(p_order uuid, p_version integer,
    p_refund uuid, p_to text, p_note text)
returns table (body json, version integer)
language plpgsql security definer set search_path = duka, pg_temp as $$
#variable_conflict use_column
declare
	o customer_order := order_lock(p_order, p_version, 'orders.refund');
	r refund;
begin
	update refund f set state = p_to, settled_at = now()
	where f.id = p_refund and f.order_id = o.id returning * into r;
	if not found then
		raise exception 'The order has no such refund'
		    using errcode = 'UK410';
	end if;
	if r.cause = 'edit' and p_to = 'failed' then
		perform raise_refund('The order was changed: what it became '
		    'cheaper by is the customer''s');
	end if;
	perform refund_event(r, 'pending', p_to = 'done',
	    coalesce(p_note, ''));
	if r.cause = 'edit' then
		perform order_mail('refunded', c, jsonb_build_object(
		    'refund', refund_json(r)))
		from customer_order c where c.id = o.id;
		update customer_order set updated_at = now() where id = o.id;
	elsif p_to = 'done' then
		perform refund_effects(r.id);
	else
		update order_line l set refunded = l.refunded - i.quantity
		from refund_line i
		where i.refund_id = r.id and l.id = i.order_line_id;
		update customer_order c
		set refunded_amount = c.refunded_amount - r.amount,
		    shipping_refunded = c.shipping_refunded
			and not r.shipping
		where c.id = o.id;
	end if;
	return query select * from order_answer(p_order, true);
end
$$;

-- What the database itself holds to.

-- Nobody says that money went back: a refund does.
create or replace function order_refunded_guard() returns trigger
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	if new.payment_state <> old.payment_state and (
	    new.payment_state = 'partly_refunded' and not exists (
		select from refund r where r.order_id = new.id
		and r.state = 'done' and r.cause = 'goods')
	    or new.payment_state = 'refunded'
	    and not order_refunded_whole(new)) then
		perform raise_transition(old.payment_state,
		    new.payment_state);
	end if;
	return new;
end
$$;

create or replace trigger customer_order_refunded
    before update of payment_state on customer_order
    for each row execute function order_refunded_guard();

create or replace function claim_way(p_axis text, p_from text, p_to text)
returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	if not exists (select from claim_transition t where t.axis = p_axis
	    and t.from_state = p_from and t.to_state = p_to) then
		raise exception 'A % does not go from % to %', p_axis, p_from,
		    p_to using errcode = 'UK540',
		    hint = jsonb_build_object('from', p_from,
		    'to', p_to)::text;
	end if;
end
$$;

-- A refund is as it was made; only its outcome is still to come.
create or replace function refund_guard() returns trigger
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	same refund := new;
begin
	same.state := old.state;
	same.settled_at := old.settled_at;
	if same is distinct from old then
		raise exception 'A refund is not changed'
		    using errcode = 'UK409';
	end if;
	perform claim_way('refund', old.state, new.state);
	return new;
end
$$;

create or replace trigger refund_guard before update on refund
    for each row execute function refund_guard();
create or replace trigger refund_stands before delete on refund
    for each row execute function history_stands();
create or replace trigger refund_line_stands before update or delete
    on refund_line for each row execute function history_stands();
select audited('refund');
