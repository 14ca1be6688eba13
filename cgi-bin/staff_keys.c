/* SPDX-License-Identifier: ISC */
/* Keys for programs. */
#include <string.h>

#include "staff.h"
#include "staff.sql.h"

#define KEY_BYTES	32
#define PREFIX_LETTERS	6	/* that are shown later, to tell keys apart */

/* The shop keeps a digest of its 256 bits, and a few letters. */
enum crm_problem
staff_make_key(struct crm_request *r)
{
	const char *key = crm_format(crm_arena(r), "%s%s", CRM_API_KEY,
	    crm_random_text(crm_arena(r), KEY_BYTES));
	struct crm_result *rows;
	struct crm_text text;
	enum crm_problem problem;

	crm_set(r, "prefix", crm_strndup(crm_arena(r), key,
	    strlen(CRM_API_KEY) + PREFIX_LETTERS));
	crm_set(r, "digest", crm_digest(crm_arena(r), key, strlen(key)));
	problem = crm_query_one(r, &staff_key_add, &rows);
	if (problem != CRM_OK)
		return problem;
	crm_text_init(&text, crm_arena(r));
	crm_text_puts(&text, "{\"secret\":");
	crm_text_json(&text, key);
	crm_text_printf(&text, ",\"key\":%s}", crm_column(rows, 0, "body"));
	crm_answer(r, text.data);
	return CRM_OK;
}
