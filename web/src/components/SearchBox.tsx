// SPDX-License-Identifier: ISC
// Search with suggestions while typing: a combobox as ARIA has it.
import { useEffect, useId, useState, type KeyboardEvent } from "react";
import { useLocation, useNavigate } from "react-router";
import { useSuggestions } from "../api/catalog";
import { money, useText } from "../i18n";
import { useRecentSearches } from "./useRecentSearches";
import { ClockIcon, SearchIcon } from "./icons";

interface Choice {
	key: string;
	to: string;
	text: string;
	kind: "recent" | "search" | "category" | "brand" | "product";
	image?: string | null;
	note?: string;
}

const searchFor = (words: string) =>
	`/search?q=${encodeURIComponent(words)}`;

function useSettled(value: string): string {
	const [settled, setSettled] = useState(value);
	useEffect(() => {
		const timer = setTimeout(() => setSettled(value), 120);
		return () => clearTimeout(timer);
	}, [value]);
	return settled;
}

function useChoices(words: string, recent: string[]): Choice[] {
	const t = useText("common");
	const { data } = useSuggestions(useSettled(words));
	if (words === "" || !data)
		return recent.filter((one) =>
			one.toLowerCase().startsWith(words.toLowerCase()))
			.map((text) => ({ key: `r${text}`, to: searchFor(text), text,
				kind: "recent" }));
	return [
		...data.searches.map((text): Choice => ({ key: `s${text}`,
			to: searchFor(text), text, kind: "search" })),
		...data.categories.map(({ slug, name, count }): Choice => ({
			key: `c${slug}`, to: `/category/${slug}`, text: name,
			kind: "category", note: t.count("products", count) })),
		...data.brands.map(({ slug, name }): Choice => ({ key: `b${slug}`,
			to: `/search?q=${encodeURIComponent(name)}&brand=${slug}`,
			text: name, kind: "brand", note: t("brand") })),
		...data.products.map(({ slug, name, price, image }): Choice => ({
			key: `p${slug}`, to: `/product/${slug}`, text: name,
			kind: "product", image, note: money(price) })),
	];
}

function Option({ id, choice, active, choose }: { id: string;
	choice: Choice; active: boolean; choose: () => void }) {
	return (
		<li id={id} role="option" aria-selected={active}
			onPointerDown={(event) => event.preventDefault()}
			onClick={choose} className={`flex cursor-pointer items-center
			gap-3 rounded-field px-3 py-2 ${active ? "bg-base-300" :
			"hover:bg-base-200"}`}>
			{choice.kind === "product" && choice.image
				? <img src={choice.image} alt="" width="40" height="40"
					className="size-10 rounded bg-base-200 object-cover" />
				: choice.kind === "recent" ? <ClockIcon /> : <SearchIcon />}
			<span className="min-w-0 flex-1 truncate">{choice.text}</span>
			{choice.note && <span className="shrink-0 text-sm opacity-80">
				{choice.note}</span>}
		</li>
	);
}

function useWords() {
	const { pathname, search } = useLocation();
	const given = pathname === "/search" ?
		new URLSearchParams(search).get("q") ?? "" : "";
	const [words, setWords] = useState(given);
	useEffect(() => setWords(given), [given]);
	return [words, setWords] as const;
}

export function SearchBox() {
	const t = useText("common");
	const id = useId();
	const navigate = useNavigate();
	const [words, setWords] = useWords();
	const [open, setOpen] = useState(false);
	const [at, setAt] = useState(-1);
	const { recent, remember, forget } = useRecentSearches();
	const choices = useChoices(words.trim(), recent);
	const shown = open && choices.length > 0;

	const go = (to: string, searched?: string) => {
		if (searched)
			remember(searched);
		setOpen(false);
		setAt(-1);
		navigate(to);
	};
	const choose = (choice: Choice) => go(choice.to,
		choice.kind === "recent" || choice.kind === "search" ?
			choice.text : words.trim());
	const submit = () => {
		const chosen = choices[at];
		if (shown && chosen)
			choose(chosen);
		else if (words.trim())
			go(searchFor(words.trim()), words.trim());
	};
	const move = (event: KeyboardEvent) => {
		const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
		if (event.key === "Escape")
			setOpen(false);
		if (step === undefined)
			return;
		event.preventDefault();
		setOpen(true);
		setAt((at + 1 + step + choices.length + 1) %
			(choices.length + 1) - 1);
	};

	return (
		<form role="search" className="relative" action="/search"
			onSubmit={(event) => { event.preventDefault(); submit(); }}>
			<div className="join w-full">
				<input type="search" name="q" value={words} maxLength={100}
					autoComplete="off" role="combobox"
					aria-expanded={shown} aria-controls={`${id}-list`}
					aria-autocomplete="list"
					aria-activedescendant={shown && at >= 0 ?
						`${id}-${at}` : undefined}
					aria-label={t("search.label")}
					placeholder={t("search.hint")}
					className="input join-item w-full"
					onFocus={() => setOpen(true)}
					onBlur={() => { setOpen(false); setAt(-1); }}
					onKeyDown={move}
					onChange={(event) => {
						setWords(event.target.value);
						setOpen(true);
						setAt(-1);
					}} />
				<button type="submit" className="btn btn-primary join-item"
					aria-label={t("search")}><SearchIcon /></button>
			</div>
			<div hidden={!shown} className="absolute inset-x-0 top-full z-50
				mt-1 max-h-[70vh] overflow-y-auto rounded-box border
				border-base-300 bg-base-100 p-2 shadow-xl">
				<ul id={`${id}-list`} role="listbox"
					aria-label={t("search.suggestions")}>
					{choices.map((choice, i) => (
						<Option key={choice.key} id={`${id}-${i}`}
							choice={choice} active={i === at}
							choose={() => choose(choice)} />
					))}
				</ul>
				{choices[0]?.kind === "recent" && (
					<button type="button" className="btn btn-ghost btn-sm mt-1"
						onPointerDown={(event) => event.preventDefault()}
						onClick={() => { forget(); setOpen(false); }}>
						{t("search.forget")}
					</button>)}
			</div>
		</form>
	);
}
