-- SPDX-License-Identifier: ISC
-- Views: whose they are, with consent alone; what is reckoned from them and
-- from orders; rights.
begin;
select no_plan();

create function pg_temp.be(role text, customer uuid default null,
    guest text default null) returns void language sql as $$
	select set_config('role', role, true),
	    set_config('duka.customer', coalesce(customer::text, ''), true),
	    set_config('duka.guest', coalesce(guest, ''), true)
$$;
\set a '\'00000000-0000-4000-8000-00000000000a\''
\set b '\'00000000-0000-4000-8000-00000000000b\''
\set g 'repeat(\'a\', 64)'
insert into customer (id, email) values (:a, 'a@example.org'),
    (:b, 'b@example.org');
create temp table p as
select n, gen_random_uuid() as id from generate_series(1, 5) n;
grant select on p to public;
insert into product (id, slug, name, status, tags)
select id, 'rec-' || n, 'Rec ' || n, 'active',
    case when n = 4 then '{featured}'::text[] else '{}' end from p;
insert into variant (product_id, sku, price_amount, price_currency)
select id, 'REC-' || n, 100 * n, 'EUR' from p;
insert into stock (variant_id, location_id, on_hand)
select v.id, l.id, case when p.n = 5 then 0 else 10 end
from p join variant v on v.product_id = p.id
cross join (select id from location where code = 'main') l;
create function pg_temp.p(n integer) returns uuid language sql as
    'select id from p where p.n = $1';
create function pg_temp.see(variadic ns integer[]) returns void
language sql as $$
	select duka.views_keep(json_agg(json_build_object('kind', 'view',
	    'product_id', coalesce(pg_temp.p(n),
	    '00000000-0000-4000-8000-0000000000ff'),
	    'at', now() - interval '1 minute' * (10 - o))), true)
	from unnest(ns) with ordinality u (n, o)
$$;
create function pg_temp.ns(ids uuid[]) returns text language sql as $$
	select coalesce(string_agg(p.n::text, ' ' order by u.o), '')
	from unnest(ids) with ordinality u (id, o) join p on p.id = u.id
$$;

-- Whose searches.

select pg_temp.be('duka_recommend', :a);
select lives_ok($$select views_keep('[{"kind": "search", "query": " Yam "},
    {"kind": "search", "query": "yam"}]', true)$$, 'searches are kept');
select is(searched(8) -> 'items' -> 0 ->> 'query', 'yam',
    'the last of what is the same');
select is(json_array_length(searched(8) -> 'items'), 1, 'once');
select throws_ok('select * from customer_search', '42501', null,
    'they are read through functions alone');
select pg_temp.be('duka_recommend', :b);
select is(json_array_length(searched(8) -> 'items'), 0, 'nobody else''s');
select pg_temp.be('duka_recommend', null, :g);
select lives_ok($$select views_keep('[{"kind": "search",
    "query": "yam"}]', true)$$, 'a guest''s pass');
select pg_temp.be('none');
select is(count(*), 1::bigint, 'and are not kept') from customer_search;

-- Whose views.

select pg_temp.be('duka_recommend', :a);
select throws_ok($$select views_keep('[]', false)$$, 'UK422', null,
    'nothing is kept without consent');
select throws_ok($$select views_keep('[]', null)$$, 'UK422', null,
    'nor without a word of it');
select lives_ok('select pg_temp.see(1, 2, 1, 99)', 'views are kept');
select is(pg_temp.ns(viewed(8)), '1 2', 'the last first, each once');
select is(pg_temp.ns(viewed(1)), '1', 'as many as asked for');
select pg_temp.be('duka_recommend', :b);
select is(pg_temp.ns(viewed(8)), '', 'nobody else''s');
select pg_temp.be('duka_recommend', null, :g);
select is(pg_temp.ns(viewed(8)), '', 'nor a guest''s');
select pg_temp.see(3);
select is(pg_temp.ns(viewed(8)), '3', 'a guest has an own list');
select pg_temp.be('duka_recommend');
select pg_temp.see(4);
select is(pg_temp.ns(viewed(8)), '', 'nobody has none');
select throws_ok('select * from product_view', '42501', null,
    'the views themselves are not to be read');
select throws_ok('select refresh_recommendations()', '42501', null,
    'nor is reckoning the program''s');
select throws_ok($$insert into product_popularity values
    (pg_temp.p(1), 5)$$, '42501', null, 'nor writing its result');
select pg_temp.be('none');
select is((select count(*) from product_view where customer_id is null
    and guest_digest is null), 1::bigint, 'it counts for the product');
select throws_ok($$insert into product_view (product_id, customer_id,
    guest_digest) values (pg_temp.p(1),
    '00000000-0000-4000-8000-00000000000a', repeat('a', 64))$$, '23514',
    null, 'a view has one owner');
select pg_temp.be('duka_recommend', :a);
select views_keep(json_build_array(json_build_object('kind', 'view',
    'product_id',
    pg_temp.p(3), 'at', '2999-01-01T00:00:00Z')), true);
select pg_temp.be('none');
select ok((select max(viewed_at) <= now() from product_view),
    'no view is of tomorrow');

-- What is reckoned.

create function pg_temp.sold(variadic ns integer[]) returns void
language plpgsql as $$
declare
	made uuid := gen_random_uuid();
begin
	insert into customer_order (id, number, customer_id, email, name,
	    payment_method, payment, currency, tax_mode, subtotal_amount,
	    discount_amount, shipping_amount, tax_amount, total_amount, quote)
	values (made, 'T-' || made, '00000000-0000-4000-8000-00000000000b',
	    'b@example.org', 'B', 'on_delivery', '{}', 'EUR', 'inclusive',
	    100 * cardinality(ns), 0, 0, 0, 100 * cardinality(ns), '{}');
	insert into order_line (order_id, position, variant_id, product_id,
	    sku, name, quantity, unit_amount, subtotal_amount, discounts,
	    discount_amount, tax_name, tax_rate, tax_mode, net_amount,
	    tax_amount, total_amount)
	select made, u.o, v.id, v.product_id, v.sku, 'x', 1, 100, 100, '[]', 0,
	    'zero', 0, 'inclusive', 100, 0, 100
	from unnest(ns) with ordinality u (n, o)
	join variant v on v.product_id = pg_temp.p(u.n);
end
$$;
select pg_temp.sold(1, 2);
select pg_temp.sold(1, 2);
select pg_temp.sold(1, 3);
select pg_temp.sold(1, 5);
select pg_temp.be('duka_admin');
select cmp_ok(refresh_recommendations(), '>=', 5, 'it is reckoned');
select pg_temp.be('duka_recommend', :a);
select is(pg_temp.ns(together_with(pg_temp.p(1), 8)), '2 3',
    'the commonest first, what isn''t there not at all');
select is(pg_temp.ns(together_with(pg_temp.p(1), 1)), '2',
    'as many as asked for');
select is(pg_temp.ns(together_with(pg_temp.p(4), 8)), '',
    'nothing goes with what nobody bought');
select ok(position('1' in pg_temp.ns(popular(24))) > 0, 'what sells');
select is((select score from product_popularity
    where product_id = pg_temp.p(1)), 42::bigint,
    'a line weighs ten views');
select is(pg_temp.ns(for_you(array[pg_temp.p(2)], 8)), '1',
    'what goes with what was looked at');
select is(pg_temp.ns(featured(24)) like '%4%', true, 'the shop''s own');
select is(recommend_home(8)::jsonb #>> '{recent,0,slug}', 'rec-3',
    'the page has all of it');

-- Ends.

select views_forget();
select is(pg_temp.ns(viewed(8)), '', 'the caller''s are forgotten');
select pg_temp.be('none');
select ok(exists (select from product_view where guest_digest = :g),
    'nobody else''s');
update product_view set viewed_at = now() - interval '181 days';
insert into customer_search (customer_id, term, query, searched_at) values
(:b, 'old', 'old', now() - interval '181 days');
select refresh_recommendations();
select is_empty('select 1 from product_view', 'views go after a time');
select is_empty('select 1 from customer_search', 'searches too');

select * from finish();
rollback;
