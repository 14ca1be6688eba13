/* SPDX-License-Identifier: ISC */
#include <string.h>

#include <crm/json.h>
#include <crm/page.h>
#include <crm/text.h>

#define CURSOR_MOST	400	/* bytes of the encoded form */
#define PARTS_MOST	16	/* columns that a list is sorted by */

/* Whether it is an array of a few texts, numbers, truths and nulls: the sort
 * columns of a page's last row. */
static bool
is_key(const struct crm_json *json)
{
	const struct crm_json *part;
	size_t count;

	if (crm_json_type(json) != CRM_JSON_ARRAY)
		return false;
	count = crm_json_count(json);
	if (count == 0 || count > PARTS_MOST)
		return false;
	for (part = crm_json_first(json); part != NULL;
	     part = crm_json_next(part))
		if (crm_json_type(part) == CRM_JSON_ARRAY ||
		    crm_json_type(part) == CRM_JSON_OBJECT)
			return false;
	return true;
}

const char *
crm_cursor_decode(struct crm_arena *arena, const char *cursor)
{
	const struct crm_json *json;
	struct crm_text text;
	const char *bytes;
	size_t length;

	if (cursor == NULL || strlen(cursor) > CURSOR_MOST)
		return NULL;
	bytes = crm_base64url_decode(arena, cursor, strlen(cursor), &length);
	if (bytes == NULL)
		return NULL;
	json = crm_json_parse(arena, bytes, length, NULL);
	if (!is_key(json))
		return NULL;
	crm_text_init(&text, arena);
	crm_json_print(&text, json);
	return text.data;
}

const char *
crm_cursor_encode(struct crm_arena *arena, const char *json)
{
	if (json == NULL)
		return NULL;
	return crm_base64url(arena, json, strlen(json));
}
