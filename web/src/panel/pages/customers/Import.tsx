// SPDX-License-Identifier: ISC
// A file of customers: what it would change and what is wrong in it, and then
// that done.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { callWhole, type Schemas } from "../../../api/client";
import { Failure } from "../../../components/Failure";
import { useText } from "../../../i18n";
import { PageHead } from "../../components/PageHead";
import { customers } from "./customer";

type Report = Schemas["CustomerImport"];

function Told({ report }: { report: Report }) {
	const t = useText("panel_customers");
	return (
		<>
			<p className="my-4" role="status">{t("import.counts", {
				created: report.created, changed: report.changed,
				same: report.same, faults: report.fault_count })}</p>
			{report.faults.length > 0 && <div className="max-h-72
				overflow-auto" tabIndex={0} role="region"
				aria-label={t("import.faults")}>
				<h2 className="mb-2">{t("import.faults")}</h2>
				<table className="table table-sm">
					<thead><tr><th>{t("import.line")}</th>
						<th>{t("import.field")}</th>
						<th>{t("import.wrong")}</th></tr></thead>
					<tbody>{report.faults.map((one) => <tr
						key={`${one.line} ${one.field}`}><td>{one.line}</td>
						<td>{one.field}</td><td>{one.message}</td></tr>)}
					</tbody>
				</table></div>}
			{report.rows.some(({ what }) => what !== "fault") &&
				<div className="max-h-96 overflow-auto" tabIndex={0}
					role="region" aria-label={t("import.changes")}>
					<h2 className="mt-4 mb-2">{t("import.changes")}</h2>
					<table className="table table-sm">
						<thead><tr><th>{t("import.line")}</th>
							<th>{t("email")}</th><th>{t("import.what")}</th>
						</tr></thead>
						<tbody>{report.rows.filter(({ what }) =>
							what !== "fault").map((row) => <tr key={row.line}>
							<td>{row.line}</td><td>{row.email}</td>
							<td className="wrap-anywhere">
								{row.what === "create" ? t("create")
									: Object.entries(row.changes as
										Record<string, [string, string]>)
										.map(([field, [was, now]]) =>
											`${field}: ${was || "–"} → ${
												now || "–"}`).join("; ")}
							</td></tr>)}</tbody>
					</table></div>}
		</>
	);
}

export default function Import() {
	const t = useText("panel_customers");
	const client = useQueryClient();
	const [file, setFile] = useState<File>();
	const take = useMutation({ mutationFn: async (mode: string) =>
		(await callWhole<Report>(`${customers}/import?mode=${mode}`, {
			method: "POST", body: file,
			headers: { "Content-Type": "text/csv" } })).data,
	onSuccess: (report) => report.mode === "preview" ? undefined
		: client.invalidateQueries({ queryKey: ["list", customers] }) });
	const report = take.data;
	const some = report && report.created + report.changed > 0;
	return (
		<>
			<PageHead title={t("import")} back={[{ to: "/customers",
				text: t("customers") }]} />
			<p className="mb-4 max-w-prose">{t("import.text")}</p>
			<div className="flex flex-wrap items-center gap-3">
				<input type="file" accept=".csv,text/csv" className="file-input"
					aria-label={t("import.file")} onChange={({ target }) => {
						setFile(target.files?.[0]);
						take.reset();
					}} />
				<button type="button" className="btn btn-primary"
					disabled={!file || take.isPending}
					onClick={() => take.mutate("preview")}>
					{t("import.preview")}</button>
			</div>
			{take.error && <Failure error={take.error} />}
			{report && <Told report={report} />}
			{report?.mode === "preview" && some && <button type="button"
				className="btn btn-primary mt-4" disabled={take.isPending}
				onClick={() => take.mutate(report.fault_count > 0
					? "rows" : "all")}>{report.fault_count > 0
					? t("import.rows") : t("import.do")}</button>}
			{report && report.mode !== "preview" && <p role="status"
				className="alert alert-success mt-4">{t("import.done")}</p>}
		</>
	);
}
