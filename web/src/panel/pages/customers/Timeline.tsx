// SPDX-License-Identifier: ISC
// All that happened with a customer, the latest first; older things come when
// they are asked for, newer ones by themselves.
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { call, type Schemas } from "../../../api/client";
import { Failure } from "../../../components/Failure";
import { money, useText } from "../../../i18n";
import { When } from "../../components/Shown";
import { customers } from "./customer";

type Part = Schemas["Timeline"];
type Entry = Schemas["TimelineEntry"];
type Data = Record<string, unknown>;

const text = (value: unknown) => typeof value === "string" ? value
	: typeof value === "number" ? String(value) : "";

/** What an entry says, by its kind; of kinds that this page doesn't know,
 * what they call themselves. */
function saying({ kind, data: known }: Entry): string {
	const data = known as Data;
	const total = data.total as { amount: number; currency: string } |
		undefined;
	const lines: Record<string, unknown[]> = {
		note: [data.text],
		consent: [data.purpose, data.channel, data.given ? "✓" : "✗",
			data.source],
		sign_in: [data.address],
		view: [data.name],
		mail: [data.template, data.recipient, data.state],
		merge: [`#${text(data.number)}`],
		order: [data.number, data.state, data.payment_state,
			total && money(total)],
		order_event: [data.number, data.kind, data.from && `${
			text(data.from)} → ${text(data.to)}`, data.note],
		points: [data.kind, data.points, data.reason],
		message: [data.subject, data.text],
		review: ["★".repeat(Number(data.stars)), data.product, data.title,
			data.state],
		change: [(data.fields as string[] | undefined)?.join(", ")],
		cart: [data.state, (data.lines as Data[] | undefined)?.map((line) =>
			`${text(line.quantity)} × ${text(line.name)}`).join(", ")],
	};
	return (lines[kind] ?? [data.title ?? data.name ?? data.text,
		data.status ?? data.state]).map(text).filter(Boolean).join(" · ");
}

function leadsTo({ kind, data: known }: Entry): string | undefined {
	const data = known as Data;
	const id = text(kind === "order" ? data.id : data.order_id);
	if (["order", "order_event"].includes(kind) && id)
		return `/orders/${id}`;
	if (kind === "task" && (data.id ?? data.task_id))
		return `/tasks/${text(data.id ?? data.task_id)}`;
	return undefined;
}

export function Timeline({ id }: { id: string }) {
	const t = useText("panel_customers");
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
