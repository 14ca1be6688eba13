// SPDX-License-Identifier: ISC
// What the page at hand can do, for the palette (Ctrl+K) and by its own keys:
//
//	useActions([{ id: "note", name: t("note.add"), key: "n",
//		run: () => setOpen(true) }]);
//
// They are there while the page is.  A key is one character, pressed outside
// of fields; keys of lists (j k x Enter /) and ? are taken.
import { useEffect, useRef, useSyncExternalStore } from "react";

export interface Action {
	id: string;
	name: string;
	key?: string;
	run: () => void;
}

let sets: Action[][] = [];
let flat: Action[] = [];
const listeners = new Set<() => void>();

function change(next: Action[][]) {
	sets = next;
	flat = sets.flat();
	listeners.forEach((tell) => tell());
}

export function useActions(actions: Action[]) {
	const newest = useRef(actions);
	newest.current = actions;
	const says = JSON.stringify(actions.map(({ id, name, key }) =>
		({ id, name, key })));
	useEffect(() => {
		// What one does is looked up when it is done.
		const own = (JSON.parse(says) as Omit<Action, "run">[]).map((one) =>
			({ ...one, run: () => newest.current.find(({ id }) =>
				id === one.id)?.run() }));
		change([...sets, own]);
		return () => change(sets.filter((set) => set !== own));
	}, [says]);
}

const listen = (tell: () => void) => {
	listeners.add(tell);
	return () => listeners.delete(tell);
};
export const useRegistered = () => useSyncExternalStore(listen, () => flat);

/** Whether a key pressed is meant for a field, a dialog or the browser. */
export function isTyping(event: KeyboardEvent): boolean {
	const target = event.target as HTMLElement;
	return event.ctrlKey || event.metaKey || event.altKey ||
		event.isComposing || event.defaultPrevented ||
		target.closest?.("input:not([type=checkbox]):not([type=radio]), " +
			"textarea, select, dialog, [contenteditable]") != null;
}
