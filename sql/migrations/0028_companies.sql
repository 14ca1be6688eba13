-- SPDX-License-Identifier: ISC
-- Companies that buy: who they are, who belongs to them, on what terms.

create table company (
	id		uuid not null default gen_random_uuid(),
	number		bigint generated always as identity,
	name		text not null,
	registration_number text,
	vat_number	text,
	website		text,
	phone		text,
	payment_days	integer,	-- to pay within; null: at once
	addresses	jsonb not null default '[]',
	notes		text not null default '',
	-- What it is found by.
	words		text not null generated always as (plain(name
	    || ' ' || coalesce(registration_number, '')
	    || ' ' || coalesce(vat_number, '') || ' ' || coalesce(website, '')
	    || ' ' || jsonb_path_query_array(addresses, '$[*].city')::text))
	    stored,
	version		integer not null default 1,
	created_by	uuid,
	created_at	timestamptz not null default clock_timestamp(),
	updated_at	timestamptz not null default clock_timestamp(),
	constraint company_pkey primary key (id),
	constraint company_number_key unique (number),
	constraint company_created_by_fkey foreign key (created_by)
	    references staff,
	constraint company_name_form check (length(name) between 1 and 200
	    and name = btrim(name) and one_line(name)),
	constraint company_registration_form check (one_line(
	    registration_number) and length(registration_number)
	    between 1 and 40),
	constraint company_vat_form
	    check (vat_number ~ '^[A-Z]{2}[0-9A-Z+*]{2,13}$'),
	constraint company_website_form check (length(website) <= 2000
	    and website ~ '^https?://[!-~]+$'),
	constraint company_phone_form check (phone ~ '^\+[1-9][0-9]{5,14}$'),
	constraint company_payment_days_range
	    check (payment_days between 0 and 365),
	constraint company_addresses_form check (
	    jsonb_typeof(addresses) = 'array'
	    and jsonb_array_length(addresses) <= 20),
	constraint company_notes_form
	    check (length(notes) <= 10000 and many_lines(notes))
);
create unique index company_vat_key on company (vat_number);
create index company_words_idx on company using gin (words gin_trgm_ops);
create index company_name_idx on company (plain(name), number);
create index company_updated_idx on company (updated_at, number);
select secure('company');

create table company_person (
	company_id	uuid not null,
	customer_id	uuid not null,
	title		text not null default '',
	main		boolean not null default false,
	added_at	timestamptz not null default clock_timestamp(),
	constraint company_person_pkey primary key (company_id, customer_id),
	constraint company_person_company_fkey foreign key (company_id)
	    references company on delete cascade,
	constraint company_person_customer_fkey foreign key (customer_id)
	    references customer,
	constraint company_person_title_form
	    check (length(title) <= 100 and one_line(title))
);
create unique index company_person_main_key on company_person (company_id)
    where main;
create index company_person_customer_idx on company_person (customer_id);
select secure('company_person');

-- A task may be about a company, and may have been made of a note.
alter table task
    add column company_id uuid,
    add column note_id uuid,
    add constraint task_company_fkey foreign key (company_id)
	references company on delete set null,
    add constraint task_note_fkey foreign key (note_id)
	references customer_note on delete set null;
create index task_company_idx on task (company_id, number)
    where company_id is not null;
create index task_note_idx on task (note_id) where note_id is not null;
