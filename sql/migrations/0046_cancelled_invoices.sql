-- SPDX-License-Identifier: ISC
-- An invoiced order that is cancelled has a credit note of its own, which is
-- of no refund: one at most.
alter table invoice
    drop constraint invoice_refund_when,
    add constraint invoice_refund_when
	check (kind = 'credit' or refund_id is null);
create unique index invoice_cancelled_key on invoice (order_id)
    where kind = 'credit' and refund_id is null;
