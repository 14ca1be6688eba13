// SPDX-License-Identifier: ISC
// Customers who may be the same person: to be merged, or said to be two.
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { call, type Schemas } from "../../../api/client";
import { Failure, useProblemText } from "../../../components/Failure";
import { useToast } from "../../../components/Toasts";
import { useText } from "../../../i18n";
import { PageHead } from "../../components/PageHead";
import { Money } from "../../components/Shown";
import { send } from "../../record";
import { useMays } from "../../session";
import { nameOf, type Row } from "./customer";
import { Merge } from "./Merge";

type Pair = Schemas["DoublePair"];

function Side({ one }: { one: Row }) {
	const t = useText("panel_customers");
	return (
		<div className="min-w-52 flex-1">
			<Link to={`/customers/${one.id}`} className="link font-medium">
				{nameOf(one)}</Link> #{one.number}
			<div className="text-sm wrap-anywhere">{one.email ?? "–"}
				{one.phone && <> · {one.phone}</>}</div>
			<div className="text-sm">{t.count("orders.count", one.orders)}
				{" · "}<Money of={one.spent} /></div>
		</div>
	);
}

export function Pairs({ of }: { of?: string }) {
	const t = useText("panel_customers");
	const may = useMays();
	const toast = useToast();
	const problem = useProblemText();
	const client = useQueryClient();
	const [merging, setMerging] = useState<Pair>();
	const list = useInfiniteQuery({ queryKey: ["doubles", of],
		initialPageParam: "", queryFn: ({ pageParam }) =>
			call<{ items: Pair[]; next: string | null }>("/api/desk/doubles?" +
				new URLSearchParams({ ...of ? { customer_id: of } : {},
					...pageParam ? { cursor: pageParam } : {} })),
		getNextPageParam: ({ next }) => next ?? undefined });
	const pairs = list.data?.pages.flatMap(({ items }) => items) ?? [];
	const again = () => client.invalidateQueries({ predicate: ({ queryKey }) =>
		["doubles", "list", "record", "timeline"].includes(
			String(queryKey[0])) });
	const refuse = (pair: Pair) => send("POST", "/api/desk/doubles/refuse",
		{ a: pair.a.id, b: pair.b.id }).then(again, (error: unknown) =>
		toast(problem(error), "error"));
	return (
		<>
			{list.error && <Failure error={list.error} retry={list.refetch} />}
			{list.data && pairs.length === 0 && !of &&
				<p>{t("doubles.none")}</p>}
			<ul className="space-y-2">{pairs.map((pair) => (
				<li key={`${pair.a.id} ${pair.b.id}`} className="flex flex-wrap
					items-center gap-4 rounded-box border border-base-300 p-3">
					<Side one={pair.a} /><Side one={pair.b} />
					<span className="text-sm">{t("doubles.same", {
						what: pair.reasons.map((one) =>
							t(`doubles.${one}`)).join(", ") })}</span>
					{may("customers.erase") && <button type="button"
						className="btn btn-sm" onClick={() => setMerging(pair)}>
						{t("merge")}</button>}
					{may("customers.write") && <button type="button"
						className="btn btn-sm" onClick={() => void refuse(pair)}>
						{t("doubles.refuse")}</button>}
				</li>))}</ul>
			{list.hasNextPage && <button type="button" className="btn btn-sm mt-3"
				onClick={() => void list.fetchNextPage()}>{t("more")}</button>}
			{merging && <Merge
				keep={merging.b.id === of || !of && merging.b.orders >
					merging.a.orders ? merging.b.id : merging.a.id}
				from={merging.b.id === of || !of && merging.b.orders >
					merging.a.orders ? merging.a.id : merging.b.id}
				close={() => setMerging(undefined)} done={() => {
					setMerging(undefined);
					toast(t("merged"));
					void again();
				}} />}
		</>
	);
}

export default function Doubles() {
	const t = useText("panel_customers");
	return (
		<>
			<PageHead title={t("doubles")} back={[{ to: "/customers",
				text: t("customers") }]} />
			<Pairs />
		</>
	);
}
