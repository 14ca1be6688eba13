// SPDX-License-Identifier: ISC
// Looking around: suggestions while typing, filters in the address bar, and
// what was looked at, for those only who agreed to its being kept.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { settled, visitor, type Page } from "./pages.js";

describe("looking around", () => {
	test("suggestions come while one types, and can be chosen by key",
		async () => {
			const { page, said, context } = await visitor();
			await page.goto("/");
			await settled(page);
			const box = page.getByRole("combobox",
				{ name: "Search the shop" });
			await box.pressSequentially("palm");
			await page.getByRole("option", { name: /Palm/ }).first()
				.waitFor();
			await box.press("ArrowDown");
			assert.equal(await page.locator('[role="option"]' +
				'[aria-selected="true"]').count(), 1);
			await box.press("Enter");
			await page.waitForURL(/\/(product|search|category)/);
			await context.close();
			assert.deepEqual(said, []);
		});

	test("a link says what its sender saw", async () => {
		const { page, context } = await visitor();
		await page.goto("/category/spices-seasonings");
		await settled(page);
		await page.getByLabel(/Only what is in stock/).first().click();
		await page.waitForURL(/in_stock=true/);
		await page.getByLabel("Sort by").selectOption("price_asc");
		await page.waitForURL(/sort=price_asc/);
		const namesOn = (one: Page) =>
			one.locator("main article h3").allInnerTexts();
		const other = await visitor();
		await other.page.goto(page.url());
		await settled(other.page);
		const seen = await namesOn(other.page);
		assert.ok(seen.length > 5);
		await page.waitForFunction((names) => names === JSON.stringify(
			[...document.querySelectorAll<HTMLElement>("main article h3")]
				.map((one) => one.innerText)), JSON.stringify(seen));
		await other.page.goto(`${page.url()}&utm_source=mail`);
		await settled(other.page);
		assert.deepEqual(await namesOn(other.page), seen);
		await page.goBack();
		await page.waitForURL((url) => !url.search.includes("sort="));
		await Promise.all([context.close(), other.context.close()]);
	});

	test("what was looked at is kept for who agreed", async () => {
		const { page, said, context } = await visitor();
		let told = 0;
		page.on("request", (request) => {
			if (request.url().endsWith("/api/recommend/events"))
				told++;
		});
		await page.goto("/product/bolga-basket-round");
		await settled(page);
		// A cart makes a guest known to the shop.
		await page.getByRole("main").getByRole("button",
			{ name: "Add to cart", exact: true }).click();
		await page.getByText("is in your cart").waitFor();
		await page.goto("/");
		await settled(page);
		assert.equal(await page.getByRole("heading",
			{ name: "Recently viewed" }).count(), 0);
		assert.equal(told, 0, "nothing is told without consent");
		await page.goto("/privacy");
		await page.getByLabel(/Remember what I look at/).click();
		const kept = page.waitForResponse("**/api/recommend/events");
		await page.goto("/product/bolga-basket-round");
		assert.equal((await kept).status(), 204);
		await page.goto("/");
		await page.getByRole("heading", { name: "Recently viewed" })
			.waitFor();
		await context.close();
		assert.deepEqual(said, []);
	});
});
