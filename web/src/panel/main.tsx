// SPDX-License-Identifier: ISC
// The staff's panel: an entry of its own, with nothing of the storefront but
// what both are made of.
import "./panel.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter } from "react-router";
import { asStaff } from "../api/client";
import { makeClient } from "../api/queries";
import { applyTheme } from "../components/Theme";
import { ToastProvider } from "../components/Toasts";
import { language, loadTexts } from "../i18n";
import { Panel } from "./components/Panel";
import { pageAt, root } from "./router";
import { noticeEnd } from "./session";

asStaff();
applyTheme();
document.documentElement.lang = language;
const client = makeClient(5_000, noticeEnd);

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
