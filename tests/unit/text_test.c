/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <crm/text.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct crm_arena *arena;

static int
set_up(void **state)
{
	(void)state;
	arena = crm_arena_new(10000000);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	crm_arena_free(arena);
	return 0;
}

static void
grows(void **state)
{
	struct crm_text text;
	size_t i;

	(void)state;
	crm_text_init(&text, arena);
	assert_string_equal(text.data, "");
	for (i = 0; i < 10000; i++) {
		crm_text_putc(&text, (char)('a' + i % 26));
		assert_int_equal(text.length, i + 1);
		assert_int_equal(text.data[i + 1], '\0');
	}
	for (i = 0; i < 10000; i++)
		assert_int_equal(text.data[i], 'a' + i % 26);
}

static void
appends(void **state)
{
	struct crm_text text;

	(void)state;
	crm_text_init(&text, arena);
	crm_text_puts(&text, "");
	crm_text_add(&text, NULL, 0);
	crm_text_puts(&text, "one");
	crm_text_add(&text, "\0two", 4);
	crm_text_printf(&text, "%s%d", "three", 4);
	assert_int_equal(text.length, 13);
	assert_memory_equal(text.data, "one\0twothree4", 14);
	crm_text_printf(&text, "%0500d", 1);
	assert_int_equal(text.length, 513);
	assert_int_equal(text.data[512], '1');
	assert_int_equal(text.data[513], '\0');
}

/* Sizes around the first one, where a closing NUL is easily forgotten. */
static void
keeps_the_nul(void **state)
{
	struct crm_text text;
	char bytes[200];
	size_t size;

	(void)state;
	memset(bytes, 'x', sizeof(bytes));
	for (size = 0; size < sizeof(bytes); size++) {
		crm_text_init(&text, arena);
		crm_text_add(&text, bytes, size);
		assert_true(text.length < text.size);
		assert_int_equal(strlen(text.data), size);
		crm_text_init(&text, arena);
		crm_text_printf(&text, "%.*s", (int)size, bytes);
		assert_true(text.length < text.size);
		assert_int_equal(strlen(text.data), size);
	}
}

struct change {
	const char	*from, *to;
};

static void
writes_json(void **state)
{
	static const struct change changes[] = {
		{ NULL, "null" },
		{ "", "\"\"" },
		{ "plain", "\"plain\"" },
		{ "a\"b\\c/d", "\"a\\\"b\\\\c/d\"" },
		{ "\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\"" },
		{ "\x01\x1f\x7f", "\"\\u0001\\u001f\x7f\"" },
		{ "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80",
		    "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"" },
		{ "a\xff" "b\xc3", "\"a\xef\xbf\xbd" "b\xef\xbf\xbd\"" },
		{ "\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"" },
	};
	struct crm_text text;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(changes); i++) {
		crm_text_init(&text, arena);
		crm_text_json(&text, changes[i].from);
		assert_string_equal(text.data, changes[i].to);
	}
}

static void
writes_html(void **state)
{
	static const struct change changes[] = {
		{ NULL, "" },
		{ "", "" },
		{ "<a href=\"x\">Tom & 'Jo'</a>",
		    "&lt;a href=&quot;x&quot;&gt;Tom &amp; &#39;Jo&#39;"
		    "&lt;/a&gt;" },
		{ "tab\tline\n\r", "tab\tline\n\r" },
		{ "bell\a", "bell\xef\xbf\xbd" },
		{ "\xc3\xa9\x80", "\xc3\xa9\xef\xbf\xbd" },
	};
	struct crm_text text;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(changes); i++) {
		crm_text_init(&text, arena);
		crm_text_html(&text, changes[i].from);
		assert_string_equal(text.data, changes[i].to);
	}
}

/* Each border of RFC 3629's table from both sides. */
static void
knows_utf8(void **state)
{
	static const char *good[] = { "", "a", "\x7f", "\xc2\x80", "\xdf\xbf",
		"\xe0\xa0\x80", "\xe0\xbf\xbf", "\xe1\x80\x80",
		"\xec\xbf\xbf", "\xed\x80\x80", "\xed\x9f\xbf",
		"\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80",
		"\xf0\xbf\xbf\xbf", "\xf1\x80\x80\x80", "\xf3\xbf\xbf\xbf",
		"\xf4\x80\x80\x80", "\xf4\x8f\xbf\xbf",
		"a\xc3\xa9z\xe2\x82\xac!\xf0\x9f\x98\x80." };
	static const char *bad[] = { "\x80", "\xbf", "\xc0\x80", "\xc1\xbf",
		"\xc2", "\xc2\x7f", "\xc2\xc0", "\xdf", "\xe0\x9f\xbf",
		"\xe0\x80\x80", "\xe0\xa0", "\xe0\xa0\x7f", "\xe1\x80",
		"\xe1\x80\xc0", "\xed\xa0\x80", "\xed\xbf\xbf", "\xef\xbf",
		"\xf0\x80\x80\x80", "\xf0\x8f\xbf\xbf", "\xf0\x90\x80",
		"\xf0\x90\x80\x7f", "\xf4\x90\x80\x80", "\xf4\x8f\xbf",
		"\xf5\x80\x80\x80", "\xf8\x88\x80\x80\x80", "\xfe", "\xff",
		"ok\xff", "\xe2\x82\xac\x80" };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(good); i++)
		if (!crm_utf8_valid(good[i], strlen(good[i])))
			fail_msg("good %zu refused", i);
	for (i = 0; i < COUNT(bad); i++)
		if (crm_utf8_valid(bad[i], strlen(bad[i])))
			fail_msg("bad %zu passed", i);
	assert_true(crm_utf8_valid("a\0b", 3));
	assert_true(crm_utf8_valid("\xc3\xa9\xc3", 2));
	assert_false(crm_utf8_valid("\xc3\xa9\xc3\xa9", 3));
}

static void
counts_characters(void **state)
{
	(void)state;
	assert_int_equal(crm_utf8_length(""), 0);
	assert_int_equal(crm_utf8_length("abc"), 3);
	assert_int_equal(crm_utf8_length("\xc3\xa9\xe2\x82\xac"), 2);
	assert_int_equal(crm_utf8_length("\xf0\x9f\x98\x80z"), 2);
}

/* RFC 4648, section 10, without padding. */
static void
speaks_base64url(void **state)
{
	static const struct change vectors[] = { { "", "" }, { "f", "Zg" },
		{ "fo", "Zm8" }, { "foo", "Zm9v" }, { "foob", "Zm9vYg" },
		{ "fooba", "Zm9vYmE" }, { "foobar", "Zm9vYmFy" },
		{ "\xfb\xff\xfe", "-__-" } };
	size_t i, length;
	char *text;

	(void)state;
	for (i = 0; i < COUNT(vectors); i++) {
		text = crm_base64url(arena, vectors[i].from,
		    strlen(vectors[i].from));
		assert_string_equal(text, vectors[i].to);
		text = crm_base64url_decode(arena, vectors[i].to,
		    strlen(vectors[i].to), &length);
		assert_int_equal(length, strlen(vectors[i].from));
		assert_string_equal(text, vectors[i].from);
	}
	assert_non_null(crm_base64url_decode(arena, "Zg", 2, NULL));
}

static void
refuses_other_base64(void **state)
{
	static const char *bad[] = { "Z", "Zg==", "Zg=", "Zm9vY", "Zh", "Zm9",
		"Zm 9", "Zm9v\n", "+/+/", "Z\x80", "Zm9v.", " Zm9v" };
	size_t i, length;

	(void)state;
	for (i = 0; i < COUNT(bad); i++)
		if (crm_base64url_decode(arena, bad[i], strlen(bad[i]),
		    &length) != NULL)
			fail_msg("\"%s\" passed", bad[i]);
	assert_null(crm_base64url_decode(arena, "Z\0", 2, &length));
}

static void
goes_round_by_base64(void **state)
{
	unsigned char bytes[300];
	size_t size, length, i;
	uint32_t seed = 1;
	char *text;

	(void)state;
	for (size = 0; size < sizeof(bytes); size++) {
		for (i = 0; i < size; i++)
			bytes[i] = (unsigned char)((seed = seed * 1664525 +
			    1013904223) >> 24);
		text = crm_base64url(arena, bytes, size);
		assert_int_equal(strlen(text), (size * 4 + 2) / 3);
		assert_memory_equal(crm_base64url_decode(arena, text,
		    strlen(text), &length), bytes, size);
		assert_int_equal(length, size);
	}
}

static void
decodes_percents(void **state)
{
	static const struct change good[] = { { "", "" }, { "abc", "abc" },
		{ "a%20b", "a b" }, { "%41%5a%5A", "AZZ" },
		{ "%c3%A9", "\xc3\xa9" }, { "\xc3\xa9", "\xc3\xa9" },
		{ "%25", "%" }, { "%0d%0a", "\r\n" } };
	static const char *bad[] = { "%", "%4", "a%", "%g0", "%0g", "%%41",
		"%00", "a%00b", "%ff", "%c3", "%c3%28", "%ed%a0%80", "\xff",
		"%-1", "% 1" };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(good); i++)
		assert_string_equal(crm_percent_decode(arena, good[i].from,
		    strlen(good[i].from), false), good[i].to);
	for (i = 0; i < COUNT(bad); i++)
		if (crm_percent_decode(arena, bad[i], strlen(bad[i]),
		    true) != NULL)
			fail_msg("\"%s\" passed", bad[i]);
	assert_string_equal(crm_percent_decode(arena, "a+b%2B", 6, true),
	    "a b+");
	assert_string_equal(crm_percent_decode(arena, "a+b", 3, false),
	    "a+b");
	assert_string_equal(crm_percent_decode(arena, "ab%41", 2, false),
	    "ab");
	assert_null(crm_percent_decode(arena, "ab%41", 4, false));
	assert_null(crm_percent_decode(arena, "a\0b", 3, false));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grows),
		cmocka_unit_test(appends),
		cmocka_unit_test(keeps_the_nul),
		cmocka_unit_test(writes_json),
		cmocka_unit_test(writes_html),
		cmocka_unit_test(knows_utf8),
		cmocka_unit_test(counts_characters),
		cmocka_unit_test(speaks_base64url),
		cmocka_unit_test(refuses_other_base64),
		cmocka_unit_test(goes_round_by_base64),
		cmocka_unit_test(decodes_percents),
	};

	return cmocka_run_group_tests_name("text", tests, set_up, tear_down);
}
