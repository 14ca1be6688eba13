/* SPDX-License-Identifier: ISC */
/* Orders as their own see them, guests by the key from their mails among
 * them; refunds and returns. */

#include <string.h>

#include "orders.h"
#include "orders.sql.h"

static const struct crm_field returned[] = {
	{ "line_id", CRM_UUID, .required = true },
	{ "quantity", CRM_INTEGER, .min = 1, .max = 999, .required = true },
	{ "reason", CRM_TEXT, .max = 200, .example = "Too small" },
	CRM_END
};

const struct crm_field orders_return_input[] = {
	{ "lines", CRM_LIST, .of = CRM_OBJECT, .fields = returned, .min = 1,
	    .max = 100, .required = true },
	{ "note", CRM_TEXT, .max = 1000 },
	CRM_END
};

static const struct crm_field refunded[] = {
	{ "line_id", CRM_UUID, .required = true },
	{ "quantity", CRM_INTEGER, .min = 1, .max = 999, .required = true },
	{ "restock", CRM_BOOL, .required = true,
	    .about = "Whether they are back, and whole: on the shelf again" },
	CRM_END
};

const struct crm_field orders_refund_input[] = {
	{ "lines", CRM_LIST, .of = CRM_OBJECT, .fields = refunded,
	    .max = 100 },
	{ "shipping", CRM_BOOL, .standard = "false",
	    .about = "The shipping's price as well" },
	{ "reason", CRM_TEXT, .max = 1000, .about = "The customer reads it" },
	{ "pending", CRM_BOOL, .standard = "false",
	    .about = "The money is still to go out; see outcome" },
	CRM_END
};

const struct crm_field orders_outcome_input[] = {
	{ "to", CRM_ENUM, .values = "done failed", .required = true },
	{ "note", CRM_TEXT, .max = 1000 },
	CRM_END
};

const struct crm_field orders_return_filter[] = {
	{ "state", CRM_ENUM, .values = "requested approved refused received" },
	{ "order_id", CRM_UUID, .about = "Those of one order" },
	ORDERS_PAGE,
	CRM_END
};

const struct crm_field orders_decision_input[] = {
	{ "decision", CRM_ENUM, .values = "approve refuse",
	    .required = true },
	{ "note", CRM_TEXT, .max = 1000,
	    .about = "The customer reads it; needed to refuse" },
	CRM_END
};

static const struct crm_field received[] = {
	{ "line_id", CRM_UUID, .required = true },
	{ "whole", CRM_INTEGER, .min = 0, .max = 999, .required = true },
	{ "damaged", CRM_INTEGER, .min = 0, .max = 999, .required = true },
	CRM_END
};

const struct crm_field orders_receipt_input[] = {
	{ "lines", CRM_LIST, .of = CRM_OBJECT, .fields = received, .min = 1,
	    .max = 100, .required = true,
	    .about = "What isn't named didn't come" },
	{ "shipping", CRM_BOOL, .standard = "false",
	    .about = "Refund the shipping's price as well" },
	{ "note", CRM_TEXT, .max = 1000, .about = "The customer reads it" },
	CRM_END
};

/* The key goes to the database as it is, which keeps digests only. */
static void
take_key(struct crm_request *r)
{
	crm_set(r, "order_key", crm_header(r, "Duka-Order-Key"));
}

static enum crm_problem
show(struct crm_request *r, const struct crm_statement *statement)
{
	take_key(r);
	return crm_answer_one(r, statement);
}

enum crm_problem
orders_show(struct crm_request *r)
{
	return show(r, &orders_view);
}

enum crm_problem
orders_show_events(struct crm_request *r)
{
	return show(r, &orders_events);
}

enum crm_problem
orders_show_returns(struct crm_request *r)
{
	return show(r, &orders_returns);
}

enum crm_problem
orders_do_cancel(struct crm_request *r)
{
	take_key(r);
	return orders_answer(r, &orders_cancel);
}

enum crm_problem
orders_ask_return(struct crm_request *r)
{
	take_key(r);
	return orders_answer(r, &orders_return);
}

enum crm_problem
orders_do_refund(struct crm_request *r)
{
	return orders_answer(r, &orders_refund);
}

enum crm_problem
orders_settle_refund(struct crm_request *r)
{
	return orders_answer(r, &orders_refund_settle);
}

enum crm_problem
orders_decide_return(struct crm_request *r)
{
	if (strcmp(crm_input(r, "decision"), "refuse") == 0 &&
	    crm_input(r, "note") == NULL)
		return crm_fault(r, "note", "required", "is required");
	return orders_answer(r, &orders_return_decide);
}

enum crm_problem
orders_receive_return(struct crm_request *r)
{
	return orders_answer(r, &orders_return_receive);
}
