// SPDX-License-Identifier: ISC
// Segments put together by clicking: counted as they are written, kept,
// and not to be changed by who may only look.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { login, raw, sql, staff } from "../api/harness.js";
import { order, thing } from "../api/commerce.js";
import { lookAt, newcomer, settled, staffVisitor } from "./pages.js";

test("a segment is put together by clicking, counted and kept", async () => {
	const item = await thing({ price: 2500 });
	const name = `Clicked ${randomUUID().slice(0, 8)}`;
	for (let n = 0; n < 3; n++)
		await order({ token: (await login(await newcomer())).token }, item.variant, 1 + n);
	const { page, said, context, member } = await staffVisitor("crm",
		"segments");
	await settled(page);
	await lookAt(page, "panel-segments");
	await page.getByRole("link", { name: "New segment" }).click();
	await page.getByLabel("Name").fill(name);
	const now = page.locator("[role=status]", { hasText: "Now" });
	await now.getByText("Not complete yet").waitFor();
	const first = page.getByRole("group", { name: "Condition 1" });
	await first.getByLabel("Condition 1: About")
		.selectOption({ label: "Bought product" });
	await first.getByRole("searchbox").fill(item.sku);
	await page.getByRole("button", { name: `Thing ${item.sku}`, exact: true })
		.click();
	await now.getByText("3 customers").waitFor();
	await page.getByRole("button", { name: "Add group" }).click();
	const inner = page.getByRole("group", { name: "Condition 2.1" });
	await inner.getByLabel("Condition 2.1: About")
		.selectOption({ label: "Money spent" });
	await inner.getByLabel("Condition 2.1: Value").fill("50");
	await now.getByText("2 customers").waitFor();
	await page.getByLabel("Of these").nth(1)
		.selectOption({ label: "none may hold" });
	await now.getByText("1 customer", { exact: true }).waitFor();
	await lookAt(page, "panel-segment-new");
	await page.getByRole("button", { name: "Show some of them" }).click();
	await page.getByRole("heading", { name: "Some of them" }).waitFor();
	await page.getByRole("button", { name: "Save" }).click();
	await page.getByRole("heading", { level: 1, name }).waitFor();
	const [kept] = await sql("select id, rules, members from segment where name = $1",
		[name]);
	assert.deepEqual(kept.rules, { match: "all", rules: [
		{ fact: "bought_product", test: "one_of", values: [item.product] },
		{ match: "none", rules: [{ fact: "spent", test: "at_least",
			values: ["5000"] }] }] });
	assert.equal(kept.members, 1);

	// Another changes it meanwhile: both changes stand after a word.
	await page.getByLabel("What it is for").fill("For the test");
	const other = await raw("PATCH", `/api/desk/segments/${kept.id}`, {
		token: member.token, parallel: true, body: { name: `${name} B` },
		headers: { "If-Match": '"1"' } });
	assert.equal(other.status, 200, other.text);
	await page.getByRole("button", { name: "Save" }).click();
	await page.getByText("Somebody changed this meanwhile").waitFor();
	await page.getByRole("button", { name: "Save" }).click();
	await page.getByRole("heading", { level: 1, name: `${name} B` }).waitFor();
	const [merged] = await sql("select name, about from segment where id = $1",
		[kept.id]);
	assert.deepEqual(merged, { name: `${name} B`, about: "For the test" });

	await page.setViewportSize({ width: 360, height: 740 });
	await settled(page);
	await lookAt(page, "panel-segment-360");
	await page.getByRole("button", { name: "Delete" }).click();
	await page.getByRole("dialog").getByRole("button", { name: "Delete" })
		.click();
	await page.getByRole("heading", { level: 1, name: "Segments" }).waitFor();
	assert.equal((await sql("select from segment where id = $1", [kept.id]))
		.length, 0);
	assert.deepEqual(said, []);
	await context.close();
});

test("who may not change segments sees no way to", async () => {
	const crm = await staff("crm");
	const made = await raw("POST", "/api/desk/segments", { token: crm.token,
		parallel: true, body: { name: `Seen ${randomUUID().slice(0, 8)}`,
			rules: { match: "all", rules: [{ fact: "tier", test: "one_of",
				values: ["gold"] }] } } });
	assert.equal(made.status, 201, made.text);
	const { page, said, context } = await staffVisitor("analyst",
		`segments/${made.json.id}`, { dark: true });
	await page.getByRole("heading", { level: 1, name: made.json.name })
		.waitFor();
	await settled(page);
	for (const name of ["Save", "Delete", "Reckon anew"])
		assert.equal(await page.getByRole("button", { name, exact: true })
			.count(), 0, name);
	assert.ok(await page.getByLabel("Name").isDisabled());
	await lookAt(page, "panel-segment-analyst");
	assert.deepEqual(said, []);
	await context.close();
});
