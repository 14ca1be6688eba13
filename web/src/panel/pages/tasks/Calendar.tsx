// SPDX-License-Identifier: ISC
// What is due, day by day: a month or a week.  Days are those of the shop's
// time zone, as the API has them.
import { useQuery } from "@tanstack/react-query";
import { call, type Schemas } from "../../../api/client";
import { Failure } from "../../../components/Failure";
import { locale, useText } from "../../../i18n";
import { FilterBar } from "../../components/FilterBar";
import { useFilters, withQuery, type Filters } from "../../list";
import { Head } from "./Head";
import { useOpenTask, type Line } from "./tasks";

const iso = (day: Date) => day.toISOString().slice(0, 10);
const plus = (day: string, days: number) => {
	const at = new Date(`${day}T12:00:00Z`);
	at.setUTCDate(at.getUTCDate() + days);
	return iso(at);
};
/** Weeks begin on Monday. */
const monday = (day: string) =>
	plus(day, -((new Date(`${day}T12:00:00Z`).getUTCDay() + 6) % 7));

function span(day: string, view: string): string[] {
	const first = monday(view === "week" ? day : `${day.slice(0, 8)}01`);
	const days = Array.from({ length: view === "week" ? 7 : 42 },
		(_, n) => plus(first, n));
	// A month of five rows.
	return view === "week" || days[35]!.slice(0, 7) === day.slice(0, 7) ? days
		: days.slice(0, 35);
}

function step(day: string, view: string, by: number): string {
	if (view === "week")
		return plus(day, 7 * by);
	const [year, month] = day.split("-").map(Number) as [number, number];
	return iso(new Date(Date.UTC(year, month - 1 + by, 1, 12)));
}

const said = (day: string, options: Intl.DateTimeFormatOptions) =>
	new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" })
		.format(new Date(`${day}T12:00:00Z`));

function Entry({ task, zone }: { task: Line; zone: string }) {
	const t = useText("panel_tasks");
	const { open } = useOpenTask();
	return (
		<li><button type="button" onClick={() => open(task.id)}
			className={`link-hover link block w-full cursor-pointer text-left
			text-sm wrap-anywhere ${task.status === "completed"
			? "line-through" : ""} ${task.overdue ? "font-semibold" : ""}`}>
			<span className="tabular-nums">{new Intl.DateTimeFormat(locale,
				{ timeStyle: "short", timeZone: zone })
				.format(new Date(task.due_at!))}</span>{" "}
			{task.overdue && <span className="sr-only">{t("overdue")}: </span>}
			{task.title}</button></li>
	);
}

export default function Calendar() {
	const t = useText("panel_tasks");
	const now = iso(new Date());
	const { filters, set } = useFilters(["view", "day", "list", "q"],
		{ view: "month", day: now, list: "team" });
	const { view, day, ...narrow } = filters as Filters &
		{ view: string; day: string };
	const days = span(day, view);
	const wanted = { ...narrow, from: days[0]!, to: days.at(-1)! };
	const { data, error, refetch } = useQuery({
		queryKey: ["tasks", "calendar", wanted],
		queryFn: ({ signal }) => call<Schemas["TaskCalendar"]>(
			withQuery("/api/tasks/calendar", wanted), { signal }),
		placeholderData: (before) => before });
	const byDay = new Map(data?.days.map((one) => [one.date, one]));
	const title = view === "week" ? `${said(days[0]!, { dateStyle: "medium" })
		} – ${said(days[6]!, { dateStyle: "medium" })}`
		: said(day, { month: "long", year: "numeric" });
	return (
		<>
			<Head />
			<div className="mb-3 flex flex-wrap items-end gap-2">
				<FilterBar filters={filters} set={set} fields={[
					{ name: "view", kind: "select", must: true,
						label: t("span"), options: (["month", "week"] as const)
							.map((one) => [one, t(`span.${one}`)]) },
					{ name: "list", kind: "select", must: true,
						label: t("list"), options: (["team", "mine", "overdue"] as
							const).map((one) => [one, t(`list.${one}`)]) },
				]} />
				<div className="join">
					<button type="button" className="btn btn-sm join-item"
						aria-label={t("before")} onClick={() =>
							set({ day: step(day, view, -1) })}>←</button>
					<button type="button" className="btn btn-sm join-item"
						onClick={() => set({ day: now })}>{t("today")}</button>
					<button type="button" className="btn btn-sm join-item"
						aria-label={t("after")} onClick={() =>
							set({ day: step(day, view, 1) })}>→</button>
				</div>
				<h2 className="text-lg" aria-live="polite">{title}</h2>
			</div>
			{error && <Failure error={error} retry={() => refetch()} />}
			<ol className="grid gap-px overflow-hidden rounded-box border
				border-base-300 bg-base-300 md:grid-cols-7">
				{days.map((one) => {
					const found = byDay.get(one);
					return (
						<li key={one} className={`min-w-0 bg-base-100 p-2
							md:min-h-28 ${found || one === now ? ""
							: "max-md:hidden"} ${view === "month" &&
							one.slice(0, 7) !== day.slice(0, 7)
							? "md:bg-base-200" : ""}`}>
							<h3 className={`text-sm font-semibold ${one === now
								? "underline" : ""}`} aria-current={one === now
								? "date" : undefined}>
								<time dateTime={one}>{said(one, { weekday: "short",
									day: "numeric", month: "short" })}</time></h3>
							<ul className="mt-1 space-y-1">
								{found?.items.map((task) => <Entry key={task.id}
									task={task} zone={data!.time_zone} />)}
							</ul>
							{found && found.count > found.items.length &&
								<p className="mt-1 text-sm">{t("and.more", { count:
									found.count - found.items.length })}</p>}
						</li>
					);
				})}
			</ol>
			{data && data.days.length === 0 && <p className="mt-3" role="status">
				{t("none.span")}</p>}
		</>
	);
}
