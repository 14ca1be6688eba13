-- SPDX-License-Identifier: ISC
-- Pictures: whose they are, what keeps one from being removed or swept, and
-- what the table refuses.
begin;
select plan(34);

create function pg_temp.ask(customer uuid, member uuid,
    permissions text default '') returns void language plpgsql as $$
begin
	reset role;
	perform set_config('duka.customer', coalesce(customer::text, ''), true),
	    set_config('duka.staff', coalesce(member::text, ''), true),
	    set_config('duka.guest', '', true),
	    set_config('duka.permissions', ' ' || permissions || ' ', true);
	set local role duka_media;
end
$$;

insert into customer (id, email, given_name, family_name) values
('00000000-0000-4000-8000-0000000000c1', 'a@example.org', 'ada', ' obi'),
('00000000-0000-4000-8000-0000000000c2', 'b@example.org', 'Ben', '');
insert into staff (id, email, name) values
('00000000-0000-4000-8000-0000000000d1', 's@example.org', 'Sam');
\set a '\'00000000-0000-4000-8000-0000000000c1\''
\set b '\'00000000-0000-4000-8000-0000000000c2\''
\set s '\'00000000-0000-4000-8000-0000000000d1\''
\set one 'repeat(\'a\', 64)'
\set two 'repeat(\'b\', 64)'
\set three 'repeat(\'c\', 64)'

-- Rights.
select pg_temp.ask(:a, null);
select throws_ok('select * from picture', '42501', null,
    'media itself reads no table of pictures');
select throws_ok($$select picture_json(gen_random_uuid())$$, '42501', null,
    'nor any picture by its id');

-- A customer's.
select is((select body ->> 'url' from put_picture(:one, 90,
    '{160,200}')), '/media/p/' || :one || '-200.webp',
    'a picture has the address of its largest');
select is((select json_array_length(body -> 'sizes') from put_picture(:one,
    90, '{160,200}')), 2, 'and all sizes');
reset role;
select is((select count(*) from picture), 1::bigint,
    'sent twice it is one');
select id as id from picture \gset
select pg_temp.ask(:a, null);
select isnt(own_picture(:'id')::text, null, 'who sent it sees it');
select pg_temp.ask(:b, null);
select is(own_picture(:'id')::text, null, 'another customer does not');
select is((select count(*) from remove_picture(:'id')), 0::bigint,
    'nor removes it');
select pg_temp.ask(null, :s, 'media.write');
select is((select count(*) from remove_picture(:'id')), 0::bigint,
    'nor do staff');
select pg_temp.ask(null, :s, 'catalog.write');
select throws_ok(format($$select * from put_picture(%L, 1, '{1}')$$, :two),
    'UK403', null, 'staff without the right send none');
select pg_temp.ask(null, null);
select throws_ok(format($$select * from put_picture(%L, 1, '{1}')$$, :two),
    'UK403', null, 'nor does nobody');
select throws_ok(format($$select * from put_profile_picture(%L, 1, '{1}')$$,
    :two), 'UK401', null, 'of themselves neither');

-- Of oneself.
select pg_temp.ask(:a, null);
select is(profile_picture_json(:a) ->> 'url', '/api/media/avatars/' || :a,
    'who has none is drawn');
select is((select gone from put_profile_picture(:two, 10, '{10}')), null,
    'the first takes no other''s place');
select is((select gone from put_profile_picture(:two, 10, '{10}')), null,
    'nor does the same again');
select is((select gone from put_profile_picture(:three, 10, '{10}')), :two,
    'another does');
select is(profile_picture_json(:a) ->> 'url',
    '/media/p/' || :three || '-10.webp', 'and is shown');
select is((select gone from remove_profile_picture()), :three,
    'it can be removed');
select is((select count(*) from remove_profile_picture()), 0::bigint,
    'once');
select is((select initials from avatar_of(:a)), 'AO',
    'initials are capital letters');
select is((select initials from avatar_of(:b)), 'B', 'or one');
select is((select initials from avatar_of(gen_random_uuid())), '',
    'or none');

-- So many.
reset role;
update setting set value = '1' where key = 'media.pictures_most';
select pg_temp.ask(:a, null);
select throws_ok('select picture_room()', 'UK720', null, 'one is enough');
select pg_temp.ask(:b, null);
select lives_ok('select picture_room()', 'for each');
select pg_temp.ask(null, :s, 'media.write');
select lives_ok('select picture_room()', 'and staff have no bound');

-- Shown by another table, whichever that is.
reset role;
create table shown (picture_id uuid constraint shown_picture_fkey
    references picture);
alter table shown owner to duka_owner;
insert into shown values (:'id');
update picture set created_at = now() - interval '2 days';
select pg_temp.ask(:a, null);
select throws_ok(format('select * from remove_picture(%L)', :'id'), 'UK721',
    null, 'what is shown is not removed');
select is(sweep_pictures(), 0, 'nor swept');
reset role;
delete from shown;
select pg_temp.ask(null, null);
select is((select count(*) from pictures_unknown(array[:one, :two])),
    1::bigint, 'a digest without row is unknown');
select is(sweep_pictures(), 1, 'what nothing shows is swept');
select is((select count(*) from pictures_unknown(array[:one, :two])),
    2::bigint, 'and then unknown');

-- What the table refuses.
reset role;
select throws_ok(format($$insert into picture (digest, kind, width, height,
    widths) values (%L, 'upload', 1, 1, '{1}')$$, :one), '23514', null,
    'a picture of nobody');
select throws_ok(format($$insert into picture (digest, staff_id, kind, width,
    height, widths) values (%L, %L, 'profile', 1, 1, '{1}')$$, :one, :s),
    '23514', null, 'a profile picture of staff');
select throws_ok(format($$insert into picture (digest, customer_id, kind,
    width, height, widths) values ('../x', %L, 'upload', 1, 1, '{1}')$$, :a),
    '23514', null, 'a digest that is none');
select throws_ok(format($$insert into picture (digest, customer_id, kind,
    width, height, widths) values (%L, %L, 'upload', 2, 1, '{1}')$$, :one,
    :a), '23514', null, 'a largest that is not among the widths');

select * from finish();
rollback;
