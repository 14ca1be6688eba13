// SPDX-License-Identifier: ISC
// What the first page costs, compressed: more than this is not built.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const out = process.env.DUKA_WEB_OUT ?? "dist";
const files = JSON.parse(readFileSync(`${out}/manifest.files.json`, "utf8"));
const first = new Set(), styles = new Set();

function follow(key) {
	const { file, css = [], imports = [] } = files[key];
	if (first.has(file))
		return;
	first.add(file);
	css.forEach((style) => styles.add(style));
	imports.forEach(follow);
}

follow("index.html");
follow("src/pages/shop/Home.tsx");

const size = (set) => [...set].reduce((sum, file) =>
	sum + gzipSync(readFileSync(`${out}/${file}`), { level: 9 }).length, 0);
const budgets = [["script", size(first), 120_000],
	["style", size(styles), 30_000]];
for (const [what, bytes, most] of budgets)
	console.log(`${what} of the first page: ${(bytes / 1000).toFixed(1)} kB ` +
		`compressed (at most ${most / 1000})`);
if (budgets.some(([, bytes, most]) => bytes > most))
	process.exit(1);
