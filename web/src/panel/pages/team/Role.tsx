// SPDX-License-Identifier: ISC
// One role: what its members may, and whether they need a second factor.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "react-router";
import { Failure, useProblemText } from "../../../components/Failure";
import { PageSkeleton } from "../../../components/Skeletons";
import { useToast } from "../../../components/Toasts";
import { useText } from "../../../i18n";
import { useConfirm } from "../../components/Confirm";
import { PageHead } from "../../components/PageHead";
import { RecordForm, type FieldSpec } from "../../components/RecordForm";
import { fetchRecord, send, useRecord, type Versioned } from "../../record";
import { useMay } from "../../session";
import { PermissionChoice } from "./PermissionChoice";
import { useRights, type Role } from "./rights";

function Remove({ record }: { record: Versioned<Role> }) {
	const t = useText("panel_team");
	const toast = useToast();
	const problem = useProblemText();
	const go = useNavigate();
	const client = useQueryClient();
	const [dialog, confirm] = useConfirm();
	const { name } = record.data;
	const remove = useMutation({
		mutationFn: () => send("DELETE", `/api/staff/roles/${name}`, undefined,
			record.etag),
		onSuccess: () => {
			toast(t("role.removed"));
			void client.invalidateQueries({ queryKey: ["list"] });
			void go("/roles");
		},
		onError: (error) => toast(problem(error), "error"),
	});
	return (
		<>
			<button type="button" className="btn btn-sm btn-error btn-outline"
				disabled={remove.isPending} onClick={() => void confirm({
					title: t("role.remove"), text: t("role.remove.text",
						{ name }), act: t("role.remove"), danger: true })
					.then((yes) => yes && remove.mutate())}>
				{t("role.remove")}</button>
			{dialog}
		</>
	);
}

export default function RolePage() {
	const t = useText("panel_team");
	const { name } = useParams();
	const path = `/api/staff/roles/${name}`;
	const client = useQueryClient();
	const may = useMay("roles.write");
	const { superadmin, mayGive } = useRights();
	const { data: record, error, refetch } = useRecord<Role>(path);
	if (!record)
		return error ? <Failure error={error} retry={refetch} />
			: <PageSkeleton />;
	const role = record.data;
	const fixed = !may || role.fixed && !superadmin;
	const fields: FieldSpec[] = [
		{ name: "about", label: t("about"), required: true, max: 200,
			fixed: fixed || role.fixed },
		{ name: "totp_required", label: t("role.totp"), kind: "check",
			hint: t("role.totp.hint"), fixed },
		{ name: "permissions", label: t("permissions"), kind: "own",
			wide: true, fixed: fixed || role.fixed,
			draw: (at) => <PermissionChoice {...at} />,
			show: (value) => (value as string[] | null ?? []).join(", ") },
	];
	return (
		<>
			<PageHead title={role.name} back={[{ to: "/roles",
				text: t("roles") }]} actions={may && !role.shipped &&
				role.members === 0 && mayGive(role.name) &&
				<Remove record={record} />} />
			<p className="mb-4">{role.fixed ? t("role.fixed")
				: t.count("role.members", role.members)}</p>
			<RecordForm name="role" id={role.name} stored={role}
				etag={record.etag} fields={fields} fixed={fixed}
				save={({ changes, etag }) => send<Role>("PATCH", path, changes,
					etag)}
				fetch={() => fetchRecord<Role>(path)}
				saved={(now) => {
					client.setQueryData(["record", path], now);
					void client.invalidateQueries({ queryKey: ["list"] });
					void client.invalidateQueries(
						{ queryKey: ["staff", "me"] });
				}} />
		</>
	);
}
