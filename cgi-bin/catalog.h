/* SPDX-License-Identifier: ISC */
/* What the parts of catalog share. */
#ifndef CATALOG_H
#define CATALOG_H

#include <crm/crm.h>

crm_handler catalog_import_take;
crm_handler catalog_export_give;

extern const struct crm_statement *const catalog_import_statements[];
extern const struct crm_command catalog_commands[];
extern const struct crm_field catalog_import_query[];

#endif
