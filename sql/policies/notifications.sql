-- SPDX-License-Identifier: ISC
-- Notices are their customers' own, in the program customers.  Nobody writes
-- one but functions with the owner's rights.
grant execute on function notification_json(notification),
    read_notifications(jsonb, boolean), preferences_json(uuid),
    put_preferences(jsonb) to duka_customers;

grant select, update (read_at) on notification to duka_customers;
grant select, delete, insert (customer_id, kind, channel, wanted)
    on notification_preference to duka_customers;
grant select on notification_kind to duka_customers;

drop policy if exists own on notification;
create policy own on notification to duka_customers
    using (customer_id = (select current_customer()));
drop policy if exists own on notification_preference;
create policy own on notification_preference to duka_customers
    using (customer_id = (select current_customer()));
drop policy if exists listed on notification_kind;
create policy listed on notification_kind for select to duka_customers
    using (true);
