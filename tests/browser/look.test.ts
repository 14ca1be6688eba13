// SPDX-License-Identifier: ISC
// Every page as it stands: narrow and wide, light and dark, in three
// languages.  Nothing is wider than the window, axe finds nothing, the
// console says nothing; and with the keyboard alone one comes to a cart.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { login, raw, sql } from "../api/harness.js";
import { add } from "../api/commerce.js";
import { lookAt, newcomer, settled, signIn, visitor, type Page } from
	"./pages.js";

const open = ["/", "/category/spices-seasonings", "/search?q=oil",
	"/search?q=qwertzuiop", "/search?q=rice&in_stock=true&sort=price_asc",
	"/product/bolga-basket-round", "/product/no-such", "/about", "/contact",
	"/shipping-and-returns", "/privacy", "/offline", "/cart", "/checkout",
	"/order/00000000-0000-4000-8000-000000000000", "/login/", "/register/",
	"/verify-email", "/forgotten", "/reset", "/no/such/page"];

/** What the navigation of the account leads to. */
async function accountPages(page: Page) {
	const links = page.locator('nav a[href^="/account/"]');
	await links.first().waitFor({ state: "attached" });
	return [...new Set(await links.evaluateAll((all) =>
		all.map((link) => link.getAttribute("href")!)))];
}

/** Somebody who has ordered, wishes, looks for something, and is about to
 * order. */
async function regular(): Promise<string> {
	const email = await newcomer();
	const { token } = await login(email);
	for (const { product, variant } of await sql(`select p.id as product,
		min(v.id::text) as variant from product p join variant v
		on v.product_id = p.id join stock s on s.variant_id = v.id
		where p.status = 'active' and v.status = 'active' and s.on_hand > 9
		group by p.id, p.slug order by p.slug limit 4`)) {
		const wished = await raw("PUT", `/api/customers/wishlist/${product}`,
			{ token, parallel: true, body: {} });
		assert.ok(wished.status < 300, wished.text);
		await add({ token }, variant, 2);
	}
	const kept = await raw("POST", "/api/customers/saved-searches", { token,
		parallel: true, body: { name: "Rice, cheapest first",
			path: "/search?q=rice&sort=price_asc" } });
	assert.equal(kept.status, 201, kept.text);
	await sql(`update customer_order set customer_id = (select id from customer
		where email = $1) where id in (select id from customer_order
		where state = 'delivered' order by placed_at desc limit 3)`, [email]);
	return email;
}

for (const [width, dark, locale, axe] of [[360, false, "en-IE", true],
	[1280, true, "fr-FR", true], [320, true, "pt-PT", false],
	[1280, false, "en-IE", false]] as const)
	describe(`at ${width} px, ${dark ? "dark" : "light"}, ${locale}`, () => {
		const name = (path: string) =>
			`${width}-${dark ? "dark" : "light"}-${path}`;

		test("pages for all", async () => {
			const { page, said, context } = await visitor(
				{ width, dark, locale });
			for (const path of open) {
				await page.goto(path);
				await settled(page);
				await lookAt(page, name(path), axe);
			}
			await context.close();
			assert.deepEqual(said, []);
		});

		if (!axe)
			return;		// account.test.ts tries other widths
		test("the account, and an order", async () => {
			const { page, said, context } = await visitor(
				{ width, dark, locale });
			await signIn(page, await regular());
			await settled(page);
			const paths = await accountPages(page);
			assert.ok(paths.length >= 12, `${paths.length} pages`);
			for (const path of ["/account", ...paths, "/cart", "/checkout"]) {
				await page.goto(path);
				await settled(page);
				await lookAt(page, name(path.startsWith("/account") ? path :
					`${path}-filled`));
			}
			await page.goto("/account/orders");
			await page.locator('main a[href^="/account/orders/"]').first()
				.click();
			await settled(page);
			await lookAt(page, name("/account/orders/one"));
			await context.close();
			assert.deepEqual(said, []);
		});
	});

test("the keyboard alone fills a cart", async () => {
	const { page, context } = await visitor();
	await page.goto("/product/bolga-basket-round");
	await settled(page);
	await page.keyboard.press("Tab");
	assert.equal(await page.evaluate(() =>
		document.activeElement?.getAttribute("href")), "#main");
	await page.keyboard.press("Enter");
	const wanted = /^Add to cart$/;
	for (let n = 0; n < 40; n++) {
		await page.keyboard.press("Tab");
		const text = await page.evaluate(() =>
			document.activeElement?.textContent ?? "");
		if (wanted.test(text.trim()))
			break;
	}
	await page.keyboard.press("Enter");
	await page.getByText("is in your cart").waitFor();
	await context.close();
});

test("without script a product still says what it is", async () => {
	const { page, context } = await visitor({ script: false });
	await page.goto("/product/bolga-basket-round");
	const text = await page.locator("body").innerText();
	assert.match(text, /Bolga Basket/);
	assert.match(text, /24\.95/);
	await context.close();
});
