// SPDX-License-Identifier: ISC
// duka-admin: what the machine's administrator does on the command line.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { describe, test } from "node:test";
import { customer, goodPassword, raw, sql, staff } from "./harness.js";

const otherPassword = "Another-baobab-88";
const address = () => `${randomUUID().slice(0, 12)}@example.org`;
function admin(input: string, ...args: string[]) {
	const { status, stdout, stderr } = spawnSync(
		`${process.env.DUKA_SBIN}/duka-admin`, args,
		{ input, encoding: "utf8" });
	return { status, stdout, stderr };
}
const enter = (email: string, password: string) =>
	raw("POST", "/api/staff/login", { body: { email, password } });

describe("duka-admin", () => {
	test("says how it is used", () => {
		for (const args of [[], ["staff"], ["staff", "add"], ["nonsense"],
			["staff", "list", "more"], ["key", "rotate", "--name", "x"],
			["setting", "set", "limit.login"], ["staff", "add", address(),
				"--name"]]) {
			const said = admin("", ...args);
			assert.equal(said.status, 2, args.join(" "));
			assert.match(said.stderr, /^usage: duka-admin staff add/);
			assert.equal(said.stdout, "");
		}
	});

	test("takes a password from standard input, a good one", async () => {
		const email = address();
		const add = (input: string, ...more: string[]) => admin(input, "staff",
			"add", email, "--name", "Amina Diallo", ...more);
		for (const [input, ...more] of [["", "--role", "agent"],
			["short\n", "--role", "agent"], ["password1!\n", "--role", "agent"],
			[goodPassword + "\n"], [goodPassword + "\n", "--role", "king"],
			[goodPassword + "\n", "--role", "agent", "--role", "king"]]) {
			const said = add(input, ...more);
			assert.equal(said.status, 1, said.stderr);
			assert.match(said.stderr, /^duka-admin: ./);
		}
		assert.deepEqual(await sql("select from staff where email = $1",
			[email]), []);
		assert.equal(add(goodPassword + "\n", "--role", "agent", "--role",
			"sales").status, 0);
		const [row] = await sql(`select p.hash from staff_password p
			join staff s on s.id = p.staff_id where s.email = $1`, [email]);
		assert.match(row.hash, /^\$argon2id\$/);
		assert.match(admin("", "staff", "list").stdout,
			new RegExp(`^${email}\tactive\tagent,sales\tAmina Diallo$`, "m"));
		assert.equal(admin(goodPassword, "staff", "add", "no-address",
			"--name", "x", "--role", "agent").status, 1);
	});

	test("changes password and roles at once", async () => {
		const email = address();
		admin(goodPassword + "\n", "staff", "add", email, "--name", "Temp",
			"--role", "agent");
		const came = await enter(email, goodPassword);
		const token = came.json.access_token;
		const me = () => raw("GET", "/api/staff/me", { token });
		assert.deepEqual((await me()).json.roles, ["agent"]);
		assert.equal(admin("", "staff", "roles", email, "--role", "analyst")
			.status, 0);
		assert.deepEqual((await me()).json.roles, ["analyst"]);
		assert.equal(admin(otherPassword + "\n", "staff", "password", email)
			.status, 0);
		assert.equal((await me()).status, 401);
		assert.equal((await enter(email, goodPassword)).status, 401);
		assert.equal((await enter(email, otherPassword)).status, 200);
		const nobody = admin(otherPassword + "\n", "staff", "password",
			address());
		assert.equal(nobody.status, 1);
		assert.match(nobody.stderr, /no member of staff/);
	});

	test("stands in the log with what it changed", async () => {
		const email = address();
		admin(goodPassword + "\n", "staff", "add", email, "--name", "Temp",
			"--role", "agent");
		admin("", "staff", "roles", email, "--role", "analyst");
		admin(otherPassword + "\n", "staff", "password", email);
		admin("", "staff", "disable", email);
		for (const phone of ["+35315550100", "+35315550199"])
			assert.equal(admin("", "setting", "set", "shop.phone", phone)
				.status, 0);
		await sql("update setting set value = '' where key = 'shop.phone'");
		const [{ id }] = await sql("select id from staff where email = $1",
			[email]);
		const { token } = await staff("superadmin");
		const log = async (table: string, row: string) => (await raw("GET",
			`/api/staff/audit?${new URLSearchParams({ table, row })}`,
			{ token })).json.items.reverse();
		const told = async (table: string, row = id) =>
			(await log(table, row)).map((e: any) => [e.action, e.program,
				e.member, e.address]);
		const by = ["duka-admin", null, "local"];
		assert.deepEqual(await told("staff"), [["insert", ...by],
			["update", ...by]]);
		assert.deepEqual((await log("staff", id))[1].after.state, "disabled");
		assert.deepEqual(await told("staff_role", `${id} agent`),
			[["insert", ...by], ["delete", ...by]]);
		assert.deepEqual(await told("staff_role", `${id} analyst`),
			[["insert", ...by]]);
		assert.deepEqual(await told("staff_password"), [["insert", ...by],
			["update", ...by]]);
		assert.ok(!JSON.stringify(await log("staff_password", id))
			.includes("argon2"));
		assert.deepEqual((await told("setting", "shop.phone")).slice(-2),
			[["update", ...by], ["update", ...by]]);
		const file = await raw("GET", `/api/staff/audit/export?row=${id}`,
			{ token });
		assert.match(file.text, /,duka-admin,/);
	});

	test("refuses settings that mean nothing", async () => {
		for (const [key, value] of [["limit.login", "lots"],
			["limit.login", "-1/hour"], ["switch.checkout", "maybe"],
			["shop.currency", "euro"], ["shop.tax_mode", "both"],
			["shop.country", "ie"], ["shop.origin", "shop.example"],
			["shop.name", "two\nlines"], ["no.such", "x"]]) {
			const said = admin("", "setting", "set", key, value);
			assert.equal(said.status, 1, `${key} ${value}`);
		}
		const was = admin("", "setting", "get", "shop.name").stdout.trimEnd();
		assert.equal(admin("", "setting", "set", "shop.name", "Soko").status, 0);
		assert.equal(admin("", "setting", "get", "shop.name").stdout, "Soko\n");
		assert.equal(admin("", "setting", "set", "shop.name", was).status, 0);
		assert.equal(admin("", "setting", "get", "no.such").status, 1);
	});

	test("shows, disables and enables a customer", async () => {
		const ada = await customer();
		const shown = admin("", "customer", "show", ada.email.toUpperCase());
		assert.match(shown.stdout, new RegExp(`^id\t${ada.id}$`, "m"));
		assert.match(shown.stdout, /^state\tactive$/m);
		assert.ok(!shown.stdout.includes("argon2"));
		assert.equal(admin("", "customer", "disable", ada.email).status, 0);
		assert.equal((await raw("GET", "/api/customers/profile",
			{ token: ada.token })).status, 401);
		assert.equal(admin("", "customer", "enable", ada.email).status, 0);
		assert.equal((await raw("POST", "/api/customers/login", { body:
			{ login: ada.email, password: goodPassword } })).status, 200);
		assert.equal(admin("", "customer", "show", address()).status, 1);
	});

	test("tidies", async () => {
		await sql(`insert into login_attempt (world, name, succeeded,
			attempted_at) values ('staff', 'x', false, now() - interval '91 days')`);
		const said = admin("", "tidy");
		assert.equal(said.status, 0);
		assert.ok(Number(said.stdout) >= 1);
		assert.equal(admin("", "tidy").stdout, "0\n");
	});
});
