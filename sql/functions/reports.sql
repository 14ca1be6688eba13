-- SPDX-License-Identifier: ISC
-- Figures for the owner.  All of them answer {"report", "by", "from", "to",
-- "currency", "rows", "sum"}; days begin and end in the shop's time zone.

-- The days asked for: said one by one, or the last whole day, week, month,
-- quarter or year, or the last 30 days.
create or replace function report_days(p_from date, p_to date, p_last text,
    out first date, out final date)
language plpgsql stable as $$
declare
	today date := (now() at time zone setting_of('shop.time_zone'))::date;
begin
	if p_last is not null and (p_from is not null or p_to is not null) then
		raise exception 'Say either last, or from and to'
		    using errcode = 'UK601';
	elsif p_last = 'day' then
		first := today - 1;
		final := today - 1;
	elsif p_last = 'quarter' then
		first := date_trunc('quarter', today - interval '3 months');
		final := date_trunc('quarter', today)::date - 1;
	elsif p_last is not null then
		first := date_trunc(p_last, today - ('1 ' || p_last)::interval);
		final := date_trunc(p_last, today)::date - 1;
	else
		final := coalesce(p_to, today);
		first := coalesce(p_from, final - 29);
	end if;
	if first > final or final - first > 3700 then
		raise exception 'The days asked for end before they begin, or '
		    'are more than ten years' using errcode = 'UK601';
	end if;
end
$$;

create or replace function day_start(day date) returns timestamptz
language sql stable as $$
	select day::timestamp at time zone setting_of('shop.time_zone')
$$;

-- One row of a report about money.
create or replace function report_row(key text, label text, orders bigint,
    units bigint, discount numeric, tax numeric, total numeric,
    currency text) returns json
language sql immutable as $$
	select json_build_object('key', key, 'label', label,
	    'orders', coalesce(orders, 0), 'units', coalesce(units, 0),
	    'discount', money(coalesce(discount, 0)::bigint, currency),
	    'tax', money(coalesce(tax, 0)::bigint, currency),
	    'total', money(coalesce(total, 0)::bigint, currency))
$$;

create or replace function report_of(report text, by text, first date,
    final date, currency text, rows json, sum json) returns json
language sql immutable as $$
	select json_build_object('report', report, 'by', by, 'from', first,
	    'to', final, 'currency', currency,
	    'rows', coalesce(rows, '[]'::json), 'sum', sum)
$$;

-- What was ordered and not cancelled, by the time it was ordered; shipping
-- is in the totals of orders, not in those of products and categories.
create or replace function sales_by_time(by text, first date, final date,
    currency text) returns json
language sql stable as $$
	with sale as (
		select date_trunc(by, placed_at at time zone
		    setting_of('shop.time_zone'))::date as day,
		    discount_amount, tax_amount, total_amount,
		    (select sum(quantity) from order_line l
		    where l.order_id = o.id) as units
		from customer_order o
		where placed_at >= day_start(first)
		    and placed_at < day_start(final + 1)
		    and state <> 'cancelled' and o.currency = $4
	), span as (
		select s::date as day from generate_series(
		    date_trunc(by, first::timestamp), final::timestamp,
		    ('1 ' || by)::interval) s
	), grouped as (
		select span.day, count(sale.day) as orders, sum(units) as units,
		    sum(discount_amount) as discount, sum(tax_amount) as tax,
		    sum(total_amount) as total
		from span left join sale using (day) group by span.day
	)
	select report_of('sales', by, first, final, currency,
	    (select json_agg(report_row(day::text, day::text, orders, units::bigint,
	    discount, tax, total, currency) order by day) from grouped),
	    (select report_row('sum', 'Sum', sum(orders)::bigint,
	    sum(units)::bigint, sum(discount), sum(tax), sum(total),
	    currency) from grouped))
$$;

create or replace function sales_by_payment(first date, final date,
    currency text) returns json
language sql stable as $$
	with grouped as (
		select payment_method as key, count(*) as orders,
		    sum((select sum(quantity) from order_line l
		    where l.order_id = o.id)) as units,
		    sum(discount_amount) as discount, sum(tax_amount) as tax,
		    sum(total_amount) as total
		from customer_order o
		where placed_at >= day_start(first)
		    and placed_at < day_start(final + 1)
		    and state <> 'cancelled' and o.currency = $3
		group by payment_method
	)
	select report_of('sales', 'payment_method', first, final, currency,
	    (select json_agg(report_row(key, initcap(replace(key, '_', ' ')),
	    orders, units::bigint, discount, tax, total, currency)
	    order by total desc, key) from grouped),
	    (select report_row('sum', 'Sum', sum(orders)::bigint,
	    sum(units)::bigint, sum(discount), sum(tax), sum(total),
	    currency) from grouped))
$$;

create or replace function category_label(p_path uuid[]) returns text
language sql stable as $$
	select string_agg(c.name, ' > ' order by u.n)
	from unnest(p_path) with ordinality u (id, n)
	join category c on c.id = u.id
$$;

-- By product or by category (null: those without one).
create or replace function sales_by_goods(by text, first date, final date,
    currency text) returns json
language sql stable as $$
	with sold as (
		select l.order_id, l.quantity, l.discount_amount,
		    l.tax_amount, l.total_amount,
		    case by when 'product' then p.id else p.category_id end
		    as key
		from order_line l
		join customer_order o on o.id = l.order_id
		join product p on p.id = l.product_id
		where o.placed_at >= day_start(first)
		    and o.placed_at < day_start(final + 1)
		    and o.state <> 'cancelled' and o.currency = $4
	), grouped as (
		select key, count(distinct order_id) as orders,
		    sum(quantity) as units, sum(discount_amount) as discount,
		    sum(tax_amount) as tax, sum(total_amount) as total
		from sold group by key
	), best as (
		select * from grouped order by total desc, key limit 1000
	)
	select report_of('sales', by, first, final, currency,
	    (select json_agg(report_row(coalesce(key::text, 'none'),
	    coalesce(case by when 'product' then
	    (select name from product where id = key) else
	    (select category_label(c.path) from category c where c.id = key)
	    end, 'None'), orders, units, discount, tax, total, currency)
	    order by total desc, key) from best),
	    (select report_row('sum', 'Sum',
	    (select count(distinct order_id) from sold),
	    sum(units)::bigint, sum(discount), sum(tax), sum(total),
	    currency) from grouped))
$$;

create or replace function sales_report(by text, p_from date, p_to date,
    p_last text) returns json
language plpgsql stable as $$
declare
	days record;
	currency text := setting_of('shop.currency');
begin
	days := report_days(p_from, p_to, p_last);
	if by in ('day', 'week', 'month') then
		return sales_by_time(by, days.first, days.final, currency);
	elsif by = 'payment_method' then
		return sales_by_payment(days.first, days.final, currency);
	end if;
	return sales_by_goods(by, days.first, days.final, currency);
end
$$;

create or replace function new_customers_report(by text, p_from date,
    p_to date, p_last text) returns json
language plpgsql stable as $$
declare
	days record;
	zone text := setting_of('shop.time_zone');
begin
	days := report_days(p_from, p_to, p_last);
	return (with joined as (
		select date_trunc(by, created_at at time zone zone)::date
		    as day, email_verified_at is not null as verified
		from customer
		where created_at >= day_start(days.first)
		    and created_at < day_start(days.final + 1)
	), grouped as (
		select s::date as day, count(joined.day) as customers,
		    count(*) filter (where verified) as verified
		from generate_series(date_trunc(by, days.first::timestamp),
		    days.final::timestamp, ('1 ' || by)::interval) s
		left join joined on joined.day = s::date group by s
	)
	select report_of('new-customers', by, days.first, days.final,
	    setting_of('shop.currency'),
	    (select json_agg(json_build_object('key', day::text,
	    'label', day::text, 'customers', customers, 'verified', verified)
	    order by day) from grouped),
	    (select json_build_object('key', 'sum', 'label', 'Sum',
	    'customers', coalesce(sum(customers), 0),
	    'verified', coalesce(sum(verified), 0)) from grouped)));
end
$$;

-- At selling prices, of now.
create or replace function stock_value_report(by text) returns json
language sql stable as $$
	with lying as (
		select s.on_hand, s.reserved, s.on_hand * v.price_amount as worth,
		    case by when 'location' then s.location_id
		    else p.category_id end as key
		from stock s
		join variant v on v.id = s.variant_id
		join product p on p.id = v.product_id
		where v.price_currency = setting_of('shop.currency')
	), grouped as (
		select key, sum(on_hand) as units, sum(reserved) as reserved,
		    sum(worth) as worth
		from lying group by key
	), labelled as (
		select g.*, coalesce(case by when 'location' then
		    (select name from location where id = key) else
		    (select category_label(c.path) from category c
		    where c.id = key) end, 'None') as label
		from grouped g
	)
	select report_of('stock-value', by, current_date, current_date,
	    setting_of('shop.currency'),
	    (select json_agg(json_build_object('key',
	    coalesce(key::text, 'none'), 'label', label, 'units', units,
	    'reserved', reserved, 'total', money(worth::bigint,
	    setting_of('shop.currency'))) order by worth desc, label)
	    from labelled),
	    (select json_build_object('key', 'sum', 'label', 'Sum',
	    'units', coalesce(sum(units), 0), 'reserved',
	    coalesce(sum(reserved), 0), 'total',
	    money(coalesce(sum(worth), 0)::bigint,
	    setting_of('shop.currency'))) from labelled))
$$;

-- Puts a report into the outbox.  Staff send to staff; only the machine's
-- own administrator (cron) may name any address.
create or replace function mail_report(p_recipient text, p_subject text,
    p_name text, p_type text, p_content text) returns json
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	sent uuid;
begin
	perform demand('reports.read');
	if current_staff() is not null and not exists (select from staff
	    where lower(email) = lower(p_recipient) and state = 'active') then
		raise exception 'Reports go to members of staff'
		    using errcode = 'UK602';
	end if;
	insert into outbox (template, recipient, data, attachment_name,
	    attachment_type, attachment)
	values ('report', p_recipient, jsonb_build_object('title', p_subject,
	    'shop', setting_of('shop.name')), p_name, p_type, p_content)
	returning id into sent;
	return json_build_object('id', sent, 'recipient', p_recipient,
	    'attachment', p_name);
end
$$;
