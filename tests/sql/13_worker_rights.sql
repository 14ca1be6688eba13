-- SPDX-License-Identifier: ISC
-- What a program that was taken over can't do, whichever it is.
begin;
select no_plan();

select set_eq($$
    select r.rolname::text from pg_roles r
    where r.rolname like 'duka\_%' and r.rolname <> 'duka_owner'
    and has_function_privilege(r.oid,
	'duka.send_mail(text, text, jsonb, uuid)', 'EXECUTE')$$,
    array['duka_auth'], 'only auth writes mails of its own wording');
select is_empty($$
    select r.rolname from pg_roles r
    where r.rolname like 'duka\_%' and r.rolname <> 'duka_owner'
    and has_function_privilege(r.oid, 'duka.audit_row()', 'EXECUTE')$$,
    'nobody makes a trigger of the audit log''s own function');
set local role duka_search;
select throws_ok($$select duka.send_mail('reset-password', 'a@b.example',
    '{}', null)$$, '42501', null, 'search sends nobody anything');
reset role;
select is_empty($$
    select r.rolname, p from pg_roles r,
	unnest(array['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) p
    where r.rolname like 'duka\_%' and r.rolname <> 'duka_owner'
    and (has_table_privilege(r.oid, 'duka.audit_log', p)
    or (p in ('INSERT', 'UPDATE')
	and has_any_column_privilege(r.oid, 'duka.audit_log', p)))$$,
    'nobody writes the audit log');
select is_empty($$
    select r.rolname from pg_roles r
    where r.rolname like 'duka\_%' and r.rolname <> 'duka_owner'
    and (has_schema_privilege(r.oid, 'duka', 'CREATE')
    or has_schema_privilege(r.oid, 'public', 'CREATE')
    or has_database_privilege(r.oid, current_database(), 'CREATE')
    or has_database_privilege(r.oid, current_database(), 'TEMP'))$$,
    'nobody makes tables or functions, not even temporary ones');
select is_empty($$
    select c.relname from pg_class c
    where c.relnamespace = 'duka'::regnamespace and c.relkind in ('r', 'p')
    and not (c.relrowsecurity and c.relforcerowsecurity)$$,
    'row security is on and forced on every table');
select is_empty($$
    select p.proname from pg_proc p
    where p.pronamespace = 'duka'::regnamespace
    and p.proowner = 'duka_owner'::regrole
    and (p.proacl is null or exists (select from aclexplode(p.proacl) a
	where a.grantee = 0))$$, 'no function is everybody''s');

select * from finish();
rollback;
