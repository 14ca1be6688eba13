/* SPDX-License-Identifier: ISC */
/* What libcrm's own files know of each other. */
#ifndef CRM_PRIVATE_H
#define CRM_PRIVATE_H

#ifdef HAVE_CONFIG_H
#include <config.h>
#endif

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <crm/crm.h>

/* How requests come and answers go; serve.c has one for FastCGI and one for
 * CGI. */
struct crm_transport {
	const char *(*parameter)(struct crm_transport *, const char *name);
	/* Bytes read, 0 at the end, -1 if there was none. */
	long	    (*read)(struct crm_transport *, char *, size_t);
	bool	    (*write)(struct crm_transport *, const char *, size_t);
	bool	      cgi;
	bool	      broken;	/* set: the connection must not be kept */
	bool	      failed;	/* set: the answer was a problem */
};

/* A named text for statements, or a header of the answer. */
struct crm_pair {
	const char	*name, *text;
	struct crm_pair	*next;
};

struct crm_request {
	struct crm_arena	*arena;
	struct crm_transport	*transport;
	const struct crm_area	*area;
	struct crm_database	*database;
	const struct crm_route	*route;

	const char	*method;	/* HEAD is GET with `head` set */
	bool		 head;
	const char	*path;		/* decoded, without closing slash */
	const char	*query;
	const char	*id;
	const char	*address;
	size_t		 length;	/* of the body, as announced */
	bool		 has_length, length_wrong;
	size_t		 read;		/* bytes of it read so far */
	bool		 cut;		/* it broke off */
	const char	*body;		/* JSON's text */

	enum crm_who	 who;		/* what was proven */
	const char	*permission;	/* to be checked in the database */
	const char	*account, *session, *guest;
	const char	*key;		/* digest of a program's, or NULL */

	struct crm_input parameters, input, extra;	/* path, main, query */
	struct crm_pair	*set;

	int		 status;
	const char	*type;
	const char	*answer;
	size_t		 answer_length;
	struct crm_pair	*headers, **last_header;
	const char	*etag;
	bool		 streaming, broken;

	enum crm_problem problem;	/* found before the route ran */
	int64_t		 start;
	struct crm_step	*sent;		/* on their way, to be taken */
	int		 sent_count;
	unsigned	 sent_on;

	const char	*detail;	/* our own words about a problem */
	const char	*data;		/* JSON object for the problem */
	struct crm_fault *faults;
	struct crm_limit_state limit;
	bool		 limited;

	bool		 begun;		/* a transaction stands */
	enum crm_problem lost;		/* it fell, for this reason */
	bool		 again;		/* lost to a deadlock or the like */
	const char	*notify;
};

/* request.c: answers one request. */
void crm_request_serve(struct crm_transport *, const struct crm_area *,
    struct crm_database *, struct crm_arena *);
/* The same in pieces, for several at once.  Reads it and sees who asks for
 * what; then the request, of the arena's memory, wants to be answered. */
struct crm_request *crm_request_open(struct crm_transport *,
    const struct crm_area *, struct crm_database *, struct crm_arena *);
/* Whether it is a safe one and nothing but a statement: such may be sent and
 * taken.  What was sent must be taken in the same order, with nothing else
 * asked of the database meanwhile.  `take` is true if the request is answered
 * by it; otherwise `answer` does, as if nothing had been sent. */
bool crm_request_reads(const struct crm_request *);
void crm_request_send(struct crm_request *);
bool crm_request_take(struct crm_request *);
/* Answers; the request and its memory are gone then. */
void crm_request_answer(struct crm_request *);
/* request_input.c: what it brings, as its route wants it. */
enum crm_problem crm_request_input(struct crm_request *);
bool crm_request_safe(const struct crm_request *);
bool crm_method_has_body(const char *method);
const struct crm_field *crm_path_field(const char *name);
char *crm_path_name(struct crm_arena *, const char *path, int n);

/* answer.c */
void crm_answer_problem(struct crm_request *, enum crm_problem);
void crm_answer_send(struct crm_request *);

/* identity.c: finds out who asks, from header or cookie. */
enum crm_problem crm_identify(struct crm_request *);

/* settings.c: the process's copy of the settings and keys. */
void crm_settings_refresh(struct crm_database *);
const char *crm_settings_get(const char *key);
int crm_keys(struct crm_database *, bool fresh, const struct crm_key **);
/* The table of limits in DUKA_RUN; false, and a line in the log, if it can't
 * be had: then nothing that is limited may be done. */
bool crm_settings_open_limits(struct crm_arena *);

/* metrics.c */
void crm_metrics_open(const char *area);
void crm_metrics_count(int status, int64_t nanoseconds);
void crm_metrics_print(struct crm_text *, const char *area);

/* health.c: the routes that every area has. */
const struct crm_route *crm_own_routes(const struct crm_area *);

/* contract.c */
void crm_contract_print(struct crm_text *, const struct crm_area *);
void crm_routes_print(struct crm_text *, const struct crm_area *);

/* check.c: statements against the schema, types against fields. */
int crm_check(const struct crm_area *, struct crm_database *);

/* sql.c */
struct crm_step {
	const struct crm_statement	*statement;
	const char			**values;
	struct crm_result		*result;
};

#define CRM_STEPS_BEGIN		1	/* BEGIN before */
#define CRM_STEPS_COMMIT	2	/* COMMIT after */
#define CRM_STEPS_SAFE		4	/* may be asked twice */
#define CRM_STEPS_WITHIN	8	/* of the transaction that stands */

/* Runs the steps (8 at most) as one pipeline.  Rolls back what failed. */
enum crm_problem crm_steps_run(struct crm_database *, struct crm_arena *,
    struct crm_step *, int count, int flags);
/* Sends them without waiting, as a transaction of its own: several such
 * cost one round trip.  0 if that can't be done now, else what `take`
 * wants to know. */
unsigned crm_steps_send(struct crm_database *, struct crm_step *, int count);
/* Takes what was sent first.  Unavailable if it was lost on its way. */
enum crm_problem crm_steps_take(struct crm_database *, struct crm_arena *,
    struct crm_step *, int count, unsigned sent);
bool crm_database_in_transaction(const struct crm_database *);

/* query.c */
enum crm_problem crm_query_only(struct crm_request *,
    const struct crm_statement *, struct crm_result **);
void crm_query_send(struct crm_request *, const struct crm_statement *);
enum crm_problem crm_query_take(struct crm_request *, struct crm_result **);
enum crm_problem crm_keep_begin(struct crm_request *, struct crm_result **);
enum crm_problem crm_keep_end(struct crm_request *);
enum crm_problem crm_transaction_begin(struct crm_request *);
enum crm_problem crm_transaction_end(struct crm_request *, bool commit);
const char *crm_parameter(struct crm_request *, const char *name, bool *known);
bool crm_database_retryable(const struct crm_database *);
const char *crm_database_words(const struct crm_database *);
const char *crm_database_data(const struct crm_database *);
void crm_database_idle(struct crm_database *);	/* gives it back */
unsigned *crm_statement_types(struct crm_database *, struct crm_arena *,
    const struct crm_statement *, int *count);

int64_t crm_now(void);		/* nanoseconds, steady, of the node */

#endif
