-- SPDX-License-Identifier: ISC
-- admin: the machine's administrator; see duka-admin(8).
grant execute on function admin_staff_of(text),
    admin_staff_roles(text, text[]),
    admin_staff_add(text, text, text[], text),
    admin_staff_password(text, text), admin_staff_state(text, text),
    admin_staff_totp(text),
    admin_customer_state(text, text), admin_setting(text, text),
    admin_key_rotate(text, text, text, boolean), admin_customer(text),
    tidy_accounts(), tidy_shop(), tidy_desk()
    to duka_admin;

grant select on staff, staff_role, role, signing_key to duka_admin;
grant select on setting to duka_admin;
revoke update (value, changed_at) on setting from duka_admin;

drop policy if exists administered on staff;
create policy administered on staff for select to duka_admin using (true);
drop policy if exists administered on staff_role;
create policy administered on staff_role for select to duka_admin
    using (true);
drop policy if exists administered on role;
create policy administered on role for select to duka_admin using (true);
drop policy if exists administered on signing_key;
create policy administered on signing_key for select to duka_admin
    using (true);
drop policy if exists administered on setting;
create policy administered on setting to duka_admin using (true);
