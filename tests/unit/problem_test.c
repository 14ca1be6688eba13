/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <crm/problem.h>

static void
entries_are_whole(void **state)
{
	const struct crm_problem_entry *entry;
	int i;

	(void)state;
	assert_true(crm_problem_count() > 20);
	for (i = CRM_OK + 1; i < crm_problem_count(); i++) {
		entry = crm_problem_entry((enum crm_problem)i);
		assert_non_null(entry->name);
		assert_true(entry->status >= 400 && entry->status < 600);
		assert_true(strlen(entry->title) > 3);
		assert_int_equal(strspn(entry->slug,
		    "abcdefghijklmnopqrstuvwxyz0123456789-"),
		    strlen(entry->slug));
		assert_int_equal(strlen(entry->slug), strlen(entry->name));
	}
}

static void
entry_is_its_own(void **state)
{
	const struct crm_problem_entry *entry;

	(void)state;
	entry = crm_problem_entry(CRM_CHANGED_MEANWHILE);
	assert_string_equal(entry->name, "CHANGED_MEANWHILE");
	assert_string_equal(entry->slug, "changed-meanwhile");
	assert_int_equal(entry->status, 412);
	assert_string_equal(entry->sqlstate, "UK412");
	assert_null(entry->constraint);
	assert_int_equal(crm_problem_entry(CRM_OK)->status, 200);
}

static void
out_of_range_is_internal(void **state)
{
	(void)state;
	assert_int_equal(crm_problem_entry(
	    (enum crm_problem)crm_problem_count())->status, 500);
	assert_int_equal(crm_problem_entry((enum crm_problem)-1)->status,
	    500);
}

static void
sqlstates_lead_to_problems(void **state)
{
	(void)state;
	assert_int_equal(crm_problem_of_sql("UK404", NULL),
	    CRM_SESSION_ENDED);
	assert_int_equal(crm_problem_of_sql("42501", ""), CRM_FORBIDDEN);
	assert_int_equal(crm_problem_of_sql("23505", "nobody_knows_me"),
	    CRM_ALREADY_EXISTS);
	assert_int_equal(crm_problem_of_sql("22P02", NULL), CRM_INVALID);
	assert_int_equal(crm_problem_of_sql("57014", NULL), CRM_UNAVAILABLE);
	assert_int_equal(crm_problem_of_sql("XX000", NULL), CRM_INTERNAL);
	assert_int_equal(crm_problem_of_sql("", NULL), CRM_INTERNAL);
	assert_int_equal(crm_problem_of_sql(NULL, NULL), CRM_INTERNAL);
	assert_int_equal(crm_problem_of_sql(NULL, "nobody_knows_me"),
	    CRM_INTERNAL);
}

/* Each entry's constraint leads back to it, whatever its SQLSTATE. */
static void
constraints_come_first(void **state)
{
	const struct crm_problem_entry *entry;
	int i;

	(void)state;
	for (i = CRM_OK + 1; i < crm_problem_count(); i++) {
		entry = crm_problem_entry((enum crm_problem)i);
		if (entry->constraint != NULL)
			assert_int_equal(crm_problem_of_sql("23514",
			    entry->constraint), i);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries_are_whole),
		cmocka_unit_test(entry_is_its_own),
		cmocka_unit_test(out_of_range_is_internal),
		cmocka_unit_test(sqlstates_lead_to_problems),
		cmocka_unit_test(constraints_come_first),
	};

	return cmocka_run_group_tests_name("problem", tests, NULL, NULL);
}
