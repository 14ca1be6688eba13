-- SPDX-License-Identifier: ISC
-- Customers as staff know them: what they are found and sorted by, notes,
-- what staff are told, saved views, changes of many at once, doubles and what
-- became of those merged.

insert into setting (key, value, about) values
('desk.undo_minutes', '15',
    'Minutes in which a change of many customers at once can be undone'),
('desk.count_most', '10000',
    'Up to how many customers a list counts exactly'),
('limit.staff_export', '20/hour', 'Files of customers, by member of staff');

-- Words of staff for sorting customers; no customer sees them.
create function tags_sound(tags text[]) returns boolean
language sql immutable parallel safe as $$
	select cardinality(tags) <= 30 and not exists (select
	    from unnest(tags) t where t is null or length(t) not between 1
	    and 40 or t <> btrim(t) or not one_line(t) or t ~ '[,;|]')
$$;
alter table customer
    add column tags text[] not null default '{}',
    add constraint customer_tags_form check (tags_sound(tags));
create index customer_phone_idx on customer (phone) where phone is not null;

-- All by which lists filter and sort, a row a customer; kept by triggers.
-- Orders and spent are those neither cancelled nor failed, refunds taken off,
-- in the shop's currency.  A bit of `consents` is a purpose and a channel.
create table customer_figures (
	customer_id	uuid not null,
	number		bigint not null,
	name_key	text not null default '',
	state		text not null default 'active',
	verified	boolean not null default false,
	tier		text not null default 'bronze',
	country		char(2),	-- of the default address
	consents	integer not null default 0,
	tags		text[] not null default '{}',
	orders		integer not null default 0,
	spent		bigint not null default 0,
	last_order_at	timestamptz not null default '-infinity',
	registered_at	timestamptz not null,
	constraint customer_figures_pkey primary key (customer_id),
	constraint customer_figures_customer_fkey foreign key (customer_id)
	    references customer on delete cascade,
	constraint customer_figures_number_key unique (number)
) with (fillfactor = 80);
create index customer_figures_newest_idx
    on customer_figures (registered_at, number);
create index customer_figures_name_idx on customer_figures (name_key, number);
create index customer_figures_spent_idx on customer_figures (spent, number);
create index customer_figures_orders_idx
    on customer_figures (orders, number);
create index customer_figures_last_idx
    on customer_figures (last_order_at, number);
create index customer_figures_tier_idx on customer_figures
    (tier, registered_at, number) where tier <> 'bronze';
create index customer_figures_state_idx on customer_figures
    (state, registered_at, number) where state <> 'active';
create index customer_figures_country_idx on customer_figures
    (country, registered_at, number);
create index customer_figures_tags_idx on customer_figures using gin (tags)
    where tags <> '{}';
select secure('customer_figures');

-- What customers are found by: name, mail, username, phone and #number, in
-- small letters and without accents, a blank before each word.
create table customer_words (
	customer_id	uuid not null,
	words		text not null,
	constraint customer_words_pkey primary key (customer_id),
	constraint customer_words_customer_fkey foreign key (customer_id)
	    references customer on delete cascade
);
create index customer_words_idx on customer_words
    using gin (words gin_trgm_ops);
alter table customer_words alter column words set statistics 1000;
select secure('customer_words');

-- Each word of a name once: what a misspelt one is looked for among.
create table customer_word (
	word		text not null,
	constraint customer_word_pkey primary key (word)
);
create index customer_word_idx on customer_word using gin (word gin_trgm_ops);
select secure('customer_word');

create table customer_note (
	id		uuid not null default gen_random_uuid(),
	customer_id	uuid not null,
	staff_id	uuid not null,
	text		text not null,
	pinned		boolean not null default false,
	mentions	uuid[] not null default '{}',	-- of staff
	version		integer not null default 1,
	created_at	timestamptz not null default clock_timestamp(),
	edited_at	timestamptz,
	constraint customer_note_pkey primary key (id),
	constraint customer_note_customer_fkey foreign key (customer_id)
	    references customer,
	constraint customer_note_staff_fkey foreign key (staff_id)
	    references staff,
	constraint customer_note_text_form check (length(text)
	    between 1 and 10000 and text ~ '\S' and many_lines(text)),
	constraint customer_note_mentions_size
	    check (cardinality(mentions) <= 20)
);
create index customer_note_customer_idx
    on customer_note (customer_id, created_at desc, id desc);
create index customer_note_pinned_idx on customer_note (customer_id)
    where pinned;
create index customer_note_staff_idx on customer_note (staff_id);
select secure('customer_note');

-- What a member of staff is told within the panel; see notify_staff().
create table staff_notification (
	id		uuid not null default gen_random_uuid(),
	staff_id	uuid not null,
	kind		text not null,
	data		jsonb not null default '{}',
	created_at	timestamptz not null default clock_timestamp(),
	read_at		timestamptz,
	constraint staff_notification_pkey primary key (id),
	constraint staff_notification_staff_fkey foreign key (staff_id)
	    references staff on delete cascade,
	constraint staff_notification_kind_form
	    check (kind ~ '^[a-z][a-z_]{1,40}$'),
	constraint staff_notification_data_form check (
	    jsonb_typeof(data) = 'object' and length(data::text) <= 4000)
);
create index staff_notification_staff_idx
    on staff_notification (staff_id, created_at desc, id desc);
create index staff_notification_unread_idx on staff_notification (staff_id)
    where read_at is null;
select secure('staff_notification');

-- A list as somebody narrowed it: the panel's lists each have a name.
create table saved_view (
	id		uuid not null default gen_random_uuid(),
	staff_id	uuid not null,
	list		text not null,
	name		text not null,
	shared		boolean not null default false,
	filters		jsonb not null default '{}',
	columns		text[] not null default '{}',
	sort		text,
	version		integer not null default 1,
	created_at	timestamptz not null default now(),
	updated_at	timestamptz not null default now(),
	constraint saved_view_pkey primary key (id),
	constraint saved_view_staff_fkey foreign key (staff_id)
	    references staff on delete cascade,
	constraint saved_view_list_form check (list ~ '^[a-z][a-z_]{1,30}$'),
	constraint saved_view_name_form check (length(name) between 1 and 100
	    and name = btrim(name) and one_line(name)),
	constraint saved_view_filters_form check (
	    jsonb_typeof(filters) = 'object'
	    and length(filters::text) <= 4000),
	constraint saved_view_columns_size check (cardinality(columns) <= 30),
	constraint saved_view_sort_form check (sort ~ '^[a-z_]{1,30}$')
);
create unique index saved_view_name_key
    on saved_view (staff_id, list, lower(name));
create index saved_view_shared_idx on saved_view (list) where shared;
select secure('saved_view');

-- A change of many at once, and what it found: enough to take it back.
create table bulk_change (
	id		uuid not null default gen_random_uuid(),
	staff_id	uuid not null,
	action		text not null,
	tag		text,
	made_at		timestamptz not null default now(),
	undo_until	timestamptz not null,
	undone_at	timestamptz,
	constraint bulk_change_pkey primary key (id),
	constraint bulk_change_staff_fkey foreign key (staff_id)
	    references staff on delete cascade,
	constraint bulk_change_action_value check (action in
	    ('activate', 'deactivate', 'tag', 'untag')),
	constraint bulk_change_tag_whole
	    check ((action in ('tag', 'untag')) = (tag is not null))
);
create index bulk_change_staff_idx on bulk_change (staff_id);
create index bulk_change_made_at_idx on bulk_change (made_at);
select secure('bulk_change');

create table bulk_change_row (
	change_id	uuid not null,
	customer_id	uuid not null,
	version		integer not null,	-- as the change left it
	constraint bulk_change_row_pkey primary key (change_id, customer_id),
	constraint bulk_change_row_change_fkey foreign key (change_id)
	    references bulk_change on delete cascade,
	constraint bulk_change_row_customer_fkey foreign key (customer_id)
	    references customer on delete cascade
);
create index bulk_change_row_customer_idx on bulk_change_row (customer_id);
select secure('bulk_change_row');

-- Two who may be one.  Somebody may have said that they are not.
create table customer_double (
	a		uuid not null,
	b		uuid not null,
	reasons		text[] not null,
	found_at	timestamptz not null default now(),
	refused_at	timestamptz,
	refused_by	uuid,
	constraint customer_double_pkey primary key (a, b),
	constraint customer_double_a_fkey foreign key (a)
	    references customer on delete cascade,
	constraint customer_double_b_fkey foreign key (b)
	    references customer on delete cascade,
	constraint customer_double_staff_fkey foreign key (refused_by)
	    references staff,
	constraint customer_double_order check (a < b),
	constraint customer_double_reasons_value check (
	    cardinality(reasons) > 0
	    and reasons <@ array['email', 'phone', 'address'])
);
create index customer_double_b_idx on customer_double (b);
create index customer_double_staff_idx on customer_double (refused_by)
    where refused_by is not null;
create index customer_double_open_idx on customer_double (found_at, a, b)
    where refused_at is null;
select secure('customer_double');

-- By what doubles are found.
create function normal_address(line text, postcode text, country text)
returns text language plpgsql immutable parallel safe as $$
begin
	return regexp_replace(duka.plain(line), '[^[:alnum:]]+', '', 'g') ||
	    ' ' || regexp_replace(duka.plain(coalesce(postcode, '')),
	    '[^[:alnum:]]+', '', 'g') || ' ' || country;
end
$$;
create function mailbox_key(email text) returns text
language sql immutable parallel safe as $$
	select regexp_replace(lower(email), '\+[^@]*@', '@')
$$;
create index customer_mailbox_idx on customer (mailbox_key(email));
create index customer_address_place_idx on customer_address
    (normal_address(line1, postcode, country));
grant execute on function tags_sound(text[]), mailbox_key(text),
    normal_address(text, text, text) to duka_worker;

-- Where an account that was merged into another went.
create table customer_merge (
	id		uuid not null,		-- of the one that is gone
	into_id		uuid not null,
	number		bigint not null,
	staff_id	uuid not null,
	counts		jsonb not null default '{}',	-- what moved
	merged_at	timestamptz not null default now(),
	constraint customer_merge_pkey primary key (id),
	constraint customer_merge_customer_fkey foreign key (id)
	    references customer,
	constraint customer_merge_into_fkey foreign key (into_id)
	    references customer,
	constraint customer_merge_staff_fkey foreign key (staff_id)
	    references staff,
	constraint customer_merge_other check (id <> into_id)
);
create index customer_merge_into_idx on customer_merge (into_id);
create index customer_merge_staff_idx on customer_merge (staff_id);
select secure('customer_merge');
alter table customer_session drop constraint customer_session_end_reason_value,
    add constraint customer_session_end_reason_value check (end_reason in
	('logout', 'logout_everywhere', 'revoked', 'reuse', 'password',
	'erased', 'disabled', 'expired', 'merged'));

-- What a customer's timeline is made of: each kind a view timeline_KIND
-- (customer_id, at, key, staff_id, data), and the permission it needs.
create table timeline_kind (
	kind		text not null,
	permission	text not null,
	constraint timeline_kind_pkey primary key (kind),
	constraint timeline_kind_permission_fkey foreign key (permission)
	    references permission,
	constraint timeline_kind_form check (kind ~ '^[a-z][a-z_]{1,30}$')
);
select secure('timeline_kind');
insert into timeline_kind (kind, permission) values
('registered', 'customers.read'),
('note', 'customers.read'),
('consent', 'customers.read'),
('sign_in', 'customers.read'),
('cart', 'customers.read'),
('view', 'customers.read'),
('mail', 'customers.read'),
('merge', 'customers.read'),
('order', 'orders.read'),
('order_event', 'orders.read'),
('points', 'loyalty.read'),
('message', 'messages.read'),
('review', 'reviews.read'),
('change', 'audit.read');

create index cart_customer_idx on cart (customer_id, updated_at desc)
    where customer_id is not null;
create index outbox_customer_at_idx on outbox (customer_id, created_at desc)
    where customer_id is not null;
create index consent_customer_at_idx on consent (customer_id, at desc);
create index points_entry_customer_at_idx
    on points_entry (customer_id, at desc);
create index review_customer_at_idx on review (customer_id, created_at desc)
    where customer_id is not null;
create index login_attempt_customer_idx
    on login_attempt (account_id, attempted_at desc)
    where world = 'customer' and succeeded;
create index audit_log_customer_idx on audit_log ((row_key::uuid), at desc)
    where table_name = 'customer';

-- Lines of a file that is being taken in, as product_import.
create table customer_import (
	line		integer generated always as identity,
	number		text,
	email		text,
	username	text,
	given_name	text,
	family_name	text,
	phone		text,
	date_of_birth	text,
	gender		text,
	language	text,
	state		text,
	email_verified	text,
	tags		text,
	customer_id	uuid,
	constraint customer_import_pkey primary key (line)
);
create index customer_import_customer_idx on customer_import (customer_id);
select secure('customer_import');

create table customer_import_fault (
	line		integer not null,
	field		text not null,
	message		text not null,
	constraint customer_import_fault_pkey primary key (line, field)
);
select secure('customer_import_fault');

-- Those who are there already; what is applied after this keeps them.
insert into customer_figures (customer_id, number, registered_at)
select c.id, c.number, c.created_at from customer c;
insert into customer_words (customer_id, words)
select c.id, '' from customer c;
