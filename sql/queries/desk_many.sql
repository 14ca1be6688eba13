-- SPDX-License-Identifier: ISC

-- name: desk_bulk
select desk_bulk_do(:action, :tag, array(select i::uuid
    from jsonb_array_elements_text(:ids::jsonb) i)) as body;

-- name: desk_bulk_undo
select b as body from desk_bulk_undo(:id) b where b is not null;

-- name: desk_doubles
select doubles_page(:customer_id, :cursor, :limit::integer) as body;

-- name: desk_doubles_refuse
select doubles_refuse(:a, :b);

-- name: desk_merge_preview
select p as body from merge_preview(:id, :from) p where p is not null;

-- name: desk_merge
select desk_customer_json(c) as body, c.version
from merge_customers(:id, :from, array(select t
    from jsonb_array_elements_text(:take::jsonb) t), :if_match) c;

-- name: desk_timeline
select timeline(:id, case when :has_kinds then array(select k
    from jsonb_array_elements_text(:kinds::jsonb) k) end, :before, :after,
    :at, :limit::integer) as body;
