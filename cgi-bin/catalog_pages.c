/* SPDX-License-Identifier: ISC */
/* What search engines and link previews read of a page; nginx puts it into
 * the storefront's shell. */

#include <string.h>

#include "catalog.h"
#include "catalog.sql.h"

static enum crm_problem
written(struct crm_request *r, const struct crm_statement *statement,
    const char *type)
{
	struct crm_result *rows;
	const char *body;
	enum crm_problem problem;

	crm_set(r, "origin", crm_config("DUKA_ORIGIN",
	    "http://localhost:8080"));
	problem = crm_query_one(r, statement, &rows);
	if (problem != CRM_OK)
		return problem;
	body = crm_column(rows, 0, "body");
	if (body == NULL)
		return CRM_NOT_FOUND;
	crm_answer_as(r, type, body, strlen(body));
	return CRM_OK;
}

#define PIECE(name, statement, type)					\
enum crm_problem							\
name(struct crm_request *r)						\
{									\
	return written(r, &statement, type "; charset=utf-8");		\
}

PIECE(catalog_head_site, pages_head_site, "text/html")
PIECE(catalog_head_product, pages_head_product, "text/html")
PIECE(catalog_head_category, pages_head_category, "text/html")
PIECE(catalog_text_product, pages_text_product, "text/html")
PIECE(catalog_text_category, pages_text_category, "text/html")
PIECE(catalog_sitemap, pages_sitemap, "application/xml")
PIECE(catalog_sitemap_categories, pages_sitemap_categories,
    "application/xml")
PIECE(catalog_sitemap_products, pages_sitemap_products, "application/xml")
