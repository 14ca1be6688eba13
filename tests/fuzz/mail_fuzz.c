/* SPDX-License-Identifier: ISC */
/*
 * Mails: four lines (sender's name, recipient, subject, attachment's name)
 * and a body, from outside.  Whatever they are, the message is lines of
 * printable ASCII within their bounds, and its headers are ours alone.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <crm/mail.h>

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
must(bool holds)
{
	if (!holds)
		abort();
}

/* How many lines begin with `name` before the first empty line. */
static int
headers_named(const char *text, const char *name)
{
	int count = 0;

	for (; strncmp(text, "\r\n", 2) != 0; text = strstr(text, "\r\n") + 2)
		count += strncmp(text, name, strlen(name)) == 0;
	return count;
}

static void
check(const char *text)
{
	static const char *const ours[] = { "Date: ", "From: ", "To: ",
	    "Subject: ", "Message-ID: ", "MIME-Version: ",
	    "Content-Type: " };
	const char *line, *end;
	size_t i;

	for (line = text; *line != '\0'; line = end + 2) {
		end = strpbrk(line, "\r\n");
		must(end != NULL && end[0] == '\r' && end[1] == '\n');
		must(end - line <= 998 && line[0] != '.');
		for (; line < end; line++)
			must((*line >= ' ' && *line <= '~') || *line == '\t');
	}
	for (i = 0; i < sizeof ours / sizeof ours[0]; i++)
		must(headers_named(text, ours[i]) == 1);
	must(headers_named(text, "Bcc:") == 0);
	must(headers_named(text, "Cc:") == 0);
}

static char *
cut(char **rest)
{
	char *start = *rest, *end = strchr(start, '\n');

	if (end == NULL) {
		*rest = start + strlen(start);
		return start;
	}
	*end = '\0';
	*rest = end + 1;
	return start;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct crm_arena *arena = crm_arena_new(16 << 20);
	struct crm_mail mail = { .id = "1@example.org" };
	char *rest = crm_strndup(arena, (const char *)data, size), *text;

	mail.from = crm_format(arena, "%s <shop@example.org>", cut(&rest));
	mail.to = cut(&rest);
	mail.subject = cut(&rest);
	mail.attachment_name = cut(&rest);
	mail.text = mail.html = rest;
	if (mail.attachment_name[0] != '\0') {
		mail.attachment = (const char *)data;
		mail.attachment_length = (long)size;
		mail.attachment_type = "text/csv";
	}
	text = crm_mail_compose(arena, &mail);
	if (text != NULL)
		check(text);
	crm_arena_free(arena);
	return 0;
}
