-- SPDX-License-Identifier: ISC
-- Changes of many products at once, kept so that they can be taken back.

create table product_edit (
	id		uuid not null default gen_random_uuid(),
	staff_id	uuid,
	change		jsonb not null,
	products	integer not null,
	at		timestamptz not null default now(),
	undone_at	timestamptz,
	undone_by	uuid,
	constraint product_edit_pkey primary key (id),
	constraint product_edit_staff_fkey foreign key (staff_id)
	    references staff,
	constraint product_edit_undone_by_fkey foreign key (undone_by)
	    references staff,
	constraint product_edit_products_range check (products > 0)
);
create index product_edit_at_idx on product_edit (at desc, id);
create index product_edit_staff_idx on product_edit (staff_id);
create index product_edit_undone_by_idx on product_edit (undone_by);
select secure('product_edit');

-- What was other before, and what it became.
create table product_edit_line (
	edit_id		uuid not null,
	product_id	uuid not null,
	before		jsonb not null,
	after		jsonb not null,
	constraint product_edit_line_pkey primary key (edit_id, product_id),
	constraint product_edit_line_edit_fkey foreign key (edit_id)
	    references product_edit on delete cascade,
	constraint product_edit_line_product_fkey foreign key (product_id)
	    references product
);
create index product_edit_line_product_idx
    on product_edit_line (product_id);
select secure('product_edit_line');
