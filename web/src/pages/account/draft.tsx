// SPDX-License-Identifier: ISC
// What is being edited while others may change it too.  It is sent with the
// version it was read in; if that isn't the newest, nothing is overwritten:
// both are shown, and what was typed stays.
import { useEffect, useRef, useState } from "react";
import { useText } from "../../i18n";
import type { Values } from "./form";

export interface Draft<T> {
	values: Values;
	base: T;
	set: (name: string, value: string) => void;
	/** Names of what was changed here. */
	changed: string[];
	/** How often others were first since it was saved last. */
	times: number;
	/** What they changed: name, and what it is now. */
	theirs: { name: string; now: string }[];
	/** To be called when it was saved, with what is stored now. */
	saved: (now: T) => void;
	/** To be called when others were first, with what is stored now. */
	overtaken: (now: T) => void;
}

export function useDraft<T>(stored: T, textOf: (stored: T) => Values):
	Draft<T> {
	const [base, setBase] = useState(stored);
	const [values, setValues] = useState(() => textOf(stored));
	const [theirs, setTheirs] = useState<string[]>([]);
	const [times, setTimes] = useState(0);
	const was = textOf(base);
	return {
		values, base, times,
		set: (name, value) => setValues((now) => ({ ...now, [name]: value })),
		changed: Object.keys(values).filter((name) =>
			values[name] !== was[name]),
		theirs: theirs.map((name) => ({ name, now: was[name] ?? "" })),
		saved: (now) => {
			setBase(now);
			setValues(textOf(now));
			setTheirs([]);
			setTimes(0);
		},
		overtaken: (now) => {
			const is = textOf(now);
			setBase(now);
			setTimes((before) => before + 1);
			setTheirs(Object.keys(is).filter((name) =>
				is[name] !== was[name]));
			setValues((mine) => Object.fromEntries(Object.keys(is).map(
				(name) => [name, mine[name] === was[name] ? is[name]!
					: mine[name]!])));
		},
	};
}

/** Says what others changed. */
export function Overtaken<T>({ draft, label, shown }: { draft: Draft<T>;
	label: (name: string) => string;
	shown: (name: string, value: string) => string }) {
	const t = useText("account");
	const box = useRef<HTMLDivElement>(null);
	useEffect(() => {
		box.current?.focus({ preventScroll: true });
		box.current?.scrollIntoView({ block: "center" });
	}, [draft.times]);
	return draft.times > 0 && (
		<div ref={box} tabIndex={-1} role="alert"
			className="alert alert-warning mb-5 block">
			<p className="font-semibold">{t("overtaken")}</p>
			<ul className="mt-2 list-disc pl-5">
				{draft.theirs.map(({ name, now }) => <li key={name}
					className="wrap-anywhere">
					{label(name)}: {now ? shown(name, now) : "–"}</li>)}
			</ul>
			<p className="mt-2">{t("overtaken.how")}</p>
		</div>
	);
}
