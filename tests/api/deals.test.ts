// SPDX-License-Identifier: ISC
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, describe, test } from "node:test";
import { customer, raw, sql, staff, type Person, type Raw } from "./harness.js";
import { together } from "./commerce.js";

let sales: Person, crm: Person, analyst: Person, ada: Person;
let company: any, stages: any[];
before(async () => {
	sales = await staff("sales");
	crm = await staff("crm");
	analyst = await staff("analyst");
	ada = await customer();
	const answer = await desk("POST", "companies", { name: "Canteens" });
	assert.equal(answer.status, 201, answer.text);
	company = answer.json;
	stages = (await desk("GET", "stages")).json.items;
});
const version = (n: number) => ({ "If-Match": `"${n}"` });
const desk = (method: string, path: string, body?: unknown, who = sales,
	headers: Record<string, string> = {}) =>
	raw(method, `/api/desk/${path}`, { token: who.token, body, headers });
async function made(body: Record<string, unknown> = {}): Promise<any> {
	const answer = await desk("POST", "deals", { title: "Rice",
		company_id: company.id, ...body });
	assert.equal(answer.status, 201, answer.text);
	return answer.json;
}
const change = (deal: any, body: unknown, who = sales) =>
	desk("PATCH", `deals/${deal.id}`, body, who, version(deal.version));
async function changed(deal: any, body: unknown): Promise<any> {
	const answer = await change(deal, body);
	assert.equal(answer.status, 200, answer.text);
	return answer.json;
}
const fault = (answer: any) => answer.json?.errors?.[0]?.field;
const stage = (name: string) => stages.find((s) => s.name === name).id;
const eur = (amount: number) => ({ amount, currency: "EUR" });

describe("a deal", () => {
	test("goes its way and keeps it", async () => {
		const deal = await made({ value: eur(250000), owner_id: crm.id,
			customer_id: ada.id, expected_close: "2026-12-31" });
		assert.equal(deal.stage.name, "New");
		assert.equal(deal.owner.id, crm.id);
		assert.equal(deal.company.name, "Canteens");
		assert.equal(deal.customer.id, ada.id);
		const told = await sql(`select 1 from staff_notification
			where staff_id = $1 and data ->> 'deal_id' = $2`,
			[crm.id, deal.id]);
		assert.equal(told.length, 1);
		const on = await changed(deal, { stage_id: stage("Offer sent"),
			value: eur(200000), owner_id: null });
		assert.equal(on.closed_at, null);
		const lost = await change(on, { stage_id: stage("Lost") });
		assert.equal(fault(lost), "lost_reason");
		const gone = await changed(on, { stage_id: stage("Lost"),
			lost_reason: "Too dear" });
		assert.ok(gone.closed_at);
		const same = await changed(gone, { notes: "Ask again in May" });
		assert.equal(same.closed_at, gone.closed_at);
		const won = await changed(same, { stage_id: stage("Won") });
		assert.equal(won.lost_reason, "");
		const back = await changed(won, { stage_id: stage("Negotiation") });
		assert.equal(back.closed_at, null);
		const { json } = await desk("GET", `deals/${deal.id}/events`);
		assert.deepEqual(json.items.map((e: any) => [e.kind, e.from, e.to]), [
			["created", null, "New"], ["stage", "New", "Offer sent"],
			["owner", deal.owner.name, null],
			["value", "250000 EUR", "200000 EUR"],
			["stage", "Offer sent", "Lost"], ["stage", "Lost", "Won"],
			["stage", "Won", "Negotiation"]]);
		const path = `deals/${deal.id}`;
		assert.equal((await desk("GET", path, undefined, analyst)).status,
			200);
		assert.equal((await change(back, { title: "x" }, analyst)).status,
			403);
		assert.equal((await desk("DELETE", path, undefined, sales,
			version(1))).status, 412);
		assert.equal((await desk("DELETE", path, undefined, sales,
			version(back.version))).status, 204);
		assert.equal((await desk("GET", `${path}/events`)).status, 404);
	});

	test("isn't opened wrong", async () => {
		for (const [body, field] of [
			[{ company_id: null }, "company_id"], [{ title: "" }, "title"],
			[{ company_id: randomUUID() }, "company_id"],
			[{ customer_id: randomUUID() }, "customer_id"],
			[{ stage_id: randomUUID() }, "stage_id"],
			[{ owner_id: randomUUID() }, "owner_id"],
			[{ order_id: randomUUID() }, "order_id"],
			[{ value: eur(-1) }, "value"], [{ value: 5 }, "value.amount"],
			[{ expected_close: "soon" }, "expected_close"],
			[{ position: 1 }, "position"]] as const) {
			const answer = await desk("POST", "deals", Object.assign({
				title: "x", company_id: company.id }, body));
			assert.equal(answer.status, 422, answer.text);
			assert.equal(fault(answer)?.split(".")[0], field.split(".")[0]);
		}
		const deal = await made();
		assert.equal(fault(await change(deal, { company_id: null })),
			"company_id");
		assert.equal((await desk("DELETE", `companies/${company.id}`,
			undefined, sales, version(company.version))).json.code, "IN_USE");
	});

	test("changed by two at once keeps one's and tells the other", async () => {
		const deal = await made();
		const answers = await together(6, (n) => raw("PATCH",
			`/api/desk/deals/${deal.id}`, { token: sales.token,
				parallel: true, headers: version(1), body: n % 2
					? { notes: `From ${n}` }
					: { stage_id: stage("Qualified") } }));
		assert.deepEqual(answers.map(({ status }) => status).sort(),
			[200, 412, 412, 412, 412, 412]);
	});

	test("stays in the books without the person", async () => {
		const eve = await customer();
		const alone = await made({ company_id: null, customer_id: eve.id,
			title: "Eve's party", notes: "For Eve", value: eur(5) });
		const firm = await made({ customer_id: eve.id, title: "Eve" });
		const { json } = await raw("GET", "/api/customers/export",
			{ token: eve.token });
		assert.equal(json.deals.length, 2);
		await raw("POST", "/api/customers/account/delete",
			{ token: eve.token, body: { password: eve.password } });
		const left = (await desk("GET", `deals/${alone.id}`)).json;
		assert.equal(left.title, `#${alone.number}`);
		assert.equal(left.notes, "");
		assert.deepEqual(left.value, eur(5));
		assert.equal((await desk("GET", `deals/${firm.id}`)).json.customer,
			null);
	});
});

describe("the board", () => {
	const word = randomUUID().slice(0, 8);
	const deals: any[] = [];
	before(async () => {
		for (const [n, value] of [eur(1001), eur(1000), undefined,
			{ amount: 7, currency: "KES" }].entries())
			deals.push(await made({ title: `Brett ${word} ${n}`, value,
				expected_close: n === 2 ? null : `2027-0${4 - n}-01` }));
	});
	const board = async () => (await desk("GET",
		`deals/board?q=${word}&limit=100`)).json.columns;
	const shown = async () => Object.fromEntries((await board())
		.map((c: any) => [c.stage.name, c.items.map((d: any) =>
			d.title.at(-1)).join("")]).filter(([, s]: any) => s));
	test("sums by currency, whole and weighted", async () => {
		const [first] = await board();
		assert.equal(first.stage.probability, 10);
		assert.deepEqual(first.sums, [
			{ value: eur(2001), weighted: eur(200) },
			{ value: { amount: 7, currency: "KES" },
				weighted: { amount: 1, currency: "KES" } }]);
		assert.equal(first.count, 4);
	});
	test("moves a card with one request", async () => {
		assert.deepEqual(await shown(), { New: "3210" });
		deals[0] = await changed(deals[0], { after_id: deals[3].id });
		assert.deepEqual(await shown(), { New: "3021" });
		for (const [n, after] of [[1, null], [2, 1], [3, 1]] as const)
			deals[n] = await changed(deals[n], {
				stage_id: stage("Qualified"),
				after_id: after === null ? null : deals[after].id });
		assert.deepEqual(await shown(), { New: "0", Qualified: "132" });
		assert.equal(fault(await change(deals[0],
			{ after_id: deals[2].id })), "after_id");
		for (let n = 0; n < 120; n++) {
			const which = n % 2 ? 2 : 3;
			deals[which] = await changed(deals[which],
				{ after_id: deals[1].id });
		}
		assert.deepEqual(await shown(), { New: "0", Qualified: "123" });
	});
	test("and lists are narrowed and sorted", async () => {
		const list = async (query: string) => {
			let found = "", cursor = "";
			do {
				const { json, text } = await desk("GET",
					`deals?q=${word}&limit=2&${query}${cursor}`);
				assert.ok(json.items, text);
				found += json.items.map((d: any) => d.title.at(-1)).join("");
				cursor = json.next ? `&cursor=${json.next}` : "";
			} while (cursor);
			return found;
		};
		assert.equal(await list("sort=newest"), "3210");
		assert.equal(await list("sort=close"), "3102");
		assert.equal(await list(`stage_id=${stage("Qualified")}&sort=board`),
			"123");
		assert.equal(await list("kind=won"), "");
		assert.equal(await list("mine=true&kind=open"), "3210");
		assert.equal(await list("mine=false"), "");
		assert.equal(await list("close_from=2027-03-01&close_to=2027-04-01"),
			"10");
		assert.equal(await list(`customer_id=${ada.id}`), "");
		assert.equal(await list(`company_id=${company.id}&sort=updated`),
			(await list("sort=updated")));
	});
});

describe("stages", () => {
	test("are added, named, ordered and removed", async () => {
		const name = `Tasting ${randomUUID().slice(0, 8)}`;
		const added = await desk("POST", "stages", { name, probability: 60 });
		assert.equal(added.status, 201, added.text);
		assert.equal((await desk("POST", "stages", { name: name.toUpperCase() }))
			.json.code, "STAGE_NAME_TAKEN");
		const path = `stages/${added.json.id}`;
		const named = await desk("PATCH", path, { probability: 70 }, sales,
			version(1));
		assert.equal(named.json.probability, 70);
		assert.equal((await desk("PATCH", path, { name: "x" }, sales,
			version(1))).status, 412);
		const list = await desk("GET", "stages");
		const ids = list.json.items.map((s: any) => s.id);
		const order = (of: Raw, ids: string[]) => desk("PUT", "stages",
			{ ids }, sales, { "If-Match": of.headers.get("etag")! });
		const turned = [ids.at(-1), ...ids.slice(0, -1)];
		const put = await order(list, turned);
		assert.deepEqual(put.json.items.map((s: any) => s.id), turned);
		for (const wrong of [ids.slice(1), [...ids, ids[0]],
			[ids[0], ...ids.slice(0, -1)]])
			assert.equal(fault(await order(put, wrong)), "ids");
		assert.equal((await order(list, ids)).status, 412,
			"another turned them meanwhile");
		await order(put, ids);
		const deal = await made({ stage_id: added.json.id });
		const now = (await desk("GET", "stages")).json.items
			.find((s: any) => s.id === added.json.id);
		const remove = () => desk("DELETE", path, undefined, sales,
			version(now.version));
		assert.equal((await remove()).json.code, "IN_USE");
		await changed(deal, { stage_id: stage("New") });
		assert.equal((await remove()).status, 204);
		assert.equal((await desk("PATCH", `stages/${stage("Won")}`,
			{ probability: 50 }, sales, { "If-Match": "*" })).status, 422);
		assert.equal((await desk("DELETE", `stages/${stage("Won")}`,
			undefined, sales, { "If-Match": "*" })).status, 409);
		assert.equal((await desk("POST", "stages", { name: "x" }, analyst))
			.status, 403);
	});
});
