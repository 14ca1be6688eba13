/* SPDX-License-Identifier: ISC */
/*
 * A mail from its template: DUKA_ETC/mail/NAME.txt, with the subject on its
 * first line, and NAME.html between _head.html and _foot.html; in another
 * language NAME.LANGUAGE.txt and .html.  Or from words of the shop's own, a
 * subject and a text: their HTML is made of the text.
 */
#ifndef CRM_LETTER_H
#define CRM_LETTER_H

#include <stdbool.h>

#include <crm/arena.h>
#include <crm/json.h>
#include <crm/mail.h>

/* What a mail is written from: templates. */
struct crm_letter {
	const char	*language;	/* of two letters */
	const char	*subject, *text;
	const char	*html;		/* NULL: made of the text */
};

/* The shipped one of a language; false with `*why` if there is none. */
bool crm_letter_shipped(struct crm_arena *, const char *name,
    const char *language, struct crm_letter *, const char **why);

/* The first of a list [{"language", "subject"?, "text"?}] that says a text or
 * is shipped; the shipped English one if there is no such. */
bool crm_letter_choose(struct crm_arena *, const char *name,
    const struct crm_json *words, struct crm_letter *, const char **why);

/* Fills it with data: subject, text and html of the mail.  In the HTML every
 * value is escaped; in one made of a text, links to the data's "origin" can
 * be followed.  False with `*why` if a template is malformed. */
bool crm_letter_fill(struct crm_arena *, const struct crm_letter *,
    const struct crm_json *data, struct crm_mail *, const char **why);

#endif
