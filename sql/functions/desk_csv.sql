-- SPDX-License-Identifier: ISC
-- Customers out as CSV, and in again.  What is exported and imported again
-- is as it was; figures in the file are for reading alone.

set check_function_bodies = off;

create or replace function desk_export_begin(w jsonb) returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	perform demand('customers.export');
	perform set_config('duka.desk_filter', customer_wanted(w)::text, true),
	    set_config('statement_timeout', '120s', true);
	insert into audit_log (staff_id, request_id, address, table_name,
	    row_key, action, after)
	values (current_staff(), current_setting('duka.request', true),
	    current_setting('duka.address', true), 'customer_export', '',
	    'INSERT', w);
end
$$;

-- A customer's cells that an import may change, unguarded.
create or replace function customer_cells(c customer) returns jsonb
language sql stable as $$
	select jsonb_build_object('number', c.number::text,
	    'email', coalesce(shown_email(c.email), ''),
	    'username', coalesce(c.username, ''),
	    'given_name', c.given_name, 'family_name', c.family_name,
	    'phone', coalesce(c.phone, ''),
	    'date_of_birth', coalesce(c.date_of_birth::text, ''),
	    'gender', coalesce(c.gender, ''), 'language', c.language,
	    'state', c.state, 'email_verified',
	    case when c.email_verified_at is null then 'no' else 'yes' end,
	    'tags', array_to_string(c.tags, '; '))
$$;

create or replace function in_segment(p_customer uuid, p_segment uuid)
returns boolean
language plpgsql stable security definer set search_path = duka, pg_temp as $$
begin
	return exists (select from segment_member m
	    where m.customer_id = p_customer and m.segment_id = p_segment);
end
$$;

create or replace view customer_export with (security_invoker) as
select c.number::text as number, csv_cell(shown_email(c.email)) as email,
    csv_cell(c.username) as username, csv_cell(c.given_name) as given_name,
    csv_cell(c.family_name) as family_name, csv_cell(c.phone) as phone,
    c.date_of_birth::text as date_of_birth, c.gender, c.language, c.state,
    case when c.email_verified_at is null then 'no' else 'yes' end
	as email_verified,
    csv_cell(array_to_string(c.tags, '; ')) as tags, f.tier, f.country,
    f.orders::text as orders, round(f.spent / 10::numeric ^ s.digits,
	s.digits)::text as spent, s.code as currency,
    wire_time(nullif(f.last_order_at, '-infinity')) as last_order_at,
    array_to_string(consents_of(f.consents), '; ') as consents,
    wire_time(c.created_at) as registered_at, c.number as place
from (select w, w - array['sort'] = '{}' as everybody,
	w ?| array['p1', 'n1'] as searched, setting_of('shop.currency') as code,
	currency_digits(setting_of('shop.currency')) as digits
    from nullif(current_setting('duka.desk_filter', true), '') t,
	lateral (select t::jsonb as w) j offset 0) s
cross join customer c
join customer_figures f on f.customer_id = c.id
where (s.everybody and f.state <> 'erased' or not s.everybody
    and customer_fits(f, s.w))
and (not s.searched or exists (select from customer_words k
    where k.customer_id = c.id and words_fit(k.words, s.w)))
and (s.w ->> 'segment' is null
    or in_segment(c.id, (s.w ->> 'segment')::uuid));

-- COPY cannot write into tables with row security; it can into this.
create or replace view customer_import_csv with (security_invoker) as
select number, email, username, given_name, family_name, phone,
    date_of_birth, gender, language, state, email_verified, tags,
    null::text as tier, null::text as country, null::text as orders,
    null::text as spent, null::text as currency,
    null::text as last_order_at, null::text as consents,
    null::text as registered_at
from customer_import;

create or replace function customer_import_line() returns trigger
language plpgsql as $$
begin
	insert into customer_import (number, email, username, given_name,
	    family_name, phone, date_of_birth, gender, language, state,
	    email_verified, tags)
	values (csv_in(new.number), csv_in(new.email), csv_in(new.username),
	    csv_in(new.given_name), csv_in(new.family_name),
	    csv_in(new.phone), csv_in(new.date_of_birth), csv_in(new.gender),
	    csv_in(new.language), csv_in(new.state),
	    csv_in(new.email_verified), csv_in(new.tags));
	return new;
end
$$;
create or replace trigger line instead of insert on customer_import_csv
    for each row execute function customer_import_line();

create or replace function csv_in(cell text) returns text
language sql immutable parallel safe as $$
	select coalesce(csv_read(cell), '')
$$;

create or replace function customer_import_begin() returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	perform demand('customers.write');
	if not pg_try_advisory_xact_lock(
	    hashtextextended('duka.customer_import', 0)) then
		raise exception 'Another import is running'
		    using errcode = 'UK409';
	end if;
	perform set_config('statement_timeout', '120s', true);
	delete from customer_import;
	delete from customer_import_fault;
	alter table customer_import alter column line restart with 2;
end
$$;

-- What is wrong with a line, by itself.
create or replace function customer_line_faults(i customer_import)
returns table (field text, message text)
language sql stable as $$
	select * from (values
	    ('email', case when i.email = '' and i.number = ''
		then 'is missing'
		when i.email <> '' and (i.email !~ '^[^@\s]{1,64}@[^@\s]{1,190}$'
		or addressless(i.email)) then 'is no mail address' end),
	    ('number', case when i.number !~ '^[0-9]{0,18}$'
		then 'is no number' when i.number <> '' and i.customer_id
		is null then 'is nobody''s' end),
	    ('username', case when i.username <> ''
		and i.username !~ '^[A-Za-z0-9._-]{3,50}$'
		then 'is not of 3 to 50 letters, digits, dots and dashes' end),
	    ('given_name', case when length(i.given_name) > 100
		then 'is longer than 100 characters' end),
	    ('family_name', case when length(i.family_name) > 100
		then 'is longer than 100 characters' end),
	    ('phone', case when i.phone <> ''
		and i.phone !~ '^\+[1-9][0-9]{5,14}$'
		then 'is not like +353861234567' end),
	    ('date_of_birth', case when i.date_of_birth <> ''
		and (i.date_of_birth !~ '^(19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}$'
		or not is_date(i.date_of_birth))
		then 'is not like 1990-04-12' end),
	    ('gender', case when i.gender not in ('', 'female', 'male',
		'non_binary', 'other', 'undisclosed')
		then 'is none of female, male, non_binary, other, '
		'undisclosed' end),
	    ('language', case when i.language not in ('', 'en', 'fr', 'sw',
		'pt', 'ar', 'es', 'de', 'it', 'nl', 'ga')
		then 'is none that mails are written in' end),
	    ('state', case when i.state not in ('', 'active', 'disabled')
		then 'is neither active nor disabled' end),
	    ('email_verified', case when i.email_verified not in ('', 'yes',
		'no') then 'is neither yes nor no' end),
	    ('tags', case when not tags_sound(tags_read(i.tags))
		then 'are too many or too long' end)) f (field, message)
	where f.message is not null
$$;

create or replace function is_date(said text) returns boolean
language plpgsql immutable as $$
begin
	return said::date <= current_date;
exception when datetime_field_overflow or invalid_datetime_format then
	return false;
end
$$;

create or replace function tags_read(cell text) returns text[]
language sql immutable as $$
	select coalesce(array_agg(distinct btrim(t) order by btrim(t)), '{}')
	from string_to_table(cell, ';') t where btrim(t) <> ''
$$;

-- Faults that lie between lines, or between a line and who is there.
create or replace function customer_import_check() returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	update customer_import i set customer_id = c.id
	from customer c where i.number ~ '^[0-9]{1,18}$'
	and c.number = i.number::bigint and c.state <> 'erased';
	update customer_import i set customer_id = c.id
	from customer c where i.number = '' and i.email <> ''
	and lower(c.email) = lower(i.email) and c.state <> 'erased';
	insert into customer_import_fault (line, field, message)
	select i.line, f.field, f.message
	from customer_import i cross join lateral customer_line_faults(i) f;
	insert into customer_import_fault (line, field, message)
	select i.line, 'email', 'stands in the file twice'
	from (select line, row_number() over (partition by lower(email)
	    order by line) as n from customer_import where email <> '') i
	where i.n > 1
	union all
	select i.line, 'number', 'stands in the file twice'
	from (select line, row_number() over (partition by customer_id
	    order by line) as n from customer_import
	    where customer_id is not null) i
	where i.n > 1
	on conflict do nothing;
	insert into customer_import_fault (line, field, message)
	select i.line, 'email', 'is another customer''s'
	from customer_import i join customer c
	    on lower(c.email) = lower(i.email)
	where i.email <> '' and c.id is distinct from i.customer_id
	union all
	select i.line, 'username', 'is another customer''s'
	from customer_import i join customer c
	    on lower(c.username) = lower(i.username)
	where i.username <> '' and c.id is distinct from i.customer_id
	on conflict do nothing;
end
$$;

-- What a line changes of its customer: field to [is, becomes].
create or replace function customer_line_changes(i customer_import,
    c customer) returns jsonb
language sql stable as $$
	select coalesce(jsonb_object_agg(n.key, jsonb_build_array(
	    o.value, n.value)), '{}')
	from jsonb_each_text(to_jsonb(i) - array['line', 'customer_id',
	    'number']) n
	join jsonb_each_text(customer_cells(c)) o on o.key = n.key
	where o.value <> n.value
	and not (n.key in ('language', 'state', 'email_verified')
	    and n.value = '')
	and not (n.key = 'tags' and tags_read(n.value) = c.tags)
	and not (n.key = 'email' and n.value = '')
$$;

create or replace function customer_import_apply() returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	perform from customer c join customer_import i on i.customer_id = c.id
	order by c.id for update of c;
	update customer c set email = coalesce(nullif(i.email, ''), c.email),
	    username = nullif(i.username, ''), given_name = i.given_name,
	    family_name = i.family_name, phone = nullif(i.phone, ''),
	    date_of_birth = nullif(i.date_of_birth, '')::date,
	    gender = nullif(i.gender, ''),
	    language = coalesce(nullif(i.language, ''), c.language),
	    state = coalesce(nullif(i.state, ''), c.state),
	    email_verified_at = case i.email_verified
		when 'yes' then coalesce(c.email_verified_at, now())
		when 'no' then null else c.email_verified_at end,
	    tags = tags_read(i.tags), version = c.version + 1,
	    updated_at = now()
	from customer_import i
	where i.customer_id = c.id and not exists (
	    select from customer_import_fault f where f.line = i.line)
	and customer_line_changes(i, c) <> '{}';
	perform end_sessions(c.id, 'disabled')
	from customer_import i join customer c on c.id = i.customer_id
	where c.state = 'disabled';
	insert into customer (email, username, given_name, family_name, phone,
	    date_of_birth, gender, language, state, email_verified_at, tags)
	select i.email, nullif(i.username, ''), i.given_name, i.family_name,
	    nullif(i.phone, ''), nullif(i.date_of_birth, '')::date,
	    nullif(i.gender, ''), coalesce(nullif(i.language, ''), 'en'),
	    coalesce(nullif(i.state, ''), 'active'),
	    case i.email_verified when 'yes' then now() end,
	    tags_read(i.tags)
	from customer_import i
	where i.customer_id is null and not exists (
	    select from customer_import_fault f where f.line = i.line)
	order by i.line;
end
$$;

-- preview: says what would become of it; all: all or nothing; rows: what is
-- right, line by line.
create or replace function customer_import_run(p_mode text) returns json
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	answer json;
begin
	perform demand('customers.write');
	if (select count(*) from customer_import) > 20000 then
		perform raise_fault('A file has 20,000 lines at most',
		    'body', 'too_many');
	end if;
	analyze customer_import;
	perform customer_import_check();
	select json_build_object('mode', p_mode, 'lines', count(*),
	    'created', count(*) filter (where w.what = 'create'),
	    'changed', count(*) filter (where w.what = 'change'),
	    'same', count(*) filter (where w.what = 'same'),
	    'fault_count', (select count(*) from customer_import_fault),
	    'faults', (select coalesce(json_agg(json_build_object(
		'line', f.line, 'field', f.field, 'message', f.message)
		order by f.line, f.field), '[]') from (select *
		from customer_import_fault order by line, field
		limit 100) f),
	    'rows', coalesce(json_agg(json_build_object('line', w.line,
		'what', w.what, 'number', w.number,
		'email', nullif(w.email, ''), 'changes', w.changes)
		order by w.line) filter (where w.n <= 200), '[]'))
	into answer
	from (select x.*, case when x.what <> 'same' then row_number() over (
		order by x.what = 'same', x.line) end as n
	    from (select i.line, i.email, c.number, d.changes,
		case when exists (select from customer_import_fault f
		    where f.line = i.line) then 'fault'
		when i.customer_id is null then 'create'
		when d.changes <> '{}' then 'change' else 'same' end as what
		from customer_import i
		left join customer c on c.id = i.customer_id
		cross join lateral (select case when c.id is null then '{}'
		    else customer_line_changes(i, c) end as changes) d) x) w;
	if p_mode = 'all' and (answer ->> 'fault_count')::integer > 0 then
		raise exception 'The file has % faults; nothing was imported',
		    answer ->> 'fault_count' using errcode = 'UK304',
		    hint = json_build_object('faults', answer -> 'faults')::text;
	end if;
	if p_mode <> 'preview' then
		perform customer_import_apply();
	end if;
	delete from customer_import;
	delete from customer_import_fault;
	return answer;
end
$$;
