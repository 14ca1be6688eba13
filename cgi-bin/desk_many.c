/* SPDX-License-Identifier: ISC */
/* Many customers at once, two that are one, and all that happened with one. */

#include "desk.h"
#include "desk_many.sql.h"

static const struct crm_field bulk[] = {
	{ "action", CRM_ENUM, .required = true,
	    .values = "activate deactivate tag untag", .example = "tag" },
	{ "tag", CRM_TEXT, .min = 1, .max = 40, .example = "wholesale",
	    .about = "Of tag and untag" },
	{ "ids", CRM_LIST, .of = CRM_UUID, .required = true, .min = 1,
	    .max = 1000 },
	CRM_END
};

static const struct crm_field doubles[] = {
	{ "customer_id", CRM_UUID, .about = "Those of one customer" },
	DESK_PAGE,
	CRM_END
};

static const struct crm_field pair[] = {
	{ "a", CRM_UUID, .required = true },
	{ "b", CRM_UUID, .required = true },
	CRM_END
};

static const struct crm_field preview[] = {
	{ "from", CRM_UUID, .required = true, .about = "Who would go" },
	CRM_END
};

static const struct crm_field merge[] = {
	{ "from", CRM_UUID, .required = true, .about = "Who goes" },
	{ "take", CRM_LIST, .of = CRM_ENUM, .max = 8,
	    .item_values = "email username given_name family_name phone "
	    "date_of_birth gender language",
	    .about = "What is taken from the one that goes, besides what "
	    "the other lacks", .example = "[\"phone\"]" },
	CRM_END
};

static const struct crm_field timeline[] = {
	{ "kinds", CRM_LIST, .of = CRM_TEXT, .max = 30,
	    .about = "Those alone; all that the caller may see, unless told" },
	{ "before", CRM_CURSOR, .about = "What an answer said as `older`" },
	{ "after", CRM_CURSOR, .about = "What an answer said as `newer`" },
	{ "at", CRM_TIME, .about = "From then back" },
	{ "limit", CRM_INTEGER, .min = 1, .max = 100, .standard = "30" },
	CRM_END
};

static enum crm_problem
tell(struct crm_request *r)
{
	struct crm_result *rows;
	enum crm_problem problem;

	if (crm_input(r, "before") != NULL && crm_input(r, "after") != NULL)
		return crm_fault(r, "after", "value", "Either of the two");
	problem = crm_query_one(r, &desk_timeline, &rows);
	if (problem != CRM_OK)
		return problem;
	if (crm_column(rows, 0, "body") == NULL)
		return CRM_NOT_FOUND;
	crm_answer_row(r, rows);
	return CRM_OK;
}

#define READ		CRM_STAFF("customers.read")
#define WRITE		CRM_STAFF("customers.write")
#define ERASE		CRM_STAFF("customers.erase")
#define CUSTOMERS	"/api/desk/customers"

static const struct crm_route routes[] = {
	{ "POST", CUSTOMERS "/bulk", WRITE, bulk, &desk_bulk, .status = 201,
	    .idempotent = true, .max_body = 128 * 1024,
	    .answer = "DeskBulkChange", .about = "Changes many at once" },
	{ "POST", "/api/desk/bulk/{id}/undo", WRITE, NULL, &desk_bulk_undo,
	    .answer = "DeskBulkChange",
	    .about = "Takes it back for those nobody changed since" },
	{ "GET", "/api/desk/doubles", READ, doubles, &desk_doubles,
	    .answer = "DoublePage", .about = "Two who may be one" },
	{ "POST", "/api/desk/doubles/refuse", WRITE, pair,
	    &desk_doubles_refuse, .status = 204,
	    .about = "Says that they are two" },
	{ "GET", CUSTOMERS "/{id}/merge", ERASE, preview,
	    &desk_merge_preview, .answer = "MergePreview",
	    .about = "What would become of two" },
	{ "POST", CUSTOMERS "/{id}/merge", ERASE, merge, &desk_merge,
	    .if_match = true, .idempotent = true, .answer = "DeskCustomer",
	    .about = "Makes one of two; this one stays" },
	{ "GET", CUSTOMERS "/{id}/timeline", READ, timeline,
	    .handler = tell, .answer = "Timeline",
	    .about = "All that happened, the latest first" },
	CRM_END
};

const struct desk_part desk_many_part = { routes, desk_many_statements };
