-- SPDX-License-Identifier: ISC
-- The list of customers is looked for otherwise: what answers a list now, and
-- what made the list's query.
drop function if exists term_near(text);
drop function if exists customers_query(text, boolean, boolean, boolean);
