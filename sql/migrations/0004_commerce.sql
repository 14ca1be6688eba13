-- SPDX-License-Identifier: ISC
-- What is there, what it costs, what is in the cart: stock, taxes, shipping,
-- promotions and coupons, carts.

insert into setting (key, value, about) values
('limit.coupon', '60/hour', 'Coupon codes tried, by account or address'),
('payment.on_delivery', 'on', 'Payment on delivery: on or off'),
('payment.on_delivery.most', '50000',
    'Greatest total payable on delivery, in minor units'),
('payment.bank_transfer', 'on', 'Payment by bank transfer: on or off'),
('payment.bank_transfer.holder', 'Duka', 'Whose account it is'),
('payment.bank_transfer.iban', 'IE29AIBK93115212345678',
    'IBAN of the shop''s account'),
('payment.bank_transfer.bic', 'AIBKIE2D', 'BIC of the shop''s account'),
('payment.bank_transfer.days', '5',
    'Days for which the goods are held for a transfer');

-- Where goods lie; orders take from the lowest position first.
create table location (
	id		uuid not null default gen_random_uuid(),
	code		text not null,
	name		text not null,
	position	integer not null default 0,
	active		boolean not null default true,
	created_at	timestamptz not null default now(),
	constraint location_pkey primary key (id),
	constraint location_code_key unique (code),
	constraint location_code_form
	    check (code ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(code) <= 40),
	constraint location_name_length check (length(name) between 1 and 100),
	constraint location_position_range
	    check (position between 0 and 1000000)
);
select secure('location');
insert into location (code, name) values ('main', 'Main store');

-- `reserved` is the sum of the row's reservations, those included that have
-- expired and were not cleared away yet: whoever needs the goods clears them
-- under the row's lock.
create table stock (
	variant_id	uuid not null,
	location_id	uuid not null,
	on_hand		integer not null default 0,
	reserved	integer not null default 0,
	back_order	boolean not null default false,
	low_at		integer,
	updated_at	timestamptz not null default now(),
	constraint stock_pkey primary key (variant_id, location_id),
	constraint stock_variant_fkey foreign key (variant_id)
	    references variant,
	constraint stock_location_fkey foreign key (location_id)
	    references location,
	constraint stock_not_negative check (on_hand >= 0),
	constraint stock_on_hand_range check (on_hand <= 100000000),
	constraint stock_reserved_range
	    check (reserved between 0 and 100000000),
	constraint stock_reserved_on_hand
	    check (back_order or reserved <= on_hand),
	constraint stock_low_at_range check (low_at between 1 and 1000000)
) with (fillfactor = 70);
create index stock_location_idx on stock (location_id);
select secure('stock');

create table stock_movement (
	id		bigint generated always as identity,
	variant_id	uuid not null,
	location_id	uuid not null,
	kind		text not null,
	change		integer not null,
	on_hand_after	integer not null,
	reserved_after	integer not null,
	reason		text not null default '',
	order_id	uuid,
	staff_id	uuid,
	request_id	text,
	at		timestamptz not null default now(),
	constraint stock_movement_pkey primary key (id),
	constraint stock_movement_stock_fkey
	    foreign key (variant_id, location_id) references stock,
	constraint stock_movement_staff_fkey foreign key (staff_id)
	    references staff,
	constraint stock_movement_kind_value check (kind in
	    ('adjustment', 'count', 'import', 'shipment', 'return', 'other')),
	constraint stock_movement_change_real check (change <> 0),
	constraint stock_movement_after_range check (on_hand_after >= 0),
	constraint stock_movement_reason_length check (length(reason) <= 500)
);
create index stock_movement_row_idx
    on stock_movement (variant_id, id desc);
create index stock_movement_order_idx on stock_movement (order_id)
    where order_id is not null;
select secure('stock_movement');

-- One is open until the row is refilled.
create table low_stock_event (
	id		bigint generated always as identity,
	variant_id	uuid not null,
	location_id	uuid not null,
	available	integer not null,
	low_at		integer not null,
	at		timestamptz not null default now(),
	refilled_at	timestamptz,
	constraint low_stock_event_pkey primary key (id),
	constraint low_stock_event_stock_fkey
	    foreign key (variant_id, location_id) references stock
);
create unique index low_stock_event_open_key
    on low_stock_event (variant_id, location_id) where refilled_at is null;
select secure('low_stock_event');

-- Where taxes and ways of shipping apply: countries, or the parts of one by
-- the beginning of the postcode; the longest beginning wins.
create table tax_zone (
	id		uuid not null default gen_random_uuid(),
	code		text not null,
	name		text not null,
	created_at	timestamptz not null default now(),
	constraint tax_zone_pkey primary key (id),
	constraint tax_zone_code_key unique (code),
	constraint tax_zone_code_form
	    check (code ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(code) <= 40),
	constraint tax_zone_name_length check (length(name) between 1 and 100)
);
select secure('tax_zone');

create table tax_zone_area (
	country		char(2) not null,
	postcode_start	text not null default '',
	zone_id		uuid not null,
	constraint tax_zone_area_pkey primary key (country, postcode_start),
	constraint tax_zone_area_zone_fkey foreign key (zone_id)
	    references tax_zone on delete cascade,
	constraint tax_zone_area_country_form check (country ~ '^[A-Z]{2}$'),
	constraint tax_zone_area_postcode_form
	    check (postcode_start ~ '^[A-Z0-9]{0,12}$')
);
create index tax_zone_area_zone_idx on tax_zone_area (zone_id);
select secure('tax_zone_area');

create table tax_rate (
	zone_id		uuid not null,
	tax_class	text not null,
	name		text not null,
	rate		numeric(7, 6) not null,
	constraint tax_rate_pkey primary key (zone_id, tax_class),
	constraint tax_rate_zone_fkey foreign key (zone_id)
	    references tax_zone on delete cascade,
	constraint tax_rate_class_form check (tax_class ~ '^[a-z_]{1,30}$'),
	constraint tax_rate_name_length check (length(name) between 1 and 60),
	constraint tax_rate_range check (rate between 0 and 1)
);
select secure('tax_rate');

create function shipping_steps_valid(steps jsonb) returns boolean
language sql immutable parallel safe as $$
	select jsonb_typeof(steps) = 'array'
	    and jsonb_array_length(steps) between 1 and 50
	    and not exists (select from jsonb_array_elements(steps) s
		where jsonb_typeof(s -> 'from') is distinct from 'number'
		or jsonb_typeof(s -> 'amount') is distinct from 'number'
		or s ->> 'from' !~ '^[0-9]{1,12}$'
		or s ->> 'amount' !~ '^[0-9]{1,12}$')
$$;

create table shipping_method (
	id		uuid not null default gen_random_uuid(),
	code		text not null,
	name		text not null,
	zone_id		uuid,			-- null: everywhere
	price_by	text not null default 'flat',
	steps		jsonb not null,
	free_from	bigint,
	tax_class	text not null default 'standard',
	needs_address	boolean not null default true,
	position	integer not null default 0,
	active		boolean not null default true,
	created_at	timestamptz not null default now(),
	constraint shipping_method_pkey primary key (id),
	constraint shipping_method_code_key unique (code),
	constraint shipping_method_zone_fkey foreign key (zone_id)
	    references tax_zone,
	constraint shipping_method_code_form
	    check (code ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(code) <= 40),
	constraint shipping_method_name_length
	    check (length(name) between 1 and 100),
	constraint shipping_method_by_value
	    check (price_by in ('weight', 'total', 'flat')),
	constraint shipping_method_steps_form
	    check (shipping_steps_valid(steps)),
	constraint shipping_method_free_from_range check (free_from >= 0)
);
select secure('shipping_method');

create table promotion (
	id		uuid not null default gen_random_uuid(),
	name		text not null,
	kind		text not null,
	level		text not null default 'order',
	percent		numeric(7, 4),
	amount		bigint,
	minimum_amount	bigint not null default 0,
	buy		integer,
	get		integer,
	category_ids	uuid[] not null default '{}',
	brand_ids	uuid[] not null default '{}',
	product_ids	uuid[] not null default '{}',
	first_order	boolean not null default false,
	customers_only	boolean not null default false,
	needs_coupon	boolean not null default false,
	priority	integer not null default 100,
	stacking_group	text not null default 'default',
	exclusive	boolean not null default false,
	starts_at	timestamptz,
	ends_at		timestamptz,
	active		boolean not null default true,
	created_at	timestamptz not null default now(),
	constraint promotion_pkey primary key (id),
	constraint promotion_name_length check (length(name) between 1 and 100),
	constraint promotion_kind_value check (kind in
	    ('percent', 'amount', 'free_shipping', 'buy_x_get_y')),
	constraint promotion_level_value check (level in ('line', 'order')),
	constraint promotion_percent_range
	    check (percent > 0 and percent <= 100),
	constraint promotion_amount_range
	    check (amount between 1 and 1000000000000),
	constraint promotion_minimum_range check (minimum_amount >= 0),
	constraint promotion_buy_range check (buy between 1 and 999),
	constraint promotion_get_range check (get between 1 and 999),
	constraint promotion_effect_whole check (
	    (kind = 'percent') = (percent is not null)
	    and (kind = 'amount') = (amount is not null)
	    and (kind = 'buy_x_get_y') = (buy is not null)
	    and (kind = 'buy_x_get_y') = (get is not null)),
	constraint promotion_group_form
	    check (stacking_group ~ '^[a-z0-9_-]{1,40}$'),
	constraint promotion_dates_order check (ends_at > starts_at),
	constraint promotion_lists_size check (cardinality(category_ids) <= 200
	    and cardinality(brand_ids) <= 200
	    and cardinality(product_ids) <= 200)
);
create index promotion_active_idx on promotion (needs_coupon, ends_at)
    where active;
select secure('promotion');

-- `uses` counts the held and the used ones.
create table coupon (
	id		uuid not null default gen_random_uuid(),
	promotion_id	uuid not null,
	code		text not null,
	max_uses	integer,
	max_uses_each	integer,
	uses		integer not null default 0,
	starts_at	timestamptz,
	ends_at		timestamptz,
	active		boolean not null default true,
	created_at	timestamptz not null default now(),
	constraint coupon_pkey primary key (id),
	constraint coupon_code_key unique (code),
	constraint coupon_promotion_fkey foreign key (promotion_id)
	    references promotion,
	constraint coupon_code_form check (code ~ '^[A-Z0-9_-]{2,40}$'),
	constraint coupon_max_uses_range check (max_uses >= 1),
	constraint coupon_max_uses_each_range check (max_uses_each >= 1),
	constraint coupon_uses_range check (uses >= 0),
	constraint coupon_uses_limit check (uses <= max_uses),
	constraint coupon_dates_order check (ends_at > starts_at)
);
create index coupon_promotion_idx on coupon (promotion_id);
select secure('coupon');

create table cart (
	id		uuid not null default gen_random_uuid(),
	customer_id	uuid,
	guest_digest	text,
	state		text not null default 'active',
	merged_into	uuid,
	country		char(2),
	postcode	text,
	shipping_method_id uuid,
	created_at	timestamptz not null default now(),
	updated_at	timestamptz not null default now(),
	constraint cart_pkey primary key (id),
	constraint cart_customer_fkey foreign key (customer_id)
	    references customer on delete cascade,
	constraint cart_owner_one
	    check (num_nonnulls(customer_id, guest_digest) = 1),
	constraint cart_guest_form check (guest_digest ~ '^[0-9a-f]{64}$'),
	constraint cart_state_value
	    check (state in ('active', 'merged', 'ordered', 'expired')),
	constraint cart_merged_whole
	    check ((state = 'merged') = (merged_into is not null)),
	constraint cart_merged_fkey foreign key (merged_into)
	    references cart on delete cascade,
	constraint cart_country_form check (country ~ '^[A-Z]{2}$'),
	constraint cart_postcode_form
	    check (postcode ~ '^[A-Za-z0-9 -]{1,12}$'),
	constraint cart_shipping_method_fkey foreign key (shipping_method_id)
	    references shipping_method on delete set null
);
create unique index cart_customer_key on cart (customer_id)
    where state = 'active';
create unique index cart_guest_key on cart (guest_digest)
    where state = 'active';
create index cart_merged_into_idx on cart (merged_into)
    where merged_into is not null;
select secure('cart');

create table cart_line (
	id		uuid not null default gen_random_uuid(),
	number		bigint generated always as identity,
	cart_id		uuid not null,
	variant_id	uuid not null,
	quantity	integer not null,
	added_amount	bigint not null,	-- the price then
	added_currency	char(3) not null,
	created_at	timestamptz not null default now(),
	constraint cart_line_pkey primary key (id),
	constraint cart_line_variant_key unique (cart_id, variant_id),
	constraint cart_line_cart_fkey foreign key (cart_id)
	    references cart on delete cascade,
	constraint cart_line_variant_fkey foreign key (variant_id)
	    references variant,
	constraint cart_line_quantity_range check (quantity between 1 and 999),
	constraint cart_line_added_range check (added_amount >= 0)
);
create index cart_line_variant_idx on cart_line (variant_id);
select secure('cart_line');

create table cart_coupon (
	cart_id		uuid not null,
	coupon_id	uuid not null,
	created_at	timestamptz not null default now(),
	constraint cart_coupon_pkey primary key (cart_id, coupon_id),
	constraint cart_coupon_cart_fkey foreign key (cart_id)
	    references cart on delete cascade,
	constraint cart_coupon_coupon_fkey foreign key (coupon_id)
	    references coupon on delete cascade
);
create index cart_coupon_coupon_idx on cart_coupon (coupon_id);
select secure('cart_coupon');

-- The shop begins in Ireland and sells to the European Union; both can be
-- changed like any row.
insert into tax_zone (code, name) values
('ireland', 'Ireland'), ('eu', 'European Union');
insert into tax_zone_area (country, zone_id)
select c, z.id from tax_zone z, lateral string_to_table(case z.code
    when 'ireland' then 'IE'
    else 'AT BE BG HR CY CZ DK EE FI FR DE GR HU IT LV LT LU MT NL PL PT RO '
    'SK SI ES SE' end, ' ') c;
insert into tax_rate (zone_id, tax_class, name, rate)
select z.id, r.class, r.name, r.rate from tax_zone z, (values
    ('standard', 'standard', 0.23), ('reduced', 'reduced', 0.135),
    ('second_reduced', 'second reduced', 0.09), ('zero', 'zero', 0),
    ('exempt', 'exempt', 0)) r (class, name, rate);
insert into shipping_method (code, name, zone_id, price_by, steps, free_from,
    needs_address, position) values
('delivery', 'Home delivery', (select id from tax_zone where code = 'ireland'),
    'weight', '[{"from": 0, "amount": 490}, {"from": 2000, "amount": 690},
    {"from": 10000, "amount": 990}, {"from": 20000, "amount": 1490}]', 7500,
    true, 1),
('delivery-eu', 'Delivery in the European Union',
    (select id from tax_zone where code = 'eu'), 'weight',
    '[{"from": 0, "amount": 1290}, {"from": 2000, "amount": 1690},
    {"from": 10000, "amount": 2490}, {"from": 20000, "amount": 3990}]', null,
    true, 2),
('pickup', 'Pick up at the shop', null, 'flat',
    '[{"from": 0, "amount": 0}]', null, false, 3);
