// SPDX-License-Identifier: ISC
// Keys for programs.
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call, type Schemas } from "../../../api/client";
import { useToast } from "../../../components/Toasts";
import { useText } from "../../../i18n";
import { useActions } from "../../actions";
import { Dialog, useConfirm } from "../../components/Confirm";
import { DataTable } from "../../components/DataTable";
import { PageHead } from "../../components/PageHead";
import { RecordForm, type FieldSpec } from "../../components/RecordForm";
import { Badge, When } from "../../components/Shown";
import { send } from "../../record";
import { PermissionChoice } from "./PermissionChoice";
import { useAllows } from "./rights";

type ApiKey = Schemas["ApiKey"];
type Made = Schemas["ApiKeyMade"];
const path = "/api/staff/keys";

function Shown({ made, close }: { made: Made; close: () => void }) {
	const t = useText("panel_team");
	const toast = useToast();
	return (
		<Dialog title={made.key.name} close={close}>
			<p className="mb-3">{t("key.once")}</p>
			<p className="mb-4 rounded-box bg-base-200 p-4 font-mono text-sm
				wrap-anywhere" data-secret>{made.secret}</p>
			<p className="mb-4 text-sm">{t("key.use")}{" "}
				<code className="wrap-anywhere">
					Authorization: Bearer {made.key.prefix}…</code></p>
			<div className="modal-action">
				<button type="button" className="btn" onClick={() =>
					void navigator.clipboard.writeText(made.secret)
						.then(() => toast(t("copied")))}>{t("copy")}</button>
				<button type="button" className="btn btn-primary"
					onClick={close}>{t("key.kept")}</button>
			</div>
		</Dialog>
	);
}

function New({ close, made }: { close: () => void;
	made: (made: Made) => void }) {
	const t = useText("panel_team");
	const fields: FieldSpec[] = [
		{ name: "name", label: t("name"), required: true, max: 100,
			hint: t("key.name.hint") },
		{ name: "expires_at", label: t("key.expires"), kind: "datetime",
			hint: t("key.expires.hint") },
		{ name: "permissions", label: t("permissions"), kind: "own",
			wide: true, draw: (at) => <PermissionChoice {...at} mine /> },
	];
	return (
		<Dialog title={t("key.new")} close={close} wide>
			<p className="mb-4">{t("key.text")}</p>
			<RecordForm name="key" stored={{ permissions: [] }} fields={fields}
				act={t("key.new")} done="" cancel={close}
				save={async ({ values: { expires_at, ...values } }) =>
					(await send<Made>("POST", path, { ...values,
						...expires_at ? { expires_at } : {} })).data}
				saved={made} />
		</Dialog>
	);
}

export default function Keys() {
	const t = useText("panel_team");
	const { allows } = useAllows();
	const client = useQueryClient();
	const [making, setMaking] = useState(false);
	const [made, setMade] = useState<Made>();
	const [dialog, confirm] = useConfirm();
	useActions([{ id: "key", name: t("key.new"), key: "n",
		run: () => setMaking(true) }]);
	const revoke = async (keys: ApiKey[]) => {
		const active = keys.filter(({ state }) => state !== "revoked");
		if (active.length && await confirm({ danger: true,
			title: t("key.revoke"), act: t("key.revoke"),
			text: t("key.revoke.text", { names: active.map(({ name }) => name)
				.join(", ") }) }))
			await Promise.all(active.map(({ id }) => call(`${path}/${id}`,
				{ method: "DELETE" })));
	};
	return (
		<>
			<PageHead title={t("keys")} actions={<button type="button"
				className="btn btn-primary btn-sm"
				onClick={() => setMaking(true)}>{t("key.new")}</button>} />
			<DataTable<ApiKey> name="keys" label={t("keys")} path={path}
				rowKey={({ id }) => id} rowName={({ name }) => name}
				rowClass={({ state }) => state === "active" ? ""
					: "opacity-70"}
				filters={[{ name: "state", kind: "select", label: t("state"),
					options: ["active", "expired", "revoked"].map((one) =>
						[one, t(`key.state.${one as "active"}`)]) }]}
				bulk={[{ id: "revoke", name: t("key.revoke"), danger: true,
					run: revoke }]}
				columns={[
					{ key: "name", title: t("name"), always: true,
						cell: ({ name }) => name },
					{ key: "prefix", title: t("key.prefix"),
						cell: ({ prefix }) => <code>{prefix}…</code> },
					{ key: "owner", title: t("key.owner"),
						cell: ({ owner }) => owner.name },
					{ key: "state", title: t("state"), cell: ({ state }) =>
						<Badge state={state === "revoked" ? "cancelled"
							: state} text={t(`key.state.${state}`)} /> },
					{ key: "permissions", title: t("permissions"),
						cell: (row) => row.permissions.map((one) =>
							allows({ name: one, about: one })).join(", ") },
					{ key: "used", title: t("used"),
						cell: (row) => <When at={row.used_at} /> },
					{ key: "expires", title: t("key.expires"),
						cell: (row) => <When at={row.expires_at} day /> },
					{ key: "created", title: t("created"), extra: true,
						cell: (row) => <When at={row.created_at} day /> },
				]} />
			{making && <New close={() => setMaking(false)} made={(one) => {
				setMaking(false);
				setMade(one);
				void client.invalidateQueries({ queryKey: ["list", path] });
			}} />}
			{made && <Shown made={made} close={() => setMade(undefined)} />}
			{dialog}
		</>
	);
}
