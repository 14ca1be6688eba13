-- SPDX-License-Identifier: ISC
-- customers: the own rows and nobody else's, not even for staff.
grant execute on function consent_json(consent, boolean),
    put_consent(text, text, boolean, text, text, inet),
    profile_json(customer), put_profile(customer, jsonb, integer),
    replace_profile(jsonb, integer), change_profile(jsonb, integer),
    address_json(customer_address), lock_addresses(),
    yield_defaults(uuid, boolean, boolean, uuid),
    settle_defaults(uuid, uuid), add_address(jsonb),
    put_address(uuid, jsonb, integer, boolean), remove_address(uuid),
    dashboard_json(customer), dashboard_loyalty(), export_account()
    to duka_customers;
grant execute on function consented(uuid, text, text)
    to duka_customers, duka_courier;
grant execute on function consent_stands() to duka_customers;

grant select, update (given_name, family_name, phone, date_of_birth, gender,
    employment, occupation, education, household_size, children, income_band,
    dietary, language, version, updated_at) on customer to duka_customers;
grant select, delete, insert (id, customer_id, label, name, company, line1,
    line2, city, region, postcode, country, phone, is_default_shipping,
    is_default_billing),
    update (label, name, company, line1, line2, city, region, postcode,
    country, phone, is_default_shipping, is_default_billing, version,
    updated_at) on customer_address to duka_customers;
grant select, insert (customer_id, purpose, channel, given, source,
    text_digest, address) on consent to duka_customers;
grant select on consent_now to duka_customers;
grant select (id, number, customer_id, state, payment_state, currency,
    total_amount, placed_at) on customer_order to duka_customers;

drop policy if exists own on customer;
create policy own on customer to duka_customers
    using (id = (select current_customer()));
drop policy if exists own on customer_address;
create policy own on customer_address to duka_customers
    using (customer_id = (select current_customer()));
drop policy if exists own on consent;
create policy own on consent to duka_customers
    using (customer_id = (select current_customer()));
drop policy if exists counted on customer_order;
create policy counted on customer_order for select to duka_customers
    using (customer_id = (select current_customer()));
