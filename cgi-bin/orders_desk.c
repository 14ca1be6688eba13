/* SPDX-License-Identifier: ISC */
/* The order desk: what staff look for, parcels on their way, and orders that
 * are changed before they are packed. */

#include "orders.h"
#include "orders.sql.h"

#define TOTAL_MOST	1000000000000

const struct crm_field orders_filter[] = {
	{ "state", CRM_ENUM, .values = ORDERS_STATES },
	{ "payment_state", CRM_ENUM, .values = ORDERS_PAYMENT_STATES },
	{ "payment_method", CRM_TEXT, .max = 31, .example = "bank_transfer" },
	{ "short_of_stock", CRM_BOOL, .about = "Paid, but not all is there" },
	{ "unshipped", CRM_BOOL, .about = "Confirmed, and not all has left" },
	{ "owed", CRM_BOOL, .about = "Cancelled with the money still here" },
	{ "due", CRM_BOOL, .about = "Changed, and a part is still to pay" },
	{ "returns", CRM_ENUM, .values = "any open none" },
	{ "from", CRM_TIME, .about = "Placed then or later" },
	{ "to", CRM_TIME, .about = "Placed before" },
	{ "customer_id", CRM_UUID, .about = "Those of one customer" },
	{ "shipping_method_id", CRM_UUID },
	{ "total_min", CRM_INTEGER, .max = TOTAL_MOST,
	    .about = "Minor units" },
	{ "total_max", CRM_INTEGER, .max = TOTAL_MOST,
	    .about = "Minor units" },
	{ "q", CRM_TEXT, .min = 1, .max = 254, .example = "D-100234",
	    .about = "The beginning of a number or a mail address, or words "
		"of a name" },
	{ "sort", CRM_ENUM, .values = "newest oldest dearest cheapest",
	    .standard = "newest" },
	ORDERS_PAGE,
	CRM_END
};

const struct crm_field orders_parcel[] = {
	{ "carrier", CRM_TEXT, .max = 100, .example = "An Post" },
	{ "tracking_number", CRM_TEXT, .max = 100 },
	{ "note", CRM_TEXT, .max = 1000 },
	CRM_END
};

const struct crm_field orders_word[] = {
	{ "note", CRM_TEXT, .max = 1000 },
	CRM_END
};

static const struct crm_field changed[] = {
	{ "line_id", CRM_UUID, .about = "A line of the order, or" },
	{ "variant_id", CRM_UUID, .about = "what is added to it" },
	{ "quantity", CRM_INTEGER, .min = 0, .max = 999, .required = true,
	    .about = "From now on; 0 takes the line away" },
	CRM_END
};

const struct crm_field orders_change[] = {
	{ "lines", CRM_LIST, .of = CRM_OBJECT, .fields = changed,
	    .max = 100, .about = "Those that change",
	    .example = "[{\"line_id\":\"9b2f6a34-1c1e-4b54-9c07-5f9b6f0e8d08\","
		"\"quantity\":1}]" },
	{ "shipping_address", CRM_OBJECT, .fields = orders_address },
	{ "billing_address", CRM_OBJECT, .fields = orders_address },
	{ "shipping_method_id", CRM_UUID },
	{ "refund", CRM_ENUM, .values = "done pending",
	    .about = "How goes back what a paid order becomes cheaper by; "
		"pending unless told" },
	{ "expected_total", CRM_MONEY,
	    .about = "What the preview said; another total is refused" },
	{ "note", CRM_TEXT, .max = 1000, .about = "The customer reads it" },
	CRM_END
};

static const struct crm_field opened[] = {
	{ "line_id", CRM_UUID, .required = true },
	{ "quantity", CRM_INTEGER, .min = 1, .max = 999, .required = true },
	{ "reason", CRM_TEXT, .max = 200, .example = "Too small" },
	CRM_END
};

const struct crm_field orders_opened_return[] = {
	{ "lines", CRM_LIST, .of = CRM_OBJECT, .fields = opened, .min = 1,
	    .max = 100, .required = true },
	{ "note", CRM_TEXT, .max = 1000 },
	{ "approve", CRM_BOOL, .standard = "false",
	    .about = "Let it come at once" },
	CRM_END
};

enum crm_problem
orders_change_shipment(struct crm_request *r)
{
	return orders_answer(r, &orders_shipment_change);
}

enum crm_problem
orders_deliver_shipment(struct crm_request *r)
{
	return orders_answer(r, &orders_shipment_delivered);
}

enum crm_problem
orders_take_due(struct crm_request *r)
{
	return orders_answer(r, &orders_due_paid);
}

enum crm_problem
orders_open_return(struct crm_request *r)
{
	return orders_answer(r, &orders_return_open);
}

/* Facts of the changed order, and what it then costs; the order stays
 * locked. */
static enum crm_problem
compute(struct crm_request *r)
{
	const struct crm_json *quote = NULL;
	struct crm_result *rows;
	enum crm_problem problem = crm_query_one(r, &orders_edit_facts,
	    &rows);

	if (problem != CRM_OK)
		return problem;
	crm_set(r, "facts", crm_column(rows, 0, "facts"));
	return orders_price(r, crm_column(rows, 0, "facts"), &quote);
}

enum crm_problem
orders_do_change(struct crm_request *r)
{
	enum crm_problem problem = compute(r);

	return problem != CRM_OK ? problem : orders_answer(r, &orders_edit);
}

enum crm_problem
orders_preview_change(struct crm_request *r)
{
	enum crm_problem problem = compute(r);

	return problem != CRM_OK ? problem :
	    crm_answer_one(r, &orders_edit_preview);
}
