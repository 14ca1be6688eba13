// SPDX-License-Identifier: ISC
// What is wished for and searched for again.  Their customer's, so that it is
// forgotten with the account's other queries.
import { useMutation, useQuery, useQueryClient } from
	"@tanstack/react-query";
import { api, take, type Schemas } from "./client";
import { useMe } from "./session";

export type Wish = Schemas["Wish"];
export type SavedSearch = Schemas["SavedSearch"];

export const wishlistPath = "/api/customers/wishlist";
const idsKey = ["account", "wished"];
export const searchesKey = ["account", "searches"];

/** Whether a product is wished for; all of them are asked for at once. */
export function useWished(product: string): boolean {
	const { data: me } = useMe();
	const { data } = useQuery({ queryKey: idsKey, enabled: !!me,
		staleTime: 60_000,
		queryFn: () => take(api.GET("/api/customers/wishlist/ids")) });
	return !!me && (data?.items.includes(product) ?? false);
}

const putWish = (product: string, variant: string | null) =>
	take(api.PUT("/api/customers/wishlist/{product_id}", {
		params: { path: { product_id: product } },
		body: { variant_id: variant } }));

/** `leaving`: it must arrive though the page goes. */
export const dropWish = (product: string, leaving = false) =>
	take(api.DELETE("/api/customers/wishlist/{product_id}", {
		params: { path: { product_id: product } }, keepalive: leaving }));

/** Puts a product on the list, or takes it off (`on`). */
export function useWish() {
	const client = useQueryClient();
	return useMutation({
		mutationFn: async ({ product, variant, on }: { product: string;
			variant: string | null; on: boolean }) => {
			if (on)
				await putWish(product, variant);
			else
				await dropWish(product);
		},
		onSuccess: (_, { product, on }) =>
			client.setQueryData<Schemas["WishedIds"]>(idsKey, (now) =>
				now && { ...now, items: [...now.items.filter((id) =>
					id !== product), ...on ? [product] : []] }),
		onSettled: () => Promise.all([
			client.invalidateQueries({ queryKey: idsKey }),
			client.invalidateQueries({ predicate: ({ queryKey }) =>
				String(queryKey[1]).startsWith(wishlistPath) }),
		]),
	});
}

export function useSearches() {
	return useQuery({ queryKey: searchesKey,
		queryFn: () => take(api.GET("/api/customers/saved-searches")) });
}

export function useSaveSearch() {
	const client = useQueryClient();
	return useMutation({
		mutationFn: (body: { name: string; path: string }) =>
			take(api.POST("/api/customers/saved-searches", { body })),
		onSuccess: () => client.invalidateQueries({ queryKey: searchesKey }),
	});
}
