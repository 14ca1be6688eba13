/* SPDX-License-Identifier: ISC */
/* reports: what its files know of each other. */
#ifndef REPORTS_H
#define REPORTS_H

#include <crm/crm.h>

/* A report's JSON as CSV (RFC 4180; cells that a spreadsheet would take for
 * formulas are disarmed with an apostrophe). */
void report_csv(struct crm_text *, const struct crm_json *report);

/* A report's JSON as a chart: bars over time, or a ranking. */
void report_svg(struct crm_text *, const struct crm_json *report);

/* The figure that a row is measured by, in minor units or pieces. */
int64_t report_figure(const struct crm_json *row);

#endif
