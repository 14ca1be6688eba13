/* SPDX-License-Identifier: ISC */
/* Bodies, query strings and path parameters checked against field tables. */
#include <stdio.h>
#include <string.h>

#include <crm/money.h>

#include "field_private.h"

#define FAULTS_MOST	100
#define PATH_MOST	200	/* bytes of a name said back */

static const char *check_json(struct crm_input *, const struct crm_field *,
    const struct crm_json *, const char *path);

void
crm_input_init(struct crm_input *input, struct crm_arena *arena)
{
	memset(input, 0, sizeof(*input));
	input->arena = arena;
	input->last = &input->faults;
}

/* A copy of at most PATH_MOST bytes, cut between characters: names are the
 * client's and can be as long as a body. */
static const char *
clip(struct crm_arena *arena, const char *path)
{
	size_t length = strlen(path);

	if (length > PATH_MOST)
		for (length = PATH_MOST; length > 0; length--)
			if (((unsigned char)path[length] & 0xc0) != 0x80)
				break;
	return crm_strndup(arena, path, length);
}

void
crm_input_fault(struct crm_input *input, const char *field, const char *code,
    const char *message)
{
	struct crm_fault *fault;

	if (input->fault_count++ >= FAULTS_MOST)
		return;
	fault = crm_alloc(input->arena, sizeof(*fault));
	fault->field = clip(input->arena, field);
	fault->code = code;
	fault->message = crm_strdup(input->arena, message);
	*input->last = fault;
	input->last = &fault->next;
}

static const char *
join(struct crm_input *input, const char *path, const char *name)
{
	if (path[0] == '\0')
		return name;
	return crm_format(input->arena, "%s.%s", path, name);
}

const struct crm_field *
crm_field_named(const struct crm_field *fields, const char *name)
{
	for (; fields != NULL && fields->type != CRM_NOTHING; fields++)
		if (strcmp(fields->name, name) == 0)
			return fields;
	return NULL;
}

void
crm_field_write(struct crm_text *text, const struct crm_field *field,
    const char *value)
{
	const struct crm_kind *kind = crm_kind_of(field->type);

	if (value == NULL || (kind != NULL && kind->quoted))
		crm_text_json(text, value);
	else
		crm_text_puts(text, value);
}

static void
write_name(struct crm_text *text, const char *name)
{
	if (text->data[text->length - 1] != '{')
		crm_text_putc(text, ',');
	crm_text_json(text, name);
	crm_text_putc(text, ':');
}

const char *
crm_input_read(struct crm_input *input, const struct crm_field *field,
    const char *raw, const char *path)
{
	struct crm_reading reading = { .arena = input->arena,
		.field = field };
	const struct crm_kind *kind = crm_kind_of(field->type);
	const char *text;

	if (kind == NULL) {
		crm_input_fault(input, path, "type",
		    "Can't be given this way");
		return NULL;
	}
	text = kind->read(&reading, raw);
	if (text == NULL)
		crm_input_fault(input, path, reading.code, reading.message);
	return text;
}

static bool
takes(const struct crm_kind *kind, enum crm_json_type type)
{
	switch (type) {
	case CRM_JSON_STRING:
		return kind->string;
	case CRM_JSON_NUMBER:
		return kind->number;
	case CRM_JSON_TRUE:
	case CRM_JSON_FALSE:
		return kind->truth;
	default:
		return false;
	}
}

/* The value used when nothing is said; NULL if there is none. */
static const char *
standard(struct crm_input *input, const struct crm_field *field,
    const char *path)
{
	const struct crm_json *json;

	if (field->standard == NULL)
		return NULL;
	if (crm_kind_of(field->type) != NULL &&
	    field->type != CRM_CURSOR)
		return crm_input_read(input, field, field->standard, path);
	json = crm_json_parse(input->arena, field->standard,
	    strlen(field->standard), NULL);
	return check_json(input, field, json, path);
}

/* A member of an object: NULL in `*text` if it is absent, null or wrong.
 * False if it is absent and has no standard. */
static bool
check_member(struct crm_input *input, const struct crm_field *field,
    const struct crm_json *json, const char *path, const char **text)
{
	*text = NULL;
	if (json == NULL) {
		if (field->required)
			crm_input_fault(input, path, "required",
			    "Must be given");
		else
			*text = standard(input, field, path);
		return *text != NULL;
	}
	if (crm_json_type(json) != CRM_JSON_NULL)
		*text = check_json(input, field, json, path);
	else if (!field->nullable)
		crm_input_fault(input, path,
		    field->required ? "required" : "type",
		    "Must not be null");
	return true;
}

static void
check_unknown(struct crm_input *input, const struct crm_field *fields,
    const struct crm_json *json, const char *path)
{
	const struct crm_json *child;
	const char *name;

	for (child = crm_json_first(json); child != NULL;
	     child = crm_json_next(child)) {
		if (input->fault_count >= FAULTS_MOST)
			return;
		name = crm_json_name(child);
		if (crm_field_named(fields, name) == NULL)
			crm_input_fault(input, join(input, path, name),
			    "unknown", "There is no such field");
	}
}

/* An object by its table. */
static const char *
check_object(struct crm_input *input, const struct crm_field *fields,
    const struct crm_json *json, const char *path)
{
	const struct crm_field *field;
	int faults = input->fault_count;
	struct crm_text out;
	const char *text;

	crm_text_init(&out, input->arena);
	crm_text_putc(&out, '{');
	for (field = fields; field != NULL && field->type != CRM_NOTHING;
	     field++) {
		if (!check_member(input, field,
		    crm_json_get(json, field->name),
		    join(input, path, field->name), &text))
			continue;
		write_name(&out, field->name);
		crm_field_write(&out, field, text);
	}
	crm_text_putc(&out, '}');
	check_unknown(input, fields, json, path);
	return input->fault_count == faults ? out.data : NULL;
}

static const char *
check_money(struct crm_input *input, const struct crm_field *field,
    const struct crm_json *json, const char *path)
{
	struct crm_field fields[] = {
		{ "amount", CRM_INTEGER, .required = true },
		{ "currency", CRM_TEXT, .required = true, .max = 3 },
		CRM_END
	};
	const char *text;

	crm_field_bounds(field, &fields[0].min, &fields[0].max);
	text = check_object(input, fields, json, path);
	if (text == NULL ||
	    crm_currency_digits(crm_json_text_of(json, "currency")) >= 0)
		return text;
	crm_input_fault(input, join(input, path, "currency"), "value",
	    "Must be a currency's code by ISO 4217");
	return NULL;
}

/* Whether a list or an attributes object has a fitting number of members. */
static bool
count_fits(struct crm_input *input, const struct crm_field *field,
    int64_t count, const char *path)
{
	int64_t min, max;

	crm_field_bounds(field, &min, &max);
	if (count < min)
		crm_input_fault(input, path, "too_few",
		    crm_format(input->arena, "Must have at least %lld",
		    (long long)min));
	else if (count > max)
		crm_input_fault(input, path, "too_many",
		    crm_format(input->arena, "Must have at most %lld",
		    (long long)max));
	return count >= min && count <= max;
}

struct crm_field
crm_field_item(const struct crm_field *list)
{
	struct crm_field item = { .name = list->name, .type = list->of,
		.fields = list->fields, .required = true };

	item.values = list->item_values != NULL ? list->item_values :
	    list->values;
	return item;
}

static const char *
check_list(struct crm_input *input, const struct crm_field *field,
    const struct crm_json *json, const char *path)
{
	struct crm_field item = crm_field_item(field);
	int faults = input->fault_count, i = 0;
	const struct crm_json *child;
	struct crm_text out;
	const char *text, *where;

	if (!count_fits(input, field, (int64_t)crm_json_count(json), path))
		return NULL;
	crm_text_init(&out, input->arena);
	for (child = crm_json_first(json); child != NULL;
	     child = crm_json_next(child)) {
		where = crm_format(input->arena, "%s[%d]", path, i++);
		check_member(input, &item, child, where, &text);
		crm_text_putc(&out, out.length == 0 ? '[' : ',');
		crm_field_write(&out, &item, text);
	}
	crm_text_puts(&out, out.length == 0 ? "[]" : "]");
	return input->fault_count == faults ? out.data : NULL;
}

static const struct crm_field *
attribute_field(const struct crm_json *json)
{
	static const struct crm_field text = { .type = CRM_TEXT,
		.max = CRM_ATTRIBUTE_MOST };
	static const struct crm_field decimal = { .type = CRM_DECIMAL };
	static const struct crm_field truth = { .type = CRM_BOOL };

	switch (crm_json_type(json)) {
	case CRM_JSON_STRING:
		return &text;
	case CRM_JSON_NUMBER:
		return &decimal;
	case CRM_JSON_TRUE:
	case CRM_JSON_FALSE:
		return &truth;
	default:
		return NULL;
	}
}

static bool
is_attribute_name(const char *name)
{
	size_t length = strlen(name);

	return length >= 1 && length <= CRM_ATTRIBUTE_NAME_MOST &&
	    strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == length;
}

static void
check_attribute(struct crm_input *input, const struct crm_json *json,
    const char *path, struct crm_text *out)
{
	const struct crm_field *field = attribute_field(json);
	const char *name = crm_json_name(json);
	const char *where = join(input, path, name);
	const char *text;

	if (!is_attribute_name(name)) {
		crm_input_fault(input, where, "format",
		    "A name is 1 to 63 of a-z, 0-9 and _");
		return;
	}
	if (field == NULL) {
		crm_input_fault(input, where, "type",
		    "Must be a text, a number, true or false");
		return;
	}
	text = crm_input_read(input, field, crm_json_text(json), where);
	write_name(out, name);
	crm_field_write(out, field, text);
}

static const char *
check_attributes(struct crm_input *input, const struct crm_field *field,
    const struct crm_json *json, const char *path)
{
	int faults = input->fault_count;
	const struct crm_json *child;
	struct crm_text out;

	if (!count_fits(input, field, (int64_t)crm_json_count(json), path))
		return NULL;
	crm_text_init(&out, input->arena);
	crm_text_putc(&out, '{');
	for (child = crm_json_first(json); child != NULL;
	     child = crm_json_next(child))
		check_attribute(input, child, path, &out);
	crm_text_putc(&out, '}');
	return input->fault_count == faults ? out.data : NULL;
}

static const char *
wrong_type(struct crm_input *input, const char *path, const char *wanted)
{
	crm_input_fault(input, path, "type", wanted);
	return NULL;
}

/* The canonical text of a value, or NULL with faults added. */
static const char *
check_json(struct crm_input *input, const struct crm_field *field,
    const struct crm_json *json, const char *path)
{
	const struct crm_kind *kind = crm_kind_of(field->type);
	enum crm_json_type type = crm_json_type(json);

	if (kind != NULL) {
		if (!takes(kind, type))
			return wrong_type(input, path, kind->wanted);
		return crm_input_read(input, field, crm_json_text(json), path);
	}
	if (field->type == CRM_LIST) {
		if (type != CRM_JSON_ARRAY)
			return wrong_type(input, path, "Must be a list");
		return check_list(input, field, json, path);
	}
	if (type != CRM_JSON_OBJECT)
		return wrong_type(input, path, "Must be an object");
	if (field->type == CRM_MONEY)
		return check_money(input, field, json, path);
	if (field->type == CRM_ATTRIBUTES)
		return check_attributes(input, field, json, path);
	return check_object(input, field->fields, json, path);
}

void
crm_input_reserve(struct crm_input *input, int more)
{
	struct crm_value *values;

	values = crm_alloc(input->arena,
	    (size_t)(input->count + more) * sizeof(*values));
	if (input->count > 0)
		memcpy(values, input->values,
		    (size_t)input->count * sizeof(*values));
	input->values = values;
}

int
crm_field_count(const struct crm_field *fields)
{
	int count = 0;

	while (fields != NULL && fields[count].type != CRM_NOTHING)
		count++;
	return count;
}

void
crm_input_put(struct crm_input *input, const struct crm_value *value)
{
	struct crm_value *old;

	old = (struct crm_value *)crm_input_find(input, value->name);
	if (old == NULL) {
		input->values[input->count++] = *value;
		return;
	}
	if (!old->given) {
		*old = *value;
		return;
	}
	if (!value->given)
		return;
	if (old->text == NULL || value->text == NULL ||
	    strcmp(old->text, value->text) != 0)
		crm_input_fault(input, value->name, "value",
		    "Is given twice and differs");
	else if (old->json == NULL)
		old->json = value->json;
}

static bool
is_given(const struct crm_input *input, const char *name)
{
	const struct crm_value *value = crm_input_find(input, name);

	return value != NULL && value->given;
}

void
crm_input_absent(struct crm_input *input, const struct crm_field *field)
{
	struct crm_value value = { .name = field->name, .field = field };

	if (!input->partial && !is_given(input, field->name))
		check_member(input, field, NULL, field->name, &value.text);
	crm_input_put(input, &value);
}

static void
put_json(struct crm_input *input, const struct crm_field *field,
    const struct crm_json *json)
{
	struct crm_value value = { .name = field->name, .field = field,
		.json = json, .given = true };

	check_member(input, field, json, field->name, &value.text);
	crm_input_put(input, &value);
}

bool
crm_input_body(struct crm_input *input, const struct crm_field *fields,
    const struct crm_json *body)
{
	const struct crm_field *field;
	const struct crm_json *json;

	crm_input_reserve(input, crm_field_count(fields));
	if (body != NULL && crm_json_type(body) != CRM_JSON_OBJECT) {
		crm_input_fault(input, "", "type",
		    "The body must be an object");
		return false;
	}
	for (field = fields; field != NULL && field->type != CRM_NOTHING;
	     field++) {
		json = crm_json_get(body, field->name);
		if (json == NULL)
			crm_input_absent(input, field);
		else
			put_json(input, field, json);
	}
	check_unknown(input, fields, body, "");
	return input->faults == NULL;
}

bool
crm_input_text(struct crm_input *input, const struct crm_field *field,
    const char *text)
{
	struct crm_value value = { .name = field->name, .field = field,
		.given = true };

	crm_input_reserve(input, 1);
	if (text == NULL) {
		crm_input_absent(input, field);
		return input->faults == NULL;
	}
	value.text = crm_input_read(input, field, text, field->name);
	crm_input_put(input, &value);
	return input->faults == NULL;
}

const struct crm_value *
crm_input_find(const struct crm_input *input, const char *name)
{
	int i;

	for (i = 0; i < input->count; i++)
		if (strcmp(input->values[i].name, name) == 0)
			return &input->values[i];
	return NULL;
}

const char *
crm_input_json(const struct crm_input *input)
{
	const struct crm_value *value;
	struct crm_text text;
	int i;

	crm_text_init(&text, input->arena);
	crm_text_putc(&text, '{');
	for (i = 0; i < input->count; i++) {
		value = &input->values[i];
		if (!value->given && value->text == NULL)
			continue;
		write_name(&text, value->name);
		crm_field_write(&text, value->field, value->text);
	}
	crm_text_putc(&text, '}');
	return text.data;
}
