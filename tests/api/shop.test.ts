// SPDX-License-Identifier: ISC
// The shop's main job, from the first look to the delivered order, and the
// addresses of the systems it takes the place of.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { client, customer, goodPassword, mail, raw, sql, staff } from "./harness.js";

describe("a visitor becomes a customer with an order", () => {
	let variant = "", cart = "";

	test("looks around", async () => {
		const visitor = client();
		const { data: tree } = await visitor.GET("/api/catalog/categories");
		assert.ok(tree!.items.length >= 8);
		assert.ok(tree!.items.some((c) => c.slug === "grains-flours"));
		const { data: list } = await visitor.GET("/api/catalog/products",
			{ params: { query: { category: "grains-flours", in_stock: true,
				limit: 5 } } });
		assert.equal(list!.items.length, 5);
		const { data: one } = await visitor.GET("/api/catalog/products/{id}",
			{ params: { path: { id: list!.items[0].id } } });
		assert.equal(one!.slug, list!.items[0].slug);
		variant = one!.variants[0].id;
	});

	test("fills a cart as a guest", async () => {
		const added = await raw("POST", "/api/cart/lines", {
			body: { variant_id: variant, quantity: 2 } });
		assert.ok(added.status < 300, added.text);
		cart = added.json.cart_token;
		assert.ok(cart, "a guest is given a token");
		assert.match(added.headers.get("set-cookie")!, /^__Host-cart=.*Secure.*HttpOnly/);
	});

	test("registers, and the cart comes along", async () => {
		const email = `eve-${Date.now()}@example.org`;
		const registered = await raw("POST", "/api/customers/register", {
			body: { email, password: goodPassword, given_name: "Eve",
				family_name: "Ndege" } });
		assert.ok(registered.status < 300, registered.text);
		const { data } = await mail(email, "verify-email");
		assert.equal((await raw("POST", "/api/customers/verify-email/", {
			body: { token: data.token } })).status, 200);
		const answer = await raw("POST", "/api/customers/login", {
			body: { login: email, password: goodPassword }, cart });
		assert.equal(answer.status, 200, answer.text);
		const token = answer.json.access_token;
		const merged = await raw("GET", "/api/cart", { token });
		assert.equal(merged.json.quote.lines[0].variant_id, variant);
		assert.equal(merged.json.quote.lines[0].quantity, 2);

		// Orders it, to an address of hers.
		const method = merged.json.quote.shipping_methods[0];
		const [before] = await sql(`select sum(on_hand - reserved) as free
			from stock where variant_id = $1`, [variant]);
		const body = {
			shipping_address: { name: "Eve Ndege", line1: "1 High Road",
				city: "Dublin", postcode: "D01 A1B2", country: "IE" },
			shipping_method_id: method.method_id, payment_method: "on_delivery" };
		const placed = await raw("POST", "/api/checkout", { token, body,
			headers: { "Idempotency-Key": "eve-1" } });
		assert.equal(placed.status, 201, placed.text);
		const again = await raw("POST", "/api/checkout", { token, body,
			headers: { "Idempotency-Key": "eve-1" } });
		assert.equal(again.text, placed.text);
		assert.equal(again.headers.get("idempotent-replayed"), "true");
		const [after] = await sql(`select sum(on_hand - reserved) as free
			from stock where variant_id = $1`, [variant]);
		assert.equal(before.free - after.free, 2);
		assert.ok(await mail(email, "order-placed"));

		// Staff send it.
		const clerk = await staff("sales");
		const id = placed.json.id;
		let tag = "";
		for (const to of ["confirmed", "processing", "shipped", "delivered"]) {
			const seen = await raw("GET", `/api/orders/manage/${id}`,
				{ token: clerk.token });
			tag = seen.headers.get("etag")!;
			if (seen.json.state === to)
				continue;
			const moved = await raw("POST",
				`/api/orders/manage/${id}/transitions`, {
					token: clerk.token, body: { to },
					headers: { "If-Match": tag } });
			assert.equal(moved.status, 200, moved.text);
			assert.equal(moved.json.state, to);
		}
		const late = await raw("POST", `/api/orders/manage/${id}/transitions`, {
			token: clerk.token, body: { to: "cancelled" },
			headers: { "If-Match": tag } });
		assert.equal(late.status, 412, late.text);
		assert.ok(await mail(email, "order-shipped"));
		const order = await raw("GET", `/api/orders/${id}`, { token });
		assert.equal(order.json.state, "delivered");
		const [lines] = await sql(`select on_hand, reserved from stock
			where variant_id = $1 limit 1`, [variant]);
		assert.ok(lines.on_hand >= lines.reserved);
		const dashboard = await raw("GET", "/api/customers/dashboard", { token });
		assert.equal(dashboard.status, 200);
	});
});

describe("the old systems' addresses", () => {
	test("customers, with or without closing slash", async () => {
		const ada = await customer();
		const { token } = ada;
		for (const slash of ["", "/"]) {
			for (const path of ["profile", "dashboard", "health"])
				assert.equal((await raw("GET", `/api/customers/${path}${slash}`,
					{ token })).status, 200, path);
			assert.equal((await raw("PATCH", `/api/customers/profile${slash}`, {
				token, body: { given_name: "Ada" } })).status, 200);
			assert.equal((await raw("POST", `/api/customers/login${slash}`, {
				body: { login: ada.email, password: "wrong-password-1" } }))
				.status, 401);
			assert.equal((await raw("POST",
				`/api/customers/token/refresh${slash}`, {
					body: { refresh_token: "x".repeat(43) } })).status, 401);
			assert.equal((await raw("POST",
				`/api/customers/change-password${slash}`, {
					token, body: { current_password: "wrong-password-1",
						new_password: "Another-good-9" } })).status, 422);
		}
	});

	test("the bot registers, logs in, searches and buys", async () => {
		const username = `bot${Date.now()}`;
		const registered = await raw("POST", "/bot/register", { body: {
			username, password: goodPassword,
			email: `${username}@example.org` } });
		assert.ok(registered.status < 300, registered.text);
		assert.equal((await raw("GET", "/bot/search?keywords=gari")).status, 401);
		const answer = await raw("POST", "/bot/login", {
			body: { username, password: goodPassword } });
		assert.equal(answer.status, 200, answer.text);
		const token = answer.json.token;
		const found = await raw("GET",
			"/bot/search/?keywords=palm+oil&min_price=1&max_price=999999&partial=true",
			{ token });
		assert.equal(found.status, 200, found.text);
		const item = found.json.items.find((i: any) => i.in_stock);
		assert.ok(item, found.text);
		const fuzzy = await raw("GET", "/bot/search?keywords=plantan&fuzzy=true",
			{ token });
		assert.ok(fuzzy.json.items.some((i: any) => /plantain/i.test(i.name)));
		const bought = await raw("POST", "/bot/purchase", {
			token, body: { product_id: item.id } });
		assert.equal(bought.status, 201, bought.text);
		const none = await raw("POST", "/bot/purchase", {
			token, body: { product_id: item.id, quantity: 999 } });
		assert.equal(none.status, 409, none.text);
		assert.equal(none.json.code, "OUT_OF_STOCK");
	});
});
