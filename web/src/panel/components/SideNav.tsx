// SPDX-License-Identifier: ISC
import { Link, matchPath, useLocation } from "react-router";
import { useText } from "../../i18n";
import { useNews } from "../news";
import { pages } from "../router";
import { useMays } from "../session";
import { places, type Entry } from "../table";
import { AreaIcon } from "./icons";

function Item({ page, count, here }: { page: Entry; count: number;
	here: boolean }) {
	const t = useText("panel");
	return (
		<li>
			<Link to={`/${page.path}`} aria-current={here ? "page" : undefined}
				className="flex items-center gap-3 rounded-field px-3 py-2
				text-sm hover:bg-base-300 aria-[current]:bg-base-300
				aria-[current]:font-semibold">
				<AreaIcon area={page.area} />
				<span className="min-w-0 wrap-anywhere">{page.name}</span>
				{count > 0 && <span className="badge badge-secondary badge-sm
					ml-auto"><span className="sr-only">
					{t.count("waiting", count)}</span>
				<span aria-hidden="true">{count > 99 ? "99+" : count}</span>
				</span>}
			</Link>
		</li>
	);
}

export function SideNav({ open, close }: { open: boolean;
	close: () => void }) {
	const t = useText("panel");
	const may = useMays();
	const { counts } = useNews();
	const shown = pages.filter(({ nav, permission }) => nav &&
		may(permission));
	// Of those above the address, the nearest: not Inventory at Transfers.
	const { pathname } = useLocation();
	const at = shown.filter(({ path }) => matchPath({ path: `/${path}`,
		end: path === "" }, pathname))
		.sort((a, b) => b.path.length - a.path.length)[0];
	return (
		<>
			{open && <div className="fixed inset-0 z-20 bg-black/40 lg:hidden"
				aria-hidden="true" onClick={close} />}
			<nav id="side" aria-label={t("nav")} className={`z-30 overflow-y-auto
				border-r border-base-300 bg-base-200 p-3 max-lg:fixed
				max-lg:bottom-0 max-lg:left-0 max-lg:top-[3.3rem] max-lg:w-64
				lg:sticky lg:top-[3.3rem] lg:max-h-[calc(100dvh-3.3rem)]
				${open ? "" : "max-lg:hidden"}`}>
				{places.map((place) => {
					const here = shown.filter(({ nav }) => nav === place);
					return here.length > 0 && <div key={place} className="mb-3">
						<p className="px-3 pb-1 text-xs font-semibold uppercase
							tracking-wide opacity-80">{t(`nav.${place}`)}</p>
						<ul className="space-y-0.5">
							{here.map((page) => <Item key={page.path}
								page={page} here={page === at} count={page.count
									? counts[page.count] ?? 0 : 0} />)}
						</ul>
					</div>;
				})}
			</nav>
		</>
	);
}
