// SPDX-License-Identifier: ISC
// The customer desk: lists and their bounds, notes, views, changes of many,
// merging against a checkout, files, and who may none of it.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { add, checkout, thing } from "./commerce.js";
import { customer, raw, sql, staff, type Person } from "./harness.js";

const desk = "/api/desk/customers";
let crm: Person, service: Person;
before(async () => {
	crm = await staff("crm");
	service = await staff("service");
});

const ask = (method: string, path: string, body?: unknown,
	headers: Record<string, string> = {}, who = crm) =>
	raw(method, path, { token: who.token, body, headers });
const mark = () => Math.random().toString(36).replace(/[^a-z]/g, "")
	.slice(0, 8).padEnd(8, "q");

async function made(fields: Record<string, unknown> = {}) {
	const word = mark();
	const answer = await ask("POST", desk, { email: `${word}@example.org`,
		given_name: "Ada", family_name: word, ...fields });
	assert.equal(answer.status, 201, answer.text);
	return { ...answer.json, word, etag: answer.headers.get("etag")! };
}

test("made, found however spelt, changed, and not over another's change",
	async () => {
		const one = await made({ phone: "+353 86 765 4321", tags: ["b", "a"] });
		assert.deepEqual(one.tags, ["a", "b"]);
		for (const q of [one.word, one.word.toUpperCase(),
			one.word.slice(0, 7) + "zz".slice(0, 1), `ada ${one.word}`,
			`#${one.number}`, `${one.word}@example`]) {
			const list = await ask("GET",
				`${desk}?q=${encodeURIComponent(q)}`);
			assert.ok(list.json.items.some((row: any) => row.id === one.id), q);
		}
		const changed = await ask("PATCH", `${desk}/${one.id}`,
			{ given_name: "Adaeze" }, { "If-Match": one.etag });
		assert.equal(changed.json.given_name, "Adaeze", changed.text);
		const late = await ask("PATCH", `${desk}/${one.id}`,
			{ given_name: "Bea" }, { "If-Match": one.etag });
		assert.equal(late.status, 412);
		assert.equal((await ask("PATCH", `${desk}/${one.id}`,
			{ given_name: "x" })).status, 428);
		assert.equal((await ask("POST", desk,
			{ email: one.email })).status, 409);
		assert.equal((await ask("POST", desk,
			{ email: "x@accounts.invalid" })).status, 422);
		assert.equal((await ask("PATCH", `${desk}/${one.id}`,
			{ tags: ["a,b"] }, { "If-Match": '"2"' })).status, 422);
	});

test("pages by every order; a cursor of another list is refused", async () => {
	const tag = mark();
	for (let i = 0; i < 5; i++)
		await made({ tags: [tag], given_name: `N${i}` });
	for (const sort of ["newest", "oldest", "name", "spent", "orders",
		"last_order"]) {
		const whole = await ask("GET", `${desk}?tag=${tag}&sort=${sort}`);
		assert.equal(whole.json.total, 5);
		const seen = [];
		let cursor = "";
		do {
			const page = await ask("GET", `${desk}?tag=${tag}&sort=${sort
			}&limit=2${cursor ? `&cursor=${cursor}` : ""}`);
			assert.equal(page.status, 200, page.text);
			seen.push(...page.json.items);
			cursor = page.json.next;
		} while (cursor);
		assert.deepEqual(seen.map((row) => row.id),
			whole.json.items.map((row: any) => row.id), sort);
	}
	const other = Buffer.from('["no date",1]').toString("base64url");
	assert.equal((await ask("GET", `${desk}?cursor=${other}`)).status, 422);
	assert.equal((await ask("GET", `${desk}?limit=101`)).status, 422);
	assert.equal((await ask("GET", `${desk}?consent=all`)).status, 422);
});

test("the old system's paths, closing slash and all", async () => {
	const one = await made();
	const old = "/api/customers/admin/customers/";
	assert.equal((await ask("GET", `${old}?q=${one.word}`)).json.items[0].id,
		one.id);
	assert.equal((await ask("GET", `${old}${one.id}/`)).json.id, one.id);
	assert.equal((await ask("POST", `${old}${one.id}/notes/`,
		{ text: "Hello" })).status, 201);
	assert.equal((await ask("GET", `${old}${one.id}/notes/`))
		.json.items[0].text, "Hello");
});

test("a colleague mentioned is told, once, and reads it", async () => {
	const one = await made();
	assert.deepEqual((await ask("GET", `${desk}/${one.id}/notes`)).json,
		{ items: [], next: null });
	const note = await ask("POST", `${desk}/${one.id}/notes`,
		{ text: "Please ring @Test service", mentions: [service.id] });
	assert.equal(note.status, 201, note.text);
	const told = await ask("GET", "/api/desk/notifications?unread=true",
		undefined, {}, service);
	const mine = told.json.items.find((n: any) =>
		n.data.note_id === note.json.id);
	assert.equal(mine.kind, "mention");
	const read = await ask("POST", "/api/desk/notifications/read",
		{ ids: [mine.id] }, {}, service);
	assert.equal(read.json.read, 1);
	assert.equal((await ask("PATCH", `/api/desk/notes/${note.json.id}`,
		{ text: "x" }, { "If-Match": '"1"' }, service)).status, 403);
	assert.equal((await ask("PATCH", `/api/desk/notes/${note.json.id}`,
		{ pinned: true }, { "If-Match": '"1"' }, service)).status, 200);
	assert.equal((await ask("DELETE",
		`/api/desk/notes/${note.json.id}`)).status, 204);
	assert.ok(!(await ask("GET", "/api/desk/notifications", undefined, {},
		service)).json.items.some((n: any) => n.id === mine.id));
});

test("views are one's own unless shared", async () => {
	const name = mark();
	const view = await ask("POST", "/api/desk/views", { list: "customers",
		name, filters: { tier: "gold", verified: true }, sort: "spent" });
	assert.equal(view.status, 201, view.text);
	const seen = async () => (await ask("GET", "/api/desk/views?list=customers",
		undefined, {}, service)).json.items.some((v: any) => v.name === name);
	assert.equal(await seen(), false);
	assert.equal((await ask("POST", "/api/desk/views",
		{ list: "customers", name })).status, 409);
	await ask("PATCH", `/api/desk/views/${view.json.id}`, { shared: true },
		{ "If-Match": '"1"' });
	assert.equal(await seen(), true);
	assert.equal((await ask("DELETE", `/api/desk/views/${view.json.id}`,
		undefined, {}, service)).status, 404);
	assert.equal((await ask("DELETE",
		`/api/desk/views/${view.json.id}`)).status, 204);
});

test("many at once, undone for those nobody changed since", async () => {
	const ada = await customer();
	const ben = await made();
	const done = await ask("POST", `${desk}/bulk`,
		{ action: "deactivate", ids: [ada.id, ben.id] });
	assert.equal(done.json.changed, 2, done.text);
	assert.equal((await raw("GET", "/api/customers/profile",
		{ token: ada.token })).status, 401, "sessions ended");
	await ask("PATCH", `${desk}/${ben.id}`, { given_name: "Ben" },
		{ "If-Match": '"2"' });
	const back = await ask("POST", `/api/desk/bulk/${done.json.id}/undo`);
	assert.equal(back.json.changed, 1, back.text);
	assert.deepEqual(back.json.unchanged, [{ id: ben.id, why: "changed" }]);
	assert.equal((await ask("POST",
		`/api/desk/bulk/${done.json.id}/undo`)).status, 409);
	assert.equal((await ask("POST", `/api/desk/bulk/${done.json.id}/undo`,
		undefined, {}, await staff("admin"))).status, 404);
});

async function sums() {
	const [row] = await sql(`select (select count(*) from customer_order) as o,
		(select coalesce(sum(total_amount), 0) from customer_order) as m,
		(select coalesce(sum(points), 0) from points_entry) as p,
		(select coalesce(sum(balance), 0) from points_account) as b`);
	return row;
}

test("two become one while one of them orders", async () => {
	const { variant } = await thing({ stock: 50 });
	for (let round = 0; round < 4; round++) {
		const keep = await customer();
		const from = await customer();
		await raw("POST", "/api/loyalty/adjustments", { token: crm.token,
			body: { customer_id: from.id, points: 100, reason: "race" } });
		await add({ token: from.token }, variant);
		const before = await sums();
		const [version] = await sql(
			"select version from customer where id = $1", [keep.id]);
		const [bought, merged] = await Promise.all([
			checkout({ token: from.token }, {}, { parallel: true }),
			raw("POST", `${desk}/${keep.id}/merge`, { token: crm.token,
				parallel: true, body: { from: from.id },
				headers: { "If-Match": `"${version.version}"` } })]);
		assert.equal(merged.status, 200, merged.text);
		assert.ok([201, 401].includes(bought.status), bought.text);
		const after = await sums();
		assert.equal(Number(after.o) - Number(before.o),
			bought.status === 201 ? 1 : 0);
		assert.equal(after.p, before.p);
		assert.equal(after.b, before.b);
		const [left] = await sql(`select (select count(*) from customer_order
			where customer_id = $1) as there, (select orders from
			customer_figures where customer_id = $2) as here`,
		[from.id, keep.id]);
		assert.equal(left.there, "0");
		assert.equal(left.here, bought.status === 201 ? 1 : 0);
		const old = await ask("GET", `${desk}/${from.id}`);
		assert.equal(old.json.merged_into.id, keep.id);
		assert.equal((await raw("GET", "/api/customers/profile",
			{ token: from.token })).status, 401);
	}
});

test("doubles are found and told apart", async () => {
	const phone = `+35386${String(Math.random()).slice(2, 9)}`;
	const one = await made({ phone });
	const two = await made({ phone });
	const path = `/api/desk/doubles?customer_id=${one.id}`;
	const found = await ask("GET", path);
	assert.deepEqual(found.json.items[0].reasons, ["phone"]);
	assert.equal((await ask("POST", "/api/desk/doubles/refuse",
		{ a: one.id, b: two.id })).status, 204);
	assert.equal((await ask("GET", path)).json.items.length, 0);
	const shown = await ask("GET", `${desk}/${one.id}/merge?from=${two.id}`);
	assert.equal(shown.status, 200, shown.text);
});

test("out as a file that runs nothing, and in again as it was", async () => {
	const tag = mark();
	const odd = ["=1+1", "+1", "-1", "@x", "\uff1d1", "'=1", "a\"b,c",
		"\uff0bx", " =2"];
	const people = [];
	for (const given_name of odd)
		people.push(await made({ given_name, tags: [tag] }));
	const out = await ask("GET", `${desk}/export?tag=${tag}`);
	assert.equal(out.status, 200);
	assert.equal(out.text.trim().split("\n").length, odd.length + 1);
	for (const cell of out.text.split(/,|\n/))
		assert.doesNotMatch(cell.replace(/^"/, ""),
			/^[=+@\t\r\uff1d\uff0b\uff0d\uff20-]/);
	await sql(`update customer set given_name = 'Gone', family_name = ''
		where $1 = any (tags)`, [tag]);
	const take = (mode: string) => raw("POST", `${desk}/import?mode=${mode}`,
		{ token: crm.token, type: "text/csv", body: out.text });
	const seen = await take("preview");
	assert.equal(seen.json.changed, odd.length, seen.text);
	assert.equal((await ask("GET", `${desk}/${people[0].id}`))
		.json.given_name, "Gone");
	const taken = await take("all");
	assert.equal(taken.json.changed, odd.length, taken.text);
	assert.equal((await ask("GET", `${desk}/export?tag=${tag}`)).text,
		out.text);
	assert.equal((await take("all")).json.same, odd.length);
	const bad = await raw("POST", `${desk}/import?mode=all`, { type: "text/csv",
		token: crm.token, body: out.text.replace("@example.org", "") });
	assert.equal(bad.status, 422);
	assert.equal((await raw("POST", `${desk}/import`, { type: "text/csv",
		token: crm.token, body: "a,b\n1,2\n" })).status, 422);
	assert.equal((await ask("GET", `${desk}/export`, undefined, {}, service))
		.status, 403);
});

test("all that happened, back and forth", async () => {
	const one = await made();
	for (let i = 0; i < 5; i++)
		await ask("POST", `${desk}/${one.id}/notes`, { text: `Note ${i}` });
	const path = `${desk}/${one.id}/timeline`;
	const whole = await ask("GET", path);
	assert.equal(whole.status, 200, whole.text);
	const keys = whole.json.items.map((i: any) => i.key);
	assert.ok(keys.length >= 6);
	const first = await ask("GET", `${path}?limit=2`);
	const second = await ask("GET", `${path}?limit=2&before=${
		first.json.older}`);
	assert.deepEqual([...first.json.items, ...second.json.items].map((i: any) =>
		i.key), keys.slice(0, 4));
	const back = await ask("GET", `${path}?limit=2&after=${
		second.json.newer}`);
	assert.deepEqual(back.json.items.map((i: any) => i.key), keys.slice(0, 2));
	await ask("POST", `${desk}/${one.id}/notes`, { text: "New" });
	const news = await ask("GET", `${path}?after=${first.json.newer}`);
	assert.equal(news.json.items.length, 1);
	const notes = await ask("GET", `${path}?kinds=note`);
	assert.ok(notes.json.items.every((i: any) => i.kind === "note"));
	assert.equal((await ask("GET", `${path}?before=x`)).status, 422);
	assert.equal((await ask("GET",
		`${path}?before=${first.json.older}&after=${first.json.older}`))
		.status, 422);
});

test("erased by staff: the person goes, the books and the deed stay",
	async () => {
		const one = await made();
		await ask("POST", `${desk}/${one.id}/notes`, { text: "Secret words" });
		const before = await sums();
		const now = await ask("GET", `${desk}/${one.id}`);
		assert.equal((await ask("DELETE", `${desk}/${one.id}`, undefined,
			{ "If-Match": now.headers.get("etag")! }, service)).status, 403);
		const gone = await ask("DELETE", `${desk}/${one.id}`, undefined,
			{ "If-Match": now.headers.get("etag")! });
		assert.equal(gone.status, 204, gone.text);
		assert.deepEqual(await sums(), before);
		const traces = await sql(`select 1 from audit_log where
			coalesce(before, '{}')::text || coalesce(after, '{}')::text
			~ $1`, [`${one.word}|Secret words`]);
		assert.equal(traces.length, 0);
		assert.equal((await ask("GET", `${desk}?q=${one.word}`))
			.json.items.length, 0);
		assert.equal((await ask("GET", `${desk}/${one.id}`)).json.state,
			"erased");
	});
