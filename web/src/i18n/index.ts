// SPDX-License-Identifier: ISC
// Words by language and group of pages (en/shop.ts, fr/shop.ts ...).  A page's
// group comes with the page (router.tsx); "common" is always there.
import type account from "./en/account";
import type checkout from "./en/checkout";
import type common from "./en/common";
import type problems from "./en/problems";
import type shop from "./en/shop";
import type { PanelGroups } from "./panel";

export interface Groups extends PanelGroups {
	account: typeof account;
	checkout: typeof checkout;
	common: typeof common;
	problems: typeof problems;
	shop: typeof shop;
}
export type Group = keyof Groups;
/** What a translation must have: the same keys as English. */
export type Texts<G extends Group> = Record<keyof Groups[G], string>;

export const languages = { en: "English", fr: "Français",
	pt: "Português" } as const;
export type Language = keyof typeof languages;

const files = import.meta.glob<{ default: Record<string, string> }>(
	["./en/*.ts", "./fr/*.ts", "./pt/*.ts"]);
const loaded = new Map<string, Record<string, string>>();

function preferred(): Language {
	const wanted = [localStorage.getItem("language") ?? "",
		...navigator.languages].map((name) => name.slice(0, 2));
	return (wanted.find((name) => name in languages) ?? "en") as Language;
}

export const language: Language = preferred();

/** The browser's own kind of the language: en-IE writes days before months. */
export const locale = navigator.languages.find((name) =>
	name.slice(0, 2) === language) ?? language;

export function chooseLanguage(name: Language) {
	localStorage.setItem("language", name);
	location.reload();
}

export async function loadTexts(group: Group) {
	if (!loaded.has(group))
		loaded.set(group,
			(await files[`./${language}/${group}.ts`]!()).default);
}

type Values = Record<string, string | number>;
const plurals = new Intl.PluralRules(language);

function fill(text: string, values?: Values): string {
	return values === undefined ? text : text.replace(/\{(\w+)\}/g,
		(_, name: string) => String(values[name] ?? ""));
}

/** t(key, values), and t.count("pieces", n): pieces.one or pieces.other, with
 * {count} in it. */
export function useText<G extends Group>(group: G) {
	const texts = loaded.get(group) ?? {};
	const t = (key: keyof Groups[G] & string, values?: Values) =>
		fill(texts[key] ?? key, values);
	t.count = (key: string, count: number, values?: Values) =>
		fill(texts[`${key}.${plurals.select(count)}`] ??
			texts[`${key}.other`] ?? key,
			{ count: count.toLocaleString(language), ...values });
	return t;
}

/** A problem's or a fault's words, where this language has its own. */
export const problemWords = (code: string): string | undefined =>
	loaded.get("problems")?.[code];

// Money and time, as the language has them.

const digits = new Map<string, number>();

function minorDigits(currency: string): number {
	if (!digits.has(currency))
		digits.set(currency, new Intl.NumberFormat("en", {
			style: "currency", currency,
		}).resolvedOptions().maximumFractionDigits ?? 2);
	return digits.get(currency)!;
}

/** Minor units to what people read: 1250 EUR is €12.50. */
export function money({ amount, currency }:
	{ amount: number; currency: string }): string {
	return new Intl.NumberFormat(locale, { style: "currency", currency })
		.format(amount / 10 ** minorDigits(currency));
}

export const majorUnits = (amount: number, currency: string) =>
	amount / 10 ** minorDigits(currency);
export const minorUnits = (major: number, currency: string) =>
	Math.round(major * 10 ** minorDigits(currency));

export const date = (when: string | Date) =>
	new Intl.DateTimeFormat(locale, { dateStyle: "medium" })
		.format(new Date(when));
export const dateTime = (when: string | Date) =>
	new Intl.DateTimeFormat(locale,
		{ dateStyle: "medium", timeStyle: "short" }).format(new Date(when));
export const number = (value: number) => value.toLocaleString(locale);
