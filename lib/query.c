/* SPDX-License-Identifier: ISC */
/* A request's statements: their parameters, their transaction. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "crm.sql.h"
#include "private.h"

static const struct crm_pair *
pair_find(const struct crm_pair *pair, const char *name)
{
	while (pair != NULL && strcmp(pair->name, name) != 0)
		pair = pair->next;
	return pair;
}

static const struct crm_value *
input_find(const struct crm_request *r, const char *name)
{
	const struct crm_value *value;

	value = crm_input_find(&r->parameters, name);
	if (value == NULL)
		value = crm_input_find(&r->input, name);
	if (value == NULL)
		value = crm_input_find(&r->extra, name);
	return value;
}

/* The number in an If-Match of ours ("7"), or NULL. */
static const char *
version_meant(struct crm_request *r)
{
	const char *tag = crm_header(r, "If-Match");
	size_t length;

	if (tag == NULL || tag[0] != '"')
		return NULL;
	length = strspn(tag + 1, "0123456789");
	if (length == 0 || length > 9 || strcmp(tag + 1 + length, "\"") != 0)
		return NULL;
	return crm_strndup(r->arena, tag + 1, length);
}

static const char *
own_parameter(struct crm_request *r, const char *name, bool *known)
{
	*known = true;
	if (strcmp(name, "account") == 0)
		return r->account;
	if (strcmp(name, "session") == 0)
		return r->session;
	if (strcmp(name, "guest") == 0)
		return r->guest;
	if (strcmp(name, "address") == 0)
		return r->address;
	if (strcmp(name, "request_id") == 0)
		return r->id;
	if (strcmp(name, "if_match") == 0)
		return version_meant(r);
	if (strcmp(name, "input") == 0)
		return crm_input_json(&r->input);
	*known = false;
	return NULL;
}

/* What `name` stands for in a statement; `*known` false if nothing. */
const char *
crm_parameter(struct crm_request *r, const char *name, bool *known)
{
	const struct crm_pair *pair = pair_find(r->set, name);
	const struct crm_value *value;

	*known = true;
	if (pair != NULL)
		return pair->text;
	value = input_find(r, name);
	if (value != NULL)
		return value->text;
	if (strncmp(name, "has_", 4) == 0 &&
	    (value = input_find(r, name + 4)) != NULL)
		return value->given ? "true" : "false";
	return own_parameter(r, name, known);
}

static const char **
parameters(struct crm_request *r, const struct crm_statement *statement)
{
	const char **values;
	int count = 0, i;
	bool known;

	while (statement->parameters[count] != NULL)
		count++;
	values = crm_alloc(r->arena, sizeof *values * (size_t)(count + 1));
	for (i = 0; i < count; i++) {
		values[i] = crm_parameter(r, statement->parameters[i], &known);
		if (!known)
			crm_log(CRM_LOG_WARNING, "parameter unknown",
			    "statement", statement->name, "parameter",
			    statement->parameters[i], NULL);
	}
	return values;
}

static const char *
world(const struct crm_request *r)
{
	switch (r->who) {
	case CRM_WHO_CUSTOMER:
		return "customer";
	case CRM_WHO_STAFF:
		return r->key != NULL ? "key" : "staff";
	case CRM_WHO_LOCAL:
		return "system";
	default:
		return "guest";
	}
}

/* Nobody in particular has no identity to state: the settings of a new
 * transaction are empty, and row security fails closed. */
static bool
anonymous(const struct crm_request *r)
{
	return r->who == CRM_WHO_PUBLIC && r->guest == NULL;
}

static void
identity_step(struct crm_request *r, struct crm_step *step)
{
	const char **values = crm_alloc(r->arena, 8 * sizeof *values);

	values[0] = world(r);
	values[1] = r->account;
	values[2] = r->session;
	values[3] = r->key != NULL ? r->key : r->guest;
	values[4] = r->permission;
	values[5] = r->id;
	values[6] = r->address;
	step->statement = &crm_identity;
	step->values = values;
}

/* Facts that name a field are a fault of it. */
static bool
fault_of(struct crm_request *r, const char *words, const char *data)
{
	const struct crm_json *facts;
	const char *why, *field, *code;

	facts = crm_json_parse(r->arena, data, strlen(data), &why);
	if (facts == NULL || crm_json_type(facts) != CRM_JSON_OBJECT)
		return false;
	field = crm_json_text_of(facts, "field");
	if (field == NULL)
		return false;
	code = crm_json_text_of(facts, "code");
	crm_fault(r, crm_strdup(r->arena, field), code != NULL ?
	    crm_strdup(r->arena, code) : "value",
	    crm_strdup(r->arena, words));
	return true;
}

/* Keeps for the answer what the database said. */
static enum crm_problem
failed(struct crm_request *r, enum crm_problem problem)
{
	const char *words = crm_database_words(r->database);
	const char *data = crm_database_data(r->database);

	/* A handler that doesn't look must not go on in a new transaction,
	 * without what it did in this one. */
	if (r->begun || !crm_request_safe(r))
		r->lost = problem;
	r->begun = false;
	r->again = crm_database_retryable(r->database);
	if (words != NULL)
		r->detail = crm_strdup(r->arena, words);
	if (data != NULL && !(problem == CRM_INVALID && words != NULL &&
	    fault_of(r, words, data)))
		r->data = crm_strdup(r->arena, data);
	return problem;
}

/* Runs one statement with what must surround it: at the beginning of a
 * transaction BEGIN and who asks; COMMIT if it is the only one. */
static enum crm_problem
run(struct crm_request *r, const struct crm_statement *statement,
    const char **values, struct crm_result **result, bool only)
{
	struct crm_step steps[2] = { { 0 } };
	enum crm_problem problem;
	bool safe = crm_request_safe(r);
	int n = 0, flags = 0;

	if (r->lost != CRM_OK)
		return r->lost;
	if (!r->begun) {
		if (!anonymous(r))
			identity_step(r, &steps[n++]);
		if (!safe)
			flags = CRM_STEPS_BEGIN |
			    (only ? CRM_STEPS_COMMIT : CRM_STEPS_SAFE);
		else
			flags = CRM_STEPS_SAFE;
	} else
		flags = CRM_STEPS_WITHIN;
	steps[n].statement = statement;
	steps[n].values = values;
	problem = crm_steps_run(r->database, r->arena, steps, n + 1, flags);
	if (problem != CRM_OK)
		return failed(r, problem);
	r->begun = r->begun || (!safe && !only);
	if (result != NULL)
		*result = steps[n].result;
	return CRM_OK;
}

enum crm_problem
crm_query(struct crm_request *r, const struct crm_statement *statement,
    struct crm_result **result)
{
	return run(r, statement, parameters(r, statement), result, false);
}

enum crm_problem
crm_query_one(struct crm_request *r, const struct crm_statement *statement,
    struct crm_result **result)
{
	enum crm_problem problem = crm_query(r, statement, result);

	if (problem == CRM_OK && crm_rows(*result) == 0)
		return CRM_NOT_FOUND;
	return problem;
}

enum crm_problem
crm_answer_one(struct crm_request *r, const struct crm_statement *statement)
{
	struct crm_result *rows;
	enum crm_problem problem = crm_query_one(r, statement, &rows);

	if (problem == CRM_OK)
		crm_answer_row(r, rows);
	return problem;
}

enum crm_problem
crm_execute(struct crm_request *r, const struct crm_statement *statement)
{
	return crm_query(r, statement, NULL);
}

/* A route's only statement: the whole transaction in one round trip. */
enum crm_problem
crm_query_only(struct crm_request *r, const struct crm_statement *statement,
    struct crm_result **result)
{
	return run(r, statement, parameters(r, statement), result,
	    !r->begun);
}

void
crm_query_send(struct crm_request *r, const struct crm_statement *statement)
{
	r->sent = crm_alloc(r->arena, 2 * sizeof *r->sent);
	r->sent_count = 0;
	if (!anonymous(r))
		identity_step(r, &r->sent[r->sent_count++]);
	r->sent[r->sent_count].statement = statement;
	r->sent[r->sent_count++].values = parameters(r, statement);
	r->sent_on = crm_steps_send(r->database, r->sent, r->sent_count);
}

enum crm_problem
crm_query_take(struct crm_request *r, struct crm_result **result)
{
	enum crm_problem problem;

	problem = crm_steps_take(r->database, r->arena, r->sent,
	    r->sent_count, r->sent_on);
	if (problem != CRM_OK)
		return failed(r, problem);
	*result = r->sent[r->sent_count - 1].result;
	return CRM_OK;
}

/* Begins the transaction and says who asks, if that wasn't done yet. */
enum crm_problem
crm_transaction_begin(struct crm_request *r)
{
	struct crm_step step = { 0 };
	enum crm_problem problem;

	if (r->begun || r->lost != CRM_OK)
		return r->lost;
	identity_step(r, &step);
	problem = crm_steps_run(r->database, r->arena, &step, 1,
	    CRM_STEPS_BEGIN | CRM_STEPS_SAFE);
	if (problem != CRM_OK)
		return failed(r, problem);
	r->begun = true;
	return CRM_OK;
}

enum crm_problem
crm_begin(struct crm_request *r)
{
	return crm_transaction_begin(r);
}

enum crm_problem
crm_copy_out(struct crm_request *r, const struct crm_statement *statement,
    bool (*sink)(void *, const char *, size_t), void *data)
{
	enum crm_problem problem = crm_transaction_begin(r);

	if (problem == CRM_OK)
		problem = crm_database_copy_out(r->database, statement, sink,
		    data);
	return problem != CRM_OK ? failed(r, problem) : CRM_OK;
}

enum crm_problem
crm_copy_in(struct crm_request *r, const struct crm_statement *statement,
    long (*source)(void *, char *, size_t), void *data)
{
	enum crm_problem problem = crm_transaction_begin(r);

	if (problem == CRM_OK)
		problem = crm_database_copy_in(r->database, statement, source,
		    data);
	if (problem == CRM_OK)
		return CRM_OK;
	/* The database says only that it was told to stop. */
	return crm_body_problem(r, failed(r, problem));
}

static void
wake_step(struct crm_request *r, struct crm_step *step)
{
	const char **values = crm_alloc(r->arena, 2 * sizeof *values);

	values[0] = r->notify;
	step->statement = &crm_wake;
	step->values = values;
}

/* Commits or rolls back what stands; a wake-up follows the commit in the
 * same round trip, as a transaction of its own. */
enum crm_problem
crm_transaction_end(struct crm_request *r, bool commit)
{
	struct crm_step steps[2] = { { 0 } };
	enum crm_problem problem;
	int n = 0, flags = 0;

	if (!r->begun) {
		if (!commit || r->lost != CRM_OK || r->notify == NULL)
			return r->lost;
	} else if (!commit) {
		r->begun = false;
		crm_database_rollback(r->database);
		return CRM_OK;
	} else {
		steps[n++].statement = &crm_commit_now;
		flags = CRM_STEPS_WITHIN;
	}
	if (r->notify != NULL)
		wake_step(r, &steps[n++]);
	problem = crm_steps_run(r->database, r->arena, steps, n, flags);
	r->begun = false;
	r->notify = NULL;
	/* The commit stood if its own answer came: a lost wake-up costs only
	 * the courier's next look. */
	if (problem != CRM_OK && (steps[0].result == NULL ||
	    steps[0].statement != &crm_commit_now))
		return steps[0].statement == &crm_commit_now ?
		    failed(r, problem) : CRM_OK;
	return CRM_OK;
}

enum crm_problem
crm_commit(struct crm_request *r)
{
	return crm_transaction_end(r, true);
}

void
crm_notify(struct crm_request *r, const char *channel)
{
	r->notify = channel;
}

enum crm_problem
crm_keep_begin(struct crm_request *r, struct crm_result **kept)
{
	return run(r, &crm_keep_take,
	    parameters(r, &crm_keep_take), kept, false);
}

enum crm_problem
crm_keep_end(struct crm_request *r)
{
	return run(r, &crm_keep_store,
	    parameters(r, &crm_keep_store), NULL, false);
}

int64_t
crm_column_integer(const struct crm_result *result, int row,
    const char *column)
{
	const char *text = crm_column(result, row, column);

	return text != NULL ? strtoll(text, NULL, 10) : 0;
}

bool
crm_column_true(const struct crm_result *result, int row, const char *column)
{
	const char *text = crm_column(result, row, column);

	return text != NULL && text[0] == 't';
}

/* Values by pairs of name and text, for daemons and commands. */
static const char **
paired_values(struct crm_arena *arena, const struct crm_statement *statement,
    va_list pairs)
{
	const char **values, *name, *text;
	int count = 0, i;

	while (statement->parameters[count] != NULL)
		count++;
	values = crm_alloc(arena, sizeof *values * (size_t)(count + 1));
	while ((name = va_arg(pairs, const char *)) != NULL) {
		text = va_arg(pairs, const char *);
		for (i = 0; i < count; i++)
			if (strcmp(statement->parameters[i], name) == 0)
				values[i] = text;
	}
	return values;
}

enum crm_problem
crm_database_query(struct crm_database *db, struct crm_arena *arena,
    const struct crm_statement *statement, struct crm_result **result, ...)
{
	struct crm_step step = { .statement = statement };
	enum crm_problem problem;
	va_list pairs;

	va_start(pairs, result);
	step.values = paired_values(arena, statement, pairs);
	va_end(pairs);
	problem = crm_steps_run(db, arena, &step, 1,
	    crm_database_in_transaction(db) ? CRM_STEPS_WITHIN :
	    CRM_STEPS_BEGIN | CRM_STEPS_COMMIT);
	if (problem == CRM_OK && result != NULL)
		*result = step.result;
	return problem;
}
