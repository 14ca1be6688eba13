// SPDX-License-Identifier: ISC
import { useRef, useState } from "react";
import { Link } from "react-router";
import { useProblemText } from "../../components/Failure";
import { LanguageSelect } from "../../components/LanguageSelect";
import { PersonIcon } from "../../components/icons";
import { useToast } from "../../components/Toasts";
import { useClosing } from "../../components/useClosing";
import { useText } from "../../i18n";
import { countDrafts } from "../drafts";
import { pages } from "../router";
import { useLogout, useMember } from "../session";
import { useConfirm } from "./Confirm";

const row = "flex w-full items-center rounded-field px-3 py-2.5 text-left " +
	"hover:bg-base-200";

function Leave() {
	const t = useText("panel");
	const common = useText("common");
	const toast = useToast();
	const problem = useProblemText();
	const logout = useLogout();
	const [dialog, confirm] = useConfirm();
	const leave = async () => {
		const drafts = countDrafts();
		if (drafts === 0 || await confirm({ title: common("logout"),
			text: t.count("drafts.lost", drafts), act: common("logout"),
			danger: true }))
			logout.mutate(false, { onError: (error) =>
				toast(problem(error), "error") });
	};
	return (
		<>
			<button type="button" className={row} disabled={logout.isPending}
				onClick={leave}>{common("logout")}</button>
			{dialog}
		</>
	);
}

export function UserMenu() {
	const t = useText("panel");
	const me = useMember();
	const [open, setOpen] = useState(false);
	const root = useRef<HTMLDivElement>(null);
	const [close] = useState(() => () => setOpen(false));
	const own = pages.find(({ path }) => path === "account");
	useClosing(open, close, root);
	return (
		<div ref={root} className="relative">
			<button type="button" className="btn btn-ghost px-2"
				aria-expanded={open} aria-controls="user-menu"
				onClick={() => setOpen(!open)}>
				<PersonIcon />
				<span className="max-w-32 truncate max-md:sr-only">
					{me.name || t("me")}</span>
			</button>
			<div id="user-menu" hidden={!open} className="absolute right-0
				top-full z-50 mt-2 w-64 rounded-box border border-base-300
				bg-base-100 p-2 shadow-xl">
				{open && <>
					<p className="border-b border-base-300 px-3 pb-2
						wrap-anywhere"><span className="font-semibold">
							{me.name}</span>
						<span className="block text-sm opacity-80">
							{me.email}</span>
						<span className="block text-sm opacity-80">
							{me.roles.join(", ")}</span></p>
					{own && <Link to="/account" className={row}>
						{own.name}</Link>}
					<div className="px-3 py-2 text-sm"><LanguageSelect /></div>
					<a href="/" className={row}>{t("shop")}</a>
					<div className="border-t border-base-300 pt-1"><Leave />
					</div>
				</>}
			</div>
		</div>
	);
}
