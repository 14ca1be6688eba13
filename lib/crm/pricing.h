/* SPDX-License-Identifier: ISC */
/*
 * From lines and rules to money: pure, no clock, no database, no memory of
 * its own.  What is computed here is what the order keeps.
 */
#ifndef CRM_PRICING_H
#define CRM_PRICING_H

#include <stdbool.h>
#include <stdint.h>

#include <crm/arena.h>
#include <crm/json.h>
#include <crm/text.h>

/*
 * Facts, as the database gives them (a function that gathers a cart), to the
 * quote that every answer of the cart carries.  Facts:
 * {"currency":"EUR", "tax_mode":"inclusive"|"exclusive",
 *  "lines":[{"id":…, "variant_id":…, "quantity":2, "unit_amount":1250,
 *	"weight_grams":500, "tax_rate":"0.07", "tax_name":"reduced",
 *	"category_ids":[…], "brand_id":…, "product_id":…, …}],
 *  "promotions":[{"id":…, "name":…, "code":null|"…", "kind":"percent"|
 *	"amount"|"free_shipping"|"buy_x_get_y", "level":"line"|"order",
 *	"percent":"10.0", "amount":500, "minimum_amount":…, "buy":…, "get":…,
 *	"category_ids":[…], "brand_ids":[…], "product_ids":[…],
 *	"priority":10, "stacking_group":"…", "exclusive":false,
 *	"created_at":…}],		only those whose conditions of date,
 *					segment and use hold
 *  "shipping":[{"id":…, "name":…, "by":"weight"|"total"|"flat",
 *	"steps":[{"from":0,"amount":490}…], "free_from":5000|null,
 *	"tax_rate":"0.19", "tax_name":"standard"}],
 *  "shipping_method_id":null|"…"}
 *
 * The quote (appended to `out` as a JSON object) has currency, tax_mode,
 * lines [{id, variant_id, quantity, unit_price, subtotal, discounts
 * [{promotion_id, name, amount}], discount, tax_rate, tax, net, total}],
 * discounts [{promotion_id, name, code, amount}], subtotal, discount,
 * shipping {method_id, name, price, discount, tax, total} or null, taxes
 * [{name, rate, net, tax}], tax, total; and shipping_methods with the price
 * of each.  Money is {"amount", "currency"}.  False with `*why` if the facts
 * are malformed or an amount would overflow.
 */
bool crm_quote(struct crm_arena *, const struct crm_json *facts,
    struct crm_text *out, const char **why);

#endif
