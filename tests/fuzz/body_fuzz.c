/* SPDX-License-Identifier: ISC */
/* A body that is taken gives a canonical form that is taken again and stays
 * as it is. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <crm/field.h>

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static const struct crm_field line[] = {
	{ "sku", CRM_TEXT, .required = true, .max = 20 },
	{ "quantity", CRM_INTEGER, .min = 1, .max = 99, .standard = "1" },
	{ "gift", CRM_BOOL, .nullable = true },
	{ "price", CRM_MONEY, .nullable = true },
	CRM_END
};

static const struct crm_field fields[] = {
	{ "text", CRM_TEXT, .max = 20, .nullable = true },
	{ "secret", CRM_SECRET, .min = 3 },
	{ "email", CRM_EMAIL },
	{ "phone", CRM_PHONE },
	{ "uuid", CRM_UUID },
	{ "integer", CRM_INTEGER, .standard = "7" },
	{ "money", CRM_MONEY, .min = -100, .max = 100 },
	{ "decimal", CRM_DECIMAL },
	{ "bool", CRM_BOOL },
	{ "enum", CRM_ENUM, .values = "red green" },
	{ "date", CRM_DATE },
	{ "time", CRM_TIME },
	{ "uri", CRM_URI },
	{ "object", CRM_OBJECT, .fields = line },
	{ "lines", CRM_LIST, .of = CRM_OBJECT, .fields = line, .max = 5 },
	{ "tags", CRM_LIST, .of = CRM_TEXT, .min = 1, .max = 3 },
	{ "rates", CRM_LIST, .of = CRM_DECIMAL },
	{ "extra", CRM_ATTRIBUTES },
	CRM_END
};

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static void
check_faults(const struct crm_input *input)
{
	const struct crm_fault *fault;
	int count = 0;

	for (fault = input->faults; fault != NULL; fault = fault->next) {
		must(fault->code != NULL && fault->message[0] != '\0');
		must(crm_utf8_valid(fault->field, strlen(fault->field)));
		count++;
	}
	must(count <= 100);
}

static void
check(struct crm_arena *arena, const struct crm_json *body, bool partial)
{
	struct crm_input input, again;
	const struct crm_json *json;
	const char *text;

	crm_input_init(&input, arena);
	input.partial = partial;
	must(crm_input_body(&input, fields, body) == (input.faults == NULL));
	check_faults(&input);
	text = crm_input_json(&input);
	json = crm_json_parse(arena, text, strlen(text), NULL);
	must(json != NULL);
	if (input.faults != NULL)
		return;
	crm_input_init(&again, arena);
	again.partial = partial;
	must(crm_input_body(&again, fields, json));
	must(strcmp(crm_input_json(&again), text) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static struct crm_arena *arena;
	const struct crm_json *body;

	if (arena == NULL)
		arena = crm_arena_new(256 * 1024 * 1024);
	body = crm_json_parse(arena, (const char *)bytes, size, NULL);
	if (body != NULL) {
		check(arena, body, false);
		check(arena, body, true);
	}
	crm_arena_reset(arena);
	return 0;
}
