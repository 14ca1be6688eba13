// SPDX-License-Identifier: ISC
import { useEffect } from "react";

export const shopName = document.querySelector<HTMLMetaElement>(
	'meta[name="application-name"]')?.content || "Duka";

/** The page's name in the tab. */
export function useTitle(title: string | undefined) {
	useEffect(() => {
		if (title !== undefined)
			document.title = title ? `${title} · ${shopName}` : shopName;
	}, [title]);
}
