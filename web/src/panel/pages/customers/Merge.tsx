// SPDX-License-Identifier: ISC
// Two customers side by side, and what would become of them as one.
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { call, type Schemas } from "../../../api/client";
import { Failure } from "../../../components/Failure";
import { date, language, number, useText } from "../../../i18n";
import { Dialog } from "../../components/Confirm";
import { send } from "../../record";
import { customers, nameOf, type Customer } from "./customer";

const tongues = new Intl.DisplayNames(language, { type: "language" });
const fields = ["email", "username", "given_name", "family_name", "phone",
	"date_of_birth", "language"] as const;

export function Merge({ keep, from, close, done }: { keep: string;
	from: string; close: () => void; done: (now: Customer) => void }) {
	const t = useText("panel_customers");
	const panel = useText("panel");
	const tables = useText("panel_tables");
	const [take, setTake] = useState<string[]>([]);
	const path = `${customers}/${keep}/merge`;
	const { data, error } = useQuery({ queryKey: ["merge", keep, from],
		queryFn: () => call<Schemas["MergePreview"]>(`${path}?from=${from}`) });
	const merge = useMutation({ mutationFn: () => send<Customer>("POST",
		path, { from, take }, `"${data!.keep.version}"`),
	onSuccess: (now) => done(now.data) });
	const differ = data ? fields.filter((field) => data.from[field] &&
		data.from[field] !== data.keep[field]) : [];
	const shown = (field: typeof fields[number], value: string | null) =>
		!value ? "–" : field === "date_of_birth" ? date(value)
		: field === "language" ? tongues.of(value) ?? value : value;
	const moves = Object.entries((data?.moves ?? {}) as
		Record<string, number>);
	return (
		<Dialog title={t("merge")} close={close} wide>
			{error && <Failure error={error} />}
			{data && <>
				<p className="mb-3">{t("merge.text", {
					keep: `${nameOf(data.keep)} (#${data.keep.number})`,
					from: `${nameOf(data.from)} (#${data.from.number})` })}</p>
				<div className="overflow-x-auto"><table
					className="table table-sm">
					<thead><tr><th>{t("merge.field")}</th>
						<th>{t("merge.stays")}</th>
						<th>{t("merge.goes")}</th></tr></thead>
					<tbody>{fields.map((field) => {
						const both = differ.includes(field);
						const own = data.keep[field];
						const [stays, goes] = [data.keep, data.from].map(
							(one) => shown(field, one[field]));
						const taken = take.includes(field) || !own;
						return (
							<tr key={field}><th scope="row">{t(field)}</th>
								<td>{both && own ? <label><input type="radio"
									className="radio radio-sm mr-2" name={field}
									checked={!taken} onChange={() => setTake(
										take.filter((one) => one !== field))} />
									{stays}</label> : stays}</td>
								<td>{both && own ? <label><input type="radio"
									className="radio radio-sm mr-2" name={field}
									checked={taken} onChange={() => setTake(
										[...take, field])} />{goes}</label>
									: goes}</td></tr>
						);
					})}</tbody>
				</table></div>
				<p className="mt-3">{t("merge.points",
					{ points: number(data.points) })}
					{moves.length > 0 && <> {t("merge.moves")}{" "}
						{moves.map(([table, count]) =>
							`${tables(table as "task")} (${number(count)})`)
							.join(", ")}.</>}
					{data.conflicts.length > 0 && <> {t("merge.conflicts")}{" "}
						{data.conflicts.map((one) => tables(one as "task"))
							.join(", ")}.</>}</p>
			</>}
			{merge.error && <Failure error={merge.error} />}
			<div className="modal-action">
				<button type="button" className="btn" data-first=""
					onClick={close}>{panel("cancel")}</button>
				<button type="button" className="btn btn-error"
					disabled={!data || merge.isPending}
					onClick={() => merge.mutate()}>{t("merge")}</button>
			</div>
		</Dialog>
	);
}
