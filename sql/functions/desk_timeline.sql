-- SPDX-License-Identifier: ISC
-- All that happened with a customer, in order.  Each kind is a view
-- timeline_KIND (customer_id, at, key, staff_id, data) whose rows of one
-- customer an index gives by time, and a row in timeline_kind with the
-- permission that it needs: nothing else has to know of it.

set check_function_bodies = off;

create or replace view timeline_registered with (security_invoker) as
select c.id as customer_id, c.created_at as at, c.id::text as key,
    null::uuid as staff_id, jsonb_build_object('language', c.language) as data
from customer c;

create or replace view timeline_note with (security_invoker) as
select n.customer_id, n.created_at as at, n.id::text as key, n.staff_id,
    jsonb_build_object('id', n.id, 'text', n.text, 'pinned', n.pinned,
	'edited_at', wire_time(n.edited_at), 'version', n.version) as data
from customer_note n;

create or replace view timeline_consent with (security_invoker) as
select n.customer_id, n.at, n.id::text as key, null::uuid as staff_id,
    jsonb_build_object('purpose', n.purpose, 'channel', n.channel,
	'given', n.given, 'source', n.source, 'text_digest', n.text_digest,
	'address', host(n.address)) as data
from consent n;

create or replace view timeline_sign_in with (security_invoker) as
select l.account_id as customer_id, l.attempted_at as at, l.id::text as key,
    null::uuid as staff_id,
    jsonb_build_object('address', host(l.address)) as data
from login_attempt l where l.world = 'customer' and l.succeeded;

create or replace view timeline_cart with (security_invoker) as
select k.customer_id, k.updated_at as at, k.id::text as key,
    null::uuid as staff_id, jsonb_build_object('state', k.state,
	'lines', (select coalesce(jsonb_agg(jsonb_build_object('sku', v.sku,
	    'name', p.name, 'quantity', l.quantity) order by l.number), '[]')
	    from cart_line l join variant v on v.id = l.variant_id
	    join product p on p.id = v.product_id
	    where l.cart_id = k.id)) as data
from cart k where k.state in ('active', 'expired')
and exists (select from cart_line l where l.cart_id = k.id);

-- Kept of those alone who agreed to it.
create or replace view timeline_view with (security_invoker) as
select w.customer_id, w.viewed_at as at, w.id::text as key,
    null::uuid as staff_id, jsonb_build_object('product_id', p.id,
	'slug', p.slug, 'name', p.name) as data
from product_view w join product p on p.id = w.product_id;

-- Not what stands in it: links in mails are keys.
create or replace view timeline_mail with (security_invoker) as
select m.customer_id, m.created_at as at, m.id::text as key,
    null::uuid as staff_id, jsonb_build_object('template', m.template,
	'recipient', m.recipient, 'state', m.state,
	'sent_at', wire_time(m.sent_at)) as data
from outbox m;

create or replace view timeline_merge with (security_invoker) as
select m.into_id as customer_id, m.merged_at as at, m.id::text as key,
    m.staff_id, jsonb_build_object('number', m.number) as data
from customer_merge m;

create or replace view timeline_order with (security_invoker) as
select o.customer_id, o.placed_at as at, o.id::text as key,
    null::uuid as staff_id, jsonb_build_object('id', o.id,
	'number', o.number, 'state', o.state,
	'payment_state', o.payment_state,
	'total', money(o.total_amount, o.currency)) as data
from customer_order o;

create or replace view timeline_order_event with (security_invoker) as
select o.customer_id, e.at, e.id::text as key, e.staff_id,
    jsonb_build_object('order_id', o.id, 'number', o.number, 'kind', e.kind,
	'from', e.from_state, 'to', e.to_state, 'note', e.note) as data
from customer_order o join order_event e on e.order_id = o.id
where e.kind <> 'placed';

create or replace view timeline_points with (security_invoker) as
select e.customer_id, e.at, e.id::text as key, e.staff_id,
    jsonb_build_object('kind', e.kind, 'points', e.points,
	'order_id', e.order_id, 'reason', e.reason) as data
from points_entry e;

create or replace view timeline_message with (security_invoker) as
select k.customer_id, m.at, m.id::text as key, m.staff_id,
    jsonb_build_object('conversation_id', k.id, 'number', k.number,
	'subject', k.subject, 'author', m.author,
	'text', left(m.text, 500)) as data
from conversation k join message m on m.conversation_id = k.id;

create or replace view timeline_review with (security_invoker) as
select r.customer_id, r.created_at as at, r.id::text as key,
    null::uuid as staff_id, jsonb_build_object('id', r.id,
	'product_id', p.id, 'product', p.name, 'stars', r.stars,
	'title', r.title, 'state', r.state) as data
from review r join product p on p.id = r.product_id;

-- What staff changed of the account: the names of what, and not its words.
create or replace view timeline_change with (security_invoker) as
select a.row_key::uuid as customer_id, a.at, a.id::text as key, a.staff_id,
    jsonb_build_object('action', a.action, 'fields', (
	select coalesce(jsonb_agg(k order by k), '[]')
	from jsonb_object_keys(coalesce(a.after, '{}')) k
	where a.before -> k is distinct from a.after -> k
	and k not in ('version', 'updated_at'))) as data
from audit_log a where a.table_name = 'customer';

-- Of one kind what comes before a moment, or after it; the moment is
-- $2 and the entry's own name at it $3.
create or replace function timeline_branch(kind text, forward boolean)
returns text language sql immutable as $$
	select format('(select %1$L as kind, t.at, %2$L || t.key collate "C" '
	    'as key, t.staff_id, t.data from %3$I t where t.customer_id = $1 '
	    'and t.at %4$s= $2 and (t.at <> $2 or %2$L || t.key collate "C" '
	    '%4$s $3) order by t.at %5$s, t.key collate "C" %5$s limit $4)',
	    kind, kind || ':', 'timeline_' || kind, w.sign, w.way)
	from (values (false, '<', 'desc'), (true, '>', 'asc'))
	    w (forward, sign, way) where w.forward = $2
$$;

-- A part of the timeline, the latest first: before a cursor, or after one;
-- from the newest on if there is none.  `p_kinds` null: all that the caller
-- may see.
create or replace function timeline(p_customer uuid, p_kinds text[],
    p_before text, p_after text, p_at timestamptz, p_limit integer)
returns json
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	forward boolean := p_after is not null;
	key jsonb := cursor_key(coalesce(p_after, p_before), 2);
	kinds text[] := array(select t.kind from timeline_kind t
	    where permitted(t.permission) order by t.kind);
	wanted text[] := array(select k from unnest(kinds) k
	    where p_kinds is null or k = any (p_kinds));
	items jsonb;
	n integer;
begin
	perform demand('customers.read');
	perform from customer where id = p_customer;
	if not found then
		return null;
	end if;
	if cardinality(wanted) > 0 then
		execute 'select coalesce(jsonb_agg(to_jsonb(e) '
		    'order by e.at desc, e.key desc), ''[]'') from (select x.kind, '
		    'x.key, x.at, staff_ref(x.staff_id) as by, x.data from ('
		    || (select string_agg(timeline_branch(k, forward),
			' union all ') from unnest(wanted) k)
		    || format(') x order by x.at %s, x.key %1$s limit $4) e',
			case when forward then 'asc' else 'desc' end)
		into items using p_customer, coalesce(
		    (key ->> 0)::timestamptz, p_at, 'infinity'),
		    coalesce(key ->> 1, '~'), p_limit + 1;
	end if;
	items := coalesce(items, '[]');
	n := jsonb_array_length(items);
	if n > p_limit then
		items := items - case when forward then 0 else p_limit end;
	end if;
	return json_build_object('items', (select coalesce(jsonb_agg(i
	    || jsonb_build_object('at', wire_time((i ->> 'at')::timestamptz))
	    order by u), '[]')
	    from jsonb_array_elements(items) with ordinality t (i, u)),
	    'older', case when n > p_limit or forward then cursor_of(
		case when items = '[]' then key::json else json_build_array(
		items -> -1 -> 'at', items -> -1 -> 'key') end) end,
	    'newer', case when items <> '[]' then cursor_of(json_build_array(
		items -> 0 -> 'at', items -> 0 -> 'key'))
		when key is not null then cursor_of(key::json) end,
	    'kinds', kinds);
end
$$;
