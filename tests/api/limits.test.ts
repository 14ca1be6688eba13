// SPDX-License-Identifier: ISC
// The limits as they are shipped, on a stack of its own: 100 requests an hour
// for anonymous callers, 1,000 for a customer, 5 registrations, 10 logins.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { Worker } from "./fastcgi.js";
import { customer, goodPassword, sql } from "./harness.js";

const limited = process.env.DUKA_TEST_LIMITED!;

const send = (method: string, path: string, body?: unknown, token?: string) =>
	fetch(limited + path, { method,
		body: body === undefined ? undefined : JSON.stringify(body),
		headers: { ...(body ? { "Content-Type": "application/json" } : {}),
			...(token ? { Authorization: `Bearer ${token}` } : {}) } });

/** How many of `most` requests come through before the first 429. */
async function count(most: number, ask: () => Promise<Response>):
	Promise<number> {
	for (let i = 0; i < most; i++) {
		const answer = await ask();
		const text = await answer.text();
		assert.ok(answer.headers.get("ratelimit-limit"), text);
		if (answer.status !== 429)
			continue;
		const problem = JSON.parse(text);
		assert.equal(problem.code, "TOO_MANY_REQUESTS");
		assert.equal(answer.headers.get("content-type"),
			"application/problem+json");
		const wait = Number(answer.headers.get("retry-after"));
		assert.ok(wait > 0 && wait <= 3600, `Retry-After: ${wait}`);
		assert.equal(answer.headers.get("ratelimit-remaining"), "0");
		return i;
	}
	return most;
}

// In this order: each counts against what follows only where it is said so.
test("5 registrations an hour", async () => {
	let n = 0;
	assert.equal(await count(10, () => send("POST",
		"/api/customers/register", { email: `limit${n++}@example.org`,
			password: goodPassword, given_name: "Li", family_name: "Mit" })), 5);
});

test("1,000 requests an hour for a customer", async () => {
	const answer = await send("POST", "/api/customers/login",
		{ login: "limit0@example.org", password: goodPassword });
	assert.equal(answer.status, 200);
	const { access_token: token } = await answer.json() as any;
	const from = performance.now();
	const through = await count(1100, () =>
		send("GET", "/api/customers/profile", undefined, token));
	// GCRA gives back while one asks: one every 3.6 s.
	const back = (performance.now() - from) / 3600;
	assert.ok(through >= 1000 && through <= 1001 + back, `${through}`);
});

test("10 logins an hour, whoever it is", async () => {
	let n = 0;
	// One was used above.
	const through = await count(20, () => send("POST", "/api/customers/login",
		{ login: `nobody${n++}@example.org`, password: "wrong-password-1" }));
	assert.equal(through, 9);
});

test("100 anonymous requests an hour; public pages go on", async () => {
	const through = await count(150, () =>
		send("GET", "/api/customers/profile"));
	assert.ok(through >= 90 && through <= 103, `${through}`);
	const open = await send("GET", "/api/catalog/categories");
	assert.equal(open.status, 200);
});

test("many machines guess no faster than one; the owner comes in as ever",
	async () => {
	const ada = await customer(), limit = (value: string) => sql(`update
		setting set value = $1 where key = 'limit.login_guesses'`, [value]);
	const [{ value: before }] = await sql(`select value from setting
		where key = 'limit.login_guesses'`);
	await limit("5/hour");
	const auth = await new Worker("auth").up();
	try {
		const come = async (machine: string, name: string, word: string) =>
			(await auth.ask("POST", "/api/customers/login", {
				body: JSON.stringify({ login: name, password: word }),
				more: { REMOTE_ADDR: machine } })).status;
		const home = "198.51.100.1";
		assert.equal(await come(home, ada.email, goodPassword), 200);
		const guesses: number[] = [], strangers: number[] = [];
		for (let i = 10; i < 18; i++) {
			guesses.push(await come(`203.0.113.${i}`,
				i % 2 ? ada.email : ada.email.toUpperCase(), "Wrong-word-1"));
			// Known or not: no difference.
			strangers.push(await come(`203.0.113.${i}`,
				"nobody-at-all@example.org", "Wrong-word-1"));
		}
		// The owner's first login was one of the five.
		assert.deepEqual(guesses, [401, 401, 401, 401, 429, 429, 429, 429]);
		assert.deepEqual(strangers, [401, 401, 401, 401, 401, 429, 429, 429]);
		assert.equal(await come(home, ada.email, goodPassword), 200);
		assert.equal(await come("203.0.113.99", ada.email, goodPassword), 429);
	} finally {
		await limit(before);
		assert.equal(await auth.stop(), 0);
	}
});

test("a limit that can't be read is refused, found, and not none",
	async () => {
	const set = (value: string) => sql(`update setting set value = $1
		where key = 'limit.anonymous'`, [value]);
	const [{ value: before }] = await sql(`select value from setting
		where key = 'limit.anonymous'`);
	for (const bad of ["", "lots", "100", "0/hour", "-1/hour", "100 / hour",
		"100/week", "1e3/hour"])
		await assert.rejects(set(bad), /limit.anonymous is "off", or such as/);
	for (const good of ["off", "1/second", "999999999/day"])
		await set(good);
	await sql("alter table setting disable trigger checked");
	for (const bad of ["", "lots", "0/hour"])
		await assert.rejects(set(bad), /setting_limit_form/);
	await sql("alter table setting drop constraint setting_limit_form");
	await set("lots");
	const customers = await new Worker("customers").up();
	try {
		const answer = await customers.ask("GET", "/api/customers/profile");
		assert.equal(answer.status, 401);
		assert.equal(answer.headers["ratelimit-limit"], "60");
		assert.match(spawnSync(
			`${process.env.DUKA_TEST_PROGRAMS}/customers`, ["check"],
			{ encoding: "utf8" }).stderr,
			/limit\.anonymous is no limit: lots/);
	} finally {
		await set(before);
		await sql(`alter table setting add constraint setting_limit_form
			check (key !~ '^limit[.]' or value = 'off' or
			value ~ '^[0-9]{1,9}/(second|minute|hour|day)$'
			and value !~ '^0+/') not valid`);
		await sql("alter table setting enable trigger checked");
		assert.equal(await customers.stop(), 0);
	}
});
