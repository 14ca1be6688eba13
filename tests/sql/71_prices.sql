-- SPDX-License-Identifier: ISC
-- Planned prices, their history, the least of 30 days, and changes of many.
begin;
select no_plan();

create function pg_temp.ask(permissions text, role text) returns void
language plpgsql as $$
begin
	perform set_config('duka.permissions', ' ' || permissions || ' ', true);
	execute format('set local role %I', role);
end
$$;

insert into product (id, slug, name, status) values
('00000000-0000-4000-8000-000000000001', 'gari-p', 'Gari', 'active');
insert into variant (id, product_id, sku, price_amount, price_currency,
    compare_at_amount) values
('00000000-0000-4000-8000-0000000000a1',
    '00000000-0000-4000-8000-000000000001', 'P-1', 1000, 'EUR', null);
\set p '\'00000000-0000-4000-8000-000000000001\''
\set v '\'00000000-0000-4000-8000-0000000000a1\''

create function pg_temp.shown(name text) returns text language sql as $$
	select (body || '}')::jsonb -> 'variants' -> 0 -> name ->> 'amount'
	from product_page
	where product_id = '00000000-0000-4000-8000-000000000001'
$$;

-- History, kept by triggers.
select is((select cause || cost from price_history where variant_id = :v),
    'created1000', 'a new price is history at once');
update variant set price_amount = 1200 where id = :v;
update variant set weight_grams = 5 where id = :v;
select results_eq(format($$select cause, cost_was, cost from price_history
    where variant_id = %L order by id$$, :v), $$values
    ('created'::text, null::bigint, 1000::bigint),
    ('changed', 1000, 1200)$$, 'so is another one, and nothing else');
select throws_ok('update price_history set cost = 1', 'UK409', null,
    'history stands');
select throws_ok('delete from price_history', 'UK409', null, 'and stays');

select is(prices_due_in(), null, 'none is planned, and nothing is due');

-- What holds is what is planned for the moment.
insert into variant_price (variant_id, amount, starts_at, ends_at, begun)
values (:v, 900, now() - interval '1 hour', now() + interval '1 hour', true);
select is(price_now(:v), 900::bigint, 'a planned price holds');
select is(pg_temp.shown('price'), '900', 'and is shown');
select is(pg_temp.shown('compare_at'), '1200', 'beside the own one');
select throws_ok(format('insert into variant_price (variant_id, amount,
    starts_at) values (%L, 1, now() + interval ''59 minutes'')', :v),
    '23P01', null, 'two do not hold at once');
select lives_ok(format('insert into variant_price (variant_id, amount,
    starts_at) values (%L, 700, now() + interval ''1 hour'')', :v),
    'one may begin when another ends');
select is((select (f.lines -> 0 ->> 'unit_amount') from line_facts(
    array[gen_random_uuid()], array[:v]::uuid[], array[1],
    array[null::bigint], null, 'EUR') f), '900', 'a quote takes it');
select is((select amount from sold(:v)), 900::bigint, 'so does a cart');
select is(prices_step(), 0, 'nothing is due');
select ok(prices_due_in() between 3500000 and 3600000, 'before an hour');

-- An hour later.
update variant_price set starts_at = starts_at - interval '1 hour 1 second',
    begun = false where amount = 900;
update variant_price set ends_at = now() - interval '1 second'
where amount = 900;
update variant_price set starts_at = now() - interval '1 second'
where amount = 700;
select is(prices_step(), 3, 'a beginning, an end and a beginning');
select is(pg_temp.shown('price'), '700', 'the next one is shown');
select is(prices_step(), 0, 'once');
select is((select count(*)::integer from variant_price where begun), 2,
    'both have begun');
select ok((select ended from variant_price where amount = 900),
    'and one has ended');

-- The least of the 30 days before.
insert into product (id, slug, name, status) values
('00000000-0000-4000-8000-000000000002', 'fonio-p', 'Fonio', 'active');
insert into variant (id, product_id, sku, price_amount, price_currency) values
('00000000-0000-4000-8000-0000000000a2',
    '00000000-0000-4000-8000-000000000002', 'P-2', 1000, 'EUR');
\set w '\'00000000-0000-4000-8000-0000000000a2\''
select is(price_lowest(:w), null, 'what was never dearer has none');
insert into price_history (variant_id, at, cause, own, cost_was, cost,
    currency) values
(:w, now() - interval '90 days', 'changed', 500, null, 500, 'EUR'),
(:w, now() - interval '60 days', 'changed', 800, 500, 800, 'EUR'),
(:w, now() - interval '20 days', 'changed', 950, 800, 950, 'EUR');
select is(price_lowest(:w), 800::bigint,
    'what held when they began counts, what was before does not');

-- Changes of many.
select pg_temp.ask('catalog.read', 'duka_catalog');
select throws_ok(format('select product_bulk(%L)', jsonb_build_object(
    'products', jsonb_build_array(:w), 'change', '{"status":"draft"}'::jsonb)),
    'UK403', null, 'are for who may write');
select throws_ok(format('select body from price_plan(
    ''00000000-0000-4000-8000-000000000002'', %L,
    ''{"price":{"amount":1,"currency":"EUR"}}'')', :w), 'UK403', null,
    'so are planned prices');
select throws_ok('select * from price_history', '42501', null,
    'nobody reads history but by its function');
select throws_ok('update variant_price set amount = 1', '42501', null,
    'nobody writes plans but by theirs');
reset role;
select results_eq($$select price_rounded(a, r, c) from (values
    (1099.5, 'unit', 'EUR'), (1012, 'five', 'EUR'), (1015, 'ten', 'EUR'),
    (1050, 'whole', 'EUR'), (1049, 'ninety_nine', 'EUR'),
    (1051, 'ninety_nine', 'EUR'), (10, 'ninety_nine', 'EUR'),
    (1045, 'ninety_five', 'EUR'), (12500, 'whole', 'KWD'),
    (-5, 'ninety_nine', 'EUR')) v (a, r, c)$$,
    $$values (1100::bigint), (1010), (1020), (1100), (1099), (1099), (99),
    (1095), (13000), (-1)$$, 'amounts are rounded by their rule');

select * from finish();
rollback;
