// SPDX-License-Identifier: ISC
// One return: let it come or not, and when it came count each piece.
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useParams } from "react-router";
import { Failure } from "../../../components/Failure";
import { Check, TextArea } from "../../../components/Field";
import { Quantity } from "../../../components/Quantity";
import { PageSkeleton } from "../../../components/Skeletons";
import { useText } from "../../../i18n";
import { PageHead } from "../../components/PageHead";
import { Badge, When } from "../../components/Shown";
import { send, useRecord } from "../../record";
import { useMay } from "../../session";
import { Doing } from "./dialogs";
import { returns, useCounts, type Return } from "./orders";

interface Asking {
	of: Return;
	act: (path: string, body: unknown) => Promise<unknown>;
	close: () => void;
}

function Decide({ of, act, close, decision }: Asking & {
	decision: "approve" | "refuse" }) {
	const t = useText("panel_orders");
	const [note, setNote] = useState("");
	return (
		<Doing title={`${of.order.number}/${of.number}`} done={t("done")}
			act={t(`return.${decision}`)} danger={decision === "refuse"}
			close={close} ready={decision === "approve" || !!note.trim()}
			run={() => act("decision", { decision, ...note ? { note } : {} })}>
			<TextArea label={t("note.shown")} name="note" rows={3}
				maxLength={1000} required={decision === "refuse"} value={note}
				onChange={({ target }) => setNote(target.value)} />
		</Doing>
	);
}

function Receive({ of, act, close }: Asking) {
	const t = useText("panel_orders");
	const [counts, set] = useState<Record<string, [number, number]>>(
		Object.fromEntries(of.lines.map((line) =>
			[line.line_id, [line.quantity, 0]])));
	const [shipping, setShipping] = useState(false);
	const [note, setNote] = useState("");
	const lines = Object.entries(counts).filter(([, [a, b]]) => a + b > 0)
		.map(([line_id, [whole, damaged]]) => ({ line_id, whole, damaged }));
	return (
		<Doing title={t("return.receive")} act={t("return.receive.act")}
			done={t("refund.gone")} close={close} ready={lines.length > 0}
			run={() => act("receipt", { lines, shipping,
				...note ? { note } : {} })}>
			<ul className="mb-4">{of.lines.map((line) => {
				const [whole, damaged] = counts[line.line_id] ?? [0, 0];
				return (
					<li key={line.line_id} className="border-b
						border-base-300 py-2">
						<p className="wrap-anywhere">{line.quantity} ×{" "}
							{line.name}</p>
						<div className="flex flex-wrap gap-4">
							<div className="text-sm">{t("whole")}{" "}
								<Quantity small least={0}
									of={`${line.name}: ${t("whole")}`}
									most={line.quantity - damaged}
									value={whole} set={(n) => set({ ...counts,
										[line.line_id]: [n, damaged] })} />
							</div>
							<div className="text-sm">{t("damaged")}{" "}
								<Quantity small least={0}
									of={`${line.name}: ${t("damaged")}`}
									most={line.quantity - whole}
									value={damaged} set={(n) => set({
										...counts, [line.line_id]:
											[whole, n] })} /></div>
						</div>
					</li>
				);
			})}</ul>
			<p className="mb-3 text-sm">{t("return.receive.text")}</p>
			<Check label={t("refund.shipping")} name="shipping"
				checked={shipping} onChange={({ target }) =>
					setShipping(target.checked)} />
			<TextArea label={t("note.shown")} name="note" rows={2}
				maxLength={1000} value={note} onChange={({ target }) =>
					setNote(target.value)} />
		</Doing>
	);
}

export default function ReturnPage() {
	const { id = "" } = useParams();
	const t = useText("panel_orders");
	const client = useQueryClient();
	const [write, refund] = [useMay("orders.write"), useMay("orders.refund")];
	const { data, error, refetch } = useRecord<Return>(`${returns}/${id}`);
	const [asked, ask] = useState<"approve" | "refuse" | "receive">();
	useCounts();
	const one = data?.data;
	if (error)
		return <><PageHead title={t("return")} />
			<Failure error={error} retry={refetch} /></>;
	if (!one)
		return <PageSkeleton />;
	const act = async (path: string, body: unknown) => {
		await send("POST", `${returns}/${id}/${path}`, body, data.etag);
		await Promise.all([["record"], ["list"], ["orders", "counts"]].map(
			(queryKey) => client.invalidateQueries({ queryKey })));
	};
	const asking = { of: one, act, close: () => ask(undefined) };
	return (
		<>
			<PageHead title={`${one.order.number}/${one.number}`}
				back={[{ to: "/returns", text: t("returns") }]}
				beside={<Badge state={one.state}
					text={t(`return.${one.state}`)} />} actions={<>
					{write && one.state === "requested" && <button
						type="button" className="btn btn-sm btn-primary"
						onClick={() => ask("approve")}>
						{t("return.approve")}</button>}
					{refund && one.state === "approved" && <button
						type="button" className="btn btn-sm btn-primary"
						onClick={() => ask("receive")}>
						{t("return.receive")}</button>}
					{write && ["requested", "approved"].includes(one.state) &&
						<button type="button" className="btn btn-sm"
							onClick={() => ask("refuse")}>
							{t("return.refuse")}</button>}
				</>} />
			<p className="mb-4"><Link className="link"
				to={`/orders/${one.order.id}`}>{one.order.number}</Link>{" · "}
				{one.order.name || one.order.email}{" · "}
				<When at={one.requested_at} exact /></p>
			{one.note && <p className="mb-4 rounded-box bg-base-200 p-3
				whitespace-pre-wrap">{one.note}</p>}
			<section className="overflow-x-auto" aria-label={t("lines")}
				tabIndex={0}>
				<table className="table"><thead><tr>
					<th>{t("article")}</th>
					<th className="text-right">{t("pieces")}</th>
					<th>{t("reason")}</th>
					<th className="text-right">{t("whole")}</th>
					<th className="text-right">{t("damaged")}</th>
				</tr></thead><tbody>{one.lines.map((line) => (
					<tr key={line.line_id}>
						<td className="min-w-28">{line.name}
							<span className="block text-sm opacity-80">
								{line.sku}</span></td>
						<td className="text-right">{line.quantity}</td>
						<td className="min-w-28">{line.reason}</td>
						<td className="text-right">{one.state === "received"
							? line.whole : "–"}</td>
						<td className="text-right">{one.state === "received"
							? line.damaged : "–"}</td>
					</tr>))}</tbody></table>
			</section>
			{one.decision_note && <p className="mt-4">{one.decision_note}</p>}
			{(asked === "approve" || asked === "refuse") &&
				<Decide {...asking} decision={asked} />}
			{asked === "receive" && <Receive {...asking} />}
		</>
	);
}
