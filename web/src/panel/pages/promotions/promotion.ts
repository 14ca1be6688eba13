// SPDX-License-Identifier: ISC
// A promotion as its form has it, and what it does in one sentence.
import type { Schemas } from "../../../api/client";
import { date, money, useText } from "../../../i18n";
import type { Values } from "../../components/fields";

export type Promotion = Schemas["Promotion"];
export type Coupon = Schemas["Coupon"];
export const path = "/api/promotions";

const ids = (things: { id: string }[]) => things.map(({ id }) => id);

/** What the API tells, by the names of what it takes. */
export const formOf = (p: Promotion) => ({ ...p,
	category_ids: ids(p.categories), brand_ids: ids(p.brands),
	product_ids: ids(p.products), segment_id: p.segment?.id ?? null,
	gift_variant_id: p.gift?.variant_id ?? null,
	gift_quantity: p.gift?.quantity ?? null });

export const blank = { name: "", kind: "percent", level: "order",
	percent: null, amount: null, buy: null, get: null, gift_variant_id: null,
	gift_quantity: null, minimum: null, category_ids: [], brand_ids: [],
	product_ids: [], segment_id: null, first_order: false,
	customers_only: false, needs_coupon: false, priority: 100,
	stacking_group: "default", exclusive: false, starts_at: null,
	ends_at: null, active: true };

/** What a kind has no use for isn't sent. */
export function sentOf(values: Values): Values {
	const uses: Record<string, string[]> = { percent: ["percent"],
		amount: ["amount"], buy_x_get_y: ["buy", "get"],
		gift: ["gift_variant_id", "gift_quantity"] };
	const own = uses[String(values.kind)] ?? [];
	const foreign = Object.values(uses).flat().filter((name) =>
		!own.includes(name));
	return Object.fromEntries(Object.entries(values).filter(([name]) =>
		!foreign.includes(name)));
}

type Amount = { amount: number; currency: string } | null;

/** "10 % off on chosen goods, from €20.00, with a coupon." */
export function useSentence() {
	const t = useText("panel_promotions");
	return (v: Values, segment?: string): string => {
		const level = v.level === "line" ? "line" : "order";
		const some = [v.category_ids, v.brand_ids, v.product_ids]
			.some((list) => Array.isArray(list) && list.length > 0);
		const effects: Record<string, () => string> = {
			percent: () => t(`says.percent.${level}`,
				{ percent: String(v.percent ?? "…") }),
			amount: () => t(`says.amount.${level}`, { amount: v.amount
				? money(v.amount as NonNullable<Amount>) : "…" }),
			free_shipping: () => t("says.free_shipping"),
			buy_x_get_y: () => t("says.buy_x_get_y", { all: v.buy && v.get
				? Number(v.buy) + Number(v.get) : "…",
				get: String(v.get ?? "…") }),
			gift: () => t("says.gift", { count: Number(v.gift_quantity ?? 1) }),
		};
		const effect = effects[String(v.kind)]?.() ?? "";
		const minimum = v.minimum as Amount;
		return [`${effect} ${t(some ? "says.some" : "says.all")}`,
			minimum && minimum.amount > 0 && t("says.minimum",
				{ amount: money(minimum) }),
			v.segment_id && (segment ? t("says.segment.named",
				{ name: segment }) : t("says.segment")),
			v.first_order && t("says.first_order"),
			v.customers_only && t("says.customers_only"),
			v.needs_coupon && t("says.needs_coupon"),
			v.starts_at && t("says.from", { date: date(String(v.starts_at)) }),
			v.ends_at && t("says.until", { date: date(String(v.ends_at)) }),
			v.exclusive && t("says.exclusive"),
		].filter(Boolean).join(", ") + ".";
	};
}
