-- SPDX-License-Identifier: ISC
-- What time does to points and tiers.  Each account is worked on once for
-- each cause, so that the job may run at any hour and any number of times.

set check_function_bodies = off;

create or replace function points_keep() returns interval
language sql stable security definer set search_path = duka, pg_temp as $$
	select make_interval(months => coalesce(
	    setting_of('loyalty.expiry_months'), '12')::integer)
$$;

create or replace function points_notice() returns interval
language sql stable security definer set search_path = duka, pg_temp as $$
	select make_interval(days => coalesce(
	    setting_of('loyalty.notice_days'), '30')::integer)
$$;

-- Empties all lots of an account that has something.
create or replace function points_expire(p_customer uuid) returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	lots bigint[];
	parts integer[];
begin
	select array_agg(l.id order by l.id),
	    array_agg(-l.left_points order by l.id) into lots, parts
	from points_lot l join points_account a using (customer_id)
	where l.customer_id = p_customer and a.balance > 0
	and l.left_points <> 0;
	if lots is not null then
		perform points_post(p_customer, 'expire', lots, parts, null,
		    null, '');
	end if;
end
$$;

-- Only what was announced in time expires, were the job away for long.
create or replace function expire_points(most integer) returns integer
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	a record;
	n integer := 0;
begin
	for a in select p.customer_id from points_account p
	    where p.balance > 0 and p.moved_at <= now() - points_keep()
	    and p.warned_at <= now() - points_notice()
	    order by p.customer_id limit most for update skip locked
	loop
		perform points_expire(a.customer_id);
		n := n + 1;
	end loop;
	return n;
end
$$;

create or replace function warn_of_expiry(most integer) returns integer
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	a record;
	n integer := 0;
begin
	for a in select p.customer_id, p.balance, c.email, c.given_name,
		greatest(p.moved_at + points_keep(), now() + points_notice())
		as ends
	    from points_account p join customer c on c.id = p.customer_id
	    where p.balance > 0 and p.warned_at is null
	    and p.moved_at <= now() - points_keep() + points_notice()
	    order by p.customer_id limit most for update of p skip locked
	loop
		update points_account set warned_at = now()
		where customer_id = a.customer_id;
		perform send_mail('points-expiring', a.email,
		    jsonb_build_object('name', a.given_name,
		    'points', a.balance, 'worth', money(points_value(
		    a.balance, setting_of('shop.currency')),
		    setting_of('shop.currency')), 'day',
		    to_char(a.ends at time zone setting_of('shop.time_zone'),
		    'YYYY-MM-DD')), a.customer_id);
		n := n + 1;
	end loop;
	return n;
end
$$;

-- At the end of a month: who earned too little in its twelve months goes down
-- to the tier of what was earned.
create or replace function lower_tiers(most integer) returns integer
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	zone text := setting_of('shop.time_zone');
	month timestamp := date_trunc('month', now() at time zone zone);
	a record;
	t loyalty_tier;
	n integer := 0;
begin
	for a in select p.customer_id, x.points from points_account p
	    join loyalty_tier x on x.code = p.tier
	    where p.tier <> 'bronze' and p.tier_reviewed < month::date
	    order by p.customer_id limit most for update of p skip locked
	loop
		t := tier_for(tier_points(a.customer_id,
		    (month - interval '12 months') at time zone zone));
		update points_account p set tier_reviewed = month::date,
		    tier = case when t.points < a.points then t.code
			else p.tier end,
		    tier_since = case when t.points < a.points then now()
			else p.tier_since end
		where p.customer_id = a.customer_id;
		n := n + 1;
	end loop;
	return n;
end
$$;

-- Does up to `most` of each; `more` says whether to come again at once.
create or replace function loyalty_nightly(most integer default 1000)
returns json
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	expired integer;
	warned integer;
	reviewed integer;
begin
	perform demand('loyalty.write');
	expired := expire_points(most);
	warned := warn_of_expiry(most);
	reviewed := lower_tiers(most);
	return json_build_object('expired', expired, 'warned', warned,
	    'reviewed', reviewed,
	    'more', greatest(expired, warned, reviewed) >= most);
end
$$;
