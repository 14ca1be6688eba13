-- SPDX-License-Identifier: ISC
-- Views, and what to show because of them.

-- A batch of views and searches; what isn't for sale (any longer) is passed
-- over, and so is a time that can't be.  Searches are kept of customers
-- alone.  Losing some in a crash costs nothing.
create or replace function views_keep(p_events json, p_consent boolean)
returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	if p_consent is not true then
		perform raise_fault('Views are kept of those who agree to it',
		    'consent');
	end if;
	if exists (select from json_to_recordset(p_events)
	    as e (kind text, product_id uuid, query text)
	    where e.kind = 'view' and e.product_id is null
	    or e.kind = 'search' and coalesce(btrim(e.query), '') = '')
	then
		perform raise_fault('Say what was looked at or for', 'events');
	end if;
	perform set_config('synchronous_commit', 'off', true);
	insert into product_view (product_id, customer_id, guest_digest,
	    viewed_at)
	select i.product_id, current_customer(),
	    case when current_customer() is null then current_guest() end,
	    case when e.at between now() - interval '1 day' and now()
		then e.at else now() end
	from json_to_recordset(p_events)
	    as e (kind text, product_id uuid, at timestamptz)
	join product_index i on i.product_id = e.product_id
	where e.kind = 'view';
	if current_customer() is not null then
		perform searches_keep(p_events);
	end if;
end
$$;

-- The latest of each, fifty at most.
create or replace function searches_keep(p_events json) returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	insert into customer_search as s (customer_id, term, query)
	select distinct on (e.term) current_customer(), e.term, e.query
	from (select left(search_plain(r.query), 100) as term,
		btrim(r.query) as query, n
	    from rows from (json_to_recordset(p_events)
		as (kind text, query text)) with ordinality
		as r (kind, query, n)
	    where r.kind = 'search') e
	where e.term <> ''
	order by e.term, e.n desc
	on conflict (customer_id, term) do update
	set query = excluded.query, searched_at = now();
	delete from customer_search s using (
		select o.term from customer_search o
		where o.customer_id = current_customer()
		order by o.searched_at desc, o.term offset 50) old
	where s.customer_id = current_customer() and s.term = old.term;
end
$$;

create or replace function searched(size integer) returns json
language sql stable security definer set search_path = duka, pg_temp as $$
	select json_build_object('items', coalesce(json_agg(json_build_object(
	    'query', s.query, 'at', wire_time(s.searched_at))
	    order by s.searched_at desc, s.term), '[]'))
	from (select * from customer_search
	    where customer_id = current_customer()
	    order by searched_at desc, term limit size) s
$$;

create or replace function items_json(ids uuid[]) returns text
language sql stable as $$
	select '[' || coalesce(string_agg(item_of(i), ',' order by u.n), '')
	    || ']'
	from unnest(ids) with ordinality u (id, n)
	join product_index i on i.product_id = u.id
$$;

-- The products the caller looked at last, each once.
create or replace function viewed(size integer) returns uuid[]
language sql stable security definer set search_path = duka, pg_temp as $$
	select coalesce(array_agg(v.product_id order by v.at desc), '{}')
	from (select w.product_id, max(w.viewed_at) as at
	    from (select product_id, viewed_at from product_view
		where customer_id = current_customer()
		or (current_customer() is null
		    and guest_digest = current_guest())
		order by viewed_at desc limit 500) w
	    join product_index i on i.product_id = w.product_id
	    group by w.product_id order by at desc limit size) v
$$;

create or replace function views_forget() returns void
language sql security definer set search_path = duka, pg_temp as $$
	delete from customer_search where customer_id = current_customer();
	delete from product_view
	where customer_id = current_customer()
	or (current_customer() is null and guest_digest = current_guest())
$$;

create or replace function together_with(p_product uuid, size integer)
returns uuid[]
language sql stable as $$
	select coalesce(array_agg(t.other_id
	    order by t.orders desc, t.other_id), '{}')
	from (select t.other_id, t.orders from product_together t
	    join product_index i on i.product_id = t.other_id and i.in_stock
	    where t.product_id = p_product
	    order by t.orders desc, t.other_id limit size) t
$$;

create or replace function popular(size integer, place uuid default null)
returns uuid[]
language sql stable as $$
	select coalesce(array_agg(p.product_id
	    order by p.score desc, p.product_id), '{}')
	from (select s.product_id, s.score from product_popularity s
	    join product_index i on i.product_id = s.product_id and i.in_stock
	    where place is null or i.category_path @> array[place]
	    order by s.score desc, s.product_id limit size) p
$$;

-- From what the caller looked at: what is bought with it, and not looked at
-- yet.
create or replace function for_you(seen uuid[], size integer) returns uuid[]
language sql stable as $$
	select coalesce(array_agg(f.other_id
	    order by f.orders desc, f.other_id), '{}')
	from (select t.other_id, sum(t.orders) as orders
	    from product_together t
	    join product_index i on i.product_id = t.other_id and i.in_stock
	    where t.product_id = any (seen) and t.other_id <> all (seen)
	    group by t.other_id
	    order by orders desc, t.other_id limit size) f
$$;

-- Tagged by the shop, or else marked down.
create or replace function featured(size integer) returns uuid[]
language sql stable as $$
	select coalesce(array_agg(f.product_id
	    order by f.first desc, f.number desc), '{}')
	from (select i.product_id, i.number, 'featured' = any (i.tags) as first
	    from product_index i
	    where i.in_stock and ('featured' = any (i.tags)
	    or ((i.item || '}')::json ->> 'compare_at') is not null)
	    order by first desc, i.number desc limit size) f
$$;

create or replace function recommend_home(size integer) returns text
language plpgsql stable as $$
declare
	seen uuid[] := viewed(24);
begin
	return '{"for_you":' || items_json(for_you(seen, size))
	    || ',"featured":' || items_json(featured(size))
	    || ',"popular":' || items_json(popular(size))
	    || ',"recent":' || items_json(seen[:size]) || '}';
end
$$;

-- Each night: 90 days of orders and views; a piece ordered weighs ten views.
create or replace function refresh_recommendations() returns integer
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	n integer;
begin
	perform pg_advisory_xact_lock(hashtextextended('duka.recommend', 0));
	delete from product_popularity;
	insert into product_popularity (product_id, score)
	select s.product_id, sum(s.weight) from (
		select l.product_id, 10 * count(*) as weight
		from order_line l join customer_order o on o.id = l.order_id
		where o.placed_at > now() - interval '90 days'
		and o.state <> 'cancelled' group by l.product_id
		union all
		select v.product_id, count(*) from product_view v
		where v.viewed_at > now() - interval '90 days'
		group by v.product_id) s
	group by s.product_id;
	get diagnostics n = row_count;
	delete from product_together;
	insert into product_together (product_id, other_id, orders)
	select p.product_id, p.other_id, p.orders from (
		select a.product_id, b.product_id as other_id,
		    count(distinct a.order_id)::integer as orders,
		    row_number() over (partition by a.product_id
			order by count(distinct a.order_id) desc,
			b.product_id) as place
		from order_line a
		join customer_order o on o.id = a.order_id
		    and o.placed_at > now() - interval '365 days'
		    and o.state <> 'cancelled'
		join order_line b on b.order_id = a.order_id
		    and b.product_id <> a.product_id
		group by a.product_id, b.product_id) p
	where p.place <= 12;
	delete from product_view
	where viewed_at < now() - days_of('keep.view_days', 180);
	delete from customer_search
	where searched_at < now() - days_of('keep.view_days', 180);
	return n;
end
$$;

create or replace function forget_views(p_customer uuid) returns void
language sql security definer set search_path = duka, pg_temp as $$
	delete from product_view where customer_id = p_customer
$$;

create or replace function export_views(p_customer uuid) returns json
language sql stable security definer set search_path = duka, pg_temp as $$
	select coalesce(json_agg(json_build_object('product', p.name,
	    'at', wire_time(v.viewed_at)) order by v.id), '[]')
	from product_view v join product p on p.id = v.product_id
	where v.customer_id = p_customer and p_customer = current_customer()
$$;
