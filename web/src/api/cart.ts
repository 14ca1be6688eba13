// SPDX-License-Identifier: ISC
// The cart, the same for all who show it: query ["cart"].
import { useMutation, useQuery, useQueryClient } from
	"@tanstack/react-query";
import { api, take, type Schemas } from "./client";

export type Cart = Schemas["Cart"];

export function useCart() {
	return useQuery({ queryKey: ["cart"],
		queryFn: () => take<Cart>(api.GET("/api/cart")) });
}

export const piecesOf = (cart: Cart | undefined) =>
	cart?.quote.lines.reduce((sum, line) => sum + line.quantity, 0) ?? 0;

export function useAddToCart() {
	const client = useQueryClient();
	return useMutation({
		mutationFn: (line: { variant_id: string; quantity: number }) =>
			take<Cart>(api.POST("/api/cart/lines", { body: line })),
		onSuccess: (cart) => client.setQueryData(["cart"], cart),
	});
}
