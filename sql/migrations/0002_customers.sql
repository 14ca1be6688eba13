-- SPDX-License-Identifier: ISC
-- What a customer keeps with the shop: addresses, consents; and what the
-- doors of accounts must remember.

insert into setting (key, value, about) values
('switch.login_unverified', 'on',
    'Whether customers may sign in before their address is verified: on or off');

alter table customer add constraint customer_dietary_value check (dietary <@
    array['vegetarian', 'vegan', 'pescatarian', 'halal', 'kosher',
    'gluten_free', 'lactose_free', 'nut_free', 'low_sugar', 'low_salt',
    'low_fat', 'organic', 'fair_trade', 'other']);

create table customer_address (
	id		uuid not null default gen_random_uuid(),
	customer_id	uuid not null,
	label		text not null default '',
	name		text not null,
	company		text,
	line1		text not null,
	line2		text,
	city		text not null,
	region		text,
	postcode	text,
	country		char(2) not null,
	phone		text,
	is_default_shipping boolean not null default false,
	is_default_billing boolean not null default false,
	version		integer not null default 1,
	created_at	timestamptz not null default clock_timestamp(),
	updated_at	timestamptz not null default clock_timestamp(),
	constraint customer_address_pkey primary key (id),
	constraint customer_address_customer_fkey foreign key (customer_id)
	    references customer on delete cascade,
	constraint customer_address_label_length check (length(label) <= 50),
	constraint customer_address_name_length
	    check (length(name) between 1 and 200),
	constraint customer_address_company_length
	    check (length(company) <= 200),
	constraint customer_address_line1_length
	    check (length(line1) between 1 and 200),
	constraint customer_address_line2_length check (length(line2) <= 200),
	constraint customer_address_city_length
	    check (length(city) between 1 and 100),
	constraint customer_address_region_length
	    check (length(region) <= 100),
	constraint customer_address_postcode_form
	    check (postcode ~ '^[A-Za-z0-9][A-Za-z0-9 -]{0,10}[A-Za-z0-9]?$'),
	constraint customer_address_country_form
	    check (country ~ '^[A-Z]{2}$'),
	constraint customer_address_phone_form
	    check (phone ~ '^\+[1-9][0-9]{5,14}$')
);
create index customer_address_customer_idx
    on customer_address (customer_id, created_at, id);
-- One default of each kind at most; the functions see to one at least.
create unique index customer_address_shipping_key
    on customer_address (customer_id) where is_default_shipping;
create unique index customer_address_billing_key
    on customer_address (customer_id) where is_default_billing;
select secure('customer_address');

-- What a customer agreed to, and when no longer: the latest row rules.
create table consent (
	id		bigint generated always as identity,
	customer_id	uuid not null,
	purpose		text not null,
	channel		text not null,
	given		boolean not null,
	source		text not null,
	text_digest	text,		-- SHA-256 of the words that were shown
	address		inet,
	at		timestamptz not null default clock_timestamp(),
	constraint consent_pkey primary key (id),
	constraint consent_customer_fkey foreign key (customer_id)
	    references customer,
	constraint consent_purpose_value
	    check (purpose in ('marketing', 'reminders', 'surveys')),
	constraint consent_channel_value
	    check (channel in ('email', 'sms', 'push')),
	constraint consent_source_value check (source in ('account',
	    'registration', 'checkout', 'app', 'unsubscribe', 'erased')),
	constraint consent_digest_form check (text_digest ~ '^[0-9a-f]{64}$'),
	-- Who agrees has been shown to what.
	constraint consent_given_shown
	    check (not given or text_digest is not null)
);
create index consent_latest_idx
    on consent (customer_id, purpose, channel, id desc);
create index consent_customer_idx on consent (customer_id, id desc);
select secure('consent');

-- Digests of addresses that get no more mail of the kind that asks for
-- consent, though nobody of that address is known any longer.
create table suppressed_address (
	digest		text not null,
	reason		text not null,
	at		timestamptz not null default now(),
	constraint suppressed_address_pkey primary key (digest),
	constraint suppressed_address_digest_form
	    check (digest ~ '^[0-9a-f]{64}$'),
	constraint suppressed_address_reason_value
	    check (reason in ('erased', 'unsubscribed', 'bounced'))
);
select secure('suppressed_address');

-- Each time that somebody asked for a mail to an address, known or not: both
-- write one row, so that neither takes longer.
create table mail_request (
	id		bigint generated always as identity,
	digest		text not null,	-- of the address
	purpose		text not null,
	address		inet,		-- of who asked
	requested_at	timestamptz not null default now(),
	constraint mail_request_pkey primary key (id),
	constraint mail_request_digest_form check (digest ~ '^[0-9a-f]{64}$'),
	constraint mail_request_purpose_value
	    check (purpose in ('register', 'verify_email', 'reset_password'))
);
create index mail_request_requested_at_idx on mail_request (requested_at);
select secure('mail_request');

create index login_attempt_account_idx on login_attempt (account_id, id)
    where account_id is not null;
create index customer_session_ended_at_idx on customer_session (ended_at)
    where ended_at is not null;
create index customer_session_expires_at_idx
    on customer_session (expires_at);
