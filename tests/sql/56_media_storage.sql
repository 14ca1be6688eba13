-- SPDX-License-Identifier: ISC
-- Where pictures' files are: what the courier is given, and what comes of
-- pictures that go, come back, or are shared.
begin;
select plan(38);

\set one '\'' `printf '1%.0s' $(seq 64)` '\''
\set two '\'' `printf '2%.0s' $(seq 64)` '\''

insert into customer (id, email, given_name, family_name) values
('00000000-0000-4000-8000-0000000000c1', 'a@example.org', 'ada', 'obi'),
('00000000-0000-4000-8000-0000000000c2', 'b@example.org', 'ben', 'obi');

create function pg_temp.put(who integer, what text, sizes integer[])
returns void language sql as $$
	insert into picture (digest, customer_id, kind, width, height, widths)
	values (what, ('00000000-0000-4000-8000-0000000000c' || who)::uuid,
	    'upload', sizes[cardinality(sizes)], 1, sizes)
$$;
create function pg_temp.drop(who integer, what text) returns void
language sql as $$
	delete from picture where digest = what and customer_id =
	    ('00000000-0000-4000-8000-0000000000c' || who)::uuid
$$;
create function pg_temp.state(what text) returns text language sql as $$
	select state from picture_file where digest = what
$$;
-- Time passes: what was put off is due, what was claimed is free.
create function pg_temp.later() returns void language sql as $$
	update picture_file set due_at = now(), claimed_until = null;
	update picture_store set due_at = now()
$$;

select is(picture_store_due_in(), null, 'nothing waits');
select is_empty('select claim_picture_file(180, false)', 'nothing is given');
select pg_temp.put(1, :one, '{1,2}');
select is(pg_temp.state(:one), 'here', 'a picture has its file''s row');
select is(picture_store_due_in(), 0::bigint, 'and it is due');
select pg_temp.put(2, :one, '{2,3}');
select is(widths, '{1,2,3}', 'another''s adds its widths')
from picture_file where digest = :one;
select pg_temp.drop(2, :one);
select is(pg_temp.state(:one), 'here', 'one of two that goes changes nothing');
select pg_temp.drop(1, :one);
select is(pg_temp.state(:one), null, 'never sent: the last takes the row along');

-- Sent.
select pg_temp.put(1, :one, '{1,2}');
select results_eq('select * from claim_picture_file(180, false)',
    format($$values (%L, '{1,2}'::integer[], false, false, 1)$$, :one),
    'it is given with its widths');
select is_empty('select claim_picture_file(180, true)', 'and to one alone');
select ok(sent and claimed_until > now(), 'what is given may be there')
from picture_file where digest = :one;
select ok(picture_store_due_in() between 179000 and 181000,
    'it is due again when the claim ends');
select picture_file_stored(:one, '{1,2}');
select is(pg_temp.state(:one), 'stored', 'it is stored');
select is(picture_store_due_in(), null, 'and nothing waits');
select pg_temp.put(2, :one, '{1,2}');
select is(pg_temp.state(:one), 'stored', 'another of the same is there already');
select pg_temp.drop(2, :one);
select pg_temp.put(2, :one, '{2,4}');
select is(pg_temp.state(:one), 'here', 'one of other widths isn''t');
select results_eq('select widths, again from claim_picture_file(180, false)',
    $$values ('{1,2,4}'::integer[], true)$$, 'and is given with all');
select picture_file_stored(:one, '{1,2}');
select is(pg_temp.state(:one), 'here', 'less than all isn''t all');
select pg_temp.later();
select claim_picture_file(180, false);
select picture_file_stored(:one, '{1,2,4}');
select is(pg_temp.state(:one), 'stored', 'all is');

-- What needs no file on the disk.
select results_eq(format('select digest from pictures_not_here(%L, true)',
    array[:one, :two]), format('values (%L)', :two),
    'stored just now: it stays on the disk');
update picture_file set stored_at = now() - interval '25 hours';
select set_eq(format('select digest from pictures_not_here(%L, true)',
    array[:one, :two]), format('values (%L), (%L)', :one, :two),
    'a day later it needn''t');
select results_eq(format('select digest from pictures_not_here(%L, false)',
    array[:one, :two]), format('values (%L)', :two),
    'without a store all stay');

-- Leaving.
select pg_temp.drop(1, :one);
select pg_temp.drop(2, :one);
select is(pg_temp.state(:one), 'leaving', 'stored: the last leaves');
select results_eq('select widths, leaving from claim_picture_file(180, false)',
    $$values ('{1,2,4}'::integer[], true)$$, 'and is given to be removed');
select pg_temp.put(1, :one, '{1,2}');
select is(pg_temp.state(:one), 'here', 'come back meanwhile: to be sent again');
select is_empty('select claim_picture_file(180, true)',
    'but not before who removes it is done');
select picture_file_gone(:one);
select is(pg_temp.state(:one), 'here', 'its row stays');
select is((select count(*) from claim_picture_file(180, false)), 1::bigint,
    'and it is given');
select pg_temp.drop(1, :one);
select picture_file_stored(:one, '{1,2,4}');
select is(pg_temp.state(:one), 'leaving', 'gone while it was sent: it leaves');
select claim_picture_file(180, false);
select picture_file_gone(:one);
select is(pg_temp.state(:one), null, 'gone from there, its row goes');

-- Away.
select pg_temp.put(1, :one, '{1}');
select pg_temp.put(1, :two, '{1}');
update picture_file set due_at = now() - interval '1 minute'
where digest = :one;
select claim_picture_file(180, false);
select picture_file_failed(:one, 'no such file', false);
select is((select digest from claim_picture_file(180, false)), :two,
    'one that fails by itself doesn''t keep the next');
select picture_file_failed(:two, 'no route', true);
select pg_temp.put(2, :two, '{1}');
update picture_file set due_at = now();
select is_empty('select claim_picture_file(180, false)',
    'while the store is away none is given');
select isnt_empty('select claim_picture_file(180, true)',
    'but to who asks for it now');
select is(last_error, 'no route', 'what it said is shown')
from picture_store_counts();
update picture_store set tries = 30;
select pg_temp.later();
select picture_file_failed(:two, repeat('x', 900), true);
select ok(due_at <= now() + interval '15 minutes' and length(last_error) = 500,
    'a pause is bounded, and so is what is kept') from picture_store;
select picture_file_stored(:two, '{1}');
select is(tries, 0, 'an answer ends it') from picture_store;

-- Who may.
set local role duka_media;
select throws_ok('select claim_picture_file(180, false)', '42501', null,
    'media has no store');
select throws_ok('select * from picture_file', '42501', null,
    'and doesn''t see the table');
set local role duka_courier;
select throws_ok('select * from picture_file', '42501', null,
    'nor does the courier');

select * from finish();
rollback;
