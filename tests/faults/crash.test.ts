// SPDX-License-Identifier: ISC
// Workers are killed every 200 ms and the database twice, while clients
// order; what was acknowledged is there once.  The same eyes must see what is
// lost when the database doesn't wait for its disk.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { acknowledged, audit, buy, Ledger } from "./ledger.js";
import { lasting, size, sleep, type Thing } from "./stack.js";

const shop = lasting();
const seconds = size("CRASH_SECONDS", 20);
const stock = 1000000;

/** Eight clients order until time is up, and then finish what they began. */
async function sell(ledger: Ledger, thing: Thing, milliseconds: number,
	patience: number, meanwhile: () => Promise<unknown>): Promise<void> {
	const method = await shop.pickup();
	const end = Date.now() + milliseconds;
	const client = async (): Promise<void> => {
		while (Date.now() < end)
			await buy(shop, ledger, thing.variant, method,
				() => Date.now() > end + patience);
	};
	await Promise.all([...Array.from({ length: 8 }, client), meanwhile()]);
	ledger.close();
}

/** Kills a worker every 200 ms until told to stop. */
function killer(): { stop: () => Promise<number> } {
	let killing = true, killed = 0;
	const work = (async (): Promise<void> => {
		for (let n = 0; killing; n++) {
			await sleep(200);
			const workers = shop.workers(n % 3 === 2 ? "cart" : "orders");
			const victim = workers[Math.floor(Math.random() * workers.length)];
			try {
				process.kill(victim, "SIGKILL");
				killed++;
			} catch {
				// It was gone already.
			}
		}
	})();
	return { stop: async () => {
		killing = false;
		await work;
		return killed;
	} };
}

async function crash(): Promise<void> {
	await shop.tool("database", "crash");
	await shop.tool("database", "start");
}

test("what was acknowledged outlives workers and database", async (t) => {
	const thing = await shop.thing(stock);
	const ledger = new Ledger(`${process.env.FAULTS_WORK}/ledger`);
	let killed = 0;
	await sell(ledger, thing, seconds * 1000, 30000, async () => {
		const kills = killer();
		for (let n = 0; n < 2; n++) {
			await sleep(seconds * 1000 / 3);
			await crash();
		}
		await sleep(seconds * 1000 / 3);
		killed = await kills.stop();
	});
	// What the courier says it sent was taken.
	let taken = new Set<string>();
	assert.deepEqual(await audit(shop, ledger, thing.variant, stock,
		() => taken = new Set(readFileSync(process.env.FAULTS_MAIL!, "utf8")
			.split("\n").map((line) => line.split(" ")[0]))), []);
	t.diagnostic(`${acknowledged(ledger)} of ${ledger.sent} orders ` +
		`acknowledged, ${killed} workers killed, ` +
		`${taken.size - 1} mails taken`);
	assert.ok(killed >= seconds * 2, `only ${killed} killed`);
	assert.ok(acknowledged(ledger) > seconds * 4, "hardly anything was sold");
	assert.equal(acknowledged(ledger), ledger.sent, "each got its answer");
	assert.ok(taken.size > 1, "no mail was sent");
});

test("control: an acknowledged order that isn't there is seen", async () => {
	const thing = await shop.thing(stock);
	const path = `${process.env.FAULTS_WORK}/ledger-false`;
	const ledger = new Ledger(path);
	await sell(ledger, thing, 500, 10000, async () => undefined);
	assert.deepEqual(await audit(shop, ledger, thing.variant, stock), []);
	const more = new Ledger(path);
	more.write({ cart: "never-there", status: 201,
		id: "00000000-0000-4000-8000-000000000000" });
	more.close();
	const faults = await audit(shop, more, thing.variant, stock);
	assert.equal(faults.length, 1, faults.join("\n"));
	assert.match(faults[0], /is lost/);
});

/** What an immediate stop loses is what stands in memory alone: so nobody
 * may write it down in passing. */
async function crashUnwritten(writer: number): Promise<void> {
	const crashing = shop.tool("database", "crash");
	await sleep(200);
	process.kill(writer, "SIGKILL");
	await crashing;
	await shop.tool("database", "start");
}

test("control: without waiting for the disk orders are lost, and seen",
	async (t) => {
	const thing = await shop.thing(stock);
	await shop.sql("alter system set synchronous_commit = off");
	await shop.sql("alter system set bgwriter_lru_maxpages = 0");
	await shop.sql("select pg_reload_conf()");
	let lost: string[] = [];
	for (let n = 0; n < 3 && lost.length < 5; n++) {
		const ledger = new Ledger(`${process.env.FAULTS_WORK}/lossy${n}`);
		await shop.sql("checkpoint");
		const [writer] = await shop.sql(`select pid from pg_stat_activity
			where backend_type = 'walwriter'`);
		process.kill(writer.pid, "SIGSTOP");
		await sell(ledger, thing, 2000, 5000, async () => {
			await sleep(1800);
			await crashUnwritten(writer.pid);
		});
		lost = (await audit(shop, ledger, thing.variant, stock))
			.filter((fault) => / is lost/.test(fault));
		t.diagnostic(`${lost.length} of ${acknowledged(ledger)} lost`);
	}
	await shop.sql("alter system reset all");
	await shop.sql("select pg_reload_conf()");
	assert.ok(lost.length >= 5, "hardly anything was lost");
});
