// SPDX-License-Identifier: ISC
// One who signs in or out in a tab does so in all of them.
import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

/** @param name  of what the tabs of one world share
 * @param here  forgets, in this tab */
export function betweenTabs(name: string,
	here: (client: QueryClient) => Promise<void>) {
	const tabs = new BroadcastChannel(name);
	return {
		/** Gives what forgets here and everywhere. */
		useForget() {
			const client = useQueryClient();
			return () => {
				tabs.postMessage("forget");
				return here(client);
			};
		},
		/** Forgets what another tab says is to be forgotten. */
		useOtherTabs() {
			const client = useQueryClient();
			useEffect(() => {
				const told = () => void here(client);
				tabs.addEventListener("message", told);
				return () => tabs.removeEventListener("message", told);
			}, [client]);
		},
	};
}
