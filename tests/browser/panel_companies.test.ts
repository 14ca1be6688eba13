// SPDX-License-Identifier: ISC
// The panel's companies and pipeline.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, test } from "node:test";
import { order, thing } from "../api/commerce.js";
import { login, sql } from "../api/harness.js";
import { lookAt, newcomer, settled, staffVisitor, type Page } from "./pages.js";

const mark = randomUUID().slice(0, 8);
const button = (page: Page, name: string | RegExp) =>
	page.getByRole("button", { name, exact: typeof name === "string" });

describe("companies in the panel", () => {
	test("are written down, with people and a deal that moves", async () => {
		const buyer = await login(await newcomer(
			{ given_name: `Buyer${mark}` }));
		const { number } = await order({ token: buyer.token },
			(await thing()).variant);
		const { page, said } = await staffVisitor("crm", "companies");
		await button(page, "New company").click();
		const dialog = page.locator("dialog");
		const name = `Canteen ${mark}`;
		await dialog.getByLabel("Name").fill(name);
		await dialog.getByLabel("Days to pay").fill("30");
		await button(page, "Add an address").click();
		await dialog.getByLabel("Street").fill("1 Quay");
		await dialog.getByLabel("City").fill("Cork");
		await dialog.getByLabel("Country").selectOption("IE");
		await lookAt(page, "panel/companies/new");
		await dialog.getByRole("button", { name: "Save" }).click();
		await page.getByRole("heading", { name, level: 1 }).waitFor();
		await page.getByLabel("Add a customer").fill(`buyer${mark}`);
		await button(page, new RegExp(`Buyer${mark}`)).click();
		await page.getByLabel("Role or title").fill("Chef");
		await page.getByLabel("Main contact").check();
		await button(page, "Add").click();
		await page.getByRole("link", { name: new RegExp(`Buyer${mark}`) })
			.waitFor();
		await settled(page);
		await lookAt(page, "panel/companies/one");
		const [kept] = await sql(`select p.main, p.customer_id, k.payment_days,
			k.addresses from company k join company_person p
			on p.company_id = k.id where k.name = $1`, [name]);
		assert.deepEqual([kept.main, kept.customer_id, kept.payment_days,
			kept.addresses[0].country], [true, buyer.id, 30, "IE"]);
		await page.goto(`/admin-panel/deals?q=${mark}`);
		await button(page, "New deal").click();
		await dialog.getByLabel("Title").fill(`Rice ${mark}`);
		await dialog.getByLabel("Company").fill(name);
		await button(page, new RegExp(`^${name}`)).click();
		await dialog.getByLabel(/^Value/).fill("12.50");
		await lookAt(page, "panel/deals/new");
		await button(page, "Open the deal").click();
		await dialog.getByText("History").waitFor();
		await dialog.getByLabel("Order it became").fill(number);
		await button(page, new RegExp(`^${number}`)).click();
		await dialog.getByRole("button", { name: "Save" }).click();
		await dialog.getByRole("link", { name: number }).waitFor();
		await lookAt(page, "panel/deals/deal");
		await button(page, "Close").click();
		await button(page, `Move Rice ${mark}`).focus();
		await page.keyboard.press("Space");
		for (let n = 0; n < 5; n++)
			await page.keyboard.press("ArrowRight");
		await page.keyboard.press("Space");
		await page.getByLabel("Reason").fill("Too dear");
		await button(page, "It is lost").click();
		await page.getByRole("region", { name: "Lost", exact: true })
			.getByText(`Rice ${mark}`).waitFor();
		await settled(page);
		await lookAt(page, "panel/deals");
		const [deal] = await sql(`select d.lost_reason, s.kind,
			d.value_amount::int as amount from deal d
			join deal_stage s on s.id = d.stage_id where d.title = $1`,
			[`Rice ${mark}`]);
		assert.deepEqual(deal, { lost_reason: "Too dear", kind: "lost",
			amount: 1250 });
		await button(page, "Stages").click();
		await lookAt(page, "panel/deals/stages");
		assert.deepEqual(said, []);
	});

	test("show no button that would be refused", async () => {
		const { page, said } = await staffVisitor("analyst", "deals");
		await page.getByRole("region", { name: "Pipeline" }).waitFor();
		for (const name of ["New deal", "Stages"])
			assert.equal(await button(page, name).count(), 0);
		assert.equal(await page.locator("[data-grip]").count(), 0);
		await page.goto("/admin-panel/companies");
		assert.equal(await button(page, "New company").count(), 0);
		assert.deepEqual(said, []);
	});
});
