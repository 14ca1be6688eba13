/* SPDX-License-Identifier: ISC */
/* Reports as CSV and as charts. */
#include <stdlib.h>
#include <string.h>

#include "reports.h"

#define WIDTH	960
#define HEIGHT	400
#define LEFT	112		/* room of the scale */
#define TOP	48
#define BOTTOM	72
#define BAR	22		/* height of a bar in a ranking */
#define RANKS	25
#define NAME	48		/* characters of a name beside its bar */

int64_t
report_figure(const struct crm_json *row)
{
	const struct crm_json *total = crm_json_get(row, "total");

	if (total != NULL)
		return crm_json_integer_of(total, "amount", 0);
	return crm_json_integer_of(row, "customers", 0);
}

/* Whether a spreadsheet would run it: as csv_runs() in the database. */
static bool
runs(const char *cell)
{
	static const char *const wide[] = { "\uff1d", "\uff0b", "\uff0d",
		"\uff20" };
	size_t i;

	cell += strspn(cell, "'");
	if (*cell != '\0' && strchr("\t\r\n", *cell) != NULL)
		return true;
	cell += strspn(cell, " \t\r\n\v\f");
	for (i = 0; i < sizeof wide / sizeof wide[0]; i++)
		if (strncmp(cell, wide[i], strlen(wide[i])) == 0)
			return true;
	return *cell != '\0' && strchr("=+-@", *cell) != NULL;
}

/* A cell: quoted if need be, disarmed if a spreadsheet would run it. */
static void
print_cell(struct crm_text *out, const char *cell)
{
	bool quoted = strpbrk(cell, ",\"\r\n") != NULL;

	if (quoted)
		crm_text_putc(out, '"');
	if (runs(cell))
		crm_text_putc(out, '\'');
	for (; *cell != '\0'; cell++) {
		if (*cell == '"')
			crm_text_putc(out, '"');
		crm_text_putc(out, *cell);
	}
	if (quoted)
		crm_text_putc(out, '"');
}

/* Minor units as a plain decimal: 1250 EUR is 12.50. */
static void
print_decimal(struct crm_text *out, const struct crm_json *money)
{
	struct crm_text text;

	crm_text_init(&text, out->arena);
	crm_money_print(&text, crm_json_integer_of(money, "amount", 0),
	    crm_json_text_of(money, "currency"));
	crm_text_add(out, text.data, strcspn(text.data, " "));
}

static void
print_row(struct crm_text *out, const struct crm_json *row)
{
	const struct crm_json *value;
	const char *separator = "", *text;

	for (value = crm_json_first(row); value != NULL;
	    value = crm_json_next(value)) {
		crm_text_puts(out, separator);
		separator = ",";
		text = crm_json_text(value);
		if (crm_json_type(value) == CRM_JSON_OBJECT)
			print_decimal(out, value);
		else if (crm_json_type(value) == CRM_JSON_STRING)
			print_cell(out, text);
		else
			crm_text_puts(out, text != NULL ? text : "");
	}
	crm_text_puts(out, "\r\n");
}

void
report_csv(struct crm_text *out, const struct crm_json *report)
{
	const struct crm_json *sum = crm_json_get(report, "sum"), *value;
	const struct crm_json *row;
	const char *separator = "";

	for (value = crm_json_first(sum); value != NULL;
	    value = crm_json_next(value)) {
		crm_text_printf(out, "%s%s", separator, crm_json_name(value));
		separator = ",";
	}
	crm_text_puts(out, "\r\n");
	for (row = crm_json_first(crm_json_get(report, "rows")); row != NULL;
	    row = crm_json_next(row))
		print_row(out, row);
	print_row(out, sum);
}

/* Figures on the scale and the bars: money if the report has a currency and
 * rows of money, pieces otherwise. */
static void
print_figure(struct crm_text *out, const struct crm_json *report,
    int64_t figure)
{
	const struct crm_json *sum = crm_json_get(report, "sum");

	if (crm_json_get(sum, "total") != NULL)
		crm_money_print(out, figure,
		    crm_json_text_of(report, "currency"));
	else
		crm_text_printf(out, "%lld", (long long)figure);
}

static int64_t
greatest(const struct crm_json *rows)
{
	const struct crm_json *row;
	int64_t most = 1;

	for (row = crm_json_first(rows); row != NULL; row = crm_json_next(row))
		if (report_figure(row) > most)
			most = report_figure(row);
	return most;
}

/* The next 1, 2 or 5 times a power of ten: a scale people can read. */
static int64_t
round_up(int64_t figure)
{
	int64_t power = 1;

	while (power < figure / 10 + (figure % 10 != 0))
		power *= 10;
	if (figure <= power)
		return power;
	if (figure <= 2 * power)
		return 2 * power;
	return figure <= 5 * power ? 5 * power : 10 * power;
}

/* An identifier as words: "stock-value" is "Stock value". */
static void
print_words(struct crm_text *out, const char *name)
{
	const char *sign;

	for (sign = name; *sign != '\0'; sign++)
		crm_text_putc(out, sign == name ? *sign - 'a' + 'A' :
		    *sign == '-' || *sign == '_' ? ' ' : *sign);
}

static void
print_title(struct crm_text *out, const struct crm_json *report)
{
	const char *from = crm_json_text_of(report, "from");
	const char *to = crm_json_text_of(report, "to");
	const char *by = crm_json_text_of(report, "by");

	print_words(out, crm_json_text_of(report, "report"));
	crm_text_printf(out, " by %s, %s", strcmp(by, "payment_method") == 0 ?
	    "payment method" : by, from);
	if (strcmp(from, to) != 0)
		crm_text_printf(out, " to %s", to);
	crm_text_puts(out, ": ");
	print_figure(out, report, report_figure(crm_json_get(report, "sum")));
}

static void
print_head(struct crm_text *out, const struct crm_json *report, int height)
{
	crm_text_printf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" "
	    "viewBox=\"0 0 %d %d\" role=\"img\" font-family=\"system-ui,"
	    "sans-serif\" font-size=\"12\"><title>", WIDTH, height);
	print_title(out, report);
	crm_text_printf(out, "</title><style>rect.bar{fill:#0f766e}"
	    "text{fill:#1f2937}line{stroke:#d1d5db}</style>"
	    "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>"
	    "<text x=\"16\" y=\"28\" font-size=\"18\">", WIDTH, height);
	print_title(out, report);
	crm_text_puts(out, "</text>");
}

static void
print_scale(struct crm_text *out, const struct crm_json *report, int64_t most)
{
	int i, y;

	for (i = 0; i <= 4; i++) {
		y = HEIGHT - BOTTOM - i * (HEIGHT - TOP - BOTTOM) / 4;
		crm_text_printf(out, "<line x1=\"%d\" x2=\"%d\" y1=\"%d\" "
		    "y2=\"%d\"/><text x=\"%d\" y=\"%d\" text-anchor=\"end\">",
		    LEFT, WIDTH - 16, y, y, LEFT - 8, y + 4);
		print_figure(out, report, most / 4 * i);
		crm_text_puts(out, "</text>");
	}
}

static void
print_tooltip(struct crm_text *out, const struct crm_json *report,
    const struct crm_json *row)
{
	crm_text_puts(out, "<title>");
	crm_text_html(out, crm_json_text_of(row, "label"));
	crm_text_puts(out, ": ");
	print_figure(out, report, report_figure(row));
	crm_text_puts(out, "</title>");
}

/* A date below its column; its end is there, so that none is cut off. */
static void
print_date(struct crm_text *out, const char *by, const char *date, double x)
{
	crm_text_printf(out, "<text transform=\"translate(%.1f %d) "
	    "rotate(-35)\" text-anchor=\"end\">%.*s</text>", x,
	    HEIGHT - BOTTOM + 16, strcmp(by, "month") == 0 ? 7 : 10, date);
}

static void
print_columns(struct crm_text *out, const struct crm_json *report)
{
	const struct crm_json *rows = crm_json_get(report, "rows"), *row;
	int64_t most = round_up(greatest(rows));
	int count = (int)crm_json_count(rows), i = 0, height;
	int every = count / 12 + 1;
	double step, x;

	most = (most + 3) / 4 * 4;
	print_scale(out, report, most);
	step = (double)(WIDTH - 16 - LEFT) / (count > 0 ? count : 1);
	for (row = crm_json_first(rows); row != NULL;
	    row = crm_json_next(row), i++) {
		height = (int)((HEIGHT - TOP - BOTTOM) *
		    ((double)report_figure(row) / (double)most));
		x = LEFT + i * step;
		crm_text_printf(out, "<rect class=\"bar\" x=\"%.1f\" y=\"%d\" "
		    "width=\"%.1f\" height=\"%d\">", x + step * 0.1,
		    HEIGHT - BOTTOM - height, step * 0.8, height);
		print_tooltip(out, report, row);
		crm_text_puts(out, "</rect>");
		if (i % every == 0)
			print_date(out, crm_json_text_of(report, "by"),
			    crm_json_text_of(row, "label"), x + step / 2 + 4);
	}
}

/* The bytes of a name's first characters. */
static size_t
name_length(const char *name)
{
	size_t length;
	int count = 0;

	for (length = 0; name[length] != '\0'; length++)
		if ((name[length] & 0xc0) != 0x80 && ++count > NAME)
			break;
	return length;
}

/* A name to the left of its bar; the bar's tooltip has all of it. */
static void
print_name(struct crm_text *out, const char *name, int y)
{
	size_t length = name_length(name);
	struct crm_text shown;

	crm_text_init(&shown, out->arena);
	crm_text_add(&shown, name, length);
	if (name[length] != '\0')
		crm_text_puts(&shown, "\342\200\246");
	crm_text_printf(out, "<text x=\"332\" y=\"%d\" "
	    "text-anchor=\"end\">", y);
	crm_text_html(out, shown.data);
	crm_text_puts(out, "</text>");
}

/* What the ranking leaves out, so that nobody sums it up. */
static void
print_rest(struct crm_text *out, int count)
{
	int rest = count - RANKS;

	if (count == 0)
		crm_text_printf(out, "<text x=\"16\" y=\"%d\">Nothing"
		    "</text>", TOP + 15);
	else if (rest > 0)
		crm_text_printf(out, "<text x=\"340\" y=\"%d\">and %d more"
		    "</text>", TOP + RANKS * BAR + 15, rest);
}

static void
print_ranking(struct crm_text *out, const struct crm_json *report)
{
	const struct crm_json *rows = crm_json_get(report, "rows"), *row;
	int64_t most = greatest(rows);
	int i = 0, y, width;

	for (row = crm_json_first(rows); row != NULL && i < RANKS;
	    row = crm_json_next(row), i++) {
		y = TOP + i * BAR;
		width = (int)((WIDTH - 480) *
		    ((double)report_figure(row) / (double)most));
		print_name(out, crm_json_text_of(row, "label"), y + 15);
		crm_text_printf(out, "<rect class=\"bar\" x=\"340\" "
		    "y=\"%d\" width=\"%d\" height=\"%d\">", y + 3,
		    width > 1 ? width : 1, BAR - 6);
		print_tooltip(out, report, row);
		crm_text_printf(out, "</rect><text x=\"%d\" y=\"%d\">",
		    348 + width, y + 15);
		print_figure(out, report, report_figure(row));
		crm_text_puts(out, "</text>");
	}
	print_rest(out, (int)crm_json_count(rows));
}

static bool
over_time(const char *by)
{
	return by != NULL && (strcmp(by, "day") == 0 ||
	    strcmp(by, "week") == 0 || strcmp(by, "month") == 0);
}

void
report_svg(struct crm_text *out, const struct crm_json *report)
{
	int ranks = (int)crm_json_count(crm_json_get(report, "rows"));
	bool columns = over_time(crm_json_text_of(report, "by"));

	/* A line more for what is left out, or for the word that it's none. */
	if (ranks == 0 || ranks > RANKS)
		ranks = ranks == 0 ? 1 : RANKS + 1;
	print_head(out, report, columns ? HEIGHT : TOP + ranks * BAR + 16);
	if (columns)
		print_columns(out, report);
	else
		print_ranking(out, report);
	crm_text_puts(out, "</svg>");
}
