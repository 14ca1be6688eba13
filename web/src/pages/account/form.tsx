// SPDX-License-Identifier: ISC
// What the forms of the account share.
import { useEffect, useRef, useState, type FormEvent, type ReactNode } from
	"react";
import { problemOf } from "../../api/problem";
import { Failure } from "../../components/Failure";
import { useTitle } from "../../components/title";
import { language, useText } from "../../i18n";

export type Values = Record<string, string>;

/** The fields that were filled in; passwords as they are. */
export function valuesOf(form: HTMLFormElement): Values {
	return Object.fromEntries([...new FormData(form)]
		.map(([name, value]) => [name, name.includes("password")
			? String(value) : String(value).trim()])
		.filter(([, value]) => value !== ""));
}

const faultWords = ["required", "too_short", "too_long", "too_small",
	"too_large", "duplicate"] as const;

/** What is wrong, by field; in the page's language as far as codes tell.
 * @param proof  the field whose password must be the account's */
export function useFaults(error: unknown, proof = "current_password"):
	Record<string, string> {
	const t = useText("account");
	return Object.fromEntries((problemOf(error)?.faults ?? []).map(
		({ field, code, message }) => {
			const secret = field.includes("password");
			// What is no password is too short only when it is empty.
			const word = code === "too_short" && !secret ? "required"
				: faultWords.find((known) => known === code);
			return [field, language === "en" && word !== "required" ? message
				: secret && code === "value"
					? t(field === proof ? "fault.password"
						: "password.rules")
				: word ? t(`fault.${word}`) : t("fault.other")];
		}));
}

/** A form that doesn't leave the page.  What went wrong with no field in
 * particular stands above it; the first fault gets the focus.
 * @param among  the fields that show their own faults */
export function Form({ error, among = [], onSubmit, className, children }: {
	error: unknown; among?: string[]; className?: string;
	onSubmit: (form: HTMLFormElement) => void; children: ReactNode;
}) {
	const form = useRef<HTMLFormElement>(null);
	useEffect(() => {
		if (!error)
			return;
		const first = form.current?.querySelector<HTMLElement>(
			'[aria-invalid="true"], [data-trouble]');
		first?.focus({ preventScroll: true });
		first?.scrollIntoView({ block: "center" });
	}, [error]);
	return (
		<form ref={form} noValidate className={className}
			onSubmit={(event: FormEvent<HTMLFormElement>) => {
				event.preventDefault();
				onSubmit(event.currentTarget);
			}}>
			<Trouble error={error} among={among} />
			{children}
		</form>
	);
}

/** What is wrong with no field in particular. */
function Trouble({ error, among }: { error: unknown; among: string[] }) {
	const faults = problemOf(error)?.faults ?? [];
	return error && !faults.some(({ field }) => among.includes(field))
		? <div data-trouble tabIndex={-1}><Failure error={error} /></div>
		: null;
}

export function Narrow({ title, children }: { title: string;
	children: ReactNode }) {
	useTitle(title);
	return (
		<section className="mx-auto max-w-md">
			<h1 className="mb-5">{title}</h1>
			{children}
		</section>
	);
}

/** The token of a mail's link, taken out of the address bar at once.  It is
 * behind the "#", which no server is told; that of a way out of mail, which
 * mail programs open themselves, is in the query. */
export function useMailToken(): string {
	const [token] = useState(() =>
		new URLSearchParams(location.hash.slice(1)).get("token") ??
		new URLSearchParams(location.search).get("token") ?? "");
	useEffect(() => {
		if (location.search || location.hash)
			history.replaceState(history.state, "", location.pathname);
		// Another link, opened where one was open already.
		const again = () => location.reload();
		addEventListener("hashchange", again);
		return () => removeEventListener("hashchange", again);
	}, []);
	return token;
}
