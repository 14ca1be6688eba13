/* SPDX-License-Identifier: ISC */
/* search: finding what is for sale, by words, parts of words and likeness. */

#include <crm/crm.h>

#include "filter.h"
#include "search.sql.h"

#define PAGE								\
	{ "cursor", CRM_CURSOR },					\
	{ "limit", CRM_INTEGER, .min = 1, .max = 100, .standard = "20" }

static const struct crm_field query[] = {
	{ "q", CRM_TEXT, .required = true, .min = 1, .max = 200,
	    .about = "Words; \"in a row\", -without, or",
	    .example = "palm oil" },
	{ "mode", CRM_ENUM, .values = "auto fulltext partial fuzzy",
	    .standard = "auto", .about = "auto: the first that finds some" },
	FILTERS,
	{ "sort", CRM_ENUM, .standard = "relevance",
	    .values = "relevance newest price_asc price_desc name rating" },
	PAGE,
	CRM_END
};

static const struct crm_field beginning[] = {
	{ "q", CRM_TEXT, .required = true, .min = 1, .max = 100,
	    .about = "What was typed so far", .example = "pal" },
	{ "limit", CRM_INTEGER, .min = 1, .max = 20, .standard = "6" },
	CRM_END
};

static const struct crm_field bot[] = {
	{ "q", CRM_TEXT, .max = 200, .example = "palm oil" },
	{ "keywords", CRM_TEXT, .max = 200, .about = "Another name of q" },
	{ "category", CRM_TEXT, .max = 120, .about = "Name or slug" },
	{ "min_price", CRM_DECIMAL, .max = PRICE_MOST,
	    .about = "As people write it: 12.50" },
	{ "max_price", CRM_DECIMAL, .max = PRICE_MOST },
	{ "partial", CRM_BOOL, .about = "Parts of words too" },
	{ "fuzzy", CRM_BOOL, .about = "What is spelt alike too" },
	PAGE,
	CRM_END
};

static const struct crm_route routes[] = {
	{ "GET", "/api/search", CRM_ANYONE, query, &search_find,
	    .answer = "Found", .about = "Finds products" },
	{ "GET", "/api/search/suggestions", CRM_PUBLIC, beginning,
	    &search_suggest, .cache = 1, .answer = "Suggestions",
	    .about = "What may be meant, as one types" },
	{ "GET", "/bot/search", CRM_CUSTOMER, bot, &search_bot,
	    .answer = "BotFound",
	    .about = "Finds products, as the chat bot asks" },
	CRM_END
};

int
main(int argc, char *argv[])
{
	return crm_main(argc, argv, "search", routes, NULL);
}
