-- SPDX-License-Identifier: ISC
-- Invoices and credit notes: numbered without a gap, and kept as they were
-- given out.

create table invoice_series (
	kind		text not null,
	year		integer not null,
	last		integer not null,
	constraint invoice_series_pkey primary key (kind, year),
	constraint invoice_series_last_range check (last >= 1)
);
select secure('invoice_series');

create table invoice (
	id		uuid not null default gen_random_uuid(),
	kind		text not null,
	year		integer not null,
	n		integer not null,
	number		text not null,
	order_id	uuid not null,
	refund_id	uuid,
	document	jsonb not null,		-- all that is printed
	issued_at	timestamptz not null default now(),
	constraint invoice_pkey primary key (id),
	constraint invoice_series_key unique (kind, year, n),
	constraint invoice_number_key unique (number),
	constraint invoice_order_fkey foreign key (order_id)
	    references customer_order,
	constraint invoice_refund_fkey foreign key (refund_id)
	    references refund,
	constraint invoice_refund_key unique (refund_id),
	constraint invoice_kind_value check (kind in ('invoice', 'credit')),
	constraint invoice_refund_when
	    check ((kind = 'credit') = (refund_id is not null))
);
create unique index invoice_order_key on invoice (order_id)
    where kind = 'invoice';
create index invoice_order_idx on invoice (order_id);
select secure('invoice');
