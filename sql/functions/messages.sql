-- SPDX-License-Identifier: ISC
-- Conversations with customers: from the contact form, and answered in turn.
-- Whoever adds to one holds its row: messages have numbers without a gap,
-- and nobody answers without having seen what a colleague wrote.

create or replace function message_json(m message, for_staff boolean)
returns json
language plpgsql stable security definer set search_path = duka, pg_temp as $$
begin
	return json_build_object('number', m.number, 'author', m.author,
	    'name', case when m.author = 'staff' and for_staff then
		(select s.name from staff s where s.id = m.staff_id) end,
	    'text', m.text, 'at', wire_time(m.at));
end
$$;

create or replace function conversation_json(c conversation) returns json
language sql stable as $$
	select json_build_object('id', c.id, 'number', c.number,
	    'subject', c.subject, 'order_number', c.order_number,
	    'state', c.state, 'last_number', c.last_number,
	    'last_author', c.last_author, 'last_at', wire_time(c.last_at),
	    'created_at', wire_time(c.created_at), 'version', c.version)
$$;

-- The order that the writer named, if there is one; `theirs` says whether it
-- is of the same account or address.  For staff alone: what a stranger
-- writes must not tell the stranger which orders there are.
create or replace function conversation_order(c conversation) returns json
language sql stable security definer set search_path = duka, pg_temp as $$
	select json_build_object('id', o.id, 'number', o.number,
	    'theirs', coalesce(o.customer_id = c.customer_id
		or lower(o.email) = lower(c.email), false))
	from customer_order o where o.number = upper(c.order_number)
	and permitted('messages.read')
$$;

-- Where the answers go: the account's address now, or the guest's; null if
-- there is none.
create or replace function conversation_email(c conversation) returns text
language sql stable security definer set search_path = duka, pg_temp as $$
	select coalesce(c.email, (select shown_email(k.email)
	    from customer k where k.id = c.customer_id
	    and (permitted('messages.read') or k.id = current_customer())))
$$;

create or replace function conversation_staff_json(c conversation)
returns json
language plpgsql stable as $$
begin
	return (conversation_json(c)::jsonb || jsonb_build_object(
	    'customer_id', c.customer_id, 'name', c.name,
	    'email', conversation_email(c)))::json;
end
$$;

-- The newest hundred, oldest of them first.
create or replace function conversation_messages(p_conversation uuid,
    for_staff boolean) returns json
language sql stable as $$
	select coalesce(json_agg(message_json(m, for_staff)
	    order by m.number), '[]')
	from (select * from message l where l.conversation_id = p_conversation
	    order by l.number desc limit 100) m
$$;

create or replace function conversation_answer(c conversation,
    for_staff boolean) returns json
language plpgsql stable as $$
begin
	return ((case when for_staff then conversation_staff_json(c)
	    else conversation_json(c) end)::jsonb || case when for_staff
	    then jsonb_build_object('order', conversation_order(c))
	    else '{}' end || jsonb_build_object('messages',
	    conversation_messages(c.id, for_staff)))::json;
end
$$;

-- Adds a message to a conversation whose row is locked, and counts it.
create or replace function message_add(inout c conversation, p_author text,
    p_text text, p_state text)
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	if c.last_number >= 1000 then
		raise exception 'This conversation is full: begin another'
		    using errcode = 'UK712';
	end if;
	insert into message (conversation_id, number, author, staff_id, text)
	values (c.id, c.last_number + 1, p_author,
	    case when p_author = 'staff' then current_staff() end, p_text);
	update conversation k
	set last_number = k.last_number + 1, last_author = p_author,
	    last_at = now(), state = p_state,
	    closed_at = case when p_state = 'closed'
		then coalesce(k.closed_at, now()) end,
	    version = k.version + 1
	where k.id = c.id returning * into c;
end
$$;

-- To the shop's own address: somebody wrote.
create or replace function message_mail_shop(c conversation, p_text text)
returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	perform send_mail('message-arrived', setting_of('shop.email'),
	    jsonb_build_object('number', c.number, 'subject', c.subject,
	    'writer', c.name, 'email', conversation_email(c),
	    'order_number', c.order_number, 'first', c.last_number = 1,
	    'text', p_text), c.customer_id);
end
$$;

-- To the writer: it arrived.  A guest's address may be anybody's, so mail to
-- it says nothing of the writer's own, and goes three times an hour at most.
create or replace function message_mail_writer(c conversation, p_text text)
returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	if c.customer_id is not null then
		perform send_mail('message-received', k.email,
		    jsonb_build_object('number', c.number, 'name',
		    k.given_name, 'subject', c.subject, 'text', p_text,
		    'path', '/account/messages/' || c.id), k.id)
		from customer k where k.id = c.customer_id;
	elsif (select count(*) from conversation k
	    where lower(k.email) = lower(c.email)
	    and k.created_at > now() - interval '1 hour') <= 3 then
		perform send_mail('message-received', c.email,
		    jsonb_build_object('number', c.number), null);
	end if;
end
$$;

-- The contact form.  A signed-in customer's conversation belongs to the
-- account, whatever name and address the form says.
create or replace function message_contact(p_name text, p_email text,
    p_subject text, p_text text, p_order_number text) returns json
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	who customer;
	c conversation;
begin
	if current_staff() is not null then
		raise exception 'Staff answer; customers write'
		    using errcode = 'UK403';
	end if;
	select * into who from customer where id = current_customer();
	insert into conversation (customer_id, email, name, subject,
	    order_number)
	values (who.id, case when who.id is null then p_email end,
	    coalesce(nullif(btrim(who.given_name || ' ' || who.family_name),
	    ''), p_name, ''), p_subject, nullif(p_order_number, ''))
	returning * into c;
	c := message_add(c, 'customer', p_text, 'open');
	perform message_mail_shop(c, p_text);
	perform message_mail_writer(c, p_text);
	return json_build_object('number', c.number,
	    'conversation_id', case when c.customer_id is not null
		then c.id end, 'received_at', wire_time(c.created_at));
end
$$;

-- A customer writes on in an own conversation; what was closed is open again.
create or replace function message_answer(p_id uuid, p_text text)
returns table (body json, version integer)
language plpgsql security definer set search_path = duka, pg_temp as $$
#variable_conflict use_column
declare
	c conversation;
begin
	select * into c from conversation
	where id = p_id and customer_id = current_customer() for update;
	if not found then
		raise exception 'There is no such conversation'
		    using errcode = 'UK410';
	end if;
	c := message_add(c, 'customer', p_text, 'open');
	perform message_mail_shop(c, p_text);
	body := conversation_answer(c, false);
	version := c.version;
	return next;
end
$$;

-- What was written after a number.
create or replace function messages_after(p_conversation uuid,
    p_number integer) returns jsonb
language sql stable security definer set search_path = duka, pg_temp as $$
	select coalesce(jsonb_agg(message_json(m, true)::jsonb
	    order by m.number), '[]')
	from (select * from message l where l.conversation_id = p_conversation
	    and l.number > p_number order by l.number limit 20) m
$$;

-- To the customer: the shop answered.
create or replace function message_tell(c conversation, p_text text)
returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	said jsonb := jsonb_build_object('number', c.number,
	    'subject', c.subject);
begin
	if c.customer_id is null then
		perform send_mail('message-reply', c.email, said
		    || jsonb_build_object('name', c.name, 'text', p_text),
		    null);
		return;
	end if;
	perform notify_customer(c.customer_id, 'reply', said
	    || jsonb_build_object('conversation_id', c.id,
	    'message', c.last_number, 'begins', left(p_text, 200)),
	    jsonb_build_object('text', p_text,
	    'path', '/account/messages/' || c.id));
end
$$;

-- A conversation that staff who may mean to move, locked.
create or replace function conversation_lock(p_id uuid) returns conversation
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	c conversation;
begin
	perform demand('messages.write');
	select * into c from conversation where id = p_id for update;
	if not found then
		raise exception 'There is no such conversation'
		    using errcode = 'UK410';
	end if;
	return c;
end
$$;

-- Staff answer what they have seen: if others wrote after that, nothing is
-- sent, and what they wrote is shown.
create or replace function message_reply(p_id uuid, p_seen integer,
    p_text text, p_close boolean)
returns table (body json, version integer)
language plpgsql security definer set search_path = duka, pg_temp as $$
#variable_conflict use_column
declare
	c conversation := conversation_lock(p_id);
begin
	if c.last_number > p_seen then
		raise exception 'Others have written meanwhile'
		    using errcode = 'UK711',
		    hint = jsonb_build_object('last_number', c.last_number,
			'messages', messages_after(c.id, p_seen))::text;
	elsif c.last_number < p_seen then
		raise exception 'last_seen: there is no such message yet'
		    using errcode = 'UK422';
	end if;
	c := message_add(c, 'staff', p_text,
	    case when p_close then 'closed' else 'open' end);
	perform message_tell(c, p_text);
	body := conversation_answer(c, true);
	version := c.version;
	return next;
end
$$;

-- Staff close a conversation, or open it again.
create or replace function conversation_move(p_id uuid, p_version integer,
    p_state text) returns table (body json, version integer)
language plpgsql security definer set search_path = duka, pg_temp as $$
#variable_conflict use_column
declare
	c conversation := conversation_lock(p_id);
begin
	perform check_version(c.version, p_version);
	if c.state <> p_state then
		update conversation k set state = p_state,
		    closed_at = case when p_state = 'closed' then now() end,
		    version = k.version + 1
		where k.id = c.id returning * into c;
	end if;
	body := conversation_answer(c, true);
	version := c.version;
	return next;
end
$$;

select audited('conversation'), audited('message');

-- What goes with the account, and with time.

create or replace function export_conversations(who uuid) returns json
language plpgsql stable as $$
begin
	return (select coalesce(json_agg(conversation_json(c)::jsonb
	    || jsonb_build_object('messages', (select coalesce(jsonb_agg(
		message_json(m, false)::jsonb order by m.number), '[]')
		from message m where m.conversation_id = c.id))
	    order by c.created_at, c.id), '[]')
	    from conversation c where c.customer_id = who);
end
$$;

-- Of conversations, the log of what staff did keeps that, not the words.
create or replace function drop_conversations(ids uuid[]) returns integer
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	gone integer;
begin
	perform audit_forget('conversation', ids::text[]),
	    audit_forget('message', array(select m.id::text from message m
	    where m.conversation_id = any (ids) and m.author = 'staff'));
	-- Mail that was sent says nothing any more; what was parked does.
	update outbox o set data = '{}'
	from conversation k
	where k.id = any (ids) and o.state <> 'waiting' and o.template in
	    ('message-arrived', 'message-received', 'message-reply')
	and o.data ->> 'number' = k.number;
	delete from conversation where id = any (ids);
	get diagnostics gone = row_count;
	return gone;
end
$$;

-- An erased customer's conversations go, and those that came as a guest's
-- from an address that was verified to be the customer's.
create or replace function forget_conversations(c customer) returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	perform drop_conversations(array(select k.id from conversation k
	    where k.customer_id = c.id or c.email_verified_at is not null
	    and lower(k.email) = lower(c.email)));
end
$$;

create or replace function tidy_conversations() returns integer
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	return drop_conversations(array(select k.id from conversation k
	    where k.state = 'closed' and k.customer_id is null
	    and k.closed_at < now() - days_of('keep.contact_days', 730)));
end
$$;
