// SPDX-License-Identifier: ISC
// Where the shop is, how it is reached, when it is open.
import { useQuery } from "@tanstack/react-query";
import { api, take, type Schemas } from "../api/client";
import { date, language, useText } from "../i18n";

const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
// (2024 began on a Monday.)
const dayName = (n: number) => new Intl.DateTimeFormat(language,
	{ weekday: "long", timeZone: "UTC" }).format(Date.UTC(2024, 0, 1 + n));

function Hours({ shop }: { shop: Schemas["ShopFacts"] }) {
	const t = useText("shop");
	const said = (hours: Schemas["OpenSpan"][]) => hours.map(
		({ from, to }) => `${from}–${to}`).join(", ") || t("contact.closed");
	return (
		<section>
			<h2>{t("contact.hours")}</h2>
			<p>{t(shop.open ? "contact.open.now" : "contact.closed.now")}</p>
			<table className="table table-sm w-auto"><tbody>
				{days.map((day, n) => <tr key={day}>
					<th scope="row" className="font-normal">{dayName(n)}</th>
					<td className="tabular-nums">{said(shop.week[day])}</td>
				</tr>)}
				{shop.exceptions.map(({ day, hours, note }) => <tr key={day}>
					<th scope="row" className="font-normal">{date(day)}
						{note && <span className="block text-sm">{note}</span>}
					</th>
					<td className="tabular-nums">{said(hours)}</td>
				</tr>)}
			</tbody></table>
		</section>
	);
}

/** Nothing, where the shop says nothing of itself. */
export function ShopFacts() {
	const t = useText("shop");
	const { data: shop } = useQuery({ queryKey: ["shop"],
		staleTime: 60_000, queryFn: () => take(api.GET(
			"/api/settings/shop")) });
	if (!shop)
		return null;
	const open = days.some((day) => shop.week[day].length > 0) ||
		shop.exceptions.some(({ hours }) => hours.length > 0);
	return (
		<>
			{(shop.phone || shop.address) && <section>
				<h2>{t("contact.where")}</h2>
				{shop.address && <address className="whitespace-pre-line
					not-italic">{shop.address}</address>}
				{shop.phone && <p><a className="link"
					href={`tel:${shop.phone}`}>{shop.phone}</a></p>}
			</section>}
			{open && <Hours shop={shop} />}
		</>
	);
}
