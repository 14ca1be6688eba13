// SPDX-License-Identifier: ISC
// A typed client of the shop, made from its contract: schema.d.ts beside this
// file is generated from openapi.json (`make client`).
import createClient, { type Client, type ClientOptions } from "openapi-fetch";
import type { components, paths } from "./schema.js";

export type Shop = Client<paths>;
export type Schemas = components["schemas"];
export type Problem = Schemas["Problem"];

export interface ShopOptions extends ClientOptions {
	/** An access token, sent as Bearer. */
	token?: string;
	/** A guest's cart token. */
	cart?: string;
}

export function shop(options: ShopOptions): Shop {
	const { token, cart, ...rest } = options;
	return createClient<paths>({
		...rest,
		headers: {
			...(token ? { Authorization: `Bearer ${token}` } : {}),
			...(cart ? { "Duka-Cart": cart } : {}),
			...(rest.headers as Record<string, string> | undefined),
		},
	});
}
