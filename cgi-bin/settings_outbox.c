/* SPDX-License-Identifier: ISC */
/* The outbox: what waits, what failed and why, what it says, and again. */

#include <string.h>

#include "settings.h"
#include "settings.sql.h"

const struct crm_field settings_outbox_filter[] = {
	{ "state", CRM_ENUM, .values = "waiting sent dead cancelled" },
	{ "q", CRM_TEXT, .min = 1, .max = 254, .example = "ada@",
	    .about = "Part of the recipient's address" },
	{ "template", CRM_TEXT, .min = 1, .max = 41,
	    .example = "order-placed" },
	{ "customer_id", CRM_UUID },
	{ "from", CRM_TIME, .about = "Written then or later" },
	{ "to", CRM_TIME, .about = "Written before it" },
	{ "limit", CRM_INTEGER, .min = 1, .max = 100, .standard = "20" },
	{ "cursor", CRM_CURSOR },
	CRM_END
};

#define IDS								\
	"ids", CRM_LIST, .of = CRM_UUID, .min = 1, .max = 100,		\
	    .example = "[\"9b2f6a34-1c1e-4b54-9c07-5f9b6f0e8d00\"]"

const struct crm_field settings_outbox_again[] = {
	{ IDS, .about = "These; without them all that failed" },
	{ "template", CRM_TEXT, .min = 1, .max = 41,
	    .about = "Without ids: all of these that failed" },
	CRM_END
};

const struct crm_field settings_outbox_cancel[] = {
	{ IDS, .required = true },
	CRM_END
};

/* The row's body with what the mail says; null where that is forgotten. */
enum crm_problem
settings_show_outbox(struct crm_request *r)
{
	struct crm_arena *arena = crm_arena(r);
	const char *body, *data, *words, *template, *why = NULL;
	struct crm_letter letter;
	struct crm_result *rows;
	struct crm_text text, says;
	enum crm_problem problem;

	crm_set(r, "origin", crm_config("DUKA_ORIGIN", NULL));
	problem = crm_query_one(r, &outbox_view, &rows);
	if (problem != CRM_OK)
		return problem;
	body = crm_column(rows, 0, "body");
	data = crm_column(rows, 0, "data");
	words = crm_column(rows, 0, "words");
	template = crm_column(rows, 0, "template");
	crm_text_init(&says, arena);
	if (data == NULL || !crm_letter_choose(arena, template,
	    crm_json_parse(arena, words, strlen(words), NULL), &letter,
	    &why) || !settings_print_letter(&says, &letter,
	    crm_json_parse(arena, data, strlen(data), NULL), &why)) {
		crm_text_init(&says, arena);
		crm_text_puts(&says, "null");
	}
	crm_text_init(&text, arena);
	crm_text_add(&text, body, strlen(body) - 1);
	crm_text_printf(&text, ",\"says\":%s}", says.data);
	crm_answer(r, text.data);
	return CRM_OK;
}

enum crm_problem
settings_send_again(struct crm_request *r)
{
	struct crm_result *rows;
	enum crm_problem problem;

	problem = crm_query_one(r, crm_input(r, "ids") != NULL ?
	    &outbox_resend : &outbox_resend_all, &rows);
	if (problem != CRM_OK)
		return problem;
	crm_answer_row(r, rows);
	crm_notify(r, "outbox");
	return CRM_OK;
}
