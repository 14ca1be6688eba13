/* SPDX-License-Identifier: ISC */
/* A query that is taken gives values within their bounds, which are taken
 * again unchanged; one that is refused has faults with words. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <crm/field.h>

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static const struct crm_field item[] = {
	{ "sku", CRM_TEXT, .required = true },
	CRM_END
};

static const struct crm_field fields[] = {
	{ "q", CRM_TEXT, .min = 2, .max = 20 },
	{ "s", CRM_SECRET, .max = 9 },
	{ "e", CRM_EMAIL },
	{ "p", CRM_PHONE },
	{ "u", CRM_UUID },
	{ "n", CRM_INTEGER, .min = 1, .max = 100, .standard = "20" },
	{ "m", CRM_MONEY, .max = 5000 },
	{ "r", CRM_DECIMAL, .min = -5000000, .max = 5000000 },
	{ "b", CRM_BOOL },
	{ "c", CRM_ENUM, .values = "red green" },
	{ "d", CRM_DATE },
	{ "t", CRM_TIME },
	{ "w", CRM_URI },
	{ "k", CRM_CURSOR },
	{ "l", CRM_LIST, .of = CRM_TEXT, .min = 1, .max = 3 },
	{ "i", CRM_LIST, .of = CRM_INTEGER },
	{ "o", CRM_OBJECT, .fields = item },
	{ "a", CRM_ATTRIBUTES },
	{ "ol", CRM_LIST, .of = CRM_OBJECT, .fields = item },
	CRM_END
};

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static void
check_bounds(const struct crm_value *value)
{
	const char *text = value->text;

	must(crm_utf8_valid(text, strlen(text)));
	switch (value->field->type) {
	case CRM_TEXT:
		must(crm_utf8_length(text) >= 2);
		must(crm_utf8_length(text) <= 20);
		break;
	case CRM_INTEGER:
		must(atoll(text) >= 1 && atoll(text) <= 100);
		break;
	case CRM_MONEY:
		must(atoll(text) >= 0 && atoll(text) <= 5000);
		break;
	case CRM_DECIMAL:
		must(strtod(text, NULL) >= -5 && strtod(text, NULL) <= 5);
		break;
	case CRM_UUID:
		must(strlen(text) == 36);
		break;
	case CRM_OBJECT:
	case CRM_ATTRIBUTES:
		must(false);
		break;
	default:
		break;
	}
}

/* The canonical text is its own canonical text. */
static void
check_again(struct crm_arena *arena, const struct crm_value *value)
{
	struct crm_input again;

	if (value->field->type == CRM_LIST ||
	    value->field->type == CRM_CURSOR ||
	    value->field->type == CRM_MONEY)
		return;
	crm_input_init(&again, arena);
	must(crm_input_text(&again, value->field, value->text));
	must(strcmp(again.values[0].text, value->text) == 0);
}

static void
check(struct crm_arena *arena, const char *query)
{
	const struct crm_fault *fault;
	struct crm_input input;
	const char *json;
	int i;

	crm_input_init(&input, arena);
	must(crm_input_query(&input, fields, query) ==
	    (input.faults == NULL));
	must(input.count == sizeof(fields) / sizeof(fields[0]) - 1);
	for (fault = input.faults; fault != NULL; fault = fault->next) {
		must(fault->code != NULL && fault->message[0] != '\0');
		must(crm_utf8_valid(fault->field, strlen(fault->field)));
	}
	json = crm_input_json(&input);
	must(crm_json_parse(arena, json, strlen(json), NULL) != NULL);
	if (input.faults != NULL)
		return;
	for (i = 0; i < input.count; i++) {
		if (input.values[i].text == NULL)
			continue;
		check_bounds(&input.values[i]);
		check_again(arena, &input.values[i]);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static struct crm_arena *arena;

	if (arena == NULL)
		arena = crm_arena_new(256 * 1024 * 1024);
	check(arena, crm_strndup(arena, (const char *)bytes, size));
	crm_arena_reset(arena);
	return 0;
}
