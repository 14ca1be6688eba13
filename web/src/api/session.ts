// SPDX-License-Identifier: ISC
// Who is signed in.
import { useMutation, useQuery, type QueryClient } from
	"@tanstack/react-query";
import { useNavigate } from "react-router";
import { forgetSearches } from "../components/recentSearches";
import { api, call, mayBeSignedIn, take, type Schemas } from "./client";
import { problemOf } from "./problem";
import { betweenTabs } from "./tabs";
import { forgetViewsConsent } from "./views";

/** Where one signs in, to come back to a path of the shop. */
export const loginPath = (next: string) =>
	`/login/?${new URLSearchParams({ next })}`;

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

async function forgetHere(client: QueryClient) {
	client.removeQueries({ type: "inactive" });
	navigator.serviceWorker?.controller?.postMessage("forget");
	await client.resetQueries({ queryKey: ["me"] });
	// Not waited for: who signs in needn't see all of it first.
	void client.resetQueries({ predicate: ({ queryKey }) =>
		queryKey[0] !== "me" });
}

/** useForgetAll(): to be called after signing in or out; nothing known stays
 * known, in no tab. */
export const { useForget: useForgetAll, useOtherTabs } =
	betweenTabs("session", forgetHere);

/** Looks whether a session that was refused has ended, and if so forgets. */
export async function noticeEnd(client: QueryClient, error: unknown) {
	if (problemOf(error)?.status !== 401 || !client.getQueryData(["me"]))
		return;
	await client.refetchQueries({ queryKey: ["me"] });
	if (client.getQueryData(["me"]) === null)
		await forgetHere(client);
}

/** To be called when there is no session any more: leaves for the first page,
 * and forgets what this browser remembered of the person. */
export function useLeave() {
	const forget = useForgetAll();
	const navigate = useNavigate();
	return () => {
		forgetSearches();
		forgetViewsConsent();
		void navigate("/");
		return forget();
	};
}

/** Ends this session, or all of the account's. */
export function useLogout() {
	const leave = useLeave();
	return useMutation({
		mutationFn: async (everywhere: boolean) => {
			try {
				await call(`/api/customers/logout${everywhere ?
					"-everywhere" : ""}`, { method: "POST" });
			} catch (error) {
				if (problemOf(error)?.status !== 401)
					throw error;
			}
		},
		onSuccess: leave,
	});
}
