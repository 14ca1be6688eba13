// SPDX-License-Identifier: ISC
import { Link } from "react-router";
import { useText } from "../i18n";
import { LanguageSelect } from "./LanguageSelect";
import { shopName } from "./title";

const columns = [
	{ title: "footer.shop", links: [["/", "home"], ["/about", "about"],
		["/contact", "contact"]] },
	{ title: "footer.help", links: [["/shipping-and-returns", "shipping"],
		["/privacy", "privacy"], ["/account", "account"]] },
] as const;

export function Footer() {
	const t = useText("common");
	return (
		<footer className="mt-12 border-t border-base-300 bg-base-200">
			<div className="mx-auto grid max-w-7xl gap-8 px-4 py-10 sm:px-6
				md:grid-cols-4">
				<div className="md:col-span-2">
					<p className="text-lg font-bold">{shopName}</p>
					<p className="mt-2 max-w-prose text-sm">
						{t("footer.about")}</p>
				</div>
				{columns.map(({ title, links }) => (
					<nav key={title} aria-label={t(title)}>
						<p className="font-semibold">{t(title)}</p>
						<ul className="mt-2">
							{links.map(([to, text]) => (
								<li key={to}><Link to={to} className="inline-block
									py-2 text-sm hover:underline">
									{t(text)}</Link></li>
							))}
						</ul>
					</nav>
				))}
			</div>
			<div className="mx-auto flex max-w-7xl flex-wrap items-center
				justify-between gap-4 border-t border-base-300 px-4 py-4
				text-sm sm:px-6">
				<p>© {new Date().getFullYear()} {shopName}</p>
				<LanguageSelect />
			</div>
		</footer>
	);
}
