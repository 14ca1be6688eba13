-- SPDX-License-Identifier: ISC
-- What the bench asks for: products, categories, and carts of two lines with
-- a token known by its number.  Each hundredth cart holds the same.
\set ON_ERROR_STOP 1
set search_path = duka, pg_temp;
create schema bench;
update setting set value = '1000000000/hour' where key like 'limit.%';
create table bench.product as
select row_number() over (order by p.id) as n, p.id, v.id as variant_id
from product p join variant v on v.product_id = p.id
join stock s on s.variant_id = v.id
where p.status = 'active' and v.status = 'active'
order by p.id limit 500;
update stock set on_hand = 1000000
where variant_id in (select variant_id from bench.product);
create table bench.category as
select row_number() over (order by c.slug) as n, c.slug
from category c join category_facets f on f.category_id = c.id
where f.total > 20 order by c.slug limit 50;
create table bench.query (n integer primary key, q text);
create table bench.person (n integer primary key, account uuid, session uuid);
create table bench.quote (t integer primary key, quote jsonb);
create table bench.cart as
select n, gen_random_uuid() as id, encode(sha256(convert_to(
    'bench' || lpad(n::text, 20, '0'), 'UTF8')), 'hex') as digest,
    n % 100 as t
from generate_series(1, :carts) n;
alter table bench.product add primary key (n);
alter table bench.category add primary key (n);
alter table bench.cart add primary key (n);
insert into cart (id, guest_digest) select id, digest from bench.cart;
insert into cart_line (cart_id, variant_id, quantity, added_amount,
    added_currency)
select c.id, p.variant_id, 1 + l, 100, 'EUR'
from bench.cart c, generate_series(0, 1) l
join bench.product p on true
where p.n = 1 + (c.t * 2 + l) % (select count(*) from bench.product);
grant usage on schema bench to public;
grant select on all tables in schema bench to public;
vacuum analyze;
