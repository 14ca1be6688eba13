// SPDX-License-Identifier: ISC
// One's recent searches: this browser's, and, for a customer who agreed to
// their being kept, those of the other devices.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { api, call, take } from "../api/client";
import { useMe } from "../api/session";
import { noteSearch, viewsConsent } from "../api/views";
import { forgetSearches, recentSearches, rememberSearch } from
	"./recentSearches";

const most = 8;

export function useRecentSearches() {
	const { data: me } = useMe();
	const client = useQueryClient();
	const kept = useQuery({ queryKey: ["account", "searched"],
		enabled: !!me && viewsConsent(), staleTime: 60_000, retry: false,
		queryFn: () => take(api.GET("/api/recommend/searches")) });
	const here = recentSearches();
	const known = new Set(here.map((one) => one.toLowerCase()));
	const there = (kept.data?.items ?? []).map(({ query }) => query)
		.filter((one) => !known.has(one.toLowerCase()));
	return {
		recent: [...here, ...there].slice(0, most),
		remember: (words: string) => {
			rememberSearch(words);
			noteSearch(words);
		},
		forget: () => {
			forgetSearches();
			if (!me || !viewsConsent())
				return;
			client.setQueryData(["account", "searched"], { items: [] });
			void call("/api/recommend/recent", { method: "DELETE" })
				.catch(() => undefined);
		},
	};
}
