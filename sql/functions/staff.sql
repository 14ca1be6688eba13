-- SPDX-License-Identifier: ISC
-- Members of staff, their roles, keys for programs, and the log of what they
-- changed.  What changes something has the owner's rights and asks itself
-- whether who asks may.

-- A superadmin may everything, also what came with this release.
insert into role_permission (role, permission)
select 'superadmin', name from permission
on conflict do nothing;

-- What goes with being there, and is nobody's to give.
create or replace function everybodys(permission text) returns boolean
language sql immutable parallel safe as $$
	select permission in ('staff.self', 'staff.enroll')
$$;

create or replace function is_superadmin(p_staff uuid) returns boolean
language sql stable security definer set search_path = duka, pg_temp as $$
	select exists (select from staff_role r
	    where r.staff_id = p_staff and r.role = 'superadmin')
$$;

-- Programs are no superadmins, whoever made their key.
create or replace function asks_superadmin() returns boolean
language sql stable as $$
	select coalesce(current_setting('duka.key', true), '') = ''
	    and is_superadmin(current_staff())
$$;

create or replace function need_superadmin() returns void
language plpgsql as $$
begin
	if not asks_superadmin() then
		raise exception 'That is a superadmin''s to do'
		    using errcode = 'UK403';
	end if;
end
$$;

-- Nobody acts on who may more: through such an account one would have more.
create or replace function need_rank(p_staff uuid) returns void
language plpgsql as $$
declare
	more text;
begin
	select p.permission into more
	from staff_role r join role_permission p on p.role = r.role
	where r.staff_id = p_staff and not everybodys(p.permission)
	    and not permitted(p.permission) order by 1 limit 1;
	if more is not null or is_superadmin(p_staff)
	    and not asks_superadmin() then
		raise exception 'They may what you may not'
		    using errcode = 'UK403';
	end if;
end
$$;

-- Nobody gives what they don't have.
create or replace function need_to_give(p_permissions text[]) returns void
language plpgsql as $$
declare
	strange text;
begin
	select p into strange from unnest(p_permissions) p
	where not exists (select from permission where name = p) limit 1;
	if strange is not null then
		perform raise_fault('There is no permission ' || strange,
		    'permissions');
	end if;
	select p into strange from unnest(p_permissions) p
	where not everybodys(p) and not permitted(p) order by 1 limit 1;
	if strange is not null then
		raise exception 'You don''t have % yourself', strange
		    using errcode = 'UK403';
	end if;
end
$$;

create or replace function need_to_give_roles(p_roles text[]) returns void
language plpgsql as $$
declare
	strange text;
begin
	select r into strange from unnest(p_roles) r
	where not exists (select from role where name = r) limit 1;
	if strange is not null then
		perform raise_fault('There is no role ' || strange, 'roles');
	end if;
	if 'superadmin' = any (p_roles) and not asks_superadmin() then
		raise exception 'Superadmins make superadmins'
		    using errcode = 'UK403';
	end if;
	perform need_to_give(array(select distinct p.permission
	    from role_permission p where p.role = any (p_roles)));
end
$$;

-- One change of rights after the other: two superadmins who disable each
-- other at once must not both come through.
create or replace function rights_lock() returns void language sql as $$
	select pg_advisory_xact_lock(hashtextextended('duka.rights', 0))
$$;

create or replace function keep_a_superadmin() returns void
language plpgsql as $$
begin
	if not exists (select from staff s join staff_role r
	    on r.staff_id = s.id and r.role = 'superadmin'
	    where s.state = 'active' and s.joined_at is not null) then
		raise exception 'The last active superadmin stays one'
		    using errcode = 'UK442';
	end if;
end
$$;

-- Members.

create or replace function member_json(s staff) returns json
language sql stable as $$
	select json_build_object('id', s.id, 'email', s.email,
	    'name', s.name, 'state', case when s.state = 'active'
		and s.joined_at is null then 'invited' else s.state end,
	    'roles', coalesce((select json_agg(r.role order by r.role)
		from staff_role r where r.staff_id = s.id), '[]'),
	    'totp', s.totp_at is not null,
	    'totp_required', totp_wanted(s.id),
	    'used_at', (select wire_time(max(t.used_at))
		from staff_session t where t.staff_id = s.id),
	    'created_at', wire_time(s.created_at), 'version', s.version)
$$;

create or replace function member_of(p_staff uuid,
    out body json, out version integer)
language sql stable as $$
	select member_json(s), s.version from staff s where s.id = p_staff
$$;

create or replace function put_staff_roles(p_staff uuid, p_roles text[])
returns void language sql as $$
	delete from staff_role
	where staff_id = p_staff and role <> all (p_roles);
	insert into staff_role (staff_id, role)
	select distinct p_staff, r from unnest(p_roles) r
	on conflict do nothing;
$$;

-- The link of the mail alone lets choose a password: who invites never
-- learns one.
create or replace function send_staff_link(s staff, p_purpose text,
    p_digest text, p_token text) returns void
language plpgsql as $$
declare
	inviter text := (select t.name from staff t
	    where t.id = current_staff());
begin
	delete from staff_token
	where staff_id = s.id and used_at is null;
	insert into staff_token (digest, staff_id, purpose, expires_at)
	values (p_digest, s.id, p_purpose, now() + case p_purpose
	    when 'invite' then interval '7 days' else '1 day' end);
	perform send_mail(case p_purpose when 'invite' then 'staff-invite'
	    else 'staff-reset-password' end, s.email, jsonb_build_object(
	    'name', s.name, 'inviter', inviter, 'by', inviter, 'path',
	    '/admin-panel/password#token=' || p_token), null);
end
$$;

create or replace function member_invite(p_email text, p_name text,
    p_roles text[], p_digest text, p_token text,
    out body json, out version integer)
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	s staff;
begin
	perform demand('staff.write');
	perform rights_lock();
	perform need_to_give_roles(p_roles);
	insert into staff (email, name) values (p_email, p_name)
	returning * into s;
	perform put_staff_roles(s.id, p_roles);
	perform send_staff_link(s, 'invite', p_digest, p_token);
	select * into body, version from member_of(s.id);
end
$$;

create or replace function member_locked(p_staff uuid) returns staff
language plpgsql as $$
declare
	s staff;
begin
	perform rights_lock();
	select * into s from staff where id = p_staff for update;
	if not found then
		raise exception 'There is no such member'
		    using errcode = 'UK410';
	end if;
	return s;
end
$$;

-- One's own name is one's own to change; rights and state are another's, so
-- that nobody locks themselves out.
create or replace function member_check(s staff, p_input jsonb) returns void
language plpgsql as $$
begin
	if s.id = current_staff() then
		if p_input ?| array['roles', 'state', 'email'] then
			raise exception 'Another has to change your own '
			    'address, roles and state' using errcode = 'UK441';
		end if;
		return;
	end if;
	perform need_rank(s.id);
	if p_input ? 'roles' then
		perform need_to_give_roles(array(select
		    jsonb_array_elements_text(p_input -> 'roles')));
	end if;
end
$$;

create or replace function member_change(p_staff uuid, p_version integer,
    p_input jsonb, out body json, out version integer)
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	s staff;
	was_super boolean := is_superadmin(p_staff);
begin
	perform demand('staff.write');
	s := member_locked(p_staff);
	perform check_version(s.version, p_version);
	perform member_check(s, p_input);
	update staff t set email = coalesce(p_input ->> 'email', t.email),
	    name = coalesce(p_input ->> 'name', t.name),
	    state = coalesce(p_input ->> 'state', t.state),
	    version = t.version + 1
	where t.id = s.id;
	if p_input ? 'roles' then
		perform put_staff_roles(s.id, array(select
		    jsonb_array_elements_text(p_input -> 'roles')));
	end if;
	if p_input ->> 'state' = 'disabled' then
		perform end_staff_sessions(s.id, 'disabled', null);
		delete from staff_token
		where staff_id = s.id and used_at is null;
	end if;
	if was_super then
		perform keep_a_superadmin();
	end if;
	select * into body, version from member_of(s.id);
end
$$;

create or replace function member_invite_again(p_staff uuid,
    p_digest text, p_token text) returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	s staff;
begin
	perform demand('staff.write');
	s := member_locked(p_staff);
	perform need_rank(s.id);
	if s.joined_at is not null or s.state <> 'active' then
		raise exception 'They have joined already, or are disabled'
		    using errcode = 'UK409';
	end if;
	perform send_staff_link(s, 'invite', p_digest, p_token);
end
$$;

-- The old password is gone at once; only the mail's link brings a new one.
create or replace function member_reset_password(p_staff uuid,
    p_digest text, p_token text) returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	s staff;
begin
	perform need_superadmin();
	s := member_locked(p_staff);
	if s.id = current_staff() then
		raise exception 'Change your own password yourself'
		    using errcode = 'UK441';
	end if;
	if s.joined_at is null or s.state <> 'active' then
		raise exception 'They have not joined yet, or are disabled'
		    using errcode = 'UK409';
	end if;
	delete from staff_password where staff_id = s.id;
	perform end_staff_sessions(s.id, 'password', null);
	perform send_staff_link(s, 'reset_password', p_digest, p_token);
end
$$;

create or replace function member_drop_totp(p_staff uuid) returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	s staff;
begin
	perform need_superadmin();
	s := member_locked(p_staff);
	if s.id = current_staff() then
		raise exception 'Take your own second factor away yourself'
		    using errcode = 'UK441';
	end if;
	if s.totp_at is null then
		raise exception 'There is no second factor'
		    using errcode = 'UK445';
	end if;
	update staff set totp_at = null, version = s.version + 1
	where id = s.id;
	delete from staff_totp where staff_id = s.id;
	delete from staff_recovery where staff_id = s.id;
	perform end_staff_sessions(s.id, 'revoked', null);
	perform send_mail('staff-secured', s.email, jsonb_build_object(
	    'name', s.name, 'totp_off', true, 'by', true,
	    'at', shop_time(now())), null);
end
$$;

-- One session of a member, or all of them.
create or replace function member_end_sessions(p_staff uuid, p_session uuid)
returns integer
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	ended integer;
begin
	perform demand('staff.write');
	perform need_rank(p_staff);
	update staff_session set ended_at = now(), end_reason = 'revoked'
	where staff_id = p_staff and ended_at is null
	    and (p_session is null or id = p_session);
	get diagnostics ended = row_count;
	if ended = 0 and (p_session is not null
	    or not exists (select from staff where id = p_staff)) then
		raise exception 'There is no such session'
		    using errcode = 'UK410';
	end if;
	return ended;
end
$$;

-- Roles.

create or replace function role_json(o role) returns json
language sql stable as $$
	select json_build_object('name', o.name, 'about', o.about,
	    'permissions', coalesce((select json_agg(p.permission
		order by p.permission) from role_permission p
		where p.role = o.name), '[]'),
	    'members', (select count(*) from staff_role r
		where r.role = o.name),
	    'totp_required', o.totp_required, 'shipped', o.shipped,
	    'fixed', o.name = 'superadmin', 'version', o.version)
$$;

create or replace function put_role_permissions(p_role text,
    p_permissions text[]) returns void
language sql as $$
	delete from role_permission
	where role = p_role and not everybodys(permission)
	    and permission <> all (p_permissions);
	insert into role_permission (role, permission)
	select distinct p_role, p from unnest(p_permissions
	    || array['staff.self', 'staff.enroll']) p
	on conflict do nothing;
$$;

create or replace function role_add(p_name text, p_about text,
    p_permissions text[], p_totp boolean, out body json, out version integer)
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	perform demand('roles.write');
	perform rights_lock();
	perform need_to_give(p_permissions);
	insert into role (name, about, totp_required)
	values (p_name, p_about, p_totp);
	perform put_role_permissions(p_name, p_permissions);
	select role_json(o), o.version into body, version
	from role o where o.name = p_name;
end
$$;

-- What is added and what is taken away must both be one's own.  Of the
-- superadmins' role only whether it wants a second factor can be said.
create or replace function role_change(p_name text, p_version integer,
    p_input jsonb, out body json, out version integer)
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	o role;
	wanted text[] := array(select jsonb_array_elements_text(
	    p_input -> 'permissions'));
begin
	perform demand('roles.write');
	perform rights_lock();
	select * into o from role where name = p_name for update;
	if not found then
		raise exception 'There is no such role' using errcode = 'UK410';
	end if;
	perform check_version(o.version, p_version);
	if p_name = 'superadmin' then
		perform need_superadmin();
		if p_input ?| array['permissions', 'about'] then
			raise exception 'Superadmins may everything'
			    using errcode = 'UK443';
		end if;
	end if;
	if p_input ? 'permissions' then
		perform need_to_give(array(
		    select unnest(wanted) except select p.permission
			from role_permission p where p.role = p_name
		    union
		    (select p.permission from role_permission p
			where p.role = p_name except select unnest(wanted))));
		perform put_role_permissions(p_name, wanted);
	end if;
	update role r set about = coalesce(p_input ->> 'about', r.about),
	    totp_required = coalesce((p_input ->> 'totp_required')::boolean,
		r.totp_required), version = r.version + 1
	where r.name = p_name;
	perform keep_own_roles_write();
	select role_json(r), r.version into body, version
	from role r where r.name = p_name;
end
$$;

-- Who changes roles can still do so afterwards, and undo it.
create or replace function keep_own_roles_write() returns void
language plpgsql as $$
begin
	if not exists (select from staff_role r join role_permission p
	    on p.role = r.role where r.staff_id = current_staff()
	    and p.permission = 'roles.write') then
		raise exception 'You would lock yourself out'
		    using errcode = 'UK441';
	end if;
end
$$;

create or replace function role_remove(p_name text, p_version integer)
returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	o role;
begin
	perform demand('roles.write');
	perform rights_lock();
	select * into o from role where name = p_name for update;
	if not found then
		raise exception 'There is no such role' using errcode = 'UK410';
	end if;
	perform check_version(o.version, p_version);
	if o.shipped then
		raise exception 'A shipped role stays; take its permissions '
		    'away instead' using errcode = 'UK443';
	end if;
	perform need_to_give(array(select p.permission
	    from role_permission p where p.role = p_name));
	delete from role where name = p_name;
end
$$;

-- Keys.

create or replace function key_json(k api_key) returns json
language sql stable as $$
	select json_build_object('id', k.id, 'name', k.name,
	    'prefix', k.prefix, 'permissions', k.permissions,
	    'owner', (select json_build_object('id', s.id, 'name', s.name)
		from staff s where s.id = k.staff_id),
	    'state', case when k.revoked_at is not null then 'revoked'
		when k.expires_at <= now() then 'expired' else 'active' end,
	    'created_at', wire_time(k.created_at),
	    'expires_at', wire_time(k.expires_at),
	    'used_at', wire_time(k.used_at),
	    'revoked_at', wire_time(k.revoked_at))
$$;

create or replace function key_add(p_name text, p_permissions text[],
    p_expires_at timestamptz, p_prefix text, p_digest text) returns json
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	k api_key;
begin
	perform demand('keys.write');
	perform need_to_give(p_permissions);
	if exists (select from unnest(p_permissions) p where everybodys(p))
	then
		perform raise_fault('A program doesn''t sign in',
		    'permissions');
	end if;
	if p_expires_at <= now() then
		perform raise_fault('is over already', 'expires_at');
	end if;
	insert into api_key (staff_id, name, permissions, expires_at, prefix,
	    digest)
	values (current_staff(), p_name, array(select distinct p
	    from unnest(p_permissions) p order by p), p_expires_at, p_prefix,
	    p_digest)
	returning * into k;
	return key_json(k);
end
$$;

-- Anybody's: whoever sees that a key is out can stop it.
create or replace function key_revoke(p_key uuid) returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	perform demand('keys.write');
	update api_key set revoked_at = now()
	where id = p_key and revoked_at is null;
	if not found then
		raise exception 'There is no such key that works'
		    using errcode = 'UK410';
	end if;
end
$$;

-- The log.

create or replace function audit_json(a audit_log) returns json
language sql stable as $$
	select json_build_object('id', a.id, 'at', wire_time(a.at),
	    'member', (select json_build_object('id', s.id, 'name', s.name)
		from staff s where s.id = a.staff_id), 'program', a.program,
	    'key', (select json_build_object('id', k.id, 'name', k.name,
		'prefix', k.prefix) from api_key k where k.id = a.key_id),
	    'address', nullif(a.address, ''), 'request_id', a.request_id,
	    'table', a.table_name, 'row', a.row_key,
	    'action', lower(a.action), 'before', a.before,
	    'after', a.after, 'redacted', a.redacted)
$$;

-- What the file of the log is to hold, for this transaction.
create or replace function audit_filter(p_filter jsonb) returns void
language sql as $$
	select set_config('duka.audit_filter', p_filter::text, true)
$$;

create or replace function audit_filtered()
returns table (member_id uuid, key_id uuid, of_table text, of_row text,
    action text, request_id text, since timestamptz, until timestamptz)
language sql stable as $$
	select (f.j ->> 'member_id')::uuid, (f.j ->> 'key_id')::uuid,
	    f.j ->> 'table', f.j ->> 'row', upper(f.j ->> 'action'),
	    f.j ->> 'request_id', (f.j ->> 'from')::timestamptz,
	    (f.j ->> 'to')::timestamptz
	from (select nullif(current_setting('duka.audit_filter', true),
	    '')::jsonb) f (j)
$$;

-- Stock's quantities tell by their movements who moved them; what else is
-- said of it, and pictures, tell here.
select audited('picture'), audited('stock_receipt_line'),
    audited('stock_transfer_line');
create or replace trigger audit after update of low_at, back_order on stock
    for each row when (old.low_at is distinct from new.low_at
	or old.back_order is distinct from new.back_order)
    execute function audit_row('variant_id', 'location_id');

-- No cell of it is one that a spreadsheet takes for a formula.
create or replace view audit_export with (security_invoker) as
select a.id, wire_time(a.at) as at, csv_cell(coalesce(s.email, a.program))
    as member,
    csv_cell(k.prefix || ' ' || k.name) as key,
    csv_cell(a.address) as address,
    csv_cell(a.request_id) as request_id, a.table_name as table,
    csv_cell(a.row_key) as row, lower(a.action) as action,
    a.before, a.after
from audit_filtered() f cross join audit_log a
left join staff s on s.id = a.staff_id
left join api_key k on k.id = a.key_id
where (f.member_id is null or a.staff_id = f.member_id)
and (f.key_id is null or a.key_id = f.key_id)
and (f.of_table is null or a.table_name = f.of_table)
and (f.of_row is null or a.row_key = f.of_row)
and (f.action is null or a.action = f.action)
and (f.request_id is null or a.request_id = f.request_id)
and (f.since is null or a.at >= f.since)
and (f.until is null or a.at < f.until)
order by a.id desc;
