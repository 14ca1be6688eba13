-- SPDX-License-Identifier: ISC
-- The doors of accounts: registering, tokens by mail, sessions, passwords,
-- keys, erasing, tidying.
begin;
select no_plan();

create function pg_temp.be(role text, customer uuid default null,
    session uuid default null, staff uuid default null) returns void
language sql as $$
	select set_config('role', role, true),
	    set_config('duka.customer', coalesce(customer::text, ''), true),
	    set_config('duka.session', coalesce(session::text, ''), true),
	    set_config('duka.staff', coalesce(staff::text, ''), true),
	    set_config('duka.program', '', true);
$$;
create function pg_temp.sha(text) returns text language sql as $$
	select encode(sha256($1::bytea), 'hex')
$$;
create function pg_temp.register(email text, username text, token text)
returns void language sql as $$
	select register_customer(email, username, 'Ada', 'Obi', null,
	    '$argon2id$x', pg_temp.sha(token), '{"token": "t",
	    "link": "https://shop/v", "login_link": "https://shop/login"}',
	    '192.0.2.1')
$$;
create function pg_temp.mails(who text) returns text language sql as $$
	select coalesce(string_agg(template, ' ' order by ctid), '')
	from outbox where lower(recipient) = lower(who)
$$;

-- Registering.

select pg_temp.be('duka_auth');
select lives_ok($$select pg_temp.register('Ada@example.org', 'ada', 'a')$$,
    'an unknown address makes an account');
select lives_ok($$select pg_temp.register('ada@Example.org', null, 'b')$$,
    'a known one looks the same');
select throws_ok($$select pg_temp.register('new@example.org', 'ADA', 'c')$$,
    '23505', null, 'a taken username is said for an unknown address');
select throws_ok($$select pg_temp.register('ADA@example.org', 'Ada', 'd')$$,
    '23505', null, 'and for a known one');
select pg_temp.be('none');
select is(count(*), 1::bigint, 'one account')
    from customer where lower(email) = 'ada@example.org';
select is(pg_temp.mails('ada@example.org'), 'verify-email account-exists',
    'its owner is told');
select is(count(*), 2::bigint, 'both asked for a mail') from mail_request;
select is((select data ->> 'link' from outbox
    where template = 'account-exists'), 'https://shop/login',
    'the mail of a known address carries no token');
select ok((select data ->> 'token' is null from outbox
    where template = 'account-exists'), 'none at all');
select id as ada from customer where lower(email) = 'ada@example.org' \gset
select throws_ok($$insert into customer (email) values ('ADA@EXAMPLE.ORG')$$,
    '23505', null, 'two spellings of an address are one account');
select throws_ok(format($$insert into customer_password (customer_id, hash)
    values (%L, 'secret')$$, gen_random_uuid()), '23514', null,
    'no password in clear');

-- Accounts without address.

select pg_temp.be('duka_auth');
select lives_ok($$select pg_temp.register(no_address(), 'robot', 'e')$$,
    'a program needs no address');
select is((select account_json(c) ->> 'email' from customer c
    where username = 'robot'), null, 'and shows none');
select pg_temp.be('none');
select ok(not exists (select from outbox where recipient like '%invalid'),
    'nothing is sent there');

-- Verifying.

select pg_temp.be('duka_auth');
select throws_ok($$select verify_email(repeat('0', 64))$$, 'UK432', null,
    'a strange token verifies nothing');
select throws_ok($$select reset_password(pg_temp.sha('a'), '$argon2id$y')$$,
    'UK432', null, 'nor does one of another purpose');
select lives_ok($$select resend_verification('ADA@example.org',
    pg_temp.sha('a2'), '{}', null)$$, 'another one is sent');
select throws_ok($$select verify_email(pg_temp.sha('a'))$$, 'UK432', null,
    'the older one is void');
select is(verify_email(pg_temp.sha('a2')) ->> 'email_verified', 'true',
    'the newer one verifies');
select throws_ok($$select verify_email(pg_temp.sha('a2'))$$, 'UK432', null,
    'once');
select lives_ok($$select resend_verification('ada@example.org',
    pg_temp.sha('a3'), '{}', null)$$, 'who is verified may ask again');
select throws_ok($$select verify_email(pg_temp.sha('a3'))$$, 'UK432', null,
    'but gets nothing');
select lives_ok($$select resend_verification('nobody@example.org',
    pg_temp.sha('a4'), '{}', null)$$, 'nor does nobody');
select pg_temp.be('none');
select is(pg_temp.mails('ada@example.org'),
    'verify-email account-exists verify-email welcome', 'the mails of it');
select throws_ok(format('insert into customer_token (digest, customer_id,
    purpose, expires_at) values (%L, %L, ''change_email'', now())',
    pg_temp.sha('none'), :'ada'), '23514', null,
    'a link to another address names it');
select ok(email_verified_at is not null, 'it is verified')
    from customer where id = :'ada';
insert into customer_token (digest, customer_id, purpose, expires_at)
select pg_temp.sha('old'), :'ada', p, now() - interval '1 second'
from unnest(array['verify_email']) p;
select pg_temp.be('duka_auth');
select throws_ok($$select verify_email(pg_temp.sha('old'))$$, 'UK432', null,
    'too old is too old');
select pg_temp.be('none');
select is(extract(epoch from t.expires_at - t.created_at)::integer, 86400,
    'it lives for 24 hours')
from customer_token t join customer c on c.id = t.customer_id
where c.username = 'robot';

-- Sessions of customers.

select pg_temp.be('duka_auth');
select session_id as one from open_customer_session(:'ada', 'agent',
    '192.0.2.1', pg_temp.sha('r1'), null) \gset
select session_id as two from open_customer_session(:'ada', null, null,
    pg_temp.sha('q1'), null) \gset
select is(refresh_seconds, 86400, 'a refresh token lives for 24 hours')
from open_customer_session(:'ada', repeat('x', 1000), null,
    pg_temp.sha('p1'), null);
select results_eq($$select reused, account, session_id from
    refresh_customer(pg_temp.sha('r1'), pg_temp.sha('r2'))$$,
    format('values (false, %L::uuid, %L::uuid)', :'ada', :'one'),
    'it is good for the next one');
select is_empty($$select * from
    refresh_customer(pg_temp.sha('none'), pg_temp.sha('r9'))$$,
    'a strange one is not');
select results_eq($$select reused, account from
    refresh_customer(pg_temp.sha('r1'), pg_temp.sha('r3'))$$,
    'values (true, null::uuid)', 'a used one is known');
select is_empty($$select * from
    refresh_customer(pg_temp.sha('r2'), pg_temp.sha('r4'))$$,
    'and has ended its session for its heir too');
select is_empty($$select * from
    refresh_customer(pg_temp.sha('r1'), pg_temp.sha('r5'))$$,
    'once ended there is nothing to end');
select pg_temp.be('none');
select is(end_reason, 'reuse', 'the reason is kept')
    from customer_session where id = :'one';
select ok(ended_at is null, 'the other session goes on')
    from customer_session where id = :'two';
select throws_ok(format($$select identify('customer', %L, %L, null, null,
    'r', '')$$, :'ada', :'one'), 'UK404', null, 'an ended session ends at once');
select lives_ok(format($$select identify('customer', %L, %L, null, null,
    'r', '')$$, :'ada', :'two'), 'a standing one stands');
update customer_refresh set expires_at = now()
where digest = pg_temp.sha('q1');
select pg_temp.be('duka_auth');
select is_empty($$select * from
    refresh_customer(pg_temp.sha('q1'), pg_temp.sha('q2'))$$,
    'too old is too old');
select pg_temp.be('none');
update customer_refresh set expires_at = now() + interval '1 hour'
where digest = pg_temp.sha('q1');
update customer set state = 'disabled' where id = :'ada';
select pg_temp.be('duka_auth');
select is_empty($$select * from
    refresh_customer(pg_temp.sha('q1'), pg_temp.sha('q2'))$$,
    'a disabled account gets none');
select pg_temp.be('none');
select throws_ok(format($$select identify('customer', %L, %L, null, null,
    'r', '')$$, :'ada', :'two'), 'UK404', null, 'and is out at once');
update customer set state = 'active' where id = :'ada';
update customer_session set expires_at = now() + interval '10 minutes'
where id = :'two';
update customer_refresh set used_at = null where digest = pg_temp.sha('q1');
select pg_temp.be('duka_auth');
select is(refresh_seconds, 600, 'no longer than the session')
from refresh_customer(pg_temp.sha('q1'), pg_temp.sha('q2'));

-- Passwords.

select session_id as keep from open_customer_session(:'ada', '', null,
    pg_temp.sha('k1'), null) \gset
select pg_temp.be('duka_auth', :'ada', :'keep');
select lives_ok(format('select put_password(%L, ''$argon2id$new'', %L)',
    :'ada', :'keep'), 'a password is changed');
select pg_temp.be('none');
select is(array_agg(id), array[:'keep'::uuid], 'only that session goes on')
    from customer_session where customer_id = :'ada' and ended_at is null;
select pg_temp.be('duka_auth');
select forgot_password('nobody@example.org', pg_temp.sha('f0'), '{}', null);
select forgot_password('ada@EXAMPLE.org', pg_temp.sha('f1'), '{}', null);
select forgot_password('ada@example.org', pg_temp.sha('f2'), '{}', null);
select throws_ok($$select reset_password(pg_temp.sha('f0'), '$argon2id$z')$$,
    'UK432', null, 'nobody has nothing to reset');
select throws_ok($$select reset_password(pg_temp.sha('f1'), '$argon2id$z')$$,
    'UK432', null, 'an older link is void');
select pg_temp.be('none');
select is(extract(epoch from expires_at - created_at)::integer, 3600,
    'a link lives for an hour')
    from customer_token where digest = pg_temp.sha('f2');
update customer set email_verified_at = null where id = :'ada';
select pg_temp.be('duka_auth');
select lives_ok($$select reset_password(pg_temp.sha('f2'), '$argon2id$z')$$,
    'the last one resets');
select throws_ok($$select reset_password(pg_temp.sha('f2'), '$argon2id$w')$$,
    'UK432', null, 'once');
select pg_temp.be('none');
select is(hash, '$argon2id$z', 'the password is the new one')
    from customer_password where customer_id = :'ada';
select ok(not exists (select from customer_session
    where customer_id = :'ada' and ended_at is null), 'all sessions end');
select ok(email_verified_at is not null, 'who has the mail has the address')
    from customer where id = :'ada';
select is(pg_temp.mails('ada@example.org'), 'verify-email account-exists '
    'verify-email welcome password-changed reset-password reset-password '
    'password-changed', 'the mails of it');
update customer set state = 'disabled' where id = :'ada';
select pg_temp.be('duka_auth');
select forgot_password('ada@example.org', pg_temp.sha('f3'), '{}', null);
select throws_ok($$select reset_password(pg_temp.sha('f3'), '$argon2id$z')$$,
    'UK432', null, 'a disabled account has nothing to reset');
select pg_temp.be('none');
update customer set state = 'active' where id = :'ada';

-- Staff.

select pg_temp.be('duka_admin');
select lives_ok($$select admin_staff_add('Boss@example.org', 'Boss',
    array['manager'], '$argon2id$s')$$, 'staff are made by the command');
select throws_ok($$select admin_staff_add('boss@EXAMPLE.org', 'B',
    array['manager'], '$argon2id$s')$$, 'UK409', null, 'once an address');
select throws_ok($$select admin_staff_add('b@example.org', 'B',
    array['king'], '$argon2id$s')$$, 'UK410', null, 'with roles that are');
select pg_temp.be('none');
select id as boss from staff where email = 'Boss@example.org' \gset
select pg_temp.be('duka_auth');
select session_id as desk from open_staff_session(:'boss', '', null,
    pg_temp.sha('s1')) \gset
select is(refresh_seconds, 43200, 'a day at work has twelve hours')
from open_staff_session(:'boss', '', null, pg_temp.sha('t1'));
select results_eq($$select reused, account from
    refresh_staff(pg_temp.sha('s1'), pg_temp.sha('s2'))$$,
    format('values (false, %L::uuid)', :'boss'), 'staff refresh alike');
select results_eq($$select reused from
    refresh_staff(pg_temp.sha('s1'), pg_temp.sha('s3'))$$,
    'values (true)', 'and a reused one ends the session');
select is_empty($$select * from
    refresh_customer(pg_temp.sha('t1'), pg_temp.sha('t2'))$$,
    'their tokens are of no use in the other world');
select pg_temp.be('duka_admin');
select admin_staff_state('boss@example.org', 'disabled');
select pg_temp.be('none');
select ok(not exists (select from staff_session where staff_id = :'boss'
    and ended_at is null), 'who is disabled is out');
select pg_temp.be('duka_admin');
select admin_staff_state('boss@example.org', 'active');
select admin_staff_roles('boss@example.org', array['agent', 'sales']);
select throws_ok($$select admin_staff_password('x@example.org', '')$$,
    'UK410', null, 'nobody has no password');
select pg_temp.be('none');
select is(staff_json(s) ->> 'roles', '["agent", "sales"]', 'roles are set')
    from staff s where id = :'boss';

-- Keys.

delete from signing_key;
select pg_temp.be('duka_auth');
select is((select kid from first_signing_key('first-key', repeat('A', 43),
    repeat('B', 43))), 'first-key', 'the first key is made');
select is((select kid from first_signing_key('second-key', repeat('A', 43),
    repeat('B', 43))), 'first-key', 'once');
select pg_temp.be('none');
update signing_key set created_at = now() - interval '1 day';
select pg_temp.be('duka_admin');
select admin_key_rotate('third-key', repeat('C', 43), repeat('D', 43),
    false);
select throws_ok('select private_key from signing_secret', '42501', null,
    'the command can write a key and not read one');
select pg_temp.be('duka_auth');
select is((select kid from newest_signing_key()), 'first-key',
    'the old key signs until all know the new one');
select pg_temp.be('none');
update signing_key set created_at = now() - interval '6 seconds'
where kid = 'third-key';
select pg_temp.be('duka_auth');
select is((select kid from newest_signing_key()), 'third-key',
    'then the new one');
select is((select count(*) from verifying_keys()), 2::bigint,
    'both verify');
select pg_temp.be('duka_admin');
select admin_key_rotate('fourth-key', repeat('E', 43), repeat('F', 43),
    true);
select pg_temp.be('duka_auth');
select results_eq('select kid from verifying_keys()',
    $$values ('fourth-key'::text)$$, 'in an emergency the old ones go');
select is((select count(*) from signing_secret), 1::bigint,
    'with their secrets');

-- Failed logins.

select note_login('customer', repeat('n', 300), null, '192.0.2.9', false);
select pg_temp.be('none');
select is(length(name), 254, 'a long name is kept as far as it fits')
    from login_attempt where address = '192.0.2.9';

-- Erasing.

insert into customer_address (customer_id, name, line1, city, country)
values (:'ada', 'Ada', 'x', 'Dublin', 'IE');
insert into consent (customer_id, purpose, channel, given, source,
    text_digest, address)
values (:'ada', 'marketing', 'email', true, 'account', repeat('a', 64),
    '192.0.2.1');
insert into login_attempt (world, name, account_id, succeeded)
values ('customer', 'ADA', null, false),
    ('customer', 'ada@example.org', :'ada', false),
    ('staff', 'ada@example.org', null, false);
insert into customer_order (customer_id, email, name, state, payment_method,
    currency, tax_mode, subtotal_amount, discount_amount, shipping_amount,
    tax_amount, total_amount, quote, shipping_address)
values (:'ada', 'ada@example.org', 'Ada Obi', 'pending', 'on_delivery',
    'EUR', 'inclusive', 0, 0, 0, 0, 0, '{}',
    '{"name": "Ada", "country": "IE"}');
update outbox set state = 'sent', sent_at = now()
where template = 'welcome' and customer_id = :'ada';
insert into audit_log (staff_id, table_name, row_key, action, before, after)
select :'boss', 'customer', :'ada', 'UPDATE', to_jsonb(c), to_jsonb(c)
from customer c where id = :'ada';
insert into audit_log (staff_id, table_name, row_key, action, after)
select :'boss', 'customer_order', o.id, 'UPDATE', to_jsonb(o)
from customer_order o where o.customer_id = :'ada';

select pg_temp.be('duka_auth');
select throws_ok('select erase_account()', 'UK401', null,
    'nobody erases nobody');
select pg_temp.be('duka_auth', :'ada');
select throws_ok('select erase_account()', 'UK433', null,
    'not while goods are under way');
select pg_temp.be('none');
update customer_order set state = 'cancelled' where customer_id = :'ada';
select pg_temp.be('duka_auth', :'ada');
select lives_ok('select erase_account()', 'an account is erased');
select throws_ok('select erase_account()', 'UK401', null, 'once');
select pg_temp.be('none');
select is((select row(given_name, family_name, username, state, phone)::text
    from customer where id = :'ada'), '("","",,erased,)',
    'the person is gone');
select ok((select email like '%@accounts.invalid' from customer
    where id = :'ada'), 'with the address');
select is((select email || coalesce(name, '') || shipping_address
    from customer_order where customer_id = :'ada'),
    'erased@invalid{"country": "IE"}', 'the order stays without the person');
select ok(exists (select from suppressed_address
    where digest = address_digest('ADA@example.org')),
    'a digest of the address stays suppressed');
select ok(not exists (select from customer_password
    where customer_id = :'ada'), 'no password is left');
select ok(not exists (select from customer_address
    where customer_id = :'ada'), 'no address');
select is((select count(*) from login_attempt where world = 'customer'
    and address is distinct from '192.0.2.9'), 0::bigint, 'no sign-in');
select is((select count(*) from login_attempt where world = 'staff'),
    1::bigint, 'but those of others');
select is((select given::text || source from consent_now
    where customer_id = :'ada'), 'falseerased', 'no consent goes on');
select ok(not exists (select from consent where customer_id = :'ada'
    and address is not null), 'nor an address beside it');
select ok(not exists (select from outbox where customer_id = :'ada'
    and state = 'sent' and (data <> '{}' or recipient like 'ada%')),
    'what was sent tells nothing');
select ok(not exists (select from audit_log where row_key = :'ada'
    and (before is not null or after is not null)),
    'nor does the audit log');
select ok(not exists (select from audit_log
    where table_name = 'customer_order' and after::text like '%Ada%'),
    'nor do changes of orders in it');
select ok(not exists (select from mail_request
    where digest = address_digest('ada@example.org')),
    'nor the requests for mails');
select pg_temp.be('duka_auth');
select lives_ok($$select pg_temp.register('ada@example.org', 'ada', 'z')$$,
    'the address and the username are free again');

-- Tidying.

select pg_temp.be('none');
update login_attempt set attempted_at = now() - interval '91 days';
update mail_request set requested_at = now() - interval '31 days';
update customer_session set created_at = now() - interval '200 days',
    ended_at = now() - interval '91 days'
where ended_at is not null;
select count(*) as before from customer_session where ended_at is null \gset
insert into outbox (template, recipient, state, sent_at) values
('welcome', 'old@example.org', 'sent', now() - interval '91 days'),
('welcome', 'new@example.org', 'sent', now() - interval '89 days');
insert into search_log (query, mode, found, searched_at) values
('yam old', 'fulltext', 1, now() - interval '366 days'),
('yam new', 'fulltext', 1, now() - interval '364 days');
insert into cart (guest_digest, state, updated_at) values
(repeat('a', 64), 'active', now() - interval '31 days'),
(repeat('b', 64), 'active', now() - interval '29 days'),
(repeat('c', 64), 'ordered', now() - interval '31 days');
select pg_temp.be('duka_admin');
select cmp_ok(tidy_accounts(), '>', 5, 'what has served its time goes');
select cmp_ok(tidy_shop(), '>=', 3, 'of the shop too');
select pg_temp.be('none');
select is((select string_agg(recipient, ' ') from outbox
    where recipient like '%@example.org' and template = 'welcome'
    and state = 'sent'), 'new@example.org', 'mails sent after 90 days');
select is((select string_agg(query, ' ') from search_log
    where query like 'yam %'), 'yam new', 'searches after a year');
select is((select string_agg(left(guest_digest, 1), '' order by guest_digest)
    from cart where guest_digest in (repeat('a', 64), repeat('b', 64),
    repeat('c', 64))), 'bc', 'guests'' carts after 30 days, if nothing came');
select is((select count(*) from login_attempt), 0::bigint,
    'sign-ins after 90 days');
select is((select count(*) from mail_request), 0::bigint,
    'requests after 30');
select is((select count(*) from customer_session), :before::bigint,
    'sessions that ended long ago, no others');

select * from finish();
rollback;
