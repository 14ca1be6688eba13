-- SPDX-License-Identifier: ISC
-- The courier's statements.

-- name: courier_wishes
select tell_wishes() as count;

-- name: courier_reminders
select remind_tasks() as count;

-- name: courier_prices
select prices_step() as count;

-- name: courier_prices_due_in
select prices_due_in() as milliseconds;

-- name: courier_claim
select id, template, recipient, data, tries, attachment_name,
    attachment_type, attachment, octet_length(attachment) as length,
    sender, shop, words
from claim_mail(:origin, :seconds);

-- name: courier_sent
select mail_sent(:id);

-- name: courier_failed
select mail_failed(:id, :tries, :error, :for_good) as state;

-- name: courier_due_in
select mail_due_in() as milliseconds;

-- name: courier_queue
select id, state, template, recipient, tries, due_at, last_error
from mail_queue(:most);

-- name: courier_counts
select waiting, dead from mail_counts();

-- name: courier_retry
select retry_mail(:id) as count;

-- name: courier_wake
select pg_notify('outbox', '');

-- name: store_claim
select digest, array_to_string(widths, ' ') as widths, widths as widths_known,
    leaving, again, tries
from claim_picture_file(:seconds, :now);

-- name: store_stored
select picture_file_stored(:digest, :widths);

-- name: store_gone
select picture_file_gone(:digest);

-- name: store_failed
select picture_file_failed(:digest, :error, :away);

-- name: store_due_in
select picture_store_due_in() as milliseconds;

-- name: store_counts
select here, stored, leaving, last_error from picture_store_counts();
