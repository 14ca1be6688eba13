// SPDX-License-Identifier: ISC
// Cancelling an order, and asking to send some of it back.
import { useRef, useState, type FormEvent, type ReactNode } from "react";
import { useAskReturn, useCancelOrder, type Order, type OrderLine } from
	"../../api/orders";
import { useProblemText } from "../../components/Failure";
import { Field, TextArea } from "../../components/Field";
import { Quantity } from "../../components/Quantity";
import { useToast } from "../../components/Toasts";
import { date, useText } from "../../i18n";

/** A button and the dialog it opens; the browser keeps the focus inside. */
function Asking({ word, children }: { word: string;
	children: (close: () => void) => ReactNode }) {
	const t = useText("checkout");
	const dialog = useRef<HTMLDialogElement>(null);
	const [open, setOpen] = useState(false);
	const close = () => dialog.current?.close();
	return (
		<>
			<button type="button" className="btn" aria-haspopup="dialog"
				onClick={() => {
					setOpen(true);
					dialog.current?.showModal();
				}}>{word}</button>
			<dialog ref={dialog} className="modal" aria-label={word}
				onClose={() => setOpen(false)}>
				<div className="modal-box">
					<h2 className="mb-3">{word}</h2>
					{open && children(close)}
					<button type="button" className="btn btn-ghost mt-2 w-full"
						onClick={close}>{t("dialog.close")}</button>
				</div>
			</dialog>
		</>
	);
}

export function Cancel({ order, by }: { order: Order; by?: string }) {
	const t = useText("checkout");
	const cancel = useCancelOrder(order.id, by);
	const toast = useToast();
	const problem = useProblemText();
	const [note, setNote] = useState("");
	const submit = (close: () => void) => (event: FormEvent) => {
		event.preventDefault();
		cancel.mutate(note.trim() ? { note: note.trim() } : {}, {
			onSuccess: () => {
				close();
				toast(t("cancel.done"));
			},
		});
	};
	return (
		<Asking word={t("cancel")}>{(close) => (
			<form onSubmit={submit(close)} noValidate>
				<p className="mb-3">{t("cancel.text")}</p>
				<TextArea label={t("cancel.why")} rows={2} maxLength={1000}
					value={note} error={cancel.error ? problem(cancel.error)
						: undefined}
					onChange={({ target }) => setNote(target.value)} />
				<button className="btn btn-error w-full"
					disabled={cancel.isPending}>{t("cancel.sure")}</button>
			</form>
		)}</Asking>
	);
}

type Back = Record<string, { quantity: number; reason: string }>;

function BackLine({ line, quantity, reason, set }: { line: OrderLine;
	quantity: number; reason: string;
	set: (some: { quantity?: number; reason?: string }) => void }) {
	const t = useText("checkout");
	return (
		<fieldset className="border-b border-base-300 py-3">
			<legend className="sr-only">{line.name}</legend>
			<div className="flex items-center justify-between gap-3">
				<span className="min-w-0">{line.name}</span>
				<Quantity value={quantity} least={0} most={line.returnable}
					small of={line.name}
					set={(n) => set({ quantity: n })} />
			</div>
			{quantity > 0 && <Field label={t("return.why")} maxLength={200}
				value={reason} onChange={({ target }) =>
					set({ reason: target.value })} />}
		</fieldset>
	);
}

export function Return({ order, by }: { order: Order; by?: string }) {
	const t = useText("checkout");
	const ask = useAskReturn(order.id, by);
	const toast = useToast();
	const problem = useProblemText();
	const [back, setBack] = useState<Back>({});
	const [note, setNote] = useState("");
	const chosen = Object.entries(back).filter(([, one]) => one.quantity > 0);
	const submit = (close: () => void) => (event: FormEvent) => {
		event.preventDefault();
		ask.mutate({ lines: chosen.map(([line_id, one]) => ({ line_id,
			quantity: one.quantity, ...(one.reason.trim() ?
				{ reason: one.reason.trim() } : {}) })),
		...(note.trim() ? { note: note.trim() } : {}) }, {
			onSuccess: () => {
				close();
				setBack({});
				toast(t("return.asked"));
			},
		});
	};
	return (
		<Asking word={t("return")}>{(close) => (
			<form onSubmit={submit(close)} noValidate>
				<p className="mb-2">{order.return_until && t("return.text",
					{ date: date(order.return_until) })}</p>
				{order.lines.filter((line) => line.returnable > 0).map((line) =>
					<BackLine key={line.id} line={line}
						quantity={back[line.id]?.quantity ?? 0}
						reason={back[line.id]?.reason ?? ""}
						set={(some) => setBack((now) => ({ ...now,
							[line.id]: { quantity: 0, reason: "",
								...now[line.id], ...some } }))} />)}
				<div className="pt-3"><TextArea label={t("note")} rows={2}
					maxLength={1000} value={note}
					error={ask.error ? problem(ask.error) : undefined}
					onChange={({ target }) => setNote(target.value)} /></div>
				<button className="btn btn-primary w-full"
					disabled={ask.isPending || chosen.length === 0}>
					{t("return.send")}</button>
			</form>
		)}</Asking>
	);
}
