-- SPDX-License-Identifier: ISC
-- The doors of accounts.  Customers and staff have the same doors and
-- nothing else in common.  All but erase_account() run with the caller's
-- rights: what duka_auth may touch, and of it only the own rows once somebody
-- is identified.

create or replace function address_digest(email text) returns text
language sql immutable parallel safe as $$
	select encode(sha256(convert_to(lower(email), 'UTF8')), 'hex')
$$;

-- Accounts without mail address (programs that have only a username, erased
-- customers) have one that can't exist, so that it is unique all the same.
create or replace function addressless(email text) returns boolean
language sql immutable parallel safe as $$
	select email ~ '[.@]invalid$'
$$;

create or replace function shown_email(email text) returns text
language sql immutable parallel safe as $$
	select case when not addressless(email) then email end
$$;

-- The client's address, if it is one: NULL on a Unix socket.
create or replace function client_address(said text) returns inet
language sql immutable parallel safe as $$
	select case when said ~ '^[0-9A-Fa-f:.]*[0-9A-Fa-f][0-9A-Fa-f:.]*$'
	    then said::inet end
$$;

create or replace function current_session() returns uuid
language sql stable parallel safe as $$
	select nullif(current_setting('duka.session', true), '')::uuid
$$;

-- What a login says about who came in.
create or replace function account_json(c customer) returns json
language sql stable as $$
	select json_build_object('id', c.id, 'email', shown_email(c.email),
	    'email_verified', c.email_verified_at is not null,
	    'username', c.username, 'given_name', c.given_name,
	    'family_name', c.family_name)
$$;

create or replace function note_mail_request(email text, purpose text,
    address inet) returns void language sql as $$
	insert into mail_request (digest, purpose, address)
	values (address_digest(email), purpose, address)
$$;

drop function if exists put_token(uuid, text, text, interval);

-- A new single-use token; the older ones of its purpose are void.  One that
-- is to change the address says to which.
create or replace function put_token(p_customer uuid, p_purpose text,
    p_digest text, p_life interval, p_email text default null) returns void
language plpgsql as $$
begin
	delete from customer_token
	where customer_id = p_customer and purpose = p_purpose;
	insert into customer_token (digest, customer_id, purpose, email,
	    expires_at)
	values (p_digest, p_customer, p_purpose, p_email, now() + p_life);
end
$$;

-- Whose the token is; used with this.
create or replace function take_token(p_digest text, p_purpose text)
returns uuid language plpgsql as $$
declare
	owner uuid;
begin
	update customer_token set used_at = now()
	where digest = p_digest and purpose = p_purpose
	    and used_at is null and expires_at > now()
	returning customer_id into owner;
	if not found then
		raise exception 'The link is wrong, too old or was used already'
		    using errcode = 'UK432';
	end if;
	return owner;
end
$$;

-- Makes an account, unless the address has one: then its owner gets a mail,
-- and the caller can't tell.  Usernames are public; that one is taken is
-- said, whether or not the address is known.
create or replace function register_customer(p_email text, p_username text,
    p_given_name text, p_family_name text, p_phone text, p_hash text,
    p_digest text, p_mail jsonb, p_address inet) returns void
language plpgsql as $$
declare
	made uuid;
	known customer;
	letter jsonb := p_mail || jsonb_build_object('name',
	    coalesce(nullif(p_given_name, ''), p_username, ''));
begin
	if exists (select from customer
	    where lower(username) = lower(p_username)) then
		raise exception using errcode = '23505',
		    constraint = 'customer_username_key';
	end if;
	perform note_mail_request(p_email, 'register', p_address);
	insert into customer (email, username, given_name, family_name, phone)
	values (p_email, p_username, coalesce(p_given_name, ''),
	    coalesce(p_family_name, ''), p_phone)
	on conflict (lower(email)) do nothing
	returning id into made;
	if made is not null then
		insert into customer_password (customer_id, hash)
		values (made, p_hash);
		perform put_token(made, 'verify_email', p_digest, '24 hours');
		perform send_mail('verify-email', p_email, letter, made);
		return;
	end if;
	select * into known from customer c
	where lower(c.email) = lower(p_email) and c.state = 'active';
	if found then
		perform send_mail('account-exists', known.email,
		    jsonb_build_object('name', known.given_name,
		    'link', p_mail ->> 'login_link'), known.id);
	end if;
end
$$;

-- For those that have a username only.
create or replace function no_address() returns text
language sql volatile as $$
	select gen_random_uuid() || '@accounts.invalid'
$$;

create or replace function resend_verification(p_email text, p_digest text,
    p_mail jsonb, p_address inet) returns void
language plpgsql as $$
declare
	c customer;
begin
	perform note_mail_request(p_email, 'verify_email', p_address);
	select * into c from customer
	where lower(email) = lower(p_email) and state = 'active'
	    and email_verified_at is null
	for no key update;
	if found then
		perform put_token(c.id, 'verify_email', p_digest, '24 hours');
		perform send_mail('verify-email', c.email, p_mail ||
		    jsonb_build_object('name', c.given_name), c.id);
	end if;
end
$$;

-- A link to the address that is wanted; whether an account has it is said to
-- who has the mailbox, when the link is opened.
create or replace function change_email(p_email text, p_digest text,
    p_mail jsonb, p_address inet) returns void
language plpgsql as $$
declare
	c customer;
begin
	perform note_mail_request(p_email, 'change_email', p_address);
	select * into c from customer where id = current_customer()
	for no key update;
	if lower(c.email) = lower(p_email) then
		perform raise_fault('That is the address there is', 'email');
	end if;
	perform put_token(c.id, 'change_email', p_digest, '24 hours', p_email);
	perform send_mail('change-email', p_email, p_mail ||
	    jsonb_build_object('name', c.given_name), c.id);
end
$$;

-- Links that went to an address open nothing when the account has another.
create or replace function void_links() returns trigger
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	delete from customer_token
	where customer_id = new.id and used_at is null;
	return null;
end
$$;
create or replace trigger customer_links_void
    after update of email on customer for each row
    when (lower(old.email) is distinct from lower(new.email))
    execute function void_links();

-- The old address is told.
create or replace function put_email(p_customer uuid, p_email text)
returns void language plpgsql as $$
declare
	was customer;
begin
	select * into was from customer
	where id = p_customer and state = 'active' for no key update;
	if not found then
		raise exception 'The link is wrong, too old or was used already'
		    using errcode = 'UK432';
	end if;
	update customer set email = p_email, email_verified_at = now(),
	    version = version + 1, updated_at = now()
	where id = was.id;
	if not addressless(was.email) then
		perform send_mail('email-changed', was.email,
		    jsonb_build_object('name', was.given_name), was.id);
	end if;
end
$$;

create or replace function verify_email(p_digest text) returns json
language plpgsql as $$
declare
	wanted text := (select t.email from customer_token t
	    where t.digest = p_digest);
	owner uuid := take_token(p_digest, case when wanted is null
	    then 'verify_email' else 'change_email' end);
	c customer;
begin
	if wanted is not null then
		perform put_email(owner, wanted);
		return json_build_object('email_verified', true);
	end if;
	update customer set email_verified_at = now(), version = version + 1,
	    updated_at = now()
	where id = owner and email_verified_at is null
	returning * into c;
	if found then
		perform send_mail('welcome', c.email,
		    jsonb_build_object('name', c.given_name), c.id);
	end if;
	return json_build_object('email_verified', true);
end
$$;

create or replace function forgot_password(p_email text, p_digest text,
    p_mail jsonb, p_address inet) returns void
language plpgsql as $$
declare
	c customer;
begin
	perform note_mail_request(p_email, 'reset_password', p_address);
	select * into c from customer
	where lower(email) = lower(p_email) and state = 'active'
	for no key update;
	if found then
		perform put_token(c.id, 'reset_password', p_digest, '1 hour');
		perform send_mail('reset-password', c.email, p_mail ||
		    jsonb_build_object('name', c.given_name), c.id);
	end if;
end
$$;

create or replace function put_password(p_customer uuid, p_hash text,
    p_keep uuid) returns void
language plpgsql as $$
declare
	c customer;
begin
	insert into customer_password as p (customer_id, hash)
	values (p_customer, p_hash)
	on conflict (customer_id) do update
	set hash = excluded.hash, changed_at = now();
	update customer_session set ended_at = now(), end_reason = 'password'
	where customer_id = p_customer and ended_at is null
	    and id is distinct from p_keep;
	delete from customer_token
	where customer_id = p_customer and purpose = 'reset_password'
	    and used_at is null;
	select * into c from customer where id = p_customer;
	perform send_mail('password-changed', c.email,
	    jsonb_build_object('name', c.given_name), c.id);
end
$$;

-- Who has the mail has the address: it is verified with this.
create or replace function reset_password(p_digest text, p_hash text)
returns void language plpgsql as $$
declare
	owner uuid := take_token(p_digest, 'reset_password');
begin
	perform from customer where id = owner and state = 'active';
	if not found then
		raise exception 'The link is wrong, too old or was used already'
		    using errcode = 'UK432';
	end if;
	update customer set email_verified_at = now(), version = version + 1,
	    updated_at = now()
	where id = owner and email_verified_at is null;
	perform put_password(owner, p_hash, null);
end
$$;

-- Sessions.  The tables of the two worlds are twins.

-- `outcome` says more than whether it succeeded where a code was wanted.
create or replace function note_login(p_world text, p_name text,
    p_account uuid, p_address inet, p_succeeded boolean,
    p_outcome text default null) returns void
language sql as $$
	insert into login_attempt (world, name, account_id, address,
	    succeeded, outcome)
	values (p_world, left(p_name, 254), p_account, p_address, p_succeeded,
	    p_outcome)
$$;

-- Whether this name came in from this address before: a stranger's guesses
-- from elsewhere don't slow its owner down.
create or replace function familiar(p_world text, p_name text,
    p_address inet) returns boolean
language sql stable security definer set search_path = duka, pg_temp as $$
	select exists (select from login_attempt l
	    where l.world = p_world and lower(l.name) = lower(p_name)
	    and l.address = p_address and l.succeeded
	    and l.attempted_at > now() - interval '90 days')
$$;

-- The new session and how long its refresh token lives.  Programs (`life` is
-- given) get none: they log in again.
create or replace function open_customer_session(p_customer uuid,
    p_agent text, p_address inet, p_digest text, p_life interval,
    out session_id uuid, out refresh_seconds integer)
language plpgsql as $$
begin
	insert into customer_session (customer_id, user_agent, address,
	    expires_at)
	values (p_customer, left(coalesce(p_agent, ''), 300), p_address,
	    now() + coalesce(p_life, '30 days'))
	returning id into session_id;
	if p_digest is not null then
		insert into customer_refresh (digest, session_id, expires_at)
		values (p_digest, session_id, now() + interval '24 hours');
		refresh_seconds := 86400;
	end if;
end
$$;

-- One refresh token for the next.  A used one that comes again was stolen
-- from somebody: its session ends (`reused`; the caller commits that).  No
-- row: not a token of a session that stands.
create or replace function refresh_customer(p_digest text, p_next text)
returns table (reused boolean, account uuid, session_id uuid,
    refresh_seconds integer)
language plpgsql as $$
declare
	s customer_session;
	until timestamptz;
begin
	update customer_refresh r set used_at = now()
	where r.digest = p_digest and r.used_at is null
	    and r.expires_at > now()
	returning r.session_id into s.id;
	if not found then
		update customer_session t
		set ended_at = now(), end_reason = 'reuse'
		from customer_refresh r
		where r.digest = p_digest and r.used_at is not null
		    and t.id = r.session_id and t.ended_at is null;
		if found then
			return query select true, null::uuid, null::uuid, 0;
		end if;
		return;
	end if;
	update customer_session t set used_at = now()
	from customer c
	where t.id = s.id and t.ended_at is null and t.expires_at > now()
	    and c.id = t.customer_id and c.state = 'active'
	returning t.* into s;
	if not found then
		return;
	end if;
	until := least(s.expires_at, now() + interval '24 hours');
	insert into customer_refresh (digest, session_id, expires_at)
	values (p_next, s.id, until);
	return query select false, s.customer_id, s.id,
	    extract(epoch from until - now())::integer;
end
$$;

create or replace function refresh_staff(p_digest text, p_next text)
returns table (reused boolean, account uuid, session_id uuid,
    refresh_seconds integer)
language plpgsql as $$
declare
	s staff_session;
	until timestamptz;
begin
	update staff_refresh r set used_at = now()
	where r.digest = p_digest and r.used_at is null
	    and r.expires_at > now()
	returning r.session_id into s.id;
	if not found then
		update staff_session t
		set ended_at = now(), end_reason = 'reuse'
		from staff_refresh r
		where r.digest = p_digest and r.used_at is not null
		    and t.id = r.session_id and t.ended_at is null;
		if found then
			return query select true, null::uuid, null::uuid, 0;
		end if;
		return;
	end if;
	update staff_session t set used_at = now(),
	    idle_until = now() + staff_idle()
	from staff m
	where t.id = s.id and t.ended_at is null and t.expires_at > now()
	    and t.idle_until > now()
	    and m.id = t.staff_id and m.state = 'active'
	returning t.* into s;
	if not found then
		return;
	end if;
	until := least(s.expires_at, now() + interval '24 hours');
	insert into staff_refresh (digest, session_id, expires_at)
	values (p_next, s.id, until);
	return query select false, s.staff_id, s.id,
	    extract(epoch from until - now())::integer;
end
$$;

-- Keys.

-- The key that signs: the newest that all programs have had time to learn of,
-- and that verifies for as long as what it signs lives.
create or replace function newest_signing_key()
returns table (kid text, public_key text, private_key text)
language sql stable as $$
	select k.kid, k.public_key, s.private_key
	from signing_key k join signing_secret s on s.kid = k.kid
	where k.retires_at is null
	    or k.retires_at > now() + interval '65 minutes'
	order by k.created_at > now() - interval '5 seconds',
	    k.created_at desc, k.kid
	limit 1
$$;

-- Adds a key if there is none, and answers the one that there is: two
-- programs that start together agree.
create or replace function first_signing_key(p_kid text, p_public text,
    p_private text)
returns table (kid text, public_key text, private_key text)
language plpgsql as $$
begin
	perform pg_advisory_xact_lock(hashtextextended('duka.signing', 0));
	if not exists (select from newest_signing_key()) then
		insert into signing_key (kid, public_key)
		values (p_kid, p_public);
		insert into signing_secret (kid, private_key)
		values (p_kid, p_private);
	end if;
	return query select * from newest_signing_key();
end
$$;

-- Takes the person out of an account; the books stay.  What an order under
-- way needs to arrive is needed until then.
create or replace function erase_account() returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	c customer;
begin
	select * into c from customer where id = current_customer()
	    and state = 'active' for update;
	if not found then
		raise exception 'Who are you?' using errcode = 'UK401';
	end if;
	perform erase_customer(c);
end
$$;

-- The same of whoever it is, whose row is locked.  Not for callers.
create or replace function erase_customer(c customer) returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	mark text;
	waiting integer;
begin
	select count(*) into waiting from customer_order o
	where o.customer_id = c.id
	    and o.state in ('pending', 'confirmed', 'processing');
	if waiting > 0 then
		raise exception 'Orders are still under way: receive or '
		    'cancel them first' using errcode = 'UK433',
		    hint = json_build_object('orders', waiting)::text;
	end if;
	mark := address_digest(c.email);
	if not addressless(c.email) then
		insert into suppressed_address (digest, reason)
		values (mark, 'erased')
		on conflict (digest) do nothing;
	end if;
	perform forget_orders(c.id);
	perform forget_points(c.id);
	perform forget_reviews(c);
	perform forget_pictures(c.id);
	perform forget_notifications(c.id);
	perform forget_wishes(c.id);
	perform forget_segments(c.id);
	perform forget_views(c.id);
	perform forget_tasks(c.id);
	perform forget_companies(c.id);
	perform forget_deals(c.id);
	perform forget_conversations(c);
	perform forget_desk(c.id);
	perform forget_traces(c, mark);
	update customer set email = c.id || '@accounts.invalid',
	    username = null, given_name = '', family_name = '', phone = null,
	    date_of_birth = null, gender = null, employment = null,
	    occupation = null, education = null, household_size = null,
	    children = null, income_band = null, dietary = '{}',
	    language = 'en', tags = '{}', email_verified_at = null,
	    state = 'erased',
	    erased_at = now(), version = version + 1, updated_at = now()
	where id = c.id;
end
$$;

-- What else tells of somebody.  Mail that still waits is sent first; see
-- tidy_accounts().
create or replace function forget_traces(c customer, mark text) returns void
language plpgsql as $$
begin
	delete from customer_password where customer_id = c.id;
	delete from customer_token where customer_id = c.id;
	delete from customer_address where customer_id = c.id;
	update customer_session set user_agent = '', address = null,
	    end_reason = coalesce(end_reason, 'erased'),
	    ended_at = coalesce(ended_at, now())
	where customer_id = c.id;
	delete from login_attempt where world = 'customer'
	    and (account_id = c.id
	    or lower(name) in (lower(c.email), lower(c.username)));
	delete from mail_request where digest = mark;
	delete from kept_answer where owner = c.id::text;
	perform forget_searches(c.id);
	update outbox set recipient = 'erased@accounts.invalid', data = '{}',
	    attachment_name = null, attachment_type = null, attachment = null
	where (customer_id = c.id or lower(recipient) = lower(c.email))
	    and state <> 'waiting';
	insert into consent (customer_id, purpose, channel, given, source)
	select customer_id, purpose, channel, false, 'erased'
	from consent_now where customer_id = c.id and given;
	update consent set address = null
	where customer_id = c.id and address is not null;
	perform audit_forget('customer', array[c.id::text]);
	update audit_log a set before = stranger_json(a.before),
	    after = stranger_json(a.after)
	from customer_order o, lateral (
	    select 'customer_order' as of_table, o.id
	    union all select 'shipment', s.id from shipment s
	    where s.order_id = o.id
	    union all select 'order_return', r.id from order_return r
	    where r.order_id = o.id
	    union all select 'refund', f.id from refund f
	    where f.order_id = o.id) x
	where o.customer_id = c.id and a.table_name = x.of_table
	    and a.row_key = x.id::text;
end
$$;

create or replace function stranger_json(of_order jsonb) returns jsonb
language sql immutable as $$
	select of_order - array['email', 'name', 'search', 'note', 'reason',
	    'decision_note', 'shipping_address', 'billing_address',
	    'guest_digest']
$$;

-- Takes away what has served its time.  Sign-ins are kept for 90 days,
-- requests for mails for 30; of erased customers nothing that was sent.
create or replace function tidy_accounts() returns integer
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	gone integer := 0;
	n integer;
begin
	delete from login_attempt
	where attempted_at < now() - interval '90 days';
	get diagnostics gone = row_count;
	delete from mail_request
	where requested_at < now() - interval '30 days';
	get diagnostics n = row_count;
	gone := gone + n;
	delete from customer_token where expires_at < now() - interval '1 day';
	get diagnostics n = row_count;
	gone := gone + n;
	delete from staff_token where expires_at < now() - interval '1 day';
	get diagnostics n = row_count;
	gone := gone + n;
	delete from staff_challenge where expires_at < now();
	get diagnostics n = row_count;
	gone := gone + n;
	delete from order_key where expires_at <= now();
	get diagnostics n = row_count;
	gone := gone + n;
	delete from customer_session
	where least(ended_at, expires_at) < now() - interval '90 days';
	get diagnostics n = row_count;
	gone := gone + n;
	delete from staff_session
	where least(ended_at, expires_at, idle_until)
	    < now() - interval '90 days';
	get diagnostics n = row_count;
	gone := gone + n;
	delete from kept_answer where created_at < now() - interval '7 days';
	get diagnostics n = row_count;
	gone := gone + n;
	update outbox o set recipient = 'erased@accounts.invalid', data = '{}',
	    attachment_name = null, attachment_type = null, attachment = null
	from customer c
	where c.id = o.customer_id and c.state = 'erased'
	    and o.state <> 'waiting' and o.data <> '{}';
	get diagnostics n = row_count;
	return gone + n;
end
$$;
