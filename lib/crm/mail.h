/* SPDX-License-Identifier: ISC */
/* Mail: MIME with a text and an HTML part, sent by libesmtp. */
#ifndef CRM_MAIL_H
#define CRM_MAIL_H

#include <stdbool.h>

#include <crm/arena.h>

struct crm_mail {
	const char	*from;		/* "Shop <shop@example.org>" */
	const char	*to;
	const char	*subject;
	const char	*text;
	const char	*html;		/* or NULL */
	const char	*id;		/* Message-ID without <>, stable over
					   retries */
	const char	*headers;	/* more "Name: value\n", or NULL */
	const char	*attachment_name;	/* or NULL */
	const char	*attachment_type;
	const char	*attachment;
	long		 attachment_length;
};

/* The message as RFC 5322 with CRLF; header values that hold a line break
 * are refused with NULL. */
char *crm_mail_compose(struct crm_arena *, const struct crm_mail *);

enum crm_mail_result { CRM_MAIL_SENT, CRM_MAIL_LATER, CRM_MAIL_NEVER };

/* Sends it to the relay named by the configuration.  `*why` is the relay's
 * or our own short reason. */
enum crm_mail_result crm_mail_send(struct crm_arena *,
    const struct crm_mail *, const char **why);

#endif
