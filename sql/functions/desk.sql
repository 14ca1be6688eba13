-- SPDX-License-Identifier: ISC
-- Customers as staff know them: the list, one, and what staff change of one.
-- All that reads many rows runs with the owner's rights and asks for the
-- permission itself: row security would keep the trigram index from being
-- used.

set check_function_bodies = off;

-- Whether a row is among those wanted.  `w` are the list's fields; constant
-- when a query is planned, so that what isn't asked for costs nothing.
create or replace function customer_fits(f customer_figures, w jsonb)
returns boolean language sql stable parallel safe as $$
	select case when w ->> 'state' is null then f.state <> 'erased'
		else f.state = w ->> 'state' end
	    and (w ->> 'verified' is null
		or f.verified = (w ->> 'verified')::boolean)
	    and (w ->> 'tier' is null or f.tier = w ->> 'tier')
	    and (w ->> 'country' is null
		or f.country = (w ->> 'country')::char(2))
	    and (w ->> 'tag' is null or f.tags @> array[w ->> 'tag']
		and f.tags <> '{}')
	    and (w ->> 'consent' is null or f.consents & consent_bit(
		split_part(w ->> 'consent', '_', 1),
		split_part(w ->> 'consent', '_', 2)) <> 0)
	    and (w ->> 'no_consent' is null or f.consents & consent_bit(
		split_part(w ->> 'no_consent', '_', 1),
		split_part(w ->> 'no_consent', '_', 2)) = 0)
	    and (w ->> 'spent_from' is null
		or f.spent >= (w ->> 'spent_from')::bigint)
	    and (w ->> 'spent_to' is null
		or f.spent <= (w ->> 'spent_to')::bigint)
	    and (w ->> 'orders_from' is null
		or f.orders >= (w ->> 'orders_from')::integer)
	    and (w ->> 'orders_to' is null
		or f.orders <= (w ->> 'orders_to')::integer)
	    and (w ->> 'last_order_from' is null
		or f.last_order_at >= (w ->> 'last_order_from')::timestamptz)
	    and (w ->> 'last_order_to' is null
		or f.last_order_at < (w ->> 'last_order_to')::timestamptz
		and f.last_order_at > '-infinity')
	    and (w ->> 'registered_from' is null
		or f.registered_at >= (w ->> 'registered_from')::timestamptz)
	    and (w ->> 'registered_to' is null
		or f.registered_at < (w ->> 'registered_to')::timestamptz)
$$;

-- The words of a query, four at most: a telephone number is one, whatever
-- stands between its digits; a short one begins a word.
create or replace function customer_terms(q text) returns text[]
language sql stable as $$
	select case when q ~ '^[+0-9][0-9 ().+/-]{4,}$'
	    then array[ltrim(regexp_replace(q, '[^0-9]+', '', 'g'), '0')]
	    else coalesce((select array_agg(t order by length(t) desc)
		from (select distinct t from regexp_split_to_table(
		    btrim(plain(q)), '[\s,;]+') t where t <> ''
		    order by t limit 4) s), '{}') end
$$;

create or replace function term_like(term text) returns text
language sql immutable as $$
	select '%' || case when length(term) < 3 or term ~ '^#' then ' ' else ''
	    end || like_literal(term) || case when term ~ '^#[0-9]+$' then ' '
	    else '' end || '%'
$$;

create or replace function letters_of(word text) returns text
language sql immutable as $$
	select string_agg(l, '' order by l) from string_to_table(word, null) l
$$;

-- Words of names that are spelt like this one, the likest first: the same
-- but for a letter, or two in each other's place; then all but for two, or of
-- like parts.
create or replace function words_like(term text) returns text[]
language sql stable as $$
	select coalesce(array_agg(w.word), '{}') from (
	    select v.word from customer_word v
	    where length(v.word) between length(term) - 2 and length(term) + 2
	    and (levenshtein_less_equal(v.word, term, 2) <=
		case when length(term) < 5 then 1 else 2 end
		or v.word % term
		or length(v.word) = length(term) and left(v.word, 1) =
		left(term, 1) and levenshtein_less_equal(v.word, term, 2) = 2)
	    order by case when letters_of(v.word) = letters_of(term) then 1
		else levenshtein(v.word, term) end,
		similarity(v.word, term) desc, v.word limit 6) w
$$;

-- What a misspelt word of a query may mean, as patterns: itself, or the
-- beginning of a word that it is like; of a domain's, that is any part.
create or replace function term_near(term text, domain boolean)
returns text[] language sql stable as $$
	select array(select '%' || like_literal(term) || '%'
	    union all select '%' || b || w || '%'
	    from regexp_split_to_table(term, '[^[:alnum:]]+') t,
		unnest(words_like(t)) w,
		unnest(case when domain then '{" ",@,.}' else '{" "}' end
		    ::text[]) b
	    where length(t) >= 3)
$$;

-- The parts of a query as words_fit() takes them: p1 to p4, each a pattern;
-- or n1 to n4, each the patterns of what it may mean.
create or replace function terms_wanted(terms text[], near boolean)
returns jsonb language sql stable as $$
	select case when near then (select jsonb_object_agg('n' || n,
		term_near(t, place > 1 or position('.' in t) > 0))
	    from (select row_number() over () as n, p.t, p.place
		from unnest(terms) x, string_to_table(x, '@')
		    with ordinality p (t, place)
		where p.t <> '' limit 4) p)
	else (select jsonb_object_agg('p' || n, term_like(t))
	    from unnest(terms) with ordinality u (t, n)) end
$$;

-- The parts of a query; what they may mean, if nobody has all of them.
-- Looking for nobody at all must not be a walk through everybody.
create or replace function customer_wanted(w jsonb) returns jsonb
language plpgsql stable security definer set search_path = duka, pg_temp
set enable_seqscan = off as $$
declare
	terms text[] := customer_terms(w ->> 'q');
	found_some boolean;
begin
	if coalesce(cardinality(terms), 0) = 0 then
		return w;
	end if;
	execute 'select exists (select from customer_words k
	    where words_fit(k.words, $1))' into found_some
	    using terms_wanted(terms, false);
	return w || terms_wanted(terms, not found_some);
end
$$;

create or replace function words_fit(words text, w jsonb) returns boolean
language sql stable parallel safe as $$
	select (w ->> 'p1' is null or words like w ->> 'p1')
	    and (w ->> 'p2' is null or words like w ->> 'p2')
	    and (w ->> 'p3' is null or words like w ->> 'p3')
	    and (w ->> 'p4' is null or words like w ->> 'p4')
	    and (w -> 'n1' is null
		or words like any (segment_texts(w -> 'n1')))
	    and (w -> 'n2' is null
		or words like any (segment_texts(w -> 'n2')))
	    and (w -> 'n3' is null
		or words like any (segment_texts(w -> 'n3')))
	    and (w -> 'n4' is null
		or words like any (segment_texts(w -> 'n4')))
$$;

-- Which customers the list is of, a fixed vocabulary: what is said is in $1.
-- Of many patterns each is looked for by itself: an index knows no "any".
create or replace function customers_from(w jsonb) returns text
language sql immutable as $$
	select 'from customer_figures f' || case when w ?| array['p1', 'n1']
	    then ' join customer_words k on k.customer_id = f.customer_id'
	    else '' end || customers_segment(w) || ' where customer_fits(f, $1)'
	    || case when w ? 'n1' then (select string_agg(' and ('
		|| x.near || ')', '') from (select string_agg(format(
		'k.words like ($1 #>> ''{n%s,%s}'')', i, j), ' or ') as near
		from generate_series(1, 4) i, generate_series(0,
		jsonb_array_length(w -> ('n' || i)) - 1) j group by i) x)
	    when w ? 'p1' then ' and words_fit(k.words, $1)' else '' end
$$;

create or replace function customers_segment(w jsonb) returns text
language sql immutable as $$
	select case when w ? 'segment' then ' join segment_member m '
	    'on m.customer_id = f.customer_id '
	    'and m.segment_id = ($1 ->> ''segment'')::uuid' else '' end
$$;

-- How the list is sorted.  $2 is where the last page ended.
create or replace function customers_sorted(p_sort text, out field text,
    out way text, out beyond text) language sql immutable as $$
	select s.field, s.way, format('(f.%I, f.number) %s (($2 ->> 0)::%s, '
	    '($2 ->> 1)::bigint)', s.field, case s.way when 'desc' then '<'
	    else '>' end, s.type)
	from (values ('newest', 'registered_at', 'desc', 'timestamptz'),
	    ('oldest', 'registered_at', 'asc', 'timestamptz'),
	    ('name', 'name_key', 'asc', 'text'),
	    ('spent', 'spent', 'desc', 'bigint'),
	    ('orders', 'orders', 'desc', 'integer'),
	    ('last_order', 'last_order_at', 'desc', 'timestamptz'))
	    s (sort, field, way, type)
	where s.sort = p_sort
$$;

-- A page by a walk along the sort's index, 10,000 customers and no further:
-- null if that wasn't enough, for who fits may be anywhere.
create or replace function customers_walked(w jsonb, s record, key jsonb,
    most integer) returns customer_figures[]
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	part text := format('from customer_figures f where %s order by f.%I '
	    '%s, f.number %3$s', case when key is null then 'true'
	    else s.beyond end, s.field, s.way);
	rows customer_figures[];
	further boolean;
begin
	execute format('select array(select f.whole from (select f.*, '
	    'f as whole %s limit 10000) f%s where customer_fits(f.whole, $1) '
	    'order by f.%I %s, f.number %4$s limit $3)', part,
	    customers_segment(w), s.field, s.way)
	    into rows using w, key, most;
	if cardinality(rows) < most then
		execute format('select exists (select %s offset 10000)', part)
		    into further using w, key;
	end if;
	return case when further then null else rows end;
end
$$;

-- A page of all who fit, who are counted up to $4 and sorted, if they are no
-- more; of more, the first of all: sorted too, unless a search found so
-- many that they are soon met with.
create or replace function customers_found(w jsonb, s record, key jsonb,
    most integer, up_to integer, out counted integer,
    out rows customer_figures[])
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	rest text := customers_from(w);
	beyond text := case when key is null then 'true' else s.beyond end;
	-- Sorted by few columns; the rows are fetched of those shown.
	page text := 'array(select r from (select f.customer_id %s limit $3) h '
	    'join customer_figures r on r.customer_id = h.customer_id '
	    || format('order by r.%I %s, r.number %2$s)', s.field, s.way);
begin
	execute format('with hit as materialized (select f.customer_id, '
	    'f.%I, f.number %s limit $4) select (select count(*) from hit), ',
	    s.field, rest) || format(page, format('from hit f where %s '
	    'order by f.%I %s, f.number %3$s', beyond, s.field, s.way))
	    into counted, rows using w, key, most, up_to + 1;
	if counted > up_to then
		execute 'select ' || format(page, format('%s and %s order by '
		    '%s %s, f.number %4$s', rest, beyond, format(case
		    when w ?| array['p1', 'n1'] then 'f.%I'
		    else 'coalesce(f.%I, f.%1$I)' end, s.field), s.way))
		    into rows using w, key, most;
	end if;
end
$$;

create or replace function consents_of(bits integer) returns text[]
language sql immutable as $$
	select coalesce(array_agg(p || '_' || c order by p, c), '{}')
	from unnest(array['marketing', 'reminders', 'surveys']) p,
	    unnest(array['email', 'sms', 'push']) c
	where bits & consent_bit(p, c) <> 0
$$;

-- A row of the list.
create or replace function customer_row_json(f customer_figures, c customer,
    code text) returns json
language sql stable as $$
	select json_build_object('id', c.id, 'number', c.number,
	    'email', shown_email(c.email), 'username', c.username,
	    'given_name', c.given_name, 'family_name', c.family_name,
	    'phone', c.phone, 'state', c.state, 'verified', f.verified,
	    'tier', f.tier, 'country', f.country, 'tags', f.tags,
	    'consents', consents_of(f.consents), 'orders', f.orders,
	    'spent', money(f.spent, code),
	    'last_order_at', wire_time(nullif(f.last_order_at, '-infinity')),
	    'created_at', wire_time(c.created_at), 'version', c.version)
$$;

-- A page of the list, and on the first how many there are, as far as it is
-- counted.
create or replace function desk_customers(w jsonb, p_cursor text,
    p_limit integer) returns json
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	s record := customers_sorted(coalesce(w ->> 'sort', 'newest'));
	key jsonb := cursor_key(p_cursor, 2);
	up_to integer := least(greatest(coalesce(nullif(setting_of(
	    'desk.count_most'), ''), '10000')::integer, 100), 100000);
	terms text[] := customer_terms(w ->> 'q');
	rows customer_figures[];
	counted integer;
	page json;
begin
	perform demand('customers.read');
	w := w || coalesce(terms_wanted(terms, false), '{}');
	begin
		if not w ? 'p1' then
			rows := customers_walked(w, s, key, p_limit + 1);
		end if;
		if rows is null then
			select x.counted, x.rows into counted, rows
			from customers_found(w, s, key, p_limit + 1, up_to) x;
		elsif key is null then
			execute format('select count(*) from (select %s
			    limit $2) x', customers_from(w))
			into counted using w, up_to + 1;
		end if;
		if counted = 0 and w ? 'p1' then
			w := customer_wanted(w - 'p1');
		end if;
		if w ? 'n1' then
			select x.counted, x.rows into counted, rows
			from customers_found(w, s, key, p_limit + 1, up_to) x;
		end if;
	exception when invalid_text_representation
	    or invalid_datetime_format or numeric_value_out_of_range then
		raise exception 'The cursor is not one of ours'
		    using errcode = 'UK423';
	end;
	select page_of(array_agg(customer_row_json(rows[n], c, code)
		order by n),
	    array_agg(json_build_array(to_jsonb(rows[n]) -> s.field,
		(rows[n]).number) order by n), p_limit)
	into page
	from generate_subscripts(rows, 1) n
	join customer c on c.id = (rows[n]).customer_id
	cross join (select setting_of('shop.currency') as code offset 0) m;
	return (page::jsonb || case when key is null
	    then jsonb_build_object('total', least(counted, up_to),
		'more', counted > up_to)
	    else '{"total": null, "more": null}' end)::json;
end
$$;
