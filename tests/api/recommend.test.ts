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

describe("searches", () => {
	const searched = (...queries: string[]) => ({ consent: true,
		events: queries.map((query) => ({ kind: "search", query })) });
	const own = async (token: string) => {
		const { status, json, text } = await raw("GET",
			"/api/recommend/searches?limit=24", { token });
		assert.equal(status, 200, text);
		return json.items.map((item: any) => item.query);
	};

	test("are the customer's own, each once, and go when asked", async () => {
		const { token } = ada;
		assert.equal((await tell(searched("Palm oil"), { token })).status, 204);
		assert.equal((await tell(searched("yam", "YAM"), { token })).status, 204);
		assert.deepEqual(await own(token), ["YAM", "Palm oil"]);
		await tell(searched("palm OIL"), { token });
		assert.deepEqual(await own(token), ["palm OIL", "YAM"]);
		assert.deepEqual(await own(ben.token), []);
		const { json } = await raw("GET", "/api/customers/export", { token });
		assert.deepEqual(json.traces.searches.map((s: any) => s.query).sort(),
			["YAM", "palm OIL"]);
		await raw("DELETE", "/api/recommend/recent", { token });
		assert.deepEqual(await own(token), []);
	});

	test("are fifty at most", async () => {
		const { token } = ada;
		await tell(searched(...Array.from({ length: 50 }, (_, n) =>
			`word ${n}`)), { token });
		await tell(searched("the last"), { token });
		const [{ count }] = await sql(`select count(*)::int as count
			from customer_search where customer_id = $1`, [ada.id]);
		assert.equal(count, 50);
		assert.equal((await own(token))[0], "the last");
	});

	test("of guests, or without consent, are not kept", async () => {
		const guest = { cart: randomBytes(32).toString("base64url") };
		assert.equal((await tell(searched("secret yam"), guest)).status, 204);
		const refused = await tell({ ...searched("secret yam"),
			consent: false }, { token: ben.token });
		assert.equal(refused.status, 422);
		assert.equal((await sql(`select from customer_search
			where query = 'secret yam'`)).length, 0);
		assert.equal((await raw("GET", "/api/recommend/searches")).status,
			401);
		for (const event of [{ kind: "search" }, { kind: "view" },
			{ kind: "search", query: "" }, { kind: "search", query: "  " },
			{ kind: "search", query: "x".repeat(101) }])
			assert.equal((await tell({ consent: true, events: [event] },
				{ token: ben.token })).status, 422, JSON.stringify(event));
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
