-- SPDX-License-Identifier: ISC
-- Segments at the desk: seen by who may see customers, changed by functions
-- that look who asks.  segment_member has no grants: functions read it.
grant execute on function segment_json(segment), segment_facts(),
    segment_counted(jsonb, boolean), segment_preview(jsonb, integer),
    segment_put(uuid, integer, jsonb), segment_remove(uuid, integer),
    segment_refresh(uuid), segment_page(uuid, text, integer),
    segment_list(text, text, text, integer), segment_ids(uuid),
    segment_holds(uuid, uuid), plain(text)
    to duka_desk;
grant execute on function refresh_segments() to duka_admin;
grant select on segment to duka_desk;

drop policy if exists staff on segment;
create policy staff on segment for select to duka_desk
    using ((select permitted('customers.read')));
