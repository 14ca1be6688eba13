/* SPDX-License-Identifier: ISC */
#include <string.h>

#include <crm/problem.h>

#include "problems_table.h"

#define COUNT(array)	(int)(sizeof(array) / sizeof(array)[0])

const struct crm_problem_entry *
crm_problem_entry(enum crm_problem problem)
{
	if ((int)problem < 0 || (int)problem >= COUNT(entries))
		problem = CRM_INTERNAL;
	return &entries[problem];
}

/* The list is short and walked only after a failure. */
enum crm_problem
crm_problem_of_sql(const char *sqlstate, const char *constraint)
{
	int i;

	for (i = 0; constraint != NULL && i < COUNT(causes); i++)
		if (causes[i].constraint != NULL &&
		    strcmp(causes[i].constraint, constraint) == 0)
			return causes[i].problem;
	for (i = 0; sqlstate != NULL && i < COUNT(causes); i++)
		if (causes[i].sqlstate != NULL &&
		    strcmp(causes[i].sqlstate, sqlstate) == 0)
			return causes[i].problem;
	return CRM_INTERNAL;
}

int
crm_problem_count(void)
{
	return COUNT(entries);
}
