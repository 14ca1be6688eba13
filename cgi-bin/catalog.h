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

extern const struct crm_statement *const catalog_import_statements[];
extern const struct crm_command catalog_commands[];
extern const struct crm_field catalog_import_query[];

#endif
