// SPDX-License-Identifier: ISC
// What was looked at, told in batches and without waiting, and only with
// consent.  Where nobody listens, nothing is lost but the count.
import { cookie } from "./client";

type Seen = { kind: "view"; product_id: string; at: string } |
	{ kind: "search"; query: string };

const seen: Seen[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;

export const viewsConsent = () =>
	localStorage.getItem("consent.views") === "yes";
export const setViewsConsent = (given: boolean) =>
	localStorage.setItem("consent.views", given ? "yes" : "no");
export const forgetViewsConsent = () =>
	localStorage.removeItem("consent.views");

function tell() {
	clearTimeout(timer);
	timer = undefined;
	if (seen.length === 0)
		return;
	const body = JSON.stringify({ consent: true, events: seen.splice(0, 50) });
	void fetch("/api/recommend/events", { method: "POST", keepalive: true,
		headers: { "Content-Type": "application/json",
			"X-CSRF-Token": cookie("__Host-csrf") ?? "" }, body })
		.catch(() => undefined);
}

function note(one: Seen) {
	if (!viewsConsent())
		return;
	seen.push(one);
	timer ??= setTimeout(tell, 5000);
}

export const noteView = (product_id: string) =>
	note({ kind: "view", product_id, at: new Date().toISOString() });
export const noteSearch = (words: string) =>
	note({ kind: "search", query: words.slice(0, 100) });

addEventListener("visibilitychange", () => {
	if (document.visibilityState === "hidden")
		tell();
});
