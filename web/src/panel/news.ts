// SPDX-License-Identifier: ISC
// What waits and what is new, asked for now and then for all of the panel at
// once (the answer is empty when nothing changed).
//
//	const { counts, latest } = useNews();
//
// counts: how many wait, by name (orders, returns, reviews, messages, tasks,
// low_stock, outbox): what one may not see isn't among them.  latest: when
// the newest of each came.  A list that shows what comes in gives its name to
// DataTable: news="orders".
import { useQuery } from "@tanstack/react-query";
import { call } from "../api/client";

export interface News {
	counts: Record<string, number>;
	latest: Record<string, string | null>;
}

const none: News = { counts: {}, latest: {} };

export function useNews(): News {
	const { data } = useQuery({ queryKey: ["news"], retry: false,
		enabled: false,
		queryFn: ({ signal }) => call<News>("/api/reports/news", { signal }),
		staleTime: 10_000, refetchInterval: 20_000,
		refetchOnWindowFocus: true });
	return data ?? none;
}
