// SPDX-License-Identifier: ISC
// Asks before something that can't be undone.
import { useId, useRef, type ReactNode } from "react";
import { useText } from "../../i18n";

export function Confirm({ button, className = "btn", title, text, yes, act,
	disabled, label }: { button: ReactNode; className?: string; title: string;
	text?: string; yes: string; act: () => void; disabled?: boolean;
	label?: string }) {
	const t = useText("account");
	const id = useId();
	const dialog = useRef<HTMLDialogElement>(null);
	return (
		<>
			<button type="button" className={className} disabled={disabled}
				aria-label={label}
				onClick={() => dialog.current?.showModal()}>{button}</button>
			<dialog ref={dialog} className="modal" aria-labelledby={id}>
				<div className="modal-box">
					<h2 id={id} className="wrap-anywhere">{title}</h2>
					{text && <p className="mt-3">{text}</p>}
					<form method="dialog" className="modal-action flex-wrap">
						<button className="btn">{t("cancel")}</button>
						<button className="btn btn-error" onClick={act}>
							{yes}</button>
					</form>
				</div>
				<form method="dialog" className="modal-backdrop">
					<button tabIndex={-1}>{t("cancel")}</button>
				</form>
			</dialog>
		</>
	);
}
