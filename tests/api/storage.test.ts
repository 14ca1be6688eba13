// SPDX-License-Identifier: ISC
// Pictures in an S3-compatible store: a stack of its own, and s3rver.
import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync,
	writeFileSync } from "node:fs";
import type http from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";
import pg from "pg";
import { png } from "./pictures.js";
import { door } from "./signed.js";

interface Server { run(): Promise<{ port: number }>; close(): Promise<void> }
const S3rver: new (options: object) => Server =
	createRequire(import.meta.url)("s3rver");
const stack = `${process.env.DUKA_TEST_TOP}/tools/stack`;
const folder = mkdtempSync(`${tmpdir()}/duka-store.`);
const shop = `${folder}/shop`;
const secret = `${folder}/secret`, wrong = `${folder}/wrong`;
const password = "Correct-horse-7-battery";
let base: string, env: NodeJS.ProcessEnv, pool: pg.Pool, token: string;
let port: number, behind: number, running: { objects: Server; front: http.Server } |
	undefined;

async function store(on: boolean): Promise<void> {
	if (on && !running) {
		const objects = new S3rver({ address: "127.0.0.1", port: 0,
			silent: true, directory: `${folder}/objects`,
			configureBuckets: [{ name: "duka" }] });
		({ port: behind } = await objects.run());
		const front = door(behind, "S3RVER", "S3RVER", "eu-west-1");
		await new Promise<void>((resolve) => front.listen(port ?? 0,
			"127.0.0.1", resolve));
		({ port } = front.address() as { port: number });
		running = { objects, front };
	} else if (!on && running) {
		running.front.close();
		running.front.closeAllConnections();
		await running.objects.close();
		running = undefined;
	}
}

const sql = async (text: string, values: unknown[] = []): Promise<any[]> =>
	(await pool.query(text, values)).rows;

/** One of the stack's programs, run to its end. */
function program(name: string, args: string[], more = {}):
	{ status: number | null; text: string } {
	const done = spawnSync(`${env.DUKA_BIN}/${name}`, args, {
		env: { ...env, ...more }, encoding: "utf8" });
	return { status: done.status, text: done.stdout + done.stderr };
}

/** As program(), while this process still answers as the store. */
const courier = (more = {}): Promise<{ status: number | null;
	text: string }> => new Promise((resolve) => {
	const child = spawn(`${env.COURIER}/courier`, ["store"],
		{ env: { ...env, ...more } });
	let text = "";
	child.stdout.on("data", (part) => text += part);
	child.stderr.on("data", (part) => text += part);
	child.on("close", (status) => resolve({ status, text }));
});

async function ask(method: string, path: string, body?: unknown,
	type = "application/json"): Promise<any> {
	const answer = await fetch(base + path, { method,
		headers: { ...(body ? { "Content-Type": type } : {}),
			...(token ? { Authorization: `Bearer ${token}` } : {}) },
		body: body instanceof Uint8Array ? body as BodyInit :
			body ? JSON.stringify(body) : undefined });
	const text = await answer.text();
	assert.ok(answer.status < 300, text);
	return text ? JSON.parse(text) : undefined;
}

interface Kept { id: string; url: string; digest: string;
	sizes: { url: string }[] }
let shade = 0;

async function send(width = 400): Promise<Kept> {
	const tone = ++shade * 11;
	const made = await ask("PUT", "/api/media/pictures",
		await png({ width, height: 50, shade: (y) => (y * tone) & 255 }),
		"image/png");
	return { ...made, digest: /p\/([0-9a-f]{64})/.exec(made.url)![1] };
}

async function file(url: string): Promise<{ status: number; bytes: Buffer;
	headers: Record<string, string | null> }> {
	const answer = await fetch(base + url);
	const names = ["content-type", "cache-control", "x-content-type-options",
		"content-security-policy", "cross-origin-resource-policy",
		"x-frame-options", "referrer-policy", "set-cookie", "server"];
	return { status: answer.status,
		headers: Object.fromEntries(names.map((n) =>
			[n, answer.headers.get(n)])),
		bytes: Buffer.from(await answer.arrayBuffer()) };
}

const row = async (digest: string): Promise<any> => (await sql(
	"select *, claimed_until > now() as claimed from picture_file where digest = $1",
	[digest]))[0];
const local = (digest: string) => readdirSync(`${shop}/media/p`)
	.filter((name) => name.startsWith(digest)).length;
const remote = async (digest: string) => {
	const list = await (await fetch(
		`http://127.0.0.1:${port}/duka?prefix=p/${digest}`)).text();
	return (list.match(/<Key>/g) ?? []).length;
};
const leaveDisk = async (digest: string) => {
	await sql("update picture_file set stored_at = now() - interval '25 hours' where digest = $1",
		[digest]);
	assert.equal(program("media", ["sweep"]).status, 0);
};

before(async () => {
	writeFileSync(secret, "S3RVER\n");
	writeFileSync(wrong, "another-secret\n");
	execFileSync("chmod", ["755", folder]);
	execFileSync("chmod", ["644", secret, wrong]);
	await store(true);
	execFileSync(stack, [shop, "start", "--build", process.env.DUKA_BUILD!,
		"--fsync", "off", "--areas", "auth customers media", "--courier",
		"off"], { env: { ...process.env,
		DUKA_S3: `http://127.0.0.1:${port}/duka`, DUKA_S3_KEY: "S3RVER",
		DUKA_S3_SECRET_FILE: secret, DUKA_S3_REGION: "eu-west-1" } });
	env = { PATH: process.env.PATH,
		ASAN_OPTIONS: process.env.ASAN_OPTIONS };
	for (const [, name, value] of readFileSync(`${shop}/env`, "utf8")
		.matchAll(/^(\w+)='(.*)'$/gm))
		env[name] = value;
	env.COURIER = existsSync(`${env.DUKA_BIN}/courier`) ? env.DUKA_BIN :
		env.DUKA_BIN!.replace("cgi-bin", "daemons");
	base = env.DUKA_HTTP!;
	pool = new pg.Pool({ host: env.PGHOST, database: "duka",
		user: "postgres", max: 2, options: "-c search_path=duka",
		allowExitOnIdle: true });
	await sql("update setting set value = 'off' where key like 'limit.%'");
	await sql("update setting set value = '1' where key = 'courier.pause'");
	const email = "keeper@example.org";
	await ask("POST", "/api/customers/register", { email, password,
		given_name: "Kee", family_name: "Per" });
	const [letter] = await sql("select data from outbox where template = 'verify-email'");
	await ask("POST", "/api/customers/verify-email",
		{ token: letter.data.token });
	token = (await ask("POST", "/api/customers/login",
		{ login: email, password })).access_token;
});

after(async () => {
	await pool?.end();
	execFileSync(stack, [shop, "stop"]);
	await store(false);
	rmSync(folder, { recursive: true, force: true });
});

describe("a picture in the store", () => {
	test("is brought there, leaves the disk, and is served as before",
		async () => {
			const kept = await send();
			const on = await Promise.all(kept.sizes.map((s) => file(s.url)));
			assert.deepEqual(on.map((a) => a.status), [200, 200, 200]);
			assert.equal(await remote(kept.digest), 0);
			const done = await courier();
			assert.equal(done.status, 0, done.text);
			assert.match(done.text, /^1 stored, 0 removed, 0 put off/);
			assert.equal(await remote(kept.digest), 3);
			assert.equal((await row(kept.digest)).state, "stored");
			// It stays on the disk for its hours.
			program("media", ["sweep"]);
			assert.equal(local(kept.digest), 3);
			await leaveDisk(kept.digest);
			assert.equal(local(kept.digest), 0);
			const off = await Promise.all(kept.sizes.map((s) => file(s.url)));
			assert.deepEqual(off, on);
			assert.deepEqual(await Promise.all(kept.sizes.map((s) =>
				file(s.url))), on);
		});

	test("is nobody else's object, and no way into the store", async () => {
		const kept = await send();
		await courier();
		await leaveDisk(kept.digest);
		for (const method of ["PUT", "DELETE", "POST"]) {
			const answer = await fetch(base + kept.url, { method });
			assert.ok([403, 404, 405].includes(answer.status),
				`${method} ${answer.status}`);
		}
		assert.equal(await remote(kept.digest), 3);
		const missing = await file(`/media/p/${"0".repeat(64)}-160.webp`);
		assert.equal(missing.status, 404);
		assert.equal(missing.headers["content-type"],
			"application/problem+json");
	});

	test("is removed from there with its row, and sent again if it comes back",
		async () => {
			const kept = await send();
			await courier();
			await leaveDisk(kept.digest);
			await ask("DELETE", `/api/media/pictures/${kept.id}`);
			assert.equal((await row(kept.digest)).state, "leaving");
			const done = await courier();
			assert.match(done.text, /^0 stored, 1 removed/);
			assert.equal(await remote(kept.digest), 0);
			assert.equal(await row(kept.digest), undefined);
			assert.equal((await file(kept.url)).status, 404);
			shade--;
			const again = await send();
			assert.equal(again.digest, kept.digest);
			assert.equal((await row(kept.digest)).state, "here");
			await courier();
			assert.equal(await remote(kept.digest), 3);
		});

	test("that comes back while it leaves stays", async () => {
		const kept = await send();
		await courier();
		await leaveDisk(kept.digest);
		await ask("DELETE", `/api/media/pictures/${kept.id}`);
		shade--;
		await send();
		assert.deepEqual([(await row(kept.digest)).state,
			local(kept.digest)], ["here", 3]);
		assert.match((await courier()).text, /^1 stored, 0 removed/);
		assert.equal((await file(kept.url)).status, 200);
	});

	test("goes with the nightly sweep when nothing shows it", async () => {
		const kept = await send();
		await courier();
		await sql("update picture set created_at = now() - interval '25 hours' where id = $1",
			[kept.id]);
		program("media", ["sweep"]);
		assert.equal(local(kept.digest), 0);
		await courier();
		assert.equal(await remote(kept.digest), 0);
		assert.equal(await row(kept.digest), undefined);
	});

	test("never sent leaves nothing to be done", async () => {
		const kept = await send();
		await ask("DELETE", `/api/media/pictures/${kept.id}`);
		assert.equal(await row(kept.digest), undefined);
	});
});

describe("a courier that is killed", () => {
	/** A store that takes connections and never answers. */
	async function killedAt(work: () => Promise<unknown>): Promise<void> {
		let reached: () => void;
		const there = new Promise<void>((resolve) => reached = resolve);
		const deaf = createServer((socket) => {
			socket.on("error", () => undefined);
			socket.once("data", () => reached());
		});
		await new Promise<void>((resolve) => deaf.listen(0, "127.0.0.1",
			resolve));
		await work();
		const { port: other } = deaf.address() as { port: number };
		const child = spawn(`${env.COURIER}/courier`, ["store"], { env: {
			...env, DUKA_S3: `http://127.0.0.1:${other}/duka` } });
		const ended = new Promise((resolve) => child.on("close", resolve));
		await there;
		child.kill("SIGKILL");
		await ended;
		deaf.close();
	}

	test("in the middle of sending: its claim lapses, it is sent", async () => {
		let kept!: Kept;
		await killedAt(async () => { kept = await send(); });
		const left = await row(kept.digest);
		assert.deepEqual([left.state, left.sent, left.claimed],
			["here", true, true]);
		assert.match((await courier()).text, /^0 stored/);
		assert.equal((await file(kept.url)).status, 200);
		await sql("update picture_file set claimed_until = now() where claimed_until > now()");
		assert.match((await courier()).text, /^1 stored/);
		assert.equal(await remote(kept.digest), 3);
	});

	test("and the picture removed meanwhile: no object stays", async () => {
		let kept!: Kept;
		await killedAt(async () => { kept = await send(); });
		// One of its files had arrived.
		await fetch(`http://127.0.0.1:${behind}/duka/p/${kept.digest}-160.webp`,
			{ method: "PUT", body: "half of it" });
		assert.equal(await remote(kept.digest), 1);
		await ask("DELETE", `/api/media/pictures/${kept.id}`);
		assert.equal((await row(kept.digest)).state, "leaving");
		await sql("update picture_file set claimed_until = now() where claimed_until > now()");
		assert.match((await courier()).text, /1 removed/);
		assert.equal(await remote(kept.digest), 0);
		assert.equal(await row(kept.digest), undefined);
	});

	test("in the middle of removing: it is removed", async () => {
		const kept = await send();
		await courier();
		await killedAt(() => ask("DELETE", `/api/media/pictures/${kept.id}`));
		assert.equal((await row(kept.digest)).state, "leaving");
		await sql("update picture_file set claimed_until = now() where claimed_until > now()");
		assert.match((await courier()).text, /1 removed/);
		assert.equal(await remote(kept.digest), 0);
	});
});

describe("a store that is away", () => {
	test("is asked again later, and all is served from the disk", async () => {
		const far = await send(), near = await send();
		await sql("update picture_file set due_at = now() + interval '1 hour' where digest = $1",
			[near.digest]);
		await courier();
		await leaveDisk(far.digest);
		const seen = await file(far.url);
		assert.equal(seen.status, 200);
		await sql("update picture_file set due_at = now() where digest = $1",
			[near.digest]);
		await store(false);
		const done = await courier();
		assert.equal(done.status, 1, done.text);
		assert.match(done.text, /1 put off.*connect/);
		assert.equal((await file(near.url)).status, 200);
		// What nginx has it shows; what it hasn't it can't.
		assert.deepEqual(await file(far.url), seen);
		const unseen = await file(far.sizes[0].url);
		assert.equal(unseen.status, 503);
		assert.equal(unseen.headers["content-type"],
			"application/problem+json");
		const [{ tries, later }] = await sql(
			"select tries, due_at > now() as later from picture_store");
		assert.ok(tries >= 1 && later);
		await store(true);
		await sql("update picture_file set due_at = now() where state = 'here'");
		assert.match((await courier()).text, /^1 stored/);
		assert.equal((await sql("select tries from picture_store"))[0].tries,
			0);
		assert.equal((await file(far.sizes[0].url)).status, 200);
	});

	test("or that refuses our secret: said, without it", async () => {
		const kept = await send();
		const done = await courier({ DUKA_S3_SECRET_FILE: wrong });
		assert.equal(done.status, 1, done.text);
		assert.match(done.text, /403 SignatureDoesNotMatch/);
		assert.equal((await row(kept.digest)).state, "here");
		assert.equal(local(kept.digest), 3);
		assert.match((await courier({ DUKA_S3_KEY: "NOBODY" })).text,
			/0 put off|InvalidAccessKeyId/);
		assert.equal((await courier({ DUKA_S3_SECRET_FILE: "/nowhere" }))
			.status, 1);
		const log = readFileSync(`${shop}/log/duka.log`, "utf8");
		assert.match(log, /SignatureDoesNotMatch/);
		assert.ok(!log.includes("another-secret"));
		await sql("update picture_file set due_at = now() where state = 'here'");
		assert.match((await courier()).text, /^1 stored/);
	});

	test("isn't to blame for a file that is missing", async () => {
		const lost = await send(), other = await send();
		for (const name of readdirSync(`${shop}/media/p`))
			if (name.startsWith(lost.digest))
				rmSync(`${shop}/media/p/${name}`);
		const done = await courier();
		assert.match(done.text, /^1 stored, 0 removed, 1 put off/);
		assert.equal((await row(other.digest)).state, "stored");
		assert.match((await row(lost.digest)).last_error, /No such file/);
		await ask("DELETE", `/api/media/pictures/${lost.id}`);
		await courier();
	});

	test("that was never configured is no command", () => {
		const done = program("../" + (env.COURIER === env.DUKA_BIN ? "" :
			"../daemons/.libs/") + "courier", ["store"], { DUKA_S3: "" });
		assert.equal(done.status, 2, done.text);
	});
});

describe("the courier", () => {
	test("does it by itself, in a process that ends", async () => {
		execFileSync(stack, [shop, "start", "--courier", "on"], { env: {
			...process.env, DUKA_S3: env.DUKA_S3,
			DUKA_S3_KEY: env.DUKA_S3_KEY, DUKA_S3_REGION: env.DUKA_S3_REGION,
			DUKA_S3_SECRET_FILE: env.DUKA_S3_SECRET_FILE } });
		const kept = await send();
		let state = "";
		for (let i = 0; i < 300 && state !== "stored"; i++) {
			await sql("select pg_notify('outbox', '')");
			await new Promise((resolve) => setTimeout(resolve, 100));
			({ state } = await row(kept.digest));
		}
		assert.equal(state, "stored");
		assert.equal(await remote(kept.digest), 3);
	});
});
