-- SPDX-License-Identifier: ISC
-- Tasks, companies and deals: who sees and changes them, what is refused, and
-- that a reminder is told once.
begin;
select no_plan();

create function pg_temp.be(role text, member uuid default null,
    permissions text default '') returns void
language plpgsql as $$
begin
	reset role;
	perform set_config('duka.staff', coalesce(member::text, ''), true),
	    set_config('duka.permissions', ' ' || permissions || ' ', true);
	execute format('set local role %I', role);
end
$$;
create function pg_temp.own() returns void language sql as $$
	select set_config('role', 'none', true)
$$;
\set a '\'00000000-0000-4000-8000-00000000000a\''
\set b '\'00000000-0000-4000-8000-00000000000b\''
\set c '\'00000000-0000-4000-8000-00000000000c\''
\set all '\'tasks.read tasks.write customers.read companies.read companies.write deals.read deals.write\''
insert into staff (id, email, name, state) values
(:a, 'ann@example.org', 'Ann', 'active'),
(:b, 'bob@example.org', 'Bob', 'active'),
(:c, 'gone@example.org', 'Gone', 'disabled');
insert into customer (id, email, given_name, family_name)
values (:a, 'a@example.org', 'Ada', 'Obi');
insert into task (id, title, customer_id, assignee_id, created_by)
values (:a, 'One', :a, :b, :a);
insert into task_comment (task_id, staff_id, text) values (:a, :a, 'Hm');
insert into company (id, name) values (:a, 'Obi Foods');
insert into company_person (company_id, customer_id, main)
values (:a, :a, true);
insert into deal (id, title, company_id, customer_id, stage_id)
select :a, 'Rice', :a, :a, s.id from deal_stage s where s.name = 'New';

-- What a row may be.

select throws_ok('insert into task (title, status, priority, text) values ('
    || row || ')', '23514', null, row) from unnest(array[
    $$'', 'open', 'low', ''$$, $$E'a\nb', 'open', 'low', ''$$,
    $$' a', 'open', 'low', ''$$, $$repeat('x', 201), 'open', 'low', ''$$,
    $$'a', 'done', 'low', ''$$, $$'a', 'open', 'none', ''$$,
    $$'a', 'completed', 'low', ''$$,
    $$'a', 'open', 'low', repeat('x', 5001)$$]) row;
select throws_ok('insert into company (name, vat_number, payment_days, '
    'website) values (' || row || ')', '23514', null, row) from unnest(array[
    $$'', null, 0, null$$, $$'a', '12', 0, null$$, $$'a', null, -1, null$$,
    $$'a', null, 366, null$$, $$'a', null, 0, 'javascript:x'$$]) row;
select throws_ok(format('insert into company_person (company_id, customer_id,
    main) values (%L, %L, true)', :a, :a), '23505', null, 'once a company');
select throws_ok($$insert into deal (title, stage_id) select 'x', id
    from deal_stage limit 1$$, '23514', null, 'a deal is with somebody');
select throws_ok($$insert into deal_stage (name, position, kind, probability)
    values ('x', 9, 'won', 50)$$, '23514', null, 'what is won is won');
select throws_ok('delete from company', '23503', null,
    'a company with deals stays');
select throws_ok('delete from deal_stage', '23503', null, 'and a stage');

-- Who sees them.

select pg_temp.be('duka_tasks', :a);
select is_empty('select * from task', 'nobody sees tasks without the right');
select is_empty('select * from task_comment', 'nor comments');
select is_empty('select * from task_event', 'nor events');
select throws_ok($$select task_assignees()$$, 'UK403', null, 'nor who');
select throws_ok($$select task_create('{"title": "x"}')$$, 'UK403', null,
    'or makes one');
select pg_temp.be('duka_tasks', :a, 'tasks.read');
select is((select count(*) from task), 1::bigint, 'who may sees them');
select is((select task_json(t) -> 'customer' from task t), 'null',
    'but no customer');
select throws_ok(format('select task_change(%L, 1, %L)', :a,
    '{"title": "x"}'), 'UK403', null, 'reading is not changing');
select throws_ok(format('select task_remove(%L, 1)', :a), 'UK403', null,
    'nor removing');
select throws_ok('update task set title = ''x''', '42501', null,
    'and not past the functions');
select throws_ok('select * from staff', '42501', null,
    'the program has no staff');
select throws_ok('select remind_tasks()', '42501', null,
    'only the courier reminds');
select pg_temp.be('duka_desk', :a);
select is_empty('select * from ' || t, 'without the right no ' || t)
from unnest(array['company', 'company_person', 'deal', 'deal_stage',
    'deal_event']) t;
select throws_ok($$select company_create('{"name": "x"}')$$, 'UK403', null,
    'nobody writes companies');
select throws_ok(format('select company_person_put(%L, %L, 1, null, true)', :a,
    :a), 'UK403', null, 'or people');
select throws_ok($$select deal_create('{"title": "x"}')$$, 'UK403', null,
    'or deals');
select throws_ok($$select stage_create('x', 'open', 1)$$, 'UK403', null,
    'or stages');
select pg_temp.be('duka_desk', :a, 'companies.read deals.read');
select is((select company_json(k) #>> '{people}' from company k), '[]',
    'people only for who sees customers');
select is((select deal_json(d) -> 'customer' from deal d), 'null',
    'in deals too');
select is((select deal_json(d) #>> '{company,name}' from deal d),
    'Obi Foods', 'the company is there');
select pg_temp.be('duka_cart', :a, :all);
select throws_ok('select * from ' || t, '42501', null,
    'another program has no ' || t)
from unnest(array['task', 'company', 'deal']) t;

-- Changes.

select pg_temp.be('duka_tasks', :a, :all);
select throws_ok(format('select task_change(%L, 2, %L)', :a,
    '{"title": "x"}'), 'UK412', null, 'another version');
select throws_ok(format('select task_change(%L, 1, %L)', :a,
    json_build_object('assignee_id', :c)), 'UK422', null,
    'who left is given nothing');
select is((select version from task_change(:a, 1,
    '{"status": "completed"}')), 2, 'it is done');
select is((select (completed_by, status)::text from task),
    format('(%s,completed)', :a), 'and who did it');
select pg_temp.own();
select is((select string_agg(kind || ' ' || coalesce(from_value, '') || ' '
    || to_value, ', ') from task_event), 'status open completed',
    'history has it');
select is((select count(*) from audit_log where table_name = 'task'
    and staff_id = :a), 1::bigint, 'and the log');

-- Reminders.

delete from outbox;
delete from task;
insert into task (title, assignee_id, created_by, reminder_at, status,
    completed_at) values
('Due', :b, :a, now() - interval '1 hour', 'open', null),
('Nobody''s', null, :a, now(), 'in_progress', null),
('Done', :b, :a, now(), 'completed', now()),
('Later', :b, :a, now() + interval '1 hour', 'open', null),
('Left', :c, :a, now(), 'open', null);
select pg_temp.be('duka_courier');
select is(remind_tasks(), 2, 'two are due');
select is(remind_tasks(), 0, 'once');
select pg_temp.own();
select is((select string_agg(recipient || ' ' || (data ->> 'title'), ', '
    order by recipient) from outbox where template = 'task-reminder'),
    'ann@example.org Nobody''s, bob@example.org Due', 'by mail');
select is((select count(*) from staff_notification
    where kind = 'task_reminder'), 2::bigint, 'and in the panel');
update task set assignee_id = :b where title = 'Left';
select is(remind_tasks(), 1, 'what waited for somebody is told then');
savepoint before;
update task set reminded_at = null;
select is(remind_tasks(), 3, 'told');
rollback to before;
select is((select count(*) from outbox where template = 'task-reminder'),
    3::bigint, 'what was not committed is not told either');

-- With the customer.

insert into task (title, customer_id) values ('About Ada', :a);
select forget_tasks(:a), forget_companies(:a), forget_deals(:a);
select is_empty(format('select from task where customer_id = %L', :a),
    'tasks go with the customer');
select is_empty('select * from company_person', 'people too');
select is((select (title = '#' || number, customer_id)::text from deal),
    '(t,)', 'a deal stays without them');

select * from finish();
rollback;
