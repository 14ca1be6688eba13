// SPDX-License-Identifier: ISC
// What is asked before something is done to an order: how many of each line,
// and how.
import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactNode } from "react";
import { Failure, useProblemText } from "../../../components/Failure";
import { Check, Field, Select, TextArea } from "../../../components/Field";
import { Quantity } from "../../../components/Quantity";
import { useToast } from "../../../components/Toasts";
import type { Schemas } from "../../../api/client";
import { useText } from "../../../i18n";
import { Dialog } from "../../components/Confirm";
import { Money } from "../../components/Shown";
import { send, type Versioned } from "../../record";
import { useMay } from "../../session";
import { left, orders, type Line, type Order } from "./orders";

export type Act = <T = Order>(path: string, body: unknown,
	method?: string) => Promise<Versioned<T>>;

interface Asking {
	order: Order;
	act: Act;
	close: () => void;
}

/** A dialog with a form whose button does it; what went wrong is said in it. */
export function Doing({ title, act, done, close, danger = false, ready = true,
	run, children }: {
	title: string; act: string; done: string; close: () => void;
	danger?: boolean; ready?: boolean; run: () => Promise<unknown>;
	children: ReactNode;
}) {
	const t = useText("panel");
	const toast = useToast();
	const [busy, setBusy] = useState(false);
	const [error, setError] = useState<unknown>();
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		event.stopPropagation();
		setBusy(true);
		setError(undefined);
		try {
			await run();
			toast(done);
			close();
		} catch (fault) {
			setError(fault);
		} finally {
			setBusy(false);
		}
	};
	return (
		<Dialog title={title} close={close} wide>
			<form onSubmit={(event) => void submit(event)}>
				{children}
				{error !== undefined && <Failure error={error} />}
				<div className="modal-action">
					<button type="button" className="btn" onClick={close}>
						{t("cancel")}</button>
					<button disabled={busy || !ready} className={`btn ${danger
						? "btn-error" : "btn-primary"}`}>{act}</button>
				</div>
			</form>
		</Dialog>
	);
}

export type Counted = Record<string, number>;

/** How many of each line. */
export function Pieces({ lines, most, counts, set, beside }: {
	lines: Line[]; most: (line: Line) => number; counts: Counted;
	set: (counts: Counted) => void;
	beside?: (line: Line) => ReactNode;
}) {
	return (
		<ul className="mb-4">{lines.filter((line) => most(line) > 0)
			.map((line) => (
				<li key={line.id} className="flex flex-wrap items-center gap-3
					border-b border-base-300 py-2">
					<span className="min-w-40 flex-1 wrap-anywhere">{line.name}
						<span className="block text-sm opacity-80">
							{line.sku}</span></span>
					{beside?.(line)}
					<Quantity small least={0} most={most(line)} of={line.name}
						value={counts[line.id] ?? 0} set={(n) =>
							set({ ...counts, [line.id]: n })} />
				</li>))}
		</ul>
	);
}

const chosen = (counts: Counted) => Object.entries(counts)
	.filter(([, n]) => n > 0)
	.map(([line_id, quantity]) => ({ line_id, quantity }));

export function Ship({ order, act, close }: Asking) {
	const t = useText("panel_orders");
	const [counts, set] = useState<Counted>(Object.fromEntries(
		order.lines.map((line) => [line.id, left(line)])));
	const [way, setWay] = useState({ carrier: "", tracking_number: "",
		note: "" });
	return (
		<Doing title={t("ship")} act={t("ship.act")} done={t("shipped.done")}
			close={close} ready={chosen(counts).length > 0}
			run={() => act("shipments", { lines: chosen(counts), ...way })}>
			<Pieces lines={order.lines} most={left} counts={counts} set={set} />
			<Way value={way} set={setWay} />
		</Doing>
	);
}

interface ParcelWay { carrier: string; tracking_number: string; note: string }

function Way({ value, set }: { value: ParcelWay;
	set: (value: ParcelWay) => void }) {
	const t = useText("panel_orders");
	return (
		<>
			<Field label={t("carrier")} name="carrier" maxLength={100}
				value={value.carrier} onChange={({ target }) =>
					set({ ...value, carrier: target.value })} />
			<Field label={t("tracking")} name="tracking_number" maxLength={100}
				value={value.tracking_number} onChange={({ target }) =>
					set({ ...value, tracking_number: target.value })} />
			<Field label={t("note.shown")} name="note" maxLength={1000}
				value={value.note} onChange={({ target }) =>
					set({ ...value, note: target.value })} />
		</>
	);
}

export function Parcel({ order, act, close, id }: Asking & { id: string }) {
	const t = useText("panel_orders");
	const stored = order.shipments.find((one) => one.id === id);
	const [way, setWay] = useState<ParcelWay>({
		carrier: stored?.carrier ?? "", note: stored?.note ?? "",
		tracking_number: stored?.tracking_number ?? "" });
	return (
		<Doing title={t("tracking.edit")} act={t("tracking.save")}
			done={t("done")} close={close}
			run={() => act(`shipments/${id}`, way, "PATCH")}>
			<Way value={way} set={setWay} />
		</Doing>
	);
}

export function Refund({ order, act, close }: Asking) {
	const t = useText("panel_orders");
	const text = useProblemText();
	const [counts, set] = useState<Counted>({});
	const [back, setBack] = useState<Record<string, boolean>>({});
	const [more, setMore] = useState({ shipping: false, pending: false,
		reason: "" });
	const lines = chosen(counts).map((one) => ({ ...one,
		restock: back[one.line_id] ?? false }));
	const wanted = { lines, shipping: more.shipping };
	const some = lines.length > 0 || more.shipping;
	const { data, error } = useQuery({ queryKey: ["orders", "refund", order.id,
		order.version, wanted], enabled: some, retry: false,
	queryFn: () => send<Schemas["RefundPreview"]>("POST",
		`${orders}/${order.id}/refunds/preview`, wanted) });
	return (
		<Doing title={t("refund")} act={t("refund.act")} danger
			done={t("refund.gone")} close={close} ready={some && !error && !!data}
			run={() => act("refunds", { ...wanted, pending: more.pending,
				...more.reason ? { reason: more.reason } : {} })}>
			<Pieces lines={order.lines} counts={counts} set={set}
				most={(line) => (order.state === "cancelled" ? line.quantity
					: line.shipped) - line.refunded}
				beside={(line) => line.shipped > 0 && <label className="flex
					items-center gap-2 text-sm"><input type="checkbox"
					className="checkbox checkbox-sm"
					checked={back[line.id] ?? false}
					onChange={({ target }) => setBack({ ...back,
						[line.id]: target.checked })} />{t("restock")}</label>} />
			{order.shipping && <Check label={t("refund.shipping")}
				name="shipping" checked={more.shipping}
				onChange={({ target }) =>
					setMore({ ...more, shipping: target.checked })} />}
			<Check label={t("refund.pending")} name="pending"
				checked={more.pending} onChange={({ target }) =>
					setMore({ ...more, pending: target.checked })} />
			<TextArea label={t("reason")} name="reason" rows={2}
				maxLength={1000} value={more.reason} onChange={({ target }) =>
					setMore({ ...more, reason: target.value })} />
			<p role="status" className="text-lg font-bold">{some && error
				? text(error) : some && data ? <>{t("refund.sum")}{" "}
					<Money of={data.data.amount} /> <span className="text-sm
						font-normal">({t("tax")}{" "}
						<Money of={data.data.tax} />)</span></>
					: t("refund.none")}</p>
		</Doing>
	);
}

export function Cancel({ order, act, close }: Asking) {
	const t = useText("panel_orders");
	const refund = useMay("orders.refund");
	const paid = ["paid", "partly_refunded"].includes(order.payment_state);
	const [money, setMoney] = useState(refund ? "" : "none");
	const [note, setNote] = useState("");
	return (
		<Doing title={t("cancel.title", { number: order.number })} danger
			act={t("do.cancelled")} done={t("done")} close={close}
			ready={!paid || money !== ""}
			run={() => act("transitions", { to: "cancelled", note,
				...paid ? { refund: money } : {} })}>
			{paid && <Select label={t("cancel.money")} name="refund" required
				value={money} onChange={({ target }) => setMoney(target.value)}>
				<option value="" disabled>–</option>
				{refund && <option value="done">{t("cancel.done")}</option>}
				{refund && <option value="pending">
					{t("cancel.pending")}</option>}
				<option value="none">{t("cancel.none")}</option>
			</Select>}
			<TextArea label={t("note.shown")} name="note" rows={2}
				maxLength={1000} value={note} onChange={({ target }) =>
					setNote(target.value)} />
		</Doing>
	);
}

export function OpenReturn({ order, act, close }: Asking) {
	const t = useText("panel_orders");
	const [counts, set] = useState<Counted>({});
	const [reason, setReason] = useState("");
	const [approve, setApprove] = useState(true);
	return (
		<Doing title={t("return.new")} act={t("return.act")} done={t("done")}
			close={close} ready={chosen(counts).length > 0}
			run={() => act("returns", { approve, lines: chosen(counts)
				.map((one) => ({ ...one, reason })) })}>
			<Pieces lines={order.lines} counts={counts} set={set}
				most={(line) => line.returnable} />
			<Field label={t("reason")} name="reason" maxLength={200}
				value={reason} onChange={({ target }) =>
					setReason(target.value)} />
			<Check label={t("return.approve.now")} name="approve"
				checked={approve} onChange={({ target }) =>
					setApprove(target.checked)} />
		</Doing>
	);
}
