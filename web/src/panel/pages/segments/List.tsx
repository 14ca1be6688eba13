// SPDX-License-Identifier: ISC
import { Link } from "react-router";
import { number, useText } from "../../../i18n";
import { DataTable } from "../../components/DataTable";
import { PageHead } from "../../components/PageHead";
import { Badge, When } from "../../components/Shown";
import { useMay } from "../../session";
import type { Segment } from "./rules";

export default function Segments() {
	const t = useText("panel_segments");
	const may = useMay("segments.write");
	return (
		<>
			<PageHead title={t("segments")} actions={may &&
				<Link to="/segments/new" className="btn btn-primary btn-sm">
					{t("new")}</Link>} />
			<DataTable<Segment> name="segments" label={t("segments")}
				path="/api/desk/segments" rowKey={({ id }) => id}
				rowName={({ name }) => name}
				to={({ id }) => `/segments/${id}`} empty={t("none")}
				filters={[{ name: "q", kind: "search", label: t("search") },
					{ name: "kind", kind: "select", label: t("kind"),
						options: [["living", t("kind.living")],
							["snapshot", t("kind.snapshot")]] }]}
				columns={[
					{ key: "name", title: t("name"), always: true,
						cell: ({ name }) => name },
					{ key: "kind", title: t("kind"), cell: ({ kind }) =>
						<Badge state={kind} text={t(`kind.${kind}`)} /> },
					{ key: "members", title: t("members"), figure: true,
						cell: ({ members }) => number(members) },
					{ key: "computed", title: t("computed"),
						cell: (row) => <When at={row.computed_at} /> },
					{ key: "promotions", title: t("promotions"), figure: true,
						cell: ({ promotions }) => number(promotions) },
					{ key: "about", title: t("about"), extra: true,
						cell: ({ about }) => about },
				]} />
		</>
	);
}
