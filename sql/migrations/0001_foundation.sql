-- SPDX-License-Identifier: ISC
-- Who is who, who may what, and what every area leans on: settings, keys,
-- accounts, sessions, rights, the outbox, the audit log, kept answers.

-- Row security on and forced; the owner, whose functions guard the rules,
-- sees all; nobody else anything until a policy says so.
create function secure(target regclass) returns void
language plpgsql as $$
begin
	execute format('alter table %s enable row level security, '
	    'force row level security', target);
	execute format('create policy owner on %s to duka_owner '
	    'using (true) with check (true)', target);
	execute format('revoke all on %s from public', target);
end
$$;

create table setting (
	key		text not null,
	value		text not null,
	about		text not null,
	changed_at	timestamptz not null default now(),
	constraint setting_pkey primary key (key),
	constraint setting_key_form check (key ~ '^[a-z][a-z0-9_.]{1,62}$'),
	constraint setting_value_length check (length(value) <= 4000)
);
select secure('setting');

insert into setting (key, value, about) values
('shop.name', 'Duka', 'The shop''s name, in mails and pages'),
('shop.email', 'shop@localhost', 'Sender of the shop''s mails'),
('shop.currency', 'EUR', 'ISO 4217 code of all prices'),
('shop.country', 'IE', 'ISO 3166 code; tax zone of visitors'),
('shop.tax_mode', 'inclusive', 'Prices include tax: inclusive or exclusive'),
('shop.opening_hours', '{}', 'Weekday to list of [from, to], as JSON'),
('shop.time_zone', 'Europe/Dublin', 'For days, weeks and months in reports'),
('shop.origin', '', 'Address of the shop for links in mails; empty: DUKA_ORIGIN'),
('switch.registration', 'on', 'Whether customers may register: on or off'),
('switch.checkout', 'on', 'Whether orders may be placed: on or off'),
('switch.guest_checkout', 'on', 'Whether guests may order: on or off'),
('limit.public', '20000/hour', 'Public pages, by client address'),
('limit.anonymous', '100/hour', 'Other requests without account, by address'),
('limit.customer', '1000/hour', 'Requests of one customer'),
('limit.staff', '20000/hour', 'Requests of one member of staff'),
('limit.register', '5/hour', 'Registrations, by client address'),
('limit.login', '10/hour', 'Logins, by client address'),
('limit.login_account', '20/hour', 'Logins, by account and client address'),
('limit.mail', '5/hour', 'Mails asked for by one address (reset, verify)'),
('limit.checkout', '60/hour', 'Orders placed, by account or client address');

create table signing_key (
	kid		text not null,
	public_key	text not null,		-- base64url
	created_at	timestamptz not null default now(),
	retires_at	timestamptz,		-- verifies no longer after it
	constraint signing_key_pkey primary key (kid),
	constraint signing_key_kid_form check (kid ~ '^[A-Za-z0-9_-]{8,32}$'),
	constraint signing_key_public_form
	    check (public_key ~ '^[A-Za-z0-9_-]{43}$')
);
select secure('signing_key');

create table signing_secret (
	kid		text not null,
	private_key	text not null,		-- base64url
	constraint signing_secret_pkey primary key (kid),
	constraint signing_secret_kid_fkey foreign key (kid)
	    references signing_key on delete cascade,
	constraint signing_secret_private_form
	    check (private_key ~ '^[A-Za-z0-9_-]{43}$')
);
select secure('signing_secret');

create table customer (
	id		uuid not null default gen_random_uuid(),
	number		bigint generated always as identity,
	email		text not null,
	username	text,
	given_name	text not null default '',
	family_name	text not null default '',
	phone		text,
	date_of_birth	date,
	gender		text,
	employment	text,
	occupation	text,
	education	text,
	household_size	integer,
	children	integer,
	income_band	text,
	dietary		text[] not null default '{}',
	language	text not null default 'en',
	state		text not null default 'active',
	email_verified_at timestamptz,
	erased_at	timestamptz,
	version		integer not null default 1,
	created_at	timestamptz not null default now(),
	updated_at	timestamptz not null default now(),
	constraint customer_pkey primary key (id),
	constraint customer_number_key unique (number),
	constraint customer_email_form
	    check (email ~ '^[^@\s]{1,64}@[^@\s]{1,190}$'),
	constraint customer_username_form
	    check (username ~ '^[A-Za-z0-9._-]{3,50}$'),
	constraint customer_given_name_length check (length(given_name) <= 100),
	constraint customer_family_name_length
	    check (length(family_name) <= 100),
	constraint customer_phone_form check (phone ~ '^\+[1-9][0-9]{5,14}$'),
	constraint customer_date_of_birth_range
	    check (date_of_birth between '1900-01-01' and '2100-01-01'),
	constraint customer_gender_value check (gender in
	    ('female', 'male', 'non_binary', 'other', 'undisclosed')),
	constraint customer_employment_value check (employment in
	    ('employed', 'self_employed', 'unemployed', 'student', 'retired',
	    'homemaker', 'other', 'undisclosed')),
	constraint customer_occupation_length check (length(occupation) <= 100),
	constraint customer_education_value check (education in
	    ('none', 'primary', 'secondary', 'vocational', 'bachelor',
	    'master', 'doctorate', 'other', 'undisclosed')),
	constraint customer_household_size_range
	    check (household_size between 1 and 30),
	constraint customer_children_range check (children between 0 and 25),
	constraint customer_income_band_value check (income_band in
	    ('under_15k', '15k_35k', '35k_50k', '50k_75k', '75k_100k',
	    '100k_150k', 'over_150k', 'undisclosed')),
	constraint customer_dietary_count
	    check (coalesce(array_length(dietary, 1), 0) <= 20),
	constraint customer_language_form
	    check (language ~ '^[a-z]{2}(-[A-Z]{2})?$'),
	constraint customer_state_value
	    check (state in ('active', 'disabled', 'erased')),
	constraint customer_erased_whole
	    check ((state = 'erased') = (erased_at is not null))
);
-- Two spellings of one address are one account.
create unique index customer_email_key on customer (lower(email));
create unique index customer_username_key on customer (lower(username));
create index customer_created_at_idx on customer (created_at desc, id desc);
select secure('customer');

-- Only auth may read it.
create table customer_password (
	customer_id	uuid not null,
	hash		text not null,
	changed_at	timestamptz not null default now(),
	constraint customer_password_pkey primary key (customer_id),
	constraint customer_password_customer_fkey foreign key (customer_id)
	    references customer on delete cascade,
	constraint customer_password_hash_form check (hash ~ '^\$argon2id\$')
);
select secure('customer_password');

create table customer_session (
	id		uuid not null default gen_random_uuid(),
	customer_id	uuid not null,
	user_agent	text not null default '',
	address		inet,
	created_at	timestamptz not null default now(),
	used_at		timestamptz not null default now(),
	expires_at	timestamptz not null default now() + interval '30 days',
	ended_at	timestamptz,
	end_reason	text,
	constraint customer_session_pkey primary key (id),
	constraint customer_session_customer_fkey foreign key (customer_id)
	    references customer on delete cascade,
	constraint customer_session_user_agent_length
	    check (length(user_agent) <= 300),
	constraint customer_session_end_reason_value check (end_reason in
	    ('logout', 'logout_everywhere', 'revoked', 'reuse', 'password',
	    'erased', 'disabled', 'expired')),
	constraint customer_session_ended_whole
	    check ((ended_at is null) = (end_reason is null))
);
create index customer_session_customer_idx
    on customer_session (customer_id) where ended_at is null;
select secure('customer_session');

create table customer_refresh (
	digest		text not null,
	session_id	uuid not null,
	created_at	timestamptz not null default now(),
	expires_at	timestamptz not null,
	used_at		timestamptz,
	constraint customer_refresh_pkey primary key (digest),
	constraint customer_refresh_session_fkey foreign key (session_id)
	    references customer_session on delete cascade,
	constraint customer_refresh_digest_form
	    check (digest ~ '^[0-9a-f]{64}$')
);
create index customer_refresh_session_idx on customer_refresh (session_id);
select secure('customer_refresh');

-- Single-use tokens sent by mail; only their digests are kept.
create table customer_token (
	digest		text not null,
	customer_id	uuid not null,
	purpose		text not null,
	created_at	timestamptz not null default now(),
	expires_at	timestamptz not null,
	used_at		timestamptz,
	constraint customer_token_pkey primary key (digest),
	constraint customer_token_customer_fkey foreign key (customer_id)
	    references customer on delete cascade,
	constraint customer_token_purpose_value
	    check (purpose in ('verify_email', 'reset_password')),
	constraint customer_token_digest_form
	    check (digest ~ '^[0-9a-f]{64}$')
);
create index customer_token_customer_idx on customer_token (customer_id);
select secure('customer_token');

create table staff (
	id		uuid not null default gen_random_uuid(),
	email		text not null,
	name		text not null,
	state		text not null default 'active',
	version		integer not null default 1,
	created_at	timestamptz not null default now(),
	constraint staff_pkey primary key (id),
	constraint staff_email_form
	    check (email ~ '^[^@\s]{1,64}@[^@\s]{1,190}$'),
	constraint staff_name_length check (length(name) between 1 and 200),
	constraint staff_state_value check (state in ('active', 'disabled'))
);
create unique index staff_email_key on staff (lower(email));
select secure('staff');

create table staff_password (
	staff_id	uuid not null,
	hash		text not null,
	changed_at	timestamptz not null default now(),
	constraint staff_password_pkey primary key (staff_id),
	constraint staff_password_staff_fkey foreign key (staff_id)
	    references staff on delete cascade,
	constraint staff_password_hash_form check (hash ~ '^\$argon2id\$')
);
select secure('staff_password');

create table permission (
	name		text not null,
	about		text not null,
	constraint permission_pkey primary key (name),
	constraint permission_name_form check (name ~ '^[a-z]+\.[a-z_]+$')
);
select secure('permission');

insert into permission (name, about) values
('staff.self', 'Sign in and manage the own sessions'),
('customers.read', 'See customers'),
('customers.write', 'Change customers'),
('catalog.read', 'See products that are not public'),
('catalog.write', 'Create, change, archive and import products'),
('inventory.read', 'See stock and movements'),
('inventory.write', 'Adjust stock'),
('orders.read', 'See orders'),
('orders.write', 'Move orders through the workflow'),
('reports.read', 'See reports'),
('outbox.read', 'See what waits to be sent'),
('settings.write', 'Change the shop''s settings');

create table role (
	name		text not null,
	about		text not null,
	constraint role_pkey primary key (name),
	constraint role_name_form check (name ~ '^[a-z][a-z_]{1,30}$')
);
select secure('role');

create table role_permission (
	role		text not null,
	permission	text not null,
	constraint role_permission_pkey primary key (role, permission),
	constraint role_permission_role_fkey foreign key (role)
	    references role on delete cascade,
	constraint role_permission_permission_fkey foreign key (permission)
	    references permission
);
select secure('role_permission');

create table staff_role (
	staff_id	uuid not null,
	role		text not null,
	constraint staff_role_pkey primary key (staff_id, role),
	constraint staff_role_staff_fkey foreign key (staff_id)
	    references staff on delete cascade,
	constraint staff_role_role_fkey foreign key (role) references role
);
select secure('staff_role');

insert into role (name, about) values
('superadmin', 'Everything'),
('admin', 'Everything but settings'),
('analyst', 'Reads reports and what they are made of'),
('crm', 'Knows and cares for customers'),
('service', 'Answers customers, moves orders'),
('sales', 'Products, stock and orders'),
('manager', 'Runs a small shop'),
('agent', 'Answers customers of a small shop');

insert into role_permission (role, permission)
select 'superadmin', name from permission
union all
select 'admin', name from permission where name <> 'settings.write'
union all
select 'manager', name from permission where name <> 'settings.write'
union all
select r.role, p.permission from (values
	('analyst', 'staff.self reports.read catalog.read orders.read customers.read inventory.read'),
	('crm', 'staff.self customers.read customers.write orders.read'),
	('service', 'staff.self customers.read orders.read orders.write catalog.read inventory.read'),
	('sales', 'staff.self catalog.read catalog.write inventory.read inventory.write orders.read orders.write reports.read'),
	('agent', 'staff.self customers.read orders.read catalog.read')
    ) r (role, permissions),
    string_to_table(r.permissions, ' ') p (permission);

create table staff_session (
	id		uuid not null default gen_random_uuid(),
	staff_id	uuid not null,
	user_agent	text not null default '',
	address		inet,
	created_at	timestamptz not null default now(),
	used_at		timestamptz not null default now(),
	expires_at	timestamptz not null default now() + interval '12 hours',
	ended_at	timestamptz,
	end_reason	text,
	constraint staff_session_pkey primary key (id),
	constraint staff_session_staff_fkey foreign key (staff_id)
	    references staff on delete cascade,
	constraint staff_session_user_agent_length
	    check (length(user_agent) <= 300),
	constraint staff_session_end_reason_value check (end_reason in
	    ('logout', 'logout_everywhere', 'revoked', 'reuse', 'password',
	    'disabled', 'expired')),
	constraint staff_session_ended_whole
	    check ((ended_at is null) = (end_reason is null))
);
create index staff_session_staff_idx
    on staff_session (staff_id) where ended_at is null;
select secure('staff_session');

create table staff_refresh (
	digest		text not null,
	session_id	uuid not null,
	created_at	timestamptz not null default now(),
	expires_at	timestamptz not null,
	used_at		timestamptz,
	constraint staff_refresh_pkey primary key (digest),
	constraint staff_refresh_session_fkey foreign key (session_id)
	    references staff_session on delete cascade,
	constraint staff_refresh_digest_form check (digest ~ '^[0-9a-f]{64}$')
);
create index staff_refresh_session_idx on staff_refresh (session_id);
select secure('staff_refresh');

create table login_attempt (
	id		bigint generated always as identity,
	world		text not null,
	name		text not null,
	account_id	uuid,
	address		inet,
	succeeded	boolean not null,
	attempted_at	timestamptz not null default now(),
	constraint login_attempt_pkey primary key (id),
	constraint login_attempt_world_value
	    check (world in ('customer', 'staff')),
	constraint login_attempt_name_length check (length(name) <= 254)
);
create index login_attempt_name_idx
    on login_attempt (world, lower(name), attempted_at desc);
create index login_attempt_attempted_at_idx on login_attempt (attempted_at);
select secure('login_attempt');

-- Every effect on the outside world, written with its cause.
create table outbox (
	id		uuid not null default gen_random_uuid(),
	channel		text not null default 'email',
	template	text not null,
	recipient	text not null,
	data		jsonb not null default '{}',
	customer_id	uuid,
	attachment_name	text,
	attachment_type	text,
	attachment	text,
	state		text not null default 'waiting',
	tries		integer not null default 0,
	due_at		timestamptz not null default now(),
	claimed_until	timestamptz,
	last_error	text,
	created_at	timestamptz not null default now(),
	sent_at		timestamptz,
	constraint outbox_pkey primary key (id),
	constraint outbox_channel_value check (channel in ('email')),
	constraint outbox_template_form check (template ~ '^[a-z][a-z-]{1,40}$'),
	constraint outbox_recipient_length
	    check (length(recipient) between 3 and 320),
	constraint outbox_customer_fkey foreign key (customer_id)
	    references customer,
	constraint outbox_state_value
	    check (state in ('waiting', 'sent', 'dead')),
	constraint outbox_tries_range check (tries >= 0),
	constraint outbox_sent_whole
	    check ((state = 'sent') = (sent_at is not null)),
	constraint outbox_attachment_whole check (num_nulls(attachment_name,
	    attachment_type, attachment) in (0, 3))
);
create index outbox_due_idx on outbox (due_at, id) where state = 'waiting';
create index outbox_dead_idx on outbox (created_at) where state = 'dead';
create index outbox_customer_idx on outbox (customer_id);
select secure('outbox');

create table audit_log (
	id		bigint generated always as identity,
	at		timestamptz not null default clock_timestamp(),
	staff_id	uuid not null,
	request_id	text,
	address		text,
	table_name	text not null,
	row_key		text not null,
	action		text not null,
	before		jsonb,
	after		jsonb,
	constraint audit_log_pkey primary key (id),
	constraint audit_log_staff_fkey foreign key (staff_id) references staff,
	constraint audit_log_action_value
	    check (action in ('INSERT', 'UPDATE', 'DELETE'))
);
create index audit_log_row_idx on audit_log (table_name, row_key, id);
create index audit_log_staff_idx on audit_log (staff_id, id);
select secure('audit_log');

-- Answers kept for a repeated Idempotency-Key.
create table kept_answer (
	owner		text not null,	-- account, guest or client address
	key		text not null,
	route		text not null,
	digest		text not null,	-- of the request's body
	status		integer,
	body		text,
	created_at	timestamptz not null default now(),
	constraint kept_answer_pkey primary key (owner, key),
	constraint kept_answer_key_length check (length(key) between 1 and 200),
	constraint kept_answer_status_range check (status between 200 and 299)
);
create index kept_answer_created_at_idx on kept_answer (created_at);
select secure('kept_answer');
