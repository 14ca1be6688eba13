-- SPDX-License-Identifier: ISC
-- What was looked at, and what follows from it and from orders.

insert into setting (key, value, about) values
('limit.views', '600/hour', 'Batches of product views, by account or address'),
('keep.view_days', '180', 'Days for which product views are kept');

-- Told with consent only.  Of nobody known: counted for the product alone.
create table product_view (
	id		bigint generated always as identity,
	product_id	uuid not null,
	customer_id	uuid,
	guest_digest	text,
	viewed_at	timestamptz not null default now(),
	constraint product_view_pkey primary key (id),
	constraint product_view_product_fkey foreign key (product_id)
	    references product on delete cascade,
	constraint product_view_customer_fkey foreign key (customer_id)
	    references customer on delete cascade,
	constraint product_view_owner_one
	    check (num_nonnulls(customer_id, guest_digest) <= 1),
	constraint product_view_guest_form
	    check (guest_digest ~ '^[0-9a-f]{64}$')
);
create index product_view_customer_idx
    on product_view (customer_id, viewed_at desc)
    where customer_id is not null;
create index product_view_guest_idx
    on product_view (guest_digest, viewed_at desc)
    where guest_digest is not null;
create index product_view_viewed_at_idx on product_view (viewed_at);
create index product_view_product_idx on product_view (product_id);
select secure('product_view');

-- Reckoned each night (refresh_recommendations): how much each product is
-- wanted, and what is bought in the same orders, the commonest first.
create table product_popularity (
	product_id	uuid not null,
	score		bigint not null,
	constraint product_popularity_pkey primary key (product_id),
	constraint product_popularity_product_fkey foreign key (product_id)
	    references product on delete cascade,
	constraint product_popularity_score_range check (score > 0)
);
create index product_popularity_score_idx
    on product_popularity (score desc, product_id);
select secure('product_popularity');

create table product_together (
	product_id	uuid not null,
	other_id	uuid not null,
	orders		integer not null,
	constraint product_together_pkey primary key (product_id, other_id),
	constraint product_together_product_fkey foreign key (product_id)
	    references product on delete cascade,
	constraint product_together_other_fkey foreign key (other_id)
	    references product on delete cascade,
	constraint product_together_other check (other_id <> product_id),
	constraint product_together_orders_range check (orders > 0)
);
create index product_together_other_idx on product_together (other_id);
select secure('product_together');
