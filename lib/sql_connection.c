/* SPDX-License-Identifier: ISC */
/*
 * The connection to PostgreSQL: dialled when it is needed, given back,
 * watched, and what went wrong on it.
 */
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "sql_private.h"

struct crm_database *
crm_database_new(const char *role)
{
	struct crm_arena *memory = crm_arena_new(1 << 20);
	struct crm_database *db = crm_alloc(memory, sizeof *db);

	db->memory = memory;
	db->failure = crm_arena_new(1 << 20);
	db->role = crm_strdup(memory, role);
	return db;
}

void
crm_sql_hang_up(struct crm_database *db)
{
	if (db->connection != NULL)
		PQfinish(db->connection);
	db->connection = NULL;
	memset(db->prepared, 0, sizeof db->prepared);
	db->prepared_count = 0;
}

void
crm_database_free(struct crm_database *db)
{
	crm_sql_hang_up(db);
	crm_arena_free(db->failure);
	crm_arena_free(db->memory);
}

void
crm_database_idle(struct crm_database *db)
{
	crm_sql_hang_up(db);
}

const char *
crm_database_error(const struct crm_database *db)
{
	return db->error != NULL ? db->error : "no error";
}

const char *
crm_database_words(const struct crm_database *db)
{
	return db->words;
}

const char *
crm_database_data(const struct crm_database *db)
{
	return db->data;
}

/* Serialization failures and deadlocks: the same may be tried again. */
bool
crm_database_retryable(const struct crm_database *db)
{
	return strcmp(db->sqlstate, "40001") == 0 ||
	    strcmp(db->sqlstate, "40P01") == 0;
}

void
crm_sql_forget_failure(struct crm_database *db)
{
	if (db->problem == CRM_OK)
		return;
	crm_arena_reset(db->failure);
	db->error = db->words = db->data = NULL;
	db->sqlstate[0] = '\0';
	db->problem = CRM_OK;
}

enum crm_problem
crm_sql_away(struct crm_database *db, const char *message)
{
	crm_sql_forget_failure(db);
	db->problem = CRM_UNAVAILABLE;
	db->error = crm_strdup(db->failure, message);
	crm_log(CRM_LOG_ERROR, "database away", "error", db->error, NULL);
	crm_sql_hang_up(db);
	return CRM_UNAVAILABLE;
}

enum crm_problem
crm_sql_keep_failure(struct crm_database *db, const PGresult *rows)
{
	const char *state = PQresultErrorField(rows, PG_DIAG_SQLSTATE);
	const char *constraint =
	    PQresultErrorField(rows, PG_DIAG_CONSTRAINT_NAME);
	const char *message =
	    PQresultErrorField(rows, PG_DIAG_MESSAGE_PRIMARY);
	const char *hint = PQresultErrorField(rows, PG_DIAG_MESSAGE_HINT);

	crm_sql_forget_failure(db);
	if (state == NULL || strncmp(state, "08", 2) == 0 ||
	    strncmp(state, "57P", 3) == 0 || strncmp(state, "53", 2) == 0 ||
	    strcmp(state, "55P03") == 0)
		db->problem = CRM_UNAVAILABLE;
	else
		db->problem = crm_problem_of_sql(state, constraint);
	snprintf(db->sqlstate, sizeof db->sqlstate, "%s",
	    state != NULL ? state : "");
	db->error = crm_strdup(db->failure, message != NULL ? message :
	    PQresultErrorMessage(rows));
	if (strncmp(db->sqlstate, "UK", 2) == 0) {
		db->words = db->error;
		if (hint != NULL && hint[0] == '{')
			db->data = crm_strdup(db->failure, hint);
		return db->problem;
	}
	if (db->problem == CRM_INTERNAL || db->problem == CRM_UNAVAILABLE)
		crm_log(CRM_LOG_ERROR, "statement failed", "sqlstate",
		    db->sqlstate, "error", db->error, "constraint",
		    constraint, "context",
		    PQresultErrorField(rows, PG_DIAG_CONTEXT), NULL);
	else
		crm_log(CRM_LOG_INFO, "statement refused", "sqlstate",
		    db->sqlstate, "constraint", constraint, NULL);
	return db->problem;
}

static enum crm_problem
listen_to(struct crm_database *db, const char *channel)
{
	char *name = PQescapeIdentifier(db->connection, channel,
	    strlen(channel));
	char *command;
	PGresult *rows;
	bool good;

	if (name == NULL)
		return crm_sql_away(db, PQerrorMessage(db->connection));
	command = crm_format(db->failure, "listen %s", name);
	PQfreemem(name);
	rows = PQexec(db->connection, command);
	good = PQresultStatus(rows) == PGRES_COMMAND_OK;
	PQclear(rows);
	return good ? CRM_OK : crm_sql_away(db, PQerrorMessage(db->connection));
}

/* PostgreSQL's notices (a skipped "if exists") are nobody's business. */
static void
ignore_notice(void *unused, const PGresult *rows)
{
	(void)unused;
	(void)rows;
}

static enum crm_problem
dial(struct crm_database *db)
{
	const char *names[] = { "dbname", "user", "application_name",
	    "connect_timeout", "client_encoding", "gssencmode", NULL };
	const char *values[] = { crm_config("DUKA_DATABASE", "dbname=duka"),
	    db->role, db->role, "2", "UTF8", "disable", NULL };
	size_t i;

	db->dialled++;
	db->connection = PQconnectdbParams(names, values, 1);
	if (PQstatus(db->connection) != CONNECTION_OK)
		return crm_sql_away(db, PQerrorMessage(db->connection));
	PQsetNoticeReceiver(db->connection, ignore_notice, NULL);
	for (i = 0; i < sizeof db->channels / sizeof db->channels[0]; i++)
		if (db->channels[i] != NULL &&
		    listen_to(db, db->channels[i]) != CRM_OK)
			return CRM_UNAVAILABLE;
	if (!PQenterPipelineMode(db->connection))
		return crm_sql_away(db, PQerrorMessage(db->connection));
	return CRM_OK;
}

/* Whether the connection works, as far as can be seen without a round trip:
 * one that the server closed is readable to its end, behind the server's last
 * words. */
static bool
connected(struct crm_database *db)
{
	struct pollfd socket = { .events = POLLIN };

	if (db->connection == NULL)
		return false;
	socket.fd = PQsocket(db->connection);
	while (poll(&socket, 1, 0) > 0)
		if (!PQconsumeInput(db->connection) ||
		    PQstatus(db->connection) != CONNECTION_OK) {
			crm_sql_hang_up(db);
			return false;
		}
	return true;
}

enum crm_problem
crm_sql_connect(struct crm_database *db)
{
	return connected(db) ? CRM_OK : dial(db);
}

enum crm_problem
crm_sql_stay(struct crm_database *db)
{
	return connected(db) && crm_database_in_transaction(db) ? CRM_OK :
	    crm_sql_away(db, "the transaction was lost with its connection");
}

enum crm_problem
crm_database_listen(struct crm_database *db, const char *channel)
{
	size_t i;

	for (i = 0; i < sizeof db->channels / sizeof db->channels[0]; i++)
		if (db->channels[i] == NULL) {
			db->channels[i] = crm_strdup(db->memory, channel);
			crm_sql_hang_up(db);
			return crm_sql_connect(db);
		}
	return CRM_INTERNAL;
}

static bool
notified(struct crm_database *db)
{
	PGnotify *note;
	bool any = false;

	while ((note = PQnotifies(db->connection)) != NULL) {
		PQfreemem(note);
		any = true;
	}
	return any;
}

bool
crm_database_wait(struct crm_database *db, int milliseconds)
{
	struct pollfd socket = { .fd = -1, .events = POLLIN };

	if (crm_sql_connect(db) == CRM_OK) {
		if (notified(db))
			return true;
		socket.fd = PQsocket(db->connection);
	}
	if (poll(&socket, 1, milliseconds) <= 0 || db->connection == NULL)
		return false;
	if (!PQconsumeInput(db->connection)) {
		crm_sql_away(db, PQerrorMessage(db->connection));
		return false;
	}
	return notified(db);
}
