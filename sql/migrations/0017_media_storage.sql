-- SPDX-License-Identifier: ISC
-- Pictures' files may lie in an S3-compatible store.  A row for each digest
-- says where its files are; it is there before the first byte is sent, and
-- goes after the last object went, so that nothing lies there unknown.

insert into setting (key, value, about) values
('media.local_hours', '24',
    'Hours for which a picture in the store stays on this disk too');

create table picture_file (
	digest		text not null,
	widths		integer[] not null,	-- of all ever made
	-- here: on the disk; stored: in the store too, and perhaps only there;
	-- leaving: no picture has it, and the store is to lose it.
	state		text not null default 'here',
	sent		boolean not null default false,	-- perhaps in part
	stored_at	timestamptz,			-- the first time
	tries		integer not null default 0,
	due_at		timestamptz not null default now(),
	claimed_until	timestamptz,
	last_error	text,
	constraint picture_file_pkey primary key (digest),
	constraint picture_file_digest_form check (digest ~ '^[0-9a-f]{64}$'),
	constraint picture_file_state_value
	    check (state in ('here', 'stored', 'leaving')),
	constraint picture_file_stored_known
	    check (state <> 'stored' or stored_at is not null and sent),
	constraint picture_file_tries_positive check (tries >= 0)
);
create index picture_file_due_idx on picture_file (due_at)
    where state <> 'stored';
select secure('picture_file');

insert into picture_file (digest, widths)
select p.digest, array(select distinct w from picture o,
    unnest(o.widths) w where o.digest = p.digest order by w)
from picture p group by p.digest;

alter table picture add constraint picture_file_fkey
    foreign key (digest) references picture_file;

-- The store as a whole: when it is away, nothing else is tried meanwhile.
create table picture_store (
	id		integer not null default 1,
	tries		integer not null default 0,
	due_at		timestamptz not null default now(),
	last_error	text,
	constraint picture_store_pkey primary key (id),
	constraint picture_store_one check (id = 1)
);
select secure('picture_store');
insert into picture_store default values;
