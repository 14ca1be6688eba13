/* SPDX-License-Identifier: ISC */
/* promotions: what the shop takes off its prices, and coupons, for staff. */

#include <string.h>

#include <crm/crm.h>
#include "promotions.sql.h"

#define KINDS		"percent amount free_shipping buy_x_get_y gift"
#define AMOUNT_MOST	1000000000000

#define PROMOTION							\
	{ "level", CRM_ENUM, .values = "line order",			\
	    .about = "Off each line, or off all its lines together" },	\
	{ "percent", CRM_DECIMAL, .min = 100, .max = 100000000,		\
	    .nullable = true, .example = "\"10\"",			\
	    .about = "Of percent" },					\
	{ "amount", CRM_MONEY, .min = 1, .max = AMOUNT_MOST,		\
	    .nullable = true, .about = "Of amount",			\
	    .example = "{\"amount\": 500, \"currency\": \"EUR\"}" },	\
	{ "buy", CRM_INTEGER, .min = 1, .max = 999, .nullable = true,	\
	    .about = "Of buy_x_get_y: that many are paid" },		\
	{ "get", CRM_INTEGER, .min = 1, .max = 999, .nullable = true,	\
	    .about = "Of buy_x_get_y: as many more are free" },		\
	{ "gift_variant_id", CRM_UUID, .nullable = true,		\
	    .about = "Of gift" },					\
	{ "gift_quantity", CRM_INTEGER, .min = 1, .max = 99,		\
	    .nullable = true },						\
	{ "minimum", CRM_MONEY, .max = AMOUNT_MOST, .nullable = true,	\
	    .example = "{\"amount\": 2000, \"currency\": \"EUR\"}",	\
	    .about = "What its lines come to at least" },		\
	{ "category_ids", CRM_LIST, .of = CRM_UUID, .max = 200,		\
	    .about = "Lines of these, with all below; empty: any" },	\
	{ "brand_ids", CRM_LIST, .of = CRM_UUID, .max = 200 },		\
	{ "product_ids", CRM_LIST, .of = CRM_UUID, .max = 200 },	\
	{ "segment_id", CRM_UUID, .nullable = true,			\
	    .about = "For customers of this segment alone" },		\
	{ "first_order", CRM_BOOL },					\
	{ "customers_only", CRM_BOOL },					\
	{ "needs_coupon", CRM_BOOL },					\
	{ "priority", CRM_INTEGER, .max = 1000000,			\
	    .about = "Groups of low numbers come first" },		\
	{ "stacking_group", CRM_TEXT, .min = 1, .max = 40,		\
	    .example = "default",					\
	    .about = "Of each group the best counts: a-z, 0-9, - and _" }, \
	{ "exclusive", CRM_BOOL, .about = "Stands alone or not at all" }, \
	{ "starts_at", CRM_TIME, .nullable = true },			\
	{ "ends_at", CRM_TIME, .nullable = true },			\
	{ "active", CRM_BOOL },						\
	CRM_END

static const struct crm_field promotion[] = {
	{ "name", CRM_TEXT, .min = 1, .max = 100, .required = true,
	    .example = "Ten off for regulars",
	    .about = "Customers read it" },
	{ "kind", CRM_ENUM, .values = KINDS, .required = true,
	    .example = "percent" },
	PROMOTION
};

static const struct crm_field draft[] = {
	{ "name", CRM_TEXT, .max = 100 },
	{ "kind", CRM_ENUM, .values = KINDS, .example = "percent" },
	PROMOTION
};

static const struct crm_field line[] = {
	{ "variant_id", CRM_UUID, .required = true },
	{ "quantity", CRM_INTEGER, .min = 1, .max = 999, .required = true },
	CRM_END
};

static const struct crm_field sample[] = {
	{ "promotion_id", CRM_UUID, .about = "One there is" },
	{ "promotion", CRM_OBJECT, .fields = draft,
	    .example = "{\"kind\":\"percent\",\"percent\":\"10\"}",
	    .about = "One as it may become, over that one's fields" },
	{ "lines", CRM_LIST, .of = CRM_OBJECT, .fields = line,
	    .required = true, .min = 1, .max = 50 },
	{ "customer_id", CRM_UUID, .nullable = true,
	    .about = "Whose cart; else a guest's" },
	{ "country", CRM_TEXT, .min = 2, .max = 2, .example = "IE" },
	{ "postcode", CRM_TEXT, .max = 12 },
	{ "shipping_method_id", CRM_UUID, .nullable = true },
	CRM_END
};

#define PAGE								\
	{ "cursor", CRM_CURSOR },					\
	{ "limit", CRM_INTEGER, .min = 1, .max = 100, .standard = "20" }

static const struct crm_field page[] = {
	PAGE,
	CRM_END
};

static const struct crm_field listing[] = {
	{ "q", CRM_TEXT, .max = 100, .about = "Part of the name, or a code" },
	{ "state", CRM_ENUM, .values = "running scheduled ended off" },
	{ "kind", CRM_ENUM, .values = KINDS },
	{ "needs_coupon", CRM_BOOL },
	PAGE,
	CRM_END
};

static const struct crm_field coupon_listing[] = {
	{ "q", CRM_TEXT, .max = 40, .about = "How the code begins" },
	{ "batch", CRM_UUID, .about = "Those made at once" },
	PAGE,
	CRM_END
};

static const struct crm_field batch[] = {
	{ "batch", CRM_UUID, .about = "Those made at once; else all" },
	CRM_END
};

static const struct crm_field stopped[] = {
	{ "batch", CRM_UUID, .required = true },
	CRM_END
};

#define LIMITS								\
	{ "max_uses", CRM_INTEGER, .min = 1, .max = 100000000,		\
	    .nullable = true, .about = "In all; null: any number" },	\
	{ "max_uses_each", CRM_INTEGER, .min = 1, .max = 1000000,	\
	    .nullable = true, .about = "By one customer" },		\
	{ "starts_at", CRM_TIME, .nullable = true },			\
	{ "ends_at", CRM_TIME, .nullable = true }

static const struct crm_field coupon[] = {
	{ "code", CRM_TEXT, .min = 2, .max = 40, .required = true,
	    .example = "WELCOME10", .about = "Small letters are made large" },
	LIMITS,
	{ "active", CRM_BOOL, .standard = "true" },
	CRM_END
};

static const struct crm_field coupon_limits[] = {
	LIMITS,
	{ "active", CRM_BOOL },
	CRM_END
};

static const struct crm_field bulk[] = {
	{ "count", CRM_INTEGER, .min = 1, .max = 5000, .required = true,
	    .example = "100" },
	{ "prefix", CRM_TEXT, .max = 20, .example = "MAY-" },
	{ "length", CRM_INTEGER, .min = 6, .max = 12, .standard = "10",
	    .about = "Of the random part" },
	LIMITS,
	CRM_END
};

/* One quote of the preview, as the cart would show it. */
static enum crm_problem
quote(struct crm_request *r, struct crm_text *text, const char *facts)
{
	const struct crm_json *json;
	const char *why = "";

	json = crm_json_parse(crm_arena(r), facts, strlen(facts), NULL);
	if (!crm_quote(crm_arena(r), json, text, &why))
		return crm_problem_detail(r, CRM_INVALID, "%s", why);
	return CRM_OK;
}

/* Whether a quote's discounts, or its gifts, come from a promotion. */
static bool
gives(struct crm_request *r, const char *text, size_t length,
    const char *promotion_id)
{
	const struct crm_json *json, *discount;
	const char *id;

	json = crm_json_parse(crm_arena(r), text, length, NULL);
	for (discount = crm_json_first(crm_json_get(json, "discounts"));
	     discount != NULL; discount = crm_json_next(discount)) {
		id = crm_json_text_of(discount, "promotion_id");
		if (id != NULL && strcmp(id, promotion_id) == 0)
			return true;
	}
	return false;
}

static enum crm_problem
preview(struct crm_request *r)
{
	struct crm_result *rows;
	struct crm_text text;
	const char *body, *id;
	enum crm_problem problem;
	size_t from, length;

	problem = crm_query_one(r, &promotions_preview, &rows);
	if (problem != CRM_OK)
		return problem;
	body = crm_column(rows, 0, "body");
	id = crm_json_text_of(crm_json_parse(crm_arena(r), body,
	    strlen(body), NULL), "promotion_id");
	crm_text_init(&text, crm_arena(r));
	crm_text_puts(&text, "{\"with\":");
	from = text.length;
	problem = quote(r, &text, crm_column(rows, 0, "facts"));
	if (problem != CRM_OK)
		return problem;
	length = text.length - from;
	crm_text_puts(&text, ",\"without\":");
	problem = quote(r, &text, crm_column(rows, 0, "without"));
	if (problem != CRM_OK)
		return problem;
	crm_text_printf(&text, ",\"applies\":%s,%s",
	    gives(r, text.data + from, length, id) ? "true" : "false",
	    body + 1);
	crm_answer(r, text.data);
	return CRM_OK;
}

static enum crm_problem
file(struct crm_request *r)
{
	struct crm_result *rows;
	enum crm_problem problem = crm_query_one(r, &coupons_file, &rows);
	const char *text;

	if (problem != CRM_OK)
		return problem;
	text = crm_column(rows, 0, "body");
	crm_answer_header(r, "Content-Disposition",
	    "attachment; filename=\"coupons.csv\"");
	crm_answer_as(r, "text/csv", text, strlen(text));
	return CRM_OK;
}

#define READ		CRM_STAFF("promotions.read")
#define WRITE		CRM_STAFF("promotions.write")
#define PROMOTIONS	"/api/promotions"
#define COUPONS		"/api/promotions/coupons"

static const struct crm_route routes[] = {
	{ "GET", PROMOTIONS, READ, listing, &promotions_list,
	    .answer = "PromotionPage", .about = "All, the newest first" },
	{ "POST", PROMOTIONS, WRITE, promotion, &promotions_create,
	    .status = 201, .idempotent = true, .answer = "Promotion",
	    .about = "A new promotion" },
	{ "POST", PROMOTIONS "/preview", READ, sample, .handler = preview,
	    .answer = "PromotionPreview",
	    .about = "What one would do to a cart: with it and without" },
	{ "GET", COUPONS "/{id}", READ, NULL, &coupons_view,
	    .answer = "Coupon", .about = "One coupon" },
	{ "PATCH", COUPONS "/{id}", WRITE, coupon_limits, &coupons_change,
	    .if_match = true, .answer = "Coupon",
	    .about = "Changes its limits and dates, or ends it" },
	{ "GET", COUPONS "/{id}/uses", READ, page, &coupons_uses,
	    .answer = "CouponUses", .about = "Which orders used it" },
	{ "GET", PROMOTIONS "/{id}", READ, NULL, &promotions_view,
	    .answer = "Promotion", .about = "One promotion" },
	{ "PATCH", PROMOTIONS "/{id}", WRITE, promotion, &promotions_change,
	    .if_match = true, .answer = "Promotion",
	    .about = "Changes it; what was used keeps what it gives" },
	{ "DELETE", PROMOTIONS "/{id}", WRITE, NULL, &promotions_remove,
	    .if_match = true, .status = 204,
	    .about = "Removes one that no order used, with its coupons" },
	{ "GET", PROMOTIONS "/{id}/uses", READ, page, &promotions_uses,
	    .answer = "PromotionUses",
	    .about = "Which orders it gave what" },
	{ "GET", PROMOTIONS "/{id}/coupons", READ, coupon_listing,
	    &coupons_list, .answer = "CouponPage",
	    .about = "Its coupons, the newest first" },
	{ "POST", PROMOTIONS "/{id}/coupons", WRITE, coupon, &coupons_create,
	    .status = 201, .idempotent = true, .answer = "Coupon",
	    .about = "A coupon of one code" },
	{ "POST", PROMOTIONS "/{id}/coupons/bulk", WRITE, bulk,
	    &coupons_bulk, .status = 201, .idempotent = true,
	    .answer = "CouponBatch",
	    .about = "Many coupons of codes nobody guesses" },
	{ "POST", PROMOTIONS "/{id}/coupons/stop", WRITE, stopped,
	    &coupons_stop, .answer = "CouponBatch",
	    .about = "Ends all that were made at once" },
	{ "GET", PROMOTIONS "/{id}/coupons/file", READ, batch,
	    .handler = file, .answer_type = "text/csv",
	    .about = "Its codes as CSV" },
	CRM_END
};

int
main(int argc, char *argv[])
{
	return crm_main(argc, argv, "promotions", routes,
	    promotions_statements);
}
