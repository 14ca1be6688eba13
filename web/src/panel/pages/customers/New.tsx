// SPDX-License-Identifier: ISC
import { useNavigate } from "react-router";
import { useText } from "../../../i18n";
import { PageHead } from "../../components/PageHead";
import { RecordForm } from "../../components/RecordForm";
import type { Versioned } from "../../record";
import { filled, send } from "../../record";
import { customers, usePerson, type Customer } from "./customer";

export default function New() {
	const t = useText("panel_customers");
	const navigate = useNavigate();
	const fields = usePerson();
	return (
		<>
			<PageHead title={t("new")} back={[{ to: "/customers",
				text: t("customers") }]} />
			<RecordForm<Versioned<Customer>> name="customer" fields={fields}
				stored={{ language: "en", tags: [], given_name: "",
					family_name: "" }} anyway act={t("create")}
				save={({ values }) => send<Customer>("POST", customers,
					filled(values))}
				saved={({ data }) => void navigate(`/customers/${data.id}`,
					{ replace: true })} />
		</>
	);
}
