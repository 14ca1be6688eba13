/* SPDX-License-Identifier: ISC */
/* The ways of paying that there are. */

#include <string.h>

#include "orders_pay.h"

static const struct orders_provider *const providers[] = {
	&orders_pay_delivery,
	&orders_pay_transfer,
	NULL
};

const struct orders_provider *
orders_provider_find(const char *name)
{
	int i;

	for (i = 0; providers[i] != NULL; i++)
		if (name != NULL && strcmp(providers[i]->name, name) == 0)
			return providers[i];
	return NULL;
}

bool
orders_provider_on(struct crm_request *r, const char *name)
{
	return strcmp(crm_setting(r, crm_format(crm_arena(r), "payment.%s",
	    name), "off"), "on") == 0;
}
