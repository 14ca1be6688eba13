// SPDX-License-Identifier: ISC
// Who tried to sign in as staff.
import { useText } from "../../../i18n";
import { DataTable } from "../../components/DataTable";
import { PageHead } from "../../components/PageHead";
import { useAttemptColumns, type Attempt } from "./attempt";

export default function Attempts() {
	const t = useText("panel_team");
	return (
		<>
			<PageHead title={t("attempts")} />
			<DataTable<Attempt> name="attempts" label={t("attempts")}
				path="/api/staff/login-attempts"
				rowKey={(row) => String(row.id)} rowName={(row) => row.name}
				columns={useAttemptColumns(true)}
				filters={[
					{ name: "name", kind: "search", label: t("email") },
					{ name: "succeeded", kind: "select",
						label: t("attempt.outcome"), options: [
							["true", t("attempt.good")],
							["false", t("attempt.bad")]] },
					{ name: "from", other: "to", kind: "times",
						label: t("at") }]} />
		</>
	);
}
