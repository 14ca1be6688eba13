// SPDX-License-Identifier: ISC
// Sheets of counting.
import { useState } from "react";
import { useNavigate } from "react-router";
import type { Schemas } from "../../../api/client";
import { useText } from "../../../i18n";
import { Dialog } from "../../components/Confirm";
import { DataTable } from "../../components/DataTable";
import { PageHead } from "../../components/PageHead";
import { RecordForm, type FieldSpec } from "../../components/RecordForm";
import { Badge, When } from "../../components/Shown";
import { send, type Versioned } from "../../record";
import { useMay } from "../../session";
import { branchOptions, useTree } from "../products/catalog";
import { base, placeOptions, useLocations } from "./stock";

export type Count = Schemas["Count"];
export const counts = `${base}/counts`;
const states = ["open", "closed", "cancelled"] as const;

function New({ close }: { close: () => void }) {
	const t = useText("panel_inventory");
	const navigate = useNavigate();
	const fields: FieldSpec[] = [
		{ name: "location", label: t("location"), kind: "select",
			required: true, options: placeOptions(useLocations().data) },
		{ name: "category", label: t("category"), kind: "select",
			options: branchOptions(useTree().data?.items),
			hint: t("category.hint") },
		{ name: "note", label: t("note"), max: 500, empty: "", wide: true },
	];
	return (
		<Dialog title={t("count.new")} close={close}>
			<RecordForm<Versioned<Count>> name="count" fields={fields}
				stored={{ location: "main" }} anyway cancel={close}
				act={t("count.open")} done=""
				save={({ values }) => send<Count>("POST", counts, values)}
				saved={({ data }) => void navigate(
					`/inventory/counts/${data.id}`)} />
		</Dialog>
	);
}

export default function Counts() {
	const t = useText("panel_inventory");
	const write = useMay("inventory.write");
	const [open, setOpen] = useState(false);
	return (
		<>
			<PageHead title={t("counts")} back={[{ to: "/inventory",
				text: t("inventory") }]} actions={write && <button
				type="button" className="btn btn-primary btn-sm"
				onClick={() => setOpen(true)}>{t("count.new")}</button>} />
			<DataTable<Count> name="counts" path={counts} label={t("counts")}
				rowKey={(c) => c.id} rowName={(c) => `C-${c.number}`}
				to={(c) => `/inventory/counts/${c.id}`} empty={t("none")}
				filters={[{ name: "state", kind: "select", label: t("state"),
					options: states.map((one) =>
						[one, t(`count.${one}`)]) }]}
				columns={[
					{ key: "number", title: t("number"), always: true,
						cell: (c) => `C-${c.number}` },
					{ key: "state", title: t("state"), cell: (c) => <Badge
						state={c.state === "closed" ? "done" : c.state}
						text={t(`count.${c.state}`)} /> },
					{ key: "location", title: t("location"),
						cell: (c) => c.location.name },
					{ key: "category", title: t("category"),
						cell: (c) => c.category ?? t("all") },
					{ key: "counted", title: t("counted"), figure: true,
						cell: (c) => `${c.counted} / ${c.line_count}` },
					{ key: "different", title: t("different"), figure: true,
						cell: (c) => c.different },
					{ key: "at", title: t("when"),
						cell: (c) => <When at={c.opened_at} /> },
				]} />
			{open && <New close={() => setOpen(false)} />}
		</>
	);
}
