// SPDX-License-Identifier: ISC
// A day at the desk: somebody signs in with a second factor, finds a customer
// whose name was misspelt, writes a note, gives a colleague a task, and sees
// an order from packing to the part of it that comes back broken.  In the
// end stock, points, mails, audit log and timeline all say the same.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, test } from "node:test";
import { command, goodPassword, login, raw, sql, staff } from
	"../api/harness.js";
import { add, checkout, stockOf, thing, type Thing } from "../api/commerce.js";
import { code, later } from "../api/totp.js";
import { letter, newcomer, settled, visitor, type Page } from "./pages.js";

const button = (box: any, name: RegExp | string) =>
	box.getByRole("button", { name, exact: typeof name === "string" });
const dialog = (page: Page) => page.locator("dialog[open]");

let customer: string, email: string, secret: string, order: any;
let tea: Thing, cups: Thing, colleague: string;

before(async () => {
	// A customer with a paid order of two teas and three cups.
	customer = await newcomer({ given_name: "Oluwaseun",
		family_name: "Adébáyọ̀-Daniels" });
	const { token, id } = await login(customer);
	[tea, cups] = [await thing({ price: 1000, stock: 50 }),
		await thing({ price: 500, stock: 50 })];
	await add({ token }, tea.variant, 2);
	await add({ token }, cups.variant, 3);
	order = { ...(await checkout({ token })).json, customer: id };
	await letter(customer, /order/);
	// Who works today has a second factor.
	email = `nora-${randomUUID().slice(0, 8)}@example.org`;
	command("duka-admin", ["staff", "add", email, "--name", "Nora Day",
		"--role", "service"], `${goodPassword}\n`);
	const came = await raw("POST", "/api/staff/login", { parallel: true,
		body: { email, password: goodPassword } });
	const begun = await raw("POST", "/api/staff/totp", { parallel: true,
		token: came.json.access_token, body: { password: goodPassword } });
	secret = begun.json.secret;
	const done = await raw("POST", "/api/staff/totp/confirm", {
		parallel: true, token: came.json.access_token,
		body: { code: code(secret) } });
	assert.equal(done.status, 200, done.text);
	const [{ id: nora }] = await sql("select id from staff where email = $1",
		[email]);
	await later(nora);
	colleague = (await staff("manager")).id;
});

async function signIn(page: Page) {
	await page.goto("/admin-panel/customers");
	await page.locator("input[name=email]").fill(email);
	await page.locator("input[name=password]").fill(goodPassword);
	await page.locator("main form button.btn-primary").click();
	await page.locator("input[name=code]").fill(code(secret));
	await page.locator("main form button.btn-primary").click();
	await page.locator("#side").waitFor({ state: "attached" });
}

async function ship(page: Page, counts: Record<string, number>,
	number: string) {
	await button(page, "Ship").click();
	for (const [sku, n] of Object.entries(counts))
		await dialog(page).locator("li", { hasText: sku })
			.locator("input[type=number]").fill(String(n));
	await dialog(page).locator("input[name=carrier]").fill("An Post");
	await dialog(page).locator("input[name=tracking_number]").fill(number);
	await button(dialog(page), "Ship these").click();
	await dialog(page).waitFor({ state: "detached" });
}

test("a day at the desk", async () => {
	const { page, said, context } = await visitor();
	await signIn(page);

	// Misspelt, without accents; and found.
	await settled(page);
	await page.getByRole("searchbox").first().fill("oluwaseum");
	await page.waitForURL(/q=oluwaseum/);
	await settled(page);
	await page.getByRole("link", { name: /Oluwaseun/ }).first().click();
	await page.locator("h1", { hasText: "Oluwaseun" }).waitFor();
	const note = `Asked for careful packing ${randomUUID().slice(0, 8)}`;
	await page.getByRole("textbox", { name: "Add note" }).fill(note);
	await button(page, "Add note").click();
	await page.locator("#main li", { hasText: note }).first().waitFor();

	// A task for a colleague.
	await page.goto(`/admin-panel/tasks?new=1&customer_id=${order.customer}`);
	const task = `Call about ${order.number}`;
	await dialog(page).getByLabel(/^Title/).fill(task);
	await dialog(page).getByLabel(/^Assignee/).selectOption(colleague);
	await button(dialog(page), "Make the task").click();
	await dialog(page).getByText(/#\d+/).first().waitFor();

	// The order: confirmed, picked, in two parts.
	await page.goto(`/admin-panel/orders/${order.id}`);
	await settled(page);
	for (const name of ["Mark as paid", "Begin packing"]) {
		await button(page, name).click();
		await button(page, name).waitFor({ state: "detached" });
	}
	await ship(page, { [tea.sku]: 2, [cups.sku]: 0 }, "RR1IE");
	assert.match(await letter(customer, /on its way/), /RR1IE/);
	await ship(page, { [cups.sku]: 3 }, "RR2IE");
	assert.match(await letter(customer, /on its way/), /RR2IE/);
	const parcels = page.locator("section", { hasText: "Parcel 1" });
	for (const left of [2, 1]) {
		await button(parcels, "Mark as delivered").first().click();
		await page.waitForFunction((n: number) => [...document
			.querySelectorAll("section li button")].filter((one) =>
			one.textContent === "Mark as delivered").length === n, left - 1);
	}
	await page.locator("h1 ~ .badge", { hasText: "Delivered" }).waitFor();
	await letter(customer, /delivered|arrived|here/i);

	// Two cups come back, one of them broken.
	await button(page, "Open a return").click();
	await dialog(page).locator("li", { hasText: cups.sku })
		.locator("input[type=number]").fill("2");
	await dialog(page).locator("input[name=reason]").fill("Broken");
	await button(dialog(page), "Open it").click();
	await dialog(page).waitFor({ state: "detached" });
	await page.getByRole("link", { name: `${order.number}/1` }).click();
	await button(page, "It came").click();
	const counts = dialog(page).locator("input[type=number]");
	await counts.nth(0).fill("1");
	await counts.nth(1).fill("1");
	await button(dialog(page), /Received/).click();
	await dialog(page).waitFor({ state: "detached" });
	await page.locator(".badge", { hasText: "Received" }).waitFor();

	// All say the same.
	const refunded = 1000, goods = 3500;
	assert.match(await letter(customer, /refund/), /10[.,]00/);
	assert.deepEqual([await stockOf(tea.variant), await stockOf(cups.variant)],
		[{ on_hand: 48, reserved: 0 }, { on_hand: 48, reserved: 0 }]);
	const [points] = await sql(`select coalesce(sum(points), 0)::int as n
		from points_entry where order_id = $1`, [order.id]);
	assert.equal(points.n, Math.floor(goods / 100) -
		Math.round(Math.floor(goods / 100) * refunded / goods));
	const { token } = await staff("superadmin");
	const { json: now } = await raw("GET", `/api/orders/manage/${order.id}`,
		{ token, parallel: true });
	assert.deepEqual([now.state, now.payment_state, now.refunded.amount,
		now.shipments.length], ["delivered", "partly_refunded", refunded, 2]);
	assert.ok(now.events.filter((e: any) => e.staff_name === "Nora Day")
		.length >= 8);
	const { json: line } = await raw("GET",
		`/api/desk/customers/${order.customer}/timeline?limit=100`,
		{ token, parallel: true });
	const told = JSON.stringify(line.items);
	for (const words of [note, order.number, "refunded", "order-shipped"])
		assert.ok(told.includes(words), `${words} in the timeline: ${told}`);
	const logged = await sql(`select distinct table_name as name from audit_log
		where staff_id = (select id from staff where email = $1)`, [email]);
	for (const name of ["customer_order", "order_line", "shipment", "refund",
		"order_return"])
		assert.ok(logged.some((row) => row.name === name),
			`${name} in the audit log`);
	const [given] = await sql(`select t.title, t.assignee_id
		from task t where t.title = $1`, [task]);
	assert.equal(given.assignee_id, colleague);
	assert.deepEqual(said, []);
	await context.close();
});
