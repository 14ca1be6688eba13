// SPDX-License-Identifier: ISC
// The account, in the header: where one can go in it, or in and out.
import { useRef, useState } from "react";
import { Link, useLocation } from "react-router";
import { useUnread } from "../api/account";
import { useLogout, useMe, useOtherTabs, type Profile } from
	"../api/session";
import { useText } from "../i18n";
import { useProblemText } from "./Failure";
import { PersonIcon } from "./icons";
import { useToast } from "./Toasts";
import { useClosing } from "./useClosing";

const links = [["/account", "account"], ["/account/orders", "orders"],
	["/account/notifications", "notifications"],
	["/account/loyalty", "loyalty"], ["/account/profile", "profile"]] as const;
const row = "flex w-full items-center justify-between gap-3 rounded-field " +
	"px-3 py-2.5 text-left hover:bg-base-200";

function Logout() {
	const t = useText("common");
	const logout = useLogout();
	const toast = useToast();
	const problem = useProblemText();
	return (
		<button type="button" className={row} disabled={logout.isPending}
			onClick={() => logout.mutate(false, {
				onSuccess: () => toast(t("logout.done")),
				onError: (error) => toast(problem(error), "error"),
			})}>{t("logout")}</button>
	);
}

function Own({ me, unread }: { me: Profile; unread: number }) {
	const t = useText("common");
	return (
		<>
			<p className="border-b border-base-300 px-3 pb-2 wrap-anywhere">
				<span className="font-semibold">
					{`${me.given_name} ${me.family_name}`.trim()}</span>
				<span className="block text-sm opacity-80">
					{me.email ?? me.username}</span>
			</p>
			<ul className="py-1">
				{links.map(([to, word]) => (
					<li key={to}><Link to={to} className={row}>{t(word)}
						{word === "notifications" && unread > 0 &&
							<span className="badge badge-secondary badge-sm">
								<span className="sr-only">
									{t.count("unread", unread)}</span>
								<span aria-hidden="true">{unread}</span>
							</span>}
					</Link></li>
				))}
			</ul>
			<div className="border-t border-base-300 pt-1"><Logout /></div>
		</>
	);
}

const doors = /^\/(login|register|verify-email|forgotten|reset)\b/;

function Guest() {
	const t = useText("common");
	const { pathname, search } = useLocation();
	const next = doors.test(pathname) ? ""
		: `?${new URLSearchParams({ next: pathname + search })}`;
	return (
		<ul>
			<li><Link to={`/login/${next}`} className={row}>{t("login")}</Link>
			</li>
			<li><Link to={`/register/${next}`} className={row}>
				{t("register")}</Link></li>
		</ul>
	);
}

export function AccountMenu() {
	const t = useText("common");
	const { data: me } = useMe();
	const unread = useUnread();
	const [open, setOpen] = useState(false);
	const root = useRef<HTMLDivElement>(null);
	const [close] = useState(() => () => setOpen(false));
	useOtherTabs();
	useClosing(open, close, root);
	return (
		<div ref={root} className="relative">
			<button type="button" className="btn btn-ghost px-3"
				aria-expanded={open} aria-controls="account-menu"
				onClick={() => setOpen(!open)}>
				<span className="relative"><PersonIcon />
					{unread > 0 && <span aria-hidden="true" className="badge
						badge-secondary badge-xs absolute -right-2 -top-2 px-1">
						{unread > 99 ? "99+" : unread}</span>}
				</span>
				<span className="max-w-32 truncate max-md:sr-only">
					{me ? me.given_name || t("account") : t("login")}</span>
				{unread > 0 && <span className="sr-only">
					{t.count("unread", unread)}</span>}
			</button>
			<div id="account-menu" hidden={!open} className="absolute -right-14
				top-full z-50 mt-2 w-64 rounded-box border border-base-300
				bg-base-100 p-2 shadow-xl md:right-0">
				{open && (me ? <Own me={me} unread={unread} /> : <Guest />)}
			</div>
		</div>
	);
}
