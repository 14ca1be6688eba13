// SPDX-License-Identifier: ISC
// One's own searches, kept in this browser alone.
const key = "searches";
const most = 8;

export function recentSearches(): string[] {
	try {
		const kept: unknown = JSON.parse(localStorage.getItem(key) ?? "[]");
		return Array.isArray(kept) ? kept.filter((one) =>
			typeof one === "string").slice(0, most) : [];
	} catch {
		return [];
	}
}

export function rememberSearch(words: string) {
	localStorage.setItem(key, JSON.stringify([words, ...recentSearches()
		.filter((one) => one.toLowerCase() !== words.toLowerCase())]
		.slice(0, most)));
}

export const forgetSearches = () => localStorage.removeItem(key);
