-- SPDX-License-Identifier: ISC
-- The list of customers where there are more than it walks through, and what
-- misspelt words are taken for.
begin;
select no_plan();

select set_config('duka.permissions', ' customers.read ', true);
delete from customer_figures;
delete from customer_words;
delete from customer_word;
-- The oldest 150 of 12,000 are what is looked for; nobody newer is.
set local session_replication_role = replica;
create temp table many as
select gen_random_uuid() as id, i, now() - make_interval(mins => i) as at
from generate_series(1, 12000) i;
insert into customer (id, email, given_name, created_at)
select id, 'many' || i || '@desk.example', i, at from many;
insert into customer_figures (customer_id, number, name_key, verified,
    spent, registered_at)
select m.id, c.number, to_char(m.i, 'fm00000'), m.i > 11850, m.i, m.at
from many m join customer c on c.id = m.id;
insert into customer_words (customer_id, words)
select id, ' word' || i || case when i > 11850 then ' old' else '' end || ' '
from many;
set local session_replication_role = origin;
analyze customer_figures, customer_words;

-- The names on a page, and what is said of all; and the page after it.
create function pg_temp.page(w jsonb, after text default null) returns text
language sql as $$
	select (select string_agg(i ->> 'given_name', ' ' order by n)
	    from jsonb_array_elements(p -> 'items') with ordinality u (i, n))
	    || coalesce(' of ' || (p ->> 'total') || case when (p ->>
	    'more')::boolean then '+' else '' end, '')
	from (select desk_customers(w, after, 3)::jsonb) x (p)
$$;
create function pg_temp.next(w jsonb) returns text language sql as $$
	select pg_temp.page(w, convert_from(decode(rpad(translate(n, '-_',
	    '+/'), (4 * ceil(length(n) / 4.0))::integer, '='), 'base64'),
	    'utf-8'))
	from (select desk_customers(w, null, 3) ->> 'next') x (n)
$$;
select is(pg_temp.page('{}'), '1 2 3 of 10000+', 'all are a walk');
select is(pg_temp.next('{}'), '4 5 6', 'and the next page');
select is(pg_temp.page('{"sort": "oldest"}'), '12000 11999 11998 of 10000+',
    'the other way round');
select is(customers_walked('{"verified": true}', customers_sorted('newest'),
    null, 4), null, 'some are further than one walks');
select is(pg_temp.page('{"verified": true}'), '11851 11852 11853 of 150',
    'and are found');
select is(pg_temp.next('{"verified": true}'), '11854 11855 11856',
    'page by page');
select is(pg_temp.page('{"verified": true, "sort": "spent"}'),
    '12000 11999 11998 of 150', 'by what they spent, who walk first');
select is(pg_temp.page('{"q": "old"}'), '11851 11852 11853 of 150',
    'a search finds them');
select is(pg_temp.next('{"q": "old"}'), '11854 11855 11856', 'by pages');
select is(pg_temp.page('{"q": "old", "verified": false}'), null,
    'a search that finds nobody who fits');
select is(pg_temp.page('{"q": "word"}'), '1 2 3 of 10000+',
    'one that finds nearly all');
select is(pg_temp.next('{"q": "word"}'), '4 5 6', 'and its next page');
update setting set value = '100' where key = 'desk.count_most';
select is(pg_temp.page('{"verified": true}'), '11851 11852 11853 of 100+',
    'more than are counted are sorted');
select is(pg_temp.next('{"verified": true}'), '11854 11855 11856',
    'by pages too');
select is(pg_temp.page('{"q": "old", "sort": "name"}'),
    '11851 11852 11853 of 100+', 'searched ones as well');

insert into customer_word (word) values ('mbaier'), ('macier'), ('martier'),
    ('dubier'), ('amaier'), ('murier'), ('farier'), ('galier'), ('hanier'),
    ('larier'), ('desk');
select is((words_like('mabier'))[1:2], '{macier,mbaier}',
    'two in each other''s place are one fault, as another letter is');
select is(cardinality(words_like('mabier')), 6, 'no more than six');
select is(term_near('dsek', false), '{%dsek%,"% desk%"}',
    'a name''s word begins');
select is(term_near('dsek.', true), '{%dsek.%,"% desk%",%@desk%,%.desk%}',
    'a domain''s may be any part');
select is(terms_wanted('{"a_b%"}', true), '{"n1": ["%a\\_b\\%%"]}',
    'signs of LIKE are signs');
update customer_words set words = ' mbaier ' where words like ' word7 %';
select is(pg_temp.page('{"q": "mabier"}'), '7 of 1', 'so one is found');
select is(pg_temp.page('{"q": "mabier", "verified": true}'), null,
    'but not who doesn''t fit');

select * from finish();
rollback;
