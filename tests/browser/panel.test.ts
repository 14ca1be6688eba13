// SPDX-License-Identifier: ISC
// The frame of the staff's panel: the way in and out, who sees what, lists,
// forms that lose nothing, keys, news; and each of its pages as it stands.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { goodPassword, login, raw, sql, staff } from "../api/harness.js";
import { base, lookAt, newcomer, settled, staffSignIn, staffVisitor,
	visitor, type Page } from "./pages.js";

const at = (page: Page) => new URL(page.url()).pathname;
const heading = (page: Page) => page.locator("main h1").textContent();
const rows = (page: Page) => page.locator("tbody tr:not(:has(.skeleton))");

/** What the navigation leads to. */
const places = (page: Page) => page.locator("#side a").evaluateAll((all) =>
	all.map((link) => link.getAttribute("href")!));

async function segment(name: string) {
	const { token } = await staff("superadmin");
	const made = await raw("POST", "/api/desk/segments", { token,
		parallel: true, body: { name, kind: "living", about: "",
			rules: { match: "all", rules: [
				{ fact: "orders", test: "at_least", values: ["1"] }] } } });
	assert.equal(made.status, 201, made.text);
	return made.json.id as string;
}

describe("the way in", () => {
	test("is asked for where one is, and leads on there", async () => {
		const { email } = await staff("admin");
		const { page, said } = await visitor();
		await page.goto("/admin-panel/analytics/?report=stock-value");
		await page.locator("input[name=email]").fill(email);
		await page.locator("input[name=password]").fill("Not-this-1-either");
		await page.locator("main form button.btn-primary").click();
		await page.getByRole("alert").waitFor();
		await page.locator("input[name=password]").fill(goodPassword);
		await page.keyboard.press("Enter");
		await page.locator("#side").waitFor();
		await settled(page);
		assert.match(page.url(), /analytics\/\?report=stock-value$/);
		assert.equal(await heading(page), "Analytics");
		assert.deepEqual(said, []);
	});

	test("stays open while one works, though tokens grow old", async () => {
		const { page, context } = await staffVisitor("admin");
		await settled(page);
		const was = await context.cookies(base);
		assert.ok(was.some(({ name }) => name === "__Host-staff"));
		await context.clearCookies({ name: "__Host-staff" });
		await page.locator('#side a[href$="/analytics"]').click();
		await page.getByRole("heading", { level: 1, name: "Analytics" })
			.waitFor();
		await settled(page);
		assert.equal(await page.getByRole("alert").count(), 0);
	});

	test("closes in all tabs", async () => {
		const { page, context } = await staffVisitor("admin");
		const other = await context.newPage();
		await other.goto("/admin-panel/");
		await settled(other);
		await page.locator('[aria-controls="user-menu"]').click();
		await page.locator("#user-menu button").last().click();
		await page.locator("input[name=password]").waitFor();
		await other.locator("input[name=password]").waitFor();
		const gone = (await context.cookies(base)).map(({ name }) => name);
		assert.ok(!gone.includes("__Host-staff"), gone.join());
	});
});

describe("what one may", () => {
	test("is in the navigation, and nothing else opens", async () => {
		const { page, said } = await staffVisitor("agent");
		await settled(page);
		const seen = await places(page);
		assert.ok(seen.length > 1);
		assert.ok(!seen.some((to) => to.includes("analytics")), seen.join());
		await page.goto("/admin-panel/analytics/");
		await page.getByText("reports.read").waitFor();
		await page.goto("/admin-panel/no/such/page");
		await page.locator("main h1").waitFor();
		assert.match((await heading(page))!, /no such page/);
		assert.deepEqual(said, []);
	});

	for (const [path, name] of [["", "Hello"], ["customers/", "Customers"],
		["inventory/", "Inventory"], ["orders/", "Orders"],
		["analytics/", "Analytics"]])
		test(`/admin-panel/${path} is where it always was`, async () => {
			const { page } = await staffVisitor("manager", path);
			await settled(page);
			assert.ok((await heading(page))!.startsWith(name!));
			assert.equal(at(page), `/admin-panel/${path}`);
		});

	test("the shop's worker keeps nothing of it", async () => {
		const { page } = await visitor();
		await page.goto("/");
		await page.evaluate(() => navigator.serviceWorker.ready);
		await page.waitForFunction(() => navigator.serviceWorker.controller);
		await page.goto("/admin-panel/");
		const { email } = await staff("admin");
		await staffSignIn(page, email);
		await settled(page);
		const kept: string[] = await page.evaluate(async () => (await
			Promise.all((await caches.keys()).map(async (name) => (await
			(await caches.open(name)).keys()).map(({ url }) => url)))).flat());
		assert.ok(kept.length > 0);
		assert.deepEqual(kept.filter((url) =>
			/admin-panel|panel-|staff|reports/.test(url)), []);
	});
});

describe("lists", () => {
	test("say in the address what they show, and keep columns",
		async () => {
		await segment("Often here");
		await segment("Seldom here");
		const { page, said } = await staffVisitor("superadmin", "segments");
		await rows(page).first().waitFor();
		await page.locator('input[type="search"]').fill("seldom");
		await page.waitForURL(/q=seldom/);
		await page.waitForFunction(() =>
			document.querySelectorAll("tbody tr").length === 1);
		await page.getByRole("button", { name: "Columns" }).click();
		await page.getByRole("group", { name: "Columns" })
			.getByLabel("Kind").uncheck();
		await page.reload();
		await rows(page).first().waitFor();
		assert.equal(await rows(page).count(), 1);
		assert.ok(!(await page.locator("thead").textContent())!
			.includes("Kind"));
		await page.getByRole("button", { name: "Columns" }).click();
		await page.getByRole("button", { name: "As at first" }).click();
		assert.ok((await page.locator("thead").textContent())!
			.includes("Kind"));
		assert.deepEqual(said, []);
	});

	test("are gone through by j and k, and open by Enter", async () => {
		const { page } = await staffVisitor("superadmin", "segments");
		await rows(page).nth(1).waitFor();
		const names = await rows(page).locator("td:first-child")
			.allTextContents();
		for (const key of ["j", "j", "k", "j"])
			await page.keyboard.press(key);
		await page.keyboard.press("Enter");
		await page.waitForURL(/segments\/[0-9a-f-]{36}/);
		await page.getByRole("heading", { level: 1,
			name: names[1]!.trim() }).waitFor();
		await page.goBack();
		await rows(page).first().waitFor();
		await page.keyboard.press("/");
		await page.keyboard.type("j");
		assert.equal(await page.locator('input[type="search"]').inputValue(),
			"j");
	});
});

describe("forms", () => {
	test("lose nothing: a reload, and a session that ends", async () => {
		const id = await segment("To be kept");
		const { page, context } = await staffVisitor("superadmin",
			`segments/${id}`);
		page.on("dialog", (dialog) => void dialog.accept());
		const about = page.locator("textarea[name=about]");
		await about.fill("Half a thought");
		await page.reload();
		await page.getByText("is here again").waitFor();
		assert.equal(await about.inputValue(), "Half a thought");
		await context.clearCookies();
		await page.reload();
		await page.locator("input[name=password]").waitFor();
		await staffSignIn(page, (await staff("superadmin")).email);
		await page.getByText("is here again").waitFor();
		assert.equal(await about.inputValue(), "Half a thought");
		await page.keyboard.press("Control+s");
		await about.focus();
		await page.keyboard.press("Control+s");
		await page.getByText("Saved").waitFor();
		await page.reload();
		await about.waitFor();
		assert.equal(await about.inputValue(), "Half a thought");
		assert.equal(await page.getByText("is here again").count(), 0);
	});

	test("show another's change instead of overwriting it", async () => {
		const id = await segment("Between two");
		const one = await staffVisitor("superadmin", `segments/${id}`);
		const two = await staffVisitor("crm", `segments/${id}`);
		const field = (page: Page, name: string) =>
			page.locator(`[name=${name}]`);
		await field(one.page, "name").fill("What one says");
		await field(one.page, "kind").selectOption("snapshot");
		await field(two.page, "name").fill("What two says");
		await field(two.page, "about").fill("By two alone");
		await two.page.locator("form .btn-primary").click();
		await two.page.getByText("Saved").waitFor();
		const save = one.page.locator("form .btn-primary");
		await save.click();
		await one.page.getByText("Somebody changed this").waitFor();
		await lookAt(one.page, "panel-clash");
		assert.ok(await save.isDisabled());
		const [before] = await sql("select name from segment where id = $1",
			[id]);
		assert.equal(before.name, "What two says");
		await one.page.getByRole("radio", { name: /Mine/ }).check();
		await save.click();
		await one.page.getByText("Saved").waitFor();
		const [now] = await sql(
			"select name, about, kind from segment where id = $1", [id]);
		assert.deepEqual(now, { name: "What one says",
			about: "By two alone", kind: "snapshot" });
		assert.deepEqual([...one.said, ...two.said], []);
	});
});

describe("keys", () => {
	test("Ctrl+K finds pages and records, and goes there", async () => {
		const { page, said } = await staffVisitor("manager");
		await settled(page);
		const [order] = await sql(
			"select id, number from customer_order limit 1");
		await page.keyboard.press("Control+k");
		await page.keyboard.type("analyt");
		await page.getByRole("option", { name: /Analytics/ }).waitFor();
		await lookAt(page, "panel-palette");
		await page.keyboard.press("Enter");
		await page.waitForURL(/analytics/);
		await page.keyboard.press("Control+k");
		await page.keyboard.type(order.number);
		await page.getByRole("option", { name: order.number }).waitFor();
		await page.keyboard.press("Enter");
		await page.waitForURL(new RegExp(`orders/${order.id}`));
		assert.deepEqual(said, []);
	});

	test("are told by ?, and lead by g", async () => {
		const { page } = await staffVisitor("manager");
		await settled(page);
		await page.keyboard.press("?");
		await page.getByRole("dialog").waitFor();
		await lookAt(page, "panel-keys");
		await page.keyboard.press("Escape");
		await page.getByRole("dialog").waitFor({ state: "hidden" });
		await page.keyboard.press("g");
		await page.keyboard.press("a");
		await page.waitForURL(/analytics/);
	});
});

describe("the first page", () => {
	test("counts a new order without being asked", async () => {
		const { page, said } = await staffVisitor("manager");
		await settled(page);
		const tile = page.locator("li", { hasText: "New orders" })
			.locator(".tabular-nums");
		const was = Number(await tile.textContent());
		const buyer = await login(await newcomer());
		const [variant] = await sql(`select v.id from variant v
			join stock s on s.variant_id = v.id
			where v.status = 'active' and s.on_hand - s.reserved > 3
			limit 1`);
		const bought = await raw("POST", "/bot/purchase", { parallel: true,
			token: buyer.token,
			body: { product_id: variant.id, quantity: 1 } });
		assert.equal(bought.status, 201, bought.text);
		await page.waitForFunction((before) => [...document
			.querySelectorAll("li")].some((one) => one.textContent ===
				`New orders${before + 1}`), was, { timeout: 40_000 });
		await page.getByText("D-").first().waitFor();
		assert.deepEqual(said, []);
	});

	test("has each figure lead to the list behind it", async () => {
		const { page } = await staffVisitor("superadmin");
		await settled(page);
		const links = await page.locator("main section ul a").evaluateAll(
			(all) => all.map((one) => one.getAttribute("href")!));
		assert.ok(links.length > 3);
		for (const to of links.filter((one, i) =>
			links.findIndex((other) => other.split("?")[0] ===
				one.split("?")[0]) === i).slice(0, 12)) {
			await page.goto(to);
			await settled(page);
			assert.ok(!/no such page|not for your/.test(
				(await heading(page))!), to);
		}
	});
});

for (const [width, dark, locale, role, axe] of [
	[360, false, "en-IE", "superadmin", true],
	[1280, true, "fr-FR", "superadmin", true],
	[320, true, "pt-PT", "manager", false],
	[1280, false, "en-IE", "service", false]] as const)
	describe(`at ${width} px, ${dark ? "dark" : "light"}, ${role}`, () => {
		test("pages are whole", async () => {
			const { page, said } = await staffVisitor(role, "",
				{ width, dark, locale });
			await settled(page);
			for (const to of [...await places(page),
				"/admin-panel/no/such/page"]) {
				await page.goto(to);
				await settled(page);
				await lookAt(page, `panel-${width}-${role}-${to}`, axe);
			}
			assert.deepEqual(said, []);
		});
	});
