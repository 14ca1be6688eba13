-- SPDX-License-Identifier: ISC
-- auth: at its doors nobody is known yet and any account may be looked up;
-- once somebody is, only the own rows are there.
grant execute on function address_digest(text), addressless(text),
    shown_email(text), current_session(), client_address(text)
    to duka_worker;
grant execute on function send_mail(text, text, jsonb, uuid),
    account_json(customer), staff_json(staff),
    note_mail_request(text, text, inet),
    put_token(uuid, text, text, interval), take_token(text, text),
    register_customer(text, text, text, text, text, text, text, jsonb, inet),
    no_address(), resend_verification(text, text, jsonb, inet),
    verify_email(text), forgot_password(text, text, jsonb, inet),
    put_password(uuid, text, uuid), reset_password(text, text),
    note_login(text, text, uuid, inet, boolean), familiar(text, text, inet),
    open_customer_session(uuid, text, inet, text, interval),
    open_staff_session(uuid, text, inet, text),
    refresh_customer(text, text), refresh_staff(text, text),
    put_staff_password(uuid, text, uuid), newest_signing_key(),
    first_signing_key(text, text, text), erase_account()
    to duka_auth;

grant select, insert (email, username, given_name, family_name, phone),
    update (email_verified_at, version, updated_at) on customer to duka_auth;
grant select, insert, update on customer_password to duka_auth;
grant select, insert, update (used_at, ended_at, end_reason)
    on customer_session to duka_auth;
grant select, insert, update (used_at) on customer_refresh to duka_auth;
grant select, insert, delete, update (used_at) on customer_token
    to duka_auth;
grant select on staff, staff_role, role_permission to duka_auth;
grant select, update (hash, changed_at) on staff_password to duka_auth;
grant select, insert, update (used_at, ended_at, end_reason)
    on staff_session to duka_auth;
grant select, insert, update (used_at) on staff_refresh to duka_auth;
grant insert on login_attempt, mail_request to duka_auth;
grant select, insert on signing_key, signing_secret to duka_auth;

drop policy if exists door on customer;
create policy door on customer to duka_auth
    using ((select current_staff()) is null
	and ((select current_customer()) is null
	or id = (select current_customer())));
drop policy if exists door on customer_password;
create policy door on customer_password to duka_auth
    using ((select current_staff()) is null
	and ((select current_customer()) is null
	or customer_id = (select current_customer())));
drop policy if exists door on customer_session;
create policy door on customer_session to duka_auth
    using ((select current_staff()) is null
	and ((select current_customer()) is null
	or customer_id = (select current_customer())));
drop policy if exists door on customer_refresh;
create policy door on customer_refresh to duka_auth
    using ((select current_staff()) is null
	and ((select current_customer()) is null
	or exists (select from customer_session s where s.id = session_id)));
drop policy if exists door on customer_token;
create policy door on customer_token to duka_auth
    using ((select current_staff()) is null
	and ((select current_customer()) is null
	or customer_id = (select current_customer())));

drop policy if exists door on staff;
create policy door on staff to duka_auth
    using ((select current_customer()) is null
	and ((select current_staff()) is null
	or id = (select current_staff())));
drop policy if exists door on staff_password;
create policy door on staff_password to duka_auth
    using ((select current_customer()) is null
	and ((select current_staff()) is null
	or staff_id = (select current_staff())));
drop policy if exists door on staff_session;
create policy door on staff_session to duka_auth
    using ((select current_customer()) is null
	and ((select current_staff()) is null
	or staff_id = (select current_staff())));
drop policy if exists door on staff_refresh;
create policy door on staff_refresh to duka_auth
    using ((select current_customer()) is null
	and ((select current_staff()) is null
	or exists (select from staff_session s where s.id = session_id)));
drop policy if exists door on staff_role;
create policy door on staff_role for select to duka_auth
    using ((select current_customer()) is null
	and ((select current_staff()) is null
	or staff_id = (select current_staff())));
drop policy if exists listed on role_permission;
create policy listed on role_permission for select to duka_auth
    using (true);

drop policy if exists written on login_attempt;
create policy written on login_attempt for insert to duka_auth
    with check (true);
drop policy if exists written on mail_request;
create policy written on mail_request for insert to duka_auth
    with check (true);
drop policy if exists keys on signing_key;
create policy keys on signing_key to duka_auth
    using ((select current_customer()) is null
	and (select current_staff()) is null);
drop policy if exists keys on signing_secret;
create policy keys on signing_secret to duka_auth
    using ((select current_customer()) is null
	and (select current_staff()) is null);
