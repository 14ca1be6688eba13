-- SPDX-License-Identifier: ISC
-- Where the files of pictures are: on the disk, or in an S3-compatible store
-- as well, where the courier brings them.  See the migration for the states.

set check_function_bodies = off;

-- A picture needs its files: those that were about to leave stay, and are
-- brought to the store again if anything of them may have gone from there.
-- The row is locked until the picture is there, or isn't.
create or replace function keep_picture_file() returns trigger
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	insert into picture_file as f (digest, widths)
	values (new.digest, new.widths)
	on conflict (digest) do update set
	    widths = array(select distinct w
		from unnest(f.widths || excluded.widths) w order by w),
	    state = case when f.state = 'stored'
		and excluded.widths <@ f.widths then 'stored' else 'here' end,
	    due_at = case when f.state = 'leaving' then now()
		else f.due_at end;
	return new;
end
$$;

create or replace trigger keep_file before insert on picture
    for each row execute function keep_picture_file();

-- The last picture of a digest went.  Whether there is another is asked when
-- the row is ours: who adds one holds it until that can be seen.
create or replace function leave_picture_file() returns trigger
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	perform from picture_file f where f.digest = old.digest for update;
	if exists (select from picture p where p.digest = old.digest) then
		return null;
	end if;
	delete from picture_file f where f.digest = old.digest and not f.sent;
	update picture_file f set state = 'leaving', due_at = now(), tries = 0
	where f.digest = old.digest;
	return null;
end
$$;

create or replace trigger leave_file after delete on picture
    for each row execute function leave_picture_file();

-- As for mail, but never longer than a quarter of an hour: nobody waits for
-- one of these, and each try is the store's chance to be found well again.
create or replace function store_pause(tries integer) returns interval
language sql volatile as $$
	select least(courier_pause(tries), interval '15 minutes')
$$;

-- Claims the digest that is due first, for so many seconds; none while the
-- store is away, unless `p_now`.  From here on something of it may be in the
-- store.
create or replace function claim_picture_file(p_seconds integer,
    p_now boolean)
returns table (digest text, widths integer[], leaving boolean, again boolean,
    tries integer)
language plpgsql security definer set search_path = duka, pg_temp as $$
#variable_conflict use_column
declare
	f picture_file;
begin
	if not p_now and exists (select from picture_store s
	    where s.due_at > now()) then
		return;
	end if;
	select * into f from picture_file o
	where o.state <> 'stored' and o.due_at <= now()
	    and coalesce(o.claimed_until, '-infinity') <= now()
	order by o.due_at limit 1
	for update skip locked;
	if not found then
		return;
	end if;
	return query
	update picture_file o set sent = true, tries = o.tries + 1,
	    claimed_until = now() + make_interval(secs => p_seconds)
	where o.digest = f.digest
	returning o.digest, o.widths, o.state = 'leaving',
	    o.stored_at is not null, o.tries;
end
$$;

create or replace function store_answers() returns void
language sql security definer set search_path = duka, pg_temp as $$
	update picture_store set tries = 0, due_at = now(), last_error = null
	where tries > 0
$$;

-- All its files are in the store.  A picture that went meanwhile leaves, one
-- that went and came is sent again: what is asked is whether it is still as
-- it was claimed.
create or replace function picture_file_stored(p_digest text,
    p_widths integer[]) returns void
language sql security definer set search_path = duka, pg_temp as $$
	select store_answers();
	update picture_file f set claimed_until = null, last_error = null,
	    state = case when f.state = 'here' and f.widths <@ p_widths
		then 'stored' else f.state end,
	    stored_at = case when f.state = 'here'
		then coalesce(f.stored_at, now()) else f.stored_at end,
	    tries = 0
	where f.digest = p_digest
$$;

-- None of its files is in the store any more.
create or replace function picture_file_gone(p_digest text) returns void
language sql security definer set search_path = duka, pg_temp as $$
	select store_answers();
	delete from picture_file f
	where f.digest = p_digest and f.state = 'leaving';
	update picture_file f set claimed_until = null, tries = 0
	where f.digest = p_digest
$$;

-- It didn't work, for this one alone or because the store is `p_away`.
create or replace function picture_file_failed(p_digest text,
    p_error text, p_away boolean) returns void
language sql security definer set search_path = duka, pg_temp as $$
	update picture_file f set claimed_until = null,
	    last_error = left(p_error, 500),
	    due_at = now() + store_pause(f.tries)
	where f.digest = p_digest;
	update picture_store s set tries = s.tries + 1,
	    last_error = left(p_error, 500),
	    due_at = now() + store_pause(s.tries + 1)
	where p_away
$$;

-- Milliseconds until something is due; null if nothing waits.
create or replace function picture_store_due_in() returns bigint
language sql stable security definer set search_path = duka, pg_temp as $$
	select greatest(0, ceil(extract(epoch from greatest(min(greatest(
	    f.due_at, coalesce(f.claimed_until, f.due_at))),
	    (select s.due_at from picture_store s)) - now()) * 1000))::bigint
	from picture_file f where f.state <> 'stored'
	having count(*) > 0
$$;

create or replace function picture_store_counts(out here bigint,
    out stored bigint, out leaving bigint, out last_error text)
language sql stable security definer set search_path = duka, pg_temp as $$
	select count(*) filter (where f.state = 'here'),
	    count(*) filter (where f.state = 'stored'),
	    count(*) filter (where f.state = 'leaving'),
	    coalesce((select s.last_error from picture_store s
		where s.tries > 0), (select e.last_error from picture_file e
		where e.last_error is not null and e.state <> 'stored'
		order by e.due_at desc limit 1))
	from picture_file f
$$;

-- Those of the digests that need no file on this disk: that no row has, or,
-- where there is a store, that have been in it for long enough.  To be asked
-- by who holds pictures alone.
create or replace function pictures_not_here(digests text[], p_store boolean)
returns table (digest text)
language sql stable security definer set search_path = duka, pg_temp as $$
	select d from unnest(digests) d
	where not exists (select from picture p where p.digest = d)
	or p_store and exists (select from picture_file f
	    where f.digest = d and f.state = 'stored'
	    and f.stored_at < now() - make_interval(hours =>
		coalesce(setting_of('media.local_hours'), '24')::integer))
$$;
