-- SPDX-License-Identifier: ISC
-- What is printed: packing slips, invoices and credit notes, as documents
-- that cgi-bin/modules/orders_pdf.c draws.  An invoice is kept whole when it
-- is first asked for, and is the same ever after.

create or replace function money_text(amount bigint, currency text)
returns text language sql immutable parallel safe as $$
	select to_char($1 / 10::numeric ^ currency_digits($2),
	    'FM999,999,999,999,990' || case currency_digits($2)
	    when 0 then '' else '.' || repeat('0', currency_digits($2)) end)
	    || ' ' || $2
$$;

create or replace function percent_text(rate numeric) returns text
language sql immutable parallel safe as $$
	select trim_scale($1 * 100)::text || ' %'
$$;

-- An address as lines.
create or replace function address_lines(a jsonb) returns jsonb
language sql immutable as $$
	select coalesce(jsonb_agg(l.line order by l.n)
	    filter (where btrim(l.line) <> ''), '[]')
	from unnest(array[a ->> 'name', a ->> 'company', a ->> 'line1',
	    a ->> 'line2', concat_ws(' ', a ->> 'postcode', a ->> 'city'),
	    a ->> 'region', a ->> 'country', a ->> 'phone'])
	    with ordinality l (line, n)
$$;

-- The day it is where the shop is.
create or replace function shop_day(at timestamptz) returns date
language sql stable security definer set search_path = duka, pg_temp as $$
	select (at at time zone coalesce(setting_of('shop.time_zone'),
	    'UTC'))::date
$$;

-- Who prints: name, lines below it, and the foot of each page.
create or replace function paper_shop() returns jsonb
language sql stable security definer set search_path = duka, pg_temp as $$
	select jsonb_build_object('name', coalesce(setting_of('shop.name'),
	    'Duka'), 'lines', (select coalesce(jsonb_agg(l.line order by l.n),
		'[]') from (select t.line, t.n
		from regexp_split_to_table(concat_ws(E'\n',
		nullif(setting_of('shop.address'), ''),
		setting_of('shop.email'), nullif(setting_of('shop.phone'), ''),
		'VAT ' || nullif(setting_of('shop.vat_number'), '')), '\s*\n')
		with ordinality t (line, n) where t.line <> '') l))
$$;

create or replace function line_title(l order_line) returns text
language sql stable as $$
	select l.name || coalesce(' (' || (select string_agg(
	    o.value, ', ' order by o.key) from jsonb_each_text(l.options) o)
	    || ')', '')
$$;

-- A packing slip: of a shipment, or of what is still to be packed, or if
-- nothing is, of all of it; with where it lies.
create or replace function paper_slip(o customer_order, p_shipment uuid)
returns jsonb
language sql stable security definer set search_path = duka, pg_temp as $$
	select jsonb_build_object('title', 'Packing slip',
	    'date', coalesce(s.shipped_at, o.placed_at)::date,
	    'shop', paper_shop(),
	    'to', jsonb_build_object('title', 'Ship to',
		'lines', address_lines(coalesce(o.shipping_address,
		jsonb_build_object('name', o.name)))),
	    'facts', jsonb_build_array(
		jsonb_build_array('Order', o.number),
		jsonb_build_array('Date', shop_day(o.placed_at)),
		jsonb_build_array('Shipping',
		    coalesce(o.quote #>> '{shipping,name}', '')))
		|| case when coalesce(s.carrier, '') <> '' then
		jsonb_build_array(jsonb_build_array('Carrier', s.carrier))
		else '[]' end || case when coalesce(s.tracking_number, '') <> ''
		then jsonb_build_array(jsonb_build_array('Tracking',
		s.tracking_number)) else '[]' end,
	    'columns', '[["Pieces", "0.1", "right"], ["SKU", "0.24", "left"],
		["Article", "0.48", "left"], ["From", "0.18", "left"]]'::jsonb,
	    'rows', (select coalesce(jsonb_agg(jsonb_build_array(
		w.quantity::text, l.sku, line_title(l), coalesce((
		    select string_agg(distinct p.code, ', ')
		    from reservation r join location p on p.id = r.location_id
		    where r.order_id = o.id and r.variant_id = l.variant_id),
		    '')) order by l.position), '[]')
		from order_line l cross join lateral (select case
		    when s.id is not null then coalesce((select i.quantity
			from shipment_line i where i.shipment_id = s.id
			and i.order_line_id = l.id), 0)
		    when g.rest > 0 then l.quantity - l.shipped
		    else l.quantity end as quantity) w
		where l.order_id = o.id and w.quantity > 0),
	    'sums', '[]'::jsonb,
	    'notes', case when o.note <> '' then jsonb_build_array(o.note)
		else '[]' end)
	from (select coalesce(sum(x.quantity - x.shipped), 0) as rest
	    from order_line x where x.order_id = o.id) g
	left join shipment s on s.id = p_shipment and s.order_id = o.id
$$;

-- The taxes of what an order comes to, each by its rate.
create or replace function tax_rows(taxes jsonb, currency text)
returns jsonb
language sql immutable as $$
	select coalesce(jsonb_agg(jsonb_build_array(format(
	    'Tax %s on %s', percent_text((t ->> 'rate')::numeric),
	    money_text((t #>> '{net,amount}')::bigint, $2)),
	    money_text((t #>> '{tax,amount}')::bigint, $2), false)
	    order by n), '[]')
	from jsonb_array_elements(taxes) with ordinality j (t, n)
$$;

create or replace function paper_invoice(o customer_order) returns jsonb
language sql stable security definer set search_path = duka, pg_temp as $$
	select jsonb_build_object('title', 'Invoice', 'shop', paper_shop(),
	    'to', jsonb_build_object('title', 'Invoice to',
		'lines', address_lines(coalesce(o.billing_address,
		o.shipping_address, jsonb_build_object('name', o.name)))),
	    'facts', jsonb_build_array(
		jsonb_build_array('Order', o.number),
		jsonb_build_array('Ordered', shop_day(o.placed_at)),
		jsonb_build_array('Payment', o.payment ->> 'label')),
	    'columns', '[["Pieces", "0.09", "right"], ["Article", "0.43", "left"],
		["Price", "0.16", "right"], ["Tax", "0.12", "right"],
		["Amount", "0.2", "right"]]'::jsonb,
	    'rows', (select coalesce(jsonb_agg(jsonb_build_array(
		l.quantity::text, line_title(l) || E'\n' || l.sku,
		money_text(l.unit_amount, o.currency),
		percent_text(l.tax_rate),
		money_text(l.subtotal_amount, o.currency))
		order by l.position), '[]')
		from order_line l where l.order_id = o.id),
	    'sums', jsonb_build_array(jsonb_build_array('Goods',
		money_text(o.subtotal_amount, o.currency), false))
		|| (select coalesce(jsonb_agg(jsonb_build_array(
		    coalesce(x.name, 'Discount'),
		    '-' || money_text(x.amount, o.currency), false)
		    order by x.n), '[]')
		    from (select d ->> 'name' as name, min(j.n) as n,
			sum((d #>> '{amount,amount}')::bigint)::bigint
			as amount from order_line l,
			jsonb_array_elements(l.discounts)
			with ordinality j (d, n)
			where l.order_id = o.id group by 1) x)
		|| case when o.quote #> '{shipping,total}' is not null then
		jsonb_build_array(jsonb_build_array(
		    'Shipping: ' || (o.quote #>> '{shipping,name}'),
		    money_text(case o.tax_mode when 'inclusive'
		    then o.shipping_amount else (o.quote
			#>> '{shipping,net,amount}')::bigint end,
		    o.currency), false)) else '[]' end
		|| case o.tax_mode when 'exclusive' then
		    tax_rows(o.quote -> 'taxes', o.currency) else '[]' end
		|| jsonb_build_array(jsonb_build_array('Total',
		    money_text(o.total_amount, o.currency), true))
		|| case o.tax_mode when 'inclusive' then
		    tax_rows(o.quote -> 'taxes', o.currency) else '[]' end,
	    'notes', jsonb_build_array(case o.tax_mode when 'inclusive'
		then 'All prices include tax.'
		else 'Prices are without tax.' end))
$$;

-- A credit note of these rows, each of pieces, title, tax and amount.
drop function if exists paper_credit(customer_order, refund, text);
create or replace function paper_credit(o customer_order, of_invoice text,
    p_rows jsonb, p_reason text) returns jsonb
language sql stable security definer set search_path = duka, pg_temp as $$
	select jsonb_build_object('title', 'Credit note', 'shop', paper_shop(),
	    'to', jsonb_build_object('title', 'To',
		'lines', address_lines(coalesce(o.billing_address,
		o.shipping_address, jsonb_build_object('name', o.name)))),
	    'facts', jsonb_build_array(
		jsonb_build_array('Order', o.number),
		jsonb_build_array('To invoice', of_invoice)),
	    'columns', '[["Pieces", "0.1", "right"], ["Article", "0.5", "left"],
		["Tax", "0.2", "right"], ["Amount", "0.2", "right"]]'::jsonb,
	    'rows', coalesce(jsonb_agg(jsonb_build_array(r ->> 0, r ->> 1,
		money_text((r ->> 2)::bigint, o.currency),
		money_text((r ->> 3)::bigint, o.currency)) order by n), '[]'),
	    'sums', jsonb_build_array(
		jsonb_build_array('Total', money_text(coalesce(
		    sum((r ->> 3)::bigint), 0)::bigint, o.currency), true),
		jsonb_build_array('of which tax', money_text(coalesce(
		    sum((r ->> 2)::bigint), 0)::bigint, o.currency), false)),
	    'notes', case when p_reason <> '' then jsonb_build_array(p_reason)
		else '[]' end)
	from jsonb_array_elements(p_rows) with ordinality j (r, n)
$$;

create or replace function credit_row(l order_line, quantity integer,
    tax bigint, amount bigint) returns jsonb
language sql stable as $$
	select jsonb_build_array(quantity::text,
	    line_title(l) || E'\n' || l.sku, tax, amount)
$$;

-- What a refund gave back.
create or replace function refund_rows(r refund) returns jsonb
language sql stable security definer set search_path = duka, pg_temp as $$
	select coalesce(jsonb_agg(credit_row(l, i.quantity, i.tax_amount,
	    i.amount) order by l.position), '[]')
	    || case when r.shipping then jsonb_build_array(jsonb_build_array(
	    '', 'Shipping', r.tax_amount
	    - coalesce(sum(i.tax_amount), 0)::bigint, r.shipping_amount))
	    else '[]' end
	from refund_line i join order_line l on l.id = i.order_line_id
	where i.refund_id = r.id
$$;

-- What was invoiced of an order and is on no credit note.
create or replace function order_rest_rows(o customer_order) returns jsonb
language sql stable security definer set search_path = duka, pg_temp as $$
	with credited as (
		select r.* from refund r join invoice i on i.refund_id = r.id
		where r.order_id = o.id
	), goods as (
		select l.position, credit_row(l, l.quantity - g.quantity,
		    l.tax_amount - g.tax, l.total_amount - g.amount) as item
		from order_line l cross join lateral (
		    select coalesce(sum(x.quantity), 0)::integer as quantity,
			coalesce(sum(x.tax_amount), 0)::bigint as tax,
			coalesce(sum(x.amount), 0)::bigint as amount
		    from refund_line x join credited c on c.id = x.refund_id
		    where x.order_line_id = l.id) g
		where l.order_id = o.id and (l.quantity > g.quantity
		    or l.total_amount > g.amount)
	)
	select coalesce((select jsonb_agg(g.item order by g.position)
	    from goods g), '[]')
	    || case when o.shipping_amount > 0 and not exists (
		select from credited c where c.shipping)
	    then jsonb_build_array(jsonb_build_array('', 'Shipping',
		coalesce((o.quote #>> '{shipping,tax,amount}')::bigint, 0),
		o.shipping_amount)) else '[]' end
$$;

-- The next number of a series.  Its row is locked until the end, so that what
-- is rolled back leaves no gap.
create or replace function invoice_write(p_kind text, p_order uuid,
    p_refund uuid, p_document jsonb) returns invoice
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	day date := shop_day(now());
	of_year integer := extract(year from day);
	i invoice;
	next integer;
begin
	insert into invoice_series as s (kind, year, last)
	values (p_kind, of_year, 1)
	on conflict on constraint invoice_series_pkey
	do update set last = s.last + 1
	returning s.last into next;
	i.number := case p_kind when 'invoice' then '' else 'C-' end
	    || of_year || '-' || lpad(next::text, 6, '0');
	insert into invoice (kind, year, n, number, order_id, refund_id,
	    document)
	values (p_kind, of_year, next, i.number, p_order, p_refund,
	    p_document || jsonb_build_object('number', i.number, 'date', day,
	    'facts', jsonb_build_array(jsonb_build_array(
		case p_kind when 'invoice' then 'Invoice' else 'Credit note'
		end, i.number), jsonb_build_array('Date', day))
		|| (p_document -> 'facts')))
	returning * into i;
	return i;
end
$$;

-- An order whose paper is wanted, by staff who may see it or by its own;
-- locked, so that two who ask at once get one.
create or replace function paper_order(p_order uuid, p_key text,
    for_staff boolean) returns customer_order
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	o customer_order;
begin
	if for_staff and not permitted('orders.read') then
		raise exception 'That is for staff who may'
		    using errcode = 'UK403';
	end if;
	select * into o from customer_order where id = p_order for update;
	if not found or not for_staff and not order_reached(o, p_key) then
		raise exception 'There is no such order'
		    using errcode = 'UK410';
	end if;
	return o;
end
$$;

create or replace function order_invoice(p_order uuid, p_key text,
    for_staff boolean) returns table (body jsonb, name text)
language plpgsql security definer set search_path = duka, pg_temp as $$
#variable_conflict use_column
declare
	o customer_order := paper_order(p_order, p_key, for_staff);
	i invoice;
begin
	select * into i from invoice x
	where x.order_id = o.id and x.kind = 'invoice';
	if not found then
		if o.state not in ('processing', 'shipped', 'delivered') then
			raise exception 'There is an invoice when it is packed'
			    using errcode = 'UK544';
		end if;
		i := invoice_write('invoice', o.id, null, paper_invoice(o));
	end if;
	return query select jsonb_build_array(i.document),
	    'invoice-' || i.number;
end
$$;

-- The credit note of a cancelled order: of all that was invoiced and is on no
-- other, whether it was paid or not.  None if there is nothing of that.
create or replace function order_credit_write(o customer_order)
returns invoice
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	bill text := (select i.number from invoice i
	    where i.order_id = o.id and i.kind = 'invoice');
	rest jsonb := order_rest_rows(o);
	i invoice;
begin
	select * into i from invoice x where x.order_id = o.id
	and x.kind = 'credit' and x.refund_id is null;
	if not found and o.state = 'cancelled' and bill is not null
	    and rest <> '[]' then
		i := invoice_write('credit', o.id, null,
		    paper_credit(o, bill, rest, 'Cancelled'));
	end if;
	return i;
end
$$;

-- Its number, once there is one.
create or replace function order_credit_number(p_order uuid) returns text
language sql stable security definer set search_path = duka, pg_temp as $$
	select i.number from invoice i where i.order_id = p_order
	and i.kind = 'credit' and i.refund_id is null
$$;

create or replace function order_credit(p_order uuid, p_key text,
    for_staff boolean) returns table (body jsonb, name text)
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	i invoice := order_credit_write(
	    paper_order(p_order, p_key, for_staff));
begin
	if i.id is null then
		raise exception 'There is a credit note when what was '
		    'invoiced is cancelled' using errcode = 'UK544';
	end if;
	return query select jsonb_build_array(i.document),
	    'credit-note-' || i.number;
end
$$;

-- That of a refund; what was credited when the order was cancelled is not
-- credited again.
create or replace function refund_credit(p_order uuid, p_refund uuid,
    p_key text, for_staff boolean) returns table (body jsonb, name text)
language plpgsql security definer set search_path = duka, pg_temp as $$
#variable_conflict use_column
declare
	o customer_order := paper_order(p_order, p_key, for_staff);
	r refund;
	i invoice;
	bill text := (select x.number from invoice x
	    where x.order_id = o.id and x.kind = 'invoice');
begin
	select * into r from refund x
	where x.id = p_refund and x.order_id = o.id;
	if not found then
		raise exception 'The order has no such refund'
		    using errcode = 'UK410';
	end if;
	select * into i from invoice x
	where x.order_id = o.id and x.kind = 'credit'
	and coalesce(x.refund_id, r.id) = r.id
	order by x.refund_id limit 1;
	if not found then
		-- What a change made cheaper was never invoiced.
		if bill is null or r.state <> 'done' or r.cause <> 'goods' then
			raise exception 'There is a credit note when what was '
			    'invoiced was given back' using errcode = 'UK544';
		end if;
		i := invoice_write('credit', o.id, r.id,
		    paper_credit(o, bill, refund_rows(r), r.reason));
	end if;
	return query select jsonb_build_array(i.document),
	    'credit-note-' || i.number;
end
$$;

-- Packing slips of one order or of many.
create or replace function order_slips(p_orders jsonb, p_shipment uuid)
returns table (body jsonb, name text)
language plpgsql stable security definer set search_path = duka, pg_temp as $$
#variable_conflict use_column
declare
	missing boolean;
begin
	perform demand('orders.read');
	select jsonb_agg(paper_slip(o, p_shipment) order by j.n),
	    case count(*) when 1 then 'packing-slip-' || min(o.number)
	    else 'packing-slips' end, coalesce(bool_or(o.id is null), true)
	into body, name, missing
	from jsonb_array_elements_text(p_orders) with ordinality j (id, n)
	left join customer_order o on o.id = j.id::uuid;
	if missing or p_shipment is not null and not exists (
	    select from shipment s where s.id = p_shipment
	    and s.order_id::text = p_orders ->> 0) then
		raise exception 'There is no such order'
		    using errcode = 'UK410';
	end if;
	return next;
end
$$;

-- What was given out stands; but whom it was for may be forgotten.
create or replace function invoice_guard() returns trigger
language plpgsql as $$
declare
	same invoice := new;
begin
	if tg_op = 'UPDATE' then
		same.document := old.document;
		if same is not distinct from old
		    and new.document - 'to' = old.document - 'to' then
			return new;
		end if;
	end if;
	raise exception 'What happened is not changed'
	    using errcode = 'UK409';
end
$$;

create or replace trigger invoice_stands before update or delete
    on invoice for each row execute function invoice_guard();

create or replace function forget_papers(p_customer uuid) returns void
language sql security definer set search_path = duka, pg_temp as $$
	update invoice i set document = jsonb_set(i.document, '{to,lines}',
	    '[]')
	from customer_order o
	where o.customer_id = p_customer and i.order_id = o.id
$$;
