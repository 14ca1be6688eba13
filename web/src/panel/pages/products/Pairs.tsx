// SPDX-License-Identifier: ISC
// Names and values: specifications of a product, options of a variant.
import { useId } from "react";
import type { Schemas } from "../../../api/client";
import { useText } from "../../../i18n";

export type Pairs = Record<string, string | number | boolean>;
type Definition = Schemas["Attribute"];
/** As they are typed: in their order, and perhaps not right yet. */
export type Rows = [string, string][];

export const rowsOf = (pairs: Pairs): Rows =>
	Object.entries(pairs).map(([name, value]) => [name, String(value)]);

/** What is sent; a value is of the type that its name is defined with. */
export function pairsOf(rows: Rows, definitions: Definition[] = [],
	text = false): Pairs {
	return Object.fromEntries(rows.filter(([name, value]) => name && value)
		.map(([name, value]) => {
			const type = definitions.find((one) => one.name === name)?.type;
			const trimmed = value.trim();
			if (text || type === "text")
				return [name, trimmed];
			if (type === "boolean" || type === undefined &&
				/^(true|false)$/.test(trimmed))
				return [name, trimmed === "true"];
			return [name, type === "number" || /^-?\d+(\.\d+)?$/.test(trimmed)
				? Number(trimmed) : trimmed];
		}));
}

export function PairsEditor({ label, rows, set, definitions = [], error,
	fixed }: { label: string; rows: Rows; set: (rows: Rows) => void;
	definitions?: Definition[]; error?: string; fixed: boolean }) {
	const t = useText("panel_products");
	const id = useId();
	const put = (at: number, row: [string, string]) =>
		set(rows.map((one, i) => i === at ? row : one));
	return (
		<fieldset className="mb-4" aria-invalid={error ? true : undefined}>
			<legend className="mb-1 text-sm font-medium">{label}</legend>
			<datalist id={id}>{definitions.map(({ name, label: text }) =>
				<option key={name} value={name}>{text}</option>)}</datalist>
			{rows.map(([name, value], i) => {
				const known = definitions.find((one) => one.name === name);
				return (
					<div key={i} className="mb-2 flex gap-2">
						<input className="input input-sm w-32 sm:w-40" list={id}
							aria-label={t("pair.name", { n: i + 1 })}
							value={name} disabled={fixed} pattern="[a-z0-9_]+"
							title={t("pair.form")} onChange={({ target }) =>
								put(i, [target.value.trim(), value])} />
						{known?.type === "boolean" ? <select value={value}
							className="select select-sm min-w-0 max-w-40 flex-1"
							disabled={fixed}
							aria-label={t("pair.value", { name })}
							onChange={({ target }) =>
								put(i, [name, target.value])}>
							<option value="">–</option>
							<option value="true">{t("yes")}</option>
							<option value="false">{t("no")}</option>
						</select> : <input className="input input-sm min-w-0
							flex-1" aria-label={t("pair.value", { name })}
							type={known?.type === "number" ? "number" : "text"}
							step="any" value={value} disabled={fixed}
							maxLength={200} onChange={({ target }) =>
								put(i, [name, target.value])} />}
						{known?.unit && <span className="self-center">
							{known.unit}</span>}
						{!fixed && <button type="button"
							className="btn btn-ghost btn-sm"
							aria-label={t("pair.remove", { name })}
							onClick={() => set(rows.filter((_, at) =>
								at !== i))}>×</button>}
					</div>
				);
			})}
			{error && <p role="alert" className="text-sm text-error">
				{error}</p>}
			{!fixed && <button type="button" className="btn btn-sm"
				onClick={() => set([...rows, ["", ""]])}>{t("pair.add")}
			</button>}
		</fieldset>
	);
}
