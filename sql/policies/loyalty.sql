-- SPDX-License-Identifier: ISC
-- loyalty: a customer's own ledger, and all of them for staff who may see it.
-- What moves points is a function; the ledger itself nobody writes.
grant execute on function loyalty_json(customer), tier_json(loyalty_tier),
    reward_json(reward), reward_staff_json(reward), reward_offered(reward),
    rewards_json(uuid), points_entry_json(points_entry),
    adjust_points(uuid, integer, text), loyalty_nightly(integer),
    put_reward(uuid, jsonb, integer), put_tier(text, jsonb, integer),
    raise_missing(text, text)
    to duka_loyalty;

grant select on loyalty_tier, points_entry, reward, reward_use
    to duka_loyalty;
grant update (name, points, multiplier, advantages, version, updated_at)
    on loyalty_tier to duka_loyalty;
grant delete, insert (name, about, kind, amount, percent, cost, tier,
    starts_at, ends_at, active),
    update (name, about, kind, amount, percent, cost, tier, starts_at,
    ends_at, active, version, updated_at) on reward to duka_loyalty;
grant select on customer to duka_loyalty;

drop policy if exists own on points_entry;
create policy own on points_entry for select to duka_loyalty
    using (customer_id = (select current_customer()));
drop policy if exists staff on points_entry;
create policy staff on points_entry for select to duka_loyalty
    using ((select permitted('loyalty.read')));
drop policy if exists listed on loyalty_tier;
create policy listed on loyalty_tier for select to duka_loyalty using (true);
drop policy if exists changed on loyalty_tier;
create policy changed on loyalty_tier for update to duka_loyalty
    using ((select permitted('loyalty.write')))
    with check ((select permitted('loyalty.write')));
drop policy if exists offered on reward;
create policy offered on reward for select to duka_loyalty
    using ((select permitted('loyalty.read'))
	or (select current_customer()) is not null);
drop policy if exists made on reward;
create policy made on reward for insert to duka_loyalty
    with check ((select permitted('loyalty.write')));
drop policy if exists changed on reward;
create policy changed on reward for update to duka_loyalty
    using ((select permitted('loyalty.write')))
    with check ((select permitted('loyalty.write')));
drop policy if exists removed on reward;
create policy removed on reward for delete to duka_loyalty
    using ((select permitted('loyalty.write')));
drop policy if exists counted on reward_use;
create policy counted on reward_use for select to duka_loyalty
    using ((select permitted('loyalty.read')));
drop policy if exists loyalty_sees on customer;
create policy loyalty_sees on customer for select to duka_loyalty
    using (id = (select current_customer())
	or (select permitted('loyalty.read')));
