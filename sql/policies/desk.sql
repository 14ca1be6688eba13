-- SPDX-License-Identifier: ISC
-- desk: customers for staff who may see them.  What reads many rows or changes
-- any is a function that asks for its permission itself.
grant execute on function desk_customers(jsonb, text, integer),
    desk_customer_json(customer), desk_create(jsonb),
    desk_change(uuid, jsonb, integer), desk_put_state(uuid, text, integer),
    desk_erase(uuid, integer), note_json(customer_note), staff_ref(uuid),
    put_note(uuid, text, boolean, uuid[]),
    change_note(uuid, text, boolean, uuid[], integer), remove_note(uuid),
    colleagues(), staff_notification_json(staff_notification),
    read_staff_notices(jsonb, boolean), view_json(saved_view),
    put_view(jsonb), change_view(uuid, jsonb, integer)
    to duka_desk;

grant select on customer, customer_note to duka_desk;
grant select, update (read_at) on staff_notification to duka_desk;
grant select, delete, insert (staff_id, list, name, shared, filters, columns,
    sort), update (name, shared, filters, columns, sort, version, updated_at)
    on saved_view to duka_desk;

drop policy if exists desk_sees on customer;
create policy desk_sees on customer for select to duka_desk
    using ((select permitted('customers.read')));
drop policy if exists staff on customer_note;
create policy staff on customer_note for select to duka_desk
    using ((select permitted('customers.read')));
drop policy if exists own on staff_notification;
create policy own on staff_notification to duka_desk
    using (staff_id = (select current_staff()));
drop policy if exists own on saved_view;
create policy own on saved_view to duka_desk
    using (staff_id = (select current_staff()));
drop policy if exists shared on saved_view;
create policy shared on saved_view for select to duka_desk
    using (shared and (select current_staff()) is not null);

grant execute on function desk_bulk_do(text, text, uuid[]), desk_bulk_undo(uuid),
    doubles_page(uuid, text, integer), doubles_refuse(uuid, uuid),
    merge_preview(uuid, uuid),
    merge_customers(uuid, uuid, text[], integer),
    timeline(uuid, text[], text, text, timestamptz, integer),
    desk_export_begin(jsonb), customer_import_begin(),
    customer_import_run(text), csv_in(text), shown_email(text),
    addressless(text), customer_fits(customer_figures, jsonb),
    words_fit(text, jsonb), segment_texts(jsonb), consent_bit(text, text),
    consents_of(integer), in_segment(uuid, uuid)
    to duka_desk;
-- Its rows follow their customer; see merging().
grant execute on function merging(uuid, uuid) to duka_worker;

-- What the file is made of and goes into.
grant select on customer_figures, customer_words, customer_export
    to duka_desk;
grant insert on customer_import, customer_import_csv to duka_desk;
drop policy if exists desk_sees on customer_figures;
create policy desk_sees on customer_figures for select to duka_desk
    using ((select permitted('customers.read')));
drop policy if exists desk_sees on customer_words;
create policy desk_sees on customer_words for select to duka_desk
    using ((select permitted('customers.read')));
drop policy if exists line on customer_import;
create policy line on customer_import for insert to duka_desk
    with check ((select permitted('customers.write')));
