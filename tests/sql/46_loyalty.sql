-- SPDX-License-Identifier: ISC
-- The ledger of points: what fills and empties it, what it refuses, tiers and
-- what time does.
begin;
select plan(96);

create function pg_temp.ask(customer uuid, role text,
    permissions text default '') returns void language plpgsql as $$
begin
	perform set_config('duka.customer', coalesce(customer::text, ''), true),
	    set_config('duka.guest', '', true),
	    set_config('duka.permissions', ' ' || permissions || ' ', true);
	execute format('set local role %I', role);
end
$$;

insert into product (id, slug, name, status, tax_class) values
('00000000-0000-4000-8000-000000000001', 'gari-t', 'Gari', 'active', 'zero');
insert into variant (id, product_id, sku, price_amount, price_currency) values
('00000000-0000-4000-8000-0000000000a1',
    '00000000-0000-4000-8000-000000000001', 'T-1', 100, 'EUR');
insert into customer (id, email, given_name) values
('00000000-0000-4000-8000-0000000000c1', 'a@example.org', 'Ada'),
('00000000-0000-4000-8000-0000000000c2', 'b@example.org', 'Ben'),
('00000000-0000-4000-8000-0000000000c3', 'c@example.org', 'Cy'),
('00000000-0000-4000-8000-0000000000c4', 'd@example.org', 'Di');
\set a '\'00000000-0000-4000-8000-0000000000c1\''
\set b '\'00000000-0000-4000-8000-0000000000c2\''
\set c '\'00000000-0000-4000-8000-0000000000c3\''
\set d '\'00000000-0000-4000-8000-0000000000c4\''

-- An order of goods worth `amount`, that redeems points as a quote would.
create function pg_temp.buy(who uuid, amount bigint, spent integer default 0,
    p_state text default 'delivered', p_payment text default 'paid',
    p_prepaid boolean default true, code text default 'EUR') returns uuid
language plpgsql as $$
declare
	made uuid := gen_random_uuid();
	q jsonb := jsonb_build_object('points', jsonb_build_object(
	    'redeemed', spent, 'amount', money(spent, 'EUR')));
begin
	insert into customer_order (id, customer_id, email, state,
	    payment_state, payment_method, payment, currency, tax_mode,
	    subtotal_amount, discount_amount, shipping_amount, tax_amount,
	    total_amount, quote)
	values (made, who, 'a@example.org', p_state, p_payment, 'on_delivery',
	    jsonb_build_object('prepaid', p_prepaid), code, 'inclusive',
	    amount, 0, 700, 0, amount + 700, q);
	insert into order_line (order_id, position, variant_id, product_id,
	    sku, name, quantity, unit_amount, subtotal_amount, tax_rate,
	    tax_mode, net_amount, tax_amount, total_amount)
	values (made, 1, '00000000-0000-4000-8000-0000000000a1',
	    '00000000-0000-4000-8000-000000000001', 'T-1', 'Gari', 1, amount,
	    amount, 0, 'inclusive', amount, 0, amount);
	perform redeem_points(made, q);
	return made;
end
$$;

create function pg_temp.balance(who uuid) returns bigint language sql as $$
	select balance from points_account where customer_id = who
$$;
create function pg_temp.lots(who uuid) returns integer[] language sql as $$
	select array_agg(left_points order by id) from points_lot
	where customer_id = who
$$;
-- Whether the books of all customers agree with themselves.
create function pg_temp.books() returns boolean language sql as $$
	select not exists (select from points_account a where a.balance <>
	    (select coalesce(sum(points), 0) from points_entry e
	    where e.customer_id = a.customer_id)
	    or a.balance <> (select coalesce(sum(left_points), 0)
	    from points_lot l where l.customer_id = a.customer_id))
	and not exists (select from points_lot l where l.left_points <>
	    (select sum(points) from points_part p where p.lot_id = l.id))
$$;

-- What points are worth.

select is(points_value(250, 'EUR'), 250::bigint, 'a point is a cent');
select is(points_value(250, 'JPY'), 2::bigint, 'a hundred are a yen');
select is(points_value(250, 'KWD'), 2500::bigint, 'one is ten fils');
select is(points_value(-5, 'EUR'), 0::bigint, 'a debt is worth nothing');
select is(points_for(1099, 'EUR', 1), 10, 'whole units earn');
select is(points_for(1050, 'EUR', 1.25), 13, 'rounded once, half up');
select is(points_for(1099, 'JPY', 1), 1099, 'a yen is a unit');
select is(points_for(9223372036854775807, 'JPY', 2.5), 1000000000,
    'never more than an entry takes');

-- Earning.

create temp table made (name text, id uuid);
grant select on made to public;
insert into made values ('first', pg_temp.buy(:a, 12345));
select earn_points(id) from made where name = 'first';
select is(pg_temp.balance(:a), 123::bigint,
    'a delivered order earns for its goods, not for shipping');
select earn_points(id) from made where name = 'first';
select is(pg_temp.balance(:a), 123::bigint, 'once');
select is((select kind || ' ' || points || ' ' || balance
    from points_entry where customer_id = :a), 'earn 123 123',
    'with an entry that says so');
select earn_points(pg_temp.buy(:a, 99));
select is((select count(*)::integer from points_entry
    where customer_id = :a), 1, 'less than a unit earns nothing');
select earn_points(pg_temp.buy(:b, 5000, 0, 'shipped'));
select earn_points(pg_temp.buy(:b, 5000, 0, 'delivered', 'unpaid'));
select earn_points(pg_temp.buy(:b, 5000, 0, 'delivered', 'failed', false));
select earn_points(pg_temp.buy(null, 5000));
select is((select count(*)::integer from points_entry
    where customer_id is distinct from :a), 0, 'not before it is delivered, '
    'nor before what is prepaid is paid, nor unpaid, nor guests');
select earn_points(pg_temp.buy(:b, 5000, 0, 'delivered', 'unpaid', false));
select is(pg_temp.balance(:b), 50::bigint, 'paid at the door earns');

-- Redeeming: the oldest lots first.

insert into made values ('second', pg_temp.buy(:a, 10000));
select earn_points(id) from made where name = 'second';
select is(pg_temp.lots(:a), array[123, 100], 'each order is a lot');
insert into made values ('spent', pg_temp.buy(:a, 2000, 150));
select is(pg_temp.lots(:a), array[0, 73], 'the oldest go first');
select is(pg_temp.balance(:a), 73::bigint, 'the balance follows');
select throws_ok(format('select pg_temp.buy(%L, 2000, 74)', :a), 'UK701',
    null, 'no more than there is');
select throws_ok(format('select pg_temp.buy(%L, 2000, 1)', :c), 'UK701',
    null, 'nor of nothing');
select throws_ok('select pg_temp.buy(null, 2000, 1)', 'UK701', null,
    'nor by a guest');
select throws_ok(format($$select redeem_points(id, '{"points": {"redeemed": 1,
    "amount": {"amount": 2}}}') from made where name = 'second'$$), 'UK701',
    null, 'nor worth more than they are');
select throws_ok($$select redeem_points(id, '{"points": {"redeemed": 1,
    "amount": {"amount": 1}}}') from made where name = 'spent'$$, '23505',
    null, 'an order redeems once');
select ok(pg_temp.books(), 'the books agree');

-- Cancelling.

select return_points(id) from made where name = 'spent';
select is(pg_temp.lots(:a), array[123, 100], 'a cancelled order gives all '
    'back to the lots it took them from');
select return_points(id) from made where name in ('spent', 'first');
select is(pg_temp.balance(:a), 223::bigint, 'once');
select is((select array_agg(kind || points order by id) from points_entry
    where customer_id = :a), array['earn123', 'earn100', 'redeem-150',
    'return150'], 'all of it is written down');

-- Refunds.

insert into made values ('three', pg_temp.buy(:a, 3000, 200));
select earn_points(id) from made where name = 'three';
select is(pg_temp.lots(:a), array[0, 23, 30], 'earned and spent');
select reverse_points(id, 1000, 3000) from made where name = 'three';
select is(pg_temp.lots(:a), array[0, 90, 20],
    'a third comes back: to the lot taken last, and off what was earned');
select reverse_points(id, 1000, 3000) from made where name = 'three';
select is(pg_temp.lots(:a), array[56, 100, 10], 'and another');
select reverse_points(id, 1000, 3000) from made where name = 'three';
select is(pg_temp.lots(:a), array[123, 100, 0], 'and the last');
select reverse_points(id, 1000, 3000) from made where name = 'three';
select is(pg_temp.balance(:a), 223::bigint, 'more than the whole is none');
select is((select array_agg(x) from (select order_points(id)::text as x
    from made where name = 'three') y), array['(30,30,200,200)'],
    'an order''s points can be seen');
insert into made values ('whole', pg_temp.buy(:a, 3000, 200));
select earn_points(id) from made where name = 'whole';
select reverse_points(id, 3000, 3000) from made where name = 'whole';
select is(pg_temp.balance(:a), 223::bigint,
    'three thirds come to the same as the whole at once');
insert into made values ('free', pg_temp.buy(:a, 0, 200));
select reverse_points(id, 0, 0) from made where name = 'free';
select is(pg_temp.balance(:a), 223::bigint,
    'where nothing was paid all goes back');
insert into made values ('early', pg_temp.buy(:a, 3000, 0, 'delivered',
    'paid'));
select reverse_points(id, 1500, 3000) from made where name = 'early';
select is(pg_temp.balance(:a), 223::bigint, 'refunded before it is earned');
select earn_points(id) from made where name = 'early';
select is(pg_temp.balance(:a), 238::bigint, 'it earns the rest');
select reverse_points(pg_temp.buy(null, 3000), 1000, 3000);
select ok(pg_temp.books(), 'a guest''s refund moves no points');

-- Below zero.

insert into made values ('gone', pg_temp.buy(:c, 10000));
select earn_points(id) from made where name = 'gone';
select isnt(pg_temp.buy(:c, 5000, 90), null, 'points are spent');
select reverse_points(id, 1, 1) from made where name = 'gone';
select is(pg_temp.balance(:c), -90::bigint,
    'goods that come back take points that are spent');
select throws_ok(format('select pg_temp.buy(%L, 2000, 1)', :c), 'UK701',
    null, 'which blocks redeeming');
insert into made values ('again', pg_temp.buy(:c, 10000));
select earn_points(id) from made where name = 'again';
select is(pg_temp.balance(:c), 10::bigint, 'until more is earned');
select throws_ok(format('select pg_temp.buy(%L, 2000, 11)', :c), 'UK701',
    null, 'than was owed');
select isnt(pg_temp.buy(:c, 2000, 10), null, 'then it goes again');
select is(pg_temp.lots(:c), array[-90, 90], 'lots and debt');
select ok(pg_temp.books(), 'the books agree still');

-- A bonus.

select is(bonus_points(:b, 'review', 'review:1'), 50, 'a review gives some');
select is(bonus_points(:b, 'review', 'review:1'), 0, 'once');
select is(bonus_points(:b, 'review', 'review:2'), 50, 'another again');
select is(bonus_points(:b, 'kindness', 'x'), 0, 'what no setting knows none');
update setting set value = '0' where key = 'loyalty.bonus_review';
select is(bonus_points(:b, 'review', 'review:3'), 0, 'and none if it is off');
select throws_ok(format($$insert into points_entry (customer_id, kind,
    points, reference) values (%L, 'bonus', 5, 'review:1')$$, :b), '23505',
    null, 'the database keeps it so');

-- By staff.

select pg_temp.ask(null, 'duka_loyalty', 'loyalty.read');
select throws_ok(format('select adjust_points(%L, 5, ''x'')', :b), 'UK403',
    null, 'who may only read adjusts nothing');
reset role;
select pg_temp.ask(null, 'duka_loyalty', 'loyalty.read loyalty.write');
select is((adjust_points(:b, 600, 'Sorry')).balance, 750::bigint,
    'staff give points');
select is((adjust_points(:b, -25, 'Oops')).balance, 725::bigint,
    'and take them');
select throws_ok(format('select adjust_points(%L, -726, ''x'')', :b),
    'UK701', null, 'not more than there are');
select throws_ok('select adjust_points(gen_random_uuid(), 5, ''x'')',
    'UK410', null, 'nor of nobody');
select is((select count(*) > 5 from points_entry), true,
    'who may read sees the ledger');
select throws_ok(format($$insert into points_entry (customer_id, kind, points)
    values (%L, 'adjust', 5)$$, :b), '42501', null,
    'but writes nothing there');
select throws_ok('update points_account set balance = 9', '42501', null,
    'nor in accounts');
select throws_ok($$select redeem_points(id, '{}') from made limit 1$$,
    '42501', null, 'nor moves points but by its own functions');
reset role;
select is((select tier from points_account where customer_id = :b),
    'bronze', 'what is adjusted raises no tier');
select pg_temp.ask(:b, 'duka_loyalty');
select is((select count(distinct customer_id)::integer from points_entry),
    1, 'a customer sees the own entries alone');
select is((select loyalty_json(c) #>> '{worth,amount}' from customer c),
    '725', 'and the own account alone');
select results_eq('with x as (update reward set cost = 1 returning 1)
    select count(*)::integer from x', 'select 0', 'rewards are not theirs');
reset role;

-- The ledger stands.

select throws_ok('update points_entry set points = 9', 'UK409', null,
    'an entry is not changed');
select throws_ok('delete from points_entry', 'UK409', null, 'nor deleted');
select throws_ok('delete from points_part', 'UK409', null, 'nor its parts');
select throws_ok('update points_lot set left_points = left_points - 1',
    'UK409', null, 'a lot changes with the ledger alone');
select throws_ok('delete from points_lot', 'UK409', null, 'and stays');
select throws_ok($q$do $x$ begin
	insert into points_entry (customer_id, kind, points)
	values ('00000000-0000-4000-8000-0000000000c2', 'adjust', 5);
	set constraints points_entry_sum immediate;
end $x$$q$, '23514', null, 'an entry without its parts is refused');
set constraints all deferred;
select throws_ok(format($$insert into points_entry (customer_id, kind,
    points, order_id) select %L, 'redeem', -9999, id from made
    where name = 'first'$$, :b), '23514', null,
    'nobody spends what isn''t there, whoever writes it');

-- Tiers.

insert into made values ('big', pg_temp.buy(:d, 50000));
select earn_points(id) from made where name = 'big';
select is((select tier from points_account where customer_id = :d),
    'silver', 'up at once');
update points_account set tier_reviewed = tier_reviewed - 40
where customer_id = :d;
insert into made values ('bigger', pg_temp.buy(:d, 80000));
select earn_points(id) from made where name = 'bigger';
select is(pg_temp.balance(:d), 1500::bigint, 'the tier multiplies');
select is((select tier from points_account where customer_id = :d), 'gold',
    'and up again');
select reverse_points(id, 1, 1) from made where name = 'bigger';
select is((select tier from points_account where customer_id = :d), 'gold',
    'what comes back does not lower it now');
select pg_temp.ask(null, 'duka_loyalty', 'loyalty.read');
select throws_ok('select loyalty_nightly()', 'UK403', null,
    'the night''s work is not everybody''s');
reset role;
select pg_temp.ask(null, 'duka_loyalty', 'loyalty.write');
select is(loyalty_nightly()::jsonb, '{"expired": 0, "warned": 0,
    "reviewed": 0, "more": false}', 'nor before the month has ended');
reset role;
update points_account set tier_reviewed = tier_reviewed - 40;
select pg_temp.ask(null, 'duka_loyalty', 'loyalty.write');
select is(loyalty_nightly() ->> 'reviewed', '1', 'then tiers are reviewed');
select is(loyalty_nightly() ->> 'reviewed', '0', 'once');
reset role;
select is((select tier from points_account where customer_id = :d),
    'silver', 'down to what the twelve months gave');
select is(tier_points(:d, now() - interval '1 year'), 500::bigint,
    'which counts what was taken back');
select throws_ok($$update loyalty_tier set points = 1 where code = 'bronze'$$,
    '23514', null, 'everybody begins at nothing');

-- Twelve months.

update points_account set moved_at = now() - interval '10 months';
select pg_temp.ask(null, 'duka_loyalty', 'loyalty.write');
select is(loyalty_nightly() ->> 'warned', '0', 'ten months are no reason');
reset role;
update points_account set moved_at = now() - interval '20 months'
where customer_id in (:a, :d);
select pg_temp.ask(null, 'duka_loyalty', 'loyalty.write');
select is(loyalty_nightly()::jsonb - 'reviewed', '{"expired": 0, "warned": 2,
    "more": false}', 'nothing expires that was not announced');
select is(loyalty_nightly() ->> 'warned', '0', 'nobody is told twice');
reset role;
select is((select data ->> 'points' || ' ' || (data #>> '{worth,amount}')
    from outbox where recipient = 'a@example.org'
    and template = 'points-expiring'), '238 238', 'by mail');
update points_account set warned_at = now() - interval '31 days'
where customer_id = :a;
select isnt(pg_temp.buy(:d, 2000, 10), null, 'a movement');
select is((select warned_at from points_account where customer_id = :d),
    null, 'makes that undone');
select pg_temp.ask(null, 'duka_loyalty', 'loyalty.write');
select is(loyalty_nightly() ->> 'expired', '1', 'then all expire');
select is(loyalty_nightly() ->> 'expired', '0', 'once');
reset role;
select is(pg_temp.balance(:a), 0::bigint, 'and nothing is left');
select is(pg_temp.lots(:a), array[0, 0, 0, 0, 0], 'in any lot');
select is((select points from points_entry where customer_id = :a
    order by id desc limit 1), -238, 'which the ledger says');

-- Erased.

select forget_points(:b);
select is(pg_temp.balance(:b), 0::bigint, 'an erased customer has none');
select is((select count(*)::integer from points_entry
    where customer_id = :b and reason <> ''), 0, 'nor words about them');
select ok(pg_temp.books(), 'and the books still agree');
set constraints all immediate;
select * from finish();
rollback;
