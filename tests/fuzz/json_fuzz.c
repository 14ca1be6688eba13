/* SPDX-License-Identifier: ISC */
/* What the parser takes comes back the same when printed and parsed again;
 * what it refuses has a reason. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <crm/json.h>

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static const char *
print(struct crm_arena *arena, const struct crm_json *json)
{
	struct crm_text text;

	crm_text_init(&text, arena);
	crm_json_print(&text, json);
	must(strlen(text.data) == text.length);
	must(crm_utf8_valid(text.data, text.length));
	return text.data;
}

static void
check_number(const struct crm_json *json)
{
	const char *literal = crm_json_text(json);
	int64_t value;
	char again[24];
	char *end;

	must(strlen(literal) >= 1 && strlen(literal) <= 63);
	must(strtod(literal, &end) - strtod(literal, NULL) == 0);
	must(*end == '\0');
	if (!crm_json_integer(json, &value) || strcmp(literal, "-0") == 0)
		return;
	snprintf(again, sizeof(again), "%lld", (long long)value);
	must(strcmp(again, literal) == 0);
}

static void
check_text(const char *text)
{
	must(crm_utf8_valid(text, strlen(text)));
}

static void
check_tree(const struct crm_json *json, int depth)
{
	const struct crm_json *child;
	bool object = crm_json_type(json) == CRM_JSON_OBJECT;
	size_t count = 0;

	must(crm_json_type(json) != CRM_JSON_NONE);
	if (crm_json_type(json) == CRM_JSON_NUMBER)
		check_number(json);
	if (crm_json_type(json) == CRM_JSON_STRING)
		check_text(crm_json_text(json));
	if (object || crm_json_type(json) == CRM_JSON_ARRAY)
		must(depth < 32);
	for (child = crm_json_first(json); child != NULL;
	     child = crm_json_next(child)) {
		count++;
		must(object == (crm_json_name(child) != NULL));
		if (object) {	/* no other has this name */
			check_text(crm_json_name(child));
			must(crm_json_get(json, crm_json_name(child)) ==
			    child);
		}
		check_tree(child, depth + 1);
	}
	must(crm_json_count(json) == count);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static struct crm_arena *arena;
	const struct crm_json *json, *again;
	const char *why = "unset", *text;

	if (arena == NULL)
		arena = crm_arena_new(256 * 1024 * 1024);
	json = crm_json_parse(arena, (const char *)bytes, size, &why);
	must((json == NULL) == (why != NULL));
	if (json != NULL) {
		check_tree(json, 0);
		text = print(arena, json);
		again = crm_json_parse(arena, text, strlen(text), &why);
		must(again != NULL);
		must(strcmp(print(arena, again), text) == 0);
	}
	crm_arena_reset(arena);
	return 0;
}
