-- SPDX-License-Identifier: ISC
-- The order desk's own guards: who may look and change, what stands, and
-- numbers without a gap.
begin;
select plan(37);

create function pg_temp.ask(customer uuid, permissions text default '')
returns void language plpgsql as $$
begin
	perform set_config('duka.customer', coalesce(customer::text, ''), true),
	    set_config('duka.permissions', ' ' || permissions || ' ', true);
	set local role duka_orders;
end
$$;

insert into product (id, slug, name, status, tax_class) values
('00000000-0000-4000-8000-000000000001', 'gari-t', 'Gari', 'active', 'zero');
insert into variant (id, product_id, sku, options, price_amount,
    price_currency) values
('00000000-0000-4000-8000-0000000000a1',
    '00000000-0000-4000-8000-000000000001', 'T-1', '{"n": 1}', 100, 'EUR');
select set_stock_many(array['00000000-0000-4000-8000-0000000000a1']::uuid[],
    array[10], 'main', '');
insert into customer (id, email, given_name, family_name) values
('00000000-0000-4000-8000-0000000000c1', 'a@example.org', 'Ada', 'Obi'),
('00000000-0000-4000-8000-0000000000c2', 'b@example.org', 'Ben', 'Ade');
\set a '\'00000000-0000-4000-8000-0000000000c1\''
\set b '\'00000000-0000-4000-8000-0000000000c2\''

create function pg_temp.o(n integer) returns uuid language sql as $$
	select ('00000000-0000-4000-8000-0000000001' || lpad(n::text, 2, '0'))
	    ::uuid
$$;
create function pg_temp.bought(n integer, p_state text, paid text)
returns void language sql as $$
	insert into customer_order (id, customer_id, email, name, state,
	    payment_state, payment_method, payment, currency, tax_mode,
	    subtotal_amount, discount_amount, shipping_amount, tax_amount,
	    total_amount, quote)
	values (pg_temp.o(n), '00000000-0000-4000-8000-0000000000c1',
	    'a@example.org', 'Ada Obi', p_state, paid, 'on_delivery',
	    '{"method": "on_delivery", "label": "x", "prepaid": false,
	    "reference": "x"}', 'EUR', 'inclusive', 300, 0, 0, 0, 300,
	    '{"lines": [{}], "taxes": []}');
	insert into order_line (id, order_id, position, variant_id, product_id,
	    sku, name, quantity, shipped, unit_amount, subtotal_amount,
	    tax_rate, tax_mode, net_amount, tax_amount, total_amount)
	values (pg_temp.o(n), pg_temp.o(n), 1,
	    '00000000-0000-4000-8000-0000000000a1',
	    '00000000-0000-4000-8000-000000000001', 'T-1', 'Gari', 3,
	    case when p_state = 'shipped' then 3 else 0 end, 100, 300, 0,
	    'inclusive', 300, 0, 300);
	insert into order_basis (order_id, facts)
	select pg_temp.o(n), '{}' where p_state in ('pending', 'confirmed')
$$;
select pg_temp.bought(1, 'pending', 'paid'),
    pg_temp.bought(2, 'confirmed', 'unpaid'),
    pg_temp.bought(3, 'processing', 'paid'),
    pg_temp.bought(4, 'shipped', 'paid');
-- Who may.

select pg_temp.ask(null);
select throws_ok('select order_list(''{}'', null, 5)', 'UK403', null,
    'the list is for staff');
select throws_ok('select order_desk_counts()', 'UK403', null, 'counts too');
select throws_ok('select order_slips(jsonb_build_array(pg_temp.o(1)), null)',
    'UK403', null, 'slips too');
select throws_ok('select order_invoice(pg_temp.o(3), null, true)', 'UK403',
    null, 'so are papers by that door');
select throws_ok('select order_invoice(pg_temp.o(3), null, false)', 'UK410',
    null, 'and by the other they are their own''s');
select pg_temp.ask(:b);
select throws_ok('select order_invoice(pg_temp.o(3), null, false)', 'UK410',
    null, 'not another''s');
select pg_temp.ask(null, 'orders.read');
select throws_ok('select order_edit_facts(pg_temp.o(1), null, ''{}'')',
    'UK403', null, 'who looks changes nothing');
select throws_ok('select shipment_delivered(pg_temp.o(1), null,
    gen_random_uuid(), null)', 'UK403', null, 'follows no parcel');
select throws_ok('select order_due_paid(pg_temp.o(1), null, null)', 'UK403',
    null, 'takes no money');
select throws_ok('select return_open(pg_temp.o(4), null, ''[]'', null, false)',
    'UK403', null, 'opens no return');
select throws_ok('select order_refund_preview(pg_temp.o(3), null, true)',
    'UK403', null, 'and asks for no refund');
select throws_ok('select * from order_basis', '42501', null,
    'what it was computed from is the functions''');
select throws_ok('select * from invoice', '42501', null, 'so are invoices');
select throws_ok('select invoice_write(''invoice'', pg_temp.o(3), null, ''{}'')',
    '42501', null, 'nobody numbers one by himself');
select throws_ok('select order_refund_rest(pg_temp.o(3), ''done'')', '42501',
    null, 'nor empties the till');
select throws_ok('update customer_order set total_amount = 1', '42501', null,
    'nor writes into orders');

-- What staff find.

select is(json_array_length(order_list('{}', null, 3) -> 'items'), 3,
    'all of them, a page at a time');
select is(json_array_length(order_list('{"q": "ad ob"}', null, 50) -> 'items'),
    4, 'beginnings of short words are found');
select is(json_array_length(order_list('{"q": "%"}', null, 50) -> 'items'),
    0, 'a sign is itself');
select is((order_list('{"state": "shipped", "sort": "dearest"}', null, 5)
    #>> '{items,0,id}')::uuid, pg_temp.o(4), 'by state');
select is(order_desk_counts() #>> '{states,shipped}', '1', 'counted');

-- What may be done.

reset role;
select is(order_can_edit(o), o.state in ('pending', 'confirmed'),
    o.state || ' can be changed, or not')
from customer_order o where o.id between pg_temp.o(1) and pg_temp.o(4)
order by o.id;
select throws_ok('update customer_order set total_amount = 5
    where id = pg_temp.o(1)', 'UK409', null, 'an order is not changed');
select throws_ok('delete from order_line where order_id = pg_temp.o(1)',
    'UK409', null, 'nor are its lines');
select throws_ok('update customer_order set due_amount = 301
    where id = pg_temp.o(1)', '23514', null, 'no more is due than it costs');
select ok(order_ways(o) ? 'cancelled' = (o.state <> 'shipped'),
    'what left the house is not cancelled')
from customer_order o where o.id between pg_temp.o(3) and pg_temp.o(4)
order by o.id;

-- Papers.

select pg_temp.ask(:a);
select is((select name from order_invoice(pg_temp.o(3), null, false)),
    (select name from order_invoice(pg_temp.o(3), null, false)),
    'an invoice keeps its number');
reset role;
select throws_ok('delete from invoice', 'UK409', null, 'and stands');
select is((order_credit_write(o)).id, null,
    'nothing is credited of what goes on')
from customer_order o where o.id = pg_temp.o(3);
update customer_order set state = 'cancelled' where id = pg_temp.o(3);
select order_cancelled(o, 'none') from customer_order o
where o.id = pg_temp.o(3);
select is((order_credit_write(o)).number, order_credit_number(o.id),
    'a cancelled one has one credit note') from customer_order o
where o.id = pg_temp.o(3);
select results_eq(format('select document #>> ''{sums,0,1}'',
    document #>> ''{rows,0,3}'' from invoice where kind = ''credit''
    and order_id = %L', pg_temp.o(3)),
    $$values ('3.00 EUR', '3.00 EUR')$$, 'of all that was invoiced');
select throws_ok(format('insert into invoice (kind, year, n, number, order_id,
    document) values (''credit'', 2026, 99999, ''x'', %L, ''{}'')',
    pg_temp.o(3)), '23505', null, 'and no second one');
select throws_ok('update invoice set number = ''x''', 'UK409', null,
    'as it is');
select * from finish();
rollback;
