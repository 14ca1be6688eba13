/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include <crm/json.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct crm_arena *arena;

static int
set_up(void **state)
{
	(void)state;
	arena = crm_arena_new(200000000);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	crm_arena_free(arena);
	return 0;
}

/* Parses from memory that ends where the text does, so that valgrind and
 * AddressSanitizer see a byte read too many. */
static struct crm_json *
parse_bytes(const char *bytes, size_t length, const char **why)
{
	char *exact = crm_alloc(arena, length);

	memcpy(exact, bytes, length);
	return crm_json_parse(arena, exact, length, why);
}

static struct crm_json *
parse(const char *text)
{
	return parse_bytes(text, strlen(text), NULL);
}

static const char *
print(const struct crm_json *json)
{
	struct crm_text text;

	crm_text_init(&text, arena);
	crm_json_print(&text, json);
	return text.data;
}

struct change {
	const char	*from, *to;
};

static void
takes_what_is_json(void **state)
{
	static const struct change good[] = {
		{ "null", "null" }, { "true", "true" }, { "false", "false" },
		{ " \t\r\n1 \t\r\n", "1" }, { "[]", "[]" }, { "{}", "{}" },
		{ "[ ]", "[]" }, { "{ }", "{}" }, { "\"\"", "\"\"" },
		{ "[1, 2 ,3]", "[1,2,3]" },
		{ "{ \"a\" : { \"b\" : [ null , true ] } }",
		    "{\"a\":{\"b\":[null,true]}}" },
		{ "0", "0" }, { "-0", "-0" }, { "-1", "-1" },
		{ "1.50", "1.50" }, { "0.1", "0.1" }, { "1e5", "1e5" },
		{ "1E+05", "1E+05" }, { "1.25e-3", "1.25e-3" },
		{ "9007199254740993", "9007199254740993" },
		{ "9223372036854775808", "9223372036854775808" },
		{ "1e308", "1e308" }, { "1e-308", "1e-308" },
		{ "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
		    "\"\\\"\\\\/\\b\\f\\n\\r\\t\"" },
		{ "\"\\u0041\\u00e9\\u20AC\"", "\"A\xc3\xa9\xe2\x82\xac\"" },
		{ "\"\\ud83d\\ude00\"", "\"\xf0\x9f\x98\x80\"" },
		{ "\"\\uD7FF\\uE000\\uffff\"",
		    "\"\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf\"" },
		{ "\"\\u0001\\u001f\"", "\"\\u0001\\u001f\"" },
		{ "\"\x7f\xc2\x80\"", "\"\x7f\xc2\x80\"" },
		{ "{\"\":1,\"a\":2,\"A\":3}", "{\"\":1,\"a\":2,\"A\":3}" },
		{ "[{\"a\":1},{\"a\":1}]", "[{\"a\":1},{\"a\":1}]" },
		{ "{\"a\":{\"a\":{\"a\":1}}}", "{\"a\":{\"a\":{\"a\":1}}}" },
		{ "[1,[2,{\"x\":3.0,\"y\":[4]}],5e0]",
		    "[1,[2,{\"x\":3.0,\"y\":[4]}],5e0]" },
	};
	const char *why;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(good); i++) {
		why = "unset";
		if (parse_bytes(good[i].from, strlen(good[i].from), &why) ==
		    NULL)
			fail_msg("%s: %s", good[i].from, why);
		assert_null(why);
		assert_string_equal(print(parse(good[i].from)), good[i].to);
	}
}

/* What the grammar forbids; half of it cJSON would take. */
static void
refuses_what_is_none(void **state)
{
	static const char *bad[] = { "", " ", "\xef\xbb\xbf{}", "[1]x", "1 2",
		"{}{}", "[1],", "01", "-01", "00", "1.", ".5", "-.5", "+1",
		"--1", "-", "1e", "1e+", "1e-", "1.e5", "1.5.5", "1e5.5",
		"0x10", "1_000", "NaN", "nan", "Infinity", "-Infinity", "inf",
		"tru", "True", "TRUE", "nul", "nulll", "truefalse", "[", "]",
		"{", "}", "[1", "[1,", "[1,]", "[,1]", "[,]", "[1,,2]", "[1 2]",
		"[1}", "{]", "{\"a\"}", "{\"a\":}", "{\"a\":1", "{\"a\":1,",
		"{\"a\":1,}", "{,}", "{a:1}", "{'a':1}", "{1:1}", "{null:1}",
		"{\"a\" 1}", "{\"a\"::1}", "{\"a\":1 \"b\":2}", "{\"a\":1}}",
		"\"", "\"a", "'a'", "\"\\\"", "\"\\x41\"", "\"\\a\"",
		"\"\\'\"", "\"\\0\"", "\"\\U0041\"", "\"\\u\"", "\"\\u1\"",
		"\"\\u12\"", "\"\\u123\"", "\"\\u123g\"", "\"\\u 123\"",
		"\"\\u-123\"", "\"\\u12", "\"\\", "\"a\nb\"", "\"a\tb\"",
		"\"a\x01" "b\"", "\"a\x1f" "b\"", "\"\x0d\"", "[1]\f", "\v1",
		"\xa0" "1", "\xc2\xa0" "1", "/*x*/1", "1//x", "#", "[1]\x01",
		"\x01" "1", "{\"a\x02\":1}" };
	const char *why;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bad); i++) {
		why = NULL;
		if (parse_bytes(bad[i], strlen(bad[i]), &why) != NULL)
			fail_msg("%s passed", bad[i]);
		assert_non_null(why);
	}
	assert_null(parse_bytes("1\0", 2, NULL));
	assert_null(parse_bytes("\0", 1, NULL));
	assert_null(parse_bytes("\"a\0b\"", 5, NULL));
	assert_null(parse_bytes("\"\\\0\"", 4, NULL));
	assert_null(crm_json_parse(arena, NULL, 0, NULL));
}

static void
refused_for(const char *text, const char *sentence)
{
	const char *why = NULL;

	if (parse_bytes(text, strlen(text), &why) != NULL)
		fail_msg("%s passed", text);
	assert_string_equal(why, sentence);
}

static void
says_why(void **state)
{
	(void)state;
	refused_for("{\"a\":", "The JSON text ends too early");
	refused_for("{a}", "The JSON text is malformed");
	refused_for("[1] 2", "Something follows the JSON value");
	refused_for("\"\xff\"", "The JSON text is not UTF-8");
	refused_for("{\"a\":1,\"a\":2}",
	    "A name occurs twice in one object");
}

static void
refuses_nul(void **state)
{
	static const char *bad[] = { "\"\\u0000\"", "\"a\\u0000b\"",
		"{\"a\\u0000\":1}", "[[\"\\u0000\"]]" };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bad); i++)
		refused_for(bad[i], "U+0000 is not allowed");
	assert_string_equal(print(parse("\"\\\\u0000\"")), "\"\\\\u0000\"");
}

static void
refuses_half_surrogates(void **state)
{
	static const char *bad[] = { "\"\\ud800\"", "\"\\udbff\"",
		"\"\\udc00\"", "\"\\udfff\"", "\"\\ud800x\"",
		"\"\\ud800\\n\"", "\"\\ud800\\u0041\"",
		"\"\\ud800\\ud800\"", "\"\\udc00\\ud800\"",
		"\"\\ud800\\ue000\"", "\"\\ud800\\udbff\"",
		"{\"\\ud83d\":1}" };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bad); i++)
		refused_for(bad[i], "Half a surrogate pair is not allowed");
	assert_non_null(parse("\"\\ud800\\udc00\\udbff\\udfff\""));
}

static void
refuses_bad_utf8(void **state)
{
	static const char *bad[] = { "\"\x80\"", "\"\xc3\"", "\"\xc0\xaf\"",
		"\"\xed\xa0\x80\"", "\"\xf4\x90\x80\x80\"",
		"{\"\xff\":1}", "\"\xe2\x82\"", "[1]\xff" };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bad); i++)
		refused_for(bad[i], "The JSON text is not UTF-8");
}

static void
refuses_equal_names(void **state)
{
	static const char *bad[] = { "{\"a\":1,\"a\":1}",
		"{\"a\":1,\"b\":2,\"c\":3,\"a\":4}",
		"{\"a\":1,\"\\u0061\":2}", "{\"\":1,\"\":2}",
		"[{\"x\":{\"a\":1,\"a\":2}}]",
		"{\"/\":1,\"\\/\":2}",
		"{\"\xc3\xa9\":1,\"\\u00e9\":2}",
		"{\"\xf0\x9f\x98\x80\":1,\"\\ud83d\\ude00\":2}" };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bad); i++)
		refused_for(bad[i], "A name occurs twice in one object");
}

/* An object of many names takes no time that grows with their square. */
static void
is_quick_with_many_names(void **state)
{
	struct crm_text text;
	struct timespec start, end;
	int i;

	(void)state;
	crm_text_init(&text, arena);
	for (i = 0; i < 100000; i++)
		crm_text_printf(&text, "%c\"name%d\":%d", i == 0 ? '{' : ',',
		    i, i);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
	crm_text_puts(&text, ",\"name77777\":0}");
	refused_for(text.data, "A name occurs twice in one object");
	strcpy(strrchr(text.data, ','), "}");
	assert_int_equal(crm_json_count(parse(text.data)), 100000);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
	assert_true(end.tv_sec - start.tv_sec < 20);
}

static const char *
nested(int depth, const char *open, const char *inside, const char *close)
{
	struct crm_text text;
	int i;

	crm_text_init(&text, arena);
	for (i = 0; i < depth; i++)
		crm_text_puts(&text, open);
	crm_text_puts(&text, inside);
	for (i = 0; i < depth; i++)
		crm_text_puts(&text, close);
	return text.data;
}

static void
stops_at_depth(void **state)
{
	const char *deep = "The JSON text is nested too deeply";

	(void)state;
	assert_non_null(parse(nested(32, "[", "", "]")));
	assert_non_null(parse(nested(32, "[", "1", "]")));
	refused_for(nested(33, "[", "", "]"), deep);
	assert_non_null(parse(nested(32, "{\"a\":", "1", "}")));
	refused_for(nested(33, "{\"a\":", "1", "}"), deep);
	assert_non_null(parse(nested(16, "{\"a\":[", "1", "]}")));
	refused_for(nested(16, "{\"a\":[", "{}", "]}"), deep);
	refused_for(nested(1000000, "[", "", ""), deep);
	assert_non_null(parse(nested(1, "[", "[[]],[[]],[[]]", "]")));
}

static void
bounds_numbers(void **state)
{
	char digits[200];

	(void)state;
	memset(digits, '7', sizeof(digits));
	digits[63] = '\0';
	assert_string_equal(print(parse(digits)), digits);
	digits[63] = '7';
	digits[64] = '\0';
	refused_for(digits, "A number is too long");
	digits[64] = '7';
	digits[199] = '\0';
	refused_for(digits, "A number is too long");
	digits[0] = '0';
	digits[1] = '.';
	refused_for(digits, "A number is too long");
	refused_for("1e400", "A number is out of range");
	refused_for("-1e400", "A number is out of range");
	refused_for("1e-400", "A number is out of range");
	refused_for("1e309", "A number is out of range");
	refused_for("[99e308]", "A number is out of range");
	refused_for("1e99999999999999999999", "A number is out of range");
	refused_for("{\"a\":[1,2e999]}", "A number is out of range");
	assert_non_null(parse("1e000308"));
}

static void
is_integer(const char *text, int64_t expected)
{
	int64_t value = 42;

	assert_true(crm_json_integer(parse(text), &value));
	assert_true(value == expected);
}

static void
reads_integers_exactly(void **state)
{
	static const char *none[] = { "1.0", "1e3", "0.5", "1E0", "-0.0",
		"9223372036854775808", "-9223372036854775809",
		"99999999999999999999", "\"1\"", "true", "null", "[1]", "{}" };
	int64_t value = 42;
	size_t i;

	(void)state;
	is_integer("0", 0);
	is_integer("-0", 0);
	is_integer("-1", -1);
	is_integer("2147483647", INT64_C(2147483647));
	is_integer("2147483648", INT64_C(2147483648));
	is_integer("-2147483649", INT64_C(-2147483649));
	is_integer("9007199254740993", INT64_C(9007199254740993));
	is_integer("9223372036854775807", INT64_MAX);
	is_integer("-9223372036854775808", INT64_MIN);
	for (i = 0; i < COUNT(none); i++)
		if (crm_json_integer(parse(none[i]), &value))
			fail_msg("%s passed", none[i]);
	assert_int_equal(value, 42);
}

static void
reads_members(void **state)
{
	const struct crm_json *json, *list;

	(void)state;
	json = parse("{\"name\":\"Ada\",\"Name\":\"Bob\",\"age\":36,"
	    "\"vip\":true,\"off\":false,\"none\":null,\"list\":[1.50,\"x\"]}");
	assert_int_equal(crm_json_type(json), CRM_JSON_OBJECT);
	assert_int_equal(crm_json_count(json), 7);
	assert_string_equal(crm_json_text_of(json, "name"), "Ada");
	assert_string_equal(crm_json_text_of(json, "Name"), "Bob");
	assert_null(crm_json_text_of(json, "NAME"));
	assert_null(crm_json_text_of(json, "none"));
	assert_null(crm_json_text_of(json, "list"));
	assert_string_equal(crm_json_text_of(json, "age"), "36");
	assert_string_equal(crm_json_text_of(json, "vip"), "true");
	assert_string_equal(crm_json_text_of(json, "off"), "false");
	assert_true(crm_json_true_of(json, "vip"));
	assert_false(crm_json_true_of(json, "off"));
	assert_false(crm_json_true_of(json, "name"));
	assert_int_equal(crm_json_integer_of(json, "age", 7), 36);
	assert_int_equal(crm_json_integer_of(json, "name", 7), 7);
	assert_int_equal(crm_json_integer_of(json, "missing", -7), -7);
	list = crm_json_get(json, "list");
	assert_int_equal(crm_json_count(list), 2);
	assert_string_equal(crm_json_name(list), "list");
	assert_string_equal(crm_json_text(crm_json_first(list)), "1.50");
	list = crm_json_next(crm_json_first(list));
	assert_string_equal(crm_json_text(list), "x");
	assert_null(crm_json_name(list));
	assert_null(crm_json_next(list));
}

static void
knows_types(void **state)
{
	static const struct {
		const char		*text;
		enum crm_json_type	 type;
	} types[] = { { "null", CRM_JSON_NULL }, { "false", CRM_JSON_FALSE },
		{ "true", CRM_JSON_TRUE }, { "1", CRM_JSON_NUMBER },
		{ "\"\"", CRM_JSON_STRING }, { "[]", CRM_JSON_ARRAY },
		{ "{}", CRM_JSON_OBJECT } };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(types); i++)
		assert_int_equal(crm_json_type(parse(types[i].text)),
		    types[i].type);
	assert_null(crm_json_get(parse("[1]"), "a"));
	assert_null(crm_json_first(parse("[]")));
	assert_null(crm_json_first(parse("\"x\"")));
	assert_null(crm_json_next(parse("1")));
}

static void
bears_null(void **state)
{
	int64_t value;

	(void)state;
	assert_int_equal(crm_json_type(NULL), CRM_JSON_NONE);
	assert_null(crm_json_get(NULL, "a"));
	assert_null(crm_json_first(NULL));
	assert_null(crm_json_next(NULL));
	assert_null(crm_json_name(NULL));
	assert_null(crm_json_text(NULL));
	assert_null(crm_json_text_of(NULL, "a"));
	assert_int_equal(crm_json_count(NULL), 0);
	assert_false(crm_json_integer(NULL, &value));
	assert_int_equal(crm_json_integer_of(NULL, "a", 3), 3);
	assert_false(crm_json_true_of(NULL, "a"));
	assert_string_equal(print(NULL), "null");
}

/* Every beginning of a text is refused, and read no further than it goes. */
static void
refuses_beginnings(void **state)
{
	static const char whole[] = "{\"a\\n\":[1.5e-3,\"\\ud83d\\ude00\","
	    "true,false,null,{\"\xc3\xa9\":-12}],\"b\":\"\\u20ac\"}";
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(whole) - 1; i++)
		assert_null(parse_bytes(whole, i, NULL));
	assert_non_null(parse_bytes(whole, i, NULL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_what_is_json),
		cmocka_unit_test(refuses_what_is_none),
		cmocka_unit_test(says_why),
		cmocka_unit_test(refuses_nul),
		cmocka_unit_test(refuses_half_surrogates),
		cmocka_unit_test(refuses_bad_utf8),
		cmocka_unit_test(refuses_equal_names),
		cmocka_unit_test(is_quick_with_many_names),
		cmocka_unit_test(stops_at_depth),
		cmocka_unit_test(bounds_numbers),
		cmocka_unit_test(reads_integers_exactly),
		cmocka_unit_test(reads_members),
		cmocka_unit_test(knows_types),
		cmocka_unit_test(bears_null),
		cmocka_unit_test(refuses_beginnings),
	};

	return cmocka_run_group_tests_name("json", tests, set_up, tear_down);
}
