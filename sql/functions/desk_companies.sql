-- SPDX-License-Identifier: ISC
-- Companies and their people.

select audited('company'), audited('company_person');

create or replace function company_line_json(k company) returns jsonb
language sql stable as $$
	select jsonb_build_object('id', k.id, 'number', k.number,
	    'name', k.name, 'city', k.addresses -> 0 -> 'city',
	    'country', k.addresses -> 0 -> 'country',
	    'website', k.website, 'phone', k.phone,
	    'payment_days', k.payment_days,
	    'people', (select count(*) from company_person p
		where p.company_id = k.id),
	    'open_deals', case when permitted('deals.read') then (
		select count(*) from deal d
		join deal_stage s on s.id = d.stage_id
		where d.company_id = k.id and s.kind = 'open') end,
	    'updated_at', wire_time(k.updated_at), 'version', k.version)
$$;

-- People for those alone who may see customers.
create or replace function company_people_json(p_company uuid) returns json
language sql stable security definer set search_path = duka, pg_temp as $$
	select coalesce(json_agg(json_build_object('customer_id', c.id,
	    'number', c.number, 'name', coalesce(nullif(btrim(c.given_name
		|| ' ' || c.family_name), ''), c.number::text),
	    'email', shown_email(c.email), 'phone', c.phone,
	    'title', p.title, 'main', p.main)
	    order by p.main desc, p.added_at, c.number), '[]')
	from company_person p join customer c on c.id = p.customer_id
	where p.company_id = p_company and permitted('customers.read')
	and permitted('companies.read')
$$;

create or replace function company_json(k company) returns jsonb
language sql stable as $$
	select company_line_json(k) - array['city', 'country', 'people']
	    || jsonb_build_object(
	    'registration_number', k.registration_number,
	    'vat_number', k.vat_number, 'notes', k.notes,
	    'addresses', k.addresses, 'people', company_people_json(k.id),
	    'created_at', wire_time(k.created_at))
$$;

create or replace function company_found(f jsonb) returns setof company
language sql stable as $$
	select k.* from company k
	where case when f ->> 'q' is null then true
	    when f ? 'near' then plain(f ->> 'q') <% k.words
	    else k.words like task_words(f ->> 'q')
		or k.number::text = btrim(f ->> 'q', '# ') end
	and (f ->> 'customer_id' is null or exists (select
	    from company_person p where p.company_id = k.id
	    and p.customer_id = (f ->> 'customer_id')::uuid))
$$;

create or replace function company_rows(f jsonb) returns json
language plpgsql stable set plan_cache_mode = force_custom_plan as $$
declare
	sort text := f ->> 'sort';
	size integer := (f ->> 'limit')::integer;
	label text := list_label(f);
	key jsonb := cursor_after(f ->> 'cursor', label,
	    case sort when 'newest' then 'null' else 'string' end);
	k text := key ->> 1;
	after bigint := (key ->> 2)::bigint;
	found company[];
begin
	f := list_near(f, f ? 'q' and not exists (select
	    from company_found(f)));
	label := list_label(f);
	case sort
	when 'newest' then
		found := array(select c from company_found(f) c
		    where after is null or c.number < after
		    order by c.number desc limit size + 1);
	when 'updated' then
		found := array(select c from company_found(f) c
		    where after is null or (c.updated_at, c.number)
			< (k::timestamptz, after)
		    order by c.updated_at desc, c.number desc limit size + 1);
	else
		found := array(select c from company_found(f) c
		    where after is null or (plain(c.name), c.number)
			> (k, after)
		    order by plain(c.name), c.number limit size + 1);
	end case;
	return (select page_of(array_agg(company_line_json(found[n])::json
	    order by n), array_agg(json_build_array(label, case sort
		when 'updated' then (found[n]).updated_at::text
		when 'name' then plain((found[n]).name) end,
		(found[n]).number) order by n), size)
	    from generate_subscripts(found, 1) n);
end
$$;

-- As it is written down: a VAT number without blanks and dots, in capitals.
create or replace function company_check(k company) returns company
language plpgsql stable as $$
begin
	k.vat_number := nullif(upper(regexp_replace(k.vat_number, '[ .-]', '',
	    'g')), '');
	k.registration_number := nullif(k.registration_number, '');
	k.notes := coalesce(k.notes, '');
	k.addresses := coalesce(k.addresses, '[]');
	perform check_line(k.name, 'name'),
	    check_line(k.registration_number, 'registration_number');
	if coalesce(k.name, '') = '' then
		perform raise_fault('is required', 'name', 'required');
	elsif k.vat_number !~ '^[A-Z]{2}[0-9A-Z+*]{2,13}$' then
		perform raise_fault('begins with the country''s two letters',
		    'vat_number', 'format');
	elsif not many_lines(k.notes) then
		perform raise_fault('has control characters', 'notes',
		    'format');
	elsif not one_line(k.addresses::text) or exists (select
	    from jsonb_path_query(k.addresses, '$[*].country') c
	    where c #>> '{}' !~ '^[A-Z]{2}$') then
		perform raise_fault('has a country''s two capital letters',
		    'addresses', 'format');
	end if;
	return k;
end
$$;

create or replace function company_create(p_input jsonb)
returns table (body jsonb, version integer, location text)
language plpgsql security definer set search_path = duka, pg_temp as $$
#variable_conflict use_column
declare
	k company;
begin
	perform demand('companies.write');
	k := company_check(jsonb_populate_record(null::company, p_input));
	insert into company (name, registration_number, vat_number, website,
	    phone, payment_days, addresses, notes, created_by)
	select k.name, k.registration_number, k.vat_number, k.website,
	    k.phone, k.payment_days, k.addresses, k.notes, current_staff()
	returning * into k;
	return query select company_json(k), k.version,
	    '/api/desk/companies/' || k.id;
end
$$;

create or replace function company_lock(p_id uuid, p_version integer)
returns setof company
language plpgsql as $$
declare
	k company;
begin
	perform demand('companies.write');
	select * into k from company x where x.id = p_id for update;
	if found then
		perform version_meant(k.version, p_version);
		return next k;
	end if;
end
$$;

create or replace function company_change(p_id uuid, p_version integer,
    p_input jsonb) returns table (body jsonb, version integer)
language plpgsql security definer set search_path = duka, pg_temp as $$
#variable_conflict use_column
declare
	k company;
	n company;
begin
	select * into k from company_lock(p_id, p_version);
	if not found then
		return;
	end if;
	n := company_check(jsonb_populate_record(k, p_input));
	if n is distinct from k then
		update company x set name = n.name,
		    registration_number = n.registration_number,
		    vat_number = n.vat_number, website = n.website,
		    phone = n.phone, payment_days = n.payment_days,
		    addresses = n.addresses, notes = n.notes,
		    version = x.version + 1, updated_at = clock_timestamp()
		where x.id = p_id returning * into n;
	end if;
	return query select company_json(n), n.version;
end
$$;

-- Deals that stand keep it.
create or replace function company_remove(p_id uuid, p_version integer)
returns setof uuid
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	k company;
begin
	select * into k from company_lock(p_id, p_version);
	if found then
		delete from company x where x.id = k.id;
		return next k.id;
	end if;
end
$$;

-- Somebody belongs to it, with a title; one at most is whom one asks for.
drop function if exists company_person_put(uuid, uuid, text, boolean);
drop function if exists company_person_remove(uuid, uuid);

create or replace function company_person_put(p_company uuid, p_customer uuid,
    p_version integer, p_title text, p_main boolean)
returns table (body jsonb, version integer)
language plpgsql security definer set search_path = duka, pg_temp as $$
#variable_conflict use_column
declare
	k company;
begin
	select * into k from company_lock(p_company, p_version);
	if not found or not permitted('customers.read') or not exists (select
	    from customer c where c.id = p_customer and c.state <> 'erased')
	then
		return;
	end if;
	perform check_line(p_title, 'title');
	if p_main then
		update company_person p set main = false
		where p.company_id = p_company and p.main
		and p.customer_id <> p_customer;
	end if;
	insert into company_person (company_id, customer_id, title, main)
	values (p_company, p_customer, coalesce(p_title, ''),
	    coalesce(p_main, false))
	on conflict (company_id, customer_id) do update
	set title = coalesce(p_title, company_person.title),
	    main = coalesce(p_main, company_person.main);
	update company x set version = x.version + 1,
	    updated_at = clock_timestamp()
	where x.id = p_company returning * into k;
	return query select company_json(k), k.version;
end
$$;

create or replace function company_person_remove(p_company uuid,
    p_customer uuid, p_version integer) returns setof uuid
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	perform company_lock(p_company, p_version);
	delete from company_person p
	where p.company_id = p_company and p.customer_id = p_customer;
	if found then
		update company x set version = x.version + 1,
		    updated_at = clock_timestamp() where x.id = p_company;
		return next p_customer;
	end if;
end
$$;

-- What goes with a customer.

create or replace function export_companies(who uuid) returns json
language plpgsql stable as $$
begin
	return (select coalesce(json_agg(json_build_object('name', k.name,
	    'title', p.title, 'main', p.main, 'at', wire_time(p.added_at))
	    order by p.added_at), '[]')
	    from company_person p join company k on k.id = p.company_id
	    where p.customer_id = who);
end
$$;

create or replace function forget_companies(who uuid) returns void
language sql security definer set search_path = duka, pg_temp as $$
	delete from company_person where customer_id = who;
	update audit_log set before = null, after = null
	where table_name = 'company_person'
	and who::text in (before ->> 'customer_id', after ->> 'customer_id');
$$;
