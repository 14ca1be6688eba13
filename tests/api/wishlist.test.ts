// SPDX-License-Identifier: ISC
// Wishes, what is told of them, saved searches, and the way out of mail.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, describe, test } from "node:test";
import { thing, together } from "./commerce.js";
import { base, contract, customer, goodPassword, mail, raw, sql, staff,
	type Person } from "./harness.js";

const send = (who: Person | undefined, method: string, path: string,
	body?: unknown, headers?: Record<string, string>) =>
	raw(method, `/api/customers/${path}`, { token: who?.token, body, headers });
const wish = (who: Person, product: string, body: unknown = {}) =>
	send(who, "PUT", `wishlist/${product}`, body);
const list = async (who: Person, query = ""): Promise<any> =>
	(await send(who, "GET", `wishlist${query}`)).json;
const ids = async (who: Person): Promise<string[]> =>
	(await send(who, "GET", "wishlist/ids")).json.items;
const stock = (variant: string, count: number) =>
	sql("select set_stock($1, 'main', $2, 'test')", [variant, count]);
const price = (variant: string, amount: number) =>
	sql("update variant set price_amount = $2 where id = $1",
		[variant, amount]);
const agree = (who: Person, given: boolean) =>
	send(who, "POST", "consents", { purpose: "marketing", channel: "email",
		given, text: "Yes, send me offers" });
/** What the courier does before it looks at the outbox. */
const tell = async () => {
	for (;;) {
		const [{ n }] = await sql("select tell_wishes() as n");
		if (n === 0)
			return;
	}
};
const notices = async (who: Person): Promise<any[]> =>
	(await send(who, "GET", "notifications")).json.items;

describe("the wishlist", () => {
	test("has cards with the price of then and of now", async () => {
		const ada = await customer();
		const one = await thing({ price: 1250, stock: 2 });
		const put = await wish(ada, one.product);
		assert.equal(put.status, 200, put.text);
		assert.equal(put.json.id, one.product);
		assert.deepEqual(put.json.price_added, { amount: 1250,
			currency: "EUR" });
		await price(one.variant, 999);
		await stock(one.variant, 0);
		assert.equal((await wish(ada, one.product)).status, 200);
		const { items, next } = await list(ada);
		assert.equal(next, null);
		assert.equal(items.length, 1, "wished once");
		const [card] = items;
		assert.deepEqual(card.price, { amount: 999, currency: "EUR" });
		assert.deepEqual(card.price_added, { amount: 1250,
			currency: "EUR" }, "what was noted stays");
		assert.equal(card.in_stock, false);
		assert.equal(card.for_sale, true);
		assert.equal(card.variant, null);
		assert.equal(card.variant_id, one.variant);
		assert.match(card.slug, /^t-/);
		assert.deepEqual(await ids(ada), [one.product]);
	});

	test("takes a variant, and another in its place", async () => {
		const ada = await customer();
		const one = await thing({ price: 500 });
		const [large] = await sql(`insert into variant (product_id, sku,
			options, price_amount, price_currency)
			values ($1, $2, '{"size": "large"}', 900, 'EUR')
			returning id, sku`, [one.product, `${one.sku}-L`]);
		await wish(ada, one.product);
		const put = await wish(ada, one.product, { variant_id: large.id });
		assert.equal(put.status, 200, put.text);
		assert.deepEqual(put.json.variant, { id: large.id, sku: large.sku,
			options: { size: "large" } });
		assert.equal(put.json.price_added.amount, 900);
		assert.equal(put.json.in_stock, false);
		assert.equal((await list(ada)).items.length, 1);
		const any = await wish(ada, one.product, { variant_id: null });
		assert.equal(any.json.variant, null);
		assert.equal(any.json.price_added.amount, 500);
	});

	test("refuses what is not there", async () => {
		const ada = await customer();
		const one = await thing(), other = await thing();
		for (const id of [randomUUID(), "pot"])
			for (const method of ["PUT", "DELETE"])
				assert.equal((await send(ada, method, `wishlist/${id}`,
					method === "PUT" ? {} : undefined)).status, 404,
					`${method} ${id}`);
		await sql("update product set status = 'draft' where id = $1",
			[other.product]);
		assert.equal((await wish(ada, other.product)).status, 404);
		for (const variant_id of [other.variant, randomUUID()]) {
			const refused = await wish(ada, one.product, { variant_id });
			assert.equal(refused.status, 422, refused.text);
			assert.equal(refused.json.errors[0].field, "variant_id");
		}
		for (const body of [{ variant_id: "x" }, { variant_id: 1 },
			{ note: "x" }])
			assert.equal((await wish(ada, one.product, body)).status, 422);
		assert.equal((await send(undefined, "GET", "wishlist")).status, 401);
		assert.equal((await send(undefined, "PUT",
			`wishlist/${one.product}`, {})).status, 401);
		assert.equal((await send(ada, "GET", `wishlist/${one.product}`))
			.status, 405);
		assert.deepEqual(await ids(ada), []);
	});

	test("forgets, however often it is told to", async () => {
		const ada = await customer(), ben = await customer();
		const one = await thing();
		await wish(ada, one.product);
		await wish(ben, one.product);
		for (let i = 0; i < 2; i++)
			assert.equal((await send(ada, "DELETE",
				`wishlist/${one.product}`)).status, 204);
		assert.deepEqual(await ids(ada), []);
		assert.deepEqual(await ids(ben), [one.product], "only one's own");
	});

	test("is paged, newest first", async () => {
		const ada = await customer();
		const made: string[] = [];
		for (let i = 0; i < 5; i++) {
			made.unshift((await thing()).product);
			await wish(ada, made[0]);
		}
		const seen: string[] = [];
		let next: string | null = "";
		while (next !== null) {
			const page: any = await list(ada, "?limit=2" +
				(next ? `&cursor=${next}` : ""));
			seen.push(...page.items.map((item: any) => item.id));
			next = page.next;
		}
		assert.deepEqual(seen, made);
		assert.equal((await send(ada, "GET", "wishlist?cursor=WzFd"))
			.json.code, "CURSOR_WRONG");
	});

	test("shows what is not sold any more, until it is removed",
		async () => {
		const ada = await customer();
		const one = await thing();
		await wish(ada, one.product);
		await sql("update product set status = 'archived' where id = $1",
			[one.product]);
		const [card] = (await list(ada)).items;
		assert.deepEqual([card.for_sale, card.in_stock, card.price,
			card.variant_id], [false, false, null, null]);
		assert.match(card.name, /^Thing/);
		assert.equal((await send(ada, "DELETE",
			`wishlist/${one.product}`)).status, 204);
	});

	test("holds 200, however many come at once", async () => {
		const ada = await customer();
		const made = await sql(`with p as (insert into product (slug, name,
			status) select $1 || n, 'Many ' || n, 'active'
			from generate_series(1, 203) n returning id)
			insert into variant (product_id, sku, price_amount,
			price_currency) select id, id::text, 1, 'EUR' from p
			returning product_id as id`,
			[`many-${randomUUID().slice(0, 8)}-`]);
		await sql(`insert into wish (customer_id, product_id, price_amount,
			price_currency, told_price, available)
			select $1, id, 1, 'EUR', 1, true
			from unnest($2::uuid[]) id`,
			[ada.id, made.slice(0, 198).map((p) => p.id)]);
		const answers = await together(5, (n) => raw("PUT",
			`/api/customers/wishlist/${made[198 + n].id}`,
			{ token: ada.token, body: {}, parallel: true }));
		const refused = answers.filter((a) => a.status !== 200);
		assert.deepEqual(refused.map((a) => a.json.code),
			Array(3).fill("WISHLIST_FULL"));
		assert.equal((await ids(ada)).length, 200);
		assert.equal((await wish(ada, made[0].id)).status, 200,
			"what is on it is on it");
	});
});

describe("telling", () => {
	test("of a lower price, once, with a mail by consent", async () => {
		const ada = await customer(), ben = await customer();
		const one = await thing({ price: 2000 });
		await agree(ada, true);
		await wish(ada, one.product);
		await wish(ben, one.product);
		await price(one.variant, 1500);
		await tell();
		await tell();
		for (const who of [ada, ben]) {
			const told = await notices(who);
			assert.equal(told.length, 1);
			assert.equal(told[0].kind, "price_drop");
			assert.equal(told[0].data.product.id, one.product);
			assert.deepEqual(told[0].data.was, { amount: 2000,
				currency: "EUR" });
			assert.deepEqual(told[0].data.price, { amount: 1500,
				currency: "EUR" });
		}
		const letter = await mail(ada.email, "price-drop");
		assert.equal(letter.data.items[0].product.slug,
			one.sku.toLowerCase());
		assert.equal(await mail(ben.email, "price-drop"), undefined,
			"he didn't agree");
		await price(one.variant, 2000);
		await price(one.variant, 1500);
		await tell();
		assert.equal((await notices(ada)).length, 1, "not again");
	});

	test("of what is back, when staff count it in", async () => {
		const boss = await staff("superadmin");
		const ada = await customer();
		const one = await thing({ stock: 0 });
		await agree(ada, true);
		await wish(ada, one.product);
		await tell();
		assert.deepEqual(await notices(ada), []);
		const counted = await raw("POST", "/api/inventory/adjustments", {
			token: boss.token, body: { variant_id: one.variant,
				location: "main", change: 3, reason: "Delivered" } });
		assert.ok(counted.status < 300, counted.text);
		await tell();
		assert.deepEqual((await notices(ada)).map((n) => n.kind),
			["back_in_stock"]);
		assert.ok(await mail(ada.email, "back-in-stock"));
	});
});

describe("saved searches", () => {
	let ada: Person;
	before(async () => {
		ada = await customer();
	});
	const save = (name: string, path: string) =>
		send(ada, "POST", "saved-searches", { name, path });

	test("are kept, named anew, moved and removed", async () => {
		const made = await save(" Oil ", "/search?q=palm+oil&in_stock=true");
		assert.equal(made.status, 201, made.text);
		assert.equal(made.json.name, "Oil");
		assert.equal(made.headers.get("location"),
			`/api/customers/saved-searches/${made.json.id}`);
		const at = `saved-searches/${made.json.id}`;
		const named = await send(ada, "PATCH", at, { name: "Oils" });
		assert.deepEqual([named.json.name, named.json.path,
			named.json.version], ["Oils", made.json.path, 2]);
		assert.equal((await send(ada, "PATCH", at, { name: "x" },
			{ "If-Match": '"1"' })).status, 412);
		const moved = await send(ada, "PATCH", at,
			{ path: "/category/oils?sort=price_asc" }, { "If-Match": '"2"' });
		assert.equal(moved.json.path, "/category/oils?sort=price_asc");
		assert.deepEqual((await send(ada, "GET", "saved-searches")).json,
			{ items: [moved.json], next: null });
		const ben = await customer();
		for (const [method, body] of [["PATCH", { name: "x" }],
			["DELETE", undefined]] as const)
			assert.equal((await send(ben, method, at, body)).status, 404);
		assert.equal((await send(ada, "DELETE", at)).status, 204);
		assert.equal((await send(ada, "DELETE", at)).status, 404);
		assert.equal((await send(undefined, "GET", "saved-searches"))
			.status, 401);
	});

	test("know each filter that the listings have, and no other",
		async () => {
		const sample: Record<string, string> = { q: "oil", mode: "fuzzy",
			category: "oils", brand: "mama-africa", price_min: "100",
			price_max: "2000", attribute: "origin%3AGhana",
			in_stock: "true", rating_min: "3.5", tag: "vegan",
			sort: "price_desc" };
		const names = (path: string) => (contract.paths[path].get as any)
			.parameters.map((p: any) => p.name)
			.filter((name: string) => !["cursor", "limit"].includes(name));
		const good = async (path: string) => {
			const made = await save(randomUUID(), path);
			assert.equal(made.status, 201, `${path}: ${made.text}`);
			await send(ada, "DELETE", `saved-searches/${made.json.id}`);
		};
		for (const name of names("/api/search"))
			await good(`/search?q=oil${name === "q" ? "" :
				`&${name}=${sample[name]}`}`);
		for (const name of names("/api/catalog/products"))
			for (const path of ["/search", "/category/oils"])
				await good(`${path}?${name}=${sample[name]}`);
		await good("/search");
		await good("/search/?q=");
		await good("/category/oils/?brand=a&brand=b&attribute=a%3A1" +
			"&attribute=a%3A2");
		await good("/search?q=x&sort=relevance");
	});

	test("refuse every other address", async () => {
		const long = `/search?q=x&tag=${"a".repeat(1500)}`;
		for (const path of ["", "/", "/cart", "/searches?q=x", "//evil.example",
			"https://evil.example/search?q=x", "javascript:alert(1)",
			"/\\evil.example", "search?q=x", "/search#q", "/search?q=a b",
			"/search?q=<script>", '/search?q="', "/search\n?q=x",
			"/search?q=x#top", "/category/", "/category/Oils",
			"/category/a/b", "/category/..", "/category/a%2fb",
			"/search?cursor=WzFd", "/search?limit=5", "/search?next=/x",
			"/search?q=a&q=b", "/search?q=%00", "/search?q=%ff",
			"/search?q=%zz", "/search?price_min=cheap",
			"/search?price_min=-1", "/search?in_stock=maybe",
			"/search?rating_min=6", "/search?sort=random",
			"/search?sort=relevance", "/category/oils?mode=fuzzy",
			"/category/oils?sort=relevance", "/search?q=x&mode=odd",
			`/category/${"a".repeat(121)}`, long]) {
			const refused = await save("x", path);
			assert.equal(refused.status, 422, `${path}: ${refused.text}`);
			assert.equal(refused.json.errors[0].field, "path", path);
		}
		for (const name of ["", " ", "a\nb", "a\tb", "x".repeat(101)])
			assert.equal((await save(name, "/search")).json.errors[0].field,
				"name", JSON.stringify(name));
		for (const body of [{}, { name: "x" }, { path: "/search" },
			{ name: "x", path: "/search", url: "/x" }])
			assert.equal((await send(ada, "POST", "saved-searches", body))
				.status, 422, JSON.stringify(body));
	});

	test("have each name once, and are 50", async () => {
		const eve = await customer();
		const add = (name: string, parallel = false) => raw("POST",
			"/api/customers/saved-searches", { token: eve.token, parallel,
				body: { name, path: "/search" } });
		const made = await add("Spice");
		const other = await add("Rice");
		assert.equal((await add("sPICE")).json.code, "SEARCH_NAME_TAKEN");
		assert.equal((await send(eve, "PATCH",
			`saved-searches/${other.json.id}`, { name: "SPICE" })).json.code,
			"SEARCH_NAME_TAKEN");
		assert.equal((await send(eve, "PATCH",
			`saved-searches/${made.json.id}`, { name: "SPICE" })).status, 200,
			"one's own may be written otherwise");
		await sql(`insert into saved_search (customer_id, name, path)
			select $1, 'S' || n, '/search' from generate_series(3, 48) n`,
			[eve.id]);
		const answers = await together(5, (n) => add(`More ${n}`, true));
		assert.deepEqual(answers.filter((a) => a.status !== 201)
			.map((a) => a.json.code), Array(3).fill("SEARCHES_FULL"));
	});
});

describe("the way out of mail", () => {
	const key = async (who: Person): Promise<string> => (await sql(
		"select unsubscribe_key_of($1, 'marketing') as key", [who.id]))[0].key;
	const oneClick = "List-Unsubscribe=One-Click";
	const form = "application/x-www-form-urlencoded";
	const post = (token: string, body: unknown = oneClick, type = form) =>
		raw("POST", `/api/customers/unsubscribe?token=${token}`,
			{ body, type });
	const about = async (token: string) => (await raw("GET",
		`/api/customers/unsubscribe?token=${token}`)).json;
	const rows = (who: Person) => sql(`select given, source, purpose, channel,
		host(address) as address, at > now() - interval '1 minute' as fresh
		from consent where customer_id = $1 order by id`, [who.id]);

	test("is shown by GET, which ends nothing", async () => {
		const ada = await customer();
		const token = await key(ada);
		assert.deepEqual(await about(token), { purpose: "marketing",
			subscribed: false });
		await agree(ada, true);
		for (let i = 0; i < 3; i++)
			assert.deepEqual(await about(token), { purpose: "marketing",
				subscribed: true });
		assert.equal((await rows(ada)).length, 1);
	});

	test("is taken by one POST without signing in, and kept with where "
		+ "from and when", async () => {
		const ada = await customer(), ben = await customer();
		await agree(ada, true);
		await agree(ben, true);
		const token = await key(ada);
		assert.equal((await post(token)).status, 204);
		assert.deepEqual((await rows(ada)).at(-1), { given: false,
			source: "unsubscribe", purpose: "marketing", channel: "email",
			address: "127.0.0.1", fresh: true });
		assert.equal((await about(token)).subscribed, false);
		assert.equal((await post(token)).status, 204, "again");
		assert.equal((await rows(ada)).length, 2, "nothing more to write");
		const shown = (await send(ada, "GET", "consents")).json.items;
		assert.deepEqual([shown[0].given, shown[0].source, shown[0].latest],
			[false, "unsubscribe", true]);
		assert.equal((await rows(ben)).length, 1, "others stay");
		await agree(ada, true);
		assert.equal((await about(token)).subscribed, true,
			"who agrees again gets them again");
	});

	test("is taken in the other form of a form too, and where a browser "
		+ "is signed in", async () => {
		const ada = await customer();
		await agree(ada, true);
		const token = await key(ada);
		const parts = (name: string, value: string) =>
			`--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n` +
			`${value}\r\n--b--\r\n`;
		const type = "multipart/form-data; boundary=b";
		for (const body of [parts("List-Unsubscribe", "No"),
			parts("Other", "One-Click"), "List-Unsubscribe=One-Click", ""])
			assert.equal((await post(token, body, type)).status, 422, body);
		assert.equal((await rows(ada)).length, 1);
		assert.equal((await post(token, parts("List-Unsubscribe",
			"One-Click"), type)).status, 204);
		assert.equal((await rows(ada)).length, 2);
		// The cookie of a session is no reason to ask for a CSRF token.
		const cookie = await raw("POST",
			`/api/customers/unsubscribe?token=${token}`, { body: oneClick,
				type: form, headers: { Cookie:
					`__Host-customer=${ada.token}` } });
		assert.equal(cookie.status, 204, cookie.text);
	});

	test("refuses what is no click and no key", async () => {
		const ada = await customer();
		await agree(ada, true);
		const token = await key(ada);
		for (const body of ["", "List-Unsubscribe=Two", "x=One-Click",
			"xList-Unsubscribe=One-Click", `${oneClick}x`])
			assert.equal((await post(token, body)).status, 422, body);
		for (const type of ["application/json", "text/plain"])
			assert.equal((await post(token, oneClick, type)).status, 415);
		assert.equal((await post(token, "x".repeat(5000))).status, 413);
		for (const wrong of [token.slice(0, -1), `${token}x`, "x".repeat(43),
			randomUUID()]) {
			assert.equal((await post(wrong)).json.code, "TOKEN_WRONG");
			assert.equal((await about(wrong)).code, "TOKEN_WRONG");
		}
		for (const wrong of ["", "x", "x".repeat(101)])
			assert.equal((await post(wrong)).status, 422);
		assert.equal((await raw("POST", "/api/customers/unsubscribe",
			{ body: oneClick, type: form })).status, 422);
		assert.equal((await raw("DELETE",
			`/api/customers/unsubscribe?token=${token}`)).status, 405);
		assert.equal((await about(token)).subscribed, true);
	});

	test("works at the address that mails name", async () => {
		const ada = await customer();
		await agree(ada, true);
		const token = await key(ada);
		const at = `${base}/unsubscribe?token=${token}`;
		await fetch(at);
		assert.equal((await rows(ada)).length, 1, "looking ends nothing");
		const done = await fetch(at, { method: "POST", body: oneClick,
			headers: { "Content-Type": form } });
		assert.equal(done.status, 204);
		assert.equal((await rows(ada)).length, 2);
	});
});

test("the account takes them away, and along when it goes", async () => {
	const ada = await customer();
	const one = await thing({ price: 700 });
	await wish(ada, one.product);
	await send(ada, "POST", "saved-searches", { name: "Mine",
		path: "/search?q=mine" });
	await sql("select unsubscribe_key_of($1, 'marketing')", [ada.id]);
	const { json } = await send(ada, "GET", "export");
	assert.deepEqual(json.wishlist.map((w: any) => w.price.amount), [700]);
	assert.equal(json.saved_searches[0].path, "/search?q=mine");
	const erased = await raw("POST", "/api/customers/account/delete",
		{ token: ada.token, body: { password: goodPassword } });
	assert.equal(erased.status, 204, erased.text);
	for (const table of ["wish", "saved_search", "unsubscribe_key"])
		assert.deepEqual(await sql(`select 1 from ${table}
			where customer_id = $1`, [ada.id]), [], table);
});
