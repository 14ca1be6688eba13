// SPDX-License-Identifier: ISC
// What can fail under a request: its statement, its commit, its connection,
// a COPY midway.  After each the same worker answers the next request, sees
// nothing half written, and nobody else's identity.
import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { customer, raw, sql, staff, type Person } from "./harness.js";
import { about, answerOf, begin, params, record, sleep, stdin, STDIN,
	Worker, type Answer } from "./fastcgi.js";
import { Proxy } from "./pgproxy.js";

let ada: Person, ben: Person, clerk: Person;
let customers: Worker, cart: Worker, catalog: Worker;
let variant = "";

before(async () => {
	ada = await customer();
	ben = await customer();
	clerk = await staff("superadmin");
	const [row] = await sql(`select v.id from variant v
		join stock s on s.variant_id = v.id
		where v.status = 'active' and s.on_hand - s.reserved > 8
		order by v.sku limit 1`);
	variant = row.id;
	await sql(`create schema fault`);
	await sql(`create sequence fault.tries`);
	await sql(`create table fault.seen (customer text, staff text,
		guest text, permissions text)`);
	await sql(`create function fault.note() returns trigger
		language plpgsql security definer set search_path = fault as $$
		begin
			insert into seen values (
			    nullif(current_setting('duka.customer', true), ''),
			    nullif(current_setting('duka.staff', true), ''),
			    nullif(current_setting('duka.guest', true), ''),
			    nullif(current_setting('duka.permissions', true), ''));
			return null;
		end $$`);
	await sql(`create trigger fault_note after insert on duka.cart_line
		for each row execute function fault.note()`);
	[customers, cart, catalog] = await Promise.all(
		["customers", "cart", "catalog"].map((area) =>
			new Worker(area).up()));
});

after(async () => {
	await sql("drop schema if exists fault cascade");
	for (const worker of [customers, cart, catalog])
		assert.equal(await worker.stop(), 0);
});

afterEach(() => heal());

const tables = ["consent", "cart_line", "import_line"];

/** Takes all faults away. */
async function heal(): Promise<void> {
	for (const table of tables)
		await sql(`drop trigger if exists fault on duka.${table}`)
			.catch(() => undefined);
	await sql("alter sequence fault.tries restart");
}

/** From now on each new row of the table does this; at the commit, or at
 * once. */
async function hurt(table: string, body: string, deferred = false):
	Promise<void> {
	await sql(`create or replace function fault.fault() returns trigger
		language plpgsql security definer set search_path = fault as $$
		begin ${body}; return null; end $$`);
	await sql(`create ${deferred ? "constraint" : ""} trigger fault
		after insert on duka.${table}
		${deferred ? "deferrable initially deferred" : ""}
		for each row execute function fault.fault()`);
}

/** Ends the connections of the area; answers how many there were. */
const terminate = async ({ area }: Worker): Promise<number> =>
	(await sql(`select count(*) filter
		(where pg_terminate_backend(pid, 5000))::int as n
		from pg_stat_activity where application_name = $1`,
		[`duka_${area}`]))[0].n;

let given = false;
const consent = (by = customers): Promise<Answer> => by.ask("POST",
	"/api/customers/consents", { token: ada.token, body: JSON.stringify({
		purpose: "marketing", channel: "sms", given: given = !given,
		text: "Yes or no" }) });
const addLine = (token?: string, by = cart): Promise<Answer> => by.ask(
	"POST", "/api/cart/lines", { token,
		body: JSON.stringify({ variant_id: variant }) });

const count = async (table: string): Promise<number> =>
	(await sql(`select count(*)::int as n from ${table}`))[0].n;

function refused(answer: Answer, status: number): void {
	assert.equal(answer.status, status, answer.text);
	assert.ok(answer.whole);
	assert.equal(answer.headers["content-type"], "application/problem+json");
	assert.equal(answer.json.status, status);
	assert.equal(answer.headers["set-cookie"], undefined);
	assert.equal(answer.headers.location, undefined);
	if (status === 503)
		assert.match(answer.headers["retry-after"], /^[1-9]\d*$/);
	// Not a word of PostgreSQL's.
	assert.doesNotMatch(answer.text, /fault|terminat|connection|trigger/);
}

/** The worker of customers goes on, as whoever asks and nobody else. */
async function customersGoOn(consents: number): Promise<void> {
	assert.equal(await count("consent"), consents);
	const his = await customers.ask("GET", "/api/customers/profile",
		{ token: ben.token });
	assert.equal(his.status, 200, his.text);
	assert.equal(his.json.email, ben.email);
	const nobody = await customers.ask("GET", "/api/customers/addresses");
	assert.equal(nobody.status, 401);
	await heal();
	const added = await consent();
	assert.equal(added.status, 201, added.text);
	assert.equal(await count("consent"), consents + 1);
}

/** The worker of carts goes on; a guest is a guest and nothing more. */
async function cartGoesOn(lines: number): Promise<void> {
	assert.equal(await count("cart_line"), lines);
	await heal();
	await sql("truncate fault.seen");
	const added = await addLine();
	assert.equal(added.status, 200, added.text);
	assert.ok(added.headers["set-cookie"]);
	const seen = await sql("select * from fault.seen");
	assert.equal(seen.length, 1);
	assert.equal(seen[0].customer, null);
	assert.equal(seen[0].staff, null);
	assert.equal(seen[0].permissions, null);
	assert.ok(seen[0].guest);
}

// A write whose BEGIN, statement and COMMIT are one round trip (customers),
// and one whose COMMIT follows the handler (cart).
describe("a failing write", () => {
	for (const [what, body, deferred, status] of [
		["an error in the statement", "perform 1 / 0", false, 500],
		["a refusal in the statement",
			"raise exception 'No' using errcode = 'UK409'", false, 409],
		["an error at the commit", "perform 1 / 0", true, 500],
		["a constraint at the commit",
			"raise exception 'x' using errcode = '23514'", true, 422],
		["the connection lost in the statement",
			"perform pg_terminate_backend(pg_backend_pid())", false, 503],
		["the connection lost at the commit",
			"perform pg_terminate_backend(pg_backend_pid())", true, 503],
		["a deadlock that stays",
			"raise exception 'x' using errcode = '40P01'", false, 503],
		["a serialization failure at the commit that stays",
			"raise exception 'x' using errcode = '40001'", true, 503],
	] as [string, string, boolean, number][]) {
		test(`${what}, in one round trip`, async () => {
			const before = await count("consent");
			await hurt("consent", body, deferred);
			refused(await consent(), status);
			await customersGoOn(before);
		});

		test(`${what}, in a transaction`, async () => {
			const before = await count("cart_line");
			await hurt("cart_line", body, deferred);
			refused(await addLine(ada.token), status);
			// No cookie for a cart that isn't there.
			refused(await addLine(), status);
			await cartGoesOn(before);
		});
	}

	for (const deferred of [false, true])
		for (const code of ["40001", "40P01"])
			test(`${code} is tried again ${deferred ? "after the commit" :
				"after the statement"} and written once`, async () => {
				const body = `if nextval('tries') <= 2 then raise exception
					'x' using errcode = '${code}'; end if`;
				const before = await count("consent");
				await hurt("consent", body, deferred);
				const added = await consent();
				assert.equal(added.status, 201, added.text);
				await customersGoOn(before + 1);
				const lines = await count("cart_line");
				await hurt("cart_line", body, deferred);
				const put = await addLine();
				assert.equal(put.status, 200, put.text);
				// One token, and it is the one that has the line.
				const mine = await cart.ask("GET", "/api/cart",
					{ cart: put.json.cart_token });
				assert.equal(mine.json?.quote?.lines?.length, 1, mine.text);
				await cartGoesOn(lines + 1);
			});
});

describe("a connection that was closed", () => {
	test("between requests is noticed before a write", async () => {
		const lost = customers.log.split("statement failed").length;
		for (let i = 0; i < 5; i++) {
			assert.equal((await consent()).status, 201);
			assert.ok(await terminate(customers) >= 1);
			const added = await consent();
			assert.equal(added.status, 201, added.text);
			assert.equal((await addLine()).status, 200);
			assert.ok(await terminate(cart) >= 1);
			assert.equal((await addLine(ada.token)).status, 200);
		}
		// Noticed, and not found out by a statement that failed.
		assert.equal(customers.log.split("statement failed").length, lost);
		await customersGoOn(await count("consent"));
	});

	test("while the statement waits", async () => {
		const before = await count("consent");
		await hurt("consent", "perform pg_sleep(10)");
		const asked = consent();
		for (let n = 0; n === 0; await sleep(20))
			[{ n }] = await sql(`select count(*)::int as n
				from pg_stat_activity where wait_event = 'PgSleep'
				and application_name = 'duka_customers'`);
		await terminate(customers);
		refused(await asked, 503);
		await customersGoOn(before);
	});

	test("and for good: 503 until it is back", async () => {
		customers.detach();
		await terminate(customers);
		for (let i = 0; i < 2; i++) {
			refused(await consent(), 503);
			refused(await customers.ask("GET", "/api/customers/profile",
				{ token: ada.token }), 503);
			refused(await customers.ask("GET", "/api/customers/health"), 503);
		}
		assert.equal((await customers.ask("GET",
			"/api/customers/alive")).status, 200);
		customers.attach();
		await customersGoOn(await count("consent"));
	});

	test("at the start: who asks is not turned away as unknown", async () => {
		const late = await new Worker("customers", {}, false).up();
		refused(await late.ask("GET", "/api/customers/profile",
			{ token: ada.token }), 503);
		late.attach();
		const profile = await late.ask("GET", "/api/customers/profile",
			{ token: ada.token });
		assert.equal(profile.status, 200, profile.text);
		assert.equal(await late.stop(), 0);
	});
});

// Whether it was committed: what the database said, it did.
describe("a connection that breaks off at the commit", () => {
	for (const [area, table, write] of [
		["customers", "consent", (worker: Worker) => consent(worker)],
		["cart", "cart_line", (worker: Worker) => addLine(ada.token, worker)],
	] as [string, string, (worker: Worker) => Promise<Answer>][])
		for (const cut of ["before", "after"] as const)
			test(`${cut} its answer came, in ${area}`, async () => {
				const late = await new Worker(area, {}, false).up();
				const proxy = new Proxy(`${late.folder}/.s.PGSQL.5432`,
					`${process.env.DUKA_TEST_PGHOST}/.s.PGSQL.5432`);
				try {
					// What is said once is on its way already.
					const first = await write(late);
					assert.ok(first.status < 300, first.text);
					await sql("delete from cart_line where variant_id = $1",
						[variant]);
					const before = await count(table);
					proxy.cut = cut;
					const answer = await write(late);
					assert.equal(proxy.cuts, 1);
					assert.equal(await count(table), before + 1);
					if (cut === "before")
						refused(answer, 503);
					else
						assert.equal(answer.status, first.status,
							answer.text);
					const next = await write(late);
					assert.equal(next.status, first.status, next.text);
				} finally {
					assert.equal(await late.stop(), 0);
					proxy.close();
				}
			});
});

describe("COPY", () => {
	const columns = ("sku,product,name,description,category,brand," +
		"option_name,option_value,price,currency,tax_class,weight_grams," +
		"stock,tags,images,attributes,status").split(",");
	const csv = (lines: number): string =>
		columns.join() + "\n" + Array.from({ length: lines }, (_, n) => {
			const of: Record<string, string> = { sku: `FAULT-${n}`,
				product: `fault-${n}`, name: `Fault ${n}`, price: "1.00",
				currency: "EUR", status: "draft" };
			return columns.map((name) => of[name] ?? "").join() + "\n";
		}).join("");
	const asking = (length: number, more = {}): Record<string, string> =>
		about("POST", "/api/catalog/import", { token: clerk.token,
			more: { CONTENT_TYPE: "text/csv", CONTENT_LENGTH: String(length),
				...more } });
	const goesOn = async (products: number): Promise<void> => {
		assert.equal(await count("product"), products);
		const list = await catalog.ask("GET", "/api/catalog/products?limit=1");
		assert.equal(list.status, 200, list.text);
		assert.equal((await catalog.ask("GET",
			"/api/catalog/staff/products")).status, 401);
	};

	test("in: a body shorter than said brings nothing in", async () => {
		const before = await count("product"), body = csv(500);
		const answer = answerOf(await catalog.bytes([begin(),
			params(asking(body.length + 10)), stdin(body)]));
		refused(answer, 400);
		await goesOn(before);
	});

	test("in: a client that goes away midway brings nothing in", async () => {
		const before = await count("product");
		for (const more of [{}, { CONTENT_LENGTH: "" }]) {
			await catalog.bytes([begin(), params(asking(5000, more)),
				record(STDIN, csv(3))], { close: true });
			await goesOn(before);
		}
	});

	test("in: a body longer than allowed", async () => {
		const before = await count("product");
		const big = Buffer.alloc(33 << 20, "x");
		refused(answerOf(await catalog.bytes([begin(),
			params(asking(0, { CONTENT_LENGTH: "" })), stdin(big)])), 413);
		refused(answerOf(await catalog.bytes([begin(),
			params(asking(big.length)), stdin(big)])), 413);
		await goesOn(before);
	});

	test("in: lines that are no CSV, and a connection lost midway",
		async () => {
		const before = await count("product");
		const bad = `${csv(1)}"open`;
		const answer = answerOf(await catalog.bytes([begin(),
			params(asking(bad.length)), stdin(bad)]));
		assert.equal(answer.status, 422, answer.text);
		await goesOn(before);
		const socket = await catalog.open(), body = csv(2000);
		socket.write(Buffer.concat([begin(), params(asking(body.length)),
			record(STDIN, body.slice(0, 20_000))]));
		for (let n = 0; n === 0; await sleep(20))
			[{ n }] = await sql(`select count(*)::int as n
				from pg_stat_activity where query ilike 'copy%'
				and state = 'active'`);
		await terminate(catalog);
		const parts: Buffer[] = [];
		socket.on("data", (part) => parts.push(part));
		socket.write(stdin(body.slice(20_000)));
		for (let i = 0; i < 400 && !answerOf(Buffer.concat(parts)).whole; i++)
			await sleep(10);
		refused(answerOf(Buffer.concat(parts)), 503);
		socket.destroy();
		await goesOn(before);
	});

	test("out: a client that goes away, a connection lost midway",
		async () => {
		const before = await count("product");
		const question = Buffer.concat([begin(), params(about("GET",
			"/api/catalog/export", { token: clerk.token })), stdin("")]);
		const whole = answerOf(await catalog.bytes(question));
		assert.equal(whole.status, 200);
		assert.ok(whole.text.length > 250_000);
		for (const cut of [false, true]) {
			const socket = await catalog.open();
			socket.pause();
			socket.write(question);
			await sleep(300);
			if (!cut) {
				socket.destroy();
				await goesOn(before);
				continue;
			}
			await terminate(catalog);
			const parts: Buffer[] = [];
			await new Promise((resolve) => {
				socket.on("data", (part) => parts.push(part));
				socket.on("end", resolve);
				socket.on("close", resolve);
				socket.resume();
				setTimeout(resolve, 10_000).unref();
			});
			const answer = answerOf(Buffer.concat(parts));
			// All of it was with libpq already, or it is not whole.
			assert.ok(answer.whole ===
				(answer.text.length === whole.text.length));
			socket.destroy();
			await goesOn(before);
		}
	});

	test("a large body that is refused unread is answered all the same",
		async () => {
		const big = csv(1) + "x".repeat(5 << 20);
		const nobody = await raw("POST", "/api/catalog/import",
			{ body: big, type: "text/csv" });
		assert.equal(nobody.status, 401, nobody.text);
		const wrong = await raw("POST", "/api/catalog/import",
			{ body: big, type: "text/plain", token: clerk.token });
		assert.equal(wrong.status, 415, wrong.text);
	});
});

describe("what the database finds wrong with a field", () => {
	for (const [what, method, path, body, field, code] of [
		["a consent to nothing", "POST", "/api/customers/consents",
			{ purpose: "marketing", channel: "sms", given: true }, "text",
			"required"],
		["a birthday to come", "PATCH", "/api/customers/profile",
			{ date_of_birth: "2999-01-01" }, "date_of_birth", "too_large"],
		["an order without a way to ship", "POST", "/api/checkout",
			{ payment_method: "on_delivery" }, "shipping_method_id",
			"required"],
	] as [string, string, string, object, string, string][])
		test(`${what} is a fault of ${field}`, async () => {
			await raw("POST", "/api/cart/lines", { token: ada.token,
				body: { variant_id: variant } });
			const answer = await raw(method, path, { token: ada.token, body });
			assert.equal(answer.status, 422, answer.text);
			assert.equal(answer.json.code, "INVALID");
			assert.equal(answer.json.data, undefined);
			assert.equal(answer.json.errors.length, 1);
			assert.equal(answer.json.errors[0].field, field);
			assert.equal(answer.json.errors[0].code, code);
			assert.ok(answer.json.errors[0].message.length > 5);
		});
});
