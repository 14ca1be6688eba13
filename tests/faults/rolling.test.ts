// SPDX-License-Identifier: ISC
// Workers are replaced one by one and nginx reads its configuration again
// every second, under a steady load of reads and orders: nobody notices.
import assert from "node:assert/strict";
import { test } from "node:test";
import { acknowledged, audit, Ledger } from "./ledger.js";
import { lasting, newCart, size, sleep, type Answer, type Thing } from
	"./stack.js";

const shop = lasting();
const seconds = size("ROLLING_SECONDS", 20);
const stock = 1000000;

class Load {
	readonly failures: string[] = [];
	private readonly under = new Set<Promise<void>>();
	private running = true;
	reads = 0;
	orders = 0;

	constructor(readonly thing: Thing, readonly ledger: Ledger,
		readonly method: string) {}

	/** A visitor has a connection of his own: on a kept one, an answer may
	 * cross with its closing, which no server can help. */
	private async must(method: string, path: string, status: number,
		options: object = {}): Promise<Answer> {
		const answer = await shop.ask(method, path,
			{ ...options, fresh: true });
		if (answer.status !== status)
			throw new Error(`${method} ${path}: ${answer.status} ` +
				answer.text);
		return answer;
	}

	private async read(): Promise<void> {
		const paths = [`/api/catalog/products/${this.thing.product}`,
			"/api/catalog/products", "/api/search?q=thing",
			"/api/catalog/alive"];
		await this.must("GET", paths[this.reads++ % paths.length], 200);
	}

	private async order(): Promise<void> {
		const cart = newCart();
		this.orders++;
		await this.must("POST", "/api/cart/lines", 200,
			{ cart, body: { variant_id: this.thing.variant } });
		this.ledger.write({ cart });
		const answer = await this.must("POST", "/api/checkout", 201,
			{ cart, body: { email: `${cart.slice(0, 12)}@example.org`,
				shipping_method_id: this.method,
				payment_method: "on_delivery" } });
		this.ledger.write({ cart, status: 201, id: answer.json.id });
	}

	private begin(work: Promise<void>): void {
		const done = work.catch((error: Error) => {
			this.failures.push(error.message);
		}).finally(() => this.under.delete(done));
		this.under.add(done);
	}

	/** A rate that doesn't wait for answers. */
	private async steady(milliseconds: number, one: () => Promise<void>):
		Promise<void> {
		for (let at = Date.now(); this.running; at += milliseconds) {
			await sleep(Math.max(0, at - Date.now()));
			this.begin(one());
		}
	}

	/** Until `meanwhile` is done; answers what failed. */
	async run(meanwhile: () => Promise<void>): Promise<string[]> {
		const loops = [this.steady(10, () => this.read()),
			this.steady(50, () => this.order())];
		try {
			await meanwhile();
		} finally {
			this.running = false;
		}
		await Promise.all(loops);
		await Promise.all([...this.under]);
		this.ledger.close();
		return this.failures;
	}
}

const load = async (name: string): Promise<Load> =>
	new Load(await shop.thing(stock),
		new Ledger(`${process.env.FAULTS_WORK}/${name}`),
		await shop.pickup());

test("all workers replaced, nginx reloaded each second: no failure",
	async (t) => {
	const visitors = await load("rolling");
	let rounds = 0, reloads = 0;
	const failures = await visitors.run(async () => {
		const end = Date.now() + seconds * 1000;
		let replacing = true;
		const reload = (async (): Promise<void> => {
			while (replacing) {
				await shop.tool("reload");
				reloads++;
				await sleep(1000);
			}
		})();
		do {
			const old = shop.workers("orders");
			await shop.tool("restart-workers");
			rounds++;
			for (const worker of shop.workers("orders"))
				assert.ok(!old.includes(worker), "replaced");
		} while (Date.now() < end);
		replacing = false;
		await reload;
	});
	t.diagnostic(`${visitors.reads} reads, ${visitors.orders} orders, ` +
		`${rounds} rounds, ${reloads} reloads`);
	assert.deepEqual(failures, []);
	assert.equal(acknowledged(visitors.ledger), visitors.orders);
	assert.deepEqual(await audit(shop, visitors.ledger,
		visitors.thing.variant, stock), []);
});

test("control: workers killed instead are noticed", async () => {
	const visitors = await load("killed");
	const failures = await visitors.run(async () => {
		for (let n = 0; n < 200 && visitors.failures.length === 0; n++) {
			await sleep(70);
			for (const area of ["catalog", "orders", "cart", "search"])
				for (const worker of shop.workers(area))
					try {
						process.kill(worker, "SIGKILL");
					} catch {
						// It was gone already.
					}
		}
	});
	assert.ok(failures.length > 0, "nobody noticed");
});
