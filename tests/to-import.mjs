// SPDX-License-Identifier: ISC
// Turns the data sets that the tests import into the catalogue's own CSV:
//	node to-import.mjs grocery grocery-products.csv > grocery.csv
//	node to-import.mjs demo products.json > demo.csv
import { readFileSync } from "node:fs";

const columns = [
	"sku", "product", "name", "description", "category", "brand",
	"option_name", "option_value", "price", "currency", "tax_class",
	"weight_grams", "stock", "tags", "images", "attributes", "status",
];

const cell = (value) => {
	const text = String(value ?? "");
	return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

const guard = (value) => {
	const text = String(value ?? "");
	return /^'*[=+@\t\r-]/.test(text) ? `'${text}` : text;
};

const part = (text, mark) =>
	text.replaceAll("\\", "\\\\").replaceAll(mark, `\\${mark}`);
const list = (parts, mark = "|") =>
	parts.map((each) => part(each, mark)).join(mark === ">" ? " > " : mark);
const attributes = (pairs) => list(Object.entries(pairs)
	.filter(([, value]) => value !== undefined && value !== "")
	.map(([name, value]) => `${name}=${value}`));

// One line a record; the file quotes no line breaks.
const field = /(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g;
const fields = (line) => [...line.matchAll(field)].map(
	(found) => found[1]?.replaceAll('""', '"') ?? found[2]);

const table = (text) => {
	const [head, ...lines] = text.trim().split(/\r?\n/);
	const names = fields(head);
	return lines.map((line) => Object.fromEntries(
		fields(line).map((value, n) => [names[n], value])));
};

const one = (text) => text.replace(/\s+/g, " ").trim();

const grocery = (text) => table(text).map((row) => ({
	sku: row.sku,
	name: one([row.type || row.category || row.department,
		row.package_size].filter(Boolean).join(" ")),
	category: list([row.department, row.category, row.type]
		.map(one).filter(Boolean), ">"),
	brand: row.brand,
	price: (Number(row.price_cents) / 100).toFixed(2),
	stock: Number(row.sku) % 50,
	attributes: attributes({ size: one(row.package_size)
		? `"${one(row.package_size)}"` : "" }),
}));

const demo = (text) => JSON.parse(text).map((item) => ({
	sku: item.sku,
	name: item.title,
	description: item.description,
	category: item.category,
	brand: item.brand,
	price: item.price.toFixed(2),
	weight_grams: Math.round(item.weight * 28.35),
	stock: item.stock,
	tags: list(item.tags),
	images: list(item.images),
	attributes: attributes({ warranty: item.warrantyInformation,
		width_cm: item.dimensions.width,
		height_cm: item.dimensions.height,
		depth_cm: item.dimensions.depth }),
}));

const [, , kind, file] = process.argv;
const rows = { grocery, demo }[kind](readFileSync(file, "utf8"));
process.stdout.write(`${columns.join(",")}\n`);
for (const row of rows)
	process.stdout.write(`${columns.map((name) =>
		cell(guard(row[name]))).join(",")}\n`);
