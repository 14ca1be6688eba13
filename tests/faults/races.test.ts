// SPDX-License-Identifier: ISC
// What many do at once ends as if they had come one after another.  Each
// race is run twice: on the shop as it is, and on one whose guard was taken
// out, where the harm must be seen; otherwise the first says nothing.  There
// a pause lets them meet for sure, however busy the machine.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { bare, counted, newCart, sleep, together, whole, type Answer, type Buyer,
	type Stack } from "./stack.js";

const shop = whole(), weak = bare();

const checkout = (stack: Stack, cart: string, method: string, key?: string):
	Promise<Answer> => stack.ask("POST", "/api/checkout", { cart, key,
	body: { email: `${cart.slice(0, 12)}@example.org`,
		shipping_method_id: method, payment_method: "on_delivery" } });

const answered = (answers: Answer[], status: number): number =>
	answers.filter((a) => a.status === status).length;

// A hundred guests, seven pieces.

async function rush(stack: Stack, guests: number, pieces: number):
	Promise<{ sold: number; reserved: number; answers: Answer[] }> {
	const { variant } = await stack.thing(pieces);
	const method = await stack.pickup();
	const carts = await together(guests, async () => {
		const cart = newCart();
		await stack.add(cart, variant);
		return cart;
	});
	const answers = await together(guests, (n) =>
		checkout(stack, carts[n], method));
	const [lines] = await stack.sql(`select coalesce(sum(quantity), 0)::int
		as sold from order_line where variant_id = $1`, [variant]);
	const [stock] = await stack.sql(`select sum(reserved)::int as reserved
		from stock where variant_id = $1`, [variant]);
	return { sold: lines.sold, reserved: stock.reserved, answers };
}

test("100 checkouts for 7 pieces sell exactly 7", async () => {
	const { sold, reserved, answers } = await rush(shop, 100, 7);
	assert.deepEqual(counted(answers), { 201: 7, "409 OUT_OF_STOCK": 93 });
	assert.equal(sold, 7);
	assert.equal(reserved, 7);
});

test("... and the constraint alone would hold it too", async () => {
	await weak.weaken("stock_lock", / for update/);
	await weak.weaken("stock_reserve", "if short is not null",
		"perform pg_sleep(0.02); if short is not null");
	const { sold } = await rush(weak, 100, 7);
	assert.ok(sold <= 7, `sold ${sold}`);
});

test("control: without lock and constraint more than 7 are sold", async () => {
	await weak.unguard("stock", "stock_reserved_on_hand");
	const { sold } = await rush(weak, 100, 7);
	assert.ok(sold > 7, `sold only ${sold}`);
});

// One guest, twenty taps on the same button.

async function taps(stack: Stack): Promise<{ lines: number; pieces: number }> {
	const { variant } = await stack.thing(1000);
	const cart = newCart();
	await stack.add(cart, variant);
	const answers = await together(20, () => stack.ask("POST",
		"/api/cart/lines", { cart, body: { variant_id: variant } }));
	assert.ok(answers.every((a) => a.status === 200),
		JSON.stringify(counted(answers)));
	const [row] = await stack.sql(`select count(*)::int as lines,
		sum(quantity)::int as pieces from cart_line where variant_id = $1`,
		[variant]);
	return row;
}

test("a variant added 21 times at once is one line of 21", async () => {
	assert.deepEqual(await taps(shop), { lines: 1, pieces: 21 });
});

test("control: without the cart's lock additions are lost", async () => {
	await weak.weaken("open_cart", "for update");
	await weak.weaken("cart_put", "wanted := coalesce(have, 0)",
		"perform pg_sleep(0.02); wanted := coalesce(have, 0)");
	const { lines, pieces } = await taps(weak);
	assert.equal(lines, 1, "the constraint still stands");
	assert.ok(pieces < 21, `all ${pieces} were counted`);
});

/** A cart with two lines of one variant, 4 pieces each. */
async function twoLines(stack: Stack, variant: string): Promise<string> {
	const cart = newCart();
	await stack.sql(`with mine as (insert into cart (guest_digest)
		values (encode(sha256(convert_to($1, 'UTF8')), 'hex')) returning id)
		insert into cart_line (cart_id, variant_id, quantity, added_amount,
		added_currency) select id, $2::uuid, 4, 1000, 'EUR'
		from mine, generate_series(1, 2)`, [cart, variant]);
	return cart;
}

test("a second line of a variant is refused by the database", async () => {
	const { variant } = await shop.thing(7);
	await assert.rejects(twoLines(shop, variant), /cart_line_variant_key/);
});

test("control: without the constraint there are two lines, and even then " +
	"4 + 4 of 7 aren't sold", async () => {
	await weak.unguard("cart_line", "cart_line_variant_key");
	const { variant } = await weak.thing(7);
	const cart = await twoLines(weak, variant);
	const seen = await weak.ask("GET", "/api/cart", { cart });
	assert.equal(seen.json.quote.lines.length, 2);
	const answer = await checkout(weak, cart, await weak.pickup());
	assert.equal(answer.status, 409, answer.text);
	const [stock] = await weak.sql(
		"select reserved from stock where variant_id = $1", [variant]);
	assert.equal(stock.reserved, 0);
	await weak.sql("delete from cart_line where variant_id = $1", [variant]);
	await weak.sql(`alter table cart_line add constraint
		cart_line_variant_key unique (cart_id, variant_id)`);
});

// One coupon for one use, fifty who have it.

async function couponRush(stack: Stack): Promise<{ uses: number;
	answers: Answer[] }> {
	const { variant } = await stack.thing(1000);
	const method = await stack.pickup();
	const code = `ONE${randomUUID().slice(0, 8).toUpperCase()}`;
	const [coupon] = await stack.sql(`with made as (
		insert into promotion (name, kind, percent, needs_coupon)
		values ($1, 'percent', 10, true) returning id)
		insert into coupon (promotion_id, code, max_uses)
		select id, $1, 1 from made returning id`, [code]);
	const carts = await together(50, async () => {
		const cart = newCart();
		await stack.add(cart, variant);
		const put = await stack.ask("POST", "/api/cart/coupons",
			{ cart, body: { code } });
		assert.equal(put.status, 200, put.text);
		return cart;
	});
	const answers = await together(50, (n) =>
		checkout(stack, carts[n], method));
	const [used] = await stack.sql(`select count(*)::int as uses
		from coupon_use where coupon_id = $1 and state <> 'released'`,
		[coupon.id]);
	return { uses: used.uses, answers };
}

test("a coupon for one use is used once by 50 clients", async () => {
	const { uses, answers } = await couponRush(shop);
	assert.deepEqual(counted(answers), { 201: 1, "409 COUPON_USED_UP": 49 });
	assert.equal(uses, 1);
});

test("... and however long an order takes to be reckoned", async () => {
	await weak.weaken("checkout_facts", "select f.facts",
		"perform pg_sleep(random() * 0.2); select f.facts");
	const { uses, answers } = await couponRush(weak);
	assert.deepEqual(counted(answers), { 201: 1, "409 COUPON_USED_UP": 49 });
	assert.equal(uses, 1);
	await weak.weaken("checkout_facts",
		"perform pg_sleep(random() * 0.2); select f.facts",
		"select f.facts");
});

test("control: without its lock and limit it is used more often", async () => {
	await weak.weaken("coupons_hold", "order by id for update",
		"order by id");
	await weak.weaken("coupons_hold", "update coupon set uses = c.uses + 1",
		"perform pg_sleep(0.05); update coupon set uses = c.uses + 1");
	await weak.unguard("coupon", "coupon_uses_limit");
	const { uses } = await couponRush(weak);
	assert.ok(uses > 1, `used ${uses} times`);
});

// One purchase, sent fifty times.

async function repeated(stack: Stack): Promise<{ orders: number;
	answers: Answer[] }> {
	const { product } = await stack.thing(1000);
	const buyer = await stack.customer();
	const key = randomUUID();
	const buy = (): Promise<Answer> => stack.ask("POST", "/bot/purchase",
		{ token: buyer.token, key, body: { product_id: product } });
	const answers = await together(50, buy);
	answers.push(await buy());
	const [row] = await stack.sql(`select count(*)::int as orders
		from customer_order where customer_id = $1`, [buyer.id]);
	return { orders: row.orders, answers };
}

test("one Idempotency-Key 50 times makes one order, equal answers",
	async () => {
	const { orders, answers } = await repeated(shop);
	assert.equal(orders, 1);
	const good = answers.filter((a) => a.status === 201);
	assert.ok(good.length >= 2, JSON.stringify(counted(answers)));
	assert.equal(new Set(good.map((a) => a.text)).size, 1);
	assert.equal(good.filter((a) =>
		a.headers["idempotent-replayed"] === "true").length,
		good.length - 1);
	for (const other of answers.filter((a) => a.status !== 201))
		assert.equal(other.json.code, "KEY_IN_FLIGHT", other.text);
});

test("control: without the key's lock and uniqueness there are several",
	async () => {
	await weak.weaken("keep_begin", "not pg_try_advisory_xact_lock",
		"false and not pg_try_advisory_xact_lock");
	await weak.weaken("keep_begin", "insert into kept_answer",
		"perform pg_sleep(0.05); insert into kept_answer");
	await weak.unguard("kept_answer", "kept_answer_pkey");
	const { orders } = await repeated(weak);
	assert.ok(orders > 1, `${orders} order`);
});

// One refresh token, twenty times.

const refreshes = (stack: Stack, buyer: Buyer): Promise<Answer[]> =>
	together(20, () => stack.ask("POST", "/api/customers/token/refresh",
		{ body: { refresh_token: buyer.refresh } }));

test("a refresh token used 20 times succeeds once, and ends its session",
	async () => {
	const buyer = await shop.customer();
	const answers = await refreshes(shop, buyer);
	assert.equal(answered(answers, 200), 1, JSON.stringify(counted(answers)));
	assert.equal(answered(answers, 401), 19);
	const [row] = await shop.sql(`select ended_at, end_reason
		from customer_session where customer_id = $1`, [buyer.id]);
	assert.equal(row.end_reason, "reuse");
	const profile = await shop.ask("GET", "/api/customers/profile",
		{ token: buyer.token });
	assert.equal(profile.status, 401);
});

test("control: if nobody looks whether it was used, it succeeds again",
	async () => {
	await weak.weaken("refresh_customer",
		/and r\.used_at is null\s+and r\.expires_at > now\(\)/,
		"and r.expires_at > now()");
	const answers = await refreshes(weak, await weak.customer());
	assert.ok(answered(answers, 200) > 1, JSON.stringify(counted(answers)));
});

// A guest's cart, brought along by ten logins at once.

async function logins(stack: Stack): Promise<number> {
	const { variant } = await stack.thing(1000);
	const buyer = await stack.customer();
	const cart = newCart();
	await stack.add(cart, variant, 2);
	const answers = await together(10, () =>
		stack.login(buyer.email, buyer.password, cart));
	assert.equal(answered(answers, 200), 10,
		JSON.stringify(counted(answers)));
	const [row] = await stack.sql(`select sum(l.quantity)::int as quantity
		from cart c join cart_line l on l.cart_id = c.id
		where c.customer_id = $1 and c.state = 'active'`, [buyer.id]);
	return row.quantity;
}

test("a cart merged by ten logins is merged once", async () => {
	assert.equal(await logins(shop), 2);
});

test("control: without its mark every login adds it again", async () => {
	await weak.weaken("merge_cart",
		"state = 'merged', merged_into = target.id,");
	const quantity = await logins(weak);
	assert.ok(quantity > 2, `${quantity} in the cart`);
});

// Seven hundred points, a hundred clients who each mean to spend a hundred.

async function points(stack: Stack, id: string, count: number): Promise<void> {
	await stack.sql(`with who as (select points_account_lock($1))
		select points_grant($1, 'adjust', $2, null, null, '') from who`,
		[id, count]);
}

/** What the ledger of a customer comes to, and whether it agrees with itself
 * and with the orders. */
async function ledger(stack: Stack, id: string): Promise<{ balance: number;
	sum: number; lots: number; spent: number; ordered: number }> {
	const [row] = await stack.sql(`select a.balance::int as balance,
		(select sum(points)::int from points_entry e
			where e.customer_id = $1) as sum,
		(select sum(left_points)::int from points_lot l
			where l.customer_id = $1) as lots,
		(select coalesce(-sum(points), 0)::int from points_entry e
			where e.customer_id = $1 and kind = 'redeem') as spent,
		(select coalesce(sum((quote #>> '{points,redeemed}')::int), 0)::int
			from customer_order o where o.customer_id = $1) as ordered
		from points_account a where a.customer_id = $1`, [id]);
	return row;
}

/** Each fills a cart, means a hundred points for it and orders, at once with
 * all others of the one account. */
async function spenders(stack: Stack, clients: number, held: number):
	Promise<{ books: Awaited<ReturnType<typeof ledger>>; answers: Answer[] }> {
	const { variant } = await stack.thing(10000);
	const method = await stack.pickup();
	const buyer = await stack.customer();
	await points(stack, buyer.id, held);
	const { token } = buyer;
	const answers = (await together(clients, async (n) => {
		const seen: Answer[] = [];
		for (let turn = 0; turn < 3; turn++) {
			await stack.ask("POST", "/api/cart/lines", { token,
				body: { variant_id: variant } });
			await sleep(n % 10 * 5);
			await stack.ask("PUT", "/api/cart/points", { token,
				body: { points: 100 } });
			seen.push(await stack.ask("POST", "/api/checkout", { token,
				body: { shipping_method_id: method,
					payment_method: "bank_transfer" } }));
		}
		return seen;
	})).flat();
	return { books: await ledger(stack, buyer.id), answers };
}

test("100 clients spend 700 points once", async () => {
	const { books, answers } = await spenders(shop, 100, 700);
	const said = JSON.stringify({ books, answers: counted(answers) });
	assert.ok(books.spent > 0 && books.spent <= 700, said);
	assert.equal(books.spent, books.ordered, said);
	assert.equal(books.balance, 700 - books.spent, said);
	assert.equal(books.balance, books.sum, said);
	assert.equal(books.balance, books.lots, said);
	for (const { status, json } of answers)
		assert.ok(status === 201 || ["CART_EMPTY", "POINTS_SHORT"]
			.includes(json?.code), JSON.stringify(json));
});

// One account has one cart, whose lock keeps its orders apart.  Where that is
// gone (a cart for each order) only the ledger's own guards are left.

async function apart(stack: Stack, orders: number, held: number):
	Promise<{ books: Awaited<ReturnType<typeof ledger>>; refused: number }> {
	const buyer = await stack.customer();
	await points(stack, buyer.id, held);
	const made = await stack.sql<{ id: string }>(`insert into customer_order
		(customer_id, email, payment_method, currency, tax_mode,
		subtotal_amount, discount_amount, shipping_amount, tax_amount,
		total_amount, quote)
		select $1, 'a@example.org', 'on_delivery', 'EUR', 'inclusive',
			1000, 0, 0, 0, 1000, '{"points": {"redeemed": 100,
			"amount": {"amount": 100}}}'
		from generate_series(1, $2::int) returning id`, [buyer.id, orders]);
	const ends = await together(orders, (n) => stack.beside(
		`select redeem_points(id, quote) from customer_order where id = $1`,
		[made[n].id]).then(() => 0, (error: any) => {
		assert.match(String(error.code), /^(UK701|23514)$/, String(error));
		return 1;
	}));
	return { books: await ledger(stack, buyer.id),
		refused: ends.reduce((sum: number, end) => sum + end, 0) };
}

test("... also from carts of their own: 7 of 100 orders have them",
	async () => {
	await shop.sql("alter table customer_order disable trigger " +
		"customer_order_sum");
	const { books, refused } = await apart(shop, 100, 700);
	await shop.sql("alter table customer_order enable trigger " +
		"customer_order_sum");
	assert.deepEqual([books.spent, books.balance, books.lots, refused],
		[700, 0, 0, 93]);
});

test("... and the constraint alone would hold it too", async () => {
	await weak.sql("alter table customer_order disable trigger " +
		"customer_order_sum");
	await weak.weaken("points_account_lock", " for update");
	await weak.weaken("points_spend", "return points_post",
		"perform pg_sleep(0.02); return points_post");
	const { books } = await apart(weak, 50, 700);
	assert.ok(books.spent <= 700, `spent ${books.spent}`);
	assert.equal(books.balance, 700 - books.spent);
});

test("control: without lock and constraint they are spent twice",
	async () => {
	await weak.unguard("points_entry", "points_entry_covered");
	const { books } = await apart(weak, 50, 700);
	assert.ok(books.spent > 700, `spent only ${books.spent}`);
	await weak.sql("alter table customer_order enable trigger " +
		"customer_order_sum");
});

// One piece, refunded by two members of staff at once.

const asStaff = (call: string): string =>
	`with staff as materialized (select set_config('duka.permissions',
	' orders.write orders.refund ', true)) select (${call}) from staff`;

/** How often, and what it came to; one piece of 1000 was paid. */
async function refunds(stack: Stack): Promise<{ made: number; sum: number }> {
	const { variant } = await stack.thing(5);
	const cart = newCart();
	await stack.add(cart, variant);
	const placed = await checkout(stack, cart, await stack.pickup());
	assert.equal(placed.status, 201, placed.text);
	const { id, lines: [line] } = placed.json;
	for (const to of ["confirmed", "processing", "shipped", "delivered", "paid"])
		await stack.sql(asStaff(`order_move('${id}', null, '${to}', '', '', '')`));
	const done = await Promise.allSettled([1, 2].map(() =>
		stack.sql(asStaff(`order_refund('${id}', null, '[{"line_id":
		"${line.id}", "quantity": 1, "restock": false}]', false, '',
		false)`))));
	const [row] = await stack.sql(`select sum(amount)::int as sum from refund
		where order_id = $1`, [id]);
	return { made: done.filter((d) => d.status === "fulfilled").length,
		sum: row.sum };
}

test("a piece is refunded once, however many refund it", async () => {
	for (let n = 0; n < 10; n++)
		assert.deepEqual(await refunds(shop), { made: 1, sum: 1000 });
});

test("... and the constraints alone would hold it too", async () => {
	await weak.weaken("order_lock", " for update");
	await weak.weaken("refund_make", "perform refund_check(o,",
		"perform pg_sleep(0.3); perform refund_check(o,");
	await weak.weaken("refund_write", "with part as",
		"perform pg_sleep(0.3); with part as");
	assert.deepEqual(await refunds(weak), { made: 1, sum: 1000 });
});

test("control: without lock and constraints more goes back than was paid",
	async () => {
	await weak.unguard("refund", "refund_number_key");
	await weak.unguard("order_line", "order_line_refunded_range");
	await weak.unguard("customer_order", "customer_order_refunded_range");
	const { made, sum } = await refunds(weak);
	assert.ok(made === 2 && sum > 1000, `${made} refunds of ${sum}`);
});

// Messages of one conversation have numbers without a gap.

/** Two words of a customer at once: the numbers there are then. */
async function words(stack: Stack): Promise<number[]> {
	const [{ id }] = await stack.sql(`with who as (insert into customer
		(email) values ($1) returning id) insert into conversation
		(customer_id, name, subject) select id, 'Ada', 'x' from who
		returning id`, [`${randomUUID()}@example.org`]);
	await Promise.allSettled([1, 2].map(() => stack.sql(`with who as
		materialized (select set_config('duka.customer',
		customer_id::text, true) from conversation where id = $1)
		select (select version from message_answer($1, 'x')) from who`,
		[id])));
	const rows = await stack.sql(`select number from message
		where conversation_id = $1 order by number`, [id]);
	return rows.map((row) => row.number);
}

test("messages written at once have numbers of their own", async () => {
	for (let n = 0; n < 10; n++)
		assert.deepEqual(await words(shop), [1, 2]);
});

test("... and the constraint alone would leave no gap and no double",
	async () => {
	await weak.weaken("message_answer", " for update");
	await weak.weaken("message_add", "insert into message",
		"perform pg_sleep(0.3); insert into message");
	assert.deepEqual(await words(weak), [1]);
});

test("control: without lock and constraint two have one number", async () => {
	await weak.unguard("message", "message_number_key");
	assert.deepEqual(await words(weak), [1, 1]);
});
