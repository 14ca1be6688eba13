-- SPDX-License-Identifier: ISC
-- The catalogue's guards: constraints, the tree, who sees and writes what,
-- and what staff's functions do.
begin;
select no_plan();

-- Runs a query as a role with permissions; answers its value or SQLSTATE.
create function pg_temp.asked(role text, permissions text, query text)
returns text language plpgsql as $$
declare
	answer text;
begin
	perform set_config('duka.permissions', ' ' || permissions || ' ', true),
	    set_config('role', role, true);
	begin
		execute query into answer;
	exception when others then
		answer := sqlstate;
	end;
	perform set_config('role', 'none', true),
	    set_config('duka.permissions', '', true);
	return answer;
end
$$;
create function pg_temp.staff(query text) returns text language sql as $$
	select pg_temp.asked('duka_catalog', 'catalog.read catalog.write',
	    query)
$$;
create function pg_temp.anyone(query text) returns text language sql as $$
	select pg_temp.asked('duka_catalog', '', query)
$$;

-- Names and money.
select is(slug_of('  Crème Brûlée & Co. '), 'creme-brulee-co', 'a slug');
select matches(slug_of('...'), '^n[0-9a-f]{12}$', 'a slug of nothing');
select is(currency_digits('JPY'), 0, 'yen have no minor unit');
select is(currency_digits('KWD'), 3, 'dinars have three digits');
select is(currency_digits('EUR'), 2, 'euros have two');
select is(plain('ÀÉÎöü'), 'aeiou', 'plain text');

-- Constraints, one by one.
insert into category (slug, name) values ('t-root', 'T root');
insert into category (slug, name, parent_id)
select 't-leaf', 'T leaf', id from category where slug = 't-root';
insert into brand (slug, name) values ('t-brand', 'T brand');
insert into product (slug, name, status, category_id, brand_id)
select 't-one', 'T one', 'active', c.id, b.id
from category c, brand b where c.slug = 't-leaf' and b.slug = 't-brand';
insert into variant (product_id, sku, price_amount, price_currency)
select id, 'T-1', 1250, 'EUR' from product where slug = 't-one';

create function pg_temp.broken(statement text) returns text
language plpgsql as $$
declare
	name text;
begin
	execute statement;
	return 'nothing';
exception when integrity_constraint_violation then
	get stacked diagnostics name = constraint_name;
	return name;
end
$$;

select is(pg_temp.broken(b.statement), b.name, b.name) from (values
    ('insert into category (slug, name) values (''T'', ''x'')',
	'category_slug_form'),
    ('insert into category (slug, name) values (''t-root'', ''x'')',
	'category_slug_key'),
    ('insert into category (slug, name) values (''t-x'', '' x'')',
	'category_name_trimmed'),
    ('insert into category (slug, name) values (''t-x'', '''')',
	'category_name_length'),
    ('insert into category (slug, name) values (''t-x'', ''t RÖOT'')',
	'category_name_key'),
    ('insert into category (slug, name, position) values (''t-x'', ''x'', -1)',
	'category_position_range'),
    ('update category set path = ''{}'' where slug = ''t-root''',
	'category_depth'),
    ('update category set path = id || path where slug = ''t-root''',
	'category_path_ends_here'),
    ('update category set path = array[gen_random_uuid(), id]'
	' where slug = ''t-root''', 'category_path_parent'),
    ('delete from category where slug = ''t-root''', 'category_parent_fkey'),
    ('delete from category where slug = ''t-leaf''',
	'product_category_fkey'),
    ('insert into brand (slug, name) values (''t-b2'', ''T BRAND'')',
	'brand_name_key'),
    ('insert into brand (slug, name) values (''t--b'', ''x'')',
	'brand_slug_form'),
    ('delete from brand where slug = ''t-brand''', 'product_brand_fkey'),
    ('insert into product (slug, name) values (''t-one'', ''x'')',
	'product_slug_key'),
    ('insert into product (slug, name) values (''-'', ''x'')',
	'product_slug_form'),
    ('update product set tax_class = ''free'' where slug = ''t-one''',
	'product_tax_class_value'),
    ('update product set status = ''gone'' where slug = ''t-one''',
	'product_status_value'),
    ('update product set attributes = ''[]'' where slug = ''t-one''',
	'product_attributes_form'),
    ('update product set attributes = ''{"A":1}'' where slug = ''t-one''',
	'product_attributes_form'),
    ('update product set attributes = ''{"a":[]}'' where slug = ''t-one''',
	'product_attributes_form'),
    ('update product set attributes = ''{"a":""}'' where slug = ''t-one''',
	'product_attributes_form'),
    ('update product set tags = ''{" a"}'' where slug = ''t-one''',
	'product_tags_form'),
    ('update product set tags = array_fill(''a''::text, array[31])'
	' where slug = ''t-one''', 'product_tags_form'),
    ('update product set rating = 0, review_count = 1'
	' where slug = ''t-one''', 'product_rating_range'),
    ('update product set rating = 4 where slug = ''t-one''',
	'product_rating_whole'),
    ('update variant set price_amount = -1 where sku = ''T-1''',
	'variant_price_range'),
    ('update variant set price_currency = ''eur'' where sku = ''T-1''',
	'variant_currency_form'),
    ('update variant set compare_at_amount = 1250 where sku = ''T-1''',
	'variant_compare_at_range'),
    ('update variant set weight_grams = -1 where sku = ''T-1''',
	'variant_weight_range'),
    ('update variant set sku = ''T 1'' where sku = ''T-1''',
	'variant_sku_form'),
    ('insert into variant (product_id, sku, price_amount, price_currency)'
	' select product_id, ''T-1'', 1, ''EUR'' from variant'
	' where sku = ''T-1''', 'variant_sku_key'),
    ('insert into variant (product_id, sku, price_amount, price_currency)'
	' select product_id, ''T-2'', 1, ''EUR'' from variant'
	' where sku = ''T-1''', 'variant_options_key'),
    ('insert into product_image (product_id, url)'
	' select id, ''javascript:alert(1)'' from product'
	' where slug = ''t-one''', 'product_image_url_form'),
    ('insert into product_image (product_id, url)'
	' select id, ''//elsewhere/x.png'' from product'
	' where slug = ''t-one''', 'product_image_url_form')
    ) b (statement, name);

-- The tree.
select is(path, array[(select id from category where slug = 't-root'), id],
    'a path is from the root to itself')
from category where slug = 't-leaf';
select is(pg_temp.staff(
    'select body from category_change(''t-root'', 1,'
    ' ''{"parent": "t-leaf"}'')'), 'UK301', 'no circle');
select is(pg_temp.staff(
    'select body from category_change(''t-root'', 1,'
    ' ''{"parent": "t-root"}'')'), 'UK301', 'not below itself');
insert into category (slug, name) values ('t-other', 'T other');
update category set parent_id = (select id from category
    where slug = 't-other') where slug = 't-root';
select is((select string_agg(c.slug, ' ' order by u.n)
    from category l, unnest(l.path) with ordinality u (id, n)
    join category c on c.id = u.id where l.slug = 't-leaf'),
    't-other t-root t-leaf', 'what is below moves along');
do $$
begin
	for n in 1 .. 12 loop
		insert into category (slug, name, parent_id)
		values ('t-deep-' || n, 'T deep', (select id from category
		    where slug = 't-deep-' || n - 1));
	end loop;
end
$$;
select is(pg_temp.staff('select body from category_create('
    '''{"name": "too deep", "parent": "t-deep-12"}'')'), 'UK422',
    'twelve levels at most');
select is(pg_temp.staff('select body from category_change(''t-deep-1'', 1,'
    ' ''{"parent": "t-root"}'')'), 'UK422',
    'nor by moving what is above');

-- Who sees what.
insert into product (slug, name, status) values
('t-draft', 'T draft', 'draft'), ('t-gone', 'T gone', 'archived');
insert into variant (product_id, sku, price_amount, price_currency)
select id, upper(slug), 100, 'EUR' from product
where slug in ('t-draft', 't-gone');
insert into product_image (product_id, url)
select id, '/x.png' from product where slug in ('t-one', 't-draft');

select is(pg_temp.anyone('select count(*) from product
    where slug like ''t-%'''), '1', 'the public sees what is for sale');
select is(pg_temp.anyone('select count(*) from variant
    where sku like ''T-%'''), '1', 'its variants alone');
select is(pg_temp.anyone('select count(*) from product_image
    where url = ''/x.png'''), '1', 'its images alone');
select is(pg_temp.staff('select count(*) from product
    where slug like ''t-%'''), '3', 'staff see the rest too');
select is(pg_temp.asked('duka_catalog', 'orders.read',
    'select count(*) from product where slug like ''t-%'''), '1',
    'staff without the permission do not');
select is(pg_temp.anyone('select body from product_page
    where slug = ''t-draft'''), null, 'a draft has no page');
select is(pg_temp.asked('duka_search', 'catalog.read',
    'select count(*) from product'), '42501', 'search reads no products');
select is(pg_temp.asked(r.role, 'catalog.write', q.query), '42501',
    r.role || ' does not: ' || q.query)
from (values ('duka_search'), ('duka_courier'), ('duka_reports'),
    ('duka_auth')) r (role), (values
    ('insert into product (slug, name) values (''t-x'', ''x'') returning 1'),
    ('update variant set price_amount = 1 returning 1'),
    ('delete from category returning 1'),
    ('update product_index set price = 1 returning 1'),
    ('delete from product_page returning 1'),
    ('select product_import_run(''rows'', null, null)')) q (query);
select is(pg_temp.staff(q.query), '42501', 'nobody: ' || q.query)
from (values
    ('update product_index set price = 1 returning 1'),
    ('delete from product_page returning 1'),
    ('update category_facets set total = 1 returning 1'),
    ('update category set path = ''{}'' returning 1'),
    ('update product set rating = 5 returning 1'),
    ('delete from product returning 1'),
    ('select count(*) from product_import'),
    ('select count(*) from search_log'),
    ('truncate product')) q (query);
select is(pg_temp.anyone(q.query), q.answer, 'not without permission: '
    || q.query)
from (values
    ('insert into product (slug, name) values (''t-x'', ''x'') returning 1',
	'42501'),
    ('update product set name = ''x'' where slug = ''t-one'' returning 1',
	null),
    ('delete from category where slug = ''t-deep-12'' returning 1', null),
    ('insert into product_import (sku) values (''x'')', '42501'),
    ('select product_import_begin()', 'UK403'),
    ('select product_import_run(''rows'', null, null)', 'UK403'))
    q (query, answer);
select is((select name from product where slug = 't-one'), 'T one',
    'and nothing came of it');

-- What staff's functions do.
select isnt(pg_temp.staff($$select body from product_create('{"name":
    "T two", "status": "active", "category": "t-leaf", "brand": "t-brand",
    "tags": ["b", "a", "b"], "attributes": {"origin": "Ghana", "grams": 5},
    "images": [{"url": "/two.png", "alt": "Two"}],
    "variants": [{"sku": "T2-A", "price": {"amount": 500, "currency": "EUR"},
    "options": {"size": 1}}, {"sku": "T2-B", "options": {"size": "2"},
    "price": {"amount": 900, "currency": "EUR"},
    "compare_at": {"amount": 1000, "currency": "EUR"}}]}')$$), null,
    'a product is created');
select is(p.slug || ' ' || p.tags::text || ' ' || count(v.*), 't-two {b,a} 2',
    'with its slug, tags and variants')
from product p join variant v on v.product_id = p.id
where p.slug = 't-two' group by p.id;
select is(options, '{"size": "1"}', 'options are text')
from variant where sku = 'T2-A';
select is(pg_temp.staff($$select body ->> 'slug' from product_create('{"name":
    "T two", "variants": [{"sku": "T2-C", "price": {"amount": 1,
    "currency": "EUR"}}]}')$$), 't-two-2', 'a taken slug is counted on');
select is(pg_temp.staff(format($$select body from product_create('{"name":
    "T x", "variants": [{"sku": "TX", "price": {"amount": 1, "currency":
    "EUR"}}], %s}')$$, q.more)), q.state, q.about)
from (values
    ('"category": "t-none"', 'UK422', 'an unknown category'),
    ('"brand": "t-none"', 'UK422', 'an unknown brand'),
    ('"slug": "t-two"', '23505', 'a slug that is taken'),
    ('"tax_class": "none"', '23514', 'an unknown tax class')
    ) q (more, state, about);
select is(pg_temp.staff($$select body from product_create('{"name": "T x",
    "variants": [{"sku": "TX", "price": {"amount": 1,
    "currency": "USD"}}]}')$$), 'UK305', 'prices are in one currency');

select is(pg_temp.staff(format($$select version from product_change(%L, 1,
    '{"name": "T two b", "tags": []}')$$, id)), '2', 'a change')
from product where slug = 't-two';
select is(pg_temp.staff(format($$select version from product_change(%L, 1,
    '{"name": "T two c"}')$$, id)), 'UK412', 'by another version')
from product where slug = 't-two';
select is(name || array_length(tags, 1), null, 'tags are cleared')
from product where slug = 't-two';
select is(category_id is not null, true, 'what is not named stays')
from product where slug = 't-two';
select is(pg_temp.staff(format($$select version from product_change(%L, 2,
    '{"category": null}')$$, id)), '3', 'null clears')
from product where slug = 't-two';
select is(category_id, null, 'the category') from product
where slug = 't-two';
select is(pg_temp.staff(format($$select version from product_change(%L, 1,
    '{}')$$, gen_random_uuid())), null, 'nothing there, no row');

select is(pg_temp.staff(format(
    'select variant_archive(%L, %L, 1)', product_id, id)), '1',
    'a variant is archived') from variant where sku = 'T2-A';
select is(pg_temp.staff(format(
    'select variant_archive(%L, %L, 1)', product_id, id)), 'UK302',
    'not the last one of a product for sale')
from variant where sku = 'T2-B';
select is(pg_temp.staff(format('select variant_archive(%L, %L, 1)',
    (select id from product where slug = 't-one'), id)), null,
    'not by another product') from variant where sku = 'T2-B';
select is(pg_temp.staff(format($$select version from variant_change(%L, %L,
    1, '{"price": {"amount": 800, "currency": "EUR"}, "compare_at": null}')$$,
    product_id, id)), '2', 'a variant is changed')
from variant where sku = 'T2-B';
select is(price_amount || ' ' || (compare_at_amount is null), '800 true',
    'its price and what it was compared to') from variant where sku = 'T2-B';
select is(pg_temp.staff(format($$select version from product_images(%L, 3,
    '[{"url": "/x.png", "variant_id": "%s"}]')$$, p.id, v.id)), 'UK422',
    'no image of another product''s variant')
from product p, variant v where p.slug = 't-two' and v.sku = 'T-1';
select is(pg_temp.staff(format($$select version from product_images(%L, 3,
    '[{"url": "/b.png"}, {"url": "/a.png"}]')$$, id)), '4', 'new images')
from product where slug = 't-two';
select is(string_agg(i.url, ' ' order by i.position), '/b.png /a.png',
    'in their order')
from product p join product_image i on i.product_id = p.id
where p.slug = 't-two';
select is(pg_temp.staff(format('select product_archive(%L, 4)', id)), '1',
    'a product is archived') from product where slug = 't-two';
select is(count(*), 0::bigint, 'and is no longer for sale')
from product_index i join product p on p.id = i.product_id
where p.slug = 't-two';

-- Attributes with a type.
select is(pg_temp.staff($$select version from attribute_put('t_grams', 0,
    '{"label": "Grams", "type": "number", "unit": "g"}')$$), '1',
    'an attribute is defined');
select is(pg_temp.staff($$select body from product_create('{"name": "T x",
    "attributes": {"t_grams": "many"}, "variants": [{"sku": "TX", "price":
    {"amount": 1, "currency": "EUR"}}]}')$$), 'UK303', 'and has its type');
select is(pg_temp.staff($$select version from attribute_put('origin', null,
    '{"label": "Origin", "type": "number"}')$$), 'UK303',
    'none that products contradict');

-- The log of staff's changes.
insert into staff (id, email, name) values
('00000000-0000-4000-8000-00000000cafe', 't@example.org', 'T');
do $$
begin
	perform set_config('duka.staff',
	    '00000000-0000-4000-8000-00000000cafe', true);
end
$$;
update brand set name = 'T brand 2' where slug = 't-brand';
select is(a.before ->> 'name' || ' ' || (a.after ->> 'name'),
    'T brand T brand 2', 'changes are in the audit log')
from audit_log a where a.table_name = 'brand'
and a.staff_id = '00000000-0000-4000-8000-00000000cafe';

select * from finish();
rollback;
