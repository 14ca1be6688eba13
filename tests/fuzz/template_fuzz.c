/* SPDX-License-Identifier: ISC */
/*
 * Templates of mails, as staff may write them: a line of JSON (or none that
 * can be read: then a sample) and a template.  What the check lets pass is
 * rendered; as text and as HTML alike; to no more than it may come to; and
 * no value brings markup into the HTML, nor a line into the subject.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <crm/letter.h>
#include <crm/template.h>
#include <crm/text.h>

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

#define LENGTH_MOST	((1u << 18) + (1u << 16))

static const char sample[] = "{\"name\":\"Ad\xc3\xa9 <b>\\\"&'\","
    "\"evil\":\"\\r\\nBcc: x\",\"empty\":\"\",\"zero\":0,\"yes\":true,"
    "\"no\":false,\"null\":null,\"origin\":\"https://shop.example\","
    "\"shop\":\"<Duka>\",\"lines\":[{\"name\":\"one\",\"total\":{\"amount\":"
    "1250,\"currency\":\"EUR\"}},{\"name\":\"<two>\",\"total\":{\"amount\":0,"
    "\"currency\":\"JPY\"}},{}],\"words\":[\"a\",\"<\"],\"deep\":{\"er\":"
    "{\"est\":\"here\"}},\"nothing\":[],\"object\":{}}";

static void
must(bool holds)
{
	if (!holds)
		abort();
}

/* Text between tags has none of what means something in HTML. */
static bool
harmless(const char *text)
{
	return strpbrk(text, "<>\"'&") == NULL;
}

static void
check_escaped(const char *html)
{
	static const char *const codes[] = { "&amp;", "&lt;", "&gt;", "&quot;",
	    "&#39;" };
	size_t i;

	must(strpbrk(html, "<>\"'") == NULL);
	for (; (html = strchr(html, '&')) != NULL; html++) {
		for (i = 0; i < sizeof codes / sizeof codes[0]; i++)
			if (strncmp(html, codes[i], strlen(codes[i])) == 0)
				break;
		must(i < sizeof codes / sizeof codes[0]);
	}
}

static void
check_template(struct crm_arena *arena, const char *source,
    const struct crm_json *data)
{
	const char *why = NULL, *known = NULL, *other = NULL;
	bool good = crm_template_check(arena, source, data, &known);
	char *text = crm_template(arena, source, data, false, &why),
	    *html = crm_template(arena, source, data, true, &other);

	must(good == (known == NULL) && (text == NULL) == (why != NULL));
	must((html == NULL) == (other != NULL));
	/* HTML is longer: it alone may come to too much. */
	must(!good || text != NULL);
	must(text != NULL || html == NULL);
	if (text == NULL)
		return;
	must(strlen(text) <= LENGTH_MOST);
	if (strstr(source, "{{") == NULL)
		must(strcmp(text, source) == 0);
	if (html != NULL && harmless(source))
		check_escaped(html);
}

static void
check_letter(struct crm_arena *arena, const char *source,
    const struct crm_json *data)
{
	const struct crm_letter letter = { .language = "en",
	    .subject = source, .text = source };
	struct crm_mail mail = { 0 };
	const char *why = NULL, *at;

	if (!crm_letter_fill(arena, &letter, data, &mail, &why)) {
		must(why != NULL);
		return;
	}
	for (at = mail.subject; *at != '\0'; at++)
		must((unsigned char)*at >= ' ');
	must(mail.text != NULL && mail.html != NULL);
	/* What is text in the one is in the other. */
	if (crm_utf8_valid(mail.text, strlen(mail.text)) &&
	    strstr(mail.text, "\xef\xbf\xbd") == NULL &&
	    strpbrk(mail.text, "\1\2\3\4\5\6\7\10\13\14\16\17\20\21\22\23\24"
	    "\25\26\27\30\31\32\33\34\35\36\37") == NULL)
		must(strstr(mail.html, "\xef\xbf\xbd") == NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct crm_arena *arena = crm_arena_new(64 << 20);
	char *source = crm_strndup(arena, (const char *)bytes,
	    size < 10000 ? size : 10000);
	const struct crm_json *data = NULL;
	char *end = strchr(source, '\n');

	if (source[0] == '{' && source[1] == '"' && end != NULL) {
		data = crm_json_parse(arena, source, (size_t)(end - source),
		    NULL);
		if (data != NULL)
			source = end + 1;
	}
	if (data == NULL)
		data = crm_json_parse(arena, sample, strlen(sample), NULL);
	check_template(arena, source, data);
	if (crm_json_text_of(data, "shop") == NULL ||
	    strstr(crm_json_text_of(data, "shop"), "\xef\xbf\xbd") == NULL)
		check_letter(arena, source, data);
	crm_arena_free(arena);
	return 0;
}
