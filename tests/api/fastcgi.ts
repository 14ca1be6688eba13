// SPDX-License-Identifier: ISC
// A worker of its own, spoken to as nginx would, or as nobody should: the
// FastCGI protocol in a few lines.
import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, openSync, readFileSync, rmSync, symlinkSync } from
	"node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";

export const BEGIN = 1, ABORT = 2, END = 3, PARAMS = 4, STDIN = 5,
	STDOUT = 6, GET_VALUES = 9;

export const sleep = (milliseconds: number): Promise<void> =>
	new Promise((resolve) => setTimeout(resolve, milliseconds));

/** One record; `length` may lie. */
export function record(type: number, content: Buffer | string = "",
	options: { id?: number; version?: number; length?: number } = {}):
	Buffer {
	const body = Buffer.from(content);
	const length = options.length ?? body.length, id = options.id ?? 1;
	return Buffer.concat([Buffer.from([options.version ?? 1, type,
		id >> 8, id & 255, length >> 8, length & 255, 0, 0]), body]);
}

const size = (n: number): Buffer => n < 128 ? Buffer.from([n]) :
	Buffer.from([n >>> 24 | 128, n >> 16 & 255, n >> 8 & 255, n & 255]);

export const begin = (keep = true, id = 1): Buffer =>
	record(BEGIN, Buffer.from([0, 1, keep ? 1 : 0, 0, 0, 0, 0, 0]), { id });

export function params(pairs: Record<string, string>, id = 1): Buffer {
	const parts = Object.entries(pairs).map(([name, value]) =>
		Buffer.concat([size(Buffer.byteLength(name)),
			size(Buffer.byteLength(value)), Buffer.from(name + value)]));
	return Buffer.concat([record(PARAMS, Buffer.concat(parts), { id }),
		record(PARAMS, "", { id })]);
}

export function stdin(body: Buffer | string, id = 1): Buffer {
	const bytes = Buffer.from(body), parts: Buffer[] = [];
	for (let at = 0; at < bytes.length; at += 65528)
		parts.push(record(STDIN, bytes.subarray(at, at + 65528), { id }));
	return Buffer.concat([...parts, record(STDIN, "", { id })]);
}

export interface Answer {
	/** 0 if the worker closed without a whole answer. */
	status: number;
	headers: Record<string, string>;
	text: string;
	json: any;
	whole: boolean;
}

const nothing: Answer = { status: 0, headers: {}, text: "", json: undefined,
	whole: false };

/** What a CGI answers: head, empty line, body. */
export function parse(text: string, whole = true): Answer {
	const end = text.indexOf("\r\n\r\n");
	if (end < 0)
		return nothing;
	const headers = Object.fromEntries(text.slice(0, end).split("\r\n")
		.map((line) => line.split(/: (.*)/s, 2)
			.map((part, i) => i ? part : part.toLowerCase())));
	const body = text.slice(end + 4);
	let json: any;
	try {
		json = JSON.parse(body);
	} catch {
		json = undefined;
	}
	return { status: Number.parseInt(headers.status, 10), headers,
		text: body, json, whole };
}

/** The records in what came, and the answer they make. */
export function answerOf(bytes: Buffer): Answer {
	let out = "", whole = false;
	for (let at = 0; at + 8 <= bytes.length;) {
		const length = bytes.readUInt16BE(at + 4);
		if (bytes[at + 1] === STDOUT)
			out += bytes.toString("utf8", at + 8, at + 8 + length);
		if (bytes[at + 1] === END)
			whole = true;
		at += 8 + length + bytes[at + 6];
	}
	return parse(out, whole);
}

export interface Ask {
	body?: string | Buffer;
	token?: string;
	cart?: string;
	/** Further parameters, or others. */
	more?: Record<string, string>;
	/** Milliseconds, at most. */
	wait?: number;
}

/** What nginx would tell of a request. */
export function about(method: string, path: string, ask: Ask = {}):
	Record<string, string> {
	const [, query = ""] = path.split("?");
	return {
		REQUEST_METHOD: method, REQUEST_URI: path, QUERY_STRING: query,
		CONTENT_LENGTH: ask.body === undefined ? "" :
			String(Buffer.byteLength(ask.body)),
		CONTENT_TYPE: ask.body === undefined ? "" : "application/json",
		REMOTE_ADDR: "192.0.2.7", SERVER_PROTOCOL: "HTTP/1.1",
		...(ask.token ? { HTTP_AUTHORIZATION: `Bearer ${ask.token}` } : {}),
		...(ask.cart ? { HTTP_DUKA_CART: ask.cart } : {}),
		...ask.more,
	};
}

const needed = (name: string): string => {
	const value = process.env[name];
	assert.ok(value, `${name} is not set`);
	return value;
};

export const programOf = (area: string): string =>
	`${needed("DUKA_TEST_PROGRAMS")}/${area}`;

/** One worker on a socket of its own, with a way to its database that can
 * be taken from it. */
export class Worker {
	readonly folder = mkdtempSync(`${tmpdir()}/duka-worker.`);
	readonly socket = `${this.folder}/sock`;
	readonly process: ChildProcess;
	private readonly exited: Promise<number | string>;

	constructor(readonly area: string, env: Record<string, string> = {},
		attached = true) {
		if (attached)
			this.attach();
		const errors = openSync(
			`${needed("DUKA_STACK")}/log/worker-${area}.err`, "a");
		this.process = spawn("spawn-fcgi", ["-n", "-s", this.socket, "--",
			programOf(area)], { stdio: ["ignore", "ignore", errors],
			env: { ...process.env, DUKA_RUN: this.folder,
				DUKA_LOG: `${this.folder}/log`,
				DUKA_DATABASE: `host=${this.folder} dbname=duka`, ...env } });
		this.exited = new Promise((resolve) => this.process.on("exit",
			(code, signal) => resolve(code ?? signal ?? "")));
		// What a test that failed has left holds nobody up.
		this.process.unref();
		process.on("exit", () => this.process.kill("SIGKILL"));
	}

	/** PostgreSQL is where the worker looks for it. */
	attach(): void {
		symlinkSync(`${needed("DUKA_TEST_PGHOST")}/.s.PGSQL.5432`,
			`${this.folder}/.s.PGSQL.5432`);
	}

	/** And is there no more. */
	detach(): void {
		rmSync(`${this.folder}/.s.PGSQL.5432`, { force: true });
	}

	get log(): string {
		return readFileSync(`${this.folder}/log`, "utf8");
	}

	async up(): Promise<this> {
		for (let i = 0; i < 200; i++) {
			const one = await this.open().catch(() => undefined);
			one?.destroy();
			if (one)
				return this;
			await sleep(25);
		}
		throw new Error(`${this.area} doesn't start`);
	}

	/** Its exit status, or the signal that ended it. */
	get ended(): Promise<number | string> {
		this.process.ref();
		return this.exited;
	}

	async stop(): Promise<number | string> {
		this.process.kill("SIGTERM");
		const status = await this.ended;
		rmSync(this.folder, { recursive: true, force: true });
		return status;
	}

	open(): Promise<Socket> {
		return new Promise((resolve, reject) => {
			const socket = connect(this.socket, () => resolve(socket));
			socket.on("error", reject);
		});
	}

	/** Sends bytes as they are; what comes until the worker closes, an
	 * END_REQUEST was seen, or the time is over. */
	async bytes(data: Buffer | Buffer[], options: { wait?: number;
		close?: boolean } = {}): Promise<Buffer> {
		const socket = await this.open();
		const parts: Buffer[] = [];
		const done = new Promise<void>((resolve) => {
			socket.on("data", (part) => {
				parts.push(part);
				if (answerOf(Buffer.concat(parts)).whole)
					resolve();
			});
			socket.on("close", () => resolve());
			setTimeout(resolve, options.wait ?? 20_000).unref();
		});
		socket.on("error", () => undefined);
		for (const part of [data].flat()) {
			socket.write(part);
			await sleep(1);
		}
		if (options.close)
			socket.end();
		await done;
		socket.destroy();
		return Buffer.concat(parts);
	}

	async ask(method: string, path: string, ask: Ask = {}): Promise<Answer> {
		return answerOf(await this.bytes([begin(),
			params(about(method, path, ask)), stdin(ask.body ?? "")],
			{ wait: ask.wait }));
	}
}
