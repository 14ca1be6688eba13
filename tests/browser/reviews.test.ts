// SPDX-License-Identifier: ISC
// Reviews as people write, read and judge them: a guest by the mail's link
// and the keyboard, a customer with pictures, others by a click.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { goodPassword, login, raw, staff } from "../api/harness.js";
import { add, checkout, move, newCart, order, thing } from
	"../api/commerce.js";
import { png } from "../api/pictures.js";
import { decide, letter, linkIn, lookAt, newcomer, settled, signIn, visitor }
	from "./pages.js";

const arrived = ["confirmed", "processing", "shipped", "delivered"];

/** The review that waits for a product. */
async function waiting(product: string): Promise<string> {
	const { token } = await staff("superadmin");
	const list = await raw("GET", "/api/catalog/staff/reviews?state=pending" +
		`&product_id=${product}`, { token, parallel: true });
	assert.equal(list.json.items.length, 1, list.text);
	return list.json.items[0].id;
}

test("a guest writes by the link of the mail, with the keyboard",
	async () => {
		const email = `guest-${randomUUID().slice(0, 8)}@example.org`;
		const item = await thing();
		const cart = newCart();
		await add({ cart }, item.variant);
		const placed = await checkout({ cart }, { email });
		assert.equal(placed.status, 201, placed.text);
		const clerk = await staff("superadmin");
		await move(clerk.token, placed.json.id, ...arrived);
		const link = linkIn(await letter(email, /arrived/),
			`/review/${item.product}`);

		const { page, said, context } = await visitor({ width: 360 });
		await page.goto(link);
		await settled(page);
		await lookAt(page, "review-guest");
		assert.equal(await page.getByRole("button", { name: "Add pictures" })
			.count(), 0, "guests have no pictures");
		await page.getByRole("button", { name: "Send the review" }).click();
		await page.locator("fieldset [role=alert]").first().waitFor();
		assert.equal(await page.locator("[role=alert]").filter(
			{ hasText: "Please fill this in" }).count(), 2, "stars and text are needed");
		await lookAt(page, "review-guest-faults");
		await page.getByRole("radio", { name: "1 star", exact: true })
			.focus();
		await page.keyboard.press("Space");
		for (let n = 1; n < 4; n++)
			await page.keyboard.press("ArrowRight");
		assert.ok(await page.getByRole("radio", { name: "4 stars" })
			.isChecked());
		await page.getByLabel("In a few words").fill("<b>Fine</b>");
		await page.getByRole("textbox", { name: "Your review" })
			.fill("It came\n<script>alert(1)</script> quickly.");
		await page.getByRole("button", { name: "Send the review" }).click();
		await page.getByText("We look at each review before").waitFor();
		await page.getByRole("link", { name: "Back to the order" }).waitFor();

		await decide(await waiting(item.product), "approve");
		await letter(email, /Your review/);
		await page.goto(`/product/${item.sku.toLowerCase()}`);
		await page.getByRole("heading", { name: "<b>Fine</b>" }).waitFor();
		await page.getByText("<script>alert(1)</script> quickly.").waitFor();
		await page.getByRole("button", { name: "4 stars" }).click();
		await lookAt(page, "review-product");
		// The link opens it again.
		await page.goto(link);
		await page.getByText("Published").waitFor();
		assert.equal(await page.getByLabel("In a few words").inputValue(),
			"<b>Fine</b>");
		await context.close();
		assert.deepEqual(said, []);
	});

test("a customer shows pictures, reads why not, and mends it; others find "
	+ "it helpful", async () => {
	const email = await newcomer();
	const { token } = await login(email);
	const item = await thing();
	const clerk = await staff("superadmin");
	await move(clerk.token, (await order({ token }, item.variant)).id,
		...arrived);
	const { page, said, context } = await visitor();
	await page.goto(`/review/${item.product}`);
	await page.waitForURL(/\/login\//);
	await signIn(page, email);
	await page.goto("/account/reviews");
	await page.getByRole("link", { name: "Write a review" }).click();
	await page.getByRole("radio", { name: "5 stars" }).check({ force: true });
	await page.getByRole("textbox", { name: "Your review" }).fill("My best");
	const files = page.locator("input[type=file]");
	await files.setInputFiles({ name: "a.txt", mimeType: "text/plain",
		buffer: Buffer.from("x") });
	await page.getByText("Please choose a picture as JPEG").waitFor();
	await files.setInputFiles(await Promise.all([30, 130].map(
		async (shade, n) => ({ name: `${n}.png`, mimeType: "image/png",
			buffer: await png({ width: 300, height: 200,
				shade: () => shade }) }))));
	await page.getByRole("img", { name: "Picture 2" }).waitFor();
	await page.getByRole("button", { name: "Remove: Picture 1" }).click();
	await lookAt(page, "review-customer");
	await page.getByRole("button", { name: "Send the review" }).click();
	await page.getByText("Thank you!").waitFor();

	await decide(await waiting(item.product), "reject", "Say more, please");
	await page.getByRole("link", { name: "Your other reviews" }).click();
	await page.reload();
	await page.getByText("Why: Say more, please").waitFor();
	await page.getByText("Not published").waitFor();
	await lookAt(page, "review-rejected");
	await page.getByRole("main").getByRole("link", { name: /^Change/ })
		.click();
	await page.getByRole("textbox", { name: "Your review" })
		.fill("My best basket, and I have had many.");
	await page.getByRole("button", { name: "Save the changes" }).click();
	await page.getByText("Thank you!").waitFor();
	await decide(await waiting(item.product), "approve");

	const other = await visitor();
	await signIn(other.page, await newcomer({ given_name: "Ben",
		family_name: "Ade" }));
	await other.page.goto(`/product/${item.sku.toLowerCase()}`);
	await other.page.getByRole("img", { name: "Picture 1 by Ada O." })
		.waitFor();
	const helpful = other.page.getByRole("button", { name: /^Helpful/ });
	await helpful.click();
	await other.page.getByText("helpful to 1").waitFor();
	assert.equal(await helpful.getAttribute("aria-pressed"), "true");
	// What all may read is kept for a second or two.
	const counted = other.page.getByText("helpful to 1");
	for (let n = 0; n < 10 && await counted.count() === 0 || n === 0; n++) {
		await other.page.waitForTimeout(1500);
		await other.page.reload();
		await helpful.waitFor();
	}
	await counted.waitFor();
	await other.page.locator("button[aria-pressed=true]",
		{ hasText: "Helpful" }).waitFor();
	await helpful.click();
	await other.page.getByText("helpful to 1").waitFor({ state: "detached" });
	await other.page.getByRole("link", { name: "Write a review" }).click();
	await other.page.getByText("Only what was delivered to you").waitFor();
	await other.context.close();

	await page.goto(`/product/${item.sku.toLowerCase()}`);
	await page.getByRole("link", { name: "Your review: change it" }).click();
	await page.getByRole("button", { name: "Take the review back" }).click();
	await page.getByRole("dialog").getByRole("button",
		{ name: "Take the review back" }).click();
	await page.getByText("Your review is gone.").waitFor();
	await context.close();
	assert.deepEqual([...said, ...other.said], []);
});
