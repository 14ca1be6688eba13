// SPDX-License-Identifier: ISC
import { Link } from "react-router";
import { useText } from "../i18n";

export function Crumbs({ steps, last }: {
	steps: { to: string; text: string }[]; last?: string;
}) {
	const t = useText("common");
	return (
		<nav aria-label={t("crumbs")} className="mb-3 min-h-7 text-sm">
			<ol className="flex flex-wrap gap-x-2">
				<li><Link className="link-hover link" to="/">{t("home")}</Link>
				</li>
				{steps.map(({ to, text }) => (
					<li key={to} className="flex gap-x-2">
						<span aria-hidden="true">/</span>
						<Link className="link-hover link" to={to}>{text}</Link>
					</li>
				))}
				{last && <li aria-current="page" className="flex gap-x-2
					opacity-80"><span aria-hidden="true">/</span>{last}</li>}
			</ol>
		</nav>
	);
}
