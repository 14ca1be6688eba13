/* SPDX-License-Identifier: ISC */
/*
 * What a customer's points do to a cart.  100 points are one unit of the
 * currency; a point that isn't worth its smallest coin is not taken.
 */
#include <string.h>

#include <crm/money.h>

#include "pricing_private.h"

/* Minor units in a unit. */
static int64_t
minor_units(const char *currency)
{
	int64_t units = 1;
	int digits;

	for (digits = crm_currency_digits(currency); digits > 0; digits--)
		units *= 10;
	return units;
}

/* Takes off all lines together, by what they cost by now; `by_points` says
 * whose share it is. */
static void
take_off_goods(struct pricing_cart *cart, int64_t off, bool by_points)
{
	struct pricing_line *line;
	int i;

	if (off == 0)
		return;
	for (i = 0; i < cart->line_count; i++)
		cart->weights[i] = cart->ordered[i]->left;
	crm_money_share(off, cart->weights, cart->parts, cart->line_count);
	for (i = 0; i < cart->line_count; i++) {
		line = cart->ordered[i];
		line->left -= cart->parts[i];
		if (by_points)
			line->by_points = cart->parts[i];
		else
			line->by_reward = cart->parts[i];
	}
	cart->discount += off;
	cart->spent += off;
}

/* What the goods cost by now. */
static int64_t
goods_left(const struct pricing_cart *cart)
{
	int64_t left = 0;
	int i;

	for (i = 0; i < cart->line_count; i++)
		left += cart->lines[i].left;
	return left;
}

/* Whether there are points for the reward. */
static bool
can_have(const struct pricing_loyalty *loyalty)
{
	return loyalty->reward != NULL && loyalty->cost <= loyalty->balance;
}

static void
spend_on_reward(struct pricing_cart *cart)
{
	struct pricing_loyalty *loyalty = &cart->loyalty;
	int64_t left = goods_left(cart), off = loyalty->amount;

	if (!can_have(loyalty) || loyalty->kind == PRICING_FREE_SHIPPING)
		return;
	if (loyalty->kind == PRICING_PERCENT)
		off = crm_money_rate(left, loyalty->percent);
	if (off > left)
		off = left;
	take_off_goods(cart, off, false);
	loyalty->given = off;
	loyalty->applied = off > 0;
}

/* Points are a hundredth of a unit each: no more than are meant, than there
 * are beside the reward, and than the goods cost. */
static void
spend_points(struct pricing_cart *cart)
{
	struct pricing_loyalty *loyalty = &cart->loyalty;
	int64_t units = minor_units(cart->currency), points, most;

	points = loyalty->balance - (can_have(loyalty) ? loyalty->cost : 0);
	if (points > loyalty->wanted)
		points = loyalty->wanted;
	if (!__builtin_mul_overflow(goods_left(cart), 100, &most) &&
	    points > most / units)
		points = most / units;
	/* So that the worth is whole: a hundred for a yen. */
	if (points > 0 && units < 100)
		points -= points % (100 / units);
	if (points <= 0 || __builtin_mul_overflow(points, units, &most))
		return;
	loyalty->redeemed = points;
	loyalty->worth = most / 100;
	take_off_goods(cart, loyalty->worth, true);
}

void
crm_pricing_spend(struct pricing_cart *cart)
{
	struct pricing_loyalty *loyalty = &cart->loyalty;

	loyalty->applied = false;
	loyalty->given = loyalty->redeemed = loyalty->worth = 0;
	spend_on_reward(cart);
	spend_points(cart);
}

void
crm_pricing_spend_shipping(struct pricing_cart *cart)
{
	struct pricing_loyalty *loyalty = &cart->loyalty;
	struct pricing_method *method = cart->method;

	if (!can_have(loyalty) || loyalty->kind != PRICING_FREE_SHIPPING ||
	    method->discount == method->price)
		return;
	loyalty->given = method->price - method->discount;
	loyalty->applied = true;
	method->discount = method->price;
}

void
crm_pricing_earn(struct pricing_cart *cart)
{
	struct pricing_loyalty *loyalty = &cart->loyalty;
	int64_t paid = 0;
	int i;

	for (i = 0; i < cart->line_count; i++)
		paid += cart->lines[i].sum.total;
	if (!crm_money_scale_fits(paid / minor_units(cart->currency),
	    loyalty->multiplier, PRICING_MILLION, &loyalty->earns) ||
	    loyalty->earns > PRICING_EARNED_MOST)
		loyalty->earns = PRICING_EARNED_MOST;
}
