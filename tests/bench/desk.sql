-- SPDX-License-Identifier: ISC
-- Customers and orders by the million, made by sets and not one by one:
-- psql -v customers=1000000 -v orders=2000000 -f desk.sql, as the superuser,
-- in a shop that has products.  Triggers don't run, and what they keep is
-- made by sets as well.  In a small shop (of 5000 customers at most) all
-- constraints are checked, and what triggers keep is made anew by the shop's
-- own functions: it must be the same.  So a million needs neither.
\set ON_ERROR_STOP on
set search_path = duka, public;
set session_replication_role = replica;
set synchronous_commit = off;
set maintenance_work_mem = '768MB';
set work_mem = '256MB';
select setseed(0.42);

-- Indexes are built when all is there; and what was checked in a small shop
-- isn't checked a million times.
create temp table laid_aside as
with filled as (select t::regclass as t from unnest(string_to_array(
    'customer customer_address consent customer_note outbox points_account '
    'customer_order order_line order_event customer_figures customer_words '
    'customer_word customer_double', ' ')) t)
select case c.contype when 'f' then 1 when 'c' then 2 else 3 end as turn,
    format('alter table %s drop constraint %I', c.conrelid::regclass,
    c.conname) as away,
    format('alter table %s add constraint %I %s%s', c.conrelid::regclass,
    c.conname, pg_get_constraintdef(c.oid),
    case when :customers > 5000 and c.contype in ('c', 'f')
    then ' not valid' else '' end) as back
from pg_constraint c
where c.contype in ('c', 'p', 'u', 'f') and (c.conrelid in (table filled)
    or c.confrelid in (table filled))
union all
select 4, format('drop index %s', i.indexrelid::regclass),
    pg_get_indexdef(i.indexrelid)
from pg_index i
where i.indrelid in (table filled) and not exists (select
    from pg_constraint c where c.conindid = i.indexrelid);
select away from laid_aside order by turn \gexec

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


-- Those who sign up, the oldest first.
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
join family f on f.n = (1 + i::bigint * 17 / 3 % :families)::integer
order by i;
create temp table who as
select row_number() over (order by number) as n, id, created_at, email,
    given_name || ' ' || family_name as name from customer;
analyze who;

insert into customer_address (customer_id, name, line1, city, postcode,
    country, is_default_shipping, is_default_billing)
select w.id, 'Home', 1 + n % 180 || ' ' || (array['Moore', 'Main', 'Church',
    'Parnell', 'Mill', 'Bridge', 'High'])[1 + n % 7] || ' Street',
    (array['Dublin', 'Cork', 'Galway', 'London', 'Lagos', 'Lisbon'])[1 + n % 6],
    'D' || lpad((n * 13 % 10000)::text, 4, '0'),
    (array['IE', 'IE', 'IE', 'GB', 'NG', 'PT'])[1 + n % 6], true, true
from who w where n % 10 < 7
and not exists (select from customer_address a where a.customer_id = w.id);

insert into consent (customer_id, purpose, channel, given, source,
    text_digest, at)
select w.id, p.purpose, p.channel, n % 4 <> p.i, 'registration',
    repeat('a', 64), w.created_at
from who w, (values (1, 'marketing', 'email'), (2, 'reminders', 'sms'))
    p (i, purpose, channel) where n % 10 < 6;

insert into points_account (customer_id, balance, tier)
select id, n * 37 % 4000, (array['bronze', 'bronze', 'bronze', 'bronze',
    'silver', 'silver', 'gold', 'platinum', 'diamond', 'bronze'])
    [1 + n * n % 10]
from who w where n % 2 = 0
and not exists (select from points_account a where a.customer_id = w.id);

-- Orders, in the order of time.  Most customers have few, few have many.
create temp table bought as
select gen_random_uuid() as id, i, w.id as customer_id, w.email, w.name,
    (array['delivered', 'delivered', 'delivered', 'shipped', 'cancelled',
	'pending'])[1 + i % 6] as state, 500 + i::bigint * 7727 % 20000
	as amount,
    w.created_at + (now() - w.created_at) * random() as placed_at
from (select i, 1 + floor(power(random(), 1.6) * (:customers - 1))::bigint
    as n from generate_series(1, :orders) i) r
join who w using (n)
order by placed_at;

insert into customer_order (id, customer_id, email, name, state,
    payment_state, payment_method, currency, tax_mode, subtotal_amount,
    discount_amount, shipping_amount, tax_amount, total_amount, quote,
    placed_at, updated_at)
select id, customer_id, email, name, state,
    (array['paid', 'paid', 'unpaid'])[1 + i % 3], 'on_delivery', 'EUR',
    'inclusive', amount, 0, 0, 0, amount,
    '{"shipping": {"name": "Courier, next working day"}}', placed_at,
    placed_at
from bought;

create temp table offered as
select row_number() over (order by v.sku) - 1 as n, v.id as variant_id,
    v.product_id, v.sku, p.name
from variant v join product p on p.id = v.product_id;
insert into order_line (order_id, position, variant_id, product_id, sku,
    name, quantity, shipped, unit_amount, subtotal_amount, tax_rate, tax_mode,
    net_amount, tax_amount, total_amount)
select b.id, 1, v.variant_id, v.product_id, v.sku, v.name, 1,
    case when b.state in ('shipped', 'delivered') then 1 else 0 end,
    b.amount, b.amount, 0, 'inclusive', b.amount, 0, b.amount
from bought b join offered v
on v.n = b.i % (select count(*) from offered);

insert into order_event (order_id, kind, to_state, at)
select b.id, e.kind, e.state, e.at
from bought b, lateral (values ('placed', 'pending', b.placed_at),
    ('state', b.state, b.placed_at + interval '1 day')) e (kind, state, at)
where e.kind = 'placed' or b.state <> 'pending';

insert into staff (id, email, name)
values ('00000000-0000-4000-8000-0000000000be', 'notes@example.org', 'Notes');
insert into customer_note (customer_id, staff_id, text, created_at)
select id, '00000000-0000-4000-8000-0000000000be', 'Rang about a parcel',
    created_at + interval '30 days' from who where n % 5 = 0;
insert into outbox (template, recipient, customer_id, state, created_at,
    sent_at)
select 'order-placed', email, customer_id, 'sent', placed_at, placed_at
from bought;

-- What triggers would have kept.
analyze customer, customer_order, consent, customer_address, points_account;
delete from customer_figures;
insert into customer_figures (customer_id, number, name_key, state, verified,
    tier, country, consents, tags, orders, spent, last_order_at,
    registered_at)
select * from customer_figures_true;
delete from customer_words;
insert into customer_words (customer_id, words)
select c.id, customer_words_of(c) from customer c;
delete from customer_word;
insert into customer_word (word)
select distinct w from (
    select given_name, '', 'a@b' from customer group by 1
    union all select '', family_name, 'a@b' from customer group by 2
    union all select '', '', 'a@' || split_part(email, '@', 2)
    from customer where not addressless(email) group by 3
) c (given_name, family_name, email), unnest(customer_vocabulary(
    jsonb_populate_record(null::customer, to_jsonb(c)))) w;

-- Those who may be one: of a mailbox, of a phone, of a like name and address.
create temp table alike as
select id, 'email' as reason, mailbox_key(email) as key from customer
where state <> 'erased' and not addressless(email)
union all select id, 'phone', phone from customer
where state <> 'erased' and phone is not null
union all select c.id, 'address', normal_address(a.line1, a.postcode,
    a.country)
from customer_address a join customer c on c.id = a.customer_id
where c.state <> 'erased';
analyze alike;
create temp table pairs as
select distinct k.reason, least(k.id, l.id) as a, greatest(k.id, l.id) as b
from alike k join alike l on l.reason = k.reason and l.key = k.key
    and l.id <> k.id;
delete from pairs p using customer c, customer d
where p.reason = 'address' and c.id = p.a and d.id = p.b
and similarity(plain(c.given_name || ' ' || c.family_name),
    plain(d.given_name || ' ' || d.family_name)) < 0.5;
delete from customer_double;
insert into customer_double (a, b, reasons)
select a, b, array_agg(distinct reason) from pairs group by a, b;

select back from laid_aside order by turn desc \gexec
set session_replication_role = origin;
vacuum (analyze);

-- Nothing of it may differ from what the shop itself makes.
select :customers <= 5000 as small \gset
\if :small
create temp table kept as
select 'figures' as kind, md5(f::text) as row from customer_figures f
union all select 'words', md5(k::text) from customer_words k
union all select 'word', md5(word) from customer_word
union all select 'double', md5(row(a, b, reasons)::text)
from customer_double;
delete from customer_figures;
delete from customer_words;
delete from customer_word;
insert into customer_figures (customer_id, number, registered_at)
select id, number, created_at from customer;
select recount_customers();
select find_doubles(id) from customer;
create temp table differs as
(select 'figures' as kind, md5(f::text) as row from customer_figures f
union all select 'words', md5(k::text) from customer_words k
union all select 'word', md5(word) from customer_word
union all select 'double', md5(row(a, b, reasons)::text)
from customer_double) except table kept;
do $$
begin
	if exists (select from differs) or (select count(*) from kept) <>
	    (select (select count(*) from customer_figures)
	    + (select count(*) from customer_words)
	    + (select count(*) from customer_word)
	    + (select count(*) from customer_double)) then
		raise exception 'The load isn''t what triggers keep: %',
		    (select json_agg(d) from (select kind, count(*)
		    from differs group by 1) d);
	end if;
end
$$;
vacuum (analyze);
\endif
