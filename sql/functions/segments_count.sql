-- SPDX-License-Identifier: ISC
-- How many customers rules describe: exactly, which looks at all of them, or
-- about, from as many as there is time for.

-- Some of what is called here is defined in files applied later.
set check_function_bodies = off;

create or replace function segment_count(rules jsonb) returns bigint
language plpgsql stable security definer set search_path = duka, pg_temp
set work_mem = '128MB' set jit = off as $$
declare
	n bigint;
begin
	perform segment_check(rules);
	execute 'select count(*) ' || (segment_from(rules, false)).rest
	    into n using rules;
	return n;
end
$$;

-- What the planner believes that counting costs; volatile, for EXPLAIN may
-- not be asked otherwise.
create or replace function segment_cost(rules jsonb) returns float8
language plpgsql security definer set search_path = duka, pg_temp
set work_mem = '128MB' as $$
declare
	plan json;
begin
	execute 'explain (format json) select count(*) '
	    || (segment_from(rules, false)).rest into plan using rules;
	return plan #>> '{0,Plan,Total Cost}';
end
$$;

-- `many` numbers from low to high, one of each of as many equal stretches;
-- the same for the same seed, so that a count doesn't flicker.
create or replace function segment_draw(low bigint, high bigint,
    many integer, seed bigint) returns bigint[]
language sql immutable as $$
	select array(select low + s.first + mod(hashint8extended(i, seed)
	    & 4611686018427387903, greatest(s.next - s.first, 1))
	from generate_series(0::bigint, many - 1) i
	cross join lateral (select i * (high - low + 1) / many as first,
	    (i + 1) * (high - low + 1) / many as next) s)
$$;

-- How many of the customers with these numbers the rules describe: each by
-- its own rows, and none by a way that reads whole tables.
create or replace function segment_among(rules jsonb, numbers bigint[])
returns bigint
language plpgsql stable security definer set search_path = duka, pg_temp
set enable_hashjoin = off set enable_mergejoin = off
set enable_seqscan = off set jit = off as $$
declare
	n bigint;
begin
	execute 'select count(*) ' || (segment_from(rules, true)).rest
	    || ' and f.number = any ($2)' into n using rules, numbers;
	return n;
end
$$;

-- About how many, within some 60 ms: exactly where that isn't more work.
-- First a few hundred customers are asked, then more and more, as many as
-- there is time for at the pace until then.  Two digits of what that comes to
-- are said, or one where few of them were met with.
create or replace function segment_guess(rules jsonb, out count bigint,
    out exact boolean)
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	low bigint;
	high bigint;
	asked integer := 0;
	hits bigint := 0;
	many integer := 300;
	began timestamptz := clock_timestamp();
	took float8;
begin
	perform segment_check(rules);
	select min(f.number), max(f.number) into low, high
	from customer_figures f;
	exact := coalesce(high - low, 0) < 20000 or segment_cost(rules) < 5000;
	if exact then
		count := segment_count(rules);
		return;
	end if;
	for round in 1 .. 6 loop
		hits := hits + segment_among(rules,
		    segment_draw(low, high, many, round));
		asked := asked + many;
		took := extract(epoch from clock_timestamp() - began) * 1000;
		exit when took > 30;
		many := least(many * 3, asked / took * (45 - took))::integer;
	end loop;
	count := hits * (high - low + 1) / asked;
	count := round(count::numeric, case when hits < 100 then 1 else 2 end
	    - length(count::text));
end
$$;

-- Exactly, or if that takes longer than a statement may: about, as it is
-- answered at once where it need not be exact.
create or replace function segment_counted(p_rules jsonb, p_exact boolean)
returns json
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	n bigint;
	guess record;
begin
	perform demand('customers.read');
	if p_exact then
		begin
			n := segment_count(p_rules);
			return json_build_object('count', n, 'exact', true);
		exception when query_canceled then
			-- The time is up, but there is no second limit.
			null;
		end;
	end if;
	guess := segment_guess(p_rules);
	return json_build_object('count', guess.count, 'exact', guess.exact);
end
$$;
