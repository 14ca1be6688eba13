/* SPDX-License-Identifier: ISC */
/* hello: a program of its own beside the shop: a route, and a handler that
 * doesn't look at what it is told. */

#include <crm/crm.h>
#include "hello.sql.h"

static const struct crm_field whom[] = {
	{ "name", CRM_TEXT, .required = true, .max = 40, .example = "Amina" },
	CRM_END
};

/* What falls stays fallen: neither the first nor the last is written. */
static enum crm_problem
careless(struct crm_request *r)
{
	crm_set(r, "signer", "first");
	crm_execute(r, &hello_sign);
	crm_set(r, "signer", crm_input(r, "name"));
	crm_execute(r, &hello_sign);
	crm_set(r, "signer", "last");
	crm_execute(r, &hello_sign);
	crm_answer(r, "{}");
	return CRM_OK;
}

static const struct crm_route routes[] = {
	{ "GET", "/hello", CRM_PUBLIC, whom, &hello_greet,
	    .about = "Greets in the shop's name" },
	{ "POST", "/hello", CRM_PUBLIC, whom, .handler = careless,
	    .about = "Signs the book three times" },
	CRM_END
};

int
main(int argc, char *argv[])
{
	return crm_main(argc, argv, "hello", routes, hello_statements);
}
