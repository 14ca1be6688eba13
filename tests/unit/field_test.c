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
	query(needed, "id=4", "{\"id\":4}");
	query(NULL, "", "{}");
	query(NULL, "a=1", "a unknown");
}

static void
bounds_faults(void **state)
{
	const struct crm_fault *fault;
	struct crm_text many;
	int i, count = 0;

	(void)state;
	crm_text_init(&many, arena);
	for (i = 0; i < 5000; i++)
		crm_text_printf(&many, "%c\"x%d\":1", i == 0 ? '{' : ',', i);
	crm_text_puts(&many, "}");
	crm_input_init(&input, arena);
	assert_false(crm_input_body(&input, line + 1, parse(many.data)));
	for (fault = input.faults; fault != NULL; fault = fault->next)
		count++;
	assert_int_equal(count, 100);
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
	crm_field_schema_query(&text, &filter[4]);
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
		cmocka_unit_test(makes_valid_examples),
		cmocka_unit_test(makes_schemas),
		cmocka_unit_test(makes_tables_schemas),
	};

	return cmocka_run_group_tests_name("field", tests, set_up, tear_down);
}
