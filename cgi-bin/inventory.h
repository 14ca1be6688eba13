/* SPDX-License-Identifier: ISC */
/* What the parts of inventory share. */
#ifndef INVENTORY_H
#define INVENTORY_H

#include <crm/crm.h>

#define CAUSES								\
	"damaged expired lost stolen found sample own_use correction other"
#define PAGE								\
	{ "cursor", CRM_CURSOR, .about = "What the last page said as next" }, \
	{ "limit", CRM_INTEGER, .min = 1, .max = 100, .standard = "20",	\
	    .about = "Entries a page" }

extern const struct crm_field inventory_receipts[];
extern const struct crm_field inventory_receipt[];
extern const struct crm_field inventory_received[];
extern const struct crm_field inventory_transfers[];
extern const struct crm_field inventory_transfer[];
extern const struct crm_field inventory_counts[];
extern const struct crm_field inventory_count[];
extern const struct crm_field inventory_count_lines[];
extern const struct crm_field inventory_counted[];
extern const struct crm_field inventory_supplier[];
extern const struct crm_field inventory_supplier_change[];
extern const struct crm_field inventory_restock[];
extern const struct crm_field inventory_reorder[];
extern const struct crm_field inventory_moved[];

#endif
