-- SPDX-License-Identifier: ISC
-- cart: each its own, a customer's or a guest's.
grant execute on function my_cart(), open_cart(), lock_cart(),
    cart_facts(uuid, jsonb),
    order_facts(uuid[], uuid[], integer[], bigint[], uuid, text, uuid[],
    text, text, uuid, integer, uuid), coupons_json(uuid[], uuid), sold(uuid),
    capped_note(uuid, text, text, integer, integer),
    cart_put(uuid, uuid, integer), cart_add(uuid, integer),
    cart_change(uuid, integer), cart_remove(uuid), cart_clear(),
    coupon_of(text, uuid), coupon_id_of(text), cart_coupon_put(text),
    cart_coupon_drop(text), cart_ship_by(uuid), cart_ship_to(text, text),
    zone_of(text, text), shipping_offered(uuid, uuid), raise_short(jsonb),
    raise_coupon(text, text), raise_not_shipped(),
    check_loyalty(uuid, integer, uuid), cart_points_put(integer),
    cart_reward_put(uuid), cart_loyalty_drop()
    to duka_cart;
grant execute on function merge_cart(uuid, text) to duka_auth;

grant select, insert (customer_id, guest_digest),
    update (state, country, postcode, shipping_method_id, points, reward_id,
    updated_at)
    on cart to duka_cart;
grant select, delete,
    insert (cart_id, variant_id, quantity, added_amount, added_currency),
    update (quantity) on cart_line to duka_cart;
grant select, delete, insert (cart_id, coupon_id) on cart_coupon
    to duka_cart;

drop policy if exists own on cart;
create policy own on cart for all to duka_cart
    using (customer_id = (select current_customer())
	or guest_digest = (select current_guest()))
    with check (customer_id = (select current_customer())
	or guest_digest = (select current_guest()));
drop policy if exists own on cart_line;
create policy own on cart_line for all to duka_cart
    using (exists (select from cart c where c.id = cart_id))
    with check (exists (select from cart c where c.id = cart_id));
drop policy if exists own on cart_coupon;
create policy own on cart_coupon for all to duka_cart
    using (exists (select from cart c where c.id = cart_id))
    with check (exists (select from cart c where c.id = cart_id));
