// SPDX-License-Identifier: ISC
// One record with the version that it is: const customer =
// useRecord<Customer>(`/api/desk/customers/${id}`); customer.data.data is the
// record, customer.data.etag what If-Match takes.
import { useQuery } from "@tanstack/react-query";
import { callWhole } from "../api/client";

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

/** Sends a body, of the version given.
 * @param method  "POST", "PUT", "PATCH", "DELETE" */
export const send = <T>(method: string, path: string, body?: unknown,
	etag?: string, headers: Record<string, string> = {}) =>
	callWhole<T>(path, { method,
		body: body === undefined ? undefined : JSON.stringify(body),
		headers: { ...headers, ...etag ? { "If-Match": etag } : {} } });
