// SPDX-License-Identifier: ISC
// The pipeline: deals by stage, what they are worth, and one that is open.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { call, type Schemas } from "../../../api/client";
import { Failure, useProblemText } from "../../../components/Failure";
import { useToast } from "../../../components/Toasts";
import { useText } from "../../../i18n";
import { useActions } from "../../actions";
import { Board } from "../../components/Board";
import { FilterBar } from "../../components/FilterBar";
import { PageHead } from "../../components/PageHead";
import { Money, When } from "../../components/Shown";
import { useFilters, withQuery } from "../../list";
import { send } from "../../record";
import { useMay } from "../../session";
import { DealDialog } from "./DealDialog";
import { LostDialog } from "./LostDialog";
import { StagesDialog } from "./StagesDialog";
import type { Deal } from "./companies";

function Card({ deal, open }: { deal: Deal; open: (id: string) => void }) {
	return (
		<>
			<button type="button" className="link link-hover wrap-anywhere
				cursor-pointer text-left font-medium"
				onClick={() => open(deal.id)}>{deal.title}</button>
			<div className="mt-1 flex flex-wrap gap-x-2 text-sm">
				{deal.value && <Money of={deal.value} />}
				<span>{deal.company?.name ?? deal.customer?.name}</span>
				{deal.owner && <span>{deal.owner.name}</span>}
				{deal.expected_close && <When at={deal.expected_close} day />}
			</div>
		</>
	);
}

type Column = Schemas["DealBoard"]["columns"][number];

function Sums({ column }: { column: Column }) {
	const t = useText("panel_companies");
	return (
		<div className="text-sm">
			<div>{t.count("deals", column.count)}</div>
			{column.sums.map(({ value, weighted }) => (
				<div key={value.currency}><Money of={value} />{column.stage.kind
					=== "open" && <> · {t("weighted")} <Money of={weighted} />
				</>}</div>
			))}
		</div>
	);
}

export default function Deals() {
	const t = useText("panel_companies");
	const may = useMay("deals.write");
	const toast = useToast();
	const problem = useProblemText();
	const client = useQueryClient();
	const [query, setQuery] = useSearchParams();
	const [stages, setStages] = useState(false);
	const [losing, setLosing] = useState<(why: string | null) => void>();
	const { filters, set } = useFilters(["q", "mine", "limit"],
		{ limit: "50" });
	const board = useQuery({ queryKey: ["deals", "board", filters],
		queryFn: ({ signal }) => call<Schemas["DealBoard"]>(
			withQuery("/api/desk/deals/board", filters), { signal }),
		placeholderData: (before) => before });
	const go = (id: string | null) => setQuery((now) => {
		const next = new URLSearchParams(now);
		if (id === null)
			next.delete("deal");
		else
			next.set("deal", id);
		return next;
	}, { preventScrollReset: true });
	const changed = () => Promise.all([["deals"], ["list",
		"/api/desk/deals"]].map((queryKey) =>
		client.invalidateQueries({ queryKey })));
	useActions(may ? [{ id: "deal", name: t("deal.new"), key: "n",
		run: () => go("new") }] : []);
	const move = async (deal: Deal, stage: string, after: string | null) => {
		const to = board.data!.columns.find((one) => one.stage.id === stage)!;
		const why = to.stage.kind === "lost" && deal.stage.kind !== "lost"
			? await new Promise<string | null>((done) =>
				setLosing(() => done)) : undefined;
		setLosing(undefined);
		if (why === null)
			return;
		try {
			await send("PATCH", `/api/desk/deals/${deal.id}`,
				{ stage_id: stage, after_id: after,
					...why ? { lost_reason: why } : {} }, `"${deal.version}"`);
		} catch (error) {
			toast(problem(error), "error");
		}
		await changed();
	};
	const open = query.get("deal");
	return (
		<>
			<PageHead title={t("pipeline")} actions={may && <>
				<button type="button" className="btn btn-sm"
					onClick={() => setStages(true)}>{t("stages")}</button>
				<button type="button" className="btn btn-primary btn-sm"
					onClick={() => go("new")}>{t("deal.new")}</button></>} />
			<div className="mb-3 flex flex-wrap items-end gap-2">
				<FilterBar filters={filters} set={set} fields={[
					{ name: "q", kind: "search", label: t("deals.search") },
					{ name: "mine", kind: "check", label: t("deals.mine") },
				]} />
			</div>
			{board.error && <Failure error={board.error}
				retry={() => board.refetch()} />}
			{board.data && <Board<Deal> label={t("pipeline")}
				empty={t("deals.none.here")} itemKey={({ id }) => id}
				itemName={({ title }) => title} move={may ? move : undefined}
				card={(deal) => <Card deal={deal} open={go} />}
				columns={board.data.columns.map((column) => ({
					id: column.stage.id, title: column.stage.name,
					items: column.items, beside: <Sums column={column} />,
					foot: column.next && Number(filters.limit) < 100 &&
						<button type="button" className="btn btn-ghost btn-sm"
							onClick={() => set({ limit: "100" })}>
							{t("more")}</button> }))} />}
			{open && (open !== "new" || may) && board.data && <DealDialog
				key={open} id={open === "new" ? null : open}
				currency={board.data.currency}
				stages={board.data.columns.map(({ stage }) => stage)}
				close={() => go(null)} changed={changed} open={go} />}
			{stages && board.data && <StagesDialog close={() => setStages(false)}
				stages={board.data.columns.map(({ stage }) => stage)}
				changed={changed} />}
			{losing && <LostDialog answer={losing} />}
		</>
	);
}
