// SPDX-License-Identifier: ISC
// Products and categories, and queries of them.
import { keepPreviousData, useInfiniteQuery, useQuery } from
	"@tanstack/react-query";
import { api, call, take, type Schemas } from "./client";
import { problemOf } from "./problem";

export type Product = Schemas["Product"];
export type ProductItem = Schemas["ProductItem"];
export type ProductPage = Schemas["ProductPage"];
export type Branch = Schemas["CategoryBranch"];

export function useCategories() {
	return useQuery({ queryKey: ["categories"], staleTime: 300_000,
		queryFn: () => take(api.GET("/api/catalog/categories")) });
}

export function useCategory(slug: string | undefined) {
	return useQuery({ queryKey: ["category", slug], enabled: !!slug,
		staleTime: 60_000,
		queryFn: () => take(api.GET("/api/catalog/categories/{category}",
			{ params: { path: { category: slug! } } })) });
}

export function useProduct(slug: string) {
	return useQuery({ queryKey: ["product", slug], staleTime: 5_000,
		queryFn: () => take(api.GET("/api/catalog/products/by-slug/{slug}",
			{ params: { path: { slug } } })) });
}

export function useProductList(query: string) {
	return useQuery({ queryKey: ["products", "short", query],
		staleTime: 60_000,
		queryFn: () => call<ProductPage>(`/api/catalog/products?${query}`) });
}

const narrowing = ["q", "mode", "category", "brand", "price_min",
	"price_max", "attribute", "in_stock", "rating_min", "tag", "sort"];

/** What an address bar says of a listing, and nothing else that others may
 * have put there. */
export const narrowed = (query: URLSearchParams) =>
	new URLSearchParams([...query].filter(([name, value]) =>
		narrowing.includes(name) && value.trim() !== ""));

/** A listing that grows: by search if `query` has words, else the catalog's.
 * @param query  as in the address bar, and as the API has it */
export function useListing(query: URLSearchParams) {
	const path = query.has("q") ? "/api/search" : "/api/catalog/products";
	const base = `${path}?${query}`;
	return useInfiniteQuery({
		queryKey: ["products", base],
		initialPageParam: "",
		queryFn: ({ pageParam, signal }) => call<ProductPage &
			{ mode?: string }>(pageParam ?
			`${base}&cursor=${encodeURIComponent(pageParam)}` : base,
			{ signal }),
		getNextPageParam: (page) => page.next ?? undefined,
		placeholderData: keepPreviousData,
		staleTime: 30_000,
	});
}

export function useSuggestions(words: string) {
	return useQuery({ queryKey: ["suggestions", words],
		enabled: words.length > 0, staleTime: 60_000,
		placeholderData: keepPreviousData,
		queryFn: ({ signal }) => take(api.GET("/api/search/suggestions",
			{ params: { query: { q: words, limit: 6 } }, signal })) });
}

/** What another program gives; where it doesn't stand, nothing. */
export async function optional<T>(path: string): Promise<T | null> {
	try {
		return await call<T>(path);
	} catch (error) {
		const status = problemOf(error)?.status ?? 500;
		if (status >= 400)
			return null;
		throw error;
	}
}
