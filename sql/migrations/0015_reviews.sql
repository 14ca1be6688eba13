-- SPDX-License-Identifier: ISC
-- What buyers say of what they bought, and who found that helpful.

insert into permission (name, about) values
('reviews.read', 'See all reviews, those that wait among them'),
('reviews.write', 'Decide whether a review is shown');
insert into role_permission (role, permission)
select r, p from unnest(array['superadmin', 'admin', 'manager', 'crm',
    'service']) r, unnest(array['reviews.read', 'reviews.write']) p
union all
select r, 'reviews.read' from unnest(array['analyst', 'sales', 'agent']) r;

insert into setting (key, value, about) values
('switch.review_approval', 'on',
    'Whether reviews wait until staff approve them: on or off'),
('limit.review', '30/hour',
    'Reviews written or changed, by account or client address');

-- A customer's is known by the account, a guest's by the digest of the mail
-- address that the order came from.
create table review (
	id		uuid not null default gen_random_uuid(),
	number		bigint generated always as identity,
	product_id	uuid not null,
	order_line_id	uuid not null,
	customer_id	uuid,
	guest_digest	text,
	author		text not null,		-- as others read it
	stars		integer not null,
	title		text not null default '',
	text		text not null,
	state		text not null,
	reason		text not null default '',	-- of the decision
	helpful		integer not null default 0,	-- kept by its votes
	staff_id	uuid,
	decided_at	timestamptz,
	version		integer not null default 1,
	created_at	timestamptz not null default now(),
	edited_at	timestamptz,
	constraint review_pkey primary key (id),
	constraint review_number_key unique (number),
	constraint review_product_fkey foreign key (product_id)
	    references product,
	constraint review_order_line_fkey foreign key (order_line_id)
	    references order_line,
	constraint review_customer_fkey foreign key (customer_id)
	    references customer,
	constraint review_staff_fkey foreign key (staff_id)
	    references staff,
	constraint review_customer_key unique (customer_id, product_id),
	constraint review_guest_key unique (guest_digest, product_id),
	constraint review_owner
	    check (num_nonnulls(customer_id, guest_digest) = 1),
	constraint review_guest_form check (guest_digest ~ '^[0-9a-f]{64}$'),
	constraint review_author_form
	    check (length(author) <= 110 and one_line(author)),
	constraint review_stars_range check (stars between 1 and 5),
	constraint review_title_form
	    check (length(title) <= 120 and one_line(title)),
	constraint review_text_form check (length(text) between 1 and 5000
	    and text ~ '\S' and many_lines(text)),
	constraint review_state_value
	    check (state in ('pending', 'approved', 'rejected')),
	constraint review_reason_length check (length(reason) <= 1000),
	constraint review_rejected_why
	    check (state <> 'rejected' or reason <> ''),
	constraint review_helpful_range check (helpful >= 0)
);
-- One index for each order that readers choose, and one for who decides.
create index review_newest_idx on review (product_id, number desc)
    where state = 'approved';
create index review_helpful_idx on review
    (product_id, helpful desc, number desc) where state = 'approved';
create index review_stars_idx on review (product_id, stars, number desc)
    where state = 'approved';
create index review_highest_idx on review
    (product_id, stars desc, number desc) where state = 'approved';
create index review_state_idx on review (state, number);
create index review_product_idx on review (product_id, number);
create index review_order_line_idx on review (order_line_id);
create index review_staff_idx on review (staff_id)
    where staff_id is not null;
select secure('review');

create table review_picture (
	review_id	uuid not null,
	position	integer not null,
	picture_id	uuid not null,
	constraint review_picture_pkey primary key (review_id, position),
	constraint review_picture_key unique (review_id, picture_id),
	constraint review_picture_review_fkey foreign key (review_id)
	    references review on delete cascade,
	constraint review_picture_picture_fkey foreign key (picture_id)
	    references picture,
	constraint review_picture_position_range
	    check (position between 1 and 5)
);
create index review_picture_picture_idx on review_picture (picture_id);
select secure('review_picture');

create table review_vote (
	review_id	uuid not null,
	customer_id	uuid not null,
	at		timestamptz not null default now(),
	constraint review_vote_pkey primary key (review_id, customer_id),
	constraint review_vote_review_fkey foreign key (review_id)
	    references review on delete cascade,
	constraint review_vote_customer_fkey foreign key (customer_id)
	    references customer
);
create index review_vote_customer_idx on review_vote (customer_id);
select secure('review_vote');

-- How many of the approved ones gave each number of stars; product.rating
-- and review_count are written with it.
create table review_summary (
	product_id	uuid not null,
	counts		integer[] not null,	-- of 1 to 5 stars
	constraint review_summary_pkey primary key (product_id),
	constraint review_summary_product_fkey foreign key (product_id)
	    references product,
	constraint review_summary_counts_form check (cardinality(counts) = 5
	    and 0 <= all (counts))
);
select secure('review_summary');
