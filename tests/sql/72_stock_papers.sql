-- SPDX-License-Identifier: ISC
-- Receipts, transfers and counts: what they move, and who may.
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
('00000000-0000-4000-8000-000000000001', 'gari-s', 'Gari', 'active');
insert into variant (id, product_id, sku, price_amount, price_currency) values
('00000000-0000-4000-8000-0000000000a1',
    '00000000-0000-4000-8000-000000000001', 'S-1', 100, 'EUR');
insert into location (id, code, name, position) values
('00000000-0000-4000-8000-0000000000b1', 'zwei', 'Second', 5);
\set v '\'00000000-0000-4000-8000-0000000000a1\''

create function pg_temp.lies(place text) returns integer language sql as $$
	select coalesce(max(s.on_hand), 0) from stock s
	join location l on l.id = s.location_id where l.code = place
	and s.variant_id = '00000000-0000-4000-8000-0000000000a1'
$$;

select pg_temp.ask('inventory.read', 'duka_inventory');
select throws_ok(q.query, 'UK403', null, 'who only reads: ' || q.query)
from (values ('select receipt_create(''{"lines":[]}'')'),
    ('select transfer_create(''{"lines":[]}'')'),
    ('select count_open(''{}'')'), ('select supplier_create(''{}'')'),
    ('select count_enter(gen_random_uuid(), ''{"lines":[]}'')'),
    ('select restock_put(gen_random_uuid(), 0, ''{}'')')) q (query);
select throws_ok('select * from ' || t.name, '42501', null,
    'nobody reads ' || t.name || ' but by functions')
from (values ('stock_receipt'), ('stock_transfer'), ('stock_count'),
    ('supplier'), ('restock'), ('stock_count_line')) t (name);
reset role;
select pg_temp.ask('', 'duka_inventory');
select throws_ok(q.query, 'UK403', null, 'who may nothing: ' || q.query)
from (values ('select suppliers_list()'),
    ('select counts_page(null, null, 20)'),
    ('select reorder_page(null, null, true, null, 20)'),
    ('select movements_page(null, null, null, null, null, null, null, null, '
    'null, null, 20)')) q (query);
reset role;

select set_config('duka.permissions', ' inventory.read inventory.write ',
    true);
select lives_ok($$select receipt_create('{"location": "main",
    "lines": [{"sku": "S-1", "quantity": 10}]}')$$, 'goods come in');
select is(pg_temp.lies('main'), 10, 'and lie there');
create temp table maker as select (c.body ->> 'id')::uuid as id
from supplier_create('{"name": "Maker"}') c;
create function pg_temp.noted(maker uuid) returns text language sql as $$
	select c.body ->> 'state' from receipt_create(jsonb_build_object(
	    'location', 'main', 'expected', true, 'reference', 'LS-1',
	    'supplier_id', maker,
	    'lines', '[{"sku": "S-1", "quantity": 1}]'::jsonb)) c
$$;
select is(pg_temp.noted(null), 'expected',
    'a delivery note of nobody''s is taken');
select is(pg_temp.noted(null), 'expected', 'and another of the same words');
select is(pg_temp.noted(id), 'expected', 'and a supplier''s') from maker;
select throws_ok(format('select pg_temp.noted(%L)', id), '23505', null,
    'which is taken once') from maker;
create temp table t as select (c.body ->> 'id')::uuid as id
from transfer_create('{"from": "main", "to": "zwei",
    "lines": [{"sku": "S-1", "quantity": 4}]}') c;
select is(pg_temp.lies('main') + pg_temp.lies('zwei'), 6,
    'what is sent lies in neither place');
select throws_ok(format('select transfer_end(%L, 1, ''received'',
    ''{"lines":[{"sku":"S-1","quantity":-1}]}'')', t.id), '23514', null,
    'less than nothing does not arrive') from t;
select lives_ok(format('select transfer_end(%L, 1, ''received'',
    ''{"lines":[{"sku":"S-1","quantity":3}]}'')', t.id), 'three arrive')
from t;
select is(pg_temp.lies('zwei'), 3, 'and lie there');
select throws_ok(format('select transfer_end(%L, 2, ''cancelled'', ''{}'')',
    t.id), 'UK503', null, 'it has ended') from t;
select results_eq($$select kind, change from stock_movement
    where variant_id = '00000000-0000-4000-8000-0000000000a1' order by id$$,
    $$values ('receipt'::text, 10), ('transfer', -4), ('transfer', 3)$$,
    'each step is a movement');

create temp table c as select (o.body ->> 'id')::uuid as id
from count_open('{"location": "zwei"}') o;
select throws_ok($$select count_open('{"location": "zwei"}')$$, '23505', null,
    'a second sheet of the same is refused');
select lives_ok(format('select count_enter(%L,
    ''{"lines":[{"sku":"S-1","counted":1}]}'')', c.id), 'it is counted')
from c;
select stock_adjust(:v, 'zwei', 5, null, 'found', '');
select lives_ok(format('select count_end(%L, 2, ''closed'')', c.id),
    'and closed') from c;
select is(pg_temp.lies('zwei'), 6, 'two were missing, five were found');
select is((select sum(change)::integer from stock_movement
    where variant_id = :v), (select sum(on_hand)::integer from stock
    where variant_id = :v), 'movements sum to what is there');

select * from finish();
rollback;
