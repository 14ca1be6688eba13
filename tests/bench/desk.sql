-- SPDX-License-Identifier: ISC
-- Customers and orders for the bench of the desk, by the million: names that
-- repeat as names do, orders over two years, a few who order often.  Told
-- how many by -v customers=N -v orders=N.  Triggers are off: what they keep
-- is reckoned at the end.
\set ON_ERROR_STOP 1
set search_path = duka, pg_temp;
set session_replication_role = replica;
set synchronous_commit = off;
set maintenance_work_mem = '512MB';
set work_mem = '128MB';
select setseed(0.42);

create temp table given (n serial, name text);
insert into given (name) select regexp_split_to_table('Adaeze Adjoa Ama Amara
Amina Ayodele Bisi Chidi Chiamaka Chinedu Chloé Dembe Efua Emeka Esi Fatou
Femi Folake Funmilayo Grace Ibrahim Ife Imani João Kagiso Kofi Kwame Kwasi
Lerato Lwazi Makena María Moussa Naledi Ngozi Nia Njeri Nkechi Obinna Olu
Omari Oumar Patience Rokhaya Sade Samuel Seydou Siobhán Sipho Tariro Temitope
Thabo Themba Tunde Uche Wanjiru Yaa Yemi Zainab Zuri', '\s+');
create temp table family (n serial, name text);
insert into family (name)
select a || b from unnest(array['Ade', 'Aki', 'Amo', 'Asa', 'Bello', 'Boa',
    'Chu', 'Dia', 'Eze', 'Fola', 'Ga', 'Iwu', 'Jo', 'Ka', 'Ke', 'Ko', 'Kwe',
    'Ma', 'Men', 'Mu', 'Na', 'Nde', 'Nju', 'Nwo', 'Obi', 'Oke', 'Olu',
    'Osei', 'Owu', 'Sa', 'Se', 'Tra', 'Um', 'Wa', 'Ya']) a,
    unnest(array['ola', 'kwu', 'mba', 'nde', 'oré', 'su', 'teng', 'wale',
    'yemi', 'zana', '-Smith', 'bi', 'fo', 'kan', 'lli', 'ngi', 'ri', 'sah',
    'ti', 'wu']) b;
create temp table place (n serial, city text, postcode text, country text);
insert into place (city, postcode, country) values
('Dublin', 'D01 T0X4', 'IE'), ('Cork', 'T12 AB34', 'IE'),
('Galway', 'H91 CD56', 'IE'), ('Limerick', 'V94 EF78', 'IE'),
('Paris', '75018', 'FR'), ('Lyon', '69007', 'FR'), ('Lisboa', '1100-048',
'PT'), ('Porto', '4000-322', 'PT'), ('Berlin', '10247', 'DE'),
('Bruxelles', '1000', 'BE');

\echo customers
create temp table person as
select n, gen_random_uuid() as id,
    now() - interval '3 years' * power(random(), 0.7) as at,
    1 + floor(random() * 60)::integer as g,
    1 + floor(power(random(), 2) * 700)::integer as f,
    1 + floor(power(random(), 2) * 10)::integer as p, random() as r
from generate_series(1, :customers) n;
insert into customer (id, email, given_name, family_name, phone,
    date_of_birth, gender, language, state, email_verified_at, tags,
    created_at, updated_at)
select w.id, plain(g.name) || '.' || regexp_replace(plain(f.name), '[^a-z]',
    '', 'g') || w.n || '@' || (array['gmail.com', 'yahoo.com', 'example.org',
    'outlook.com', 'proton.me'])[1 + w.n % 5], g.name, f.name,
    case when w.r < 0.7 then '+3538' || lpad((w.n * 7919 % 100000000)::text,
	8, '0') end,
    case when w.r < 0.4 then date '1950-01-01' + (w.n % 20000) end,
    case when w.r < 0.4 then (array['female', 'male'])[1 + w.n % 2] end,
    (array['en', 'en', 'en', 'fr', 'pt'])[1 + w.n % 5],
    case when w.r > 0.99 then 'disabled' else 'active' end,
    case when w.r < 0.85 then w.at + interval '5 minutes' end,
    case when w.n % 97 = 0 then array['wholesale'] when w.n % 53 = 0
	then array['vip'] else '{}' end, w.at, w.at
from person w join given g on g.n = w.g join family f on f.n = w.f;
insert into customer_address (customer_id, name, line1, city, postcode,
    country, is_default_shipping, is_default_billing, created_at)
select w.id, g.name || ' ' || f.name, 1 + w.n % 180 || ' ' || f.name ||
    ' Street', p.city, p.postcode, p.country, true, true, w.at
from person w join given g on g.n = w.g join family f on f.n = w.f
join place p on p.n = w.p where w.r < 0.8;
insert into consent (customer_id, purpose, channel, given, source,
    text_digest, at)
select w.id, 'marketing', c, w.n % 7 <> 0, 'registration', repeat('a', 64),
    w.at
from person w, unnest(array['email', 'sms']) c
where w.r < 0.5 and (c = 'email' or w.n % 4 = 0);
insert into customer_note (customer_id, staff_id, text, created_at)
select w.id, s.id, 'Called about order ' || w.n, w.at + interval '1 month'
from person w, (select id from staff order by created_at limit 1) s
where w.n % 5 = 0;

\echo orders
create temp table thing as
select row_number() over (order by p.slug, v.sku) as n, v.id as variant,
    p.id as product, v.sku, p.name, v.price_amount as price
from product p join variant v on v.product_id = p.id
where p.status = 'active' and v.status = 'active';
create temp table bought as
select n, gen_random_uuid() as id, 1 + floor(power(random(), 1.6)
    * :customers)::integer as who, now() - interval '2 years'
    * (n::float / :orders) - interval '1 hour' * random() as at,
    random() as r, 1 + floor(power(random(), 2) * (select count(*)
    from thing))::integer as first, 1 + floor(random() * (select count(*)
    from thing))::integer as second, 1 + floor(random() * 4)::integer as many
from generate_series(1, :orders) n;
create temp table bought_line as
select b.id as order_id, l.position, t.*, b.many + l.position as quantity
from bought b, lateral (values (1, b.first), (2, b.second)) l (position, t)
join thing t on t.n = l.t
where l.position = 1 or b.n % 3 = 0;
insert into customer_order (id, customer_id, email, name, state,
    payment_state, payment_method, currency, tax_mode, subtotal_amount,
    discount_amount, shipping_amount, tax_amount, total_amount, quote,
    shipping_address, placed_at, updated_at)
select b.id, c.id, c.email, c.given_name || ' ' || c.family_name,
    case when b.r > 0.97 then 'cancelled'
	when b.at < now() - interval '10 days' then 'delivered'
	when b.at < now() - interval '4 days' then 'shipped'
	when b.at < now() - interval '1 day' then 'processing'
	else (array['pending', 'confirmed'])[1 + b.n % 2] end,
    case when b.r > 0.97 then 'failed'
	when b.at < now() - interval '1 day' then 'paid'
	else (array['unpaid', 'paid'])[1 + b.n % 2] end,
    (array['on_delivery', 'bank_transfer'])[1 + b.n % 2], 'EUR', 'inclusive',
    s.goods, 0, 490, s.goods / 10, s.goods + 490, '{}',
    jsonb_build_object('name', c.given_name, 'line1', '1 Street', 'city',
	p.city, 'country', p.country), b.at, b.at
from bought b join person w on w.n = b.who join customer c on c.id = w.id
join place p on p.n = w.p
join (select order_id, sum(price * quantity) as goods from bought_line
    group by order_id) s on s.order_id = b.id;
\echo lines
insert into order_line (order_id, position, variant_id, product_id, sku, name,
    quantity, shipped, unit_amount, subtotal_amount, tax_rate, tax_mode,
    net_amount, tax_amount, total_amount)
select order_id, position, variant, product, sku, name, quantity, 0, price,
    price * quantity, 0.1, 'inclusive', price * quantity
    - price * quantity / 10, price * quantity / 10, price * quantity
from bought_line;
insert into order_event (order_id, kind, to_state, at)
select id, 'placed', 'pending', at from bought;
insert into order_event (order_id, kind, from_state, to_state, at)
select id, 'state', 'shipped', 'delivered', at + interval '3 days' from bought
where r <= 0.97 and at < now() - interval '10 days';

\echo points
insert into points_account (customer_id, balance, tier)
select w.id, w.n % 900, case when w.r < 0.02 then 'diamond' when w.r < 0.05
    then 'platinum' when w.r < 0.1 then 'gold' when w.r < 0.2 then 'silver'
    else 'bronze' end
from person w;
insert into points_entry (customer_id, kind, points, balance, order_id, at)
select o.customer_id, 'earn', 10, 10, o.id, o.placed_at + interval '3 days'
from customer_order o where o.state = 'delivered'
and o.id in (select id from bought where n % 2 = 0);

\echo tasks
insert into task (title, customer_id, status, due_at, created_at)
select 'Call back ' || w.n, w.id, (array['open', 'in_progress'])[1 + w.n % 2],
    now() + interval '1 day' * (w.n % 60 - 30),
    w.at
from person w where w.n % 50 = 0;

\echo what triggers keep
set session_replication_role = origin;
analyze;
select recount_customers() as figures;
\timing off
vacuum analyze;
