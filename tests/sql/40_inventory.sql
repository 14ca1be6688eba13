-- SPDX-License-Identifier: ISC
-- Stock: constraints, reservations, movements, alerts, and who sees them.
begin;
select plan(61);

create function pg_temp.ask(permissions text, role text) returns void
language plpgsql as $$
begin
	perform set_config('duka.permissions', ' ' || permissions || ' ', true);
	execute format('set local role %I', role);
end
$$;

insert into product (id, slug, name, status) values
('00000000-0000-4000-8000-000000000001', 'gari-t', 'Gari', 'active');
insert into variant (id, product_id, sku, options, price_amount,
    price_currency) values
('00000000-0000-4000-8000-0000000000a1',
    '00000000-0000-4000-8000-000000000001', 'T-1', '{"size": 1}', 100, 'EUR'),
('00000000-0000-4000-8000-0000000000a2',
    '00000000-0000-4000-8000-000000000001', 'T-2', '{"size": 2}', 200, 'EUR');
insert into location (id, code, name, position) values
('00000000-0000-4000-8000-0000000000b1', 'zwei', 'Second', 5);
\set v '\'00000000-0000-4000-8000-0000000000a1\''
\set w '\'00000000-0000-4000-8000-0000000000a2\''

-- An order to reserve for, without lines' sums to mind.
create function pg_temp.order_made() returns uuid language sql as $$
	insert into customer_order (email, payment_method, currency, tax_mode,
	    subtotal_amount, discount_amount, shipping_amount, tax_amount,
	    total_amount, quote)
	values ('t@example.org', 'on_delivery', 'EUR', 'inclusive', 0, 0, 0,
	    0, 0, '{}') returning id
$$;

-- Setting and counting.

select is(available(:v), 0, 'without a row there is none');
select is(set_stock(:v, 'main', 10, 'first'), 10, 'stock is set');
select is(available(:v), 10, 'and can be bought');
select is(set_stock_many(array[:v, :w]::uuid[], array[10, 4], 'main',
    'second'), 1, 'only what differs is changed');
select results_eq(format($$select kind, change, on_hand_after, reason
    from stock_movement where variant_id = %L order by id$$, :v),
    $$values ('import'::text, 10, 10, 'first'::text)$$,
    'each change is a movement');
select throws_ok(format('select set_stock(%L, ''nowhere'', 1, '''')', :v),
    'UK422', 'There is no location nowhere', 'a location must be');
select throws_ok(format('update stock set on_hand = -1
    where variant_id = %L', :v), '23514', null, 'never below nothing');
select throws_ok(format('update stock set reserved = 11
    where variant_id = %L', :v), '23514', null, 'never more held than there');
select throws_ok(format('update stock_movement set reason = ''x''
    where variant_id = %L', :v), 'UK409', null, 'movements stand');
select throws_ok(format('delete from stock_movement
    where variant_id = %L', :v), 'UK409', null, 'and stay');

-- Reservations.

create temp table o as select n, pg_temp.order_made() as id
    from generate_series(1, 6) n;
grant select on o to public;
select lives_ok(format('select stock_reserve((select id from o where n = 1),
    array[%L]::uuid[], array[4], null)', :v), 'four are held');
select is(available(:v), 6, 'six are left');
select is((select reserved from stock where variant_id = :v), 4,
    'the row counts them');
select throws_ok(format('select stock_reserve((select id from o where n = 2),
    array[%L, %L]::uuid[], array[2, 7], null)', :w, :v), 'UK501',
    'There is not enough of everything', 'seven are too many');
select is(available(:w), 4, 'nothing is held when it fails');
select lives_ok(format('select stock_reserve((select id from o where n = 2),
    array[%L, %L]::uuid[], array[2, 4], now() + interval ''1 hour'')',
    :v, :v), 'two lines of one variant are summed');
select is((select quantity from reservation where variant_id = :v
    and order_id = (select id from o where n = 2)), 6,
    'into one reservation');
select is(available(:v), 0, 'all are held');
update reservation set expires_at = now() - interval '1 second'
where order_id = (select id from o where n = 2);
select is(available(:v), 6, 'what has expired does not count');
select lives_ok(format('select stock_reserve((select id from o where n = 3),
    array[%L]::uuid[], array[5], null)', :v), 'and is given to others');
select is((select reserved from stock where variant_id = :v), 9,
    'what expired was cleared away');
select is((select count(*)::integer from reservation
    where order_id = (select id from o where n = 2)), 0, 'whole');
select throws_ok(format('select stock_hold((select id from o where n = 2),
    array[%L]::uuid[], array[6])', :v), 'UK501', null,
    'who comes late finds it gone');
select stock_release((select id from o where n = 3));
select is(available(:v), 6, 'released is there again');
select lives_ok(format('select stock_hold((select id from o where n = 2),
    array[%L]::uuid[], array[6])', :v), 'and can be held again');
select is((select sum(s.reserved) from stock s), (select sum(quantity)
    from reservation r), 'rows and reservations agree');

-- Shipping takes from hand.

select lives_ok(format('select stock_take((select id from o where n = 1),
    array[%L]::uuid[], array[3], ''D-1'')', :v), 'three go out');
select is((select (on_hand, reserved)::text from stock where variant_id = :v),
    '(7,7)', 'from hand and from what is held');
select is((select quantity from reservation
    where order_id = (select id from o where n = 1)), 1, 'one is held yet');
select results_eq(format($$select kind, change, on_hand_after, reason,
    order_id from stock_movement where variant_id = %L
    order by id desc limit 1$$, :v), $$select 'shipment'::text, -3, 7,
    'D-1'::text, id from o where n = 1$$, 'with a movement');
select throws_ok(format('select stock_take((select id from o where n = 1),
    array[%L]::uuid[], array[2], ''D-1'')', :v), 'UK501', null,
    'what is held for others is not taken');

-- Several locations, and back-orders.

select set_stock(:w, 'zwei', 3, 'there');
select is(available(:w), 7, 'locations are summed');
select lives_ok(format('select stock_reserve((select id from o where n = 4),
    array[%L]::uuid[], array[6], null)', :w), 'and fill an order together');
select results_eq(format($$select l.code, r.quantity from reservation r
    join location l on l.id = r.location_id where r.variant_id = %L
    order by l.position$$, :w), $$values ('main'::text, 4), ('zwei', 2)$$,
    'the first first');
update location set active = false where code = 'zwei';
select is(available(:w), 0, 'a closed location sells nothing');
update location set active = true where code = 'zwei';
update stock set back_order = true where variant_id = :w
and location_id = '00000000-0000-4000-8000-0000000000b1';
select is(available(:w), 999, 'back-orders allow a whole line');
select lives_ok(format('select stock_reserve((select id from o where n = 5),
    array[%L]::uuid[], array[20], null)', :w), 'more than there is');
select is((select (on_hand, reserved)::text from stock
    where variant_id = :w and back_order), '(3,22)', 'is held of nothing');
select throws_ok(format('select stock_take((select id from o where n = 5),
    array[%L]::uuid[], array[20], ''D-5'')', :w), '23514', null,
    'but what is not there does not ship');

-- Alerts: one until it is refilled.

select set_stock(:v, 'main', 20, 'refilled');
update stock set low_at = 5 where variant_id = :v;
select is((select count(*)::integer from low_stock_event
    where variant_id = :v), 0, 'enough is no alert');
select stock_reserve((select id from o where n = 6), array[:v]::uuid[],
    array[9], null);
select is((select available from low_stock_event where variant_id = :v
    and refilled_at is null), 4, 'below the threshold is one');
select set_stock(:v, 'main', 19, 'less');
select is((select count(*)::integer from low_stock_event
    where variant_id = :v), 1, 'lower still is the same');
select set_stock(:v, 'main', 30, 'more');
select is((select count(*)::integer from low_stock_event
    where variant_id = :v and refilled_at is null), 0, 'refilled closes it');
select set_stock(:v, 'main', 17, 'less again');
select is((select count(*)::integer from low_stock_event
    where variant_id = :v and refilled_at is null), 1, 'the next is new');

-- Who may.

select is((select sum(change)::integer from stock_movement
    where variant_id = :v), (select on_hand from stock where variant_id = :v),
    'movements sum to what is there');
select pg_temp.ask('inventory.read', 'duka_inventory');
select is((select count(*)::integer from stock where variant_id = :v), 1,
    'staff see stock');
select throws_ok(format('select stock_adjust(%L, ''main'', 1, null, null,
    ''x'')', :v), 'UK403', null, 'who only reads changes nothing');
select throws_ok('insert into location (code, name) values (''x'', ''X'')',
    '42501', null, 'nor makes places');
select throws_ok('update stock set on_hand = 1', '42501', null,
    'nobody writes stock but the functions');
reset role;
select pg_temp.ask('inventory.read inventory.write', 'duka_inventory');
select is((stock_adjust(:v, 'main', -1, null, 'damaged', 'broken')
    ->> 'on_hand')::integer, 16, 'who writes adjusts');
select is((stock_adjust(:v, 'main', null, 18, null, 'counted') ->> 'on_hand')
    ::integer, 18, 'and counts');
select throws_ok(format('select stock_adjust(%L, ''main'', 1, 2, null, ''x'')',
    :v), 'UK422', null, 'not both');
select throws_ok(format('select stock_adjust(%L, ''main'', -19, null, null,
    ''x'')', :v), '23514', null, 'not below nothing');
select throws_ok(format('select stock_adjust(%L, ''main'', null, 2, null,
    ''x'')', :v), '23514', null, 'not below what is held');
select throws_ok($$select stock_adjust(gen_random_uuid(), 'main', 1, null, null,
    'x')$$, 'UK410', null, 'not what is not there');
reset role;
select is((select kind || change from stock_movement where variant_id = :v
    order by id desc limit 1), 'count2', 'counting is a movement too');
select pg_temp.ask('', 'duka_inventory');
select is((select count(*)::integer from stock), 0,
    'without the permission there is nothing to see');
select is((select count(*)::integer from stock_movement), 0,
    'no movements either');
reset role;
select pg_temp.ask('inventory.read', 'duka_cart');
select throws_ok('select count(*) from stock', '42501', null,
    'the cart''s program does not read stock');
reset role;
select pg_temp.ask('inventory.write', 'duka_orders');
select throws_ok(format('select set_stock(%L, ''main'', 99, '''')', :v),
    '42501', null, 'nor does that of orders set it');
select throws_ok(format('select stock_reserve((select id from o where n = 1),
    array[%L]::uuid[], array[1], null)', :v), '42501', null,
    'or reserve by itself');
reset role;

select finish();
rollback;
