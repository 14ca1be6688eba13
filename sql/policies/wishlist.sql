-- SPDX-License-Identifier: ISC
-- Wishes and saved searches are their customers' own, in the program
-- customers.  Marks and keys are nobody's but the functions'.
grant execute on function wish_offer(uuid, uuid), wish_room(),
    put_wish(uuid, uuid), remove_wish(uuid), wish_cards(uuid[]),
    saved_search_json(saved_search), add_search(text, text),
    change_search(uuid, text, text, integer),
    unsubscribe_about(text), unsubscribe(text, inet) to duka_customers;
grant execute on function tell_wishes() to duka_courier;
grant execute on function prices_step(), prices_due_in() to duka_courier;

grant select on product_index to duka_customers;
grant select, delete, insert (customer_id, product_id, variant_id,
    price_amount, price_currency, told_price, available)
    on wish to duka_customers;
grant select, delete, insert (customer_id, name, path),
    update (name, path, updated_at, version)
    on saved_search to duka_customers;

drop policy if exists own on wish;
create policy own on wish to duka_customers
    using (customer_id = (select current_customer()));
drop policy if exists own on saved_search;
create policy own on saved_search to duka_customers
    using (customer_id = (select current_customer()));
