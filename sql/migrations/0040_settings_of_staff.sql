-- SPDX-License-Identifier: ISC
-- What the settings of staff and of the desk may be.
update setting s
set group_name = d.group_name, position = d.position, kind = 'integer',
    lowest = d.lowest, highest = d.highest, standard = d.standard
from (values ('staff.idle_minutes', 'staff', 1, 5, 1440, '60'),
    ('staff.session_hours', 'staff', 2, 1, 168, '12'),
    ('desk.undo_minutes', 'desk', 1, 1, 10080, '15'),
    ('desk.count_most', 'desk', 2, 0, 1000000, '10000')
    ) d (key, group_name, position, lowest, highest, standard)
where s.key = d.key;
update setting s set standard = d.standard
from (values ('limit.login_code', '20/hour'),
    ('limit.staff_export', '20/hour')) d (key, standard)
where s.key = d.key;
