// SPDX-License-Identifier: ISC
// Papers as PDF, read again by pdftotext: what they say, who gets them, and
// that invoices' numbers have no gaps.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { before, describe, test } from "node:test";
import { base, customer, mail, raw, sql, staff, type Person } from
	"./harness.js";
import { address, move, newCart, order, thing, together } from
	"./commerce.js";

let ada: Person, clerk: Person;
before(async () => {
	[ada, clerk] = [await customer(), await staff("service")];
});

async function paper(path: string, options: { token?: string;
	headers?: Record<string, string> } = { token: clerk.token }):
	Promise<{ status: number; bytes: Buffer; text: string; name: string }> {
	const answer = await fetch(base + path, { headers: {
		...options.token ? { Authorization: `Bearer ${options.token}` } : {},
		...options.headers } });
	const bytes = Buffer.from(await answer.arrayBuffer());
	if (answer.status === 200)
		assert.equal(answer.headers.get("content-type"), "application/pdf");
	return { status: answer.status, bytes, text: answer.status === 200
		? execFileSync("pdftotext", ["-layout", "-", "-"], { input: bytes,
			encoding: "utf8" }) : bytes.toString(),
		name: answer.headers.get("content-disposition") ?? "" };
}
const invoice = (id: string, options?: { token?: string }) =>
	paper(`/api/orders/manage/${id}/invoice.pdf`, options);

async function packed(token = ada.token, quantity = 2, who: Record<string, unknown> = {}):
	Promise<any> {
	const item = await thing({ price: 1234, stock: 500 });
	const placed = await order(token ? { token } : { cart: newCart() },
		item.variant, quantity, who);
	return move(clerk.token, placed.id, "paid", "processing");
}

describe("an invoice", () => {
	test("says who, what, each tax and the sum; the same each time",
		async () => {
		const one = await packed();
		const [first, second] = [await invoice(one.id), await invoice(one.id)];
		assert.equal(first.status, 200, first.text);
		assert.ok(first.bytes.equals(second.bytes));
		const number = first.name.match(/invoice-(\d{4}-\d{6})\.pdf/)![1];
		for (const said of ["Invoice", number, one.number, "Ada Obi",
			"12 Moore Street", "D01 T0X4 Dublin", one.lines[0].sku,
			"12.34 EUR", "24.68 EUR", "23 %", "Total",
			`${(one.total.amount / 100).toFixed(2)} EUR`])
			assert.ok(first.text.includes(said), `${said}:\n${first.text}`);
		await sql("update setting set value = 'Another' where key = 'shop.name'");
		const third = await invoice(one.id);
		await sql("update setting set value = 'Duka' where key = 'shop.name'");
		assert.ok(first.bytes.equals(third.bytes), "it stands as it was given");
	});

	test("is there from packing on, for staff and its own", async () => {
		const item = await thing();
		const fresh = await order({ token: ada.token }, item.variant);
		const early = await invoice(fresh.id);
		assert.deepEqual([early.status, JSON.parse(early.text).code],
			[409, "PAPER_NOT_YET"]);
		assert.equal((await invoice(randomUUID())).status, 404);
		assert.equal((await invoice(fresh.id, {})).status, 401);
		assert.equal((await invoice(fresh.id, { token: ada.token })).status,
			401);
		const one = await packed();
		const own = await paper(`/api/orders/${one.id}/invoice.pdf`,
			{ token: ada.token });
		assert.deepEqual([own.status, own.bytes.equals(
			(await invoice(one.id)).bytes)], [200, true]);
		const ben = await customer();
		assert.equal((await paper(`/api/orders/${one.id}/invoice.pdf`,
			{ token: ben.token })).status, 404);
	});

	test("opens with a guest's key", async () => {
		const email = `${randomUUID().slice(0, 8)}@example.org`;
		const one = await packed("", 1, { email });
		const key = (await mail(email, "order-placed")).data.path
			.split("#key=")[1];
		const path = `/api/orders/${one.id}/invoice.pdf`;
		assert.equal((await paper(path,
			{ headers: { "Duka-Order-Key": key } })).status, 200);
		assert.equal((await paper(path, { headers: { "Duka-Order-Key":
			`${key}x` } })).status, 404);
	});

	test("writes names of any script, and long orders on many pages",
		async () => {
		const name = "Adébáyọ̀ Ṣóyínká";
		const one = await packed(ada.token, 1, { shipping_address: {
			...address, name, line1: "Rua São João 3ª", line2: "محمد الأمين",
			city: "Porto-Novo" } });
		const { text } = await invoice(one.id);
		const plain = text.normalize("NFC");
		for (const said of [name, "Rua São João 3ª"])
			assert.ok(plain.includes(said.normalize("NFC")), text);
		assert.match(text.normalize("NFKC"), /[\u0600-\u06ff]{3}/);
		await sql(`update customer_order set note = $2 where id = $1`,
			[one.id, "A long word. ".repeat(70)]);
		const slip = await paper(
			`/api/orders/manage/${one.id}/packing-slip.pdf`);
		assert.ok(slip.text.includes("A long word"));
	});

	test("many at once have numbers without a gap, each one", async () => {
		const made: any[] = [];
		for (let n = 0; n < 5; n++)
			made.push(await packed());
		const answers = await together(15, (n) => invoice(made[n % 5].id));
		const numbers = new Set(answers.map((a) => a.name));
		assert.equal(numbers.size, 5);
		const rows = await sql(`select kind, year, max(n)::int as last,
			count(*)::int as count from invoice group by 1, 2`);
		for (const row of rows)
			assert.equal(row.count, row.last, JSON.stringify(row));
	});
});

describe("a credit note", () => {
	test("is of what was invoiced and given back", async () => {
		const one = await packed();
		await move(clerk.token, one.id, "shipped");
		const seen = await raw("GET", `/api/orders/manage/${one.id}`,
			{ token: clerk.token });
		const refunded = await raw("POST",
			`/api/orders/manage/${one.id}/refunds`, { token: clerk.token,
			headers: { "If-Match": seen.headers.get("etag")! },
			body: { lines: [{ line_id: one.lines[0].id, quantity: 1,
				restock: false }], reason: "One was torn" } });
		const path = `/refunds/${refunded.json.refunds[0].id}/credit-note.pdf`;
		assert.equal((await paper(`/api/orders/manage/${one.id}${path}`))
			.status, 409, "nothing was invoiced");
		const bill = (await invoice(one.id)).name.match(/\d{4}-\d{6}/)![0];
		const note = await paper(`/api/orders/manage/${one.id}${path}`);
		for (const said of ["Credit note", "C-", bill, "12.34 EUR",
			"One was torn"])
			assert.ok(note.text.includes(said), note.text);
		const own = await paper(`/api/orders/${one.id}${path}`,
			{ token: ada.token });
		assert.ok(own.bytes.equals(note.bytes));
	});
});

describe("packing slips", () => {
	test("of one, of a parcel, of many in one file", async () => {
		const [one, two] = [await packed(ada.token, 3), await packed()];
		const seen = await raw("GET", `/api/orders/manage/${one.id}`,
			{ token: clerk.token });
		const slip = await paper(
			`/api/orders/manage/${one.id}/packing-slip.pdf`);
		for (const said of ["Packing slip", one.number, one.lines[0].sku,
			"main"])
			assert.ok(slip.text.includes(said), slip.text);
		assert.ok(!slip.text.includes("EUR"));
		const shipped = await raw("POST",
			`/api/orders/manage/${one.id}/shipments`, { token: clerk.token,
			headers: { "If-Match": seen.headers.get("etag")! },
			body: { carrier: "An Post", lines: [{ quantity: 1,
				line_id: one.lines[0].id }] } });
		const parcel = await paper(`/api/orders/manage/${one.id}/` +
			`packing-slip.pdf?shipment_id=${shipped.json.shipments[0].id}`);
		assert.match(parcel.text, /An Post/);
		const many = await paper(`/api/orders/manage/packing-slips.pdf?` +
			`id=${one.id}&id=${two.id}`);
		assert.ok(many.text.includes(one.number) &&
			many.text.includes(two.number));
		for (const [query, status] of [["", 422], [`id=${randomUUID()}`, 404],
			["id=x", 422]] as const)
			assert.equal((await paper(
				`/api/orders/manage/packing-slips.pdf?${query}`)).status,
				status, query);
		assert.equal((await paper(`/api/orders/manage/${one.id}/` +
			`packing-slip.pdf?shipment_id=${randomUUID()}`)).status, 404);
		assert.equal((await paper(`/api/orders/manage/packing-slips.pdf?` +
			`id=${one.id}`, { token: ada.token })).status, 401);
	});
});
