/* SPDX-License-Identifier: ISC */
/* A request as a handler sees it, and its answer. */
#ifndef CRM_REQUEST_H
#define CRM_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <crm/arena.h>
#include <crm/field.h>
#include <crm/problem.h>
#include <crm/route.h>
#include <crm/sql.h>

struct crm_request;

/* The request. */
struct crm_arena *crm_arena(struct crm_request *);
const char *crm_path(const struct crm_request *);
const char *crm_request_id(const struct crm_request *);
const char *crm_client_address(const struct crm_request *);
const char *crm_header(const struct crm_request *, const char *name);
const char *crm_cookie(const struct crm_request *, const char *name);

/* What the keys begin with that programs use as Bearer. */
#define CRM_API_KEY	"duka_"

/* Who asks: uuid of the account, or NULL; of a program that comes with a key
 * of a member of staff the database alone knows whose it is. */
const char *crm_account(const struct crm_request *);
const char *crm_session(const struct crm_request *);
bool crm_is_staff(const struct crm_request *);

/* The digest of the guest's token (cookie __Host-cart, header Duka-Cart), or
 * NULL.  A handler may make the caller a guest before its first query. */
const char *crm_guest(const struct crm_request *);
void crm_become_guest(struct crm_request *, const char *token);

/* The canonical text of an input; NULL when absent or null. */
const char *crm_input(const struct crm_request *, const char *name);
bool crm_given(const struct crm_request *, const char *name);
int64_t crm_input_integer(const struct crm_request *, const char *name);
bool crm_input_true(const struct crm_request *, const char *name);
const struct crm_json *crm_input_value(const struct crm_request *,
    const char *name);

/* Reads the next piece of a body that isn't JSON: bytes read, 0 at its end,
 * -1 if it broke off or is longer than allowed. */
long crm_body_read(struct crm_request *, char *, size_t);

/* What was wrong with the body (broken off, too large), if something was;
 * else `otherwise`. */
enum crm_problem crm_body_problem(struct crm_request *,
    enum crm_problem otherwise);

/* A value for the statements to come, by name; NULL is SQL's NULL.  The
 * text must live as long as the request. */
void crm_set(struct crm_request *, const char *name, const char *text);

/* The answer.  Bodies must live as long as the request. */
void crm_answer(struct crm_request *, const char *json);
void crm_answer_status(struct crm_request *, int status);
void crm_answer_as(struct crm_request *, const char *type, const void *,
    size_t);

/* From a row's columns: body (JSON), and where they are there, version
 * (becomes the ETag), location, status. */
void crm_answer_row(struct crm_request *, const struct crm_result *);

void crm_answer_header(struct crm_request *, const char *name,
    const char *value);

/* Sets a __Host- cookie (Secure, HttpOnly unless `readable`, Path=/,
 * SameSite=Lax) for `seconds`; 0 deletes it. */
void crm_answer_cookie(struct crm_request *, const char *name,
    const char *value, long seconds, bool readable);

/* Starts a streamed answer: after it, crm_stream() sends; a failure later
 * can only break the answer off, which the client sees. */
enum crm_problem crm_stream_begin(struct crm_request *, const char *type,
    const char *filename);
bool crm_stream(void *request, const char *, size_t);

/* A problem with words of our own; returns the problem given. */
enum crm_problem crm_problem_detail(struct crm_request *, enum crm_problem,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Adds a fault about a field and returns CRM_INVALID. */
enum crm_problem crm_fault(struct crm_request *, const char *field,
    const char *code, const char *message);

/* Counts `cost` against the limit NAME for `key`; CRM_TOO_MANY_REQUESTS if
 * it is used up.  See limit.h. */
enum crm_problem crm_count_against(struct crm_request *, const char *name,
    const char *key, int cost);

/* A setting's text by its key, or `fallback`.  Read at the first query, and
 * within a second of a change. */
const char *crm_setting(struct crm_request *, const char *key,
    const char *fallback);

#endif
