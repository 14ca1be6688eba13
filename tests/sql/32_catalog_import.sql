-- SPDX-License-Identifier: ISC
-- Products in and out as CSV: cells, faults, all or nothing, row by row, and
-- what goes out comes in again as it was.
begin;
select no_plan();

-- Cells that a spreadsheet would take for formulas, and back.
select is(csv_cell(c.cell), c.out, 'out: ' || c.cell) from (values
    ('=1+1', '''=1+1'), ('+1', '''+1'), ('-1', '''-1'), ('@a', '''@a'),
    (E'\tx', E'''\tx'), ('＝1', '''＝1'), ('＋1', '''＋1'), ('－1', '''－1'),
    ('＠a', '''＠a'), (E'\n=1', E'''\n=1'), ('''=a', '''''=a'), ('''tis', '''tis'),
    ('a=1', 'a=1')) c (cell, out);
select is(cell_read(csv_cell(c.cell)), c.cell, 'and back: ' || c.cell)
from (values ('=1+1'), ('＝1'), ('＋1'), ('－1'), ('＠a'), ('+1'), ('-1'), ('@a'), ('''=a'), ('''''@'),
    ('''tis'), ('a')) c (cell);
select is(list_read(list_written(l.parts, l.mark), l.mark), l.parts,
    'a list and back: ' || l.parts::text)
from (values (array['a', 'b'], '|'), (array['a|b', '\', '\|'], '|'),
    (array['a > b', 'c'], '>'), (array['\\', 'x'], '>')) l (parts, mark);
select is(attributes_read(attributes_written(a.map)), a.map,
    'attributes and back: ' || a.map::text)
from (values ('{"a": 1.5, "b": true, "c": "x"}'::jsonb),
    ('{"a": "1.5", "b": "true", "c": "\"x\"", "d": "a|b=c"}'),
    ('{"a": -2, "z": "01"}')) a (map);

-- Lines as COPY brings them.
create function pg_temp.begin_lines() returns void language plpgsql as $$
begin
	perform set_config('duka.permissions',
	    ' catalog.read catalog.write ', true);
	perform product_import_begin();
end
$$;
create function pg_temp.line(sku text, product text, name text, price text,
    more jsonb default '{}') returns void language sql as $$
	insert into product_import_csv (sku, product, name, price, description,
	    category, brand, option_name, option_value, currency, tax_class,
	    weight_grams, stock, tags, images, attributes, status)
	values (sku, product, name, price, more ->> 'description',
	    more ->> 'category', more ->> 'brand', more ->> 'option_name',
	    more ->> 'option_value', more ->> 'currency', more ->> 'tax_class',
	    more ->> 'weight_grams', more ->> 'stock', more ->> 'tags',
	    more ->> 'images', more ->> 'attributes', more ->> 'status')
$$;
create function pg_temp.quietly(statement text) returns text
language plpgsql as $$
declare
	answer text;
begin
	execute statement into answer;
	return answer;
exception when others then
	return sqlstate;
end
$$;
-- What the import finds wrong with one line.
create function pg_temp.faults(sku text, product text, name text, price text,
    more jsonb default '{}') returns text language plpgsql as $$
declare
	answer jsonb;
begin
	perform pg_temp.begin_lines();
	perform pg_temp.line(sku, product, name, price, more);
	answer := product_import_run('tell', null, null);
	perform product_import_begin();
	return (select string_agg(f ->> 'line' || ' ' || (f ->> 'field'), ', ')
	    from jsonb_array_elements(answer -> 'faults') f);
end
$$;

select is(pg_temp.faults(f.sku, f.product, f.name, f.price, f.more::jsonb),
    f.wanted, coalesce(f.wanted, 'nothing') || ' wrong with ' ||
    concat_ws(',', f.sku, f.product, f.name, f.price, f.more))
from (values
    (null, 'i-a', 'A', '1', '{}', '2 sku'),
    ('a b', 'i-a', 'A', '1', '{}', '2 sku'),
    ('I-A', 'I A', 'A', '1', '{}', '2 product'),
    ('I-A', 'i-a', null, '1', '{}', '2 name'),
    ('I-A', 'i-a', repeat('x', 201), '1', '{}', '2 name'),
    ('I-A', 'i-a', 'A', null, '{}', '2 price'),
    ('I-A', 'i-a', 'A', '1,50', '{}', '2 price'),
    ('I-A', 'i-a', 'A', '-1', '{}', '2 price'),
    ('I-A', 'i-a', 'A', '1e3', '{}', '2 price'),
    ('I-A', 'i-a', 'A', '1.005', '{}', '2 price'),
    ('I-A', 'i-a', 'A', '12345678901', '{}', '2 price'),
    ('I-A', 'i-a', 'A', '1', '{"currency": "USD"}', '2 currency'),
    ('I-A', 'i-a', 'A', '1', '{"tax_class": "none"}', '2 tax_class'),
    ('I-A', 'i-a', 'A', '1', '{"weight_grams": "1.5"}', '2 weight_grams'),
    ('I-A', 'i-a', 'A', '1', '{"stock": "many"}', '2 stock'),
    ('I-A', 'i-a', 'A', '1', '{"stock": "-1"}', '2 stock'),
    ('I-A', 'i-a', 'A', '1', '{"status": "sold"}', '2 status'),
    ('I-A', 'i-a', 'A', '1', '{"attributes": "size"}', '2 attributes'),
    ('I-A', 'i-a', 'A', '1', '{"attributes": "Size=1"}', '2 attributes'),
    ('I-A', 'i-a', 'A', '1', '{"attributes": "a=1|a=2"}', '2 attributes'),
    ('I-A', 'i-a', 'A', '1', '{"images": "ftp://x/y"}', '2 images'),
    ('I-A', 'i-a', 'A', '1', '{"images": "javascript:x"}', '2 images'),
    ('I-A', 'i-a', 'A', '1', '{"option_name": "size"}', '2 option_name'),
    ('I-A', 'i-a', 'A', '1', '{"option_value": "L"}', '2 option_name'),
    ('I-A', 'i-a', null, 'x', '{"stock": "y"}', '2 name, 2 price, 2 stock')
    ) f (sku, product, name, price, more, wanted);
select is((select count(*) from product_import), 0::bigint,
    'nothing of a refused file stays');

-- A file with faults between its lines.
select pg_temp.begin_lines();
select pg_temp.line('I-1', 'i-one', 'One', '1.50');
select pg_temp.line('I-1', 'i-two', 'Two', '2');
select pg_temp.line('I-3', 'i-one', 'Other', '3', '{"option_name": "a",
    "option_value": "b"}');
select pg_temp.line('I-4', 'i-one', 'One', '3');
select pg_temp.line('I-5', 'i-five', 'Five', '5', '{"stock": "7",
    "category": "I top > I mid > I low", "brand": "I maker", "tags": "x|y|x",
    "attributes": "origin=Ghana|grams=5|fresh=true", "description": "=cmd"}');
select is(pg_temp.quietly(
    $$select product_import_run('all', null, null)$$), 'UK304',
    'all or nothing');
select is((select count(*) from product where slug like 'i-%'), 0::bigint,
    'nothing');
create temp table answer as select product_import_run('rows', null, null) as a;
select is((select string_agg(f ->> 'line' || ' ' || (f ->> 'field'), ', ')
    from answer, jsonb_array_elements(a -> 'faults') f),
    '3 sku, 4 product, 5 option_value', 'row by row: the faults');
select is((select a - array['faults', 'preview'] from answer), '{"lines": 5, "taken": 2,
    "created": 2, "changed": 0, "fault_count": 3}'::jsonb, 'and the rest');
select is((select count(*) from product_import)
    + (select count(*) from product_import_fault), 0::bigint,
    'nothing is left standing');
select is(v.price_amount || ' ' || v.price_currency || ' ' || p.tags::text
    || ' ' || p.attributes::text || ' ' || p.description,
    '500 EUR {x,y} {"fresh": true, "grams": 5, "origin": "Ghana"} =cmd',
    'what it said') from product p join variant v on v.product_id = p.id
where p.slug = 'i-five';
select is(category_names(category_id), array['I top', 'I mid', 'I low'],
    'its categories') from product where slug = 'i-five';
select is(available(id), 7, 'its stock') from variant where sku = 'I-5';
select is(i.price || ' ' || i.in_stock, '500 true', 'its place in lists')
from product_index i join product p on p.id = i.product_id
where p.slug = 'i-five';

-- Out, and in again.
create temp table file as select * from product_export
where product like 'i-%';
select is((select description from file where sku = 'I-5'), '''=cmd',
    'a formula is guarded on its way out');
create function pg_temp.again(change text) returns jsonb
language plpgsql as $$
begin
	perform pg_temp.begin_lines();
	execute 'insert into product_import_csv select sku, product, name,
	    description, category, brand, option_name, option_value, ' ||
	    change || ', tags, images, attributes, status
	    from file order by number, position';
	return product_import_run('all', null, null);
end
$$;
select is(pg_temp.again('price, currency, tax_class, weight_grams, stock'),
    '{"lines": 2, "taken": 2, "created": 0, "changed": 0, "fault_count": 0,
    "faults": [], "preview": null}'::jsonb, 'changes nothing');
select is(pg_temp.again('price, currency, tax_class, weight_grams, stock'),
    pg_temp.again('price, currency, tax_class, weight_grams, null'),
    'an empty stock leaves it');
select is(available(id), 7, 'as it was') from variant where sku = 'I-5';
select is(pg_temp.again('''9.99'', currency, tax_class, weight_grams, ''3''')
    ->> 'changed', '2', 'new prices change both');
select is(v.price_amount || ' ' || v.version || ' ' || available(v.id),
    '999 2 3', 'and their stock') from variant v where sku = 'I-5';
select is(i.price, 999::bigint, 'in lists too')
from product_index i join product p on p.id = i.product_id
where p.slug = 'i-five';

-- A SKU stays with its product, and options are one variant's.
select is(pg_temp.faults('I-5', 'i-else', 'Else', '1'), '2 sku',
    'a SKU of another product');
select is(pg_temp.faults('I-6', 'i-five', 'Five', '1', '{"category":
    "I top > I mid > I low", "brand": "I maker", "tags": "x|y",
    "attributes": "origin=Ghana|grams=5|fresh=true", "description": "''=cmd"}'),
    '2 option_value', 'another variant with the same options');

-- Money without minor units, and with three.
update setting set value = 'JPY' where key = 'shop.currency';
select is(pg_temp.faults('I-Y', 'i-yen', 'Yen', '12.5'), '2 price',
    'yen have no digits after the point');
update setting set value = 'KWD' where key = 'shop.currency';
select pg_temp.begin_lines();
select pg_temp.line('I-K', 'i-dinar', 'Dinar', '1.234');
select is(product_import_run('all', null, null) ->> 'created', '1',
    'dinars have three');
select is(price_amount, 1234::bigint, 'kept in thousandths')
from variant where sku = 'I-K';

select * from finish();
rollback;
