// SPDX-License-Identifier: ISC
// Conversations with customers: first those who wait for an answer.
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { Schemas } from "../../../api/client";
import { useText } from "../../../i18n";
import { DataTable, type Column, type Filter } from
	"../../components/DataTable";
import { PageHead } from "../../components/PageHead";
import { Badge, When } from "../../components/Shown";

type Summary = Schemas["ManagedConversationSummary"];
const path = "/api/messages";

export const stateOf = ({ state, last_author: author }:
	{ state: string; last_author: string }) => state === "closed" ? "closed"
	: author === "customer" ? "waiting" : "answered";

/** Looks again now and then while somebody looks. */
function useLive() {
	const client = useQueryClient();
	useEffect(() => {
		const timer = setInterval(() => document.visibilityState ===
			"visible" && void client.invalidateQueries(
			{ queryKey: ["list", path] }), 10_000);
		return () => clearInterval(timer);
	}, [client]);
}

export default function Messages() {
	const t = useText("panel_messages");
	useLive();
	const columns: Column<Summary>[] = [
		{ key: "subject", title: t("subject"), always: true,
			cell: (row) => row.subject },
		{ key: "name", title: t("from"), cell: (row) => row.name },
		{ key: "state", title: t("state"), cell: (row) => <Badge
			state={stateOf(row)} text={t(`state.${stateOf(row)}`)} /> },
		{ key: "last_at", title: t("last"), cell: (row) =>
			<When at={row.last_at} /> },
		{ key: "count", title: t("count"), figure: true, cell: (row) =>
			row.last_number },
		{ key: "number", title: t("number"), cell: (row) => row.number },
		{ key: "order", title: t("order"), extra: true, cell: (row) =>
			row.order_number ?? "–" },
		{ key: "email", title: t("email"), extra: true, cell: (row) =>
			row.email ?? "–" },
	];
	const filters: Filter[] = [
		{ name: "q", kind: "search", label: t("search") },
		{ name: "waiting", kind: "select", label: t("waiting"), options: [
			["true", t("waiting.yes")], ["false", t("waiting.no")]] },
		{ name: "state", kind: "select", label: t("state"), options: [
			["open", t("open")], ["closed", t("state.closed")]] },
	];
	return (
		<>
			<PageHead title={t("title")} />
			<DataTable<Summary> name="messages" label={t("title")}
				path={path} news="messages" columns={columns}
				filters={filters} standard={{ waiting: "true" }}
				rowKey={({ id }) => id} rowName={({ subject }) => subject}
				to={({ id }) => `/messages/${id}`} empty={t("none")} />
		</>
	);
}
