-- SPDX-License-Identifier: ISC

-- name: desk_customers_list
select desk_customers(:input::jsonb, :cursor, :limit::integer) as body;

-- name: desk_customers_create
select desk_customer_json(c) as body, c.version,
    '/api/desk/customers/' || c.id as location
from desk_create(:input::jsonb) c;

-- name: desk_customer
select desk_customer_json(c) as body, c.version
from customer c where c.id = :id;

-- name: desk_customer_change
select desk_customer_json(c) as body, c.version
from desk_change(:id, :input::jsonb, :if_match) c;

-- name: desk_customer_state
select desk_customer_json(c) as body, c.version
from desk_put_state(:id, :state, :if_match) c;

-- name: desk_customer_erase
select desk_erase(:id, :if_match);
