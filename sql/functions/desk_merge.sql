-- SPDX-License-Identifier: ISC
-- Doubles, and two accounts made one.  Whatever refers to a customer by a
-- foreign key follows; what both have once is resolved here, and what must
-- not move is named in merge_stays().  A test walks the foreign keys.

set check_function_bodies = off;

-- Whether a row may change its owner: of ledgers, which else don't change.
create or replace function merging(p_from uuid, p_into uuid) returns boolean
language sql stable security definer set search_path = duka, pg_temp as $$
	select exists (select from customer_merge m where m.id = p_from
	    and m.into_id = p_into and m.merged_at = now())
$$;

-- Tables whose rows stay with the account that goes, or that are made anew.
create or replace function merge_stays() returns text[]
language sql immutable as $$
	select array['customer_figures', 'customer_words', 'customer_double',
	    'customer_merge', 'customer_password', 'customer_session',
	    'customer_token', 'bulk_change_row', 'points_account',
	    'unsubscribe_key']
$$;

-- The columns that refer to a customer and follow.
create or replace function merge_columns()
returns table (target regclass, field name)
language sql stable as $$
	select c.conrelid::regclass, a.attname
	from pg_constraint c
	join pg_attribute a on a.attrelid = c.conrelid
	    and a.attnum = c.conkey[1]
	join pg_class t on t.oid = c.conrelid
	where c.contype = 'f' and t.relkind = 'r'
	and c.confrelid in ('customer'::regclass, 'points_account'::regclass)
	and cardinality(c.conkey) = 1
	and t.relname <> all (merge_stays())
	union
	-- Kept without a foreign key.
	select to_regclass(n), 'customer_id' from unnest(array[
	    'segment_member']) n where to_regclass(n) is not null
	order by 1
$$;

-- Conditions by which a row f has a twin k in a unique index over the
-- column; partial ones and expressions are for merge_special().
create or replace function merge_twins(p_table regclass, p_field name)
returns setof text
language sql stable as $$
	select format('k.%I = $1 and f.%1$I = $2', p_field)
	    || coalesce((select string_agg(format(' and k.%I = f.%1$I',
		a.attname), '') from unnest(i.indkey::int2[]) u (n)
		join pg_attribute a on a.attrelid = i.indrelid
		and a.attnum = u.n where a.attname <> p_field), '')
	from pg_index i
	where i.indrelid = p_table and i.indisunique and i.indpred is null
	and i.indexprs is null and exists (select from pg_attribute a
	    where a.attrelid = i.indrelid and a.attname = p_field
	    and a.attnum = any (i.indkey::int2[]))
$$;

-- How many rows of each table would follow, and where both have the same.
create or replace function merge_counts(p_keep uuid, p_from uuid,
    out moves jsonb, out conflicts text[])
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	c record;
	twin text;
	n bigint;
begin
	moves := '{}';
	conflicts := '{}';
	for c in select * from merge_columns() loop
		execute format('select count(*) from %s where %I = $1',
		    c.target, c.field) into n using p_from;
		if n > 0 then
			moves := moves || jsonb_build_object(c.target::text,
			    n + coalesce((moves ->> c.target::text)::bigint, 0));
		end if;
		for twin in select * from merge_twins(c.target, c.field) loop
			execute format('select count(*) from %s f, %1$s k '
			    'where %s', c.target, twin)
			into n using p_keep, p_from;
			if n > 0 then
				conflicts := conflicts || c.target::text;
			end if;
		end loop;
	end loop;
end
$$;

-- Points: the ledger goes as it is, so that what comes back of an order finds
-- the lots it came from; the balance is the sum of both.
create or replace function merge_points(p_keep uuid, p_from uuid)
returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	k points_account;
	f points_account;
begin
	perform from points_account where customer_id in (p_keep, p_from)
	order by customer_id for update;
	select * into f from points_account where customer_id = p_from;
	if not found then
		return;
	end if;
	k := points_account_lock(p_keep);
	-- The same was rewarded twice: both stay, the second by another name.
	update points_entry e set customer_id = p_keep,
	    reference = case when e.kind = 'bonus' and exists (
		select from points_entry o where o.customer_id = p_keep
		and o.kind = 'bonus' and o.reference = e.reference)
		then left(e.reference, 160) || ':' || p_from
		else e.reference end
	where e.customer_id = p_from;
	update points_lot set customer_id = p_keep where customer_id = p_from;
	update points_account a set balance = k.balance + f.balance,
	    moved_at = greatest(k.moved_at, f.moved_at), warned_at = null,
	    tier = (select t.code from loyalty_tier t
		where t.code in (k.tier, f.tier) order by t.points desc
		limit 1),
	    tier_since = case when k.tier = f.tier
		then least(k.tier_since, f.tier_since)
		else a.tier_since end
	where a.customer_id = p_keep;
	delete from points_account where customer_id = p_from;
	perform tier_raise(p_keep);
end
$$;

-- One cart: pieces are added, up to what can be bought; of what can't be had
-- now, what somebody wished for stays.
create or replace function merge_carts(p_keep uuid, p_from uuid)
returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	k uuid;
	f uuid;
begin
	select id into k from cart
	where customer_id = p_keep and state = 'active';
	select id into f from cart
	where customer_id = p_from and state = 'active';
	if k is null or f is null then
		return;
	end if;
	insert into cart_line as l (cart_id, variant_id, quantity,
	    added_amount, added_currency)
	select k, g.variant_id, case when s.can >= 1
	    then least(coalesce(h.quantity, 0) + g.quantity, s.can)
	    else greatest(coalesce(h.quantity, 0), g.quantity) end,
	    g.added_amount, g.added_currency
	from cart_line g left join lateral sold(g.variant_id) s on true
	left join cart_line h on h.cart_id = k
	    and h.variant_id = g.variant_id
	where g.cart_id = f order by g.number
	limit greatest(0, 100 - (select count(*) from cart_line
	    where cart_id = k))
	on conflict on constraint cart_line_variant_key do update
	set quantity = excluded.quantity;
	update cart set state = 'merged', merged_into = k, points = 0,
	    reward_id = null, updated_at = now() where id = f;
	update cart set updated_at = now() where id = k;
end
$$;

create or replace function merge_pictures(p_keep uuid, p_from uuid)
returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	update review_picture r set picture_id = k.id
	from picture f join picture k on k.digest = f.digest
	    and k.customer_id = p_keep and k.kind = 'upload'
	where f.customer_id = p_from and f.kind = 'upload'
	and r.picture_id = f.id;
	delete from picture f where f.customer_id = p_from
	and exists (select from picture k where k.customer_id = p_keep
	    and k.kind = f.kind
	    and (f.kind = 'profile' or k.digest = f.digest));
end
$$;

-- What no index tells: of two reviews of a product the later one stays,
-- nobody finds their own helpful, names of saved searches differ, and the
-- defaults of the book stay those of who stays.
create or replace function merge_special(p_keep uuid, p_from uuid)
returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	perform merge_carts(p_keep, p_from);
	perform merge_points(p_keep, p_from);
	delete from review r using review o
	where r.customer_id in (p_keep, p_from)
	and o.customer_id in (p_keep, p_from)
	and o.product_id = r.product_id and o.id <> r.id
	and (o.created_at, o.id) > (r.created_at, r.id);
	delete from review_vote v using review r
	where r.id = v.review_id and v.customer_id in (p_keep, p_from)
	and r.customer_id in (p_keep, p_from);
	perform merge_pictures(p_keep, p_from);
	update saved_search s set name = left(s.name, 80) || ' (' ||
	    left(p_from::text, 8) || ')'
	where s.customer_id = p_from and exists (select from saved_search k
	    where k.customer_id = p_keep and lower(k.name) = lower(s.name));
	if exists (select from customer_address where customer_id = p_keep)
	then
		update customer_address set is_default_shipping = false,
		    is_default_billing = false, version = version + 1
		where customer_id = p_from
		and (is_default_shipping or is_default_billing);
	end if;
	update customer_password set customer_id = p_keep
	where customer_id = p_from and not exists (
	    select from customer_password where customer_id = p_keep);
	delete from customer_password where customer_id = p_from;
	delete from customer_token where customer_id = p_from;
	delete from kept_answer where owner = p_from::text;
	delete from customer_double where p_from in (a, b);
	perform end_sessions(p_from, 'merged');
	update login_attempt set account_id = p_keep
	where world = 'customer' and account_id = p_from;
	-- Links in mails that were sent end the mails of who stays.
	update unsubscribe_key u set customer_id = p_keep
	where u.customer_id = p_from and not exists (select
	    from unsubscribe_key k where k.customer_id = p_keep
	    and k.purpose = u.purpose);
end
$$;

create or replace function merge_rest(p_keep uuid, p_from uuid)
returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	c record;
	twin text;
begin
	for c in select * from merge_columns() loop
		for twin in select * from merge_twins(c.target, c.field) loop
			execute format('delete from %s f using %1$s k '
			    'where %s', c.target, twin) using p_keep, p_from;
		end loop;
		execute format('update %s set %I = $1 where %2$I = $2',
		    c.target, c.field) using p_keep, p_from;
	end loop;
end
$$;

-- The person: what `take` names comes from the one that goes, what is
-- missing too; the other one is left without anything of anybody.
create or replace function merge_person(k customer, f customer, take text[])
returns customer
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	n customer := jsonb_populate_record(k, coalesce((
	    select jsonb_object_agg(t.key, t.value)
	    from jsonb_each(to_jsonb(f)) t
	    where t.key = any (take) or t.key in ('username', 'phone',
		'date_of_birth', 'gender', 'employment', 'occupation',
		'education', 'household_size', 'children', 'income_band',
		'given_name', 'family_name')
	    and coalesce(to_jsonb(k) ->> t.key, '') = ''), '{}'));
begin
	if addressless(k.email) and not addressless(f.email) then
		n.email := f.email;
	end if;
	update customer set email = f.id || '@accounts.invalid',
	    username = null, given_name = '', family_name = '', phone = null,
	    date_of_birth = null, gender = null, employment = null,
	    occupation = null, education = null, household_size = null,
	    children = null, income_band = null, dietary = '{}', tags = '{}',
	    email_verified_at = null, state = 'erased', erased_at = now(),
	    version = version + 1, updated_at = now()
	where id = f.id;
	update customer set email = n.email, username = n.username,
	    given_name = n.given_name, family_name = n.family_name,
	    phone = n.phone, date_of_birth = n.date_of_birth,
	    gender = n.gender, employment = n.employment,
	    occupation = n.occupation, education = n.education,
	    household_size = n.household_size, children = n.children,
	    income_band = n.income_band, language = n.language,
	    dietary = array(select distinct d
		from unnest(k.dietary || f.dietary) d order by d),
	    tags = (desk_tags(k.tags || f.tags))[:30],
	    email_verified_at = case when n.email = k.email
		then k.email_verified_at else f.email_verified_at end,
	    created_at = least(k.created_at, f.created_at),
	    version = k.version + 1, updated_at = now()
	where id = k.id returning * into n;
	update review set author = public_name(n.given_name, n.family_name)
	where customer_id = n.id
	and author <> public_name(n.given_name, n.family_name);
	return n;
end
$$;

-- Brings rows to what they are made of.
create or replace function refigure(p_ids uuid[]) returns void
language sql security definer set search_path = duka, pg_temp as $$
	update customer_figures f set name_key = t.name_key, state = t.state,
	    verified = t.verified, tier = t.tier, country = t.country,
	    consents = t.consents, tags = t.tags, orders = t.orders,
	    spent = t.spent, last_order_at = t.last_order_at,
	    registered_at = t.registered_at
	from unnest(p_ids) i
	cross join lateral (select * from customer_figures_true x
	    where x.customer_id = i) t
	where f.customer_id = i
$$;

-- Makes one of two.  Both are locked first, then what of theirs others work
-- on, in the order that all do.
create or replace function merge_customers(p_keep uuid, p_from uuid,
    p_take text[], p_version integer) returns customer
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	k customer;
	f customer;
begin
	perform demand('customers.erase');
	if p_keep = p_from then
		perform raise_fault('Is the same customer', 'from');
	end if;
	perform from customer where id in (p_keep, p_from) order by id
	for update;
	perform from customer where id = p_from;
	if not found then
		perform raise_fault('There is no such customer', 'from');
	end if;
	f := desk_lock(p_from, null);
	k := desk_lock(p_keep, p_version);
	perform from cart where customer_id in (p_keep, p_from) order by id
	for update;
	perform from customer_order where customer_id in (p_keep, p_from)
	order by id for update;
	insert into customer_merge (id, into_id, number, staff_id, counts)
	values (f.id, k.id, f.number, current_staff(),
	    (select moves from merge_counts(k.id, f.id)));
	perform merge_special(k.id, f.id);
	perform merge_rest(k.id, f.id);
	update customer_merge set into_id = k.id where into_id = f.id;
	k := merge_person(k, f, coalesce(p_take, '{}'));
	perform refigure(array[k.id, f.id]);
	perform find_doubles(k.id);
	return k;
end
$$;

create or replace function merge_preview(p_keep uuid, p_from uuid)
returns json
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	k customer;
	f customer;
	c record;
begin
	perform demand('customers.erase');
	select * into k from customer where id = p_keep;
	select * into f from customer where id = p_from;
	if k.id is null or f.id is null then
		return null;
	end if;
	c := merge_counts(p_keep, p_from);
	return json_build_object('keep', desk_customer_json(k),
	    'from', desk_customer_json(f), 'moves', c.moves,
	    'conflicts', c.conflicts, 'points', (
	    select coalesce(sum(a.balance), 0) from points_account a
	    where a.customer_id in (p_keep, p_from)));
end
$$;

create or replace function doubles_page(p_customer uuid, p_cursor text,
    p_limit integer) returns json
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	key jsonb := cursor_key(p_cursor, 3);
	code text := setting_of('shop.currency');
begin
	perform demand('customers.read');
	return (select page_of(array_agg(json_build_object(
		'a', customer_row_json(af, ca, code),
		'b', customer_row_json(bf, cb, code), 'reasons', d.reasons,
		'found_at', wire_time(d.found_at))
		order by d.found_at, d.a, d.b),
	    array_agg(json_build_array(d.found_at, d.a, d.b)
		order by d.found_at, d.a, d.b), p_limit)
	    from (select x.* from customer_double x
		where x.refused_at is null
		and (p_customer is null or p_customer in (x.a, x.b))
		and (key is null or (x.found_at, x.a, x.b) >
		    ((key ->> 0)::timestamptz, (key ->> 1)::uuid,
		    (key ->> 2)::uuid))
		order by x.found_at, x.a, x.b limit p_limit + 1) d
	    join customer ca on ca.id = d.a
	    join customer_figures af on af.customer_id = d.a
	    join customer cb on cb.id = d.b
	    join customer_figures bf on bf.customer_id = d.b);
end
$$;

-- They are two.
create or replace function doubles_refuse(p_one uuid, p_other uuid)
returns setof boolean
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	perform demand('customers.write');
	return query update customer_double set refused_at = now(),
	    refused_by = current_staff()
	where a = least(p_one, p_other) and b = greatest(p_one, p_other)
	and refused_at is null returning true;
end
$$;

select audited('customer_merge');
