-- SPDX-License-Identifier: ISC
-- Customers as staff know them.

create or replace function desk_customer_json(c customer) returns json
language sql stable as $$
	select json_build_object('id', c.id, 'number', c.number,
	    'email', shown_email(c.email), 'username', c.username,
	    'given_name', c.given_name, 'family_name', c.family_name,
	    'phone', c.phone, 'language', c.language, 'state', c.state,
	    'email_verified', c.email_verified_at is not null,
	    'created_at', wire_time(c.created_at), 'version', c.version)
$$;
