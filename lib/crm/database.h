/* SPDX-License-Identifier: ISC */
/*
 * The database for daemons and commands, outside requests.  Requests use
 * sql.h.
 */
#ifndef CRM_DATABASE_H
#define CRM_DATABASE_H

#include <stdbool.h>

#include <crm/arena.h>
#include <crm/problem.h>
#include <crm/sql.h>

struct crm_database;

/* A connection as `role` to the database that DUKA_DATABASE names; opened at
 * the first use and again whenever it broke.  Never NULL. */
struct crm_database *crm_database_new(const char *role);
void crm_database_free(struct crm_database *);

/* Runs one statement, in a transaction of its own unless one was begun.
 * Parameters follow as pairs of name and text (NULL text is SQL's NULL),
 * ended by NULL; one not named is NULL.  `result` may be NULL. */
enum crm_problem crm_database_query(struct crm_database *, struct crm_arena *,
    const struct crm_statement *, struct crm_result **result, ...)
    __attribute__((sentinel));

enum crm_problem crm_database_begin(struct crm_database *);
enum crm_problem crm_database_commit(struct crm_database *);
void crm_database_rollback(struct crm_database *);

/* COPY outside requests; see crm_copy_out() and crm_copy_in(). */
enum crm_problem crm_database_copy_out(struct crm_database *,
    const struct crm_statement *, bool (*take)(void *, const char *, size_t),
    void *);
enum crm_problem crm_database_copy_in(struct crm_database *,
    const struct crm_statement *, long (*give)(void *, char *, size_t),
    void *);

/* What the last failure said: our own words, or the server's message.  For
 * standard error and the log, never for a client. */
const char *crm_database_error(const struct crm_database *);

/* LISTENs on a channel (again after each reconnection). */
enum crm_problem crm_database_listen(struct crm_database *,
    const char *channel);

/* Waits up to `milliseconds` for a notification; true if one came.  Returns
 * early on a signal. */
bool crm_database_wait(struct crm_database *, int milliseconds);

#endif
