// SPDX-License-Identifier: ISC
// From a click to what is painted: twenty times each, in one browser.
//	node paint.mjs ORIGIN
import { chromium } from "playwright-core";

const origin = process.argv[2];
const browser = await chromium.launch({
	executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
	args: ["--no-sandbox", "--disable-dev-shm-usage"] });
const page = await (await browser.newContext({ baseURL: origin,
	viewport: { width: 1280, height: 900 } })).newPage();

/** In the page: from the event until the frame after `there` holds. */
const stopwatch = `window.watch = (act, there) => new Promise((done) => {
	const began = performance.now();
	const look = () => there() ? requestAnimationFrame(() =>
		setTimeout(() => done(performance.now() - began)))
		: requestAnimationFrame(look);
	act();
	look();
});`;

function tell(what, times) {
	times.sort((a, b) => a - b);
	const at = (share) => times[Math.min(times.length - 1,
		Math.floor(times.length * share))].toFixed(0);
	console.log(`${what}: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms ` +
		`(${times.length} times)`);
}

async function open(path) {
	await page.goto(path);
	await page.waitForLoadState("networkidle");
	await page.evaluate(stopwatch);
}

await open("/");
const categories = await page.evaluate(async () => {
	const tree = await (await fetch("/api/catalog/categories")).json();
	return tree.items.flatMap((one) => [one, ...one.children])
		.sort((a, b) => b.count - a.count).slice(0, 21)
		.map(({ slug }) => slug);
});

const lists = [], products = [];
for (let n = 0; n < 20; n++) {
	await open(`/category/${categories[n % categories.length]}`);
	// To a category that wasn't open: the listing comes from the server.
	lists.push(await page.evaluate((slug) => {
		const links = [...document.querySelectorAll(
			'main a[href^="/category/"], header a[href^="/category/"]')];
		const target = links.find((a) =>
			a.getAttribute("href") === `/category/${slug}`) ??
			links.find((a) => a.getAttribute("href") !== location.pathname);
		const before = document.querySelector("main article h3")?.textContent;
		return window.watch(() => target.click(), () => {
			const first = document.querySelector("main article h3");
			return location.pathname === target.getAttribute("href") &&
				!document.querySelector('[aria-busy="true"]') && first &&
				first.textContent !== before;
		});
	}, categories[(n + 7) % categories.length]));
	products.push(await page.evaluate(() => {
		const target = document.querySelector(
			'main article a[href^="/product/"]');
		return window.watch(() => target.click(), () =>
			location.pathname === target.getAttribute("href") &&
			document.querySelector("main h1") &&
			!document.querySelector("main .skeleton"));
	}));
}
tell("click to painted list", lists);
tell("click to painted product", products);

const typed = [];
for (const word of ["palm", "rice", "chil", "plan", "choc"]) {
	await open("/");
	const box = page.locator('input[type="search"]');
	await box.click();
	for (const letter of word) {
		const waited = page.evaluate(() => {
			const seen = document.querySelector('[role="listbox"]')
				?.textContent;
			return window.watch(() => undefined, () => {
				const now = document.querySelector('[role="listbox"]');
				return now && now.textContent !== seen;
			});
		});
		await box.pressSequentially(letter);
		const ms = await Promise.race([waited,
			new Promise((done) => setTimeout(() => done(undefined), 3000))]);
		if (ms !== undefined)
			typed.push(ms);
	}
}
tell("letter to other suggestions", typed);
await browser.close();
