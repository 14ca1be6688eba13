-- SPDX-License-Identifier: ISC
-- Settings: what each may be is in its row, and one function judges it,
-- whoever changes it.

-- Some of what is called here is defined below.
set check_function_bodies = off;

-- What is wrong with a value, to be said after "this"; null if nothing is.
create or replace function setting_fault(s setting, value text) returns text
language plpgsql stable as $$
begin
	if value = '' and s.optional then
		return null;
	end if;
	return case s.kind
	when 'switch' then case when value not in ('on', 'off')
	    then 'is "on" or "off"' end
	when 'choice' then case when value <> all (s.choices)
	    then 'is one of ' || array_to_string(s.choices, ', ') end
	when 'limit' then case when value <> 'off'
	    and value !~ '^0*[1-9][0-9]{0,8}/(second|minute|hour|day)$'
	    then 'is "off", or such as "100/hour"' end
	when 'email' then case when value
	    !~ '^[^@\s<>]{1,64}@[^@\s<>]{1,190}$' then 'is a mail address' end
	when 'phone' then case when value !~ '^\+[1-9][0-9]{5,14}$'
	    then 'is such as +35312345678' end
	when 'uri' then case when value
	    !~ '^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?$'
	    then 'is such as https://shop.example' end
	when 'country' then case when value !~ '^[A-Z]{2}$'
	    then 'is two capital letters (ISO 3166)' end
	when 'currency' then case when value !~ '^[A-Z]{3}$'
	    then 'is three capital letters (ISO 4217)' end
	when 'iban' then case when not iban_valid(value)
	    then 'is no IBAN: its check digits are wrong' end
	when 'bic' then case when value
	    !~ '^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$' then 'is no BIC' end
	when 'hours' then case when not week_readable(value)
	    then 'is opening hours as JSON by weekday' end
	when 'time_zone' then case when not exists (
	    select from pg_timezone_names z where z.name = value)
	    then 'is such as Europe/Dublin' end
	when 'picture' then case when not exists (
	    select from picture p where p.id::text = value
	    and p.staff_id is not null) then 'is a picture that staff sent'
	    end
	when 'integer' then setting_number_fault(s, value)
	when 'money' then setting_number_fault(s, value)
	else setting_words_fault(s, value) end;
end
$$;

create or replace function setting_number_fault(s setting, value text)
returns text language sql immutable as $$
	select case when value !~ '^[0-9]{1,15}$' then 'is a whole number'
	    when value::bigint < s.lowest then 'is ' || s.lowest || ' at least'
	    when value::bigint > s.highest then 'is ' || s.highest || ' at most' end
$$;

create or replace function setting_words_fault(s setting, value text)
returns text language sql immutable as $$
	select case when not s.optional and btrim(value) = ''
	    then 'is not empty'
	    when s.kind = 'text' and not one_line(value)
	    then 'is one line'
	    when not many_lines(value) then 'has no control characters'
	    when length(value) > coalesce(s.highest, 4000)
	    then 'has ' || coalesce(s.highest, 4000) || ' characters at most' end
$$;

create or replace function iban_valid(value text) returns boolean
language plpgsql immutable as $$
declare
	turned text := substr(value, 5) || left(value, 4);
	digits text;
begin
	if value !~ '^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$' then
		return false;
	end if;
	select string_agg(case when c between '0' and '9' then c
	    else (ascii(c) - 55)::text end, '' order by n) into digits
	from string_to_table(turned, null) with ordinality t (c, n);
	return digits::numeric % 97 = 1;
end
$$;

create or replace function week_readable(value text) returns boolean
language plpgsql immutable as $$
begin
	return week_valid(value::jsonb);
exception when invalid_text_representation then
	return false;
end
$$;

-- Nobody gets by it: the API, duka-admin and hands at psql.
create or replace function check_setting() returns trigger
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	fault text;
begin
	if tg_op = 'INSERT' then
		select coalesce(new.kind, g.kind),
		    coalesce(new.group_name, g.group_name),
		    coalesce(new.lowest, case when new.kind is null
			then g.lowest end),
		    coalesce(new.highest, case when new.kind is null
			then g.highest end), coalesce(new.standard, new.value)
		into new.kind, new.group_name, new.lowest, new.highest,
		    new.standard
		from setting_guess(new.key, new.value) g;
	elsif new.value = old.value then
		return new;
	elsif new.key = 'shop.currency'
	    and exists (select from customer_order) then
		raise exception 'There are orders in % already', old.value
		    using errcode = 'UK409';
	end if;
	fault := setting_fault(new, new.value);
	if fault is not null then
		perform raise_fault(new.key || ' ' || fault, 'value');
	end if;
	if tg_op = 'UPDATE' then
		new.version := old.version + 1;
		new.changed_at := now();
		new.changed_by := current_staff();
	end if;
	return new;
end
$$;

create or replace trigger checked before insert or update on setting
    for each row execute function check_setting();

-- Whoever keeps a copy sees that it is old; and the picture that is named
-- stays.
create or replace function setting_changed() returns trigger
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	update setting_state set version = version + 1;
	delete from setting_picture p using setting s
	where s.key = p.key and s.value is distinct from p.picture_id::text;
	insert into setting_picture (key, picture_id)
	select key, value::uuid from setting
	where kind = 'picture' and value <> ''
	on conflict do nothing;
	return null;
end
$$;

create or replace trigger changed after insert or update or delete
    on setting for each statement execute function setting_changed();

-- All settings, and their version, if they are newer than `known`.
create or replace function settings_after(known bigint)
returns table (version bigint, settings json)
language sql stable security definer set search_path = duka, pg_temp as $$
	select v.version, case when v.version is distinct from known
	    then settings() end
	from setting_state v
$$;

-- As staff see them.

create or replace function setting_json(s setting) returns json
language sql stable security definer set search_path = duka, pg_temp as $$
	select json_build_object('key', s.key, 'group', s.group_name,
	    'kind', s.kind, 'about', s.about, 'value', s.value,
	    'standard', s.standard, 'least', s.lowest, 'most', s.highest,
	    'choices', coalesce(s.choices, '{}'), 'optional', s.optional,
	    'fixed', s.key = 'shop.currency'
		and exists (select from customer_order),
	    'version', s.version, 'changed_at', wire_time(s.changed_at),
	    'changed_by', (select t.name from staff t
		where t.id = s.changed_by),
	    'picture', case when s.kind = 'picture' and s.value <> ''
		then picture_json(s.value::uuid) end)
$$;

-- Nothing said is not null said.
create or replace function check_said(said boolean, field text) returns void
language plpgsql immutable as $$
begin
	if not said then
		perform raise_fault('is required', field, 'required');
	end if;
end
$$;

-- One, as far as it is the version meant; null puts the standard back.
-- Answers the row.
create or replace function setting_put(p_key text, p_value text,
    p_version integer, p_field text) returns setting
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	s setting;
	fault text;
begin
	perform demand('settings.write');
	select * into s from setting where key = p_key for update;
	if not found then
		raise exception 'There is no setting %', p_key
		    using errcode = 'UK410';
	end if;
	if s.version <> p_version then
		raise exception 'It changed meanwhile: % is version % now',
		    s.key, s.version using errcode = 'UK412',
		    hint = jsonb_build_object('key', s.key, 'value', s.value,
		    'version', s.version)::text;
	end if;
	fault := setting_fault(s, coalesce(p_value, s.standard));
	if fault is not null then
		perform raise_fault(fault, p_field);
	end if;
	update setting set value = coalesce(p_value, s.standard)
	where key = s.key returning * into s;
	return s;
end
$$;

-- Several at once, or none.
create or replace function settings_put(p_settings jsonb) returns json
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	one jsonb;
	n bigint;
	changed json[] := '{}';
begin
	if (select count(distinct i ->> 'key') <> count(*)
	    from jsonb_array_elements(p_settings) i) then
		perform raise_fault('names each setting once', 'settings',
		    'duplicate');
	end if;
	-- In one order, whoever comes: two at once don't wait for each other.
	perform from setting where key in (select i ->> 'key'
	    from jsonb_array_elements(p_settings) i) order by key for update;
	for one, n in select i, o - 1 from jsonb_array_elements(p_settings)
	    with ordinality s (i, o) loop
		perform check_said(one ? 'value', 'settings[' || n
		    || '].value');
		changed := changed || setting_json(setting_put(one ->> 'key',
		    one ->> 'value', (one ->> 'version')::integer,
		    'settings[' || n || '].value'));
	end loop;
	return json_build_object('items', array_to_json(changed), 'next', null);
end
$$;

-- Opening hours.

-- The times of a day, by its date or its weekday.
create or replace function hours_of(day date) returns jsonb
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	found_hours jsonb;
begin
	select e.hours into found_hours from opening_exception e
	where e.day = hours_of.day;
	return coalesce(found_hours, setting_of('shop.opening_hours')::jsonb
	    -> (array['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])
	    [extract(isodow from day)::integer], '[]');
end
$$;

create or replace function shop_open(at timestamptz default now())
returns boolean
language sql stable security definer set search_path = duka, pg_temp as $$
	select exists (select from jsonb_array_elements(hours_of(l.at::date)) h
	    where l.at::time >= (h ->> 0)::time
	    and l.at::time < (h ->> 1)::time)
	from (select at at time zone setting_of('shop.time_zone')) l (at)
$$;

-- When that changes next, within a month; null if it doesn't.
create or replace function shop_turns(at timestamptz default now())
returns timestamptz
language sql stable security definer set search_path = duka, pg_temp as $$
	select min(t.moment) from (select setting_of('shop.time_zone')) z (name),
	generate_series(0, 31) n,
	lateral (select (at at time zone z.name)::date + n) d (day),
	jsonb_array_elements(hours_of(d.day)) h,
	lateral (values ((d.day + (h ->> 0)::interval) at time zone z.name),
	    ((d.day + (h ->> 1)::interval) at time zone z.name)) t (moment)
	-- Where one span ends as the next begins nothing changes.
	where t.moment > at and shop_open(t.moment) <> shop_open(at)
$$;

-- Times as the API says them, [{from, to}], and as they are kept.
create or replace function spans_json(hours jsonb) returns jsonb
language sql immutable as $$
	select coalesce(jsonb_agg(jsonb_build_object('from', h ->> 0,
	    'to', h ->> 1) order by h ->> 0), '[]')
	from jsonb_array_elements(hours) h
$$;

create or replace function spans_kept(spans jsonb) returns jsonb
language sql immutable as $$
	select coalesce(jsonb_agg(jsonb_build_array(s ->> 'from', s ->> 'to')
	    order by s ->> 'from', s ->> 'to'), '[]')
	from jsonb_array_elements(spans) s
$$;

create or replace function exceptions_json(since date) returns json
language sql stable security definer set search_path = duka, pg_temp as $$
	select coalesce(json_agg(json_build_object('day', e.day,
	    'hours', spans_json(e.hours), 'note', e.note) order by e.day),
	    '[]')
	from opening_exception e where e.day >= since
$$;

create or replace function hours_json() returns json
language sql stable security definer set search_path = duka, pg_temp as $$
	select json_build_object('week', week_json(s.value::jsonb),
	    'exceptions', exceptions_json((now() at time zone
		setting_of('shop.time_zone'))::date - 31),
	    'time_zone', setting_of('shop.time_zone'),
	    'open', shop_open(), 'turns_at', wire_time(shop_turns()),
	    'version', s.version)
	from setting s where s.key = 'shop.opening_hours'
$$;

create or replace function week_json(week jsonb) returns json
language sql immutable as $$
	select json_object_agg(d, spans_json(coalesce(week -> d, '[]'))
	    order by n)
	from unnest(array['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])
	    with ordinality w (d, n)
$$;

-- The week, and the exceptions from a month ago on, as they are said.
create or replace function hours_put(p_version integer, p_week jsonb,
    p_exceptions jsonb) returns json
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	s setting;
	since date := (now() at time zone setting_of('shop.time_zone'))::date
	    - 31;
	week jsonb := (select jsonb_object_agg(d.key, spans_kept(d.value))
	    from jsonb_each(p_week) d where d.value <> '[]');
	weekday text;
	e jsonb;
	n bigint;
begin
	perform demand('settings.write');
	select * into s from setting where key = 'shop.opening_hours'
	for update;
	perform check_version(s.version, p_version);
	select d.key into weekday from jsonb_each(p_week) d
	where not hours_valid(spans_kept(d.value)) limit 1;
	if found then
		perform raise_fault('are times such as 09:00, one after the '
		    'other', 'week.' || weekday, 'format');
	end if;
	for e, n in select i, o - 1 from jsonb_array_elements(p_exceptions)
	    with ordinality x (i, o) loop
		if not hours_valid(spans_kept(e -> 'hours')) then
			perform raise_fault('are times such as 09:00, one '
			    'after the other', 'exceptions[' || n
			    || '].hours', 'format');
		end if;
		if (e ->> 'day')::date < since then
			perform raise_fault('is long ago', 'exceptions[' || n
			    || '].day');
		end if;
	end loop;
	if (select count(distinct i ->> 'day') <> count(*)
	    from jsonb_array_elements(p_exceptions) i) then
		perform raise_fault('name each day once', 'exceptions',
		    'duplicate');
	end if;
	delete from opening_exception x where x.day >= since
	and not exists (select from jsonb_array_elements(p_exceptions) i
	    where (i ->> 'day')::date = x.day);
	insert into opening_exception as x (day, hours, note)
	select (i ->> 'day')::date, spans_kept(i -> 'hours'), coalesce(i ->> 'note', '')
	from jsonb_array_elements(p_exceptions) i
	on conflict (day) do update
	set hours = excluded.hours, note = excluded.note
	where (x.hours, x.note) is distinct from
	    (excluded.hours, excluded.note);
	-- Whatever part of it changed: another version.
	update setting set value = coalesce(week, '{}')::text,
	    version = version + 1
	where key = 'shop.opening_hours';
	return hours_json();
end
$$;

-- What anyone may know of the shop.
create or replace function shop_json() returns json
language sql stable security definer set search_path = duka, pg_temp as $$
	select json_build_object('name', k.s ->> 'shop.name',
	    'email', k.s ->> 'shop.email', 'phone', k.s ->> 'shop.phone',
	    'address', k.s ->> 'shop.address',
	    'country', k.s ->> 'shop.country',
	    'currency', k.s ->> 'shop.currency',
	    'language', k.s ->> 'shop.language',
	    'vat_number', k.s ->> 'shop.vat_number',
	    'registration_number', k.s ->> 'shop.registration_number',
	    'logo', (select picture_json(p.picture_id)
		from setting_picture p where p.key = 'shop.logo'),
	    'time_zone', k.s ->> 'shop.time_zone',
	    'week', week_json((k.s ->> 'shop.opening_hours')::jsonb),
	    'exceptions', (select coalesce(json_agg(json_build_object(
		'day', e.day, 'hours', spans_json(e.hours),
		'note', e.note) order by e.day), '[]') from opening_exception e
		where e.day between t.today and t.today + 60),
	    'open', shop_open(), 'turns_at', wire_time(shop_turns()),
	    'pickup', (select coalesce(json_agg(json_build_object(
		'code', m.code, 'name', m.name, 'about', m.about)
		order by m.position, m.code), '[]')
		from shipping_method m
		where m.active and not m.needs_address))
	from (select settings()) k (s),
	lateral (select (now() at time zone
	    (k.s ->> 'shop.time_zone'))::date) t (today)
$$;

select audited('opening_exception');
