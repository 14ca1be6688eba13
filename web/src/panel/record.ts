// SPDX-License-Identifier: ISC
// One record with the version that it is: const customer =
// useRecord<Customer>(`/api/desk/customers/${id}`); customer.data.data is the
// record, customer.data.etag what If-Match takes.
import { useQuery } from "@tanstack/react-query";
import { callWhole } from "../api/client";
import { once } from "../api/once";

export interface Versioned<T> {
	data: T;
	etag?: string;
}

export const fetchRecord = <T>(path: string, signal?: AbortSignal) =>
	callWhole<T>(path, { signal });

/** Key: ["record", path]. */
export function useRecord<T>(path: string, enabled = true) {
	return useQuery({ queryKey: ["record", path], enabled,
		queryFn: ({ signal }) => fetchRecord<T>(path, signal) });
}

/** Sends a body, of the version given; what is made or done (POST) once,
 * however often it is sent.
 * @param method  "POST", "PUT", "PATCH", "DELETE" */
export function send<T>(method: string, path: string, body?: unknown,
	etag?: string): Promise<Versioned<T>> {
	const text = body === undefined ? undefined : JSON.stringify(body);
	const version: Record<string, string> = etag ? { "If-Match": etag } : {};
	const ask = (headers = {}) => callWhole<T>(path, { method, body: text,
		headers: { ...headers, ...version } });
	return method === "POST" ? once(`${path} ${etag} ${text}`, ask) : ask();
}

/** What was filled in, of a form's values. */
export const filled = (values: Record<string, unknown>) =>
	Object.fromEntries(Object.entries(values).filter(([, value]) =>
		value !== null && value !== ""));
