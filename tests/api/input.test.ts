// SPDX-License-Identifier: ISC
// Bad input, made from every field table's own bounds: refused by a 4xx that
// names the field, never by a 500, and no table changes.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { customer, raw, staff, tablesWatched, type Person } from "./harness.js";
import { fill, neededQuery, routes, type Route, type Schema } from "./routes.js";

let ada: Person, boss: Person;
before(async () => {
	ada = await customer();
	boss = await staff("superadmin");
});

const tokenFor = (route: Route) => route.access === "staff" ? boss.token :
	["customer", "shopper", "anyone"].includes(route.access) ? ada.token :
		undefined;

const types = (schema: Schema): string[] =>
	([] as string[]).concat(schema.type ?? []);

/** Values that the schema's own bounds refuse. */
function wrong(schema: Schema): unknown[] {
	if (schema.$ref || schema.anyOf)
		return [];
	const allowed = types(schema);
	const values: unknown[] = [];
	const others: [string, unknown][] = [["string", "x"], ["integer", 1],
		["boolean", true], ["array", []], ["object", {}]];
	for (const [type, value] of others)
		if (!allowed.includes(type) && !(type === "integer" &&
		    allowed.includes("number")) && allowed.length)
			values.push(value);
	if (!allowed.includes("null") && allowed.length)
		values.push(null);
	if (allowed.includes("string") && !schema.enum) {
		if (schema.minLength)
			values.push("");
		if (schema.maxLength !== undefined)
			values.push("a".repeat(schema.maxLength + 1));
		if ((schema.format && schema.format !== "password") || schema.pattern)
			values.push("\u{1F980} no such form");
	}
	if (schema.enum && allowed.includes("string"))
		values.push("no_such_value", "");
	if (allowed.includes("integer")) {
		values.push(1.5, 9007199254740993n, 9223372036854775808n,
			-9223372036854775809n);
		if (schema.minimum !== undefined)
			values.push(schema.minimum - 1);
		if (schema.maximum !== undefined)
			values.push(schema.maximum + 1);
		if (schema.maximum === undefined || schema.maximum < 2147483648)
			values.push(2147483648);
	}
	if (allowed.includes("array")) {
		if (schema.maxItems !== undefined && schema.maxItems < 1000)
			values.push(Array(schema.maxItems + 1).fill(null));
		if (schema.minItems)
			values.push([]);
		for (const item of wrong(schema.items ?? {}).slice(0, 3))
			values.push([item]);
	}
	return values;
}

/** JSON with integers that a double can't hold. */
const json = (value: unknown): string => JSON.stringify(value,
	(_, v) => typeof v === "bigint" ? `#${v}#` : v)
	.replace(/"#(-?\d+)#"/g, "$1");

/** Runs it, and no table has changed. */
const unchanged = (work: () => Promise<void>): Promise<void> =>
	tablesWatched(async (watching) => {
		await work();
		assert.deepEqual((await watching.changed()).filter((name) =>
			!["login_attempt", "outbox", "staff_session"].includes(name)), []);
	});

async function refused(route: Route, query: string, body: string | Uint8Array |
	undefined, what: string, statuses: number[], type = "application/json"):
	Promise<any> {
	const answer = await raw(route.method, fill(route) + query, {
		token: tokenFor(route), body, type, parallel: true,
		headers: { "If-Match": '"1"' },
	});
	assert.ok(statuses.includes(answer.status),
		`${what}: ${answer.status} ${answer.text.slice(0, 500)}`);
	return answer.json;
}

const writing = routes.filter((r) => r.body?.type === "application/json");

for (const route of writing)
	test(`${route.method} ${route.path}: body`, () => unchanged(async () => {
		const schema = route.body!.schema;
		const example = route.body!.example;
		const query = neededQuery(route);
		for (const [name, field] of Object.entries(schema.properties ?? {}))
			for (const value of wrong(field)) {
				const body = json({ ...example, [name]: value });
				const problem = await refused(route, query, body,
					`${name}: ${body.slice(0, 200)}`, [422, 413]);
				if (problem.code === "INVALID")
					assert.ok(problem.errors.some((e: any) =>
						e.field.split(/[.[]/)[0] === name),
						`${name}: ${JSON.stringify(problem)}`);
			}
		for (const name of schema.required ?? []) {
			const { [name]: _, ...rest } = example;
			const problem = await refused(route, query, json(rest),
				`without ${name}`, [422]);
			assert.ok(problem.errors.some((e: any) => e.field === name &&
				e.code === "required"), JSON.stringify(problem));
		}
		await refused(route, query, json({ ...example, no_such_field: 1 }),
			"unknown field", [422]);
	}));

for (const route of routes.filter((r) =>
	r.parameters.some((p) => p.in === "query")))
	test(`${route.method} ${route.path}: query`, () => unchanged(async () => {
		const body = route.body?.type === "application/json" ?
			json(route.body.example) : undefined;
		const reads = ["GET", "DELETE"].includes(route.method);
		for (const parameter of route.parameters.filter((p) =>
			p.in === "query")) {
			// In a query everything is text: only what a text can't be
			// is wrong.
			const inner = parameter.schema.items ?? parameter.schema;
			const text = types(inner).includes("string") && !inner.enum;
			const bad = wrong(parameter.schema).filter((v) =>
				(!text && ["bigint", "number"].includes(typeof v)) ||
				(typeof v === "string" && v !== "" && v !== "x"));
			for (const value of reads ? bad : [])
				await refused(route, `?${parameter.name}=` +
					encodeURIComponent(String(value)), body,
					`${parameter.name}=${value}`, [422, 404]);
		}
		if (reads) {
			await refused(route, "?no_such_field=1", body, "unknown", [422, 404]);
			await refused(route, "?a=%00", body, "NUL", [422, 400, 404]);
			await refused(route, "?a=%ff", body, "not UTF-8", [422, 400, 404]);
			await refused(route, "?%zz", body, "malformed", [422, 400, 404]);
		}
	}));

const bytes = (text: string) => new Uint8Array(Buffer.from(text, "latin1"));

const broken: [string, string | Uint8Array][] = [
	["nothing but a brace", "{"],
	["not JSON", "<xml/>"],
	["an array", "[]"],
	["a string", '"x"'],
	["null", "null"],
	["two values", "{} {}"],
	["trailing comma", '{"a":1,}'],
	["leading zero", '{"a":01}'],
	["bare point", '{"a":1.}'],
	["NaN", '{"a":NaN}'],
	["overflow", '{"a":1e400}'],
	["single quotes", "{'a':1}"],
	["invalid UTF-8", bytes('{"a":"\xff\xfe"}')],
	["overlong UTF-8", bytes('{"a":"\xc0\xaf"}')],
	["surrogate in UTF-8", bytes('{"a":"\xed\xa0\x80"}')],
	["lone surrogate", '{"a":"\\ud800"}'],
	["NUL", '{"a":"\\u0000"}'],
	["raw NUL", bytes('{"a":"\x00"}')],
	["control byte", bytes('{"a":"\x01"}')],
	["duplicate keys", '{"a":1,"a":2}'],
	["duplicate keys, escaped", '{"a":1,"\\u0061":2}'],
	["too deep", "[".repeat(2000) + "]".repeat(2000)],
	["deep objects", '{"a":'.repeat(100) + "1" + "}".repeat(100)],
];

describe("bodies that are no JSON objects", () => {
	for (const route of writing)
		test(`${route.method} ${route.path}`, () => unchanged(async () => {
			const query = neededQuery(route);
			for (const [what, body] of broken)
				await refused(route, query, body, what, [400, 422]);
			const example = json(route.body!.example);
			for (const type of ["text/plain", "application/xml",
				"application/jsonx", "multipart/form-data; boundary=x",
				"application/x-www-form-urlencoded"])
				await refused(route, query, example, type, [415], type);
			await refused(route, query, '{"a":"' +
				"x".repeat(2 << 20) + '"}', "oversized", [413]);
		}));
});

describe("paths", () => {
	for (const route of routes.filter((r) => /\{(id|[a-z_]+_id)\}/
		.test(r.path)))
		test(`${route.method} ${route.path}`, async () => {
			for (const id of ["1", "x", "%00", "%ff", "'--", "a".repeat(300),
				"00000000-0000-4000-8000-00000000000g"]) {
				const path = route.path.replace(/\{[^}]+\}/g, id);
				const answer = await raw(route.method, path, {
					token: tokenFor(route), parallel: true,
					headers: { "If-Match": '"1"' },
					...(route.body ? { body: json(route.body.example ?? {}),
						type: route.body.type } : {}) });
				assert.ok([404, 400, 405].includes(answer.status),
					`${id}: ${answer.status} ${answer.text}`);
			}
		});
});
