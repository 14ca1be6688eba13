-- SPDX-License-Identifier: ISC
-- The statements of duka-admin.  Roles come as one text, separated by spaces.

-- name: admin_add_staff
select admin_staff_add(:email, :name, string_to_array(:roles, ' '), :hash);

-- name: admin_list_staff
select s.email, s.name, s.state, coalesce((select string_agg(r.role, ','
    order by r.role) from staff_role r where r.staff_id = s.id), '-')
    as roles
from staff s order by lower(s.email);

-- name: admin_find_staff
select admin_staff_of(:email);

-- name: admin_set_staff_roles
select admin_staff_roles(:email, string_to_array(:roles, ' '));

-- name: admin_set_staff_password
select admin_staff_password(:email, :hash);

-- name: admin_set_staff_state
select admin_staff_state(:email, :state);

-- name: admin_drop_staff_totp
select admin_staff_totp(:email);

-- name: admin_rotate_key
select admin_key_rotate(:kid, :public_key, :private_key, :now);

-- name: admin_list_keys
select kid, wire_time(created_at) as created_at,
    coalesce(wire_time(retires_at), '-') as retires_at,
    case when retires_at is null then 'signs'
	when retires_at > now() then 'verifies' else 'retired' end as state
from signing_key order by created_at desc, kid;

-- name: admin_list_settings
select key, value, about from setting order by key;

-- name: admin_get_setting
select value from setting where key = :key;

-- name: admin_set_setting
select key from admin_setting(:key, :value) key;

-- name: admin_show_customer
select name, coalesce(value, '-') as value from admin_customer(:name);

-- name: admin_set_customer_state
select admin_customer_state(:name, :state);

-- name: admin_tidy
select tidy_accounts() + tidy_shop() + tidy_desk() as gone,
    refresh_recommendations() as recommended,
    refresh_segments() as segments;
