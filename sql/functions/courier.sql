-- SPDX-License-Identifier: ISC
-- The outbox, as the courier may touch it: by these functions alone.

create or replace function courier_number(name text, fallback integer)
returns integer language sql stable as $$
	select case when setting_of(name) ~ '^[1-9][0-9]{0,5}$'
	    then setting_of(name)::integer else fallback end
$$;

-- Before the next try: 30 s, 1 min, 2 min ... 6 h, a quarter more or less, so
-- that what failed together doesn't come back together.
create or replace function courier_pause(tries integer) returns interval
language sql volatile as $$
	select least(courier_number('courier.pause', 30)
	    * power(2, least(greatest(tries - 1, 0), 30)), 21600)
	    * (0.75 + random() / 2) * interval '1 second'
$$;

-- For a mail that needs consent: where whoever gets it can end that.
create or replace function way_out(o outbox, home text) returns jsonb
language sql as $$
	select case when o.purpose is null or home = '' then '{}' else
	    jsonb_build_object('unsubscribe', home || '/unsubscribe?token=' ||
	    unsubscribe_key_of(o.customer_id, o.purpose)) end
$$;

-- Claims the mail that is due first, for so many seconds: if whoever claimed
-- it dies, it is due again then.  A try counts when it begins, so that a mail
-- that kills its courier is parked in the end too, and so is what goes to an
-- account without an address, and what its customer agrees to no more: a mail
-- with a purpose is sent by the consent of now, not of when it was written.
-- With it comes what each mail may say: the shop's name and its address in the
-- web; and what it is written from, the best first (mail_words).
drop function if exists claim_mail(text, integer);
create or replace function claim_mail(p_origin text, p_seconds integer)
returns table (id uuid, template text, recipient text, data text,
    tries integer, attachment_name text, attachment_type text,
    attachment text, sender text, shop text, words text)
language plpgsql security definer set search_path = duka, pg_temp as $$
#variable_conflict use_column
declare
	most integer := courier_number('courier.tries', 12);
	o outbox;
	against text;
	home text;
begin
	loop
		select * into o from outbox w
		where w.state = 'waiting' and w.due_at <= now()
		    and coalesce(w.claimed_until, '-infinity') <= now()
		order by w.due_at, w.id limit 1
		for update skip locked;
		exit when not found;
		against := case when addressless(o.recipient)
		    then 'the account has no address'
		    when o.purpose is not null and not
			consented(o.customer_id, o.purpose, 'email')
		    then 'the customer does not agree to it any more'
		    when o.tries >= most
		    then coalesce(o.last_error, 'the courier ended over it')
		    end;
		exit when against is null;
		update outbox set state = 'dead', claimed_until = null,
		    last_error = against
		where outbox.id = o.id;
	end loop;
	home := coalesce(nullif(setting_of('shop.origin'), ''), p_origin, '');
	return query
	update outbox set tries = outbox.tries + 1,
	    claimed_until = now() + make_interval(secs => p_seconds)
	where outbox.id = o.id
	returning o.id, o.template, o.recipient,
	    (jsonb_build_object('shop', setting_of('shop.name'),
	    'origin', home) || (o.data - 'unsubscribe')
	    || way_out(o, home))::text,
	    outbox.tries, o.attachment_name, o.attachment_type, o.attachment,
	    setting_of('shop.email'), setting_of('shop.name'),
	    mail_words(outbox.template, outbox.customer_id,
	    outbox.words)::text;
end
$$;

-- It is with the relay.  What it said (links with tokens among it) has done
-- its work and goes.
create or replace function mail_sent(p_id uuid) returns void
language sql security definer set search_path = duka, pg_temp as $$
	update outbox set state = 'sent', sent_at = now(), data = '{}',
	    attachment_name = null, attachment_type = null,
	    attachment = null, claimed_until = null, last_error = null
	where id = p_id and state <> 'sent'
$$;

-- It is not; the state it has now.  `p_tries` says which try is meant: if the
-- claim ran out, another's counts.
create or replace function mail_failed(p_id uuid, p_tries integer,
    p_error text, p_for_good boolean) returns text
language sql security definer set search_path = duka, pg_temp as $$
	update outbox set last_error = left(p_error, 500),
	    claimed_until = null,
	    state = case when p_for_good
		or tries >= courier_number('courier.tries', 12)
		then 'dead' else 'waiting' end,
	    due_at = now() + courier_pause(tries)
	where id = p_id and state = 'waiting' and tries = p_tries
	returning state
$$;

-- Milliseconds until something is due; null if nothing waits.
create or replace function mail_due_in() returns bigint
language sql stable security definer set search_path = duka, pg_temp as $$
	select greatest(0, ceil(extract(epoch from min(greatest(due_at,
	    coalesce(claimed_until, due_at))) - now()) * 1000))::bigint
	from outbox where state = 'waiting'
	-- greatest() passes over a null: without this, nothing would be due
	-- at once, for ever.
	having count(*) > 0
$$;

-- What isn't sent: waiting first, as it is due, then parked, newest first.
create or replace function mail_queue(p_most integer)
returns table (id uuid, state text, template text, recipient text,
    tries integer, due_at text, last_error text)
language sql stable security definer set search_path = duka, pg_temp as $$
	select o.id, case when o.claimed_until > now() then 'claimed'
		else o.state end,
	    o.template, o.recipient, o.tries, wire_time(o.due_at),
	    o.last_error
	from outbox o where o.state in ('waiting', 'dead')
	order by o.state desc, case when o.state = 'waiting'
	    then o.due_at end, o.created_at desc, o.id
	limit p_most
$$;

create or replace function mail_counts(out waiting bigint, out dead bigint)
language sql stable security definer set search_path = duka, pg_temp as $$
	select count(*) filter (where state = 'waiting'),
	    count(*) filter (where state = 'dead')
	from outbox where state in ('waiting', 'dead')
$$;

-- Makes one (or, without an id, every parked one) due now, its tries
-- forgotten; how many.  What is being sent is left alone.
create or replace function retry_mail(p_id uuid) returns bigint
language sql security definer set search_path = duka, pg_temp as $$
	with again as (
		update outbox set state = 'waiting', tries = 0,
		    due_at = now(), claimed_until = null
		where coalesce(claimed_until, '-infinity') <= now()
		    and case when p_id is null then state = 'dead'
		    else id = p_id and state in ('waiting', 'dead') end
		returning 1)
	select count(*) from again
$$;
