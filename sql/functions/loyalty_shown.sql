-- SPDX-License-Identifier: ISC
-- Points, tiers and rewards as the API shows them and as carts use them.

set check_function_bodies = off;

create or replace function tier_json(t loyalty_tier) returns json
language sql stable as $$
	select json_build_object('code', t.code, 'name', t.name,
	    'points', t.points, 'multiplier', trim_scale(t.multiplier)::text,
	    'advantages', t.advantages, 'version', t.version)
$$;

create or replace function reward_json(r reward) returns json
language sql stable as $$
	select json_build_object('id', r.id, 'name', r.name,
	    'about', r.about, 'kind', r.kind,
	    'amount', money(r.amount, setting_of('shop.currency')),
	    'percent', trim_scale(r.percent)::text, 'cost', r.cost,
	    'tier', r.tier, 'starts_at', wire_time(r.starts_at),
	    'ends_at', wire_time(r.ends_at))
$$;

create or replace function reward_staff_json(r reward) returns json
language sql stable as $$
	select (reward_json(r)::jsonb || jsonb_build_object(
	    'active', r.active, 'used', (select count(*) from reward_use u
	    where u.reward_id = r.id),
	    'created_at', wire_time(r.created_at),
	    'updated_at', wire_time(r.updated_at), 'version', r.version))::json
$$;

-- Whether a reward is offered now, whoever asks.
create or replace function reward_offered(r reward) returns boolean
language sql stable as $$
	select r.active and coalesce(r.starts_at <= now(), true)
	    and coalesce(r.ends_at > now(), true)
$$;

create or replace function points_entry_json(e points_entry) returns json
language sql stable as $$
	select json_build_object('id', e.id, 'kind', e.kind,
	    'points', e.points, 'balance', e.balance,
	    'order_id', e.order_id, 'reason', e.reason,
	    'at', wire_time(e.at))
$$;

-- A customer's account, also of one who never had points.
create or replace function points_account_of(p_customer uuid)
returns points_account
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	a points_account;
begin
	select * into a from points_account where customer_id = p_customer;
	if not found then
		a.customer_id := p_customer;
		a.balance := 0;
		a.tier := 'bronze';
	end if;
	return a;
end
$$;

create or replace function loyalty_json(c customer) returns json
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	a points_account := points_account_of(c.id);
	t loyalty_tier;
	n loyalty_tier;
	code text := setting_of('shop.currency');
	earned bigint := tier_points(c.id, now() - interval '12 months');
begin
	select * into t from loyalty_tier where loyalty_tier.code = a.tier;
	select * into n from loyalty_tier x where x.points > t.points
	order by x.points limit 1;
	return json_build_object('balance', a.balance,
	    'worth', money(points_value(a.balance, code), code),
	    'tier', tier_json(t),
	    'tier_since', wire_time(coalesce(a.tier_since, c.created_at)),
	    'earned_in_year', earned,
	    'next_tier', case when n.code is not null then
		json_build_object('code', n.code, 'name', n.name,
		'points', n.points,
		'to_go', greatest(0, n.points - earned)) end,
	    'expires_at', case when a.balance > 0 then
		wire_time(greatest(a.moved_at + points_keep(),
		coalesce(a.warned_at + points_notice(), now()))) end,
	    'member_since', wire_time(c.created_at));
end
$$;

-- What the dashboard shows of it; the own, whatever is asked for.
create or replace function dashboard_loyalty() returns jsonb
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	a points_account := points_account_of(current_customer());
begin
	return (select jsonb_build_object('points', a.balance,
	    'tier', jsonb_build_object('code', t.code, 'name', t.name,
	    'multiplier', trim_scale(t.multiplier)::text))
	from loyalty_tier t where t.code = a.tier);
end
$$;

-- Whether a customer's tier is high enough.
create or replace function tier_reached(p_tier text, wanted text)
returns boolean
language sql stable security definer set search_path = duka, pg_temp as $$
	select h.points >= w.points from loyalty_tier h, loyalty_tier w
	where h.code = p_tier and w.code = wanted
$$;

-- The rewards offered, each with whether the customer can have it.
create or replace function rewards_json(p_customer uuid) returns json
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	a points_account := points_account_of(p_customer);
begin
	return (select json_build_object('items', coalesce(json_agg((
	    reward_json(r)::jsonb || jsonb_build_object(
	    'tier_reached', tier_reached(a.tier, r.tier),
	    'affordable', a.balance >= r.cost))::json
	    order by r.cost, r.name, r.id), '[]'), 'next', null)
	from reward r where reward_offered(r));
end
$$;

-- What pricing wants to know of it (lib/crm/pricing.h); null for guests.
create or replace function loyalty_facts(p_customer uuid, p_points integer,
    p_reward uuid) returns json
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	a points_account;
begin
	if p_customer is null then
		return null;
	end if;
	a := points_account_of(p_customer);
	return (select json_build_object('balance', a.balance,
	    'wanted', coalesce(p_points, 0), 'multiplier', t.multiplier::text,
	    'reward', case when p_reward is not null then (
		select json_build_object('id', r.id, 'name', r.name,
		    'kind', r.kind, 'amount', r.amount,
		    'percent', r.percent::text, 'cost', r.cost)
		from reward r where r.id = p_reward and reward_offered(r)
		and tier_reached(a.tier, r.tier)) end)
	from loyalty_tier t where t.code = a.tier);
end
$$;

-- Refuses what a cart means to spend and its customer hasn't.
create or replace function check_loyalty(p_customer uuid, p_points integer,
    p_reward uuid) returns void
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	f json;
	cost bigint;
begin
	if p_points = 0 and p_reward is null then
		return;
	end if;
	f := loyalty_facts(p_customer, p_points, p_reward);
	cost := (f #>> '{reward,cost}')::bigint;
	if p_reward is not null and cost is null then
		perform raise_reward();
	end if;
	if coalesce((f ->> 'balance')::bigint, 0)
	    < p_points + coalesce(cost, 0) then
		perform raise_points_short(p_points + coalesce(cost, 0),
		    coalesce((f ->> 'balance')::bigint, 0));
	end if;
end
$$;

-- In the cart; these run as its program, which sees the own alone.

create or replace function cart_points_put(p_points integer) returns json
language plpgsql as $$
declare
	mine uuid := open_cart();
begin
	perform check_loyalty(current_customer(), p_points,
	    (select c.reward_id from cart c where c.id = mine));
	update cart set points = p_points, updated_at = now()
	where id = mine;
	return cart_facts(mine);
end
$$;

create or replace function cart_reward_put(p_reward uuid) returns json
language plpgsql as $$
declare
	mine uuid := open_cart();
begin
	perform check_loyalty(current_customer(), (select c.points
	    from cart c where c.id = mine), p_reward);
	update cart set reward_id = p_reward, updated_at = now()
	where id = mine;
	return cart_facts(mine);
end
$$;

create or replace function cart_loyalty_drop() returns json
language plpgsql as $$
declare
	mine uuid := lock_cart();
begin
	update cart set points = 0, reward_id = null, updated_at = now()
	where id = mine;
	return cart_facts(mine);
end
$$;

-- By staff.

-- Changes a reward, or makes one where there is none.
create or replace function put_reward(p_id uuid, p_input jsonb,
    p_version integer) returns setof reward
language plpgsql as $$
declare
	r reward;
	n reward;
begin
	if p_input #>> '{amount,currency}' <> setting_of('shop.currency') then
		raise exception 'Rewards are in the shop''s currency'
		    using errcode = 'UK305';
	end if;
	if p_id is not null then
		select * into r from reward where id = p_id for update;
		if not found then
			return;
		end if;
		perform check_version(r.version, p_version);
	end if;
	n := jsonb_populate_record(r, p_input - 'amount');
	if p_input ? 'amount' then
		n.amount := (p_input #>> '{amount,amount}')::bigint;
	end if;
	if not exists (select from loyalty_tier t
	    where t.code = coalesce(n.tier, 'bronze')) then
		perform raise_missing('There is no such tier', 'tier');
	end if;
	if n.kind = 'amount_off' and n.amount is null then
		perform raise_missing('Say how much comes off', 'amount');
	elsif n.kind = 'percent_off' and n.percent is null then
		perform raise_missing('Say how much comes off', 'percent');
	end if;
	if p_id is null then
		return query insert into reward (name, about, kind, amount,
		    percent, cost, tier, starts_at, ends_at, active)
		values (n.name, coalesce(n.about, ''), n.kind, n.amount,
		    n.percent, n.cost, coalesce(n.tier, 'bronze'),
		    n.starts_at, n.ends_at, coalesce(n.active, true))
		returning *;
	else
		return query update reward set name = n.name,
		    about = coalesce(n.about, ''), kind = n.kind,
		    amount = n.amount, percent = n.percent, cost = n.cost,
		    tier = coalesce(n.tier, 'bronze'),
		    starts_at = n.starts_at, ends_at = n.ends_at,
		    active = n.active, version = version + 1,
		    updated_at = now()
		where id = p_id returning *;
	end if;
end
$$;

create or replace function put_tier(p_code text, p_input jsonb,
    p_version integer) returns setof loyalty_tier
language plpgsql as $$
declare
	t loyalty_tier;
	n loyalty_tier;
begin
	select * into t from loyalty_tier where code = p_code for update;
	if not found then
		return;
	end if;
	perform check_version(t.version, p_version);
	n := jsonb_populate_record(t, p_input);
	return query update loyalty_tier set name = n.name,
	    points = n.points, multiplier = n.multiplier,
	    advantages = n.advantages, version = version + 1,
	    updated_at = now()
	where code = p_code returning *;
end
$$;

create or replace function export_points(who uuid) returns json
language plpgsql stable as $$
declare
	a points_account := points_account_of(who);
begin
	return json_build_object('balance', a.balance, 'tier', a.tier,
	    'entries', (select coalesce(json_agg(points_entry_json(e)
		order by e.id), '[]') from points_entry e
		where e.customer_id = who),
	    'rewards', (select coalesce(json_agg(json_build_object(
		'name', r.name, 'cost', u.cost, 'at', wire_time(u.at))
		order by u.at), '[]')
		from reward_use u join reward r on r.id = u.reward_id
		where u.customer_id = who));
end
$$;
