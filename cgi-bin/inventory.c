/* SPDX-License-Identifier: ISC */
/* inventory: what is on hand, where, how it came to that, and what runs
 * low. */

#include <crm/crm.h>
#include "inventory.sql.h"

#define PAGE								\
	{ "cursor", CRM_CURSOR, .about = "What the last page said as next" }, \
	{ "limit", CRM_INTEGER, .min = 1, .max = 100, .standard = "20",	\
	    .about = "Entries a page" }
#define PLACE								\
	{ "location", CRM_TEXT, .min = 1, .max = 40, .standard = "main", \
	    .about = "The location's code" }

static const struct crm_field filter[] = {
	{ "location", CRM_TEXT, .min = 1, .max = 40, .example = "main",
	    .about = "The location's code" },
	{ "sku", CRM_TEXT, .min = 1, .max = 64, .about = "Its beginning" },
	{ "low", CRM_BOOL, .about = "Those that run low, or those that don't" },
	PAGE,
	CRM_END
};

static const struct crm_field page[] = { PAGE, CRM_END };

static const struct crm_field alerts[] = {
	{ "open", CRM_BOOL, .about = "Those not refilled yet, or those that "
	    "were" },
	PAGE,
	CRM_END
};

static const struct crm_field adjustment[] = {
	{ "variant_id", CRM_UUID, .required = true },
	PLACE,
	{ "change", CRM_INTEGER, .min = -1000000, .max = 1000000,
	    .example = "12", .about = "More or less than before" },
	{ "counted", CRM_INTEGER, .min = 0, .max = 100000000,
	    .about = "Instead of change: what is there" },
	{ "reason", CRM_TEXT, .min = 1, .max = 500, .required = true,
	    .example = "Delivery of Monday" },
	CRM_END
};

static const struct crm_field settings[] = {
	{ "location", CRM_TEXT, .min = 1, .max = 40,
	    .about = "The location's code; main unless told" },
	{ "low_at", CRM_INTEGER, .min = 1, .max = 1000000, .nullable = true,
	    .about = "Alert when fewer are available; null: never" },
	{ "back_order", CRM_BOOL, .about = "Sell what is not there" },
	CRM_END
};

static const struct crm_field location[] = {
	{ "code", CRM_TEXT, .min = 1, .max = 40, .required = true,
	    .example = "warehouse-2", .about = "Small letters and dashes" },
	{ "name", CRM_TEXT, .min = 1, .max = 100, .required = true },
	{ "position", CRM_INTEGER, .min = 0, .max = 1000000,
	    .standard = "0", .about = "Orders take from the lowest first" },
	CRM_END
};

static const struct crm_field location_change[] = {
	{ "name", CRM_TEXT, .min = 1, .max = 100 },
	{ "position", CRM_INTEGER, .min = 0, .max = 1000000 },
	{ "active", CRM_BOOL, .about = "Whether orders take from it" },
	CRM_END
};

#define READ	CRM_STAFF("inventory.read")
#define WRITE	CRM_STAFF("inventory.write")

static const struct crm_route routes[] = {
	{ "GET", "/api/inventory", READ, filter, &inventory_list,
	    .answer = "StockPage", .about = "Stock by variant and location" },
	{ "GET", "/api/inventory/{variant_id}", READ, NULL, &inventory_view,
	    .answer = "VariantStock", .about = "One variant's stock" },
	{ "PATCH", "/api/inventory/{variant_id}", WRITE, settings,
	    &inventory_settings, .answer = "Stock",
	    .about = "The alert's threshold, back-orders" },
	{ "GET", "/api/inventory/{variant_id}/movements", READ, page,
	    &inventory_movements, .answer = "MovementPage",
	    .about = "What changed it, newest first" },
	{ "POST", "/api/inventory/adjustments", WRITE, adjustment,
	    &inventory_adjust, .status = 201, .idempotent = true,
	    .answer = "Stock", .about = "Changes or counts what is on hand" },
	{ "GET", "/api/inventory/alerts", READ, alerts, &inventory_alerts,
	    .answer = "StockAlertPage", .about = "What ran low" },
	{ "GET", "/api/inventory/locations", READ, NULL,
	    &inventory_locations, .answer = "LocationPage",
	    .about = "Where goods lie" },
	{ "POST", "/api/inventory/locations", WRITE, location,
	    &inventory_location_create, .status = 201, .answer = "Location",
	    .about = "A new location" },
	{ "PATCH", "/api/inventory/locations/{id}", WRITE, location_change,
	    &inventory_location_change, .answer = "Location",
	    .about = "Renames, reorders or closes a location" },
	CRM_END
};

int
main(int argc, char *argv[])
{
	return crm_main(argc, argv, "inventory", routes, inventory_statements);
}
