// SPDX-License-Identifier: ISC
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, describe, test } from "node:test";
import { customer, raw, sql, staff, type Person } from "./harness.js";
import { add, checkout, newCart, stockOf, thing, together, type Thing } from "./commerce.js";

describe("stock", () => {
	let clerk: Person, reader: Person, item: Thing;
	before(async () => {
		clerk = await staff("sales");
		reader = await staff("service");
		item = await thing({ stock: 10 });
	});
	const get = (path: string, who = reader) =>
		raw("GET", `/api/inventory${path}`, { token: who.token });
	const adjust = (body: Record<string, unknown>, who = clerk,
		headers: Record<string, string> = {}) =>
		raw("POST", "/api/inventory/adjustments", { token: who.token, headers,
			body: { variant_id: item.variant, reason: "A test", ...body } });

	test("is listed and shown", async () => {
		const list = await get(`?sku=${item.sku}`);
		assert.equal(list.status, 200);
		assert.equal(list.json.items.length, 1);
		assert.equal(list.json.items[0].on_hand, 10);
		const one = await get(`/${item.variant}`);
		assert.equal(one.json.available, 10);
		assert.equal(one.json.stock[0].location, "main");
		assert.equal((await get(`/${randomUUID()}`)).status, 404);
		assert.equal((await get(`/${randomUUID()}/movements`)).status, 404);
	});

	test("is paged without gaps", async () => {
		const seen: string[] = [];
		let cursor = "";
		for (let page = 0; page < 1000; page++) {
			const answer = await get(`?limit=100${cursor ? `&cursor=${cursor}` : ""}`);
			assert.equal(answer.status, 200, answer.text);
			seen.push(...answer.json.items.map((i: any) => `${i.sku} ${i.location}`));
			cursor = answer.json.next;
			if (!cursor)
				break;
		}
		const [{ count }] = await sql("select count(*)::int from stock");
		assert.equal(seen.length, count);
		assert.equal(new Set(seen).size, count);
		assert.equal((await get("?cursor=Wzld")).json.code, "CURSOR_WRONG");
	});

	test("is adjusted and counted, each a movement", async () => {
		const less = await adjust({ change: -3 });
		assert.equal(less.status, 201, less.text);
		assert.equal(less.json.on_hand, 7);
		assert.equal((await adjust({ counted: 9 })).json.on_hand, 9);
		const { json } = await get(`/${item.variant}/movements?limit=2`);
		assert.deepEqual(json.items.map((m: any) => [m.kind, m.change,
			m.on_hand_after, m.staff_id]), [["count", 2, 9, clerk.id],
			["adjustment", -3, 7, clerk.id]]);
		const older = await get(`/${item.variant}/movements?cursor=${json.next}`);
		assert.deepEqual(older.json.items.map((m: any) => m.kind), ["import"]);
	});

	test("is adjusted once for one key", async () => {
		const key = { "Idempotency-Key": randomUUID() };
		const first = await adjust({ change: 5 }, clerk, key);
		const second = await adjust({ change: 5 }, clerk, key);
		assert.equal(second.text, first.text);
		assert.equal(second.headers.get("idempotent-replayed"), "true");
		assert.equal((await stockOf(item.variant)).on_hand, 14);
		assert.equal((await adjust({ change: 6 }, clerk, key)).json.code,
			"KEY_REUSED");
	});

	test("never falls below nothing, nor below what is held", async () => {
		assert.equal((await adjust({ change: -1000 })).json.code, "OUT_OF_STOCK");
		const cart = newCart();
		await add({ cart }, item.variant, 4);
		assert.equal((await checkout({ cart })).status, 201);
		const held = await adjust({ counted: 3 });
		assert.equal(held.status, 409);
		assert.equal(held.json.code, "STOCK_RESERVED");
		assert.equal((await get(`/${item.variant}`)).json.available, 10);
	});

	test("refuses what makes no sense", async () => {
		for (const [body, status] of [[{}, 422], [{ change: 1, counted: 2 }, 422],
			[{ change: 0 }, 422], [{ change: 1, location: "nowhere" }, 422],
			[{ change: 1, reason: "" }, 422], [{ change: 1.5 }, 422],
			[{ change: 1, variant_id: randomUUID() }, 404]] as const)
			assert.equal((await adjust(body)).status, status, JSON.stringify(body));
		assert.equal((await adjust({ change: 1 }, reader)).status, 403);
		const ada = await customer();
		assert.equal((await adjust({ change: 1 }, ada)).status, 401);
	});

	test("in parallel adds up", async () => {
		const { on_hand } = await stockOf(item.variant);
		await together(20, () => raw("POST", "/api/inventory/adjustments", {
			token: clerk.token, parallel: true, body: { variant_id: item.variant,
				reason: "Many hands", change: 1 } }));
		assert.equal((await stockOf(item.variant)).on_hand, on_hand + 20);
	});

	test("that runs low alerts once until it is refilled", async () => {
		const low = await thing({ stock: 6 });
		const settings = (version: number, body: unknown) => raw("PATCH",
			`/api/inventory/${low.variant}`, { token: clerk.token, body,
				headers: { "If-Match": `"${version}"` } });
		const set = await settings(1, { low_at: 5 });
		assert.deepEqual([set.json.low_at, set.json.version,
			set.headers.get("etag")], [5, 2, '"2"']);
		assert.equal((await settings(1, { low_at: 7 })).status, 412);
		const change = (n: number) => raw("POST", "/api/inventory/adjustments", {
			token: clerk.token, body: { variant_id: low.variant, change: n,
				reason: "Sold" } });
		const open = async (wanted: boolean) => (await get(
			`/alerts?open=${wanted}&limit=100`)).json.items
			.filter((a: any) => a.sku === low.sku);
		assert.equal((await open(true)).length, 0);
		await change(-2);
		await change(-1);
		assert.equal((await open(true)).length, 1);
		assert.equal((await get(`?low=true&sku=${low.sku}`)).json.items.length, 1);
		await change(10);
		assert.equal((await open(true)).length, 0);
		assert.equal((await open(false)).length, 1);
		const cleared = await settings(2, { low_at: null });
		assert.equal(cleared.json.low_at, null, "sales are no version of it");
	});

	test("is set up once where nothing lay yet", async () => {
		const one = await thing({ stock: 1 });
		const place = `place-${randomUUID().slice(0, 8)}`;
		await raw("POST", "/api/inventory/locations", { token: clerk.token,
			body: { code: place, name: "New", position: 9 } });
		const answers = await together(4, (n) => raw("PATCH",
			`/api/inventory/${one.variant}`, { token: clerk.token,
				parallel: true, headers: { "If-Match": '"0"' },
				body: { location: place, low_at: n + 1 } }));
		assert.deepEqual(answers.map(({ status }) => status).sort(),
			[200, 412, 412, 412]);
		const kept = answers.find(({ status }) => status === 200)!.json;
		const { json } = await raw("GET", `/api/inventory/${one.variant}`,
			{ token: clerk.token });
		assert.equal(json.stock.find((s: any) => s.location === place).low_at,
			kept.low_at);
	});

	test("lies in locations", async () => {
		const code = `place-${randomUUID().slice(0, 8)}`;
		const make = (who: Person, body: Record<string, unknown>) =>
			raw("POST", "/api/inventory/locations", { token: who.token, body });
		const made = await make(clerk, { code, name: "Back room", position: 9 });
		assert.equal(made.status, 201, made.text);
		assert.equal((await make(clerk, { code, name: "Again" })).json.code,
			"LOCATION_EXISTS");
		assert.equal((await make(reader, { code: "x", name: "X" })).status, 403);
		const there = await thing({ stock: 2 });
		await raw("POST", "/api/inventory/adjustments", { token: clerk.token,
			body: { variant_id: there.variant, location: code, change: 3,
				reason: "Moved in" } });
		assert.equal((await get(`/${there.variant}`)).json.available, 5);
		const closed = await raw("PATCH",
			`/api/inventory/locations/${made.json.id}`,
			{ token: clerk.token, body: { active: false },
				headers: { "If-Match": '"1"' } });
		assert.equal(closed.json.active, false);
		assert.equal((await get(`/${there.variant}`)).json.available, 2);
		// What everyone reads says the same.
		const [page] = await sql(`select p.availability::json -> 0 ->>
			'available' as n from product_page p
			where p.variants @> array[$1::uuid]`, [there.variant]);
		assert.equal(page.n, "2");
		const { json } = await get("/locations");
		assert.ok(json.items.some((l: any) => l.code === code && !l.active));
	});
});
