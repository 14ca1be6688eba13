/* SPDX-License-Identifier: ISC */
/* Pricing: which facts are refused, and why. */
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

/* Each of the facts is refused with the words beside it. */
static void
refuse(const struct example *rows, int count)
{
	struct crm_text out;
	const char *why;
	int i;

	for (i = 0; i < count; i++) {
		crm_text_init(&out, arena);
		if (crm_quote(arena, parse(rows[i].facts), &out, &why))
			fail_msg("not refused: %s", rows[i].facts);
		assert_string_equal(why, rows[i].wanted);
		assert_int_equal(out.length, 0);
		assert_false(crm_quote(arena, parse(rows[i].facts), &out,
		    NULL));
		crm_arena_reset(arena);
	}
}

static void
refuses_lines(void **state)
{
#define WITH(line) CART("inclusive", line) "}"
#define HUGE "9223372036854775807"
	static const struct example rows[] = {
		{ "[]", "The currency is none" },
		{ "{'currency':'eur'}", "The currency is none" },
		{ "{'currency':'EUR','tax_mode':'both'}", "The tax mode is "
		    "neither inclusive nor exclusive" },
		{ "{'currency':'EUR','tax_mode':'inclusive'}",
		    "The lines are malformed or too many" },
		{ WITH("7"), "The lines are malformed or too many" },
		{ WITH("{}"), "A line's ids are malformed" },
		{ WITH("{'id':'a'}"), "A line's quantity is malformed" },
		{ WITH(LINE("a", 0, 1, "0") "}"),
		    "A line's quantity is malformed" },
		{ WITH(LINE("a", 1.5, 1, "0") "}"),
		    "A line's quantity is malformed" },
		{ WITH(LINE("a", 1000001, 1, "0") "}"),
		    "A line's quantity is malformed" },
		{ WITH(LINE("a", 1, -1, "0") "}"),
		    "A line's price is malformed" },
		{ WITH(LINE("a", 1, 1, "0") ",'added_unit_amount':-1}"),
		    "A line's price is malformed" },
		{ WITH(LINE("a", 1, 1, "1.000001") "}"),
		    "A line's tax is malformed" },
		{ WITH(LINE("a", 1, 1, "-0.1") "}"),
		    "A line's tax is malformed" },
		{ WITH(LINE("a", 1, 1, "0.0000001") "}"),
		    "A line's tax is malformed" },
		{ WITH(LINE("a", 1, 1, "1e-2") "}"),
		    "A line's tax is malformed" },
		{ WITH(LINE("a", 1, 1, "0.") "}"),
		    "A line's tax is malformed" },
		{ WITH(LINE("a", 1, 1, "") "}"),
		    "A line's tax is malformed" },
		{ WITH("{'id':'a','quantity':1,'unit_amount':1}"),
		    "A line's tax is malformed" },
		{ WITH(LINE("a", 1, 1, "0") ",'weight_grams':-1}"),
		    "A line's weight is malformed" },
		{ WITH(LINE("a", 1, 1, "0") "}," LINE("a", 1, 1, "0") "}"),
		    "Two lines have one id" },
		{ WITH(LINE("a", 2, 9223372036854775807, "0") "}"),
		    "The lines cost too much" },
		{ WITH(LINE("a", 1, 9223372036854775807, "0") "},"
		    LINE("b", 1, 1, "0") "}"), "The lines cost too much" },
		{ WITH(LINE("a", 2, 1, "0") ",'weight_grams':" HUGE "}"),
		    "The lines weigh too much" },
		{ CART("exclusive", LINE("a", 1, 9223372036854775807, "0.01")
		    "}") "}", "The total is too large" },
		/* Twice the tax and twice the net fit, twice both don't. */
		{ CART("exclusive", LINE("a", 1, 3000000000000000000, "1")
		    "}," LINE("b", 1, 3000000000000000000, "1") "}") "}",
		    "The total is too large" },
		{ CART("exclusive", LINE("a", 1, 9223372036854775807, "0")
		    "}") SHIP("flat", STEPS, "") "}",
		    "The total is too large" },
	};

	(void)state;
	refuse(rows, COUNT(rows));
}

#define REWARD(reward) ",'loyalty':{'balance':1,'multiplier':'1'" \
    ",'reward':" reward "}}"

static void
refuses_rules(void **state)
{
	static const struct example rows[] = {
		{ TEN ",'promotions':{}}",
		    "The promotions are malformed or too many" },
		{ TEN OFFERS("{'id':1}") "}",
		    "A promotion's names are malformed" },
		{ TEN OFFERS(OFFER("p", "g", 1, "01", "'kind':'prize'")) "}",
		    "A promotion's kind is malformed" },
		{ TEN OFFERS(OFFER("p", "g", 1, "01", "'kind':'gift'")) "}",
		    "A promotion's effect is malformed" },
		{ TEN OFFERS(OFFER("p", "g", 1, "01", "'kind':'gift','gift':"
		    LINE("g", 0, 1, "0") "}")) "}",
		    "A line's quantity is malformed" },
		{ TEN OFFERS(OFFER("p", "g", 1, "01", "'kind':'gift','gift':"
		    LINE("g", 2, 500000000000001, "0") "}")) "}",
		    "A promotion's effect is malformed" },
		{ TEN ",'loyalty':7}", "The points are malformed" },
		{ TEN ",'loyalty':{'multiplier':'1'}}",
		    "The points are malformed" },
		{ TEN ",'loyalty':{'balance':1,'multiplier':'100.1'}}",
		    "The points are malformed" },
		{ TEN ",'loyalty':{'balance':1,'multiplier':'1',"
		    "'wanted':-1}}", "The points are malformed" },
		{ TEN REWARD("[]"), "The reward is malformed" },
		{ TEN REWARD("{'id':'r','name':'R','kind':'x','cost':1}"),
		    "The reward is malformed" },
		{ TEN REWARD("{'id':'r','name':'R','kind':'amount_off',"
		    "'cost':1}"), "The reward is malformed" },
		{ TEN REWARD("{'id':'r','name':'R','kind':'percent_off',"
		    "'cost':1,'percent':'101'}"), "The reward is malformed" },
		{ TEN REWARD("{'id':'r','name':'R','kind':'free_shipping',"
		    "'cost':0}"), "The reward is malformed" },
		{ TEN OFFERS(OFFER("p", "g", 1, "01", PERCENT("cart", "1")))
		    "}", "A promotion's kind is malformed" },
		{ TEN OFFERS(OFFER("p", "g", 1, "01",
		    PERCENT("line", "100.0001"))) "}",
		    "A promotion's effect is malformed" },
		{ TEN OFFERS(OFFER("p", "g", 1, "01", AMOUNT("line", -1)))
		    "}", "A promotion's effect is malformed" },
		{ TEN OFFERS(OFFER("p", "g", 1, "01", BUY("line", 0, 1)))
		    "}", "A promotion's effect is malformed" },
		{ TEN OFFERS(OFFER("p", "g", 1, "01", PERCENT("line", "1")
		    ",'brand_ids':[{}]")) "}",
		    "A promotion's conditions are malformed" },
		{ TEN OFFERS(OFFER("p", "g", "1", "01",
		    PERCENT("line", "1"))) "}",
		    "A promotion's rank is malformed" },
		{ TEN ",'shipping':[{'id':1}]}",
		    "A shipping method's names are malformed" },
		{ TEN SHIP("drone", STEPS, "") "}",
		    "A shipping method goes by something unknown" },
		{ TEN SHIP("flat", "", "") "}",
		    "A shipping method's prices are malformed" },
		{ TEN SHIP("flat", "{'from':0}", "") "}",
		    "A shipping method's prices are malformed" },
		{ TEN ",'shipping':[{'id':1,'name':'A','by':'flat','steps':["
		    STEPS "]}]}", "A shipping method's tax is malformed" },
	};

	(void)state;
	refuse(rows, COUNT(rows));
}

/* A cart of `count` lines, or promotions, or methods. */
static bool
large(const char *what, const char *item, int count)
{
	struct crm_text facts, out;
	int i;

	crm_text_init(&facts, arena);
	crm_text_init(&out, arena);
	crm_text_puts(&facts, "{'currency':'EUR','tax_mode':'inclusive'");
	if (strcmp(what, "lines") != 0)
		crm_text_puts(&facts, ",'lines':[]");
	crm_text_printf(&facts, ",'%s':[", what);
	for (i = 0; i < count; i++)
		crm_text_printf(&facts, "%s{'id':%d,%s}", i == 0 ? "" : ",",
		    i, item);
	crm_text_puts(&facts, "]}");
	return crm_quote(arena, parse(facts.data), &out, NULL);
}

static void
has_bounds(void **state)
{
	static const char line[] =
	    "'quantity':1,'unit_amount':1,'tax_rate':0";
	static const char promotion[] = "'name':'p','kind':'free_shipping'";
	static const char method[] = "'name':'p','by':'flat','tax_rate':0,"
	    "'steps':[{'from':0,'amount':0}]";

	(void)state;
	assert_true(large("lines", line, 500));
	assert_false(large("lines", line, 501));
	assert_true(large("promotions", promotion, 200));
	assert_false(large("promotions", promotion, 201));
	assert_true(large("shipping", method, 50));
	assert_false(large("shipping", method, 51));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_lines),
		cmocka_unit_test(refuses_rules),
		cmocka_unit_test(has_bounds),
	};
	int failed;

	arena = crm_arena_new(64 << 20);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	crm_arena_free(arena);
	return failed;
}
