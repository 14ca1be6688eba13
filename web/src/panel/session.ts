// SPDX-License-Identifier: ISC
// Which member of staff is signed in, and what they may.
import { useMutation, useQuery, type QueryClient } from
	"@tanstack/react-query";
import { api, call, mayBeSignedIn, take, type Schemas } from "../api/client";
import { problemOf } from "../api/problem";
import { betweenTabs } from "../api/tabs";
import { dropDrafts } from "./drafts";
import { forgetNews } from "./news";

export type Member = Schemas["StaffMember"];
const key = ["staff", "me"];

async function member(): Promise<Member | null> {
	if (!mayBeSignedIn())
		return null;
	try {
		return await take(api.GET("/api/staff/me"));
	} catch (error) {
		if (problemOf(error)?.status === 401)
			return null;
		throw error;
	}
}

/** data: the member; null when nobody is signed in; undefined while it isn't
 * known. */
export function useStaff() {
	return useQuery({ queryKey: key, queryFn: member, staleTime: 60_000,
		refetchOnWindowFocus: true });
}

/** The member, on pages that are shown to one only. */
export const useMember = (): Member => useStaff().data!;

type Wanted = string | string[] | undefined;

export const mayBy = (permissions: string[], wanted: Wanted): boolean =>
	wanted === undefined || [wanted].flat().some((one) =>
		permissions.includes(one));

/** Whether who is signed in may: useMay("orders.write").  Of several
 * permissions one is enough. */
export const useMay = (wanted: Wanted): boolean =>
	mayBy(useStaff().data?.permissions ?? [], wanted);

/** The same, asked later: const may = useMays(); may("tasks.write"). */
export function useMays(): (wanted: Wanted) => boolean {
	const permissions = useStaff().data?.permissions ?? [];
	return (wanted) => mayBy(permissions, wanted);
}

/** Nothing known stays known: another member may see less. */
async function forgetHere(client: QueryClient) {
	forgetNews();
	client.removeQueries({ predicate: ({ queryKey }) =>
		queryKey[0] !== key[0] || queryKey[1] !== key[1] });
	await client.refetchQueries({ queryKey: key });
}

/** useForget(): to be called after signing in or out. */
export const { useForget, useOtherTabs } =
	betweenTabs("staff-session", forgetHere);

/** Looks whether a session that was refused has ended, and if so asks for
 * the password where one is. */
export async function noticeEnd(client: QueryClient, error: unknown) {
	const status = problemOf(error)?.status;
	if (!client.getQueryData(key) || status !== 401 && status !== 403)
		return;
	await client.refetchQueries({ queryKey: key });
}

/** Ends this session; what was written and not saved goes with it. */
export function useLogout() {
	const forget = useForget();
	return useMutation({
		mutationFn: async (everywhere: boolean) => {
			try {
				await call(`/api/staff/logout${everywhere ?
					"-everywhere" : ""}`, { method: "POST" });
			} catch (error) {
				if (problemOf(error)?.status !== 401)
					throw error;
			}
		},
		onSuccess: () => {
			dropDrafts();
			return forget();
		},
	});
}
