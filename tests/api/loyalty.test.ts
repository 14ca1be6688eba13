// SPDX-License-Identifier: ISC
// Points from delivery to the next cart: earned, spent, given back; tiers,
// rewards, gifts; what staff may, and the night's work.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { before, describe, test } from "node:test";
import { customer, goodPassword, mail, raw, sql, staff, type Person, type Raw } from "./harness.js";
import { add, checkout, method, move, newCart, order, stockOf, thing } from "./commerce.js";

let clerk: Person, crm: Person;

before(async () => {
	clerk = await staff("sales");
	crm = await staff("crm");
});

const get = (path: string, who: { token?: string; cart?: string } = {}) =>
	raw("GET", path, { ...who });
const put = (who: { token?: string; cart?: string }, what: string, body: unknown):
	Promise<Raw> => raw("PUT", `/api/cart/${what}`, { ...who, body });

async function delivered(who: Person, price: number, quantity = 1): Promise<any> {
	const item = await thing({ price, tax: "zero" });
	const placed = await order({ token: who.token }, item.variant, quantity);
	return move(clerk.token, placed.id, "confirmed", "processing", "shipped",
		"delivered");
}

const give = (who: Person, points: number, token = crm.token): Promise<Raw> =>
	raw("POST", "/api/loyalty/adjustments", { token,
		body: { customer_id: who.id, points, reason: "A test" } });

async function rich(points: number): Promise<Person> {
	const who = await customer();
	const answer = await give(who, points);
	assert.equal(answer.status, 201, answer.text);
	return who;
}

const balance = async (who: Person): Promise<number> =>
	(await get("/api/loyalty", who)).json.balance;

async function reward(more: Record<string, unknown> = {}): Promise<any> {
	const made = await raw("POST", "/api/loyalty/manage/rewards", {
		token: crm.token, body: { name: `R ${randomUUID().slice(0, 8)}`,
			kind: "amount_off", amount: { amount: 500, currency: "EUR" },
			cost: 450, ...more } });
	assert.equal(made.status, 201, made.text);
	return made.json;
}

describe("points", () => {
	test("are earned when the goods are delivered, and shown", async () => {
		const ada = await customer();
		const none = (await get("/api/loyalty", ada)).json;
		assert.deepEqual([none.balance, none.tier.code, none.next_tier.to_go,
			none.expires_at], [0, "bronze", 500, null]);
		const item = await thing({ price: 1299, tax: "zero" });
		const placed = await order({ token: ada.token }, item.variant, 2);
		assert.equal(placed.points.earns, 25);
		await move(clerk.token, placed.id, "confirmed", "processing", "shipped");
		assert.equal(await balance(ada), 0);
		await move(clerk.token, placed.id, "delivered");
		const { json } = await get("/api/loyalty", ada);
		assert.deepEqual([json.balance, json.worth, json.earned_in_year],
			[25, { amount: 25, currency: "EUR" }, 25]);
		const history = await get("/api/loyalty/history", ada);
		assert.deepEqual(history.json.items.map((e: any) => [e.kind, e.points,
			e.balance, e.order_id]), [["earn", 25, 25, placed.id]]);
		const dashboard = await get("/api/customers/dashboard", ada);
		assert.deepEqual([dashboard.json.points, dashboard.json.tier.code,
			dashboard.json.member_for_days], [25, "bronze", 0]);
	});

	test("of what is paid in advance wait for the money", async () => {
		const ada = await customer(), item = await thing({ price: 5000 });
		const placed = await order({ token: ada.token }, item.variant, 1,
			{ payment_method: "bank_transfer" });
		await move(clerk.token, placed.id, "confirmed", "processing", "shipped",
			"delivered");
		assert.equal(await balance(ada), 0);
		await move(clerk.token, placed.id, "paid");
		assert.equal(await balance(ada), 50);
	});

	test("are spent in the next cart, and not twice", async () => {
		const ada = await customer(), who = { token: ada.token };
		await delivered(ada, 30000);
		const item = await thing({ price: 1000, tax: "zero" });
		await add(who, item.variant, 2);
		const meant = await put(who, "points", { points: 250 });
		assert.equal(meant.status, 200, meant.text);
		const { quote } = meant.json;
		assert.deepEqual([quote.points.redeemed, quote.points.amount.amount,
			quote.points.earns, quote.total.amount], [250, 250, 17, 1750]);
		assert.deepEqual(quote.discounts, [{ kind: "points",
			promotion_id: null, name: "Points", code: null,
			amount: { amount: 250, currency: "EUR" } }]);
		assert.equal(await balance(ada), 300, "the cart takes none yet");
		const placed = await checkout(who);
		assert.equal(placed.status, 201, placed.text);
		assert.deepEqual(placed.json.points, quote.points);
		assert.equal(placed.json.discount.amount, 250);
		assert.equal(placed.json.lines[0].discounts[0].kind, "points");
		assert.equal(await balance(ada), 50);
		const next = await add(who, item.variant);
		assert.equal(next.json.points, 0, "the next cart begins anew");
		const short = await put(who, "points", { points: 51 });
		assert.deepEqual([short.status, short.json.code, short.json.data],
			[409, "POINTS_SHORT", { wanted: 51, balance: 50 }]);
	});

	test("come back when the order is cancelled", async () => {
		const ada = await rich(400), who = { token: ada.token };
		await add(who, (await thing({ price: 1000 })).variant);
		await put(who, "points", { points: 400 });
		const { json } = await checkout(who);
		assert.equal(await balance(ada), 0);
		const seen = await raw("POST", `/api/orders/${json.id}/cancel`,
			{ ...who, body: {} });
		assert.equal(seen.status, 200, seen.text);
		assert.equal(await balance(ada), 400);
		const history = await get("/api/loyalty/history", ada);
		assert.deepEqual(history.json.items.map((e: any) => e.kind),
			["return", "redeem", "adjust"]);
	});

	test("cover no more than the goods", async () => {
		const ada = await rich(5000), who = { token: ada.token };
		await add(who, (await thing({ price: 1000 })).variant);
		await put(who, "points", { points: 5000 });
		const { json } = await checkout(who);
		assert.equal(json.points.redeemed, 1000);
		assert.equal(json.total.amount, json.shipping.total.amount);
		assert.equal(await balance(ada), 4000);
	});

	test("that went meanwhile stop the checkout", async () => {
		const ada = await rich(300), who = { token: ada.token };
		await add(who, (await thing()).variant);
		await put(who, "points", { points: 300 });
		assert.equal((await give(ada, -1)).status, 201);
		const refused = await checkout(who);
		assert.deepEqual([refused.status, refused.json.code],
			[409, "POINTS_SHORT"]);
		assert.equal((await put(who, "points", { points: 299 })).status, 200);
		assert.equal((await checkout(who)).status, 201);
	});

	test("need an account, and sense", async () => {
		const cart = { cart: newCart() }, ada = await rich(10);
		const who = { token: ada.token };
		await add(cart, (await thing()).variant);
		assert.equal((await put(cart, "points", { points: 1 })).status, 401);
		assert.equal((await get("/api/cart", cart)).json.quote.points, null);
		for (const body of [{}, { points: -1 }, { points: 1.5 },
			{ points: "many" }, { points: 1, more: 1 }])
			assert.equal((await put(who, "points", body)).status, 422,
				JSON.stringify(body));
		const unknown = await put(who, "reward", { reward_id: randomUUID() });
		assert.deepEqual([unknown.status, unknown.json.code],
			[409, "REWARD_NOT_AVAILABLE"]);
	});

	test("are paged", async () => {
		const ada = await customer();
		for (let n = 1; n <= 5; n++)
			await give(ada, n);
		let cursor = "", seen: number[] = [];
		do {
			const { json } = await get(
				`/api/loyalty/history?limit=2&cursor=${cursor}`, ada);
			seen = seen.concat(json.items.map((e: any) => e.points));
			cursor = json.next ?? "";
		} while (cursor !== "");
		assert.deepEqual(seen, [5, 4, 3, 2, 1]);
	});
});

describe("refunds", () => {
	test("take back what was earned and give back what was spent", async () => {
		const ada = await rich(900), who = { token: ada.token };
		const item = await thing({ price: 1000, tax: "zero" });
		await add(who, item.variant, 3);
		await put(who, "points", { points: 900 });
		const { json } = await checkout(who);
		await move(clerk.token, json.id, "confirmed", "processing", "shipped",
			"delivered");
		assert.equal(await balance(ada), 21);
		const back = (part: number) => sql("select reverse_points($1, $2, 3000)",
			[json.id, part]);
		await back(1000);
		assert.equal(await balance(ada), 21 + 300 - 7);
		await back(1000);
		await back(1000);
		assert.equal(await balance(ada), 900);
	});

	test("of spent points go below zero, and block", async () => {
		const ada = await customer(), who = { token: ada.token };
		const first = await delivered(ada, 10000);
		await add(who, (await thing()).variant);
		await put(who, "points", { points: 100 });
		assert.equal((await checkout(who)).status, 201);
		await sql("select reverse_points($1, 1, 1)", [first.id]);
		const { json } = await get("/api/loyalty", ada);
		assert.deepEqual([json.balance, json.worth.amount], [-100, 0]);
		await add(who, (await thing()).variant);
		assert.equal((await put(who, "points", { points: 1 })).json.code,
			"POINTS_SHORT");
	});
});

describe("tiers", () => {
	test("are public", async () => {
		const { json } = await get("/api/loyalty/tiers");
		assert.deepEqual(json.items.map((t: any) => [t.code, t.points,
			t.multiplier]), [["bronze", 0, "1"], ["silver", 500, "1.25"],
			["gold", 1500, "1.5"], ["platinum", 5000, "2"],
			["diamond", 10000, "2.5"]]);
		assert.ok(json.items.every((t: any) => t.advantages.length > 0));
	});

	test("are reached at once, and multiply", async () => {
		const ada = await customer();
		await delivered(ada, 25000, 2);
		const { json } = await get("/api/loyalty", ada);
		assert.deepEqual([json.tier.code, json.next_tier.code,
			json.next_tier.to_go], ["silver", "gold", 1000]);
		await delivered(ada, 10050);
		assert.equal(await balance(ada), 500 + 125);
	});

	test("are changed by staff who may, at the version they saw", async () => {
		const change = (body: unknown, version: number, token = crm.token,
			code = "diamond") => raw("PATCH", `/api/loyalty/manage/tiers/${code}`,
			{ token, body, headers: { "If-Match": `"${version}"` } });
		const [{ version }] = await sql(
			"select version from loyalty_tier where code = 'diamond'");
		const made = await change({ advantages: ["All", "and more"] }, version);
		assert.equal(made.status, 200, made.text);
		assert.deepEqual(made.json.advantages, ["All", "and more"]);
		assert.equal((await change({ name: "D" }, version)).status, 412);
		assert.equal((await change({ points: 500 }, version + 1)).status, 409);
		assert.equal((await change({ multiplier: "0.5" }, version + 1)).status,
			422);
		assert.equal((await change({ name: "D" }, 1, crm.token, "tin")).status,
			404);
		assert.equal((await change({ points: 7 }, 1, crm.token, "bronze")).status,
			422);
		const [row] = await sql(`select staff_id from audit_log
			where table_name = 'loyalty_tier' order by id desc limit 1`);
		assert.equal(row.staff_id, crm.id);
	});
});

describe("rewards", () => {
	test("take off what they say, for their points", async () => {
		const ada = await rich(1000), who = { token: ada.token };
		const one = await reward();
		const offered = (await get("/api/loyalty/rewards", ada)).json.items
			.find((r: any) => r.id === one.id);
		assert.deepEqual([offered.affordable, offered.tier_reached],
			[true, true]);
		await add(who, (await thing({ price: 2000 })).variant);
		const chosen = await put(who, "reward", { reward_id: one.id });
		assert.deepEqual([chosen.json.reward_id, chosen.json.quote.reward.applied,
			chosen.json.quote.discount.amount], [one.id, true, 500]);
		const both = await put(who, "points", { points: 551 });
		assert.equal(both.json.code, "POINTS_SHORT", "its points are spoken for");
		assert.equal((await put(who, "points", { points: 550 })).json.quote
			.discount.amount, 1050);
		const placed = await checkout(who);
		assert.equal(placed.json.reward.id, one.id);
		assert.equal(await balance(ada), 0);
		const gone = await raw("DELETE",
			`/api/loyalty/manage/rewards/${one.id}`, { token: crm.token,
				headers: { "If-Match": '"1"' } });
		assert.deepEqual([gone.status, gone.json.code], [409, "IN_USE"]);
		assert.equal((await get(`/api/loyalty/manage/rewards/${one.id}`, crm))
			.json.used, 1);
	});

	test("that give nothing cost nothing", async () => {
		const ada = await rich(300), who = { token: ada.token };
		const one = await reward({ kind: "free_shipping", amount: null,
			cost: 300 });
		await add(who, (await thing()).variant);
		await put(who, "reward", { reward_id: one.id });
		const placed = await checkout(who, { shipping_address: undefined,
			shipping_method_id: await method("pickup") });
		assert.equal(placed.json.reward.applied, false);
		assert.equal(await balance(ada), 300);
		await add(who, (await thing()).variant);
		await put(who, "reward", { reward_id: one.id });
		const sent = await checkout(who);
		assert.deepEqual([sent.json.reward.amount.amount,
			sent.json.shipping.total.amount], [490, 0]);
		assert.equal(await balance(ada), 0);
	});

	test("are refused below their tier, before and after their dates",
		async () => {
		const ada = await rich(10000), who = { token: ada.token };
		await add(who, (await thing()).variant);
		for (const more of [{ tier: "gold" }, { active: false },
			{ starts_at: "2999-01-01T00:00:00Z" },
			{ ends_at: "2020-01-01T00:00:00Z" }]) {
			const one = await reward(more);
			const answer = await put(who, "reward", { reward_id: one.id });
			assert.equal(answer.json.code, "REWARD_NOT_AVAILABLE",
				JSON.stringify(more));
		}
		const dear = await reward({ cost: 10001 });
		assert.equal((await put(who, "reward", { reward_id: dear.id })).json.code,
			"POINTS_SHORT");
	});

	test("that end while they wait stop the checkout", async () => {
		const ada = await rich(450), who = { token: ada.token };
		const one = await reward();
		await add(who, (await thing()).variant);
		await put(who, "reward", { reward_id: one.id });
		const off = await raw("PATCH", `/api/loyalty/manage/rewards/${one.id}`,
			{ token: crm.token, body: { active: false },
				headers: { "If-Match": '"1"' } });
		assert.equal(off.json.active, false);
		assert.equal((await get("/api/cart", who)).json.quote.reward, null);
		assert.equal((await checkout(who)).json.code, "REWARD_NOT_AVAILABLE");
		await put(who, "reward", { reward_id: null });
		assert.equal((await checkout(who)).status, 201);
	});

	test("are made, changed and removed by staff who may", async () => {
		const one = await reward({ kind: "percent_off", amount: null,
			percent: "12.5" });
		assert.equal(one.percent, "12.5");
		const path = `/api/loyalty/manage/rewards/${one.id}`;
		const patch = (body: unknown, version: number) => raw("PATCH", path,
			{ token: crm.token, body, headers: { "If-Match": `"${version}"` } });
		assert.equal((await patch({ cost: 7 }, 1)).json.cost, 7);
		assert.equal((await patch({ cost: 8 }, 1)).status, 412);
		assert.equal((await raw("PATCH", path, { token: crm.token,
			body: { cost: 8 } })).status, 428);
		const post = (body: unknown) => raw("POST",
			"/api/loyalty/manage/rewards", { token: crm.token, body });
		for (const body of [{ name: "x", kind: "amount_off", cost: 5 },
			{ name: "x", kind: "percent_off", cost: 5 },
			{ name: "x", kind: "free_shipping", cost: 0 },
			{ name: "x", kind: "free_shipping", cost: 5, percent: "5" },
			{ name: "x", kind: "percent_off", cost: 5, percent: "101" },
			{ name: "x", kind: "amount_off", cost: 5,
				amount: { amount: 1, currency: "USD" } },
			{ name: "x", kind: "car", cost: 5 }])
			assert.equal((await post(body)).status, 422, JSON.stringify(body));
		const remove = (version: number) => raw("DELETE", path,
			{ token: crm.token, headers: { "If-Match": `"${version}"` } });
		assert.equal((await remove(1)).status, 412);
		assert.equal((await remove(2)).status, 204);
		assert.equal((await get(path, crm)).status, 404);
		assert.equal((await get("/api/loyalty/manage/rewards?active=true", crm))
			.json.items.some((r: any) => r.id === one.id), false);
	});
});

describe("the older clients' addresses", () => {
	test("do as the cart's own", async () => {
		const ada = await rich(1000), who = { token: ada.token };
		const one = await reward();
		await add(who, (await thing({ price: 2000 })).variant);
		const post = (path: string, body: unknown = {}) => raw("POST",
			`/checkout/cart/loyalty/${path}`, { ...who, body });
		assert.equal((await post("points/", { points: 100 })).json.quote.points
			.redeemed, 100);
		assert.equal((await post(`reward/${one.id}/`)).json.quote.reward.applied,
			true);
		assert.equal((await post(`reward/${randomUUID()}/`)).json.code,
			"REWARD_NOT_AVAILABLE");
		const { json } = await post("remove/");
		assert.deepEqual([json.points, json.reward_id, json.quote.discount.amount],
			[0, null, 0]);
		assert.equal((await raw("POST", "/checkout/cart/loyalty/points/",
			{ body: { points: 1 } })).status, 401);
	});
});

describe("staff", () => {
	test("give and take, once for each key", async () => {
		const ada = await customer(), key = randomUUID();
		const adjust = () => raw("POST", "/api/loyalty/adjustments", {
			token: crm.token, headers: { "Idempotency-Key": key },
			body: { customer_id: ada.id, points: 70, reason: "Late parcel" } });
		const first = await adjust(), again = await adjust();
		assert.equal(first.text, again.text);
		assert.equal(again.headers.get("idempotent-replayed"), "true");
		assert.equal(await balance(ada), 70);
		const short = await give(ada, -71);
		assert.deepEqual([short.status, short.json.code], [409, "POINTS_SHORT"]);
		assert.equal((await give(ada, 0)).status, 422);
		assert.equal((await give({ ...ada, id: randomUUID() }, 5)).status, 404);
		assert.equal((await give(ada, 5, clerk.token)).status, 403);
		const seen = await get(`/api/loyalty/manage/customers/${ada.id}`, crm);
		assert.equal(seen.json.balance, 70);
		const ledger = await get(
			`/api/loyalty/manage/customers/${ada.id}/history`, crm);
		assert.deepEqual(ledger.json.items.map((e: any) => [e.kind, e.reason]),
			[["adjust", "Late parcel"]]);
		const [row] = await sql(`select staff_id from points_entry
			where customer_id = $1`, [ada.id]);
		assert.equal(row.staff_id, crm.id);
	});
});

describe("automatic promotions", () => {
	test("need no code, and are shown by name", async () => {
		const who = { cart: newCart() }, item = await thing({ price: 1000 });
		const name = `Auto ${randomUUID().slice(0, 8)}`;
		await sql(`insert into promotion (name, kind, percent, product_ids,
			stacking_group) values ($1, 'percent', 20, array[$2::uuid], 'auto')`,
			[name, item.product]);
		const { json } = await add(who, item.variant);
		assert.deepEqual(json.quote.discounts.map((d: any) =>
			[d.name, d.code, d.amount.amount]), [[name, null, 200]]);
		const placed = await checkout(who);
		assert.equal(placed.json.discounts[0].name, name);
		assert.equal(placed.json.discount.amount, 200);
	});

	test("give, as long as there is something to give", async () => {
		const item = await thing({ price: 1000, stock: 100 });
		const free = await thing({ price: 300, stock: 3 });
		await sql(`insert into promotion (name, kind, gift_variant_id,
			gift_quantity, product_ids, minimum_amount, stacking_group)
			values ('A present', 'gift', $1, 2, array[$2::uuid], 2000, 'gift')`,
			[free.variant, item.product]);
		const who = { cart: newCart() };
		assert.equal((await add(who, item.variant)).json.quote.lines.length, 1);
		const { quote } = (await add(who, item.variant)).json;
		assert.deepEqual(quote.lines.map((l: any) => [l.sku, l.gift, l.quantity,
			l.total.amount]), [[item.sku, undefined, 2, 2000],
			[free.sku, true, 2, 0]]);
		assert.deepEqual([quote.subtotal.amount, quote.discount.amount,
			quote.total.amount], [2600, 600, 2000]);
		const placed = await checkout(who);
		assert.equal(placed.status, 201, placed.text);
		assert.deepEqual(placed.json.lines.map((l: any) => [l.sku, l.quantity,
			l.total.amount]), [[item.sku, 2, 2000], [free.sku, 2, 0]]);
		assert.deepEqual(await stockOf(free.variant),
			{ on_hand: 3, reserved: 2 });
		const again = await raw("POST", `/api/orders/${placed.json.id}/reorder`,
			{ ...who, body: {} });
		assert.deepEqual([again.status, again.json.added, again.json.missing],
			[200, 1, []], "what was a gift is not bought again");
		const late = { cart: newCart() };
		const none = await add(late, item.variant, 2);
		assert.equal(none.json.quote.lines.length, 1, "one is too few");
		assert.equal((await checkout(late)).status, 201);
	});
});

describe("the night", () => {
	const nightly = () => spawnSync(
		`${process.env.DUKA_TEST_COMMANDS}/duka-nightly`, ["loyalty"],
		{ encoding: "utf8", env: { ...process.env,
			DUKA_PROGRAMS: process.env.DUKA_TEST_PROGRAMS } });

	test("announces, lets expire, and is silent", async () => {
		const ada = await rich(640);
		await sql(`update points_account set moved_at = now()
			- interval '345 days' where customer_id = $1`, [ada.id]);
		const first = nightly();
		assert.deepEqual([first.status, first.stdout, first.stderr], [0, "", ""]);
		const letter = await mail(ada.email, "points-expiring");
		assert.equal(letter.data.points, 640);
		await sql(`update points_account set moved_at = now()
			- interval '13 months', warned_at = now() - interval '30 days'
			where customer_id = $1`, [ada.id]);
		assert.equal(nightly().status, 0);
		assert.equal(nightly().status, 0);
		const { json } = await get("/api/loyalty/history", ada);
		assert.deepEqual(json.items.map((e: any) => [e.kind, e.points]),
			[["expire", -640], ["adjust", 640]]);
		const [{ count }] = await sql(`select count(*)::int from outbox
			where recipient = $1 and template = 'points-expiring'`, [ada.email]);
		assert.equal(count, 1);
	});

	test("is staff's who may, or the machine's", async () => {
		const answer = await raw("POST", "/api/loyalty/nightly",
			{ token: crm.token });
		assert.deepEqual([answer.status, answer.json.more], [200, false]);
		assert.equal((await raw("POST", "/api/loyalty/nightly")).status, 401);
		assert.equal((await raw("POST", "/api/loyalty/nightly",
			{ token: clerk.token })).status, 403);
		const wrong = spawnSync(
			`${process.env.DUKA_TEST_COMMANDS}/duka-nightly`, ["orders"],
			{ encoding: "utf8" });
		assert.equal(wrong.status, 2);
	});
});

describe("who leaves", () => {
	test("takes the ledger along, and leaves it without a person", async () => {
		const ada = await rich(640);
		const { json } = await get("/api/customers/export", ada);
		assert.deepEqual([json.loyalty.balance, json.loyalty.entries[0].reason],
			[640, "A test"]);
		const gone = await raw("POST", "/api/customers/account/delete",
			{ token: ada.token, body: { password: goodPassword } });
		assert.ok(gone.status < 300, gone.text);
		const rows = await sql(`select kind, points, reason from points_entry
			where customer_id = $1 order by id`, [ada.id]);
		assert.deepEqual(rows, [{ kind: "adjust", points: 640, reason: "" },
			{ kind: "expire", points: -640, reason: "" }]);
		assert.equal((await give(ada, 5)).status, 404);
	});
});
