-- SPDX-License-Identifier: ISC
-- What every program may call; EXECUTE is nobody's by default.
grant execute on function current_customer(), current_staff(),
    current_guest(), permitted(text), identify(text, uuid, uuid, text, text,
    text, text), verifying_keys(), settings(), setting_of(text),
    cursor_of(json), cursor_key(text, integer),
    page_of(json[], json[], integer), wire_time(timestamptz),
    money(bigint, text), check_version(integer, integer),
    send_mail(text, text, jsonb, uuid), keep_begin(text, text, text, text),
    keep_end(text, text, integer, text), audit_row()
    to duka_worker;
