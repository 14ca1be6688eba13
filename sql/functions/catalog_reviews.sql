-- SPDX-License-Identifier: ISC
-- What buyers say: who may, what is shown of it, and what it does to a
-- product's mean.  Who writes holds the account's row first, as who erases
-- it does, and then the review's.

-- The counts and the mean of these products, from their approved reviews.
-- Counted behind the products' locks, so of two at once the later sees both.
create or replace function recount_reviews(ids uuid[]) returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	perform from product p where p.id = any (ids)
	order by p.id for no key update;
	insert into review_summary as s (product_id, counts)
	select u.id, array(select count(r.id)::integer
	    from generate_series(1, 5) n
	    left join review r on r.product_id = u.id and r.stars = n
		and r.state = 'approved'
	    group by n order by n)
	from unnest(ids) u (id) order by u.id
	on conflict on constraint review_summary_pkey do update
	set counts = excluded.counts
	where s.counts <> excluded.counts;
	update product p set review_count = c.count,
	    rating = round(c.sum / nullif(c.count, 0), 2)
	from (select s.product_id, sum(k.count)::integer as count,
	    sum(k.count * k.stars)::numeric as sum
	    from review_summary s
	    cross join unnest(s.counts) with ordinality k (count, stars)
	    where s.product_id = any (ids) group by s.product_id) c
	where p.id = c.product_id and (p.review_count, p.rating)
	    is distinct from (c.count, round(c.sum / nullif(c.count, 0), 2));
end
$$;

create or replace function reviews_moved() returns trigger
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	ids uuid[];
begin
	if tg_op = 'INSERT' then
		ids := array(select distinct n.product_id from new_rows n
		    where n.state = 'approved');
	elsif tg_op = 'DELETE' then
		ids := array(select distinct o.product_id from old_rows o
		    where o.state = 'approved');
	else
		ids := array(select distinct n.product_id
		    from new_rows n join old_rows o on o.id = n.id
		    where (case n.state when 'approved' then n.stars end)
		    is distinct from
		    (case o.state when 'approved' then o.stars end));
	end if;
	if cardinality(ids) > 0 then
		perform recount_reviews(ids);
	end if;
	return null;
end
$$;

create or replace trigger counted_insert after insert on review
    referencing new table as new_rows
    for each statement execute function reviews_moved();
create or replace trigger counted_update after update on review
    referencing old table as old_rows new table as new_rows
    for each statement execute function reviews_moved();
create or replace trigger counted_delete after delete on review
    referencing old table as old_rows
    for each statement execute function reviews_moved();

create or replace function votes_moved() returns trigger
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	if tg_op = 'INSERT' then
		update review set helpful = helpful + 1
		where id = new.review_id;
	else
		update review set helpful = helpful - 1
		where id = old.review_id;
	end if;
	return null;
end
$$;

create or replace trigger counted after insert or delete on review_vote
    for each row execute function votes_moved();

-- A name as strangers read it: Ada O.
create or replace function public_name(given text, family text) returns text
language sql immutable parallel safe as $$
	select btrim(regexp_replace(left(btrim(coalesce(given, '')), 100) ||
	    coalesce(' ' || upper(nullif(left(btrim(family), 1), '')) || '.',
	    ''), '[\x01-\x1f\x7f-\x9f\u2028\u2029]', ' ', 'g'))
$$;

-- Of a name in one piece: its first word, and the first letter of the last.
create or replace function public_name_of(whole text) returns text
language sql immutable parallel safe as $$
	select public_name(w[1], case when cardinality(w) > 1
	    then w[cardinality(w)] end)
	from regexp_split_to_array(btrim(coalesce(whole, '')), '\s+') w
$$;

create or replace function author_renamed() returns trigger
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	update review r
	set author = public_name(new.given_name, new.family_name)
	where r.customer_id = new.id
	and r.author <> public_name(new.given_name, new.family_name);
	return null;
end
$$;

create or replace trigger author_renamed after update on customer
    for each row when ((old.given_name, old.family_name)
	is distinct from (new.given_name, new.family_name))
    execute function author_renamed();

select audited('review');

-- As the API shows them.

create or replace function review_product_json(p_product uuid) returns json
language sql stable security definer set search_path = duka, pg_temp as $$
	select json_build_object('id', p.id, 'slug', p.slug, 'name', p.name,
	    'image', (select i.url from product_image i
		where i.product_id = p.id order by i.position, i.id limit 1))
	from product p where p.id = p_product
$$;

create or replace function review_pictures_json(p_review uuid) returns json
language sql stable as $$
	select coalesce(json_agg(picture_json(i.picture_id)
	    order by i.position), '[]')
	from review_picture i where i.review_id = p_review
$$;

create or replace function review_json(r review) returns json
language sql stable as $$
	select json_build_object('id', r.id, 'stars', r.stars,
	    'title', r.title, 'text', r.text, 'author', r.author,
	    'helpful', r.helpful, 'pictures', review_pictures_json(r.id),
	    'created_at', wire_time(r.created_at),
	    'edited_at', wire_time(r.edited_at))
$$;

create or replace function review_own_json(r review) returns json
language plpgsql stable as $$
begin
	return (review_json(r)::jsonb || jsonb_build_object(
	    'product', review_product_json(r.product_id),
	    'state', r.state, 'reason', r.reason,
	    'version', r.version))::json;
end
$$;

-- With the order it stands on, and who wrote it.
create or replace function review_staff_json(r review) returns json
language plpgsql stable security definer set search_path = duka, pg_temp as $$
begin
	perform demand('reviews.read');
	return (select (review_own_json(r)::jsonb || jsonb_build_object(
	    'customer_id', r.customer_id, 'order', jsonb_build_object(
		'id', o.id, 'number', o.number),
	    'staff_id', r.staff_id,
	    'decided_at', wire_time(r.decided_at)))::json
	    from order_line l join customer_order o on o.id = l.order_id
	    where l.id = r.order_line_id);
end
$$;

-- A product's approved reviews in one of four orders.
create or replace function review_rows(p_product uuid, p_sort text,
    p_stars integer, p_cursor text, p_size integer) returns json
language plpgsql stable set plan_cache_mode = force_custom_plan as $$
declare
	-- null on the first page
	key jsonb := cursor_after(p_cursor, p_sort, case p_sort
	    when 'newest' then 'null' else 'number' end);
	at integer := (key ->> 1)::integer;
	after bigint := (key ->> 2)::bigint;
	found review[];
begin
	case p_sort
	when 'newest' then
		found := array(select r from review r
		    where r.product_id = p_product and r.state = 'approved'
		    and (p_stars is null or r.stars = p_stars)
		    and (after is null or r.number < after)
		    order by r.number desc limit p_size + 1);
	when 'helpful' then
		found := array(select r from review r
		    where r.product_id = p_product and r.state = 'approved'
		    and (p_stars is null or r.stars = p_stars)
		    and (after is null or (r.helpful, r.number) < (at, after))
		    order by r.helpful desc, r.number desc limit p_size + 1);
	when 'highest' then
		found := array(select r from review r
		    where r.product_id = p_product and r.state = 'approved'
		    and (p_stars is null or r.stars = p_stars)
		    and (after is null or (r.stars, r.number) < (at, after))
		    order by r.stars desc, r.number desc limit p_size + 1);
	when 'lowest' then
		found := array(select r from review r
		    where r.product_id = p_product and r.state = 'approved'
		    and (p_stars is null or r.stars = p_stars)
		    and (after is null or r.stars >= at
			and (r.stars > at or r.number < after))
		    order by r.stars, r.number desc limit p_size + 1);
	end case;
	return (select page_of(array_agg(review_json(found[n]) order by n),
	    array_agg(json_build_array(p_sort, case p_sort
		when 'newest' then null
		when 'helpful' then (found[n]).helpful
		else (found[n]).stars end, (found[n]).number) order by n),
	    p_size)
	    from generate_subscripts(found, 1) n);
end
$$;

-- For a product that is for sale: a page of its reviews, and what all of
-- them come to.
create or replace function product_reviews(p_product uuid, p_sort text,
    p_stars integer, p_cursor text, p_size integer) returns text
language plpgsql stable as $$
declare
	page text := review_rows(p_product, p_sort, p_stars, p_cursor,
	    p_size)::text;
begin
	return left(page, -1) || ',' || substr((select json_build_object(
	    'mean', p.rating, 'count', p.review_count,
	    'distribution', coalesce((select to_json(s.counts)
		from review_summary s where s.product_id = p.id),
		'[0, 0, 0, 0, 0]'))::text
	    from product p where p.id = p_product), 2);
end
$$;

-- Whose a review is.

-- The order that a guest's key opens; null if it opens none.
create or replace function review_order(p_key text) returns customer_order
language sql stable security definer set search_path = duka, pg_temp as $$
	select o from order_key k
	join customer_order o on o.id = order_by_key(k.order_id, p_key)
	where k.digest = order_key_digest(p_key)
$$;

create or replace function guest_of(o customer_order) returns text
language sql immutable as $$
	select address_digest(normal_email(o.email))
$$;

-- A key that came along is what is meant; else the account.
create or replace function review_mine(r review, p_key text) returns boolean
language sql stable security definer set search_path = duka, pg_temp as $$
	select coalesce(case when p_key is null
	    then r.customer_id = current_customer()
	    else r.guest_digest = guest_of(review_order(p_key)) end, false)
$$;

-- Refuses who neither signed in nor has a key; holds the account.
create or replace function review_writer(p_key text,
    out who customer, out o customer_order)
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	if p_key is not null then
		o := review_order(p_key);
	else
		select * into who from customer c
		where c.id = current_customer() and c.state = 'active'
		for key share;
	end if;
	if o.id is null and who.id is null then
		raise exception 'Who bought it?' using errcode = 'UK401';
	end if;
end
$$;

-- The latest line by which somebody has the product: delivered, and not all
-- of it refunded.
create or replace function review_line(p_product uuid, p_customer uuid,
    p_order uuid) returns uuid
language sql stable security definer set search_path = duka, pg_temp as $$
	select l.id from order_line l
	join customer_order o on o.id = l.order_id
	where l.product_id = p_product
	and (o.customer_id = p_customer or o.id = p_order)
	and o.state = 'delivered' and l.shipped > 0
	and l.refunded < l.quantity
	order by o.placed_at desc, l.position limit 1
$$;

-- The review that a person has written of a product, with an account or, by
-- the same address, without one.
create or replace function review_written(p_product uuid, who customer,
    o customer_order) returns uuid
language sql stable security definer set search_path = duka, pg_temp as $$
	select r.id from review r
	where r.customer_id = who.id and r.product_id = p_product
	union all
	select r.id from review r
	where r.guest_digest = guest_of(o) and r.product_id = p_product
	union all
	select r.id from review r
	where who.email_verified_at is not null and r.guest_digest =
	    address_digest(normal_email(who.email))
	and r.product_id = p_product
	union all
	select r.id from customer c join review r on r.customer_id = c.id
	where lower(c.email) = lower(o.email)
	and c.email_verified_at is not null and r.product_id = p_product
	limit 1
$$;

-- Writing.

create or replace function review_state() returns text
language sql stable as $$
	select case when setting_of('switch.review_approval') = 'off'
	    then 'approved' else 'pending' end
$$;

-- Once for a customer and a product, whenever it comes to be shown.
create or replace function review_bonus(r review) returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	if r.state = 'approved' and r.customer_id is not null then
		perform bonus_points(r.customer_id, 'review',
		    'review:' || r.product_id);
	end if;
end
$$;

-- The pictures of a review, in order, in place of those it had: uploads of
-- the customer's own, which are held against being removed meanwhile.
create or replace function review_show_pictures(r review, p_pictures jsonb)
returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	ids uuid[] := array(select p::uuid
	    from jsonb_array_elements_text(p_pictures) p);
	held integer;
begin
	perform from picture p where p.id = any (ids)
	and p.customer_id = r.customer_id and p.kind = 'upload'
	for key share;
	get diagnostics held = row_count;
	if cardinality(ids) <> (select count(distinct i)
	    from unnest(ids) i) then
		perform raise_fault('Each picture is shown once', 'pictures',
		    'duplicate');
	elsif held <> cardinality(ids) then
		perform raise_fault('There is no such picture of yours',
		    'pictures');
	end if;
	delete from review_picture where review_id = r.id;
	insert into review_picture (review_id, position, picture_id)
	select r.id, n, i from unnest(ids) with ordinality u (i, n);
end
$$;

create or replace function review_check(p_input jsonb) returns void
language plpgsql as $$
begin
	perform check_line(p_input ->> 'title', 'title');
	if p_input ->> 'text' !~ '\S' then
		perform raise_fault('is empty', 'text', 'too_short');
	end if;
	perform check_lines(p_input ->> 'text', 'text');
end
$$;

create or replace function review_create(p_product uuid, p_key text,
    p_input jsonb) returns table (body json, version integer, location text)
language plpgsql security definer set search_path = duka, pg_temp as $$
#variable_conflict use_column
declare
	w record := review_writer(p_key);
	line uuid;
	was uuid;
	r review;
begin
	if not exists (select from product_page p
	    where p.product_id = p_product) then
		raise exception 'There is no such product'
		    using errcode = 'UK410';
	end if;
	perform review_check(p_input);
	-- One at a time for a product and an address, which account and
	-- guest may share.
	perform pg_advisory_xact_lock(hashtextextended('review '
	    || p_product || normal_email(coalesce((w.who).email,
	    (w.o).email)), 0));
	was := review_written(p_product, w.who, w.o);
	if was is not null then
		raise exception 'You have reviewed that already'
		    using errcode = 'UK732',
		    hint = jsonb_build_object('review_id', was)::text;
	end if;
	line := review_line(p_product, (w.who).id, (w.o).id);
	if line is null then
		raise exception 'Only what was delivered to you, and not all '
		    'of it refunded, can be reviewed' using errcode = 'UK730';
	end if;
	insert into review (product_id, order_line_id, customer_id,
	    guest_digest, author, stars, title, text, state)
	values (p_product, line, (w.who).id, case when (w.who).id is null
		then guest_of(w.o) end, case when (w.who).id is null
		then public_name_of((w.o).name)
		else public_name((w.who).given_name, (w.who).family_name) end,
	    (p_input ->> 'stars')::integer,
	    btrim(coalesce(p_input ->> 'title', '')),
	    btrim(p_input ->> 'text', E' \t\r\n'), review_state())
	returning * into r;
	perform review_show_pictures(r,
	    coalesce(p_input -> 'pictures', '[]'));
	perform review_bonus(r);
	return query select review_own_json(r), r.version,
	    '/api/catalog/reviews/' || r.id;
end
$$;

-- One's own, locked; no row for anybody else.
create or replace function review_lock(p_id uuid, p_key text) returns review
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	r review;
begin
	if p_key is null then
		perform from customer c
		where c.id = current_customer() for key share;
	end if;
	select * into r from review where id = p_id for update;
	if not found or not review_mine(r, p_key) then
		raise exception 'There is no such review'
		    using errcode = 'UK410';
	end if;
	return r;
end
$$;

-- What is written anew waits anew; what stays as it was does not.
create or replace function review_change(p_id uuid, p_key text,
    p_version integer, p_input jsonb)
returns table (body json, version integer)
language plpgsql security definer set search_path = duka, pg_temp as $$
#variable_conflict use_column
declare
	r review := review_lock(p_id, p_key);
	n review := r;
	shown jsonb := (select coalesce(jsonb_agg(i.picture_id
	    order by i.position), '[]') from review_picture i
	    where i.review_id = p_id);
begin
	perform check_version(r.version, p_version);
	perform review_check(jsonb_build_object('text', r.text) || p_input);
	n.stars := coalesce((p_input ->> 'stars')::integer, r.stars);
	n.title := btrim(coalesce(p_input ->> 'title', r.title));
	n.text := btrim(coalesce(p_input ->> 'text', r.text), E' \t\r\n');
	if n is distinct from r
	    or coalesce(p_input -> 'pictures', shown) <> shown then
		update review x set stars = n.stars, title = n.title,
		    text = n.text, state = review_state(), reason = '',
		    staff_id = null, decided_at = null, edited_at = now(),
		    version = x.version + 1
		where x.id = p_id returning * into r;
		perform review_show_pictures(r,
		    coalesce(p_input -> 'pictures', shown));
		perform review_bonus(r);
	end if;
	return query select review_own_json(r), r.version;
end
$$;

create or replace function review_remove(p_id uuid, p_key text)
returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	r review := review_lock(p_id, p_key);
begin
	delete from review x where x.id = r.id;
end
$$;

create or replace function review_view(p_id uuid, p_key text)
returns table (body json, version integer)
language sql stable security definer set search_path = duka, pg_temp as $$
	select review_own_json(r), r.version from review r
	where r.id = p_id and review_mine(r, p_key)
$$;

-- The own ones, newest first.
create or replace function reviews_mine(p_key text, p_product uuid,
    p_cursor text, p_size integer) returns json
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	w record := review_writer(p_key);
	after bigint := (cursor_key(p_cursor, 1) ->> 0)::bigint;
	found review[] := array(select r from review r
	    where (r.customer_id = (w.who).id
		or r.guest_digest = guest_of(w.o))
	    and (p_product is null or r.product_id = p_product)
	    and (after is null or r.number < after)
	    order by r.number desc limit p_size + 1);
begin
	return (select page_of(array_agg(review_own_json(found[n])
	    order by n), array_agg(json_build_array((found[n]).number)
	    order by n), p_size) from generate_subscripts(found, 1) n);
end
$$;

-- What was delivered and is not reviewed yet, the latest order first.
create or replace function reviews_open(p_key text, p_product uuid,
    p_cursor text, p_size integer) returns json
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	w record := review_writer(p_key);
	key jsonb := cursor_key(p_cursor, 2);
begin
	return (with bought as (
		select distinct on (l.product_id) l.product_id, o.id,
		    o.number, o.placed_at
		from customer_order o join order_line l on l.order_id = o.id
		join product_page p on p.product_id = l.product_id
		where (o.customer_id = (w.who).id or o.id = (w.o).id)
		and o.state = 'delivered' and l.shipped > 0
		and l.refunded < l.quantity
		and (p_product is null or l.product_id = p_product)
		order by l.product_id, o.placed_at desc
	), part as (
		select b.* from bought b
		where (key is null or (b.placed_at, b.product_id) <
		    ((key ->> 0)::timestamptz, (key ->> 1)::uuid))
		and review_written(b.product_id, w.who, w.o) is null
		order by b.placed_at desc, b.product_id desc
		limit p_size + 1
	)
	select page_of(array_agg(json_build_object(
	    'product', review_product_json(b.product_id),
	    'order', json_build_object('id', b.id, 'number', b.number),
	    'ordered_at', wire_time(b.placed_at))
	    order by b.placed_at desc, b.product_id desc),
	    array_agg(json_build_array(b.placed_at, b.product_id)
	    order by b.placed_at desc, b.product_id desc), p_size)
	from part b);
end
$$;

-- Who found it helpful.  Not the writer, by account or by address.
create or replace function review_vote(p_id uuid, p_helpful boolean)
returns json
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	who customer;
	r review;
begin
	select * into who from customer c
	where c.id = current_customer() and c.state = 'active' for key share;
	if not found then
		raise exception 'Who are you?' using errcode = 'UK401';
	end if;
	select * into r from review x
	where x.id = p_id and x.state = 'approved' for update;
	if not found then
		raise exception 'There is no such review'
		    using errcode = 'UK410';
	end if;
	if r.customer_id = who.id or who.email_verified_at is not null
	    and r.guest_digest = address_digest(normal_email(who.email)) then
		raise exception 'Your own review is for others to judge'
		    using errcode = 'UK731';
	end if;
	if p_helpful then
		insert into review_vote (review_id, customer_id)
		values (r.id, who.id) on conflict do nothing;
	else
		delete from review_vote v
		where v.review_id = r.id and v.customer_id = who.id;
	end if;
	return (select json_build_object('review_id', x.id,
	    'helpful', x.helpful, 'voted', p_helpful)
	    from review x where x.id = r.id);
end
$$;

-- Deciding.

create or replace function review_rows_staff(p_state text, p_product uuid,
    p_customer uuid, p_stars integer, p_newest boolean, p_cursor text,
    p_size integer) returns json
language plpgsql stable set plan_cache_mode = force_custom_plan as $$
declare
	label text := case when p_newest then 'newest' else 'oldest' end;
	after bigint := (cursor_after(p_cursor, label, 'null')
	    ->> 2)::bigint;
	found review[];
begin
	if p_newest then
		found := array(select r from review r
		    where (p_state is null or r.state = p_state)
		    and (p_product is null or r.product_id = p_product)
		    and (p_customer is null or r.customer_id = p_customer)
		    and (p_stars is null or r.stars = p_stars)
		    and (after is null or r.number < after)
		    order by r.number desc limit p_size + 1);
	else
		found := array(select r from review r
		    where (p_state is null or r.state = p_state)
		    and (p_product is null or r.product_id = p_product)
		    and (p_customer is null or r.customer_id = p_customer)
		    and (p_stars is null or r.stars = p_stars)
		    and (after is null or r.number > after)
		    order by r.number limit p_size + 1);
	end if;
	return (select page_of(array_agg(review_staff_json(found[n])
	    order by n), array_agg(json_build_array(label, null,
	    (found[n]).number) order by n), p_size)
	    from generate_subscripts(found, 1) n);
end
$$;

-- Where a writer reads on: the product's page, or the review to be changed.
create or replace function review_path(r review) returns text
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	o customer_order;
begin
	if r.state = 'approved' then
		return (select '/product/' || p.slug || '#reviews'
		    from product p where p.id = r.product_id);
	elsif r.customer_id is not null then
		return '/review/' || r.product_id;
	end if;
	select x.* into o from order_line l
	join customer_order x on x.id = l.order_id
	where l.id = r.order_line_id;
	return '/review/' || r.product_id || '?order=' || o.id || '#key='
	    || order_key_made(o);
end
$$;

-- Tells the writer: a customer as they wish, a guest by mail.
create or replace function review_tell(r review) returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	said jsonb := jsonb_build_object('review_id', r.id, 'state', r.state,
	    'product', review_product_json(r.product_id));
	letter jsonb := jsonb_build_object('approved', r.state = 'approved',
	    'note', r.reason, 'path', review_path(r));
begin
	if r.customer_id is not null then
		perform notify_customer(r.customer_id, 'review', said
		    || case when r.reason <> '' then jsonb_build_object(
		    'reason', r.reason) else '{}' end, letter);
	else
		perform send_mail('review-decided', o.email, said || letter
		    || jsonb_build_object('name',
		    split_part(btrim(o.name), ' ', 1)), null)
		from order_line l join customer_order o on o.id = l.order_id
		where l.id = r.order_line_id;
	end if;
end
$$;

create or replace function review_decide(p_id uuid, p_version integer,
    p_approve boolean, p_reason text)
returns table (body json, version integer)
language plpgsql security definer set search_path = duka, pg_temp as $$
#variable_conflict use_column
declare
	wanted text := case when p_approve then 'approved'
	    else 'rejected' end;
	r review;
begin
	perform demand('reviews.write');
	-- (Whose it is never changes.)
	perform from review x join customer c on c.id = x.customer_id
	where x.id = p_id for key share of c;
	select * into r from review x where x.id = p_id for update;
	if not found then
		raise exception 'There is no such review'
		    using errcode = 'UK410';
	end if;
	perform check_version(r.version, p_version);
	if r.state = wanted then
		raise exception 'That is how it was decided already'
		    using errcode = 'UK409';
	end if;
	update review x set state = wanted,
	    reason = coalesce(p_reason, ''), staff_id = current_staff(),
	    decided_at = now(), version = x.version + 1
	where x.id = p_id returning * into r;
	perform review_bonus(r);
	perform review_tell(r);
	return query select review_staff_json(r), r.version;
end
$$;

-- What goes with the account.

create or replace function export_reviews(who uuid) returns json
language plpgsql stable as $$
begin
	return json_build_object('written', (select coalesce(json_agg(
	    review_own_json(r) order by r.number), '[]')
	    from review r where r.customer_id = who),
	    'helpful', (select coalesce(json_agg(json_build_object(
	    'review_id', v.review_id, 'at', wire_time(v.at))
	    order by v.at, v.review_id), '[]')
	    from review_vote v where v.customer_id = who));
end
$$;

-- An erased customer's reviews go, with those that came from a guest of an
-- address that was verified to be the customer's; the log of what staff
-- decided keeps that, not the words.
create or replace function forget_reviews(c customer) returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	ids uuid[] := array(select r.id from review r
	    where r.customer_id = c.id or c.email_verified_at is not null
	    and r.guest_digest = address_digest(normal_email(c.email)));
begin
	perform audit_forget('review', ids::text[]);
	delete from review_vote v where v.customer_id = c.id;
	delete from review r where r.id = any (ids);
end
$$;
