-- SPDX-License-Identifier: ISC
-- courier: the outbox by its functions; no table at all.
grant execute on function claim_mail(text, integer), mail_sent(uuid),
    mail_failed(uuid, integer, text, boolean), mail_due_in(),
    mail_queue(integer), mail_counts(), retry_mail(uuid)
    to duka_courier;

-- Staff who may see the outbox see what waits and why, not what it says.
drop policy if exists staff_read on outbox;
create policy staff_read on outbox for select
    using ((select permitted('outbox.read')));
