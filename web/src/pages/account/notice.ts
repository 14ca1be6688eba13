// SPDX-License-Identifier: ISC
// What a notification says, and where it leads.
import type { Schemas } from "../../api/client";
import { money, number, type Groups, useText } from "../../i18n";

export type Notice = Schemas["Notification"];

type T = ReturnType<typeof useText<"account">>;
type Word = keyof Groups["account"];
export interface Said {
	text: string;
	note?: string;
	to?: string;
}

const states = ["pending", "confirmed", "processing", "shipped",
	"delivered", "cancelled"];
const payments = ["unpaid", "authorised", "paid", "partly_refunded",
	"refunded", "failed"];
const returns = ["requested", "approved", "refused", "received"];
const points = ["earn", "bonus", "adjust", "return", "reverse", "expire",
	"expiring"];

const text = (value: unknown) => typeof value === "string" ? value : "";
const oneOf = (known: string[], value: unknown, start: string):
	Word | undefined => known.includes(text(value))
	? `${start}${value}` as Word : undefined;

function ofOrder(t: T, data: Notice["data"]): Said {
	const { event, to, amount } = data;
	const word = event === "state" ? oneOf(states, to, "notice.order.")
		: event === "payment" ? oneOf(payments, to, "payment.")
		: event === "return" ? oneOf(returns, to, "notice.return.")
		: event === "shipment" ? "notice.shipment"
		: event === "refund" ? "notice.refund" : undefined;
	const sum = amount as { amount?: number; currency?: string } | undefined;
	return {
		text: t("notice.order", { number: text(data.number),
			what: t(word ?? "notice.news") }),
		note: text(data.note) || (typeof sum?.amount === "number" &&
			sum.currency ? money(sum as Schemas["Money"]) : undefined),
		to: data.order_id ? `/account/orders/${data.order_id}` : undefined,
	};
}

function ofPoints(t: T, data: Notice["data"]): Said {
	const count = Math.abs(Number(data.points) || 0);
	const word = oneOf(points, data.event, "notice.points.");
	return { text: t(word ?? "notice.points", { count: number(count) }),
		note: text(data.reason) && data.event === "adjust"
			? text(data.reason) : t("entry.balance",
				{ points: number(Number(data.balance) || 0) }),
		to: "/account/loyalty" };
}

function ofProduct(t: T, { kind, data }: Notice): Said {
	const product = (typeof data.product === "object" ? data.product
		: {}) as { id?: string; name?: string; slug?: string };
	const again = kind === "review" && data.state === "rejected";
	const word = kind === "review"
		? oneOf(["approved", "refused", "rejected"], data.state,
			"notice.review.") ?? "notice.review"
		: `notice.${kind}` as Word;
	return { text: t(word, { name: product.name ?? text(data.name) }),
		note: text(data.reason) || undefined,
		to: again && product.id ? `/review/${product.id}`
			: product.slug ? `/product/${product.slug}` : undefined };
}

export function sayNotice(t: T, notice: Notice): Said {
	const { kind, data } = notice;
	switch (kind) {
	case "order_moved":
	case "return_moved":
		return ofOrder(t, data);
	case "points":
		return ofPoints(t, data);
	case "reply":
		return { text: t("notice.reply", { subject: text(data.subject) }),
			note: text(data.begins) || undefined,
			to: `/account/messages/${data.conversation_id}` };
	default:
		return ofProduct(t, notice);
	}
}
