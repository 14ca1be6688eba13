/* SPDX-License-Identifier: ISC */
/*
 * The database.  Statements are written in sql/queries/AREA.sql, turned into
 * tables by the build, prepared by name when first used, and run in the
 * request's transaction.  Only sql.c includes libpq.
 */
#ifndef CRM_SQL_H
#define CRM_SQL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <crm/problem.h>

struct crm_request;
struct crm_result;

struct crm_statement {
	const char		*name;
	const char		*sql;		/* with $1, $2, ... */
	const char *const	*parameters;	/* their names, NULL ends */
	bool			 copy;		/* "-- copy: NAME" */
};

/*
 * Runs a statement with its parameters taken by name from, in this order:
 * crm_set(), the checked input, and the request itself:
 *	:account :session :guest :address :request_id :if_match
 *	:input (whole checked input as JSON) :has_NAME (NAME was given)
 * The first query of a request also begins the transaction and says who is
 * asking, in the same round trip.  On failure the problem is returned, with
 * detail kept for the answer, and the transaction is lost: further queries
 * are not run, nothing is written, and the problem is the answer.
 */
enum crm_problem crm_query(struct crm_request *, const struct crm_statement *,
    struct crm_result **);

/* As crm_query(), but no row is CRM_NOT_FOUND. */
enum crm_problem crm_query_one(struct crm_request *,
    const struct crm_statement *, struct crm_result **);

/* Answers with its one row (crm_answer_row()); no row is CRM_NOT_FOUND. */
enum crm_problem crm_answer_one(struct crm_request *,
    const struct crm_statement *);

/* Runs it and forgets the rows. */
enum crm_problem crm_execute(struct crm_request *,
    const struct crm_statement *);

int crm_rows(const struct crm_result *);

/* NULL for SQL's NULL, and for a column that isn't there. */
const char *crm_column(const struct crm_result *, int row, const char *column);
int64_t crm_column_integer(const struct crm_result *, int row,
    const char *column);
bool crm_column_true(const struct crm_result *, int row, const char *column);

/* COPY ... TO STDOUT: each piece goes to `take`, which may answer false to
 * stop.  COPY ... FROM STDIN: `give` fills up to `size` bytes, 0 at the end,
 * -1 to give up. */
enum crm_problem crm_copy_out(struct crm_request *,
    const struct crm_statement *, bool (*take)(void *, const char *, size_t),
    void *);
enum crm_problem crm_copy_in(struct crm_request *,
    const struct crm_statement *, long (*give)(void *, char *, size_t),
    void *);

/* Begins the transaction of a safe request, which has none by itself: for a
 * handler whose statements belong together. */
enum crm_problem crm_begin(struct crm_request *);

/* Ends the transaction before the request does: for a handler that must
 * know that its writes stand (and then go on in a new one), or that keeps
 * what it wrote although it refuses (a failed login). */
enum crm_problem crm_commit(struct crm_request *);

/* Sends NOTIFY on `channel` after the commit, as a statement of its own. */
void crm_notify(struct crm_request *, const char *channel);

#endif
