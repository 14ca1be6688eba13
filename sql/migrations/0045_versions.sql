-- SPDX-License-Identifier: ISC
-- What staff set of a row of stock has a version; what lies there has none:
-- each sale would change it.
alter table stock add column version integer not null default 1;
