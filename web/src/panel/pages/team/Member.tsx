// SPDX-License-Identifier: ISC
// One member: name, address, roles, state; sessions and tries to sign in.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useParams } from "react-router";
import { call } from "../../../api/client";
import { Failure, useProblemText } from "../../../components/Failure";
import { PageSkeleton } from "../../../components/Skeletons";
import { useToast } from "../../../components/Toasts";
import { useText } from "../../../i18n";
import { useConfirm } from "../../components/Confirm";
import { DataTable } from "../../components/DataTable";
import { PageHead } from "../../components/PageHead";
import { RecordForm, type FieldSpec } from "../../components/RecordForm";
import { Badge } from "../../components/Shown";
import { fetchRecord, send, useRecord, type Versioned } from "../../record";
import { Section } from "./Account";
import { useAttemptColumns, type Attempt } from "./attempt";
import { useRights, type Member } from "./rights";
import { RoleChoice } from "./RoleChoice";
import { Sessions } from "./Sessions";

type Act = "invite" | "reset" | "totp" | "sessions" | "disable" | "enable";

/** What can be done with a member as a whole: only what would be done. */
function useActs({ data: member, etag }: Versioned<Member>) {
	const { superadmin, mayActOn } = useRights();
	if (!mayActOn(member))
		return [];
	const path = `/api/staff/members/${member.id}`;
	const state = (value: string) => send("PATCH", path, { state: value },
		etag);
	const acts: [Act, boolean, () => Promise<unknown>][] = [
		["invite", member.state === "invited", () =>
			call(`${path}/invite`, { method: "POST" })],
		["reset", superadmin && member.state === "active", () =>
			call(`${path}/reset-password`, { method: "POST" })],
		["totp", superadmin && member.totp, () =>
			call(`${path}/totp`, { method: "DELETE" })],
		["sessions", member.state === "active", () =>
			call(`${path}/sessions`, { method: "DELETE" })],
		["disable", member.state !== "disabled", () => state("disabled")],
		["enable", member.state === "disabled", () => state("active")],
	];
	return acts.filter(([, fits]) => fits);
}

const unasked: Act[] = ["invite", "enable"];

function Acts({ record }: { record: Versioned<Member> }) {
	const t = useText("panel_team");
	const toast = useToast();
	const problem = useProblemText();
	const client = useQueryClient();
	const acts = useActs(record);
	const [dialog, confirm] = useConfirm();
	const run = useMutation({
		mutationFn: ({ act }: { name: Act; act: () => Promise<unknown> }) =>
			act(),
		onSuccess: (_, { name }) => toast(t(`act.${name}.done`)),
		onError: (error) => toast(problem(error), "error"),
		onSettled: () => Promise.all(["record", "list"].map((queryKey) =>
			client.invalidateQueries({ queryKey: [queryKey] }))),
	});
	const go = async (name: Act, act: () => Promise<unknown>) => {
		if (unasked.includes(name) || await confirm({ danger: true,
			title: t(`act.${name}`), text: t(`act.${name as "reset"}.text`),
			act: t(`act.${name}`) }))
			run.mutate({ name, act });
	};
	return (
		<>
			{acts.map(([name,, act]) => <button key={name} type="button"
				className={`btn btn-sm ${name === "disable"
					? "btn-error btn-outline" : ""}`}
				disabled={run.isPending} onClick={() => void go(name, act)}>
				{t(`act.${name}`)}</button>)}
			{dialog}
		</>
	);
}

function Profile({ record }: { record: Versioned<Member> }) {
	const t = useText("panel_team");
	const client = useQueryClient();
	const { me, mayActOn } = useRights();
	const member = record.data;
	const path = `/api/staff/members/${member.id}`;
	const others = mayActOn(member);
	const own = member.id === me.id && me.permissions.includes("staff.write");
	const fields: FieldSpec[] = [
		{ name: "name", label: t("name"), required: true, max: 200 },
		{ name: "email", label: t("email"), kind: "email", required: true,
			max: 254, fixed: !others },
		{ name: "roles", label: t("roles"), kind: "own", fixed: !others,
			draw: (at) => <RoleChoice {...at} />,
			show: (value) => (value as string[] | null ?? []).join(", ") },
	];
	return (
		<>
			{own && <p className="mb-3 text-sm">{t("own.text")}</p>}
			{!own && !others && <p className="mb-3 text-sm">
				{t("more.text")}</p>}
			<RecordForm name="member" id={member.id} stored={member}
				etag={record.etag} fields={fields} fixed={!own && !others}
				save={({ changes, etag }) => send<Member>("PATCH", path,
					changes, etag)}
				fetch={() => fetchRecord<Member>(path)}
				saved={(now) => {
					client.setQueryData(["record", path], now);
					void client.invalidateQueries({ queryKey: ["list"] });
				}} />
		</>
	);
}

export default function MemberPage() {
	const t = useText("panel_team");
	const { id } = useParams();
	const path = `/api/staff/members/${id}`;
	const { data: record, error, refetch } = useRecord<Member>(path);
	const { mayActOn, roles } = useRights();
	const columns = useAttemptColumns(false);
	if (!record || !roles)
		return error ? <Failure error={error} retry={refetch} />
			: <PageSkeleton />;
	const member = record.data;
	return (
		<>
			<PageHead title={member.name} back={[{ to: "/team",
				text: t("team") }]} beside={<Badge state={member.state ===
				"invited" ? "waiting" : member.state}
			text={t(`state.${member.state}`)} />}
			actions={<Acts record={record} />} />
			<div className="max-w-3xl"><Profile record={record} /></div>
			<div className="mt-8" />
			<Section title={t("sessions")}>
				<Sessions path={`${path}/sessions`} may={mayActOn(member)} />
			</Section>
			<Section title={t("attempts")}>
				<DataTable<Attempt> name="member-attempts"
					label={t("attempts")} path="/api/staff/login-attempts"
					fixed={{ member_id: member.id }} columns={columns}
					rowKey={(row) => String(row.id)}
					rowName={(row) => row.at} />
			</Section>
		</>
	);
}
