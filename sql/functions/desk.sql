-- SPDX-License-Identifier: ISC
-- Customers as staff know them: the list, one, and what staff change of one.
-- All that reads many rows runs with the owner's rights and asks for the
-- permission itself: row security would keep the trigram index from being
-- used.

set check_function_bodies = off;

-- Whether a row is among those wanted.  `w` are the list's fields; constant
-- when a query is planned, so that what isn't asked for costs nothing.
create or replace function customer_fits(f customer_figures, w jsonb)
returns boolean language sql stable as $$
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

-- Words of names that are spelt like this one, the likest first: the same
-- but for a letter or two, or of like parts.
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
	    order by levenshtein(v.word, term), similarity(v.word, term) desc,
		v.word limit 12) w
$$;

-- What a misspelt query may mean: for each word those that it is like.
create or replace function term_near(term text) returns text
language sql stable as $$
	select '(' || string_agg(p, '|') || ')'
	from (select regexp_replace(t, '([^[:alnum:]])', '\\\1', 'g') as p
	    from unnest(array[term]) t
	    union all select '[ @.]' || w from regexp_split_to_table(term,
		'[^[:alnum:]]+') t, unnest(words_like(t)) w
	    where length(t) >= 3) x
$$;

-- The parts of a query as words_fit() takes them: p1 to p4 as patterns, or
-- if nobody has all of them r1 to r4 as what they may mean.
create or replace function customer_wanted(w jsonb) returns jsonb
language plpgsql stable security definer set search_path = duka, pg_temp as $$
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

create or replace function terms_wanted(terms text[], near boolean)
returns jsonb language sql stable as $$
	select jsonb_object_agg(case when near then 'r' else 'p' end || n,
	    case when near then term_near(t) else term_like(t) end)
	from unnest(case when near then array(select p
	    from unnest(terms) x, string_to_table(x, '@') p
	    where p <> '' limit 4) else terms end) with ordinality u (t, n)
$$;

create or replace function words_fit(words text, w jsonb) returns boolean
language sql stable as $$
	select (w ->> 'p1' is null or words like w ->> 'p1')
	    and (w ->> 'p2' is null or words like w ->> 'p2')
	    and (w ->> 'p3' is null or words like w ->> 'p3')
	    and (w ->> 'p4' is null or words like w ->> 'p4')
	    and (w ->> 'r1' is null or words ~ (w ->> 'r1'))
	    and (w ->> 'r2' is null or words ~ (w ->> 'r2'))
	    and (w ->> 'r3' is null or words ~ (w ->> 'r3'))
	    and (w ->> 'r4' is null or words ~ (w ->> 'r4'))
$$;

-- The list's query, of a fixed vocabulary: what is said is in $1 and $2.
create or replace function customers_query(p_sort text, searched boolean,
    of_segment boolean, beyond boolean) returns text
language sql immutable as $$
	select format('from customer_figures f%s%s where customer_fits(f, $1)'
	    '%s%s order by f.%I %s, f.number %s',
	    case when searched then ' join customer_words k '
		'on k.customer_id = f.customer_id' else '' end,
	    case when of_segment then ' join segment_member m '
		'on m.customer_id = f.customer_id '
		'and m.segment_id = ($1 ->> ''segment'')::uuid' else '' end,
	    case when searched then ' and words_fit(k.words, $1)' else '' end,
	    case when beyond then format(' and (f.%I, f.number) %s '
		'(($2 ->> 0)::%s, ($2 ->> 1)::bigint)', s.field,
		case s.way when 'desc' then '<' else '>' end, s.type)
		else '' end, s.field, s.way, s.way)
	from (values ('newest', 'registered_at', 'desc', 'timestamptz'),
	    ('oldest', 'registered_at', 'asc', 'timestamptz'),
	    ('name', 'name_key', 'asc', 'text'),
	    ('spent', 'spent', 'desc', 'bigint'),
	    ('orders', 'orders', 'desc', 'integer'),
	    ('last_order', 'last_order_at', 'desc', 'timestamptz'))
	    s (sort, field, way, type)
	where s.sort = p_sort
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
	sort text := coalesce(w ->> 'sort', 'newest');
	field text := case sort when 'name' then 'name_key'
	    when 'spent' then 'spent' when 'orders' then 'orders'
	    when 'last_order' then 'last_order_at' else 'registered_at' end;
	key jsonb := cursor_key(p_cursor, 2);
	most integer := least(greatest(coalesce(nullif(setting_of(
	    'desk.count_most'), ''), '10000')::integer, 100), 100000);
	searched boolean;
	rows customer_figures[];
	counted integer;
	page json;
begin
	perform demand('customers.read');
	w := customer_wanted(w);
	searched := w ?| array['p1', 'r1'];
	begin
		execute format('select array(select f %s limit $3)',
		    customers_query(sort, searched, w ? 'segment',
		    key is not null)) into rows using w, key, p_limit + 1;
	exception when invalid_text_representation
	    or invalid_datetime_format or numeric_value_out_of_range then
		raise exception 'The cursor is not one of ours'
		    using errcode = 'UK423';
	end;
	if key is null then
		execute format('select count(*) from (select %s limit $3) x',
		    customers_query('newest', searched, w ? 'segment', false))
		into counted using w, key, most + 1;
	end if;
	select page_of(array_agg(customer_row_json(rows[n], c, code)
		order by n),
	    array_agg(json_build_array(to_jsonb(rows[n]) -> field,
		(rows[n]).number) order by n), p_limit)
	into page
	from generate_subscripts(rows, 1) n
	join customer c on c.id = (rows[n]).customer_id
	cross join (select setting_of('shop.currency') as code offset 0) s;
	return (page::jsonb || jsonb_build_object('total', least(counted,
	    most), 'more', counted > most))::json;
end
$$;
