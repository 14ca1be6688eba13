// SPDX-License-Identifier: ISC
// The reports that there are, over the days one chooses: drawn, as a table,
// as a file, by mail.  What is chosen is in the address.
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { call, type Schemas } from "../../../api/client";
import { problemOf } from "../../../api/problem";
import { Failure, useProblemText } from "../../../components/Failure";
import { Field, Select } from "../../../components/Field";
import { useToast } from "../../../components/Toasts";
import { date, money, number, useText } from "../../../i18n";
import { Chart } from "../../components/Chart";
import { Dialog } from "../../components/Confirm";
import { FilterBar, type Filter } from "../../components/FilterBar";
import { PageHead } from "../../components/PageHead";
import { download } from "../../download";
import { useFilters, withQuery, type Filters } from "../../list";
import { useMember } from "../../session";

type Report = Schemas["Report"];
type Row = Report["rows"][number];

const time = ["day", "week", "month"] as const;
const kinds = { sales: [...time, "category", "product", "payment_method"],
	"new-customers": time, "stock-value": ["category", "location"] } as const;
type Kind = keyof typeof kinds;
const figures = ["orders", "customers", "verified", "units", "reserved"] as
	const;
const sums = ["discount", "tax", "total"] as const;

const isTime = (by: string) => (time as readonly string[]).includes(by);
const nameOf = (row: Row, by: string) => isTime(by) && row.key !== "sum"
	? date(`${row.key}T12:00`) : row.label;

/** What a row is measured by. */
const measure = ({ total, customers, units }: Row) => total
	? { value: total.amount, text: money(total) }
	: { value: customers ?? units ?? 0, text: number(customers ?? units ?? 0) };

/** What is asked for; by what doesn't fit the report is by its first. */
function useChoice() {
	const { filters, set } = useFilters(["report", "by", "last", "from",
		"to"], { report: "sales" });
	const kind = (filters.report! in kinds ? filters.report : "sales") as Kind;
	const allowed: readonly string[] = kinds[kind];
	const by = allowed.includes(filters.by ?? "") ? filters.by! : allowed[0]!;
	const { last, from, to } = filters;
	const span: Filters = kind === "stock-value" ? {} : last ? { last }
		: { ...from ? { from } : {}, ...to ? { to } : {} };
	return { kind, by, query: { by, ...span } as Filters, filters, set };
}

function useBar(kind: Kind, last: boolean): Filter[] {
	const t = useText("panel_analytics");
	const options = (words: readonly string[], group: "by" | "last") =>
		words.map((word) => [word, t(`${group}.${word}` as "by.day")] as const);
	const spans: Filter[] = [
		{ name: "last", kind: "select", label: t("last"), options: options(
			["day", "week", "month", "quarter", "year"], "last") },
		...last ? [] : [{ name: "from", other: "to", kind: "range",
			label: t("days") } as const]];
	return [
		{ name: "report", kind: "select", must: true, label: t("report"),
			options: (Object.keys(kinds) as Kind[]).map((one) =>
				[one, t(`report.${one}`)] as const) },
		{ name: "by", kind: "select", must: true, label: t("by"),
			options: options(kinds[kind], "by") },
		...kind === "stock-value" ? [] : spans];
}

function Figures({ report }: { report: Report }) {
	const t = useText("panel_analytics");
	const shown = [...figures, ...sums].filter((one) =>
		report.sum[one] !== undefined);
	const cell = (row: Row, one: typeof shown[number]) => {
		const value = row[one];
		return typeof value === "number" ? number(value)
			: value ? money(value) : "–";
	};
	return (
		<div className="mt-6 max-h-[60vh] overflow-auto rounded-box border
			border-base-300" tabIndex={0} role="region"
			aria-label={t("table")}>
			<table className="table table-sm table-pin-rows">
				<thead><tr>
					<th scope="col">{t(`by.${report.by}` as "by.day")}</th>
					{shown.map((one) => <th key={one} scope="col"
						className="text-right">{t(`column.${one}`)}</th>)}
				</tr></thead>
				<tbody>{[...report.rows, report.sum].map((row) => (
					<tr key={row.key} className={row.key === "sum"
						? "font-semibold" : ""}>
						<th scope="row" className="min-w-24 font-[inherit]">
							{row.key === "sum" ? t("sum")
								: nameOf(row, report.by)}</th>
						{shown.map((one) => <td key={one} className="text-right
							tabular-nums">{cell(row, one)}</td>)}
					</tr>))}</tbody>
			</table>
		</div>
	);
}

function Mailing({ kind, query, close }: { kind: Kind; query: Filters;
	close: () => void }) {
	const t = useText("panel_analytics");
	const frame = useText("panel");
	const toast = useToast();
	const me = useMember();
	const [recipient, setRecipient] = useState(me.email);
	const [format, setFormat] = useState("csv");
	const mail = useMutation({
		mutationFn: () => call("/api/reports/mail", { method: "POST",
			body: JSON.stringify({ ...query, report: kind, recipient,
				format }) }),
		onSuccess: () => {
			toast(t("mailed", { recipient }));
			close();
		},
	});
	const faults = problemOf(mail.error)?.fields ?? {};
	return (
		<Dialog title={t("mail")} close={close}>
			<form onSubmit={(event) => {
				event.preventDefault();
				mail.mutate();
			}}>
				{mail.error && !faults.recipient &&
					<Failure error={mail.error} />}
				<Field label={t("mail.to")} type="email" required
					value={recipient} error={faults.recipient}
					onChange={({ target }) => setRecipient(target.value)} />
				<Select label={t("mail.format")} value={format}
					onChange={({ target }) => setFormat(target.value)}>
					{["csv", "svg", "json"].map((one) => <option key={one}
						value={one}>{t(`format.${one}` as "format.csv")}
					</option>)}
				</Select>
				<div className="modal-action">
					<button type="button" className="btn" onClick={close}>
						{frame("cancel")}</button>
					<button className="btn btn-primary"
						disabled={mail.isPending}>{t("mail.send")}</button>
				</div>
			</form>
		</Dialog>
	);
}

export default function Analytics() {
	const t = useText("panel_analytics");
	const toast = useToast();
	const problem = useProblemText();
	const { kind, by, query, filters, set } = useChoice();
	const [mailing, setMailing] = useState(false);
	const bar = useBar(kind, filters.last !== undefined);
	const { data, error, refetch, isPending } = useQuery({
		queryKey: ["report", kind, query],
		queryFn: ({ signal }) => call<Report>(
			withQuery(`/api/reports/${kind}`, query), { signal }),
		placeholderData: (before, asked) =>
			asked?.queryKey[1] === kind ? before : undefined });
	const save = () => download(withQuery(`/api/reports/${kind}.csv`, query),
		`${kind}.csv`).catch((gone) => toast(problem(gone), "error"));
	return (
		<>
			<PageHead title={t("title")} actions={<>
				<button type="button" className="btn btn-sm"
					onClick={() => void save()}>{t("csv")}</button>
				<button type="button" className="btn btn-sm"
					onClick={() => setMailing(true)}>{t("mail")}</button></>} />
			<div className="mb-5 flex flex-wrap items-end gap-2">
				<FilterBar fields={bar} filters={{ ...filters, report: kind,
					by }} set={set} /></div>
			{error && <Failure error={error} retry={refetch} />}
			{isPending && <div className="skeleton h-80 w-full" />}
			{data && !error && <>
				<p className="mb-4 text-sm opacity-80">{t("span", {
					from: date(`${data.from}T12:00`),
					to: date(`${data.to}T12:00`) })}</p>
				<Chart label={`${t(`report.${kind}`)}: ${measure(data.sum).text}`}
					bars={data.rows.slice(0, 120).map((row) => ({
						key: row.key, name: nameOf(row, data.by),
						...measure(row) }))} />
				<Figures report={data} /></>}
			{mailing && <Mailing kind={kind} query={query}
				close={() => setMailing(false)} />}
		</>
	);
}
