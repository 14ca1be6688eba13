-- SPDX-License-Identifier: ISC
-- Searching: words, parts, likeness; filters and counts; cursors; what is
-- kept of it.
begin;
select no_plan();

insert into category (slug, name) values ('s-cat', 'S cat'), ('s-dog', 'S dog');
insert into brand (slug, name) values ('s-brand', 'Zéphyrine');
insert into product (slug, name, description, status, category_id, brand_id,
    attributes, tags)
select 's-' || n.n, n.name, '', 'active', c.id, b.id,
    jsonb_build_object('s_kind', n.kind, 's_grade', n.grade), '{s-tag}'
from (values (1, 'Xylotomatoes peeled', 'red', 'a', 's-cat', 's-brand'),
    (2, 'Xylotomato paste', 'red', 'b', 's-cat', null),
    (3, 'Crème xylobrûlée', 'white', 'a', 's-dog', 's-brand'),
    (4, 'XYLOWAFFLE/DIET 16 OZ', 'white', 'b', 's-dog', null),
    (5, 'Xylotomato soup', 'red', 'b', 's-cat', null))
    n (n, name, kind, grade, place, maker)
left join category c on c.slug = n.place
left join brand b on b.slug = n.maker;
insert into variant (product_id, sku, price_amount, price_currency)
select id, upper(slug) || '.X', 100 * substr(slug, 3)::integer, 'EUR'
from product where slug like 's-_';

create function pg_temp.found(wanted text, mode text default 'auto',
    f product_filter default null, sort text default 'name') returns text
language sql as $$
	select r ->> 'mode' || ':' || coalesce((select string_agg(
	    substr(i ->> 'slug', 3), ' ' order by n)
	    from json_array_elements(r -> 'items') with ordinality x (i, n)),
	    '') from (select search_products(wanted, mode, f, sort, null,
	    100)::json as r) s
$$;

select is(pg_temp.found(q.q), q.wanted, 'searching ' || q.q) from (values
    ('xylotomatoes', 'fulltext:2 5 1'),
    ('XYLOTOMATO soup', 'fulltext:5'),
    ('creme xylobrulee', 'fulltext:3'),
    ('crème XYLOBRÛLÉE', 'fulltext:3'),
    ('zephyrine xylotomatoes', 'fulltext:1'),
    ('xylotom', 'partial:2 5 1'),
    ('lotoma', 'partial:2 5 1'),
    ('xylowaffle diet', 'fulltext:4'),
    ('S-4.X', 'fulltext:4'),
    ('%', 'fulltext:'), ('---', 'fulltext:'), ('"', 'fulltext:'))
    q (q, wanted);
select is(pg_temp.found('xylotomato -soup', 'fulltext'), 'fulltext:2 1',
    'without a word');
select is(pg_temp.found('"xylotomato paste"', 'fulltext'), 'fulltext:2',
    'words in a row');
select is(split_part(pg_temp.found('xylowafle'), ':', 1) || ' ' ||
    (pg_temp.found('xylowafle') ~ '\y4\y')::text, 'fuzzy true',
    'misspelt');
select is(pg_temp.found('xylowaffle', 'fulltext'), 'fulltext:4', 'its mode');
select lives_ok(format('select search_products(%L, ''auto'', null,
    ''relevance'', null, 5)', q), 'survives ' || q)
from (values (''' or 1=1 --'), ('a & | ! ( ) : * <->'), ('\'), ('%_%'),
    ('$$'), (E'tab\there'), (repeat('x ', 100)), ('ü'), ('日本語'),
    ('&&'), ('a:*b'), ('"unclosed')) q (q);

-- Filters go with it.
select is(pg_temp.found('xylotomato', 'auto', filter_of('s-dog', null, null,
    null, null, null, null, null)), 'fuzzy:', 'not in that category')
where pg_temp.found('xylotomato', 'fulltext', filter_of('s-dog', null, null,
    null, null, null, null, null)) = 'fulltext:';
select is(pg_temp.found('xylotomato', 'fulltext', filter_of(null, null, 200,
    500, null, null, null, null), 'price_desc'), 'fulltext:5 2',
    'by price, dearest first');
select is(pg_temp.found('xylotomato', 'fulltext', filter_of(null,
    '["s-brand"]', null, null, null, null, null, null)), 'fulltext:1',
    'by brand');
select is(pg_temp.found('xylotomato', 'fulltext', filter_of(null, null, null,
    null, '["s_kind:red", "s_grade:b"]', null, null, null)),
    'fulltext:2 5', 'attributes must all fit');
select is(pg_temp.found('xylotomato', 'fulltext', filter_of(null, null, null,
    null, '["s_grade:a", "s_grade:b"]', null, null, null)),
    'fulltext:2 5 1', 'values of one are alternatives');
select is(pg_temp.found('xylotomato', 'fulltext', filter_of('s-none', null,
    null, null, null, null, null, null)), 'fulltext:',
    'an unknown category finds nothing');

-- Facets are what counting says; a facet leaves out its own filter.
create function pg_temp.facet(f product_filter, what text) returns text
language sql as $$
	select case what when 'total' then c.total::text when 'brands' then (
	    select string_agg(b ->> 'slug' || '=' || (b ->> 'count'), ' ')
	    from json_array_elements(c.body::json -> 'brands') b)
	when 'price' then c.body::json -> 'price' -> 'min' ->> 'amount' || '-'
	    || (c.body::json -> 'price' -> 'max' ->> 'amount')
	when 'categories' then (select string_agg(b ->> 'slug' || '=' ||
	    (b ->> 'count'), ' ' order by b ->> 'slug')
	    from json_array_elements(c.body::json -> 'categories') b)
	else (select string_agg(v ->> 'value' || '=' || (v ->> 'count'), ' '
	    order by v ->> 'value')
	    from json_array_elements(c.body::json -> 'attributes') a,
	    json_array_elements(a -> 'values') v where a ->> 'name' = what)
	end
	from found_facets(f) c
$$;
select is(pg_temp.facet(filter_of(null, f.brands::json, f.least, null,
    f.pairs::json, null, null, 's-tag'), f.what), f.wanted, f.about)
from (values
    (null, null, null, 'total', '5', 'all'),
    (null, null, null, 'categories', 's-cat=3 s-dog=2', 'their categories'),
    (null, null, null, 's_kind', 'red=3 white=2', 'their kinds'),
    (null, null, null, 'price', '100-500', 'their prices'),
    ('["s-brand"]', null, null, 'total', '2', 'of a brand'),
    ('["s-brand"]', null, null, 'brands', 's-brand=2',
	'brands without the choice of one'),
    ('["s-brand"]', null, null, 's_kind', 'red=1 white=1', 'kinds of it'),
    (null, 300, null, 'total', '3', 'from a price'),
    (null, 300, null, 'price', '100-500', 'prices without that'),
    (null, 300, null, 's_kind', 'red=1 white=2', 'kinds from it'),
    (null, null, '["s_kind:red"]', 'total', '3', 'of a kind'),
    (null, null, '["s_kind:red"]', 's_kind', 'red=3 white=2',
	'kinds without the choice of one'),
    (null, null, '["s_kind:red"]', 's_grade', 'a=1 b=2', 'grades of it'),
    (null, null, '["s_kind:red", "s_grade:b"]', 's_kind', 'red=2 white=1',
	'kinds of the grade'),
    (null, null, '["s_kind:red", "s_grade:b"]', 's_grade', 'a=1 b=2',
	'grades of the kind'))
    f (brands, least, pairs, what, wanted, about);

-- Pages: none twice, none missed, though others are added meanwhile.
create function pg_temp.walk(sort text, adding boolean) returns text
language plpgsql as $$
declare
	page json;
	cursor text;
	seen text[] := '{}';
begin
	for n in 1 .. 20 loop
		page := product_list(filter_of(null, null, null, null, null,
		    null, null, 's-tag'), sort, cursor, 2);
		seen := seen || array(select i ->> 'slug'
		    from json_array_elements(page -> 'items') i);
		exit when page ->> 'next' is null;
		cursor := convert_from(decode(translate(page ->> 'next', '-_',
		    '+/') || repeat('=', (4 - length(page ->> 'next') % 4) % 4),
		    'base64'), 'UTF8');
		if adding then
			insert into product (slug, name, status, tags) values
			('s-add-' || sort || n, 'S added', 'active', '{s-tag}');
			insert into variant (product_id, sku, price_amount,
			    price_currency) select id, 'SADD-' || sort || n,
			    250, 'EUR' from product
			where slug = 's-add-' || sort || n;
		end if;
	end loop;
	return (select count(*) || ' ' || count(distinct s) from unnest(seen) s
	    where s ~ '^s-[0-9]$');
end
$$;
select is(pg_temp.walk(replace(s, '_', '_'), false), '5 5', 'pages by ' || s)
from unnest(array['newest', 'price_asc', 'price_desc', 'name', 'rating']) s;
update product set tags = '{}' where slug like 's-add-%';
create function pg_temp.walk_adding(sort text) returns text
language plpgsql as $$
begin
	return pg_temp.walk(sort, true);
exception when check_violation then
	return sqlerrm;
end
$$;
select is(pg_temp.walk_adding('newest'), '5 5', 'while others are added');
update product set tags = '{}' where slug like 's-add-%';
select is(pg_temp.walk_adding('name'), '5 5', 'by name too');

-- Cursors that are none of ours.
create function pg_temp.refused(cursor text) returns text
language plpgsql as $$
begin
	perform product_list(null, 'price_asc', cursor, 2);
	return 'taken';
exception when others then
	return sqlstate;
end
$$;
select is(pg_temp.refused(c), 'UK423', 'no cursor: ' || c) from (values
    ('{}'), ('[]'), ('[1,2]'), ('["newest",null,1]'), ('["price_asc",1,"x"]'),
    ('["price_asc","1",1]'), ('["price_asc",null,1]'), ('nonsense'))
    c (c);
select is(pg_temp.refused('["price_asc",1e400,1]'), '22003',
    'a number too large');

-- What is kept.
do $$
begin
	perform search_products('Xylotomató  paste', 'auto', null, 'relevance',
	    null, 5) from generate_series(1, 3);
end
$$;
select is(count(*), 3::bigint, 'searches are kept')
from search_log where query = 'Xylotomató  paste' and mode = 'fulltext'
and found = 1;
select is(searches || ' ' || found, '4 1', 'and counted by their words')
from search_term where term = 'xylotomato paste';
select is(search_suggestions('xylotomató p', 5) ->> 'searches',
    '["xylotomato paste"]', 'others'' searches are suggested');
select is((select string_agg(p ->> 'slug', ' ') from json_array_elements(
    search_suggestions('xylotomat', 5) -> 'products') p), 's-2 s-5 s-1',
    'products, as one types');
select is((select string_agg(p ->> 'slug', ' ') from json_array_elements(
    search_suggestions('peel', 5) -> 'products') p), 's-1',
    'by any of their words');
select is(search_suggestions('zeph', 5) -> 'brands' -> 0 ->> 'slug',
    's-brand', 'brands');
select is(search_suggestions('s do', 5) -> 'categories' -> 0 ->> 'slug',
    's-dog', 'categories');
select is(json_array_length(search_suggestions('%', 5) -> 'products'), 0,
    'nothing for a sign');

-- The bot's way.
select is((bot_search(b.q, b.place, b.low, b.high, b.partial, b.fuzzy, null,
    9)::json ->> 'mode') || ' ' || (bot_search(b.q, b.place, b.low, b.high,
    b.partial, b.fuzzy, null, 9)::json ->> 'total'), b.wanted, b.about)
from (values
    ('xylotomato', null, null, null, null, null, 'fulltext 3', 'words'),
    ('xylotomato', 'S Cat', 1.5, 2.0, null, null, 'fulltext 1',
	'a category by name and a price'),
    ('xylotom', null, null, null, false, false, 'fulltext 0', 'words alone'),
    ('xylotom', null, null, null, true, false, 'partial 3', 'parts'),
    (null, 's-dog', null, null, null, null, 'list 2', 'no words'))
    b (q, place, low, high, partial, fuzzy, wanted, about);

select * from finish();
rollback;
