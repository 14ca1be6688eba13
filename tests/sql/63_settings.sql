-- SPDX-License-Identifier: ISC
-- Settings, hours, taxes, shipping, mail texts, the outbox: what is refused,
-- and who may what.
begin;
select no_plan();

-- Every setting is what it may be, as it is and as it was shipped.
select is_empty($$select key, setting_fault(s, value) from setting s
    where setting_fault(s, value) is not null$$, 'all settings can be read');
select is_empty($$select key from setting s
    where setting_fault(s, standard) is not null$$,
    'and so can what they were shipped as');
insert into setting (key, value, about) values ('limit.test', '5/hour', 'x'),
    ('switch.test', 'on', 'x'), ('keep.test_days', '5', 'x'),
    ('test.words', 'five', 'x');
select results_eq($$select key, kind, group_name, standard from setting
    where key ~ 'test' order by key$$, $$values
    ('keep.test_days', 'integer', 'retention', '5'),
    ('limit.test', 'limit', 'limits', '5/hour'),
    ('switch.test', 'switch', 'switches', 'on'),
    ('test.words', 'text', 'other', 'five')$$,
    'one that nobody described is what it looks like');
select throws_ok($$insert into setting (key, value, about, kind, group_name)
    values ('test.bad', 'maybe', 'x', 'switch', 'other')$$, 'UK422',
    'test.bad is "on" or "off"', 'a new one is judged too');

-- Versions.
select version as before from setting_state \gset
update setting set value = 'six' where key = 'test.words';
select is((select version from setting_state), (:before + 1)::bigint,
    'a change is another version of all');
select is((select version from setting where key = 'test.words'), 2,
    'and of the one');
select is((select settings from settings_after((:before + 1)::bigint))::text, null,
    'who has the newest gets none');
select is((select settings ->> 'test.words' from settings_after(:before)),
    'six', 'who has another gets all');
select isnt((select settings from settings_after(null))::text, null,
    'and so does who has none');

-- IBAN, hours.
select ok(iban_valid('DE89370400440532013000')
    and not iban_valid('DE89370400440532013001')
    and not iban_valid('DE89') and not iban_valid(''), 'IBANs are counted');
select ok(hours_valid(h::jsonb) = good, h) from (values
    ('[]', true), ('[["09:00","17:00"]]', true),
    ('[["09:00","12:00"],["12:00","24:00"]]', true),
    ('[["09:00","12:00"],["11:59","24:00"]]', false),
    ('[["17:00","09:00"]]', false), ('[["09:00","09:00"]]', false),
    ('[["09:00","24:01"]]', false), ('[["9:00","17:00"]]', false),
    ('[["09:00"]]', false), ('[null]', false), ('{}', false),
    ('"09:00"', false)) v (h, good);
select ok(not week_valid('[]') and not week_valid('{"mo": []}')
    and not week_valid('{"mon": 5}') and week_valid('{}'), 'and weeks');

update setting set value = 'Europe/Lisbon' where key = 'shop.time_zone';
update setting set value =
    '{"mon": [["09:00","12:00"],["12:00","18:00"]], "sun": [["00:00","24:00"]]}'
where key = 'shop.opening_hours';
insert into opening_exception (day, hours) values ('2026-03-30', '[]'),
    ('2026-12-25', '[["10:00","11:00"]]');
-- 2026-03-29 is a Sunday, and clocks go forward at one.
select is(shop_open(at::timestamptz), open, at) from (values
    ('2026-03-23 08:59:59+00', false), ('2026-03-23 09:00:00+00', true),
    ('2026-03-23 11:59:59+00', true), ('2026-03-23 12:00:00+00', true),
    ('2026-03-23 18:00:00+00', false), ('2026-03-24 10:00:00+00', false),
    ('2026-03-29 00:30:00+00', true), ('2026-03-29 22:59:59+00', true),
    ('2026-03-29 23:00:00+00', false), ('2026-03-30 10:00:00+00', false),
    ('2026-04-06 08:30:00+00', true), ('2026-04-06 07:59:00+00', false),
    ('2026-12-25 10:30:00+00', true), ('2026-12-25 11:00:00+00', false))
    v (at, open);
select is(shop_turns('2026-03-23 10:00+00'), '2026-03-23 18:00+00',
    'it closes at the day''s end, not where one span follows another');
select is(shop_turns('2026-03-23 20:00+00'), '2026-03-29 00:00+00',
    'it opens on Sunday');
select is(shop_turns('2026-03-29 20:00+00'), '2026-03-29 23:00+00',
    'and closes by summer time');
select is(shop_turns('2026-03-30 12:00+00'), '2026-04-04 23:00+00',
    'past the day that is closed');

-- Zones and ways.
select set_config('duka.permissions', ' settings.read settings.write ',
    true), set_config('duka.staff', '', true);
select (body ->> 'id')::uuid as zone from tax_zone_create('here', 'Here',
    '[{"country": "XA"}]', '[{"tax_class": "standard", "name": "x",
    "rate": "0.123456"}]') \gset
select is((select rate from tax_rate where zone_id = :'zone'), 0.123456,
    'a rate keeps its digits');
select throws_ok($$select tax_zone_create('there', 'There',
    '[{"country": "XA"}]', null)$$, 'UK422',
    'belongs to Here already', 'a country is in one zone');
select throws_ok(format($$select tax_zone_change(%L, 2, 'x', null, null)$$,
    :'zone'), 'UK412', null, 'an old version is refused');
select (body ->> 'id')::uuid as way from shipping_method_create(
    jsonb_build_object('code', 'boat', 'name', 'Boat', 'zone_id', :'zone',
    'steps', '[{"from": 0, "amount": 5}]'::jsonb)) \gset
select throws_ok(format($$select tax_zone_drop(%L, 1)$$, :'zone'), '23503',
    null, 'a zone that is shipped to stays');
select lives_ok(format($$select shipping_method_drop(%L, 1)$$, :'way'),
    'a way that nobody took goes');
select lives_ok(format($$select tax_zone_drop(%L, 1)$$, :'zone'),
    'and then the zone');
select set_config('duka.permissions', ' settings.read ', true);
select throws_ok($$select tax_zone_create('a', 'A', null, null)$$, 'UK403',
    null, 'who may only see makes no zone');
select throws_ok($$select shipping_method_create('{}')$$, 'UK403', null,
    'nor way');
select throws_ok($$select hours_put(1, '{}', '[]')$$, 'UK403', null,
    'nor hours');
select throws_ok($$select setting_put('shop.name', 'x', 1, 'value')$$,
    'UK403', null, 'nor setting');
select throws_ok($$select mail_text_put('welcome', 'en', 0, 'x', 'y')$$,
    'UK403', null, 'nor text');
select throws_ok($$select outbox_again('[]', null)$$, 'UK403', null,
    'nor does anything with the outbox');
select throws_ok($$select outbox_figures()$$, 'UK403', null, 'nor sees it');

-- Mail texts.
select is_empty($$select m.name, n from mail_template m,
    unnest(m.needed) n where n not in (select names_in(m.sample))$$,
    'what a mail must name is in its sample');
select throws_ok($$insert into mail_text (template, language, subject, text)
    values ('welcome', 'en', 'Hi', '{{#secret}}x{{/secret}}')$$, 'UK422',
    '{{secret}} is not known here', 'a strange name is refused');
select throws_ok($$insert into mail_text (template, language, subject, text)
    values ('verify-email', 'en', 'Hi', 'Hello')$$, 'UK422',
    'needs {{link}}', 'what is needed must be there');
select throws_ok($$insert into mail_text (template, language, subject, text)
    values ('welcome', 'de', 'Hi', 'x')$$, '23514', null,
    'a language that the shop hasn''t is refused');
select throws_ok($$insert into mail_text (template, language, subject, text)
    values ('welcome', 'en', E'Hi\nBcc: x', 'x')$$, '23514', null,
    'a subject is one line');

-- Nothing that opens something is shown.
select is(outbox_shown('{"token": "t", "reset_token": "t", "name": "Ada",
    "link": "https://s/reset#token=t", "path": "/order/1#key=t",
    "lines": [{"key": "t", "text": "go to ?a=1&token=t now"}],
    "total": {"amount": 5}}'), '{"token": "…", "reset_token": "…",
    "name": "Ada", "link": "https://s/reset#…", "path": "/order/1#key=…",
    "lines": [{"key": "…", "text": "go to ?a=1&token=… now"}],
    "total": {"amount": 5}}', 'keys, tokens and their links');

-- The roles.
set local role duka_settings;
select set_config('duka.permissions', '', true);
select is_empty('select from setting', 'without a permission: no setting');
select is_empty('select from outbox', 'no mail');
select is_empty('select from mail_text', 'no text');
select throws_ok('update setting set value = value', '42501', null,
    'and none is written past the functions');
select throws_ok('select data from mail_sample(null, null)', '42703', null,
    'samples are no table');
select throws_ok('select * from setting_picture', '42501', null,
    'nor is what pictures are named');
reset role;
set local role duka_cart;
select ok(shop_open() is not null, 'any program may ask whether it is open');
select throws_ok('select settings_put(''[]'')', '42501', null,
    'no other program sets anything');
reset role;
select * from finish();
rollback;
