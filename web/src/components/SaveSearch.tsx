// SPDX-License-Identifier: ISC
// Saves a listing, as it is narrowed now, under a name.
import { useId, useRef, type FormEvent } from "react";
import { useLocation, useSearchParams } from "react-router";
import { narrowed } from "../api/catalog";
import { problemOf } from "../api/problem";
import { useMe } from "../api/session";
import { useSaveSearch } from "../api/wishes";
import { useText } from "../i18n";
import { useProblemText } from "./Failure";
import { Field } from "./Field";
import { useToast } from "./Toasts";

/** The address of what is shown, and nothing else that stands in the bar. */
function usePath(): string {
	const { pathname } = useLocation();
	const [now] = useSearchParams();
	const query = narrowed(now);
	return query.size ? `${pathname}?${query}` : pathname;
}

export function SaveSearch({ name }: { name: string }) {
	const t = useText("shop");
	const id = useId();
	const { data: me } = useMe();
	const path = usePath();
	const toast = useToast();
	const problem = useProblemText();
	const save = useSaveSearch();
	const dialog = useRef<HTMLDialogElement>(null);
	const submit = (event: FormEvent<HTMLFormElement>) => {
		event.preventDefault();
		const words = new FormData(event.currentTarget).get("name");
		save.mutate({ name: String(words).trim(), path }, {
			onSuccess: () => {
				dialog.current?.close();
				toast(t("search.saved"), "success", { to: "/account/searches",
					text: t("search.saved.open") });
			},
		});
	};
	const error = save.error && (problemOf(save.error)?.fields.name
		? t("search.name.bad") : problem(save.error));
	if (!me)
		return null;
	return (
		<>
			<button type="button" className="btn btn-sm" onClick={() => {
				save.reset();
				dialog.current?.showModal();
			}}>{t("search.save")}</button>
			<dialog ref={dialog} className="modal" aria-labelledby={id}>
				<div className="modal-box">
					<h2 id={id} className="mb-4">{t("search.save")}</h2>
					<form onSubmit={submit}>
						<Field key={name} label={t("search.name")}
							name="name" required
							maxLength={100} defaultValue={name.slice(0, 100)}
							error={error || undefined} autoComplete="off" />
						<div className="modal-action flex-wrap">
							<button type="button" className="btn" onClick={() =>
								dialog.current?.close()}>{t("close")}</button>
							<button className="btn btn-primary"
								disabled={save.isPending}>
								{t("search.keep")}</button>
						</div>
					</form>
				</div>
				<form method="dialog" className="modal-backdrop">
					<button tabIndex={-1}>{t("close")}</button>
				</form>
			</dialog>
		</>
	);
}
