// SPDX-License-Identifier: ISC
// Reports: over HTTP in all forms, and as plain CGI by duka-report.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname } from "node:path";
import { before, describe, test } from "node:test";
import { customer, raw, sql, staff, type Person } from "./harness.js";

let analyst: Person;
const duka = `${process.env.DUKA_TEST_COMMANDS}/duka-report`;
const environment: NodeJS.ProcessEnv = { ...process.env,
	DUKA_REPORTS: `${process.env.DUKA_TEST_PROGRAMS}/reports` };
const report = (...args: string[]) => spawnSync(duka, args,
	{ env: environment, encoding: "utf8" });

before(async () => {
	analyst = await staff("analyst");
	const buyer = await customer();
	const [variant] = await sql(`select v.id from variant v
		join stock s on s.variant_id = v.id
		where v.status = 'active' and s.on_hand - s.reserved > 3
		order by v.sku limit 1`);
	const bought = await raw("POST", "/bot/purchase", { token: buyer.token,
		body: { product_id: variant.id, quantity: 3 } });
	assert.equal(bought.status, 201, bought.text);
});

describe("sales", () => {
	for (const by of ["day", "week", "month", "category", "product",
		"payment_method"])
		test(`by ${by} sum to what was ordered`, async () => {
			const answer = await raw("GET", `/api/reports/sales?by=${by}`,
				{ token: analyst.token });
			assert.equal(answer.status, 200, answer.text);
			const { rows, sum } = answer.json;
			const goods = ["category", "product"].includes(by);
			const [truth] = await sql(goods ?
				`select sum(l.total_amount)::text as total,
				count(distinct o.id)::int as orders,
				sum(l.quantity)::int as units
				from customer_order o join order_line l on l.order_id = o.id
				where o.state <> 'cancelled'
				and o.placed_at > now() - interval '29 days'` :
				`select sum(total_amount)::text as total,
				count(*)::int as orders,
				(select sum(quantity)::int from order_line l
				join customer_order c on c.id = l.order_id
				where c.state <> 'cancelled') as units
				from customer_order where state <> 'cancelled'
				and placed_at > now() - interval '29 days'`);
			assert.equal(String(sum.total.amount), truth.total);
			assert.equal(sum.orders, truth.orders);
			assert.equal(sum.units, truth.units);
			assert.equal(rows.reduce((n: number, row: any) =>
				n + row.total.amount, 0), sum.total.amount);
		});

	test("of days that don't fit are refused", async () => {
		for (const query of ["from=2026-02-01&to=2026-01-01",
			"last=month&from=2026-01-01", "from=1900-01-01"]) {
			const answer = await raw("GET", `/api/reports/sales?${query}`,
				{ token: analyst.token });
			assert.equal(answer.status, 422, query);
			assert.equal(answer.json.code, "REPORT_DAYS_WRONG");
		}
	});

	test("as CSV and as a chart", async () => {
		const csv = await raw("GET", "/api/reports/sales.csv?by=month",
			{ token: analyst.token });
		assert.match(csv.headers.get("content-type")!, /^text\/csv/);
		const lines = csv.text.trim().split("\r\n");
		assert.equal(lines[0], "key,label,orders,units,discount,tax,total");
		assert.match(lines.at(-1)!, /^sum,Sum,\d+,\d+,[\d.]+,[\d.]+,[\d.]+$/);
		const chart = await raw("GET", "/api/reports/sales.svg?by=day",
			{ token: analyst.token });
		assert.match(chart.text, /^<svg [^]*<rect class="bar"[^]*<\/svg>$/);
		assert.match(chart.headers.get("content-security-policy")!, /sandbox/);
	});

	test("as columns that stay below the scale's top", async () => {
		// 18 is more than ten times the power of ten below it.
		const made = await sql(`insert into customer (email, given_name,
			created_at) select 'chart' || n || '@example.org', 'Chart',
			'2001-02-03' from generate_series(1, 18) n returning id`);
		const chart = await raw("GET", "/api/reports/new-customers.svg"
			+ "?by=month&from=2001-01-01&to=2001-12-31",
			{ token: analyst.token });
		await sql("delete from customer where id = any($1)",
			[made.map((row) => row.id)]);
		const tops = [...chart.text.matchAll(/class="bar" [^>]* y="(-?\d+)"/g)]
			.map(([, y]) => Number(y));
		const top = Math.min(...[...chart.text.matchAll(/ y1="(\d+)"/g)]
			.map(([, y]) => Number(y)));
		assert.equal(tops.length, 12, chart.text);
		assert.ok(tops.every((y) => y >= top), chart.text);
		assert.match(chart.text, /New customers by month, 2001-01-01 to/);
		assert.match(chart.text, /<title>2001-02-01: 18<\/title>/);
		assert.match(chart.text, />2001-01<\/text>/);
	});

	test("disarm names that spreadsheets would run", async () => {
		const [{ id, name }] = await sql(`update product set name = '=1+1"x'
			where id = (select l.product_id from order_line l
			join customer_order o on o.id = l.order_id
			where o.state <> 'cancelled' group by l.product_id
			order by sum(l.total_amount) desc limit 1)
			returning id, name`);
		const csv = await raw("GET", "/api/reports/sales.csv?by=product",
			{ token: analyst.token });
		assert.ok(csv.text.includes(`,"'=1+1""x",`), csv.text);
		const chart = await raw("GET", "/api/reports/sales.svg?by=product",
			{ token: analyst.token });
		assert.ok(chart.text.includes("=1+1&quot;x"));
		await sql("update product set name = $2 where id = $1",
			[id, `Was ${name.length}`]);
	});
});

test("new customers and stock value", async () => {
	const people = await raw("GET", "/api/reports/new-customers?by=week",
		{ token: analyst.token });
	const [{ n }] = await sql("select count(*)::int as n from customer");
	assert.equal(people.json.sum.customers, n);
	for (const by of ["category", "location"]) {
		const stock = await raw("GET", `/api/reports/stock-value?by=${by}`,
			{ token: analyst.token });
		assert.equal(stock.status, 200, stock.text);
		const [truth] = await sql(`select sum(on_hand * price_amount)::text
			as worth from stock s join variant v on v.id = s.variant_id`);
		assert.equal(String(stock.json.sum.total.amount), truth.worth);
	}
	for (const path of ["new-customers.csv", "new-customers.svg",
		"stock-value.csv", "stock-value.svg"])
		assert.equal((await raw("GET", `/api/reports/${path}`,
			{ token: analyst.token })).status, 200);
});

describe("by mail", () => {
	test("to staff, into the outbox", async () => {
		const sent = await raw("POST", "/api/reports/mail", {
			token: analyst.token, body: { report: "sales", by: "day",
				format: "svg", recipient: analyst.email } });
		assert.equal(sent.status, 202, sent.text);
		const [mail] = await sql("select * from outbox where id = $1",
			[sent.json.id]);
		assert.equal(mail.recipient, analyst.email);
		assert.equal(mail.attachment_type, "image/svg+xml");
		assert.match(mail.attachment, /^<svg/);
	});

	test("not to strangers, nor what makes no sense", async () => {
		const stranger = await raw("POST", "/api/reports/mail", {
			token: analyst.token, body: { report: "sales",
				recipient: "stranger@example.com" } });
		assert.equal(stranger.json.code, "REPORT_RECIPIENT_WRONG");
		const odd = await raw("POST", "/api/reports/mail", {
			token: analyst.token, body: { report: "stock-value", by: "day",
				recipient: analyst.email } });
		assert.equal(odd.json.errors[0].field, "by");
	});
});

describe("duka-report, as cron runs it", () => {
	test("prints and mails", async () => {
		const printed = report("sales", "--by", "month", "--last", "year");
		assert.equal(printed.status, 0, printed.stderr);
		assert.equal(printed.stdout.trim().split("\r\n").length, 14);
		const mailed = report("sales", "--last", "month", "--format", "csv",
			"--mail", "owner@example.com");
		assert.equal(mailed.status, 0, mailed.stderr);
		assert.equal(mailed.stdout, "");
		const [mail] = await sql(`select * from outbox
			where recipient = 'owner@example.com'`);
		assert.equal(mail.attachment_name, "sales.csv");
	});

	test("says what failed, in one line and by its status", () => {
		const wrong = report("sales", "--from", "2026-02-01",
			"--to", "2026-01-01");
		assert.equal(wrong.status, 1);
		assert.match(wrong.stderr, /^duka-report: sales: Those days make no report.*\n$/);
		assert.equal(report("profits").status, 2);
		assert.match(report("sales", "--last", "decade").stderr,
			/^duka-report: sales: Something .* \(last: Must be one of: .*\)\n$/);
		assert.equal(report("sales", "--by", "day;id").status, 1);
		const away = spawnSync(duka, ["sales"], { encoding: "utf8",
			env: { ...environment, DUKA_DATABASE: "host=/nowhere dbname=x" } });
		assert.equal(away.status, 1);
		assert.match(away.stderr, /^duka-report: sales: The shop is away/m);
	});

	test("says nothing if all is well, with no more than its file", () => {
		const file = `${mkdtempSync(`${tmpdir()}/report-`)}/env`;
		writeFileSync(file, `DUKA_DATABASE="${environment.DUKA_DATABASE}"\n`);
		const { DUKA_DATABASE, DUKA_LOG, ...bare } = environment;
		const made = spawnSync(duka, ["stock-value"],
			{ encoding: "utf8", env: { ...bare, DUKA_ENV: file } });
		rmSync(dirname(file), { recursive: true });
		assert.equal(made.status, 0, made.stderr);
		assert.equal(made.stderr, "");
		assert.match(made.stdout, /^key,label/);
	});

	test("no client can put rights into the environment", async () => {
		const answer = await raw("GET", "/api/reports/sales", {
			headers: { "Duka-Permissions": "reports.read",
				"DUKA_PERMISSIONS": "reports.read" } });
		assert.equal(answer.status, 401);
	});

	test("without permission the program itself refuses", () => {
		const { stdout: answer } = spawnSync(environment.DUKA_REPORTS!, [], {
			encoding: "utf8", env: { ...environment, GATEWAY_INTERFACE: "CGI/1.1",
				REQUEST_METHOD: "GET", REQUEST_URI: "/api/reports/sales",
				DUKA_PERMISSIONS: "orders.read", REMOTE_ADDR: "127.0.0.1" },
		});
		assert.match(answer, /^Status: 401/);
	});
});
