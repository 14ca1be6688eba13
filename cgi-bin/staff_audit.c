/* SPDX-License-Identifier: ISC */
/* The log of what staff changed, as a file. */
#include <string.h>

#include "staff.h"
#include "staff.sql.h"

/* The mark that tells spreadsheets it is UTF-8. */
static const char mark[] = "\xef\xbb\xbf";

/* As a stream: the log may be longer than what fits into memory. */
enum crm_problem
staff_export_audit(struct crm_request *r)
{
	enum crm_problem problem = crm_stream_begin(r, "text/csv",
	    "audit.csv");

	if (problem == CRM_OK)
		problem = crm_execute(r, &staff_audit_filter);
	if (problem != CRM_OK)
		return problem;
	if (!crm_stream(r, mark, strlen(mark)))
		return CRM_UNAVAILABLE;
	return crm_copy_out(r, &staff_audit_lines, crm_stream, r);
}
