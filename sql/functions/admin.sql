-- SPDX-License-Identifier: ISC
-- What duka-admin does: the machine's administrator makes members of staff
-- and keys.  With the owner's rights, so that duka_admin itself can write a
-- password or a key without being able to read one.

-- What follows in this transaction is the administrator's, by duka-admin, in
-- the log of changes.
create or replace function admin_acts() returns void
language sql as $$
	select set_config('duka.program', 'duka-admin', true)
$$;

create or replace function admin_staff_of(p_email text) returns uuid
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	found_id uuid;
begin
	select id into found_id from staff where lower(email) = lower(p_email);
	if not found then
		raise exception 'There is no member of staff with the address %',
		    p_email using errcode = 'UK410';
	end if;
	return found_id;
end
$$;

-- Gives exactly these roles.
create or replace function admin_staff_roles(p_email text, p_roles text[])
returns void language plpgsql security definer
set search_path = duka, pg_temp as $$
declare
	who uuid := admin_staff_of(p_email);
	strange text;
begin
	perform admin_acts();
	select r into strange from unnest(p_roles) r
	where not exists (select from role where name = r) limit 1;
	if strange is not null then
		raise exception 'There is no role %; there are %', strange,
		    (select string_agg(name, ', ' order by name) from role)
		    using errcode = 'UK410';
	end if;
	delete from staff_role
	where staff_id = who and role <> all (p_roles);
	insert into staff_role (staff_id, role)
	select distinct who, r from unnest(p_roles) r
	on conflict do nothing;
end
$$;

create or replace function admin_staff_add(p_email text, p_name text,
    p_roles text[], p_hash text) returns uuid
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	made uuid;
begin
	perform admin_acts();
	insert into staff (email, name, joined_at)
	values (p_email, p_name, now())
	on conflict (lower(email)) do nothing
	returning id into made;
	if made is null then
		raise exception 'There is a member of staff with the address %',
		    p_email using errcode = 'UK409';
	end if;
	insert into staff_password (staff_id, hash) values (made, p_hash);
	perform admin_staff_roles(p_email, p_roles);
	return made;
end
$$;

create or replace function admin_staff_password(p_email text, p_hash text)
returns void language plpgsql security definer
set search_path = duka, pg_temp as $$
declare
	who uuid := admin_staff_of(p_email);
begin
	perform admin_acts();
	insert into staff_password as p (staff_id, hash) values (who, p_hash)
	on conflict (staff_id) do update
	set hash = excluded.hash, changed_at = now();
	update staff set joined_at = now() where id = who and joined_at is null;
	perform end_staff_sessions(who, 'password', null);
end
$$;

-- For who has lost both the app and the recovery codes.
create or replace function admin_staff_totp(p_email text)
returns void language plpgsql security definer
set search_path = duka, pg_temp as $$
declare
	who uuid := admin_staff_of(p_email);
begin
	perform admin_acts();
	update staff set totp_at = null where id = who;
	delete from staff_totp where staff_id = who;
	delete from staff_recovery where staff_id = who;
	perform end_staff_sessions(who, 'revoked', null);
end
$$;

create or replace function admin_staff_state(p_email text, p_state text)
returns void language plpgsql security definer
set search_path = duka, pg_temp as $$
declare
	who uuid := admin_staff_of(p_email);
begin
	perform admin_acts();
	update staff set state = p_state, version = version + 1
	where id = who and state <> p_state;
	if p_state <> 'active' then
		perform end_staff_sessions(who, 'disabled', null);
	end if;
end
$$;

create or replace function admin_customer_state(p_name text, p_state text)
returns void language plpgsql security definer
set search_path = duka, pg_temp as $$
declare
	who uuid;
begin
	perform admin_acts();
	update customer set state = p_state, version = version + 1,
	    updated_at = now()
	where (lower(email) = lower(p_name) or lower(username) = lower(p_name))
	    and state in ('active', 'disabled')
	returning id into who;
	if not found then
		raise exception 'There is no customer %', p_name
		    using errcode = 'UK410';
	end if;
	if p_state <> 'active' then
		update customer_session
		set ended_at = now(), end_reason = 'disabled'
		where customer_id = who and ended_at is null;
	end if;
end
$$;

create or replace function admin_setting(p_key text, p_value text)
returns setof text language plpgsql security definer
set search_path = duka, pg_temp as $$
begin
	perform admin_acts();
	return query update setting s set value = p_value, changed_at = now()
	where s.key = p_key returning s.key;
end
$$;

-- A new key signs from now on.  The older ones verify what they have signed
-- until it has run out, or not at all if `p_now`.
create or replace function admin_key_rotate(p_kid text, p_public text,
    p_private text, p_now boolean) returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	perform pg_advisory_xact_lock(hashtextextended('duka.signing', 0));
	delete from signing_key where retires_at < now() - interval '1 day';
	delete from signing_secret s using signing_key k
	where k.kid = s.kid and (p_now or k.retires_at is not null);
	update signing_key
	set retires_at = case when p_now then now()
	    else now() + interval '2 hours' end
	where retires_at is null or (p_now and retires_at > now());
	insert into signing_key (kid, public_key) values (p_kid, p_public);
	insert into signing_secret (kid, private_key)
	values (p_kid, p_private);
end
$$;

create or replace function admin_customer(p_name text)
returns table (name text, value text)
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	c customer;
begin
	select * into c from customer
	where lower(email) = lower(p_name) or lower(username) = lower(p_name);
	if not found then
		raise exception 'There is no customer %', p_name
		    using errcode = 'UK410';
	end if;
	return query values ('id', c.id::text),
	    ('number', c.number::text),
	    ('email', shown_email(c.email)),
	    ('verified', coalesce(wire_time(c.email_verified_at), 'no')),
	    ('username', c.username),
	    ('name', nullif(btrim(c.given_name || ' ' || c.family_name), '')),
	    ('state', c.state),
	    ('since', wire_time(c.created_at)),
	    ('sessions', (select count(*)::text from customer_session s
		where s.customer_id = c.id and s.ended_at is null
		and s.expires_at > now())),
	    ('orders', (select count(*)::text from customer_order o
		where o.customer_id = c.id)),
	    ('failed sign-ins, 24 h', (select count(*)::text
		from login_attempt a where a.account_id = c.id
		and a.world = 'customer' and not a.succeeded
		and a.attempted_at > now() - interval '24 hours'));
end
$$;

create or replace function days_of(name text, fallback integer)
returns interval language sql stable as $$
	select make_interval(days => case when setting_of(name)
	    ~ '^[1-9][0-9]{0,4}$' then setting_of(name)::integer
	    else fallback end)
$$;

-- Takes away what the shop needs no more: that a mail was sent, what was
-- searched for, carts that guests left, notices that were read, closed
-- conversations with guests.
create or replace function tidy_shop() returns integer
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	gone integer;
	n integer;
begin
	delete from outbox where state in ('sent', 'cancelled')
	    and coalesce(sent_at, moved_at)
	    < now() - days_of('keep.mail_days', 90);
	get diagnostics gone = row_count;
	delete from search_log
	where searched_at < now() - days_of('keep.search_days', 365);
	get diagnostics n = row_count;
	gone := gone + n;
	delete from cart where customer_id is null and state <> 'ordered'
	    and updated_at < now() - days_of('keep.guest_cart_days', 30);
	get diagnostics n = row_count;
	return gone + n + tidy_notifications() + tidy_conversations();
end
$$;
