/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include <crm/password.h>

static void
hash_is_argon2id_and_its_own(void **state)
{
	struct crm_arena *arena = crm_arena_new(1 << 16);
	const char *one = crm_password_hash(arena, "Zebra-crossing-7");
	const char *other = crm_password_hash(arena, "Zebra-crossing-7");

	(void)state;
	assert_int_equal(strncmp(one, "$argon2id$v=19$m=19456,t=2,p=1$",
	    31), 0);
	assert_string_not_equal(one, other);
	assert_true(crm_password_verify(one, "Zebra-crossing-7"));
	assert_true(crm_password_verify(other, "Zebra-crossing-7"));
	assert_false(crm_password_verify(one, "Zebra-crossing-8"));
	assert_false(crm_password_verify(one, ""));
	assert_false(crm_password_verify(one, "Zebra-crossing-7 "));
	assert_false(crm_password_verify("", "Zebra-crossing-7"));
	assert_false(crm_password_verify("$argon2id$nonsense", "x"));
	crm_arena_free(arena);
}

static double
milliseconds_of(const char *hash)
{
	struct timespec start, end;
	int i;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
	for (i = 0; i < 4; i++)
		assert_false(crm_password_verify(hash, "wrong-Password-9"));
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
	return (double)(end.tv_sec - start.tv_sec) * 1e3 +
	    (double)(end.tv_nsec - start.tv_nsec) / 1e6;
}

static void
nobody_takes_as_long(void **state)
{
	struct crm_arena *arena = crm_arena_new(1 << 16);
	const char *hash = crm_password_hash(arena, "Zebra-crossing-7");
	double known, unknown;

	(void)state;
	milliseconds_of(NULL);
	known = milliseconds_of(hash);
	unknown = milliseconds_of(NULL);
	assert_true(unknown > known / 3 && unknown < known * 3);
	crm_arena_free(arena);
}

static void
good_ones_pass(void **state)
{
	static const char *const good[] = { "Zebra-crossing-7", "k9$mwTq1",
	    "mango juice 4 two", "\xc3\xb1\x61nd\xc3\xba-2026",
	    "\xe5\xaf\x86\xe7\xa0\x81 12 34 5", "Tr0ub4dor&3x",
	    "password-is-too-short-9" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof good / sizeof good[0]; i++)
		if (crm_password_fault(good[i]) != NULL)
			fail_msg("%s: %s", good[i],
			    crm_password_fault(good[i]));
}

static void
bounds_are_characters(void **state)
{
	char text[900] = "";
	int i;

	(void)state;
	assert_non_null(crm_password_fault(""));
	assert_non_null(crm_password_fault("k9$mwTq"));
	/* Seven characters in eleven bytes. */
	assert_non_null(crm_password_fault(
	    "\xc3\xb1\xc3\xb1\xc3\xb1\xc3\xb1-12"));
	for (i = 0; i < 198; i++)
		strcat(text, "\xc3\xb1");
	strcat(text, "-1");
	assert_null(crm_password_fault(text));
	strcat(text, "x");
	assert_non_null(crm_password_fault(text));
}

static void
kinds_are_wanted(void **state)
{
	static const char *const bad[] = { "zebracrossing", "zebracrossing7",
	    "zebra-crossing", "9182-7364-55", "zebra\ncrossing-7",
	    "zebra\xff-crossing-7", "zebra\xc3-7crossing" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_non_null(crm_password_fault(bad[i]));
}

static void
common_ones_are_refused(void **state)
{
	static const char *const bad[] = { "Password1!", "Qwerty123!",
	    "password-1", "PASSWORD!2026", "dragon#1", "Iloveyou2!",
	    "abc123!!", "Football_7", "p@ssw0rd" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (crm_password_fault(bad[i]) == NULL)
			fail_msg("%s passed", bad[i]);
	/* Six digits and special characters at the end, and no more, are
	 * what one puts behind a word to please a rule. */
	assert_non_null(crm_password_fault("dragon12345!"));
	assert_null(crm_password_fault("dragon8261-4490!7"));
	assert_null(crm_password_fault("Password1!x"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hash_is_argon2id_and_its_own),
		cmocka_unit_test(nobody_takes_as_long),
		cmocka_unit_test(good_ones_pass),
		cmocka_unit_test(bounds_are_characters),
		cmocka_unit_test(kinds_are_wanted),
		cmocka_unit_test(common_ones_are_refused),
	};

	return cmocka_run_group_tests_name("password", tests, NULL, NULL);
}
