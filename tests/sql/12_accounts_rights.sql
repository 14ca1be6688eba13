-- SPDX-License-Identifier: ISC
-- Each role at each table of accounts: what it may do, and what it sees as
-- nobody, as one customer, as another, as a member of staff.
begin;
select no_plan();

create temp table mine (name text);
insert into mine values ('customer_password'), ('customer_session'),
    ('customer_refresh'), ('customer_token'), ('customer_address'),
    ('consent'), ('suppressed_address'), ('mail_request'),
    ('login_attempt'), ('staff_password'), ('staff_session'),
    ('staff_refresh'), ('signing_secret'), ('staff_totp'),
    ('staff_recovery'), ('staff_challenge'), ('staff_token');

-- What is granted, all of it.
select set_eq($$
    select r.rolname || ' ' || m.name || ' ' || p
    from mine m, pg_roles r,
	unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE']) p
    where (r.rolname like 'duka\_%' or r.rolname = 'public')
	and r.rolname not in ('duka_owner', 'duka_courier')
	and (has_table_privilege(r.rolname, 'duka.' || m.name, p)
	or (p <> 'DELETE' and
	    has_any_column_privilege(r.rolname, 'duka.' || m.name, p)))
    $$, $$
    select r || ' ' || t || ' ' || p
    from (values
	('duka_auth', 'customer_password', 'SELECT INSERT UPDATE'),
	('duka_auth', 'customer_session', 'SELECT INSERT UPDATE'),
	('duka_auth', 'customer_refresh', 'SELECT INSERT UPDATE'),
	('duka_auth', 'customer_token', 'SELECT INSERT UPDATE DELETE'),
	('duka_auth', 'mail_request', 'INSERT'),
	('duka_auth', 'login_attempt', 'SELECT INSERT'),
	('duka_auth', 'staff_password', 'SELECT INSERT UPDATE'),
	('duka_auth', 'staff_totp', 'SELECT INSERT UPDATE DELETE'),
	('duka_auth', 'staff_recovery', 'SELECT INSERT UPDATE DELETE'),
	('duka_auth', 'staff_challenge', 'SELECT INSERT UPDATE DELETE'),
	('duka_auth', 'staff_token', 'SELECT INSERT UPDATE DELETE'),
	('duka_auth', 'staff_session', 'SELECT INSERT UPDATE'),
	('duka_auth', 'staff_refresh', 'SELECT INSERT UPDATE'),
	('duka_auth', 'signing_secret', 'SELECT INSERT'),
	('duka_customers', 'customer_address',
	    'SELECT INSERT UPDATE DELETE'),
	('duka_customers', 'consent', 'SELECT INSERT'),
	('duka_staff', 'login_attempt', 'SELECT'),
	('duka_staff', 'staff_session', 'SELECT'))
	g (r, t, ps), string_to_table(ps, ' ') p
    $$, 'each role has its rights and no other');
select is_empty($$
    select c.relname from pg_class c join mine m on m.name = c.relname
    where c.relnamespace = 'duka'::regnamespace
    and not (c.relrowsecurity and c.relforcerowsecurity)$$,
    'row security is on and forced everywhere');
select is_empty($$
    select p.proname from pg_proc p
    where p.pronamespace = 'duka'::regnamespace and p.prosecdef
    and (p.proconfig is null or not exists (select from unnest(p.proconfig) c
	where c like 'search_path=%'))$$,
    'functions with the owner''s rights pin their search path');
select is_empty($$
    select p.proname from pg_proc p
    where p.pronamespace = 'duka'::regnamespace
    and p.proname in ('erase_account', 'forget_traces', 'tidy_accounts',
	'tidy_shop', 'familiar',
	'admin_key_rotate', 'admin_staff_add', 'export_account',
	'export_orders', 'export_carts', 'export_traces')
    and has_function_privilege('duka_cart', p.oid, 'EXECUTE')$$,
    'and are not for everybody');
select is_empty($$
    select p.proname from pg_proc p
    where p.pronamespace = 'duka'::regnamespace
    and p.proname in ('forget_traces', 'export_orders', 'export_carts',
	'export_traces')
    and (has_function_privilege('duka_auth', p.oid, 'EXECUTE')
    or has_function_privilege('duka_customers', p.oid, 'EXECUTE'))$$,
    'parts of them are for nobody');

-- Two of each.
\set a '\'00000000-0000-4000-8000-00000000000a\''
\set b '\'00000000-0000-4000-8000-00000000000b\''
delete from staff_role;
delete from staff;
insert into customer (id, email) values (:a, 'a@example.org'),
    (:b, 'b@example.org');
insert into customer_password (customer_id, hash)
values (:a, '$argon2id$a'), (:b, '$argon2id$b');
insert into customer_session (id, customer_id) values (:a, :a), (:b, :b);
insert into customer_refresh (digest, session_id, expires_at)
values (repeat('a', 64), :a, now()), (repeat('b', 64), :b, now());
insert into customer_token (digest, customer_id, purpose, expires_at)
values (repeat('a', 64), :a, 'verify_email', now()),
    (repeat('b', 64), :b, 'verify_email', now());
insert into customer_address (customer_id, name, line1, city, country)
values (:a, 'x', 'x', 'x', 'IE'), (:b, 'x', 'x', 'x', 'IE');
insert into consent (customer_id, purpose, channel, given, source)
values (:a, 'surveys', 'push', false, 'app'),
    (:b, 'surveys', 'push', false, 'app');
insert into staff (id, email, name) values (:a, 'a@example.org', 'A'),
    (:b, 'b@example.org', 'B');
insert into staff_password (staff_id, hash)
values (:a, '$argon2id$a'), (:b, '$argon2id$b');
insert into staff_session (id, staff_id) values (:a, :a), (:b, :b);
insert into staff_refresh (digest, session_id, expires_at)
values (repeat('a', 64), :a, now()), (repeat('b', 64), :b, now());
insert into staff_role (staff_id, role) values (:a, 'admin'), (:b, 'admin');

-- How many rows of the two a role sees, "-" if it may not look.
create function pg_temp.sees(role text, target text, customer text,
    staff text) returns text language plpgsql as $$
declare
	n text;
	place text := case when target like '%\_refresh' then 'session_id'
	    when target in ('customer', 'staff') then 'id'
	    when target like 'staff\_%' then 'staff_id'
	    else 'customer_id' end;
begin
	perform set_config('duka.customer', coalesce(customer, ''), true),
	    set_config('duka.staff', coalesce(staff, ''), true),
	    set_config('role', role, true);
	begin
		execute format('select count(*) from duka.%I where %I = any '
		    '(%L::uuid[])', target, place,
		    array['00000000-0000-4000-8000-00000000000a',
		    '00000000-0000-4000-8000-00000000000b']) into n;
	exception when insufficient_privilege then
		n := '-';
	end;
	perform set_config('role', 'none', true);
	return n;
end
$$;

select is(concat_ws(' ', pg_temp.sees(r, t, null, null),
    pg_temp.sees(r, t, :a, null), pg_temp.sees(r, t, null, :a)), wanted,
    format('%s at %s: as nobody, a customer, staff', r, t))
from (values
    ('duka_auth', 'customer', '2 1 0'),
    ('duka_auth', 'customer_password', '2 1 0'),
    ('duka_auth', 'customer_session', '2 1 0'),
    ('duka_auth', 'customer_refresh', '2 1 0'),
    ('duka_auth', 'customer_token', '2 1 0'),
    ('duka_auth', 'customer_address', '- - -'),
    ('duka_auth', 'consent', '- - -'),
    ('duka_auth', 'staff', '2 0 1'),
    ('duka_auth', 'staff_password', '2 0 1'),
    ('duka_auth', 'staff_session', '2 0 1'),
    ('duka_auth', 'staff_refresh', '2 0 1'),
    ('duka_auth', 'staff_role', '2 0 1'),
    ('duka_customers', 'customer', '0 1 0'),
    ('duka_customers', 'customer_address', '0 1 0'),
    ('duka_customers', 'consent', '0 1 0'),
    ('duka_customers', 'customer_password', '- - -'),
    ('duka_customers', 'customer_session', '- - -'),
    ('duka_customers', 'customer_refresh', '- - -'),
    ('duka_customers', 'customer_token', '- - -'),
    ('duka_customers', 'staff', '- - -'),
    ('duka_customers', 'staff_role', '- - -'),
    ('duka_admin', 'staff', '2 2 2'),
    ('duka_admin', 'staff_role', '2 2 2'),
    ('duka_admin', 'staff_password', '- - -'),
    ('duka_admin', 'customer', '- - -'),
    ('duka_admin', 'customer_password', '- - -')) x (r, t, wanted);

-- All other programs: no hash, no session, no token, no address, nobody's.
select is(concat_ws(' ', pg_temp.sees(r, t, null, null),
    pg_temp.sees(r, t, :a, null), pg_temp.sees(r, t, null, :a)), '- - -',
    format('%s at %s', r, t))
from unnest(array['duka_catalog', 'duka_search', 'duka_inventory',
    'duka_cart', 'duka_orders', 'duka_reports', 'duka_courier']) r,
    unnest(array['customer_password', 'customer_session',
    'customer_refresh', 'customer_token', 'customer_address',
    'staff_password', 'staff_session', 'staff_refresh', 'staff_totp',
    'staff_recovery', 'staff_challenge', 'staff_token']) t;
select is(pg_temp.sees(r, t, null, null) in ('-', '0'), true,
    format('%s at %s as nobody', r, t))
from unnest(array['duka_catalog', 'duka_search', 'duka_inventory',
    'duka_cart', 'duka_orders', 'duka_reports']) r,
    unnest(array['customer', 'staff', 'staff_role']) t;

-- What is seen can't be turned into another's.
select set_config('duka.staff', '', true),
    set_config('duka.customer', :a, true);
set local role duka_auth;
select throws_ok(format($$insert into customer_session (customer_id)
    values (%L)$$, :b), '42501', null, 'no session for another');
select throws_ok(format($$insert into customer_password (customer_id, hash)
    values (%L, '$argon2id$x')$$, :b), '42501', null,
    'no password for another');
update customer_password set hash = '$argon2id$taken';
update customer_session set ended_at = now(), end_reason = 'revoked';
delete from customer_token;
reset role;
select is((select string_agg(hash, ' ' order by customer_id)
    from customer_password), '$argon2id$taken $argon2id$b',
    'who is signed in changes the own password');
select is((select count(*) from customer_session where ended_at is null
    and id = :b), 1::bigint, 'and ends the own sessions');
select is((select count(*) from customer_token), 1::bigint,
    'and voids the own tokens');

select * from finish();
rollback;
