-- SPDX-License-Identifier: ISC
-- What staff see first: figures of today against the same hours a week ago,
-- what waits, what happened last.  Nothing is there without the permission
-- to see it where it lies.

-- How many wait, by name; nobody counts more than a thousand.
create or replace function waiting_counts() returns jsonb
language sql stable as $$
	select jsonb_strip_nulls(jsonb_build_object(
	    'orders', case when permitted('orders.read') then (
		select count(*) from (select from customer_order
		where state = 'pending' limit 1000) n) end,
	    'returns', case when permitted('orders.read') then (
		select count(*) from (select from order_return
		where state = 'requested' limit 1000) n) end,
	    'low_stock', case when permitted('inventory.read') then (
		select count(*) from (select from low_stock_event
		where refilled_at is null limit 1000) n) end,
	    'reviews', case when permitted('reviews.read') then (
		select count(*) from (select from review
		where state = 'pending' limit 1000) n) end,
	    'messages', case when permitted('messages.read') then (
		select count(*) from (select from conversation
		where state = 'open' and last_author = 'customer'
		limit 1000) n) end,
	    'tasks', case when permitted('tasks.read') then (
		select count(*) from (select from task
		where assignee_id = current_staff()
		and status in ('open', 'in_progress') limit 1000) n) end,
	    'outbox', case when permitted('settings.read') then (
		select count(*) from (select from outbox
		where state = 'dead' limit 1000) n) end))
$$;

-- When the newest of each came.
create or replace function latest_times() returns jsonb
language sql stable as $$
	select jsonb_strip_nulls(jsonb_build_object(
	    'orders', case when permitted('orders.read') then
		wire_time((select max(placed_at) from customer_order)) end,
	    'returns', case when permitted('orders.read') then
		wire_time((select max(requested_at) from order_return)) end,
	    'messages', case when permitted('messages.read') then
		wire_time((select max(last_at) from conversation)) end,
	    'tasks', case when permitted('tasks.read') then
		wire_time((select max(updated_at) from task)) end,
	    'customers', case when permitted('customers.read') then
		wire_time((select max(created_at) from customer)) end))
$$;

create or replace function staff_news() returns json
language sql stable security definer set search_path = duka, pg_temp as $$
	select json_build_object('counts', waiting_counts(),
	    'latest', latest_times())
$$;

create or replace function orders_between(first timestamptz,
    final timestamptz, out orders bigint, out amount bigint)
language sql stable as $$
	select count(*), coalesce(sum(total_amount)
	    filter (where currency = (select setting_of(
	    'shop.currency')::char(3))), 0)::bigint
	from customer_order
	where placed_at >= first and placed_at < final
	    and state <> 'cancelled'
$$;

create or replace function customers_between(first timestamptz,
    final timestamptz) returns bigint language sql stable as $$
	select count(*) from customer
	where created_at >= first and created_at < final
$$;

-- {"name", "value", "before", "currency"}: of today until now, and of the
-- same day last week until the same time.
create or replace function today_figures(p_today date, p_until timestamptz)
returns jsonb language plpgsql stable as $$
declare
	start timestamptz := day_start(p_today);
	start_before timestamptz := day_start(p_today - 7);
	until_before timestamptz := start_before + (p_until - start);
	now_ record := orders_between(start, p_until);
	then_ record := orders_between(start_before, until_before);
	figures jsonb := '[]';
begin
	if permitted('reports.read') then
		figures := figures || jsonb_build_object('name', 'sales',
		    'value', now_.amount, 'before', then_.amount,
		    'currency', setting_of('shop.currency'));
	end if;
	if permitted('orders.read') then
		figures := figures || jsonb_build_object('name', 'orders',
		    'value', now_.orders, 'before', then_.orders);
	end if;
	if permitted('customers.read') then
		figures := figures || jsonb_build_object('name', 'customers',
		    'value', customers_between(start, p_until),
		    'before', customers_between(start_before, until_before));
	end if;
	return figures;
end
$$;

-- Sales of the last four weeks by day, the days without any too.  Each day is
-- a stretch of the index: nothing is sorted, and no row asks for a setting.
create or replace function sales_days(p_today date) returns json
language sql stable as $$
	with span as materialized (
		select p_today - n as day, day_start(p_today - n) as first,
		    day_start(p_today - n + 1) as next,
		    setting_of('shop.currency')::char(3) as currency
		from generate_series(0, 27) n
		where permitted('reports.read')
	)
	select json_agg(json_build_object('day', s.day, 'orders', o.orders,
	    'amount', o.amount) order by s.day)
	from span s cross join lateral (
		select count(*) as orders, coalesce(sum(total_amount), 0)
		    as amount
		from customer_order
		where placed_at >= s.first and placed_at < s.next
		    and state <> 'cancelled' and currency = s.currency
	) o
$$;

-- The last of each kind, in one order.
create or replace function recent_activity() returns json
language sql stable as $$
	with happened as (
		(select 'order' as kind, id, placed_at as at, number as name,
		    name as detail, state, total_amount as amount, currency
		from customer_order where permitted('orders.read')
		order by placed_at desc, id desc limit 12)
		union all
		(select 'return', r.id, requested_at, o.number, o.name, r.state,
		    null, null
		from order_return r join customer_order o on o.id = r.order_id
		where permitted('orders.read')
		order by requested_at desc, r.id desc limit 12)
		union all
		(select 'customer', id, created_at,
		    btrim(given_name || ' ' || family_name), email, state,
		    null, null
		from customer where permitted('customers.read')
		and state <> 'erased'
		order by created_at desc, id desc limit 12)
		union all
		(select 'message', id, last_at, number, subject, state,
		    null, null
		from conversation where permitted('messages.read')
		order by last_at desc, id desc limit 12)
		union all
		(select 'review', r.id, r.created_at, p.name, r.author,
		    r.state, null, null
		from review r join product p on p.id = r.product_id
		where r.state = 'pending' and permitted('reviews.read')
		order by r.number desc limit 12)
	)
	select coalesce(json_agg(json_build_object('kind', kind, 'id', id,
	    'at', wire_time(at), 'name', name, 'detail', detail,
	    'state', state, 'amount', amount, 'currency', currency)
	    order by at desc, id), '[]')
	from (select * from happened order by at desc, id limit 12) h
$$;

create or replace function staff_dashboard() returns json
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	today date := (now() at time zone setting_of('shop.time_zone'))::date;
begin
	return json_build_object('day', today, 'at', wire_time(now()),
	    'figures', today_figures(today, now()),
	    'waiting', waiting_counts(), 'days', sales_days(today),
	    'recent', recent_activity());
end
$$;
