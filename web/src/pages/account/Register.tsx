// SPDX-License-Identifier: ISC
import { useMutation } from "@tanstack/react-query";
import { Link, Navigate, useSearchParams } from "react-router";
import { call } from "../../api/client";
import { loginPath, useMe } from "../../api/session";
import { Field } from "../../components/Field";
import { useText } from "../../i18n";
import { Form, Narrow, useFaults, valuesOf, type Values } from "./form";
import { ownPath } from "./next";

const fields = ["email", "password", "given_name", "family_name"];

export default function Register() {
	const t = useText("account");
	const [query] = useSearchParams();
	const send = useMutation({ mutationFn: (values: Values) =>
		call("/api/customers/register", { method: "POST",
			body: JSON.stringify(values) }) });
	const faults = useFaults(send.error);
	const { data: me } = useMe();
	const login = loginPath(ownPath(query.get("next")));
	if (me)
		return <Navigate to={ownPath(query.get("next"))} replace />;
	if (send.isSuccess)
		return (
			<Narrow title={t("register.done")}>
				<p role="status">{t("register.sent",
					{ email: send.variables.email ?? "" })}</p>
				<Link className="btn btn-primary mt-5" to={login}>
					{t("login")}</Link>
			</Narrow>
		);
	return (
		<Narrow title={t("register")}>
			<Form error={send.error} among={fields}
				onSubmit={(form) => send.mutate(valuesOf(form))}>
				<Field label={t("given_name")} name="given_name"
					autoComplete="given-name" maxLength={100}
					error={faults.given_name} />
				<Field label={t("family_name")} name="family_name"
					autoComplete="family-name" maxLength={100}
					error={faults.family_name} />
				<Field label={t("email")} name="email" type="email"
					autoComplete="email" maxLength={254} required
					error={faults.email} />
				<Field label={t("password")} name="password" type="password"
					autoComplete="new-password" maxLength={200} required
					hint={t("password.rules")} error={faults.password} />
				<button className="btn btn-primary w-full"
					disabled={send.isPending}>{t("register")}</button>
			</Form>
			<p className="mt-4">{t("register.known")} <Link className="link"
				to={login}>{t("login")}</Link></p>
		</Narrow>
	);
}
