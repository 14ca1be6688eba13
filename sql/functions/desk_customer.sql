-- SPDX-License-Identifier: ISC
-- One customer as staff know them, and what staff change of one.

set check_function_bodies = off;

create or replace function staff_ref(p_staff uuid) returns json
language sql stable security definer set search_path = duka, pg_temp as $$
	select json_build_object('id', s.id, 'name', s.name)
	from staff s where s.id = p_staff
$$;

-- What was agreed to last of each purpose and channel, with its evidence.
create or replace function desk_consents_json(p_customer uuid) returns json
language sql stable security definer set search_path = duka, pg_temp as $$
	select coalesce(json_agg(consent_json(k, true)::jsonb
	    || jsonb_build_object('address', host(k.address))
	    order by k.purpose, k.channel), '[]')
	from consent_now n join consent k on k.id = n.id
	where n.customer_id = p_customer
$$;

create or replace function desk_points_json(p_customer uuid) returns json
language sql stable security definer set search_path = duka, pg_temp as $$
	select json_build_object('balance', a.balance, 'tier', a.tier)
	from points_account_of(p_customer) a
	where permitted('loyalty.read')
$$;

-- Where an account that was merged went.
create or replace function merged_json(p_customer uuid) returns json
language sql stable security definer set search_path = duka, pg_temp as $$
	select json_build_object('id', c.id, 'number', c.number,
	    'given_name', c.given_name, 'family_name', c.family_name,
	    'at', wire_time(m.merged_at))
	from customer_merge m join customer c on c.id = m.into_id
	where m.id = p_customer
$$;

-- Volatile: it is asked in the statement that made the customer.
create or replace function desk_customer_json(c customer) returns json
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	f customer_figures;
	code text := setting_of('shop.currency');
begin
	perform demand('customers.read');
	select * into f from customer_figures where customer_id = c.id;
	return (profile_json(c)::jsonb || customer_row_json(f, c, code)::jsonb
	    || jsonb_build_object('addresses', (select coalesce(json_agg(
		address_json(a) order by a.created_at, a.id), '[]')
		from customer_address a where a.customer_id = c.id),
	    'current_consents', desk_consents_json(c.id),
	    'points', desk_points_json(c.id),
	    'notes', (select count(*) from customer_note n
		where n.customer_id = c.id),
	    'doubles', (select count(*) from customer_double d
		where (d.a = c.id or d.b = c.id) and d.refused_at is null),
	    'last_seen_at', (select wire_time(max(s.used_at))
		from customer_session s where s.customer_id = c.id),
	    'erased_at', wire_time(c.erased_at),
	    'merged_into', merged_json(c.id)))::json;
end
$$;

-- A customer for a change, locked: of the version that was meant.
create or replace function desk_lock(p_id uuid, p_version integer)
returns customer
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	c customer;
begin
	select * into c from customer where id = p_id for update;
	if not found then
		raise exception 'There is no such customer'
		    using errcode = 'UK410';
	end if;
	if c.state = 'erased' then
		raise exception 'That customer is gone'
		    using errcode = 'UK409';
	end if;
	perform version_meant(c.version, p_version);
	return c;
end
$$;

-- What no constraint says of a customer, as far as `said` names it.
create or replace function desk_check(n customer, said jsonb) returns void
language plpgsql as $$
begin
	if said ? 'email' and coalesce(addressless(n.email), true) then
		perform raise_fault('Is no address that mail reaches',
		    'email');
	elsif n.date_of_birth > current_date then
		perform raise_fault('Nobody is born tomorrow',
		    'date_of_birth', 'too_large');
	elsif not tags_sound(n.tags) then
		perform raise_fault('Tags have 1 to 40 characters, none of '
		    'them a comma, semicolon or bar; 30 tags at most', 'tags');
	end if;
end
$$;

-- Each tag once, in order.
create or replace function desk_tags(tags text[]) returns text[]
language sql immutable as $$
	select coalesce(array_agg(distinct btrim(t) order by btrim(t)), '{}')
	from unnest(tags) t
$$;

create or replace function desk_create(p_input jsonb) returns customer
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	n customer := jsonb_populate_record(null::customer, p_input);
begin
	perform demand('customers.write');
	n.tags := desk_tags(n.tags);
	perform desk_check(n, p_input);
	insert into customer (email, username, given_name, family_name, phone,
	    date_of_birth, gender, language, tags)
	values (n.email, n.username, coalesce(n.given_name, ''),
	    coalesce(n.family_name, ''), n.phone, n.date_of_birth, n.gender,
	    coalesce(n.language, 'en'), n.tags)
	returning * into n;
	return n;
end
$$;

-- What the input names; an address that changed isn't verified.
create or replace function desk_change(p_id uuid, p_input jsonb,
    p_version integer) returns customer
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	c customer;
	n customer;
begin
	perform demand('customers.write');
	c := desk_lock(p_id, p_version);
	n := jsonb_populate_record(c, p_input);
	n.tags := desk_tags(n.tags);
	perform desk_check(n, p_input);
	update customer set email = n.email, username = n.username,
	    given_name = coalesce(n.given_name, ''),
	    family_name = coalesce(n.family_name, ''), phone = n.phone,
	    date_of_birth = n.date_of_birth, gender = n.gender,
	    employment = n.employment, occupation = n.occupation,
	    education = n.education, household_size = n.household_size,
	    children = n.children, income_band = n.income_band,
	    dietary = coalesce(n.dietary, '{}'),
	    language = coalesce(n.language, 'en'), tags = n.tags,
	    email_verified_at = case when lower(n.email) = lower(c.email)
		then c.email_verified_at end,
	    version = version + 1, updated_at = now()
	where id = c.id returning * into c;
	return c;
end
$$;

-- Ends what a customer is signed in to.
create or replace function end_sessions(p_customer uuid, p_reason text)
returns void
language sql security definer set search_path = duka, pg_temp as $$
	update customer_session set ended_at = now(), end_reason = p_reason
	where customer_id = p_customer and ended_at is null
$$;

create or replace function desk_put_state(p_id uuid, p_state text,
    p_version integer) returns customer
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	c customer;
begin
	perform demand('customers.write');
	c := desk_lock(p_id, p_version);
	if c.state <> p_state then
		update customer set state = p_state, version = version + 1,
		    updated_at = now()
		where id = c.id returning * into c;
	end if;
	if p_state = 'disabled' then
		perform end_sessions(c.id, 'disabled');
	end if;
	return c;
end
$$;

-- Erases as the customer could; and of what staff knew, the words too.
create or replace function desk_erase(p_id uuid, p_version integer)
returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	perform demand('customers.erase');
	perform erase_customer(desk_lock(p_id, p_version));
	-- That it was done stays in the audit log, what it took away doesn't.
	update audit_log set before = null, after = null
	where staff_id = current_staff() and at >= now();
end
$$;

-- What of the desk tells of somebody: notes go, and who was told of them.
create or replace function forget_desk(p_customer uuid) returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	ids uuid[] := array(select n.id from customer_note n
	    where n.customer_id = p_customer);
begin
	perform audit_forget('customer_note', ids::text[]);
	perform forget_staff_notices('customer_id', array[p_customer]);
	delete from customer_note where id = any (ids);
	delete from bulk_change_row where customer_id = p_customer;
	perform audit_forget('customer', array(select m.id::text
	    from customer_merge m where m.into_id = p_customer));
end
$$;

create or replace function export_desk(who uuid) returns json
language plpgsql stable security definer set search_path = duka, pg_temp as $$
begin
	return json_build_object('tags', (select c.tags from customer c
		where c.id = who),
	    'notes', (select coalesce(json_agg(json_build_object(
		'text', n.text, 'at', wire_time(n.created_at),
		'edited_at', wire_time(n.edited_at)) order by n.created_at),
		'[]') from customer_note n where n.customer_id = who),
	    'merged', (select coalesce(json_agg(json_build_object(
		'number', m.number, 'at', wire_time(m.merged_at))
		order by m.merged_at), '[]') from customer_merge m
		where m.into_id = who));
end
$$;
