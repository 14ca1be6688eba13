// SPDX-License-Identifier: ISC
// What an entry of the timeline says, and where it leads; words of states and
// mails are those of the pages that they come from.
import type { Schemas } from "../../../api/client";
import { money, useText } from "../../../i18n";

type Entry = Schemas["TimelineEntry"];
type Data = Record<string, unknown>;
type Words = (key: never) => string;

const text = (value: unknown) => typeof value === "string" ? value
	: typeof value === "number" ? String(value) : "";

/** A word of a group; where it has none, the name as it came. */
function named(t: Words, prefix: string, value: unknown): string {
	const name = text(value);
	const key = `${prefix}${name}`;
	const known = name && t(key as never);
	return known === key ? name.replaceAll("_", " ") : known;
}

const sum = (value: unknown) => value
	? money(value as { amount: number; currency: string }) : "";

function useEvents() {
	const t = useText("panel_orders");
	return ({ kind, from, to }: Data): string => {
		const way = (prefix: string) => [from, to].map((one) =>
			named(t, prefix, one)).filter(Boolean).join(" → ");
		return kind === "state" ? way("state.")
			: kind === "payment" ? `${t("payment")} · ${way("payment.")}`
			: kind === "return" ? `${t("return")} · ${way("return.")}`
			: kind === "refund" ? `${t("refunds")} · ${way("refund.")}`
			: kind === "shipment" ? t("shipments")
			: kind === "edit" ? t("change") : t("note");
	};
}

/** By its kind; of kinds that this page doesn't know, what they call
 * themselves. */
export function useSaying() {
	const t = useText("panel_customers");
	const orders = useText("panel_orders");
	const tasks = useText("panel_tasks");
	const mails = useText("panel_settings");
	const outbox = useText("panel_outbox");
	const reviews = useText("panel_reviews");
	const events = useEvents();
	const lines: Record<string, (data: Data) => unknown[]> = {
		note: (data) => [data.text],
		consent: (data) => [`${t("consent.of", {
			purpose: named(t, "purpose.", data.purpose),
			channel: named(t, "channel.", data.channel) })} · ${
			t(data.given ? "consent.yes" : "consent.no")}`,
		named(t, "source.", data.source)],
		sign_in: (data) => [data.address],
		view: (data) => [data.name],
		mail: (data) => [named(mails, "mail.", data.template),
			data.recipient, named(outbox, "state.", data.state)],
		merge: (data) => [`#${text(data.number)}`],
		order: (data) => [data.number, named(orders, "state.", data.state),
			named(orders, "payment.", data.payment_state), sum(data.total)],
		order_event: (data) => [data.number, events(data), data.note],
		points: (data) => [named(t, "points.", data.kind), t.count(
			"points.count", Number(data.points)), data.reason],
		message: (data) => [data.subject, data.text],
		review: (data) => ["★".repeat(Number(data.stars)), data.product,
			data.title, named(reviews, "state.", data.state)],
		change: (data) => [(data.fields as string[] | undefined)?.map(
			(field) => named(t, "", field)).join(", ")],
		cart: (data) => [(data.lines as Data[] | undefined)?.map((line) =>
			`${text(line.quantity)} × ${text(line.name)}`).join(", ")],
		task: (data) => [data.title, named(tasks, "status.", data.status)],
		deal: (data) => [data.title, data.stage, sum(data.value)],
	};
	return ({ kind, data: known }: Entry): string => {
		const data = known as Data;
		return (lines[kind]?.(data) ?? [data.title ?? data.name ?? data.text,
			data.status ?? data.state]).map(text).filter(Boolean)
			.join(" · ");
	};
}

export function leadsTo({ kind, data: known }: Entry): string | undefined {
	const data = known as Data;
	const [place, id] = {
		order: ["orders", data.id], order_event: ["orders", data.order_id],
		task: ["tasks", data.id], deal: ["deals", data.id],
		message: ["messages", data.conversation_id],
		points: ["orders", data.order_id],
	}[kind] ?? [];
	return text(id) ? `/${text(place)}/${text(id)}` : undefined;
}
