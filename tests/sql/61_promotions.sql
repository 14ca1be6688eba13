-- SPDX-License-Identifier: ISC
-- Promotions and coupons as staff keep them: rights, bounds, what was used.
begin;
select no_plan();

create function pg_temp.be(role text, permissions text default '')
returns void language sql as $$
	select set_config('role', role, true), set_config('duka.permissions',
	    ' ' || permissions || ' ', true);
$$;
create function pg_temp.fault(statement text) returns text
language plpgsql as $$
declare
	h text;
begin
	execute statement;
	return 'fine';
exception when others then
	get stacked diagnostics h = pg_exception_hint;
	return sqlstate || coalesce(' ' || (nullif(h, '')::jsonb ->> 'field'),
	    '');
end
$$;

insert into customer (id, email, given_name) values
('00000000-0000-4000-8000-000000000621', 'p@promotion.example', 'Pat');
\set pat '\'00000000-0000-4000-8000-000000000621\''
insert into category (id, slug, name) values
('00000000-0000-4000-8000-000000000622', 'pro-food', 'Promotion food');
insert into product (id, slug, name, category_id, status, tax_class) values
('00000000-0000-4000-8000-000000000623', 'pro-product', 'Promotion product',
    '00000000-0000-4000-8000-000000000622', 'active', 'zero');
insert into variant (id, product_id, sku, price_amount, price_currency) values
('00000000-0000-4000-8000-000000000624',
    '00000000-0000-4000-8000-000000000623', 'PRO-1', 1000, 'EUR');
\set variant '\'00000000-0000-4000-8000-000000000624\''
select set_stock(:variant, 'main', 50, 'test');

-- Rights.
select pg_temp.be('duka_promotions', 'promotions.read');
select throws_ok($$select promotion_put(null, null,
    '{"name": "x", "kind": "free_shipping"}')$$, 'UK403', null,
    'who reads makes none');
select throws_ok('insert into promotion (name, kind) values ($$x$$,
    $$free_shipping$$)', '42501', null, 'the table is not written');
select throws_ok('update coupon set max_uses = 9', '42501', null,
    'nor that of coupons');
select throws_ok('select * from promotion_use', '42501', null,
    'uses are read by functions');
select pg_temp.be('duka_promotions', 'catalog.read');
select is((select count(*) from promotion), 0::bigint, 'nothing is seen');
select throws_ok($$select promotion_list(null, null, null, null, null, 5)$$,
    'UK403', null, 'nor listed');

-- Made and changed.
select pg_temp.be('duka_promotions', 'promotions.read promotions.write');
select is(pg_temp.fault(format('select promotion_put(null, null, %L)', input)),
    expected, input)
from (values
    ('{"name": "x", "kind": "percent"}', 'UK422 percent'),
    ('{"name": "x", "kind": "amount"}', 'UK422 amount'),
    ('{"name": "x", "kind": "buy_x_get_y", "buy": 2}', 'UK422 get'),
    ('{"name": "x", "kind": "gift"}', 'UK422 gift_variant_id'),
    ('{"name": "x", "kind": "gift", "gift_variant_id":
	"00000000-0000-4000-8000-0000000006ff"}', 'UK422 gift_variant_id'),
    ('{"name": "x", "kind": "amount", "amount": {"amount": 1,
	"currency": "USD"}}', 'UK305'),
    ('{"name": "x", "kind": "free_shipping", "category_ids":
	["00000000-0000-4000-8000-000000000622",
	"00000000-0000-4000-8000-0000000006ff"]}', 'UK422 category_ids[1]'),
    ('{"name": "x", "kind": "free_shipping", "segment_id":
	"00000000-0000-4000-8000-0000000006ff"}', 'UK422 segment_id'),
    ('{"name": "x", "kind": "free_shipping", "starts_at":
	"2026-02-01T00:00:00Z", "ends_at": "2026-01-01T00:00:00Z"}',
	'UK422 ends_at'),
    ('{"name": "x", "kind": "free_shipping", "stacking_group": "A B"}',
	'23514')
) v (input, expected);
select lives_ok(format('select promotion_put(null, null, %L)', input), input)
from (values
    ('{"name": "Ten", "kind": "percent", "percent": "10",
	"category_ids": ["00000000-0000-4000-8000-000000000622"]}'),
    ('{"name": "Three", "kind": "buy_x_get_y", "buy": 2, "get": 1,
	"level": "line"}'),
    ('{"name": "Gift", "kind": "gift", "gift_variant_id":
	"00000000-0000-4000-8000-000000000624", "active": false}'),
    ('{"name": "Coded", "kind": "amount", "amount": {"amount": 500,
	"currency": "EUR"}, "needs_coupon": true}')
) v (input);
select id as ten from promotion where name = 'Ten' \gset
select id as coded from promotion where name = 'Coded' \gset
select is((select (percent, amount, version)::text from promotion_put(
    :'ten', 1, '{"kind": "amount", "amount": {"amount": 300,
    "currency": "EUR"}}')), '(,300,2)', 'a change of kind drops the other');
select is((select (percent, amount)::text from promotion_put(:'ten', 2,
    '{"kind": "percent", "percent": "10"}')), '(10.0000,)', 'and back');
select throws_ok(format($$select promotion_put(%L, 2, '{"name": "y"}')$$,
    :'ten'), 'UK412', null, 'another version is refused');

-- What it would do.
select ok((select (facts #>> '{promotions,1,id}') = :'ten'
    and json_array_length(without -> 'promotions') = 1
    from promotion_preview(jsonb_build_object('promotion_id', :'ten',
    'lines', json_build_array(json_build_object('variant_id', :variant,
    'quantity', 3))))), 'the preview has it, and has not');
select is((select body ->> 'for_customer' from promotion_preview(
    jsonb_build_object('promotion', '{"kind": "free_shipping",
    "customers_only": true}'::jsonb, 'lines', json_build_array(
    json_build_object('variant_id', :variant, 'quantity', 1))))), 'false',
    'a draft for customers is not for guests');
select is(pg_temp.fault(format('select promotion_preview(%L)',
    jsonb_build_object('lines', '[]'::jsonb))), 'UK422 promotion',
    'of nothing there is no preview');

-- Coupons.
select is(pg_temp.fault(format('select coupon_make(%L, %L)', :'coded', input)),
    expected, input)
from (values
    ('{"code": "-ONE"}', 'UK422 code'), ('{"code": "=A1"}', 'UK422 code'),
    ('{"code": "é2"}', 'UK422 code'),
    ('{"code": "ONE", "starts_at": "2026-02-01T00:00:00Z",
	"ends_at": "2026-01-01T00:00:00Z"}', 'UK422 ends_at'),
    ('{"code": "ONE", "max_uses": 0}', '23514')
) v (input, expected);
select throws_ok(format($$select coupon_make(%L, '{"code": "TWO"}')$$, :'ten'),
    'UK409', null, 'what is for all has no coupons');
select is((select code from coupon_make(:'coded',
    '{"code": "pro-one", "max_uses": 3}')), 'PRO-ONE', 'small letters do');
select throws_ok(format($$select coupon_make(%L, '{"code": "PRO-ONE"}')$$,
    :'coded'), '23505', null, 'a code is there once');
select (coupons_make(:'coded', '{"count": 300, "prefix": "b-", "length": 8,
    "max_uses": 1}') ->> 'batch') as batch \gset
select is((select count(distinct code) from coupon where batch = :'batch'),
    300::bigint, 'as many as were wanted');
select ok((select bool_and(code ~ '^B-[A-HJ-NP-Z2-9]{8}$') from coupon
    where batch = :'batch'), 'of letters that are not mistaken');
select is(pg_temp.fault(format('select coupons_make(%L, %L)', :'coded',
    '{"count": 1, "prefix": "=cmd"}')), 'UK422 code', 'no formulas');
select is((select count(*) from string_to_table(coupons_csv(:'coded',
    :'batch'), E'\r\n')), 302::bigint, 'a line each');
select is(coupons_end(:'coded', :'batch') ->> 'count', '300',
    'ended together');
select is((select count(*) from coupon where batch = :'batch' and active),
    0::bigint, 'all of them');

-- What was used.
select set_config('role', 'none', true);
insert into customer_order (id, customer_id, email, payment_method, currency,
    tax_mode, subtotal_amount, discount_amount, shipping_amount, tax_amount,
    total_amount, quote)
values ('00000000-0000-4000-8000-000000000625', :pat, 'p@promotion.example',
    'on_delivery', 'EUR', 'inclusive', 1000, 100, 0, 0, 900,
    jsonb_build_object('discounts', jsonb_build_array(jsonb_build_object(
    'kind', 'promotion', 'promotion_id', :'ten', 'code', null,
    'amount', jsonb_build_object('amount', 100, 'currency', 'EUR')))));
select pg_temp.be('duka_promotions', 'promotions.read promotions.write');
select is((select (promotion_json(p) ->> 'orders') || ' '
    || (promotion_json(p) #>> '{given,amount}') from promotion p
    where id = :'ten'), '1 100', 'what it gave is counted');
select set_config('role', 'none', true),
    set_config('duka.order_edit', '00000000-0000-4000-8000-000000000625',
	true);
update customer_order set quote = jsonb_set(quote,
    '{discounts,0,amount,amount}', '80')
where id = '00000000-0000-4000-8000-000000000625';
select is((select sum(amount) from promotion_use where promotion_id = :'ten'),
    80::numeric, 'and anew when the order is changed');
select pg_temp.be('duka_promotions', 'promotions.read promotions.write');
select throws_ok(format($$select promotion_put(%L, 3, %L)$$, :'ten', input),
    'UK741', null, input)
from (values ('{"percent": "20"}'), ('{"kind": "free_shipping"}'),
    ('{"needs_coupon": true}'), ('{"level": "line"}')) v (input);
select is(pg_temp.fault(format('select promotion_put(%L, 3, %L)', :'ten',
    '{"starts_at": "2099-01-01T00:00:00Z"}')), 'UK422 starts_at',
    'it did begin');
select is((select version from promotion_put(:'ten', 3, '{"active": false,
    "name": "Ten, then", "percent": "10"}')), 4, 'it may end');
select throws_ok(format('select promotion_remove(%L, null)', :'ten'), '23503', null,
    'nor is it removed');
select is((select count(*) from promotion_remove(:'coded', null)), 1::bigint,
    'what nobody used is, with its coupons');

-- Not more than pricing takes.
select set_config('role', 'none', true);
insert into promotion (name, kind) select 'Many ' || n, 'free_shipping'
from generate_series(1, promotions_most() - (select count(*)::integer
    from promotion where active and not needs_coupon
    and coalesce(ends_at > now(), true))) n;
select pg_temp.be('duka_promotions', 'promotions.read promotions.write');
select throws_ok($$select promotion_put(null, null,
    '{"name": "One more", "kind": "free_shipping"}')$$, 'UK742', null,
    'the shop can still price a cart');
select lives_ok($$select promotion_put(null, null, '{"name": "Over",
    "kind": "free_shipping", "ends_at": "2026-01-01T00:00:00Z"}')$$,
    'what is over does not count');

select * from finish();
rollback;
