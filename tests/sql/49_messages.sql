-- SPDX-License-Identifier: ISC
-- Conversations: whose they are, numbers, who has seen what, mails, ends.
begin;
select no_plan();

create function pg_temp.be(role text, customer uuid default null,
    staff uuid default null, permissions text default '')
returns void language sql as $$
	select set_config('role', role, true),
	    set_config('duka.customer', coalesce(customer::text, ''), true),
	    set_config('duka.staff', coalesce(staff::text, ''), true),
	    set_config('duka.permissions', ' ' || permissions || ' ', true)
$$;
\set a '\'00000000-0000-4000-8000-00000000000a\''
\set b '\'00000000-0000-4000-8000-00000000000b\''
\set all '\'messages.read messages.write\''
insert into customer (id, email, given_name, family_name, email_verified_at)
values (:a, 'a@example.org', 'Ada', 'Obi', now()),
    (:b, 'b@example.org', 'Ben', 'Ito', null);
insert into staff (id, email, name)
values (:a, 'efua@example.org', 'Efua Mensah');
delete from outbox;
create function pg_temp.mails() returns text language sql as $$
	with gone as (delete from duka.outbox returning *)
	select coalesce(string_agg(template || ' ' || recipient, ', '
	    order by template, recipient), '') from gone
$$;
-- What a late answer is told.
create function pg_temp.news(c uuid) returns jsonb language plpgsql as $$
declare
	data text;
begin
	perform duka.message_reply(c, 1, 'Late', false);
	return null;
exception when sqlstate 'UK711' then
	get stacked diagnostics data = pg_exception_hint;
	return data;
end
$$;

-- Constraints.

select throws_ok(format('insert into conversation (customer_id, email, name,
    subject, order_number) values (%s)', row), '23514', null, row)
from unnest(array[$$null, null, 'x', 'x', null$$,
    format($$%L, 'x@example.org', 'x', 'x', null$$, :a),
    $$null, 'no address', 'x', 'x', null$$,
    $$null, 'x@example.org', E'x\ny', 'x', null$$,
    $$null, 'x@example.org', repeat('x', 201), 'x', null$$,
    $$null, 'x@example.org', 'x', '', null$$,
    $$null, 'x@example.org', 'x', E'x\r\nBcc: y', null$$,
    $$null, 'x@example.org', 'x', repeat('x', 201), null$$,
    $$null, 'x@example.org', 'x', 'x', 'a b'$$,
    $$null, 'x@example.org', 'x', 'x', repeat('1', 31)$$]) row;
insert into conversation (id, customer_id, name, subject)
values (:b, :b, 'Ben', 'Gari');
select throws_ok(format('insert into message (conversation_id, number,
    author, staff_id, text) values (%L, %s)', :b, row), '23514', null, row)
from unnest(array[$$0, 'customer', null, 'x'$$,
    $$1001, 'customer', null, 'x'$$, $$1, 'robot', null, 'x'$$,
    $$1, 'staff', null, 'x'$$, format($$1, 'customer', %L, 'x'$$, :a),
    $$1, 'customer', null, ''$$, $$1, 'customer', null, repeat('x', 5001)$$,
    $$1, 'customer', null, E'x\x08'$$, $$1, 'customer', null, E'x\x7f'$$,
    $$1, 'customer', null, E'x\u0085'$$]) row;
select lives_ok(format($$insert into message (conversation_id, number, author,
    text) values (%L, 1, 'customer', E'Two\n\tlines \U0001F980')$$, :b),
    'lines, tabs and crabs are fine');
select throws_ok(format($$insert into message (conversation_id, number,
    author, text) values (%L, 1, 'customer', 'x')$$, :b), '23505', null,
    'a number is had once');
select throws_ok($$update conversation set state = 'closed'$$, '23514', null,
    'what is closed says since when');
delete from conversation;

-- Guests.

select pg_temp.be('duka_messages');
select is((message_contact('Gus', 'g@example.org', 'Torn', 'A hole', 'D-1')
    ->> 'conversation_id'), null, 'a guest writes, and is told no id');
select is_empty('select from conversation', 'nor sees it');
select is_empty('select from message', 'or what it says');
select pg_temp.be('none');
select is(row(customer_id, email, name, subject, order_number, state,
    last_number)::text, '(,g@example.org,Gus,Torn,D-1,open,1)', 'it stands')
    from conversation;
select is((select data from outbox where template = 'message-received')
    - 'number', '{}', 'mail to an address anybody may have named says '
    'nothing of the writer''s');
select is((select data ->> 'text' from outbox
    where template = 'message-arrived'), 'A hole', 'the shop reads it');
select is(pg_temp.mails(), 'message-arrived shop@localhost, '
    'message-received g@example.org', 'two mails');
select message_contact('Gus', 'G@example.org', 'Torn', 'A hole', null)
from generate_series(1, 4);
select is((select count(*) from outbox where template = 'message-received'),
    2::bigint, 'nobody is mailed more than three times by a stranger');
select is((select count(*) from conversation), 5::bigint,
    'but all of it is kept');
delete from conversation;
delete from outbox;

-- Customers.

select pg_temp.be('duka_messages', :a);
select message_contact('Not Ada', 'not.ada@example.org', 'Gari', 'Where?',
    '') as r \gset
select (:'r'::json ->> 'conversation_id')::uuid as c \gset
select is(row(customer_id, email, name, order_number, last_author)::text,
    '(' || :a || ',,"Ada Obi",,customer)', 'it is the account''s')
    from conversation;
select is((select count(*) from message), 1::bigint, 'read by its own');
select is(conversation_answer(c, false)::jsonb ? 'email', false,
    'as the customer sees it') from conversation c;
select pg_temp.be('none');
select is(pg_temp.mails(), 'message-arrived shop@localhost, '
    'message-received a@example.org', 'mailed to the account');
select pg_temp.be('duka_messages', :b);
select is_empty('select from conversation', 'others don''t see it');
select is_empty('select from message', 'nor a word of it');
select throws_ok(format($$select message_answer(%L, 'x')$$, :'c'), 'UK410',
    null, 'nor write into it');
select pg_temp.be('duka_messages');
select throws_ok(format($$select message_answer(%L, 'x')$$, :'c'), 'UK410',
    null, 'nobody does');
select throws_ok(format($$insert into message (conversation_id, number,
    author, text) values (%L, 2, 'customer', 'x')$$, :'c'), '42501', null,
    'there is no way but the functions');
select throws_ok($$update conversation set name = 'x'$$, '42501', null,
    'to anything');

-- Staff.

select pg_temp.be('duka_messages', null, :a, 'orders.read');
select is_empty('select from conversation', 'not those who may not');
select throws_ok(format($$select message_reply(%L, 1, 'x', false)$$, :'c'),
    'UK403', null, 'answer');
select throws_ok(format($$select conversation_move(%L, 1, 'closed')$$, :'c'),
    'UK403', null, 'or close');
select pg_temp.be('duka_messages', null, :a, 'messages.read');
select is((select count(*) from conversation), 1::bigint, 'who may read reads');
select throws_ok(format($$select message_reply(%L, 1, 'x', false)$$, :'c'),
    'UK403', null, 'and writes not');
select throws_ok($$select message_contact('x', 'x@example.org', 'x', 'x',
    null)$$, 'UK403', null, 'staff write no letters to themselves');
select pg_temp.be('duka_messages', null, :a, :all);
select throws_ok(format($$select message_reply(%L, 1, 'x', false)$$, :b),
    'UK410', null, 'not in one that isn''t there');
select throws_ok(format($$select message_reply(%L, 2, 'x', false)$$, :'c'),
    'UK422', null, 'nor after what isn''t there');
select is((select r.body ->> 'last_number' from message_reply(:'c', 1,
    'On its way', false) r), '2', 'answered');
select pg_temp.be('none');
select is(pg_temp.mails(), 'message-reply a@example.org', 'and mailed');
select is((select row(kind, data ->> 'message', data ->> 'begins')::text
    from notification where customer_id = :a), '(reply,2,"On its way")',
    'and told');
select pg_temp.be('duka_messages', :a);
select is((select string_agg(number || author, ' ' order by number)
    from message), '1customer 2staff', 'read by the customer');
select is(message_json(m, false) ->> 'name', null,
    'without the name of who it was') from message m where number = 2;
select is((select r.body ->> 'last_number' from message_answer(:'c',
    'Thanks') r), '3', 'who writes on');
select pg_temp.be('duka_messages', null, :a, :all);
select throws_ok(format($$select message_reply(%L, 2, 'Late', false)$$, :'c'),
    'UK711', null, 'not without having seen that');
select is((pg_temp.news(:'c') ->> 'last_number')::integer, 3, 'what is last');
select is((select string_agg(m ->> 'text', ' ') from
    jsonb_array_elements(pg_temp.news(:'c') -> 'messages') m),
    'On its way Thanks', 'and all that is new');
select is((select r.body ->> 'state' from message_reply(:'c', 3, 'Bye', true)
    r), 'closed', 'closed with the answer');
select is((select r.body #>> '{messages,3,name}' from (select
    conversation_answer(c, true) as body from conversation c) r),
    'Efua Mensah', 'staff see who it was');
select throws_ok(format($$select conversation_move(%L, 4, 'open')$$, :'c'),
    'UK412', null, 'not at another version');
select is((select r.body ->> 'state' from conversation_move(:'c', 5, 'open')
    r), 'open', 'opened again');
select is((select r.version from conversation_move(:'c', 6, 'open') r), 6,
    'to no end');
select is((select r.body ->> 'state' from conversation_move(:'c', 6,
    'closed') r), 'closed', 'closed');
select pg_temp.be('duka_messages', :a);
select is((select r.body ->> 'state' from message_answer(:'c', 'One more') r),
    'open', 'a customer''s word opens it');
select pg_temp.be('none');
select is(closed_at, null, 'and nothing closed it') from conversation
    where id = :'c';
select is((select string_agg(number::text, ' ' order by number) from message
    where conversation_id = :'c'), '1 2 3 4 5', 'numbers without a gap');
select ok((select count(*) >= 4 from audit_log
    where table_name in ('conversation', 'message')),
    'what staff did is in the log');
update conversation set last_number = 1000 where id = :'c';
select pg_temp.be('duka_messages', :a);
select throws_ok(format($$select message_answer(%L, 'x')$$, :'c'), 'UK712',
    null, 'a thousand are enough');
select pg_temp.be('none');
update conversation set last_number = 5 where id = :'c';

-- Orders that are named.

insert into customer_order (id, number, state, customer_id, email,
    payment_method, currency, tax_mode, subtotal_amount, discount_amount, shipping_amount,
    tax_amount, total_amount, quote)
values (:a, 'D-T1', 'cancelled', :a, 'a@example.org', 'on_delivery', 'EUR', 'inclusive',
    0, 0, 0, 0, 0, '{}');
update conversation set order_number = 'd-t1' where id = :'c';
select pg_temp.be('duka_messages', null, :a, :all);
select is(conversation_answer(c, true) #>> '{order,theirs}', 'true',
    'staff see the order, and that it is theirs') from conversation c;
select pg_temp.be('duka_messages', :a);
select is(conversation_order(c)::text, null, 'customers don''t')
    from conversation c;
select pg_temp.be('none');
update conversation set customer_id = :b where id = :'c';
select pg_temp.be('duka_messages', null, :a, :all);
select is(conversation_answer(c, true) #>> '{order,theirs}', 'false',
    'or that it isn''t') from conversation c;
select pg_temp.be('none');
update conversation set customer_id = :a where id = :'c';

-- Rights.

select is_empty($$
    select r.rolname, t, p from pg_roles r,
	unnest(array['conversation', 'message']) t,
	unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE']) p
    where r.rolname like 'duka\_%' and r.rolname <> 'duka_owner'
    and (has_table_privilege(r.oid, 'duka.' || t, p) or p <> 'DELETE'
	and has_any_column_privilege(r.oid, 'duka.' || t, p))
    and not (r.rolname = 'duka_messages' and p = 'SELECT')$$,
    'one program reads them, none writes');
select is_empty($$
    select r.rolname, p.proname from pg_roles r, pg_proc p
    where r.rolname like 'duka\_%' and r.rolname <> 'duka_owner'
    and p.pronamespace = 'duka'::regnamespace
    and p.proname in ('message_add', 'message_tell', 'message_mail_shop',
	'message_mail_writer', 'messages_after', 'drop_conversations',
	'forget_conversations', 'tidy_conversations', 'export_conversations')
    and has_function_privilege(r.oid, p.oid, 'EXECUTE')$$,
    'parts are for nobody');

-- Time, and the account's end.

select message_contact('Gus', e, 'Torn', 'A hole', null)
from unnest(array['g@example.org', 'A@example.org', 'b@example.org']) e;
update conversation set state = 'closed',
    closed_at = now() - interval '731 days'
where email = 'g@example.org' or customer_id = :a;
select is(tidy_conversations(), 1, 'a guest''s that was closed goes in time');
select is((select count(*) from conversation where id = :'c'), 1::bigint,
    'a customer''s stays');
update outbox set state = 'dead';
select set_config('duka.customer', :a, true);
select is(json_array_length(export_account() #> '{conversations,0,messages}'),
    5, 'it is among what is taken away');
select lives_ok('select erase_account()', 'erased');
select is((select string_agg(coalesce(email, customer_id::text), ' ')
    from conversation), 'b@example.org',
    'gone, with what the verified address wrote as a guest');
select is_empty($$select from audit_log where table_name in ('conversation',
    'message') and (before is not null or after is not null)$$,
    'the log keeps that, not what');
select is((select count(*) from outbox where data ->> 'email' =
    'A@example.org'), 0::bigint, 'nor does mail that is parked');
select set_config('duka.customer', :b, true);
select erase_account();
select is((select count(*) from conversation), 1::bigint,
    'an address that was never verified takes nothing with it');

select * from finish();
rollback;
