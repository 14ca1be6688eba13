// SPDX-License-Identifier: ISC
// What all areas know of the shop.
import { useCheckoutOptions } from "../api/places";

/** The currency of all prices; as long as it isn't known, one of two
 * decimals. */
export const useShopCurrency = (): string =>
	useCheckoutOptions().data?.currency ?? "EUR";
