-- SPDX-License-Identifier: ISC

-- name: inventory_list
with page as (
	select stock_json(s) as item,
	    json_build_array(v.sku, l.code) as key, v.sku, l.code
	from stock s join variant v on v.id = s.variant_id
	join location l on l.id = s.location_id
	where (:location::text is null or l.code = :location)
	and (:sku::text is null or starts_with(v.sku, :sku))
	and (:low::boolean is null or :low = coalesce(s.on_hand - s.reserved
	    < s.low_at, false))
	and (:cursor::text is null or (v.sku, l.code) >
	    (cursor_key(:cursor, 2) ->> 0, cursor_key(:cursor, 2) ->> 1))
	order by v.sku, l.code limit :limit + 1
)
select page_of(array_agg(item order by sku, code),
    array_agg(key order by sku, code), :limit) as body
from page;

-- name: inventory_view
select json_build_object('variant_id', v.id, 'sku', v.sku,
    'product_id', p.id, 'name', p.name, 'options', v.options,
    'available', available(v.id), 'stock', (
	select coalesce(json_agg(stock_json(s) order by l.position, l.code),
	    '[]')
	from stock s join location l on l.id = s.location_id
	where s.variant_id = v.id)) as body
from variant v join product p on p.id = v.product_id
where v.id = :variant_id;

-- name: inventory_movements
with page as (
	select json_build_object('id', m.id, 'variant_id', m.variant_id,
	    'location', l.code, 'kind', m.kind, 'change', m.change,
	    'on_hand_after', m.on_hand_after,
	    'reserved_after', m.reserved_after, 'reason', m.reason,
	    'order_id', m.order_id, 'staff_id', m.staff_id,
	    'at', wire_time(m.at)) as item,
	    json_build_array(m.id) as key, m.id
	from stock_movement m join location l on l.id = m.location_id
	where m.variant_id = :variant_id
	and (:cursor::text is null
	    or m.id < (cursor_key(:cursor, 1) ->> 0)::bigint)
	order by m.id desc limit :limit + 1
)
select page_of(array_agg(item order by id desc),
    array_agg(key order by id desc), :limit) as body
from page
where exists (select from variant v where v.id = :variant_id)
having exists (select from variant v where v.id = :variant_id);

-- name: inventory_adjust
select stock_adjust(:variant_id, :location, :change, :counted, :reason)
    as body;

-- name: inventory_settings
select stock_settings(:variant_id, coalesce(:location, 'main'), :has_low_at,
    :low_at, :back_order) as body;

-- name: inventory_alerts
with page as (
	select json_build_object('id', e.id, 'variant_id', e.variant_id,
	    'sku', v.sku, 'name', p.name, 'location', l.code,
	    'available', e.available, 'low_at', e.low_at,
	    'at', wire_time(e.at), 'refilled_at', wire_time(e.refilled_at))
	    as item, json_build_array(e.id) as key, e.id
	from low_stock_event e join location l on l.id = e.location_id
	join variant v on v.id = e.variant_id
	join product p on p.id = v.product_id
	where (:open::boolean is null or (e.refilled_at is null) = :open)
	and (:cursor::text is null
	    or e.id < (cursor_key(:cursor, 1) ->> 0)::bigint)
	order by e.id desc limit :limit + 1
)
select page_of(array_agg(item order by id desc),
    array_agg(key order by id desc), :limit) as body
from page;

-- name: inventory_locations
select json_build_object('items', coalesce(json_agg(json_build_object(
    'id', l.id, 'code', l.code, 'name', l.name, 'position', l.position,
    'active', l.active) order by l.position, l.code), '[]'), 'next', null)
    as body
from location l;

-- name: inventory_location_create
insert into location (code, name, position)
values (:code, :name, :position)
returning json_build_object('id', id, 'code', code, 'name', name,
    'position', position, 'active', active) as body;

-- name: inventory_location_change
update location set name = coalesce(:name, name),
    position = coalesce(:position, position), active = coalesce(:active, active)
where id = :id
returning json_build_object('id', id, 'code', code, 'name', name,
    'position', position, 'active', active) as body;
