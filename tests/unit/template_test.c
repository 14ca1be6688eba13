/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <crm/json.h>
#include <crm/letter.h>
#include <crm/template.h>

static const char facts[] = "{\"name\":\"Ada <b>\",\"empty\":\"\",\"zero\":0,"
    "\"yes\":true,\"no\":false,\"null\":null,\"n\":3,\"list\":[{\"name\":"
    "\"one\",\"price\":{\"amount\":1250,\"currency\":\"EUR\"}},{\"name\":"
    "\"two\",\"price\":{\"amount\":-5,\"currency\":\"EUR\"}}],\"words\":"
    "[\"a\",\"b\"],\"nothing\":[],\"free\":{\"amount\":0,\"currency\":\"EUR\"},"
    "\"yen\":{\"amount\":1250,\"currency\":\"JPY\"},\"deep\":{\"er\":{\"est\":"
    "\"here\"}},\"object\":{}}";

static struct crm_arena *arena;
static const struct crm_json *data;

static const char *
render(const char *source, bool html)
{
	const char *why = NULL;
	char *text = crm_template(arena, source, data, html, &why);

	if (text == NULL)
		fail_msg("%s: %s", source, why);
	return text;
}

#define TEXT(source, wanted) \
    assert_string_equal(render(source, false), wanted)
#define HTML(source, wanted) \
    assert_string_equal(render(source, true), wanted)

static void
values(void **state)
{
	(void)state;
	TEXT("", "");
	TEXT("plain } { text", "plain } { text");
	TEXT("Hello {{name}}!", "Hello Ada <b>!");
	HTML("Hello {{name}}!", "Hello Ada &lt;b&gt;!");
	TEXT("{{n}} {{yes}} {{no}} {{null}}{{missing}}", "3 true false ");
	TEXT("{{deep.er.est}}{{deep.er}}{{deep.missing.est}}{{n.n}}", "here");
	TEXT("{{list}}{{object}}", "");
}

/* There is no way to put markup in. */
static void
html_is_escaped(void **state)
{
	static const char source[] = "<a href=\"{{x}}\">{{x}}</a>";
	const struct crm_json *evil;
	const char json[] = "{\"x\":\"\\\"><script>alert('{{x}}')&\"}";

	(void)state;
	evil = crm_json_parse(arena, json, strlen(json), NULL);
	assert_string_equal(crm_template(arena, source, evil, true, NULL),
	    "<a href=\"&quot;&gt;&lt;script&gt;alert(&#39;{{x}}&#39;)&amp;\">"
	    "&quot;&gt;&lt;script&gt;alert(&#39;{{x}}&#39;)&amp;</a>");
}

static void
money(void **state)
{
	(void)state;
	TEXT("{{#list}}{{price}};{{/list}}", "12.50 EUR;-0.05 EUR;");
	TEXT("{{yen}} {{free}}", "1250 JPY 0.00 EUR");
}

static void
sections(void **state)
{
	(void)state;
	TEXT("{{#list}}{{name}}, {{n}} {{/list}}", "one, 3 two, 3 ");
	TEXT("{{#words}}<{{.}}>{{/words}}", "<a><b>");
	TEXT("{{#yes}}y{{/yes}}{{#n}}n{{/n}}{{#name}}m{{/name}}", "ynm");
	TEXT("{{#deep}}{{er.est}}{{#er}}{{est}}{{/er}}{{/deep}}", "herehere");
	TEXT("{{#deep.er}}{{est}}{{/deep.er}}", "here");
	TEXT("{{#no}}x{{/no}}{{#null}}x{{/null}}{{#empty}}x{{/empty}}"
	    "{{#missing}}x{{/missing}}{{#nothing}}x{{/nothing}}"
	    "{{#zero}}x{{/zero}}{{#free}}x{{/free}}{{#object}}x{{/object}}",
	    "");
	TEXT("{{^no}}a{{/no}}{{^nothing}}b{{/nothing}}{{^free}}c{{/free}}"
	    "{{^list}}x{{/list}}{{^name}}x{{/name}}", "abc");
	TEXT("{{#list}}{{#yes}}{{name}}{{/yes}}{{^no}}-{{/no}}{{/list}}",
	    "one-two-");
}

/* A section's tag alone on its line leaves no empty line behind. */
static void
lines(void **state)
{
	(void)state;
	TEXT("a\n{{#list}}\n  {{name}}\n{{/list}}\nb\n",
	    "a\n  one\n  two\nb\n");
	TEXT("a\r\n  {{#yes}}  \r\nb\r\n{{/yes}}", "a\r\nb\r\n");
	TEXT("a {{#yes}}\nb\n{{/yes}} c", "a \nb\n c");
	TEXT("{{#no}}\nx\n{{/no}}\nend", "end");
	TEXT("{{name}}\n", "Ada <b>\n");
}

static void
malformed(void **state)
{
	static const char *const bad[] = { "{{", "{{name", "{{}}", "{{ name}}",
	    "{{Name}}", "{{a-b}}", "{{.a}}", "{{a.}}", "{{a..b}}", "{{#}}",
	    "{{#yes}}", "{{/yes}}", "{{#yes}}{{/no}}", "{{{name}}}",
	    "{{&name}}", "{{>file}}", "{{#no}}{{bad!}}{{/no}}",
	    "{{#nothing}}{{#no}}{{/nothing}}{{/no}}",
	    "{{aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd"
	    "eeeeeeeeeefffffffffffff65}}",
	    "{{#yes}}{{aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeee" };
	const char *why;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		why = NULL;
		if (crm_template(arena, bad[i], data, false, &why) != NULL)
			fail_msg("%s was taken", bad[i]);
		assert_non_null(why);
	}
}

static void
depth_is_bound(void **state)
{
	char source[4096] = "";
	int i;

	(void)state;
	for (i = 0; i < 16; i++)
		strcat(source, "{{#yes}}");
	strcat(source, "x");
	for (i = 0; i < 16; i++)
		strcat(source, "{{/yes}}");
	TEXT(source, "x");
	memmove(source + 8, source, strlen(source) + 1);
	strcat(source, "{{/yes}}");
	assert_null(crm_template(arena, source, data, false, NULL));
}

static int
start(void **state)
{
	(void)state;
	arena = crm_arena_new(16 << 20);
	data = crm_json_parse(arena, facts, strlen(facts), NULL);
	return data != NULL ? 0 : -1;
}

static int
end(void **state)
{
	(void)state;
	crm_arena_free(arena);
	return 0;
}

/* A list within itself grows by powers: it is refused, and soon. */
static void
length_is_bound(void **state)
{
	char source[4096] = "";
	const char *why = NULL;
	int i;

	(void)state;
	TEXT("{{#words}}{{#words}}x{{/words}}{{/words}}", "xxxx");
	for (i = 0; i < 16; i++)
		strcat(source, "{{#words}}{{name}}");
	for (i = 0; i < 16; i++)
		strcat(source, "{{/words}}");
	assert_null(crm_template(arena, source, data, false, &why));
	assert_string_equal(why, "it comes to too much");
	assert_false(crm_template_check(arena, source, data, &why));
}

/* The shop's own words, as HTML: letters of any script are themselves. */
static void
letters(void **state)
{
	const struct crm_letter letter = { .language = "fr",
	    .subject = "\303\211t\303\251 {{name}}",
	    .text = "\303\211t\303\251 & \330\271\n\n"
	    "https://a.example/\303\251?b." };
	static const char facts_of[] = "{\"name\":\"\\r\\nBcc: x\","
	    "\"origin\":\"https://a.example\"}";
	struct crm_mail mail = { 0 };
	const char *why = NULL;

	(void)state;
	assert_true(crm_letter_fill(arena, &letter, crm_json_parse(arena,
	    facts_of, strlen(facts_of), NULL), &mail, &why));
	assert_string_equal(mail.subject, "\303\211t\303\251   Bcc: x");
	assert_non_null(strstr(mail.html,
	    "<p>\303\211t\303\251 &amp; \330\271</p>\n<p><a href=\""
	    "https://a.example/\303\251?b\""));
	assert_null(strstr(mail.html, "\357\277\275"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values),
		cmocka_unit_test(html_is_escaped),
		cmocka_unit_test(money),
		cmocka_unit_test(sections),
		cmocka_unit_test(lines),
		cmocka_unit_test(malformed),
		cmocka_unit_test(depth_is_bound),
		cmocka_unit_test(length_is_bound),
		cmocka_unit_test(letters),
	};

	return cmocka_run_group_tests_name("template", tests, start, end);
}
