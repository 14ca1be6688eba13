-- SPDX-License-Identifier: ISC
-- What is there, what is in the cart, what was ordered: stock and what is
-- held of it, taxes, shipping, promotions and coupons, carts, orders.

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

create sequence order_number start 100001;

create function address_valid(address jsonb) returns boolean
language sql immutable strict parallel safe as $$
	select jsonb_typeof(address) = 'object'
	    and pg_column_size(address) <= 4096
	    and coalesce(address ->> 'country', '') ~ '^[A-Z]{2}$'
$$;

create table customer_order (
	id		uuid not null default gen_random_uuid(),
	number		text not null default
	    'D-' || nextval('order_number'::regclass),
	customer_id	uuid,
	guest_digest	text,
	cart_id		uuid,
	email		text not null,
	name		text not null default '',
	state		text not null default 'pending',
	payment_state	text not null default 'unpaid',
	payment_method	text not null,
	payment		jsonb not null default '{}',	-- instructions
	-- Paid, and the goods were given to others meanwhile.
	short_of_stock	boolean not null default false,
	currency	char(3) not null,
	tax_mode	text not null,
	subtotal_amount	bigint not null,
	discount_amount	bigint not null,
	shipping_amount	bigint not null,
	tax_amount	bigint not null,
	total_amount	bigint not null,
	quote		jsonb not null,
	shipping_method_id uuid,
	shipping_address jsonb,
	billing_address	jsonb,
	note		text not null default '',
	version		integer not null default 1,
	placed_at	timestamptz not null default now(),
	updated_at	timestamptz not null default now(),
	constraint customer_order_pkey primary key (id),
	constraint customer_order_number_key unique (number),
	constraint customer_order_customer_fkey foreign key (customer_id)
	    references customer,
	constraint customer_order_cart_key unique (cart_id),
	constraint customer_order_cart_fkey foreign key (cart_id)
	    references cart on delete set null,
	constraint customer_order_shipping_method_fkey
	    foreign key (shipping_method_id) references shipping_method
	    on delete set null,
	constraint customer_order_owner_one
	    check (num_nonnulls(customer_id, guest_digest) <= 1),
	constraint customer_order_guest_form
	    check (guest_digest ~ '^[0-9a-f]{64}$'),
	constraint customer_order_email_form
	    check (email ~ '^[^@\s]{1,64}@[^@\s]{1,190}$'),
	constraint customer_order_name_length check (length(name) <= 201),
	constraint customer_order_note_length check (length(note) <= 1000),
	constraint customer_order_method_form
	    check (payment_method ~ '^[a-z][a-z_]{1,30}$'),
	constraint customer_order_currency_form check (currency ~ '^[A-Z]{3}$'),
	constraint customer_order_tax_mode_value
	    check (tax_mode in ('inclusive', 'exclusive')),
	constraint customer_order_amounts_range check (subtotal_amount >= 0
	    and discount_amount >= 0 and discount_amount <= subtotal_amount
	    and shipping_amount >= 0 and tax_amount >= 0
	    and tax_amount <= total_amount),
	constraint customer_order_shipping_address_form
	    check (address_valid(shipping_address)),
	constraint customer_order_billing_address_form
	    check (address_valid(billing_address))
);
create index customer_order_customer_idx
    on customer_order (customer_id, placed_at desc, id desc);
create index customer_order_guest_idx
    on customer_order (guest_digest, placed_at desc, id desc)
    where guest_digest is not null;
create index customer_order_placed_at_idx
    on customer_order (placed_at desc, id desc);
create index customer_order_state_idx
    on customer_order (state, placed_at desc, id desc);
create index customer_order_email_idx on customer_order (lower(email));
select secure('customer_order');

create table order_line (
	id		uuid not null default gen_random_uuid(),
	order_id	uuid not null,
	position	integer not null,
	variant_id	uuid not null,
	product_id	uuid not null,
	sku		text not null,
	name		text not null,
	options		jsonb not null default '{}',
	quantity	integer not null,
	shipped		integer not null default 0,
	unit_amount	bigint not null,
	subtotal_amount	bigint not null,
	discounts	jsonb not null default '[]',	-- its share of each
	discount_amount	bigint not null default 0,
	tax_name	text not null default '',
	tax_rate	numeric(7, 6) not null,
	tax_mode	text not null,
	net_amount	bigint not null,
	tax_amount	bigint not null,
	total_amount	bigint not null,
	constraint order_line_pkey primary key (id),
	constraint order_line_position_key unique (order_id, position),
	constraint order_line_order_fkey foreign key (order_id)
	    references customer_order,
	constraint order_line_variant_fkey foreign key (variant_id)
	    references variant,
	constraint order_line_product_fkey foreign key (product_id)
	    references product,
	constraint order_line_quantity_range check (quantity between 1 and 999),
	constraint order_line_shipped_range
	    check (shipped between 0 and quantity),
	constraint order_line_amounts_range check (unit_amount >= 0
	    and discount_amount >= 0 and net_amount >= 0 and tax_amount >= 0),
	constraint order_line_subtotal_sum
	    check (subtotal_amount = unit_amount * quantity),
	constraint order_line_total_sum
	    check (total_amount = net_amount + tax_amount),
	constraint order_line_side_exact check (
	    case tax_mode when 'inclusive' then total_amount
	    else net_amount end = subtotal_amount - discount_amount),
	constraint order_line_tax_mode_value
	    check (tax_mode in ('inclusive', 'exclusive'))
);
create index order_line_variant_idx on order_line (variant_id);
create index order_line_product_idx on order_line (product_id);
select secure('order_line');

-- The only ways from one state to another.
create table order_transition (
	axis		text not null,
	from_state	text not null,
	to_state	text not null,
	by_customer	boolean not null default false,
	constraint order_transition_pkey
	    primary key (axis, from_state, to_state),
	constraint order_transition_axis_value
	    check (axis in ('state', 'payment'))
);
select secure('order_transition');

insert into order_transition (axis, from_state, to_state, by_customer) values
('state', 'pending', 'confirmed', false),
('state', 'confirmed', 'processing', false),
('state', 'processing', 'shipped', false),
('state', 'shipped', 'delivered', false),
('state', 'pending', 'cancelled', true),
('state', 'confirmed', 'cancelled', true),
('state', 'processing', 'cancelled', false),
('payment', 'unpaid', 'authorised', false),
('payment', 'unpaid', 'paid', false),
('payment', 'unpaid', 'failed', false),
('payment', 'authorised', 'paid', false),
('payment', 'authorised', 'failed', false),
('payment', 'failed', 'unpaid', false),
('payment', 'failed', 'paid', false),
('payment', 'paid', 'partly_refunded', false),
('payment', 'paid', 'refunded', false),
('payment', 'partly_refunded', 'refunded', false);

create table order_event (
	id		bigint generated always as identity,
	order_id	uuid not null,
	kind		text not null,
	from_state	text,
	to_state	text,
	note		text not null default '',
	data		jsonb not null default '{}',
	-- Shown to the customer, or for staff alone.
	public		boolean not null default true,
	staff_id	uuid,
	customer_id	uuid,
	at		timestamptz not null default clock_timestamp(),
	constraint order_event_pkey primary key (id),
	constraint order_event_order_fkey foreign key (order_id)
	    references customer_order,
	constraint order_event_staff_fkey foreign key (staff_id)
	    references staff,
	constraint order_event_kind_value check (kind in
	    ('placed', 'state', 'payment', 'shipment', 'note')),
	constraint order_event_note_length check (length(note) <= 1000)
);
create index order_event_order_idx on order_event (order_id, id);
select secure('order_event');

create table shipment (
	id		uuid not null default gen_random_uuid(),
	order_id	uuid not null,
	carrier		text not null default '',
	tracking_number	text not null default '',
	note		text not null default '',
	staff_id	uuid,
	shipped_at	timestamptz not null default now(),
	constraint shipment_pkey primary key (id),
	constraint shipment_order_fkey foreign key (order_id)
	    references customer_order,
	constraint shipment_staff_fkey foreign key (staff_id) references staff,
	constraint shipment_carrier_length check (length(carrier) <= 100),
	constraint shipment_tracking_length
	    check (length(tracking_number) <= 100),
	constraint shipment_note_length check (length(note) <= 1000)
);
create index shipment_order_idx on shipment (order_id);
select secure('shipment');

create table shipment_line (
	shipment_id	uuid not null,
	order_line_id	uuid not null,
	quantity	integer not null,
	constraint shipment_line_pkey primary key (shipment_id, order_line_id),
	constraint shipment_line_shipment_fkey foreign key (shipment_id)
	    references shipment,
	constraint shipment_line_order_line_fkey foreign key (order_line_id)
	    references order_line,
	constraint shipment_line_quantity_range check (quantity >= 1)
);
create index shipment_line_order_line_idx on shipment_line (order_line_id);
select secure('shipment_line');

-- Held for an order until it ships; what has expired doesn't count.
create table reservation (
	order_id	uuid not null,
	variant_id	uuid not null,
	location_id	uuid not null,
	quantity	integer not null,
	expires_at	timestamptz,
	created_at	timestamptz not null default now(),
	constraint reservation_pkey
	    primary key (order_id, variant_id, location_id),
	constraint reservation_order_fkey foreign key (order_id)
	    references customer_order,
	constraint reservation_stock_fkey
	    foreign key (variant_id, location_id) references stock,
	constraint reservation_quantity_range check (quantity >= 1)
);
create index reservation_expiry_idx
    on reservation (variant_id, expires_at) where expires_at is not null;
create index reservation_stock_idx on reservation (variant_id, location_id);
select secure('reservation');

create table coupon_use (
	coupon_id	uuid not null,
	order_id	uuid not null,
	customer_id	uuid,
	email		text not null,		-- normalised
	state		text not null default 'held',
	expires_at	timestamptz,
	created_at	timestamptz not null default now(),
	constraint coupon_use_pkey primary key (coupon_id, order_id),
	constraint coupon_use_coupon_fkey foreign key (coupon_id)
	    references coupon,
	constraint coupon_use_order_fkey foreign key (order_id)
	    references customer_order,
	constraint coupon_use_customer_fkey foreign key (customer_id)
	    references customer,
	constraint coupon_use_state_value
	    check (state in ('held', 'used', 'released'))
);
create index coupon_use_order_idx on coupon_use (order_id);
create index coupon_use_customer_idx on coupon_use (customer_id, coupon_id);
create index coupon_use_email_idx on coupon_use (coupon_id, email);
select secure('coupon_use');

alter table stock_movement add constraint stock_movement_order_fkey
    foreign key (order_id) references customer_order;

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
