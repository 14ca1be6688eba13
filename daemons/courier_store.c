/* SPDX-License-Identifier: ISC */
/*
 * Pictures' files, brought to an S3-compatible store and removed from it.
 * The database knows of each file before it is sent (claim_picture_file) and
 * until it is removed, so that whatever ends this between two steps is made
 * good by doing them again.  A process of its own does it, so that no mail
 * waits for a store; it lives while something is due.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "courier.h"
#include "courier.sql.h"

#define MEMORY		(64u << 20)
#define LEASE		"180"		/* seconds */
#define WORK_MOST	150		/* of them, before it is ended */
#define FILE_SECONDS	30L
#define FILE_MOST	(16 << 20)
#define FALLEN_PAUSE	30
#define SECRET_MOST	256

static pid_t child;
static time_t rest_until;		/* after one that fell */

bool
courier_store_wanted(void)
{
	return crm_config("DUKA_S3", NULL) != NULL;
}

static time_t
now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec;
}

/* Where it is, by the environment; the secret by a file's first line.  False
 * with a line in the log. */
static bool
configure(struct store_place *place)
{
	static char secret[SECRET_MOST];
	const char *file = crm_config("DUKA_S3_SECRET_FILE", "");
	const char *fault = NULL;
	ssize_t length = -1;
	int fd = open(file, O_RDONLY | O_CLOEXEC);

	if (fd >= 0) {
		length = read(fd, secret, sizeof secret - 1);
		close(fd);
	}
	secret[length > 0 ? length : 0] = '\0';
	secret[strcspn(secret, "\r\n")] = '\0';
	place->url = crm_config("DUKA_S3", "");
	place->region = crm_config("DUKA_S3_REGION", "us-east-1");
	place->key = crm_config("DUKA_S3_KEY", NULL);
	place->secret = secret;
	place->folder = crm_config("DUKA_MEDIA", NULL);
	if (strncmp(place->url, "http://", 7) != 0 &&
	    strncmp(place->url, "https://", 8) != 0)
		fault = "DUKA_S3 is no address";
	else if (place->key == NULL || place->folder == NULL)
		fault = "DUKA_S3 without DUKA_S3_KEY or DUKA_MEDIA";
	else if (secret[0] == '\0')
		fault = "DUKA_S3_SECRET_FILE can't be read";
	if (fault != NULL)
		crm_log(CRM_LOG_ERROR, "no store", "error", fault, NULL);
	return fault == NULL;
}

/* The file's bytes, which are never none; NULL with *why. */
static void *
read_file(struct crm_arena *arena, const char *path, size_t *length,
    const char **why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct stat about;
	char *bytes = NULL;

	*why = "the file is of another size";
	if (fd < 0) {
		*why = crm_format(arena, "%s: %s", path, strerror(errno));
		return NULL;
	}
	if (fstat(fd, &about) == 0 && S_ISREG(about.st_mode) &&
	    about.st_size > 0 && about.st_size <= FILE_MOST) {
		*length = (size_t)about.st_size;
		bytes = crm_alloc(arena, *length);
		if (read(fd, bytes, *length) != (ssize_t)*length)
			bytes = NULL;
	}
	close(fd);
	return bytes;
}

/* One file there, or one object gone.  What was stored before and isn't on
 * the disk any more is in the store. */
static enum store_result
move(struct crm_arena *arena, const struct store_round *round,
    const struct store_work *work, const char *width, const char **why)
{
	const char *name = crm_format(arena, "p/%s-%s.webp", work->digest,
	    width);
	size_t length = 0;
	void *bytes = NULL;

	if (!work->leaving) {
		bytes = read_file(arena, crm_format(arena, "%s/%s",
		    round->place.folder, name), &length, why);
		if (bytes == NULL)
			return work->again && errno == ENOENT ? STORE_DONE :
			    STORE_NOT_THIS;
	}
	return round->door->send(arena, &round->place, name, bytes, length,
	    FILE_SECONDS, why) ? STORE_DONE : STORE_AWAY;
}

static enum store_result
move_all(struct crm_arena *arena, const struct store_round *round,
    const struct store_work *work, const char **why)
{
	enum store_result result = STORE_DONE;
	char *widths = crm_strdup(arena, work->widths), *save, *width;

	for (width = strtok_r(widths, " ", &save);
	    width != NULL && result == STORE_DONE;
	    width = strtok_r(NULL, " ", &save))
		result = move(arena, round, work, width, why);
	return result;
}

static enum crm_problem
tell(struct crm_database *db, struct crm_arena *arena,
    const struct store_work *work, enum store_result result, const char *why)
{
	if (result != STORE_DONE)
		return crm_database_query(db, arena, &store_failed, NULL,
		    "digest", work->digest, "error", why, "away",
		    result == STORE_AWAY ? "true" : "false", NULL);
	if (work->leaving)
		return crm_database_query(db, arena, &store_gone, NULL,
		    "digest", work->digest, NULL);
	return crm_database_query(db, arena, &store_stored, NULL, "digest",
	    work->digest, "widths", work->known, NULL);
}

static void
count(struct store_round *round, const struct store_work *work,
    enum store_result result, const char *why)
{
	if (result != STORE_DONE)
		round->failed++;
	else if (work->leaving)
		round->removed++;
	else
		round->stored++;
	crm_log(result == STORE_DONE ? CRM_LOG_INFO : CRM_LOG_WARNING,
	    work->leaving ? "picture leaves the store" : "picture stored",
	    "digest", work->digest, "tries", work->tries, "failed",
	    result == STORE_DONE ? NULL : why, NULL);
}

/* One digest; false if none is due, or no other can be. */
static bool
work(struct crm_database *db, struct crm_arena *arena,
    struct store_round *round, const char *at_once)
{
	struct crm_result *rows;
	struct store_work work;
	enum store_result result;
	const char *why = NULL;

	round->problem = crm_database_query(db, arena, &store_claim, &rows,
	    "seconds", LEASE, "now", at_once, NULL);
	if (round->problem != CRM_OK || crm_rows(rows) == 0)
		return false;
	work.digest = crm_column(rows, 0, "digest");
	work.widths = crm_column(rows, 0, "widths");
	work.known = crm_column(rows, 0, "widths_known");
	work.tries = crm_column(rows, 0, "tries");
	work.leaving = strcmp(crm_column(rows, 0, "leaving"), "t") == 0;
	work.again = strcmp(crm_column(rows, 0, "again"), "t") == 0;
	/* Whoever outlives the claim mustn't go on. */
	alarm(WORK_MOST);
	result = move_all(arena, round, &work, &why);
	round->problem = tell(db, arena, &work, result, why);
	alarm(0);
	count(round, &work, result, why);
	return round->problem == CRM_OK && result != STORE_AWAY;
}

bool
courier_store_round(struct crm_database *db, bool at_once,
    struct store_round *round)
{
	struct crm_arena *arena = crm_arena_new(MEMORY);
	struct sigaction usual = { .sa_handler = SIG_DFL };

	sigaction(SIGALRM, &usual, NULL);
	memset(round, 0, sizeof *round);
	round->door = crm_module("courier_s3", "courier_s3");
	if (round->door == NULL || !configure(&round->place)) {
		crm_arena_free(arena);
		return false;
	}
	while (work(db, arena, round, at_once ? "true" : "false"))
		crm_arena_reset(arena);
	crm_arena_free(arena);
	return round->problem == CRM_OK;
}

/* In the child, which is ended with its courier or by its signals. */
static void
serve_round(pid_t parent)
{
	struct sigaction usual = { .sa_handler = SIG_DFL };
	struct store_round round;

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	sigaction(SIGTERM, &usual, NULL);
	sigaction(SIGINT, &usual, NULL);
	if (getppid() != parent)
		_exit(1);
	_exit(courier_store_round(crm_database_new("duka_courier"), false,
	    &round) ? 0 : 1);
}

/* Whether one works at it. */
static bool
at_work(void)
{
	int status;

	if (child <= 0)
		return false;
	if (waitpid(child, &status, WNOHANG) == 0)
		return true;
	child = 0;
	if (status != 0)
		rest_until = now() + FALLEN_PAUSE;
	return false;
}

int64_t
courier_store_look(struct crm_database *db, struct crm_arena *arena)
{
	struct crm_result *rows;
	pid_t parent = getpid();
	int64_t due;

	if (!courier_store_wanted() || at_work() || now() < rest_until)
		return -1;
	if (crm_database_query(db, arena, &store_due_in, &rows, NULL) !=
	    CRM_OK || crm_column(rows, 0, "milliseconds") == NULL)
		return -1;
	due = crm_column_integer(rows, 0, "milliseconds");
	if (due > 0)
		return due;
	child = fork();
	if (child == 0)
		serve_round(parent);
	return -1;
}

void
courier_store_end(void)
{
	if (child > 0) {
		kill(child, SIGTERM);
		while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
			;
	}
}

int
courier_store(struct crm_database *db, int argc, char *argv[])
{
	struct crm_arena *arena = crm_arena_new(MEMORY);
	struct crm_result *rows;
	struct store_round round;
	bool done;

	(void)argv;
	if (argc != 1 || !courier_store_wanted()) {
		fputs(argc != 1 ? "usage: courier store\n" :
		    "courier: DUKA_S3 is not set\n", stderr);
		return 2;
	}
	crm_log_open("courier");
	done = courier_store_round(db, true, &round) &&
	    crm_database_query(db, arena, &store_counts, &rows, NULL) ==
	    CRM_OK;
	if (done)
		printf("%d stored, %d removed, %d put off; %s stored, "
		    "%s on the disk alone, %s leaving%s%s\n", round.stored,
		    round.removed, round.failed,
		    crm_column(rows, 0, "stored"), crm_column(rows, 0, "here"),
		    crm_column(rows, 0, "leaving"),
		    crm_column(rows, 0, "last_error") != NULL ? ": " : "",
		    crm_column(rows, 0, "last_error") != NULL ?
		    crm_column(rows, 0, "last_error") : "");
	else
		fprintf(stderr, "courier: store: %s\n",
		    crm_database_error(db));
	crm_arena_free(arena);
	return done && round.failed == 0 ? 0 : 1;
}
