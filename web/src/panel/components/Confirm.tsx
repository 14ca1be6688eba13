// SPDX-License-Identifier: ISC
// A question before what can't be taken back (what can be, is done at once,
// with a toast that undoes it).
//
//	const [dialog, confirm] = useConfirm();
//	if (await confirm({ title: t("erase"), text: …, act: t("erase"),
//		danger: true, type: customer.email })) …
//	return <>…{dialog}</>;
//
// `type`: must be typed before the button works.  Dialog is the frame of any
// other dialog: <Dialog title close={…}>…</Dialog>, shown while it is drawn; what
// says data-first="" has the focus first.
import { useId, useLayoutEffect, useRef, useState, type ReactNode } from "react";
import { Field } from "../../components/Field";
import { useText } from "../../i18n";

export function Dialog({ title, close, wide = false, children }: {
	title: string; close: () => void; wide?: boolean; children: ReactNode;
}) {
	const box = useRef<HTMLDialogElement>(null);
	const id = useId();
	// Before another key comes.
	useLayoutEffect(() => {
		const dialog = box.current;
		dialog?.showModal();
		dialog?.querySelector<HTMLElement>("[data-first]")?.focus();
		return () => dialog?.close();
	}, []);
	return (
		<dialog ref={box} aria-labelledby={id} className="modal
			max-sm:modal-bottom" onCancel={(event) => {
			event.preventDefault();
			close();
		}} onKeyDown={(event) => event.stopPropagation()}
			onPointerDown={({ target }) => target === box.current && close()}>
			<div className={`modal-box ${wide ? "max-w-3xl" : ""}`}>
				<h2 id={id} className="mb-3">{title}</h2>
				{children}
			</div>
		</dialog>
	);
}

export interface Question {
	title: string;
	text?: ReactNode;
	/** What the button says. */
	act: string;
	danger?: boolean;
	type?: string;
}

function Ask({ title, text, act, danger, type, answer }: Question & {
	answer: (yes: boolean) => void }) {
	const t = useText("panel");
	const [typed, setTyped] = useState("");
	return (
		<Dialog title={title} close={() => answer(false)}>
			<form onSubmit={(event) => {
				event.preventDefault();
				event.stopPropagation();
				if (type === undefined || typed.trim() === type)
					answer(true);
			}}>
				{text && <div className="mb-4">{text}</div>}
				{type !== undefined && <Field label={t("confirm.type",
					{ what: type })} value={typed} autoComplete="off"
					onChange={({ target }) => setTyped(target.value)} />}
				<div className="modal-action">
					<button type="button" className="btn"
						onClick={() => answer(false)}>{t("cancel")}</button>
					<button data-first={type === undefined && !danger ? ""
						: undefined} className={`btn ${danger ? "btn-error" : "btn-primary"}`}
						disabled={type !== undefined && typed.trim() !== type}>
						{act}</button>
				</div>
			</form>
		</Dialog>
	);
}

export function useConfirm(): [ReactNode,
	(question: Question) => Promise<boolean>] {
	const [open, setOpen] = useState<Question & {
		answer: (yes: boolean) => void }>();
	const confirm = (question: Question) => new Promise<boolean>((done) =>
		setOpen({ ...question, answer: (yes) => {
			setOpen(undefined);
			done(yes);
		} }));
	return [open && <Ask {...open} />, confirm];
}
