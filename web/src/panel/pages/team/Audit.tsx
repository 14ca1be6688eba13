// SPDX-License-Identifier: ISC
// What staff changed: who, when, from where, which row, before and after.
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { call, type Schemas } from "../../../api/client";
import { useProblemText } from "../../../components/Failure";
import { useToast } from "../../../components/Toasts";
import { language, useText } from "../../../i18n";
import { Dialog } from "../../components/Confirm";
import { DataTable, type Filter } from "../../components/DataTable";
import { sentFilters } from "../../components/FilterBar";
import { PageHead } from "../../components/PageHead";
import { Badge, When } from "../../components/Shown";
import { download } from "../../download";
import { callAll, useFilters, withQuery } from "../../list";
import { useMay } from "../../session";

type Entry = Schemas["AuditEntry"];
type Row = Record<string, unknown>;
const path = "/api/staff/audit";
const states = { insert: "done", update: "asked", delete: "cancelled" };

/** The member, or what worked without one. */
const whoOf = ({ member, program }: Entry) => member?.name ?? program ?? "–";

const shown = (value: unknown) => value === undefined || value === null ? "–"
	: typeof value === "string" ? value : JSON.stringify(value);

/** Column by column; of a change only what became another. */
function Difference({ entry }: { entry: Entry }) {
	const t = useText("panel_team");
	const before = (entry.before ?? {}) as Row;
	const after = (entry.after ?? {}) as Row;
	const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
		.filter((name) => entry.action !== "update" ||
			JSON.stringify(before[name]) !== JSON.stringify(after[name]));
	if (names.length === 0)
		return <p>{t(entry.redacted ? "audit.redacted" : "audit.same")}</p>;
	return (
		<div className="overflow-x-auto" tabIndex={0} role="region"
			aria-label={t("audit.difference")}>
			<table className="table table-sm">
				<thead><tr>
					<th scope="col">{t("audit.column")}</th>
					{entry.before && <th scope="col">{t("audit.before")}</th>}
					{entry.after && <th scope="col">{t("audit.after")}</th>}
				</tr></thead>
				<tbody>{names.map((name) => (
					<tr key={name}>
						<th scope="row" className="align-top font-medium">
							<code className="text-xs">{name}</code></th>
						{entry.before && <td className="align-top
							wrap-anywhere">{shown(before[name])}</td>}
						{entry.after && <td className="align-top
							wrap-anywhere">{shown(after[name])}</td>}
					</tr>
				))}</tbody>
			</table>
		</div>
	);
}

function Details({ entry, close }: { entry: Entry; close: () => void }) {
	const t = useText("panel_team");
	const tables = useText("panel_tables");
	const facts: [string, React.ReactNode][] = [
		[t("at"), <When at={entry.at} exact />],
		[t("audit.who"), entry.program ? t("audit.admin") : whoOf(entry)],
		...entry.key ? [[t("audit.key"), `${entry.key.name} (${
			entry.key.prefix}…)`] as [string, string]] : [],
		[t("address"), entry.address === "local" ? t("audit.local")
			: entry.address ?? "–"],
		[t("audit.request"), entry.request_id
			? <Link className="link" onClick={close}
				to={`/audit?request_id=${entry.request_id}`}>
				{entry.request_id}</Link> : "–"],
		[t("audit.row"), <Link className="link" onClick={close}
			to={`/audit?${new URLSearchParams({ table: entry.table,
				row: entry.row }).toString()}`}>{entry.row}</Link>],
	];
	return (
		<Dialog title={`${t(`audit.${entry.action}`)}: ${
			tables(entry.table as "task")}`} wide
			close={close}>
			<dl className="mb-4 grid gap-x-4 gap-y-1 text-sm
				sm:grid-cols-[auto_1fr]">
				{facts.map(([name, value]) => (
					<div key={name} className="contents">
						<dt className="opacity-80">{name}</dt>
						<dd className="wrap-anywhere">{value}</dd>
					</div>
				))}
			</dl>
			<Difference entry={entry} />
			<div className="modal-action">
				<button type="button" className="btn" onClick={close}>
					{t("close")}</button>
			</div>
		</Dialog>
	);
}

function useAuditFilters(): Filter[] {
	const t = useText("panel_team");
	const words = useText("panel_tables");
	const mayStaff = useMay("staff.read");
	const { data: tables } = useQuery({ queryKey: ["list", `${path}/tables`],
		queryFn: async () => (await call<Schemas["AuditTables"]>(
			`${path}/tables`)).items });
	const { data: members } = useQuery({ enabled: mayStaff,
		queryKey: ["list", "/api/staff/members", "all"],
		queryFn: () => callAll<Schemas["Member"]>("/api/staff/members") });
	return [
		{ name: "row", kind: "search", label: t("audit.row") },
		...members ? [{ name: "member_id", kind: "select" as const,
			label: t("audit.who"), options: members.map(({ id, name }) =>
				[id, name] as const) }] : [],
		{ name: "table", kind: "select", label: t("audit.table"),
			options: tables?.map((name) => [name,
				words(name as "task")] as const)
				.sort(([, a], [, b]) => a.localeCompare(b, language)) },
		{ name: "action", kind: "select", label: t("audit.action"),
			options: (["insert", "update", "delete"] as const).map((one) =>
				[one, t(`audit.${one}`)]) },
		{ name: "request_id", kind: "search", label: t("audit.request") },
		{ name: "from", other: "to", kind: "times", label: t("at") },
	];
}

function Export({ fields }: { fields: Filter[] }) {
	const t = useText("panel_team");
	const toast = useToast();
	const problem = useProblemText();
	const { filters } = useFilters(fields.flatMap(({ name, other }) =>
		other ? [name, other] : [name]));
	const save = useMutation({
		mutationFn: () => download(withQuery(`${path}/export`,
			sentFilters(fields, filters)), "audit.csv"),
		onError: (error) => toast(problem(error), "error"),
	});
	return <button type="button" className="btn btn-sm"
		disabled={save.isPending} onClick={() => save.mutate()}>
		{t("export")}</button>;
}

/** Names as they are; of what the database numbers, the beginning. */
const shortRow = (row: string) => row.replace(
	/\b([0-9a-f]{8})(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, "$1…");

export default function Audit() {
	const t = useText("panel_team");
	const tables = useText("panel_tables");
	const fields = useAuditFilters();
	const [open, setOpen] = useState<Entry>();
	return (
		<>
			<PageHead title={t("audit")} actions={<Export fields={fields} />} />
			<DataTable<Entry> name="audit" label={t("audit")} path={path}
				rowKey={(row) => String(row.id)}
				rowName={(row) => `${row.table} ${row.row}`}
				onOpen={setOpen} filters={fields}
				columns={[
					{ key: "at", title: t("at"), always: true,
						cell: (row) => <When at={row.at} exact /> },
					{ key: "who", title: t("audit.who"), cell: (row) =>
						row.key ? `${whoOf(row)} · ${row.key.name}`
							: whoOf(row) },
					{ key: "action", title: t("audit.action"), cell: (row) =>
						<Badge state={states[row.action]}
							text={t(`audit.${row.action}`)} /> },
					{ key: "table", title: t("audit.table"),
						cell: (row) => tables(row.table as "task") },
					{ key: "row", title: t("audit.row"), cell: (row) =>
						<code className="text-xs" title={row.row}>
							{shortRow(row.row)}</code> },
					{ key: "address", title: t("address"), extra: true,
						cell: (row) => row.address === "local"
							? t("audit.local") : row.address ?? "–" },
					{ key: "request", title: t("audit.request"), extra: true,
						cell: (row) => row.request_id ?? "–" },
				]} />
			{open && <Details entry={open} close={() => setOpen(undefined)} />}
		</>
	);
}
