/* SPDX-License-Identifier: ISC */
/* Companies at the desk, and their people. */

#include "desk.h"
#include "desk_companies.sql.h"

static const struct crm_field filter[] = {
	{ "q", CRM_TEXT, .min = 1, .max = 100, .example = "obi foods",
	    .about = "Part of name, number, city, or near to it" },
	{ "customer_id", CRM_UUID, .about = "To which somebody belongs" },
	{ "sort", CRM_ENUM, .values = "name newest updated",
	    .standard = "name" },
	DESK_PAGE,
	CRM_END
};

static const struct crm_field address[] = {
	{ "label", CRM_TEXT, .max = 50, .example = "Office" },
	{ "line1", CRM_TEXT, .required = true, .min = 1, .max = 200,
	    .example = "12 Moore Street" },
	{ "line2", CRM_TEXT, .max = 200 },
	{ "city", CRM_TEXT, .required = true, .min = 1, .max = 100,
	    .example = "Dublin" },
	{ "region", CRM_TEXT, .max = 100 },
	{ "postcode", CRM_TEXT, .max = 12, .example = "D01 X2P3" },
	{ "country", CRM_TEXT, .required = true, .min = 2, .max = 2,
	    .example = "IE", .about = "ISO 3166, two capital letters" },
	CRM_END
};

static const struct crm_field company[] = {
	{ "name", CRM_TEXT, .required = true, .min = 1, .max = 200,
	    .example = "Obi Foods Ltd" },
	{ "registration_number", CRM_TEXT, .max = 40, .nullable = true },
	{ "vat_number", CRM_TEXT, .max = 20, .nullable = true,
	    .example = "IE1234567T" },
	{ "website", CRM_URI, .nullable = true,
	    .example = "https://obi.example" },
	{ "phone", CRM_PHONE, .nullable = true },
	{ "payment_days", CRM_INTEGER, .min = 0, .max = 365,
	    .nullable = true, .about = "To pay within; null: at once" },
	{ "addresses", CRM_LIST, .of = CRM_OBJECT, .fields = address,
	    .max = 20, .about = "All of them, the main one first",
	    .example = "[{\"line1\": \"12 Moore Street\", "
	    "\"city\": \"Dublin\", \"country\": \"IE\"}]" },
	{ "notes", CRM_TEXT, .max = 10000 },
	CRM_END
};

static const struct crm_field person[] = {
	{ "title", CRM_TEXT, .max = 100, .example = "Buyer" },
	{ "main", CRM_BOOL, .about = "Whom one asks for; one at most" },
	CRM_END
};

#define READ		CRM_STAFF("companies.read")
#define WRITE		CRM_STAFF("companies.write")
#define COMPANIES	"/api/desk/companies"

static const struct crm_route routes[] = {
	{ "GET", COMPANIES, READ, filter, &desk_companies_list,
	    .answer = "CompanyPage", .about = "Companies" },
	{ "POST", COMPANIES, WRITE, company, &desk_company_create,
	    .status = 201, .idempotent = true, .answer = "Company",
	    .about = "Writes a company down" },
	{ "GET", COMPANIES "/{id}", READ, NULL, &desk_company,
	    .answer = "Company", .about = "One company, with its people" },
	{ "PATCH", COMPANIES "/{id}", WRITE, company, &desk_company_change,
	    .if_match = true, .answer = "Company",
	    .about = "Changes what is given; null clears" },
	{ "DELETE", COMPANIES "/{id}", WRITE, NULL, &desk_company_remove,
	    .if_match = true, .status = 204,
	    .about = "Removes it, unless it has deals" },
	{ "PUT", COMPANIES "/{id}/people/{customer_id}", WRITE, person,
	    &desk_company_person, .if_match = true, .answer = "Company",
	    .about = "A customer belongs to it, or is something else there" },
	{ "DELETE", COMPANIES "/{id}/people/{customer_id}", WRITE, NULL,
	    &desk_company_person_remove, .if_match = true, .status = 204,
	    .about = "Belongs to it no more" },
	CRM_END
};

const struct desk_part desk_companies = { routes, desk_companies_statements };
