// SPDX-License-Identifier: ISC
// Around each page: navigation of what one may, the way to search and
// commands, who one is.
import { Suspense, useEffect, useRef, useState } from "react";
import { Link, Route, Routes, useLocation } from "react-router";
import { Guard, useArrival } from "../../components/Arrival";
import { CloseIcon, MenuIcon, SearchIcon } from "../../components/icons";
import { PageSkeleton } from "../../components/Skeletons";
import { ThemeSwitch } from "../../components/Theme";
import { shopName } from "../../components/title";
import { useText } from "../../i18n";
import { pages } from "../router";
import { useMays } from "../session";
import type { Entry } from "../table";
import { Keys } from "./Keys";
import { Palette } from "./Palette";
import { SideNav } from "./SideNav";
import { NotFound, NotPermitted } from "./States";
import { UserMenu } from "./UserMenu";

function Allowed({ page }: { page: Entry }) {
	const may = useMays();
	return may(page.permission) ? <page.Page /> : <NotPermitted page={page} />;
}

/** The navigation beside the page, or, where there is no room for it, above
 * the page when it is asked for. */
function useDrawer() {
	const [open, setOpen] = useState(false);
	const button = useRef<HTMLButtonElement>(null);
	const { pathname, search } = useLocation();
	useEffect(() => setOpen(false), [pathname, search]);
	useEffect(() => {
		if (!open)
			return;
		const escape = ({ key }: KeyboardEvent) => {
			if (key !== "Escape")
				return;
			setOpen(false);
			button.current?.focus();
		};
		addEventListener("keydown", escape);
		return () => removeEventListener("keydown", escape);
	}, [open]);
	return { open, button, toggle: () => setOpen(!open),
		close: () => setOpen(false) };
}

export function Shell() {
	const t = useText("panel");
	const common = useText("common");
	const main = useRef<HTMLElement>(null);
	const { pathname } = useLocation();
	const drawer = useDrawer();
	const [palette, setPalette] = useState(false);
	useArrival(main);
	return (
		<div className="min-h-dvh lg:grid lg:grid-cols-[15rem_minmax(0,1fr)]
			lg:grid-rows-[auto_1fr]">
			<a href="#main" className="skip-link">{common("skip")}</a>
			<header className="sticky top-0 z-40 flex items-center gap-1
				border-b border-base-300 bg-base-100 px-2 py-1.5 sm:px-4
				lg:col-span-2">
				<button ref={drawer.button} type="button" className="btn btn-ghost
					btn-square lg:hidden" aria-expanded={drawer.open}
					aria-controls="side" aria-label={common(drawer.open
						? "menu.close" : "menu.open")} onClick={drawer.toggle}>
					{drawer.open ? <CloseIcon /> : <MenuIcon />}
				</button>
				<Link to="/" className="flex items-center gap-2 font-bold">
					<img src="/icon.svg" alt="" width="32" height="32" />
					<span className="max-[420px]:sr-only">{shopName}</span>
				</Link>
				<button type="button" className="btn btn-sm mx-auto max-w-md
					justify-start font-normal max-sm:btn-square sm:w-1/2"
					aria-haspopup="dialog" onClick={() => setPalette(true)}>
					<SearchIcon />
					<span className="max-sm:sr-only">{t("palette.open")}</span>
					<kbd className="kbd kbd-sm ml-auto max-sm:hidden"
						aria-hidden="true">Ctrl K</kbd>
				</button>
				<ThemeSwitch />
				<UserMenu />
			</header>
			<SideNav open={drawer.open} close={drawer.close} />
			<main id="main" ref={main} tabIndex={-1} className="mx-auto w-full
				max-w-[100rem] min-w-0 px-4 py-5 outline-none sm:px-6">
				<Guard at={pathname}>
					<Suspense fallback={<PageSkeleton />}>
						<Routes>
							{pages.map((page) => <Route key={page.path}
								path={page.path}
								element={<Allowed page={page} />} />)}
							<Route path="*" element={<NotFound />} />
						</Routes>
					</Suspense>
				</Guard>
			</main>
			<Palette open={palette} setOpen={setPalette} />
			<Keys />
		</div>
	);
}
