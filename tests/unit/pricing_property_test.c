/* SPDX-License-Identifier: ISC */
/*
 * Pricing: properties over random carts, and a second, slow and plain
 * reckoning by which every quote is compared (pricing_property_test_oracle.c).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <crm/arena.h>
#include <crm/json.h>
#include <crm/pricing.h>

#include "pricing_model.h"
#include "random.h"

/* Carts of each property, or as many as PROPERTY_ROUNDS says; under a
 * sanitizer, which is four times slower and finds what it can in fewer, a
 * fifth. */
#ifdef __SANITIZE_ADDRESS__
#define ROUNDS	2000
#else
#define ROUNDS	10000
#endif

static struct crm_arena *arena;

static int
rounds(void)
{
	const char *said = getenv("PROPERTY_ROUNDS");

	return said != NULL && atoi(said) > 0 ? atoi(said) : ROUNDS;
}

static int64_t
maybe(int64_t chance, int64_t value, int64_t otherwise)
{
	return random_below(chance) == 0 ? value : otherwise;
}

static void
random_line(struct line *line, int id)
{
	static const int64_t rates[] = { 0, 70000, 190000, 123457 };

	memset(line, 0, sizeof(*line));
	line->id = id;
	line->quantity = random_below(5) + 1;
	/* Small prices often: that is where rounding bites. */
	line->unit = random_below(3) == 0 ? random_below(30) :
	    random_below(3000);
	line->grams = random_below(1500);
	line->rate = rates[random_below(4)];
	line->brand = (int)random_below(3);
	line->product = (int)random_below(4);
	line->categories = (int)random_below(8);
}

static void
random_promotion(struct promotion *promotion, int id)
{
	memset(promotion, 0, sizeof(*promotion));
	promotion->id = id;
	promotion->kind = (int)random_below(5);
	promotion->by_line = random_below(2) == 0;
	promotion->percent = random_below(1000001);
	promotion->amount = random_below(1500);
	promotion->buy = random_below(3) + 1;
	promotion->get = random_below(2) + 1;
	promotion->minimum = maybe(3, random_below(8000), 0);
	promotion->brands = (int)maybe(4, random_below(8), 0);
	promotion->products = (int)maybe(4, random_below(16), 0);
	promotion->categories = (int)maybe(4, random_below(8), 0);
	promotion->priority = random_below(4);
	promotion->group = (int)random_below(3);
	promotion->exclusive = random_below(5) == 0;
	promotion->age = random_below(3);
	promotion->gift_pieces = random_below(3) + 1;
	promotion->gift_unit = random_below(1000);
	promotion->gift_rate = maybe(2, 190000, 0);
}

static void
random_loyalty(struct loyalty *loyalty)
{
	loyalty->known = random_below(4) != 0;
	loyalty->balance = random_below(6000) - 500;
	loyalty->wanted = maybe(3, 0, random_below(6000));
	loyalty->multiplier = random_below(8) * 250000 + 1000000;
	loyalty->kind = (int)random_below(4) - 1;
	loyalty->percent = random_below(1000001);
	loyalty->amount = random_below(2000);
	loyalty->cost = random_below(2000) + 1;
}

static void
random_method(struct method *method, int id)
{
	int i;

	memset(method, 0, sizeof(*method));
	method->id = id;
	method->by = (int)random_below(3);
	method->step_count = (int)random_below(3) + 1;
	for (i = 0; i < method->step_count; i++) {
		method->from[i] = i == 0 ? maybe(4, 500, 0) :
		    method->from[i - 1] + random_below(2000) + 1;
		method->price[i] = random_below(900);
	}
	method->free_from = maybe(2, random_below(8000), -1);
	method->rate = maybe(2, 190000, 0);
}

static void
random_cart(struct model *model)
{
	int i;

	memset(model, 0, sizeof(*model));
	model->inclusive = random_below(2) == 0;
	model->line_count = (int)random_below(LINES + 1);
	model->promotion_count = (int)random_below(PROMOTIONS + 1);
	model->method_count = (int)random_below(METHODS + 1);
	for (i = 0; i < model->line_count; i++)
		random_line(&model->lines[i], i);
	for (i = 0; i < model->promotion_count; i++)
		random_promotion(&model->promotions[i], i);
	for (i = 0; i < model->method_count; i++)
		random_method(&model->methods[i], i);
	model->method = (int)random_below(model->method_count + 1) - 1;
	random_loyalty(&model->loyalty);
	model->currency = (int)random_below(3);
}

/* The quote of a cart, and its text. */
static const struct crm_json *
quote(const struct model *model, const char **text)
{
	const struct crm_json *json;
	struct crm_text facts, out;
	const char *why = NULL;

	crm_text_init(&facts, arena);
	crm_text_init(&out, arena);
	model_print(&facts, model);
	json = crm_json_parse(arena, facts.data, facts.length, &why);
	if (json == NULL || !crm_quote(arena, json, &out, &why))
		fail_msg("%s: %s", why, facts.data);
	json = crm_json_parse(arena, out.data, out.length, &why);
	if (json == NULL)
		fail_msg("%s: %s", why, out.data);
	if (text != NULL)
		*text = out.data;
	return json;
}

static int64_t
money(const struct crm_json *json, const char *name)
{
	int64_t amount = crm_json_integer_of(crm_json_get(json, name),
	    "amount", INT64_MIN);

	if (amount < 0)
		fail_msg("%s is negative or missing", name);
	return amount;
}

/* Calls `look` for each cart; a failed one can be had again by its round and
 * seed. */
static void
for_carts(void (*look)(struct model *))
{
	struct model model;
	int round, most = rounds();

	for (round = 0; round < most; round++) {
		random_cart(&model);
		look(&model);
		crm_arena_reset(arena);
	}
}

static bool
is_text(const struct crm_json *json, const char *text)
{
	const char *own = crm_json_text(json);

	return own != NULL && strcmp(own, text) == 0;
}

/* What the shares of one promotion on all lines sum to. */
static int64_t
shared(const struct crm_json *lines, const char *promotion)
{
	const struct crm_json *line, *share;
	int64_t sum = 0;

	for (line = crm_json_first(lines); line != NULL;
	     line = crm_json_next(line)) {
		share = crm_json_first(crm_json_get(line, "discounts"));
		for (; share != NULL; share = crm_json_next(share))
			if (is_text(crm_json_get(share, "promotion_id"),
			    promotion))
				sum += money(share, "amount");
	}
	return sum;
}

/* Everything in a list, summed by one of its members. */
static int64_t
sum_of(const struct crm_json *list, const char *name)
{
	const struct crm_json *item;
	int64_t sum = 0;

	for (item = crm_json_first(list); item != NULL;
	     item = crm_json_next(item))
		sum += money(item, name);
	return sum;
}

static int64_t
money_or_0(const struct crm_json *json, const char *name)
{
	return crm_json_type(json) == CRM_JSON_OBJECT ? money(json, name) : 0;
}

static void
adds_up(const struct crm_json *json)
{
	static const char *const sides[] = { "net", "tax", "total" };
	const struct crm_json *lines = crm_json_get(json, "lines");
	const struct crm_json *shipping = crm_json_get(json, "shipping");
	const struct crm_json *taxes = crm_json_get(json, "taxes");
	const struct crm_json *discounts = crm_json_get(json, "discounts");
	int i;

	for (i = 0; i < 3; i++)
		assert_int_equal(money(json, sides[i]),
		    sum_of(lines, sides[i]) + money_or_0(shipping, sides[i]));
	assert_int_equal(money(json, "total"),
	    money(json, "net") + money(json, "tax"));
	assert_int_equal(money(json, "net"), sum_of(taxes, "net"));
	assert_int_equal(money(json, "tax"), sum_of(taxes, "tax"));
	assert_int_equal(money(json, "subtotal"), sum_of(lines, "subtotal"));
	assert_int_equal(money(json, "discount"), sum_of(lines, "discount"));
	assert_int_equal(sum_of(discounts, "amount"),
	    money(json, "discount") + money_or_0(shipping, "discount"));
}

static void
lines_add_up(const struct crm_json *json, bool inclusive)
{
	const char *side = inclusive ? "total" : "net";
	const struct crm_json *lines = crm_json_get(json, "lines"), *item;
	const struct crm_json *shipping = crm_json_get(json, "shipping");

	for (item = crm_json_first(lines); item != NULL;
	     item = crm_json_next(item)) {
		assert_int_equal(money(item, "total"),
		    money(item, "net") + money(item, "tax"));
		assert_int_equal(money(item, side), money(item, "subtotal") -
		    money(item, "discount"));
		assert_int_equal(money(item, "discount"),
		    sum_of(crm_json_get(item, "discounts"), "amount"));
		assert_int_equal(money(item, "subtotal"),
		    money(item, "unit_price") *
		    crm_json_integer_of(item, "quantity", 0));
	}
	if (crm_json_type(shipping) == CRM_JSON_OBJECT)
		assert_int_equal(money(shipping, side), money(shipping,
		    "price") - money(shipping, "discount"));
}

static void
look_at_sums(struct model *model)
{
	const struct crm_json *json = quote(model, NULL), *item;
	const struct crm_json *shipping = crm_json_get(json, "shipping");
	int64_t all, free = money_or_0(shipping, "discount");

	adds_up(json);
	lines_add_up(json, model->inclusive);
	for (item = crm_json_first(crm_json_get(json, "discounts"));
	     item != NULL; item = crm_json_next(item)) {
		if (crm_json_text_of(item, "promotion_id") == NULL)
			continue;
		all = shared(crm_json_get(json, "lines"),
		    crm_json_text_of(item, "promotion_id"));
		assert_int_equal(money(item, "amount"),
		    all == 0 ? free : all);
	}
}

static void
sums_to_the_whole(void **state)
{
	(void)state;
	for_carts(look_at_sums);
}

static void
look_at_reckoning(struct model *model)
{
	const struct crm_json *json = quote(model, NULL), *item;
	struct reckoning reckoning;
	int i;

	reckon(model, &reckoning);
	assert_int_equal(money(json, "total"), reckoning.total);
	assert_int_equal(money(json, "tax"), reckoning.tax);
	assert_int_equal(money(json, "discount"), reckoning.discount);
	if (model->loyalty.known) {
		const struct crm_json *points = crm_json_get(json, "points");

		assert_int_equal(crm_json_integer_of(points, "redeemed", -1),
		    reckoning.redeemed);
		assert_int_equal(crm_json_integer_of(points, "earns", -1),
		    reckoning.earns);
		if (model->loyalty.kind >= 0)
			assert_int_equal(money(crm_json_get(json, "reward"),
			    "amount"), reckoning.rewarded);
	}
	item = crm_json_first(crm_json_get(json, "lines"));
	for (i = 0; i < model->line_count; i++, item = crm_json_next(item))
		assert_int_equal(money(item, "total"),
		    reckoning.line_totals[i]);
	for (item = crm_json_first(crm_json_get(json, "discounts"));
	     item != NULL; item = crm_json_next(item))
		if (crm_json_text_of(item, "promotion_id") != NULL)
			assert_true(reckoning.chosen[atoi(crm_json_text_of(
			    item, "promotion_id"))]);
}

static void
agrees_with_brute_force(void **state)
{
	(void)state;
	for_carts(look_at_reckoning);
}

/* Swaps two of `count` things of a size at random, some times. */
static void
shuffle(void *things, int count, size_t size)
{
	char *base = things, kept[sizeof(struct promotion) +
	    sizeof(struct line)];
	int i, j;

	for (i = count - 1; i > 0; i--) {
		j = (int)random_below(i + 1);
		memcpy(kept, base + (size_t)i * size, size);
		memmove(base + (size_t)i * size, base + (size_t)j * size,
		    size);
		memcpy(base + (size_t)j * size, kept, size);
	}
}

static const struct crm_json *
by_id(const struct crm_json *list, const char *id)
{
	const struct crm_json *item;

	for (item = crm_json_first(list); item != NULL;
	     item = crm_json_next(item))
		if (strcmp(crm_json_text_of(item, "id"), id) == 0)
			return item;
	return NULL;
}

static const char *
text_of(const struct crm_json *json)
{
	struct crm_text text;

	crm_text_init(&text, arena);
	crm_json_print(&text, json);
	return text.data;
}

static void
look_at_line_order(struct model *model)
{
	static const char *const wholes[] = { "discounts", "subtotal",
	    "discount", "shipping", "shipping_methods", "taxes", "net",
	    "tax", "total" };
	const struct crm_json *before = quote(model, NULL), *after, *line;
	size_t i;

	shuffle(model->lines, model->line_count, sizeof(model->lines[0]));
	after = quote(model, NULL);
	for (i = 0; i < sizeof(wholes) / sizeof(wholes[0]); i++)
		assert_string_equal(text_of(crm_json_get(before, wholes[i])),
		    text_of(crm_json_get(after, wholes[i])));
	before = crm_json_get(before, "lines");
	line = crm_json_first(crm_json_get(after, "lines"));
	for (; line != NULL; line = crm_json_next(line))
		assert_string_equal(text_of(line), text_of(by_id(before,
		    crm_json_text_of(line, "id"))));
}

static void
ignores_the_order_of_lines(void **state)
{
	(void)state;
	for_carts(look_at_line_order);
}

static void
look_at_promotion_order(struct model *model)
{
	const char *before, *after;

	quote(model, &before);
	shuffle(model->promotions, model->promotion_count,
	    sizeof(model->promotions[0]));
	quote(model, &after);
	assert_string_equal(before, after);
}

static void
ignores_the_order_of_promotions(void **state)
{
	(void)state;
	for_carts(look_at_promotion_order);
}

/* One group, or exclusive all: the total is the least of those that each
 * leaves alone, and of that without any. */
static void
look_at_one_group(struct model *model)
{
	struct model alone;
	int64_t total, least;
	int i, exclusive = (int)random_below(2);

	/* A gift is chosen for its price, not for the total. */
	for (i = 0; i < model->promotion_count; i++) {
		model->promotions[i].kind %= BY_GIFT;
		model->promotions[i].group = 0;
		model->promotions[i].exclusive = exclusive == 1;
	}
	model->loyalty.known = false;
	alone = *model;
	alone.promotion_count = 0;
	least = money(quote(&alone, NULL), "total");
	alone.promotion_count = 1;
	for (i = 0; i < model->promotion_count; i++) {
		alone.promotions[0] = model->promotions[i];
		total = money(quote(&alone, NULL), "total");
		least = total < least ? total : least;
	}
	assert_int_equal(money(quote(model, NULL), "total"), least);
}

static void
takes_the_best_of_a_group(void **state)
{
	(void)state;
	for_carts(look_at_one_group);
}

/* Neither promotions nor points make a cart dearer; and of points no more is
 * taken than there are, and than comes off. */
static void
look_at_gain(struct model *model)
{
	const struct crm_json *json = quote(model, NULL), *points;
	int64_t with = money(json, "total"), redeemed;

	if (model->loyalty.known) {
		points = crm_json_get(json, "points");
		redeemed = crm_json_integer_of(points, "redeemed", -1);
		assert_in_range(redeemed, 0, model->loyalty.wanted);
		if (redeemed > 0)
			assert_true(redeemed <= model->loyalty.balance);
		assert_int_equal(money(points, "amount"), redeemed *
		    model_units(model) / 100);
		assert_int_equal(redeemed * model_units(model) % 100, 0);
		model->loyalty.known = false;
		assert_true(with <= money(quote(model, NULL), "total"));
	}
	model->promotion_count = 0;
	assert_true(with <= money(quote(model, NULL), "total"));
}

static void
never_costs_more(void **state)
{
	(void)state;
	for_carts(look_at_gain);
}

/* Gross prices that were made from net ones lead back to the same net. */
static void
look_at_modes(struct model *model)
{
	const struct crm_json *net, *gross;
	int i;

	model->promotion_count = 0;
	model->loyalty.known = false;
	model->method_count = 0;
	model->method = -1;
	model->inclusive = false;
	net = quote(model, NULL);
	model->inclusive = true;
	for (i = 0; i < model->line_count; i++) {
		gross = crm_json_first(crm_json_get(net, "lines"));
		for (int skip = i; skip > 0; skip--)
			gross = crm_json_next(gross);
		model->lines[i].quantity = 1;
		model->lines[i].unit = money(gross, "total");
	}
	gross = quote(model, NULL);
	assert_int_equal(money(gross, "total"), money(net, "total"));
	assert_int_equal(money(gross, "net"), money(net, "net"));
	assert_string_equal(text_of(crm_json_get(gross, "taxes")),
	    text_of(crm_json_get(net, "taxes")));
}

static void
goes_from_net_to_gross_and_back(void **state)
{
	(void)state;
	for_carts(look_at_modes);
}

/* What a method is said to cost is what it costs once it is chosen. */
static void
look_at_methods(struct model *model)
{
	const struct crm_json *json = quote(model, NULL), *item, *shipping;

	item = crm_json_first(crm_json_get(json, "shipping_methods"));
	for (; item != NULL; item = crm_json_next(item)) {
		model->method = atoi(crm_json_text_of(item, "method_id"));
		shipping = crm_json_get(quote(model, NULL), "shipping");
		assert_int_equal(money(item, "price"),
		    money(shipping, "price"));
		assert_int_equal(money(item, "total"),
		    money(shipping, "total"));
	}
}

static void
tells_each_methods_price(void **state)
{
	(void)state;
	for_carts(look_at_methods);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_to_the_whole),
		cmocka_unit_test(agrees_with_brute_force),
		cmocka_unit_test(ignores_the_order_of_lines),
		cmocka_unit_test(ignores_the_order_of_promotions),
		cmocka_unit_test(takes_the_best_of_a_group),
		cmocka_unit_test(never_costs_more),
		cmocka_unit_test(goes_from_net_to_gross_and_back),
		cmocka_unit_test(tells_each_methods_price),
	};
	int failed;

	random_seed();
	arena = crm_arena_new(64 << 20);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	crm_arena_free(arena);
	return failed;
}
