/* SPDX-License-Identifier: ISC */
/*
 * Pango's and Cairo's room: documents become pages.  Pango finds for each
 * script a font that has it, joins Arabic letters and sets marks over and
 * under letters where they belong; Cairo writes PDF whose text can be
 * searched.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include "orders_papers.h"

/* A4, in points. */
#define WIDTH		595.28
#define HEIGHT		841.89
#define MARGIN		48.0
#define RIGHT		(WIDTH - MARGIN)
#define INNER		(WIDTH - 2 * MARGIN)
#define BOTTOM		(HEIGHT - 64)
#define GAP		6.0

#define SMALL		8.0
#define PLAIN		9.5
#define LARGE		18.0

struct pen {
	cairo_t			*cr;
	const struct crm_json	*paper;
	double			 y;
	int			 page;
};

struct sink {
	orders_sink	*put;
	void		*data;
};

struct words {
	double		 x, width, size;
	bool		 bold, right;
};

static cairo_status_t
take(void *closure, const unsigned char *bytes, unsigned int length)
{
	const struct sink *sink = closure;

	return sink->put(sink->data, bytes, length) ? CAIRO_STATUS_SUCCESS :
	    CAIRO_STATUS_WRITE_ERROR;
}

static PangoLayout *
lay(struct pen *pen, const struct words *how, const char *text)
{
	PangoFontDescription *font = pango_font_description_new();
	PangoLayout *layout = pango_cairo_create_layout(pen->cr);

	pango_font_description_set_family(font, "DejaVu Sans");
	pango_font_description_set_absolute_size(font,
	    how->size * PANGO_SCALE);
	if (how->bold)
		pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD);
	pango_layout_set_font_description(layout, font);
	pango_layout_set_width(layout, (int)(how->width * PANGO_SCALE));
	pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
	pango_layout_set_alignment(layout, how->right ? PANGO_ALIGN_RIGHT :
	    PANGO_ALIGN_LEFT);
	/* A name from right to left stands where the others do. */
	pango_layout_set_auto_dir(layout, FALSE);
	pango_layout_set_text(layout, text != NULL ? text : "", -1);
	pango_font_description_free(font);
	return layout;
}

static double
height_of(PangoLayout *layout)
{
	int width, height;

	pango_layout_get_size(layout, &width, &height);
	return (double)height / PANGO_SCALE;
}

/* Writes at a place; answers how high it became. */
static double
put_at(struct pen *pen, const struct words *how, double y, const char *text)
{
	PangoLayout *layout = lay(pen, how, text);
	double height = height_of(layout);

	cairo_move_to(pen->cr, how->x, y);
	pango_cairo_show_layout(pen->cr, layout);
	g_object_unref(layout);
	return height;
}

static double
measure(struct pen *pen, const struct words *how, const char *text)
{
	PangoLayout *layout = lay(pen, how, text);
	double height = height_of(layout);

	g_object_unref(layout);
	return height;
}

static void
rule(struct pen *pen, double y, double grey)
{
	cairo_set_source_rgb(pen->cr, grey, grey, grey);
	cairo_set_line_width(pen->cr, 0.6);
	cairo_move_to(pen->cr, MARGIN, y);
	cairo_line_to(pen->cr, RIGHT, y);
	cairo_stroke(pen->cr);
	cairo_set_source_rgb(pen->cr, 0, 0, 0);
}

/* All items of a list of texts, one below the other. */
static double
put_lines(struct pen *pen, const struct words *how, double y,
    const struct crm_json *lines)
{
	const struct crm_json *line;

	for (line = crm_json_first(lines); line != NULL;
	     line = crm_json_next(line))
		y += put_at(pen, how, y, crm_json_text(line));
	return y;
}

static void
foot(struct pen *pen)
{
	struct words how = { MARGIN, INNER, SMALL, false, false };
	const char *shop = crm_json_text_of(crm_json_get(pen->paper, "shop"),
	    "name");
	char number[16];

	rule(pen, BOTTOM + 14, 0.7);
	put_at(pen, &how, BOTTOM + 20, shop);
	how.right = true;
	snprintf(number, sizeof number, "%d", pen->page);
	put_at(pen, &how, BOTTOM + 20, number);
}

/* What stands beside the address: pairs of name and value. */
static double
put_facts(struct pen *pen, double y)
{
	struct words name = { WIDTH / 2 + 40, 90, PLAIN, false, false };
	struct words value = { WIDTH / 2 + 130, RIGHT - WIDTH / 2 - 130, PLAIN,
	    true, true };
	const struct crm_json *fact, *first;
	double left, right;

	for (fact = crm_json_first(crm_json_get(pen->paper, "facts"));
	     fact != NULL; fact = crm_json_next(fact)) {
		first = crm_json_first(fact);
		left = put_at(pen, &name, y, crm_json_text(first));
		right = put_at(pen, &value, y,
		    crm_json_text(crm_json_next(first)));
		y += (left > right ? left : right) + 2;
	}
	return y;
}

static void
put_head(struct pen *pen)
{
	const struct crm_json *shop = crm_json_get(pen->paper, "shop");
	const struct crm_json *to = crm_json_get(pen->paper, "to");
	struct words how = { MARGIN, INNER / 2, LARGE, true, false };
	double left, right;

	left = MARGIN + put_at(pen, &how, MARGIN,
	    crm_json_text_of(shop, "name"));
	how.size = SMALL;
	how.bold = false;
	left = put_lines(pen, &how, left + 2, crm_json_get(shop, "lines"));
	how = (struct words){ WIDTH / 2, RIGHT - WIDTH / 2, LARGE, true,
	    true };
	right = MARGIN + put_at(pen, &how, MARGIN,
	    crm_json_text_of(pen->paper, "title"));
	left = (left > right ? left : right) + 36;
	right = put_facts(pen, left);
	how = (struct words){ MARGIN, INNER / 2, SMALL, false, false };
	left += put_at(pen, &how, left, crm_json_text_of(to, "title")) + 2;
	how.size = PLAIN + 1;
	left = put_lines(pen, &how, left, crm_json_get(to, "lines"));
	pen->y = (left > right ? left : right) + 30;
}

/* Where a column stands, by its share of the width. */
static struct words
column(const struct crm_json *of, double *x)
{
	const struct crm_json *share = crm_json_next(crm_json_first(of));
	struct words how = { *x, INNER * strtod(crm_json_text(share), NULL),
	    PLAIN, false, false };

	how.right = strcmp(crm_json_text(crm_json_next(share)), "right") == 0;
	*x += how.width;
	how.width -= GAP;
	return how;
}

static void
put_columns(struct pen *pen)
{
	const struct crm_json *of;
	struct words how;
	double x = MARGIN;

	for (of = crm_json_first(crm_json_get(pen->paper, "columns"));
	     of != NULL; of = crm_json_next(of)) {
		how = column(of, &x);
		how.size = SMALL;
		how.bold = true;
		put_at(pen, &how, pen->y, crm_json_text(crm_json_first(of)));
	}
	pen->y += 14;
	rule(pen, pen->y, 0.2);
	pen->y += 5;
}

static void
begin_page(struct pen *pen)
{
	if (pen->page > 0) {
		foot(pen);
		cairo_show_page(pen->cr);
	}
	pen->page++;
	pen->y = MARGIN;
}

/* Draws a row's cells, or only finds how high they are. */
static double
put_cells(struct pen *pen, const struct crm_json *row, bool draw)
{
	const struct crm_json *of, *cell = crm_json_first(row);
	double x = MARGIN, height, most = 0;
	struct words how;

	for (of = crm_json_first(crm_json_get(pen->paper, "columns"));
	     of != NULL && cell != NULL;
	     of = crm_json_next(of), cell = crm_json_next(cell)) {
		how = column(of, &x);
		height = draw ? put_at(pen, &how, pen->y,
		    crm_json_text(cell)) : measure(pen, &how,
		    crm_json_text(cell));
		if (height > most)
			most = height;
	}
	return most;
}

static void
put_rows(struct pen *pen)
{
	const struct crm_json *row;
	double height;

	put_columns(pen);
	for (row = crm_json_first(crm_json_get(pen->paper, "rows"));
	     row != NULL; row = crm_json_next(row)) {
		height = put_cells(pen, row, false);
		if (pen->y + height > BOTTOM) {
			begin_page(pen);
			put_columns(pen);
		}
		put_cells(pen, row, true);
		pen->y += height + 4;
		rule(pen, pen->y, 0.85);
		pen->y += 4;
	}
}

static void
put_sums(struct pen *pen)
{
	const struct crm_json *sum, *name, *value;
	struct words left = { MARGIN + INNER * 0.3, INNER * 0.5 - GAP, PLAIN,
	    false, true };
	struct words right = { MARGIN + INNER * 0.8, INNER * 0.2 - GAP, PLAIN,
	    false, true };
	double height;

	for (sum = crm_json_first(crm_json_get(pen->paper, "sums"));
	     sum != NULL; sum = crm_json_next(sum)) {
		name = crm_json_first(sum);
		value = crm_json_next(name);
		left.bold = right.bold = crm_json_type(crm_json_next(value)) ==
		    CRM_JSON_TRUE;
		height = measure(pen, &left, crm_json_text(name));
		if (pen->y + height > BOTTOM)
			begin_page(pen);
		put_at(pen, &left, pen->y, crm_json_text(name));
		put_at(pen, &right, pen->y, crm_json_text(value));
		pen->y += height + 3;
	}
}

static void
put_notes(struct pen *pen)
{
	const struct crm_json *note;
	struct words how = { MARGIN, INNER, PLAIN, false, false };
	double height;

	pen->y += 14;
	for (note = crm_json_first(crm_json_get(pen->paper, "notes"));
	     note != NULL; note = crm_json_next(note)) {
		height = measure(pen, &how, crm_json_text(note));
		if (pen->y + height > BOTTOM)
			begin_page(pen);
		pen->y += put_at(pen, &how, pen->y, crm_json_text(note)) + 6;
	}
}

static void
put_paper(struct pen *pen)
{
	begin_page(pen);
	put_head(pen);
	put_rows(pen);
	put_sums(pen);
	put_notes(pen);
	foot(pen);
	cairo_show_page(pen->cr);
	pen->page = 0;
}

/* The day of the first paper stands for the clock, so that the bytes are the
 * same each time. */
static void
describe(cairo_surface_t *surface, const struct crm_json *paper)
{
	const char *day = crm_json_text_of(paper, "date");
	const char *title = crm_json_text_of(paper, "title");
	char at[32];

	snprintf(at, sizeof at, "%.10sT00:00:00Z", day != NULL ? day :
	    "2000-01-01");
	cairo_pdf_surface_set_metadata(surface,
	    CAIRO_PDF_METADATA_CREATE_DATE, at);
	if (title != NULL)
		cairo_pdf_surface_set_metadata(surface,
		    CAIRO_PDF_METADATA_TITLE, title);
}

static bool
print(const struct crm_json *papers, orders_sink *put, void *data)
{
	struct sink sink = { put, data };
	cairo_surface_t *surface;
	struct pen pen = { 0 };
	bool good;

	surface = cairo_pdf_surface_create_for_stream(take, &sink, WIDTH,
	    HEIGHT);
	describe(surface, crm_json_first(papers));
	pen.cr = cairo_create(surface);
	for (pen.paper = crm_json_first(papers); pen.paper != NULL;
	     pen.paper = crm_json_next(pen.paper))
		put_paper(&pen);
	good = cairo_status(pen.cr) == CAIRO_STATUS_SUCCESS;
	cairo_destroy(pen.cr);
	cairo_surface_finish(surface);
	good = good && cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS;
	cairo_surface_destroy(surface);
	return good;
}

const struct orders_printer orders_printer = { print };
