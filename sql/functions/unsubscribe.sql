-- SPDX-License-Identifier: ISC
-- The way out of mail that was agreed to (RFC 8058): a link with a key that
-- needs no signing in.

-- The key of a customer's mails for a purpose, made when the first is sent.
create or replace function unsubscribe_key_of(p_customer uuid,
    p_purpose text) returns text
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	found_key text;
begin
	select k.key into found_key from unsubscribe_key k
	where k.customer_id = p_customer and k.purpose = p_purpose;
	if found then
		return found_key;
	end if;
	insert into unsubscribe_key (customer_id, purpose, key)
	values (p_customer, p_purpose, rtrim(translate(encode(decode(replace(
	    gen_random_uuid()::text || gen_random_uuid()::text, '-', ''),
	    'hex'), 'base64'), '+/', '-_'), '='))
	on conflict (customer_id, purpose) do nothing;
	return (select k.key from unsubscribe_key k
	    where k.customer_id = p_customer and k.purpose = p_purpose);
end
$$;

create or replace function unsubscribe_owner(p_key text)
returns unsubscribe_key
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	k unsubscribe_key;
begin
	select * into k from unsubscribe_key u where u.key = p_key;
	if not found then
		raise exception 'That link is none of ours'
		    using errcode = 'UK432';
	end if;
	-- Of an account that became another one: the other's.
	k.customer_id := coalesce((select m.into_id from customer_merge m
	    where m.id = k.customer_id), k.customer_id);
	return k;
end
$$;

-- What a link would end, and whether there is anything to end; nothing of
-- whose it is.
create or replace function unsubscribe_about(p_key text) returns json
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	k unsubscribe_key := unsubscribe_owner(p_key);
begin
	return json_build_object('purpose', k.purpose,
	    'subscribed', consented(k.customer_id, k.purpose, 'email'));
end
$$;

-- Ends it: a "no" in the ledger, with where it came from; once.
create or replace function unsubscribe(p_key text, p_address inet)
returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	k unsubscribe_key := unsubscribe_owner(p_key);
begin
	perform from customer c where c.id = k.customer_id for no key update;
	insert into consent (customer_id, purpose, channel, given, source,
	    address)
	select k.customer_id, k.purpose, 'email', false, 'unsubscribe',
	    p_address
	where exists (select from consent_now n
	    where n.customer_id = k.customer_id and n.purpose = k.purpose
	    and n.channel = 'email' and n.given);
end
$$;
