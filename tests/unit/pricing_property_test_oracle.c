/* SPDX-License-Identifier: ISC */
/*
 * The rules of promotions, tax and shipping a second time, from their words
 * and not from lib/pricing.c: long division by hand, every choice tried,
 * each piece of a line on its own where the rule speaks of pieces.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "pricing_model.h"

static void
print_ids(struct crm_text *out, const char *name, char letter, int bits)
{
	int i, count = 0;

	crm_text_printf(out, ",\"%s\":[", name);
	for (i = 0; i < 8; i++)
		if (bits & 1 << i)
			crm_text_printf(out, "%s\"%c%d\"",
			    count++ ? "," : "", letter, i);
	crm_text_puts(out, "]");
}

static void
print_line(struct crm_text *out, const struct line *line)
{
	crm_text_printf(out, "{\"id\":\"%d\",\"quantity\":%" PRId64
	    ",\"unit_amount\":%" PRId64 ",\"weight_grams\":%" PRId64
	    ",\"tax_rate\":\"0.%06" PRId64 "\",\"tax_name\":null,"
	    "\"brand_id\":\"b%d\",\"product_id\":\"p%d\"", line->id,
	    line->quantity, line->unit, line->grams, line->rate, line->brand,
	    line->product);
	print_ids(out, "category_ids", 'c', line->categories);
	crm_text_puts(out, "}");
}

static void
print_promotion(struct crm_text *out, const struct promotion *promotion)
{
	static const char *const kinds[] = { "percent", "amount",
	    "free_shipping", "buy_x_get_y", "gift" };

	crm_text_printf(out, "{\"id\":%d,\"name\":\"n\",\"kind\":\"%s\","
	    "\"level\":\"%s\",\"percent\":\"%" PRId64 ".%04" PRId64 "\","
	    "\"amount\":%" PRId64 ",\"buy\":%" PRId64 ",\"get\":%" PRId64
	    ",\"minimum_amount\":%" PRId64 ",\"priority\":%" PRId64
	    ",\"stacking_group\":\"g%d\",\"exclusive\":%s,\"created_at\":"
	    "\"2026-01-01T00:00:0%" PRId64 "+00:00\"", promotion->id,
	    kinds[promotion->kind], promotion->by_line ? "line" : "order",
	    promotion->percent / 10000, promotion->percent % 10000,
	    promotion->amount, promotion->buy, promotion->get,
	    promotion->minimum, promotion->priority, promotion->group,
	    promotion->exclusive ? "true" : "false", promotion->age);
	if (promotion->kind == BY_GIFT)
		crm_text_printf(out, ",\"gift\":{\"id\":\"g%d\","
		    "\"quantity\":%" PRId64 ",\"unit_amount\":%" PRId64
		    ",\"weight_grams\":900,\"tax_rate\":\"0.%06" PRId64
		    "\"}", promotion->id, promotion->gift_pieces,
		    promotion->gift_unit, promotion->gift_rate);
	print_ids(out, "category_ids", 'c', promotion->categories);
	print_ids(out, "brand_ids", 'b', promotion->brands);
	print_ids(out, "product_ids", 'p', promotion->products);
	crm_text_puts(out, "}");
}

static void
print_method(struct crm_text *out, const struct method *method)
{
	static const char *const bys[] = { "flat", "weight", "total" };
	int i;

	crm_text_printf(out, "{\"id\":%d,\"name\":\"m\",\"by\":\"%s\","
	    "\"tax_rate\":\"0.%06" PRId64 "\",\"steps\":[", method->id,
	    bys[method->by], method->rate);
	for (i = 0; i < method->step_count; i++)
		crm_text_printf(out, "%s{\"from\":%" PRId64 ",\"amount\":%"
		    PRId64 "}", i == 0 ? "" : ",", method->from[i],
		    method->price[i]);
	crm_text_puts(out, "]");
	if (method->free_from >= 0)
		crm_text_printf(out, ",\"free_from\":%" PRId64,
		    method->free_from);
	crm_text_puts(out, "}");
}

static void
print_loyalty(struct crm_text *out, const struct loyalty *loyalty)
{
	static const char *const kinds[] = { "percent_off", "amount_off",
	    "free_shipping" };

	if (!loyalty->known)
		return;
	crm_text_printf(out, ",\"loyalty\":{\"balance\":%" PRId64
	    ",\"wanted\":%" PRId64 ",\"multiplier\":\"%" PRId64 ".%06" PRId64
	    "\"", loyalty->balance, loyalty->wanted,
	    loyalty->multiplier / 1000000, loyalty->multiplier % 1000000);
	if (loyalty->kind >= 0)
		crm_text_printf(out, ",\"reward\":{\"id\":\"r\",\"name\":"
		    "\"R\",\"kind\":\"%s\",\"percent\":\"%" PRId64 ".%04"
		    PRId64 "\",\"amount\":%" PRId64 ",\"cost\":%" PRId64 "}",
		    kinds[loyalty->kind], loyalty->percent / 10000,
		    loyalty->percent % 10000, loyalty->amount, loyalty->cost);
	crm_text_puts(out, "}");
}

static const struct {
	const char	*code;
	int64_t		 units;
} currencies[] = { { "EUR", 100 }, { "JPY", 1 }, { "KWD", 1000 } };

int64_t
model_units(const struct model *model)
{
	return currencies[model->currency].units;
}

void
model_print(struct crm_text *out, const struct model *model)
{
	int i;

	crm_text_printf(out, "{\"currency\":\"%s\",\"tax_mode\":\"%s\","
	    "\"lines\":[", currencies[model->currency].code,
	    model->inclusive ? "inclusive" : "exclusive");
	for (i = 0; i < model->line_count; i++) {
		crm_text_puts(out, i == 0 ? "" : ",");
		print_line(out, &model->lines[i]);
	}
	crm_text_puts(out, "],\"promotions\":[");
	for (i = 0; i < model->promotion_count; i++) {
		crm_text_puts(out, i == 0 ? "" : ",");
		print_promotion(out, &model->promotions[i]);
	}
	crm_text_puts(out, "],\"shipping\":[");
	for (i = 0; i < model->method_count; i++) {
		crm_text_puts(out, i == 0 ? "" : ",");
		print_method(out, &model->methods[i]);
	}
	crm_text_puts(out, "]");
	if (model->method >= 0)
		crm_text_printf(out, ",\"shipping_method_id\":%d",
		    model->method);
	print_loyalty(out, &model->loyalty);
	crm_text_puts(out, "}");
}

/* a × b / c of what isn't negative, half up. */
static int64_t
part(int64_t a, int64_t b, int64_t c)
{
	int64_t whole = a * b / c;

	return whole + (2 * (a * b - whole * c) >= c);
}

static bool
counts(const struct promotion *promotion, const struct line *line)
{
	return (promotion->brands == 0 ||
	    (promotion->brands >> line->brand & 1)) &&
	    (promotion->products == 0 ||
	    (promotion->products >> line->product & 1)) &&
	    (promotion->categories == 0 ||
	    (promotion->categories & line->categories));
}

static bool
applies(const struct model *model, const struct promotion *promotion)
{
	int64_t sum = 0;
	int i, lines = 0;

	for (i = 0; i < model->line_count; i++)
		if (counts(promotion, &model->lines[i])) {
			sum += model->lines[i].unit *
			    model->lines[i].quantity;
			lines++;
		}
	return lines > 0 && sum >= promotion->minimum;
}

/* Which of n pieces are free, one by one. */
static int64_t
given_away(const struct promotion *promotion, int64_t n)
{
	int64_t i, given = 0;

	for (i = 0; i < n; i++)
		given += i % (promotion->buy + promotion->get) >=
		    promotion->buy;
	return given;
}

/* Hands out `amount` cent by cent of what the exact parts leave: the one
 * with the most left first, then the lower id. */
static void
hand_out(int64_t amount, const int64_t *weights, int64_t *left,
    const struct model *model)
{
	int64_t whole = 0, rest[LINES] = { 0 }, parts[LINES] = { 0 };
	int i, best;

	for (i = 0; i < model->line_count; i++)
		whole += weights[i];
	if (whole == 0)
		return;
	for (i = 0; i < model->line_count; i++) {
		parts[i] = amount * weights[i] / whole;
		rest[i] = amount * weights[i] - parts[i] * whole;
	}
	for (i = 0; i < model->line_count; i++)
		amount -= parts[i];
	for (; amount > 0; amount--) {
		for (best = 0, i = 1; i < model->line_count; i++)
			if (rest[i] > rest[best] || (rest[i] == rest[best] &&
			    model->lines[i].id < model->lines[best].id))
				best = i;
		parts[best]++;
		rest[best] = -1;
	}
	for (i = 0; i < model->line_count; i++)
		left[i] -= parts[i];
}

static void
off_each_line(const struct model *model, const struct promotion *promotion,
    int64_t *left)
{
	const struct line *line;
	int64_t off = 0;
	int i;

	for (i = 0; i < model->line_count; i++) {
		line = &model->lines[i];
		if (!counts(promotion, line))
			continue;
		if (promotion->kind == BY_PERCENT)
			off = part(left[i], promotion->percent, 1000000);
		else if (promotion->kind == BY_AMOUNT)
			off = promotion->amount * line->quantity;
		else
			off = part(left[i], given_away(promotion,
			    line->quantity), line->quantity);
		left[i] -= off < left[i] ? off : left[i];
	}
}

static void
cheapest_off(const struct model *model, const struct promotion *promotion,
    int64_t *left)
{
	int64_t pieces = 0, of[LINES] = { 0 };
	int i, best;

	for (i = 0; i < model->line_count; i++)
		if (counts(promotion, &model->lines[i]))
			pieces += model->lines[i].quantity;
	for (pieces = given_away(promotion, pieces); pieces > 0; pieces--) {
		for (best = -1, i = 0; i < model->line_count; i++)
			if (counts(promotion, &model->lines[i]) &&
			    of[i] < model->lines[i].quantity && (best < 0 ||
			    model->lines[i].unit < model->lines[best].unit ||
			    (model->lines[i].unit ==
			    model->lines[best].unit && model->lines[i].id <
			    model->lines[best].id)))
				best = i;
		of[best]++;
	}
	for (i = 0; i < model->line_count; i++)
		left[i] -= part(left[i], of[i], model->lines[i].quantity);
}

static void
off_the_order(const struct model *model, const struct promotion *promotion,
    int64_t *left)
{
	int64_t weights[LINES] = { 0 }, whole = 0, off;
	int i;

	if (promotion->kind == BY_BUY_X_GET_Y) {
		cheapest_off(model, promotion, left);
		return;
	}
	for (i = 0; i < model->line_count; i++)
		if (counts(promotion, &model->lines[i]))
			whole += weights[i] = left[i];
	off = promotion->kind == BY_PERCENT ?
	    part(whole, promotion->percent, 1000000) : promotion->amount;
	hand_out(off < whole ? off : whole, weights, left, model);
}

/* Tax of an amount as priced. */
static int64_t
tax_of(const struct model *model, int64_t amount, int64_t rate)
{
	if (!model->inclusive)
		return part(amount, rate, 1000000);
	return amount - part(amount, 1000000, 1000000 + rate);
}

static int64_t
add_tax(const struct model *model, int64_t amount, int64_t tax)
{
	return model->inclusive ? amount : amount + tax;
}

/* -1 if the method isn't offered. */
static int64_t
price_of(const struct model *model, const struct method *method,
    int64_t goods)
{
	int64_t grams = 0, price = -1, measure;
	int i;

	for (i = 0; i < model->line_count; i++)
		grams += model->lines[i].grams * model->lines[i].quantity;
	measure = method->by == BY_WEIGHT ? grams : goods;
	for (i = 0; i < method->step_count; i++)
		if (method->from[i] <= measure)
			price = method->price[i];
	if (method->by == BY_FLAT)
		price = method->price[0];
	if (price >= 0 && method->free_from >= 0 &&
	    goods >= method->free_from)
		price = 0;
	return model->line_count == 0 ? -1 : price;
}

static bool
has_reward(const struct loyalty *loyalty)
{
	return loyalty->known && loyalty->kind >= 0 &&
	    loyalty->balance >= loyalty->cost;
}

/* The reward, then point by point as long as there is something to pay and a
 * whole coin for them. */
static void
spend(const struct model *model, int64_t *left, struct reckoning *reckoning)
{
	const struct loyalty *loyalty = &model->loyalty;
	int64_t weights[LINES] = { 0 }, whole = 0, off = 0, points = 0;
	int64_t have = loyalty->balance, units = model_units(model);
	int64_t step = units < 100 ? 100 / units : 1;
	int i;

	for (i = 0; i < model->line_count; i++)
		whole += weights[i] = left[i];
	if (has_reward(loyalty)) {
		have -= loyalty->cost;
		if (loyalty->kind == BY_PERCENT)
			off = part(whole, loyalty->percent, 1000000);
		else if (loyalty->kind == BY_AMOUNT)
			off = loyalty->amount;
		off = off < whole ? off : whole;
		hand_out(off, weights, left, model);
		reckoning->rewarded = off;
		whole -= off;
	}
	while (loyalty->known && points + step <= loyalty->wanted &&
	    points + step <= have && (points + step) * units <= whole * 100)
		points += step;
	for (i = 0; i < model->line_count; i++)
		weights[i] = left[i];
	hand_out(points * units / 100, weights, left, model);
	reckoning->redeemed = points;
}

/* What is to pay when the promotions set[0 .. count) apply, in that order. */
static void
pay(const struct model *model, struct promotion *const *set, int count,
    bool loyal, struct reckoning *reckoning)
{
	int64_t left[LINES] = { 0 }, goods = 0, paid = 0, price, tax;
	bool free = false;
	int i, line;

	memset(reckoning, 0, sizeof(*reckoning));
	for (i = 0; i < model->line_count; i++)
		left[i] = model->lines[i].unit * model->lines[i].quantity;
	for (line = 1; line >= 0; line--)
		for (i = 0; i < count; i++) {
			reckoning->chosen[set[i]->id] = true;
			if (set[i]->kind == BY_GIFT)
				reckoning->discount += line ? 0 :
				    set[i]->gift_pieces * set[i]->gift_unit;
			else if (set[i]->kind == BY_FREE_SHIPPING)
				free = true;
			else if (set[i]->by_line && line)
				off_each_line(model, set[i], left);
			else if (!set[i]->by_line && !line)
				off_the_order(model, set[i], left);
		}
	for (i = 0; i < model->line_count; i++)
		goods += left[i];
	if (loyal)
		spend(model, left, reckoning);
	for (i = 0; i < model->line_count; i++) {
		reckoning->discount += model->lines[i].unit *
		    model->lines[i].quantity - left[i];
		tax = tax_of(model, left[i], model->lines[i].rate);
		reckoning->line_totals[i] = add_tax(model, left[i], tax);
		reckoning->total += reckoning->line_totals[i];
		paid += reckoning->line_totals[i];
		reckoning->tax += tax;
	}
	reckoning->earns = part(paid / model_units(model),
	    model->loyalty.multiplier, 1000000);
	price = model->method < 0 ? -1 :
	    price_of(model, &model->methods[model->method], goods);
	if (price < 0 || free)
		return;
	if (loyal && has_reward(&model->loyalty) &&
	    model->loyalty.kind == BY_FREE_SHIPPING) {
		reckoning->rewarded = price;
		return;
	}
	tax = tax_of(model, price, model->methods[model->method].rate);
	reckoning->tax += tax;
	reckoning->total += add_tax(model, price, tax);
}

/* The group with the least priority number above what was served, by number
 * and then by name; -1 if there is none.  Takes it out of `waiting`. */
static int
next_group(const struct model *model, int *waiting)
{
	int64_t least[3];
	int i, group, best = -1;

	for (group = 0; group < 3; group++) {
		least[group] = INT64_MAX;
		for (i = 0; i < model->promotion_count; i++)
			if (model->promotions[i].group == group &&
			    !model->promotions[i].exclusive &&
			    model->promotions[i].priority < least[group])
				least[group] = model->promotions[i].priority;
		if ((*waiting >> group & 1) && least[group] < INT64_MAX &&
		    (best < 0 || least[group] < least[best]))
			best = group;
	}
	if (best >= 0)
		*waiting &= ~(1 << best);
	return best;
}

/* What counts when the best is sought: gifts are worth what they would
 * cost. */
static int64_t
burden(const struct model *model, struct promotion *const *set, int count)
{
	struct reckoning reckoning;
	int64_t price, sum = 0;
	int i;

	pay(model, set, count, false, &reckoning);
	for (i = 0; i < count; i++)
		if (set[i]->kind == BY_GIFT) {
			price = set[i]->gift_pieces * set[i]->gift_unit;
			sum += add_tax(model, price, tax_of(model, price,
			    set[i]->gift_rate));
		}
	return reckoning.total - sum;
}

static bool
older(const struct promotion *a, const struct promotion *b)
{
	return a->age != b->age ? a->age < b->age : a->id < b->id;
}

/* The one of a group (-1: the exclusive ones) that leaves least to pay as
 * set[count], below `limit`; NULL if there is none. */
static struct promotion *
best_of(const struct model *model, struct promotion **set, int count,
    int group, int64_t limit)
{
	struct promotion *best = NULL, *one;
	int64_t found;
	int i;

	for (i = 0; i < model->promotion_count; i++) {
		one = (struct promotion *)&model->promotions[i];
		if (one->exclusive != (group < 0) ||
		    (group >= 0 && one->group != group) ||
		    !applies(model, one))
			continue;
		set[count] = one;
		found = burden(model, set, count + 1);
		if (found < limit || (best != NULL && found == limit &&
		    older(one, best))) {
			limit = found;
			best = one;
		}
	}
	return best;
}

void
reckon(const struct model *model, struct reckoning *reckoning)
{
	struct promotion *set[4] = { NULL }, *alone[1], *best;
	int group, waiting = 7, count = 0;

	while ((group = next_group(model, &waiting)) >= 0) {
		best = best_of(model, set, count, group,
		    burden(model, set, count));
		if (best != NULL)
			set[count++] = best;
	}
	best = best_of(model, alone, 0, -1, burden(model, set, count));
	alone[0] = best;
	pay(model, best != NULL ? alone : set, best != NULL ? 1 : count, true,
	    reckoning);
}
