/* SPDX-License-Identifier: ISC */
/*
 * Which promotions apply, and what everything costs then.  "As priced" is
 * the side of the tax that the shop's prices are on: gross where they include
 * it, net where they don't.
 */
#include <stdlib.h>
#include <string.h>

#include <crm/money.h>

#include "pricing_private.h"

/* Whether one text is among the ids of a list. */
static bool
among(const struct crm_json *list, const char *id)
{
	const struct crm_json *item;

	for (item = crm_json_first(list); id != NULL && item != NULL;
	     item = crm_json_next(item))
		if (strcmp(crm_json_text(item), id) == 0)
			return true;
	return false;
}

static bool
meet(const struct crm_json *wanted, const struct crm_json *ids)
{
	const struct crm_json *item;

	for (item = crm_json_first(ids); item != NULL;
	     item = crm_json_next(item))
		if (among(wanted, crm_json_text(item)))
			return true;
	return false;
}

/* An empty list of a promotion takes every line. */
static bool
takes(const struct pricing_promotion *promotion,
    const struct pricing_line *line)
{
	return (promotion->category_ids == NULL ||
	    meet(promotion->category_ids, line->category_ids)) &&
	    (promotion->brand_ids == NULL ||
	    among(promotion->brand_ids, line->brand_id)) &&
	    (promotion->product_ids == NULL ||
	    among(promotion->product_ids, line->product_id));
}

/* Whether there is a gift beside what is bought of the same. */
static bool
gift_left(const struct pricing_cart *cart, const struct pricing_line *gift)
{
	const char *variant = crm_json_text_of(gift->facts, "variant_id");
	int64_t wanted = gift->quantity;
	const char *other;
	int i;

	for (i = 0; variant != NULL && i < cart->line_count; i++) {
		other = crm_json_text_of(cart->lines[i].facts, "variant_id");
		if (other != NULL && strcmp(other, variant) == 0)
			wanted += cart->lines[i].quantity;
	}
	return wanted <= crm_json_integer_of(gift->facts, "available",
	    INT64_MAX);
}

/* Finds the lines of a promotion, and whether it applies at all. */
static void
fit(const struct pricing_cart *cart, struct pricing_promotion *promotion)
{
	int64_t subtotal = 0;
	int i, count = 0;

	for (i = 0; i < cart->line_count; i++) {
		promotion->takes[i] = takes(promotion, cart->ordered[i]);
		if (promotion->takes[i]) {
			subtotal += cart->ordered[i]->subtotal;
			count++;
		}
	}
	promotion->fit = count > 0 && subtotal >= promotion->minimum &&
	    (promotion->gift == NULL || gift_left(cart, promotion->gift));
}

/* Times of PostgreSQL or RFC 3339, all UTC: to the second as text, then the
 * fraction digit by digit, since closing zeros are left out. */
static int
compare_times(const char *a, const char *b)
{
	int order = strncmp(a, b, 19);
	char first, second;

	if (order != 0 || strlen(a) < 19 || strlen(b) < 19)
		return order;
	a += 19;
	b += 19;
	if (*a != '.' && *b != '.')
		return 0;
	a += *a == '.';
	b += *b == '.';
	do {
		first = *a >= '0' && *a <= '9' ? *a++ : '0';
		second = *b >= '0' && *b <= '9' ? *b++ : '0';
		if (first != second)
			return first < second ? -1 : 1;
	} while ((*a >= '0' && *a <= '9') || (*b >= '0' && *b <= '9'));
	return 0;
}

/* Group by group, the older first in each; the exclusive ones are one group
 * at the end. */
static int
compare_promotions(const void *a, const void *b)
{
	const struct pricing_promotion *first = a, *second = b;
	int order;

	if (first->exclusive != second->exclusive)
		return first->exclusive - second->exclusive;
	if (!first->exclusive) {
		if (first->group_priority != second->group_priority)
			return first->group_priority <
			    second->group_priority ? -1 : 1;
		order = strcmp(first->group, second->group);
		if (order != 0)
			return order;
	}
	order = compare_times(first->created_at, second->created_at);
	if (order == 0)
		order = strcmp(first->id, second->id);
	if (order == 0)
		order = strcmp(first->code == NULL ? "" : first->code,
		    second->code == NULL ? "" : second->code);
	return order;
}

static bool
same_group(const struct pricing_promotion *first,
    const struct pricing_promotion *second)
{
	return first->exclusive == second->exclusive && (first->exclusive ||
	    strcmp(first->group, second->group) == 0);
}

/* Puts the promotions into the order in which they are tried. */
static void
order_promotions(struct pricing_cart *cart)
{
	struct pricing_promotion *one, *other;
	int i, j;

	for (i = 0; i < cart->promotion_count; i++) {
		one = &cart->promotions[i];
		one->group_priority = one->priority;
		for (j = 0; j < cart->promotion_count; j++) {
			other = &cart->promotions[j];
			if (same_group(one, other) &&
			    other->priority < one->group_priority)
				one->group_priority = other->priority;
		}
		fit(cart, one);
	}
	qsort(cart->promotions, (size_t)cart->promotion_count,
	    sizeof(*cart->promotions), compare_promotions);
}

/* Takes a promotion's share off a line. */
static void
take_off(struct pricing_cart *cart, int promotion, struct pricing_line *line,
    int64_t share)
{
	line->left -= share;
	line->shares[promotion] = share;
	cart->promotions[promotion].given += share;
	cart->discount += share;
}

/* Of `pieces`, those that buy_x_get_y gives away. */
static int64_t
free_pieces(const struct pricing_promotion *promotion, int64_t pieces)
{
	int64_t set = promotion->buy + promotion->get;
	int64_t rest = pieces % set - promotion->buy;

	return pieces / set * promotion->get + (rest > 0 ? rest : 0);
}

/* What a promotion of level line takes off one line. */
static int64_t
off_line(const struct pricing_promotion *promotion,
    const struct pricing_line *line)
{
	int64_t off;

	switch (promotion->kind) {
	case PRICING_PERCENT:
		return crm_money_rate(line->left, promotion->percent);
	case PRICING_AMOUNT:
		if (__builtin_mul_overflow(promotion->amount, line->quantity,
		    &off) || off > line->left)
			off = line->left;
		return off;
	case PRICING_BUY_X_GET_Y:
		return crm_money_scale(line->left,
		    free_pieces(promotion, line->quantity), line->quantity);
	default:
		return 0;
	}
}

static void
apply_to_lines(struct pricing_cart *cart, int number)
{
	const struct pricing_promotion *promotion = &cart->promotions[number];
	struct pricing_line *line;
	int i;

	for (i = 0; i < cart->line_count; i++) {
		line = cart->ordered[i];
		if (promotion->takes[i])
			take_off(cart, number, line,
			    off_line(promotion, line));
	}
}

/* The cheapest line that isn't served yet; ties by id.  -1 at the end. */
static int
next_cheapest(const struct pricing_cart *cart,
    const struct pricing_promotion *promotion, int after)
{
	int64_t unit, best = 0;
	int i, found = -1;

	for (i = 0; i < cart->line_count; i++) {
		unit = cart->ordered[i]->unit;
		if (!promotion->takes[i] || (after >= 0 &&
		    (unit < cart->ordered[after]->unit || (i <= after &&
		    unit == cart->ordered[after]->unit))))
			continue;
		if (found < 0 || unit < best) {
			found = i;
			best = unit;
		}
	}
	return found;
}

/* Gives away the cheapest pieces of all lines together. */
static void
give_cheapest(struct pricing_cart *cart, int number)
{
	const struct pricing_promotion *promotion = &cart->promotions[number];
	struct pricing_line *line;
	int64_t pieces = 0, free;
	int i;

	for (i = 0; i < cart->line_count; i++)
		if (promotion->takes[i])
			pieces += cart->ordered[i]->quantity;
	pieces = free_pieces(promotion, pieces);
	for (i = next_cheapest(cart, promotion, -1); i >= 0 && pieces > 0;
	     i = next_cheapest(cart, promotion, i)) {
		line = cart->ordered[i];
		free = pieces < line->quantity ? pieces : line->quantity;
		take_off(cart, number, line,
		    crm_money_scale(line->left, free, line->quantity));
		pieces -= free;
	}
}

/* Percent or amount of the lines together, shared over them by what they
 * cost by now. */
static void
apply_to_order(struct pricing_cart *cart, int number)
{
	const struct pricing_promotion *promotion = &cart->promotions[number];
	int64_t whole = 0, off;
	int i;

	for (i = 0; i < cart->line_count; i++) {
		cart->weights[i] = promotion->takes[i] ?
		    cart->ordered[i]->left : 0;
		whole += cart->weights[i];
	}
	if (promotion->kind == PRICING_PERCENT)
		off = crm_money_rate(whole, promotion->percent);
	else
		off = promotion->amount < whole ? promotion->amount : whole;
	if (off == 0)
		return;
	crm_money_share(off, cart->weights, cart->parts, cart->line_count);
	for (i = 0; i < cart->line_count; i++)
		if (promotion->takes[i])
			take_off(cart, number, cart->ordered[i],
			    cart->parts[i]);
}

/* Puts a gift beside the lines: it is discounted whole. */
static void
give(struct pricing_cart *cart, struct pricing_promotion *promotion)
{
	const struct pricing_line *gift = promotion->gift;

	promotion->given = gift->subtotal;
	cart->subtotal += gift->subtotal;
	cart->discount += gift->subtotal;
	/* With its tax: that much more would have been to pay. */
	cart->gifts += gift->subtotal + (cart->inclusive ? 0 :
	    crm_money_rate(gift->subtotal, gift->tax.rate));
}

/* Takes the chosen promotions off the lines, those of level line first. */
static void
discount(struct pricing_cart *cart)
{
	struct pricing_promotion *promotion;
	int i, pass;

	for (pass = 0; pass < 2; pass++)
		for (i = 0; i < cart->promotion_count; i++) {
			promotion = &cart->promotions[i];
			if (!promotion->chosen ||
			    promotion->by_line != (pass == 0) ||
			    promotion->kind == PRICING_FREE_SHIPPING)
				continue;
			if (promotion->kind == PRICING_GIFT)
				give(cart, promotion);
			else if (promotion->by_line)
				apply_to_lines(cart, i);
			else if (promotion->kind == PRICING_BUY_X_GET_Y)
				give_cheapest(cart, i);
			else
				apply_to_order(cart, i);
		}
}

/* The two sides of an amount as priced; false if they don't fit. */
static bool
add_tax(const struct pricing_cart *cart, int64_t amount, int64_t rate,
    struct pricing_sum *sum)
{
	if (cart->inclusive) {
		sum->total = amount;
		sum->net = crm_money_scale(amount, PRICING_MILLION,
		    PRICING_MILLION + rate);
		sum->tax = sum->total - sum->net;
		return true;
	}
	sum->net = amount;
	sum->tax = crm_money_rate(amount, rate);
	return !__builtin_add_overflow(sum->net, sum->tax, &sum->total);
}

static bool
add_up(struct pricing_sum *whole, const struct pricing_sum *part)
{
	return !__builtin_add_overflow(whole->total, part->total,
	    &whole->total) &&
	    !__builtin_add_overflow(whole->net, part->net, &whole->net) &&
	    !__builtin_add_overflow(whole->tax, part->tax, &whole->tax);
}

/* The price by the method's steps; false if it has none for this cart. */
static bool
step_price(const struct pricing_cart *cart,
    const struct pricing_method *method, int64_t *price)
{
	const struct pricing_step *step, *best = NULL;
	int64_t measure = cart->subtotal - cart->discount + cart->spent;
	int i;

	if (method->by == PRICING_FLAT) {
		*price = method->steps[0].amount;
		return true;
	}
	if (method->by == PRICING_WEIGHT)
		measure = cart->grams;
	for (i = 0; i < method->step_count; i++) {
		step = &method->steps[i];
		if (step->from <= measure &&
		    (best == NULL || step->from >= best->from))
			best = step;
	}
	if (best != NULL)
		*price = best->amount;
	return best != NULL;
}

/* The chosen method's price, and what a free shipping takes off it.  What
 * points took off the goods makes shipping no dearer. */
static bool
ship(struct pricing_cart *cart, bool loyal)
{
	struct pricing_method *method = cart->method;
	int i;

	if (method == NULL)
		return true;
	method->discount = 0;
	method->offered = cart->line_count > 0 &&
	    step_price(cart, method, &method->price);
	if (!method->offered)
		return true;
	if (method->free_from >= 0 &&
	    cart->subtotal - cart->discount + cart->spent >=
	    method->free_from)
		method->price = 0;
	for (i = 0; i < cart->promotion_count; i++)
		if (cart->promotions[i].chosen && cart->promotions[i].kind ==
		    PRICING_FREE_SHIPPING) {
			cart->promotions[i].given =
			    method->price - method->discount;
			method->discount = method->price;
		}
	if (loyal)
		crm_pricing_spend_shipping(cart);
	return add_tax(cart, method->price - method->discount,
	    method->tax.rate, &method->sum) &&
	    add_up(&cart->sum, &method->sum);
}

/* Before anything is taken off. */
static void
begin(struct pricing_cart *cart)
{
	struct pricing_line *line;
	int i;

	cart->subtotal = cart->goods;
	cart->discount = cart->gifts = cart->spent = 0;
	memset(&cart->sum, 0, sizeof(cart->sum));
	for (i = 0; i < cart->promotion_count; i++)
		cart->promotions[i].given = 0;
	for (i = 0; i < cart->line_count; i++) {
		line = &cart->lines[i];
		line->left = line->subtotal;
		line->by_reward = line->by_points = 0;
		memset(line->shares, 0, (size_t)cart->promotion_count *
		    sizeof(*line->shares));
	}
}

/* Computes everything for the promotions chosen and the method chosen, and if
 * `loyal` what the customer spends of points; false if an amount would
 * overflow. */
static bool
compute(struct pricing_cart *cart, bool loyal)
{
	struct pricing_line *line;
	int i;

	begin(cart);
	discount(cart);
	if (loyal)
		crm_pricing_spend(cart);
	for (i = 0; i < cart->line_count; i++) {
		line = &cart->lines[i];
		if (!add_tax(cart, line->left, line->tax.rate, &line->sum) ||
		    !add_up(&cart->sum, &line->sum))
			return false;
	}
	return ship(cart, loyal);
}

/* What there is to pay for what one gets: gifts count for their price. */
static int64_t
burden(const struct pricing_cart *cart)
{
	return cart->sum.total - cart->gifts;
}

/* Tries each of a group beside what is chosen already, and chooses the one
 * that leaves less than `*least` to pay, and least of all. */
static bool
choose(struct pricing_cart *cart, int start, int end, int64_t *least)
{
	struct pricing_promotion *best = NULL;
	int i;

	for (i = start; i < end; i++) {
		if (!cart->promotions[i].fit)
			continue;
		cart->promotions[i].chosen = true;
		if (!compute(cart, false))
			return false;
		cart->promotions[i].chosen = false;
		if (burden(cart) < *least) {
			*least = burden(cart);
			best = &cart->promotions[i];
		}
	}
	if (best != NULL)
		best->chosen = true;
	return true;
}

/* Chooses the best exclusive one (they begin at `start`), alone, if it
 * leaves less to pay than what is chosen. */
static bool
choose_exclusive(struct pricing_cart *cart, int start, int64_t *least)
{
	bool before[PRICING_PROMOTIONS_MOST];
	int64_t limit = *least;
	int i;

	for (i = 0; i < start; i++) {
		before[i] = cart->promotions[i].chosen;
		cart->promotions[i].chosen = false;
	}
	if (!choose(cart, start, cart->promotion_count, least))
		return false;
	for (i = 0; i < start && *least == limit; i++)
		cart->promotions[i].chosen = before[i];
	return true;
}

/* Chooses the promotions for the method chosen, and computes. */
static bool
settle(struct pricing_cart *cart)
{
	int start, end, count = cart->promotion_count;
	int64_t least;

	for (start = 0; start < count; start++)
		cart->promotions[start].chosen = false;
	if (!compute(cart, false))
		return false;
	least = burden(cart);
	for (start = 0; start < count; start = end) {
		if (cart->promotions[start].exclusive) {
			if (!choose_exclusive(cart, start, &least))
				return false;
			break;
		}
		for (end = start + 1; end < count && same_group(
		    &cart->promotions[start], &cart->promotions[end]); end++)
			continue;
		if (!choose(cart, start, end, &least))
			return false;
	}
	return compute(cart, true);
}

bool
crm_pricing_settle(struct pricing_cart *cart)
{
	struct pricing_method *chosen = cart->method;
	int i;

	order_promotions(cart);
	for (i = 0; i < cart->method_count; i++) {
		cart->method = &cart->methods[i];
		if (cart->method != chosen && !settle(cart))
			return false;
	}
	cart->method = chosen;
	if (!settle(cart))
		return false;
	crm_pricing_earn(cart);
	return true;
}

bool
crm_quote(struct crm_arena *arena, const struct crm_json *facts,
    struct crm_text *out, const char **why)
{
	struct pricing_cart cart = { .arena = arena };

	if (!crm_pricing_read(&cart, facts, why))
		return false;
	if (!crm_pricing_settle(&cart)) {
		if (why != NULL)
			*why = "The total is too large";
		return false;
	}
	crm_pricing_write(out, &cart);
	return true;
}
