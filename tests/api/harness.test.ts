// SPDX-License-Identifier: ISC
// What watches the tables during each request must see what it looks for.
import assert from "node:assert/strict";
import { test } from "node:test";
import { sql, tablesWatched } from "./harness.js";

for (const [what, statement] of [
	["a new row", `insert into suppressed_address (digest, reason)
		values (repeat('e', 64), 'bounced')`],
	["a changed row", `update suppressed_address set reason = 'erased'
		where digest = repeat('e', 64)`],
	["a row that is gone", `delete from suppressed_address
		where digest = repeat('e', 64)`],
])
	test(`${what} is seen, and in no other table`, () =>
		tablesWatched(async (watching) => {
			await sql(statement);
			assert.deepEqual(await watching.changed(), ["suppressed_address"]);
		}));
