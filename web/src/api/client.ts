// SPDX-License-Identifier: ISC
// The shop's API, by its contract.  Who is signed in is in cookies that no
// script reads; unsafe methods carry the CSRF token from the one it may read.
// A page lives in one world, its customers' or its staff's: the panel says
// asStaff() before it asks for anything.
import { shop, type Schemas } from "../../../client/index";
import { asProblem } from "./problem";

export type { Schemas };
export type Money = Schemas["Money"];

export function cookie(name: string): string | undefined {
	const start = `${name}=`;
	return document.cookie.split("; ")
		.find((pair) => pair.startsWith(start))?.slice(start.length);
}

let world = { csrf: "__Host-csrf", refresh: "/api/customers/token/refresh",
	lock: "refresh" };

export function asStaff() {
	world = { csrf: "__Host-staff-csrf", refresh: "/api/staff/token/refresh",
		lock: "staff-refresh" };
}

/** Whether a browser's session may be there; the API has the last word. */
export const mayBeSignedIn = () => cookie(world.csrf) !== undefined;

function withCsrf(request: Request): Request {
	const token = cookie(world.csrf);
	if (token && request.method !== "GET" && request.method !== "HEAD")
		request.headers.set("X-CSRF-Token", token);
	return request;
}

let refreshing: Promise<boolean> | undefined;

const renew = () => fetch(withCsrf(new Request(world.refresh, {
	method: "POST",
	headers: { "Content-Type": "application/json" },
	body: "{}",
}))).then((response) => response.ok, () => false);

/** A refresh token works once, and a second use ends the session: tabs take
 * turns, and who finds that another one was there before is content. */
async function renewInTurn(): Promise<boolean> {
	const was = cookie(world.csrf);
	return navigator.locks === undefined ? renew()
		: navigator.locks.request(world.lock, () =>
			cookie(world.csrf) === was ? renew() : mayBeSignedIn());
}

/** New cookies for old ones; asked once however many wait for it. */
export function refresh(): Promise<boolean> {
	refreshing ??= renewInTurn()
		.finally(() => { refreshing = undefined; });
	return refreshing;
}

/** Whether a new token may help; with a wrong password none does. */
async function isOld(response: Response): Promise<boolean> {
	if (response.status !== 401 || !mayBeSignedIn())
		return false;
	const { code } = await response.clone().json().catch(() => ({}));
	return code !== "CREDENTIALS_WRONG";
}

/** As fetch; what was refused for an access token's age is asked again. */
async function ask(request: Request): Promise<Response> {
	const again = request.clone();
	const response = await fetch(withCsrf(request));
	if (await isOld(response) && await refresh())
		return fetch(withCsrf(again));
	return response;
}

export const api = shop({ baseUrl: location.origin, fetch: ask });

/** The answer's body, or the problem thrown (api/problem.ts). */
export async function take<T>(answer: Promise<{
	data?: T; error?: unknown; response: Response;
}>): Promise<T> {
	let got;
	try {
		got = await answer;
	} catch {
		throw asProblem(undefined, 0);
	}
	if (!got.response.ok)
		throw asProblem(got.error, got.response.status);
	return got.data as T;
}

/** For what the contract doesn't name (yet): the same rules, any body.
 * @param path  within the API, "/api/..." */
export const call = async <T>(path: string, init: RequestInit = {}):
	Promise<T> => (await callWhole<T>(path, init)).data;

/** The answer as it comes (a file, say), or the problem thrown. */
export async function callFor(path: string, init: RequestInit = {}):
	Promise<Response> {
	let response;
	try {
		response = await ask(new Request(path, init));
	} catch {
		throw asProblem(undefined, 0);
	}
	if (!response.ok)
		throw asProblem(await response.json().catch(() => undefined),
			response.status);
	return response;
}

/** The same as call, with the version that the body is (as If-Match takes
 * it).  What hasn't changed since If-None-Match has no body. */
export async function callWhole<T>(path: string, init: RequestInit = {}):
	Promise<{ data: T; etag?: string }> {
	const headers = new Headers(init.headers);
	if (typeof init.body === "string" && !headers.has("Content-Type"))
		headers.set("Content-Type", "application/json");
	let response;
	try {
		response = await ask(new Request(path, { ...init, headers }));
	} catch {
		throw asProblem(undefined, 0);
	}
	const text = await response.text();
	let body: unknown;
	try {
		body = text === "" ? undefined : JSON.parse(text);
	} catch {
		body = undefined;
	}
	if (!response.ok && response.status !== 304)
		throw asProblem(body, response.status);
	return { data: body as T,
		etag: response.headers.get("ETag") ?? undefined };
}
