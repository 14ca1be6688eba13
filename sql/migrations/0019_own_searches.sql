-- SPDX-License-Identifier: ISC
-- What is searched for is kept of nobody; one's own searches are kept of
-- those only who agreed, as views are, and told with them.

alter table search_log drop column customer_id;

-- The latest of each; `term` is the query as search compares it.
create table customer_search (
	customer_id	uuid not null,
	term		text not null,
	query		text not null,
	searched_at	timestamptz not null default now(),
	constraint customer_search_pkey primary key (customer_id, term),
	constraint customer_search_customer_fkey foreign key (customer_id)
	    references customer on delete cascade,
	constraint customer_search_term_length
	    check (length(term) between 1 and 100),
	constraint customer_search_query_length
	    check (length(query) between 1 and 100)
);
create index customer_search_searched_at_idx on customer_search (searched_at);
select secure('customer_search');
