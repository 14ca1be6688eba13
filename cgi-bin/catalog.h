/* SPDX-License-Identifier: ISC */
/* What the parts of catalog share. */
#ifndef CATALOG_H
#define CATALOG_H

#include <crm/crm.h>

crm_handler catalog_import_take;
crm_handler catalog_export_give;
crm_handler catalog_head_site;
crm_handler catalog_head_product;
crm_handler catalog_head_category;
crm_handler catalog_text_product;
crm_handler catalog_text_category;
crm_handler catalog_sitemap;
crm_handler catalog_sitemap_categories;
crm_handler catalog_sitemap_products;

crm_handler catalog_prices_plan;
crm_handler catalog_prices_change;

crm_handler catalog_reviews_create;
crm_handler catalog_reviews_view;
crm_handler catalog_reviews_change;
crm_handler catalog_reviews_remove;
crm_handler catalog_reviews_mine;
crm_handler catalog_reviews_reviewable;
crm_handler catalog_reviews_decide;

extern const struct crm_statement *const catalog_import_statements[];
extern const struct crm_command catalog_commands[];
extern const struct crm_field catalog_import_query[];
extern const struct crm_field catalog_prices_page[];
extern const struct crm_field catalog_prices_planned[];
extern const struct crm_field catalog_bulk_page[];
extern const struct crm_field catalog_bulk[];
extern const struct crm_field catalog_reviews_filter[];
extern const struct crm_field catalog_reviews_input[];
extern const struct crm_field catalog_reviews_own[];
extern const struct crm_field catalog_reviews_of[];
extern const struct crm_field catalog_reviews_all[];
extern const struct crm_field catalog_reviews_decision[];

#endif
