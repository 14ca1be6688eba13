-- SPDX-License-Identifier: ISC
-- Wishlists, and telling of what is wished for that it is back or costs less.
--
-- What moves prices and stock only leaves a mark where somebody wishes for
-- the product, by wishes_touched(): an import or a checkout must not wait for
-- letters to thousands.  The courier looks at the marks (tell_wishes) and
-- tells each customer once of all that it found.

-- Called by the projection of what is read in public, after each change of a
-- product, and when one of its variants runs out or comes back.
create or replace function wishes_touched(ids uuid[]) returns void
language sql security definer set search_path = duka, pg_temp as $$
	insert into wish_mark (product_id)
	select distinct u.id from unnest(ids) u (id)
	where exists (select from wish w where w.product_id = u.id)
$$;

-- What a product, or a variant of it, costs and whether it can be bought; no
-- row if it is not for sale.
create or replace function wish_offer(p_product uuid, p_variant uuid)
returns table (price bigint, currency text, available boolean)
language sql stable security definer set search_path = duka, pg_temp as $$
	select coalesce(v.price_amount, i.price), coalesce(v.price_currency,
	    setting_of('shop.currency')), case when v.id is not null
	    then available(v.id) > 0 else (select s.in_stock
		from stock_of(array[i.product_id]) s) end
	from product_index i
	left join variant_priced v on v.id = p_variant and v.status = 'active'
	    and v.product_id = i.product_id
	where i.product_id = p_product
	and (p_variant is null or v.id is not null)
$$;

-- The same for wishes, of all customers if null; all of this moment.  What is
-- not for sale any more has no price and is not available.
create or replace function wish_now(p_customer uuid, p_products uuid[])
returns table (customer_id uuid, product_id uuid, price bigint,
    currency text, available boolean)
language plpgsql stable security definer set search_path = duka, pg_temp
set plan_cache_mode = force_custom_plan as $$
#variable_conflict use_column
begin
	return query with w as materialized (
		select w.customer_id, w.product_id, w.variant_id from wish w
		where (p_customer is null or w.customer_id = p_customer)
		and w.product_id = any (p_products)
	), s as materialized (
		select s.product_id, s.in_stock from stock_of(array(
		    select distinct w.product_id from w
		    where w.variant_id is null)) s
	), a as materialized (
		select a.variant_id, a.quantity from available_of(array(
		    select distinct w.variant_id from w
		    where w.variant_id is not null)) a
	)
	select w.customer_id, w.product_id, case when w.variant_id is null
		then i.price else v.price_amount end,
	    coalesce(v.price_currency::text,
		(select setting_of('shop.currency'))),
	    coalesce(case when w.variant_id is null then s.in_stock
		else v.id is not null and a.quantity > 0 end
		and i.product_id is not null, false)
	from w
	left join product_index i on i.product_id = w.product_id
	left join variant_priced v on v.id = w.variant_id
	    and v.status = 'active' and i.product_id is not null
	left join s on s.product_id = w.product_id
	left join a on a.variant_id = w.variant_id;
end
$$;

-- The customer's own list.

-- One of these a customer may have; false: the list is full.
create or replace function wish_room() returns boolean
language sql stable as $$
	select count(*) < 200 from wish where customer_id = current_customer()
$$;

-- Wishes for a product, or for a variant of it; no row if there is no such
-- product for sale.  What is wished for already stays as it was noted, unless
-- it is another variant.
create or replace function put_wish(p_product uuid, p_variant uuid)
returns setof uuid language plpgsql as $$
declare
	who uuid;
	offer record;
begin
	-- One at a time for each customer.
	select id into who from customer where id = current_customer()
	    for no key update;
	if exists (select from wish w where w.customer_id = who
	    and w.product_id = p_product
	    and w.variant_id is not distinct from p_variant) then
		return next p_product;
		return;
	end if;
	select * into offer from wish_offer(p_product, p_variant);
	if not found then
		if exists (select from wish_offer(p_product, null)) then
			perform raise_fault('The product has no such variant',
			    'variant_id');
		end if;
		return;
	end if;
	if not exists (select from wish w where w.customer_id = who
	    and w.product_id = p_product) and not wish_room() then
		raise exception 'A wishlist holds 200 products'
		    using errcode = 'UK451';
	end if;
	delete from wish where customer_id = who and product_id = p_product;
	insert into wish (customer_id, product_id, variant_id, price_amount,
	    price_currency, told_price, available)
	values (who, p_product, p_variant, offer.price, offer.currency,
	    offer.price, offer.available);
	return next p_product;
end
$$;

-- No row only if there is no such product.
create or replace function remove_wish(p_product uuid) returns setof uuid
language plpgsql as $$
begin
	delete from wish where customer_id = current_customer()
	    and product_id = p_product;
	if found or exists (select from product_index
	    where product_id = p_product) then
		return next p_product;
	end if;
end
$$;

-- The caller's wishes for these products, each as a card of its product.
-- (Volatile, so that it sees what the same statement has put.)
create or replace function wish_cards(p_products uuid[])
returns table (product_id uuid, card json)
language sql volatile security definer set search_path = duka, pg_temp as $$
	select w.product_id, json_build_object('id', p.id, 'slug', p.slug,
	    'name', p.name,
	    'brand', (select json_build_object('slug', b.slug, 'name', b.name)
		from brand b where b.id = p.brand_id),
	    'image', (select i.url from product_image i
		where i.product_id = p.id
		order by (w.variant_id is not null
		    and i.variant_id = w.variant_id) desc nulls last,
		    i.position, i.id limit 1),
	    'price', money(n.price, n.currency),
	    'price_added', money(w.price_amount, w.price_currency),
	    'for_sale', n.price is not null, 'in_stock', n.available,
	    'variant', case when v.id is not null then json_build_object(
		'id', v.id, 'sku', v.sku, 'options', v.options) end,
	    -- What goes into the cart at a touch.
	    'variant_id', case when n.price is null then null
		else coalesce(v.id::text,
		(i.item || '}')::json ->> 'variant_id') end,
	    'variant_count', coalesce(((i.item || '}')::json
		->> 'variant_count')::integer, 0),
	    'rating', p.rating, 'review_count', p.review_count,
	    'added_at', wire_time(w.added_at))
	from wish_now(current_customer(), p_products) n
	join wish w on w.customer_id = n.customer_id
	    and w.product_id = n.product_id
	join product p on p.id = w.product_id
	left join product_index i on i.product_id = p.id
	left join variant v on v.id = w.variant_id
	where w.customer_id = current_customer()
$$;

-- Telling.

-- Looks at what was marked: what ran out is noted, what came back or costs
-- less is due to be told.  How many marks there were; 1,000 at most.
create or replace function wishes_stir() returns integer
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	ids uuid[];
	n integer;
begin
	with mark as (
		delete from wish_mark m where m.id in (
		    select d.id from wish_mark d where d.due_at <= now()
		    order by d.due_at, d.id limit 1000
		    for update skip locked)
		returning m.product_id
	)
	select array_agg(distinct m.product_id), count(*) into ids, n
	from mark m;
	if n = 0 then
		return 0;
	end if;
	with changed as materialized (
		select w.customer_id, w.product_id, s.available
		from wish_now(null, ids) s join wish w
		on w.customer_id = s.customer_id
		    and w.product_id = s.product_id
		where s.available <> w.available
		or (s.available and s.price < w.told_price
		    and s.currency = w.price_currency)
	), held as materialized (
		-- In the order of all who hold several.
		select c.customer_id, c.product_id, c.available
		from wish w join changed c on c.customer_id = w.customer_id
		    and c.product_id = w.product_id
		order by w.customer_id, w.product_id for update of w
	)
	update wish w set available = w.available and h.available,
	    due_at = case when h.available then now() else w.due_at end
	from held h
	where w.customer_id = h.customer_id and w.product_id = h.product_id;
	-- What others hold comes back by itself when they let it go.
	insert into wish_mark (product_id, due_at)
	select v.product_id, min(r.expires_at) from variant v
	join reservation r on r.variant_id = v.id and r.expires_at > now()
	where v.product_id = any (ids) and v.status = 'active'
	and exists (select from wish w where w.product_id = v.product_id
	    and not w.available)
	and not exists (select from wish_mark m
	    where m.product_id = v.product_id
	    and m.due_at between now() and r.expires_at)
	group by v.product_id;
	return n;
end
$$;

-- What a mail says of them: twenty, and how many more there are.
create or replace function wish_letter(items jsonb) returns jsonb
language sql immutable as $$
	select jsonb_strip_nulls(jsonb_build_object(
	    'first', items -> 0 -> 'product' -> 'name',
	    'others', nullif(jsonb_array_length(items) - 1, 0),
	    'items', jsonb_path_query_array(items, '$[0 to 19]'),
	    'rest', nullif(greatest(jsonb_array_length(items) - 20, 0), 0)))
$$;

-- Tells a customer of all that is due, in one mail of each kind; of the same
-- product and kind once a day at most.  What falls on within the day is told
-- when that is over; what only comes and goes is not told again.
create or replace function wishes_tell(who uuid) returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	back jsonb;
	cheaper jsonb;
begin
	-- What is found below is then not older than what is noted.
	perform from wish w where w.customer_id = who and w.due_at <= now()
	order by w.product_id for update;
	with due as materialized (
		select w.product_id, n.price, n.available, w.told_price as was,
		    n.available and not w.available and coalesce(
			w.stock_told_at <= now() - interval '1 day', true)
			as back,
		    n.available and n.price < w.told_price
			and n.currency = w.price_currency as cheaper,
		    coalesce(w.price_told_at <= now() - interval '1 day',
			true) as may
		from wish w join wish_now(who, array(
		    select d.product_id from wish d
		    where d.customer_id = who and d.due_at <= now())) n
		on n.product_id = w.product_id
		where w.customer_id = who
	), told as (
		update wish w set available = d.available,
		    told_price = case when d.cheaper and d.may then d.price
			else w.told_price end,
		    price_told_at = case when d.cheaper and d.may then now()
			else w.price_told_at end,
		    stock_told_at = case when d.back then now()
			else w.stock_told_at end,
		    due_at = case when d.cheaper and not d.may
			then w.price_told_at + interval '1 day' end
		from due d
		where w.customer_id = who and w.product_id = d.product_id
		returning w.product_id, w.price_currency, d.price, d.was,
		    d.back, d.cheaper and d.may as cheaper
	), said as (
		select t.back, t.cheaper, p.name, t.price, t.was,
		    jsonb_build_object('product', jsonb_build_object(
			'id', p.id, 'slug', p.slug, 'name', p.name),
			'price', money(t.price, t.price_currency)) as item,
		    money(t.was, t.price_currency) as before
		from told t join product p on p.id = t.product_id
	)
	select jsonb_agg(s.item order by s.name) filter (where s.back),
	    jsonb_agg(s.item || jsonb_build_object('was', s.before)
		order by s.name) filter (where s.cheaper)
	into back, cheaper from said s;
	perform notify_in_app(who, 'back_in_stock', i)
	from jsonb_array_elements(back) i;
	perform notify_in_app(who, 'price_drop', i)
	from jsonb_array_elements(cheaper) i;
	if back is not null then
		perform send_wanted_mail(who, 'back_in_stock',
		    'back-in-stock', wish_letter(back));
	end if;
	if cheaper is not null then
		perform send_wanted_mail(who, 'price_drop', 'price-drop',
		    wish_letter(cheaper));
	end if;
end
$$;

-- A step of telling, for the courier: marks first, then some customers.  How
-- much there was to do; 0 when there is nothing.
create or replace function tell_wishes() returns integer
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	n integer := wishes_stir();
	who uuid;
begin
	if n > 0 then
		return n;
	end if;
	for who in select distinct w.customer_id from wish w
	    where w.due_at <= now() order by w.customer_id limit 100 loop
		-- Who is just changing the list is told in the next step.
		perform from customer c where c.id = who
		    for no key update skip locked;
		if found then
			perform wishes_tell(who);
			n := n + 1;
		end if;
	end loop;
	return n;
end
$$;

-- What goes with the account.

create or replace function export_wishes(who uuid) returns json
language plpgsql stable as $$
begin
	return (select coalesce(json_agg(json_build_object('product', p.name,
	    'sku', v.sku, 'price', money(w.price_amount, w.price_currency),
	    'at', wire_time(w.added_at)) order by w.added_at), '[]')
	    from wish w join product p on p.id = w.product_id
	    left join variant v on v.id = w.variant_id
	    where w.customer_id = who);
end
$$;

create or replace function forget_wishes(who uuid) returns void
language sql security definer set search_path = duka, pg_temp as $$
	delete from wish where customer_id = who;
	delete from saved_search where customer_id = who;
	delete from unsubscribe_key where customer_id = who;
$$;
