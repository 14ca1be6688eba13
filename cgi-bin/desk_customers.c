/* SPDX-License-Identifier: ISC */
/* Customers at the desk: the list, one, and what staff change of one. */

#include "desk.h"
#include "desk_customers.sql.h"
#include "person.h"

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
	PERSON_FIELDS,							\
	{ "language", CRM_ENUM, .about = "Of mails and pages",		\
	    .values = PERSON_LANGUAGES },				\
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
	PERSON_HOUSEHOLD,
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
