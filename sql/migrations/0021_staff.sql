-- SPDX-License-Identifier: ISC
-- Members of staff: a second factor, invitations, sessions that end when
-- nobody works, keys for programs; the audit log is written and never
-- changed.

insert into permission (name, about) values
('staff.enroll', 'Sign out, and set up the second factor');
insert into role_permission (role, permission)
select name, 'staff.enroll' from role;

insert into setting (key, value, about) values
('staff.idle_minutes', '60',
    'Minutes without a request after which staff sign in again, from 5'),
('staff.session_hours', '12',
    'Hours after which staff sign in again in any case, 1 to 168'),
('limit.login_code', '20/hour',
    'Codes of the second factor, by member of staff');

alter table role
	add column totp_required boolean not null default false,
	add column shipped boolean not null default false,
	add column version integer not null default 1,
	add constraint role_about_length check (length(about) <= 200);
update role set shipped = true;

-- joined_at: when the first password was chosen; until then the member is
-- only invited.  totp_at: since when there is a second factor.
alter table staff
	add column joined_at timestamptz,
	add column totp_at timestamptz;
update staff s set joined_at = p.changed_at
from staff_password p where p.staff_id = s.id;

alter table staff_session
	add column idle_until timestamptz not null
	    default now() + interval '60 minutes';

-- The secret that member and shop share, in base32, and the last step of
-- time that a code was taken of.
create table staff_totp (
	staff_id	uuid not null,
	secret		text not null,
	created_at	timestamptz not null default now(),
	last_step	bigint not null default 0,
	constraint staff_totp_pkey primary key (staff_id),
	constraint staff_totp_staff_fkey foreign key (staff_id)
	    references staff on delete cascade,
	constraint staff_totp_secret_form check (secret ~ '^[A-Z2-7]{32}$')
);
select secure('staff_totp');

create table staff_recovery (
	staff_id	uuid not null,
	digest		text not null,
	used_at		timestamptz,
	constraint staff_recovery_pkey primary key (staff_id, digest),
	constraint staff_recovery_staff_fkey foreign key (staff_id)
	    references staff on delete cascade,
	constraint staff_recovery_digest_form check (digest ~ '^[0-9a-f]{64}$')
);
select secure('staff_recovery');

-- Who has said the password and owes the code.
create table staff_challenge (
	digest		text not null,
	staff_id	uuid not null,
	tries		integer not null default 0,
	created_at	timestamptz not null default now(),
	expires_at	timestamptz not null default now() + interval '5 minutes',
	constraint staff_challenge_pkey primary key (digest),
	constraint staff_challenge_staff_fkey foreign key (staff_id)
	    references staff on delete cascade,
	constraint staff_challenge_digest_form
	    check (digest ~ '^[0-9a-f]{64}$'),
	constraint staff_challenge_tries_range check (tries between 0 and 5)
);
create index staff_challenge_staff_idx on staff_challenge (staff_id);
create index staff_challenge_expires_at_idx on staff_challenge (expires_at);
select secure('staff_challenge');

-- What links in mails carry.
create table staff_token (
	digest		text not null,
	staff_id	uuid not null,
	purpose		text not null,
	created_at	timestamptz not null default now(),
	expires_at	timestamptz not null,
	used_at		timestamptz,
	constraint staff_token_pkey primary key (digest),
	constraint staff_token_staff_fkey foreign key (staff_id)
	    references staff on delete cascade,
	constraint staff_token_purpose_value
	    check (purpose in ('invite', 'reset_password')),
	constraint staff_token_digest_form check (digest ~ '^[0-9a-f]{64}$')
);
create index staff_token_staff_idx on staff_token (staff_id);
select secure('staff_token');

-- Keys for programs.  A key may what it was given and its owner still may.
create table api_key (
	id		uuid not null default gen_random_uuid(),
	staff_id	uuid not null,
	name		text not null,
	prefix		text not null,
	digest		text not null,
	permissions	text[] not null,
	created_at	timestamptz not null default now(),
	expires_at	timestamptz,
	used_at		timestamptz,
	revoked_at	timestamptz,
	constraint api_key_pkey primary key (id),
	constraint api_key_staff_fkey foreign key (staff_id) references staff,
	constraint api_key_digest_key unique (digest),
	constraint api_key_digest_form check (digest ~ '^[0-9a-f]{64}$'),
	constraint api_key_name_length check (length(name) between 1 and 100),
	constraint api_key_prefix_form
	    check (prefix ~ '^duka_[A-Za-z0-9_-]{6}$'),
	constraint api_key_permissions_some
	    check (cardinality(permissions) between 1 and 200)
);
create index api_key_staff_idx on api_key (staff_id);
create index api_key_created_at_idx on api_key (created_at desc, id desc);
select secure('api_key');

alter table login_attempt
	add column outcome text,
	add constraint login_attempt_outcome_value check (outcome in
	    ('code_asked', 'code', 'code_wrong', 'recovery_code'));
create index login_attempt_staff_idx on login_attempt (id)
    where world = 'staff';

-- key_id: the program that did it, for its owner.  redacted: words about a
-- customer were taken out when the customer was erased.
alter table audit_log
	add column key_id uuid,
	add column redacted boolean not null default false,
	add constraint audit_log_key_fkey foreign key (key_id)
	    references api_key;
create index audit_log_at_idx on audit_log (at);
create index audit_log_request_idx on audit_log (request_id, id);
create index audit_log_key_idx on audit_log (key_id, id)
    where key_id is not null;
