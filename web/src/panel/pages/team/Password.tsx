// SPDX-License-Identifier: ISC
// Where links of mails lead: an invitation's, and that for a new password;
// without a link, the way to ask for one.
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { Link } from "react-router";
import { call } from "../../../api/client";
import { problemOf } from "../../../api/problem";
import { Failure } from "../../../components/Failure";
import { Field } from "../../../components/Field";
import { useTitle } from "../../../components/title";
import { useText } from "../../../i18n";

const valuesOf = (event: FormEvent<HTMLFormElement>) => {
	event.preventDefault();
	return Object.fromEntries(new FormData(event.currentTarget));
};

const post = (path: string, body: object) =>
	call(path, { method: "POST", body: JSON.stringify(body) });

function Done({ text }: { text: string }) {
	const t = useText("panel_team");
	return (
		<div role="status">
			<p className="mb-6">{text}</p>
			<Link to="/" className="btn btn-primary w-full">
				{t("password.signin")}</Link>
		</div>
	);
}

function Choose({ token }: { token: string }) {
	const t = useText("panel_team");
	const send = useMutation({ mutationFn: (values: object) =>
		post("/api/staff/password/reset", { ...values, token }) });
	if (send.isSuccess)
		return <Done text={t("password.chosen")} />;
	return (
		<form noValidate onSubmit={(event) => send.mutate(valuesOf(event))}>
			<p className="mb-6 opacity-80">{t("password.choose.text")}</p>
			{send.error && <Failure error={send.error} />}
			<Field label={t("password.new")} name="password" type="password"
				autoComplete="new-password" maxLength={200} required autoFocus
				hint={t("password.hint")}
				error={problemOf(send.error)?.fields.password} />
			<button className="btn btn-primary w-full"
				disabled={send.isPending}>{t("password.choose")}</button>
		</form>
	);
}

function Ask() {
	const t = useText("panel_team");
	const send = useMutation({ mutationFn: (values: object) =>
		post("/api/staff/password/forgot", values) });
	if (send.isSuccess)
		return <Done text={t("password.asked")} />;
	return (
		<form noValidate onSubmit={(event) => send.mutate(valuesOf(event))}>
			<p className="mb-6 opacity-80">{t("password.ask.text")}</p>
			{send.error && <Failure error={send.error} />}
			<Field label={t("email")} name="email" type="email" maxLength={254}
				autoComplete="username" required autoFocus
				error={problemOf(send.error)?.fields.email} />
			<button className="btn btn-primary w-full"
				disabled={send.isPending}>{t("password.ask")}</button>
		</form>
	);
}

/** The link's token: taken out of the address, so that it stays nowhere. */
function takeToken(): string | null {
	const token = new URLSearchParams(location.hash.slice(1)).get("token");
	if (token)
		history.replaceState(history.state, "", location.pathname);
	return token;
}

export default function Password() {
	const t = useText("panel_team");
	const [token] = useState(takeToken);
	useTitle(t("password"));
	return (
		<>
			<h1 className="mb-2">{t(token ? "password.choose"
				: "password.forgot")}</h1>
			{token ? <Choose token={token} /> : <Ask />}
		</>
	);
}
