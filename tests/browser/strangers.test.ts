// SPDX-License-Identifier: ISC
// Words that were written to run: as a name, an address, a product, a search.
// Nothing runs, nothing asks another host, nothing breaks the layout, and
// what was written is read as it was written.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { goodPassword, login, raw, sql, staff } from "../api/harness.js";
import { add, checkout, move, thing } from "../api/commerce.js";
import { base, decide, lookAt, newcomer, settled, signIn, visitor,
	type Visitor } from "./pages.js";

const payloads = [
	"<script>window.ran=1</script>",
	"<img src=x onerror=window.ran=1>",
	"<svg/onload=window.ran=1>",
	"\"><img src=x onerror=window.ran=1>",
	"'-window.ran=1-'",
	"</title><script>window.ran=1</script>",
	"</script><script>window.ran=1</script>",
	"<iframe srcdoc='<script>parent.ran=1</script>'></iframe>",
	"<a href=\"javascript:window.ran=1\">click</a>",
	"<base href=https://evil.example/>",
	"<meta http-equiv=refresh content=0;url=https://evil.example/>",
	"<style>*{display:none}</style>",
	"<form action=https://evil.example/><input name=password>",
	"{{constructor.constructor('window.ran=1')()}}",
	"${window.ran=1}",
	"<!--#exec cmd=\"id\" --><!--#include virtual=\"/api/cart\" -->",
	"<!--# echo var=\"http_cookie\" -->",
	"\u202Eevil\u202C \u0000x".replace("\u0000", ""),
	"javascript:window.ran=1",
	"W".repeat(180),
];

/** Watches for what must not happen. */
async function wary(): Promise<Visitor & { strayed: string[] }> {
	const found = await visitor({ width: 360 });
	const strayed: string[] = [];
	found.page.on("request", (request) => {
		const { origin, protocol } = new URL(request.url());
		if (origin !== new URL(base).origin && protocol !== "data:" &&
			protocol !== "blob:")
			strayed.push(request.url());
	});
	found.page.on("dialog", (dialog) => {
		strayed.push(dialog.message());
		void dialog.dismiss();
	});
	return { ...found, strayed };
}

async function unharmed({ page, said, strayed }: Visitor &
	{ strayed: string[] }, name: string) {
	assert.equal(await page.evaluate(() => "ran" in window), false,
		`${name}: it ran`);
	assert.deepEqual([strayed, said], [[], []], name);
	await lookAt(page, name.slice(0, 60), false);
}

describe("a stranger's words", () => {
	test("as what is searched for", async () => {
		const who = await wary();
		for (const words of payloads) {
			await who.page.goto(`/search?q=${
				encodeURIComponent(words.slice(0, 100))}`);
			await settled(who.page);
			await unharmed(who, "search");
			assert.ok((await who.page.locator("main").innerText())
				.includes(words.slice(0, 20).trim().slice(0, 12)),
				`shown as written: ${words}`);
		}
		await who.context.close();
	});

	test("as a product's name, text, brand and attributes", async () => {
		const who = await wary();
		const slugs = (await sql(`select slug from product
			where status = 'active' order by slug limit $1`,
			[payloads.length])).map(({ slug }) => slug);
		for (const [i, slug] of slugs.entries())
			await sql(`update product set name = left($2, 200),
				description = $2 where slug = $1`, [slug, payloads[i]]);
		for (const [i, slug] of slugs.entries()) {
			await who.page.goto(`/product/${slug}`);
			await settled(who.page);
			await unharmed(who, "product");
			assert.equal(await who.page.locator("main h1").innerText(),
				payloads[i].replace(/\s+/g, " ").trim(), slug);
		}
		await who.context.close();
	});

	test("as a name, and an address, in account and order", async () => {
		const who = await wary();
		for (const words of [0, 3, 7, 19].map((n) => payloads[n]!)) {
			const email = await newcomer(
				{ given_name: words.slice(0, 100), family_name: "Obi" });
			const { json } = await raw("POST", "/api/customers/login", {
				parallel: true, body: { login: email,
					password: goodPassword } });
			const token = json.access_token;
			const kept = await raw("POST", "/api/customers/addresses", {
				token, parallel: true, body: { name: words, line1: words,
					line2: words, city: words.slice(0, 100), country: "IE",
					label: words.slice(0, 50) } });
			assert.equal(kept.status, 201, kept.text);
			await signIn(who.page, email);
			for (const path of ["/account", "/account/addresses",
				"/account/profile"]) {
				await who.page.goto(path);
				await settled(who.page);
				await unharmed(who, path);
			}
			const [{ variant }] = await sql(`select variant_id as variant
				from stock where on_hand - reserved > 5 limit 1`);
			await raw("POST", "/api/cart/lines", { token, parallel: true,
				body: { variant_id: variant } });
			await who.page.goto("/checkout");
			await settled(who.page);
			await unharmed(who, "/checkout");
			await who.page.locator("textarea[name=note]").fill(words);
			await who.page.getByRole("button", { name: /^Order and pay/ })
				.click();
			await who.page.getByText("Thank you for your order!").waitFor();
			await settled(who.page);
			await unharmed(who, "/order");
			await who.context.clearCookies();
		}
		await who.context.close();
	});

	test("as a review, read by others and by who judges it", async () => {
		const who = await wary();
		const email = await newcomer(
			{ given_name: payloads[1]!, family_name: payloads[3]! });
		const { token } = await login(email);
		const things = await Promise.all(payloads.map(() => thing()));
		for (const { variant } of things)
			await add({ token }, variant);
		const placed = await checkout({ token });
		assert.equal(placed.status, 201, placed.text);
		await move((await staff("superadmin")).token, placed.json.id,
			"confirmed", "processing", "shipped", "delivered");
		for (const [i, { product }] of things.entries()) {
			const written = await raw("POST",
				`/api/catalog/products/${product}/reviews`, { token,
					parallel: true, body: { stars: 1 + i % 5,
						title: payloads[i]!.slice(0, 100),
						text: `${payloads[i]}\n${payloads[i]}` } });
			assert.equal(written.status, 201, written.text);
			await decide(written.json.id, "approve");
		}
		for (const [i, { sku }] of things.entries()) {
			await who.page.goto(`/product/${sku.toLowerCase()}`);
			await settled(who.page);
			await unharmed(who, "review");
			const shown = await who.page.locator("#reviews li").last()
				.innerText();
			for (const words of [payloads[i]!, payloads[1]!])
				assert.ok(shown.replace(/\s+/g, " ").includes(
					words.slice(0, 100).replace(/\s+/g, " ").trim()),
					`shown as written: ${words}: ${shown}`);
		}
		await signIn(who.page, email, "/account/reviews");
		await settled(who.page);
		await unharmed(who, "/account/reviews");
		await who.context.close();
	});

	test("as a place to go to after signing in", async () => {
		const who = await wary();
		const email = await newcomer();
		for (const next of ["https://evil.example/", "//evil.example/",
			"/\\evil.example/", "javascript:window.ran=1", "\t//evil.example"]) {
			await signIn(who.page, email, next, goodPassword, "/account");
			await unharmed(who, "login");
			await who.context.clearCookies();
		}
		await who.context.close();
	});
});
