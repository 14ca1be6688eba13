-- SPDX-License-Identifier: ISC
-- How many customers rules describe: exactly, and about.
begin;
select no_plan();

create function pg_temp.c(fact text, test text, vals text[] default '{}')
returns jsonb language sql as $$
	select jsonb_build_object('fact', fact, 'test', test,
	    'values', to_jsonb(vals))
$$;
create function pg_temp.g(match text, variadic rules jsonb[]) returns jsonb
language sql as $$
	select jsonb_build_object('match', match, 'rules', to_jsonb(rules))
$$;
select set_config('duka.permissions', ' customers.read ', true);

insert into customer (email, given_name, date_of_birth, email_verified_at,
    household_size)
select 'count' || i || '@segment.example', 'Count', current_date - i * 1000,
    case when i % 2 = 0 then now() end, i % 5 + 1
from generate_series(1, 20) i;
insert into customer_order (customer_id, email, payment_method, currency,
    tax_mode, subtotal_amount, discount_amount, shipping_amount, tax_amount,
    total_amount, quote)
select c.id, c.email, 'on_delivery', 'EUR', 'inclusive', 500, 0, 0, 0, 500,
    '{}'
from customer c where c.email like 'count1%@segment.example';

-- Counted about: some numbers of equal stretches, each asked alone.
select is((select array[cardinality(d), min(n), max(n),
    count(distinct (n - 11) / 10)] from segment_draw(11, 2010, 200, 1) d,
    unnest(d) n group by d), array[200,
    (select min(n) from unnest(segment_draw(11, 2010, 200, 1)) n),
    (select max(n) from unnest(segment_draw(11, 2010, 200, 1)) n), 200],
    'each of 200 stretches gives one number');
select ok((select min(n) >= 11 and max(n) <= 2010
    from unnest(segment_draw(11, 2010, 200, 1)) n), 'of those there are');
select is(segment_draw(11, 2010, 200, 1), segment_draw(11, 2010, 200, 1),
    'a seed gives the same');
select isnt(segment_draw(11, 2010, 200, 1), segment_draw(11, 2010, 200, 2),
    'another others');
select is(segment_among(r, array(select f.number from customer_figures f)),
    segment_count(r), 'all asked alone are as many: '
    || (r #>> '{rules,0,fact}'))
from (select pg_temp.g('all', pg_temp.c(v.fact, t.test,
    case v.type when 'number' then '{1}' when 'money' then '{100}'
    when 'date' then '{7}' else '{}' end::text[])) as r
    from segment_vocabulary() v join segment_tests() t using (type)
    where t.test in ('at_least', 'within_days', 'yes')) x;
select is(segment_counted(pg_temp.g('all', pg_temp.c('verified', 'yes')),
    false)::text, segment_counted(pg_temp.g('all', pg_temp.c('verified',
    'yes')), true)::text, 'of few customers it is exact at once');
set local session_replication_role = replica;
insert into customer_figures (customer_id, number, verified, registered_at)
select gen_random_uuid(), 1000000 + i, i % 3 = 0, now()
from generate_series(1, 30000) i;
set local session_replication_role = origin;
create function pg_temp.off(rules jsonb, was bigint) returns text
language sql as $$
	select case when g.exact then 'exact'
	    when abs(g.count - was) > was * 0.1 then g.count::text else '' end
	from segment_guess(rules) g
$$;
delete from customer_figures where number < 1000000;
select is((select exact from segment_guess(pg_temp.g('all',
    pg_temp.c('verified', 'yes')))), true, 'and where it costs little');
set local cpu_tuple_cost = 10;
select is(pg_temp.off(pg_temp.g('all', pg_temp.c('verified', 'yes')), 10000),
    '', 'of many it is about');
select is((select count % 100 from segment_guess(pg_temp.g('all',
    pg_temp.c('verified', 'yes')))), 0::bigint, 'to two digits');
create or replace function segment_count(rules jsonb) returns bigint
language plpgsql stable as $$begin perform pg_sleep(60); end$$;
set local statement_timeout = '2s';
select is(segment_counted(pg_temp.g('all', pg_temp.c('verified', 'yes')),
    true) ->> 'exact', 'false', 'what takes too long is about');
set local statement_timeout = 0;
select throws_ok($$select segment_counted('{"match": "all"}', false)$$,
    'UK422', null, 'no rules are not counted about either');

select * from finish();
rollback;
