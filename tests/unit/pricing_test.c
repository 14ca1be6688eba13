/* SPDX-License-Identifier: ISC */
/* Pricing: an example for each rule. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <crm/arena.h>
#include <crm/json.h>
#include <crm/pricing.h>

#include "pricing_facts.h"
#include "pricing_look.h"

static void
taxes_by_mode(void **state)
{
	static const struct example rows[] = {
		{ CART("inclusive", LINE("a", 3, 999, "0.07") "}") "}",
		    "lines.0.subtotal=2997 lines.0.total=2997 "
		    "lines.0.net=2801 lines.0.tax=196 total=2997 net=2801 "
		    "tax=196 taxes.0.rate=0.07 taxes.0.name=t0.07" },
		{ CART("exclusive", LINE("a", 3, 999, "0.07") "}") "}",
		    "lines.0.net=2997 lines.0.tax=210 lines.0.total=3207 "
		    "total=3207 net=2997 tax=210 subtotal=2997" },
		/* Half a cent of tax: away from zero, once. */
		{ CART("exclusive", LINE("a", 1, 50, "0.19") "}") "}",
		    "tax=10 total=60" },
		{ CART("exclusive", LINE("a", 1, 10, "0.05") "},"
		    LINE("b", 1, 10, "0.05") "}") "}", "tax=2 total=22" },
		/* By rate and name, the least rate first. */
		{ CART("exclusive", LINE("a", 1, 100, "0.19") "},"
		    LINE("b", 1, 100, "0.070") "}," LINE("c", 1, 100, "0.07")
		    "}," LINE("d", 1, 100, "0.19") "}," LINE("e", 1, 100, "0")
		    "}") "}",
		    "taxes.0.rate=0 taxes.0.net=100 taxes.0.tax=0 "
		    "taxes.1.rate=0.07 taxes.1.name=t0.07 taxes.1.net=100 "
		    "taxes.2.name=t0.070 taxes.3.rate=0.19 taxes.3.net=200 "
		    "taxes.3.tax=38 taxes.4=none tax=52 total=552" },
		/* No decimals, three decimals: minor units all the same. */
		{ "{'currency':'JPY','tax_mode':'exclusive','lines':["
		    LINE("a", 1, 105, "0.1") "}]}",
		    "currency=JPY total=116 lines.0.tax_rate=0.1" },
		{ "{'currency':'KWD','tax_mode':'exclusive','lines':["
		    LINE("a", 1, 1250, "0.123456") "}]}",
		    "total=1404 taxes.0.rate=0.123456" },
		{ CART("inclusive", "") "}",
		    "total=0 tax=0 lines.0=none shipping=null taxes.0=none" },
	};

	(void)state;
	run(rows, COUNT(rows));
}

static void
takes_discounts_off_lines(void **state)
{
	static const struct example rows[] = {
		{ CART("inclusive", LINE("a", 2, 1250, "0.07") "}")
		    OFFERS(OFFER("p", "g", 1, "01", PERCENT("line", "10.0")))
		    "}", "lines.0.discount=250 lines.0.total=2250 "
		    "lines.0.net=2103 lines.0.tax=147 subtotal=2500 "
		    "discount=250 total=2250 discounts.0.amount=250 "
		    "discounts.0.name=p discounts.0.code=null "
		    "lines.0.discounts.0.promotion_id=p "
		    "lines.0.discounts.0.amount=250" },
		/* An amount comes off each piece, and no further than 0. */
		{ CART("exclusive", LINE("a", 3, 500, "0.1") "},"
		    LINE("b", 2, 60, "0.1") "}")
		    OFFERS(OFFER("p", "g", 1, "01", AMOUNT("line", 100)))
		    "}", "lines.0.discount=300 lines.1.discount=120 "
		    "lines.1.total=0 total=1320 discount=420" },
		/* Buy 2 get 1: 3 pieces pay 2, 5 pay 4, 2 pay 2. */
		{ CART("inclusive", LINE("a", 3, 100, "0") "},"
		    LINE("b", 5, 100, "0") "}," LINE("c", 2, 100, "0") "},"
		    LINE("d", 6, 100, "0") "}")
		    OFFERS(OFFER("p", "g", 1, "01", BUY("line", 2, 1)))
		    "}", "lines.0.discount=100 lines.1.discount=100 "
		    "lines.2.discount=0 lines.3.discount=200 "
		    "lines.2.discounts.0=none total=1200" },
		/* Buy 1 get 2: of 2 pieces one is free already. */
		{ CART("inclusive", LINE("a", 2, 100, "0") "}")
		    OFFERS(OFFER("p", "g", 1, "01", BUY("line", 1, 2)))
		    "}", "total=100" },
		/* Exact percents: a quarter of a per cent. */
		{ CART("inclusive", LINE("a", 1, 10000, "0") "}")
		    OFFERS(OFFER("p", "g", 1, "01",
		    PERCENT("line", "0.2500"))) "}", "discount=25" },
	};

	(void)state;
	run(rows, COUNT(rows));
}

static void
shares_order_discounts(void **state)
{
	static const struct example rows[] = {
		/* 1.00 over three equal lines: the first by id has the cent. */
		{ CART("inclusive", LINE("c", 1, 500, "0") "},"
		    LINE("a", 1, 500, "0") "}," LINE("b", 1, 500, "0") "}")
		    OFFERS(OFFER("p", "g", 1, "01", AMOUNT("order", 100)))
		    "}", "lines.0.discount=33 lines.1.discount=34 "
		    "lines.2.discount=33 total=1400" },
		/* Never more than the lines cost. */
		{ CART("inclusive", LINE("a", 1, 30, "0.07") "},"
		    LINE("b", 1, 40, "0.19") "}")
		    OFFERS(OFFER("p", "g", 1, "01", AMOUNT("order", 100)))
		    "}", "discount=70 total=0 tax=0" },
		/* A percentage of all together rounds once: 10 % of 3 × 15. */
		{ CART("inclusive", LINE("a", 1, 15, "0") "},"
		    LINE("b", 1, 15, "0") "}," LINE("c", 1, 15, "0") "}")
		    OFFERS(OFFER("p", "g", 1, "01", PERCENT("order", "10")))
		    "}", "discount=5 lines.0.discount=2 lines.1.discount=2 "
		    "lines.2.discount=1" },
		/* Lines first, whatever the priorities say. */
		{ CART("inclusive", LINE("a", 1, 1000, "0") "}")
		    OFFERS(OFFER("o", "a", 1, "01", AMOUNT("order", 500)) ","
		    OFFER("l", "b", 9, "01", PERCENT("line", "50"))) "}",
		    "total=0 discount=1000" },
		/* Buy 3 get 1 of all together: the cheapest is free. */
		{ CART("inclusive", LINE("a", 2, 300, "0") "},"
		    LINE("b", 1, 200, "0") "}," LINE("c", 1, 900, "0") "}")
		    OFFERS(OFFER("p", "g", 1, "01", BUY("order", 3, 1)))
		    "}", "lines.1.discount=200 discount=200" },
		{ CART("inclusive", LINE("a", 2, 300, "0") "},"
		    LINE("b", 1, 200, "0") "}," LINE("c", 5, 900, "0") "}")
		    OFFERS(OFFER("p", "g", 1, "01", BUY("order", 3, 1)))
		    "}", "lines.1.discount=200 lines.0.discount=300 "
		    "lines.2.discount=0" },
	};

	(void)state;
	run(rows, COUNT(rows));
}

static void
asks_conditions(void **state)
{
#define GOODS LINE("a", 1, 1000, "0") ",'category_ids':['fruit','food']," \
	"'brand_id':'x','product_id':'p1'}," \
	LINE("b", 1, 500, "0") ",'category_ids':['tools'],'brand_id':'x'," \
	"'product_id':'p2'}," LINE("c", 1, 200, "0") "}"
#define ONE(rest) OFFERS(OFFER("p", "g", 1, "01", PERCENT("line", "10") rest))
	static const struct example rows[] = {
		{ CART("inclusive", GOODS) ONE(",'category_ids':['food']")
		    "}", "lines.0.discount=100 discount=100" },
		{ CART("inclusive", GOODS) ONE(",'category_ids':"
		    "['none','tools']") "}", "lines.1.discount=50 "
		    "discount=50" },
		{ CART("inclusive", GOODS) ONE(",'brand_ids':['x']") "}",
		    "discount=150 lines.2.discount=0" },
		{ CART("inclusive", GOODS) ONE(",'brand_ids':['x'],"
		    "'product_ids':['p2','p9']") "}", "discount=50" },
		{ CART("inclusive", GOODS) ONE(",'brand_ids':['y']") "}",
		    "discount=0 discounts.0=none" },
		{ CART("inclusive", GOODS) ONE(",'category_ids':[]") "}",
		    "discount=170" },
		{ CART("inclusive", GOODS) ONE(",'minimum_amount':1700") "}",
		    "discount=170" },
		{ CART("inclusive", GOODS) ONE(",'minimum_amount':1701") "}",
		    "discount=0" },
		/* The minimum is of the lines that count. */
		{ CART("inclusive", GOODS) ONE(",'minimum_amount':501,"
		    "'category_ids':['tools']") "}", "discount=0" },
		{ CART("inclusive", GOODS) ONE(",'minimum_amount':500,"
		    "'category_ids':['tools']") "}", "discount=50" },
	};

	(void)state;
	run(rows, COUNT(rows));
}

static void
stacks_groups(void **state)
{
	static const struct example rows[] = {
		/* The best of a group, ties to the older. */
		{ TEN OFFERS(OFFER("p", "g", 1, "01", PERCENT("line", "10"))
		    "," OFFER("q", "g", 2, "02", AMOUNT("order", 150))) "}",
		    "discount=150 discounts.0.name=q discounts.1=none" },
		{ TEN OFFERS(OFFER("p", "g", 1, "02", PERCENT("line", "10"))
		    "," OFFER("q", "g", 9, "01", AMOUNT("order", 100))) "}",
		    "discount=100 discounts.0.name=q discounts.1=none" },
		/* Groups in order of priority: 10 % first or 1.00 first. */
		{ TEN OFFERS(OFFER("p", "g", 2, "01", PERCENT("order", "10"))
		    "," OFFER("q", "h", 1, "02", AMOUNT("order", 100))) "}",
		    "discount=190 discounts.0.name=q discounts.0.amount=100 "
		    "discounts.1.amount=90" },
		{ TEN OFFERS(OFFER("p", "g", 1, "01", PERCENT("order", "10"))
		    "," OFFER("q", "h", 2, "02", AMOUNT("order", 100))) "}",
		    "discount=200 discounts.0.name=p" },
		/* A group's priority is its least. */
		{ TEN OFFERS(OFFER("p", "g", 2, "01", PERCENT("order", "10"))
		    "," OFFER("q", "h", 9, "02", AMOUNT("order", 100)) ","
		    OFFER("r", "h", 1, "03", AMOUNT("order", 1))) "}",
		    "discount=190 discounts.0.name=q" },
		/* An exclusive one stands alone if it is better. */
		{ TEN OFFERS(OFFER("p", "g", 1, "01", PERCENT("order", "10"))
		    "," OFFER("q", "h", 2, "02", AMOUNT("order", 100)) ","
		    OFFER("x", "h", 3, "03", AMOUNT("order", 201)
		    ",'exclusive':true")) "}",
		    "discount=201 discounts.0.name=x discounts.1=none" },
		{ TEN OFFERS(OFFER("p", "g", 1, "01", PERCENT("order", "10"))
		    "," OFFER("q", "h", 2, "02", AMOUNT("order", 100)) ","
		    OFFER("x", "i", 0, "03", AMOUNT("order", 200)
		    ",'exclusive':true")) "}",
		    "discount=200 discounts.0.name=p discounts.1.name=q" },
		{ TEN OFFERS(OFFER("x", "g", 1, "05", AMOUNT("order", 300)
		    ",'exclusive':true") "," OFFER("y", "h", 2, "04",
		    AMOUNT("line", 300) ",'exclusive':true")) "}",
		    "discount=300 discounts.0.name=y discounts.1=none" },
		/* Fractions of seconds, as PostgreSQL writes them. */
		{ TEN OFFERS("{'id':'p','name':'p','kind':'percent',"
		    "'percent':10,'created_at':"
		    "'2026-01-01T00:00:00.25+00:00'},{'id':'q','name':'q',"
		    "'kind':'percent','percent':10,'created_at':"
		    "'2026-01-01T00:00:00.249999+00:00'}") "}",
		    "discounts.0.name=q" },
		{ TEN OFFERS("{'id':'p','name':'p','kind':'percent',"
		    "'percent':10,'created_at':'2026-01-01T00:00:00.5Z'},"
		    "{'id':'q','name':'q','kind':'percent','percent':10,"
		    "'created_at':'2026-01-01T00:00:00Z'}") "}",
		    "discounts.0.name=q" },
		/* Codes are told. */
		{ TEN OFFERS(OFFER("p", "g", 1, "01", PERCENT("order", "10")
		    ",'code':'TEN'")) "}", "discounts.0.code=TEN" },
	};

	(void)state;
	run(rows, COUNT(rows));
}

static void
ships(void **state)
{
#define BOX(grams) CART("inclusive", LINE("a", 2, 1000, "0.07") \
	",'weight_grams':" #grams "}")
	static const struct example rows[] = {
		{ BOX(499) SHIP("weight", STEPS, "") "}",
		    "shipping.price=490 shipping.total=490 shipping.net=412 "
		    "shipping.tax=78 shipping.method_id=s shipping.name=Post "
		    "shipping.tax_rate=0.19 total=2490 tax=209 "
		    "shipping_methods.0.total=490" },
		{ BOX(500) SHIP("weight", STEPS, "") "}",
		    "shipping.price=690" },
		{ BOX(0) SHIP("total", STEPS, "") "}", "shipping.price=690" },
		{ BOX(0) SHIP("total", STEPS ",{'from':2001,'amount':0}", "")
		    "}", "shipping.price=690" },
		{ BOX(0) SHIP("flat", STEPS, "") "}", "shipping.price=490" },
		/* Free from an amount, after discounts. */
		{ BOX(0) SHIP("flat", STEPS, ",'free_from':2000") "}",
		    "shipping.price=0 total=2000" },
		{ BOX(0) SHIP("flat", STEPS, ",'free_from':2001") "}",
		    "shipping.price=490" },
		{ BOX(0) OFFERS(OFFER("p", "g", 1, "01",
		    PERCENT("line", "50"))) SHIP("flat", STEPS,
		    ",'free_from':2000") "}",
		    "discount=1000 shipping.price=490 total=1490" },
		/* What would cost more in the end is not applied. */
		{ BOX(0) OFFERS(OFFER("p", "g", 1, "01",
		    AMOUNT("order", 100))) SHIP("flat", STEPS,
		    ",'free_from':2000") "}",
		    "discount=0 shipping.price=0 total=2000" },
		/* Nothing for this cart: not offered, counts as none. */
		{ BOX(1) SHIP("weight", "{'from':50,'amount':1}", "") "}",
		    "shipping=null shipping_methods.0=none total=2000" },
		{ CART("inclusive", "") SHIP("flat", STEPS, "") "}",
		    "shipping=null shipping_methods.0=none total=0" },
		{ CART("exclusive", LINE("a", 1, 1000, "0.07") "}")
		    SHIP("flat", STEPS, "") "}", "shipping.net=490 "
		    "shipping.tax=93 shipping.total=583 total=1653 net=1490 "
		    "tax=163 taxes.1.name=standard taxes.1.net=490 "
		    "taxes.1.tax=93" },
	};

	(void)state;
	run(rows, COUNT(rows));
}

static void
ships_for_nothing(void **state)
{
#define FREE(id, group, rest) OFFER(id, group, 1, "01", \
	"'kind':'free_shipping','level':'order'" rest)
	static const struct example rows[] = {
		{ BOX(0) OFFERS(FREE("f", "g", "")) SHIP("flat", STEPS, "")
		    "}", "shipping.price=490 shipping.discount=490 "
		    "shipping.total=0 shipping.tax=0 discount=0 "
		    "discounts.0.name=f discounts.0.amount=490 total=2000" },
		{ BOX(0) OFFERS(FREE("f", "g", ",'minimum_amount':2001"))
		    SHIP("flat", STEPS, "") "}", "shipping.discount=0" },
		/* Best of a group: 4.90 of shipping against 10 or 30 %. */
		{ BOX(0) OFFERS(FREE("f", "g", "") "," OFFER("p", "g", 1,
		    "02", PERCENT("line", "10"))) SHIP("flat", STEPS, "")
		    "}", "discounts.0.name=f discounts.1=none" },
		{ BOX(0) OFFERS(FREE("f", "g", "") "," OFFER("p", "g", 1,
		    "02", PERCENT("line", "30"))) SHIP("flat", STEPS, "")
		    "}", "discounts.0.name=p discounts.1=none" },
		/* Without a method chosen, others are better; each method's
		 * price is told all the same. */
		{ BOX(0) OFFERS(FREE("f", "g", "")) ",'shipping':[{'id':1,"
		    "'name':'A','by':'flat','tax_rate':0,'steps':[" STEPS
		    "]}]}", "shipping=null discounts.0=none total=2000 "
		    "shipping_methods.0.method_id=1 "
		    "shipping_methods.0.price=490 "
		    "shipping_methods.0.discount=490 "
		    "shipping_methods.0.total=0" },
		{ BOX(0) ",'shipping_method_id':'gone','shipping':[]}",
		    "shipping=null total=2000" },
	};

	(void)state;
	run(rows, COUNT(rows));
}

static void
shows_what_it_was_told(void **state)
{
	static const struct example rows[] = {
		{ CART("inclusive", LINE("a", 1, 1000, "0") ",'sku':'S-1',"
		    "'variant_id':'v','product_id':'p','name':'Yam','slug':"
		    "'yam','options':{'size':'L'},'image':null,'available':5,"
		    "'added_unit_amount':900,'secret':1}") "}",
		    "lines.0.sku=S-1 lines.0.variant_id=v "
		    "lines.0.product_id=p lines.0.name=Yam lines.0.slug=yam "
		    "lines.0.options.size=L lines.0.image=null "
		    "lines.0.available=5 lines.0.price_changed_from=900 "
		    "lines.0.secret=none lines.0.unit_price=1000" },
		{ CART("inclusive", LINE("a", 1, 1000, "0")
		    ",'added_unit_amount':1000}," LINE("b", 1, 1, "0") "}")
		    "}", "lines.0.price_changed_from=none lines.0.sku=none "
		    "lines.1.price_changed_from=none" },
		{ CART("inclusive", LINE("a", 1, 1000, "0")
		    ",'added_unit_amount':0}") "}",
		    "lines.0.price_changed_from=0" },
	};

	(void)state;
	run(rows, COUNT(rows));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(taxes_by_mode),
		cmocka_unit_test(takes_discounts_off_lines),
		cmocka_unit_test(shares_order_discounts),
		cmocka_unit_test(asks_conditions),
		cmocka_unit_test(stacks_groups),
		cmocka_unit_test(ships),
		cmocka_unit_test(ships_for_nothing),
		cmocka_unit_test(shows_what_it_was_told),
	};
	int failed;

	arena = crm_arena_new(64 << 20);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	crm_arena_free(arena);
	return failed;
}
