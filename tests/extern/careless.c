/* SPDX-License-Identifier: ISC */
/* A program whose handler doesn't look at what it is told: what falls stays
 * fallen all the same.  It comes as hello, whose book it writes. */

#include <crm/crm.h>
#include "careless.sql.h"

static const struct crm_field whom[] = {
	{ "name", CRM_TEXT, .required = true, .max = 40 },
	CRM_END
};

static enum crm_problem
sign_thrice(struct crm_request *r)
{
	crm_set(r, "signer", "first");
	crm_execute(r, &careless_sign);
	crm_set(r, "signer", crm_input(r, "name"));
	crm_execute(r, &careless_sign);
	crm_set(r, "signer", "last");
	crm_execute(r, &careless_sign);
	crm_answer(r, "{}");
	return CRM_OK;
}

static const struct crm_route routes[] = {
	{ "POST", "/careless", CRM_PUBLIC, whom, .handler = sign_thrice,
	    .about = "Signs the book three times" },
	CRM_END
};

int
main(int argc, char *argv[])
{
	return crm_main(argc, argv, "hello", routes, careless_statements);
}
