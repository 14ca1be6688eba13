-- SPDX-License-Identifier: ISC
-- A customer's new mail address counts when its own mailbox has said so.
alter table customer_token add column email text;
alter table customer_token drop constraint customer_token_purpose_value;
alter table customer_token add constraint customer_token_purpose_value
    check (purpose in ('verify_email', 'reset_password', 'change_email'));
alter table customer_token add constraint customer_token_email_purpose
    check ((email is not null) = (purpose = 'change_email'));
alter table mail_request drop constraint mail_request_purpose_value;
alter table mail_request add constraint mail_request_purpose_value
    check (purpose in ('register', 'verify_email', 'reset_password',
	'change_email'));
