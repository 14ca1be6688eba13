-- SPDX-License-Identifier: ISC

-- name: messages_contact
select message_contact(:name, :email, :subject, :text, :order_number) as body;

-- name: messages_mine
with part as (
	select c.last_at, c.id, conversation_json(c) as item
	from conversation c
	where c.customer_id = current_customer()
	and (:state::text is null or c.state = :state)
	and (:cursor::text is null or (c.last_at, c.id) <
	    ((cursor_key(:cursor, 2) ->> 0)::timestamptz,
	    (cursor_key(:cursor, 2) ->> 1)::uuid))
	order by c.last_at desc, c.id desc limit :limit + 1
)
select page_of(array_agg(item order by last_at desc, id desc),
    array_agg(json_build_array(last_at, id) order by last_at desc, id desc),
    :limit) as body
from part;

-- name: messages_mine_view
select conversation_answer(c, false) as body, c.version
from conversation c
where c.id = :id and c.customer_id = current_customer();

-- name: messages_mine_messages
with part as (
	select m.number, message_json(m, false) as item from message m
	where m.conversation_id = :id and m.number > greatest(:after,
	    coalesce((cursor_key(:cursor, 1) ->> 0)::integer, 0))
	order by m.number limit :limit + 1
)
select page_of((select array_agg(item order by number) from part),
    (select array_agg(json_build_array(number) order by number) from part),
    :limit) as body
from conversation c
where c.id = :id and c.customer_id = current_customer();

-- name: messages_answer
select body, version from message_answer(:id, :text);

-- name: messages_list
with part as (
	select c.last_at, c.id, conversation_staff_json(c) as item
	from conversation c
	where (:state::text is null or c.state = :state)
	and (:waiting::boolean is null or :waiting =
	    (c.state = 'open' and c.last_author = 'customer'))
	and (:customer_id::uuid is null or c.customer_id = :customer_id)
	and (:q::text is null or c.number = upper(:q)
	    or lower(c.email) = lower(:q) or c.order_number = upper(:q)
	    or strpos(lower(c.name), lower(:q)) > 0
	    or strpos(lower(c.subject), lower(:q)) > 0)
	and (:cursor::text is null or (c.last_at, c.id) <
	    ((cursor_key(:cursor, 2) ->> 0)::timestamptz,
	    (cursor_key(:cursor, 2) ->> 1)::uuid))
	order by c.last_at desc, c.id desc limit :limit + 1
)
select page_of(array_agg(item order by last_at desc, id desc),
    array_agg(json_build_array(last_at, id) order by last_at desc, id desc),
    :limit) as body
from part;

-- name: messages_view
select conversation_answer(c, true) as body, c.version
from conversation c where c.id = :id;

-- name: messages_messages
with part as (
	select m.number, message_json(m, true) as item from message m
	where m.conversation_id = :id and m.number > greatest(:after,
	    coalesce((cursor_key(:cursor, 1) ->> 0)::integer, 0))
	order by m.number limit :limit + 1
)
select page_of((select array_agg(item order by number) from part),
    (select array_agg(json_build_array(number) order by number) from part),
    :limit) as body
from conversation c where c.id = :id;

-- name: messages_reply
select body, version from message_reply(:id, :last_seen, :text, :close);

-- name: messages_move
select body, version from conversation_move(:id, :if_match, :state);
