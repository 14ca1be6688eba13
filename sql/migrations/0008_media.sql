-- SPDX-License-Identifier: ISC
-- Pictures that customers and staff sent: what is kept of them is what the
-- shop made anew.  The files lie in DUKA_MEDIA, named by digest and width.

insert into permission (name, about) values
('media.write', 'Send pictures for products, and remove them');
insert into role_permission (role, permission)
select r, 'media.write' from unnest(array['superadmin', 'admin', 'manager',
    'crm', 'sales']) r;

insert into setting (key, value, about) values
('limit.picture', '60/hour', 'Pictures sent, by account'),
('media.pictures_most', '300', 'Pictures that one customer may have'),
('media.orphan_hours', '24',
    'Hours after which a picture that nothing shows is removed');

create table picture (
	id		uuid not null default gen_random_uuid(),
	digest		text not null,
	customer_id	uuid,
	staff_id	uuid,
	kind		text not null,
	width		integer not null,	-- of the largest made
	height		integer not null,
	widths		integer[] not null,	-- of all made, ascending
	created_at	timestamptz not null default now(),
	constraint picture_pkey primary key (id),
	constraint picture_customer_fkey foreign key (customer_id)
	    references customer,
	constraint picture_staff_fkey foreign key (staff_id)
	    references staff,
	constraint picture_owner
	    check (num_nonnulls(customer_id, staff_id) = 1),
	constraint picture_digest_form check (digest ~ '^[0-9a-f]{64}$'),
	constraint picture_kind_value check (kind in ('upload', 'profile')),
	constraint picture_profile_of_customer
	    check (kind = 'upload' or customer_id is not null),
	constraint picture_size
	    check (width between 1 and 16383 and height between 1 and 16383),
	constraint picture_widths_whole
	    check (cardinality(widths) between 1 and 8
	    and widths[cardinality(widths)] = width)
);
create unique index picture_profile_key on picture (customer_id)
    where kind = 'profile';
create unique index picture_customer_key on picture (customer_id, digest)
    where kind = 'upload';
create unique index picture_staff_key on picture (staff_id, digest);
create index picture_digest_idx on picture (digest);
create index picture_created_at_idx on picture (created_at)
    where kind = 'upload';
select secure('picture');
