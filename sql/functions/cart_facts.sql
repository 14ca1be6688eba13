-- SPDX-License-Identifier: ISC
-- The facts from which the programs compute a cart's or an order's price.

-- Some of what is called here is defined in files applied later.
set check_function_bodies = off;

-- The zone of an address: the longest beginning of its postcode wins.
create or replace function zone_of(country text, postcode text) returns uuid
language plpgsql stable security definer set search_path = duka, pg_temp as $$
#variable_conflict use_column
begin
	return (select a.zone_id from tax_zone_area a
	where a.country = $1 and starts_with(
	    upper(regexp_replace(coalesce($2, ''), '[^A-Za-z0-9]', '', 'g')),
	    a.postcode_start)
	order by length(a.postcode_start) desc limit 1);
end
$$;

-- One person's mail address, however it was written.
create or replace function normal_email(email text) returns text
language sql immutable parallel safe as $$
	select regexp_replace(lower(btrim(email)), '\+[^@]*@', '@')
$$;

-- Why a coupon can't be used now, or null.  Held uses that have expired
-- don't count.
create or replace function coupon_fault(c coupon, customer uuid, email text)
returns text
language plpgsql stable security definer set search_path = duka, pg_temp as $$
#variable_conflict use_column
begin
	return (select case
	when not c.active or c.ends_at <= now() or not exists (
	    select from promotion p where p.id = c.promotion_id and p.active
	    and coalesce(p.ends_at > now(), true))
	    then 'COUPON_EXPIRED'
	when c.starts_at > now() or exists (
	    select from promotion p where p.id = c.promotion_id
	    and p.starts_at > now())
	    then 'COUPON_EXPIRED'
	when c.uses >= c.max_uses and c.uses - (select count(*)
	    from coupon_use u where u.coupon_id = c.id and u.state = 'held'
	    and u.expires_at <= now()) >= c.max_uses
	    then 'COUPON_USED_UP'
	when c.max_uses_each is not null
	    and (customer is not null or email is not null)
	    and (select count(*) from coupon_use u where u.coupon_id = c.id
	    and (u.customer_id = customer or u.email = normal_email($3))
	    and (u.state = 'used' or u.state = 'held'
	    and coalesce(u.expires_at > now(), true))) >= c.max_uses_each
	    then 'COUPON_USED_UP'
	end);
end
$$;

create or replace function raise_coupon(fault text, code text) returns void
language plpgsql as $$
begin
	if fault = 'COUPON_EXPIRED' then
		raise exception 'The coupon % is not valid now', code
		    using errcode = 'UK521',
		    hint = jsonb_build_object('code', code)::text;
	elsif fault = 'COUPON_USED_UP' then
		raise exception 'The coupon % is used up', code
		    using errcode = 'UK522',
		    hint = jsonb_build_object('code', code)::text;
	elsif fault is not null then
		raise exception 'There is no coupon %', code
		    using errcode = 'UK520',
		    hint = jsonb_build_object('code', code)::text;
	end if;
end
$$;

-- Whether someone has never ordered.
create or replace function first_order_of(customer uuid, email text)
returns boolean
language plpgsql stable security definer set search_path = duka, pg_temp as $$
#variable_conflict use_column
begin
	return (select not exists (select from customer_order o
	    where o.customer_id = customer and o.state <> 'cancelled')
	and not exists (select from customer_order o
	    where lower(o.email) = lower($2) and o.state <> 'cancelled'));
end
$$;

-- The line of a promotion's gift, or null if there isn't enough of it.
create or replace function gift_facts(p promotion, zone uuid, currency text)
returns json
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	line json;
begin
	select f.lines -> 0 into line
	from line_facts(array[p.id], array[p.gift_variant_id],
	    array[p.gift_quantity], array[null::bigint], zone, currency) f;
	return case when (line ->> 'available')::integer >= p.gift_quantity
	    then line end;
end
$$;

-- Whether a promotion is for somebody; a guest is in no segment.
create or replace function promotion_for(p promotion, customer uuid,
    email text) returns boolean
language plpgsql stable security definer set search_path = duka, pg_temp as $$
begin
	return (not p.customers_only or customer is not null)
	    and (not p.first_order or first_order_of(customer, email))
	    and (p.segment_id is null
	    or segment_holds(p.segment_id, customer));
end
$$;

create or replace function promotion_fact(p promotion, code text, gift json)
returns json language sql stable as $$
	select json_build_object('id', p.id, 'name', p.name, 'code', code,
	    'kind', p.kind, 'level', p.level, 'percent', p.percent::text,
	    'amount', p.amount, 'minimum_amount', p.minimum_amount,
	    'buy', p.buy, 'get', p.get, 'category_ids', p.category_ids,
	    'brand_ids', p.brand_ids, 'product_ids', p.product_ids,
	    'priority', p.priority, 'stacking_group', p.stacking_group,
	    'exclusive', p.exclusive, 'gift', gift,
	    'created_at', wire_time(p.created_at))
$$;

create or replace function promotion_facts(customer uuid, email text,
    coupons uuid[], zone uuid, currency text) returns json
language plpgsql stable security definer set search_path = duka, pg_temp as $$
#variable_conflict use_column
begin
	return (select coalesce(json_agg(promotion_fact(p, c.code, g.line)
	    order by p.created_at, p.id), '[]')
	from promotion p
	left join lateral (select c.code from coupon c
	    where p.needs_coupon and c.promotion_id = p.id
	    and c.id = any (coupons)
	    and coupon_fault(c, customer, $2) is null
	    order by c.code limit 1) c on true
	cross join lateral (select case when p.kind = 'gift'
	    then gift_facts(p, zone, currency) end) g (line)
	where p.active and coalesce(p.starts_at <= now(), true)
	and coalesce(p.ends_at > now(), true)
	and (p.kind <> 'gift' or g.line is not null)
	and (not p.needs_coupon or c.code is not null)
	and promotion_for(p, customer, $2));
end
$$;

-- Ways of shipping to a zone.
create or replace function shipping_facts(zone uuid) returns json
language plpgsql stable security definer set search_path = duka, pg_temp as $$
#variable_conflict use_column
begin
	return (select coalesce(json_agg(json_build_object('id', m.id,
	    'code', m.code, 'name', m.name, 'by', m.price_by,
	    'steps', m.steps, 'free_from', m.free_from,
	    'needs_address', m.needs_address,
	    'tax_rate', trim_scale(coalesce(r.rate, 0))::text,
	    'tax_name', coalesce(r.name, 'none')) order by m.position, m.code),
	    '[]')
	from shipping_method m
	left join tax_rate r on r.zone_id = zone and r.tax_class = m.tax_class
	where m.active and (m.zone_id is null or m.zone_id = zone));
end
$$;

create or replace function shipping_offered(method uuid, zone uuid)
returns boolean
language plpgsql stable security definer set search_path = duka, pg_temp as $$
#variable_conflict use_column
begin
	return (select exists (select from shipping_method m where m.id = method
	    and m.active and (m.zone_id is null or m.zone_id = zone)));
end
$$;

create or replace function line_facts(ids uuid[], variants uuid[],
    quantities integer[], added bigint[], zone uuid, currency text,
    out lines json, out unavailable json)
language plpgsql stable security definer set search_path = duka, pg_temp as $$
#variable_conflict use_column
begin
	select coalesce(json_agg(json_build_object('id', u.id,
	    'variant_id', v.id, 'product_id', p.id, 'quantity', u.quantity,
	    'unit_amount', v.price_amount,
	    'weight_grams', coalesce(v.weight_grams, 0),
	    'tax_rate', trim_scale(coalesce(r.rate, 0))::text,
	    'tax_name', coalesce(r.name, 'none'),
	    'category_ids', coalesce(c.path, '{}'), 'brand_id', p.brand_id,
	    'sku', v.sku, 'name', p.name, 'slug', p.slug,
	    'options', v.options, 'image', (select i.url
		from product_image i where i.product_id = p.id
		and (i.variant_id is null or i.variant_id = v.id)
		order by i.variant_id is null, i.position, i.id limit 1),
	    'added_unit_amount', u.added,
	    'available', coalesce(a.quantity, 0)) order by u.n)
	    filter (where s.sold), '[]'),
	    coalesce(json_agg(json_build_object('id', u.id,
	    'variant_id', v.id, 'sku', v.sku, 'name', p.name,
	    'quantity', u.quantity) order by u.n)
	    filter (where not s.sold), '[]')
	into lines, unavailable
	from unnest(ids, variants, quantities, added) with ordinality
	    u (id, variant_id, quantity, added, n)
	join variant_priced v on v.id = u.variant_id
	join product p on p.id = v.product_id
	cross join lateral (select v.status = 'active'
	    and p.status = 'active' and v.price_currency = $6) s (sold)
	left join category c on c.id = p.category_id
	left join tax_rate r on r.zone_id = zone
	    and r.tax_class = p.tax_class
	left join available_of(variants) a on a.variant_id = v.id;
end
$$;

-- Everything that pricing wants to know (lib/crm/pricing.h), and the lines
-- that are not sold any more.
create or replace function order_facts(ids uuid[], variants uuid[],
    quantities integer[], added bigint[], customer uuid, email text,
    coupons uuid[], country text, postcode text, method uuid,
    points integer, reward uuid, out facts json, out unavailable json)
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	home text;
	code text;
	mode text;
	zone uuid;
	lines json;
begin
	select max(s.value) filter (where s.key = 'shop.country'),
	    max(s.value) filter (where s.key = 'shop.currency'),
	    max(s.value) filter (where s.key = 'shop.tax_mode')
	into home, code, mode from setting s
	where s.key in ('shop.country', 'shop.currency', 'shop.tax_mode');
	zone := zone_of(coalesce(country, home), postcode);
	select f.lines, f.unavailable into lines, unavailable
	from line_facts(ids, variants, quantities, added, zone, code) f;
	facts := json_build_object('currency', code,
	    'tax_mode', mode, 'lines', lines,
	    'promotions', promotion_facts(customer, email, coupons, zone,
	    code), 'loyalty', loyalty_facts(customer, points, reward),
	    'shipping', shipping_facts(zone),
	    'shipping_method_id', case when method is not null
	    and shipping_offered(method, zone) then method end);
end
$$;
