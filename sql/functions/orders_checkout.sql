-- SPDX-License-Identifier: ISC
-- From a cart to an order.  The program asks for the facts, computes the
-- quote, and places the order, all in one transaction.
--
-- Locks are taken in one order everywhere: customer, cart, order, points,
-- coupons, stock, the catalogue's rows.  Those that many want at once come
-- last, just before the commit.

create or replace function raise_missing(what text, field text)
returns void language plpgsql as $$
begin
	perform raise_fault(what, field, 'required');
end
$$;

-- An address of the caller's book, as an order keeps it.
create or replace function book_address(p_address uuid, p_customer uuid)
returns jsonb
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	found_address jsonb;
begin
	select jsonb_strip_nulls(jsonb_build_object('name', a.name,
	    'company', a.company, 'line1', a.line1, 'line2', a.line2,
	    'city', a.city, 'region', a.region, 'postcode', a.postcode,
	    'country', a.country, 'phone', a.phone))
	into found_address from customer_address a
	where a.id = p_address and a.customer_id = p_customer;
	if not found then
		perform raise_missing('There is no such address', 'address_id');
	end if;
	return found_address;
end
$$;

-- Who orders: mail address and name.
create or replace function buyer_of(p_customer uuid, p_email text,
    out email text, out name text)
language plpgsql stable security definer set search_path = duka, pg_temp as $$
begin
	email := p_email;
	name := '';
	if p_customer is not null then
		select c.email, btrim(c.given_name || ' ' || c.family_name)
		into email, name from customer c where c.id = p_customer;
	end if;
end
$$;

create or replace function checkout_open() returns void
language plpgsql as $$
begin
	if setting_of('switch.checkout') = 'off' then
		raise exception 'No orders are taken at the moment'
		    using errcode = 'UK531';
	end if;
	if current_customer() is null
	    and setting_of('switch.guest_checkout') = 'off' then
		raise exception 'Please sign in to order'
		    using errcode = 'UK401';
	end if;
	-- An account that is being erased at this moment is waited for: an
	-- order must not keep an address that was to be forgotten.
	if current_customer() is not null then
		perform from customer where id = current_customer()
		    and state = 'active' for share;
		if not found then
			raise exception 'The session has ended'
			    using errcode = 'UK404';
		end if;
	end if;
end
$$;

-- Whether orders are taken and where they can be sent: null is anywhere.
create or replace function checkout_options() returns json
language sql stable security definer set search_path = duka, pg_temp as $$
	select json_build_object(
	    'open', setting_of('switch.checkout') is distinct from 'off',
	    'guests', setting_of('switch.guest_checkout')
		is distinct from 'off',
	    'country', setting_of('shop.country'),
	    'currency', setting_of('shop.currency'),
	    'countries', case when not exists (select from shipping_method m
		where m.active and m.needs_address and m.zone_id is null)
	    then (select coalesce(json_agg(distinct a.country), '[]')
		from tax_zone_area a
		join shipping_method m on m.zone_id = a.zone_id
		where m.active and m.needs_address) end)
$$;

-- Refuses lines that can't be had now, before much work is done; what counts
-- is decided under lock, when the goods are reserved.
create or replace function check_there(variants uuid[], quantities integer[],
    unavailable json) returns void
language plpgsql stable security definer set search_path = duka, pg_temp as $$
begin
	if json_array_length(unavailable) > 0 then
		perform raise_short((select jsonb_agg((j - 'id' - 'quantity')
		    || jsonb_build_object('wanted', j -> 'quantity',
		    'available', 0))
		    from jsonb_array_elements(unavailable::jsonb) j));
	end if;
	if exists (select from unnest(variants, quantities) u (id, quantity)
	    left join available_of(variants) a on a.variant_id = u.id
	    where u.quantity > coalesce(a.quantity, 0)) then
		perform raise_short(stock_short(variants, quantities));
	end if;
end
$$;

-- The way of shipping an order takes; an address if it needs one.
create or replace function order_method(method uuid, country text,
    postcode text, has_address boolean) returns jsonb
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	m shipping_method;
begin
	if method is null then
		perform raise_missing('Choose a way of shipping',
		    'shipping_method_id');
	end if;
	select * into m from shipping_method where id = method and active;
	if not found or not shipping_offered(method, zone_of(
	    coalesce(country, setting_of('shop.country')), postcode)) then
		perform raise_not_shipped();
	end if;
	if m.needs_address and not has_address then
		perform raise_missing('Say where to send it',
		    'shipping_address');
	end if;
	return jsonb_build_object('id', m.id, 'code', m.code, 'name', m.name,
	    'needs_address', m.needs_address);
end
$$;

-- Locks the caller's cart and gathers what its order needs: `context` is who
-- and where, `facts` is for pricing.
create or replace function checkout_facts(p_input jsonb, out cart_id uuid,
    out context jsonb, out facts json)
language plpgsql security definer set search_path = duka, pg_temp
set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
	mine uuid;
	c cart;
	ids uuid[];
	variants uuid[];
	quantities integer[];
	added bigint[];
	coupons uuid[];
	unavailable json;
	buyer record;
	ship jsonb;
	bill jsonb;
	method jsonb;
	k coupon;
begin
	perform checkout_open();
	mine := lock_cart();
	select * into c from cart where id = mine;
	select array_agg(l.id order by l.number),
	    array_agg(l.variant_id order by l.number),
	    array_agg(l.quantity order by l.number),
	    array_agg(l.added_amount order by l.number)
	into ids, variants, quantities, added
	from cart_line l where l.cart_id = mine;
	if ids is null then
		raise exception 'The cart is empty' using errcode = 'UK512';
	end if;
	select * into buyer
	from buyer_of(current_customer(), p_input ->> 'email');
	ship := address_of(p_input ->> 'address_id',
	    p_input -> 'shipping_address');
	bill := coalesce(address_of(p_input ->> 'billing_address_id',
	    p_input -> 'billing_address'), ship);
	method := order_method(coalesce(
	    (p_input ->> 'shipping_method_id')::uuid, c.shipping_method_id),
	    ship ->> 'country', ship ->> 'postcode', ship is not null);
	coupons := array(select x.coupon_id from cart_coupon x
	    where x.cart_id = mine);
	select f.facts, f.unavailable into facts, unavailable
	from order_facts(ids, variants, quantities, added,
	    current_customer(), buyer.email, coupons, ship ->> 'country',
	    ship ->> 'postcode', (method ->> 'id')::uuid,
	    c.points, c.reward_id) f;
	perform check_loyalty(current_customer(), c.points, c.reward_id);
	-- After the facts were read, not before: a coupon used up meanwhile is
	-- refused here; looked at first it would just not count.
	for k in select * from coupon where id = any (coupons) order by id
	loop
		perform raise_coupon(coupon_fault(k, current_customer(),
		    buyer.email), k.code);
	end loop;
	perform check_there(variants, quantities, unavailable);
	cart_id := mine;
	context := jsonb_build_object('email', buyer.email,
	    'name', coalesce(nullif(buyer.name, ''), ship ->> 'name',
	    bill ->> 'name', ''), 'shipping_address', ship,
	    'billing_address', bill, 'shipping_method', method,
	    'note', coalesce(p_input ->> 'note', ''),
	    'payment_method', p_input ->> 'payment_method');
end
$$;

-- An address by its id in the caller's book, or as it was given.
create or replace function address_of(p_address text, given jsonb)
returns jsonb
language plpgsql stable security definer set search_path = duka, pg_temp as $$
begin
	if p_address is not null then
		return book_address(p_address::uuid, current_customer());
	end if;
	return given || jsonb_build_object('country',
	    upper(given ->> 'country'));
end
$$;

-- One product bought at once, by its own id or a variant's, to the default
-- address of the book; without one it waits at the shop.
create or replace function purchase_facts(p_product uuid, p_quantity integer,
    out cart_id uuid, out context jsonb, out facts json)
language plpgsql security definer set search_path = duka, pg_temp
set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
	chosen uuid;
	unavailable json;
	buyer record;
	ship jsonb;
	method uuid;
begin
	perform checkout_open();
	select v.id into chosen from variant v
	join product p on p.id = v.product_id and p.status = 'active'
	where (v.id = p_product or v.product_id = p_product)
	and v.status = 'active'
	order by v.id = p_product desc, available(v.id) >= p_quantity desc,
	    v.position, v.id limit 1;
	if chosen is null then
		raise exception 'There is no such product'
		    using errcode = 'UK410';
	end if;
	select * into buyer from buyer_of(current_customer(), null);
	select book_address(a.id, a.customer_id) into ship
	from customer_address a where a.customer_id = current_customer()
	and a.is_default_shipping;
	select m.id into method from shipping_method m
	where m.needs_address = (ship is not null)
	and shipping_offered(m.id, zone_of(coalesce(ship ->> 'country',
	    setting_of('shop.country')), ship ->> 'postcode'))
	order by m.position, m.code limit 1;
	if method is null then
		select m.id into method from shipping_method m
		where m.active and not m.needs_address
		order by m.position, m.code limit 1;
	end if;
	if method is null then
		perform raise_not_shipped();
	end if;
	select f.facts, f.unavailable into facts, unavailable
	from order_facts(array[gen_random_uuid()], array[chosen],
	    array[p_quantity], array[price_now(chosen)], current_customer(), buyer.email, '{}',
	    ship ->> 'country', ship ->> 'postcode', method, 0, null) f;
	perform check_there(array[chosen], array[p_quantity], unavailable);
	context := jsonb_build_object('email', buyer.email,
	    'name', buyer.name, 'shipping_address', ship,
	    'billing_address', ship, 'shipping_method', order_method(method,
	    ship ->> 'country', ship ->> 'postcode', ship is not null),
	    'note', '', 'payment_method', 'on_delivery');
end
$$;

-- Holds a use of each coupon for an order, under the coupon's lock.
create or replace function coupons_hold(p_order uuid, p_customer uuid,
    p_email text, codes text[], until timestamptz) returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	c coupon;
	expired integer;
begin
	for c in select * from coupon where code = any (codes)
	    order by id for update
	loop
		update coupon_use set state = 'released'
		where coupon_id = c.id and state = 'held'
		and expires_at <= now();
		get diagnostics expired = row_count;
		c.uses := c.uses - expired;
		perform raise_coupon(coupon_fault(c, p_customer, p_email),
		    c.code);
		-- coupon_uses_limit stands behind this.
		update coupon set uses = c.uses + 1 where id = c.id;
		insert into coupon_use (coupon_id, order_id, customer_id,
		    email, expires_at)
		values (c.id, p_order, p_customer, normal_email(p_email),
		    until);
	end loop;
end
$$;

-- Paid: held becomes used.  One that was given back meanwhile is taken again
-- if there is one left; the order's price stands either way.
create or replace function coupons_used(p_order uuid) returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	u record;
begin
	for u in select c.id, c.uses, c.max_uses, x.state
	    from coupon_use x join coupon c on c.id = x.coupon_id
	    where x.order_id = p_order order by c.id for update
	loop
		if u.state = 'held' then
			update coupon_use set state = 'used', expires_at = null
			where order_id = p_order and coupon_id = u.id;
		elsif u.state = 'released'
		    and coalesce(u.uses < u.max_uses, true) then
			update coupon set uses = uses + 1 where id = u.id;
			update coupon_use set state = 'used', expires_at = null
			where order_id = p_order and coupon_id = u.id;
		end if;
	end loop;
end
$$;

create or replace function coupons_released(p_order uuid) returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	u record;
begin
	for u in select c.id, x.state
	    from coupon_use x join coupon c on c.id = x.coupon_id
	    where x.order_id = p_order order by c.id for update
	loop
		if u.state <> 'released' then
			update coupon set uses = uses - 1 where id = u.id;
			update coupon_use set state = 'released'
			where order_id = p_order and coupon_id = u.id;
		end if;
	end loop;
end
$$;

-- What was quoted is what is in the cart, which is locked.
create or replace function check_quoted(p_cart uuid, quote jsonb)
returns void
language plpgsql stable security definer set search_path = duka, pg_temp as $$
begin
	if exists (select from (select l.variant_id, l.quantity
	    from cart_line l where l.cart_id = p_cart) c
	    full join (select (j ->> 'variant_id')::uuid as variant_id,
	    (j ->> 'quantity')::integer as quantity
	    from jsonb_array_elements(quote -> 'lines') j
	    where not coalesce((j ->> 'gift')::boolean, false)) q
	    using (variant_id, quantity)
	    where c.variant_id is null or q.variant_id is null) then
		raise exception 'The cart changed meanwhile'
		    using errcode = 'UK409';
	end if;
end
$$;

-- The lines as quoted; those of a changed order keep the ids they had, which
-- are then the quote's.
create or replace function order_lines_write(p_order uuid, quote jsonb,
    keep_ids boolean default false) returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	insert into order_line (id, order_id, position, variant_id, product_id,
	    sku, name, options, quantity, unit_amount, subtotal_amount,
	    discounts, discount_amount, tax_name, tax_rate, tax_mode,
	    net_amount, tax_amount, total_amount)
	select case when keep_ids
	    and not coalesce((l ->> 'gift')::boolean, false)
	    then (l ->> 'id')::uuid else gen_random_uuid() end, p_order, j.n, (l ->> 'variant_id')::uuid,
	    (l ->> 'product_id')::uuid, l ->> 'sku', l ->> 'name',
	    l -> 'options', (l ->> 'quantity')::integer,
	    (l #>> '{unit_price,amount}')::bigint,
	    (l #>> '{subtotal,amount}')::bigint, l -> 'discounts',
	    (l #>> '{discount,amount}')::bigint,
	    coalesce(l ->> 'tax_name', ''), (l ->> 'tax_rate')::numeric,
	    quote ->> 'tax_mode', (l #>> '{net,amount}')::bigint,
	    (l #>> '{tax,amount}')::bigint, (l #>> '{total,amount}')::bigint
	from jsonb_array_elements(quote -> 'lines') with ordinality j (l, n);
end
$$;

-- Writes the order itself, as quoted.
create or replace function order_write(p_cart uuid, context jsonb,
    quote jsonb, p_payment jsonb) returns customer_order
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	o customer_order;
	ordered bigint := nextval('order_number');
begin
	insert into customer_order (number, customer_id, guest_digest, cart_id,
	    email, name, payment_method, payment, currency, tax_mode,
	    subtotal_amount, discount_amount, shipping_amount, tax_amount,
	    total_amount, quote, shipping_method_id, shipping_address,
	    billing_address, note)
	select 'D-' || ordered, current_customer(),
	    case when current_customer() is null then current_guest() end,
	    p_cart, context ->> 'email', context ->> 'name',
	    context ->> 'payment_method', p_payment - 'hold_seconds'
	    || jsonb_build_object('reference', 'D-' || ordered)
	    || case when p_payment ? 'hold_seconds' then
	    jsonb_build_object('due_at', wire_time(now() + make_interval(
	    secs => (p_payment ->> 'hold_seconds')::integer)))
	    else '{}' end,
	    quote ->> 'currency', quote ->> 'tax_mode', s.subtotal,
	    s.discount, coalesce((quote #>> '{shipping,total,amount}')::bigint,
	    0), (quote #>> '{tax,amount}')::bigint,
	    (quote #>> '{total,amount}')::bigint,
	    quote - 'shipping_methods',
	    (context #>> '{shipping_method,id}')::uuid,
	    nullif(context -> 'shipping_address', 'null'),
	    nullif(context -> 'billing_address', 'null'), context ->> 'note'
	from (select sum((l #>> '{subtotal,amount}')::bigint) as subtotal,
	    sum((l #>> '{discount,amount}')::bigint) as discount
	    from jsonb_array_elements(quote -> 'lines') l) s
	returning * into o;
	return o;
end
$$;

-- The total that the client saw, if it says one.
create or replace function check_expected(expected jsonb, total jsonb)
returns void language plpgsql as $$
begin
	if expected is not null and expected <> total then
		raise exception 'The total is not what it was'
		    using errcode = 'UK532', hint = jsonb_build_object(
		    'expected', expected, 'total', total)::text;
	end if;
end
$$;

-- Places an order whole, or not at all.  `p_payment` is what the provider
-- said: its instructions, and for how many seconds goods are held for it
-- (none: until they ship).  The facts are kept while it can be changed.
create or replace function place_order(p_cart uuid, p_context jsonb,
    p_quote jsonb, p_payment jsonb, p_expected jsonb,
    p_facts jsonb default null)
returns table (body json, location text, version integer)
language plpgsql security definer set search_path = duka, pg_temp
set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
	o customer_order;
	until timestamptz := now() + make_interval(
	    secs => (p_payment ->> 'hold_seconds')::integer);
	codes text[];
	variants uuid[];
	quantities integer[];
begin
	perform check_expected(p_expected, p_quote -> 'total');
	if p_cart is not null then
		perform check_quoted(p_cart, p_quote);
		update cart set state = 'ordered', updated_at = now()
		where id = p_cart and state = 'active'
		and (customer_id = current_customer()
		or guest_digest = current_guest());
		if not found then
			raise exception 'The cart is empty'
			    using errcode = 'UK512';
		end if;
	elsif current_customer() is null then
		raise exception 'An order needs someone to belong to'
		    using errcode = 'UK401';
	end if;
	o := order_write(p_cart, p_context, p_quote, p_payment);
	perform order_lines_write(o.id, p_quote);
	insert into order_basis (order_id, facts)
	select o.id, p_facts where p_facts is not null;
	insert into order_event (order_id, kind, to_state, customer_id)
	values (o.id, 'placed', o.state, o.customer_id);
	body := order_json(o);
	perform send_mail('order-placed', o.email, body::jsonb
	    || order_link(o), o.customer_id);
	perform redeem_points(o.id, p_quote);
	codes := array(select distinct d ->> 'code'
	    from jsonb_array_elements(p_quote -> 'discounts') d
	    where d ->> 'code' is not null);
	if cardinality(codes) > 0 then
		perform coupons_hold(o.id, o.customer_id, o.email, codes,
		    until);
	end if;
	select array_agg((l ->> 'variant_id')::uuid),
	    array_agg((l ->> 'quantity')::integer)
	into variants, quantities
	from jsonb_array_elements(p_quote -> 'lines') l;
	perform stock_reserve(o.id, variants, quantities, until);
	location := '/api/orders/' || o.id;
	version := o.version;
	return next;
end
$$;
