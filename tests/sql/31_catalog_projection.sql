-- SPDX-License-Identifier: ISC
-- What is read in public stays true under every change: a few hundred random
-- ones, and after each the projections are what the views say.
begin;
select no_plan();
select setseed(0.42);

-- How many rows of the projections are not what they should be.
create function pg_temp.untrue() returns bigint language sql as $$
	select (select count(*) from (
	    (select product_id, slug, version, variants, body
		from product_page except all select * from product_page_live)
	    union all
	    (select * from product_page_live except all
		select product_id, slug, version, variants, body
		from product_page)) p)
	+ (select count(*) from product_page p
	    where (p.availability, p.available_until) is distinct from
		(availability_json(p.variants), (select min(r.expires_at)
		from reservation r where r.variant_id = any (p.variants)
		and r.expires_at > now()))
	    and (p.available_until > now() or p.available_until is null))
	+ (select count(*) from (
	    (select product_id, number, category_path, brand_id, price, rating,
		tags, pairs, words, name_key, like_key, item
		from product_index
	    except all
	    select product_id, number, category_path, brand_id, price, rating,
		tags, pairs, words, name_key, like_key, item
		from product_index_live)
	    union all
	    (select product_id, number, category_path, brand_id, price, rating,
		tags, pairs, words, name_key, like_key, item
		from product_index_live
	    except all
	    select product_id, number, category_path, brand_id, price, rating,
		tags, pairs, words, name_key, like_key, item
		from product_index)) i)
	+ (select count(*) from product_index i
	    full join stock_of(array(select product_id from product_page)) s
	    on s.product_id = i.product_id
	    where (i.in_stock, i.back_at) is distinct from
		(s.in_stock, s.back_at))
	+ (select count(*) from (
	    (select * from category_facets except all
		select * from facets_of(array(select id from category)
		|| whole_shop()))
	    union all
	    (select * from facets_of(array(select id from category)
		|| whole_shop()) except all select * from category_facets)) f)
$$;

create function pg_temp.any_of(target text) returns uuid
language plpgsql as $$
declare
	answer uuid;
begin
	execute format('select id from %I where %s order by random() limit 1',
	    target, case target when 'variant' then 'sku' else 'slug' end
	    || ' ilike ''q%''') into answer;
	return answer;
end
$$;

do $$
begin
	for n in 1 .. 8 loop
		insert into category (slug, name, parent_id) values ('q-c' || n,
		    'Q ' || n, case when n > 2 then pg_temp.any_of('category')
		    end);
		insert into brand (slug, name) values ('q-b' || n, 'Q b' || n);
	end loop;
	for n in 1 .. 40 loop
		insert into product (slug, name, status, category_id, brand_id,
		    attributes, tags)
		values ('q-p' || n, 'Q thing ' || n, case when n % 3 > 0
		    then 'active' else 'draft' end,
		    case when n % 7 > 0 then pg_temp.any_of('category') end,
		    case when n % 5 > 0 then pg_temp.any_of('brand') end,
		    jsonb_build_object('size', n % 4,
			'made_in', 'Land ' || n % 3),
		    array['t' || n % 6]);
	end loop;
	for n in 1 .. 70 loop
		insert into variant (product_id, sku, price_amount,
		    price_currency, options)
		values (pg_temp.any_of('product'), 'Q' || n, n * 10, 'EUR',
		    jsonb_build_object('o', n::text));
	end loop;
end
$$;
select is(pg_temp.untrue(), 0::bigint, 'after everything was written');
select cmp_ok((select count(*) from product_page), '>', 10::bigint,
    'and there is something to compare');

-- One random change; answers what it was.
create function pg_temp.changed(kind integer) returns text
language plpgsql as $$
declare
	n integer := (random() * 1000)::integer;
begin
	case kind
	when 0 then update product set name = 'Q renamed ' || n
	    where id = pg_temp.any_of('product');
	when 1 then update product set status = (array['draft', 'active',
	    'archived'])[1 + n % 3] where id = pg_temp.any_of('product');
	when 2 then update product set category_id = case when n % 4 > 0
	    then pg_temp.any_of('category') end
	    where id = pg_temp.any_of('product');
	when 3 then update product set brand_id = case when n % 4 > 0
	    then pg_temp.any_of('brand') end
	    where id = pg_temp.any_of('product');
	when 4 then update product set attributes = jsonb_build_object('size',
	    n % 9, 'new_' || n % 3, n % 2 = 0), tags = array['z' || n % 3]
	    where id = pg_temp.any_of('product');
	when 5 then update product set rating = 1 + n % 5, review_count = n + 1
	    where id = pg_temp.any_of('product');
	when 6 then update variant set price_amount = n
	    where id = pg_temp.any_of('variant');
	when 7 then update variant set status = (array['active',
	    'archived'])[1 + n % 2] where id = pg_temp.any_of('variant');
	when 8 then insert into product_image (product_id, url, position)
	    values (pg_temp.any_of('product'), '/i' || n, n);
	when 9 then delete from product_image where product_id =
	    pg_temp.any_of('product');
	when 10 then update category set name = 'Q called ' || n || random(),
	    position = n where id = pg_temp.any_of('category');
	when 11 then
		begin
			update category set parent_id = case when n % 5 > 0
			    then pg_temp.any_of('category') end
			where id = pg_temp.any_of('category');
		exception when sqlstate 'UK301' or check_violation
		    or unique_violation then
			return 'a refused move';
		end;
	when 12 then update brand set name = 'Q maker ' || n || random()
	    where id = pg_temp.any_of('brand');
	when 13 then insert into attribute_definition (name, label, type,
	    filterable, position) values ('made_in', 'Made in ' || n, 'text',
	    n % 2 = 0, n) on conflict (name) do update set
	    label = excluded.label, filterable = excluded.filterable,
	    position = excluded.position;
	when 14 then perform set_stock(pg_temp.any_of('variant'), 'main',
	    n % 3, 'test');
	when 15 then update product set name = name || 's', brand_id =
	    pg_temp.any_of('brand') where slug like 'q%' and number % 2 = n % 2;
	when 16 then delete from attribute_definition where name = 'made_in';
	end case;
	return 'change ' || kind;
end
$$;

create function pg_temp.change_held(n integer) returns text
language plpgsql as $$
declare
	what text := pg_temp.changed(n % 17);
begin
	return is(pg_temp.untrue(), 0::bigint, n || ': ' || what);
end
$$;
select pg_temp.change_held(n) from generate_series(0, 254) n;

-- The control: a change behind the triggers' backs is seen.
set local session_replication_role = replica;
update product set name = 'Q unseen' where id = (select product_id
    from product_page where slug like 'q-%' limit 1);
set local session_replication_role = origin;
select cmp_ok(pg_temp.untrue(), '>', 0::bigint,
    'what the triggers miss is found');

select * from finish();
rollback;
