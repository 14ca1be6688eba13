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

-- A field of the input is at fault: `code` is one of the contract's (Fault).
create or replace function raise_fault(what text, field text,
    code text default 'value') returns void language plpgsql as $$
begin
	raise exception '%', what using errcode = 'UK422',
	    hint = jsonb_build_object('field', field, 'code', code)::text;
end
$$;

-- Says for this transaction who asks, if the session still stands.  One
-- round trip with the statement that follows it.
create or replace function identify(world text, account uuid, session uuid,
    guest text, permission text, request_id text, address text)
returns void language plpgsql security definer
set search_path = duka, pg_temp as $$
declare
	granted text;
begin
	perform set_config('duka.request', request_id, true),
	    set_config('duka.address', address, true);
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
	elsif world = 'staff' then
		select ' ' || coalesce(string_agg(distinct p.permission, ' '),
		    '') || ' ' into granted
		from staff_session s
		join staff t on t.id = s.staff_id
		left join staff_role r on r.staff_id = t.id
		left join role_permission p on p.role = r.role
		where s.id = session and s.staff_id = account
		    and s.ended_at is null and s.expires_at > now()
		    and t.state = 'active'
		group by t.id;
		if not found then
			raise exception 'The session has ended'
			    using errcode = 'UK404';
		end if;
		if permission is not null
		    and position(' ' || permission || ' ' in granted) = 0 then
			raise exception 'Your roles do not include %',
			    permission using errcode = 'UK403';
		end if;
		perform set_config('duka.staff', account::text, true),
		    set_config('duka.session', session::text, true),
		    set_config('duka.permissions', granted, true);
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

-- Writes what staff changed; attach it with audited().
create or replace function audit_row() returns trigger
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	before jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) end;
	after jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) end;
	whole jsonb := coalesce(after, before);
begin
	if current_staff() is null or before = after then
		return null;
	end if;
	insert into audit_log (staff_id, request_id, address, table_name,
	    row_key, action, before, after)
	values (current_staff(), current_setting('duka.request', true),
	    current_setting('duka.address', true), tg_table_name,
	    coalesce(whole ->> 'id', whole ->> 'key', whole ->> 'name',
	    whole ->> 'product_id', whole ->> 'staff_id', ''),
	    tg_op, before - 'hash', after - 'hash');
	return null;
end
$$;

create or replace function audited(target regclass) returns void
language plpgsql as $$
begin
	execute format('create or replace trigger audit after insert or '
	    'update or delete on %s for each row '
	    'execute function duka.audit_row()', target);
end
$$;

select audited('setting'), audited('customer'), audited('staff'),
    audited('staff_role'), audited('role_permission');

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
