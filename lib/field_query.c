/* SPDX-License-Identifier: ISC */
/* Query strings checked against field tables. */
#include <string.h>

#include "field_private.h"

struct pair {
	const char	*name, *value;
	struct pair	*next;
};

/* One name=value.  False and a fault if its escapes are malformed. */
static bool
split_pair(struct crm_input *input, const char *at, size_t length,
    struct pair *pair)
{
	const char *equals = memchr(at, '=', length);
	size_t name = equals == NULL ? length : (size_t)(equals - at);

	pair->name = crm_percent_decode(input->arena, at, name, true);
	if (pair->name == NULL) {
		crm_input_fault(input, "", "format",
		    "The query string is malformed");
		return false;
	}
	pair->value = equals == NULL ? "" : crm_percent_decode(input->arena,
	    equals + 1, length - name - 1, true);
	if (pair->value == NULL) {
		crm_input_fault(input, pair->name, "format",
		    "Must be UTF-8, escaped as in a form");
		return false;
	}
	return true;
}

/* The pairs in their order, without those that a fault was added for. */
static struct pair *
split(struct crm_input *input, const char *query)
{
	struct pair *pairs = NULL, **last = &pairs, *pair;
	size_t length;

	for (; *query != '\0'; query += length + (query[length] == '&')) {
		length = strcspn(query, "&");
		if (length == 0)
			continue;
		pair = crm_alloc(input->arena, sizeof(*pair));
		if (split_pair(input, query, length, pair)) {
			*last = pair;
			last = &pair->next;
		}
	}
	return pairs;
}

static int
count_named(const struct pair *pair, const char *name)
{
	int count = 0;

	for (; pair != NULL; pair = pair->next)
		if (strcmp(pair->name, name) == 0)
			count++;
	return count;
}

/* The items of a list, empty ones left out: a JSON text, or NULL if none
 * was given or if faults were added. */
static const char *
read_list(struct crm_input *input, const struct crm_field *field,
    const struct pair *pair)
{
	struct crm_field list = crm_field_item(field);
	struct crm_field item = crm_field_plain(&list);
	int faults = input->fault_count, count = 0;
	const char *text, *path;
	struct crm_text out;
	int64_t min, max;

	crm_field_bounds(field, &min, &max);
	crm_text_init(&out, input->arena);
	for (; pair != NULL; pair = pair->next) {
		if (strcmp(pair->name, field->name) != 0 ||
		    pair->value[0] == '\0')
			continue;
		path = crm_format(input->arena, "%s[%d]", field->name,
		    count++);
		if (count > max)
			break;
		text = crm_input_read(input, &item, pair->value, path);
		crm_text_putc(&out, count == 1 ? '[' : ',');
		crm_field_write(&out, &item, text);
	}
	if (count == 0)
		return NULL;
	crm_text_putc(&out, ']');
	if (count < min)
		crm_input_fault(input, field->name, "too_few",
		    crm_format(input->arena, "Must have at least %lld",
		    (long long)min));
	else if (count > max)
		crm_input_fault(input, field->name, "too_many",
		    crm_format(input->arena, "Must have at most %lld",
		    (long long)max));
	return input->fault_count == faults ? out.data : NULL;
}

static const char *
read_single(struct crm_input *input, const struct crm_field *field,
    const struct pair *pair)
{
	struct crm_field single = crm_field_plain(field);

	while (strcmp(pair->name, field->name) != 0)
		pair = pair->next;
	if (pair->value[0] == '\0')
		return NULL;
	return crm_input_read(input, &single, pair->value, field->name);
}

/* A value that couldn't be decoded was given all the same. */
static bool
is_faulty(const struct crm_input *input, const char *name)
{
	const struct crm_fault *fault;

	for (fault = input->faults; fault != NULL; fault = fault->next)
		if (strcmp(fault->field, name) == 0)
			return true;
	return false;
}

static void
check_field(struct crm_input *input, const struct crm_field *field,
    const struct pair *pairs)
{
	struct crm_value value = { .name = field->name, .field = field,
		.given = true };
	int faults = input->fault_count;
	int count = count_named(pairs, field->name);

	if (count > 1 && field->type != CRM_LIST)
		crm_input_fault(input, field->name, "duplicate",
		    "Must be given once");
	else if (count > 0 && field->type == CRM_LIST)
		value.text = read_list(input, field, pairs);
	else if (count > 0)
		value.text = read_single(input, field, pairs);
	if (value.text != NULL || input->fault_count > faults ||
	    is_faulty(input, field->name))
		crm_input_put(input, &value);
	else
		crm_input_absent(input, field);
}

bool
crm_input_query(struct crm_input *input, const struct crm_field *fields,
    const char *query)
{
	const struct crm_field *field;
	const struct pair *pairs, *pair;

	pairs = split(input, query == NULL ? "" : query);
	crm_input_reserve(input, crm_field_count(fields));
	for (field = fields; field != NULL && field->type != CRM_NOTHING;
	     field++)
		check_field(input, field, pairs);
	for (pair = pairs; pair != NULL; pair = pair->next)
		if (crm_field_named(fields, pair->name) == NULL)
			crm_input_fault(input, pair->name, "unknown",
			    "There is no such field");
	return input->faults == NULL;
}
