// SPDX-License-Identifier: ISC
// The own account: password, second factor, where one is signed in.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, type ReactNode } from "react";
import { call } from "../../../api/client";
import { problemOf } from "../../../api/problem";
import { Failure } from "../../../components/Failure";
import { Field } from "../../../components/Field";
import { useToast } from "../../../components/Toasts";
import { useText } from "../../../i18n";
import { DataTable } from "../../components/DataTable";
import { PageHead } from "../../components/PageHead";
import { useMember } from "../../session";
import { useAttemptColumns, type Attempt } from "./attempt";
import { SecondFactor } from "./SecondFactor";
import { Sessions } from "./Sessions";

export const Section = ({ title, children }: { title: string;
	children: ReactNode }) => (
	<div className="mb-8 max-w-3xl">
		<h2 className="mb-3">{title}</h2>
		{children}
	</div>
);

function ChangePassword() {
	const t = useText("panel_team");
	const me = useMember();
	const toast = useToast();
	const client = useQueryClient();
	const form = useRef<HTMLFormElement>(null);
	const send = useMutation({
		mutationFn: (values: object) => call("/api/staff/change-password",
			{ method: "POST", body: JSON.stringify(values) }),
		onSuccess: () => {
			form.current?.reset();
			toast(t("password.changed"));
			void client.invalidateQueries({ queryKey: ["list"] });
		},
	});
	const faults = problemOf(send.error)?.fields ?? {};
	return (
		<form ref={form} noValidate className="max-w-md" onSubmit={(event) => {
			event.preventDefault();
			send.mutate(Object.fromEntries(new FormData(event.currentTarget)));
		}}>
			{send.error && !Object.keys(faults).length &&
				<Failure error={send.error} />}
			<input type="text" name="username" autoComplete="username" hidden
				disabled readOnly value={me.email} />
			<Field label={t("password.current")} name="current_password"
				type="password" autoComplete="current-password" maxLength={200}
				required error={faults.current_password} />
			<Field label={t("password.new")} name="new_password"
				type="password" autoComplete="new-password" maxLength={200}
				required hint={t("password.hint")}
				error={faults.new_password} />
			<button className="btn btn-primary" disabled={send.isPending}>
				{t("password.change")}</button>
		</form>
	);
}

export default function Account() {
	const t = useText("panel_team");
	return (
		<>
			<PageHead title={t("account")} />
			<Section title={t("password")}><ChangePassword /></Section>
			<Section title={t("totp")}><SecondFactor /></Section>
			<Section title={t("sessions")}>
				<Sessions path="/api/staff/sessions" may />
			</Section>
			<Section title={t("attempts.own")}>
				<DataTable<Attempt> name="own-attempts"
					label={t("attempts.own")}
					path="/api/staff/me/login-attempts"
					rowKey={(row) => String(row.id)} rowName={(row) => row.at}
					columns={useAttemptColumns(false)} />
			</Section>
		</>
	);
}
