/* SPDX-License-Identifier: ISC */
/* A small cart as a test thinks of it. */
#ifndef DUKA_TEST_PRICING_MODEL_H
#define DUKA_TEST_PRICING_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include <crm/text.h>

#define LINES		6
#define PROMOTIONS	6
#define METHODS		3
#define STEPS		3

struct line {
	int	id, brand, product, categories;		/* the last as bits */
	int64_t	quantity, unit, grams, rate;
};

enum { BY_PERCENT, BY_AMOUNT, BY_FREE_SHIPPING, BY_BUY_X_GET_Y,
	BY_GIFT };

struct promotion {
	int	id, kind, group;
	int	brands, products, categories;		/* bits; 0: all */
	bool	by_line, exclusive;
	int64_t	percent, amount, buy, get, minimum, priority, age;
	int64_t	gift_pieces, gift_unit, gift_rate;
};

enum { BY_FLAT, BY_WEIGHT, BY_TOTAL };

struct method {
	int	id, by, step_count;
	int64_t	from[STEPS], price[STEPS], free_from, rate;
};

/* kind: -1 no reward; the amounts are points but for what comes off. */
struct loyalty {
	bool	known;
	int	kind;
	int64_t	balance, wanted, multiplier, percent, amount, cost;
};

struct model {
	bool			inclusive;
	int			line_count, promotion_count, method_count;
	int			method;			/* -1: none */
	struct line		lines[LINES];
	struct promotion	promotions[PROMOTIONS];
	struct method		methods[METHODS];
	struct loyalty		loyalty;
	int			currency;
};

/* What a cart costs, reckoned a second time and otherwise; chosen[] by the
 * promotion's id. */
struct reckoning {
	int64_t	total, tax, discount;
	int64_t	redeemed, rewarded, earns;
	int64_t	line_totals[LINES];
	bool	chosen[PROMOTIONS];
};

/* The facts as JSON. */
void model_print(struct crm_text *, const struct model *);

/* Minor units in a unit of its currency. */
int64_t model_units(const struct model *);

void reckon(const struct model *, struct reckoning *);

#endif
