-- SPDX-License-Identifier: ISC
-- Many products changed at once: what would change is computed first, so that
-- it can be shown, and kept, so that it can be taken back.

-- What a change may touch of a product, by name; prices by their variant.
create or replace function bulk_state(wanted uuid) returns jsonb
language sql stable security definer set search_path = duka, pg_temp as $$
	select jsonb_build_object('status', p.status,
	    'category', (select c.slug from category c
		where c.id = p.category_id),
	    'brand', (select b.slug from brand b where b.id = p.brand_id),
	    'tax_class', p.tax_class, 'tags', p.tags) || coalesce((
	    select jsonb_object_agg('price ' || v.id, v.price_amount) ||
		jsonb_object_agg('compare_at ' || v.id, v.compare_at_amount)
	    from variant v where v.product_id = p.id
	    and v.status = 'active'), '{}')
	from product p where p.id = wanted
$$;

-- An amount by a rule: to the unit, to five or ten of it, to whole units of
-- the currency, or to what ends in 99 (95) hundredths; half away from zero.
create or replace function price_rounded(amount numeric, rule text,
    currency text) returns bigint
language plpgsql immutable as $$
declare
	whole numeric := greatest(100, 10::numeric ^ currency_digits(currency));
	step numeric := case rule when 'five' then 5 when 'ten' then 10
	    when 'whole' then whole when 'ninety_nine' then whole
	    when 'ninety_five' then whole else 1 end;
	less numeric := case rule when 'ninety_nine' then whole / 100
	    when 'ninety_five' then whole / 20 else 0 end;
begin
	return greatest(round((amount + less) / step) * step - less,
	    case when amount >= 0 then case when less > 0 then step - less
		else 0 end else amount end);
end
$$;

-- The state that a change makes of one.
create or replace function bulk_target(state jsonb, input jsonb,
    currency text) returns jsonb
language plpgsql immutable as $$
declare
	made jsonb := state;
	item record;
	price jsonb := input -> 'price';
	becomes numeric;
begin
	select made || coalesce(jsonb_object_agg(i.key, i.value), '{}')
	into made from jsonb_each(input) i
	where i.key in ('status', 'category', 'brand', 'tax_class');
	if input ?| array['tags_add', 'tags_remove'] then
		made := made || jsonb_build_object('tags', (
		    select each_once(array(select t.tag from (
			select jsonb_array_elements_text(state -> 'tags') as tag
			union all select jsonb_array_elements_text(
			    coalesce(input -> 'tags_add', '[]'))) t
			where not coalesce(input -> 'tags_remove', '[]')
			    ? t.tag))));
	end if;
	if price is null then
		return made;
	end if;
	for item in select s.key, (s.value #>> '{}')::numeric as amount
	    from jsonb_each(state) s where s.key like 'price %' loop
		becomes := price_rounded(case when price ? 'percent'
		    then item.amount * (100 + (price ->> 'percent')::numeric)
			/ 100
		    else item.amount + (price -> 'amount' ->> 'amount')::bigint
		    end, coalesce(price ->> 'rounding', 'unit'), currency);
		made := made || jsonb_build_object(item.key, becomes);
		if (made ->> replace(item.key, 'price', 'compare_at'))::numeric
		    <= becomes then
			made := made || jsonb_build_object(replace(item.key,
			    'price', 'compare_at'), null);
		end if;
	end loop;
	return made;
end
$$;

-- Of two states what differs, as the second has it.
create or replace function bulk_differs(old_state jsonb, new_state jsonb)
returns jsonb language sql immutable as $$
	select coalesce(jsonb_object_agg(n.key, n.value), '{}')
	from jsonb_each(new_state) n
	where n.value is distinct from old_state -> n.key
$$;

-- Makes a product what `patch` says.  Not projected yet.
create or replace function bulk_put(wanted uuid, patch jsonb) returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	update product p set status = coalesce(patch ->> 'status', p.status),
	    category_id = case when patch ? 'category'
		then category_of(patch ->> 'category') else p.category_id end,
	    brand_id = case when patch ? 'brand'
		then brand_of(patch ->> 'brand') else p.brand_id end,
	    tax_class = coalesce(patch ->> 'tax_class', p.tax_class),
	    tags = case when patch ? 'tags' then tags_of(patch -> 'tags')
		else p.tags end,
	    version = p.version + 1, updated_at = now()
	where p.id = wanted;
	update variant v set price_amount = n.price,
	    compare_at_amount = case when n.compare_at > n.price
		then n.compare_at end,
	    version = v.version + 1, updated_at = now()
	from (select w.id, coalesce((patch ->> ('price ' || w.id))::bigint,
		w.price_amount) as price,
	    case when patch ? ('compare_at ' || w.id)
		then (patch ->> ('compare_at ' || w.id))::bigint
		else w.compare_at_amount end as compare_at
	    from variant w where w.product_id = wanted) n
	where v.id = n.id and (v.price_amount, v.compare_at_amount)
	    is distinct from (n.price, n.compare_at);
	perform variants_needed(wanted);
end
$$;

-- One product's line of a preview or an answer.
create or replace function bulk_line(wanted uuid, old_state jsonb,
    new_state jsonb, currency text) returns jsonb
language sql stable security definer set search_path = duka, pg_temp as $$
	select jsonb_build_object('product_id', p.id, 'slug', p.slug,
	    'name', p.name, 'changes', coalesce((
	    select jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
		'field', split_part(d.key, ' ', 1), 'sku', v.sku)) ||
		case when v.id is null then jsonb_build_object(
		    'before', old_state -> d.key, 'after', d.value)
		else jsonb_build_object(
		    'before', money((old_state ->> d.key)::bigint, currency),
		    'after', money((d.value #>> '{}')::bigint, currency)) end
		order by split_part(d.key, ' ', 1), v.position, v.id)
	    from jsonb_each(bulk_differs(old_state, new_state)) d
	    left join variant v
		on v.id::text = nullif(split_part(d.key, ' ', 2), '')), '[]'))
	from product p where p.id = wanted
$$;

create or replace function bulk_check(input jsonb) returns void
language plpgsql stable as $$
declare
	price jsonb := input -> 'price';
begin
	perform category_of(input ->> 'category'),
	    brand_of(input ->> 'brand');
	if not input ?| array['status', 'category', 'brand', 'tax_class',
	    'price', 'tags_add', 'tags_remove'] then
		perform raise_fault('Say what is to change', 'change');
	end if;
	if price is null then
		return;
	end if;
	if (price ? 'percent') = (price ? 'amount') then
		perform raise_fault('Say either percent or amount',
		    'change.price');
	end if;
	perform price_of(price -> 'amount');
end
$$;

-- `input`: products, change; dry_run only tells; digest: what a preview said,
-- and nothing else is done.  Answers what changes of each.
create or replace function product_bulk(input jsonb) returns jsonb
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	change jsonb := input -> 'change';
	money_of text := setting_of('shop.currency');
	dry boolean := coalesce((input ->> 'dry_run')::boolean, false);
	wanted uuid[];
	plan jsonb;
	lines jsonb;
	made uuid;
begin
	perform demand('catalog.write');
	perform bulk_check(change);
	wanted := array(select p.id from product p where p.id in (select
	    jsonb_array_elements_text(input -> 'products')::uuid)
	    order by p.id for update);
	if cardinality(wanted) < (select count(distinct u.id) from
	    jsonb_array_elements_text(input -> 'products') u (id)) then
		perform raise_fault('Some of these are no products',
		    'products');
	end if;
	select jsonb_agg(jsonb_build_object('id', s.id, 'before', s.before,
	    'after', s.after) order by s.id) into plan
	from (select b.id, b.state as before,
	    bulk_target(b.state, change, money_of) as after
	    from (select u.id, bulk_state(u.id) as state
		from unnest(wanted) u (id)) b) s
	where s.before <> s.after;
	if exists (select from jsonb_array_elements(plan) l,
	    jsonb_each(l -> 'after') a where a.key like 'price %'
	    and (a.value #>> '{}')::numeric not between 0 and 1000000000000)
	then
		perform raise_fault('A price would be less than nothing, or '
		    'too much', 'change.price');
	end if;
	select coalesce(jsonb_agg(bulk_line((l ->> 'id')::uuid, l -> 'before',
	    l -> 'after', money_of)), '[]') into lines
	from jsonb_array_elements(plan) l;
	if input ->> 'digest' <> md5(lines::text) then
		raise exception 'That is not what was shown'
		    using errcode = 'UK307';
	end if;
	if not dry and plan is not null then
		made := bulk_apply(plan, change);
	end if;
	return jsonb_build_object('id', made, 'dry_run', dry,
	    'changed', jsonb_array_length(lines),
	    'unchanged', cardinality(wanted) - jsonb_array_length(lines),
	    'digest', md5(lines::text), 'items', lines);
end
$$;

-- Does what was planned, and keeps it.
create or replace function bulk_apply(plan jsonb, change jsonb) returns uuid
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	made uuid;
	line jsonb;
begin
	insert into product_edit (staff_id, change, products)
	values (current_staff(), change, jsonb_array_length(plan))
	returning id into made;
	insert into product_edit_line (edit_id, product_id, before, after)
	select made, (l ->> 'id')::uuid,
	    bulk_differs(l -> 'after', l -> 'before'),
	    bulk_differs(l -> 'before', l -> 'after')
	from jsonb_array_elements(plan) l;
	perform price_say('bulk');
	perform set_config('duka.projection', 'later', true);
	for line in select l from jsonb_array_elements(plan) l loop
		perform bulk_put((line ->> 'id')::uuid,
		    bulk_differs(line -> 'before', line -> 'after'));
	end loop;
	perform set_config('duka.projection', '', true);
	perform price_say('');
	perform project_products(array(select (l ->> 'id')::uuid
	    from jsonb_array_elements(plan) l));
	return made;
end
$$;

-- Puts back what was changed, where nobody has changed it since; answers how
-- many products came back whole, and which things were left.
create or replace function product_bulk_undo(wanted uuid)
returns setof jsonb
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	edit product_edit;
	line record;
	now_is jsonb;
	patch jsonb;
	back uuid[] := '{}';
	kept jsonb := '[]';
	money_of text := setting_of('shop.currency');
begin
	perform demand('catalog.write');
	select * into edit from product_edit e where e.id = wanted for update;
	if not found then
		return;
	elsif edit.undone_at is not null then
		raise exception 'That was taken back already'
		    using errcode = 'UK308';
	end if;
	perform from product p where p.id in (select l.product_id
	    from product_edit_line l where l.edit_id = wanted)
	    order by p.id for update;
	perform price_say('undo');
	perform set_config('duka.projection', 'later', true);
	for line in select l.* from product_edit_line l
	    where l.edit_id = wanted order by l.product_id loop
		now_is := bulk_state(line.product_id);
		select coalesce(jsonb_object_agg(a.key, line.before -> a.key),
		    '{}') into patch
		from jsonb_each(line.after) a
		where now_is -> a.key = a.value;
		if patch <> '{}' then
			perform bulk_put(line.product_id, patch);
			back := back || line.product_id;
		end if;
		if line.after - array(select jsonb_object_keys(patch)) <> '{}'
		then
			kept := kept || bulk_line(line.product_id,
			    line.before - array(select
			    jsonb_object_keys(patch)), now_is - array(select k
			    from jsonb_object_keys(now_is) k
			    where not line.after ? k or patch ? k), money_of);
		end if;
	end loop;
	perform set_config('duka.projection', '', true);
	perform price_say('');
	perform project_products(back);
	update product_edit e set undone_at = now(),
	    undone_by = current_staff() where e.id = wanted;
	return next jsonb_build_object('id', wanted,
	    'changed', cardinality(back), 'kept', kept);
end
$$;

-- The latest, for those who may write.
create or replace function product_bulks(cursor text, size integer)
returns json
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	key jsonb := cursor_key(cursor, 2);
begin
	perform demand('catalog.read');
	return (select page_of(array_agg(r.item order by r.at desc, r.id desc),
	    array_agg(r.key order by r.at desc, r.id desc), size)
	from (select e.at, e.id, json_build_array(e.at, e.id) as key,
	    json_build_object('id', e.id, 'at', wire_time(e.at),
		'by', staff_named(e.staff_id), 'change', e.change,
		'products', e.products, 'undone_at', wire_time(e.undone_at),
		'undone_by', staff_named(e.undone_by)) as item
	    from product_edit e where key is null or (e.at, e.id) <
		((key ->> 0)::timestamptz, (key ->> 1)::uuid)
	    order by e.at desc, e.id desc limit size + 1) r);
end
$$;
