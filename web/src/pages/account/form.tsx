// SPDX-License-Identifier: ISC
// What the forms of the account share.
import { useEffect, useState, type FormEvent, type ReactNode } from "react";
import { problemOf } from "../../api/problem";
import { Failure } from "../../components/Failure";
import { useTitle } from "../../components/title";

export type Values = Record<string, string>;

/** The fields that were filled in; passwords as they are. */
export function valuesOf(event: FormEvent<HTMLFormElement>): Values {
	event.preventDefault();
	return Object.fromEntries([...new FormData(event.currentTarget)]
		.map(([name, value]) => [name, name.includes("password")
			? String(value) : String(value).trim()])
		.filter(([, value]) => value !== ""));
}

export const faultsOf = (error: unknown) => problemOf(error)?.fields ?? {};

/** What is wrong with no field in particular. */
export function Trouble({ error, among }: { error: unknown;
	among: string[] }) {
	const faults = Object.keys(faultsOf(error));
	return error && !faults.some((name) => among.includes(name))
		? <Failure error={error} /> : null;
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

/** The token of a mail's link, taken out of the address bar at once. */
export function useMailToken(): string {
	const [token] = useState(() =>
		new URLSearchParams(location.search).get("token") ?? "");
	useEffect(() => {
		if (location.search)
			history.replaceState(history.state, "", location.pathname);
	}, []);
	return token;
}
