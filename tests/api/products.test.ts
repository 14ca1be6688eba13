// SPDX-License-Identifier: ISC
// The catalogue's back: the staff's list, planned prices, changes of many,
// the tree, and imports that are shown before they are done.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { randomUUID } from "node:crypto";
import { customer, raw, sql, staff, type Person, type Raw } from "./harness.js";
import { add, newCart, thing, together, type Thing } from "./commerce.js";

const mark = randomUUID().slice(0, 8);
const root = `p-${mark}`;
let boss: Person, reader: Person;

const send = (method: string, path: string, body?: unknown,
	headers: Record<string, string> = {}): Promise<Raw> =>
	raw(method, path, { body, token: boss.token, headers });
const match = (version: number) => ({ "If-Match": `"${version}"` });
const euro = (amount: number) => ({ amount, currency: "EUR" });
const soon = (seconds: number) =>
	new Date(Date.now() + seconds * 1000).toISOString();

function refused(answer: Raw, status: number, code: string): void {
	assert.equal(answer.status, status, answer.text);
	assert.equal(answer.json.code, code, answer.text);
}

async function create(name: string, price: number, more: object = {}):
	Promise<any> {
	const made = await send("POST", "/api/catalog/products", { name,
		status: "active", category: root, variants: [{
			sku: `${mark}-${randomUUID().slice(0, 8)}`,
			price: euro(price) }], ...more });
	assert.equal(made.status, 201, made.text);
	return made.json;
}

before(async () => {
	boss = await staff("sales");
	reader = await staff("agent");
	const made = await send("POST", "/api/catalog/categories",
		{ name: `P ${mark}`, slug: root });
	assert.equal(made.status, 201, made.text);
});

describe("the staff's list", () => {
	const list = async (query: string): Promise<any[]> => {
		const answer = await send("GET",
			`/api/catalog/staff/products?category=${root}&${query}`);
		assert.equal(answer.status, 200, answer.text);
		return answer.json.items;
	};
	const names = async (query: string) =>
		(await list(query)).map((p) => p.name.split(" ")[0]);

	test("is filtered, sorted and paged", async () => {
		const dear = await create("Zanzibar cloves", 900, { tags: [mark] });
		await create("Attieke couscous", 300, { status: "draft",
			images: [{ url: "/i.svg" }] });
		await create("Moringa powder", 600);
		await sql("select set_stock($1, 'main', 4, 'test')",
			[dear.variants[0].id]);
		assert.deepEqual(await names("sort=name"),
			["Attieke", "Moringa", "Zanzibar"]);
		assert.deepEqual(await names("sort=price_desc"),
			["Zanzibar", "Moringa", "Attieke"]);
		assert.deepEqual(await names("status=draft"), ["Attieke"]);
		assert.deepEqual(await names("pictured=false&sort=price_asc"),
			["Moringa", "Zanzibar"]);
		assert.deepEqual(await names("stock=in"), ["Zanzibar"]);
		assert.deepEqual(await names("stock=out&sort=name"),
			["Attieke", "Moringa"]);
		assert.deepEqual(await names("price_min=500&price_max=700"),
			["Moringa"]);
		assert.deepEqual(await names(`tag=${mark}`), ["Zanzibar"]);
		assert.deepEqual(await names("stock=low"), []);
		await raw("PATCH", `/api/inventory/${dear.variants[0].id}`,
			{ token: boss.token, headers: { "If-Match": '"1"' },
				body: { low_at: 5 } });
		assert.deepEqual(await names("stock=low"), ["Zanzibar"]);
		for (const sort of ["newest", "updated", "name", "price_asc",
			"price_desc", "stock"]) {
			const whole = (await list(`sort=${sort}`)).map((p) => p.id);
			const seen: string[] = [];
			let next = "";
			do {
				const page = await send("GET", "/api/catalog/staff/products" +
					`?category=${root}&sort=${sort}&limit=1${next}`);
				assert.equal(page.status, 200, page.text);
				seen.push(...page.json.items.map((p: any) => p.id));
				next = page.json.next ? `&cursor=${page.json.next}` : "";
			} while (next && seen.length < 10);
			assert.deepEqual(seen, whole, sort);
		}
	});

	test("finds what is misspelt, and SKUs by a part", async () => {
		assert.deepEqual(await names("q=moringo%20powdr"), ["Moringa"]);
		assert.deepEqual(await names("q=attiéké"), ["Attieke"]);
		const [one] = await list("q=zanz");
		assert.deepEqual(await names(`q=${one.skus[0].slice(-6)}`),
			["Zanzibar"]);
		assert.deepEqual(await names("q=100%25"), []);
	});

	test("is the staff's, and takes its own cursors", async () => {
		const page = await send("GET", "/api/catalog/staff/products?limit=1");
		refused(await send("GET", "/api/catalog/staff/products?sort=name" +
			`&cursor=${page.json.next}`), 422, "CURSOR_WRONG");
		refused(await send("GET", "/api/catalog/staff/products?brand=none"),
			422, "INVALID");
		const ada = await customer();
		assert.equal((await raw("GET", "/api/catalog/staff/products",
			{ token: ada.token })).status, 401);
	});
});

describe("planned prices", () => {
	let item: Thing;
	const path = (of = item) =>
		`/api/catalog/products/${of.product}/variants/${of.variant}/prices`;
	const plan = (body: object, who = boss, of = item) =>
		raw("POST", path(of), { token: who.token, body });
	const shown = async (of = item) =>
		(await raw("GET", `/api/catalog/products/${of.product}`)).json;
	before(async () => { item = await thing({ price: 1000 }); });

	test("hold at once, everywhere, and end", async () => {
		// It has cost 700 a while ago, and 1000 since.
		await sql(`insert into price_history (variant_id, at, cause, own, cost,
			currency) values ($1, now() - interval '20 days', 'changed', 700,
			700, 'EUR'), ($1, now() - interval '60 days', 'changed', 500, 500,
			'EUR')`, [item.variant]);
		const made = await plan({ price: euro(800), ends_at: soon(3600) });
		assert.equal(made.status, 201, made.text);
		assert.equal(made.json.state, "running");
		const page = await shown();
		assert.deepEqual(page.price, euro(800));
		assert.deepEqual(page.compare_at, euro(1000));
		// 500 held until 20 days ago, so within the 30.
		assert.deepEqual(page.variants[0].lowest_30_days, euro(500));
		const [listed] = (await raw("GET",
			`/api/search?q=${item.sku}`)).json.items;
		assert.deepEqual(listed.price, euro(800));
		const cart = await add({ cart: newCart() }, item.variant);
		assert.equal(cart.json.quote.lines[0].unit_price.amount, 800, cart.text);
		const done = await raw("DELETE", `${path()}/${made.json.id}`,
			{ token: boss.token, headers: match(1) });
		assert.equal(done.status, 204, done.text);
		assert.deepEqual((await shown()).price, euro(1000));
		assert.equal((await shown()).compare_at, null);
		refused(await raw("DELETE", `${path()}/${made.json.id}`,
			{ token: boss.token, headers: match(2) }), 409, "PRICE_OVER");
		const { json } = await send("GET", path());
		assert.deepEqual(json.items.slice(0, 2).map((h: any) =>
			[h.cause, h.cost_was.amount, h.cost.amount, h.by.id]),
			[["ended", 800, 1000, boss.id], ["planned", 1000, 800, boss.id]]);
	});

	test("begin and end without anyone's write", async () => {
		const other = await thing({ price: 1000 });
		const made = await plan({ price: euro(600), starts_at: soon(3600),
			ends_at: soon(7200) }, boss, other);
		assert.equal(made.json.state, "planned");
		assert.deepEqual((await shown(other)).price, euro(1000));
		// An hour goes by.
		await sql(`update variant_price set starts_at = now() - interval
			'1 second', begun = false where id = $1`, [made.json.id]);
		const quoted = await add({ cart: newCart() }, other.variant);
		assert.equal(quoted.json.quote.lines[0].unit_price.amount, 600);
		await sql("select prices_step()");
		assert.deepEqual((await shown(other)).price, euro(600));
		await sql(`update variant_price set starts_at = now() - interval
			'2 seconds', ends_at = now() - interval '1 second'
			where id = $1`, [made.json.id]);
		await sql("select prices_step()");
		assert.deepEqual((await shown(other)).price, euro(1000));
		const [{ n }] = await sql("select prices_step() as n");
		assert.equal(n, 0);
	});

	test("don't overlap, even two at once", async () => {
		const other = await thing({ price: 1000 });
		const made = await together(8, (n: number) => raw("POST",
			path(other), { token: boss.token, parallel: true, body: {
				price: euro(500 + n), starts_at: soon(100000 + n),
				ends_at: soon(200000) } }));
		assert.deepEqual(made.map((m: Raw) => m.status).sort(),
			[201, 409, 409, 409, 409, 409, 409, 409]);
		refused(made.find((m: Raw) => m.status === 409)!, 409,
			"PRICE_OVERLAPS");
		const next = await plan({ price: euro(1), starts_at: soon(300000) },
			boss, other);
		assert.equal(next.status, 201, next.text);
	});

	test("are changed by version and refused when they make no sense",
		async () => {
			const other = await thing({ price: 1000 });
			const made = await plan({ price: euro(900), starts_at: soon(50000),
				ends_at: soon(60000) }, boss, other);
			const at = `${path(other)}/${made.json.id}`;
			const change = (body: object, version: number) =>
				send("PATCH", at, body, match(version));
			const later = await change({ ends_at: null, note: "Late" }, 1);
			assert.equal(later.status, 200, later.text);
			assert.equal(later.json.ends_at, null);
			refused(await change({ note: "x" }, 1), 412, "CHANGED_MEANWHILE");
			refused(await change({ ends_at: soon(-5) }, 2), 422, "INVALID");
			refused(await plan({ price: euro(5), ends_at: soon(-1) }), 422,
				"INVALID");
			refused(await plan({ price: { amount: 5, currency: "USD" } }),
				422, "CURRENCY_WRONG");
			refused(await plan({ price: euro(5) }, reader), 403, "FORBIDDEN");
			refused(await send("POST", `/api/catalog/products/${randomUUID()
			}/variants/${other.variant}/prices`, { price: euro(5) }), 404,
			"NOT_FOUND");
			const gone = await raw("DELETE", at, { token: boss.token,
				headers: match(2) });
			assert.equal(gone.status, 204);
		});
});

describe("changes of many", () => {
	const bulk = (products: string[], change: object, more: object = {},
		who = boss) => raw("POST", "/api/catalog/bulk",
		{ token: who.token, body: { products, change, ...more } });
	const view = async (id: string) =>
		(await send("GET", `/api/catalog/staff/products/${id}`)).json;

	test("are shown, done just so, and taken back", async () => {
		const a = await create("Bulk a", 1000);
		const b = await create("Bulk b", 250, { tags: ["old"] });
		const change = { status: "draft", tags_add: ["new"],
			tags_remove: ["old"],
			price: { percent: "10", rounding: "ninety_nine" } };
		const shown = await bulk([a.id, b.id], change, { dry_run: true });
		assert.equal(shown.status, 200, shown.text);
		assert.equal(shown.json.changed, 2);
		assert.equal(shown.json.id, null);
		assert.equal((await view(a.id)).version, 1);
		const done = await bulk([a.id, b.id], change,
			{ digest: shown.json.digest });
		assert.equal(done.status, 200, done.text);
		assert.deepEqual(done.json.items, shown.json.items);
		const now = await view(b.id);
		assert.equal(now.status, "draft");
		assert.deepEqual(now.tags, ["new"]);
		assert.deepEqual(now.variants[0].price, euro(299));
		assert.deepEqual((await view(a.id)).variants[0].price, euro(1099));
		// A colleague goes on meanwhile; that stays.
		await send("PATCH", `/api/catalog/products/${a.id}`,
			{ status: "archived" }, match(2));
		const undone = await send("POST",
			`/api/catalog/bulk/${done.json.id}/undo`);
		assert.equal(undone.status, 200, undone.text);
		assert.equal(undone.json.changed, 2);
		assert.deepEqual(undone.json.kept.map((k: any) => [k.product_id,
			k.changes.map((c: any) => c.field)]), [[a.id, ["status"]]]);
		assert.equal((await view(a.id)).status, "archived");
		assert.deepEqual((await view(a.id)).variants[0].price, euro(1000));
		assert.equal((await view(b.id)).status, "active");
		assert.deepEqual((await view(b.id)).tags, ["old"]);
		refused(await send("POST", `/api/catalog/bulk/${done.json.id}/undo`),
			409, "UNDONE_ALREADY");
		const { json } = await send("GET", "/api/catalog/bulk?limit=1");
		assert.equal(json.items[0].undone_by.id, boss.id);
	});

	test("are one or none", async () => {
		const a = await create("Bulk c", 1000);
		const preview = await bulk([a.id], { price: { amount: euro(-100) } },
			{ dry_run: true });
		await send("PATCH", `/api/catalog/products/${a.id}/variants/${
			a.variants[0].id}`, { price: euro(900) }, match(1));
		refused(await bulk([a.id], { price: { amount: euro(-100) } },
			{ digest: preview.json.digest }), 409, "PREVIEW_CHANGED");
		refused(await bulk([a.id, randomUUID()], { status: "draft" }), 422,
			"INVALID");
		refused(await bulk([a.id], {}), 422, "INVALID");
		refused(await bulk([a.id], { category: "no-such" }), 422, "INVALID");
		refused(await bulk([a.id], { price: { percent: "1",
			amount: euro(1) } }), 422, "INVALID");
		refused(await bulk([], { status: "draft" }), 422, "INVALID");
		refused(await bulk([a.id], { status: "draft" }, {}, reader), 403,
			"FORBIDDEN");
		assert.equal((await view(a.id)).status, "active");
		const deep = await bulk([a.id], { price: { amount: euro(-5000) } });
		assert.equal(deep.status, 422, deep.text);
		assert.deepEqual((await view(a.id)).variants[0].price, euro(900));
	});
});

describe("the tree", () => {
	test("is put in order, and never in a circle", async () => {
		const make = async (name: string) => (await send("POST",
			"/api/catalog/categories", { name, parent: root })).json;
		const [x, y, z] = [await make("X"), await make("Y"), await make("Z")];
		const move = (one: any, body: object) => send("POST",
			`/api/catalog/categories/${one.slug}/move`, body,
			match(one.version));
		const order = async () => (await raw("GET",
			`/api/catalog/categories/${root}`)).json.children
			.map((c: any) => c.name);
		const moved = await move(z, { parent: root, before: x.slug });
		assert.equal(moved.status, 200, moved.text);
		assert.deepEqual(await order(), ["Z", "X", "Y"]);
		const last = await move(x, { parent: root, before: null });
		assert.deepEqual(await order(), ["Z", "Y", "X"]);
		assert.equal((await move(y, { parent: z.slug })).status, 200);
		assert.deepEqual(await order(), ["Z", "X"]);
		refused(await move(moved.json, { parent: y.slug }), 422,
			"CATEGORY_CIRCLE");
		refused(await move(last.json, { parent: root, before: y.slug }),
			422, "INVALID");
		refused(await move(x, { parent: null }), 412, "CHANGED_MEANWHILE");
		refused(await raw("POST", `/api/catalog/categories/${x.slug}/move`,
			{ token: reader.token, body: {}, headers: match(3) }), 403,
		"FORBIDDEN");
	});
});

describe("an import", () => {
	const columns = "sku,product,name,description,category,brand," +
		"option_name,option_value,price,currency,tax_class,weight_grams," +
		"stock,tags,images,attributes,status";
	const take = (lines: string[], query: string) => raw("POST",
		`/api/catalog/import?${query}`, { token: boss.token, type: "text/csv",
			body: [columns, ...lines].join("\n") + "\n" });
	const line = (n: number, price: string, name = "Shown") =>
		`${mark}-i${n},i-${mark}-${n},${name},,,,,,${price},,,,3,,,,`;

	test("is shown first and then done just so", async () => {
		const first = await take([line(1, "1"), line(2, "2")], "dry_run=true");
		assert.equal(first.status, 200, first.text);
		assert.equal(first.json.preview.created_lines, 2);
		assert.equal((await sql("select from product where slug = $1",
			[`i-${mark}-1`])).length, 0);
		assert.equal((await take([line(1, "1"), line(2, "2")],
			`digest=${first.json.preview.digest}`)).status, 200);
		const lines = [line(1, "1"), line(2, "2.50"), line(3, "x")];
		const shown = await take(lines, "dry_run=true");
		const { preview } = shown.json;
		assert.deepEqual([preview.created_lines, preview.changed_lines,
			preview.unchanged_lines, shown.json.fault_count], [0, 1, 1, 1]);
		assert.deepEqual(preview.items, [{ line: 3, sku: `${mark}-i2`,
			product: `i-${mark}-2`, name: "Shown", state: "changed", changes:
			[{ field: "price", before: "2.00", after: "2.50" }] }]);
		assert.deepEqual(shown.json.faults, [{ line: 4, field: "price",
			message: "is not a price like 12.50" }]);
		await sql("update variant set price_amount = 199 where sku = $1",
			[`${mark}-i2`]);
		refused(await take(lines, `mode=rows&digest=${preview.digest}`), 409,
			"PREVIEW_CHANGED");
		const again = await take(lines, "mode=rows&dry_run=true");
		const done = await take(lines,
			`mode=rows&digest=${again.json.preview.digest}`);
		assert.equal(done.status, 200, done.text);
		assert.deepEqual([done.json.taken, done.json.changed], [2, 1]);
		const [row] = await sql(`select h.cause, h.cost::int from
			price_history h join variant v on v.id = h.variant_id
			where v.sku = $1 order by h.id desc limit 1`, [`${mark}-i2`]);
		assert.deepEqual([row.cause, row.cost], ["import", 250]);
	});

	test("takes back what the export guards", async () => {
		const evil = ["=1+1", "+1", "-1", "@a", "＝1", "＋1", "－1", "＠a",
			"'=1", "'tis", "\"quoted\", and\nsplit"];
		const ids: string[] = [];
		for (const name of evil)
			ids.push((await create("Evil", 100, { description: name })).id);
		const out = await raw("GET", "/api/catalog/export",
			{ token: boss.token });
		for (const name of evil.slice(0, 9))
			assert.ok(out.text.includes(`'${name}`), name);
		for (const cell of out.text.split(/[,\n]/))
			assert.doesNotMatch(cell, /^"?[=+@\t＝＋－＠]/);
		const back = await raw("POST", "/api/catalog/import?dry_run=true",
			{ token: boss.token, type: "text/csv", body: out.text });
		assert.equal(back.status, 200, back.text.slice(0, 500));
		assert.deepEqual([back.json.preview.created_lines,
			back.json.preview.changed_lines, back.json.fault_count],
		[0, 0, 0], JSON.stringify(back.json.preview.items.slice(0, 3)));
		assert.equal((await send("GET",
			`/api/catalog/staff/products/${ids[8]}`)).json.description, "'=1");
	});
});
