/* SPDX-License-Identifier: ISC */
/* What the parts of orders share. */
#ifndef ORDERS_H
#define ORDERS_H

#include <crm/crm.h>

#define ORDERS_PAGE							\
	{ "cursor", CRM_CURSOR, .about = "What the last page said as next" }, \
	{ "limit", CRM_INTEGER, .min = 1, .max = 100, .standard = "20",	\
	    .about = "Entries a page" }

/* Answers with a statement's row, and wakes the courier after the commit. */
enum crm_problem orders_answer(struct crm_request *,
    const struct crm_statement *);

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
