/* SPDX-License-Identifier: ISC */
/* What the parts of desk share.  A part is a file desk_NAME.c with its own
 * table of routes, its statements in sql/queries/desk_NAME.sql, and its
 * schemas in contract/desk_NAME.json; desk.c lists the parts. */
#ifndef DESK_H
#define DESK_H

#include <crm/crm.h>

struct desk_part {
	const struct crm_route *routes;
	const struct crm_statement *const *statements;
};

extern const struct desk_part desk_customers;
extern const struct desk_part desk_notes_part;
extern const struct desk_part desk_many_part;
extern const struct desk_part desk_files_part;
extern const struct desk_part desk_segments;
extern const struct desk_part desk_companies;
extern const struct desk_part desk_deals;

#define DESK_PAGE							\
	{ "cursor", CRM_CURSOR },					\
	{ "limit", CRM_INTEGER, .min = 1, .max = 100, .standard = "20" }

#define DESK_CONSENTS							\
    "marketing_email marketing_sms marketing_push reminders_email "	\
    "reminders_sms reminders_push surveys_email surveys_sms surveys_push"
#define DESK_AMOUNT	CRM_INTEGER, .max = 1000000000000

/* By what customers are found and narrowed, wherever many are meant. */
#define DESK_CUSTOMER_FILTERS						\
	{ "q", CRM_TEXT, .max = 100, .example = "obi",			\
	    .about = "Parts of name, mail, phone or number" },		\
	{ "state", CRM_ENUM, .values = "active disabled erased",	\
	    .about = "All but the erased, unless told" },		\
	{ "verified", CRM_BOOL },					\
	{ "tier", CRM_TEXT, .max = 20 },				\
	{ "segment", CRM_UUID },					\
	{ "tag", CRM_TEXT, .max = 40 },					\
	{ "country", CRM_TEXT, .min = 2, .max = 2, .example = "IE" },	\
	{ "consent", CRM_ENUM, .values = DESK_CONSENTS },		\
	{ "no_consent", CRM_ENUM, .values = DESK_CONSENTS },		\
	{ "spent_from", DESK_AMOUNT, .about = "In minor units" },	\
	{ "spent_to", DESK_AMOUNT },					\
	{ "orders_from", CRM_INTEGER, .max = 1000000 },			\
	{ "orders_to", CRM_INTEGER, .max = 1000000 },			\
	{ "last_order_from", CRM_TIME },				\
	{ "last_order_to", CRM_TIME, .about = "Before; with an order" }, \
	{ "registered_from", CRM_TIME },				\
	{ "registered_to", CRM_TIME }

#endif
