-- SPDX-License-Identifier: ISC
-- desk: customers for staff who may see them.
grant execute on function desk_customer_json(customer), shown_email(text),
    addressless(text) to duka_desk;

grant select on customer to duka_desk;
drop policy if exists desk_sees on customer;
create policy desk_sees on customer for select to duka_desk
    using ((select permitted('customers.read')));
