-- SPDX-License-Identifier: ISC

-- name: tasks_list
select task_rows(:input) as body;

-- name: tasks_board
select task_board(:input) as body;

-- name: tasks_calendar
select task_days(:input) as body;

-- name: tasks_counts
select task_counts() as body;

-- name: tasks_assignees
select task_assignees() as body;

-- name: tasks_create
select body, version, location from task_create(:input);

-- name: tasks_view
select task_json(t) as body, t.version from task t where t.id = :id;

-- name: tasks_change
select body, version from task_change(:id, :if_match, :input);

-- name: tasks_remove
select task_remove(:id, :if_match);

-- name: tasks_events
with part as (
	select e, e.id from task_event e
	where e.task_id = :id and (:cursor::text is null
	    or e.id > (cursor_key(:cursor, 1) ->> 0)::bigint)
	order by e.id limit :limit::integer + 1
)
select page_of(array_agg(task_event_json(p.e) order by p.id),
    array_agg(json_build_array(p.id) order by p.id), :limit::integer) as body
from part p
having exists (select from task t where t.id = :id);

-- name: tasks_comments
with part as (
	select c, c.number from task_comment c
	where c.task_id = :id and (:cursor::text is null
	    or c.number > (cursor_key(:cursor, 1) ->> 0)::bigint)
	order by c.number limit :limit::integer + 1
)
select page_of(array_agg(task_comment_json(p.c) order by p.number),
    array_agg(json_build_array(p.number) order by p.number),
    :limit::integer) as body
from part p
having exists (select from task t where t.id = :id);

-- name: tasks_comment_create
select body, version, location
from task_comment_create(:id, :text, :mentions);

-- name: tasks_comment_change
select body, version
from task_comment_change(:id, :comment_id, :if_match, :text, :mentions);

-- name: tasks_comment_remove
select task_comment_remove(:id, :comment_id);
