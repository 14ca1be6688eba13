-- SPDX-License-Identifier: ISC
-- Carts: what they take, whose they are, coupons, merging at login.
begin;
select plan(69);

create function pg_temp.ask(customer uuid, guest text, role text)
returns void language plpgsql as $$
begin
	perform set_config('duka.customer', coalesce(customer::text, ''), true),
	    set_config('duka.guest', coalesce(guest, ''), true);
	execute format('set local role %I', role);
end
$$;

insert into product (id, slug, name, status, tax_class) values
('00000000-0000-4000-8000-000000000001', 'gari-t', 'Gari', 'active', 'zero'),
('00000000-0000-4000-8000-000000000002', 'soap-t', 'Soap', 'active',
    'standard'),
('00000000-0000-4000-8000-000000000003', 'old-t', 'Old', 'archived', 'zero');
insert into variant (id, product_id, sku, price_amount, price_currency) values
('00000000-0000-4000-8000-0000000000a1',
    '00000000-0000-4000-8000-000000000001', 'T-1', 100, 'EUR'),
('00000000-0000-4000-8000-0000000000a2',
    '00000000-0000-4000-8000-000000000002', 'T-2', 200, 'EUR'),
('00000000-0000-4000-8000-0000000000a3',
    '00000000-0000-4000-8000-000000000003', 'T-3', 300, 'EUR');
\set v '\'00000000-0000-4000-8000-0000000000a1\''
\set w '\'00000000-0000-4000-8000-0000000000a2\''
\set x '\'00000000-0000-4000-8000-0000000000a3\''
select set_stock_many(array[:v, :w, :x]::uuid[], array[10, 5, 5], 'main', '');
insert into customer (id, email) values
('00000000-0000-4000-8000-0000000000c1', 'a@example.org'),
('00000000-0000-4000-8000-0000000000c2', 'b@example.org');
\set a '\'00000000-0000-4000-8000-0000000000c1\''
\set b '\'00000000-0000-4000-8000-0000000000c2\''
\set g 'repeat(\'1\', 64)'
\set h 'repeat(\'2\', 64)'

create temp table facts (f jsonb);
create temp table merged (m jsonb);
grant all on facts, merged to public;

-- Whose it is.

select pg_temp.ask(null, null, 'duka_cart');
select throws_ok(format('select cart_add(%L, 1)', :v), 'UK401', null,
    'a cart belongs to somebody');
select is(cart_facts(my_cart()) #>> '{cart,id}', null,
    'nobody has none, and sees it empty');
reset role;
select pg_temp.ask(:a, null, 'duka_cart');
select is((cart_add(:v, 3) #>> '{facts,lines,0,quantity}')::integer, 3,
    'a customer puts something in');
select is((select count(*)::integer from cart), 1, 'and sees the own cart');
select is((cart_add(:v, 2) #>> '{facts,lines,0,quantity}')::integer, 5,
    'more of it adds up');
select is((select count(*)::integer from cart_line), 1,
    'a variant has one line');
reset role;
select pg_temp.ask(:b, null, 'duka_cart');
select is((select count(*)::integer from cart), 0, 'another does not see it');
select is((select count(*)::integer from cart_line), 0, 'nor its lines');
select throws_ok(format('select cart_change(%L, 1)', (select id
    from cart_line limit 1)), 'UK410', null, 'nor changes nothing');
select results_eq('with u as (update cart_line set quantity = 9 returning 1)
    select count(*)::integer from u', 'select 0', 'nor writes its rows');
select throws_ok(format($$insert into cart (customer_id) values (%L)$$, :a),
    '42501', null, 'nor makes one in another''s name');
reset role;
create temp table line as select l.id, l.cart_id from cart_line l;
grant select on line to public;
select pg_temp.ask(:b, null, 'duka_cart');
select throws_ok('select cart_change((select id from line), 1)', 'UK410',
    null, 'a known line of another is not there');
select throws_ok('select cart_remove((select id from line))', 'UK410', null,
    'not to be taken out');
select throws_ok(format('insert into cart_line (cart_id, variant_id,
    quantity, added_amount, added_currency)
    select cart_id, %L, 1, 1, ''EUR'' from line', :w), '42501', null,
    'nor added to');
reset role;
select pg_temp.ask(null, :g, 'duka_cart');
select is((select count(*)::integer from cart), 0,
    'a guest does not see a customer''s');
select is((cart_add(:w, 2) #>> '{facts,lines,0,quantity}')::integer, 2,
    'a guest has an own');
reset role;
select pg_temp.ask(null, :h, 'duka_cart');
select is((select count(*)::integer from cart), 0,
    'another guest does not see it');
reset role;
select pg_temp.ask(:a, null, 'duka_cart');
select throws_ok('update cart set customer_id = null', '42501', null,
    'carts do not change hands');
select throws_ok('delete from cart', '42501', null, 'nor are deleted');
select throws_ok('select count(*) from customer_order', '42501', null,
    'the cart''s program sees no orders');
select throws_ok('select code from coupon', '42501', null,
    'nor the list of coupons');

-- What it takes.

select throws_ok(format('select cart_add(%L, 1)', :x), 'UK510', null,
    'what is not sold is refused');
select throws_ok('select cart_add(gen_random_uuid(), 1)', 'UK510', null,
    'so is what is not there');
insert into facts select cart_add(:v, 20)::jsonb;
select is((f #>> '{facts,lines,0,quantity}')::integer, 10,
    'no more than can be bought') from facts;
select is(f #> '{cart,notes}',
    jsonb_build_array(jsonb_build_object('code', 'CAPPED',
    'variant_id', :v::text, 'sku', 'T-1', 'name', 'Gari', 'wanted', 25,
    'quantity', 10)), 'and it says so') from facts;
select is((cart_change((select id from line), 4)
    #>> '{facts,lines,0,quantity}')::integer, 4, 'a line is changed');
select is(cart_facts(my_cart()) #>> '{facts,lines,0,tax_name}', 'zero',
    'taxed by its class');
select is(cart_ship_to('IE', null) #>> '{facts,shipping,0,code}',
    'delivery', 'shipped as the zone has it');
select is(cart_ship_to('DE', null) #>> '{facts,shipping,0,code}',
    'delivery-eu', 'elsewhere otherwise');
select is(json_array_length(cart_ship_to('US', '90210')
    #> '{facts,shipping}'), 1, 'outside of all zones it is picked up');
reset role;
create temp table method as select code, id from shipping_method;
grant select on method to public;
select pg_temp.ask(:a, null, 'duka_cart');
select throws_ok($$select cart_ship_by((select id from method
    where code = 'delivery'))$$, 'UK530', null,
    'a way that is not offered there is refused');
select lives_ok($$select cart_ship_to('IE', 'D02 X285'), cart_ship_by(
    (select id from method where code = 'delivery'))$$, 'an offered one not');
select is(cart_facts(my_cart()) #>> '{facts,shipping_method_id}',
    (select id::text from method where code = 'delivery'), 'and is chosen');
select throws_ok($$select cart_ship_to('ireland', null)$$, '22001', null,
    'a country is two letters');
select is(cart_ship_to('US', null) #>> '{cart,shipping_method_id}', null,
    'which falls away where it is not offered');
reset role;
update variant set price_amount = 130 where id = :v;
select pg_temp.ask(:a, null, 'duka_cart');
select is((cart_facts(my_cart()) #>> '{facts,lines,0,unit_amount}')::integer
    - (cart_facts(my_cart()) #>> '{facts,lines,0,added_unit_amount}')
    ::integer, 30, 'a price that changed is shown');
reset role;
update product set status = 'archived'
where id = '00000000-0000-4000-8000-000000000001';
select pg_temp.ask(:a, null, 'duka_cart');
select is(json_array_length(cart_facts(my_cart()) #> '{facts,lines}'), 0,
    'what is sold no more is not priced');
select is(cart_facts(my_cart()) #>> '{cart,unavailable,0,sku}', 'T-1',
    'but named');
reset role;
update product set status = 'active'
where id = '00000000-0000-4000-8000-000000000001';
select throws_ok('insert into cart_line (cart_id, variant_id, quantity,
    added_amount, added_currency) select l.cart_id, c.variant_id, 1, 1, ''EUR''
    from line l join cart_line c on c.id = l.id', '23505', null,
    'one line a variant');
select throws_ok('update cart_line set quantity = 1000', '23514', null,
    'up to 999');
select throws_ok(format('insert into cart (customer_id) values (%L)', :a),
    '23505', null, 'one active cart a customer');

-- A hundred lines.

insert into variant (product_id, sku, options, price_amount, price_currency)
select '00000000-0000-4000-8000-000000000001', 'TT-' || n,
    jsonb_build_object('n', n), 1, 'EUR' from generate_series(1, 100) n;
select set_stock_many(array(select id from variant where sku like 'TT-%'),
    array(select 5 from generate_series(1, 100)), 'main', '');
insert into cart_line (cart_id, variant_id, quantity, added_amount,
    added_currency)
select l.cart_id, v.id, 1, 1, 'EUR' from line l, variant v
where v.sku like 'TT-%' and v.sku <> 'TT-100';
create temp table last as select id from variant where sku = 'TT-100';
grant select on last to public;
select pg_temp.ask(:a, null, 'duka_cart');
select throws_ok('select cart_add((select id from last), 1)', 'UK511', null,
    'a hundred lines fill a cart');
select lives_ok(format('select cart_change(%L, 3)', (select id from line)),
    'a line of a full cart can still be changed');
select is(json_array_length(cart_clear() #> '{facts,lines}'), 0,
    'it can be emptied');
select cart_add(:v, 4) is null;
reset role;

-- Coupons.

insert into promotion (id, name, kind, percent, needs_coupon) values
('00000000-0000-4000-8000-0000000000d1', 'Ten', 'percent', 10, true),
('00000000-0000-4000-8000-0000000000d2', 'Gone', 'percent', 20, true);
update promotion set ends_at = now() - interval '1 day'
where name = 'Gone';
insert into coupon (promotion_id, code, max_uses) values
('00000000-0000-4000-8000-0000000000d1', 'TEN', 1),
('00000000-0000-4000-8000-0000000000d1', 'LATER', null),
('00000000-0000-4000-8000-0000000000d2', 'GONE', null);
update coupon set starts_at = now() + interval '1 day' where code = 'LATER';
select pg_temp.ask(:a, null, 'duka_cart');
select is(json_array_length(cart_facts(my_cart()) #> '{facts,promotions}'),
    0, 'without the code no discount');
select is(cart_coupon_put(' ten ') #>> '{facts,promotions,0,code}', 'TEN',
    'with it, however written');
select is(json_array_length(cart_coupon_put('TEN') #> '{cart,coupons}'), 1,
    'twice is once');
select throws_ok('select cart_coupon_put(''NONE'')', 'UK520', null,
    'an unknown code');
select throws_ok('select cart_coupon_put(''GONE'')', 'UK521', null,
    'a promotion that ended');
select throws_ok('select cart_coupon_put(''LATER'')', 'UK521', null,
    'one that has not begun');
reset role;
update coupon set uses = 1 where code = 'TEN';
select pg_temp.ask(:a, null, 'duka_cart');
select is(cart_facts(my_cart()) #>> '{cart,coupons,0,problem}',
    'COUPON_USED_UP', 'one used up meanwhile is told');
select is(json_array_length(cart_facts(my_cart()) #> '{facts,promotions}'),
    0, 'and gives nothing');
reset role;
select pg_temp.ask(:b, null, 'duka_cart');
select throws_ok('select cart_coupon_put(''TEN'')', 'UK522', null,
    'nor to others');
reset role;
update coupon set uses = 0 where code = 'TEN';
select pg_temp.ask(:a, null, 'duka_cart');
select is(json_array_length(cart_coupon_drop('ten') #> '{cart,coupons}'), 0,
    'a coupon is taken out');
select throws_ok('select cart_coupon_drop(''TEN'')', 'UK410', null,
    'once');
select throws_ok(format('select merge_cart(%L, repeat(''1'', 64))', :a),
    '42501', null, 'merging is not the cart''s program''s');
reset role;

-- Merging: the customer has 4 of v (10 there), the guest 2 of w and then 9
-- of v.

select pg_temp.ask(null, :g, 'duka_cart');
select cart_add(:v, 9) is null;
select cart_coupon_put('TEN') is null;
reset role;
select pg_temp.ask(null, null, 'duka_auth');
insert into merged select merge_cart(:a, :g);
reset role;
select is(m ->> 'merged', '2', 'two lines come over') from merged;
select is(m -> 'capped', jsonb_build_array(jsonb_build_object('code', 'CAPPED',
    'variant_id', :v::text, 'sku', 'T-1', 'name', 'Gari', 'wanted', 13,
    'quantity', 10)), 'what was capped is named') from merged;
select results_eq(format($$select v.sku, l.quantity from cart_line l
    join cart c on c.id = l.cart_id join variant v on v.id = l.variant_id
    where c.customer_id = %L order by 1$$, :a),
    $$values ('T-1'::text, 10), ('T-2'::text, 2)$$, 'quantities add up');
select is((select count(*)::integer from cart_coupon k join cart c
    on c.id = k.cart_id where c.customer_id = :a), 1, 'the coupon too');
select is((select state from cart where guest_digest = :g), 'merged',
    'the guest''s is marked');
select is(merge_cart(:a, :g) ->> 'merged', '0', 'a replay adds nothing');
select is(merge_cart(:a, :h) ->> 'merged', '0', 'nor does an empty hand');
select is((select sum(quantity)::integer from cart_line l join cart c
    on c.id = l.cart_id where c.customer_id = :a), 12, 'it stays as it was');

-- No more than lies there; and of what doesn't lie there nothing is added.
select set_stock_many(array[:v, :w]::uuid[], array[8, 0], 'main', '');
insert into cart (guest_digest) values (:h);
insert into cart_line (cart_id, variant_id, quantity, added_amount,
    added_currency)
select c.id, u.id, 1, 100, 'EUR'
from cart c, unnest(array[:v, :w]::uuid[]) u (id) where c.guest_digest = :h;
select is((select jsonb_agg(jsonb_build_array(n ->> 'sku', n -> 'wanted',
    n -> 'quantity') order by n ->> 'sku')
    from jsonb_array_elements(merge_cart(:a, :h) -> 'capped') n),
    '[["T-1", 11, 8], ["T-2", 3, 2]]', 'both are named');
create function pg_temp.cart_of(who uuid) returns jsonb language sql as $$
	select jsonb_object_agg(v.sku, l.quantity) from cart_line l
	join cart c on c.id = l.cart_id and c.state = 'active'
	join variant v on v.id = l.variant_id where c.customer_id = who
$$;
select is(pg_temp.cart_of(:a), '{"T-1": 8, "T-2": 2}',
    'and lie there so far as they can be had');

-- Two customers who were one.
insert into cart (customer_id) values (:b) on conflict do nothing;
delete from cart_line l using cart c
where c.id = l.cart_id and c.customer_id = :b;
insert into cart_line (cart_id, variant_id, quantity, added_amount,
    added_currency)
select c.id, u.id, u.n, 100, 'EUR'
from cart c, unnest(array[:v, :w]::uuid[], array[3, 5]) u (id, n)
where c.customer_id = :b and c.state = 'active';
select set_stock_many(array[:v]::uuid[], array[10], 'main', '');
select merge_carts(:a, :b);
select is(pg_temp.cart_of(:a), '{"T-1": 10, "T-2": 5}',
    'have what can be bought, and what they wished for');
select is(pg_temp.cart_of(:b), null, 'in one cart');
select is(normal_email(' Ada+shop@Example.org '), 'ada@example.org',
    'one person''s address, however written');

select finish();
rollback;
