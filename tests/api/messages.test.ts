// SPDX-License-Identifier: ISC
// Conversations with customers: the contact form, answers, who has seen what,
// and that they are nobody else's.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, describe, test } from "node:test";
import { order, thing, together } from "./commerce.js";
import { Worker } from "./fastcgi.js";
import { customer, mail, raw, sql, staff, type Person } from "./harness.js";

let agent: Person, reader: Person;
before(async () => {
	agent = await staff("agent");
	reader = await staff("analyst");
});

const letter = { subject: "A torn bag",
	text: "One of the bags of gari had a hole." };
const address = () => `${randomUUID().slice(0, 12)}@example.org`;

const write = (body: object, who?: Person) => raw("POST",
	"/api/messages/contact", { token: who?.token, body });

/** A conversation of a customer: its id. */
async function begun(who: Person, more = {}): Promise<string> {
	const made = await write({ ...letter, ...more }, who);
	assert.equal(made.status, 201, made.text);
	return made.json.conversation_id;
}

const answer = (who: Person, id: string, text: string) => raw("POST",
	`/api/messages/mine/${id}/messages`,
	{ token: who.token, body: { text } });
const reply = (id: string, last_seen: number, text: string, more = {}) =>
	raw("POST", `/api/messages/${id}/replies`, { token: agent.token,
		body: { text, last_seen, ...more } });
const numbers = (page: { items: { number: number }[] }) =>
	page.items.map((m) => m.number);

describe("the contact form", () => {
	test("takes a guest's message", async () => {
		const email = address();
		const sent = await write({ ...letter, name: "Gus", email,
			order_number: "D-1", website: "" });
		assert.equal(sent.status, 201, sent.text);
		assert.match(sent.json.number, /^M-\d+$/);
		assert.equal(sent.json.conversation_id, null);
		const receipt = await mail(email, "message-received");
		assert.deepEqual(receipt.data, { number: sent.json.number });
		const [{ data }] = await sql(`select data from outbox
			where template = 'message-arrived'
			and data ->> 'number' = $1`, [sent.json.number]);
		assert.equal(data.text, letter.text);
		assert.equal(data.email, email);
		const found = await raw("GET", "/api/messages?q=" +
			encodeURIComponent(email), { token: agent.token });
		assert.equal(found.json.items.length, 1);
		assert.equal(found.json.items[0].name, "Gus");
		assert.equal(found.json.items[0].customer_id, null);
	});

	test("refuses what it can't take, field by field", async () => {
		const whole = { ...letter, name: "Gus", email: address() };
		for (const [change, field] of [
			[{ name: undefined }, "name"], [{ name: "  " }, "name"],
			[{ email: undefined }, "email"], [{ email: "x" }, "email"],
			[{ subject: "" }, "subject"], [{ subject: "a\nb" }, "subject"],
			[{ subject: "x\r\nBcc: y@example.org" }, "subject"],
			[{ name: "Gus\tX" }, "name"], [{ text: "" }, "text"],
			[{ text: "x".repeat(5001) }, "text"],
			[{ text: "bell \u0007" }, "text"],
			[{ text: "escape \u001b[31m" }, "text"],
			[{ order_number: "D 1" }, "order_number"],
			[{ order_number: "D-1'--" }, "order_number"],
			[{ website: "https://spam.example" }, "website"],
		] as [object, string][]) {
			const refused = await write({ ...whole, ...change });
			assert.equal(refused.status, 422, JSON.stringify(change));
			assert.ok(refused.json.errors.some((e: any) =>
				e.field === field), refused.text);
		}
		const many = await write({ ...letter, subject: "a\nb",
			website: "x" });
		assert.deepEqual(many.json.errors.map((e: any) => e.field).sort(),
			["email", "name", "subject", "website"]);
	});

	test("mails a stranger's choice of address three times at most",
		async () => {
		const email = address();
		for (let i = 0; i < 5; i++)
			assert.equal((await write({ ...letter, name: "Gus", email }))
				.status, 201);
		const [{ n }] = await sql(`select count(*)::int as n from outbox
			where recipient = $1`, [email]);
		assert.equal(n, 3);
	});

	test("belongs to the account of who is signed in", async () => {
		const ada = await customer();
		const id = await begun(ada, { name: "Eve", email: address() });
		const mine = await raw("GET", `/api/messages/mine/${id}`,
			{ token: ada.token });
		assert.equal(mine.status, 200, mine.text);
		assert.equal(mine.json.messages[0].text, letter.text);
		const seen = await raw("GET", `/api/messages/${id}`,
			{ token: agent.token });
		assert.equal(seen.json.name, "Ada Obi");
		assert.equal(seen.json.email, ada.email);
		assert.equal(seen.json.customer_id, ada.id);
	});

	test("is not for staff", async () => {
		const refused = await raw("POST", "/api/messages/contact",
			{ token: agent.token, body: { ...letter, name: "x",
				email: address() } });
		assert.equal(refused.status, 401, refused.text);
	});

	test("repeated with its key is one message", async () => {
		const email = address(), key = randomUUID();
		const once = () => raw("POST", "/api/messages/contact", {
			body: { ...letter, name: "Gus", email },
			headers: { "Idempotency-Key": key } });
		const first = await once(), second = await once();
		assert.equal(second.headers.get("idempotent-replayed"), "true");
		assert.equal(second.json.number, first.json.number);
	});

	test("says nothing of orders to who writes; staff see whose it is",
		async () => {
		const ada = await customer(), ben = await customer();
		const { variant } = await thing();
		const { number } = await order({ token: ada.token }, variant);
		for (const [who, theirs] of [[ada, true], [ben, false]] as const) {
			const id = await begun(who, { order_number: number });
			const mine = await raw("GET", `/api/messages/mine/${id}`,
				{ token: who.token });
			assert.ok(!("order" in mine.json));
			const seen = await raw("GET", `/api/messages/${id}`,
				{ token: agent.token });
			assert.equal(seen.json.order.number, number);
			assert.equal(seen.json.order.theirs, theirs);
		}
	});
});

test("a machine writes five times an hour, whoever it says it is",
	async () => {
	const limit = (value: string) => sql(`update setting set value = $1
		where key = 'limit.contact'`, [value]);
	const [{ about }] = await sql(`select about from setting
		where key = 'limit.contact'`);
	assert.ok(about);
	await limit("5/hour");
	const worker = await new Worker("messages").up();
	try {
		const come = async (machine: string) => (await worker.ask("POST",
			"/api/messages/contact", { body: JSON.stringify({ ...letter,
				name: "Gus", email: address() }),
				more: { REMOTE_ADDR: machine } })).status;
		const statuses: number[] = [];
		for (let i = 0; i < 7; i++)
			statuses.push(await come("203.0.113.7"));
		assert.deepEqual(statuses, [201, 201, 201, 201, 201, 429, 429]);
		assert.equal(await come("203.0.113.8"), 201);
	} finally {
		await limit("off");
		assert.equal(await worker.stop(), 0);
	}
});

describe("a conversation", () => {
	test("goes to and fro", async () => {
		const ada = await customer();
		const id = await begun(ada);
		const said = await reply(id, 1, "We send another one today.");
		assert.equal(said.status, 201, said.text);
		assert.equal(said.json.last_number, 2);
		assert.match(said.json.messages[1].name, /^Test agent/);
		const letterTo = await mail(ada.email, "message-reply");
		assert.equal(letterTo.data.text, "We send another one today.");
		assert.equal(letterTo.data.path, `/account/messages/${id}`);
		const mine = await raw("GET", `/api/messages/mine/${id}`,
			{ token: ada.token });
		assert.deepEqual(numbers({ items: mine.json.messages }), [1, 2]);
		assert.equal(mine.json.messages[1].name, null);
		const thanks = await answer(ada, id, "Thank you");
		assert.equal(thanks.status, 201, thanks.text);
		assert.equal(thanks.json.last_number, 3);
		const after = await raw("GET",
			`/api/messages/mine/${id}/messages?after=1`,
			{ token: ada.token });
		assert.deepEqual(numbers(after.json), [2, 3]);
		const [told] = await sql(`select kind, data from notification
			where customer_id = $1`, [ada.id]);
		assert.equal(told.kind, "reply");
		assert.equal(told.data.conversation_id, id);
	});

	test("is not answered unread: 409 has what is new", async () => {
		const ada = await customer();
		const id = await begun(ada);
		await answer(ada, id, "And another");
		await answer(ada, id, "And a third");
		const late = await reply(id, 1, "Which one?");
		assert.equal(late.status, 409, late.text);
		assert.equal(late.json.code, "CONVERSATION_WENT_ON");
		assert.equal(late.json.data.last_number, 3);
		assert.deepEqual(late.json.data.messages.map((m: any) => m.text),
			["And another", "And a third"]);
		assert.equal((await reply(id, 4, "x")).status, 422);
		assert.equal((await reply(id, 3, "All three?")).status, 201);
	});

	test("answers a guest by mail", async () => {
		const email = address();
		const { json } = await write({ ...letter, name: "Gus", email });
		const [{ id }] = await sql(`select id from conversation
			where number = $1`, [json.number]);
		assert.equal((await reply(id, 1, "Sorry!")).status, 201);
		const sent = await mail(email, "message-reply");
		assert.deepEqual(sent.data, { number: json.number,
			subject: letter.subject, name: "Gus", text: "Sorry!" });
	});

	test("is closed, and opened by a further word", async () => {
		const ada = await customer();
		const id = await begun(ada);
		const closed = await reply(id, 1, "Done", { close: true });
		assert.equal(closed.json.state, "closed");
		const again = await answer(ada, id, "Not quite");
		assert.equal(again.json.state, "open");
		const tag = again.headers.get("etag")!;
		const move = (state: string, version?: string) => raw("PATCH",
			`/api/messages/${id}`, { token: agent.token, body: { state },
				headers: version ? { "If-Match": version } : {} });
		assert.equal((await move("closed")).status, 428);
		assert.equal((await move("closed", '"1"')).status, 412);
		assert.equal((await move("closed", tag)).json.state, "closed");
		assert.equal((await move("open", tag)).status, 412);
	});

	test("is nobody else's", async () => {
		const ada = await customer(), ben = await customer();
		const id = await begun(ada);
		for (const [method, path] of [
			["GET", `mine/${id}`], ["GET", `mine/${id}/messages`],
			["POST", `mine/${id}/messages`]])
			assert.equal((await raw(method, `/api/messages/${path}`, {
				token: ben.token, body: method === "POST" ?
					{ text: "x" } : undefined })).status, 404);
		assert.deepEqual((await raw("GET", "/api/messages/mine",
			{ token: ben.token })).json.items, []);
		for (const [method, path, body] of [
			["GET", "", undefined], ["GET", `/${id}`, undefined],
			["POST", `/${id}/replies`, { text: "x", last_seen: 1 }]] as
			[string, string, object | undefined][]) {
			assert.equal((await raw(method, "/api/messages" + path,
				{ token: ada.token, body })).status, 401);
			assert.equal((await raw(method, "/api/messages" + path,
				{ token: reader.token, body })).status, 403);
		}
	});

	test("refuses texts that are none", async () => {
		const ada = await customer();
		const id = await begun(ada);
		for (const text of ["", "   ", "x".repeat(5001), "a\u0000b",
			"a\u0008b"]) {
			assert.ok([400, 422].includes((await answer(ada, id, text))
				.status), JSON.stringify(text));
			assert.ok([400, 422].includes((await reply(id, 1, text))
				.status), JSON.stringify(text));
		}
		const lines = await answer(ada, id, "Two\nlines\tand <b>tags</b>");
		assert.equal(lines.json.messages[1].text,
			"Two\nlines\tand <b>tags</b>");
	});

	test("holds a thousand messages", async () => {
		const ada = await customer();
		const id = await begun(ada);
		await sql(`insert into message (conversation_id, number, author,
			text) select $1, n, 'customer', n::text
			from generate_series(2, 1000) n`, [id]);
		await sql(`update conversation set last_number = 1000
			where id = $1`, [id]);
		const full = await answer(ada, id, "One more");
		assert.equal(full.status, 409, full.text);
		assert.equal(full.json.code, "CONVERSATION_FULL");
		const shown = await raw("GET", `/api/messages/${id}`,
			{ token: agent.token });
		assert.deepEqual(numbers({ items: shown.json.messages }),
			Array.from({ length: 100 }, (_, i) => 901 + i));
		const seen: number[] = [];
		let cursor = "";
		do {
			const page = await raw("GET", `/api/messages/${id}/messages` +
				`?limit=100&after=500${cursor}`, { token: agent.token });
			seen.push(...numbers(page.json));
			cursor = page.json.next && `&cursor=${page.json.next}`;
		} while (cursor);
		assert.deepEqual(seen,
			Array.from({ length: 500 }, (_, i) => 501 + i));
	});
});

describe("many at once", () => {
	test("number their messages without a gap", async () => {
		const ada = await customer();
		const id = await begun(ada);
		const answers = await together(40, (i) =>
			raw("POST", `/api/messages/mine/${id}/messages`,
				{ token: ada.token, body: { text: `${i}` },
					parallel: true }));
		assert.ok(answers.every((a) => a.status === 201));
		assert.deepEqual(answers.map((a) => a.json.last_number)
			.sort((a, b) => a - b),
			Array.from({ length: 40 }, (_, i) => i + 2));
		const rows = await sql(`select number from message
			where conversation_id = $1 order by number`, [id]);
		assert.deepEqual(rows.map((r) => r.number),
			Array.from({ length: 41 }, (_, i) => i + 1));
	});

	test("of twenty staff who have seen the same, one answers", async () => {
		const ada = await customer();
		const id = await begun(ada);
		const answers = await together(20, (i) =>
			raw("POST", `/api/messages/${id}/replies`,
				{ token: agent.token, body: { text: `${i}`,
					last_seen: 1 }, parallel: true }));
		const good = answers.filter((a) => a.status === 201);
		assert.equal(good.length, 1);
		for (const late of answers.filter((a) => a !== good[0])) {
			assert.equal(late.json.code, "CONVERSATION_WENT_ON");
			assert.equal(late.json.data.messages[0].text,
				good[0].json.messages[1].text);
		}
		const [{ n }] = await sql(`select count(*)::int as n from outbox
			where template = 'message-reply' and customer_id = $1`,
			[ada.id]);
		assert.equal(n, 1);
	});
});

describe("the staff's list", () => {
	test("is filtered, and paged without a gap or a double", async () => {
		const ada = await customer();
		const subject = `Paging ${randomUUID()}`;
		const made: string[] = [];
		for (let i = 0; i < 7; i++)
			made.unshift(await begun(ada, { subject }));
		const list = async (query: string) => {
			const { status, json, text } = await raw("GET",
				`/api/messages?${query}`, { token: agent.token });
			assert.equal(status, 200, text);
			return json;
		};
		const ids: string[] = [];
		let next: string | null = "";
		while (next !== null) {
			const page: any = await list(`customer_id=${ada.id}&limit=3` +
				(next ? `&cursor=${next}` : ""));
			ids.push(...page.items.map((c: any) => c.id));
			next = page.next;
		}
		assert.deepEqual(ids, made);
		await reply(made[0], 1, "Yes", { close: true });
		await reply(made[1], 1, "Yes");
		const q = `q=${encodeURIComponent(subject.toLowerCase())}`;
		const of = async (query: string) =>
			(await list(`${q}&${query}`)).items.length;
		assert.equal(await of("limit=100"), 7);
		assert.equal(await of("state=closed"), 1);
		assert.equal(await of("state=open"), 6);
		assert.equal(await of("waiting=true"), 5);
		assert.equal(await of("waiting=false"), 2);
		const one = await list(`customer_id=${ada.id}&limit=1`);
		assert.equal((await list(`q=${one.items[0].number.toLowerCase()}`))
			.items[0].id, one.items[0].id);
		assert.equal((await raw("GET", "/api/messages?cursor=WzFd",
			{ token: agent.token })).json.code, "CURSOR_WRONG");
		const mine = await raw("GET", "/api/messages/mine?state=closed",
			{ token: ada.token });
		assert.deepEqual(mine.json.items.map((c: any) => c.id), [made[0]]);
	});
});
