// SPDX-License-Identifier: ISC
// The whole way of a customer, in one browser: found in spite of a spelling
// mistake, put into a guest's cart, taken along into an account, ordered,
// delivered, reviewed; points earned, spent, and taken back by a refund.
import assert from "node:assert/strict";
import { test } from "node:test";
import { goodPassword, raw, sql, staff } from "../api/harness.js";
import { move } from "../api/commerce.js";
import { decide, letter, linkIn, lookAt, settled, visitor, type Page } from
	"./pages.js";

const email = `amina-${Date.now()}@example.org`;

async function find(page: Page) {
	await page.goto("/");
	await page.getByRole("combobox", { name: "Search the shop" }).fill("bolga bascket");
	await page.keyboard.press("Enter");
	await page.getByText("Nothing is spelt just so. These come close:")
		.waitFor();
	await page.getByLabel(/Only what is in stock/).first().click();
	await page.waitForURL(/in_stock=true/);
	await page.getByRole("link", { name: "Bolga Basket" }).first().click();
	await page.waitForURL(/\/product\/bolga-basket/);
	await settled(page);
}

async function buy(page: Page, pieces: number) {
	await page.getByRole("spinbutton", { name: "Quantity" })
		.fill(String(pieces));
	await page.getByRole("main").getByRole("button", { name: "Add to cart",
		exact: true }).click();
	await page.getByText("is in your cart").waitFor();
}

async function register(page: Page) {
	await page.goto("/register/");
	await page.getByLabel("Given name").fill("Amina");
	await page.getByLabel("Family name").fill("Okoye");
	await page.getByLabel("E-mail address").fill(email);
	await page.getByLabel("Password").fill(goodPassword);
	await page.getByRole("button", { name: "Create an account" }).click();
	await page.getByText(`We have written to ${email}`).waitFor();
	await page.goto(linkIn(await letter(email, /confirm/i),
		"/verify-email"));
	await page.getByText("Your address is confirmed.").waitFor();
}

async function signIn(page: Page) {
	await page.goto("/login/");
	await page.getByLabel("E-mail address or username").fill(email);
	await page.getByLabel("Password").fill(goodPassword);
	await page.getByRole("main").getByRole("button", { name: "Sign in" })
		.click();
	await page.waitForURL(/\/account/);
}

async function saveAddress(page: Page) {
	await page.goto("/account/addresses?edit=new");
	await page.getByLabel("Country").selectOption("IE");
	for (const [label, value] of [["Name", "Amina Okoye"],
		["Street and number", "8 Thomas Street"], ["Postcode", "D08 XY12"],
		["Town or city", "Dublin"]] as const)
		await page.getByRole("main").getByLabel(label).first().fill(value);
	await page.getByRole("main").getByRole("button", { name: "Save" })
		.click();
	await page.getByText("8 Thomas Street").waitFor();
}

async function checkOut(page: Page): Promise<string> {
	await page.goto("/checkout");
	await page.getByRole("radio", { name: /8 Thomas Street/ }).waitFor();
	assert.ok(await page.getByRole("radio", { name: /8 Thomas Street/ })
		.isChecked(), "the saved address is chosen");
	await page.getByRole("radio", { name: /Home delivery/ }).waitFor();
	await page.getByRole("button", { name: /^Order and pay/ }).click();
	await page.getByText("Thank you for your order!").waitFor();
	return /\/order\/([0-9a-f-]{36})/.exec(page.url())![1]!;
}

/** What staff do at their desk. */
const deliver = async (order: string) => move(
	(await staff("superadmin")).token, order, "confirmed", "processing",
	"shipped", "paid", "delivered");

async function refund(order: string) {
	const { token } = await staff("superadmin");
	const seen = await raw("GET", `/api/orders/manage/${order}`,
		{ token, parallel: true });
	const given = await raw("POST", `/api/orders/manage/${order}/refunds`, {
		token, parallel: true,
		headers: { "If-Match": seen.headers.get("etag")! },
		body: { reason: "All came back", lines: seen.json.lines.map(
			(line: { id: string; quantity: number }) => ({ line_id: line.id,
				quantity: line.quantity, restock: true })) } });
	assert.equal(given.status, 201, given.text);
}

/** The review that waits. */
async function approve() {
	const [{ id }] = await sql(`select r.id from review r join customer c
		on c.id = r.customer_id where c.email = $1`, [email]);
	await decide(id, "approve");
}

const points = async () => (await sql(`select coalesce(sum(points), 0)::int
	as sum from points_entry e join customer c on c.id = e.customer_id
	where c.email = $1`, [email]))[0].sum as number;

test("a customer's whole way", async (t) => {
	const { page, said } = await visitor();
	let first = "", earned = 0, bonus = 0, broken = false;
	/** One after the other: what follows a broken one has no ground. */
	const step = (name: string, run: () => Promise<unknown>) =>
		t.test(name, async () => {
			assert.ok(!broken, "an earlier step failed");
			broken = true;
			await run();
			broken = false;
		});

	await step("finds it misspelt, and fills a guest's cart", async () => {
		await find(page);
		await buy(page, 6);
	});
	await step("registers, and confirms by the mail's link", () =>
		register(page));
	await step("signs in, and the cart comes along", async () => {
		await signIn(page);
		await page.getByRole("link", { name: /^Cart, 6 items/ }).waitFor();
	});
	await step("orders to the address of the book", async () => {
		await saveAddress(page);
		first = await checkOut(page);
		await letter(email, /Thank you for your order/);
		await page.goto("/account/orders");
		await page.getByRole("link", { name: /^Order D-/ }).click();
		await settled(page);
	});
	await step("has points when it is delivered", async () => {
		await deliver(first);
		earned = await points();
		assert.ok(earned >= 100, `${earned} points`);
		await page.goto("/account/loyalty");
		await page.getByText(earned.toLocaleString("en"), { exact: true })
			.first().waitFor();
		await lookAt(page, "journey-loyalty");
	});
	await step("reviews it, and has a bonus once it is approved", async () => {
		const link = linkIn(await letter(email, /has arrived/), "/review/");
		await page.goto(link);
		await page.getByRole("radio", { name: "5 stars", exact: true })
			.focus();
		await page.keyboard.press("Space");
		await page.getByLabel("In a few words").fill("Carries everything");
		await page.getByRole("textbox", { name: "Your review" })
			.fill("Woven tight, and it came in good shape.");
		await page.getByRole("button", { name: "Send the review" }).click();
		await page.getByText("We look at each review before").waitFor();
		await approve();
		const more = await points();
		assert.ok(more > earned, `${more} points after ${earned}`);
		bonus = more - earned;
		await page.goto("/product/bolga-basket-round");
		await page.getByRole("heading", { name: "Carries everything" })
			.waitFor();
	});
	await step("spends them in the next cart", async () => {
		await page.goto("/product/bolga-basket-round");
		await settled(page);
		await buy(page, 1);
		await page.goto("/cart");
		const total = page.locator("dt", { hasText: /^Total$/ })
			.locator("xpath=following-sibling::dd");
		const before = await total.textContent();
		await page.getByText("Points and rewards").click();
		await page.getByLabel("Points to spend").fill("100");
		await page.getByRole("button", { name: "Spend" }).click();
		await page.getByText(/100 points take off €1.00/).waitFor();
		assert.notEqual(await total.textContent(), before);
		await lookAt(page, "journey-cart-points");
		await checkOut(page);
		assert.equal(await points(), earned + bonus - 100);
	});
	await step("loses what a refund takes back", async () => {
		await refund(first);
		assert.equal(await points(), bonus - 100);
		await page.goto(`/order/${first}`);
		await page.getByText(/were given back on/).waitFor();
		await settled(page);
		await lookAt(page, "journey-order-refunded");
		await page.goto("/account/loyalty");
		await page.getByText((bonus - 100).toLocaleString("en"),
			{ exact: true }).first().waitFor();
	});
	assert.deepEqual(said, []);
});
