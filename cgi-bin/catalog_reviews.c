/* SPDX-License-Identifier: ISC */
/* What buyers say of products, guests by the key from their mails among
 * them; and staff who decide what of it is shown. */

#include <string.h>

#include "catalog.h"
#include "catalog.sql.h"

#define STARS	"stars", CRM_INTEGER, .min = 1, .max = 5
#define STATES	"pending approved rejected"
#define PAGE								\
	{ "cursor", CRM_CURSOR },					\
	{ "limit", CRM_INTEGER, .min = 1, .max = 100, .standard = "20" }

const struct crm_field catalog_reviews_filter[] = {
	{ "sort", CRM_ENUM, .standard = "newest",
	    .values = "newest helpful highest lowest" },
	{ STARS, .about = "Those alone that give so many" },
	PAGE,
	CRM_END
};

const struct crm_field catalog_reviews_input[] = {
	{ STARS, .required = true, .example = "5" },
	{ "title", CRM_TEXT, .max = 120, .example = "Like at home" },
	{ "text", CRM_TEXT, .min = 1, .max = 5000, .required = true,
	    .about = "Plain text", .example = "Fresh, and well packed." },
	{ "pictures", CRM_LIST, .of = CRM_UUID, .max = 5,
	    .about = "Own uploads, by id; not for guests" },
	CRM_END
};

const struct crm_field catalog_reviews_own[] = {
	{ "product_id", CRM_UUID, .about = "Of this product alone" },
	PAGE,
	CRM_END
};

const struct crm_field catalog_reviews_of[] = {
	{ "product_id", CRM_UUID, .required = true },
	CRM_END
};

const struct crm_field catalog_reviews_all[] = {
	{ "state", CRM_ENUM, .values = STATES },
	{ "product_id", CRM_UUID },
	{ "customer_id", CRM_UUID },
	{ STARS },
	{ "sort", CRM_ENUM, .values = "oldest newest",
	    .standard = "oldest" },
	PAGE,
	CRM_END
};

const struct crm_field catalog_reviews_decision[] = {
	{ "decision", CRM_ENUM, .values = "approve reject",
	    .required = true },
	{ "reason", CRM_TEXT, .max = 1000,
	    .about = "The writer reads it; needed to reject",
	    .example = "It names a neighbour" },
	CRM_END
};

/* As the writer: the key goes to the database as it is, which keeps digests
 * only.  Points and mail may wait in the outbox after it. */
static enum crm_problem
as_writer(struct crm_request *r, const struct crm_statement *statement)
{
	crm_set(r, "order_key", crm_header(r, "Duka-Order-Key"));
	return crm_answer_one(r, statement);
}

static enum crm_problem
and_wake(struct crm_request *r, enum crm_problem problem)
{
	if (problem == CRM_OK)
		crm_notify(r, "outbox");
	return problem;
}

enum crm_problem
catalog_reviews_create(struct crm_request *r)
{
	return and_wake(r, as_writer(r, &reviews_create));
}

enum crm_problem
catalog_reviews_view(struct crm_request *r)
{
	return as_writer(r, &reviews_view);
}

enum crm_problem
catalog_reviews_change(struct crm_request *r)
{
	return and_wake(r, as_writer(r, &reviews_change));
}

enum crm_problem
catalog_reviews_remove(struct crm_request *r)
{
	struct crm_result *rows;

	crm_set(r, "order_key", crm_header(r, "Duka-Order-Key"));
	return crm_query_one(r, &reviews_remove, &rows);
}

enum crm_problem
catalog_reviews_mine(struct crm_request *r)
{
	return as_writer(r, &reviews_mine);
}

enum crm_problem
catalog_reviews_reviewable(struct crm_request *r)
{
	return as_writer(r, &reviews_reviewable);
}

enum crm_problem
catalog_reviews_decide(struct crm_request *r)
{
	enum crm_problem problem;
	const char *reason = crm_input(r, "reason");

	if (strcmp(crm_input(r, "decision"), "reject") == 0 &&
	    (reason == NULL || *reason == '\0'))
		return crm_fault(r, "reason", "required", "is required");
	problem = crm_answer_one(r, &staff_reviews_decide);
	return and_wake(r, problem);
}
