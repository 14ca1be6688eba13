-- SPDX-License-Identifier: ISC

-- name: settings_list
select json_build_object('items', coalesce(json_agg(setting_json(s)
    order by s.group_name, s.position, s.key), '[]'), 'next', null) as body
from setting s
where (:group::text is null or s.group_name = :group)
and (:q::text is null or strpos(lower(s.key), lower(:q)) > 0
    or strpos(lower(s.about), lower(:q)) > 0)
and s.kind <> 'hours';

-- name: settings_change
select settings_put(:settings) as body;

-- name: settings_view
select setting_json(s) as body, s.version from setting s where s.key = :key;

-- name: settings_set
select setting_json(s) as body, s.version
from check_said(:has_value, 'value'),
    setting_put(:key, :value, :if_match, 'value') s;

-- name: settings_shop
select shop_json() as body;

-- name: settings_hours
select h.body, (h.body ->> 'version')::integer as version
from hours_json() h (body);

-- name: settings_put_hours
select h.body, (h.body ->> 'version')::integer as version
from hours_put(:if_match, :week, :exceptions) h (body);

-- name: settings_zones
select json_build_object('items', coalesce(json_agg(tax_zone_json(z)
    order by z.name, z.code), '[]'), 'next', null) as body
from tax_zone z;

-- name: settings_zone_view
select tax_zone_json(z) as body, z.version from tax_zone z where z.id = :id;

-- name: settings_zone_create
select body, version, '/api/settings/zones/' || (body ->> 'id') as location
from tax_zone_create(:code, :name, :areas, :rates);

-- name: settings_zone_alter
select body, version
from tax_zone_change(:id, :if_match, :name, :areas, :rates);

-- name: settings_zone_remove
select tax_zone_drop(:id, :if_match);

-- name: settings_methods
select json_build_object('items', coalesce(json_agg(shipping_method_json(m)
    order by m.active desc, m.position, m.code), '[]'), 'next', null) as body
from shipping_method m;

-- name: settings_method_view
select shipping_method_json(m) as body, m.version
from shipping_method m where m.id = :id;

-- name: settings_method_create
select body, version, '/api/settings/shipping/' || (body ->> 'id') as location
from shipping_method_create(:input);

-- name: settings_method_alter
select body, version from shipping_method_change(:id, :if_match, :input);

-- name: settings_method_remove
select shipping_method_drop(:id, :if_match);

-- name: settings_parcel_facts
select facts, zone from shipping_preview(:country, :postcode, :weight,
    :total, :tax_class);

-- name: settings_mails
select json_build_object('items', coalesce(json_agg(mail_template_json(m)
    order by m.position, m.name), '[]'), 'next', null) as body
from mail_template m;

-- name: settings_mail_view
select (mail_template_json(m)::jsonb || jsonb_build_object(
    'language', :language::text, 'subject', t.subject, 'text', t.text,
    'version', coalesce(t.version, 0),
    'shipped', jsonb_build_object('language', :shipped_language::text,
	'subject', :shipped_subject::text, 'text', :shipped_text::text)))
    ::json as body, coalesce(t.version, 0) as version
from mail_template m
left join mail_text t on t.template = m.name and t.language = :language
where m.name = :template;

-- What a preview in a language is made with: that language's own words, its
-- shipped ones, English.
-- name: settings_mail_facts
select mail_sample(m, :origin) as sample, (
    select json_agg(json_strip_nulls(json_build_object('language', l.l,
	'subject', t.subject, 'text', t.text)) order by l.n)
    from (values (:language::text, 1), ('en', 2)) l (l, n)
    left join mail_text t on t.template = m.name and t.language = l.l)
    as words
from mail_template m where m.name = :template;

-- name: settings_mail_put
select mail_text_put(:template, :language, :if_match, :subject, :text);

-- name: settings_mail_reset
select mail_text_reset(:template, :language, :if_match);

-- name: settings_mail_try
select mail_text_try(:template, :words, :origin) as body;

-- name: outbox_list
with page as (
	select outbox_json(o) as item, o.created_at, o.id
	from outbox o
	where (:state::text is null or o.state = :state)
	and (:q::text is null
	    or strpos(lower(o.recipient), lower(:q)) > 0)
	and (:template::text is null or o.template = :template)
	and (:customer_id::uuid is null or o.customer_id = :customer_id)
	and (:from::timestamptz is null or o.created_at >= :from)
	and (:to::timestamptz is null or o.created_at < :to)
	and (:cursor::text is null or (o.created_at, o.id) <
	    ((cursor_key(:cursor, 2) ->> 0)::timestamptz,
	    (cursor_key(:cursor, 2) ->> 1)::uuid))
	order by o.created_at desc, o.id desc limit :limit + 1
)
select page_of(array_agg(item order by created_at desc, id desc),
    array_agg(json_build_array(created_at, id)
    order by created_at desc, id desc), :limit) as body
from page;

-- name: outbox_counts
select outbox_figures() as body;

-- name: outbox_view
select body, template, data, words from outbox_words(:id, :origin);

-- name: outbox_resend
select outbox_again(:ids, :template) as body;

-- name: outbox_resend_all
select outbox_again_all(:template) as body;

-- name: outbox_stop
select outbox_cancel(:ids) as body;
