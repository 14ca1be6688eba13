// SPDX-License-Identifier: ISC
// Saved views of a list: one's own, and those colleagues share.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call, type Schemas } from "../../../api/client";
import { useProblemText } from "../../../components/Failure";
import { Check, Field } from "../../../components/Field";
import { useToast } from "../../../components/Toasts";
import { useText } from "../../../i18n";
import { Dialog } from "../../components/Confirm";
import { keepColumns, keptColumns, useFilters, type Filters } from
	"../../list";
import { send } from "../../record";

type View = Schemas["SavedView"];
const path = "/api/desk/views";

function Save({ list, filters, close }: { list: string; filters: Filters;
	close: () => void }) {
	const t = useText("panel_customers");
	const panel = useText("panel");
	const toast = useToast();
	const problem = useProblemText();
	const client = useQueryClient();
	const [name, setName] = useState("");
	const [shared, setShared] = useState(false);
	const { sort, ...rest } = filters;
	const save = () => send("POST", path, { list, name: name.trim(), shared,
		filters: rest, columns: keptColumns(list),
		...sort ? { sort } : {} }).then(() => {
		toast(panel("saved"));
		close();
		return client.invalidateQueries({ queryKey: ["views", list] });
	}, (error: unknown) => toast(problem(error), "error"));
	return (
		<Dialog title={t("view.save")} close={close}>
			<form onSubmit={(event) => {
				event.preventDefault();
				void save();
			}}>
				<Field label={t("view.name")} value={name} maxLength={100}
					required data-first="" onChange={({ target }) =>
						setName(target.value)} />
				<Check label={t("view.shared")} checked={shared}
					onChange={({ target }) => setShared(target.checked)} />
				<div className="modal-action">
					<button type="button" className="btn" onClick={close}>
						{panel("cancel")}</button>
					<button className="btn btn-primary">{panel("save")}</button>
				</div>
			</form>
		</Dialog>
	);
}

/** @param list  the name of the DataTable, too: a view has its columns
 * @param drawn  the list is to be drawn anew, with other columns */
export function Views({ list, names, drawn }: { list: string;
	names: string[]; drawn: () => void }) {
	const t = useText("panel_customers");
	const toast = useToast();
	const problem = useProblemText();
	const client = useQueryClient();
	const { filters, replace } = useFilters(names);
	const [saving, setSaving] = useState(false);
	const { data } = useQuery({ queryKey: ["views", list], queryFn: () =>
		call<{ items: View[] }>(`${path}?list=${list}`) });
	const views = data?.items ?? [];
	const same = (view: View) => JSON.stringify(Object.entries({
		...view.filters, ...view.sort ? { sort: view.sort } : {} }).sort()) ===
		JSON.stringify(Object.entries(filters).sort());
	const chosen = views.find(same);
	const remove = (view: View) => send("DELETE", `${path}/${view.id}`)
		.then(() => client.invalidateQueries({ queryKey: ["views", list] }),
			(error: unknown) => toast(problem(error), "error"));
	return (
		<>
			<select className="select select-sm w-auto max-w-44"
				aria-label={t("views")} value={chosen?.id ?? ""}
				onChange={({ target }) => {
					const view = views.find(({ id }) => id === target.value);
					replace(view ? { ...Object.fromEntries(
						Object.entries(view.filters as Filters).map(
							([key, value]) => [key, String(value)])),
					...view.sort ? { sort: view.sort } : {} } : {});
					if (view) {
						keepColumns(list, view.columns);
						drawn();
					}
				}}>
				<option value="">{t("views")}</option>
				{views.map((view) => <option key={view.id} value={view.id}>
					{view.own ? view.name : `${view.name} · ${view.by?.name}`}
				</option>)}
			</select>
			{chosen?.own ? <button type="button" className="btn btn-sm"
				onClick={() => void remove(chosen)}>{t("view.remove")}</button>
				: Object.keys(filters).length > 0 && <button type="button"
					className="btn btn-sm" onClick={() => setSaving(true)}>
					{t("view.save")}</button>}
			{saving && <Save list={list} filters={filters}
				close={() => setSaving(false)} />}
		</>
	);
}
