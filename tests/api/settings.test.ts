// SPDX-License-Identifier: ISC
// The shop's settings, hours, taxes, shipping and mail texts, as staff read
// and change them.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { order, thing } from "./commerce.js";
import { sleep } from "./fastcgi.js";
import { customer, raw, sql, staff, type Person } from "./harness.js";

let owner: Person, reader: Person, agent: Person;
before(async () => {
	owner = await staff("superadmin");
	reader = await staff("admin");
	agent = await staff("agent");
});

const at = "/api/settings";
const get = (path: string, who = owner) =>
	raw("GET", at + path, { token: who.token });
const send = (method: string, path: string, body?: object,
	version?: number, who = owner) => raw(method, at + path, {
	token: who.token, body, headers: version === undefined ? {} :
		{ "If-Match": `"${version}"` } });
const view = async (key: string) => (await get(`/values/${key}`)).json;
const set = async (key: string, value: string | null) => {
	const answer = await send("PATCH", `/values/${key}`, { value },
		(await view(key)).version);
	assert.equal(answer.status, 200, answer.text);
	return answer.json;
};
const code = () => `t-${randomUUID().slice(0, 12)}`;

describe("settings", () => {
	test("are read by group, with what they may be", async () => {
		const all = (await get("")).json.items;
		assert.ok(all.length > 50);
		const groups = new Set(all.map((s: any) => s.group));
		for (const group of ["shop", "switches", "limits", "payment",
			"loyalty", "reviews", "retention", "orders", "mail"])
			assert.ok(groups.has(group), group);
		const shop = (await get("?group=shop")).json.items;
		assert.equal(shop[0].key, "shop.name");
		assert.ok(shop.every((s: any) => s.group === "shop"));
		const found = (await get("?q=iban", reader)).json.items;
		assert.deepEqual(found.map((s: any) => s.key),
			["payment.bank_transfer.iban"]);
		assert.equal((await get("", agent)).status, 403);
		assert.equal((await get("/values/no.such")).status, 404);
	});

	test("change one by one, with their version", async () => {
		const before = await view("shop.phone");
		const changed = await send("PATCH", "/values/shop.phone",
			{ value: "+35315550100" }, before.version);
		assert.equal(changed.status, 200, changed.text);
		assert.equal(changed.json.value, "+35315550100");
		assert.equal(changed.json.changed_by, "Test superadmin");
		assert.equal(changed.headers.get("etag"),
			`"${before.version + 1}"`);
		const late = await send("PATCH", "/values/shop.phone",
			{ value: "+35315550101" }, before.version);
		assert.equal(late.status, 412, late.text);
		assert.equal(late.json.data.value, "+35315550100");
		assert.equal((await send("PATCH", "/values/shop.phone",
			{ value: "+35315550101" })).status, 428);
		assert.equal((await send("PATCH", "/values/shop.phone",
			{ value: "" }, before.version, reader)).status, 403);
		const [row] = await sql(`select * from audit_log
			where table_name = 'setting' and row_key = 'shop.phone'
			order by id desc limit 1`);
		assert.equal(row.staff_id, owner.id);
		assert.equal(row.before.value, before.value);
		assert.equal((await set("shop.phone", null)).value, "");
	});

	test("refuse what they can't be", async () => {
		for (const [key, ...values] of [
			["shop.name", "", " ", "two\nlines", "x".repeat(101)],
			["shop.email", "", "nobody", "a@b <c>"],
			["shop.phone", "12345", "+0123456"],
			["shop.country", "ie", "Ireland", ""],
			["shop.currency", "euro", "E1R"],
			["shop.language", "de", ""],
			["shop.time_zone", "Dublin", "UTC+3x"],
			["shop.origin", "shop.example", "https://shop.example/x"],
			["shop.logo", randomUUID(), "x"],
			["shop.tax_mode", "both"],
			["switch.checkout", "maybe", "ON"],
			["limit.login", "lots", "0/hour", "1/week", "-1/hour"],
			["loyalty.expiry_months", "0", "121", "1.5", "many"],
			["payment.on_delivery.most", "-1", "1000000000001", "5.00"],
			["payment.bank_transfer.iban", "IE29AIBK93115212345679"],
			["payment.bank_transfer.bic", "short"],
			["keep.mail_days", "0", "100000"],
		]) {
			const { version } = await view(key);
			for (const value of values) {
				const refused = await send("PATCH", `/values/${key}`,
					{ value }, version);
				assert.equal(refused.status, 422, `${key}=${value}`);
			}
		}
	});

	test("change together or not at all", async () => {
		const name = await view("shop.name"),
			vat = await view("shop.vat_number");
		const both = (a: string, b: string, version = vat.version) =>
			send("PATCH", "", { settings: [
				{ key: "shop.name", value: a, version: name.version },
				{ key: "shop.vat_number", value: b, version }] });
		const refused = await both("Soko", "x".repeat(41));
		assert.equal(refused.status, 422, refused.text);
		assert.equal(refused.json.errors[0].field, "settings[1].value");
		assert.equal((await both("Soko", "IE1", 4711)).status, 412);
		assert.equal((await view("shop.name")).value, name.value);
		const done = await both("Soko", "IE1234567T");
		assert.equal(done.status, 200, done.text);
		assert.deepEqual(done.json.items.map((s: any) => s.value),
			["Soko", "IE1234567T"]);
		const twice = await send("PATCH", "", { settings: [1, 1].map(() =>
			({ key: "shop.name", value: "x", version: 1 })) });
		assert.equal(twice.status, 422, twice.text);
		await set("shop.name", name.value);
		await set("shop.vat_number", "");
	});

	test("count within a second or two", async () => {
		const ask = () => raw("POST", "/api/customers/register", {
			body: { email: "nobody", password: "x" }, parallel: true });
		await set("switch.registration", "off");
		try {
			for (let i = 0; i < 20 && (await ask()).status !== 403; i++)
				await sleep(200);
			await sleep(1100);
			const off = await raw("POST", "/api/customers/register", {
				body: { email: `${randomUUID()}@example.org`,
					password: "Correct-horse-7-battery" } });
			assert.equal(off.json.code, "REGISTRATION_CLOSED", off.text);
		} finally {
			await set("switch.registration", "on");
			await sleep(1100);
		}
	});

	test("keep the currency once there are orders", async () => {
		const ada = await customer();
		await order({ token: ada.token }, (await thing()).variant);
		const currency = await view("shop.currency");
		assert.equal(currency.fixed, true);
		const refused = await send("PATCH", "/values/shop.currency",
			{ value: "JPY" }, currency.version);
		assert.equal(refused.status, 409, refused.text);
		await assert.rejects(sql(`update setting set value = 'JPY'
			where key = 'shop.currency'`), /orders in EUR/);
	});

	test("say in public what anyone may know", async () => {
		const facts = await raw("GET", `${at}/shop?x=${randomUUID()}`);
		assert.equal(facts.status, 422);
		const shop = await raw("GET", `${at}/shop`);
		assert.equal(shop.status, 200, shop.text);
		assert.equal(shop.json.currency, "EUR");
		assert.deepEqual(shop.json.pickup.map((p: any) => p.code),
			["pickup"]);
		assert.ok(!shop.text.includes("IE29"));
	});
});

describe("opening hours", () => {
	let kept: any;
	before(async () => { kept = (await get("/hours")).json; });
	after(async () => {
		const { version } = (await get("/hours")).json;
		await send("PUT", "/hours", { week: kept.week, exceptions: [] },
			version);
	});
	const day = (n: number) => new Date(Date.now() + n * 86400000)
		.toISOString().slice(0, 10);
	const put = async (week: object, exceptions: object[] = []) =>
		send("PUT", "/hours", { week, exceptions },
			(await get("/hours")).json.version);
	const all = [{ from: "00:00", to: "24:00" }];
	const always = Object.fromEntries(["mon", "tue", "wed", "thu", "fri",
		"sat", "sun"].map((d) => [d, all]));

	test("say whether it is open, and until when", async () => {
		const open = await put(always);
		assert.equal(open.status, 200, open.text);
		assert.equal(open.json.open, true);
		assert.equal(open.json.turns_at, null);
		const closed = await put({});
		assert.equal(closed.json.open, false);
		assert.equal(closed.json.turns_at, null);
		const soon = await put(always, [-1, 0, 1].map((n) =>
			({ day: day(n), hours: [], note: "Stocktaking" })));
		assert.equal(soon.json.open, false);
		assert.ok(soon.json.turns_at > new Date().toISOString());
		assert.equal(soon.json.exceptions.length, 3);
		assert.equal(soon.json.exceptions[1].note, "Stocktaking");
	});

	test("refuse what no clock says", async () => {
		for (const week of [{ mon: [{ from: "9:000", to: "17:00" }] },
			{ mon: [{ from: "17:00", to: "09:00" }] },
			{ mon: [{ from: "09:00", to: "24:30" }] },
			{ mon: [{ from: "09:00", to: "12:00" },
				{ from: "11:00", to: "13:00" }] }, { foo: [] }]) {
			const refused = await put(week);
			assert.equal(refused.status, 422, JSON.stringify(week));
		}
		for (const exceptions of [[{ day: "2001-01-01", hours: [] }],
			[{ day: day(3), hours: [] }, { day: day(3), hours: [] }],
			[{ day: day(3), hours: [{ from: "12:00", to: "12:00" }] }]])
			assert.equal((await put({}, exceptions)).status, 422,
				JSON.stringify(exceptions));
		assert.equal((await send("PUT", "/hours",
			{ week: {}, exceptions: [] }, 4711)).status, 412);
	});
});

describe("zones and shipping", () => {
	const rates = [{ tax_class: "standard", name: "VAT", rate: "0.2" }];
	const zone = async (country: string, more: object = {}) => {
		const made = await send("POST", "/zones", { code: code(),
			name: "Somewhere", areas: [{ country }], rates, ...more });
		assert.equal(made.status, 201, made.text);
		return made.json;
	};
	const method = async (more: object = {}) => {
		const made = await send("POST", "/shipping", { code: code(),
			name: "By parrot", steps: [{ from: 0, amount: 500 }],
			...more });
		assert.equal(made.status, 201, made.text);
		return made.json;
	};
	const drop = (path: string, version: number) =>
		send("DELETE", path, undefined, version);

	test("zones are made, changed, removed", async () => {
		const made = await zone("XA");
		assert.deepEqual(made.rates, rates);
		const path = `/zones/${made.id}`;
		const taken = await send("POST", "/zones", { code: code(),
			name: "Other", areas: [{ country: "XA" }] });
		assert.equal(taken.status, 422, taken.text);
		assert.match(taken.text, /belongs to Somewhere/);
		const changed = await send("PATCH", path, { name: "There",
			areas: [{ country: "XA", postcode_start: "97" }],
			rates: [] }, made.version);
		assert.equal(changed.status, 200, changed.text);
		assert.deepEqual(changed.json.areas,
			[{ country: "XA", postcode_start: "97" }]);
		assert.deepEqual(changed.json.rates, []);
		assert.equal((await send("PATCH", path, { name: "x" },
			made.version)).status, 412);
		for (const bad of [{ areas: [{ country: "xa" }] },
			{ areas: [{ country: "XA", postcode_start: "a-" }] },
			{ rates: [{ ...rates[0], rate: "1.1" }] },
			{ rates: [rates[0], rates[0]] },
			{ rates: [{ ...rates[0], tax_class: "odd" }] }])
			assert.equal((await send("PATCH", path, bad,
				changed.json.version)).status, 422, JSON.stringify(bad));
		assert.equal((await drop(path, 4711)).status, 412);
		assert.equal((await drop(path, changed.json.version)).status, 204);
		assert.equal((await get(path)).status, 404);
	});

	test("a zone that is needed stays", async () => {
		const zones = (await get("/zones")).json.items;
		const home = zones.find((z: any) => z.home);
		assert.equal(home.code, "ireland");
		assert.equal((await drop(`/zones/${home.id}`, home.version))
			.status, 409);
		const there = await zone("XB");
		const way = await method({ zone_id: there.id });
		const refused = await drop(`/zones/${there.id}`, there.version);
		assert.equal(refused.json.code, "IN_USE", refused.text);
		await drop(`/shipping/${way.id}`, way.version);
		await drop(`/zones/${there.id}`, there.version);
	});

	test("ways are made, changed, closed", async () => {
		const made = await method({ free_from: 9000, needs_address: false,
			about: "At the harbour" });
		const path = `/shipping/${made.id}`;
		assert.equal(made.price_by, "flat");
		const open = await send("PATCH", path, { free_from: null,
			price_by: "weight", steps: [{ from: 1000, amount: 700 },
				{ from: 0, amount: 300 }] }, made.version);
		assert.equal(open.status, 200, open.text);
		assert.equal(open.json.free_from, null);
		assert.deepEqual(open.json.steps[0], { from: 0, amount: 300 });
		assert.equal(open.json.about, "At the harbour");
		for (const bad of [{ steps: [] }, { price_by: "size" },
			{ steps: [{ from: -1, amount: 1 }] }, { zone_id: randomUUID() },
			{ steps: [{ from: 1, amount: 1 }, { from: 1, amount: 2 }] },
			{ position: -1 }, { code: "other" }]) {
			const refused = await send("PATCH", path, bad,
				open.json.version);
			assert.ok([409, 422].includes(refused.status),
				JSON.stringify(bad) + refused.text);
		}
		assert.equal((await send("PATCH", path, { name: "x" },
			open.json.version, reader)).status, 403);
		assert.equal((await drop(path, open.json.version)).status, 204);
	});

	test("what was ordered with is closed, not removed", async () => {
		const ada = await customer();
		const made = await order({ token: ada.token },
			(await thing()).variant);
		const [{ id }] = await sql(`select shipping_method_id as id
			from customer_order where id = $1`, [made.id]);
		const { json: way } = await get(`/shipping/${id}`);
		assert.equal(way.ordered, true);
		const refused = await drop(`/shipping/${id}`, way.version);
		assert.equal(refused.status, 409, refused.text);
		await assert.rejects(sql("delete from shipping_method where id = $1",
			[id]), /customer_order_shipping_method_fkey/);
		const closed = await send("PATCH", `/shipping/${id}`,
			{ active: false }, way.version);
		assert.equal(closed.json.active, false);
		await send("PATCH", `/shipping/${id}`, { active: true },
			closed.json.version);
	});

	test("a parcel's price is the checkout's", async () => {
		const ask = async (query: string) => {
			const said = await get(`/shipping/preview?${query}`);
			assert.equal(said.status, 200, said.text);
			return said.json;
		};
		const price = (said: any, name: string) => said.shipping_methods
			.find((m: any) => m.name === name)?.total.amount;
		const light = await ask("country=IE&weight=1500&total=5000");
		assert.equal(light.zone.code, "ireland");
		assert.equal(price(light, "Home delivery"), 490);
		const heavy = await ask("country=IE&weight=2000&total=5000");
		assert.equal(price(heavy, "Home delivery"), 690);
		const dear = await ask("country=IE&weight=2000&total=7500");
		assert.equal(price(dear, "Home delivery"), 0);
		const away = await ask("country=FR&weight=100&total=5000");
		assert.equal(price(away, "Home delivery"), undefined);
		assert.equal(price(away, "Delivery in the European Union"), 1290);
		const nowhere = await ask("country=US&weight=100&total=5000");
		assert.equal(nowhere.zone, null);
		assert.deepEqual(nowhere.shipping_methods.map((m: any) => m.name),
			["Pick up at the shop"]);
		assert.equal((await get("/shipping/preview?country=IE&weight=-1" +
			"&total=1")).status, 422);
	});
});

describe("mail texts", () => {
	const mail = (template: string, language = "en") =>
		get(`/mails/${template}?language=${language}`);
	const put = async (template: string, language: string, subject: string,
		text: string) => send("PUT", `/mails/${template}`,
		{ language, subject, text },
		(await mail(template, language)).json.version);
	const preview = (template: string, body: object) =>
		send("POST", `/mails/${template}/preview`, body);

	test("every shipped text fits its sample, in each language",
		async () => {
		const { items } = (await get("/mails")).json;
		assert.ok(items.length >= 20);
		for (const { template } of items)
			for (const language of ["en", "fr", "pt"]) {
				const { shipped } = (await mail(template, language)).json;
				const shown = await preview(template, { language,
					subject: shipped.subject, text: shipped.text });
				assert.equal(shown.status, 200,
					`${template} ${language}: ${shown.text}`);
				assert.doesNotMatch(shown.json.text, /\{\{|undefined/);
				const sent = await preview(template, { language });
				assert.equal(sent.json.language, shipped.language);
				assert.match(sent.json.html, /^<!doctype html>/);
				assert.ok(sent.json.html.includes(
					`<html lang="${shipped.language}">`));
			}
	});

	test("previews show what is written, escaped", async () => {
		const shown = await preview("order-placed", {
			subject: "Merci {{name}}: {{number}}",
			text: "<b>Hello</b> & {{shipping_address.company}}\n\n" +
				"{{#lines}}\n{{quantity}} x {{name}}\n{{/lines}}\n\n" +
				"{{origin}}{{path}}." });
		assert.equal(shown.status, 200, shown.text);
		assert.equal(shown.json.subject, "Merci Ada: D-100234");
		assert.match(shown.json.text, /2 x White gari\n1 x Red palm oil/);
		assert.match(shown.json.html,
			/&lt;b&gt;Hello&lt;\/b&gt; &amp; Obi &amp; Daughters<\/p>/);
		assert.match(shown.json.html, /<a href="https?:[^"]*\/account\/orders\/[0-9a-f-]+"/);
		assert.doesNotMatch(shown.json.html, /<b>/);
	});

	test("refuse what the mail doesn't know, or must say", async () => {
		for (const [template, subject, text, field] of [
			["welcome", "Hi {{nmae}}", "x", "subject"],
			["welcome", "Hi", "x {{order.total}}", "text"],
			["welcome", "Hi", "{{#name}} never closed", "text"],
			["welcome", "Hi", "{{/name}}", "text"],
			["welcome", "Hi", "{{ name }}", "text"],
			["welcome", "Hi\nBcc: x@example.org", "x", "subject"],
			["order-placed", "Hi", "{{quantity}} {{number}} {{path}}",
				"text"],
			["reset-password", "Hi", "No link", "text"],
		] as const) {
			const refused = await put(template, "en", subject, text);
			assert.equal(refused.status, 422, `${text}: ${refused.text}`);
			const at = refused.json.errors?.[0]?.field ??
				refused.json.data?.field;
			assert.equal(at, field, refused.text);
		}
		assert.equal((await mail("no-such-mail")).status, 404);
		assert.equal((await mail("..%2f..%2fetc")).status, 404);
		assert.equal((await send("PUT", "/mails/welcome", { language: "en",
			subject: "x", text: "y" }, 0, reader)).status, 403);
		// Nor past the API.
		await assert.rejects(sql(`insert into mail_text (template, language,
			subject, text) values ('welcome', 'en', 'Hi {{link}}', 'x')`),
			/link.* is not known here/);
	});

	test("are kept, changed, reset", async () => {
		const first = await put("welcome", "fr", "Bienvenue {{name}}",
			"Bonjour");
		assert.equal(first.status, 200, first.text);
		assert.equal(first.json.version, 1);
		const late = await send("PUT", "/mails/welcome", { language: "fr",
			subject: "x", text: "y" }, 0);
		assert.equal(late.status, 412, late.text);
		const shown = await preview("welcome", { language: "fr" });
		assert.equal(shown.json.subject, "Bienvenue Ada");
		const listed = (await get("/mails")).json.items
			.find((m: any) => m.template === "welcome");
		assert.deepEqual(listed.own.map((o: any) => o.language), ["fr"]);
		const [row] = await sql(`select row_key from audit_log
			where table_name = 'mail_text' order by id desc limit 1`);
		assert.equal(row.row_key, "welcome.fr");
		assert.equal((await send("DELETE", "/mails/welcome?language=fr",
			undefined, 1)).status, 204);
		assert.equal((await send("DELETE", "/mails/welcome?language=fr",
			undefined, 1)).status, 404);
		assert.equal((await mail("welcome", "fr")).json.version, 0);
	});

	test("go to oneself with sample data", async () => {
		const tried = await send("POST", "/mails/order-placed/tries",
			{ language: "fr", subject: "Essai {{number}}",
				text: "{{path}}" });
		assert.equal(tried.status, 201, tried.text);
		assert.equal(tried.json.recipient, owner.email);
		const [row] = await sql("select * from outbox where id = $1",
			[tried.json.id]);
		assert.equal(row.words.subject, "Essai {{number}}");
		assert.equal(row.data.number, "D-100234");
		const [{ words }] = await sql(`select mail_words(template,
			customer_id, words) as words from outbox where id = $1`,
			[tried.json.id]);
		assert.deepEqual(words, [row.words]);
	});

	test("a customer's language chooses", async () => {
		const ada = await customer();
		await sql("update customer set language = 'pt-BR' where id = $1",
			[ada.id]);
		await put("welcome", "pt", "Bem-vinda", "Ola");
		const words = async (template: string, who: string | null) =>
			(await sql("select mail_words($1, $2, null) as words",
				[template, who]))[0].words;
		assert.deepEqual(await words("welcome", ada.id), [
			{ language: "pt", subject: "Bem-vinda", text: "Ola" },
			{ language: "en" }]);
		assert.deepEqual(await words("message-arrived", ada.id),
			[{ language: "en" }]);
		await set("shop.language", "fr");
		assert.deepEqual((await words("welcome", ada.id)).map((w: any) =>
			w.language), ["pt", "fr", "en"]);
		assert.deepEqual((await words("welcome", null)).map((w: any) =>
			w.language), ["fr", "en"]);
		await set("shop.language", null);
		await send("DELETE", "/mails/welcome?language=pt", undefined, 1);
	});
});
