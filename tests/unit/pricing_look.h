/* SPDX-License-Identifier: ISC */
/* Quotes and what is expected of them, written short. */
#ifndef DUKA_TEST_PRICING_LOOK_H
#define DUKA_TEST_PRICING_LOOK_H

#include <stdlib.h>

#include <crm/pricing.h>
#include <crm/text.h>

#include "pricing_facts.h"

/* What stands at a path such as lines.0.tax; money as its amount, null as
 * "null", what isn't there as "none". */
static inline const char *
look(const struct crm_json *json, const char *path)
{
	char *copy = crm_strdup(arena, path), *rest, *part;
	const char *text;
	long index;

	for (part = strtok_r(copy, ".", &rest); part != NULL;
	     part = strtok_r(NULL, ".", &rest)) {
		if (crm_json_type(json) != CRM_JSON_ARRAY) {
			json = crm_json_get(json, part);
			continue;
		}
		json = crm_json_first(json);
		for (index = strtol(part, NULL, 10); index > 0; index--)
			json = crm_json_next(json);
	}
	if (crm_json_get(json, "currency") != NULL &&
	    crm_json_get(json, "amount") != NULL)
		json = crm_json_get(json, "amount");
	text = crm_json_text(json);
	if (text != NULL)
		return text;
	return json == NULL ? "none" : "null";
}

/* Compares a quote with expectations such as "total=100 tax=7". */
static inline void
expect(const struct crm_json *quote, const char *facts, const char *wanted)
{
	char *copy = crm_strdup(arena, wanted), *rest, *part, *value;
	const char *found;

	for (part = strtok_r(copy, " ", &rest); part != NULL;
	     part = strtok_r(NULL, " ", &rest)) {
		value = strchr(part, '=');
		*value++ = '\0';
		found = look(quote, part);
		if (strcmp(found, value) != 0)
			fail_msg("%s is %s, not %s, of %s", part, found,
			    value, facts);
	}
}

static inline struct crm_json *
quote_of(const char *facts)
{
	struct crm_text out;
	struct crm_json *quote;
	const char *why = "";

	crm_text_init(&out, arena);
	if (!crm_quote(arena, parse(facts), &out, &why))
		fail_msg("refused (%s): %s", why, facts);
	quote = crm_json_parse(arena, out.data, out.length, &why);
	if (quote == NULL)
		fail_msg("%s: %s", why, out.data);
	return quote;
}

static inline void
run(const struct example *examples, int count)
{
	int i;

	for (i = 0; i < count; i++) {
		expect(quote_of(examples[i].facts), examples[i].facts,
		    examples[i].wanted);
		crm_arena_reset(arena);
	}
}

#endif
