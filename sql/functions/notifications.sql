-- SPDX-License-Identifier: ISC
-- What customers are told: a row in their list, and a mail, each if they
-- want it.
--
-- notify_customer() is for functions with the owner's rights: no program may
-- call it, for it writes mail.  Who writes the mail of a kind itself asks
-- mail_wanted() first, and gives what needs consent to send_wanted_mail().

-- Whether a customer wants to hear of a kind by a channel.
create or replace function notice_wanted(p_customer uuid, p_kind text,
    p_channel text) returns boolean
language sql stable security definer set search_path = duka, pg_temp as $$
	select coalesce((select p.wanted from notification_preference p
	    where p.customer_id = p_customer and p.kind = k.kind
	    and p.channel = p_channel and (p.channel = 'in_app'
		or k.mail = 'choice')),
	    case p_channel when 'in_app' then k.in_app else k.email end)
	from notification_kind k where k.kind = p_kind
$$;

-- Whether mail of a kind may go to a customer: by preference, and by the
-- consent that its purpose needs.
create or replace function mail_wanted(p_customer uuid, p_kind text)
returns boolean
language sql stable security definer set search_path = duka, pg_temp as $$
	select coalesce(notice_wanted(p_customer, p_kind, 'email')
	    and (select k.purpose is null
		or consented(p_customer, k.purpose, 'email')
		from notification_kind k where k.kind = p_kind), false)
$$;

-- A mail of a kind, if it may go; consent is read again when it is sent.
create or replace function send_wanted_mail(p_customer uuid, p_kind text,
    p_template text, p_data jsonb) returns uuid
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	c customer;
	made uuid;
begin
	select * into c from customer
	where id = p_customer and state = 'active';
	if not found or not mail_wanted(c.id, p_kind) then
		return null;
	end if;
	made := send_mail(p_template, c.email, jsonb_build_object('name',
	    c.given_name) || p_data, c.id);
	update outbox set purpose = k.purpose
	from notification_kind k
	where outbox.id = made and k.kind = p_kind and k.purpose is not null;
	return made;
end
$$;

-- Only the row in the list, if it is wanted; null if not.
create or replace function notify_in_app(p_customer uuid, p_kind text,
    p_data jsonb, p_at timestamptz default clock_timestamp()) returns uuid
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	made uuid;
begin
	if not exists (select from notification_kind where kind = p_kind) then
		raise exception 'Nobody is told of "%"', p_kind
		    using errcode = 'UK422';
	end if;
	insert into notification (customer_id, kind, data, created_at)
	select c.id, p_kind, p_data, p_at from customer c
	where c.id = p_customer and c.state = 'active'
	and notice_wanted(c.id, p_kind, 'in_app')
	returning id into made;
	return made;
end
$$;

-- Tells a customer: the row, and the mail where the kind has one.  `p_mail`
-- is what the mail says besides.
create or replace function notify_customer(customer_id uuid, kind text,
    data jsonb, mail jsonb default '{}') returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	letter text;
begin
	perform notify_in_app($1, $2, $3);
	select k.template into letter from notification_kind k
	where k.kind = $2 and k.template is not null;
	if found then
		perform send_wanted_mail($1, $2, letter, $3 || $4);
	end if;
end
$$;

-- What happens to an order, as its events have it: whatever moves one, its
-- customer reads of it.  What customers did themselves they know.
create or replace function notify_order_event() returns trigger
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	o customer_order;
begin
	select * into o from customer_order where id = new.order_id;
	if o.customer_id is null or new.customer_id = o.customer_id then
		return null;
	end if;
	perform notify_in_app(o.customer_id, case new.kind when 'return'
	    then 'return_moved' else 'order_moved' end,
	    jsonb_strip_nulls(jsonb_build_object('order_id', o.id,
	    'number', o.number, 'event', new.kind, 'from', new.from_state,
	    'to', new.to_state, 'note', nullif(left(new.note, 500), ''),
	    'return_id', new.data -> 'return_id',
	    'amount', new.data -> 'amount')), new.at);
	return null;
end
$$;

-- (A refund has an event of its own beside that of the payment's state.)
create or replace trigger notify_customer after insert on order_event
    for each row when (new.public and new.kind <> 'placed'
	and not (new.kind = 'payment'
	and new.to_state in ('partly_refunded', 'refunded')))
    execute function notify_order_event();

-- Points that came or went, but for those the customer spent.
create or replace function notify_points() returns trigger
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	perform notify_customer(new.customer_id, 'points',
	    jsonb_strip_nulls(jsonb_build_object('event', new.kind,
	    'points', new.points, 'balance', new.balance,
	    'order_id', new.order_id, 'reason', nullif(new.reason, ''))),
	    jsonb_build_object('came', new.points > 0,
	    'count', abs(new.points)));
	return null;
end
$$;

create or replace trigger notify_customer after insert on points_entry
    for each row when (new.kind <> 'redeem')
    execute function notify_points();

-- Announced expiry.  Its mail is loyalty's own, and about the account.
create or replace function notify_expiry() returns trigger
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	perform notify_in_app(new.customer_id, 'points', jsonb_build_object(
	    'event', 'expiring', 'points', new.balance, 'balance', new.balance,
	    'at', wire_time(greatest(new.moved_at + points_keep(),
	    now() + points_notice()))));
	return null;
end
$$;

create or replace trigger notify_customer after update of warned_at
    on points_account for each row
    when (old.warned_at is null and new.warned_at is not null)
    execute function notify_expiry();

-- The customer's own list.

create or replace function notification_json(n notification) returns json
language sql stable as $$
	select json_build_object('id', n.id, 'kind', n.kind, 'data', n.data,
	    'created_at', wire_time(n.created_at),
	    'read_at', wire_time(n.read_at))
$$;

-- Marks as read what is named, or all; says how many were unread, and are.
create or replace function read_notifications(p_ids jsonb, p_all boolean)
returns json language plpgsql as $$
declare
	n integer;
begin
	update notification set read_at = now()
	where customer_id = current_customer() and read_at is null
	and (p_all or id in (select i::uuid
	    from jsonb_array_elements_text(coalesce(p_ids, '[]')) i));
	get diagnostics n = row_count;
	return json_build_object('read', n, 'unread', (select count(*)
	    from notification where customer_id = current_customer()
	    and read_at is null));
end
$$;

create or replace function preferences_json(who uuid) returns json
language sql stable as $$
	select json_build_object('items', json_agg(json_build_object(
	    'kind', k.kind, 'channel', h.channel,
	    'on', coalesce(p.wanted, case h.channel when 'in_app'
		then k.in_app else k.email end),
	    'fixed', h.channel = 'email' and k.mail = 'always',
	    'purpose', case when h.channel = 'email' then k.purpose end,
	    'consented', case when h.channel = 'email'
		and k.purpose is not null
		then consented(who, k.purpose, 'email') end)
	    order by k.position, h.channel desc), 'next', null)
	from notification_kind k
	cross join (values ('in_app'), ('email')) h (channel)
	left join notification_preference p on p.customer_id = who
	    and p.kind = k.kind and p.channel = h.channel
$$;

-- Replaces them whole: what isn't named is as it was at first.
create or replace function put_preferences(p_items jsonb) returns json
language plpgsql as $$
declare
	who uuid := current_customer();
	fault text;
begin
	select 'Each kind and channel is said once' into fault
	from jsonb_array_elements(p_items) i
	group by i ->> 'kind', i ->> 'channel' having count(*) > 1;
	if not found then
		select 'Mail about orders and returns is always sent'
		into fault from jsonb_array_elements(p_items) i
		join notification_kind k on k.kind = i ->> 'kind'
		where k.mail = 'always' and i ->> 'channel' = 'email'
		and not (i ->> 'on')::boolean;
	end if;
	if fault is not null then
		raise exception '%', fault using errcode = 'UK422';
	end if;
	-- One at a time.
	perform from customer where id = who for no key update;
	delete from notification_preference where customer_id = who;
	insert into notification_preference (customer_id, kind, channel,
	    wanted)
	select who, k.kind, i ->> 'channel', (i ->> 'on')::boolean
	from jsonb_array_elements(p_items) i
	join notification_kind k on k.kind = i ->> 'kind'
	where (i ->> 'on')::boolean <> case i ->> 'channel' when 'in_app'
	    then k.in_app else k.email end;
	return preferences_json(who);
end
$$;

-- What goes with the account, and with time.

create or replace function export_notifications(who uuid) returns json
language plpgsql stable as $$
begin
	return json_build_object(
	    'preferences', preferences_json(who) -> 'items',
	    'items', (select coalesce(json_agg(notification_json(n)
		order by n.created_at, n.id), '[]') from notification n
		where n.customer_id = who));
end
$$;

create or replace function forget_notifications(p_customer uuid)
returns void
language sql security definer set search_path = duka, pg_temp as $$
	delete from notification where customer_id = p_customer;
	delete from notification_preference where customer_id = p_customer;
$$;

create or replace function tidy_notifications() returns integer
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	old interval := days_of('keep.notification_days', 180);
	gone integer;
begin
	delete from notification where created_at < now() - old
	and (read_at < now() - old or created_at < now() - 4 * old);
	get diagnostics gone = row_count;
	return gone;
end
$$;
