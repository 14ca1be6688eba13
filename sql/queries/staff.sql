-- SPDX-License-Identifier: ISC

-- name: staff_members
with part as (
	select s as entry, lower(s.name) as name, s.id from staff s
	where (:q::text is null or strpos(lower(s.name), lower(:q)) > 0
	    or strpos(lower(s.email), lower(:q)) > 0)
	and (:role::text is null or exists (select from staff_role r
	    where r.staff_id = s.id and r.role = :role))
	and (:state::text is null or :state = case when s.state = 'active'
	    and s.joined_at is null then 'invited' else s.state end)
	and (:cursor::text is null or (lower(s.name), s.id) >
	    (cursor_key(:cursor, 2) ->> 0,
	    (cursor_key(:cursor, 2) ->> 1)::uuid))
	order by lower(s.name), s.id limit :limit::integer + 1
)
select page_of(array_agg(member_json(p.entry) order by p.name, p.id),
    array_agg(json_build_array(p.name, p.id) order by p.name, p.id),
    :limit::integer) as body
from part p;

-- name: staff_invite
select body, version from member_invite(:email, :name,
    array(select jsonb_array_elements_text(:roles::jsonb)), :digest, :token);

-- name: staff_member
select m.body, m.version from staff s, member_of(s.id) m where s.id = :id;

-- name: staff_change
select body, version from member_change(:id, :if_match, :input);

-- name: staff_invite_again
select member_invite_again(:id, :digest, :token);

-- name: staff_reset_password
select member_reset_password(:id, :digest, :token);

-- name: staff_drop_totp
select member_drop_totp(:id);

-- name: staff_sessions
with part as (
	select s.* from staff_session s
	where s.staff_id = :id and s.ended_at is null
	    and s.expires_at > now() and s.idle_until > now()
	    and (:cursor::text is null or (s.created_at, s.id) <
		((cursor_key(:cursor, 2) ->> 0)::timestamptz,
		(cursor_key(:cursor, 2) ->> 1)::uuid))
	order by s.created_at desc, s.id desc limit :limit::integer + 1
)
select page_of((select array_agg(json_build_object('id', p.id,
    'user_agent', p.user_agent, 'address', host(p.address),
    'created_at', wire_time(p.created_at), 'used_at', wire_time(p.used_at),
    'expires_at', wire_time(least(p.expires_at, p.idle_until)),
    'current', coalesce(p.id = :session, false))
    order by p.created_at desc, p.id desc) from part p),
    (select array_agg(json_build_array(p.created_at, p.id)
    order by p.created_at desc, p.id desc) from part p),
    :limit::integer) as body
from staff s where s.id = :id;

-- name: staff_end_sessions
select member_end_sessions(:id, null);

-- name: staff_end_session
select member_end_sessions(:id, :session_id);

-- name: staff_roles
select json_build_object('items', coalesce(json_agg(role_json(o)
    order by not o.shipped, o.name), '[]'), 'next', null) as body
from role o;

-- name: staff_role
select role_json(o) as body, o.version from role o where o.name = :name;

-- name: staff_role_add
select body, version from role_add(:name, :about,
    array(select jsonb_array_elements_text(:permissions::jsonb)),
    :totp_required);

-- name: staff_role_change
select body, version from role_change(:name, :if_match, :input);

-- name: staff_role_remove
select role_remove(:name, :if_match);

-- name: staff_permissions
select json_build_object('items', coalesce(json_agg(json_build_object(
    'name', p.name, 'about', p.about, 'mine', permitted(p.name),
    'everybodys', everybodys(p.name)) order by p.name), '[]'),
    'next', null) as body
from permission p;

-- name: staff_keys
with part as (
	select k.id, k.staff_id, k.name, k.prefix, k.permissions,
	    k.created_at, k.expires_at, k.used_at, k.revoked_at
	from api_key k
	where (:state::text is null or :state = case
	    when k.revoked_at is not null then 'revoked'
	    when k.expires_at <= now() then 'expired' else 'active' end)
	and (:member_id::uuid is null or k.staff_id = :member_id)
	and (:cursor::text is null or (k.created_at, k.id) <
	    ((cursor_key(:cursor, 2) ->> 0)::timestamptz,
	    (cursor_key(:cursor, 2) ->> 1)::uuid))
	order by k.created_at desc, k.id desc limit :limit::integer + 1
)
select page_of(array_agg(key_json((p.id, p.staff_id, p.name, p.prefix, '',
    p.permissions, p.created_at, p.expires_at, p.used_at,
    p.revoked_at)::api_key) order by p.created_at desc, p.id desc),
    array_agg(json_build_array(p.created_at, p.id)
    order by p.created_at desc, p.id desc), :limit::integer) as body
from part p;

-- name: staff_key_add
select key_add(:name,
    array(select jsonb_array_elements_text(:permissions::jsonb)),
    :expires_at, :prefix, :digest) as body;

-- name: staff_key_revoke
select key_revoke(:id);

-- name: staff_attempts
with part as (
	select l as entry, l.id from login_attempt l
	where l.world = 'staff'
	and (:member_id::uuid is null or l.account_id = :member_id)
	and (:name::text is null or lower(l.name) = lower(:name))
	and (:succeeded::boolean is null or l.succeeded = :succeeded)
	and (:from::timestamptz is null or l.attempted_at >= :from)
	and (:to::timestamptz is null or l.attempted_at < :to)
	and (:cursor::text is null
	    or l.id < (cursor_key(:cursor, 1) ->> 0)::bigint)
	order by l.id desc limit :limit::integer + 1
)
select page_of(array_agg(attempt_json(p.entry)
    order by p.id desc), array_agg(json_build_array(p.id)
    order by p.id desc), :limit::integer) as body
from part p;

-- name: staff_audit
with part as (
	select a as entry, a.id from audit_log a
	where (:member_id::uuid is null or a.staff_id = :member_id)
	and (:key_id::uuid is null or a.key_id = :key_id)
	and (:table::text is null or a.table_name = :table)
	and (:row::text is null or a.row_key = :row)
	and (:action::text is null or a.action = upper(:action))
	and (:request_id::text is null or a.request_id = :request_id)
	and (:from::timestamptz is null or a.at >= :from)
	and (:to::timestamptz is null or a.at < :to)
	and (:cursor::text is null
	    or a.id < (cursor_key(:cursor, 1) ->> 0)::bigint)
	order by a.id desc limit :limit::integer + 1
)
select page_of(array_agg(audit_json(p.entry) order by p.id desc),
    array_agg(json_build_array(p.id) order by p.id desc),
    :limit::integer) as body
from part p;

-- name: staff_audit_tables
select json_build_object('items', coalesce(json_agg(c.relname
    order by c.relname), '[]'), 'next', null) as body
from pg_trigger t join pg_class c on c.oid = t.tgrelid
where t.tgname = 'audit' and c.relnamespace = 'duka'::regnamespace;

-- name: staff_audit_filter
select audit_filter(:input);

-- copy: staff_audit_lines
copy (select * from audit_export) to stdout (format csv, header);
