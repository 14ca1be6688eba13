// SPDX-License-Identifier: ISC
// Conversations with customers in the staff's panel.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { raw, sql, staff } from "../api/harness.js";
import { lookAt, settled, staffVisitor } from "./pages.js";

async function written(subject: string): Promise<string> {
	const made = await raw("POST", "/api/messages/contact", {
		parallel: true, body: { subject, text: "One bag had a hole.",
			name: "Gus", email: `${randomUUID().slice(0, 8)}@example.org` } });
	assert.equal(made.status, 201, made.text);
	const [{ id }] = await sql("select id from conversation " +
		"where number = $1", [made.json.number]);
	return id;
}

test("nobody answers without having seen what a colleague wrote",
	async () => {
	const subject = `A torn bag ${randomUUID().slice(0, 8)}`;
	const id = await written(subject);
	const { page, said } = await staffVisitor("agent", "messages");
	await settled(page);
	await lookAt(page, "panel-messages");
	await page.getByRole("link", { name: subject }).click();
	await settled(page);
	await lookAt(page, "panel-conversation");
	await page.getByLabel("Your answer").fill("We send another.");

	const colleague = await staff("service");
	const other = await raw("POST", `/api/messages/${id}/replies`, {
		token: colleague.token, parallel: true,
		body: { text: "It is on its way already.", last_seen: 1 } });
	assert.equal(other.status, 201, other.text);
	await page.getByRole("button", { name: "Send", exact: true }).click();
	await page.getByText("A colleague answered meanwhile").waitFor();
	await page.getByText("It is on its way already.").waitFor();
	assert.equal(await page.getByLabel("Your answer").inputValue(),
		"We send another.");
	const texts = async () => (await sql(`select text from message
		where conversation_id = $1 order by number`, [id])).length;
	assert.equal(await texts(), 2);

	await page.getByRole("button", { name: "I have read it" }).click();
	await page.getByRole("button", { name: "Send and close" }).click();
	await page.getByRole("status").filter({ hasText: "Sent" }).first()
		.waitFor();
	assert.equal(await texts(), 3);
	await page.getByRole("button", { name: "Reopen" }).click();
	await page.getByText("Open again").waitFor();
	await page.getByRole("button", { name: "Undo" }).first().click();
	await page.getByRole("button", { name: "Reopen" }).waitFor();
	const [{ state }] = await sql("select state from conversation " +
		"where id = $1", [id]);
	assert.equal(state, "closed");
	assert.deepEqual(said, []);
});

test("what is half written is there again; what comes in appears",
	async () => {
	const subject = `Half a word ${randomUUID().slice(0, 8)}`;
	const id = await written(subject);
	const { page, said } = await staffVisitor("agent", `messages/${id}`);
	await settled(page);
	await page.getByLabel("Your answer").fill("Dear Gus,");
	await page.reload();
	await settled(page);
	assert.equal(await page.getByLabel("Your answer").inputValue(),
		"Dear Gus,");
	await page.goto("/admin-panel/messages");
	await settled(page);
	const late = `Comes in ${randomUUID().slice(0, 8)}`;
	await written(late);
	await page.getByRole("link", { name: late }).waitFor(
		{ timeout: 20_000 });
	assert.deepEqual(said, []);
});

test("on a phone; and who may not answer has nothing to press",
	async () => {
	const id = await written(`Small ${randomUUID().slice(0, 8)}`);
	const { page, said } = await staffVisitor("agent", `messages/${id}`,
		{ width: 320, dark: true, locale: "pt-PT" });
	await settled(page);
	await lookAt(page, "panel-conversation-phone");
	assert.deepEqual(said, []);
	const analyst = await staffVisitor("analyst", "messages");
	await analyst.page.getByText("This is not for your role").waitFor();
});
