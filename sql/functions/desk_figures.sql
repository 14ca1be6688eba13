-- SPDX-License-Identifier: ISC
-- What customers are found, filtered and sorted by.  Triggers keep it with
-- what it is made of; recount_customers() makes it anew and must find no
-- difference.

set check_function_bodies = off;

-- What counts of an order.
create or replace function order_counts(o customer_order, currency text)
returns boolean language sql immutable parallel safe as $$
	select o.state <> 'cancelled' and o.payment_state <> 'failed'
	    and o.currency = $2
$$;

create or replace function consent_bit(purpose text, channel text)
returns integer language sql immutable parallel safe as $$
	select 1 << ((array_position(array['marketing', 'reminders',
	    'surveys'], purpose) - 1) * 3 + array_position(array['email',
	    'sms', 'push'], channel) - 1)
$$;

create or replace function customer_name_key(c customer) returns text
language sql stable as $$
	select btrim(plain(c.family_name) || ' ' || plain(c.given_name))
$$;

create or replace function customer_words_of(c customer) returns text
language sql stable as $$
	select ' ' || concat_ws(' ', nullif(plain(btrim(c.given_name)), ''),
	    nullif(plain(btrim(c.family_name)), ''),
	    lower(shown_email(c.email)), plain(c.username), c.phone,
	    '#' || c.number) || ' '
$$;

-- The words that a misspelt one may mean: names, and where mail goes.
create or replace function customer_vocabulary(c customer) returns text[]
language sql stable as $$
	select coalesce(array_agg(distinct w), '{}')
	from regexp_split_to_table(concat_ws(' ', plain(c.given_name),
	    plain(c.family_name), split_part(lower(shown_email(c.email)),
	    '@', 2)), '[^[:alnum:]]+') w where length(w) between 3 and 40
$$;

create or replace function customer_figured() returns trigger
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	insert into customer_figures as f (customer_id, number, name_key,
	    state, verified, tags, registered_at)
	values (new.id, new.number, customer_name_key(new), new.state,
	    new.email_verified_at is not null, new.tags, new.created_at)
	on conflict (customer_id) do update set name_key = excluded.name_key,
	    state = excluded.state, verified = excluded.verified,
	    tags = excluded.tags, registered_at = excluded.registered_at
	where (f.name_key, f.state, f.verified, f.tags, f.registered_at)
	    is distinct from (excluded.name_key, excluded.state,
	    excluded.verified, excluded.tags, excluded.registered_at);
	return null;
end
$$;

-- A word that nobody has any more tells of somebody who had it.
create or replace function customer_worded() returns trigger
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	insert into customer_words as w (customer_id, words)
	values (new.id, customer_words_of(new))
	on conflict (customer_id) do update set words = excluded.words;
	insert into customer_word (word)
	select w from unnest(customer_vocabulary(new)) w order by w
	on conflict do nothing;
	if tg_op = 'UPDATE' then
		delete from customer_word v
		where v.word in (select w from regexp_split_to_table(
		    customer_words_of(old), '[^[:alnum:]]+') w
		    where w <> all (customer_vocabulary(new)))
		and not exists (select from customer_words k
		    where k.words like '%' || v.word || '%');
	end if;
	perform find_doubles(new.id);
	return null;
end
$$;

create or replace trigger figured after insert or update on customer
    for each row execute function customer_figured();
create or replace trigger worded after insert on customer
    for each row execute function customer_worded();
create or replace trigger reworded after update on customer
    for each row when ((old.given_name, old.family_name, old.email,
	old.username, old.phone) is distinct from (new.given_name,
	new.family_name, new.email, new.username, new.phone))
    execute function customer_worded();

-- Sums are moved by what changed, under the row's lock: two orders at once
-- both count.
create or replace function figures_move(p_customer uuid, p_orders integer,
    p_spent bigint, p_last timestamptz) returns void
language sql security definer set search_path = duka, pg_temp as $$
	update customer_figures set orders = orders + p_orders,
	    spent = spent + p_spent,
	    last_order_at = greatest(last_order_at, p_last)
	where customer_id = p_customer
$$;

create or replace function order_figured() returns trigger
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	code text := setting_of('shop.currency');
	was integer := 0;
	is_now integer := order_counts(new, code)::integer;
	spent bigint := is_now * (new.total_amount - new.refunded_amount);
begin
	if tg_op = 'UPDATE' then
		was := order_counts(old, code)::integer;
	end if;
	if tg_op = 'INSERT' then
		perform figures_move(new.customer_id, is_now, spent,
		    new.placed_at);
	elsif new.customer_id is distinct from old.customer_id then
		perform figures_move(old.customer_id, -was,
		    -was * (old.total_amount - old.refunded_amount),
		    '-infinity');
		perform figures_move(new.customer_id, is_now, spent,
		    new.placed_at);
	else
		perform figures_move(new.customer_id, is_now - was, spent -
		    was * (old.total_amount - old.refunded_amount),
		    '-infinity');
	end if;
	return null;
end
$$;

create or replace trigger figured after insert on customer_order
    for each row when (new.customer_id is not null)
    execute function order_figured();
create or replace trigger refigured after update on customer_order
    for each row when ((new.customer_id is not null
	or old.customer_id is not null) and (old.customer_id, old.state,
	old.payment_state, old.total_amount, old.refunded_amount)
	is distinct from (new.customer_id, new.state, new.payment_state,
	new.total_amount, new.refunded_amount))
    execute function order_figured();

create or replace function tier_figured() returns trigger
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	update customer_figures set tier = new.tier
	where customer_id = new.customer_id and tier <> new.tier;
	return null;
end
$$;
create or replace trigger figured after insert or update of tier
    on points_account for each row execute function tier_figured();

create or replace function country_figured() returns trigger
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	who uuid := coalesce(new.customer_id, old.customer_id);
begin
	update customer_figures f set country = a.country
	from (select (select a.country from customer_address a
	    where a.customer_id = who and a.is_default_shipping) as country) a
	where f.customer_id = who and f.country is distinct from a.country;
	return null;
end
$$;
create or replace trigger figured after insert or delete or update of
    country, is_default_shipping, customer_id on customer_address
    for each row execute function country_figured();

create or replace function place_doubled() returns trigger
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	perform find_doubles(new.customer_id);
	return null;
end
$$;
create or replace trigger doubled after insert or update of line1, postcode,
    country, customer_id on customer_address
    for each row execute function place_doubled();

create or replace function consent_figured() returns trigger
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	bit integer := consent_bit(new.purpose, new.channel);
begin
	update customer_figures set consents = case when new.given
	    then consents | bit else consents & ~bit end
	where customer_id = new.customer_id;
	return null;
end
$$;
create or replace trigger figured after insert on consent
    for each row execute function consent_figured();

-- What it should be, from what it is made of.
create or replace view customer_figures_true with (security_invoker) as
select c.id as customer_id, c.number, customer_name_key(c) as name_key,
    c.state, c.email_verified_at is not null as verified,
    coalesce(p.tier, 'bronze') as tier, a.country,
    coalesce(k.consents, 0) as consents, c.tags,
    coalesce(o.orders, 0) as orders, coalesce(o.spent, 0) as spent,
    coalesce(o.last_order_at, '-infinity') as last_order_at,
    c.created_at as registered_at
from customer c
left join points_account p on p.customer_id = c.id
left join customer_address a on a.customer_id = c.id and a.is_default_shipping
left join (select n.customer_id,
	bit_or(consent_bit(n.purpose, n.channel)) as consents
    from consent_now n where n.given group by n.customer_id) k
    on k.customer_id = c.id
left join (select q.customer_id,
	count(*) filter (where order_counts(q, s.code))::integer as orders,
	coalesce(sum(q.total_amount - q.refunded_amount)
	    filter (where order_counts(q, s.code)), 0)::bigint as spent,
	max(q.placed_at) as last_order_at
    from customer_order q cross join (select
	setting_of('shop.currency') as code offset 0) s where q.customer_id is not null
    group by q.customer_id) o on o.customer_id = c.id;

-- Makes it anew, all of it; answers how many rows were not right.
create or replace function recount_customers() returns integer
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	wrong integer;
begin
	lock table customer_figures, customer_words in share row exclusive mode;
	insert into customer_figures as f (customer_id, number, name_key,
	    state, verified, tier, country, consents, tags, orders, spent,
	    last_order_at, registered_at)
	select * from customer_figures_true
	on conflict (customer_id) do update set name_key = excluded.name_key,
	    state = excluded.state, verified = excluded.verified,
	    tier = excluded.tier, country = excluded.country,
	    consents = excluded.consents, tags = excluded.tags,
	    orders = excluded.orders, spent = excluded.spent,
	    last_order_at = excluded.last_order_at,
	    registered_at = excluded.registered_at
	where (f.*) is distinct from (excluded.*);
	get diagnostics wrong = row_count;
	insert into customer_words as w (customer_id, words)
	select c.id, customer_words_of(c) from customer c
	on conflict (customer_id) do update set words = excluded.words
	where w.words <> excluded.words;
	insert into customer_word (word)
	select distinct w from customer c, unnest(customer_vocabulary(c)) w
	on conflict do nothing;
	return wrong;
end
$$;

-- Spent is of one currency: another one, and all is counted again.
create or replace function currency_figured() returns trigger
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	perform recount_customers();
	return null;
end
$$;
create or replace trigger refigured after update on setting for each row
    when (new.key = 'shop.currency' and old.value <> new.value)
    execute function currency_figured();

-- Those who were there before these tables were.
do $$
begin
	if exists (select from customer_words where words = '') then
		perform recount_customers();
	end if;
end
$$;

-- Doubles.

-- Looks for those who may be the same as this customer, by index alone:
-- the same mailbox, the same phone, or a like name at the same address.
create or replace function doubles_of(p_customer uuid)
returns table (other uuid, reasons text[])
language sql stable security definer set search_path = duka, pg_temp as $$
	select d.id, array_agg(distinct d.reason)
	from (select * from (select o.id, 'email' as reason
		from customer c join customer o
		on mailbox_key(o.email) = mailbox_key(c.email)
		where c.id = p_customer and c.state <> 'erased'
		and not addressless(c.email) and o.id <> c.id
		and o.state <> 'erased' limit 20) e
	    union all select * from (select o.id, 'phone'
		from customer c join customer o on o.phone = c.phone
		where c.id = p_customer and c.state <> 'erased'
		and o.id <> c.id and o.state <> 'erased' limit 20) p
	    union all select * from (select o.id, 'address'
		from customer c
		join customer_address a on a.customer_id = c.id
		join customer_address b
		on normal_address(b.line1, b.postcode, b.country)
		    = normal_address(a.line1, a.postcode, a.country)
		join customer o on o.id = b.customer_id
		where c.id = p_customer and c.state <> 'erased'
		and o.id <> c.id and o.state <> 'erased'
		and similarity(plain(o.given_name || ' ' || o.family_name),
		    plain(c.given_name || ' ' || c.family_name)) >= 0.5
		limit 20) s) d
	group by d.id
$$;

create or replace function find_doubles(p_customer uuid) returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	delete from customer_double d
	where (d.a = p_customer or d.b = p_customer) and d.refused_at is null;
	insert into customer_double as d (a, b, reasons)
	select least(x.other, p_customer), greatest(x.other, p_customer),
	    x.reasons
	from doubles_of(p_customer) x order by 1, 2
	on conflict on constraint customer_double_pkey do update
	set reasons = excluded.reasons;
end
$$;
