/* SPDX-License-Identifier: ISC */
/* hello: a program of its own beside the shop, with one route. */

#include <crm/crm.h>
#include "hello.sql.h"

static const struct crm_field whom[] = {
	{ "name", CRM_TEXT, .required = true, .max = 40, .example = "Amina" },
	CRM_END
};

static const struct crm_route routes[] = {
	{ "GET", "/hello", CRM_PUBLIC, whom, &hello_greet,
	    .about = "Greets in the shop's name" },
	CRM_END
};

int
main(int argc, char *argv[])
{
	return crm_main(argc, argv, "hello", routes, hello_statements);
}
