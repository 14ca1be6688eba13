-- SPDX-License-Identifier: ISC
-- recommend reads what is public; whose views are whose is behind functions.
grant select on product_index, product_popularity, product_together
    to duka_recommend;
drop policy if exists read on product_popularity;
create policy read on product_popularity for select to duka_recommend
    using (true);
drop policy if exists read on product_together;
create policy read on product_together for select to duka_recommend
    using (true);
grant execute on function views_keep(json, boolean), searched(integer),
    items_json(uuid[]),
    viewed(integer), views_forget(), together_with(uuid, integer),
    popular(integer, uuid), for_you(uuid[], integer), featured(integer),
    recommend_home(integer), item_of(product_index)
    to duka_recommend;
grant execute on function refresh_recommendations() to duka_admin;
