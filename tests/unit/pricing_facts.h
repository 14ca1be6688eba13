/* SPDX-License-Identifier: ISC */
/* Facts of carts for tests, written short. */
#ifndef DUKA_TEST_PRICING_FACTS_H
#define DUKA_TEST_PRICING_FACTS_H

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <crm/arena.h>
#include <crm/json.h>

#define COUNT(a) ((int)(sizeof(a) / sizeof((a)[0])))

static struct crm_arena *arena;

/* The facts' text, with ' for ". */
static inline struct crm_json *
parse(const char *facts)
{
	char *text = crm_strdup(arena, facts), *at;
	struct crm_json *json;
	const char *why = NULL;

	for (at = text; *at != '\0'; at++)
		if (*at == '\'')
			*at = '"';
	json = crm_json_parse(arena, text, strlen(text), &why);
	if (json == NULL)
		fail_msg("%s: %s", why, text);
	return json;
}

#define CART(mode, lines) "{'currency':'EUR','tax_mode':'" mode "','lines':[" \
    lines "]"
#define LINE(id, quantity, unit, rate) "{'id':'" id "','quantity':" #quantity \
    ",'unit_amount':" #unit ",'tax_rate':'" rate "','tax_name':'t" rate "'"
#define OFFERS(promotions) ",'promotions':[" promotions "]"
#define OFFER(id, group, priority, created, rest) "{'id':'" id "','name':'" \
    id "','stacking_group':'" group "','priority':" #priority \
    ",'created_at':'2026-01-" created "T00:00:00+00:00'," rest "}"
#define PERCENT(level, percent) "'kind':'percent','level':'" level \
    "','percent':'" percent "'"
#define AMOUNT(level, amount) "'kind':'amount','level':'" level \
    "','amount':" #amount
#define BUY(level, buy, get) "'kind':'buy_x_get_y','level':'" level \
    "','buy':" #buy ",'get':" #get
#define SHIP(by, steps, rest) ",'shipping_method_id':'s','shipping':[{" \
    "'id':'s','name':'Post','by':'" by "','steps':[" steps "]," \
    "'tax_rate':'0.19','tax_name':'standard'" rest "}]"
#define STEPS "{'from':0,'amount':490},{'from':1000,'amount':690}"
#define TEN CART("inclusive", LINE("a", 1, 1000, "0") "}")

struct example {
	const char	*facts, *wanted;
};

#endif
