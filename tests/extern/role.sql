-- SPDX-License-Identifier: ISC
-- A login of its own: what every program may do (ask who is asking, read the
-- settings), and nothing else of the shop.
create role duka_hello login in role duka_worker;
alter role duka_hello set search_path = duka, pg_temp;
