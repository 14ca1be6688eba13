/* SPDX-License-Identifier: ISC */
/* Pricing's files: facts are read, settled, and written as a quote. */
#ifndef CRM_PRICING_PRIVATE_H
#define CRM_PRICING_PRIVATE_H

#include <stdbool.h>
#include <stdint.h>

#include <crm/arena.h>
#include <crm/json.h>
#include <crm/pricing.h>
#include <crm/text.h>

#define PRICING_MILLION		1000000
#define PRICING_LINES_MOST	500
#define PRICING_PROMOTIONS_MOST	200
#define PRICING_METHODS_MOST	50
#define PRICING_STEPS_MOST	50
#define PRICING_QUANTITY_MOST	1000000
#define PRICING_EARNED_MOST	1000000000
#define PRICING_GIFT_MOST	1000000000000000
#define PRICING_MULTIPLIER_MOST	(INT64_C(100) * PRICING_MILLION)

/* A tax: its rate in millionths and its name, which may be NULL. */
struct pricing_tax {
	int64_t		 rate;
	const char	*name;
};

/* An amount after discounts with its tax: total = net + tax. */
struct pricing_sum {
	int64_t		 net, tax, total;
};

struct pricing_line {
	const struct crm_json	*facts;
	const char		*id, *product_id, *brand_id;
	const struct crm_json	*category_ids;
	int64_t			 quantity, unit, weight;
	int64_t			 added;		/* price then; -1: not told */
	struct pricing_tax	 tax;
	int64_t			 subtotal;

	/* What settling finds. */
	int64_t			 left;		/* after discounts so far */
	int64_t			*shares;	/* of each promotion */
	int64_t			 by_reward, by_points;
	struct pricing_sum	 sum;
};

enum pricing_kind {
	PRICING_PERCENT,
	PRICING_AMOUNT,
	PRICING_FREE_SHIPPING,
	PRICING_BUY_X_GET_Y,
	PRICING_GIFT
};

struct pricing_promotion {
	const struct crm_json	*facts;
	const char		*id, *name, *code, *created_at, *group;
	enum pricing_kind	 kind;
	bool			 by_line, exclusive;
	int64_t			 percent;	/* millionths of the whole */
	int64_t			 amount, minimum, buy, get, priority;
	const struct crm_json	*category_ids, *brand_ids, *product_ids;
	struct pricing_line	*gift;		/* of a gift: its line */

	int64_t			 group_priority;
	bool			*takes;		/* each line, or not */
	bool			 fit;		/* its conditions hold */
	bool			 chosen;
	int64_t			 given;		/* what it takes off in all */
};

struct pricing_step {
	int64_t			 from, amount;
};

enum pricing_by { PRICING_FLAT, PRICING_WEIGHT, PRICING_TOTAL };

struct pricing_method {
	const struct crm_json	*facts;
	const char		*id, *name;
	enum pricing_by		 by;
	struct pricing_step	*steps;
	int			 step_count;
	int64_t			 free_from;	/* -1: never */
	struct pricing_tax	 tax;

	/* What settling finds; not offered: nothing else is set. */
	bool			 offered;
	int64_t			 price, discount;
	struct pricing_sum	 sum;
};

/* A customer's points, and what they are meant for. */
struct pricing_loyalty {
	bool			 known;		/* false: a guest */
	int64_t			 balance, wanted;
	int64_t			 multiplier;	/* in millionths */
	const struct crm_json	*reward;	/* facts, or NULL */
	const char		*name;
	enum pricing_kind	 kind;
	int64_t			 percent, amount, cost;

	/* What settling finds. */
	bool			 applied;	/* the reward gives something */
	int64_t			 given;		/* by it, shipping included */
	int64_t			 redeemed, worth, earns;
};

/* Promotions stand in the order in which they are tried. */
struct pricing_cart {
	struct crm_arena	*arena;
	const char		*currency;
	bool			 inclusive;
	struct pricing_line	*lines;		/* as the facts have them */
	struct pricing_line	**ordered;	/* by id */
	int			 line_count;
	struct pricing_promotion *promotions;
	int			 promotion_count;
	struct pricing_method	*methods;
	int			 method_count;
	struct pricing_method	*method;	/* chosen, or NULL */
	struct pricing_loyalty	 loyalty;
	int64_t			*weights, *parts;	/* one a line */

	int64_t			 goods;		/* subtotal without gifts */
	int64_t			 subtotal, discount, grams;
	int64_t			 gifts;		/* what they would cost */
	int64_t			 spent;		/* of it, by loyalty */
	struct pricing_sum	 sum;
};

/* pricing_facts.c: false with a constant sentence if they are malformed. */
bool crm_pricing_read(struct pricing_cart *, const struct crm_json *,
    const char **why);

/* pricing.c: chooses promotions and computes everything, for each method
 * and at last for the one chosen.  False if an amount would overflow. */
bool crm_pricing_settle(struct pricing_cart *);

/* pricing_loyalty.c: takes the reward and then the points off the lines that
 * promotions left; */
void crm_pricing_spend(struct pricing_cart *);
/* the reward off the chosen method; */
void crm_pricing_spend_shipping(struct pricing_cart *);
/* and finds what an order so settled will earn. */
void crm_pricing_earn(struct pricing_cart *);

/* pricing_quote.c */
void crm_pricing_write(struct crm_text *, const struct pricing_cart *);

#endif
