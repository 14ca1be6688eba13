/* SPDX-License-Identifier: ISC */
/* The quote, as lib/crm/pricing.h lays it out. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <crm/money.h>

#include "pricing_private.h"

struct writer {
	struct crm_text			*out;
	const struct pricing_cart	*cart;
};

static void
name(const struct writer *writer, const char *member)
{
	char last = writer->out->data[writer->out->length - 1];

	if (last != '{')
		crm_text_putc(writer->out, ',');
	crm_text_printf(writer->out, "\"%s\":", member);
}

static void
begin_item(const struct writer *writer)
{
	if (writer->out->data[writer->out->length - 1] != '[')
		crm_text_putc(writer->out, ',');
	crm_text_putc(writer->out, '{');
}

static void
words(const struct writer *writer, const char *member, const char *value)
{
	name(writer, member);
	crm_text_json(writer->out, value);
}

static void
money(const struct writer *writer, const char *member, int64_t amount)
{
	name(writer, member);
	crm_money_json(writer->out, amount, writer->cart->currency);
}

/* Millionths as a decimal without closing zeros, as a text. */
static void
rate(const struct writer *writer, const char *member, int64_t millionths)
{
	int64_t rest = millionths % PRICING_MILLION;
	int digits = 6;

	name(writer, member);
	crm_text_printf(writer->out, "\"%" PRId64,
	    millionths / PRICING_MILLION);
	if (rest != 0) {
		for (; rest % 10 == 0; rest /= 10)
			digits--;
		crm_text_printf(writer->out, ".%0*" PRId64, digits, rest);
	}
	crm_text_putc(writer->out, '"');
}

static void
sum(const struct writer *writer, const struct pricing_sum *amounts)
{
	money(writer, "net", amounts->net);
	money(writer, "tax", amounts->tax);
	money(writer, "total", amounts->total);
}

/* What the facts say, as it is. */
static void
as_it_is(const struct writer *writer, const struct crm_json *facts,
    const char *member, const char *as)
{
	const struct crm_json *json = crm_json_get(facts, member);

	if (json == NULL)
		return;
	name(writer, as);
	crm_json_print(writer->out, json);
}

/* What came off by points, beside the promotions; among the discounts of a
 * cart these have a code too. */
static void
write_spent(const struct writer *writer, const char *kind, const char *of,
    int64_t amount, bool has_code)
{
	if (amount == 0)
		return;
	begin_item(writer);
	words(writer, "kind", kind);
	words(writer, "promotion_id", NULL);
	words(writer, "name", of);
	if (has_code)
		words(writer, "code", NULL);
	money(writer, "amount", amount);
	crm_text_putc(writer->out, '}');
}

static void
write_shares(const struct writer *writer, const struct pricing_line *line)
{
	const struct pricing_promotion *promotion;
	int i;

	name(writer, "discounts");
	crm_text_putc(writer->out, '[');
	for (i = 0; i < writer->cart->promotion_count; i++) {
		if (line->shares[i] == 0)
			continue;
		promotion = &writer->cart->promotions[i];
		begin_item(writer);
		words(writer, "kind", "promotion");
		as_it_is(writer, promotion->facts, "id", "promotion_id");
		words(writer, "name", promotion->name);
		money(writer, "amount", line->shares[i]);
		crm_text_putc(writer->out, '}');
	}
	write_spent(writer, "reward", writer->cart->loyalty.name,
	    line->by_reward, false);
	write_spent(writer, "points", "Points", line->by_points, false);
	crm_text_putc(writer->out, ']');
}

/* What is being bought, as the facts say it. */
static void
write_thing(const struct writer *writer, const struct pricing_line *line)
{
	static const char *const kept[] = { "id", "variant_id", "product_id",
	    "sku", "name", "options", "image", "slug", "available" };
	size_t i;

	for (i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		as_it_is(writer, line->facts, kept[i], kept[i]);
}

static void
write_line(const struct writer *writer, const struct pricing_line *line)
{
	begin_item(writer);
	write_thing(writer, line);
	name(writer, "quantity");
	crm_text_printf(writer->out, "%" PRId64, line->quantity);
	money(writer, "unit_price", line->unit);
	if (line->added >= 0 && line->added != line->unit)
		money(writer, "price_changed_from", line->added);
	money(writer, "subtotal", line->subtotal);
	write_shares(writer, line);
	money(writer, "discount", line->subtotal - line->left);
	words(writer, "tax_name", line->tax.name);
	rate(writer, "tax_rate", line->tax.rate);
	sum(writer, &line->sum);
	crm_text_putc(writer->out, '}');
}

/* A gift's line: its price, and the same off it. */
static void
write_gift(const struct writer *writer,
    const struct pricing_promotion *promotion)
{
	const struct pricing_line *line = promotion->gift;
	static const struct pricing_sum nothing;

	begin_item(writer);
	write_thing(writer, line);
	name(writer, "gift");
	crm_text_puts(writer->out, "true");
	name(writer, "quantity");
	crm_text_printf(writer->out, "%" PRId64, line->quantity);
	money(writer, "unit_price", line->unit);
	money(writer, "subtotal", line->subtotal);
	name(writer, "discounts");
	crm_text_putc(writer->out, '[');
	begin_item(writer);
	words(writer, "kind", "promotion");
	as_it_is(writer, promotion->facts, "id", "promotion_id");
	words(writer, "name", promotion->name);
	money(writer, "amount", line->subtotal);
	crm_text_puts(writer->out, "}]");
	money(writer, "discount", line->subtotal);
	words(writer, "tax_name", line->tax.name);
	rate(writer, "tax_rate", line->tax.rate);
	sum(writer, &nothing);
	crm_text_putc(writer->out, '}');
}

static void
write_lines(const struct writer *writer)
{
	int i;

	name(writer, "lines");
	crm_text_putc(writer->out, '[');
	for (i = 0; i < writer->cart->line_count; i++)
		write_line(writer, &writer->cart->lines[i]);
	for (i = 0; i < writer->cart->promotion_count; i++)
		if (writer->cart->promotions[i].chosen &&
		    writer->cart->promotions[i].gift != NULL)
			write_gift(writer, &writer->cart->promotions[i]);
	crm_text_putc(writer->out, ']');
}

static void
write_discounts(const struct writer *writer)
{
	const struct pricing_loyalty *loyalty = &writer->cart->loyalty;
	const struct pricing_promotion *promotion;
	int i;

	name(writer, "discounts");
	crm_text_putc(writer->out, '[');
	for (i = 0; i < writer->cart->promotion_count; i++) {
		promotion = &writer->cart->promotions[i];
		if (promotion->given == 0)
			continue;
		begin_item(writer);
		words(writer, "kind", "promotion");
		as_it_is(writer, promotion->facts, "id", "promotion_id");
		words(writer, "name", promotion->name);
		words(writer, "code", promotion->code);
		money(writer, "amount", promotion->given);
		crm_text_putc(writer->out, '}');
	}
	write_spent(writer, "reward", loyalty->name, loyalty->given, true);
	write_spent(writer, "points", "Points", loyalty->worth, true);
	crm_text_putc(writer->out, ']');
}

static void
count(const struct writer *writer, const char *member, int64_t points)
{
	name(writer, member);
	crm_text_printf(writer->out, "%" PRId64, points);
}

/* Null for who has no account. */
static void
write_points(const struct writer *writer)
{
	const struct pricing_loyalty *loyalty = &writer->cart->loyalty;

	name(writer, "points");
	if (!loyalty->known) {
		crm_text_puts(writer->out, "null");
		return;
	}
	crm_text_putc(writer->out, '{');
	count(writer, "balance", loyalty->balance);
	count(writer, "wanted", loyalty->wanted);
	count(writer, "redeemed", loyalty->redeemed);
	money(writer, "amount", loyalty->worth);
	count(writer, "earns", loyalty->earns);
	crm_text_putc(writer->out, '}');
}

static void
write_reward(const struct writer *writer)
{
	const struct pricing_loyalty *loyalty = &writer->cart->loyalty;

	name(writer, "reward");
	if (loyalty->reward == NULL) {
		crm_text_puts(writer->out, "null");
		return;
	}
	crm_text_putc(writer->out, '{');
	as_it_is(writer, loyalty->reward, "id", "id");
	words(writer, "name", loyalty->name);
	as_it_is(writer, loyalty->reward, "kind", "kind");
	count(writer, "cost", loyalty->cost);
	name(writer, "applied");
	crm_text_puts(writer->out, loyalty->applied ? "true" : "false");
	money(writer, "amount", loyalty->given);
	crm_text_putc(writer->out, '}');
}

/* The beginning that one method has as shipping and in the list. */
static void
write_method(const struct writer *writer, const struct pricing_method *method)
{
	as_it_is(writer, method->facts, "id", "method_id");
	words(writer, "name", method->name);
	money(writer, "price", method->price);
	money(writer, "discount", method->discount);
}

static void
write_shipping(const struct writer *writer)
{
	const struct pricing_method *method = writer->cart->method;
	int i;

	name(writer, "shipping");
	if (method == NULL || !method->offered)
		crm_text_puts(writer->out, "null");
	else {
		crm_text_putc(writer->out, '{');
		write_method(writer, method);
		words(writer, "tax_name", method->tax.name);
		rate(writer, "tax_rate", method->tax.rate);
		sum(writer, &method->sum);
		crm_text_putc(writer->out, '}');
	}
	name(writer, "shipping_methods");
	crm_text_putc(writer->out, '[');
	for (i = 0; i < writer->cart->method_count; i++) {
		method = &writer->cart->methods[i];
		if (!method->offered)
			continue;
		begin_item(writer);
		write_method(writer, method);
		name(writer, "needs_address");
		crm_text_puts(writer->out, crm_json_true_of(method->facts,
		    "needs_address") ? "true" : "false");
		money(writer, "total", method->sum.total);
		crm_text_putc(writer->out, '}');
	}
	crm_text_putc(writer->out, ']');
}

/* What was taxed: a line's or shipping's tax and amounts. */
struct taxed {
	struct pricing_tax	tax;
	struct pricing_sum	sum;
};

static int
compare_taxed(const void *a, const void *b)
{
	const struct pricing_tax *first = &((const struct taxed *)a)->tax;
	const struct pricing_tax *second = &((const struct taxed *)b)->tax;

	if (first->rate != second->rate)
		return first->rate < second->rate ? -1 : 1;
	if (first->name == NULL || second->name == NULL)
		return (first->name != NULL) - (second->name != NULL);
	return strcmp(first->name, second->name);
}

static void
write_tax(const struct writer *writer, const struct taxed *taxed)
{
	begin_item(writer);
	words(writer, "name", taxed->tax.name);
	rate(writer, "rate", taxed->tax.rate);
	money(writer, "net", taxed->sum.net);
	money(writer, "tax", taxed->sum.tax);
	crm_text_putc(writer->out, '}');
}

/* One entry for each rate and name; they sum to the whole, which was found
 * to fit. */
static void
write_taxes(const struct writer *writer)
{
	const struct pricing_cart *cart = writer->cart;
	struct taxed *all;
	int i, last = 0, count = cart->line_count;

	all = crm_alloc(cart->arena, ((size_t)count + 1) * sizeof(*all));
	for (i = 0; i < count; i++) {
		all[i].tax = cart->lines[i].tax;
		all[i].sum = cart->lines[i].sum;
	}
	if (cart->method != NULL && cart->method->offered) {
		all[count].tax = cart->method->tax;
		all[count++].sum = cart->method->sum;
	}
	qsort(all, (size_t)count, sizeof(*all), compare_taxed);
	name(writer, "taxes");
	crm_text_putc(writer->out, '[');
	for (i = 1; i < count; i++)
		if (compare_taxed(&all[last], &all[i]) == 0) {
			all[last].sum.net += all[i].sum.net;
			all[last].sum.tax += all[i].sum.tax;
		} else {
			write_tax(writer, &all[last]);
			last = i;
		}
	if (count > 0)
		write_tax(writer, &all[last]);
	crm_text_putc(writer->out, ']');
}

void
crm_pricing_write(struct crm_text *out, const struct pricing_cart *cart)
{
	struct writer writer = { .out = out, .cart = cart };

	crm_text_putc(out, '{');
	words(&writer, "currency", cart->currency);
	words(&writer, "tax_mode", cart->inclusive ? "inclusive" :
	    "exclusive");
	write_lines(&writer);
	write_discounts(&writer);
	write_points(&writer);
	write_reward(&writer);
	money(&writer, "subtotal", cart->subtotal);
	money(&writer, "discount", cart->discount);
	write_shipping(&writer);
	write_taxes(&writer);
	sum(&writer, &cart->sum);
	crm_text_putc(out, '}');
}
