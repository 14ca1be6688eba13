// SPDX-License-Identifier: ISC
// Requests that must not be done twice.  An answer that is lost on its way says
// nothing of what was done; what is then sent again carries the same
// Idempotency-Key, and the API answers as it did the first time.
import { call } from "./client";
import { problemOf } from "./problem";

/** Of requests whose end isn't known, by what they ask for. */
const open = new Map<string, string>();

/** Sends something once, however often it is asked for until it is answered.
 * @param what  all that makes this request another: method, path, version,
 *              body
 * @param send  sends it with these headers */
export async function once<T>(what: string,
	send: (headers: Record<string, string>) => Promise<T>): Promise<T> {
	const key = open.get(what) ?? crypto.randomUUID();
	open.set(what, key);
	try {
		const answer = await send({ "Idempotency-Key": key });
		open.delete(what);
		return answer;
	} catch (error) {
		const { status = 0, code } = problemOf(error) ?? {};
		// What was refused was not done, and is over.
		if (status >= 400 && status < 500 && code !== "KEY_IN_FLIGHT")
			open.delete(what);
		throw error;
	}
}

/** The same, of a POST.
 * @param path  within the API, "/api/..."
 * @param more  other headers */
export function callOnce<T>(path: string, body: unknown,
	more: Record<string, string> = {}): Promise<T> {
	const text = JSON.stringify(body);
	return once(`${path} ${text}`, (headers) => call<T>(path,
		{ method: "POST", body: text, headers: { ...more, ...headers } }));
}
