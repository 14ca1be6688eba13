/* SPDX-License-Identifier: ISC */
/* Facts of a cart, read from JSON with every bound checked. */
#include <stdlib.h>
#include <string.h>

#include <crm/money.h>

#include "pricing_private.h"

struct reader {
	struct pricing_cart	*cart;
	const char		*why;
};

static bool
refuse(struct reader *reader, const char *why)
{
	if (reader->why == NULL)
		reader->why = why;
	return false;
}

static bool
absent(const struct crm_json *json)
{
	return crm_json_type(json) <= CRM_JSON_NULL;
}

/* A text or a number, as ids may be; NULL for anything else. */
static const char *
word(const struct crm_json *object, const char *name)
{
	const struct crm_json *json = crm_json_get(object, name);

	if (crm_json_type(json) != CRM_JSON_STRING &&
	    crm_json_type(json) != CRM_JSON_NUMBER)
		return NULL;
	return crm_json_text(json);
}

/* A text, or NULL where there is none; false for anything else. */
static bool
text(const struct crm_json *object, const char *name, const char **result)
{
	const struct crm_json *json = crm_json_get(object, name);

	*result = NULL;
	if (absent(json))
		return true;
	if (crm_json_type(json) != CRM_JSON_STRING)
		return false;
	*result = crm_json_text(json);
	return true;
}

/* An id that may be left out. */
static bool
reference(const struct crm_json *object, const char *name, const char **result)
{
	*result = word(object, name);
	return *result != NULL || absent(crm_json_get(object, name));
}

/* An integer from `least` to `most`; where there is none, `fallback`. */
static bool
integer(const struct crm_json *object, const char *name, int64_t least,
    int64_t most, int64_t fallback, int64_t *result)
{
	const struct crm_json *json = crm_json_get(object, name);

	*result = fallback;
	if (absent(json))
		return true;
	return crm_json_integer(json, result) && *result >= least &&
	    *result <= most;
}

/* An integer that must be there. */
static bool
number(const struct crm_json *object, const char *name, int64_t least,
    int64_t most, int64_t *result)
{
	return !absent(crm_json_get(object, name)) &&
	    integer(object, name, least, most, 0, result);
}

static bool
flag(const struct crm_json *object, const char *name, bool *result)
{
	const struct crm_json *json = crm_json_get(object, name);

	*result = crm_json_type(json) == CRM_JSON_TRUE;
	return absent(json) || *result ||
	    crm_json_type(json) == CRM_JSON_FALSE;
}

/* An exact decimal that isn't negative, as text or number, in units of
 * 10^-places; more places may only be zeros. */
static bool
decimal(const struct crm_json *object, const char *name, int places,
    int64_t most, int64_t *result)
{
	const char *at = word(object, name);
	int seen = -1;			/* digits after the point */
	int64_t value = 0;

	if (at == NULL || *at < '0' || *at > '9')
		return false;
	for (; *at != '\0'; at++) {
		if (*at == '.' && seen < 0 && at[1] != '\0') {
			seen = 0;
			continue;
		}
		if (*at < '0' || *at > '9')
			return false;
		if (seen >= places) {
			if (*at != '0')
				return false;
			continue;
		}
		value = value * 10 + (*at - '0');
		if (value > most)
			return false;
		seen += seen >= 0;
	}
	for (seen = seen < 0 ? 0 : seen; seen < places; seen++) {
		value *= 10;
		if (value > most)
			return false;
	}
	*result = value;
	return true;
}

static bool
tax(const struct crm_json *object, struct pricing_tax *result)
{
	return decimal(object, "tax_rate", 6, PRICING_MILLION,
	    &result->rate) && text(object, "tax_name", &result->name);
}

/* A list of ids, or NULL if it is absent or empty. */
static bool
ids(const struct crm_json *object, const char *name,
    const struct crm_json **result)
{
	const struct crm_json *json = crm_json_get(object, name), *item;

	*result = NULL;
	if (absent(json))
		return true;
	if (crm_json_type(json) != CRM_JSON_ARRAY)
		return false;
	for (item = crm_json_first(json); item != NULL;
	     item = crm_json_next(item))
		if (crm_json_type(item) != CRM_JSON_STRING &&
		    crm_json_type(item) != CRM_JSON_NUMBER)
			return false;
	if (crm_json_first(json) != NULL)
		*result = json;
	return true;
}

/* The list of that name: its length is told and everything in it is an
 * object.  An absent one is empty. */
static bool
list(const struct crm_json *facts, const char *name, int most,
    const struct crm_json **first, int *count)
{
	const struct crm_json *json = crm_json_get(facts, name), *item;

	*first = NULL;
	*count = 0;
	if (absent(json))
		return true;
	if (crm_json_type(json) != CRM_JSON_ARRAY)
		return false;
	*first = crm_json_first(json);
	for (item = *first; item != NULL; item = crm_json_next(item))
		if (++*count > most ||
		    crm_json_type(item) != CRM_JSON_OBJECT)
			return false;
	return true;
}

static bool
read_line(struct reader *reader, struct pricing_line *line,
    const struct crm_json *facts)
{
	struct pricing_cart *cart = reader->cart;
	int64_t grams;

	line->facts = facts;
	line->id = word(facts, "id");
	if (line->id == NULL ||
	    !reference(facts, "product_id", &line->product_id) ||
	    !reference(facts, "brand_id", &line->brand_id) ||
	    !ids(facts, "category_ids", &line->category_ids))
		return refuse(reader, "A line's ids are malformed");
	if (!number(facts, "quantity", 1, PRICING_QUANTITY_MOST,
	    &line->quantity))
		return refuse(reader, "A line's quantity is malformed");
	if (!number(facts, "unit_amount", 0, INT64_MAX, &line->unit) ||
	    !integer(facts, "added_unit_amount", 0, INT64_MAX, -1,
	    &line->added))
		return refuse(reader, "A line's price is malformed");
	if (!integer(facts, "weight_grams", 0, INT64_MAX, 0, &line->weight))
		return refuse(reader, "A line's weight is malformed");
	if (!tax(facts, &line->tax))
		return refuse(reader, "A line's tax is malformed");
	if (__builtin_mul_overflow(line->unit, line->quantity,
	    &line->subtotal) || __builtin_add_overflow(cart->subtotal,
	    line->subtotal, &cart->subtotal))
		return refuse(reader, "The lines cost too much");
	if (__builtin_mul_overflow(line->weight, line->quantity, &grams) ||
	    __builtin_add_overflow(cart->grams, grams, &cart->grams))
		return refuse(reader, "The lines weigh too much");
	return true;
}

static int
compare_lines(const void *a, const void *b)
{
	const struct pricing_line *first = *(struct pricing_line *const *)a;
	const struct pricing_line *second = *(struct pricing_line *const *)b;

	return strcmp(first->id, second->id);
}

static void *
some(struct reader *reader, int count, size_t size)
{
	return crm_alloc(reader->cart->arena, (size_t)count * size + 1);
}

static bool
read_lines(struct reader *reader, const struct crm_json *facts)
{
	struct pricing_cart *cart = reader->cart;
	const struct crm_json *item;
	int i;

	if (crm_json_type(crm_json_get(facts, "lines")) != CRM_JSON_ARRAY ||
	    !list(facts, "lines", PRICING_LINES_MOST, &item,
	    &cart->line_count))
		return refuse(reader, "The lines are malformed or too many");
	cart->lines = some(reader, cart->line_count, sizeof(*cart->lines));
	cart->ordered = some(reader, cart->line_count,
	    sizeof(*cart->ordered));
	cart->weights = some(reader, cart->line_count, sizeof(int64_t));
	cart->parts = some(reader, cart->line_count, sizeof(int64_t));
	for (i = 0; i < cart->line_count; i++, item = crm_json_next(item)) {
		if (!read_line(reader, &cart->lines[i], item))
			return false;
		cart->ordered[i] = &cart->lines[i];
	}
	qsort(cart->ordered, (size_t)cart->line_count,
	    sizeof(*cart->ordered), compare_lines);
	for (i = 1; i < cart->line_count; i++)
		if (compare_lines(&cart->ordered[i - 1],
		    &cart->ordered[i]) == 0)
			return refuse(reader, "Two lines have one id");
	return true;
}

/* A gift is a line that weighs nothing. */
static bool
read_gift(struct reader *reader, struct pricing_promotion *promotion,
    const struct crm_json *facts)
{
	const struct crm_json *gift = crm_json_get(facts, "gift");
	int64_t grams = reader->cart->grams;

	promotion->gift = some(reader, 1, sizeof(*promotion->gift));
	if (crm_json_type(gift) != CRM_JSON_OBJECT)
		return false;
	if (!read_line(reader, promotion->gift, gift))
		return false;
	reader->cart->grams = grams;
	return promotion->gift->subtotal <= PRICING_GIFT_MOST;
}

static bool
read_effect(struct reader *reader, struct pricing_promotion *promotion,
    const struct crm_json *facts)
{
	const char *kind, *level;
	bool good = true;

	if (!text(facts, "kind", &kind) || kind == NULL ||
	    !text(facts, "level", &level) || (level != NULL &&
	    strcmp(level, "line") != 0 && strcmp(level, "order") != 0))
		return refuse(reader, "A promotion's kind is malformed");
	promotion->by_line = level != NULL && strcmp(level, "line") == 0;
	if (strcmp(kind, "percent") == 0) {
		promotion->kind = PRICING_PERCENT;
		good = decimal(facts, "percent", 4, PRICING_MILLION,
		    &promotion->percent);
	} else if (strcmp(kind, "amount") == 0) {
		promotion->kind = PRICING_AMOUNT;
		good = number(facts, "amount", 0, INT64_MAX,
		    &promotion->amount);
	} else if (strcmp(kind, "buy_x_get_y") == 0) {
		promotion->kind = PRICING_BUY_X_GET_Y;
		good = number(facts, "buy", 1, PRICING_QUANTITY_MOST,
		    &promotion->buy) && number(facts, "get", 1,
		    PRICING_QUANTITY_MOST, &promotion->get);
	} else if (strcmp(kind, "gift") == 0) {
		promotion->kind = PRICING_GIFT;
		good = read_gift(reader, promotion, facts);
	} else if (strcmp(kind, "free_shipping") == 0)
		promotion->kind = PRICING_FREE_SHIPPING;
	else
		return refuse(reader, "A promotion's kind is malformed");
	return good || refuse(reader, "A promotion's effect is malformed");
}

static bool
read_promotion(struct reader *reader, struct pricing_promotion *promotion,
    const struct crm_json *facts)
{
	promotion->facts = facts;
	promotion->id = word(facts, "id");
	if (promotion->id == NULL ||
	    !text(facts, "name", &promotion->name) ||
	    promotion->name == NULL ||
	    !text(facts, "code", &promotion->code) ||
	    !text(facts, "stacking_group", &promotion->group) ||
	    !text(facts, "created_at", &promotion->created_at))
		return refuse(reader, "A promotion's names are malformed");
	if (promotion->group == NULL)
		promotion->group = "";
	if (promotion->created_at == NULL)
		promotion->created_at = "";
	if (!integer(facts, "minimum_amount", 0, INT64_MAX, 0,
	    &promotion->minimum) ||
	    !ids(facts, "category_ids", &promotion->category_ids) ||
	    !ids(facts, "brand_ids", &promotion->brand_ids) ||
	    !ids(facts, "product_ids", &promotion->product_ids))
		return refuse(reader, "A promotion's conditions are "
		    "malformed");
	if (!integer(facts, "priority", INT64_MIN, INT64_MAX, 0,
	    &promotion->priority) ||
	    !flag(facts, "exclusive", &promotion->exclusive))
		return refuse(reader, "A promotion's rank is malformed");
	return read_effect(reader, promotion, facts);
}

static bool
read_promotions(struct reader *reader, const struct crm_json *facts)
{
	struct pricing_cart *cart = reader->cart;
	const struct crm_json *item;
	int64_t goods = cart->subtotal;
	int i;

	if (!list(facts, "promotions", PRICING_PROMOTIONS_MOST, &item,
	    &cart->promotion_count))
		return refuse(reader, "The promotions are malformed or too "
		    "many");
	cart->promotions = some(reader, cart->promotion_count,
	    sizeof(*cart->promotions));
	for (i = 0; item != NULL; i++, item = crm_json_next(item)) {
		cart->promotions[i].takes = some(reader, cart->line_count,
		    sizeof(bool));
		if (!read_promotion(reader, &cart->promotions[i], item))
			return false;
	}
	cart->goods = goods;
	for (i = 0; i < cart->line_count; i++)
		cart->lines[i].shares = some(reader, cart->promotion_count,
		    sizeof(int64_t));
	return true;
}

static bool
read_reward(struct pricing_loyalty *loyalty, const struct crm_json *facts)
{
	const char *kind;

	if (absent(facts))
		return true;
	if (crm_json_type(facts) != CRM_JSON_OBJECT ||
	    word(facts, "id") == NULL || !text(facts, "name", &loyalty->name) ||
	    loyalty->name == NULL || !text(facts, "kind", &kind) ||
	    kind == NULL ||
	    !number(facts, "cost", 1, INT64_MAX, &loyalty->cost))
		return false;
	loyalty->reward = facts;
	loyalty->kind = PRICING_FREE_SHIPPING;
	if (strcmp(kind, "free_shipping") == 0)
		return true;
	if (strcmp(kind, "percent_off") == 0) {
		loyalty->kind = PRICING_PERCENT;
		return decimal(facts, "percent", 4, PRICING_MILLION,
		    &loyalty->percent);
	}
	loyalty->kind = PRICING_AMOUNT;
	return strcmp(kind, "amount_off") == 0 &&
	    number(facts, "amount", 0, INT64_MAX, &loyalty->amount);
}

/* A guest has none. */
static bool
read_loyalty(struct reader *reader, const struct crm_json *facts)
{
	struct pricing_loyalty *loyalty = &reader->cart->loyalty;
	const struct crm_json *json = crm_json_get(facts, "loyalty");

	if (absent(json))
		return true;
	loyalty->known = true;
	if (crm_json_type(json) != CRM_JSON_OBJECT ||
	    !number(json, "balance", INT64_MIN, INT64_MAX,
	    &loyalty->balance) ||
	    !integer(json, "wanted", 0, INT64_MAX, 0, &loyalty->wanted) ||
	    !decimal(json, "multiplier", 6, PRICING_MULTIPLIER_MOST,
	    &loyalty->multiplier))
		return refuse(reader, "The points are malformed");
	return read_reward(loyalty, crm_json_get(json, "reward")) ||
	    refuse(reader, "The reward is malformed");
}

static bool
read_steps(struct reader *reader, struct pricing_method *method,
    const struct crm_json *facts)
{
	const struct crm_json *item;
	int i;

	if (!list(facts, "steps", PRICING_STEPS_MOST, &item,
	    &method->step_count) || method->step_count == 0)
		return false;
	method->steps = some(reader, method->step_count,
	    sizeof(*method->steps));
	for (i = 0; item != NULL; i++, item = crm_json_next(item))
		if (!number(item, "from", 0, INT64_MAX,
		    &method->steps[i].from) ||
		    !number(item, "amount", 0, INT64_MAX,
		    &method->steps[i].amount))
			return false;
	return true;
}

static bool
read_method(struct reader *reader, struct pricing_method *method,
    const struct crm_json *facts)
{
	const char *by;

	method->facts = facts;
	method->id = word(facts, "id");
	if (method->id == NULL || !text(facts, "name", &method->name) ||
	    method->name == NULL || !text(facts, "by", &by) || by == NULL)
		return refuse(reader, "A shipping method's names are "
		    "malformed");
	if (strcmp(by, "weight") == 0)
		method->by = PRICING_WEIGHT;
	else if (strcmp(by, "total") == 0)
		method->by = PRICING_TOTAL;
	else if (strcmp(by, "flat") != 0)
		return refuse(reader, "A shipping method goes by something "
		    "unknown");
	if (!read_steps(reader, method, facts) ||
	    !integer(facts, "free_from", 0, INT64_MAX, -1,
	    &method->free_from))
		return refuse(reader, "A shipping method's prices are "
		    "malformed");
	return tax(facts, &method->tax) ||
	    refuse(reader, "A shipping method's tax is malformed");
}

static bool
read_shipping(struct reader *reader, const struct crm_json *facts)
{
	struct pricing_cart *cart = reader->cart;
	const struct crm_json *item;
	const char *chosen;
	int i;

	if (!list(facts, "shipping", PRICING_METHODS_MOST, &item,
	    &cart->method_count) ||
	    !reference(facts, "shipping_method_id", &chosen))
		return refuse(reader, "Shipping is malformed or has too many "
		    "methods");
	cart->methods = some(reader, cart->method_count,
	    sizeof(*cart->methods));
	for (i = 0; item != NULL; i++, item = crm_json_next(item)) {
		if (!read_method(reader, &cart->methods[i], item))
			return false;
		if (chosen != NULL && cart->method == NULL &&
		    strcmp(cart->methods[i].id, chosen) == 0)
			cart->method = &cart->methods[i];
	}
	return true;
}

bool
crm_pricing_read(struct pricing_cart *cart, const struct crm_json *facts,
    const char **why)
{
	struct reader reader = { .cart = cart };
	const char *mode;
	bool good = false;

	cart->currency = crm_json_text_of(facts, "currency");
	mode = crm_json_text_of(facts, "tax_mode");
	if (crm_currency_digits(cart->currency) < 0)
		refuse(&reader, "The currency is none");
	else if (mode == NULL || (strcmp(mode, "inclusive") != 0 &&
	    strcmp(mode, "exclusive") != 0))
		refuse(&reader, "The tax mode is neither inclusive nor "
		    "exclusive");
	else {
		cart->inclusive = strcmp(mode, "inclusive") == 0;
		good = read_lines(&reader, facts) &&
		    read_promotions(&reader, facts) &&
		    read_loyalty(&reader, facts) &&
		    read_shipping(&reader, facts);
	}
	if (why != NULL)
		*why = reader.why;
	return good;
}
