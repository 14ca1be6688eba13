-- SPDX-License-Identifier: ISC
-- A customer's own data: profile, address book, consents, export; and that
-- it is nobody else's.
begin;
select no_plan();

create function pg_temp.be(role text, customer uuid default null)
returns void language sql as $$
	select set_config('role', role, true),
	    set_config('duka.customer', coalesce(customer::text, ''), true);
$$;
insert into customer (id, email, given_name, family_name, username) values
('00000000-0000-4000-8000-00000000000a', 'a@example.org', 'Ada', 'Obi', 'a.o'),
('00000000-0000-4000-8000-00000000000b', 'b@example.org', 'Ben', 'Ito', null);
\set a '\'00000000-0000-4000-8000-00000000000a\''
\set b '\'00000000-0000-4000-8000-00000000000b\''

-- Constraints.

select throws_ok(format('update customer set %s where id = %L', change, :a),
    '23514', null, change)
from unnest(array['gender = ''x''', 'employment = ''x''',
    'education = ''x''', 'income_band = ''x''', 'household_size = 0',
    'household_size = 31', 'children = -1', 'children = 26',
    'phone = ''0123''', 'date_of_birth = ''1899-12-31''',
    'dietary = ''{straw}''', 'language = ''english''', 'email = ''x''',
    'username = ''no spaces''', 'state = ''erased''',
    'erased_at = now()', 'given_name = repeat(''x'', 101)']) change;
select throws_ok(format('insert into customer_address (customer_id, name,
    line1, city, country, postcode, phone) values (%L, %s)', :a, row),
    '23514', null, row)
from unnest(array[$$'', 'x', 'x', 'IE', null, null$$,
    $$'x', '', 'x', 'IE', null, null$$, $$'x', 'x', '', 'IE', null, null$$,
    $$'x', 'x', 'x', 'ie', null, null$$, $$'x', 'x', 'x', 'IE', '-1', null$$,
    $$'x', 'x', 'x', 'IE', repeat('1', 13), null$$,
    $$'x', 'x', 'x', 'IE', null, '12'$$]) row;
select throws_ok(format('insert into consent (customer_id, purpose, channel,
    given, source, text_digest) values (%L, %s)', :a, row), '23514', null, row)
from unnest(array[$$'spam', 'email', false, 'account', null$$,
    $$'marketing', 'pigeon', false, 'account', null$$,
    $$'marketing', 'email', true, 'account', null$$,
    $$'marketing', 'email', true, 'rumour', repeat('a', 64)$$,
    $$'marketing', 'email', true, 'account', 'not a digest'$$]) row;

-- The profile.

select pg_temp.be('duka_customers', :a);
select is((change_profile('{"phone": "+353861234567", "dietary": ["halal"]}',
    null)).given_name, 'Ada', 'what is not named stays');
select is((change_profile('{"phone": null}', 2)).phone, null,
    'null clears');
select throws_ok($$select change_profile('{"phone": null}', 2)$$, 'UK412',
    null, 'another version is refused');
select is((replace_profile('{"given_name": "Ada", "family_name": "Eze"}',
    3)).dietary, '{}'::text[], 'what is not named is cleared');
select throws_ok(format($$select change_profile(
    '{"date_of_birth": "%s"}', null)$$, current_date + 1), 'UK422', null,
    'nobody is born tomorrow');
select throws_ok($$update customer set email = 'x@example.org'$$, '42501',
    null, 'the address is not the profile''s');
select throws_ok($$update customer set state = 'disabled'$$, '42501', null,
    'nor the state');
update customer set occupation = 'taken' where id = :b;
select pg_temp.be('none');
select is(occupation, null, 'another''s profile is out of reach')
    from customer where id = :b;
select is(row(username, email)::text, '(a.o,a@example.org)',
    'a whole new profile is still of that account')
    from customer where id = :a;

-- The address book.

create function pg_temp.defaults() returns text language sql as $$
	select coalesce(string_agg(label || case when is_default_shipping
	    then 'S' else '' end || case when is_default_billing then 'B'
	    else '' end, ' ' order by created_at, id), '')
	from customer_address where customer_id = current_customer()
$$;
create function pg_temp.add(label text, more jsonb default '{}')
returns uuid language sql as $$
	select (add_address(jsonb_build_object('label', label, 'name', 'Ada',
	    'line1', 'x', 'city', 'Dublin', 'country', 'IE',
	    'company', 'Co') || more)).id
$$;
select pg_temp.be('duka_customers', :a);
select pg_temp.add('1') as one \gset
select is(pg_temp.defaults(), '1SB', 'the first is the default');
select pg_temp.add('2') as two \gset
select is(pg_temp.defaults(), '1SB 2', 'the second is not');
select pg_temp.add('3', '{"is_default_billing": true}') as three \gset
select is(pg_temp.defaults(), '1S 2 3B', 'unless it is said');
select lives_ok(format($$select put_address(%L,
    '{"is_default_shipping": true}', null, false)$$, :'two'), 'it moves');
select is(pg_temp.defaults(), '1 2S 3B', 'to one alone');
select is((select company from put_address(:'two', '{"label": "2"}', null,
    false)), 'Co', 'what is not named stays');
select is((select coalesce(company, '') || is_default_shipping
    from put_address(:'two', '{"label": "2", "name": "A", "line1": "x",
    "city": "C", "country": "KE"}', null, true)), 'true',
    'or is cleared, but what it is the default for');
select lives_ok(format($$select put_address(%L,
    '{"is_default_shipping": false}', null, false)$$, :'two'), 'no more');
select is(pg_temp.defaults(), '1S 2 3B', 'then it is the oldest');
select lives_ok(format($$select put_address(%L,
    '{"is_default_shipping": false}', null, false)$$, :'one'), 'nor that');
select is(pg_temp.defaults(), '1 2S 3B', 'then the next');
select is_empty(format($$select put_address(%L, '{}', null, false)$$,
    gen_random_uuid()), 'what is not there is not changed');
select throws_ok(format($$select put_address(%L, '{}', 1, false)$$, :'two'),
    'UK412', null, 'another version is refused');
select is((select count(*) from remove_address(:'two')), 1::bigint, 'it goes');
select is(pg_temp.defaults(), '1S 3B', 'another takes its place');
select remove_address(:'three');
select is(pg_temp.defaults(), '1SB', 'the last one is all');
select put_address(:'one', '{"is_default_shipping": false,
    "is_default_billing": false}', null, false);
select is(pg_temp.defaults(), '1SB', 'and stays so');
select throws_ok(format($$insert into customer_address (customer_id, name,
    line1, city, country, is_default_shipping)
    values (%L, 'x', 'x', 'x', 'IE', true)$$, :a), '23505', null,
    'two defaults there are never');
select lives_ok($$select pg_temp.add(n::text)
    from generate_series(2, 50) n$$, 'fifty addresses');
select throws_ok($$select pg_temp.add('51')$$, 'UK450', null,
    'and not one more');

-- Nobody else's.

select pg_temp.be('duka_customers', :b);
select is((select count(*) from customer_address), 0::bigint,
    'another''s addresses are not there');
select is_empty(format($$select put_address(%L, '{"label": "b"}', null,
    false)$$, :'one'), 'can not be changed');
select is_empty(format('select remove_address(%L)', :'one'), 'nor removed');
select throws_ok(format($$insert into customer_address (customer_id, name,
    line1, city, country) values (%L, 'x', 'x', 'x', 'IE')$$, :a), '42501',
    null, 'nor be put there');
select throws_ok(format($$insert into consent (customer_id, purpose, channel,
    given, source) values (%L, 'marketing', 'email', false, 'account')$$,
    :a), '42501', null, 'nor is agreed for another');
select is((select count(*) from customer), 1::bigint,
    'nor is anybody there at all');
select pg_temp.be('duka_customers');
select is((select count(*) from customer), 0::bigint,
    'for nobody, nobody is');
select is((select count(*) from customer_address), 0::bigint,
    'and lives nowhere');
select throws_ok('select export_account()', 'UK401', null,
    'and has nothing to take away');

-- Consents.

select pg_temp.be('duka_customers', :a);
select throws_ok($$select put_consent('marketing', 'email', true, 'account',
    '', null)$$, 'UK422', null, 'who agrees has been shown to what');
select lives_ok($$select put_consent('marketing', 'email', true, 'account',
    'Yes', '192.0.2.1')$$, 'yes');
select ok(consented(:a, 'marketing', 'email'), 'is yes');
select ok(not consented(:a, 'marketing', 'sms'), 'there');
select lives_ok($$select put_consent('marketing', 'email', false, 'account',
    null, null)$$, 'no');
select ok(not consented(:a, 'marketing', 'email'), 'is no');
select is((select count(*) from consent), 2::bigint, 'both stand');
select throws_ok($$delete from consent$$, '42501', null, 'for good');
select pg_temp.be('none');
select throws_ok($$delete from consent$$, 'UK409', null,
    'even for the owner');
select throws_ok($$update consent set given = true, address = null$$,
    'UK409', null, 'as they were');
select lives_ok($$update consent set address = null$$,
    'only the address may go');
select is((select text_digest from consent order by id limit 1),
    encode(sha256('Yes'), 'hex'), 'of the words there is a digest');
select pg_temp.be('duka_customers', :a);
select put_consent('reminders', 'email', true, 'account', 'Yes', null);
select pg_temp.be('none');
insert into suppressed_address (digest, reason)
values (address_digest('A@example.org'), 'unsubscribed');
select ok(not consented(:a, 'reminders', 'email'),
    'a suppressed address agrees to nothing');

-- All of it.

insert into customer_order (customer_id, email, state, payment_method,
    payment_state, currency, tax_mode, subtotal_amount, discount_amount,
    shipping_amount, tax_amount, total_amount, quote)
select :a, 'a@example.org', s, 'on_delivery', p, c, 'inclusive', n, 0, 0, 0,
    n, '{}'
from (values ('delivered', 'paid', 'EUR', 700), ('pending', 'unpaid', 'EUR',
    300), ('cancelled', 'unpaid', 'EUR', 10000), ('delivered', 'refunded',
    'EUR', 20000), ('delivered', 'paid', 'KES', 5)) o (s, p, c, n);
select pg_temp.be('duka_customers', :a);
select is((select dashboard_json(c)::jsonb - 'customer' - 'member_since'
    - 'last_orders' from customer c), '{"points": 0, "member_for_days": 0,
    "tier": {"code": "bronze", "name": "Bronze", "multiplier": "1"},
    "orders": {"count": 5, "open": 1}, "spent": [{"amount": 1000,
    "currency": "EUR"}, {"amount": 5, "currency": "KES"}]}'::jsonb,
    'the dashboard sums by currency');
select is((select json_array_length(dashboard_json(c) -> 'last_orders')
    from customer c), 5, 'and shows the last orders');
select is((select jsonb_object_agg(key, case jsonb_typeof(value)
	when 'array' then jsonb_array_length(value) end)
    from jsonb_each(export_account()::jsonb)
    where jsonb_typeof(value) = 'array'),
    '{"addresses": 50, "consents": 3, "orders": 5, "carts": 0,
    "views": 0, "pictures": 0, "conversations": 0, "wishlist": 0,
    "saved_searches": 0, "tasks": 0, "companies": 0,
    "deals": 0, "segments": 0}'::jsonb,
    'an export has all');
select ok(export_account()::text !~ 'argon2|guest_digest',
    'and no secret');
select pg_temp.be('duka_customers', :b);
select ok(export_account()::text !~ 'a@example.org',
    'of nobody else');

select * from finish();
rollback;
