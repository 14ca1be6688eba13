/* SPDX-License-Identifier: ISC */
/*
 * The way out of mail that was agreed to.  Mail programs POST to the address
 * in List-Unsubscribe what List-Unsubscribe-Post says (RFC 8058), in either
 * form that HTML knows; whoever follows the link is shown a page that does
 * the same.  Nobody is signed in for it, and nothing else ends anything:
 * what only looks at links ends no mail.
 */
#include <string.h>
#include <strings.h>

#include "customers.h"
#include "customers.sql.h"

#define BODY_MOST	4096
#define NAME		"List-Unsubscribe"
#define VALUE		"One-Click"

const struct crm_field customers_token_query[] = {
	{ "token", CRM_SECRET, .required = true, .min = 20, .max = 100,
	    .about = "From the mail's link" },
	CRM_END
};

static bool
says_in_pairs(const char *body)
{
	static const char pair[] = NAME "=" VALUE;
	size_t length;

	for (; *body != '\0'; body += length + (body[length] != '\0')) {
		length = strcspn(body, "&\r\n");
		if (length == sizeof pair - 1 &&
		    strncmp(body, pair, length) == 0)
			return true;
	}
	return false;
}

/* A part of that name, and after the empty line the word. */
static bool
says_in_parts(const char *body)
{
	const char *part = strstr(body, "name=\"" NAME "\"");
	const char *text = part != NULL ? strstr(part, "\r\n\r\n") : NULL;

	return text != NULL && strncmp(text + 4, VALUE "\r\n",
	    sizeof VALUE + 1) == 0;
}

static enum crm_problem
read_body(struct crm_request *r, char body[BODY_MOST + 1])
{
	size_t length = 0;
	long got = 0;

	while (length < BODY_MOST && (got = crm_body_read(r, body + length,
	    BODY_MOST - length)) > 0)
		length += (size_t)got;
	body[length] = '\0';
	return got < 0 ? crm_body_problem(r, CRM_NOT_UNDERSTOOD) : CRM_OK;
}

enum crm_problem
customers_end_mail(struct crm_request *r)
{
	const char *type = crm_header(r, "Content-Type");
	char body[BODY_MOST + 1];
	struct crm_result *rows;
	enum crm_problem problem = read_body(r, body);

	if (problem != CRM_OK)
		return problem;
	if (!(strncasecmp(type, "multipart/", 10) == 0 ?
	    says_in_parts(body) : says_in_pairs(body)))
		return crm_fault(r, NAME, "required",
		    "Says \"" VALUE "\" to end these mails");
	return crm_query_one(r, &customers_unsubscribe, &rows);
}
