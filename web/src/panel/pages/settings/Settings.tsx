// SPDX-License-Identifier: ISC
// The shop's settings, a group at a time, or those that a word is found in.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useSearchParams } from "react-router";
import { call } from "../../../api/client";
import { problemOf, ProblemError } from "../../../api/problem";
import { Failure } from "../../../components/Failure";
import { PageSkeleton } from "../../../components/Skeletons";
import { useText } from "../../../i18n";
import { PageHead } from "../../components/PageHead";
import { RecordForm, type Saving } from "../../components/RecordForm";
import { fieldOf, nameOf, sentValue, typedValue, type Setting } from "./kinds";
import { Fixed, Parts, useMayWrite } from "./Parts";

const path = "/api/settings";
const key = ["settings"];
interface Page { items: Setting[] }
const fetchAll = () => call<Page>(path);

const order = ["shop", "switches", "payment", "orders", "reviews", "loyalty",
	"mail", "staff", "desk", "pictures", "limits", "retention"];
const place = (group: string) => (order.indexOf(group) + 1) || 99;

/** "settings[1].value" as the key that it means. */
function named(error: unknown, keys: string[]): unknown {
	const problem = problemOf(error);
	return problem === undefined ? error : new ProblemError(problem.status,
		problem.code, problem.title, problem.detail,
		problem.faults.map((fault) => ({ ...fault, field: fault.field.replace(
			/^settings\[(\d+)\].*/, (_, n: string) => keys[Number(n)] ??
			fault.field) })), problem.data);
}

const valuesOf = (settings: Setting[]) => Object.fromEntries(
	settings.map((one) => [one.key, typedValue(one)]));

function Group({ name, settings, currency }: { name: string;
	settings: Setting[]; currency: string }) {
	const t = useText("panel_settings");
	const client = useQueryClient();
	const may = useMayWrite();
	const [known, setKnown] = useState(settings);
	const fields = useMemo(() => settings.map((one) =>
		fieldOf(t, one, currency)), [settings, currency]);
	const save = async ({ changes }: Saving) => {
		const keys = Object.keys(changes);
		try {
			await call(path, { method: "PATCH", body: JSON.stringify({
				settings: keys.map((one) => ({ key: one,
					value: sentValue(changes[one]), version: known.find(
						(now) => now.key === one)!.version })) }) });
		} catch (error) {
			throw named(error, keys);
		}
		return fetchNow();
	};
	const fetchNow = async () => {
		const all = await client.fetchQuery({ queryKey: key,
			queryFn: fetchAll, staleTime: 0 });
		const now = all.items.filter((one) =>
			settings.some((own) => own.key === one.key));
		setKnown(now);
		return { data: valuesOf(now) };
	};
	return <RecordForm name="settings" id={name} stored={valuesOf(settings)}
		fields={fields} fixed={!may} save={save} fetch={fetchNow} />;
}

function Groups({ settings }: { settings: Setting[] }) {
	const t = useText("panel_settings");
	const [query, setQuery] = useSearchParams();
	const words = query.get("q") ?? "";
	const groups = [...new Set(settings.map(({ group }) => group))]
		.sort((a, b) => place(a) - place(b));
	const group = query.get("group") ?? groups[0]!;
	const put = (change: Record<string, string>) => setQuery(change,
		{ replace: true, preventScrollReset: true });
	const fits = (one: Setting) => `${one.key} ${one.about} ${
		nameOf(t, one)}`.toLowerCase().includes(words.toLowerCase());
	const shown = settings.filter((one) => words ? fits(one)
		: one.group === group);
	const currency = settings.find((one) =>
		one.key === "shop.currency")!.value;
	return (
		<div className="grid gap-6 lg:grid-cols-[13rem_1fr]">
			<div>
				<input type="search" className="input input-sm mb-3 w-full"
					aria-label={t("search")} placeholder={t("search")}
					value={words} onChange={({ target }) =>
						put(target.value ? { q: target.value }
							: { group })} />
				<ul className="flex flex-wrap gap-1 lg:block">
					{groups.map((one) => <li key={one}>
						<button type="button" aria-current={!words &&
							one === group ? "true" : undefined}
							className="w-full cursor-pointer rounded-field px-3
							py-1.5 text-left text-sm hover:bg-base-300
							aria-[current]:bg-base-300
							aria-[current]:font-semibold"
							onClick={() => put({ group: one })}>
							{t(`group.${one}` as "title")}</button>
					</li>)}
				</ul>
			</div>
			<div>
				<h2 className="mb-4">{words ? t("found")
					: t(`group.${group}` as "title")}</h2>
				{shown.length === 0 ? <p>{t("found.none")}</p>
					: <Group key={words || group} name={words ? "found" : group}
						settings={shown} currency={currency} />}
			</div>
		</div>
	);
}

export default function Settings() {
	const t = useText("panel_settings");
	const { data, error, refetch } = useQuery({ queryKey: key,
		queryFn: fetchAll });
	return (
		<>
			<PageHead title={t("title")} />
			<Parts />
			<Fixed />
			{error ? <Failure error={error} retry={refetch} />
				: data ? <Groups settings={data.items} /> : <PageSkeleton />}
		</>
	);
}
