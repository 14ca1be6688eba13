-- SPDX-License-Identifier: ISC
-- staff: who may see members sees all of them; what changes one is a
-- function.  Digests of keys, and all secrets of sign-in, it can't read.
grant execute on function permitted(text), everybodys(text),
    current_session(), totp_wanted(uuid), attempt_json(login_attempt),
    member_json(staff), member_of(uuid), is_superadmin(uuid),
    member_invite(text, text, text[], text, text),
    member_change(uuid, integer, jsonb),
    member_invite_again(uuid, text, text),
    member_reset_password(uuid, text, text), member_drop_totp(uuid),
    member_end_sessions(uuid, uuid), role_json(role),
    role_add(text, text, text[], boolean),
    role_change(text, integer, jsonb), role_remove(text, integer),
    key_json(api_key), key_add(text, text[], timestamptz, text, text),
    key_revoke(uuid), audit_json(audit_log), audit_filter(jsonb),
    audit_filtered() to duka_staff;

grant select on staff, staff_role, role, role_permission, permission,
    staff_session, login_attempt, audit_log to duka_staff;
grant select on audit_export to duka_staff;
grant select (id, staff_id, name, prefix, permissions, created_at,
    expires_at, used_at, revoked_at) on api_key to duka_staff;

drop policy if exists staff on staff;
create policy staff on staff for select to duka_staff
    using ((select permitted('staff.read') or permitted('audit.read')
	or permitted('keys.write') or permitted('roles.write')));
drop policy if exists staff on staff_role;
create policy staff on staff_role for select to duka_staff
    using ((select permitted('staff.read') or permitted('roles.write')));
drop policy if exists staff on role;
create policy staff on role for select to duka_staff
    using ((select permitted('staff.read') or permitted('roles.write')));
drop policy if exists staff on role_permission;
create policy staff on role_permission for select to duka_staff
    using ((select permitted('staff.read') or permitted('roles.write')));
drop policy if exists listed on permission;
create policy listed on permission for select to duka_staff using (true);
drop policy if exists staff on staff_session;
create policy staff on staff_session for select to duka_staff
    using ((select permitted('staff.read')));
drop policy if exists staff on login_attempt;
create policy staff on login_attempt for select to duka_staff
    using (world = 'staff' and (select permitted('staff.read')));
drop policy if exists staff on api_key;
create policy staff on api_key for select to duka_staff
    using ((select permitted('keys.write') or permitted('audit.read')));
drop policy if exists staff on audit_log;
create policy staff on audit_log for select to duka_staff
    using ((select permitted('audit.read')));
