/* SPDX-License-Identifier: ISC */
/* Each type by itself: the first byte chooses it, the rest is the text.  A
 * text that is taken satisfies what the type promises. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <crm/field.h>
#include <crm/page.h>

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static const struct crm_field fields[] = {
	{ "x", CRM_TEXT, .required = true, .min = 2, .max = 20 },
	{ "x", CRM_SECRET, .max = 20 },
	{ "x", CRM_EMAIL },
	{ "x", CRM_PHONE },
	{ "x", CRM_UUID },
	{ "x", CRM_INTEGER },
	{ "x", CRM_INTEGER, .min = INT64_MIN, .max = INT64_MAX },
	{ "x", CRM_DECIMAL },
	{ "x", CRM_DECIMAL, .min = -2500000, .max = 1000000 },
	{ "x", CRM_BOOL },
	{ "x", CRM_ENUM, .values = "open in_progress completed" },
	{ "x", CRM_DATE },
	{ "x", CRM_TIME },
	{ "x", CRM_URI },
	{ "x", CRM_CURSOR },
};

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static void
check_decimal(const struct crm_field *field, const char *text)
{
	const char *point = strchr(text, '.');
	double value = strtod(text, NULL);

	must(strspn(text, "-.0123456789") == strlen(text));
	must(strcmp(text, "-0") != 0);
	must(strlen(text) <= 20);
	if (point != NULL) {
		must(strlen(point) >= 2 && strlen(point) <= 7);
		must(text[strlen(text) - 1] != '0');
	}
	must(value > -1e12 - 1 && value < 1e12 + 1);
	if (field->max != 0)
		must(value >= -2.5 && value <= 1);
}

static void
check_integer(const struct crm_field *field, const char *text)
{
	long long value = strtoll(text, NULL, 10);
	char again[24];

	snprintf(again, sizeof(again), "%lld", value);
	must(strcmp(text, again) == 0);
	if (field->max == 0)
		must(value >= INT32_MIN && value <= INT32_MAX);
}

static void
check_time(const char *text)
{
	int year, month, day, hour, minute, second, micros, read = 0;

	must(strlen(text) == 27);
	must(sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d.%6dZ%n", &year, &month,
	    &day, &hour, &minute, &second, &micros, &read) == 7);
	must(read == 27);
	must(year >= 1900 && year <= 9999 && month >= 1 && month <= 12 &&
	    day >= 1 && day <= 31 && hour >= 0 && hour <= 23 &&
	    minute >= 0 && minute <= 59 && second >= 0 && second <= 59);
}

static void
check_email(const char *text)
{
	const char *at = strchr(text, '@');

	must(strlen(text) <= 254 && at != NULL && strrchr(text, '@') == at);
	must(at - text >= 1 && at - text <= 64 && strchr(at, '.') != NULL);
	for (; *text != '\0'; text++)
		must(*text > ' ' && *text < 0x7f && *text != '<' &&
		    *text != '>' && *text != '"' && *text != ',');
}

static void
check_uri(const char *text)
{
	must(strlen(text) <= 2000);
	must(strncmp(text, "http://", 7) == 0 ||
	    strncmp(text, "https://", 8) == 0);
	for (; *text != '\0'; text++)
		must(*text > ' ' && *text < 0x7f && *text != '<' &&
		    *text != '>' && *text != '"' && *text != '\\');
}

static void
check_value(const struct crm_field *field, const char *text)
{
	must(crm_utf8_valid(text, strlen(text)));
	switch (field->type) {
	case CRM_TEXT:
		must(crm_utf8_length(text) >= 2);
		must(crm_utf8_length(text) <= 20);
		must(strpbrk(text, "\r\v\f\b\x01\x1b\x7f") == NULL);
		must(text[0] != ' ' && text[strlen(text) - 1] != ' ');
		break;
	case CRM_DECIMAL:
		check_decimal(field, text);
		break;
	case CRM_INTEGER:
		check_integer(field, text);
		break;
	case CRM_TIME:
		check_time(text);
		break;
	case CRM_EMAIL:
		check_email(text);
		break;
	case CRM_PHONE:
		must(text[0] == '+' && strlen(text) >= 8 &&
		    strlen(text) <= 16);
		must(strspn(text + 1, "0123456789") == strlen(text) - 1);
		break;
	case CRM_URI:
		check_uri(text);
		break;
	default:
		break;
	}
}

static void
check(struct crm_arena *arena, const struct crm_field *field,
    const char *raw)
{
	struct crm_input input, again;
	const char *text;

	crm_input_init(&input, arena);
	if (!crm_input_text(&input, field, raw)) {
		must(input.faults->message[0] != '\0');
		return;
	}
	text = input.values[0].text;
	check_value(field, text);
	if (field->type == CRM_CURSOR)
		raw = crm_cursor_encode(arena, text);
	else
		raw = text;
	if (strlen(raw) > 400 && field->type == CRM_CURSOR)
		return;		/* escapes may grow when they are rewritten */
	crm_input_init(&again, arena);
	must(crm_input_text(&again, field, raw));
	must(strcmp(again.values[0].text, text) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static struct crm_arena *arena;
	size_t choice;

	if (size == 0)
		return 0;
	if (arena == NULL)
		arena = crm_arena_new(256 * 1024 * 1024);
	choice = bytes[0] % (sizeof(fields) / sizeof(fields[0]));
	check(arena, &fields[choice],
	    crm_strndup(arena, (const char *)bytes + 1, size - 1));
	crm_arena_reset(arena);
	return 0;
}
