// SPDX-License-Identifier: ISC
// All that happened to an order, newest first, with who did it; and notes.
import { useState, type FormEvent } from "react";
import { useProblemText } from "../../../components/Failure";
import { Check, TextArea } from "../../../components/Field";
import { useToast } from "../../../components/Toasts";
import { money, useText } from "../../../i18n";
import { When } from "../../components/Shown";
import type { Order } from "./orders";

type Event = Order["events"][number];

function useWords() {
	const t = useText("panel_orders");
	return (event: Event): string => {
		const { kind, to, data } = event;
		switch (kind) {
		case "placed":
			return t("event.placed");
		case "state":
			return t("event.state", { to: t(`state.${to as "pending"}`) });
		case "payment":
			return data.amount ? t("event.due", { amount: money(data.amount) })
				: t("event.payment", { to: t(`payment.${to as "paid"}`) });
		case "shipment":
			return t(to === "delivered" ? "event.parcel.delivered"
				: to === "changed" ? "event.parcel.changed" : "event.parcel");
		case "refund":
			return t(`event.refund.${to as "done"}`,
				{ amount: data.amount ? money(data.amount) : "" });
		case "return":
			return t("event.return", { to: t(`return.${
				to as "requested"}`) });
		case "edit":
			return t("event.edit", { before: data.before
				? money(data.before.total) : "", after: data.after
				? money(data.after.total) : "" });
		case "note":
			return t(event.public ? "event.note.public" : "event.note");
		}
	};
}

/** What was changed, line by line. */
function Changed({ before, after }: { before: Event["data"]["before"];
	after: Event["data"]["after"] }) {
	if (!before || !after)
		return null;
	const skus = [...new Set([...before.lines, ...after.lines]
		.map(({ sku }) => sku))];
	const of = (kept: NonNullable<Event["data"]["before"]>, sku: string) =>
		kept.lines.filter((line) => line.sku === sku)
			.reduce((n, { quantity }) => n + quantity, 0);
	return <ul className="text-sm">{skus.filter((sku) =>
		of(before, sku) !== of(after, sku)).map((sku) => <li key={sku}>
		{sku}: {of(before, sku)} → {of(after, sku)}</li>)}</ul>;
}

export function History({ order }: { order: Order }) {
	const t = useText("panel_orders");
	const words = useWords();
	return (
		<ol className="border-l-2 border-base-300 pl-4">
			{[...order.events].reverse().map((event) => (
				<li key={event.id} className="mb-3">
					<p className="font-semibold">{words(event)}</p>
					{event.note && <p className="whitespace-pre-wrap
						wrap-anywhere">{event.note}</p>}
					<Changed before={event.data.before}
						after={event.data.after} />
					<p className="text-sm opacity-80">
						<When at={event.at} />{" · "}{event.staff_name ??
							(event.customer_id ? t("by.customer")
								: t("by.shop"))}
						{[event.data.carrier, event.data.tracking_number]
							.filter(Boolean).map((one) => ` · ${one}`)}
						{!event.public && ` · ${t("internal")}`}</p>
				</li>
			))}
		</ol>
	);
}

export function Notes({ save }: {
	save: (note: string, shown: boolean) => Promise<unknown> }) {
	const t = useText("panel_orders");
	const toast = useToast();
	const problem = useProblemText();
	const [note, setNote] = useState("");
	const [shown, setShown] = useState(false);
	const [busy, setBusy] = useState(false);
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		setBusy(true);
		try {
			await save(note, shown);
			setNote("");
			toast(t("done"));
		} catch (error) {
			toast(problem(error), "error");
		} finally {
			setBusy(false);
		}
	};
	return (
		<form onSubmit={(event) => void submit(event)} className="mb-4 max-w-xl">
			<TextArea label={t("note")} name="note" rows={2} maxLength={1000}
				value={note} onChange={({ target }) => setNote(target.value)} />
			<Check label={t("note.public")} name="public" checked={shown}
				onChange={({ target }) => setShown(target.checked)} />
			<button className="btn btn-sm" disabled={busy || !note.trim()}>
				{t("note.add")}</button>
		</form>
	);
}
