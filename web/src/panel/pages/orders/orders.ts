// SPDX-License-Identifier: ISC
// What the pages of orders share.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { call, type Schemas } from "../../../api/client";
import { send, type Versioned } from "../../record";

export type Order = Schemas["ManagedOrder"];
export type Line = Order["lines"][number];
export type Return = Schemas["ManagedReturn"];
export type Row = Schemas["ManagedOrderSummary"];

export const orders = "/api/orders/manage";
export const returns = `${orders}/returns`;

export const states = ["pending", "confirmed", "processing", "shipped",
	"delivered", "cancelled"] as const;
export const payments = ["unpaid", "authorised", "paid", "partly_refunded",
	"refunded", "failed"] as const;

/** How many wait for what; where something happened to any order, its lists
 * are asked for again, so that new ones appear by themselves. */
export function useCounts() {
	const client = useQueryClient();
	const { data } = useQuery({ queryKey: ["orders", "counts"],
		queryFn: ({ signal }) => call<Schemas["OrderCounts"]>(
			`${orders}/counts`, { signal }),
		refetchInterval: 5_000, refetchOnWindowFocus: true });
	const seen = useRef<string>(undefined);
	useEffect(() => {
		if (data && seen.current && seen.current !== data.mark) {
			void client.invalidateQueries({ queryKey: ["list", orders] });
			void client.invalidateQueries({ queryKey: ["list", returns] });
			void client.invalidateQueries({ queryKey: ["record"] });
		}
		seen.current = data?.mark;
	}, [data, client]);
	return data;
}

/** Does something to an order at the version that is shown, once however
 * often it is sent; what it is then is shown. */
export function useDo(id: string, etag: string | undefined) {
	const client = useQueryClient();
	return async <T = Order>(path: string, body: unknown, method = "POST"):
		Promise<Versioned<T>> => {
		const done = await send<T>(method, `${orders}/${id}/${path}`, body,
			etag);
		await Promise.all([["record"], ["list", orders], ["list", returns],
			["orders", "counts"]].map((queryKey) =>
			client.invalidateQueries({ queryKey })));
		return done;
	};
}

/** Of each line, how many have not left yet. */
export const left = (line: Line) => line.quantity - line.shipped;

/** Opens a paper in a window of its own. */
export const paper = (path: string) =>
	window.open(`${orders}/${path}`, "_blank", "noopener");
