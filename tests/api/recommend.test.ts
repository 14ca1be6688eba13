// SPDX-License-Identifier: ISC
// Views told and forgotten, and what is recommended because of them.
import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { before, describe, test } from "node:test";
import { thing } from "./commerce.js";
import { customer, raw, sql, type Person } from "./harness.js";

let ada: Person, ben: Person;
before(async () => {
	ada = await customer();
	ben = await customer();
});

const tell = (body: object, more: object = {}) =>
	raw("POST", "/api/recommend/events", { body, ...more });
const views = (...ids: string[]) => ({ consent: true,
	events: ids.map((product_id) => ({ kind: "view", product_id })) });
const slugs = (answer: { json: any }): string[] =>
	answer.json.items.map((item: any) => item.slug);
const recent = (more: object = {}) =>
	raw("GET", "/api/recommend/recent", more);

async function product(): Promise<{ id: string; slug: string }> {
	const { variant } = await thing({ stock: 9 });
	const [row] = await sql(`select p.id, p.slug from product p
		join variant v on v.product_id = p.id where v.id = $1`, [variant]);
	return row;
}

describe("views", () => {
	test("are the caller's own, and go when asked", async () => {
		const one = await product(), two = await product();
		const guest = { cart: randomBytes(32).toString("base64url") };
		for (const who of [{ token: ada.token }, guest]) {
			assert.equal((await tell(views(one.id), who)).status, 204);
			assert.equal((await tell(views(two.id), who)).status, 204);
			assert.deepEqual(slugs(await recent(who)),
				[two.slug, one.slug]);
		}
		assert.deepEqual(slugs(await recent({ token: ben.token })), []);
		assert.deepEqual(slugs(await recent()), []);
		assert.equal((await raw("DELETE", "/api/recommend/recent",
			{ token: ada.token })).status, 204);
		assert.deepEqual(slugs(await recent({ token: ada.token })), []);
		assert.equal(slugs(await recent(guest)).length, 2);
	});

	test("of what isn't there are passed over", async () => {
		assert.equal((await tell(views(randomUUID()))).status, 204);
	});

	test("without consent, or too many, are refused", async () => {
		const one = await product();
		for (const [body, field] of [
			[{ ...views(one.id), consent: false }, "consent"],
			[{ events: views(one.id).events }, "consent"],
			[{ consent: true, events: [] }, "events"],
			[views(...Array(51).fill(one.id)), "events"],
			[{ consent: true, events: [{ kind: "gaze",
				product_id: one.id }] }, "events[0].kind"],
			[views("x"), "events[0].product_id"],
		] as [object, string][]) {
			const answer = await tell(body, { token: ada.token });
			assert.equal(answer.status, 422, answer.text);
			assert.equal(answer.json.errors[0].field, field);
		}
	});
});

describe("recommendations", () => {
	test("follow from orders, from views, from what sells", async () => {
		const one = await thing({ stock: 9 }), two = await thing({ stock: 9 });
		const ids = await sql(`select p.id, p.slug from product p
			join variant v on v.product_id = p.id
			where v.id = any ($1) order by v.id = $2 desc`,
			[[one.variant, two.variant], one.variant]);
		const together = (id: string) =>
			raw("GET", `/api/recommend/products/${id}/together`);
		assert.deepEqual(slugs(await together(ids[0].id)), []);
		for (const { variant } of [one, two]) {
			const put = await raw("POST", "/api/cart/lines", {
				token: ben.token, body: { variant_id: variant } });
			assert.equal(put.status, 200, put.text);
		}
		const [method] = await sql(`select id from shipping_method
			where active and not needs_address limit 1`);
		const placed = await raw("POST", "/api/checkout", {
			token: ben.token, body: { payment_method: "on_delivery",
				shipping_method_id: method.id } });
		assert.equal(placed.status, 201, placed.text);
		await sql("select refresh_recommendations()");
		assert.deepEqual(slugs(await raw("GET",
			`/api/recommend/products/${ids[0].id}/together?limit=3`)),
			[ids[1].slug]);
		await tell(views(ids[0].id), { token: ada.token });
		const home = await raw("GET", "/api/recommend/home?limit=24",
			{ token: ada.token });
		assert.equal(home.status, 200, home.text);
		assert.deepEqual(home.json.for_you.map((i: any) => i.slug),
			[ids[1].slug]);
		assert.equal(home.json.recent[0].slug, ids[0].slug);
		assert.ok(home.json.popular.length > 0);
		const nobody = await raw("GET", "/api/recommend/home");
		assert.deepEqual([nobody.json.for_you, nobody.json.recent],
			[[], []]);
	});

	test("of what isn't there: 404", async () => {
		const answer = await raw("GET",
			`/api/recommend/products/${randomUUID()}/together`);
		assert.equal(answer.status, 404);
	});
});
