// SPDX-License-Identifier: ISC
// The catalogue: what everyone sees, what staff change, CSV in and out.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { randomUUID } from "node:crypto";
import { customer, raw, sql, staff, type Person, type Raw } from "./harness.js";

const mark = randomUUID().slice(0, 8);
const root = `k-${mark}`;
let boss: Person, reader: Person, buyer: Person;

const send = (method: string, path: string, body?: unknown,
	headers: Record<string, string> = {}): Promise<Raw> =>
	raw(method, path, { body, token: boss.token, headers });
const get = (path: string): Promise<Raw> => raw("GET", path);
const match = (version: number) => ({ "If-Match": `"${version}"` });

const euro = (amount: number) => ({ amount, currency: "EUR" });
const thing = (name: string, more: object = {}) => ({
	name, status: "active", category: root,
	variants: [{ sku: `${mark}-${randomUUID().slice(0, 8)}`,
		price: euro(1250) }], ...more,
});

async function create(name: string, more: object = {}): Promise<any> {
	const made = await send("POST", "/api/catalog/products",
		thing(name, more));
	assert.equal(made.status, 201, made.text);
	return made.json;
}

function refused(answer: Raw, status: number, code: string): void {
	assert.equal(answer.status, status, answer.text);
	assert.equal(answer.json.code, code, answer.text);
}

before(async () => {
	boss = await staff("sales");
	reader = await staff("agent");
	buyer = await customer();
	const made = await send("POST", "/api/catalog/categories",
		{ name: `K ${mark}`, slug: root });
	assert.equal(made.status, 201, made.text);
});

describe("categories", () => {
	test("are created, moved, counted and removed", async () => {
		const made = await send("POST", "/api/catalog/categories",
			{ name: "Palm Öils", parent: root });
		assert.equal(made.status, 201);
		const { slug } = made.json;
		assert.match(slug, /^palm-oils/);
		assert.equal(made.headers.get("location"),
			`/api/catalog/categories/${slug}`);
		await create("In palm oils", { category: slug });
		const above = await get(`/api/catalog/categories/${root}`);
		assert.deepEqual(above.json.children,
			[{ slug, name: "Palm Öils", count: 1 }]);
		const moved = await send("PATCH",
			`/api/catalog/categories/${slug}`,
			{ parent: null, position: 3 }, match(made.json.version));
		assert.equal(moved.status, 200, moved.text);
		assert.equal(moved.json.parent, null);
		assert.equal(moved.json.count, 1);
		const left = await get(`/api/catalog/categories/${root}`);
		assert.deepEqual(left.json.children, []);
		assert.equal(left.json.count, 0);
		const path = `/api/catalog/categories/${slug}`;
		refused(await send("DELETE", path), 428, "PRECONDITION_REQUIRED");
		refused(await send("DELETE", path, undefined, match(1)), 412,
			"CHANGED_MEANWHILE");
		refused(await send("DELETE", path, undefined, match(2)), 409,
			"IN_USE");
		const empty = await send("POST", "/api/catalog/categories",
			{ name: "Empty", parent: slug });
		assert.equal((await send("DELETE",
			`/api/catalog/categories/${empty.json.slug}`, undefined,
			match(1))).status, 204);
		refused(await send("DELETE",
			`/api/catalog/categories/${empty.json.slug}`, undefined,
			match(1)), 404, "NOT_FOUND");
	});

	test("stand in a tree whose counts add up", async () => {
		const { json } = await get("/api/catalog/categories");
		const [{ count }] = await sql(
			"select count(*)::int from product_index where category_path <> '{}'");
		const sum = json.items.reduce(
			(all: number, each: any) => all + each.count, 0);
		assert.equal(sum, count);
	});

	test("refuse circles, doubles and old versions", async () => {
		const low = await send("POST", "/api/catalog/categories",
			{ name: "Low", parent: root });
		const above = await get(`/api/catalog/categories/${root}`);
		refused(await send("PATCH", `/api/catalog/categories/${root}`,
			{ parent: low.json.slug }, match(above.json.version)),
			422, "CATEGORY_CIRCLE");
		refused(await send("POST", "/api/catalog/categories",
			{ name: "LÓW", parent: root }), 409, "ALREADY_EXISTS");
		refused(await send("POST", "/api/catalog/categories",
			{ name: "Else", slug: root }), 409, "SLUG_TAKEN");
		refused(await send("POST", "/api/catalog/categories",
			{ name: "Else", parent: "no-such" }), 422, "INVALID");
		refused(await send("PATCH",
			`/api/catalog/categories/${low.json.slug}`,
			{ name: "x" }, match(99)), 412, "CHANGED_MEANWHILE");
		refused(await send("PATCH",
			`/api/catalog/categories/${low.json.slug}`, { name: "x" }),
			428, "PRECONDITION_REQUIRED");
		refused(await get("/api/catalog/categories/no-such"),
			404, "NOT_FOUND");
	});
});

describe("brands and attributes", () => {
	test("are created, changed, used, removed", async () => {
		const made = await send("POST", "/api/catalog/brands",
			{ name: `Mama ${mark}` });
		assert.equal(made.status, 201);
		const path = `/api/catalog/brands/${made.json.slug}`;
		const one = await create("Branded", { brand: made.json.slug });
		const changed = await send("PATCH", path, { name: `Papa ${mark}` },
			match(1));
		assert.equal(changed.json.version, 2);
		const page = await get(`/api/catalog/products/${one.id}`);
		assert.equal(page.json.brand.name, `Papa ${mark}`);
		const gone = (version: number) => send("DELETE", path, undefined,
			match(version));
		refused(await gone(1), 412, "CHANGED_MEANWHILE");
		refused(await gone(2), 409, "IN_USE");
		refused(await send("PATCH", path, { name: "x" }, match(1)),
			412, "CHANGED_MEANWHILE");
		refused(await send("POST", "/api/catalog/brands",
			{ name: `PÁPA ${mark}` }), 409, "ALREADY_EXISTS");
		const list = await get("/api/catalog/brands");
		assert.ok(list.json.items.some(
			(each: any) => each.slug === made.json.slug));
	});

	test("give values a type and a label", async () => {
		const name = `k_${mark}`;
		const path = `/api/catalog/attributes/${name}`;
		const meaning = { label: "Strength", type: "number", unit: "%" };
		const put = (version: number) => send("PUT", path, meaning,
			match(version));
		assert.equal((await put(0)).json.version, 1);
		refused(await put(0), 412, "CHANGED_MEANWHILE");
		assert.equal((await put(1)).json.version, 2);
		refused(await send("POST", "/api/catalog/products",
			thing("Wrong", { attributes: { [name]: "much" } })),
			422, "ATTRIBUTE_TYPE_WRONG");
		const one = await create("Right", { attributes: { [name]: 5.5 } });
		const page = await get(`/api/catalog/products/${one.id}`);
		assert.deepEqual(page.json.attributes,
			[{ name, label: "Strength", value: 5.5, unit: "%" }]);
		const gone = (version: number) => send("DELETE", path, undefined,
			match(version));
		refused(await gone(1), 412, "CHANGED_MEANWHILE");
		assert.equal((await gone(2)).status, 204);
		refused(await gone(2), 404, "NOT_FOUND");
	});
});

describe("a product", () => {
	test("is for sale from its creation to its archiving", async () => {
		const made = await send("POST", "/api/catalog/products",
			thing("Gari, fine", {
				description: "White.", tags: ["a", "b", "a"],
				attributes: { origin: "Ghana", organic: true },
				images: [{ url: "/media/gari.svg", alt: "A bag" }],
				variants: [
					{ sku: `${mark}-500`, price: euro(400),
						options: { size: "500 g" } },
					{ sku: `${mark}-1000`, price: euro(700),
						compare_at: euro(800), weight_grams: 1050,
						options: { size: "1 kg" } },
				],
			}));
		assert.equal(made.status, 201, made.text);
		assert.match(made.headers.get("etag")!, /^(W\/)?"1"$/);
		const { id, slug } = made.json;
		const staffPath = `/api/catalog/staff/products/${id}`;
		assert.equal(made.headers.get("location"), staffPath);

		const page = await get(`/api/catalog/products/${id}`);
		assert.equal(page.status, 200);
		assert.deepEqual(page.json.tags, ["a", "b"]);
		assert.deepEqual(page.json.price, euro(400));
		assert.equal(page.json.variants.length, 2);
		assert.deepEqual(page.json.category.map((c: any) => c.slug), [root]);
		assert.deepEqual(page.json.availability.map((a: any) => a.in_stock),
			[false, false]);
		const bySlug = await get(`/api/catalog/products/by-slug/${slug}/`);
		assert.deepEqual(bySlug.json, page.json);

		const changed = await send("PATCH", `/api/catalog/products/${id}`,
			{ name: "Gari, coarse", category: null }, match(1));
		assert.equal(changed.status, 200, changed.text);
		assert.match(changed.headers.get("etag")!, /^(W\/)?"2"$/);
		assert.equal(changed.json.category, null);
		assert.equal(changed.json.description, "White.");
		const again = await get(`/api/catalog/products/${id}`);
		assert.equal(again.json.name, "Gari, coarse");
		assert.equal(again.json.category, null);

		const images = await send("PUT", `/api/catalog/products/${id}/images`,
			{ images: [{ url: "https://cdn.example.org/x.png" }] }, match(2));
		assert.equal(images.status, 200, images.text);
		assert.equal((await send("DELETE", `/api/catalog/products/${id}`,
			undefined, match(3))).status, 204);
		refused(await get(`/api/catalog/products/${id}`), 404, "NOT_FOUND");
		refused(await get(`/api/catalog/products/by-slug/${slug}`),
			404, "NOT_FOUND");
		const kept = await send("GET", staffPath);
		assert.equal(kept.json.status, "archived");
	});

	test("has variants of its own", async () => {
		const one = await create("Variants");
		const path = `/api/catalog/products/${one.id}/variants`;
		const second = await send("POST", path, { sku: `${mark}-v2`,
			price: euro(900), options: { size: "large" } });
		assert.equal(second.status, 201, second.text);
		const own = `${path}/${second.json.id}`;
		assert.equal(second.headers.get("location"), own);
		const seen = await send("GET", own);
		const tag = seen.headers.get("etag")!;
		const cheaper = await send("PATCH", own, { price: euro(100) },
			{ "If-Match": tag });
		assert.equal(cheaper.json.version, 2, cheaper.text);
		const page = await get(`/api/catalog/products/${one.id}`);
		assert.deepEqual(page.json.price, euro(100));
		refused(await send("PATCH", own, { price: euro(1) }, match(1)),
			412, "CHANGED_MEANWHILE");
		refused(await send("POST", path, { sku: `${mark}-v2`,
			price: euro(1), options: { size: "x" } }), 409, "SKU_TAKEN");
		refused(await send("POST", path, { sku: `${mark}-v3`,
			price: euro(1), options: { size: "large" } }),
			409, "OPTIONS_TAKEN");
		refused(await send("POST", path, { sku: `${mark}-v3`,
			price: { amount: 1, currency: "USD" },
			options: { size: "x" } }), 422, "CURRENCY_WRONG");
		assert.equal((await send("DELETE", own, undefined,
			match(2))).status, 204);
		const [first] = one.variants;
		refused(await send("DELETE", `${path}/${first.id}`, undefined,
			match(1)), 409, "VARIANT_NEEDED");
		const all = await send("GET", path);
		assert.deepEqual(all.json.items.map((v: any) => v.status),
			["active", "archived"]);
		const other = await create("Other");
		refused(await send("GET",
			`/api/catalog/products/${other.id}/variants/${first.id}`),
			404, "NOT_FOUND");
	});

	test("that is a draft is for staff alone", async () => {
		const draft = await create("Draft", { status: "draft" });
		refused(await get(`/api/catalog/products/${draft.id}`),
			404, "NOT_FOUND");
		const list = await send("GET",
			`/api/catalog/staff/products?status=draft&category=${root}`);
		assert.ok(list.json.items.some((p: any) => p.id === draft.id));
		const bySku = await send("GET", "/api/catalog/staff/products?q=" +
			draft.variants[0].sku);
		assert.deepEqual(bySku.json.items.map((p: any) => p.id), [draft.id]);
	});

	test("is not to be changed by others", async () => {
		const one = await create("Guarded");
		const path = `/api/catalog/products/${one.id}`;
		const body = { name: "Mine" };
		const as = (token?: string) => raw("PATCH", path,
			{ body, token, headers: match(1) });
		refused(await as(), 401, "UNAUTHENTICATED");
		assert.ok([401, 403].includes((await as(buyer.token)).status));
		refused(await as(reader.token), 403, "FORBIDDEN");
		refused(await raw("POST", "/api/catalog/products",
			{ body: thing("x"), token: reader.token }), 403, "FORBIDDEN");
		assert.equal((await raw("GET", `/api/catalog/staff/products/${one.id}`,
			{ token: reader.token })).status, 200);
	});

	test("is refused with all its faults at once", async () => {
		const bad = await send("POST", "/api/catalog/products", {
			name: "", status: "sold", tags: "x", surprise: 1,
			variants: [{ sku: "a".repeat(65),
				price: { amount: -1, currency: "EUR" } }] });
		refused(bad, 422, "INVALID");
		const fields = bad.json.errors.map((e: any) => e.field);
		for (const field of ["name", "status", "tags", "surprise"])
			assert.ok(fields.includes(field), bad.text);
		refused(await send("POST", "/api/catalog/products",
			thing("x", { images: [{ url: "javascript:alert(1)" }] })),
			422, "INVALID");
		refused(await send("POST", "/api/catalog/products",
			thing("x", { slug: "Not A Slug" })), 422, "INVALID");
	});

	test("is changed once by two at once", async () => {
		const one = await create("Raced");
		const answers = await Promise.all(Array.from({ length: 8 },
			(_, n) => raw("PATCH", `/api/catalog/products/${one.id}`,
				{ body: { name: `Raced ${n}` }, token: boss.token,
					headers: match(1), parallel: true })));
		const statuses = answers.map((a) => a.status).sort();
		assert.deepEqual(statuses, [200, ...Array(7).fill(412)]);
		const winner = answers.find((a) => a.status === 200)!;
		const page = await get(`/api/catalog/products/${one.id}`);
		assert.equal(page.json.name, winner.json.name);
	});
});

describe("the listing", () => {
	const place = `l-${mark}`;
	const list = (query: string) =>
		get(`/api/catalog/products?category=${place}&${query}`);

	before(async () => {
		await send("POST", "/api/catalog/categories",
			{ name: `L ${mark}`, slug: place });
		await send("POST", "/api/catalog/brands",
			{ name: `LB ${mark}`, slug: `lb-${mark}` });
		for (let n = 0; n < 12; n++)
			await create(`Item ${String.fromCharCode(65 + n)}`, {
				category: place, brand: n % 3 ? null : `lb-${mark}`,
				tags: [n % 2 ? "odd" : "even"],
				attributes: { colour: ["red", "green", "blue"][n % 3],
					grade: n % 2 },
				variants: [{ sku: `${mark}-l${n}`,
					price: euro(100 * (n + 1)) }],
			});
		await sql("select set_stock(id, 'main', 3, 'test') from variant where sku = any($1)",
			[[`${mark}-l1`, `${mark}-l2`]]);
	});

	const names = (answer: Raw) => answer.json.items.map(
		(i: any) => i.name.slice(-1)).join("");

	test("sorts and filters", async () => {
		const cases: [string, string][] = [
			["limit=3", "LKJ"],
			["sort=price_asc&limit=3", "ABC"],
			["sort=price_desc&limit=3", "LKJ"],
			["sort=name&limit=4", "ABCD"],
			["price_min=300&price_max=500&sort=name", "CDE"],
			[`brand=lb-${mark}&sort=name`, "ADGJ"],
			["brand=no-such", ""],
			["tag=even&sort=name", "ACEGIK"],
			["attribute=colour:red&sort=name", "ADGJ"],
			["attribute=colour:red&attribute=colour:blue&sort=name",
				"ACDFGIJL"],
			["attribute=colour:red&attribute=grade:1&sort=name", "DJ"],
			["in_stock=true&sort=name", "BC"],
			["rating_min=1", ""],
		];
		for (const [query, wanted] of cases)
			assert.equal(names(await list(query)), wanted, query);
		assert.equal((await get(
			"/api/catalog/products?category=no-such")).json.total, 0);
	});

	test("counts what is there", async () => {
		const { json } = await list("limit=1");
		assert.equal(json.total, 12);
		assert.deepEqual(json.facets.brands,
			[{ slug: `lb-${mark}`, name: `LB ${mark}`, count: 4 }]);
		assert.deepEqual(json.facets.price,
			{ min: euro(100), max: euro(1200) });
		const colour = (answer: any) => Object.fromEntries(
			answer.facets.attributes.find((a: any) => a.name === "colour")
				.values.map((v: any) => [v.value, v.count]));
		assert.deepEqual(colour(json), { red: 4, green: 4, blue: 4 });
		const chosen = await list("attribute=colour:red&in_stock=false");
		assert.equal(chosen.json.total, 4);
		assert.deepEqual(colour(chosen.json), { red: 4, green: 4, blue: 4 });
		const branded = await list(`brand=lb-${mark}&price_min=500`);
		assert.equal(branded.json.total, 2);
		assert.deepEqual(colour(branded.json), { red: 2 });
		assert.deepEqual(branded.json.facets.price,
			{ min: euro(100), max: euro(1000) });
	});

	test("equals what every single page shows", async () => {
		const [row] = await sql(`select count(*)::int as total,
			min(price)::int as least, max(price)::int as most
			from product_index i join category c
			on i.category_path @> array[c.id] where c.slug = $1`, [place]);
		const { json } = await list("limit=1");
		assert.equal(json.total, row.total);
		assert.equal(json.facets.price.min.amount, row.least);
		assert.equal(json.facets.price.max.amount, row.most);
	});

	for (const sort of ["newest", "price_asc", "price_desc", "name",
		"rating"])
		test(`has stable pages by ${sort} while products are added`,
			async () => {
			const seen: string[] = [];
			let next: string | null = "";
			for (let n = 0; next !== null && n < 40; n++) {
				const page: Raw = await list(`sort=${sort}&limit=5` +
					(next ? `&cursor=${next}` : ""));
				assert.equal(page.status, 200, page.text);
				seen.push(...page.json.items.map((i: any) => i.name));
				next = page.json.next;
				if (n < 2)
					await create(`Item added ${sort} ${n}`, {
						category: place,
						variants: [{ sku: `${mark}-a-${sort}-${n}`,
							price: euro(650) }] });
			}
			const letters = seen.filter((name) => /^Item [A-L]$/.test(name));
			assert.equal(letters.length, 12, seen.join(", "));
			assert.equal(new Set(seen).size, seen.length);
		});

	test("refuses cursors and filters that are none", async () => {
		refused(await list("cursor=%21"), 422, "INVALID");
		const { json } = await list("limit=1&sort=name");
		refused(await list(`limit=1&sort=newest&cursor=${json.next}`),
			422, "CURSOR_WRONG");
		const forged = Buffer.from('["name",1,1]').toString("base64url");
		refused(await list(`sort=name&cursor=${forged}`),
			422, "CURSOR_WRONG");
		refused(await list("limit=101"), 422, "INVALID");
		refused(await list("price_min=-1"), 422, "INVALID");
		refused(await list("nonsense=1"), 422, "INVALID");
	});

	test("follows the stock", async () => {
		const there = async () => (await list("in_stock=true&limit=100"))
			.json.total;
		const before = await there();
		await sql("select set_stock(id, 'main', 0, 'test') from variant where sku = $1",
			[`${mark}-l1`]);
		assert.equal(await there(), before - 1);
		await sql("select set_stock(id, 'main', 2, 'test') from variant where sku = $1",
			[`${mark}-l1`]);
		assert.equal(await there(), before);
	});
});

describe("CSV", () => {
	const columns = "sku,product,name,description,category,brand," +
		"option_name,option_value,price,currency,tax_class,weight_grams," +
		"stock,tags,images,attributes,status";
	const take = (lines: string[], mode = "all", token = boss.token) =>
		raw("POST", `/api/catalog/import?mode=${mode}`, { token,
			type: "text/csv", body: [columns, ...lines].join("\n") + "\n" });
	const line = (n: string, price = "1.50", name = `C ${mark} ${n}`) =>
		`${mark}-c${n},c-${mark}-${n},${name},"two\nlines",` +
		`C ${mark} > Deep > er,CB ${mark},,,${price},,,,5,x|y,` +
		`/i.svg A picture,size=5|colour=red,`;

	test("comes in whole, and then again without a change", async () => {
		const first = await take([line("1"), line("2")]);
		assert.equal(first.status, 200, first.text);
		assert.equal(first.json.created, 2);
		const again = await take([line("1"), line("2", "1.75")]);
		assert.deepEqual([again.json.created, again.json.changed], [0, 1]);
		const page = await get(`/api/catalog/products/by-slug/c-${mark}-2`);
		assert.deepEqual(page.json.price, euro(175));
		assert.equal(page.json.description, "two\nlines");
		assert.deepEqual(page.json.category.map((c: any) => c.name),
			[`C ${mark}`, "Deep", "er"]);
		assert.deepEqual(page.json.images, [{ url: "/i.svg",
			alt: "A picture", variant_id: null }]);
		assert.deepEqual(page.json.availability[0].available, 5);
	});

	test("with a fault comes in not at all, or without it", async () => {
		const lines = [line("3"), line("4", "x"), line("5", "-1"),
			line("3", "9")];
		const whole = await take(lines);
		refused(whole, 422, "IMPORT_FAULTY");
		assert.deepEqual(whole.json.data.faults.map(
			(f: any) => [f.line, f.field]),
			[[4, "price"], [6, "price"], [8, "sku"]]);
		const some = await take(lines, "rows");
		assert.equal(some.status, 200, some.text);
		assert.deepEqual([some.json.lines, some.json.taken,
			some.json.created, some.json.fault_count], [4, 1, 1, 3]);
		refused(await get(`/api/catalog/products/by-slug/c-${mark}-4`),
			404, "NOT_FOUND");
	});

	test("that is none is refused", async () => {
		const other = (body: string | Uint8Array, type = "text/csv") =>
			raw("POST", "/api/catalog/import", { token: boss.token, type,
				body });
		refused(await other("a,b\n1,2\n"), 422, "IMPORT_UNREADABLE");
		refused(await other(`${columns}\n"open,1\n`),
			422, "IMPORT_UNREADABLE");
		refused(await other(`${columns}\n1,2,3\n`),
			422, "IMPORT_UNREADABLE");
		refused(await other(Buffer.concat([Buffer.from(`${columns}\n`),
			Buffer.from([0xff, 0xfe, 0x0a])])), 422, "IMPORT_UNREADABLE");
		refused(await other("{}", "application/json"),
			415, "TYPE_NOT_SUPPORTED");
		refused(await take([line("6")], "some"), 422, "INVALID");
		refused(await take([line("6")], "all", reader.token),
			403, "FORBIDDEN");
		assert.ok([401, 403].includes(
			(await take([line("6")], "all", buyer.token)).status));
	});

	test("goes out as it came in", async () => {
		const evil = await take([`${mark}-evil,c-${mark}-evil,` +
			`"=HYPERLINK(""x"")",@x,,,,,2,,,,,,,,`]);
		assert.equal(evil.status, 200, evil.text);
		const out = await raw("GET", "/api/catalog/export",
			{ token: reader.token });
		assert.equal(out.status, 200);
		assert.ok(out.text.startsWith(`${columns}\n`));
		const cell = out.text.split("\n").find((l) =>
			l.startsWith(`${mark}-evil`))!;
		assert.ok(cell.includes(`"'=HYPERLINK(""x"")",'@x,`), cell);
		const back = await raw("POST", "/api/catalog/import", {
			token: boss.token, type: "text/csv", body: out.text });
		assert.equal(back.status, 200, back.text);
		assert.deepEqual([back.json.created, back.json.changed,
			back.json.fault_count], [0, 0, 0]);
		const after = await raw("GET", "/api/catalog/export",
			{ token: reader.token });
		assert.equal(after.text, out.text);
	});

	test("two at once: one waits its turn or is told to", async () => {
		const answers = await Promise.all(["7", "8"].map((n) =>
			raw("POST", "/api/catalog/import", { token: boss.token,
				type: "text/csv", parallel: true,
				body: `${columns}\n${line(n)}\n` })));
		for (const answer of answers)
			assert.ok([200, 409].includes(answer.status), answer.text);
	});
});

test("staff's changes are in the audit log", async () => {
	const one = await create("Audited");
	await send("PATCH", `/api/catalog/products/${one.id}`,
		{ name: "Audited too" }, match(1));
	const rows = await sql(`select action, before ->> 'name' as was,
		after ->> 'name' as is from audit_log
		where table_name = 'product' and row_key = $1 and staff_id = $2
		order by id`, [one.id, boss.id]);
	assert.deepEqual(rows, [
		{ action: "INSERT", was: null, is: "Audited" },
		{ action: "UPDATE", was: "Audited", is: "Audited too" },
	]);
});

test("what everyone reads stays true under many changes at once", async () => {
	const made = await Promise.all([1, 2, 3, 4].map((n) =>
		create(`Busy ${n}`)));
	const { slug } = (await send("POST", "/api/catalog/brands",
		{ name: `Busy ${mark}` })).json;
	const change = async (n: number): Promise<number> => {
		const one = made[n % made.length];
		const path = `/api/catalog/staff/products/${one.id}`;
		const seen = await raw("GET", path,
			{ token: boss.token, parallel: true });
		const [variant] = seen.json.variants;
		const [method, target, body, version] = [
			["PATCH", `/api/catalog/products/${one.id}`,
				{ name: `Busy ${n}`, brand: n % 2 ? slug : null },
				seen.json.version],
			["PATCH", `/api/catalog/products/${one.id}/variants/${variant.id}`,
				{ price: euro(n * 100) }, variant.version],
			["PATCH", `/api/catalog/products/${one.id}`,
				{ status: n % 3 ? "active" : "draft" },
				seen.json.version],
		][n % 3] as [string, string, object, number];
		return (await raw(method, target, { body, token: boss.token,
			headers: match(version), parallel: true })).status;
	};
	const statuses = await Promise.all(
		Array.from({ length: 48 }, (_, n) => change(n)));
	assert.ok(statuses.filter((status) => status === 200).length > 4);
	assert.ok(statuses.every((status) => [200, 412].includes(status)),
		statuses.join(" "));
	const [{ pages, lines, counts }] = await sql(`select
		(select count(*)::int from (select product_id, slug, version,
		variants, body from product_page except
		table product_page_live) x) + (select count(*)::int from
		(table product_page_live except select product_id, slug, version,
		variants, body from product_page) x) + (select count(*)::int
		from product_page where coalesce(available_until > now(), true)
		and availability <> availability_json(variants)) as pages,
		(select count(*)::int from product_index i
		full join product_index_live l on l.product_id = i.product_id
		where (i.item, i.price, i.brand_id, i.words) is distinct from
		(l.item, l.price, l.brand_id, l.words)) as lines,
		(select count(*)::int from (table category_facets except
		select * from facets_of(array(select id from category)
		|| whole_shop())) x) as counts`);
	assert.deepEqual({ pages, lines, counts },
		{ pages: 0, lines: 0, counts: 0 });
});
