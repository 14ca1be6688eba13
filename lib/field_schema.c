/* SPDX-License-Identifier: ISC */
/* Field tables as JSON Schema, and examples that they accept. */
#include <string.h>

#include "field_private.h"

static void table_schema(struct crm_text *, const struct crm_field *,
    bool partial);

/* "key": before a value, with a comma if something stands before. */
static void
key(struct crm_text *text, const char *name)
{
	char last = text->data[text->length - 1];

	if (last != '{' && last != '[')
		crm_text_putc(text, ',');
	crm_text_json(text, name);
	crm_text_putc(text, ':');
}

static void
string(struct crm_text *text, const char *name, const char *value)
{
	key(text, name);
	crm_text_json(text, value);
}

static void
number(struct crm_text *text, const char *name, int64_t value)
{
	key(text, name);
	crm_text_printf(text, "%lld", (long long)value);
}

/* "type", one or two, and "null" if the field may be null. */
static void
type(struct crm_text *text, const struct crm_field *field, const char *first,
    const char *second)
{
	if (second == NULL && !field->nullable) {
		string(text, "type", first);
		return;
	}
	key(text, "type");
	crm_text_printf(text, "[\"%s\"", first);
	if (second != NULL)
		crm_text_printf(text, ",\"%s\"", second);
	crm_text_puts(text, field->nullable ? ",\"null\"]" : "]");
}

static void
bounds(struct crm_text *text, const struct crm_field *field,
    const char *least, const char *most)
{
	int64_t min, max;

	crm_field_bounds(field, &min, &max);
	number(text, least, min);
	number(text, most, max);
}

static void
text_schema(struct crm_text *text, const struct crm_field *field)
{
	type(text, field, "string", NULL);
	bounds(text, field, "minLength", "maxLength");
	if (field->type != CRM_SECRET)
		return;
	string(text, "format", "password");
	key(text, "writeOnly");
	crm_text_puts(text, "true");
}

static void
integer_schema(struct crm_text *text, const struct crm_field *field)
{
	int64_t min, max;

	crm_field_bounds(field, &min, &max);
	type(text, field, "integer", NULL);
	string(text, "format",
	    min < INT32_MIN || max > INT32_MAX ? "int64" : "int32");
	number(text, "minimum", min);
	number(text, "maximum", max);
}

static void
money_schema(struct crm_text *text, const struct crm_field *field)
{
	struct crm_field amount = { .type = CRM_INTEGER };

	crm_field_bounds(field, &amount.min, &amount.max);
	type(text, field, "object", NULL);
	key(text, "properties");
	crm_text_puts(text, "{\"amount\":{");
	integer_schema(text, &amount);
	string(text, "description", "In the currency's minor unit");
	crm_text_puts(text, "},\"currency\":{\"type\":\"string\","
	    "\"pattern\":\"^[A-Z]{3}$\",\"description\":\"ISO 4217\"}}");
	key(text, "required");
	crm_text_puts(text, "[\"amount\",\"currency\"]");
	key(text, "additionalProperties");
	crm_text_puts(text, "false");
}

static void
decimal_schema(struct crm_text *text, const struct crm_field *field)
{
	int64_t min, max;

	crm_field_bounds(field, &min, &max);
	type(text, field, "number", "string");
	key(text, "minimum");
	crm_text_puts(text, crm_millionths(text->arena, min));
	key(text, "maximum");
	crm_text_puts(text, crm_millionths(text->arena, max));
	string(text, "pattern", "^-?(0|[1-9][0-9]*)([.][0-9]+)?$");
}

static void
enum_schema(struct crm_text *text, const struct crm_field *field)
{
	const char *at = field->values == NULL ? "" : field->values;
	size_t length;

	type(text, field, "string", NULL);
	key(text, "enum");
	crm_text_putc(text, '[');
	for (;; at += length) {
		at += strspn(at, " ");
		length = strcspn(at, " ");
		if (length == 0)
			break;
		if (text->data[text->length - 1] != '[')
			crm_text_putc(text, ',');
		crm_text_json(text, crm_strndup(text->arena, at, length));
	}
	crm_text_puts(text, field->nullable ? ",null]" : "]");
}

static void
formatted(struct crm_text *text, const struct crm_field *field,
    const char *format, int most)
{
	type(text, field, "string", NULL);
	string(text, "format", format);
	if (most > 0)
		number(text, "maxLength", most);
}

static void
patterned(struct crm_text *text, const struct crm_field *field,
    const char *pattern, int most)
{
	type(text, field, "string", NULL);
	string(text, "pattern", pattern);
	number(text, "maxLength", most);
}

static void
list_schema(struct crm_text *text, const struct crm_field *field)
{
	struct crm_field item = crm_field_item(field);

	type(text, field, "array", NULL);
	key(text, "items");
	crm_field_schema(text, &item);
	bounds(text, field, "minItems", "maxItems");
}

static void
attributes_schema(struct crm_text *text, const struct crm_field *field)
{
	type(text, field, "object", NULL);
	key(text, "propertyNames");
	crm_text_printf(text, "{\"pattern\":\"^[a-z0-9_]{1,%d}$\"}",
	    CRM_ATTRIBUTE_NAME_MOST);
	key(text, "additionalProperties");
	crm_text_printf(text, "{\"type\":[\"string\",\"number\",\"boolean\"],"
	    "\"maxLength\":%d}", CRM_ATTRIBUTE_MOST);
	bounds(text, field, "minProperties", "maxProperties");
}

static void
type_schema(struct crm_text *text, const struct crm_field *field)
{
	switch (field->type) {
	case CRM_NOTHING:
		break;
	case CRM_TEXT:
	case CRM_SECRET:
		text_schema(text, field);
		break;
	case CRM_EMAIL:
		formatted(text, field, "email", CRM_EMAIL_MOST);
		break;
	case CRM_PHONE:
		patterned(text, field, "^[+][0-9 ().-]+$", CRM_PHONE_MOST);
		break;
	case CRM_UUID:
		formatted(text, field, "uuid", 0);
		break;
	case CRM_INTEGER:
		integer_schema(text, field);
		break;
	case CRM_MONEY:
		money_schema(text, field);
		break;
	case CRM_DECIMAL:
		decimal_schema(text, field);
		break;
	case CRM_BOOL:
		type(text, field, "boolean", NULL);
		break;
	case CRM_ENUM:
		enum_schema(text, field);
		break;
	case CRM_DATE:
		formatted(text, field, "date", 0);
		break;
	case CRM_TIME:
		formatted(text, field, "date-time", 0);
		break;
	case CRM_URI:
		formatted(text, field, "uri", CRM_URI_MOST);
		break;
	case CRM_CURSOR:
		patterned(text, field, "^[A-Za-z0-9_-]+$", CRM_CURSOR_MOST);
		break;
	case CRM_OBJECT:
		type(text, field, "object", NULL);
		table_schema(text, field->fields, false);
		break;
	case CRM_LIST:
		list_schema(text, field);
		break;
	case CRM_ATTRIBUTES:
		attributes_schema(text, field);
		break;
	}
}

/* A text that stands for the field's value (an example, a standard) as
 * JSON. */
static void
written(struct crm_text *text, const struct crm_field *field,
    const char *value)
{
	const struct crm_kind *kind = crm_kind_of(field->type);

	if (kind != NULL && (kind->quoted || field->type == CRM_CURSOR))
		crm_text_json(text, value);
	else
		crm_text_puts(text, value);
}

void
crm_field_schema(struct crm_text *text, const struct crm_field *field)
{
	crm_text_putc(text, '{');
	type_schema(text, field);
	if (field->about != NULL)
		string(text, "description", field->about);
	if (field->standard != NULL) {
		key(text, "default");
		written(text, field, field->standard);
	}
	if (field->example != NULL) {
		key(text, "examples");
		crm_text_putc(text, '[');
		written(text, field, field->example);
		crm_text_putc(text, ']');
	}
	crm_text_putc(text, '}');
}

void
crm_field_schema_query(struct crm_text *text, const struct crm_field *field)
{
	struct crm_field plain = crm_field_plain(field);

	plain.nullable = false;		/* a query can't say null */
	crm_field_schema(text, &plain);
}

/* "properties", "required" and that there are no others. */
static void
table_schema(struct crm_text *text, const struct crm_field *fields,
    bool partial)
{
	const struct crm_field *field;
	bool some = false;

	key(text, "properties");
	crm_text_putc(text, '{');
	for (field = fields; field != NULL && field->type != CRM_NOTHING;
	     field++) {
		key(text, field->name);
		crm_field_schema(text, field);
		some = some || field->required;
	}
	crm_text_putc(text, '}');
	if (some && !partial) {
		key(text, "required");
		crm_text_putc(text, '[');
		for (field = fields; field->type != CRM_NOTHING; field++) {
			if (!field->required)
				continue;
			if (text->data[text->length - 1] != '[')
				crm_text_putc(text, ',');
			crm_text_json(text, field->name);
		}
		crm_text_putc(text, ']');
	}
	key(text, "additionalProperties");
	crm_text_puts(text, "false");
}

void
crm_fields_schema(struct crm_text *text, const struct crm_field *fields)
{
	crm_text_puts(text, "{\"type\":\"object\"");
	table_schema(text, fields, false);
	crm_text_putc(text, '}');
}

void
crm_fields_schema_partial(struct crm_text *text,
    const struct crm_field *fields)
{
	crm_text_puts(text, "{\"type\":\"object\"");
	table_schema(text, fields, true);
	crm_text_putc(text, '}');
}

/* The wished value, moved into the field's bounds. */
static int64_t
clamp(const struct crm_field *field, int64_t wish)
{
	int64_t min, max;

	crm_field_bounds(field, &min, &max);
	return wish < min ? min : wish > max ? max : wish;
}

/* Words cut or repeated to fit, ending in a letter, for white space at an
 * end would be trimmed. */
static void
text_example(struct crm_text *text, const struct crm_field *field)
{
	static const char words[] = "Example";
	int64_t length = clamp(field, sizeof(words) - 1), i;

	crm_text_putc(text, '"');
	for (i = 0; i < length; i++)
		crm_text_putc(text, words[i % (int64_t)(sizeof(words) - 1)]);
	crm_text_putc(text, '"');
}

static void
list_example(struct crm_text *text, const struct crm_field *field)
{
	struct crm_field item = crm_field_item(field);
	int64_t count = clamp(field, 1), i;

	crm_text_putc(text, '[');
	for (i = 0; i < count; i++) {
		if (i > 0)
			crm_text_putc(text, ',');
		crm_field_example(text, &item);
	}
	crm_text_putc(text, ']');
}

static void
attributes_example(struct crm_text *text, const struct crm_field *field)
{
	int64_t count = clamp(field, 1), i;

	crm_text_putc(text, '{');
	for (i = 0; i < count; i++)
		string(text, i == 0 ? "origin" : crm_format(text->arena,
		    "origin_%lld", (long long)i), "Ghana");
	crm_text_putc(text, '}');
}

static void
enum_example(struct crm_text *text, const struct crm_field *field)
{
	const char *at = field->values == NULL ? "" : field->values;

	at += strspn(at, " ");
	crm_text_json(text, crm_strndup(text->arena, at, strcspn(at, " ")));
}

/* Of the types whose examples don't depend on the field. */
static const char *const fixed[] = {
	[CRM_EMAIL] = "\"ada@example.com\"",
	[CRM_PHONE] = "\"+442071838750\"",
	[CRM_UUID] = "\"0b9f5f4e-5d1c-4c7a-9a63-6f0f3b2d7e11\"",
	[CRM_BOOL] = "true",
	[CRM_DATE] = "\"2026-02-28\"",
	[CRM_TIME] = "\"2026-02-28T12:00:00Z\"",
	[CRM_URI] = "\"https://shop.example/\"",
	[CRM_CURSOR] = "\"WzFd\"",		/* [1] */
};

static void
made_example(struct crm_text *text, const struct crm_field *field)
{
	switch (field->type) {
	case CRM_TEXT:
	case CRM_SECRET:
		text_example(text, field);
		break;
	case CRM_INTEGER:
		crm_text_printf(text, "%lld", (long long)clamp(field, 1));
		break;
	case CRM_MONEY:
		crm_text_printf(text, "{\"amount\":%lld,\"currency\":\"EUR\"}",
		    (long long)clamp(field, 1250));
		break;
	case CRM_DECIMAL:
		crm_text_puts(text, crm_millionths(text->arena,
		    clamp(field, 1500000)));
		break;
	case CRM_ENUM:
		enum_example(text, field);
		break;
	case CRM_OBJECT:
		crm_fields_example(text, field->fields);
		break;
	case CRM_LIST:
		list_example(text, field);
		break;
	case CRM_ATTRIBUTES:
		attributes_example(text, field);
		break;
	case CRM_NOTHING:
		crm_text_puts(text, "null");
		break;
	default:
		crm_text_puts(text, fixed[field->type]);
	}
}

void
crm_field_example(struct crm_text *text, const struct crm_field *field)
{
	if (field->example != NULL)
		written(text, field, field->example);
	else if (field->standard != NULL)
		written(text, field, field->standard);
	else
		made_example(text, field);
}

void
crm_fields_example(struct crm_text *text, const struct crm_field *fields)
{
	crm_text_putc(text, '{');
	for (; fields != NULL && fields->type != CRM_NOTHING; fields++) {
		key(text, fields->name);
		crm_field_example(text, fields);
	}
	crm_text_putc(text, '}');
}
