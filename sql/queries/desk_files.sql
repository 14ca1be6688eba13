-- SPDX-License-Identifier: ISC

-- name: desk_export_begin
select desk_export_begin(:input::jsonb);

-- copy: desk_export_lines
copy (select number, email, username, given_name, family_name, phone,
    date_of_birth, gender, language, state, email_verified, tags, tier,
    country, orders, spent, currency, last_order_at, consents, registered_at
    from customer_export order by place)
to stdout with (format csv, header, encoding 'UTF8');

-- name: desk_import_begin
select customer_import_begin();

-- copy: desk_import_lines
copy customer_import_csv (number, email, username, given_name, family_name,
    phone, date_of_birth, gender, language, state, email_verified, tags, tier,
    country, orders, spent, currency, last_order_at, consents, registered_at)
from stdin with (format csv, header match, encoding 'UTF8');

-- name: desk_import_run
select customer_import_run(:mode) as body;
