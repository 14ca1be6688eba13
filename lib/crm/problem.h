/* SPDX-License-Identifier: ISC */
/*
 * What can go wrong, from lib/problems.txt: name, HTTP status, SQLSTATE or
 * constraint, title.  The enum is generated into problems.h.
 */
#ifndef CRM_PROBLEM_H
#define CRM_PROBLEM_H

#include <crm/problems.h>	/* enum crm_problem: CRM_OK, ... */

struct crm_problem_entry {
	const char	*name;		/* OUT_OF_STOCK */
	const char	*slug;		/* out-of-stock: ends its "type" */
	int		 status;
	const char	*sqlstate;	/* UK…, or NULL */
	const char	*constraint;	/* or NULL */
	const char	*title;
};

const struct crm_problem_entry *crm_problem_entry(enum crm_problem);

/* The problem that a SQLSTATE and a constraint's name (may be NULL) stand
 * for: constraint first, then SQLSTATE; CRM_INTERNAL if neither is known. */
enum crm_problem crm_problem_of_sql(const char *sqlstate,
    const char *constraint);

int crm_problem_count(void);

#endif
