// SPDX-License-Identifier: ISC
// One deal, new or stored: its form and what became of it.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "react-router";
import { call, type Schemas } from "../../../api/client";
import { Failure, useProblemText } from "../../../components/Failure";
import { useToast } from "../../../components/Toasts";
import { money, useText } from "../../../i18n";
import { Dialog, useConfirm } from "../../components/Confirm";
import { RecordForm } from "../../components/RecordForm";
import { When } from "../../components/Shown";
import type { FieldSpec, Values } from "../../components/fields";
import { useRows } from "../../list";
import { fetchRecord, filled, send, useRecord, type Versioned } from "../../record";
import { useMay, useMays } from "../../session";
import type { Deal } from "./companies";
import { Pick, type Picked } from "./Pick";

type Stage = Schemas["Stage"];

const flat = (deal: Deal) => ({ ...deal, owner_id: deal.owner?.id ?? "",
	stage_id: deal.stage.id,
	order: deal.order && { ...deal.order, name: deal.order.number } });
const flatten = ({ data, etag }: Versioned<Deal>) =>
	({ data: flat(data), etag });

/** What was picked is sent by its id. */
const sent = (values: Values): Values => Object.fromEntries(
	Object.entries(values).map(([name, value]) =>
		["company", "customer", "order"].includes(name)
			? [`${name}_id`, (value as Picked | null)?.id ?? null]
			: [name, value]));

function useDealFields(stages: Stage[], currency: string): FieldSpec[] {
	const t = useText("panel_companies");
	const may = useMays();
	const { data } = useQuery({ queryKey: ["assignees"], staleTime: 60_000,
		enabled: may("tasks.read"), queryFn: () =>
			call<Schemas["TaskAssigneeList"]>("/api/tasks/assignees") });
	const paths = { company: "/api/desk/companies",
		customer: "/api/desk/customers", order: "/api/orders/manage" };
	const pick = (name: keyof typeof paths): FieldSpec => ({ name,
		label: t(name), kind: "own",
		show: (value) => (value as Picked | null)?.name ?? "–",
		draw: ({ value, set, error, fixed }) => <Pick label={t(name)}
			path={paths[name]} value={value as Picked | null}
			set={set} error={error} fixed={fixed} /> });
	return [
		{ name: "title", label: t("deal.title"), required: true, max: 200,
			wide: true },
		...may("companies.read") ? [pick("company")] : [],
		...may("customers.read") ? [pick("customer")] : [],
		{ name: "value", label: t("value", { currency }), kind: "money",
			currency, min: 0 },
		{ name: "expected_close", label: t("close.expected"), kind: "date" },
		{ name: "stage_id", label: t("stage"), kind: "select", required: true,
			options: stages.map(({ id, name }) => [id, name]) },
		{ name: "lost_reason", label: t("lost.reason"), max: 500,
			required: true, empty: "", when: ({ stage_id: id }) =>
				stages.find((one) => one.id === id)?.kind === "lost" },
		...data ? [{ name: "owner_id", label: t("owner"),
			kind: "select" as const, options: data.items.map(
				({ id, name }) => [id, name] as const) }] : [],
		...may("orders.read") ? [pick("order")] : [],
		{ name: "notes", label: t("notes"), kind: "textarea", max: 5000,
			empty: "" },
	];
}

function History({ path }: { path: string }) {
	const t = useText("panel_companies");
	const list = useRows<Schemas["DealEvent"]>(`${path}/events`, {});
	const value = (kind: string, said: string | null) => {
		const [amount, currency] = (said ?? "").split(" ");
		return said === null ? "–" : kind === "value" && currency
			? money({ amount: Number(amount), currency }) : said;
	};
	return (
		<details className="mt-4">
			<summary className="cursor-pointer font-semibold">
				{t("history")}</summary>
			<ol className="mt-2 space-y-1 text-sm">
				{list.rows?.map(({ id, kind, from, to, by, at }) => (
					<li key={id}><When at={at} exact /> · {by?.name ?? "–"} ·{" "}
						{t(`event.${kind}`)}{" "}{kind !== "created" &&
							`${value(kind, from)} → `}{value(kind, to)}</li>
				))}
			</ol>
			{list.hasNextPage && <button type="button"
				className="btn btn-ghost btn-sm"
				onClick={() => void list.fetchNextPage()}>{t("more")}</button>}
		</details>
	);
}

export function DealDialog({ id, stages, currency, close, changed, open }: {
	id: string | null; stages: Stage[]; currency: string; close: () => void;
	changed: () => Promise<unknown>; open: (id: string) => void;
}) {
	const t = useText("panel_companies");
	const client = useQueryClient();
	const may = useMay("deals.write");
	const tasks = useMay("tasks.write");
	const orders = useMay("orders.read");
	const toast = useToast();
	const problem = useProblemText();
	const [question, confirm] = useConfirm();
	const path = `/api/desk/deals/${id}`;
	const record = useRecord<Deal>(path, id !== null);
	const deal = record.data?.data;
	const fields = useDealFields(stages,
		deal?.value?.currency ?? currency);
	const first = stages.find(({ kind }) => kind === "open");
	const remove = async () => {
		if (!await confirm({ title: t("remove.title",
			{ name: deal!.title }), act: t("remove"), danger: true }))
			return;
		try {
			await send("DELETE", path, undefined, record.data?.etag);
			await changed();
			close();
		} catch (error) {
			toast(problem(error), "error");
		}
	};
	return (
		<Dialog wide title={t(id === null ? "deal.new" : "deal")} close={close}>
			{id === null ? <RecordForm name="deal" fields={fields}
				stored={{ stage_id: first?.id ?? "" }} cancel={close}
				act={t("deal.make")}
				save={({ values }) => send<Deal>("POST", "/api/desk/deals",
					filled(sent(values)))}
				saved={({ data }) => {
					void changed();
					open(data.id);
				}} />
				: record.error ? <Failure error={record.error}
					retry={() => record.refetch()} />
				: !deal ? <div className="skeleton h-64" /> : <>
					<div className="mb-4 flex flex-wrap gap-x-4 text-sm">
						<span>#{deal.number}</span>
						<When at={deal.created_at} />
						{deal.order && orders && <Link className="link"
							to={`/orders/${deal.order.id}`}>
							{deal.order.number}</Link>}
						{tasks && <Link className="link" to={`/tasks?new=1&` +
							`deal_id=${id}`}>{t("task.new")}</Link>}
					</div>
					<RecordForm name="deal" id={id} stored={flat(deal)}
						etag={record.data?.etag} fields={fields} fixed={!may}
						save={async ({ changes, etag }) => flatten(
							await send<Deal>("PATCH", path, sent(changes),
								etag))}
						fetch={async () => flatten(
							await fetchRecord<Deal>(path))}
						saved={(now) => {
							client.setQueryData(["record", path], now);
							void changed();
							void client.invalidateQueries({
								queryKey: ["list", `${path}/events`] });
						}} />
					<History path={path} />
					<div className="modal-action">
						{may && <button type="button" className="btn btn-error
							btn-soft mr-auto" onClick={() => void remove()}>
							{t("remove")}</button>}
						<button type="button" className="btn"
							onClick={close}>{t("close")}</button>
					</div>
					{question}
				</>}
		</Dialog>
	);
}
