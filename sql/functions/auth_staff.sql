-- SPDX-License-Identifier: ISC
-- The staff's doors: sessions, the second factor, passwords by mail.  As in
-- auth.sql they run with the caller's rights.

-- note_login() had five parameters once.
drop function if exists note_login(text, text, uuid, inet, boolean);

-- Whether one of the member's roles wants a second factor.
create or replace function totp_wanted(p_staff uuid) returns boolean
language sql stable as $$
	select exists (select from staff_role r join role o on o.name = r.role
	    where r.staff_id = p_staff and o.totp_required)
$$;

-- What a login says about who came in: of permissions, those of now.
create or replace function staff_json(s staff) returns json
language plpgsql stable as $$
declare
	wanted boolean := totp_wanted(s.id);
begin
	return json_build_object('id', s.id, 'email', s.email,
	    'name', s.name, 'roles', coalesce((select json_agg(r.role
		order by r.role) from staff_role r where r.staff_id = s.id),
		'[]'),
	    'permissions', case when wanted and s.totp_at is null
		then '["staff.enroll"]'::json
		else (select json_agg(distinct g.permission
		order by g.permission) from (
		    select p.permission from staff_role r
		    join role_permission p on p.role = r.role
		    where r.staff_id = s.id
		    union all select 'staff.enroll') g) end,
	    'totp', s.totp_at is not null, 'totp_required', wanted);
end
$$;

-- The neighbourhood of an address, as far as one household or office goes.
create or replace function network_of(address inet) returns inet
language sql immutable parallel safe as $$
	select network(set_masklen(address,
	    case family(address) when 4 then 24 else 48 end))::inet
$$;

-- Times as the shop's own clock shows them, for mails.
create or replace function shop_time(at timestamptz) returns text
language sql stable as $$
	select to_char(at at time zone coalesce(
	    nullif(setting_of('shop.time_zone'), ''), 'UTC'),
	    'YYYY-MM-DD HH24:MI')
$$;

-- A device is known by its browser's name together with where it is.
create or replace function tell_new_device(p_staff uuid, p_agent text,
    p_address inet) returns void
language plpgsql as $$
declare
	member staff;
begin
	if not exists (select from staff_session s where s.staff_id = p_staff)
	    or exists (select from staff_session s where s.staff_id = p_staff
	    and s.user_agent = p_agent and network_of(s.address)
	    is not distinct from network_of(p_address)) then
		return;
	end if;
	select * into member from staff where id = p_staff;
	perform send_mail('staff-new-device', member.email,
	    jsonb_build_object('name', member.name, 'agent', p_agent,
	    'address', host(p_address), 'at', shop_time(now())), null);
end
$$;

create or replace function open_staff_session(p_staff uuid, p_agent text,
    p_address inet, p_digest text,
    out session_id uuid, out refresh_seconds integer)
language plpgsql as $$
declare
	agent text := left(coalesce(p_agent, ''), 300);
	until timestamptz;
begin
	perform tell_new_device(p_staff, agent, p_address);
	insert into staff_session (staff_id, user_agent, address, expires_at,
	    idle_until)
	values (p_staff, agent, p_address, now() + make_interval(
	    hours => number_of('staff.session_hours', 12, 1, 168)),
	    now() + staff_idle())
	returning id, least(expires_at, now() + interval '24 hours')
	    into session_id, until;
	insert into staff_refresh (digest, session_id, expires_at)
	values (p_digest, session_id, until);
	refresh_seconds := extract(epoch from until - now());
end
$$;

-- Sessions but one end, with what was begun at the door.
create or replace function end_staff_sessions(p_staff uuid, p_reason text,
    p_keep uuid) returns void
language plpgsql as $$
begin
	update staff_session set ended_at = now(), end_reason = p_reason
	where staff_id = p_staff and ended_at is null
	    and id is distinct from p_keep;
	delete from staff_challenge where staff_id = p_staff;
end
$$;

create or replace function put_staff_password(p_staff uuid, p_hash text,
    p_keep uuid) returns void
language plpgsql as $$
declare
	member staff;
begin
	insert into staff_password as p (staff_id, hash)
	values (p_staff, p_hash)
	on conflict (staff_id) do update
	set hash = excluded.hash, changed_at = now();
	perform end_staff_sessions(p_staff, 'password', p_keep);
	delete from staff_token where staff_id = p_staff and used_at is null;
	select * into member from staff where id = p_staff;
	if member.joined_at is not null then
		perform send_mail('staff-secured', member.email,
		    jsonb_build_object('name', member.name, 'password', true,
		    'at', shop_time(now())), null);
	else
		update staff set joined_at = now() where id = p_staff;
	end if;
end
$$;

create or replace function forgot_staff_password(p_email text,
    p_digest text, p_mail jsonb, p_address inet) returns void
language plpgsql as $$
declare
	member staff;
begin
	perform note_mail_request(p_email, 'reset_password', p_address);
	select * into member from staff
	where lower(email) = lower(p_email) and state = 'active'
	for no key update;
	if not found then
		return;
	end if;
	delete from staff_token
	where staff_id = member.id and purpose = 'reset_password';
	insert into staff_token (digest, staff_id, purpose, expires_at)
	values (p_digest, member.id, 'reset_password',
	    now() + interval '1 hour');
	perform send_mail('staff-reset-password', member.email,
	    jsonb_build_object('name', member.name, 'path',
	    '/admin-panel/password#token=' || (p_mail ->> 'token')), null);
end
$$;

-- By the link of an invitation or of a mail for a new password.
create or replace function reset_staff_password(p_digest text, p_hash text)
returns void language plpgsql as $$
declare
	owner uuid;
begin
	update staff_token t set used_at = now()
	from staff s
	where t.digest = p_digest and t.used_at is null
	    and t.expires_at > now() and s.id = t.staff_id
	    and s.state = 'active'
	returning t.staff_id into owner;
	if not found then
		raise exception 'The link is wrong, too old or was used already'
		    using errcode = 'UK432';
	end if;
	perform put_staff_password(owner, p_hash, null);
end
$$;

-- The second factor.

create or replace function totp_json() returns json
language sql stable as $$
	select json_build_object('enabled', s.totp_at is not null,
	    'required', totp_wanted(s.id), 'since', wire_time(s.totp_at),
	    'recovery_codes_left', (select count(*) from staff_recovery r
		where r.staff_id = s.id and r.used_at is null))
	from staff s where s.id = current_staff()
$$;

-- A secret that counts once a code was shown to be made of it.
create or replace function totp_begin(p_secret text) returns void
language plpgsql as $$
begin
	perform from staff where id = current_staff() and totp_at is not null;
	if found then
		raise exception 'There is a second factor already: take it '
		    'away first' using errcode = 'UK444';
	end if;
	insert into staff_totp as t (staff_id, secret)
	values (current_staff(), p_secret)
	on conflict (staff_id) do update
	set secret = excluded.secret, created_at = now(), last_step = 0;
end
$$;

-- The step of a code that fits: false if it, or a later one, was taken.
create or replace function totp_take(p_staff uuid, p_step bigint)
returns boolean language plpgsql as $$
begin
	update staff_totp set last_step = p_step
	where staff_id = p_staff and last_step < p_step;
	return found;
end
$$;

create or replace function put_recovery_codes(p_digests text[])
returns void language sql as $$
	delete from staff_recovery where staff_id = current_staff();
	insert into staff_recovery (staff_id, digest)
	select current_staff(), unnest(p_digests);
$$;

create or replace function take_recovery_code(p_staff uuid, p_digest text)
returns boolean language plpgsql as $$
begin
	update staff_recovery set used_at = now()
	where staff_id = p_staff and digest = p_digest and used_at is null;
	return found;
end
$$;

create or replace function tell_totp(p_on boolean, p_codes boolean)
returns void language sql as $$
	select send_mail('staff-secured', s.email, jsonb_build_object(
	    'name', s.name, 'totp_on', p_on and not p_codes,
	    'totp_off', not p_on, 'codes', p_codes, 'at', shop_time(now())),
	    null)
	from staff s where s.id = current_staff()
$$;

-- A fresh secret has no step taken.
create or replace function totp_confirm(p_step bigint, p_digests text[])
returns void language plpgsql as $$
begin
	update staff set totp_at = now()
	where id = current_staff() and totp_at is null;
	if not found then
		raise exception 'There is a second factor already'
		    using errcode = 'UK444';
	end if;
	perform totp_take(current_staff(), p_step);
	perform put_recovery_codes(p_digests);
	perform end_staff_sessions(current_staff(), 'password',
	    current_session());
	perform tell_totp(true, false);
end
$$;

create or replace function totp_renew_codes(p_digests text[]) returns void
language plpgsql as $$
begin
	perform from staff where id = current_staff() and totp_at is not null;
	if not found then
		raise exception 'There is no second factor'
		    using errcode = 'UK445';
	end if;
	perform put_recovery_codes(p_digests);
	perform tell_totp(true, true);
end
$$;

create or replace function totp_drop() returns void
language plpgsql as $$
begin
	update staff set totp_at = null
	where id = current_staff() and totp_at is not null;
	if not found then
		raise exception 'There is no second factor'
		    using errcode = 'UK445';
	end if;
	delete from staff_totp where staff_id = current_staff();
	delete from staff_recovery where staff_id = current_staff();
	perform end_staff_sessions(current_staff(), 'password',
	    current_session());
	perform tell_totp(false, false);
end
$$;

-- Who has said the password gets this to answer with a code: a few tries,
-- a few minutes.
create or replace function open_challenge(p_staff uuid, p_digest text)
returns integer language plpgsql as $$
begin
	delete from staff_challenge
	where staff_id = p_staff and expires_at <= now();
	insert into staff_challenge (digest, staff_id)
	values (p_digest, p_staff);
	return 300;
end
$$;

-- Whose it is, and what the code must fit.  Counts as a try; two at once
-- come one after the other.
create or replace function try_challenge(p_digest text)
returns table (id uuid, name text, secret text, body json)
language plpgsql as $$
declare
	owner uuid;
begin
	update staff_challenge c set tries = c.tries + 1
	where c.digest = p_digest and c.expires_at > now() and c.tries < 5
	returning c.staff_id into owner;
	if not found then
		raise exception 'It took too long, or too many tries: begin '
		    'with the password again' using errcode = 'UK432';
	end if;
	return query select s.id, s.email, t.secret, staff_json(s)
	from staff s join staff_totp t on t.staff_id = s.id
	where s.id = owner and s.state = 'active' and s.totp_at is not null;
	if not found then
		raise exception 'It took too long, or too many tries: begin '
		    'with the password again' using errcode = 'UK432';
	end if;
end
$$;

create or replace function close_challenge(p_digest text) returns void
language sql as $$
	delete from staff_challenge where digest = p_digest
$$;

create or replace function attempt_json(l login_attempt) returns json
language sql stable as $$
	select json_build_object('id', l.id, 'name', l.name,
	    'member_id', l.account_id, 'address', host(l.address),
	    'succeeded', l.succeeded, 'outcome', coalesce(l.outcome,
		case when l.succeeded then 'password'
		else 'password_wrong' end),
	    'at', wire_time(l.attempted_at))
$$;
