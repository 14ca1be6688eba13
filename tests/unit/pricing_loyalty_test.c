/* SPDX-License-Identifier: ISC */
/* Pricing: points, rewards and gifts, an example for each rule. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <crm/arena.h>
#include <crm/json.h>
#include <crm/pricing.h>

#include "pricing_facts.h"
#include "pricing_look.h"

#define IN(currency, lines) "{'currency':'" currency \
    "','tax_mode':'inclusive','lines':[" lines "]"
#define LOYAL(balance, wanted, rest) ",'loyalty':{'balance':" #balance \
    ",'wanted':" #wanted ",'multiplier':'1'" rest "}}"
#define REWARD(kind, cost, rest) ",'reward':{'id':'r','name':'R'," \
    "'kind':'" kind "','cost':" #cost rest "}"
#define TWO CART("inclusive", LINE("a", 1, 1000, "0.07") "}," \
    LINE("b", 1, 500, "0.19") "}")

static void
spends_points(void **state)
{
	static const struct example rows[] = {
		/* A guest has none, and who has some keeps them. */
		{ TEN "}", "points=null reward=null total=1000" },
		{ TEN LOYAL(300, 0, ""), "points.balance=300 "
		    "points.redeemed=0 points.amount=0 total=1000" },
		/* A point is a cent, off the goods, shared by what they cost,
		 * before tax is found. */
		{ TWO LOYAL(300, 100, ""), "points.redeemed=100 "
		    "points.amount=100 lines.0.discount=67 "
		    "lines.1.discount=33 lines.0.total=933 lines.0.net=872 "
		    "lines.0.discounts.0.kind=points "
		    "lines.0.discounts.0.promotion_id=null "
		    "lines.0.discounts.0.name=Points discounts.0.kind=points "
		    "discounts.0.code=null discounts.0.amount=100 "
		    "discount=100 total=1400" },
		{ CART("exclusive", LINE("a", 1, 1000, "0.1") "}")
		    LOYAL(100, 100, ""), "net=900 tax=90 total=990" },
		/* Not more than there are, nor than the goods cost. */
		{ TEN LOYAL(300, 500, ""), "points.wanted=500 "
		    "points.redeemed=300 total=700" },
		{ TEN LOYAL(5000, 5000, ""), "points.redeemed=1000 total=0 "
		    "points.earns=0" },
		{ TEN LOYAL(-20, 50, ""), "points.redeemed=0 total=1000" },
		{ CART("inclusive", "") LOYAL(50, 50, ""),
		    "points.redeemed=0 total=0" },
		/* After promotions. */
		{ TEN OFFERS(OFFER("p", "g", 1, "01",
		    PERCENT("order", "50"))) LOYAL(800, 800, ""),
		    "points.redeemed=500 discounts.0.amount=500 "
		    "discounts.1.amount=500 total=0" },
	};

	(void)state;
	run(rows, COUNT(rows));
}

static void
knows_the_currency(void **state)
{
	static const struct example rows[] = {
		/* A hundred points are one yen: what is less stays. */
		{ IN("JPY", LINE("a", 1, 1000, "0") "}")
		    LOYAL(5000, 250, ""), "points.redeemed=200 "
		    "points.amount=2 total=998 points.earns=998" },
		{ IN("JPY", LINE("a", 1, 1, "0") "}") LOYAL(5000, 250, ""),
		    "points.redeemed=100 total=0" },
		/* One point is ten fils. */
		{ IN("KWD", LINE("a", 1, 12345, "0") "}")
		    LOYAL(5000, 250, ""), "points.redeemed=250 "
		    "points.amount=2500 total=9845 points.earns=9" },
		{ IN("KWD", LINE("a", 1, 25, "0") "}") LOYAL(5000, 250, ""),
		    "points.redeemed=2 points.amount=20 total=5" },
	};

	(void)state;
	run(rows, COUNT(rows));
}

static void
earns(void **state)
{
	static const struct example rows[] = {
		/* Whole units paid for goods, not for shipping. */
		{ IN("EUR", LINE("a", 1, 1099, "0") "}")
		    SHIP("flat", "{'from':0,'amount':490}", "")
		    LOYAL(0, 0, ""), "points.earns=10 total=1589" },
		{ IN("EUR", LINE("a", 1, 1099, "0") "}")
		    LOYAL(100, 100, ""), "points.earns=9" },
		/* The multiplier rounds once, half up. */
		{ IN("EUR", LINE("a", 1, 1050, "0") "}") ",'loyalty':{"
		    "'balance':0,'multiplier':'1.25'}}", "points.earns=13" },
		{ IN("EUR", LINE("a", 1, 300, "0") "}") ",'loyalty':{"
		    "'balance':0,'multiplier':1.50}}", "points.earns=5" },
		/* Never more than the ledger takes at once. */
		{ IN("EUR", LINE("a", 1, 9223372036854775807, "0") "}")
		    ",'loyalty':{'balance':0,'multiplier':'2.5'}}",
		    "points.earns=1000000000" },
		{ IN("JPY", LINE("a", 1, 9223372036854775807, "0") "}")
		    ",'loyalty':{'balance':9223372036854775807,"
		    "'wanted':9223372036854775807,'multiplier':'2.5'}}",
		    "points.redeemed=9223372036854775800" },
	};

	(void)state;
	run(rows, COUNT(rows));
}

static void
takes_rewards(void **state)
{
	static const struct example rows[] = {
		{ TWO LOYAL(500, 0, REWARD("amount_off", 450,
		    ",'amount':600")), "reward.applied=true reward.cost=450 "
		    "reward.amount=600 discounts.0.kind=reward "
		    "discounts.0.name=R lines.0.discount=400 "
		    "lines.0.discounts.0.kind=reward total=900" },
		{ TWO LOYAL(500, 0, REWARD("percent_off", 450,
		    ",'percent':'33.3'")), "reward.amount=500 total=1000" },
		/* Not without its points, */
		{ TWO LOYAL(449, 0, REWARD("amount_off", 450,
		    ",'amount':600")), "reward.applied=false reward.amount=0 "
		    "total=1500 discounts.0=none" },
		/* which are not spent twice. */
		{ TWO LOYAL(500, 500, REWARD("amount_off", 450,
		    ",'amount':600")), "points.redeemed=50 total=850" },
		/* No more than the goods cost. */
		{ TEN LOYAL(900, 400, REWARD("amount_off", 450,
		    ",'amount':1600")), "reward.amount=1000 "
		    "points.redeemed=0 total=0" },
		/* Shipping; with nothing to take it off it isn't taken. */
		{ TEN SHIP("flat", "{'from':0,'amount':490}", "")
		    LOYAL(450, 0, REWARD("free_shipping", 450, "")),
		    "reward.applied=true reward.amount=490 "
		    "shipping.discount=490 shipping_methods.0.total=0 "
		    "discounts.0.amount=490 discount=0 total=1000" },
		{ TEN LOYAL(450, 0, REWARD("free_shipping", 450, "")),
		    "reward.applied=false reward.amount=0 total=1000" },
		{ TEN OFFERS(OFFER("p", "g", 1, "01",
		    "'kind':'free_shipping'"))
		    SHIP("flat", "{'from':0,'amount':490}", "")
		    LOYAL(450, 0, REWARD("free_shipping", 450, "")),
		    "reward.applied=false discounts.0.promotion_id=p "
		    "discounts.1=none total=1000" },
	};

	(void)state;
	run(rows, COUNT(rows));
}

/* Points that bring the goods below a bound don't take away what was free,
 * nor choose another promotion. */
static void
changes_nothing_else(void **state)
{
	static const struct example rows[] = {
		{ TEN SHIP("flat", "{'from':0,'amount':490}",
		    ",'free_from':1000") LOYAL(900, 900, ""),
		    "shipping.price=0 total=100" },
		{ TEN SHIP("total", "{'from':0,'amount':900},"
		    "{'from':1000,'amount':100}", "") LOYAL(900, 900, ""),
		    "shipping.price=100 total=200" },
		{ TEN OFFERS(OFFER("p", "g", 1, "01", PERCENT("order", "10"))
		    "," OFFER("q", "g", 1, "02", AMOUNT("order", 99)))
		    LOYAL(900, 900, ""), "discounts.0.promotion_id=p "
		    "points.redeemed=900 total=0" },
	};

	(void)state;
	run(rows, COUNT(rows));
}

#define GIFT(id, created, unit, rest) OFFER(id, "g", 1, created, \
    "'kind':'gift','gift':" LINE(id, 1, unit, "0.19") \
    ",'variant_id':'v'" rest "}")

static void
gives(void **state)
{
	static const struct example rows[] = {
		{ TEN OFFERS(GIFT("p", "01", 300, "")) "}",
		    "lines.1.gift=true lines.1.subtotal=300 "
		    "lines.1.discount=300 lines.1.total=0 lines.1.net=0 "
		    "lines.1.discounts.0.promotion_id=p "
		    "discounts.0.promotion_id=p discounts.0.amount=300 "
		    "subtotal=1300 discount=300 total=1000 taxes.1=none "
		    "lines.0.gift=none" },
		/* Against others it counts for its price, with tax. */
		{ TEN OFFERS(GIFT("p", "01", 300, "") ","
		    OFFER("q", "g", 1, "02", PERCENT("order", "29.9"))) "}",
		    "discounts.0.promotion_id=p total=1000" },
		{ TEN OFFERS(GIFT("p", "01", 300, "") ","
		    OFFER("q", "g", 1, "02", PERCENT("order", "30.1"))) "}",
		    "discounts.0.promotion_id=q total=699 lines.1=none" },
		{ CART("exclusive", LINE("a", 1, 1000, "0") "}")
		    OFFERS(GIFT("p", "01", 300, "") "," OFFER("q", "g", 1,
		    "02", PERCENT("order", "35"))) "}",
		    "discounts.0.promotion_id=p total=1000" },
		/* Only if there is one left, */
		{ CART("inclusive", LINE("a", 3, 100, "0")
		    ",'variant_id':'v'}") OFFERS(GIFT("p", "01", 100,
		    ",'available':3")) "}", "lines.1=none total=300" },
		{ CART("inclusive", LINE("a", 3, 100, "0")
		    ",'variant_id':'v'}") OFFERS(GIFT("p", "01", 100,
		    ",'available':4")) "}", "lines.1.gift=true total=300" },
		/* and with its conditions. */
		{ TEN OFFERS(OFFER("p", "g", 1, "01", "'minimum_amount':1001,"
		    "'kind':'gift','gift':" LINE("p", 1, 5, "0") "}")) "}",
		    "lines.1=none" },
		/* It weighs nothing and is no step to free shipping. */
		{ TEN OFFERS(GIFT("p", "01", 300, ",'weight_grams':5000"))
		    SHIP("weight", STEPS, ",'free_from':1100") "}",
		    "lines.1.gift=true shipping.price=490" },
		{ TEN OFFERS(GIFT("p", "01", 300, "")) LOYAL(1500, 1500, ""),
		    "points.redeemed=1000 lines.1.discount=300 total=0 "
		    "discount=1300" },
	};

	(void)state;
	run(rows, COUNT(rows));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spends_points),
		cmocka_unit_test(knows_the_currency),
		cmocka_unit_test(earns),
		cmocka_unit_test(takes_rewards),
		cmocka_unit_test(changes_nothing_else),
		cmocka_unit_test(gives),
	};
	int failed;

	arena = crm_arena_new(64 << 20);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	crm_arena_free(arena);
	return failed;
}
