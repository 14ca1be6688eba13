// SPDX-License-Identifier: ISC
// The customer's address book: query ["addresses"].
import { useQuery } from "@tanstack/react-query";
import { api, take, type Schemas } from "./client";

export type Address = Schemas["Address"];

export function useAddresses(enabled = true) {
	return useQuery({ queryKey: ["addresses"], enabled,
		queryFn: () => take(api.GET("/api/customers/addresses")) });
}
