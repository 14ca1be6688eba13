-- SPDX-License-Identifier: ISC

-- name: loyalty_view
select loyalty_json(c) as body from customer c
where c.id = current_customer();

-- name: loyalty_history
with part as (
	select e.id, (points_entry_json(e)) as item from points_entry e
	where e.customer_id = current_customer()
	and (:cursor::text is null
	    or e.id < (cursor_key(:cursor, 1) ->> 0)::bigint)
	order by e.id desc limit :limit + 1
)
select page_of(array_agg(item order by id desc),
    array_agg(json_build_array(id) order by id desc), :limit) as body
from part;

-- name: loyalty_rewards
select rewards_json(current_customer()) as body;

-- name: loyalty_tiers
select json_build_object('items', json_agg(tier_json(t) order by t.points),
    'next', null) as body from loyalty_tier t;

-- name: loyalty_customer
select loyalty_json(c) as body from customer c where c.id = :customer_id;

-- name: loyalty_customer_history
with part as (
	select e.id, (points_entry_json(e)) as item from points_entry e
	where e.customer_id = :customer_id
	and (:cursor::text is null
	    or e.id < (cursor_key(:cursor, 1) ->> 0)::bigint)
	order by e.id desc limit :limit + 1
)
select page_of(array_agg(item order by id desc),
    array_agg(json_build_array(id) order by id desc), :limit) as body
from part;

-- name: loyalty_adjust
select points_entry_json(e) as body
from adjust_points(:customer_id, :points, :reason) e;

-- name: loyalty_manage_rewards
select json_build_object('items', coalesce(json_agg(reward_staff_json(r)
    order by r.active desc, r.cost, r.name, r.id), '[]'), 'next', null)
    as body
from reward r
where :active::boolean is null or r.active = :active;

-- name: loyalty_reward_create
select reward_staff_json(r) as body, r.version,
    '/api/loyalty/manage/rewards/' || r.id as location
from put_reward(null, :input, null) r;

-- name: loyalty_reward_view
select reward_staff_json(r) as body, r.version from reward r
where r.id = :id;

-- name: loyalty_reward_change
select reward_staff_json(r) as body, r.version
from put_reward(:id, :input, :if_match) r;

-- name: loyalty_reward_delete
delete from reward r
where r.id = :id and version_meant(r.version, :if_match) returning r.id;

-- name: loyalty_tier_change
select tier_json(t) as body, t.version
from put_tier(:code, :input, :if_match) t;

-- name: loyalty_nightly
select loyalty_nightly() as body;
