/* SPDX-License-Identifier: ISC */
/* What sql.c and sql_connection.c share.  Only they include this. */
#ifndef CRM_SQL_PRIVATE_H
#define CRM_SQL_PRIVATE_H

#include <libpq-fe.h>

#include "private.h"

#define PREPARED_MOST	1024

struct crm_result {
	PGresult	*rows;
};

struct crm_database {
	PGconn		*connection;
	unsigned	 dialled;	/* times; tells connections apart */
	const char	*role;
	const char	*channels[4];
	const char	*prepared[PREPARED_MOST];	/* hash set of names */
	int		 prepared_count;
	struct crm_arena *memory;	/* of the role and the like */
	struct crm_arena *failure;	/* of what the last failure said */
	const char	*error;
	const char	*words;		/* our own, fit for a client */
	const char	*data;
	char		 sqlstate[6];
	enum crm_problem problem;
};

/* Closes it; what was prepared on it is forgotten. */
void crm_sql_hang_up(struct crm_database *);

/* Dials, unless it stands. */
enum crm_problem crm_sql_connect(struct crm_database *);

/* A transaction that was lost with its connection must not go on, without
 * what it had done, on a new one: unavailable then. */
enum crm_problem crm_sql_stay(struct crm_database *);

void crm_sql_forget_failure(struct crm_database *);

/* The connection is lost: keeps the message, hangs up. */
enum crm_problem crm_sql_away(struct crm_database *, const char *message);

/* Keeps what a failed statement said: our own words (class UK) for the
 * client, the rest for the log. */
enum crm_problem crm_sql_keep_failure(struct crm_database *,
    const PGresult *);

#endif
