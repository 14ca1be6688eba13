// SPDX-License-Identifier: ISC
// What every route has from the library: methods, lengths that lie, keys of
// repeated requests, cookies of two worlds.
import assert from "node:assert/strict";
import { connect } from "node:net";
import { before, describe, test } from "node:test";
import { base, customer, goodPassword, raw, sql, staff, type Person } from "./harness.js";

let ada: Person, ben: Person;
before(async () => {
	ada = await customer();
	ben = await customer();
});

/** Sends bytes as they are and answers with the first line, or "" if the
 * server just closed. */
function bytes(text: string, more = "", wait = 0): Promise<string> {
	const { hostname, port } = new URL(base);
	return new Promise((resolve) => {
		let got = "";
		const socket = connect(Number(port), hostname, () => {
			socket.write(text);
			if (more)
				setTimeout(() => socket.writable && socket.write(more), wait);
		});
		socket.setTimeout(20_000, () => socket.destroy());
		socket.on("data", (data) => {
			got += data.toString("latin1");
			if (got.includes("\r\n"))
				socket.end();
		});
		socket.on("error", () => undefined);
		socket.on("close", () => resolve(got.split("\r\n")[0]));
	});
}

const post = "POST /api/customers/login HTTP/1.1\r\nHost: localhost\r\n" +
	"Content-Type: application/json\r\nConnection: close\r\n";

describe("bodies whose length lies", () => {
	for (const [what, text] of [
		["a chunk longer than said", `${post}Transfer-Encoding: chunked\r\n\r\n5\r\n{"a":1}\r\n0\r\n\r\n`],
		["a chunk that is no number", `${post}Transfer-Encoding: chunked\r\n\r\nxyz\r\n{}\r\n0\r\n\r\n`],
		["an endless chunk length", `${post}Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n{}\r\n`],
		["chunked and a length", `${post}Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\n{}\r\n0\r\n\r\n`],
		["two lengths", `${post}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} `],
		["a negative length", `${post}Content-Length: -1\r\n\r\n`],
		["a length that overflows", `${post}Content-Length: 99999999999999999999\r\n\r\n{}`],
		["another encoding", `${post}Transfer-Encoding: gzip\r\n\r\n{}`],
	])
		test(what, async () => {
			const line = await bytes(text);
			assert.match(line, /^HTTP\/1\.1 (400|411|413|422|501) |^$/, line);
		});

	test("chunks in order are taken", async () => {
		const line = await bytes(`${post}Transfer-Encoding: chunked\r\n\r\n`,
			'2\r\n{"\r\n13\r\nlogin":"a@b.org","p\r\n1\r\n"\r\n0\r\n\r\n', 50);
		assert.match(line, /^HTTP\/1\.1 400 /);
	});

	test("a client that leaves in the middle harms nobody", async () => {
		const { hostname, port } = new URL(base);
		await new Promise<void>((resolve) => {
			const socket = connect(Number(port), hostname, () => {
				socket.write(`${post}Content-Length: 100\r\n\r\n{"login"`);
				setTimeout(() => socket.destroy(), 50);
			});
			socket.on("close", () => resolve());
		});
		assert.equal((await raw("GET", "/api/auth/alive")).status, 200);
	});
});

describe("methods and paths", () => {
	test("HEAD says what GET would, without a body", async () => {
		const get = await raw("GET", "/api/catalog/alive");
		const head = await raw("HEAD", "/api/catalog/alive");
		assert.equal(head.status, 200);
		assert.equal(head.text, "");
		assert.equal(head.headers.get("content-type"),
			get.headers.get("content-type"));
	});

	test("a method that isn't there", async () => {
		for (const method of ["DELETE", "PUT", "OPTIONS"]) {
			const answer = await raw(method, "/api/catalog/alive",
				{ headers: {} });
			assert.equal(answer.status, 405);
			assert.equal(answer.headers.get("allow"), "GET");
		}
	});

	test("slashes at the end don't matter, encoded ones are no slashes",
		async () => {
		assert.equal((await raw("GET", "/api/catalog/alive/")).status, 200);
		assert.equal((await raw("GET", "/api/catalog%2falive")).status, 404);
		assert.equal((await raw("GET",
			"/api/catalog/products/..%2f..%2fstaff")).status, 404);
	});

	test("a Proxy header and a long header go nowhere", async () => {
		assert.equal((await raw("GET", "/api/catalog/alive",
			{ headers: { Proxy: "http://127.0.0.1:1" } })).status, 200);
		const line = await bytes("GET /api/catalog/alive HTTP/1.1\r\n" +
			`Host: localhost\r\nX-Long: ${"x".repeat(40_000)}\r\n\r\n`);
		assert.match(line, /^HTTP\/1\.1 (400|431|494) |^$/);
	});
});

describe("Idempotency-Key", () => {
	const buy = (who: Person, key: string, quantity = 1, id = product) =>
		raw("POST", "/bot/purchase", { token: who.token,
			headers: { "Idempotency-Key": key },
			body: { product_id: id, quantity } });
	let product = "";
	before(async () => {
		const [row] = await sql(`select v.id from variant v
			join stock s on s.variant_id = v.id
			where v.status = 'active' and s.on_hand - s.reserved > 8
			order by v.sku limit 1`);
		product = row.id;
	});

	test("the same again is the same answer; another request is refused",
		async () => {
		const first = await buy(ada, "core-1");
		assert.equal(first.status, 201, first.text);
		const again = await buy(ada, "core-1");
		assert.equal(again.text, first.text);
		assert.equal(again.headers.get("idempotent-replayed"), "true");
		const other = await buy(ada, "core-1", 2);
		assert.equal(other.status, 422);
		assert.equal(other.json.code, "KEY_REUSED");
	});

	test("keys of two people don't meet", async () => {
		const hers = await buy(ada, "core-2");
		const his = await buy(ben, "core-2");
		assert.equal(his.status, 201);
		assert.notEqual(his.json.id, hers.json.id);
	});

	test("a refused request leaves its key free", async () => {
		const short = await buy(ada, "core-3", 999);
		assert.equal(short.status, 409, short.text);
		const [{ n }] = await sql(`select count(*)::int as n from kept_answer
			where key = 'core-3'`);
		assert.equal(n, 0);
		assert.equal((await buy(ada, "core-3")).status, 201);
	});

	test("a key too long is not understood", async () => {
		assert.equal((await buy(ada, "k".repeat(201))).status, 400);
	});
});

describe("tokens of one world in the other", () => {
	test("a customer's cookie opens no staff route, nor the other way round",
		async () => {
		const clerk = await staff("superadmin");
		for (const [path, cookie] of [
			["/api/staff/me", `__Host-staff=${ada.token}`],
			["/api/staff/me", `__Host-customer=${ada.token}`],
			["/api/customers/profile", `__Host-customer=${clerk.token}`],
			["/api/customers/profile", `__Host-staff=${clerk.token}`],
			["/api/customers/profile", `x__Host-customer=${ada.token}`],
		])
			assert.equal((await raw("GET", path,
				{ headers: { Cookie: cookie } })).status, 401, cookie);
	});

	test("a cookie needs its CSRF token to write", async () => {
		const answer = await raw("POST", "/api/customers/login", { body: {
			login: ada.email, password: goodPassword, transport: "cookie" } });
		assert.equal(answer.status, 200, answer.text);
		assert.equal(answer.json.access_token, undefined);
		const cookie = answer.headers.getSetCookie()
			.map((line) => line.split(";")[0]).join("; ");
		const write = (headers: Record<string, string>) =>
			raw("PATCH", "/api/customers/profile", {
				body: { given_name: "Ada" }, headers: { Cookie: cookie,
					...headers } });
		assert.equal((await write({})).json.code, "CSRF_TOKEN_WRONG");
		assert.equal((await write({ "X-CSRF-Token": "x" })).status, 403);
		assert.equal((await write({
			"X-CSRF-Token": answer.json.csrf_token })).status, 200);
		assert.equal((await raw("GET", "/api/customers/profile",
			{ headers: { Cookie: cookie } })).status, 200);
	});
});
