-- SPDX-License-Identifier: ISC
-- Listings that a customer wants to open again.  That a path is one of a
-- listing, with filters that it has, the program customers has made sure of;
-- the table's own constraint lets no other place in.

create or replace function saved_search_json(s saved_search) returns json
language sql stable as $$
	select json_build_object('id', s.id, 'name', s.name,
	    'path', s.path, 'created_at', wire_time(s.created_at),
	    'updated_at', wire_time(s.updated_at), 'version', s.version)
$$;

create or replace function add_search(p_name text, p_path text)
returns saved_search language plpgsql as $$
declare
	who uuid;
	s saved_search;
begin
	-- One at a time for each customer.
	select id into who from customer where id = current_customer()
	    for no key update;
	if (select count(*) from saved_search where customer_id = who) >= 50
	then
		raise exception 'There are 50 saved searches already'
		    using errcode = 'UK452';
	end if;
	insert into saved_search (customer_id, name, path)
	values (who, p_name, p_path) returning * into s;
	return s;
end
$$;

create or replace function change_search(p_id uuid, p_name text,
    p_path text, p_version integer) returns setof saved_search
language plpgsql as $$
declare
	s saved_search;
begin
	select * into s from saved_search
	where id = p_id and customer_id = current_customer() for update;
	if not found then
		return;
	end if;
	perform version_meant(s.version, p_version);
	return query update saved_search set name = coalesce(p_name, s.name),
	    path = coalesce(p_path, s.path),
	    version = saved_search.version + 1,
	    updated_at = clock_timestamp()
	where id = s.id returning *;
end
$$;

create or replace function export_saved_searches(who uuid) returns json
language plpgsql stable as $$
begin
	return (select coalesce(json_agg(saved_search_json(s)
	    order by s.created_at, s.id), '[]') from saved_search s
	    where s.customer_id = who);
end
$$;
