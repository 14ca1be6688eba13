// SPDX-License-Identifier: ISC
// Rules put together by clicking: conditions and groups of them.
import { useEffect, useState } from "react";
import { majorUnits, minorUnits, useText } from "../../../i18n";
import { Things, type ThingKind } from "../../components/Things";
import { useShopCurrency } from "../../shop";
import { blank, deepest, isGroup, isList, retested, type Condition,
	type Fact, type Group, type Rule } from "./rules";

type T = ReturnType<typeof useText<"panel_segments">>;
type Key = Parameters<T>[0];

const small = "input input-sm";

function Choice({ fact, rule, set, name }: { fact: Fact; rule: Condition;
	name: string; set: (rule: Condition) => void }) {
	const t = useText("panel_segments");
	return (
		<fieldset className="flex flex-wrap gap-x-4 gap-y-1">
			<legend className="sr-only">{`${name}: ${t("values")}`}</legend>
			{fact.options.map((option) => (
				<label key={option} className="flex cursor-pointer items-center
					gap-2 text-sm">
					<input type="checkbox" className="checkbox checkbox-sm"
						checked={rule.values.includes(option)}
						onChange={({ target }) => set({ ...rule,
							values: target.checked ? [...rule.values, option]
								: rule.values.filter((v) => v !== option) })} />
					{t(`option.${option}` as Key)}
				</label>
			))}
		</fieldset>
	);
}

/** Texts with commas between: what is typed stands as it is until it is
 * left. */
function Words({ rule, set, name, upper }: { rule: Condition; name: string;
	upper: boolean; set: (rule: Condition) => void }) {
	const t = useText("panel_segments");
	const read = (text: string) => [...new Set(text.split(",")
		.map((word) => upper ? word.trim().toUpperCase() : word.trim())
		.filter(Boolean))];
	const [text, setText] = useState(rule.values.join(", "));
	const kept = rule.values.join(", ");
	const typed = read(text).join(", ");
	useEffect(() => {
		if (kept !== typed)
			setText(kept);
		// Only when what is kept becomes another (thrown away, say).
	}, [kept]);
	return (
		<label className="flex flex-wrap items-center gap-2 text-sm">
			<span className="sr-only">{`${name}: ${t("values")}`}</span>
			<input className={`${small} w-60`} maxLength={1000}
				value={text} onChange={({ target }) => {
					setText(target.value);
					set({ ...rule, values: read(target.value) });
				}} />
			<span className="opacity-80">{t("values.hint")}</span>
		</label>
	);
}

function Figures({ fact, rule, set, name }: { fact: Fact; rule: Condition;
	name: string; set: (rule: Condition) => void }) {
	const t = useText("panel_segments");
	const currency = useShopCurrency();
	const money = fact.type === "money";
	const days = rule.test.endsWith("_days");
	const date = fact.type === "date" && !days;
	const shown = (value: string) => money && value !== ""
		? String(majorUnits(Number(value), currency)) : value;
	const sent = (typed: string) => money && typed !== ""
		? String(minorUnits(Number(typed), currency)) : typed;
	const [least, most] = days ? ["1", "3650"] : fact.options;
	return (
		<>{rule.values.map((value, i) => (
			<span key={i} className="flex items-center gap-2">
				{i > 0 && <span className="text-sm">{t("value.to")}</span>}
				<input type={date ? "date" : "number"}
					aria-label={`${name}: ${t("value")}${i ? ` ${i + 1}` : ""}`}
					className={`${small} ${date ? "w-40" : "w-28"}`}
					{...date ? {} : money ? { min: 0,
						step: majorUnits(1, currency) }
						: { min: least, max: most }}
					value={shown(value)} onChange={({ target }) =>
						set({ ...rule, values: rule.values.map((was, n) =>
							n === i ? sent(target.value) : was) })} />
				{money && <span className="text-sm">{currency}</span>}
			</span>
		))}</>
	);
}

function Values(at: { fact: Fact; rule: Condition; name: string;
	set: (rule: Condition) => void }) {
	const { fact, rule, set, name } = at;
	const t = useText("panel_segments");
	if (fact.type === "choice" || fact.type === "choices")
		return <Choice {...at} />;
	if (fact.type === "thing" || fact.type === "tree")
		return <Things kind={fact.options[0] as ThingKind}
			label={`${name}: ${t("values")}`} value={rule.values}
			set={(values) => set({ ...rule, values })} />;
	if (isList(fact))
		return <Words {...{ rule, set, name }} upper={rule.fact === "country"} />;
	return <Figures {...at} />;
}

function ConditionRow({ facts, rule, set, remove, number }: {
	facts: Fact[]; rule: Condition; number: string;
	set: (rule: Rule) => void; remove?: () => void }) {
	const t = useText("panel_segments");
	const fact = facts.find((one) => one.fact === rule.fact);
	const name = t("rule", { number });
	const parts = [...new Set(facts.map(({ part }) => part))];
	return (
		<li><div role="group" aria-label={name} className="flex flex-wrap
			items-center gap-2 rounded-box bg-base-200 p-2">
			<select aria-label={`${name}: ${t("fact")}`} value={rule.fact}
				className="select select-sm w-auto max-w-full"
				onChange={({ target }) => {
					const next = facts.find((one) => one.fact === target.value);
					if (next)
						set(blank(next));
				}}>
				{parts.map((part) => (
					<optgroup key={part} label={t(`part.${part}` as Key)}>
						{facts.filter((one) => one.part === part).map((one) =>
							<option key={one.fact} value={one.fact}>
								{t(`fact.${one.fact}` as Key)}</option>)}
					</optgroup>
				))}
			</select>
			{fact && <>
				<select aria-label={`${name}: ${t("test")}`} value={rule.test}
					className="select select-sm w-auto max-w-full"
					onChange={({ target }) => set(retested(rule, fact,
						target.value))}>
					{fact.tests.map((test) => <option key={test} value={test}>
						{t(`test.${test}` as Key)}</option>)}
				</select>
				<Values {...{ fact, rule, name }} set={set} />
				{fact.windowed && <label className="flex items-center gap-2
					text-sm">{t("days")}
					<input type="number" min="1" max="3650"
						className={`${small} w-24`} value={rule.days ?? ""}
						title={t("days.hint")} placeholder="∞"
						onChange={({ target }) => set({ ...rule,
							days: Number(target.value) || undefined })} />
				</label>}
			</>}
			{remove && <button type="button" className="btn btn-ghost btn-sm
				ml-auto" aria-label={t("rule.remove", { number })}
				onClick={remove}>✕</button>}
		</div></li>
	);
}

export function Builder({ facts, value, set, remove, depth = 1, number = "",
	fixed = false }: { facts: Fact[]; value: Group; depth?: number;
	set: (group: Group) => void; remove?: () => void; number?: string;
	/** Shown, and not to be changed. */ fixed?: boolean }) {
	const t = useText("panel_segments");
	const own = number || "1";
	const put = (i: number, rule: Rule) => set({ ...value,
		rules: value.rules.map((was, n) => n === i ? rule : was) });
	const drop = (i: number) => !fixed && value.rules.length > 1 ? () => set({ ...value,
		rules: value.rules.filter((_, n) => n !== i) }) : undefined;
	const add = (rule: Rule) => set({ ...value, rules: [...value.rules, rule] });
	const orders = facts.find(({ fact }) => fact === "orders") ?? facts[0]!;
	return (
		<fieldset className={`min-w-0 rounded-box border border-base-300 p-3
			${depth > 1 ? "bg-base-100" : ""}`}>
			<legend className="px-1 text-sm font-medium">
				{depth > 1 ? t("group", { number: own }) : t("rules")}</legend>
			<label className="mb-2 flex flex-wrap items-center gap-2 text-sm">
				{t("match")}
				<select className="select select-sm w-auto" value={value.match}
					onChange={({ target }) => set({ ...value,
						match: target.value as Group["match"] })}>
					{(["all", "any", "none"] as const).map((match) =>
						<option key={match} value={match}>
							{t(`match.${match}`)}</option>)}
				</select>
			</label>
			<ul className="grid gap-2">
				{value.rules.map((rule, i) => {
					const at = number ? `${number}.${i + 1}` : String(i + 1);
					return isGroup(rule)
						? <li key={i}><Builder facts={facts} value={rule}
							set={(group) => put(i, group)} fixed={fixed}
							depth={depth + 1}
							number={at} remove={drop(i)} /></li>
						: <ConditionRow key={i} facts={facts} rule={rule}
							number={at} set={(next) => put(i, next)}
							remove={drop(i)} />;
				})}
			</ul>
			{!fixed && <div className="mt-2 flex flex-wrap gap-2">
				{value.rules.length < 20 && <>
					<button type="button" className="btn btn-sm"
						onClick={() => add(blank(orders))}>
						{t("rule.add")}</button>
					{depth < deepest && <button type="button"
						className="btn btn-sm" onClick={() => add({
							match: "any", rules: [blank(orders)] })}>
						{t("group.add")}</button>}
				</>}
				{remove && <button type="button" className="btn btn-ghost btn-sm"
					onClick={remove}>{t("group.remove")}</button>}
			</div>}
		</fieldset>
	);
}
