// SPDX-License-Identifier: ISC
// Reviews: written by who has the thing, guests among them; decided by staff;
// read and judged by others.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, describe, test } from "node:test";
import { customer, mail, raw, sql, staff, type Person, type Raw } from
	"./harness.js";
import { add, checkout, move, newCart, order, thing, together, type Thing,
	type Who } from "./commerce.js";
import { png } from "./pictures.js";

let ada: Person, ben: Person, clerk: Person, reader: Person;
before(async () => {
	[ada, ben] = [await customer(), await customer({ given_name: "Ben" })];
	[clerk, reader] = [await staff("service"), await staff("agent")];
});

const arrived = ["confirmed", "processing", "shipped", "delivered"];
const code = (answer: Raw) => [answer.status, answer.json?.code];
const faulty = (answer: Raw) => [answer.status,
	...answer.json.errors.map((e: any) => `${e.field} ${e.code}`)];
const good = { stars: 4, title: "Like at home", text: "Fresh.\nWell packed." };

/** Something that was delivered to somebody. */
async function had(who: Who, item?: Thing): Promise<Thing> {
	const it = item ?? await thing();
	await move(clerk.token, (await order(who, it.variant)).id, ...arrived);
	return it;
}

/** ... to a guest, with the key from the mail that says so. */
async function guestHad(email = `${randomUUID().slice(0, 12)}@example.org`):
	Promise<{ item: Thing; headers: Record<string, string>; email: string;
		id: string }> {
	const item = await thing();
	const cart = newCart();
	await add({ cart }, item.variant);
	const placed = await checkout({ cart }, { email });
	assert.equal(placed.status, 201, placed.text);
	await move(clerk.token, placed.json.id, ...arrived);
	const letter = await mail(email, "order-delivered");
	assert.match(letter.data.review_query,
		new RegExp(`^\\?order=${placed.json.id}#key=[\\w-]{43}$`));
	assert.equal(letter.data.lines[0].product_id, item.product);
	return { item, email, id: placed.json.id, headers: { "Duka-Order-Key":
		letter.data.review_query.split("#key=")[1] } };
}

interface By { token?: string; headers?: Record<string, string>;
	parallel?: boolean }
const write = (item: Thing, by: By, body: object = good) =>
	raw("POST", `/api/catalog/products/${item.product}/reviews`,
		{ ...by, body });
const path = (id: string) => `/api/catalog/reviews/${id}`;
const change = (id: string, version: number, by: By, body: object) =>
	raw("PATCH", path(id), { ...by, body,
		headers: { ...by.headers, "If-Match": `"${version}"` } });
const decide = (review: { id: string; version: number }, decision: string,
	reason?: string, more: object = {}) =>
	raw("POST", `/api/catalog/staff/reviews/${review.id}/decision`, {
		token: clerk.token, body: { decision, ...reason ? { reason } : {} },
		headers: { "If-Match": `"${review.version}"` }, ...more });
const read = (item: Thing, query = "") =>
	raw("GET", `/api/catalog/products/${item.product}/reviews${query}`);

/** Written and approved. */
async function shown(item: Thing, by: By, body: object = good): Promise<any> {
	const written = await write(item, by, body);
	assert.equal(written.status, 201, written.text);
	const decided = await decide(written.json, "approve");
	assert.equal(decided.status, 200, decided.text);
	return decided.json;
}

async function picture(who: Person, shade: number): Promise<string> {
	const made = await raw("PUT", "/api/media/pictures", { token: who.token,
		type: "image/png", body: await png({ width: 40, height: 30,
			shade: () => shade }) });
	assert.equal(made.status, 201, made.text);
	return made.json.id;
}

describe("a review", () => {
	test("waits, is approved, read, and earns a bonus once", async () => {
		const item = await had({ token: ada.token });
		const open = await raw("GET",
			`/api/catalog/reviews/reviewable?product_id=${item.product}`,
			{ token: ada.token });
		assert.deepEqual(open.json.items.map((i: any) => i.product.id),
			[item.product]);
		const written = await write(item, { token: ada.token });
		assert.equal(written.status, 201, written.text);
		const { id, version } = written.json;
		assert.equal(written.headers.get("location"), path(id));
		assert.equal(written.headers.get("etag"), `"${version}"`);
		assert.deepEqual([written.json.state, written.json.author,
			written.json.text], ["pending", "Ada O.", good.text]);
		assert.deepEqual((await read(item)).json, { items: [], next: null,
			mean: null, count: 0, distribution: [0, 0, 0, 0, 0] });
		const seen = await raw("GET", path(id), { token: ada.token });
		assert.deepEqual(seen.json, written.json);
		assert.equal((await raw("GET",
			`/api/catalog/reviews/reviewable?product_id=${item.product}`,
			{ token: ada.token })).json.items.length, 0);

		const list = await raw("GET", "/api/catalog/staff/reviews?state=pending"
			+ `&product_id=${item.product}`, { token: clerk.token });
		assert.deepEqual(list.json.items.map((i: any) =>
			[i.id, i.customer_id, i.order.number.slice(0, 2)]),
			[[id, ada.id, "D-"]]);
		const decided = await decide(written.json, "approve");
		assert.deepEqual([decided.status, decided.json.state,
			decided.json.staff_id, decided.json.version],
			[200, "approved", clerk.id, version + 1]);
		const page = await read(item);
		assert.deepEqual([page.json.mean, page.json.count,
			page.json.distribution], [4, 1, [0, 0, 0, 1, 0]]);
		assert.deepEqual(page.json.items, [{ id, ...good, author: "Ada O.",
			helpful: 0, pictures: [], created_at: written.json.created_at,
			edited_at: null }]);
		assert.match(page.headers.get("cache-control")!, /public/);
		const product = await raw("GET",
			`/api/catalog/products/${item.product}`);
		assert.deepEqual([product.json.rating, product.json.review_count],
			[4, 1]);

		const entries = async () => (await raw("GET", "/api/loyalty/history",
			{ token: ada.token })).json.items.filter((e: any) =>
			e.kind === "bonus").map((e: any) => e.points);
		const points = await entries();
		assert.equal(points[0], 50);
		const news = await raw("GET", "/api/customers/notifications",
			{ token: ada.token });
		const told = news.json.items.find((n: any) => n.kind === "review");
		assert.deepEqual([told.data.state, told.data.product.id],
			["approved", item.product]);
		const letter = await mail(ada.email, "review-decided");
		assert.equal(letter.data.path,
			`/product/${item.sku.toLowerCase()}#reviews`);

		// Changed, it waits again; approved again, nothing is earned.
		const edited = await change(id, version + 1, { token: ada.token },
			{ stars: 2 });
		assert.deepEqual([edited.status, edited.json.state,
			edited.json.stars, edited.json.title],
			[200, "pending", 2, good.title]);
		assert.equal((await read(item)).json.count, 0);
		await decide(edited.json, "approve");
		assert.deepEqual((await read(item)).json.distribution,
			[0, 1, 0, 0, 0]);
		assert.deepEqual(await entries(), points);
		const gone = await raw("DELETE", path(id), { token: ada.token });
		assert.equal(gone.status, 204, gone.text);
		assert.equal((await read(item)).json.mean, null);
	});

	test("is refused without the thing", async () => {
		const item = await thing();
		const by = { token: ada.token };
		assert.deepEqual(code(await write(item, by)),
			[409, "REVIEW_NOT_POSSIBLE"]);
		const placed = await order({ token: ada.token }, item.variant);
		assert.deepEqual(code(await write(item, by)),
			[409, "REVIEW_NOT_POSSIBLE"]);
		const one = await move(clerk.token, placed.id, ...arrived, "paid");
		await raw("POST", `/api/orders/manage/${one.id}/refunds`, {
			token: clerk.token, headers: { "If-Match": `"${one.version}"` },
			body: { lines: [{ line_id: one.lines[0].id, quantity: 1,
				restock: false }] } });
		assert.deepEqual(code(await write(item, by)),
			[409, "REVIEW_NOT_POSSIBLE"]);
		assert.deepEqual(code(await write(item, {})),
			[401, "UNAUTHENTICATED"]);
		assert.deepEqual(code(await write(item, { token: clerk.token })),
			[401, "UNAUTHENTICATED"]);
		assert.equal((await write({ ...item, product: randomUUID() }, by))
			.status, 404);
		assert.equal((await read({ ...item, product: randomUUID() })).status,
			404);
	});

	test("has bounds", async () => {
		const item = await had({ token: ada.token });
		const by = { token: ada.token };
		for (const [body, ...faults] of [
			[{ ...good, stars: 0 }, "stars too_small"],
			[{ ...good, stars: 6 }, "stars too_large"],
			[{ ...good, stars: 4.5 }, "stars type"],
			[{ stars: 4 }, "text required"],
			[{ ...good, text: " \n\t " }, "text required"],
			[{ ...good, text: "x".repeat(5001) }, "text too_long"],
			[{ ...good, title: "x".repeat(121) }, "title too_long"],
			[{ ...good, title: "two\nlines" }, "title format"],
			[{ ...good, pictures: [randomUUID()] }, "pictures value"],
			[{ ...good, pictures: Array(6).fill(randomUUID()) },
				"pictures too_many"],
		] as [object, ...string[]][])
			assert.deepEqual(faulty(await write(item, by, body)),
				[422, ...faults]);
		const least = await write(item, by,
			{ stars: 1, text: "x".repeat(5000), title: "t".repeat(120) });
		assert.equal(least.status, 201, least.text);
		const second = await write(item, by);
		assert.deepEqual([...code(second), second.json.data.review_id],
			[409, "REVIEW_EXISTS", least.json.id]);
	});

	test("is one, however many come at once", async () => {
		const item = await had({ token: ada.token });
		const answers = await together(8, () => write(item,
			{ token: ada.token, parallel: true }));
		assert.deepEqual(answers.map((a) => a.status).sort(),
			[201, ...Array(7).fill(409)]);
		const [review] = await sql(`select id, version from review
			where product_id = $1`, [item.product]);
		const decided = await together(6, () => decide(review, "approve", "",
			{ parallel: true }));
		assert.deepEqual(decided.map((a) => a.status).sort(),
			[200, ...Array(5).fill(412)]);
		const changed = await together(6, (n) => change(review.id, 2,
			{ token: ada.token, parallel: true }, { text: `It is ${n}` }));
		assert.deepEqual(changed.map((a) => a.status).sort(),
			[200, ...Array(5).fill(412)]);
	});

	test("of many approved at once counts each", async () => {
		const item = await thing();
		const people = await together(6, () => customer());
		const written: any[] = [];
		for (const [n, who] of people.entries()) {
			await had({ token: who.token }, item);
			written.push((await write(item, { token: who.token },
				{ ...good, stars: n % 5 + 1 })).json);
		}
		const decided = await together(6, (n) => decide(written[n],
			"approve", "", { parallel: true }));
		assert.deepEqual(decided.map((a) => a.status), Array(6).fill(200));
		const page = await read(item);
		assert.deepEqual([page.json.mean, page.json.count,
			page.json.distribution], [2.67, 6, [2, 1, 1, 1, 1]]);
		const [at] = await sql(`select rating::float, review_count from product
			where id = $1`, [item.product]);
		assert.deepEqual(at, { rating: 2.67, review_count: 6 });
	});

	test("belongs to its writer", async () => {
		const item = await had({ token: ada.token });
		const { id, version } = (await write(item, { token: ada.token })).json;
		for (const by of [{ token: ben.token }, {}, { headers: { "Duka-Order-Key": "no" } },
			{ token: ada.token, headers: { "Duka-Order-Key": "no" } }]) {
			assert.equal((await raw("GET", path(id), by)).status, 404,
				JSON.stringify(by));
			assert.equal((await change(id, version, by, { stars: 1 })).status,
				404);
			assert.equal((await raw("DELETE", path(id), by)).status, 404);
		}
		assert.equal((await raw("PATCH", path(id), { token: ada.token,
			body: { stars: 1 } })).status, 428);
		assert.equal((await change(id, version + 1, { token: ada.token },
			{ stars: 1 })).status, 412);
		assert.deepEqual(faulty(await change(id, version,
			{ token: ada.token }, { text: null })), [422, "text required"]);
	});
});

describe("pictures", () => {
	test("are one's own, up to five, in order", async () => {
		const item = await had({ token: ada.token });
		const mine = await together(5, (n) => picture(ada, 40 * n));
		const foreign = await picture(ben, 220);
		assert.deepEqual(faulty(await write(item, { token: ada.token },
			{ ...good, pictures: [mine[0], foreign] })),
			[422, "pictures value"]);
		assert.deepEqual(faulty(await write(item, { token: ada.token },
			{ ...good, pictures: [mine[0], mine[0]] })),
			[422, "pictures duplicate"]);
		const review = await shown(item, { token: ada.token },
			{ ...good, pictures: mine });
		assert.deepEqual(review.pictures.map((p: any) => p.id), mine);
		const page = await read(item);
		assert.deepEqual(page.json.items[0].pictures, review.pictures);
		assert.deepEqual(code(await raw("DELETE",
			`/api/media/pictures/${mine[4]}`, { token: ada.token })),
			[409, "PICTURE_SHOWN"]);
		const fewer = await change(review.id, review.version,
			{ token: ada.token }, { pictures: [mine[1], mine[0]] });
		assert.deepEqual(fewer.json.pictures.map((p: any) => p.id),
			[mine[1], mine[0]]);
		assert.equal((await raw("DELETE", `/api/media/pictures/${mine[4]}`,
			{ token: ada.token })).status, 204);
	});
});

describe("a guest", () => {
	test("writes, changes and takes back by the mail's key", async () => {
		const { item, headers, email, id } = await guestHad();
		const open = await raw("GET", "/api/catalog/reviews/reviewable",
			{ headers });
		assert.deepEqual(open.json.items.map((i: any) =>
			[i.product.id, i.order.id]), [[item.product, id]]);
		const written = await write(item, { headers });
		assert.equal(written.status, 201, written.text);
		assert.equal(written.json.author, "Ada O.");
		assert.deepEqual(code(await write(item, { headers })),
			[409, "REVIEW_EXISTS"]);
		const mine = await raw("GET", "/api/catalog/reviews/mine",
			{ headers });
		assert.deepEqual(mine.json.items, [written.json]);
		assert.deepEqual(code(await decide(written.json, "reject")),
			[422, "INVALID"]);
		const no = await decide(written.json, "reject", "It names somebody");
		assert.equal(no.json.reason, "It names somebody");
		const letter = await mail(email, "review-decided");
		assert.equal(letter.data.approved, false);
		assert.equal(letter.data.note, "It names somebody");
		// Its link opens it too.
		const key = { headers: { "Duka-Order-Key":
			letter.data.path.split("#key=")[1] } };
		const changed = await change(written.json.id, no.json.version, key,
			{ text: "Better words" });
		assert.deepEqual([changed.status, changed.json.state,
			changed.json.reason], [200, "pending", ""]);
		await decide(changed.json, "approve");
		assert.equal((await read(item)).json.items[0].text, "Better words");
		assert.equal((await raw("DELETE", path(written.json.id),
			{ headers })).status, 204);
		assert.equal((await read(item)).json.count, 0);
	});

	test("has no pictures, no other's things, no old key", async () => {
		const one = await guestHad();
		const other = await guestHad();
		const mine = await picture(ada, 200);
		assert.deepEqual(faulty(await write(one.item, {
			headers: one.headers, token: ada.token },
			{ ...good, pictures: [mine] })), [422, "pictures value"]);
		assert.deepEqual(code(await write(other.item,
			{ headers: one.headers })), [409, "REVIEW_NOT_POSSIBLE"]);
		await sql(`update order_key set expires_at = now()
			where order_id = $1`, [one.id]);
		assert.deepEqual(code(await write(one.item,
			{ headers: one.headers })), [401, "UNAUTHENTICATED"]);
		for (const list of ["mine", "reviewable"])
			assert.deepEqual(code(await raw("GET",
				`/api/catalog/reviews/${list}`, { headers: one.headers })),
				[401, "UNAUTHENTICATED"]);
	});

	test("of an account's address is that account", async () => {
		const { item, headers } = await guestHad(ada.email);
		await had({ token: ada.token }, item);
		assert.equal((await write(item, { headers })).status, 201);
		assert.deepEqual(code(await write(item, { token: ada.token })),
			[409, "REVIEW_EXISTS"]);
	});
});

describe("found helpful", () => {
	test("once by each, not by its writer", async () => {
		const item = await had({ token: ada.token });
		const review = await shown(item, { token: ada.token });
		const vote = (method: string, by: By) =>
			raw(method, `${path(review.id)}/vote`, by);
		for (const expected of [1, 1])
			assert.deepEqual((await vote("PUT", { token: ben.token })).json,
				{ review_id: review.id, helpful: expected, voted: true });
		const mine = await raw("GET",
			`/api/catalog/reviews/votes?product_id=${item.product}`,
			{ token: ben.token });
		assert.deepEqual(mine.json.items, [review.id]);
		assert.equal((await raw("GET", "/api/catalog/reviews/votes",
			{ token: ben.token })).status, 422);
		assert.deepEqual(code(await vote("PUT", { token: ada.token })),
			[409, "REVIEW_OWN"]);
		assert.deepEqual(code(await vote("PUT", {})),
			[401, "UNAUTHENTICATED"]);
		assert.deepEqual((await read(item)).json.items[0].helpful, 1);
		assert.equal((await vote("DELETE", { token: ben.token }))
			.json.helpful, 0);
		assert.equal((await vote("DELETE", { token: ben.token }))
			.json.helpful, 0);
		const people = await together(5, () => customer());
		await together(15, (n) => vote("PUT",
			{ token: people[n % 5].token, parallel: true }));
		assert.equal((await read(item)).json.items[0].helpful, 5);
		await decide(review, "reject", "Taken down");
		assert.equal((await vote("PUT", { token: ben.token })).status, 404);
		assert.equal((await read(item)).json.count, 0);
	});
});

describe("lists", () => {
	test("in four orders, by stars, page by page", async () => {
		const item = await thing();
		const made: any[] = [];
		for (const stars of [3, 5, 1, 5]) {
			const who = await customer();
			await had({ token: who.token }, item);
			made.push(await shown(item, { token: who.token },
				{ ...good, stars }));
		}
		await raw("PUT", `${path(made[2].id)}/vote`, { token: ben.token });
		const walk = async (query: string) => {
			const ids: number[] = [];
			let next: string | null = "";
			do {
				const page: Raw = await read(item, `?limit=1&${query}` +
					(next && `&cursor=${next}`));
				assert.equal(page.status, 200, page.text);
				assert.equal(page.json.count, 4);
				ids.push(...page.json.items.map((i: any) =>
					made.findIndex((m) => m.id === i.id)));
				next = page.json.next;
			} while (next);
			return ids;
		};
		assert.deepEqual(await walk("sort=newest"), [3, 2, 1, 0]);
		assert.deepEqual(await walk("sort=helpful"), [2, 3, 1, 0]);
		assert.deepEqual(await walk("sort=highest"), [3, 1, 0, 2]);
		assert.deepEqual(await walk("sort=lowest"), [2, 0, 3, 1]);
		assert.deepEqual(await walk("sort=newest&stars=5"), [3, 1]);
		const page = await read(item, "?limit=1&sort=newest");
		assert.deepEqual(code(await read(item,
			`?sort=helpful&cursor=${page.json.next}`)),
			[422, "CURSOR_WRONG"]);
		for (const bad of ["sort=random", "stars=0", "stars=6", "limit=101",
			"cursor=x"])
			assert.equal((await read(item, `?${bad}`)).status, 422);
	});

	test("for staff, who decide by their rights", async () => {
		const item = await had({ token: ada.token });
		const review = (await write(item, { token: ada.token })).json;
		const list = (query: string, token = reader.token) => raw("GET",
			`/api/catalog/staff/reviews?product_id=${item.product}${query}`,
			{ token });
		assert.equal((await list("&state=pending")).json.items.length, 1);
		assert.equal((await list("&state=approved")).json.items.length, 0);
		assert.equal((await list("&stars=4&sort=newest&customer_id=" +
			ada.id)).json.items.length, 1);
		assert.equal((await list("&stars=1")).json.items.length, 0);
		assert.equal((await list("", ada.token)).status, 401);
		const one = await raw("GET",
			`/api/catalog/staff/reviews/${review.id}`,
			{ token: reader.token });
		assert.equal(one.headers.get("etag"), `"${review.version}"`);
		assert.equal((await decide(review, "approve", "",
			{ token: reader.token })).status, 403);
		assert.equal((await decide({ ...review, id: randomUUID() },
			"approve")).status, 404);
		assert.equal((await raw("POST",
			`/api/catalog/staff/reviews/${review.id}/decision`,
			{ token: clerk.token, body: { decision: "approve" } })).status,
			428);
		const done = await decide(review, "approve");
		assert.deepEqual(code(await decide(done.json, "approve")),
			[409, "CONFLICT"]);
		const [kept] = await sql(`select staff_id, before ->> 'state' as was,
			after ->> 'state' as is from audit_log where table_name = 'review'
			and row_key = $1`, [review.id]);
		assert.deepEqual(kept, { staff_id: clerk.id, was: "pending",
			is: "approved" });
	});
});

test("without approval a review is shown at once", async () => {
	const item = await had({ token: ben.token });
	await sql(`update setting set value = 'off'
		where key = 'switch.review_approval'`);
	try {
		const written = await write(item, { token: ben.token });
		assert.equal(written.json.state, "approved");
		assert.equal((await read(item)).json.count, 1);
		const changed = await change(written.json.id, 1,
			{ token: ben.token }, { stars: 1 });
		assert.equal(changed.json.state, "approved");
		assert.deepEqual((await read(item)).json.distribution,
			[1, 0, 0, 0, 0]);
	} finally {
		await sql(`update setting set value = 'on'
			where key = 'switch.review_approval'`);
	}
});

test("a written review is sent once for its key", async () => {
	const item = await had({ token: ada.token });
	const by = { token: ada.token,
		headers: { "Idempotency-Key": randomUUID() } };
	const [first, again] = [await write(item, by), await write(item, by)];
	assert.deepEqual(again.json, first.json);
	assert.equal(again.headers.get("idempotent-replayed"), "true");
});
