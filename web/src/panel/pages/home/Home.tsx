// SPDX-License-Identifier: ISC
// What staff see first: today, what waits, what happened; each leads to the
// list behind it, and nothing is there that one may not see.
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { api, take, type Schemas } from "../../../api/client";
import { Failure } from "../../../components/Failure";
import { date, money, number, useText } from "../../../i18n";
import { Chart } from "../../components/Chart";
import { PageHead } from "../../components/PageHead";
import { Money, When } from "../../components/Shown";
import { useNews } from "../../news";
import { pageAt, root } from "../../router";
import { useMays, useMember } from "../../session";

type Dashboard = Schemas["StaffDashboard"];
type Figure = Dashboard["figures"][number];
type Happening = Dashboard["recent"][number];

/** The lists behind what waits. */
const waiting = {
	orders: "/orders?state=pending", returns: "/returns?state=requested",
	messages: "/messages?waiting=true", reviews: "/reviews?state=pending",
	tasks: "/tasks?list=mine", low_stock: "/inventory/low",
	outbox: "/outbox?state=dead",
} as const;
const behind = {
	sales: () => "/analytics",
	orders: (day: string) => `/orders?from=${day}`,
	customers: (day: string) => 
		`/customers?registered_from=${day}`,
};
const places = { order: "orders", return: "returns",
	customer: "customers", message: "messages", review: "reviews" };

/** Whether there is such a page, and one may open it. */
function useOpens() {
	const may = useMays();
	return (to: string) => {
		const page = pageAt(root + to.split("?")[0]!);
		return page !== undefined && may(page.permission);
	};
}

function useDashboard() {
	const { latest, counts } = useNews();
	return useQuery({
		queryKey: ["dashboard", JSON.stringify([latest, counts])],
		queryFn: () => take(api.GET("/api/reports/dashboard")),
		placeholderData: (before) => before, refetchInterval: 300_000 });
}

function Tile({ to, name, children }: { to: string; name: string;
	children: React.ReactNode }) {
	const opens = useOpens();
	const box = "block h-full rounded-box border border-base-300 bg-base-200 p-4";
	const inside = <><span className="block text-sm">{name}</span>
		{children}</>;
	return <li>{opens(to)
		? <Link to={to} className={`${box} hover:border-primary`}>{inside}
		</Link> : <div className={box}>{inside}</div>}</li>;
}

function Today({ figure, day }: { figure: Figure; day: string }) {
	const t = useText("panel_home");
	const { name, value, before, currency } = figure;
	const shown = (amount: number) => currency
		? money({ amount, currency }) : number(amount);
	const change = before === 0 ? undefined
		: Math.round((value - before) / before * 100);
	const arrow = value > before ? "↑" : value < before ? "↓" : "=";
	return (
		<Tile to={behind[name](day)} name={t(`figure.${name}`)}>
			<span className="block text-2xl font-bold tabular-nums">
				{shown(value)}</span>
			<span className="mt-1 block text-sm">
				<span aria-hidden="true">{arrow} </span>
				{change !== undefined && <>{change > 0 && "+"}{change} %{" "}</>}
				<span className="opacity-80">{t("before",
					{ value: shown(before) })}</span></span>
		</Tile>
	);
}

const detailOf = ({ amount, currency, kind }: Happening) =>
	kind === "order" && amount !== null && currency !== null
		? <Money of={{ amount, currency }} /> : undefined;

function Recent({ items }: { items: Happening[] }) {
	const t = useText("panel_home");
	const opens = useOpens();
	return (
		<section aria-labelledby="recent">
			<h2 id="recent" className="mb-2">{t("recent")}</h2>
			{items.length === 0 && <p className="opacity-80">
				{t("recent.none")}</p>}
			<ul className="divide-y divide-base-300">
				{items.map((one) => {
					const to = `/${places[one.kind]}/${one.id}`;
					const name = one.name || one.detail;
					return (
						<li key={`${one.kind}-${one.id}`} className="flex
							flex-wrap items-baseline gap-x-3 py-2 text-sm">
							<span className="badge badge-sm badge-soft
								text-base-content">{t(`kind.${one.kind}`)}</span>
							{opens(to) ? <Link to={to} className="link-hover
								link font-medium wrap-anywhere">{name}</Link>
								: <span className="font-medium
									wrap-anywhere">{name}</span>}
							{one.name && <span className="opacity-80
								wrap-anywhere">{one.detail}</span>}
							<span className="ml-auto flex gap-3">
								{detailOf(one)}
								<span className="opacity-80">
									<When at={one.at} /></span></span>
						</li>
					);
				})}
			</ul>
		</section>
	);
}

function Sales({ days, currency }: { currency: string;
	days: NonNullable<Dashboard["days"]> }) {
	const t = useText("panel_home");
	return (
		<section aria-label={t("figure.sales")} className="grid gap-8
			md:grid-cols-2 xl:grid-cols-1">
			<Chart label={t("chart.sales")} bars={days.map(
				({ day, amount }) => ({ key: day, name: date(day),
					value: amount, text: money({ amount, currency }) }))} />
			<Chart label={t("chart.orders")} bars={days.map(
				({ day, orders }) => ({ key: day, name: date(day),
					value: orders, text: number(orders) }))} />
		</section>
	);
}

/** Where something new is made, and what one needs for it. */
const makes = [["products/new", "catalog.write"],
	["customers/new", "customers.write"],
	["segments/new", "segments.write"],
	["promotions/new", "promotions.write"]] as const;

function Quick() {
	const t = useText("panel_home");
	const may = useMays();
	const found = makes.flatMap(([path, permission]) => {
		const page = may(permission) && pageAt(`${root}/${path}`);
		return page ? [{ path, name: page.name }] : [];
	});
	return found.length > 0 && (
		<nav aria-label={t("quick")} className="flex flex-wrap gap-2">
			{found.map(({ path, name }) => <Link key={path} to={`/${path}`}
				className="btn btn-sm">+ {name}</Link>)}
		</nav>
	);
}

export default function Home() {
	const t = useText("panel_home");
	const me = useMember();
	const { data, error, refetch } = useDashboard();
	const { counts } = useNews();
	const waits = Object.entries(waiting).flatMap(([name, to]) => {
		const count = { ...data?.waiting, ...counts }[
			name as keyof typeof waiting];
		return count === undefined || !data ? []
			: [{ name: name as keyof typeof waiting, to, count }];
	});
	const sums = data?.figures.find(({ name }) => name === "sales");
	return (
		<>
			<PageHead title={me.name ? t("hello", { name: me.name })
				: t("home")} actions={<Quick />} />
			{error && <Failure error={error} retry={refetch} />}
			{!data && !error && <div className="skeleton h-96 w-full" />}
			{data && <>
				{data.figures.length > 0 && <section aria-labelledby="today">
					<h2 id="today" className="mb-2">{t("today",
						{ day: date(data.day) })}</h2>
					<ul className="grid gap-3 sm:grid-cols-3">
						{data.figures.map((figure) => <Today key={figure.name}
							figure={figure} day={data.day} />)}</ul>
				</section>}
				{waits.length > 0 && <section aria-labelledby="waiting"
					className="mt-6">
					<h2 id="waiting" className="mb-2">{t("waiting")}</h2>
					<ul className="grid grid-cols-2 gap-3 md:grid-cols-4
						xl:grid-cols-7">
						{waits.map(({ name, to, count }) => <Tile key={name}
							to={to} name={t(`waiting.${name}`)}>
							<span className="text-2xl font-bold tabular-nums">
								{count >= 1000 ? "999+" : number(count)}</span>
						</Tile>)}</ul>
				</section>}
				<div className={`mt-6 grid gap-8 ${data.days && sums
					? "xl:grid-cols-2" : ""}`}>
					{data.days && sums && <Sales days={data.days}
						currency={sums.currency!} />}
					<Recent items={data.recent} />
				</div>
			</>}
		</>
	);
}
