-- SPDX-License-Identifier: ISC
-- Customers and orders by the million, made by sets and not one by one:
-- psql -v customers=1000000 -v orders=2000000 -f desk.sql, as the superuser,
-- in a shop that has products.  Triggers don't run; what they keep is counted
-- at the end (recount_customers()).
\set ON_ERROR_STOP on
set search_path = duka, public;
set session_replication_role = replica;
set synchronous_commit = off;
set maintenance_work_mem = '256MB';
set work_mem = '256MB';
select setseed(0.42);

create temp table given (n serial, name text);
insert into given (name) select unnest(string_to_array('Seán Aoife Ciarán '
    'Niamh Pádraig Siobhán Eoin Caoimhe Conor Róisín Liam Gráinne Oisín Maeve '
    'Fionn Orla Cormac Deirdre Declan Sinéad John Mary James Anna Thomas Emma '
    'Michael Sarah Patrick Grace Daniel Lucy David Sophie Paul Kate Mark Ruth '
    'Chidi Ngozi Emeka Amara Tunde Folake Kwame Abena Kofi Akosua Amina Yusuf '
    'Fatou Mamadou Zainab Ibrahim Thandiwe Sipho Wanjiru Kamau Makena Otieno '
    'Adaeze Chukwuemeka Olumide Yewande João Inês Thiago Beatriz Pedro Leticia '
    'Jean Chloé François Amélie Luc Élodie Mathis Zoë Jürgen Käthe Łukasz '
    'Małgorzata Piotr Agnieszka Søren Åsa Björn Ingrid Carlos Lucía José '
    'Nuñez Ana María Wei Li Hiroshi Yuki Priya Arjun Sunita Rahul', ' '));
create temp table family (n serial, name text);
insert into family (name) select a || b from
    unnest(string_to_array('Mur Bren O''Con Mac Fitz Ken Gal Dun Byr Kel Far '
	'Hen Don Quin Sul Oko Ade Eze Mba Nwo Diop Tra Ndi Chi Ama Silv Cost '
	'Fern Mart Dub Ber Kow Nov Sch Lar Han', ' ')) a,
    unnest(string_to_array('phy nan nor ney gerald nedy lagher ne ley rell '
	'ry ovan lan livan ma bayo kwu ore wa erson ova ard ez ira son sen '
	'mann ski oy ier ega ume', ' ')) b;
create unique index on given (n);
create unique index on family (n);
analyze given;
analyze family;
select max(n) as givens from given \gset
select max(n) as families from family \gset

insert into customer (id, email, given_name, family_name, phone, language,
    state, erased_at, email_verified_at, tags, date_of_birth, gender,
    created_at, updated_at)
select gen_random_uuid(), lower(regexp_replace(plain(g.name || '.' || f.name),
	'[^a-z.]', '', 'g')) || '.' || i || '@' || (array['example.com',
	'example.ie', 'example.org', 'mail.example.com', 'post.example.ng'])
	[1 + (i * 7 % 5)],
    g.name, f.name, case when i % 3 <> 0 then '+3538'
	|| lpad((i::bigint * 7919 % 100000000)::text, 8, '0') end,
    (array['en', 'en', 'en', 'fr', 'pt', 'sw'])[1 + i % 6],
    case when i % 97 = 0 then 'disabled' else 'active' end, null,
    case when i % 5 <> 0 then t.at end,
    case when i % 211 = 0 then '{wholesale}'::text[]
	when i % 37 = 0 then '{late}' else '{}' end,
    date '1940-01-01' + (i::bigint * 104729 % 24000)::integer,
    (array['female', 'male', 'undisclosed'])[1 + i % 3], t.at, t.at
from generate_series(1, :customers) i
cross join lateral (select now() - interval '5 years' * ((:customers - i)
    / :customers::float) - interval '1 day' as at) t
join given g on g.n = (1 + i::bigint * 31 % :givens)::integer
join family f on f.n = (1 + i::bigint * 17 / 3 % :families)::integer;
create temp table who as
select row_number() over (order by number) as n, id, created_at from customer;
create unique index on who (n);
analyze who;

insert into customer_address (customer_id, name, line1, city, postcode,
    country, is_default_shipping, is_default_billing)
select w.id, 'Home', 1 + n % 180 || ' ' || (array['Moore', 'Main', 'Church',
    'Parnell', 'Mill', 'Bridge', 'High'])[1 + n % 7] || ' Street',
    (array['Dublin', 'Cork', 'Galway', 'London', 'Lagos', 'Lisbon'])[1 + n % 6],
    'D' || lpad((n * 13 % 10000)::text, 4, '0'),
    (array['IE', 'IE', 'IE', 'GB', 'NG', 'PT'])[1 + n % 6], true, true
from who w where n % 10 < 7;

insert into consent (customer_id, purpose, channel, given, source,
    text_digest, at)
select w.id, p.purpose, p.channel, n % 4 <> p.i, 'registration',
    repeat('a', 64), w.created_at
from who w, (values (1, 'marketing', 'email'), (2, 'reminders', 'sms'))
    p (i, purpose, channel) where n % 10 < 6;

insert into points_account (customer_id, balance, tier)
select id, n * 37 % 4000, (array['bronze', 'bronze', 'bronze', 'bronze',
    'silver', 'silver', 'gold', 'platinum', 'diamond', 'bronze'])
    [1 + n * n % 10] from who where n % 2 = 0;

-- Most have few orders, few have many.
insert into customer_order (id, number, customer_id, email, name, state,
    payment_state, payment_method, currency, tax_mode, subtotal_amount,
    discount_amount, shipping_amount, tax_amount, total_amount, quote,
    placed_at)
select gen_random_uuid(), 'B-' || i, w.id, 'x@example.org', '',
    (array['delivered', 'delivered', 'delivered', 'shipped', 'cancelled',
	'pending'])[1 + i % 6], (array['paid', 'paid', 'unpaid'])[1 + i % 3],
    'on_delivery', 'EUR', 'inclusive', a.amount, 0, 0, 0, a.amount, '{}',
    w.created_at + (now() - w.created_at) * random()
from generate_series(1, :orders) i
cross join lateral (select 500 + i::bigint * 7727 % 20000 as amount) a
cross join lateral (select 1 + floor(power(random(), 1.6)
    * (:customers - 1) + i * 0)::bigint as n) r
join who w on w.n = r.n;

insert into order_event (order_id, kind, to_state, at)
select id, 'placed', 'pending', placed_at from customer_order
where number like 'B-%'
union all
select id, 'state', state, placed_at + interval '1 day' from customer_order
where number like 'B-%' and state <> 'pending';

insert into staff (id, email, name)
values ('00000000-0000-4000-8000-0000000000be', 'bench@example.org', 'Bench');
insert into customer_note (customer_id, staff_id, text, created_at)
select id, '00000000-0000-4000-8000-0000000000be', 'Rang about a parcel',
    created_at + interval '30 days' from who where n % 5 = 0;
insert into outbox (template, recipient, customer_id, state, created_at,
    sent_at)
select 'order-placed', 'x@example.org', customer_id, 'sent', placed_at,
    placed_at from customer_order where number like 'B-%';

set session_replication_role = origin;
analyze customer, customer_order, consent, customer_address, points_account,
    order_event, outbox;
select recount_customers();
analyze;
