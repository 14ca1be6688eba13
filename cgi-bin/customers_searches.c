/* SPDX-License-Identifier: ISC */
/*
 * Saved searches: the path and the query of one of the storefront's listings.
 * Nothing else is taken, so that what is opened from the account is always a
 * page of the shop that shows something.
 */
#include <string.h>

#include "customers.h"
#include "customers.sql.h"
#include "filter.h"

#define PATH_MOST	1500
#define SLUG_MOST	120
#define SLUG		"abcdefghijklmnopqrstuvwxyz0123456789-"
/* What the listings take, less what pages through them: with words they
 * search, without they show all there is. */
static const struct crm_field of_all[] = {
	FILTERS,
	{ "q", CRM_TEXT, .max = 200 },
	{ "sort", CRM_ENUM,
	    .values = "newest price_asc price_desc name rating" },
	CRM_END
};

static const struct crm_field of_words[] = {
	FILTERS,
	{ "q", CRM_TEXT, .required = true, .min = 1, .max = 200 },
	{ "mode", CRM_ENUM, .values = "auto fulltext partial fuzzy" },
	{ "sort", CRM_ENUM,
	    .values = "relevance newest price_asc price_desc name rating" },
	CRM_END
};

const struct crm_field customers_search_input[] = {
	{ "name", CRM_TEXT, .required = true, .min = 1, .max = 100,
	    .example = "Palm oil, cheapest first" },
	{ "path", CRM_TEXT, .required = true, .min = 1, .max = PATH_MOST,
	    .about = "Of a listing of the storefront, with its query: "
	    "/search?... or /category/SLUG?...",
	    .example = "/search?q=palm+oil&sort=price_asc" },
	CRM_END
};

static const char *
skip_slash(const char *at)
{
	return at + (*at == '/');
}

/* Where the query of a listing's path begins (its end, if it has none); NULL
 * if it is the path of none. */
static const char *
query_of(const char *path)
{
	static const char search[] = "/search", place[] = "/category/";
	const char *at = path;
	size_t length;

	if (strncmp(path, place, sizeof place - 1) == 0) {
		at += sizeof place - 1;
		length = strspn(at, SLUG);
		if (length == 0 || length > SLUG_MOST)
			return NULL;
		at += length;
	} else if (strncmp(path, search, sizeof search - 1) == 0)
		at += sizeof search - 1;
	else
		return NULL;
	at = skip_slash(at);
	return *at == '\0' ? at : *at == '?' ? at + 1 : NULL;
}

/* As it stands in an address bar: everything else is percent-encoded. */
static bool
is_plain(const char *query)
{
	for (; *query != '\0'; query++)
		if (*query <= ' ' || *query > '~' ||
		    strchr("\"#<>\\^`{|}", *query) != NULL)
			return false;
	return true;
}

static bool
fits(struct crm_request *r, const struct crm_field *fields,
    const char *query, struct crm_input *input)
{
	crm_input_init(input, crm_arena(r));
	return crm_input_query(input, fields, query);
}

static enum crm_problem
check_path(struct crm_request *r, const char *path)
{
	const char *query = query_of(path);
	const struct crm_value *words;
	struct crm_input input;
	bool good;

	if (query == NULL || !is_plain(query))
		return crm_fault(r, "path", "format",
		    "Is the path of a listing, with its query");
	good = fits(r, of_words, query, &input);
	words = crm_input_find(&input, "q");
	if (!good && (words == NULL || words->text == NULL))
		good = fits(r, of_all, query, &input);
	if (good)
		return CRM_OK;
	return crm_fault(r, "path", "value", input.faults == NULL ?
	    "The listing has no such filter" : crm_format(crm_arena(r),
	    "What it says of \"%s\" is none of the listing's filters",
	    input.faults->field));
}

static enum crm_problem
keep(struct crm_request *r, const struct crm_statement *statement)
{
	const char *name = crm_input(r, "name"), *path = crm_input(r, "path");
	enum crm_problem problem;

	if (name != NULL && strpbrk(name, "\n\t") != NULL)
		return crm_fault(r, "name", "format", "Has one line");
	if (path != NULL && (problem = check_path(r, path)) != CRM_OK)
		return problem;
	return crm_answer_one(r, statement);
}

enum crm_problem
customers_save_search(struct crm_request *r)
{
	return keep(r, &customers_add_search);
}

enum crm_problem
customers_alter_search(struct crm_request *r)
{
	return keep(r, &customers_change_search);
}
