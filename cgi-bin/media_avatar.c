/* SPDX-License-Identifier: ISC */
/* The picture of who has none: initials on a colour that is theirs. */
#include "media.h"

/* Nobody's initials: a head and shoulders. */
static const char figure[] =
    "<circle cx=\"80\" cy=\"62\" r=\"28\" fill=\"#fff\"/>"
    "<path d=\"M24 160a56 56 0 0 1 112 0z\" fill=\"#fff\"/>";

/* Dark enough for white letters at every hue (contrast above 4.5). */
char *
media_avatar_draw(struct crm_arena *arena, const char *initials, int hue)
{
	struct crm_text text;

	crm_text_init(&text, arena);
	crm_text_printf(&text, "<svg xmlns=\"http://www.w3.org/2000/svg\" "
	    "viewBox=\"0 0 160 160\" width=\"160\" height=\"160\">"
	    "<rect width=\"160\" height=\"160\" fill=\"hsl(%d 55%% 26%%)\"/>",
	    hue);
	if (initials[0] != '\0') {
		crm_text_puts(&text, "<text x=\"80\" y=\"80\" fill=\"#fff\" "
		    "font-family=\"system-ui, sans-serif\" font-size=\"64\" "
		    "text-anchor=\"middle\" dominant-baseline=\"central\">");
		crm_text_html(&text, initials);
		crm_text_puts(&text, "</text>");
	} else
		crm_text_puts(&text, figure);
	crm_text_puts(&text, "</svg>\n");
	return text.data;
}
