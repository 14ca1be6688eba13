/* SPDX-License-Identifier: ISC */
/* By what products are filtered, in listings and in searches alike. */
#ifndef FILTER_H
#define FILTER_H

#define TAX_CLASSES	"standard reduced second_reduced zero exempt"
#define PRICE_MOST	1000000000000
#define FILTERS								\
	{ "category", CRM_TEXT, .max = 120,				\
	    .about = "Slug; with all that is below it",			\
	    .example = "oils" },					\
	{ "brand", CRM_LIST, .of = CRM_TEXT, .max = 50,			\
	    .about = "Slugs; any of them" },				\
	{ "price_min", CRM_INTEGER, .max = PRICE_MOST,			\
	    .about = "Minor units" },					\
	{ "price_max", CRM_INTEGER, .max = PRICE_MOST,			\
	    .about = "Minor units" },					\
	{ "attribute", CRM_LIST, .of = CRM_TEXT, .max = 20,		\
	    .about = "name:value; values of one name are alternatives" }, \
	{ "in_stock", CRM_BOOL },					\
	{ "rating_min", CRM_DECIMAL, .max = 5000000 },			\
	{ "tag", CRM_TEXT, .max = 50 }

#endif
