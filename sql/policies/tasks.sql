-- SPDX-License-Identifier: ISC
-- tasks: all of them for staff who may see them; what changes one is a
-- function, which asks whether they may.
grant execute on function colleague_json(uuid), task_customer_json(uuid),
    task_order_json(uuid), task_deal_json(uuid), deal_company_json(uuid),
    task_line_json(task), task_json(task),
    task_comment_json(task_comment), task_event_json(task_event),
    task_create(jsonb), task_change(uuid, integer, jsonb),
    task_remove(uuid, integer), task_comment_create(uuid, text, jsonb),
    task_comment_change(uuid, uuid, integer, text, jsonb),
    task_comment_remove(uuid, uuid), task_words(text),
    list_label(jsonb), list_near(jsonb, boolean), task_active(uuid),
    task_found(jsonb), task_rank(text), task_rows(jsonb),
    task_key(text, task), task_board(jsonb), task_days(jsonb),
    task_counts(), task_assignees(), cursor_after(text, text, text),
    plain(text) to duka_tasks;
grant execute on function remind_tasks() to duka_courier;

grant select on task, task_comment, task_event to duka_tasks;

drop policy if exists staff on task;
create policy staff on task for select to duka_tasks
    using ((select permitted('tasks.read')));
drop policy if exists staff on task_comment;
create policy staff on task_comment for select to duka_tasks
    using ((select permitted('tasks.read')));
drop policy if exists staff on task_event;
create policy staff on task_event for select to duka_tasks
    using ((select permitted('tasks.read')));
