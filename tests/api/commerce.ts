// SPDX-License-Identifier: ISC
// What the tests of stock, carts and orders stand on: things to sell, at the
// prices and in the numbers that a test wants.
import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { raw, sql, type Raw } from "./harness.js";

export interface Thing { product: string; variant: string; sku: string }

/** A product for sale with one variant. */
export async function thing(options: {
	price?: number; stock?: number; tax?: string; weight?: number;
} = {}): Promise<Thing> {
	const { price = 1000, stock = 100, tax = "standard", weight = 500 } = options;
	const sku = `T-${randomUUID().slice(0, 13)}`;
	const [made] = await sql(`insert into product (slug, name, status, tax_class)
		values ($1, $2, 'active', $3) returning id`,
		[sku.toLowerCase(), `Thing ${sku}`, tax]);
	const [variant] = await sql(`insert into variant (product_id, sku,
		price_amount, price_currency, weight_grams)
		values ($1, $2, $3, 'EUR', $4) returning id`,
		[made.id, sku, price, weight]);
	await sql("select set_stock($1, 'main', $2, 'test')", [variant.id, stock]);
	return { product: made.id, variant: variant.id, sku };
}

export async function method(code: string): Promise<string> {
	const [row] = await sql("select id from shipping_method where code = $1",
		[code]);
	return row.id;
}

/** A coupon for a promotion of its own. */
export async function coupon(promotion: Record<string, unknown> = {},
	limits: { most?: number; each?: number; ends?: string } = {}): Promise<string> {
	const code = `C${randomBytes(5).toString("hex").toUpperCase()}`;
	const p = { kind: "percent", percent: 10, amount: null, level: "order",
		minimum_amount: 0, customers_only: false, first_order: false,
		...promotion };
	const [made] = await sql(`insert into promotion (name, kind, percent, amount,
		level, minimum_amount, customers_only, first_order, needs_coupon)
		values ($1, $2, $3, $4, $5, $6, $7, $8, true) returning id`,
		[`Promotion ${code}`, p.kind, p.percent, p.amount, p.level,
			p.minimum_amount, p.customers_only, p.first_order]);
	await sql(`insert into coupon (promotion_id, code, max_uses, max_uses_each,
		ends_at) values ($1, $2, $3, $4, $5)`, [made.id, code,
			limits.most ?? null, limits.each ?? null, limits.ends ?? null]);
	return code;
}

export const address = { name: "Ada Obi", line1: "12 Moore Street",
	city: "Dublin", postcode: "D01 T0X4", country: "IE" };

export const newCart = (): string => randomBytes(32).toString("base64url");

export interface Who { token?: string; cart?: string }

export async function add(who: Who, variant: string, quantity = 1):
	Promise<Raw> {
	const answer = await raw("POST", "/api/cart/lines",
		{ ...who, body: { variant_id: variant, quantity } });
	assert.equal(answer.status, 200, answer.text);
	return answer;
}

/** Checks out what is in the cart; guests need a mail address. */
export async function checkout(who: Who, more: Record<string, unknown> = {},
	options: { key?: string; parallel?: boolean } = {}): Promise<Raw> {
	return raw("POST", "/api/checkout", {
		...who,
		parallel: options.parallel,
		headers: options.key ? { "Idempotency-Key": options.key } : {},
		body: { payment_method: "on_delivery", shipping_address: address,
			shipping_method_id: await method("delivery"),
			...(who.token ? {} : { email: "guest@example.org" }), ...more },
	});
}

/** An order of one thing, placed. */
export async function order(who: Who, variant: string, quantity = 1,
	more: Record<string, unknown> = {}): Promise<any> {
	await add(who, variant, quantity);
	const placed = await checkout(who, more);
	assert.equal(placed.status, 201, placed.text);
	return placed.json;
}

export async function stockOf(variant: string):
	Promise<{ on_hand: number; reserved: number }> {
	const [row] = await sql(`select sum(on_hand)::int as on_hand,
		sum(reserved)::int as reserved from stock where variant_id = $1`,
		[variant]);
	return row;
}

/** Moves an order as a member of staff; answers the last step.  What was paid
 * for a cancelled one stays. */
export async function move(token: string, id: string, ...steps: string[]):
	Promise<any> {
	let answer: Raw | undefined;
	for (const to of steps) {
		const seen = await raw("GET", `/api/orders/manage/${id}`, { token });
		answer = await raw("POST", `/api/orders/manage/${id}/transitions`, {
			token, body: to === "cancelled" ? { to, refund: "none" } : { to },
			headers: { "If-Match": seen.headers.get("etag")! } });
		assert.equal(answer.status, 200, answer.text);
	}
	return answer!.json;
}

/** Several at once. */
export const together = <T>(count: number, one: (n: number) => Promise<T>):
	Promise<T[]> =>
	Promise.all(Array.from({ length: count }, (_, n) => one(n)));
