// SPDX-License-Identifier: ISC
// All that changed what is on hand, the latest first.
import { Link } from "react-router";
import type { Schemas } from "../../../api/client";
import { useText } from "../../../i18n";
import { DataTable } from "../../components/DataTable";
import { PageHead } from "../../components/PageHead";
import { When } from "../../components/Shown";
import { base, causes, kinds, placeOptions, useLocations,
	usePlaceName } from "./stock";

type Movement = Schemas["Movement"];
const papers: Record<string, string> = { receipt: "receipts",
	transfer: "transfers", count: "counts" };

function Why({ of }: { of: Movement }) {
	const words = of.reason || "–";
	const paper = of.document_id && papers[of.kind];
	return paper ? <Link className="link" to={`/inventory/${paper}/${
		of.document_id}`}>{words}</Link>
		: of.order_id ? <Link className="link" to={`/orders/${of.order_id}`}>
			{words}</Link> : <>{words}</>;
}

export default function Movements() {
	const t = useText("panel_inventory");
	const places = useLocations().data;
	const placeName = usePlaceName();
	return (
		<>
			<PageHead title={t("to.movements")} back={[{ to: "/inventory",
				text: t("inventory") }]} />
			<DataTable<Movement> name="movements" path={`${base}/movements`}
				label={t("to.movements")} rowKey={(m) => String(m.id)}
				rowName={(m) => m.sku} empty={t("none")} filters={[
					{ name: "sku", kind: "search", label: t("sku") },
					{ name: "location", kind: "select", label: t("location"),
						options: placeOptions(places) },
					{ name: "kind", kind: "select", label: t("kind"),
						options: kinds.map((one) =>
							[one, t(`kind.${one}`)]) },
					{ name: "cause", kind: "select", label: t("cause"),
						options: causes.map((one) =>
							[one, t(`cause.${one}`)]) }]}
				columns={[
					{ key: "at", title: t("when"), always: true,
						cell: (m) => <When at={m.at} /> },
					{ key: "sku", title: t("sku"), always: true,
						cell: (m) => m.sku },
					{ key: "name", title: t("name"), cell: (m) => m.name },
					{ key: "location", title: t("location"),
						cell: (m) => placeName(m.location) },
					{ key: "kind", title: t("kind"),
						cell: (m) => t(`kind.${m.kind}`) },
					{ key: "change", title: t("change"), figure: true,
						cell: (m) => m.change > 0 ? `+${m.change}`
							: m.change },
					{ key: "after", title: t("after"), figure: true,
						cell: (m) => m.on_hand_after },
					{ key: "cause", title: t("cause"), cell: (m) => m.cause
						? t(`cause.${m.cause}`) : "–" },
					{ key: "reason", title: t("note"),
						cell: (m) => <Why of={m} /> },
					{ key: "who", title: t("who"),
						cell: (m) => m.by?.name ?? "–" },
				]} />
		</>
	);
}
