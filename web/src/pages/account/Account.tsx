// SPDX-License-Identifier: ISC
// What the pages of the account (pages.ts) share: who isn't signed in is sent
// to sign in, and comes back; heading and navigation stay while pages change.
import { Suspense } from "react";
import { Link, matchPath, Navigate, Route, Routes, useLocation } from
	"react-router";
import { useUnread } from "../../api/account";
import { loginPath, type Profile, useMe } from "../../api/session";
import { Failure } from "../../components/Failure";
import { PageSkeleton } from "../../components/Skeletons";
import { useTitle } from "../../components/title";
import { useText } from "../../i18n";
import { accountPages, NotFound, type AccountPage } from "./pages";

const address = ({ path }: AccountPage) =>
	`/account/${path}`.replace(/\/(:.*)?$/, "");

function useHere(): AccountPage | undefined {
	const { pathname } = useLocation();
	return accountPages.find(({ path }) =>
		matchPath(`/account/${path}`, pathname));
}

function Links({ here }: { here: AccountPage }) {
	const t = useText("account");
	const unread = useUnread();
	return (
		<ul className="flex flex-col gap-1">
			{accountPages.filter(({ one }) => !one).map((page) => (
				<li key={page.path}>
					<Link to={address(page)}
						aria-current={page === here ? "page" :
							page.word === here.word || undefined}
						className="flex items-center justify-between gap-2
						rounded-field px-3 py-2.5 hover:bg-base-200
						aria-[current]:bg-base-200
						aria-[current]:font-semibold">
						{t(page.word)}
						{page.path === "notifications" && unread > 0 &&
							<span className="badge badge-secondary badge-sm">
								<span className="sr-only">
									{t.count("unread", unread)}</span>
								<span aria-hidden="true">{unread}</span>
							</span>}
					</Link>
				</li>
			))}
		</ul>
	);
}

/** A list beside the page; where there is no room, one that opens. */
function Navigation({ here }: { here: AccountPage }) {
	const t = useText("account");
	return (
		<nav aria-label={t("account")} className="lg:w-56 lg:shrink-0">
			<details key={here.path} className="rounded-box border
				border-base-300 lg:hidden">
				<summary className="flex cursor-pointer list-none items-center
					justify-between gap-2 px-4 py-3 font-semibold
					[&::-webkit-details-marker]:hidden">
					<span><span className="font-normal">{t("account")} · </span>
						{t(here.word)}</span>
					<span aria-hidden="true" className="text-xs
						in-open:rotate-180">▼</span>
				</summary>
				<div className="border-t border-base-300 p-2">
					<Links here={here} /></div>
			</details>
			<div className="sticky top-36 hidden lg:block">
				<Links here={here} /></div>
		</nav>
	);
}

function Pages({ here }: { here: AccountPage }) {
	const t = useText("account");
	const title = t(here.path ? here.word : "account");
	useTitle(here.one ? undefined : title);
	return (
		<div className="gap-10 lg:flex">
			<Navigation here={here} />
			<div className="mt-6 min-w-0 flex-1 lg:mt-0">
				{!here.one && <h1 className="mb-5">{title}</h1>}
				<Suspense fallback={<PageSkeleton />}>
					<Routes>
						{accountPages.map(({ path, Page }) =>
							<Route key={path} path={path} element={<Page />} />)}
					</Routes>
				</Suspense>
			</div>
		</div>
	);
}

/** The profile, for pages within the account: the layout has it already. */
export function useProfile(): Profile {
	return useMe().data!;
}

export default function Account() {
	const here = useHere();
	const me = useMe();
	const { pathname, search } = useLocation();
	if (me.data === null && location.pathname !== pathname)
		return <PageSkeleton />;	// leaving already
	if (me.data === null)
		return <Navigate replace to={loginPath(pathname + search)} />;
	if (!here)
		return <NotFound />;
	if (!me.data)
		return me.error ? <Failure error={me.error} retry={me.refetch} />
			: <PageSkeleton />;
	return <Pages here={here} />;
}
