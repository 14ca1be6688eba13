// SPDX-License-Identifier: ISC
// What waits and what is new, asked for now and then for all of the panel at
// once (nothing comes when nothing changed, and nothing is asked when nobody
// is at the machine: a session must be able to end).
//
//	const { counts, latest } = useNews();
//
// counts: how many wait, by name (orders, returns, reviews, messages, tasks,
// low_stock, outbox); what one may not see isn't among them, and 1000 is "a
// thousand or more".  latest: when the newest came (orders, returns,
// messages, tasks, customers).  A list that shows what comes in gives its
// name to DataTable: news="orders".
import { useQuery } from "@tanstack/react-query";
import { callWhole } from "../api/client";

export interface News {
	counts: Record<string, number>;
	latest: Record<string, string>;
}

const none: News = { counts: {}, latest: {} };
const away = 5 * 60_000;
let seen = Date.now();
for (const sign of ["pointerdown", "pointermove", "keydown", "wheel"])
	addEventListener(sign, () => { seen = Date.now(); },
		{ passive: true, capture: true });

let last: { data: News; etag?: string } | undefined;

async function ask(signal: AbortSignal): Promise<News> {
	if (last && Date.now() - seen > away)
		return last.data;
	const { data, etag } = await callWhole<News | undefined>(
		"/api/reports/news", { signal, cache: "no-store",
			headers: last?.etag ? { "If-None-Match": last.etag } : {} });
	if (data)
		last = { data, etag };
	return last?.data ?? none;
}

/** Another member sees other things. */
export const forgetNews = () => { last = undefined; };

export function useNews(): News {
	const { data } = useQuery({ queryKey: ["news"], retry: false,
		queryFn: ({ signal }) => ask(signal), staleTime: 15_000,
		refetchInterval: 20_000, refetchOnWindowFocus: true });
	return data ?? none;
}
