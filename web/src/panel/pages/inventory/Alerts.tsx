// SPDX-License-Identifier: ISC
// What ran low; one line until it is refilled.
import type { Schemas } from "../../../api/client";
import { useText } from "../../../i18n";
import { DataTable } from "../../components/DataTable";
import { PageHead } from "../../components/PageHead";
import { Badge, When } from "../../components/Shown";
import { base, usePlaceName } from "./stock";

type Alert = Schemas["StockAlert"];

export default function Alerts() {
	const t = useText("panel_inventory");
	const placeName = usePlaceName();
	return (
		<>
			<PageHead title={t("to.low")} back={[{ to: "/inventory",
				text: t("inventory") }]} />
			<DataTable<Alert> name="alerts" path={`${base}/alerts`}
				label={t("to.low")} rowKey={(a) => String(a.id)}
				rowName={(a) => a.sku} empty={t("low.none")}
				to={(a) => `/inventory?q=${encodeURIComponent(a.sku)}`}
				standard={{ open: "true" }}
				filters={[{ name: "open", kind: "select", label: t("state"),
					must: true, options: [["true", t("low.open")],
						["false", t("low.refilled")]] }]}
				columns={[
					{ key: "sku", title: t("sku"), always: true,
						cell: (a) => a.sku },
					{ key: "name", title: t("name"), cell: (a) => a.name },
					{ key: "location", title: t("location"),
						cell: (a) => placeName(a.location) },
					{ key: "available", title: t("available"), figure: true,
						cell: (a) => a.available },
					{ key: "low_at", title: t("lowat"), figure: true,
						cell: (a) => a.low_at },
					{ key: "at", title: t("when"),
						cell: (a) => <When at={a.at} /> },
					{ key: "refilled", title: t("low.refilled"), cell: (a) =>
						a.refilled_at ? <When at={a.refilled_at} />
							: <Badge state="low" text={t("low.open")} /> },
				]} />
		</>
	);
}
