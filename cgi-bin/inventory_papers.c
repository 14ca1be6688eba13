/* SPDX-License-Identifier: ISC */
/* What receipts, transfers, counts and orders to suppliers say; the rules are
 * in sql/functions/inventory_papers.sql, _counts.sql and _reorder.sql. */

#include <crm/crm.h>

#include "inventory.h"

#define LOCATION							\
	CRM_TEXT, .min = 1, .max = 40, .about = "The location's code"
#define VARIANT								\
	{ "variant_id", CRM_UUID },					\
	{ "sku", CRM_TEXT, .min = 1, .max = 64,				\
	    .about = "Instead of variant_id", .example = "OIL-1" }
#define LINES(one, least)						\
	{ "lines", CRM_LIST, .of = CRM_OBJECT, .fields = one,		\
	    .min = least, .max = 500 }

static const struct crm_field line[] = {
	VARIANT,
	{ "quantity", CRM_INTEGER, .min = 1, .max = 1000000,
	    .required = true },
	CRM_END
};

static const struct crm_field line_came[] = {
	VARIANT,
	{ "quantity", CRM_INTEGER, .min = 0, .max = 1000000,
	    .required = true },
	CRM_END
};

static const struct crm_field line_counted[] = {
	VARIANT,
	{ "counted", CRM_INTEGER, .min = 0, .max = 100000000,
	    .nullable = true, .about = "null: not counted after all" },
	{ "was", CRM_INTEGER, .min = 0, .max = 100000000,
	    .nullable = true, .about = "What stood there when it was "
	    "counted anew; 412 if it is another" },
	CRM_END
};

const struct crm_field inventory_receipts[] = {
	{ "state", CRM_ENUM, .values = "expected received cancelled" },
	{ "location", LOCATION },
	{ "supplier_id", CRM_UUID },
	{ "reference", CRM_TEXT, .max = 100, .about = "Part of it" },
	PAGE,
	CRM_END
};

const struct crm_field inventory_receipt[] = {
	{ "location", LOCATION, .standard = "main" },
	{ "supplier_id", CRM_UUID, .nullable = true },
	{ "reference", CRM_TEXT, .max = 100, .example = "LS-2041",
	    .about = "The delivery note's number; a supplier's is taken once" },
	{ "note", CRM_TEXT, .max = 500 },
	{ "expected", CRM_BOOL,
	    .about = "It is only on its way: received later" },
	{ "expected_on", CRM_DATE, .nullable = true },
	{ "lines", CRM_LIST, .of = CRM_OBJECT, .fields = line, .min = 1,
	    .max = 500, .required = true },
	CRM_END
};

const struct crm_field inventory_received[] = {
	LINES(line_came, 0),
	{ "reference", CRM_TEXT, .max = 100 },
	{ "note", CRM_TEXT, .max = 500 },
	CRM_END
};

const struct crm_field inventory_transfers[] = {
	{ "state", CRM_ENUM, .values = "sent received cancelled" },
	{ "location", LOCATION },
	PAGE,
	CRM_END
};

const struct crm_field inventory_transfer[] = {
	{ "from", LOCATION, .required = true, .example = "main" },
	{ "to", LOCATION, .required = true, .example = "shop-2" },
	{ "note", CRM_TEXT, .max = 500 },
	{ "lines", CRM_LIST, .of = CRM_OBJECT, .fields = line, .min = 1,
	    .max = 500, .required = true },
	CRM_END
};

const struct crm_field inventory_counts[] = {
	{ "state", CRM_ENUM, .values = "open closed cancelled" },
	PAGE,
	CRM_END
};

const struct crm_field inventory_count[] = {
	{ "location", LOCATION, .standard = "main" },
	{ "category", CRM_TEXT, .max = 120, .nullable = true,
	    .about = "Slug: only what is below it" },
	{ "note", CRM_TEXT, .max = 500 },
	CRM_END
};

const struct crm_field inventory_count_lines[] = {
	{ "show", CRM_ENUM, .values = "all uncounted counted different",
	    .standard = "all" },
	{ "q", CRM_TEXT, .max = 100, .about = "Part of the name or the SKU" },
	PAGE,
	CRM_END
};

const struct crm_field inventory_counted[] = {
	{ "lines", CRM_LIST, .of = CRM_OBJECT, .fields = line_counted,
	    .min = 1, .max = 500, .required = true },
	CRM_END
};

#define RESTOCK								\
	{ "lead_days", CRM_INTEGER, .min = 0, .max = 365,		\
	    .nullable = true, .about = "From ordering to having" },	\
	{ "cover_days", CRM_INTEGER, .min = 1, .max = 365,		\
	    .nullable = true, .about = "What is ordered should last" }
#define SUPPLIER							\
	{ "email", CRM_EMAIL, .nullable = true },			\
	{ "phone", CRM_TEXT, .max = 40 },				\
	{ "note", CRM_TEXT, .max = 2000 },				\
	RESTOCK

const struct crm_field inventory_supplier[] = {
	{ "name", CRM_TEXT, .min = 1, .max = 100, .required = true },
	SUPPLIER,
	CRM_END
};

const struct crm_field inventory_supplier_change[] = {
	{ "name", CRM_TEXT, .min = 1, .max = 100 },
	SUPPLIER,
	{ "active", CRM_BOOL },
	CRM_END
};

const struct crm_field inventory_restock[] = {
	{ "supplier_id", CRM_UUID, .nullable = true },
	RESTOCK,
	{ "pack", CRM_INTEGER, .min = 1, .max = 100000, .standard = "1",
	    .about = "Ordered by whole packs of so many" },
	CRM_END
};

const struct crm_field inventory_reorder[] = {
	{ "days", CRM_INTEGER, .min = 1, .max = 365,
	    .about = "Of sales to look back on; the shop's unless told" },
	{ "supplier_id", CRM_UUID },
	{ "all", CRM_BOOL, .standard = "false",
	    .about = "Also what needs no ordering" },
	PAGE,
	CRM_END
};

const struct crm_field inventory_moved[] = {
	{ "variant_id", CRM_UUID },
	{ "sku", CRM_TEXT, .min = 1, .max = 64, .about = "Its beginning" },
	{ "location", LOCATION },
	{ "kind", CRM_ENUM, .values = "adjustment count import shipment "
	    "return receipt transfer other" },
	{ "cause", CRM_ENUM, .values = CAUSES },
	{ "staff_id", CRM_UUID },
	{ "document_id", CRM_UUID,
	    .about = "Of a receipt, a transfer or a count" },
	{ "from", CRM_TIME },
	{ "to", CRM_TIME, .about = "Before it" },
	PAGE,
	CRM_END
};
