// SPDX-License-Identifier: ISC
// Money that goes back, goods that come back, and guests with the key of
// their mail.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, describe, test } from "node:test";
import { customer, mail, raw, sql, staff, type Person, type Raw } from
	"./harness.js";
import { move, newCart, order, stockOf, thing, together, type Who } from
	"./commerce.js";

let ada: Person, clerk: Person, seller: Person;
before(async () => {
	ada = await customer();
	[clerk, seller] = [await staff("service"), await staff("sales")];
});

const arrived = ["confirmed", "processing", "shipped", "delivered"];
const euro = (amount: number) => ({ amount, currency: "EUR" });
const code = (answer: Raw) => [answer.status, answer.json?.code];

/** A delivered, paid order of so many pieces. */
async function delivered(who: Who, quantity: number, price = 1000):
	Promise<{ one: any; variant: string }> {
	const item = await thing({ price, stock: 20 });
	const placed = await order(who, item.variant, quantity);
	const one = await move(clerk.token, placed.id, ...arrived, "paid");
	return { one, variant: item.variant };
}

const manage = (path: string, token = clerk.token) =>
	raw("GET", `/api/orders/manage/${path}`, { token });

/** As staff, at the version that is, unless told. */
async function does(path: string, body: object, options: { tag?: string;
	token?: string; key?: string } = {}): Promise<Raw> {
	const thing = path.startsWith("returns/") ? path.split("/", 2).join("/")
		: path.split("/")[0];
	const tag = options.tag ??
		(await manage(thing)).headers.get("etag") ?? '"1"';
	return raw("POST", `/api/orders/manage/${path}`, {
		token: options.token ?? clerk.token, body,
		headers: { ...tag ? { "If-Match": tag } : {},
			...options.key ? { "Idempotency-Key": options.key } : {} } });
}

const pieces = (one: any, quantity: number, restock = false) =>
	({ lines: [{ line_id: one.lines[0].id, quantity, restock }] });

describe("a refund", () => {
	test("gives back pieces, the last what is left, then the shipping",
		async () => {
		const { one, variant } = await delivered({ token: ada.token }, 3, 333);
		const paid = one.total.amount;
		const first = await does(`${one.id}/refunds`,
			{ ...pieces(one, 1, true), reason: "One was torn" });
		assert.equal(first.status, 201, first.text);
		assert.deepEqual([first.json.payment_state, first.json.refunded],
			["partly_refunded", euro(333)]);
		assert.equal(first.json.lines[0].refunded, 1);
		assert.deepEqual(first.json.refunds.map((r: any) =>
			[r.number, r.state, r.reason, r.amount, r.lines[0].quantity]),
			[[1, "done", "One was torn", euro(333), 1]]);
		assert.equal((await stockOf(variant)).on_hand, 18);
		const letter = await mail(ada.email, "refunded");
		assert.deepEqual(letter.data.refund.amount, euro(333));
		assert.equal(letter.data.path, `/account/orders/${one.id}`);
		const all = await does(`${one.id}/refunds`,
			{ ...pieces(one, 2), shipping: true });
		assert.deepEqual([all.json.payment_state, all.json.refunded.amount],
			["refunded", paid]);
		assert.equal((await stockOf(variant)).on_hand, 18);
		const seen = await raw("GET", `/api/orders/${one.id}`,
			{ token: ada.token });
		assert.equal(seen.json.refunds.length, 2);
		assert.deepEqual((await manage(`${one.id}/refunds`)).json.items,
			all.json.refunds);
		const events = await raw("GET", `/api/orders/${one.id}/events`,
			{ token: ada.token });
		assert.deepEqual(events.json.items.slice(-4).map((e: any) =>
			[e.kind, e.to]), [["refund", "done"],
			["payment", "partly_refunded"], ["refund", "done"],
			["payment", "refunded"]]);
	});

	test("k of one piece are as one of k", async () => {
		for (const price of [1, 7, 99]) {
			const [by, at] = await Promise.all([1, 2].map(() =>
				delivered({ cart: newCart() }, 4, price)));
			for (let n = 0; n < 3; n++)
				await does(`${by.one.id}/refunds`, pieces(by.one, 1));
			const once = await does(`${at.one.id}/refunds`, pieces(at.one, 3));
			const sum = (await manage(by.one.id)).json;
			assert.deepEqual(sum.refunded, once.json.refunded);
		}
	});

	test("is refused where nothing can go back", async () => {
		const { one } = await delivered({ token: ada.token }, 2);
		const path = `${one.id}/refunds`;
		assert.equal((await does(path, pieces(one, 1), { tag: "" })).status, 428);
		assert.equal((await does(path, pieces(one, 1), { tag: '"1"' })).status,
			412);
		assert.equal((await does(path, pieces(one, 1),
			{ token: seller.token })).status, 403);
		assert.equal((await raw("POST", `/api/orders/manage/${path}`,
			{ token: ada.token, body: pieces(one, 1) })).status, 401);
		assert.equal((await does(`${randomUUID()}/refunds`, pieces(one, 1)))
			.status, 404);
		assert.equal((await does(path, {})).status, 422);
		assert.equal((await does(path, pieces(one, 0))).status, 422);
		assert.equal((await does(path, { lines: [{ quantity: 1, restock: true,
			line_id: randomUUID() }] })).status, 422);
		const over = await does(path, pieces(one, 3));
		assert.deepEqual(code(over), [409, "REFUND_NOT_POSSIBLE"]);
		assert.deepEqual(over.json.data.lines, [{ line_id: one.lines[0].id,
			sku: one.lines[0].sku, wanted: 3, refundable: 2 }]);
		const twice = { lines: [...pieces(one, 1).lines, ...pieces(one, 2).lines] };
		assert.deepEqual(code(await does(path, twice)),
			[409, "REFUND_NOT_POSSIBLE"]);
		await does(path, { shipping: true });
		assert.deepEqual(code(await does(path, { shipping: true })),
			[409, "REFUND_NOT_POSSIBLE"]);
		const unpaid = await order({ token: ada.token },
			(await thing()).variant);
		assert.deepEqual(code(await does(`${unpaid.id}/refunds`,
			{ shipping: true })), [409, "REFUND_NOT_POSSIBLE"]);
		assert.deepEqual(code(await does(`${unpaid.id}/transitions`,
			{ to: "refunded" })), [409, "TRANSITION_NOT_ALLOWED"]);
		const paid = await move(clerk.token, unpaid.id, "paid");
		assert.deepEqual(code(await does(`${unpaid.id}/transitions`,
			{ to: "refunded" })), [409, "TRANSITION_NOT_ALLOWED"]);
		assert.deepEqual(code(await does(`${unpaid.id}/refunds`,
			pieces(paid, 1))), [409, "REFUND_NOT_POSSIBLE"]);
	});

	test("of a cancelled order is of what never left", async () => {
		const item = await thing({ stock: 5 });
		const one = await order({ token: ada.token }, item.variant, 2);
		await move(clerk.token, one.id, "paid", "cancelled");
		assert.deepEqual(code(await does(`${one.id}/refunds`,
			pieces(one, 2, true))), [409, "REFUND_NOT_POSSIBLE"]);
		const back = await does(`${one.id}/refunds`,
			{ ...pieces(one, 2), shipping: true });
		assert.equal(back.json.payment_state, "refunded");
		assert.deepEqual(await stockOf(item.variant),
			{ on_hand: 5, reserved: 0 });
	});

	test("sent again with its key is one; many at once are one", async () => {
		const { one } = await delivered({ token: ada.token }, 5);
		const key = randomUUID();
		const tag = (await manage(one.id)).headers.get("etag")!;
		const send = (key: string) => does(`${one.id}/refunds`,
			pieces(one, 1), { tag, key });
		const first = await send(key), again = await send(key);
		assert.equal(again.text, first.text);
		assert.equal(again.headers.get("idempotent-replayed"), "true");
		const now = (await manage(one.id)).headers.get("etag")!;
		const answers = await together(10, () => raw("POST",
			`/api/orders/manage/${one.id}/refunds`, { token: clerk.token,
				body: pieces(one, 4), parallel: true,
				headers: { "If-Match": now } }));
		assert.equal(answers.filter((a) => a.status === 201).length, 1);
		assert.ok(answers.every((a) => [201, 412].includes(a.status)));
		const { json } = await manage(one.id);
		assert.deepEqual([json.refunds.length, json.lines[0].refunded], [2, 5]);
	});

	test("may be pending, and fail", async () => {
		const { one } = await delivered({ token: ada.token }, 2);
		const made = await does(`${one.id}/refunds`,
			{ ...pieces(one, 2), pending: true });
		const [refund] = made.json.refunds;
		assert.deepEqual([made.json.payment_state, refund.state,
			refund.settled_at], ["paid", "pending", null]);
		assert.deepEqual(code(await does(`${one.id}/refunds`, pieces(one, 1))),
			[409, "REFUND_NOT_POSSIBLE"]);
		const path = `${one.id}/refunds/${refund.id}/outcome`;
		assert.equal((await does(path, { to: "failed" },
			{ token: seller.token })).status, 403);
		assert.equal((await does(`${one.id}/refunds/${randomUUID()}/outcome`,
			{ to: "done" })).status, 404);
		const failed = await does(path, { to: "failed", note: "No account" });
		assert.deepEqual([failed.status, failed.json.refunds[0].state,
			failed.json.refunded, failed.json.payment_state],
			[200, "failed", euro(0), "paid"]);
		assert.deepEqual(code(await does(path, { to: "done" })),
			[409, "TRANSITION_NOT_ALLOWED"]);
		const next = await does(`${one.id}/refunds`,
			{ ...pieces(one, 2), pending: true });
		const done = await does(
			`${one.id}/refunds/${next.json.refunds[1].id}/outcome`,
			{ to: "done" });
		assert.deepEqual([done.json.payment_state, done.json.refunded],
			["partly_refunded", euro(2000)]);
	});

	test("takes earned points back", async () => {
		const eve = await customer();
		const { one } = await delivered({ token: eve.token }, 4, 2500);
		const points = async () => (await sql(`select coalesce(sum(points), 0)
			::int as n from points_entry where customer_id = $1`,
			[eve.id]))[0].n;
		const earned = await points();
		assert.ok(earned > 0);
		await does(`${one.id}/refunds`, pieces(one, 1));
		assert.equal(await points(), earned - Math.round(earned / 4));
		await does(`${one.id}/refunds`, pieces(one, 3));
		assert.equal(await points(), 0);
	});
});

describe("a return", () => {
	const asks = (who: Who, one: any, quantity: number, headers = {}) =>
		raw("POST", `/api/orders/${one.id}/returns`, { ...who, headers,
			body: { note: "Please", lines: [{ line_id: one.lines[0].id,
				quantity, reason: "Too small" }] } });

	test("is asked for, approved, received and refunded", async () => {
		const who = { token: ada.token };
		const { one, variant } = await delivered(who, 4);
		const before = (await raw("GET", `/api/orders/${one.id}`, who)).json;
		assert.deepEqual([before.can_return, before.lines[0].returnable],
			[true, 4]);
		assert.ok(Date.parse(before.return_until) > Date.now() + 29 * 864e5);
		const asked = await asks(who, one, 3);
		assert.equal(asked.status, 201, asked.text);
		assert.equal(asked.json.state, "requested");
		assert.ok((await mail(ada.email, "return-moved")).data.requested);
		const path = `returns/${asked.json.id}`;
		const listed = await manage("returns?state=requested&limit=100");
		const found = listed.json.items.find((i: any) => i.id === asked.json.id);
		assert.equal(found.order.number, one.number);
		const approved = await does(`${path}/decision`,
			{ decision: "approve", note: "By post" });
		assert.deepEqual([approved.status, approved.json.state,
			approved.json.decision_note], [200, "approved", "By post"]);
		const received = await does(`${path}/receipt`, { note: "Thank you",
			lines: [{ line_id: one.lines[0].id, whole: 2, damaged: 1 }] });
		assert.equal(received.status, 200, received.text);
		assert.deepEqual([received.json.state, received.json.lines[0].whole,
			received.json.lines[0].damaged, received.json.order.payment_state],
			["received", 2, 1, "partly_refunded"]);
		assert.equal((await stockOf(variant)).on_hand, 18);
		const after = (await raw("GET", `/api/orders/${one.id}`, who)).json;
		assert.deepEqual([after.refunded, after.lines[0].returnable,
			after.returns[0].refund_id], [euro(3000), 1, after.refunds[0].id]);
		const mine = await raw("GET", `/api/orders/${one.id}/returns`, who);
		assert.deepEqual(mine.json.items, after.returns);
		const events = await raw("GET", `/api/orders/${one.id}/events`, who);
		assert.deepEqual(events.json.items.filter((e: any) =>
			e.kind === "return").map((e: any) => e.to),
			["requested", "approved", "received"]);
	});

	test("is refused with a reason", async () => {
		const who = { token: ada.token };
		const { one } = await delivered(who, 2);
		const asked = await asks(who, one, 2);
		const path = `returns/${asked.json.id}/decision`;
		const silent = await does(path, { decision: "refuse" });
		assert.deepEqual([silent.status, silent.json.errors[0].field],
			[422, "note"]);
		const refused = await does(path, { decision: "refuse", note: "Worn" });
		assert.equal(refused.json.state, "refused");
		assert.deepEqual(code(await does(path, { decision: "approve" })),
			[409, "TRANSITION_NOT_ALLOWED"]);
		assert.deepEqual(code(await does(`returns/${asked.json.id}/receipt`,
			{ lines: [{ line_id: one.lines[0].id, whole: 1, damaged: 0 }] })),
			[409, "TRANSITION_NOT_ALLOWED"]);
		assert.equal((await asks(who, one, 1)).status, 201);
	});

	test("is not taken where it can't be", async () => {
		const who = { token: ada.token };
		const { one } = await delivered(who, 2);
		const item = await thing();
		const fresh = await order(who, item.variant);
		assert.deepEqual(code(await asks(who, fresh, 1)),
			[409, "RETURN_NOT_POSSIBLE"]);
		const ben = await customer();
		for (const other of [{ token: ben.token }, { cart: newCart() }, {}]) {
			assert.equal((await asks(other, one, 1)).status, 404);
			assert.equal((await raw("GET", `/api/orders/${one.id}/returns`,
				other)).status, 404);
		}
		const over = await asks(who, one, 3);
		assert.deepEqual(code(over), [409, "RETURN_NOT_POSSIBLE"]);
		assert.equal(over.json.data.lines[0].returnable, 2);
		assert.equal((await raw("POST", `/api/orders/${one.id}/returns`,
			{ ...who, body: { lines: [] } })).status, 422);
		const { json } = await asks(who, one, 1);
		for (const step of ["decision", "receipt"])
			assert.equal((await does(`returns/${json.id}/${step}`,
				step === "decision" ? { decision: "approve" } : { lines: [
				{ line_id: one.lines[0].id, whole: 1, damaged: 0 }] },
				{ token: (await staff("analyst")).token })).status, 403);
		assert.equal((await does(`returns/${randomUUID()}/decision`,
			{ decision: "approve" })).status, 404);
		assert.equal((await manage(`returns/${randomUUID()}`)).status, 404);
		await sql("update setting set value = '0' where key = 'returns.days'");
		try {
			const late = await asks(who, one, 1);
			assert.deepEqual(code(late), [409, "RETURN_NOT_POSSIBLE"]);
			assert.equal((await raw("GET", `/api/orders/${one.id}`, who)).json
				.can_return, false);
		} finally {
			await sql(`update setting set value = '30'
				where key = 'returns.days'`);
		}
	});

	test("asked for by many at once is asked for once", async () => {
		const who = { token: ada.token };
		const { one } = await delivered(who, 2);
		const answers = await together(8, () => raw("POST",
			`/api/orders/${one.id}/returns`, { ...who, parallel: true,
				body: { lines: [{ line_id: one.lines[0].id, quantity: 2 }] } }));
		assert.equal(answers.filter((a) => a.status === 201).length, 1);
		assert.ok(answers.every((a) => a.status === 201 ||
			a.json.code === "RETURN_NOT_POSSIBLE"));
	});
});

describe("a guest's key", () => {
	const keyOf = async (email: string, template: string) => {
		const { data } = await mail(email, template);
		const [, id, key] = /^\/order\/([0-9a-f-]{36})#key=([\w-]{43})$/
			.exec(data.path)!;
		return { id, headers: { "Duka-Order-Key": key }, key };
	};
	const address = () => `${randomUUID()}@example.org`;

	test("opens the order it was sent for, and nothing else", async () => {
		const email = address();
		const one = await order({ cart: newCart() }, (await thing()).variant, 1,
			{ email });
		const other = await order({ cart: newCart() }, (await thing()).variant);
		const { id, headers, key } = await keyOf(email, "order-placed");
		assert.equal(id, one.id);
		const seen = await raw("GET", `/api/orders/${one.id}`, { headers });
		assert.deepEqual(seen.json, one);
		assert.equal((await raw("GET", `/api/orders/${one.id}/events`,
			{ headers })).status, 200);
		const nothing = await raw("GET", `/api/orders/${randomUUID()}`);
		for (const [path, sent] of [[one.id, `${key}x`], [one.id, ""],
			[one.id, "A".repeat(43)], [other.id, key],
			[randomUUID(), key]]) {
			const answer = await raw("GET", `/api/orders/${path}`,
				{ headers: { "Duka-Order-Key": sent } });
			assert.deepEqual([answer.status, answer.json.title],
				[404, nothing.json.title]);
		}
		const rows = await sql(`select encode(digest, 'hex') as digest
			from order_key where order_id = $1`, [one.id]);
		assert.equal(rows.length, 1);
		assert.notEqual(rows[0].digest, key);
		await sql(`update order_key set expires_at = now()
			where order_id = $1`, [one.id]);
		assert.equal((await raw("GET", `/api/orders/${one.id}`, { headers }))
			.status, 404);
	});

	test("cancels, and returns what was delivered", async () => {
		const [first, second] = [address(), address()];
		const open = await order({ cart: newCart() }, (await thing()).variant,
			1, { email: first });
		const by = await keyOf(first, "order-placed");
		assert.equal((await raw("POST", `/api/orders/${open.id}/cancel`,
			{ body: {}, headers: { "Duka-Order-Key": "no" } })).status, 404);
		assert.equal((await raw("POST", `/api/orders/${open.id}/cancel`,
			{ body: {}, headers: by.headers })).json.state, "cancelled");
		const placed = await order({ cart: newCart() }, (await thing()).variant,
			2, { email: second });
		await move(clerk.token, placed.id, ...arrived, "paid");
		const { headers } = await keyOf(second, "order-delivered");
		const asked = await raw("POST", `/api/orders/${placed.id}/returns`,
			{ headers, body: { lines: [{ line_id: placed.lines[0].id,
				quantity: 1 }] } });
		assert.equal(asked.status, 201, asked.text);
		assert.equal((await raw("GET", `/api/orders/${placed.id}/returns`,
			{ headers })).json.items.length, 1);
	});

	test("is not made for customers, and stands in no table", async () => {
		const eve = await customer();
		const one = await order({ token: eve.token }, (await thing()).variant);
		const { data } = await mail(eve.email, "order-placed");
		assert.equal(data.path, `/account/orders/${one.id}`);
		assert.equal((await sql(`select from order_key where order_id = $1`,
			[one.id])).length, 0);
	});
});
