// SPDX-License-Identifier: ISC
// What waits to be sent, what was, and what failed.
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { call, type Schemas } from "../../../api/client";
import { useProblemText } from "../../../components/Failure";
import { useToast } from "../../../components/Toasts";
import { language, number, useText } from "../../../i18n";
import { useConfirm } from "../../components/Confirm";
import { DataTable, type Bulk, type Column, type Filter } from
	"../../components/DataTable";
import { PageHead } from "../../components/PageHead";
import { Badge, When } from "../../components/Shown";
import { useRecord } from "../../record";
import { useMay } from "../../session";
import { useMailName, useMoves, type Mail } from "./moves";

function Figures() {
	const t = useText("panel_outbox");
	const { data } = useQuery({ queryKey: ["outbox", "figures"],
		refetchInterval: 20_000, queryFn: ({ signal }) =>
			call<Schemas["OutboxFigures"]>("/api/outbox/figures",
				{ signal }) });
	if (!data)
		return <div className="skeleton mb-5 h-20" />;
	const figures = [["waiting", data.waiting, "waiting"],
		["late", data.late, "waiting"], ["dead", data.dead, "dead"],
		["today", data.sent_today, "sent"]] as const;
	return (
		<>
			<dl className="mb-3 grid grid-cols-2 gap-3 md:grid-cols-4">
				{figures.map(([name, count, state]) => <div key={name}
					className="rounded-box border border-base-300 p-3">
					<dt className="text-sm">{t(`figure.${name}`)}</dt>
					<dd className="text-2xl font-semibold tabular-nums">
						<Link className="link-hover"
							to={`/outbox?state=${state}`}>
							{number(count)}</Link></dd>
				</div>)}
			</dl>
			{data.late > 0 && data.oldest_waiting_at && <p role="status"
				className="alert alert-warning mb-4"><span>
				{t("late")} <When at={data.oldest_waiting_at} /></span></p>}
		</>
	);
}

function AgainAll() {
	const t = useText("panel_outbox");
	const moves = useMoves();
	const toast = useToast();
	const problem = useProblemText();
	const [question, confirm] = useConfirm();
	const run = async () => {
		if (!await confirm({ title: t("again.all"),
			text: t("again.all.text"), act: t("again.all") }))
			return;
		await moves.againAll().catch((error) =>
			toast(problem(error), "error"));
	};
	return <>{question}<button type="button" className="btn btn-sm"
		onClick={() => void run()}>{t("again.all")}</button></>;
}

/** Which mails there are, for whom may see their texts. */
function useTemplates(): string[] | undefined {
	const see = useMay("settings.read");
	return useRecord<{ items: Schemas["MailEntry"][] }>(
		"/api/settings/mails", see).data?.data.items.map(
		({ template }) => template);
}

export default function Outbox() {
	const t = useText("panel_outbox");
	const mailName = useMailName();
	const templates = useTemplates();
	const may = useMay("outbox.write");
	const customers = useMay("customers.read");
	const moves = useMoves();
	const columns: Column<Mail>[] = [
		{ key: "recipient", title: t("recipient"), always: true,
			cell: (row) => row.recipient },
		{ key: "template", title: t("template"), cell: (row) =>
			mailName(row.template) },
		{ key: "state", title: t("state"), cell: (row) =>
			<Badge state={row.state} text={t(`state.${row.state}`)} /> },
		{ key: "created_at", title: t("created"), cell: (row) =>
			<When at={row.created_at} /> },
		{ key: "due_at", title: t("due"), cell: (row) =>
			<When at={row.due_at} /> },
		{ key: "tries", title: t("tries"), figure: true, cell: (row) =>
			row.tries },
		{ key: "last_error", title: t("error"), cell: (row) =>
			<span className="line-clamp-2 max-w-72 wrap-anywhere">
				{row.last_error}</span> },
		{ key: "sent_at", title: t("sent"), extra: true, cell: (row) =>
			<When at={row.sent_at} /> },
		{ key: "customer", title: t("customer"), extra: true, cell: (row) =>
			row.customer_id && customers ? <Link className="link"
				to={`/customers/${row.customer_id}`}>{t("see")}</Link>
				: "–" },
	];
	const filters: Filter[] = [
		{ name: "q", kind: "search", label: t("search") },
		{ name: "state", kind: "select", label: t("state"), options:
			(["waiting", "dead", "sent", "cancelled"] as const).map((one) =>
				[one, t(`state.${one}`)]) },
		...templates ? [{ name: "template", kind: "select" as const,
			label: t("template"), options: templates.map((one) =>
				[one, mailName(one)] as const).sort(([, a], [, b]) =>
				a.localeCompare(b, language)) }] : [],
	];
	const bulk: Bulk<Mail>[] = may ? [
		{ id: "again", name: t("again"), run: moves.again },
		{ id: "cancel", name: t("cancel"), run: moves.cancel },
	] : [];
	return (
		<>
			<PageHead title={t("title")} actions={may && <AgainAll />} />
			<Figures />
			<DataTable<Mail> name="outbox" label={t("title")}
				path="/api/outbox" news="outbox" columns={columns}
				filters={filters} rowKey={({ id }) => id}
				rowName={({ recipient }) => recipient} bulk={bulk}
				to={({ id }) => `/outbox/${id}`} empty={t("none")} />
		</>
	);
}
