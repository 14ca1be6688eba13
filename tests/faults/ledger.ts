// SPDX-License-Identifier: ISC
// What a client knows: before it sends an order it writes down that it will,
// after the answer what it was, both safe on disk; and what must then be true
// in the shop.
import { randomUUID } from "node:crypto";
import { closeSync, fdatasyncSync, openSync, readFileSync, writeSync } from
	"node:fs";
import { newCart, sleep, type Answer, type Stack } from "./stack.js";

export interface Entry {
	cart: string; id?: string; status?: number; code?: string;
}

export class Ledger {
	private readonly file: number;
	sent = 0;

	constructor(readonly path: string) {
		this.file = openSync(path, "a");
	}

	write(line: Entry): void {
		writeSync(this.file, JSON.stringify(line) + "\n");
		fdatasyncSync(this.file);
	}

	close(): void {
		closeSync(this.file);
	}

	/** What was meant, and of it what was answered. */
	read(): Map<string, Entry> {
		const entries = new Map<string, Entry>();
		for (const line of readFileSync(this.path, "utf8").split("\n")) {
			if (!line)
				continue;
			const entry: Entry = JSON.parse(line);
			entries.set(entry.cart, { ...entries.get(entry.cart), ...entry });
		}
		return entries;
	}
}

/** Asks until there is an answer that says something, with the same key. */
async function insist(stack: Stack, path: string, cart: string, body: object,
	until: () => boolean): Promise<Answer | undefined> {
	const key = randomUUID();
	for (;;) {
		const answer = await stack.ask("POST", path,
			{ cart, key, body, timeout: 10000 }).catch(() => undefined);
		if (answer && answer.status < 500 &&
		    answer.json?.code !== "KEY_IN_FLIGHT")
			return answer;
		if (until())
			return undefined;
		await sleep(100);
	}
}

/** One guest buys something; a cart takes no key, so that what is uncertain
 * may be in it twice, but what is ordered is what was in it.  `until` says when
 * not to insist any more. */
export async function buy(stack: Stack, ledger: Ledger, variant: string,
	method: string, until: () => boolean): Promise<void> {
	const cart = newCart();
	const put = await insist(stack, "/api/cart/lines", cart,
		{ variant_id: variant }, until);
	if (put?.status !== 200)
		return;
	ledger.write({ cart });
	ledger.sent++;
	const answer = await insist(stack, "/api/checkout", cart, {
		email: `${cart.slice(0, 12)}@example.org`,
		shipping_method_id: method, payment_method: "on_delivery" }, until);
	if (answer)
		ledger.write({ cart, status: answer.status,
			id: answer.json?.id, code: answer.json?.code });
}

/** Faults found; none is what one wants. */
export async function audit(stack: Stack, ledger: Ledger, variant: string,
	start: number, mails?: () => Set<string>): Promise<string[]> {
	const faults: string[] = [];
	const orders = await stack.sql(`select o.id, o.guest_digest,
		(select count(*)::int from order_line l where l.order_id = o.id
		    and l.variant_id = $1) as lines,
		(select sum(l.quantity)::int from order_line l
		    where l.order_id = o.id) as pieces,
		o.email, (select array_agg(b.state) from outbox b
		    where b.template = 'order-placed'
		    and b.recipient = o.email) as mails
		from customer_order o where exists (select from order_line l
		    where l.order_id = o.id and l.variant_id = $1)`, [variant]);
	const taken = mails?.();
	const digests = await stack.sql(`select c, encode(sha256(
		convert_to(c, 'UTF8')), 'hex') as digest
		from unnest($1::text[]) c`, [[...ledger.read().keys()]]);
	const byGuest = new Map<string, string[]>();
	for (const { id, guest_digest: guest } of orders)
		byGuest.set(guest, [...byGuest.get(guest) ?? [], id]);
	const digestOf = new Map(digests.map((d) => [d.c, d.digest]));
	for (const [cart, entry] of ledger.read()) {
		const found = byGuest.get(digestOf.get(cart)!) ?? [];
		byGuest.delete(digestOf.get(cart)!);
		if (found.length > 1)
			faults.push(`${cart}: ${found.length} orders`);
		if (entry.status === 201 && found[0] !== entry.id)
			faults.push(`acknowledged ${entry.id} is lost`);
		if (entry.status !== undefined && entry.status !== 201)
			faults.push(`${cart}: refused with ${entry.status} ${entry.code}`);
	}
	for (const ids of byGuest.values())
		faults.push(`${ids} was never asked for`);
	for (const order of orders) {
		if (order.lines !== 1)
			faults.push(`${order.id}: ${order.lines} lines`);
		if (order.mails?.length !== 1 ||
		    !["waiting", "sent"].includes(order.mails[0]))
			faults.push(`${order.id}: mails ${order.mails}`);
		if (order.mails?.[0] === "sent" && taken &&
		    !taken.has(order.email))
			faults.push(`${order.id}: sent, but nobody took it`);
	}
	const [stock] = await stack.sql(`select s.on_hand, s.reserved,
		(select coalesce(sum(r.quantity), 0)::int from reservation r
		    where r.variant_id = s.variant_id) as held
		from stock s where s.variant_id = $1`, [variant]);
	const sold = orders.reduce((sum, order) => sum + order.pieces, 0);
	if (stock.on_hand !== start || stock.reserved !== sold ||
	    stock.held !== sold)
		faults.push(`stock ${JSON.stringify(stock)} of ${start} after ` +
			`${sold} were sold`);
	return faults;
}

/** Orders of the ledger that were acknowledged. */
export const acknowledged = (ledger: Ledger): number =>
	[...ledger.read().values()].filter((e) => e.status === 201).length;
