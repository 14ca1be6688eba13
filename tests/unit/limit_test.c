/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include <crm/limit.h>

#define SECOND	INT64_C(1000000000)
#define NOW	(1000 * SECOND)

static char folder[] = "/tmp/limit-test.XXXXXX";
static char path[64];

static struct crm_limits *
fresh(void)
{
	struct crm_limits *limits;

	unlink(path);
	limits = crm_limits_open(path);
	assert_non_null(limits);
	return limits;
}

/* On a full disk it fails here, not by a signal at some later count. */
static void
has_its_blocks(void **state)
{
	struct crm_limits *limits = fresh();
	struct stat file;

	(void)state;
	assert_int_equal(stat(path, &file), 0);
	assert_true(file.st_size > 1000000);
	assert_true(file.st_blocks * 512 >= file.st_size);
	crm_limits_close(limits);
}

static void
counts_to_the_limit(void **state)
{
	struct crm_limits *limits = fresh();
	struct crm_limit_state now;
	int i;

	(void)state;
	for (i = 1; i <= 5; i++) {
		assert_true(crm_limit(limits, "login", "a", 5, 3600, 1, NOW,
		    &now));
		assert_int_equal(now.limit, 5);
		assert_int_equal(now.remaining, 5 - i);
		assert_int_equal(now.reset, 720 * i);
		assert_int_equal(now.retry_after, 0);
	}
	assert_false(crm_limit(limits, "login", "a", 5, 3600, 1, NOW, &now));
	assert_int_equal(now.remaining, 0);
	assert_int_equal(now.retry_after, 720);
	assert_int_equal(now.reset, 3600);
	/* Others' accounts are untouched. */
	assert_true(crm_limit(limits, "login", "b", 5, 3600, 1, NOW, &now));
	assert_int_equal(now.remaining, 4);
	assert_true(crm_limit(limits, "loginb", "", 5, 3600, 1, NOW, &now));
	assert_int_equal(now.remaining, 4);
	crm_limits_close(limits);
}

static void
slides(void **state)
{
	struct crm_limits *limits = fresh();
	struct crm_limit_state now;
	int i;

	(void)state;
	for (i = 0; i < 5; i++)
		assert_true(crm_limit(limits, "n", "k", 5, 3600, 1, NOW,
		    &now));
	assert_false(crm_limit(limits, "n", "k", 5, 3600, 1,
	    NOW + 719 * SECOND, &now));
	assert_int_equal(now.retry_after, 1);
	assert_true(crm_limit(limits, "n", "k", 5, 3600, 1,
	    NOW + 720 * SECOND, &now));
	assert_false(crm_limit(limits, "n", "k", 5, 3600, 1,
	    NOW + 721 * SECOND, &now));
	assert_true(crm_limit(limits, "n", "k", 5, 3600, 5,
	    NOW + 5000 * SECOND, &now));
	assert_int_equal(now.remaining, 0);
	crm_limits_close(limits);
}

static void
knows_costs(void **state)
{
	struct crm_limits *limits = fresh();
	struct crm_limit_state now;

	(void)state;
	assert_false(crm_limit(limits, "n", "k", 5, 60, 6, NOW, &now));
	assert_int_equal(now.retry_after, 60);
	assert_true(crm_limit(limits, "n", "k", 5, 60, 4, NOW, &now));
	assert_false(crm_limit(limits, "n", "k", 5, 60, 2, NOW, &now));
	assert_int_equal(now.remaining, 1);
	assert_int_equal(now.retry_after, 12);
	/* Nothing is asked for nothing. */
	assert_true(crm_limit(limits, "n", "k", 5, 60, 0, NOW, &now));
	assert_int_equal(now.remaining, 1);
	assert_true(crm_limit(limits, "n", "k", 5, 60, 1, NOW, NULL));
	assert_false(crm_limit(limits, "n", "k", 5, 60, 1, NOW, NULL));
	assert_true(crm_limit(limits, "n", "k", 0, 0, 1, NOW, &now));
	crm_limits_close(limits);
}

/* After a restart of the machine the clock starts anew; a limit may have
 * become a shorter one. */
static void
never_waits_longer_than_the_window(void **state)
{
	struct crm_limits *limits = fresh();
	struct crm_limit_state now;

	(void)state;
	assert_true(crm_limit(limits, "n", "k", 1, 86400, 1, NOW, &now));
	assert_false(crm_limit(limits, "n", "k", 1, 86400, 1, NOW, &now));
	assert_true(crm_limit(limits, "n", "k", 1, 60, 1, NOW, &now));
	assert_false(crm_limit(limits, "n", "k", 1, 60, 1, NOW, &now));
	assert_true(crm_limit(limits, "n", "k", 1, 60, 1, NOW - 500 * SECOND,
	    &now));
	crm_limits_close(limits);
}

static void
stays_over_a_reopening(void **state)
{
	struct crm_limits *limits = fresh(), *again;

	(void)state;
	assert_true(crm_limit(limits, "n", "k", 1, 60, 1, NOW, NULL));
	again = crm_limits_open(path);
	assert_non_null(again);
	assert_false(crm_limit(again, "n", "k", 1, 60, 1, NOW, NULL));
	crm_limits_close(limits);
	assert_false(crm_limit(again, "n", "k", 1, 60, 1, NOW, NULL));
	crm_limits_close(again);
}

static void
puts_a_foreign_file_aside(void **state)
{
	struct crm_limits *limits = fresh(), *again;
	int fd;

	(void)state;
	assert_true(crm_limit(limits, "n", "k", 1, 60, 1, NOW, NULL));
	/* As if made under another boot. */
	fd = open(path, O_WRONLY);
	assert_int_equal(pwrite(fd, "x", 1, 16), 1);
	close(fd);
	again = crm_limits_open(path);
	assert_non_null(again);
	assert_true(crm_limit(again, "n", "k", 1, 60, 1, NOW, NULL));
	/* Who has the old one mapped goes on with it. */
	assert_false(crm_limit(limits, "n", "k", 1, 60, 1, NOW, NULL));
	crm_limits_close(limits);
	crm_limits_close(again);
	assert_int_equal(truncate(path, 17), 0);
	again = crm_limits_open(path);
	assert_non_null(again);
	crm_limits_close(again);
	assert_null(crm_limits_open("/nowhere/at/all"));
	assert_int_equal(errno, ENOENT);
}

#define PROCESSES	8
#define TRIES		5000
#define ALLOWED		3000

static int
tries(int number)
{
	struct crm_limits *limits = crm_limits_open(path);
	char key[16];
	int i, allowed = 0;

	for (i = 0; i < TRIES; i++) {
		allowed += crm_limit(limits, "n", "shared", ALLOWED, 86400, 1,
		    NOW, NULL);
		snprintf(key, sizeof key, "%d-%d", number, i % 100);
		crm_limit(limits, "n", key, ALLOWED, 86400, 1, NOW, NULL);
	}
	return allowed;
}

/* Eight processes ask 5,000 times each; exactly 3,000 are let through. */
static void
is_shared_exactly(void **state)
{
	int *allowed, i, sum = 0, status;
	pid_t children[PROCESSES];

	(void)state;
	unlink(path);
	allowed = mmap(NULL, sizeof(int) * PROCESSES, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(allowed, MAP_FAILED);
	for (i = 0; i < PROCESSES; i++) {
		children[i] = fork();
		assert_true(children[i] >= 0);
		if (children[i] == 0) {
			allowed[i] = tries(i);
			_exit(0);
		}
	}
	for (i = 0; i < PROCESSES; i++) {
		assert_int_equal(waitpid(children[i], &status, 0),
		    children[i]);
		assert_int_equal(status, 0);
		sum += allowed[i];
	}
	assert_int_equal(sum, ALLOWED);
	munmap(allowed, sizeof(int) * PROCESSES);
}

/* More keys than there is room for: new ones are served, and who owes much
 * isn't pushed out by those who owe little. */
static void
forgets_who_owes_least(void **state)
{
	struct crm_limits *limits = fresh();
	char key[32];
	int i;

	(void)state;
	for (i = 0; i < 10; i++)
		assert_true(crm_limit(limits, "login", "thief", 10, 3600, 1,
		    NOW, NULL));
	for (i = 0; i < 300000; i++) {
		snprintf(key, sizeof key, "visitor %d", i);
		assert_true(crm_limit(limits, "public", key, 20000, 3600, 1,
		    NOW, NULL));
	}
	assert_false(crm_limit(limits, "login", "thief", 10, 3600, 1, NOW,
	    NULL));
	crm_limits_close(limits);
}

static void
reads_settings(void **state)
{
	static const char *const bad[] = { "", "/hour", "100", "100/",
	    "-1/hour",
	    "0/hour", "1e3/hour", "100/hours", "100/week", " 100/hour",
	    "100 /hour", "99999999999999999999/hour", "on", "2000000000/day" };
	int64_t limit = -1, seconds = -1;
	size_t i;

	(void)state;
	assert_true(crm_limit_parse("100/hour", &limit, &seconds));
	assert_int_equal(limit, 100);
	assert_int_equal(seconds, 3600);
	assert_true(crm_limit_parse("10/minute", &limit, &seconds));
	assert_int_equal(seconds, 60);
	assert_true(crm_limit_parse("3/second", &limit, &seconds));
	assert_int_equal(seconds, 1);
	assert_true(crm_limit_parse("7/day", &limit, &seconds));
	assert_int_equal(seconds, 86400);
	assert_true(crm_limit_parse("off", &limit, &seconds));
	assert_int_equal(limit, 0);
	for (i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (crm_limit_parse(bad[i], &limit, &seconds))
			fail_msg("\"%s\" was read", bad[i]);
}

static int
start(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	snprintf(path, sizeof path, "%s/limits", folder);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(has_its_blocks),
		cmocka_unit_test(counts_to_the_limit),
		cmocka_unit_test(slides),
		cmocka_unit_test(knows_costs),
		cmocka_unit_test(never_waits_longer_than_the_window),
		cmocka_unit_test(stays_over_a_reopening),
		cmocka_unit_test(puts_a_foreign_file_aside),
		cmocka_unit_test(is_shared_exactly),
		cmocka_unit_test(forgets_who_owes_least),
		cmocka_unit_test(reads_settings),
	};

	return cmocka_run_group_tests_name("limit", tests, start, end);
}
