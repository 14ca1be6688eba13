/* SPDX-License-Identifier: ISC */
/* recommend: what was looked at, and what to show because of it. */

#include <crm/crm.h>
#include "recommend.sql.h"

static const struct crm_field event[] = {
	{ "kind", CRM_ENUM, .values = "view search", .required = true },
	{ "product_id", CRM_UUID, .about = "What was looked at" },
	{ "query", CRM_TEXT, .min = 1, .max = 100, .example = "palm oil",
	    .about = "What was searched for; kept of customers alone" },
	{ "at", CRM_TIME, .example = "2026-03-02T09:30:00Z",
	    .about = "When; now, if it isn't of the last day" },
	CRM_END
};

static const struct crm_field batch[] = {
	{ "consent", CRM_BOOL, .required = true, .example = "true",
	    .about = "That the person agreed; without it nothing is kept" },
	{ "events", CRM_LIST, .of = CRM_OBJECT, .fields = event, .min = 1,
	    .max = 50, .required = true },
	CRM_END
};

static const struct crm_field size[] = {
	{ "limit", CRM_INTEGER, .min = 1, .max = 24, .standard = "8" },
	CRM_END
};

static const struct crm_route routes[] = {
	{ "POST", "/api/recommend/events", CRM_ANYONE, batch, &views_keep,
	    .status = 204, .limit = "views",
	    .about = "Keeps what was looked at and for, many at once" },
	{ "GET", "/api/recommend/recent", CRM_ANYONE, size, &views_recent,
	    .answer = "Recommended",
	    .about = "What the caller looked at last" },
	{ "DELETE", "/api/recommend/recent", CRM_ANYONE, NULL, &views_forget,
	    .status = 204,
	    .about = "Forgets what the caller looked at and searched for" },
	{ "GET", "/api/recommend/searches", CRM_CUSTOMER, size,
	    &searches_recent, .answer = "OwnSearches",
	    .about = "What the caller searched for last" },
	{ "GET", "/api/recommend/products/{id}/together", CRM_PUBLIC, size,
	    &together, .cache = 60, .answer = "Recommended",
	    .about = "What is bought in the same orders" },
	{ "GET", "/api/recommend/home", CRM_ANYONE, size, &home,
	    .answer = "RecommendedHome",
	    .about = "For the caller, from the shop, and what sells" },
	CRM_END
};

int
main(int argc, char *argv[])
{
	return crm_main(argc, argv, "recommend", routes,
	    recommend_statements);
}
