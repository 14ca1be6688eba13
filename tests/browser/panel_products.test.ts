// SPDX-License-Identifier: ISC
// The panel's products: list, changes of many, the editor, the tree, imports.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, describe, test } from "node:test";
import { raw, sql, staff, type Person } from "../api/harness.js";
import { thing } from "../api/commerce.js";
import { lookAt, settled, staffVisitor, type Page } from "./pages.js";

const mark = randomUUID().slice(0, 8);
let boss: Person;
before(async () => { boss = await staff("manager"); });

const button = (page: Page, name: string | RegExp) =>
	page.getByRole("button", { name, exact: typeof name === "string" });
const dialog = (page: Page) => page.locator("dialog[open]");
const toast = (page: Page, words: string | RegExp) =>
	page.locator(".toast").getByText(words).waitFor();

async function product(name: string, price = 1000): Promise<any> {
	const made = await raw("POST", "/api/catalog/products", {
		token: boss.token, parallel: true, body: { name, status: "active",
			variants: [{ sku: `${mark}-${randomUUID().slice(0, 6)}`,
				price: { amount: price, currency: "EUR" } }] } });
	assert.equal(made.status, 201, made.text);
	return made.json;
}

const stored = async (id: string): Promise<any> => (await raw("GET",
	`/api/catalog/staff/products/${id}`, { token: boss.token,
		parallel: true })).json;

describe("products in the panel", () => {
	test("are found, changed together, and put back", async () => {
		const a = await product(`Fonio ${mark}`), b = await product(
			`Fonio two ${mark}`);
		const { page, said } = await staffVisitor("manager", "products");
		await settled(page);
		await lookAt(page, "panel/products");
		await page.getByRole("searchbox").first().fill(`fonoi ${mark}`);
		await page.waitForURL(/q=fonoi/);
		await page.getByText("2 rows").waitFor();
		await settled(page);
		await page.getByLabel("Select all shown").check();
		await button(page, "Change…").click();
		await page.getByLabel("Change prices by").fill("-10");
		await page.getByLabel("Add tags").fill(`sale-${mark}`);
		await button(page, "Show what would change").click();
		await page.getByText("2 products would change").waitFor();
		await lookAt(page, "panel/products/bulk");
		await button(page, "Do it").click();
		await toast(page, "2 products changed");
		assert.equal((await stored(a.id)).variants[0].price.amount, 900);
		assert.deepEqual((await stored(b.id)).tags, [`sale-${mark}`]);
		await page.locator(".toast").getByText("Undo").click();
		await toast(page, "Taken back");
		assert.equal((await stored(a.id)).variants[0].price.amount, 1000);
		assert.deepEqual(said, []);
	});

	test("are edited in all their parts", async () => {
		const a = await product(`Egusi ${mark}`);
		const { page, said } = await staffVisitor("manager",
			`products/${a.id}`);
		await page.getByLabel("Tags").fill("seeds, soup");
		await button(page, "Add a line").click();
		await page.getByLabel("Name 1").fill("origin");
		await page.getByLabel("Value of origin").fill("Ghana");
		await lookAt(page, "panel/products/one");
		await button(page, "Save").click();
		await toast(page, "Saved");
		assert.deepEqual((await stored(a.id)).attributes,
			{ origin: "Ghana" });
		await button(page, "Variants").click();
		await button(page, "Add a variant").click();
		const form = dialog(page);
		await form.getByLabel(/^SKU/).fill(`${mark}-big`);
		await form.getByLabel(/^Price/).fill("18.50");
		await form.getByText("Add a line").click();
		await form.getByLabel("Name 1").fill("size");
		await form.getByLabel("Value of size").fill("1 kg");
		await lookAt(page, "panel/products/variant");
		await dialog(page).getByRole("button",
			{ name: "Save" }).click();
		await page.getByText("size: 1 kg").waitFor();
		assert.equal((await stored(a.id)).variants[1].price.amount, 1850);
		assert.deepEqual(said, []);
	});

	test("get prices for a while, with their history", async () => {
		const a = await product(`Ogbono ${mark}`);
		const { page, said } = await staffVisitor("manager",
			`products/${a.id}?part=prices`);
		await button(page, "Plan a price").click();
		await dialog(page).getByLabel(/^Price/).fill("7.99");
		await dialog(page).getByLabel(/^Ends/).fill("2099-01-01T10:00");
		await dialog(page).getByRole("button",
			{ name: "Save" }).click();
		await page.getByText("Running", { exact: true }).waitFor();
		await page.getByRole("cell", { name: "Planned price" }).waitFor();
		await lookAt(page, "panel/products/prices");
		const shop = (await raw("GET", `/api/catalog/products/${a.id}`,
			{ parallel: true })).json;
		assert.equal(shop.price.amount, 799);
		await button(page, "End now").click();
		await page.getByText("None is planned").waitFor();
		assert.deepEqual(said, []);
	});

	test("have pictures, in order by keyboard", async () => {
		const a = await product(`Suya ${mark}`);
		const put = await raw("PUT", `/api/catalog/products/${a.id}/images`, {
			token: boss.token, parallel: true, headers: { "If-Match": '"1"' },
			body: { images: [{ url: "/img/one.svg" },
				{ url: "/img/two.svg" }] } });
		assert.equal(put.status, 200, put.text);
		const { page } = await staffVisitor("manager",
			`products/${a.id}?part=pictures`);
		await page.getByLabel("Words for picture 1").fill("On a stick");
		await button(page, "Picture 1 further down").press("Enter");
		await lookAt(page, "panel/products/pictures");
		await button(page, "Save").click();
		await toast(page, "Saved");
		assert.deepEqual((await stored(a.id)).images.map((i: any) =>
			[i.url, i.alt]), [["/img/two.svg", ""],
			["/img/one.svg", "On a stick"]]);
	});

	test("have pictures that are dropped, on others as well", async () => {
		const a = await product(`Kilishi ${mark}`);
		await raw("PUT", `/api/catalog/products/${a.id}/images`, {
			token: boss.token, parallel: true, headers: { "If-Match": '"1"' },
			body: { images: [{ url: "/img/one.svg" }] } });
		const { page, said } = await staffVisitor("manager",
			`products/${a.id}?part=pictures`);
		const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk" +
			"+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
		const drop = async (type: string, on: ReturnType<Page["locator"]>) =>
			on.dispatchEvent("drop", { dataTransfer:
				await page.evaluateHandle(([data, kind]) => {
					const held = new DataTransfer();
					held.items.add(new File([Uint8Array.from(atob(data!),
						(one) => one.charCodeAt(0))], "a", { type: kind }));
					return held;
				}, [png, type]) });
		await page.getByLabel("Words for picture 1").waitFor();
		await drop("image/png", page.getByRole("list",
			{ name: "Pictures" }).locator("li").first());
		await page.getByLabel("Words for picture 2").waitFor();
		await drop("text/plain", page.getByRole("list", { name: "Pictures" }));
		await page.getByText("was left out").waitFor();
		await lookAt(page, "panel/products/dropped");
		await button(page, "Save").click();
		await toast(page, "Saved");
		const [first, second] = (await stored(a.id)).images;
		assert.equal(first.url, "/img/one.svg");
		assert.match(second.url, /^\/media\//);
		assert.deepEqual(said, []);
	});

	test("show another's change instead of overwriting it", async () => {
		const a = await product(`Teff ${mark}`);
		const { page } = await staffVisitor("manager", `products/${a.id}`);
		await page.getByLabel("Name").first().fill(`Mine ${mark}`);
		await raw("PATCH", `/api/catalog/products/${a.id}`, {
			token: boss.token, parallel: true, headers: { "If-Match": '"1"' },
			body: { name: `Theirs ${mark}`, tags: ["theirs"] } });
		await button(page, "Save").click();
		await page.getByText("Somebody changed this meanwhile").waitFor();
		await lookAt(page, "panel/products/clash");
		await page.getByRole("radio", { name: /^Mine/ }).check();
		await button(page, "Save").click();
		await toast(page, "Saved");
		const now = await stored(a.id);
		assert.deepEqual([now.name, now.tags], [`Mine ${mark}`, ["theirs"]]);
	});

	test("keep a form that was left half filled", async () => {
		const { page } = await staffVisitor("manager", "products/new");
		await page.getByLabel(/^Name/).fill(`Half ${mark}`);
		page.on("dialog", (dialog) => void dialog.accept());
		await page.reload();
		await page.getByText("did not save is here again").waitFor();
		await page.getByLabel(/^SKU/).fill(`${mark}-half`);
		await page.getByLabel(/^Price/).fill("3");
		await lookAt(page, "panel/products/new");
		await button(page, "Save").click();
		await page.getByRole("heading", { name: `Half ${mark}` }).waitFor();
	});

	test("come in from a file, shown first", async () => {
		const { page, said } = await staffVisitor("manager",
			"products/import");
		const csv = "sku,product,name,description,category,brand," +
			"option_name,option_value,price,currency,tax_class," +
			"weight_grams,stock,tags,images,attributes,status\n" +
			`${mark}-f1,f-${mark},From a file,,,,,,2.50,,,,,,,,\n` +
			`${mark}-f2,g-${mark},Wrong,,,,,,x,,,,,,,,\n`;
		await page.locator("input[type=file]").setInputFiles({
			name: "p.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
		await page.getByText("1 new, 0 changed, 0 as before").waitFor();
		await page.getByText("is not a price like 12.50").waitFor();
		await lookAt(page, "panel/products/import");
		await page.getByLabel("Leave out the lines with faults").check();
		await button(page, "Import just this").click();
		await page.getByText("1 products new").waitFor();
		const rows = await sql("select from product where slug = $1",
			[`f-${mark}`]);
		assert.equal(rows.length, 1);
		assert.deepEqual(said, []);
	});

	test("stand in a tree that buttons order", async () => {
		const make = (name: string, parent?: string) => raw("POST",
			"/api/catalog/categories", { token: boss.token, parallel: true,
				body: { name: `${name} ${mark}`, ...parent && { parent } } });
		const above = (await make("Above")).json.slug;
		await make("First", above);
		await make("Second", above);
		const { page, said } = await staffVisitor("manager",
			"products/categories");
		await button(page, `Second ${mark} further up`).click();
		await toast(page, "Moved");
		await lookAt(page, "panel/products/categories");
		const { json } = await raw("GET", `/api/catalog/categories/${above}`,
			{ parallel: true });
		assert.deepEqual(json.children.map((c: any) => c.name),
			[`Second ${mark}`, `First ${mark}`]);
		assert.deepEqual(said, []);
	});

	test("offer nothing that would be refused", async () => {
		const one = await thing();
		for (const look of [{ width: 320 }, { dark: true }]) {
			const { page } = await staffVisitor("agent",
				`products/${one.product}`, look);
			await settled(page);
			assert.equal(await button(page, "Save").count(), 0);
			assert.equal(await button(page, "Archive").count(), 0);
			await lookAt(page, `panel/products/reader-${look.width ?? 0}`);
			await page.goto("/admin-panel/products");
			await settled(page);
			assert.equal(await page.getByText("New product").count(), 0);
			await lookAt(page, `panel/products/list-${look.width ?? 0}`);
			await page.goto("/admin-panel/products/brands");
			await settled(page);
			assert.equal(await button(page, "New brand").count(), 0);
		}
	});
});
