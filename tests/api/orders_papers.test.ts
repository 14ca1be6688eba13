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

	/** What an order's credit notes come to, by what is printed. */
	const credits = (id: string) => sql(`select i.number, i.refund_id,
		replace(split_part(i.document #>> '{sums,0,1}', ' ', 1), '.', '')::int
			as total,
		replace(split_part(i.document #>> '{sums,1,1}', ' ', 1), '.', '')::int
			as tax,
		(select sum(replace(split_part(r ->> 3, ' ', 1), '.', '')::int)::int
			from jsonb_array_elements(i.document -> 'rows') r) as rows
		from invoice i where i.order_id = $1 and i.kind = 'credit'
		order by i.issued_at`, [id]);
	const cancel = async (id: string, refund?: string) => {
		const seen = await raw("GET", `/api/orders/manage/${id}`,
			{ token: clerk.token });
		return raw("POST", `/api/orders/manage/${id}/transitions`, {
			token: clerk.token, body: { to: "cancelled", refund },
			headers: { "If-Match": seen.headers.get("etag")! } });
	};
	const note = (id: string, options?: { token?: string }) =>
		paper(`/api/orders/manage/${id}/credit-note.pdf`, options);

	test("is written once when what was invoiced is cancelled unpaid",
		async () => {
		const item = await thing({ price: 1234, stock: 500 });
		const placed = await order({ token: ada.token }, item.variant, 3);
		const one = await move(clerk.token, placed.id, "confirmed",
			"processing");
		assert.equal(one.credit_note, null);
		assert.equal((await note(one.id)).status, 409);
		const bill = (await invoice(one.id)).name.match(/\d{4}-\d{6}/)![0];
		const gone = await cancel(one.id);
		assert.equal(gone.status, 200, gone.text);
		assert.match(gone.json.credit_note, /^C-\d{4}-\d{6}$/);
		const all = await together(4, (n) => n % 2 ? note(one.id)
			: paper(`/api/orders/${one.id}/credit-note.pdf`,
				{ token: ada.token }));
		assert.ok(all.every((a) => a.bytes.equals(all[0]!.bytes)));
		for (const said of ["Credit note", gone.json.credit_note, bill,
			one.lines[0].sku, "37.02 EUR", "Cancelled",
			`${(one.total.amount / 100).toFixed(2)} EUR`])
			assert.ok(all[0]!.text.includes(said), `${said}\n${all[0]!.text}`);
		const { number, ...sums } = (await credits(one.id))[0];
		assert.deepEqual([number, sums], [gone.json.credit_note, {
			refund_id: null, total: one.total.amount, tax: one.tax.amount,
			rows: one.total.amount }]);
		assert.equal((await credits(one.id)).length, 1);
		const ben = await customer();
		assert.equal((await paper(`/api/orders/${one.id}/credit-note.pdf`,
			{ token: ben.token })).status, 404);
		assert.equal((await note(one.id, { token: ada.token })).status, 401);
	});

	test("is one of a paid order, too, with what was given back before",
		async () => {
		const one = await packed(ada.token, 3);
		await invoice(one.id);
		const seen = await raw("GET", `/api/orders/manage/${one.id}`,
			{ token: clerk.token });
		const part = await raw("POST", `/api/orders/manage/${one.id}/refunds`,
			{ token: clerk.token, body: { shipping: true },
				headers: { "If-Match": seen.headers.get("etag")! } });
		assert.equal(part.status, 201, part.text);
		const of = (refund: any) => paper(`/api/orders/manage/${one.id}/` +
			`refunds/${refund.id}/credit-note.pdf`);
		assert.equal((await of(part.json.refunds[0])).status, 200);
		const gone = await cancel(one.id, "done");
		assert.equal(gone.status, 200, gone.text);
		const [first, rest] = gone.json.refunds;
		const whole = await note(one.id);
		assert.ok((await of(rest)).bytes.equals(whole.bytes),
			"what went back has no second one");
		assert.ok(!(await of(first)).bytes.equals(whole.bytes));
		const kept = await credits(one.id);
		assert.deepEqual([kept.length, kept[0].total + kept[1].total,
			kept[0].tax + kept[1].tax, kept[0].rows, kept[1].rows],
			[2, one.total.amount, one.tax.amount, kept[0].total,
				kept[1].total]);
	});

	test("is not of what was never invoiced", async () => {
		const item = await thing();
		const placed = await order({ token: ada.token }, item.variant);
		const gone = await cancel(placed.id);
		assert.equal(gone.json.credit_note, null);
		assert.equal((await note(placed.id)).status, 409);
		assert.deepEqual(await credits(placed.id), []);
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
