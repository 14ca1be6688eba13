/* SPDX-License-Identifier: ISC */
/* Ways of paying: one file each, and a line in orders_pay.c's table. */
#ifndef ORDERS_PAY_H
#define ORDERS_PAY_H

#include <crm/crm.h>

/* Their names, as checkout takes them. */
#define ORDERS_PAY_METHODS	"on_delivery bank_transfer"

struct orders_provider {
	const char	*name;

	/*
	 * Says how an order of this quote is paid: appends the members of a
	 * JSON object (no braces), which the order keeps and shows.
	 * "hold_seconds", which is not shown, is for how long the goods are
	 * held for the payment; without it, until they ship.  Answers
	 * CRM_PAYMENT_NOT_AVAILABLE if it isn't offered for this order.
	 */
	enum crm_problem (*plan)(struct crm_request *,
	    const struct crm_json *quote, struct crm_text *);
};

extern const struct orders_provider orders_pay_delivery;
extern const struct orders_provider orders_pay_transfer;

/* NULL if there is none of that name. */
const struct orders_provider *orders_provider_find(const char *name);

/* Whether the setting payment.NAME is on. */
bool orders_provider_on(struct crm_request *, const char *name);

#endif
