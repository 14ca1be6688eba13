// SPDX-License-Identifier: ISC
// An import: the file is shown as what it would change, with what is wrong
// in it by line and column, and then done just so.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { callWhole, type Schemas } from "../../../api/client";
import { Failure } from "../../../components/Failure";
import { Check } from "../../../components/Field";
import { useText } from "../../../i18n";
import { PageHead } from "../../components/PageHead";

type Report = Schemas["Import"];

const take = async (file: File, query: string) => (await callWhole<Report>(
	`/api/catalog/import?${query}`, { method: "POST", body: file,
		headers: { "Content-Type": "text/csv" } })).data;

function Faults({ report }: { report: Report }) {
	const t = useText("panel_products");
	if (report.fault_count === 0)
		return null;
	return (
		<section>
			<h2 className="mt-5 mb-2">{t.count("import.fault",
				report.fault_count)}</h2>
			<div className="max-h-72 overflow-auto" tabIndex={0} role="region"
				aria-label={t("import.faults")}>
				<table className="table table-sm">
					<thead><tr><th>{t("import.line")}</th>
						<th>{t("import.column")}</th>
						<th>{t("import.wrong")}</th></tr></thead>
					<tbody>{report.faults.map((one, i) => <tr key={i}>
						<td>{one.line}</td><td>{one.field}</td>
						<td>{one.message}</td></tr>)}</tbody>
				</table>
			</div>
		</section>
	);
}

function Changes({ preview }: { preview: Schemas["ImportPreview"] }) {
	const t = useText("panel_products");
	return (
		<section>
			<h2 className="mt-5 mb-2">{t("import.counts", {
				created: preview.created_lines,
				changed: preview.changed_lines,
				unchanged: preview.unchanged_lines })}</h2>
			{preview.items.length > 0 && <div className="max-h-96
				overflow-auto" tabIndex={0} role="region"
				aria-label={t("import.changes")}>
				<table className="table table-xs">
					<thead><tr><th>{t("import.line")}</th><th>{t("sku")}</th>
						<th>{t("import.column")}</th>
						<th>{t("bulk.before")}</th><th>{t("bulk.after")}</th>
					</tr></thead>
					<tbody>{preview.items.flatMap((line) => line.changes.map(
						(one, i) => <tr key={`${line.line} ${one.field}`}>
							<td>{i === 0 ? line.line : ""}</td>
							<td>{i === 0 ? line.sku : ""}</td>
							<td>{one.field}</td>
							<td className="max-w-60 wrap-anywhere">
								{one.before ?? "–"}</td>
							<td className="max-w-60 wrap-anywhere">
								{one.after ?? "–"}</td></tr>))}</tbody>
				</table>
			</div>}
		</section>
	);
}

export default function Import() {
	const t = useText("panel_products");
	const client = useQueryClient();
	const [file, setFile] = useState<File>();
	const [partly, setPartly] = useState(false);
	const show = useMutation({ mutationFn: (chosen: File) =>
		take(chosen, "dry_run=true") });
	const apply = useMutation({ mutationFn: () => take(file!,
		`mode=${partly ? "rows" : "all"}&digest=${
			show.data!.preview!.digest}`),
	onSuccess: () => client.invalidateQueries({ predicate: ({ queryKey }) =>
		["list", "record", "catalog"].includes(String(queryKey[0])) }) });
	const shown = show.data;
	const nothing = shown?.preview && shown.preview.created_lines +
		shown.preview.changed_lines === 0;
	return (
		<>
			<PageHead title={t("import")} back={[{ to: "/products",
				text: t("products") }]} />
			<p className="mb-3">{t("import.text")}{" "}
				<a className="link" href="/api/catalog/export" download>
					{t("export")}</a></p>
			<label className="block text-sm font-medium">{t("import.file")}
				<input type="file" accept=".csv,text/csv"
					className="file-input mt-1 block w-full max-w-sm"
					onChange={({ target }) => {
						const chosen = target.files?.[0];
						setFile(chosen);
						apply.reset();
						show.reset();
						if (chosen)
							show.mutate(chosen);
					}} /></label>
			{show.isPending && <p role="status" className="mt-3">
				{t("import.reading")}</p>}
			{(apply.error ?? show.error) && <Failure
				error={apply.error ?? show.error} retry={file && (() => {
					apply.reset();
					show.mutate(file);
				})} />}
			{apply.data ? <div role="status" className="alert alert-success
				alert-soft mt-4"><span>{t("import.done", {
					created: apply.data.created,
					changed: apply.data.changed })}</span>
				<Link className="link" to="/products">{t("products")}</Link>
			</div> : shown && <>
				<Faults report={shown} />
				{shown.preview && <Changes preview={shown.preview} />}
				{shown.fault_count > 0 && <Check className="mt-4"
					label={t("import.partly")} checked={partly}
					onChange={({ target }) => setPartly(target.checked)} />}
				<button type="button" className="btn btn-primary mt-4"
					disabled={apply.isPending || nothing ||
						shown.fault_count > 0 && !partly}
					onClick={() => apply.mutate()}>{t("import.apply")}
				</button>
			</>}
		</>
	);
}
