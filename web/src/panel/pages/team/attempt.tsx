// SPDX-License-Identifier: ISC
// How tries to sign in are listed.
import type { Schemas } from "../../../api/client";
import { useText } from "../../../i18n";
import type { Column } from "../../components/DataTable";
import { Badge, When } from "../../components/Shown";

export type Attempt = Schemas["LoginAttempt"];

export function useAttemptColumns(named: boolean): Column<Attempt>[] {
	const t = useText("panel_team");
	const name: Column<Attempt>[] = named ? [{ key: "name",
		title: t("attempt.name"), always: true, cell: (row) => row.name }] : [];
	return [...name,
		{ key: "at", title: t("at"), always: !named,
			cell: (row) => <When at={row.at} exact /> },
		{ key: "outcome", title: t("attempt.outcome"), cell: (row) =>
			<Badge state={row.succeeded ? "done" : row.outcome === "code_asked"
				? "waiting" : "failed"} text={t(`outcome.${row.outcome}`)} /> },
		{ key: "address", title: t("address"),
			cell: (row) => row.address ?? "–" },
	];
}
