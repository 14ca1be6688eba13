-- SPDX-License-Identifier: ISC
-- What things cost now, what they will, and what they did.
--
-- `variant.price_amount` is a variant's own price.  A planned one
-- (variant_price) takes its place from its start to its end: whoever computes
-- reads variant_priced and sees the price of the moment.  What is read in
-- public is written anew at both ends by the courier (prices_step).

-- The least a variant cost in the 30 days before it came to cost what it
-- does; null if it has cost nothing else.  Whoever announces a reduction has
-- to say it (Directive 98/6/EC, article 6a).
create or replace function price_lowest(wanted uuid) returns bigint
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	since timestamptz;
begin
	select h.at into since from price_history h
	where h.variant_id = wanted and h.cost is distinct from h.cost_was
	order by h.at desc, h.id desc limit 1;
	return (select min(c.cost) from (
	    (select h.cost from price_history h where h.variant_id = wanted
		and h.at < since and h.at >= since - interval '30 days')
	    union all
	    (select h.cost from price_history h where h.variant_id = wanted
		and h.at < since - interval '30 days'
		order by h.at desc, h.id desc limit 1)) c);
end
$$;

-- Variants as they are sold at this moment.
create or replace view variant_priced with (security_invoker) as
select v.id, v.product_id, v.sku, v.options,
    coalesce(s.amount, v.price_amount) as price_amount, v.price_currency,
    case when s.amount < v.price_amount then v.price_amount
	when v.compare_at_amount > coalesce(s.amount, v.price_amount)
	then v.compare_at_amount end as compare_at_amount,
    v.weight_grams, v.status, v.position
from variant v
left join variant_price s on s.variant_id = v.id and s.during @> now();

create or replace function price_now(wanted uuid) returns bigint
language sql stable security definer set search_path = duka, pg_temp as $$
	select v.price_amount from variant_priced v where v.id = wanted
$$;

-- Says why the next changes of prices happen.
create or replace function price_say(cause text) returns void
language sql as $$
	select set_config('duka.price_cause', cause, true)
$$;

-- Writes what these variants cost at a moment into their history, where it
-- is not what they cost before.  Answers those.
create or replace function price_follow(variants uuid[], moment timestamptz,
    p_cause text, p_planned uuid) returns uuid[]
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	made uuid[];
begin
	with price as (
		select v.id, v.price_amount as own, v.price_currency,
		    coalesce(s.amount, v.price_amount) as cost
		from variant v
		left join variant_price s on s.variant_id = v.id
		    and s.during @> moment
		where v.id = any (variants)
	), put as (
		insert into price_history (variant_id, at, cause, own_was, own,
		    cost_was, cost, currency, planned_id, staff_id, request_id)
		select p.id, moment, p_cause, h.own, p.own, h.cost, p.cost,
		    p.price_currency, p_planned, current_staff(),
		    nullif(current_setting('duka.request', true), '')
		from price p
		left join lateral (select h.own, h.cost from price_history h
		    where h.variant_id = p.id and h.at <= moment
		    order by h.at desc, h.id desc limit 1) h on true
		where (h.own, h.cost) is distinct from (p.own, p.cost)
		returning variant_id
	)
	select array_agg(p.variant_id) into made from put p;
	return coalesce(made, '{}');
end
$$;

-- After each statement that made variants or changed them.
create or replace function variants_priced() returns trigger
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	changed uuid[];
begin
	if tg_op = 'INSERT' then
		changed := array(select n.id from new_rows n);
	else
		changed := array(select n.id from new_rows n
		    join old_rows o on o.id = n.id
		    where n.price_amount <> o.price_amount
		    or n.price_currency <> o.price_currency);
	end if;
	if cardinality(changed) > 0 then
		perform price_follow(changed, now(), case tg_op
		    when 'INSERT' then 'created' else coalesce(nullif(
		    current_setting('duka.price_cause', true), ''),
		    'changed') end, null);
	end if;
	return null;
end
$$;

create or replace trigger priced_insert after insert on variant
    referencing new table as new_rows
    for each statement execute function variants_priced();
create or replace trigger priced_update after update on variant
    referencing old table as old_rows new table as new_rows
    for each statement execute function variants_priced();

create or replace trigger price_history_stands
    before update or delete on price_history
    for each row execute function history_stands();

-- Whoever plans a price that begins at once, changes or ends one that runs.
create or replace function price_planned() returns trigger
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	one variant_price;
	owner uuid;
begin
	if tg_op = 'DELETE' then
		one := old;
	else
		one := new;
	end if;
	if cardinality(price_follow(array[one.variant_id], now(), case
	    when one.ended then 'ended' else 'planned' end, one.id)) > 0 then
		select v.product_id into owner from variant v
		where v.id = one.variant_id;
		perform project_products(array[owner]);
	end if;
	return null;
end
$$;

create or replace trigger followed after insert or delete
    or update of amount, starts_at, ends_at on variant_price
    for each row execute function price_planned();

select audited('variant_price');

-- Prices that began or ended since they were last looked at: into the history
-- and into what is read in public.  How many; 0 when nothing was due.
create or replace function prices_step() returns integer
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	owners uuid[];
	edge record;
	n integer := 0;
begin
	-- In the order of whoever plans: the product, then its prices.
	owners := array(select p.id from product p where p.id in (
	    select v.product_id from variant v where v.id in (
		(select s.variant_id from variant_price s where not s.begun
		    and s.starts_at <= now() order by s.starts_at limit 200)
		union
		(select s.variant_id from variant_price s where not s.ended
		    and s.ends_at <= now() order by s.ends_at limit 200)))
	    order by p.id for no key update);
	if cardinality(owners) = 0 then
		return 0;
	end if;
	for edge in
		select s.id, s.variant_id, e.at, e.cause from variant_price s
		join variant v on v.id = s.variant_id
		cross join lateral (values
		    (s.starts_at, 'began', not s.begun),
		    (s.ends_at, 'ended', not s.ended)) e (at, cause, due)
		where v.product_id = any (owners) and e.due and e.at <= now()
		order by e.at, e.cause desc, s.id
	loop
		perform price_follow(array[edge.variant_id], edge.at,
		    edge.cause, edge.id);
		n := n + 1;
	end loop;
	update variant_price s set begun = s.starts_at <= now(),
	    ended = coalesce(s.ends_at <= now(), false)
	from variant v
	where v.id = s.variant_id and v.product_id = any (owners)
	and ((not s.begun and s.starts_at <= now())
	    or (not s.ended and s.ends_at <= now()));
	perform project_products(owners);
	return n;
end
$$;

-- Milliseconds until a price begins or ends; null if none is planned.
create or replace function prices_due_in() returns bigint
language sql stable security definer set search_path = duka, pg_temp as $$
	select greatest(0, ceil(extract(epoch from e.at - now()) * 1000))::bigint
	from (select least(
	    (select min(s.starts_at) from variant_price s where not s.begun),
	    (select min(s.ends_at) from variant_price s where not s.ended)))
	    e (at)
	-- greatest() passes over a null: see mail_due_in().
	where e.at is not null
$$;

-- What staff see and say.

create or replace function staff_named(wanted uuid) returns json
language sql stable security definer set search_path = duka, pg_temp as $$
	select json_build_object('id', s.id, 'name', s.name) from staff s
	where s.id = wanted
$$;

create or replace function planned_json(s variant_price) returns json
language sql stable security definer set search_path = duka, pg_temp as $$
	select json_build_object('id', s.id, 'variant_id', s.variant_id,
	    'price', money(s.amount, v.price_currency),
	    'starts_at', wire_time(s.starts_at),
	    'ends_at', wire_time(s.ends_at), 'note', s.note,
	    'state', case when s.ends_at <= now() then 'over'
		when s.starts_at <= now() then 'running' else 'planned' end,
	    'by', staff_named(s.staff_id), 'version', s.version)
	from variant v where v.id = s.variant_id
$$;

-- A variant's prices: now, planned, and a page of what they were.
create or replace function variant_prices(owner uuid, wanted uuid,
    cursor text, size integer) returns setof json
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	one variant_priced;
	own bigint;
	key jsonb := cursor_key(cursor, 2);
	page json;
begin
	perform demand('catalog.read');
	select * into one from variant_priced v
	where v.id = wanted and v.product_id = owner;
	if not found then
		return;
	end if;
	own := (select v.price_amount from variant v where v.id = wanted);
	select page_of(array_agg(r.item order by r.at desc, r.id desc),
	    array_agg(r.key order by r.at desc, r.id desc), size) into page
	from (select h.at, h.id, json_build_array(h.at, h.id) as key,
	    json_build_object('id', h.id, 'at', wire_time(h.at),
		'cause', h.cause, 'own_was', money(h.own_was, h.currency),
		'own', money(h.own, h.currency),
		'cost_was', money(h.cost_was, h.currency),
		'cost', money(h.cost, h.currency),
		'planned_id', h.planned_id, 'by', staff_named(h.staff_id))
		as item
	    from price_history h where h.variant_id = wanted
	    and (key is null or (h.at, h.id) <
		((key ->> 0)::timestamptz, (key ->> 1)::bigint))
	    order by h.at desc, h.id desc limit size + 1) r;
	return next json_build_object('variant_id', one.id, 'sku', one.sku,
	    'own', money(own, one.price_currency),
	    'price', money(one.price_amount, one.price_currency),
	    'compare_at', money(one.compare_at_amount, one.price_currency),
	    'lowest_30_days', case when one.compare_at_amount is not null
		then money(price_lowest(one.id), one.price_currency) end,
	    'planned', (select coalesce(json_agg(planned_json(s)
		order by s.starts_at), '[]') from variant_price s
		where s.variant_id = wanted
		and coalesce(s.ends_at > now(), true)),
	    'items', page -> 'items', 'next', page -> 'next');
end
$$;

-- The product, locked, of a variant whose prices are to be planned.
create or replace function price_lock(owner uuid, wanted uuid)
returns boolean
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	perform demand('catalog.write');
	perform from product p where p.id = owner for no key update;
	return exists (select from variant v where v.id = wanted
	    and v.product_id = owner);
end
$$;

create or replace function price_ends(given text, starts timestamptz)
returns timestamptz language plpgsql stable as $$
declare
	ends timestamptz := given::timestamptz;
begin
	if ends <= greatest(starts, now()) then
		perform raise_fault('It ends before it begins, or has ended',
		    'ends_at');
	end if;
	return ends;
end
$$;

-- What has begun can't be made to begin otherwise: the past stands.
create or replace function price_plan(owner uuid, wanted uuid, input jsonb)
returns table (body json, version integer, location text)
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	starts timestamptz := greatest(now(),
	    (input ->> 'starts_at')::timestamptz);
	made variant_price;
begin
	if not price_lock(owner, wanted) then
		return;
	end if;
	insert into variant_price (variant_id, amount, starts_at, ends_at,
	    note, begun, staff_id)
	values (wanted, price_of(input -> 'price'), starts,
	    price_ends(input ->> 'ends_at', starts),
	    coalesce(input ->> 'note', ''), starts <= now(), current_staff())
	returning * into made;
	return query select planned_json(made), made.version,
	    '/api/catalog/products/' || owner || '/variants/' || wanted ||
	    '/prices/' || made.id;
end
$$;

create or replace function price_meant(owner uuid, wanted uuid, planned uuid)
returns variant_price
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	made variant_price;
begin
	if not price_lock(owner, wanted) then
		return null;
	end if;
	select * into made from variant_price s
	where s.id = planned and s.variant_id = wanted for update;
	return made;
end
$$;

create or replace function raise_price_over() returns void
language plpgsql as $$
begin
	raise exception 'That price is over' using errcode = 'UK306';
end
$$;

create or replace function price_replan(owner uuid, wanted uuid,
    planned uuid, meant integer, input jsonb)
returns table (body json, version integer)
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	made variant_price := price_meant(owner, wanted, planned);
	starts timestamptz := coalesce((input ->> 'starts_at')::timestamptz,
	    made.starts_at);
begin
	if made.id is null then
		return;
	end if;
	perform check_version(made.version, meant);
	if made.ends_at <= now() then
		perform raise_price_over();
	elsif made.starts_at <= now() and starts <> made.starts_at then
		perform raise_fault('It has begun', 'starts_at');
	elsif made.starts_at > now() then
		starts := greatest(starts, now());
	end if;
	update variant_price s set starts_at = starts,
	    amount = coalesce(price_of(input -> 'price'), s.amount),
	    ends_at = price_ends(case when input ? 'ends_at'
		then input ->> 'ends_at' else s.ends_at::text end, starts),
	    note = coalesce(input ->> 'note', s.note),
	    begun = starts <= now(), version = s.version + 1,
	    updated_at = now()
	where s.id = made.id returning * into made;
	return query select planned_json(made), made.version;
end
$$;

-- What is planned goes; what runs ends now.
create or replace function price_drop(owner uuid, wanted uuid, planned uuid,
    meant integer) returns setof integer
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	made variant_price := price_meant(owner, wanted, planned);
begin
	if made.id is null then
		return;
	end if;
	perform check_version(made.version, meant);
	if made.ends_at <= now() then
		perform raise_price_over();
	elsif made.starts_at < now() then
		update variant_price s set ends_at = now(), begun = true,
		    ended = true, version = s.version + 1, updated_at = now()
		where s.id = made.id;
	else
		delete from variant_price s where s.id = made.id;
	end if;
	return next 1;
end
$$;
