-- SPDX-License-Identifier: ISC
-- promotions: what staff read and write goes through functions that look who
-- asks; the tables themselves are read by who may, and written by no program.
grant execute on function promotion_json(promotion), coupon_json(coupon),
    promotion_list(text, text, text, boolean, text, integer),
    promotion_put(uuid, integer, jsonb), promotion_remove(uuid, integer),
    promotion_uses(uuid, text, integer), promotion_preview(jsonb),
    coupon_make(uuid, jsonb), coupons_make(uuid, jsonb),
    coupon_change(uuid, integer, jsonb), coupons_end(uuid, uuid),
    coupon_list(uuid, text, uuid, text, integer),
    coupon_uses(uuid, text, integer), coupons_csv(uuid, uuid)
    to duka_promotions;
grant select on promotion, coupon to duka_promotions;

drop policy if exists staff on promotion;
create policy staff on promotion for select to duka_promotions
    using ((select permitted('promotions.read')));
drop policy if exists staff on coupon;
create policy staff on coupon for select to duka_promotions
    using ((select permitted('promotions.read')));
