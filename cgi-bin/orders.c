/* SPDX-License-Identifier: ISC */
/* orders: from a cart to goods at the door, and everything between. */

#include <string.h>

#include <crm/crm.h>
#include "orders.h"
#include "orders.sql.h"
#include "orders_pay.h"

const struct crm_field orders_address[] = {
	{ "name", CRM_TEXT, .min = 1, .max = 200, .required = true,
	    .example = "Ada Obi" },
	{ "company", CRM_TEXT, .max = 200 },
	{ "line1", CRM_TEXT, .min = 1, .max = 200, .required = true,
	    .example = "12 Moore Street" },
	{ "line2", CRM_TEXT, .max = 200 },
	{ "city", CRM_TEXT, .min = 1, .max = 100, .required = true,
	    .example = "Dublin" },
	{ "region", CRM_TEXT, .max = 100 },
	{ "postcode", CRM_TEXT, .max = 12, .example = "D01 T0X4" },
	{ "country", CRM_TEXT, .min = 2, .max = 2, .required = true,
	    .example = "IE", .about = "ISO 3166 code" },
	{ "phone", CRM_PHONE, .example = "+35315550100" },
	CRM_END
};

static const struct crm_field checkout[] = {
	{ "email", CRM_EMAIL, .about = "Of a guest; customers have their own",
	    .example = "ada@example.org" },
	{ "address_id", CRM_UUID, .about = "One of the customer's book" },
	{ "shipping_address", CRM_OBJECT, .fields = orders_address,
	    .about = "Instead of address_id" },
	{ "billing_address_id", CRM_UUID,
	    .about = "One of the customer's book" },
	{ "billing_address", CRM_OBJECT, .fields = orders_address,
	    .about = "Unless it is the shipping address" },
	{ "shipping_method_id", CRM_UUID,
	    .about = "Unless the cart has one" },
	{ "payment_method", CRM_ENUM, .values = ORDERS_PAY_METHODS,
	    .required = true },
	{ "note", CRM_TEXT, .max = 1000 },
	{ "expected_total", CRM_MONEY,
	    .about = "What the client saw; another total is refused" },
	CRM_END
};

static const struct crm_field purchase[] = {
	{ "product_id", CRM_UUID, .required = true,
	    .about = "A product, or one of its variants" },
	{ "quantity", CRM_INTEGER, .min = 1, .max = 999, .standard = "1" },
	CRM_END
};

static const struct crm_field history[] = {
	{ "state", CRM_ENUM, .values = ORDERS_STATES },
	ORDERS_PAGE,
	CRM_END
};

static const struct crm_field reason[] = {
	{ "note", CRM_TEXT, .max = 1000, .about = "Why" },
	CRM_END
};

#define PARCEL								\
	{ "note", CRM_TEXT, .max = 1000 },				\
	{ "carrier", CRM_TEXT, .max = 100, .example = "An Post" },	\
	{ "tracking_number", CRM_TEXT, .max = 100 }

static const struct crm_field transition[] = {
	{ "to", CRM_ENUM,
	    .values = ORDERS_STATES " " ORDERS_PAYMENT_STATES,
	    .required = true, .example = "confirmed" },
	{ "refund", CRM_ENUM, .values = "done pending none",
	    .about = "To cancel what was paid: what becomes of the money" },
	PARCEL,
	CRM_END
};

static const struct crm_field part[] = {
	{ "line_id", CRM_UUID, .required = true },
	{ "quantity", CRM_INTEGER, .min = 1, .max = 999, .required = true },
	CRM_END
};

static const struct crm_field shipment[] = {
	{ "lines", CRM_LIST, .of = CRM_OBJECT, .fields = part, .min = 1,
	    .max = 100, .about = "All that is left, unless told" },
	PARCEL,
	CRM_END
};

static const struct crm_field note[] = {
	{ "note", CRM_TEXT, .min = 1, .max = 1000, .required = true },
	{ "public", CRM_BOOL, .standard = "false",
	    .about = "Whether the customer sees it" },
	CRM_END
};

enum crm_problem
orders_price(struct crm_request *r, const char *facts,
    const struct crm_json **quote)
{
	const struct crm_json *json;
	struct crm_text text;
	const char *why = "";

	json = crm_json_parse(crm_arena(r), facts, strlen(facts), NULL);
	crm_text_init(&text, crm_arena(r));
	if (!crm_quote(crm_arena(r), json, &text, &why))
		return crm_problem_detail(r, CRM_INVALID, "%s", why);
	*quote = crm_json_parse(crm_arena(r), text.data, text.length, NULL);
	if (crm_json_type(crm_json_get(*quote, "shipping")) !=
	    CRM_JSON_OBJECT)
		return CRM_SHIPPING_NOT_AVAILABLE;
	crm_set(r, "quote", text.data);
	return CRM_OK;
}

enum crm_problem
orders_answer(struct crm_request *r, const struct crm_statement *statement)
{
	struct crm_result *rows;
	enum crm_problem problem = crm_query_one(r, statement, &rows);

	if (problem != CRM_OK)
		return problem;
	crm_answer_row(r, rows);
	crm_notify(r, "outbox");
	return CRM_OK;
}

/* Facts, price, payment, order: all in the request's transaction. */
static enum crm_problem
place(struct crm_request *r, const struct crm_statement *gather,
    const char *method)
{
	const struct crm_json *quote = NULL;
	struct crm_result *rows;
	enum crm_problem problem = crm_query_one(r, gather, &rows);

	if (problem == CRM_OK)
		problem = orders_price(r, crm_column(rows, 0, "facts"),
		    &quote);
	if (problem == CRM_OK)
		problem = orders_provider_plan(r, method, quote);
	if (problem != CRM_OK)
		return problem;
	crm_set(r, "cart_id", crm_column(rows, 0, "cart_id"));
	crm_set(r, "context", crm_column(rows, 0, "context"));
	crm_set(r, "facts", crm_column(rows, 0, "facts"));
	return orders_answer(r, &orders_place);
}

static enum crm_problem
check_out(struct crm_request *r)
{
	if (crm_account(r) == NULL && crm_guest(r) == NULL)
		return CRM_CART_EMPTY;
	if (crm_account(r) == NULL && crm_input(r, "email") == NULL)
		return crm_fault(r, "email", "required", "is required");
	return place(r, &orders_checkout, crm_input(r, "payment_method"));
}

/* What a client must know to offer a checkout. */
static enum crm_problem
show_options(struct crm_request *r)
{
	struct crm_result *rows;
	struct crm_text text;
	enum crm_problem problem = crm_query_one(r, &orders_options, &rows);

	if (problem != CRM_OK)
		return problem;
	crm_text_init(&text, crm_arena(r));
	crm_text_puts(&text, "{\"payment_methods\":");
	orders_provider_list(r, &text);
	crm_text_printf(&text, ",%s", crm_column(rows, 0, "body") + 1);
	crm_answer(r, text.data);
	return CRM_OK;
}

static enum crm_problem
buy(struct crm_request *r)
{
	crm_set(r, "expected_total", NULL);
	return place(r, &orders_purchase, orders_pay_delivery.name);
}

static enum crm_problem
move(struct crm_request *r)
{
	return orders_answer(r, &orders_move);
}

static enum crm_problem
ship(struct crm_request *r)
{
	return orders_answer(r, &orders_ship);
}

#define READ	CRM_STAFF("orders.read")
#define WRITE	CRM_STAFF("orders.write")
#define REFUND	CRM_STAFF("orders.refund")

#define ORDER_KEY	"Duka-Order-Key: The key from a guest's mail"

static const struct crm_route routes[] = {
	{ "GET", "/api/checkout/options", CRM_PUBLIC,
	    .handler = show_options, .cache = 60, .answer = "CheckoutOptions",
	    .about = "Whether orders are taken, how paid, and where to" },
	{ "POST", "/api/checkout", CRM_SHOPPER, checkout,
	    .handler = check_out, .status = 201, .idempotent = true,
	    .limit = "checkout", .answer = "Order",
	    .about = "Makes an order of the cart" },
	{ "POST", "/bot/purchase", CRM_CUSTOMER, purchase, .handler = buy,
	    .status = 201, .idempotent = true, .limit = "checkout",
	    .answer = "Order", .about = "Buys one product at once" },
	{ "GET", "/api/orders", CRM_SHOPPER, history, &orders_list,
	    .answer = "OrderPage", .about = "The own orders, newest first" },
	{ "GET", "/api/orders/{id}", CRM_SHOPPER, .handler = orders_show,
	    .header = ORDER_KEY, .answer = "Order",
	    .about = "One of the own orders" },
	{ "GET", "/api/orders/{id}/events", CRM_SHOPPER,
	    .handler = orders_show_events, .header = ORDER_KEY,
	    .answer = "OrderEventPage",
	    .about = "What happened to it" },
	{ "POST", "/api/orders/{id}/cancel", CRM_SHOPPER, reason,
	    .handler = orders_do_cancel, .header = ORDER_KEY,
	    .idempotent = true, .answer = "Order",
	    .about = "Cancels it, while that is allowed" },
	{ "POST", "/api/orders/{id}/reorder", CRM_SHOPPER, NULL,
	    &orders_again, .idempotent = true, .answer = "Reorder",
	    .about = "Puts what is still sold into the cart" },
	{ "GET", "/api/orders/{id}/returns", CRM_SHOPPER,
	    .handler = orders_show_returns, .header = ORDER_KEY,
	    .answer = "ReturnPage",
	    .about = "What of it comes back" },
	{ "POST", "/api/orders/{id}/returns", CRM_SHOPPER,
	    orders_return_input, .handler = orders_ask_return, .status = 201,
	    .header = ORDER_KEY,
	    .idempotent = true, .limit = "checkout", .answer = "Return",
	    .about = "Asks to send delivered goods back" },
	{ "GET", "/api/orders/{id}/invoice.pdf", CRM_SHOPPER,
	    .handler = orders_own_invoice, .header = ORDER_KEY,
	    .answer_type = "application/pdf", .about = "Its invoice" },
	{ "GET", "/api/orders/{id}/credit-note.pdf", CRM_SHOPPER,
	    .handler = orders_own_reversal, .header = ORDER_KEY,
	    .answer_type = "application/pdf",
	    .about = "The credit note of what was invoiced and cancelled" },
	{ "GET", "/api/orders/{id}/refunds/{refund_id}/credit-note.pdf",
	    CRM_SHOPPER, .handler = orders_own_credit, .header = ORDER_KEY,
	    .answer_type = "application/pdf",
	    .about = "What was invoiced and given back" },
	{ "GET", "/api/orders/manage/packing-slips.pdf", READ,
	    orders_slips_of, .handler = orders_print_slips,
	    .answer_type = "application/pdf",
	    .about = "The packing slips of many orders" },
	{ "GET", "/api/orders/manage/{id}/packing-slip.pdf", READ,
	    orders_slip, .handler = orders_print_slip,
	    .answer_type = "application/pdf",
	    .about = "What is to be packed, or a parcel's" },
	{ "GET", "/api/orders/manage/{id}/invoice.pdf", READ,
	    .handler = orders_print_invoice,
	    .answer_type = "application/pdf",
	    .about = "The invoice, numbered when it is first asked for" },
	{ "GET", "/api/orders/manage/{id}/credit-note.pdf", READ,
	    .handler = orders_print_reversal,
	    .answer_type = "application/pdf",
	    .about = "The credit note of what was invoiced and cancelled" },
	{ "GET", "/api/orders/manage/{id}/refunds/{refund_id}/credit-note.pdf",
	    READ, .handler = orders_print_credit,
	    .answer_type = "application/pdf",
	    .about = "The credit note of a refund" },
	{ "GET", "/api/orders/manage", READ, orders_filter,
	    &orders_manage_list, .answer = "ManagedOrderPage",
	    .about = "All orders" },
	{ "GET", "/api/orders/manage/counts", READ, NULL, &orders_counts,
	    .answer = "OrderCounts",
	    .about = "How many wait for what, and whether something new is" },
	{ "GET", "/api/orders/manage/{id}", READ, NULL, &orders_manage_view,
	    .answer = "ManagedOrder", .about = "An order as staff see it" },
	{ "POST", "/api/orders/manage/{id}/transitions", WRITE, transition,
	    .handler = move, .if_match = true, .idempotent = true,
	    .answer = "ManagedOrder",
	    .about = "Moves it, or its payment, along a listed way" },
	{ "POST", "/api/orders/manage/{id}/shipments", WRITE, shipment,
	    .handler = ship, .status = 201, .if_match = true,
	    .idempotent = true, .answer = "ManagedOrder",
	    .about = "Ships some of it, or all that is left" },
	{ "PATCH", "/api/orders/manage/{id}/shipments/{shipment_id}", WRITE,
	    orders_parcel, .handler = orders_change_shipment,
	    .if_match = true, .answer = "ManagedOrder",
	    .about = "Says a parcel's carrier and number later" },
	{ "POST", "/api/orders/manage/{id}/shipments/{shipment_id}/delivery",
	    WRITE, orders_word, .handler = orders_deliver_shipment,
	    .if_match = true, .idempotent = true, .answer = "ManagedOrder",
	    .about = "Says that a parcel came" },
	{ "POST", "/api/orders/manage/{id}/payments", WRITE, orders_word,
	    .handler = orders_take_due, .if_match = true, .idempotent = true,
	    .answer = "ManagedOrder",
	    .about = "Says that what a changed order still cost has come" },
	{ "POST", "/api/orders/manage/{id}/changes", WRITE, orders_change,
	    .handler = orders_do_change, .if_match = true,
	    .idempotent = true, .answer = "ManagedOrder",
	    .about = "Changes goods or address of an order not yet packed" },
	{ "POST", "/api/orders/manage/{id}/changes/preview", WRITE,
	    orders_change, .handler = orders_preview_change,
	    .answer = "OrderChange",
	    .about = "What a change would come to" },
	{ "POST", "/api/orders/manage/{id}/notes", WRITE, note,
	    &orders_note, .status = 201, .idempotent = true,
	    .answer = "OrderEvent", .about = "Writes a note" },
	{ "GET", "/api/orders/manage/{id}/refunds", READ, NULL,
	    &orders_refunds, .answer = "RefundPage",
	    .about = "What was given back" },
	{ "POST", "/api/orders/manage/{id}/refunds", REFUND,
	    orders_refund_input, .handler = orders_do_refund, .status = 201,
	    .if_match = true, .idempotent = true, .answer = "ManagedOrder",
	    .about = "Gives money back, for pieces or the shipping" },
	{ "POST", "/api/orders/manage/{id}/refunds/preview", REFUND,
	    orders_refund_input, &orders_refund_preview,
	    .answer = "RefundPreview",
	    .about = "What a refund would come to" },
	{ "POST", "/api/orders/manage/{id}/refunds/{refund_id}/outcome",
	    REFUND, orders_outcome_input, .handler = orders_settle_refund,
	    .if_match = true, .idempotent = true, .answer = "ManagedOrder",
	    .about = "Says what became of a pending refund" },
	{ "POST", "/api/orders/manage/{id}/returns", WRITE,
	    orders_opened_return, .handler = orders_open_return,
	    .status = 201, .if_match = true, .idempotent = true,
	    .answer = "ManagedReturn",
	    .about = "Opens a return for who asked by other ways" },
	{ "GET", "/api/orders/manage/returns", READ, orders_return_filter,
	    &orders_manage_returns, .answer = "ManagedReturnPage",
	    .about = "All returns, newest first" },
	{ "GET", "/api/orders/manage/returns/{id}", READ, NULL,
	    &orders_manage_return, .answer = "ManagedReturn",
	    .about = "One of them" },
	{ "POST", "/api/orders/manage/returns/{id}/decision", WRITE,
	    orders_decision_input, .handler = orders_decide_return,
	    .if_match = true, .idempotent = true, .answer = "ManagedReturn",
	    .about = "Lets it come, or says why not" },
	{ "POST", "/api/orders/manage/returns/{id}/receipt", REFUND,
	    orders_receipt_input, .handler = orders_receive_return,
	    .if_match = true, .idempotent = true, .answer = "ManagedReturn",
	    .about = "Counts what came, refunds it, shelves what is whole" },
	CRM_END
};

int
main(int argc, char *argv[])
{
	return crm_main(argc, argv, "orders", routes, orders_statements);
}
