/* SPDX-License-Identifier: ISC */
/* What a request brings: its body and its query, checked against the tables
 * of its route. */
#include <string.h>
#include <strings.h>

#include "private.h"

#define BODY_MOST	(64 * 1024)

static bool
has_type_of(const char *sent, const char *wanted, size_t length)
{
	return sent != NULL && strncasecmp(sent, wanted, length) == 0 &&
	    strchr("; \t", sent[length]) != NULL;
}

static bool
has_type(const char *sent, const char *wanted)
{
	return has_type_of(sent, wanted, strlen(wanted));
}

/* `wanted` are types with a blank between them. */
static bool
has_one_of(const char *sent, const char *wanted)
{
	size_t length;

	for (; *wanted != '\0'; wanted += length + (wanted[length] != '\0')) {
		length = strcspn(wanted, " ");
		if (has_type_of(sent, wanted, length))
			return true;
	}
	return false;
}

static size_t
body_most(const struct crm_route *route)
{
	return route->max_body != 0 ? route->max_body : BODY_MOST;
}

/* With a length announced no more than that is read: the rest, if there is
 * any, is not of the body. */
long
crm_body_read(struct crm_request *r, char *buffer, size_t size)
{
	long length;

	if (r->has_length && size > r->length - r->read)
		size = r->length - r->read;
	length = size > 0 ? r->transport->read(r->transport, buffer, size) : 0;
	if (length > 0)
		r->read += (size_t)length;
	/* Shorter than announced: the client or the proxy broke off. */
	r->cut = length < 0 || (length == 0 && r->has_length &&
	    r->read < r->length);
	return r->cut || r->read > body_most(r->route) ? -1 : length;
}

enum crm_problem
crm_body_problem(struct crm_request *r, enum crm_problem otherwise)
{
	if (r->cut)
		return crm_problem_detail(r, CRM_NOT_UNDERSTOOD,
		    "The body broke off");
	return r->read > body_most(r->route) ? CRM_TOO_LARGE : otherwise;
}

static enum crm_problem
read_body(struct crm_request *r, char **body, size_t *length)
{
	struct crm_text text;
	char buffer[8192];
	long got;

	crm_text_init(&text, r->arena);
	while ((got = crm_body_read(r, buffer, sizeof buffer)) > 0)
		crm_text_add(&text, buffer, (size_t)got);
	if (got < 0)
		return crm_body_problem(r, CRM_NOT_UNDERSTOOD);
	*body = text.data;
	*length = text.length;
	return CRM_OK;
}

static enum crm_problem
take_body(struct crm_request *r)
{
	const struct crm_json *json;
	const char *why, *sent = crm_header(r, "Content-Type");
	char *body;
	size_t length;
	enum crm_problem problem;

	if (r->route->type != NULL)
		return has_one_of(sent, r->route->type) ? CRM_OK :
		    CRM_TYPE_NOT_SUPPORTED;
	problem = read_body(r, &body, &length);
	if (problem != CRM_OK)
		return problem;
	if (length == 0 && r->route->input == NULL)
		return CRM_OK;
	if (length > 0 && !has_type(sent, "application/json"))
		return CRM_TYPE_NOT_SUPPORTED;
	r->body = body;
	/* No body at all is an empty object: which fields are missing says
	 * more than "not JSON". */
	json = length == 0 ? crm_json_parse(r->arena, "{}", 2, &why) :
	    crm_json_parse(r->arena, body, length, &why);
	if (json == NULL)
		return crm_problem_detail(r, CRM_NOT_UNDERSTOOD, "%s", why);
	if (crm_json_type(json) != CRM_JSON_OBJECT)
		return crm_problem_detail(r, CRM_NOT_UNDERSTOOD,
		    "The body must be a JSON object");
	if (r->route->input == NULL)
		return crm_json_count(json) == 0 ? CRM_OK :
		    crm_problem_detail(r, CRM_NOT_UNDERSTOOD,
		    "No body is expected");
	/* A PATCH says what changes: the rest may be absent. */
	r->input.partial = strcmp(r->method, "PATCH") == 0;
	return crm_input_body(&r->input, r->route->input, json) ? CRM_OK :
	    CRM_INVALID;
}

bool
crm_method_has_body(const char *method)
{
	return strcmp(method, "POST") == 0 || strcmp(method, "PUT") == 0 ||
	    strcmp(method, "PATCH") == 0;
}

enum crm_problem
crm_request_input(struct crm_request *r)
{
	const struct crm_route *route = r->route;
	enum crm_problem problem = CRM_OK;

	if (r->length_wrong)
		return crm_problem_detail(r, CRM_NOT_UNDERSTOOD,
		    "The Content-Length is not a number");
	if (r->length > body_most(route))
		return CRM_TOO_LARGE;
	if (route->if_match && crm_header(r, "If-Match") == NULL)
		return CRM_PRECONDITION_REQUIRED;
	if (crm_method_has_body(r->method))
		problem = take_body(r);
	else if (!crm_input_query(&r->input, route->input, r->query))
		problem = CRM_INVALID;
	if (crm_method_has_body(r->method) &&
	    !crm_input_query(&r->extra, route->query, r->query) &&
	    problem == CRM_OK)
		problem = CRM_INVALID;
	return problem;
}
