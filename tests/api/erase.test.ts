// SPDX-License-Identifier: ISC
// Somebody who is erased is nowhere: every column of every table is looked
// through for a word that only this person ever said.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { customer, goodPassword, raw, sql, staff, type Person }
	from "./harness.js";

/** The tables in which the word stands, with how many rows. */
async function found(word: string): Promise<string[]> {
	const tables = await sql(`select c.relname as name from pg_class c
		where c.relnamespace = 'duka'::regnamespace and c.relkind in ('r', 'p')
		order by c.relname`);
	assert.ok(tables.length > 50);
	const places: string[] = [];
	for (const { name } of tables) {
		const [{ n }] = await sql(`select count(*)::int as n from
			duka.${name} t where t::text ilike $1`, [`%${word}%`]);
		if (n > 0)
			places.push(`${name}: ${n}`);
	}
	return places;
}

const word = `zq${randomBytes(6).toString("hex")}`;
const address = { label: word, name: `Zadie ${word}`, company: word,
	line1: `1 ${word}`, line2: word, city: word, region: word,
	country: "IE" };

async function order(who: Person, note: string): Promise<string> {
	const [variant] = await sql(`select v.id from variant v
		join product p on p.id = v.product_id
		where p.status = 'active' and v.status = 'active'
		and available(v.id) > 3 order by v.sku limit 1`);
	await done("POST", "/api/cart/lines", who, { variant_id: variant.id });
	const cart = await done("PUT", "/api/cart/destination", who,
		{ country: "IE" });
	const { label: _, ...there } = address;
	const method = cart.quote.shipping_methods[0].method_id;
	return (await done("POST", "/api/checkout", who, { note,
		shipping_method_id: method, payment_method: "on_delivery",
		shipping_address: there, billing_address: there })).id;
}

async function done(method: string, path: string, who: Person,
	body?: unknown): Promise<any> {
	const answer = await raw(method, path, { token: who.token, body,
		headers: { "If-Match": "*" } });
	assert.ok(answer.status < 300, `${method} ${path}: ${answer.text}`);
	return answer.json;
}

test("an erased customer is nowhere", async () => {
	const boss = await staff("superadmin");
	const who = await customer({ email: `${word}@example.org`,
		username: word, given_name: `Zadie${word}`,
		family_name: `Quill${word}` });
	await done("PATCH", "/api/customers/profile", who,
		{ occupation: word, given_name: `Zad ${word}` });
	await done("POST", "/api/customers/addresses", who, address);
	await done("POST", "/api/customers/consents", who, { purpose: "marketing",
		channel: "email", given: true, text: `Yes, ${word}` });
	await done("POST", "/api/recommend/events", who, { consent: true,
		events: [{ kind: "search", query: `${word} yam` }] });
	assert.equal((await raw("POST", "/api/customers/login", { body: {
		login: word, password: `Wrong-${goodPassword}` } })).status, 401);

	const first = await order(who, `Ring at ${word}`);
	await done("POST", `/api/orders/${first}/cancel`, who,
		{ note: `Not for ${word}` });
	const second = await order(who, word);
	await done("POST", `/api/orders/manage/${second}/notes`, boss,
		{ note: `Spoke with ${word}` });
	for (const state of ["confirmed", "processing"])
		await done("POST", `/api/orders/manage/${second}/transitions`, boss,
			{ to: state, note: `For ${word}` });
	const { lines } = await done("GET", `/api/orders/${second}`, who);
	await done("POST", `/api/orders/manage/${second}/shipments`, boss, {
		carrier: "Van", note: `Left with ${word}`, lines: lines.map(
			(l: any) => ({ line_id: l.id, quantity: l.quantity })) });
	await done("POST", `/api/orders/manage/${second}/transitions`, boss,
		{ to: "delivered", note: `At ${word}'s` });
	await done("POST", `/api/orders/${second}/returns`, who, {
		note: `Says ${word}`, lines: [{ line_id: lines[0].id, quantity: 1,
			reason: "other" }] });
	const task = await done("POST", "/api/tasks", boss, { customer_id: who.id,
		title: `Ring ${word}`, text: `Says ${word}`, assignee_id: boss.id,
		reminder_at: "2026-01-01T00:00:00Z" });
	await done("POST", `/api/tasks/${task.id}/comments`, boss,
		{ text: `Rang ${word}`, mentions: [boss.id] });
	await done("PATCH", `/api/tasks/${task.id}`, boss,
		{ title: `Ring ${word} again` });
	assert.equal((await sql("select remind_tasks() as n"))[0].n, 1);
	await done("POST", "/api/tasks", boss, { order_id: second, text: word });
	const letter = { name: `Z ${word}`, email: `${word}@example.org`,
		subject: `From ${word}`, text: `I am ${word}` };
	const { conversation_id: begun } = await done("POST",
		"/api/messages/contact", who, letter);
	await done("POST", `/api/messages/${begun}/replies`, boss,
		{ text: `Dear ${word}`, last_seen: 1, close: true });
	await done("POST", `/api/messages/mine/${begun}/messages`, who,
		{ text: `Still ${word}` });
	const asGuest = await raw("POST", "/api/messages/contact",
		{ body: letter });
	assert.equal(asGuest.status, 201, asGuest.text);

	assert.ok((await found(word)).length > 8, "the word isn't looked for");
	// What waits is sent first, by the courier.
	await sql(`update outbox set state = 'sent', sent_at = now()
		where state = 'waiting'`);
	const gone = await raw("POST", "/api/customers/account/delete",
		{ token: who.token, body: { password: goodPassword } });
	assert.equal(gone.status, 204, gone.text);
	assert.deepEqual(await found(word), []);
});
