/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <crm/field.h>
#include <crm/page.h>

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

/* One field, one text: its canonical text, or its fault's code. */
static void
text(const struct crm_field *field, const char *raw, const char *expected)
{
	const char *got;

	crm_input_init(&input, arena);
	got = crm_input_text(&input, field, raw) ?
	    crm_input_find(&input, field->name)->text : input.faults->code;
	if (got == NULL || strcmp(got, expected) != 0)
		fail_msg("\"%s\" gave \"%s\", not \"%s\"", raw, got, expected);
}

struct change {
	const char	*from, *to;
};

static void
texts(const struct crm_field *field, const struct change *changes,
    size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		text(field, changes[i].from, changes[i].to);
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

static void
reads_text(void **state)
{
	static const struct crm_field field = { "x", CRM_TEXT, .min = 2,
		.max = 5 };
	static const struct crm_field any = { "x", CRM_TEXT };
	static const struct crm_field needed = { "x", CRM_TEXT,
		.required = true, .max = 5 };
	static const struct change changes[] = {
		{ "a", "too_short" }, { "ab", "ab" }, { "abcde", "abcde" },
		{ "abcdef", "too_long" }, { "  ab\t\r\n", "ab" },
		{ "    a    ", "too_short" },
		{ "\xc3\xa9\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z",
		    "\xc3\xa9\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z" },
		{ "\xc2\xa0\xe2\x80\x83" "ab" "\xe3\x80\x80\xef\xbb\xbf",
		    "ab" },
		{ "a b", "a b" }, { "a\tb\nc", "a\tb\nc" },
		{ "a\r\nb", "a\nb" }, { "a\rb", "format" },
		{ "a\x01", "format" }, { "a\x1f" "b", "format" },
		{ "a\x7f", "format" }, { "a\xc2\x80", "format" },
		{ "a\xc2\x9f", "format" }, { "a\xc2\xa0" "b",
		    "a\xc2\xa0" "b" },
		{ "a\xff", "format" }, { "", "too_short" } };

	(void)state;
	texts(&field, changes, COUNT(changes));
	text(&any, "", "");
	text(&any, times(1000, "x"), times(1000, "x"));
	text(&any, times(1001, "x"), "too_long");
	text(&any, times(1000, "\xe2\x82\xac"), times(1000, "\xe2\x82\xac"));
	text(&needed, "", "required");
	text(&needed, " \n ", "required");
	text(&needed, "a", "a");
	text(&needed, "abcdef", "too_long");
}

static void
reads_secrets(void **state)
{
	static const struct crm_field field = { "x", CRM_SECRET, .min = 3,
		.max = 6 };
	static const struct change changes[] = { { " a ", " a " },
		{ "ab", "too_short" }, { " abcd ", " abcd " },
		{ "  abcd ", "too_long" }, { "a\rb", "format" },
		{ "abc\x02", "format" } };

	(void)state;
	texts(&field, changes, COUNT(changes));
}

static void
reads_email(void **state)
{
	static const struct crm_field field = { "x", CRM_EMAIL };
	static const struct crm_field needed = { "x", CRM_EMAIL,
		.required = true };
	static const struct change changes[] = {
		{ "ada@example.com", "ada@example.com" },
		{ " Ada@EXAMPLE.Com ", "Ada@example.com" },
		{ "a.b+c_d-e'f@x-1.example.co", "a.b+c_d-e'f@x-1.example.co" },
		{ "!#$%&'*+-/=?^_`{|}~@e.xx", "!#$%&'*+-/=?^_`{|}~@e.xx" },
		{ "a@xn--bcher-kva.example", "a@xn--bcher-kva.example" },
		{ "", "format" }, { "ada", "format" }, { "@", "format" },
		{ "ada@", "format" }, { "@example.com", "format" },
		{ "ada@example", "format" }, { "a@b@example.com", "format" },
		{ "a b@example.com", "format" }, { "a@exa mple.com",
		    "format" },
		{ "a\n@example.com", "format" }, { "a@example.com\nBcc: b@c.d",
		    "format" },
		{ ".a@example.com", "format" }, { "a.@example.com", "format" },
		{ "a..b@example.com", "format" }, { "\"a b\"@example.com",
		    "format" },
		{ "a@-x.com", "format" }, { "a@x-.com", "format" },
		{ "a@.com", "format" }, { "a@x..com", "format" },
		{ "a@x.com.", "format" }, { "a@x_y.com", "format" },
		{ "a@192.0.2.1", "format" }, { "a@[192.0.2.1]", "format" },
		{ "a,b@example.com", "format" }, { "<a@example.com>",
		    "format" },
		{ "\xc3\xa9@example.com", "format" },
		{ "a@ex\xc3\xa4mple.com", "format" } };
	const char *label = times(63, "d");

	(void)state;
	texts(&field, changes, COUNT(changes));
	text(&needed, "  ", "required");
	text(&field, crm_format(arena, "%s@e.xx", times(64, "a")),
	    crm_format(arena, "%s@e.xx", times(64, "a")));
	text(&field, crm_format(arena, "%s@e.xx", times(65, "a")), "format");
	text(&field, crm_format(arena, "a@%s.xx", label),
	    crm_format(arena, "a@%s.xx", label));
	text(&field, crm_format(arena, "a@d%s.xx", label), "format");
	text(&field, crm_format(arena, "%s@%s.%s.%s", times(62, "a"), label,
	    label, label), crm_format(arena, "%s@%s.%s.%s", times(62, "a"),
	    label, label, label));
	text(&field, crm_format(arena, "%s@%s.%s.%s", times(63, "a"), label,
	    label, label), "too_long");
}

static void
reads_phone(void **state)
{
	static const struct crm_field field = { "x", CRM_PHONE };
	static const struct change changes[] = {
		{ "+442071838750", "+442071838750" },
		{ "+44 (0)20 7183-8750", "+442071838750" },
		{ " +44.20.7183.8750 ", "+442071838750" },
		{ "+1234567", "+1234567" }, { "+123456", "format" },
		{ "+123456789012345", "+123456789012345" },
		{ "+1234567890123456", "format" },
		{ "442071838750", "format" }, { "+0442071838750", "format" },
		{ "0044 20 7183 8750", "format" }, { "+", "format" },
		{ "", "format" }, { "+44(20)71838750", "format" },
		{ "+44/2071838750", "format" }, { "+44207183875O", "format" },
		{ "++442071838750", "format" }, { "+44\n2071838750",
		    "format" },
		{ "+1                                      1234567",
		    "too_long" } };

	(void)state;
	texts(&field, changes, COUNT(changes));
}

static void
reads_uuid(void **state)
{
	static const struct crm_field field = { "x", CRM_UUID };
	static const struct change changes[] = {
		{ "0B9F5F4E-5D1C-4C7A-9A63-6F0F3B2D7E11",
		    "0b9f5f4e-5d1c-4c7a-9a63-6f0f3b2d7e11" },
		{ "00000000-0000-0000-0000-000000000000",
		    "00000000-0000-0000-0000-000000000000" },
		{ "0b9f5f4e-5d1c-4c7a-9a63-6f0f3b2d7e1", "format" },
		{ "0b9f5f4e-5d1c-4c7a-9a63-6f0f3b2d7e111", "format" },
		{ "0b9f5f4e-5d1c-4c7a-9a63-6f0f3b2d7e1g", "format" },
		{ "0b9f5f4e-5d1c-4c7a-9a636-f0f3b2d7e11", "format" },
		{ "0b9f5f4e05d1c04c7a09a6306f0f3b2d7e11", "format" },
		{ "{0b9f5f4e-5d1c-4c7a-9a63-6f0f3b2d7e}", "format" },
		{ "0b9f5f4e5d1c4c7a9a636f0f3b2d7e11", "format" },
		{ "", "format" } };

	(void)state;
	texts(&field, changes, COUNT(changes));
}

static void
reads_integers(void **state)
{
	static const struct crm_field any = { "x", CRM_INTEGER };
	static const struct crm_field few = { "x", CRM_INTEGER, .min = 1,
		.max = 100 };
	static const struct crm_field least = { "x", CRM_INTEGER, .min = 1 };
	static const struct crm_field below = { "x", CRM_INTEGER, .min = -5 };
	static const struct crm_field all = { "x", CRM_INTEGER,
		.min = INT64_MIN, .max = INT64_MAX };
	static const struct change changes[] = { { "0", "0" }, { "-0", "0" },
		{ "2147483647", "2147483647" },
		{ "2147483648", "too_large" },
		{ "-2147483648", "-2147483648" },
		{ "-2147483649", "too_small" },
		{ "9007199254740993", "too_large" },
		{ "9223372036854775808", "too_large" },
		{ "-99999999999999999999", "too_small" }, { "", "type" },
		{ "-", "type" }, { "+1", "type" }, { " 1", "type" },
		{ "1 ", "type" }, { "01", "type" }, { "1.0", "type" },
		{ "1e3", "type" }, { "0x1", "type" }, { "one", "type" },
		{ "1,000", "type" } };

	(void)state;
	texts(&any, changes, COUNT(changes));
	text(&few, "0", "too_small");
	text(&few, "1", "1");
	text(&few, "100", "100");
	text(&few, "101", "too_large");
	text(&least, "0", "too_small");
	text(&least, "2147483647", "2147483647");
	text(&below, "-5", "-5");
	text(&below, "-6", "too_small");
	text(&below, "0", "0");
	text(&below, "1", "too_large");
	text(&all, "9007199254740993", "9007199254740993");
	text(&all, "9223372036854775807", "9223372036854775807");
	text(&all, "-9223372036854775808", "-9223372036854775808");
	text(&all, "9223372036854775808", "too_large");
	text(&all, "-9223372036854775809", "too_small");
	text(&any, times(5000, "9"), "too_large");
}

static void
reads_decimals(void **state)
{
	static const struct crm_field any = { "x", CRM_DECIMAL };
	static const struct crm_field rate = { "x", CRM_DECIMAL, .max =
		1000000 };
	static const struct crm_field signs = { "x", CRM_DECIMAL,
		.min = -1500000, .max = 2000000 };
	static const struct change changes[] = { { "0", "0" }, { "-0", "0" },
		{ "-0.000", "0" }, { "1.50", "1.5" }, { "1.000000", "1" },
		{ "10", "10" }, { "100.010", "100.01" }, { "0.1", "0.1" },
		{ "0.000001", "0.000001" }, { "0.0000010", "0.000001" },
		{ "0.0000001", "format" }, { "0.1234567", "format" },
		{ "0.12345600000", "0.123456" },
		{ "-12.34", "-12.34" }, { "1e2", "100" }, { "1E+2", "100" },
		{ "1.5e-3", "0.0015" }, { "15e-1", "1.5" },
		{ "1e-6", "0.000001" }, { "1e-7", "format" },
		{ "10e-7", "0.000001" }, { "0e99", "0" },
		{ "999999999999.999999", "999999999999.999999" },
		{ "-999999999999.999999", "-999999999999.999999" },
		{ "1000000000000", "too_large" },
		{ "-1000000000000", "too_small" }, { "1e300", "too_large" },
		{ "-1e300", "too_small" }, { "1e-300", "format" },
		{ "0.1e13", "too_large" }, { "0.001e14", "100000000000" },
		{ "", "format" }, { "-", "format" }, { ".", "format" },
		{ ".5", "format" }, { "5.", "format" }, { "1.e1", "format" },
		{ "00", "format" }, { "01", "format" }, { "+1", "format" },
		{ " 1", "format" }, { "1 ", "format" }, { "1,5", "format" },
		{ "1.5.5", "format" }, { "1e", "format" }, { "1e+", "format" },
		{ "1e5e5", "format" }, { "--1", "format" },
		{ "1e99999", "format" }, { "NaN", "format" },
		{ "Infinity", "format" }, { "0x1p3", "format" } };

	(void)state;
	texts(&any, changes, COUNT(changes));
	text(&any, times(63, "0"), "format");
	text(&any, times(64, "1"), "too_long");
	text(&rate, "0", "0");
	text(&rate, "1", "1");
	text(&rate, "1.000001", "too_large");
	text(&rate, "-0.000001", "too_small");
	text(&signs, "-1.5", "-1.5");
	text(&signs, "-1.500001", "too_small");
	text(&signs, "2", "2");
	text(&signs, "2.000001", "too_large");
}

static void
reads_choices(void **state)
{
	static const struct crm_field truth = { "x", CRM_BOOL };
	static const struct crm_field choice = { "x", CRM_ENUM,
		.values = "open in_progress  completed" };
	static const struct change truths[] = { { "true", "true" },
		{ "false", "false" }, { "True", "type" }, { "1", "type" },
		{ "", "type" }, { "truee", "type" } };
	static const struct change choices[] = { { "open", "open" },
		{ "in_progress", "in_progress" },
		{ "completed", "completed" }, { "", "value" },
		{ " ", "value" }, { "ope", "value" }, { "openn", "value" },
		{ "Open", "value" }, { "open in_progress", "value" },
		{ "progress", "value" } };

	(void)state;
	texts(&truth, truths, COUNT(truths));
	texts(&choice, choices, COUNT(choices));
}

static void
reads_dates(void **state)
{
	static const struct crm_field field = { "x", CRM_DATE };
	static const struct change changes[] = {
		{ "2026-02-28", "2026-02-28" }, { "2026-02-29", "format" },
		{ "2024-02-29", "2024-02-29" }, { "2024-02-30", "format" },
		{ "1900-02-29", "format" }, { "2000-02-29", "2000-02-29" },
		{ "2100-02-29", "format" }, { "1900-01-01", "1900-01-01" },
		{ "1899-12-31", "too_small" }, { "0000-01-01", "too_small" },
		{ "9999-12-31", "9999-12-31" }, { "10000-01-01", "format" },
		{ "2026-00-10", "format" }, { "2026-13-10", "format" },
		{ "2026-01-00", "format" }, { "2026-01-32", "format" },
		{ "2026-04-30", "2026-04-30" }, { "2026-04-31", "format" },
		{ "2026-1-1", "format" }, { "2026-01-1", "format" },
		{ "2026/01/01", "format" }, { "20260101", "format" },
		{ "2026-01-01 ", "format" }, { "-026-01-01", "format" },
		{ "2026-+1-01", "format" }, { "", "format" },
		{ "2026-01-01T00:00:00Z", "format" } };

	(void)state;
	texts(&field, changes, COUNT(changes));
}

static void
reads_times(void **state)
{
	static const struct crm_field field = { "x", CRM_TIME };
	static const struct change changes[] = {
		{ "2026-02-28T12:34:56Z", "2026-02-28T12:34:56.000000Z" },
		{ "2026-02-28t12:34:56z", "2026-02-28T12:34:56.000000Z" },
		{ "2026-02-28T12:34:56.5Z", "2026-02-28T12:34:56.500000Z" },
		{ "2026-02-28T12:34:56.123456789Z",
		    "2026-02-28T12:34:56.123456Z" },
		{ "2026-02-28T12:34:56.1234567890Z", "format" },
		{ "2026-02-28T12:34:56.Z", "format" },
		{ "2026-02-28T01:00:00+02:00",
		    "2026-02-27T23:00:00.000000Z" },
		{ "2026-02-28T23:30:00-01:00",
		    "2026-03-01T00:30:00.000000Z" },
		{ "2024-02-29T00:00:00+00:01",
		    "2024-02-28T23:59:00.000000Z" },
		{ "2024-02-28T23:59:59-23:59",
		    "2024-02-29T23:58:59.000000Z" },
		{ "2026-03-01T00:00:00+05:45",
		    "2026-02-28T18:15:00.000000Z" },
		{ "2024-03-01T00:00:00+01:00",
		    "2024-02-29T23:00:00.000000Z" },
		{ "2025-12-31T23:00:00-02:00",
		    "2026-01-01T01:00:00.000000Z" },
		{ "2026-01-01T00:00:00+00:30",
		    "2025-12-31T23:30:00.000000Z" },
		{ "2026-01-01T00:00:00-00:00",
		    "2026-01-01T00:00:00.000000Z" },
		{ "2026-01-01T23:59:59Z", "2026-01-01T23:59:59.000000Z" },
		{ "2026-01-01T24:00:00Z", "format" },
		{ "2026-01-01T23:60:00Z", "format" },
		{ "2026-01-01T23:59:60Z", "format" },
		{ "2026-02-29T00:00:00Z", "format" },
		{ "2026-01-01T00:00:00", "format" },
		{ "2026-01-01T00:00Z", "format" },
		{ "2026-01-01 00:00:00Z", "format" },
		{ "2026-01-01T00:00:00+24:00", "format" },
		{ "2026-01-01T00:00:00+00:60", "format" },
		{ "2026-01-01T00:00:00+0200", "format" },
		{ "2026-01-01T00:00:00+02", "format" },
		{ "2026-01-01T00:00:00 02:00", "format" },
		{ "2026-01-01T00:00:00Zz", "format" },
		{ "2026-01-01T0:00:00Z", "format" },
		{ "2026-01-01T00:00:0Z+", "format" },
		{ "1900-01-01T00:00:00Z", "1900-01-01T00:00:00.000000Z" },
		{ "1900-01-01T00:00:00+00:01", "too_small" },
		{ "9999-12-31T23:59:59Z", "9999-12-31T23:59:59.000000Z" },
		{ "9999-12-31T23:59:59-00:01", "too_large" },
		{ "", "format" }, { "now", "format" },
		{ "2026-01-01T00:00:00.0000000000000000000000000Z",
		    "format" } };

	(void)state;
	texts(&field, changes, COUNT(changes));
}

static void
reads_uris(void **state)
{
	static const struct crm_field field = { "x", CRM_URI };
	static const char *good[] = { "http://a", "https://shop.example/",
		"https://shop.example:8443/a/b?c=d&e=%20#f",
		"http://[2001:db8::1]:80/", "http://192.0.2.1/",
		"https://shop.example?x", "https://shop.example#x",
		"http://a:1", "http://a:65535", "http://a/:@!$&'()*+,;=~" };
	static const char *bad[] = { "", "shop.example", "//shop.example",
		"ftp://shop.example/", "javascript:alert(1)",
		"javascript://x/%0aalert(1)", "http:/a", "http://", "http:///a",
		"https://user@shop.example/", "https://u:p@shop.example/",
		"http://a:0", "http://a:65536", "http://a:", "http://a:b",
		"http://a:123456", "http://-a/", "http://a..b/", "http://a_b/",
		"http://a b/", "http://a/ b", "http://a/\"", "http://a/<b>",
		"http://a/%", "http://a/%4", "http://a/%zz", "http://a/\\",
		"http://a/\nb", "http://a/\xc3\xa9", "http://\xc3\xa9/",
		"http://[]/", "http://[zz]/", "http://[1::2", "data:,x",
		" http://a b", "xhttp://a", "http://[1:2]x/" };
	const char *longest;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(good); i++)
		text(&field, good[i], good[i]);
	for (i = 0; i < COUNT(bad); i++)
		text(&field, bad[i], "format");
	text(&field, "  HTTPS://Shop.EXAMPLE/Path?Q  ",
	    "https://shop.example/Path?Q");
	longest = crm_format(arena, "http://a/%s", times(1991, "x"));
	text(&field, longest, longest);
	text(&field, crm_format(arena, "%sx", longest), "too_long");
}

static void
reads_cursors(void **state)
{
	static const struct crm_field field = { "x", CRM_CURSOR };
	static const char *bad[] = { "", "[1]", "W10", "eyJhIjoxfQ", "MQ",
		"W10=", "WzFd ", "WzFdCg==", "W1sxXV0", "WzEs", "____" };
	const char *json;
	size_t i;

	(void)state;
	text(&field, "WzFd", "[1]");
	for (i = 0; i < COUNT(bad); i++)
		text(&field, bad[i], "format");
	text(&field, crm_cursor_encode(arena,
	    "[\"\xc3\xa9\", 12.50, true, null]"),
	    "[\"\xc3\xa9\",12.50,true,null]");
	assert_null(crm_cursor_encode(arena, NULL));
	assert_null(crm_cursor_decode(arena, NULL));
	json = crm_format(arena, "[\"%s\"]", times(296, "x"));
	text(&field, crm_cursor_encode(arena, json), json);
	json = crm_format(arena, "[\"%s\"]", times(297, "x"));
	text(&field, crm_cursor_encode(arena, json), "format");
	text(&field, crm_cursor_encode(arena,
	    "[1,2,3,4,5,6,7,8,9,0,1,2,3,4,5,6]"),
	    "[1,2,3,4,5,6,7,8,9,0,1,2,3,4,5,6]");
	text(&field, crm_cursor_encode(arena,
	    "[1,2,3,4,5,6,7,8,9,0,1,2,3,4,5,6,7]"), "format");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_text),
		cmocka_unit_test(reads_secrets),
		cmocka_unit_test(reads_email),
		cmocka_unit_test(reads_phone),
		cmocka_unit_test(reads_uuid),
		cmocka_unit_test(reads_integers),
		cmocka_unit_test(reads_decimals),
		cmocka_unit_test(reads_choices),
		cmocka_unit_test(reads_dates),
		cmocka_unit_test(reads_times),
		cmocka_unit_test(reads_uris),
		cmocka_unit_test(reads_cursors),
	};

	return cmocka_run_group_tests_name("field_types", tests, set_up,
	    tear_down);
}
