// SPDX-License-Identifier: ISC
import { useState } from "react";
import { useNavigate } from "react-router";
import { useText } from "../../../i18n";
import type { Schemas } from "../../../api/client";
import { useActions } from "../../actions";
import { Dialog } from "../../components/Confirm";
import { DataTable } from "../../components/DataTable";
import { PageHead } from "../../components/PageHead";
import { RecordForm } from "../../components/RecordForm";
import { When } from "../../components/Shown";
import { filled, send } from "../../record";
import { useMay } from "../../session";
import { useCompanyFields, type Company } from "./companies";

type Line = Schemas["CompanyLine"];

function New({ close }: { close: () => void }) {
	const t = useText("panel_companies");
	const navigate = useNavigate();
	return (
		<Dialog wide title={t("new")} close={close}>
			<RecordForm name="company" stored={{ addresses: [] }}
				fields={useCompanyFields()} cancel={close}
				save={({ values }) => send<Company>("POST",
					"/api/desk/companies", filled(values))}
				saved={({ data }) => void navigate(`/companies/${data.id}`)} />
		</Dialog>
	);
}

export default function List() {
	const t = useText("panel_companies");
	const may = useMay("companies.write");
	const deals = useMay("deals.read");
	const [making, setMaking] = useState(false);
	useActions(may ? [{ id: "company", name: t("new"), key: "n",
		run: () => setMaking(true) }] : []);
	return (
		<>
			<PageHead title={t("companies")} actions={may && <button
				type="button" className="btn btn-primary btn-sm"
				onClick={() => setMaking(true)}>{t("new")}</button>} />
			{making && <New close={() => setMaking(false)} />}
			<DataTable<Line> name="companies" path="/api/desk/companies"
				label={t("companies")} rowKey={({ id }) => id}
				rowName={({ name }) => name} to={({ id }) =>
					`/companies/${id}`}
				columns={[
					{ key: "name", title: t("name"), always: true,
						sort: ["name"], cell: ({ name }) => name },
					{ key: "number", title: t("number"), extra: true,
						figure: true, sort: [undefined, "newest"],
						cell: ({ number }) => number },
					{ key: "city", title: t("city"), cell: ({ city, country }) =>
						[city, country].filter(Boolean).join(", ") || "–" },
					{ key: "phone", title: t("phone"),
						cell: ({ phone }) => phone ?? "–" },
					{ key: "people", title: t("people"), figure: true,
						cell: ({ people }) => people },
					...deals ? [{ key: "deals", title: t("deals.open"),
						figure: true, cell: (row: Line) =>
							row.open_deals ?? "–" }] : [],
					{ key: "days", title: t("payment.days"), figure: true,
						extra: true, cell: ({ payment_days: days }) =>
							days ?? "–" },
					{ key: "updated", title: t("updated"), extra: true,
						sort: [undefined, "updated"],
						cell: ({ updated_at: at }) => <When at={at} /> },
				]}
				filters={[{ name: "q", kind: "search", label: t("search") }]}
				empty={t("none")} />
		</>
	);
}
