// SPDX-License-Identifier: ISC
// All customers: found, narrowed, saved as views, changed many at a time.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import type { Schemas } from "../../../api/client";
import { useProblemText } from "../../../components/Failure";
import { Field } from "../../../components/Field";
import { useToast } from "../../../components/Toasts";
import { number, useText } from "../../../i18n";
import { Dialog } from "../../components/Confirm";
import { DataTable, type Bulk, type Column, type Filter } from
	"../../components/DataTable";
import { sentFilters } from "../../components/FilterBar";
import { PageHead } from "../../components/PageHead";
import { Badge, Money, When } from "../../components/Shown";
import { callAll, useFilters, withQuery } from "../../list";
import { send } from "../../record";
import { useMays } from "../../session";
import { useShopCurrency } from "../../shop";
import { customers, nameOf, tierName, tiers, type Row } from "./customer";
import { Views } from "./Views";

const consents = ["marketing", "reminders", "surveys"].flatMap((purpose) =>
	["email", "sms", "push"].map((channel) => [purpose, channel] as const));

const useSegments = () => useQuery({ queryKey: ["segments", "all"],
	staleTime: 60_000, queryFn: () => callAll<{ id: string; name: string }>(
		"/api/desk/segments") }).data ?? [];

function useFields(): Filter[] {
	const t = useText("panel_customers");
	const currency = useShopCurrency();
	const segments = useSegments();
	const kinds = consents.map(([purpose, channel]) =>
		[`${purpose}_${channel}`, t("consent.of", {
			purpose: t(`purpose.${purpose}` as "purpose.marketing"),
			channel: t(`channel.${channel}` as "channel.email") })] as const);
	return [
		{ name: "q", kind: "search", label: t("search"),
			hint: t("search.hint") },
		{ name: "state", kind: "select", label: t("state"),
			options: ["active", "disabled", "erased"].map((one) =>
				[one, t(`state.${one}` as "state.active")]) },
		{ name: "verified", kind: "select", label: t("verified"),
			options: [["true", t("verified")], ["false", t("unverified")]] },
		{ name: "tier", kind: "select", label: t("tier"), options: tiers },
		{ name: "consent", kind: "select", label: t("consent"),
			options: kinds },
		{ name: "segment", kind: "select", label: t("segment"),
			options: segments.map(({ id, name }) => [id, name]) },
		{ name: "tag", kind: "search", label: t("tag") },
		{ name: "orders_from", kind: "number", label: t("orders.from") },
		{ name: "spent_from", kind: "money", label: t("spent.from"), currency },
		{ name: "spent_to", kind: "money", label: t("spent.to"), currency },
		{ name: "last_order_from", other: "last_order_to", kind: "times",
			label: t("last_order") },
		{ name: "registered_from", other: "registered_to", kind: "times",
			label: t("registered") },
	];
}

function useColumns(): Column<Row>[] {
	const t = useText("panel_customers");
	return [
		{ key: "name", title: t("name"), always: true, cell: nameOf,
			sort: ["name"] },
		{ key: "number", title: t("number"), cell: (row) => row.number },
		{ key: "email", title: t("email"), cell: (row) => <>
			{row.email ?? "–"} {row.email && !row.verified &&
				<Badge state="waiting" text={t("unverified")} />}</> },
		{ key: "phone", title: t("phone"), extra: true,
			cell: (row) => row.phone ?? "–" },
		{ key: "state", title: t("state"), cell: (row) => <Badge
			state={row.state} text={t(`state.${row.state}`)} /> },
		{ key: "tier", title: t("tier"),
			cell: (row) => tierName(row.tier) },
		{ key: "tags", title: t("tags"), cell: (row) =>
			row.tags.map((tag) => <Badge key={tag} state="" text={tag} />) },
		{ key: "country", title: t("country"), extra: true,
			cell: (row) => row.country ?? "–" },
		{ key: "orders", title: t("orders"), figure: true,
			cell: (row) => number(row.orders), sort: [undefined, "orders"] },
		{ key: "spent", title: t("spent"), figure: true,
			cell: (row) => <Money of={row.spent} />,
			sort: [undefined, "spent"] },
		{ key: "last_order", title: t("last_order"),
			cell: (row) => <When at={row.last_order_at} />,
			sort: [undefined, "last_order"] },
		{ key: "registered", title: t("registered"), extra: true,
			cell: (row) => <When at={row.created_at} day />,
			sort: ["oldest", "newest"] },
	];
}

/** Changes many; the toast undoes it. */
function useBulk() {
	const t = useText("panel_customers");
	const toast = useToast();
	const problem = useProblemText();
	const client = useQueryClient();
	const again = () => client.invalidateQueries({ queryKey:
		["list", customers] });
	return async (action: string, rows: Row[], tag?: string) => {
		const { data } = await send<Schemas["DeskBulkChange"]>("POST",
			`${customers}/bulk`, { action, ids: rows.map(({ id }) => id),
				...tag ? { tag } : {} });
		const undo = () => send<Schemas["DeskBulkChange"]>("POST",
			`/api/desk/bulk/${data.id}/undo`, {})
			.then(({ data: back }) => toast(t.count("undone", back.changed)),
				(error: unknown) => toast(problem(error), "error"))
			.finally(() => void again());
		toast(t.count("changed", data.changed) + (data.unchanged.length > 0
			? ` ${t.count("unchanged", data.unchanged.length)}` : ""),
		"success", data.changed > 0 ? { text: t("undo"),
			act: () => void undo() } : undefined);
		await again();
	};
}

function TagDialog({ rows, close, act }: { rows: Row[]; close: () => void;
	act: (tag: string) => Promise<void> }) {
	const t = useText("panel_customers");
	const panel = useText("panel");
	const toast = useToast();
	const problem = useProblemText();
	const [tag, setTag] = useState("");
	return (
		<Dialog title={t.count("tag.add", rows.length)} close={close}>
			<form onSubmit={(event) => {
				event.preventDefault();
				act(tag.trim()).then(close, (error: unknown) =>
					toast(problem(error), "error"));
			}}>
				<Field label={t("tag")} value={tag} maxLength={40} required
					data-first="" onChange={({ target }) =>
						setTag(target.value)} />
				<div className="modal-action">
					<button type="button" className="btn" onClick={close}>
						{panel("cancel")}</button>
					<button className="btn btn-primary">{t("tag.do")}</button>
				</div>
			</form>
		</Dialog>
	);
}

export default function List() {
	const t = useText("panel_customers");
	const may = useMays();
	const fields = useFields();
	const columns = useColumns();
	const change = useBulk();
	const [tagging, setTagging] = useState<Row[]>();
	const [drawn, setDrawn] = useState(0);
	const names = [...fields.flatMap(({ name, other }) =>
		[name, ...other ? [other] : []]), "sort"];
	const { filters } = useFilters(names);
	const { sort: _, ...asked } = sentFilters(fields, filters);
	const bulk: Bulk<Row>[] = may("customers.write") ? [
		{ id: "tag", name: t("tag.do"), keep: true,
			run: (rows) => setTagging(rows) },
		{ id: "activate", name: t("activate"),
			run: (rows) => change("activate", rows) },
		{ id: "deactivate", name: t("deactivate"), danger: true,
			run: (rows) => change("deactivate", rows) },
	] : [];
	return (
		<>
			<PageHead title={t("customers")} actions={<>
				<Link to="/customers/doubles" className="btn btn-sm">
					{t("doubles")}</Link>
				{may("customers.export") && <a className="btn btn-sm" download
					href={withQuery(`${customers}/export`, asked)}>
					{t("export")}</a>}
				{may("customers.write") && <>
					<Link to="/customers/import" className="btn btn-sm">
						{t("import")}</Link>
					<Link to="/customers/new" className="btn btn-primary btn-sm">
						{t("new")}</Link></>}
			</>} />
			<DataTable<Row> key={drawn} name="customers" label={t("customers")}
				path={customers} columns={columns} filters={fields}
				rowKey={(row) => row.id} rowName={nameOf}
				to={(row) => `/customers/${row.id}`} bulk={bulk}
				empty={t("none")} tools={<Views list="customers" names={names}
					drawn={() => setDrawn(drawn + 1)} />}
				rowClass={(row) => row.state === "active" ? "" : "italic"} />
			{tagging && <TagDialog rows={tagging}
				close={() => setTagging(undefined)}
				act={(tag) => change("tag", tagging, tag)} />}
		</>
	);
}
