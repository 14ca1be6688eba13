// SPDX-License-Identifier: ISC
// The list in the account: what makes it grow, reading it, and what a
// customer wants to hear of and how.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, describe, test } from "node:test";
import { move, order, thing } from "./commerce.js";
import { customer, goodPassword, mail, raw, sql, staff, type Person } from
	"./harness.js";

let boss: Person;
before(async () => {
	boss = await staff("superadmin");
});

const send = (who: Person, method: string, path: string, body?: unknown) =>
	raw(method, `/api/customers/${path}`, { token: who.token, body });
const list = async (who: Person, query = "") =>
	(await send(who, "GET", `notifications${query}`)).json;
const unread = async (who: Person) =>
	(await send(who, "GET", "notifications/unread")).json.count;
const tell = (who: Person, kind: string, data: object = {}) =>
	sql("select notify_customer($1, $2, $3)", [who.id, kind, data]);
const prefer = (who: Person, ...items: [string, string, boolean][]) =>
	send(who, "PUT", "notification-preferences", { items: items.map(
		([kind, channel, on]) => ({ kind, channel, on })) });

const ordered = async (who: Person): Promise<string> =>
	(await order({ token: who.token }, (await thing()).variant)).id;

describe("the list", () => {
	test("has what staff did to an order, and one mail of it", async () => {
		const ada = await customer();
		const id = await ordered(ada);
		assert.deepEqual((await list(ada)).items, [],
			"who ordered knows");
		await move(boss.token, id, "confirmed", "processing", "shipped");
		const { items } = await list(ada);
		assert.deepEqual(items.map((n: any) => n.data.to),
			["shipped", "processing", "confirmed"]);
		assert.ok(items.every((n: any) => n.kind === "order_moved" &&
			n.data.order_id === id && n.read_at === null));
		const sent = await sql(`select template from outbox
			where customer_id = $1 and template like 'order-%'
			order by template`, [ada.id]);
		assert.deepEqual(sent.map((m) => m.template),
			["order-placed", "order-shipped"], "no mail twice");
	});

	test("is silent about what customers do themselves", async () => {
		const ada = await customer();
		const id = await ordered(ada);
		const gone = await raw("POST", `/api/orders/${id}/cancel`,
			{ token: ada.token, body: {} });
		assert.equal(gone.status, 200, gone.text);
		assert.deepEqual((await list(ada)).items, []);
	});

	test("has points, and why", async () => {
		const ada = await customer();
		const given = await raw("POST", "/api/loyalty/adjustments",
			{ token: boss.token, body: { customer_id: ada.id, points: 40,
				reason: "For the late parcel" } });
		assert.equal(given.status, 201, given.text);
		const { items } = await list(ada);
		assert.equal(items.length, 1);
		assert.equal(items[0].data.points, 40);
		assert.equal(items[0].data.reason, "For the late parcel");
		assert.equal(await mail(ada.email, "points-moved"), undefined);
	});

	test("is paged newest first, filtered, and one's own", async () => {
		const ada = await customer(), ben = await customer();
		for (let i = 0; i < 7; i++)
			await tell(ada, "reply", { i });
		await tell(ben, "reply", { i: 99 });
		const seen: number[] = [];
		let next: string | null = "";
		while (next !== null) {
			const page: any = await list(ada, "?limit=3" +
				(next ? `&cursor=${next}` : ""));
			seen.push(...page.items.map((n: any) => n.data.i));
			next = page.next;
		}
		assert.deepEqual(seen, [6, 5, 4, 3, 2, 1, 0]);
		assert.equal(await unread(ada), 7);
		const { items } = await list(ada);
		const [theirs] = (await list(ben)).items;
		const read = await send(ada, "POST", "notifications/read",
			{ ids: [items[0].id, items[1].id, theirs.id, randomUUID()] });
		assert.deepEqual(read.json, { read: 2, unread: 5 });
		assert.equal(await unread(ben), 1);
		assert.equal((await list(ada, "?unread=true")).items.length, 5);
		assert.equal((await list(ada, "?unread=false")).items.length, 2);
		assert.deepEqual((await send(ada, "POST", "notifications/read",
			{ all: true })).json, { read: 5, unread: 0 });
		assert.deepEqual((await send(ada, "POST", "notifications/read",
			{ all: true })).json, { read: 0, unread: 0 });
		assert.equal(await unread(ada), 0);
	});

	test("refuses to guess what was read", async () => {
		const ada = await customer();
		await tell(ada, "reply");
		for (const body of [{}, { all: false }, { ids: [randomUUID()],
			all: true }, { ids: ["x"] }, { ids: null },
			{ ids: Array.from({ length: 101 }, () => randomUUID()) }])
			assert.equal((await send(ada, "POST", "notifications/read",
				body)).status, 422, JSON.stringify(body));
		assert.equal(await unread(ada), 1);
		assert.equal((await send(ada, "GET",
			"notifications?cursor=WzFd")).json.code, "CURSOR_WRONG");
		assert.equal((await raw("GET", "/api/customers/notifications"))
			.status, 401);
	});
});

describe("preferences", () => {
	test("are kept whole, and followed", async () => {
		const ada = await customer();
		const first = await send(ada, "GET", "notification-preferences");
		assert.equal(first.json.items.length, 14);
		const said = await prefer(ada, ["points", "email", true],
			["reply", "email", false], ["reply", "in_app", false]);
		assert.equal(said.status, 200, said.text);
		const on = (answer: any, kind: string, channel: string) =>
			answer.json.items.find((p: any) => p.kind === kind &&
				p.channel === channel).on;
		assert.equal(on(said, "points", "email"), true);
		assert.equal(on(said, "reply", "in_app"), false);
		assert.equal(on(said, "review", "email"), true);
		await tell(ada, "points", { points: 5, balance: 5 });
		await tell(ada, "reply");
		assert.deepEqual((await list(ada)).items.map((n: any) => n.kind),
			["points"]);
		assert.ok(await mail(ada.email, "points-moved"));
		assert.equal(await mail(ada.email, "message-reply"), undefined);
		const cleared = await prefer(ada);
		assert.deepEqual(cleared.json, first.json);
	});

	test("can't hold back mail about orders, nor say yes and no",
		async () => {
		const ada = await customer();
		for (const kind of ["order_moved", "return_moved"])
			assert.equal((await prefer(ada, [kind, "email", false]))
				.status, 422);
		assert.equal((await prefer(ada, ["reply", "email", true],
			["reply", "email", false])).status, 422);
		assert.equal((await prefer(ada, ["rumour", "email", true]))
			.status, 422);
		assert.equal((await prefer(ada, ["reply", "sms", true]))
			.status, 422);
		assert.equal((await send(ada, "PUT", "notification-preferences",
			{})).status, 422);
	});

	test("show whether the consent that a mail needs stands", async () => {
		const ada = await customer();
		const shown = async () => (await send(ada, "GET",
			"notification-preferences")).json.items.find((p: any) =>
			p.kind === "price_drop" && p.channel === "email");
		assert.deepEqual(await shown(), { kind: "price_drop",
			channel: "email", on: true, fixed: false,
			purpose: "marketing", consented: false });
		await send(ada, "POST", "consents", { purpose: "marketing",
			channel: "email", given: true, text: "Yes, write to me" });
		assert.equal((await shown()).consented, true);
	});
});

test("the account takes them away, and along when it goes", async () => {
	const ada = await customer();
	await tell(ada, "reply", { number: "M-1" });
	await prefer(ada, ["points", "email", true]);
	const begun = await raw("POST", "/api/messages/contact", {
		token: ada.token, body: { subject: "x", text: "words of mine" } });
	assert.equal(begun.status, 201, begun.text);
	const { json } = await send(ada, "GET", "export");
	assert.equal(json.notifications.items[0].data.number, "M-1");
	assert.equal(json.conversations[0].messages[0].text, "words of mine");
	const erased = await raw("POST", "/api/customers/account/delete",
		{ token: ada.token, body: { password: goodPassword } });
	assert.equal(erased.status, 204, erased.text);
	for (const table of ["notification", "notification_preference",
		"conversation"])
		assert.deepEqual(await sql(`select 1 from ${table}
			where customer_id = $1`, [ada.id]), [], table);
});
