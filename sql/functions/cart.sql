-- SPDX-License-Identifier: ISC
-- Carts.  The functions that change one run with the caller's rights: row
-- security shows it nothing but its own.  What they read of products,
-- promotions and coupons comes from functions of the owner's.

-- Some of what is called here is defined in files applied later.
set check_function_bodies = off;

-- The caller's cart, if there is one.
create or replace function my_cart() returns uuid
language plpgsql stable as $$
begin
	if current_customer() is not null then
		return (select c.id from cart c
		    where c.customer_id = current_customer()
		    and c.state = 'active');
	end if;
	return (select c.id from cart c
	    where c.guest_digest = current_guest() and c.state = 'active'
	    and c.updated_at > now() - interval '30 days');
end
$$;

-- The caller's cart, made if need be, and locked.
create or replace function open_cart() returns uuid
language plpgsql as $$
declare
	found_id uuid;
begin
	if coalesce(current_customer()::text, current_guest()) is null then
		raise exception 'A cart needs someone to belong to'
		    using errcode = 'UK401';
	end if;
	loop
		found_id := my_cart();
		if found_id is null and current_customer() is not null then
			insert into cart (customer_id)
			values (current_customer()) on conflict do nothing;
		elsif found_id is null then
			update cart set state = 'expired'
			where guest_digest = current_guest()
			and state = 'active'
			and updated_at <= now() - interval '30 days';
			insert into cart (guest_digest)
			values (current_guest()) on conflict do nothing;
		else
			perform from cart c where c.id = found_id
			and c.state = 'active' for update;
			if found then
				return found_id;
			end if;
		end if;
	end loop;
end
$$;

-- The caller's cart, locked; null if there is none.
create or replace function lock_cart() returns uuid
language plpgsql as $$
declare
	mine uuid := my_cart();
begin
	perform from cart c where c.id = mine and c.state = 'active'
	for update;
	return case when found then mine end;
end
$$;

create or replace function coupons_json(ids uuid[], customer uuid)
returns json
language plpgsql stable security definer set search_path = duka, pg_temp as $$
begin
	if cardinality(ids) = 0 then
		return '[]';
	end if;
	return (select coalesce(json_agg(json_build_object('code', c.code,
	    'name', p.name, 'problem', coupon_fault(c, customer, null))
	    order by c.code), '[]')
	from coupon c join promotion p on p.id = c.promotion_id
	where c.id = any (ids));
end
$$;

-- What the cart's program needs to answer: the cart itself, and the facts
-- for its price.  `notes` tell what was done otherwise than asked.
-- (Planned once: short queries by key cost more to plan than to run.)
create or replace function cart_facts(p_cart uuid,
    notes jsonb default '[]') returns json
language plpgsql stable set plan_cache_mode = force_generic_plan as $$
declare
	c cart;
	ids uuid[];
	variants uuid[];
	quantities integer[];
	added bigint[];
	coupons uuid[] := '{}';
	facts json;
	unavailable json;
begin
	if p_cart is not null then
		select * into c from cart where id = p_cart;
		select array_agg(l.id order by l.number),
		    array_agg(l.variant_id order by l.number),
		    array_agg(l.quantity order by l.number),
		    array_agg(l.added_amount order by l.number)
		into ids, variants, quantities, added
		from cart_line l where l.cart_id = c.id;
		coupons := array(select k.coupon_id from cart_coupon k
		    where k.cart_id = c.id);
	end if;
	select f.facts, f.unavailable into facts, unavailable
	from order_facts(ids, variants, quantities, added,
	    current_customer(), null, coupons, c.country, c.postcode,
	    c.shipping_method_id, c.points, c.reward_id) f;
	return json_build_object('cart', json_build_object('id', c.id,
	    'country', c.country, 'postcode', c.postcode,
	    'shipping_method_id', c.shipping_method_id,
	    'points', coalesce(c.points, 0), 'reward_id', c.reward_id,
	    'coupons', coupons_json(coupons, current_customer()),
	    'unavailable', unavailable, 'notes', notes), 'facts', facts);
end
$$;

-- A variant as it can be bought: no row if it isn't sold.
create or replace function sold(wanted uuid)
returns table (sku text, name text, amount bigint, currency text, can integer)
language plpgsql stable security definer rows 1
set search_path = duka, pg_temp as $$
#variable_conflict use_column
begin
	return query
	select v.sku, p.name, v.price_amount, v.price_currency::text,
	    least(999, available(v.id))
	from variant_priced v join product p on p.id = v.product_id
	where v.id = wanted and v.status = 'active' and p.status = 'active'
	and v.price_currency = setting_of('shop.currency');
end
$$;

create or replace function capped_note(variant uuid, sku text, name text,
    wanted integer, quantity integer) returns jsonb
language sql stable as $$
	select case when quantity < wanted then jsonb_build_array(
	    jsonb_build_object('code', 'CAPPED', 'variant_id', variant,
	    'sku', sku, 'name', name, 'wanted', wanted,
	    'quantity', quantity)) else '[]' end
$$;

-- Puts more of a variant into a cart that is locked: as many as can be
-- bought.  Answers notes.
create or replace function cart_put(p_cart uuid, p_variant uuid,
    p_quantity integer) returns jsonb
language plpgsql as $$
declare
	s record;
	have integer;
	wanted integer;
begin
	select * into s from sold(p_variant);
	if not found then
		raise exception 'That product is not sold'
		    using errcode = 'UK510';
	end if;
	select l.quantity into have from cart_line l
	where l.cart_id = p_cart and l.variant_id = p_variant;
	wanted := coalesce(have, 0) + p_quantity;
	if s.can < 1 then
		perform raise_short(jsonb_build_array(jsonb_build_object(
		    'variant_id', p_variant, 'sku', s.sku, 'name', s.name,
		    'wanted', wanted, 'available', 0)));
	end if;
	if have is null and (select count(*) from cart_line l
	    where l.cart_id = p_cart) >= 100 then
		raise exception 'A cart takes 100 lines'
		    using errcode = 'UK511';
	end if;
	insert into cart_line as l (cart_id, variant_id, quantity,
	    added_amount, added_currency)
	values (p_cart, p_variant, least(wanted, s.can), s.amount,
	    s.currency)
	on conflict on constraint cart_line_variant_key
	do update set quantity = excluded.quantity;
	update cart set updated_at = now() where id = p_cart;
	return capped_note(p_variant, s.sku, s.name, wanted,
	    least(wanted, s.can));
end
$$;

create or replace function cart_add(p_variant uuid, p_quantity integer)
returns json
language plpgsql set plan_cache_mode = force_generic_plan as $$
declare
	mine uuid := open_cart();
	notes jsonb := cart_put(mine, p_variant, p_quantity);
begin
	return cart_facts(mine, notes);
end
$$;

create or replace function cart_change(p_line uuid, p_quantity integer)
returns json
language plpgsql set plan_cache_mode = force_generic_plan as $$
declare
	mine uuid := lock_cart();
	line cart_line;
	s record;
begin
	select * into line from cart_line
	where id = p_line and cart_id = mine;
	if not found then
		raise exception 'There is no such line in the cart'
		    using errcode = 'UK410';
	end if;
	select * into s from sold(line.variant_id);
	if not found then
		raise exception 'That product is not sold any more'
		    using errcode = 'UK510';
	end if;
	if s.can < 1 then
		perform raise_short(jsonb_build_array(jsonb_build_object(
		    'variant_id', line.variant_id, 'sku', s.sku,
		    'name', s.name, 'wanted', p_quantity, 'available', 0)));
	end if;
	update cart_line set quantity = least(p_quantity, s.can)
	where id = p_line;
	update cart set updated_at = now() where id = mine;
	return cart_facts(mine, capped_note(line.variant_id, s.sku, s.name,
	    p_quantity, least(p_quantity, s.can)));
end
$$;

create or replace function cart_remove(p_line uuid) returns json
language plpgsql as $$
declare
	mine uuid := lock_cart();
begin
	delete from cart_line where id = p_line and cart_id = mine;
	if not found then
		raise exception 'There is no such line in the cart'
		    using errcode = 'UK410';
	end if;
	update cart set updated_at = now() where id = mine;
	return cart_facts(mine);
end
$$;

create or replace function cart_clear() returns json
language plpgsql as $$
declare
	mine uuid := lock_cart();
begin
	delete from cart_line where cart_id = mine;
	delete from cart_coupon where cart_id = mine;
	update cart set updated_at = now(), shipping_method_id = null,
	    points = 0, reward_id = null where id = mine;
	return cart_facts(mine);
end
$$;

-- The coupon of a code; refused if it is unknown or can't be used.
create or replace function coupon_of(p_code text, customer uuid) returns uuid
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	c coupon;
begin
	select * into c from coupon where code = upper(btrim(p_code));
	if not found then
		perform raise_coupon('COUPON_UNKNOWN', upper(btrim(p_code)));
	end if;
	perform raise_coupon(coupon_fault(c, customer, null), c.code);
	return c.id;
end
$$;

create or replace function cart_coupon_put(p_code text) returns json
language plpgsql as $$
declare
	mine uuid := open_cart();
	wanted uuid := coupon_of(p_code, current_customer());
begin
	insert into cart_coupon (cart_id, coupon_id)
	values (mine, wanted) on conflict do nothing;
	if (select count(*) from cart_coupon k where k.cart_id = mine) > 10
	then
		raise exception 'A cart takes 10 coupons'
		    using errcode = 'UK511';
	end if;
	update cart set updated_at = now() where id = mine;
	return cart_facts(mine);
end
$$;

create or replace function coupon_id_of(p_code text) returns uuid
language sql stable security definer set search_path = duka, pg_temp as $$
	select c.id from coupon c where c.code = upper(btrim(p_code))
$$;

create or replace function cart_coupon_drop(p_code text) returns json
language plpgsql as $$
declare
	mine uuid := lock_cart();
begin
	delete from cart_coupon
	where cart_id = mine and coupon_id = coupon_id_of(p_code);
	if not found then
		raise exception 'That coupon is not in the cart'
		    using errcode = 'UK410';
	end if;
	return cart_facts(mine);
end
$$;

create or replace function raise_not_shipped() returns void
language plpgsql as $$
begin
	raise exception 'That way of shipping is not offered there'
	    using errcode = 'UK530';
end
$$;

create or replace function cart_ship_by(p_method uuid) returns json
language plpgsql as $$
declare
	mine uuid := open_cart();
	c cart;
begin
	select * into c from cart where id = mine;
	if p_method is not null and not shipping_offered(p_method,
	    zone_of(coalesce(c.country, setting_of('shop.country')),
	    c.postcode)) then
		perform raise_not_shipped();
	end if;
	update cart set shipping_method_id = p_method, updated_at = now()
	where id = mine;
	return cart_facts(mine);
end
$$;

-- A method that isn't offered there is no longer chosen.
create or replace function cart_ship_to(p_country text, p_postcode text)
returns json
language plpgsql as $$
declare
	mine uuid := open_cart();
begin
	update cart c set country = p_country, postcode = p_postcode,
	    shipping_method_id = case when shipping_offered(
	    c.shipping_method_id, zone_of(p_country, p_postcode))
	    then c.shipping_method_id end, updated_at = now()
	where id = mine;
	return cart_facts(mine);
end
$$;

-- Adds a guest's cart to a customer's, at login.  Both are locked in the
-- order of their ids; the guest's is marked, so that a replay adds nothing.
-- Answers how many lines came over and what was capped.
create or replace function merge_cart(p_customer uuid, p_guest text)
returns jsonb
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	source cart;
	target cart;
	capped jsonb := '[]';
	merged integer := 0;
	l record;
	take integer;
	room integer;
begin
	if p_guest is null or not exists (select from cart
	    where guest_digest = p_guest and state = 'active'
	    and updated_at > now() - interval '30 days') then
		return jsonb_build_object('merged', 0, 'capped', capped);
	end if;
	insert into cart (customer_id) values (p_customer)
	on conflict do nothing;
	perform from cart where state = 'active'
	and (guest_digest = p_guest or customer_id = p_customer)
	order by id for update;
	select * into source from cart
	where guest_digest = p_guest and state = 'active';
	select * into target from cart
	where customer_id = p_customer and state = 'active';
	if source.id is null or target.id is null then
		return jsonb_build_object('merged', 0, 'capped', capped);
	end if;
	room := 100 - (select count(*) from cart_line
	    where cart_id = target.id);
	for l in select g.*, s.sku, s.name, s.can, h.quantity as have
	    from cart_line g
	    cross join lateral sold(g.variant_id) s
	    left join cart_line h on h.cart_id = target.id
		and h.variant_id = g.variant_id
	    where g.cart_id = source.id order by g.number
	loop
		-- As cart_put() does: of what can't be had nothing is added,
		-- and what lay there stays.
		take := case when l.can >= 1
		    and (l.have is not null or room > 0)
		    then least(coalesce(l.have, 0) + l.quantity, l.can)
		    else 0 end;
		if take > 0 then
			insert into cart_line (cart_id, variant_id, quantity,
			    added_amount, added_currency)
			values (target.id, l.variant_id, take,
			    l.added_amount, l.added_currency)
			on conflict on constraint cart_line_variant_key
			do update set quantity = excluded.quantity;
			merged := merged + 1;
			room := room - (l.have is null)::integer;
		end if;
		capped := capped || capped_note(l.variant_id, l.sku, l.name,
		    coalesce(l.have, 0) + l.quantity,
		    case when take > 0 then take
		    else coalesce(l.have, 0) end);
	end loop;
	insert into cart_coupon (cart_id, coupon_id)
	select target.id, c.id from cart_coupon k
	join coupon c on c.id = k.coupon_id
	where k.cart_id = source.id
	and coupon_fault(c, p_customer, null) is null
	order by k.created_at
	limit greatest(0, 10 - (select count(*) from cart_coupon
	    where cart_id = target.id))
	on conflict do nothing;
	update cart set state = 'merged', merged_into = target.id,
	    updated_at = now() where id = source.id;
	update cart set updated_at = now(),
	    country = coalesce(country, source.country),
	    postcode = case when country is null then source.postcode
		else postcode end,
	    shipping_method_id = coalesce(shipping_method_id,
		source.shipping_method_id)
	where id = target.id;
	return jsonb_build_object('merged', merged, 'capped', capped);
end
$$;
