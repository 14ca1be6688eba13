-- SPDX-License-Identifier: ISC
-- Tasks: what the staff have promised to do, and by when; what was said of
-- them and what became of them.

create table task (
	id		uuid not null default gen_random_uuid(),
	number		bigint generated always as identity,
	title		text not null,
	text		text not null default '',
	status		text not null default 'open',
	priority	text not null default 'normal',
	customer_id	uuid,
	order_id	uuid,
	assignee_id	uuid,
	due_at		timestamptz,
	-- When the assignee is reminded, and when that was done.
	reminder_at	timestamptz,
	reminded_at	timestamptz,
	-- Its place in its column of the board: less is higher.
	position	numeric not null default 0,
	created_by	uuid,
	completed_by	uuid,
	completed_at	timestamptz,
	version		integer not null default 1,
	created_at	timestamptz not null default clock_timestamp(),
	updated_at	timestamptz not null default clock_timestamp(),
	constraint task_pkey primary key (id),
	constraint task_number_key unique (number),
	constraint task_customer_fkey foreign key (customer_id)
	    references customer,
	constraint task_order_fkey foreign key (order_id)
	    references customer_order,
	constraint task_assignee_fkey foreign key (assignee_id)
	    references staff,
	constraint task_created_by_fkey foreign key (created_by)
	    references staff,
	constraint task_completed_by_fkey foreign key (completed_by)
	    references staff,
	constraint task_title_form check (length(title) between 1 and 200
	    and title = btrim(title) and one_line(title)),
	constraint task_text_form
	    check (length(text) <= 5000 and many_lines(text)),
	constraint task_status_value
	    check (status in ('open', 'in_progress', 'completed')),
	constraint task_priority_value
	    check (priority in ('low', 'normal', 'high', 'urgent')),
	constraint task_completed_whole
	    check ((status = 'completed') = (completed_at is not null)
	    and (completed_at is not null or completed_by is null)),
	constraint task_reminded_after check (reminded_at >= reminder_at)
);
create index task_board_idx on task (status, position, number);
create index task_due_idx on task (due_at, number)
    where status <> 'completed';
create index task_assignee_idx on task (assignee_id, status, due_at, number);
create index task_customer_idx on task (customer_id, number)
    where customer_id is not null;
create index task_order_idx on task (order_id, number)
    where order_id is not null;
create index task_reminder_idx on task (reminder_at)
    where reminded_at is null and status <> 'completed';
create index task_updated_idx on task (updated_at, number);
create index task_title_idx on task
    using gin (plain(title) gin_trgm_ops);
select secure('task');

create table task_comment (
	id		uuid not null default gen_random_uuid(),
	task_id		uuid not null,
	number		bigint generated always as identity,
	staff_id	uuid not null,
	text		text not null,
	-- Colleagues who were told of it.
	mentions	uuid[] not null default '{}',
	version		integer not null default 1,
	created_at	timestamptz not null default clock_timestamp(),
	edited_at	timestamptz,
	constraint task_comment_pkey primary key (id),
	constraint task_comment_task_fkey foreign key (task_id)
	    references task on delete cascade,
	constraint task_comment_staff_fkey foreign key (staff_id)
	    references staff,
	constraint task_comment_text_form
	    check (length(text) between 1 and 5000 and many_lines(text)),
	constraint task_comment_mentions_count
	    check (cardinality(mentions) <= 20)
);
create index task_comment_task_idx on task_comment (task_id, number);
select secure('task_comment');

-- What became of a task, append-only; from and to as text: a status, a
-- priority, a time, a member of staff.
create table task_event (
	id		bigint generated always as identity,
	task_id		uuid not null,
	kind		text not null,
	from_value	text,
	to_value	text,
	staff_id	uuid,		-- null: the shop itself
	at		timestamptz not null default clock_timestamp(),
	constraint task_event_pkey primary key (id),
	constraint task_event_task_fkey foreign key (task_id)
	    references task on delete cascade,
	constraint task_event_staff_fkey foreign key (staff_id)
	    references staff,
	constraint task_event_kind_value check (kind in ('created', 'status',
	    'assignee', 'priority', 'due', 'reminded'))
);
create index task_event_task_idx on task_event (task_id, id);
select secure('task_event');
