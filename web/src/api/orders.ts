// SPDX-License-Identifier: ISC
// Orders: one's own, and the one that a mail's link opens by its key.
import { useMutation, useQuery, useQueryClient } from
	"@tanstack/react-query";
import { call, callFor, type Schemas } from "./client";
import { callOnce, once } from "./once";

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

/** Puts an order's paper among what this browser downloaded. */
export async function savePaper(order: Order, key: string | undefined,
	paper: "invoice" | "credit-note") {
	const answer = await callFor(`/api/orders/${order.id}/${paper}.pdf`,
		{ headers: withKey(key) });
	const link = document.createElement("a");
	link.href = URL.createObjectURL(await answer.blob());
	link.download = `${paper}-${order.number}.pdf`;
	link.click();
	URL.revokeObjectURL(link.href);
}

export function useOrderEvents(id: string, key: string | undefined) {
	return useQuery({ queryKey: ["order", id, key, "events"],
		queryFn: () => call<Schemas["OrderEventPage"]>(
			`/api/orders/${encodeURIComponent(id)}/events`,
			{ headers: withKey(key) }) });
}

/** Something done to an order, once however often it is sent. */
function useAct<Wanted>(id: string, key: string | undefined, what: string) {
	const client = useQueryClient();
	return useMutation({
		mutationFn: (wanted: Wanted) => callOnce(
			`/api/orders/${id}/${what}`, wanted, withKey(key)),
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
	const path = `/api/orders/${id}/reorder`;
	return useMutation({
		mutationFn: () => once(path, (headers) => call<Schemas["Reorder"]>(
			path, { method: "POST", headers })),
		onSuccess: () => client.invalidateQueries({ queryKey: ["cart"] }),
	});
}

/** @param placed  called even if the page that asked has gone meanwhile */
export function useCheckOut(placed: (order: Order) => void) {
	const client = useQueryClient();
	return useMutation({
		mutationFn: (wanted: Record<string, unknown>) =>
			callOnce<Order>("/api/checkout", wanted),
		onSuccess: (order) => {
			placed(order);
			client.setQueryData(["order", order.id, undefined], order);
			void client.invalidateQueries({ queryKey: ["orders"] });
		},
		onSettled: () => void client.invalidateQueries(
			{ queryKey: ["cart"] }),
	});
}
