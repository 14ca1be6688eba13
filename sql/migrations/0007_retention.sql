-- SPDX-License-Identifier: ISC
-- What is kept and for how long; guesses at one account from many addresses.

insert into setting (key, value, about) values
('limit.login_guesses', '60/hour',
    'Logins to one account from all addresses it isn''t used from'),
('keep.mail_days', '90', 'Days for which it is kept that a mail was sent'),
('keep.search_days', '365', 'Days for which searches are kept'),
('keep.guest_cart_days', '30', 'Days for which a guest''s cart is kept');

create index outbox_sent_idx on outbox (sent_at) where state = 'sent';
create index cart_guest_idle_idx on cart (updated_at)
    where customer_id is null and state <> 'ordered';
