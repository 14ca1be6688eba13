-- SPDX-License-Identifier: ISC
-- Money that goes back, goods that come back, and the keys by which guests
-- reach their orders.

insert into setting (key, value, about) values
('returns.days', '30', 'Days after delivery in which goods can be returned'),
('orders.key_days', '180',
    'Days for which a guest''s link to an order works');

insert into permission (name, about) values
('orders.refund', 'Give money back and take goods back');
insert into role_permission (role, permission)
select r.name, 'orders.refund' from role r
where r.name in ('superadmin', 'admin', 'manager', 'service');

-- What has gone back of each, failed refunds not counted: the constraints
-- hold what the functions compute, even against a second one at once.
alter table customer_order
    add column refunded_amount bigint not null default 0,
    add column shipping_refunded boolean not null default false,
    add constraint customer_order_refunded_range
	check (refunded_amount between 0 and total_amount);
alter table order_line
    add column refunded integer not null default 0,
    add column restocked integer not null default 0,
    add constraint order_line_refunded_range
	check (refunded between 0 and quantity),
    add constraint order_line_restocked_range
	check (restocked between 0 and shipped);

alter table order_event drop constraint order_event_kind_value,
    add constraint order_event_kind_value check (kind in
	('placed', 'state', 'payment', 'shipment', 'note', 'refund',
	'return'));

-- The only ways of refunds and returns from one state to another.
create table claim_transition (
	axis		text not null,
	from_state	text not null,
	to_state	text not null,
	constraint claim_transition_pkey
	    primary key (axis, from_state, to_state),
	constraint claim_transition_axis_value
	    check (axis in ('refund', 'return'))
);
select secure('claim_transition');

insert into claim_transition (axis, from_state, to_state) values
('refund', 'pending', 'done'),
('refund', 'pending', 'failed'),
('return', 'requested', 'approved'),
('return', 'requested', 'refused'),
('return', 'approved', 'refused'),
('return', 'approved', 'received');

create table refund (
	id		uuid not null default gen_random_uuid(),
	order_id	uuid not null,
	number		integer not null,	-- within the order
	state		text not null default 'done',
	goods_amount	bigint not null,
	-- What the goods cost before discounts: the measure of points.
	goods_subtotal_amount bigint not null,
	shipping	boolean not null default false,
	shipping_amount	bigint not null default 0,
	tax_amount	bigint not null,	-- of both
	amount		bigint not null,
	currency	char(3) not null,
	method		text not null,
	reason		text not null default '',
	staff_id	uuid,
	created_at	timestamptz not null default now(),
	settled_at	timestamptz,
	constraint refund_pkey primary key (id),
	constraint refund_number_key unique (order_id, number),
	constraint refund_order_fkey foreign key (order_id)
	    references customer_order,
	constraint refund_staff_fkey foreign key (staff_id) references staff,
	constraint refund_state_value
	    check (state in ('pending', 'done', 'failed')),
	constraint refund_settled_when
	    check ((state = 'pending') = (settled_at is null)),
	constraint refund_amounts_range check (goods_amount >= 0
	    and goods_subtotal_amount >= 0 and shipping_amount >= 0
	    and tax_amount between 0 and amount),
	constraint refund_sum check (amount = goods_amount + shipping_amount),
	constraint refund_shipping_said
	    check (shipping or shipping_amount = 0),
	constraint refund_currency_form check (currency ~ '^[A-Z]{3}$'),
	constraint refund_method_form
	    check (method ~ '^[a-z][a-z_]{1,30}$'),
	constraint refund_reason_length check (length(reason) <= 1000)
);
create index refund_staff_idx on refund (staff_id);
create index refund_pending_idx on refund (created_at)
    where state = 'pending';
select secure('refund');

create table refund_line (
	refund_id	uuid not null,
	order_line_id	uuid not null,
	quantity	integer not null,
	restocked	integer not null default 0,
	amount		bigint not null,
	tax_amount	bigint not null,
	constraint refund_line_pkey primary key (refund_id, order_line_id),
	constraint refund_line_refund_fkey foreign key (refund_id)
	    references refund,
	constraint refund_line_order_line_fkey foreign key (order_line_id)
	    references order_line,
	constraint refund_line_quantity_range check (quantity >= 1),
	constraint refund_line_restocked_range
	    check (restocked between 0 and quantity),
	constraint refund_line_amounts_range
	    check (amount >= 0 and tax_amount between 0 and amount)
);
create index refund_line_order_line_idx on refund_line (order_line_id);
select secure('refund_line');

create table order_return (
	id		uuid not null default gen_random_uuid(),
	order_id	uuid not null,
	number		integer not null,	-- within the order
	state		text not null default 'requested',
	note		text not null default '',	-- the customer's
	decision_note	text not null default '',	-- and the answer
	staff_id	uuid,
	refund_id	uuid,
	requested_at	timestamptz not null default now(),
	decided_at	timestamptz,
	received_at	timestamptz,
	version		integer not null default 1,
	constraint order_return_pkey primary key (id),
	constraint order_return_number_key unique (order_id, number),
	constraint order_return_order_fkey foreign key (order_id)
	    references customer_order,
	constraint order_return_staff_fkey foreign key (staff_id)
	    references staff,
	constraint order_return_refund_fkey foreign key (refund_id)
	    references refund,
	constraint order_return_refund_key unique (refund_id),
	constraint order_return_state_value check (state in
	    ('requested', 'approved', 'refused', 'received')),
	constraint order_return_refund_when
	    check ((state = 'received') = (refund_id is not null)),
	constraint order_return_note_length check (length(note) <= 1000),
	constraint order_return_decision_note_length
	    check (length(decision_note) <= 1000)
);
create index order_return_staff_idx on order_return (staff_id);
create index order_return_state_idx
    on order_return (state, requested_at desc, id desc);
create index order_return_requested_at_idx
    on order_return (requested_at desc, id desc);
select secure('order_return');

create table order_return_line (
	return_id	uuid not null,
	order_line_id	uuid not null,
	quantity	integer not null,
	reason		text not null default '',
	-- What came back of it.
	whole		integer not null default 0,
	damaged		integer not null default 0,
	constraint order_return_line_pkey
	    primary key (return_id, order_line_id),
	constraint order_return_line_return_fkey foreign key (return_id)
	    references order_return,
	constraint order_return_line_order_line_fkey
	    foreign key (order_line_id) references order_line,
	constraint order_return_line_quantity_range check (quantity >= 1),
	constraint order_return_line_received_range check (whole >= 0
	    and damaged >= 0 and whole + damaged <= quantity),
	constraint order_return_line_reason_length
	    check (length(reason) <= 200)
);
create index order_return_line_order_line_idx
    on order_return_line (order_line_id);
select secure('order_return_line');

-- Each mail to a guest carries a key of its own: 244 random bits, of which
-- only the digest stays here.
create table order_key (
	digest		bytea not null,
	order_id	uuid not null,
	created_at	timestamptz not null default now(),
	expires_at	timestamptz not null,
	constraint order_key_pkey primary key (digest),
	constraint order_key_order_fkey foreign key (order_id)
	    references customer_order on delete cascade,
	constraint order_key_digest_length check (octet_length(digest) = 32)
);
create index order_key_order_idx on order_key (order_id);
create index order_key_expires_at_idx on order_key (expires_at);
select secure('order_key');

-- It takes the key now.
drop function if exists order_cancel(uuid, text);
