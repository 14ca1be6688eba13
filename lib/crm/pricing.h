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
 *  "lines":[{"id":…, "quantity":2, "unit_amount":1250, "tax_rate":"0.07",
 *	"tax_name":"reduced"|null, "weight_grams":500|null,
 *	"category_ids":[…], "brand_id":…|null, "product_id":…|null,
 *	"added_unit_amount":1200|null,
 *	and as they are, where given: "variant_id", "sku", "name", "options",
 *	"image", "slug", "available"}],
 *  "promotions":[{"id":…, "name":…, "code":null|"…", "kind":"percent"|
 *	"amount"|"free_shipping"|"buy_x_get_y"|"gift", "level":"line"|"order",
 *	"percent":"10.0", "amount":500, "buy":3, "get":1,
 *	"gift":a line as above,
 *	"minimum_amount":2000,
 *	"category_ids":[…], "brand_ids":[…], "product_ids":[…],
 *	"priority":10, "stacking_group":"…", "exclusive":false,
 *	"created_at":…}],		only those whose conditions of date,
 *					segment and use hold
 *  "shipping":[{"id":…, "name":…, "by":"weight"|"total"|"flat",
 *	"steps":[{"from":0,"amount":490}…], "free_from":5000|null,
 *	"tax_rate":"0.19", "tax_name":"standard"|null}],
 *  "shipping_method_id":null|"…",
 *  "loyalty":null|{"balance":640, "wanted":500, "multiplier":"1.25",
 *	"reward":null|{"id":…, "name":…, "kind":"amount_off"|"percent_off"|
 *	    "free_shipping", "amount":500, "percent":"10.0", "cost":450}}}
 * At most 500 lines, 200 promotions, 50 methods; the lines' ids differ.
 * Rates are decimals from 0 to 1, percents from 0 to 100.
 *
 * The quote (appended to `out` as a JSON object); "?" is left out where the
 * facts don't say it.  Money is {"amount", "currency"}, rates are texts:
 * {currency, tax_mode,
 *  lines [{id, variant_id?, product_id?, sku?, name?, options?, image?, slug?,
 *	available?, gift? (true: a promotion gives it), quantity, unit_price,
 *	price_changed_from? (only when the price was another when it was
 *	added), subtotal, discounts
 *	[{kind, promotion_id, name, amount}], discount, tax_name, tax_rate, net,
 *	tax, total}],
 *  discounts [{kind, promotion_id, name, code, amount}] (those on shipping
 *	too; kind is promotion, reward or points, without id and code the last
 *	two),
 *  points null (without "loyalty") or {balance, wanted, redeemed, amount,
 *	earns},
 *  reward null or {id, name, kind, cost, applied, amount},
 *  subtotal, discount (of the lines, without that on shipping),
 *  shipping null or {method_id, name, price, discount, tax_name, tax_rate,
 *	net, tax, total},
 *  shipping_methods [{method_id, name, price, discount, total}] (what each
 *	would cost, total with tax),
 *  taxes [{name, rate, net, tax}], net, tax, total}
 *
 * Where prices include tax, unit_price, subtotal, discount and price are
 * gross and a line's total = subtotal − discount; where they don't, they are
 * net and its net = subtotal − discount.  The other side is derived once a
 * line, and tax = total − net.  The lines and shipping sum to net, tax and
 * total; so do the taxes.
 *
 * Promotions:
 * - One takes the lines that match each of its lists that isn't empty
 *   (category_ids: any of the line's), and applies if there is such a line
 *   and their subtotals, before any discount, reach minimum_amount.
 * - percent: of each line, or (order) of all its lines together; amount: off
 *   each piece, or (order) once off its lines together; buy_x_get_y: of each
 *   buy + get pieces of a line, or (order) of its lines together, the last
 *   `get`, and there the cheapest pieces, are free; free_shipping: of the
 *   method chosen.  What is taken off several lines together is shared over
 *   them by what they cost by then, with the largest remainder.
 * - "Best" is what leaves the least total to pay, with tax and shipping; ties
 *   go to the older (created_at in UTC, then id).  What would not lower the
 *   total is not applied.
 * - In each stacking group the best is taken, given what the groups before it
 *   took.  Groups come in order of the least priority number in them.
 *   Discounts of level line come off first, then those of level order.
 * - An exclusive one stands alone: the best exclusive is taken instead of all
 *   the others if it leaves less to pay than they do together.
 * - A gift is a line of its own, priced and discounted whole, that weighs
 *   nothing, is in no other promotion and earns nothing.  What it would cost,
 *   with tax, counts as taken off when the best is sought.  It does not apply
 *   unless as many are available beside what is bought of the same variant.
 * Nothing depends on the order of lines and promotions in the facts.
 *
 * Loyalty comes after promotions, which are chosen without it.  First the
 * reward, if the balance covers its cost: an amount or a percentage off what
 * all goods cost by then, or the chosen method's price; `applied` if that is
 * something.  Then points, a hundred for a unit of the currency: as many as
 * are wanted, the balance has beside the reward, and the goods cost; where a
 * point isn't worth the smallest coin, only as many as make whole coins.  Both
 * are shared over the lines by what they cost by then, with the largest
 * remainder.  Shipping's bounds don't see them: points make it no dearer.
 * earns: whole units of what the goods' totals sum to, times the multiplier,
 * rounded once.
 *
 * Shipping is free from `free_from` of goods after discounts, as priced.  By
 * weight or total (after discounts, as priced), the step with the greatest
 * `from` not above it counts; flat takes the first step.  A method without
 * such a step is not offered; chosen, it counts as none.  An empty cart has
 * no shipping.
 *
 * False, with `*why` (if given) a constant sentence and nothing appended, if
 * the facts are malformed or an amount would overflow.
 */
bool crm_quote(struct crm_arena *, const struct crm_json *facts,
    struct crm_text *out, const char **why);

#endif
