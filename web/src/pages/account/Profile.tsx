// SPDX-License-Identifier: ISC
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ChangeEvent } from "react";
import { Link } from "react-router";
import { call } from "../../api/client";
import { problemOf } from "../../api/problem";
import type { Profile as Person } from "../../api/session";
import { Check, Field, Select } from "../../components/Field";
import { useToast } from "../../components/Toasts";
import { language, languages, useText } from "../../i18n";
import { useProfile } from "./Account";
import { Overtaken, useDraft, type Draft } from "./draft";
import { Form, useFaults, type Values } from "./form";
import { Picture } from "./Picture";

const choices = {
	gender: ["female", "male", "non_binary", "other", "undisclosed"],
	employment: ["employed", "self_employed", "unemployed", "student",
		"retired", "homemaker", "other", "undisclosed"],
	education: ["none", "primary", "secondary", "vocational", "bachelor",
		"master", "doctorate", "other", "undisclosed"],
	income_band: ["under_15k", "15k_35k", "35k_50k", "50k_75k", "75k_100k",
		"100k_150k", "over_150k", "undisclosed"],
	dietary: ["vegetarian", "vegan", "pescatarian", "halal", "kosher",
		"gluten_free", "lactose_free", "nut_free", "low_sugar", "low_salt",
		"low_fat", "organic", "fair_trade", "other"],
} as const;
type Choice = keyof typeof choices;
const mailLanguages = ["en", "fr", "pt", "sw", "ar", "es", "de", "it", "nl",
	"ga"];
const numbers = ["household_size", "children"];
const names = ["given_name", "family_name", "phone", "language",
	"date_of_birth", "gender", "employment", "occupation", "education",
	"household_size", "children", "income_band", "dietary"] as const;

/** All fields as text; a list with commas. */
const textOf = (me: Person): Values => Object.fromEntries(names.map(
	(name) => [name, String(me[name] ?? "")]));

function sentOf(name: string, text: string): unknown {
	if (name === "dietary")
		return text ? text.split(",") : [];
	if (text === "")
		return name.endsWith("_name") ? "" : null;
	return numbers.includes(name) ? Number(text) : text;
}

function useSave(draft: Draft<Person>) {
	const t = useText("account");
	const client = useQueryClient();
	const toast = useToast();
	return useMutation({
		mutationFn: () => call<Person>("/api/customers/profile", {
			method: "PATCH",
			headers: { "If-Match": `"${draft.base.version}"` },
			body: JSON.stringify(Object.fromEntries(draft.changed.map(
				(name) => [name, sentOf(name, draft.values[name]!.trim())]))),
		}),
		onSuccess: (now) => {
			client.setQueryData(["me"], now);
			draft.saved(now);
			toast(t("saved"));
			return client.invalidateQueries({
				queryKey: ["account", "picture"] });
		},
		onError: async (error) => {
			if (problemOf(error)?.status !== 412)
				return;
			const now = await call<Person>("/api/customers/profile");
			client.setQueryData(["me"], now);
			draft.overtaken(now);
		},
	});
}

function useWords() {
	const t = useText("account");
	const tongues = new Intl.DisplayNames(language, { type: "language" });
	const tongue = (code: string) => (languages as Record<string, string>)[
		code] ?? tongues.of(code) ?? code;
	const of = (name: string, value: string) => t(
		`${name}.${value}` as "gender.other");
	return {
		tongue, of,
		label: (name: string) => t(name as "phone"),
		shown: (name: string, value: string) => name === "language"
			? tongue(value) : name in choices ? value.split(",")
				.map((one) => of(name, one)).join(", ") : value,
	};
}

type Of = (name: typeof names[number]) => {
	name: string; label: string; value: string; error?: string;
	onChange: (event: ChangeEvent<HTMLInputElement | HTMLSelectElement>) =>
		void;
};

function Options({ name }: { name: Choice }) {
	const t = useText("account");
	const { of } = useWords();
	return (
		<>
			<option value="">{t("notsaid")}</option>
			{choices[name].map((value) => <option key={value} value={value}>
				{of(name, value)}</option>)}
		</>
	);
}

function Who({ of }: { of: Of }) {
	const t = useText("account");
	const { tongue } = useWords();
	return (
		<div className="grid gap-x-4 sm:grid-cols-2">
			<Field {...of("given_name")} autoComplete="given-name" required
				maxLength={100} />
			<Field {...of("family_name")} autoComplete="family-name" required
				maxLength={100} />
			<Field {...of("phone")} type="tel" autoComplete="tel"
				maxLength={30} hint={t("phone.hint")} />
			<Select {...of("language")} hint={t("language.hint")}>
				{mailLanguages.map((code) => <option key={code} value={code}>
					{tongue(code)}</option>)}
			</Select>
		</div>
	);
}

function Dietary({ draft }: { draft: Draft<Person> }) {
	const t = useText("account");
	const { of } = useWords();
	const chosen = draft.values.dietary ? draft.values.dietary.split(",")
		: [];
	const change = (value: string, on: boolean) => draft.set("dietary",
		choices.dietary.filter((one) => one === value ? on
			: chosen.includes(one)).join(","));
	return (
		<fieldset className="mb-4">
			<legend className="mb-2 text-sm font-medium">{t("dietary")}
			</legend>
			<div className="grid grid-cols-1 gap-x-4 min-[400px]:grid-cols-2
				sm:grid-cols-3">
				{choices.dietary.map((value) => <Check key={value}
					label={of("dietary", value)}
					checked={chosen.includes(value)}
					onChange={({ target }) => change(value, target.checked)} />)}
			</div>
		</fieldset>
	);
}

function More({ of }: { of: Of }) {
	const today = new Date().toISOString().slice(0, 10);
	return (
		<div className="grid gap-x-4 sm:grid-cols-2">
			<Field {...of("date_of_birth")} type="date" autoComplete="bday"
				min="1900-01-01" max={today} />
			<Select {...of("gender")} autoComplete="sex">
				<Options name="gender" /></Select>
			<Select {...of("employment")}><Options name="employment" />
			</Select>
			<Field {...of("occupation")} maxLength={100}
				autoComplete="organization-title" />
			<Select {...of("education")}><Options name="education" /></Select>
			<Select {...of("income_band")}><Options name="income_band" />
			</Select>
			<Field {...of("household_size")} type="number" min="1" max="30"
				inputMode="numeric" />
			<Field {...of("children")} type="number" min="0" max="25"
				inputMode="numeric" />
		</div>
	);
}

function Person() {
	const t = useText("account");
	const me = useProfile();
	const words = useWords();
	const draft = useDraft(me, textOf);
	const save = useSave(draft);
	const toast = useToast();
	const conflict = problemOf(save.error)?.status === 412;
	const faults = useFaults(save.error);
	const of: Of = (name) => ({ name, label: t(name),
		value: draft.values[name]!, error: faults[name],
		onChange: ({ target }) => draft.set(name, target.value) });
	return (
		<Form error={conflict ? null : save.error} among={[...names]}
			className="mt-8" onSubmit={() => draft.changed.length
				? save.mutate() : toast(t("saved.nothing"), "info")}>
			<Overtaken draft={draft} label={words.label}
				shown={words.shown} />
			<h2 className="mb-4">{t("profile.you")}</h2>
			<Who of={of} />
			<h2 className="mb-2 mt-4">{t("profile.more")}</h2>
			<p className="mb-4 max-w-prose text-sm">{t("profile.more.text")}
			</p>
			<More of={of} />
			<Dietary draft={draft} />
			<button className="btn btn-primary mt-2" disabled={save.isPending}>
				{t("save")}</button>
		</Form>
	);
}

function Mail() {
	const t = useText("account");
	const { email, email_verified, username } = useProfile();
	return (
		<dl className="mt-8 grid gap-3 rounded-box border border-base-300 p-4
			sm:grid-cols-2">
			<div><dt className="text-sm opacity-80">{t("email")}</dt>
				<dd className="wrap-anywhere">{email ?? "–"}</dd>
				{email && <dd className="text-sm">{email_verified
					? t("email.confirmed")
					: <Link className="link" to="/verify-email">
						{t("email.unconfirmed")}</Link>}</dd>}
				<dd><Link className="link" to="/account/security">
					{t("email.change")}</Link></dd>
			</div>
			{username && <div><dt className="text-sm opacity-80">
				{t("username")}</dt><dd>{username}</dd></div>}
			<div><dt className="text-sm opacity-80">{t("password")}</dt>
				<dd><Link className="link" to="/account/security">
					{t("password.change")}</Link></dd></div>
		</dl>
	);
}

export default function Profile() {
	return (
		<>
			<Picture />
			<Mail />
			<Person />
		</>
	);
}
