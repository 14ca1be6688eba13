-- SPDX-License-Identifier: ISC
-- The pipeline: deals and the stages that they go through.

create table deal_stage (
	id		uuid not null default gen_random_uuid(),
	name		text not null,
	position	integer not null,
	kind		text not null default 'open',
	probability	integer not null,
	version		integer not null default 1,
	constraint deal_stage_pkey primary key (id),
	constraint deal_stage_name_form check (length(name) between 1 and 60
	    and name = btrim(name) and one_line(name)),
	constraint deal_stage_kind_value
	    check (kind in ('open', 'won', 'lost')),
	constraint deal_stage_probability_range check (case kind
	    when 'won' then probability = 100 when 'lost' then probability = 0
	    else probability between 0 and 100 end)
);
create unique index deal_stage_name_key on deal_stage (lower(name));
select secure('deal_stage');

insert into deal_stage (name, position, kind, probability) values
('New', 1, 'open', 10),
('Qualified', 2, 'open', 25),
('Offer sent', 3, 'open', 50),
('Negotiation', 4, 'open', 75),
('Won', 5, 'won', 100),
('Lost', 6, 'lost', 0);

create table deal (
	id		uuid not null default gen_random_uuid(),
	number		bigint generated always as identity,
	title		text not null,
	company_id	uuid,
	customer_id	uuid,
	owner_id	uuid,
	value_amount	bigint,
	value_currency	char(3),
	expected_close	date,
	stage_id	uuid not null,
	lost_reason	text not null default '',
	-- What came of it.
	order_id	uuid,
	notes		text not null default '',
	-- Its place in its stage on the board: less is higher.
	position	numeric not null default 0,
	closed_at	timestamptz,
	version		integer not null default 1,
	created_by	uuid,
	created_at	timestamptz not null default clock_timestamp(),
	updated_at	timestamptz not null default clock_timestamp(),
	constraint deal_pkey primary key (id),
	constraint deal_number_key unique (number),
	constraint deal_company_fkey foreign key (company_id)
	    references company,
	constraint deal_customer_fkey foreign key (customer_id)
	    references customer,
	constraint deal_owner_fkey foreign key (owner_id) references staff,
	constraint deal_stage_fkey foreign key (stage_id)
	    references deal_stage,
	constraint deal_order_fkey foreign key (order_id)
	    references customer_order,
	constraint deal_created_by_fkey foreign key (created_by)
	    references staff,
	constraint deal_with_whom
	    check (num_nonnulls(company_id, customer_id) > 0),
	constraint deal_title_form check (length(title) between 1 and 200
	    and title = btrim(title) and one_line(title)),
	constraint deal_value_range
	    check (value_amount between 0 and 1000000000000),
	constraint deal_value_whole
	    check (num_nulls(value_amount, value_currency) in (0, 2)),
	constraint deal_currency_form check (value_currency ~ '^[A-Z]{3}$'),
	constraint deal_lost_reason_form check (length(lost_reason) <= 500
	    and many_lines(lost_reason)),
	constraint deal_notes_form
	    check (length(notes) <= 5000 and many_lines(notes))
);
create index deal_board_idx on deal (stage_id, position, number);
create index deal_company_idx on deal (company_id, number)
    where company_id is not null;
create index deal_customer_idx on deal (customer_id, number)
    where customer_id is not null;
create index deal_order_idx on deal (order_id) where order_id is not null;
create index deal_owner_idx on deal (owner_id, number);
create index deal_close_idx on deal (expected_close, number);
create index deal_updated_idx on deal (updated_at, number);
create index deal_title_idx on deal using gin (plain(title) gin_trgm_ops);
select secure('deal');

-- What became of a deal, append-only; stages by the names that they had.
create table deal_event (
	id		bigint generated always as identity,
	deal_id		uuid not null,
	kind		text not null,
	from_value	text,
	to_value	text,
	staff_id	uuid,
	at		timestamptz not null default clock_timestamp(),
	constraint deal_event_pkey primary key (id),
	constraint deal_event_deal_fkey foreign key (deal_id)
	    references deal on delete cascade,
	constraint deal_event_staff_fkey foreign key (staff_id)
	    references staff,
	constraint deal_event_kind_value
	    check (kind in ('created', 'stage', 'owner', 'value', 'close'))
);
create index deal_event_deal_idx on deal_event (deal_id, id);
select secure('deal_event');

alter table task
    add column deal_id uuid,
    add constraint task_deal_fkey foreign key (deal_id)
	references deal on delete set null;
create index task_deal_idx on task (deal_id, number)
    where deal_id is not null;

-- They are part of a customer's timeline.
create index task_customer_at_idx on task (customer_id, created_at desc)
    where customer_id is not null;
create index deal_customer_at_idx on deal (customer_id, created_at desc)
    where customer_id is not null;
insert into timeline_kind (kind, permission) values
('task', 'tasks.read'),
('deal', 'deals.read');
