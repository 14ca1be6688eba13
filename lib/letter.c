/* SPDX-License-Identifier: ISC */
/*
 * From templates to a mail.  What the courier sends and what staff see
 * before it is sent are made here.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <crm/config.h>
#include <crm/letter.h>
#include <crm/template.h>
#include <crm/text.h>

#define TEMPLATE_MOST	(64u << 10)

/* A file of the templates' folder; NULL with errno. */
static char *
read_file(struct crm_arena *arena, const char *name)
{
	const char *folder = crm_config("DUKA_ETC", DUKA_SYSCONFDIR);
	char *text;
	ssize_t length;
	int fd;

	fd = open(crm_format(arena, "%s/mail/%s", folder, name),
	    O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return NULL;
	text = crm_alloc(arena, TEMPLATE_MOST + 1);
	length = read(fd, text, TEMPLATE_MOST);
	close(fd);
	if (length >= 0)
		text[length] = '\0';
	return length >= 0 ? text : NULL;
}

/* A file's name is made of both. */
static bool
names_good(const char *name, const char *language)
{
	return name[0] >= 'a' && name[0] <= 'z' &&
	    strspn(name, "abcdefghijklmnopqrstuvwxyz-") == strlen(name) &&
	    strspn(language, "abcdefghijklmnopqrstuvwxyz") ==
	    strlen(language);
}

static char *
read_part(struct crm_arena *arena, const char *name, const char *language,
    const char *ending)
{
	if (strcmp(language, "en") == 0)
		return read_file(arena, crm_format(arena, "%s.%s", name,
		    ending));
	return read_file(arena, crm_format(arena, "%s.%s.%s", name, language,
	    ending));
}

bool
crm_letter_shipped(struct crm_arena *arena, const char *name,
    const char *language, struct crm_letter *letter, const char **why)
{
	static const char word[] = "Subject: ";
	char *source, *end;

	if (!names_good(name, language)) {
		*why = "no such template";
		return false;
	}
	source = read_part(arena, name, language, "txt");
	if (source == NULL) {
		*why = strerror(errno);
		return false;
	}
	end = strchr(source, '\n');
	if (strncmp(source, word, sizeof word - 1) != 0 || end == NULL) {
		*why = "its first line isn't \"Subject: ...\"";
		return false;
	}
	*end = '\0';
	letter->language = language;
	letter->subject = source + sizeof word - 1;
	letter->text = end + 1 + (end[1] == '\n');
	letter->html = read_part(arena, name, language, "html");
	return true;
}

bool
crm_letter_choose(struct crm_arena *arena, const char *name,
    const struct crm_json *words, struct crm_letter *letter,
    const char **why)
{
	const struct crm_json *one;
	const char *language;

	for (one = crm_json_first(words); one != NULL;
	    one = crm_json_next(one)) {
		language = crm_json_text_of(one, "language");
		if (language == NULL)
			continue;
		letter->language = language;
		letter->subject = crm_json_text_of(one, "subject");
		letter->text = crm_json_text_of(one, "text");
		letter->html = NULL;
		if (letter->subject != NULL && letter->text != NULL)
			return true;
		if (crm_letter_shipped(arena, name, language, letter, why))
			return true;
	}
	return crm_letter_shipped(arena, name, "en", letter, why);
}

/* A subject, with nothing in it that would end a header. */
static char *
fill_subject(struct crm_arena *arena, const char *source,
    const struct crm_json *data, const char **why)
{
	char *subject = crm_template(arena, source, data, false, why), *at;

	for (at = subject; at != NULL && *at != '\0'; at++)
		if ((unsigned char)*at < ' ')
			*at = ' ';
	return subject;
}

/* How long a link to the shop is that begins here; 0: none does. */
static size_t
link_length(const char *at, const char *origin)
{
	size_t length = strlen(origin);

	if (length == 0 || strncmp(at, origin, length) != 0 ||
	    strchr("/?#\n ", at[length]) == NULL)
		return 0;
	length += strcspn(at + length, " \t\n\r<>\"");
	while (strchr(".,;:!?)", at[length - 1]) != NULL)
		length--;
	return length;
}

static void
add_link(struct crm_text *html, const char *at, size_t length)
{
	char *link = crm_format(html->arena, "%.*s", (int)length, at);

	crm_text_puts(html, "<a href=\"");
	crm_text_html(html, link);
	crm_text_puts(html, "\" style=\"word-break: break-word\">");
	crm_text_html(html, link);
	crm_text_puts(html, "</a>");
}

/* How much of a line comes before its end or the next link. */
static size_t
plain_length(const char *at, const char *origin)
{
	size_t length = 0;

	while (at[length] != '\0' && at[length] != '\n' &&
	    link_length(at + length, origin) == 0)
		length++;
	return length;
}

/* A filled text as HTML: paragraphs, ends of lines, links to the shop. */
static char *
html_of(struct crm_arena *arena, const char *text, const char *origin)
{
	struct crm_text html;
	size_t length;

	crm_text_init(&html, arena);
	text += strspn(text, "\r\n");
	crm_text_puts(&html, "<p>");
	while (*text != '\0') {
		if (*text == '\n') {
			length = strspn(text, "\r\n");
			text += length;
			if (*text != '\0')
				crm_text_puts(&html, length > 1 ?
				    "</p>\n<p>" : "<br>\n");
		} else if ((length = link_length(text, origin)) > 0) {
			add_link(&html, text, length);
			text += length;
		} else {
			length = plain_length(text, origin);
			crm_text_html(&html, crm_strndup(arena, text, length));
			text += length;
		}
	}
	crm_text_puts(&html, "</p>\n");
	return html.data;
}

/* What the head may say. */
static const struct crm_json *
head_data(struct crm_arena *arena, const char *language,
    const struct crm_json *data)
{
	const char *shop = crm_json_text_of(data, "shop");
	struct crm_text text;

	crm_text_init(&text, arena);
	crm_text_puts(&text, "{\"language\":");
	crm_text_json(&text, language);
	crm_text_puts(&text, ",\"shop\":");
	crm_text_json(&text, shop != NULL ? shop : "");
	crm_text_puts(&text, "}");
	return crm_json_parse(arena, text.data, text.length, NULL);
}

static bool
fill_html(struct crm_arena *arena, const struct crm_letter *letter,
    const struct crm_json *data, struct crm_mail *mail, const char **why)
{
	const char *head = read_file(arena, "_head.html"), *body,
	    *foot = read_file(arena, "_foot.html"), *origin;

	origin = crm_json_text_of(data, "origin");
	if (letter->html != NULL)
		body = crm_template(arena, letter->html, data, true, why);
	else
		body = html_of(arena, mail->text,
		    origin != NULL ? origin : "");
	if (head != NULL)
		head = crm_template(arena, head, head_data(arena,
		    letter->language, data), true, why);
	if (foot != NULL)
		foot = crm_template(arena, foot, data, true, why);
	if (body == NULL)
		return false;
	mail->html = crm_format(arena, "%s%s%s", head != NULL ? head : "",
	    body, foot != NULL ? foot : "");
	return true;
}

bool
crm_letter_fill(struct crm_arena *arena, const struct crm_letter *letter,
    const struct crm_json *data, struct crm_mail *mail, const char **why)
{
	mail->subject = fill_subject(arena, letter->subject, data, why);
	if (mail->subject == NULL)
		return false;
	mail->text = crm_template(arena, letter->text, data, false, why);
	if (mail->text == NULL)
		return false;
	return fill_html(arena, letter, data, mail, why);
}
