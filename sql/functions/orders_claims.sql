-- SPDX-License-Identifier: ISC
-- What refunds and returns show of themselves, and who reaches an order
-- without an account.

-- Guests come with a key from one of their mails.  What is kept and compared
-- is its digest, so the time this takes says nothing about the key.
create or replace function order_key_digest(p_key text) returns bytea
language sql immutable strict as $$
	select sha256(convert_to(p_key, 'UTF8'))
$$;

-- A new key to an order of a guest; null for a customer's, who logs in.
create or replace function order_key_made(o customer_order) returns text
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	made text;
begin
	if o.customer_id is not null then
		return null;
	end if;
	made := rtrim(translate(encode(decode(replace(
	    gen_random_uuid()::text || gen_random_uuid()::text, '-', ''),
	    'hex'), 'base64'), '+/', '-_'), '=');
	insert into order_key (digest, order_id, expires_at)
	values (order_key_digest(made), o.id, now()
	    + make_interval(days => setting_days('orders.key_days', 180)));
	return made;
end
$$;

-- A setting that is a number of days, if it is one.
create or replace function setting_days(name text, fallback integer)
returns integer language sql stable as $$
	select case when setting_of(name) ~ '^[0-9]{1,4}$'
	    then setting_of(name)::integer else fallback end
$$;

-- The order that a key opens, or null: for another's key, a wrong or an old
-- one, and for a customer's order.
create or replace function order_by_key(p_order uuid, p_key text)
returns uuid
language sql stable security definer set search_path = duka, pg_temp as $$
	select o.id from order_key k join customer_order o on o.id = k.order_id
	where k.digest = order_key_digest(p_key) and k.order_id = p_order
	and k.expires_at > now() and o.customer_id is null
$$;

-- Whether an order is the caller's: by account, by the cart's token, or by
-- the key that came along.
create or replace function order_reached(o customer_order, p_key text)
returns boolean
language plpgsql stable as $$
begin
	return order_mine(o) or p_key is not null
	    and order_by_key(o.id, p_key) is not null;
end
$$;

-- An order as its own see it; no row for anybody else.
create or replace function order_view(p_order uuid, p_key text)
returns table (body json, version integer)
language sql stable security definer set search_path = duka, pg_temp as $$
	select order_json(o), o.version from customer_order o
	where o.id = p_order and order_reached(o, p_key)
$$;

create or replace function order_events(p_order uuid, p_key text)
returns table (body json)
language sql stable security definer set search_path = duka, pg_temp as $$
	select json_build_object('items', coalesce((
	    select json_agg(order_event_json(e) order by e.id)
	    from order_event e where e.order_id = o.id and e.public), '[]'),
	    'next', null)
	from customer_order o where o.id = p_order and order_reached(o, p_key)
$$;

-- Where an order is seen, for mails: the path below the shop's address, and
-- what follows a product's id where it is reviewed.  The key stands behind
-- the #, which browsers keep to themselves.
create or replace function order_link(o customer_order) returns jsonb
language sql as $$
	select jsonb_build_object('order_id', o.id, 'path',
	    case when o.customer_id is not null
	    then '/account/orders/' || o.id
	    else '/order/' || o.id || '#key=' || k.made end,
	    'review_query', case when o.customer_id is not null then ''
	    else '?order=' || o.id || '#key=' || k.made end)
	from (select order_key_made(o) as made offset 0) k
$$;

create or replace function order_mail(template text, o customer_order,
    more jsonb default '{}') returns uuid
language sql security definer set search_path = duka, pg_temp as $$
	select send_mail($1, o.email, order_json(o)::jsonb || order_link(o)
	    || more, o.customer_id)
$$;

-- As the API shows them.

create or replace function refund_json(r refund) returns json
language plpgsql stable as $$
#variable_conflict use_column
begin
	return json_build_object('id', r.id, 'number', r.number,
	    'state', r.state, 'cause', r.cause, 'method', r.method,
	    'reason', r.reason,
	    'goods', money(r.goods_amount, r.currency),
	    'shipping', money(r.shipping_amount, r.currency),
	    'tax', money(r.tax_amount, r.currency),
	    'amount', money(r.amount, r.currency),
	    'lines', (select coalesce(json_agg(json_build_object(
		'line_id', l.id, 'sku', l.sku, 'name', l.name,
		'quantity', i.quantity,
		'amount', money(i.amount, r.currency),
		'tax', money(i.tax_amount, r.currency))
		order by l.position), '[]')
		from refund_line i join order_line l
		on l.id = i.order_line_id where i.refund_id = r.id),
	    'created_at', wire_time(r.created_at),
	    'settled_at', wire_time(r.settled_at));
end
$$;

create or replace function refunds_json(p_order uuid) returns json
language plpgsql stable as $$
#variable_conflict use_column
begin
	return (select coalesce(json_agg(refund_json(r)
	    order by r.number), '[]') from refund r
	    where r.order_id = p_order);
end
$$;

create or replace function return_json(r order_return) returns json
language plpgsql stable as $$
#variable_conflict use_column
begin
	return json_build_object('id', r.id, 'number', r.number,
	    'state', r.state, 'note', r.note,
	    'decision_note', r.decision_note, 'refund_id', r.refund_id,
	    'lines', (select coalesce(json_agg(json_build_object(
		'line_id', l.id, 'sku', l.sku, 'name', l.name,
		'quantity', i.quantity, 'reason', i.reason,
		'whole', i.whole, 'damaged', i.damaged)
		order by l.position), '[]')
		from order_return_line i join order_line l
		on l.id = i.order_line_id where i.return_id = r.id),
	    'requested_at', wire_time(r.requested_at),
	    'decided_at', wire_time(r.decided_at),
	    'received_at', wire_time(r.received_at),
	    'version', r.version);
end
$$;

create or replace function returns_json(p_order uuid) returns json
language plpgsql stable as $$
#variable_conflict use_column
begin
	return (select coalesce(json_agg(return_json(r)
	    order by r.number), '[]') from order_return r
	    where r.order_id = p_order);
end
$$;

-- Of each line, what can still be sent back: what was shipped, less what was
-- refunded and what is on its way back already.
create or replace function returnable(l order_line) returns integer
language plpgsql stable security definer set search_path = duka, pg_temp as $$
#variable_conflict use_column
begin
	if l.shipped = 0 then
		return 0;
	end if;
	return greatest(0, l.shipped - l.refunded - (
	    select coalesce(sum(i.quantity), 0)
	    from order_return_line i join order_return r on r.id = i.return_id
	    where i.order_line_id = l.id
	    and r.state in ('requested', 'approved'))::integer);
end
$$;

-- Until when an order's goods can be sent back; null before delivery.
create or replace function return_until(o customer_order)
returns timestamptz
language plpgsql stable security definer set search_path = duka, pg_temp as $$
#variable_conflict use_column
begin
	if o.state <> 'delivered' then
		return null;
	end if;
	return (select max(e.at) from order_event e where e.order_id = o.id
	    and e.kind = 'state' and e.to_state = 'delivered')
	    + make_interval(days => setting_days('returns.days', 30));
end
$$;

create or replace function order_can_return(o customer_order)
returns boolean
language plpgsql stable security definer set search_path = duka, pg_temp as $$
#variable_conflict use_column
begin
	return coalesce(return_until(o) > now(), false) and exists (
	    select from order_line l where l.order_id = o.id
	    and returnable(l) > 0);
end
$$;
