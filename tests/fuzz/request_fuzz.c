/* SPDX-License-Identifier: ISC */
/*
 * A whole request without FastCGI and without a database: lines NAME=value
 * are what the proxy tells, an empty line, the body.  Whatever comes, the
 * answer is whole: one status that is ours, headers of our own, a length
 * that holds, and a problem in form.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "private.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

#define PAIRS_MOST	32

struct wire {
	struct crm_transport	 transport;
	char			*names[PAIRS_MOST], *values[PAIRS_MOST];
	int			 count;
	const char		*body;
	size_t			 left;
	struct crm_text		 answer;
};

static void
must(bool holds)
{
	if (!holds)
		abort();
}

/* Routes of every form that needs no database. */

static enum crm_problem
echo(struct crm_request *r)
{
	struct crm_text text;
	const char *name = crm_input(r, "name");

	crm_text_init(&text, crm_arena(r));
	crm_text_puts(&text, "{\"name\":");
	crm_text_json(&text, name);
	crm_text_putc(&text, '}');
	crm_answer(r, text.data);
	if (name != NULL) {
		crm_answer_header(r, "Location", name);
		crm_answer_cookie(r, "name", "x", 60, false);
	}
	return CRM_OK;
}

static enum crm_problem
take(struct crm_request *r)
{
	char piece[64];
	long got;

	while ((got = crm_body_read(r, piece, sizeof piece)) > 0)
		;
	if (got < 0)
		return crm_problem_detail(r, CRM_NOT_UNDERSTOOD,
		    "It broke off in %s", crm_path(r));
	crm_answer(r, "{}");
	return CRM_OK;
}

static const struct crm_field part[] = {
	{ "sku", CRM_TEXT, .required = true },
	CRM_END
};
static const struct crm_field fields[] = {
	{ "name", CRM_TEXT, .max = 40 },
	{ "n", CRM_INTEGER, .min = 1, .max = 9, .standard = "3" },
	{ "at", CRM_TIME },
	{ "parts", CRM_LIST, .of = CRM_OBJECT, .fields = part, .max = 3 },
	{ "cursor", CRM_CURSOR },
	CRM_END
};

static const struct crm_route routes[] = {
	{ "GET", "/f", CRM_LOCAL, fields, .handler = echo, .cache = 5 },
	{ "GET", "/f/{name}", CRM_LOCAL, .handler = echo },
	{ "GET", "/f/{id}/x", CRM_LOCAL, .handler = echo },
	{ "POST", "/f", CRM_LOCAL, fields, .handler = echo, .status = 201,
	    .max_body = 2000, .query = part },
	{ "PATCH", "/f/{id}", CRM_LOCAL, fields, .handler = echo,
	    .if_match = true },
	{ "PUT", "/f", CRM_LOCAL, .handler = take, .type = "text/csv",
	    .max_body = 200 },
	{ "DELETE", "/f/{name}", CRM_LOCAL, .handler = echo, .status = 204 },
	{ "GET", "/me", CRM_CUSTOMER, .handler = echo },
	{ "POST", "/me", CRM_SHOPPER, fields, .handler = echo },
	CRM_END
};
static const struct crm_area area = { .name = "fuzz", .routes = routes };

/* The wire. */

static const char *
parameter(struct crm_transport *transport, const char *name)
{
	struct wire *wire = (struct wire *)transport;
	int i;

	for (i = 0; i < wire->count; i++)
		if (strcmp(wire->names[i], name) == 0)
			return wire->values[i];
	return strcmp(name, "REMOTE_ADDR") == 0 ? "127.0.0.1" : NULL;
}

static long
take_bytes(struct crm_transport *transport, char *buffer, size_t size)
{
	struct wire *wire = (struct wire *)transport;

	if (size > wire->left)
		size = wire->left;
	memcpy(buffer, wire->body, size);
	wire->body += size;
	wire->left -= size;
	return (long)size;
}

static bool
give_bytes(struct crm_transport *transport, const char *data, size_t length)
{
	crm_text_add(&((struct wire *)transport)->answer, data, length);
	return true;
}

/* Cuts the input into pairs and body. */
static void
cut(struct wire *wire, char *text, size_t size)
{
	char *end = text + size, *line = text, *stop, *equals;

	while (line < end && *line != '\n') {
		stop = memchr(line, '\n', (size_t)(end - line));
		if (stop == NULL)
			stop = end;
		*stop = '\0';
		equals = strchr(line, '=');
		if (equals != NULL && wire->count < PAIRS_MOST) {
			*equals = '\0';
			wire->names[wire->count] = line;
			wire->values[wire->count++] = equals + 1;
		}
		line = stop + 1;
	}
	wire->body = line < end ? line + 1 : end;
	wire->left = line < end ? (size_t)(end - line - 1) : 0;
}

/* What went out. */

static const char *
header_value(const char *line, const char *name)
{
	size_t length = strlen(name);

	return strncmp(line, name, length) == 0 ? line + length : NULL;
}

static void
check_header(const char *line, size_t length, size_t *announced, int *status)
{
	static const char *const ours[] = { "Status: ", "Content-Type: ",
	    "Cache-Control: ", "Content-Length: ", "Location: ",
	    "Set-Cookie: ", "Allow: ", "WWW-Authenticate: ",
	    "Retry-After: ", "ETag: " };
	const char *value;
	bool known = false;
	size_t i;

	must(memchr(line, '\n', length) == NULL);
	must(memchr(line, '\r', length) == NULL);
	for (i = 0; i < sizeof ours / sizeof ours[0]; i++)
		known = known || header_value(line, ours[i]) != NULL;
	must(known);
	value = header_value(line, "Content-Length: ");
	if (value != NULL)
		*announced = strtoul(value, NULL, 10);
	value = header_value(line, "Status: ");
	if (value != NULL)
		*status = atoi(value);
}

static void
check_problem(struct crm_arena *arena, const char *body, size_t length,
    int status)
{
	const struct crm_json *json;
	const char *why;

	json = crm_json_parse(arena, body, length, &why);
	must(crm_json_integer_of(json, "status", 0) == status);
	must(crm_json_text_of(json, "code") != NULL);
	must(crm_json_text_of(json, "title") != NULL);
}

static void
check_answer(struct crm_arena *arena, const struct wire *wire, bool head)
{
	const char *line = wire->answer.data, *stop;
	size_t announced = 0, length;
	int status = 0;

	while ((stop = strstr(line, "\r\n")) != NULL && stop != line) {
		check_header(line, (size_t)(stop - line), &announced,
		    &status);
		line = stop + 2;
	}
	must(stop != NULL);
	line += 2;
	length = wire->answer.length - (size_t)(line - wire->answer.data);
	must(status >= 200 && status < 600 && status != 500);
	must(length == announced);
	if (head || status == 204)
		must(length == 0);
	else if (status >= 400)
		check_problem(arena, line, length, status);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static struct crm_arena *memory, *arena;
	static struct crm_database *database;
	struct wire wire = { .transport = { .parameter = parameter,
	    .read = take_bytes, .write = give_bytes } };
	const char *method;
	char *copy;

	if (memory == NULL) {
		memory = crm_arena_new(64 << 20);
		arena = crm_arena_new(64 << 20);
		database = crm_database_new("duka_fuzz");
		crm_log_open("fuzz");
	}
	crm_text_init(&wire.answer, memory);
	copy = crm_alloc(memory, size + 1);
	if (size > 0)
		memcpy(copy, bytes, size);
	cut(&wire, copy, size);
	method = parameter(&wire.transport, "REQUEST_METHOD");
	crm_request_serve(&wire.transport, &area, database, arena);
	check_answer(memory, &wire, method != NULL &&
	    strcmp(method, "HEAD") == 0);
	crm_arena_reset(memory);
	return 0;
}
