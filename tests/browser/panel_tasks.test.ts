// SPDX-License-Identifier: ISC
// The panel's tasks: made, given, discussed, moved by keys and by pointer.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, test } from "node:test";
import { raw, sql, staff } from "../api/harness.js";
import { lookAt, settled, staffVisitor, type Page } from "./pages.js";

const mark = randomUUID().slice(0, 8);
const button = (page: Page, name: string | RegExp) =>
	page.getByRole("button", { name, exact: typeof name === "string" });
async function made(title: string, more: Record<string, unknown> = {}) {
	const { token } = await staff("crm");
	const answer = await raw("POST", "/api/tasks", { token, parallel: true,
		body: { title, ...more } });
	assert.equal(answer.status, 201, answer.text);
	return answer.json;
}
const column = (page: Page, name: string) =>
	page.getByRole("region", { name, exact: true }).locator("[data-card]");
const now = async (id: string) =>
	(await sql("select * from task where id = $1", [id]))[0];

describe("tasks in the panel", () => {
	test("are made, given and discussed", async () => {
		const service = await staff("service");
		const name = `Helper ${mark}`;
		await sql("update staff set name = $2 where id = $1",
			[service.id, name]);
		const { page, said } = await staffVisitor("crm", "tasks");
		await button(page, "New task").waitFor();
		await settled(page);
		await page.keyboard.press("n");
		const dialog = page.locator("dialog");
		const title = `Ring back ${mark}`;
		await dialog.getByLabel("Title").fill(title);
		await dialog.getByLabel("Assignee").selectOption({ label: name });
		await dialog.getByLabel("Due").fill("2031-06-11T10:30");
		await lookAt(page, "panel/tasks/new");
		await button(page, "Make the task").click();
		await dialog.getByLabel("Say something").fill("After five");
		await dialog.locator("summary").first().click();
		await dialog.getByLabel(name, { exact: true }).check();
		await button(page, "Send").click();
		await dialog.locator("li").getByText("After five").waitFor();
		await button(page, "Change").click();
		await dialog.getByLabel("Your words").fill("After six");
		await lookAt(page, "panel/tasks/comment");
		await button(page, "Save").last().click();
		await dialog.locator("li").getByText("After six").waitFor();
		await dialog.locator("li").getByText("changed").waitFor();
		await dialog.locator("summary").last().click();
		await lookAt(page, "panel/tasks/task");
		await dialog.getByRole("button", { name: "Close" }).click();
		await page.getByLabel("Search tasks").fill(mark);
		await button(page, title).waitFor();
		await settled(page);
		await lookAt(page, "panel/tasks");
		const told = await sql(`select kind from staff_notification
			where staff_id = $1 order by created_at`, [service.id]);
		assert.deepEqual(told.map(({ kind }) => kind),
			["task_assigned", "task_mention"]);
		await page.goto("/admin-panel/tasks/calendar?day=2031-06-11");
		await button(page, new RegExp(title)).waitFor();
		await lookAt(page, "panel/tasks/calendar");
		assert.deepEqual(said, []);
	});

	test("are moved on the board by keys and by pointer", async () => {
		const word = `Karte${mark}`;
		const two = await made(`${word} two`);
		const one = await made(`${word} one`);
		const { page, said } = await staffVisitor("crm",
			`tasks/board?q=${word}`);
		await button(page, `Move ${word} one`).focus();
		await page.keyboard.press("Space");
		await page.keyboard.press("ArrowRight");
		await page.keyboard.press("Enter");
		await column(page, "In progress").getByText(`${word} one`).waitFor();
		await page.waitForFunction(() =>
			!document.querySelector("[aria-pressed=true]"));
		assert.equal((await now(one.id)).status, "in_progress");
		await settled(page);
		await lookAt(page, "panel/tasks/board");
		const from = (await button(page, `Move ${word} two`).boundingBox())!;
		const to = (await column(page, "In progress").first()
			.boundingBox())!;
		await page.mouse.move(from.x + 8, from.y + 8);
		await page.mouse.down();
		await page.mouse.move(to.x + 40, to.y + to.height - 4, { steps: 8 });
		await page.mouse.up();
		await page.waitForFunction(() =>
			!document.querySelector("[aria-pressed=true]"));
		await settled(page);
		assert.deepEqual(await column(page, "In progress").locator(".link")
			.allTextContents(), [`${word} one`, `${word} two`]);
		assert.equal((await now(two.id)).status, "in_progress");
		assert.deepEqual(said, []);
	});

	test("said again after a lost answer are said once", async () => {
		const task = await made(`Lost ${mark}`);
		const { page } = await staffVisitor("crm", `tasks?task=${task.id}`);
		const dialog = page.locator("dialog");
		let lost = 0;
		await page.route(`**/api/tasks/${task.id}/comments`,
			async (route) => {
				if (route.request().method() !== "POST" || lost > 0)
					return route.continue();
				lost = (await route.fetch()).status();
				await route.abort();
			});
		await dialog.getByLabel("Say something").fill("Once");
		await button(page, "Send").click();
		await dialog.getByRole("alert").first().waitFor();
		assert.equal(lost, 201);
		await button(page, "Send").click();
		await dialog.locator("li").getByText("Once").waitFor();
		await dialog.getByLabel("Say something").fill("Once");
		await button(page, "Send").click();
		await dialog.locator("li").getByText("Once").nth(1).waitFor();
		assert.equal((await sql("select text from task_comment where task_id = $1",
			[task.id])).length, 2);
	});

	test("changed by a colleague meanwhile aren't overwritten", async () => {
		const task = await made(`Both ${mark}`, { text: "As it was" });
		const { page } = await staffVisitor("crm", `tasks?task=${task.id}`);
		const dialog = page.locator("dialog");
		await dialog.getByLabel("Text").fill("What I wrote");
		const { token } = await staff("service");
		const other = await raw("PATCH", `/api/tasks/${task.id}`, { token,
			parallel: true, headers: { "If-Match": '"1"' },
			body: { text: "What they wrote", priority: "urgent" } });
		assert.equal(other.status, 200, other.text);
		await dialog.getByRole("button", { name: "Save" }).click();
		await dialog.getByText("Somebody changed this meanwhile").waitFor();
		assert.equal((await now(task.id)).text, "What they wrote");
		await dialog.getByRole("radio", { name: /Mine/ }).check();
		await dialog.getByRole("button", { name: "Save" }).click();
		await page.locator(".toast").getByText("Saved").waitFor();
		const kept = await now(task.id);
		assert.deepEqual([kept.text, kept.priority],
			["What I wrote", "urgent"]);
	});
});
