// SPDX-License-Identifier: ISC
// What stands behind DataTable: its filters in the address bar, its columns
// in this browser, its rows from the API.
import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useSearchParams } from "react-router";
import { call } from "../api/client";
import { useNews } from "./news";

export type Filters = Record<string, string>;

/** The filters as the address has them (`names`: those that are the list's),
 * and a way to change them; nothing is "". */
export function useFilters(names: string[], standard: Filters = {}): {
	filters: Filters; set: (change: Filters) => void; clear: () => void;
	replace: (all: Filters) => void } {
	const [query, setQuery] = useSearchParams();
	const filters = Object.fromEntries(names.flatMap((name) => {
		const value = query.get(name) ?? standard[name] ?? "";
		return value === "" ? [] : [[name, value]];
	}));
	const put = (change: Filters) => setQuery((now) => {
		const next = new URLSearchParams(now);
		for (const [name, value] of Object.entries(change))
			if (value === (standard[name] ?? ""))
				next.delete(name);
			else
				next.set(name, value);
		return next;
	}, { replace: true, preventScrollReset: true });
	const none = Object.fromEntries(names.map((name) =>
		[name, standard[name] ?? ""]));
	return { filters, set: put, clear: () => put(none),
		replace: (all) => put({ ...none, ...all }) };
}

/** The columns chosen for a list in this browser; none, where the list's own
 * stand. */
export function keptColumns(name: string): string[] {
	try {
		return JSON.parse(localStorage.getItem(`columns:${name}`) ?? "[]") as
			string[];
	} catch {
		return [];
	}
}

/** A list drawn anew has these. */
export function keepColumns(name: string, shown: string[]) {
	if (shown.length > 0)
		localStorage.setItem(`columns:${name}`, JSON.stringify(shown));
	else
		localStorage.removeItem(`columns:${name}`);
}

/** Which columns are shown, kept in this browser by the list's name. */
export function useColumns(name: string, standard: string[]) {
	const [shown, setShown] = useState<string[]>(() => {
		const kept = keptColumns(name);
		return kept.length > 0 ? kept : standard;
	});
	return { shown, set: (next: string[]) => {
		keepColumns(name, next);
		setShown(next);
	}, reset: () => {
		keepColumns(name, []);
		setShown(standard);
	} };
}

export interface Page<Row> {
	items: Row[];
	next: string | null;
	/** How many there are, where the list knows. */
	total?: number;
}

/** A path of the API with its filters. */
export function withQuery(path: string, filters: Filters): string {
	const query = new URLSearchParams(filters).toString();
	return query ? `${path}${path.includes("?") ? "&" : "?"}${query}` : path;
}

/** All of a short list, for a choice: page after page. */
export async function callAll<Row>(path: string): Promise<Row[]> {
	const all: Row[] = [];
	for (let cursor: string | null = ""; cursor !== null;) {
		const page: Page<Row> = await call<Page<Row>>(withQuery(path,
			cursor ? { limit: "100", cursor } : { limit: "100" }));
		all.push(...page.items);
		cursor = page.next;
	}
	return all;
}

/** The rows of a list by its cursor.  Key: ["list", path, filters]; whoever
 * changed a row says invalidateQueries({ queryKey: ["list", path] }).
 * @param news  the name of what makes it look again (news.ts) */
export function useRows<Row>(path: string, filters: Filters, news?: string) {
	const { latest, counts } = useNews();
	const found = useInfiniteQuery({
		queryKey: ["list", path, filters],
		initialPageParam: "",
		queryFn: ({ pageParam, signal }) => call<Page<Row>>(withQuery(path,
			pageParam ? { ...filters, cursor: pageParam } : filters),
			{ signal }),
		getNextPageParam: (page) => page.next ?? undefined,
	});
	const stamp = news === undefined ? "" :
		`${latest[news]} ${counts[news]}`;
	const seen = useRef(stamp);
	const { refetch } = found;
	useEffect(() => {
		const was = seen.current;
		seen.current = stamp;
		if (stamp !== was && !was.startsWith("undefined"))
			void refetch();
	}, [stamp, refetch]);
	return { ...found, rows: found.data?.pages.flatMap(({ items }) => items),
		total: found.data?.pages[0]?.total };
}
