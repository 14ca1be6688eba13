// SPDX-License-Identifier: ISC
// The members of staff, and inviting one more.
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useText } from "../../../i18n";
import { useActions } from "../../actions";
import { Dialog } from "../../components/Confirm";
import { DataTable } from "../../components/DataTable";
import { PageHead } from "../../components/PageHead";
import { RecordForm, type FieldSpec } from "../../components/RecordForm";
import { Badge, When } from "../../components/Shown";
import { send } from "../../record";
import { useMay } from "../../session";
import { RoleChoice } from "./RoleChoice";
import { useRights, type Member } from "./rights";

const path = "/api/staff/members";

function Invite({ close }: { close: () => void }) {
	const t = useText("panel_team");
	const client = useQueryClient();
	const fields: FieldSpec[] = [
		{ name: "name", label: t("name"), required: true, max: 200 },
		{ name: "email", label: t("email"), kind: "email", required: true,
			max: 254 },
		{ name: "roles", label: t("roles"), kind: "own",
			draw: (at) => <RoleChoice {...at} /> },
	];
	return (
		<Dialog title={t("invite")} close={close}>
			<p className="mb-4">{t("invite.text")}</p>
			<RecordForm name="member" stored={{ roles: [] }} fields={fields}
				act={t("invite.send")} done={t("invite.sent")} cancel={close}
				save={({ values }) => send<Member>("POST", path, values)}
				saved={() => {
					close();
					void client.invalidateQueries(
						{ queryKey: ["list", path] });
				}} />
		</Dialog>
	);
}

export default function Members() {
	const t = useText("panel_team");
	const may = useMay("staff.write");
	const { roles } = useRights();
	const [inviting, setInviting] = useState(false);
	useActions(may ? [{ id: "invite", name: t("invite"), key: "n",
		run: () => setInviting(true) }] : []);
	return (
		<>
			<PageHead title={t("team")} actions={may && <button type="button"
				className="btn btn-primary btn-sm"
				onClick={() => setInviting(true)}>{t("invite")}</button>} />
			<DataTable<Member> name="members" label={t("team")} path={path}
				rowKey={({ id }) => id} rowName={({ name }) => name}
				to={({ id }) => `/team/${id}`}
				rowClass={({ state }) => state === "disabled"
					? "opacity-70" : ""}
				filters={[{ name: "q", kind: "search", label: t("search") },
					{ name: "role", kind: "select", label: t("role"),
						options: roles?.map(({ name }) => [name, name]) },
					{ name: "state", kind: "select", label: t("state"),
						options: ["invited", "active", "disabled"].map(
							(one) => [one, t(`state.${one as "active"}`)]) }]}
				columns={[
					{ key: "name", title: t("name"), always: true,
						cell: ({ name }) => name },
					{ key: "email", title: t("email"),
						cell: ({ email }) => email },
					{ key: "roles", title: t("roles"),
						cell: (row) => row.roles.join(", ") },
					{ key: "state", title: t("state"), cell: ({ state }) =>
						<Badge state={state === "invited" ? "waiting" : state}
							text={t(`state.${state}`)} /> },
					{ key: "totp", title: t("totp"), cell: (row) => row.totp
						? <Badge state="done" text={t("on")} />
						: row.totp_required
							? <Badge state="waiting" text={t("wanted")} />
							: "–" },
					{ key: "used", title: t("used"),
						cell: (row) => <When at={row.used_at} /> },
					{ key: "created", title: t("created"), extra: true,
						cell: (row) => <When at={row.created_at} day /> },
				]} />
			{inviting && <Invite close={() => setInviting(false)} />}
		</>
	);
}
