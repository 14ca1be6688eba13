-- SPDX-License-Identifier: ISC
-- Prices that begin and end by themselves, and what everything has cost.

-- A variant's own price is what it costs when nothing is planned; this is
-- what it costs for a while.  `begun` and `ended` say how far what is read in
-- public has followed.
create table variant_price (
	id		uuid not null default gen_random_uuid(),
	variant_id	uuid not null,
	amount		bigint not null,
	starts_at	timestamptz not null,
	ends_at		timestamptz,		-- null: until it is ended
	during		tstzrange not null
	    generated always as (tstzrange(starts_at, ends_at, '[)')) stored,
	note		text not null default '',
	begun		boolean not null default false,
	ended		boolean not null default false,
	staff_id	uuid,
	version		integer not null default 1,
	created_at	timestamptz not null default now(),
	updated_at	timestamptz not null default now(),
	constraint variant_price_pkey primary key (id),
	constraint variant_price_variant_fkey foreign key (variant_id)
	    references variant,
	constraint variant_price_staff_fkey foreign key (staff_id)
	    references staff,
	constraint variant_price_overlap
	    exclude using gist (variant_id with =, during with &&),
	constraint variant_price_range
	    check (amount between 0 and 1000000000000),
	constraint variant_price_times check (ends_at > starts_at),
	constraint variant_price_followed check (begun or not ended),
	constraint variant_price_note_length check (length(note) <= 200)
);
create index variant_price_begin_idx on variant_price (starts_at)
    where not begun;
create index variant_price_end_idx on variant_price (ends_at)
    where not ended and ends_at is not null;
create index variant_price_staff_idx on variant_price (staff_id);
select secure('variant_price');

-- A line whenever a variant's own price, or what it costs, became another.
create table price_history (
	id		bigint generated always as identity,
	variant_id	uuid not null,
	at		timestamptz not null default now(),
	cause		text not null,
	own_was		bigint,
	own		bigint not null,
	cost_was	bigint,
	cost		bigint not null,
	currency	char(3) not null,
	planned_id	uuid,
	staff_id	uuid,
	request_id	text,
	constraint price_history_pkey primary key (id),
	constraint price_history_variant_fkey foreign key (variant_id)
	    references variant,
	constraint price_history_staff_fkey foreign key (staff_id)
	    references staff,
	constraint price_history_cause_value check (cause in
	    ('created', 'changed', 'import', 'bulk', 'undo', 'planned',
	    'began', 'ended')),
	constraint price_history_range check (own >= 0 and cost >= 0)
);
create index price_history_variant_idx
    on price_history (variant_id, at desc, id desc);
create index price_history_staff_idx on price_history (staff_id);
select secure('price_history');

insert into price_history (variant_id, at, cause, own, cost, currency)
select id, created_at, 'created', price_amount, price_amount, price_currency
from variant;

-- What staff look for in all products, drafts and archived ones too.
create index product_name_idx on product using gin (plain(name) gin_trgm_ops);
create index variant_sku_idx on variant using gin (sku gin_trgm_ops);
create index product_updated_idx on product (updated_at, number);
