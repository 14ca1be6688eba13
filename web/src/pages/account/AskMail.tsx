// SPDX-License-Identifier: ISC
// Asks for a mail with a link; the answer tells nobody who has an account.
import { useMutation } from "@tanstack/react-query";
import { call } from "../../api/client";
import { useMe } from "../../api/session";
import { Field } from "../../components/Field";
import { useText } from "../../i18n";
import { Form, useFaults, valuesOf, type Values } from "./form";

export function AskMail({ path }: { path: string }) {
	const t = useText("account");
	const send = useMutation({ mutationFn: (values: Values) =>
		call(path, { method: "POST", body: JSON.stringify(values) }) });
	const faults = useFaults(send.error);
	const { data: me } = useMe();
	if (send.isSuccess)
		return <p role="status" className="alert alert-success">
			{t("mail.asked", { email: send.variables.email ?? "" })}</p>;
	return (
		<Form error={send.error} among={["email"]}
			onSubmit={(form) => send.mutate(valuesOf(form))}>
			<Field key={me?.id} label={t("email")} name="email" type="email"
				autoComplete="email" maxLength={254} required
				defaultValue={me?.email ?? undefined}
				error={faults.email} />
			<button className="btn btn-primary" disabled={send.isPending}>
				{t("mail.ask")}</button>
		</Form>
	);
}
