// SPDX-License-Identifier: ISC
import { useMutation } from "@tanstack/react-query";
import { Link } from "react-router";
import { call } from "../../api/client";
import { Field } from "../../components/Field";
import { useText } from "../../i18n";
import { Form, Narrow, useFaults, useMailToken, valuesOf, type Values } from
	"./form";

export default function Reset() {
	const t = useText("account");
	const token = useMailToken();
	const send = useMutation({ mutationFn: (values: Values) =>
		call("/api/customers/password/reset", { method: "POST",
			body: JSON.stringify({ ...values, token }) }) });
	const faults = useFaults(send.error);
	if (send.isSuccess)
		return (
			<Narrow title={t("reset")}>
				<p role="status">{t("reset.done")}</p>
				<Link className="btn btn-primary mt-5" to="/login/">
					{t("login")}</Link>
			</Narrow>
		);
	return (
		<Narrow title={t("reset")}>
			{token ? <Form error={send.error} among={["password"]}
				onSubmit={(form) => send.mutate(valuesOf(form))}>
				<Field label={t("password.new")} name="password"
					type="password" autoComplete="new-password" required
					maxLength={200} hint={t("password.rules")}
					error={faults.password} />
				<button className="btn btn-primary" disabled={send.isPending}>
					{t("save")}</button>
			</Form> : <p>{t("link.missing")}</p>}
			<p className="mt-4"><Link className="link" to="/forgotten">
				{t("link.again")}</Link></p>
		</Narrow>
	);
}
