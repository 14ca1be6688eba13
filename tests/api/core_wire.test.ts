// SPDX-License-Identifier: ISC
// A worker and its socket: bytes that are no FastCGI, lengths that lie, who
// says nothing; the same program as a plain CGI; its start and its end.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync,
	writeFileSync } from "node:fs";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { after, before, describe, test } from "node:test";
import { customer, sql, staff, type Person } from "./harness.js";
import { ABORT, about, answerOf, BEGIN, begin, END, GET_VALUES, PARAMS, params,
	parse, programOf, record, sleep, STDIN, stdin, Worker, type Answer } from
	"./fastcgi.js";

let ada: Person;
let catalog: Worker, auth: Worker, customers: Worker;

before(async () => {
	ada = await customer();
	[catalog, auth, customers] = await Promise.all(
		["catalog", "auth", "customers"].map((area) =>
			new Worker(area).up()));
});

after(async () => {
	for (const worker of [catalog, auth, customers])
		assert.equal(await worker.stop(), 0);
});

const alive = about("GET", "/api/catalog/alive");

/** The one worker answers, and soon; on a busy machine, not for ever later. */
async function lives(worker = catalog, most = 15_000): Promise<void> {
	const began = Date.now();
	const answer = await worker.ask("GET", `/api/${worker.area}/alive`,
		{ wait: most });
	assert.equal(answer.status, 200);
	assert.ok(answer.whole);
	assert.ok(Date.now() - began < most, `${Date.now() - began} ms`);
	assert.equal(worker.process.exitCode, null);
}

describe("what is no FastCGI", () => {
	const random = (seed: number): Buffer => {
		const bytes = Buffer.alloc(3000);
		for (let i = 0, n = seed; i < bytes.length; i++)
			bytes[i] = (n = n * 1103515245 + 12345 & 0x7fffffff) >> 16;
		return bytes;
	};
	const cases: [string, Buffer][] = [
		["HTTP", Buffer.from("GET / HTTP/1.1\r\nHost: x\r\n\r\n".repeat(9))],
		["zeros", Buffer.alloc(5000)],
		["ones", Buffer.alloc(5000, 0xff)],
		...[1, 2, 3, 4, 5].map((n): [string, Buffer] =>
			[`noise ${n}`, random(n)]),
		["another version", Buffer.concat([record(BEGIN,
			Buffer.from([0, 1, 1, 0, 0, 0, 0, 0]), { version: 2 }),
			params(alive)])],
		["a beginning that is too short", Buffer.concat([record(BEGIN,
			Buffer.from([0, 1])), params(alive), stdin("")])],
		["a beginning of nobody", Buffer.concat([begin(true, 0),
			params(alive), stdin("")])],
		["another role", Buffer.concat([record(BEGIN,
			Buffer.from([0, 9, 1, 0, 0, 0, 0, 0])), params(alive),
			stdin("")])],
		["parameters before the beginning", Buffer.concat([params(alive),
			begin(), stdin("")])],
		["a parameter longer than its record", Buffer.concat([begin(),
			record(PARAMS, Buffer.from([14, 200, 82, 69, 81])),
			record(PARAMS), stdin("")])],
		["parameters of four gigabytes", Buffer.concat([begin(),
			record(PARAMS, Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
				0xff, 0xff, 65])), record(PARAMS), stdin("")])],
		["a body before the parameters end", Buffer.concat([begin(),
			record(PARAMS, Buffer.from([1, 1, 65, 66])), stdin("x")])],
		["an abort instead of a body", Buffer.concat([begin(),
			params(about("POST", "/api/catalog/brands")),
			record(ABORT)])],
		["types that are none", Buffer.concat([begin(), record(77, "x"),
			params(alive), stdin("")])],
	];

	for (const [what, bytes] of cases)
		test(what, async () => {
			// Whoever sent it leaves, or stays and stares.
			await catalog.bytes(bytes, { close: true, wait: 3000 });
			await lives();
			const open = await catalog.open();
			open.on("error", () => undefined);
			open.write(bytes);
			await sleep(20);
			await lives(catalog, 12_000);
			open.destroy();
		});

	test("records of others in between are passed over", async () => {
		const answer = await catalog.bytes(Buffer.concat([begin(),
			begin(true, 2), record(PARAMS, "x", { id: 2 }), params(alive),
			record(STDIN, "y", { id: 3 }), stdin("")]));
		// The second is told that it came in vain, the first is answered.
		const refusal = answer.indexOf(Buffer.from([1, END, 0, 2, 0, 8]));
		assert.ok(refusal >= 0);
		await lives();
	});

	test("what the library can do is told to who asks", async () => {
		const name = "FCGI_MPXS_CONNS";
		const answer = await catalog.bytes(Buffer.concat([
			record(GET_VALUES, Buffer.concat([Buffer.from([name.length, 0]),
				Buffer.from(name)]), { id: 0 }),
			begin(), params(alive), stdin("")]));
		assert.ok(answer.includes(Buffer.from(name + "0")));
		await lives();
	});

	test("many requests on one connection, and its end", async () => {
		const socket = await catalog.open();
		let got = 0;
		socket.on("data", (data) => {
			got += data.toString("latin1").split("Status: 200").length - 1;
		});
		for (let i = 1; i <= 20; i++) {
			socket.write(Buffer.concat([begin(), params(alive), stdin("")]));
			for (let left = 200; got < i && left > 0; left--)
				await sleep(5);
			assert.equal(got, i);
		}
		socket.destroy();
		await lives();
	});
});

describe("who doesn't go on", () => {
	/** Opens connections that say `bytes` and no more. */
	const stare = async (worker: Worker, many: number, bytes: Buffer = Buffer.alloc(0)):
		Promise<Socket[]> => Promise.all(Array.from({ length: many },
		async () => {
			const socket = await worker.open();
			socket.on("error", () => undefined);
			if (bytes.length > 0)
				socket.write(bytes);
			return socket;
		}));

	test("connections that say nothing hold nobody up", async () => {
		const silent = await stare(catalog, 100);
		await lives();
		silent.forEach((socket) => socket.destroy());
		await lives();
	});

	test("nor do they an area that takes one at a time", async () => {
		const silent = await stare(auth, 2);
		await lives(auth);
		await lives(auth);
		silent.forEach((socket) => socket.destroy());
		await lives(auth);
	});

	test("more connections than a worker takes wait, and are served",
		{ timeout: 60_000 }, async () => {
		const first = await stare(catalog, 505);
		await lives();
		const more = await stare(catalog, 100);
		const asked = catalog.ask("GET", "/api/catalog/alive");
		await sleep(200);
		first.forEach((socket) => socket.destroy());
		assert.equal((await asked).status, 200);
		more.forEach((socket) => socket.destroy());
		await lives();
	});

	// Each holds one worker, for ten seconds and not much longer.
	test("requests and answers that stop in the middle are given up",
		{ timeout: 120_000 }, async () => {
		const clerk = await staff("superadmin");
		const body = about("POST", "/api/customers/addresses",
			{ token: ada.token, body: "x".repeat(99) });
		const held = await Promise.all(([
			["auth", begin().subarray(0, 5)],
			["search", Buffer.concat([begin(),
				params(alive).subarray(0, 40)])],
			["customers", Buffer.concat([begin(), params(body),
				record(STDIN, "{", { length: 99 })])],
			// More than fits into the socket, and nobody reads it.
			["catalog", Buffer.concat([begin(), params(about("GET",
				"/api/catalog/export", { token: clerk.token })),
				stdin("")])],
		] as [string, Buffer][]).map(async ([area, bytes]) => {
			const worker = await new Worker(area).up();
			const [socket] = await stare(worker, 1, bytes);
			socket.pause();
			return { worker, socket };
		}));
		await sleep(500);
		await Promise.all(held.map(async ({ worker, socket }) => {
			const began = Date.now();
			await lives(worker, 45_000);
			assert.ok(Date.now() - began > 5000, "was not held at all");
			await lives(worker);
			socket.destroy();
			assert.equal(await worker.stop(), 0);
		}));
	});
});

const login = JSON.stringify({ login: "nobody@example.org",
	password: "wrong-password-1" });

describe("lengths of bodies", () => {
	const ask = async (length: string | undefined, body: string):
		Promise<Answer> => {
		const pairs = about("POST", "/api/customers/login", { body });
		if (length === undefined)
			delete pairs.CONTENT_LENGTH;
		else
			pairs.CONTENT_LENGTH = length;
		const answer = answerOf(await auth.bytes([begin(), params(pairs),
			stdin(body)]));
		assert.ok(answer.whole);
		return answer;
	};

	for (const length of ["-1", "+5", "1e3", "0x10", " 5", "5 ", "5,5", "ten"])
		test(`"${length}" is not understood`, async () => {
			const answer = await ask(length, login);
			assert.equal(answer.status, 400, answer.text);
			assert.match(answer.json.detail, /Content-Length/);
			assert.equal((await ask(length, "")).status, 400);
		});

	test("2^64 and what else is too large", async () => {
		for (const length of ["18446744073709551616", "9".repeat(60),
			"18446744073709551615", "65537"])
			assert.equal((await ask(length, login)).status, 413);
	});

	test("none: all that comes", async () => {
		assert.equal((await ask("", login)).status, 401);
		assert.equal((await ask(undefined, login)).status, 401);
		assert.equal((await ask("", `"${"x".repeat(70_000)}"`)).status, 413);
	});

	test("more than comes is broken off, less is what counts", async () => {
		assert.equal((await ask(String(login.length), login)).status, 401);
		const short = await ask(String(login.length + 1), login);
		assert.equal(short.status, 400);
		assert.equal(short.json.detail, "The body broke off");
		assert.equal((await ask(String(login.length),
			login + '{"login":"other"}')).status, 401);
		assert.equal((await ask("0", login)).status, 422);
		await lives(auth);
	});
});

describe("as a plain CGI", () => {
	const cgi = (area: string, pairs: Record<string, string>, input = "",
		env: Record<string, string> = {}) => {
		const ran = spawnSync(programOf(area), [], { input, encoding: "utf8",
			timeout: 10_000, env: { ...process.env, ...pairs,
				GATEWAY_INTERFACE: "CGI/1.1", ...env } });
		return { ...parse(ran.stdout), code: ran.status };
	};
	const json = (path: string, body: string, length = `${body.length}`) =>
		({ ...about("POST", path, { body }), CONTENT_LENGTH: length });

	test("GET and HEAD", () => {
		const get = cgi("catalog", alive);
		assert.equal(get.status, 200);
		assert.equal(get.code, 0);
		assert.equal(get.json.area, "catalog");
		const head = cgi("catalog", { ...alive, REQUEST_METHOD: "HEAD" });
		assert.equal(head.status, 200);
		assert.equal(head.text, "");
		const profile = cgi("customers", about("GET",
			"/api/customers/profile", { token: ada.token }));
		assert.equal(profile.json.email, ada.email);
		assert.equal(cgi("customers", about("GET",
			"/api/customers/profile")).code, 1);
	});

	test("POST with a body, with none, with too little, with more", () => {
		const path = "/api/customers/login";
		assert.equal(cgi("auth", json(path, login), login).status, 401);
		assert.equal(cgi("auth", json(path, ""), "").status, 422);
		assert.equal(cgi("auth", json(path, login, ""), login).status, 422);
		assert.equal(cgi("auth", json(path, login, "999"), login).status, 400);
		assert.equal(cgi("auth", json(path, login), login + "more").status,
			401);
		for (const length of ["-1", "1e3", "x"])
			assert.equal(cgi("auth", json(path, login, length), login).status,
				400);
	});

	test("what follows the body isn't waited for", async () => {
		// The pipe stays open: who reads to its end waits for ever.
		const child = spawn(programOf("auth"), [], { stdio:
			["pipe", "pipe", "ignore"], timeout: 10_000, env: {
			...process.env, ...json("/api/customers/login", login),
			GATEWAY_INTERFACE: "CGI/1.1" } });
		let out = "";
		child.stdout.on("data", (data) => out += data);
		child.stdin.write(login);
		const code = await new Promise((resolve) =>
			child.on("close", resolve));
		child.stdin.destroy();
		assert.equal(code, 1);
		assert.equal(parse(out).status, 401, out);
	});
});

describe("the end", () => {
	const slow = async (worker: Worker): Promise<void> => {
		for (let n = 0; n === 0; await sleep(20))
			[{ n }] = await sql(`select count(*)::int as n from pg_stat_activity
				where wait_event = 'PgSleep'
				and application_name = 'duka_${worker.area}'`);
	};

	test("idle: at once, with status 0", async () => {
		for (const area of ["catalog", "auth"]) {
			const worker = await new Worker(area).up();
			await lives(worker);
			const began = Date.now();
			assert.equal(await worker.stop(), 0);
			assert.ok(Date.now() - began < 15_000);
		}
	});

	test("in a request: it is answered first", async () => {
		const worker = await new Worker("customers").up();
		await sql(`create function slow_down() returns trigger language plpgsql
			as $$ begin perform pg_sleep(1.5); return null; end $$`);
		await sql(`create trigger slow after insert on customer_address
			for each row execute function slow_down()`);
		try {
			const asked = worker.ask("POST", "/api/customers/addresses",
				{ token: ada.token, body: JSON.stringify({ name: "Ada",
					line1: "1 Quay", city: "Galway", country: "IE" }) });
			await slow(worker);
			const ended = worker.stop();
			const answer = await asked;
			assert.equal(answer.status, 201, answer.text);
			assert.ok(answer.whole);
			assert.equal(await ended, 0);
		} finally {
			await sql("drop trigger slow on customer_address");
			await sql("drop function slow_down()");
		}
	});

	test("with kept connections: they are served until they are let go",
		async () => {
		const worker = await new Worker("catalog").up();
		const socket = await worker.open();
		const ask = async (): Promise<string> => {
			const come = new Promise<string>((resolve) =>
				socket.once("data", (data) =>
					resolve(data.toString("latin1"))));
			socket.write(Buffer.concat([begin(), params(alive), stdin("")]));
			return come;
		};
		assert.match(await ask(), /Status: 200/);
		const ended = worker.stop();
		await sleep(200);
		assert.match(await ask(), /Status: 200/);
		socket.destroy();
		assert.equal(await ended, 0);
	});
});

describe("the table of limits", () => {
	test("a worker that can't have it doesn't start, and says why",
		async () => {
		const folder = mkdtempSync(`${tmpdir()}/duka-limits.`);
		mkdirSync(`${folder}/taken/limits`, { recursive: true });
		mkdirSync(`${folder}/linked`);
		writeFileSync(`${folder}/elsewhere`, "");
		symlinkSync(`${folder}/elsewhere`, `${folder}/linked/limits`);
		await Promise.all(([[`${folder}/missing`, /No such file/],
			[`${folder}/taken`, /Is a directory/],
			[`${folder}/linked`, /symbolic links/], ["", /DUKA_RUN/]] as
			[string, RegExp][]).map(async ([run, why]) => {
			const worker = new Worker("catalog", { DUKA_RUN: run });
			assert.equal(await worker.ended, 1);
			assert.match(worker.log, /no table of limits/);
			assert.match(worker.log, why);
			rmSync(worker.folder, { recursive: true });
		}));
		rmSync(folder, { recursive: true });
	});

	test("a CGI without one does nothing that is limited", async () => {
		await sql(`update setting set value = '1000/hour'
			where key = 'limit.customer'`);
		try {
			const ran = spawnSync(programOf("customers"), [], {
				encoding: "utf8", env: { ...process.env,
					...about("GET", "/api/customers/profile",
						{ token: ada.token }), GATEWAY_INTERFACE: "CGI/1.1",
					DUKA_RUN: "/nowhere" } });
			assert.equal(parse(ran.stdout).status, 503);
		} finally {
			await sql(`update setting set value = 'off'
				where key = 'limit.customer'`);
		}
	});
});
