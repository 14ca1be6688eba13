-- SPDX-License-Identifier: ISC
-- Reviews: who may write one of what, who sees it, and what it comes to.
begin;
select no_plan();

create function pg_temp.be(role text, customer uuid default null,
    permissions text default '', member uuid default null) returns void
language plpgsql as $$
begin
	reset role;
	perform set_config('duka.customer', coalesce(customer::text, ''), true),
	    set_config('duka.staff', coalesce(member::text, ''), true),
	    set_config('duka.guest', '', true),
	    set_config('duka.permissions', ' ' || permissions || ' ', true);
	execute format('set local role %I', role);
end
$$;
create function pg_temp.own() returns void language sql as $$
	select set_config('role', 'none', true)
$$;

insert into product (id, slug, name, status, tax_class) values
('00000000-0000-4000-8000-000000000001', 'gari-r', 'Gari', 'active', 'zero'),
('00000000-0000-4000-8000-000000000002', 'egusi-r', 'Egusi', 'active',
    'zero'),
('00000000-0000-4000-8000-000000000003', 'old-r', 'Old', 'archived', 'zero');
insert into variant (id, product_id, sku, options, price_amount,
    price_currency)
select ('00000000-0000-4000-8000-0000000000a' || n)::uuid,
    ('00000000-0000-4000-8000-00000000000' || n)::uuid, 'R-' || n, '{}', 100,
    'EUR' from generate_series(1, 3) n;
insert into customer (id, email, given_name, family_name, email_verified_at)
values
('00000000-0000-4000-8000-0000000000c1', 'a@example.org', 'Ada', 'Obi',
    now()),
('00000000-0000-4000-8000-0000000000c2', 'b@example.org', 'Ben', '', now()),
('00000000-0000-4000-8000-0000000000c3', 'c@example.org', '', '', null);
insert into staff (id, email, name) values
('00000000-0000-4000-8000-0000000000d1', 's@example.org', 'Sam');
\set gari '\'00000000-0000-4000-8000-000000000001\''
\set egusi '\'00000000-0000-4000-8000-000000000002\''
\set old '\'00000000-0000-4000-8000-000000000003\''
\set a '\'00000000-0000-4000-8000-0000000000c1\''
\set b '\'00000000-0000-4000-8000-0000000000c2\''
\set c '\'00000000-0000-4000-8000-0000000000c3\''
\set s '\'00000000-0000-4000-8000-0000000000d1\''

-- Order n, of `pieces` of product p.
create function pg_temp.o(n integer) returns uuid language sql as $$
	select ('00000000-0000-4000-8000-0000000001' || lpad(n::text, 2, '0'))
	    ::uuid
$$;
create function pg_temp.bought(n integer, who uuid, mail text, p integer,
    state text, gone integer, back integer default 0) returns void
language sql as $$
	insert into customer_order (id, customer_id, email, name, state,
	    payment_state, payment_method, currency, tax_mode,
	    subtotal_amount, discount_amount, shipping_amount, tax_amount,
	    total_amount, quote, guest_digest)
	select pg_temp.o(n), who, mail, 'Gus  van der Berg', state, 'paid',
	    'on_delivery', 'EUR', 'inclusive', 200, 0, 0, 0, 200, '{}',
	    case when who is null then repeat('1', 64) end;
	insert into order_line (id, order_id, position, variant_id, product_id,
	    sku, name, quantity, shipped, refunded, unit_amount,
	    subtotal_amount, tax_rate, tax_mode, net_amount, tax_amount,
	    total_amount)
	select pg_temp.o(n), pg_temp.o(n), 1,
	    ('00000000-0000-4000-8000-0000000000a' || p)::uuid,
	    ('00000000-0000-4000-8000-00000000000' || p)::uuid, 'R-' || p,
	    'Name', 2, gone, back, 100, 200, 0, 'inclusive', 200, 0, 200
$$;
create function pg_temp.says(p uuid, stars integer,
    more jsonb default '{}', key text default null) returns json
language sql as $$
	select r.body from review_create(p, key, jsonb_build_object('stars',
	    stars, 'title', 'Good', 'text', 'Very good') || more) r
$$;
-- As the owner sees it.
create function pg_temp.mean(p uuid) returns text
language sql security definer set search_path = duka, pg_temp as $$
	select p.rating || ' of ' || p.review_count || ' ' || s.counts::text
	from product p left join review_summary s on s.product_id = p.id
	where p.id = mean.p
$$;

-- Who may.

select pg_temp.bought(1, :a, 'a@example.org', 1, 'shipped', 2);
select pg_temp.bought(2, :a, 'a@example.org', 1, 'delivered', 2, 2);
select pg_temp.bought(3, :b, 'b@example.org', 1, 'delivered', 2);
select pg_temp.bought(4, null, 'Gus+x@example.org', 1, 'delivered', 2);
select pg_temp.bought(5, :a, 'a@example.org', 3, 'delivered', 2);
select pg_temp.bought(6, null, 'b@example.org', 1, 'delivered', 2);
select pg_temp.bought(7, :c, 'c@example.org', 1, 'delivered', 2, 1);
select pg_temp.bought(8, null, 'h@example.org', 2, 'delivered', 2);
insert into order_key (digest, order_id, expires_at)
select order_key_digest('key' || n), pg_temp.o(n), now() + interval '1 day'
from unnest(array[4, 6, 8]) n;

select pg_temp.be('duka_catalog');
select throws_ok(format('select pg_temp.says(%L, 5)', :gari), 'UK401', null,
    'nobody writes none');
select throws_ok(format($$select pg_temp.says(%L, 5, '{}', 'key5')$$, :gari),
    'UK401', null, 'nor a key that opens nothing');
select pg_temp.be('duka_catalog', null, 'reviews.write catalog.write', :s);
select throws_ok(format('select pg_temp.says(%L, 5)', :gari), 'UK401', null,
    'nor do staff');
select pg_temp.be('duka_catalog', :a);
select throws_ok(format('select pg_temp.says(%L, 5)', :gari), 'UK730', null,
    'neither on its way nor refunded whole is enough');
select throws_ok(format('select pg_temp.says(%L, 5)', :egusi), 'UK730', null,
    'nor what was never bought');
select throws_ok(format('select pg_temp.says(%L, 5)', :old), 'UK410', null,
    'what is sold no more has no reviews');
select throws_ok($$insert into review (product_id, order_line_id,
    customer_id, author, stars, text, state) select product_id, id, null,
    'x', 5, 'x', 'approved' from order_line$$, '42501', null,
    'and there is no other way in');
select throws_ok($$update review set state = 'approved'$$, '42501', null,
    'nor to be shown');
select pg_temp.own();
update order_line set refunded = 1 where id = pg_temp.o(2);
select pg_temp.be('duka_catalog', :a);
select is(pg_temp.says(:gari, 5)::jsonb - array['id', 'created_at',
    'product'], '{"stars": 5, "title": "Good", "text": "Very good",
    "author": "Ada O.", "helpful": 0, "pictures": [], "edited_at": null,
    "state": "pending", "reason": "", "version": 1}'::jsonb,
    'a delivered piece that was kept is enough');
select throws_ok(format('select pg_temp.says(%L, 4)', :gari), 'UK732', null,
    'once');

-- Guests, by address.
select pg_temp.be('duka_catalog');
select is(pg_temp.says(:gari, 3, '{}', 'key4') ->> 'author', 'Gus B.',
    'a guest writes by the key');
select throws_ok(format($$select pg_temp.says(%L, 3, '{}', 'key4')$$, :gari),
    'UK732', null, 'once');
select throws_ok(format($$select pg_temp.says(%L, 3, '{}', 'key4')$$, :egusi),
    'UK730', null, 'of that order alone');
select pg_temp.be('duka_catalog', :b);
select is(pg_temp.says(:gari, 1) ->> 'author', 'Ben',
    'a name may be short');
select throws_ok(format($$select pg_temp.says(%L, 3, '{}', 'key6')$$, :gari),
    'UK732', null, 'account and guest of one address are one person');
select pg_temp.be('duka_catalog', :c);
select is(pg_temp.says(:gari, 4) ->> 'author', '', 'or none');

-- What the table refuses.
select throws_ok(format($$select * from review_create(%L, null,
    '{"stars": 5, "title": "a\nb", "text": "x"}')$$, :gari), 'UK422', null,
    'a title is one line');
select throws_ok(format($$select * from review_create(%L, null,
    '{"stars": 5, "text": " \n "}')$$, :gari), 'UK422', null,
    'a text says something');
select pg_temp.own();
select throws_ok('update review set stars = 6', '23514', null,
    'five stars are the most');
select throws_ok($$update review set state = 'rejected'$$, '23514', null,
    'who is rejected is told why');
select throws_ok($$update review set customer_id = null$$, '23514', null,
    'a review is somebody''s');

-- Who sees what.

select pg_temp.be('duka_catalog', :a);
select is((select count(*) from review), 1::bigint,
    'until it is approved only its writer sees it');
select is(json_array_length(reviews_mine(null, null, null, 20) -> 'items'),
    1, 'in a list of the own');
select is((select count(*) from review_view((select id from review), 'key4')),
    0::bigint, 'a key opens the guest''s, not the account''s');
select pg_temp.be('duka_catalog');
select is((select count(*) from review), 0::bigint, 'others see none');
select is(reviews_mine('key4', null, null, 20) #>> '{items,0,stars}', '3',
    'a guest sees the own by the key');
select is(product_reviews(:gari, 'newest', null, null, 20)::jsonb,
    '{"items": [], "next": null, "mean": null, "count": 0,
    "distribution": [0, 0, 0, 0, 0]}'::jsonb, 'the product has none yet');
select pg_temp.own();
select id as first from review where customer_id = :a \gset
select id as guests from review where guest_digest is not null \gset
select id as second from review where customer_id = :b \gset
select id as third from review where customer_id = :c \gset

-- Deciding.

select pg_temp.be('duka_catalog', null, 'reviews.read', :s);
select is((select count(*) from review), 4::bigint, 'staff see all');
select throws_ok(format('select * from review_decide(%L, 1, true, null)',
    :'first'), 'UK403', null, 'reading is not deciding');
select is(json_array_length(review_rows_staff('pending', :gari, null, null,
    false, null, 20) -> 'items'), 4, 'four wait');
select pg_temp.be('duka_catalog', null, 'reviews.read reviews.write', :s);
select throws_ok(format('select * from review_decide(%L, 2, true, null)',
    :'first'), 'UK412', null, 'what was read is what is decided');
select throws_ok('select * from review_decide(gen_random_uuid(), 1, true,
    null)', 'UK410', null, 'and is there');
select is((select body ->> 'state' from review_decide(:'first', 1, true,
    null)), 'approved', 'one is approved');
select throws_ok(format('select * from review_decide(%L, 2, true, null)',
    :'first'), 'UK409', null, 'once');
select is(pg_temp.mean(:gari), '5.00 of 1 {0,0,0,0,1}', 'and counts');
select is((select body ->> 'reason' from review_decide(:'second', 1, false,
    'It shouts')), 'It shouts', 'another rejected');
select is(pg_temp.mean(:gari), '5.00 of 1 {0,0,0,0,1}', 'which does not');
select lives_ok(format('select * from review_decide(%L, 1, true, null)',
    id), 'decided') from (values (:'guests'), (:'third')) i (id);
select is(pg_temp.mean(:gari), '4.00 of 3 {0,0,1,1,1}', 'the mean of three');
select pg_temp.own();
select is((select array_agg(a.after ->> 'state' order by a.id)
    from audit_log a where a.table_name = 'review'),
    '{approved,rejected,approved,approved}', 'the log has who decided');
select is((select (p.body || '}')::jsonb ->> 'rating' from product_page p
    where p.product_id = :gari), '4.00', 'the page says it');
select is((select i.rating from product_index i where i.product_id = :gari),
    4.00, 'lists go by it');

-- Points and news.
select is((select array_agg(customer_id order by customer_id)
    from points_entry where kind = 'bonus' and reference = 'review:'
    || :gari), array[:a, :c]::uuid[], 'who is approved has a bonus');
select is((select array_agg(n.data ->> 'state' order by n.customer_id)
    from notification n where n.kind = 'review'),
    '{approved,rejected,approved}', 'customers are told');
select is((select array_agg(o.recipient || ' ' || coalesce(o.data ->> 'note',
    '') order by o.recipient collate "C") from outbox o
    where o.template = 'review-decided'),
    '{"Gus+x@example.org ","a@example.org ","b@example.org It shouts",'
    '"c@example.org "}', 'by mail too, guests among them');
select ok((select bool_and(case o.data ->> 'state' when 'approved'
    then o.data ->> 'path' = '/product/gari-r#reviews'
    else o.data ->> 'path' = '/review/' || :gari end)
    from outbox o where o.template = 'review-decided'), 'with a way back');

-- Read in order.

insert into review (id, product_id, order_line_id, guest_digest, author,
    stars, text, state, helpful)
select ('00000000-0000-4000-8000-0000000002' || lpad(n::text, 2, '0'))::uuid,
    :egusi, pg_temp.o(1), lpad(n::text, 64, '0'), '', n % 5 + 1, 'x',
    'approved', n * 7 % 4 from generate_series(1, 40) n;
select is(pg_temp.mean(:egusi), '3.00 of 40 {8,8,8,8,8}',
    'many at once are counted once');
create function pg_temp.walk(sort text, stars integer, size integer)
returns text language plpgsql as $$
declare
	page jsonb;
	at text;
	ids text[] := '{}';
begin
	loop
		page := product_reviews('00000000-0000-4000-8000-000000000002',
		    sort, stars, at, size)::jsonb;
		ids := ids || array(select i ->> 'id'
		    from jsonb_array_elements(page -> 'items') i);
		exit when page ->> 'next' is null;
		at := convert_from(decode(rpad(translate(page ->> 'next',
		    '-_', '+/'), (length(page ->> 'next') + 3) / 4 * 4, '='),
		    'base64'), 'UTF8');
	end loop;
	return md5(array_to_string(ids, ' '));
end
$$;
select pg_temp.be('duka_catalog');
select is(pg_temp.walk(w.sort, w.stars, w.size), (select md5(string_agg(
    r.id::text, ' ' order by case w.sort when 'helpful' then -r.helpful
	when 'highest' then -r.stars when 'lowest' then r.stars end,
	r.number desc)) from review r where r.product_id = :egusi
	and (w.stars is null or r.stars = w.stars)),
    format('%s, %s stars, by %s', w.sort, coalesce(w.stars::text, 'any'),
    w.size))
from (select * from unnest(array['newest', 'helpful', 'highest', 'lowest'])
    sort, unnest(array[null, 2]) stars, unnest(array[1, 7, 100]) size) w;
select throws_ok(format($$select review_rows(%L, 'newest', null,
    '["helpful",1,2]', 5)$$, :egusi), 'UK423', null,
    'a cursor is of one order');

-- Votes.

select throws_ok(format('select review_vote(%L, true)', :'first'), 'UK401',
    null, 'nobody finds nothing helpful');
select pg_temp.be('duka_catalog', :a);
select throws_ok(format('select review_vote(%L, true)', :'first'), 'UK731',
    null, 'nor anybody the own');
select throws_ok(format('select review_vote(%L, true)', :'second'), 'UK410',
    null, 'nor what is not shown');
select is(review_vote(:'third', v.yes) ->> 'helpful', v.n, v.what)
from (values (true, '1', 'one does'), (true, '1', 'once'),
    (false, '0', 'or not'), (false, '0', 'not twice'),
    (true, '1', 'or again')) v (yes, n, what);
select is((select count(*) from review_vote), 1::bigint, 'one sees the own');
select pg_temp.be('duka_catalog', :b);
select is(review_vote(:'third', true) ->> 'helpful', '2', 'so do others');
select is((select count(*) from review_vote), 1::bigint,
    'nobody sees who else did');
select throws_ok($$delete from review_vote$$, '42501', null,
    'nor takes it back for them');
select pg_temp.own();
update customer set email = 'gus@example.org' where id = :b;
select pg_temp.be('duka_catalog', :b);
select throws_ok(format('select review_vote(%L, true)', :'guests'), 'UK731',
    null, 'a guest''s own is known by the address');
select pg_temp.own();
update customer set email = 'b@example.org' where id = :b;
select is((select version from review where id = :'third'), 2,
    'a vote changes no version');

-- Pictures.

insert into picture (id, digest, customer_id, kind, width, height, widths)
select ('00000000-0000-4000-8000-0000000000e' || n)::uuid,
    repeat(n::text, 64), case when n < 8 then :a::uuid else :b end, 'upload', 10,
    10, '{10}' from generate_series(1, 8) n;
create function pg_temp.shows(p jsonb, version integer) returns json
language sql as $$
	select r.body from review_change((select id from review
	    where customer_id = current_customer()), null, version,
	    jsonb_build_object('pictures', (select jsonb_agg(
	    '00000000-0000-4000-8000-0000000000e' || i)
	    from jsonb_array_elements_text(p) i))) r
$$;
select pg_temp.be('duka_catalog', :a);
select throws_ok($$select pg_temp.shows('[1, 8]', 2)$$, 'UK422', null,
    'pictures are one''s own');
select throws_ok($$select pg_temp.shows('[1, 1]', 2)$$, 'UK422', null,
    'each once');
select throws_ok($$select pg_temp.shows('[1]', 1)$$, 'UK412', null,
    'on what was read');
select is((select json_agg(p ->> 'url')::text from json_array_elements(
    pg_temp.shows('[2, 1]', 2) -> 'pictures') p),
    format('["%s", "%s"]', '/media/p/' || repeat('2', 64) || '-10.webp',
    '/media/p/' || repeat('1', 64) || '-10.webp'), 'in their order');
select is(pg_temp.mean(:gari), '3.50 of 2 {0,0,1,1,0}',
    'what is changed waits again, and counts no more');
select is((select count(*) from review where id = :'first'
    and reason = '' and edited_at is not null), 1::bigint, 'as edited');
select is((select r.version from review_change(:'first', null, 3,
    '{"stars": 5, "title": " Good "}') r), 3,
    'what is said again changes nothing');
select throws_ok($$select pg_temp.says('00000000-0000-4000-8000-000000000002',
    1, '{"pictures": ["00000000-0000-4000-8000-0000000000e1"]}', 'key8')$$,
    'UK422', null, 'guests cannot have any');
select pg_temp.be('duka_media', :a);
select throws_ok($$select remove_picture(
    '00000000-0000-4000-8000-0000000000e1')$$, 'UK721', null,
    'a picture that a review shows stays');
select is((select count(*) from remove_picture(
    '00000000-0000-4000-8000-0000000000e3')), 1::bigint, 'another goes');
select pg_temp.be('duka_catalog', :b);
select is((select count(*) from review_picture), 0::bigint,
    'others see no picture of what waits');
select throws_ok(format($$select * from review_change(%L, null, 3, '{}')$$,
    :'first'), 'UK410', null, 'nor do they change it');
select throws_ok(format($$select review_remove(%L, null)$$, :'first'),
    'UK410', null, 'nor remove it');

-- At once, where the shop says so; the bonus came already.

select pg_temp.own();
update setting set value = 'off' where key = 'switch.review_approval';
select pg_temp.be('duka_catalog', :a);
select is((select r.body ->> 'state' from review_change(:'first', null, 3,
    '{"stars": 1}') r), 'approved', 'without approval it is shown at once');
select is(pg_temp.mean(:gari), '2.67 of 3 {1,0,1,1,0}', 'and counted');
select pg_temp.be('duka_catalog');
select is((select count(*) from review_picture), 2::bigint,
    'and so are its pictures');
select pg_temp.own();
select is((select count(*) from points_entry where kind = 'bonus'
    and customer_id = :a), 1::bigint, 'a bonus comes once');

-- Taken back.

select pg_temp.be('duka_catalog');
select review_remove(:'guests', 'key4');
select is(pg_temp.mean(:gari), '2.50 of 2 {1,0,0,1,0}',
    'what is taken back counts no more');
select pg_temp.be('duka_catalog', :c);
select review_remove(:'third', null);
select pg_temp.own();
select is((select count(*) from review_vote), 0::bigint, 'nor its votes');
select is((select jsonb_array_length(reviews_open(null, null, null,
    20)::jsonb -> 'items') from pg_temp.be('duka_catalog', :c)), 1,
    'it can be written anew');

-- Names change; accounts end.

select pg_temp.own();
update customer set given_name = E'Ada\nMary' where id = :a;
select is((select author from review where id = :'first'), 'Ada Mary O.',
    'who changes the name is read by it');
select set_config('duka.customer', :a, true);
select is(export_account() #>> '{reviews,written,0,stars}', '1',
    'a review is among what is taken away');
insert into review_vote (review_id, customer_id)
values ('00000000-0000-4000-8000-000000000201', :a);
-- The guest of this order was the same person.
insert into review (product_id, order_line_id, guest_digest, author, stars,
    text, state) values (:egusi, pg_temp.o(3),
    guest_of((select o from customer_order o where o.id = pg_temp.o(1))), '',
    5, 'x', 'approved');
update customer_order set state = 'delivered' where id = pg_temp.o(1);
select erase_account();
select is((select count(*) from review where product_id = :gari
    or order_line_id = pg_temp.o(3)), 1::bigint,
    'it goes with the account, and a guest''s of the same address');
select is((select count(*) from review where customer_id = :b), 1::bigint,
    'others stay');
select is(pg_temp.mean(:egusi), '3.00 of 40 {8,8,8,8,8}', 'all is counted');
select is((select rating is null and review_count = 0 from product
    where id = :gari), true, 'down to none');
select is((select helpful from review
    where id = '00000000-0000-4000-8000-000000000201'), 3,
    'and with it what was found helpful');
select is((select count(*) from audit_log where table_name = 'review'
    and row_key = :'first' and (before is not null or after is not null)),
    0::bigint, 'and the words in the log');
select is_empty($$
    select r.rolname, p.proname from pg_roles r, pg_proc p
    where r.rolname like 'duka\_%' and r.rolname <> 'duka_owner'
    and p.pronamespace = 'duka'::regnamespace
    and p.proname in ('recount_reviews', 'review_order', 'review_written',
	'review_tell', 'review_bonus', 'forget_reviews', 'export_reviews')
    and has_function_privilege(r.oid, p.oid, 'EXECUTE')$$,
    'no program does what only the functions do');

select * from finish();
rollback;
