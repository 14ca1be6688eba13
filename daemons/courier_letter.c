/* SPDX-License-Identifier: ISC */
/* From a row of the outbox to a mail. */

#include <string.h>

#include "courier.h"

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
	const struct crm_json *data, *words = NULL;
	const char *fault = "no such template";
	struct crm_letter template;

	memset(mail, 0, sizeof *mail);
	data = crm_json_parse(arena, letter->data, strlen(letter->data),
	    &fault);
	if (letter->words != NULL)
		words = crm_json_parse(arena, letter->words,
		    strlen(letter->words), NULL);
	if (data != NULL && (!crm_letter_choose(arena, letter->template,
	    words, &template, &fault) ||
	    !crm_letter_fill(arena, &template, data, mail, &fault)))
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
