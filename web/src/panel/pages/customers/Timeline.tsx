// SPDX-License-Identifier: ISC
// All that happened with a customer, the latest first; older things come when
// they are asked for, newer ones by themselves.
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { call, type Schemas } from "../../../api/client";
import { Failure } from "../../../components/Failure";
import { useText } from "../../../i18n";
import { When } from "../../components/Shown";
import { customers } from "./customer";
import { leadsTo, useSaying } from "./saying";

type Part = Schemas["Timeline"];

export function Timeline({ id }: { id: string }) {
	const t = useText("panel_customers");
	const saying = useSaying();
	const [kind, setKind] = useState("");
	const word = (name: string) => {
		const known = t(`kind.${name}` as "kind.note");
		return known.startsWith("kind.") ? name : known;
	};
	const path = `${customers}/${id}/timeline`;
	const list = useInfiniteQuery({ queryKey: ["timeline", id, kind],
		initialPageParam: "", refetchInterval: 60_000,
		queryFn: ({ pageParam, signal }) => call<Part>(`${path}?limit=30${
			kind ? `&kinds=${kind}` : ""}${pageParam
			? `&before=${pageParam}` : ""}`, { signal }),
		getNextPageParam: ({ older }) => older ?? undefined });
	const entries = list.data?.pages.flatMap(({ items }) => items) ?? [];
	const kinds = list.data?.pages[0]?.kinds ?? [];
	return (
		<section aria-labelledby="timeline">
			<div className="mb-3 flex flex-wrap items-center gap-3">
				<h2 id="timeline">{t("timeline")}</h2>
				<select className="select select-sm ml-auto w-auto"
					aria-label={t("timeline.kind")} value={kind}
					onChange={({ target }) => setKind(target.value)}>
					<option value="">{t("timeline.all")}</option>
					{kinds.map((one) => <option key={one} value={one}>
						{word(one)}</option>)}
				</select>
			</div>
			{list.error && <Failure error={list.error} retry={list.refetch} />}
			{list.isPending && <div className="skeleton h-24 w-full" />}
			<ol className="space-y-2 border-l-2 border-base-300 pl-4">
				{entries.map((entry) => {
					const to = leadsTo(entry);
					return (
						<li key={entry.key} className="text-sm">
							<span className="font-semibold">
								{word(entry.kind)}</span>{" "}
							<When at={entry.at} />
							{entry.by && <> · {entry.by.name}</>}
							<div className="wrap-anywhere whitespace-pre-wrap">
								{to ? <Link to={to} className="link">
									{saying(entry)}</Link> : saying(entry)}
							</div>
						</li>
					);
				})}
			</ol>
			{list.data && entries.length === 0 && <p>{t("timeline.none")}</p>}
			{list.hasNextPage && <button type="button" className="btn btn-sm mt-3"
				disabled={list.isFetchingNextPage}
				onClick={() => void list.fetchNextPage()}>
				{t("timeline.older")}</button>}
		</section>
	);
}
