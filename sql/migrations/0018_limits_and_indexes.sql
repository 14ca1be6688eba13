-- SPDX-License-Identifier: ISC
-- A limit says how many in what time, or off; another word would be none.
-- What stands already is left for `PROGRAM check` to find.
alter table setting add constraint setting_limit_form
    check (key !~ '^limit[.]' or value = 'off' or
	value ~ '^[0-9]{1,9}/(second|minute|hour|day)$' and value !~ '^0+/')
    not valid;

-- A shipping method that is removed is looked for in these.
create index cart_shipping_method_idx on cart (shipping_method_id)
    where shipping_method_id is not null;
create index customer_order_shipping_method_idx
    on customer_order (shipping_method_id)
    where shipping_method_id is not null;
