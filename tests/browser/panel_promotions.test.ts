// SPDX-License-Identifier: ISC
// Promotions, coupons, reviews and rewards as staff keep them in the panel.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { login, raw, sql, staff } from "../api/harness.js";
import { add, move, order, thing } from "../api/commerce.js";
import { lookAt, newcomer, settled, staffVisitor } from "./pages.js";

test("a promotion is written, tried on a cart, given codes and switched off",
	async () => {
		const item = await thing({ price: 2000, tax: "zero" });
		const name = `Panel ${randomUUID().slice(0, 8)}`;
		const { page, said, context } = await staffVisitor("crm",
			"promotions");
		await settled(page);
		await lookAt(page, "panel-promotions");
		await page.getByRole("link", { name: "New promotion" }).click();
		await page.getByLabel("Name").fill(name);
		await page.getByLabel("Percent").fill("15");
		await page.getByRole("searchbox", { name: "Products: Search" })
			.fill(item.sku);
		await page.getByRole("button", { name: `Thing ${item.sku}`, exact: true })
			.click();
		await page.getByLabel("From a sum of").fill("30");
		await page.getByLabel("Needs a coupon").check();
		await page.getByText("15 % off on chosen goods, from €30.00, with a " +
			"coupon.").waitFor();
		await page.getByRole("searchbox", { name: "In the cart" })
			.fill(item.sku);
		await page.getByRole("button", { name: `Thing ${item.sku}`, exact: true })
			.click();
		await page.getByRole("button", { name: "Compute" }).click();
		await page.getByText("It gives this cart nothing.").waitFor();
		await page.getByLabel("Quantity of Thing").fill("2");
		await page.getByRole("button", { name: "Compute" }).click();
		await page.getByText("It gives this cart something.").waitFor();
		await lookAt(page, "panel-promotion-new");
		await page.getByRole("button", { name: "Save" }).click();
		await page.getByRole("heading", { level: 1, name }).waitFor();
		const [made] = await sql("select * from promotion where name = $1",
			[name]);
		assert.deepEqual([+made.percent, made.needs_coupon,
			+made.minimum_amount, made.product_ids],
			[15, true, 3000, [item.product]]);

		await page.getByRole("button", { name: "Many at once" }).click();
		await page.getByLabel("How many").fill("12");
		await page.getByLabel("They begin with").fill("pan-");
		await page.getByRole("button", { name: "Make them" }).click();
		await page.getByText("12 coupons made").waitFor();
		await page.getByRole("button", { name: /^PAN-/ }).first().waitFor();
		const [code] = await sql("select code from coupon where promotion_id = $1 limit 1",
			[made.id]);
		const file = await page.evaluate(async (path) =>
			(await fetch(path)).text(), `/api/promotions/${made.id}/coupons/file`);
		assert.equal(file.trim().split("\r\n").length, 13);
		const ada = await login(await newcomer());
		await add({ token: ada.token }, item.variant, 2);
		const cart = await raw("POST", "/api/cart/coupons", { token: ada.token,
			parallel: true, body: { code: code.code } });
		assert.equal(cart.json.quote.discount.amount, 600);

		await settled(page);
		await lookAt(page, "panel-promotion");
		await page.getByRole("button", { name: "Switch off", exact: true })
			.first().click();
		await page.getByRole("button", { name: "Switch on" }).waitFor();
		await page.getByRole("button", { name: "Undo" }).click();
		await page.getByRole("button", { name: "Switch off", exact: true })
			.first().waitFor();
		await page.setViewportSize({ width: 360, height: 740 });
		await settled(page);
		await lookAt(page, "panel-promotion-360");
		assert.deepEqual(said, []);
		await context.close();
	});

test("who may not change promotions sees no way to", async () => {
	const crm = await staff("crm");
	const made = await raw("POST", "/api/promotions", { token: crm.token,
		parallel: true, body: { name: `Seen ${randomUUID().slice(0, 8)}`,
			kind: "free_shipping", active: false, needs_coupon: true } });
	assert.equal(made.status, 201, made.text);
	const { page, said, context } = await staffVisitor("analyst",
		`promotions/${made.json.id}`, { dark: true });
	await page.getByRole("heading", { level: 1, name: made.json.name })
		.waitFor();
	await settled(page);
	for (const name of ["Save", "Delete", "Switch on", "New coupon",
		"Many at once"])
		assert.equal(await page.getByRole("button", { name, exact: true })
			.count(), 0, name);
	await lookAt(page, "panel-promotion-analyst");
	assert.deepEqual(said, []);
	await context.close();
});

/** A review that waits. */
async function reviewed(title: string): Promise<string> {
	const ada = await login(await newcomer()), item = await thing();
	const clerk = await staff("superadmin");
	const placed = await order({ token: ada.token }, item.variant);
	await move(clerk.token, placed.id, "confirmed", "processing", "shipped",
		"delivered");
	const made = await raw("POST",
		`/api/catalog/products/${item.product}/reviews`, { token: ada.token,
			parallel: true, body: { stars: 4, title, text: `${title}, really.` } });
	assert.equal(made.status, 201, made.text);
	return made.json.id;
}

test("reviews are judged with the keys, and a decision can be taken back",
	async () => {
		const one = `One ${randomUUID().slice(0, 8)}`;
		const two = `Two ${randomUUID().slice(0, 8)}`;
		const first = await reviewed(one), second = await reviewed(two);
		const { page, said, context } = await staffVisitor("service",
			"reviews?sort=newest");
		await page.getByRole("heading", { name: one }).waitFor();
		await settled(page);
		await lookAt(page, "panel-reviews");
		const state = async (id: string): Promise<string> =>
			(await sql("select state from review where id = $1", [id]))[0].state;
		// The newest is at hand.
		await page.keyboard.press("a");
		await page.getByText(`Shown: “${two}”`).waitFor();
		assert.equal(await page.getByRole("heading", { name: two }).count(), 0);
		await page.getByRole("button", { name: "Undo" }).click();
		await page.getByRole("heading", { name: two }).waitFor();
		assert.equal(await state(second), "pending");
		await page.locator(`[data-review="${first}"]`).focus();
		await page.keyboard.press("k");
		await page.keyboard.press("j");
		await page.keyboard.press("r");
		const dialog = page.getByRole("dialog");
		await dialog.getByLabel("Reason").fill("It names a neighbour");
		await dialog.getByRole("button", { name: "Refuse" }).click();
		await page.getByText(`Refused: “${one}”`).waitFor();
		await page.waitForResponse((answer) =>
			answer.url().endsWith(`${first}/decision`), { timeout: 12_000 });
		assert.equal(await state(first), "rejected");
		// Who goes away has decided.
		await page.locator(`[data-review="${second}"]`).focus();
		await page.keyboard.press("a");
		await page.getByText(`Shown: “${two}”`).waitFor();
		const sent = page.waitForResponse((answer) =>
			answer.url().endsWith(`${second}/decision`));
		await page.getByRole("link", { name: "Home" }).first().click();
		await sent;
		assert.equal(await state(second), "approved");
		assert.deepEqual(said, []);
		await context.close();
	});

test("rewards and tiers are kept", async () => {
	const name = `Reward ${randomUUID().slice(0, 8)}`;
	const { page, said, context } = await staffVisitor("crm", "loyalty");
	await page.getByRole("heading", { name: "Silver" }).waitFor();
	await settled(page);
	await lookAt(page, "panel-loyalty");
	await page.getByRole("button", { name: "Change Silver" }).click();
	const dialog = page.getByRole("dialog");
	const [silver] = await sql("select * from loyalty_tier where code = 'silver'");
	await dialog.getByLabel("Advantages").fill("A quarter more points\nTea");
	await dialog.getByRole("button", { name: "Save" }).click();
	await page.getByText("Tea", { exact: true }).waitFor();
	const [now] = await sql("select * from loyalty_tier where code = 'silver'");
	assert.deepEqual(now.advantages, ["A quarter more points", "Tea"]);
	await sql("update loyalty_tier set advantages = $1 where code = 'silver'",
		[silver.advantages]);
	await page.getByRole("link", { name: "New reward" }).click();
	await page.getByLabel("Name").fill(name);
	await page.getByLabel("Amount").fill("5");
	await page.getByLabel("Costs points").fill("450");
	await lookAt(page, "panel-reward-new");
	await page.getByRole("button", { name: "Save" }).click();
	await page.getByRole("heading", { level: 1, name }).waitFor();
	const [made] = await sql("select amount, cost from reward where name = $1",
		[name]);
	assert.deepEqual([+made.amount, made.cost], [500, 450]);
	await page.getByRole("button", { name: "Delete" }).click();
	await page.getByRole("dialog").getByRole("button", { name: "Delete" })
		.click();
	await page.getByRole("heading", { level: 1, name: "Loyalty" }).waitFor();
	assert.deepEqual(said, []);
	await context.close();
});
