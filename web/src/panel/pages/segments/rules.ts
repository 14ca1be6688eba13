// SPDX-License-Identifier: ISC
// Rules as data: what can be said (the API tells), and small changes of them.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { call, type Schemas } from "../../../api/client";

export type Segment = Schemas["Segment"];
export type Fact = Schemas["SegmentFacts"]["items"][number];
export type Person = Schemas["SegmentMembers"]["items"][number];

export interface Condition {
	fact: string;
	test: string;
	values: string[];
	days?: number;
}
export interface Group {
	match: "all" | "any" | "none";
	rules: Rule[];
}
export type Rule = Condition | Group;

export const isGroup = (rule: Rule): rule is Group => "match" in rule;

/** Groups stand four within each other at most, as the API has it. */
export const deepest = 4;

export function useFacts() {
	return useQuery({ queryKey: ["segment-facts"], staleTime: Infinity,
		queryFn: async () => (await call<{ items: Fact[] }>(
			"/api/desk/segments/facts")).items });
}

const lists = ["choice", "choices", "code", "word", "thing", "tree"];
export const isList = ({ type }: Fact) => lists.includes(type);

/** How many values a test takes, where it isn't a list. */
export const valuesOf = (test: string) =>
	test === "between" ? 2 : test === "yes" || test === "no" ? 0 : 1;

/** A condition about a fact, with nothing said yet. */
export const blank = (fact: Fact): Condition => ({ fact: fact.fact,
	test: fact.tests[0]!, values: isList(fact) ? []
		: Array<string>(valuesOf(fact.tests[0]!)).fill("") });

/** The same with another test; values stay as far as they fit. */
export function retested(rule: Condition, fact: Fact, test: string):
	Condition {
	if (isList(fact))
		return { ...rule, test };
	const kind = (one: string) => one.endsWith("_days") ? "days" : "date";
	const keep = fact.type !== "date" || kind(test) === kind(rule.test);
	return { ...rule, test, values: Array.from({ length: valuesOf(test) },
		(_, i) => keep ? rule.values[i] ?? "" : "") };
}

/** What an editor has left out isn't sent. */
export const sentRules = (rule: Rule): Rule => isGroup(rule)
	? { match: rule.match, rules: rule.rules.map(sentRules) }
	: { fact: rule.fact, test: rule.test, values: rule.values,
		...rule.days ? { days: rule.days } : {} };

function useSettled<T>(value: T, wait: number): T {
	const stamp = JSON.stringify(value);
	const [settled, setSettled] = useState(stamp);
	useEffect(() => {
		const timer = setTimeout(() => setSettled(stamp), wait);
		return () => clearTimeout(timer);
	}, [stamp, wait]);
	return JSON.parse(settled) as T;
}

const counted = (rules: Group, exact: boolean, signal: AbortSignal) =>
	call<{ count: number; exact: boolean }>("/api/desk/segments/count", {
		method: "POST", signal,
		body: JSON.stringify({ rules: sentRules(rules), exact }) });

/** How many customers the rules describe now, asked when they rest: at once
 * and perhaps only about, and then exactly. */
export function useCount(rules: Group) {
	const settled = useSettled(rules, 400);
	const found = useQuery({ queryKey: ["segment-count", settled],
		placeholderData: keepPreviousData, staleTime: 10_000, retry: false,
		queryFn: ({ signal }) => counted(settled, false, signal) });
	const about = found.data?.exact === false && !found.isPlaceholderData;
	const exact = useQuery({ queryKey: ["segment-count", settled, "exact"],
		staleTime: 10_000, retry: false, enabled: about,
		queryFn: ({ signal }) => counted(settled, true, signal) });
	return { error: found.error, data: about && exact.data || found.data,
		busy: found.isFetching || exact.isFetching ||
		JSON.stringify(settled) !== JSON.stringify(rules) };
}

export const preview = (rules: Group) =>
	call<{ items: Person[] }>("/api/desk/segments/preview", {
		method: "POST", body: JSON.stringify({ rules: sentRules(rules) }) });
