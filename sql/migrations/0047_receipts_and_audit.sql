-- SPDX-License-Identifier: ISC

-- A delivery note is its supplier's: where none is named, two of one
-- reference may be two.
drop index stock_receipt_reference_key;
create unique index stock_receipt_reference_key on stock_receipt
    (supplier_id, lower(reference))
    where reference <> '' and state <> 'cancelled'
    and supplier_id is not null;

-- What the machine's administrator changes by duka-admin(8) is done by no
-- member of staff.
alter table audit_log
    alter column staff_id drop not null,
    add column program text,
    add constraint audit_log_program_value check (program in ('duka-admin')),
    add constraint audit_log_who
	check (num_nonnulls(staff_id, program) = 1);
