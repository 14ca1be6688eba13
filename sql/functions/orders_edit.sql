-- SPDX-License-Identifier: ISC
-- Orders that staff change before they are packed.  The program asks for the
-- facts, computes the quote, and has it written, all in one transaction, as
-- when it was placed; the facts are those it was placed with (order_basis),
-- so that a promotion that ended meanwhile still counts and a price that rose
-- doesn't.

create or replace function order_can_edit(o customer_order) returns boolean
language plpgsql stable security definer set search_path = duka, pg_temp as $$
begin
	return o.state in ('pending', 'confirmed')
	    and o.payment_state in ('unpaid', 'paid')
	    and o.refunded_amount = 0 and not o.shipping_refunded
	    and exists (select from order_basis b where b.order_id = o.id)
	    and not exists (select from order_line l
	    where l.order_id = o.id and l.shipped > 0);
end
$$;

create or replace function order_zone(address jsonb) returns uuid
language sql stable security definer set search_path = duka, pg_temp as $$
	select zone_of(coalesce(address ->> 'country',
	    setting_of('shop.country')), address ->> 'postcode')
$$;

-- An order's lines that were bought, not given, each with what it was priced
-- from.
create or replace function order_bought(o customer_order, basis jsonb)
returns table (line_id uuid, n integer, variant_id uuid, quantity integer,
    facts jsonb)
language sql stable security definer set search_path = duka, pg_temp as $$
	select l.id, l.position, l.variant_id, l.quantity, f.facts
	from order_line l
	join jsonb_array_elements(basis -> 'lines') f (facts)
	    on f.facts ->> 'variant_id' = l.variant_id::text
	where l.order_id = o.id and not coalesce((o.quote -> 'lines'
	    -> (l.position - 1) ->> 'gift')::boolean, false)
$$;

-- The wanted changes, if they are of lines and products that are there: each
-- of one line by its id, or of a product that the order doesn't have yet.
create or replace function order_edit_check(o customer_order, basis jsonb,
    wanted jsonb) returns void
language plpgsql stable security definer set search_path = duka, pg_temp as $$
begin
	if exists (select from jsonb_array_elements(wanted) w
	    where (w ->> 'line_id' is null) = (w ->> 'variant_id' is null)
	    or w ->> 'variant_id' is not null
	    and (w ->> 'quantity')::integer = 0)
	    or exists (select from jsonb_array_elements(wanted) w
	    group by coalesce(w ->> 'line_id', w ->> 'variant_id')
	    having count(*) > 1) then
		perform raise_fault('Each change is of one line, or adds one '
		    'product', 'lines');
	end if;
	if exists (select from jsonb_array_elements(wanted) w
	    left join order_bought(o, basis) b
	    on b.line_id::text = w ->> 'line_id'
	    or b.variant_id::text = w ->> 'variant_id'
	    where (b.line_id is null) <> (w ->> 'line_id' is null)) then
		perform raise_fault('The order has no such line, or has that '
		    'product already', 'lines');
	end if;
end
$$;

-- Products that are added, at today's price.
create or replace function order_added(wanted jsonb, zone uuid,
    currency text) returns jsonb
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	variants uuid[];
	quantities integer[];
	found record;
begin
	select array_agg((w ->> 'variant_id')::uuid),
	    array_agg((w ->> 'quantity')::integer)
	into variants, quantities
	from jsonb_array_elements(wanted) w where w ->> 'variant_id' is not null;
	if variants is null then
		return '[]';
	end if;
	select f.lines::jsonb as lines, f.unavailable into found
	from line_facts(array(select gen_random_uuid()
	    from unnest(variants)), variants, quantities,
	    array_fill(null::bigint, array[cardinality(variants)]), zone,
	    currency) f;
	if json_array_length(found.unavailable) > 0
	    or jsonb_array_length(found.lines) < cardinality(variants) then
		raise exception 'That product is not sold'
		    using errcode = 'UK510';
	end if;
	return found.lines;
end
$$;

-- Lines with the taxes of another zone.
create or replace function lines_taxed(lines jsonb, zone uuid)
returns jsonb
language sql stable security definer set search_path = duka, pg_temp as $$
	select coalesce(jsonb_agg(j.line || jsonb_build_object('tax_rate',
	    trim_scale(coalesce(r.rate, 0))::text,
	    'tax_name', coalesce(r.name, 'none')) order by j.n), '[]')
	from jsonb_array_elements(lines) with ordinality j (line, n)
	left join product p on p.id = (j.line ->> 'product_id')::uuid
	left join tax_rate r on r.zone_id = zone
	    and r.tax_class = p.tax_class
$$;

-- The promotions of then: with a coupon only those whose use it still has,
-- and gifts by what is there now beside what it holds.
create or replace function order_promotions(o customer_order, basis jsonb,
    zone uuid) returns jsonb
language sql stable security definer set search_path = duka, pg_temp as $$
	select coalesce(jsonb_agg(case when p -> 'gift' ->> 'variant_id'
	    is null then p else jsonb_set(p, '{gift}',
	    lines_taxed(jsonb_build_array(p -> 'gift'), zone) -> 0
	    || jsonb_build_object('available',
	    available((p #>> '{gift,variant_id}')::uuid) + coalesce((
		select sum(r.quantity) from reservation r
		where r.order_id = o.id and r.variant_id
		= (p #>> '{gift,variant_id}')::uuid), 0))) end order by n),
	    '[]')
	from jsonb_array_elements(basis -> 'promotions')
	    with ordinality j (p, n)
	where p ->> 'code' is null or exists (select from coupon_use u
	    join coupon c on c.id = u.coupon_id
	    where u.order_id = o.id and c.code = p ->> 'code'
	    and u.state in ('held', 'used'))
$$;

-- What it took of points, as the most that it may take now.
create or replace function order_loyalty(o customer_order, basis jsonb)
returns jsonb
language sql immutable as $$
	select case when jsonb_typeof(basis -> 'loyalty') = 'object' then
	    basis -> 'loyalty' || jsonb_build_object('wanted', s.points,
	    'balance', s.points + s.cost, 'reward', case when s.cost > 0
		then basis #> '{loyalty,reward}' end) end
	from (select coalesce((o.quote #>> '{points,redeemed}')::bigint, 0)
	    as points, case when (o.quote #>> '{reward,applied}')::boolean
	    then (o.quote #>> '{reward,cost}')::bigint else 0 end as cost) s
$$;

-- Locks an order that is to be changed, at the version that is meant, and
-- says what it would then be computed from.
create or replace function order_edit_facts(p_order uuid,
    p_version integer, p jsonb, out facts jsonb)
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	o customer_order := order_lock(p_order, p_version, 'orders.write');
	wanted jsonb := coalesce(p -> 'lines', '[]');
	ship jsonb := coalesce(address_of(null, p -> 'shipping_address'),
	    o.shipping_address);
	zone uuid := order_zone(ship);
	method uuid := coalesce((p ->> 'shipping_method_id')::uuid,
	    o.shipping_method_id);
	moved boolean := zone is distinct from order_zone(o.shipping_address);
	basis jsonb;
	lines jsonb;
begin
	if not order_can_edit(o) then
		raise exception 'It can''t be changed any more'
		    using errcode = 'UK543';
	end if;
	select b.facts into basis from order_basis b where b.order_id = o.id;
	perform order_edit_check(o, basis, wanted);
	select coalesce(jsonb_agg(b.facts || jsonb_build_object('id',
	    b.line_id, 'quantity', coalesce((w ->> 'quantity')::integer,
	    b.quantity)) order by b.n), '[]')
	into lines
	from order_bought(o, basis) b
	left join jsonb_array_elements(wanted) w
	    on w ->> 'line_id' = b.line_id::text
	where coalesce((w ->> 'quantity')::integer, 1) > 0;
	lines := lines || order_added(wanted, zone, o.currency);
	if jsonb_array_length(lines) = 0 then
		perform raise_fault('An order without goods is to be '
		    'cancelled', 'lines');
	end if;
	if moved or p ->> 'shipping_method_id' is not null then
		perform order_method(method, ship ->> 'country',
		    ship ->> 'postcode', ship is not null);
		basis := basis || jsonb_build_object('shipping',
		    shipping_facts(zone));
	end if;
	facts := basis || jsonb_build_object('lines', case when moved
	    then lines_taxed(lines, zone) else lines end,
	    'promotions', order_promotions(o, basis, zone),
	    'loyalty', order_loyalty(o, basis),
	    'shipping_method_id', method);
end
$$;

-- What a new total means for an order that was paid: what is still to come,
-- or goes back.
create or replace function order_difference(o customer_order, total bigint,
    out due bigint, out back bigint)
language sql immutable as $$
	select greatest(0, d.open), greatest(0, -d.open)
	from (select case when o.payment_state = 'paid'
	    then o.due_amount + total - o.total_amount else 0 end as open) d
$$;

create or replace function order_edit_preview(p_order uuid, p_quote jsonb)
returns json
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	o customer_order := order_of(p_order);
	d record := order_difference(o, (p_quote #>> '{total,amount}')::bigint);
begin
	return json_build_object('lines', (select json_agg(json_build_object(
	    'line_id', l.id, 'variant_id', j ->> 'variant_id',
	    'sku', j ->> 'sku', 'name', j ->> 'name',
	    'gift', coalesce((j ->> 'gift')::boolean, false),
	    'quantity', j -> 'quantity', 'unit_price', j -> 'unit_price',
	    'discount', j -> 'discount', 'total', j -> 'total') order by n)
	    from jsonb_array_elements(p_quote -> 'lines')
	    with ordinality x (j, n)
	    left join order_line l on l.order_id = o.id
	    and l.id::text = j ->> 'id'),
	    'discounts', p_quote -> 'discounts',
	    'points', p_quote -> 'points',
	    'shipping', p_quote -> 'shipping', 'tax', p_quote -> 'tax',
	    'total', p_quote -> 'total',
	    'before', money(o.total_amount, o.currency),
	    'due', money(d.due, o.currency),
	    'back', money(d.back, o.currency));
end
$$;

-- An order as its history keeps it before and after a change.
create or replace function order_kept(o customer_order) returns jsonb
language sql stable security definer set search_path = duka, pg_temp as $$
	select jsonb_build_object('lines', (select jsonb_agg(
	    jsonb_build_object('sku', l.sku, 'name', l.name,
	    'quantity', l.quantity, 'total', money(l.total_amount,
	    o.currency)) order by l.position)
	    from order_line l where l.order_id = o.id),
	    'shipping', money(o.shipping_amount, o.currency),
	    'total', money(o.total_amount, o.currency),
	    'shipping_address', o.shipping_address,
	    'billing_address', o.billing_address)
$$;

-- Points that the changed order takes no more.
create or replace function order_points_less(o customer_order,
    quote jsonb) returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	taken record := order_points(o.id);
	now_taken bigint := coalesce((quote #>> '{points,redeemed}')::bigint, 0)
	    + case when (quote #>> '{reward,applied}')::boolean
	    then (quote #>> '{reward,cost}')::bigint else 0 end;
	less integer;
begin
	less := taken.redeemed - taken.returned - coalesce(now_taken,
	    coalesce((quote #>> '{points,redeemed}')::bigint, 0));
	if less <= 0 then
		return;
	end if;
	perform points_account_lock(o.customer_id);
	perform points_give_back(o, less);
	update customer_order c set edited_points = c.edited_points + less
	where c.id = o.id;
	if not coalesce((quote #>> '{reward,applied}')::boolean, false) then
		delete from reward_use where order_id = o.id;
	end if;
end
$$;

-- Coupons that the changed order doesn't use are given back.
create or replace function order_coupons_less(p_order uuid, quote jsonb)
returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	u record;
begin
	for u in select c.id from coupon_use x
	    join coupon c on c.id = x.coupon_id
	    where x.order_id = p_order and x.state <> 'released'
	    and not exists (select
	    from jsonb_array_elements(quote -> 'discounts') d
	    where d ->> 'code' = c.code) order by c.id for update of c
	loop
		update coupon set uses = uses - 1 where id = u.id;
		update coupon_use set state = 'released'
		where order_id = p_order and coupon_id = u.id;
	end loop;
end
$$;

-- Lets go of what it held and holds what it is now, under the locks of both.
create or replace function order_reserve_again(o customer_order,
    quote jsonb) returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	variants uuid[];
	quantities integer[];
begin
	select array_agg((l ->> 'variant_id')::uuid),
	    array_agg((l ->> 'quantity')::integer)
	into variants, quantities
	from jsonb_array_elements(quote -> 'lines') l;
	perform stock_lock(variants || array(select r.variant_id
	    from reservation r where r.order_id = o.id));
	perform stock_release(o.id);
	perform stock_reserve(o.id, variants, quantities,
	    case when o.state = 'pending'
	    then (o.payment ->> 'due_at')::timestamptz end);
end
$$;

-- How it is paid now: another amount, and if goods are held for a payment,
-- no shorter than a day from now.
create or replace function order_payment(o customer_order, total jsonb,
    due bigint) returns jsonb
language sql stable as $$
	select o.payment || case when o.payment ? 'amount' then
	    jsonb_build_object('amount', case when due > 0
		then money(due, o.currency)::jsonb else total end)
	    else '{}' end
	    || case when o.payment ? 'due_at' and o.state = 'pending' then
	    jsonb_build_object('due_at', wire_time(greatest(
		(o.payment ->> 'due_at')::timestamptz,
		now() + interval '1 day'))) else '{}' end
$$;

-- What it became cheaper by goes back.
create or replace function order_edit_refund(o customer_order,
    was customer_order, back bigint, p_state text, p_note text)
returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	r refund;
begin
	perform demand('orders.refund');
	insert into refund (order_id, number, state, cause, goods_amount,
	    goods_subtotal_amount, tax_amount, amount, currency, method,
	    reason, staff_id, settled_at)
	select o.id, coalesce(max(x.number), 0) + 1, p_state, 'edit', back, 0,
	    least(back, greatest(0, was.tax_amount - o.tax_amount)), back,
	    o.currency, o.payment_method, p_note, current_staff(),
	    case p_state when 'done' then now() end
	from refund x where x.order_id = o.id
	returning * into r;
	perform refund_event(r, null, p_state = 'done', p_note);
end
$$;

-- Writes a changed order, which order_edit_facts() locked in this
-- transaction.
create or replace function order_edit(p_order uuid, p jsonb, p_facts jsonb,
    p_quote jsonb) returns table (body json, version integer)
language plpgsql security definer set search_path = duka, pg_temp as $$
#variable_conflict use_column
declare
	o customer_order := order_lock(p_order, null, 'orders.write');
	was customer_order := o;
	before jsonb := order_kept(o);
	note text := coalesce(p ->> 'note', '');
	d record := order_difference(o, (p_quote #>> '{total,amount}')::bigint);
begin
	perform check_expected(p -> 'expected_total', p_quote -> 'total');
	perform set_config('duka.order_edit', o.id::text, true);
	delete from order_line where order_id = o.id;
	update customer_order c set subtotal_amount = s.subtotal,
	    discount_amount = s.discount,
	    shipping_amount = coalesce((p_quote
		#>> '{shipping,total,amount}')::bigint, 0),
	    tax_amount = (p_quote #>> '{tax,amount}')::bigint,
	    total_amount = (p_quote #>> '{total,amount}')::bigint,
	    due_amount = d.due, quote = p_quote - 'shipping_methods',
	    payment = order_payment(o, p_quote -> 'total', d.due),
	    shipping_method_id = (p_facts ->> 'shipping_method_id')::uuid,
	    shipping_address = coalesce(address_of(null,
		p -> 'shipping_address'), c.shipping_address),
	    billing_address = coalesce(address_of(null,
		p -> 'billing_address'), c.billing_address),
	    short_of_stock = false
	from (select sum((l #>> '{subtotal,amount}')::bigint) as subtotal,
	    sum((l #>> '{discount,amount}')::bigint) as discount
	    from jsonb_array_elements(p_quote -> 'lines') l) s
	where c.id = o.id returning c.* into o;
	perform order_lines_write(o.id, p_quote, true);
	perform set_config('duka.order_edit', '', true);
	update order_basis set facts = p_facts where order_id = o.id;
	perform order_points_less(o, p_quote);
	perform order_coupons_less(o.id, p_quote);
	perform order_reserve_again(o, p_quote);
	insert into order_event (order_id, kind, note, data, staff_id)
	values (o.id, 'edit', note, jsonb_build_object('before', before,
	    'after', order_kept(o)), current_staff());
	if d.back > 0 then
		perform order_edit_refund(o, was, d.back,
		    coalesce(p ->> 'refund', 'pending'), note);
	end if;
	perform order_mail('order-changed', c, jsonb_build_object(
	    'reason', note, 'before', money(was.total_amount, o.currency),
	    'back', money(nullif(d.back, 0), o.currency),
	    'open', money(nullif(d.due, 0), o.currency)))
	from customer_order c where c.id = o.id;
	return query select * from order_answer(p_order, true);
end
$$;
