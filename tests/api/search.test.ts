// SPDX-License-Identifier: ISC
// Searching, and the whole of it on 20,790 real products: imported, listed,
// searched, timed; they go again at the end.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync, mkdtempSync, rmSync }
	from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { base, customer, program, raw, sql, staff, type Person, type Raw }
	from "./harness.js";

const shared = process.env.DUKA_TEST_SHARED ?? "../shared";
const groceries = join(shared, "data/grocery-products.csv");
const demo = join(shared, "data/demo-shop/products.json");
const converter = join(process.env.DUKA_TEST_TOP ?? ".",
	"tests/to-import.mjs");
const missing = existsSync(groceries) ? false :
	"the real data is not beside the project";

const get = (path: string): Promise<Raw> => raw("GET", path);
const find = (q: string, more = ""): Promise<Raw> =>
	get(`/api/search?q=${encodeURIComponent(q)}${more}`);

function refused(answer: Raw, status: number, code: string): void {
	assert.equal(answer.status, status, answer.text);
	assert.equal(answer.json.code, code, answer.text);
}

/** Milliseconds of `times` plain requests, one after the other. */
async function timed(paths: string[], times: number):
	Promise<{ p50: number; p99: number }> {
	const took: number[] = [];
	for (let n = 0; n < times; n++) {
		const from = performance.now();
		const answer = await fetch(base + paths[n % paths.length]);
		await answer.arrayBuffer();
		assert.equal(answer.status, 200);
		took.push(performance.now() - from);
	}
	took.sort((a, b) => a - b);
	return { p50: took[Math.floor(took.length * 0.5)],
		p99: took[Math.floor(took.length * 0.99)] };
}

const figures = (t: { p50: number; p99: number }) =>
	`p50 ${t.p50.toFixed(1)} ms, p99 ${t.p99.toFixed(1)} ms`;

describe("20,790 real products", { skip: missing }, () => {
	let folder: string, boss: Person, last: number, logged: number;
	before(async () => {
		folder = mkdtempSync(join(tmpdir(), "duka-search-"));
		boss = await staff("sales");
		[{ last }] = await sql("select coalesce(max(number), 0)::int as last from product");
		[{ logged }] = await sql("select coalesce(max(id), 0)::int as logged from audit_log");
	});
	// What so many rows would cost the tests that follow.
	after(async () => {
		const made = `(select id from product where number > ${last})`;
		await sql(`begin;
			set local session_replication_role = replica;
			delete from low_stock_event where variant_id in
				(select id from variant where product_id in ${made});
			delete from stock_movement where variant_id in
				(select id from variant where product_id in ${made});
			delete from stock where variant_id in
				(select id from variant where product_id in ${made});
			delete from product_page where product_id in ${made};
			delete from product_index where product_id in ${made};
			delete from product_image where product_id in ${made};
			delete from variant where product_id in ${made};
			delete from product where number > ${last};
			delete from audit_log where id > ${logged};
			delete from category_facets;
			select refresh_facets(
				array(select id from category) || whole_shop());
			commit`);
		await sql("vacuum analyze");
		rmSync(folder, { recursive: true });
	});

	const converted = (kind: string, file: string): string => {
		const text = execFileSync(process.execPath, [converter, kind, file],
			{ encoding: "utf8", maxBuffer: 1 << 26 });
		writeFileSync(join(folder, `${kind}.csv`), text);
		return text;
	};

	test("come in by one request", async (t) => {
		const body = converted("grocery", groceries);
		const from = performance.now();
		const answer = await raw("POST", "/api/catalog/import", {
			token: boss.token, type: "text/csv", body, parallel: true });
		const seconds = (performance.now() - from) / 1000;
		assert.equal(answer.status, 200, answer.text.slice(0, 2000));
		assert.deepEqual([answer.json.lines, answer.json.created,
			answer.json.fault_count], [20790, 20790, 0]);
		t.diagnostic(`20,790 products imported in ${seconds.toFixed(1)} s`);
	});

	test("and by the command, without a change", async (t) => {
		const from = performance.now();
		const words = program("catalog",
			["import", join(folder, "grocery.csv")]);
		const seconds = (performance.now() - from) / 1000;
		assert.match(words, /20790 taken: 0 products created, 0 changed/);
		t.diagnostic(`the same again by command in ${seconds.toFixed(1)} s`);
	});

	test("with the demo shop's beside them", async () => {
		converted("demo", demo);
		const words = program("catalog", ["import", join(folder, "demo.csv")]);
		assert.match(words, /194 products created/);
		await sql("vacuum analyze");
	});

	test("by the command tell their faults", () => {
		const file = join(folder, "bad.csv");
		const [head, ...lines] = readFileSync(join(folder, "demo.csv"),
			"utf8").split("\n");
		writeFileSync(file, [head, lines[0].replace(/^[^,]+/, "a b")]
			.join("\n"));
		assert.throws(() => program("catalog", ["import", file]),
			(fault: any) => fault.status === 1 &&
			/line 2: sku /.test(String(fault.stderr)));
	});

	test("are listed with true totals and facets", async (t) => {
		const { json } = await get("/api/catalog/products?category=grocery");
		const [{ total }] = await sql(`select count(*)::int as total
			from product p join category c on c.id = p.category_id
			join category g on g.id = any (c.path)
			where g.slug = 'grocery' and p.status = 'active'`);
		assert.equal(json.total, total);
		const brands = await sql(`select b.slug, count(*)::int
			from product p join category c on c.id = p.category_id
			join category g on g.id = any (c.path)
			join brand b on b.id = p.brand_id
			where g.slug = 'grocery' and p.status = 'active'
			group by b.slug order by 2 desc`);
		assert.deepEqual(json.facets.brands.map((b: any) =>
			({ slug: b.slug, count: b.count })), brands);
		const [{ below }] = await sql(`select count(distinct c.path[2])::int
			as below from product p join category c on c.id = p.category_id
			join category g on g.id = c.path[1] where g.slug = 'grocery'`);
		assert.equal(json.facets.categories.length, below);
		const slugs = json.facets.categories.slice(0, 20)
			.map((c: any) => `/api/catalog/products?category=${c.slug}`);
		t.diagnostic(`a category with facets: ${figures(
			await timed(slugs, 200))}`);
		t.diagnostic(`the largest category: ${figures(await timed(
			["/api/catalog/products?category=grocery"], 100))}`);
		t.diagnostic(`with brand and stock chosen: ${figures(await timed(
			["/api/catalog/products?category=soup&brand=private&in_stock=true"],
			100))}`);
	});

	test("are detailed", async (t) => {
		const { json } = await get("/api/catalog/products?category=soup&limit=50");
		t.diagnostic(`a product's page: ${figures(await timed(json.items
			.map((i: any) => `/api/catalog/products/${i.id}`), 300))}`);
	});

	// What is asked, and what at least the first of the found must say.
	const typical: [string, RegExp][] = [
		["tomatoes", /TOMATO/i], ["potato chips", /POTATO CHIPS/],
		["yogurt", /YOGURT/], ["shampoo", /SHAMPOO/],
		["dog food", /DOG FOOD/], ["ice cream", /ICE CREAM/],
		["bananas", /BANANA/], ["cheese crackers", /CHEESE CRACKERS/],
		["tomato sauce", /TOMATO SAUCE/], ["choice beef", /BEEF/],
		["chicken wings", /WINGS/], ["baby powder", /BABY POWDER/],
		["eggs large", /EGGS.*LARGE/], ["orange juice", /ORANGE|JUICE/],
		["candles", /CANDLE/], ["frozen pizza", /PIZZA/],
		["toothbrush", /TOOTHBRUSH/], ["cat litter", /LITTER/],
		["mascara", /MASCARA/i], ["perfumes", /./],
	];
	const misspelt: [string, RegExp][] = [
		["tomatoe sause", /TOMATO/i], ["shampooo", /SHAMPOO/i],
		["choclate", /CHOCO/i], ["bannanas", /BANANA/i],
		["mascra", /MASCARA|MAS/i],
	];

	test("are found as people ask", async (t) => {
		for (const [q, wanted] of typical) {
			const { json } = await find(q);
			assert.ok(json.total > 0, q);
			assert.match(json.items[0].name, wanted, q);
		}
		t.diagnostic(`20 typical searches: ${figures(await timed(typical.map(
			([q]) => `/api/search?q=${encodeURIComponent(q)}`), 200))}`);
	});

	test("and as they misspell", async (t) => {
		for (const [q, wanted] of misspelt) {
			const { json } = await find(q);
			assert.notEqual(json.mode, "fulltext", q);
			assert.match(json.items[0].name, wanted, q);
		}
		t.diagnostic(`5 misspelt searches: ${figures(await timed(misspelt.map(
			([q]) => `/api/search?q=${encodeURIComponent(q)}`), 50))}`);
	});

	test("are suggested as they type", async (t) => {
		const { json } = await get("/api/search/suggestions?q=toma");
		assert.ok(json.products.length > 0);
		for (const product of json.products)
			assert.match(product.name, /TOMA/i);
		assert.ok(json.categories.some((c: any) => /TOMATO/.test(c.name)));
		t.diagnostic(`suggestions: ${figures(await timed(["to", "tom", "toma",
			"yog", "choc", "sha"].map((q) =>
			`/api/search/suggestions?q=${q}`), 120))}`);
	});

	test("filters and counts go with a search", async () => {
		const all = await find("soup", "&limit=1");
		const some = await find("soup", "&brand=private&price_max=200&limit=1");
		const [{ total }] = await sql(`select count(*)::int as total
			from product_index i join brand b on b.id = i.brand_id
			where i.words @@ search_words('soup') and b.slug = 'private'
			and i.price <= 200`);
		assert.equal(some.json.total, total);
		assert.ok(some.json.total < all.json.total);
		const brand = some.json.facets.brands.find(
			(b: any) => b.slug === "private");
		assert.equal(brand.count, total);
		const sum = all.json.facets.categories.reduce(
			(n: number, c: any) => n + c.count, 0);
		assert.equal(sum, all.json.total);
	});

	for (const sort of ["relevance", "price_asc", "name"])
		test(`pages of a search by ${sort} miss nothing`, async () => {
			const seen = new Set<string>();
			let next: string | null = "", total = 0;
			do {
				const page: Raw = await find("tomato sauce",
					`&sort=${sort}&limit=10` +
					(next ? `&cursor=${next}` : ""));
				total = page.json.total;
				for (const item of page.json.items) {
					assert.ok(!seen.has(item.id));
					seen.add(item.id);
				}
				next = page.json.next;
			} while (next !== null);
			assert.equal(seen.size, total);
		});
});

describe("a search", () => {
	test("takes whatever is typed", async () => {
		for (const q of ["' or 1=1; --", "\\", "%", "_", "a & | ! ( :* <->",
			'"unclosed', "-", "日本語", "x".repeat(200), "😀", "${x}"]) {
			const { status, json } = await find(q);
			assert.equal(status, 200, q);
			assert.ok(Array.isArray(json.items));
		}
	});

	test("is refused when it is none", async () => {
		refused(await get("/api/search"), 422, "INVALID");
		refused(await get("/api/search?q="), 422, "INVALID");
		refused(await find("x".repeat(201)), 422, "INVALID");
		refused(await find("x", "&sort=magic"), 422, "INVALID");
		refused(await find("x", "&limit=0"), 422, "INVALID");
		refused(await find("x", "&cursor=e30"), 422, "INVALID");
		const odd = Buffer.from('["drop/relevance",1,1]')
			.toString("base64url");
		refused(await find("x", `&cursor=${odd}`), 422, "CURSOR_WRONG");
		refused(await get("/api/search/suggestions"), 422, "INVALID");
	});

	test("is kept, of nobody", async () => {
		const ada = await customer();
		const words = `kept ${ada.id.slice(0, 8)}`;
		await raw("GET", `/api/search?q=${encodeURIComponent(words)}`,
			{ token: ada.token });
		await find(words);
		const rows = await sql("select * from search_log where query = $1",
			[words]);
		assert.equal(rows.length, 2);
		assert.ok(!JSON.stringify(rows).includes(ada.id));
	});
});

describe("the bot's search", () => {
	let ada: Person;
	before(async () => { ada = await customer(); });
	const bot = (query: string, token?: string) =>
		raw("GET", `/bot/search${query}`, { token });

	test("is for who is signed in", async () => {
		refused(await bot("?q=x"), 401, "UNAUTHENTICATED");
		assert.equal((await bot("?q=x", ada.token)).status, 200);
		assert.equal((await bot("/?q=x", ada.token)).status, 200);
	});

	test("takes category, prices, keywords and flags", async () => {
		const [one] = await sql(`select p.name, i.price::int, c.slug,
			c.name as place from product_index i
			join product p on p.id = i.product_id
			join category c on c.id = p.category_id
			order by i.number limit 1`);
		const price = (one.price / 100).toFixed(2);
		const found = await bot(`?keywords=${encodeURIComponent(one.name)}` +
			`&category=${encodeURIComponent(one.place)}` +
			`&min_price=${price}&max_price=${price}`, ada.token);
		assert.equal(found.status, 200, found.text);
		assert.ok(found.json.items.some((i: any) => i.name === one.name),
			found.text);
		const list = await bot(`?category=${one.slug}`, ada.token);
		assert.equal(list.json.mode, "list");
		for (const [flags, mode] of [["partial=true", "partial"],
			["fuzzy=true", "fuzzy"], ["partial=false&fuzzy=false",
				"fulltext"]])
			assert.equal((await bot(`?q=oil&${flags}`, ada.token))
				.json.mode, mode);
		refused(await bot("?min_price=abc", ada.token), 422, "INVALID");
	});
});
