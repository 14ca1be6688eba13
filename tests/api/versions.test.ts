// SPDX-License-Identifier: ISC
// Nobody of the staff overwrites unseen what another wrote: whatever changes
// or removes something that is there names the version that it means.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { raw, staff, type Person } from "./harness.js";
import { fill, neededQuery, routes } from "./routes.js";

/** Those that need none, and why. */
const exceptions = new Map([
	["PATCH /api/settings", "each setting's version is in the body"],
	["PUT /api/inventory/counts/{id}/lines",
		"each line says what it was; one that stood otherwise is refused"],
	["PUT /api/media/manage/pictures", "adds one; pictures never change"],
	["DELETE /api/media/manage/pictures/{id}", "pictures never change"],
	["DELETE /api/desk/notes/{id}", "one's own"],
	["DELETE /api/desk/views/{id}", "one's own"],
	["DELETE /api/tasks/{id}/comments/{comment_id}", "one's own"],
	["DELETE /api/staff/sessions/{id}", "ends it, whatever became of it"],
	["DELETE /api/staff/members/{id}/sessions", "ends them, likewise"],
	["DELETE /api/staff/members/{id}/sessions/{session_id}", "likewise"],
	["DELETE /api/staff/members/{id}/totp", "takes it away, likewise"],
	["DELETE /api/staff/keys/{id}", "revokes it, likewise"],
]);

const writing = routes.filter((r) => r.access === "staff" &&
	["PATCH", "PUT", "DELETE"].includes(r.method));
const nameOf = (r: (typeof routes)[number]) => `${r.method} ${r.path}`;
const needs = (r: (typeof routes)[number]) => r.parameters.some((p) =>
	p.name === "If-Match" && p.required);

let boss: Person;
before(async () => { boss = await staff("superadmin"); });

describe("what staff change or remove", () => {
	for (const route of writing.filter((r) => !exceptions.has(nameOf(r))))
		test(nameOf(route), async () => {
			assert.ok(needs(route), "give it .if_match, or name it as an " +
				"exception with the reason");
			const answer = await raw(route.method,
				fill(route) + neededQuery(route), { token: boss.token,
					type: route.body?.type, body: route.body?.example });
			assert.deepEqual([answer.status, answer.json.code],
				[428, "PRECONDITION_REQUIRED"]);
		});

	test("has no exception that isn't one", () => {
		const free = writing.filter((r) => !needs(r)).map(nameOf);
		assert.deepEqual([...exceptions.keys()].sort(), free.sort());
	});
});
