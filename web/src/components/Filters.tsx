// SPDX-License-Identifier: ISC
// What a listing can be narrowed by, with counts.
import { useEffect, useState, type FormEvent, type ReactNode } from "react";
import { Link, useSearchParams } from "react-router";
import type { Schemas } from "../api/client";
import { majorUnits, minorUnits, money, number, useText } from "../i18n";
import { CloseIcon } from "./icons";

type Facets = Schemas["Facets"];

function useQueryParts() {
	const [query, setQuery] = useSearchParams();
	const change = (edit: (now: URLSearchParams) => void) =>
		setQuery((now) => {
			edit(now);
			return now;
		}, { preventScrollReset: true });
	const toggle = (name: string, value: string) => change((now) =>
		now.has(name, value) ? now.delete(name, value)
			: now.append(name, value));
	return { query, change, toggle };
}

function Group({ title, children, open = true }: { title: string;
	children: ReactNode; open?: boolean }) {
	return (
		<details open={open} className="border-b border-base-300 py-3">
			<summary className="cursor-pointer py-1 font-semibold">{title}
			</summary>
			<div className="pt-2">{children}</div>
		</details>
	);
}

interface Option {
	value: string;
	text: string;
	count: number;
}

const few = 6;

function Options({ name, prefix = "", options }: { name: string;
	prefix?: string; options: Option[] }) {
	const t = useText("shop");
	const { query, toggle } = useQueryParts();
	const [all, setAll] = useState(false);
	const chosen = ({ value }: Option) => query.has(name, prefix + value);
	const shown = options.filter((option, i) => all || i < few ||
		chosen(option));
	return (
		<ul>
			{shown.map((option) => (
				<li key={option.value}>
					<label className="flex cursor-pointer items-center gap-3
						py-1.5 text-sm">
						<input type="checkbox" className="checkbox checkbox-sm"
							checked={chosen(option)} onChange={() =>
								toggle(name, prefix + option.value)} />
						<span className="min-w-0 flex-1">{option.text}</span>
						<span className="opacity-80">
							{number(option.count)}</span>
					</label>
				</li>
			))}
			{options.length > few && <li><button type="button"
				className="btn btn-ghost btn-sm" aria-expanded={all}
				onClick={() => setAll(!all)}>
				{t(all ? "fewer" : "all.options")}</button></li>}
		</ul>
	);
}

function Price({ price }: { price: Facets["price"] }) {
	const t = useText("shop");
	const { query, change } = useQueryParts();
	const currency = price.min?.currency ?? "EUR";
	const major = (name: string) => query.has(name) ?
		String(majorUnits(Number(query.get(name)), currency)) : "";
	const [low, setLow] = useState(major("price_min"));
	const [high, setHigh] = useState(major("price_max"));
	useEffect(() => {
		setLow(major("price_min"));
		setHigh(major("price_max"));
	}, [query.get("price_min"), query.get("price_max")]);
	const submit = (event: FormEvent) => {
		event.preventDefault();
		change((now) => {
			for (const [name, value] of [["price_min", low],
				["price_max", high]] as const)
				if (value !== "" && Number(value) >= 0)
					now.set(name, String(minorUnits(Number(value), currency)));
				else
					now.delete(name);
		});
	};
	const bound = (label: string, value: string, set: (v: string) => void,
		hint: Facets["price"]["min"]) => (
		<label className="min-w-20 flex-1 text-sm">{label}
			<input type="number" min="0" step="0.01" inputMode="decimal"
				value={value} onChange={({ target }) => set(target.value)}
				placeholder={hint ? String(majorUnits(hint.amount,
					hint.currency)) : ""} className="input input-sm mt-1 w-full" />
		</label>
	);
	return (
		<form onSubmit={submit} className="flex flex-wrap items-end gap-2">
			{bound(t("price.from"), low, setLow, price.min)}
			{bound(t("price.to"), high, setHigh, price.max)}
			<button className="btn btn-sm">{t("price.apply")}</button>
		</form>
	);
}

function useValueText() {
	const t = useText("shop");
	return (value: string, unit: string | null) => value === "true"
		? t("yes") : value === "false" ? t("no")
		: unit ? `${value} ${unit}` : value;
}

export function Filters({ facets }: { facets: Facets }) {
	const t = useText("shop");
	const valueText = useValueText();
	const { query, toggle } = useQueryParts();
	return (
		<div>
			<label className="flex cursor-pointer items-center gap-3
				border-b border-base-300 py-3 text-sm font-medium">
				<input type="checkbox" className="toggle toggle-primary
					toggle-sm" checked={query.get("in_stock") === "true"}
					onChange={() => toggle("in_stock", "true")} />
				{t("instock.only")}
			</label>
			{facets.categories.length > 0 && (
				<Group title={t("categories")}>
					<ul>{facets.categories.map(({ slug, name, count }) => (
						<li key={slug}><Link to={`/category/${slug}`}
							className="flex justify-between py-1.5 text-sm
							hover:underline"><span>{name}</span>
							<span className="opacity-80">{number(count)}</span>
						</Link></li>))}</ul>
				</Group>)}
			<Group title={t("price")}><Price price={facets.price} /></Group>
			{facets.brands.length > 0 && (
				<Group title={t("brand")}>
					<Options name="brand" options={facets.brands.map(
						({ slug, name, count }) => ({ value: slug, text: name,
							count }))} />
				</Group>)}
			{facets.attributes.map(({ name, label, unit, values }) => (
				<Group key={name} title={label}
					open={query.getAll("attribute").some((pair) =>
						pair.startsWith(`${name}:`))}>
					<Options name="attribute" prefix={`${name}:`}
						options={values.map(({ value, count }) => ({ value,
							text: valueText(value, unit), count }))} />
				</Group>
			))}
		</div>
	);
}

/** What was chosen, each to be let go of. */
export function ActiveFilters({ facets }: { facets: Facets }) {
	const t = useText("shop");
	const valueText = useValueText();
	const { query, change } = useQueryParts();
	const currency = facets.price.min?.currency ?? "EUR";
	const price = (name: string) => money({
		amount: Number(query.get(name)), currency });
	const chips: [string, string, string][] = [
		...query.getAll("brand").map((slug): [string, string, string] =>
			["brand", slug, facets.brands.find((one) =>
				one.slug === slug)?.name ?? slug]),
		...query.getAll("attribute").map((pair):
			[string, string, string] => {
			const at = pair.indexOf(":");
			const about = facets.attributes.find(({ name }) =>
				name === pair.slice(0, at));
			return ["attribute", pair, `${about?.label ?? pair.slice(0, at)}: ` +
				valueText(pair.slice(at + 1), about?.unit ?? null)];
		}),
	];
	for (const [name, key] of [["price_min", "price.above"],
		["price_max", "price.below"]] as const)
		if (query.has(name))
			chips.push([name, query.get(name)!, t(key,
				{ price: price(name) })]);
	if (query.get("in_stock") === "true")
		chips.push(["in_stock", "true", t("instock")]);
	if (chips.length === 0)
		return null;
	return (
		<ul className="mb-4 flex flex-wrap gap-2">
			{chips.map(([name, value, text]) => (
				<li key={name + value}><button type="button"
					className="btn btn-sm rounded-full"
					aria-label={t("filter.drop", { text })}
					onClick={() => change((now) => now.delete(name, value))}>
					{text}<CloseIcon /></button></li>
			))}
			<li><button type="button" className="btn btn-ghost btn-sm"
				onClick={() => change((now) => {
					for (const name of ["brand", "attribute", "price_min",
						"price_max", "in_stock"])
						now.delete(name);
				})}>{t("filter.clear")}</button></li>
		</ul>
	);
}
