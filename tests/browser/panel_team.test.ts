// SPDX-License-Identifier: ISC
// Members, roles, keys and the log in the panel; signing in with a second
// factor.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, test } from "node:test";
import { command, goodPassword, raw, staff } from "../api/harness.js";
import { code, later } from "../api/totp.js";
import { base, letter, linkIn, lookAt, settled, staffSignIn, staffVisitor,
	visitor, type Page } from "./pages.js";

const other = "Another-baobab-88";
const submit = "main form button.btn-primary";
const panel = `${base}/admin-panel/`;

/** A member with one role, made by the command. */
function hire(role: string): string {
	const email = `${randomUUID().slice(0, 12)}@example.org`;
	command("duka-admin", ["staff", "add", email, "--name", "Temp Orary",
		"--role", role], goodPassword + "\n");
	return email;
}

const toast = (page: Page, words: RegExp) =>
	page.locator(".toast").getByText(words).waitFor();

/** Sets the second factor up where its button is; the secret and codes. */
async function setUp(page: Page): Promise<{ secret: string; codes: string[] }> {
	await page.getByRole("button", { name: "Set it up" }).click();
	const dialog = page.getByRole("dialog");
	await dialog.locator("input[name=password]").fill(goodPassword);
	await dialog.getByRole("button", { name: "Go on" }).click();
	const secret = (await page.locator("[data-secret]").innerText()).trim();
	await page.getByRole("img", { name: "QR code" }).waitFor();
	await page.locator("input[name=code]").fill("000000");
	await page.getByRole("button", { name: "Switch it on" }).click();
	await page.locator("input[name=code][aria-invalid=true]").waitFor();
	await page.locator("input[name=code]").fill(code(secret));
	await page.getByRole("button", { name: "Switch it on" }).click();
	const list = page.getByRole("list", { name: "Recovery codes" });
	await list.waitFor();
	const codes = await list.getByRole("listitem").allInnerTexts();
	return { secret, codes };
}

describe("signing in", () => {
	test("an invitation leads in", async () => {
		const email = `${randomUUID().slice(0, 12)}@example.org`;
		const { page, said } = await staffVisitor("superadmin", "team");
		await page.getByRole("button", { name: "Invite somebody" }).click();
		const dialog = page.getByRole("dialog");
		await dialog.getByLabel("Name").fill("Amina Diallo");
		await dialog.getByLabel("E-mail address").fill(email);
		await dialog.getByRole("checkbox", { name: /^service/ }).check();
		await lookAt(page, "panel/invite");
		await dialog.getByRole("button", { name: "Send the invitation" })
			.click();
		await toast(page, /on its way/);

		const link = linkIn(await letter(email, /invites you/),
			"/admin-panel/password");
		const amina = await visitor();
		await amina.page.goto(link);
		await amina.page.locator("input[name=password]").fill("password");
		await amina.page.locator(submit).click();
		await amina.page.locator("[aria-invalid=true]").waitFor();
		assert.ok(!amina.page.url().includes("token"),
			"the token is in no address that stays");
		await lookAt(amina.page, "panel/password");
		await amina.page.locator("input[name=password]").fill(other);
		await amina.page.locator(submit).click();
		await amina.page.getByRole("link", { name: "To signing in" }).click();
		await staffSignIn(amina.page, email, other);
		await settled(amina.page);

		await page.goto(`${panel}team?q=${email}`);
		await page.getByRole("link", { name: "Amina Diallo" }).click();
		await page.locator(".badge", { hasText: "Active" }).waitFor();
		assert.deepEqual([...said, ...amina.said], []);
	});

	test("with codes, and with a recovery code", async () => {
		const email = hire("agent");
		const { page, said } = await visitor();
		await page.goto(`${panel}account`);
		await staffSignIn(page, email);
		await settled(page);
		await lookAt(page, "panel/account");
		const { secret, codes } = await setUp(page);
		assert.equal(codes.length, 10);
		await lookAt(page, "panel/codes");
		await page.getByRole("button", { name: "I have kept them" }).click();
		await page.getByText("10 recovery codes left").waitFor();

		const [{ id }] = [(await raw("GET", `/api/staff/members?q=${email}`,
			{ token: (await staff("superadmin")).token, parallel: true }))
			.json.items[0]];
		await later(id);
		const again = await visitor();
		await again.page.goto(panel);
		const enter = async (said2: string) => {
			await again.page.locator("input[name=code]").fill(said2);
			await again.page.locator(submit).click();
		};
		await again.page.locator("input[name=email]").fill(email);
		await again.page.locator("input[name=password]").fill(goodPassword);
		await again.page.locator(submit).click();
		await again.page.locator("input[name=code]").waitFor();
		await lookAt(again.page, "panel/signin-code");
		await enter("no code");
		await again.page.getByRole("alert").waitFor();
		await enter(code(secret));
		await again.page.locator("#side").waitFor({ state: "attached" });

		const third = await visitor({ width: 360, dark: true });
		await third.page.goto(panel);
		await third.page.locator("input[name=email]").fill(email);
		await third.page.locator("input[name=password]").fill(goodPassword);
		await third.page.locator(submit).click();
		await third.page.locator("input[name=code]").fill(
			codes[0]!.toLowerCase());
		await third.page.locator(submit).click();
		await third.page.locator("#side").waitFor({ state: "attached" });
		await third.page.goto(`${panel}account`);
		await third.page.getByText("9 recovery codes left").waitFor();
		await settled(third.page);
		await lookAt(third.page, "panel/account-small");
		assert.deepEqual([...said, ...again.said, ...third.said], []);
	});

	test("a role that wants a second factor lets nothing else be seen",
		async () => {
			const { token } = await staff("superadmin");
			const role = `w_${randomUUID().replace(/[^a-z]/g, "")}`;
			await raw("POST", "/api/staff/roles", { token, parallel: true,
				body: { name: role, about: "x", permissions: ["staff.read"],
					totp_required: true } });
			const email = hire(role);
			const { page, said } = await visitor();
			await page.goto(`${panel}team`);
			await page.locator("input[name=email]").fill(email);
			await page.locator("input[name=password]").fill(goodPassword);
			await page.locator(submit).click();
			await page.getByText("Your role asks for").waitFor();
			await lookAt(page, "panel/enroll");
			assert.equal(await page.locator("#side").count(), 0);
			await setUp(page);
			await page.getByRole("button", { name: "I have kept them" })
				.click();
			await page.getByRole("heading", { name: "Team" }).waitFor();
			assert.deepEqual(said, []);
		});
});

describe("the team", () => {
	test("is changed, signed out and disabled", async () => {
		const email = hire("agent");
		const ben = await visitor();
		await ben.page.goto(panel);
		await staffSignIn(ben.page, email);
		const { page, said } = await staffVisitor("superadmin",
			`team?q=${email}`);
		await settled(page);
		await lookAt(page, "panel/team");
		await page.getByRole("link", { name: "Temp Orary" }).click();
		await settled(page);
		await lookAt(page, "panel/member");
		await page.getByRole("checkbox", { name: /^sales/ }).check();
		await page.getByRole("button", { name: "Save" }).click();
		await toast(page, /Saved/);
		await page.getByRole("button", { name: "Disable" }).click();
		await page.getByRole("dialog").getByRole("button",
			{ name: "Disable" }).click();
		await toast(page, /Disabled/);
		await page.getByRole("button", { name: "Enable" }).waitFor();
		await ben.page.reload();
		await ben.page.locator("input[name=password]").waitFor();
		assert.deepEqual(said, []);
	});

	test("shows no button that would be refused", async () => {
		const boss = await staff("superadmin");
		const { page, said } = await staffVisitor("manager",
			`team/${boss.id}`);
		await page.getByText("not change what they may").waitFor();
		await settled(page);
		for (const name of ["Disable", "Reset the password", "Save",
			"Sign out everywhere"])
			assert.equal(await page.getByRole("button", { name }).count(), 0,
				name);
		await page.goto(`${panel}roles`);
		await settled(page);
		assert.equal(await page.getByRole("button", { name: "New role" })
			.count(), 0);
		await page.goto(`${panel}keys`);
		await page.getByText("This is not for your role").waitFor();
		assert.deepEqual(said, []);
	});

	test("has roles of its own", async () => {
		const { page, said } = await staffVisitor("superadmin", "roles");
		const name = `packer_${randomUUID().replace(/[^a-z]/g, "")
			.slice(0, 12)}`;
		await settled(page);
		await lookAt(page, "panel/roles");
		await page.getByRole("button", { name: "New role" }).click();
		const dialog = page.getByRole("dialog");
		await dialog.getByLabel("Name").fill(name);
		await dialog.getByLabel("What it is for").fill("Packs");
		await dialog.getByRole("button", { name: "New role" }).click();
		await page.getByRole("heading", { name }).waitFor();
		await settled(page);
		await page.getByRole("checkbox", { name: /orders\.read$/ }).check();
		await lookAt(page, "panel/role");
		const sent = page.waitForResponse((answer) =>
			answer.request().method() !== "GET" &&
			answer.url().endsWith(`/api/staff/roles/${name}`));
		await page.getByRole("button", { name: "Save" }).click();
		assert.equal((await sent).status(), 200);
		const { token } = await staff("superadmin");
		const made = await raw("GET", `/api/staff/roles/${name}`,
			{ token, parallel: true });
		assert.deepEqual(made.json.permissions,
			["orders.read", "staff.enroll", "staff.self"]);
		assert.deepEqual(said, []);
	});
});

describe("keys and the log", () => {
	test("a key is shown once, works, is revoked", async () => {
		const { page, said } = await staffVisitor("superadmin", "keys");
		await page.getByRole("button", { name: "New key" }).click();
		const dialog = page.getByRole("dialog");
		const name = `Scanner ${randomUUID().slice(0, 8)}`;
		await dialog.getByLabel("Name").fill(name);
		await dialog.getByRole("checkbox", { name: /staff\.read$/ }).check();
		await lookAt(page, "panel/key");
		await dialog.getByRole("button", { name: "New key" }).click();
		const shown = page.locator("dialog[open] [data-secret]");
		await shown.waitFor();
		const token = (await shown.innerText()).trim();
		assert.match(token, /^duka_[A-Za-z0-9_-]{43}$/);
		const look = () => raw("GET", "/api/staff/members", { token,
			parallel: true });
		assert.equal((await look()).status, 200);
		await page.getByRole("button", { name: "I have copied it" }).click();
		await settled(page);
		assert.ok(!(await page.content()).includes(token));
		await lookAt(page, "panel/keys");
		await page.getByRole("checkbox", { name: `Select ${name}` }).check();
		await page.getByRole("button", { name: "Revoke" }).click();
		await page.getByRole("dialog").getByRole("button",
			{ name: "Revoke" }).click();
		await page.getByRole("row", { name: new RegExp(name) })
			.getByText("Revoked").waitFor();
		assert.equal((await look()).status, 401);
		assert.deepEqual(said, []);
	});

	test("what was changed is shown before and after", async () => {
		const { token } = await staff("superadmin");
		const made = await raw("POST", "/api/catalog/brands", { token,
			parallel: true, body: { name: "Kitenge & Co",
				slug: `k-${randomUUID().slice(0, 8)}` } });
		assert.equal(made.status, 201, made.text);
		const { page, said } = await staffVisitor("superadmin",
			`audit?table=brand&row=${made.json.id}`);
		await settled(page);
		await lookAt(page, "panel/audit");
		await page.getByTitle(made.json.id).first().click();
		const dialog = page.getByRole("dialog");
		await dialog.getByRole("cell", { name: "Kitenge & Co", exact: true })
			.waitFor();
		await lookAt(page, "panel/audit-entry");
		await dialog.getByRole("button", { name: "Close" }).click();
		const file = page.waitForEvent("download");
		await page.getByRole("button", { name: "Export as CSV" }).click();
		assert.equal((await file).suggestedFilename(), "audit.csv");
		await page.goto(`${panel}sign-ins`);
		await settled(page);
		await lookAt(page, "panel/sign-ins");
		assert.deepEqual(said, []);
	});
});
