// SPDX-License-Identifier: ISC
// Cart, checkout, order: as a guest, with what goes wrong on the way.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { sql } from "../api/harness.js";
import { letter, linkIn, lookAt, settled, visitor, type Page } from
	"./pages.js";

const cartOf = (page: Page) => page.evaluate(async () =>
	(await fetch("/api/cart")).json());

async function fill(page: Page, values: Record<string, string>) {
	for (const [label, value] of Object.entries(values))
		await page.getByLabel(label, { exact: false }).first().fill(value);
}

describe("a guest", () => {
	test("fills a cart, changes it and takes something back", async () => {
		const { page, said } = await visitor();
		await page.goto("/search?q=palm+oil");
		await page.getByRole("button", { name: /^Add to cart/ }).first().click();
		await page.getByText("is in your cart").waitFor();
		await page.getByRole("link", { name: /^Cart, 1 item/ }).click();
		await settled(page);
		await lookAt(page, "cart");
		await page.getByRole("button", { name: "One more" }).click();
		await page.getByRole("button", { name: "One more" }).click();
		await page.getByRole("link", { name: /^Cart, 3 items/ }).waitFor();
		assert.equal((await cartOf(page)).quote.lines[0].quantity, 3);
		await page.getByRole("button", { name: /^Remove/ }).click();
		await page.getByText("There is nothing in your cart yet.").waitFor();
		await page.getByRole("button", { name: "Undo" }).click();
		await page.getByRole("link", { name: /^Cart, 3 items/ }).waitFor();
		assert.deepEqual(said, []);
	});

	test("orders once however often the button is pressed", async () => {
		const { page, said } = await visitor({ width: 360 });
		await page.goto("/search?q=rice");
		await page.getByRole("button", { name: /^Add to cart/ }).first().click();
		await page.getByText("is in your cart").waitFor();
		await page.goto("/checkout/checkout/");
		await settled(page);
		await lookAt(page, "checkout-guest-360");
		await page.getByRole("button", { name: /^Order and pay/ }).click();
		await page.getByText("Please look at the marked fields.").waitFor();
		await lookAt(page, "checkout-faults-360");
		const email = `kofi-${Date.now()}@example.org`;
		await fill(page, { "E-mail address": email, Name: "Kofi Mensah",
			"Street and number": "3 Capel Street", "Town or city": "Dublin",
			Postcode: "D01 AB12" });
		await page.getByLabel("Country").selectOption("IE");
		await page.getByRole("radio", { name: /Home delivery/ }).waitFor();
		await page.getByText("Bank transfer").click();
		const button = page.getByRole("button", { name: /^Order and pay/ });
		await button.dblclick();
		await page.getByText("Thank you for your order!").waitFor();
		await settled(page);
		await lookAt(page, "order-360");
		const placed = await sql(
			"select number from customer_order where email = $1", [email]);
		assert.equal(placed.length, 1);
		await page.getByText("IBAN").waitFor();
		const link = linkIn(await letter(email, /Thank you for your order/),
			"/order/");
		const other = await visitor();
		await other.page.goto(link);
		await other.page.getByRole("heading", { name: placed[0].number })
			.waitFor();
		await other.page.goto(link.replace(/#.*/, ""));
		await other.page.reload();
		await other.page.getByText("can’t be shown").waitFor();
		assert.deepEqual([...said, ...other.said], []);
	});
});
