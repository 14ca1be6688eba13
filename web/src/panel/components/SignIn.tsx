// SPDX-License-Identifier: ISC
// The way in: the password, and, where there is a second factor, its code.
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState, type FormEvent, type ReactNode } from
	"react";
import { Link } from "react-router";
import { call, type Schemas } from "../../api/client";
import { problemOf } from "../../api/problem";
import { Failure } from "../../components/Failure";
import { Field } from "../../components/Field";
import { LanguageSelect } from "../../components/LanguageSelect";
import { ThemeSwitch } from "../../components/Theme";
import { shopName, useTitle } from "../../components/title";
import { useText } from "../../i18n";
import { useForget } from "../session";

/** A page without navigation. */
export function Bare({ children }: { children: ReactNode }) {
	return (
		<div className="flex min-h-dvh flex-col">
			<header className="flex items-center justify-between px-4 py-3">
				<p className="flex items-center gap-2 text-lg font-bold">
					<img src="/icon.svg" alt="" width="36" height="36" />
					{shopName}
				</p>
				<ThemeSwitch />
			</header>
			<main id="main" className="mx-auto w-full max-w-md flex-1 px-4
				py-8">{children}</main>
			<footer className="flex justify-center p-4 text-sm">
				<LanguageSelect />
			</footer>
		</div>
	);
}

type Values = Record<string, string>;
type Answer = Schemas["StaffSignIn"];

/** The challenge that a right password is answered with, where there is a
 * second factor. */
function useSignIn() {
	const forget = useForget();
	const [challenge, setChallenge] = useState<string>();
	const send = useMutation({
		mutationFn: (values: Values) => call<Answer>(`/api/staff/login${
			challenge === undefined ? "" : "/code"}`, { method: "POST",
			body: JSON.stringify({ ...values, challenge,
				transport: "cookie" }) }),
		onSuccess: (answer) => {
			if (!("challenge" in answer))
				return forget();
			setChallenge(answer.challenge);
		},
		onError: (error) => {
			if (problemOf(error)?.code === "TOKEN_WRONG")
				setChallenge(undefined);
		},
	});
	const asked = send.data !== undefined && "challenge" in send.data;
	return { asks: challenge !== undefined, error: send.error,
		busy: send.isPending || send.isSuccess && !asked,
		submit: (values: Values) => send.mutate(values),
		restart: () => {
			send.reset();
			setChallenge(undefined);
		} };
}

function Password({ faults }: { faults: Record<string, string> }) {
	const t = useText("panel");
	return (
		<>
			<Field label={t("signin.email")} name="email" type="email"
				maxLength={254} autoComplete="username" required autoFocus
				error={faults.email} />
			<Field label={t("signin.password")} name="password"
				type="password" autoComplete="current-password"
				maxLength={200} required error={faults.password} />
		</>
	);
}

function Code({ faults }: { faults: Record<string, string> }) {
	const t = useText("panel");
	return <Field key="code" label={t("signin.code")} name="code"
		inputMode="text" maxLength={40} autoComplete="one-time-code" required
		autoFocus hint={t("signin.code.hint")} error={faults.code} />;
}

export function SignIn() {
	const t = useText("panel");
	const { asks, busy, error, submit, restart } = useSignIn();
	const form = useRef<HTMLFormElement>(null);
	useTitle(t("signin"));
	useEffect(() => {
		if (error)
			form.current?.querySelector<HTMLElement>('[aria-invalid="true"], ' +
				"input[type=password], input[name=code]")?.focus();
	}, [error]);
	const send = (event: FormEvent<HTMLFormElement>) => {
		event.preventDefault();
		submit(Object.fromEntries([...new FormData(event.currentTarget)]
			.map(([name, value]) => [name, String(value)])));
	};
	const faults = problemOf(error)?.fields ?? {};
	return (
		<Bare>
			<h1 className="mb-1">{t("signin.title", { shop: shopName })}</h1>
			<p className="mb-6 opacity-80">{t(asks ? "signin.code.text"
				: "signin.text")}</p>
			<form ref={form} noValidate onSubmit={send}>
				{error && <Failure error={error} />}
				{asks ? <Code faults={faults} /> : <Password faults={faults} />}
				<button className="btn btn-primary w-full" disabled={busy}>
					{t("signin")}</button>
			</form>
			<p className="mt-6 text-center">{asks
				? <button type="button" className="link" onClick={restart}>
					{t("signin.back")}</button>
				: <Link to="/password" className="link">
					{t("signin.forgot")}</Link>}</p>
		</Bare>
	);
}
