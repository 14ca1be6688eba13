/* SPDX-License-Identifier: ISC */
/* Facts that are taken give a quote whose amounts add up and are nowhere
 * negative; facts that are refused have a reason and leave nothing behind. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <crm/json.h>
#include <crm/pricing.h>

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static int64_t
money(const struct crm_json *json, const char *name)
{
	int64_t amount = -1;

	must(crm_json_integer(crm_json_get(crm_json_get(json, name),
	    "amount"), &amount));
	must(amount >= 0);
	return amount;
}

static int64_t
sum_of(const struct crm_json *list, const char *name)
{
	const struct crm_json *item;
	int64_t sum = 0;

	for (item = crm_json_first(list); item != NULL;
	     item = crm_json_next(item))
		must(!__builtin_add_overflow(sum, money(item, name), &sum));
	return sum;
}

static void
check_line(const struct crm_json *line, bool inclusive)
{
	must(money(line, "total") == money(line, "net") + money(line, "tax"));
	must(money(line, inclusive ? "total" : "net") ==
	    money(line, "subtotal") - money(line, "discount"));
	must(money(line, "discount") ==
	    sum_of(crm_json_get(line, "discounts"), "amount"));
}

static void
check(const struct crm_json *quote)
{
	static const char *const sides[] = { "net", "tax", "total" };
	const struct crm_json *lines = crm_json_get(quote, "lines"), *line;
	const struct crm_json *shipping = crm_json_get(quote, "shipping");
	bool shipped = crm_json_type(shipping) == CRM_JSON_OBJECT;
	bool inclusive = strcmp(crm_json_text_of(quote, "tax_mode"),
	    "inclusive") == 0;
	int i;

	for (i = 0; i < 3; i++)
		must(money(quote, sides[i]) == sum_of(lines, sides[i]) +
		    (shipped ? money(shipping, sides[i]) : 0));
	for (line = crm_json_first(lines); line != NULL;
	     line = crm_json_next(line))
		check_line(line, inclusive);
	must(money(quote, "tax") ==
	    sum_of(crm_json_get(quote, "taxes"), "tax"));
	must(money(quote, "discount") == sum_of(lines, "discount"));
	must(money(quote, "subtotal") == sum_of(lines, "subtotal"));
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static struct crm_arena *arena;
	const struct crm_json *facts, *quote;
	const char *why = "unset";
	struct crm_text out;

	if (arena == NULL)
		arena = crm_arena_new(256 * 1024 * 1024);
	facts = crm_json_parse(arena, (const char *)bytes, size, NULL);
	crm_text_init(&out, arena);
	if (!crm_quote(arena, facts, &out, &why)) {
		must(why != NULL && out.length == 0);
	} else {
		must(why == NULL);
		quote = crm_json_parse(arena, out.data, out.length, NULL);
		must(quote != NULL);
		check(quote);
	}
	crm_arena_reset(arena);
	return 0;
}
