-- SPDX-License-Identifier: ISC
-- courier: the outbox, and what is known of pictures' files, by functions; no
-- table at all.
grant execute on function claim_mail(text, integer), mail_sent(uuid),
    mail_failed(uuid, integer, text, boolean), mail_due_in(),
    mail_queue(integer), mail_counts(), retry_mail(uuid),
    claim_picture_file(integer, boolean),
    picture_file_stored(text, integer[]), picture_file_gone(text),
    picture_file_failed(text, text, boolean), picture_store_due_in(),
    picture_store_counts()
    to duka_courier;

-- Staff who may see the outbox see what waits and why, not what it says.
drop policy if exists staff_read on outbox;
create policy staff_read on outbox for select
    using ((select permitted('outbox.read')));
