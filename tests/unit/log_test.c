/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include <crm/json.h>
#include <crm/log.h>

static char folder[] = "/tmp/log-test.XXXXXX";
static char path[64], moved[64];
static struct crm_arena *arena;

/* The file's line number `n`, parsed. */
static const struct crm_json *
line(const char *name, int n)
{
	static char text[65536];
	const struct crm_json *json = NULL;
	FILE *file = fopen(name, "r");

	assert_non_null(file);
	while (n-- >= 0)
		assert_non_null(fgets(text, sizeof text, file));
	fclose(file);
	json = crm_json_parse(arena, text, strlen(text) - 1, NULL);
	assert_non_null(json);
	return json;
}

static void
writes_json(void **state)
{
	const struct crm_json *json;

	(void)state;
	crm_log(CRM_LOG_WARNING, "it \"went\" wrong", "route", "/api/x\ny",
	    "left out", NULL, "status", "200", NULL);
	json = line(path, 0);
	assert_string_equal(crm_json_text_of(json, "level"), "warning");
	assert_string_equal(crm_json_text_of(json, "program"), "tester");
	assert_string_equal(crm_json_text_of(json, "message"),
	    "it \"went\" wrong");
	assert_string_equal(crm_json_text_of(json, "route"), "/api/x\ny");
	assert_string_equal(crm_json_text_of(json, "status"), "200");
	assert_null(crm_json_get(json, "left out"));
	assert_int_equal(strlen(crm_json_text_of(json, "time")), 24);
	assert_int_equal(atol(crm_json_text_of(json, "pid")), getpid());
}

static void
cuts_long_values(void **state)
{
	char text[3001];
	const char *kept;

	(void)state;
	memset(text, 'a', 3000);
	text[3000] = '\0';
	memcpy(text + 998, "\xe2\x82\xac", 3);	/* over the border */
	crm_log(CRM_LOG_INFO, "long", "text", text, NULL);
	kept = crm_json_text_of(line(path, 1), "text");
	assert_int_equal(strlen(kept), 998);
	/* What isn't UTF-8 makes no broken line. */
	crm_log(CRM_LOG_INFO, "odd", "text", "a\xff\x01z", NULL);
	assert_string_equal(crm_json_text_of(line(path, 2), "text"),
	    "a\xef\xbf\xbd\x01z");
}

static void
processes_share_the_file(void **state)
{
	struct stat before, after;
	pid_t children[4];
	int i, j, status;

	(void)state;
	assert_int_equal(stat(path, &before), 0);
	for (i = 0; i < 4; i++) {
		children[i] = fork();
		if (children[i] == 0) {
			for (j = 0; j < 500; j++)
				crm_log(CRM_LOG_INFO, "together", "n", "1",
				    NULL);
			_exit(0);
		}
	}
	for (i = 0; i < 4; i++)
		assert_int_equal(waitpid(children[i], &status, 0),
		    children[i]);
	assert_int_equal(stat(path, &after), 0);
	assert_true(after.st_size > before.st_size);
	for (i = 3; i < 2003; i += 111)
		assert_string_equal(crm_json_text_of(line(path, i),
		    "message"), "together");
}

static void
follows_rotation(void **state)
{
	(void)state;
	assert_int_equal(rename(path, moved), 0);
	usleep(1100000);
	crm_log(CRM_LOG_INFO, "after", NULL);
	assert_string_equal(crm_json_text_of(line(path, 0), "message"),
	    "after");
}

static int
start(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	snprintf(path, sizeof path, "%s/log", folder);
	snprintf(moved, sizeof moved, "%s/log.1", folder);
	arena = crm_arena_new(16 << 20);
	setenv("DUKA_LOG", path, 1);
	crm_log_open("tester");
	return 0;
}

static int
end(void **state)
{
	(void)state;
	crm_arena_free(arena);
	unlink(path);
	unlink(moved);
	return rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_json),
		cmocka_unit_test(cuts_long_values),
		cmocka_unit_test(processes_share_the_file),
		cmocka_unit_test(follows_rotation),
	};

	return cmocka_run_group_tests_name("log", tests, start, end);
}
