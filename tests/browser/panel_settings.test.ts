// SPDX-License-Identifier: ISC
// Settings, mail texts and the outbox in the staff's panel.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, test } from "node:test";
import { raw, sql, staff } from "../api/harness.js";
import { lookAt, settled, staffVisitor, type Page } from "./pages.js";

const toast = (page: Page, words: string) =>
	page.getByRole("status").filter({ hasText: words }).first().waitFor();
const save = (page: Page) =>
	page.getByRole("button", { name: "Save", exact: true }).click();

describe("settings", () => {
	test("are changed, refused, and never overwritten unseen", async () => {
		const { page, said } = await staffVisitor("superadmin", "settings");
		await settled(page);
		await lookAt(page, "panel-settings");
		const name = page.getByLabel("Name of the shop");
		const before = await name.inputValue();
		await name.fill("Soko la Mama");
		await save(page);
		await toast(page, "Saved");
		const value = async () => (await sql(`select value from setting
			where key = 'shop.name'`))[0].value;
		assert.equal(await value(), "Soko la Mama");

		const phone = page.getByLabel("Telephone");
		await phone.fill("12345");
		await save(page);
		await page.getByRole("alert").filter({ hasText: /./ }).first()
			.waitFor();
		assert.equal(await phone.getAttribute("aria-invalid"), "true");
		await phone.fill("");

		// Another changes the same meanwhile.
		await name.fill("Soko la Baba");
		const owner = await staff("superadmin");
		const [{ version }] = await sql(`select version from setting
			where key = 'shop.name'`);
		await raw("PATCH", "/api/settings/values/shop.name", {
			token: owner.token, parallel: true,
			headers: { "If-Match": `"${version}"` },
			body: { value: "Soko Jipya" } });
		await save(page);
		await page.getByText("Somebody changed this meanwhile").waitFor();
		await lookAt(page, "panel-settings-clash");
		assert.equal(await value(), "Soko Jipya");
		await page.getByRole("radio", { name: /Soko la Baba/ }).check();
		await save(page);
		await page.getByText("Somebody changed this meanwhile")
			.waitFor({ state: "hidden" });
		assert.equal(await value(), "Soko la Baba");
		await sql("update setting set value = $1 where key = 'shop.name'",
			[before]);

		await page.getByRole("searchbox", { name: "Search settings" })
			.fill("iban");
		await page.getByLabel("IBAN").waitFor();
		await page.getByRole("searchbox", { name: "Search settings" })
			.fill("");
		await page.getByRole("button", { name: "Limits" }).click();
		await page.getByLabel("Public pages, by address").waitFor();
		// (That it changed meanwhile is an answer, not a fault.)
		assert.deepEqual(said.filter((one) => !/\b412\b/.test(one)), []);
	});

	test("show no button to who may only see", async () => {
		const { page, said } = await staffVisitor("admin", "settings");
		await settled(page);
		await page.getByText("You may see this and not change it.").waitFor();
		assert.equal(await page.getByRole("button", { name: "Save" })
			.count(), 0);
		assert.equal(await page.getByLabel("Name of the shop").isDisabled(),
			true);
		for (const part of ["hours", "tax", "shipping", "mails/welcome"]) {
			await page.goto(`/admin-panel/settings/${part}`);
			await settled(page);
			assert.equal(await page.getByRole("button", { name:
				/^(Save|New|Add|Remove|Send)/ }).count(), 0, part);
		}
		assert.deepEqual(said, []);
	});

	test("hours, taxes and shipping", async () => {
		const { page, said } = await staffVisitor("superadmin",
			"settings/hours");
		await settled(page);
		await lookAt(page, "panel-hours");
		await page.getByRole("button", { name: "Add hours: Sunday" }).click();
		await save(page);
		await toast(page, "Saved");
		const [{ value }] = await sql(`select value from setting
			where key = 'shop.opening_hours'`);
		assert.deepEqual(JSON.parse(value).sun, [["09:00", "18:00"]]);

		await page.goto("/admin-panel/settings/tax");
		await settled(page);
		await lookAt(page, "panel-tax");
		await page.getByRole("button", { name: "New zone" }).click();
		const zone = page.getByRole("dialog");
		await zone.getByLabel("Name *").fill("Islands");
		await zone.getByLabel("Code").fill(`i-${randomUUID().slice(0, 8)}`);
		await zone.getByLabel("Countries").fill("IS FO:1");
		await zone.getByLabel("Per cent: Standard").fill("24");
		await lookAt(page, "panel-zone");
		await save(page);
		await page.getByRole("heading", { name: "Islands" }).waitFor();
		await page.getByText("24 %").waitFor();

		await page.goto("/admin-panel/settings/shipping");
		await settled(page);
		await lookAt(page, "panel-shipping");
		await page.getByRole("button", { name: "New way of shipping" })
			.click();
		const way = page.getByRole("dialog");
		await way.getByLabel("Name *").fill("By boat");
		await way.getByLabel("Code").fill(`b-${randomUUID().slice(0, 8)}`);
		await way.getByLabel("Zone").selectOption({ label: "Islands" });
		await way.getByLabel("Price", { exact: true }).fill("12.5");
		await lookAt(page, "panel-method");
		await save(page);
		await page.getByText("By boat").first().waitFor();
		await page.getByLabel("Country").selectOption("IS");
		await page.getByText("Zone: Islands").waitFor();
		await page.getByRole("status").getByText("€12.50").waitFor();
		await page.getByRole("button", { name: "Remove By boat" }).click();
		await page.getByRole("dialog").getByRole("button",
			{ name: "Remove" }).click();
		await toast(page, "Removed");
		assert.deepEqual(said, []);
	});
});

describe("mail texts", () => {
	test("are written beside what they will be", async () => {
		const { page, said } = await staffVisitor("superadmin",
			"settings/mails");
		await settled(page);
		await lookAt(page, "panel-mails");
		await page.getByRole("link", { name: "Order placed" }).click();
		await settled(page);
		const frame = page.frameLocator("iframe");
		await frame.getByText("White gari").first().waitFor();
		await lookAt(page, "panel-mail");
		await page.getByLabel("Subject").fill("Asante {{name}}: {{numbr}}");
		await page.getByRole("alert").filter({ hasText: "Subject" })
			.waitFor();
		await page.getByLabel("Subject").fill("Asante {{name}}: {{number}}");
		await page.getByText("Asante Ada: D-100234").waitFor();
		await page.getByLabel("Text", { exact: false }).first()
			.fill("<b>Habari</b> {{number}}\n\n{{origin}}{{path}}");
		await frame.getByText("<b>Habari</b> D-100234").waitFor();
		await page.getByRole("button", { name: "Send it to me" }).click();
		await toast(page, "On its way to");
		await save(page);
		await toast(page, "Saved");
		const [row] = await sql(`select subject from mail_text
			where template = 'order-placed' and language = 'en'`);
		assert.equal(row.subject, "Asante {{name}}: {{number}}");
		await page.getByRole("button", { name: "Back to the shipped text" })
			.click();
		await page.getByRole("dialog").getByRole("button",
			{ name: "Back to the shipped text" }).click();
		await toast(page, "It is the shipped text again");
		await frame.getByText("White gari").first().waitFor();
		assert.deepEqual(said, []);
	});
});

describe("the outbox", () => {
	const dead = async (recipient: string) => (await sql(`insert into outbox
		(template, recipient, data, state, tries, last_error, due_at)
		values ('welcome', $1, '{"name": "Ada"}', 'dead', 12,
		'550 no such mailbox', now() + interval '1 day')
		returning id`, [recipient]))[0].id;

	test("shows what failed, and sends it again", async () => {
		const to = `${randomUUID().slice(0, 8)}@example.org`;
		await dead(to);
		const { page, said } = await staffVisitor("admin",
			`outbox?q=${to}`);
		await settled(page);
		await lookAt(page, "panel-outbox");
		await page.getByRole("link", { name: to }).click();
		await settled(page);
		await page.frameLocator("iframe").getByText("Hello Ada").waitFor();
		await page.getByText("550 no such mailbox").waitFor();
		await lookAt(page, "panel-outbox-mail");
		await page.getByRole("button", { name: "Send again" }).click();
		await toast(page, "1 mail is sent again");
		for (let i = 0; i < 50; i++) {
			const [{ state }] = await sql(`select state from outbox
				where recipient = $1`, [to]);
			if (state === "sent")
				break;
			await page.waitForTimeout(200);
		}
		assert.equal((await sql("select state from outbox " +
			"where recipient = $1", [to]))[0].state, "sent");
		assert.deepEqual(said, []);
	});

	test("on a phone, in the dark, in French", async () => {
		const { page, said } = await staffVisitor("admin", "outbox",
			{ width: 320, dark: true, locale: "fr-FR" });
		await settled(page);
		await lookAt(page, "panel-outbox-phone");
		for (const part of ["settings", "settings/hours", "settings/tax",
			"settings/shipping", "settings/mails/order-placed"]) {
			await page.goto(`/admin-panel/${part}`);
			await settled(page);
			await lookAt(page, `panel-${part.replaceAll("/", "-")}-phone`);
		}
		assert.deepEqual(said, []);
	});
});
