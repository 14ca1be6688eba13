-- SPDX-License-Identifier: ISC
-- Points, tiers and rewards; what a cart means to spend of them; gifts among
-- the promotions' effects.

insert into permission (name, about) values
('loyalty.read', 'See points and tiers of customers, and all rewards'),
('loyalty.write', 'Adjust points, change rewards and tiers');
insert into role_permission (role, permission)
select r, p from unnest(array['superadmin', 'admin', 'manager', 'crm']) r,
    unnest(array['loyalty.read', 'loyalty.write']) p
union all
select r, 'loyalty.read' from unnest(array['analyst', 'service', 'agent']) r;

insert into setting (key, value, about) values
('loyalty.bonus_review', '50', 'Points for an approved review; 0: none'),
('loyalty.expiry_months', '12',
    'Months without a movement after which all points expire'),
('loyalty.notice_days', '30', 'Days before it that the mail goes out');

-- Reached by points earned within twelve months.
create table loyalty_tier (
	code		text not null,
	name		text not null,
	points		integer not null,
	multiplier	numeric(4, 2) not null,
	advantages	text[] not null default '{}',
	version		integer not null default 1,
	updated_at	timestamptz not null default now(),
	constraint loyalty_tier_pkey primary key (code),
	constraint loyalty_tier_points_key unique (points),
	constraint loyalty_tier_code_form check (code ~ '^[a-z]{2,20}$'),
	constraint loyalty_tier_name_length
	    check (length(name) between 1 and 50),
	constraint loyalty_tier_points_range
	    check (points between 0 and 100000000),
	-- Where everybody begins.
	constraint loyalty_tier_first check ((code = 'bronze') = (points = 0)),
	constraint loyalty_tier_multiplier_range
	    check (multiplier between 1 and 10),
	constraint loyalty_tier_advantages_size
	    check (cardinality(advantages) <= 20)
);
select secure('loyalty_tier');

insert into loyalty_tier (code, name, points, multiplier, advantages) values
('bronze', 'Bronze', 0, 1, '{"1 point for each whole unit of money spent"}'),
('silver', 'Silver', 500, 1.25,
    '{"A quarter more points", "Rewards for Silver"}'),
('gold', 'Gold', 1500, 1.5, '{"Half as many points again",
    "Rewards for Gold", "Early notice of offers"}'),
('platinum', 'Platinum', 5000, 2, '{"Twice the points",
    "Rewards for Platinum", "Answers before others"}'),
('diamond', 'Diamond', 10000, 2.5, '{"Two and a half times the points",
    "All rewards", "A person of your own to ask"}');

-- One row a customer who ever had points.  Its lock is taken after the
-- order's and before coupons'; `balance` is the ledger's sum.
create table points_account (
	customer_id	uuid not null,
	balance		bigint not null default 0,
	tier		text not null default 'bronze',
	tier_since	timestamptz not null default now(),
	tier_reviewed	date not null default current_date,
	moved_at	timestamptz not null default now(),
	warned_at	timestamptz,
	constraint points_account_pkey primary key (customer_id),
	constraint points_account_customer_fkey foreign key (customer_id)
	    references customer,
	constraint points_account_tier_fkey foreign key (tier)
	    references loyalty_tier
);
create index points_account_moved_at_idx on points_account (moved_at)
    where balance > 0;
create index points_account_reviewed_idx on points_account (tier_reviewed)
    where tier <> 'bronze';
create index points_account_tier_idx on points_account (tier);
select secure('points_account');

-- Points that came together; a lot goes below zero where an order's points
-- were spent before its goods came back.
create table points_lot (
	id		bigint generated always as identity,
	customer_id	uuid not null,
	points		integer not null,
	left_points	integer not null default 0,
	made_at		timestamptz not null default now(),
	constraint points_lot_pkey primary key (id),
	constraint points_lot_customer_fkey foreign key (customer_id)
	    references points_account,
	constraint points_lot_points_range
	    check (points between 1 and 1000000000),
	constraint points_lot_left_range check (left_points <= points)
);
create index points_lot_customer_idx
    on points_lot (customer_id, made_at, id);
select secure('points_lot');

-- The ledger.  It only grows.
create table points_entry (
	id		bigint generated always as identity,
	customer_id	uuid not null,
	kind		text not null,
	points		integer not null,
	balance		bigint not null,	-- after it
	order_id	uuid,
	reference	text,			-- of a bonus: what it is for
	reason		text not null default '',
	staff_id	uuid,
	at		timestamptz not null default now(),
	constraint points_entry_pkey primary key (id),
	constraint points_entry_customer_fkey foreign key (customer_id)
	    references points_account,
	constraint points_entry_order_fkey foreign key (order_id)
	    references customer_order,
	constraint points_entry_staff_fkey foreign key (staff_id)
	    references staff,
	constraint points_entry_kind_value check (kind in ('earn', 'bonus',
	    'adjust', 'redeem', 'return', 'reverse', 'expire')),
	constraint points_entry_sign check (case
	    when kind in ('earn', 'bonus', 'return') then points > 0
	    when kind in ('redeem', 'reverse', 'expire') then points < 0
	    else points <> 0 end),
	constraint points_entry_points_range
	    check (points between -1000000000 and 1000000000),
	-- Nobody spends what isn't there.
	constraint points_entry_covered check (kind <> 'redeem'
	    or balance >= 0),
	constraint points_entry_order_whole check (order_id is not null
	    or kind not in ('earn', 'redeem', 'return', 'reverse')),
	constraint points_entry_reference_whole
	    check ((kind = 'bonus') = (reference is not null)),
	constraint points_entry_reference_length
	    check (length(reference) between 1 and 200),
	constraint points_entry_reason_length check (length(reason) <= 500)
);
create index points_entry_customer_idx on points_entry (customer_id, id desc);
create index points_entry_order_idx on points_entry (order_id)
    where order_id is not null;
create unique index points_entry_earn_key on points_entry (order_id)
    where kind = 'earn';
create unique index points_entry_redeem_key on points_entry (order_id)
    where kind = 'redeem';
create unique index points_entry_bonus_key
    on points_entry (customer_id, reference) where kind = 'bonus';
select secure('points_entry');

-- What an entry put into its lots or took from them.
create table points_part (
	entry_id	bigint not null,
	lot_id		bigint not null,
	points		integer not null,
	constraint points_part_pkey primary key (entry_id, lot_id),
	constraint points_part_entry_fkey foreign key (entry_id)
	    references points_entry,
	constraint points_part_lot_fkey foreign key (lot_id)
	    references points_lot,
	constraint points_part_real check (points <> 0)
);
create index points_part_lot_idx on points_part (lot_id);
select secure('points_part');

-- How much of an order's goods came back, by which its points do.
create table points_refund (
	order_id	uuid not null,
	refunded	bigint not null,
	original	bigint not null,
	constraint points_refund_pkey primary key (order_id),
	constraint points_refund_order_fkey foreign key (order_id)
	    references customer_order,
	constraint points_refund_range
	    check (refunded between 0 and original)
);
select secure('points_refund');

create table reward (
	id		uuid not null default gen_random_uuid(),
	name		text not null,
	about		text not null default '',
	kind		text not null,
	amount		bigint,
	percent		numeric(7, 4),
	cost		integer not null,
	tier		text not null default 'bronze',	-- from this one on
	starts_at	timestamptz,
	ends_at		timestamptz,
	active		boolean not null default true,
	version		integer not null default 1,
	created_at	timestamptz not null default now(),
	updated_at	timestamptz not null default now(),
	constraint reward_pkey primary key (id),
	constraint reward_tier_fkey foreign key (tier)
	    references loyalty_tier,
	constraint reward_name_length check (length(name) between 1 and 100),
	constraint reward_about_length check (length(about) <= 1000),
	constraint reward_kind_value check (kind in
	    ('amount_off', 'percent_off', 'free_shipping')),
	constraint reward_amount_range
	    check (amount between 1 and 1000000000000),
	constraint reward_percent_range check (percent > 0 and percent <= 100),
	constraint reward_effect_whole check (
	    (kind = 'amount_off') = (amount is not null)
	    and (kind = 'percent_off') = (percent is not null)),
	constraint reward_cost_range check (cost between 1 and 100000000),
	constraint reward_dates_order check (ends_at > starts_at)
);
create index reward_tier_idx on reward (tier);
select secure('reward');

create table reward_use (
	order_id	uuid not null,
	reward_id	uuid not null,
	customer_id	uuid not null,
	cost		integer not null,
	at		timestamptz not null default now(),
	constraint reward_use_pkey primary key (order_id),
	constraint reward_use_order_fkey foreign key (order_id)
	    references customer_order,
	constraint reward_use_reward_fkey foreign key (reward_id)
	    references reward,
	constraint reward_use_customer_fkey foreign key (customer_id)
	    references customer,
	constraint reward_use_cost_range check (cost >= 1)
);
create index reward_use_reward_idx on reward_use (reward_id);
create index reward_use_customer_idx on reward_use (customer_id);
select secure('reward_use');

-- What a cart means to spend.
alter table cart
    add column points integer not null default 0,
    add column reward_id uuid,
    add constraint cart_points_range check (points between 0 and 1000000000),
    add constraint cart_reward_fkey foreign key (reward_id)
	references reward on delete set null,
    add constraint cart_loyalty_owner check (customer_id is not null
	or (points = 0 and reward_id is null));
create index cart_reward_idx on cart (reward_id) where reward_id is not null;

-- A gift: some pieces of a variant, free, as a line of their own.
alter table promotion
    add column gift_variant_id uuid,
    add column gift_quantity integer,
    add constraint promotion_gift_fkey foreign key (gift_variant_id)
	references variant,
    add constraint promotion_gift_range check (gift_quantity between 1 and 99),
    drop constraint promotion_kind_value,
    add constraint promotion_kind_value check (kind in
	('percent', 'amount', 'free_shipping', 'buy_x_get_y', 'gift')),
    drop constraint promotion_effect_whole,
    add constraint promotion_effect_whole check (
	(kind = 'percent') = (percent is not null)
	and (kind = 'amount') = (amount is not null)
	and (kind = 'buy_x_get_y') = (buy is not null)
	and (kind = 'buy_x_get_y') = (get is not null)
	and (kind = 'gift') = (gift_variant_id is not null)
	and (kind = 'gift') = (gift_quantity is not null));
create index promotion_gift_idx on promotion (gift_variant_id)
    where gift_variant_id is not null;

-- These take more now.
drop function if exists order_facts(uuid[], uuid[], integer[], bigint[], uuid,
    text, uuid[], text, text, uuid);
drop function if exists promotion_facts(uuid, text, uuid[]);
