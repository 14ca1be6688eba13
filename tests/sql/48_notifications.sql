-- SPDX-License-Identifier: ISC
-- What customers are told: by preference, by consent, each their own.
begin;
select no_plan();

create function pg_temp.be(role text, customer uuid default null)
returns void language sql as $$
	select set_config('role', role, true),
	    set_config('duka.customer', coalesce(customer::text, ''), true)
$$;
\set a '\'00000000-0000-4000-8000-00000000000a\''
\set b '\'00000000-0000-4000-8000-00000000000b\''
insert into customer (id, email, given_name, email_verified_at) values
(:a, 'a@example.org', 'Ada', now()), (:b, 'b@example.org', 'Ben', now());
delete from outbox;

create function pg_temp.mails() returns text language sql as $$
	select coalesce(string_agg(template || coalesce(':' || purpose, ''), ' '
	    order by created_at, template), '') from outbox
$$;
create function pg_temp.agree(who uuid, yes boolean) returns void
language sql as $$
	insert into consent (customer_id, purpose, channel, given, source,
	    text_digest) values (who, 'marketing', 'email', yes, 'account',
	    repeat('a', 64))
$$;

-- Constraints.

select throws_ok(format('insert into notification (customer_id, kind, data)
    values (%L, %s)', :a, row), state, null, row)
from (values ($$'rumour', '{}'$$, '23503'), ($$'reply', '[]'$$, '23514'),
    ($$'reply', '"x"'$$, '23514'),
    ($$'reply', jsonb_build_object('x', repeat('x', 4000))$$, '23514'))
    x (row, state);
select throws_ok(format('insert into notification_preference (customer_id,
    kind, channel, wanted) values (%L, %s)', :a, row), state, null, row)
from (values ($$'rumour', 'email', true$$, '23503'),
    ($$'reply', 'pigeon', true$$, '23514')) x (row, state);
select throws_ok($$update notification_kind set mail = 'always'
    where kind = 'reply'$$, '23514', null,
    'what is always mailed is mailed by its cause');
select throws_ok($$update notification_kind set purpose = 'spam'$$, '23514',
    null, 'purposes are those of consents');
select throws_ok($$insert into outbox (template, recipient, purpose)
    values ('x', 'x@example.org', 'marketing')$$, '23514', null,
    'a mail with a purpose is some customer''s');

-- Told in both ways, by the kind's standard.

select lives_ok(format($$select notify_customer(%L, 'reply',
    '{"number": "M-1"}', '{"text": "words"}')$$, :a), 'told');
select is(row(kind, data, read_at)::text, '(reply,"{""number"": ""M-1""}",)',
    'the row has the data') from notification where customer_id = :a;
select is(row(template, recipient, data, purpose, customer_id)::text,
    '(message-reply,a@example.org,"{""name"": ""Ada"", ""text"": ""words"", '
    '""number"": ""M-1""}",,' || :a || ')', 'the mail has more')
    from outbox;
delete from outbox;
select notify_customer(:a, 'points', '{"points": 5}');
select is(pg_temp.mails(), '', 'points are not mailed unless it is wanted');
select notify_customer(:a, 'order_moved', '{"number": "D-1"}');
select is(pg_temp.mails(), '', 'orders have mails of their own');
select is((select count(*) from notification where customer_id = :a), 3::bigint,
    'but each has its row');
select throws_ok(format($$select notify_customer(%L, 'rumour', '{}')$$, :a),
    'UK422', null, 'not of what is no kind');

-- Preferences.

select pg_temp.be('duka_customers', :a);
select is(json_array_length(preferences_json(:a) -> 'items'), 14,
    'seven kinds by two channels');
select lives_ok($$select put_preferences('[
    {"kind": "reply", "channel": "email", "on": false},
    {"kind": "reply", "channel": "in_app", "on": true},
    {"kind": "points", "channel": "in_app", "on": false},
    {"kind": "points", "channel": "email", "on": true},
    {"kind": "order_moved", "channel": "in_app", "on": false},
    {"kind": "order_moved", "channel": "email", "on": true}]')$$, 'said');
select is((select string_agg(kind || channel || wanted, ' '
    order by kind, channel) from notification_preference),
    'order_movedin_appfalse pointsemailtrue pointsin_appfalse '
    'replyemailfalse', 'only what differs is kept');
select throws_ok($$select put_preferences('[{"kind": "order_moved",
    "channel": "email", "on": false}]')$$, 'UK422', null,
    'mail about orders is not turned off');
select throws_ok($$select put_preferences('[{"kind": "return_moved",
    "channel": "email", "on": false}]')$$, 'UK422', null, 'nor of returns');
select throws_ok($$select put_preferences('[
    {"kind": "reply", "channel": "email", "on": false},
    {"kind": "reply", "channel": "email", "on": true}]')$$, 'UK422', null,
    'not yes and no');
select pg_temp.be('none');
delete from notification;
select notify_customer(:a, kind, '{}') from notification_kind
where kind in ('reply', 'points', 'order_moved');
select is((select string_agg(kind, ' ') from notification), 'reply',
    'only what is wanted is in the list');
select is(pg_temp.mails(), 'points-moved', 'only what is wanted is mailed');
insert into notification_preference (customer_id, kind, channel, wanted)
values (:a, 'return_moved', 'email', false);
select ok(notice_wanted(:a, 'return_moved', 'email'),
    'even a row of old turns off no mail of orders');
select pg_temp.be('duka_customers', :a);
select put_preferences('[]');
select is((select count(*) from notification_preference), 0::bigint,
    'nothing said: as at first');
select pg_temp.be('none');
delete from outbox;

-- What needs consent: when it is written, and again when it is sent.

select is(mail_wanted(:a, 'price_drop'), false, 'silence is no consent');
select is(send_wanted_mail(:a, 'price_drop', 'welcome', '{}'), null,
    'no mail without it');
select pg_temp.agree(:a, true);
select ok(mail_wanted(:a, 'price_drop'), 'agreed');
select isnt(send_wanted_mail(:a, 'price_drop', 'welcome', '{}'), null,
    'now it goes');
select is(pg_temp.mails(), 'welcome:marketing', 'and says what for');
select pg_temp.agree(:a, false);
select is_empty($$select * from claim_mail('https://x', 60)$$,
    'agreed to no more: not sent');
select is(state || ': ' || last_error,
    'dead: the customer does not agree to it any more',
    'parked, and why') from outbox;
select pg_temp.agree(:a, true);
select retry_mail(null);
select is((select template from claim_mail('https://x', 60)), 'welcome',
    'agreed again and tried again: sent');
insert into suppressed_address (digest, reason)
values (address_digest('a@example.org'), 'unsubscribed');
select is(mail_wanted(:a, 'price_drop'), false, 'suppressed: no');
delete from suppressed_address;
delete from outbox;
insert into notification_preference (customer_id, kind, channel, wanted)
values (:a, 'price_drop', 'email', false);
select is(send_wanted_mail(:a, 'price_drop', 'welcome', '{}'), null,
    'consent is not enough if it is not wanted');
delete from notification_preference;
select notify_customer(:a, 'price_drop', '{}');
select is(pg_temp.mails(), '', 'the wishlist mails its own');
update customer set state = 'disabled' where id = :b;
select is(notify_in_app(:b, 'reply', '{}'), null, 'who is away is not told');
select is(send_wanted_mail(:b, 'reply', 'welcome', '{}'), null, 'nor mailed');
update customer set state = 'active' where id = :b;

-- What tells: orders, points.

delete from notification;
insert into customer_order (id, number, customer_id, email, payment_method,
    currency, tax_mode, subtotal_amount, discount_amount, shipping_amount,
    tax_amount, total_amount, quote)
values (:a, 'D-T1', :a, 'a@example.org', 'on_delivery', 'EUR', 'inclusive',
    0, 0, 0, 0, 0, '{}'),
(:b, 'D-T2', null, 'g@example.org', 'on_delivery', 'EUR', 'inclusive',
    0, 0, 0, 0, 0, '{}');
create function pg_temp.told() returns text language sql as $$
	with gone as (delete from notification returning *)
	select coalesce(string_agg(kind || ' ' || (data ->> 'event') || ' '
	    || coalesce(data ->> 'to', data ->> 'points', ''), ', '
	    order by created_at), '') from gone
$$;
update customer_order set state = 'confirmed' where id in (:a, :b);
select is(pg_temp.told(), 'order_moved state confirmed',
    'a customer''s order moved, a guest''s moves untold');
update customer_order set payment_state = 'paid' where id = :a;
select is(pg_temp.told(), 'order_moved payment paid', 'paid');
update customer_order set payment_state = 'refunded' where id = :a;
select is(pg_temp.told(), '', 'a refund is told by its own event');
insert into order_event (order_id, kind, to_state, data)
values (:a, 'refund', 'done', '{"amount": {"amount": 1, "currency": "EUR"}}');
select is((select data #>> '{amount,currency}' from notification), 'EUR',
    'with how much');
select is(pg_temp.told(), 'order_moved refund done', 'told');
insert into order_event (order_id, kind, note, public)
values (:a, 'note', 'for us', false), (:a, 'note', 'for you', true);
select is((select string_agg(data ->> 'note', ' ') from notification),
    'for you', 'notes for staff stay theirs');
select pg_temp.told();
insert into order_event (order_id, kind, from_state, to_state, data)
values (:a, 'return', 'requested', 'approved', '{"return_id": "x"}');
select is((select data ->> 'return_id' from notification), 'x', 'which one');
select is(pg_temp.told(), 'return_moved return approved', 'returns move too');
select set_config('duka.customer', :a, true);
update customer_order set state = 'cancelled' where id = :a;
select is(pg_temp.told(), '', 'what the customer did the customer knows');
select set_config('duka.customer', '', true);

select points_account_lock(:a);
select points_grant(:a, 'adjust', 40, null, null, 'For the late parcel');
select is((select data ->> 'reason' from notification),
    'For the late parcel', 'why');
select is(pg_temp.told(), 'points adjust 40', 'points came');
update points_account set warned_at = now() where customer_id = :a;
select is((select (data ->> 'at')::timestamptz > now() from notification),
    true, 'when they will go');
select is(pg_temp.told(), 'points expiring 40', 'they will go');

-- Reading, each the own.

select notify_customer(c, 'reply', '{}') from unnest(array[:a, :a, :a,
    :b]::uuid[]) c;
select id as foreign from notification where customer_id = :b \gset
select id as first from notification where customer_id = :a limit 1 \gset
select pg_temp.be('duka_customers', :a);
select is((select count(*) from notification), 3::bigint, 'one sees one''s own');
select is(read_notifications(format('["%s", "%s"]', :'first', :'foreign')
    ::jsonb, false)::text, '{"read" : 1, "unread" : 2}',
    'of what is named the own are read');
select is(read_notifications(format('["%s"]', :'first')::jsonb, false)::text,
    '{"read" : 0, "unread" : 2}', 'once');
select is(read_notifications(null, true)::text, '{"read" : 2, "unread" : 0}',
    'or all');
select throws_ok($$update notification set data = '{}'$$, '42501', null,
    'what was said stays');
select throws_ok($$delete from notification$$, '42501', null, 'and is kept');
select throws_ok(format($$insert into notification (customer_id, kind)
    values (%L, 'reply')$$, :a), '42501', null, 'nobody tells oneself');
select throws_ok(format($$insert into notification_preference (customer_id,
    kind, channel, wanted) values (%L, 'reply', 'email', false)$$, :b),
    '42501', null, 'nor chooses for others');
select throws_ok(format($$select notify_customer(%L, 'reply', '{}')$$, :b),
    '42501', null, 'nor tells them');
select pg_temp.be('none');
select is(read_at, null, 'another''s is as it was') from notification
    where id = :'foreign';
select pg_temp.be('duka_customers');
select is_empty('select from notification', 'nobody sees none');
select pg_temp.be('none');
select is_empty($$
    select r.rolname, p.proname from pg_roles r, pg_proc p
    where r.rolname like 'duka\_%' and r.rolname <> 'duka_owner'
    and p.pronamespace = 'duka'::regnamespace
    and p.proname in ('notify_customer', 'notify_in_app', 'send_wanted_mail',
	'forget_notifications', 'tidy_notifications', 'export_notifications')
    and has_function_privilege(r.oid, p.oid, 'EXECUTE')$$,
    'no program tells anybody anything by itself');

-- The unread are counted by their index alone.
select is((select count(*) from pg_index i
    join pg_class c on c.oid = i.indexrelid
    where c.relname = 'notification_unread_idx' and i.indpred is not null),
    1::bigint, 'there is an index of the unread');

-- Time, and the account's end.

update notification set read_at = null where customer_id = :b;
update notification set created_at = now() - interval '181 days',
    read_at = case when customer_id = :a
    then now() - interval '181 days' end;
select is(tidy_notifications(), 3, 'those read go');
select is((select count(*) from notification), 1::bigint, 'others stay');
update notification set created_at = now() - interval '721 days';
select is(tidy_notifications(), 1, 'four times as long');
select notify_customer(c, 'reply', '{}') from unnest(array[:a, :b]::uuid[]) c;
insert into notification_preference (customer_id, kind, channel, wanted)
select c, 'reply', 'email', false from unnest(array[:a, :b]::uuid[]) c;
select set_config('duka.customer', :a, true);
select is(json_array_length(export_account() #> '{notifications,items}'), 1,
    'they are among what is taken away');
select erase_account();
select is((select string_agg(distinct customer_id::text, '')
    from notification), :b, 'and go with the account');
select is((select string_agg(distinct customer_id::text, '')
    from notification_preference), :b, 'with what was wanted');

select * from finish();
rollback;
