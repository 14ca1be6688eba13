-- SPDX-License-Identifier: ISC
-- The catalogue: its tree, and what staff do to it.

-- The part of an address that a name gives; never empty.
create or replace function slug_of(name text) returns text
language plpgsql immutable parallel safe as $$
declare
	slug text := btrim(left(btrim(regexp_replace(plain(name),
	    '[^a-z0-9]+', '-', 'g'), '-'), 110), '-');
begin
	return case when slug <> '' then slug
	    else 'n' || left(md5(name), 12) end;
end
$$;

-- The same, and not taken yet in that table.
create or replace function free_slug(target regclass, wanted text)
returns text language plpgsql stable as $$
declare
	candidate text := wanted;
	taken boolean;
begin
	for n in 2 .. 10000 loop
		execute format('select exists (select from %s '
		    'where slug = $1)', target) into taken using candidate;
		if not taken then
			return candidate;
		end if;
		candidate := wanted || '-' || n;
	end loop;
	return wanted || '-' || left(gen_random_uuid()::text, 8);
end
$$;

create or replace function whole_shop() returns uuid
language sql immutable parallel safe as $$
	select '00000000-0000-0000-0000-000000000000'::uuid
$$;

-- The tree.  Moves wait for each other: two at once could make a circle
-- that neither sees.
create or replace function category_place() returns trigger
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	perform pg_advisory_xact_lock(hashtextextended('duka.tree', 0));
	new.path := coalesce((select c.path from category c
	    where c.id = new.parent_id), '{}');
	if new.id = any (new.path) then
		raise exception 'A category cannot stand below itself'
		    using errcode = 'UK301';
	end if;
	if cardinality(new.path) >= 12 then
		perform raise_fault('Categories go 12 levels deep at most',
		    'parent');
	end if;
	new.path := new.path || new.id;
	return new;
end
$$;

create or replace function category_moved() returns trigger
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	if exists (select from category c where new.id = any (c.path)
	    and cardinality(c.path) - cardinality(old.path)
	    + cardinality(new.path) > 12) then
		perform raise_fault('Categories go 12 levels deep at most',
		    'parent');
	end if;
	update category c
	set path = new.path || c.path[cardinality(old.path) + 1:]
	where c.path @> array[new.id] and c.id <> new.id;
	return null;
end
$$;

create or replace trigger place before insert or update of parent_id
on category for each row execute function category_place();
create or replace trigger moved after update of parent_id on category
for each row when (old.path is distinct from new.path)
execute function category_moved();

-- A defined attribute has its type.  An import looks for itself, and tells the
-- line.
create or replace function product_attributes_typed() returns trigger
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	wrong attribute_definition;
begin
	select d.* into wrong from attribute_definition d
	where new.attributes ? d.name and d.type <> replace(
	    jsonb_typeof(new.attributes -> d.name), 'string', 'text')
	order by d.name limit 1;
	if found then
		raise exception 'The attribute % is a %', wrong.name, wrong.type
		    using errcode = 'UK303';
	end if;
	return new;
end
$$;

create or replace trigger attributes before insert or update of attributes
on product for each row when (new.attributes <> '{}'
    and current_setting('duka.projection', true) is distinct from 'later')
execute function product_attributes_typed();

select audited('category'), audited('brand'), audited('product'),
    audited('variant'), audited('product_image'),
    audited('attribute_definition');

-- What staff see and say.

create or replace function category_trail(place uuid) returns json
language sql stable as $$
	select json_agg(json_build_object('id', a.id, 'slug', a.slug,
	    'name', a.name) order by u.n)
	from category c, unnest(c.path) with ordinality u (id, n)
	join category a on a.id = u.id
	where c.id = place
$$;

create or replace function category_json(c category) returns json
language sql stable as $$
	select json_build_object('id', c.id, 'slug', c.slug, 'name', c.name,
	    'description', c.description, 'position', c.position,
	    'parent', (select p.slug from category p where p.id = c.parent_id),
	    'trail', category_trail(c.id),
	    'children', (select coalesce(json_agg(json_build_object(
		'slug', k.slug, 'name', k.name, 'count', coalesce(f.total, 0))
		order by k.position, k.name, k.slug), '[]')
		from category k
		left join category_facets f on f.category_id = k.id
		where k.parent_id = c.id),
	    'count', coalesce((select f.total from category_facets f
		where f.category_id = c.id), 0),
	    'version', c.version)
$$;

create or replace function brand_json(b brand) returns json
language sql stable as $$
	select json_build_object('id', b.id, 'slug', b.slug, 'name', b.name,
	    'description', b.description, 'version', b.version)
$$;

create or replace function variant_staff_json(v variant) returns json
language plpgsql stable as $$
begin
	return json_build_object('id', v.id, 'product_id', v.product_id,
	    'sku', v.sku, 'options', v.options,
	    'price', money(v.price_amount, v.price_currency),
	    'price_now', money(price_now(v.id), v.price_currency),
	    'compare_at', money(v.compare_at_amount, v.price_currency),
	    'weight_grams', v.weight_grams, 'status', v.status,
	    'position', v.position, 'available', available(v.id),
	    'version', v.version);
end
$$;

create or replace function product_staff_json(p product) returns json
language sql stable as $$
	select json_build_object('id', p.id, 'slug', p.slug, 'name', p.name,
	    'description', p.description,
	    'category', (select c.slug from category c
		where c.id = p.category_id),
	    'brand', (select b.slug from brand b where b.id = p.brand_id),
	    'tax_class', p.tax_class, 'status', p.status,
	    'attributes', p.attributes, 'tags', p.tags,
	    'images', (select coalesce(json_agg(json_build_object(
		'url', i.url, 'alt', i.alt, 'variant_id', i.variant_id)
		order by i.position, i.id), '[]')
		from product_image i where i.product_id = p.id),
	    'variants', (select coalesce(json_agg(variant_staff_json(v)
		order by v.position, v.id), '[]')
		from variant v where v.product_id = p.id),
	    'rating', p.rating, 'review_count', p.review_count,
	    'version', p.version, 'created_at', wire_time(p.created_at),
	    'updated_at', wire_time(p.updated_at))
$$;

create or replace function category_of(wanted text) returns uuid
language plpgsql stable as $$
declare
	found_id uuid;
begin
	select c.id into found_id from category c where c.slug = wanted;
	if wanted is not null and found_id is null then
		perform raise_fault('There is no category ' || wanted,
		    'category');
	end if;
	return found_id;
end
$$;

create or replace function brand_of(wanted text) returns uuid
language plpgsql stable as $$
declare
	found_id uuid;
begin
	select b.id into found_id from brand b where b.slug = wanted;
	if wanted is not null and found_id is null then
		perform raise_fault('There is no brand ' || wanted, 'brand');
	end if;
	return found_id;
end
$$;

-- The amount of a price, which is in the shop's currency or refused.
create or replace function price_of(price jsonb) returns bigint
language plpgsql stable as $$
begin
	if price ->> 'currency' <> setting_of('shop.currency') then
		raise exception 'Prices are in %', setting_of('shop.currency')
		    using errcode = 'UK305';
	end if;
	return (price ->> 'amount')::bigint;
end
$$;

create or replace function category_create(input jsonb)
returns table (body json, version integer, location text)
language plpgsql as $$
declare
	made category;
begin
	insert into category (slug, name, description, parent_id, position)
	values (coalesce(input ->> 'slug',
	    free_slug('category', slug_of(input ->> 'name'))),
	    input ->> 'name', coalesce(input ->> 'description', ''),
	    category_of(input ->> 'parent'),
	    coalesce((input ->> 'position')::integer, 0))
	returning * into made;
	return query select category_json(made), made.version,
	    '/api/catalog/categories/' || made.slug;
end
$$;

create or replace function category_change(wanted text, meant integer,
    input jsonb) returns table (body json, version integer)
language plpgsql as $$
declare
	made category;
begin
	select * into made from category c where c.slug = wanted for update;
	if not found then
		return;
	end if;
	perform check_version(made.version, meant);
	update category c set
	    slug = coalesce(input ->> 'slug', c.slug),
	    name = coalesce(input ->> 'name', c.name),
	    description = coalesce(input ->> 'description', c.description),
	    position = coalesce((input ->> 'position')::integer, c.position),
	    version = c.version + 1, updated_at = now()
	where c.id = made.id returning * into made;
	if input ? 'parent' then
		update category c set
		    parent_id = category_of(input ->> 'parent')
		where c.id = made.id returning * into made;
	end if;
	return query select category_json(made), made.version;
end
$$;

create or replace function brand_create(input jsonb)
returns table (body json, version integer, location text)
language plpgsql as $$
declare
	made brand;
begin
	insert into brand (slug, name, description)
	values (coalesce(input ->> 'slug',
	    free_slug('brand', slug_of(input ->> 'name'))),
	    input ->> 'name', coalesce(input ->> 'description', ''))
	returning * into made;
	return query select brand_json(made), made.version,
	    '/api/catalog/brands/' || made.slug;
end
$$;

create or replace function brand_change(wanted text, meant integer,
    input jsonb) returns table (body json, version integer)
language plpgsql as $$
declare
	made brand;
begin
	select * into made from brand b where b.slug = wanted for update;
	if not found then
		return;
	end if;
	perform check_version(made.version, meant);
	update brand b set slug = coalesce(input ->> 'slug', b.slug),
	    name = coalesce(input ->> 'name', b.name),
	    description = coalesce(input ->> 'description', b.description),
	    version = b.version + 1, updated_at = now()
	where b.id = made.id returning * into made;
	return query select brand_json(made), made.version;
end
$$;

-- Options are text: "2" and 2 would be one to a buyer.
create or replace function options_of(input jsonb) returns jsonb
language sql immutable as $$
	select coalesce(jsonb_object_agg(o.key, o.value), '{}')
	from jsonb_each_text(input) o
$$;

create or replace function variant_insert(owner uuid, input jsonb,
    place integer) returns variant
language sql as $$
	insert into variant (product_id, sku, options, price_amount,
	    price_currency, compare_at_amount, weight_grams, position)
	values (owner, input ->> 'sku',
	    options_of(coalesce(input -> 'options', '{}')),
	    price_of(input -> 'price'), input -> 'price' ->> 'currency',
	    price_of(nullif(input -> 'compare_at', 'null')),
	    (input ->> 'weight_grams')::integer,
	    coalesce((input ->> 'position')::integer, place))
	returning variant
$$;

create or replace function images_replace(owner uuid, images jsonb)
returns void language plpgsql as $$
begin
	if exists (select from jsonb_array_elements(images) i
	    where i ->> 'variant_id' is not null and not exists (
	    select from variant v where v.product_id = owner
	    and v.id = (i ->> 'variant_id')::uuid)) then
		perform raise_fault('An image names a variant of another '
		    'product', 'images');
	end if;
	delete from product_image i where i.product_id = owner;
	insert into product_image (product_id, variant_id, url, alt, position)
	select owner, (i.value ->> 'variant_id')::uuid, i.value ->> 'url',
	    coalesce(i.value ->> 'alt', ''), i.ordinality - 1
	from jsonb_array_elements(images) with ordinality i;
end
$$;

-- A list without its repetitions, in its own order.
create or replace function each_once(list text[]) returns text[]
language sql immutable parallel safe as $$
	select coalesce(array_agg(t.item order by t.n), '{}')
	from (select u.item, min(u.n) as n
	    from unnest(list) with ordinality u (item, n) group by u.item) t
$$;

create or replace function tags_of(input jsonb) returns text[]
language sql immutable as $$
	select each_once(array(select jsonb_array_elements_text(input)))
$$;

create or replace function product_create(input jsonb)
returns table (body json, version integer, location text)
language plpgsql as $$
declare
	made product;
begin
	insert into product (slug, name, description, category_id, brand_id,
	    tax_class, status, attributes, tags)
	values (coalesce(input ->> 'slug',
	    free_slug('product', slug_of(input ->> 'name'))),
	    input ->> 'name', coalesce(input ->> 'description', ''),
	    category_of(input ->> 'category'), brand_of(input ->> 'brand'),
	    coalesce(input ->> 'tax_class', 'standard'),
	    coalesce(input ->> 'status', 'draft'),
	    coalesce(input -> 'attributes', '{}'),
	    tags_of(coalesce(input -> 'tags', '[]')))
	returning * into made;
	perform variant_insert(made.id, v.value, v.ordinality::integer - 1)
	from jsonb_array_elements(input -> 'variants') with ordinality v;
	if input ? 'images' then
		perform images_replace(made.id, input -> 'images');
	end if;
	return query select product_staff_json(made), made.version,
	    '/api/catalog/staff/products/' || made.id;
end
$$;

-- The product, locked, if it is there and of the version meant.
create or replace function product_meant(wanted uuid, meant integer)
returns product language plpgsql as $$
declare
	meant_one product;
begin
	select * into meant_one from product p where p.id = wanted for update;
	if not found then
		return null;
	end if;
	perform check_version(meant_one.version, meant);
	return meant_one;
end
$$;

create or replace function product_change(wanted uuid, meant integer,
    input jsonb) returns table (body json, version integer)
language plpgsql as $$
declare
	made product := product_meant(wanted, meant);
begin
	if made.id is null then
		return;
	end if;
	update product p set slug = coalesce(input ->> 'slug', p.slug),
	    name = coalesce(input ->> 'name', p.name),
	    description = coalesce(input ->> 'description', p.description),
	    category_id = case when input ? 'category'
		then category_of(input ->> 'category')
		else p.category_id end,
	    brand_id = case when input ? 'brand'
		then brand_of(input ->> 'brand') else p.brand_id end,
	    tax_class = coalesce(input ->> 'tax_class', p.tax_class),
	    status = coalesce(input ->> 'status', p.status),
	    attributes = coalesce(input -> 'attributes', p.attributes),
	    tags = case when input ? 'tags' then tags_of(input -> 'tags')
		else p.tags end,
	    version = p.version + 1, updated_at = now()
	where p.id = made.id returning * into made;
	perform variants_needed(made.id);
	return query select product_staff_json(made), made.version;
end
$$;

-- What is for sale has a price: a variant that is not archived.
create or replace function variants_needed(owner uuid) returns void
language plpgsql as $$
begin
	perform from product p where p.id = owner and p.status = 'active'
	    and not exists (select from variant v where v.product_id = p.id
	    and v.status = 'active');
	if found then
		raise exception 'A product for sale needs a variant'
		    using errcode = 'UK302';
	end if;
end
$$;

-- A product is known by its orders for ever: it is archived, not deleted.
create or replace function product_archive(wanted uuid, meant integer)
returns setof integer language plpgsql as $$
declare
	made product := product_meant(wanted, meant);
begin
	if made.id is not null then
		update product p set status = 'archived',
		    version = p.version + 1, updated_at = now()
		where p.id = made.id and p.status <> 'archived';
		return next 1;
	end if;
end
$$;

create or replace function product_images(wanted uuid, meant integer,
    images jsonb) returns table (body json, version integer)
language plpgsql as $$
declare
	made product := product_meant(wanted, meant);
begin
	if made.id is null then
		return;
	end if;
	perform images_replace(made.id, images);
	update product p set version = p.version + 1, updated_at = now()
	where p.id = made.id returning * into made;
	return query select product_staff_json(made), made.version;
end
$$;

create or replace function variant_create(owner uuid, input jsonb)
returns table (body json, version integer, location text)
language plpgsql as $$
declare
	made variant;
begin
	perform from product p where p.id = owner for update;
	if not found then
		return;
	end if;
	made := variant_insert(owner, input, coalesce((
	    select max(v.position) + 1 from variant v
	    where v.product_id = owner), 0));
	return query select variant_staff_json(made), made.version,
	    '/api/catalog/products/' || owner || '/variants/' || made.id;
end
$$;

create or replace function variant_change(owner uuid, wanted uuid,
    meant integer, input jsonb) returns table (body json, version integer)
language plpgsql as $$
declare
	made variant;
begin
	select * into made from variant v
	where v.id = wanted and v.product_id = owner for update;
	if not found then
		return;
	end if;
	perform check_version(made.version, meant);
	update variant v set sku = coalesce(input ->> 'sku', v.sku),
	    options = case when input ? 'options'
		then options_of(input -> 'options') else v.options end,
	    price_amount = coalesce(price_of(input -> 'price'),
		v.price_amount),
	    price_currency = coalesce(input -> 'price' ->> 'currency',
		v.price_currency),
	    compare_at_amount = case when input ? 'compare_at'
		then price_of(nullif(input -> 'compare_at', 'null'))
		else v.compare_at_amount end,
	    weight_grams = case when input ? 'weight_grams'
		then (input ->> 'weight_grams')::integer
		else v.weight_grams end,
	    status = coalesce(input ->> 'status', v.status),
	    position = coalesce((input ->> 'position')::integer, v.position),
	    version = v.version + 1, updated_at = now()
	where v.id = made.id returning * into made;
	perform variants_needed(owner);
	return query select variant_staff_json(made), made.version;
end
$$;

create or replace function variant_archive(owner uuid, wanted uuid,
    meant integer) returns setof integer language plpgsql as $$
begin
	if exists (select from variant_change(owner, wanted, meant,
	    '{"status": "archived"}')) then
		return next 1;
	end if;
end
$$;

drop function if exists attribute_put(text, jsonb);

-- One that isn't there yet is version 0.
create or replace function attribute_put(wanted text, meant integer,
    input jsonb) returns table (body json, version integer)
language plpgsql as $$
declare
	made attribute_definition;
begin
	perform pg_advisory_xact_lock(
	    hashtextextended('duka.attribute.' || wanted, 0));
	perform version_meant(coalesce((select d.version
	    from attribute_definition d where d.name = wanted), 0), meant);
	if exists (select from product p where p.attributes ? wanted
	    and replace(jsonb_typeof(p.attributes -> wanted), 'string',
	    'text') <> input ->> 'type') then
		raise exception 'Products have % of another type', wanted
		    using errcode = 'UK303';
	end if;
	insert into attribute_definition as d (name, label, type, unit,
	    filterable, position)
	values (wanted, input ->> 'label', input ->> 'type', input ->> 'unit',
	    coalesce((input ->> 'filterable')::boolean, true),
	    coalesce((input ->> 'position')::integer, 0))
	on conflict (name) do update set label = excluded.label,
	    type = excluded.type, unit = excluded.unit,
	    filterable = excluded.filterable, position = excluded.position,
	    version = d.version + 1
	returning * into made;
	return query select to_json(made), made.version;
end
$$;
