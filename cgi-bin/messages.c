/* SPDX-License-Identifier: ISC */
/* messages: what customers write to the shop, and what it answers. */

#include <string.h>

#include <crm/crm.h>
#include "messages.sql.h"

#define STATES	"open closed"
#define WORDS	.min = 1, .max = 5000, .required = true
#define PAGE								\
	{ "limit", CRM_INTEGER, .min = 1, .max = 100, .standard = "20" }, \
	{ "cursor", CRM_CURSOR }

static const struct crm_field contact[] = {
	{ "name", CRM_TEXT, .max = 200, .example = "Ada Obi",
	    .about = "Needed unless signed in" },
	{ "email", CRM_EMAIL, .about = "Needed unless signed in: answers to "
	    "an account go to its own address" },
	{ "subject", CRM_TEXT, .min = 1, .max = 200, .required = true,
	    .example = "A torn bag" },
	{ "text", CRM_TEXT, WORDS, .about = "Plain text",
	    .example = "One of the bags of gari had a hole." },
	{ "order_number", CRM_TEXT, .max = 30, .example = "D-100234" },
	{ "website", CRM_TEXT, .max = 200, .example = "",
	    .about = "Hidden from people, so programs alone fill it in: must "
	    "stay empty" },
	CRM_END
};

static const struct crm_field mine[] = {
	{ "state", CRM_ENUM, .values = STATES },
	PAGE,
	CRM_END
};

static const struct crm_field filter[] = {
	{ "state", CRM_ENUM, .values = STATES },
	{ "waiting", CRM_BOOL,
	    .about = "Open, and the last word is the customer's; or not" },
	{ "customer_id", CRM_UUID, .about = "Those of one customer" },
	{ "q", CRM_TEXT, .min = 1, .max = 254, .example = "M-1042",
	    .about = "A number of a conversation or order, a mail address, "
	    "or part of a name or subject" },
	PAGE,
	CRM_END
};

static const struct crm_field since[] = {
	{ "after", CRM_INTEGER, .min = 0, .max = 1000, .standard = "0",
	    .about = "The last number that is known: what came after it" },
	PAGE,
	CRM_END
};

static const struct crm_field answer[] = {
	{ "text", CRM_TEXT, WORDS,
	    .example = "Thank you, it is the large one." },
	CRM_END
};

static const struct crm_field reply[] = {
	{ "text", CRM_TEXT, WORDS,
	    .example = "We are sorry, and send you another one today." },
	{ "last_seen", CRM_INTEGER, .min = 1, .max = 1000, .required = true,
	    .example = "1", .about = "The last message's number when it was "
	    "written: if there are newer ones, 409 with them in data" },
	{ "close", CRM_BOOL, .standard = "false",
	    .about = "With it, nothing more is to be done" },
	CRM_END
};

static const struct crm_field state[] = {
	{ "state", CRM_ENUM, .values = STATES, .required = true,
	    .example = "closed" },
	CRM_END
};

/* Subjects and names go where there is one line only. */
static void
check_line(struct crm_request *r, const char *name, bool *good)
{
	const char *text = crm_input(r, name);

	if (text == NULL || strpbrk(text, "\n\r\t") == NULL)
		return;
	crm_fault(r, name, "format", "is one line");
	*good = false;
}

static bool
check_order_number(const char *text)
{
	return text == NULL || text[strspn(text, "-0123456789"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")] == '\0';
}

/* Who has no account says who it is. */
static bool
check_writer(struct crm_request *r)
{
	const char *name = crm_input(r, "name");
	bool good = true;

	if (crm_account(r) != NULL)
		return true;
	if (name == NULL || *name == '\0') {
		crm_fault(r, "name", "required", "is required");
		good = false;
	}
	if (crm_input(r, "email") == NULL) {
		crm_fault(r, "email", "required", "is required");
		good = false;
	}
	return good;
}

static bool
check_contact(struct crm_request *r)
{
	const char *trap = crm_input(r, "website");
	bool good = check_writer(r);

	check_line(r, "name", &good);
	check_line(r, "subject", &good);
	if (!check_order_number(crm_input(r, "order_number"))) {
		crm_fault(r, "order_number", "format",
		    "has letters, digits and dashes");
		good = false;
	}
	/* Said, not swallowed: a browser may have filled it in. */
	if (trap != NULL && *trap != '\0') {
		crm_fault(r, "website", "value", "must stay empty");
		good = false;
	}
	return good;
}

/* Mail waits in the outbox after it. */
static enum crm_problem
write_and_wake(struct crm_request *r, const struct crm_statement *statement)
{
	struct crm_result *rows;
	enum crm_problem problem = crm_query_one(r, statement, &rows);

	if (problem != CRM_OK)
		return problem;
	crm_answer_row(r, rows);
	crm_notify(r, "outbox");
	return CRM_OK;
}

static enum crm_problem
write_contact(struct crm_request *r)
{
	if (!check_contact(r))
		return CRM_INVALID;
	return write_and_wake(r, &messages_contact);
}

static enum crm_problem
write_answer(struct crm_request *r)
{
	return write_and_wake(r, &messages_answer);
}

static enum crm_problem
write_reply(struct crm_request *r)
{
	return write_and_wake(r, &messages_reply);
}

#define READ	CRM_STAFF("messages.read")
#define WRITE	CRM_STAFF("messages.write")

static const struct crm_route routes[] = {
	{ "POST", "/api/messages/contact", CRM_ANYONE, contact,
	    .handler = write_contact, .status = 201, .limit = "contact",
	    .idempotent = true, .answer = "ContactReceipt",
	    .about = "Writes to the shop, with or without an account" },
	{ "GET", "/api/messages/mine", CRM_CUSTOMER, mine, &messages_mine,
	    .answer = "ConversationPage",
	    .about = "The own conversations, the latest first" },
	{ "GET", "/api/messages/mine/{id}", CRM_CUSTOMER, NULL,
	    &messages_mine_view, .answer = "Conversation",
	    .about = "One of them, with its newest hundred messages" },
	{ "GET", "/api/messages/mine/{id}/messages", CRM_CUSTOMER, since,
	    &messages_mine_messages, .answer = "MessagePage",
	    .about = "Its messages by number, or what came after one" },
	{ "POST", "/api/messages/mine/{id}/messages", CRM_CUSTOMER, answer,
	    .handler = write_answer, .status = 201, .limit = "message",
	    .idempotent = true, .answer = "Conversation",
	    .about = "Writes on; opens it again if it was closed" },
	{ "GET", "/api/messages", READ, filter, &messages_list,
	    .answer = "ManagedConversationPage",
	    .about = "All conversations, the latest first" },
	{ "GET", "/api/messages/{id}", READ, NULL, &messages_view,
	    .answer = "ManagedConversation",
	    .about = "One of them, with its newest hundred messages" },
	{ "PATCH", "/api/messages/{id}", WRITE, state, &messages_move,
	    .if_match = true, .answer = "ManagedConversation",
	    .about = "Closes it, or opens it again" },
	{ "GET", "/api/messages/{id}/messages", READ, since,
	    &messages_messages, .answer = "MessagePage",
	    .about = "Its messages by number, or what came after one" },
	{ "POST", "/api/messages/{id}/replies", WRITE, reply,
	    .handler = write_reply, .status = 201, .idempotent = true,
	    .answer = "ManagedConversation",
	    .about = "Answers what was seen; 409 says what is new" },
	CRM_END
};

int
main(int argc, char *argv[])
{
	return crm_main(argc, argv, "messages", routes, messages_statements);
}
