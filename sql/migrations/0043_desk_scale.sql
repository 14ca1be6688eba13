-- SPDX-License-Identifier: ISC
-- What the staff's desk needs with a million customers.

-- It takes more now.
drop function if exists segment_counted(jsonb);
