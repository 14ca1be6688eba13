-- SPDX-License-Identifier: ISC
-- name: careless_sign
insert into hello_book (signer) values (:signer)
