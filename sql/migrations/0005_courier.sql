-- SPDX-License-Identifier: ISC
-- The courier: what it may be told.
insert into setting (key, value, about) values
('courier.tries', '12',
    'How often a mail is tried before it is parked, 12 is about 15 hours'),
('courier.pause', '30',
    'Seconds before the second try; each further pause is twice as long');
