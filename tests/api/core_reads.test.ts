// SPDX-License-Identifier: ISC
// Reads that are there at the same time share a round trip to the database,
// and nothing else: each gets its own answer, as whoever asked it, whatever
// becomes of the others.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { Socket } from "node:net";
import { after, before, test } from "node:test";
import { customer, sql, type Person } from "./harness.js";
import { about, answerOf, begin, params, stdin, Worker, type Answer, type Ask }
	from "./fastcgi.js";

/** A connection that is kept, as nginx keeps it. */
class Line {
	private bytes = Buffer.alloc(0);
	private got?: (answer: Answer) => void;

	constructor(private readonly socket: Socket) {
		const look = (end = false): void => {
			const answer = answerOf(this.bytes);
			if (!end && !answer.whole)
				return;
			this.bytes = Buffer.alloc(0);
			this.got?.(answer);
			this.got = undefined;
		};
		socket.on("data", (part) => {
			this.bytes = Buffer.concat([this.bytes, part]);
			look();
		});
		socket.on("close", () => look(true));
		socket.on("error", () => undefined);
	}

	ask(method: string, path: string, ask: Ask = {}): Promise<Answer> {
		const answer = new Promise<Answer>((resolve) => {
			this.got = resolve;
		});
		this.socket.write(Buffer.concat([begin(),
			params(about(method, path, ask)), stdin(ask.body ?? "")]));
		return answer;
	}

	close(): void {
		this.socket.destroy();
	}
}

interface Question {
	path: string;
	method?: string;
	ask?: Ask;
	check: (answer: Answer) => void;
}

let worker: Worker, people: Person[], lines: Line[];

const profile = (person: Person): Question => ({
	path: "/api/customers/profile", ask: { token: person.token },
	check: (answer) => {
		assert.equal(answer.status, 200, answer.text);
		assert.equal(answer.json.email, person.email);
	} });
const stranger = (): Question => ({ path: "/api/customers/profile",
	check: (answer) => assert.equal(answer.status, 401, answer.text) });
const unknown = (person: Person): Question => ({
	path: `/api/customers/addresses/${randomUUID()}`,
	ask: { token: person.token },
	check: (answer) => assert.equal(answer.status, 404, answer.text) });
const ended = (token: string): Question => ({
	path: "/api/customers/profile", ask: { token },
	check: (answer) => assert.equal(answer.status, 401, answer.text) });
let agreed = 0;
const write = (person: Person): Question => ({ method: "POST",
	path: "/api/customers/consents", ask: { token: person.token,
		body: JSON.stringify({ purpose: "marketing", channel: "sms",
			given: agreed++ % 2 === 0, text: "Yes or no" }) },
	check: (answer) => assert.equal(answer.status, 201, answer.text) });

before(async () => {
	worker = await new Worker("customers").up();
	people = await Promise.all(Array.from({ length: 5 }, () => customer()));
	lines = await Promise.all(Array.from({ length: 40 }, async () =>
		new Line(await worker.open())));
	for (const line of lines)
		await line.ask("GET", "/api/customers/profile",
			{ token: people[0].token });
});

after(async () => {
	for (const line of lines)
		line.close();
	assert.equal(await worker.stop(), 0);
});

/** All of them are there before the worker looks at the first. */
async function atOnce(questions: Question[]): Promise<Answer[]> {
	worker.process.kill("SIGSTOP");
	const answers = questions.map(({ method = "GET", path, ask }, i) =>
		lines[i].ask(method, path, ask));
	worker.process.kill("SIGCONT");
	const all = await Promise.all(answers);
	all.forEach((answer, i) => questions[i].check(answer));
	return all;
}

const many = (n: number, make: (i: number) => Question): Question[] =>
	Array.from({ length: n }, (_, i) => make(i));
const each = (i: number): Person => people[i % people.length];

test("each of 40 has its own answer", async () => {
	await atOnce(many(40, (i) => profile(each(i))));
});

test("refusals among them are theirs alone", async () => {
	const gone = await customer();
	await sql(`update customer_session set ended_at = now(),
		end_reason = 'logout'
		where customer_id = $1`, [gone.id]);
	await atOnce(many(40, (i) => [profile(each(i)), unknown(each(i)),
		stranger(), ended(gone.token), profile(each(i + 1))][i % 5]));
});

test("a write between reads stands by itself", async () => {
	const [{ n: before }] = await sql(`select count(*)::int as n
		from consent`);
	await atOnce(many(40, (i) => i % 7 === 3 ? write(each(i)) :
		profile(each(i))));
	const [{ n: now }] = await sql(`select count(*)::int as n from consent`);
	assert.equal(now - before, 6);
});

test("a connection that was closed costs none of them its answer",
	async () => {
	await sql(`select pg_terminate_backend(pid, 5000) from pg_stat_activity
		where application_name = 'duka_customers'`);
	await atOnce(many(40, (i) => profile(each(i))));
});

/** The process that serves the worker; one that was ended may have ended
 * after the last answer. */
async function connected(): Promise<number> {
	for (;;) {
		const [row] = await sql(`select pid from pg_stat_activity
			where application_name = 'duka_customers'
			order by backend_start desc limit 1`);
		if (row)
			return row.pid;
		await atOnce([profile(people[0])]);
	}
}

test("... nor one that is lost in the middle", async () => {
	for (let i = 0; i < 10; i++) {
		const pid = await connected();
		const [, answers] = await Promise.all([
			sql("select pg_terminate_backend($1)", [pid]),
			atOnce(many(40, (n) => profile(each(n))))]);
		assert.equal(answers.length, 40);
	}
});

test("PostgreSQL away: each is told so, and it works again after",
	async () => {
	worker.detach();
	await sql(`select pg_terminate_backend(pid, 5000) from pg_stat_activity
		where application_name = 'duka_customers'`);
	await atOnce(many(20, (i) => ({ ...profile(each(i)),
		check: (answer) => {
			assert.equal(answer.status, 503, answer.text);
			assert.ok(answer.headers["retry-after"]);
		} })));
	worker.attach();
	await atOnce(many(20, (i) => profile(each(i))));
});

test("HEAD and GET at once: one has a body", async () => {
	const [head, get] = await atOnce([
		{ ...profile(people[0]), method: "HEAD", check: (answer) =>
			assert.equal(answer.status, 200) },
		profile(people[1])]);
	assert.equal(head.text, "");
	assert.notEqual(get.text, "");
});
