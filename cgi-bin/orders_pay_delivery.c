/* SPDX-License-Identifier: ISC */
/* Paid to whoever brings the goods, or at the shop's counter. */

#include <inttypes.h>
#include <stdlib.h>

#include "orders_pay.h"

static enum crm_problem
plan(struct crm_request *r, const struct crm_json *quote,
    struct crm_text *text)
{
	const struct crm_json *total = crm_json_get(quote, "total");
	int64_t most;

	most = strtoll(crm_setting(r, "payment.on_delivery.most", "0"), NULL,
	    10);
	if (most > 0 && crm_json_integer_of(total, "amount", 0) > most)
		return crm_problem_detail(r, CRM_PAYMENT_NOT_AVAILABLE,
		    "Payment on delivery is offered up to a total of %" PRId64
		    " in minor units", most);
	(void)text;
	return CRM_OK;
}

const struct orders_provider orders_pay_delivery = {
	.name = "on_delivery", .label = "Payment on delivery", .plan = plan
};
