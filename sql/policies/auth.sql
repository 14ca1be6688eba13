-- SPDX-License-Identifier: ISC
-- auth: at its doors nobody is known yet and any account may be looked up;
-- once somebody is, only the own rows are there.
grant execute on function address_digest(text), addressless(text),
    shown_email(text), current_session(), client_address(text)
    to duka_worker;
grant execute on function send_mail(text, text, jsonb, uuid),
    account_json(customer), staff_json(staff),
    note_mail_request(text, text, inet),
    put_token(uuid, text, text, interval, text), take_token(text, text),
    register_customer(text, text, text, text, text, text, text, jsonb, inet),
    no_address(), resend_verification(text, text, jsonb, inet),
    verify_email(text), put_email(uuid, text),
    change_email(text, text, jsonb, inet), forgot_password(text, text, jsonb, inet),
    put_password(uuid, text, uuid), reset_password(text, text),
    note_login(text, text, uuid, inet, boolean, text), familiar(text, text, inet),
    open_customer_session(uuid, text, inet, text, interval),
    open_staff_session(uuid, text, inet, text),
    refresh_customer(text, text), refresh_staff(text, text),
    put_staff_password(uuid, text, uuid), newest_signing_key(),
    first_signing_key(text, text, text), erase_account(),
    number_of(text, integer, integer, integer), staff_idle(),
    totp_wanted(uuid), network_of(inet), shop_time(timestamptz),
    tell_new_device(uuid, text, inet), end_staff_sessions(uuid, text, uuid),
    forgot_staff_password(text, text, jsonb, inet),
    reset_staff_password(text, text), totp_json(), totp_begin(text),
    totp_take(uuid, bigint), put_recovery_codes(text[]),
    take_recovery_code(uuid, text), tell_totp(boolean, boolean),
    totp_confirm(bigint, text[]), totp_renew_codes(text[]), totp_drop(),
    open_challenge(uuid, text), try_challenge(text), close_challenge(text),
    attempt_json(login_attempt)
    to duka_auth;

grant select, insert (email, username, given_name, family_name, phone),
    update (email, email_verified_at, version, updated_at) on customer
    to duka_auth;
grant select, insert, update on customer_password to duka_auth;
grant select, insert, update (used_at, ended_at, end_reason)
    on customer_session to duka_auth;
grant select, insert, update (used_at) on customer_refresh to duka_auth;
grant select, insert, delete, update (used_at) on customer_token
    to duka_auth;
grant select on staff, staff_role, role, role_permission to duka_auth;
grant update (joined_at, totp_at) on staff to duka_auth;
grant select, insert, update (hash, changed_at) on staff_password
    to duka_auth;
grant select, insert, update (used_at, idle_until, ended_at, end_reason)
    on staff_session to duka_auth;
grant select, insert, delete, update on staff_totp to duka_auth;
grant select, insert, delete, update (used_at) on staff_recovery
    to duka_auth;
grant select, insert, delete, update (tries) on staff_challenge
    to duka_auth;
grant select, insert, delete, update (used_at) on staff_token to duka_auth;
grant select on login_attempt to duka_auth;
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
drop policy if exists door on staff_totp;
create policy door on staff_totp to duka_auth
    using ((select current_customer()) is null
	and ((select current_staff()) is null
	or staff_id = (select current_staff())));
drop policy if exists door on staff_recovery;
create policy door on staff_recovery to duka_auth
    using ((select current_customer()) is null
	and ((select current_staff()) is null
	or staff_id = (select current_staff())));
drop policy if exists door on staff_challenge;
create policy door on staff_challenge to duka_auth
    using ((select current_customer()) is null
	and ((select current_staff()) is null
	or staff_id = (select current_staff())));
drop policy if exists door on staff_token;
create policy door on staff_token to duka_auth
    using ((select current_customer()) is null
	and ((select current_staff()) is null
	or staff_id = (select current_staff())));
drop policy if exists own on login_attempt;
create policy own on login_attempt for select to duka_auth
    using (world = 'staff' and account_id = (select current_staff()));
drop policy if exists listed on role;
create policy listed on role for select to duka_auth using (true);
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
