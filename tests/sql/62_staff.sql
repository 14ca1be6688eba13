-- SPDX-License-Identifier: ISC
-- Who may what: members, roles, keys, the second factor, and that what staff
-- change is written down for good.
begin;
select no_plan();

\set boss '\'00000000-0000-4000-8000-0000000000b0\''
\set ann '\'00000000-0000-4000-8000-0000000000a1\''
\set ben '\'00000000-0000-4000-8000-0000000000b1\''
\set session '\'00000000-0000-4000-8000-0000000000e1\''
update staff set state = 'disabled';
insert into staff (id, email, name, joined_at) values
    (:boss, 'boss@example.org', 'Boss', now()),
    (:ann, 'ann@example.org', 'Ann', now()),
    (:ben, 'ben@example.org', 'Ben', now());
insert into staff_role values (:boss, 'superadmin'), (:ann, 'admin'),
    (:ben, 'agent');
insert into staff_session (id, staff_id, used_at)
values (:session, :ann, now() - interval '2 minutes');

create function pg_temp.be(who text, role text default 'duka_staff')
returns void language plpgsql as $$
begin
	perform set_config('role', 'none', true);
	perform set_config('duka.key', '', true),
	    set_config('duka.staff', coalesce(who, ''), true),
	    set_config('duka.permissions', coalesce((select ' '
		|| string_agg(distinct p.permission, ' ') || ' '
		from staff_role r join role_permission p on p.role = r.role
		where r.staff_id = who::uuid), ''), true);
	perform set_config('role', role, true);
end
$$;
create function pg_temp.version(who uuid) returns integer
language sql security definer as $$
	select version from duka.staff where id = who
$$;
grant execute on all functions in schema pg_temp to public;

-- Who asks.

select pg_temp.be(null, 'duka_tasks');
select lives_ok(format($$select identify('staff', %L, %L, null,
    'tasks.read', 'r', 'a')$$, :ann, :session), 'a session says who asks');
select ok(permitted('tasks.read') and permitted('staff.enroll')
    and not permitted('settings.write'), 'and what they may');
select is(current_staff(), :ann::uuid, 'it is known who');
select pg_temp.be(null, 'none');
select ok(used_at = now() and idle_until = now() + interval '60 minutes',
    'that they work is noted') from staff_session where id = :session;
select throws_ok(format($$select identify('staff', %L, %L, null,
    'settings.write', 'r', 'a')$$, :ann, :session), 'UK403', null,
    'what the roles don''t include is refused');
select throws_ok(format($$select identify('staff', %L, %L, null,
    'tasks.read', 'r', 'a')$$, :ben, :session), 'UK404', null,
    'another''s session is none');
update staff_session set idle_until = now() where id = :session;
select throws_ok(format($$select identify('staff', %L, %L, null,
    'tasks.read', 'r', 'a')$$, :ann, :session), 'UK404', null,
    'nor is one that nobody worked in');
update staff_session set idle_until = now() + interval '1 hour';
update role set totp_required = true where name = 'admin';
select throws_ok(format($$select identify('staff', %L, %L, null,
    'tasks.read', 'r', 'a')$$, :ann, :session), 'UK440', null,
    'without the second factor that a role wants, nothing goes');
select lives_ok(format($$select identify('staff', %L, %L, null,
    'staff.enroll', 'r', 'a')$$, :ann, :session), 'but to set it up');
select is(current_setting('duka.permissions'), ' staff.enroll ',
    'and nothing else');
update staff set totp_at = now() where id = :ann;
select lives_ok(format($$select identify('staff', %L, %L, null,
    'tasks.read', 'r', 'a')$$, :ann, :session), 'with it all is open');
update role set totp_required = false;

-- Keys.

insert into api_key (id, staff_id, name, prefix, digest, permissions)
values (:session, :ann, 'x', 'duka_abcdef', repeat('a', 64),
    '{tasks.read,settings.write}');
select pg_temp.be(null, 'none');
select lives_ok($$select identify('key', null, null, repeat('a', 64),
    'tasks.read', 'r', 'a')$$, 'a key opens what it was given');
select is(current_setting('duka.permissions'), ' tasks.read ',
    'of it what its maker may');
select is(current_staff(), :ann::uuid, 'it works for its maker');
select throws_ok($$select identify('key', null, null, repeat('a', 64),
    'settings.write', 'r', 'a')$$, 'UK403', null, 'and nothing beyond');
select throws_ok($$select identify('key', null, null, repeat('b', 64),
    'tasks.read', 'r', 'a')$$, 'UK401', null, 'another is none');
update api_key set revoked_at = now();
select throws_ok($$select identify('key', null, null, repeat('a', 64),
    'tasks.read', 'r', 'a')$$, 'UK401', null, 'nor is a revoked one');
update api_key set revoked_at = null, expires_at = now();
select throws_ok($$select identify('key', null, null, repeat('a', 64),
    'tasks.read', 'r', 'a')$$, 'UK401', null, 'nor one that ran out');
update api_key set expires_at = null;
update staff set state = 'disabled' where id = :ann;
select throws_ok($$select identify('key', null, null, repeat('a', 64),
    'tasks.read', 'r', 'a')$$, 'UK401', null,
    'nor one of a disabled member');
update staff set state = 'active' where id = :ann;

-- What the program sees as whom.

create function pg_temp.sees(who text, target text, role text
    default 'duka_staff') returns text language plpgsql as $$
declare
	n bigint;
begin
	perform pg_temp.be(who, role);
	begin
		execute format('select count(*) from (select %s from duka.%I '
		    'limit 1) t', case target when 'api_key' then 'id'
		    else '*' end, target) into n;
	exception when insufficient_privilege then
		n := null;
	end;
	perform pg_temp.be(null, 'none');
	return coalesce(n::text, '-');
end
$$;
insert into login_attempt (world, name, succeeded)
values ('staff', 'x', false);
select pg_temp.be(:boss, 'none');
update staff set name = 'Benjamin' where id = :ben;
select is(concat_ws(' ', pg_temp.sees(null, t), pg_temp.sees(:ben, t),
    pg_temp.sees(:ann, t)), wanted, 'who sees ' || t)
from (values ('staff', '0 0 1'), ('staff_role', '0 0 1'),
    ('role', '0 0 1'), ('role_permission', '0 0 1'),
    ('staff_session', '0 0 1'), ('login_attempt', '0 0 1'),
    ('audit_log', '0 0 1'), ('api_key', '0 0 1'),
    ('staff_password', '- - -'), ('staff_totp', '- - -'),
    ('staff_recovery', '- - -'), ('staff_challenge', '- - -'),
    ('staff_token', '- - -'), ('staff_refresh', '- - -')) x (t, wanted);
select is(pg_temp.sees(:boss, 'audit_log', r), '-', r || ' reads no log')
from pg_roles p, lateral (select p.rolname::text) x (r)
where r like 'duka\_%' and r not in ('duka_owner', 'duka_staff',
    'duka_desk', 'duka_reports', 'duka_tasks');
select pg_temp.be(:boss);
select throws_ok('select digest from api_key', '42501', null,
    'what keys are kept as is read by nobody');
select throws_ok(format('update staff set name = %L', 'x'), '42501', null,
    'nothing is changed but by functions');

-- Nobody gives what is not theirs.

select pg_temp.be(:ann);
select throws_ok($$select member_invite('x@example.org', 'X',
    '{superadmin}', repeat('1', 64), 't')$$, 'UK403', null,
    'an admin makes no superadmin');
select throws_ok(format($$select member_change(%L, %s, '{"roles":
    ["superadmin"]}')$$, :ben, pg_temp.version(:ben)), 'UK403', null,
    'of nobody');
select throws_ok(format($$select member_change(%L, %s, '{"email":
    "mine@example.org"}')$$, :boss, pg_temp.version(:boss)), 'UK403', null,
    'nor takes a superadmin''s account over');
select throws_ok(format($$select member_reset_password(%L, repeat('1', 64),
    't')$$, :ben), 'UK403', null, 'nor voids a password');
select throws_ok($$select role_change('agent', 1, '{"permissions":
    ["orders.read"]}')$$, 'UK403', null, 'nor changes roles');
select throws_ok($$select key_add('x', '{orders.read}', null,
    'duka_123456', repeat('c', 64))$$, 'UK403', null, 'nor makes keys');
select lives_ok(format($$select member_change(%L, %s, '{"roles":
    ["service"]}')$$, :ben, pg_temp.version(:ben)),
    'what is theirs they give');
select throws_ok(format($$select member_change(%L, %s, '{"name": "x"}')$$,
    :ben, pg_temp.version(:ben) - 1), 'UK412', null,
    'but not over another''s change');
select pg_temp.be(:ben);
select throws_ok(format($$select member_change(%L, %s, '{"name": "x"}')$$,
    :ann, pg_temp.version(:ann)), 'UK403', null, 'others change nobody');
select throws_ok(format($$select member_end_sessions(%L, null)$$, :ann),
    'UK403', null, 'nor sign anybody out');
select pg_temp.be(:boss);
select throws_ok(format($$select member_change(%L, %s, '{"state":
    "disabled"}')$$, :boss, pg_temp.version(:boss)), 'UK441', null,
    'nobody disables themselves');
select pg_temp.be(:boss, 'none');
insert into staff_role values (:ann, 'superadmin');
select pg_temp.be(:ann);
select lives_ok(format($$select member_change(%L, %s, '{"state":
    "disabled"}')$$, :boss, pg_temp.version(:boss)),
    'one superadmin disables another');
select pg_temp.be(:boss);
select throws_ok(format($$select member_change(%L, %s, '{"roles":
    ["admin"]}')$$, :ann, pg_temp.version(:ann)), 'UK442', null,
    'the last active one stays');
select throws_ok($$select role_change('superadmin', 1, '{"permissions":
    []}')$$, 'UK443', null, 'and may everything');
select set_config('duka.key', :session, true);
select throws_ok(format($$select member_reset_password(%L, repeat('1', 64),
    't')$$, :ben), 'UK403', null, 'a program is no superadmin');

select pg_temp.be(null, 'none');
select set_eq($$select name from permission$$, $$select permission
    from role_permission where role = 'superadmin'$$,
    'everything there is');

-- The second factor.

select pg_temp.be(:ben, 'duka_auth');
select lives_ok($$select totp_begin('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')$$,
    'a secret');
select lives_ok($$select totp_confirm(100, array[repeat('1', 64),
    repeat('2', 64)])$$, 'is confirmed');
select throws_ok($$select totp_begin('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')$$,
    'UK444', null, 'and not replaced');
select pg_temp.be(null, 'duka_auth');
select ok(not totp_take(:ben, 100), 'a step that was taken is gone');
select ok(not totp_take(:ben, 99), 'earlier ones too');
select ok(totp_take(:ben, 101), 'a later one is good');
select ok(take_recovery_code(:ben, repeat('1', 64)), 'a recovery code');
select ok(not take_recovery_code(:ben, repeat('1', 64)), 'works once');
select ok(not take_recovery_code(:ann, repeat('2', 64)), 'for its owner');
select lives_ok(format($$select open_challenge(%L, repeat('d', 64))$$,
    :ben), 'a challenge');
select lives_ok($$select try_challenge(repeat('d', 64))
    from generate_series(1, 5)$$, 'takes five tries');
select throws_ok($$select try_challenge(repeat('d', 64))$$, 'UK432', null,
    'and no more');

-- The log.

select pg_temp.be(null, 'none');
select throws_ok(format(statement, 'duka.audit_log'), '42501', null,
    'nobody may ' || statement)
from unnest(array['delete from %s', 'truncate %s',
    'update %s set staff_id = null', 'update %s set at = now()',
    'update %s set row_key = ''x''', 'update %s set after = ''{"a": 1}''',
    'update %s set before = null, after = null']) statement;
set local role duka_owner;
select throws_ok(statement, '42501', null, 'the owner too: ' || statement)
from unnest(array['delete from duka.audit_log', 'truncate duka.audit_log',
    'update duka.audit_log set action = ''DELETE''']) statement;
reset role;
select set_config('duka.staff', :boss, true);
insert into customer (id, email) values (:session, 'c@example.org');
select lives_ok(format($$update audit_log set after = after - 'email'
    where table_name = 'customer' and row_key = %L$$, :session),
    'words about a customer may be taken out');
select ok(redacted and after ->> 'id' is not null,
    'and the entry says so') from audit_log where row_key = :session
    and table_name = 'customer';
select throws_ok($$update audit_log set after = after || '{"x": 1}'
    where table_name = 'customer'$$, '42501', null, 'nothing comes in');
insert into staff_role values (:boss, 'agent');
select ok(exists (select from audit_log where table_name = 'staff_role'
    and row_key = :boss || ' agent' and action = 'INSERT'),
    'keys of two columns are whole');
insert into staff_password values (:boss, '$argon2id$x');
select is_empty($$select from audit_log where after ?| array['hash',
    'digest', 'secret'] or before ?| array['hash', 'digest', 'secret']$$,
    'no secret is in it');

-- Every table that staff can change, by a policy or by a function that asks
-- what they may, is written down; or tells by itself who did it, or is a
-- secret, or what only they themselves see.
create temp view changed_by_staff as
select distinct m[2] as name from pg_proc p,
    regexp_matches(p.prosrc,
    '(insert into|update|delete from)\s+(?:duka\.)?([a-z_]+)', 'g') m
where p.pronamespace = 'duka'::regnamespace and p.prosrc ~
    '(permitted|demand|need_superadmin|current_staff)\('
union
select c.relname from pg_policy l join pg_class c on c.oid = l.polrelid
where l.polcmd <> 'r' and c.relnamespace = 'duka'::regnamespace
and coalesce(pg_get_expr(l.polqual, l.polrelid), '') ||
    coalesce(pg_get_expr(l.polwithcheck, l.polrelid), '') ~
    '(permitted\(|= \( SELECT (duka\.)?current_staff)';
select is_empty($$
    select c.name from changed_by_staff c
    join pg_class t on t.relname = c.name
    where t.relnamespace = 'duka'::regnamespace and t.relkind = 'r'
    and not exists (select from pg_trigger g where g.tgrelid = t.oid
	and g.tgfoid in (select oid from pg_proc f
	    where f.pronamespace = 'duka'::regnamespace
	    and f.prosrc ~ 'insert into audit_log') and g.tgenabled <> 'D')
    and c.name not in (select regexp_split_to_table(
	'audit_log order_event stock_movement '
	'points_entry points_part task_event order_basis low_stock_event '
	'shipment_line refund_line outbox product_import product_import_fault '
	'staff_password staff_recovery staff_session staff_refresh '
	'staff_token staff_totp staff_challenge staff_notification '
	'saved_view bulk_change bulk_change_row customer_double '
	'customer_import customer_import_fault price_history deal_event '
	'product_edit product_edit_line stock_count_line segment_member',
	' ')) $$,
    'what staff change is written down');

select * from finish();
rollback;
