-- SPDX-License-Identifier: ISC
\set k :k + 1
\set n :base + :client_id + :clients * :k
\set t :n % 100
begin;
select identify('guest', null, null, (select c.digest from bench.cart c where c.n = :n), null, 'bench', '127.0.0.1');
select cart_id as cart, context from checkout_facts(:input) \gset
select body, location, version from place_order(:cart, :context, (select q.quote from bench.quote q where q.t = :t), '{"method":"on_delivery","label":"Payment on delivery","prepaid": false}', null);
commit;
