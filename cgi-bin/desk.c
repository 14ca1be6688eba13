/* SPDX-License-Identifier: ISC */
/* desk: customers as staff know them.  Each part brings its own routes. */

#include <stdio.h>

#include "desk.h"

#define ROUTES_MOST	200
#define STATEMENTS_MOST	300

static const struct desk_part *const parts[] = {
	&desk_customers,
	&desk_notes_part,
	&desk_many_part,
	&desk_files_part,
	&desk_segments,
	&desk_companies,
	&desk_deals,
};

static struct crm_route routes[ROUTES_MOST + 1];
static const struct crm_statement *statements[STATEMENTS_MOST + 1];

/* All parts' tables as one; false if they are longer than that. */
static bool
join(void)
{
	const struct crm_statement *const *statement;
	const struct crm_route *route;
	size_t i, n = 0, m = 0;

	for (i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		for (route = parts[i]->routes; route->method != NULL; route++)
			if (n == ROUTES_MOST)
				return false;
			else
				routes[n++] = *route;
		for (statement = parts[i]->statements; *statement != NULL;
		    statement++)
			if (m == STATEMENTS_MOST)
				return false;
			else
				statements[m++] = *statement;
	}
	return true;
}

int
main(int argc, char *argv[])
{
	if (!join()) {
		fprintf(stderr, "desk: more routes than it has room for\n");
		return 2;
	}
	return crm_main(argc, argv, "desk", routes, statements);
}
