/* SPDX-License-Identifier: ISC */
/* Customers at the desk: the list, one, and what staff change of one. */

#include "desk.h"
#include "desk_customers.sql.h"

#define DIETARY								\
    "vegetarian vegan pescatarian halal kosher gluten_free "		\
    "lactose_free nut_free low_sugar low_salt low_fat organic fair_trade other"

static const struct crm_field listing[] = {
	DESK_CUSTOMER_FILTERS,
	{ "sort", CRM_ENUM, .standard = "newest",
	    .values = "newest oldest name spent orders last_order" },
	DESK_PAGE,
	CRM_END
};

#define PERSON								\
	{ "username", CRM_TEXT, .nullable = true, .min = 3, .max = 50 }, \
	{ "given_name", CRM_TEXT, .max = 100, .example = "Ada" },	\
	{ "family_name", CRM_TEXT, .max = 100, .example = "Obi" },	\
	{ "phone", CRM_PHONE, .nullable = true,				\
	    .example = "+353861234567" },				\
	{ "date_of_birth", CRM_DATE, .nullable = true,			\
	    .example = "1990-04-12" },					\
	{ "gender", CRM_ENUM, .nullable = true,				\
	    .values = "female male non_binary other undisclosed" },	\
	{ "language", CRM_ENUM, .about = "Of mails and pages",		\
	    .values = "en fr sw pt ar es de it nl ga" },		\
	{ "tags", CRM_LIST, .of = CRM_TEXT, .max = 30,			\
	    .about = "Words of staff; no customer sees them",		\
	    .example = "[\"wholesale\"]" }

static const struct crm_field new_customer[] = {
	{ "email", CRM_EMAIL, .required = true,
	    .example = "ada@example.com" },
	PERSON,
	CRM_END
};

static const struct crm_field customer[] = {
	{ "email", CRM_EMAIL, .example = "ada@example.com",
	    .about = "Another one isn't verified" },
	PERSON,
	{ "employment", CRM_ENUM, .nullable = true,
	    .values = "employed self_employed unemployed student retired "
	    "homemaker other undisclosed" },
	{ "occupation", CRM_TEXT, .nullable = true, .max = 100 },
	{ "education", CRM_ENUM, .nullable = true,
	    .values = "none primary secondary vocational bachelor master "
	    "doctorate other undisclosed" },
	{ "household_size", CRM_INTEGER, .nullable = true, .min = 1,
	    .max = 30, .example = "4" },
	{ "children", CRM_INTEGER, .nullable = true, .min = 0, .max = 25,
	    .example = "2" },
	{ "income_band", CRM_ENUM, .nullable = true,
	    .values = "under_15k 15k_35k 35k_50k 50k_75k 75k_100k 100k_150k "
	    "over_150k undisclosed" },
	{ "dietary", CRM_LIST, .of = CRM_ENUM, .item_values = DIETARY,
	    .max = 14, .example = "[\"halal\"]" },
	CRM_END
};

static const struct crm_field state[] = {
	{ "state", CRM_ENUM, .required = true, .values = "active disabled" },
	CRM_END
};

#define READ		CRM_STAFF("customers.read")
#define WRITE		CRM_STAFF("customers.write")
#define ERASE		CRM_STAFF("customers.erase")
#define CUSTOMERS	"/api/desk/customers"
#define OLD		"/api/customers/admin/customers"

static const struct crm_route routes[] = {
	{ "GET", CUSTOMERS, READ, listing, &desk_customers_list,
	    .answer = "DeskCustomerPage",
	    .about = "Customers, found by words and narrowed by filters" },
	{ "POST", CUSTOMERS, WRITE, new_customer, &desk_customers_create,
	    .status = 201, .idempotent = true, .answer = "DeskCustomer",
	    .about = "Makes a customer, who may ask for a password by mail" },
	{ "GET", CUSTOMERS "/{id}", READ, NULL, &desk_customer,
	    .answer = "DeskCustomer",
	    .about = "One customer; one that was merged says where it went" },
	{ "PATCH", CUSTOMERS "/{id}", WRITE, customer, &desk_customer_change,
	    .if_match = true, .answer = "DeskCustomer",
	    .about = "Changes what is given; null clears" },
	{ "PUT", CUSTOMERS "/{id}/state", WRITE, state, &desk_customer_state,
	    .if_match = true, .answer = "DeskCustomer",
	    .about = "Lets a customer in or not; sessions end with it" },
	{ "DELETE", CUSTOMERS "/{id}", ERASE, NULL, &desk_customer_erase,
	    .if_match = true, .status = 204,
	    .about = "Takes the person out; the books stay" },
	{ "GET", OLD, READ, listing, &desk_customers_list,
	    .answer = "DeskCustomerPage",
	    .about = "The list by the old system's path" },
	{ "GET", OLD "/{id}", READ, NULL, &desk_customer,
	    .answer = "DeskCustomer",
	    .about = "One by the old system's path" },
	CRM_END
};

const struct desk_part desk_customers = { routes, desk_customers_statements };
