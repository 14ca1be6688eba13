// SPDX-License-Identifier: ISC
// One member of staff, one request after another; see desk.
const [base, times] = [process.argv[2], Number(process.argv[3])];

async function ask(method, path, body) {
	const began = performance.now();
	const answer = await fetch(base + path, { method, headers: {
		...token && { Authorization: `Bearer ${token}` },
		...body && { "Content-Type": "application/json" } },
	...body && { body: JSON.stringify(body) } });
	const text = await answer.text();
	const took = performance.now() - began;
	if (!answer.ok)
		throw new Error(`${method} ${path}: ${answer.status} ${text}`);
	return { took, json: text && JSON.parse(text) };
}

let token;
token = (await ask("POST", "/api/staff/login", { email: "bench@example.org",
	password: process.env.DUKA_BENCH_PASSWORD })).json.access_token;

const get = async (path) => (await ask("GET", path)).json;
const some = (list, n) => list[n % list.length];
const list = "/api/desk/customers";
const people = [];
for (const sort of ["newest", "spent", "orders", "name"])
	people.push(...(await get(`${list}?sort=${sort}&limit=50`)).items);
const orders = (await get("/api/orders/manage?limit=50")).items;
const typo = (word) => word.length < 4 ? word :
	word[0] + word[2] + word[1] + word.slice(3);
const q = (words) => encodeURIComponent(words);

/** What is asked for, the nth time. */
const cases = {
	"customers, newest": () => `${list}`,
	"customers, by spent": () => `${list}?sort=spent`,
	"customers, by name, second page": async () => `${list}?sort=name&cursor=${
		(await get(`${list}?sort=name`)).next}`,
	"search: family name": (n) =>
		`${list}?q=${q(some(people, n).family_name)}`,
	"search: both names": (n) => `${list}?q=${q(`${
		some(people, n).given_name} ${some(people, n).family_name}`)}`,
	"search: misspelt": (n) =>
		`${list}?q=${q(typo(some(people, n).family_name))}`,
	"search: part of a mail address": (n) =>
		`${list}?q=${q(some(people, n).email.split("@")[0].slice(3))}`,
	"search: phone": (n) => `${list}?q=${q((some(people, n).phone ??
		"+353861234567").slice(-6))}`,
	"search: number": (n) => `${list}?q=${q(`#${some(people, n).number}`)}`,
	"search: nothing like it": (n) => `${list}?q=${q(`zzyzx${n}`)}`,
	"filter: tier, spent, consent": (n) => `${list}?tier=${some(
		["gold", "silver", "diamond"], n)}&spent_from=${n * 100}` +
		"&consent=marketing_email",
	"filter: no order in a year, verified": () =>
		`${list}?verified=true&last_order_to=${
			new Date(Date.now() - 31e9).toISOString()}`,
	"filter and search": (n) => `${list}?q=${q(some(people, n).family_name)}` +
		"&tier=gold&verified=true&sort=spent",
	"one customer": (n) => `${list}/${some(people, n).id}`,
	"one customer's timeline": (n) =>
		`${list}/${some(people, n).id}/timeline`,
	"orders, newest": () => "/api/orders/manage",
	"orders, of a state": (n) => `/api/orders/manage?state=${some(
		["pending", "processing", "shipped", "cancelled"], n)}`,
	"orders: part of a name": (n) =>
		`/api/orders/manage?q=${q(some(people, n).family_name)}`,
	"orders: number": (n) =>
		`/api/orders/manage?q=${q(some(orders, n).number)}`,
	"orders: by total, dearest": () => "/api/orders/manage?sort=dearest",
	"orders: dear ones, newest": (n) =>
		`/api/orders/manage?total_min=${20000 + n}`,
	"orders: with an open return": () => "/api/orders/manage?returns=open",
	"orders: counts of the tabs": () => "/api/orders/manage/counts",
	"one order": (n) => `/api/orders/manage/${some(orders, n).id}`,
	"dashboard": () => "/api/reports/dashboard",
	"tasks": () => "/api/tasks",
};
const is = (fact, test, values, days) => ({ fact, test, values,
	...days ? { days } : {} });
const segments = {
	"segment: spent much, long ago": [is("spent", "at_least", ["50000"]),
		is("last_order", "before_days", ["180"])],
	"segment: tier and consent": [is("tier", "one_of", ["gold"]),
		is("consent", "one_of", ["marketing.email"])],
	"segment: women of 30 to 45": [is("gender", "one_of", ["female"]),
		is("age", "between", ["30", "45"])],
	"segment: three orders in 90 days": [is("orders", "at_least", ["3"], 90)],
};

console.log(`${"".padEnd(40)}    p50    p99   most  (ms, ${times} times)`);
function tell(name, took) {
	took.sort((a, b) => a - b);
	const at = (p) => took[Math.min(took.length - 1,
		Math.ceil(took.length * p) - 1)].toFixed(1).padStart(6);
	console.log(`${name.padEnd(40)} ${at(.5)} ${at(.99)} ${at(1)}`);
}
for (const [name, path] of Object.entries(cases)) {
	const took = [];
	try {
		await ask("GET", await path(0));
		for (let n = 0; n < times; n++)
			took.push((await ask("GET", await path(n))).took);
		tell(name, took);
	} catch (error) {
		console.log(`${name.padEnd(40)} ${error.message.slice(0, 200)}`);
	}
}
async function count(name, rules, exact, most) {
	const took = [];
	const body = { rules: { match: "all", rules }, exact };
	try {
		for (let n = 0; n < most; n++)
			took.push((await ask("POST", "/api/desk/segments/count", body))
				.took);
		tell(name, took);
	} catch (error) {
		console.log(`${name.padEnd(40)} ${error.message.slice(0, 200)}`);
	}
}
// The panel asks at once, and then exactly.
for (const [name, rules] of Object.entries(segments))
	await count(name, rules, false, times);
for (const [name, rules] of Object.entries(segments))
	await count(`${name}, exactly`, rules, true, Math.min(times, 10));
