// SPDX-License-Identifier: ISC
// The customer's address book.
import { useQuery } from "@tanstack/react-query";
import { api, take, type Schemas } from "./client";

export type Address = Schemas["Address"];
export const addressesKey = ["account", "addresses"];

export function useAddresses(enabled = true) {
	return useQuery({ queryKey: addressesKey, enabled,
		queryFn: () => take(api.GET("/api/customers/addresses")) });
}
