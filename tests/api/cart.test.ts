// SPDX-License-Identifier: ISC
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, test } from "node:test";
import { customer, login, raw, sql } from "./harness.js";
import { add, checkout, coupon, method, newCart, thing, together, type Who } from "./commerce.js";

const view = async (who: Who) => (await raw("GET", "/api/cart", { ...who })).json;

// What every quote owes: its parts sum to its whole, and nothing is negative.
function sums(quote: any): void {
	const of = (list: any[], name: string) =>
		list.reduce((n, entry) => n + entry[name].amount, 0);
	assert.equal(of(quote.lines, "subtotal"), quote.subtotal.amount);
	assert.equal(of(quote.lines, "discount"), quote.discount.amount);
	assert.equal(of(quote.lines, "total") + (quote.shipping?.total.amount ?? 0),
		quote.total.amount);
	assert.equal(of(quote.taxes, "tax"), quote.tax.amount);
	assert.equal(quote.net.amount + quote.tax.amount, quote.total.amount);
	for (const line of quote.lines)
		assert.ok(line.total.amount >= 0 && line.net.amount >= 0);
}

describe("the cart", () => {
	test("of nobody is empty, and makes nobody a guest", async () => {
		const answer = await raw("GET", "/api/cart");
		assert.equal(answer.status, 200);
		assert.equal(answer.json.id, null);
		assert.equal(answer.json.quote.total.amount, 0);
		assert.equal(answer.headers.get("set-cookie"), null);
	});

	test("gives a guest a token once", async () => {
		const item = await thing({ price: 250 });
		const first = await add({}, item.variant, 2);
		const cart = first.json.cart_token;
		assert.match(cart, /^[\w-]{43}$/);
		assert.match(first.headers.get("set-cookie")!,
			/^__Host-cart=[\w-]{43};.*Path=\/;.*Secure;.*SameSite=Lax;.*HttpOnly/);
		assert.equal(first.json.quote.total.amount, 500);
		sums(first.json.quote);
		const second = await add({ cart }, item.variant);
		assert.equal(second.json.cart_token, undefined);
		assert.equal(second.headers.get("set-cookie"), null);
		assert.equal(second.json.quote.lines.length, 1);
		assert.equal(second.json.quote.lines[0].quantity, 3);
		const cookie = await raw("GET", "/api/cart",
			{ headers: { Cookie: `__Host-cart=${cart}` } });
		assert.equal(cookie.json.id, second.json.id);
		const kept = await sql("select guest_digest from cart where id = $1",
			[second.json.id]);
		assert.notEqual(kept[0].guest_digest, cart);
	});

	test("is changed, emptied, and forgets what is taken out", async () => {
		const who = { cart: newCart() };
		const a = await thing(), b = await thing();
		await add(who, a.variant, 2);
		const { json } = await add(who, b.variant, 3);
		const [one, two] = json.quote.lines;
		const changed = await raw("PATCH", `/api/cart/lines/${one.id}`,
			{ ...who, body: { quantity: 7 } });
		assert.equal(changed.json.quote.lines[0].quantity, 7);
		sums(changed.json.quote);
		const out = await raw("DELETE", `/api/cart/lines/${two.id}`, who);
		assert.deepEqual(out.json.quote.lines.map((l: any) => l.sku), [a.sku]);
		assert.equal((await raw("DELETE", `/api/cart/lines/${two.id}`, who))
			.status, 404);
		const empty = await raw("DELETE", "/api/cart", who);
		assert.equal(empty.json.quote.lines.length, 0);
		assert.equal(empty.json.quote.total.amount, 0);
	});

	test("takes no more than can be bought, and says so", async () => {
		const who = { cart: newCart() }, item = await thing({ stock: 5 });
		const { json } = await add(who, item.variant, 9);
		assert.equal(json.quote.lines[0].quantity, 5);
		assert.equal(json.quote.lines[0].available, 5);
		assert.deepEqual(json.notes.map((n: any) => [n.code, n.sku, n.wanted,
			n.quantity]), [["CAPPED", item.sku, 9, 5]]);
		const none = await thing({ stock: 0 });
		const refused = await raw("POST", "/api/cart/lines",
			{ ...who, body: { variant_id: none.variant } });
		assert.equal(refused.status, 409);
		assert.equal(refused.json.code, "OUT_OF_STOCK");
		assert.equal(refused.json.data.lines[0].sku, none.sku);
	});

	test("refuses what makes no sense", async () => {
		const who = { cart: newCart() }, item = await thing();
		for (const body of [{}, { variant_id: item.variant, quantity: 0 },
			{ variant_id: item.variant, quantity: 1000 },
			{ variant_id: item.variant, quantity: -1 }, { variant_id: "x" },
			{ variant_id: item.variant, price: 1 }, { variant_id: randomUUID() }])
			assert.equal((await raw("POST", "/api/cart/lines",
				{ ...who, body })).status, 422, JSON.stringify(body));
		assert.equal((await raw("PUT", "/api/cart/destination",
			{ ...who, body: { country: "Ireland" } })).status, 422);
		assert.equal((await raw("PUT", "/api/cart/destination",
			{ ...who, body: { country: "1E" } })).status, 422);
		assert.equal((await raw("DELETE", "/api/cart/coupons/NONE", who)).status,
			404);
	});

	test("is its owner's alone", async () => {
		const ada = await customer(), ben = await customer(), item = await thing();
		const hers = (await add({ token: ada.token }, item.variant, 2)).json;
		const line = hers.quote.lines[0].id;
		for (const who of [{ token: ben.token }, { cart: newCart() }, {}]) {
			assert.equal((await raw("PATCH", `/api/cart/lines/${line}`,
				{ ...who, body: { quantity: 9 } })).status, 404);
			assert.equal((await raw("DELETE", `/api/cart/lines/${line}`, who))
				.status, 404);
			assert.notEqual((await view(who)).id, hers.id);
		}
		assert.equal((await view({ token: ada.token })).quote.lines[0].quantity, 2);
	});

	test("has one line a variant, also when added twice at once", async () => {
		const who = { cart: newCart() }, item = await thing({ stock: 100 });
		const answers = await together(20, () => raw("POST", "/api/cart/lines",
			{ ...who, parallel: true, body: { variant_id: item.variant } }));
		assert.ok(answers.every((a) => a.status === 200));
		const { quote } = await view(who);
		assert.equal(quote.lines.length, 1);
		assert.equal(quote.lines[0].quantity, 20);
	});

	test("shows a changed price and what is sold no more", async () => {
		const who = { cart: newCart() };
		const a = await thing({ price: 1000 }), b = await thing();
		await add(who, a.variant);
		await add(who, b.variant);
		await sql("update variant set price_amount = 1200 where id = $1", [a.variant]);
		await sql("update product set status = 'archived' where id = $1", [b.product]);
		const { quote, unavailable } = await view(who);
		assert.equal(quote.lines.length, 1);
		assert.equal(quote.lines[0].unit_price.amount, 1200);
		assert.equal(quote.lines[0].price_changed_from.amount, 1000);
		assert.equal(unavailable[0].sku, b.sku);
		const refused = await checkout(who);
		assert.equal(refused.status, 409);
		assert.equal(refused.json.data.lines[0].sku, b.sku);
	});

	test("is taxed and shipped by where it goes", async () => {
		const who = { cart: newCart() };
		const item = await thing({ price: 12300, weight: 3000 });
		await add(who, item.variant);
		const go = async (body: Record<string, unknown>) => (await raw("PUT",
			"/api/cart/destination", { ...who, body })).json;
		const home = await go({ country: "ie", postcode: "D02 X285" });
		assert.equal(home.country, "IE");
		assert.equal(home.quote.tax.amount, 2300);
		assert.deepEqual(home.quote.shipping_methods.map((m: any) =>
			[m.name, m.price.amount - m.discount.amount]),
			[["Home delivery", 0], ["Pick up at the shop", 0]]);
		const delivery = await method("delivery");
		const by = (id: string | null) => raw("PUT", "/api/cart/shipping-method",
			{ ...who, body: { shipping_method_id: id } });
		const chosen = (await by(delivery)).json;
		assert.equal(chosen.quote.shipping.name, "Home delivery");
		sums(chosen.quote);
		const abroad = await go({ country: "US" });
		assert.equal(abroad.quote.tax.amount, 0);
		assert.equal(abroad.shipping_method_id, null);
		assert.equal((await by(delivery)).json.code, "SHIPPING_NOT_AVAILABLE");
		assert.equal((await by(null)).json.quote.shipping, null);
	});
});

describe("coupons", () => {
	const put = (who: Who, code: string) => raw("POST", "/api/cart/coupons",
		{ ...who, body: { code } });

	test("take off, and are taken out", async () => {
		const who = { cart: newCart() }, code = await coupon();
		await add(who, (await thing({ price: 999 })).variant, 3);
		const { json } = await put(who, ` ${code.toLowerCase()} `);
		assert.equal(json.quote.discount.amount, 300);
		assert.equal(json.quote.discounts[0].code, code);
		sums(json.quote);
		const out = await raw("DELETE", `/api/cart/coupons/${code}`, who);
		assert.equal(out.json.quote.discount.amount, 0);
	});

	test("wait for their conditions", async () => {
		const who = { cart: newCart() };
		const code = await coupon({ minimum_amount: 5000 });
		const item = await thing({ price: 2000 });
		await add(who, item.variant);
		assert.equal((await put(who, code)).json.quote.discount.amount, 0);
		assert.equal((await add(who, item.variant, 2)).json.quote.discount.amount,
			600);
	});

	test("unknown, expired and used up are refused", async () => {
		const who = { cart: newCart() };
		assert.equal((await put(who, "NO-SUCH")).json.code, "COUPON_UNKNOWN");
		const late = await coupon({}, { ends: "2020-01-01" });
		assert.equal((await put(who, late)).json.code, "COUPON_EXPIRED");
		const once = await coupon({}, { most: 1 });
		const other = { cart: newCart() };
		await add(other, (await thing()).variant);
		await put(other, once);
		assert.equal((await checkout(other)).status, 201);
		const refused = await put(who, once);
		assert.equal(refused.status, 409);
		assert.equal(refused.json.code, "COUPON_USED_UP");
	});

	test("for customers are nothing to guests", async () => {
		const code = await coupon({ customers_only: true });
		const item = await thing({ price: 1000 });
		const guest = { cart: newCart() }, ada = await customer();
		await add(guest, item.variant);
		assert.equal((await put(guest, code)).json.quote.discount.amount, 0);
		await add({ token: ada.token }, item.variant);
		assert.equal((await put({ token: ada.token }, code)).json.quote.discount
			.amount, 100);
	});
});

describe("at login", () => {
	test("the guest's cart joins the customer's, once", async () => {
		const ada = await customer(), cart = newCart();
		const a = await thing({ stock: 10 }), b = await thing();
		const code = await coupon();
		await add({ token: ada.token }, a.variant, 6);
		await add({ cart }, a.variant, 7);
		await add({ cart }, b.variant, 2);
		await raw("POST", "/api/cart/coupons", { cart, body: { code } });
		const again = await login(ada.email, ada.password, cart);
		const { quote, coupons } = await view({ token: again.token });
		assert.deepEqual(quote.lines.map((l: any) => [l.sku, l.quantity]),
			[[a.sku, 10], [b.sku, 2]]);
		assert.equal(coupons[0].code, code);
		await together(5, () => login(ada.email, ada.password, cart));
		const after = await view({ token: again.token });
		assert.deepEqual(after.quote.lines.map((l: any) => l.quantity), [10, 2]);
		assert.equal((await view({ cart })).id, null);
	});
});
