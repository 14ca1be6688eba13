/* SPDX-License-Identifier: ISC */
/* cart: what somebody means to buy, and what it costs as it stands. */

#include <string.h>

#include <crm/crm.h>
#include "cart.sql.h"

#define COOKIE		"cart"
#define COOKIE_SECONDS	(30L * 24 * 60 * 60)

static const struct crm_field line[] = {
	{ "variant_id", CRM_UUID, .required = true,
	    .about = "What to buy" },
	{ "quantity", CRM_INTEGER, .min = 1, .max = 999, .standard = "1",
	    .about = "Added to what is in the cart already" },
	CRM_END
};

static const struct crm_field quantity[] = {
	{ "quantity", CRM_INTEGER, .min = 1, .max = 999, .required = true },
	CRM_END
};

static const struct crm_field coupon[] = {
	{ "code", CRM_TEXT, .min = 2, .max = 40, .required = true,
	    .example = "WELCOME10", .about = "Small letters do as well" },
	CRM_END
};

static const struct crm_field points[] = {
	{ "points", CRM_INTEGER, .min = 0, .max = 1000000000,
	    .required = true, .example = "500",
	    .about = "To spend; no more is taken than the goods cost" },
	CRM_END
};

static const struct crm_field reward[] = {
	{ "reward_id", CRM_UUID, .required = true, .nullable = true,
	    .about = "One of the rewards offered, or null" },
	CRM_END
};

static const struct crm_field method[] = {
	{ "shipping_method_id", CRM_UUID, .required = true, .nullable = true,
	    .about = "One of the quote's shipping_methods, or null" },
	CRM_END
};

static const struct crm_field destination[] = {
	{ "country", CRM_TEXT, .min = 2, .max = 2, .required = true,
	    .example = "IE", .about = "ISO 3166 code" },
	{ "postcode", CRM_TEXT, .min = 1, .max = 12, .example = "D02 X285" },
	CRM_END
};

/* Appends the members of an object, without its braces. */
static void
add_members(struct crm_text *text, const struct crm_json *object)
{
	const struct crm_json *member;

	for (member = crm_json_first(object); member != NULL;
	     member = crm_json_next(member)) {
		crm_text_json(text, crm_json_name(member));
		crm_text_putc(text, ':');
		crm_json_print(text, member);
		crm_text_putc(text, ',');
	}
}

/* The cart with its quote; `token` is told once, to the guest it makes. */
static enum crm_problem
answer(struct crm_request *r, const char *facts, const char *token)
{
	const struct crm_json *json;
	struct crm_text text;
	const char *why = "";

	json = crm_json_parse(crm_arena(r), facts, strlen(facts), NULL);
	crm_text_init(&text, crm_arena(r));
	crm_text_putc(&text, '{');
	add_members(&text, crm_json_get(json, "cart"));
	if (token != NULL) {
		crm_text_puts(&text, "\"cart_token\":");
		crm_text_json(&text, token);
		crm_text_putc(&text, ',');
	}
	crm_text_puts(&text, "\"quote\":");
	if (!crm_quote(crm_arena(r), crm_json_get(json, "facts"), &text,
	    &why))
		return crm_problem_detail(r, CRM_INVALID, "%s", why);
	crm_text_putc(&text, '}');
	crm_answer(r, text.data);
	return CRM_OK;
}

static enum crm_problem
quoted(struct crm_request *r, const struct crm_statement *statement,
    const char *token)
{
	struct crm_result *rows;
	enum crm_problem problem = crm_query_one(r, statement, &rows);

	if (problem != CRM_OK)
		return problem;
	return answer(r, crm_column(rows, 0, "facts"), token);
}

/* Whether the request itself brought a guest's token: a request that is
 * worked on a second time is a guest's already, by the token we made. */
static bool
brought_token(struct crm_request *r)
{
	return crm_guest(r) != NULL && (crm_header(r, "Duka-Cart") != NULL ||
	    crm_cookie(r, "__Host-" COOKIE) != NULL);
}

/* Somebody without account or token becomes a guest before anything is
 * asked.  Answers the new token, or NULL. */
static const char *
welcome(struct crm_request *r)
{
	const char *token;

	if (crm_account(r) != NULL || brought_token(r))
		return NULL;
	token = crm_random_text(crm_arena(r), 32);
	crm_become_guest(r, token);
	crm_answer_cookie(r, COOKIE, token, COOKIE_SECONDS, false);
	return token;
}

static enum crm_problem
view(struct crm_request *r)
{
	return quoted(r, &cart_view, NULL);
}

static enum crm_problem
add(struct crm_request *r)
{
	return quoted(r, &cart_line_add, welcome(r));
}

static enum crm_problem
change(struct crm_request *r)
{
	return quoted(r, &cart_line_change, NULL);
}

static enum crm_problem
take_out(struct crm_request *r)
{
	return quoted(r, &cart_line_remove, NULL);
}

static enum crm_problem
empty(struct crm_request *r)
{
	return quoted(r, &cart_empty, NULL);
}

static enum crm_problem
add_coupon(struct crm_request *r)
{
	return quoted(r, &cart_coupon_add, welcome(r));
}

static enum crm_problem
drop_coupon(struct crm_request *r)
{
	return quoted(r, &cart_coupon_remove, NULL);
}

static enum crm_problem
spend_points(struct crm_request *r)
{
	return quoted(r, &cart_points, NULL);
}

static enum crm_problem
spend_reward(struct crm_request *r)
{
	return quoted(r, &cart_reward, NULL);
}

/* The older clients' way names the reward in the path. */
static enum crm_problem
spend_reward_of_path(struct crm_request *r)
{
	return quoted(r, &cart_reward_of_path, NULL);
}

static enum crm_problem
spend_nothing(struct crm_request *r)
{
	return quoted(r, &cart_loyalty_remove, NULL);
}

static enum crm_problem
ship_by(struct crm_request *r)
{
	return quoted(r, &cart_shipping_method, welcome(r));
}

static enum crm_problem
ship_to(struct crm_request *r)
{
	return quoted(r, &cart_destination, welcome(r));
}

#define WHOLE	.answer = "Cart"

static const struct crm_route routes[] = {
	{ "GET", "/api/cart", CRM_SHOPPER, .handler = view, WHOLE,
	    .about = "The cart with its whole quote" },
	{ "DELETE", "/api/cart", CRM_SHOPPER, .handler = empty, WHOLE,
	    .about = "Empties the cart" },
	{ "POST", "/api/cart/lines", CRM_SHOPPER, line, .handler = add,
	    WHOLE,
	    .about = "Puts a variant into the cart; guests get a token" },
	{ "PATCH", "/api/cart/lines/{id}", CRM_SHOPPER, quantity,
	    .handler = change, WHOLE, .about = "Changes a line's quantity" },
	{ "DELETE", "/api/cart/lines/{id}", CRM_SHOPPER,
	    .handler = take_out, WHOLE, .about = "Takes a line out" },
	{ "POST", "/api/cart/coupons", CRM_SHOPPER, coupon,
	    .handler = add_coupon, .limit = "coupon", WHOLE,
	    .about = "Adds a coupon by its code" },
	{ "DELETE", "/api/cart/coupons/{code}", CRM_SHOPPER,
	    .handler = drop_coupon, WHOLE, .about = "Takes a coupon out" },
	{ "PUT", "/api/cart/points", CRM_CUSTOMER, points,
	    .handler = spend_points, WHOLE,
	    .about = "Spends points on the goods; 0 spends none" },
	{ "PUT", "/api/cart/reward", CRM_CUSTOMER, reward,
	    .handler = spend_reward, WHOLE,
	    .about = "Takes a reward for its points" },
	{ "DELETE", "/api/cart/loyalty", CRM_CUSTOMER,
	    .handler = spend_nothing, WHOLE,
	    .about = "Spends neither points nor a reward" },
	{ "POST", "/checkout/cart/loyalty/points", CRM_CUSTOMER, points,
	    .handler = spend_points, WHOLE,
	    .about = "As PUT /api/cart/points, for older clients" },
	{ "POST", "/checkout/cart/loyalty/reward/{id}", CRM_CUSTOMER,
	    .handler = spend_reward_of_path, WHOLE,
	    .about = "As PUT /api/cart/reward, for older clients" },
	{ "POST", "/checkout/cart/loyalty/remove", CRM_CUSTOMER,
	    .handler = spend_nothing, WHOLE,
	    .about = "As DELETE /api/cart/loyalty, for older clients" },
	{ "PUT", "/api/cart/shipping-method", CRM_SHOPPER, method,
	    .handler = ship_by, WHOLE, .about = "Chooses the way of shipping" },
	{ "PUT", "/api/cart/destination", CRM_SHOPPER, destination,
	    .handler = ship_to, WHOLE,
	    .about = "Says where to, for tax and shipping" },
	CRM_END
};

int
main(int argc, char *argv[])
{
	return crm_main(argc, argv, "cart", routes, cart_statements);
}
