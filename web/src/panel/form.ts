// SPDX-License-Identifier: ISC
// What stands behind RecordForm: three versions of each field.  Base is what
// was stored when writing began, mine what is written, theirs what is stored
// now.  Where only one of mine and theirs is another than base, that one
// stands; where both are, whoever writes has to choose.
import { useEffect, useRef, useState } from "react";
import { dropDraft, keepDraft, readDraft } from "./drafts";
import { typedOf, type FieldSpec, type Values } from "./components/fields";

export const same = (a: unknown, b: unknown) =>
	JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

const typedAll = (fields: FieldSpec[], stored: object): Values =>
	Object.fromEntries(fields.map((field) => [field.name,
		typedOf(field, (stored as Values)[field.name])]));

export interface Clash {
	/** Names of what both changed, and isn't chosen yet. */
	open: string[];
	/** Of all that others changed: what it is now. */
	theirs: Values;
	/** What it was before both. */
	base: Values;
	/** What is written here. */
	mine: Values;
}

interface State {
	base: Values;
	values: Values;
	clash?: Clash;
	restored?: number;
}

/** What becomes of what is written when something else is stored now. */
export function merge(base: Values, mine: Values, now: Values):
	{ values: Values; clash?: Clash } {
	const changed = Object.keys(now).filter((name) =>
		!same(now[name], base[name]));
	const both = changed.filter((name) => !same(mine[name], base[name]) &&
		!same(mine[name], now[name]));
	const values = { ...mine };
	for (const name of changed)
		if (!both.includes(name))
			values[name] = now[name];
	return { values, clash: changed.length === 0 ? undefined : { open: both,
		base, mine, theirs: Object.fromEntries(changed.map((name) =>
			[name, now[name]])) } };
}

function begin(fields: FieldSpec[], stored: object, key: string): State {
	const now = typedAll(fields, stored);
	const kept = readDraft(key);
	if (!kept)
		return { base: now, values: now };
	const { values, clash } = merge({ ...now, ...kept.base },
		{ ...now, ...kept.values }, now);
	return Object.keys(now).some((name) => !same(values[name], now[name]))
		? { base: now, values, clash, restored: kept.at }
		: { base: now, values: now };
}

/** @param key  of the draft in this browser */
export function useForm(fields: FieldSpec[], stored: object, key: string) {
	const [state, setState] = useState(() => begin(fields, stored, key));
	const { base, values } = state;
	const changed = Object.keys(values).filter((name) =>
		!same(values[name], base[name]));
	const dirty = changed.length > 0;
	const written = useRef(false);
	const stamp = JSON.stringify(typedAll(fields, stored));
	const seen = useRef(stamp);
	// What is stored changed, and nothing is written: show it.
	useEffect(() => {
		if (stamp === seen.current)
			return;
		seen.current = stamp;
		const now = JSON.parse(stamp) as Values;
		setState((was) => Object.keys(was.values).every((name) =>
			same(was.values[name], was.base[name]))
			? { base: now, values: now } : was);
	}, [stamp]);
	useEffect(() => {
		if (dirty)
			keepDraft(key, { base: only(base, changed),
				values: only(values, changed) });
		else if (written.current)
			dropDraft(key);
		// `changed` follows from the two.
	}, [key, dirty, base, values]);
	useEffect(() => {
		if (!dirty)
			return;
		const leaving = (event: BeforeUnloadEvent) => event.preventDefault();
		addEventListener("beforeunload", leaving);
		return () => removeEventListener("beforeunload", leaving);
	}, [dirty]);
	return { ...state, changed, dirty,
		set: (name: string, value: unknown) => {
			written.current = true;
			setState((now) => ({ ...now,
				values: { ...now.values, [name]: value } }));
		},
		/** One side of a clash. */
		choose: (name: string, theirs: boolean) => setState((now) => {
			const { clash } = now;
			return clash === undefined ? now : { ...now,
				values: { ...now.values, [name]: theirs ? clash.theirs[name]
					: clash.mine[name] },
				clash: { ...clash, open: clash.open.filter((one) =>
					one !== name) } };
		}),
		/** Others were first: with what is stored now. */
		overtaken: (other: object) => setState((now) => {
			const theirs = typedAll(fields, other);
			const merged = merge(now.base, now.values, theirs);
			return { ...now, base: theirs, values: merged.values,
				clash: merged.clash };
		}),
		/** It is saved, or nothing of it shall be kept. */
		reset: (other: object) => {
			const now = typedAll(fields, other);
			seen.current = JSON.stringify(now);
			dropDraft(key);
			setState({ base: now, values: now });
		},
		forget: () => dropDraft(key),
	};
}

const only = (values: Values, names: string[]): Values =>
	Object.fromEntries(names.map((name) => [name, values[name]]));
