/* SPDX-License-Identifier: ISC */
/*
 * The contract, made from the tables that serve: what `PROGRAM openapi` and
 * `PROGRAM routes` print.  Schemas of answers live in contract/.
 */
#include <string.h>

#include "private.h"

static const char *
who_name(const struct crm_route *route)
{
	static const char *const names[] = {
		[CRM_WHO_MISSING] = "missing", [CRM_WHO_PUBLIC] = "public",
		[CRM_WHO_ANYONE] = "anyone", [CRM_WHO_SHOPPER] = "shopper",
		[CRM_WHO_CUSTOMER] = "customer", [CRM_WHO_STAFF] = "staff",
		[CRM_WHO_LOCAL] = "local"
	};

	return names[route->access.who];
}

/* method, path, who, permission, flags: for people, tests and lint. */
static void
print_table(struct crm_text *text, const struct crm_route *route)
{
	for (; route->method != NULL; route++)
		crm_text_printf(text, "%s\t%s\t%s\t%s\t%s%s%s%s\t%s\n",
		    route->method, route->path, who_name(route),
		    route->access.permission != NULL ?
		    route->access.permission : "-",
		    route->if_match ? "if-match " : "",
		    route->idempotent ? "idempotent " : "",
		    route->cache > 0 ? "cached " : "",
		    route->type != NULL ? route->type : "",
		    route->about != NULL ? route->about : "");
}

void
crm_routes_print(struct crm_text *text, const struct crm_area *area)
{
	print_table(text, area->routes);
	print_table(text, crm_own_routes(area));
}

/* get /api/tasks/{id} is get_api_tasks_id. */
static void
print_operation_id(struct crm_text *text, const struct crm_route *route)
{
	const char *p;
	bool gap = false;

	crm_text_puts(text, ",\"operationId\":\"");
	for (p = route->method; *p != '\0'; p++)
		crm_text_putc(text, (char)(*p - 'A' + 'a'));
	for (p = route->path; *p != '\0'; p++) {
		if (strchr("/{}.-", *p) != NULL) {
			gap = true;
			continue;
		}
		if (gap)
			crm_text_putc(text, '_');
		gap = false;
		crm_text_putc(text, *p);
	}
	crm_text_putc(text, '"');
}

static void
print_parameter(struct crm_text *text, const char *in, bool required,
    const struct crm_field *field, const char *name)
{
	if (text->data[text->length - 1] != '[')
		crm_text_putc(text, ',');
	crm_text_puts(text, "{\"name\":");
	crm_text_json(text, name);
	crm_text_printf(text, ",\"in\":\"%s\"", in);
	if (required)
		crm_text_puts(text, ",\"required\":true");
	if (field->about != NULL) {
		crm_text_puts(text, ",\"description\":");
		crm_text_json(text, field->about);
	}
	crm_text_puts(text, ",\"schema\":");
	crm_field_schema_query(text, field);
	crm_text_putc(text, '}');
}

static void
print_query(struct crm_text *text, const struct crm_field *field)
{
	for (; field != NULL && field->name != NULL; field++)
		print_parameter(text, "query", field->required, field,
		    field->name);
}

static void
print_header(struct crm_text *text, const char *name, bool required,
    const char *about)
{
	struct crm_field field = { .type = CRM_TEXT, .min = 1, .max = 200,
	    .about = about };

	print_parameter(text, "header", required, &field, name);
}

static void
print_parameters(struct crm_text *text, const struct crm_route *route)
{
	const char *name;
	int i;

	crm_text_puts(text, ",\"parameters\":[");
	for (i = 0; (name = crm_path_name(text->arena, route->path, i)) !=
	    NULL; i++)
		print_parameter(text, "path", true, crm_path_field(name),
		    name);
	print_query(text, crm_method_has_body(route->method) ? route->query :
	    route->input);
	if (route->if_match)
		print_header(text, "If-Match", true,
		    "The version meant: the ETag as it was read");
	if (route->idempotent)
		print_header(text, "Idempotency-Key", false,
		    "Makes a repeated request safe: it gets the first answer");
	if (route->access.who == CRM_WHO_SHOPPER)
		print_header(text, "Duka-Cart", false,
		    "A guest's cart token, for clients without cookies");
	if (route->header != NULL) {
		i = (int)strcspn(route->header, ":");
		print_header(text, crm_format(text->arena, "%.*s", i,
		    route->header), false, route->header + i +
		    strspn(route->header + i, ": "));
	}
	crm_text_putc(text, ']');
}

/* A body that isn't JSON, of one of the types named. */
static void
print_types(struct crm_text *text, const char *types)
{
	size_t length;
	bool first = true;

	crm_text_puts(text,
	    ",\"requestBody\":{\"required\":true,\"content\":{");
	for (; *types != '\0'; types += length + (types[length] != '\0')) {
		length = strcspn(types, " ");
		crm_text_printf(text, "%s\"%.*s\":{\"schema\":{\"type\":"
		    "\"string\"}}", first ? "" : ",", (int)length, types);
		first = false;
	}
	crm_text_puts(text, "}}");
}

static void
print_body(struct crm_text *text, const struct crm_route *route)
{
	if (!crm_method_has_body(route->method))
		return;
	if (route->type != NULL) {
		print_types(text, route->type);
		return;
	}
	if (route->input == NULL)
		return;
	crm_text_puts(text, ",\"requestBody\":{\"required\":true,"
	    "\"content\":{\"application/json\":{\"schema\":");
	if (strcmp(route->method, "PATCH") == 0)
		crm_fields_schema_partial(text, route->input);
	else
		crm_fields_schema(text, route->input);
	crm_text_puts(text, ",\"example\":");
	crm_fields_example(text, route->input);
	crm_text_puts(text, "}}}");
}

static void
print_answers(struct crm_text *text, const struct crm_route *route)
{
	int status = route->status != 0 ? route->status : 200;

	crm_text_printf(text, ",\"responses\":{\"%d\":{\"description\":",
	    status);
	crm_text_json(text, route->about != NULL ? route->about : "Done");
	if (status != 204 && route->answer != NULL)
		crm_text_printf(text, ",\"content\":{\"application/json\":{"
		    "\"schema\":{\"$ref\":\"#/components/schemas/%s\"}}}",
		    route->answer);
	else if (status != 204)
		crm_text_printf(text, ",\"content\":{\"%s\":{\"schema\":{"
		    "\"type\":\"string\"}}}", route->answer_type != NULL ?
		    route->answer_type : "application/json");
	crm_text_puts(text, "},\"4XX\":{\"$ref\":"
	    "\"#/components/responses/Problem\"},\"5XX\":{\"$ref\":"
	    "\"#/components/responses/Problem\"}}");
}

static void
print_security(struct crm_text *text, const struct crm_route *route)
{
	switch (route->access.who) {
	case CRM_WHO_STAFF:
		crm_text_puts(text, ",\"security\":[{\"staffBearer\":[]},"
		    "{\"staffCookie\":[]}],\"x-permission\":");
		crm_text_json(text, route->access.permission);
		break;
	case CRM_WHO_CUSTOMER:
		crm_text_puts(text, ",\"security\":[{\"customerBearer\":[]},"
		    "{\"customerCookie\":[]}]");
		break;
	case CRM_WHO_ANYONE:
	case CRM_WHO_SHOPPER:
		crm_text_puts(text, ",\"security\":[{},"
		    "{\"customerBearer\":[]},{\"customerCookie\":[]}]");
		break;
	default:
		crm_text_puts(text, ",\"security\":[]");
	}
}

static void
print_operation(struct crm_text *text, const struct crm_area *area,
    const struct crm_route *route)
{
	const char *p;

	crm_text_putc(text, '"');
	for (p = route->method; *p != '\0'; p++)
		crm_text_putc(text, (char)(*p - 'A' + 'a'));
	crm_text_printf(text, "\":{\"tags\":[\"%s\"],\"summary\":",
	    area->name);
	crm_text_json(text, route->about != NULL ? route->about :
	    route->path);
	print_operation_id(text, route);
	crm_text_printf(text, ",\"x-access\":\"%s\"", who_name(route));
	print_security(text, route);
	print_parameters(text, route);
	print_body(text, route);
	print_answers(text, route);
	crm_text_putc(text, '}');
}

static bool
seen_before(const struct crm_route *first, const struct crm_route *route)
{
	for (; first != route; first++)
		if (strcmp(first->path, route->path) == 0)
			return true;
	return false;
}

static void
print_paths(struct crm_text *text, const struct crm_area *area,
    const struct crm_route *first, bool *any)
{
	const struct crm_route *route, *other;
	bool more;

	for (route = first; route->method != NULL; route++) {
		if (seen_before(first, route))
			continue;
		if (*any)
			crm_text_putc(text, ',');
		*any = true;
		crm_text_json(text, route->path);
		crm_text_puts(text, ":{");
		more = false;
		for (other = route; other->method != NULL; other++) {
			if (strcmp(other->path, route->path) != 0)
				continue;
			if (more)
				crm_text_putc(text, ',');
			more = true;
			print_operation(text, area, other);
		}
		crm_text_putc(text, '}');
	}
}

void
crm_contract_print(struct crm_text *text, const struct crm_area *area)
{
	bool any = false;

	crm_text_puts(text, "{\"paths\":{");
	print_paths(text, area, area->routes, &any);
	print_paths(text, area, crm_own_routes(area), &any);
	crm_text_puts(text, "}}\n");
}
