// SPDX-License-Identifier: ISC
// Promotions and coupons, made by staff and met in the cart: conditions,
// previews, bounds, what was used, and staff who change one meanwhile.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, describe, test } from "node:test";
import { customer, raw, sql, staff, type Person, type Raw } from "./harness.js";
import { add, checkout, newCart, order, thing, together, type Thing } from "./commerce.js";

const at = "/api/promotions";
let crm: Person, analyst: Person;

before(async () => {
	crm = await staff("crm");
	analyst = await staff("analyst");
});

const eur = (amount: number) => ({ amount, currency: "EUR" });
const post = (path: string, body: object, who = crm): Promise<Raw> =>
	raw("POST", at + path, { token: who.token, body });
const get = (path: string, who = crm): Promise<Raw> =>
	raw("GET", at + path, { token: who.token });
const change = (promotion: any, body: object, checks = {}): Promise<Raw> =>
	raw("PATCH", `${at}/${promotion.id}`, { token: crm.token, body, ...checks,
		headers: { "If-Match": `"${promotion.version}"` } });

/** Of one product alone, so that no other test meets it. */
async function promotion(item: Thing, body: object): Promise<any> {
	const answer = await post("", { name: `P ${randomUUID()}`,
		product_ids: [item.product], ...body });
	assert.equal(answer.status, 201, answer.text);
	return answer.json;
}
const percent = (item: Thing, more: object = {}): Promise<any> =>
	promotion(item, { kind: "percent", percent: "10", ...more });
const off = async (who: Person, item: Thing, quantity = 1): Promise<number> => {
	await raw("DELETE", "/api/cart", { token: who.token });
	const answer = await add({ token: who.token }, item.variant, quantity);
	return answer.json.quote.discount.amount;
};
const code = (answer: Raw) => [answer.status, answer.json.code];
const fields = (answer: Raw): string[] =>
	answer.json.errors.map((e: any) => e.field);

describe("a promotion", () => {
	test("is made, met in the cart, changed and ended", async () => {
		const item = await thing({ price: 2000, tax: "zero" });
		const ada = await customer();
		const made = await percent(item);
		assert.deepEqual([made.state, made.percent, made.products[0].id,
			made.orders], ["running", "10", item.product, 0]);
		assert.equal(await off(ada, item, 2), 400);
		const changed = await change(made, { percent: "25", level: "line" });
		assert.equal(changed.json.version, 2);
		assert.equal(await off(ada, item, 2), 1000);
		assert.equal((await change(made, { name: "Late" })).status, 412);
		const ended = await change(changed.json, { active: false });
		assert.equal(ended.json.state, "off");
		assert.equal(await off(ada, item), 0);
		const listed = await get(`?q=${made.name}&state=off`, analyst);
		assert.deepEqual(listed.json.items.map((p: any) => p.id), [made.id]);
		const [kept] = await sql(`select before ->> 'percent' as was,
			after ->> 'percent' as is from audit_log where table_name = 'promotion'
			and row_key = $1 and action = 'UPDATE' order by id limit 1`, [made.id]);
		assert.deepEqual([+kept.was, +kept.is], [10, 25]);
		const remove = (of: Raw) => raw("DELETE", `${at}/${made.id}`,
			{ token: crm.token, headers: { "If-Match": of.headers.get("etag")! } });
		assert.equal((await remove(changed)).status, 412);
		assert.equal((await remove(ended)).status, 204);
		assert.equal((await get(`/${made.id}`)).status, 404);
	});

	test("gives what each kind says", async () => {
		const ada = await customer();
		const item = await thing({ price: 1000, tax: "zero" });
		const three = await promotion(item, { kind: "buy_x_get_y", buy: 2, get: 1 });
		assert.equal(await off(ada, item, 7), 2000);
		await change(three, { active: false });
		const amount = await promotion(item, { kind: "amount", level: "line",
			amount: eur(150) });
		assert.equal(await off(ada, item, 3), 450);
		await change(amount, { active: false });
		const present = await thing({ price: 700, tax: "zero" });
		const gift = await promotion(item, { kind: "gift",
			gift_variant_id: present.variant, gift_quantity: 2 });
		assert.equal(gift.gift.sku, present.sku);
		assert.equal(await off(ada, item), 1400);
		const cart = (await raw("GET", "/api/cart", { token: ada.token })).json;
		assert.deepEqual(cart.quote.lines.filter((l: any) => l.gift)
			.map((l: any) => [l.sku, l.quantity, l.total.amount]),
			[[present.sku, 2, 0]]);
	});

	test("keeps to its conditions", async () => {
		const item = await thing({ price: 1000, tax: "zero" });
		const ada = await customer(), ben = await customer();
		const minimum = await percent(item, { minimum: eur(3000) });
		assert.equal(await off(ada, item, 2), 0);
		assert.equal(await off(ada, item, 3), 300);
		await change(minimum, { active: false });
		const then = await percent(item, { starts_at: "2099-01-01T00:00:00Z" });
		assert.deepEqual([then.state, await off(ada, item)], ["scheduled", 0]);
		const first = await percent(item, { first_order: true });
		assert.equal(await off(ben, item), 100);
		await order({ token: ben.token }, item.variant);
		assert.equal(await off(ben, item), 0);
		await change((await get(`/${first.id}`)).json, { active: false });

		const segment = await raw("POST", "/api/desk/segments", {
			token: crm.token, body: { name: `B ${randomUUID()}`, rules: {
				match: "all", rules: [{ fact: "bought_product", test: "one_of",
					values: [item.product] }] } } });
		const mine = await percent(item, { segment_id: segment.json.id });
		assert.equal(mine.segment.name, segment.json.name);
		assert.equal(await off(ben, item), 100, "who bought it before");
		assert.equal(await off(ada, item), 0, "not who never did");
		const guest = await add({ cart: newCart() }, item.variant);
		assert.equal(guest.json.quote.discount.amount, 0, "nor a guest");
		await order({ token: ada.token }, item.variant);
		assert.equal(await off(ada, item), 100, "a living segment moves at once");
	});

	test("that is none is refused, with the field", async () => {
		const refused = async (body: object): Promise<string[]> => {
			const answer = await post("", { name: "x", ...body });
			assert.equal(answer.status, 422, answer.text);
			return fields(answer);
		};
		assert.deepEqual(await refused({ kind: "percent" }), ["percent"]);
		assert.deepEqual(await refused({ kind: "percent", percent: "101" }),
			["percent"]);
		assert.deepEqual(await refused({ kind: "amount", amount: eur(0) }),
			["amount.amount"]);
		assert.deepEqual(await refused({ kind: "gift", gift_variant_id:
			randomUUID() }), ["gift_variant_id"]);
		assert.deepEqual(await refused({ kind: "free_shipping", brand_ids:
			[randomUUID()] }), ["brand_ids[0]"]);
		assert.deepEqual(await refused({ kind: "free_shipping", starts_at:
			"2026-02-01T00:00:00Z", ends_at: "2026-01-01T00:00:00Z" }), ["ends_at"]);
		const foreign = await post("", { name: "x", kind: "amount",
			amount: { amount: 5, currency: "USD" } });
		assert.deepEqual(code(foreign), [422, "CURRENCY_WRONG"]);
		assert.equal((await post("", { name: "x", kind: "free_shipping" },
			analyst)).status, 403);
	});

	test("that orders used keeps what it gives", async () => {
		const item = await thing({ price: 2000, tax: "zero" });
		const made = await percent(item);
		const ada = await customer();
		const placed = await order({ token: ada.token }, item.variant);
		const seen = (await get(`/${made.id}`)).json;
		assert.deepEqual([seen.orders, seen.given], [1, eur(200)]);
		const uses = await get(`/${made.id}/uses`);
		assert.deepEqual(uses.json.items.map((u: any) => [u.order_id, u.amount]),
			[[placed.id, eur(200)]]);
		assert.deepEqual(code(await change(seen, { percent: "50" })),
			[409, "PROMOTION_USED"]);
		assert.deepEqual(code(await raw("DELETE", `${at}/${made.id}`,
			{ token: crm.token, headers: { "If-Match": "*" } })),
			[409, "IN_USE"]);
		const ended = await change(seen, { ends_at: "2026-01-01T00:00:00Z",
			name: "Over" });
		assert.equal(ended.json.state, "ended", ended.text);
		const again = await raw("GET", `/api/orders/${placed.id}`,
			{ token: ada.token });
		assert.equal(again.json.discount.amount, 200);
		assert.equal(again.json.discounts[0].name, made.name);
	});

	test("is previewed: with it and without", async () => {
		const item = await thing({ price: 2000, tax: "zero" });
		const ada = await customer();
		const lines = [{ variant_id: item.variant, quantity: 2 }];
		const draft = { kind: "percent", percent: "15",
			product_ids: [item.product] };
		const one = await post("/preview", { promotion: draft, lines }, analyst);
		assert.equal(one.status, 200, one.text);
		assert.deepEqual([one.json.applies, one.json.without.total.amount -
			one.json.with.total.amount], [true, 600]);
		const dear = await post("/preview", { promotion: { ...draft,
			minimum: eur(5000) }, lines });
		assert.equal(dear.json.applies, false);
		const only = { ...draft, customers_only: true };
		const guest = await post("/preview", { promotion: only, lines });
		assert.deepEqual([guest.json.applies, guest.json.for_customer],
			[false, false]);
		const hers = await post("/preview", { promotion: only, lines,
			customer_id: ada.id });
		assert.deepEqual([hers.json.applies, hers.json.for_customer],
			[true, true]);
		const made = await percent(item, { active: false });
		const stored = await post("/preview", { promotion_id: made.id,
			promotion: { percent: "20" }, lines });
		assert.deepEqual([stored.json.with.discount.amount, stored.json.state],
			[800, "off"]);
		assert.equal((await get(`/${made.id}`)).json.percent, "10",
			"nothing was written");
		assert.deepEqual(fields(await post("/preview", { promotion: draft,
			lines: [{ variant_id: randomUUID(), quantity: 1 }] })), ["lines"]);
	});
});

describe("coupons", () => {
	const coded = async (item: Thing): Promise<any> =>
		percent(item, { needs_coupon: true });

	test("are made, used and ended", async () => {
		const item = await thing({ price: 2000, tax: "zero" });
		const made = await coded(item), ada = await customer();
		const word = `c${randomUUID().slice(0, 8)}`;
		const one = await post(`/${made.id}/coupons`, { code: word,
			max_uses: 1 });
		assert.equal(one.json.code, word.toUpperCase(), one.text);
		assert.deepEqual(code(await post(`/${made.id}/coupons`,
			{ code: word })), [409, "COUPON_EXISTS"]);
		await add({ token: ada.token }, item.variant);
		const cart = await raw("POST", "/api/cart/coupons",
			{ token: ada.token, body: { code: word } });
		assert.equal(cart.json.quote.discount.amount, 200);
		const placed = await checkout({ token: ada.token });
		const seen = await get(`/coupons/${one.json.id}`);
		assert.deepEqual([seen.json.held, seen.json.used, seen.json.state],
			[1, 0, "used_up"]);
		const uses = await get(`/coupons/${one.json.id}/uses`);
		assert.deepEqual(uses.json.items.map((u: any) => [u.number, u.state]),
			[[placed.json.number, "held"]]);
		const limits = (body: object, version: number): Promise<Raw> =>
			raw("PATCH", `${at}/coupons/${one.json.id}`, { token: crm.token, body,
				headers: { "If-Match": `"${version}"` } });
		assert.equal((await limits({ max_uses: 2 }, 1)).json.state, "running");
		assert.equal((await limits({ max_uses: 5 }, 1)).status, 412);
		assert.equal((await limits({ active: false }, 2)).json.state, "off");
		const late = await raw("POST", "/api/cart/coupons",
			{ cart: newCart(), body: { code: word } });
		assert.deepEqual(code(late), [409, "COUPON_EXPIRED"]);
		await raw("POST", `/api/orders/${placed.json.id}/cancel`,
			{ token: ada.token, body: {} });
		const back = await get(`/coupons/${one.json.id}`);
		assert.deepEqual([back.json.held, back.json.released], [0, 1]);
	});

	test("are made by the hundred, and taken out as a file", async () => {
		const item = await thing();
		const made = await coded(item);
		const many = await post(`/${made.id}/coupons/bulk`, { count: 120,
			prefix: "x-", max_uses: 1 });
		assert.equal(many.status, 201, many.text);
		const file = await get(`/${made.id}/coupons/file?batch=${
			many.json.batch}`);
		const rows = file.text.trim().split("\r\n").slice(1);
		assert.equal(new Set(rows.map((r) => r.split(",")[0])).size, 120);
		for (const row of rows)
			assert.match(row, /^X-[A-Z2-9]{10},1,,0,true,,$/);
		assert.match(file.headers.get("content-disposition")!, /coupons\.csv/);
		let next: string | null = "", found = 0;
		while (next !== null) {
			const page: Raw = await get(`/${made.id}/coupons?limit=50${
				next ? `&cursor=${next}` : ""}`);
			found += page.json.items.length;
			next = page.json.next;
		}
		assert.equal(found, 120);
		const stopped = await post(`/${made.id}/coupons/stop`,
			{ batch: many.json.batch });
		assert.equal(stopped.json.count, 120);
		assert.equal((await post(`/${made.id}/coupons/bulk`,
			{ count: 5001 })).status, 422);
		assert.deepEqual(fields(await post(`/${made.id}/coupons/bulk`,
			{ count: 1, prefix: "=SUM" })), ["code"]);
	});

	test("belong to promotions that need them", async () => {
		const made = await percent(await thing());
		assert.deepEqual(code(await post(`/${made.id}/coupons`,
			{ code: "NEVER1" })), [409, "CONFLICT"]);
		assert.equal((await post(`/${randomUUID()}/coupons`,
			{ code: "NEVER2" })).status, 404);
	});
});

describe("at once", () => {
	test("staff change a promotion while carts are checked out", async () => {
		const item = await thing({ price: 1000, tax: "zero", stock: 1000 });
		const made = await percent(item);
		const people = await Promise.all(Array.from({ length: 12 },
			() => customer()));
		const shown = await Promise.all(people.map((p) => raw("POST",
			"/api/cart/lines", { token: p.token, parallel: true,
				body: { variant_id: item.variant, quantity: 1 } })));
		for (const cart of shown)
			assert.equal(cart.json.quote.discount.amount, 100);
		const [off, ...placed] = await Promise.all([
			change(made, { percent: "50" }, { parallel: true }),
			...people.map((p) => checkout({ token: p.token }, {},
				{ parallel: true }))]);
		const now = (await get(`/${made.id}`)).json;
		assert.equal(off.status === 200 || off.json.code === "PROMOTION_USED",
			true, off.text);
		let given = 0;
		for (const answer of placed) {
			assert.equal(answer.status, 201, answer.text);
			const { discount, subtotal, shipping, total } = answer.json;
			assert.ok([100, 500].includes(discount.amount), answer.text);
			assert.equal(total.amount, subtotal.amount - discount.amount +
				shipping.total.amount);
			given += discount.amount;
		}
		assert.deepEqual([now.orders, now.given.amount], [12, given],
			"each order's share is written down as it was");
		if (off.status !== 200)
			assert.equal(given, 1200);
	});

	test("an order asks for the price that was shown", async () => {
		const item = await thing({ price: 1000, tax: "zero" });
		const made = await percent(item), ada = await customer();
		const cart = await add({ token: ada.token }, item.variant);
		const expected = cart.json.quote.total;
		assert.equal((await change(made, { active: false })).status, 200);
		const refused = await checkout({ token: ada.token },
			{ expected_total: expected });
		assert.equal(refused.json.code, "PRICE_CHANGED", refused.text);
	});

	test("a coupon is ended or lowered while it is used", async () => {
		const item = await thing({ price: 1000, tax: "zero", stock: 1000 });
		const made = await percent(item, { needs_coupon: true });
		const word = `R${randomUUID().slice(0, 8).toUpperCase()}`;
		const one = (await post(`/${made.id}/coupons`, { code: word,
			max_uses: 10 })).json;
		const people = await Promise.all(Array.from({ length: 10 },
			() => customer()));
		for (const p of people) {
			await add({ token: p.token }, item.variant);
			await raw("POST", "/api/cart/coupons", { token: p.token,
				body: { code: word } });
		}
		const [lowered, ...placed] = await Promise.all([
			raw("PATCH", `${at}/coupons/${one.id}`, { token: crm.token,
				parallel: true, body: { max_uses: 5 },
				headers: { "If-Match": '"1"' } }),
			...people.map((p) => checkout({ token: p.token }, {},
				{ parallel: true }))]);
		const good = placed.filter((a) => a.status === 201).length;
		const now = (await get(`/coupons/${one.id}`)).json;
		assert.equal(now.held, good);
		if (lowered.status === 200)
			assert.ok(good <= 5, `${good} uses of 5`);
		else
			assert.deepEqual(fields(lowered), ["max_uses"]);
		for (const answer of placed)
			if (answer.status !== 201)
				assert.equal(answer.json.code, "COUPON_USED_UP", answer.text);
	});

	test("two change one promotion, and neither overwrites", async () => {
		const made = await percent(await thing());
		const answers = await together(5, (n) => change(made,
			{ name: `By ${n}` }, { parallel: true }));
		assert.deepEqual(answers.map((a) => a.status).sort(),
			[200, 412, 412, 412, 412]);
	});
});
