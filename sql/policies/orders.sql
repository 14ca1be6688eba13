-- SPDX-License-Identifier: ISC
-- orders: customers and guests see their own, staff who may see all; what
-- changes one is a function.
grant execute on function checkout_options(), checkout_facts(jsonb),
    purchase_facts(uuid, integer),
    place_order(uuid, jsonb, jsonb, jsonb, jsonb, jsonb),
    order_cancel(uuid, text, text), order_again(uuid),
    order_move(uuid, integer, text, text, text, text, text),
    order_list(jsonb, text, integer), order_desk_counts(),
    order_desk_json(customer_order), order_ways(customer_order),
    order_can_edit(customer_order), order_staff_name(uuid),
    shipment_change(uuid, integer, uuid, jsonb),
    shipment_delivered(uuid, integer, uuid, text),
    order_due_paid(uuid, integer, text),
    order_edit_facts(uuid, integer, jsonb), order_edit_preview(uuid, jsonb),
    order_edit(uuid, jsonb, jsonb, jsonb),
    order_refund_preview(uuid, jsonb, boolean),
    order_invoice(uuid, text, boolean), order_credit(uuid, text, boolean),
    order_credit_number(uuid),
    refund_credit(uuid, uuid, text, boolean), order_slips(jsonb, uuid),
    return_open(uuid, integer, jsonb, text, boolean),
    order_ship_part(uuid, integer, jsonb, text, text, text),
    order_note(uuid, text, boolean), order_json(customer_order),
    order_summary_json(customer_order), order_staff_json(customer_order),
    order_line_json(order_line, text, text), order_lines_json(uuid, text),
    shipments_json(uuid), order_can_cancel(customer_order),
    order_event_json(order_event), order_view(uuid, text),
    order_events(uuid, text), order_returns(uuid, text),
    return_request(uuid, text, jsonb, text),
    return_decide(uuid, integer, text, text),
    return_receive(uuid, integer, jsonb, boolean, text),
    order_refund(uuid, integer, jsonb, boolean, text, boolean),
    refund_settle(uuid, integer, uuid, text, text),
    refund_json(refund), refunds_json(uuid),
    return_json(order_return), returns_json(uuid),
    return_staff_json(order_return), returnable(order_line),
    return_until(customer_order), order_can_return(customer_order)
    to duka_orders;
-- order_key has no grants: only functions see it.
-- forget_orders() is for erase_account(), which runs as the owner: no program
-- takes the person from an order by itself.

grant select on customer_order, order_line, order_event, shipment,
    shipment_line, order_transition, refund, refund_line, order_return,
    order_return_line to duka_orders;

drop policy if exists own on customer_order;
create policy own on customer_order for select to duka_orders
    using (customer_id = (select current_customer())
	or guest_digest = (select current_guest()));
drop policy if exists staff on customer_order;
create policy staff on customer_order for select to duka_orders
    using ((select permitted('orders.read')));
drop policy if exists visible on order_line;
create policy visible on order_line for select to duka_orders
    using (exists (select from customer_order o where o.id = order_id));
drop policy if exists own on order_event;
create policy own on order_event for select to duka_orders
    using (public and exists (select from customer_order o
	where o.id = order_id));
drop policy if exists staff on order_event;
create policy staff on order_event for select to duka_orders
    using ((select permitted('orders.read')));
drop policy if exists visible on shipment;
create policy visible on shipment for select to duka_orders
    using (exists (select from customer_order o where o.id = order_id));
drop policy if exists visible on shipment_line;
create policy visible on shipment_line for select to duka_orders
    using (exists (select from shipment s where s.id = shipment_id));
drop policy if exists listed on order_transition;
create policy listed on order_transition for select to duka_orders
    using (true);
drop policy if exists visible on refund;
create policy visible on refund for select to duka_orders
    using (exists (select from customer_order o where o.id = order_id));
drop policy if exists visible on refund_line;
create policy visible on refund_line for select to duka_orders
    using (exists (select from refund r where r.id = refund_id));
drop policy if exists visible on order_return;
create policy visible on order_return for select to duka_orders
    using (exists (select from customer_order o where o.id = order_id));
drop policy if exists visible on order_return_line;
create policy visible on order_return_line for select to duka_orders
    using (exists (select from order_return r where r.id = return_id));
