-- SPDX-License-Identifier: ISC
-- Mails in the shop's own words, by template and language.

-- The languages of a mail, the best first: the reader's own, the shop's,
-- English.
create or replace function mail_languages(p_template text,
    p_customer uuid) returns text[]
language sql stable security definer set search_path = duka, pg_temp as $$
	select array_agg(l order by n) from (
	    select l, min(n) as n from (values
		((select left(c.language, 2) from customer c
		where c.id = p_customer and coalesce((select m.audience
		    from mail_template m where m.name = p_template),
		    'customer') = 'customer'), 1),
		(setting_of('shop.language'), 2), ('en', 3)) v (l, n)
	    where l in ('en', 'fr', 'pt') group by l) d
$$;

-- What a mail may be written from, the best first: each has a language, and
-- its text if it is the shop's own; without one it is the shipped one of
-- that language, if there is one.  What the mail carries itself is all.
create or replace function mail_words(p_template text, p_customer uuid,
    p_own jsonb) returns json
language sql stable security definer set search_path = duka, pg_temp as $$
	select case when p_own is not null then json_build_array(p_own)
	else (select json_agg(json_strip_nulls(json_build_object(
	    'language', l.l, 'subject', t.subject, 'text', t.text))
	    order by l.n)
	    from unnest(mail_languages(p_template, p_customer))
		with ordinality l (l, n)
	    left join mail_text t on t.template = p_template
		and t.language = l.l) end
$$;

-- Every name that a mail's data has, however deep.
create or replace function names_in(data jsonb) returns setof text
language sql immutable as $$
	with recursive part (value) as (
		select data
		union all
		select i.value from part p, lateral (
		    select e.value from jsonb_each(
			case jsonb_typeof(p.value) when 'object' then p.value
			else '{}' end) e
		    union all
		    select a.value from jsonb_array_elements(
			case jsonb_typeof(p.value) when 'array' then p.value
			else '[]' end) a) i
	)
	select distinct k from part,
	    lateral jsonb_object_keys(case jsonb_typeof(value) when 'object'
		then value else '{}' end) k
$$;

-- Names in a template's braces.
create or replace function names_wanted(template text) returns setof text
language sql immutable as $$
	select distinct n from regexp_matches(template,
	    '\{\{[#^/]?([a-z0-9_.]+)\}\}', 'g') m,
	    string_to_table(m[1], '.') n
	where n <> ''
$$;

-- A text of staff names nothing that its mail doesn't have, and what it
-- can't do without.  (Whether its sections fit, the renderer has said.)
create or replace function check_mail_text() returns trigger
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	m mail_template;
	strange text;
begin
	select * into m from mail_template where name = new.template;
	select n into strange
	from names_wanted(new.subject || new.text) n
	where n not in ('shop', 'origin')
	and n not in (select names_in(m.sample)) order by n limit 1;
	if strange is not null then
		perform raise_fault('{{' || strange || '}} is not known here',
		    case when strpos(new.subject, strange) > 0
		    then 'subject' else 'text' end);
	end if;
	select n into strange from unnest(m.needed) n
	where n not in (select names_wanted(new.text)) limit 1;
	if strange is not null then
		perform raise_fault('needs {{' || strange || '}}', 'text');
	end if;
	return new;
end
$$;

create or replace trigger checked before insert or update on mail_text
    for each row execute function check_mail_text();

-- For staff.

create or replace function mail_template_json(m mail_template) returns json
language sql stable security definer set search_path = duka, pg_temp as $$
	select json_build_object('template', m.name, 'group', m.group_name,
	    'audience', m.audience,
	    'placeholders', (select json_agg(n order by n)
		from (select names_in(m.sample) union values ('shop'),
		    ('origin')) x (n)),
	    'needed', m.needed,
	    'own', (select coalesce(json_agg(json_build_object(
		'language', t.language, 'version', t.version,
		'changed_at', wire_time(t.changed_at),
		'changed_by', (select s.name from staff s
		    where s.id = t.changed_by)) order by t.language), '[]')
		from mail_text t where t.template = m.name))
$$;

-- The data that a preview is made with.
create or replace function mail_sample(m mail_template, p_origin text)
returns jsonb
language sql stable security definer set search_path = duka, pg_temp as $$
	select m.sample || jsonb_build_object('shop', setting_of('shop.name'),
	    'origin', coalesce(nullif(setting_of('shop.origin'), ''),
		p_origin, 'https://shop.example'))
$$;

create or replace function mail_text_put(p_template text, p_language text,
    p_version integer, p_subject text, p_text text) returns integer
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	known mail_text;
begin
	perform demand('settings.write');
	perform from mail_template where name = p_template for share;
	if not found then
		raise exception 'There is no such mail' using errcode = 'UK410';
	end if;
	select * into known from mail_text
	where template = p_template and language = p_language for update;
	perform check_version(coalesce(known.version, 0), p_version);
	insert into mail_text as t (template, language, subject, text,
	    changed_by)
	values (p_template, p_language, p_subject, p_text, current_staff())
	on conflict (template, language) do update
	set subject = excluded.subject, text = excluded.text,
	    version = t.version + 1, changed_at = now(),
	    changed_by = excluded.changed_by
	returning t.version into known.version;
	-- Two that begin at once: the second sees the first.
	if known.version <> p_version + 1 then
		raise exception 'It changed meanwhile: it is version % now',
		    known.version - 1 using errcode = 'UK412';
	end if;
	return known.version;
end
$$;

create or replace function mail_text_reset(p_template text,
    p_language text, p_version integer) returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	known mail_text;
begin
	perform demand('settings.write');
	select * into known from mail_text
	where template = p_template and language = p_language for update;
	if not found then
		raise exception 'This mail is the shipped one'
		    using errcode = 'UK410';
	end if;
	perform check_version(known.version, p_version);
	delete from mail_text
	where template = p_template and language = p_language;
end
$$;

-- A mail with sample data to whoever asks for it.
create or replace function mail_text_try(p_template text, p_words jsonb,
    p_origin text) returns json
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	m mail_template;
	t staff;
	made uuid;
begin
	perform demand('settings.write');
	select * into m from mail_template where name = p_template;
	select * into t from staff where id = current_staff();
	made := send_mail(p_template, t.email, mail_sample(m, p_origin), null);
	update outbox set words = p_words where id = made;
	return json_build_object('recipient', t.email, 'id', made);
end
$$;

-- (By hand: its key is two columns.)
create or replace function audit_mail_text() returns trigger
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	before jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) end;
	after jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) end;
	whole jsonb := coalesce(after, before);
begin
	if current_staff() is not null then
		insert into audit_log (staff_id, request_id, address,
		    table_name, row_key, action, before, after)
		values (current_staff(), current_setting('duka.request', true),
		    current_setting('duka.address', true), 'mail_text',
		    (whole ->> 'template') || '.' || (whole ->> 'language'),
		    tg_op, before, after);
	end if;
	return null;
end
$$;

create or replace trigger audit after insert or update or delete
    on mail_text for each row execute function audit_mail_text();
