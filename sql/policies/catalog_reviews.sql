-- SPDX-License-Identifier: ISC
-- Of reviews, everyone sees what is approved, customers also their own, staff
-- who may all; what writes one is a function, which asks whose it is.
grant select on review, review_picture, review_vote, review_summary
    to duka_catalog;

drop policy if exists shown on review;
create policy shown on review for select to duka_catalog
    using (state = 'approved');
drop policy if exists own on review;
create policy own on review for select to duka_catalog
    using (customer_id = (select current_customer()));
drop policy if exists staff on review;
create policy staff on review for select to duka_catalog
    using ((select permitted('reviews.read')));
drop policy if exists visible on review_picture;
create policy visible on review_picture for select to duka_catalog
    using (exists (select from review r where r.id = review_id));
drop policy if exists own on review_vote;
create policy own on review_vote for select to duka_catalog
    using (customer_id = (select current_customer()));
drop policy if exists read on review_summary;
create policy read on review_summary for select to duka_catalog
    using (true);

grant execute on function review_product_json(uuid),
    review_pictures_json(uuid), picture_json(uuid), review_json(review),
    review_own_json(review), review_staff_json(review),
    review_rows(uuid, text, integer, text, integer),
    product_reviews(uuid, text, integer, text, integer),
    review_create(uuid, text, jsonb), review_view(uuid, text),
    review_change(uuid, text, integer, jsonb), review_remove(uuid, text),
    reviews_mine(text, uuid, text, integer),
    reviews_open(text, uuid, text, integer), review_vote(uuid, boolean),
    review_rows_staff(text, uuid, uuid, integer, boolean, text, integer),
    review_decide(uuid, integer, boolean, text) to duka_catalog;
