-- SPDX-License-Identifier: ISC
-- Orders: placed whole or not at all, seen by their own, moved as listed.
begin;
select plan(102);

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
    '00000000-0000-4000-8000-000000000001', 'T-1', '{"n": 1}', 100, 'EUR'),
('00000000-0000-4000-8000-0000000000a2',
    '00000000-0000-4000-8000-000000000001', 'T-2', '{"n": 2}', 200, 'EUR');
\set v '\'00000000-0000-4000-8000-0000000000a1\''
\set w '\'00000000-0000-4000-8000-0000000000a2\''
select set_stock_many(array[:v, :w]::uuid[], array[10, 10], 'main', '');
insert into customer (id, email, given_name, family_name) values
('00000000-0000-4000-8000-0000000000c1', 'a@example.org', 'Ada', 'Obi'),
('00000000-0000-4000-8000-0000000000c2', 'b@example.org', 'Ben', 'Ade');
\set a '\'00000000-0000-4000-8000-0000000000c1\''
\set b '\'00000000-0000-4000-8000-0000000000c2\''
\set g 'repeat(\'1\', 64)'
\set h 'repeat(\'2\', 64)'
insert into customer_address (id, customer_id, name, line1, city, country)
values ('00000000-0000-4000-8000-0000000000e1', :a, 'Ada Obi', '1 Street',
    'Dublin', 'IE');
insert into promotion (id, name, kind, amount, needs_coupon) values
('00000000-0000-4000-8000-0000000000d1', 'Off', 'amount', 50, true);
insert into coupon (promotion_id, code, max_uses, max_uses_each) values
('00000000-0000-4000-8000-0000000000d1', 'OFF', 1, 1),
('00000000-0000-4000-8000-0000000000d1', 'EACH', null, 1);

-- The quote of facts without tax and shipping, as a program would compute it.
create function pg_temp.quote(facts json) returns jsonb language sql as $$
	select jsonb_build_object('currency', 'EUR', 'tax_mode', 'inclusive',
	    'lines', jsonb_agg(jsonb_build_object('id', l ->> 'id',
	    'variant_id', l ->> 'variant_id', 'product_id',
	    l ->> 'product_id', 'sku', l ->> 'sku', 'name', l ->> 'name',
	    'options', l -> 'options', 'quantity', l -> 'quantity',
	    'unit_price', money((l ->> 'unit_amount')::bigint, 'EUR'),
	    'subtotal', money(s.sum, 'EUR'), 'discounts', '[]'::jsonb,
	    'discount', money(d.off, 'EUR'), 'tax_name', 'zero',
	    'tax_rate', '0', 'net', money(s.sum - d.off, 'EUR'),
	    'tax', money(0, 'EUR'), 'total', money(s.sum - d.off, 'EUR'))),
	    'discounts', facts -> 'promotions', 'shipping', jsonb_build_object(
	    'method_id', facts -> 'shipping_method_id',
	    'total', money(0, 'EUR')), 'taxes', '[]'::jsonb,
	    'tax', money(0, 'EUR'), 'total',
	    money(sum(s.sum - d.off)::bigint, 'EUR'))
	from json_array_elements(facts -> 'lines') with ordinality u (l, n)
	cross join lateral (select (l ->> 'unit_amount')::bigint
	    * (l ->> 'quantity')::bigint) s (sum)
	cross join lateral (select case when n = 1
	    then coalesce((facts #>> '{promotions,0,amount}')::bigint, 0)
	    else 0 end) d (off)
$$;

-- Puts `n` of a variant into the caller's cart and checks out.
create function pg_temp.buy(variant uuid, n integer, input jsonb,
    hold integer default null, expected jsonb default null)
returns uuid language sql as $$
	select (p.body ->> 'id')::uuid
	from (select cart_add(variant, n)) c (c),
	lateral checkout_facts(input || jsonb_build_object('note',
	    left(c.c::text, 0))) f,
	lateral place_order(f.cart_id, f.context, pg_temp.quote(f.facts),
	    jsonb_strip_nulls(jsonb_build_object('method', 'x', 'label', 'x',
	    'prepaid', hold is not null, 'hold_seconds', hold)), expected) p
$$;
select set_config('t.pickup', jsonb_build_object('email', 'g@example.org',
    'payment_method', 'on_delivery', 'shipping_method_id', id)::text, true)
    is null from shipping_method where code = 'pickup';
\set pickup 'current_setting(\'t.pickup\')::jsonb'
create temp table made (name text, id uuid);
grant all on made to public;

create function pg_temp.faster() returns void language sql
security definer as $$
	update duka.stock set on_hand = 6
	where variant_id = '00000000-0000-4000-8000-0000000000a1'
$$;
create function pg_temp.late() returns void language plpgsql as $$
declare
	f record;
	hint text;
begin
	select * into f from checkout_facts(
	    current_setting('t.pickup')::jsonb);
	-- Somebody else was faster, between the facts and the order.
	perform pg_temp.faster();
	perform place_order(f.cart_id, f.context, pg_temp.quote(f.facts),
	    '{"method": "x"}', null);
exception when sqlstate 'UK501' then
	get stacked diagnostics hint = pg_exception_hint;
	perform set_config('t.hint', hint, true);
end
$$;

-- Placing.

select pg_temp.ask(:a, null, 'duka_orders');
select throws_ok(format('select * from checkout_facts(%s)', $$'{}'$$),
    'UK512', null, 'an empty cart is no order');
reset role;
-- The programs' two roles at once: what one may not, the other may.
grant duka_cart to duka_orders;
select pg_temp.ask(:a, null, 'duka_orders');
select throws_ok(format('select pg_temp.buy(%L, 11, current_setting(
    ''t.pickup'')::jsonb - ''shipping_method_id'')', :v), 'UK422',
    'Choose a way of shipping', 'it needs a way of shipping');
insert into made select 'one', pg_temp.buy(:v, 3, :pickup);
insert into made select 'cart', cart_id from customer_order;
select is((select count(*)::integer from customer_order), 1,
    'the order stands');
select matches((select number from customer_order), '^D-[0-9]{6,}$',
    'with a number');
select is((select (state, payment_state, total_amount)::text
    from customer_order), '(pending,unpaid,300)', 'pending and unpaid');
select is((select email || ' ' || name from customer_order),
    'a@example.org Ada Obi', 'in the customer''s name');
select is((select count(*)::integer from order_event where kind = 'placed'),
    1, 'with its first event');
reset role;
select is((select count(*)::integer from outbox where template =
    'order-placed' and recipient = 'a@example.org'), 1, 'and its mail');
select is(available(:v), 7, 'its goods are held');
select is((select state from cart where customer_id = :a), 'ordered',
    'its cart is done');
select throws_ok('update customer_order set cart_id = cart_id;
    insert into customer_order (cart_id, email, payment_method, currency,
    tax_mode, subtotal_amount, discount_amount, shipping_amount, tax_amount,
    total_amount, quote) select cart_id, email, payment_method, currency,
    tax_mode, subtotal_amount, discount_amount, shipping_amount, tax_amount,
    total_amount, quote from customer_order', '23505', null,
    'one cart makes one order');
select pg_temp.ask(:a, null, 'duka_orders');
select throws_ok(format('select pg_temp.buy(%L, 1, %s, null,
    ''{"amount": 99, "currency": "EUR"}'')', :v,
    $$current_setting('t.pickup')::jsonb$$), 'UK532', null,
    'another total than expected is refused');
select lives_ok(format('insert into made select ''two'', pg_temp.buy(%L, 1,
    %s, null, ''{"amount": 100, "currency": "EUR"}'')', :v,
    $$current_setting('t.pickup')::jsonb$$), 'the expected one is not');
reset role;
update stock set on_hand = 4 where variant_id = :v;
update stock set on_hand = 12 where variant_id = :v;

-- Short of stock: the whole order fails, and says what is short.

select pg_temp.ask(:b, null, 'duka_orders');
select cart_add(:v, 8) is null, cart_add(:w, 2) is null;
reset role;
update stock set on_hand = 6 where variant_id = :v;
select pg_temp.ask(:b, null, 'duka_orders');
select throws_ok('select * from checkout_facts(current_setting(
    ''t.pickup'')::jsonb)', 'UK501', null, 'too few is refused');
reset role;
update stock set on_hand = 12 where variant_id = :v;
select pg_temp.ask(:b, null, 'duka_orders');
select lives_ok('select pg_temp.late()', 'who is late is refused too');
reset role;
select is((current_setting('t.hint')::jsonb #> '{lines,0}') - 'variant_id',
    '{"sku": "T-1", "name": "Gari", "wanted": 8, "available": 2}'::jsonb,
    'with what is short');
select is(jsonb_array_length(current_setting('t.hint')::jsonb -> 'lines'), 1,
    'and nothing else');
select is((select count(*)::integer from customer_order
    where customer_id = :b), 0, 'no order was half written');
select is(available(:w), 10, 'nothing is held of the other line');
select is((select count(*)::integer from outbox
    where recipient = 'b@example.org'), 0, 'and no mail waits');
update stock set on_hand = 12 where variant_id = :v;

-- What is quoted is what is in the cart; what is written sums.

select pg_temp.ask(:b, null, 'duka_orders');
select throws_ok($$select place_order(f.cart_id, f.context,
    jsonb_set(pg_temp.quote(f.facts), '{lines,0,quantity}', '1'), '{}', null)
    from checkout_facts(current_setting('t.pickup')::jsonb) f$$, 'UK409',
    null, 'another quantity than in the cart is refused');
select throws_ok($$select place_order(f.cart_id, f.context,
    jsonb_set(pg_temp.quote(f.facts), '{total,amount}', '1'), '{}', null)
    from checkout_facts(current_setting('t.pickup')::jsonb) f$$, '23514',
    null, 'lines that do not sum to the total are refused');
select throws_ok($$select place_order(f.cart_id, f.context,
    jsonb_set(pg_temp.quote(f.facts), '{lines,0,net,amount}', '1'), '{}',
    null) from checkout_facts(current_setting('t.pickup')::jsonb) f$$,
    '23514', null, 'lines that do not sum in themselves too');
select throws_ok($$select place_order((select id from made
    where name = 'cart'), f.context, pg_temp.quote(f.facts), '{}', null)
    from checkout_facts(current_setting('t.pickup')::jsonb) f$$, 'UK409',
    null, 'and another cart');
select throws_ok($$select checkout_facts('{"payment_method": "on_delivery",
    "address_id": "00000000-0000-4000-8000-0000000000e1"}')$$, 'UK422',
    'There is no such address', 'another''s address is not there');
reset role;

-- Who sees it.

select pg_temp.ask(:b, null, 'duka_orders');
select is((select count(*)::integer from customer_order), 0,
    'another customer sees no order');
select is((select count(*)::integer from order_line), 0, 'no line');
select is((select count(*)::integer from order_event), 0, 'no event');
select throws_ok('select order_cancel((select id from made
    where name = ''one''), null, null)', 'UK410', null, 'and cancels none');
select throws_ok('select order_again((select id from made
    where name = ''one''))', 'UK410', null, 'nor orders it again');
select throws_ok('select order_move((select id from made
    where name = ''one''), 1, ''confirmed'', null, null, null)', 'UK403',
    null, 'nor moves it');
select throws_ok('update customer_order set total_amount = 0', '42501', null,
    'the program writes no orders');
select throws_ok('insert into reservation values (gen_random_uuid())',
    '42501', null, 'nor reservations');
select throws_ok('select * from coupon_use', '42501', null,
    'nor reads what coupons were used');
reset role;
select pg_temp.ask(null, null, 'duka_orders');
select is((select count(*)::integer from customer_order), 0,
    'nobody sees nothing');
reset role;
select pg_temp.ask(null, :g, 'duka_orders');
insert into made select 'guest', pg_temp.buy(:w, 1, :pickup, 3600);
select is((select count(*)::integer from customer_order), 1,
    'a guest sees the own order');
reset role;
select pg_temp.ask(null, :h, 'duka_orders');
select is((select count(*)::integer from customer_order), 0,
    'another guest does not');
reset role;
select pg_temp.ask(null, null, 'duka_orders', 'orders.read');
select is((select count(*)::integer from customer_order), 3,
    'staff see all');
select throws_ok('select order_move((select id from made
    where name = ''one''), 1, ''confirmed'', null, null, null)', 'UK403',
    null, 'who only reads moves none');
reset role;
select pg_temp.ask(null, null, 'duka_orders', 'inventory.read');
select is((select count(*)::integer from customer_order), 0,
    'other staff see none');
reset role;
select pg_temp.ask(:a, null, 'duka_inventory', 'inventory.read');
select throws_ok('select count(*) from customer_order', '42501', null,
    'other programs see none either');
reset role;

-- What stands does not change.

select throws_ok('update customer_order set total_amount = 1', 'UK409', null,
    'amounts stand');
select throws_ok('update customer_order set quote = ''{}''', 'UK409', null,
    'the snapshot stands');
select throws_ok('update order_line set unit_amount = 1', 'UK409', null,
    'lines stand');
select throws_ok('delete from order_line', 'UK409', null, 'and stay');
select throws_ok('update order_event set note = ''x''', 'UK409', null,
    'events stand');
select throws_ok('update customer_order set state = ''shipped''', 'UK540',
    null, 'only listed ways are gone');
select throws_ok('update customer_order set payment_state = ''refunded''',
    'UK540', null, 'payments too');
update variant set price_amount = 150 where id = :v;
select is((select unit_amount from order_line where order_id = (select id
    from made where name = 'one')), 100::bigint,
    'a placed order keeps its price');
update variant set price_amount = 100 where id = :v;

-- The workflow.

create function pg_temp.move(which text, target text, version integer
    default null) returns text language sql as $$
	select (o.body ->> 'state') || ' ' || (o.body ->> 'payment_state')
	    || ' ' || o.version
	from made m, order_move(m.id, version, target, 'a note', 'Post',
	    'TN-1') o
	where m.name = which
$$;
select pg_temp.ask(null, null, 'duka_orders', 'orders.read orders.write');
select throws_ok('select pg_temp.move(''one'', ''shipped'')', 'UK540', null,
    'nothing is left out');
select throws_ok('select pg_temp.move(''one'', ''confirmed'', 7)', 'UK412',
    null, 'the version meant is checked');
select is(pg_temp.move('one', 'confirmed', 1), 'confirmed unpaid 2',
    'confirmed');
select is(pg_temp.move('one', 'processing', 2), 'processing unpaid 3',
    'processing');
select is((select (kind, from_state, to_state, note)::text from order_event
    where order_id = (select id from made where name = 'one')
    order by id desc limit 1), '(state,confirmed,processing,"a note")',
    'each is an event');
select throws_ok(format($$select order_ship_part((select id from made
    where name = 'one'), null, jsonb_build_array(jsonb_build_object(
    'line_id', (select id from order_line where order_id = (select id
    from made where name = 'one')), 'quantity', 4)), '', '', '')$$),
    'UK422', 'That is more than is left to ship', 'not more than ordered');
select is((select (body ->> 'state')
    || (body #>> '{shipments,0,lines,0,quantity}')
    from order_ship_part((select id from made where name = 'one'), 3, jsonb_build_array(jsonb_build_object(
    'line_id', (select id from order_line where order_id = (select id
    from made where name = 'one')), 'quantity', 2)), 'Post', 'TN-0', '')),
    'processing2', 'a part ships');
select throws_ok('select pg_temp.move(''one'', ''cancelled'')', 'UK540',
    null, 'what left the house is not cancelled');
select is(pg_temp.move('one', 'shipped'), 'shipped unpaid 5',
    'the rest ships');
reset role;
select is((select on_hand from stock where variant_id = :v), 9,
    'taken from hand');
select is((select sum(change)::integer from stock_movement where kind =
    'shipment' and variant_id = :v), -3, 'with movements');
select is((select count(*)::integer from outbox where template =
    'order-shipped'), 2, 'and a mail for each parcel');
select is((select count(*)::integer from reservation where order_id =
    (select id from made where name = 'one')), 0, 'nothing is held any more');
select pg_temp.ask(null, null, 'duka_orders', 'orders.read orders.write');
select is(pg_temp.move('one', 'delivered'), 'delivered unpaid 6',
    'delivered');
select is(pg_temp.move('one', 'paid'), 'delivered paid 8', 'and paid');
select is((order_staff_json(o) #>> '{transitions}')::jsonb,
    '[]'::jsonb, 'what may follow is listed; refunds are made otherwise')
from customer_order o where id = (select id from made where name = 'one');
reset role;

-- The customer's cancelling.

select pg_temp.ask(:a, null, 'duka_orders');
select is((select (body ->> 'state', version)::text from order_cancel((select id
    from made where name = 'two'), null, 'No more')), '(cancelled,2)',
    'a pending order is cancelled');
select throws_ok('select order_cancel((select id from made
    where name = ''two''), null, null)', 'UK540', null, 'once');
select throws_ok('select order_cancel((select id from made
    where name = ''one''), null, null)', 'UK540', null,
    'a delivered one is not');
reset role;
select is(available(:v), 9, 'its goods are there again');
select is((select data ->> 'reason' from outbox where template =
    'order-cancelled'), 'No more', 'and a mail says so');

-- Money that comes late.

update reservation set expires_at = now() - interval '1 minute'
where order_id = (select id from made where name = 'guest');
select is(available(:w), 10, 'after its time nothing is held');
select set_stock(:w, 'main', 0, 'all gone');
select pg_temp.ask(null, null, 'duka_orders', 'orders.read orders.write');
select is(pg_temp.move('guest', 'paid'), 'confirmed paid 3',
    'late money is never dropped');
select ok((select short_of_stock from customer_order where id = (select id
    from made where name = 'guest')), 'but staff see that goods are short');
select throws_ok('select pg_temp.move(''guest'', ''processing'')', 'UK501',
    null, 'and it waits for them');
reset role;
select set_stock(:w, 'main', 5, 'there again');
select pg_temp.ask(null, null, 'duka_orders', 'orders.read orders.write');
select is(pg_temp.move('guest', 'processing'), 'processing paid 4',
    'until they are there');
select ok((select not short_of_stock from customer_order where id = (select
    id from made where name = 'guest')), 'and all is well');
reset role;

-- Coupons: held, used, released.

select pg_temp.ask(:a, null, 'duka_orders');
select cart_add(:v, 1) is null, cart_coupon_put('OFF') is null;
insert into made select 'off', pg_temp.buy(:v, 1, :pickup, 3600);
reset role;
select is((select uses from coupon where code = 'OFF'), 1, 'a use is held');
select is((select (state, email)::text from coupon_use),
    '(held,a@example.org)', 'in the buyer''s name');
select pg_temp.ask(null, :h, 'duka_orders');
select throws_ok('select cart_coupon_put(''OFF'')', 'UK522', null,
    'nobody else has it then');
reset role;
select throws_ok('update coupon set uses = 2 where code = ''OFF''', '23514',
    null, 'in the database neither');
update coupon_use set expires_at = now() - interval '1 minute';
select is(coupon_fault(c, :b, 'b@example.org'), null,
    'an expired hold does not count') from coupon c where code = 'OFF';
update coupon_use set expires_at = null;
select pg_temp.ask(:a, null, 'duka_orders');
select is((select body ->> 'state' from order_cancel((select id from made
    where name = 'off'), null, null)), 'cancelled', 'cancelled');
reset role;
select is((select uses || state from coupon c join coupon_use u
    on u.coupon_id = c.id), '0released', 'releases it');
select pg_temp.ask(:b, null, 'duka_orders');
select cart_clear() is null, cart_add(:v, 1) is null,
    cart_coupon_put('EACH') is null;
insert into made select 'each', pg_temp.buy(:v, 1, :pickup);
reset role;
select pg_temp.ask(null, null, 'duka_orders', 'orders.read orders.write');
select is(pg_temp.move('each', 'paid'), 'confirmed paid 3', 'paid');
reset role;
select is((select u.state from coupon_use u where order_id = (select id
    from made where name = 'each')), 'used', 'uses it');
select pg_temp.ask(:b, null, 'duka_orders');
select throws_ok('select cart_coupon_put(''EACH'')', 'UK522', null,
    'once a customer');
reset role;
select is(coupon_fault(c, null, 'B+again@example.org'), 'COUPON_USED_UP',
    'also by the mail address') from coupon c where code = 'EACH';

-- A payment that failed gives the coupon back; one that comes after all
-- takes it again if it can, and counts either way.

select pg_temp.ask(:a, null, 'duka_orders');
select cart_add(:v, 1) is null, cart_coupon_put('OFF') is null;
insert into made select 'fails', pg_temp.buy(:v, 1, :pickup);
reset role;
select pg_temp.ask(null, null, 'duka_orders', 'orders.read orders.write');
select is(pg_temp.move('fails', 'failed'), 'pending failed 2', 'failed');
reset role;
select is((select uses from coupon where code = 'OFF'), 0, 'gives it back');
update coupon set uses = 1 where code = 'OFF';
select pg_temp.ask(null, null, 'duka_orders', 'orders.read orders.write');
select is(pg_temp.move('fails', 'paid'), 'confirmed paid 4',
    'late money counts though the coupon went to another');
reset role;
select is((select u.state from coupon_use u where order_id = (select id
    from made where name = 'fails')), 'released',
    'whose limit is not exceeded');
select is((select total_amount from customer_order where id = (select id
    from made where name = 'fails')), 150::bigint,
    'and the price stands as it was placed');

-- Again, at once, and forgotten.

update variant set status = 'archived' where id = :w;
select pg_temp.ask(null, :g, 'duka_orders');
select is((order_again(id)::jsonb #>> '{missing,0,code}'), 'NOT_SOLD',
    'what is sold no more is named') from made where name = 'guest';
reset role;
select pg_temp.ask(:a, null, 'duka_orders');
select is((order_again(id) ->> 'added')::integer, 1,
    'what is still sold goes into the cart') from made where name = 'one';
select is((select f.context #>> '{shipping_method,code}'
    from purchase_facts('00000000-0000-4000-8000-000000000001', 1) f),
    'pickup', 'bought at once without an address it waits at the shop');
reset role;
update customer_address set is_default_shipping = true;
select pg_temp.ask(:a, null, 'duka_orders');
select is((select f.context #>> '{shipping_method,code}'
    from purchase_facts(:v, 1) f), 'delivery',
    'with a default address it comes');
select throws_ok('select purchase_facts(gen_random_uuid(), 1)', 'UK410',
    null, 'what is not there is not bought');
select throws_ok(format('select purchase_facts(%L, 500)', :v), 'UK501',
    null, 'nor more than is there');
reset role;
select forget_orders(:a);
select is((select string_agg(distinct email || name || note, ',')
    from customer_order where customer_id = :a), 'erased@invalid',
    'an erased customer''s orders stay, without the person');
select is((select count(*)::integer from cart where customer_id = :a
    and state = 'active'), 0, 'the cart goes');
select lives_ok('set constraints all immediate',
    'and every order sums to its lines');
update setting set value = 'off' where key = 'switch.checkout';
select pg_temp.ask(:b, null, 'duka_orders');
select throws_ok('select checkout_facts(''{}'')', 'UK531', null,
    'a closed shop takes no orders');
reset role;

select finish();
rollback;
