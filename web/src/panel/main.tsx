// SPDX-License-Identifier: ISC
// The staff's panel: an entry of its own, with nothing of the storefront but
// what both are made of.
import "./panel.css";
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from
	"@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter } from "react-router";
import { asStaff } from "../api/client";
import { worthRetrying } from "../api/problem";
import { applyTheme } from "../components/Theme";
import { ToastProvider } from "../components/Toasts";
import { language, loadTexts } from "../i18n";
import { Panel } from "./components/Panel";
import { pageAt, root } from "./router";
import { noticeEnd } from "./session";

asStaff();
applyTheme();
document.documentElement.lang = language;
const onError = (error: unknown) => void noticeEnd(client, error);
const client: QueryClient = new QueryClient({
	queryCache: new QueryCache({ onError }),
	mutationCache: new MutationCache({ onError }),
	defaultOptions: {
		queries: { networkMode: "always", retry: worthRetrying,
			staleTime: 5_000 },
		mutations: { networkMode: "always", retry: false },
	},
});

// What the page needs comes while the words do.
void pageAt(location.pathname)?.load().catch(() => undefined);
void loadTexts("problems");
Promise.all([loadTexts("common"), loadTexts("panel")]).then(() =>
	createRoot(document.getElementById("root")!).render(
		<StrictMode>
			<QueryClientProvider client={client}>
				<BrowserRouter basename={root}>
					<ToastProvider><Panel /></ToastProvider>
				</BrowserRouter>
			</QueryClientProvider>
		</StrictMode>));
