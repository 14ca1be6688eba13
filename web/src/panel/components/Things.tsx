// SPDX-License-Identifier: ISC
// A choice of categories, brands or products, by their ids:
//
//	<Things kind="brand" label={t("brands")} value={ids} set={setIds} />
//
// Categories and brands come from a list (searched where it is long), products
// from the search; all of them are public, so that nobody needs a right to choose one.
import { useQueries, useQuery } from "@tanstack/react-query";
import { useEffect, useId, useState } from "react";
import { call } from "../../api/client";
import { useCategories, type Branch } from "../../api/catalog";
import { useText } from "../../i18n";

export type ThingKind = "category" | "brand" | "product";
interface Thing { id: string; name: string }

const flat = (branches: Branch[], above = ""): Thing[] =>
	branches.flatMap(({ id, name, children }) => [
		{ id, name: above + name },
		...flat(children, `${above}${name} › `)]);

function useListed(kind: ThingKind): Thing[] | undefined {
	const categories = useCategories();
	const brands = useQuery({ queryKey: ["brands"], staleTime: 300_000,
		enabled: kind === "brand", queryFn: async () =>
			(await call<{ items: Thing[] }>("/api/catalog/brands")).items });
	return kind === "category"
		? categories.data && flat(categories.data.items)
		: kind === "brand" ? brands.data : [];
}

/** The names of products that were chosen before. */
function useNames(kind: ThingKind, ids: string[]): Map<string, string> {
	const found = useQueries({ queries: ids.map((id) => ({
		queryKey: ["thing", id], staleTime: 300_000, retry: false,
		enabled: kind === "product",
		queryFn: () => call<Thing>(`/api/catalog/products/${id}`) })) });
	return new Map(found.flatMap(({ data }) => data
		? [[data.id, data.name] as const] : []));
}

/** What a search found for these words; undefined while it isn't known. */
function useProducts(words: string): Thing[] | undefined {
	const [asked, setAsked] = useState("");
	useEffect(() => {
		const timer = setTimeout(() => setAsked(words.trim()), 250);
		return () => clearTimeout(timer);
	}, [words]);
	const found = useQuery({ queryKey: ["thing-search", asked],
		enabled: asked.length > 1, staleTime: 30_000,
		queryFn: async () => (await call<{ items: Thing[] }>(
			`/api/search?limit=8&q=${encodeURIComponent(asked)}`)).items });
	return words.trim() === asked ? found.data : undefined;
}

const plain = (words: string) => words.normalize("NFD")
	.replace(/\p{M}/gu, "").toLowerCase();

function Search({ label, hint, words, setWords, found, add }: {
	label: string; hint: string; words: string;
	setWords: (words: string) => void; found?: Thing[];
	add: (thing: Thing) => void }) {
	const t = useText("panel");
	const list = useId();
	return (
		<div className="relative w-full max-w-xs">
			<input type="search" aria-label={`${label}: ${hint}`}
				className="input input-sm w-full" value={words} maxLength={100}
				placeholder={hint} aria-controls={list}
				onChange={({ target }) => setWords(target.value)}
				onKeyDown={(event) => {
					if (event.key !== "Enter")
						return;
					// It stands within forms: the first found, not the form.
					event.preventDefault();
					const first = words.trim() && found?.[0];
					if (first) {
						add(first);
						setWords("");
					}
				}} />
			<ul id={list} className={words.trim().length > 1
				? "absolute z-30 mt-1 w-full rounded-box border " +
				"border-base-300 bg-base-100 shadow-xl" : "hidden"}>
				{found?.map((thing) => (
					<li key={thing.id}><button type="button"
						className="w-full cursor-pointer px-3 py-2 text-left
						text-sm hover:bg-base-200" onClick={() => {
							add(thing);
							setWords("");
						}}>{thing.name}</button></li>
				))}
				{found?.length === 0 && <li className="px-3 py-2 text-sm">
					{t("none")}</li>}
			</ul>
		</div>
	);
}

/** A search for one product; `add` gets what was chosen. */
export function ProductSearch({ label, add }: { label: string;
	add: (thing: Thing) => void }) {
	const t = useText("panel");
	const [words, setWords] = useState("");
	return <Search hint={t("things.search")} found={useProducts(words)}
		{...{ label, words, setWords, add }} />;
}

/** The same among what is known already, however long the list. */
function ListSearch({ label, listed, add }: { label: string;
	listed: Thing[]; add: (thing: Thing) => void }) {
	const t = useText("panel");
	const [words, setWords] = useState("");
	const wanted = plain(words.trim());
	return <Search hint={t("things.find")} found={listed.filter(({ name }) =>
		plain(name).includes(wanted)).slice(0, 12)}
	{...{ label, words, setWords, add }} />;
}

/** More than these are searched, not listed. */
const few = 20;

export function Things({ kind, label, value, set, known = [], fixed = false }: {
	kind: ThingKind;
	label: string;
	value: string[];
	set: (ids: string[]) => void;
	/** Names that are there already. */
	known?: Thing[];
	fixed?: boolean;
}) {
	const t = useText("panel");
	const listed = useListed(kind);
	const [met, setMet] = useState<Thing[]>([]);
	const named = new Map([...listed ?? [], ...known, ...met]
		.map(({ id, name }) => [id, name]));
	const names = useNames(kind, value.filter((id) => !named.has(id)));
	const nameOf = (id: string) => named.get(id) ?? names.get(id) ?? id;
	const add = (thing: Thing) => {
		setMet((now) => [...now, thing]);
		if (!value.includes(thing.id))
			set([...value, thing.id]);
	};
	return (
		<div role="group" aria-label={label}
			className="flex flex-wrap items-center gap-2">
			{value.map((id) => (
				<span key={id} className="badge badge-soft max-w-full gap-1
					text-base-content">
					<span className="truncate">{nameOf(id)}</span>
					{!fixed && <button type="button" className="cursor-pointer"
						aria-label={t("things.remove", { name: nameOf(id) })}
						onClick={() => set(value.filter((one) => one !== id))}>
						✕</button>}
				</span>
			))}
			{!fixed && (kind === "product"
				? <ProductSearch label={label} add={add} />
				: listed && listed.length > few
				? <ListSearch label={label} add={add}
					listed={listed.filter(({ id }) => !value.includes(id))} />
				: <select aria-label={`${label}: ${t("things.add")}`} value=""
					className="select select-sm w-auto max-w-full"
					onChange={({ target }) => {
						const thing = listed?.find(({ id }) =>
							id === target.value);
						if (thing)
							add(thing);
					}}>
					<option value="">{t("things.add")}</option>
					{listed?.filter(({ id }) => !value.includes(id)).map(
						({ id, name }) => <option key={id} value={id}>
							{name}</option>)}
				</select>)}
		</div>
	);
}
