-- SPDX-License-Identifier: ISC
-- A customer's own data.  All but export_account() run with the rights of
-- duka_customers, which sees nobody's rows but those of who asks.

-- The latest word on each purpose and channel.
create or replace view consent_now with (security_invoker = true) as
select distinct on (customer_id, purpose, channel) *
from consent
order by customer_id, purpose, channel, id desc;

-- Whether a customer agrees to be written to; asked when it is sent.
create or replace function consented(p_customer uuid, p_purpose text,
    p_channel text) returns boolean
language sql stable security definer set search_path = duka, pg_temp as $$
	select coalesce((select n.given from consent n
	    where n.customer_id = p_customer and n.purpose = p_purpose
		and n.channel = p_channel
	    order by n.id desc limit 1), false)
	and not exists (select from customer c join suppressed_address s
	    on s.digest = address_digest(c.email) where c.id = p_customer)
$$;

-- The ledger only grows; of a row that stands only the address may go, and
-- it follows who it is of when two accounts become one.
create or replace function consent_stands() returns trigger
language plpgsql as $$
declare
	same consent := new;
begin
	if tg_op = 'UPDATE' and new.address is null then
		same.address := old.address;
		if same is not distinct from old then
			return new;
		end if;
	end if;
	if tg_op = 'UPDATE' and new.customer_id <> old.customer_id
	    and merging(old.customer_id, new.customer_id) then
		same := new;
		same.customer_id := old.customer_id;
		if same is not distinct from old then
			return new;
		end if;
	end if;
	raise exception 'What was agreed is not changed'
	    using errcode = 'UK409';
end
$$;

create or replace trigger consent_stands before update or delete on consent
    for each row execute function consent_stands();

create or replace function consent_json(c consent, latest boolean)
returns json language sql stable as $$
	select json_build_object('purpose', c.purpose, 'channel', c.channel,
	    'given', c.given, 'source', c.source,
	    'text_digest', c.text_digest, 'at', wire_time(c.at),
	    'latest', latest)
$$;

create or replace function put_consent(p_purpose text, p_channel text,
    p_given boolean, p_source text, p_text text, p_address inet)
returns json language plpgsql as $$
declare
	c consent;
begin
	if p_given and coalesce(p_text, '') = '' then
		perform raise_fault('Who agrees must have been shown to '
		    'what: the text is missing', 'text', 'required');
	end if;
	insert into consent (customer_id, purpose, channel, given, source,
	    text_digest, address)
	values (current_customer(), p_purpose, p_channel, p_given, p_source,
	    encode(sha256(convert_to(nullif(p_text, ''), 'UTF8')), 'hex'),
	    p_address)
	returning * into c;
	return consent_json(c, true);
end
$$;

-- The person.

create or replace function profile_json(c customer) returns json
language sql stable as $$
	select json_build_object('id', c.id, 'number', c.number,
	    'email', shown_email(c.email),
	    'email_verified', c.email_verified_at is not null,
	    'username', c.username, 'given_name', c.given_name,
	    'family_name', c.family_name, 'phone', c.phone,
	    'date_of_birth', c.date_of_birth, 'gender', c.gender,
	    'employment', c.employment, 'occupation', c.occupation,
	    'education', c.education, 'household_size', c.household_size,
	    'children', c.children, 'income_band', c.income_band,
	    'dietary', c.dietary, 'language', c.language,
	    'created_at', wire_time(c.created_at),
	    'updated_at', wire_time(c.updated_at), 'version', c.version)
$$;

-- The person as the input says it: what it doesn't name stays as in `base`.
create or replace function put_profile(base customer, p_input jsonb,
    p_version integer) returns customer
language plpgsql as $$
declare
	c customer;
	n customer := jsonb_populate_record(base, p_input);
begin
	select * into c from customer where id = current_customer()
	    for no key update;
	perform version_meant(c.version, p_version);
	if n.date_of_birth > current_date then
		perform raise_fault('Nobody is born tomorrow',
		    'date_of_birth', 'too_large');
	end if;
	update customer set given_name = n.given_name,
	    family_name = n.family_name, phone = n.phone,
	    date_of_birth = n.date_of_birth, gender = n.gender,
	    employment = n.employment, occupation = n.occupation,
	    education = n.education, household_size = n.household_size,
	    children = n.children, income_band = n.income_band,
	    dietary = coalesce(n.dietary, '{}'),
	    language = coalesce(n.language, 'en'),
	    version = version + 1, updated_at = now()
	where id = c.id
	returning * into c;
	return c;
end
$$;

create or replace function replace_profile(p_input jsonb, p_version integer)
returns customer language sql as $$
	select put_profile(null, p_input, p_version)
$$;

create or replace function change_profile(p_input jsonb, p_version integer)
returns customer language plpgsql as $$
declare
	c customer;
begin
	select * into c from customer where id = current_customer()
	    for no key update;
	return put_profile(c, p_input, p_version);
end
$$;

-- Addresses.

create or replace function address_json(a customer_address) returns json
language sql stable as $$
	select json_build_object('id', a.id, 'label', a.label,
	    'name', a.name, 'company', a.company, 'line1', a.line1,
	    'line2', a.line2, 'city', a.city, 'region', a.region,
	    'postcode', a.postcode, 'country', a.country, 'phone', a.phone,
	    'is_default_shipping', a.is_default_shipping,
	    'is_default_billing', a.is_default_billing,
	    'created_at', wire_time(a.created_at),
	    'updated_at', wire_time(a.updated_at), 'version', a.version)
$$;

-- One at a time for each customer: the account's row is the lock.
create or replace function lock_addresses() returns uuid
language plpgsql as $$
declare
	who uuid;
begin
	select id into who from customer where id = current_customer()
	    for no key update;
	return who;
end
$$;

-- Makes room for a new default.
create or replace function yield_defaults(who uuid, shipping boolean,
    billing boolean, except_id uuid) returns void
language sql as $$
	update customer_address
	set is_default_shipping = is_default_shipping
		and not coalesce(shipping, false),
	    is_default_billing = is_default_billing
		and not coalesce(billing, false),
	    version = version + 1, updated_at = now()
	where customer_id = who and id <> except_id
	and ((is_default_shipping and shipping)
	or (is_default_billing and billing))
$$;

-- Where there are addresses there is a default of each kind: the oldest,
-- `last` only if it is the only one.
create or replace function settle_defaults(who uuid, last uuid)
returns void language sql as $$
	with next as (
		select id from customer_address where customer_id = who
		order by (id = last) is true, created_at, id limit 1
	), missing as (
		select not exists (select from customer_address
		    where customer_id = who and is_default_shipping)
		    as shipping,
		    not exists (select from customer_address
		    where customer_id = who and is_default_billing)
		    as billing
	)
	update customer_address a
	set is_default_shipping = a.is_default_shipping or m.shipping,
	    is_default_billing = a.is_default_billing or m.billing,
	    version = a.version + 1, updated_at = now()
	from next n, missing m
	where a.id = n.id and (m.shipping or m.billing)
$$;

create or replace function add_address(p_input jsonb)
returns customer_address language plpgsql as $$
declare
	who uuid := lock_addresses();
	n customer_address := jsonb_populate_record(null::customer_address,
	    p_input);
begin
	if (select count(*) from customer_address
	    where customer_id = who) >= 50 then
		raise exception 'An address book holds 50 addresses'
		    using errcode = 'UK450';
	end if;
	n.id := gen_random_uuid();
	n.is_default_shipping := coalesce(n.is_default_shipping, false)
	    or not exists (select from customer_address
	    where customer_id = who);
	n.is_default_billing := coalesce(n.is_default_billing, false)
	    or not exists (select from customer_address
	    where customer_id = who);
	perform yield_defaults(who, n.is_default_shipping,
	    n.is_default_billing, n.id);
	insert into customer_address (id, customer_id, label, name, company,
	    line1, line2, city, region, postcode, country, phone,
	    is_default_shipping, is_default_billing)
	values (n.id, who, coalesce(n.label, ''), n.name, n.company, n.line1,
	    n.line2, n.city, n.region, n.postcode, n.country, n.phone,
	    n.is_default_shipping, n.is_default_billing)
	returning * into n;
	return n;
end
$$;

-- `whole`: what the input doesn't name is cleared, not kept.  Whether it is
-- a default stays unless it is said.
create or replace function put_address(p_id uuid, p_input jsonb,
    p_version integer, whole boolean) returns setof customer_address
language plpgsql as $$
declare
	who uuid := lock_addresses();
	a customer_address;
	n customer_address;
begin
	select * into a from customer_address
	where id = p_id and customer_id = who for update;
	if not found then
		return;
	end if;
	perform version_meant(a.version, p_version);
	n := jsonb_populate_record(case when not whole then a end, p_input);
	n.is_default_shipping := coalesce(n.is_default_shipping,
	    a.is_default_shipping);
	n.is_default_billing := coalesce(n.is_default_billing,
	    a.is_default_billing);
	perform yield_defaults(who, n.is_default_shipping,
	    n.is_default_billing, p_id);
	update customer_address set label = coalesce(n.label, ''),
	    name = n.name, company = n.company, line1 = n.line1,
	    line2 = n.line2, city = n.city, region = n.region,
	    postcode = n.postcode, country = n.country, phone = n.phone,
	    is_default_shipping = n.is_default_shipping,
	    is_default_billing = n.is_default_billing,
	    version = version + 1, updated_at = now()
	where id = p_id;
	perform settle_defaults(who, p_id);
	return query select * from customer_address where id = p_id;
end
$$;

create or replace function remove_address(p_id uuid) returns setof uuid
language plpgsql as $$
declare
	who uuid := lock_addresses();
begin
	delete from customer_address where id = p_id and customer_id = who;
	if found then
		perform settle_defaults(who, null);
		return next p_id;
	end if;
end
$$;

-- How many orders, how much, since when.  Spent is what was ordered and
-- neither cancelled nor failed nor paid back whole.
create or replace function dashboard_json(c customer) returns json
language plpgsql stable as $$
declare
	loyalty jsonb := dashboard_loyalty();
begin
	return json_build_object(
	    'customer', json_build_object('id', c.id,
		'email', shown_email(c.email),
		'email_verified', c.email_verified_at is not null,
		'username', c.username, 'given_name', c.given_name,
		'family_name', c.family_name),
	    'member_since', wire_time(c.created_at),
	    'member_for_days', greatest(0, current_date - c.created_at::date),
	    'points', loyalty -> 'points', 'tier', loyalty -> 'tier',
	    'orders', (select json_build_object('count', count(*),
		'open', count(*) filter (where o.state in ('pending',
		    'confirmed', 'processing', 'shipped')))
		from customer_order o where o.customer_id = c.id),
	    'spent', coalesce((select json_agg(money(s.amount, s.currency)
		order by s.currency)
		from (select o.currency::text, sum(o.total_amount)::bigint
		    as amount from customer_order o
		    where o.customer_id = c.id and o.state <> 'cancelled'
		    and o.payment_state not in ('failed', 'refunded')
		    group by o.currency) s), '[]'),
	    'last_orders', coalesce((select json_agg(json_build_object(
		'id', l.id, 'number', l.number, 'state', l.state,
		'payment_state', l.payment_state,
		'total', money(l.total_amount, l.currency),
		'placed_at', wire_time(l.placed_at))
		order by l.placed_at desc, l.id desc)
		from (select o.id, o.number, o.state,
		    o.payment_state, o.total_amount, o.currency, o.placed_at
		    from customer_order o
		    where o.customer_id = c.id
		    order by o.placed_at desc, o.id desc limit 5) l), '[]'));
end
$$;
