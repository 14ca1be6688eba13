// SPDX-License-Identifier: ISC
// What was written and not saved, kept in this browser: "draft:WHO:WHAT".
const start = "draft:";
const longest = 30 * 24 * 3600_000;

export interface Kept {
	/** When it was written last, in milliseconds. */
	at: number;
	/** What was stored when writing began, and what was written. */
	base: Record<string, unknown>;
	values: Record<string, unknown>;
}

export function readDraft(key: string): Kept | undefined {
	try {
		const kept = JSON.parse(localStorage.getItem(start + key) ?? "null") as
			Kept | null;
		return kept && Date.now() - kept.at < longest ? kept : undefined;
	} catch {
		return undefined;
	}
}

export function keepDraft(key: string, kept: Omit<Kept, "at">) {
	try {
		localStorage.setItem(start + key,
			JSON.stringify({ ...kept, at: Date.now() }));
	} catch {
		// No room: the page still has it.
	}
}

export const dropDraft = (key: string) =>
	localStorage.removeItem(start + key);

const keys = () => Object.keys(localStorage)
	.filter((key) => key.startsWith(start));

export const countDrafts = () => keys().length;

/** All of them: who leaves a shared machine leaves nothing. */
export function dropDrafts() {
	keys().forEach((key) => localStorage.removeItem(key));
}
