// SPDX-License-Identifier: ISC
// The panel's stock: adjusted in its line, received, sent, counted, ordered.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, describe, test } from "node:test";
import { raw, sql, staff, type Person } from "../api/harness.js";
import { stockOf, thing } from "../api/commerce.js";
import { lookAt, settled, staffVisitor, type Page } from "./pages.js";

const mark = randomUUID().slice(0, 8);
const there = `shop-${mark}`;
let boss: Person;
before(async () => {
	boss = await staff("manager");
	const made = await raw("POST", "/api/inventory/locations", {
		token: boss.token, parallel: true, body: { code: there,
			name: `Second shop ${mark}`, position: 9 } });
	assert.equal(made.status, 201, made.text);
});

const button = (page: Page, name: string | RegExp) =>
	page.getByRole("button", { name, exact: typeof name === "string" });
const dialog = (page: Page) => page.locator("dialog[open]");
const toast = (page: Page, words: string | RegExp) =>
	page.locator(".toast").getByText(words).waitFor();

/** Finds a SKU for a line, as a scanner would, and says how many. */
async function line(page: Page, sku: string, count: number) {
	await page.getByLabel("SKU or name").fill(sku);
	await page.getByLabel("SKU or name").press("Enter");
	await page.getByLabel(`Count of ${sku}`).fill(String(count));
}

describe("stock in the panel", () => {
	test("is adjusted in its line, with a reason", async () => {
		const a = await thing({ stock: 7 });
		const { page, said } = await staffVisitor("manager",
			`inventory?q=${a.sku}`);
		await button(page, `Adjust ${a.sku} at Main store`).click();
		await page.getByLabel("More or less by").fill("-2");
		await page.getByLabel("Reason").selectOption("damaged");
		await lookAt(page, "panel/inventory/adjust");
		await dialog(page).getByRole("button",
			{ name: "Adjust" }).click();
		await toast(page, `${a.sku}: now 5`);
		assert.equal((await stockOf(a.variant)).on_hand, 5);
		await settled(page);
		await lookAt(page, "panel/inventory");
		await page.goto(`/admin-panel/inventory/movements?sku=${a.sku}`);
		await page.getByRole("cell", { name: "Damaged" }).waitFor();
		await lookAt(page, "panel/inventory/movements");
		assert.deepEqual(said, []);
	});

	test("comes in, and goes to another place", async () => {
		const a = await thing({ stock: 0 });
		const { page, said } = await staffVisitor("manager",
			"inventory/receipts");
		await button(page, "Receive goods").click();
		await dialog(page).getByLabel("Delivery note").fill(`LS ${mark}`);
		await line(page, a.sku, 12);
		await lookAt(page, "panel/inventory/receive");
		await dialog(page).getByRole("button",
			{ name: "Save" }).click();
		await page.getByRole("heading", { name: /^R-/ }).waitFor();
		await lookAt(page, "panel/inventory/receipt");
		assert.equal((await stockOf(a.variant)).on_hand, 12);
		await page.goto("/admin-panel/inventory/transfers");
		await button(page, "Send to another place").click();
		await dialog(page).getByLabel(/^To/).selectOption(there);
		await line(page, a.sku, 5);
		await dialog(page).getByRole("button",
			{ name: "Send", exact: true }).click();
		await page.getByRole("heading", { name: /^T-/ }).waitFor();
		assert.equal((await stockOf(a.variant)).on_hand, 7);
		await page.getByLabel(`${a.sku} that came`).fill("4");
		await lookAt(page, "panel/inventory/transfer");
		await button(page, "Receive").click();
		await page.getByText("Received").first().waitFor();
		assert.equal((await stockOf(a.variant)).on_hand, 11);
		assert.deepEqual(said, []);
	});

	test("is counted by keyboard and corrected", async () => {
		const a = await thing({ stock: 9 });
		const [{ slug }] = await sql(`with c as (insert into category
			(slug, name) values ($1, $1) returning id, slug), p as (
			update product set category_id = c.id from c
			where product.id = $2) select slug from c`,
		[`k-${mark}`, a.product]);
		const { page, said } = await staffVisitor("manager",
			"inventory/counts");
		await button(page, "New count").click();
		await dialog(page).getByLabel(/^Category/).selectOption(slug);
		await dialog(page).getByRole("button",
			{ name: "Open" }).click();
		await page.getByLabel(`Count of ${a.sku}`).fill("8");
		await page.getByLabel(`Count of ${a.sku}`).press("Enter");
		await page.getByText("1 of 1 lines counted, 1 differ").waitFor();
		await lookAt(page, "panel/inventory/count");
		await button(page, "Close and correct").click();
		await dialog(page).getByRole("button",
			{ name: "Close and correct" }).click();
		await page.getByText("Closed").waitFor();
		assert.equal((await stockOf(a.variant)).on_hand, 8);
		assert.deepEqual(said, []);
	});

	test("is proposed to be ordered, and why", async () => {
		const a = await thing({ stock: 2 });
		await raw("PATCH", `/api/inventory/${a.variant}`, {
			token: boss.token, parallel: true,
			headers: { "If-Match": '"1"' }, body: { low_at: 5 } });
		const maker = await raw("POST", "/api/inventory/suppliers", {
			token: boss.token, parallel: true,
			body: { name: `Maker ${mark}` } });
		await raw("PUT", `/api/inventory/restock/${a.product}`, {
			token: boss.token, parallel: true, headers: { "If-Match": '"0"' },
			body: { supplier_id: maker.json.id, pack: 10 } });
		const { page, said } = await staffVisitor("manager",
			`inventory/reorder?supplier_id=${maker.json.id}`);
		await page.getByLabel(`Select ${a.sku}`).check();
		await lookAt(page, "panel/inventory/reorder");
		await button(page, "Order these").click();
		assert.equal(await page.getByLabel(`Count of ${a.sku}`).inputValue(),
			"10");
		await dialog(page).getByRole("button",
			{ name: "Save" }).click();
		await page.getByRole("heading", { name: /^R-/ }).waitFor();
		await button(page, "Receive").click();
		await page.getByText("Received").first().waitFor();
		assert.equal((await stockOf(a.variant)).on_hand, 12);
		await page.goto("/admin-panel/inventory/low?open=false");
		await settled(page);
		await lookAt(page, "panel/inventory/low");
		assert.deepEqual(said, []);
	});

	test("offers nothing that would be refused", async () => {
		for (const look of [{ width: 320 }, { dark: true }]) {
			const { page } = await staffVisitor("service", "inventory", look);
			for (const path of ["", "/receipts", "/transfers", "/counts",
				"/reorder", "/places"]) {
				await page.goto(`/admin-panel/inventory${path}`);
				await settled(page);
				for (const name of [/^Adjust/, "Receive goods",
					"Send to another place", "New count", "New location"])
					assert.equal(await button(page, name).count(), 0, path);
				await lookAt(page, `panel/inventory${path}-${
					look.width ?? 0}`);
			}
		}
	});
});
