-- SPDX-License-Identifier: ISC
-- The sample shop besides its products: who it is, what it offers, whom it
-- serves, and a year of orders that ends the day before :today.  The same
-- day gives the same shop.

\set ON_ERROR_STOP on
set client_min_messages = warning;
set search_path = duka, pg_temp;
begin;

-- A number from 0 to 1 that is always the same for the same words.
create function pg_temp.dice(variadic words text[]) returns float8
language sql immutable as $$
	select ('x' || substr(md5(array_to_string(words, '/')), 1, 8))
	    ::bit(32)::bigint / 4294967296.0
$$;
create function pg_temp.id(variadic words text[]) returns uuid
language sql immutable as $$
	select md5('duka/' || array_to_string(words, '/'))::uuid
$$;

update setting set value = v.value from (values
    ('shop.name', 'Baobab & Breadfruit'),
    ('shop.email', 'shop@duka.example'),
    ('shop.opening_hours', '{"mon":[["09:00","18:00"]],"tue":[["09:00","18:00"]],"wed":[["09:00","18:00"]],"thu":[["09:00","20:00"]],"fri":[["09:00","20:00"]],"sat":[["09:00","18:00"]]}')
) v (key, value) where setting.key = v.key;

create temp table given_brand (name text, dark text, light text, about text)
    on commit drop;
\copy given_brand from 'brands.tsv'
update brand b set description = g.about from given_brand g
where g.name = b.name;

-- What the products' specifications mean, in the order in which one asks.
insert into attribute_definition (name, label, type, unit, filterable,
    position)
values
('origin', 'Country of origin', 'text', null, true, 1),
('vegan', 'Vegan', 'boolean', null, true, 2),
('gluten_free', 'Free of gluten', 'boolean', null, true, 3),
('halal', 'Halal', 'boolean', null, true, 4),
('organic', 'Organic', 'boolean', null, true, 5),
('heat_level', 'Heat, 0 to 5', 'number', null, true, 6),
('allergens', 'Allergens', 'text', null, true, 7),
('storage', 'Storage', 'text', null, true, 8),
('weight_grams', 'Net weight', 'number', 'g', false, 9),
('volume_ml', 'Volume', 'number', 'ml', false, 10);

insert into shipping_method (id, code, name, zone_id, price_by, steps,
    free_from, position, created_at)
select pg_temp.id('shipping', '1'), 'courier', 'Courier, next working day',
    z.id, 'weight', '[{"from": 0, "amount": 890},
    {"from": 5000, "amount": 1190}, {"from": 15000, "amount": 1790}]',
    null, 4, :'today'::date - 365
from tax_zone z where z.code = 'ireland';

-- What goes fast is told to staff in time.
update stock set low_at = 6
from variant v join product p on p.id = v.product_id
where v.id = stock.variant_id and v.price_amount < 1500;

insert into promotion (id, name, kind, level, percent, amount, minimum_amount,
    first_order, needs_coupon, priority, stacking_group, created_at)
values
(pg_temp.id('promotion', '1'), 'Welcome: 10 % off the first order', 'percent',
    'order', 10, null, 2000, true, true, 10, 'welcome', :'today'::date - 365),
(pg_temp.id('promotion', '2'), 'Free delivery from 60 euro', 'free_shipping',
    'order', null, null, 6000, false, false, 50, 'shipping',
    :'today'::date - 365),
(pg_temp.id('promotion', '3'), '5 euro off 50', 'amount', 'order', null, 500,
    5000, false, true, 20, 'voucher', :'today'::date - 200);
insert into promotion (id, name, kind, level, buy, get, category_ids,
    priority, stacking_group, created_at)
select pg_temp.id('promotion', '4'), 'Drinks: three for two', 'buy_x_get_y',
    'line', 2, 1, array[id], 30, 'drinks', :'today'::date - 90
from category where parent_id is null and name ilike '%drink%' limit 1;
-- With rice and flours from 40 euro a little spice, as long as it lasts.
insert into promotion (id, name, kind, gift_variant_id, gift_quantity,
    category_ids, minimum_amount, priority, stacking_group, created_at)
select pg_temp.id('promotion', '5'), 'A spice with your grains', 'gift', g.id,
    1, array[c.id], 4000, 40, 'gift', :'today'::date - 30
from category c, lateral (select v.id from variant v
    join product p on p.id = v.product_id and p.status = 'active'
    join category s on s.id = p.category_id
    join stock k on k.variant_id = v.id and k.on_hand >= 20
    where v.status = 'active' and s.name ilike '%spice%'
    or v.status = 'active' and exists (select from category t
	where t.id = any (s.path) and t.name ilike '%spice%')
    order by v.price_amount, v.sku limit 1) g
where c.slug = 'grains-flours';
insert into coupon (id, promotion_id, code, max_uses, max_uses_each,
    created_at)
values
(pg_temp.id('coupon', '1'), pg_temp.id('promotion', '1'), 'WELCOME10', null, 1,
    :'today'::date - 365),
(pg_temp.id('coupon', '2'), pg_temp.id('promotion', '3'), 'AKWAABA5', 500, 2,
    :'today'::date - 200);

-- Customers.

create temp table given_customer (
	n serial, given_name text, family_name text, phone text,
	date_of_birth date, gender text, line1 text, city text, region text,
	postcode text, household_size integer, children integer, dietary text,
	language text, id uuid, email text, joined timestamptz
) on commit drop;
\copy given_customer (given_name, family_name, phone, date_of_birth, gender, line1, city, region, postcode, household_size, children, dietary, language) from 'customers.csv' csv header
update given_customer set id = pg_temp.id('customer', n::text),
    email = lower(given_name || '.' || family_name) || '@example.org',
    joined = :'today'::date - 366 + (pg_temp.dice('joined', n::text) *
	case when n % 3 = 0 then 250 else 20 end)::integer
	+ time '08:30' + make_interval(mins => n);

insert into customer (id, email, given_name, family_name, phone,
    date_of_birth, gender, household_size, children, dietary, language,
    email_verified_at, created_at, updated_at)
select id, email, given_name, family_name, phone, date_of_birth, gender,
    household_size, children, case when dietary is null then '{}'::text[]
    else array[dietary] end, language, joined + interval '7 minutes', joined,
    joined
from given_customer order by n;

-- All of them: Jollof-rice-2026.
insert into customer_password (customer_id, hash, changed_at)
select id, '$argon2id$v=19$m=19456,t=2,p=1$oc9L3+K6yYTLOM4DVfsYTQ$YUxllUefNUrLrRjLTZTPJXmFs8piYN31/+qMFVAu9g8',
    joined from given_customer;
insert into customer_address (id, customer_id, label, name, line1, city,
    region, postcode, country, phone, is_default_shipping,
    is_default_billing, created_at, updated_at)
select pg_temp.id('address', n::text), id, 'Home',
    given_name || ' ' || family_name, line1, city, region, postcode, 'IE',
    phone, true, true, joined, joined
from given_customer order by n;
insert into consent (customer_id, purpose, channel, given, source,
    text_digest, at)
select id, p.purpose, 'email', pg_temp.dice('consent', p.purpose, n::text) <
    p.share, 'registration', encode(sha256(convert_to(p.purpose, 'UTF8')),
    'hex'), joined
from given_customer, (values ('marketing', 0.55), ('reminders', 0.7))
    p (purpose, share)
order by n, p.purpose;

-- A year of orders: more before weekends, in December, at Easter and in
-- August; each customer has favourites.

create temp table sold on commit drop as
select row_number() over (order by v.sku) as n, v.id, v.product_id, v.sku,
    v.options, v.price_amount, v.weight_grams, p.name, p.slug,
    coalesce(r.rate, 0) as rate, coalesce(r.name, 'none') as tax_name,
    (select i.url from product_image i where i.product_id = p.id
    order by i.position limit 1) as image
from variant v join product p on p.id = v.product_id
join tax_zone z on z.code = 'ireland'
left join tax_rate r on r.zone_id = z.id and r.tax_class = p.tax_class
where v.status = 'active' and p.status = 'active' and (select sum(on_hand)
    from stock where stock.variant_id = v.id) >= 12;

create temp table placed on commit drop as
with day as (
	select d::date as day, 3.7
	    * (array[0.7, 0.8, 0.9, 1.1, 1.5, 1.4, 0.6])
		[extract(isodow from d)::integer]
	    * (array[0.8, 0.85, 0.95, 1.1, 0.95, 0.95, 1, 1.15, 1, 1, 1.05,
		1.5])[extract(month from d)::integer] as mean
	from generate_series(:'today'::date - 365, :'today'::date - 1,
	    interval '1 day') d
), draws as (
	select day, i, pg_temp.dice('who', day::text, i::text) as who,
	    pg_temp.dice('when', day::text, i::text) as hour,
	    pg_temp.dice('how', day::text, i::text) as how
	from day, generate_series(1, floor(mean
	    + pg_temp.dice('count', day::text))::integer) i
)
select row_number() over (order by d.day, d.hour, d.i) as n, d.day, d.how,
    c.n as customer, c.id as customer_id, c.email,
    c.given_name || ' ' || c.family_name as name,
    d.day + time '07:40' + make_interval(secs => floor(d.hour * 52000)) as at,
    jsonb_strip_nulls(jsonb_build_object('name', c.given_name || ' ' ||
    c.family_name, 'line1', c.line1, 'city', c.city, 'region', c.region,
    'postcode', c.postcode, 'country', 'IE', 'phone', c.phone)) as address
from draws d
join given_customer c on c.n = 1 + floor(power(d.who, 1.6) * 50)::integer
    and c.joined < d.day;

create temp table bought on commit drop as
with wish as (
	select p.n, i, case when pg_temp.dice('habit', p.n::text, i::text)
	    < 0.7 then 1 + floor(pg_temp.dice('favourite',
		p.customer::text, floor(pg_temp.dice('which', p.n::text,
		i::text) * 14)::text) * s.most)
	    else 1 + floor(pg_temp.dice('new', p.n::text, i::text) * s.most)
	    end as number,
	    1 + floor(power(pg_temp.dice('many', p.n::text, i::text), 3) * 4)
	    ::integer as quantity
	from placed p, (select count(*) as most from sold) s,
	    generate_series(1, 2 + floor(pg_temp.dice('lines', p.n::text) * 8)
	    ::integer) i
), line as (
	select n, number, min(i) as i, max(quantity) as quantity
	from wish group by n, number
)
select l.n, row_number() over (partition by l.n order by l.i) as position,
    pg_temp.id('line', l.n::text, s.sku) as id, l.quantity, s.id as variant_id,
    s.product_id, s.sku, s.name, s.slug, s.image, s.options, s.price_amount,
    s.rate, s.tax_name, s.price_amount * l.quantity as total,
    round(s.price_amount * l.quantity * s.rate / (1 + s.rate))::bigint as tax,
    coalesce(s.weight_grams, 0) * l.quantity as weight
from line l join sold s on s.n = l.number;

create temp table sum on commit drop as
with goods as (
	select n, sum(total)::bigint as goods, sum(tax)::bigint as tax,
	    sum(weight) as weight
	from bought group by n
), shipped as (
	select g.*, m.id as method_id, m.name as method,
	    case when m.code = 'pickup' or g.goods >= m.free_from then 0 else
	    (select (s ->> 'amount')::bigint
	    from jsonb_array_elements(m.steps) s
	    where (s ->> 'from')::bigint <= g.weight
	    order by (s ->> 'from')::bigint desc limit 1) end as shipping
	from goods g join placed p using (n)
	join shipping_method m on m.code = case when p.how < 0.2 then 'pickup'
	    else 'delivery' end
)
select *, round(shipping * 0.23 / 1.23)::bigint as shipping_tax
from shipped;

create temp table state on commit drop as
select n, case when pg_temp.dice('cancel', n::text) < 0.04
	and :'today'::date - day > 1 then 'cancelled'
    when :'today'::date - day > 6 then 'delivered'
    when :'today'::date - day > 3 then 'shipped'
    when :'today'::date - day > 2 then 'processing'
    when :'today'::date - day > 1 then 'confirmed' else 'pending' end as state,
    case when pg_temp.dice('pay', n::text) < 0.45 then 'bank_transfer'
    else 'on_delivery' end as method
from placed;

insert into customer_order (id, number, customer_id, email, name, state,
    payment_state, payment_method, payment, currency, tax_mode,
    subtotal_amount, discount_amount, shipping_amount, tax_amount,
    total_amount, quote, shipping_method_id, shipping_address,
    billing_address, placed_at, updated_at)
select pg_temp.id('order', p.n::text), 'D-' || 100000 + p.n, p.customer_id,
    p.email, p.name, t.state,
    case when t.state = 'cancelled' then 'unpaid'
	when t.state = 'delivered' or (t.method = 'bank_transfer'
	and t.state <> 'pending') then 'paid' else 'unpaid' end,
    t.method, jsonb_build_object('method', t.method, 'label',
	case t.method when 'bank_transfer' then 'Bank transfer'
	else 'Payment on delivery' end, 'prepaid', t.method = 'bank_transfer',
	'reference', 'D-' || 100000 + p.n),
    'EUR', 'inclusive', s.goods, 0, s.shipping, s.tax + s.shipping_tax,
    s.goods + s.shipping,
    jsonb_build_object('currency', 'EUR', 'tax_mode', 'inclusive',
	'discounts', '[]'::jsonb, 'subtotal', money(s.goods, 'EUR'),
	'discount', money(0, 'EUR'),
	'shipping', jsonb_build_object('method_id', s.method_id,
	    'name', s.method, 'price', money(s.shipping, 'EUR'),
	    'discount', money(0, 'EUR'), 'tax_name', 'standard',
	    'tax_rate', '0.23', 'net', money(s.shipping - s.shipping_tax,
	    'EUR'), 'tax', money(s.shipping_tax, 'EUR'),
	    'total', money(s.shipping, 'EUR')),
	'taxes', (select jsonb_agg(jsonb_build_object('name', y.tax_name,
	    'rate', trim_scale(y.rate)::text, 'net', money(y.net, 'EUR'),
	    'tax', money(y.tax, 'EUR')) order by y.tax_name)
	    from (select x.tax_name, x.rate, sum(x.tax)::bigint as tax,
		sum(x.total - x.tax)::bigint as net
		from (select tax_name, rate, total, tax from bought b
		    where b.n = p.n
		    union all select 'standard', 0.23, s.shipping,
			s.shipping_tax where s.shipping > 0) x
		group by x.tax_name, x.rate) y),
	'net', money(s.goods + s.shipping - s.tax - s.shipping_tax, 'EUR'),
	'tax', money(s.tax + s.shipping_tax, 'EUR'),
	'total', money(s.goods + s.shipping, 'EUR')),
    s.method_id, p.address, p.address, p.at, p.at
from placed p join sum s using (n) join state t using (n)
order by p.n;

insert into order_line (id, order_id, position, variant_id, product_id, sku,
    name, options, quantity, shipped, unit_amount, subtotal_amount,
    tax_name, tax_rate, tax_mode, net_amount, tax_amount, total_amount)
select b.id, pg_temp.id('order', b.n::text), b.position, b.variant_id,
    b.product_id, b.sku, b.name, b.options, b.quantity,
    case when t.state in ('shipped', 'delivered') then b.quantity else 0 end,
    b.price_amount, b.total, b.tax_name, b.rate, 'inclusive',
    b.total - b.tax, b.tax, b.total
from bought b join state t using (n)
order by b.n, b.position;

insert into order_event (order_id, kind, from_state, to_state, at, customer_id)
select pg_temp.id('order', p.n::text), e.kind, e.before, e.after,
    p.at + e.later, case when e.kind = 'placed' then p.customer_id end
from placed p join state t using (n)
join (values
    ('placed', null, 'pending', interval '0', 0),
    ('state', 'pending', 'confirmed', interval '3 hours', 1),
    ('state', 'confirmed', 'processing', interval '26 hours', 2),
    ('state', 'processing', 'shipped', interval '50 hours', 3),
    ('state', 'shipped', 'delivered', interval '75 hours', 4),
    ('state', 'pending', 'cancelled', interval '2 hours', 9)
) e (kind, before, after, later, rank)
on e.rank = 0 or (t.state = 'cancelled' and e.rank = 9) or e.rank <=
    array_position(array['pending', 'confirmed', 'processing', 'shipped',
    'delivered'], t.state) - 1
order by p.n, e.rank;

insert into shipment (id, order_id, carrier, tracking_number, shipped_at)
select pg_temp.id('shipment', p.n::text), pg_temp.id('order', p.n::text),
    case when p.how < 0.2 then '' else 'An Post' end,
    case when p.how < 0.2 then '' else 'AP' || 400000000 + p.n || 'IE' end,
    p.at + interval '50 hours'
from placed p join state t using (n)
where t.state in ('shipped', 'delivered') order by p.n;
insert into shipment_line (shipment_id, order_line_id, quantity)
select pg_temp.id('shipment', b.n::text), b.id, b.quantity
from bought b join state t using (n)
where t.state in ('shipped', 'delivered');

-- Points for what was delivered, by the tier of the day, and rewards for them.

insert into reward (id, name, about, kind, amount, percent, cost, tier,
    created_at, updated_at)
select pg_temp.id('reward', n::text), name, about, kind, amount, percent,
    cost, tier, :'today'::date - 300, :'today'::date - 300
from (values
    (1, '5 euro off', 'Off your next order.', 'amount_off', 500, null, 450,
	'bronze'),
    (2, 'Free delivery', 'Wherever the parcel goes.', 'free_shipping', null,
	null, 400, 'bronze'),
    (3, '12 euro off', 'A little more for a little less.', 'amount_off', 1200,
	null, 1000, 'silver'),
    (4, 'A tenth off', 'Off everything in the cart.', 'percent_off', null, 10,
	1200, 'silver'),
    (5, '30 euro off', 'For a full cupboard.', 'amount_off', 3000, null, 2400,
	'gold'),
    (6, 'A quarter off', 'For the feast days.', 'percent_off', null, 25, 4500,
	'platinum')
) r (n, name, about, kind, amount, percent, cost, tier);

create function pg_temp.earn(o uuid, who uuid, goods bigint, day timestamptz)
returns void language plpgsql as $$
declare
	n integer;
	lot bigint;
	entry bigint;
begin
	insert into points_account (customer_id, tier_since) values (who, day)
	on conflict do nothing;
	select points_for(goods, 'EUR', t.multiplier) into n
	from points_account a join loyalty_tier t on t.code = a.tier
	where a.customer_id = who;
	if n < 1 then
		return;
	end if;
	insert into points_lot (customer_id, points, made_at)
	values (who, n, day) returning id into lot;
	insert into points_entry (customer_id, kind, points, order_id, at)
	values (who, 'earn', n, o, day) returning id into entry;
	insert into points_part (entry_id, lot_id, points)
	values (entry, lot, n);
	update points_account a set moved_at = day, tier = t.code,
	    tier_since = case when a.tier = t.code then a.tier_since
		else day end
	from tier_for(tier_points(who, day - interval '12 months')) t
	where a.customer_id = who;
end
$$;
do $$
declare
	d record;
begin
	for d in select pg_temp.id('order', p.n::text) as id, p.customer_id,
	    s.goods, p.at + interval '75 hours' as day
	    from placed p join state t using (n) join sum s using (n)
	    where t.state = 'delivered' order by p.at + interval '75 hours', n
	loop
		perform pg_temp.earn(d.id, d.customer_id, d.goods, d.day);
	end loop;
end
$$;

-- What is on its way is held.
select stock_hold(pg_temp.id('order', n::text),
    array_agg(variant_id order by variant_id),
    array_agg(quantity order by variant_id))
from bought join state using (n)
where state.state in ('pending', 'confirmed', 'processing')
group by n order by n;

-- A few things go back, a piece of an order's first line each: returned, or
-- refunded for damage.  Returns of the last days are still under way.
create temp table back on commit drop as
with drawn as (
	select p.n, p.day, p.at, t.method, case when p.day
	    < :'today'::date - 21 then pg_temp.dice('back', p.n::text)
	    else 0.02 + pg_temp.dice('back', p.n::text) / 10 end as how
	from placed p join state t using (n)
	where t.state = 'delivered' and (p.day < :'today'::date - 21
	    or p.day between :'today'::date - 16 and :'today'::date - 8)
)
select d.n, pg_temp.id('order', d.n::text) as order_id, b.id as line_id,
    b.total / b.quantity as amount, b.tax / b.quantity as tax, b.price_amount,
    d.method, d.how, d.at + interval '75 hours' as delivered
from drawn d join bought b on b.n = d.n and b.position = 1
where d.how < 0.04 and (d.how not between 0.02 and 0.03
    or d.day >= :'today'::date - 16);

insert into order_return (id, order_id, number, state, note, decision_note,
    requested_at, decided_at)
select pg_temp.id('return', n::text), order_id, 1, 'requested', case
    when how < 0.02 then 'It is not what I expected.' else '' end, '',
    delivered + interval '2 days', null
from back where how < 0.03 order by n;
insert into order_return_line (return_id, order_line_id, quantity, reason)
select pg_temp.id('return', n::text), line_id, 1,
    case when how < 0.015 then 'Not what I expected' else 'Arrived late' end
from back where how < 0.03 order by n;
update order_return r set state = case when b.how < 0.004 then 'refused'
    else 'approved' end, decision_note = case when b.how < 0.004
    then 'Opened food can''t be taken back.' else '' end,
    decided_at = r.requested_at + interval '1 day'
from back b where r.order_id = b.order_id and b.how < 0.025;

insert into refund (id, order_id, number, state, goods_amount,
    goods_subtotal_amount, tax_amount, amount, currency, method, reason,
    created_at, settled_at)
select pg_temp.id('refund', n::text), order_id, 1, 'done', amount,
    price_amount, tax, amount, 'EUR', method, case when how < 0.03
    then 'Returned' else 'Damaged on its way' end,
    delivered + interval '4 days', delivered + interval '4 days'
from back where how >= 0.004 and how < 0.02 or how >= 0.03 order by n;
insert into refund_line (refund_id, order_line_id, quantity, restocked,
    amount, tax_amount)
select pg_temp.id('refund', n::text), line_id, 1,
    case when how < 0.03 then 1 else 0 end, amount, tax
from back where how >= 0.004 and how < 0.02 or how >= 0.03 order by n;
update order_return_line i set whole = 1
from back b join refund r on r.order_id = b.order_id
where i.order_line_id = b.line_id;
update order_return r set state = 'received', refund_id = f.id,
    received_at = f.created_at
from refund f where f.order_id = r.order_id and r.state = 'approved';
update order_line l set refunded = i.quantity, restocked = i.restocked
from refund_line i where i.order_line_id = l.id;
-- The payment's move says itself when it was; here it was then.
set constraints customer_order_sum immediate;
alter table customer_order disable trigger customer_order_moved;
update customer_order o set refunded_amount = r.amount,
    payment_state = 'partly_refunded', updated_at = r.created_at
from refund r where r.order_id = o.id;
alter table customer_order enable trigger customer_order_moved;
insert into order_event (order_id, kind, from_state, to_state, note, data, at)
select * from (
	select r.order_id, 'return', null, 'requested', r.note,
	    jsonb_build_object('return_id', r.id), r.requested_at as at
	from order_return r
	union all
	select r.order_id, 'return', 'requested', case when r.state = 'refused'
	    then 'refused' else 'approved' end, r.decision_note,
	    jsonb_build_object('return_id', r.id), r.decided_at
	from order_return r where r.decided_at is not null
	union all
	select r.order_id, 'refund', null, 'done', r.reason,
	    jsonb_build_object('refund_id', r.id,
	    'amount', money(r.amount, 'EUR')), r.created_at
	from refund r
	union all
	select r.order_id, 'payment', 'paid', 'partly_refunded', r.reason,
	    '{}', r.created_at + interval '1 millisecond'
	from refund r
	union all
	select r.order_id, 'return', 'approved', 'received', '',
	    jsonb_build_object('return_id', r.id),
	    r.received_at + interval '2 milliseconds'
	from order_return r where r.state = 'received'
) e order by e.at, e.order_id;
-- Their points go with them.
select reverse_points(r.order_id, r.goods_subtotal_amount, o.subtotal_amount)
from refund r join customer_order o on o.id = r.order_id
order by r.created_at, r.id;
select stock_say('return', 'sample shop', null);
update stock s set on_hand = s.on_hand + b.quantity
from (select l.variant_id, sum(i.restocked)::integer as quantity
    from refund_line i join order_line l on l.id = i.order_line_id
    where i.restocked > 0 group by 1) b
where s.variant_id = b.variant_id and s.location_id = (
    select x.location_id from stock x join location w on w.id = x.location_id
    where x.variant_id = b.variant_id order by w.position, w.code limit 1);
select stock_say('', '', null);

\ir talk.sql
\ir reviews.sql

select setval('order_number', 100001 + (select max(n) from placed));

commit;
analyze;
