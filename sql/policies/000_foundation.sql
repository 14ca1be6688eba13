-- SPDX-License-Identifier: ISC
-- What every program may call; EXECUTE is nobody's by default.
grant execute on function current_customer(), current_staff(),
    current_guest(), permitted(text), demand(text), identify(text, uuid, uuid, text, text,
    text, text), verifying_keys(), settings(), setting_of(text),
    cursor_of(json), cursor_key(text, integer),
    page_of(json[], json[], integer), wire_time(timestamptz),
    money(bigint, text), check_version(integer, integer),
    version_meant(integer, integer),
    raise_fault(text, text, text), csv_runs(text), csv_cell(text),
    csv_read(text),
    keep_begin(text, text, text, text), keep_end(text, text, integer, text)
    to duka_worker;
-- Only who has something to say writes mail; triggers need no EXECUTE.
revoke execute on function send_mail(text, text, jsonb, uuid), audit_row()
    from duka_worker;
grant execute on function send_mail(text, text, jsonb, uuid) to duka_auth;
