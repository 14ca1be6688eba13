-- SPDX-License-Identifier: ISC
-- The outbox: claims and leases, pauses, parking, erasing, rights.
begin;
select no_plan();

delete from outbox;
create function pg_temp.put(recipient text, age interval default '0')
returns uuid language sql as $$
	insert into duka.outbox (template, recipient, data, due_at)
	values ('welcome', recipient, '{"name": "Ada", "shop": "Mine"}',
	    now() - age)
	returning id
$$;
select is(mail_due_in(), null, 'nothing waits: nothing is due');
create temp table mine as
    select pg_temp.put('a@example.org', '2 hours') as a,
    pg_temp.put('b@example.org', '1 hour') as b,
    pg_temp.put('c@example.org', '-1 hour') as c;

-- Claims.
select is((select recipient from claim_mail('https://x', 60)),
    'a@example.org', 'the one due first is claimed first');
select is((select (data::jsonb) from claim_mail('https://x', 60)),
    '{"name": "Ada", "shop": "Mine", "origin": "https://x"}'::jsonb,
    'its data has the origin, and its own shop');
select is((select count(*) from claim_mail('https://x', 60)), 0::bigint,
    'what is claimed or not due is nobody''s');
select is((select tries from outbox, mine where id = a), 1,
    'a claim is a try');
select cmp_ok(mail_due_in(), '>', 50000::bigint,
    'the next is due when a claim ends');
update outbox set claimed_until = now() from mine where id = a;
select is((select tries from claim_mail(null, 60)), 2,
    'a claim that ran out is claimed anew');
update setting set value = 'https://shop.example'
where key = 'shop.origin';
update outbox set claimed_until = now() from mine where id = a;
select is((select data::jsonb ->> 'origin' from claim_mail('https://x', 60)),
    'https://shop.example', 'the setting comes before the environment');

-- Failures.
select is((select mail_failed(a, 2, 'late', false) from mine), null,
    'a try that isn''t the last one changes nothing');
select is((select mail_failed(a, 3, '451 busy', false) from mine), 'waiting',
    'a failure waits');
select ok((select due_at between now() + interval '90 seconds'
    and now() + interval '150 seconds' and claimed_until is null
    and last_error = '451 busy' from outbox, mine where id = a),
    'the third pause is two minutes, a quarter more or less');
select is((select mail_failed(b, 1, repeat('x', 900), true) from mine),
    'dead', 'a failure for good is parked');
select is((select length(last_error) from outbox, mine where id = b), 500,
    'long words are cut');
select ok((select bool_and(p between 6 * 3600 * 0.74 and 6 * 3600 * 1.26)
    from generate_series(11, 60) n,
    lateral (select extract(epoch from courier_pause(n)) p) x),
    'no pause is longer than six hours and a quarter');
update outbox set tries = 11, due_at = now() - interval '1 day'
from mine where id = a;
select is((select tries from claim_mail(null, 60)), 12, 'the twelfth try');
select is((select mail_failed(a, 12, 'no', false) from mine), 'dead',
    'is the last');
update outbox set state = 'waiting', due_at = now(), claimed_until = now(),
    last_error = null
from mine where id = a;
select is((select count(*) from claim_mail(null, 60)), 0::bigint,
    'no thirteenth');
select is((select last_error from outbox, mine where id = a),
    'the courier ended over it', 'but a reason');

-- Again.
select is(retry_mail(null), 2::bigint, 'all that is parked goes again');
select is((select array_agg(tries || state order by tries)
    from outbox, mine where id in (a, b)), '{0waiting,0waiting}',
    'from the beginning');
select is((select retry_mail(c) from mine), 1::bigint,
    'one that waits can be hurried');
select is((select count(*) from claim_mail(null, 60)), 1::bigint, 'claimed');
select is((select retry_mail(id) from outbox
    where claimed_until > now()), 0::bigint, 'but none that is being sent');

-- Sent.
update outbox set attachment = 'x', attachment_name = 'y',
    attachment_type = 'text/csv' from mine where id = b;
select lives_ok($$ select mail_sent(b) from mine $$, 'sent');
select ok((select state = 'sent' and data = '{}' and attachment is null
    and sent_at is not null and last_error is null
    from outbox, mine where id = b), 'what it said is gone');
select is((select mail_failed(b, tries, 'x', true) from mine, outbox
    where id = b), null, 'sent is sent');
select is((select retry_mail(b) from mine), 0::bigint,
    'and isn''t sent again');
select is((select count(*) from mail_queue(10)), 2::bigint,
    'the queue has the rest');
select is((select count(*) from mail_queue(1)), 1::bigint, 'or a part');
select is(mail_counts()::text, '(2,0)', 'and counts');

-- Without an address.
delete from outbox;
select pg_temp.put('1b4e28ba-2fa1-41d2-883f-0016d3cca427@accounts.invalid',
    '1 hour') is not null as put \g /dev/null
select pg_temp.put('d@example.org') is not null as put \g /dev/null
select is((select recipient from claim_mail(null, 60)), 'd@example.org',
    'who has no address is passed over');
select is((select state from outbox
    where recipient like '%invalid'), 'dead', 'and parked');

-- Rights.
select ok(not has_table_privilege(r, 'outbox', p), r || ' may not ' || p)
from unnest(array['duka_courier', 'duka_orders', 'duka_auth', 'duka_cart'])
    r, unnest(array['update', 'delete']) p;
select ok(has_function_privilege(r, 'claim_mail(text, integer)', 'execute')
    = (r = 'duka_courier'), r || ' claims only if it is the courier')
from unnest(array['duka_courier', 'duka_orders', 'duka_auth', 'duka_cart',
    'duka_catalog', 'duka_search', 'duka_customers', 'duka_inventory',
    'duka_reports']) r;
select ok(not has_table_privilege('duka_courier', c.oid, 'select'),
    'the courier does not read ' || c.relname)
from pg_class c where c.relnamespace = 'duka'::regnamespace
    and c.relkind = 'r';

select * from finish();
rollback;
