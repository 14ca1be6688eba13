// SPDX-License-Identifier: ISC
// What the pages of settings share: the way between them, and who may write.
import { NavLink } from "react-router";
import { useText } from "../../../i18n";
import { useMay } from "../../session";

export const useMayWrite = () => useMay("settings.write");

const parts = [["/settings", "title"], ["/settings/hours", "hours"],
	["/settings/tax", "tax"], ["/settings/shipping", "shipping"],
	["/settings/mails", "mails"]] as const;

export function Parts() {
	const t = useText("panel_settings");
	return (
		<nav aria-label={t("parts")} className="mb-5 flex flex-wrap gap-1">
			{parts.map(([to, word]) => <NavLink key={to} to={to}
				end={to !== "/settings/mails"} className="rounded-field px-3
				py-1.5 text-sm hover:bg-base-300 aria-[current]:bg-base-300
				aria-[current]:font-semibold">{t(word)}</NavLink>)}
		</nav>
	);
}

/** Said where one may see and not change. */
export function Fixed() {
	const t = useText("panel_settings");
	return useMayWrite() ? null
		: <p className="mb-4 text-sm opacity-80">{t("fixed")}</p>;
}
