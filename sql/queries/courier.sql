-- SPDX-License-Identifier: ISC
-- The courier's statements.

-- name: courier_wishes
select tell_wishes() as count;

-- name: courier_claim
select id, template, recipient, data, tries, attachment_name,
    attachment_type, attachment, octet_length(attachment) as length,
    sender, shop
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
