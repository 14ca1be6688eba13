-- SPDX-License-Identifier: ISC
-- What was ordered: orders as they were priced, their ways from state to
-- state, parcels, and what is held for them of stock and coupons.

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
