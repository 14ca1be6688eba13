-- SPDX-License-Identifier: ISC

-- name: orders_options
select checkout_options() as body;

-- name: orders_checkout
select cart_id, context, facts from checkout_facts(:input);

-- name: orders_purchase
select cart_id, context, facts from purchase_facts(:product_id, :quantity);

-- name: orders_place
select body, location, version
from place_order(:cart_id, :context, :quote, :payment, :expected_total,
    :facts);

-- name: orders_list
with mine as materialized (
	select o.id, o.placed_at from customer_order o
	where o.customer_id = current_customer()
	and (:state::text is null or o.state = :state)
	union all
	select o.id, o.placed_at from customer_order o
	where o.guest_digest = current_guest()
	and (:state::text is null or o.state = :state)
), page as (
	select m.id, m.placed_at from mine m
	where :cursor::text is null or (m.placed_at, m.id) <
	    ((cursor_key(:cursor, 2) ->> 0)::timestamptz,
	    (cursor_key(:cursor, 2) ->> 1)::uuid)
	order by m.placed_at desc, m.id desc limit :limit + 1
)
select page_of(array_agg(order_summary_json(o)
    order by o.placed_at desc, o.id desc),
    array_agg(json_build_array(o.placed_at, o.id)
    order by o.placed_at desc, o.id desc), :limit) as body
from page p join customer_order o on o.id = p.id;

-- name: orders_view
select body, version from order_view(:id, :order_key);

-- name: orders_events
select body from order_events(:id, :order_key);

-- name: orders_cancel
select body, version from order_cancel(:id, :order_key, :note);

-- name: orders_returns
select body from order_returns(:id, :order_key);

-- name: orders_return
select body from return_request(:id, :order_key, :lines, :note);

-- name: orders_again
select order_again(:id) as body;

-- name: orders_manage_list
select order_list(:input, :cursor, :limit) as body;

-- name: orders_counts
select order_desk_counts() as body;

-- name: orders_manage_view
select order_staff_json(o) as body, o.version
from customer_order o where o.id = :id;

-- name: orders_move
select body, version
from order_move(:id, :if_match, :to, :note, :carrier, :tracking_number,
    :refund);

-- name: orders_ship
select body, version
from order_ship_part(:id, :if_match, :lines, :carrier, :tracking_number,
    :note);

-- name: orders_note
select order_note(:id, :note, :public) as body;

-- name: orders_refund
select body, version
from order_refund(:id, :if_match, :lines, :shipping, :reason, :pending);

-- name: orders_refunds
select json_build_object('items', refunds_json(o.id), 'next', null) as body
from customer_order o where o.id = :id;

-- name: orders_refund_settle
select body, version
from refund_settle(:id, :if_match, :refund_id, :to, :note);

-- name: orders_manage_returns
with page as (
	select return_staff_json(r) as item,
	    json_build_array(r.requested_at, r.id) as key, r.requested_at, r.id
	from order_return r
	where (:state::text is null or r.state = :state)
	and (:order_id::uuid is null or r.order_id = :order_id)
	and (:cursor::text is null or (r.requested_at, r.id) <
	    ((cursor_key(:cursor, 2) ->> 0)::timestamptz,
	    (cursor_key(:cursor, 2) ->> 1)::uuid))
	order by r.requested_at desc, r.id desc limit :limit + 1
)
select page_of(array_agg(item order by requested_at desc, id desc),
    array_agg(key order by requested_at desc, id desc), :limit) as body
from page;

-- name: orders_manage_return
select return_staff_json(r) as body, r.version
from order_return r where r.id = :id;

-- name: orders_return_decide
select body, version
from return_decide(:id, :if_match, :decision, :note);

-- name: orders_return_receive
select body, version
from return_receive(:id, :if_match, :lines, :shipping, :note);

-- name: orders_return_open
select body, version
from return_open(:id, :if_match, :lines, :note, :approve);

-- name: orders_refund_preview
select order_refund_preview(:id, :lines, :shipping) as body;

-- name: orders_shipment_change
select body, version
from shipment_change(:id, :if_match, :shipment_id, :input);

-- name: orders_shipment_delivered
select body, version
from shipment_delivered(:id, :if_match, :shipment_id, :note);

-- name: orders_due_paid
select body, version from order_due_paid(:id, :if_match, :note);

-- name: orders_edit_facts
select facts from order_edit_facts(:id, :if_match, :input);

-- name: orders_edit_preview
select order_edit_preview(:id, :quote) as body;

-- name: orders_edit
select body, version from order_edit(:id, :input, :facts, :quote);

-- name: orders_slip_of
select body, name
from order_slips(jsonb_build_array(:id::uuid), :shipment_id);

-- name: orders_slips
select body, name from order_slips(:id, null);

-- name: orders_manage_invoice
select body, name from order_invoice(:id, null, true);

-- name: orders_manage_credit
select body, name from refund_credit(:id, :refund_id, null, true);

-- name: orders_manage_reversal
select body, name from order_credit(:id, null, true);

-- name: orders_reversal
select body, name from order_credit(:id, :order_key, false);

-- name: orders_invoice
select body, name from order_invoice(:id, :order_key, false);

-- name: orders_credit
select body, name from refund_credit(:id, :refund_id, :order_key, false);
