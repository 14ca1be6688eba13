// SPDX-License-Identifier: ISC
// How a cart or an order comes to its total.
import type { ReactNode } from "react";
import type { Schemas } from "../api/client";
import { language, money, useText } from "../i18n";

type Summed = Pick<Schemas["Quote"], "subtotal" | "discounts" | "shipping" |
	"taxes" | "tax" | "tax_mode" | "total"> & {
	points?: Schemas["Quote"]["points"];
	reward?: Schemas["Quote"]["reward"];
};

const percent = (rate: string) => Number(rate).toLocaleString(language,
	{ style: "percent", maximumFractionDigits: 2 });

function Row({ label, children, strong = false }: { label: ReactNode;
	children: ReactNode; strong?: boolean }) {
	return (
		<div className={`flex justify-between gap-4 py-1 ${strong
			? "border-t border-base-300 pt-3 text-lg font-bold" : ""}`}>
			<dt className="min-w-0 break-words">{label}</dt>
			<dd className="shrink-0 tabular-nums">{children}</dd>
		</div>
	);
}

function Discounts({ of }: { of: Summed }) {
	const t = useText("checkout");
	return of.discounts.map((discount, i) => (
		<Row key={i} label={discount.kind === "points"
			? t("sum.points", { points: of.points?.redeemed ?? "" })
			: discount.kind === "reward"
			? t("sum.reward", { name: discount.name })
			: discount.code ? `${discount.name} (${discount.code})`
			: discount.name}>
			<span className="text-success">−{money(discount.amount)}</span>
		</Row>
	));
}

export function Totals({ of }: { of: Summed }) {
	const t = useText("checkout");
	const { shipping } = of;
	return (
		<>
		<dl>
			<Row label={t("sum.goods")}>{money(of.subtotal)}</Row>
			<Discounts of={of} />
			<Row label={shipping ? shipping.name : t("sum.shipping")}>
				{shipping === null ? t("sum.later")
					: shipping.total.amount === 0 && shipping.price.amount === 0
					? t("sum.free") : money(shipping.price)}</Row>
			{of.tax_mode === "exclusive" && of.taxes.map((tax) =>
				tax.tax.amount > 0 && <Row key={`${tax.name} ${tax.rate}`}
					label={t("sum.tax", { rate: percent(tax.rate) })}>
					{money(tax.tax)}</Row>)}
			<Row strong label={t("sum.total")}>{money(of.total)}</Row>
		</dl>
		{of.tax_mode === "inclusive" && <p className="text-sm opacity-80">
			{t("sum.included", { tax: money(of.tax) })}</p>}
		</>
	);
}
