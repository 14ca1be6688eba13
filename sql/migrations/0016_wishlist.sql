-- SPDX-License-Identifier: ISC
-- What customers wish for and search for again; and how whoever gets the
-- shop's offers by mail gets no more of them.

create table wish (
	customer_id	uuid not null,
	product_id	uuid not null,
	variant_id	uuid,		-- the one that was chosen, or any
	-- What it cost when it was wished for.
	price_amount	bigint not null,
	price_currency	char(3) not null,
	added_at	timestamptz not null default clock_timestamp(),
	-- What its customer knows: the price last told (at first the one above)
	-- and whether it could be bought.
	told_price	bigint not null,
	price_told_at	timestamptz,
	available	boolean not null,
	stock_told_at	timestamptz,
	-- From when on there is something to tell, or may be.
	due_at		timestamptz,
	constraint wish_pkey primary key (customer_id, product_id),
	constraint wish_customer_fkey foreign key (customer_id)
	    references customer,
	constraint wish_product_fkey foreign key (product_id)
	    references product on delete cascade,
	constraint wish_variant_fkey foreign key (variant_id)
	    references variant on delete set null,
	constraint wish_price_range
	    check (price_amount between 0 and 1000000000000),
	constraint wish_currency_form check (price_currency ~ '^[A-Z]{3}$'),
	constraint wish_told_range
	    check (told_price between 0 and price_amount)
);
create index wish_list_idx on wish (customer_id, added_at desc, product_id);
create index wish_product_idx on wish (product_id);
create index wish_variant_idx on wish (variant_id)
    where variant_id is not null;
create index wish_due_idx on wish (customer_id, due_at)
    where due_at is not null;
select secure('wish');

-- Wished products whose price or stock moved, to be looked at by the courier.
-- Only added to by what moves them, so that it waits for nobody.
create table wish_mark (
	id		bigint generated always as identity,
	product_id	uuid not null,
	due_at		timestamptz not null default now(),
	constraint wish_mark_pkey primary key (id),
	constraint wish_mark_product_fkey foreign key (product_id)
	    references product on delete cascade
);
create index wish_mark_due_idx on wish_mark (due_at, id);
create index wish_mark_product_idx on wish_mark (product_id, due_at);
select secure('wish_mark');

-- A listing as it was narrowed, by its address in the storefront.
create table saved_search (
	id		uuid not null default gen_random_uuid(),
	customer_id	uuid not null,
	name		text not null,
	path		text not null,
	created_at	timestamptz not null default clock_timestamp(),
	updated_at	timestamptz not null default clock_timestamp(),
	version		integer not null default 1,
	constraint saved_search_pkey primary key (id),
	constraint saved_search_customer_fkey foreign key (customer_id)
	    references customer,
	constraint saved_search_name_form check (length(name)
	    between 1 and 100 and name = btrim(name) and one_line(name)),
	-- Of the listings and nowhere else.
	constraint saved_search_path_form check (length(path) <= 1500
	    and path ~ '^/(search|category/[a-z0-9-]{1,120})/?(\?[!-~]*)?$'
	    and path !~ '["#<>\\^`{|}]')
);
create unique index saved_search_name_key
    on saved_search (customer_id, lower(name));
create index saved_search_customer_idx
    on saved_search (customer_id, created_at, id);
select secure('saved_search');

-- The key in the links of mails that a customer agreed to, one for each
-- purpose: it ends them and does nothing else, so it is kept as it is and
-- serves for all mails, however old.
create table unsubscribe_key (
	customer_id	uuid not null,
	purpose		text not null,
	key		text not null,
	created_at	timestamptz not null default now(),
	constraint unsubscribe_key_pkey primary key (customer_id, purpose),
	constraint unsubscribe_key_key unique (key),
	constraint unsubscribe_key_customer_fkey foreign key (customer_id)
	    references customer,
	constraint unsubscribe_key_purpose_value
	    check (purpose in ('marketing', 'reminders', 'surveys')),
	constraint unsubscribe_key_form check (key ~ '^[A-Za-z0-9_-]{43}$')
);
select secure('unsubscribe_key');
