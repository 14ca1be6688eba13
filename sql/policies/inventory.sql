-- SPDX-License-Identifier: ISC
-- inventory: staff see stock; it is changed by functions alone.
grant execute on function available(uuid), available_of(uuid[])
    to duka_worker;
-- The import runs as the owner and counts stock itself; the sample shop and
-- the command line are the administrator's.
grant execute on function set_stock(uuid, text, integer, text),
    set_stock_many(uuid[], integer[], text, text), location_of(text)
    to duka_admin;
grant execute on function stock_json(stock),
    stock_adjust(uuid, text, integer, integer, text, text),
    location_json(location), location_change(uuid, integer, jsonb),
    like_literal(text),
    movements_page(uuid, text, text, text, text, uuid, uuid, timestamptz,
    timestamptz, text, integer),
    receipts_page(text, text, uuid, text, text, integer),
    receipt_view(uuid), receipt_create(jsonb),
    receipt_receive(uuid, integer, jsonb), receipt_cancel(uuid, integer),
    transfers_page(text, text, text, integer), transfer_view(uuid),
    transfer_create(jsonb), transfer_end(uuid, integer, text, jsonb),
    counts_page(text, text, integer), count_view(uuid), count_open(jsonb),
    count_lines_page(uuid, text, text, text, integer),
    count_enter(uuid, jsonb), count_end(uuid, integer, text),
    suppliers_list(), supplier_view(uuid), supplier_create(jsonb),
    supplier_change(uuid, integer, jsonb),
    reorder_page(integer, uuid, boolean, text, integer),
    restock_view(uuid), restock_put(uuid, integer, jsonb),
    stock_settings(uuid, text, integer, boolean, integer, boolean)
    to duka_inventory;

grant select on location, stock, stock_movement, low_stock_event, reservation
    to duka_inventory;
grant insert (code, name, position, active) on location to duka_inventory;
revoke update (name, position, active) on location from duka_inventory;
grant select (id, product_id, sku, options, status) on variant
    to duka_inventory;
grant select (id, name, slug, status) on product to duka_inventory;
grant select (id, name) on staff to duka_inventory;

drop policy if exists inventory_reads on location;
create policy inventory_reads on location for select to duka_inventory
    using ((select permitted('inventory.read')));
drop policy if exists inventory_writes on location;
create policy inventory_writes on location for insert to duka_inventory
    with check ((select permitted('inventory.write')));
drop policy if exists inventory_changes on location;
drop policy if exists inventory_reads on stock;
create policy inventory_reads on stock for select to duka_inventory
    using ((select permitted('inventory.read')));
drop policy if exists inventory_reads on stock_movement;
create policy inventory_reads on stock_movement for select to duka_inventory
    using ((select permitted('inventory.read')));
drop policy if exists inventory_reads on low_stock_event;
create policy inventory_reads on low_stock_event for select to duka_inventory
    using ((select permitted('inventory.read')));
drop policy if exists inventory_reads on reservation;
create policy inventory_reads on reservation for select to duka_inventory
    using ((select permitted('inventory.read')));
drop policy if exists inventory_reads on variant;
create policy inventory_reads on variant for select to duka_inventory
    using ((select permitted('inventory.read')));
drop policy if exists inventory_reads on product;
create policy inventory_reads on product for select to duka_inventory
    using ((select permitted('inventory.read')));
drop policy if exists inventory_reads on staff;
create policy inventory_reads on staff for select to duka_inventory
    using ((select permitted('inventory.read')));
