// SPDX-License-Identifier: ISC
// The account: who may see it, what others changed meanwhile, what stays on
// the screen of who signs out, and the way out for good.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { goodPassword, sql } from "../api/harness.js";
import { letter, linkIn, type Look, lookAt, newcomer, type Page, settled,
	signIn, visitor, type Visitor } from "./pages.js";

const pages = ["", "orders", "notifications", "messages", "loyalty",
	"profile", "addresses", "addresses?edit=new", "security", "consents",
	"privacy"];

/** Somebody of the sample shop whose orders have all arrived, each time
 * another; all have the same password. */
const samplePassword = "Jollof-rice-2026";
const ngozi = "ngozi.okafor@example.org";
let taken = 0;
async function somebody(): Promise<{ email: string; given_name: string;
	family_name: string }> {
	const [found] = await sql(`select email, given_name, family_name
		from customer c where state = 'active'
		and email_verified_at is not null
		and email like '%@example.org' and email <> $1
		and email not like 'amina-%'
		and not exists (select from customer_order o
		where o.customer_id = c.id
		and o.state in ('pending', 'confirmed', 'processing'))
		order by created_at, email offset $2 limit 1`, [ngozi, taken++]);
	assert.ok(found, "somebody is left");
	return found;
}

async function signedIn(look: Look = {}, next?: string):
	Promise<Visitor & { email: string; name: RegExp; given: string }> {
	const { email, given_name: given, family_name } = await somebody();
	const visit = await visitor(look);
	await signIn(visit.page, email, next, samplePassword);
	await settled(visit.page);
	return { ...visit, email, given,
		name: new RegExp(`${given}|${family_name}`) };
}

const focused = (page: Page) => page.evaluate(() =>
	document.activeElement?.getAttribute("name"));
const press = (page: Page, name: string | RegExp) =>
	page.getByRole("main").getByRole("button", { name }).click();
const read = (page: Page, text: string | RegExp) =>
	page.getByText(text).filter({ visible: true }).first().waitFor();

describe("the account's pages", () => {
	const looks: Look[] = [{ width: 320, locale: "fr-FR" },
		{ width: 1280, dark: true, locale: "pt-PT" }];
	for (const look of looks) {
		const { width, dark = false, locale = "en" } = look;
		test(`fit ${width} px, ${dark ? "dark" : "light"}, ${locale}`,
			async () => {
				const { page, said } = await visitor(look);
				await signIn(page, ngozi, undefined, samplePassword);
				for (const path of pages) {
					await page.goto(`/account/${path}`);
					await settled(page);
					await lookAt(page, `account-${path || "overview"}-${width}${
						dark ? "-dark" : ""}-${locale}`);
				}
				assert.deepEqual(said, []);
			});
	}
});

describe("the account's doors", () => {
	test("lead to where one wanted to go", async () => {
		const { page } = await visitor();
		await page.goto("/account/orders?state=shipped");
		await page.waitForURL(/\/login\//);
		assert.equal(new URL(page.url()).searchParams.get("next"),
			"/account/orders?state=shipped");
		await press(page, "Sign in");
		await read(page, "Please fill this in");
		assert.equal(await focused(page), "login");
		await lookAt(page, "login-faults");
		const { email } = await somebody();
		await page.locator("input[name=login]").fill(email);
		await page.locator("input[name=password]").fill("wrong");
		await press(page, "Sign in");
		await read(page, "The name or the password is wrong");
		assert.equal(await page.locator("input[name=login]").inputValue(),
			email);
		await page.locator("input[name=password]").fill(samplePassword);
		await press(page, "Sign in");
		await page.waitForURL(/\/account\/orders\?state=shipped$/);
	});

	test("lead to no other shop", async () => {
		const { email } = await somebody();
		const { page } = await visitor();
		await page.goto("/login/?next=%2F%5Cevil.example%2F");
		await page.locator("input[name=login]").fill(email);
		await page.locator("input[name=password]").fill(samplePassword);
		await press(page, "Sign in");
		await page.waitForURL(/^http:\/\/127[^/]*\/account$/);
	});

	test("go to another mail address", async () => {
		const { page } = await visitor({ width: 360 });
		await signIn(page, await newcomer(), "/account/security");
		const wanted = `new-${Date.now()}@example.org`;
		await page.getByLabel("New e-mail address").fill(wanted);
		await page.locator("#main input[name=password]").fill("wrong-1-word");
		await press(page, "Change the mail address");
		await page.locator("#main input[name=password][aria-invalid=true]")
			.waitFor();
		await lookAt(page, "security-email-360");
		await page.locator("#main input[name=password]").fill(goodPassword);
		await press(page, "Change the mail address");
		await read(page, /We have sent a mail to new-/);
		await page.goto(linkIn(await letter(wanted, /new address/i),
			"/verify-email#token="));
		await read(page, /Your address is confirmed/);
		await page.goto("/account/profile");
		await page.getByText(wanted).waitFor();
	});

	test("open again with a new password", async () => {
		const { email } = await somebody();
		const { page } = await visitor({ width: 360 });
		await page.goto("/forgotten");
		await page.getByLabel("E-mail address").fill(email);
		await press(page, "Mail me a link");
		await read(page, /is on its way/);
		const link = linkIn(await letter(email, /password/i), "/reset#token=");
		await page.goto(link);
		await settled(page);
		await page.getByLabel("New password").fill("12345678");
		await press(page, "Save");
		await page.locator("#main [aria-invalid=true]").waitFor();
		assert.equal(await focused(page), "password");
		assert.ok(!page.url().includes("token"), "the token is out of sight");
		await lookAt(page, "reset-fault-360");
		await page.getByLabel("New password").fill("Baobab-77-shade");
		await press(page, "Save");
		await read(page, /Your password is changed/);
		await page.goto(link);
		await page.getByLabel("New password").fill("Baobab-78-shade");
		await press(page, "Save");
		await read(page, /too old or/);
		await signIn(page, email, "/account", "Baobab-77-shade");
	});
});

describe("what others changed meanwhile", () => {
	test("is shown and taken over, and nothing typed is lost", async () => {
		const { page, email } = await signedIn({}, "/account/profile");
		await page.getByLabel("Occupation").fill("Nurse");
		await sql(`update customer set phone = '+353861111111',
			occupation = 'Cook', version = version + 1 where email = $1`,
		[email]);
		await press(page, "Save");
		await read(page, /This was changed elsewhere/);
		await read(page, "Occupation: Cook");
		await lookAt(page, "profile-overtaken");
		assert.equal(await page.getByLabel("Phone").inputValue(),
			"+353861111111");
		assert.equal(await page.getByLabel("Occupation").inputValue(),
			"Nurse");
		const occupation = async () => (await sql(
			"select occupation from customer where email = $1",
			[email]))[0].occupation;
		assert.equal(await occupation(), "Cook");
		await press(page, "Save");
		await read(page, "Saved");
		assert.equal(await occupation(), "Nurse");
	});
});

describe("who leaves", () => {
	test("leaves nothing on the screen, in no tab, on no way back",
		async () => {
			const { page, context, given, name } = await signedIn({},
				"/account/profile");
			const other = await context.newPage();
			await other.goto("/account/addresses?edit=new");
			await other.getByLabel("Name of this address").waitFor();
			await page.evaluate(() =>
				localStorage.setItem("searches", '["secret"]'));
			await page.getByRole("button", { name: given }).click();
			await page.getByRole("button", { name: "Sign out" }).click();
			await page.waitForURL((url) => url.pathname === "/");
			await read(page, "You are signed out");
			await other.waitForURL(/\/login\//);
			await page.goBack();
			await page.waitForURL(/\/login\//);
			for (const one of [page, other])
				assert.doesNotMatch(await one.content(), name);
			assert.equal(await page.evaluate(() =>
				localStorage.getItem("searches")), null);
		});

	test("is not signed out unless the shop has heard of it", async () => {
		const { page, context, given } = await signedIn();
		await context.setOffline(true);
		await page.getByRole("button", { name: given }).click();
		await page.getByRole("button", { name: "Sign out" }).click();
		await read(page, /can’t be reached/);
		await context.setOffline(false);
		await page.goto("/account/profile");
		await page.getByLabel("Family name").waitFor();
	});

	test("is asked to sign in where another device ended it", async () => {
		const { page, email, name } = await signedIn({},
			"/account/profile");
		const { page: other } = await visitor();
		await signIn(other, email, "/account/security", samplePassword);
		await other.getByRole("button", { name: /^Sign out: / }).click();
		await read(other, "That device is signed out");
		await page.getByLabel("Occupation").fill("Spy");
		await press(page, "Save");
		await page.waitForURL(/\/login\/\?next=%2Faccount%2Fprofile/);
		assert.doesNotMatch(await page.content(), name);
	});

	test("takes the data along, and goes for good", async () => {
		const { page, email } = await signedIn({ width: 360 },
			"/account/privacy");
		const file = page.waitForEvent("download");
		await press(page, "Download my data");
		assert.equal((await file).suggestedFilename(), "my-data.json");
		await page.getByLabel("Password").fill(samplePassword);
		await press(page, "Delete the account");
		await read(page, "Please tick this if you are sure");
		await page.getByLabel(/I understand/).check();
		await page.getByLabel("Password").fill("wrong");
		await press(page, "Delete the account");
		await page.locator("#main [aria-invalid=true]").waitFor();
		assert.equal(await focused(page), "password");
		await page.getByLabel("Password").fill(samplePassword);
		await press(page, "Delete the account");
		await read(page, /Your account is deleted/);
		await page.waitForURL((url) => url.pathname === "/");
		assert.equal((await sql("select from customer where email = $1",
			[email])).length, 0);
	});
});

describe("a customer", () => {
	test("takes an order's invoice", async () => {
		const { page, email, said } = await signedIn({ width: 360 },
			"/account/orders");
		const [{ id, number }] = await sql(`select o.id, o.number
			from customer_order o join customer c on c.id = o.customer_id
			where c.email = $1 and o.state = 'delivered'
			order by o.placed_at desc limit 1`, [email]);
		await page.goto(`/order/${id}`);
		await settled(page);
		await lookAt(page, "order/delivered-360");
		const file = page.waitForEvent("download");
		await press(page, "Invoice");
		const paper = await file;
		assert.equal(paper.suggestedFilename(), `invoice-${number}.pdf`);
		assert.match(readFileSync(await paper.path(), "latin1"), /^%PDF-/);
		assert.deepEqual(said, []);
	});

	test("keeps addresses", async () => {
		const { page } = await signedIn({ width: 360 },
			"/account/addresses?edit=new");
		await press(page, "Save");
		await page.locator("#main [aria-invalid=true]").first().waitFor();
		assert.equal(await focused(page), "shipping.country");
		await lookAt(page, "address-faults-360");
		await page.getByLabel("Country").selectOption("IE");
		for (const [label, value] of [["Name of this address", "Lake house"],
			["Street and number", "1 <b>Quay</b>"], ["Postcode", "D01 X2P3"],
			["Town or city", "Dublin"]] as const)
			await page.getByLabel(label).fill(value);
		await press(page, "Save");
		await read(page, "1 <b>Quay</b>");
		await press(page, "Remove: Lake house");
		await lookAt(page, "address-remove-360");
		await page.getByRole("dialog").getByRole("button",
			{ name: "Remove" }).click();
		await read(page, "The address is removed");
		await page.getByText("1 <b>Quay</b>").waitFor({ state: "detached" });
	});

	test("agrees, and thinks better of it", async () => {
		const { page, email } = await signedIn({}, "/account/consents");
		const box = page.getByLabel(/ask me .* by text message/);
		await box.click();
		await read(page, "Thank you: you agree");
		await box.click();
		await read(page, "You don’t agree any more");
		assert.deepEqual(await sql(`select given, text_digest is not null
			as said from consent s join customer c on c.id = s.customer_id
			where c.email = $1 and purpose = 'surveys' and channel = 'sms'
			order by s.id`, [email]),
		[{ given: true, said: true }, { given: false, said: false }]);
	});

	test("reads what there is to know", async () => {
		const { page } = await visitor();
		await sql(`update notification set read_at = null where id in
			(select n.id from notification n join customer c
			on c.id = n.customer_id where c.email = $1
			order by n.created_at desc limit 3)`, [ngozi]);
		const [{ unread }] = await sql(`select count(*)::int as unread
			from notification n join customer c on c.id = n.customer_id
			where c.email = $1 and read_at is null`, [ngozi]);
		await signIn(page, ngozi, "/account/notifications", samplePassword);
		await page.getByRole("button", { name: /^Mark as read: / }).first()
			.click();
		await page.locator("header").getByText(`${unread - 1} unread`)
			.waitFor();
		await press(page, "Mark all as read");
		await page.getByRole("status").getByText("All read").waitFor();
		assert.equal(await page.locator("header .badge-secondary").count(),
			0);
	});

	test("has a picture, or the drawn one", async () => {
		const { page } = await signedIn({}, "/account/profile");
		const file = page.locator("input[type=file]");
		const image = page.getByRole("img", { name: "Your picture" });
		const drawn = await image.getAttribute("src");
		await file.setInputFiles({ name: "a.png", mimeType: "image/png",
			buffer: Buffer.from("no picture") });
		await read(page, /no picture that can be read/);
		await file.setInputFiles({ name: "a.gif", mimeType: "image/gif",
			buffer: Buffer.from("R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw==",
				"base64") });
		await read(page, "That is your picture now");
		await page.locator(`img[src^="/media/"]`).first().waitFor();
		await press(page, "Remove the picture");
		await read(page, "The picture is gone");
		await page.locator(`img[src="${drawn}"]`).first().waitFor();
	});
});
