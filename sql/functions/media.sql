-- SPDX-License-Identifier: ISC
-- Pictures: who has which, and which nobody has any more.  Rows say which
-- files must be there; they are written before, and removed after, under the
-- lock of hold_pictures().

set check_function_bodies = off;

-- Who writes files for a row to come shares it; who removes files that have
-- no row has it alone.
create or replace function hold_pictures(alone boolean) returns void
language plpgsql as $$
begin
	if alone then
		perform pg_advisory_xact_lock(7261, 1);
	else
		perform pg_advisory_xact_lock_shared(7261, 1);
	end if;
end
$$;

create or replace function picture_url(digest text, width integer)
returns text language sql immutable as $$
	select '/media/p/' || digest || '-' || width || '.webp'
$$;

create or replace function picture_row_json(p picture) returns json
language sql stable as $$
	select json_build_object('id', p.id,
	    'url', picture_url(p.digest, p.width),
	    'width', p.width, 'height', p.height,
	    'sizes', (select json_agg(json_build_object('width', w,
		'url', picture_url(p.digest, w)) order by w)
		from unnest(p.widths) w))
$$;

-- For the answers of other areas; null if there is no such picture.
create or replace function picture_json(wanted uuid) returns json
language sql stable security definer set search_path = duka, pg_temp as $$
	select picture_row_json(p) from picture p where p.id = wanted
$$;

-- A customer's profile picture, or the drawn one.
create or replace function profile_picture_json(who uuid) returns json
language sql stable security definer set search_path = duka, pg_temp as $$
	select json_build_object(
	    'drawn', p.id is null,
	    'url', coalesce(picture_url(p.digest, p.widths[1]),
		'/api/media/avatars/' || who),
	    'picture', case when p.id is not null then
		picture_row_json(p) end)
	from (select who) w left join picture p
	    on p.customer_id = who and p.kind = 'profile'
$$;

-- What the drawn one shows: initials, and a colour that stays.
create or replace function avatar_of(who uuid)
returns table (initials text, hue integer)
language sql stable security definer set search_path = duka, pg_temp as $$
	select coalesce((select upper(left(btrim(c.given_name), 1)
		|| left(btrim(c.family_name), 1)) from customer c
		where c.id = who and c.state = 'active'), ''),
	    abs(hashtext(who::text) % 360)
$$;

-- Asked before anything is decoded: whether there is room for one more.
create or replace function picture_room() returns void
language plpgsql stable security definer set search_path = duka, pg_temp as $$
begin
	if (select count(*) from picture p
	    where p.customer_id = current_customer()) >=
	    coalesce(setting_of('media.pictures_most'), '300')::integer then
		raise exception 'Too many pictures' using errcode = 'UK720';
	end if;
end
$$;

-- Keeps what was made.  The same picture of the same owner is the same row.
create or replace function put_picture(p_digest text, p_height integer,
    p_widths integer[]) returns table (body json, location text)
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	p picture;
	who uuid := current_customer();
	member uuid := current_staff();
begin
	if who is null and not permitted('media.write') then
		raise exception 'Not allowed' using errcode = 'UK403';
	end if;
	insert into picture (digest, customer_id, staff_id, kind, width,
	    height, widths)
	values (p_digest, who, case when who is null then member end, 'upload',
	    p_widths[cardinality(p_widths)], p_height, p_widths)
	on conflict do nothing returning * into p;
	if not found then
		-- Wanted anew: not an orphan of long ago.
		update picture o set created_at = now()
		where o.digest = p_digest and o.kind = 'upload'
		and (o.customer_id = who
		    or who is null and o.staff_id = member)
		returning * into p;
	end if;
	return query select picture_row_json(p),
	    case when who is not null then '/api/media/pictures/'
		else '/api/media/manage/pictures/' end || p.id;
end
$$;

-- Answers the digest of the one before, for its files to go.
create or replace function put_profile_picture(p_digest text,
    p_height integer, p_widths integer[])
returns table (body json, gone text)
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	who uuid := current_customer();
	old text;
begin
	-- One after the other for one customer.
	perform from customer c where c.id = who and c.state = 'active'
	for update;
	if not found then
		raise exception 'Who are you?' using errcode = 'UK401';
	end if;
	delete from picture p where p.customer_id = who and p.kind = 'profile'
	returning p.digest into old;
	insert into picture (digest, customer_id, kind, width, height, widths)
	values (p_digest, who, 'profile', p_widths[cardinality(p_widths)],
	    p_height, p_widths);
	return query select profile_picture_json(who),
	    case when old <> p_digest then old end;
end
$$;

create or replace function remove_profile_picture()
returns table (gone text)
language sql security definer set search_path = duka, pg_temp as $$
	delete from picture p where p.customer_id = current_customer()
	and p.kind = 'profile' returning p.digest
$$;

-- What refers to pictures is found in the catalogue of the database, so that
-- another area's table needs no line here.
create or replace function pictures_shown() returns setof uuid
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	r record;
begin
	for r in select c.conrelid::regclass as place, a.attname as name
	    from pg_constraint c join pg_attribute a
	    on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
	    where c.contype = 'f' and c.confrelid = 'picture'::regclass
	loop
		return query execute format(
		    'select %I from %s where %I is not null',
		    r.name, r.place, r.name);
	end loop;
	return query select p.id from picture p
	where p.digest in (select substring(i.url
	    from '/media/p/([0-9a-f]{64})-') from product_image i
	    where i.url like '%/media/p/%');
end
$$;

-- A picture of one's own that nothing shows.
create or replace function remove_picture(wanted uuid)
returns table (gone text)
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	p picture;
begin
	select * into p from picture o
	where o.id = wanted and o.kind = 'upload'
	and (o.customer_id = current_customer()
	    or o.staff_id is not null and permitted('media.write'))
	for update;
	if not found then
		return;
	end if;
	if p.id in (select pictures_shown()) then
		raise exception 'It is shown somewhere' using errcode = 'UK721';
	end if;
	delete from picture o where o.id = wanted;
	return query select p.digest;
end
$$;

create or replace function own_picture(wanted uuid) returns json
language sql stable security definer set search_path = duka, pg_temp as $$
	select picture_row_json(p) from picture p
	where p.id = wanted and p.kind = 'upload'
	and (p.customer_id = current_customer()
	    or p.staff_id is not null and permitted('media.write'))
$$;

-- Rows that nothing shows and nobody waits for; answers how many went.  What
-- comes to be shown meanwhile is kept by its foreign key: then all waits for
-- the next night.
create or replace function sweep_pictures() returns integer
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	n integer;
begin
	delete from picture p
	where p.kind = 'upload' and p.created_at < now() - make_interval(
	    hours => coalesce(setting_of('media.orphan_hours'),
	    '24')::integer)
	and not exists (select from pictures_shown() s (id)
	    where s.id = p.id);
	get diagnostics n = row_count;
	return n;
end
$$;

-- Those of the digests that no row has.  To be asked by who holds pictures
-- alone.
create or replace function pictures_unknown(digests text[])
returns table (digest text)
language sql stable security definer set search_path = duka, pg_temp as $$
	select d from unnest(digests) d
	where not exists (select from picture p where p.digest = d)
$$;

-- Of a customer who leaves: what other areas show of theirs is theirs to
-- forget first.
create or replace function forget_pictures(who uuid) returns void
language sql as $$
	delete from picture where customer_id = who
$$;

create or replace function export_pictures(who uuid) returns json
language sql stable as $$
	select coalesce(json_agg(json_build_object('kind', p.kind,
	    'url', picture_url(p.digest, p.width),
	    'width', p.width, 'height', p.height,
	    'created_at', wire_time(p.created_at))
	    order by p.created_at, p.id), '[]')
	from picture p where p.customer_id = who
$$;
