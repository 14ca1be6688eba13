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

/* Checks a body and compares its canonical form, or its faults. */
static void
body(const struct crm_field *fields, const char *json, const char *expected)
{
	bool well;

	crm_input_init(&input, arena);
	well = crm_input_body(&input, fields, parse(json));
	assert_int_equal(well, input.faults == NULL);
	if (strcmp(well ? crm_input_json(&input) : faults(), expected) != 0)
		fail_msg("%s\n\tgave %s\n\tnot  %s", json,
		    well ? crm_input_json(&input) : faults(), expected);
}

static void
query(const struct crm_field *fields, const char *string,
    const char *expected)
{
	bool well;

	crm_input_init(&input, arena);
	well = crm_input_query(&input, fields, string);
	assert_int_equal(well, input.faults == NULL);
	if (strcmp(well ? crm_input_json(&input) : faults(), expected) != 0)
		fail_msg("%s\n\tgave %s\n\tnot  %s", string,
		    well ? crm_input_json(&input) : faults(), expected);
}

/* `count` times `what`. */
static const char *
times(int count, const char *what)
{
	struct crm_text text;

	crm_text_init(&text, arena);
	while (count-- > 0)
		crm_text_puts(&text, what);
	return text.data;
}

static const struct crm_field line[] = {
	{ "sku", CRM_TEXT, .required = true, .max = 20 },
	{ "quantity", CRM_INTEGER, .min = 1, .max = 99, .standard = "1" },
	{ "gift", CRM_BOOL, .nullable = true },
	CRM_END
};

static const struct crm_field cart[] = {
	{ "email", CRM_EMAIL, .required = true },
	{ "note", CRM_TEXT, .nullable = true, .max = 10 },
	{ "price", CRM_MONEY },
	{ "rate", CRM_DECIMAL },
	{ "lines", CRM_LIST, .of = CRM_OBJECT, .fields = line, .max = 3 },
	{ "tags", CRM_LIST, .of = CRM_TEXT, .min = 1, .max = 3 },
	{ "sizes", CRM_LIST, .of = CRM_ENUM, .item_values = "s m l" },
	{ "extra", CRM_ATTRIBUTES, .max = 3 },
	{ "limit", CRM_INTEGER, .min = 1, .max = 100, .standard = "20" },
	{ "first", CRM_OBJECT, .fields = line },
	CRM_END
};

static void
checks_bodies(void **state)
{
	(void)state;
	body(cart, "{\"email\":\"A@B.CO\"}",
	    "{\"email\":\"A@b.co\",\"limit\":20}");
	body(cart, "{\"limit\":5,\"rate\":\"1.10\",\"note\":\" x \","
	    "\"email\":\"a@b.co\"}", "{\"email\":\"a@b.co\",\"note\":\"x\","
	    "\"rate\":1.1,\"limit\":5}");
	body(cart, "{\"email\":\"a@b.co\",\"note\":null,\"rate\":2.50}",
	    "{\"email\":\"a@b.co\",\"note\":null,\"rate\":2.5,\"limit\":20}");
	body(cart, "{}", "email required");
	body(cart, "{\"email\":null}", "email required");
	body(cart, "{\"email\":\"\"}", "email required");
	body(cart, "{\"email\":1,\"rate\":null,\"limit\":\"5\","
	    "\"note\":[],\"price\":5,\"lines\":{},\"extra\":[],\"first\":[]}",
	    "email type, note type, price type, rate type, lines type, "
	    "extra type, limit type, first type");
	body(cart, "{\"email\":\"a@b.co\",\"Email\":1,\"x\":{},\"\":2}",
	    "Email unknown, x unknown,  unknown");
	body(cart, "{\"email\":\"a@b.co\",\"limit\":1.0}", "limit type");
	body(cart, "{\"email\":\"a@b.co\",\"limit\":1e2}", "limit type");
	body(cart, "{\"email\":\"a@b.co\",\"limit\":2147483648}",
	    "limit too_large");
	body(cart, "{\"email\":\"a@b.co\",\"limit\":-1}", "limit too_small");
	body(cart, "{\"email\":\"a@b.co\",\"note\":\"12345678901\"}",
	    "note too_long");
	body(cart, "[]", " type");
	body(cart, "null", " type");
	body(cart, "\"x\"", " type");
}

static void
checks_money(void **state)
{
	static const struct crm_field fields[] = { { "p", CRM_MONEY }, {
		"q", CRM_MONEY, .min = -5, .max = 5 }, CRM_END };

	(void)state;
	body(fields, "{\"p\":{\"currency\":\"EUR\",\"amount\":1250}}",
	    "{\"p\":{\"amount\":1250,\"currency\":\"EUR\"}}");
	body(fields, "{\"p\":{\"amount\":1000000000000,"
	    "\"currency\":\"JPY\"}}",
	    "{\"p\":{\"amount\":1000000000000,\"currency\":\"JPY\"}}");
	body(fields, "{\"p\":{\"amount\":1000000000001,"
	    "\"currency\":\"JPY\"}}", "p.amount too_large");
	body(fields, "{\"p\":{\"amount\":-1,\"currency\":\"EUR\"}}",
	    "p.amount too_small");
	body(fields, "{\"q\":{\"amount\":-5,\"currency\":\"EUR\"}}",
	    "{\"q\":{\"amount\":-5,\"currency\":\"EUR\"}}");
	body(fields, "{\"q\":{\"amount\":-6,\"currency\":\"EUR\"}}",
	    "q.amount too_small");
	body(fields, "{\"q\":{\"amount\":6,\"currency\":\"EUR\"}}",
	    "q.amount too_large");
	body(fields, "{\"p\":{\"amount\":12.5,\"currency\":\"EUR\"}}",
	    "p.amount type");
	body(fields, "{\"p\":{\"amount\":\"12\",\"currency\":\"EUR\"}}",
	    "p.amount type");
	body(fields, "{\"p\":{}}", "p.amount required, p.currency required");
	body(fields, "{\"p\":{\"amount\":1,\"currency\":\"QQQ\"}}",
	    "p.currency value");
	body(fields, "{\"p\":{\"amount\":1,\"currency\":\"eur\"}}",
	    "p.currency value");
	body(fields, "{\"p\":{\"amount\":1,\"currency\":\" EUR\"}}",
	    "p.currency value");
	body(fields, "{\"p\":{\"amount\":1,\"currency\":\"EURO\"}}",
	    "p.currency too_long");
	body(fields, "{\"p\":{\"amount\":1,\"currency\":978}}",
	    "p.currency type");
	body(fields, "{\"p\":{\"amount\":1,\"currency\":\"EUR\",\"x\":1}}",
	    "p.x unknown");
	body(fields, "{\"p\":null}", "p type");
}

static void
checks_lists(void **state)
{
	(void)state;
	body(cart, "{\"email\":\"a@b.co\",\"lines\":[]}",
	    "{\"email\":\"a@b.co\",\"lines\":[],\"limit\":20}");
	body(cart, "{\"email\":\"a@b.co\",\"lines\":[{\"sku\":\" A \"},"
	    "{\"sku\":\"B\",\"quantity\":2,\"gift\":null}]}",
	    "{\"email\":\"a@b.co\",\"lines\":[{\"sku\":\"A\",\"quantity\":1},"
	    "{\"sku\":\"B\",\"quantity\":2,\"gift\":null}],\"limit\":20}");
	body(cart, "{\"email\":\"a@b.co\",\"lines\":[{\"sku\":\"A\"},{},"
	    "{\"sku\":\"B\",\"quantity\":0,\"x\":1}]}",
	    "lines[1].sku required, lines[2].quantity too_small, "
	    "lines[2].x unknown");
	body(cart, "{\"email\":\"a@b.co\",\"lines\":[1,null]}",
	    "lines[0] type, lines[1] required");
	body(cart, "{\"email\":\"a@b.co\",\"lines\":[{},{},{},{}]}",
	    "lines too_many");
	body(cart, "{\"email\":\"a@b.co\",\"tags\":[]}", "tags too_few");
	body(cart, "{\"email\":\"a@b.co\",\"tags\":[\"a\",\"\",\" \"]}",
	    "tags[1] required, tags[2] required");
	body(cart, "{\"email\":\"a@b.co\",\"tags\":[\"a\",\" b \",\"c\"]}",
	    "{\"email\":\"a@b.co\",\"tags\":[\"a\",\"b\",\"c\"],"
	    "\"limit\":20}");
	body(cart, "{\"email\":\"a@b.co\",\"sizes\":[\"s\",\"xl\"]}",
	    "sizes[1] value");
	body(cart, "{\"email\":\"a@b.co\",\"sizes\":[\"s\",\"s\"]}",
	    "{\"email\":\"a@b.co\",\"sizes\":[\"s\",\"s\"],\"limit\":20}");
	body(cart, crm_format(arena, "{\"email\":\"a@b.co\","
	    "\"sizes\":[\"s\"%s]}", times(100, ",\"m\"")), "sizes too_many");
	body(cart, "{\"email\":\"a@b.co\",\"first\":{\"quantity\":100,"
	    "\"gift\":0}}", "first.sku required, first.quantity too_large, "
	    "first.gift type");
}

static void
checks_attributes(void **state)
{
	static const struct crm_field fields[] = { { "x", CRM_ATTRIBUTES,
		.min = 1, .max = 3 }, CRM_END };
	static const struct crm_field any[] = { { "x", CRM_ATTRIBUTES },
		CRM_END };
	struct crm_text many;
	int i;

	(void)state;
	body(fields, "{\"x\":{\"a\":\" t \",\"b_2\":1.50,\"c\":false}}",
	    "{\"x\":{\"a\":\"t\",\"b_2\":1.5,\"c\":false}}");
	body(fields, "{\"x\":{}}", "x too_few");
	body(fields, "{\"x\":{\"a\":1,\"b\":1,\"c\":1,\"d\":1}}",
	    "x too_many");
	body(fields, "{\"x\":{\"A\":1,\"\":2,\"a-b\":3}}",
	    "x.A format, x. format, x.a-b format");
	body(fields, "{\"x\":{\"a\":null,\"b\":[],\"c\":{}}}",
	    "x.a type, x.b type, x.c type");
	body(fields, "{\"x\":{\"a\":1e300}}", "x.a too_large");
	body(fields, crm_format(arena, "{\"x\":{\"%s\":1}}", times(63, "n")),
	    crm_format(arena, "{\"x\":{\"%s\":1}}", times(63, "n")));
	body(fields, crm_format(arena, "{\"x\":{\"%s\":1}}", times(64, "n")),
	    crm_format(arena, "x.%s format", times(64, "n")));
	body(fields, crm_format(arena, "{\"x\":{\"a\":\"%s\"}}",
	    times(200, "v")), crm_format(arena, "{\"x\":{\"a\":\"%s\"}}",
	    times(200, "v")));
	body(fields, crm_format(arena, "{\"x\":{\"a\":\"%s\"}}",
	    times(201, "v")), "x.a too_long");
	body(any, "{\"x\":{}}", "{\"x\":{}}");
	crm_text_init(&many, arena);
	crm_text_puts(&many, "{\"x\":{\"a0\":1");
	for (i = 1; i < 50; i++)
		crm_text_printf(&many, ",\"a%d\":1", i);
	body(any, crm_format(arena, "%s}}", many.data),
	    crm_format(arena, "%s}}", many.data));
	body(any, crm_format(arena, "%s,\"z\":1}}", many.data), "x too_many");
}

static void
knows_what_was_given(void **state)
{
	const struct crm_value *value;

	(void)state;
	body(cart, "{\"email\":\"a@b.co\",\"note\":null,\"rate\":\"3\"}",
	    "{\"email\":\"a@b.co\",\"note\":null,\"rate\":3,\"limit\":20}");
	assert_int_equal(input.count, COUNT(cart) - 1);
	assert_ptr_equal(input.values[3].field, &cart[3]);
	value = crm_input_find(&input, "note");
	assert_true(value->given);
	assert_null(value->text);
	assert_int_equal(crm_json_type(value->json), CRM_JSON_NULL);
	value = crm_input_find(&input, "limit");
	assert_false(value->given);
	assert_string_equal(value->text, "20");
	value = crm_input_find(&input, "price");
	assert_false(value->given);
	assert_null(value->text);
	assert_null(crm_input_find(&input, "nothing"));
}

static void
checks_changes(void **state)
{
	(void)state;
	crm_input_init(&input, arena);
	input.partial = true;
	assert_true(crm_input_body(&input, cart, parse("{\"note\":\"x\"}")));
	assert_string_equal(crm_input_json(&input), "{\"note\":\"x\"}");
	crm_input_init(&input, arena);
	input.partial = true;
	assert_false(crm_input_body(&input, cart, parse("{\"email\":null,"
	    "\"first\":{\"gift\":true}}")));
	assert_string_equal(faults(), "email required, first.sku required");
}

static void
does_without_a_body(void **state)
{
	static const struct crm_field none[] = { CRM_END };

	(void)state;
	crm_input_init(&input, arena);
	assert_true(crm_input_body(&input, line + 1, NULL));
	assert_string_equal(crm_input_json(&input), "{\"quantity\":1}");
	crm_input_init(&input, arena);
	assert_false(crm_input_body(&input, line, NULL));
	assert_string_equal(faults(), "sku required");
	crm_input_init(&input, arena);
	assert_true(crm_input_body(&input, NULL, NULL));
	assert_string_equal(crm_input_json(&input), "{}");
	body(none, "{}", "{}");
	body(none, "{\"a\":1}", "a unknown");
}

static void
joins_path_and_body(void **state)
{
	static const struct crm_field id = { "id", CRM_UUID };
	static const struct crm_field fields[] = { { "id", CRM_UUID,
		.required = true }, { "n", CRM_INTEGER }, CRM_END };
	static const char lower[] = "0b9f5f4e-5d1c-4c7a-9a63-6f0f3b2d7e11";

	(void)state;
	crm_input_init(&input, arena);
	assert_true(crm_input_text(&input, &id, lower));
	assert_true(crm_input_body(&input, fields, parse("{\"n\":1}")));
	assert_int_equal(input.count, 2);
	assert_string_equal(crm_input_find(&input, "id")->text, lower);
	crm_input_init(&input, arena);
	assert_true(crm_input_text(&input, &id, lower));
	assert_true(crm_input_body(&input, fields, parse(
	    "{\"id\":\"0B9F5F4E-5D1C-4C7A-9A63-6F0F3B2D7E11\"}")));
	assert_int_equal(input.count, 2);
	crm_input_init(&input, arena);
	assert_true(crm_input_text(&input, &id, lower));
	assert_false(crm_input_body(&input, fields, parse(
	    "{\"id\":\"0b9f5f4e-5d1c-4c7a-9a63-6f0f3b2d7e12\"}")));
	assert_string_equal(faults(), "id value");
	crm_input_init(&input, arena);
	assert_false(crm_input_text(&input, fields, NULL));
	assert_string_equal(faults(), "id required");
	crm_input_init(&input, arena);
	assert_false(crm_input_text(&input, &cart[2], "5"));
	assert_string_equal(faults(), "price type");
}

static const struct crm_field filter[] = {
	{ "q", CRM_TEXT, .max = 20 },
	{ "limit", CRM_INTEGER, .min = 1, .max = 100, .standard = "20" },
	{ "cursor", CRM_CURSOR },
	{ "in_stock", CRM_BOOL },
	{ "min_price", CRM_MONEY, .max = 5000 },
	{ "brand", CRM_LIST, .of = CRM_TEXT, .min = 2, .max = 3 },
	{ "size", CRM_LIST, .of = CRM_INTEGER },
	{ "first", CRM_OBJECT, .fields = line },
	{ "extra", CRM_ATTRIBUTES },
	CRM_END
};

static void
checks_queries(void **state)
{
	static const struct crm_field needed[] = { { "id", CRM_INTEGER,
		.required = true }, CRM_END };

	(void)state;
	query(filter, NULL, "{\"limit\":20}");
	query(filter, "", "{\"limit\":20}");
	query(filter, "&&", "{\"limit\":20}");
	query(filter, "q=&limit=&cursor&in_stock=", "{\"limit\":20}");
	query(filter, "q=red+caf%C3%A9&limit=5&in_stock=true&cursor=WzFd",
	    "{\"q\":\"red caf\xc3\xa9\",\"limit\":5,\"cursor\":[1],"
	    "\"in_stock\":true}");
	query(filter, "min_price=5000", "{\"limit\":20,\"min_price\":5000}");
	query(filter, "min_price=5001", "min_price too_large");
	query(filter, "min_price=-1", "min_price too_small");
	query(filter, "min_price=1.5", "min_price type");
	query(filter, "brand=a&size=1&brand=b&size=2",
	    "{\"limit\":20,\"brand\":[\"a\",\"b\"],\"size\":[1,2]}");
	query(filter, "brand=a", "brand too_few");
	query(filter, "brand=a&brand=b&brand=&brand=c",
	    "{\"limit\":20,\"brand\":[\"a\",\"b\",\"c\"]}");
	query(filter, "brand=a&brand=b&brand=c&brand=d", "brand too_many");
	query(filter, "brand=a&brand=b&brand=c&brand=%01",
	    "brand too_many");
	query(filter, "size=1&size=x", "size[1] type");
	query(filter, "q=a&q=b", "q duplicate");
	query(filter, "q=a&q=", "q duplicate");
	query(filter, "limit=0", "limit too_small");
	query(filter, "limit=101", "limit too_large");
	query(filter, "limit=9999999999999999999", "limit too_large");
	query(filter, "limit=ten&in_stock=yes&cursor=!",
	    "limit type, cursor format, in_stock type");
	query(filter, "Q=a&x", "Q unknown, x unknown");
	query(filter, "q=%", "q format");
	query(filter, "q=%00", "q format");
	query(filter, "q=%ff", "q format");
	query(filter, "%zz=1", " format");
	query(filter, "q=a=b", "{\"q\":\"a=b\",\"limit\":20}");
	query(filter, "first=1&extra=2", "first type, extra type");
	query(filter, "=x", " unknown");
	query(needed, "", "id required");
	query(needed, "id=", "id required");
	query(needed, "id=%zz", "id format");
	query(needed, "id=4", "{\"id\":4}");
	query(NULL, "", "{}");
	query(NULL, "a=1", "a unknown");
}

static int
count_faults(void)
{
	const struct crm_fault *fault;
	int count = 0;

	for (fault = input.faults; fault != NULL; fault = fault->next)
		count++;
	return count;
}

static void
bounds_faults(void **state)
{
	static const struct crm_field list[] = { { "x", CRM_LIST,
		.of = CRM_INTEGER, .max = 500 }, CRM_END };
	struct crm_text many;
	int i;

	(void)state;
	crm_text_init(&many, arena);
	for (i = 0; i < 5000; i++)
		crm_text_printf(&many, "%c\"x%d\":1", i == 0 ? '{' : ',', i);
	crm_text_puts(&many, "}");
	crm_input_init(&input, arena);
	assert_false(crm_input_body(&input, line + 1, parse(many.data)));
	assert_int_equal(count_faults(), 100);
	crm_input_init(&input, arena);
	assert_false(crm_input_body(&input, list, parse(crm_format(arena,
	    "{\"x\":[1%s]}", times(150, ",\"a\"")))));
	assert_int_equal(count_faults(), 100);
	crm_input_init(&input, arena);
	assert_false(crm_input_body(&input, line + 1, parse(crm_format(arena,
	    "{\"x%s\":1}", times(5000, "\xe2\x82\xac")))));
	assert_string_equal(input.faults->field,
	    crm_format(arena, "x%s", times(66, "\xe2\x82\xac")));
}

static void
says_bad_standards(void **state)
{
	static const struct crm_field fields[] = { { "n", CRM_INTEGER,
		.standard = "x" }, { "l", CRM_LIST, .of = CRM_TEXT,
		.standard = "[" }, { "m", CRM_LIST, .of = CRM_INTEGER,
		.standard = "[1,2]" }, CRM_END };

	(void)state;
	body(fields, "{}", "n type, l type");
	body(fields + 2, "{}", "{\"m\":[1,2]}");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(checks_bodies),
		cmocka_unit_test(checks_money),
		cmocka_unit_test(checks_lists),
		cmocka_unit_test(checks_attributes),
		cmocka_unit_test(knows_what_was_given),
		cmocka_unit_test(checks_changes),
		cmocka_unit_test(does_without_a_body),
		cmocka_unit_test(joins_path_and_body),
		cmocka_unit_test(checks_queries),
		cmocka_unit_test(bounds_faults),
		cmocka_unit_test(says_bad_standards),
	};

	return cmocka_run_group_tests_name("field", tests, set_up, tear_down);
}
