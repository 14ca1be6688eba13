-- SPDX-License-Identifier: ISC
-- A login of its own: what every program may do (ask who is asking, read the
-- settings), a book of its own, and nothing else of the shop.
create role duka_hello login in role duka_worker;
alter role duka_hello set search_path = duka, pg_temp;
create table duka.hello_book (
	signer text constraint hello_book_pkey primary key
);
grant insert on duka.hello_book to duka_hello;
