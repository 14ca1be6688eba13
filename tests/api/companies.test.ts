// SPDX-License-Identifier: ISC
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, describe, test } from "node:test";
import { customer, raw, sql, staff, type Person } from "./harness.js";
import { together } from "./commerce.js";

let crm: Person, service: Person, ada: Person, ben: Person;
before(async () => {
	crm = await staff("crm");
	service = await staff("service");
	ada = await customer();
	ben = await customer({ given_name: "Ben" });
});
const version = (n: number) => ({ "If-Match": `"${n}"` });
const send = (method: string, path: string, body?: unknown, who = crm,
	headers: Record<string, string> = {}) =>
	raw(method, `/api/desk/companies${path}`, { token: who.token, body,
		headers });
async function made(body: Record<string, unknown> = {}): Promise<any> {
	const answer = await send("POST", "", { name: "Obi Foods", ...body });
	assert.equal(answer.status, 201, answer.text);
	return answer.json;
}
const fault = (answer: any) => answer.json?.errors?.[0]?.field;
const address = { label: "Office", line1: "12 Moore Street", city: "Dublin",
	country: "IE" };

describe("a company", () => {
	test("is written down, shown, changed and removed", async () => {
		const vat = `IE${randomUUID().replace(/-/g, "").slice(0, 8)
			.toUpperCase()}`;
		const company = await made({ vat_number: ` ${vat.slice(0, 4)}.${
			vat.slice(4).toLowerCase()}`, payment_days: 30,
			website: "https://obi.example", phone: "+353 1 555 0100",
			addresses: [address], notes: "Pays late" });
		assert.equal(company.vat_number, vat);
		assert.equal(company.phone, "+35315550100");
		assert.deepEqual(company.addresses, [address]);
		const got = await send("GET", `/${company.id}`, undefined, service);
		assert.equal(got.headers.get("etag"), '"1"');
		assert.deepEqual({ ...got.json, open_deals: 0 },
			{ ...company, open_deals: 0 });
		assert.equal(got.json.open_deals, null, "service sees no deals");
		const path = `/${company.id}`;
		const changed = await send("PATCH", path, { payment_days: null,
			addresses: [{ ...address, city: "Cork" }, address] }, crm,
			version(1));
		assert.equal(changed.status, 200, changed.text);
		assert.equal(changed.json.payment_days, null);
		assert.equal(changed.json.addresses.length, 2);
		assert.equal(changed.json.notes, "Pays late");
		assert.equal((await send("PATCH", path, { name: "x" }, crm,
			version(1))).status, 412);
		assert.equal((await send("PATCH", path, { name: "x" })).status, 428);
		assert.equal((await send("PATCH", path, { name: "x" }, service,
			version(2))).status, 403);
		const other = await send("POST", "", { name: "x", vat_number: vat });
		assert.equal(other.json.code, "VAT_NUMBER_TAKEN");
		const audit = await sql(`select action from audit_log
			where table_name = 'company' and row_key = $1`, [company.id]);
		assert.equal(audit.length, 2);
		assert.equal((await send("DELETE", path, undefined, crm, version(2)))
			.status, 204);
		assert.equal((await send("GET", path)).status, 404);
	});

	test("isn't written down wrong", async () => {
		for (const [body, field] of [[{ name: "" }, "name"],
			[{ name: "a\nb" }, "name"], [{ vat_number: "123" }, "vat_number"],
			[{ website: "ftp://x" }, "website"],
			[{ phone: "12" }, "phone"], [{ payment_days: 366 }, "payment_days"],
			[{ payment_days: -1 }, "payment_days"],
			[{ addresses: [{ ...address, country: "ie" }] }, "addresses"],
			[{ addresses: Array(21).fill(address) }, "addresses"],
			[{ notes: "x".repeat(10001) }, "notes"],
			[{ version: 3 }, "version"]] as const) {
			const answer = await send("POST", "",
				Object.assign({ name: "x" }, body));
			assert.equal(answer.status, 422, answer.text);
			assert.equal(fault(answer), field);
		}
	});

	test("changed by two at once keeps one's and tells the other", async () => {
		const company = await made();
		const answers = await together(6, (n) => raw("PATCH",
			`/api/desk/companies/${company.id}`, { token: crm.token,
				parallel: true, headers: version(1),
				body: { notes: `From ${n}` } }));
		assert.deepEqual(answers.map(({ status }) => status).sort(),
			[200, 412, 412, 412, 412, 412]);
	});
});

describe("people", () => {
	test("belong to a company, one as whom one asks for", async () => {
		const company = await made();
		const put = (who: Person, body: unknown, of: number, by = crm) =>
			send("PUT", `/${company.id}/people/${who.id}`, body, by,
				version(of));
		await put(ada, { title: "Buyer", main: true }, 1);
		assert.equal((await put(ben, { title: "Owner" }, 1)).status, 412);
		const both = await put(ben, { title: "Owner", main: true }, 2);
		assert.equal(both.status, 200, both.text);
		assert.deepEqual(both.json.people.map((p: any) =>
			[p.customer_id, p.title, p.main]),
			[[ben.id, "Owner", true], [ada.id, "Buyer", false]]);
		const kept = await put(ada, { title: "Chef" }, 3);
		assert.equal(kept.json.people[1].main, false);
		assert.equal((await put(ada, {}, 4, service)).status, 403);
		const of = await send("GET", `?customer_id=${ada.id}`);
		assert.deepEqual(of.json.items.map((k: any) => [k.id, k.people]),
			[[company.id, 2]]);
		const out = (of: number) => send("DELETE",
			`/${company.id}/people/${ada.id}`, undefined, crm, version(of));
		assert.equal((await out(3)).status, 412);
		assert.equal((await out(4)).status, 204);
		assert.equal((await out(5)).status, 404);
		assert.equal((await send("PUT", `/${company.id}/people/${
			randomUUID()}`, {}, crm, version(5))).status, 404);
		assert.equal((await send("PUT", `/${randomUUID()}/people/${
			ada.id}`, {}, crm, version(1))).status, 404);
	});

	test("at once leave one main contact", async () => {
		const company = await made();
		const people = await Promise.all([customer(), customer(), customer()]);
		const answers = await Promise.all(people.map((p) => raw("PUT",
			`/api/desk/companies/${company.id}/people/${p.id}`,
			{ token: crm.token, parallel: true, body: { main: true },
				headers: { "If-Match": "*" } })));
		assert.deepEqual(answers.map((a) => a.status), [200, 200, 200]);
		const { json } = await send("GET", `/${company.id}`);
		assert.equal(json.people.filter((p: any) => p.main).length, 1);
		assert.equal(json.people.length, 3);
	});

	test("who are erased belong to none, and an export has it", async () => {
		const eve = await customer();
		const company = await made();
		await send("PUT", `/${company.id}/people/${eve.id}`,
			{ title: "Buyer" }, crm, version(1));
		const { json } = await raw("GET", "/api/customers/export",
			{ token: eve.token });
		assert.deepEqual(json.companies.map((k: any) => [k.name, k.title]),
			[["Obi Foods", "Buyer"]]);
		const gone = await raw("POST", "/api/customers/account/delete",
			{ token: eve.token, body: { password: eve.password } });
		assert.equal(gone.status, 204, gone.text);
		assert.deepEqual((await send("GET", `/${company.id}`)).json.people,
			[]);
	});
});

describe("lists", () => {
	test("find by parts, accents and mistakes, page by page", async () => {
		const word = `q${randomUUID().slice(0, 7)}`;
		const names = [`${word} Zürich`, `${word} Ábaco`, `${word} mango`];
		for (const name of names)
			await made({ name, addresses: [{ ...address,
				city: `Ballina${word}` }] });
		const pages = async (query: string): Promise<string[]> => {
			const found: string[] = [];
			let cursor = "";
			do {
				const { json } = await send("GET", `?limit=2&${query}${cursor}`);
				found.push(...json.items.map((k: any) => k.name));
				cursor = json.next ? `&cursor=${json.next}` : "";
			} while (cursor);
			return found;
		};
		assert.deepEqual(await pages(`q=${word}`),
			[names[1], names[2], names[0]]);
		for (const sort of ["newest", "updated"])
			assert.deepEqual(await pages(`q=${word}&sort=${sort}`),
				[...names].reverse());
		assert.deepEqual(await pages(`q=${word}+zurich`), [names[0]]);
		assert.equal((await pages(`q=ballina${word}`)).length, 3);
		const exact = await made({ name: "Refrigeration Partners" });
		const near = await send("GET", "?q=refridgeration+partners");
		assert.ok(near.json.items.some((k: any) => k.id === exact.id));
		assert.deepEqual((await send("GET", "?q=%25")).json.items, []);
	});
});
