// SPDX-License-Identifier: ISC
// The outbox in staff's hands: what waits and what failed, without what
// would open somebody's account; again, and not at all.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, describe, test } from "node:test";
import { customer, raw, sql, staff, type Person } from "./harness.js";

let owner: Person, agent: Person, analyst: Person;
before(async () => {
	owner = await staff("admin");
	agent = await staff("agent");
	analyst = await staff("analyst");
});

const get = (path = "", who = owner) =>
	raw("GET", `/api/outbox${path}`, { token: who.token });
const post = (path: string, body: object, who = owner) =>
	raw("POST", `/api/outbox/${path}`, { token: who.token, body });
const address = () => `${randomUUID().slice(0, 12)}@example.org`;

/** A row of the outbox as the courier would have left it. */
async function put(state = "dead", more: Record<string, unknown> = {}):
	Promise<string> {
	const row = { template: "welcome", recipient: address(),
		data: { name: "Ada" }, state, tries: 12,
		last_error: "550 no such mailbox", ...more };
	const names = Object.keys(row);
	const [made] = await sql(`insert into outbox (${names.join(", ")})
		values (${names.map((_, i) => `$${i + 1}`).join(", ")})
		returning id`, Object.values(row));
	return made.id;
}

describe("the outbox", () => {
	test("is listed with filters, in pages", async () => {
		const mark = randomUUID().slice(0, 8);
		const ids = [];
		for (let i = 0; i < 5; i++)
			ids.unshift(await put(i < 3 ? "dead" : "waiting", {
				recipient: `${mark}.${i}@example.org`,
				created_at: new Date(Date.now() - (9 - i) * 60000) }));
		const all = (await get(`?q=${mark}`)).json;
		assert.deepEqual(all.items.map((m: any) => m.id), ids);
		const first = (await get(`?q=${mark}&limit=2`)).json;
		const next = (await get(
			`?q=${mark}&limit=3&cursor=${first.next}`)).json;
		assert.deepEqual([...first.items, ...next.items].map((m: any) =>
			m.id), ids);
		assert.equal(next.next, null);
		const dead = (await get(`?q=${mark.toUpperCase()}&state=dead`)).json;
		assert.equal(dead.items.length, 3);
		assert.equal(dead.items[0].last_error, "550 no such mailbox");
		const some = (await get(`?q=${mark}&from=${
			new Date(Date.now() - 6.5 * 60000).toISOString()}`)).json;
		assert.equal(some.items.length, 2);
		assert.equal((await get(`?q=${mark}&template=report`)).json
			.items.length, 0);
		for (const who of [agent, analyst])
			assert.equal((await get("", who)).status, 403);
		assert.equal((await get("?state=lost")).status, 422);
	});

	test("says what a mail says, without what opens anything", async () => {
		const ada = await customer();
		await sql("update outbox set state = 'dead' where recipient = $1 " +
			"and template = 'verify-email'", [ada.email]);
		const secret = randomUUID();
		const id = await put("dead", { template: "reset-password", data: {
			name: "Ada", token: secret,
			link: `https://shop.example/reset-password#token=${secret}` } });
		const one = await get(`/${id}`);
		assert.equal(one.status, 200, one.text);
		assert.ok(!one.text.includes(secret), one.text);
		assert.match(one.json.says.text, /reset-password#…/);
		const guest = await put("dead", { template: "order-placed", data: {
			number: "D-1", path: `/order/1#key=${secret}`,
			review_query: `?order=1#key=${secret}`,
			lines: [{ name: `see https://x.example/?token=${secret}&b=1`,
				quantity: 1 }] } });
		const shown = await get(`/${guest}`);
		assert.ok(!shown.text.includes(secret), shown.text);
		assert.match(shown.json.says.subject, /D-1/);
		assert.match(shown.json.says.text, /token=…&b=1/);
		const sent = await put("sent", { data: {}, sent_at: new Date() });
		assert.equal((await get(`/${sent}`)).json.says, null);
		assert.equal((await get(`/${randomUUID()}`)).status, 404);
		assert.equal((await get(`/${id}`, agent)).status, 403);
	});

	test("sends again what failed, once however often asked", async () => {
		const dead = await put("dead"), waiting = await put("waiting"),
			sent = await put("sent", { data: {}, sent_at: new Date() });
		const ids = [dead, waiting, sent, randomUUID()];
		const first = await post("again", { ids });
		assert.equal(first.status, 200, first.text);
		assert.equal(first.json.moved, 1);
		const moved = first.json.items.find((m: any) => m.id === dead);
		assert.equal(moved.again, 1);
		assert.equal(moved.tries, 0);
		assert.equal(moved.moved_by, "Test admin");
		const second = await post("again", { ids });
		assert.equal(second.json.moved, 0);
		const [row] = await sql("select * from outbox where id = $1", [dead]);
		assert.ok(row.due_at <= new Date());
		const [audit] = await sql(`select * from audit_log
			where table_name = 'outbox' and row_key = $1`, [dead]);
		assert.equal(audit.before.state, "dead");
		assert.ok(!JSON.stringify(audit).includes("Ada"));
		assert.equal((await post("again", { ids }, agent)).status, 403);
		for (const bad of [{ ids: [] }, { ids: ["x"] }, { ids: Array(101)
			.fill(dead) }, { ids, template: "welcome" }])
			assert.equal((await post("again", bad)).status, 422);
	});

	test("sends again all of one kind that failed", async () => {
		const a = await put("dead", { template: "points-moved" }),
			b = await put("dead", { template: "points-expiring" });
		const done = await post("again", { template: "points-moved" });
		assert.ok(done.json.moved >= 1);
		const states = await sql(`select id, state from outbox
			where id = any ($1)`, [[a, b]]);
		assert.equal(states.find((s) => s.id === a).state, "waiting");
		assert.equal(states.find((s) => s.id === b).state, "dead");
	});

	test("cancels what waits, and takes that back", async () => {
		const later = new Date(Date.now() + 3600000);
		const id = await put("waiting", { due_at: later }),
			busy = await put("waiting", { claimed_until: later });
		const done = await post("cancel", { ids: [id, busy] });
		assert.equal(done.json.moved, 1, done.text);
		assert.deepEqual(new Set(done.json.items.map((m: any) => m.state)),
			new Set(["cancelled", "sending"]));
		const [{ n }] = await sql(`select count(*)::int as n
			from mail_queue(100000) where id = $1`, [id]);
		assert.equal(n, 0);
		assert.equal((await post("again", { ids: [id] })).json.moved, 1);
		assert.equal((await post("cancel", {})).status, 422);
		await sql("delete from outbox where id = $1", [busy]);
	});

	test("has figures", async () => {
		const before = (await get("/figures")).json;
		await put("dead");
		await put("waiting", { created_at: new Date(Date.now() - 7200000),
			due_at: new Date(Date.now() + 3600000) });
		const after = (await get("/figures")).json;
		assert.equal(after.dead, before.dead + 1);
		assert.equal(after.late, before.late + 1);
		assert.ok(Date.parse(after.oldest_waiting_at) <=
			Date.now() - 7200000);
		assert.equal((await get("/figures", agent)).status, 403);
	});
});
