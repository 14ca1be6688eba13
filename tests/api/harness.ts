// SPDX-License-Identifier: ISC
// What every API test stands on: a private stack (tests/api/run starts it and
// names it in the environment), the typed client, and two checks on every
// answer: it fits the contract, and a 4xx has changed no table.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import pg from "pg";
import { shop, type Shop, type ShopOptions } from "../../client/index.js";

const needed = (name: string): string => {
	const value = process.env[name];
	if (!value)
		throw new Error(`${name} is not set: run tests/api/run`);
	return value;
};

export const base = needed("DUKA_TEST_HTTP");
export const tls = process.env.DUKA_TEST_HTTPS ?? "";
const programs = needed("DUKA_TEST_PROGRAMS");
const commands = needed("DUKA_TEST_COMMANDS");

// The database, as its superuser: what the API must not show can be seen here.

const door: pg.PoolConfig = {
	host: needed("DUKA_TEST_PGHOST"),
	database: "duka",
	user: process.env.DUKA_TEST_PGUSER ?? "postgres",
	options: "-c search_path=duka",
	allowExitOnIdle: true,
};
const pool = new pg.Pool({ ...door, max: 2 });

export async function sql<Row extends pg.QueryResultRow = any>(
	text: string, values: unknown[] = []): Promise<Row[]> {
	return (await pool.query<Row>(text, values)).rows;
}

// The contract.

interface Media { schema?: object }
interface Operation {
	responses: Record<string, {
		$ref?: string; content?: Record<string, Media>;
	}>;
}
export interface Contract {
	tags: { name: string }[];
	paths: Record<string, Record<string, Operation>>;
	components: {
		schemas: Record<string, object>;
		responses: Record<string, { content?: Record<string, Media> }>;
	};
}

export const contract: Contract =
	JSON.parse(readFileSync(needed("DUKA_TEST_CONTRACT"), "utf8"));

const ajv = new Ajv2020({ strict: false, allErrors: true });
(formats as unknown as { default: (a: Ajv2020) => void }).default(ajv);
ajv.addSchema({ $id: "contract", components: contract.components });

const validators = new Map<object, ValidateFunction>();
function validator(schema: object): ValidateFunction {
	let found = validators.get(schema);
	if (!found) {
		const absolute = JSON.parse(JSON.stringify(schema).replaceAll(
			'"#/components/', '"contract#/components/'));
		found = ajv.compile(absolute);
		validators.set(schema, found);
	}
	return found;
}

const templates = Object.keys(contract.paths).map((path) => ({
	path,
	parameters: (path.match(/\{/g) ?? []).length,
	pattern: new RegExp("^" + path.replace(/[.]/g, "\\.")
		.replace(/\{[^}]+\}/g, "[^/]+") + "/?$"),
})).sort((a, b) => a.parameters - b.parameters);

function operationOf(method: string, path: string): Operation | undefined {
	const fits = templates.filter((t) => t.pattern.test(path));
	for (const { path: name } of fits) {
		const found = contract.paths[name][method.toLowerCase()];
		if (found)
			return found;
	}
	return undefined;
}

const schemasSeen = new Set<string>();

// An answer that the contract doesn't know, or knows otherwise, is a fault.
function checkContract(method: string, path: string, status: number,
	type: string, text: string): void {
	const operation = operationOf(method === "HEAD" ? "GET" : method, path);
	const where = `${method} ${path} ${status}`;
	if (status >= 400) {
		assert.equal(type, "application/problem+json", `${where}: ${text}`);
		const problem = contract.components.responses.Problem
			.content!["application/problem+json"].schema!;
		const check = validator(problem);
		assert.ok(check(JSON.parse(text)),
			`${where}: ${ajv.errorsText(check.errors)}: ${text}`);
		return;
	}
	assert.ok(operation, `${where}: not in the contract`);
	const answer = operation.responses[String(status)] ??
		(status === 304 ? {} : undefined);
	assert.ok(answer, `${where}: status not in the contract`);
	if (!answer.content || method === "HEAD") {
		assert.equal(text, "", where);
		return;
	}
	const media = answer.content[type];
	assert.ok(media, `${where}: type ${type} not in the contract`);
	if (type !== "application/json" || !media.schema)
		return;
	const check = validator(media.schema);
	assert.ok(check(JSON.parse(text)),
		`${where}: ${ajv.errorsText(check.errors)}: ${text.slice(0, 2000)}`);
	schemasSeen.add(`${method} ${path}`);
}

// The tables' state: rows and the newest writer of each table.

let fingerprintQuery = "";

async function fingerprint(client: pg.PoolClient):
	Promise<Record<string, string>> {
	if (!fingerprintQuery) {
		const tables = await sql<{ name: string }>(
			`select relname as name from pg_class
			where relnamespace = 'duka'::regnamespace and relkind = 'r'
			order by 1`);
		fingerprintQuery = tables.map(({ name }) => `select '${name}' as name,
			count(*) || ':' || ${name === "outbox" ? "0" :
			"coalesce(max(xmin::text::bigint), 0)"} as state
			from duka."${name}"`).join(" union all ");
	}
	const { rows } = await client.query(fingerprintQuery);
	return Object.fromEntries(rows.map((row) => [row.name, row.state]));
}

const watchers = new pg.Pool({ ...door, max: 20 });

interface Watch {
	/** The tables that have changed since. */
	changed(): Promise<string[]>;
	end(): Promise<void>;
}

/** Watches the tables from now on.  A snapshot keeps them as they are now, so
 * that they need to be looked at only if the log has grown meanwhile. */
async function watch(): Promise<Watch> {
	const client = await watchers.connect();
	const position = async (first = ""): Promise<string> => {
		const results = await client.query(
			`${first}select pg_current_wal_insert_lsn()::text as lsn`);
		return [results].flat().at(-1)!.rows[0].lsn;
	};
	const from = await position(
		"begin isolation level repeatable read read only;");
	return {
		changed: async () => {
			if (await position() === from)
				return [];
			const before = await fingerprint(client);
			await client.query("commit");
			const after = await fingerprint(client);
			return Object.keys(after).filter((name) =>
				after[name] !== before[name]);
		},
		end: async () => {
			await client.query("commit");
			client.release();
		},
	};
}

/** Tables that a refused request may write: who failed to log in is kept, and
 * that staff, or their keys, are at work. */
const refusalsWrite = new Set(["login_attempt", "staff_session", "api_key"]);

export interface Checks {
	/** Further tables that this refusal is meant to write. */
	writes?: string[];
	/** Others write at the same time: no comparing of tables. */
	parallel?: boolean;
}

/** Runs `work` with the tables watched. */
export async function tablesWatched<T>(work: (watching: Watch) => Promise<T>):
	Promise<T> {
	const watching = await watch();
	try {
		return await work(watching);
	} finally {
		await watching.end();
	}
}

async function checked(request: Request, checks: Checks, watching?: Watch):
	Promise<Response> {
	const path = new URL(request.url).pathname;
	const response = await fetch(request);
	const text = await response.text();
	const type = (response.headers.get("content-type") ?? "").split(";")[0];
	assert.ok(response.status < 500,
		`${request.method} ${path}: ${response.status} ${text}`);
	checkContract(request.method, path, response.status, type, text);
	if (response.status >= 400 && watching)
		for (const name of await watching.changed())
			assert.ok(refusalsWrite.has(name) ||
				checks.writes?.includes(name), `${request.method} ` +
				`${path} ${response.status} changed ${name}`);
	return new Response([204, 304].includes(response.status) ? null : text,
		{ status: response.status, headers: response.headers });
}

export function checkedFetch(checks: Checks = {}): typeof fetch {
	return async (input, init) => {
		const request = input instanceof Request ? input as Request :
			new Request(input as string | URL, init);
		return checks.parallel ? checked(request, checks) :
			tablesWatched((watching) => checked(request, checks, watching));
	};
}

/** The typed client, checked. */
export function client(options: Partial<ShopOptions> & Checks = {}): Shop {
	const { writes, parallel, ...rest } = options;
	return shop({ baseUrl: base, ...rest,
		fetch: checkedFetch({ writes, parallel }) as any });
}

export interface Raw {
	status: number;
	headers: Headers;
	text: string;
	json: any;
}

/** A request as it stands, for what the typed client can't say; checked as
 * well. */
export async function raw(method: string, path: string, options: {
	body?: unknown; type?: string; token?: string; cart?: string;
	headers?: Record<string, string>;
} & Checks = {}): Promise<Raw> {
	const { body, type, token, cart, headers, ...checks } = options;
	const plain = typeof body === "string" || body instanceof Uint8Array;
	const response = await checkedFetch(checks)(base + path, {
		method,
		body: body === undefined ? undefined :
			plain ? body as BodyInit : JSON.stringify(body),
		headers: {
			...(body === undefined ? {} :
				{ "Content-Type": type ?? "application/json" }),
			...(token ? { Authorization: `Bearer ${token}` } : {}),
			...(cart ? { "Duka-Cart": cart } : {}),
			...headers,
		},
	});
	const text = await response.text();
	let json: any;
	try {
		json = JSON.parse(text);
	} catch {
		json = undefined;
	}
	return { status: response.status, headers: response.headers, text, json };
}

// People.

export const goodPassword = "Correct-horse-7-battery";

export interface Person {
	email: string;
	password: string;
	id: string;
	token: string;
	refresh: string;
	api: Shop;
}

/** The newest mail of a template to somebody, as it waits in the outbox. */
export async function mail(recipient: string, template: string):
	Promise<any | undefined> {
	const rows = await sql(`select id, data, state from outbox
		where recipient = $1 and template = $2
		order by created_at desc, id limit 1`, [recipient, template]);
	return rows[0];
}

/** Registers, verifies and logs in. */
export async function customer(overrides: Record<string, unknown> = {}):
	Promise<Person> {
	const email = String(overrides.email ??
		`${randomUUID().slice(0, 12)}@example.org`);
	const password = String(overrides.password ?? goodPassword);
	const registered = await raw("POST", "/api/customers/register", {
		body: { email, password, given_name: "Ada", family_name: "Obi",
			...overrides }, parallel: true });
	assert.ok(registered.status < 300, registered.text);
	const letter = await mail(email, "verify-email");
	const verified = await raw("POST", "/api/customers/verify-email", {
		body: { token: letter.data.token }, parallel: true });
	assert.ok(verified.status < 300, verified.text);
	return login(email, password);
}

export async function login(email: string, password = goodPassword,
	cart?: string): Promise<Person> {
	const answer = await raw("POST", "/api/customers/login", {
		body: { login: email, password }, cart, parallel: true });
	assert.equal(answer.status, 200, answer.text);
	const [row] = await sql("select id from customer where lower(email) = lower($1)", [email]);
	return {
		email, password, id: row.id, token: answer.json.access_token,
		refresh: answer.json.refresh_token,
		api: client({ token: answer.json.access_token }),
	};
}

const staffMade = new Map<string, Person>();

/** A member of staff with one role; made once, by the command. */
export async function staff(role: string): Promise<Person> {
	const made = staffMade.get(role);
	if (made)
		return made;
	const email = `${role}-${randomUUID().slice(0, 8)}@example.org`;
	execFileSync(`${needed("DUKA_SBIN")}/duka-admin`, ["staff", "add", email, "--name",
		`Test ${role}`, "--role", role], { input: goodPassword + "\n" });
	const answer = await raw("POST", "/api/staff/login", {
		body: { email, password: goodPassword }, parallel: true });
	assert.equal(answer.status, 200, answer.text);
	const [row] = await sql("select id from staff where email = $1", [email]);
	const person = {
		email, password: goodPassword, id: row.id,
		token: answer.json.access_token,
		refresh: answer.json.refresh_token,
		api: client({ token: answer.json.access_token }),
	};
	staffMade.set(role, person);
	return person;
}

/** Runs a command of the shop's administrator in the stack's environment. */
export function command(name: string, args: string[], input = ""): string {
	return execFileSync(`${commands}/${name}`, args,
		{ input, encoding: "utf8" });
}

/** Runs one of the shop's programs in the stack's environment. */
export function program(name: string, args: string[], input = ""): string {
	return execFileSync(`${programs}/${name}`, args,
		{ input, encoding: "utf8" });
}
