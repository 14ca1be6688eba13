// SPDX-License-Identifier: ISC
// A private stack (tests/faults/run starts them), seen from outside by HTTP
// and from inside by SQL, and ways to hurt it.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import http from "node:http";
import { promisify } from "node:util";
import pg from "pg";

const run = promisify(execFile);

export const sleep = (milliseconds: number): Promise<void> =>
	new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A number from the environment: full sizes are asked for there. */
export const size = (name: string, standard: number): number =>
	Number(process.env[name] ?? standard);

/** Several at once. */
export const together = <T>(count: number, one: (n: number) => Promise<T>):
	Promise<T[]> =>
	Promise.all(Array.from({ length: count }, (_, n) => one(n)));

export interface Answer {
	status: number;
	headers: http.IncomingHttpHeaders;
	text: string;
	json: any;
}

export interface Ask {
	body?: unknown;
	token?: string;
	cart?: string;
	key?: string;
	/** A connection of its own, as of a new visitor. */
	fresh?: boolean;
	timeout?: number;
}

export interface Thing { product: string; variant: string }

export interface Buyer { token: string; refresh: string; id: string;
	email: string; password: string }

const parse = (text: string): any => {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
};

export class Stack {
	readonly base: string;
	private readonly door: pg.ClientConfig;
	private readonly pool: pg.Pool;
	private crowd?: pg.Pool;
	private readonly agent = new http.Agent({ keepAlive: true,
		maxSockets: 256 });

	constructor(readonly folder: string) {
		const env = readFileSync(`${folder}/env`, "utf8");
		const of = (name: string): string =>
			env.match(new RegExp(`^${name}='(.*)'$`, "m"))![1];
		this.base = of("DUKA_HTTP");
		this.door = { host: of("PGHOST"), database: "duka",
			user: "postgres", options: "-c search_path=duka,pg_temp" };
		this.pool = new pg.Pool({ ...this.door, max: 2,
			allowExitOnIdle: true });
		// A database that is killed says so on idle connections too.
		this.pool.on("error", () => undefined);
	}

	async sql<Row extends pg.QueryResultRow = any>(text: string,
		values: unknown[] = []): Promise<Row[]> {
		return (await this.pool.query<Row>(text, values)).rows;
	}

	/** A statement beside many others, each on a connection of its own. */
	async beside(text: string, values: unknown[] = []): Promise<void> {
		this.crowd ??= new pg.Pool({ ...this.door, max: 30,
			idleTimeoutMillis: 500, allowExitOnIdle: true });
		await this.crowd.query(text, values);
	}

	/** tools/stack FOLDER ... */
	async tool(...args: string[]): Promise<void> {
		await run(`${process.env.FAULTS_TOP}/tools/stack`,
			[this.folder, ...args]);
	}

	/** Process ids of an area's workers. */
	workers(area: string): number[] {
		const parent = readFileSync(`${this.folder}/proc/${area}`, "utf8")
			.split(" ")[0];
		return readFileSync(`/proc/${parent}/task/${parent}/children`,
			"utf8").trim().split(/\s+/).filter(Boolean).map(Number);
	}

	ask(method: string, path: string, options: Ask = {}): Promise<Answer> {
		const body = options.body === undefined ? undefined :
			JSON.stringify(options.body);
		return new Promise((resolve, reject) => {
			const request = http.request(this.base + path, {
				method,
				agent: options.fresh ? false : this.agent,
				timeout: options.timeout ?? 30000,
				headers: {
					...(body === undefined ? {} : {
						"Content-Type": "application/json",
						"Content-Length": Buffer.byteLength(body) }),
					...(options.token ?
						{ Authorization: `Bearer ${options.token}` } : {}),
					...(options.cart ? { "Duka-Cart": options.cart } : {}),
					...(options.key ?
						{ "Idempotency-Key": options.key } : {}),
				},
			}, (response) => {
				const parts: Buffer[] = [];
				response.on("data", (part) => parts.push(part));
				response.on("error", reject);
				response.on("end", () => {
					const text = Buffer.concat(parts).toString();
					resolve({ status: response.statusCode!,
						headers: response.headers, text,
						json: parse(text) });
				});
			});
			request.on("timeout", () =>
				request.destroy(new Error("no answer in time")));
			request.on("error", reject);
			request.end(body);
		});
	}

	/** A product for sale with one variant. */
	async thing(stock: number): Promise<Thing> {
		const sku = `F-${randomUUID().slice(0, 13)}`;
		const [made] = await this.sql(`insert into product
			(slug, name, status) values ($1, $2, 'active') returning id`,
			[sku.toLowerCase(), `Thing ${sku}`]);
		const [variant] = await this.sql(`insert into variant (product_id,
			sku, price_amount, price_currency, weight_grams)
			values ($1, $2, 1000, 'EUR', 500) returning id`, [made.id, sku]);
		await this.sql("select set_stock($1, 'main', $2, 'test')",
			[variant.id, stock]);
		return { product: made.id, variant: variant.id };
	}

	async add(cart: string, variant: string, quantity = 1): Promise<Answer> {
		const answer = await this.ask("POST", "/api/cart/lines",
			{ cart, body: { variant_id: variant, quantity } });
		assert.equal(answer.status, 200, answer.text);
		return answer;
	}

	async pickup(): Promise<string> {
		const [row] = await this.sql(
			"select id from shipping_method where code = 'pickup'");
		return row.id;
	}

	/** A customer who has verified the address and signed in. */
	async customer(): Promise<Buyer> {
		const email = `${randomUUID().slice(0, 12)}@example.org`;
		const password = "Correct-horse-7-battery";
		const made = await this.ask("POST", "/api/customers/register",
			{ body: { email, password, given_name: "Ada" } });
		assert.ok(made.status < 300, made.text);
		const [letter] = await this.sql(`select data from outbox
			where recipient = $1 and template = 'verify-email'`, [email]);
		const verified = await this.ask("POST",
			"/api/customers/verify-email",
			{ body: { token: letter.data.token } });
		assert.ok(verified.status < 300, verified.text);
		const answer = await this.login(email, password);
		assert.equal(answer.status, 200, answer.text);
		const [row] = await this.sql(
			"select id from customer where email = $1", [email]);
		return { token: answer.json.access_token, email, password,
			refresh: answer.json.refresh_token, id: row.id };
	}

	login(email: string, password: string, cart?: string): Promise<Answer> {
		return this.ask("POST", "/api/customers/login",
			{ body: { login: email, password }, cart });
	}

	/** Takes a guard out of a function: what is taken must have been
	 * there, else the control controls nothing. */
	async weaken(name: string, guard: string | RegExp, instead = ""):
		Promise<void> {
		const [row] = await this.sql(`select pg_get_functiondef(oid) as text
			from pg_proc where proname = $1
			and pronamespace = 'duka'::regnamespace`, [name]);
		const changed = row.text.replace(guard, instead);
		assert.notEqual(changed, row.text, `${name} has no such guard`);
		await this.sql(changed);
	}

	async unguard(table: string, constraint: string): Promise<void> {
		await this.sql(`alter table ${table} drop constraint ${constraint}`);
	}
}

export const newCart = (): string => randomBytes(32).toString("base64url");

/** How often each status was answered. */
export const counted = (answers: Answer[]): Record<string, number> => {
	const counts: Record<string, number> = {};
	for (const { status, json } of answers) {
		const name = json?.code ? `${status} ${json.code}` : String(status);
		counts[name] = (counts[name] ?? 0) + 1;
	}
	return counts;
};

const named = (name: string): Stack => {
	const folder = process.env[name];
	if (!folder)
		throw new Error(`${name} is not set: run tests/faults/run`);
	return new Stack(folder);
};

/** As it is shipped; with guards taken out; with a disk that keeps. */
export const whole = (): Stack => named("FAULTS_WHOLE");
export const bare = (): Stack => named("FAULTS_BARE");
export const lasting = (): Stack => named("FAULTS_LASTING");
