/* SPDX-License-Identifier: ISC */
/* The ways of paying that there are. */

#include <string.h>

#include "orders_pay.h"

static const struct orders_provider *const providers[] = {
	&orders_pay_delivery,
	&orders_pay_transfer,
	NULL
};

/* Offered if the setting payment.NAME is on. */
static bool
offered(struct crm_request *r, const struct orders_provider *provider)
{
	return strcmp(crm_setting(r, crm_format(crm_arena(r), "payment.%s",
	    provider->name), "off"), "on") == 0 &&
	    (provider->ready == NULL || provider->ready(r));
}

static const struct orders_provider *
find(struct crm_request *r, const char *name)
{
	int i;

	for (i = 0; providers[i] != NULL; i++)
		if (name != NULL && strcmp(providers[i]->name, name) == 0)
			return offered(r, providers[i]) ? providers[i] : NULL;
	return NULL;
}

static void
describe(struct crm_text *text, const struct orders_provider *provider)
{
	crm_text_puts(text, "{\"method\":");
	crm_text_json(text, provider->name);
	crm_text_puts(text, ",\"label\":");
	crm_text_json(text, provider->label);
	crm_text_printf(text, ",\"prepaid\":%s",
	    provider->prepaid ? "true" : "false");
}

enum crm_problem
orders_provider_plan(struct crm_request *r, const char *name,
    const struct crm_json *quote)
{
	const struct orders_provider *provider = find(r, name);
	struct crm_text text;
	enum crm_problem problem;

	if (provider == NULL)
		return CRM_PAYMENT_NOT_AVAILABLE;
	crm_text_init(&text, crm_arena(r));
	describe(&text, provider);
	problem = provider->plan(r, quote, &text);
	crm_text_putc(&text, '}');
	if (problem == CRM_OK)
		crm_set(r, "payment", text.data);
	return problem;
}

void
orders_provider_list(struct crm_request *r, struct crm_text *text)
{
	const char *comma = "";
	int i;

	crm_text_putc(text, '[');
	for (i = 0; providers[i] != NULL; i++)
		if (offered(r, providers[i])) {
			crm_text_puts(text, comma);
			describe(text, providers[i]);
			crm_text_putc(text, '}');
			comma = ",";
		}
	crm_text_putc(text, ']');
}
