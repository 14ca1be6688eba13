-- SPDX-License-Identifier: ISC
-- settings: what the shop is set to, and the outbox; tables are changed by
-- functions alone, which ask who may.
grant execute on function settings_after(bigint) to duka_worker;
grant execute on function shop_open(timestamptz), shop_turns(timestamptz)
    to duka_worker;

grant execute on function setting_json(setting),
    setting_put(text, text, integer, text), settings_put(jsonb),
    check_said(boolean, text), hours_json(), hours_put(integer, jsonb, jsonb), shop_json(),
    tax_zone_json(tax_zone), tax_zone_create(text, text, jsonb, jsonb),
    tax_zone_change(uuid, integer, text, jsonb, jsonb),
    tax_zone_drop(uuid, integer),
    shipping_method_json(shipping_method), shipping_method_create(jsonb),
    shipping_method_change(uuid, integer, jsonb),
    shipping_method_drop(uuid, integer),
    shipping_preview(text, text, bigint, bigint, text),
    mail_template_json(mail_template), mail_sample(mail_template, text),
    mail_text_put(text, text, integer, text, text),
    mail_text_reset(text, text, integer),
    mail_text_try(text, jsonb, text), mail_words(text, uuid, jsonb),
    outbox_json(outbox), outbox_state(outbox), outbox_words(uuid, text),
    outbox_again(jsonb, text), outbox_cancel(jsonb), outbox_again_all(text),
    outbox_figures()
    to duka_settings;

grant select on setting, tax_zone, shipping_method, mail_template, mail_text,
    outbox to duka_settings;

drop policy if exists settings_reads on setting;
create policy settings_reads on setting for select to duka_settings
    using ((select permitted('settings.read')));
drop policy if exists settings_reads on tax_zone;
create policy settings_reads on tax_zone for select to duka_settings
    using ((select permitted('settings.read')));
drop policy if exists settings_reads on shipping_method;
create policy settings_reads on shipping_method for select to duka_settings
    using ((select permitted('settings.read')));
drop policy if exists settings_reads on mail_template;
create policy settings_reads on mail_template for select to duka_settings
    using ((select permitted('settings.read')));
drop policy if exists settings_reads on mail_text;
create policy settings_reads on mail_text for select to duka_settings
    using ((select permitted('settings.read')));
