// SPDX-License-Identifier: ISC
// Why a deal was lost; null if it wasn't after all.
import { useState } from "react";
import { Field } from "../../../components/Field";
import { useText } from "../../../i18n";
import { Dialog } from "../../components/Confirm";

export function LostDialog({ answer }: {
	answer: (why: string | null) => void }) {
	const t = useText("panel_companies");
	const [why, setWhy] = useState("");
	return (
		<Dialog title={t("lost.title")} close={() => answer(null)}>
			<form onSubmit={(event) => {
				event.preventDefault();
				event.stopPropagation();
				if (why.trim())
					answer(why.trim());
			}}>
				<Field label={t("lost.reason")} value={why} required
					maxLength={500} autoComplete="off" data-first=""
					onChange={({ target }) => setWhy(target.value)} />
				<div className="modal-action">
					<button type="button" className="btn"
						onClick={() => answer(null)}>{t("cancel")}</button>
					<button className="btn btn-primary" disabled={!why.trim()}>
						{t("lost")}</button>
				</div>
			</form>
		</Dialog>
	);
}
