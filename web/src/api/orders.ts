// SPDX-License-Identifier: ISC
// Orders: one's own, and the one that a mail's link opens by its key.
import { useMutation, useQuery, useQueryClient } from
	"@tanstack/react-query";
import { useState } from "react";
import { api, call, callFor, take, type Schemas } from "./client";

export type Order = Schemas["Order"];
export type OrderLine = Order["lines"][number];

/** The key of a mail's link, which stays behind the "#". */
export const orderKey = (hash: string) =>
	new URLSearchParams(hash.slice(1)).get("key") ?? undefined;

export const withKey = (key: string | undefined): Record<string, string> =>
	key ? { "Duka-Order-Key": key } : {};

export function useOrder(id: string, key: string | undefined) {
	return useQuery({ queryKey: ["order", id, key],
		queryFn: () => call<Order>(`/api/orders/${encodeURIComponent(id)}`,
			{ headers: withKey(key) }) });
}

/** Puts an order's invoice among what this browser downloaded. */
export async function saveInvoice(order: Order, key: string | undefined) {
	const answer = await callFor(`/api/orders/${order.id}/invoice.pdf`,
		{ headers: withKey(key) });
	const link = document.createElement("a");
	link.href = URL.createObjectURL(await answer.blob());
	link.download = `${order.number}.pdf`;
	link.click();
	URL.revokeObjectURL(link.href);
}

export function useOrderEvents(id: string, key: string | undefined) {
	return useQuery({ queryKey: ["order", id, key, "events"],
		queryFn: () => call<Schemas["OrderEventPage"]>(
			`/api/orders/${encodeURIComponent(id)}/events`,
			{ headers: withKey(key) }) });
}

/** Something done to an order, once however often it is sent: the key stays
 * until what is asked for is another thing. */
function useAct<Wanted>(id: string, key: string | undefined, what: string) {
	const client = useQueryClient();
	const attempt = useAttempt();
	return useMutation({
		mutationFn: (wanted: Wanted) => {
			const body = JSON.stringify(wanted);
			return call(`/api/orders/${id}/${what}`, { method: "POST", body,
				headers: { ...withKey(key), ...attempt.keyFor(body) } });
		},
		onSuccess: attempt.done,
		onSettled: () => void client.invalidateQueries(
			{ queryKey: ["order", id] }),
	});
}

export const useCancelOrder = (id: string, key: string | undefined) =>
	useAct<{ note?: string }>(id, key, "cancel");
export const useAskReturn = (id: string, key: string | undefined) =>
	useAct<{ lines: { line_id: string; quantity: number; reason?: string }[];
		note?: string }>(id, key, "returns");

export function useReorder(id: string) {
	const client = useQueryClient();
	const attempt = useAttempt();
	return useMutation({
		mutationFn: () => take<Schemas["Reorder"]>(
			api.POST("/api/orders/{id}/reorder", { params: { path: { id },
				header: attempt.keyFor("again") } })),
		onSuccess: () => {
			attempt.done();
			return client.invalidateQueries({ queryKey: ["cart"] });
		},
	});
}

/** @param placed  called even if the page that asked has gone meanwhile */
export function useCheckOut(placed: (order: Order) => void) {
	const client = useQueryClient();
	const attempt = useAttempt();
	return useMutation({
		mutationFn: (wanted: Record<string, unknown>) => {
			const body = JSON.stringify(wanted);
			return call<Order>("/api/checkout", { method: "POST", body,
				headers: attempt.keyFor(body) });
		},
		onSuccess: (order) => {
			attempt.done();
			placed(order);
			client.setQueryData(["order", order.id, undefined], order);
			void client.invalidateQueries({ queryKey: ["orders"] });
		},
		onSettled: () => void client.invalidateQueries(
			{ queryKey: ["cart"] }),
	});
}

/** An Idempotency-Key that is another only when the request is, or the last
 * one has succeeded. */
function useAttempt() {
	const [attempt] = useState({ body: "", key: "" });
	return {
		keyFor: (body: string) => {
			if (attempt.body !== body || attempt.key === "")
				Object.assign(attempt, { body, key: crypto.randomUUID() });
			return { "Idempotency-Key": attempt.key };
		},
		done: () => { attempt.key = ""; },
	};
}
