// SPDX-License-Identifier: ISC
import { useMutation } from "@tanstack/react-query";
import { Link, Navigate, useNavigate, useSearchParams } from "react-router";
import { call, type Schemas } from "../../api/client";
import { useForgetAll, useMe } from "../../api/session";
import { Field } from "../../components/Field";
import { useToast } from "../../components/Toasts";
import { useText } from "../../i18n";
import { Form, Narrow, useFaults, valuesOf, type Values } from "./form";
import { ownPath } from "./next";

function useLogin() {
	const t = useText("account");
	const [query] = useSearchParams();
	const forget = useForgetAll();
	const navigate = useNavigate();
	const toast = useToast();
	return useMutation({
		mutationFn: (values: Values) => call<Schemas["LoggedIn"]>(
			"/api/customers/login", { method: "POST", body: JSON.stringify(
				{ login: "", ...values, transport: "cookie" }) }),
		onSuccess: async ({ cart_merge }) => {
			const cart = { to: "/cart", text: t("login.cart") };
			if (cart_merge?.capped.length)
				toast(t("login.capped"), "info", cart);
			else if (cart_merge?.merged)
				toast(t.count("login.merged", cart_merge.merged), "info",
					cart);
			await forget();
			void navigate(ownPath(query.get("next")), { replace: true });
		},
	});
}

export default function Login() {
	const t = useText("account");
	const [query] = useSearchParams();
	const { data: me } = useMe();
	const login = useLogin();
	const faults = useFaults(login.error);
	if (me && login.isIdle)
		return <Navigate to={ownPath(query.get("next"))} replace />;
	return (
		<Narrow title={t("login")}>
			<Form error={login.error} among={["login", "password"]}
				onSubmit={(form) => login.mutate(valuesOf(form))}>
				<Field label={t("login.name")} name="login" maxLength={254}
					autoComplete="username" autoCapitalize="none" required
					error={faults.login} />
				<Field label={t("password")} name="password" type="password"
					autoComplete="current-password" maxLength={200} required
					error={faults.password} />
				<button className="btn btn-primary w-full"
					disabled={login.isPending}>{t("login")}</button>
			</Form>
			<p className="mt-4"><Link className="link" to="/forgotten">
				{t("forgotten.link")}</Link></p>
			<p className="mt-2">{t("login.new")} <Link className="link"
				to={`/register/?${new URLSearchParams(
					{ next: ownPath(query.get("next")) })}`}>
				{t("register")}</Link></p>
		</Narrow>
	);
}
