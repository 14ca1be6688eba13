// SPDX-License-Identifier: ISC
// Segments: rules counted, kept and asked; what is refused, and where.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, describe, test } from "node:test";
import { customer, raw, sql, staff, type Person, type Raw } from "./harness.js";
import { order, thing, together } from "./commerce.js";

const at = "/api/desk/segments";
let crm: Person, analyst: Person;

before(async () => {
	crm = await staff("crm");
	analyst = await staff("analyst");
});

const rule = (fact: string, test: string, values: string[] = [],
	more: object = {}) => ({ fact, test, values, ...more });
const all = (...rules: object[]) => ({ match: "all", rules });

const post = (path: string, body: object, who = crm): Promise<Raw> =>
	raw("POST", at + path, { token: who.token, body });
const count = async (rules: object): Promise<number> => {
	const answer = await post("/count", { rules });
	assert.equal(answer.status, 200, answer.text);
	return answer.json.count;
};
const make = async (rules: object, more: object = {}): Promise<any> => {
	const answer = await post("", { name: `S ${randomUUID()}`, rules, ...more });
	assert.equal(answer.status, 201, answer.text);
	return answer.json;
};
const faults = (answer: Raw): string[] =>
	answer.json.errors.map((e: any) => `${e.field} ${e.code}`);

describe("rules", () => {
	test("facts are told with their tests", async () => {
		const { json } = await raw("GET", `${at}/facts`, { token: analyst.token });
		const spent = json.items.find((f: any) => f.fact === "spent");
		assert.deepEqual([spent.part, spent.type, spent.windowed], ["orders",
			"money", true]);
		assert.ok(spent.tests.includes("between"));
		assert.ok(!JSON.stringify(json).includes("customer_id"), "no SQL");
	});

	test("count who ordered what", async () => {
		const item = await thing({ price: 2500, tax: "zero" });
		const bought = rule("bought_product", "one_of", [item.product]);
		assert.equal(await count(all(bought)), 0);
		const ada = await customer(), ben = await customer();
		await order({ token: ada.token }, item.variant, 2);
		await order({ token: ben.token }, item.variant, 1);
		assert.equal(await count(all(bought)), 2);
		assert.equal(await count(all(bought, rule("spent", "at_least",
			["5000"]))), 1);
		assert.equal(await count(all(bought, { match: "none", rules: [
			rule("spent", "at_least", ["5000"])] })), 1);
		assert.equal(await count(all(bought, rule("orders", "at_least", ["1"],
			{ days: 30 }))), 2);
		const seen = await post("/preview", { rules: all(bought), limit: 1 });
		assert.deepEqual(seen.json.items.map((c: any) => c.id), [ben.id]);
		const [row] = await sql(`update customer_order set state = 'cancelled'
			where customer_id = $1 returning id`, [ben.id]);
		assert.ok(row);
		assert.equal(await count(all(bought)), 1, "what was cancelled is none");
	});

	test("that are none are refused by their place", async () => {
		const refused = async (rules: object): Promise<string[]> => {
			const answer = await post("/count", { rules });
			assert.equal(answer.status, 422, answer.text);
			return faults(answer);
		};
		assert.deepEqual(await refused(all(rule("shoe_size", "is", ["42"]))),
			["rules.rules[0].fact value"]);
		assert.deepEqual(await refused(all(rule("orders", "at_least", ["1"]),
			{ match: "any", rules: [rule("tier", "one_of", ["tin"])] })),
			["rules.rules[1].rules[0].values[0] value"]);
		assert.deepEqual(await refused({ match: "all", rules: [] }),
			["rules.rules too_few"]);
		assert.deepEqual(await refused(all(rule("city", "one_of",
			["x".repeat(101)]))), ["rules.rules[0].values[0] value"]);
		assert.deepEqual(await refused(all({ ...rule("orders", "is", ["1"]),
			sql: "true" })), ["rules.rules[0].sql unknown"]);
		assert.deepEqual(await refused(all({ match: "all", rules: [{ match: "all",
			rules: [{ match: "all", rules: [{ match: "all",
				rules: [rule("verified", "yes")] }] }] }] })).then((f) => f[0]),
			"rules.rules[0].rules[0].rules[0].rules[0].match unknown");
	});

	test("of a thousand conditions are too large or too many", async () => {
		const many = Array.from({ length: 20 }, () => ({ match: "any",
			rules: Array.from({ length: 20 }, () => rule("orders", "is", ["1"])) }));
		const answer = await post("/count", { rules: all(...many) });
		assert.deepEqual(faults(answer), ["rules too_many"]);
	});

	test("are data, whatever they say", async () => {
		const words = ["'; drop table customer; --", "$1", "%s%L", "\\'", "{x}",
			"x') or true --"];
		assert.equal(await count(all(rule("city", "one_of", words))), 0);
		const kept = await make(all(rule("searched", "one_of", words)));
		assert.deepEqual(kept.rules.rules[0].values, words);
	});
});

describe("a segment", () => {
	test("is made, changed and removed", async () => {
		const ada = await customer();
		const city = `Town ${randomUUID().slice(0, 8)}`;
		await sql(`insert into customer_address (customer_id, name, line1, city,
			country) values ($1, 'x', 'x', $2, 'IE')`, [ada.id, city]);
		const made = await make(all(rule("city", "one_of", [city])));
		assert.deepEqual([made.members, made.kind, made.version, made.promotions],
			[1, "living", 1, 0]);
		const listed = await raw("GET", `${at}?q=${encodeURIComponent(
			made.name.slice(0, 20))}`, { token: analyst.token });
		assert.deepEqual(listed.json.items.map((s: any) => s.id), [made.id]);
		const members = await raw("GET", `${at}/${made.id}/members`,
			{ token: crm.token });
		assert.deepEqual(members.json.items.map((c: any) => c.id), [ada.id]);

		const change = (version: number, body: object): Promise<Raw> =>
			raw("PATCH", `${at}/${made.id}`, { token: crm.token, body,
				headers: { "If-Match": `"${version}"` } });
		const changed = await change(1, { rules: all(rule("city", "one_of",
			[city, "Elsewhere"]), rule("verified", "no")) });
		assert.equal(changed.status, 200, changed.text);
		assert.equal(changed.json.version, 2);
		assert.equal(changed.json.rules.rules.length, 2);
		assert.equal((await change(1, { name: "Late" })).status, 412);
		assert.equal((await change(2, { rules: { match: "all", rules: [{}] } }))
			.status, 422);
		const twin = await post("", { name: made.name.toUpperCase(),
			rules: made.rules });
		assert.deepEqual([twin.status, twin.json.code],
			[409, "SEGMENT_NAME_TAKEN"]);
		const [written] = await sql(`select after ->> 'name' as name from audit_log
			where table_name = 'segment' and row_key = $1
			order by id desc limit 1`, [made.id]);
		assert.equal(written.name, made.name);
		const remove = (version: number) => raw("DELETE", `${at}/${made.id}`,
			{ token: crm.token, headers: { "If-Match": `"${version}"` } });
		assert.equal((await remove(1)).status, 412);
		assert.equal((await remove(2)).status, 204);
		assert.equal((await raw("GET", `${at}/${made.id}`, { token: crm.token }))
			.status, 404);
	});

	test("that lives moves with its customers, a snapshot does not", async () => {
		const item = await thing({ price: 2000 });
		const ada = await customer();
		await order({ token: ada.token }, item.variant);
		const rules = all(rule("bought_product", "one_of", [item.product]));
		const living = await make(rules);
		const then = await make(rules, { kind: "snapshot" });
		const ben = await customer();
		await order({ token: ben.token }, item.variant);
		const holds = async (id: string, who: Person): Promise<boolean> =>
			(await sql("select segment_holds($1, $2) as h", [id, who.id]))[0].h;
		assert.equal(await holds(living.id, ben), true);
		assert.equal(await holds(then.id, ben), false);
		const again = await raw("POST", `${at}/${living.id}/refresh`,
			{ token: crm.token });
		assert.deepEqual([again.json.members, again.json.version], [2, 1]);
		const pages: string[] = [];
		let next: string | null = "";
		while (next !== null) {
			const page: Raw = await raw("GET", `${at}/${living.id}/members?limit=1${
				next ? `&cursor=${next}` : ""}`, { token: crm.token });
			pages.push(...page.json.items.map((c: any) => c.id));
			next = page.json.next;
		}
		assert.deepEqual(pages.sort(), [ada.id, ben.id].sort());
	});

	test("in use by a promotion is not removed", async () => {
		const made = await make(all(rule("verified", "yes")));
		await sql(`insert into promotion (name, kind, percent, active, segment_id)
			values ('P', 'percent', 10, false, $1)`, [made.id]);
		const kept = await raw("DELETE", `${at}/${made.id}`,
			{ token: crm.token, headers: { "If-Match": '"1"' } });
		assert.deepEqual([kept.status, kept.json.code], [409, "IN_USE"]);
		const seen = await raw("GET", `${at}/${made.id}`, { token: crm.token });
		assert.equal(seen.json.promotions, 1);
	});

	test("changed by two at once keeps one change", async () => {
		const made = await make(all(rule("verified", "yes")));
		const answers = await together(6, (n) => raw("PATCH", `${at}/${made.id}`, {
			token: crm.token, parallel: true, body: { about: `By ${n}` },
			headers: { "If-Match": '"1"' } }));
		assert.deepEqual(answers.map((a) => a.status).sort(),
			[200, 412, 412, 412, 412, 412]);
	});
});
