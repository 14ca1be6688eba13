-- SPDX-License-Identifier: ISC
-- What customers are told of and how, and their conversations with the shop.

insert into permission (name, about) values
('messages.read', 'See conversations with customers'),
('messages.write', 'Answer customers, close and reopen conversations');
insert into role_permission (role, permission)
select r, p from unnest(array['superadmin', 'admin', 'manager', 'crm',
    'service', 'agent']) r,
    unnest(array['messages.read', 'messages.write']) p;

insert into setting (key, value, about) values
('limit.contact', '5/hour',
    'Messages by the contact form, by account or client address'),
('limit.message', '60/hour', 'Answers of one customer in conversations'),
('keep.notification_days', '180',
    'Days for which notices that were read are kept; others four times that'),
('keep.contact_days', '730',
    'Days for which closed conversations with guests are kept');

-- What there is to be told of.  `mail` says whether a kind is mailed: always
-- (by whoever causes it, and nobody turns that off), or as the customer
-- chooses.  Where a template is named notify_customer() writes that mail; a
-- purpose needs the customer's consent as well, when it is sent.
create table notification_kind (
	kind		text not null,
	position	integer not null,
	mail		text not null,
	template	text,
	purpose		text,
	-- What holds until the customer says otherwise.
	in_app		boolean not null default true,
	email		boolean not null,
	constraint notification_kind_pkey primary key (kind),
	constraint notification_kind_position_key unique (position),
	constraint notification_kind_form check (kind ~ '^[a-z][a-z_]{1,30}$'),
	constraint notification_kind_mail_value
	    check (mail in ('always', 'choice')),
	constraint notification_kind_template_form
	    check (template ~ '^[a-z][a-z-]{1,40}$'),
	constraint notification_kind_purpose_value
	    check (purpose in ('marketing', 'reminders', 'surveys')),
	constraint notification_kind_always check (mail <> 'always'
	    or (email and template is null and purpose is null))
);
select secure('notification_kind');

insert into notification_kind (kind, position, mail, template, purpose,
    email) values
('order_moved', 1, 'always', null, null, true),
('return_moved', 2, 'always', null, null, true),
('reply', 3, 'choice', 'message-reply', null, true),
('points', 4, 'choice', 'points-moved', null, false),
('review', 5, 'choice', 'review-decided', null, true),
('back_in_stock', 6, 'choice', null, 'marketing', true),
('price_drop', 7, 'choice', null, 'marketing', true);

create table notification (
	id		uuid not null default gen_random_uuid(),
	customer_id	uuid not null,
	kind		text not null,
	data		jsonb not null default '{}',
	created_at	timestamptz not null default clock_timestamp(),
	read_at		timestamptz,
	constraint notification_pkey primary key (id),
	constraint notification_customer_fkey foreign key (customer_id)
	    references customer,
	constraint notification_kind_fkey foreign key (kind)
	    references notification_kind,
	constraint notification_data_form check (jsonb_typeof(data) = 'object'
	    and length(data::text) <= 4000)
);
create index notification_customer_idx
    on notification (customer_id, created_at desc, id desc);
-- The count of the unread is this index alone.
create index notification_unread_idx on notification (customer_id)
    where read_at is null;
create index notification_created_at_idx on notification (created_at);
select secure('notification');

-- Only what differs from the kind's own standard has a row.
create table notification_preference (
	customer_id	uuid not null,
	kind		text not null,
	channel		text not null,
	wanted		boolean not null,
	updated_at	timestamptz not null default now(),
	constraint notification_preference_pkey
	    primary key (customer_id, kind, channel),
	constraint notification_preference_customer_fkey
	    foreign key (customer_id) references customer,
	constraint notification_preference_kind_fkey foreign key (kind)
	    references notification_kind,
	constraint notification_preference_channel_value
	    check (channel in ('in_app', 'email'))
);
select secure('notification_preference');

-- A mail for a purpose: whether its customer still agrees is asked again
-- when it is sent.
alter table outbox
    add column purpose text,
    add constraint outbox_purpose_value
	check (purpose in ('marketing', 'reminders', 'surveys')),
    add constraint outbox_purpose_whole
	check (purpose is null or customer_id is not null);

-- Words of one line, and words of many: no control characters but, in the
-- latter, tabs and ends of lines.
create function one_line(words text) returns boolean
language sql immutable parallel safe as $$
	select words !~ '[\x01-\x1f\x7f-\x9f\u2028\u2029]'
$$;
create function many_lines(words text) returns boolean
language sql immutable parallel safe as $$
	select words !~ '[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]'
$$;
grant execute on function one_line(text), many_lines(text) to duka_worker;

create sequence conversation_number start with 1001;

-- A guest's is known by the mail address; a customer's belongs to the
-- account and tells no other address.
create table conversation (
	id		uuid not null default gen_random_uuid(),
	number		text not null
	    default 'M-' || nextval('conversation_number'),
	customer_id	uuid,
	email		text,
	name		text not null,
	subject		text not null,
	order_number	text,		-- as the writer said it
	state		text not null default 'open',
	last_number	integer not null default 0,
	last_author	text not null default 'customer',
	last_at		timestamptz not null default now(),
	created_at	timestamptz not null default now(),
	closed_at	timestamptz,
	version		integer not null default 1,
	constraint conversation_pkey primary key (id),
	constraint conversation_number_key unique (number),
	constraint conversation_customer_fkey foreign key (customer_id)
	    references customer,
	constraint conversation_owner
	    check ((customer_id is null) = (email is not null)),
	constraint conversation_email_form
	    check (email ~ '^[^@\s]{1,64}@[^@\s]{1,190}$'),
	constraint conversation_name_form
	    check (length(name) <= 200 and one_line(name)),
	constraint conversation_subject_form check (length(subject)
	    between 1 and 200 and one_line(subject)),
	constraint conversation_order_number_form
	    check (order_number ~ '^[A-Za-z0-9-]{1,30}$'),
	constraint conversation_state_value
	    check (state in ('open', 'closed')),
	constraint conversation_closed_whole
	    check ((state = 'closed') = (closed_at is not null)),
	constraint conversation_last_number_range
	    check (last_number between 0 and 1000),
	constraint conversation_last_author_value
	    check (last_author in ('customer', 'staff'))
);
create index conversation_last_at_idx
    on conversation (last_at desc, id desc);
create index conversation_waiting_idx on conversation (last_at desc, id desc)
    where state = 'open' and last_author = 'customer';
create index conversation_customer_idx
    on conversation (customer_id, last_at desc, id desc)
    where customer_id is not null;
create index conversation_email_idx on conversation (lower(email), created_at)
    where email is not null;
create index conversation_closed_at_idx on conversation (closed_at)
    where state = 'closed' and customer_id is null;
select secure('conversation');

-- Numbered within the conversation, without a gap.
create table message (
	id		uuid not null default gen_random_uuid(),
	conversation_id	uuid not null,
	number		integer not null,
	author		text not null,
	staff_id	uuid,
	text		text not null,
	at		timestamptz not null default clock_timestamp(),
	constraint message_pkey primary key (id),
	constraint message_number_key unique (conversation_id, number),
	constraint message_conversation_fkey foreign key (conversation_id)
	    references conversation on delete cascade,
	constraint message_staff_fkey foreign key (staff_id) references staff,
	constraint message_number_range check (number between 1 and 1000),
	constraint message_author_value
	    check (author in ('customer', 'staff')),
	constraint message_author_whole
	    check ((author = 'staff') = (staff_id is not null)),
	constraint message_text_form check (length(text) between 1 and 5000
	    and many_lines(text))
);
create index message_staff_idx on message (staff_id);
select secure('message');
