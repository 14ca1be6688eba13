-- SPDX-License-Identifier: ISC
-- Customers at the desk: found, figured, noted, changed in numbers, merged,
-- erased, out and in as a file.
begin;
select no_plan();

create function pg_temp.be(permissions text) returns void language sql as $$
	select set_config('duka.staff',
	    '00000000-0000-4000-8000-0000000000f1', true),
	    set_config('duka.request', 'test', true),
	    set_config('duka.permissions', ' ' || permissions || ' ', true);
$$;
create function pg_temp.found(w jsonb) returns text language sql as $$
	select coalesce(string_agg(i ->> 'given_name', ' ' order by n), '')
	from json_array_elements(desk_customers(w, null, 20) -> 'items')
	    with ordinality t (i, n)
$$;
create function pg_temp.ordered(p_customer uuid, amount bigint,
    at timestamptz default now()) returns uuid language sql as $$
	insert into customer_order (customer_id, email, payment_method,
	    currency, tax_mode, subtotal_amount, discount_amount,
	    shipping_amount, tax_amount, total_amount, quote, placed_at)
	values (p_customer, 'x@example.org', 'on_delivery', 'EUR',
	    'inclusive', amount, 0, 0, 0, amount, '{}', at) returning id
$$;

insert into staff (id, email, name) values
('00000000-0000-4000-8000-0000000000f1', 'sam@example.org', 'Sam'),
('00000000-0000-4000-8000-0000000000f2', 'tom@example.org', 'Tom');
insert into customer (id, email, given_name, family_name, phone) values
('00000000-0000-4000-8000-00000000000a', 'sean.omurphy@example.ie', 'Seán',
    'O''Murphy', '+353861234567'),
('00000000-0000-4000-8000-00000000000b', 'ngozi@example.ng', 'Ngozi', 'Eze',
    null),
('00000000-0000-4000-8000-00000000000c', 'sean.omurphy+2@example.ie', 'Sean',
    'Murphy', '+353861234567');
\set a '\'00000000-0000-4000-8000-00000000000a\''
\set b '\'00000000-0000-4000-8000-00000000000b\''
\set c '\'00000000-0000-4000-8000-00000000000c\''
\set tom '\'00000000-0000-4000-8000-0000000000f2\''

-- Rights.

select set_config('duka.permissions', ' orders.read ', true);
select throws_ok(format('select %s', call), 'UK403', null, call)
from unnest(array['desk_customers(''{}'', null, 20)',
    'desk_create(''{"email": "q@example.org"}'')',
    'desk_export_begin(''{}'')', 'customer_import_begin()',
    'desk_bulk_do(''activate'', null, ''{}'')', 'doubles_page(null, null, 5)',
    'merge_customers(gen_random_uuid(), gen_random_uuid(), null, 1)',
    'put_note(gen_random_uuid(), ''x'', null, ''{}'')',
    'desk_erase(gen_random_uuid(), 1)',
    'timeline(gen_random_uuid(), null, null, null, null, 5)']) call;
select pg_temp.be('customers.read customers.write customers.export '
    'customers.erase notes.write orders.read loyalty.read loyalty.write '
    'audit.read');

-- Found.

select is(pg_temp.found('{"q": "sean", "sort": "oldest"}'), 'Seán Sean',
    'accents don''t matter');
select is(pg_temp.found('{"q": "OMURPHY+2"}'), 'Sean', 'part of a mail');
select is(pg_temp.found('{"q": "086 123 45"}'), 'Sean Seán',
    'part of a number, as it is dialled');
select is(pg_temp.found('{"q": "eze ngozi"}'), 'Ngozi', 'words in any order');
select is(pg_temp.found('{"q": "ngosi"}'), 'Ngozi', 'a letter wrong');
select is(pg_temp.found('{"q": "ngzoi eze"}'), 'Ngozi', 'two changed places');
select is(pg_temp.found('{"q": "nobody-at-all"}'), '', 'nobody');
select is(pg_temp.found(jsonb_build_object('q', '#' || number)), 'Ngozi',
    'by number') from customer where id = :b;
select is(pg_temp.found('{"q": "%"}'), '', 'a sign of LIKE is a sign');

-- Figured.

select is(pg_temp.ordered(:b, 1000) is not null, true, 'an order');
select pg_temp.ordered(:b, 500) as second \gset
select is((orders, spent), (2, 1500::bigint), 'both count')
from customer_figures where customer_id = :b;
update customer_order set refunded_amount = 200 where id = :'second';
select is(spent, 1300::bigint, 'less what went back')
from customer_figures where customer_id = :b;
update customer_order set state = 'cancelled' where id = :'second';
select is((orders, spent), (1, 1000::bigint), 'not what was cancelled')
from customer_figures where customer_id = :b;
insert into consent (customer_id, purpose, channel, given, source,
    text_digest) values
(:b, 'marketing', 'email', true, 'account', repeat('a', 64)),
(:b, 'surveys', 'push', true, 'account', repeat('a', 64)),
(:b, 'marketing', 'email', false, 'account', null);
insert into customer_address (customer_id, name, line1, city, country,
    is_default_shipping) values (:b, 'N', '1 Main Street', 'Lagos', 'NG', true);
select points_account_lock(:b);
update points_account set tier = 'gold' where customer_id = :b;
update customer set email_verified_at = now(), tags = '{vip}' where id = :b;
select is(pg_temp.found(w::jsonb), found_is, w) from (values
    ('{"country": "NG"}', 'Ngozi'), ('{"tier": "gold"}', 'Ngozi'),
    ('{"consent": "surveys_push"}', 'Ngozi'),
    ('{"consent": "marketing_email"}', ''), ('{"verified": true}', 'Ngozi'),
    ('{"tag": "vip"}', 'Ngozi'), ('{"state": "disabled"}', ''),
    ('{"spent_from": 1000, "spent_to": 1000}', 'Ngozi'),
    ('{"orders_from": 2}', ''), ('{"last_order_from": "2000-01-01"}', 'Ngozi'),
    ('{"last_order_to": "2000-01-01"}', ''),
    ('{"no_consent": "surveys_push", "sort": "name"}', 'Sean Seán'),
    ('{"sort": "spent", "registered_from": "2000-01-01", "q": "ngo"}',
	'Ngozi')) t (w, found_is);
select is_empty('select * from customer_figures except
    select * from customer_figures_true', 'figures are true');
update customer_figures set spent = 7, consents = 3 where customer_id = :a;
select is(recount_customers(), 1, 'counting again finds what isn''t');
select is(recount_customers(), 0, 'and then nothing');

-- Pages.

select is(string_agg(p.i ->> 'given_name', ' '), 'Ngozi Sean', 'a page')
from json_array_elements(desk_customers('{"sort": "name"}', null, 2)
    -> 'items') p (i);
select is(desk_customers('{"sort": "name"}', convert_from(decode(rpad(
    translate(d ->> 'next', '-_', '+/'), 4 * ceil(length(d ->> 'next')
    / 4.0)::integer, '='), 'base64'), 'UTF8'), 2) #>> '{items,0,given_name}',
    'Seán', 'and the next')
from desk_customers('{"sort": "name"}', null, 2) d;
select throws_ok($$select desk_customers('{}', '["x", 1]', 2)$$, 'UK423', null,
    'a cursor of somebody else');

-- Notes.

select (put_note(:b, 'Ring her, @Tom', true, array[:tom::uuid])).id as note
\gset
select is(count(*), 1::bigint, 'a colleague is told')
from staff_notification where staff_id = :tom and kind = 'mention';
select throws_ok(format($$select put_note(%L, 'x', null,
    array[gen_random_uuid()])$$, :b), 'UK422', null, 'nobody of that id');
select is((change_note(:'note', 'Rung', null, null, 1)).version, 2, 'changed');
select throws_ok(format('select change_note(%L, ''x'', null, null, 1)',
    :'note'), 'UK412', null, 'another version');
update customer_note set staff_id = :tom where id = :'note';
select throws_ok(format('select change_note(%L, ''x'', null, null, null)',
    :'note'), 'UK403', null, 'of somebody else');
select is((change_note(:'note', null, false, null, null)).pinned, false,
    'but pinned by all');

-- Many at once.

select desk_bulk_do('tag', 'late', array[:a, :b, gen_random_uuid()]::uuid[])
    as done \gset
select is(:'done'::json ->> 'changed', '2', 'two changed');
select is(:'done'::json #>> '{unchanged,0,why}', 'gone', 'one isn''t there');
update customer set version = version + 1 where id = :a;
select is(desk_bulk_undo((:'done'::json ->> 'id')::uuid) ->> 'changed', '1',
    'only who wasn''t changed since goes back');
select is(tags, '{vip}', 'without the tag') from customer where id = :b;
select throws_ok(format('select desk_bulk_undo(%L)', :'done'::json ->> 'id'),
    'UK409', null, 'once');

-- Doubles.

select is(json_array_length(doubles_page(:a, null, 5) -> 'items'), 1,
    'one mailbox, one phone');
select is((select array_agg(r order by r) from customer_double,
    unnest(reasons) r), '{email,phone}', 'both are told');

-- Merged: every foreign key is known here, so that whoever adds one decides.

select set_eq($$select target || '.' || field from merge_columns()
    where target::text not in ('task', 'deal', 'company_person', 'person',
	'segment_member')$$,
    array['cart.customer_id', 'consent.customer_id',
    'conversation.customer_id', 'coupon_use.customer_id',
    'customer_address.customer_id', 'customer_note.customer_id',
    'customer_order.customer_id', 'customer_search.customer_id',
    'notification.customer_id', 'notification_preference.customer_id',
    'outbox.customer_id', 'picture.customer_id', 'points_entry.customer_id',
    'points_lot.customer_id', 'product_view.customer_id',
    'review.customer_id', 'review_vote.customer_id',
    'reward_use.customer_id', 'saved_search.customer_id',
    'wish.customer_id'], 'what follows is known');
select pg_temp.ordered(:a, 700), pg_temp.ordered(:c, 300, '2020-01-01');
select adjust_points(:a, 100, 'x'), adjust_points(:c, 40, 'y');
select adjust_points(:c, -15, 'z');
insert into consent (customer_id, purpose, channel, given, source,
    text_digest) values
(:a, 'marketing', 'email', true, 'account', repeat('a', 64)),
(:c, 'marketing', 'email', false, 'account', null),
(:c, 'surveys', 'sms', true, 'account', repeat('a', 64));
insert into saved_search (customer_id, name, path) values
(:a, 'Oil', '/search?q=oil'), (:c, 'oil', '/search?q=oils');
insert into notification_preference (customer_id, kind, channel, wanted)
select i, 'points', 'email', true from unnest(array[:a, :c]::uuid[]) i;
insert into customer_search (customer_id, term, query)
select i, 'oil', 'oil' from unnest(array[:a, :c]::uuid[]) i;
insert into unsubscribe_key (customer_id, purpose, key) values
(:a, 'marketing', repeat('a', 43)), (:c, 'marketing', repeat('c', 43));
insert into customer_password (customer_id, hash) values
(:c, '$argon2id$x');
insert into cart (customer_id) values (:a), (:c);
create temp table before as
select (select count(*) from customer_order) as orders,
    (select sum(total_amount) from customer_order) as money,
    (select count(*) from points_entry) as entries,
    (select sum(points) from points_entry) as points,
    (select sum(left_points) from points_lot) as left_points,
    (select sum(balance) from points_account) as balance,
    (select sum(spent) from customer_figures) as spent,
    (select count(*) from consent) as consents;
select is((merge_preview(:a, :c) ->> 'points')::bigint, 125::bigint,
    'what it would come to');
select throws_ok(format('select merge_customers(%L, %1$L, null, 1)', :a),
    'UK422', null, 'not with itself');
select is((merge_customers(:a, :c, '{email}', null)).email,
    'sean.omurphy+2@example.ie', 'what is taken is taken');
select results_eq($$select (select count(*) from customer_order),
    (select sum(total_amount) from customer_order),
    (select count(*) from points_entry),
    (select sum(points) from points_entry),
    (select sum(left_points) from points_lot),
    (select sum(balance) from points_account),
    (select sum(spent) from customer_figures),
    (select count(*) from consent)$$, 'select * from before',
    'not an order, a cent, a point or a word is lost');
select is((orders, spent), (2, 1000::bigint), 'all with the one')
from customer_figures where customer_id = :a;
select is((balance, (select sum(points) from points_entry e
    where e.customer_id = :a)::bigint), (125::bigint, 125::bigint),
    'the balance is the ledger''s sum')
from points_account where customer_id = :a;
select is((select sum(points) from adjust_points(:a, -120, 'all')), -120::bigint,
    'points of both can be spent');
select is(consented(:a, 'marketing', 'email'), false, 'the latest word rules');
select is(consented(:a, 'surveys', 'sms'), true, 'of each purpose');
select is((unsubscribe_owner(repeat('c', 43))).customer_id, :a::uuid,
    'links in old mails end the mails of who stays');
select is(merged_json(:c) ->> 'id', :a, 'the old id says where it went');
select is((state, given_name, username), ('erased'::text, ''::text,
    null::text),
    'and nothing else') from customer where id = :c;
select is(pg_temp.found('{"q": "sean"}'), 'Seán', 'one is found');
select is_empty('select * from customer_figures except
    select * from customer_figures_true', 'figures are true after it');
select throws_ok(format('select merge_customers(%L, %L, null, null)', :a, :c),
    'UK409', null, 'once');
select is((select count(*) from saved_search where customer_id = :a),
    2::bigint, 'both searches are kept');
select throws_ok(format('update points_entry set customer_id = %L
    where customer_id = %L', :b, :a), 'UK409', null,
    'the ledger follows a merge alone');
select throws_ok(format('update consent set customer_id = %L
    where customer_id = %L', :b, :a), 'UK409', null,
    'and so do consents');

-- The timeline.

select is((select string_agg(distinct i ->> 'kind', ' ' order by i ->> 'kind')
    from json_array_elements(timeline(:a, null, null, null, null, 100)
    -> 'items') i), 'change consent mail merge order points registered',
    'kinds that the caller may see');
create temp table walk (n serial, key text);
do $$
declare
	t json;
	c text;
	i integer := 0;
begin
	loop
		t := timeline('00000000-0000-4000-8000-00000000000a', null, c,
		    null, null, 2);
		insert into walk (key) select x ->> 'key'
		from json_array_elements(t -> 'items') x;
		exit when t ->> 'older' is null or i > 50;
		c := convert_from(decode(rpad(translate(t ->> 'older', '-_',
		    '+/'), 4 * ceil(length(t ->> 'older') / 4.0)::integer,
		    '='), 'base64'), 'UTF8');
		i := i + 1;
	end loop;
end
$$;
select results_eq('select key from walk order by n',
    format($$select i ->> 'key' from json_array_elements(timeline(%L, null,
    null, null, null, 100) -> 'items') i$$, :a),
    'page by page it is the same');
select is(timeline(gen_random_uuid(), null, null, null, null, 5)::text, null,
    'of nobody: nothing');

-- The file.

select is(csv_read(csv_cell(x)), x, 'reads back: ' || x) from unnest(array['=1+1', '+1', '-1', '@x', E'\tx', E'\rx', '＝1', '＋1',
    '－1', '＠x', '''=1', '''''x', '''', 'plain', '', ' =1', 'a"b', E'a\nb']) x;
select ok(bool_and(csv_cell(x) like '''%'), 'all of them are disarmed')
from unnest(array['=1+1', '+1', '-1', '@x', E'\tx', E'\rx', '＝1', '＋1',
    '－1', '＠x', ' =1', '''=1']) x;
update customer set given_name = '=cmd|''/c calc''!A1', family_name =
    E'＠x "quoted"', tags = '{one,"two three"}' where id = :b;
select desk_export_begin('{}');
create temp table file as select * from customer_export;
select is(given_name, '''=cmd|''/c calc''!A1', 'disarmed') from file
where email = 'ngozi@example.ng';
update customer set given_name = 'Other', family_name = '', tags = '{}'
where id = :b;
select customer_import_begin();
insert into customer_import_csv (number, email, username, given_name,
    family_name, phone, date_of_birth, gender, language, state,
    email_verified, tags)
select number, email, username, given_name, family_name, phone,
    date_of_birth, gender, language, state, email_verified, tags
from file order by place;
select customer_import_run('all') as taken \gset
select is((:'taken'::json ->> 'changed', :'taken'::json ->> 'same',
    :'taken'::json ->> 'created'), ('1'::text, '1'::text, '0'::text),
    'one was changed');
select results_eq('select * from customer_export order by place',
    'select * from file order by place',
    'what was exported and imported is what it was');
select customer_import_begin();
insert into customer_import_csv (number, email, phone) values
('', 'new@example.org', ''), ('', 'new@example.org', ''), ('', 'x', '12'),
('999999', '', '');
select customer_import_run('preview') as seen \gset
select is((:'seen'::json ->> 'created', :'seen'::json ->> 'fault_count'),
    ('1'::text, '4'::text), 'a preview says what would be');
select is(:'seen'::json #>> '{faults,0,line}', '3', 'and on which line');
select is((select count(*) from customer where email = 'new@example.org'),
    0::bigint, 'and does nothing');

-- Erased.

select throws_ok(format('select desk_erase(%L, null)', :b), 'UK433', null,
    'not while an order is under way');
update customer_order set state = 'cancelled'
where customer_id = :b and state = 'pending';
select lives_ok(format('select desk_erase(%L, null)', :b), 'erased');
select is((select count(*) from customer_note where customer_id = :b),
    0::bigint, 'notes go with the person');
select is((select count(*) from staff_notification), 0::bigint,
    'and who was told of them');
select is_empty('select 1 from audit_log where coalesce(before, after)::text
    ~ ''ngozi|Rung''', 'the audit log tells of it no more');
select is(pg_temp.found('{"q": "ngozi"}'), '', 'nobody is found');
select is_empty('select 1 from customer_word where word = ''ngozi''',
    'nor the word');
select is((select count(*) from customer_order where customer_id = :b),
    2::bigint, 'the books stay');

select * from finish();
rollback;
