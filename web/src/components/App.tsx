// SPDX-License-Identifier: ISC
import { Suspense, useRef } from "react";
import { Route, Routes, useLocation } from "react-router";
import { useText } from "../i18n";
import { pages } from "../router";
import { Guard, useArrival } from "./Arrival";
import { Footer } from "./Footer";
import { Header } from "./Header";
import { PageSkeleton } from "./Skeletons";

export function App() {
	const t = useText("common");
	const main = useRef<HTMLElement>(null);
	const { pathname } = useLocation();
	useArrival(main);
	return (
		<div className="flex min-h-dvh flex-col">
			<a href="#main" className="skip-link">{t("skip")}</a>
			<Header />
			<main id="main" ref={main} tabIndex={-1}
				className="mx-auto w-full max-w-7xl flex-1 px-4 py-6
				outline-none sm:px-6">
				<Guard at={pathname}>
					<Suspense fallback={<PageSkeleton />}>
						<Routes>
							{pages.map(({ path, Page }) =>
								<Route key={path} path={path}
									element={<Page />} />)}
						</Routes>
					</Suspense>
				</Guard>
			</main>
			<Footer />
		</div>
	);
}
