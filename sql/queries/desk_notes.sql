-- SPDX-License-Identifier: ISC

-- name: desk_notes
with part as (
	select n.pinned, n.created_at, n.id, note_json(n) as item
	from customer_note n
	where n.customer_id = :id
	and (:cursor::text is null or (n.pinned, n.created_at, n.id) <
	    ((cursor_key(:cursor, 3) ->> 0)::boolean,
	    (cursor_key(:cursor, 3) ->> 1)::timestamptz,
	    (cursor_key(:cursor, 3) ->> 2)::uuid))
	order by n.pinned desc, n.created_at desc, n.id desc
	limit :limit::integer + 1
)
select page_of(array_agg(p.item order by p.pinned desc, p.created_at desc,
	p.id desc) filter (where p.id is not null),
    array_agg(json_build_array(p.pinned, p.created_at, p.id)
	order by p.pinned desc, p.created_at desc, p.id desc)
	filter (where p.id is not null),
    :limit::integer) as body
from customer c left join part p on true where c.id = :id
having count(c.id) > 0;

-- name: desk_notes_create
select note_json(n) as body, n.version, '/api/desk/notes/' || n.id as location
from put_note(:id, :text, :pinned,
    array(select m::uuid from jsonb_array_elements_text(:mentions::jsonb) m))
    n;

-- name: desk_notes_change
select note_json(n) as body, n.version
from change_note(:id, :text, :pinned, case when :has_mentions
    then array(select m::uuid
	from jsonb_array_elements_text(:mentions::jsonb) m) end, :if_match) n;

-- name: desk_notes_remove
select remove_note(:id);

-- name: desk_colleagues
select json_build_object('items', coalesce(json_agg(json_build_object(
    'id', c.id, 'name', c.name)), '[]'), 'next', null) as body
from colleagues() c;

-- name: desk_notifications
with part as (
	select n.created_at, n.id, staff_notification_json(n) as item
	from staff_notification n
	where n.staff_id = :account
	and (:unread::boolean is null or :unread = (n.read_at is null))
	and (:cursor::text is null or (n.created_at, n.id) <
	    ((cursor_key(:cursor, 2) ->> 0)::timestamptz,
	    (cursor_key(:cursor, 2) ->> 1)::uuid))
	order by n.created_at desc, n.id desc limit :limit::integer + 1
)
select page_of(array_agg(p.item order by p.created_at desc, p.id desc),
    array_agg(json_build_array(p.created_at, p.id)
	order by p.created_at desc, p.id desc), :limit::integer) as body
from part p;

-- name: desk_notifications_unread
select json_build_object('count', count(*)) as body
from staff_notification n where n.staff_id = :account and n.read_at is null;

-- name: desk_notifications_read
select read_staff_notices(:ids::jsonb, :all) as body;

-- name: desk_views
select json_build_object('items', coalesce(json_agg(view_json(v)
    order by v.staff_id <> current_staff(), lower(v.name), v.id), '[]'),
    'next', null) as body
from saved_view v
where (:list::text is null or v.list = :list)
and (v.staff_id = :account or v.shared);

-- name: desk_views_create
select view_json(v) as body, v.version, '/api/desk/views/' || v.id as location
from put_view(:input::jsonb) v;

-- name: desk_views_change
select view_json(v) as body, v.version
from change_view(:id, :input::jsonb, :if_match) v;

-- name: desk_views_remove
delete from saved_view v where v.id = :id and v.staff_id = :account
returning 1;
