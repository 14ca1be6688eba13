/* SPDX-License-Identifier: ISC */
/* Customers as a file, out and in. */

#include "desk.h"
#include "desk_files.sql.h"

#define CSV	"text/csv"
#define HUGE	(16 * 1024 * 1024)

static const struct crm_field filter[] = {
	DESK_CUSTOMER_FILTERS,
	CRM_END
};

static const struct crm_field mode[] = {
	{ "mode", CRM_ENUM, .values = "preview all rows",
	    .standard = "preview", .about = "Only say what would become of "
	    "it; all or nothing; or what is right, line by line" },
	CRM_END
};

static enum crm_problem
export(struct crm_request *r)
{
	enum crm_problem problem = crm_count_against(r, "staff_export",
	    crm_account(r), 1);

	if (problem == CRM_OK)
		problem = crm_begin(r);
	if (problem == CRM_OK)
		problem = crm_execute(r, &desk_export_begin);
	if (problem == CRM_OK)
		problem = crm_stream_begin(r, CSV, "customers.csv");
	if (problem != CRM_OK)
		return problem;
	return crm_copy_out(r, &desk_export_lines, crm_stream, r);
}

static long
read_body(void *request, char *buffer, size_t size)
{
	return crm_body_read(request, buffer, size);
}

static enum crm_problem
import(struct crm_request *r)
{
	enum crm_problem problem = crm_execute(r, &desk_import_begin);

	if (problem == CRM_OK)
		problem = crm_copy_in(r, &desk_import_lines, read_body, r);
	return problem != CRM_OK ? problem :
	    crm_answer_one(r, &desk_import_run);
}

static const struct crm_route routes[] = {
	{ "GET", "/api/desk/customers/export", CRM_STAFF("customers.export"),
	    filter, .handler = export, .answer_type = CSV,
	    .about = "The list as CSV, harmless in spreadsheets" },
	{ "POST", "/api/desk/customers/import", CRM_STAFF("customers.write"),
	    .handler = import, .type = CSV, .max_body = HUGE, .query = mode,
	    .answer = "CustomerImport",
	    .about = "Takes such a file in, or says what would become of it" },
	CRM_END
};

const struct desk_part desk_files_part = { routes, desk_files_statements };
