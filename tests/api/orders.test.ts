// SPDX-License-Identifier: ISC
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, describe, test } from "node:test";
import { customer, mail, raw, sql, staff, type Person } from "./harness.js";
import { add, address, checkout, coupon, method, move, newCart, order, stockOf, thing, together, type Who } from "./commerce.js";

const get = (path: string, who: Who = {}) => raw("GET", path, { ...who });

describe("checkout", () => {
	test("makes an order of the cart, whole", async () => {
		const ada = await customer(), who = { token: ada.token };
		const a = await thing({ price: 349, stock: 9 });
		const b = await thing({ price: 1250, tax: "zero", stock: 9 });
		await add(who, a.variant, 3);
		const { json: cart } = await add(who, b.variant);
		const total = cart.quote.total.amount + 690;
		const placed = await checkout(who, { note: "Ring twice",
			expected_total: { amount: total, currency: "EUR" } });
		assert.equal(placed.status, 201, placed.text);
		const one = placed.json;
		assert.equal(placed.headers.get("location"), `/api/orders/${one.id}`);
		assert.match(placed.headers.get("etag")!, /^(W\/)?"1"$/);
		assert.match(one.number, /^D-\d{6,}$/);
		assert.deepEqual([one.state, one.payment_state, one.email, one.note],
			["pending", "unpaid", ada.email, "Ring twice"]);
		assert.equal(one.total.amount, total);
		assert.equal(one.shipping.total.amount, 690);
		assert.deepEqual(one.lines.map((l: any) => [l.sku, l.quantity,
			l.unit_price.amount, l.tax_rate]),
			[[a.sku, 3, 349, "0.23"], [b.sku, 1, 1250, "0"]]);
		assert.deepEqual(await stockOf(a.variant), { on_hand: 9, reserved: 3 });
		const letter = await mail(ada.email, "order-placed");
		assert.equal(letter.data.number, one.number);
		assert.equal(letter.data.lines.length, 2);
		assert.equal((await get("/api/cart", who)).json.quote.lines.length, 0);
		const seen = await get(`/api/orders/${one.id}`, who);
		assert.deepEqual(seen.json, one);
		assert.equal((await checkout(who)).json.code, "CART_EMPTY");
	});

	test("keeps its price when the product's changes", async () => {
		const who = { cart: newCart() }, item = await thing({ price: 500 });
		const one = await order(who, item.variant, 2);
		await sql("update variant set price_amount = 900 where id = $1",
			[item.variant]);
		const seen = (await get(`/api/orders/${one.id}`, who)).json;
		assert.deepEqual(seen.total, one.total);
		assert.equal(seen.lines[0].unit_price.amount, 500);
	});

	test("by a guest needs a mail address", async () => {
		const who = { cart: newCart() }, item = await thing();
		await add(who, item.variant);
		const refused = await checkout(who, { email: undefined });
		assert.equal(refused.status, 422);
		assert.deepEqual(refused.json.errors.map((e: any) => [e.field, e.code]),
			[["email", "required"]]);
		const placed = await checkout(who, { email: "guest@example.org" });
		assert.equal(placed.json.email, "guest@example.org");
		assert.equal((await get("/api/orders", who)).json.items.length, 1);
		assert.equal((await checkout({}, { email: "x@example.org" })).json.code,
			"CART_EMPTY");
	});

	test("uses the book of addresses, the own only", async () => {
		const ada = await customer(), ben = await customer();
		const item = await thing();
		const [row] = await sql(`insert into customer_address (customer_id, name,
			line1, city, postcode, country) values ($1, 'Ada Obi', '1 Street',
			'Cork', 'T12 AB34', 'IE') returning id`, [ada.id]);
		for (const [who, status] of [[ben, 422], [ada, 201]] as const) {
			await add({ token: who.token }, item.variant);
			const placed = await checkout({ token: who.token },
				{ shipping_address: undefined, address_id: row.id });
			assert.equal(placed.status, status, placed.text);
			if (status === 201)
				assert.equal(placed.json.shipping_address.city, "Cork");
		}
	});

	test("refuses what can't be", async () => {
		const who = { cart: newCart() }, item = await thing();
		await add(who, item.variant);
		const refused = async (more: Record<string, unknown>, code: string) => {
			const answer = await checkout(who, more);
			assert.equal(answer.json.code, code, answer.text);
			assert.ok(answer.status >= 400);
		};
		await refused({ shipping_method_id: undefined }, "INVALID");
		await refused({ shipping_method_id: randomUUID() }, "SHIPPING_NOT_AVAILABLE");
		await refused({ shipping_method_id: await method("delivery-eu") },
			"SHIPPING_NOT_AVAILABLE");
		await refused({ shipping_address: undefined }, "INVALID");
		await refused({ shipping_address: { ...address, country: "??" } },
			"SHIPPING_NOT_AVAILABLE");
		await refused({ payment_method: "beans" }, "INVALID");
		await refused({ expected_total: { amount: 1, currency: "EUR" } },
			"PRICE_CHANGED");
		await refused({ billing_address_id: randomUUID() }, "INVALID");
		await sql("update setting set value = 'off' where key = 'switch.checkout'");
		try {
			await refused({}, "CHECKOUT_CLOSED");
		} finally {
			await sql("update setting set value = 'on' where key = 'switch.checkout'");
		}
		const pickup = await checkout(who, { shipping_address: undefined,
			shipping_method_id: await method("pickup") });
		assert.equal(pickup.status, 201, pickup.text);
		assert.equal(pickup.json.shipping_address, null);
	});

	test("fails whole when something is short, and says what", async () => {
		const who = { cart: newCart() };
		const a = await thing({ stock: 5 }), b = await thing({ stock: 5 });
		await add(who, a.variant, 2);
		await add(who, b.variant, 4);
		await sql("select set_stock($1, 'main', 1, 'gone')", [b.variant]);
		const refused = await checkout(who);
		assert.equal(refused.status, 409);
		assert.equal(refused.json.code, "OUT_OF_STOCK");
		assert.deepEqual(refused.json.data.lines.map((l: any) => [l.sku, l.wanted,
			l.available]), [[b.sku, 4, 1]]);
		assert.equal((await stockOf(a.variant)).reserved, 0);
		assert.equal((await get("/api/cart", who)).json.quote.lines.length, 2);
	});

	test("is told about before", async () => {
		const options = async () => (await get("/api/checkout/options")).json;
		const told = await options();
		assert.deepEqual(told.payment_methods.map((m: any) =>
			[m.method, m.prepaid]),
			[["on_delivery", false], ["bank_transfer", true]]);
		assert.deepEqual([told.open, told.guests, told.country],
			[true, true, "IE"]);
		assert.ok(["IE", "FR", "PT"].every((code) =>
			told.countries.includes(code)));
		assert.ok(!told.countries.includes("US"));
		await sql("update setting set value = 'off' where key = 'switch.checkout'");
		await sql(`insert into shipping_method (code, name, steps)
			values ('anywhere', 'By pigeon', '[{"from": 0, "amount": 1}]')`);
		try {
			const { open, countries } = await options();
			assert.deepEqual([open, countries], [false, null]);
		} finally {
			await sql("update setting set value = 'on' where key = 'switch.checkout'");
			await sql("delete from shipping_method where code = 'anywhere'");
		}
	});

	test("by transfer tells how to pay, and holds the goods for days", async () => {
		const who = { cart: newCart() }, item = await thing({ stock: 2 });
		const one = await order(who, item.variant, 2,
			{ payment_method: "bank_transfer" });
		assert.equal(one.payment.reference, one.number);
		assert.ok(one.payment.iban);
		assert.deepEqual(one.payment.amount, one.total);
		assert.equal(one.payment.hold_seconds, undefined);
		const days = (Date.parse(one.payment.due_at) - Date.now()) / 864e5;
		assert.ok(days > 4.9 && days < 5.1);
		const later = newCart();
		const none = await raw("POST", "/api/cart/lines",
			{ cart: later, body: { variant_id: item.variant } });
		assert.equal(none.json.code, "OUT_OF_STOCK");
		await sql(`update reservation set expires_at = now() - interval '1 s'
			where order_id = $1`, [one.id]);
		await order({ cart: later }, item.variant, 2);
		assert.deepEqual(await stockOf(item.variant), { on_hand: 2, reserved: 2 });
	});

	test("on delivery has a most", async () => {
		const who = { cart: newCart() };
		await add(who, (await thing({ price: 100000 })).variant);
		const refused = await checkout(who);
		assert.equal(refused.json.code, "PAYMENT_NOT_AVAILABLE");
		const other = await checkout(who, { payment_method: "bank_transfer" });
		assert.equal(other.status, 201);
	});
});

describe("races", () => {
	test("30 checkouts for 7 pieces sell exactly 7", async () => {
		const item = await thing({ stock: 7 });
		const carts = Array.from({ length: 30 }, () => newCart());
		for (const cart of carts)
			await add({ cart }, item.variant);
		const answers = await together(30, (n) => checkout({ cart: carts[n] }, {},
			{ parallel: true }));
		const of = (status: number) =>
			answers.filter((a) => a.status === status).length;
		assert.deepEqual([of(201), of(409)], [7, 23]);
		assert.ok(answers.filter((a) => a.status === 409)
			.every((a) => a.json.code === "OUT_OF_STOCK"));
		assert.deepEqual(await stockOf(item.variant), { on_hand: 7, reserved: 7 });
		const [{ count }] = await sql(`select count(*)::int from order_line
			where variant_id = $1`, [item.variant]);
		assert.equal(count, 7);
	});

	test("orders of the same things in other order don't lock up", async () => {
		const items = await Promise.all([1, 2, 3].map(() => thing({ stock: 50 })));
		const carts = Array.from({ length: 20 }, () => newCart());
		for (const [n, cart] of carts.entries())
			for (const item of n % 2 ? items : [...items].reverse())
				await add({ cart }, item.variant);
		const answers = await together(20, (n) => checkout({ cart: carts[n] }, {},
			{ parallel: true }));
		assert.ok(answers.every((a) => a.status === 201));
		for (const item of items)
			assert.equal((await stockOf(item.variant)).reserved, 20);
	});

	test("one key makes one order, with equal answers", async () => {
		const who = { cart: newCart() }, item = await thing();
		await add(who, item.variant);
		const key = randomUUID();
		const answers = await together(20, () => checkout(who, {},
			{ key, parallel: true }));
		const made = answers.filter((a) => a.status === 201);
		assert.ok(made.length >= 1);
		assert.equal(new Set(made.map((a) => a.text)).size, 1);
		assert.ok(answers.every((a) => a.status === 201 ||
			a.json.code === "KEY_IN_FLIGHT"));
		const last = await checkout(who, {}, { key });
		assert.equal(last.text, made[0].text);
		assert.equal(last.headers.get("idempotent-replayed"), "true");
		assert.equal((await stockOf(item.variant)).reserved, 1);
	});

	test("one cart makes one order without a key too", async () => {
		const who = { cart: newCart() }, item = await thing();
		await add(who, item.variant);
		const answers = await together(10, () => checkout(who, {},
			{ parallel: true }));
		assert.equal(answers.filter((a) => a.status === 201).length, 1);
		assert.ok(answers.every((a) => a.status === 201 ||
			a.json.code === "CART_EMPTY"));
		assert.equal((await stockOf(item.variant)).reserved, 1);
	});

	test("a coupon of one use serves one", async () => {
		const item = await thing(), code = await coupon({}, { most: 1 });
		const carts = Array.from({ length: 15 }, () => newCart());
		for (const cart of carts) {
			await add({ cart }, item.variant);
			const put = await raw("POST", "/api/cart/coupons",
				{ cart, body: { code } });
			assert.equal(put.status, 200, put.text);
		}
		const answers = await together(15, (n) => checkout({ cart: carts[n] },
			{ email: `race-${n}@example.org` }, { parallel: true }));
		const made = answers.filter((a) => a.status === 201);
		assert.equal(made.length, 1);
		assert.ok(answers.every((a) => a.status === 201 ||
			a.json.code === "COUPON_USED_UP"));
		assert.equal((await sql("select uses from coupon where code = $1",
			[code]))[0].uses, 1);
	});
});

describe("an order", () => {
	let ada: Person, ben: Person, clerk: Person, reader: Person;
	before(async () => {
		[ada, ben] = [await customer(), await customer()];
		[clerk, reader] = [await staff("service"), await staff("analyst")];
	});

	test("is its owner's alone", async () => {
		const item = await thing();
		const guest = { cart: newCart() };
		const hers = await order({ token: ada.token }, item.variant);
		const theirs = await order(guest, item.variant);
		for (const [one, strangers] of [
			[hers, [{ token: ben.token }, guest, { cart: newCart() }, {}]],
			[theirs, [{ token: ben.token }, { cart: newCart() }, {}]],
		] as [any, Who[]][])
			for (const who of strangers) {
				for (const path of ["", "/events"])
					assert.equal((await get(`/api/orders/${one.id}${path}`, who))
						.status, 404);
				for (const path of ["cancel", "reorder"])
					assert.equal((await raw("POST",
						`/api/orders/${one.id}/${path}`,
						{ ...who, body: {} })).status, 404);
				const { json } = await get("/api/orders", who);
				assert.ok(json.items.every((i: any) => i.id !== one.id));
			}
		assert.equal((await get(`/api/orders/${theirs.id}`, guest)).status, 200);
	});

	test("list is paged, newest first", async () => {
		const who = { token: (await customer()).token };
		const item = await thing();
		const made: string[] = [];
		for (let n = 0; n < 5; n++)
			made.unshift((await order(who, item.variant)).id);
		const seen: string[] = [];
		for (let cursor: string | null = ""; cursor !== null;) {
			const { json }: any = await get(
				`/api/orders?limit=2${cursor && `&cursor=${cursor}`}`, who);
			seen.push(...json.items.map((i: any) => i.id));
			cursor = json.next;
		}
		assert.deepEqual(seen, made);
		assert.equal((await get("/api/orders?state=cancelled", who)).json.items
			.length, 0);
	});

	test("is cancelled by its customer while that is allowed", async () => {
		const who = { token: ada.token }, item = await thing({ stock: 3 });
		const code = await coupon({}, { most: 1 });
		await add(who, item.variant, 3);
		await raw("POST", "/api/cart/coupons", { ...who, body: { code } });
		const one = (await checkout(who)).json;
		assert.ok(one.can_cancel);
		const cancelled = await raw("POST", `/api/orders/${one.id}/cancel`,
			{ ...who, body: { note: "Too late" } });
		assert.equal(cancelled.status, 200, cancelled.text);
		assert.deepEqual([cancelled.json.state, cancelled.json.can_cancel],
			["cancelled", false]);
		assert.equal((await stockOf(item.variant)).reserved, 0);
		assert.equal((await sql("select uses from coupon where code = $1",
			[code]))[0].uses, 0);
		assert.equal((await mail(ada.email, "order-cancelled")).data.reason,
			"Too late");
		const again = await raw("POST", `/api/orders/${one.id}/cancel`,
			{ ...who, body: {} });
		assert.equal(again.json.code, "TRANSITION_NOT_ALLOWED");
		const { json } = await get(`/api/orders/${one.id}/events`, who);
		assert.deepEqual(json.items.map((e: any) => [e.kind, e.to, e.note]),
			[["placed", "pending", ""], ["state", "cancelled", "Too late"]]);
	});

	test("is ordered again, as far as it is still sold", async () => {
		const who = { cart: newCart() };
		const a = await thing({ stock: 5 }), b = await thing(), c = await thing();
		for (const item of [a, b, c])
			await add(who, item.variant, 3);
		const one = (await checkout(who)).json;
		await sql("update product set status = 'archived' where id = $1", [b.product]);
		await sql("select set_stock($1, 'main', 3, 'sold')", [c.variant]);
		const { status, json } = await raw("POST",
			`/api/orders/${one.id}/reorder`, who);
		assert.equal(status, 200);
		assert.equal(json.added, 1);
		assert.deepEqual(json.capped.map((n: any) => [n.sku, n.quantity]),
			[[a.sku, 2]]);
		assert.deepEqual(json.missing.map((n: any) => [n.sku, n.code]),
			[[b.sku, "NOT_SOLD"], [c.sku, "OUT_OF_STOCK"]]);
		const cart = (await get("/api/cart", who)).json;
		assert.deepEqual(cart.quote.lines.map((l: any) => l.quantity), [2]);
	});

	test("is found by staff", async () => {
		const item = await thing();
		const one = await order({ token: ada.token }, item.variant);
		const list = async (query: string) => {
			const answer = await get(`/api/orders/manage?${query}`,
				{ token: reader.token });
			assert.equal(answer.status, 200, answer.text);
			return answer.json.items.map((i: any) => i.id);
		};
		for (const query of [`q=${one.number}`, `q=${one.number.toLowerCase()}`,
			`customer_id=${ada.id}`, `q=${ada.email}`,
			"state=pending&payment_state=unpaid&limit=100",
			`from=${one.placed_at}`])
			assert.ok((await list(query)).includes(one.id), query);
		for (const query of ["state=delivered&limit=100", "q=D-2",
			`to=${one.placed_at}&limit=100`, `customer_id=${ben.id}`,
			"short_of_stock=true"])
			assert.ok(!(await list(query)).includes(one.id), query);
		const seen = await get(`/api/orders/manage/${one.id}`,
			{ token: reader.token });
		assert.equal(seen.json.customer_id, ada.id);
		assert.deepEqual(seen.json.transitions,
			["cancelled", "confirmed", "authorised", "failed", "paid"]);
		assert.equal((await get(`/api/orders/manage/${randomUUID()}`,
			{ token: reader.token })).status, 404);
	});

	test("moves along the listed ways, to its delivery", async () => {
		const item = await thing({ stock: 10 });
		const one = await order({ token: ada.token }, item.variant, 4);
		const go = (to: string, tag?: string, token = clerk.token) =>
			raw("POST", `/api/orders/manage/${one.id}/transitions`, { token,
				body: { to, note: "By test" },
				headers: tag ? { "If-Match": tag } : {} });
		assert.equal((await go("confirmed")).status, 428);
		assert.equal((await go("confirmed", '"9"')).status, 412);
		assert.equal((await go("confirmed", '"1"', reader.token)).status, 403);
		assert.equal((await go("delivered", '"1"')).json.code,
			"TRANSITION_NOT_ALLOWED");
		const confirmed = await go("confirmed", '"1"');
		assert.match(confirmed.headers.get("etag")!, /^(W\/)?"2"$/);
		assert.equal((await go("processing", '"1"')).status, 412);
		const seen = await go("processing", '"2"');
		const line = seen.json.lines[0].id;
		const ship = (quantity: number, tag: string) => raw("POST",
			`/api/orders/manage/${one.id}/shipments`, { token: clerk.token,
				headers: { "If-Match": tag }, body: { carrier: "An Post",
					tracking_number: "RR1", lines: [{ line_id: line, quantity }] } });
		assert.equal((await ship(5, '"3"')).status, 422);
		const part = await ship(1, '"3"');
		assert.equal(part.status, 201, part.text);
		assert.deepEqual([part.json.state, part.json.lines[0].shipped],
			["processing", 1]);
		assert.deepEqual(await stockOf(item.variant), { on_hand: 9, reserved: 3 });
		const shipped = await raw("POST",
			`/api/orders/manage/${one.id}/transitions`, { token: clerk.token,
				headers: { "If-Match": part.headers.get("etag")! },
				body: { to: "shipped", carrier: "An Post",
					tracking_number: "RR2" } });
		assert.equal(shipped.json.state, "shipped");
		assert.deepEqual(await stockOf(item.variant), { on_hand: 6, reserved: 0 });
		assert.deepEqual(shipped.json.shipments.map((s: any) =>
			[s.tracking_number, s.lines[0].quantity]), [["RR1", 1], ["RR2", 3]]);
		assert.equal((await mail(ada.email, "order-shipped")).data
			.tracking_number, "RR2");
		const done = await move(clerk.token, one.id, "delivered", "paid");
		assert.deepEqual([done.state, done.payment_state], ["delivered", "paid"]);
		const { json } = await get(`/api/orders/${one.id}/events`,
			{ token: ada.token });
		assert.deepEqual(json.items.map((e: any) => e.to ?? e.kind), ["pending",
			"confirmed", "processing", "shipment", "shipped", "delivered", "paid"]);
		assert.equal(json.items[4].data.tracking_number, "RR2");
		const late = await raw("POST", `/api/orders/${one.id}/cancel`,
			{ token: ada.token, body: {} });
		assert.equal(late.json.code, "TRANSITION_NOT_ALLOWED");
		const audit = await sql(`select staff_id from audit_log where
			table_name = 'customer_order' and row_key = $1`, [one.id]);
		assert.ok(audit.length >= 5 && audit.every((a) =>
			a.staff_id === clerk.id));
	});

	test("has notes for staff, and for the customer", async () => {
		const one = await order({ token: ada.token }, (await thing()).variant);
		for (const [note, open] of [["Call her", false], ["We called", true]])
			assert.equal((await raw("POST", `/api/orders/manage/${one.id}/notes`,
				{ token: clerk.token, body: { note, public: open } })).status, 201);
		const { json } = await get(`/api/orders/${one.id}/events`,
			{ token: ada.token });
		assert.deepEqual(json.items.map((e: any) => e.note), ["", "We called"]);
		const all = await get(`/api/orders/manage/${one.id}`,
			{ token: clerk.token });
		assert.equal(all.json.events.length, 3);
	});

	test("paid after its goods went to others stands before staff", async () => {
		const item = await thing({ stock: 1 });
		const one = await order({ cart: newCart() }, item.variant, 1,
			{ payment_method: "bank_transfer" });
		await sql(`update reservation set expires_at = now() - interval '1 s'
			where order_id = $1`, [one.id]);
		await order({ cart: newCart() }, item.variant);
		const paid = await move(clerk.token, one.id, "paid");
		assert.deepEqual([paid.state, paid.payment_state, paid.short_of_stock],
			["confirmed", "paid", true]);
		const { json } = await get("/api/orders/manage?short_of_stock=true",
			{ token: clerk.token });
		assert.ok(json.items.some((i: any) => i.id === one.id));
		const stuck = await raw("POST",
			`/api/orders/manage/${one.id}/transitions`, { token: clerk.token,
				body: { to: "processing" },
				headers: { "If-Match": `"${paid.version}"` } });
		assert.equal(stuck.json.code, "OUT_OF_STOCK");
		await sql("select set_stock($1, 'main', 2, 'more')", [item.variant]);
		const going = await move(clerk.token, one.id, "processing");
		assert.equal(going.short_of_stock, false);
		assert.deepEqual(await stockOf(item.variant), { on_hand: 2, reserved: 2 });
	});
});

describe("one product at once", () => {
	test("is bought by its own id or a variant's, once for one key", async () => {
		const ada = await customer(), item = await thing({ stock: 5 });
		const buy = (body: Record<string, unknown>, key?: string) =>
			raw("POST", "/bot/purchase", { token: ada.token, body,
				headers: key ? { "Idempotency-Key": key } : {} });
		const key = randomUUID();
		const first = await buy({ product_id: item.product, quantity: 2 }, key);
		assert.equal(first.status, 201, first.text);
		assert.equal(first.json.shipping.name, "Pick up at the shop");
		assert.equal((await buy({ product_id: item.product, quantity: 2 }, key))
			.text, first.text);
		await sql(`insert into customer_address (customer_id, name, line1, city,
			postcode, country, is_default_shipping) values ($1, 'Ada', '1 Street',
			'Cork', 'T12 AB34', 'IE', true)`, [ada.id]);
		const second = await buy({ product_id: item.variant });
		assert.equal(second.json.shipping_address.city, "Cork");
		assert.deepEqual(await stockOf(item.variant), { on_hand: 5, reserved: 3 });
		const more = await buy({ product_id: item.product, quantity: 3 });
		assert.equal(more.json.code, "OUT_OF_STOCK");
		assert.equal(more.json.data.lines[0].available, 2);
		assert.equal((await buy({ product_id: randomUUID() })).status, 404);
		assert.equal((await raw("POST", "/bot/purchase",
			{ body: { product_id: item.product } })).status, 401);
	});
});
