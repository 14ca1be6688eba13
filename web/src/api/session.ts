// SPDX-License-Identifier: ISC
// Who is signed in.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { api, mayBeSignedIn, take, type Schemas } from "./client";
import { problemOf } from "./problem";

export type Profile = Schemas["Profile"];

async function profile(): Promise<Profile | null> {
	if (!mayBeSignedIn())
		return null;
	try {
		return await take(api.GET("/api/customers/profile"));
	} catch (error) {
		if (problemOf(error)?.status === 401)
			return null;
		throw error;
	}
}

/** data: the profile; null for a guest; undefined while it isn't known. */
export function useMe() {
	return useQuery({ queryKey: ["me"], queryFn: profile,
		staleTime: 60_000 });
}

/** To be called after signing in or out: nothing known stays known. */
export function useForgetAll() {
	const client = useQueryClient();
	return async () => {
		client.removeQueries({ type: "inactive" });
		navigator.serviceWorker?.controller?.postMessage("forget");
		await client.resetQueries();
	};
}
