/* SPDX-License-Identifier: ISC */
/* What the parts of desk share.  A part is a file desk_NAME.c with its own
 * table of routes, its statements in sql/queries/desk_NAME.sql, and its
 * schemas in contract/desk_NAME.json; desk.c lists the parts. */
#ifndef DESK_H
#define DESK_H

#include <crm/crm.h>

struct desk_part {
	const struct crm_route *routes;
	const struct crm_statement *const *statements;
};

extern const struct desk_part desk_customers;

#define DESK_PAGE							\
	{ "cursor", CRM_CURSOR },					\
	{ "limit", CRM_INTEGER, .min = 1, .max = 100, .standard = "20" }

#endif
