// SPDX-License-Identifier: ISC
// Who may what, tried in full: every route of the tables × nobody, customers,
// every staff role, with the ids of others.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, describe, test } from "node:test";
import { customer, raw, sql, staff, type Person } from "./harness.js";
import { gif } from "./pictures.js";
import { fill, neededQuery, routes, type Route } from "./routes.js";

const roles = ["superadmin", "admin", "analyst", "crm", "service", "sales",
	"manager", "agent"];
const permissions = new Map<string, Set<string>>();
const people = new Map<string, Person>();
let ada: Person, ben: Person;

before(async () => {
	ada = await customer();
	ben = await customer();
	for (const role of roles) {
		people.set(role, await staff(role));
		const rows = await sql("select permission from role_permission where role = $1", [role]);
		permissions.set(role, new Set(rows.map((r) => r.permission)));
	}
});

const headers = (route: Route): Record<string, string> => ({
	...(route.parameters.some((p) => p.name === "If-Match") ?
		{ "If-Match": '"1"' } : {}),
});

/** A request that is fine in itself: only who asks is wrong. */
const send = (route: Route, token?: string, id?: string) =>
	raw(route.method, fill(route, id) + neededQuery(route), {
		token,
		headers: headers(route),
		type: route.body?.type,
		body: route.body ? route.body.example ?? "" :
			undefined,
	});

/** A request that gets past the door and no further: it says something that
 * no table knows. */
const probe = (route: Route, token?: string) => {
	const withBody = ["POST", "PUT", "PATCH"].includes(route.method);
	const type = route.body?.type ?? "application/json";
	const path = fill(route) + (withBody ? "" : "?no_such_field=1");
	return raw(route.method, path, {
		token,
		headers: headers(route),
		type: type === "application/json" ? type : "text/no-such-type",
		body: withBody ? { no_such_field: 1 } : undefined,
	});
};

const doors = [401, 403];

for (const route of routes) {
	const name = `${route.method} ${route.path}`;
	describe(name, () => {
		if (route.access === "staff") {
			test("nobody and customers are strangers", async () => {
				assert.equal((await send(route)).status, 401);
				assert.equal((await send(route, ada.token)).status, 401);
			});
			for (const role of roles)
				test(`${role}`, async () => {
					const token = people.get(role)!.token;
					if (permissions.get(role)!.has(route.permission!)) {
						const { status } = await probe(route, token);
						assert.ok(!doors.includes(status), `${status}`);
					} else
						assert.equal((await send(route, token)).status, 403);
				});
		} else if (route.access === "customer") {
			test("nobody and staff are strangers", async () => {
				assert.equal((await send(route)).status, 401);
				assert.equal((await send(route,
					people.get("superadmin")!.token)).status, 401);
			});
			test("a customer comes in", async () => {
				const { status } = await probe(route, ada.token);
				assert.ok(!doors.includes(status), `${status}`);
			});
		} else {
			assert.ok(["public", "anyone", "shopper", "local"]
				.includes(route.access), route.access);
			test("open to all", async () => {
				const { status } = await probe(route);
				assert.ok(!doors.includes(status), `${status}`);
			});
		}
	});
}

// What belongs to one customer doesn't exist for another, nor for a guest.

const makers: [RegExp, (owner: Person) => Promise<string>][] = [
	[/^\/api\/customers\/addresses\/\{id\}/, async (owner) => {
		const made = await raw("POST", "/api/customers/addresses", {
			token: owner.token,
			body: routes.find((r) => r.method === "POST" &&
				r.path === "/api/customers/addresses")!.body!.example,
		});
		assert.equal(made.status, 201, made.text);
		return made.json.id;
	}],
	[/^\/api\/customers\/sessions\/\{id\}/, async (owner) => {
		const rows = await sql(`select id from customer_session
			where customer_id = $1 and ended_at is null`, [owner.id]);
		return rows[0].id;
	}],
	[/^\/api\/customers\/saved-searches\/\{id\}/, async (owner) => {
		const made = await raw("POST", "/api/customers/saved-searches", {
			token: owner.token, body: { name: randomUUID(),
				path: "/search" } });
		assert.equal(made.status, 201, made.text);
		return made.json.id;
	}],
	[/^\/api\/messages\/mine\/\{id\}/, async (owner) => {
		const made = await raw("POST", "/api/messages/contact", {
			token: owner.token, body: { subject: "x", text: "x" } });
		assert.equal(made.status, 201, made.text);
		return made.json.conversation_id;
	}],
	[/^\/api\/media\/pictures\/\{id\}/, async (owner) => {
		const made = await raw("PUT", "/api/media/pictures", {
			token: owner.token, body: gif, type: "image/gif" });
		assert.equal(made.status, 201, made.text);
		return made.json.id;
	}],
	// It waits to be approved: nobody can find it helpful yet.
	[/^\/api\/catalog\/reviews\/\{id\}/, async (owner) => {
		await line(owner);
		const [made] = await sql(`insert into review (product_id,
			order_line_id, customer_id, author, stars, text, state)
			select product_id, id, $2, 'x', 1, 'x', 'pending'
			from order_line where order_id = $1
			on conflict on constraint review_customer_key
			do update set text = 'y' returning id`,
			[await order(owner), owner.id]);
		return made.id;
	}],
	[/^\/api\/cart\/lines\/\{id\}/, async (owner) => (await line(owner)).id],
	[/^\/api\/orders\/\{id\}/, async (owner) => {
		await line(owner);
		const placed = await order(owner);
		return placed;
	}],
];

async function line(owner: Person): Promise<{ id: string }> {
	const [variant] = await sql(`select v.id from variant v
		join product p on p.id = v.product_id
		join stock s on s.variant_id = v.id
		where p.status = 'active' and v.status = 'active'
		and s.on_hand - s.reserved > 3 order by v.sku limit 1`);
	const added = await raw("POST", "/api/cart/lines", {
		token: owner.token, body: { variant_id: variant.id, quantity: 1 } });
	assert.ok(added.status < 300, added.text);
	return added.json.quote.lines[0];
}

async function order(owner: Person): Promise<string> {
	const method = await sql(`select id from shipping_method
		where active and not needs_address limit 1`);
	const placed = await raw("POST", "/api/checkout", { token: owner.token,
		body: { payment_method: "on_delivery",
			shipping_method_id: method[0].id } });
	assert.equal(placed.status, 201, placed.text);
	return placed.json.id;
}

describe("the ids of others", () => {
	for (const route of routes.filter((r) => r.path.includes("{") &&
		["customer", "shopper"].includes(r.access)))
		test(`${route.method} ${route.path}`, async () => {
			const maker = makers.find(([path]) => path.test(route.path));
			if (!maker) {
				// Words in a path (a coupon's code) are nobody's, and
				// rewards and products are for all.
				assert.ok(!/\{(id|[a-z_]+_id)\}/.test(route.path) ||
					/\/(reward\/\{id|wishlist\/\{product_id)\}/
						.test(route.path),
					"a new kind of thing: tell this test how to make one");
				return;
			}
			const id = await maker[1](ada);
			for (const token of [ben.token, route.access === "shopper" ?
				undefined : ben.token]) {
				const { status, text } = await send(route, token, id);
				assert.equal(status, 404, text);
			}
		});
});
