-- SPDX-License-Identifier: ISC
-- The order desk: orders as staff look for them, their parcels on the way,
-- and what they may do next.

-- The states an order may go to now, as order_move() would let it.
create or replace function order_ways(o customer_order) returns jsonb
language plpgsql stable security definer set search_path = duka, pg_temp as $$
#variable_conflict use_column
begin
	return (select coalesce(jsonb_agg(t.to_state
	    order by t.axis desc, t.to_state), '[]')
	from order_transition t
	where t.axis = 'state' and t.from_state = o.state
	-- What has left the house is not cancelled.
	and (t.to_state <> 'cancelled' or not exists (
	    select from order_line l where l.order_id = o.id and l.shipped > 0))
	or t.axis = 'payment' and t.from_state = o.payment_state
	-- What was given back is said by a refund.
	and t.to_state not in ('partly_refunded', 'refunded'));
end
$$;

create or replace function order_staff_name(p_staff uuid) returns text
language plpgsql stable security definer set search_path = duka, pg_temp as $$
begin
	return (select s.name from staff s where s.id = p_staff);
end
$$;

-- As lists show them to staff.
create or replace function order_desk_json(o customer_order) returns json
language plpgsql stable as $$
#variable_conflict use_column
begin
	return (select json_build_object('id', o.id, 'number', o.number,
	    'state', o.state, 'payment_state', o.payment_state,
	    'payment_method', o.payment_method,
	    'total', money(o.total_amount, o.currency),
	    'due', money(o.due_amount, o.currency),
	    'quantity', n.quantity, 'shipped', n.shipped,
	    'placed_at', wire_time(o.placed_at), 'email', o.email,
	    'name', o.name, 'customer_id', o.customer_id,
	    'country', o.shipping_address ->> 'country',
	    'shipping_method', o.quote #>> '{shipping,name}',
	    'short_of_stock', o.short_of_stock,
	    'open_returns', (select count(*) from order_return r
		where r.order_id = o.id
		and r.state in ('requested', 'approved')),
	    'version', o.version)
	from (select coalesce(sum(l.quantity), 0) as quantity,
	    coalesce(sum(l.shipped), 0) as shipped
	    from order_line l where l.order_id = o.id) n);
end
$$;

-- What is looked for as a number, a mail address' beginning, or words of the
-- name; `wanted` is what it is compared with, by LIKE.
create or replace function order_wanted(q text, out kind text,
    out wanted text[])
language plpgsql immutable as $$
begin
	if q ~* '^(D-?)?[0-9]+$' then
		kind := 'number';
		wanted := array['D-' || regexp_replace(q, '\D', '', 'g')
		    || '%'];
	elsif position('@' in q) > 0 then
		kind := 'email';
		wanted := array[like_literal(lower(q)) || '%'];
	else
		kind := 'words';
		-- Short ones begin a word: an index knows no shorter parts.
		select array_agg(case when length(w) < 3 then '% ' else '%' end
		    || like_literal(w) || '%')
		into wanted
		from (select x.w from regexp_split_to_table(plain(q), '\s+')
		    x (w) where x.w <> '' limit 5) x (w);
		wanted := coalesce(wanted, array['%']);
	end if;
end
$$;

-- The orders that words mean, if they are not too many to be sorted; else
-- null, and a walk along the list finds enough of them soon.
create or replace function order_hits(wanted text[], most integer)
returns uuid[]
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	found uuid[];
begin
	execute 'select array(select o.id from customer_order o where '
	    || (select string_agg(format('o.search like $1[%s]', n), ' and ')
		from generate_subscripts(wanted, 1) n)
	    || ' limit $2)' into found using wanted, most + 1;
	return case when cardinality(found) <= most then found end;
end
$$;

-- Each filter's condition, of the input as $1.
create or replace function order_conditions(p jsonb) returns text
language sql immutable as $$
	select coalesce(string_agg(c.condition, ' and '), 'true')
	from (values
	    ('state', 'o.state = $1 ->> ''state'''),
	    ('payment_state', 'o.payment_state = $1 ->> ''payment_state'''),
	    ('payment_method', 'o.payment_method = $1 ->> ''payment_method'''),
	    ('from', 'o.placed_at >= ($1 ->> ''from'')::timestamptz'),
	    ('to', 'o.placed_at < ($1 ->> ''to'')::timestamptz'),
	    ('customer_id', 'o.customer_id = ($1 ->> ''customer_id'')::uuid'),
	    ('shipping_method_id',
		'o.shipping_method_id = ($1 ->> ''shipping_method_id'')::uuid'),
	    ('total_min', 'o.total_amount >= ($1 ->> ''total_min'')::bigint'),
	    ('total_max', 'o.total_amount <= ($1 ->> ''total_max'')::bigint'),
	    ('short_of_stock', case p ->> 'short_of_stock' when 'true'
		then 'o.short_of_stock' else 'not o.short_of_stock' end),
	    ('unshipped', case p ->> 'unshipped' when 'true'
		then 'o.state in (''confirmed'', ''processing'')'
		else 'o.state not in (''confirmed'', ''processing'')' end),
	    ('owed', case p ->> 'owed' when 'true'
		then 'o.state = ''cancelled'' and o.payment_state = ''paid'''
		else 'not (o.state = ''cancelled'' '
		    'and o.payment_state = ''paid'')' end),
	    ('due', case p ->> 'due' when 'true' then 'o.due_amount > 0'
		else 'o.due_amount = 0' end),
	    ('returns', case p ->> 'returns' when 'none' then 'not ' else ''
		end || 'exists (select from order_return r '
		'where r.order_id = o.id' || case p ->> 'returns'
		when 'open' then ' and r.state in (''requested'', ''approved'')'
		else '' end || ')')
	) c (name, condition)
	where p ->> c.name is not null
$$;

-- A page of all orders.  The statement is made of the filters that are
-- there, and planned for what they ask; what was typed is only its data.
create or replace function order_list(p jsonb, p_cursor text,
    p_limit integer) returns json
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	by_total boolean := p ->> 'sort' in ('dearest', 'cheapest');
	down boolean := coalesce(p ->> 'sort', 'newest')
	    in ('newest', 'dearest');
	field text := case when by_total then 'o.total_amount'
	    else 'o.placed_at' end;
	direction text := case when down then 'desc' else 'asc' end;
	key jsonb := cursor_key(p_cursor, 2);
	conditions text := order_conditions(p);
	look_kind text;
	look_words text[];
	hits uuid[];
	body json;
begin
	perform demand('orders.read');
	if p ->> 'q' is not null then
		select w.kind, w.wanted into look_kind, look_words
		from order_wanted(p ->> 'q') w;
		if look_kind = 'words' then
			hits := order_hits(look_words, 2000);
		end if;
		conditions := conditions || case
		    when look_kind = 'number' then ' and o.number like $4[1]'
		    when look_kind = 'email'
			then ' and lower(o.email) like $4[1]'
		    when hits is not null then ' and o.id = any ($5)'
		    else (select string_agg(format(
			' and o.search like $4[%s]', n), '')
			from generate_subscripts(look_words, 1) n) end;
	end if;
	if key is not null then
		conditions := conditions || format(
		    ' and (%s, o.id) %s (($3 ->> 0)::%s, ($3 ->> 1)::uuid)',
		    field, case when down then '<' else '>' end,
		    case when by_total then 'bigint' else 'timestamptz' end);
	end if;
	execute format('with page as materialized (
		select o.id, %1$s as key from customer_order o
		where %2$s order by %1$s %3$s, o.id %3$s limit $2 + 1
	)
	select page_of(array_agg(order_desk_json(o) order by p.n),
	    array_agg(json_build_array(p.key, p.id) order by p.n), $2)
	from (select id, key, row_number() over () as n from page) p
	join customer_order o on o.id = p.id', field, conditions, direction)
	into body using p, p_limit, key, look_words, hits;
	return body;
end
$$;

-- How many there are of each, counted no further than is shown; and a mark
-- that is another when something happened to an order.
create or replace function order_desk_counts() returns json
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	body jsonb;
begin
	perform demand('orders.read');
	select jsonb_build_object('states', (select jsonb_object_agg(s.state,
		(select count(*) from (select from customer_order o
		where o.state = s.state limit 1001) x))
		from unnest(array['pending', 'confirmed', 'processing',
		    'shipped', 'delivered', 'cancelled']) s (state)),
	    'short_of_stock', (select count(*) from (select
		from customer_order o where o.short_of_stock limit 1001) x),
	    'due', (select count(*) from (select
		from customer_order o where o.due_amount > 0 limit 1001) x),
	    'owed', (select count(*) from (select from customer_order o
		where o.state = 'cancelled' and o.payment_state = 'paid'
		limit 1001) x),
	    'returns_requested', (select count(*) from (select
		from order_return r where r.state = 'requested'
		limit 1001) x),
	    'returns_approved', (select count(*) from (select
		from order_return r where r.state = 'approved'
		limit 1001) x),
	    'refunds_pending', (select count(*) from (select
		from refund r where r.state = 'pending' limit 1001) x),
	    'most', 1000) into body;
	return body || jsonb_build_object('mark', md5(body::text
	    || coalesce((select max(e.id) from order_event e), 0)));
end
$$;

-- A shipment of an order that is locked.
create or replace function shipment_of(o customer_order, p_shipment uuid)
returns shipment
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	s shipment;
begin
	select * into s from shipment x
	where x.id = p_shipment and x.order_id = o.id;
	if not found then
		raise exception 'The order has no such shipment'
		    using errcode = 'UK410';
	end if;
	return s;
end
$$;

create or replace function shipment_event(s shipment, p_to text,
    p_note text) returns void
language sql security definer set search_path = duka, pg_temp as $$
	insert into order_event (order_id, kind, to_state, note, data,
	    staff_id)
	values (s.order_id, 'shipment', p_to, coalesce(p_note, ''),
	    jsonb_build_object('shipment_id', s.id, 'carrier', s.carrier,
	    'tracking_number', s.tracking_number), current_staff())
$$;

-- Carrier, number or note of a parcel, said later; who waits for it gets
-- word of the first two.
create or replace function shipment_change(p_order uuid, p_version integer,
    p_shipment uuid, p jsonb)
returns table (body json, version integer)
language plpgsql security definer set search_path = duka, pg_temp as $$
#variable_conflict use_column
declare
	o customer_order := order_lock(p_order, p_version, 'orders.write');
	was shipment := shipment_of(o, p_shipment);
	s shipment;
begin
	update shipment x
	set carrier = coalesce(p ->> 'carrier', x.carrier),
	    tracking_number = coalesce(p ->> 'tracking_number',
		x.tracking_number),
	    note = coalesce(p ->> 'note', x.note)
	where x.id = was.id returning * into s;
	if s is distinct from was then
		perform shipment_event(s, 'changed', null);
		update customer_order set updated_at = now()
		where id = o.id returning * into o;
	end if;
	if (s.carrier, s.tracking_number)
	    is distinct from (was.carrier, was.tracking_number) then
		perform order_mail('shipment-changed', o, jsonb_build_object(
		    'carrier', s.carrier,
		    'tracking_number', s.tracking_number));
	end if;
	return query select * from order_answer(p_order, true);
end
$$;

-- A parcel came; with the last one of all, the order did.
create or replace function shipment_delivered(p_order uuid,
    p_version integer, p_shipment uuid, p_note text)
returns table (body json, version integer)
language plpgsql security definer set search_path = duka, pg_temp as $$
#variable_conflict use_column
declare
	o customer_order := order_lock(p_order, p_version, 'orders.write');
	s shipment := shipment_of(o, p_shipment);
begin
	if s.delivered_at is not null then
		return query select * from order_answer(p_order, true);
		return;
	end if;
	update shipment x set delivered_at = now() where x.id = s.id;
	perform shipment_event(s, 'delivered', p_note);
	if o.state = 'shipped' and not exists (select from shipment x
	    where x.order_id = o.id and x.delivered_at is null) then
		return query select * from order_move(p_order, null,
		    'delivered', p_note, null, null);
		return;
	end if;
	update customer_order set updated_at = now() where id = o.id;
	return query select * from order_answer(p_order, true);
end
$$;

-- What a changed order still cost has come.
create or replace function order_due_paid(p_order uuid, p_version integer,
    p_note text) returns table (body json, version integer)
language plpgsql security definer set search_path = duka, pg_temp as $$
#variable_conflict use_column
declare
	o customer_order := order_lock(p_order, p_version, 'orders.write');
begin
	if o.due_amount = 0 then
		raise exception 'Nothing of it is still to pay'
		    using errcode = 'UK409';
	end if;
	insert into order_event (order_id, kind, from_state, to_state, note,
	    data, staff_id)
	values (o.id, 'payment', o.payment_state, o.payment_state,
	    coalesce(p_note, ''), jsonb_build_object('amount',
	    money(o.due_amount, o.currency)), current_staff());
	update customer_order set due_amount = 0 where id = o.id;
	return query select * from order_answer(p_order, true);
end
$$;
