// SPDX-License-Identifier: ISC
// What watches the tables during each request must see what it looks for.
import assert from "node:assert/strict";
import { test } from "node:test";
import { sql, tablesWatched } from "./harness.js";

for (const [what, statement] of [
	["a new row", `insert into setting (key, value, about)
		values ('watched', 'a', 'a test')`],
	["a changed row", "update setting set value = 'b' where key = 'watched'"],
	["a row that is gone", "delete from setting where key = 'watched'"],
])
	test(`${what} is seen, and in no other table`, () =>
		tablesWatched(async (watching) => {
			await sql(statement);
			assert.deepEqual(await watching.changed(), ["setting"]);
		}));
