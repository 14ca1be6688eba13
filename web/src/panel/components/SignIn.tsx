// SPDX-License-Identifier: ISC
// The way in.  One form in steps: the password, and, where the API says that
// it isn't enough (`steps`: by the problem's code), one field more.  What was
// said before goes along with each step.
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState, type FormEvent, type ReactNode } from
	"react";
import { call } from "../../api/client";
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

type Step = "password";
type Values = Record<string, string>;
const steps: Record<string, Step> = {};

function useSignIn() {
	const forget = useForget();
	const [step, setStep] = useState<Step>("password");
	const [said, setSaid] = useState<Values>({});
	const send = useMutation({
		mutationFn: (values: Values) => call("/api/staff/login", {
			method: "POST",
			body: JSON.stringify({ ...values, transport: "cookie" }) }),
		onSuccess: forget,
		onError: (error, values) => {
			const next = steps[problemOf(error)?.code ?? ""];
			if (next === undefined)
				return;
			setSaid(values);
			setStep(next);
		},
	});
	const asked = steps[problemOf(send.error)?.code ?? ""] !== undefined;
	return { step, busy: send.isPending || send.isSuccess,
		error: asked ? undefined : send.error,
		submit: (values: Values) => send.mutate({ ...said, ...values }),
		restart: () => {
			send.reset();
			setSaid({});
			setStep("password");
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

export function SignIn() {
	const t = useText("panel");
	const { busy, error, submit } = useSignIn();
	const form = useRef<HTMLFormElement>(null);
	useTitle(t("signin"));
	useEffect(() => {
		if (error)
			form.current?.querySelector<HTMLElement>(
				'[aria-invalid="true"], input[type=password]')?.focus();
	}, [error]);
	const send = (event: FormEvent<HTMLFormElement>) => {
		event.preventDefault();
		submit(Object.fromEntries([...new FormData(event.currentTarget)]
			.map(([name, value]) => [name, String(value)])));
	};
	return (
		<Bare>
			<h1 className="mb-1">{t("signin.title", { shop: shopName })}</h1>
			<p className="mb-6 opacity-80">{t("signin.text")}</p>
			<form ref={form} noValidate onSubmit={send}>
				{error && <Failure error={error} />}
				<Password faults={problemOf(error)?.fields ?? {}} />
				<button className="btn btn-primary w-full" disabled={busy}>
					{t("signin")}</button>
			</form>
		</Bare>
	);
}
