// SPDX-License-Identifier: ISC
// The contract itself: lint, examples that fit their schemas, and that nginx
// sends every route to the area that has it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { base, contract, program, raw } from "./harness.js";
import { routes } from "./routes.js";

const top = process.env.DUKA_TEST_TOP!;

test("redocly finds nothing", () => {
	const lint = spawnSync(`${top}/tests/node_modules/.bin/redocly`,
		["lint", "--config", `${top}/contract/redocly.yaml`, "--format=stylish",
			process.env.DUKA_TEST_CONTRACT!], { encoding: "utf8",
			env: { ...process.env, REDOCLY_TELEMETRY: "off",
				REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" } });
	assert.equal(lint.status, 0, lint.stdout + lint.stderr);
	assert.doesNotMatch(lint.stdout + lint.stderr, /\d+ warnings?\b/i);
});

describe("examples", () => {
	const ajv = new Ajv2020({ strict: false, allErrors: true });
	(formats as unknown as { default: (a: Ajv2020) => void }).default(ajv);
	ajv.addSchema({ $id: "contract", components: contract.components });
	const check = (schema: object, example: unknown, where: string) => {
		const validate = ajv.compile(JSON.parse(JSON.stringify(schema)
			.replaceAll('"#/components/', '"contract#/components/')));
		assert.ok(validate(example),
			`${where}: ${ajv.errorsText(validate.errors)}`);
	};

	for (const [path, methods] of Object.entries<any>(contract.paths))
		for (const [method, operation] of Object.entries<any>(methods))
			test(`${method.toUpperCase()} ${path}`, () => {
				for (const body of Object.values<any>(
					operation.requestBody?.content ?? {})) {
					assert.ok("example" in body, "the request has no example");
					check(body.schema, body.example, "request");
				}
				for (const [status, answer] of Object.entries<any>(
					operation.responses))
					for (const media of Object.values<any>(
						answer.content ?? {})) {
						assert.ok("example" in media,
							`${status} has no example`);
						check(media.schema, media.example,
							`answer ${status}`);
					}
			});
});

test("every route of every program is in the contract and behind nginx",
	async () => {
	for (const { name: area } of contract.tags) {
		const health = await raw("GET", `/api/${area}/health`);
		assert.equal(health.json.area, area);
		for (const line of program(area, ["routes"]).trim().split("\n")) {
			const [method, path] = line.split("\t");
			assert.ok(routes.some((r) => r.method === method &&
				r.path === path), `${method} ${path}`);
			// A method that no route has: the program that knows the path
			// answers 405, any other 404.
			const answer = await fetch(base + path.replace(/\{[^}]+\}/g,
				"00000000-0000-4000-8000-000000000000"), { method: "PROPFIND" });
			assert.equal(answer.status, 405, `${area}: ${path}`);
			assert.ok(answer.headers.get("allow")!.includes(method));
		}
	}
});

test("what nginx itself refuses is a problem too", async () => {
	for (const [path, options, status] of [
		["/bot/no/such/place", {}, 404],
		["/api/nothing", {}, 404],
		["/api/cart/lines", { method: "POST", body: "x".repeat(200_000),
			headers: { "Content-Type": "application/json" } }, 413],
	] as [string, RequestInit, number][]) {
		const answer = await fetch(base + path, options);
		assert.equal(answer.status, status, path);
		assert.equal(answer.headers.get("content-type"),
			"application/problem+json", path);
		const problem = await answer.json() as any;
		assert.equal(problem.status, status);
	}
});

test("Swagger UI and the contract are served", async () => {
	const served = await fetch(`${base}/api/openapi.json`);
	assert.equal(served.status, 200);
	assert.equal((await served.json() as any).openapi, "3.1.0");
	const page = await fetch(`${base}/api/docs/`);
	assert.equal(page.status, 200);
	const html = await page.text();
	for (const [, file] of html.matchAll(/(?:src|href)="([^":]+)"/g))
		assert.equal((await fetch(new URL(file, `${base}/api/docs/`))).status,
			200, file);
	assert.match(html, /swagger/i);
});
