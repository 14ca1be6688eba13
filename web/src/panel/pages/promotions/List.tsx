// SPDX-License-Identifier: ISC
import { Link } from "react-router";
import { number, useText } from "../../../i18n";
import { DataTable } from "../../components/DataTable";
import { PageHead } from "../../components/PageHead";
import { Badge, Money, When } from "../../components/Shown";
import { useMay } from "../../session";
import { formOf, path, useSentence, type Promotion } from "./promotion";

const states = ["running", "scheduled", "ended", "off"] as const;
const kinds = ["percent", "amount", "free_shipping", "buy_x_get_y", "gift"] as
	const;

export default function Promotions() {
	const t = useText("panel_promotions");
	const says = useSentence();
	const may = useMay("promotions.write");
	return (
		<>
			<PageHead title={t("promotions")} actions={may &&
				<Link to="/promotions/new" className="btn btn-primary btn-sm">
					{t("new")}</Link>} />
			<DataTable<Promotion> name="promotions" label={t("promotions")}
				path={path} rowKey={({ id }) => id}
				rowName={({ name }) => name} empty={t("none")}
				to={({ id }) => `/promotions/${id}`}
				rowClass={({ state }) => state === "off" || state === "ended"
					? "opacity-70" : ""}
				filters={[{ name: "q", kind: "search", label: t("search") },
					{ name: "state", kind: "select", label: t("state"),
						options: states.map((state) =>
							[state, t(`state.${state}`)] as const) },
					{ name: "kind", kind: "select", label: t("kind"),
						options: kinds.map((kind) =>
							[kind, t(`kind.${kind}`)] as const) },
					{ name: "needs_coupon", kind: "check",
						label: t("needs_coupon") }]}
				columns={[
					{ key: "name", title: t("name"), always: true,
						cell: ({ name }) => name },
					{ key: "state", title: t("state"), cell: ({ state }) =>
						<Badge state={state} text={t(`state.${state}`)} /> },
					{ key: "does", title: t("does"), cell: (p) =>
						says(formOf(p), p.segment?.name) },
					{ key: "orders", title: t("orders"), figure: true,
						cell: ({ orders }) => number(orders) },
					{ key: "given", title: t("given"), figure: true,
						cell: ({ given }) => <Money of={given} /> },
					{ key: "ends", title: t("ends"), extra: true,
						cell: (p) => <When at={p.ends_at} /> },
					{ key: "group", title: t("stacking_group"), extra: true,
						cell: (p) => `${p.stacking_group} (${p.priority})` },
				]} />
		</>
	);
}
