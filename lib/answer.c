/* SPDX-License-Identifier: ISC */
/* What goes back: bodies, headers, cookies, problems. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "private.h"

static const char *
reason(int status)
{
	static const struct {
		int status;
		const char *reason;
	} reasons[] = {
		{ 200, "OK" }, { 201, "Created" }, { 202, "Accepted" },
		{ 204, "No Content" }, { 304, "Not Modified" },
		{ 400, "Bad Request" }, { 401, "Unauthorized" },
		{ 403, "Forbidden" }, { 404, "Not Found" },
		{ 405, "Method Not Allowed" }, { 409, "Conflict" },
		{ 412, "Precondition Failed" }, { 413, "Content Too Large" },
		{ 415, "Unsupported Media Type" },
		{ 422, "Unprocessable Content" },
		{ 428, "Precondition Required" },
		{ 429, "Too Many Requests" },
		{ 500, "Internal Server Error" },
		{ 503, "Service Unavailable" }
	};
	size_t i;

	for (i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
		if (reasons[i].status == status)
			return reasons[i].reason;
	return "Unknown";
}

void
crm_answer_as(struct crm_request *r, const char *type, const void *body,
    size_t length)
{
	r->type = type;
	r->answer = body;
	r->answer_length = length;
}

void
crm_answer(struct crm_request *r, const char *json)
{
	crm_answer_as(r, "application/json", json,
	    json != NULL ? strlen(json) : 0);
}

void
crm_answer_status(struct crm_request *r, int status)
{
	r->status = status;
}

void
crm_answer_row(struct crm_request *r, const struct crm_result *rows)
{
	const char *body = crm_column(rows, 0, "body");
	const char *version = crm_column(rows, 0, "version");
	const char *location = crm_column(rows, 0, "location");
	const char *status = crm_column(rows, 0, "status");

	crm_answer(r, body);
	if (version != NULL)
		r->etag = crm_format(r->arena, "\"%s\"", version);
	if (location != NULL)
		crm_answer_header(r, "Location", location);
	if (status != NULL)
		r->status = atoi(status);
}

/* A line break in a header's value would be a header of the client's own. */
void
crm_answer_header(struct crm_request *r, const char *name, const char *value)
{
	struct crm_pair *pair = crm_alloc(r->arena, sizeof *pair);

	if (strpbrk(value, "\r\n") != NULL)
		return;
	pair->name = name;
	pair->text = value;
	*r->last_header = pair;
	r->last_header = &pair->next;
}

void
crm_answer_cookie(struct crm_request *r, const char *name, const char *value,
    long seconds, bool readable)
{
	crm_answer_header(r, "Set-Cookie", crm_format(r->arena,
	    "__Host-%s=%s; Path=/; Max-Age=%ld; Secure; SameSite=Lax%s",
	    name, value, seconds, readable ? "" : "; HttpOnly"));
}

static void
print_headers(struct crm_request *r, struct crm_text *head)
{
	const struct crm_pair *pair;
	bool cached = r->status < 400 && r->route != NULL &&
	    r->route->cache > 0;

	crm_text_printf(head, "Status: %d %s\r\n", r->status,
	    reason(r->status));
	if (r->type != NULL && r->status != 204 && r->status != 304)
		crm_text_printf(head, "Content-Type: %s\r\n", r->type);
	if (r->etag != NULL && r->status < 400)
		crm_text_printf(head, "ETag: %s\r\n", r->etag);
	/* For others too: not with one caller's limits.  The old one may be
	 * shown for a second while nginx fetches it anew, so that not all who
	 * ask meanwhile come here. */
	if (cached)
		crm_text_printf(head, "Cache-Control: public, max-age=%d, "
		    "stale-while-revalidate=1\r\n", r->route->cache);
	else
		crm_text_puts(head, "Cache-Control: no-store\r\n");
	if (r->limited && !cached)
		crm_text_printf(head, "RateLimit-Limit: %lld\r\n"
		    "RateLimit-Remaining: %lld\r\nRateLimit-Reset: %lld\r\n",
		    (long long)r->limit.limit, (long long)r->limit.remaining,
		    (long long)r->limit.reset);
	if (r->status == 429 || r->status == 503)
		crm_text_printf(head, "Retry-After: %lld\r\n",
		    (long long)(r->status == 429 && r->limit.retry_after > 0 ?
		    r->limit.retry_after : 2));
	for (pair = r->headers; pair != NULL; pair = pair->next)
		crm_text_printf(head, "%s: %s\r\n", pair->name, pair->text);
	crm_text_puts(head, "\r\n");
}

/* If-None-Match names this very version. */
static bool
known_already(const struct crm_request *r)
{
	const char *tags = crm_header(r, "If-None-Match");

	return r->etag != NULL && r->status == 200 && tags != NULL &&
	    crm_request_safe(r) && strstr(tags, r->etag) != NULL;
}

void
crm_answer_send(struct crm_request *r)
{
	struct crm_text text;
	bool bodiless;

	if (known_already(r))
		r->status = 304;
	bodiless = r->head || r->status == 204 || r->status == 304;
	/* With the length nginx need not cut the body into chunks. */
	if (!bodiless && r->answer != NULL)
		crm_answer_header(r, "Content-Length", crm_format(r->arena,
		    "%zu", r->answer_length));
	crm_text_init(&text, r->arena);
	print_headers(r, &text);
	if (!bodiless && r->answer != NULL)
		crm_text_add(&text, r->answer, r->answer_length);
	if (!r->transport->write(r->transport, text.data, text.length))
		r->broken = true;
}

static void
print_faults(struct crm_text *text, const struct crm_request *r)
{
	const struct crm_fault *lists[] = { r->input.faults, r->extra.faults,
	    r->faults };
	const struct crm_fault *fault;
	const char *separator = "";
	size_t i;

	crm_text_puts(text, ",\"errors\":[");
	for (i = 0; i < sizeof lists / sizeof lists[0]; i++)
		for (fault = lists[i]; fault != NULL; fault = fault->next) {
			crm_text_printf(text, "%s{\"field\":", separator);
			crm_text_json(text, fault->field);
			crm_text_puts(text, ",\"code\":");
			crm_text_json(text, fault->code);
			crm_text_puts(text, ",\"message\":");
			crm_text_json(text, fault->message);
			crm_text_putc(text, '}');
			separator = ",";
		}
	crm_text_putc(text, ']');
}

/* RFC 9457. */
void
crm_answer_problem(struct crm_request *r, enum crm_problem problem)
{
	const struct crm_problem_entry *entry = crm_problem_entry(problem);
	struct crm_text text;

	crm_text_init(&text, r->arena);
	crm_text_printf(&text, "{\"type\":\"/problems/%s\",\"title\":",
	    entry->slug);
	crm_text_json(&text, entry->title);
	crm_text_printf(&text, ",\"status\":%d,\"code\":\"%s\"",
	    entry->status, entry->name);
	if (r->detail != NULL && entry->status < 500) {
		crm_text_puts(&text, ",\"detail\":");
		crm_text_json(&text, r->detail);
	}
	if (problem == CRM_INVALID)
		print_faults(&text, r);
	if (r->data != NULL && entry->status < 500)
		crm_text_printf(&text, ",\"data\":%s", r->data);
	crm_text_puts(&text, ",\"requestId\":");
	crm_text_json(&text, r->id);
	crm_text_puts(&text, "}");
	r->status = entry->status;
	r->etag = NULL;
	crm_answer_as(r, "application/problem+json", text.data, text.length);
	if (entry->status == 401)
		crm_answer_header(r, "WWW-Authenticate", "Bearer");
}

enum crm_problem
crm_problem_detail(struct crm_request *r, enum crm_problem problem,
    const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	r->detail = crm_vformat(r->arena, format, arguments);
	va_end(arguments);
	return problem;
}

enum crm_problem
crm_fault(struct crm_request *r, const char *field, const char *code,
    const char *message)
{
	struct crm_fault *fault = crm_alloc(r->arena, sizeof *fault);

	fault->field = field;
	fault->code = code;
	fault->message = message;
	fault->next = r->faults;
	r->faults = fault;
	return CRM_INVALID;
}

enum crm_problem
crm_stream_begin(struct crm_request *r, const char *type,
    const char *filename)
{
	struct crm_text text;
	/* Once the head is out nobody can be refused any more. */
	enum crm_problem problem = crm_transaction_begin(r);

	if (problem != CRM_OK)
		return problem;
	r->type = type;
	if (filename != NULL)
		crm_answer_header(r, "Content-Disposition",
		    crm_format(r->arena, "attachment; filename=\"%s\"",
		    filename));
	crm_text_init(&text, r->arena);
	print_headers(r, &text);
	r->streaming = true;
	if (!r->transport->write(r->transport, text.data, text.length))
		r->broken = true;
	return CRM_OK;
}

bool
crm_stream(void *request, const char *data, size_t length)
{
	struct crm_request *r = request;

	if (!r->broken && !r->head &&
	    !r->transport->write(r->transport, data, length))
		r->broken = true;
	return !r->broken;
}

/* The request's own side. */

struct crm_arena *
crm_arena(struct crm_request *r)
{
	return r->arena;
}

const char *
crm_path(const struct crm_request *r)
{
	return r->path;
}

const char *
crm_request_id(const struct crm_request *r)
{
	return r->id;
}

const char *
crm_client_address(const struct crm_request *r)
{
	return r->address;
}

const char *
crm_header(const struct crm_request *r, const char *name)
{
	char variable[80] = "HTTP_";
	size_t i, n = 5;
	const char *text;

	if (strcasecmp(name, "Content-Type") == 0)
		n = 0;
	for (i = 0; name[i] != '\0' && n < sizeof variable - 1; i++, n++)
		variable[n] = name[i] == '-' ? '_' :
		    (char)(name[i] >= 'a' && name[i] <= 'z' ?
		    name[i] - 'a' + 'A' : name[i]);
	variable[n] = '\0';
	text = r->transport->parameter(r->transport, variable);
	return text != NULL && text[0] != '\0' ? text : NULL;
}

const char *
crm_cookie(const struct crm_request *r, const char *name)
{
	const char *cookies = crm_header(r, "Cookie");
	size_t length = strlen(name), end;

	while (cookies != NULL && *cookies != '\0') {
		cookies += strspn(cookies, "; \t");
		end = strcspn(cookies, ";");
		if (strncmp(cookies, name, length) == 0 &&
		    cookies[length] == '=')
			return crm_strndup(r->arena, cookies + length + 1,
			    end - length - 1);
		cookies += end;
	}
	return NULL;
}

static const struct crm_value *
find(const struct crm_request *r, const char *name)
{
	const struct crm_value *value = crm_input_find(&r->input, name);

	if (value == NULL)
		value = crm_input_find(&r->parameters, name);
	return value != NULL ? value : crm_input_find(&r->extra, name);
}

const char *
crm_input(const struct crm_request *r, const char *name)
{
	const struct crm_value *value = find(r, name);

	return value != NULL ? value->text : NULL;
}

bool
crm_given(const struct crm_request *r, const char *name)
{
	const struct crm_value *value = find(r, name);

	return value != NULL && value->given;
}

int64_t
crm_input_integer(const struct crm_request *r, const char *name)
{
	const char *text = crm_input(r, name);

	return text != NULL ? strtoll(text, NULL, 10) : 0;
}

bool
crm_input_true(const struct crm_request *r, const char *name)
{
	const char *text = crm_input(r, name);

	return text != NULL && strcmp(text, "true") == 0;
}

const struct crm_json *
crm_input_value(const struct crm_request *r, const char *name)
{
	const struct crm_value *value = find(r, name);

	return value != NULL ? value->json : NULL;
}

void
crm_set(struct crm_request *r, const char *name, const char *text)
{
	struct crm_pair *pair = crm_alloc(r->arena, sizeof *pair);

	pair->name = name;
	pair->text = text;
	pair->next = r->set;
	r->set = pair;
}
