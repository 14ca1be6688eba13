// SPDX-License-Identifier: ISC
// How the API is asked, in the storefront and in the panel.
import { MutationCache, QueryCache, QueryClient } from
	"@tanstack/react-query";
import { worthRetrying } from "./problem";

/** @param staleTime  ms for which an answer is as good as a new one
 * @param noticeEnd  looks whether what was refused was an ended session */
export function makeClient(staleTime: number,
	noticeEnd: (client: QueryClient, error: unknown) => Promise<void>) {
	const onError = (error: unknown) => void noticeEnd(client, error);
	const client: QueryClient = new QueryClient({
		queryCache: new QueryCache({ onError }),
		mutationCache: new MutationCache({ onError }),
		defaultOptions: {
			// Without a connection too: the worker may have it, and if
			// not, that is said at once and nothing is done later unseen.
			queries: { networkMode: "always", retry: worthRetrying,
				staleTime },
			mutations: { networkMode: "always", retry: false },
		},
	});
	return client;
}
