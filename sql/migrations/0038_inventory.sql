-- SPDX-License-Identifier: ISC
-- Goods that come in, are counted, and go from place to place; and by what
-- it is told when to order them again.

insert into setting (key, value, about) values
('restock.window_days', '28', 'Days of sales that proposals to reorder look back on'),
('restock.lead_days', '7', 'Days from ordering goods to having them, unless their product or supplier says other'),
('restock.cover_days', '28', 'Days that what is ordered should last, unless their product or supplier says other');

alter table location add column version integer not null default 1;

-- Why stock was adjusted, and what paper a movement belongs to.
alter table stock_movement add column cause text,
    add column document_id uuid,
    drop constraint stock_movement_kind_value,
    add constraint stock_movement_kind_value check (kind in
    ('adjustment', 'count', 'import', 'shipment', 'return', 'receipt',
    'transfer', 'other')),
    add constraint stock_movement_cause_value check (cause in
    ('damaged', 'expired', 'lost', 'stolen', 'found', 'sample', 'own_use',
    'correction', 'other'));
create index stock_movement_document_idx on stock_movement (document_id)
    where document_id is not null;

create table supplier (
	id		uuid not null default gen_random_uuid(),
	name		text not null,
	name_key	text collate "C" not null
	    generated always as (plain(name)) stored,
	email		text not null default '',
	phone		text not null default '',
	note		text not null default '',
	lead_days	integer,
	cover_days	integer,
	active		boolean not null default true,
	version		integer not null default 1,
	created_at	timestamptz not null default now(),
	updated_at	timestamptz not null default now(),
	constraint supplier_pkey primary key (id),
	constraint supplier_name_key unique (name_key),
	constraint supplier_name_form
	    check (length(name) between 1 and 100 and name = btrim(name)),
	constraint supplier_email_length check (length(email) <= 254),
	constraint supplier_phone_length check (length(phone) <= 40),
	constraint supplier_note_length check (length(note) <= 2000),
	constraint supplier_lead_range check (lead_days between 0 and 365),
	constraint supplier_cover_range check (cover_days between 1 and 365)
);
select secure('supplier');

-- How a product is ordered again; what it doesn't say its supplier does.
create table restock (
	product_id	uuid not null,
	supplier_id	uuid,
	lead_days	integer,
	cover_days	integer,
	pack		integer not null default 1,
	version		integer not null default 1,
	updated_at	timestamptz not null default now(),
	constraint restock_pkey primary key (product_id),
	constraint restock_product_fkey foreign key (product_id)
	    references product on delete cascade,
	constraint restock_supplier_fkey foreign key (supplier_id)
	    references supplier,
	constraint restock_lead_range check (lead_days between 0 and 365),
	constraint restock_cover_range check (cover_days between 1 and 365),
	constraint restock_pack_range check (pack between 1 and 100000)
);
create index restock_supplier_idx on restock (supplier_id);
select secure('restock');

-- Goods from outside: announced, and then received, or received at once.
create table stock_receipt (
	id		uuid not null default gen_random_uuid(),
	number		bigint generated always as identity,
	location_id	uuid not null,
	supplier_id	uuid,
	reference	text not null default '',	-- the supplier's
	note		text not null default '',
	state		text not null,
	expected_on	date,
	staff_id	uuid,
	created_at	timestamptz not null default now(),
	received_at	timestamptz,
	received_by	uuid,
	version		integer not null default 1,
	constraint stock_receipt_pkey primary key (id),
	constraint stock_receipt_number_key unique (number),
	constraint stock_receipt_location_fkey foreign key (location_id)
	    references location,
	constraint stock_receipt_supplier_fkey foreign key (supplier_id)
	    references supplier,
	constraint stock_receipt_staff_fkey foreign key (staff_id)
	    references staff,
	constraint stock_receipt_received_by_fkey foreign key (received_by)
	    references staff,
	constraint stock_receipt_state_value
	    check (state in ('expected', 'received', 'cancelled')),
	constraint stock_receipt_received_whole
	    check ((state = 'received') = (received_at is not null)),
	constraint stock_receipt_reference_length
	    check (length(reference) <= 100),
	constraint stock_receipt_note_length check (length(note) <= 500)
);
-- One delivery note is one receipt, however often it is typed in.
create unique index stock_receipt_reference_key on stock_receipt
    (coalesce(supplier_id, '00000000-0000-0000-0000-000000000000'),
    lower(reference)) where reference <> '' and state <> 'cancelled';
create index stock_receipt_expected_idx on stock_receipt (id)
    where state = 'expected';
create index stock_receipt_location_idx on stock_receipt (location_id);
create index stock_receipt_supplier_idx on stock_receipt (supplier_id);
create index stock_receipt_staff_idx on stock_receipt (staff_id);
create index stock_receipt_received_by_idx on stock_receipt (received_by);
select secure('stock_receipt');

create table stock_receipt_line (
	receipt_id	uuid not null,
	variant_id	uuid not null,
	expected	integer,
	received	integer,
	constraint stock_receipt_line_pkey primary key (receipt_id, variant_id),
	constraint stock_receipt_line_receipt_fkey foreign key (receipt_id)
	    references stock_receipt,
	constraint stock_receipt_line_variant_fkey foreign key (variant_id)
	    references variant,
	constraint stock_receipt_line_range check (expected between 1
	    and 1000000 and received between 0 and 1000000),
	constraint stock_receipt_line_some
	    check (num_nonnulls(expected, received) > 0)
);
create index stock_receipt_line_variant_idx on stock_receipt_line (variant_id);
select secure('stock_receipt_line');

-- From one place to another; while it is sent it lies in neither.
create table stock_transfer (
	id		uuid not null default gen_random_uuid(),
	number		bigint generated always as identity,
	from_id		uuid not null,
	to_id		uuid not null,
	state		text not null default 'sent',
	note		text not null default '',
	staff_id	uuid,
	sent_at		timestamptz not null default now(),
	ended_at	timestamptz,
	ended_by	uuid,
	version		integer not null default 1,
	constraint stock_transfer_pkey primary key (id),
	constraint stock_transfer_number_key unique (number),
	constraint stock_transfer_from_fkey foreign key (from_id)
	    references location,
	constraint stock_transfer_to_fkey foreign key (to_id)
	    references location,
	constraint stock_transfer_staff_fkey foreign key (staff_id)
	    references staff,
	constraint stock_transfer_ended_by_fkey foreign key (ended_by)
	    references staff,
	constraint stock_transfer_elsewhere check (from_id <> to_id),
	constraint stock_transfer_state_value
	    check (state in ('sent', 'received', 'cancelled')),
	constraint stock_transfer_ended_whole
	    check ((state = 'sent') = (ended_at is null)),
	constraint stock_transfer_note_length check (length(note) <= 500)
);
create index stock_transfer_sent_idx on stock_transfer (id)
    where state = 'sent';
create index stock_transfer_from_idx on stock_transfer (from_id);
create index stock_transfer_to_idx on stock_transfer (to_id);
create index stock_transfer_staff_idx on stock_transfer (staff_id);
create index stock_transfer_ended_by_idx on stock_transfer (ended_by);
select secure('stock_transfer');

create table stock_transfer_line (
	transfer_id	uuid not null,
	variant_id	uuid not null,
	sent		integer not null,
	received	integer,
	constraint stock_transfer_line_pkey
	    primary key (transfer_id, variant_id),
	constraint stock_transfer_line_transfer_fkey foreign key (transfer_id)
	    references stock_transfer,
	constraint stock_transfer_line_variant_fkey foreign key (variant_id)
	    references variant,
	constraint stock_transfer_line_range check (sent between 1 and 1000000
	    and received between 0 and 1000000)
);
create index stock_transfer_line_variant_idx
    on stock_transfer_line (variant_id);
select secure('stock_transfer_line');

-- What somebody goes and counts.
create table stock_count (
	id		uuid not null default gen_random_uuid(),
	number		bigint generated always as identity,
	location_id	uuid not null,
	category_id	uuid,
	state		text not null default 'open',
	note		text not null default '',
	staff_id	uuid,
	opened_at	timestamptz not null default now(),
	ended_at	timestamptz,
	ended_by	uuid,
	version		integer not null default 1,
	constraint stock_count_pkey primary key (id),
	constraint stock_count_number_key unique (number),
	constraint stock_count_location_fkey foreign key (location_id)
	    references location,
	constraint stock_count_category_fkey foreign key (category_id)
	    references category on delete set null,
	constraint stock_count_staff_fkey foreign key (staff_id)
	    references staff,
	constraint stock_count_ended_by_fkey foreign key (ended_by)
	    references staff,
	constraint stock_count_state_value
	    check (state in ('open', 'closed', 'cancelled')),
	constraint stock_count_ended_whole
	    check ((state = 'open') = (ended_at is null)),
	constraint stock_count_note_length check (length(note) <= 500)
);
create index stock_count_location_idx on stock_count (location_id);
create index stock_count_category_idx on stock_count (category_id);
create index stock_count_staff_idx on stock_count (staff_id);
create index stock_count_ended_by_idx on stock_count (ended_by);
select secure('stock_count');

-- What was there when it was counted is kept, so that what moves until the
-- sheet is closed counts neither as missing nor as found.
create table stock_count_line (
	count_id	uuid not null,
	variant_id	uuid not null,
	location_id	uuid not null,
	open		boolean not null default true,
	counted		integer,
	on_hand_then	integer,
	counted_at	timestamptz,
	counted_by	uuid,
	constraint stock_count_line_pkey primary key (count_id, variant_id),
	constraint stock_count_line_count_fkey foreign key (count_id)
	    references stock_count,
	constraint stock_count_line_variant_fkey foreign key (variant_id)
	    references variant,
	constraint stock_count_line_location_fkey foreign key (location_id)
	    references location,
	constraint stock_count_line_counted_by_fkey foreign key (counted_by)
	    references staff,
	constraint stock_count_line_range
	    check (counted between 0 and 100000000),
	constraint stock_count_line_whole
	    check ((counted is null) = (on_hand_then is null)
	    and (counted is null) = (counted_at is null))
);
-- Two sheets would correct one difference twice.
create unique index stock_count_line_open_key
    on stock_count_line (location_id, variant_id) where open;
create index stock_count_line_variant_idx on stock_count_line (variant_id);
create index stock_count_line_counted_by_idx
    on stock_count_line (counted_by);
select secure('stock_count_line');
