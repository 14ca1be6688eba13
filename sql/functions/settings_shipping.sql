-- SPDX-License-Identifier: ISC
-- Zones with their taxes, and ways of shipping, as staff change them.  What
-- was ordered keeps its own copy of each.

create or replace function tax_zone_json(z tax_zone) returns json
language sql stable security definer set search_path = duka, pg_temp as $$
	select json_build_object('id', z.id, 'code', z.code, 'name', z.name,
	    'areas', (select coalesce(json_agg(json_build_object(
		'country', a.country, 'postcode_start', a.postcode_start)
		order by a.country, a.postcode_start), '[]')
		from tax_zone_area a where a.zone_id = z.id),
	    'rates', (select coalesce(json_agg(json_build_object(
		'tax_class', r.tax_class, 'name', r.name,
		'rate', trim_scale(r.rate)::text)
		order by r.rate desc, r.tax_class), '[]')
		from tax_rate r where r.zone_id = z.id),
	    'methods', (select count(*) from shipping_method m
		where m.zone_id = z.id),
	    'home', zone_of(setting_of('shop.country'), '')
		is not distinct from z.id,
	    'version', z.version)
$$;

-- The countries of a zone, or the parts of them; nobody is in two.
create or replace function zone_areas_put(p_zone uuid, p_areas jsonb)
returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	n bigint;
	owner text;
begin
	delete from tax_zone_area a where a.zone_id = p_zone
	and not exists (select from jsonb_array_elements(p_areas) i
	    where i ->> 'country' = a.country
	    and coalesce(i ->> 'postcode_start', '') = a.postcode_start);
	select x.o - 1, z.name into n, owner
	from jsonb_array_elements(p_areas) with ordinality x (i, o)
	join tax_zone_area a on a.country = x.i ->> 'country'
	    and a.postcode_start = coalesce(x.i ->> 'postcode_start', '')
	join tax_zone z on z.id = a.zone_id
	where a.zone_id <> p_zone order by x.o limit 1;
	if found then
		perform raise_fault('belongs to ' || owner || ' already',
		    'areas[' || n || '].country');
	end if;
	insert into tax_zone_area (country, postcode_start, zone_id)
	select distinct i ->> 'country',
	    coalesce(i ->> 'postcode_start', ''), p_zone
	from jsonb_array_elements(p_areas) i
	on conflict (country, postcode_start) do nothing;
end
$$;

create or replace function zone_rates_put(p_zone uuid, p_rates jsonb)
returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	if (select count(distinct i ->> 'tax_class') <> count(*)
	    from jsonb_array_elements(p_rates) i) then
		perform raise_fault('name each class once', 'rates',
		    'duplicate');
	end if;
	delete from tax_rate r where r.zone_id = p_zone
	and not exists (select from jsonb_array_elements(p_rates) i
	    where i ->> 'tax_class' = r.tax_class);
	insert into tax_rate as r (zone_id, tax_class, name, rate)
	select p_zone, i ->> 'tax_class', i ->> 'name',
	    (i ->> 'rate')::numeric
	from jsonb_array_elements(p_rates) i
	on conflict (zone_id, tax_class) do update
	set name = excluded.name, rate = excluded.rate
	where (r.name, r.rate) is distinct from
	    (excluded.name, excluded.rate);
end
$$;

create or replace function tax_zone_create(p_code text, p_name text,
    p_areas jsonb, p_rates jsonb)
returns table (body json, version integer)
language plpgsql security definer set search_path = duka, pg_temp as $$
#variable_conflict use_column
declare
	z tax_zone;
begin
	perform demand('settings.write');
	insert into tax_zone (code, name) values (p_code, p_name)
	returning * into z;
	perform zone_areas_put(z.id, coalesce(p_areas, '[]')),
	    zone_rates_put(z.id, coalesce(p_rates, '[]'));
	return query select tax_zone_json(z), z.version;
end
$$;

-- For a change, of the version that was meant.
create or replace function tax_zone_lock(p_id uuid, p_version integer)
returns tax_zone
language plpgsql as $$
declare
	x tax_zone;
begin
	select * into x from tax_zone t where t.id = p_id for update;
	if not found then
		raise exception 'There is no such zone'
		    using errcode = 'UK410';
	end if;
	perform check_version(x.version, p_version);
	return x;
end
$$;

-- What isn't said stays as it is; lists are said whole.
create or replace function tax_zone_change(p_id uuid, p_version integer,
    p_name text, p_areas jsonb, p_rates jsonb)
returns table (body json, version integer)
language plpgsql security definer set search_path = duka, pg_temp as $$
#variable_conflict use_column
declare
	z tax_zone;
begin
	perform demand('settings.write');
	z := tax_zone_lock(p_id, p_version);
	update tax_zone t set name = coalesce(p_name, t.name),
	    version = t.version + 1
	where t.id = p_id returning * into z;
	if p_areas is not null then
		perform zone_areas_put(p_id, p_areas);
	end if;
	if p_rates is not null then
		perform zone_rates_put(p_id, p_rates);
	end if;
	return query select tax_zone_json(z), z.version;
end
$$;

-- Where something is shipped to, or where the shop itself is, stays.
create or replace function tax_zone_drop(p_id uuid, p_version integer)
returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	z tax_zone;
begin
	perform demand('settings.write');
	z := tax_zone_lock(p_id, p_version);
	if zone_of(setting_of('shop.country'), '') = z.id then
		raise exception 'The shop itself is in this zone'
		    using errcode = 'UK409';
	end if;
	if exists (select from shipping_method m where m.zone_id = z.id) then
		raise exception 'Something is shipped to this zone'
		    using errcode = '23503';
	end if;
	delete from tax_zone t where t.id = p_id;
end
$$;

create or replace function shipping_method_json(m shipping_method)
returns json
language sql stable security definer set search_path = duka, pg_temp as $$
	select json_build_object('id', m.id, 'code', m.code, 'name', m.name,
	    'about', m.about, 'zone_id', m.zone_id,
	    'zone', (select z.name from tax_zone z where z.id = m.zone_id),
	    'price_by', m.price_by,
	    'steps', (select json_agg(json_build_object(
		'from', (s ->> 'from')::bigint,
		'amount', (s ->> 'amount')::bigint)
		order by (s ->> 'from')::bigint)
		from jsonb_array_elements(m.steps) s),
	    'free_from', m.free_from, 'tax_class', m.tax_class,
	    'needs_address', m.needs_address, 'position', m.position,
	    'active', m.active,
	    'ordered', exists (select from customer_order o
		where o.shipping_method_id = m.id),
	    'currency', setting_of('shop.currency'), 'version', m.version)
$$;

create or replace function check_steps(p_steps jsonb) returns void
language plpgsql immutable as $$
begin
	if (select count(distinct (s ->> 'from')::bigint) <> count(*)
	    from jsonb_array_elements(p_steps) s) then
		perform raise_fault('begin apart', 'steps', 'duplicate');
	end if;
end
$$;

create or replace function shipping_method_create(p jsonb)
returns table (body json, version integer)
language plpgsql security definer set search_path = duka, pg_temp as $$
#variable_conflict use_column
declare
	m shipping_method;
begin
	perform demand('settings.write'), check_steps(p -> 'steps');
	insert into shipping_method (code, name, about, zone_id, price_by,
	    steps, free_from, tax_class, needs_address, position, active)
	values (p ->> 'code', p ->> 'name', coalesce(p ->> 'about', ''),
	    (p ->> 'zone_id')::uuid, coalesce(p ->> 'price_by', 'flat'),
	    p -> 'steps', (p ->> 'free_from')::bigint,
	    coalesce(p ->> 'tax_class', 'standard'),
	    coalesce((p ->> 'needs_address')::boolean, true),
	    coalesce((p ->> 'position')::integer, 0),
	    coalesce((p ->> 'active')::boolean, true))
	returning * into m;
	return query select shipping_method_json(m), m.version;
end
$$;

create or replace function shipping_method_lock(p_id uuid, p_version integer)
returns shipping_method
language plpgsql as $$
declare
	x shipping_method;
begin
	select * into x from shipping_method t where t.id = p_id for update;
	if not found then
		raise exception 'There is no such way of shipping'
		    using errcode = 'UK410';
	end if;
	perform check_version(x.version, p_version);
	return x;
end
$$;

create or replace function shipping_method_change(p_id uuid,
    p_version integer, p jsonb)
returns table (body json, version integer)
language plpgsql security definer set search_path = duka, pg_temp as $$
#variable_conflict use_column
declare
	m shipping_method;
begin
	perform demand('settings.write');
	m := shipping_method_lock(p_id, p_version);
	if p ? 'steps' then
		perform check_steps(p -> 'steps');
	end if;
	update shipping_method s set name = coalesce(p ->> 'name', s.name),
	    about = coalesce(p ->> 'about', s.about),
	    zone_id = case when p ? 'zone_id' then (p ->> 'zone_id')::uuid
		else s.zone_id end,
	    price_by = coalesce(p ->> 'price_by', s.price_by),
	    steps = coalesce(p -> 'steps', s.steps),
	    free_from = case when p ? 'free_from'
		then (p ->> 'free_from')::bigint else s.free_from end,
	    tax_class = coalesce(p ->> 'tax_class', s.tax_class),
	    needs_address = coalesce((p ->> 'needs_address')::boolean,
		s.needs_address),
	    position = coalesce((p ->> 'position')::integer, s.position),
	    active = coalesce((p ->> 'active')::boolean, s.active),
	    version = s.version + 1
	where s.id = p_id returning * into m;
	return query select shipping_method_json(m), m.version;
end
$$;

-- One that nothing was ordered with; others are closed.
create or replace function shipping_method_drop(p_id uuid,
    p_version integer) returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	m shipping_method;
begin
	perform demand('settings.write');
	m := shipping_method_lock(p_id, p_version);
	if exists (select from customer_order o
	    where o.shipping_method_id = p_id) then
		raise exception 'It was ordered with: close it instead'
		    using errcode = 'UK409';
	end if;
	delete from shipping_method s where s.id = p_id;
end
$$;

-- What a parcel of so many grams, with goods of such a worth, would cost
-- there: the facts for it, with one line of it all.
create or replace function shipping_preview(p_country text,
    p_postcode text, p_weight bigint, p_total bigint, p_class text,
    out facts json, out zone json)
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	z tax_zone;
	r tax_rate;
begin
	select * into z from tax_zone t
	where t.id = zone_of(coalesce(p_country,
	    setting_of('shop.country')), p_postcode);
	select * into r from tax_rate t
	where t.zone_id = z.id and t.tax_class = p_class;
	zone := case when z.id is not null then json_build_object(
	    'id', z.id, 'code', z.code, 'name', z.name) end;
	facts := json_build_object('currency', setting_of('shop.currency'),
	    'tax_mode', setting_of('shop.tax_mode'),
	    'lines', json_build_array(json_build_object('id', 'parcel',
		'quantity', 1, 'unit_amount', p_total,
		'weight_grams', p_weight,
		'tax_rate', trim_scale(coalesce(r.rate, 0))::text,
		'tax_name', coalesce(r.name, 'none'), 'category_ids',
		'{}'::text[], 'brand_id', null, 'product_id', 'parcel')),
	    'promotions', '[]'::json, 'shipping', shipping_facts(z.id),
	    'shipping_method_id', null, 'loyalty', null);
end
$$;

select audited('tax_zone'), audited('tax_zone_area'), audited('tax_rate'),
    audited('shipping_method');
