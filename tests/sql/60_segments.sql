-- SPDX-License-Identifier: ISC
-- Segments: what rules may say, that they never become SQL, that for all and
-- for one they say the same, and who may make them.
begin;
select no_plan();

create function pg_temp.be(role text, permissions text default '')
returns void language sql as $$
	select set_config('role', role, true), set_config('duka.permissions',
	    ' ' || permissions || ' ', true);
$$;

-- A condition, and rules of one.
create function pg_temp.c(fact text, test text, vals text[] default '{}',
    days integer default null) returns jsonb language sql as $$
	select jsonb_strip_nulls(jsonb_build_object('fact', fact,
	    'test', test, 'values', to_jsonb(vals), 'days', days))
$$;
create function pg_temp.g(match text, variadic rules jsonb[]) returns jsonb
language sql as $$
	select jsonb_build_object('match', match, 'rules', to_jsonb(rules))
$$;
-- The names of those whom rules describe; each is asked alone as well.
create function pg_temp.who(rules jsonb) returns text language sql as $$
	select coalesce((select string_agg(c.given_name, ' '
	    order by c.given_name) from customer c
	    where c.id in (select segment_members(rules))
	    and c.email like '%@segment.example'), '')
	    || case when exists (select from customer c
	    where segment_fits(rules, c.id)
	    <> (c.id in (select segment_members(rules))))
	    then ' BUT NOT ALONE' else '' end
$$;

insert into customer (id, email, given_name, date_of_birth, gender, dietary,
    household_size, email_verified_at, created_at, state, erased_at)
select ('00000000-0000-4000-8000-00000000060' || i)::uuid, n ||
    '@segment.example', n, current_date - make_interval(years => age), sex,
    dietary, size, case when i < 3 then now() end,
    now() - make_interval(days => i * 100),
    case when i = 5 then 'disabled' else 'active' end, null
from (values (1, 'Ada', 30, 'female', '{halal}'::text[], 2),
    (2, 'Ben', 40, 'male', '{halal,vegan}', 5), (3, 'Cem', 50, null, '{}', null),
    (4, 'Dia', null, 'female', '{}', 1), (5, 'Eve', 30, 'female', '{}', 1))
    v (i, n, age, sex, dietary, size);
\set ada '\'00000000-0000-4000-8000-000000000601\''
\set ben '\'00000000-0000-4000-8000-000000000602\''
\set cem '\'00000000-0000-4000-8000-000000000603\''

update customer set tags = '{vip}' where id = :cem;
insert into company (id, name) values
('00000000-0000-4000-8000-000000000610', 'Segment and sons');
insert into company_person (company_id, customer_id) values
('00000000-0000-4000-8000-000000000610', :ben);
insert into customer_address (customer_id, name, line1, city, country,
    is_default_shipping)
values (:ada, 'x', 'x', 'São João', 'PT', true),
    (:ben, 'x', 'x', 'Dublin', 'IE', true);
insert into category (id, slug, name) values
('00000000-0000-4000-8000-000000000611', 'seg-food', 'Segment food');
insert into category (id, slug, name, parent_id) values
('00000000-0000-4000-8000-000000000612', 'seg-oil', 'Segment oil',
    '00000000-0000-4000-8000-000000000611');
insert into brand (id, slug, name) values
('00000000-0000-4000-8000-000000000613', 'seg-brand', 'Segment brand');
insert into product (id, slug, name, category_id, brand_id, status) values
('00000000-0000-4000-8000-000000000614', 'seg-product', 'Segment product',
    '00000000-0000-4000-8000-000000000612',
    '00000000-0000-4000-8000-000000000613', 'active');
insert into variant (id, product_id, sku, price_amount, price_currency) values
('00000000-0000-4000-8000-000000000615',
    '00000000-0000-4000-8000-000000000614', 'SEG-1', 1000, 'EUR');
\set food '\'00000000-0000-4000-8000-000000000611\''
\set brand '\'00000000-0000-4000-8000-000000000613\''
\set product '\'00000000-0000-4000-8000-000000000614\''

create function pg_temp.ordered(who uuid, amount bigint, days integer,
    state text default 'delivered') returns void language sql as $$
	with o as (insert into customer_order (customer_id, email,
	    payment_method, currency, tax_mode, subtotal_amount,
	    discount_amount, shipping_amount, tax_amount, total_amount, quote,
	    state, placed_at)
	values ($1, 'x@segment.example', 'on_delivery', 'EUR', 'inclusive',
	    amount, 0, 0, 0, amount, '{}', $4,
	    now() - make_interval(days => $3)) returning id)
	insert into order_line (order_id, position, variant_id, product_id,
	    sku, name, quantity, unit_amount, subtotal_amount, tax_rate,
	    tax_mode, net_amount, tax_amount, total_amount)
	select o.id, 1, '00000000-0000-4000-8000-000000000615',
	    '00000000-0000-4000-8000-000000000614', 'SEG-1', 'x', 1, amount,
	    amount, 0, 'inclusive', amount, 0, amount from o
$$;
select pg_temp.ordered(:ada, 5000, 10), pg_temp.ordered(:ada, 1500, 200),
    pg_temp.ordered(:ben, 2000, 300),
    pg_temp.ordered(:cem, 9000, 5, 'cancelled');
insert into points_account (customer_id, balance, tier) values
(:ada, 700, 'gold');
insert into consent (customer_id, purpose, channel, given, source,
    text_digest) values
(:ada, 'marketing', 'email', true, 'account', repeat('a', 64)),
(:ben, 'marketing', 'email', true, 'account', repeat('a', 64)),
(:ben, 'marketing', 'email', false, 'account', null);
insert into product_view (product_id, customer_id) values
(:product, :ben), (:product, :ben);
insert into customer_search (customer_id, term, query) values
(:ben, 'palm oil', 'Palm Oil');
insert into wish (customer_id, product_id, price_amount, price_currency,
    told_price, available) values (:ada, :product, 1000, 'EUR', 1000, true);
insert into cart (customer_id, updated_at) values
(:ben, now() - interval '3 days'), (:cem, now() - interval '3 days');
insert into cart_line (cart_id, variant_id, quantity, added_amount,
    added_currency)
select id, '00000000-0000-4000-8000-000000000615', 1, 1000, 'EUR'
from cart where customer_id = :ben;

select is(pg_temp.who(w.rules), v.expected, v.expected || ': ' || w.rules)
from (values
    (pg_temp.c('age', 'between', '{30,40}'), 'Ada Ben'),
    (pg_temp.c('age', 'is', '{50}'), 'Cem'),
    (pg_temp.c('gender', 'one_of', '{female}'), 'Ada Dia'),
    (pg_temp.c('gender', 'none_of', '{female}'), 'Ben Cem'),
    (pg_temp.c('dietary', 'one_of', '{vegan,kosher}'), 'Ben'),
    (pg_temp.c('dietary', 'none_of', '{halal}'), 'Cem Dia'),
    (pg_temp.c('household_size', 'at_most', '{2}'), 'Ada Dia'),
    (pg_temp.c('country', 'one_of', '{PT,FR}'), 'Ada'),
    (pg_temp.c('country', 'none_of', '{PT}'), 'Ben Cem Dia'),
    (pg_temp.c('city', 'one_of', '{sao joao}'), 'Ada'),
    (pg_temp.c('verified', 'yes'), 'Ada Ben'),
    (pg_temp.c('verified', 'no'), 'Cem Dia'),
    (pg_temp.c('company', 'yes'), 'Ben'),
    (pg_temp.c('company', 'no'), 'Ada Cem Dia'),
    (pg_temp.c('registered', 'within_days', '{250}'), 'Ada Ben'),
    (pg_temp.c('registered', 'before_days', '{350}'), 'Dia'),
    (pg_temp.c('registered', 'from', array[(current_date - 201)::text]),
	'Ada Ben'),
    (pg_temp.c('registered', 'until', array[(current_date - 250)::text]),
	'Cem Dia'),
    (pg_temp.c('orders', 'at_least', '{2}'), 'Ada'),
    (pg_temp.c('orders', 'at_least', '{2}', 100), ''),
    (pg_temp.c('orders', 'at_most', '{1}'), 'Ben Cem Dia'),
    (pg_temp.c('orders', 'is', '{0}'), 'Cem Dia'),
    (pg_temp.c('orders', 'between', '{1,2}', 250), 'Ada'),
    (pg_temp.c('spent', 'at_least', '{6500}'), 'Ada'),
    (pg_temp.c('spent', 'at_least', '{6501}'), ''),
    (pg_temp.c('spent', 'at_most', '{2000}', 250), 'Ben Cem Dia'),
    (pg_temp.c('last_order', 'within_days', '{30}'), 'Ada Cem'),
    (pg_temp.c('last_order', 'before_days', '{100}'), 'Ben'),
    (pg_temp.c('first_order', 'before_days', '{150}'), 'Ada Ben'),
    (pg_temp.c('bought_category', 'one_of', array[:food]), 'Ada Ben'),
    (pg_temp.c('bought_brand', 'one_of', array[:brand], 30), 'Ada'),
    (pg_temp.c('bought_product', 'none_of', array[:product], 30),
	'Ben Cem Dia'),
    (pg_temp.c('tag', 'one_of', '{vip,new}'), 'Cem'),
    (pg_temp.c('tag', 'none_of', '{vip}'), 'Ada Ben Dia'),
    (pg_temp.c('tier', 'one_of', '{gold,diamond}'), 'Ada'),
    (pg_temp.c('tier', 'one_of', '{bronze}'), 'Ben Cem Dia'),
    (pg_temp.c('points', 'at_least', '{500}'), 'Ada'),
    (pg_temp.c('points', 'at_most', '{0}'), 'Ben Cem Dia'),
    (pg_temp.c('consent', 'one_of', '{marketing.email}'), 'Ada'),
    (pg_temp.c('consent', 'none_of', '{marketing.email}'), 'Ben Cem Dia'),
    (pg_temp.c('views', 'at_least', '{2}', 7), 'Ben'),
    (pg_temp.c('viewed_category', 'one_of', array[:food]), 'Ben'),
    (pg_temp.c('searched', 'one_of', '{ PALM oil }'), 'Ben'),
    (pg_temp.c('wishes', 'at_least', '{1}'), 'Ada'),
    (pg_temp.c('wished_product', 'one_of', array[:product]), 'Ada'),
    (pg_temp.c('reviews', 'is', '{0}'), 'Ada Ben Cem Dia'),
    (pg_temp.c('cart_left', 'before_days', '{2}'), 'Ben'),
    (pg_temp.g('any', pg_temp.c('tier', 'one_of', '{gold}'),
	pg_temp.c('views', 'at_least', '{1}')), 'Ada Ben'),
    (pg_temp.g('none', pg_temp.c('tier', 'one_of', '{gold}'),
	pg_temp.c('age', 'at_least', '{45}')), 'Ben Dia'),
    (pg_temp.g('all', pg_temp.c('gender', 'one_of', '{female}'),
	pg_temp.g('none', pg_temp.c('orders', 'at_least', '{1}'))), 'Dia')
) v (given, expected), lateral (select case when given ? 'match' then given
    else pg_temp.g('all', given) end) w (rules);

-- Every test of every fact runs, for all and for one, and says the same.
select ok(pg_temp.who(pg_temp.g('all', pg_temp.c(v.fact, t.test,
    case when t.most = 0 then '{}'::text[]
    when t.test in ('within_days', 'before_days') then '{30}'
    when v.type = 'date' then '{2026-01-01}'
    when v.type in ('number', 'money') then ('{2,3}'::text[])[:t.fewest]
    when v.type in ('choice', 'choices', 'consent') then v.options[:2]
    when v.fact = 'country' then '{IE,PT}' when v.fact = 'language' then '{en}'
    when v.type in ('word', 'tag') then '{dublin}'
    else array[case v.options[1] when 'category' then :food
	when 'brand' then :brand else :product end] end,
    case when v.windowed then 250 end))) not like '%ALONE',
    v.fact || ' ' || t.test)
from segment_vocabulary() v join segment_tests() t using (type);

-- Refusals name the place.
create function pg_temp.refused(rules jsonb) returns text
language plpgsql as $$
declare
	h text;
begin
	perform segment_check(rules);
	return 'kept';
exception when sqlstate 'UK422' then
	get stacked diagnostics h = pg_exception_hint;
	return (h::jsonb ->> 'field') || ' ' || (h::jsonb ->> 'code');
end
$$;
select is(pg_temp.refused(rules), expected, rules::text)
from (values
    ('[]'::jsonb, 'rules type'), ('{}', 'rules.match value'),
    ('{"match": "some", "rules": []}', 'rules.match value'),
    ('{"match": "all", "rules": []}', 'rules.rules too_few'),
    ('{"match": "all", "rules": 1}', 'rules.rules type'),
    ('{"match": "all", "rules": [{}], "x": 1}', 'rules.x unknown'),
    (pg_temp.g('all', '"age"'), 'rules.rules[0] type'),
    (pg_temp.g('all', '{"fact": "shoe"}'), 'rules.rules[0].fact value'),
    (pg_temp.g('all', pg_temp.c('age', 'like', '{3}')),
	'rules.rules[0].test value'),
    (pg_temp.g('all', pg_temp.c('age', 'is')),
	'rules.rules[0].values too_few'),
    (pg_temp.g('all', pg_temp.c('age', 'is', '{1,2}')),
	'rules.rules[0].values too_many'),
    (pg_temp.g('all', pg_temp.c('age', 'is', '{131}')),
	'rules.rules[0].values[0] value'),
    (pg_temp.g('all', pg_temp.c('age', 'between', '{3,2}')),
	'rules.rules[0].values[1] too_small'),
    (pg_temp.g('all', pg_temp.c('registered', 'from', '{2026-02-30}')),
	'rules.rules[0].values[0] value'),
    (pg_temp.g('all', pg_temp.c('age', 'is', '{3}', 5)),
	'rules.rules[0].days unknown'),
    (pg_temp.g('all', pg_temp.c('orders', 'is', '{3}', 4000)),
	'rules.rules[0].days value'),
    (pg_temp.g('all', pg_temp.c('bought_brand', 'one_of',
	'{00000000-0000-4000-8000-0000000006ff}')),
	'rules.rules[0].values[0] value'),
    (pg_temp.g('all', pg_temp.c('age', 'is', '{3}') || '{"or": 1}'),
	'rules.rules[0].or unknown'),
    (pg_temp.g('all', pg_temp.c('age', 'is', '{3}'), pg_temp.g('any',
	pg_temp.g('any', pg_temp.g('none', pg_temp.g('all',
	pg_temp.c('age', 'is', '{3}')))))),
	'rules.rules[1].rules[0].rules[0].rules[0] too_many'),
    (pg_temp.g('any', pg_temp.c('age', 'is', '{3}'), pg_temp.g('any',
	pg_temp.c('age', 'is', '{3}'), pg_temp.c('tier', 'one_of',
	'{gold,tin}'))), 'rules.rules[1].rules[1].values[1] value'),
    (jsonb_build_object('match', 'all', 'rules', (select jsonb_agg(
	pg_temp.c('age', 'is', '{3}')) from generate_series(1, 21))),
	'rules.rules too_many'),
    (jsonb_build_object('match', 'all', 'rules', (select jsonb_agg(
	pg_temp.g('all', pg_temp.c('age', 'is', '{3}'), pg_temp.c('age',
	'is', '{3}'), pg_temp.c('age', 'is', '{3}')))
	from generate_series(1, 20))), 'rules too_many')
) v (rules, expected);

-- Hostile words in every place: refused, or only ever a value.
create temporary table hostile (words text);
insert into hostile values ($$'; drop table customer; --$$),
($$' or true --$$), ($$\'; select pg_sleep(9); --$$), ('{x}'), ('$1'),
('%s %I %L %%'), ($$1)::bigint or (1=1$$), ('rules,0,values,0'),
(repeat('(', 50)), ($$"customer"$$), ('x'') union select ''1'), ('1e5'),
('0x10'), ('١'), ('NaN'), ('infinity'), ('2026-01-01; select 1'),
('epoch'), (E'a\tb'), (E'a\nb'), ('$$'), ('/*');
select is(pg_temp.refused(pg_temp.g('all', pg_temp.c(h.words, 'is',
    '{3}'))), 'rules.rules[0].fact value', 'as a fact: ' || h.words)
from hostile h;
select is(pg_temp.refused(pg_temp.g('all', pg_temp.c(v.fact, h.words,
    '{3}'))), 'rules.rules[0].test value',
    v.fact || ', as a test: ' || h.words)
from hostile h, segment_vocabulary() v where v.fact in ('age', 'city');
select is(pg_temp.refused(pg_temp.g(h.words, pg_temp.c('age', 'is', '{3}'))),
    'rules.match value', 'as a match: ' || h.words) from hostile h;
select is(pg_temp.refused(pg_temp.g('all', pg_temp.c('orders', 'is', '{3}')
    || jsonb_build_object('days', h.words))),
    'rules.rules[0].days value', 'as days: ' || h.words) from hostile h;
select ok(pg_temp.refused(pg_temp.g('all', pg_temp.c(v.fact, t.test,
    array_fill(h.words, array[t.fewest])))) = case when v.type in ('word', 'tag')
    and one_line(h.words) then 'kept'
    else 'rules.rules[0].values[0] value' end,
    v.fact || ' ' || t.test || ', as a value: ' || h.words)
from hostile h, segment_vocabulary() v join segment_tests() t using (type)
where t.fewest > 0;
select is(segment_sql(pg_temp.g('all', pg_temp.c('city', 'one_of',
    array[h.words])), 'c.id', one), segment_sql(pg_temp.g('all', pg_temp.c('city',
    'one_of', '{Cork}')), 'c.id', one), 'the SQL is the same: ' || h.words)
from hostile h, (values (true), (false)) v (one);
select is(segment_count(pg_temp.g('all', pg_temp.c('city', 'one_of',
    array[h.words]))), 0::bigint, 'and it finds nobody: ' || h.words)
from hostile h where one_line(h.words);
select ok(segment_sql(pg_temp.g('all', pg_temp.c(v.fact, t.test,
    array['HOSTILE', 'HOSTILE'], 7)), 'c.id', one) !~ 'HOSTILE',
    v.fact || ' ' || t.test || ': no value is in the SQL')
from segment_vocabulary() v join segment_tests() t using (type),
    (values (true), (false)) w (one)
where v.type not in ('number', 'money');

-- Who may.
select pg_temp.be('duka_desk', 'customers.read');
select ok(json_array_length(segment_facts() -> 'items') > 30,
    'facts are told');
select throws_ok($$select segment_put(null, null, '{"name": "x",
    "rules": {"match": "all", "rules": []}}')$$, 'UK403', null,
    'reading customers makes no segments');
select throws_ok($$insert into segment (name, rules) values ('x', '{}')$$,
    '42501', null, 'the table is not written');
select throws_ok('select * from segment_member', '42501', null,
    'members are read by functions');
select throws_ok($$select segment_count('{}')$$, '42501', null,
    'nobody counts past the door');
select pg_temp.be('duka_desk');
select throws_ok($$select segment_counted('{}', true)$$, 'UK403', null,
    'nor without the right');
select is((select count(*) from segment), 0::bigint, 'nothing is seen');
select pg_temp.be('duka_desk', 'customers.read segments.write');
select is((select members from segment_put(null, null, jsonb_build_object(
    'name', 'Halal', 'rules', pg_temp.g('all', pg_temp.c('dietary',
    'one_of', '{halal}'))))), 2, 'a segment is made and reckoned');
select id as living from segment where name = 'Halal' \gset
select is((select members from segment_put(null, null, jsonb_build_object(
    'name', 'Then', 'kind', 'snapshot', 'rules', pg_temp.g('all',
    pg_temp.c('dietary', 'one_of', '{halal}'))))), 2, 'a snapshot');
select id as snapshot from segment where name = 'Then' \gset
select throws_ok($$select segment_put(null, null, '{"name": "HALAL",
    "rules": {"match": "all", "rules": [{"fact": "verified", "test": "yes",
    "values": []}]}}')$$, '23505', null, 'names differ');
select throws_ok(format($$select segment_put(%L, 7, '{"name": "y"}')$$,
    :'living'), 'UK412', null, 'another version');
select set_config('role', 'none', true);
update customer set dietary = '{}' where id = :ada;
select ok(not segment_holds(:'living', :ada), 'a living one moves at once');
select ok(segment_holds(:'snapshot', :ada), 'a snapshot stays');
select ok(segment_holds(:'living', :ben), 'who stays is in');
select ok(not segment_holds(:'living', null), 'a guest is in none');
select is((select count(*) from segment_ids(:'living')), 2::bigint,
    'the list is as it was reckoned');
select cmp_ok(refresh_segments(), '>=', 1, 'the night reckons');
select results_eq(format('select * from segment_ids(%L)', :'living'),
    array[:ben::uuid], 'and then it is as it is');
select set_config('duka.customer', :ben, true);
select is(export_account() #>> '{segments,0,name}', 'Halal',
    'an export names the segments one is in');
select forget_segments(:ben);
select is((select members from segment where id = :'living'), 0,
    'who is forgotten is in none');
insert into promotion (name, kind, percent, segment_id)
values ('For them', 'percent', 10, :'living');
select pg_temp.be('duka_desk', 'customers.read segments.write');
select throws_ok(format('select segment_remove(%L, 1)', :'living'), '23503',
    null, 'what a promotion uses stays');
select is((select count(*) from segment_remove(:'snapshot', 1)), 1::bigint,
    'another goes');
select set_config('role', 'none', true);
select is((select count(*) from segment_ids(:'snapshot')), 0::bigint,
    'with its list');

select * from finish();
rollback;
