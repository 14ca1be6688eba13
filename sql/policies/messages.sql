-- SPDX-License-Identifier: ISC
-- messages: customers see their own conversations, staff who may all; what
-- adds to one is a function.  A guest, having written, sees nothing.
grant execute on function message_contact(text, text, text, text, text),
    message_answer(uuid, text), message_reply(uuid, integer, text, boolean),
    conversation_move(uuid, integer, text), message_json(message, boolean),
    conversation_json(conversation), conversation_staff_json(conversation),
    conversation_email(conversation), conversation_order(conversation),
    conversation_messages(uuid, boolean),
    conversation_answer(conversation, boolean) to duka_messages;

grant select on conversation, message to duka_messages;

drop policy if exists own on conversation;
create policy own on conversation for select to duka_messages
    using (customer_id = (select current_customer()));
drop policy if exists staff on conversation;
create policy staff on conversation for select to duka_messages
    using ((select permitted('messages.read')));
drop policy if exists visible on message;
create policy visible on message for select to duka_messages
    using (exists (select from conversation c where c.id = conversation_id));
