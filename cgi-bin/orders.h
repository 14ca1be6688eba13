/* SPDX-License-Identifier: ISC */
/* What the parts of orders share. */
#ifndef ORDERS_H
#define ORDERS_H

#include <crm/crm.h>

#define ORDERS_PAGE							\
	{ "cursor", CRM_CURSOR, .about = "What the last page said as next" }, \
	{ "limit", CRM_INTEGER, .min = 1, .max = 100, .standard = "20",	\
	    .about = "Entries a page" }

#define ORDERS_STATES \
	"pending confirmed processing shipped delivered cancelled"
#define ORDERS_PAYMENT_STATES \
	"unpaid authorised paid partly_refunded refunded failed"

extern const struct crm_field orders_address[];

/* Computes what the facts cost: sets :quote for the database, and its JSON.
 * An order must have a way of shipping. */
enum crm_problem orders_price(struct crm_request *, const char *facts,
    const struct crm_json **quote);

/* Answers with a statement's row, and wakes the courier after the commit. */
enum crm_problem orders_answer(struct crm_request *,
    const struct crm_statement *);

/* orders_desk.c: what staff look for, parcels on their way, and orders that
 * are changed before they are packed. */
crm_handler orders_change_shipment, orders_deliver_shipment;
crm_handler orders_take_due, orders_do_change, orders_preview_change;
crm_handler orders_open_return;

extern const struct crm_field orders_filter[], orders_parcel[];
extern const struct crm_field orders_word[], orders_change[];
extern const struct crm_field orders_opened_return[];

/* orders_papers.c: packing slips, invoices and credit notes as PDF. */
crm_handler orders_print_slip, orders_print_slips, orders_print_invoice;
crm_handler orders_print_credit, orders_own_invoice, orders_own_credit;
crm_handler orders_print_reversal, orders_own_reversal;

extern const struct crm_field orders_slip[], orders_slips_of[];

/* orders_claims.c: orders as a guest's key opens them too, and what goes
 * back: money and goods. */
crm_handler orders_show, orders_show_events, orders_show_returns;
crm_handler orders_do_cancel, orders_ask_return;
crm_handler orders_do_refund, orders_settle_refund;
crm_handler orders_decide_return, orders_receive_return;

extern const struct crm_field orders_return_input[], orders_refund_input[];
extern const struct crm_field orders_outcome_input[];
extern const struct crm_field orders_return_filter[];
extern const struct crm_field orders_decision_input[];
extern const struct crm_field orders_receipt_input[];

#endif
