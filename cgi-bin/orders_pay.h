/* SPDX-License-Identifier: ISC */
/* Ways of paying: one file each, and a line in orders_pay.c's table. */
#ifndef ORDERS_PAY_H
#define ORDERS_PAY_H

#include <crm/crm.h>

/* Their names, as checkout takes them. */
#define ORDERS_PAY_METHODS	"on_delivery bank_transfer"

struct orders_provider {
	const char	*name;
	const char	*label;		/* for people, in English */
	bool		 prepaid;	/* the goods wait for the money */

	/* Whether the shop can be paid so, by its settings; may be NULL. */
	bool (*ready)(struct crm_request *);

	/*
	 * Says how an order of this quote is paid: appends further members
	 * of a JSON object, each with a comma before it, which the order
	 * keeps and shows.
	 * "hold_seconds", which is not shown, is for how long the goods are
	 * held for the payment; without it, until they ship.  Answers
	 * CRM_PAYMENT_NOT_AVAILABLE if it isn't offered for this order.
	 */
	enum crm_problem (*plan)(struct crm_request *,
	    const struct crm_json *quote, struct crm_text *);
};

extern const struct orders_provider orders_pay_delivery;
extern const struct orders_provider orders_pay_transfer;

/* Sets the word :payment to how an order of this quote is paid by the
 * provider of that name; CRM_PAYMENT_NOT_AVAILABLE if it isn't. */
enum crm_problem orders_provider_plan(struct crm_request *, const char *name,
    const struct crm_json *quote);

/* Appends a JSON array of those that are offered now. */
void orders_provider_list(struct crm_request *, struct crm_text *);

#endif
