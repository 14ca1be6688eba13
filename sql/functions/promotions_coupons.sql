-- SPDX-License-Identifier: ISC
-- Coupons as staff keep them: single codes and many at once.

-- Some of what is called here is defined in files applied later.
set check_function_bodies = off;

create or replace function coupon_json(c coupon) returns json
language sql stable security definer set search_path = duka, pg_temp as $$
	select json_build_object('id', c.id, 'promotion_id', c.promotion_id,
	    'code', c.code, 'batch', c.batch, 'max_uses', c.max_uses,
	    'max_uses_each', c.max_uses_each, 'held', u.held, 'used', u.used,
	    'released', u.released, 'starts_at', wire_time(c.starts_at),
	    'ends_at', wire_time(c.ends_at), 'active', c.active,
	    'state', case when c.uses >= c.max_uses and c.active
		then 'used_up' else promotion_state(c.active, c.starts_at,
		c.ends_at) end,
	    'created_at', wire_time(c.created_at),
	    'updated_at', wire_time(c.updated_at), 'version', c.version)
	from (select count(*) filter (where x.state = 'held' and
		coalesce(x.expires_at > now(), true)) as held,
	    count(*) filter (where x.state = 'used') as used,
	    count(*) filter (where x.state = 'released' or x.state = 'held'
		and x.expires_at <= now()) as released
	    from coupon_use x where x.coupon_id = c.id) u
$$;

-- A code nobody guesses: five random bits a letter, none of those that look
-- alike.  (Bytes 6 and 8 of an id are not random.)
create or replace function coupon_code(prefix text, size integer)
returns text language sql volatile as $$
	select prefix || string_agg(substr('ABCDEFGHJKLMNPQRSTUVWXYZ23456789',
	    1 + (get_byte(b, i) & 31), 1), '')
	from (select uuid_send(gen_random_uuid()) as b) r,
	    unnest(('{0,1,2,3,4,5,9,10,11,12,13,14}'::integer[])[:size]) i
$$;

create or replace function coupon_promotion(p_promotion uuid)
returns promotion
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	p promotion;
begin
	perform demand('promotions.write');
	select * into p from promotion where id = p_promotion for key share;
	if found and not p.needs_coupon then
		raise exception 'It is for all: it needs no coupon'
		    using errcode = 'UK409';
	end if;
	return p;
end
$$;

create or replace function check_coupon(c coupon) returns void
language plpgsql stable as $$
begin
	if c.code !~ '^[A-Z0-9][A-Z0-9_-]{1,39}$' then
		perform raise_fault('A code is 2 to 40 of A-Z, 0-9, - and _, '
		    'and begins with one of the first', 'code', 'format');
	elsif c.ends_at <= c.starts_at then
		perform raise_fault('It ends before it begins', 'ends_at');
	elsif c.max_uses < c.uses then
		perform raise_fault('It was used more often', 'max_uses',
		    'too_small');
	end if;
end
$$;

create or replace function coupon_make(p_promotion uuid, p_input jsonb)
returns setof coupon
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	p promotion := coupon_promotion(p_promotion);
	c coupon;
begin
	if p.id is null then
		return;
	end if;
	c := jsonb_populate_record(c, p_input);
	c.code := upper(c.code);
	c.uses := 0;
	perform check_coupon(c);
	return query insert into coupon (promotion_id, code, max_uses,
	    max_uses_each, starts_at, ends_at, active)
	values (p.id, c.code, c.max_uses, c.max_uses_each, c.starts_at,
	    c.ends_at, coalesce(c.active, true)) returning *;
end
$$;

-- Many at once.  Codes that are there already are drawn again.
create or replace function coupons_make(p_promotion uuid, p_input jsonb)
returns setof json
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	p promotion := coupon_promotion(p_promotion);
	c coupon;
	wanted integer := (p_input ->> 'count')::integer;
	prefix text := upper(coalesce(p_input ->> 'prefix', ''));
	size integer := coalesce((p_input ->> 'length')::integer, 10);
	made integer := 0;
	more integer;
	tries integer := 0;
begin
	if p.id is null then
		return;
	end if;
	c := jsonb_populate_record(c, p_input);
	c.code := prefix || repeat('X', size);
	c.uses := 0;
	c.batch := gen_random_uuid();
	perform check_coupon(c);
	while made < wanted and tries < 20 loop
		insert into coupon (promotion_id, code, batch, max_uses,
		    max_uses_each, starts_at, ends_at)
		select p.id, coupon_code(prefix, size), c.batch, c.max_uses,
		    c.max_uses_each, c.starts_at, c.ends_at
		from generate_series(made + 1, wanted)
		on conflict (code) do nothing;
		get diagnostics more = row_count;
		made := made + more;
		tries := tries + 1;
	end loop;
	if made < wanted then
		perform raise_fault('There are not so many codes of that '
		    'length', 'length', 'too_small');
	end if;
	return next json_build_object('batch', c.batch, 'count', made);
end
$$;

create or replace function coupon_change(p_id uuid, p_version integer,
    p_input jsonb) returns setof coupon
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	c coupon;
	n coupon;
begin
	perform demand('promotions.write');
	-- The lock that holding a use takes: limits are judged one by one.
	select * into c from coupon where id = p_id for update;
	if not found then
		return;
	end if;
	perform check_version(c.version, p_version);
	n := jsonb_populate_record(c, p_input);
	perform check_coupon(n);
	return query update coupon set max_uses = n.max_uses,
	    max_uses_each = n.max_uses_each, starts_at = n.starts_at,
	    ends_at = n.ends_at, active = n.active, version = version + 1,
	    updated_at = now()
	where id = p_id returning *;
end
$$;

-- All coupons of a batch at once.
create or replace function coupons_end(p_promotion uuid, p_batch uuid)
returns json
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	n integer;
begin
	perform demand('promotions.write');
	with ended as (select id from coupon where promotion_id = p_promotion
	    and batch = p_batch and active order by id for update)
	update coupon c set active = false, version = c.version + 1,
	    updated_at = now()
	from ended e where c.id = e.id;
	get diagnostics n = row_count;
	return json_build_object('batch', p_batch, 'count', n);
end
$$;

create or replace function coupon_list(p_promotion uuid, p_q text,
    p_batch uuid, p_cursor text, p_limit integer) returns json
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	after jsonb := cursor_key(p_cursor, 2);
begin
	perform demand('promotions.read');
	return (with part as (select c.created_at, c.id,
		coupon_json(c) as item
	    from coupon c where c.promotion_id = p_promotion
	    and (p_q is null or starts_with(c.code, upper(btrim(p_q))))
	    and (p_batch is null or c.batch = p_batch)
	    and (after is null or (c.created_at, c.id)
		< ((after ->> 0)::timestamptz, (after ->> 1)::uuid))
	    order by c.created_at desc, c.id desc limit p_limit + 1)
	select page_of(array_agg(item order by created_at desc, id desc),
	    array_agg(json_build_array(created_at, id)
	    order by created_at desc, id desc), p_limit) from part);
end
$$;

create or replace function coupon_uses(p_coupon uuid, p_cursor text,
    p_limit integer) returns json
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	after jsonb := cursor_key(p_cursor, 2);
begin
	perform demand('promotions.read');
	return (with part as (select u.created_at, u.order_id,
		json_build_object('order_id', o.id, 'number', o.number,
		'order_state', o.state, 'state', case when u.state = 'held'
		    and u.expires_at <= now() then 'released'
		    else u.state end,
		'expires_at', wire_time(u.expires_at),
		'at', wire_time(u.created_at)) as item
	    from coupon_use u join customer_order o on o.id = u.order_id
	    where u.coupon_id = p_coupon
	    and (after is null or (u.created_at, u.order_id)
		< ((after ->> 0)::timestamptz, (after ->> 1)::uuid))
	    order by u.created_at desc, u.order_id desc limit p_limit + 1)
	select page_of(array_agg(item order by created_at desc,
	    order_id desc), array_agg(json_build_array(created_at, order_id)
	    order by created_at desc, order_id desc), p_limit) from part);
end
$$;

-- A batch, or all, as CSV.  Codes hold nothing that needs quoting, and begin
-- with a letter or digit: no spreadsheet takes one for a formula.
create or replace function coupons_csv(p_promotion uuid, p_batch uuid)
returns text
language plpgsql stable security definer set search_path = duka, pg_temp as $$
begin
	perform demand('promotions.read');
	return E'code,max_uses,max_uses_each,uses,active,starts_at,ends_at\r\n'
	|| coalesce((select string_agg(concat_ws(',', case
		when c.code ~ '^[A-Z0-9]' then c.code else '''' || c.code end,
	    coalesce(c.max_uses::text, ''),
	    coalesce(c.max_uses_each::text, ''), c.uses, c.active::text,
	    coalesce(wire_time(c.starts_at), ''),
	    coalesce(wire_time(c.ends_at), '')) || E'\r\n', ''
	    order by c.code)
	from coupon c where c.promotion_id = p_promotion
	and (p_batch is null or c.batch = p_batch)), '');
end
$$;
