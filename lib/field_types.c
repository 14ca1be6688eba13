/* SPDX-License-Identifier: ISC */
/* Texts, ids, numbers, choices: each read from its text. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <crm/page.h>

#include "field_private.h"

#define NUMBER_MOST	63	/* bytes of a number's text */
#define WHOLE_MOST	12	/* digits before the point */

const char *
crm_reading_fails(struct crm_reading *reading, const char *code,
    const char *format, ...)
{
	va_list arguments;

	reading->code = code;
	va_start(arguments, format);
	reading->message = crm_vformat(reading->arena, format, arguments);
	va_end(arguments);
	return NULL;
}

/* Bytes of the white space at `at`: ASCII's, and what pasting brings along
 * (no-break, em and such, ideographic, zero-width no-break); 0 if none. */
static size_t
space_at(const char *at)
{
	const unsigned char *byte = (const unsigned char *)at;

	if (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r')
		return 1;
	if (byte[0] == 0xc2 && byte[1] == 0xa0)
		return 2;
	if (byte[0] == 0xe2 && byte[1] == 0x80 && byte[2] >= 0x80 &&
	    byte[2] <= 0x8a)
		return 3;
	if (strncmp(at, "\xe3\x80\x80", 3) == 0 ||
	    strncmp(at, "\xef\xbb\xbf", 3) == 0)
		return 3;
	return 0;
}

/* A copy without white space around it. */
static char *
trim(struct crm_arena *arena, const char *raw)
{
	const char *end = raw;
	const char *at;
	size_t space;

	while ((space = space_at(raw)) > 0)
		raw += space;
	for (at = end = raw; *at != '\0'; at += space) {
		space = space_at(at);
		if (space == 0) {
			space = 1;
			end = at + 1;
		}
	}
	return crm_strndup(arena, raw, (size_t)(end - raw));
}

/* A browser's text area sends CR LF. */
static void
plain_newlines(char *text)
{
	char *to = text;

	for (; *text != '\0'; text++)
		if (text[0] != '\r' || text[1] != '\n')
			*to++ = *text;
	*to = '\0';
}

/* C0 save newline and tab, DEL, and C1 (C2 80 to C2 9F in UTF-8). */
static bool
has_controls(const char *text)
{
	const unsigned char *at = (const unsigned char *)text;

	for (; *at != '\0'; at++) {
		if ((*at < 0x20 && *at != '\n' && *at != '\t') || *at == 0x7f)
			return true;
		if (at[0] == 0xc2 && at[1] >= 0x80 && at[1] <= 0x9f)
			return true;
	}
	return false;
}

static const char *
check_text(struct crm_reading *reading, const char *text)
{
	int64_t min, max, length;

	if (!crm_utf8_valid(text, strlen(text)))
		return crm_reading_fails(reading, "format", "Must be UTF-8");
	if (has_controls(text))
		return crm_reading_fails(reading, "format",
		    "Must not contain control characters");
	crm_field_bounds(reading->field, &min, &max);
	length = (int64_t)crm_utf8_length(text);
	if (length == 0 && reading->field->required)
		return crm_reading_fails(reading, "required",
		    "Must not be empty");
	if (length < min)
		return crm_reading_fails(reading, "too_short",
		    "Must have at least %lld characters", (long long)min);
	if (length > max)
		return crm_reading_fails(reading, "too_long",
		    "Must have at most %lld characters", (long long)max);
	return text;
}

static const char *
read_text(struct crm_reading *reading, const char *raw)
{
	char *text;

	text = trim(reading->arena, raw);
	plain_newlines(text);
	return check_text(reading, text);
}

static const char *
read_secret(struct crm_reading *reading, const char *raw)
{
	return check_text(reading, crm_strdup(reading->arena, raw));
}

static const char *
read_uuid(struct crm_reading *reading, const char *raw)
{
	char *text;
	size_t i;

	if (strlen(raw) != 36)
		goto wrong;
	text = crm_strdup(reading->arena, raw);
	for (i = 0; i < 36; i++) {
		if (i == 8 || i == 13 || i == 18 || i == 23) {
			if (text[i] != '-')
				goto wrong;
		} else if (text[i] >= 'A' && text[i] <= 'F') {
			text[i] = (char)(text[i] - 'A' + 'a');
		} else if (strchr("0123456789abcdef", text[i]) == NULL) {
			goto wrong;
		}
	}
	return text;
wrong:
	return crm_reading_fails(reading, "format", "Must be a UUID");
}

static const char *
too_small(struct crm_reading *reading, const char *least)
{
	return crm_reading_fails(reading, "too_small", "Must be at least %s",
	    least);
}

static const char *
too_large(struct crm_reading *reading, const char *most)
{
	return crm_reading_fails(reading, "too_large", "Must be at most %s",
	    most);
}

static const char *
read_integer(struct crm_reading *reading, const char *raw)
{
	const char *digits = raw[0] == '-' ? raw + 1 : raw;
	struct crm_arena *arena = reading->arena;
	long long number;
	int64_t min, max;

	if (digits[0] == '\0' || strspn(digits, "0123456789") !=
	    strlen(digits) || (digits[0] == '0' && digits[1] != '\0'))
		return crm_reading_fails(reading, "type",
		    "Must be a whole number");
	crm_field_bounds(reading->field, &min, &max);
	errno = 0;
	number = strtoll(raw, NULL, 10);
	if ((errno != 0 && raw[0] == '-') || number < min)
		return too_small(reading,
		    crm_format(arena, "%lld", (long long)min));
	if (errno != 0 || number > max)
		return too_large(reading,
		    crm_format(arena, "%lld", (long long)max));
	return crm_format(arena, "%lld", number);
}

const char *
crm_millionths(struct crm_arena *arena, int64_t value)
{
	uint64_t size = value < 0 ? -(uint64_t)value : (uint64_t)value;
	const char *sign = value < 0 ? "-" : "";
	char *text;
	size_t length;

	if (size % 1000000 == 0)
		return crm_format(arena, "%s%llu", sign,
		    (unsigned long long)(size / 1000000));
	text = crm_format(arena, "%s%llu.%06llu", sign,
	    (unsigned long long)(size / 1000000),
	    (unsigned long long)(size % 1000000));
	for (length = strlen(text); text[length - 1] == '0'; length--)
		text[length - 1] = '\0';
	return text;
}

/* A number's significant digits, and how many of them stand before the
 * point (below 0: zeros follow it). */
struct decimal {
	char	digits[NUMBER_MOST + 1];
	int	count, whole;
	bool	negative;
};

/* By JSON's grammar.  The text is at most NUMBER_MOST bytes long. */
static bool
split_decimal(const char *at, struct decimal *decimal)
{
	const char *start;
	bool point = false;

	memset(decimal, 0, sizeof(*decimal));
	decimal->negative = *at == '-';
	at += decimal->negative;
	if (at[0] == '0' && at[1] >= '0' && at[1] <= '9')
		return false;
	for (start = at; *at != '\0' && *at != 'e' && *at != 'E'; at++) {
		if (*at == '.' && !point && at > start) {
			point = true;
			continue;
		}
		if (*at < '0' || *at > '9')
			return false;
		if (decimal->count > 0 || *at != '0')
			decimal->digits[decimal->count++] = *at;
		if (!point && decimal->count > 0)
			decimal->whole++;
		else if (point && decimal->count == 0)
			decimal->whole--;
	}
	if (at == start || at[-1] == '.')
		return false;
	if (*at != '\0') {
		start = ++at;
		at += *at == '+' || *at == '-';
		if (*at == '\0' || strspn(at, "0123456789") != strlen(at) ||
		    strlen(at) > 4)
			return false;
		decimal->whole += (int)strtol(start, NULL, 10);
	}
	while (decimal->count > 0 &&
	    decimal->digits[decimal->count - 1] == '0')
		decimal->count--;
	if (decimal->count == 0)
		decimal->whole = 0;
	return true;
}

/* Exact: what has more than six places is refused, not rounded. */
static int64_t
decimal_millionths(const struct decimal *decimal)
{
	int64_t value = 0;
	int i;

	for (i = 0; i < decimal->whole + CRM_DECIMAL_PLACES; i++)
		value = value * 10 + (i < decimal->count ?
		    decimal->digits[i] - '0' : 0);
	return decimal->negative ? -value : value;
}

static const char *
read_decimal(struct crm_reading *reading, const char *raw)
{
	struct crm_arena *arena = reading->arena;
	struct decimal decimal;
	int64_t min, max, value;

	if (strlen(raw) > NUMBER_MOST)
		return crm_reading_fails(reading, "too_long",
		    "Must have at most %d digits", NUMBER_MOST);
	if (!split_decimal(raw, &decimal))
		return crm_reading_fails(reading, "format",
		    "Must be a decimal number");
	crm_field_bounds(reading->field, &min, &max);
	if (decimal.whole > WHOLE_MOST)
		return decimal.negative ?
		    too_small(reading, crm_millionths(arena, min)) :
		    too_large(reading, crm_millionths(arena, max));
	if (decimal.count - decimal.whole > CRM_DECIMAL_PLACES)
		return crm_reading_fails(reading, "format",
		    "Must have at most %d decimals", CRM_DECIMAL_PLACES);
	value = decimal_millionths(&decimal);
	if (value < min)
		return too_small(reading, crm_millionths(arena, min));
	if (value > max)
		return too_large(reading, crm_millionths(arena, max));
	return crm_millionths(arena, value);
}

static const char *
read_bool(struct crm_reading *reading, const char *raw)
{
	if (strcmp(raw, "true") == 0 || strcmp(raw, "false") == 0)
		return raw;
	return crm_reading_fails(reading, "type", "Must be true or false");
}

static const char *
read_enum(struct crm_reading *reading, const char *raw)
{
	const char *at = reading->field->values;
	size_t length = strlen(raw), step;

	for (; at != NULL && *at != '\0'; at += step) {
		at += strspn(at, " ");
		step = strcspn(at, " ");
		if (step > 0 && step == length && memcmp(at, raw, step) == 0)
			return crm_strdup(reading->arena, raw);
	}
	return crm_reading_fails(reading, "value", "Must be one of: %s",
	    reading->field->values == NULL ? "" : reading->field->values);
}

static const char *
read_cursor(struct crm_reading *reading, const char *raw)
{
	const char *text;

	text = crm_cursor_decode(reading->arena, raw);
	if (text == NULL)
		return crm_reading_fails(reading, "format",
		    "Must be what a page gave as its next");
	return text;
}

static const struct crm_kind kinds[] = {
	[CRM_TEXT] = { read_text, "Must be a text", .string = true,
	    .quoted = true },
	[CRM_SECRET] = { read_secret, "Must be a text", .string = true,
	    .quoted = true },
	[CRM_EMAIL] = { crm_read_email, "Must be a text", .string = true,
	    .quoted = true },
	[CRM_PHONE] = { crm_read_phone, "Must be a text", .string = true,
	    .quoted = true },
	[CRM_UUID] = { read_uuid, "Must be a text", .string = true,
	    .quoted = true },
	[CRM_INTEGER] = { read_integer, "Must be a whole number",
	    .number = true },
	[CRM_DECIMAL] = { read_decimal, "Must be a number or its text",
	    .string = true, .number = true },
	[CRM_BOOL] = { read_bool, "Must be true or false", .truth = true },
	[CRM_ENUM] = { read_enum, "Must be a text", .string = true,
	    .quoted = true },
	[CRM_DATE] = { crm_read_date, "Must be a text", .string = true,
	    .quoted = true },
	[CRM_TIME] = { crm_read_time, "Must be a text", .string = true,
	    .quoted = true },
	[CRM_URI] = { crm_read_uri, "Must be a text", .string = true,
	    .quoted = true },
	[CRM_CURSOR] = { read_cursor, "Must be a text", .string = true },
};

const struct crm_kind *
crm_kind_of(enum crm_type type)
{
	if ((size_t)type >= sizeof(kinds) / sizeof(kinds[0]) ||
	    kinds[type].read == NULL)
		return NULL;
	return &kinds[type];
}

/* The type's own bounds. */
static void
own_bounds(enum crm_type type, int64_t *min, int64_t *max)
{
	*min = 0;
	switch (type) {
	case CRM_INTEGER:
		*min = INT32_MIN;
		*max = INT32_MAX;
		break;
	case CRM_DECIMAL:
		*min = -CRM_DECIMAL_MOST;
		*max = CRM_DECIMAL_MOST;
		break;
	case CRM_MONEY:
		*max = CRM_MONEY_MOST;
		break;
	case CRM_LIST:
		*max = CRM_LIST_MOST;
		break;
	case CRM_ATTRIBUTES:
		*max = CRM_ATTRIBUTES_MOST;
		break;
	default:
		*max = CRM_TEXT_MOST;
	}
}

void
crm_field_bounds(const struct crm_field *field, int64_t *min, int64_t *max)
{
	own_bounds(field->type, min, max);
	if (field->min != 0 || field->max != 0) {
		*min = field->min;
		if (field->max >= field->min)
			*max = field->max;
		else if (*max < *min)
			*max = *min;
	}
	if (*min == 0 && field->required &&
	    (field->type == CRM_TEXT || field->type == CRM_SECRET))
		*min = 1;
}

struct crm_field
crm_field_plain(const struct crm_field *field)
{
	struct crm_field same = *field;

	if (field->type == CRM_MONEY) {
		crm_field_bounds(field, &same.min, &same.max);
		same.type = CRM_INTEGER;
	}
	return same;
}
