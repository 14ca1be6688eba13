-- SPDX-License-Identifier: ISC

-- name: inventory_list
with page as (
	select stock_json(s) as item,
	    json_build_array(v.sku, l.code) as key, v.sku, l.code
	from stock s join variant v on v.id = s.variant_id
	join product p on p.id = v.product_id
	join location l on l.id = s.location_id
	where (:location::text is null or l.code = :location)
	and (:sku::text is null or starts_with(v.sku, :sku))
	and (:q::text is null or v.sku ilike '%' || like_literal(:q) || '%'
	    or plain(p.name) like '%' || like_literal(plain(:q)) || '%')
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
select movements_page(v.id, null, null, null, null, null, null, null, null,
    :cursor, :limit) as body
from variant v where v.id = :variant_id;

-- name: inventory_all_movements
select movements_page(:variant_id, :sku, :location, :kind, :cause, :staff_id,
    :document_id, :from, :to, :cursor, :limit) as body;

-- name: inventory_adjust
select stock_adjust(:variant_id, :location, :change, :counted, :cause,
    :reason) as body;

-- name: inventory_settings
select body, version from stock_settings(:variant_id,
    coalesce(:location, 'main'), :if_match, :has_low_at, :low_at,
    :back_order);

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
select json_build_object('items', coalesce(json_agg(location_json(l)
    order by l.position, l.code), '[]'), 'next', null) as body
from location l;

-- name: inventory_location_create
insert into location (code, name, position)
values (:code, :name, :position)
returning location_json(location) as body, version;

-- name: inventory_location_change
select body, version from location_change(:id, :if_match, :input);

-- name: receipts_list
select receipts_page(:state, :location, :supplier_id, :reference, :cursor,
    :limit) as body;

-- name: receipts_view
select body, version from receipt_view(:id);

-- name: receipts_create
select body, version, location from receipt_create(:input);

-- name: receipts_receive
select body, version from receipt_receive(:id, :if_match, :input);

-- name: receipts_cancel
select body, version from receipt_cancel(:id, :if_match);

-- name: transfers_list
select transfers_page(:state, :location, :cursor, :limit) as body;

-- name: transfers_view
select body, version from transfer_view(:id);

-- name: transfers_create
select body, version, location from transfer_create(:input);

-- name: transfers_receive
select body, version from transfer_end(:id, :if_match, 'received', :input);

-- name: transfers_cancel
select body, version from transfer_end(:id, :if_match, 'cancelled', '{}');

-- name: counts_list
select counts_page(:state, :cursor, :limit) as body;

-- name: counts_view
select body, version from count_view(:id);

-- name: counts_open
select body, version, location from count_open(:input);

-- name: counts_lines
select count_lines_page(:id, :show, :q, :cursor, :limit) as body;

-- name: counts_enter
select count_enter(:id, :input) as body;

-- name: counts_close
select body, version from count_end(:id, :if_match, 'closed');

-- name: counts_cancel
select body, version from count_end(:id, :if_match, 'cancelled');

-- name: suppliers_list
select suppliers_list() as body;

-- name: suppliers_view
select body, version from supplier_view(:id);

-- name: suppliers_create
select body, version, location from supplier_create(:input);

-- name: suppliers_change
select body, version from supplier_change(:id, :if_match, :input);

-- name: inventory_proposals
select reorder_page(:days, :supplier_id, :all, :cursor, :limit) as body;

-- name: restock_view
select body, version from restock_view(:product_id);

-- name: restock_put
select body, version from restock_put(:product_id, :if_match, :input);
