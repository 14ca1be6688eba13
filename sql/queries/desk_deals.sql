-- SPDX-License-Identifier: ISC

-- name: desk_deals_list
select deal_rows(:input) as body;

-- name: desk_deals_board
select deal_board(:input) as body;

-- name: desk_deal
select deal_json(d) as body, d.version from deal d where d.id = :id;

-- name: desk_deal_create
select body, version, location from deal_create(:input);

-- name: desk_deal_change
select body, version from deal_change(:id, :if_match, :input);

-- name: desk_deal_remove
select deal_remove(:id, :if_match);

-- name: desk_deal_events
with part as (
	select e, e.id from deal_event e
	where e.deal_id = :id and (:cursor::text is null
	    or e.id > (cursor_key(:cursor, 1) ->> 0)::bigint)
	order by e.id limit :limit::integer + 1
)
select page_of(array_agg(deal_event_json(p.e) order by p.id),
    array_agg(json_build_array(p.id) order by p.id), :limit::integer) as body
from part p
having exists (select from deal d where d.id = :id);

-- name: desk_stages
select stages_json() as body, stages_version() as version;

-- name: desk_stage_create
select body, version, location
from stage_create(:name, :kind, :probability);

-- name: desk_stage_change
select body, version
from stage_change(:id, :if_match, :name, :probability);

-- name: desk_stages_order
select body, version from stages_order(:if_match, :ids::jsonb);

-- name: desk_stage_remove
select stage_remove(:id, :if_match);
