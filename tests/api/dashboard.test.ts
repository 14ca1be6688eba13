// SPDX-License-Identifier: ISC
// What staff see first: each figure is what the tables say, and nothing is
// there that a role may not see.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { customer, raw, sql, staff, type Person } from "./harness.js";

const roles = ["superadmin", "admin", "manager", "analyst", "crm", "service",
	"sales", "agent"];
/** What each name needs. */
const needs = { orders: "orders.read", returns: "orders.read",
	low_stock: "inventory.read", reviews: "reviews.read",
	messages: "messages.read", tasks: "tasks.read", outbox: "settings.read" };
const figures = { sales: "reports.read", orders: "orders.read",
	customers: "customers.read" };
const kinds = { order: "orders.read", return: "orders.read",
	customer: "customers.read", message: "messages.read",
	review: "reviews.read" };

const seen = (who: Person, etag?: string) => raw("GET", "/api/reports/news",
	{ token: who.token, headers: etag ? { "If-None-Match": etag } : {} });
const dashboard = async (who: Person) => {
	const answer = await raw("GET", "/api/reports/dashboard",
		{ token: who.token });
	assert.equal(answer.status, 200, answer.text);
	return answer.json;
};

async function buy() {
	const buyer = await customer();
	const [variant] = await sql(`select v.id from variant v
		join stock s on s.variant_id = v.id
		where v.status = 'active' and s.on_hand - s.reserved > 3
		order by v.sku limit 1`);
	const bought = await raw("POST", "/bot/purchase", { token: buyer.token,
		body: { product_id: variant.id, quantity: 1 } });
	assert.equal(bought.status, 201, bought.text);
}

before(buy);

for (const role of roles)
	describe(role, () => {
		test("sees what its permissions let it see, and no more", async () => {
			const who = await staff(role);
			const may = new Set((await sql(`select permission
				from role_permission where role = $1`, [role]))
				.map((row) => row.permission));
			const now = await dashboard(who);
			const allowed = (map: Record<string, string>) =>
				Object.keys(map).filter((name) => may.has(map[name])).sort();
			assert.deepEqual(Object.keys(now.waiting).sort(), allowed(needs));
			assert.deepEqual(now.figures.map((one: any) => one.name).sort(),
				allowed(figures));
			assert.equal(now.days === null, !may.has("reports.read"));
			for (const { kind } of now.recent)
				assert.ok(may.has(kinds[kind as keyof typeof kinds]), kind);
			const news = await seen(who);
			assert.deepEqual(news.json.counts, now.waiting);
		});
	});

describe("figures", () => {
	test("are what the tables say", async () => {
		const now = await dashboard(await staff("manager"));
		const figure = (name: string) => now.figures.find((one: any) =>
			one.name === name);
		const [truth] = await sql(`select count(*)::int as orders,
			coalesce(sum(total_amount), 0)::int as amount
			from customer_order where state <> 'cancelled'
			and placed_at >= day_start($1)`, [now.day]);
		assert.ok(truth.orders > 0);
		assert.equal(figure("orders").value, truth.orders);
		assert.equal(figure("sales").value, truth.amount);
		const today = now.days.at(-1);
		assert.deepEqual([now.days.length, today.day, today.orders,
			today.amount], [28, now.day, truth.orders, truth.amount]);
		const [people] = await sql(`select count(*)::int as n from customer
			where created_at >= day_start($1)`, [now.day]);
		assert.equal(figure("customers").value, people.n);
	});

	test("compare with the same hours a week ago", async () => {
		const manager = await staff("manager");
		const was = await dashboard(manager);
		const [{ id }] = await sql(`select id from customer_order
			where state <> 'cancelled' and placed_at >= day_start($1)
			order by placed_at desc limit 1`, [was.day]);
		const count = (all: any) => all.figures.find((one: any) =>
			one.name === "orders").before;
		const move = (when: string) => sql(`begin;
			set local session_replication_role = replica;
			update customer_order set placed_at = ${when}
			where id = '${id}'; commit`);
		await move("placed_at - interval '7 days'");
		assert.equal(count(await dashboard(manager)), count(was) + 1);
		await move("now() - interval '7 days' + interval '1 minute'");
		assert.equal(count(await dashboard(manager)), count(was));
		await move("now()");
	});
});

describe("news", () => {
	test("say nothing new until there is", async () => {
		const agent = await staff("agent");
		const first = await seen(agent);
		const etag = first.headers.get("etag")!;
		assert.equal((await seen(agent, etag)).status, 304);
		await buy();
		const next = await seen(agent, etag);
		assert.equal(next.status, 200);
		assert.equal(next.json.counts.orders, first.json.counts.orders + 1);
		assert.ok(next.json.latest.orders > first.json.latest.orders);
	});
});
