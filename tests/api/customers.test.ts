// SPDX-License-Identifier: ISC
// A customer's own data: profile, address book, consents, dashboard, export.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, test } from "node:test";
import { customer, goodPassword, raw, sql, type Person } from "./harness.js";

const send = (who: Person, method: string, path: string, body?: unknown,
	headers?: Record<string, string>) =>
	raw(method, `/api/customers/${path}`, { token: who.token, body, headers });

describe("profile", () => {
	test("is changed in part and replaced whole", async () => {
		const ada = await customer();
		const first = await send(ada, "GET", "profile");
		assert.equal(first.json.id, ada.id);
		assert.equal(first.json.email_verified, true);
		const tag = first.headers.get("etag")!;
		assert.equal(tag, `"${first.json.version}"`);

		const changed = await send(ada, "PATCH", "profile", {
			phone: "+44 (0)20 7183 8750", date_of_birth: "1990-02-28",
			dietary: ["halal", "nut_free"], household_size: 4, children: 2,
			employment: "self_employed", income_band: "35k_50k",
			language: "sw" }, { "If-Match": tag });
		assert.equal(changed.status, 200, changed.text);
		assert.equal(changed.json.phone, "+442071838750");
		assert.deepEqual(changed.json.dietary, ["halal", "nut_free"]);
		assert.equal(changed.json.given_name, "Ada");
		const late = await send(ada, "PATCH", "profile", { children: 3 },
			{ "If-Match": tag });
		assert.equal(late.status, 412);
		for (const strange of ['W/"1"', "1", '"x"', '""'])
			assert.equal((await send(ada, "PATCH", "profile", { children: 3 },
				{ "If-Match": strange })).status, 412, strange);
		const cleared = await send(ada, "PATCH", "profile", { children: null });
		assert.equal(cleared.json.children, null);
		assert.equal(cleared.json.household_size, 4);

		const replaced = await send(ada, "PUT", "profile",
			{ given_name: "Adaeze", family_name: "Obi" },
			{ "If-Match": cleared.headers.get("etag")! });
		assert.equal(replaced.status, 200, replaced.text);
		assert.equal(replaced.json.phone, null);
		assert.deepEqual(replaced.json.dietary, []);
		assert.equal(replaced.json.language, "en");
		assert.equal(replaced.json.email, ada.email);
		assert.equal((await send(ada, "PUT", "profile", { given_name: "A" }))
			.json.errors[0].field, "family_name");
	});

	test("knows unchanged", async () => {
		const ada = await customer();
		const first = await send(ada, "GET", "profile");
		const again = await send(ada, "GET", "profile", undefined,
			{ "If-None-Match": first.headers.get("etag")! });
		assert.equal(again.status, 304);
	});

	test("refuses what can't be", async () => {
		const ada = await customer();
		for (const body of [{ gender: "x" }, { household_size: 0 },
			{ household_size: 31 }, { children: 26 }, { children: -1 },
			{ date_of_birth: "1990-02-30" }, { date_of_birth: "1899-12-31" },
			{ date_of_birth: "2999-01-01" }, { phone: "call me" },
			{ dietary: ["straw"] }, { dietary: null }, { language: "tlh" },
			{ email: "new@example.org" }, { username: "x" }, { state: "erased" },
			{ id: randomUUID() }, { version: 1 }, { given_name: "" },
			{ given_name: null }, { family_name: "x".repeat(101) }]) {
			const answer = await send(ada, "PATCH", "profile", body);
			assert.equal(answer.status, 422,
				`${JSON.stringify(body)}: ${answer.text}`);
		}
	});

	test("is a customer's own", async () => {
		const ada = await customer();
		const ben = await customer();
		await send(ada, "PATCH", "profile", { occupation: "Nurse" });
		assert.equal((await send(ben, "GET", "profile")).json.occupation, null);
		assert.equal((await raw("GET", "/api/customers/profile")).status, 401);
	});
});

describe("address book", () => {
	const home = { name: "Ada Obi", line1: "12 Moore Street", city: "Dublin",
		postcode: "D01 X2P3", country: "IE" };
	const defaults = async (who: Person) => {
		const { items } = (await send(who, "GET", "addresses")).json;
		return items.map((a: any) => a.label +
			(a.is_default_shipping ? "S" : "") + (a.is_default_billing ? "B" : ""))
			.join(" ");
	};

	test("has one default of each kind, always", async () => {
		const ada = await customer();
		const add = async (label: string, more = {}) => {
			const made = await send(ada, "POST", "addresses",
				{ ...home, label, ...more });
			assert.equal(made.status, 201, made.text);
			assert.equal(made.headers.get("location"),
				`/api/customers/addresses/${made.json.id}`);
			assert.equal(made.headers.get("etag"), '"1"');
			return made.json.id;
		};
		const first = await add("1");
		assert.equal(await defaults(ada), "1SB");
		const second = await add("2");
		assert.equal(await defaults(ada), "1SB 2");
		await add("3", { is_default_shipping: true });
		assert.equal(await defaults(ada), "1B 2 3S");
		await send(ada, "PATCH", `addresses/${second}`,
			{ is_default_billing: true });
		assert.equal(await defaults(ada), "1 2B 3S");
		await send(ada, "PATCH", `addresses/${second}`,
			{ is_default_billing: false });
		assert.equal(await defaults(ada), "1B 2 3S");
		assert.equal((await send(ada, "DELETE", `addresses/${first}`)).status,
			204);
		assert.equal(await defaults(ada), "2B 3S");
		assert.equal((await send(ada, "DELETE", `addresses/${first}`)).status,
			404);
	});

	test("twenty at once leave one default of each kind", async () => {
		const ada = await customer();
		const made = await Promise.all(Array.from({ length: 20 }, (_, i) =>
			raw("POST", "/api/customers/addresses", { token: ada.token,
				parallel: true, body: { ...home, label: String(i),
					is_default_shipping: true, is_default_billing: i % 2 === 0 } })));
		assert.ok(made.every((m) => m.status === 201));
		const [row] = await sql(`select count(*) filter (where
			is_default_shipping)::integer as s, count(*) filter (where
			is_default_billing)::integer as b, count(*)::integer as n
			from customer_address where customer_id = $1`, [ada.id]);
		assert.deepEqual(row, { s: 1, b: 1, n: 20 });
	});

	test("changes and replaces, by version if it is said", async () => {
		const ada = await customer();
		const made = await send(ada, "POST", "addresses",
			{ ...home, company: "Obi & Co", phone: "+353 1 234 5678" });
		const path = `addresses/${made.json.id}`;
		const changed = await send(ada, "PATCH", path, { company: null },
			{ "If-Match": '"1"' });
		assert.equal(changed.json.company, null);
		assert.equal(changed.json.phone, "+35312345678");
		assert.equal((await send(ada, "PUT", path, home, { "If-Match": '"1"' }))
			.status, 412);
		const replaced = await send(ada, "PUT", path, home,
			{ "If-Match": changed.headers.get("etag")! });
		assert.equal(replaced.json.phone, null);
		assert.equal(replaced.json.is_default_shipping, true);
		assert.deepEqual((await send(ada, "GET", path)).json, replaced.json);
	});

	test("refuses what is no address", async () => {
		const ada = await customer();
		for (const [field, value] of [["country", "ie"], ["country", "IRL"],
			["country", "12"], ["postcode", "D01\u2028"], ["postcode", "-1"],
			["postcode", "1".repeat(13)], ["postcode", ""], ["line1", ""],
			["name", "  "], ["city", null], ["phone", "1"],
			["is_default_shipping", "yes"]]) {
			const answer = await send(ada, "POST", "addresses",
				{ ...home, [field as string]: value });
			assert.equal(answer.status, 422, `${field}: ${value}`);
			assert.equal(answer.json.errors[0].field, field);
		}
	});

	test("holds fifty", async () => {
		const ada = await customer();
		await sql(`insert into customer_address (customer_id, name, line1, city,
			country) select $1, 'x', 'x', 'x', 'IE' from generate_series(1, 50)`,
			[ada.id]);
		const more = await send(ada, "POST", "addresses", home);
		assert.equal(more.status, 409);
		assert.equal(more.json.code, "ADDRESS_BOOK_FULL");
	});

	test("of another isn't there", async () => {
		const ada = await customer();
		const ben = await customer();
		const made = await send(ada, "POST", "addresses", home);
		const path = `addresses/${made.json.id}`;
		for (const [method, body] of [["GET"], ["DELETE"], ["PUT", home],
			["PATCH", { label: "mine" }]] as [string, object?][])
			assert.equal((await send(ben, method, path, body)).status, 404);
		assert.equal((await send(ben, "GET", "addresses")).json.items.length, 0);
	});
});

describe("consents", () => {
	test("are a ledger: the latest word rules", async () => {
		const ada = await customer();
		const say = (given: boolean, text?: string, channel = "email") =>
			send(ada, "POST", "consents", { purpose: "marketing", channel, given,
				...(text ? { text } : {}) });
		assert.equal((await say(true)).status, 422);
		const yes = await say(true, "Offers, twice a month");
		assert.equal(yes.status, 201);
		assert.match(yes.json.text_digest, /^[0-9a-f]{64}$/);
		assert.equal(yes.json.source, "account");
		await say(true, "Offers by SMS", "sms");
		assert.equal((await say(false)).json.text_digest, null);
		const { items } = (await send(ada, "GET", "consents")).json;
		assert.deepEqual(items.map((c: any) => [c.channel, c.given, c.latest]),
			[["email", false, true], ["sms", true, true],
				["email", true, false]]);
		const page = await send(ada, "GET", "consents?limit=2");
		const rest = await send(ada, "GET", "consents?limit=2&cursor=" +
			page.json.next);
		assert.deepEqual([...page.json.items, ...rest.json.items], items);
		assert.equal(rest.json.next, null);
		assert.equal((await send(ada, "GET", "consents?cursor=WyJhIiwxXQ"))
			.status, 422);
		const ben = await customer();
		assert.deepEqual((await send(ben, "GET", "consents")).json.items, []);
	});
});

describe("dashboard and export", () => {
	test("show what there is, and end with the account", async () => {
		const ada = await customer();
		const ben = await customer();
		await send(ada, "PATCH", "profile", { occupation: "Cartographer" });
		const empty = await send(ada, "GET", "dashboard");
		assert.deepEqual(empty.json.orders, { count: 0, open: 0 });
		assert.deepEqual(empty.json.spent, []);
		assert.equal(empty.json.points, 0);

		const [variant] = await sql(`select v.id from variant v
			join product p on p.id = v.product_id
			where p.status = 'active' and v.status = 'active'
			and available(v.id) > 3 order by v.sku limit 1`);
		const [method] = await sql(`select id from shipping_method
			where active and not needs_address limit 1`);
		await raw("POST", "/api/cart/lines", { token: ada.token,
			body: { variant_id: variant.id, quantity: 1 } });
		const placed = await raw("POST", "/api/checkout", { token: ada.token,
			body: { payment_method: "on_delivery",
				shipping_method_id: method.id } });
		assert.equal(placed.status, 201, placed.text);

		const full = await send(ada, "GET", "dashboard");
		assert.deepEqual(full.json.orders, { count: 1, open: 1 });
		assert.equal(full.json.last_orders[0].id, placed.json.id);
		assert.deepEqual(full.json.spent, [full.json.last_orders[0].total]);
		assert.equal((await send(ben, "GET", "dashboard")).json.orders.count, 0);

		const all = await send(ada, "GET", "export");
		assert.match(all.headers.get("content-disposition")!,
			/^attachment; filename="my-data\.json"$/);
		assert.equal(all.json.profile.occupation, "Cartographer");
		assert.equal(all.json.orders.length, 1);
		assert.equal(all.json.orders[0].lines.length, 1);
		assert.ok(all.json.traces.sessions.length >= 1);
		assert.ok(all.json.traces.mails.some((m: any) =>
			m.template === "order-placed"));
		assert.ok(!/argon2|digest":"[0-9a-f]{64}"|refresh/.test(all.text));
		assert.ok(!(await send(ben, "GET", "export")).text.includes(ada.id));

		const erase = () => send(ada, "POST", "account/delete",
			{ password: goodPassword });
		const refused = await erase();
		assert.equal(refused.status, 409);
		assert.equal(refused.json.code, "ORDERS_UNDER_WAY");
		assert.equal(refused.json.data.orders, 1);
		const cancelled = await raw("POST",
			`/api/orders/${placed.json.id}/cancel`, { token: ada.token,
				body: {} });
		assert.ok(cancelled.status < 300, cancelled.text);
		assert.equal((await erase()).status, 204);
		const [order] = await sql(`select * from customer_order where id = $1`,
			[placed.json.id]);
		assert.ok(order, "the books stay");
		assert.ok(!JSON.stringify(order).includes(ada.email));
		const [digest] = await sql(`select reason from suppressed_address
			where digest = address_digest($1)`, [ada.email]);
		assert.equal(digest.reason, "erased");
	});
});
