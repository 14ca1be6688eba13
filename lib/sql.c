/* SPDX-License-Identifier: ISC */
/*
 * PostgreSQL by libpq, in pipeline mode: a request's statements, BEGIN and
 * COMMIT among them, go out together and cost one round trip.
 */
#include <stdio.h>
#include <string.h>

#include "sql_private.h"

static const struct crm_statement begin_statement = {
	.name = "crm_begin", .sql = "begin",
	.parameters = (const char *const[]) { NULL }
};
static const struct crm_statement commit_statement = {
	.name = "crm_commit", .sql = "commit",
	.parameters = (const char *const[]) { NULL }
};

static const char **
prepared_slot(struct crm_database *db, const char *name)
{
	unsigned hash = 5381;
	const char *p;

	for (p = name; *p != '\0'; p++)
		hash = hash * 33 + (unsigned char)*p;
	for (hash %= PREPARED_MOST; db->prepared[hash] != NULL &&
	    strcmp(db->prepared[hash], name) != 0;
	    hash = (hash + 1) % PREPARED_MOST)
		;
	return &db->prepared[hash];
}

static int
parameter_count(const struct crm_statement *statement)
{
	int count = 0;

	while (statement->parameters[count] != NULL)
		count++;
	return count;
}

/* Queues a statement, and its preparation if this connection hasn't seen it
 * yet. */
static bool
queue(struct crm_database *db, const struct crm_statement *statement,
    const char *const *values, bool *prepares)
{
	*prepares = *prepared_slot(db, statement->name) == NULL;
	if (*prepares && !PQsendPrepare(db->connection, statement->name,
	    statement->sql, 0, NULL))
		return false;
	return PQsendQueryPrepared(db->connection, statement->name,
	    parameter_count(statement), values, NULL, NULL, 0) == 1;
}

/* The next result of the pipeline; the NULL that closes it is read too. */
static PGresult *
next_result(struct crm_database *db)
{
	PGresult *rows = PQgetResult(db->connection);

	if (rows != NULL && PQresultStatus(rows) != PGRES_PIPELINE_SYNC)
		PQclear(PQgetResult(db->connection));
	return rows;
}

static void
clear_rows(void *rows)
{
	PQclear(rows);
}

/* Takes one answer; failures are kept (the first one counts). */
static enum crm_problem
take(struct crm_database *db, struct crm_arena *arena,
    struct crm_result **result)
{
	PGresult *rows = next_result(db);
	enum crm_problem problem = CRM_OK;

	switch (PQresultStatus(rows)) {
	case PGRES_TUPLES_OK:
	case PGRES_COMMAND_OK:
		if (result != NULL) {
			*result = crm_alloc(arena, sizeof **result);
			(*result)->rows = rows;
			crm_arena_defer(arena, clear_rows, rows);
			return CRM_OK;
		}
		break;
	case PGRES_PIPELINE_ABORTED:
		problem = db->problem != CRM_OK ? db->problem : CRM_INTERNAL;
		break;
	default:
		if (db->problem == CRM_OK)
			crm_sql_keep_failure(db, rows);
		problem = db->problem;
	}
	PQclear(rows);
	return problem;
}

/* Takes what one queued statement answers. */
static enum crm_problem
take_step(struct crm_database *db, struct crm_arena *arena,
    const struct crm_statement *statement, bool prepares,
    struct crm_result **result)
{
	enum crm_problem prepared = CRM_OK, problem;

	if (prepares) {
		prepared = take(db, arena, NULL);
		if (prepared == CRM_OK &&
		    db->prepared_count < PREPARED_MOST - 1) {
			*prepared_slot(db, statement->name) = statement->name;
			db->prepared_count++;
		}
	}
	problem = take(db, arena, result);
	return prepared != CRM_OK ? prepared : problem;
}

/* The sync that closes a pipeline.  False if the connection is lost. */
static bool
take_sync(struct crm_database *db)
{
	PGresult *rows;
	bool synced;

	while ((rows = next_result(db)) != NULL) {
		synced = PQresultStatus(rows) == PGRES_PIPELINE_SYNC;
		PQclear(rows);
		if (synced)
			return true;
		if (PQstatus(db->connection) != CONNECTION_OK)
			return false;
	}
	return false;
}

/* COMMIT of a failed transaction says ROLLBACK and no error. */
static bool
says_commit(const PGresult *rows)
{
	return PQresultStatus(rows) == PGRES_COMMAND_OK &&
	    strcmp(PQcmdStatus((PGresult *)rows), "COMMIT") == 0;
}

/* The connection was lost before the pipeline's end.  What the server said it
 * had committed stands, whatever became of the connection after. */
static enum crm_problem
broke_off(struct crm_database *db, bool committed)
{
	enum crm_problem problem = crm_sql_away(db,
	    PQerrorMessage(db->connection));

	if (!committed)
		return problem;
	crm_sql_forget_failure(db);
	return CRM_OK;
}

static enum crm_problem
run_alone(struct crm_database *db, const char *command)
{
	PGresult *rows;
	enum crm_problem problem = CRM_OK;
	bool committed;

	if (PQsendQueryParams(db->connection, command, 0, NULL, NULL, NULL,
	    NULL, 0) != 1 || !PQpipelineSync(db->connection))
		return crm_sql_away(db, PQerrorMessage(db->connection));
	rows = next_result(db);
	if (PQresultStatus(rows) != PGRES_COMMAND_OK &&
	    PQresultStatus(rows) != PGRES_TUPLES_OK)
		problem = crm_sql_keep_failure(db, rows);
	committed = says_commit(rows);
	PQclear(rows);
	if (!take_sync(db))
		return broke_off(db, committed);
	return problem;
}

static void
roll_back_if_needed(struct crm_database *db)
{
	PGTransactionStatusType state;
	enum crm_problem problem = db->problem;

	if (db->connection == NULL)
		return;
	state = PQtransactionStatus(db->connection);
	if (state != PQTRANS_IDLE) {
		/* The failure to report is the one before. */
		db->problem = CRM_OK;
		if (PQsendQueryParams(db->connection, "rollback", 0, NULL,
		    NULL, NULL, NULL, 0) != 1 ||
		    !PQpipelineSync(db->connection)) {
			crm_sql_hang_up(db);
		} else {
			PQclear(next_result(db));
			if (!take_sync(db))
				crm_sql_hang_up(db);
		}
		db->problem = problem;
	}
}

#define STEPS_MOST	8

static bool
queue_all(struct crm_database *db, struct crm_step *steps, int count,
    int flags, bool prepares[STEPS_MOST + 2])
{
	int i, n = 0;

	if (flags & CRM_STEPS_BEGIN &&
	    !queue(db, &begin_statement, NULL, &prepares[n++]))
		return false;
	for (i = 0; i < count; i++)
		if (!queue(db, steps[i].statement, steps[i].values,
		    &prepares[n++]))
			return false;
	if (flags & CRM_STEPS_COMMIT &&
	    !queue(db, &commit_statement, NULL, &prepares[n++]))
		return false;
	return PQpipelineSync(db->connection) == 1;
}

static enum crm_problem
take_all(struct crm_database *db, struct crm_arena *arena,
    struct crm_step *steps, int count, int flags,
    const bool prepares[STEPS_MOST + 2])
{
	enum crm_problem first = CRM_OK, problem;
	struct crm_result *said;
	bool committed = false;
	int i, n = 0;

	if (flags & CRM_STEPS_BEGIN)
		first = take_step(db, arena, &begin_statement, prepares[n++],
		    NULL);
	for (i = 0; i < count; i++) {
		problem = take_step(db, arena, steps[i].statement,
		    prepares[n++], &steps[i].result);
		if (first == CRM_OK)
			first = problem;
	}
	if (flags & CRM_STEPS_COMMIT) {
		problem = take_step(db, arena, &commit_statement,
		    prepares[n++], &said);
		if (first == CRM_OK)
			first = problem;
		committed = first == CRM_OK && says_commit(said->rows);
	}
	if (!take_sync(db) || PQstatus(db->connection) != CONNECTION_OK)
		return broke_off(db, committed);
	return first;
}

enum crm_problem
crm_steps_run(struct crm_database *db, struct crm_arena *arena,
    struct crm_step *steps, int count, int flags)
{
	bool prepares[STEPS_MOST + 2];
	enum crm_problem problem;
	int attempt;

	crm_sql_forget_failure(db);
	for (attempt = 0;; attempt++) {
		problem = flags & CRM_STEPS_WITHIN ? crm_sql_stay(db) :
		    crm_sql_connect(db);
		if (problem != CRM_OK)
			return problem;
		if (!queue_all(db, steps, count, flags, prepares))
			problem = crm_sql_away(db,
			    PQerrorMessage(db->connection));
		else
			problem = take_all(db, arena, steps, count, flags,
			    prepares);
		/* What cannot have been committed may be asked once more on
		 * a new connection. */
		if (problem == CRM_OK || db->connection != NULL ||
		    attempt > 0 || !(flags & CRM_STEPS_SAFE))
			break;
		crm_sql_forget_failure(db);
	}
	if (problem != CRM_OK)
		roll_back_if_needed(db);
	return problem;
}

unsigned
crm_steps_send(struct crm_database *db, struct crm_step *steps, int count)
{
	bool prepares[STEPS_MOST + 2];
	int i;

	if (crm_sql_connect(db) != CRM_OK)
		return 0;
	/* Two that are to be prepared can't both be on their way. */
	for (i = 0; i < count; i++)
		if (*prepared_slot(db, steps[i].statement->name) == NULL)
			return 0;
	if (!queue_all(db, steps, count, 0, prepares)) {
		crm_sql_away(db, PQerrorMessage(db->connection));
		return 0;
	}
	return db->dialled;
}

enum crm_problem
crm_steps_take(struct crm_database *db, struct crm_arena *arena,
    struct crm_step *steps, int count, unsigned sent)
{
	static const bool prepares[STEPS_MOST + 2];

	crm_sql_forget_failure(db);
	if (db->connection == NULL || db->dialled != sent)
		return CRM_UNAVAILABLE;
	return take_all(db, arena, steps, count, 0, prepares);
}

bool
crm_database_in_transaction(const struct crm_database *db)
{
	return db->connection != NULL &&
	    PQtransactionStatus(db->connection) == PQTRANS_INTRANS;
}

int
crm_rows(const struct crm_result *result)
{
	return result != NULL ? PQntuples(result->rows) : 0;
}

const char *
crm_column(const struct crm_result *result, int row, const char *column)
{
	int number;

	if (result == NULL || row >= PQntuples(result->rows))
		return NULL;
	number = PQfnumber(result->rows, column);
	if (number < 0 || PQgetisnull(result->rows, row, number))
		return NULL;
	return PQgetvalue(result->rows, row, number);
}

unsigned *
crm_statement_types(struct crm_database *db, struct crm_arena *arena,
    const struct crm_statement *statement, int *count)
{
	PGresult *rows;
	unsigned *types = NULL;
	int i;

	crm_sql_forget_failure(db);
	*count = 0;
	if (crm_sql_connect(db) != CRM_OK)
		return NULL;
	PQexitPipelineMode(db->connection);
	rows = PQprepare(db->connection, "", statement->sql, 0, NULL);
	if (PQresultStatus(rows) == PGRES_COMMAND_OK) {
		PQclear(rows);
		rows = PQdescribePrepared(db->connection, "");
	}
	if (PQresultStatus(rows) == PGRES_COMMAND_OK) {
		*count = PQnparams(rows);
		types = crm_alloc(arena, sizeof *types * (size_t)(*count + 1));
		for (i = 0; i < *count; i++)
			types[i] = PQparamtype(rows, i);
	} else
		crm_sql_keep_failure(db, rows);
	PQclear(rows);
	PQenterPipelineMode(db->connection);
	return types;
}

/* COPY speaks the simple protocol: out of the pipeline for its time. */
static enum crm_problem
copy_start(struct crm_database *db, const struct crm_statement *statement,
    ExecStatusType wanted)
{
	PGresult *rows;
	enum crm_problem problem = CRM_OK;

	crm_sql_forget_failure(db);
	if (crm_sql_stay(db) != CRM_OK)
		return CRM_UNAVAILABLE;
	if (!PQexitPipelineMode(db->connection))
		return crm_sql_away(db, PQerrorMessage(db->connection));
	rows = PQexec(db->connection, statement->sql);
	if (PQresultStatus(rows) != wanted)
		problem = crm_sql_keep_failure(db, rows);
	PQclear(rows);
	if (problem != CRM_OK)
		PQenterPipelineMode(db->connection);
	return problem;
}

static enum crm_problem
copy_finish(struct crm_database *db)
{
	PGresult *rows;
	enum crm_problem problem = CRM_OK;

	while ((rows = PQgetResult(db->connection)) != NULL) {
		if (PQresultStatus(rows) != PGRES_COMMAND_OK &&
		    problem == CRM_OK)
			problem = crm_sql_keep_failure(db, rows);
		PQclear(rows);
	}
	if (PQstatus(db->connection) != CONNECTION_OK)
		return crm_sql_away(db, PQerrorMessage(db->connection));
	PQenterPipelineMode(db->connection);
	if (problem != CRM_OK)
		roll_back_if_needed(db);
	return problem;
}

enum crm_problem
crm_database_copy_out(struct crm_database *db,
    const struct crm_statement *statement,
    bool (*sink)(void *, const char *, size_t), void *sink_data)
{
	enum crm_problem problem;
	char *piece;
	int length;
	bool wanted = true;

	problem = copy_start(db, statement, PGRES_COPY_OUT);
	if (problem != CRM_OK) {
		roll_back_if_needed(db);
		return problem;
	}
	while ((length = PQgetCopyData(db->connection, &piece, 0)) > 0) {
		if (wanted)
			wanted = sink(sink_data, piece, (size_t)length);
		PQfreemem(piece);
	}
	return copy_finish(db);
}

enum crm_problem
crm_database_copy_in(struct crm_database *db,
    const struct crm_statement *statement,
    long (*source)(void *, char *, size_t), void *source_data)
{
	char piece[16384];
	enum crm_problem problem;
	long length;

	problem = copy_start(db, statement, PGRES_COPY_IN);
	if (problem != CRM_OK) {
		roll_back_if_needed(db);
		return problem;
	}
	while ((length = source(source_data, piece, sizeof piece)) > 0)
		if (PQputCopyData(db->connection, piece, (int)length) != 1)
			break;
	PQputCopyEnd(db->connection,
	    length == 0 ? NULL : "the input broke off");
	return copy_finish(db);
}

enum crm_problem
crm_database_begin(struct crm_database *db)
{
	crm_sql_forget_failure(db);
	if (crm_sql_connect(db) != CRM_OK)
		return CRM_UNAVAILABLE;
	return run_alone(db, "begin");
}

enum crm_problem
crm_database_commit(struct crm_database *db)
{
	enum crm_problem problem;

	if (db->connection == NULL)
		return crm_sql_away(db, "the connection was lost");
	if (PQtransactionStatus(db->connection) == PQTRANS_INERROR) {
		roll_back_if_needed(db);
		return CRM_INTERNAL;
	}
	problem = run_alone(db, "commit");
	if (problem != CRM_OK)
		roll_back_if_needed(db);
	return problem;
}

void
crm_database_rollback(struct crm_database *db)
{
	roll_back_if_needed(db);
}
