// SPDX-License-Identifier: ISC
// What goes from place to place.
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";
import type { Schemas } from "../../../api/client";
import { useText } from "../../../i18n";
import { useActions } from "../../actions";
import { Dialog } from "../../components/Confirm";
import { DataTable } from "../../components/DataTable";
import { PageHead } from "../../components/PageHead";
import { RecordForm, type FieldSpec } from "../../components/RecordForm";
import { Badge, When } from "../../components/Shown";
import { send, type Versioned } from "../../record";
import { useMay } from "../../session";
import { LinesEditor, linesSent, type Line } from "./Lines";
import { linesShown } from "./Receipts";
import { base, placeOptions, useLocations } from "./stock";

export type Transfer = Schemas["Transfer"];
const path = `${base}/transfers`;
const states = ["sent", "received", "cancelled"] as const;

function New({ close }: { close: () => void }) {
	const t = useText("panel_inventory");
	const client = useQueryClient();
	const navigate = useNavigate();
	const options = placeOptions(useLocations().data);
	const fields: FieldSpec[] = [
		{ name: "from", label: t("from"), kind: "select", required: true,
			options },
		{ name: "to", label: t("to"), kind: "select", required: true,
			options },
		{ name: "note", label: t("note"), max: 500, empty: "", wide: true },
		{ name: "lines", label: t("lines"), kind: "own", show: linesShown,
			draw: ({ value, set, error }) => <LinesEditor set={set}
				error={error} lines={(value as Line[] | null) ?? []} /> },
	];
	return (
		<Dialog title={t("transfer.new")} wide close={close}>
			<RecordForm<Versioned<Transfer>> name="transfer" fields={fields}
				stored={{ from: "main", lines: [] }} cancel={close}
				act={t("transfer.send")} done={t("transfer.sent.done")}
				save={({ values }) => send<Transfer>("POST", path,
					{ ...values, lines: linesSent(
						(values.lines as Line[] | null) ?? []) })}
				saved={({ data }) => {
					void client.invalidateQueries({ queryKey: ["list"] });
					void navigate(`/inventory/transfers/${data.id}`);
				}} />
		</Dialog>
	);
}

export default function Transfers() {
	const t = useText("panel_inventory");
	const write = useMay("inventory.write");
	const [open, setOpen] = useState(false);
	useActions(write ? [{ id: "transfer", name: t("transfer.new"), key: "n",
		run: () => setOpen(true) }] : []);
	return (
		<>
			<PageHead title={t("transfers")} back={[{ to: "/inventory",
				text: t("inventory") }]} actions={write && <button
				type="button" className="btn btn-primary btn-sm"
				onClick={() => setOpen(true)}>{t("transfer.new")}</button>} />
			<DataTable<Transfer> name="transfers" path={path}
				label={t("transfers")} rowKey={(r) => r.id}
				rowName={(r) => `T-${r.number}`} empty={t("none")}
				to={(r) => `/inventory/transfers/${r.id}`}
				filters={[{ name: "state", kind: "select", label: t("state"),
					options: states.map((one) =>
						[one, t(`transfer.${one}`)]) }]}
				columns={[
					{ key: "number", title: t("number"), always: true,
						cell: (r) => `T-${r.number}` },
					{ key: "state", title: t("state"), cell: (r) =>
						<Badge state={r.state === "sent" ? "pending"
							: r.state === "received" ? "done" : r.state}
						text={t(`transfer.${r.state}`)} /> },
					{ key: "from", title: t("from"),
						cell: (r) => r.from.name },
					{ key: "to", title: t("to"), cell: (r) => r.to.name },
					{ key: "lines", title: t("lines"), figure: true,
						cell: (r) => r.lines.length },
					{ key: "at", title: t("when"),
						cell: (r) => <When at={r.sent_at} /> },
				]} />
			{open && <New close={() => setOpen(false)} />}
		</>
	);
}
