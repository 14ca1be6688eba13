-- SPDX-License-Identifier: ISC

-- name: auth_register
select register_customer(coalesce(:email, no_address()), :username,
    :given_name, :family_name, :phone, :hash, :digest, :mail,
    client_address(:address));

-- name: auth_resend
select resend_verification(:email, :digest, :mail, client_address(:address));

-- name: auth_verify
select verify_email(:digest) as body;

-- name: auth_change_email
select change_email(:email, :digest, :mail, client_address(:address));

-- name: auth_forgot
select forgot_password(:email, :digest, :mail, client_address(:address));

-- name: auth_reset
select reset_password(:digest, :hash);

-- Nobody's hash if the account may not come in.
-- name: auth_find_customer
select c.id, case when c.state = 'active'
    and (c.email_verified_at is not null or addressless(c.email)
	or setting_of('switch.login_unverified') is distinct from 'off')
    then p.hash end as hash, account_json(c) as body
from customer c join customer_password p on p.customer_id = c.id
where lower(c.email) = lower(:name) or lower(c.username) = lower(:name)
limit 1;

-- name: auth_find_staff
select s.id, case when s.state = 'active' then p.hash end as hash,
    s.totp_at is not null as totp, staff_json(s) as body
from staff s left join staff_password p on p.staff_id = s.id
where lower(s.email) = lower(:name);

-- name: auth_familiar
select familiar(:world, :name, client_address(:address)) as familiar;

-- name: auth_note_login
select note_login(:world, :name, :id, client_address(:address), :succeeded,
    :outcome);

-- name: auth_open_customer
select session_id, refresh_seconds
from open_customer_session(:id, :agent, client_address(:address), :digest,
    :life);

-- name: auth_open_staff
select session_id, refresh_seconds
from open_staff_session(:id, :agent, client_address(:address), :digest);

-- name: auth_merge_cart
select merge_cart(:id, :guest) as body;

-- name: auth_refresh_customer
select reused, account, session_id, refresh_seconds
from refresh_customer(:digest, :next);

-- name: auth_refresh_staff
select reused, account, session_id, refresh_seconds
from refresh_staff(:digest, :next);

-- name: auth_customer_body
select account_json(c) as body from customer c where c.id = :id;

-- name: auth_staff_body
select staff_json(s) as body from staff s where s.id = :id;

-- name: auth_logout
update customer_session set ended_at = now(), end_reason = 'logout'
where id = :session and ended_at is null
returning 1;

-- name: auth_logout_everywhere
update customer_session
set ended_at = now(), end_reason = 'logout_everywhere'
where customer_id = :account and ended_at is null
returning 1;

-- name: auth_sessions
with part as (
	select s.*, row_number() over (order by s.created_at desc, s.id desc)
	    as n
	from customer_session s
	where s.customer_id = :account and s.ended_at is null
	    and s.expires_at > now()
	    and (:cursor::text is null or (s.created_at, s.id) <
		((cursor_key(:cursor, 2) ->> 0)::timestamptz,
		(cursor_key(:cursor, 2) ->> 1)::uuid))
	order by s.created_at desc, s.id desc limit :limit::integer + 1
)
select page_of(array_agg(json_build_object('id', p.id,
    'user_agent', p.user_agent, 'address', host(p.address),
    'created_at', wire_time(p.created_at), 'used_at', wire_time(p.used_at),
    'expires_at', wire_time(p.expires_at),
    'current', p.id = :session) order by p.n),
    array_agg(json_build_array(p.created_at, p.id) order by p.n),
    :limit::integer) as body
from part p;

-- name: auth_end_session
update customer_session set ended_at = now(), end_reason = 'revoked'
where id = :id and customer_id = :account and ended_at is null
    and expires_at > now()
returning 1;

-- name: auth_own_password
select p.hash, c.email as name
from customer_password p join customer c on c.id = p.customer_id
where p.customer_id = :account;

-- name: auth_change_password
select put_password(:account, :hash, :session);

-- name: auth_erase
select erase_account();

-- name: auth_staff_me
select staff_json(s) as body from staff s where s.id = :account;

-- name: auth_staff_logout
update staff_session set ended_at = now(), end_reason = 'logout'
where id = :session and ended_at is null
returning 1;

-- name: auth_staff_logout_everywhere
update staff_session
set ended_at = now(), end_reason = 'logout_everywhere'
where staff_id = :account and ended_at is null
returning 1;

-- name: auth_staff_sessions
with part as (
	select s.*, row_number() over (order by s.created_at desc, s.id desc)
	    as n
	from staff_session s
	where s.staff_id = :account and s.ended_at is null
	    and s.expires_at > now() and s.idle_until > now()
	    and (:cursor::text is null or (s.created_at, s.id) <
		((cursor_key(:cursor, 2) ->> 0)::timestamptz,
		(cursor_key(:cursor, 2) ->> 1)::uuid))
	order by s.created_at desc, s.id desc limit :limit::integer + 1
)
select page_of(array_agg(json_build_object('id', p.id,
    'user_agent', p.user_agent, 'address', host(p.address),
    'created_at', wire_time(p.created_at), 'used_at', wire_time(p.used_at),
    'expires_at', wire_time(least(p.expires_at, p.idle_until)),
    'current', p.id = :session) order by p.n),
    array_agg(json_build_array(p.created_at, p.id) order by p.n),
    :limit::integer) as body
from part p;

-- name: auth_staff_attempts
with part as (
	select l.* from login_attempt l
	where l.world = 'staff' and l.account_id = :account
	    and (:cursor::text is null
	    or l.id < (cursor_key(:cursor, 1) ->> 0)::bigint)
	order by l.id desc limit :limit::integer + 1
)
select page_of(array_agg(attempt_json(p) order by p.id desc),
    array_agg(json_build_array(p.id) order by p.id desc),
    :limit::integer) as body
from part p;

-- name: auth_staff_forgot
select forgot_staff_password(:email, :digest, :mail,
    client_address(:address));

-- name: auth_staff_reset
select reset_staff_password(:digest, :hash);

-- name: auth_totp
select totp_json() as body;

-- name: auth_totp_own
select t.secret, s.email as name, s.totp_at is not null as confirmed
from staff s left join staff_totp t on t.staff_id = s.id
where s.id = :account;

-- name: auth_totp_begin
select totp_begin(:secret);

-- name: auth_totp_confirm
select totp_confirm(:step, string_to_array(:digests, ' '));

-- name: auth_totp_renew
select totp_renew_codes(string_to_array(:digests, ' '));

-- name: auth_totp_drop
select totp_drop();

-- name: auth_challenge_open
select open_challenge(:id, :digest) as seconds;

-- name: auth_challenge_try
select id, name, secret, body from try_challenge(:digest);

-- name: auth_challenge_close
select close_challenge(:digest);

-- name: auth_totp_take
select totp_take(:id, :step) as good;

-- name: auth_recovery_take
select take_recovery_code(:id, :code_digest) as good;

-- name: auth_staff_end_session
update staff_session set ended_at = now(), end_reason = 'revoked'
where id = :id and staff_id = :account and ended_at is null
    and expires_at > now()
returning 1;

-- name: auth_staff_own_password
select p.hash, s.email as name
from staff_password p join staff s on s.id = p.staff_id
where p.staff_id = :account;

-- name: auth_staff_change_password
select put_staff_password(:account, :hash, :session);

-- name: auth_signing_key_now
select kid, public_key, private_key from newest_signing_key();

-- name: auth_first_key
select kid, public_key, private_key
from first_signing_key(:kid, :public_key, :private_key);

-- name: auth_public_keys
select kid, public_key from verifying_keys();
