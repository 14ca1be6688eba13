// SPDX-License-Identifier: ISC
// What each page gets wherever it stands: its beginning, and its end if it
// breaks.
import { Component, useEffect, useRef, type ReactNode } from "react";
import { useLocation, useNavigationType } from "react-router";
import { useText } from "../i18n";

/** A new page begins at its top, and is told to screen readers by moving to
 * its main part; the way back keeps its place. */
export function useArrival(main: React.RefObject<HTMLElement | null>) {
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

/** What a broken page leaves standing: the rest, and words about it. */
export class Guard extends Component<{ at: string; children: ReactNode;
	fallback?: ReactNode }, { broken?: string }> {
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
			this.props.fallback ?? <Broken />;
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
