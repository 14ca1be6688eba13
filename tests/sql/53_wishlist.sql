-- SPDX-License-Identifier: ISC
-- Wishes, what is told of them and how often; saved searches; the way out of
-- mail.
begin;
select no_plan();

create function pg_temp.be(role text, customer uuid default null)
returns void language sql as $$
	select set_config('role', role, true),
	    set_config('duka.customer', coalesce(customer::text, ''), true)
$$;
\set a '\'00000000-0000-4000-8000-00000000000a\''
\set b '\'00000000-0000-4000-8000-00000000000b\''
\set p '\'00000000-0000-4000-8000-0000000000f1\''
\set q '\'00000000-0000-4000-8000-0000000000f2\''
\set v1 '\'00000000-0000-4000-8000-0000000000e1\''
\set v2 '\'00000000-0000-4000-8000-0000000000e2\''
\set v3 '\'00000000-0000-4000-8000-0000000000e3\''
insert into customer (id, email, given_name, email_verified_at) values
(:a, 'a@example.org', 'Ada', now()), (:b, 'b@example.org', 'Ben', now());
insert into product (id, slug, name, status) values
(:p, 'pot', 'Pot', 'active'), (:q, 'quilt', 'Quilt', 'active');
insert into variant (id, product_id, sku, options, price_amount,
    price_currency) values
(:v1, :p, 'P-1', '{"size": "s"}', 1000, 'EUR'),
(:v2, :p, 'P-2', '{"size": "l"}', 1500, 'EUR'),
(:v3, :q, 'Q-1', '{}', 3000, 'EUR');
select set_stock(v, 'main', n, 'test')
from (values (:v1::uuid, 5), (:v2::uuid, 0), (:v3::uuid, 2)) s (v, n);
delete from wish_mark;
delete from outbox;

create function pg_temp.wish(who uuid, product uuid, variant uuid default null)
returns bigint language plpgsql as $$
declare
	n bigint;
begin
	perform pg_temp.be('duka_customers', who);
	select count(*) into n from put_wish(product, variant);
	perform pg_temp.be('none');
	return n;
end
$$;
-- What was told since the last look: kind:name:price of each.
create function pg_temp.told(who uuid) returns text language plpgsql as $$
declare
	said text;
begin
	while tell_wishes() > 0 loop
	end loop;
	with gone as (delete from notification where customer_id = who
	    returning kind, data)
	select coalesce(string_agg(concat_ws(':', g.kind,
	    g.data #>> '{product,name}', g.data #>> '{was,amount}',
	    g.data #>> '{price,amount}'), ' '
	    order by g.kind, g.data #>> '{product,name}'), '') into said
	from gone g;
	return said;
end
$$;
create function pg_temp.mails() returns text language sql as $$
	with gone as (delete from outbox returning *)
	select coalesce(string_agg(recipient || ':' || template || ':' ||
	    purpose || ':' || (data ->> 'first') || ':' ||
	    coalesce(data ->> 'others', '0'), ' '
	    order by recipient, template), '') from gone
$$;
create function pg_temp.price(v uuid, amount bigint) returns void
language sql as $$
	update variant set price_amount = amount where id = v
$$;
create function pg_temp.stock(v uuid, n integer) returns void
language sql as $$
	select set_stock(v, 'main', n, 'test')
$$;
create function pg_temp.agree(who uuid, yes boolean) returns void
language sql as $$
	insert into consent (customer_id, purpose, channel, given, source,
	    text_digest) values (who, 'marketing', 'email', yes, 'account',
	    repeat('a', 64))
$$;
-- As if what was told had been told yesterday.
create function pg_temp.tomorrow() returns void language sql as $$
	update wish set price_told_at = price_told_at - interval '25 hours',
	    stock_told_at = stock_told_at - interval '25 hours',
	    due_at = due_at - interval '25 hours'
$$;

-- The list.

select is(pg_temp.wish(:a, :p), 1::bigint, 'wished for');
select is(row(variant_id, price_amount, told_price, available)::text,
    '(,1000,1000,t)', 'with its price, and that it is there') from wish;
select pg_temp.price(:v1, 1200);
select is(pg_temp.wish(:a, :p), 1::bigint, 'and again');
select is((select price_amount from wish), 1000::bigint,
    'which changes nothing');
select pg_temp.price(:v1, 1000);
select is(pg_temp.wish(:a, :p, :v2), 1::bigint, 'a variant instead');
select is(row(variant_id, price_amount, available)::text,
    '(' || :v2 || ',1500,f)', 'has its own price and stock') from wish;
select is(pg_temp.wish(:a, gen_random_uuid()), 0::bigint,
    'what is not there is not wished for');
select is(pg_temp.wish(:a, gen_random_uuid(), :v1), 0::bigint,
    'nor a variant of it');
select throws_ok(format('select pg_temp.wish(%L, %L, %L)', :a, :q, :v1),
    'UK422', null, 'nor a variant of another product');
select pg_temp.be('none');
update product set status = 'draft' where id = :q;
select is(pg_temp.wish(:a, :q), 0::bigint, 'nor what is not for sale');
update product set status = 'active' where id = :q;
select is(pg_temp.wish(:b, :q), 1::bigint, 'another wishes too');
select pg_temp.be('duka_customers', :b);
select is((select count(*) from wish), 1::bigint, 'each has the own list');
select is((select count(*) from wish_cards(array[:p, :q]::uuid[])), 1::bigint,
    'and the own cards');
select is((select count(*) from remove_wish(:p)), 1::bigint,
    'what is not wished for is removed all the same');
select is((select count(*) from remove_wish(gen_random_uuid())), 0::bigint,
    'but not what is not there');
select throws_ok(format($$insert into wish (customer_id, product_id,
    price_amount, price_currency, told_price, available)
    values (%L, %L, 1, 'EUR', 1, true)$$, :a, :q), '42501', null,
    'nobody wishes for another');
select throws_ok('update wish set told_price = 0', '42501', null,
    'nor says what was told');
select throws_ok('select * from wish_mark', '42501', null, 'or is marked');
select throws_ok('select tell_wishes()', '42501', null, 'or tells');
select throws_ok('select * from unsubscribe_key', '42501', null,
    'or reads keys');
select pg_temp.be('none');
select is((select count(*) from wish where customer_id = :a), 1::bigint,
    'the other''s wish stands');
insert into product (slug, name, status)
select 'bulk-' || n, 'Bulk ' || n, 'active' from generate_series(1, 200) n;
insert into variant (product_id, sku, price_amount, price_currency)
select id, slug, 100, 'EUR' from product where slug like 'bulk-%';
select pg_temp.be('duka_customers', :b);
select lives_ok($$select put_wish(product_id, null) from product_index
    where item like '%"bulk-%' order by number limit 199$$, 'up to 200');
select throws_ok($$select put_wish(product_id, null) from product_index
    where item like '%"bulk-200"%'$$, 'UK451', null, 'and not one more');
select lives_ok(format('select put_wish(%L, %L)', :q, :v3),
    'but another variant');
select remove_wish(product_id) from wish where product_id <> :q;
select put_wish(:q, null);
select pg_temp.be('none');

-- Constraints.

select throws_ok('update wish set ' || change, '23514', null, change)
from unnest(array['price_amount = -1', 'told_price = price_amount + 1',
    $$price_currency = 'eur'$$]) change;

-- Marks: only where somebody wishes.

delete from wish_mark;
update product set description = 'Long' where slug = 'bulk-7';
select pg_temp.price(id, 50) from variant where sku = 'bulk-7';
select pg_temp.stock(id, 7) from variant where sku = 'bulk-7';
select is_empty('select * from wish_mark', 'what nobody wishes for is not '
    'marked');
select pg_temp.stock(:v3, 3);
select is_empty('select * from wish_mark', 'nor what was there and is');
select pg_temp.price(:v3, 2900);
select is((select count(*) from wish_mark), 1::bigint, 'a price is');
select pg_temp.price(:v3, 3000);
select is(pg_temp.told(:b), '', 'a price that came back is not told');
select is_empty('select * from wish_mark', 'but looked at');
select is(tell_wishes(), 0, 'then there is nothing to do');

-- Prices.

select pg_temp.agree(:b, true);
select pg_temp.price(:v3, 2500);
select is(pg_temp.told(:b), 'price_drop:Quilt:3000:2500', 'cheaper: told');
select is(pg_temp.mails(), 'b@example.org:price-drop:marketing:Quilt:0',
    'and mailed, for what was agreed to');
update product set description = 'Warm' where id = :q;
select is(pg_temp.told(:b), '', 'once');
select pg_temp.price(:v3, 2400);
select is(pg_temp.told(:b), '', 'not twice a day');
select ok((select due_at > now() from wish where product_id = :q),
    'but later');
select pg_temp.price(:v3, 2300);
select pg_temp.told(:b);
select pg_temp.tomorrow();
select is(pg_temp.told(:b), 'price_drop:Quilt:2500:2300',
    'on the next day, what it then is');
select pg_temp.price(:v3, 3000);
select is(pg_temp.told(:b), '', 'dearer is not told');
select pg_temp.tomorrow();
select pg_temp.price(:v3, 2300);
select is(pg_temp.told(:b), '', 'nor what was told before');
select pg_temp.mails();
select pg_temp.agree(:b, false);
select pg_temp.tomorrow();
select pg_temp.price(:v3, 2200);
select is(pg_temp.told(:b), 'price_drop:Quilt:2300:2200',
    'without consent it is in the list');
select is(pg_temp.mails(), '', 'and not mailed');
select pg_temp.agree(:b, true);
insert into notification_preference (customer_id, kind, channel, wanted)
values (:b, 'price_drop', 'in_app', false);
select pg_temp.tomorrow();
select pg_temp.price(:v3, 2100);
select is(pg_temp.told(:b), '', 'who wants no row has none');
select is(pg_temp.mails(), 'b@example.org:price-drop:marketing:Quilt:0',
    'but the mail');
delete from notification_preference;

-- Stock.

select pg_temp.stock(:v3, 0);
select is(pg_temp.told(:b), '', 'that it ran out is not told');
select ok((select not available from wish where product_id = :q), 'but noted');
select pg_temp.tomorrow();
select pg_temp.price(:v3, 2000);
select is(pg_temp.told(:b), '', 'what is not there is not cheap');
select pg_temp.stock(:v3, 1);
select is(pg_temp.told(:b),
    'back_in_stock:Quilt:2000 price_drop:Quilt:2100:2000', 'back, and cheap');
select is(pg_temp.mails(), 'b@example.org:back-in-stock:marketing:Quilt:0 '
    'b@example.org:price-drop:marketing:Quilt:0', 'a mail of each kind');
select pg_temp.stock(:v3, 0);
select pg_temp.stock(:v3, 1);
select is(pg_temp.told(:b), '', 'what flickers unseen is nothing');
select pg_temp.stock(:v3, 0);
select pg_temp.told(:b);
select pg_temp.stock(:v3, 1);
select is(pg_temp.told(:b), '', 'nor what comes and goes within the day');
select pg_temp.tomorrow();
select is(pg_temp.told(:b), '', 'and not later either');
select pg_temp.stock(:v3, 0);
select pg_temp.told(:b);
select pg_temp.stock(:v3, 1);
select is(pg_temp.told(:b), 'back_in_stock:Quilt:2000',
    'on another day it is news again');
select is(pg_temp.told(:a), '', 'of what others wish for nobody is told');

-- A variant is its own.

select pg_temp.stock(:v1, 0);
select pg_temp.stock(:v1, 4);
select is(pg_temp.told(:a), '', 'another variant that comes back is not it');
select pg_temp.price(:v1, 900);
select is(pg_temp.told(:a), '', 'nor its price');
select pg_temp.stock(:v2, 4);
select is(pg_temp.told(:a), 'back_in_stock:Pot:1500', 'the one is');
select pg_temp.price(:v2, 1400);
select is(pg_temp.told(:a), 'price_drop:Pot:1500:1400', 'and its price');
select is(pg_temp.mails() ~ 'a@example.org', false, 'she agreed to no mail');
update variant set status = 'archived' where id = :v2;
select is(pg_temp.told(:a), '', 'a variant that goes is not told');
select pg_temp.be('duka_customers', :a);
select is((select row(card ->> 'name', card ->> 'for_sale', card ->> 'in_stock',
    card #>> '{price_added,amount}', card ->> 'price',
    card #>> '{variant,sku}')::text from wish_cards(array[:p::uuid])),
    '(Pot,false,false,1500,,P-2)', 'its card stays, without a price');
select pg_temp.be('none');
update variant set status = 'active' where id = :v2;
update product set status = 'archived' where id = :p;
select pg_temp.told(:a);
select pg_temp.be('duka_customers', :a);
select is((select card ->> 'name' || (card ->> 'for_sale')
    from wish_cards(array[:p::uuid])), 'Potfalse',
    'nor has that of a product that goes');
select is((select count(*) from put_wish(:p, :v2)), 1::bigint,
    'what is on the list stays on it');
select is((select count(*) from remove_wish(:p)), 1::bigint,
    'until it is removed');
select pg_temp.be('none');
update product set status = 'active' where id = :p;

-- What others hold comes back by itself.

select pg_temp.wish(:a, :p, :v1);
select pg_temp.told(:a);
insert into customer_order (id, email, state, payment_method, payment_state,
    currency, tax_mode, subtotal_amount, discount_amount, shipping_amount,
    tax_amount, total_amount, quote)
values (:p, 'g@example.org', 'pending', 'on_delivery', 'unpaid', 'EUR',
    'inclusive', 0, 0, 0, 0, 0, '{}');
select stock_reserve(:p, array[:v1::uuid], array[4],
    now() + interval '30 minutes');
select is(pg_temp.told(:a), '', 'all of it is held');
select is((select due_at from wish_mark), now() + interval '30 minutes',
    'to be looked at when it is let go');
select wishes_touched(array[:p::uuid]);
select pg_temp.told(:a);
select is((select count(*) from wish_mark), 1::bigint, 'once');
update reservation set expires_at = now();
update wish_mark set due_at = now();
select is(pg_temp.told(:a), 'back_in_stock:Pot:900', 'then it is told');

-- Many at once are one mail.

select pg_temp.agree(:a, true);
select pg_temp.mails();
select pg_temp.wish(:a, id) from product where slug like 'bulk-%'
order by number limit 25;
update variant set price_amount = 40 where sku like 'bulk-%';
select pg_temp.stock(v.id, 1) from variant v
join wish w on w.product_id = v.product_id where v.sku like 'bulk-%';
select matches(pg_temp.told(:a), '^(back_in_stock:Bulk \d+:40 ){24}'
    '(price_drop:Bulk \d+:(100|50):40 ?){25}$', 'each is in the list');
select is((select string_agg(template || jsonb_array_length(data -> 'items')
    || '+' || (data ->> 'rest'), ' ' order by template) from outbox),
    'back-in-stock20+4 price-drop20+5', 'the mails name twenty');
delete from outbox;
update customer set state = 'disabled' where id = :a;
select pg_temp.tomorrow();
update variant set price_amount = 30 where sku like 'bulk-%';
select is(pg_temp.told(:a), '', 'who is away is not told');
select is(pg_temp.mails(), '', 'nor mailed');
update customer set state = 'active' where id = :a;

-- Saved searches.

select pg_temp.be('duka_customers', :a);
select lives_ok($$select add_search('Oil', '/search?q=oil&sort=price_asc')$$,
    'saved');
select throws_ok($$select add_search('oIL', '/search')$$, '23505', null,
    'a name once, in whatever letters');
select throws_ok(format('select add_search(%L, %L)', 'x', path), '23514',
    null, path) from unnest(array['', '/', '/cart', '/searches', '//evil',
    'https://evil.example/search', '/search#x', '/search?q=a b',
    E'/search?q=a\nb', '/search?<script>', '/category/', '/category/A',
    '/category/a/b', '/category/../cart', 'javascript:alert(1)',
    '/search?' || repeat('x', 1500)]) path;
select throws_ok(format('select add_search(%L, %L)', name, '/search'), '23514',
    null, 'no such name') from unnest(array['', ' x', E'a\nb',
    repeat('x', 101)]) name;
select id as saved from saved_search \gset
select is((select name || path || version from change_search(:'saved',
    'Oils', null, 1)), 'Oils/search?q=oil&sort=price_asc2', 'named anew');
select throws_ok(format('select change_search(%L, null, null, 1)', :'saved'),
    'UK412', null, 'another version is refused');
select lives_ok($$select add_search('N' || n, '/category/oils/?tag=x')
    from generate_series(2, 50) n$$, 'fifty');
select throws_ok($$select add_search('more', '/search')$$, 'UK452', null,
    'and not one more');
select pg_temp.be('duka_customers', :b);
select is((select count(*) from saved_search), 0::bigint, 'each the own');
select is_empty(format($$select change_search(%L, 'x', null, null)$$,
    :'saved'), 'another''s is not changed');
select lives_ok($$select add_search('Oils', '/search')$$,
    'names are taken in one''s own list only');
select throws_ok(format($$insert into saved_search (customer_id, name, path)
    values (%L, 'x', '/search')$$, :a), '42501', null, 'or put there');
select pg_temp.be('none');

-- The way out.

select send_wanted_mail(:b, 'price_drop', 'price-drop', '{"unsubscribe":
    "https://evil.example"}');
select send_mail('welcome', 'b@example.org', '{}', :b);
select template, coalesce(data::jsonb ->> 'unsubscribe', '') as link
from claim_mail('https://shop.example', 60) \gset first_
select template, coalesce(data::jsonb ->> 'unsubscribe', '') as link
from claim_mail('https://shop.example', 60) \gset second_
select case :'first_template' when 'welcome' then :'first_link'
    else :'second_link' end as plain,
    case :'first_template' when 'welcome' then :'second_link'
    else :'first_link' end as link \gset
select is(:'plain'::text, '', 'a mail of an account has none');
select matches(:'link'::text,
    '^https://shop\.example/unsubscribe\?token=[A-Za-z0-9_-]{43}$',
    'a mail that was agreed to has one, and our own');
select right(:'link', 43) as token \gset
select is(unsubscribe_key_of(:b, 'marketing'), :'token'::text, 'always the same');
select isnt(unsubscribe_key_of(:b, 'reminders'), :'token'::text,
    'another for another purpose');
select isnt(unsubscribe_key_of(:a, 'marketing'), :'token'::text,
    'and for another customer');
delete from outbox;
select send_wanted_mail(:b, 'price_drop', 'price-drop', '{}');
select is((select data::jsonb ->> 'unsubscribe' from claim_mail('', 60)), null,
    'without an address of the shop there is none');
select pg_temp.be('duka_customers');
select is(unsubscribe_about(:'token')::jsonb,
    '{"purpose": "marketing", "subscribed": true}', 'it says what it ends');
select throws_ok($$select unsubscribe_about('x')$$, 'UK432', null, 'if it is');
select throws_ok($$select unsubscribe(repeat('x', 43), null)$$, 'UK432', null,
    'and ends nothing if not');
select lives_ok(format($$select unsubscribe(%L, '192.0.2.9')$$, :'token'),
    'a click');
select lives_ok(format($$select unsubscribe(%L, null)$$, :'token'),
    'or two');
select is(unsubscribe_about(:'token') ->> 'subscribed', 'false', 'it ended');
select pg_temp.be('none');
select is((select string_agg(concat_ws(' ', given, source, host(address),
    at > now() - interval '1 minute'), '|' order by id desc)
    from (select * from consent where customer_id = :b
    order by id desc limit 2) c),
    'f unsubscribe 192.0.2.9 t|t account t', 'one row says so, and how');
select is(mail_wanted(:b, 'price_drop'), false, 'no more of it');
select ok(consented(:a, 'marketing', 'email'), 'others get theirs');

-- All of it goes with the account.

select pg_temp.be('duka_customers', :a);
select is((select json_array_length(export_account() -> 'wishlist')), 26,
    'the export has the wishes');
select is((select json_array_length(export_account() -> 'saved_searches')),
    50, 'and the searches');
select pg_temp.be('none');
select forget_wishes(:a);
select is((select count(*) from wish where customer_id = :a)
    + (select count(*) from saved_search where customer_id = :a)
    + (select count(*) from unsubscribe_key where customer_id = :a),
    0::bigint, 'nothing is left');
select is((select count(*) from wish where customer_id = :b), 1::bigint,
    'but the others''');

select * from finish();
rollback;
