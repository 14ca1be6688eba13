-- SPDX-License-Identifier: ISC
-- promotions' statements.

-- name: promotions_list
select promotion_list(:q, :state, :kind, :needs_coupon, :cursor, :limit)
    as body;

-- name: promotions_create
select promotion_json(p) as body, p.version,
    '/api/promotions/' || p.id as location
from promotion_put(null, null, :input) p;

-- name: promotions_view
select promotion_json(p) as body, p.version from promotion p
where p.id = :id;

-- name: promotions_change
select promotion_json(p) as body, p.version
from promotion_put(:id, :if_match, :input) p;

-- name: promotions_remove
select id from promotion_remove(:id, :if_match) id;

-- name: promotions_uses
select promotion_uses(p.id, :cursor, :limit) as body
from promotion p where p.id = :id;

-- name: promotions_preview
select facts, without, body from promotion_preview(:input);

-- name: coupons_list
select coupon_list(p.id, :q, :batch, :cursor, :limit) as body
from promotion p where p.id = :id;

-- name: coupons_create
select coupon_json(c) as body, c.version,
    '/api/promotions/coupons/' || c.id as location
from coupon_make(:id, :input) c;

-- name: coupons_bulk
select body from coupons_make(:id, :input) body;

-- name: coupons_file
select coupons_csv(p.id, :batch) as body from promotion p where p.id = :id;

-- name: coupons_stop
select coupons_end(p.id, :batch) as body from promotion p where p.id = :id;

-- name: coupons_view
select coupon_json(c) as body, c.version from coupon c where c.id = :id;

-- name: coupons_change
select coupon_json(c) as body, c.version
from coupon_change(:id, :if_match, :input) c;

-- name: coupons_uses
select coupon_uses(c.id, :cursor, :limit) as body
from coupon c where c.id = :id;
