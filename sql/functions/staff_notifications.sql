-- SPDX-License-Identifier: ISC
-- What members of staff are told, of whatever kind: a row in their list.
-- notify_staff() is for functions with the owner's rights.

-- Tells a member of staff who works here; null if nobody was told.
create or replace function notify_staff(p_staff uuid, p_kind text,
    p_data jsonb) returns uuid
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	made uuid;
begin
	insert into staff_notification (staff_id, kind, data)
	select s.id, p_kind, p_data from staff s
	where s.id = p_staff and s.state = 'active'
	returning id into made;
	return made;
end
$$;

-- Takes away what was told of things that are no more: those whose data
-- names one of them by `p_key`.
create or replace function forget_staff_notices(p_key text, p_ids uuid[])
returns void
language sql security definer set search_path = duka, pg_temp as $$
	delete from staff_notification n
	where n.data ->> p_key = any (p_ids::text[])
$$;
