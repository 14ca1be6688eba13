/* SPDX-License-Identifier: ISC */
/*
 * From a row to a mail: etc/mail/NAME.txt, with the subject on its first
 * line, and NAME.html between _head.html and _foot.html, if there is one.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "courier.h"

#define TEMPLATE_MOST	(64u << 10)

/* A file of the templates' folder; NULL with errno. */
static char *
read_template(struct crm_arena *arena, const char *name, const char *ending)
{
	const char *folder = crm_config("DUKA_ETC", DUKA_SYSCONFDIR);
	char *text;
	ssize_t length;
	int fd;

	fd = open(crm_format(arena, "%s/mail/%s.%s", folder, name, ending),
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

/* The outbox takes no other names; a file's name is made of it here. */
static bool
name_good(const char *name)
{
	return name[0] >= 'a' && name[0] <= 'z' &&
	    strspn(name, "abcdefghijklmnopqrstuvwxyz-") == strlen(name);
}

/* The first line's text, with nothing in it that would end a header. */
static char *
subject_of(struct crm_arena *arena, char *source,
    const struct crm_json *data, const char **body, const char **why)
{
	static const char word[] = "Subject: ";
	char *end = strchr(source, '\n'), *subject, *at;

	if (strncmp(source, word, sizeof word - 1) != 0 || end == NULL) {
		*why = "its first line isn't \"Subject: ...\"";
		return NULL;
	}
	*end = '\0';
	*body = end + 1 + (end[1] == '\n');
	subject = crm_template(arena, source + sizeof word - 1, data, false,
	    why);
	for (at = subject; at != NULL && *at != '\0'; at++)
		if ((unsigned char)*at < ' ')
			*at = ' ';
	return subject;
}

static bool
compose_text(struct crm_arena *arena, const char *name,
    const struct crm_json *data, struct crm_mail *mail, const char **why)
{
	char *source = read_template(arena, name, "txt");
	const char *body;

	if (source == NULL) {
		*why = strerror(errno);
		return false;
	}
	mail->subject = subject_of(arena, source, data, &body, why);
	if (mail->subject == NULL)
		return false;
	mail->text = crm_template(arena, body, data, false, why);
	return mail->text != NULL;
}

static bool
compose_html(struct crm_arena *arena, const char *name,
    const struct crm_json *data, struct crm_mail *mail, const char **why)
{
	const char *head, *body, *foot;

	body = read_template(arena, name, "html");
	if (body == NULL)
		return true;
	head = read_template(arena, "_head", "html");
	foot = read_template(arena, "_foot", "html");
	mail->html = crm_template(arena, crm_format(arena, "%s%s%s",
	    head != NULL ? head : "", body, foot != NULL ? foot : ""), data,
	    true, why);
	return mail->html != NULL;
}

/* DUKA_MAIL_FROM, or the shop's name and address by its settings. */
static const char *
sender_of(struct crm_arena *arena, const struct letter *letter)
{
	const char *from = crm_config("DUKA_MAIL_FROM", NULL);
	char *shop, *at;

	if (from != NULL)
		return from;
	shop = crm_strdup(arena, letter->shop != NULL ? letter->shop : "");
	for (at = shop; *at != '\0'; at++)
		if ((unsigned char)*at < ' ')
			*at = ' ';
	return crm_format(arena, "%s <%s>", shop, letter->sender);
}

/* The same over all tries: who gets it twice can tell. */
static const char *
message_id(struct crm_arena *arena, const struct letter *letter,
    const char *from)
{
	const char *at = strrchr(from, '@');

	if (at == NULL)
		return NULL;
	return crm_format(arena, "%s%.*s", letter->id,
	    (int)strcspn(at, ">"), at);
}

/* No "I am on holiday" in answer (RFC 3834); and out of mail that needs
 * consent at a click (RFC 8058). */
static const char *
headers_of(struct crm_arena *arena, const struct crm_json *data)
{
	const char *out = crm_json_text_of(data, "unsubscribe");

	return crm_format(arena, "Auto-Submitted: auto-generated\n%s",
	    out == NULL ? "" : crm_format(arena, "List-Unsubscribe: <%s>\n"
	    "List-Unsubscribe-Post: List-Unsubscribe=One-Click\n", out));
}

bool
courier_compose(struct crm_arena *arena, const struct letter *letter,
    struct crm_mail *mail, const char **why)
{
	const struct crm_json *data;
	const char *fault = "no such template";

	memset(mail, 0, sizeof *mail);
	data = crm_json_parse(arena, letter->data, strlen(letter->data),
	    &fault);
	if (data != NULL && (!name_good(letter->template) ||
	    !compose_text(arena, letter->template, data, mail, &fault) ||
	    !compose_html(arena, letter->template, data, mail, &fault)))
		data = NULL;
	if (data == NULL) {
		*why = crm_format(arena, "template %s: %s", letter->template,
		    fault);
		return false;
	}
	mail->from = sender_of(arena, letter);
	mail->to = letter->recipient;
	mail->id = message_id(arena, letter, mail->from);
	mail->headers = headers_of(arena, data);
	mail->attachment_name = letter->attachment_name;
	mail->attachment_type = letter->attachment_type;
	mail->attachment = letter->attachment;
	mail->attachment_length = letter->attachment_length;
	return true;
}
