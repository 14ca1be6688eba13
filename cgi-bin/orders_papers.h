/* SPDX-License-Identifier: ISC */
/* What the module that draws papers shows of itself. */
#ifndef ORDERS_PAPERS_H
#define ORDERS_PAPERS_H

#include <stdbool.h>
#include <stddef.h>

#include <crm/json.h>

/* Takes bytes of a PDF as they come; false if they can't be taken. */
typedef bool orders_sink(void *data, const void *, size_t);

/* modules/orders_pdf.c: prints an array of documents as one PDF, each on
 * pages of its own.  The same documents give the same bytes.  A document:
 * {"title", "date", "shop": {"name", "lines": []}, "to": {"title",
 *  "lines": []}, "facts": [[name, value]…], "columns": [[title, share of the
 *  width, "left"|"right"]…], "rows": [[cell…]…], "sums": [[name, value,
 *  is the sum]…], "notes": []} */
struct orders_printer {
	bool	(*print)(const struct crm_json *papers, orders_sink *,
		    void *data);
};
extern const struct orders_printer orders_printer;

#endif
