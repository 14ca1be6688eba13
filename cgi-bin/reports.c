/* SPDX-License-Identifier: ISC */
/* reports: figures for the owner, as JSON, CSV and charts. */

#include <string.h>

#include "reports.h"
#include "reports.sql.h"

#define SPAN								\
	{ "from", CRM_DATE, .about = "First day",			\
	    .example = "2026-01-01" },					\
	{ "to", CRM_DATE, .about = "Last day, included",		\
	    .example = "2026-01-31" },					\
	{ "last", CRM_ENUM, .values = "day week month quarter year",	\
	    .about = "The last whole one, instead of from and to" }
#define SALES_BY "day week month category product payment_method"
#define TIME_BY "day week month"
#define PLACE_BY "category location"

static const struct crm_field sales[] = {
	{ "by", CRM_ENUM, .values = SALES_BY, .standard = "day" },
	SPAN,
	CRM_END
};

static const struct crm_field over_time[] = {
	{ "by", CRM_ENUM, .values = TIME_BY, .standard = "day" },
	SPAN,
	CRM_END
};

static const struct crm_field by_place[] = {
	{ "by", CRM_ENUM, .values = PLACE_BY, .standard = "category" },
	CRM_END
};

static const struct crm_field letter[] = {
	{ "report", CRM_ENUM, .values = "sales new-customers stock-value",
	    .required = true },
	{ "by", CRM_ENUM, .values = SALES_BY " location" },
	SPAN,
	{ "format", CRM_ENUM, .values = "csv svg json", .standard = "csv" },
	{ "recipient", CRM_EMAIL, .required = true },
	CRM_END
};

typedef void renderer(struct crm_text *, const struct crm_json *);

static enum crm_problem
rendered(struct crm_request *r, const struct crm_statement *statement,
    renderer *render, struct crm_text *text)
{
	struct crm_result *rows;
	const struct crm_json *report;
	const char *body;
	enum crm_problem problem = crm_query_one(r, statement, &rows);

	if (problem != CRM_OK)
		return problem;
	body = crm_column(rows, 0, "body");
	crm_text_init(text, crm_arena(r));
	if (render == NULL) {
		crm_text_puts(text, body);
		return CRM_OK;
	}
	report = crm_json_parse(crm_arena(r), body, strlen(body), NULL);
	if (report == NULL)
		return CRM_INTERNAL;
	render(text, report);
	return CRM_OK;
}

static enum crm_problem
as_csv(struct crm_request *r, const struct crm_statement *statement)
{
	struct crm_text text;
	enum crm_problem problem = rendered(r, statement, report_csv, &text);

	if (problem != CRM_OK)
		return problem;
	crm_answer_header(r, "Content-Disposition",
	    "attachment; filename=\"report.csv\"");
	crm_answer_as(r, "text/csv; charset=utf-8", text.data, text.length);
	return CRM_OK;
}

static enum crm_problem
as_svg(struct crm_request *r, const struct crm_statement *statement)
{
	struct crm_text text;
	enum crm_problem problem = rendered(r, statement, report_svg, &text);

	if (problem != CRM_OK)
		return problem;
	crm_answer_header(r, "Content-Security-Policy",
	    "default-src 'none'; style-src 'unsafe-inline'; sandbox");
	crm_answer_as(r, "image/svg+xml", text.data, text.length);
	return CRM_OK;
}

static enum crm_problem
sales_csv(struct crm_request *r)
{
	return as_csv(r, &reports_sales);
}

static enum crm_problem
sales_svg(struct crm_request *r)
{
	return as_svg(r, &reports_sales);
}

static enum crm_problem
customers_csv(struct crm_request *r)
{
	return as_csv(r, &reports_new_customers);
}

static enum crm_problem
customers_svg(struct crm_request *r)
{
	return as_svg(r, &reports_new_customers);
}

static enum crm_problem
stock_csv(struct crm_request *r)
{
	return as_csv(r, &reports_stock_value);
}

static enum crm_problem
stock_svg(struct crm_request *r)
{
	return as_svg(r, &reports_stock_value);
}

static const struct {
	const char			*name;
	const struct crm_statement	*statement;
	const char			*by;		/* allowed */
	const char			*standard;
	const char			*title;
} reports[] = {
	{ "sales", &reports_sales, SALES_BY, "day", "Sales" },
	{ "new-customers", &reports_new_customers, TIME_BY, "day",
	    "New customers" },
	{ "stock-value", &reports_stock_value, PLACE_BY, "category",
	    "Stock value" }
};

static const struct {
	const char	*name;
	renderer	*render;
	const char	*type;
} formats[] = {
	{ "csv", report_csv, "text/csv; charset=utf-8" },
	{ "svg", report_svg, "image/svg+xml" },
	{ "json", NULL, "application/json" }
};

static bool
is_word_of(const char *word, const char *words)
{
	size_t length = strlen(word);
	const char *found = words;

	while ((found = strstr(found, word)) != NULL) {
		if ((found == words || found[-1] == ' ') &&
		    (found[length] == ' ' || found[length] == '\0'))
			return true;
		found += length;
	}
	return false;
}

/* Puts a report into the outbox; the courier sends it. */
static enum crm_problem
mail(struct crm_request *r)
{
	const char *by = crm_input(r, "by");
	struct crm_result *rows;
	struct crm_text text;
	enum crm_problem problem;
	size_t n = 0, f = 0;

	while (strcmp(reports[n].name, crm_input(r, "report")) != 0)
		n++;
	while (strcmp(formats[f].name, crm_input(r, "format")) != 0)
		f++;
	if (by != NULL && !is_word_of(by, reports[n].by))
		return crm_fault(r, "by", "value",
		    "does not fit this report");
	crm_set(r, "by", by != NULL ? by : reports[n].standard);
	problem = rendered(r, reports[n].statement, formats[f].render, &text);
	if (problem != CRM_OK)
		return problem;
	crm_set(r, "subject", reports[n].title);
	crm_set(r, "name", crm_format(crm_arena(r), "%s.%s", reports[n].name,
	    formats[f].name));
	crm_set(r, "type", formats[f].type);
	crm_set(r, "content", text.data);
	problem = crm_query_one(r, &reports_mail, &rows);
	if (problem != CRM_OK)
		return problem;
	crm_notify(r, "outbox");
	crm_answer_row(r, rows);
	return CRM_OK;
}

#define SELF	CRM_STAFF("staff.self")

static const struct crm_route routes[] = {
	{ "GET", "/api/reports/dashboard", SELF, NULL, &reports_dashboard,
	    .answer = "StaffDashboard",
	    .about = "Today against a week ago, what waits, what happened "
	    "last: as far as one may see it" },
	{ "GET", "/api/reports/news", SELF, NULL, &reports_news,
	    .answer = "StaffNews",
	    .about = "How many wait and when the newest came" },
	{ "GET", "/api/reports/sales", CRM_STAFF("reports.read"), sales,
	    &reports_sales, .answer = "Report",
	    .about = "Sales by time, category, product or payment method" },
	{ "GET", "/api/reports/sales.csv", CRM_STAFF("reports.read"), sales,
	    .handler = sales_csv, .answer_type = "text/csv",
	    .about = "Sales as CSV" },
	{ "GET", "/api/reports/sales.svg", CRM_STAFF("reports.read"), sales,
	    .handler = sales_svg, .answer_type = "image/svg+xml",
	    .about = "Sales as a chart" },
	{ "GET", "/api/reports/new-customers", CRM_STAFF("reports.read"),
	    over_time, &reports_new_customers, .answer = "Report",
	    .about = "New customers over time" },
	{ "GET", "/api/reports/new-customers.csv", CRM_STAFF("reports.read"),
	    over_time, .handler = customers_csv, .answer_type = "text/csv",
	    .about = "New customers as CSV" },
	{ "GET", "/api/reports/new-customers.svg", CRM_STAFF("reports.read"),
	    over_time, .handler = customers_svg,
	    .answer_type = "image/svg+xml",
	    .about = "New customers as a chart" },
	{ "GET", "/api/reports/stock-value", CRM_STAFF("reports.read"),
	    by_place, &reports_stock_value, .answer = "Report",
	    .about = "What lies in stock, at selling prices" },
	{ "GET", "/api/reports/stock-value.csv", CRM_STAFF("reports.read"),
	    by_place, .handler = stock_csv, .answer_type = "text/csv",
	    .about = "Stock value as CSV" },
	{ "GET", "/api/reports/stock-value.svg", CRM_STAFF("reports.read"),
	    by_place, .handler = stock_svg, .answer_type = "image/svg+xml",
	    .about = "Stock value as a chart" },
	{ "POST", "/api/reports/mail", CRM_STAFF("reports.read"), letter,
	    .handler = mail, .status = 202, .answer = "ReportMail",
	    .about = "Sends a report by mail" },
	CRM_END
};

int
main(int argc, char *argv[])
{
	static const struct crm_area area = {
		.name = "reports", .routes = routes,
		.statements = reports_statements, .one_at_a_time = true
	};

	return crm_area_main(argc, argv, &area);
}
