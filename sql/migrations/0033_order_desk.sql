-- SPDX-License-Identifier: ISC
-- The order desk: what staff look for orders by, what changing an order
-- before it is packed needs, and parcels that are followed to the door.

-- Names and the mail addresses' local parts, as they are compared.  The
-- blank in front lets the beginning of a word be looked for; domains are the
-- same for too many to look for a part of one.
alter table customer_order
    add column search text not null generated always as
	(' ' || plain(name || ' ' || split_part(email, '@', 1))) stored,
    -- What is still to come for a paid order that became dearer.
    add column due_amount bigint not null default 0,
    -- Points that came back because the order was changed.
    add column edited_points integer not null default 0,
    drop constraint customer_order_refunded_range,
    add constraint customer_order_refunded_range
	check (refunded_amount between 0 and total_amount - due_amount),
    add constraint customer_order_due_range
	check (due_amount between 0 and total_amount),
    add constraint customer_order_edited_points_range
	check (edited_points >= 0);

create index customer_order_search_idx
    on customer_order using gin (search gin_trgm_ops);
create index customer_order_number_idx
    on customer_order (number text_pattern_ops);
drop index customer_order_email_idx;
create index customer_order_email_idx
    on customer_order (lower(email) text_pattern_ops);
create index customer_order_total_idx on customer_order (total_amount, id);
create index customer_order_payment_state_idx
    on customer_order (payment_state, placed_at desc, id desc);
drop index customer_order_shipping_method_idx;
create index customer_order_shipping_method_idx
    on customer_order (shipping_method_id, placed_at desc, id desc);
create index customer_order_short_idx
    on customer_order (placed_at desc, id desc) where short_of_stock;
create index customer_order_due_idx
    on customer_order (placed_at desc, id desc) where due_amount > 0;
-- Cancelled with the money still here.
create index customer_order_owed_idx on customer_order (placed_at desc, id desc)
    where state = 'cancelled' and payment_state = 'paid';

-- What an order was computed from, rules and all, as long as it can still be
-- changed.
create table order_basis (
	order_id	uuid not null,
	facts		jsonb not null,
	constraint order_basis_pkey primary key (order_id),
	constraint order_basis_order_fkey foreign key (order_id)
	    references customer_order,
	constraint order_basis_facts_form
	    check (jsonb_typeof(facts) = 'object')
);
select secure('order_basis');

-- A refund of goods or shipping, or of what an order became cheaper by.
alter table refund
    add column cause text not null default 'goods',
    add constraint refund_cause_value check (cause in ('goods', 'edit'));

alter table order_event drop constraint order_event_kind_value,
    add constraint order_event_kind_value check (kind in
	('placed', 'state', 'payment', 'shipment', 'note', 'refund',
	'return', 'edit'));

alter table shipment add column delivered_at timestamptz,
    add constraint shipment_delivered_after
	check (delivered_at >= shipped_at);

-- They take more now.
drop function if exists place_order(uuid, jsonb, jsonb, jsonb, jsonb);
drop function if exists order_move(uuid, integer, text, text, text, text);
drop function if exists order_lines_write(uuid, jsonb);
drop function if exists return_check(customer_order, jsonb);
