-- SPDX-License-Identifier: ISC
-- What the dashboard sums up is read from the index alone.
drop index customer_order_placed_at_idx;
create index customer_order_placed_at_idx
    on customer_order (placed_at desc, id desc)
    include (state, currency, total_amount);
create index low_stock_event_open_idx on low_stock_event (at)
    where refilled_at is null;
