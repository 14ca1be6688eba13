// SPDX-License-Identifier: ISC
// The doors of accounts: whole journeys, every refusal, and what must not be
// told apart.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { request } from "node:http";
import { describe, test } from "node:test";
import { base, client, customer, goodPassword, login, mail, raw, sql, staff }
	from "./harness.js";

const otherPassword = "Another-baobab-88";
const address = () => `${randomUUID().slice(0, 12)}@example.org`;
const post = (path: string, body: unknown, options = {}) =>
	raw("POST", path, { body, ...options });
const verify = (token: string) =>
	post("/api/customers/verify-email", { token });
const signIn = (body: object, options = {}) =>
	post("/api/customers/login", body, options);
const renew = (refresh: string, options = {}) =>
	post("/api/customers/token/refresh", { refresh_token: refresh }, options);
const profile = (token: string) =>
	raw("GET", "/api/customers/profile", { token });
const mails = async (email: string): Promise<string[]> =>
	(await sql(`select template from outbox where lower(recipient) = lower($1)
		order by created_at, id`, [email])).map((r) => r.template);

const admin = (...args: string[]) => execFileSync(
	`${process.env.DUKA_SBIN}/duka-admin`, args,
	{ input: goodPassword + "\n", encoding: "utf8", stdio: "pipe" });

/** The same program as a plain CGI: a process that has read no settings and
 * no keys yet. */
function cgi(path: string, body: object): { status: number; json: any } {
	const input = JSON.stringify(body);
	const { stdout } = spawnSync(`${process.env.DUKA_TEST_PROGRAMS}/auth`, [], {
		input, encoding: "utf8", env: { ...process.env,
			GATEWAY_INTERFACE: "CGI/1.1", REQUEST_METHOD: "POST",
			REQUEST_URI: path, QUERY_STRING: "", REMOTE_ADDR: "",
			CONTENT_TYPE: "application/json",
			CONTENT_LENGTH: String(Buffer.byteLength(input)) } });
	return { status: Number(/^Status: (\d+)/.exec(stdout)?.[1]),
		json: JSON.parse(stdout.slice(stdout.indexOf("\r\n\r\n") + 4)) };
}

describe("a customer's journey", () => {
	test("register, verify, log in, leave", async () => {
		const email = address();
		const made = await post("/api/customers/register", { email,
			password: goodPassword, given_name: "Ada", family_name: "Obi",
			phone: "+353 86 123 4567" });
		assert.equal(made.status, 201);
		assert.deepEqual(Object.keys(made.json).sort(), ["email", "message"]);
		const letter = await mail(email, "verify-email");
		assert.equal(letter.data.name, "Ada");
		assert.match(letter.data.link, /^https?:\/\/[^/]+\/verify-email#token=/);
		assert.ok(letter.data.link.endsWith(letter.data.token));
		assert.ok(letter.data.token.length >= 43);
		const kept = await sql("select digest from customer_token");
		assert.ok(!kept.some((row) => row.digest === letter.data.token));

		const early = await signIn({ login: email, password: goodPassword });
		assert.equal(early.status, 200);
		assert.equal(early.json.customer.email_verified, false);
		assert.equal((await verify(letter.data.token)).status, 200);
		assert.equal((await verify(letter.data.token)).json.code, "TOKEN_WRONG");
		const came = await signIn({ login: email, password: goodPassword });
		assert.equal(came.json.customer.email_verified, true);
		assert.equal(came.json.token_type, "Bearer");
		assert.equal(came.json.expires_in, 3600);
		assert.equal(came.json.refresh_expires_in, 86400);
		assert.deepEqual(await mails(email), ["verify-email", "welcome"]);

		assert.equal((await profile(came.json.access_token)).status, 200);
		assert.equal((await raw("POST", "/api/customers/logout",
			{ token: came.json.access_token })).status, 204);
		const after = await profile(came.json.access_token);
		assert.equal(after.status, 401);
		assert.equal(after.json.code, "SESSION_ENDED");
		assert.equal((await renew(came.json.refresh_token)).status, 401);
		assert.equal((await profile(early.json.access_token)).status, 200);
	});

	test("a closing slash doesn't matter", async () => {
		const ada = await customer();
		const came = await post("/api/customers/login/",
			{ email: ada.email, password: ada.password });
		assert.equal(came.status, 200);
	});

	test("by username, in any case; by e-mail in any case", async () => {
		const username = "u." + randomUUID().slice(0, 8);
		const ada = await customer({ username });
		for (const body of [{ username: username.toUpperCase() },
			{ login: username }, { email: ada.email.toUpperCase() }]) {
			const came = await signIn({ ...body, password: goodPassword });
			assert.equal(came.status, 200, came.text);
			assert.equal(came.json.customer.username, username);
		}
		const taken = await post("/api/customers/register",
			{ email: address(), password: goodPassword, username });
		assert.equal(taken.status, 409);
		assert.equal(taken.json.code, "USERNAME_TAKEN");
	});

	test("log out everywhere", async () => {
		const ada = await customer();
		const again = await login(ada.email);
		assert.equal((await raw("POST", "/api/customers/logout-everywhere",
			{ token: again.token })).status, 204);
		for (const token of [ada.token, again.token])
			assert.equal((await profile(token)).status, 401);
	});

	test("sessions are listed and ended one by one", async () => {
		const ada = await customer();
		const other = await login(ada.email);
		await login(ada.email);
		const first = await raw("GET", "/api/customers/sessions?limit=2",
			{ token: ada.token });
		assert.equal(first.json.items.length, 2);
		const rest = await raw("GET", "/api/customers/sessions?limit=2&cursor=" +
			first.json.next, { token: ada.token });
		assert.equal(rest.json.items.length, 1);
		assert.equal(rest.json.next, null);
		const all = [...first.json.items, ...rest.json.items];
		assert.equal(new Set(all.map((s: any) => s.id)).size, 3);
		assert.equal(all.filter((s: any) => s.current).length, 1);
		assert.equal(rest.json.items[0].current, true);

		const mine = await raw("GET", "/api/customers/sessions",
			{ token: other.token });
		const id = mine.json.items.find((s: any) => s.current).id;
		const ben = await customer();
		assert.equal((await raw("DELETE", `/api/customers/sessions/${id}`,
			{ token: ben.token })).status, 404);
		assert.equal((await raw("DELETE", `/api/customers/sessions/${id}`,
			{ token: ada.token })).status, 204);
		assert.equal((await raw("DELETE", `/api/customers/sessions/${id}`,
			{ token: ada.token })).status, 404);
		assert.equal((await profile(other.token)).status, 401);
		assert.equal((await profile(ada.token)).status, 200);
	});

	test("a lost password", async () => {
		const ada = await customer();
		const forgot = () => post("/api/customers/password/forgot",
			{ email: ada.email });
		assert.equal((await forgot()).status, 202);
		const first = (await mail(ada.email, "reset-password")).data.token;
		assert.equal((await forgot()).status, 202);
		const token = (await sql(`select data from outbox where recipient = $1
			and template = 'reset-password' and data ->> 'token' <> $2`,
			[ada.email, first]))[0].data.token;
		const reset = (body: object) =>
			post("/api/customers/password/reset", body);
		assert.equal((await reset({ token: first, password: otherPassword }))
			.json.code, "TOKEN_WRONG");
		const weak = await reset({ token, password: "password1!" });
		assert.equal(weak.status, 422);
		assert.equal((await reset({ token, password: otherPassword })).status,
			204);
		assert.equal((await reset({ token, password: otherPassword })).status,
			422);
		assert.equal((await profile(ada.token)).status, 401);
		assert.equal((await signIn({ login: ada.email, password: goodPassword }))
			.status, 401);
		assert.equal((await signIn({ login: ada.email, password: otherPassword }))
			.status, 200);
		assert.ok((await mails(ada.email)).includes("password-changed"));
	});

	test("links run out: 24 hours to verify, 1 hour to reset", async () => {
		const email = address();
		await post("/api/customers/register", { email, password: goodPassword });
		await post("/api/customers/password/forgot", { email });
		const [lives] = await sql(`select array_agg(purpose || ' ' ||
			extract(epoch from expires_at - t.created_at)::integer
			order by purpose)
			as lives from customer_token t join customer c
			on c.id = t.customer_id where c.email = $1`, [email]);
		assert.deepEqual(lives.lives, ["reset_password 3600",
			"verify_email 86400"]);
		await sql(`update customer_token t set expires_at = now()
			from customer c where c.id = t.customer_id and c.email = $1`,
			[email]);
		const verifying = (await mail(email, "verify-email")).data.token;
		const resetting = (await mail(email, "reset-password")).data.token;
		assert.equal((await verify(verifying)).status, 422);
		assert.equal((await post("/api/customers/password/reset",
			{ token: resetting, password: otherPassword })).status, 422);
		assert.equal((await post("/api/customers/verify-email/resend",
			{ email })).status, 202);
		const again = (await sql(`select data from outbox where recipient = $1
			and template = 'verify-email' and data ->> 'token' <> $2`,
			[email, verifying]))[0].data.token;
		assert.equal((await verify(again)).status, 200);
	});

	test("another password", async () => {
		const ada = await customer();
		const other = await login(ada.email);
		const change = (current: string, next: string) =>
			post("/api/customers/change-password",
				{ current_password: current, new_password: next },
				{ token: ada.token });
		const wrong = await change(otherPassword, "Yet-another-99");
		assert.equal(wrong.status, 422);
		assert.equal(wrong.json.errors[0].field, "current_password");
		assert.equal((await change(goodPassword, goodPassword))
			.json.errors[0].field, "new_password");
		assert.equal((await change(goodPassword, "12345678"))
			.json.errors[0].field, "new_password");
		assert.equal((await change(goodPassword, otherPassword)).status, 204);
		assert.equal((await profile(ada.token)).status, 200);
		assert.equal((await profile(other.token)).status, 401);
		assert.equal((await signIn({ login: ada.email, password: goodPassword }))
			.status, 401);
		const [failed] = await sql(`select count(*)::integer as n
			from login_attempt where account_id = $1 and not succeeded`, [ada.id]);
		assert.equal(failed.n, 2);
	});

	test("another mail address, when its mailbox says so", async () => {
		const ada = await customer(), ben = await customer();
		const wanted = address();
		const change = (email: string, password = goodPassword) =>
			post("/api/customers/change-email", { email, password },
				{ token: ada.token });
		assert.equal((await post("/api/customers/change-email",
			{ email: wanted, password: goodPassword })).status, 401);
		const wrong = await change(wanted, otherPassword);
		assert.equal(wrong.json.errors[0].field, "password");
		assert.equal((await change("nonsense")).json.errors[0].field, "email");
		assert.equal((await change(ada.email.toUpperCase()))
			.json.errors[0].field, "email");
		assert.equal((await change(address())).status, 202);
		await post("/api/customers/password/forgot", { email: ada.email });
		const resetting = (await mail(ada.email, "reset-password")).data.token;
		assert.equal((await change(wanted)).status, 202);
		assert.equal((await profile(ada.token)).json.email, ada.email);
		const [{ count }] = await sql(`select count(*)::int from customer_token
			where customer_id = $1 and purpose = 'change_email'`, [ada.id]);
		assert.equal(count, 1, "an older link is void");
		const { token } = (await mail(wanted, "change-email")).data;
		assert.equal((await post("/api/customers/password/reset",
			{ token, password: otherPassword })).json.code, "TOKEN_WRONG");
		assert.equal((await verify(token)).status, 200);
		assert.equal((await verify(token)).json.code, "TOKEN_WRONG");
		const now = (await profile(ada.token)).json;
		assert.deepEqual([now.email, now.email_verified], [wanted, true]);
		assert.ok((await mails(ada.email)).includes("email-changed"));
		assert.equal((await post("/api/customers/password/reset",
			{ token: resetting, password: otherPassword })).json.code,
			"TOKEN_WRONG");
		assert.equal((await signIn({ login: ada.email,
			password: goodPassword })).status, 401);
		assert.equal((await signIn({ login: wanted,
			password: goodPassword })).status, 200);

		// One that somebody has: the same answer, but not the address.
		assert.equal((await change(ben.email)).status, 202);
		const taken = await verify(
			(await mail(ben.email, "change-email")).data.token);
		assert.deepEqual([taken.status, taken.json.code],
			[409, "EMAIL_TAKEN"]);
		assert.equal((await profile(ada.token)).json.email, wanted);
	});

	test("a guest's cart comes along", async () => {
		const ada = await customer();
		const cart = "guest-" + randomUUID();
		const [variant] = await sql(`select v.id from variant v
			join product p on p.id = v.product_id
			where p.status = 'active' and v.status = 'active'
			and available(v.id) > 3 order by v.sku limit 1`);
		const put = await raw("POST", "/api/cart/lines", { cart,
			body: { variant_id: variant.id, quantity: 2 } });
		assert.ok(put.status < 300, put.text);
		const came = await signIn({ login: ada.email, password: goodPassword },
			{ cart: put.headers.get("duka-cart") ?? cart });
		assert.equal(came.json.cart_merge.merged, 1);
		const again = await signIn({ login: ada.email, password: goodPassword },
			{ cart: put.headers.get("duka-cart") ?? cart });
		assert.equal(again.json.cart_merge.merged, 0);
		assert.equal((await signIn({ login: ada.email, password: goodPassword }))
			.json.cart_merge, undefined);
	});
});

describe("refusals", () => {
	test("passwords that anybody guesses", async () => {
		for (const password of ["short1!", "password", "passwordpassword",
			"1234567890", "P@ssw0rd", "letters-only", "12345678!",
			"x".repeat(201)]) {
			const answer = await post("/api/customers/register",
				{ email: address(), password });
			assert.equal(answer.status, 422, password);
			assert.equal(answer.json.errors[0].field, "password");
		}
	});

	test("names that are none; all faults at once", async () => {
		const answer = await post("/api/customers/register",
			{ email: address(), password: "weak-and-long", username: "a b c" });
		assert.deepEqual(answer.json.errors.map((e: any) => e.field).sort(),
			["password", "username"]);
		const nameless = await signIn({ password: goodPassword });
		assert.equal(nameless.json.errors[0].code, "required");
	});

	test("the shop takes no more accounts", async () => {
		admin("setting", "set", "switch.registration", "off");
		const body = { email: address(), password: goodPassword };
		const closed = cgi("/api/customers/register", body);
		admin("setting", "set", "switch.registration", "on");
		assert.equal(closed.status, 403);
		assert.equal(closed.json.code, "REGISTRATION_CLOSED");
		assert.equal(cgi("/api/customers/register", body).status, 201);
	});

	test("a shop may want addresses verified first", async () => {
		const email = address();
		await post("/api/customers/register", { email, password: goodPassword });
		const body = { login: email, password: goodPassword };
		admin("setting", "set", "switch.login_unverified", "off");
		const early = cgi("/api/customers/login", body);
		await verify((await mail(email, "verify-email")).data.token);
		const then = cgi("/api/customers/login", body);
		admin("setting", "set", "switch.login_unverified", "on");
		assert.equal(early.status, 401);
		assert.equal(early.json.code, "CREDENTIALS_WRONG");
		assert.equal(then.status, 200);
	});

	test("a disabled account is out at once, and says no more than a wrong " +
		"password", async () => {
		const ada = await customer();
		await sql("update customer set state = 'disabled' where id = $1",
			[ada.id]);
		assert.equal((await profile(ada.token)).status, 401);
		assert.equal((await renew(ada.refresh)).status, 401);
		const disabled = await signIn({ login: ada.email,
			password: goodPassword });
		const wrong = await signIn({ login: address(), password: goodPassword });
		assert.deepEqual({ ...disabled.json, requestId: "" },
			{ ...wrong.json, requestId: "" });
	});

	test("tokens that are none", async () => {
		const ada = await customer();
		const [head, body, signature] = ada.token.split(".");
		const none = Buffer.from('{"alg":"none","typ":"JWT"}')
			.toString("base64url");
		const other = Buffer.from(JSON.stringify({ ...JSON.parse(
			Buffer.from(body, "base64url").toString()), sub: randomUUID() }))
			.toString("base64url");
		const boss = await staff("superadmin");
		for (const token of ["", "x", "a.b.c", `${none}.${body}.`,
			`${none}.${body}.${signature}`, `${head}.${other}.${signature}`,
			`${head}.${body}.`, `${head}.${body}`, ada.refresh, boss.token,
			ada.token + "x"])
			assert.equal((await raw("GET", "/api/customers/profile",
				{ headers: { Authorization: `Bearer ${token}` } })).status, 401,
				token);
		assert.equal((await raw("GET", "/api/staff/me", { token: ada.token }))
			.status, 401);
	});

	test("a link's host is the shop's, not the request's", async () => {
		const ada = await customer();
		await post("/api/customers/password/forgot", { email: ada.email },
			{ headers: { "X-Forwarded-Host": "evil.example" } });
		const letter = await mail(ada.email, "reset-password");
		assert.match(letter.data.link, /^https?:\/\/[^/]+\/reset#token=/);
		assert.ok(!letter.data.link.includes("evil"));
	});
});

describe("who is known isn't told", () => {
	const shape = (answer: { status: number; headers: Headers; json: any },
		email: string) => ({
		status: answer.status,
		headers: [...answer.headers.keys()].sort(),
		body: JSON.parse(JSON.stringify({ ...answer.json, requestId: "" })
			.replaceAll(email, "EMAIL")),
	});
	const questions: [string, (email: string) => Promise<any>][] = [
		["register", (email) => post("/api/customers/register",
			{ email, password: otherPassword })],
		["login", (email) => signIn({ login: email,
			password: otherPassword })],
		["forgot", (email) => post("/api/customers/password/forgot",
			{ email })],
		["resend", (email) => post("/api/customers/verify-email/resend",
			{ email })],
	];
	for (const [name, ask] of questions)
		test(name, async (t) => {
			const ada = await customer();
			const stranger = address();
			assert.deepEqual(shape(await ask(ada.email), ada.email),
				shape(await ask(stranger), stranger));
			// Times are printed, not judged: a busy machine is no fault.
			const known: number[] = [], unknown: number[] = [];
			const time = async (email: string, into: number[]) => {
				const start = performance.now();
				await fetch(base + ({ register: "/api/customers/register",
					login: "/api/customers/login",
					forgot: "/api/customers/password/forgot",
					resend: "/api/customers/verify-email/resend" } as any)[name], {
					method: "POST",
					headers: { "Content-Type": "application/json" },
					body: JSON.stringify(name === "login" ?
						{ login: email, password: otherPassword } :
						name === "register" ?
							{ email, password: otherPassword } : { email }),
				}).then((r) => r.text());
				into.push(performance.now() - start);
			};
			for (let i = 0; i < 40; i++) {
				await time(ada.email, known);
				await time(address(), unknown);
			}
			const mean = (x: number[]) => x.reduce((a, b) => a + b) / x.length;
			const variance = (x: number[]) => mean(x.map((v) =>
				(v - mean(x)) ** 2)) * x.length / (x.length - 1);
			const welch = (mean(known) - mean(unknown)) /
				Math.sqrt(variance(known) / known.length +
					variance(unknown) / unknown.length);
			t.diagnostic(`${name}: known ${mean(known).toFixed(2)} ms, unknown ` +
				`${mean(unknown).toFixed(2)} ms, Welch's t ${welch.toFixed(2)}`);
		});

	test("the owner of a known address gets a mail without token", async () => {
		const ada = await customer();
		await post("/api/customers/register",
			{ email: ada.email.toUpperCase(), password: otherPassword });
		const letter = await mail(ada.email, "account-exists");
		assert.deepEqual(Object.keys(letter.data).sort(), ["link", "name"]);
		assert.equal((await signIn({ login: ada.email,
			password: otherPassword })).status, 401);
		assert.equal((await signIn({ login: ada.email,
			password: goodPassword })).status, 200);
	});

	test("failures are recorded", async () => {
		const ada = await customer();
		await signIn({ login: ada.email, password: otherPassword });
		const unknown = address();
		await signIn({ login: unknown, password: otherPassword });
		const rows = await sql(`select account_id, succeeded, host(address) as
			address from login_attempt where name = any ($1) order by id`,
			[[ada.email, unknown]]);
		assert.deepEqual(rows.map((r) => [r.account_id, r.succeeded]),
			[[ada.id, true], [ada.id, false], [null, false]]);
		assert.equal(rows[0].address, "127.0.0.1");
	});
});

describe("refresh tokens", () => {
	test("work once; a reused one ends its session", async () => {
		const ada = await customer();
		const next = await renew(ada.refresh);
		assert.equal(next.status, 200);
		assert.notEqual(next.json.refresh_token, ada.refresh);
		assert.equal((await profile(next.json.access_token)).status, 200);
		const reused = await renew(ada.refresh, { writes: ["customer_session"] });
		assert.equal(reused.status, 401);
		assert.equal(reused.json.code, "SESSION_ENDED");
		assert.equal((await renew(next.json.refresh_token)).status, 401);
		assert.equal((await profile(next.json.access_token)).status, 401);
		const [session] = await sql(`select end_reason from customer_session
			where customer_id = $1`, [ada.id]);
		assert.equal(session.end_reason, "reuse");
	});

	test("twenty at once: exactly one success", async () => {
		for (let round = 0; round < 3; round++) {
			const ada = await customer();
			const answers = await Promise.all(Array.from({ length: 20 }, () =>
				renew(ada.refresh, { parallel: true })));
			assert.equal(answers.filter((a) => a.status === 200).length, 1);
			assert.equal(answers.filter((a) => a.status === 401).length, 19);
			const [rows] = await sql(`select count(*)::integer as n
				from customer_refresh r join customer_session s
				on s.id = r.session_id where s.customer_id = $1`, [ada.id]);
			assert.equal(rows.n, 2);
		}
	});

	test("the control: without the guard more than one succeeds", async () => {
		const [{ source }] = await sql(`select pg_get_functiondef(
			'refresh_customer(text, text)'::regprocedure) as source`);
		const open = source.replace("r.used_at is null", "true");
		assert.notEqual(open, source);
		const ada = await customer();
		await sql(open);
		try {
			const answers = await Promise.all(Array.from({ length: 20 }, () =>
				renew(ada.refresh, { parallel: true })));
			assert.ok(answers.filter((a) => a.status === 200).length > 1);
		} finally {
			await sql(source);
		}
	});

	test("are of no use as access tokens, nor the other way", async () => {
		const ada = await customer();
		assert.equal((await renew(ada.token)).status, 422);
		assert.equal((await renew("x".repeat(43))).status, 401);
		assert.equal((await post("/api/customers/token/refresh", {})).status,
			422);
		assert.equal((await post("/api/staff/token/refresh",
			{ refresh_token: ada.refresh })).status, 401);
	});
});

describe("browsers", () => {
	const jar = (answer: { headers: Headers }) => {
		const cookies = answer.headers.getSetCookie();
		return Object.fromEntries(cookies.map((c) => {
			const [pair] = c.split(";");
			const at = pair.indexOf("=");
			return [pair.slice(0, at), { value: pair.slice(at + 1), text: c }];
		}));
	};
	const send = (cookies: ReturnType<typeof jar>) =>
		Object.entries(cookies).map(([name, c]) => `${name}=${c.value}`)
			.join("; ");

	for (const [world, prefix, loginPath, own, refreshPath, leavePath] of [
		["customer", "__Host-customer", "/api/customers/login",
			"/api/customers/profile", "/api/customers/token/refresh",
			"/api/customers/logout"],
		["staff", "__Host-staff", "/api/staff/login", "/api/staff/me",
			"/api/staff/token/refresh", "/api/staff/logout"]])
		test(`${world}: cookies and the CSRF token`, async () => {
			const who = world === "staff" ? await staff("manager") :
				await customer();
			const came = await post(loginPath, { email: who.email,
				password: goodPassword, transport: "cookie" });
			assert.equal(came.status, 200, came.text);
			assert.equal(came.json.access_token, undefined);
			assert.equal(came.json.refresh_token, undefined);
			const cookies = jar(came);
			const csrfName = world === "staff" ? "__Host-staff-csrf" :
				"__Host-csrf";
			assert.deepEqual(Object.keys(cookies).sort(),
				[csrfName, prefix, `${prefix}-refresh`].sort());
			for (const [name, { text }] of Object.entries(cookies)) {
				assert.match(text, /; Path=\/; /);
				assert.match(text, /; Secure/);
				assert.match(text, /SameSite=Lax/);
				assert.ok(!/Domain/i.test(text));
				assert.equal(/HttpOnly/.test(text), name !== csrfName, name);
			}
			const csrf = came.json.csrf_token;
			assert.equal(cookies[csrfName].value, csrf);

			const headers = { Cookie: send(cookies) };
			assert.equal((await raw("GET", own, { headers })).status, 200);
			const bare = await raw("POST", leavePath, { headers });
			assert.equal(bare.status, 403);
			assert.equal(bare.json.code, "CSRF_TOKEN_WRONG");
			for (const wrong of ["", "x", csrf.slice(1), csrf + "x",
				"y".repeat(csrf.length)])
				assert.equal((await raw("POST", leavePath, { headers:
					{ ...headers, "X-CSRF-Token": wrong } })).status, 403);

			assert.equal((await raw("POST", refreshPath, { headers })).status,
				403);
			const next = await raw("POST", refreshPath, { headers:
				{ ...headers, "X-CSRF-Token": csrf } });
			assert.equal(next.status, 200, next.text);
			const fresh = jar(next);
			assert.notEqual(fresh[prefix].value, cookies[prefix].value);
			assert.notEqual(next.json.csrf_token, csrf);
			const left = await raw("POST", leavePath, { headers: {
				Cookie: send(fresh), "X-CSRF-Token": next.json.csrf_token } });
			assert.equal(left.status, 204);
			for (const { text } of Object.values(jar(left)))
				assert.match(text, /Max-Age=0/);
			assert.equal((await raw("GET", own,
				{ headers: { Cookie: send(fresh) } })).status, 401);
		});
});

describe("staff", () => {
	test("have roles and permissions", async () => {
		const agent = await staff("agent");
		const me = await raw("GET", "/api/staff/me", { token: agent.token });
		assert.deepEqual(me.json.roles, ["agent"]);
		assert.ok(me.json.permissions.includes("orders.read"));
		assert.ok(!me.json.permissions.includes("orders.write"));
	});

	test("live apart from customers", async () => {
		const ada = await customer();
		const boss = await staff("admin");
		assert.equal((await post("/api/staff/login",
			{ email: ada.email, password: goodPassword })).status, 401);
		assert.equal((await signIn({ login: boss.email,
			password: goodPassword })).status, 401);
	});

	test("who is disabled is out at once", async () => {
		const email = address();
		admin("staff", "add", email, "--name", "Temp", "--role", "agent");
		const came = await post("/api/staff/login",
			{ email, password: goodPassword });
		assert.equal(came.status, 200, came.text);
		const token = came.json.access_token;
		admin("staff", "disable", email);
		assert.equal((await raw("GET", "/api/staff/me", { token })).status, 401);
		assert.equal((await post("/api/staff/login",
			{ email, password: goodPassword })).status, 401);
		admin("staff", "enable", email);
		assert.equal((await post("/api/staff/login",
			{ email, password: goodPassword })).status, 200);
		assert.match(admin("staff", "list"), new RegExp(
			`^${email}\tactive\tagent\tTemp$`, "m"));
		assert.throws(() => admin("staff", "add", email, "--name", "Temp",
			"--role", "agent"), /There is a member of staff/);
	});

	test("sessions, refresh, password", async () => {
		const boss = await staff("sales");
		const other = await post("/api/staff/login",
			{ email: boss.email, password: goodPassword });
		assert.equal(other.json.staff.email, boss.email);
		assert.ok(other.json.refresh_expires_in <= 43200);
		const list = await raw("GET", "/api/staff/sessions",
			{ token: boss.token });
		assert.ok(list.json.items.length >= 2);
		const next = await post("/api/staff/token/refresh",
			{ refresh_token: other.json.refresh_token });
		assert.equal(next.status, 200);
		const wrong = await post("/api/staff/change-password",
			{ current_password: otherPassword, new_password: "Third-one-33" },
			{ token: boss.token });
		assert.equal(wrong.status, 422);
		assert.equal((await post("/api/staff/change-password",
			{ current_password: goodPassword, new_password: otherPassword },
			{ token: boss.token })).status, 204);
		assert.equal((await raw("GET", "/api/staff/me",
			{ token: next.json.access_token })).status, 401);
		assert.equal((await post("/api/staff/change-password",
			{ current_password: otherPassword, new_password: goodPassword },
			{ token: boss.token })).status, 204);
		const current = (await raw("GET", "/api/staff/sessions",
			{ token: boss.token })).json.items;
		assert.equal(current.length, 1);
		const stranger = await staff("service");
		assert.equal((await raw("DELETE", `/api/staff/sessions/${current[0].id}`,
			{ token: stranger.token })).status, 404);
	});
});

describe("programs", () => {
	test("register and log in by username and password", async () => {
		const username = "bot-" + randomUUID().slice(0, 8);
		const made = await post("/bot/register",
			{ username, password: goodPassword });
		assert.equal(made.status, 201);
		assert.equal((await post("/bot/register",
			{ username, password: goodPassword })).json.code, "USERNAME_TAKEN");
		assert.equal((await post("/bot/login",
			{ username, password: otherPassword })).status, 401);
		const came = await post("/bot/login/",
			{ username, password: goodPassword });
		assert.equal(came.status, 200);
		const own = await profile(came.json.token);
		assert.equal(own.json.username, username);
		assert.equal(own.json.email, null);
		const [sent] = await sql(`select count(*)::integer as n from outbox
			where recipient like '%.invalid'`);
		assert.equal(sent.n, 0);
	});
});

describe("keys", () => {
	const kid = (token: string) => JSON.parse(Buffer.from(
		token.split(".")[0], "base64url").toString()).kid;

	test("the public ones verify what is signed", async () => {
		const ada = await customer();
		const { data } = await client().GET("/.well-known/jwks.json");
		const jwk = data!.keys.find((k) => k.kid === kid(ada.token));
		assert.ok(jwk);
		const key = await crypto.subtle.importKey("jwk", jwk as JsonWebKey,
			{ name: "Ed25519" }, false, ["verify"]);
		const [head, body, signature] = ada.token.split(".");
		assert.ok(await crypto.subtle.verify("Ed25519", key,
			Buffer.from(signature, "base64url"), Buffer.from(`${head}.${body}`)));
		assert.ok(!JSON.stringify(data).includes('"d"'));
		const claims = JSON.parse(Buffer.from(body, "base64url").toString());
		assert.equal(claims.exp - claims.iat, 3600);
		assert.equal(claims.aud, "customer");
	});

	test("change while tokens live", async () => {
		const ada = await customer();
		const enter = () => cgi("/api/customers/login",
			{ login: ada.email, password: goodPassword }).json.access_token;
		const made = admin("key", "rotate").trim();
		assert.equal(kid(enter()), kid(ada.token),
			"the new one waits until all know it");
		await sql(`update signing_key set created_at = created_at -
			interval '6 seconds' where kid = $1`, [made]);
		const token = enter();
		assert.equal(kid(token), made);
		await new Promise((done) => setTimeout(done, 2100));
		assert.equal((await profile(token)).status, 200);
		assert.equal((await profile(ada.token)).status, 200);
		assert.match(admin("key", "list"), new RegExp(`^${made}\tsigns\t`, "m"));
	});
});

describe("limits", () => {
	const limited = new URL(process.env.DUKA_TEST_LIMITED!);
	/** As if from elsewhere: another address of this machine. */
	const from = (localAddress: string, path: string, body: object) =>
		new Promise<{ status: number; headers: any }>((done, failed) => {
			const r = request({ host: limited.hostname, port: limited.port, path,
				method: "POST", localAddress,
				headers: { "Content-Type": "application/json" } }, (answer) => {
				answer.resume().on("end", () => done({
					status: answer.statusCode!, headers: answer.headers }));
			});
			r.on("error", failed);
			r.end(JSON.stringify(body));
		});

	test("5 registrations an hour, known or not", async () => {
		const email = address();
		const seen: number[] = [];
		for (let i = 0; i < 6; i++)
			seen.push((await from("127.0.5.1", "/api/customers/register",
				{ email: i % 2 ? email : address(),
					password: goodPassword })).status);
		assert.deepEqual(seen, [201, 201, 201, 201, 201, 429]);
		const last = await from("127.0.5.1", "/api/customers/register",
			{ email: address(), password: goodPassword });
		assert.ok(Number(last.headers["retry-after"]) > 0);
		assert.equal(last.headers["ratelimit-limit"], "5");
	});

	test("10 logins an hour; a stranger's failures don't lock the owner out",
		async () => {
			const email = address();
			assert.equal((await from("127.0.5.2", "/api/customers/register",
				{ email, password: goodPassword })).status, 201);
			const seen: number[] = [];
			for (let i = 0; i < 11; i++)
				seen.push((await from("127.0.5.3", "/api/customers/login",
					{ login: email, password: otherPassword })).status);
			assert.deepEqual(seen, [...Array(10).fill(401), 429]);
			assert.equal((await from("127.0.5.2", "/api/customers/login",
				{ login: email, password: goodPassword })).status, 200);
		});

	test("5 mails an hour to one address, known or not", async () => {
		for (const email of [address(), address()]) {
			const seen: number[] = [];
			for (let i = 0; i < 6; i++)
				seen.push((await from(`127.0.6.${i + 1}`,
					"/api/customers/password/forgot", { email })).status);
			assert.deepEqual(seen, [202, 202, 202, 202, 202, 429]);
		}
	});
});

describe("erasing", () => {
	test("needs the password, and leaves nobody", async () => {
		const username = "gone." + randomUUID().slice(0, 8);
		const ada = await customer({ username });
		const erase = (password: string) => post(
			"/api/customers/account/delete", { password }, { token: ada.token });
		assert.equal((await erase(otherPassword)).json.errors[0].field,
			"password");
		assert.equal((await erase(goodPassword)).status, 204);
		assert.equal((await profile(ada.token)).status, 401);
		assert.equal((await signIn({ login: ada.email,
			password: goodPassword })).status, 401);
		const [row] = await sql("select * from customer where id = $1",
			[ada.id]);
		assert.equal(row.state, "erased");
		assert.ok(!JSON.stringify(row).includes(ada.email));
		assert.ok(!JSON.stringify(row).includes(username));
		const back = await customer({ email: ada.email, username });
		assert.notEqual(back.id, ada.id);
	});
});
