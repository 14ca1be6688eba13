// SPDX-License-Identifier: ISC
// What the tests in the browser stand on: Chromium, and a look at each page
// for what must never be: words in the console, something wider than the
// window, what axe finds.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after } from "node:test";
import { chromium, type Browser, type BrowserContext, type Page } from
	"playwright-core";
import { base, goodPassword, raw, staff, type Person } from
	"../api/harness.js";

export { base };
export type { Page };

const axe = readFileSync(createRequire(import.meta.url)
	.resolve("axe-core/axe.min.js"), "utf8");
const shots = process.env.DUKA_TEST_SHOTS;

let browser: Promise<Browser> | undefined;
after(async () => (await browser)?.close());

export interface Look {
	width?: number;
	dark?: boolean;
	locale?: string;
	script?: boolean;
}

/** Words of the console that are not faults of the page. */
const harmless = [/Failed to load resource.*(40\d|412|422)/];

export interface Visitor {
	page: Page;
	context: BrowserContext;
	/** What the console said, and what the pages threw. */
	said: string[];
}

/** Somebody with a browser of their own. */
export async function visitor({ width = 1280, dark = false,
	locale = "en-IE", script = true }: Look = {}): Promise<Visitor> {
	browser ??= chromium.launch({ executablePath:
		process.env.CHROMIUM ?? "/usr/bin/chromium",
		args: ["--no-sandbox", "--disable-dev-shm-usage"] });
	const context = await (await browser).newContext({ baseURL: base, locale,
		viewport: { width, height: width < 600 ? 740 : 900 },
		colorScheme: dark ? "dark" : "light", javaScriptEnabled: script,
		reducedMotion: "reduce", bypassCSP: false });
	context.setDefaultTimeout(30_000);
	const page = await context.newPage();
	const said: string[] = [];
	page.on("console", (message) => {
		if (["error", "warning"].includes(message.type()) &&
			!harmless.some((words) => words.test(message.text())))
			said.push(message.text());
	});
	page.on("pageerror", (error) => said.push(String(error)));
	return { page, context, said };
}

/** Until nothing is on its way any more. */
export async function settled(page: Page) {
	await page.waitForFunction(() =>
		!document.querySelector("#main .skeleton") &&
		document.querySelector("main h1") !== null);
	await page.waitForLoadState("networkidle");
}

interface Finding { id: string; help: string; nodes: { html: string }[] }

/** A page as it stands: nothing wider than the window, nothing for axe. */
export async function lookAt(page: Page, name: string, listen = true) {
	const wide = await page.evaluate(() => {
		const most = document.documentElement.clientWidth;
		if (document.documentElement.scrollWidth <= most)
			return [];
		return [...document.querySelectorAll("body *")].filter((one) =>
			one.getBoundingClientRect().right > most + 1)
			.slice(0, 5).map((one) => one.outerHTML.slice(0, 200));
	});
	assert.deepEqual(wide, [], `${name} is wider than the window`);
	if (shots)
		await page.screenshot({ path: `${shots}/${name.replaceAll("/", "_")}.png`,
			fullPage: true });
	if (!listen)
		return;
	const found: Finding[] = await page.evaluate(`(() => { ${axe};
		return axe.run(document, { resultTypes: ["violations"] })
			.then((result) => result.violations); })()`) as Finding[];
	assert.deepEqual(found.map(({ id, help, nodes }) =>
		`${id}: ${help}: ${nodes.slice(0, 3).map(({ html }) =>
			html.slice(0, 200)).join(" | ")}`), [], `axe, on ${name}`);
}

const folder = process.env.DUKA_TEST_MAIL!;
const seen = new Set<string>();

/** The next mail to somebody whose subject has these words. */
export async function letter(to: string, subject: RegExp): Promise<string> {
	for (let tries = 0; tries < 300; tries++) {
		for (const name of readdirSync(folder).sort()) {
			const path = `${folder}/${name}`;
			if (seen.has(path) || name.endsWith(".new"))
				continue;
			const text = unfold(readFileSync(path, "utf8"));
			if (text.includes(to) && subject.test(
				/^Subject: (.*)$/m.exec(text)?.[1] ?? "")) {
				seen.add(path);
				return text;
			}
		}
		await new Promise((done) => setTimeout(done, 100));
	}
	throw new Error(`no mail ${subject} came to ${to}`);
}

/** Lines as they were before the mail folded them (quoted-printable). */
const unfold = (text: string) => text.replace(/=\r?\n/g, "")
	.replace(/=([0-9A-F]{2})/g, (_, hex) =>
		String.fromCharCode(parseInt(hex, 16)));

/** The first link in a mail to a page of the shop. */
export function linkIn(text: string, path: string): string {
	const link = text.match(/https?:\/\/[^\s"<>]+/g)?.find((one) =>
		one.startsWith(base + path));
	assert.ok(link, `a link to ${path} in the mail:\n${text}`);
	return link;
}

/** A customer whose address is confirmed by the mail's link; the mail
 * address. */
export async function newcomer(names: Record<string, string> =
	{ given_name: "Ada", family_name: "Obi" }): Promise<string> {
	const email = `${randomUUID().slice(0, 12)}@example.org`;
	const made = await raw("POST", "/api/customers/register", { parallel: true,
		body: { email, password: goodPassword, ...names } });
	assert.ok(made.status < 300, made.text);
	const { hash } = new URL(linkIn(await letter(email, /confirm/),
		"/verify-email"));
	const verified = await raw("POST", "/api/customers/verify-email", {
		parallel: true, body: { token: new URLSearchParams(hash.slice(1)).get("token") } });
	assert.ok(verified.status < 300, verified.text);
	return email;
}

/** Signs in, and waits for where that leads. */
export async function signIn(page: Page, email: string, next = "/account",
	password = goodPassword, arrives = next) {
	await page.goto(`${base}/login/?next=${encodeURIComponent(next)}`);
	await page.locator("input[name=login]").fill(email);
	await page.locator("input[name=password]").fill(password);
	await page.locator("main form button.btn-primary").click();
	await page.waitForURL((url) => url.pathname + url.search === arrives);
}

/** Signs a member of staff in where they are, and waits for the page. */
export async function staffSignIn(page: Page, email: string,
	password = goodPassword) {
	await page.locator("input[name=email]").fill(email);
	await page.locator("input[name=password]").fill(password);
	await page.locator("main form button.btn-primary").click();
	await page.locator("#side").waitFor({ state: "attached" });
}

/** A member of staff with a role, with a browser of their own, in the panel.
 * @param path  below /admin-panel/ */
export async function staffVisitor(role: string, path = "", look: Look = {}):
	Promise<Visitor & { member: Person }> {
	const member = await staff(role);
	const one = await visitor(look);
	await one.page.goto(`/admin-panel/${path}`);
	await staffSignIn(one.page, member.email);
	return { ...one, member };
}

/** What staff say of a review. */
export async function decide(review: string, decision: string,
	reason?: string) {
	const { token } = await staff("superadmin");
	const seen = await raw("GET", `/api/catalog/staff/reviews/${review}`,
		{ token, parallel: true });
	const done = await raw("POST",
		`/api/catalog/staff/reviews/${review}/decision`, { token,
			parallel: true, body: { decision, ...reason ? { reason } : {} },
			headers: { "If-Match": seen.headers.get("etag")! } });
	assert.equal(done.status, 200, done.text);
}
