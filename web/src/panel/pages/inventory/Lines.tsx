// SPDX-License-Identifier: ISC
// The lines of a paper: what is meant is found by SKU or name, by a scanner
// too (Enter takes what fits just so), and how many.
import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { call, type Schemas } from "../../../api/client";
import { useText } from "../../../i18n";
import { base } from "./stock";

export interface Line {
	sku: string;
	name: string;
	quantity: string;
}

export const linesSent = (lines: Line[], number = "quantity") =>
	lines.map(({ sku, quantity }) => ({ sku, [number]: Number(quantity) }));

/** SKUs that have these letters. */
function useFound(words: string) {
	return useQuery({ queryKey: ["stock", "found", words],
		enabled: words.length > 1, queryFn: async () => {
			const { items } = await call<Schemas["StockPage"]>(
				`${base}?limit=20&q=${encodeURIComponent(words)}`);
			return [...new Map(items.map((one) => [one.sku, one])).values()];
		} });
}

export function LinesEditor({ lines, set, error }: { lines: Line[];
	set: (lines: Line[]) => void; error?: string }) {
	const t = useText("panel_inventory");
	const id = useId();
	const [words, setWords] = useState("");
	const found = useFound(words.trim()).data ?? [];
	const add = (sku: string, name: string) => {
		const at = lines.findIndex((one) => one.sku === sku);
		set(at < 0 ? [...lines, { sku, name, quantity: "1" }]
			: lines.map((one, i) => i === at ? { ...one, quantity:
				String(Number(one.quantity) + 1) } : one));
		setWords("");
	};
	const take = () => {
		const one = found.find(({ sku }) => sku === words.trim()) ??
			(found.length === 1 ? found[0] : undefined);
		if (one)
			add(one.sku, one.name);
		else if (words.trim())
			add(words.trim(), "");
	};
	return (
		<fieldset className="mb-4" aria-invalid={error ? true : undefined}>
			<legend className="mb-1 text-sm font-medium">{t("lines")}</legend>
			{lines.map((line, i) => (
				<div key={line.sku} className="mb-2 flex flex-wrap
					items-center gap-2">
					<span className="min-w-40 flex-1">{line.sku}{" "}
						<span className="opacity-80">{line.name}</span></span>
					<input type="number" className="input input-sm w-28"
						min={0} step={1} required value={line.quantity}
						aria-label={t("line.count", { sku: line.sku })}
						onChange={({ target }) => set(lines.map((one, at) =>
							at === i ? { ...one, quantity: target.value }
								: one))} />
					<button type="button" className="btn btn-ghost btn-sm"
						aria-label={t("line.remove", { sku: line.sku })}
						onClick={() => set(lines.filter((_, at) =>
							at !== i))}>×</button>
				</div>))}
			<div className="flex flex-wrap gap-2">
				<input className="input input-sm w-64" list={id} value={words}
					aria-label={t("line.find")} placeholder={t("line.find")}
					autoComplete="off" onChange={({ target }) =>
						setWords(target.value)} onKeyDown={(event) => {
						if (event.key === "Enter") {
							event.preventDefault();
							take();
						}
					}} />
				<datalist id={id}>{found.map(({ sku, name }) =>
					<option key={sku} value={sku}>{name}</option>)}</datalist>
				<button type="button" className="btn btn-sm"
					onClick={take}>{t("line.add")}</button>
			</div>
			{error && <p role="alert" className="mt-1 text-sm text-error">
				{error}</p>}
		</fieldset>
	);
}
