/* SPDX-License-Identifier: ISC */
/* courier: what the outbox holds is brought to the relay, and pictures to a
 * store, if there is one. */

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "courier.h"
#include "courier.sql.h"

#define MEMORY		(64u << 20)
#define LEASE		"180"		/* seconds: a minute to send, one to
					   tell, one to spare */
#define POLL_LEAST	100		/* milliseconds */
#define POLL_MOST	30000
#define AWAY_PAUSE	2		/* seconds */
#define TELL_ATTEMPTS	30
#define QUEUE_MOST	"1000"

struct tally {
	int	sent, later, dead;
};

static volatile sig_atomic_t ending;

/* The alarm comes back until the end is seen: a signal that arrives just
 * before a wait would leave it waiting. */
static void
end(int signal)
{
	(void)signal;
	ending = 1;
	alarm(1);
}

static void
rest(int seconds)
{
	struct timespec pause = { .tv_sec = seconds };

	nanosleep(&pause, NULL);
}

/* Tells the outbox how it went.  A mail that is sent and not said to be is
 * sent again, so this isn't given up easily. */
static const char *
tell(struct crm_database *db, struct crm_arena *arena, const char *id,
    const char *tries, enum crm_mail_result result, const char *why)
{
	enum crm_problem problem = CRM_UNAVAILABLE;
	struct crm_result *rows = NULL;
	int attempt;

	for (attempt = 0; problem == CRM_UNAVAILABLE &&
	    attempt < TELL_ATTEMPTS; attempt++) {
		if (attempt > 0)
			rest(AWAY_PAUSE);
		if (result == CRM_MAIL_SENT)
			problem = crm_database_query(db, arena, &courier_sent,
			    NULL, "id", id, NULL);
		else
			problem = crm_database_query(db, arena,
			    &courier_failed, &rows, "id", id, "tries", tries,
			    "error", why, "for_good",
			    result == CRM_MAIL_NEVER ? "true" : "false",
			    NULL);
	}
	if (problem != CRM_OK)
		crm_log(CRM_LOG_ERROR, "outcome not kept", "mail", id,
		    "error", crm_database_error(db), NULL);
	return result == CRM_MAIL_SENT ? "sent" :
	    crm_column(rows, 0, "state");
}

static void
deliver(struct crm_database *db, struct crm_arena *arena,
    const struct crm_result *rows, struct tally *tally)
{
	struct letter letter = {
		.id = crm_column(rows, 0, "id"),
		.template = crm_column(rows, 0, "template"),
		.recipient = crm_column(rows, 0, "recipient"),
		.data = crm_column(rows, 0, "data"),
		.attachment_name = crm_column(rows, 0, "attachment_name"),
		.attachment_type = crm_column(rows, 0, "attachment_type"),
		.attachment = crm_column(rows, 0, "attachment"),
		.attachment_length = (long)crm_column_integer(rows, 0,
		    "length"),
		.sender = crm_column(rows, 0, "sender"),
		.shop = crm_column(rows, 0, "shop"),
		.words = crm_column(rows, 0, "words")
	};
	const char *tries = crm_column(rows, 0, "tries"), *why, *state;
	enum crm_mail_result result;

	result = courier_deliver(arena, &letter, &why);
	state = tell(db, arena, letter.id, tries, result, why);
	if (result == CRM_MAIL_SENT)
		tally->sent++;
	else if (state != NULL && strcmp(state, "dead") == 0)
		tally->dead++;
	else
		tally->later++;
	crm_log(result == CRM_MAIL_SENT ? CRM_LOG_INFO : CRM_LOG_WARNING,
	    "mail", "id", letter.id, "template", letter.template, "tries",
	    tries, "state", state, "why", why, NULL);
}

/* Takes steps, of telling say, until there is nothing to do; a step is many
 * changes.  One that fails holds nothing else up. */
static void
take_steps(struct crm_database *db, const struct crm_statement *step)
{
	struct crm_arena *arena = crm_arena_new(MEMORY);
	struct crm_result *rows;
	enum crm_problem problem = CRM_OK;
	int64_t done = 1;

	while (!ending && problem == CRM_OK && done > 0) {
		crm_arena_reset(arena);
		problem = crm_database_query(db, arena, step, &rows, NULL);
		if (problem == CRM_OK)
			done = crm_column_integer(rows, 0, "count");
	}
	if (problem != CRM_OK && problem != CRM_UNAVAILABLE)
		crm_log(CRM_LOG_ERROR, "step failed", "step", step->name,
		    "error", crm_database_error(db), NULL);
	crm_arena_free(arena);
}

/* Follows prices that began or ended; then, for they may be among it, tells of
 * what is wished for, and of tasks that staff wanted to be reminded of. */
static void
tell_all(struct crm_database *db)
{
	take_steps(db, &courier_prices);
	take_steps(db, &courier_wishes);
	take_steps(db, &courier_reminders);
}

/* Sends what is due, until nothing is, or until told to end. */
static enum crm_problem
drain(struct crm_database *db, struct tally *tally)
{
	struct crm_arena *arena = crm_arena_new(MEMORY);
	enum crm_problem problem = CRM_OK;
	struct crm_result *rows;

	while (!ending) {
		crm_arena_reset(arena);
		problem = crm_database_query(db, arena, &courier_claim, &rows,
		    "origin", crm_config("DUKA_ORIGIN", NULL), "seconds",
		    LEASE, NULL);
		if (problem != CRM_OK || crm_rows(rows) == 0)
			break;
		deliver(db, arena, rows, tally);
	}
	crm_arena_free(arena);
	return problem;
}

/* Milliseconds to wait for a notification; never none, for what is due may be
 * in another courier's hands. */
static int
time_to_wait(struct crm_database *db)
{
	struct crm_arena *arena = crm_arena_new(MEMORY);
	struct crm_result *rows;
	int64_t due = POLL_MOST, store;

	if (crm_database_query(db, arena, &courier_due_in, &rows, NULL) ==
	    CRM_OK && crm_column(rows, 0, "milliseconds") != NULL)
		due = crm_column_integer(rows, 0, "milliseconds");
	if (crm_database_query(db, arena, &courier_prices_due_in, &rows,
	    NULL) == CRM_OK && crm_column(rows, 0, "milliseconds") != NULL &&
	    crm_column_integer(rows, 0, "milliseconds") < due)
		due = crm_column_integer(rows, 0, "milliseconds");
	store = courier_store_look(db, arena);
	if (store >= 0 && store < due)
		due = store;
	crm_arena_free(arena);
	if (due < POLL_LEAST)
		return POLL_LEAST;
	return due < POLL_MOST ? (int)due : POLL_MOST;
}

static void
handle_signals(void)
{
	struct sigaction action = { .sa_handler = end };

	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGALRM, &action, NULL);
	action.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &action, NULL);
}

static void
narrow(void)
{
	if (!crm_sandbox(true))
		crm_log(CRM_LOG_WARNING, "no sandbox", "error",
		    strerror(errno), NULL);
}

static int
serve(void)
{
	struct crm_database *db = crm_database_new("duka_courier");
	struct tally tally = { 0 };

	crm_log_open("courier");
	handle_signals();
	narrow();
	crm_log(CRM_LOG_INFO, "courier starts", NULL);
	crm_database_listen(db, "outbox");
	while (!ending) {
		tell_all(db);
		if (drain(db, &tally) != CRM_OK) {
			rest(AWAY_PAUSE);
			continue;
		}
		if (!ending)
			crm_database_wait(db, time_to_wait(db));
	}
	courier_store_end();
	crm_log(CRM_LOG_INFO, "courier ends", NULL);
	crm_database_free(db);
	return 0;
}

static int
fail(const struct crm_database *db)
{
	fprintf(stderr, "courier: %s\n", crm_database_error(db));
	return 1;
}

/* courier once */
static int
once(struct crm_database *db, int argc, char *argv[])
{
	struct tally tally = { 0 };

	(void)argv;
	if (argc != 1) {
		fprintf(stderr, "usage: courier once\n");
		return 2;
	}
	crm_log_open("courier");
	handle_signals();
	narrow();
	tell_all(db);
	if (drain(db, &tally) != CRM_OK)
		return fail(db);
	printf("%d sent, %d put off, %d parked\n", tally.sent, tally.later,
	    tally.dead);
	return 0;
}

/* A relay's words come from outside: nothing in them moves the cursor. */
static void
show(const char *text, int width)
{
	char clean[201];
	size_t i;

	for (i = 0; text != NULL && text[i] != '\0' &&
	    i < sizeof clean - 1; i++)
		clean[i] = (unsigned char)text[i] < ' ' || text[i] == 0x7f ?
		    '?' : text[i];
	clean[i] = '\0';
	printf("%-*s ", width, clean);
}

/* courier queue */
static int
queue(struct crm_database *db, int argc, char *argv[])
{
	struct crm_arena *arena = crm_arena_new(MEMORY);
	struct crm_result *rows, *counts;
	int i;

	(void)argv;
	if (argc != 1) {
		fprintf(stderr, "usage: courier queue\n");
		return 2;
	}
	if (crm_database_query(db, arena, &courier_queue, &rows, "most",
	    QUEUE_MOST, NULL) != CRM_OK || crm_database_query(db, arena,
	    &courier_counts, &counts, NULL) != CRM_OK)
		return fail(db);
	for (i = 0; i < crm_rows(rows); i++) {
		show(crm_column(rows, i, "id"), 36);
		show(crm_column(rows, i, "state"), 7);
		show(crm_column(rows, i, "tries"), 2);
		show(crm_column(rows, i, "due_at"), 27);
		show(crm_column(rows, i, "template"), 16);
		show(crm_column(rows, i, "recipient"), 30);
		show(crm_column(rows, i, "last_error"), 0);
		putchar('\n');
	}
	printf("%s waiting, %s parked\n", crm_column(counts, 0, "waiting"),
	    crm_column(counts, 0, "dead"));
	crm_arena_free(arena);
	return fflush(stdout) == 0 ? 0 : 1;
}

/* courier retry ID|all */
static int
retry(struct crm_database *db, int argc, char *argv[])
{
	struct crm_arena *arena = crm_arena_new(MEMORY);
	struct crm_result *rows;
	const char *id;
	int64_t count;

	if (argc != 2) {
		fprintf(stderr, "usage: courier retry ID|all\n");
		return 2;
	}
	id = strcmp(argv[1], "all") != 0 ? argv[1] : NULL;
	if (crm_database_query(db, arena, &courier_retry, &rows, "id", id,
	    NULL) != CRM_OK)
		return fail(db);
	count = crm_column_integer(rows, 0, "count");
	/* The courier polls too: not waking it costs seconds. */
	crm_database_query(db, arena, &courier_wake, NULL, NULL);
	crm_arena_free(arena);
	if (id != NULL && count == 0) {
		fprintf(stderr, "courier: nothing of that id waits\n");
		return 1;
	}
	printf("%lld to be sent again\n", (long long)count);
	return 0;
}

static const struct crm_command commands[] = {
	{ "once", once, "once" },
	{ "queue", queue, "queue" },
	{ "retry", retry, "retry ID|all" },
	{ "store", courier_store, "store" },
	{ 0 }
};

static const struct crm_route routes[] = {
	CRM_END
};

int
main(int argc, char *argv[])
{
	static const struct crm_area area = { .name = "courier",
	    .routes = routes, .statements = courier_statements,
	    .network = true, .commands = commands };

	return argc == 1 ? serve() : crm_area_main(argc, argv, &area);
}
