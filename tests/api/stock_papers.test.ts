// SPDX-License-Identifier: ISC
// Receipts, transfers, counts, proposals to reorder, and what moved.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, describe, test } from "node:test";
import { raw, sql, staff, type Person, type Raw } from "./harness.js";
import { add, checkout, newCart, order, stockOf, thing, together, type Thing }
	from "./commerce.js";

const mark = randomUUID().slice(0, 8);
const there = `shop-${mark}`;
let clerk: Person, reader: Person;

const match = (version: number) => ({ "If-Match": `"${version}"` });
const get = (path: string) =>
	raw("GET", `/api/inventory/${path}`, { token: reader.token });
const send = (method: string, path: string, body?: unknown,
	headers: Record<string, string> = {}, parallel = false): Promise<Raw> =>
	raw(method, `/api/inventory/${path}`, { token: clerk.token, body, headers,
		parallel });
const onHand = async (one: Thing, location: string): Promise<number> =>
	(await sql(`select coalesce(max(s.on_hand), 0)::int as n from stock s
		join location l on l.id = s.location_id
		where s.variant_id = $1 and l.code = $2`, [one.variant, location]))[0].n;

function refused(answer: Raw, status: number, code: string): void {
	assert.equal(answer.status, status, answer.text);
	assert.equal(answer.json.code, code, answer.text);
}

before(async () => {
	clerk = await staff("sales");
	reader = await staff("service");
	const made = await send("POST", "locations",
		{ code: there, name: "Second shop", position: 7 });
	assert.equal(made.status, 201, made.text);
});

describe("receipts", () => {
	test("book goods once", async () => {
		const a = await thing({ stock: 1 }), b = await thing({ stock: 0 });
		const maker = await send("POST", "suppliers",
			{ name: `Accra Foods ${mark}`, lead_days: 10 });
		assert.equal(maker.status, 201, maker.text);
		const body = { supplier_id: maker.json.id, reference: `LS-${mark}`,
			note: "Two boxes", lines: [{ sku: a.sku, quantity: 4 },
				{ variant_id: b.variant, quantity: 6 }] };
		const key = { "Idempotency-Key": randomUUID() };
		const made = await send("POST", "receipts", body, key);
		assert.equal(made.status, 201, made.text);
		assert.equal(made.json.state, "received");
		assert.equal((await send("POST", "receipts", body, key)).text,
			made.text);
		refused(await send("POST", "receipts", { ...body,
			reference: `ls-${mark}` }), 409, "RECEIPT_EXISTS");
		for (const _ of [1, 2])
			assert.equal((await send("POST", "receipts", { expected: true,
				reference: `LS-${mark}`, lines: body.lines })).status, 201,
			"without a supplier two may have one reference");
		assert.equal((await stockOf(a.variant)).on_hand, 5);
		assert.equal((await stockOf(b.variant)).on_hand, 6);
		const moved = await get(`movements?document_id=${made.json.id}`);
		assert.deepEqual(moved.json.items.map((m: any) => [m.kind, m.change,
			m.by.id]).sort(), [["receipt", 4, clerk.id],
			["receipt", 6, clerk.id]]);
		const list = await get(`receipts?supplier_id=${maker.json.id}`);
		assert.equal(list.json.items.length, 1);
		assert.equal((await get(`receipts/${made.json.id}`)).json.lines.length,
			2);
		refused(await send("POST", "suppliers",
			{ name: `accra FOODS ${mark}` }), 409, "SUPPLIER_EXISTS");
	});

	test("come from suppliers whose address may go again", async () => {
		const maker = await send("POST", "suppliers",
			{ name: `Kumasi Foods ${mark}`, email: "k@example.org" });
		assert.equal(maker.json.email, "k@example.org");
		const path = `suppliers/${maker.json.id}`;
		const now = await send("PATCH", path, { email: null }, match(1));
		assert.deepEqual([now.status, now.json.email], [200, ""], now.text);
		refused(await send("PATCH", path, { email: "k" }, match(2)), 422,
			"INVALID");
	});

	test("that are expected come in later, once", async () => {
		const a = await thing({ stock: 0 }), b = await thing({ stock: 0 });
		const made = await send("POST", "receipts", { expected: true,
			expected_on: "2099-01-01", lines: [
				{ sku: a.sku, quantity: 10 }, { sku: b.sku, quantity: 5 }] });
		assert.equal(made.json.state, "expected");
		assert.equal((await stockOf(a.variant)).on_hand, 0);
		const path = `receipts/${made.json.id}/receive`;
		const body = { lines: [{ sku: a.sku, quantity: 8 }] };
		const tries = await together(6, () =>
			send("POST", path, body, match(1), true));
		assert.deepEqual(tries.map((t) => t.status).sort(),
			[200, 412, 412, 412, 412, 412]);
		assert.equal((await stockOf(a.variant)).on_hand, 8);
		assert.equal((await stockOf(b.variant)).on_hand, 0);
		refused(await send("POST", path, {}, match(2)), 409, "ENDED_ALREADY");
		refused(await send("POST", `receipts/${made.json.id}/cancel`,
			undefined, match(2)), 409, "ENDED_ALREADY");
	});

	test("are refused whole", async () => {
		const a = await thing({ stock: 0 });
		for (const lines of [[], [{ quantity: 1 }],
			[{ sku: "no-such", quantity: 1 }], [{ sku: a.sku, quantity: 0 }],
			[{ sku: a.sku, quantity: 1 }, { variant_id: a.variant,
				quantity: 1 }], [{ sku: a.sku, quantity: 1 },
				{ variant_id: randomUUID(), quantity: 1 }]])
			refused(await send("POST", "receipts", { lines }), 422, "INVALID");
		refused(await send("POST", "receipts", { location: "nowhere",
			lines: [{ sku: a.sku, quantity: 1 }] }), 422, "INVALID");
		refused(await raw("POST", "/api/inventory/receipts", {
			token: reader.token, body: { lines: [{ sku: a.sku,
				quantity: 1 }] } }), 403, "FORBIDDEN");
		assert.equal((await stockOf(a.variant)).on_hand, 0);
	});
});

describe("transfers", () => {
	const start = async (one: Thing, quantity: number): Promise<Raw> =>
		send("POST", "transfers", { from: "main", to: there,
			lines: [{ sku: one.sku, quantity }] });

	test("lie in neither place until they arrive", async () => {
		const a = await thing({ stock: 10 });
		const made = await start(a, 6);
		assert.equal(made.status, 201, made.text);
		assert.equal(await onHand(a, "main"), 4);
		assert.equal(await onHand(a, there), 0);
		const done = await send("POST", `transfers/${made.json.id}/receive`,
			{ lines: [{ sku: a.sku, quantity: 5 }] }, match(1));
		assert.equal(done.status, 200, done.text);
		assert.equal(done.json.lines[0].difference, -1);
		assert.equal(await onHand(a, there), 5);
		assert.equal(await onHand(a, "main"), 4);
		const list = await get(`transfers?location=${there}&state=received`);
		assert.equal(list.json.items[0].id, made.json.id);
	});

	test("are received once, by two as well", async () => {
		const a = await thing({ stock: 10 });
		const made = await start(a, 3);
		const tries = await together(8, (n) => send("POST",
			`transfers/${made.json.id}/${n % 2 ? "receive" : "cancel"}`,
			n % 2 ? {} : undefined, match(1), true));
		assert.equal(tries.filter((t) => t.status === 200).length, 1);
		assert.equal(await onHand(a, "main") + await onHand(a, there), 10);
		refused(await send("POST", `transfers/${made.json.id}/receive`, {},
			match(2)), 409, "ENDED_ALREADY");
	});

	test("leave what orders hold", async () => {
		const a = await thing({ stock: 5 });
		const cart = newCart();
		await add({ cart }, a.variant, 3);
		assert.equal((await checkout({ cart })).status, 201);
		const refusal = await start(a, 3);
		refused(refusal, 409, "OUT_OF_STOCK");
		assert.deepEqual([refusal.json.data.lines[0].wanted,
			refusal.json.data.lines[0].available], [3, 2]);
		assert.equal((await start(a, 2)).status, 201);
		refused(await send("POST", "transfers", { from: "main", to: "main",
			lines: [{ sku: a.sku, quantity: 1 }] }), 422, "INVALID");
		const back = await start(await thing({ stock: 2 }), 2);
		refused(await send("POST", `transfers/${back.json.id}/receive`,
			{ lines: [{ sku: a.sku, quantity: 1 }] }, match(1)), 422,
		"INVALID");
	});
});

describe("counts", () => {
	const open = async (one: Thing): Promise<any> => {
		// A category of its own, so that a sheet has a line.
		const slug = `c-${randomUUID().slice(0, 8)}`;
		await sql(`with c as (insert into category (slug, name) values ($1, $1)
			returning id) update product set category_id = c.id from c
			where product.id = $2`, [slug, one.product]);
		const made = await send("POST", "counts", { category: slug });
		assert.equal(made.status, 201, made.text);
		assert.equal(made.json.line_count, 1);
		return made.json;
	};
	const enter = (sheet: any, one: Thing, counted: number | null,
		was: number | null = null) =>
		send("PUT", `counts/${sheet.id}/lines`,
			{ lines: [{ sku: one.sku, counted, was }] });

	test("by two keep the first's, unless the other saw it", async () => {
		const a = await thing({ stock: 20 });
		const sheet = await open(a);
		assert.equal((await enter(sheet, a, 18)).status, 200);
		assert.equal((await enter(sheet, a, 18)).status, 200, "sent twice");
		for (const was of [null, 20])
			refused(await enter(sheet, a, 19, was), 412, "CHANGED_MEANWHILE");
		refused(await enter(sheet, a, null), 412, "CHANGED_MEANWHILE");
		assert.equal((await enter(sheet, a, 19, 18)).json.lines[0].counted,
			19);
		const both = await together(4, (n) => raw("PUT",
			`/api/inventory/counts/${sheet.id}/lines`, {
				token: clerk.token, parallel: true, body: { lines: [
					{ sku: a.sku, counted: 30 + n, was: 19 }] } }));
		assert.deepEqual(both.map(({ status }) => status).sort(),
			[200, 412, 412, 412]);
	});

	test("correct what differed, whatever was sold meanwhile", async () => {
		const a = await thing({ stock: 20 });
		const sheet = await open(a);
		const counted = await enter(sheet, a, 18);
		assert.equal(counted.status, 200, counted.text);
		assert.equal(counted.json.lines[0].difference, -2);
		// Three are broken while the sheet is open.
		await send("POST", "adjustments", { variant_id: a.variant, change: -3,
			cause: "damaged" });
		const [line] = (await get(`counts/${sheet.id}/lines?show=different`))
			.json.items;
		assert.deepEqual([line.on_hand_then, line.on_hand, line.moved_since,
			line.becomes], [20, 17, -3, 15]);
		refused(await send("POST", `counts/${sheet.id}/close`, undefined,
			match(1)), 412, "CHANGED_MEANWHILE");
		const closed = await send("POST", `counts/${sheet.id}/close`,
			undefined, match(2));
		assert.equal(closed.status, 200, closed.text);
		assert.equal((await stockOf(a.variant)).on_hand, 15);
		refused(await enter(sheet, a, 1), 409, "ENDED_ALREADY");
		const moved = await get(`movements?document_id=${sheet.id}`);
		assert.deepEqual(moved.json.items.map((m: any) => [m.kind, m.change]),
			[["count", -2]]);
		const broken = await get(`movements?sku=${a.sku}&cause=damaged`);
		assert.equal(broken.json.items.length, 1);
	});

	test("go on while goods are sold", async () => {
		const a = await thing({ stock: 100 });
		const sheet = await open(a);
		await Promise.all([
			together(10, () => send("POST", "adjustments",
				{ variant_id: a.variant, change: -1, cause: "sample" }, {},
				true)),
			together(5, () => raw("PUT",
				`/api/inventory/counts/${sheet.id}/lines`, {
					token: clerk.token, parallel: true,
					body: { lines: [{ sku: a.sku, counted: 95 }] } })),
		]);
		const [line] = (await get(`counts/${sheet.id}/lines`)).json.items;
		const now = (await get(`counts/${sheet.id}`)).json;
		await send("POST", `counts/${sheet.id}/close`, undefined,
			match(now.version));
		assert.equal((await stockOf(a.variant)).on_hand,
			90 + 95 - line.on_hand_then);
	});

	test("don't take what orders hold, and stand on one sheet", async () => {
		const a = await thing({ stock: 5 });
		const sheet = await open(a);
		const cart = newCart();
		await add({ cart }, a.variant, 4);
		assert.equal((await checkout({ cart })).status, 201);
		await enter(sheet, a, 2);
		refused(await send("POST", `counts/${sheet.id}/close`, undefined,
			match(2)), 409, "OUT_OF_STOCK");
		refused(await send("POST", "counts", { category: sheet.category }),
			409, "COUNT_OPEN");
		assert.equal((await enter(sheet, a, null, 2)).json.count.counted,
			0);
		const gone = await send("POST", `counts/${sheet.id}/cancel`,
			undefined, match(3));
		assert.equal(gone.json.state, "cancelled");
		assert.equal((await stockOf(a.variant)).on_hand, 5);
		assert.equal((await send("POST", "counts",
			{ category: sheet.category })).status, 201);
		refused(await raw("POST", "/api/inventory/counts",
			{ token: reader.token, body: {} }), 403, "FORBIDDEN");
		assert.equal((await get(`counts/${randomUUID()}/lines`)).status, 404);
	});
});

describe("proposals", () => {
	test("say what to order by what sells, and why", async () => {
		const a = await thing({ stock: 30 });
		await sql(`update variant set created_at = now() - interval '90 days'
			where id = $1`, [a.variant]);
		for (let n = 0; n < 2; n++)
			await order({ cart: newCart() }, a.variant, 7);
		const maker = await send("POST", "suppliers",
			{ name: `Lagos ${mark}`, lead_days: 4 });
		const path = `restock/${a.product}`;
		const was = await get(path);
		assert.deepEqual([was.json.version, was.json.pack], [0, 1]);
		const put = await send("PUT", path, { supplier_id: maker.json.id,
			cover_days: 60, pack: 12 }, match(0));
		assert.equal(put.status, 200, put.text);
		refused(await send("PUT", path, {}, match(0)), 412,
			"CHANGED_MEANWHILE");
		refused(await send("PUT", path, { supplier_id: randomUUID() },
			match(1)), 422, "INVALID");
		await send("POST", "receipts", { expected: true,
			lines: [{ sku: a.sku, quantity: 3 }] });
		const answer = await get(`reorder?supplier_id=${maker.json.id}&days=28`);
		assert.equal(answer.status, 200, answer.text);
		const [p] = answer.json.items;
		// 14 in 28 days are 0.5 a day; over 4 + 60 days that is 32.
		assert.deepEqual([p.sold, p.days, p.per_day, p.needed], [14, 28, 0.5,
			32]);
		assert.deepEqual([p.lead_days, p.lead_from, p.cover_days,
			p.cover_from], [4, "supplier", 60, "product"]);
		// 30 - 14 + 3 are there: 13 are missing, so two packs.
		assert.deepEqual([p.on_hand, p.reserved, p.incoming, p.proposed],
			[30, 14, 3, 24]);
		assert.equal(p.lasts_days, 38);
	});

	test("are paged, all too", async () => {
		const seen: string[] = [];
		let cursor = "";
		do {
			const page = await get(`reorder?all=true&limit=50${cursor}`);
			assert.equal(page.status, 200, page.text);
			seen.push(...page.json.items.map((p: any) => p.variant.sku));
			cursor = page.json.next ? `&cursor=${page.json.next}` : "";
		} while (cursor && seen.length < 5000);
		assert.equal(new Set(seen).size, seen.length);
	});
});

describe("adjustments", () => {
	test("say why", async () => {
		const a = await thing({ stock: 5 });
		const adjust = (body: object) => send("POST", "adjustments",
			{ variant_id: a.variant, change: 1, ...body });
		refused(await adjust({}), 422, "INVALID");
		refused(await adjust({ cause: "other" }), 422, "INVALID");
		refused(await adjust({ cause: "whim", reason: "x" }), 422, "INVALID");
		assert.equal((await adjust({ cause: "found" })).status, 201);
		const { json } = await get(`movements?kind=adjustment&sku=${a.sku}`);
		assert.deepEqual([json.items[0].cause, json.items[0].name,
			json.items[0].by.id], ["found", `Thing ${a.sku}`, clerk.id]);
		assert.equal((await get(`movements?sku=${a.sku}&from=2099-01-01T00:00:00Z`
		)).json.items.length, 0);
		const [{ n }] = await sql(`select count(*)::int as n from audit_log
			where table_name = 'supplier' and staff_id = $1`, [clerk.id]);
		assert.ok(n >= 1);
	});
});
