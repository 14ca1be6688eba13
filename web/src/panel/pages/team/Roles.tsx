// SPDX-License-Identifier: ISC
// Roles and permissions, the whole of it at a glance.
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { Failure } from "../../../components/Failure";
import { PageSkeleton } from "../../../components/Skeletons";
import { useText } from "../../../i18n";
import { useActions } from "../../actions";
import { Dialog } from "../../components/Confirm";
import { PageHead } from "../../components/PageHead";
import { RecordForm } from "../../components/RecordForm";
import { send } from "../../record";
import { useMay } from "../../session";
import { byArea, useAllows, usePermissions, useRoles, type Permission, type Role } from
	"./rights";

function New({ close }: { close: () => void }) {
	const t = useText("panel_team");
	const go = useNavigate();
	const client = useQueryClient();
	return (
		<Dialog title={t("role.new")} close={close}>
			<RecordForm name="role" stored={{}} act={t("role.new")}
				cancel={close} fields={[
					{ name: "name", label: t("name"), required: true, max: 31,
						hint: t("role.name.hint") },
					{ name: "about", label: t("about"), required: true,
						max: 200 }]}
				save={async ({ values }) => (await send<Role>("POST",
					"/api/staff/roles", { ...values, permissions: [] })).data}
				saved={(made) => {
					close();
					void client.invalidateQueries(
						{ queryKey: ["list", "/api/staff/roles"] });
					void go(`/roles/${made.name}`);
				}} />
		</Dialog>
	);
}

function Grid({ roles, permissions }: { roles: Role[];
	permissions: Permission[] }) {
	const t = useText("panel_team");
	const { allows } = useAllows();
	return (
		<div className="overflow-x-auto" tabIndex={0} role="region"
			aria-label={t("role.grid")}>
			<table className="table table-sm">
				<thead>
					<tr>
						<th scope="col" className="sticky left-0 bg-base-100
							text-base-content">
							{t("permission")}</th>
						{roles.map(({ name, members }) => (
							<th key={name} scope="col" className="text-center
								text-base-content">
								<Link to={`/roles/${name}`} className="link">
									{name}</Link>
								<span className="block text-xs font-normal">
									{t.count("role.members", members)}</span>
							</th>
						))}
					</tr>
				</thead>
				{byArea(permissions.filter(({ everybodys }) => !everybodys))
					.map(([area, list]) => (
						<tbody key={area}>
							{list.map(({ name, about }) => (
								<tr key={name}>
									<th scope="row" className="sticky left-0
										min-w-40 bg-base-100 font-normal
										text-base-content">
										<span className="block text-sm">
											{allows({ name, about })}</span>
										<code className="text-xs opacity-80
											max-sm:hidden">{name}</code>
									</th>
									{roles.map((role) => (
										<td key={role.name}
											className="text-center">
											{role.permissions.includes(name)
												? <><span aria-hidden="true">✓
												</span><span
													className="sr-only">
													{t("yes")}</span></>
												: <span className="sr-only">
													{t("no")}</span>}
										</td>
									))}
								</tr>
							))}
						</tbody>
					))}
			</table>
		</div>
	);
}

export default function Roles() {
	const t = useText("panel_team");
	const may = useMay("roles.write");
	const roles = useRoles(), permissions = usePermissions();
	const [making, setMaking] = useState(false);
	useActions(may ? [{ id: "role", name: t("role.new"), key: "n",
		run: () => setMaking(true) }] : []);
	const error = roles.error ?? permissions.error;
	return (
		<>
			<PageHead title={t("roles")} actions={may && <button type="button"
				className="btn btn-primary btn-sm"
				onClick={() => setMaking(true)}>{t("role.new")}</button>} />
			{error && <Failure error={error} retry={() => {
				void roles.refetch();
				void permissions.refetch();
			}} />}
			{roles.data && permissions.data
				? <Grid roles={roles.data} permissions={permissions.data} />
				: !error && <PageSkeleton />}
			{making && <New close={() => setMaking(false)} />}
		</>
	);
}
