-- SPDX-License-Identifier: ISC
-- What a setting may be, so that staff can change it; versions of taxes and
-- ways of shipping; days on which the shop opens otherwise; mails in staff's
-- own words; what staff do with the outbox.

-- Of a key that nobody described: what its name and value say.
create function setting_guess(key text, value text, out kind text,
    out group_name text, out lowest bigint, out highest bigint)
language sql immutable as $$
	select case when starts_with(key, 'limit.') then 'limit'
	    when value in ('on', 'off') then 'switch'
	    when value ~ '^[0-9]{1,9}$' then 'integer' else 'text' end,
	    case split_part(key, '.', 1) when 'limit' then 'limits'
	    when 'switch' then 'switches' when 'keep' then 'retention'
	    when 'shop' then 'shop' when 'payment' then 'payment'
	    when 'loyalty' then 'loyalty' when 'courier' then 'mail'
	    when 'media' then 'pictures' when 'returns' then 'orders'
	    when 'orders' then 'orders' else 'other' end,
	    case when starts_with(key, 'keep.') then 1 else 0 end,
	    case when starts_with(key, 'keep.') then 99999 else 999999999 end
$$;

alter table setting
    add column kind		text,
    add column group_name	text,
    add column position		integer not null default 1000,
    add column lowest		bigint,		-- of a number
    add column highest		bigint,
    add column choices		text[],
    add column optional		boolean not null default false,
    add column standard		text,
    add column version		integer not null default 1,
    add column changed_by	uuid;

update setting s
set kind = g.kind, group_name = g.group_name, lowest = g.lowest,
    highest = g.highest, standard = s.value
from setting k, setting_guess(k.key, k.value) g where k.key = s.key;

insert into setting (key, value, about, kind, group_name, standard) values
('shop.phone', '', 'The shop''s telephone', 'phone', 'shop', ''),
('shop.address', '', 'Where the shop is, in lines', 'lines', 'shop', ''),
('shop.vat_number', '', 'Number for value added tax, on invoices', 'text',
    'shop', ''),
('shop.registration_number', '', 'Number in the companies'' register',
    'text', 'shop', ''),
('shop.language', 'en', 'Language of mails to whom has no own', 'choice',
    'shop', 'en'),
('shop.logo', '', 'A picture that staff sent', 'picture', 'shop', '');

update setting s
set kind = d.kind, group_name = d.group_name, position = d.position,
    lowest = d.lowest, highest = d.highest,
    choices = string_to_array(d.choices, ' '), optional = d.optional,
    standard = d.standard
from (values
    ('shop.name', 'shop', 1, 'text', 1, 100, null, false, 'Duka'),
    ('shop.email', 'shop', 2, 'email', null, null, null, false,
	'shop@localhost'),
    ('shop.phone', 'shop', 3, 'phone', null, null, null, true, ''),
    ('shop.address', 'shop', 4, 'lines', 0, 500, null, true, ''),
    ('shop.country', 'shop', 5, 'country', null, null, null, false, 'IE'),
    ('shop.vat_number', 'shop', 6, 'text', 0, 40, null, true, ''),
    ('shop.registration_number', 'shop', 7, 'text', 0, 40, null, true, ''),
    ('shop.logo', 'shop', 8, 'picture', null, null, null, true, ''),
    ('shop.language', 'shop', 9, 'choice', null, null, 'en fr pt', false,
	'en'),
    ('shop.time_zone', 'shop', 10, 'time_zone', null, null, null, false,
	'Europe/Dublin'),
    ('shop.currency', 'shop', 11, 'currency', null, null, null, false,
	'EUR'),
    ('shop.tax_mode', 'shop', 12, 'choice', null, null,
	'inclusive exclusive', false, 'inclusive'),
    ('shop.origin', 'shop', 13, 'uri', null, null, null, true, ''),
    ('shop.opening_hours', 'hours', 1, 'hours', null, null, null, false,
	'{}'),
    ('switch.registration', 'switches', 1, 'switch', null, null, null,
	false, 'on'),
    ('switch.checkout', 'switches', 2, 'switch', null, null, null, false,
	'on'),
    ('switch.guest_checkout', 'switches', 3, 'switch', null, null, null,
	false, 'on'),
    ('switch.login_unverified', 'switches', 4, 'switch', null, null, null,
	false, 'on'),
    ('switch.review_approval', 'reviews', 1, 'switch', null, null, null,
	false, 'on'),
    ('loyalty.bonus_review', 'reviews', 2, 'integer', 0, 100000, null,
	false, '50'),
    ('loyalty.expiry_months', 'loyalty', 1, 'integer', 1, 120, null, false,
	'12'),
    ('loyalty.notice_days', 'loyalty', 2, 'integer', 1, 365, null, false,
	'30'),
    ('payment.on_delivery', 'payment', 1, 'switch', null, null, null, false,
	'on'),
    ('payment.on_delivery.most', 'payment', 2, 'money', 0, 1000000000000,
	null, false, '50000'),
    ('payment.bank_transfer', 'payment', 3, 'switch', null, null, null,
	false, 'on'),
    ('payment.bank_transfer.holder', 'payment', 4, 'text', 1, 100, null,
	false, 'Duka'),
    ('payment.bank_transfer.iban', 'payment', 5, 'iban', null, null, null,
	true, 'IE29AIBK93115212345678'),
    ('payment.bank_transfer.bic', 'payment', 6, 'bic', null, null, null,
	true, 'AIBKIE2D'),
    ('payment.bank_transfer.days', 'payment', 7, 'integer', 1, 60, null,
	false, '5'),
    ('returns.days', 'orders', 1, 'integer', 0, 3650, null, false, '30'),
    ('orders.key_days', 'orders', 2, 'integer', 1, 3650, null, false, '180'),
    ('courier.tries', 'mail', 1, 'integer', 1, 100, null, false, '12'),
    ('courier.pause', 'mail', 2, 'integer', 1, 21600, null, false, '30'),
    ('media.pictures_most', 'pictures', 1, 'integer', 1, 100000, null,
	false, '300'),
    ('media.orphan_hours', 'pictures', 2, 'integer', 1, 8760, null, false,
	'24'),
    ('media.local_hours', 'pictures', 3, 'integer', 1, 8760, null, false,
	'24')
    ) d (key, group_name, position, kind, lowest, highest, choices, optional,
	standard)
where s.key = d.key;

-- The limits and what is kept: as they were shipped.
update setting s set standard = d.standard
from (values ('limit.public', '20000/hour'), ('limit.anonymous', '100/hour'),
    ('limit.customer', '1000/hour'), ('limit.staff', '20000/hour'),
    ('limit.register', '5/hour'), ('limit.login', '10/hour'),
    ('limit.login_account', '20/hour'), ('limit.login_guesses', '60/hour'),
    ('limit.mail', '5/hour'), ('limit.checkout', '60/hour'),
    ('limit.coupon', '60/hour'), ('limit.picture', '60/hour'),
    ('limit.contact', '5/hour'), ('limit.message', '60/hour'),
    ('limit.views', '600/hour'), ('limit.review', '30/hour'),
    ('keep.mail_days', '90'), ('keep.search_days', '365'),
    ('keep.guest_cart_days', '30'), ('keep.notification_days', '180'),
    ('keep.contact_days', '730'), ('keep.view_days', '180')
    ) d (key, standard)
where s.key = d.key;

alter table setting
    alter column kind set not null,
    alter column group_name set not null,
    alter column standard set not null,
    add constraint setting_changed_by_fkey foreign key (changed_by)
	references staff on delete set null,
    add constraint setting_kind_value check (kind in ('text', 'lines',
	'email', 'phone', 'uri', 'integer', 'money', 'switch', 'choice',
	'limit', 'country', 'currency', 'time_zone', 'iban', 'bic', 'hours',
	'picture')),
    add constraint setting_group_form
	check (group_name ~ '^[a-z_]{1,30}$'),
    add constraint setting_range_order check (lowest <= highest),
    add constraint setting_choices_whole
	check ((kind = 'choice') = (choices is not null));

-- How often settings changed: who keeps a copy asks whether it is the newest.
create table setting_state (
	one		boolean not null default true,
	version		bigint not null default 1,
	constraint setting_state_pkey primary key (one),
	constraint setting_state_one check (one)
);
select secure('setting_state');
insert into setting_state default values;

-- The pictures that settings name: what refers to one keeps it.
create table setting_picture (
	key		text not null,
	picture_id	uuid not null,
	constraint setting_picture_pkey primary key (key),
	constraint setting_picture_key_fkey foreign key (key)
	    references setting on delete cascade,
	constraint setting_picture_picture_fkey foreign key (picture_id)
	    references picture
);
create index setting_picture_picture_idx on setting_picture (picture_id);
select secure('setting_picture');

-- Times of a day, in order and apart: [["09:00","12:30"],["14:00","24:00"]].
create function hours_valid(hours jsonb) returns boolean
language plpgsql immutable parallel safe as $$
declare
	span jsonb;
	before text := '';
begin
	if jsonb_typeof(hours) is distinct from 'array'
	    or jsonb_array_length(hours) > 6 then
		return false;
	end if;
	for span in select s from jsonb_array_elements(hours) s loop
		if jsonb_typeof(span) <> 'array'
		    or jsonb_array_length(span) <> 2
		    or coalesce(span ->> 0, '') !~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'
		    or coalesce(span ->> 1, '')
			!~ '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$'
		    or (span ->> 0) >= (span ->> 1)
		    or (span ->> 0) < before then
			return false;
		end if;
		before := span ->> 1;
	end loop;
	return true;
end
$$;

create function week_valid(week jsonb) returns boolean
language sql immutable parallel safe as $$
	select jsonb_typeof(week) = 'object' and not exists (
	    select from jsonb_each(case jsonb_typeof(week) when 'object'
		then week else '{}' end) d
	    where d.key not in ('mon', 'tue', 'wed', 'thu', 'fri', 'sat',
		'sun') or not hours_valid(d.value))
$$;

-- Days that are not as their weekday says: none is closed.
create table opening_exception (
	day		date not null,
	hours		jsonb not null default '[]',
	note		text not null default '',
	constraint opening_exception_pkey primary key (day),
	constraint opening_exception_day_range
	    check (day between '2000-01-01' and '2100-12-31'),
	constraint opening_exception_hours_form check (hours_valid(hours)),
	constraint opening_exception_note_form
	    check (length(note) <= 200 and one_line(note))
);
select secure('opening_exception');

-- Taxes and ways of shipping, as staff change them.
alter table tax_zone add column version integer not null default 1;
alter table shipping_method
    add column version integer not null default 1,
    add column about text not null default '',
    add constraint shipping_method_about_form
	check (length(about) <= 500 and many_lines(about)),
    add constraint shipping_method_tax_class_form
	check (tax_class ~ '^[a-z_]{1,30}$'),
    add constraint shipping_method_position_range
	check (position between 0 and 1000000);
-- What an order refers to stays: it is closed instead.
alter table customer_order
    drop constraint customer_order_shipping_method_fkey,
    add constraint customer_order_shipping_method_fkey
	foreign key (shipping_method_id) references shipping_method;

-- The mails there are, with what each may say (rows come from
-- functions/mail_templates.sql).
create table mail_template (
	name		text not null,
	position	integer not null,
	group_name	text not null,
	audience	text not null default 'customer',
	needed		text[] not null default '{}',
	sample		jsonb not null,
	constraint mail_template_pkey primary key (name),
	constraint mail_template_name_form
	    check (name ~ '^[a-z][a-z-]{1,40}$'),
	constraint mail_template_group_form
	    check (group_name ~ '^[a-z_]{1,30}$'),
	constraint mail_template_audience_value
	    check (audience in ('customer', 'staff')),
	constraint mail_template_sample_form
	    check (jsonb_typeof(sample) = 'object')
);
select secure('mail_template');

-- A mail in the shop's own words.
create table mail_text (
	template	text not null,
	language	text not null,
	subject		text not null,
	text		text not null,
	version		integer not null default 1,
	changed_at	timestamptz not null default now(),
	changed_by	uuid,
	constraint mail_text_pkey primary key (template, language),
	constraint mail_text_template_fkey foreign key (template)
	    references mail_template,
	constraint mail_text_changed_by_fkey foreign key (changed_by)
	    references staff on delete set null,
	constraint mail_text_language_value
	    check (language in ('en', 'fr', 'pt')),
	constraint mail_text_subject_form
	    check (length(subject) between 1 and 200 and one_line(subject)),
	constraint mail_text_text_form
	    check (length(text) between 1 and 10000 and many_lines(text))
);
create index mail_text_changed_by_idx on mail_text (changed_by);
select secure('mail_text');

-- The outbox in staff's hands.  `words` is a mail's own text, tried before
-- it counts: {language, subject?, text?}.
alter table outbox
    add column words	jsonb,
    add column again	integer not null default 0,
    add column moved_at	timestamptz,
    add column moved_by	uuid,
    add constraint outbox_moved_by_fkey foreign key (moved_by)
	references staff on delete set null,
    add constraint outbox_again_range check (again >= 0),
    drop constraint outbox_state_value,
    add constraint outbox_state_value
	check (state in ('waiting', 'sent', 'dead', 'cancelled'));
create index outbox_created_at_idx on outbox (created_at desc, id desc);
create index outbox_state_idx on outbox (state, created_at desc, id desc);
create index outbox_moved_by_idx on outbox (moved_by)
    where moved_by is not null;
