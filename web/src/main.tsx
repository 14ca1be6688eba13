// SPDX-License-Identifier: ISC
import "./app.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter, matchPath } from "react-router";
import { makeClient } from "./api/queries";
import { noticeEnd } from "./api/session";
import { App } from "./components/App";
import { ToastProvider } from "./components/Toasts";
import { applyTheme } from "./components/Theme";
import { language, loadTexts } from "./i18n";
import { pages } from "./router";

applyTheme();
document.documentElement.lang = language;
const client = makeClient(10_000, noticeEnd);

// What the page needs comes while the words do.
void pages.find(({ path }) => matchPath(path, location.pathname))?.load()
	.catch(() => undefined);
void loadTexts("problems");
loadTexts("common").then(() => createRoot(document.getElementById("root")!)
	.render(
		<StrictMode>
			<QueryClientProvider client={client}>
				<BrowserRouter>
					<ToastProvider><App /></ToastProvider>
				</BrowserRouter>
			</QueryClientProvider>
		</StrictMode>));

/** What this page is made of, and what is needed without a connection, goes
 * to the worker's keeping. */
async function keepForLater() {
	const worker = await navigator.serviceWorker.ready;
	await Promise.allSettled(pages.filter(({ path }) =>
		path === "/offline" || path === "/cart").map(({ load }) => load()));
	worker.active?.postMessage({ keep: performance
		.getEntriesByType("resource").map(({ name }) => name)
		.filter((name) => name.startsWith(`${location.origin}/assets/`)) });
}

if ("serviceWorker" in navigator && import.meta.env.PROD)
	addEventListener("load", () => {
		navigator.serviceWorker.register("/sw.js").then(() =>
			setTimeout(keepForLater, 3000), () => undefined);
	});
