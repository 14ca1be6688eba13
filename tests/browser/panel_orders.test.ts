// SPDX-License-Identifier: ISC
// The order desk in the browser: an order appears by itself, is changed,
// shipped in two parcels, and a part of it comes back.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { before, describe, test } from "node:test";
import { login, raw, staff } from "../api/harness.js";
import { move, newCart, order, stockOf, thing } from "../api/commerce.js";
import { letter, lookAt, newcomer, settled, staffVisitor } from
	"./pages.js";

const button = (page: any, name: RegExp | string) =>
	page.getByRole("button", { name, exact: typeof name === "string" });
const dialog = (page: any) => page.locator("dialog[open]");

let email: string;
before(async () => {
	email = await newcomer({ given_name: "Ngozi", family_name: "Adébáyọ̀" });
});

const seen = async (id: string): Promise<any> => (await raw("GET",
	`/api/orders/manage/${id}`, { parallel: true,
		token: (await staff("superadmin")).token })).json;

describe("orders in the panel", () => {
	test("appear by themselves, are found, and open", async () => {
		const { page, said, context } = await staffVisitor("service", "orders");
		await settled(page);
		const item = await thing({ price: 1234, stock: 9 });
		const { token } = await login(email);
		const one = await order({ token }, item.variant, 2);
		await page.getByRole("link", { name: one.number }).first()
			.waitFor({ timeout: 60_000 });
		await page.getByRole("searchbox").first().fill("ngozi adebayo");
		await page.waitForURL(/q=ngozi/);
		await page.getByRole("link", { name: one.number }).first().click();
		await page.locator("h1", { hasText: one.number }).waitFor();
		await settled(page);
		await lookAt(page, "panel-order");
		assert.deepEqual(said, []);
		await context.close();
	});

	test("change, ship in two parcels, and come back in part", async () => {
		const item = await thing({ price: 1000, stock: 20 });
		const { token } = await login(email);
		const one = await order({ token }, item.variant, 2);
		const { page, said, context } = await staffVisitor("service",
			`orders/${one.id}`);
		await settled(page);
		await button(page, "Change").click();
		const form = page.getByRole("form", { name: "Change" });
		await form.getByRole("button", { name: "More" }).first().click();
		await form.getByRole("status").getByText("→").waitFor();
		await lookAt(page, "panel-order-change");
		await button(form, "Save").click();
		await form.waitFor({ state: "detached" });
		assert.equal((await seen(one.id)).lines[0].quantity, 3);
		await letter(email, new RegExp(`${one.number} was changed`));

		for (const name of ["Confirm", "Begin packing", "Mark as paid"]) {
			await button(page, name).click();
			await button(page, name).waitFor({ state: "detached" });
		}
		await button(page, "Ship").click();
		const ship = dialog(page);
		await ship.locator("input[type=number]").fill("1");
		await ship.locator("input[name=carrier]").fill("An Post");
		await lookAt(page, "panel-order-ship");
		await button(ship, "Ship these").click();
		await ship.waitFor({ state: "detached" });
		assert.match(await letter(email, /on its way/), /1 x/);
		await button(page, "Ship").click();
		await button(dialog(page), "Ship these").click();
		await dialog(page).waitFor({ state: "detached" });
		await page.locator("h1 ~ .badge", { hasText: "Shipped" }).waitFor();
		await button(page.locator("main"), "Mark as delivered").first().click();
		await page.locator("h1 ~ .badge", { hasText: "Delivered" }).waitFor();

		await button(page, "Open a return").click();
		await dialog(page).locator("input[type=number]").fill("2");
		await button(dialog(page), "Open it").click();
		await dialog(page).waitFor({ state: "detached" });
		await page.getByRole("link", { name: `${one.number}/1` }).click();
		await settled(page);
		await button(page, "It came").click();
		const inputs = dialog(page).locator("input[type=number]");
		await inputs.nth(0).fill("1");
		await inputs.nth(1).fill("1");
		await lookAt(page, "panel-return-receive");
		await button(dialog(page), /Received/).click();
		await dialog(page).waitFor({ state: "detached" });
		await page.locator(".badge", { hasText: "Received" }).waitFor();
		const now = await seen(one.id);
		assert.deepEqual([now.refunded.amount, now.payment_state],
			[2000, "partly_refunded"]);
		assert.deepEqual(await stockOf(item.variant),
			{ on_hand: 18, reserved: 0 });
		assert.match(await letter(email, /refund/), /20[.,]00/);
		assert.deepEqual(said, []);
		await context.close();
	});

	test("refund by piece at the sum that was shown; are printed",
		async () => {
		const item = await thing({ price: 999, stock: 20 });
		const one = await order({ cart: newCart() }, item.variant, 3);
		const { token } = await staff("service");
		await move(token, one.id, "paid", "processing", "shipped");
		const { page, said, context } = await staffVisitor("service",
			`orders/${one.id}`);
		await settled(page);
		await button(page, "Refund").click();
		const asked = dialog(page);
		await asked.locator("input[type=number]").fill("2");
		await asked.getByRole("status").getByText("19.98").waitFor();
		await lookAt(page, "panel-order-refund");
		await button(asked, "Give the money back").click();
		await asked.waitFor({ state: "detached" });
		assert.equal((await seen(one.id)).refunded.amount, 1998);
		const pdf = await page.evaluate(async (path: string) =>
			[...new Uint8Array(await (await fetch(path)).arrayBuffer())],
		`/api/orders/manage/${one.id}/invoice.pdf`);
		const text = execFileSync("pdftotext", ["-", "-"],
			{ input: Buffer.from(pdf), encoding: "utf8" });
		assert.ok(text.includes(one.number), text);
		assert.deepEqual(said, []);
		await context.close();
	});

	test("cancelled after they were paid ask for the money", async () => {
		const item = await thing({ price: 999, stock: 20 });
		const one = await order({ cart: newCart() }, item.variant, 1);
		const { token } = await staff("service");
		await move(token, one.id, "paid");
		const { page, said, context } = await staffVisitor("service",
			`orders/${one.id}`);
		await settled(page);
		await button(page, "Cancel the order").click();
		const asked = dialog(page);
		assert.ok(await button(asked, "Cancel the order").isDisabled());
		await asked.locator("select[name=refund]").selectOption("pending");
		await lookAt(page, "panel-order-cancel");
		await button(asked, "Cancel the order").click();
		await asked.waitFor({ state: "detached" });
		await button(page, "It went out").click();
		await page.locator("h1 ~ .badge", { hasText: "Refunded" }).waitFor();
		assert.deepEqual(said, []);
		await context.close();
	});

	test("show those who may only look no button", async () => {
		const item = await thing({ stock: 20 });
		const one = await order({ cart: newCart() }, item.variant, 1);
		for (const [width, dark] of [[320, false], [1280, true]] as const) {
			const { page, said, context } = await staffVisitor("analyst",
				`orders/${one.id}`, { width, dark });
			await settled(page);
			for (const name of ["Confirm", "Mark as paid", "Ship", "Change",
				"Cancel the order", "Refund"])
				assert.equal(await button(page, name).count(), 0, name);
			await lookAt(page, `panel-order-${width}`);
			await page.goto("/admin-panel/orders");
			await settled(page);
			await lookAt(page, `panel-orders-${width}`);
			await page.goto("/admin-panel/returns");
			await settled(page);
			await lookAt(page, `panel-returns-${width}`);
			assert.deepEqual(said, []);
			await context.close();
		}
	});
});
