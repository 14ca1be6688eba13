/* SPDX-License-Identifier: ISC */
/* Customers at the desk. */

#include "desk.h"
#include "desk_customers.sql.h"

#define READ		CRM_STAFF("customers.read")
#define CUSTOMERS	"/api/desk/customers"

static const struct crm_route routes[] = {
	{ "GET", CUSTOMERS "/{id}", READ, NULL, &desk_customer,
	    .answer = "DeskCustomer", .about = "One customer" },
	CRM_END
};

const struct desk_part desk_customers = { routes, desk_customers_statements };
