// SPDX-License-Identifier: ISC
// What to order again, and why just so much.
import { useNavigate } from "react-router";
import type { Schemas } from "../../../api/client";
import { number, useText } from "../../../i18n";
import { DataTable } from "../../components/DataTable";
import { PageHead } from "../../components/PageHead";
import { useMay } from "../../session";
import { VariantName } from "./Paper";
import { base, nameOptions, useSuppliers } from "./stock";

type Proposal = Schemas["Proposal"];

export default function Reorder() {
	const t = useText("panel_inventory");
	const navigate = useNavigate();
	const write = useMay("inventory.write");
	const suppliers = useSuppliers().data;
	const why = (p: Proposal) => t.count("why", p.days, { sold: p.sold,
		days: number(p.days), per: number(p.per_day), lead: p.lead_days,
		cover: p.cover_days, low: p.low_at, needed: p.needed, hand: p.on_hand,
		reserved: p.reserved, incoming: p.incoming, pack: p.pack });
	return (
		<>
			<PageHead title={t("reorder")} back={[{ to: "/inventory",
				text: t("inventory") }]} />
			<p className="mb-3 text-sm opacity-80">{t("reorder.text")}</p>
			<DataTable<Proposal> name="reorder" path={`${base}/reorder`}
				label={t("reorder")} rowKey={(p) => p.variant.variant_id}
				rowName={(p) => p.variant.sku} empty={t("reorder.none")}
				to={(p) => `/products/${p.variant.product_id}?part=stock`}
				filters={[{ name: "supplier_id", kind: "select",
					label: t("supplier"), options: nameOptions(suppliers) },
				{ name: "days", kind: "number", label: t("window") },
				{ name: "all", kind: "check", label: t("reorder.all") }]}
				bulk={write ? [{ id: "order", name: t("reorder.order"),
					run: (rows) => navigate("/inventory/receipts", { state: {
						supplier: rows[0]?.supplier?.id,
						lines: rows.filter(({ proposed }) => proposed > 0)
							.map((p) => ({ sku: p.variant.sku,
								name: p.variant.name,
								quantity: String(p.proposed) })) } }) }] : []}
				columns={[
					{ key: "sku", title: t("sku"), always: true,
						cell: (p) => p.variant.sku },
					{ key: "name", title: t("name"),
						cell: (p) => <VariantName of={p.variant} /> },
					{ key: "supplier", title: t("supplier"),
						cell: (p) => p.supplier?.name ?? "–" },
					{ key: "per_day", title: t("perday"), figure: true,
						cell: (p) => number(p.per_day) },
					{ key: "lasts", title: t("lasts"), figure: true,
						cell: (p) => p.lasts_days === null ? "–"
							: number(p.lasts_days) },
					{ key: "there", title: t("there"), figure: true,
						cell: (p) => p.on_hand - p.reserved + p.incoming },
					{ key: "needed", title: t("needed"), figure: true,
						cell: (p) => p.needed },
					{ key: "proposed", title: t("proposed"), figure: true,
						always: true, cell: (p) => <strong>{p.proposed}
						</strong> },
					{ key: "why", title: t("why.title"), cell: (p) =>
						<span className="block min-w-56 text-xs">{why(p)}</span> },
				]} />
		</>
	);
}
