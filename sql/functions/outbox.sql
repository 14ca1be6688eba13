-- SPDX-License-Identifier: ISC
-- The outbox as staff see it, and what they may do with it.

-- A text without what opens something: the rest of a link that has a key in
-- it.
create or replace function without_key(words text) returns text
language sql immutable as $$
	select regexp_replace(words,
	    '([#?&](token|key|code|secret|signature)=)[^&#\s]*', '\1…', 'gi')
$$;

-- A mail's data without secrets: keys, tokens and the links that hold them.
create or replace function outbox_shown(data jsonb) returns jsonb
language plpgsql immutable as $$
begin
	return case jsonb_typeof(data)
	when 'object' then (select coalesce(jsonb_object_agg(e.key, case
	    when jsonb_typeof(e.value) = 'string' and e.key ~
		'(^|_)(token|key|secret|password|code|codes|pin)$'
		then '"…"' when jsonb_typeof(e.value) = 'string'
		and e.key ~ '(^|_)(link|url|unsubscribe)$' then to_jsonb(
		regexp_replace(e.value #>> '{}', '[#?].*$', '#…'))
	    else outbox_shown(e.value) end), '{}')
	    from jsonb_each(data) e)
	when 'array' then (select coalesce(jsonb_agg(outbox_shown(i)
	    order by n), '[]')
	    from jsonb_array_elements(data) with ordinality a (i, n))
	when 'string' then to_jsonb(without_key(data #>> '{}'))
	else data end;
end
$$;

create or replace function outbox_state(o outbox) returns text
language sql stable as $$
	select case when o.state = 'waiting' and o.claimed_until > now()
	    then 'sending' else o.state end
$$;

create or replace function outbox_json(o outbox) returns json
language sql stable security definer set search_path = duka, pg_temp as $$
	select json_build_object('id', o.id, 'template', o.template,
	    'recipient', o.recipient, 'customer_id', o.customer_id,
	    'state', outbox_state(o), 'tries', o.tries, 'again', o.again,
	    'due_at', case when o.state = 'waiting'
		then wire_time(o.due_at) end,
	    'last_error', o.last_error, 'created_at', wire_time(o.created_at),
	    'sent_at', wire_time(o.sent_at),
	    'moved_at', wire_time(o.moved_at), 'moved_by', (select t.name
		from staff t where t.id = o.moved_by),
	    'attachment', o.attachment_name)
$$;

-- What one says, for the renderer; null data: it has been sent, and is
-- forgotten.
create or replace function outbox_words(p_id uuid, p_origin text)
returns table (body json, template text, data text, words text)
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	o outbox;
begin
	perform demand('outbox.read');
	select * into o from outbox x where x.id = p_id;
	if not found then
		return;
	end if;
	return query select outbox_json(o), o.template,
	    case when o.state <> 'sent' and o.data <> '{}' then
	    (jsonb_build_object('shop', setting_of('shop.name'), 'origin',
	    coalesce(nullif(setting_of('shop.origin'), ''), p_origin, ''))
	    || outbox_shown(o.data))::text end,
	    mail_words(o.template, o.customer_id, o.words)::text;
end
$$;

-- Sends again what was parked or cancelled.  What waits or is on its way is
-- left as it is: asked twice is once.  What was sent is forgotten.
create or replace function outbox_again(p_ids jsonb, p_template text)
returns json
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	moved bigint;
begin
	perform demand('outbox.write');
	if p_template is not null then
		perform raise_fault('goes without ids', 'template');
	end if;
	update outbox o set state = 'waiting', tries = 0, due_at = now(),
	    claimed_until = null, again = o.again + 1, moved_at = now(),
	    moved_by = current_staff()
	where o.id in (select i::uuid from jsonb_array_elements_text(p_ids) i)
	and o.state in ('dead', 'cancelled') and o.data <> '{}';
	get diagnostics moved = row_count;
	return outbox_moved(p_ids, moved);
end
$$;

-- What waits is not sent, unless it is on its way already.
create or replace function outbox_cancel(p_ids jsonb) returns json
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	moved bigint;
begin
	perform demand('outbox.write');
	update outbox o set state = 'cancelled', claimed_until = null,
	    moved_at = now(), moved_by = current_staff()
	where o.id in (select i::uuid from jsonb_array_elements_text(p_ids) i)
	and o.state in ('waiting', 'dead')
	and coalesce(o.claimed_until, '-infinity') <= now();
	get diagnostics moved = row_count;
	return outbox_moved(p_ids, moved);
end
$$;

create or replace function outbox_moved(p_ids jsonb, p_moved bigint)
returns json
language sql stable security definer set search_path = duka, pg_temp as $$
	select json_build_object('moved', p_moved, 'items', coalesce(json_agg(
	    outbox_json(o) order by o.created_at desc, o.id desc), '[]'))
	from outbox o
	where o.id in (select i::uuid from jsonb_array_elements_text(p_ids) i)
$$;

-- All that is parked, of a template or of all.
create or replace function outbox_again_all(p_template text) returns json
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	moved bigint;
begin
	perform demand('outbox.write');
	update outbox o set state = 'waiting', tries = 0, due_at = now(),
	    claimed_until = null, again = o.again + 1, moved_at = now(),
	    moved_by = current_staff()
	where o.state = 'dead' and o.data <> '{}'
	and (p_template is null or o.template = p_template);
	get diagnostics moved = row_count;
	return json_build_object('moved', moved, 'items', '[]'::json);
end
$$;

-- How it stands.  Late is what should have gone a quarter of an hour ago.
create or replace function outbox_figures() returns json
language plpgsql stable security definer set search_path = duka, pg_temp as $$
begin
	perform demand('outbox.read');
	return (select json_build_object('waiting', w.count, 'late', w.late,
	    'dead', (select count(*) from outbox where state = 'dead'),
	    'oldest_waiting_at', wire_time(w.oldest),
	    'sent_today', (select count(*) from outbox
		where state = 'sent' and sent_at >= date_trunc('day', now()
		at time zone setting_of('shop.time_zone'))
		at time zone setting_of('shop.time_zone')))
	from (select count(*) as count, min(created_at) as oldest,
	    count(*) filter (where created_at < now() - interval '15 minutes')
		as late
	    from outbox where state = 'waiting') w);
end
$$;

-- What staff did with a mail, without what it says.
create or replace function audit_outbox() returns trigger
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	insert into audit_log (staff_id, request_id, address, table_name,
	    row_key, action, before, after)
	values (new.moved_by, current_setting('duka.request', true),
	    current_setting('duka.address', true), 'outbox', new.id::text,
	    'UPDATE', jsonb_build_object('state', old.state, 'template',
	    old.template, 'again', old.again), jsonb_build_object('state',
	    new.state, 'template', new.template, 'again', new.again));
	return null;
end
$$;

create or replace trigger audit after update of moved_at on outbox
    for each row when (new.moved_at is distinct from old.moved_at
	and new.moved_by is not null) execute function audit_outbox();
