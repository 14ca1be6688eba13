-- SPDX-License-Identifier: ISC

-- name: customers_profile
select profile_json(c) as body, c.version
from customer c where c.id = :account;

-- name: customers_replace_profile
select profile_json(c) as body, c.version
from replace_profile(:input, :if_match) c;

-- name: customers_change_profile
select profile_json(c) as body, c.version
from change_profile(:input, :if_match) c;

-- name: customers_dashboard
select dashboard_json(c) as body from customer c where c.id = :account;

-- name: customers_addresses
select json_build_object('items', coalesce(json_agg(address_json(a)
    order by a.created_at, a.id), '[]'), 'next', null) as body
from customer_address a where a.customer_id = :account;

-- name: customers_add_address
select address_json(a) as body, a.version,
    '/api/customers/addresses/' || a.id as location
from add_address(:input) a;

-- name: customers_address
select address_json(a) as body, a.version
from customer_address a where a.id = :id;

-- name: customers_replace_address
select address_json(a) as body, a.version
from put_address(:id, :input, :if_match, true) a;

-- name: customers_change_address
select address_json(a) as body, a.version
from put_address(:id, :input, :if_match, false) a;

-- name: customers_remove_address
select remove_address(:id);

-- name: customers_consents
with part as (
	select c, c.id, exists (select from consent_now n where n.id = c.id)
	    as latest
	from consent c
	where c.customer_id = :account
	    and (:cursor::text is null or
		c.id < (cursor_key(:cursor, 1) ->> 0)::bigint)
	order by c.id desc limit :limit::integer + 1
)
select page_of(array_agg(consent_json(p.c, p.latest) order by p.id desc),
    array_agg(json_build_array(p.id) order by p.id desc),
    :limit::integer) as body
from part p;

-- name: customers_consent
select put_consent(:purpose, :channel, :given, :source, :text,
    client_address(:address)) as body;

-- name: customers_notifications
with part as (
	select n.created_at, n.id, notification_json(n) as item
	from notification n
	where n.customer_id = :account
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

-- name: customers_unread
select json_build_object('count', count(*)) as body
from notification n where n.customer_id = :account and n.read_at is null;

-- name: customers_read_notifications
select read_notifications(:ids::jsonb, :all) as body;

-- name: customers_preferences
select preferences_json(:account) as body;

-- name: customers_put_preferences
select put_preferences(:items::jsonb) as body;

-- name: customers_wishlist
with part as (
	select w.product_id, w.added_at from wish w
	where w.customer_id = :account
	and (:cursor::text is null or w.added_at <
	    (cursor_key(:cursor, 2) ->> 0)::timestamptz or (w.added_at =
	    (cursor_key(:cursor, 2) ->> 0)::timestamptz and w.product_id >
	    (cursor_key(:cursor, 2) ->> 1)::uuid))
	order by w.added_at desc, w.product_id limit :limit::integer + 1
)
select page_of(array_agg(c.card order by p.added_at desc, p.product_id),
    array_agg(json_build_array(p.added_at, p.product_id)
	order by p.added_at desc, p.product_id), :limit::integer) as body
from part p join wish_cards(array(select product_id from part)) c
    on c.product_id = p.product_id;

-- name: customers_wished
select json_build_object('items', coalesce(json_agg(w.product_id
    order by w.added_at desc, w.product_id), '[]'), 'next', null) as body
from wish w where w.customer_id = :account;

-- name: customers_put_wish
select c.card as body from put_wish(:product_id, :variant_id) p
cross join lateral wish_cards(array[p]) c;

-- name: customers_remove_wish
select remove_wish(:product_id);

-- name: customers_searches
select json_build_object('items', coalesce(json_agg(saved_search_json(s)
    order by s.created_at, s.id), '[]'), 'next', null) as body
from saved_search s where s.customer_id = :account;

-- name: customers_add_search
select saved_search_json(s) as body, s.version,
    '/api/customers/saved-searches/' || s.id as location
from add_search(:name, :path) s;

-- name: customers_change_search
select saved_search_json(s) as body, s.version
from change_search(:id, :name, :path, :if_match) s;

-- name: customers_remove_search
delete from saved_search s where s.id = :id and s.customer_id = :account
returning 1;

-- name: customers_unsubscribe_about
select unsubscribe_about(:token) as body;

-- name: customers_unsubscribe
select unsubscribe(:token, client_address(:address));

-- name: customers_export
select export_account() as body;
