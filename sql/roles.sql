-- SPDX-License-Identifier: ISC
-- What the cluster and the database must hold before the first migration:
-- roles, the schema and its extensions.  Run by the superuser in the shop's
-- database; may be run again at any time.

do $$
declare
	area text;
begin
	-- Two that create or alter one role at once fail for one of the two.
	-- Advisory locks are a database's own; this one is the cluster's, and
	-- leaves those who log in alone.
	lock table pg_catalog.pg_authid in share row exclusive mode;
	if not exists (select from pg_roles where rolname = 'duka_owner') then
		create role duka_owner nologin;
	end if;
	grant duka_owner to current_user;
	-- What every program may do: see who asks, read settings.
	if not exists (select from pg_roles where rolname = 'duka_worker') then
		create role duka_worker nologin;
	end if;
	foreach area in array array['auth', 'customers', 'catalog', 'search',
	    'inventory', 'cart', 'orders', 'reports', 'loyalty', 'media',
	    'messages', 'recommend', 'staff', 'desk', 'tasks', 'promotions',
	    'settings', 'courier', 'admin']
	loop
		if not exists (select from pg_roles
		    where rolname = 'duka_' || area) then
			execute format('create role %I login',
			    'duka_' || area);
		end if;
		execute format('grant duka_worker to %I', 'duka_' || area);
		-- Work that should be short: a statement that is not is ended
		-- and answered with 503.  reports and catalog (imports) may
		-- take longer.
		execute format('alter role %I set statement_timeout = %L',
		    'duka_' || area, case when area in
		    ('reports', 'catalog', 'admin') then '120s' else '10s' end);
		execute format('alter role %I set lock_timeout = %L',
		    'duka_' || area, '8s');
		execute format('alter role %I set '
		    'idle_in_transaction_session_timeout = %L',
		    'duka_' || area, '60s');
		execute format('alter role %I set search_path = duka, pg_temp',
		    'duka_' || area);
		-- Short statements: compiling them costs more than it gives.
		execute format('alter role %I set jit = off',
		    'duka_' || area);
	end loop;
end
$$;

create schema if not exists duka authorization duka_owner;
create extension if not exists pg_trgm with schema duka;
create extension if not exists unaccent with schema duka;
create extension if not exists fuzzystrmatch with schema duka;
create extension if not exists btree_gist with schema duka;

grant usage on schema duka to duka_worker;

do $$
begin
	execute format('alter database %I set search_path = duka, pg_temp',
	    current_database());
	execute format('revoke all on database %I from public',
	    current_database());
	execute format('grant connect on database %I to duka_worker',
	    current_database());
end
$$;
revoke create on schema public from public;

-- Nothing is anyone's unless it was given.
alter default privileges for role duka_owner
    revoke execute on functions from public;
alter default privileges for role duka_owner
    revoke usage on types from public;
grant execute on all functions in schema duka to duka_owner;
