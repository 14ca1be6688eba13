-- SPDX-License-Identifier: ISC
-- Reminders, and what becomes of tasks about a customer who goes, is merged
-- or asks what is kept.

-- A step of reminding, for the courier: who has the task, or who made it if
-- nobody has, is told and written to, in the transaction that notes it.  How
-- many there were; what nobody at work is in charge of waits for somebody.
create or replace function remind_tasks() returns integer
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	t task;
	s staff;
	n integer := 0;
begin
	for t in select x.* from task x
	    join staff m on m.id = coalesce(x.assignee_id, x.created_by)
		and m.state = 'active'
	    where x.reminder_at <= now() and x.reminded_at is null
	    and x.status <> 'completed'
	    order by x.reminder_at, x.number limit 100
	    for update of x skip locked loop
		select * into s from staff m
		where m.id = coalesce(t.assignee_id, t.created_by);
		update task x set reminded_at = now() where x.id = t.id;
		insert into task_event (task_id, kind, to_value)
		values (t.id, 'reminded', s.name);
		perform notify_staff(s.id, 'task_reminder',
		    jsonb_build_object('task_id', t.id, 'number', t.number,
			'title', t.title));
		perform send_mail('task-reminder', s.email,
		    jsonb_build_object('name', s.name, 'title', t.title,
			'task_id', t.id, 'due', task_due_words(t.due_at)),
		    null);
		n := n + 1;
	end loop;
	return n;
end
$$;

-- A time as a mail says it, in the shop's time zone.
create or replace function task_due_words(at timestamptz) returns text
language sql stable as $$
	select to_char(at at time zone coalesce(nullif(
	    setting_of('shop.time_zone'), ''), 'UTC'), 'YYYY-MM-DD HH24:MI')
$$;

create or replace function export_tasks(who uuid) returns json
language plpgsql stable as $$
begin
	return (select coalesce(json_agg(json_build_object(
	    'title', t.title, 'text', t.text, 'status', t.status,
	    'due_at', wire_time(t.due_at),
	    'created_at', wire_time(t.created_at),
	    'completed_at', wire_time(t.completed_at),
	    'comments', (select coalesce(json_agg(json_build_object(
		'text', c.text, 'at', wire_time(c.created_at))
		order by c.number), '[]')
		from task_comment c where c.task_id = t.id))
	    order by t.number), '[]')
	    from task t left join customer_order o on o.id = t.order_id
	    where t.customer_id = who or o.customer_id = who);
end
$$;

-- With a customer who is erased go the tasks about them; the log keeps that
-- staff did something, not what.
create or replace function forget_tasks(who uuid) returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	ids uuid[] := array(select t.id from task t
	    left join customer_order o on o.id = t.order_id
	    where t.customer_id = who or o.customer_id = who);
begin
	perform audit_forget('task_comment', array(select c.id::text
	    from task_comment c where c.task_id = any (ids)));
	update outbox m set data = m.data || '{"title": ""}'
	where m.template = 'task-reminder'
	and m.data ->> 'task_id' = any (ids::text[]);
	delete from kept_answer k
	where k.route like '% /api/tasks%' and exists (select
	    from unnest(ids) i where position(i::text in k.body) > 0);
	perform forget_staff_notices('task_id', ids);
	delete from task t where t.id = any (ids);
	perform audit_forget('task', ids::text[]);
end
$$;
