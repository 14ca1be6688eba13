/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <crm/field.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct crm_arena *arena;
static struct crm_input input;

static int
set_up(void **state)
{
	(void)state;
	arena = crm_arena_new(50000000);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	crm_arena_free(arena);
	return 0;
}

static const struct crm_json *
parse(const char *text)
{
	const struct crm_json *json;
	const char *why;

	json = crm_json_parse(arena, text, strlen(text), &why);
	if (json == NULL)
		fail_msg("%s: %s", text, why);
	return json;
}

/* The faults as "path code, path code". */
static const char *
faults(void)
{
	const struct crm_fault *fault;
	struct crm_text text;

	crm_text_init(&text, arena);
	for (fault = input.faults; fault != NULL; fault = fault->next) {
		assert_true(fault->message[0] != '\0');
		crm_text_printf(&text, "%s%s %s", text.length > 0 ? ", " : "",
		    fault->field, fault->code);
	}
	return text.data;
}

static const struct crm_field line[] = {
	{ "sku", CRM_TEXT, .required = true, .max = 20 },
	{ "quantity", CRM_INTEGER, .min = 1, .max = 99, .standard = "1" },
	{ "gift", CRM_BOOL, .nullable = true },
	CRM_END
};

/* Each type, its bounds away from where an example would be by itself. */
static const struct crm_field every[] = {
	{ "text", CRM_TEXT }, { "short", CRM_TEXT, .max = 3 },
	{ "long", CRM_TEXT, .required = true, .min = 20, .max = 30 },
	{ "secret", CRM_SECRET, .min = 8, .max = 100 },
	{ "email", CRM_EMAIL, .required = true }, { "phone", CRM_PHONE },
	{ "uuid", CRM_UUID }, { "integer", CRM_INTEGER },
	{ "large", CRM_INTEGER, .min = 500, .max = INT64_MAX },
	{ "below", CRM_INTEGER, .min = -9, .max = -3 },
	{ "money", CRM_MONEY }, { "cents", CRM_MONEY, .max = 99 },
	{ "decimal", CRM_DECIMAL }, { "rate", CRM_DECIMAL, .max = 250000 },
	{ "bool", CRM_BOOL, .standard = "false" },
	{ "enum", CRM_ENUM, .values = " red green", .nullable = true },
	{ "date", CRM_DATE, .about = "A \"day\"" }, { "time", CRM_TIME },
	{ "uri", CRM_URI }, { "cursor", CRM_CURSOR },
	{ "object", CRM_OBJECT, .fields = line },
	{ "list", CRM_LIST, .of = CRM_OBJECT, .fields = line, .min = 2 },
	{ "sizes", CRM_LIST, .of = CRM_ENUM, .item_values = "s m" },
	{ "attributes", CRM_ATTRIBUTES, .min = 3, .max = 4 },
	{ "named", CRM_TEXT, .example = "A \"name\"" },
	{ "given", CRM_LIST, .of = CRM_INTEGER, .example = "[4,5]" },
	CRM_END
};

static void
makes_valid_examples(void **state)
{
	struct crm_text example;
	const struct crm_field *field;

	(void)state;
	crm_text_init(&example, arena);
	crm_fields_example(&example, every);
	crm_input_init(&input, arena);
	crm_input_body(&input, every, parse(example.data));
	assert_string_equal(faults(), "");
	for (field = every; field->type != CRM_NOTHING; field++) {
		crm_text_init(&example, arena);
		crm_field_example(&example, field);
		parse(example.data);
	}
	crm_text_init(&example, arena);
	crm_fields_example(&example, NULL);
	assert_string_equal(example.data, "{}");
}

static const struct crm_field price = { "price", CRM_MONEY, .max = 5000 };

static void
schema(const struct crm_field *field, const char *expected)
{
	struct crm_text text;

	crm_text_init(&text, arena);
	crm_field_schema(&text, field);
	parse(text.data);
	assert_string_equal(text.data, expected);
}

static void
makes_schemas(void **state)
{
	struct crm_text text;

	(void)state;
	schema(&line[0], "{\"type\":\"string\",\"minLength\":1,"
	    "\"maxLength\":20}");
	schema(&line[1], "{\"type\":\"integer\",\"format\":\"int32\","
	    "\"minimum\":1,\"maximum\":99,\"default\":1}");
	schema(&line[2], "{\"type\":[\"boolean\",\"null\"]}");
	schema(&every[3], "{\"type\":\"string\",\"minLength\":8,"
	    "\"maxLength\":100,\"format\":\"password\",\"writeOnly\":true}");
	schema(&every[8], "{\"type\":\"integer\",\"format\":\"int64\","
	    "\"minimum\":500,\"maximum\":9223372036854775807}");
	schema(&every[13], "{\"type\":[\"number\",\"string\"],"
	    "\"minimum\":0,\"maximum\":0.25,"
	    "\"pattern\":\"^-?(0|[1-9][0-9]*)([.][0-9]+)?$\"}");
	schema(&every[15], "{\"type\":[\"string\",\"null\"],"
	    "\"enum\":[\"red\",\"green\",null]}");
	schema(&every[16], "{\"type\":\"string\",\"format\":\"date\","
	    "\"description\":\"A \\\"day\\\"\"}");
	schema(&every[22], "{\"type\":\"array\",\"items\":{\"type\":"
	    "\"string\",\"enum\":[\"s\",\"m\"]},\"minItems\":0,"
	    "\"maxItems\":100}");
	schema(&every[24], "{\"type\":\"string\",\"minLength\":0,"
	    "\"maxLength\":1000,\"examples\":[\"A \\\"name\\\"\"]}");
	crm_text_init(&text, arena);
	crm_field_schema_query(&text, &price);
	assert_string_equal(text.data, "{\"type\":\"integer\",\"format\":"
	    "\"int32\",\"minimum\":0,\"maximum\":5000}");
}

static void
makes_tables_schemas(void **state)
{
	static const char properties[] = "{\"type\":\"object\",\"properties\":"
	    "{\"sku\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":20},"
	    "\"quantity\":{\"type\":\"integer\",\"format\":\"int32\","
	    "\"minimum\":1,\"maximum\":99,\"default\":1},"
	    "\"gift\":{\"type\":[\"boolean\",\"null\"]}}";
	struct crm_text text;

	(void)state;
	crm_text_init(&text, arena);
	crm_fields_schema(&text, line);
	assert_string_equal(text.data, crm_format(arena,
	    "%s,\"required\":[\"sku\"],\"additionalProperties\":false}",
	    properties));
	crm_text_init(&text, arena);
	crm_fields_schema_partial(&text, line);
	assert_string_equal(text.data, crm_format(arena,
	    "%s,\"additionalProperties\":false}", properties));
	crm_text_init(&text, arena);
	crm_fields_schema(&text, NULL);
	assert_string_equal(text.data, "{\"type\":\"object\","
	    "\"properties\":{},\"additionalProperties\":false}");
	crm_text_init(&text, arena);
	crm_fields_schema(&text, every);
	parse(text.data);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(makes_valid_examples),
		cmocka_unit_test(makes_schemas),
		cmocka_unit_test(makes_tables_schemas),
	};

	return cmocka_run_group_tests_name("field_schema", tests, set_up,
	    tear_down);
}
