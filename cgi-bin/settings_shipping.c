/* SPDX-License-Identifier: ISC */
/* Zones with their taxes, ways of shipping, and what a parcel would cost. */

#include <string.h>

#include "settings.h"
#include "settings.sql.h"

#define CLASSES	"standard reduced second_reduced zero exempt"
#define AMOUNT_MOST	1000000000000

static const struct crm_field area[] = {
	{ "country", CRM_TEXT, .min = 2, .max = 2, .required = true,
	    .example = "FR", .about = "ISO 3166, capital letters" },
	{ "postcode_start", CRM_TEXT, .max = 12, .example = "97",
	    .about = "Only where postcodes begin so: letters and digits" },
	CRM_END
};

static const struct crm_field rate[] = {
	{ "tax_class", CRM_ENUM, .values = CLASSES, .required = true },
	{ "name", CRM_TEXT, .min = 1, .max = 60, .required = true,
	    .example = "standard" },
	{ "rate", CRM_DECIMAL, .min = 0, .max = 1000000, .required = true,
	    .example = "\"0.23\"", .about = "0.23 is 23 %" },
	CRM_END
};

#define AREAS								\
	{ "areas", CRM_LIST, .of = CRM_OBJECT, .fields = area,		\
	    .max = 300, .about = "Where it is; none is in two" }
#define RATES								\
	{ "rates", CRM_LIST, .of = CRM_OBJECT, .fields = rate,		\
	    .max = 5, .about = "A class without one isn't taxed" }
#define CODE								\
	{ "code", CRM_TEXT, .min = 1, .max = 40, .required = true,	\
	    .example = "islands", .about = "Small letters and dashes" }

const struct crm_field settings_zone[] = {
	CODE,
	{ "name", CRM_TEXT, .min = 1, .max = 100, .required = true },
	AREAS,
	RATES,
	CRM_END
};

const struct crm_field settings_zone_change[] = {
	{ "name", CRM_TEXT, .min = 1, .max = 100 },
	AREAS,
	RATES,
	CRM_END
};

static const struct crm_field step[] = {
	{ "from", CRM_INTEGER, .min = 0, .max = AMOUNT_MOST - 1,
	    .required = true, .example = "0",
	    .about = "Grams or minor units, as price_by says" },
	{ "amount", CRM_INTEGER, .min = 0, .max = AMOUNT_MOST - 1,
	    .required = true, .example = "490", .about = "Minor units" },
	CRM_END
};

#define METHOD								\
	{ "about", CRM_TEXT, .max = 500,				\
	    .about = "For customers: where to pick up, how long it takes" }, \
	{ "zone_id", CRM_UUID, .nullable = true,			\
	    .about = "null: everywhere" },				\
	{ "price_by", CRM_ENUM, .values = "weight total flat" },	\
	{ "free_from", CRM_INTEGER, .min = 0, .max = AMOUNT_MOST,	\
	    .nullable = true, .about = "Of goods, in minor units" },	\
	{ "tax_class", CRM_ENUM, .values = CLASSES },			\
	{ "needs_address", CRM_BOOL, .about = "No: it is picked up" },	\
	{ "position", CRM_INTEGER, .min = 0, .max = 1000000 },		\
	{ "active", CRM_BOOL, .about = "No: it is closed" }

const struct crm_field settings_method[] = {
	CODE,
	{ "name", CRM_TEXT, .min = 1, .max = 100, .required = true },
	{ "steps", CRM_LIST, .of = CRM_OBJECT, .fields = step, .min = 1,
	    .max = 50, .required = true },
	METHOD,
	CRM_END
};

const struct crm_field settings_method_change[] = {
	{ "name", CRM_TEXT, .min = 1, .max = 100 },
	{ "steps", CRM_LIST, .of = CRM_OBJECT, .fields = step, .min = 1,
	    .max = 50 },
	METHOD,
	CRM_END
};

const struct crm_field settings_parcel[] = {
	{ "country", CRM_TEXT, .min = 2, .max = 2, .example = "IE",
	    .about = "The shop's own unless told" },
	{ "postcode", CRM_TEXT, .max = 12 },
	{ "weight", CRM_INTEGER, .min = 0, .max = 1000000000,
	    .standard = "1000", .about = "Grams" },
	{ "total", CRM_INTEGER, .min = 0, .max = AMOUNT_MOST - 1,
	    .standard = "5000",
	    .about = "Of the goods, in minor units" },
	{ "tax_class", CRM_ENUM, .values = CLASSES, .standard = "standard",
	    .about = "Of the goods" },
	CRM_END
};

/* A parcel is a cart of one line: the same code prices both. */
enum crm_problem
settings_preview_parcel(struct crm_request *r)
{
	const struct crm_json *facts, *quote;
	struct crm_result *rows;
	struct crm_text text;
	enum crm_problem problem;
	const char *zone, *source, *why = NULL;

	problem = crm_query_one(r, &settings_parcel_facts, &rows);
	if (problem != CRM_OK)
		return problem;
	zone = crm_column(rows, 0, "zone");
	source = crm_column(rows, 0, "facts");
	facts = crm_json_parse(crm_arena(r), source, strlen(source), &why);
	crm_text_init(&text, crm_arena(r));
	if (facts == NULL || !crm_quote(crm_arena(r), facts, &text, &why))
		return crm_problem_detail(r, CRM_INVALID, "%s", why);
	quote = crm_json_parse(crm_arena(r), text.data, text.length, &why);
	crm_text_init(&text, crm_arena(r));
	crm_text_printf(&text, "{\"zone\":%s,\"shipping_methods\":",
	    zone != NULL ? zone : "null");
	crm_json_print(&text, crm_json_get(quote, "shipping_methods"));
	crm_text_puts(&text, ",\"taxes\":");
	crm_json_print(&text, crm_json_get(quote, "taxes"));
	crm_text_putc(&text, '}');
	crm_answer(r, text.data);
	return CRM_OK;
}
