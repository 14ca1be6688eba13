/* SPDX-License-Identifier: ISC */
/* customers: what a customer keeps with the shop, for that customer alone. */

#include "customers.h"
#include "customers.sql.h"
#include "person.h"

/* PUT needs what is required and clears what is absent; PATCH changes what
 * is given, and null clears. */
static const struct crm_field profile[] = {
	{ "given_name", CRM_TEXT, .required = true, .max = 100,
	    .example = "Ada" },
	{ "family_name", CRM_TEXT, .required = true, .max = 100,
	    .example = "Obi" },
	PERSON_FIELDS,
	PERSON_HOUSEHOLD,
	{ "language", CRM_ENUM, .values = PERSON_LANGUAGES,
	    .standard = "en", .about = "Of mails and pages" },
	CRM_END
};

static const struct crm_field address[] = {
	{ "label", CRM_TEXT, .max = 50, .example = "Home" },
	{ "name", CRM_TEXT, .required = true, .min = 1, .max = 200,
	    .example = "Ada Obi" },
	{ "company", CRM_TEXT, .nullable = true, .max = 200 },
	{ "line1", CRM_TEXT, .required = true, .min = 1, .max = 200,
	    .example = "12 Moore Street" },
	{ "line2", CRM_TEXT, .nullable = true, .max = 200 },
	{ "city", CRM_TEXT, .required = true, .min = 1, .max = 100,
	    .example = "Dublin" },
	{ "region", CRM_TEXT, .nullable = true, .max = 100 },
	{ "postcode", CRM_TEXT, .nullable = true, .min = 1, .max = 12,
	    .example = "D01 X2P3" },
	{ "country", CRM_TEXT, .required = true, .min = 2, .max = 2,
	    .example = "IE", .about = "ISO 3166, two capital letters" },
	{ "phone", CRM_PHONE, .nullable = true, .example = "+353861234567" },
	{ "is_default_shipping", CRM_BOOL },
	{ "is_default_billing", CRM_BOOL },
	CRM_END
};

static const struct crm_field consent[] = {
	{ "purpose", CRM_ENUM, .required = true,
	    .values = "marketing reminders surveys" },
	{ "channel", CRM_ENUM, .required = true, .values = "email sms push" },
	{ "given", CRM_BOOL, .required = true, .example = "true" },
	{ "source", CRM_ENUM, .standard = "account",
	    .values = "account registration checkout app" },
	{ "text", CRM_TEXT, .max = 4000,
	    .example = "Yes, send me offers by mail, twice a month at most.",
	    .about = "The words that were shown; their digest is kept. "
	    "Needed to agree" },
	CRM_END
};

static const struct crm_field page[] = {
	{ "limit", CRM_INTEGER, .min = 1, .max = 100, .standard = "20" },
	{ "cursor", CRM_CURSOR },
	CRM_END
};

static const struct crm_field notices[] = {
	{ "unread", CRM_BOOL, .about = "Those not read yet, or those read" },
	{ "limit", CRM_INTEGER, .min = 1, .max = 100, .standard = "20" },
	{ "cursor", CRM_CURSOR },
	CRM_END
};

static const struct crm_field seen[] = {
	{ "ids", CRM_LIST, .of = CRM_UUID, .max = 100 },
	{ "all", CRM_BOOL, .standard = "false", .about = "Instead of ids" },
	CRM_END
};

static const struct crm_field wish[] = {
	{ "kind", CRM_ENUM, .required = true,
	    .values = "order_moved return_moved reply points review "
	    "back_in_stock price_drop" },
	{ "channel", CRM_ENUM, .required = true, .values = "in_app email" },
	{ "on", CRM_BOOL, .required = true },
	CRM_END
};

static const struct crm_field wished[] = {
	{ "variant_id", CRM_UUID, .nullable = true,
	    .about = "The one that is meant; null: any" },
	CRM_END
};

static const struct crm_field preferences[] = {
	{ "items", CRM_LIST, .of = CRM_OBJECT, .fields = wish, .max = 20,
	    .required = true, .about = "What isn't named is as it was at "
	    "first", .example = "[{\"kind\": \"points\", "
	    "\"channel\": \"email\", \"on\": true}]" },
	CRM_END
};

/* A country's code and a postcode have a form that no field type knows. */
static bool
check_address(struct crm_request *r)
{
	const char *country = crm_input(r, "country");
	const char *postcode = crm_input(r, "postcode"), *p;
	bool good = true;

	if (country != NULL && (country[0] < 'A' || country[0] > 'Z' ||
	    country[1] < 'A' || country[1] > 'Z')) {
		crm_fault(r, "country", "format", "Has two capital letters");
		good = false;
	}
	for (p = postcode; p != NULL && *p != '\0'; p++)
		if (!((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
		    (*p >= '0' && *p <= '9') ||
		    (p != postcode && p[1] != '\0' &&
		    (*p == ' ' || *p == '-')))) {
			crm_fault(r, "postcode", "format",
			    "Has letters and digits, and single spaces or "
			    "dashes between them");
			return false;
		}
	return good;
}

static enum crm_problem
put(struct crm_request *r, const struct crm_statement *statement)
{
	if (!check_address(r))
		return CRM_INVALID;
	return crm_answer_one(r, statement);
}

static enum crm_problem
add_address(struct crm_request *r)
{
	return put(r, &customers_add_address);
}

static enum crm_problem
replace_address(struct crm_request *r)
{
	return put(r, &customers_replace_address);
}

static enum crm_problem
change_address(struct crm_request *r)
{
	return put(r, &customers_change_address);
}

static enum crm_problem
export(struct crm_request *r)
{
	crm_answer_header(r, "Content-Disposition",
	    "attachment; filename=\"my-data.json\"");
	return crm_answer_one(r, &customers_export);
}

static enum crm_problem
mark_read(struct crm_request *r)
{
	bool all = crm_input_true(r, "all"), some = crm_input(r, "ids") != NULL;

	if (all == some)
		return crm_fault(r, "ids", "value", "Either some or all");
	return crm_answer_one(r, &customers_read_notifications);
}

#define WISHLIST	"/api/customers/wishlist"
#define SEARCHES	"/api/customers/saved-searches"
#define UNSUBSCRIBE	"/api/customers/unsubscribe"

static const struct crm_route routes[] = {
	{ "GET", "/api/customers/profile", CRM_CUSTOMER, NULL,
	    &customers_profile, .answer = "Profile",
	    .about = "The own profile" },
	{ "PUT", "/api/customers/profile", CRM_CUSTOMER, profile,
	    &customers_replace_profile, .answer = "Profile",
	    .about = "Replaces it whole: what is absent is cleared" },
	{ "PATCH", "/api/customers/profile", CRM_CUSTOMER, profile,
	    &customers_change_profile, .answer = "Profile",
	    .about = "Changes what is given; null clears" },
	{ "GET", "/api/customers/dashboard", CRM_CUSTOMER, NULL,
	    &customers_dashboard, .answer = "Dashboard",
	    .about = "Orders, spent, points, member since" },
	{ "GET", "/api/customers/addresses", CRM_CUSTOMER, NULL,
	    &customers_addresses, .answer = "AddressPage",
	    .about = "The address book, 50 addresses at most" },
	{ "POST", "/api/customers/addresses", CRM_CUSTOMER, address,
	    .handler = add_address, .status = 201, .answer = "Address",
	    .about = "Adds an address; the first is the default" },
	{ "GET", "/api/customers/addresses/{id}", CRM_CUSTOMER, NULL,
	    &customers_address, .answer = "Address",
	    .about = "One address" },
	{ "PUT", "/api/customers/addresses/{id}", CRM_CUSTOMER, address,
	    .handler = replace_address, .answer = "Address",
	    .about = "Replaces it whole: what is absent is cleared" },
	{ "PATCH", "/api/customers/addresses/{id}", CRM_CUSTOMER, address,
	    .handler = change_address, .answer = "Address",
	    .about = "Changes what is given; null clears" },
	{ "DELETE", "/api/customers/addresses/{id}", CRM_CUSTOMER, NULL,
	    &customers_remove_address, .status = 204,
	    .about = "Removes it; another becomes the default" },
	{ "GET", "/api/customers/consents", CRM_CUSTOMER, page,
	    &customers_consents, .answer = "ConsentPage",
	    .about = "What was agreed to and when no longer, newest first" },
	{ "POST", "/api/customers/consents", CRM_CUSTOMER, consent,
	    &customers_consent, .status = 201, .answer = "Consent",
	    .about = "Agrees to a purpose and channel, or no longer" },
	{ "GET", "/api/customers/notifications", CRM_CUSTOMER, notices,
	    &customers_notifications, .answer = "NotificationPage",
	    .about = "What there is to know, newest first" },
	{ "GET", "/api/customers/notifications/unread", CRM_CUSTOMER, NULL,
	    &customers_unread, .answer = "UnreadCount",
	    .about = "How many are not read yet" },
	{ "POST", "/api/customers/notifications/read", CRM_CUSTOMER, seen,
	    .handler = mark_read, .answer = "ReadCount",
	    .about = "Marks some as read, or all" },
	{ "GET", "/api/customers/notification-preferences", CRM_CUSTOMER,
	    NULL, &customers_preferences,
	    .answer = "NotificationPreferenceList",
	    .about = "Of what to be told, and how" },
	{ "PUT", "/api/customers/notification-preferences", CRM_CUSTOMER,
	    preferences, &customers_put_preferences,
	    .answer = "NotificationPreferenceList",
	    .about = "Replaces them whole" },
	{ "GET", WISHLIST, CRM_CUSTOMER, page,
	    &customers_wishlist, .answer = "WishPage",
	    .about = "What is wished for, newest first, 200 at most" },
	{ "GET", WISHLIST "/ids", CRM_CUSTOMER, NULL,
	    &customers_wished, .answer = "WishedIds",
	    .about = "Which products are wished for, for marking them" },
	{ "PUT", WISHLIST "/{product_id}", CRM_CUSTOMER, wished,
	    &customers_put_wish, .answer = "Wish",
	    .about = "Wishes for a product; another variant takes the place "
	    "of the one before" },
	{ "DELETE", WISHLIST "/{product_id}", CRM_CUSTOMER, NULL,
	    &customers_remove_wish, .status = 204,
	    .about = "Wishes for it no more" },
	{ "GET", SEARCHES, CRM_CUSTOMER, NULL,
	    &customers_searches, .answer = "SavedSearchList",
	    .about = "Saved searches, 50 at most" },
	{ "POST", SEARCHES, CRM_CUSTOMER, customers_search_input,
	    .handler = customers_save_search, .status = 201,
	    .answer = "SavedSearch", .about = "Saves a listing as it was "
	    "narrowed, under a name" },
	{ "PATCH", SEARCHES "/{id}", CRM_CUSTOMER, customers_search_input,
	    .handler = customers_alter_search, .answer = "SavedSearch",
	    .about = "Changes what is given" },
	{ "DELETE", SEARCHES "/{id}", CRM_CUSTOMER, NULL,
	    &customers_remove_search, .status = 204,
	    .about = "Removes it" },
	{ "GET", UNSUBSCRIBE, CRM_PUBLIC, customers_token_query,
	    &customers_unsubscribe_about, .answer = "Unsubscribe",
	    .about = "What a mail's link would end; ends nothing" },
	{ "POST", UNSUBSCRIBE, CRM_PUBLIC, .handler = customers_end_mail,
	    .query = customers_token_query, .status = 204,
	    .type = "application/x-www-form-urlencoded multipart/form-data",
	    .max_body = 4096, .about = "Ends the mails of the link's kind, "
	    "by one click (RFC 8058)" },
	{ "GET", "/api/customers/export", CRM_CUSTOMER,
	    .handler = export, .answer = "AccountExport",
	    .about = "All that the shop holds about the account" },
	CRM_END
};

int
main(int argc, char *argv[])
{
	return crm_main(argc, argv, "customers", routes,
	    customers_statements);
}
