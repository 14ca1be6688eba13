/* SPDX-License-Identifier: ISC */
/* Paid by a transfer to the shop's account; the goods are held for some
 * days, and staff say when the money came. */

#include <stdlib.h>

#include "orders_pay.h"

#define DAY	(24L * 60 * 60)

static long
days(struct crm_request *r)
{
	long said = strtol(crm_setting(r, "payment.bank_transfer.days", "5"),
	    NULL, 10);

	return said < 1 ? 1 : said > 60 ? 60 : said;
}

static void
member(struct crm_request *r, struct crm_text *text, const char *name)
{
	crm_text_printf(text, ",\"%s\":", name);
	crm_text_json(text, crm_setting(r, crm_format(crm_arena(r),
	    "payment.bank_transfer.%s", name), ""));
}

static bool
ready(struct crm_request *r)
{
	return crm_setting(r, "payment.bank_transfer.iban", "")[0] != '\0';
}

static enum crm_problem
plan(struct crm_request *r, const struct crm_json *quote,
    struct crm_text *text)
{
	member(r, text, "holder");
	member(r, text, "iban");
	member(r, text, "bic");
	crm_text_puts(text, ",\"amount\":");
	crm_json_print(text, crm_json_get(quote, "total"));
	crm_text_printf(text, ",\"hold_seconds\":%ld", days(r) * DAY);
	return CRM_OK;
}

const struct orders_provider orders_pay_transfer = {
	.name = "bank_transfer", .label = "Bank transfer", .prepaid = true,
	.ready = ready, .plan = plan
};
