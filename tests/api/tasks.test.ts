// SPDX-License-Identifier: ISC
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, describe, test } from "node:test";
import { customer, program, raw, sql, staff, type Person } from "./harness.js";
import { newCart, order as ordered, thing, together } from "./commerce.js";

let crm: Person, service: Person, analyst: Person, ada: Person;
before(async () => {
	crm = await staff("crm");
	service = await staff("service");
	analyst = await staff("analyst");
	ada = await customer();
});

const version = (n: number) => ({ "If-Match": `"${n}"` });
const send = (method: string, path: string, body?: unknown, who = crm,
	headers: Record<string, string> = {}) =>
	raw(method, `/api/tasks${path}`, { token: who.token, body, headers });
const list = async (query: string, who = crm) => {
	const answer = await send("GET", query, undefined, who);
	assert.equal(answer.status, 200, answer.text);
	return answer.json;
};
async function made(body: Record<string, unknown> = {}, who = crm):
	Promise<any> {
	const answer = await send("POST", "", { title: "A test", ...body }, who);
	assert.equal(answer.status, 201, answer.text);
	return answer.json;
}
const change = (task: any, body: unknown, who = crm) =>
	send("PATCH", `/${task.id}`, body, who, version(task.version));
async function changed(task: any, body: unknown, who = crm): Promise<any> {
	const answer = await change(task, body, who);
	assert.equal(answer.status, 200, answer.text);
	return answer.json;
}
const told = async (who: Person, kind: string, task: any) =>
	(await sql(`select data from staff_notification where staff_id = $1
		and kind = $2 and data ->> 'task_id' = $3`,
		[who.id, kind, task.id])).length;
const fault = (answer: any) => answer.json?.errors?.[0]?.field;

describe("a task", () => {
	test("is made, shown, changed and removed", async () => {
		const answer = await send("POST", "", { title: "  Ring Ada ",
			text: "About the bag", customer_id: ada.id, priority: "high",
			assignee_id: service.id, due_at: "2026-12-01T10:00:00Z" });
		assert.equal(answer.status, 201, answer.text);
		const task = answer.json;
		assert.equal(answer.headers.get("location"), `/api/tasks/${task.id}`);
		assert.equal(task.title, "Ring Ada");
		assert.equal(task.customer.id, ada.id);
		assert.equal(task.customer.name, "Ada Obi");
		assert.equal(task.assignee.id, service.id);
		assert.equal(task.created_by.id, crm.id);
		assert.equal(task.status, "open");
		const got = await send("GET", `/${task.id}`);
		assert.equal(got.headers.get("etag"), '"1"');
		assert.deepEqual(got.json, task);
		const done = await changed(task, { status: "completed" }, service);
		assert.equal(done.completed_by.id, service.id);
		assert.ok(done.completed_at);
		const again = await changed(done, { status: "in_progress",
			assignee_id: null, due_at: null, text: "" });
		assert.equal(again.completed_at, null);
		assert.equal(again.assignee, null);
		assert.equal(again.text, "");
		const events = await list(`/${task.id}/events`);
		assert.deepEqual(events.items.map((e: any) =>
			[e.kind, e.from, e.to, e.by.id]), [
			["created", null, "open", crm.id],
			["status", "open", "completed", service.id],
			["status", "completed", "in_progress", crm.id],
			["assignee", task.assignee.name, null, crm.id],
			["due", "2026-12-01T10:00:00.000000Z", null, crm.id]]);
		const same = await changed(again, { status: "in_progress" });
		assert.equal(same.version, again.version, "nothing changed");
		const audit = await sql(`select action, before ->> 'status' as before,
			after ->> 'status' as after from audit_log
			where table_name = 'task' and row_key = $1 order by id`,
			[task.id]);
		assert.deepEqual(audit.map((a) => a.after),
			["open", "completed", "in_progress"]);
		assert.equal((await send("DELETE", `/${task.id}`, undefined, crm,
			version(1))).status, 412);
		assert.equal((await send("DELETE", `/${task.id}`, undefined, crm,
			version(same.version))).status, 204);
		assert.equal((await send("GET", `/${task.id}`)).status, 404);
		for (const what of ["events", "comments"])
			assert.equal((await send("GET", `/${task.id}/${what}`)).status,
				404);
	});

	test("is made of an order in one step", async () => {
		const item = await thing({ stock: 5 });
		const order = await ordered({ cart: newCart() }, item.variant);
		const task = await made({ order_id: order.id, title: undefined });
		assert.equal(task.title, `Order ${order.number}`);
		assert.equal(task.order.number, order.number);
		const listed = await list(`?order_id=${order.id}`);
		assert.deepEqual(listed.items.map((t: any) => t.id), [task.id]);
	});

	test("isn't made of what is wrong", async () => {
		for (const [body, field] of [
			[{ title: undefined }, "title"], [{ title: "" }, "title"],
			[{ title: "two\nlines" }, "title"],
			[{ title: "x".repeat(201) }, "title"],
			[{ text: "x".repeat(5001) }, "text"],
			[{ status: "done" }, "status"], [{ priority: "x" }, "priority"],
			[{ customer_id: randomUUID() }, "customer_id"],
			[{ order_id: randomUUID() }, "order_id"],
			[{ assignee_id: randomUUID() }, "assignee_id"],
			[{ assignee_id: ada.id }, "assignee_id"],
			[{ due_at: "tomorrow" }, "due_at"],
			[{ number: 7 }, "number"], [{ version: 7 }, "version"],
		] as const) {
			const answer = await send("POST", "",
				Object.assign({ title: "x" }, body));
			assert.equal(answer.status, 422, answer.text);
			assert.equal(fault(answer), field);
		}
		const task = await made();
		assert.equal((await send("PATCH", `/${task.id}`, { title: "x" }))
			.status, 428);
		for (const [body, field] of [[{ title: null }, "title"],
			[{ customer_id: randomUUID() }, "customer_id"],
			[{ after_id: randomUUID() }, "after_id"],
			[{ after_id: task.id }, "after_id"]] as const) {
			const answer = await change(task, body);
			assert.equal(answer.status, 422, answer.text);
			assert.equal(fault(answer), field);
		}
		assert.equal((await change({ id: randomUUID(), version: 1 },
			{ title: "x" })).status, 404);
	});

	test("is made once with a key", async () => {
		const key = { "Idempotency-Key": randomUUID() };
		const body = { title: `Once ${key["Idempotency-Key"]}` };
		const one = await send("POST", "", body, crm, key);
		const two = await send("POST", "", body, crm, key);
		assert.equal(one.json.id, two.json.id);
	});

	test("keeps both one's changes and the other's", async () => {
		const task = await made();
		const answers = await together(8, (n) => raw("PATCH",
			`/api/tasks/${task.id}`, { token: crm.token, parallel: true,
				headers: version(1), body: { text: `From ${n}` } }));
		assert.deepEqual(answers.map((a) => a.status).sort(),
			[200, ...Array(7).fill(412)]);
		const won = answers.find((a) => a.status === 200)!;
		const now = (await send("GET", `/${task.id}`)).json;
		assert.equal(now.text, won.json.text);
		assert.equal(now.version, 2);
		assert.equal(answers.find((a) => a.status === 412)!.json.code,
			"CHANGED_MEANWHILE");
	});
});

describe("who has a task", () => {
	test("is told by whom it was given, not by themselves", async () => {
		const task = await made({ assignee_id: service.id });
		assert.equal(await told(service, "task_assigned", task), 1);
		const own = await made({ assignee_id: crm.id });
		assert.equal(await told(crm, "task_assigned", own), 0);
		const later = await changed(own, { assignee_id: service.id });
		assert.equal(await told(service, "task_assigned", own), 1);
		await changed(later, { title: "Else" });
		assert.equal(await told(service, "task_assigned", own), 1);
	});

	test("works here; what others left is found", async () => {
		const [gone] = await sql(`insert into staff (email, name)
			values ($1, 'Gone') returning id`,
			[`${randomUUID()}@example.org`]);
		const task = await made({ assignee_id: gone.id });
		await sql("update staff set state = 'disabled' where id = $1",
			[gone.id]);
		assert.equal(fault(await send("POST", "", { title: "x",
			assignee_id: gone.id })), "assignee_id");
		const left = await list("?assignee_inactive=true");
		assert.deepEqual(left.items.map((t: any) => t.id), [task.id]);
		assert.equal(left.items[0].assignee.active, false);
		const who = await list("/assignees");
		assert.equal(who.items.find((a: any) => a.id === gone.id).open, 1);
		assert.ok(who.items.find((a: any) => a.self).id === crm.id);
		// It can still be changed, and taken from them.
		const on = await changed(task, { title: "Still" });
		await changed(on, { assignee_id: null });
		const none = await list("/assignees");
		assert.ok(!none.items.some((a: any) => a.id === gone.id));
	});

	test("is reminded once, and not of what is done", async () => {
		const past = "2026-01-01T08:00:00Z";
		const task = await made({ title: `Remind ${randomUUID()}`,
			assignee_id: service.id, reminder_at: past });
		const done = await changed(await made({ reminder_at: past }),
			{ status: "completed" });
		const later = await made({ reminder_at: "2099-01-01T08:00:00Z" });
		await Promise.all([1, 2, 3].map(() => sql("select remind_tasks()")));
		await sql("select remind_tasks()");
		assert.equal(await told(service, "task_reminder", task), 1);
		const letters = await sql(`select recipient from outbox
			where template = 'task-reminder' and data ->> 'title' = $1`,
			[task.title]);
		assert.deepEqual(letters, [{ recipient: service.email }]);
		for (const other of [done, later])
			assert.equal(await told(crm, "task_reminder", other), 0);
		const now = (await send("GET", `/${task.id}`)).json;
		assert.ok(now.reminded_at);
		assert.equal(now.version, task.version, "that is nobody's change");
		await changed(now, { reminder_at: "2026-01-02T08:00:00Z" });
		await sql("select remind_tasks()");
		assert.equal(await told(service, "task_reminder", task), 2);
	});

	test("is reminded by mail", async () => {
		const task = await made({ title: "A <b>mail</b>",
			due_at: "2026-12-01T10:00:00Z", reminder_at: "2026-01-01T08:00:00Z" });
		await sql("select remind_tasks()");
		const [letter] = await sql(`select data from outbox
			where template = 'task-reminder' and data ->> 'task_id' = $1`,
			[task.id]);
		assert.equal(letter.data.due, "2026-12-01 10:00");
	});
});

describe("comments", () => {
	test("are said, changed and taken back by who said them", async () => {
		const task = await made({ assignee_id: service.id });
		const said = await send("POST", `/${task.id}/comments`,
			{ text: "Look at this", mentions: [analyst.id, analyst.id] });
		assert.equal(said.status, 201, said.text);
		assert.deepEqual(said.json.mentions.map((m: any) => m.id),
			[analyst.id]);
		assert.equal(await told(analyst, "task_mention", task), 1);
		assert.equal(await told(service, "task_comment", task), 1);
		const place = `/${task.id}/comments/${said.json.id}`;
		assert.equal((await send("PATCH", place, { text: "Mine" }, service,
			version(1))).status, 403);
		assert.equal((await send("DELETE", place, undefined, service))
			.status, 403);
		const edited = await send("PATCH", place, { text: "Look",
			mentions: [analyst.id, service.id] }, crm, version(1));
		assert.equal(edited.status, 200, edited.text);
		assert.ok(edited.json.edited_at);
		assert.equal(await told(analyst, "task_mention", task), 1);
		assert.equal(await told(service, "task_mention", task), 1);
		assert.equal((await send("PATCH", place, { text: "x" }, crm,
			version(1))).status, 412);
		await send("POST", `/${task.id}/comments`, { text: "Seen" }, service);
		const first = await list(`/${task.id}/comments?limit=1`);
		const next = await list(`/${task.id}/comments?cursor=${first.next}`);
		assert.deepEqual([...first.items, ...next.items].map((c: any) =>
			[c.text, c.own]), [["Look", true], ["Seen", false]]);
		assert.equal((await send("GET", `/${task.id}`)).json.comments, 2);
		assert.equal((await send("DELETE", place)).status, 204);
		assert.equal((await send("DELETE", place)).status, 404);
	});

	test("need words, a task and colleagues", async () => {
		const task = await made();
		const say = (body: unknown, id = task.id) =>
			send("POST", `/${id}/comments`, body);
		assert.equal(fault(await say({ text: " \n " })), "text");
		assert.equal(fault(await say({ text: "x", mentions: [ada.id] })),
			"mentions");
		assert.equal((await say({ text: "x" }, randomUUID())).status, 404);
		const other = await made();
		const said = await say({ text: "x" });
		assert.equal((await send("DELETE",
			`/${other.id}/comments/${said.json.id}`)).status, 404);
	});
});

describe("lists", () => {
	const word = randomUUID().slice(0, 8);
	let tasks: any[] = [];
	before(async () => {
		for (const [priority, due, whom] of [
			["low", "2026-01-05T10:00:00Z", crm], ["urgent", null, service],
			["normal", "2099-01-05T10:00:00Z", crm], ["high", null, null],
			["urgent", "2026-01-05T10:00:00Z", service]] as const)
			tasks.push(await made({ title: `Liste ${word}`, priority,
				...(due ? { due_at: due } : {}),
				...(whom ? { assignee_id: whom.id } : {}) }));
	});
	const order = async (query: string): Promise<number[]> => {
		const found: any[] = [];
		let cursor = "";
		do {
			const page = await list(`?q=${word}&limit=2&${query}` +
				(cursor && `&cursor=${cursor}`));
			found.push(...page.items);
			cursor = page.next ?? "";
		} while (cursor);
		return found.map((t) => tasks.findIndex((x) => x.id === t.id));
	};
	test("are sorted and paged without gaps", async () => {
		assert.deepEqual(await order("sort=due"), [0, 4, 2, 1, 3]);
		assert.deepEqual(await order("sort=newest"), [4, 3, 2, 1, 0]);
		assert.deepEqual(await order("sort=priority"), [1, 4, 3, 2, 0]);
		assert.deepEqual(await order("sort=updated"), [4, 3, 2, 1, 0]);
		assert.deepEqual(await order("sort=board"), [4, 3, 2, 1, 0]);
		const page = await list(`?q=${word}&limit=2&sort=due`);
		assert.equal((await send("GET", `?sort=newest&cursor=${page.next}`))
			.json.code, "CURSOR_WRONG");
	});
	test("are narrowed", async () => {
		assert.deepEqual(await order("list=mine"), [0, 2]);
		assert.deepEqual(await order("list=overdue"), [0, 4]);
		assert.deepEqual(await order("priority=urgent&priority=high"),
			[4, 1, 3]);
		assert.deepEqual(await order("unassigned=true"), [3]);
		assert.deepEqual(await order("unassigned=false&status=open"),
			[0, 4, 2, 1]);
		assert.deepEqual(await order("status=completed"), []);
		assert.deepEqual(await order("open=false"), []);
		assert.deepEqual(await order(`assignee_id=${service.id}`), [4, 1]);
		assert.deepEqual(await order("due_from=2026-01-05T10:00:00Z" +
			"&due_to=2026-01-05T10:00:01Z"), [0, 4]);
		assert.deepEqual(await order("assignee_inactive=false"),
			[0, 4, 2, 1, 3]);
		assert.deepEqual(await order(`created_by=${service.id}`), []);
	});
	test("are searched with accents, mistakes and signs", async () => {
		const odd = await made({ title: `Café 100% _sure ${word}é` });
		const find = async (q: string) => (await list(
			`?q=${encodeURIComponent(q)}&limit=100`)).items
			.some((t: any) => t.id === odd.id);
		for (const q of ["cafe 100%", "_sure", `#${odd.number}`, `${word}e`])
			assert.ok(await find(q), q);
		for (const sign of ["%", "_"])
			assert.deepEqual((await list(`?q=${encodeURIComponent(sign)}`))
				.items.map((t: any) => t.id), [odd.id], "no pattern");
		const near = await made({ title: "Refrigerator delivery" });
		const { items } = await list("?q=refridgerator");
		assert.deepEqual(items.map((t: any) => t.id), [near.id]);
	});
	test("are counted", async () => {
		const before = await list("/counts");
		await made({ due_at: "2026-01-01T00:00:00Z", assignee_id: crm.id });
		const after = await list("/counts");
		for (const [name, more] of Object.entries({ mine: 1, team: 1,
			mine_overdue: 1, overdue: 1, unassigned: 0,
			assignee_inactive: 0 }))
			assert.equal(after[name], before[name] + more, name);
	});
});

describe("the board", () => {
	const word = randomUUID().slice(0, 8);
	let tasks: any[] = [];
	before(async () => {
		for (const n of [0, 1, 2, 3])
			tasks.push(await made({ title: `Karte ${word} ${n}` }));
	});
	const now = async (): Promise<string[]> => {
		const board = await list(`/board?q=${word}&limit=100`);
		return board.columns.map((c: any) => {
			assert.equal(c.count, c.items.length);
			return c.items.map((t: any) => t.title.at(-1)).join("");
		});
	};
	const move = async (n: number, status: string, after: number | null) => {
		tasks[n] = await changed((await send("GET", `/${tasks[n].id}`)).json,
			{ status, after_id: after === null ? null : tasks[after].id });
	};
	test("keeps its order", async () => {
		assert.deepEqual(await now(), ["3210", "", ""]);
		await move(0, "open", null);
		assert.deepEqual(await now(), ["0321", "", ""]);
		await move(3, "open", 1);
		assert.deepEqual(await now(), ["0213", "", ""]);
		await move(2, "in_progress", null);
		await move(3, "in_progress", 2);
		await move(1, "in_progress", 2);
		assert.deepEqual(await now(), ["0", "213", ""]);
		tasks[1] = await changed(tasks[1], { status: "completed" });
		assert.deepEqual(await now(), ["0", "23", "1"]);
		const wrong = await change(tasks[0], { after_id: tasks[2].id });
		assert.equal(fault(wrong), "after_id");
	});
	test("goes on as a list", async () => {
		const board = await list(`/board?q=${word}&limit=1`);
		const column = board.columns[1];
		assert.equal(column.count, 2);
		const rest = await list(`?q=${word}&status=in_progress&sort=board` +
			`&cursor=${column.next}`);
		assert.deepEqual([...column.items, ...rest.items].map((t: any) =>
			t.title.at(-1)).join(""), "23");
	});
	test("holds after very many moves into one place", async () => {
		await move(3, "open", 0);
		await move(2, "open", 0);
		for (let n = 0; n < 120; n++)
			await move(n % 2 ? 2 : 3, "open", 0);
		assert.deepEqual(await now(), ["023", "", "1"]);
		const [{ digits }] = await sql(`select max(scale(position)) as digits
			from task where title like $1`, [`%${word}%`]);
		assert.ok(digits <= 101, `${digits}`);
		const [{ n }] = await sql(`select count(*)::int as n from audit_log
			where table_name = 'task' and row_key = $1`, [tasks[0].id]);
		assert.ok(n <= 3, "making room is nobody's change");
	});
	test("puts two at once one after the other", async () => {
		const pair = [await made({ title: `Karte ${word} 4` }),
			await made({ title: `Karte ${word} 5` })];
		const answers = await Promise.all(pair.map((t) => raw("PATCH",
			`/api/tasks/${t.id}`, { token: crm.token, parallel: true,
				headers: version(1), body: { after_id: tasks[0].id } })));
		assert.deepEqual(answers.map((a) => a.status), [200, 200]);
		const places = await sql(`select distinct position from task
			where title like $1 and status = 'open'`, [`%${word}%`]);
		assert.equal(places.length, 5);
	});
});

describe("the calendar", () => {
	test("has each day's, in the shop's time zone", async () => {
		const word = randomUUID().slice(0, 8);
		// Dublin is an hour ahead in summer: the first is the day after.
		for (const due_at of ["2031-06-10T23:30:00Z", "2031-06-11T10:00:00Z",
			"2031-06-12T10:00:00Z", "2031-06-09T10:00:00Z"])
			await made({ title: `Tag ${word}`, due_at });
		const days = await list(
			`/calendar?from=2031-06-10&to=2031-06-12&q=${word}&limit=1`);
		assert.equal(days.time_zone, "Europe/Dublin");
		assert.deepEqual(days.days.map((d: any) =>
			[d.date, d.count, d.items.length]),
			[["2031-06-11", 2, 1], ["2031-06-12", 1, 1]]);
		assert.equal(days.days[0].items[0].due_at,
			"2031-06-10T23:30:00.000000Z");
	});
	test("is of 62 days at most", async () => {
		for (const query of ["from=2031-01-01&to=2031-03-10",
			"from=2031-01-02&to=2031-01-01"])
			assert.equal(fault(await send("GET", `/calendar?${query}`)), "to");
		assert.equal((await list("/calendar?from=2031-01-01&to=2031-03-04"))
			.days.length, 0);
	});
});

describe("rights", () => {
	test("who may not see customers or orders isn't told who", async () => {
		const [{ email }] = await sql("select email from staff where id = $1",
			[analyst.id]);
		assert.ok(email);
		await sql(`insert into role (name, about) values ('tasksonly', 'x')
			on conflict do nothing`);
		await sql(`insert into role_permission values
			('tasksonly', 'tasks.read'), ('tasksonly', 'tasks.write'),
			('tasksonly', 'staff.self') on conflict do nothing`);
		const alone = await staff("tasksonly");
		const task = await made({ customer_id: ada.id });
		const seen = await send("GET", `/${task.id}`, undefined, alone);
		assert.equal(seen.json.customer, null);
		assert.equal(fault(await send("POST", "", { title: "x",
			customer_id: ada.id }, alone)), "customer_id");
		const kept = await changed(task, { title: "Else" }, alone);
		assert.equal(kept.customer, null);
		assert.equal((await send("GET", `/${task.id}`)).json.customer.id,
			ada.id, "what isn't seen is kept");
	});
	test("a customer's export has the tasks", async () => {
		const eve = await customer();
		const task = await made({ customer_id: eve.id, text: "For export" });
		await send("POST", `/${task.id}/comments`, { text: "A word" });
		const all = await raw("GET", "/api/customers/export",
			{ token: eve.token });
		assert.deepEqual(all.json.tasks.map((t: any) =>
			[t.title, t.text, t.comments[0].text]),
			[["A test", "For export", "A word"]]);
	});
	test("the program's statements fit", () => {
		assert.match(program("tasks", ["check"]), /0 faults/);
	});
});
