-- SPDX-License-Identifier: ISC
-- Each answers one column: facts, for the quote.

-- name: cart_view
select cart_facts(my_cart()) as facts;

-- name: cart_line_add
select cart_add(:variant_id, :quantity) as facts;

-- name: cart_line_change
select cart_change(:id, :quantity) as facts;

-- name: cart_line_remove
select cart_remove(:id) as facts;

-- name: cart_empty
select cart_clear() as facts;

-- name: cart_coupon_add
select cart_coupon_put(:code) as facts;

-- name: cart_coupon_remove
select cart_coupon_drop(:code) as facts;

-- name: cart_shipping_method
select cart_ship_by(:shipping_method_id) as facts;

-- name: cart_points
select cart_points_put(:points) as facts;

-- name: cart_reward
select cart_reward_put(:reward_id) as facts;

-- name: cart_reward_of_path
select cart_reward_put(:id) as facts;

-- name: cart_loyalty_remove
select cart_loyalty_drop() as facts;

-- name: cart_destination
select cart_ship_to(upper(:country), :postcode) as facts;
