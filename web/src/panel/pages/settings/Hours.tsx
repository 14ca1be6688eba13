// SPDX-License-Identifier: ISC
// When the shop is open: by weekday, and days that are otherwise.
import { useQueryClient } from "@tanstack/react-query";
import type { Schemas } from "../../../api/client";
import { Failure } from "../../../components/Failure";
import { PageSkeleton } from "../../../components/Skeletons";
import { dateTime, language, useText } from "../../../i18n";
import { PageHead } from "../../components/PageHead";
import { RecordForm, type FieldSpec } from "../../components/RecordForm";
import { Badge } from "../../components/Shown";
import { fetchRecord, send, useRecord } from "../../record";
import { Fixed, Parts, useMayWrite } from "./Parts";

type OpeningHours = Schemas["OpeningHours"];
type Span = Schemas["OpenSpan"];
type Exception = Schemas["OpenException"];

const path = "/api/settings/hours";
const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
// (The first of a year that began on a Monday.)
const dayName = (n: number) => new Intl.DateTimeFormat(language,
	{ weekday: "long", timeZone: "UTC" }).format(Date.UTC(2024, 0, 1 + n));

function Spans({ name, value, set, fixed }: { name: string; value: Span[];
	set: (value: Span[]) => void; fixed: boolean }) {
	const t = useText("panel_settings");
	const put = (n: number, change: Partial<Span>) =>
		set(value.map((one, i) => i === n ? { ...one, ...change } : one));
	return (
		<div className="flex flex-wrap items-center gap-2">
			{value.length === 0 && <span className="text-sm opacity-80">
				{t("closed")}</span>}
			{value.map((span, n) => <span key={n}
				className="flex items-center gap-1">
				{(["from", "to"] as const).map((end) => <input key={end}
					className="input input-sm w-20 tabular-nums" value={span[end]}
					aria-label={`${name}: ${t(end)}`} disabled={fixed}
					placeholder="09:00" maxLength={5} required
					pattern="([01][0-9]|2[0-4]):[0-5][0-9]"
					onChange={({ target }) =>
						put(n, { [end]: target.value })} />)}
				{!fixed && <button type="button" className="btn btn-ghost
					btn-sm btn-square" aria-label={t("span.drop", { name })}
					onClick={() => set(value.filter((_, i) => i !== n))}>
					×</button>}
			</span>)}
			{!fixed && value.length < 6 && <button type="button"
				className="btn btn-sm" aria-label={t("span.add.to", { name })}
				onClick={() => set([...value, value.length
					? { from: "14:00", to: "18:00" }
					: { from: "09:00", to: "18:00" }])}>
				{t("span.add")}</button>}
		</div>
	);
}

function Day({ one, set, drop, fixed }: { one: Exception; fixed: boolean;
	set: (one: Exception) => void; drop: () => void }) {
	const t = useText("panel_settings");
	return (
		<div className="flex flex-wrap items-center gap-2 border-b
			border-base-300 py-2">
			<input type="date" className="input input-sm w-auto" required
				value={one.day} disabled={fixed} aria-label={t("day")}
				onChange={({ target }) => set({ ...one, day: target.value })} />
			<Spans name={one.day || t("day")} value={one.hours} fixed={fixed}
				set={(hours) => set({ ...one, hours })} />
			<input className="input input-sm w-52" value={one.note}
				maxLength={200} disabled={fixed} aria-label={t("note")}
				placeholder={t("note")}
				onChange={({ target }) => set({ ...one, note: target.value })} />
			{!fixed && <button type="button" className="btn btn-ghost btn-sm"
				onClick={drop}>{t("drop")}</button>}
		</div>
	);
}

function useFields(): FieldSpec[] {
	const t = useText("panel_settings");
	const spans = (value: Span[]) => value.map(({ from, to }) =>
		`${from}–${to}`).join(", ") || t("closed");
	return [...days.map((day, n): FieldSpec => ({ name: day,
		label: dayName(n), kind: "own", wide: true,
		show: (value) => spans(value as Span[]),
		draw: ({ value, set, error, fixed }) =>
			<fieldset className="border-b border-base-300 py-2 sm:flex
				sm:items-center">
				<legend className="text-sm font-medium sm:float-left
					sm:w-36">
					{dayName(n)}</legend>
				<Spans name={dayName(n)} value={value as Span[]} set={set}
					fixed={fixed} />
				{error && <p role="alert" className="text-sm text-error">
					{error}</p>}
			</fieldset> })),
	{ name: "exceptions", label: t("exceptions"), kind: "own", wide: true,
		show: (value) => (value as Exception[]).map((one) =>
			`${one.day}: ${spans(one.hours)} ${one.note}`).join("; "),
		draw: ({ value, set, error, fixed }) => {
			const all = value as Exception[];
			return <fieldset className="mt-5">
				<legend className="mb-1 font-semibold">
					{t("exceptions")}</legend>
				{all.map((one, n) => <Day key={n} one={one} fixed={fixed}
					set={(next) => set(all.map((old, i) =>
						i === n ? next : old))}
					drop={() => set(all.filter((_, i) => i !== n))} />)}
				{!fixed && <button type="button" className="btn btn-sm mt-3"
					onClick={() => set([...all, { day: "", hours: [],
						note: "" }])}>{t("exception.add")}</button>}
				{error && <p role="alert" className="mt-1 text-sm
					text-error">{error}</p>}
			</fieldset>;
		} }];
}

const flat = ({ week, exceptions }: OpeningHours) =>
	({ ...week, exceptions });

export default function Hours() {
	const t = useText("panel_settings");
	const client = useQueryClient();
	const may = useMayWrite();
	const fields = useFields();
	const { data, error, refetch } = useRecord<OpeningHours>(path);
	const now = data?.data;
	return (
		<>
			<PageHead title={t("hours")} beside={now && <Badge
				state={now.open ? "active" : "closed"}
				text={t(now.open ? "open.now" : "closed.now")} />} />
			<Parts />
			<Fixed />
			{error && <Failure error={error} retry={refetch} />}
			{!now && !error && <PageSkeleton />}
			{now && <>
				<p className="mb-4 text-sm opacity-80">
					{t("hours.zone", { zone: now.time_zone })}
					{now.turns_at && ` ${t(now.open ? "open.until"
						: "closed.until", { when: dateTime(now.turns_at) })}`}
				</p>
				<RecordForm name="hours" id="hours" stored={flat(now)}
					etag={data.etag} fields={fields} fixed={!may}
					save={async ({ values, etag }) => {
						const { exceptions, ...week } = values;
						const next = await send<OpeningHours>("PUT", path,
							{ week, exceptions }, etag);
						client.setQueryData(["record", path], next);
						return { data: flat(next.data), etag: next.etag };
					}}
					fetch={async () => {
						const next = await fetchRecord<OpeningHours>(path);
						return { ...next, data: flat(next.data) };
					}} />
			</>}
		</>
	);
}
