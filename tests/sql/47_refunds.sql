-- SPDX-License-Identifier: ISC
-- Money and goods that go back: never more than was paid, each piece once,
-- by the listed ways, and seen by their own.
begin;
select plan(84);

create function pg_temp.ask(customer uuid, guest text, role text,
    permissions text default '') returns void language plpgsql as $$
begin
	perform set_config('duka.customer', coalesce(customer::text, ''), true),
	    set_config('duka.guest', coalesce(guest, ''), true),
	    set_config('duka.permissions', ' ' || permissions || ' ', true);
	execute format('set local role %I', role);
end
$$;

insert into product (id, slug, name, status, tax_class) values
('00000000-0000-4000-8000-000000000001', 'gari-t', 'Gari', 'active', 'zero');
insert into variant (id, product_id, sku, options, price_amount,
    price_currency) values
('00000000-0000-4000-8000-0000000000a1',
    '00000000-0000-4000-8000-000000000001', 'T-1', '{"n": 1}', 100, 'EUR');
\set v '\'00000000-0000-4000-8000-0000000000a1\''
select set_stock_many(array[:v]::uuid[], array[10], 'main', '');
insert into customer (id, email, given_name, family_name) values
('00000000-0000-4000-8000-0000000000c1', 'a@example.org', 'Ada', 'Obi'),
('00000000-0000-4000-8000-0000000000c2', 'b@example.org', 'Ben', 'Ade');
\set a '\'00000000-0000-4000-8000-0000000000c1\''
\set b '\'00000000-0000-4000-8000-0000000000c2\''
\set g 'repeat(\'1\', 64)'

-- An order of n pieces that came to `total`, with 400 for shipping.
create function pg_temp.bought(p_id uuid, who uuid, n integer, total bigint,
    p_state text, paid text, gone integer) returns void language sql as $$
	insert into customer_order (id, customer_id, guest_digest, email,
	    state, payment_state, payment_method, payment, currency, tax_mode,
	    subtotal_amount, discount_amount, shipping_amount, tax_amount,
	    total_amount, quote)
	select p_id, who, case when who is null then repeat('1', 64) end,
	    coalesce((select email from customer where id = who),
	    'g@example.org'), p_state, paid, 'on_delivery',
	    '{"method": "on_delivery", "label": "x", "prepaid": false,
	    "reference": "x"}', 'EUR', 'inclusive', s.sum, s.sum - total, 400,
	    total / 10 + 75, total + 400,
	    '{"shipping": {"tax": {"amount": 75, "currency": "EUR"}}}'
	from (select (total / n + 1) * n as sum) s;
	insert into order_line (id, order_id, position, variant_id, product_id,
	    sku, name, quantity, shipped, unit_amount, subtotal_amount,
	    discount_amount, tax_rate, tax_mode, net_amount, tax_amount,
	    total_amount)
	select p_id, p_id, 1, '00000000-0000-4000-8000-0000000000a1',
	    '00000000-0000-4000-8000-000000000001', 'T-1', 'Gari', n, gone,
	    total / n + 1, s.sum, s.sum - total, 0.1, 'inclusive',
	    total - total / 10, total / 10, total
	from (select (total / n + 1) * n as sum) s;
	insert into order_event (order_id, kind, from_state, to_state)
	select p_id, 'state', 'shipped', 'delivered'
	where p_state = 'delivered'
$$;
create function pg_temp.o(n integer) returns uuid language sql as $$
	select ('00000000-0000-4000-8000-0000000001' || lpad(n::text, 2, '0'))
	    ::uuid
$$;
-- Refunds pieces of order n.
create function pg_temp.back(n integer, pieces integer,
    restock boolean default false, shipping boolean default false,
    pending boolean default false) returns text language sql as $$
	select f.body ->> 'payment_state' from order_refund(pg_temp.o(n), null,
	    case when pieces > 0 then jsonb_build_array(jsonb_build_object(
	    'line_id', pg_temp.o(n), 'quantity', pieces,
	    'restock', restock)) end, shipping, 'Torn', pending) f
$$;
create function pg_temp.given(n integer) returns text
language sql security definer set search_path = duka, pg_temp as $$
	select string_agg(amount::text, ' ' order by number)
	from refund where order_id = pg_temp.o(n) and state <> 'failed'
$$;

-- Sharing out.

select is(array(select first_pieces(1000, 3, k) from generate_series(0, 3) k),
    array[0, 333, 666, 1000]::bigint[], 'the last piece takes what is left');
select is(array(select first_pieces(5, 10, k) from generate_series(0, 10) k),
    array[0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5]::bigint[],
    'so do the last ones, one each');
select is((select count(*)::integer from generate_series(0, 60) amount,
    generate_series(1, 12) n where first_pieces(amount, n, n) <> amount
    or first_pieces(amount, n, 0) <> 0), 0, 'the parts sum to the whole');
select is((select count(*)::integer from generate_series(0, 60) t,
    generate_series(0, 60) x, generate_series(1, 7) n, generate_series(1, 7) k
    where x <= t and k <= n and first_pieces(x, n, k)
    - first_pieces(x, n, k - 1) > first_pieces(t, n, k)
    - first_pieces(t, n, k - 1)), 0, 'a piece''s tax is within its price');

-- Who may, and what can be refunded.

select pg_temp.bought(pg_temp.o(1), :a, 3, 1000, 'delivered', 'paid', 3),
    pg_temp.bought(pg_temp.o(2), :a, 3, 1000, 'delivered', 'paid', 3),
    pg_temp.bought(pg_temp.o(3), :a, 3, 1000, 'delivered', 'unpaid', 3),
    pg_temp.bought(pg_temp.o(4), :a, 3, 1000, 'processing', 'paid', 1),
    pg_temp.bought(pg_temp.o(5), :a, 2, 700, 'cancelled', 'paid', 0),
    pg_temp.bought(pg_temp.o(6), null, 3, 1000, 'delivered', 'paid', 3),
    pg_temp.bought(pg_temp.o(7), :a, 3, 1000, 'delivered', 'paid', 3),
    pg_temp.bought(pg_temp.o(8), :a, 4, 1000, 'delivered', 'paid', 4);
select pg_temp.ask(null, null, 'duka_orders', 'orders.read orders.write');
select throws_ok('select pg_temp.back(1, 1)', 'UK403', null,
    'moving orders is not refunding them');
select pg_temp.ask(:a, null, 'duka_orders');
select throws_ok('select pg_temp.back(1, 1)', 'UK403', null,
    'nor is having bought them');
select throws_ok('select order_key_made(o) from customer_order o', '42501',
    null, 'programs make no keys');
select throws_ok('select * from order_key', '42501', null, 'nor see any');
select throws_ok('select refund_effects(gen_random_uuid())', '42501', null,
    'nor say that money went back');
select pg_temp.ask(null, null, 'duka_orders',
    'orders.read orders.write orders.refund');
select throws_ok('select order_refund(gen_random_uuid(), null, null, true,
    null, false)', 'UK410', null, 'of an order that is');
select throws_ok('select order_refund(pg_temp.o(1), 9, null, true, null,
    false)', 'UK412', null, 'at the version that was seen');
select throws_ok('select pg_temp.back(1, 0)', 'UK422', null, 'of something');
select throws_ok('select order_refund(pg_temp.o(1), null, jsonb_build_array(
    jsonb_build_object(''line_id'', pg_temp.o(2), ''quantity'', 1)), false,
    null, false)', 'UK422', null, 'of its own lines');
select throws_ok('select pg_temp.back(3, 1)', 'UK541', null,
    'nothing of what was not paid');
select throws_ok('select pg_temp.back(1, 4)', 'UK541', null,
    'not more than was bought');
select throws_ok('select pg_temp.back(4, 2)', 'UK541', null,
    'nor than was shipped');
select throws_ok('select pg_temp.back(5, 1, true)', 'UK541', null,
    'what never left is not put back');

-- k of one are one of k.

select is(pg_temp.back(1, 1), 'partly_refunded', 'one piece');
select is(pg_temp.back(1, 1), 'partly_refunded', 'another');
select is(pg_temp.back(1, 1), 'partly_refunded', 'the last');
select is(pg_temp.given(1), '333 333 334', 'the last takes what is left');
select is(pg_temp.back(2, 3), 'partly_refunded', 'three at once');
select is(pg_temp.given(2), '1000', 'come to the same');
select throws_ok('select pg_temp.back(1, 1)', 'UK541', null,
    'then there is no more');
select is(pg_temp.back(1, 0, false, true), 'refunded',
    'with the shipping it is all');
select is(pg_temp.given(1), '333 333 334 400', 'which is what it cost');
select throws_ok('select pg_temp.back(1, 0, false, true)', 'UK541', null,
    'and is given back once');
select is(pg_temp.back(2, 0, false, true), 'refunded', 'there as well');
reset role;
select is((select sum(tax_amount)::integer from refund
    where order_id = pg_temp.o(1)), 175, 'the tax sums too');
select is((select sum(tax_amount)::integer from refund
    where order_id = pg_temp.o(2)), 175, 'either way');
select is((select (refunded_amount, shipping_refunded)::text
    from customer_order where id = pg_temp.o(1)), '(1400,t)',
    'the order counts it');
select is((select count(*)::integer from outbox where template = 'refunded'
    and data ->> 'order_id' = pg_temp.o(1)::text), 4, 'each has its mail');
select is((select string_agg(to_state, ' ' order by id) from order_event
    where order_id = pg_temp.o(1) and kind = 'payment'),
    'partly_refunded refunded', 'the payment''s moves are events');
select is((select count(*)::integer from order_event
    where order_id = pg_temp.o(1) and kind = 'refund' and public
    and data #>> '{amount,currency}' = 'EUR'), 4, 'so are the refunds');
select throws_ok('update customer_order set refunded_amount = 1401
    where id = pg_temp.o(1)', '23514', null, 'the database holds it: money');
select throws_ok('update order_line set refunded = 4
    where order_id = pg_temp.o(1)', '23514', null, 'and pieces');
select throws_ok('update customer_order set payment_state = ''refunded''
    where id = pg_temp.o(8)', 'UK540', null, 'nobody just says so');
select throws_ok('update customer_order set payment_state =
    ''partly_refunded'' where id = pg_temp.o(8)', 'UK540', null,
    'nor of a part');
select throws_ok('update refund set amount = 1, goods_amount = 1', 'UK409',
    null, 'a refund is not changed');
select throws_ok('update refund set state = ''failed''', 'UK540', null,
    'nor undone');
select throws_ok('delete from refund', 'UK409', null, 'nor deleted');
select throws_ok('update refund_line set amount = 0', 'UK409', null,
    'nor its lines');

-- Shelves.

select is((select on_hand from stock where variant_id = :v), 10,
    'nothing was put back yet');
select pg_temp.ask(null, null, 'duka_orders',
    'orders.read orders.write orders.refund');
select is(pg_temp.back(4, 1, true), 'partly_refunded', 'one comes back');
select is(pg_temp.back(5, 2, false, true), 'refunded',
    'a cancelled order is given back whole');
reset role;
select is((select on_hand from stock where variant_id = :v), 11,
    'the one is on the shelf');
select is((select (change, kind, order_id = pg_temp.o(4))::text
    from stock_movement order by id desc limit 1), '(1,return,t)',
    'and written down');

-- Pending ones, and such as failed.

select pg_temp.ask(null, null, 'duka_orders',
    'orders.read orders.write orders.refund');
select is(pg_temp.back(7, 2, false, false, true), 'paid',
    'what is pending moves nothing');
select throws_ok('select pg_temp.back(7, 2)', 'UK541', null,
    'but its pieces are taken');
select is(pg_temp.back(7, 1), 'partly_refunded', 'one is left');
select is(pg_temp.given(7), '666 334', 'at what is left');
select is((select body ->> 'payment_state' from refund_settle(pg_temp.o(7),
    null, (select id from refund where order_id = pg_temp.o(7)
    and number = 1), 'failed', 'Account closed')), 'partly_refunded',
    'it failed');
select throws_ok('select refund_settle(pg_temp.o(7), null, (select id
    from refund where order_id = pg_temp.o(7) and number = 1), ''done'',
    null)', 'UK540', null, 'for good');
select throws_ok('select refund_settle(pg_temp.o(7), null, (select id
    from refund where order_id = pg_temp.o(2) limit 1), ''done'', null)',
    'UK410', null, 'another order''s is not there');
select is(pg_temp.back(7, 1), 'partly_refunded', 'one of the two again');
select is(pg_temp.back(7, 1, false, true, true), 'partly_refunded',
    'and the last, pending');
select is(pg_temp.given(7), '334 332 734', 'it sums to what was paid');
select is((select body ->> 'payment_state' from refund_settle(pg_temp.o(7),
    null, (select id from refund where order_id = pg_temp.o(7)
    and state = 'pending'), 'done', null)), 'refunded', 'went out');
reset role;
select is((select count(*)::integer from order_event
    where order_id = pg_temp.o(7) and kind = 'refund' and public), 3,
    'customers read of those that went out');

-- Returns.

select pg_temp.ask(:b, null, 'duka_orders');
select throws_ok('select return_request(pg_temp.o(8), null,
    jsonb_build_array(jsonb_build_object(''line_id'', pg_temp.o(8),
    ''quantity'', 1)), null)', 'UK410', null, 'strangers return nothing');
select pg_temp.ask(:a, null, 'duka_orders');
select throws_ok('select return_request(pg_temp.o(4), null,
    jsonb_build_array(jsonb_build_object(''line_id'', pg_temp.o(4),
    ''quantity'', 1)), null)', 'UK542', null, 'what is not delivered');
select throws_ok('select return_request(pg_temp.o(8), null,
    jsonb_build_array(jsonb_build_object(''line_id'', pg_temp.o(8),
    ''quantity'', 5)), null)', 'UK542', null, 'nor more than was');
select lives_ok('select return_request(pg_temp.o(8), null,
    jsonb_build_array(jsonb_build_object(''line_id'', pg_temp.o(8),
    ''quantity'', 3, ''reason'', ''Torn'')), ''Please'')', 'asked for');
select throws_ok('select return_request(pg_temp.o(8), null,
    jsonb_build_array(jsonb_build_object(''line_id'', pg_temp.o(8),
    ''quantity'', 2)), null)', 'UK542', null, 'what is asked for is taken');
select throws_ok('select return_decide((select id from order_return), null,
    ''approve'', null)', 'UK403', null, 'customers decide nothing');
select pg_temp.ask(null, null, 'duka_orders',
    'orders.read orders.write orders.refund');
select throws_ok('select return_receive((select id from order_return), null,
    jsonb_build_array(jsonb_build_object(''line_id'', pg_temp.o(8),
    ''whole'', 1, ''damaged'', 0)), false, null)', 'UK540', null,
    'received is what was approved');
select is((select body ->> 'state' from return_decide((select id
    from order_return), 1, 'approve', 'Of course')), 'approved', 'approved');
select throws_ok('select return_decide((select id from order_return), 1,
    ''refuse'', ''No'')', 'UK412', null, 'at the version that was seen');
select throws_ok('select return_receive((select id from order_return), null,
    jsonb_build_array(jsonb_build_object(''line_id'', pg_temp.o(8),
    ''whole'', 3, ''damaged'', 1)), false, null)', 'UK422', null,
    'not more comes than was to come');
select throws_ok('select return_receive((select id from order_return), null,
    jsonb_build_array(jsonb_build_object(''line_id'', pg_temp.o(8),
    ''whole'', 0, ''damaged'', 0)), false, null)', 'UK422', null,
    'and something does');
select is((select body ->> 'state' from return_receive((select id
    from order_return), 2, jsonb_build_array(jsonb_build_object('line_id',
    pg_temp.o(8), 'whole', 2, 'damaged', 1)), false, 'Thanks')), 'received',
    'received');
select is(pg_temp.given(8), '750', 'and refunded');
reset role;
select is((select on_hand from stock where variant_id = :v), 13,
    'only what is whole is on the shelf');
select is((select string_agg(to_state, ' ' order by id) from order_event
    where order_id = pg_temp.o(8) and kind = 'return'),
    'requested approved received', 'each step is an event');
select is((select string_agg(template, ' ' order by template) from outbox
    where data ->> 'order_id' = pg_temp.o(8)::text),
    'refunded return-moved return-moved', 'and a mail');
select throws_ok('update order_return set state = ''requested''', 'UK540',
    null, 'there is no way back');

-- Keys of guests.

select set_config('t.key', order_key_made(o), true) ~ '^[\w-]{43}$'
from customer_order o where id = pg_temp.o(6);
\set key 'current_setting(\'t.key\')'
select is(order_by_key(pg_temp.o(6), :key), pg_temp.o(6), 'a key opens');
select is((order_by_key(pg_temp.o(6), :key || 'x'), order_by_key(pg_temp.o(7),
    :key), order_by_key(pg_temp.o(6), null))::text, '(,,)',
    'no other key, no other order, and no key does not');
update order_key set expires_at = now();
select is(order_by_key(pg_temp.o(6), :key), null, 'nor an old one');
select is(order_key_made(o), null, 'customers log in instead')
from customer_order o where id = pg_temp.o(7);

select is(tidy_accounts() > 0, true, 'which is thrown away');
select is((select count(*)::integer from order_key), 0, 'for good');

-- Who is forgotten.

select lives_ok(format('select forget_orders(%L)', :a), 'words go');
select is((select count(*)::integer from order_return r
    join order_return_line i on i.return_id = r.id
    where r.note <> '' or i.reason <> ''), 0, 'all of them');

select * from finish();
rollback;
