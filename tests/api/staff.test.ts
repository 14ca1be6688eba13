// SPDX-License-Identifier: ISC
// Members, roles, the second factor, keys, and the log of what they changed.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, describe, test } from "node:test";
import { command, customer, goodPassword, mail, raw, sql, staff, type Person }
	from "./harness.js";
import { code, later } from "./totp.js";

const address = () => `${randomUUID().slice(0, 12)}@example.org`;
const other = "Another-baobab-88";
let boss: Person;
before(async () => {
	boss = await staff("superadmin");
});

const get = (path: string, token: string | undefined) =>
	raw("GET", path, { token });
const post = (path: string, body: unknown, token?: string, options = {}) =>
	raw("POST", path, { body, token, ...options });
const patch = (path: string, body: unknown, version: number, token?: string) =>
	raw("PATCH", path, { body, token,
		headers: { "If-Match": `"${version}"` } });
const signIn = (email: string, password = goodPassword, options = {}) =>
	post("/api/staff/login", { email, password }, undefined, options);

/** A member with a password of its own, as the command makes one. */
async function hire(...roles: string[]): Promise<Person> {
	const email = address();
	command("duka-admin", ["staff", "add", email, "--name", "Temp",
		...roles.flatMap((role) => ["--role", role])], goodPassword + "\n");
	const came = await signIn(email);
	assert.equal(came.status, 200, came.text);
	return { email, password: goodPassword, id: came.json.staff.id,
		token: came.json.access_token, refresh: came.json.refresh_token,
		api: undefined as never };
}

const view = async (id: string) =>
	(await get(`/api/staff/members/${id}`, boss.token)).json;
const tokenOf = (letter: any): string => letter.data.path.split("#token=")[1];
const linkFor = async (email: string, template: string) =>
	tokenOf(await mail(email, template));
const choose = (token: string, password: string, options = {}) =>
	post("/api/staff/password/reset", { token, password }, undefined, options);

/** Sets the second factor up; the codes that come with it. */
async function enroll(who: Person): Promise<{ secret: string; codes: string[] }> {
	const begun = await post("/api/staff/totp", { password: who.password },
		who.token);
	assert.equal(begun.status, 200, begun.text);
	const done = await post("/api/staff/totp/confirm",
		{ code: code(begun.json.secret) }, who.token);
	assert.equal(done.status, 200, done.text);
	return { secret: begun.json.secret, codes: done.json.recovery_codes };
}

describe("a member", () => {
	test("is invited, chooses a password, comes in", async () => {
		const email = address();
		const made = await post("/api/staff/members", { email, name: "Amina",
			roles: ["service", "sales"] }, boss.token);
		assert.equal(made.status, 201, made.text);
		assert.equal(made.json.state, "invited");
		assert.deepEqual(made.json.roles, ["sales", "service"]);
		assert.ok(!made.text.includes("token"));
		const letter = await mail(email, "staff-invite");
		assert.match(letter.data.path, /^\/admin-panel\/password#token=.{43}$/);
		assert.equal((await signIn(email)).status, 401);
		assert.equal((await post("/api/staff/members", { email:
			email.toUpperCase(), name: "B", roles: ["agent"] }, boss.token))
			.json.code, "MEMBER_EXISTS");

		assert.equal((await raw("POST",
			`/api/staff/members/${made.json.id}/invite`,
			{ token: boss.token })).status, 204);
		assert.equal((await choose(tokenOf(letter), other)).json.code,
			"TOKEN_WRONG", "the older link is void");
		const token = await linkFor(email, "staff-invite");
		assert.equal((await choose(token, "password1")).status, 422);
		assert.equal((await choose(token, other)).status, 204);
		assert.equal((await choose(token, other)).json.code, "TOKEN_WRONG");
		const came = await signIn(email, other);
		assert.equal(came.status, 200, came.text);
		assert.equal((await view(made.json.id)).state, "active");
		assert.equal(await mail(email, "staff-new-device"), undefined);
		assert.equal((await raw("POST",
			`/api/staff/members/${made.json.id}/invite`,
			{ token: boss.token })).json.code, "CONFLICT");
		assert.ok(!JSON.stringify(await sql(`select before, after from audit_log
			where row_key = $1`, [made.json.id])).includes("argon"));
	});

	test("is found by name, role and state, page by page", async () => {
		await hire("analyst");
		await hire("analyst");
		const first = await get("/api/staff/members?role=analyst&state=active" +
			"&limit=1", boss.token);
		assert.equal(first.json.items.length, 1);
		const rest = await get("/api/staff/members?role=analyst&state=active" +
			`&limit=100&cursor=${first.json.next}`, boss.token);
		assert.ok(rest.json.items.length >= 1);
		assert.ok(!rest.json.items.some((m: any) =>
			m.id === first.json.items[0].id));
		const found = await get(`/api/staff/members?q=${boss.email}`,
			boss.token);
		assert.deepEqual(found.json.items.map((m: any) => m.id), [boss.id]);
	});

	test("changes at once, and never over another's change", async () => {
		const ben = await hire("agent");
		assert.equal((await get("/api/reports/dashboard-that-is-not",
			ben.token)).status, 404);
		assert.equal((await get("/api/staff/members", ben.token)).status, 403);
		const seen = await view(ben.id);
		const done = await patch(`/api/staff/members/${ben.id}`,
			{ roles: ["manager"], name: "Ben" }, seen.version, boss.token);
		assert.equal(done.status, 200, done.text);
		assert.equal((await get("/api/staff/members", ben.token)).status, 200);
		assert.equal((await patch(`/api/staff/members/${ben.id}`,
			{ name: "C" }, seen.version, boss.token)).status, 412);
		assert.equal((await raw("PATCH", `/api/staff/members/${ben.id}`,
			{ token: boss.token, body: { name: "C" } })).status, 428);
		const out = await patch(`/api/staff/members/${ben.id}`,
			{ state: "disabled" }, done.json.version, boss.token);
		assert.equal(out.json.state, "disabled");
		assert.equal((await get("/api/staff/me", ben.token)).status, 401);
		assert.equal((await signIn(ben.email)).status, 401);
		await patch(`/api/staff/members/${ben.id}`, { state: "active" },
			out.json.version, boss.token);
		assert.equal((await signIn(ben.email)).status, 200);
	});

	test("gives nothing that is not theirs", async () => {
		const ann = await hire("admin"), ben = await hire("agent");
		const seen = await view(ben.id);
		for (const roles of [["superadmin"], ["agent", "superadmin"]])
			assert.equal((await patch(`/api/staff/members/${ben.id}`,
				{ roles }, seen.version, ann.token)).status, 403);
		assert.equal((await post("/api/staff/members", { email: address(),
			name: "X", roles: ["superadmin"] }, ann.token)).status, 403);
		assert.equal((await patch(`/api/staff/members/${boss.id}`,
			{ state: "disabled" }, (await view(boss.id)).version, ann.token))
			.status, 403);
		assert.equal((await patch(`/api/staff/members/${boss.id}`,
			{ email: address() }, (await view(boss.id)).version, ann.token))
			.status, 403);
		assert.equal((await raw("DELETE",
			`/api/staff/members/${boss.id}/sessions`, { token: ann.token }))
			.status, 403);
		assert.equal((await raw("POST",
			`/api/staff/members/${ben.id}/reset-password`,
			{ token: ann.token })).status, 403, "a superadmin's to do");
		// Not even of another admin with one permission more.
		const role = `r_${randomUUID().replace(/[^a-z]/g, "").slice(0, 20)}`;
		await post("/api/staff/roles", { name: role, about: "x",
			permissions: ["settings.write"] }, boss.token);
		const cat = await hire("admin", role);
		assert.equal((await patch(`/api/staff/members/${cat.id}`,
			{ email: address() }, (await view(cat.id)).version, ann.token))
			.status, 403);
		assert.equal((await patch(`/api/staff/members/${ben.id}`,
			{ roles: [role] }, seen.version, ann.token)).status, 403);
	});

	test("can't lock themselves out, nor the shop", async () => {
		const ann = await hire("superadmin");
		for (const body of [{ state: "disabled" }, { roles: ["agent"] },
			{ email: address() }])
			assert.equal((await patch(`/api/staff/members/${ann.id}`, body,
				(await view(ann.id)).version, ann.token)).json.code,
			"OWN_ACCOUNT");
		assert.equal((await patch(`/api/staff/members/${ann.id}`,
			{ name: "Ann" }, (await view(ann.id)).version, ann.token)).status,
		200);
		// All others go; two of those left at once.
		const ben = await hire("superadmin");
		const kept = await sql(`update staff set state = 'disabled'
			where id in (select staff_id from staff_role
			where role = 'superadmin') and id not in ($1, $2)
			and state = 'active' returning id`, [ann.id, ben.id]);
		const [a, b] = [await view2(ann, ann.id), await view2(ann, ben.id)];
		const both = await Promise.all([
			raw("PATCH", `/api/staff/members/${ben.id}`, { token: ann.token,
				body: { state: "disabled" }, parallel: true,
				headers: { "If-Match": `"${b.version}"` } }),
			raw("PATCH", `/api/staff/members/${ann.id}`, { token: ben.token,
				body: { roles: ["agent"] }, parallel: true,
				headers: { "If-Match": `"${a.version}"` } })]);
		const left = await sql(`select s.id from staff s join staff_role r
			on r.staff_id = s.id where r.role = 'superadmin'
			and s.state = 'active'`);
		assert.equal(left.length, 1, JSON.stringify(both.map((x) => x.text)));
		await sql("update staff set state = 'active' where id = any ($1)",
			[kept.map((row) => row.id)]);
	});
	const view2 = async (who: Person, id: string) =>
		(await get(`/api/staff/members/${id}`, who.token)).json;

	test("gets another password by mail, and nobody learns it", async () => {
		const ben = await hire("agent");
		const asked = await post("/api/staff/password/forgot",
			{ email: ben.email });
		assert.equal(asked.status, 202);
		const nobody = await post("/api/staff/password/forgot",
			{ email: address() });
		assert.deepEqual(nobody.json, asked.json);
		const own = await linkFor(ben.email, "staff-reset-password");
		assert.equal((await raw("POST",
			`/api/staff/members/${ben.id}/reset-password`,
			{ token: boss.token })).status, 204);
		assert.equal((await get("/api/staff/me", ben.token)).status, 401);
		assert.equal((await signIn(ben.email)).status, 401,
			"the old one is gone");
		assert.equal((await choose(own, other)).json.code, "TOKEN_WRONG");
		const [told] = await sql(`select staff_id, action from audit_log
			where table_name = 'staff_password' and row_key = $1
			order by id desc limit 1`, [ben.id]);
		assert.deepEqual(told, { staff_id: boss.id, action: "DELETE" });
		const letter = await mail(ben.email, "staff-reset-password");
		assert.equal(letter.data.by, "Test superadmin");
		assert.equal((await choose(tokenOf(letter), other)).status, 204);
		assert.equal((await signIn(ben.email, other)).status, 200);
		assert.ok((await mail(ben.email, "staff-secured")).data.password);
		// Customers' links and staff's are of two worlds.
		const ada = await customer();
		await post("/api/customers/password/forgot", { email: ada.email });
		const theirs = (await mail(ada.email, "reset-password")).data.token;
		assert.equal((await choose(theirs, other)).json.code, "TOKEN_WRONG");
	});
});

describe("sessions", () => {
	test("are listed and ended by who manages members", async () => {
		const ben = await hire("agent");
		await signIn(ben.email);
		const path = `/api/staff/members/${ben.id}/sessions`;
		const list = await get(path, boss.token);
		assert.equal(list.json.items.length, 2);
		assert.ok(list.json.items.every((s: any) => !s.current));
		const mine = await get("/api/staff/sessions", ben.token);
		const own = mine.json.items.find((s: any) => s.current);
		assert.equal((await raw("DELETE", `${path}/${own.id}`,
			{ token: boss.token })).status, 204);
		assert.equal((await get("/api/staff/me", ben.token)).status, 401);
		assert.equal((await raw("DELETE", `${path}/${own.id}`,
			{ token: boss.token })).status, 404);
		assert.equal((await raw("DELETE", path, { token: boss.token }))
			.status, 204);
		assert.equal((await get(path, boss.token)).json.items.length, 0);
	});

	test("end when nobody works, and go on while somebody does", async () => {
		const ben = await hire("agent");
		const age = (minutes: number) => sql(`update staff_session set
			used_at = now() - make_interval(mins => $2),
			idle_until = now() - make_interval(mins => $2)
			+ interval '60 minutes' where staff_id = $1`, [ben.id, minutes]);
		const left = async () => (await sql(`select extract(epoch from
			idle_until - now())::int as s from staff_session
			where staff_id = $1`, [ben.id]))[0].s;
		await age(59);
		assert.equal((await get("/api/staff/me", ben.token)).status, 200);
		assert.ok(await left() > 3590, "it is good for an hour again");
		const [was] = await sql(`select used_at from staff_session
			where staff_id = $1`, [ben.id]);
		await get("/api/staff/me", ben.token);
		const [is] = await sql(`select used_at from staff_session
			where staff_id = $1`, [ben.id]);
		assert.deepEqual(is, was, "noted once a minute");
		await age(61);
		const over = await get("/api/staff/me", ben.token);
		assert.equal(over.json.code, "SESSION_ENDED");
		assert.equal((await post("/api/staff/token/refresh",
			{ refresh_token: ben.refresh }, undefined)).status, 401);
		assert.equal((await get(`/api/staff/members/${ben.id}/sessions`,
			boss.token)).json.items.length, 0);
	});

	test("end after their hours whoever works", async () => {
		const ben = await hire("agent");
		const [row] = await sql(`select extract(epoch from expires_at -
			created_at)::int as s from staff_session where staff_id = $1`,
		[ben.id]);
		assert.equal(row.s, 12 * 3600);
		await sql(`update staff_session set expires_at = now()
			where staff_id = $1`, [ben.id]);
		assert.equal((await get("/api/staff/me", ben.token)).status, 401);
	});

	test("of a new device are told of", async () => {
		const ben = await hire("agent");
		await signIn(ben.email);
		assert.equal(await mail(ben.email, "staff-new-device"), undefined);
		await signIn(ben.email, goodPassword,
			{ headers: { "User-Agent": "Stranger/1" } });
		const letter = await mail(ben.email, "staff-new-device");
		assert.equal(letter.data.agent, "Stranger/1");
		await signIn(ben.email, goodPassword,
			{ headers: { "User-Agent": "Stranger/1" } });
		assert.equal((await sql(`select from outbox where recipient = $1
			and template = 'staff-new-device'`, [ben.email])).length, 1);
	});
});

describe("the second factor", () => {
	test("is set up, asked for, and taken once", async () => {
		const ben = await hire("agent");
		assert.deepEqual((await get("/api/staff/totp", ben.token)).json,
			{ enabled: false, required: false, since: null,
				recovery_codes_left: 0 });
		assert.equal((await post("/api/staff/totp", { password: "x" },
			ben.token)).status, 422);
		assert.equal((await post("/api/staff/totp/confirm",
			{ code: "123456" }, ben.token)).json.code, "TOTP_MISSING");
		const begun = await post("/api/staff/totp",
			{ password: goodPassword }, ben.token);
		const { secret, uri } = begun.json;
		assert.match(secret, /^[A-Z2-7]{32}$/);
		assert.match(uri, new RegExp(`^otpauth://totp/[^?]+[?]secret=${secret}&`));
		assert.equal((await signIn(ben.email)).json.challenge, undefined,
			"it doesn't count yet");
		const wrong = String((Number(code(secret)) + 1) % 1e6).padStart(6, "0");
		assert.equal((await post("/api/staff/totp/confirm", { code: wrong },
			ben.token)).status, 422);
		const elsewhere = (await signIn(ben.email)).json.access_token;
		const done = await post("/api/staff/totp/confirm",
			{ code: code(secret) }, ben.token);
		assert.equal(done.json.recovery_codes.length, 10);
		assert.equal((await get("/api/staff/me", elsewhere)).status, 401,
			"the other sessions end");
		assert.ok((await mail(ben.email, "staff-secured")).data.totp_on);
		assert.equal((await post("/api/staff/totp",
			{ password: goodPassword }, ben.token)).json.code, "TOTP_STANDS");

		const first = await signIn(ben.email);
		assert.equal(first.status, 200);
		assert.deepEqual(Object.keys(first.json).sort(),
			["challenge", "challenge_expires_in"]);
		const say = (said: string, challenge = first.json.challenge) =>
			post("/api/staff/login/code", { challenge, code: said },
				undefined, { writes: ["staff_challenge"] });
		assert.equal((await say(code(secret))).json.code, "CREDENTIALS_WRONG",
			"the code that confirmed it was taken");
		await later(ben.id);
		const now = code(secret);
		const came = await say(`${now.slice(0, 3)} ${now.slice(3)}`);
		assert.equal(came.status, 200, came.text);
		assert.ok(came.json.staff.totp);
		assert.equal((await say(now)).json.code, "TOKEN_WRONG",
			"a challenge is good for one signing in");
		const second = await signIn(ben.email);
		assert.equal((await say(now, second.json.challenge)).status, 401,
			"and a code too");
		assert.equal((await say(code(secret, 5), second.json.challenge))
			.status, 401);
	});

	test("lets recovery codes in once each", async () => {
		const ben = await hire("agent");
		const { codes } = await enroll(ben);
		assert.equal(new Set(codes).size, 10);
		const kept = await sql(`select digest from staff_recovery
			where staff_id = $1`, [ben.id]);
		assert.ok(!kept.some((row) => codes.includes(row.digest)));
		const use = async (said: string) => post("/api/staff/login/code",
			{ challenge: (await signIn(ben.email)).json.challenge,
				code: said }, undefined, { writes: ["staff_challenge"] });
		const came = await use(codes[0].toLowerCase().replaceAll("-", " "));
		assert.equal(came.status, 200, came.text);
		assert.equal((await use(codes[0])).status, 401);
		const token = came.json.access_token;
		assert.equal((await get("/api/staff/totp", token)).json
			.recovery_codes_left, 9);
		const fresh = await post("/api/staff/totp/recovery-codes",
			{ password: goodPassword }, token);
		assert.equal((await use(codes[1])).status, 401, "the older are void");
		assert.equal((await use(fresh.json.recovery_codes[1])).status, 200);
		assert.equal((await post("/api/staff/totp/disable",
			{ password: "wrong" }, token)).status, 422);
		assert.equal((await post("/api/staff/totp/disable",
			{ password: goodPassword }, token)).status, 204);
		assert.ok((await signIn(ben.email)).json.access_token);
	});

	test("gives few tries, and not for ever", async () => {
		const ben = await hire("agent");
		const { secret } = await enroll(ben);
		await later(ben.id);
		const { challenge } = (await signIn(ben.email)).json;
		const say = (said: string) => post("/api/staff/login/code",
			{ challenge, code: said }, undefined,
			{ writes: ["staff_challenge"] });
		for (let i = 0; i < 5; i++)
			assert.equal((await say("no code")).json.code,
				"CREDENTIALS_WRONG");
		assert.equal((await say(code(secret))).json.code, "TOKEN_WRONG");
		const next = (await signIn(ben.email)).json.challenge;
		await sql(`update staff_challenge set expires_at = now()
			where staff_id = $1`, [ben.id]);
		assert.equal((await post("/api/staff/login/code", { challenge: next,
			code: code(secret) })).json.code, "TOKEN_WRONG");
		const tries = (await get(`/api/staff/login-attempts?member_id=${
			ben.id}&limit=100`, boss.token)).json.items;
		assert.deepEqual(tries.slice(0, 4).map((t: any) => t.outcome),
			["code_asked", "code_wrong", "code_wrong", "code_wrong"]);
		const own = (await get("/api/staff/me/login-attempts",
			ben.token)).json.items;
		assert.deepEqual(own, tries.slice(0, 20));
	});

	test("one code and two at the door: one comes in", async () => {
		const ben = await hire("agent");
		const { secret } = await enroll(ben);
		await later(ben.id);
		const said = code(secret);
		const doors = await Promise.all([1, 2, 3, 4].map(async () =>
			(await signIn(ben.email, goodPassword, { parallel: true }))
				.json.challenge));
		const answers = await Promise.all(doors.map((challenge) =>
			post("/api/staff/login/code", { challenge, code: said },
				undefined, { parallel: true })));
		assert.deepEqual(answers.map((a) => a.status).sort(),
			[200, 401, 401, 401]);
	});

	test("where a role wants it, nothing goes without", async () => {
		const role = `w_${randomUUID().replace(/[^a-z]/g, "").slice(0, 20)}`;
		const made = await post("/api/staff/roles", { name: role,
			about: "x", permissions: ["staff.read"] }, boss.token);
		assert.equal(made.status, 201, made.text);
		const ben = await hire(role);
		assert.equal((await get("/api/staff/members", ben.token)).status, 200);
		await patch(`/api/staff/roles/${role}`, { totp_required: true },
			made.json.version, boss.token);
		const refused = await get("/api/staff/members", ben.token);
		assert.equal(refused.status, 403);
		assert.equal(refused.json.code, "TOTP_REQUIRED");
		for (const path of ["/api/staff/sessions", "/api/messages"])
			assert.equal((await get(path, ben.token)).json.code,
				"TOTP_REQUIRED");
		const me = (await get("/api/staff/me", ben.token)).json;
		assert.deepEqual(me.permissions, ["staff.enroll"]);
		assert.ok(me.totp_required && !me.totp);
		const { codes } = await enroll(ben);
		assert.equal((await get("/api/staff/members", ben.token)).status, 200);
		// Lost: a superadmin helps, and learns nothing.
		const ann = await hire("admin");
		assert.equal((await raw("DELETE", `/api/staff/members/${ben.id}/totp`,
			{ token: ann.token })).status, 403);
		assert.equal((await raw("DELETE", `/api/staff/members/${ben.id}/totp`,
			{ token: boss.token })).status, 204);
		assert.equal((await get("/api/staff/me", ben.token)).status, 401);
		const again = await signIn(ben.email);
		assert.deepEqual(again.json.staff.permissions, ["staff.enroll"]);
		assert.equal(codes.length, 10);
		command("duka-admin", ["staff", "totp-reset", ben.email]);
		assert.equal((await get("/api/staff/me", again.json.access_token))
			.status, 401);
	});
});

describe("roles", () => {
	const name = `packer_${randomUUID().replace(/[^a-z]/g, "").slice(0, 15)}`;
	test("are made, changed, given and removed", async () => {
		const made = await post("/api/staff/roles", { name, about: "Packs",
			permissions: ["messages.read"] }, boss.token);
		assert.equal(made.status, 201, made.text);
		assert.deepEqual(made.json.permissions,
			["messages.read", "staff.enroll", "staff.self"]);
		assert.equal((await post("/api/staff/roles", { name, about: "x",
			permissions: [] }, boss.token)).json.code, "ROLE_EXISTS");
		const ben = await hire(name);
		assert.equal((await get("/api/messages", ben.token)).status, 200);
		const changed = await patch(`/api/staff/roles/${name}`,
			{ permissions: ["catalog.read"] }, 1, boss.token);
		assert.equal(changed.status, 200, changed.text);
		assert.equal((await get("/api/messages", ben.token)).status, 403);
		assert.equal((await patch(`/api/staff/roles/${name}`,
			{ about: "x" }, 1, boss.token)).status, 412);
		assert.equal((await raw("DELETE", `/api/staff/roles/${name}`,
			{ token: boss.token, headers: { "If-Match": '"2"' } })).json.code,
		"IN_USE");
		await sql("delete from staff_role where role = $1", [name]);
		assert.equal((await raw("DELETE", `/api/staff/roles/${name}`,
			{ token: boss.token, headers: { "If-Match": '"2"' } })).status,
		204);
		for (const bad of ["Packer", "pack er", "_x", "x1"])
			assert.equal((await post("/api/staff/roles", { name: bad,
				about: "x", permissions: [] }, boss.token)).status, 422, bad);
		assert.equal((await post("/api/staff/roles", { name: "good_one",
			about: "x", permissions: ["no.such"] }, boss.token)).status, 422);
	});

	test("shipped stay, and superadmins may everything", async () => {
		const all = (await get("/api/staff/roles", boss.token)).json.items;
		const shipped = all.filter((r: any) => r.shipped).map((r: any) => r.name);
		assert.deepEqual(shipped.sort(), ["admin", "agent", "analyst", "crm",
			"manager", "sales", "service", "superadmin"]);
		const { items } = (await get("/api/staff/permissions", boss.token)).json;
		const fixed = all.find((r: any) => r.fixed);
		assert.deepEqual(fixed.permissions, items.map((p: any) => p.name));
		assert.ok(items.every((p: any) => p.mine));
		assert.equal((await patch("/api/staff/roles/superadmin",
			{ permissions: ["staff.read"] }, fixed.version, boss.token))
			.json.code, "ROLE_FIXED");
		const agent = all.find((r: any) => r.name === "agent");
		assert.equal((await raw("DELETE", "/api/staff/roles/agent", {
			token: boss.token, headers: { "If-Match": `"${agent.version}"` } }))
			.json.code, "ROLE_FIXED");
	});

	test("give and take only what is one's own", async () => {
		const role = `lead_${randomUUID().replace(/[^a-z]/g, "").slice(0, 15)}`;
		await post("/api/staff/roles", { name: role, about: "x",
			permissions: ["roles.write", "staff.read", "messages.read"] },
			boss.token);
		const ben = await hire(role);
		const target = `t_${role}`.slice(0, 31);
		assert.equal((await post("/api/staff/roles", { name: target,
			about: "x", permissions: ["messages.write"] }, ben.token)).status, 403);
		await post("/api/staff/roles", { name: target, about: "x",
			permissions: ["messages.write", "messages.read"] }, boss.token);
		assert.equal((await patch(`/api/staff/roles/${target}`,
			{ permissions: ["messages.read"] }, 1, ben.token)).status, 403,
			"nor taken away");
		assert.equal((await patch(`/api/staff/roles/${target}`,
			{ permissions: ["messages.write"] }, 1, ben.token)).status, 200);
		assert.equal((await patch(`/api/staff/roles/${role}`,
			{ permissions: ["staff.read"] }, 1, ben.token)).json.code,
			"OWN_ACCOUNT", "who changes roles can still do so");
		assert.equal((await patch("/api/staff/roles/superadmin",
			{ totp_required: true }, 1, ben.token)).status, 403);
	});
});

describe("keys", () => {
	const make = (who: Person, permissions: string[], more = {}) =>
		post("/api/staff/keys", { name: "Scanner", permissions, ...more },
			who.token);

	test("open what they were given, and say who it was", async () => {
		const made = await make(boss, ["catalog.read", "catalog.write"]);
		assert.equal(made.status, 201, made.text);
		const { secret, key } = made.json;
		assert.match(secret, /^duka_[A-Za-z0-9_-]{43}$/);
		assert.ok(secret.startsWith(key.prefix) && key.prefix.length === 11);
		const [kept] = await sql("select * from api_key where id = $1",
			[key.id]);
		assert.ok(!Object.values(kept).includes(secret));
		const name = `Brand ${randomUUID().slice(0, 8)}`;
		const brand = await post("/api/catalog/brands",
			{ name, slug: name.toLowerCase().replace(" ", "-") }, secret);
		assert.ok(brand.status === 201, brand.text);
		const [row] = await sql(`select staff_id, key_id from audit_log
			where table_name = 'brand' and row_key = $1`, [brand.json.id]);
		assert.deepEqual(row, { staff_id: boss.id, key_id: key.id });
		for (const path of ["/api/messages", "/api/staff/me",
			"/api/staff/sessions", "/api/staff/keys"])
			assert.equal((await get(path, secret)).status, 403, path);
		assert.equal((await get("/api/customers/profile", secret)).status, 401);
		assert.ok((await get("/api/staff/keys?state=active", boss.token)).json
			.items.find((k: any) => k.id === key.id).used_at);
		assert.ok(!(await get("/api/staff/keys", boss.token)).text
			.includes(secret));
		assert.equal((await raw("DELETE", `/api/staff/keys/${key.id}`,
			{ token: boss.token })).status, 204);
		const refused = await post("/api/catalog/brands", { name: "x",
			slug: "x" }, secret);
		assert.equal(refused.status, 401);
		assert.equal((await raw("DELETE", `/api/staff/keys/${key.id}`,
			{ token: boss.token })).status, 404);
	});

	test("can no more than their maker can, now", async () => {
		const role = `k_${randomUUID().replace(/[^a-z]/g, "").slice(0, 20)}`;
		await post("/api/staff/roles", { name: role, about: "x",
			permissions: ["keys.write", "messages.read"] }, boss.token);
		const ben = await hire(role);
		assert.equal((await make(ben, ["messages.write"])).status, 403);
		assert.equal((await make(ben, ["staff.self"])).status, 422);
		assert.equal((await make(ben, ["no.such"])).status, 422);
		assert.equal((await make(ben, ["messages.read"],
			{ expires_at: "2020-01-01T00:00:00Z" })).status, 422);
		const { secret, key } = (await make(ben, ["messages.read"])).json;
		const look = () => get("/api/messages", secret);
		assert.equal((await look()).status, 200);
		await patch(`/api/staff/roles/${role}`, { permissions:
			["keys.write"] }, 1, boss.token);
		assert.equal((await look()).status, 403, "what the maker lost");
		await patch(`/api/staff/roles/${role}`, { permissions:
			["keys.write", "messages.read"] }, 2, boss.token);
		assert.equal((await look()).status, 200);
		const seen = await view(ben.id);
		await patch(`/api/staff/members/${ben.id}`, { state: "disabled" },
			seen.version, boss.token);
		assert.equal((await look()).status, 401, "a disabled maker");
		await patch(`/api/staff/members/${ben.id}`, { state: "active" },
			seen.version + 1, boss.token);
		assert.equal((await look()).status, 200);
		await sql("update api_key set expires_at = now() where id = $1",
			[key.id]);
		assert.equal((await look()).status, 401, "it has run out");
	});

	test("are no superadmins", async () => {
		const { secret } = (await make(boss, ["staff.write", "staff.read",
			"keys.write"])).json;
		const ben = await hire("agent");
		assert.equal((await get("/api/staff/members", secret)).status, 200);
		assert.equal((await raw("POST",
			`/api/staff/members/${ben.id}/reset-password`,
			{ token: secret })).status, 403);
		assert.equal((await post("/api/staff/members", { email: address(),
			name: "X", roles: ["superadmin"] }, secret)).status, 403);
		assert.equal((await post("/api/staff/members", { email: address(),
			name: "X", roles: ["agent"] }, secret)).status, 403,
			"it may not what agents may");
		assert.equal((await post("/api/staff/keys", { name: "x",
			permissions: ["messages.read"] }, secret)).status, 403);
	});

	test("that are none open nothing", async () => {
		for (const wrong of ["duka_", `duka_${"A".repeat(43)}`,
			`duka_${"A".repeat(4000)}`])
			assert.equal((await get("/api/staff/members", wrong)).status, 401);
	});
});

describe("the audit log", () => {
	let brand: string, request: string;
	before(async () => {
		const name = `=cmd|' /C calc'!A0 ${randomUUID().slice(0, 8)}`;
		const made = await post("/api/catalog/brands", { name,
			slug: `b-${randomUUID().slice(0, 8)}` }, boss.token);
		assert.equal(made.status, 201, made.text);
		brand = made.json.id;
		request = made.headers.get("x-request-id") ?? "";
	});

	test("is found by who, what and when", async () => {
		const find = async (query: string) => (await get(
			`/api/staff/audit?${query}`, boss.token)).json.items;
		const [entry] = await find(`table=brand&row=${brand}`);
		assert.equal(entry.action, "insert");
		assert.equal(entry.before, null);
		assert.equal(entry.after.id, brand);
		assert.equal(entry.member.id, boss.id);
		assert.equal(entry.key, null);
		assert.ok(entry.request_id);
		if (request)
			assert.equal(entry.request_id, request);
		const same = await find(`request_id=${entry.request_id}`);
		assert.ok(same.some((e: any) => e.id === entry.id));
		assert.deepEqual(await find(`table=brand&row=${brand}&action=delete`),
			[]);
		assert.deepEqual(await find(`table=brand&row=${brand}` +
			`&to=${entry.at}`), []);
		assert.equal((await find(`table=brand&row=${brand}` +
			`&from=${entry.at}&member_id=${boss.id}`)).length, 1);
		const first = await get("/api/staff/audit?limit=2", boss.token);
		const next = await get(`/api/staff/audit?limit=2&cursor=${
			first.json.next}`, boss.token);
		const ids = [...first.json.items, ...next.json.items].map((e) => e.id);
		assert.deepEqual(ids, [...ids].sort((a, b) => b - a));
		assert.ok((await get("/api/staff/audit/tables", boss.token)).json
			.items.includes("staff_role"));
	});

	test("goes out as a file that is harmless", async () => {
		const file = await get("/api/staff/audit/export?table=brand&row=" +
			brand, boss.token);
		assert.equal(file.status, 200);
		const lines = file.text.replace(/^\ufeff/, "").trimEnd().split("\n");
		assert.equal(lines.length, 2);
		assert.match(lines[0], /^id,at,member,key,address,request_id,table,/);
		assert.ok(!/(^|,)"?[=+@\t\r-]/.test(lines[1]), lines[1]);
	});

	test("holds no secrets, and can't be changed", async () => {
		const ben = await hire("agent");
		await raw("POST", `/api/staff/members/${ben.id}/reset-password`,
			{ token: boss.token });
		await post("/api/staff/keys", { name: "x",
			permissions: ["messages.read"] }, boss.token);
		const all = await sql(`select before, after from audit_log
			where table_name in ('staff', 'api_key', 'staff_role')`);
		assert.ok(all.length > 0);
		assert.ok(!/argon2|"(hash|digest|secret|token)"/
			.test(JSON.stringify(all)));
		for (const change of ["delete from audit_log",
			"update audit_log set staff_id = null",
			"update audit_log set after = '{}' where table_name = 'staff'",
			"truncate audit_log"])
			await assert.rejects(sql(change), /audit log is not changed/);
	});
});
