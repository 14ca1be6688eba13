-- SPDX-License-Identifier: ISC

-- name: desk_customer
select desk_customer_json(c) as body, c.version
from customer c where c.id = :id;
