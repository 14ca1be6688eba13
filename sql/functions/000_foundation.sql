-- SPDX-License-Identifier: ISC
-- Who is asking, and what every area leans on.

-- Read by row security; all of them fail closed: nothing set, nothing seen.
create or replace function current_customer() returns uuid
language sql stable parallel safe as $$
	select nullif(current_setting('duka.customer', true), '')::uuid
$$;

create or replace function current_staff() returns uuid
language sql stable parallel safe as $$
	select nullif(current_setting('duka.staff', true), '')::uuid
$$;

create or replace function current_guest() returns text
language sql stable parallel safe as $$
	select nullif(current_setting('duka.guest', true), '')
$$;

create or replace function permitted(permission text) returns boolean
language sql stable parallel safe as $$
	select coalesce(position(' ' || permission || ' ' in
	    current_setting('duka.permissions', true)) > 0, false)
$$;

-- Refuses who hasn't this permission, whatever the route has asked already.
create or replace function demand(permission text) returns void
language plpgsql stable as $$
begin
	if not permitted(permission) then
		raise exception 'Your roles do not include %', permission
		    using errcode = 'UK403';
	end if;
end
$$;

-- A field of the input is at fault: `code` is one of the contract's (Fault).
create or replace function raise_fault(what text, field text,
    code text default 'value') returns void language plpgsql as $$
begin
	raise exception '%', what using errcode = 'UK422',
	    hint = jsonb_build_object('field', field, 'code', code)::text;
end
$$;

-- What is one line, and what may be many; null is neither's fault.
create or replace function check_line(value text, field text) returns void
language plpgsql as $$
begin
	if not one_line(value) then
		perform raise_fault('is one line', field, 'format');
	end if;
end
$$;

create or replace function check_lines(value text, field text) returns void
language plpgsql as $$
begin
	if not many_lines(value) then
		perform raise_fault('has control characters', field, 'format');
	end if;
end
$$;

-- Where a card is put below another one and above the next, if there is one;
-- null when there is no room left between them.  Halving is exact, and adds
-- a digit.
create or replace function place_between(upper numeric, lower numeric)
returns numeric language sql immutable parallel safe as $$
	select case when lower is null then floor(upper) + 1
	when lower <> upper and scale(lower) <= 100 and scale(upper) <= 100
	then trim_scale((upper + lower) * 0.5) end
$$;

-- A whole number from the settings, in its bounds.
create or replace function number_of(name text, fallback integer,
    lowest integer, highest integer) returns integer
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	value text := (select s.value from setting s where s.key = name);
begin
	return greatest($3, least($4, case when value ~ '^[0-9]{1,6}$'
	    then value::integer else fallback end));
end
$$;

create or replace function staff_idle() returns interval
language sql stable as $$
	select make_interval(mins =>
	    number_of('staff.idle_minutes', 60, 5, 10080))
$$;

-- Somebody works: noted once a minute at most, and by one request of those
-- that come together, so that none waits for another.
create or replace function touch_session(session uuid) returns void
language sql as $$
	update staff_session set used_at = now(),
	    idle_until = now() + staff_idle()
	where id = (select s.id from staff_session s
	    where s.id = session and s.used_at < now() - interval '1 minute'
	    for no key update skip locked)
$$;

create or replace function touch_key(key uuid) returns void
language sql as $$
	update api_key set used_at = now()
	where id = (select k.id from api_key k
	    where k.id = key for no key update skip locked)
$$;

-- A member of staff.  Whose role wants a second factor, and who has none,
-- can do nothing but set it up.
create or replace function identify_staff(account uuid, session uuid,
    permission text) returns void language plpgsql as $$
declare
	granted text;
	lacking boolean;
	stale boolean;
begin
	select ' staff.enroll ' || coalesce(string_agg(distinct p.permission,
	    ' '), '') || ' ',
	    t.totp_at is null and coalesce(bool_or(o.totp_required), false),
	    s.used_at < now() - interval '1 minute'
	into granted, lacking, stale
	from staff_session s
	join staff t on t.id = s.staff_id
	left join staff_role r on r.staff_id = t.id
	left join role o on o.name = r.role
	left join role_permission p on p.role = r.role
	where s.id = session and s.staff_id = account
	    and s.ended_at is null and s.expires_at > now()
	    and s.idle_until > now() and t.state = 'active'
	group by s.id, t.id;
	if not found then
		raise exception 'The session has ended' using errcode = 'UK404';
	end if;
	if lacking then
		granted := ' staff.enroll ';
	end if;
	if position(' ' || permission || ' ' in granted) = 0 then
		if lacking then
			raise exception 'Your role wants a second factor: set '
			    'it up first' using errcode = 'UK440';
		end if;
		raise exception 'Your roles do not include %', permission
		    using errcode = 'UK403';
	end if;
	perform set_config('duka.staff', account::text, true),
	    set_config('duka.session', session::text, true),
	    set_config('duka.permissions', granted, true);
	if stale then
		perform touch_session(session);
	end if;
end
$$;

-- A program: it may what its key and its owner's roles both say, now.
create or replace function identify_key(digest text, permission text)
returns void language plpgsql as $$
declare
	k api_key;
	granted text;
begin
	select a.* into k from api_key a join staff t on t.id = a.staff_id
	where a.digest = $1 and a.revoked_at is null
	    and (a.expires_at is null or a.expires_at > now())
	    and t.state = 'active';
	if not found then
		raise exception 'The key is unknown, revoked or has run out'
		    using errcode = 'UK401';
	end if;
	select ' ' || coalesce(string_agg(distinct p.permission, ' '), '')
	    || ' ' into granted
	from staff_role r join role_permission p on p.role = r.role
	where r.staff_id = k.staff_id and p.permission = any (k.permissions);
	if position(' ' || permission || ' ' in granted) = 0 then
		raise exception 'The key does not include %', permission
		    using errcode = 'UK403';
	end if;
	perform set_config('duka.staff', k.staff_id::text, true),
	    set_config('duka.key', k.id::text, true),
	    set_config('duka.permissions', granted, true);
	if k.used_at is null or k.used_at < now() - interval '1 minute' then
		perform touch_key(k.id);
	end if;
end
$$;

-- Says for this transaction who asks, if the session still stands.  One
-- round trip with the statement that follows it.  `guest` is the digest of
-- what proves a guest, or a program's key.
create or replace function identify(world text, account uuid, session uuid,
    guest text, permission text, request_id text, address text)
returns void language plpgsql security definer
set search_path = duka, pg_temp as $$
begin
	perform set_config('duka.request', request_id, true),
	    set_config('duka.address', address, true);
	if world = 'staff' then
		perform identify_staff(account, session, permission);
		return;
	elsif world = 'key' then
		perform identify_key(guest, permission);
		return;
	end if;
	if guest is not null then
		perform set_config('duka.guest', guest, true);
	end if;
	if world = 'customer' then
		perform from customer_session s join customer c
		    on c.id = s.customer_id
		where s.id = session and s.customer_id = account
		    and s.ended_at is null and s.expires_at > now()
		    and c.state = 'active';
		if not found then
			raise exception 'The session has ended'
			    using errcode = 'UK404';
		end if;
		perform set_config('duka.customer', account::text, true),
		    set_config('duka.session', session::text, true);
	elsif world = 'system' then
		-- Programs run by the machine's own administrator (cron).
		perform set_config('duka.permissions',
		    ' ' || permission || ' ', true);
	end if;
end
$$;

-- Keys that verify, newest first.
create or replace function verifying_keys()
returns table (kid text, public_key text)
language sql stable security definer set search_path = duka, pg_temp as $$
	select k.kid, k.public_key from signing_key k
	where k.retires_at is null or k.retires_at > now()
	order by k.created_at desc, k.kid limit 16
$$;

-- All settings as one JSON object of texts.
create or replace function settings() returns json
language sql stable security definer set search_path = duka, pg_temp as $$
	select coalesce(json_object_agg(key, value), '{}') from setting
$$;

create or replace function setting_of(name text) returns text
language plpgsql stable security definer set search_path = duka, pg_temp as $$
begin
	return (select s.value from setting s where s.key = name);
end
$$;

-- Keyset cursors: a JSON array, base64url.
create or replace function cursor_of(key json) returns text
language sql immutable parallel safe as $$
	select translate(encode(convert_to(key::text, 'UTF8'), 'base64'),
	    '+/=' || chr(10), '-_')
$$;

-- The key of a cursor (which arrives decoded), if it has `parts` parts.
create or replace function cursor_key(cursor text, parts integer)
returns jsonb language plpgsql immutable parallel safe as $$
declare
	key jsonb;
begin
	if cursor is null then
		return null;
	end if;
	key := cursor::jsonb;
	if jsonb_typeof(key) <> 'array' or jsonb_array_length(key) <> parts
	then
		raise exception 'The cursor is not one of ours'
		    using errcode = 'UK423';
	end if;
	return key;
exception when invalid_text_representation then
	raise exception 'The cursor is not one of ours' using errcode = 'UK423';
end
$$;

-- A page of a list from one row more than asked for: items as far as the
-- size, and the cursor of the last one if there are more.
create or replace function page_of(items json[], keys json[], size integer)
returns json language sql immutable parallel safe as $$
	select json_build_object(
	    'items', coalesce((select json_agg(i order by n)
		from unnest(items[:size]) with ordinality u (i, n)), '[]'),
	    'next', case when coalesce(array_length(items, 1), 0) > size
		then cursor_of(keys[size]) end)
$$;

-- A spreadsheet takes a cell that begins like a formula for one, the wide
-- forms and what stands behind blanks too: out it goes with an apostrophe
-- before it, and csv_read() takes off what csv_cell() put there, no more.
create or replace function csv_runs(cell text) returns boolean
language sql immutable parallel safe as $$
	select cell ~ '^''*(\s*[=+@\uff1d\uff0b\uff0d\uff20-]|[\t\r\n])'
$$;
create or replace function csv_cell(cell text) returns text
language sql immutable parallel safe as $$
	select case when csv_runs(cell) then '''' || cell else cell end
$$;
create or replace function csv_read(cell text) returns text
language sql immutable parallel safe as $$
	select case when cell like '''%' and csv_runs(substr(cell, 2))
	    then substr(cell, 2) else cell end
$$;

-- Times as the API writes them.
create or replace function wire_time(at timestamptz) returns text
language sql stable parallel safe as $$
	select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;

-- (Stable as what it calls is: only so it is expanded in place.)
create or replace function money(amount bigint, currency text) returns json
language sql stable parallel safe as $$
	select case when amount is not null then json_build_object(
	    'amount', amount, 'currency', currency) end
$$;

-- Digits after the point by ISO 4217, as lib/money.c has them.
create or replace function currency_digits(code text) returns integer
language sql immutable parallel safe as $$
	select case
	when code in ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW',
	    'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF')
	    then 0
	when code in ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') then 3
	when code in ('CLF', 'UYW') then 4
	else 2 end
$$;

-- Refuses a change to another version than the one meant.
create or replace function check_version(actual integer, meant integer)
returns void language plpgsql immutable as $$
begin
	if actual is distinct from meant then
		raise exception 'It changed meanwhile: it is version % now',
		    actual using errcode = 'UK412';
	end if;
end
$$;

-- The same, where null means any (If-Match: *, or no version at all); true, so
-- that a statement may ask.
create or replace function version_meant(actual integer, meant integer)
returns boolean language plpgsql immutable as $$
begin
	if meant is not null then
		perform check_version(actual, meant);
	end if;
	return true;
end
$$;

-- Puts a mail into the outbox.  The courier is woken after the commit.
-- Accounts without address have one under .invalid (RFC 2606): no row then.
create or replace function send_mail(template text, recipient text,
    data jsonb, customer_id uuid) returns uuid
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	made uuid;
begin
	insert into outbox (template, recipient, data, customer_id)
	select $1, $2, $3, $4
	where $2 !~ '[.@]invalid$'
	returning id into made;
	return made;
end
$$;

-- The columns of a table's primary key, in its order.
create or replace function key_columns(target oid) returns text[]
language sql stable as $$
	select array_agg(a.attname::text order by k.n)
	from pg_index i, unnest(i.indkey::int2[]) with ordinality k (m, n),
	    pg_attribute a
	where i.indrelid = target and i.indisprimary
	and a.attrelid = target and a.attnum = k.m
$$;

-- Writes what staff changed; attach it with audited(), which names the
-- columns of the table's primary key.
create or replace function audit_row() returns trigger
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	secrets constant text[] := array['hash', 'digest', 'secret',
	    'private_key', 'token', 'guest_digest'];
	before jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) end;
	after jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) end;
	whole jsonb := coalesce(after, before);
	program text := case when current_staff() is null
	    then nullif(current_setting('duka.program', true), '') end;
begin
	if coalesce(current_staff()::text, program) is null
	    or before = after then
		return null;
	end if;
	insert into audit_log (staff_id, program, key_id, request_id, address,
	    table_name, row_key, action, before, after)
	values (current_staff(), program,
	    nullif(current_setting('duka.key', true), '')::uuid,
	    current_setting('duka.request', true),
	    case when program is null then current_setting('duka.address',
		true) else 'local' end, tg_table_name,
	    case when tg_nargs = 1 then whole ->> tg_argv[0]
	    else (select string_agg(whole ->> c, ' ' order by n)
		from unnest(coalesce(tg_argv::text[], key_columns(tg_relid)))
		with ordinality u (c, n)) end,
	    tg_op, before - secrets, after - secrets);
	return null;
end
$$;

-- For triggers of tables that are only added to.
create or replace function history_stands() returns trigger
language plpgsql as $$
begin
	raise exception 'What happened is not changed'
	    using errcode = 'UK409';
end
$$;

create or replace function audited(target regclass) returns void
language plpgsql as $$
begin
	execute format('create or replace trigger audit after insert or '
	    'update or delete on %s for each row '
	    'execute function duka.audit_row(%s)', target,
	    (select string_agg(quote_literal(c), ', ')
	    from unnest(key_columns(target)) c));
end
$$;

-- What was written stays, for the owner too.  Erasing a customer takes words
-- out of it and leaves who did what to which row, and when; and nothing is
-- taken out of what tells of rights and settings.
create or replace function audit_stays() returns trigger
language plpgsql as $$
declare
	others constant text[] := array['before', 'after', 'redacted'];
begin
	if tg_op = 'UPDATE' and old.table_name not in ('staff', 'staff_role',
	    'role', 'role_permission', 'api_key', 'setting',
	    'staff_password')
	    and to_jsonb(new) - others = to_jsonb(old) - others
	    and coalesce(new.before <@ old.before, new.before is null)
	    and coalesce(new.after <@ old.after, new.after is null) then
		new.redacted := old.redacted or new.before is distinct from
		    old.before or new.after is distinct from old.after;
		return new;
	end if;
	raise exception 'The audit log is not changed' using errcode = '42501';
end
$$;
create or replace trigger stays before update or delete on audit_log
    for each row execute function audit_stays();
create or replace trigger stays_whole before truncate on audit_log
    for each statement execute function audit_stays();

select audited('setting'), audited('customer'), audited('staff'),
    audited('staff_role'), audited('role'), audited('role_permission'),
    audited('api_key'), audited('staff_password');

-- Takes out of the log what rows of a table said, for somebody who is erased.
create or replace function audit_forget(of_table text, keys text[])
returns void language sql security definer
set search_path = duka, pg_temp as $$
	update audit_log set before = null, after = null
	where table_name = of_table and row_key = any (keys)
$$;

-- The books of Idempotency-Key.  Begins: null row if the request is new,
-- the kept answer if it was answered; refused while one is in flight.
create or replace function keep_begin(p_owner text, p_key text, p_route text,
    p_digest text) returns table (status integer, body text)
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	kept kept_answer;
begin
	if not pg_try_advisory_xact_lock(
	    hashtextextended(p_owner || ' ' || p_key, 0)) then
		raise exception 'The same request is being worked on'
		    using errcode = 'UK411';
	end if;
	select * into kept from kept_answer k
	where k.owner = p_owner and k.key = p_key;
	if not found then
		insert into kept_answer (owner, key, route, digest)
		values (p_owner, p_key, p_route, p_digest);
		return;
	end if;
	if kept.route <> p_route or kept.digest <> p_digest then
		raise exception 'The key was used for another request'
		    using errcode = 'UK424';
	end if;
	return query select kept.status, kept.body;
end
$$;

create or replace function keep_end(p_owner text, p_key text,
    p_status integer, p_body text) returns void
language sql security definer set search_path = duka, pg_temp as $$
	update kept_answer set status = p_status, body = p_body
	where owner = p_owner and key = p_key
$$;
