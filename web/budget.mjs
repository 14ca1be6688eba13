// SPDX-License-Identifier: ISC
// What the first page costs, compressed, of the storefront and of the panel:
// more than this is not built.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const out = process.env.DUKA_WEB_OUT ?? "dist";
const files = JSON.parse(readFileSync(`${out}/manifest.files.json`, "utf8"));

/** What comes with these modules, before anything is asked for. */
function weigh(...keys) {
	const first = new Set(), styles = new Set();
	const follow = (key) => {
		const { file, css = [], imports = [] } = files[key];
		if (first.has(file))
			return;
		first.add(file);
		css.forEach((style) => styles.add(style));
		imports.forEach(follow);
	};
	keys.forEach(follow);
	return [size(first), size(styles)];
}

const size = (set) => [...set].reduce((sum, file) =>
	sum + gzipSync(readFileSync(`${out}/${file}`), { level: 9 }).length, 0);
const shop = weigh("index.html", "src/pages/shop/Home.tsx");
const panel = weigh("panel.html", "src/panel/pages/home/Home.tsx");
const budgets = [["script of the first page", shop[0], 120_000],
	["style of the first page", shop[1], 30_000],
	["script of the panel's", panel[0], 200_000],
	["style of the panel's", panel[1], 40_000]];
for (const [what, bytes, most] of budgets)
	console.log(`${what}: ${(bytes / 1000).toFixed(1)} kB ` +
		`compressed (at most ${most / 1000})`);
if (budgets.some(([, bytes, most]) => bytes > most))
	process.exit(1);
