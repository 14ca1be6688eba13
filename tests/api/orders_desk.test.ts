// SPDX-License-Identifier: ISC
// The order desk: orders found among many, parcels followed, what was paid
// given back, and orders changed before they are packed.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, describe, test } from "node:test";
import { customer, mail, raw, sql, staff, type Person, type Raw } from
	"./harness.js";
import { add, address, checkout, coupon, move, newCart, order, stockOf, thing,
	together, type Who } from "./commerce.js";

let ada: Person, clerk: Person, seller: Person, crm: Person, analyst: Person;
before(async () => {
	ada = await customer();
	clerk = await staff("service");
	seller = await staff("sales");
	crm = await staff("crm");
	analyst = await staff("analyst");
});

const code = (answer: Raw) => [answer.status, answer.json?.code];
const euro = (amount: number) => ({ amount, currency: "EUR" });
const manage = (path: string, token = clerk.token) =>
	raw("GET", `/api/orders/manage${path}`, { token });
const found = async (query: string): Promise<string[]> => {
	const answer = await manage(`?${query}`);
	assert.equal(answer.status, 200, answer.text);
	return answer.json.items.map((o: any) => o.id);
};

/** As staff, at the version that is, unless told. */
async function does(method: string, path: string, body: object = {},
	options: { tag?: string; token?: string; parallel?: boolean } = {}):
	Promise<Raw> {
	const tag = options.tag ?? (await manage(`/${path.split("/")[0]}`))
		.headers.get("etag") ?? '"1"';
	return raw(method, `/api/orders/manage/${path}`, {
		token: options.token ?? clerk.token, body,
		parallel: options.parallel, headers: { "If-Match": tag } });
}
const post = (path: string, body: object = {}, options = {}) =>
	does("POST", path, body, options);

describe("the list", () => {
	let one: any, item: any;
	before(async () => {
		item = await thing({ price: 4321, stock: 50 });
		one = await order({ cart: newCart() }, item.variant, 1, {
			email: `find.me-${randomUUID().slice(0, 6)}@example.org`,
			shipping_address: { ...address, name: "Adébáyọ̀ Nṣúkkà" } });
	});

	test("finds by number, mail and words of a name", async () => {
		for (const q of [one.number, one.number.toLowerCase(),
			one.number.slice(2), one.email, one.email.slice(0, 12) + "@",
			"adebayo nsuk", "NSUKKA", "find.me", "ns adeb"]) {
			const hits = await found(`q=${encodeURIComponent(q)}&limit=100`);
			const wanted = !q.endsWith("@");
			assert.equal(hits.includes(one.id), wanted, q);
		}
		for (const q of ["%", "_", "\\", "xyzzy", "D-0", "'; drop"])
			assert.ok(!(await found(`q=${encodeURIComponent(q)}`))
				.includes(one.id), q);
	});

	test("filters by each of what it has", async () => {
		const who = `q=${one.number}`;
		const [way] = await sql(`select shipping_method_id as id
			from customer_order where id = $1`, [one.id]);
		const total = one.total.amount;
		for (const [yes, no] of [["state=pending", "state=shipped"],
			["payment_state=unpaid", "payment_state=paid"],
			["payment_method=on_delivery", "payment_method=bank_transfer"],
			["unshipped=false", "unshipped=true"],
			["short_of_stock=false", "short_of_stock=true"],
			["owed=false", "owed=true"], ["due=false", "due=true"],
			["returns=none", "returns=any"], ["returns=none", "returns=open"],
			[`shipping_method_id=${way.id}`,
				`shipping_method_id=${randomUUID()}`],
			[`total_min=${total}&total_max=${total}`,
				`total_min=${total + 1}`], ["total_min=1", "total_max=1"],
			["from=2020-01-01T00:00:00Z", "to=2020-01-01T00:00:00Z"],
			["to=2100-01-01T00:00:00Z", "from=2100-01-01T00:00:00Z"],
			["sort=cheapest", `customer_id=${ada.id}`]]) {
			assert.deepEqual(await found(`${who}&${yes}`), [one.id], yes);
			assert.deepEqual(await found(`${who}&${no}`), [], no);
		}
	});

	test("goes page by page, each way, nothing twice or left out", async () => {
		const who = await customer();
		for (const quantity of [2, 1, 3])
			await order({ token: who.token }, item.variant, quantity);
		for (const [sort, key] of [["newest", -1], ["oldest", 1],
			["dearest", -1], ["cheapest", 1]] as const) {
			const all: any[] = [];
			for (let next = ""; ;) {
				const { json } = await manage(`?customer_id=${who.id}&limit=1&` +
					`sort=${sort}${next && `&cursor=${next}`}`);
				all.push(...json.items);
				if (!json.next)
					break;
				next = json.next;
			}
			const keys = all.map((o) => sort.endsWith("est") &&
				sort !== "newest" && sort !== "oldest" ?
				o.total.amount : Date.parse(o.placed_at));
			assert.equal(new Set(all.map((o) => o.id)).size, 3);
			assert.deepEqual(keys, [...keys].sort((a, b) => key * (a - b)));
		}
		assert.equal((await manage("?cursor=bm8")).status, 422);
		assert.equal((await manage("?sort=best")).status, 422);
		assert.equal((await manage("?q=")).status, 200);
	});

	test("counts, with a mark that moves when something happens", async () => {
		const was = (await manage("/counts")).json;
		assert.equal((await manage("/counts")).json.mark, was.mark);
		const placed = await order({ cart: newCart() }, item.variant);
		const now = (await manage("/counts")).json;
		assert.notEqual(now.mark, was.mark);
		assert.equal(now.states.pending, was.states.pending + 1);
		await post(`${placed.id}/notes`, { note: "Seen" });
		assert.notEqual((await manage("/counts")).json.mark, now.mark);
	});
});

describe("cancelling what was paid", () => {
	const paid = async (who: Who, steps: string[] = []) => {
		const item = await thing({ price: 1000, stock: 9 });
		const placed = await order(who, item.variant, 2);
		await move(clerk.token, placed.id, "paid", ...steps);
		return { placed, item };
	};

	test("says what becomes of the money, all in one", async () => {
		const { placed, item } = await paid({ token: ada.token });
		const path = `${placed.id}/transitions`;
		const unsaid = await post(path, { to: "cancelled" });
		assert.equal(unsaid.status, 422);
		assert.equal(unsaid.json.errors[0].field, "refund");
		assert.equal((await post(path, { to: "cancelled", refund: "done" },
			{ token: seller.token })).status, 403);
		const { json } = await post(path, { to: "cancelled", refund: "done",
			note: "Sold out" });
		assert.deepEqual([json.state, json.payment_state, json.refunded],
			["cancelled", "refunded", placed.total]);
		assert.deepEqual(await stockOf(item.variant),
			{ on_hand: 9, reserved: 0 });
		assert.equal((await mail(ada.email, "refunded")).data.refund.reason,
			"Sold out");
		assert.deepEqual(json.events.map((e: any) => e.kind).slice(-3),
			["state", "refund", "payment"]);
		assert.equal(json.events.at(-1).staff_name, "Test service");
		assert.deepEqual(await found(`q=${placed.number}&owed=true`), []);
	});

	test("pending waits for staff; none keeps it in their sight", async () => {
		const one = await paid({ token: ada.token });
		const { json } = await post(`${one.placed.id}/transitions`,
			{ to: "cancelled", refund: "pending" });
		assert.deepEqual([json.payment_state, json.refunded],
			["paid", one.placed.total]);
		const settled = await post(`${one.placed.id}/refunds/` +
			`${json.refunds[0].id}/outcome`, { to: "done" });
		assert.equal(settled.json.payment_state, "refunded");
		const two = await paid({ token: ada.token });
		await post(`${two.placed.id}/transitions`,
			{ to: "cancelled", refund: "none" }, { token: seller.token });
		assert.deepEqual(await found(`q=${two.placed.number}&owed=true`),
			[two.placed.id]);
	});

	test("the customer's own gives all back", async () => {
		const { placed } = await paid({ token: ada.token });
		const answer = await raw("POST", `/api/orders/${placed.id}/cancel`,
			{ token: ada.token, body: {} });
		assert.equal(answer.status, 200, answer.text);
		assert.deepEqual(answer.json.refunds.map((r: any) =>
			[r.state, r.amount]), [["pending", placed.total]]);
	});
});

describe("parcels", () => {
	test("two of them, followed to the door", async () => {
		const item = await thing({ stock: 9 });
		const placed = await order({ token: ada.token }, item.variant, 3);
		await move(clerk.token, placed.id, "confirmed", "processing");
		const line = placed.lines[0].id;
		const parcel = (quantity: number, carrier = "") =>
			post(`${placed.id}/shipments`, { carrier,
				lines: [{ line_id: line, quantity }] });
		const first = await parcel(1, "An Post");
		assert.deepEqual([first.status, first.json.state,
			first.json.transitions.includes("cancelled")],
			[201, "processing", false]);
		const letter = await mail(ada.email, "order-shipped");
		assert.deepEqual([letter.data.partial,
			letter.data.shipment.lines.map((l: any) => l.quantity)], [true, [1]]);
		assert.equal((await parcel(3)).status, 422, "more than is left");
		const second = await parcel(2);
		assert.equal(second.json.state, "shipped");
		const [a, b] = second.json.shipments.map((s: any) => s.id);
		const path = `${placed.id}/shipments/${b}`;
		assert.equal((await does("PATCH", path, { carrier: "DHL" },
			{ tag: '"1"' })).status, 412);
		assert.equal((await does("PATCH", path, { carrier: "DHL" },
			{ token: analyst.token })).status, 403);
		assert.equal((await does("PATCH", `${placed.id}/shipments/` +
			randomUUID(), { carrier: "DHL" })).status, 404);
		const told = await does("PATCH", path,
			{ carrier: "DHL", tracking_number: "JD1" });
		assert.deepEqual([told.status, told.json.shipments[1].carrier],
			[200, "DHL"]);
		assert.equal((await mail(ada.email, "shipment-changed"))
			.data.tracking_number, "JD1");
		const came = await post(`${placed.id}/shipments/${a}/delivery`);
		assert.deepEqual([came.json.state,
			came.json.shipments.map((s: any) => !!s.delivered_at)],
			["shipped", [true, false]]);
		const all = await post(`${path}/delivery`);
		assert.deepEqual([all.json.state, all.json.can_return],
			["delivered", true]);
		assert.equal((await post(`${path}/delivery`)).status, 200, "again");
		assert.deepEqual(await stockOf(item.variant),
			{ on_hand: 6, reserved: 0 });
	});

	test("a part comes back damaged by way of the desk", async () => {
		const item = await thing({ stock: 9, price: 999 });
		const placed = await order({ token: ada.token }, item.variant, 3);
		await move(clerk.token, placed.id, "paid", "processing", "shipped");
		const lines = [{ line_id: placed.lines[0].id, quantity: 2,
			reason: "Broken" }];
		assert.deepEqual(code(await post(`${placed.id}/returns`, { lines })),
			[409, "RETURN_NOT_POSSIBLE"]);
		await move(clerk.token, placed.id, "delivered");
		assert.equal((await post(`${placed.id}/returns`, { lines },
			{ token: analyst.token })).status, 403);
		const opened = await post(`${placed.id}/returns`,
			{ lines, approve: true });
		assert.deepEqual([opened.status, opened.json.state],
			[201, "approved"]);
		assert.deepEqual(await found(`q=${placed.number}&returns=open`),
			[placed.id]);
		const counted = [{ line_id: placed.lines[0].id, quantity: 2,
			restock: false }];
		const said = await post(`${placed.id}/refunds/preview`,
			{ lines: counted });
		const received = await raw("POST", `/api/orders/manage/returns/` +
			`${opened.json.id}/receipt`, { token: clerk.token,
			headers: { "If-Match": `"${opened.json.version}"` },
			body: { lines: [{ line_id: placed.lines[0].id, whole: 1,
				damaged: 1 }] } });
		assert.equal(received.status, 200, received.text);
		const now = (await manage(`/${placed.id}`)).json;
		assert.deepEqual([now.refunded, now.refunds[0].tax],
			[said.json.amount, said.json.tax]);
		assert.equal(said.json.left.amount,
			placed.total.amount - said.json.amount.amount);
		assert.deepEqual(await stockOf(item.variant),
			{ on_hand: 7, reserved: 0 });
		assert.deepEqual(code(await post(`${placed.id}/refunds/preview`,
			{ lines: counted })), [409, "REFUND_NOT_POSSIBLE"]);
		assert.equal((await post(`${placed.id}/refunds/preview`,
			{ lines: counted }, { token: seller.token })).status, 403);
	});
});

describe("a change before packing", () => {
	/** That everything of an order adds up. */
	async function sound(id: string, paid?: number): Promise<any> {
		const { json: o } = await manage(`/${id}`);
		const sum = (pick: (l: any) => number): number =>
			o.lines.reduce((n: number, l: any) => n + pick(l), 0);
		assert.equal(sum((l) => l.total.amount) +
			(o.shipping?.total.amount ?? 0), o.total.amount);
		assert.equal(sum((l) => l.tax.amount) + (o.shipping?.tax.amount ?? 0),
			o.tax.amount);
		assert.equal(sum((l) => l.subtotal.amount), o.subtotal.amount);
		assert.equal(sum((l) => l.discount.amount), o.discount.amount);
		assert.ok(o.lines.every((l: any) => l.total.amount >= 0));
		if (paid !== undefined)
			assert.equal(o.total.amount - o.due.amount + o.refunds.reduce(
				(n: number, r: any) => n + r.amount.amount, 0), paid);
		const [held] = await sql(`select coalesce(sum(quantity), 0)::int as n
			from reservation where order_id = $1`, [id]);
		assert.equal(held.n, o.state === "cancelled" ? 0 :
			sum((l) => l.quantity));
		return o;
	}
	const change = (id: string, body: object, options = {}) =>
		post(`${id}/changes`, body, options);

	test("adds, removes, counts anew; at the prices of then", async () => {
		const [one, two, three] = [await thing({ price: 1000, stock: 9 }),
			await thing({ price: 500, stock: 9 }),
			await thing({ price: 250, stock: 2 })];
		await add({ token: ada.token }, one.variant, 2);
		const placed = await order({ token: ada.token }, two.variant, 1);
		await sql("update variant set price_amount = 9999 where id = any ($1)",
			[[one.variant, two.variant]]);
		const [first, second] = placed.lines;
		assert.equal((await manage(`/${placed.id}`)).json.can_edit, true);
		const body = { note: "As you asked on the phone", lines: [
			{ line_id: first.id, quantity: 3 },
			{ line_id: second.id, quantity: 0 },
			{ variant_id: three.variant, quantity: 2 }] };
		const said = await post(`${placed.id}/changes/preview`, body);
		assert.equal(said.status, 200, said.text);
		assert.deepEqual((await manage(`/${placed.id}`)).json.lines,
			(await raw("GET", `/api/orders/${placed.id}`,
				{ token: ada.token })).json.lines);
		assert.deepEqual(code(await change(placed.id, { ...body,
			expected_total: euro(1) })), [409, "PRICE_CHANGED"]);
		const done = await change(placed.id, { ...body,
			expected_total: said.json.total });
		assert.equal(done.status, 200, done.text);
		assert.deepEqual(done.json.lines.map((l: any) => [l.sku, l.quantity,
			l.total.amount]), [[one.sku, 3, 3000], [three.sku, 2, 500]]);
		assert.equal(done.json.lines[0].id, first.id);
		await sound(placed.id);
		assert.deepEqual([await stockOf(one.variant), await stockOf(two.variant),
			await stockOf(three.variant)].map((s) => s.reserved), [3, 0, 2]);
		const event = done.json.events.at(-1);
		assert.deepEqual([event.kind, event.note, event.data.before.total,
			event.data.after.total, event.staff_id], ["edit", body.note,
			placed.total, done.json.total, clerk.id]);
		const letter = await mail(ada.email, "order-changed");
		assert.deepEqual([letter.data.total, letter.data.before],
			[done.json.total, placed.total]);
		const short = await change(placed.id, { lines: [
			{ line_id: done.json.lines[1].id, quantity: 3 }] });
		assert.deepEqual(code(short), [409, "OUT_OF_STOCK"]);
		assert.deepEqual((await stockOf(three.variant)).reserved, 2);
	});

	test("is refused where it can't be meant", async () => {
		const item = await thing({ stock: 9 });
		const placed = await order({ token: ada.token }, item.variant, 2);
		const line_id = placed.lines[0].id;
		const lines = (...l: object[]) => change(placed.id, { lines: l });
		assert.equal((await change(placed.id, {}, { tag: "" })).status, 428);
		assert.equal((await change(placed.id, {}, { tag: '"9"' })).status, 412);
		assert.equal((await change(placed.id, {},
			{ token: analyst.token })).status, 403);
		assert.equal((await change(randomUUID(), {})).status, 404);
		for (const wrong of [{ quantity: 1 }, { line_id, quantity: 1000 },
			{ line_id, quantity: -1 }, { line_id: randomUUID(), quantity: 1 },
			{ line_id, variant_id: item.variant, quantity: 1 },
			{ variant_id: item.variant, quantity: 1 },
			{ variant_id: randomUUID(), quantity: 1 },
			{ line_id, quantity: 0 }])
			assert.equal((await lines(wrong)).status, 422,
				JSON.stringify(wrong));
		assert.equal((await lines({ line_id, quantity: 1 },
			{ line_id, quantity: 2 })).status, 422);
		await move(clerk.token, placed.id, "confirmed", "processing");
		assert.deepEqual(code(await lines({ line_id, quantity: 1 })),
			[409, "ORDER_NOT_CHANGEABLE"]);
		assert.equal((await manage(`/${placed.id}`)).json.can_edit, false);
		assert.deepEqual(await sql("select from order_basis where order_id = $1",
			[placed.id]), []);
	});

	test("of a paid order gives back, or leaves something due", async () => {
		const item = await thing({ price: 1000, stock: 20 });
		const placed = await order({ token: ada.token }, item.variant, 3);
		const paid = placed.total.amount;
		await move(clerk.token, placed.id, "paid");
		const to = (quantity: number, more = {}, options = {}) =>
			change(placed.id, { ...more, lines: [
				{ line_id: placed.lines[0].id, quantity }] }, options);
		assert.equal((await to(1, {}, { token: seller.token })).status, 403);
		const less = await to(1, { refund: "done" });
		assert.deepEqual([less.json.refunds.map((r: any) =>
			[r.cause, r.state]), less.json.payment_state],
			[[["edit", "done"]], "paid"]);
		await sound(placed.id, paid);
		const more = await to(4, {}, { token: seller.token });
		assert.ok(more.json.due.amount > 0);
		await sound(placed.id, paid);
		assert.deepEqual(await found(`q=${placed.number}&due=true`),
			[placed.id]);
		const owed = await post(`${placed.id}/transitions`,
			{ to: "cancelled", refund: "done" });
		const gone = (await manage(`/${placed.id}`)).json;
		assert.deepEqual([owed.status, gone.payment_state,
			gone.refunds.reduce((n: number, r: any) =>
				n + r.amount.amount, 0)], [200, "refunded", paid]);
	});

	test("what is due can come, and pieces go back in full then", async () => {
		const item = await thing({ price: 1000, stock: 20 });
		const placed = await order({ token: ada.token }, item.variant, 1);
		await move(clerk.token, placed.id, "paid");
		const nothing = await post(`${placed.id}/payments`);
		assert.equal(nothing.status, 409);
		const more = await change(placed.id, { lines: [
			{ line_id: placed.lines[0].id, quantity: 3 }] });
		const came = await post(`${placed.id}/payments`, { note: "By transfer" });
		assert.deepEqual([came.json.due, came.json.events.at(-1).data.amount],
			[euro(0), more.json.due]);
		const gone = await post(`${placed.id}/transitions`,
			{ to: "cancelled", refund: "done" });
		assert.deepEqual(gone.json.refunded, more.json.total);
	});

	test("keeps coupon and points right", async () => {
		const who = await customer();
		await raw("POST", "/api/loyalty/adjustments", { token: crm.token,
			body: { customer_id: who.id, points: 900, reason: "A test" } });
		const item = await thing({ price: 1000, stock: 20, tax: "zero" });
		const word = await coupon({ kind: "amount", percent: null, amount: 500,
			minimum_amount: 2000 });
		await add({ token: who.token }, item.variant, 2);
		await raw("POST", "/api/cart/coupons", { token: who.token,
			body: { code: word } });
		await raw("PUT", "/api/cart/points", { token: who.token,
			body: { points: 900 } });
		const placed = (await checkout({ token: who.token })).json;
		assert.equal(placed.points.redeemed, 900);
		// The promotion ends; what was ordered by it still stands.
		await sql(`update promotion set active = false where id = (
			select promotion_id from coupon where code = $1)`, [word]);
		const line_id = placed.lines[0].id;
		const more = await change(placed.id,
			{ lines: [{ line_id, quantity: 3 }] });
		assert.equal(more.json.discount.amount, 1400);
		const less = await change(placed.id,
			{ lines: [{ line_id, quantity: 1 }] });
		assert.deepEqual([less.json.discounts.map((d: any) => d.kind),
			less.json.points.redeemed], [["points"], 900]);
		await sound(placed.id);
		const [use] = await sql(`select u.state, c.uses from coupon_use u
			join coupon c on c.id = u.coupon_id where u.order_id = $1`,
			[placed.id]);
		assert.deepEqual(use, { state: "released", uses: 0 });
		const balance = async (): Promise<number> =>
			(await sql(`select balance::int as n from points_account
				where customer_id = $1`, [who.id]))[0].n;
		assert.equal(await balance(), 0);
		const cheap = await thing({ price: 400, stock: 9, tax: "zero" });
		await change(placed.id, { lines: [{ line_id, quantity: 0 },
			{ variant_id: cheap.variant, quantity: 1 }] });
		assert.equal(await balance(), 500);
		await move(clerk.token, placed.id, "cancelled");
		assert.equal(await balance(), 900);
	});

	test("of the address moves the tax with it", async () => {
		const item = await thing({ price: 1000, stock: 9 });
		const placed = await order({ token: ada.token }, item.variant, 1);
		const same = await change(placed.id, { shipping_address:
			{ ...address, line1: "13 Moore Street" } });
		assert.deepEqual([same.json.total, same.json.shipping_address.line1],
			[placed.total, "13 Moore Street"]);
		const far = await change(placed.id, { shipping_address:
			{ ...address, country: "DE", postcode: "10115" } });
		assert.ok([200, 422].includes(far.status), far.text);
		await sound(placed.id);
	});

	test("any number of them, at random, sum up", async () => {
		const things = await Promise.all([333, 1999, 75, 1].map((price) =>
			thing({ price, stock: 500 })));
		const pick = (n: number): number => Math.floor(Math.random() * n);
		for (let round = 0; round < 4; round++) {
			const placed = await order({ token: ada.token },
				things[pick(4)].variant, 1 + pick(5));
			const paid = round % 2 ? placed.total.amount : undefined;
			if (paid !== undefined)
				await move(clerk.token, placed.id, "paid");
			for (let step = 0; step < 6; step++) {
				const now = (await manage(`/${placed.id}`)).json;
				const fresh = things.filter((t) => !now.lines.some((l: any) =>
					l.variant_id === t.variant))[0];
				const lines = fresh && pick(2) ?
					[{ variant_id: fresh.variant, quantity: 1 + pick(4) }] :
					[{ line_id: now.lines[pick(now.lines.length)].id,
						quantity: pick(now.lines.length > 1 ? 5 : 4) +
							(now.lines.length > 1 ? 0 : 1) }];
				const done = await change(placed.id, { lines,
					refund: pick(2) ? "done" : "pending" });
				assert.equal(done.status, 200, done.text);
				await sound(placed.id, paid);
			}
		}
	});

	test("and a move at once: one of them wins", async () => {
		const item = await thing({ stock: 50 });
		const placed = await order({ token: ada.token }, item.variant, 2);
		const tag = (await manage(`/${placed.id}`)).headers.get("etag")!;
		const answers = await together(6, (n) => n % 2 ?
			change(placed.id, { lines: [{ line_id: placed.lines[0].id,
				quantity: 1 + n }] }, { tag, parallel: true }) :
			post(`${placed.id}/transitions`, { to: "confirmed" },
				{ tag, parallel: true }));
		assert.deepEqual(answers.map((a) => a.status).sort(),
			[200, 412, 412, 412, 412, 412]);
		await sound(placed.id);
	});
});
