// SPDX-License-Identifier: ISC
// The panel's customers: found, noted, changed one and many, merged, taken
// out and in by files.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, describe, test } from "node:test";
import { raw, sql, staff, type Person } from "../api/harness.js";
import { lookAt, settled, staffVisitor, type Page } from "./pages.js";

const letters = (length: number) => Array.from({ length }, () =>
	String.fromCharCode(97 + Math.floor(Math.random() * 26))).join("");
const mark = letters(9);
const desk = "/api/desk/customers";
let crm: Person;
before(async () => { crm = await staff("crm"); });

const button = (page: Page, name: string | RegExp) =>
	page.getByRole("button", { name, exact: typeof name === "string" });
const link = (page: Page, name: string) =>
	page.getByRole("link", { name, exact: true });
const dialog = (page: Page) => page.locator("dialog[open]");
const toast = (page: Page, words: string | RegExp) =>
	page.locator(".toast").getByText(words).waitFor();

async function made(more: Record<string, unknown> = {}): Promise<any> {
	const answer = await raw("POST", desk, { token: crm.token,
		parallel: true, body: { email: `${randomUUID().slice(0, 13)}@example.org`,
			given_name: "Nuala", family_name: `Quirke${mark}`, ...more } });
	assert.equal(answer.status, 201, answer.text);
	return answer.json;
}
const stored = async (id: string): Promise<any> => (await raw("GET",
	`${desk}/${id}`, { token: crm.token, parallel: true })).json;
const states = async (...ids: string[]) => (await sql(`select state
	from customer where id = any ($1) order by id`, [ids]))
	.map(({ state }) => state);

describe("customers in the panel", () => {
	test("are found misspelt, narrowed and kept as a view", async () => {
		const one = await made({ tags: [mark] });
		await made({ given_name: "Other" });
		const { page, said } = await staffVisitor("crm", "customers");
		await settled(page);
		await lookAt(page, "panel/customers");
		const misspelt = `quirke${mark.slice(0, 4)}${mark[5]}${mark[4]}${
			mark.slice(6)}`;
		await page.getByLabel("Search", { exact: true }).fill(misspelt);
		await page.waitForURL(/q=quirke/);
		await link(page, `Nuala Quirke${mark}`).waitFor();
		await link(page, `Other Quirke${mark}`).waitFor();
		await page.getByLabel("Tag", { exact: true }).fill(mark);
		await page.waitForURL(/tag=/);
		await page.getByText("1 of 1").waitFor();
		const [segment] = await sql(`select id from segment limit 1`);
		if (segment)
			await page.getByLabel("Segment").selectOption(segment.id)
				.then(() => page.waitForURL(/segment=/))
				.then(() => page.getByLabel("Segment").selectOption(""));
		assert.match(await link(page, "Export").getAttribute("href") ?? "",
			new RegExp(`^${desk}/export\\?(?=.*tag=${mark}).*q=quirke`));
		await button(page, "Columns").click();
		await page.getByRole("checkbox", { name: "Phone" }).check();
		await page.keyboard.press("Escape");
		await button(page, "Save view").click();
		await dialog(page).getByLabel("Name of the view").fill(`V ${mark}`);
		await lookAt(page, "panel/customers/view");
		await dialog(page).getByRole("button", { name: "Save" }).click();
		await toast(page, "Saved");
		await button(page, "Columns").click();
		await button(page, "As at first").click();
		await page.keyboard.press("Escape");
		await button(page, "Clear filters").click();
		const phone = page.getByRole("columnheader", { name: "Phone" });
		await phone.waitFor({ state: "detached" });
		await page.getByLabel("Views").selectOption({ label: `V ${mark}` });
		await phone.waitFor();
		await page.getByText("1 of 1").waitFor();
		await lookAt(page, "panel/customers/found");
		await link(page, `Nuala Quirke${mark}`).click();
		await page.waitForURL(new RegExp(one.id));
		await page.getByRole("heading", { name: "Profile" }).waitFor();
		await settled(page);
		assert.deepEqual(said, []);
	});

	test("are noted, and a colleague told", async () => {
		const one = await made();
		const service = await staff("service");
		const name = `Brid ${mark}`;
		await sql("update staff set name = $2 where id = $1",
			[service.id, name]);
		const { page, said } = await staffVisitor("crm",
			`customers/${one.id}`);
		const box = page.getByRole("textbox", { name: "Add note" });
		await box.pressSequentially(`Rings on Fridays @Brid ${mark.slice(0, 5)}`);
		await button(page, `@${name}`).click();
		await button(page, "Add note").click();
		const note = page.getByRole("region", { name: "Notes" })
			.getByRole("listitem");
		await note.getByText("Rings on Fridays").waitFor();
		await note.getByRole("button", { name: "Pin" }).click();
		await note.getByText("Pinned").waitFor();
		await page.getByRole("region", { name: "Timeline" })
			.getByText(/Rings on Fridays/).waitFor();
		await settled(page);
		await lookAt(page, "panel/customers/one");
		const other = await staffVisitor("service", "notifications",
			{ width: 360 });
		await other.page.getByRole("link", { name: new RegExp(
			`mentions you: Nuala Quirke${mark}`) }).waitFor();
		await lookAt(other.page, "panel/notifications");
		await button(other.page, "Mark all as read").click();
		await button(other.page, "Mark all as read")
			.waitFor({ state: "detached" });
		assert.deepEqual([...said, ...other.said], []);
	});

	test("show another's change instead of overwriting it", async () => {
		const one = await made();
		const { page, said } = await staffVisitor("crm",
			`customers/${one.id}`);
		await page.getByLabel("Family name").fill(`Mine${mark}`);
		const theirs = await raw("PATCH", `${desk}/${one.id}`, {
			token: crm.token, parallel: true,
			headers: { "If-Match": `"${one.version}"` },
			body: { family_name: `Theirs${mark}`, tags: ["theirs"] } });
		assert.equal(theirs.status, 200, theirs.text);
		await button(page, "Save").click();
		await page.getByText("Somebody changed this meanwhile").waitFor();
		await lookAt(page, "panel/customers/clash");
		await page.getByRole("radio", { name: /^Mine/ }).check();
		await button(page, "Save").click();
		await toast(page, "Saved");
		await page.getByRole("heading", { level: 1,
			name: `Nuala Mine${mark}` }).waitFor();
		const now = await stored(one.id);
		assert.deepEqual([now.family_name, now.tags],
			[`Mine${mark}`, ["theirs"]]);
		await button(page, "Deactivate").click();
		await toast(page, "Deactivated; sessions have ended");
		assert.deepEqual(await states(one.id), ["disabled"]);
		await page.locator(".toast").getByText("Undo").click();
		await button(page, "Deactivate").waitFor();
		assert.deepEqual(await states(one.id), ["active"]);
		assert.deepEqual(said.filter((words) => !/ 412 /.test(words)), []);
	});

	test("are deactivated together, and put back", async () => {
		const tag = letters(8);
		const a = await made({ tags: [tag] }), b = await made({ tags: [tag] });
		const { page, said } = await staffVisitor("crm",
			`customers?tag=${tag}`);
		await page.getByText("2 of 2").waitFor();
		await page.getByLabel("Select all shown").check();
		await lookAt(page, "panel/customers/selected");
		await button(page, "Deactivate").click();
		await toast(page, "2 changed.");
		assert.deepEqual(await states(a.id, b.id), ["disabled", "disabled"]);
		await page.locator(".toast").getByText("Undo").click();
		await toast(page, "2 are as before");
		assert.deepEqual(await states(a.id, b.id), ["active", "active"]);
		await page.getByLabel("Select all shown").check();
		await button(page, "Tag").click();
		await dialog(page).getByLabel("Tag").fill(`more-${tag}`);
		await dialog(page).getByRole("button", { name: "Tag" }).click();
		await toast(page, "2 changed.");
		assert.deepEqual((await stored(a.id)).tags.sort(),
			[tag, `more-${tag}`].sort());
		assert.deepEqual(said, []);
	});

	test("who are one become one, and others stay two", async () => {
		const phone = () => `+35386${String(Math.floor(Math.random() * 1e7))
			.padStart(7, "0")}`;
		const first = phone(), second = phone();
		const keep = await made({ phone: first });
		const from = await made({ phone: first, given_name: "Nola" });
		const left = await made({ phone: second });
		await made({ phone: second, given_name: "Nelly" });
		const { page, said } = await staffVisitor("crm",
			`customers/${left.id}`);
		await button(page, "They are two").click();
		await button(page, "They are two").waitFor({ state: "detached" });
		await page.goto("/admin-panel/customers/doubles");
		await settled(page);
		await lookAt(page, "panel/customers/doubles");
		await page.goto(`/admin-panel/customers/${keep.id}`);
		await button(page, "Merge").click();
		await dialog(page).getByRole("radio", { name: "Nola" }).check();
		await lookAt(page, "panel/customers/merge");
		await dialog(page).getByRole("button", { name: "Merge" }).click();
		await toast(page, "They are one now");
		await page.getByRole("heading", { level: 1,
			name: `Nola Quirke${mark}` }).waitFor();
		await page.goto(`/admin-panel/customers/${from.id}`);
		await page.getByText("This customer was merged into").waitFor();
		await lookAt(page, "panel/customers/merged");
		await link(page, `Nola Quirke${mark} (#${keep.number})`).click();
		await page.waitForURL(new RegExp(keep.id));
		assert.deepEqual(said, []);
	});

	test("are made, and erased by their number", async () => {
		const { page, said } = await staffVisitor("manager",
			"customers/new");
		await page.getByLabel("E-mail address").fill(`${mark}.no`);
		await page.getByLabel("Given name").fill("New");
		await page.getByLabel("Family name").fill(`Body${mark}`);
		await page.getByLabel("Phone").fill("12");
		await page.getByLabel("E-mail address").fill(`${mark}@example.org`);
		await button(page, "Create").click();
		await page.locator("[aria-invalid=true]").waitFor();
		await lookAt(page, "panel/customers/new");
		await page.getByLabel("Phone").fill("+353861234567");
		await button(page, "Create").click();
		await page.getByRole("heading", { level: 1,
			name: `New Body${mark}` }).waitFor();
		const [{ id, number }] = await sql(`select id, number from customer
			where email = $1`, [`${mark}@example.org`]);
		await button(page, "Erase").click();
		await dialog(page).getByRole("textbox").fill(String(number));
		await lookAt(page, "panel/customers/erase");
		await dialog(page).getByRole("button", { name: "Erase" }).click();
		await page.waitForURL(/\/customers$/);
		assert.deepEqual(await states(id), ["erased"]);
		await page.goto(`/admin-panel/customers/${id}`);
		await page.getByText("This customer was erased").waitFor();
		await settled(page);
		await lookAt(page, "panel/customers/erased");
		assert.deepEqual(said, []);
	});

	test("come in from a file, shown first", async () => {
		const tag = letters(8);
		const a = await made({ tags: [tag] }), b = await made({ tags: [tag] });
		const out = await raw("GET", `${desk}/export?tag=${tag}`,
			{ token: crm.token, parallel: true });
		const { page, said } = await staffVisitor("crm", "customers/import",
			{ width: 360 });
		await page.locator("input[type=file]").setInputFiles({
			name: "c.csv", mimeType: "text/csv", buffer: Buffer.from(out.text
				.split("\n").map((line) => line.includes(a.email)
					? line.replace("Nuala", "Una")
					: line.replace(b.email, "nowhere")).join("\n")) });
		await button(page, "Show what it changes").click();
		await page.getByText("What is wrong").waitFor();
		await page.getByText("Nuala → Una").waitFor();
		await lookAt(page, "panel/customers/import");
		assert.equal((await stored(a.id)).given_name, "Nuala");
		await button(page, "Import what is right").click();
		await page.getByText("The file was imported").waitFor();
		assert.equal((await stored(a.id)).given_name, "Una");
		assert.equal((await stored(b.id)).email, b.email);
		assert.deepEqual(said, []);
	});

	test("offer nothing that would be refused", async () => {
		const one = await made();
		const none = async (page: Page, ...names: string[]) => {
			for (const name of names)
				assert.equal(await page.locator("#main").locator(
					"a, button").filter({ hasText: new RegExp(`^${name}$`) })
					.count(), 0, name);
		};
		for (const look of [{ width: 320 }, { width: 360, dark: true }]) {
			const { page, said } = await staffVisitor("service",
				"customers", look);
			await settled(page);
			await none(page, "New customer", "Import customers", "Export");
			assert.equal(await page.getByLabel("Select all shown").count(), 0);
			await lookAt(page, `panel/customers/list-${look.width}`);
			await page.goto(`/admin-panel/customers/${one.id}`);
			await settled(page);
			await none(page, "Save", "Deactivate", "Erase", "Merge",
				"They are two");
			assert.ok(await page.getByLabel("Family name").isDisabled());
			await lookAt(page, `panel/customers/one-${look.width}`);
			await page.goto("/admin-panel/customers/doubles");
			await settled(page);
			await none(page, "Merge", "They are two");
			await lookAt(page, `panel/customers/doubles-${look.width}`);
			assert.deepEqual(said, []);
		}
		const { page } = await staffVisitor("analyst",
			`customers/${one.id}`);
		await settled(page);
		await none(page, "Add note", "Pin", "Save", "Deactivate", "Erase");
	});
});
