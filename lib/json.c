/* SPDX-License-Identifier: ISC */
/*
 * cJSON saturates integers, loses digits, cuts numbers after 63 bytes, lets
 * control characters, NUL, lone surrogates, leading zeros and what follows
 * the value pass, and keeps the first of two equal names.  So the bytes are
 * scanned by the grammar first, which also collects the literals of all
 * numbers; what passes is given to cJSON; then each number gets its literal.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include <crm/json.h>

#define DEPTH_MOST	32
#define NUMBER_MOST	63	/* of a literal; some cJSONs read no further */
#define EXPONENT_MOST	308

struct scan {
	const char	*at, *end;
	const char	*why;
	struct crm_text	 literals;	/* each with a closing NUL */
	int		 depth;
};

static bool scan_value(struct scan *);

static bool
refuse(struct scan *scan, const char *why)
{
	if (scan->why == NULL)
		scan->why = why;
	return false;
}

static bool
malformed(struct scan *scan)
{
	return refuse(scan, scan->at == scan->end ?
	    "The JSON text ends too early" : "The JSON text is malformed");
}

static void
skip_space(struct scan *scan)
{
	while (scan->at < scan->end && (*scan->at == ' ' ||
	    *scan->at == '\t' || *scan->at == '\n' || *scan->at == '\r'))
		scan->at++;
}

/* Takes `byte` if it comes next. */
static bool
take(struct scan *scan, char byte)
{
	if (scan->at == scan->end || *scan->at != byte)
		return false;
	scan->at++;
	return true;
}

static size_t
digits(struct scan *scan)
{
	const char *start = scan->at;

	while (scan->at < scan->end && *scan->at >= '0' && *scan->at <= '9')
		scan->at++;
	return (size_t)(scan->at - start);
}

/* The part after e or E.  PostgreSQL's numbers reach further than a double,
 * but nothing sold needs more than a double's range. */
static bool
scan_exponent(struct scan *scan)
{
	const char *start;
	long exponent = 0;

	if (!take(scan, '+'))
		take(scan, '-');
	start = scan->at;
	if (digits(scan) == 0)
		return malformed(scan);
	for (; start < scan->at && exponent <= EXPONENT_MOST; start++)
		exponent = exponent * 10 + (*start - '0');
	if (exponent > EXPONENT_MOST)
		return refuse(scan, "A number is out of range");
	return true;
}

static bool
scan_number(struct scan *scan)
{
	const char *start = scan->at;
	size_t length;

	take(scan, '-');
	if (!take(scan, '0') && digits(scan) == 0)
		return malformed(scan);
	if (take(scan, '.') && digits(scan) == 0)
		return malformed(scan);
	if ((take(scan, 'e') || take(scan, 'E')) && !scan_exponent(scan))
		return false;
	length = (size_t)(scan->at - start);
	if (length > NUMBER_MOST)
		return refuse(scan, "A number is too long");
	crm_text_add(&scan->literals, start, length);
	crm_text_putc(&scan->literals, '\0');
	return true;
}

/* Four hexadecimal digits; -1 if they aren't there. */
static long
scan_hex(struct scan *scan)
{
	long value = 0;
	int i;
	char byte;

	for (i = 0; i < 4; i++, scan->at++) {
		if (scan->at == scan->end)
			return -1;
		byte = *scan->at;
		if (byte >= '0' && byte <= '9')
			value = value * 16 + byte - '0';
		else if (byte >= 'a' && byte <= 'f')
			value = value * 16 + byte - 'a' + 10;
		else if (byte >= 'A' && byte <= 'F')
			value = value * 16 + byte - 'A' + 10;
		else
			return -1;
	}
	return value;
}

static bool
scan_unicode(struct scan *scan)
{
	long unit, second = -1;

	unit = scan_hex(scan);
	if (unit < 0)
		return malformed(scan);
	if (unit == 0)
		return refuse(scan, "U+0000 is not allowed");
	if (unit < 0xd800 || unit > 0xdfff)
		return true;
	if (unit < 0xdc00 && take(scan, '\\') && take(scan, 'u'))
		second = scan_hex(scan);
	if (second < 0xdc00 || second > 0xdfff)
		return refuse(scan, "Half a surrogate pair is not allowed");
	return true;
}

/* What follows the opening quote, up to the closing one. */
static bool
scan_string(struct scan *scan)
{
	unsigned char byte;

	while (scan->at < scan->end) {
		byte = (unsigned char)*scan->at++;
		if (byte == '"')
			return true;
		if (byte < 0x20)
			return refuse(scan, "A control character in a text "
			    "must be escaped");
		if (byte != '\\')
			continue;
		if (take(scan, 'u')) {
			if (!scan_unicode(scan))
				return false;
		} else if (scan->at == scan->end || *scan->at == '\0' ||
		    strchr("\"\\/bfnrt", *scan->at++) == NULL)
			return malformed(scan);
	}
	return malformed(scan);
}

static bool
scan_member(struct scan *scan)
{
	skip_space(scan);
	if (!take(scan, '"'))
		return malformed(scan);
	if (!scan_string(scan))
		return false;
	skip_space(scan);
	return take(scan, ':') ? scan_value(scan) : malformed(scan);
}

/* What follows the opening bracket, up to `closing`. */
static bool
scan_inside(struct scan *scan, char closing,
    bool (*element)(struct scan *))
{
	if (++scan->depth > DEPTH_MOST)
		return refuse(scan, "The JSON text is nested too deeply");
	skip_space(scan);
	if (!take(scan, closing)) {
		do {
			if (!element(scan))
				return false;
			skip_space(scan);
		} while (take(scan, ','));
		if (!take(scan, closing))
			return malformed(scan);
	}
	scan->depth--;
	return true;
}

static bool
scan_word(struct scan *scan, const char *word)
{
	size_t length = strlen(word);

	if ((size_t)(scan->end - scan->at) < length ||
	    memcmp(scan->at, word, length) != 0)
		return malformed(scan);
	scan->at += length;
	return true;
}

static bool
scan_value(struct scan *scan)
{
	skip_space(scan);
	if (scan->at == scan->end)
		return malformed(scan);
	switch (*scan->at) {
	case '{':
		scan->at++;
		return scan_inside(scan, '}', scan_member);
	case '[':
		scan->at++;
		return scan_inside(scan, ']', scan_value);
	case '"':
		scan->at++;
		return scan_string(scan);
	case 't':
		return scan_word(scan, "true");
	case 'f':
		return scan_word(scan, "false");
	case 'n':
		return scan_word(scan, "null");
	default:
		return scan_number(scan);
	}
}

static bool
scan_all(struct scan *scan)
{
	if (!crm_utf8_valid(scan->at, (size_t)(scan->end - scan->at)))
		return refuse(scan, "The JSON text is not UTF-8");
	if (!scan_value(scan))
		return false;
	skip_space(scan);
	if (scan->at != scan->end)
		return refuse(scan, "Something follows the JSON value");
	return true;
}

/* cJSON's hooks take no context. */
static struct crm_arena *current;

static void *
from_arena(size_t size)
{
	return crm_alloc(current, size);
}

static void
to_arena(void *piece)
{
	(void)piece;
}

static cJSON *
parse(struct crm_arena *arena, const char *bytes, size_t length)
{
	cJSON_Hooks hooks = { from_arena, to_arena };
	cJSON *json;

	current = arena;
	cJSON_InitHooks(&hooks);
	json = cJSON_ParseWithLength(bytes, length);
	current = NULL;
	return json;
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Whether two members have one name.  Sorted, since a body may be one
 * object with tens of thousands of members. */
static bool
has_duplicates(struct crm_arena *arena, const cJSON *object)
{
	const cJSON *child;
	const char **names;
	size_t count = 0, i = 0;

	for (child = object->child; child != NULL; child = child->next)
		count++;
	if (count < 2)
		return false;
	names = crm_alloc(arena, count * sizeof(*names));
	for (child = object->child; child != NULL; child = child->next)
		names[i++] = child->string;
	qsort(names, count, sizeof(*names), compare_names);
	for (i = 1; i < count; i++)
		if (strcmp(names[i - 1], names[i]) == 0)
			return true;
	return false;
}

/* Gives each number its literal, in the order of the document, and refuses
 * equal names and numbers beyond a double. */
static bool
finish(struct scan *scan, cJSON *json, char **literal)
{
	cJSON *child;

	if (cJSON_IsNumber(json)) {
		if (!isfinite(json->valuedouble))
			return refuse(scan, "A number is out of range");
		json->valuestring = *literal;
		*literal += strlen(*literal) + 1;
	}
	if (cJSON_IsObject(json) &&
	    has_duplicates(scan->literals.arena, json))
		return refuse(scan, "A name occurs twice in one object");
	if (cJSON_IsObject(json) || cJSON_IsArray(json))
		for (child = json->child; child != NULL; child = child->next)
			if (!finish(scan, child, literal))
				return false;
	return true;
}

struct crm_json *
crm_json_parse(struct crm_arena *arena, const char *bytes, size_t length,
    const char **why)
{
	struct scan scan = { .at = bytes, .end = bytes + length };
	cJSON *json = NULL;
	char *literal;

	crm_text_init(&scan.literals, arena);
	if (scan_all(&scan)) {
		json = parse(arena, bytes, length);
		literal = scan.literals.data;
		if (json == NULL)
			malformed(&scan);
		else if (!finish(&scan, json, &literal))
			json = NULL;
	}
	if (why != NULL)
		*why = scan.why;
	return (struct crm_json *)json;
}

static const cJSON *
node(const struct crm_json *json)
{
	return (const cJSON *)json;
}

static const struct crm_json *
value(const cJSON *json)
{
	return (const struct crm_json *)json;
}

enum crm_json_type
crm_json_type(const struct crm_json *json)
{
	if (json == NULL)
		return CRM_JSON_NONE;
	switch (node(json)->type & 0xff) {
	case cJSON_NULL:
		return CRM_JSON_NULL;
	case cJSON_False:
		return CRM_JSON_FALSE;
	case cJSON_True:
		return CRM_JSON_TRUE;
	case cJSON_Number:
		return CRM_JSON_NUMBER;
	case cJSON_String:
		return CRM_JSON_STRING;
	case cJSON_Array:
		return CRM_JSON_ARRAY;
	case cJSON_Object:
		return CRM_JSON_OBJECT;
	}
	return CRM_JSON_NONE;
}

const struct crm_json *
crm_json_get(const struct crm_json *json, const char *name)
{
	const cJSON *child;

	if (crm_json_type(json) != CRM_JSON_OBJECT)
		return NULL;
	for (child = node(json)->child; child != NULL; child = child->next)
		if (strcmp(child->string, name) == 0)
			return value(child);
	return NULL;
}

const struct crm_json *
crm_json_first(const struct crm_json *json)
{
	return json == NULL ? NULL : value(node(json)->child);
}

const struct crm_json *
crm_json_next(const struct crm_json *json)
{
	return json == NULL ? NULL : value(node(json)->next);
}

size_t
crm_json_count(const struct crm_json *json)
{
	size_t count = 0;

	for (json = crm_json_first(json); json != NULL;
	     json = crm_json_next(json))
		count++;
	return count;
}

const char *
crm_json_name(const struct crm_json *json)
{
	return json == NULL ? NULL : node(json)->string;
}

const char *
crm_json_text(const struct crm_json *json)
{
	switch (crm_json_type(json)) {
	case CRM_JSON_STRING:
	case CRM_JSON_NUMBER:
		return node(json)->valuestring;
	case CRM_JSON_TRUE:
		return "true";
	case CRM_JSON_FALSE:
		return "false";
	default:
		return NULL;
	}
}

bool
crm_json_integer(const struct crm_json *json, int64_t *result)
{
	const char *literal;
	long long number;

	if (crm_json_type(json) != CRM_JSON_NUMBER)
		return false;
	literal = crm_json_text(json);
	if (literal[strspn(literal, "-0123456789")] != '\0')
		return false;
	errno = 0;
	number = strtoll(literal, NULL, 10);
	if (errno != 0)
		return false;
	*result = number;
	return true;
}

int64_t
crm_json_integer_of(const struct crm_json *json, const char *name,
    int64_t fallback)
{
	int64_t number;

	if (!crm_json_integer(crm_json_get(json, name), &number))
		return fallback;
	return number;
}

const char *
crm_json_text_of(const struct crm_json *json, const char *name)
{
	return crm_json_text(crm_json_get(json, name));
}

bool
crm_json_true_of(const struct crm_json *json, const char *name)
{
	return crm_json_type(crm_json_get(json, name)) == CRM_JSON_TRUE;
}

static void
print_inside(struct crm_text *text, const struct crm_json *json, bool object)
{
	const struct crm_json *child;

	crm_text_putc(text, object ? '{' : '[');
	for (child = crm_json_first(json); child != NULL;
	     child = crm_json_next(child)) {
		if (child != crm_json_first(json))
			crm_text_putc(text, ',');
		if (object) {
			crm_text_json(text, crm_json_name(child));
			crm_text_putc(text, ':');
		}
		crm_json_print(text, child);
	}
	crm_text_putc(text, object ? '}' : ']');
}

void
crm_json_print(struct crm_text *text, const struct crm_json *json)
{
	switch (crm_json_type(json)) {
	case CRM_JSON_ARRAY:
		print_inside(text, json, false);
		break;
	case CRM_JSON_OBJECT:
		print_inside(text, json, true);
		break;
	case CRM_JSON_STRING:
		crm_text_json(text, crm_json_text(json));
		break;
	case CRM_JSON_NUMBER:
	case CRM_JSON_TRUE:
	case CRM_JSON_FALSE:
		crm_text_puts(text, crm_json_text(json));
		break;
	default:
		crm_text_puts(text, "null");
	}
}
