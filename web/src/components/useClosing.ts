// SPDX-License-Identifier: ISC
import { useEffect, type RefObject } from "react";
import { useLocation } from "react-router";

/** What is open closes by a page, by a click or focus elsewhere, and by Escape. */
export function useClosing(open: boolean, close: () => void,
	root: RefObject<HTMLElement | null>) {
	const { pathname, search } = useLocation();
	useEffect(close, [pathname, search, close]);
	useEffect(() => {
		if (!open)
			return;
		const away = ({ target }: Event) =>
			root.current?.contains(target as Node) || close();
		const escape = ({ key }: KeyboardEvent) => {
			if (key !== "Escape")
				return;
			close();
			root.current?.querySelector("button")?.focus();
		};
		addEventListener("pointerdown", away);
		addEventListener("focusin", away);
		addEventListener("keydown", escape);
		return () => {
			removeEventListener("pointerdown", away);
			removeEventListener("focusin", away);
			removeEventListener("keydown", escape);
		};
	}, [open, close, root]);
}
