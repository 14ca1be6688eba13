// SPDX-License-Identifier: ISC
// What an account holds, and queries of it.  All of it is forgotten when its
// customer signs out (session.ts).
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { api, call, mayBeSignedIn, take, type Schemas } from "./client";
import { useMe } from "./session";

export type Dashboard = Schemas["Dashboard"];
export type OrderSummary = Schemas["OrderSummary"];

interface Page<T> {
	items: T[];
	next: string | null;
}

/** A list that grows by its cursor.
 * @param path  of the API, with its filters */
export function useGrowing<T>(path: string) {
	const found = useInfiniteQuery({
		queryKey: ["account", path],
		initialPageParam: "",
		queryFn: ({ pageParam, signal }) => call<Page<T>>(pageParam ?
			`${path}${path.includes("?") ? "&" : "?"}cursor=${
				encodeURIComponent(pageParam)}` : path, { signal }),
		getNextPageParam: (page) => page.next ?? undefined,
	});
	return { ...found,
		items: found.data?.pages.flatMap((page) => page.items) };
}

export function useDashboard() {
	return useQuery({ queryKey: ["account", "dashboard"],
		queryFn: () => take(api.GET("/api/customers/dashboard")) });
}

/** How many notifications are unread; asked for now and then. */
export function useUnread(): number {
	const { data: me } = useMe();
	const { data } = useQuery({ queryKey: ["account", "unread"],
		enabled: !!me && mayBeSignedIn(), staleTime: 30_000,
		refetchInterval: 120_000, retry: false,
		queryFn: () => take(api.GET("/api/customers/notifications/unread")) });
	return me ? data?.count ?? 0 : 0;
}

export function useLoyalty() {
	return useQuery({ queryKey: ["account", "loyalty"],
		queryFn: () => take(api.GET("/api/loyalty")) });
}

/** The own picture, or the drawn one. */
export function usePicture() {
	const { data: me } = useMe();
	return useQuery({ queryKey: ["account", "picture"], enabled: !!me,
		staleTime: 60_000, retry: false,
		queryFn: () => take(api.GET("/api/media/profile-picture")) });
}
