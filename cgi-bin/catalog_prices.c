/* SPDX-License-Identifier: ISC */
/* Prices that are planned, and many products changed at once; the rules are
 * in sql/functions/catalog_prices.sql and catalog_bulk.sql. */

#include <crm/crm.h>

#include "catalog.h"
#include "catalog.sql.h"
#include "filter.h"

#define PAGE								\
	{ "cursor", CRM_CURSOR },					\
	{ "limit", CRM_INTEGER, .min = 1, .max = 100, .standard = "20" }

const struct crm_field catalog_prices_page[] = { PAGE, CRM_END };
const struct crm_field catalog_bulk_page[] = { PAGE, CRM_END };

const struct crm_field catalog_prices_planned[] = {
	{ "price", CRM_MONEY, .max = PRICE_MOST, .required = true,
	    .example = "{\"amount\":990,\"currency\":\"EUR\"}" },
	{ "starts_at", CRM_TIME, .about = "Now unless told; not in the past" },
	{ "ends_at", CRM_TIME, .nullable = true,
	    .about = "null: until it is ended",
	    .example = "2099-12-01T00:00:00Z" },
	{ "note", CRM_TEXT, .max = 200, .example = "Winter sale" },
	CRM_END
};

static const struct crm_field price_change[] = {
	{ "percent", CRM_DECIMAL, .min = -100000000, .max = 1000000000,
	    .example = "-10", .about = "More or less than now" },
	{ "amount", CRM_MONEY, .min = -PRICE_MOST, .max = PRICE_MOST,
	    .about = "Instead of percent: more or less than now" },
	{ "rounding", CRM_ENUM, .standard = "unit",
	    .values = "unit five ten whole ninety_nine ninety_five",
	    .about = "To minor units, fives or tens of them, whole units, or "
	    "to an end of 99 or 95" },
	CRM_END
};

static const struct crm_field change[] = {
	{ "status", CRM_ENUM, .values = "draft active archived" },
	{ "category", CRM_TEXT, .max = 120, .nullable = true,
	    .about = "Slug" },
	{ "brand", CRM_TEXT, .max = 120, .nullable = true, .about = "Slug" },
	{ "tax_class", CRM_ENUM, .values = TAX_CLASSES },
	{ "price", CRM_OBJECT, .fields = price_change },
	{ "tags_add", CRM_LIST, .of = CRM_TEXT, .max = 30 },
	{ "tags_remove", CRM_LIST, .of = CRM_TEXT, .max = 30 },
	CRM_END
};

const struct crm_field catalog_bulk[] = {
	{ "products", CRM_LIST, .of = CRM_UUID, .min = 1, .max = 1000,
	    .required = true },
	{ "change", CRM_OBJECT, .fields = change, .required = true },
	{ "dry_run", CRM_BOOL, .about = "Only tell what would change" },
	{ "digest", CRM_TEXT, .min = 32, .max = 32,
	    .about = "Of a preview: do that and nothing else" },
	CRM_END
};

/* The courier sleeps until what it knows of is due. */
static enum crm_problem
answer_and_wake(struct crm_request *r, const struct crm_statement *statement)
{
	crm_notify(r, "outbox");
	return crm_answer_one(r, statement);
}

enum crm_problem
catalog_prices_plan(struct crm_request *r)
{
	return answer_and_wake(r, &prices_plan);
}

enum crm_problem
catalog_prices_change(struct crm_request *r)
{
	return answer_and_wake(r, &prices_change);
}
