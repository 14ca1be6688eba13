-- SPDX-License-Identifier: ISC
-- All that the shop holds about who asks, for them to take away.  It reads
-- tables of other areas, so it runs with the owner's rights, and asks each
-- for current_customer()'s rows only.

create or replace function export_orders(who uuid) returns json
language plpgsql stable as $$
begin
	return (select coalesce(json_agg(jsonb_strip_nulls(to_jsonb(o)
	    - array['customer_id', 'guest_digest', 'cart_id', 'quote']
	    || jsonb_build_object('lines', (select coalesce(jsonb_agg(
		to_jsonb(l) - array['order_id'] order by l.position), '[]')
		from order_line l where l.order_id = o.id),
	    'events', (select coalesce(jsonb_agg(jsonb_build_object(
		'kind', e.kind, 'from', e.from_state, 'to', e.to_state,
		'note', e.note, 'at', wire_time(e.at)) order by e.id), '[]')
		from order_event e where e.order_id = o.id and e.public),
	    'refunds', refunds_json(o.id), 'returns', returns_json(o.id)))
	    order by o.placed_at), '[]')
	    from customer_order o where o.customer_id = who);
end
$$;

create or replace function export_carts(who uuid) returns json
language plpgsql stable as $$
begin
	return (select coalesce(json_agg(json_build_object(
	    'state', k.state, 'country', k.country, 'postcode', k.postcode,
	    'created_at', wire_time(k.created_at),
	    'lines', (select coalesce(json_agg(json_build_object(
		'sku', v.sku, 'quantity', l.quantity,
		'added_at', wire_time(l.created_at)) order by l.number), '[]')
		from cart_line l join variant v on v.id = l.variant_id
		where l.cart_id = k.id)) order by k.created_at), '[]')
	    from cart k where k.customer_id = who);
end
$$;

create or replace function export_traces(who uuid) returns json
language plpgsql stable as $$
begin
	return json_build_object(
	    'sessions', (select coalesce(json_agg(json_build_object(
		'user_agent', s.user_agent, 'address', host(s.address),
		'created_at', wire_time(s.created_at),
		'used_at', wire_time(s.used_at),
		'ended_at', wire_time(s.ended_at),
		'end_reason', s.end_reason) order by s.created_at), '[]')
		from customer_session s where s.customer_id = who),
	    'sign_ins', (select coalesce(json_agg(json_build_object(
		'address', host(a.address), 'succeeded', a.succeeded,
		'at', wire_time(a.attempted_at)) order by a.id), '[]')
		from login_attempt a
		where a.world = 'customer' and a.account_id = who),
	    'mails', (select coalesce(json_agg(json_build_object(
		'template', m.template, 'recipient', m.recipient,
		'state', m.state, 'created_at', wire_time(m.created_at),
		'sent_at', wire_time(m.sent_at)) order by m.created_at), '[]')
		from outbox m where m.customer_id = who),
	    'searches', (select coalesce(json_agg(json_build_object(
		'query', q.query, 'at', wire_time(q.searched_at))
		order by q.searched_at), '[]')
		from customer_search q where q.customer_id = who),
	    'coupons', (select coalesce(json_agg(json_build_object(
		'code', p.code, 'state', u.state,
		'at', wire_time(u.created_at)) order by u.created_at), '[]')
		from coupon_use u join coupon p on p.id = u.coupon_id
		where u.customer_id = who),
	    'changed_by_staff', (select coalesce(json_agg(json_build_object(
		'action', g.action, 'before', g.before, 'after', g.after,
		'at', wire_time(g.at)) order by g.id), '[]')
		from audit_log g
		where g.table_name = 'customer' and g.row_key = who::text));
end
$$;

create or replace function export_account() returns json
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	who uuid := current_customer();
begin
	if who is null then
		raise exception 'Who are you?' using errcode = 'UK401';
	end if;
	return json_build_object('made_at', wire_time(now()),
	    'profile', (select profile_json(c) from customer c
		where c.id = who),
	    'addresses', (select coalesce(json_agg(address_json(a)
		order by a.created_at, a.id), '[]')
		from customer_address a where a.customer_id = who),
	    'consents', (select coalesce(json_agg(consent_json(n,
		exists (select from consent_now l where l.id = n.id))
		order by n.id), '[]') from consent n
		where n.customer_id = who),
	    'orders', export_orders(who),
	    'carts', export_carts(who),
	    'loyalty', export_points(who),
	    'pictures', export_pictures(who),
	    'reviews', export_reviews(who),
	    'views', export_views(who),
	    'wishlist', export_wishes(who),
	    'saved_searches', export_saved_searches(who),
	    'notifications', export_notifications(who),
	    'conversations', export_conversations(who),
	    'desk', export_desk(who),
	    'tasks', export_tasks(who),
	    'companies', export_companies(who),
	    'deals', export_deals(who),
	    'segments', export_segments(who),
	    'traces', export_traces(who));
end
$$;
