/* SPDX-License-Identifier: ISC */
/* inventory: what is on hand, where, how it came to that, and what runs
 * low. */

#include <crm/crm.h>

#include "inventory.h"
#include "inventory.sql.h"

#define PLACE								\
	{ "location", CRM_TEXT, .min = 1, .max = 40, .standard = "main", \
	    .about = "The location's code" }

static const struct crm_field filter[] = {
	{ "location", CRM_TEXT, .min = 1, .max = 40, .example = "main",
	    .about = "The location's code" },
	{ "sku", CRM_TEXT, .min = 1, .max = 64, .about = "Its beginning" },
	{ "q", CRM_TEXT, .max = 100, .about = "Part of the name or the SKU" },
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
	{ "cause", CRM_ENUM, .values = CAUSES, .standard = "other" },
	{ "reason", CRM_TEXT, .max = 500, .example = "Fell off the shelf",
	    .about = "In words; needed if the cause is other" },
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

#define RECEIPTS	"/api/inventory/receipts"
#define TRANSFERS	"/api/inventory/transfers"
#define COUNTS		"/api/inventory/counts"
#define SUPPLIERS	"/api/inventory/suppliers"
#define READ	CRM_STAFF("inventory.read")
#define WRITE	CRM_STAFF("inventory.write")

static const struct crm_route routes[] = {
	{ "GET", "/api/inventory", READ, filter, &inventory_list,
	    .answer = "StockPage", .about = "Stock by variant and location" },
	{ "GET", "/api/inventory/{variant_id}", READ, NULL, &inventory_view,
	    .answer = "VariantStock", .about = "One variant's stock" },
	{ "PATCH", "/api/inventory/{variant_id}", WRITE, settings,
	    &inventory_settings, .if_match = true, .answer = "Stock",
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
	    &inventory_location_change, .if_match = true,
	    .answer = "Location",
	    .about = "Renames, reorders or closes a location" },
	{ "GET", "/api/inventory/movements", READ, inventory_moved,
	    &inventory_all_movements, .answer = "MovementPage",
	    .about = "What changed any of them, newest first" },
	{ "GET", RECEIPTS, READ, inventory_receipts, &receipts_list,
	    .answer = "ReceiptPage", .about = "Goods received and expected" },
	{ "GET", RECEIPTS "/{id}", READ, NULL, &receipts_view,
	    .answer = "Receipt", .about = "One receipt" },
	{ "POST", RECEIPTS, WRITE, inventory_receipt, &receipts_create,
	    .status = 201, .idempotent = true, .answer = "Receipt",
	    .about = "Receives goods, or says that they will come" },
	{ "POST", RECEIPTS "/{id}/receive", WRITE, inventory_received,
	    &receipts_receive, .if_match = true, .idempotent = true,
	    .answer = "Receipt", .about = "What was expected has come" },
	{ "POST", RECEIPTS "/{id}/cancel", WRITE, NULL, &receipts_cancel,
	    .if_match = true, .answer = "Receipt",
	    .about = "What was expected won't come" },
	{ "GET", TRANSFERS, READ, inventory_transfers, &transfers_list,
	    .answer = "TransferPage",
	    .about = "What went from place to place" },
	{ "GET", TRANSFERS "/{id}", READ, NULL, &transfers_view,
	    .answer = "Transfer", .about = "One transfer" },
	{ "POST", TRANSFERS, WRITE, inventory_transfer, &transfers_create,
	    .status = 201, .idempotent = true, .answer = "Transfer",
	    .about = "Sends goods to another place" },
	{ "POST", TRANSFERS "/{id}/receive", WRITE, inventory_received,
	    &transfers_receive, .if_match = true, .idempotent = true,
	    .answer = "Transfer", .about = "They have arrived, or some" },
	{ "POST", TRANSFERS "/{id}/cancel", WRITE, NULL, &transfers_cancel,
	    .if_match = true, .answer = "Transfer",
	    .about = "They come back to where they were" },
	{ "GET", COUNTS, READ, inventory_counts, &counts_list,
	    .answer = "CountPage", .about = "Sheets of counting" },
	{ "GET", COUNTS "/{id}", READ, NULL, &counts_view,
	    .answer = "Count", .about = "One sheet" },
	{ "POST", COUNTS, WRITE, inventory_count, &counts_open,
	    .status = 201, .idempotent = true, .answer = "Count",
	    .about = "Opens a sheet of what lies at a place" },
	{ "GET", COUNTS "/{id}/lines", READ, inventory_count_lines,
	    &counts_lines, .answer = "CountLinePage",
	    .about = "What is to be counted, was, or differs" },
	{ "PUT", COUNTS "/{id}/lines", WRITE, inventory_counted,
	    &counts_enter, .answer = "CountEntered",
	    .about = "What was counted" },
	{ "POST", COUNTS "/{id}/close", WRITE, NULL, &counts_close,
	    .if_match = true, .answer = "Count",
	    .about = "Corrects the stock by what differed" },
	{ "POST", COUNTS "/{id}/cancel", WRITE, NULL, &counts_cancel,
	    .if_match = true, .answer = "Count",
	    .about = "Leaves the stock as it is" },
	{ "GET", SUPPLIERS, READ, NULL, &suppliers_list,
	    .answer = "SupplierPage", .about = "Who goods come from" },
	{ "GET", SUPPLIERS "/{id}", READ, NULL, &suppliers_view,
	    .answer = "Supplier", .about = "One supplier" },
	{ "POST", SUPPLIERS, WRITE, inventory_supplier, &suppliers_create,
	    .status = 201, .answer = "Supplier",
	    .about = "A new supplier" },
	{ "PATCH", SUPPLIERS "/{id}", WRITE, inventory_supplier_change,
	    &suppliers_change, .if_match = true, .answer = "Supplier",
	    .about = "Changes a supplier" },
	{ "GET", "/api/inventory/reorder", READ, inventory_reorder,
	    &inventory_proposals, .answer = "ProposalPage",
	    .about = "What to order again, by how it sells" },
	{ "GET", "/api/inventory/restock/{product_id}", READ, NULL,
	    &restock_view, .answer = "Restock",
	    .about = "How a product is ordered again" },
	{ "PUT", "/api/inventory/restock/{product_id}", WRITE,
	    inventory_restock, &restock_put, .if_match = true,
	    .answer = "Restock", .about = "Says how it is ordered again" },
	CRM_END
};

int
main(int argc, char *argv[])
{
	return crm_main(argc, argv, "inventory", routes, inventory_statements);
}
