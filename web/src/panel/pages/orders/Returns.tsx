// SPDX-License-Identifier: ISC
// What comes back: all returns, newest first.
import { useText } from "../../../i18n";
import { DataTable, type Column } from "../../components/DataTable";
import { PageHead } from "../../components/PageHead";
import { Badge, When } from "../../components/Shown";
import { returns, useCounts, type Return } from "./orders";

export const returnStates = ["requested", "approved", "refused",
	"received"] as const;

export default function Returns() {
	const t = useText("panel_orders");
	useCounts();
	const columns: Column<Return>[] = [
		{ key: "number", title: t("number"), always: true,
			cell: (row) => `${row.order.number}/${row.number}` },
		{ key: "at", title: t("return.asked"),
			cell: (row) => <When at={row.requested_at} /> },
		{ key: "who", title: t("customer"), cell: (row) =>
			<span className="wrap-anywhere">{row.order.name ||
				row.order.email}</span> },
		{ key: "pieces", title: t("pieces"), figure: true, cell: (row) =>
			row.lines.reduce((n, { quantity }) => n + quantity, 0) },
		{ key: "state", title: t("state"), cell: (row) =>
			<Badge state={row.state} text={t(`return.${row.state}`)} /> },
	];
	return (
		<>
			<PageHead title={t("returns")}
				back={[{ to: "/orders", text: t("orders") }]} />
			<DataTable<Return> name="returns" path={returns}
				label={t("returns")} rowKey={(row) => row.id}
				rowName={(row) => `${row.order.number}/${row.number}`}
				to={(row) => `/returns/${row.id}`} columns={columns}
				filters={[{ name: "state", kind: "select", label: t("state"),
					options: returnStates.map((one) =>
						[one, t(`return.${one}`)]) }]}
				empty={t("returns.empty")} />
		</>
	);
}
