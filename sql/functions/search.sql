-- SPDX-License-Identifier: ISC
-- Searching: first by words, accents and plurals forgiven; then by parts of
-- words; then by what is spelt alike.

-- A query as websearch_to_tsquery reads it; signs inside words part them as
-- they do in products.
create or replace function search_cleaned(wanted text) returns text
language sql immutable parallel safe as $$
	select btrim(regexp_replace(regexp_replace(wanted,
	    '[^[:alnum:]"[:space:]-]+', ' ', 'g'),
	    '(?<=[[:alnum:]])-+|-+(?![[:alnum:]"])', ' ', 'g'))
$$;

-- A single word may be a SKU too, which is kept as it is written.
create or replace function search_words(wanted text) returns tsquery
language plpgsql stable parallel safe set client_min_messages = warning as $$
declare
	words tsquery := websearch_to_tsquery('english_plain',
	    search_cleaned(wanted));
	sku tsquery;
begin
	if wanted ~ '^\s*[A-Za-z0-9][A-Za-z0-9._/-]{2,63}\s*$' then
		sku := plainto_tsquery('simple', btrim(wanted));
	end if;
	return case when sku is null then words
	    when numnode(words) = 0 then sku else words || sku end;
end
$$;

-- What LIKE takes literally.
create or replace function like_literal(given text) returns text
language sql immutable parallel safe as $$
	select regexp_replace(given, '([\\%_])', '\\\1', 'g')
$$;

-- The words of a query as products' names are compared.
create or replace function search_plain(wanted text) returns text
language sql stable parallel safe as $$
	select btrim(plain(parted(wanted)))
$$;

-- The filter of a way to search.
create or replace function search_filter(f product_filter, wanted text,
    mode text) returns product_filter language plpgsql stable as $$
begin
	case mode
	when 'fulltext' then
		-- Nothing but signs: no product has no price.
		if search_plain(wanted) = '' then
			f.price_max := -1;
		end if;
		f.query := search_words(wanted);
	when 'partial' then
		f.parts := array(select '%' || like_literal(w.word) || '%'
		    from regexp_split_to_table(search_plain(wanted), ' ')
			w (word)
		    order by length(w.word) desc, w.word);
	when 'fuzzy' then
		f.near := search_plain(wanted);
	end case;
	return f;
end
$$;

create or replace function found_at_least(f product_filter, few integer)
returns boolean language plpgsql stable
set plan_cache_mode = force_custom_plan as $$
begin
	return (select count(*) from (select from product_found(f) i
	    limit few) n) = few;
end
$$;

-- How to search: by words if that finds three, else by parts, else by
-- likeness; each only if the one before finds too few and it finds any.
-- What is shorter than three letters is part of everything, like anything.
create or replace function search_mode(f product_filter, wanted text)
returns text language plpgsql stable as $$
declare
	longest integer := (select max(length(w.word))
	    from regexp_split_to_table(search_plain(wanted), ' ') w (word));
begin
	if longest < 3
	    or found_at_least(search_filter(f, wanted, 'fulltext'), 3) then
		return 'fulltext';
	elsif found_at_least(search_filter(f, wanted, 'partial'), 3) then
		return 'partial';
	elsif found_at_least(search_filter(f, wanted, 'fulltext'), 1) then
		return 'fulltext';
	elsif found_at_least(search_filter(f, wanted, 'partial'), 1) then
		return 'partial';
	end if;
	return 'fuzzy';
end
$$;

-- The best first.
create or replace function search_rows(f product_filter, wanted text,
    mode text, label text, cursor text, size integer) returns text
language plpgsql stable set plan_cache_mode = force_custom_plan as $$
declare
	key jsonb := cursor_after(cursor, label, 'number');
	rank_after real := (key ->> 1)::real;
	after bigint := (key ->> 2)::bigint;
	alike text := search_plain(wanted);
	items text[];
	keys json[];
begin
	with ranked as (
		select i as line, i.number, case mode
		    when 'fulltext' then ts_rank(i.words, f.query, 1)
		    when 'partial' then similarity(alike, i.like_key)
		    else word_similarity(alike, i.like_key) end as rank
		from product_found(f) i
	)
	select array_agg(item_of(r.line)), array_agg(
	    json_build_array(label, r.rank, r.number))
	into items, keys from (select n.* from ranked n
	    where after is null or (n.rank, n.number) < (rank_after, after)
	    order by n.rank desc, n.number desc limit size + 1) r;
	return page_text(items, keys, size);
end
$$;

-- Keeps what was searched, of nobody.  Losing the last of them in a crash costs
-- nothing, so the commit does not wait for the disk.
create or replace function search_keep(wanted text, mode text,
    hits integer) returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	short text := left(search_plain(wanted), 100);
begin
	perform set_config('synchronous_commit', 'off', true);
	insert into search_log (query, mode, found)
	values (left(wanted, 200), mode, hits);
	if length(short) >= 2 then
		insert into search_term as t (term, found)
		values (short, hits)
		on conflict (term) do update set searches = t.searches + 1,
		    found = excluded.found, searched_at = now();
	end if;
end
$$;

-- Mode `auto` chooses; a cursor stays with what its first page chose.
create or replace function search_products(wanted text, mode text,
    f product_filter, sort text, cursor text, size integer) returns text
language plpgsql as $$
declare
	label text := cursor_key(cursor, 3) ->> 0;
	counted record;
	lines text;
begin
	perform set_config('pg_trgm.word_similarity_threshold', '0.4', true);
	if label is not null then
		mode := split_part(label, '/', 1);
		if mode not in ('fulltext', 'partial', 'fuzzy') then
			raise exception 'The cursor is not one of ours'
			    using errcode = 'UK423';
		end if;
	elsif mode = 'auto' then
		mode := search_mode(f, wanted);
	end if;
	label := mode || '/' || sort;
	f := search_filter(f, wanted, mode);
	select * into counted from counted_facets(f);
	lines := case sort when 'relevance'
	    then search_rows(f, wanted, mode, label, cursor, size)
	    else product_rows(f, sort, label, cursor, size) end;
	if cursor is null and search_plain(wanted) <> '' then
		perform search_keep(wanted, mode, counted.total);
	end if;
	return '{' || lines || ',"mode":"' || mode || '","total":' ||
	    counted.total || ',"facets":' || counted.body || '}';
end
$$;

-- The bot's search knows names as well as slugs, and prices as people write
-- them; without words it lists.
create or replace function bot_search(wanted text, category text,
    price_min numeric, price_max numeric, partial boolean, fuzzy boolean,
    cursor text, size integer) returns text
language plpgsql as $$
declare
	f product_filter;
	unit numeric := 10::numeric ^
	    currency_digits(setting_of('shop.currency'));
begin
	f := filter_of(slug_of(category), null, ceil(price_min * unit)::bigint,
	    floor(price_max * unit)::bigint, null, null, null, null);
	if wanted is null then
		return '{"mode":"list",' || substr(product_list(f, 'newest',
		    cursor, size), 2);
	end if;
	return search_products(wanted, case
	    when partial and fuzzy then 'auto' when fuzzy then 'fuzzy'
	    when partial then 'partial' when not partial and not fuzzy
	    then 'fulltext' else 'auto' end, f, 'relevance', cursor, size);
end
$$;

-- As one types: products whose name has a word that begins so, categories,
-- brands, and what others have searched for.
create or replace function search_suggestions(wanted text, size integer)
returns json language plpgsql stable
set plan_cache_mode = force_custom_plan as $$
declare
	start text := like_literal(search_plain(wanted)) || '%';
	inner_start text := '% ' || start;
begin
	if start = '%' then
		start := '';
		inner_start := '';
	end if;
	return json_build_object(
	    'products', (select coalesce(json_agg((n.item || '}')::json
		order by n.place, n.name_key, n.number), '[]')
		from (select distinct on (b.place, b.name_key) b.*
		    from ((select 1 as place, i.name_key, i.number, i.item
			from product_index i where i.like_key like start
			limit 40)
		    union all
		    (select 2, i.name_key, i.number, i.item
			from product_index i where i.like_key like inner_start
			limit 40)) b
		    order by b.place, b.name_key, b.number limit size) n),
	    'categories', (select coalesce(json_agg(json_build_object(
		'slug', n.slug, 'name', n.name, 'count', n.total)
		order by n.total desc, n.slug), '[]')
		from (select c.slug, c.name, f.total from category c
		    join category_facets f on f.category_id = c.id
		    where c.name_key like start or c.name_key like inner_start
		    order by f.total desc, c.slug limit size) n),
	    'brands', (select coalesce(json_agg(json_build_object(
		'slug', n.slug, 'name', n.name) order by n.name_key), '[]')
		from (select b.slug, b.name, b.name_key from brand b
		    where (b.name_key like start or b.name_key like inner_start)
		    and exists (select from product_index i
			where i.brand_id = b.id)
		    order by b.name_key limit size) n),
	    'searches', (select coalesce(json_agg(t.term
		order by t.searches desc, t.term), '[]')
		from (select s.term, s.searches from search_term s
		    where s.term like start and s.found > 0
		    and s.searches >= 3
		    order by s.searches desc, s.term limit size) t));
end
$$;

-- What somebody searched for, and the terms that nobody else searched for.
create or replace function forget_searches(p_customer uuid) returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	delete from search_term t using customer_search s
	where s.customer_id = p_customer and t.term = s.term
	and t.searches = 1;
	delete from customer_search s where s.customer_id = p_customer;
end
$$;
