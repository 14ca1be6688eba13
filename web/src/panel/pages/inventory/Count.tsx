// SPDX-License-Identifier: ISC
// One sheet: what is counted is sent line by line, so that nothing of it is
// lost and others see it; closing corrects the stock.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useParams } from "react-router";
import { call, type Schemas } from "../../../api/client";
import { problemOf } from "../../../api/problem";
import { Failure, useProblemText } from "../../../components/Failure";
import { PageSkeleton } from "../../../components/Skeletons";
import { useToast } from "../../../components/Toasts";
import { useText } from "../../../i18n";
import { useConfirm } from "../../components/Confirm";
import { DataTable, type Column } from "../../components/DataTable";
import { PageHead } from "../../components/PageHead";
import { Badge } from "../../components/Shown";
import { send, useRecord } from "../../record";
import { useMay } from "../../session";
import { counts, type Count } from "./Counts";
import { VariantName } from "./Paper";

type Line = Schemas["CountLine"];

const signed = (value: number | null) =>
	value === null ? "–" : value > 0 ? `+${value}` : String(value);

function Entry({ line, path, done }: { line: Line; path: string;
	done: () => void }) {
	const t = useText("panel_inventory");
	const toast = useToast();
	const problem = useProblemText();
	const stored = line.counted === null ? "" : String(line.counted);
	const [typed, setTyped] = useState(stored);
	useEffect(() => setTyped(stored), [stored]);
	const save = useMutation({
		mutationFn: () => call(`${path}/lines`, { method: "PUT",
			body: JSON.stringify({ lines: [{ sku: line.variant.sku,
				counted: typed === "" ? null : Number(typed),
				was: line.counted }] }) }),
		onSuccess: done,
		// Another counted it meanwhile: theirs is shown.
		onError: (error) => {
			toast(problem(error), "error");
			if (problemOf(error)?.status === 412) {
				setTyped(stored);
				done();
			}
		},
	});
	const leave = () => typed !== stored && save.mutate();
	return <input type="number" min={0} step={1} value={typed}
		className="input input-sm w-24 text-right" disabled={save.isPending}
		aria-label={t("line.count", { sku: line.variant.sku })}
		onChange={({ target }) => setTyped(target.value)} onBlur={leave}
		onKeyDown={(event) => {
			if (event.key !== "Enter")
				return;
			event.preventDefault();
			// On to the next line's field.
			const all = [...document.querySelectorAll<HTMLElement>(
				"tbody input[type=number]")];
			(all[all.indexOf(event.currentTarget) + 1] ??
				event.currentTarget).focus();
			event.currentTarget.blur();
		}} />;
}

function useLineColumns(open: boolean, path: string, done: () => void):
	Column<Line>[] {
	const t = useText("panel_inventory");
	return [
		{ key: "sku", title: t("sku"), always: true,
			cell: (l) => l.variant.sku },
		{ key: "name", title: t("name"),
			cell: (l) => <VariantName of={l.variant} /> },
		{ key: "counted", title: t("counted"), figure: true, always: true,
			cell: (l) => open ? <Entry line={l} path={path} done={done} />
				: l.counted ?? "–" },
		{ key: "then", title: t("then"), figure: true,
			cell: (l) => l.on_hand_then ?? "–" },
		{ key: "difference", title: t("difference"), figure: true,
			cell: (l) => <span className={l.difference
				? "font-semibold" : ""}>{signed(l.difference)}</span> },
		{ key: "moved", title: t("moved"), figure: true,
			cell: (l) => signed(l.moved_since) },
		{ key: "becomes", title: t("becomes"), figure: true,
			cell: (l) => l.becomes ?? "–" },
		{ key: "who", title: t("who"), extra: true,
			cell: (l) => l.by?.name ?? "–" },
	];
}

function Ends({ count, etag, again }: { count: Count; etag?: string;
	again: () => void }) {
	const t = useText("panel_inventory");
	const toast = useToast();
	const problem = useProblemText();
	const [dialog, confirm] = useConfirm();
	const end = useMutation({
		mutationFn: (act: string) => send("POST",
			`${counts}/${count.id}/${act}`, undefined, etag),
		onSuccess: () => toast(t("saved")),
		onError: (error) => toast(problemOf(error)?.status === 412
			? t("count.went_on") : problem(error), "error"),
		onSettled: again,
	});
	const ask = async (act: "close" | "cancel") => {
		if (await confirm({ title: t(`count.${act}`),
			text: act === "close" ? t("count.close.text", {
				different: count.different,
				open: count.line_count - count.counted }) : undefined,
			act: t(`count.${act}`), danger: act === "cancel" }))
			end.mutate(act);
	};
	return (
		<>
			{dialog}
			<button type="button" className="btn btn-sm"
				disabled={end.isPending} onClick={() => void ask("cancel")}>
				{t("count.cancel")}</button>
			<button type="button" className="btn btn-primary btn-sm"
				disabled={end.isPending || count.counted === 0}
				onClick={() => void ask("close")}>{t("count.close")}</button>
		</>
	);
}

export default function CountPage() {
	const t = useText("panel_inventory");
	const client = useQueryClient();
	const { id = "" } = useParams();
	const write = useMay("inventory.write");
	const path = `${counts}/${id}`;
	const { data, error, refetch } = useRecord<Count>(path);
	const open = data?.data.state === "open" && write;
	const again = () => {
		void client.invalidateQueries({ queryKey: ["record", path] });
		void client.invalidateQueries({ queryKey: ["list",
			`${path}/lines`] });
	};
	const columns = useLineColumns(open, path, again);
	if (!data)
		return error ? <Failure error={error} retry={refetch} />
			: <PageSkeleton />;
	const { data: count, etag } = data;
	return (
		<>
			<PageHead title={`C-${count.number}`} back={[
				{ to: "/inventory", text: t("inventory") },
				{ to: "/inventory/counts", text: t("counts") }]}
				beside={<Badge state={count.state === "closed" ? "done"
					: count.state} text={t(`count.${count.state}`)} />}
				actions={open && <Ends count={count} etag={etag}
					again={again} />} />
			<p className="mb-3" role="status">{t("count.stand", {
				location: count.location.name, counted: count.counted,
				of: count.line_count, different: count.different })}</p>
			<DataTable<Line> name="count-lines" path={`${path}/lines`}
				label={t("lines")} rowKey={(l) => l.variant.variant_id}
				rowName={(l) => l.variant.sku} columns={columns}
				filters={[{ name: "q", kind: "search", label: t("search") },
					{ name: "show", kind: "select", label: t("show"),
						must: true, options: (["all", "uncounted", "counted",
							"different"] as const).map((one) =>
							[one, t(`show.${one}`)]) }]}
				standard={{ show: "all" }} empty={t("none")} />
		</>
	);
}
