/* SPDX-License-Identifier: ISC */
/*
 * The life of a request: route, identity, limits, input, transaction,
 * answer, one line in the log.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "private.h"

#define PARAMETERS_MOST	8
#define ATTEMPTS	4

/* Path parameters by their names: ids are UUIDs, the rest is text. */
static const struct crm_field uuid_field = { .type = CRM_UUID };
static const struct crm_field text_field = {
	.type = CRM_TEXT, .min = 1, .max = 200
};

const struct crm_field *
crm_path_field(const char *name)
{
	size_t length = strlen(name);

	if (strcmp(name, "id") == 0 ||
	    (length > 3 && strcmp(name + length - 3, "_id") == 0))
		return &uuid_field;
	return &text_field;
}

/* The name in the n-th {} of a path. */
char *
crm_path_name(struct crm_arena *arena, const char *path, int n)
{
	const char *start = path;

	for (;;) {
		start = strchr(start, '{');
		if (start == NULL)
			return NULL;
		start++;
		if (n-- == 0)
			return crm_strndup(arena, start, strcspn(start, "}"));
	}
}

static bool
take_parameters(struct crm_request *r, const struct crm_route *route,
    const char **starts, const size_t *lengths, int most)
{
	struct crm_field *field;
	const char *name;
	int i;

	for (i = 0; i < most; i++) {
		name = crm_path_name(r->arena, route->path, i);
		if (name == NULL)
			break;
		field = crm_alloc(r->arena, sizeof *field);
		*field = *crm_path_field(name);
		field->name = name;
		if (!crm_input_text(&r->parameters, field,
		    crm_strndup(r->arena, starts[i], lengths[i])))
			return false;
	}
	return true;
}

/* Of two paths that fit, the one with a name where the other has a
 * parameter is meant. */
static bool
closer(const struct crm_route *one, const struct crm_route *other)
{
	const char *a = one->path, *b = other->path;

	while (*a != '\0' && *a == *b) {
		a++;
		b++;
	}
	return *a != '{' && *b == '{';
}

static bool
is_method(const struct crm_request *r, const struct crm_route *route)
{
	return strcmp(route->method, r->method) == 0;
}

struct search {
	const struct crm_route *best;
	const char *starts[PARAMETERS_MOST];
	size_t lengths[PARAMETERS_MOST];
	struct crm_text allow;
};

static void
search_table(struct crm_request *r, const struct crm_route *table,
    struct search *search)
{
	const char *starts[PARAMETERS_MOST];
	size_t lengths[PARAMETERS_MOST];
	const struct crm_route *route;

	for (route = table; route != NULL && route->method != NULL; route++) {
		if (!crm_route_match(route, r->path, starts, lengths,
		    PARAMETERS_MOST))
			continue;
		if (strstr(search->allow.data, route->method) == NULL)
			crm_text_printf(&search->allow, "%s%s",
			    search->allow.length > 0 ? ", " : "",
			    route->method);
		if (!is_method(r, route) || (search->best != NULL &&
		    !closer(route, search->best)))
			continue;
		search->best = route;
		memcpy(search->starts, starts, sizeof starts);
		memcpy(search->lengths, lengths, sizeof lengths);
	}
}

static enum crm_problem
find_route(struct crm_request *r)
{
	struct search search = { 0 };

	crm_text_init(&search.allow, r->arena);
	search_table(r, r->area->routes, &search);
	search_table(r, crm_own_routes(r->area), &search);
	if (search.best == NULL && search.allow.length == 0)
		return CRM_NOT_FOUND;
	if (search.best == NULL) {
		crm_answer_header(r, "Allow", search.allow.data);
		return CRM_METHOD_NOT_ALLOWED;
	}
	r->route = search.best;
	if (!take_parameters(r, search.best, search.starts, search.lengths,
	    PARAMETERS_MOST))
		return CRM_NOT_FOUND;
	return CRM_OK;
}

/* What stands for a known caller: the account, or a program's key. */
static const char *
caller(const struct crm_request *r)
{
	return r->account != NULL ? r->account : r->key;
}

/* The class of limit that the caller falls under. */
static enum crm_problem
count_limits(struct crm_request *r)
{
	enum crm_problem problem;
	enum crm_who who = r->route->access.who;

	if (who == CRM_WHO_LOCAL || r->who == CRM_WHO_LOCAL)
		return CRM_OK;
	if (caller(r) != NULL)
		problem = crm_count_against(r, r->who == CRM_WHO_STAFF ?
		    "staff" : "customer", caller(r), 1);
	else
		problem = crm_count_against(r, who == CRM_WHO_PUBLIC ||
		    who == CRM_WHO_SHOPPER ? "public" : "anonymous",
		    r->address, 1);
	if (problem == CRM_OK && r->route->limit != NULL)
		problem = crm_count_against(r, r->route->limit,
		    caller(r) != NULL ? caller(r) : r->address, 1);
	return problem;
}

/* If-Match that can match nothing of ours must not pass as "any". */
static enum crm_problem
check_if_match(struct crm_request *r)
{
	const char *tag = crm_header(r, "If-Match");
	bool known;

	if (tag == NULL || strcmp(tag, "*") == 0)
		return CRM_OK;
	return crm_parameter(r, "if_match", &known) != NULL ? CRM_OK :
	    CRM_CHANGED_MEANWHILE;
}

static enum crm_problem
answer_rows(struct crm_request *r, const struct crm_result *rows)
{
	if (crm_rows(rows) == 0)
		return CRM_NOT_FOUND;
	crm_answer_row(r, rows);
	return CRM_OK;
}

static enum crm_problem
run_statement(struct crm_request *r)
{
	struct crm_result *rows;
	enum crm_problem problem;

	problem = crm_query_only(r, r->route->statement, &rows);
	return problem == CRM_OK ? answer_rows(r, rows) : problem;
}

static enum crm_problem
run_route(struct crm_request *r)
{
	return r->route->handler != NULL ? r->route->handler(r) :
	    run_statement(r);
}

/* With a key: the same request again gets the answer kept from the first
 * time; a new one keeps its answer in its own transaction. */
static enum crm_problem
run_kept(struct crm_request *r, const char *key)
{
	struct crm_result *kept;
	enum crm_problem problem;

	if (strlen(key) > 200 || !crm_utf8_valid(key, strlen(key)))
		return crm_problem_detail(r, CRM_NOT_UNDERSTOOD,
		    "An Idempotency-Key has 1 to 200 characters");
	crm_set(r, "owner", caller(r) != NULL ? caller(r) :
	    r->guest != NULL ? r->guest : r->address);
	crm_set(r, "key", key);
	crm_set(r, "route", crm_format(r->arena, "%s %s", r->method, r->path));
	crm_set(r, "digest", crm_digest(r->arena, r->body != NULL ? r->body :
	    "", r->body != NULL ? strlen(r->body) : 0));
	problem = crm_keep_begin(r, &kept);
	if (problem != CRM_OK)
		return problem;
	if (crm_rows(kept) > 0) {
		crm_answer_status(r, (int)crm_column_integer(kept, 0,
		    "status"));
		crm_answer(r, crm_column(kept, 0, "body"));
		crm_answer_header(r, "Idempotent-Replayed", "true");
		return CRM_OK;
	}
	problem = run_route(r);
	if (problem != CRM_OK)
		return problem;
	crm_set(r, "status", crm_format(r->arena, "%d", r->status));
	crm_set(r, "body", r->answer);
	return crm_keep_end(r);
}

static void
forget_answer(struct crm_request *r)
{
	r->set = NULL;
	r->answer = NULL;
	r->answer_length = 0;
	r->etag = NULL;
	r->headers = NULL;
	r->last_header = &r->headers;
	r->detail = r->data = NULL;
	r->faults = NULL;
	r->notify = NULL;
	r->again = false;
	r->lost = CRM_OK;
	r->status = r->route->status != 0 ? r->route->status : 200;
}

static enum crm_problem
attempt(struct crm_request *r)
{
	const char *key = crm_header(r, "Idempotency-Key");
	enum crm_problem problem;

	forget_answer(r);
	problem = check_if_match(r);
	if (problem == CRM_OK)
		problem = r->route->idempotent && key != NULL ?
		    run_kept(r, key) : run_route(r);
	/* What the problem says comes first; a failed rollback changes
	 * nothing of it. */
	if (problem != CRM_OK)
		crm_transaction_end(r, false);
	else
		problem = crm_transaction_end(r, true);
	if (problem != CRM_OK) {
		/* What was to be said of writes that don't stand (Location, a
		 * cookie) isn't said. */
		r->headers = NULL;
		r->last_header = &r->headers;
	}
	return problem;
}

/* What must be so before the route runs. */
static enum crm_problem
admit(struct crm_request *r)
{
	enum crm_problem problem, counted;

	if (r->path == NULL)
		return CRM_NOT_UNDERSTOOD;
	problem = find_route(r);
	if (problem == CRM_OK)
		problem = crm_identify(r);
	if (problem != CRM_OK && problem != CRM_UNAUTHENTICATED)
		return problem;
	/* Those who failed to say who they are count too. */
	counted = count_limits(r);
	if (counted != CRM_OK)
		return counted;
	return problem == CRM_OK ? crm_request_input(r) : problem;
}

static enum crm_problem
run(struct crm_request *r)
{
	enum crm_problem problem;
	int attempts = 0;

	do {
		problem = attempt(r);
	} while (problem != CRM_OK && r->again && r->route->type == NULL &&
	    !r->streaming && ++attempts < ATTEMPTS);
	if (problem != CRM_OK && r->again)
		problem = CRM_UNAVAILABLE;
	return problem;
}

static const char *
parameter(struct crm_request *r, const char *name, const char *fallback)
{
	const char *text = r->transport->parameter(r->transport, name);

	return text != NULL && text[0] != '\0' ? text : fallback;
}

static const char *
path_of(struct crm_request *r)
{
	const char *uri = parameter(r, "REQUEST_URI", NULL);
	size_t length;
	char *path;

	if (uri == NULL)
		uri = parameter(r, "PATH_INFO", "/");
	length = strcspn(uri, "?");
	while (length > 1 && uri[length - 1] == '/')
		length--;
	path = crm_strndup(r->arena, uri, length);
	/* A slash that was encoded parts nothing: no route has such a path. */
	if (strcasestr(path, "%2f") != NULL)
		return "";
	return crm_percent_decode(r->arena, path, length, false);
}

/* Digits and nothing else; what is too long for a number is too large. */
static void
take_length(struct crm_request *r)
{
	const char *length = parameter(r, "CONTENT_LENGTH", NULL);

	if (length == NULL)
		return;
	r->has_length = true;
	r->length_wrong = length[strspn(length, "0123456789")] != '\0';
	r->length = r->length_wrong ? 0 : strtoul(length, NULL, 10);
}

static void
begin(struct crm_request *r)
{
	r->status = 200;
	r->last_header = &r->headers;
	r->method = parameter(r, "REQUEST_METHOD", "GET");
	r->head = strcmp(r->method, "HEAD") == 0;
	if (r->head)
		r->method = "GET";
	r->query = parameter(r, "QUERY_STRING", "");
	r->address = parameter(r, "REMOTE_ADDR", "");
	r->id = parameter(r, "REQUEST_ID", NULL);
	if (r->id == NULL || strlen(r->id) > 64)
		r->id = crm_uuid(r->arena);
	take_length(r);
	r->path = path_of(r);
	crm_input_init(&r->parameters, r->arena);
	crm_input_init(&r->input, r->arena);
	crm_input_init(&r->extra, r->arena);
}

static const char *
who_said(const struct crm_request *r)
{
	if (r->account != NULL)
		return crm_format(r->arena, "%s:%s",
		    r->who == CRM_WHO_STAFF ? "staff" : "customer",
		    r->account);
	if (r->key != NULL)
		return crm_format(r->arena, "key:%.12s", r->key);
	if (r->who == CRM_WHO_LOCAL)
		return "system";
	return r->guest != NULL ? "guest" : "anonymous";
}

static void
write_line(struct crm_request *r, int64_t nanoseconds)
{
	char milliseconds[32], status[16];

	snprintf(milliseconds, sizeof milliseconds, "%lld.%03lld",
	    (long long)(nanoseconds / 1000000),
	    (long long)(nanoseconds / 1000 % 1000));
	snprintf(status, sizeof status, "%d", r->status);
	crm_log(r->status >= 500 ? CRM_LOG_ERROR : CRM_LOG_INFO, "request",
	    "id", r->id, "method", r->method, "route",
	    r->route != NULL ? r->route->path : "-", "who", who_said(r),
	    "address", r->address, "status", status, "ms", milliseconds,
	    NULL);
}

/* Says how it ended, to the client and in the log. */
static void
conclude(struct crm_request *r, enum crm_problem problem)
{
	if (r->streaming) {
		if (problem != CRM_OK)
			r->broken = true;
	} else {
		if (problem != CRM_OK)
			crm_answer_problem(r, problem);
		crm_answer_send(r);
	}
	crm_metrics_count(r->status, crm_now() - r->start);
	write_line(r, crm_now() - r->start);
	r->transport->broken = r->broken;
	r->transport->failed = r->status >= 400;
	crm_arena_reset(r->arena);
}

struct crm_request *
crm_request_open(struct crm_transport *transport,
    const struct crm_area *area, struct crm_database *database,
    struct crm_arena *arena)
{
	struct crm_request *r = crm_alloc(arena, sizeof *r);

	r->start = crm_now();
	r->arena = arena;
	r->transport = transport;
	r->area = area;
	r->database = database;
	begin(r);
	r->problem = admit(r);
	return r;
}

bool
crm_request_reads(const struct crm_request *r)
{
	return r->problem == CRM_OK && r->route->statement != NULL &&
	    crm_request_safe(r) && !r->route->idempotent;
}

void
crm_request_send(struct crm_request *r)
{
	forget_answer(r);
	if (check_if_match(r) == CRM_OK)
		crm_query_send(r, r->route->statement);
}

bool
crm_request_take(struct crm_request *r)
{
	struct crm_result *rows;
	enum crm_problem problem;

	if (r->sent_on == 0)
		return false;
	problem = crm_query_take(r, &rows);
	if (problem == CRM_OK)
		problem = answer_rows(r, rows);
	else if (problem == CRM_UNAVAILABLE || r->again)
		return false;
	conclude(r, problem);
	return true;
}

void
crm_request_answer(struct crm_request *r)
{
	conclude(r, r->problem == CRM_OK ? run(r) : r->problem);
}

void
crm_request_serve(struct crm_transport *transport,
    const struct crm_area *area, struct crm_database *database,
    struct crm_arena *arena)
{
	crm_request_answer(crm_request_open(transport, area, database,
	    arena));
}
