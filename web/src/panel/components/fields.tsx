// SPDX-License-Identifier: ISC
// Fields of a RecordForm: what is stored becomes what is typed, and what is
// typed becomes what is sent.
import type { ReactNode } from "react";
import { Check, Field, Select, TextArea } from "../../components/Field";
import { majorUnits, minorUnits } from "../../i18n";

export interface FieldSpec {
	/** As the API has it. */
	name: string;
	label: string;
	/** money: { amount, currency } in `currency`; minor: an amount in minor
	 * units of it; tags: a list of words; own: drawn by `draw`, any value. */
	kind?: "text" | "email" | "tel" | "url" | "password" | "number" |
		"money" | "minor" | "textarea" | "select" | "check" | "date" |
		"time" | "datetime" | "tags" | "own";
	required?: boolean;
	hint?: ReactNode;
	/** Of a select: values and words.  One that isn't required can be
	 * nothing (null). */
	options?: (readonly [string, string])[];
	currency?: string;
	max?: number;
	min?: number;
	step?: number | "any";
	rows?: number;
	autoComplete?: string;
	/** Shown, and not to be changed. */
	fixed?: boolean;
	/** What an empty text is sent as (null, unless said). */
	empty?: "" | null;
	/** The width of the whole form, where there are two columns. */
	wide?: boolean;
	/** Shown only while this holds. */
	when?: (values: Values) => boolean;
	/** Of kind "own". */
	draw?: (at: { value: unknown; set: (value: unknown) => void;
		error?: string; fixed: boolean }) => ReactNode;
	/** How a value is shown where two are compared. */
	show?: (value: unknown) => string;
}

export type Values = Record<string, unknown>;

const local = (value: string) => {
	const at = new Date(value);
	return new Date(at.getTime() - at.getTimezoneOffset() * 60_000)
		.toISOString().slice(0, 16);
};

/** What stands in the field for what is stored. */
export function typedOf(field: FieldSpec, stored: unknown): unknown {
	switch (field.kind) {
	case "check":
		return stored === true;
	case "own":
		return stored ?? null;
	case "tags":
		return ((stored as string[] | null) ?? []).join(", ");
	case "money":
		return stored ? String(majorUnits((stored as { amount: number }).amount,
			field.currency!)) : "";
	case "minor":
		return typeof stored === "number"
			? String(majorUnits(stored, field.currency!)) : "";
	case "datetime":
		return stored ? local(String(stored)) : "";
	default:
		return stored === null || stored === undefined ? "" : String(stored);
	}
}

/** What is sent for what stands in the field. */
export function sentOf(field: FieldSpec, typed: unknown): unknown {
	if (field.kind === "check" || field.kind === "own")
		return typed;
	const text = field.kind === "password" ? String(typed)
		: String(typed ?? "").trim();
	if (field.kind === "tags")
		return text.split(",").map((one) => one.trim()).filter(Boolean);
	if (text === "")
		return field.empty === undefined ? null : field.empty;
	switch (field.kind) {
	case "number":
		return Number(text);
	case "minor":
		return minorUnits(Number(text), field.currency!);
	case "money":
		return { amount: minorUnits(Number(text), field.currency!),
			currency: field.currency };
	case "datetime":
		return new Date(text).toISOString();
	default:
		return text;
	}
}

/** How a value is shown where two are compared. */
export function shownOf(field: FieldSpec, typed: unknown,
	words: { yes: string; no: string }): string {
	if (field.show)
		return field.show(typed);
	if (typeof typed === "boolean")
		return typed ? words.yes : words.no;
	if (field.kind === "select")
		return field.options?.find(([value]) => value === typed)?.[1] ?? "–";
	if (typed !== null && typeof typed === "object")
		return JSON.stringify(typed);
	return typed === "" || typed === null || typed === undefined ? "–"
		: String(typed);
}

const inputs: Partial<Record<NonNullable<FieldSpec["kind"]>, string>> = {
	email: "email", tel: "tel", url: "url", password: "password",
	number: "number", money: "number", minor: "number", date: "date",
	time: "time", datetime: "datetime-local" };

const stepOf = ({ kind, currency }: FieldSpec) =>
	kind === "money" || kind === "minor" ? majorUnits(1, currency!)
		: undefined;

export function Drawn({ field, value, set, error }: { field: FieldSpec;
	value: unknown; set: (value: unknown) => void; error?: string }) {
	const { name, label, kind = "text", required, hint, fixed = false } = field;
	const common = { label, name, hint, error, required, disabled: fixed };
	const text = { ...common, value: String(value ?? ""),
		onChange: ({ target }: { target: { value: string } }) =>
			set(target.value) };
	if (kind === "own")
		return <>{field.draw?.({ value, set, error, fixed })}</>;
	if (kind === "check")
		return <Check {...common} checked={value === true}
			onChange={({ target }) => set(target.checked)} />;
	if (kind === "textarea")
		return <TextArea {...text} rows={field.rows ?? 4}
			maxLength={field.max} />;
	if (kind === "select")
		return (
			<Select {...text}>
				{(!required || value === "" || value === null) &&
					<option value="">–</option>}
				{field.options?.map(([code, words]) =>
					<option key={code} value={code}>{words}</option>)}
			</Select>
		);
	const figures = inputs[kind] === "number";
	return <Field {...text} type={inputs[kind] ?? "text"}
		autoComplete={field.autoComplete ?? "off"}
		{...figures ? { min: field.min, max: field.max,
			step: field.step ?? stepOf(field) } : { maxLength: field.max }} />;
}
