// SPDX-License-Identifier: ISC
// Goods received and expected.
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation, useNavigate } from "react-router";
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
import { base, nameOptions, placeOptions, useLocations, useSuppliers } from
	"./stock";

type Receipt = Schemas["Receipt"];
const path = `${base}/receipts`;
const states = ["expected", "received", "cancelled"] as const;

export const linesShown = (value: unknown) =>
	((value as Line[] | null) ?? []).map(({ sku, quantity }) =>
		`${sku} × ${quantity}`).join(", ") || "–";

function New({ lines, supplier, close }: { lines: Line[];
	supplier?: string; close: () => void }) {
	const t = useText("panel_inventory");
	const client = useQueryClient();
	const navigate = useNavigate();
	const places = useLocations().data;
	const suppliers = useSuppliers().data;
	const fields: FieldSpec[] = [
		{ name: "location", label: t("location"), kind: "select",
			required: true, options: placeOptions(places) },
		{ name: "supplier_id", label: t("supplier"), kind: "select",
			options: nameOptions(suppliers) },
		{ name: "reference", label: t("reference"), max: 100, empty: "",
			hint: t("reference.hint") },
		{ name: "note", label: t("note"), max: 500, empty: "" },
		{ name: "expected", label: t("expected.yes"), kind: "check" },
		{ name: "expected_on", label: t("expected.on"), kind: "date",
			when: (values) => values.expected === true },
		{ name: "lines", label: t("lines"), kind: "own", show: linesShown,
			draw: ({ value, set, error }) => <LinesEditor set={set}
				error={error} lines={(value as Line[] | null) ?? []} /> },
	];
	return (
		<Dialog title={t("receipt.new")} wide close={close}>
			<RecordForm<Versioned<Receipt>> name="receipt" fields={fields}
				id={lines.length ? `for-${supplier ?? ""}` : undefined}
				stored={{ location: "main", lines, supplier_id: supplier,
					expected: lines.length > 0 }} anyway cancel={close}
				done={t("receipt.done")} save={({ values }) => send<Receipt>(
					"POST", path, { ...values, lines: linesSent(
						(values.lines as Line[] | null) ?? []) })}
				saved={({ data }) => {
					void client.invalidateQueries({ queryKey: ["list"] });
					void navigate(`/inventory/receipts/${data.id}`);
				}} />
		</Dialog>
	);
}

export default function Receipts() {
	const t = useText("panel_inventory");
	const write = useMay("inventory.write");
	const given = useLocation().state as { lines?: Line[];
		supplier?: string } | null;
	const navigate = useNavigate();
	const [open, setOpen] = useState(given?.lines !== undefined);
	useActions(write ? [{ id: "receipt", name: t("receipt.new"), key: "n",
		run: () => setOpen(true) }] : []);
	return (
		<>
			<PageHead title={t("receipts")} back={[{ to: "/inventory",
				text: t("inventory") }]} actions={write && <button
				type="button" className="btn btn-primary btn-sm"
				onClick={() => setOpen(true)}>{t("receipt.new")}</button>} />
			<DataTable<Receipt> name="receipts" path={path}
				label={t("receipts")} rowKey={(r) => r.id}
				rowName={(r) => `R-${r.number}`} empty={t("none")}
				to={(r) => `/inventory/receipts/${r.id}`}
				filters={[{ name: "reference", kind: "search",
					label: t("reference") }, { name: "state",
					kind: "select", label: t("state"), options: states.map(
						(one) => [one, t(`receipt.${one}`)]) }]}
				columns={[
					{ key: "number", title: t("number"), always: true,
						cell: (r) => `R-${r.number}` },
					{ key: "state", title: t("state"), cell: (r) =>
						<Badge state={r.state === "expected" ? "pending"
							: r.state === "received" ? "done" : r.state}
						text={t(`receipt.${r.state}`)} /> },
					{ key: "supplier", title: t("supplier"),
						cell: (r) => r.supplier?.name ?? "–" },
					{ key: "reference", title: t("reference"),
						cell: (r) => r.reference || "–" },
					{ key: "location", title: t("location"),
						cell: (r) => r.location.name },
					{ key: "lines", title: t("lines"), figure: true,
						cell: (r) => r.lines.length },
					{ key: "at", title: t("when"), cell: (r) =>
						<When at={r.received_at ?? r.created_at} /> },
				]} />
			{open && <New lines={given?.lines ?? []}
				supplier={given?.supplier} close={() => {
					setOpen(false);
					if (given)
						void navigate(".", { replace: true, state: null });
				}} />}
		</>
	);
}
