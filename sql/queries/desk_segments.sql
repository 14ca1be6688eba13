-- SPDX-License-Identifier: ISC
-- Segments' statements.

-- name: segments_facts
select segment_facts() as body;

-- name: segments_list
select segment_list(:q, :kind, :cursor, :limit) as body;

-- name: segments_create
select segment_json(s) as body, s.version,
    '/api/desk/segments/' || s.id as location
from segment_put(null, null, :input) s;

-- name: segments_view
select segment_json(s) as body, s.version from segment s where s.id = :id;

-- name: segments_change
select segment_json(s) as body, s.version
from segment_put(:id, :if_match, :input) s;

-- name: segments_remove
select id from segment_remove(:id, :if_match) id;

-- name: segments_refresh
select segment_json(s) as body, s.version from segment_refresh(:id) s;

-- name: segments_members
select segment_page(s.id, :cursor, :limit) as body
from segment s where s.id = :id;

-- name: segments_count
select segment_counted(:rules, :exact) as body;

-- name: segments_preview
select segment_preview(:rules, :limit) as body;
