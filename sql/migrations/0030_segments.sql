-- SPDX-License-Identifier: ISC
-- Groups of customers by rules; promotions for them; and which orders each
-- promotion gave something to.

-- `rules` are data of a fixed vocabulary (segment_vocabulary()).  A snapshot
-- keeps the members it was made with; a living one is reckoned anew.
create table segment (
	id		uuid not null default gen_random_uuid(),
	name		text not null,
	about		text not null default '',
	kind		text not null default 'living',
	rules		jsonb not null,
	members		integer not null default 0,
	computed_at	timestamptz,
	version		integer not null default 1,
	created_at	timestamptz not null default now(),
	updated_at	timestamptz not null default now(),
	constraint segment_pkey primary key (id),
	constraint segment_name_form check (length(name) between 1 and 100
	    and name = btrim(name) and one_line(name)),
	constraint segment_about_length check (length(about) <= 1000),
	constraint segment_kind_value check (kind in ('living', 'snapshot')),
	constraint segment_rules_form check (jsonb_typeof(rules) = 'object'
	    and pg_column_size(rules) <= 32768),
	constraint segment_members_range check (members >= 0)
);
create unique index segment_name_key on segment (lower(name));
select secure('segment');

-- Who is in it, as far as it was reckoned.  A million rows are written at
-- once, so nothing is looked up for each: customers are never deleted, and
-- forget_segments() takes out whom the shop forgets.
create table segment_member (
	segment_id	uuid not null,
	customer_id	uuid not null,
	constraint segment_member_pkey primary key (segment_id, customer_id)
);
select secure('segment_member');

alter table promotion
    add column segment_id uuid,
    add column version integer not null default 1,
    add column updated_at timestamptz not null default now(),
    add constraint promotion_segment_fkey foreign key (segment_id)
	references segment;
create index promotion_segment_idx on promotion (segment_id)
    where segment_id is not null;
create index promotion_created_at_idx on promotion (created_at desc, id desc);

-- Codes made at once have one batch.
alter table coupon
    add column batch uuid,
    add column version integer not null default 1,
    add column updated_at timestamptz not null default now();
create index coupon_batch_idx on coupon (batch) where batch is not null;

-- Written with the order; what is in it was used and keeps its effect.
create table promotion_use (
	promotion_id	uuid not null,
	order_id	uuid not null,
	amount		bigint not null,
	at		timestamptz not null default now(),
	constraint promotion_use_pkey primary key (promotion_id, order_id),
	constraint promotion_use_promotion_fkey foreign key (promotion_id)
	    references promotion,
	constraint promotion_use_order_fkey foreign key (order_id)
	    references customer_order,
	constraint promotion_use_amount_range check (amount >= 0)
);
create index promotion_use_order_idx on promotion_use (order_id);
create index promotion_use_at_idx
    on promotion_use (promotion_id, at desc, order_id);
select secure('promotion_use');

insert into promotion_use (promotion_id, order_id, amount, at)
select p.id, o.id, sum((d #>> '{amount,amount}')::bigint), o.placed_at
from customer_order o, jsonb_array_elements(o.quote -> 'discounts') d,
    promotion p
where p.id = (d ->> 'promotion_id')::uuid
group by p.id, o.id;
