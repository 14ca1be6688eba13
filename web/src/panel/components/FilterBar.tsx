// SPDX-License-Identifier: ISC
// The filters of a list, each by its name in the address and the API.
import { useEffect, useId, useRef, useState } from "react";
import { majorUnits, minorUnits, useText } from "../../i18n";
import type { Filters } from "../list";

export interface Filter {
	name: string;
	label: string;
	/** search: text, asked for as it is typed; range: two days, the second
	 * under the name `other`; times: the same for an API that takes times,
	 * from the first's beginning to before the second's end; check: "true"
	 * or nothing; money: minor units of `currency`. */
	kind: "search" | "select" | "check" | "date" | "range" | "times" |
		"number" | "money";
	currency?: string;
	/** The name of a range's end. */
	other?: string;
	/** Of a select: values and words; "any" is added. */
	options?: (readonly [string, string])[];
	/** A select without "any". */
	must?: boolean;
	hint?: string;
}

function Search({ field, value, set }: { field: Filter; value: string;
	set: (change: Filters) => void }) {
	const [typed, setTyped] = useState(value);
	const sent = useRef(value);
	useEffect(() => {
		if (value !== sent.current) {
			sent.current = value;
			setTyped(value);
		}
	}, [value]);
	useEffect(() => {
		const timer = setTimeout(() => {
			if (typed.trim() === sent.current)
				return;
			sent.current = typed.trim();
			set({ [field.name]: typed.trim() });
		}, 300);
		return () => clearTimeout(timer);
	});
	return <input type="search" aria-label={field.label}
		className="input input-sm w-full sm:w-64" maxLength={100}
		placeholder={field.hint ?? field.label} value={typed}
		onChange={({ target }) => setTyped(target.value)} />;
}

const midnight = (date: string, later: number) => {
	const at = new Date(`${date}T00:00`);
	at.setDate(at.getDate() + later);
	return Number.isNaN(at.getTime()) ? "" : at.toISOString();
};

/** What the API is asked, for what the address has. */
export function sentFilters(fields: Filter[], filters: Filters): Filters {
	const sent = { ...filters };
	for (const { kind, name, other } of fields) {
		if (kind !== "times")
			continue;
		if (sent[name])
			sent[name] = midnight(sent[name], 0);
		if (other && sent[other])
			sent[other] = midnight(sent[other], 1);
	}
	return Object.fromEntries(Object.entries(sent)
		.filter(([, value]) => value !== ""));
}

const day = (value: string) => value.slice(0, 10);

/** What stands in the field of a filter, and what is asked for it. */
function typed({ kind, currency = "EUR" }: Filter, value: string): string {
	if (kind === "money")
		return value && String(majorUnits(Number(value), currency));
	return kind === "number" ? value : day(value);
}
const asked = ({ kind, currency = "EUR" }: Filter, value: string) =>
	kind === "money" && value ? String(minorUnits(Number(value), currency))
		: value;

function Plain({ field, filters, set }: { field: Filter; filters: Filters;
	set: (change: Filters) => void }) {
	const t = useText("panel");
	const id = useId();
	const { name, label, kind } = field;
	const value = filters[name] ?? "";
	if (kind === "check")
		return (
			<label className="flex h-8 cursor-pointer items-center gap-2 text-sm">
				<input type="checkbox" className="checkbox checkbox-sm"
					checked={value === "true"} onChange={({ target }) =>
						set({ [name]: target.checked ? "true" : "" })} />
				{label}
			</label>
		);
	return (
		<div>
			<label htmlFor={id} className="block text-xs">{label}</label>
			{kind === "select" ? <select id={id} value={value}
				className="select select-sm w-auto max-w-52"
				onChange={({ target }) => set({ [name]: target.value })}>
				{!field.must && <option value="">{t("any")}</option>}
				{field.options?.map(([code, text]) => <option key={code}
					value={code}>{text}</option>)}
			</select> : <input id={id} className="input input-sm w-auto"
				type={kind === "number" || kind === "money" ? "number" : "date"}
				step="any" value={typed(field, value)} onChange={({ target }) =>
					set({ [name]: asked(field, target.value) })} />}
		</div>
	);
}

export function FilterBar({ fields, filters, set }: { fields: Filter[];
	filters: Filters; set: (change: Filters) => void }) {
	const t = useText("panel");
	return (
		<>{fields.map((field) => field.kind === "search"
			? <Search key={field.name} field={field} set={set}
				value={filters[field.name] ?? ""} />
			: ["range", "times"].includes(field.kind) ? [
				<Plain key={field.name} filters={filters} set={set} field={{
					...field, kind: "date",
					label: t("range.from", { what: field.label }) }} />,
				<Plain key={field.other} filters={filters} set={set} field={{
					...field, kind: "date", name: field.other!,
					label: t("range.to", { what: field.label }) }} />]
			: <Plain key={field.name} {...{ field, filters, set }} />)}</>
	);
}
