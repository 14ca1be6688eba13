// SPDX-License-Identifier: ISC
// The cart, the same for all who show it: query ["cart"].  What changes it is
// sent one after the other, so that the last word is the last answer.
import { useMutation, useQuery, useQueryClient } from
	"@tanstack/react-query";
import { api, take, type Schemas } from "./client";

export type Cart = Schemas["Cart"];
export type Quote = Schemas["Quote"];
export type CartLine = Quote["lines"][number];

export function useCart() {
	return useQuery({ queryKey: ["cart"],
		queryFn: () => take<Cart>(api.GET("/api/cart")) });
}

export const piecesOf = (cart: Cart | undefined) =>
	cart?.quote.lines.reduce((sum, line) => sum + line.quantity, 0) ?? 0;

/** A change whose answer is the cart as it then is. */
function useChange<Wanted>(change: (wanted: Wanted) => Promise<Cart>) {
	const client = useQueryClient();
	return useMutation({
		mutationFn: change,
		mutationKey: ["cart"],
		scope: { id: "cart" },
		onMutate: () => client.cancelQueries({ queryKey: ["cart"] }),
		onSuccess: (cart) => client.setQueryData(["cart"], cart),
		onError: () => client.invalidateQueries({ queryKey: ["cart"] }),
	});
}

export const useAddToCart = () => useChange(
	(line: { variant_id: string; quantity: number }) =>
		take<Cart>(api.POST("/api/cart/lines", { body: line })));

/** A line's quantity; 0 takes it out. */
export const useSetQuantity = () => useChange(
	({ id, quantity }: { id: string; quantity: number }) => {
		const params = { path: { id } };
		return take<Cart>(quantity === 0
			? api.DELETE("/api/cart/lines/{id}", { params })
			: api.PATCH("/api/cart/lines/{id}",
				{ params, body: { quantity } }));
	});

export const useAddCoupon = () => useChange((code: string) =>
	take<Cart>(api.POST("/api/cart/coupons", { body: { code } })));

export const useDropCoupon = () => useChange((code: string) =>
	take<Cart>(api.DELETE("/api/cart/coupons/{code}",
		{ params: { path: { code } } })));

export const useSpendPoints = () => useChange((points: number) =>
	take<Cart>(api.PUT("/api/cart/points", { body: { points } })));

export const useTakeReward = () => useChange((reward_id: string | null) =>
	take<Cart>(api.PUT("/api/cart/reward", { body: { reward_id } })));

export const useShipTo = () => useChange(
	(body: { country: string; postcode?: string }) =>
		take<Cart>(api.PUT("/api/cart/destination", { body })));

export const useShipBy = () => useChange((shipping_method_id: string) =>
	take<Cart>(api.PUT("/api/cart/shipping-method",
		{ body: { shipping_method_id } })));
