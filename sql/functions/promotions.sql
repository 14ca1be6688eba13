-- SPDX-License-Identifier: ISC
-- Promotions and coupons as staff keep them.  What they give is computed by
-- the programs (lib/crm/pricing.h) from cart_facts.sql.

-- Some of what is called here is defined in files applied later.
set check_function_bodies = off;

select audited('promotion'), audited('coupon');

-- What an order's promotions gave is written down with it, and anew when the
-- order is changed before it is packed.
create or replace function promotion_used() returns trigger
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	if tg_op = 'UPDATE' then
		delete from promotion_use where order_id = new.id;
	end if;
	insert into promotion_use (promotion_id, order_id, amount, at)
	select p.id, new.id, sum((d #>> '{amount,amount}')::bigint),
	    new.placed_at
	from jsonb_array_elements(new.quote -> 'discounts') d
	join promotion p on p.id = (d ->> 'promotion_id')::uuid
	group by p.id order by p.id;
	return null;
end
$$;

create or replace trigger promotion_used after insert or update of quote
    on customer_order for each row
    when (new.quote -> 'discounts' is not null)
    execute function promotion_used();

-- off, scheduled, ended or running.
create or replace function promotion_state(active boolean,
    starts_at timestamptz, ends_at timestamptz) returns text
language sql stable as $$
	select case when not active then 'off'
	when ends_at <= now() then 'ended'
	when starts_at > now() then 'scheduled' else 'running' end
$$;

-- Things of a list with their names; what is gone is left out.
create or replace function promotion_things(kind text, ids uuid[])
returns json
language sql stable security definer set search_path = duka, pg_temp as $$
	select coalesce(json_agg(json_build_object('id', t.id, 'slug', t.slug,
	    'name', t.name) order by t.name, t.id), '[]')
	from (select c.id, c.slug, c.name from category c
	    where $1 = 'category' and c.id = any (ids)
	    union all select b.id, b.slug, b.name from brand b
	    where $1 = 'brand' and b.id = any (ids)
	    union all select p.id, p.slug, p.name from product p
	    where $1 = 'product' and p.id = any (ids)) t
$$;

create or replace function promotion_json(p promotion) returns json
language sql stable security definer set search_path = duka, pg_temp as $$
	select json_build_object('id', p.id, 'name', p.name, 'kind', p.kind,
	    'level', p.level, 'percent', trim_scale(p.percent)::text,
	    'amount', money(p.amount, s.currency),
	    'minimum', money(p.minimum_amount, s.currency),
	    'buy', p.buy, 'get', p.get,
	    'gift', (select json_build_object('variant_id', v.id,
		'product_id', i.id, 'sku', v.sku, 'name', i.name,
		'quantity', p.gift_quantity) from variant v
		join product i on i.id = v.product_id
		where v.id = p.gift_variant_id),
	    'categories', promotion_things('category', p.category_ids),
	    'brands', promotion_things('brand', p.brand_ids),
	    'products', promotion_things('product', p.product_ids),
	    'segment', (select json_build_object('id', g.id, 'name', g.name)
		from segment g where g.id = p.segment_id),
	    'first_order', p.first_order, 'customers_only', p.customers_only,
	    'needs_coupon', p.needs_coupon, 'priority', p.priority,
	    'stacking_group', p.stacking_group, 'exclusive', p.exclusive,
	    'starts_at', wire_time(p.starts_at),
	    'ends_at', wire_time(p.ends_at), 'active', p.active,
	    'state', promotion_state(p.active, p.starts_at, p.ends_at),
	    'orders', u.orders, 'given', money(u.given, s.currency),
	    'last_used_at', wire_time(u.last_at),
	    'coupons', (select count(*) from coupon c
		where c.promotion_id = p.id),
	    'created_at', wire_time(p.created_at),
	    'updated_at', wire_time(p.updated_at), 'version', p.version)
	from (select setting_of('shop.currency') as currency) s,
	    lateral (select count(*) as orders,
		coalesce(sum(x.amount), 0)::bigint as given,
		max(x.at) as last_at from promotion_use x
		where x.promotion_id = p.id) u
$$;

create or replace function check_ids(kind text, ids jsonb, field text)
returns void
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	n integer;
begin
	select u.n - 1 into n
	from jsonb_array_elements_text(ids) with ordinality u (id, n)
	where not segment_thing(kind, u.id::uuid) order by u.n limit 1;
	if found then
		perform raise_fault('There is no such ' || kind,
		    format('%s[%s]', field, n));
	end if;
end
$$;

-- What a promotion of this kind must say, and of what it knows nothing.
create or replace function promotion_whole(p promotion) returns void
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	lacks text := case
	    when p.kind = 'percent' and p.percent is null then 'percent'
	    when p.kind = 'amount' and p.amount is null then 'amount'
	    when p.kind = 'buy_x_get_y' and p.buy is null then 'buy'
	    when p.kind = 'buy_x_get_y' and p.get is null then 'get'
	    when p.kind = 'gift' and p.gift_variant_id is null
		then 'gift_variant_id' end;
begin
	if lacks is not null then
		perform raise_fault('Say how much it gives', lacks,
		    'required');
	elsif p.ends_at <= p.starts_at then
		perform raise_fault('It ends before it begins', 'ends_at');
	elsif p.segment_id is not null and not exists (select from segment s
	    where s.id = p.segment_id) then
		perform raise_fault('There is no such segment', 'segment_id');
	elsif p.gift_variant_id is not null and not exists (select from variant
	    v where v.id = p.gift_variant_id and v.status = 'active') then
		perform raise_fault('There is no such variant',
		    'gift_variant_id');
	end if;
end
$$;

-- A promotion as the input says it; a change of kind drops what the new one
-- has no use for.
create or replace function promotion_of(base promotion, p_input jsonb)
returns promotion
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	n promotion;
	field text;
begin
	foreach field in array '{amount,minimum}'::text[] loop
		if p_input #>> array[field, 'currency']
		    <> setting_of('shop.currency') then
			raise exception 'Promotions are in the shop''s '
			    'currency' using errcode = 'UK305';
		end if;
	end loop;
	perform check_ids('category', p_input -> 'category_ids',
	    'category_ids'), check_ids('brand', p_input -> 'brand_ids',
	    'brand_ids'), check_ids('product', p_input -> 'product_ids',
	    'product_ids');
	n := jsonb_populate_record(base, p_input - '{amount,minimum,
	    category_ids,brand_ids,product_ids}'::text[]);
	if p_input ? 'amount' then
		n.amount := (p_input #>> '{amount,amount}')::bigint;
	end if;
	if p_input ? 'minimum' then
		n.minimum_amount :=
		    coalesce((p_input #>> '{minimum,amount}')::bigint, 0);
	end if;
	if p_input ? 'category_ids' then
		n.category_ids := segment_texts(p_input -> 'category_ids');
	end if;
	if p_input ? 'brand_ids' then
		n.brand_ids := segment_texts(p_input -> 'brand_ids');
	end if;
	if p_input ? 'product_ids' then
		n.product_ids := segment_texts(p_input -> 'product_ids');
	end if;
	if n.kind <> 'percent' then
		n.percent := null;
	end if;
	if n.kind <> 'amount' then
		n.amount := null;
	end if;
	if n.kind <> 'buy_x_get_y' then
		n.buy := null;
		n.get := null;
	end if;
	if n.kind <> 'gift' then
		n.gift_variant_id := null;
		n.gift_quantity := null;
	else
		n.gift_quantity := coalesce(n.gift_quantity, 1);
	end if;
	return n;
end
$$;

-- A promotion that says nothing yet.
create or replace function promotion_blank() returns promotion
language plpgsql stable as $$
declare
	p promotion;
begin
	p.id := gen_random_uuid();
	p.name := '';
	p.level := 'order';
	p.minimum_amount := 0;
	p.category_ids := '{}';
	p.brand_ids := '{}';
	p.product_ids := '{}';
	p.first_order := false;
	p.customers_only := false;
	p.needs_coupon := false;
	p.priority := 100;
	p.stacking_group := 'default';
	p.exclusive := false;
	p.active := true;
	p.version := 1;
	p.created_at := now();
	p.updated_at := now();
	return p;
end
$$;

-- Orders keep what they were computed from; so that what staff read of the
-- past is true as well, a promotion that was used keeps what it gives.
create or replace function promotion_keeps(was promotion, p promotion)
returns void
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	first timestamptz := (select min(u.at) from promotion_use u
	    where u.promotion_id = was.id);
begin
	if first is null then
		return;
	elsif (was.kind, was.level, was.percent, was.amount, was.buy, was.get,
	    was.gift_variant_id, was.gift_quantity, was.needs_coupon)
	    is distinct from (p.kind, p.level, p.percent, p.amount, p.buy,
	    p.get, p.gift_variant_id, p.gift_quantity, p.needs_coupon) then
		raise exception 'Orders have used it: end it and make another'
		    using errcode = 'UK741';
	elsif p.starts_at > first and p.starts_at is distinct from
	    was.starts_at then
		perform raise_fault('It was used before that', 'starts_at',
		    'too_large');
	end if;
end
$$;

-- Pricing takes 200 promotions; each cart brings its coupons' besides.
create or replace function promotions_most() returns integer
language sql immutable as 'select 150';

create or replace function promotion_put(p_id uuid, p_version integer,
    p_input jsonb) returns setof promotion
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	was promotion;
	p promotion := promotion_blank();
begin
	perform demand('promotions.write');
	perform pg_advisory_xact_lock(hashtext('promotions'));
	if p_id is not null then
		-- Waits for orders that are using it now.
		select * into was from promotion where id = p_id for update;
		if not found then
			return;
		end if;
		perform check_version(was.version, p_version);
		p := was;
	end if;
	p := promotion_of(p, p_input);
	perform promotion_whole(p);
	if p_id is null then
		insert into promotion select p.*;
	else
		perform promotion_keeps(was, p);
		p.version := was.version + 1;
		p.updated_at := now();
		update promotion set name = p.name, kind = p.kind,
		    level = p.level, percent = p.percent, amount = p.amount,
		    minimum_amount = p.minimum_amount, buy = p.buy,
		    get = p.get, gift_variant_id = p.gift_variant_id,
		    gift_quantity = p.gift_quantity,
		    category_ids = p.category_ids, brand_ids = p.brand_ids,
		    product_ids = p.product_ids, segment_id = p.segment_id,
		    first_order = p.first_order,
		    customers_only = p.customers_only,
		    needs_coupon = p.needs_coupon, priority = p.priority,
		    stacking_group = p.stacking_group,
		    exclusive = p.exclusive, starts_at = p.starts_at,
		    ends_at = p.ends_at, active = p.active,
		    version = p.version, updated_at = p.updated_at
		where id = p_id;
	end if;
	if (select count(*) > promotions_most() from promotion x
	    where x.active and not x.needs_coupon
	    and coalesce(x.ends_at > now(), true)) then
		raise exception 'At most % promotions without coupons run or '
		    'wait at once', promotions_most() using errcode = 'UK742';
	end if;
	return next p;
end
$$;

-- One that no order used; its coupons go with it, out of carts too.
drop function if exists promotion_remove(uuid);

create or replace function promotion_remove(p_id uuid, p_version integer)
returns setof uuid
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	perform demand('promotions.write');
	perform from promotion p where p.id = p_id for update;
	perform version_meant(p.version, p_version)
	from promotion p where p.id = p_id;
	delete from coupon where promotion_id = p_id;
	delete from promotion where id = p_id;
	if found then
		return next p_id;
	end if;
end
$$;

create or replace function promotion_list(p_q text, p_state text,
    p_kind text, p_coupons boolean, p_cursor text, p_limit integer)
returns json
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	after jsonb := cursor_key(p_cursor, 2);
begin
	perform demand('promotions.read');
	return (with part as (select p.created_at, p.id,
		promotion_json(p) as item
	    from promotion p
	    where (p_q is null or position(plain(p_q) in plain(p.name)) > 0
		or exists (select from coupon c where c.promotion_id = p.id
		and c.code = upper(btrim(p_q))))
	    and (p_kind is null or p.kind = p_kind)
	    and (p_coupons is null or p.needs_coupon = p_coupons)
	    and (p_state is null or promotion_state(p.active, p.starts_at,
		p.ends_at) = p_state)
	    and (after is null or (p.created_at, p.id)
		< ((after ->> 0)::timestamptz, (after ->> 1)::uuid))
	    order by p.created_at desc, p.id desc limit p_limit + 1)
	select page_of(array_agg(item order by created_at desc, id desc),
	    array_agg(json_build_array(created_at, id)
	    order by created_at desc, id desc), p_limit) from part);
end
$$;

create or replace function promotion_uses(p_promotion uuid, p_cursor text,
    p_limit integer) returns json
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	after jsonb := cursor_key(p_cursor, 2);
begin
	perform demand('promotions.read');
	return (with part as (select u.at, u.order_id, json_build_object(
		'order_id', o.id, 'number', o.number, 'order_state', o.state,
		'code', (select c.code from coupon_use k join coupon c
		    on c.id = k.coupon_id where k.order_id = o.id
		    and c.promotion_id = u.promotion_id
		    order by c.code limit 1),
		'amount', money(u.amount, o.currency),
		'at', wire_time(u.at)) as item
	    from promotion_use u join customer_order o on o.id = u.order_id
	    where u.promotion_id = p_promotion
	    and (after is null or (u.at, u.order_id)
		< ((after ->> 0)::timestamptz, (after ->> 1)::uuid))
	    order by u.at desc, u.order_id desc limit p_limit + 1)
	select page_of(array_agg(item order by at desc, order_id desc),
	    array_agg(json_build_array(at, order_id)
	    order by at desc, order_id desc), p_limit) from part);
end
$$;

-- What a cart would be with the promotion and without it: facts for both.
-- A draft stands for the promotion `promotion_id`, or for one to come; it is
-- taken as running and, if it needs one, as having its coupon.
create or replace function promotion_preview(p_input jsonb,
    out facts json, out without json, out body json)
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	who uuid := (p_input ->> 'customer_id')::uuid;
	address text := (select c.email from customer c where c.id = who);
	p promotion := promotion_blank();
	variants uuid[];
	quantities integer[];
	f jsonb;
	gone json;
	zone uuid;
	rest jsonb;
	own jsonb;
	gift json;
begin
	perform demand('promotions.read');
	if p_input ->> 'promotion_id' is not null then
		select * into p from promotion
		where id = (p_input ->> 'promotion_id')::uuid;
		if not found then
			perform raise_fault('There is no such promotion',
			    'promotion_id');
		end if;
	end if;
	if p_input -> 'promotion' is not null then
		p := promotion_of(p, p_input -> 'promotion');
	end if;
	if p.kind is null then
		perform raise_fault('Say which promotion', 'promotion',
		    'required');
	end if;
	perform promotion_whole(p);
	if who is not null and address is null then
		perform raise_fault('There is no such customer',
		    'customer_id');
	end if;
	select array_agg((l ->> 'variant_id')::uuid order by n),
	    array_agg((l ->> 'quantity')::integer order by n)
	into variants, quantities
	from jsonb_array_elements(p_input -> 'lines') with ordinality u (l, n);
	select o.facts, o.unavailable into f, gone from order_facts(
	    array(select gen_random_uuid() from unnest(variants)), variants,
	    quantities, array_fill(null::bigint, array[cardinality(variants)]),
	    who, address, '{}', p_input ->> 'country', p_input ->> 'postcode',
	    (p_input ->> 'shipping_method_id')::uuid, 0, null) o;
	if json_array_length(gone) > 0 or json_array_length(
	    (f -> 'lines')::json) < cardinality(variants) then
		perform raise_fault('Something of it is not sold', 'lines');
	end if;
	zone := zone_of(coalesce(p_input ->> 'country',
	    setting_of('shop.country')), p_input ->> 'postcode');
	rest := coalesce((select jsonb_agg(x) from jsonb_array_elements(
	    f -> 'promotions') x where x ->> 'id' <> p.id::text), '[]');
	if p.kind = 'gift' then
		gift := gift_facts(p, zone, f ->> 'currency');
	end if;
	if promotion_for(p, who, address)
	    and (p.kind <> 'gift' or gift is not null) then
		own := promotion_fact(p, null, gift);
	end if;
	without := jsonb_set(f, '{promotions}', rest);
	facts := jsonb_set(f, '{promotions}', case when own is null then rest
	    else rest || own end);
	body := json_build_object('promotion_id', p.id,
	    'state', promotion_state(p.active, p.starts_at, p.ends_at),
	    'for_customer', promotion_for(p, who, address));
end
$$;
