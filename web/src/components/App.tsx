// SPDX-License-Identifier: ISC
import { Component, Suspense, useEffect, useRef, type ReactNode } from
	"react";
import { Route, Routes, useLocation, useNavigationType } from "react-router";
import { useText } from "../i18n";
import { pages } from "../router";
import { Footer } from "./Footer";
import { Header } from "./Header";
import { PageSkeleton } from "./Skeletons";

/** A new page begins at its top, and is told to screen readers by moving to
 * its main part; the way back keeps its place. */
function useArrival(main: React.RefObject<HTMLElement | null>) {
	const { pathname } = useLocation();
	const type = useNavigationType();
	const first = useRef(true);
	useEffect(() => {
		if (first.current) {
			first.current = false;
			return;
		}
		if (type !== "POP")
			scrollTo(0, 0);
		main.current?.focus({ preventScroll: true });
	}, [pathname, type, main]);
}

class Guard extends Component<{ at: string; children: ReactNode;
	fallback: ReactNode }, { broken?: string }> {
	override state: { broken?: string } = {};
	override componentDidCatch() {
		this.setState({ broken: this.props.at });
	}
	static getDerivedStateFromError() {
		return { broken: "" };
	}
	override componentDidUpdate(before: { at: string }) {
		if (before.at !== this.props.at && this.state.broken !== undefined)
			this.setState({ broken: undefined });
	}
	override render() {
		return this.state.broken === undefined ? this.props.children :
			this.props.fallback;
	}
}

function Broken() {
	const t = useText("common");
	return (
		<div className="py-16 text-center" role="alert">
			<h1>{t("broken.title")}</h1>
			<p className="my-4">{t("broken.text")}</p>
			<button type="button" className="btn btn-primary"
				onClick={() => location.reload()}>
				{t("retry")}
			</button>
		</div>
	);
}

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
				<Guard at={pathname} fallback={<Broken />}>
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
